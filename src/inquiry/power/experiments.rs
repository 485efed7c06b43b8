//! Simulated experiments of many sizes: each size is the scenario with one key changed.

use std::ops::Range;
use std::sync::atomic::AtomicBool;

use super::tally::Found;
use crate::inquiry::diagnosis::{Attempt, Expectation};
use crate::model::lanes::Instructions;
use crate::monte_carlo::{self, Stopped};
use crate::scenario::Problems;
use crate::study::declaration::{Expect, Study};
use crate::study::experiment::Record;
use crate::study::plan::{Plan, PlanError};

/// Why a size could not be simulated.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The scenario does not allow that value.
    #[error("the scenario refuses {key}={value}: {problems}")]
    Refused {
        /// The key.
        key: String,
        /// The value.
        value: f64,
        /// Why.
        problems: Problems,
    },
    /// The study cannot be run.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The replications were interrupted, or could not be started.
    #[error(transparent)]
    Stopped(#[from] Stopped<std::convert::Infallible>),
}

/// How sizes are simulated.
#[derive(Clone, Copy)]
pub struct How<'a> {
    /// The study with the key at a value; with the one hypothesis that is asked, and the one estimator.
    pub study_at: &'a dyn Fn(f64) -> Result<Study, Trouble>,
    /// Level of significance.
    pub alpha: f64,
    /// Number of threads; 0 for as many as there are processors.
    pub threads: usize,
    /// Once it is set the replications end.
    pub stop: &'a AtomicBool,
    /// Told how many more replications are done.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// One size, with what was found there.
#[derive(Debug)]
pub struct Size {
    /// The value of the key.
    pub value: f64,
    /// The study of this size.
    pub plan: Plan,
    /// What every replication has found, beside what is true.
    pub attempts: Vec<Attempt>,
    /// Why a fit failed; empty where none did.
    pub failures: Vec<&'static str>,
}

/// All sizes that were simulated.
pub struct Experiments<'a> {
    how: How<'a>,
    /// In the order in which they were first asked for.
    pub sizes: Vec<Size>,
}

/// The direction that a hypothesis expects.
pub fn expectation(expect: Expect) -> Expectation {
    match expect {
        Expect::Greater => Expectation::Greater,
        Expect::Less => Expectation::Less,
        Expect::Different => Expectation::Different,
    }
}

impl<'a> Experiments<'a> {
    /// None yet.
    pub fn new(how: How<'a>) -> Self {
        Self { how, sizes: Vec::new() }
    }

    /// What the replications with these numbers have found at a size; those that were run already are not run again.
    ///
    /// # Errors
    /// If the scenario does not allow the value, or the replications were interrupted.
    pub fn look(&mut self, value: f64, numbers: Range<usize>) -> Result<Vec<Found>, Trouble> {
        let index = self.index(value)?;
        let How { alpha, threads, stop, progress, .. } = self.how;
        let size = &mut self.sizes[index];
        let options = monte_carlo::Options { threads, record: Record::Summary, instructions: Instructions::Widest };
        let missing = size.attempts.len() as u64..numbers.end as u64;
        if !missing.is_empty() {
            let Size { plan, attempts, failures, .. } = size;
            monte_carlo::run_numbers(plan, missing, options, stop, progress, |chunk| {
                for replication in chunk {
                    for answer in replication.answers {
                        failures.push(answer.result.as_ref().err().map_or("", |failure| failure.code()));
                        attempts.push(Attempt { result: answer.result.ok(), truth: answer.effect.truth });
                    }
                }
                Ok(())
            })?;
        }
        let expected = expectation(size.plan.study.hypotheses[0].expect);
        let found = |attempt: &Attempt| match attempt.result {
            None => Found::Failed,
            Some(result) if result.p_value < alpha && expected.holds(result.estimate) => Found::Yes,
            Some(_) => Found::No,
        };
        Ok(size.attempts[numbers].iter().map(found).collect())
    }

    /// A size that was simulated.
    pub fn size(&self, value: f64) -> Option<&Size> {
        self.sizes.iter().find(|size| size.value == value)
    }

    fn index(&mut self, value: f64) -> Result<usize, Trouble> {
        if let Some(index) = self.sizes.iter().position(|size| size.value == value) {
            return Ok(index);
        }
        let plan = Plan::new((self.how.study_at)(value)?)?;
        self.sizes.push(Size { value, plan, attempts: Vec::new(), failures: Vec::new() });
        Ok(self.sizes.len() - 1)
    }
}
