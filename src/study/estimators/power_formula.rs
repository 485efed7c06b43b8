//! Power without simulation: a comparison of clusters, and what is left of an estimate once it is significant.
//!
//! For M clusters of n persons in two equal arms, a standardized effect δ, an intraclass correlation ρ of the construct and a reliability r
//! of the instrument,
//!
//! ```text
//! λ = δ √r / √((4/M)(1 + (n − 1) r ρ)/n)          power = P(|T(M − 2, λ)| > t(.975, M − 2))
//! ```
//!
//! since an error of measurement shrinks the effect to δ√r in observed SD and the correlation to r ρ.
//!
//! Type S (the share of significant estimates with the wrong sign) and type M (by how much a significant estimate exaggerates, on
//! average) are those of a normal estimate with known standard error.
//!
//! Sources: Donner & Klar (2000), *Design and Analysis of Cluster Randomization Trials*, chapter 5; Gelman & Carlin (2014),
//! Perspectives on Psychological Science 9, 641-651.

use super::distribution::student_t_critical;
use super::noncentral_t::{normal_cdf, power_of_t};

/// A comparison of two equal arms to which clusters are assigned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClusterDesign {
    /// Standardized effect on the construct (SD of persons).
    pub effect: f64,
    /// Intraclass correlation of the construct within clusters, from −1/(n − 1) to 1.
    pub intraclass: f64,
    /// Reliability of the instrument, in (0, 1].
    pub reliability: f64,
    /// Persons per cluster, n.
    pub size: f64,
    /// Share of clusters that are lost, at random, in [0, 1).
    pub attrition: f64,
}

impl ClusterDesign {
    /// Noncentrality λ with `clusters` clusters recruited.
    pub fn noncentrality(&self, clusters: f64) -> f64 {
        let left = clusters * (1.0 - self.attrition);
        let correlation = self.reliability * self.intraclass;
        let variance = 4.0 / left * (1.0 + (self.size - 1.0) * correlation) / self.size;
        self.effect * self.reliability.sqrt() / variance.sqrt()
    }

    /// Power of the two-sided test at level `alpha` with `clusters` clusters recruited; 0 where no degree of freedom is left.
    pub fn power(&self, clusters: f64, alpha: f64) -> f64 {
        let df = clusters * (1.0 - self.attrition) - 2.0;
        if df <= 0.0 { 0.0 } else { power_of_t(self.noncentrality(clusters), df, alpha) }
    }

    /// The least even number of clusters with at least this power, up to `most`; `None` where even that does not do.
    pub fn clusters_for(&self, power: f64, alpha: f64, most: usize) -> Option<usize> {
        let enough = |half: usize| self.power(2.0 * half as f64, alpha) >= power;
        let (mut low, mut high) = (1, most / 2);
        if high < 2 || !enough(high) {
            return None;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if enough(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Some(2 * high)
    }
}

/// What a significant estimate is worth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exaggeration {
    /// Probability of significance.
    pub power: f64,
    /// Probability that a significant estimate has the wrong sign.
    pub type_s: f64,
    /// Expected size of a significant estimate over the true effect's.
    pub type_m: f64,
}

/// Power, type S and type M error of a normal estimate of `effect` (not 0) with this standard error, two-sided at level `alpha`.
///
/// ```
/// let weak = peerlab::study::estimators::exaggeration(2.0, 8.1, 0.05);
/// assert!((weak.power - 0.05701).abs() < 1e-5 && (weak.type_s - 0.23962).abs() < 1e-5);
/// assert!((weak.type_m - 9.5366).abs() < 1e-4);
/// ```
pub fn exaggeration(effect: f64, standard_error: f64, alpha: f64) -> Exaggeration {
    // As many degrees of freedom as make t a normal.
    let z = student_t_critical(1.0 - alpha, 1e15);
    let lambda = effect.abs() / standard_error;
    let (right, wrong) = (normal_cdf(lambda - z), normal_cdf(-lambda - z));
    let density = |x: f64| libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
    // E|estimate| over the two tails, in standard errors.
    let size = lambda * (right - wrong) + density(z - lambda) + density(z + lambda);
    let power = right + wrong;
    Exaggeration { power, type_s: wrong / power, type_m: size / power / lambda }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rounds_to;
    use super::*;

    const DESIGN: ClusterDesign =
        ClusterDesign { effect: 0.5, intraclass: 0.3, reliability: 0.8, size: 2.0, attrition: 0.0 };

    #[test]
    fn power_as_published() {
        for (dyads, power, digits) in [(60.0, 0.580539, 6), (98.0, 0.7948, 4), (100.0, 0.8029, 4), (120.0, 0.869806, 6)]
        {
            rounds_to(DESIGN.power(dyads, 0.05), power, digits);
        }
        assert_eq!(DESIGN.clusters_for(0.8, 0.05, 1000), Some(100));
        assert_eq!(DESIGN.clusters_for(0.8, 0.05, 90), None);
        let nothing = ClusterDesign { effect: 0.0, ..DESIGN };
        assert!((nothing.power(80.0, 0.05) - 0.05).abs() < 1e-9);
        assert_eq!(nothing.clusters_for(0.8, 0.05, 100_000), None);
    }

    #[test]
    fn exaggeration_as_published() {
        let found = exaggeration(0.1, 3.28, 0.05);
        rounds_to(found.power, 0.05011, 5);
        rounds_to(found.type_s, 0.46442, 5);
        rounds_to(found.type_m, 76.689, 3);
        let found = exaggeration(2.0, 8.1, 0.05);
        rounds_to(found.power, 0.05701, 5);
        rounds_to(found.type_s, 0.23962, 5);
        rounds_to(found.type_m, 9.5366, 4);
        let strong = exaggeration(-5.0, 1.0, 0.05);
        assert!(strong.power > 0.99 && strong.type_s < 1e-9 && (strong.type_m - 1.0).abs() < 0.01);
    }
}
