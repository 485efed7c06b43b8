//! Power without simulation, for every design of [`Assumed`].
//!
//! The variance of the difference between the arms is linear in what a covariance of persons has: its variance s, the covariance c of
//! two members of a cluster, the covariance o of two persons of an organization from different clusters. With C clusters of n in O
//! organizations of m clusters, N = C n persons, and a the treated share of units U/(U₁U₀) = 4/U where arms are equal,
//!
//! | assigned | L(s, c, o) | degrees of freedom |
//! |---|---|---|
//! | organizations | (4/O) (s + (n−1) c + n (m−1) o)/(n m) | O − 2 |
//! | clusters | (4/C) [(s + (n−1) c)/n − (m−1) o/(C−1)] | C − 2 |
//! | persons | (4/N) [s − ((n−1) c + n (m−1) o)/(N−1)] | N − 2 |
//! | persons within clusters, n even | (4/N) (s − c) | C − 1 |
//! | the same, n odd | (4/N) [s − c + ((C−1) c − (m−1) o)/N] | C − 1 |
//!
//! The second and third subtract the mean covariance between units, since what all units share is in no difference: that is the
//! expectation over lots, and exact. For assigned clusters of one organization it is Donner and Klar's formula, as in
//! [`ClusterDesign`](crate::study::estimators::ClusterDesign).
//!
//! Of an odd number one more is treated or one fewer, by each cluster's own lot: so much of what a cluster shares is left in a difference
//! in means, W_k = ±2/N less its mean over clusters, and Σ W_k² = 4 (C−1)/N². (An analysis within clusters has none of it, and a variance of
//! (s − c) n²/(n² − 1) in place of s − c.)
//!
//! An analysis of covariance with baseline x subtracts b x, b the correlation with the outcome as observed. The covariance of
//! y − b x is V_y + b² V_x − 2 b κ V_η, κ = b/r the correlation of the construct at the two times: members share less of the errors than
//! of the construct, so a baseline helps a comparison of clusters more than one of persons. One degree of freedom goes to the slope.
//!
//! Attrition at random leaves M(1 − a) clusters, or, of persons, N(1 − a) persons who have (n − 1)(1 − a) others each. The power is that of
//! the noncentral t, λ = δ/√L. Approximations: the number lost is taken at its expectation, and what is lost to unequal clusters
//! is not counted.

use super::{Assignment, Assumed, Lost};
use crate::study::estimators::{power_of_t, student_t_critical};

/// A covariance of persons: variance, covariance within a cluster, covariance within an organization beyond clusters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Covariance {
    /// Of a person.
    pub person: f64,
    /// Of two members of a cluster.
    pub cluster: f64,
    /// Of two persons of an organization from different clusters.
    pub organization: f64,
}

/// What to expect of an experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Standard error of the difference between the arms, in SD of the construct.
    pub standard_error: f64,
    /// Degrees of freedom of its t.
    pub degrees_of_freedom: f64,
    /// Noncentrality λ.
    pub noncentrality: f64,
    /// The effect in SD of the outcome as measured, δ√r.
    pub observed_effect: f64,
}

impl Forecast {
    /// Power of the two-sided test at level `alpha`; 0 where less than one degree of freedom is left.
    pub fn power(&self, alpha: f64) -> f64 {
        if self.degrees_of_freedom < 1.0 {
            return 0.0;
        }
        power_of_t(self.noncentrality, self.degrees_of_freedom, alpha)
    }

    /// The least effect of being assigned that is found with probability `power` (above `alpha`, below 1), in SD of the construct; nothing
    /// without degrees of freedom.
    pub fn minimal_detectable_effect(&self, power: f64, alpha: f64) -> Option<f64> {
        let df = self.degrees_of_freedom;
        // A t on less than one degree of freedom has quantiles beyond any effect.
        if df < 1.0 || !(power > alpha && power < 1.0) {
            return None;
        }
        let (mut low, mut high) = (0.0, 1.0 + student_t_critical(1.0 - alpha, df));
        while power_of_t(high, df, alpha) < power {
            low = high;
            high *= 2.0;
            if high > 1e6 {
                return None;
            }
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if power_of_t(middle, df, alpha) < power {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(high * self.standard_error)
    }
}

impl Assumed {
    /// The covariance of the outcome as measured, within arms.
    pub fn measured(&self) -> Covariance {
        Covariance { person: 1.0 / self.reliability, ..self.construct() }
    }

    /// The covariance of the construct.
    pub fn construct(&self) -> Covariance {
        Covariance { person: 1.0, cluster: self.intraclass, organization: self.organization_intraclass }
    }

    /// The covariance of the outcome less the part that a baseline predicts; without a baseline, of the outcome.
    pub fn adjusted(&self) -> Covariance {
        let (outcome, construct) = (self.measured(), self.construct());
        let b = self.baseline.unwrap_or(0.0);
        let kept = 2.0 * b * b / self.reliability;
        Covariance {
            person: outcome.person * (1.0 + b * b) - kept * construct.person,
            cluster: outcome.cluster * (1.0 + b * b) - kept * construct.cluster,
            organization: outcome.organization * (1.0 + b * b) - kept * construct.organization,
        }
    }

    /// L: the variance of the difference between the arms' means where persons have this covariance.
    pub fn variance(&self, of: &Covariance) -> f64 {
        let (clusters, size) = (self.clusters as f64, self.size as f64);
        let left = 1.0 - self.attrition.share;
        // Clusters that are left, persons in each, and the others that a person has there.
        let (clusters, in_cluster, others) = match self.attrition.lost {
            Lost::Cluster => (clusters * left, size, size - 1.0),
            Lost::Person => (clusters, size * left, (size - 1.0) * left),
        };
        let persons = clusters * in_cluster;
        let of_organization = clusters / self.organizations as f64;
        let strangers = in_cluster * (of_organization - 1.0).max(0.0);
        match self.assignment {
            Assignment::Organization => {
                let sum = of.person + others * of.cluster + strangers * of.organization;
                arms(self.organizations) * sum / (in_cluster * of_organization)
            }
            Assignment::Cluster => {
                let shared = (of_organization - 1.0).max(0.0) * of.organization / (clusters - 1.0);
                self.scaled(clusters, self.clusters) * ((of.person + others * of.cluster) / in_cluster - shared)
            }
            Assignment::Person => {
                let shared = (others * of.cluster + strangers * of.organization) / (persons - 1.0);
                self.scaled(persons, self.persons()) * (of.person - shared)
            }
            Assignment::Within => {
                // Where persons are lost one by one, some are left whose partner is not.
                let together = if self.attrition.lost == Lost::Person { left } else { 1.0 };
                // An odd number has no two halves: what clusters share is not wholly in both arms.
                let uneven = if self.size.is_multiple_of(2) {
                    0.0
                } else {
                    let shared = (of_organization - 1.0).max(0.0) * of.organization;
                    ((clusters - 1.0) * of.cluster - shared) / (clusters * size)
                };
                4.0 / persons * (of.person - together * (of.cluster - uneven))
            }
        }
    }

    /// U/(U₁U₀) of the units that are left.
    fn scaled(&self, left: f64, recruited: usize) -> f64 {
        arms(recruited) * recruited as f64 / left
    }

    /// What to expect of the difference in means, or with `baseline` of the analysis of covariance.
    pub fn forecast(&self, baseline: bool) -> Forecast {
        let adjust = baseline && self.baseline.is_some();
        let variance = self.variance(&if adjust { self.adjusted() } else { self.measured() });
        let left = 1.0 - self.attrition.share;
        let whole = match self.attrition.lost {
            Lost::Cluster => self.clusters as f64 * left,
            // Clusters of which at least one member is left.
            Lost::Person => self.clusters as f64 * (1.0 - libm::pow(self.attrition.share, self.size as f64)),
        };
        let units = match self.assignment {
            Assignment::Organization => self.organizations as f64 - 2.0,
            Assignment::Cluster => whole - 2.0,
            Assignment::Person => self.persons() as f64 * left - 2.0,
            Assignment::Within => whole - 1.0,
        };
        let standard_error = variance.sqrt();
        Forecast {
            standard_error,
            degrees_of_freedom: units - if adjust { 1.0 } else { 0.0 },
            noncentrality: self.expected() / standard_error,
            observed_effect: self.effect * self.reliability.sqrt(),
        }
    }

    /// The share of the effect that is in the effect of being assigned: what those who leave lose is lost.
    pub fn reaching(&self) -> f64 {
        1.0 - self.leaving.share * (1.0 - self.leaving.kept)
    }

    /// The effect of being assigned. In SD of the construct.
    pub fn expected(&self) -> f64 {
        self.effect * self.reaching()
    }
}

/// U/(U₁U₀) of U units in two arms that differ by one at most.
fn arms(units: usize) -> f64 {
    let (one, other) = (units / 2, units - units / 2);
    units as f64 / (one as f64 * other as f64)
}
