//! A real estimate among the estimates of simulated experiments: where it lies, if the study's model and its numbers held.

use std::convert::Infallible;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::inquiry::answers::{ALPHA, Row, Rows, SHOWN};
use crate::model::lanes::Instructions;
use crate::monte_carlo::{self, Stopped};
use crate::results;
use crate::study::estimators::Estimate;
use crate::study::experiment::Record;
use crate::study::moments::{Moments, quantile};
use crate::study::plan::Plan;

/// What simulated experiments found with one estimator for one hypothesis.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// Index of the hypothesis.
    pub hypothesis: usize,
    /// Index among its estimators.
    pub estimator: usize,
    /// Every estimate with whether it is significant, in the order of the replications.
    pub estimates: Vec<(f64, bool)>,
    /// Beside each whether it is significant once p is corrected by Holm's method for the study's hypotheses; false of an estimator
    /// other than the first, which is not corrected.
    pub corrected: Vec<bool>,
    /// Experiments in which the fit failed.
    pub failures: usize,
    /// The mean true effect.
    pub truth: f64,
}

impl Simulated {
    fn none(hypothesis: usize, estimator: usize) -> (Self, Moments) {
        let (estimates, corrected) = (Vec::new(), Vec::new());
        (Self { hypothesis, estimator, estimates, corrected, failures: 0, truth: f64::NAN }, Moments::default())
    }

    /// Takes the next experiment's estimate, if there is one, and its p-value as corrected by Holm's method.
    fn note(&mut self, result: Option<&Estimate>, holm: f64) {
        match result {
            Some(fit) => {
                self.estimates.push((fit.estimate, fit.p_value < ALPHA));
                self.corrected.push(holm < ALPHA);
            }
            None => self.failures += 1,
        }
    }

    /// The share of the simulated experiments that gave a larger estimate than this one; of those that gave the same, half are
    /// counted.
    pub fn larger(&self, estimate: f64) -> Share {
        let all = self.estimates.len() as f64;
        let above = self.estimates.iter().filter(|(value, _)| *value > estimate).count() as f64;
        let equal = self.estimates.iter().filter(|(value, _)| *value == estimate).count() as f64;
        let share = (above + 0.5 * equal) / all;
        Share { share, error: (share * (1.0 - share) / all).sqrt() }
    }

    /// The middle 95 % of the estimates; NaN of none.
    pub fn middle(&self) -> (f64, f64) {
        let mut sorted: Vec<f64> = self.estimates.iter().map(|(value, _)| *value).collect();
        sorted.sort_by(f64::total_cmp);
        (quantile(&sorted, 0.025), quantile(&sorted, 0.975))
    }
}

/// A share of the simulated experiments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// From 0 to 1; NaN of none.
    pub share: f64,
    /// Its Monte Carlo standard error.
    pub error: f64,
}

/// The simulated estimates of these hypotheses from the table of a finished run: those of its first [`SHOWN`] replications.
///
/// # Errors
/// If the table cannot be read.
pub fn of_run(plan: &Plan, estimates: &Path, hypotheses: &[usize]) -> results::Result<Vec<Simulated>> {
    let rows = Rows::new(&plan.study, estimates);
    let mut found: Vec<(Simulated, Moments)> = rows.strategies.iter().map(|(h, e)| Simulated::none(*h, *e)).collect();
    let mut replications = 0;
    rows.replications(|all| {
        replications += 1;
        if replications > SHOWN {
            return;
        }
        for (row, (one, truths)) in all.iter().zip(&mut found) {
            let Some(Row { attempt, adjusted }) = row else { continue };
            one.note(attempt.result.as_ref(), adjusted.holm);
            if !attempt.truth.is_nan() {
                truths.push(attempt.truth);
            }
        }
    })?;
    found.retain(|(one, _)| hypotheses.contains(&one.hypothesis));
    Ok(found.into_iter().map(|(one, truths)| Simulated { truth: truths.mean(), ..one }).collect())
}

/// The same, simulated now: the first `replications` experiments of the study.
///
/// # Errors
/// If it was interrupted, or threads could not be started.
pub fn simulate(
    plan: &Plan,
    replications: u64,
    hypotheses: &[usize],
    threads: usize,
    stop: &AtomicBool,
    progress: impl Fn(u64) + Sync,
) -> Result<Vec<Simulated>, Stopped<Infallible>> {
    let mut found: Vec<(Simulated, Moments)> = Vec::new();
    for hypothesis in hypotheses {
        for estimator in 0..plan.questions[*hypothesis].estimators.len() {
            found.push(Simulated::none(*hypothesis, estimator));
        }
    }
    let options = monte_carlo::Options { threads, record: Record::Summary, instructions: Instructions::Widest };
    monte_carlo::run_numbers(plan, 0..replications, options, stop, progress, |chunk| {
        for answer in chunk.iter().flat_map(|replication| &replication.answers) {
            let place = |(one, _): &&mut (Simulated, Moments)| {
                one.hypothesis == answer.hypothesis && one.estimator == answer.estimator
            };
            let Some((one, truths)) = found.iter_mut().find(place) else { continue };
            one.note(answer.result.as_ref().ok(), answer.adjusted.holm);
            if !answer.effect.truth.is_nan() {
                truths.push(answer.effect.truth);
            }
        }
        Ok(())
    })?;
    Ok(found.into_iter().map(|(one, truths)| Simulated { truth: truths.mean(), ..one }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_count_ties_by_half() {
        let estimates = [1.0, 2.0, 2.0, 3.0, 4.0].map(|value| (value, false)).to_vec();
        let one =
            Simulated { hypothesis: 0, estimator: 0, estimates, corrected: vec![false; 5], failures: 0, truth: 0.0 };
        assert_eq!(one.larger(2.0).share, 0.6);
        assert_eq!((one.larger(9.0).share, one.larger(0.0).share), (0.0, 1.0));
        assert!((one.larger(2.0).error - (0.6_f64 * 0.4 / 5.0).sqrt()).abs() < 1e-15);
        assert!((one.middle().0 - 1.1).abs() < 1e-12 && (one.middle().1 - 3.9).abs() < 1e-12);
    }
}
