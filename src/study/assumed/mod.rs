//! The design without the theory: an experiment from assumed numbers, with no model behind it.
//!
//! A scholar who has numbers of their own (an effect, intraclass correlations, a reliability, attrition) needs no theory of coaching to
//! plan a sample, and a method is best tried where the truth is known exactly. Persons stand in clusters (dyads, circles) of
//! equal size, clusters in organizations. The construct has variance 1 and a normal distribution, and of the outcome as measured
//!
//! ```text
//! y = δ T + η + e      corr(η_i, η_j) = ρ in a cluster, ρ_o in an organization, 0 else      var(e) = (1 − r)/r
//! ```
//!
//! with effect δ in SD of the construct and reliability r. ρ may be negative, as far as −1/(n − 1) (a little less with
//! ρ_o > 0): partners who contrast. A baseline is the same construct at another time by the same instrument with errors of its own; its
//! correlation with the outcome is stated as observed.
//!
//! [`Design::draw`] makes one experiment, [`Forecast`] says what to expect of it without simulation.
//!
//! Sources: Donner & Klar (2000), *Design and Analysis of Cluster Randomization Trials*; Heo & Leon (2008), Biometrics 64,
//! 1256-1262, for three levels; Kenny, Kashy & Cook (2006), *Dyadic Data Analysis*, for contrast within dyads.

mod formula;
mod generate;

use thiserror::Error;

pub use formula::{Covariance, Forecast};
pub use generate::Design;

/// What is assigned by lot; half of the units are treated (of an odd number one more or one less, by lot as well).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assignment {
    /// Persons, wherever they stand.
    Person,
    /// Persons within each cluster: of a dyad exactly one.
    Within,
    /// Whole clusters.
    Cluster,
    /// Whole organizations.
    Organization,
}

impl Assignment {
    /// As it is written.
    pub const NAMES: [(&'static str, Assignment); 4] = [
        ("person", Assignment::Person),
        ("within", Assignment::Within),
        ("cluster", Assignment::Cluster),
        ("organization", Assignment::Organization),
    ];
}

/// Who is lost together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lost {
    /// Each person alone.
    Person,
    /// Whole clusters.
    Cluster,
}

impl Lost {
    /// As it is written.
    pub const NAMES: [(&'static str, Lost); 2] = [("person", Lost::Person), ("cluster", Lost::Cluster)];
}

/// Who is not measured at the end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attrition {
    /// Expected share that is lost, in [0, 1).
    pub share: f64,
    /// Who is lost together.
    pub lost: Lost,
    /// Correlation between what makes the treated stay and their construct (of a cluster, its members' mean), in (−1, 1). Positive: those
    /// who do badly under the treatment are lost. Among controls the lot alone decides.
    pub selection: f64,
}

/// Who of the treated leaves the program before its end, but is still measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaving {
    /// Expected share of the treated persons that leaves, in [0, 1).
    pub share: f64,
    /// Correlation between what makes a treated person complete the program and their construct, in (−1, 1).
    pub selection: f64,
    /// Share of the effect that those who leave have nevertheless, in [0, 1].
    pub kept: f64,
}

/// An experiment in assumed numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumed {
    /// Clusters recruited, C.
    pub clusters: usize,
    /// Persons in each, n.
    pub size: usize,
    /// Organizations over which the clusters are spread evenly, O; 1 for a single one.
    pub organizations: usize,
    /// Effect of the treatment on the construct, δ, in SD of persons.
    pub effect: f64,
    /// Correlation of two members of a cluster in the construct, ρ.
    pub intraclass: f64,
    /// Correlation of two persons of an organization from different clusters, ρ_o.
    pub organization_intraclass: f64,
    /// Reliability of the instrument, r, in (0, 1].
    pub reliability: f64,
    /// Correlation of a baseline with the outcome, as observed; `None` without a baseline.
    pub baseline: Option<f64>,
    /// What is assigned.
    pub assignment: Assignment,
    /// Who is not measured.
    pub attrition: Attrition,
    /// Who leaves the program.
    pub leaving: Leaving,
    /// The outcome as an event: 1 where the measured outcome exceeds the value that this share of controls exceeds. `None`: the
    /// outcome itself.
    pub event: Option<f64>,
}

impl Default for Assumed {
    /// Dyads, one organization, no effect, independent persons, a perfect instrument; clusters are assigned and nobody is lost.
    fn default() -> Self {
        Self {
            clusters: 100,
            size: 2,
            organizations: 1,
            effect: 0.0,
            intraclass: 0.0,
            organization_intraclass: 0.0,
            reliability: 1.0,
            baseline: None,
            assignment: Assignment::Cluster,
            attrition: Attrition { share: 0.0, lost: Lost::Cluster, selection: 0.0 },
            leaving: Leaving { share: 0.0, selection: 0.0, kept: 0.0 },
            event: None,
        }
    }
}

/// Why no experiment has these numbers. Each message holds the value, and what would do.
#[allow(missing_docs)] // Each message says what its variant and its fields are.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Impossible {
    #[error("{name} is {value}: it must lie {range}")]
    OutOfRange { name: &'static str, value: f64, range: &'static str },
    #[error("{name} is {value}: it must be {least} or more")]
    TooFew { name: &'static str, value: usize, least: usize },
    #[error(
        "icc is {intraclass}, but {size} members of a cluster cannot all differ from each other more than {lowest:.4} says \
         (−1/(n − 1){organizations})"
    )]
    Contrast { intraclass: f64, size: usize, lowest: f64, organizations: &'static str },
    #[error("{clusters} clusters cannot be spread over {organizations} organizations: each needs one at least")]
    EmptyOrganizations { clusters: usize, organizations: usize },
    #[error(
        "organization_icc is {value}, but there is one organization only: what its members share cannot be seen, give organizations"
    )]
    OneOrganization { value: f64 },
    #[error("{units} {unit} in {units} cannot make two arms with a variance: {least} are the least")]
    TooFewUnits { unit: &'static str, units: usize, least: usize },
    #[error("size is 1: a treatment within clusters needs two members at least")]
    Alone,
    #[error(
        "baseline is {baseline}, but two measurements of reliability {reliability} cannot correlate by more than that reliability"
    )]
    Baseline { baseline: f64, reliability: f64 },
    #[error(
        "with icc {intraclass} and reliability {reliability} what is compared does not vary at all: the smallest experiment would be \
         certain, and so is no answer about its size"
    )]
    Certain { intraclass: f64, reliability: f64 },
    #[error(
        "the log odds ratio of being assigned has no closed form where some of the treated leave: give event or leaving, not both"
    )]
    EventAndLeaving,
}

impl Assumed {
    /// Whether an experiment can have these numbers.
    ///
    /// # Errors
    /// The first thing that is impossible.
    pub fn check(&self) -> Result<(), Impossible> {
        let least =
            |name, value, least| if value < least { Err(Impossible::TooFew { name, value, least }) } else { Ok(()) };
        least("size", self.size, 1)?;
        least("organizations", self.organizations, 1)?;
        self.check_numbers()?;
        self.check_units()?;
        if self.variance(&self.measured()) <= 1e-12 {
            return Err(Impossible::Certain { intraclass: self.intraclass, reliability: self.reliability });
        }
        Ok(())
    }

    fn check_numbers(&self) -> Result<(), Impossible> {
        let check = |name, value: f64, holds: bool, range| {
            if value.is_finite() && holds { Ok(()) } else { Err(Impossible::OutOfRange { name, value, range }) }
        };
        let (icc, shared, r) = (self.intraclass, self.organization_intraclass, self.reliability);
        check("effect", self.effect, self.effect.abs() <= 10.0, "between −10 and 10 (SD of the construct)")?;
        check("reliability", r, r > 0.0 && r <= 1.0, "above 0 and up to 1")?;
        check("icc", icc, (-1.0..=1.0).contains(&icc), "between −1/(n − 1) and 1")?;
        check("organization_icc", shared, (0.0..1.0).contains(&shared), "from 0 to below 1")?;
        // As close to the bound as decimals come: −.333 for circles of four is meant, −.34 is not possible.
        let lowest = if self.size < 2 { -1.0 } else { shared - (1.0 - shared) / (self.size - 1) as f64 };
        if icc < lowest - 1e-12 {
            let organizations = if shared > 0.0 { ", beyond what an organization shares" } else { "" };
            return Err(Impossible::Contrast { intraclass: icc, size: self.size, lowest, organizations });
        }
        let attrition = &self.attrition;
        check("attrition", attrition.share, (0.0..1.0).contains(&attrition.share), "from 0 to below 1")?;
        check("selection", attrition.selection, attrition.selection.abs() < 1.0, "between −1 and 1")?;
        let leaving = &self.leaving;
        check("leaving", leaving.share, (0.0..1.0).contains(&leaving.share), "from 0 to below 1")?;
        check("selection", leaving.selection, leaving.selection.abs() < 1.0, "between −1 and 1")?;
        check("kept", leaving.kept, (0.0..=1.0).contains(&leaving.kept), "from 0 to 1")?;
        if let Some(event) = self.event {
            check("event", event, event > 0.0 && event < 1.0, "between 0 and 1")?;
        }
        let Some(baseline) = self.baseline else { return Ok(()) };
        check("baseline", baseline, baseline.abs() < 1.0, "between −1 and 1")?;
        if baseline.abs() > r {
            return Err(Impossible::Baseline { baseline, reliability: r });
        }
        Ok(())
    }

    fn check_units(&self) -> Result<(), Impossible> {
        if self.organizations > self.clusters {
            let (clusters, organizations) = (self.clusters, self.organizations);
            return Err(Impossible::EmptyOrganizations { clusters, organizations });
        }
        if self.organizations == 1 && self.organization_intraclass > 0.0 {
            return Err(Impossible::OneOrganization { value: self.organization_intraclass });
        }
        // Two units per arm leave a variance to estimate; within clusters two clusters do.
        let (unit, units, least) = match self.assignment {
            Assignment::Person => ("persons", self.clusters * self.size, 4),
            Assignment::Within if self.size < 2 => return Err(Impossible::Alone),
            Assignment::Within => ("clusters", self.clusters, 2),
            Assignment::Cluster => ("clusters", self.clusters, 4),
            Assignment::Organization => ("organizations", self.organizations, 4),
        };
        if units < least { Err(Impossible::TooFewUnits { unit, units, least }) } else { Ok(()) }
    }

    /// Persons recruited.
    pub fn persons(&self) -> usize {
        self.clusters * self.size
    }

    /// The organization of a cluster: a row of clusters in each, as even as can be.
    pub fn organization_of(&self, cluster: usize) -> usize {
        cluster * self.organizations / self.clusters
    }
}

#[cfg(test)]
mod tests;
