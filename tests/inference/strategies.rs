//! What an analyst may do: every estimator of the catalogue that answers a contrast, as it should be used, and the usual mistakes.

use std::borrow::Cow;

use peerlab::study::assumed::{Assignment, Assumed};
use peerlab::study::estimators::{
    Asked, Estimate, Estimator, Failure, Lot, Method, Observations, Sample, Scaling, Specification, Structure,
    catalogue, find, student_t_critical, student_t_two_sided,
};

/// What is done differently from how the estimator is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// Nothing.
    None,
    /// Normal quantiles in place of Student's.
    NormalQuantiles,
    /// Dyads as clusters, whatever was assigned.
    DyadsAsClusters,
    /// Organizations as clusters, whatever was assigned.
    OrganizationsAsClusters,
    /// A lot of persons, whatever was assigned.
    LotOfPersons,
}

/// One way to analyze an experiment.
#[derive(Clone, Debug)]
pub struct Strategy {
    /// The estimator.
    pub estimator: &'static Estimator,
    /// What is wrong with its use.
    pub mistake: Mistake,
}

impl Strategy {
    /// Its name in a table.
    pub fn name(&self) -> String {
        let id = self.estimator.id;
        match self.mistake {
            Mistake::None => format!("`{id}`"),
            Mistake::NormalQuantiles => format!("`{id}` with normal quantiles"),
            Mistake::DyadsAsClusters => format!("`{id}` clustered by dyad"),
            Mistake::OrganizationsAsClusters => format!("`{id}` clustered by organization"),
            Mistake::LotOfPersons => format!("`{id}` drawing persons"),
        }
    }

    /// Whether one answer takes milliseconds: such a strategy is tried less often, and the tables say so.
    pub fn is_dear(&self) -> bool {
        !matches!(self.estimator.method, Method::LeastSquares(..))
    }

    /// Whether it can be tried in this case, and says something that the estimator as it is meant does not.
    pub fn applies(&self, case: &Assumed) -> bool {
        if matches!(self.estimator.specification, Specification::Actor | Specification::Partner) {
            // Own treatment and partner's can be told apart only where there are pairs of every kind.
            return case.assignment == Assignment::Person;
        }
        if matches!(self.estimator.method, Method::Mixed(Structure::DyadInOrganization, _)) {
            return case.organizations > 1;
        }
        match self.mistake {
            Mistake::None | Mistake::NormalQuantiles => true,
            Mistake::DyadsAsClusters => case.assignment == Assignment::Organization,
            Mistake::OrganizationsAsClusters => case.assignment != Assignment::Organization && case.organizations > 1,
            Mistake::LotOfPersons => case.assignment != Assignment::Person,
        }
    }

    /// What it should find where `effect` is true of the arms: what one does to the other is nothing here.
    pub fn truth(&self, effect: f64) -> f64 {
        if self.estimator.specification == Specification::Partner { 0.0 } else { effect }
    }

    /// Its answer.
    pub fn apply(&self, data: &Observations) -> Result<Estimate, Failure> {
        let data = match self.mistake {
            Mistake::None | Mistake::NormalQuantiles => Cow::Borrowed(data),
            Mistake::DyadsAsClusters => Cow::Owned(Observations { cluster: data.dyad.clone(), ..data.clone() }),
            Mistake::OrganizationsAsClusters => {
                Cow::Owned(Observations { cluster: data.organization.clone(), ..data.clone() })
            }
            Mistake::LotOfPersons => {
                let rows = data.outcome.len();
                let treated = data.treated.iter().map(|t| *t == 1.0).collect();
                let lot =
                    Lot { unit: (0..rows as u32).collect(), treated, block: vec![0; rows], chance: None, exhaust: 0 };
                Cow::Owned(Observations { lot: Some(lot), ..data.clone() })
            }
        };
        let found = self.estimator.estimate(&data, 0.95)?;
        if self.mistake != Mistake::NormalQuantiles {
            return Ok(found);
        }
        // As many degrees of freedom as make t a normal.
        let half = student_t_critical(0.95, 1e15) * found.standard_error;
        let p_value = student_t_two_sided(found.estimate / found.standard_error, 1e15);
        Ok(Estimate { lower: found.estimate - half, upper: found.estimate + half, p_value, ..found })
    }
}

/// The estimators of the catalogue that answer a contrast of two arms in an outcome at one time. Completers, events and waves have
/// tables or tests of their own.
pub fn of_contrasts() -> impl Iterator<Item = &'static Estimator> {
    catalogue().iter().filter(|estimator| {
        let scaling = estimator.specification.scaling();
        estimator.specification.answers(Asked::Experiment)
            && scaling == Scaling::Outcome
            && estimator.specification != Specification::SteppedWedge
            && estimator.sample == Sample::Answered
    })
}

/// Everything that is tried, the mistakes after what they are mistakes of.
pub fn all() -> Vec<Strategy> {
    let mut all: Vec<Strategy> =
        of_contrasts().map(|estimator| Strategy { estimator, mistake: Mistake::None }).collect();
    for (id, mistake) in [
        ("difference_cr1", Mistake::NormalQuantiles),
        ("difference_cr2", Mistake::DyadsAsClusters),
        ("difference_cr2", Mistake::OrganizationsAsClusters),
        ("difference_randomization", Mistake::LotOfPersons),
    ] {
        let place = all.iter().rposition(|strategy| strategy.estimator.id == id).expect("an estimator");
        all.insert(place + 1, Strategy { estimator: find(id).expect("an estimator"), mistake });
    }
    all
}
