//! The diagnosis of a run, from its table of estimates.

use std::collections::BTreeMap;
use std::path::Path;

use super::diagnosis::{Attempt, Diagnosis, Expectation, diagnose};
use crate::results;
use crate::study::declaration::{Expect, Study};
use crate::study::estimators::Estimate;
use crate::study::moments::Moments;

/// Level of significance of every verdict.
pub const ALPHA: f64 = 0.05;

/// How one estimator answers one hypothesis over all replications.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Index of the hypothesis.
    pub hypothesis: usize,
    /// Index among its estimators.
    pub estimator: usize,
    /// Its performance.
    pub diagnosis: Diagnosis,
    /// Mean of the total effect over replications: if everyone had the arm.
    pub total: f64,
    /// Mean of what spilled over to the observed controls.
    pub spill_over: f64,
    /// Monte Carlo standard error of the difference between the total effect and the truth.
    pub apart_mcse: f64,
    /// The coefficient of the true scores of the sample.
    pub sample: Known,
    /// What moving a person's own predictor does.
    pub own: Known,
    /// The coefficient free of error among those who answered; NaN of a stepped wedge.
    pub answered: Known,
    /// The coefficient without what a rater's scales share.
    pub unshared: Known,
    /// The true coefficient on the logarithmic scale.
    pub log: Known,
    /// Share of 95 % intervals that hold what is true of their own replication.
    pub own_coverage: f64,
    /// Mean half width of the 95 % intervals: the margin of error of one experiment.
    pub half_width: f64,
    /// Middle 95 % of the estimates.
    pub middle: (f64, f64),
    /// The most frequent reason of failed fits, if any failed.
    pub failure: Option<String>,
    /// Every estimate with whether it is significant, for the figure.
    pub estimates: Vec<(f64, bool)>,
}

/// A mean over the replications in which there is a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// The mean; NaN of none.
    pub mean: f64,
    /// Its Monte Carlo standard error.
    pub error: f64,
    /// Share of the replications in which there is a value.
    pub share: f64,
}

/// Reads the estimates of a run once per hypothesis and estimator, and diagnoses each.
///
/// # Errors
/// If the table cannot be read.
pub fn answers(study: &Study, estimates: &Path) -> results::Result<Vec<Answered>> {
    let mut all = Vec::new();
    for (hypothesis, declared) in study.hypotheses.iter().enumerate() {
        for (estimator, id) in declared.estimators.iter().enumerate() {
            all.push(answered(estimates, hypothesis, &declared.id, estimator, id, declared.expect)?);
        }
    }
    Ok(all)
}

const COLUMNS: [&str; 18] = [
    "hypothesis",
    "estimator",
    "estimate",
    "standard_error",
    "degrees_of_freedom",
    "lower",
    "upper",
    "p_value",
    "truth",
    "total_effect",
    "spill_over",
    "failure",
    "sample_contrast",
    "own_effect",
    "answered_contrast",
    "unshared_contrast",
    "log_truth",
    "boundary",
];

fn answered(
    table: &Path,
    hypothesis: usize,
    name: &str,
    estimator: usize,
    id: &str,
    expect: Expect,
) -> results::Result<Answered> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let (mut total, mut spill_over, mut apart) = (Moments::default(), Moments::default(), Moments::default());
    let mut known = [Moments::default(); 5];
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    results::read(table, &COLUMNS, |batch| {
        for row in 0..batch.rows {
            if &*batch.texts(0)[row] != name || &*batch.texts(1)[row] != id {
                continue;
            }
            let reason = &batch.texts(11)[row];
            if !reason.is_empty() {
                *reasons.entry(reason.to_string()).or_insert(0_u64) += 1;
            }
            let at = |column: usize| batch.reals(column)[row];
            let result = (!at(2).is_nan()).then(|| Estimate {
                estimate: at(2),
                standard_error: at(3),
                degrees_of_freedom: at(4),
                lower: at(5),
                upper: at(6),
                p_value: at(7),
                boundary: batch.flags(17)[row],
            });
            attempts.push(Attempt { result, truth: at(8) });
            if !at(9).is_nan() {
                total.push(at(9));
            }
            for (moments, column) in known.iter_mut().zip(12..) {
                if !at(column).is_nan() {
                    moments.push(at(column));
                }
            }
            // Where simple allocation leaves an arm without anybody, there is no truth and nobody to spill over to.
            if !at(8).is_nan() && !at(10).is_nan() {
                spill_over.push(at(10));
            }
            if !(at(9) - at(8)).is_nan() {
                apart.push(at(9) - at(8));
            }
        }
    })?;
    let expectation = match expect {
        Expect::Greater => Expectation::Greater,
        Expect::Less => Expectation::Less,
        Expect::Different => Expectation::Different,
    };
    let estimates: Vec<(f64, bool)> =
        attempts.iter().filter_map(|attempt| attempt.result.map(|r| (r.estimate, r.p_value < ALPHA))).collect();
    let mut sorted: Vec<f64> = estimates.iter().map(|(value, _)| *value).collect();
    sorted.sort_by(f64::total_cmp);
    let [sample, own, answered, unshared, log] = known.map(|moments| Known {
        mean: moments.mean(),
        error: moments.mean_error(),
        share: moments.count() as f64 / attempts.len() as f64,
    });
    let (mut half_width, mut holds_own) = (Moments::default(), Moments::default());
    for (result, truth) in attempts.iter().filter_map(|attempt| Some((attempt.result?, attempt.truth))) {
        if !truth.is_nan() {
            holds_own.push(if result.lower <= truth && truth <= result.upper { 1.0 } else { 0.0 });
        }
        half_width.push((result.upper - result.lower) / 2.0);
    }
    Ok(Answered {
        hypothesis,
        estimator,
        diagnosis: diagnose(attempts.iter().copied(), expectation, ALPHA),
        total: total.mean(),
        spill_over: spill_over.mean(),
        apart_mcse: apart.mean_error(),
        sample,
        own,
        answered,
        unshared,
        log,
        own_coverage: holds_own.mean(),
        half_width: half_width.mean(),
        middle: (quantile(&sorted, 0.025), quantile(&sorted, 0.975)),
        failure: reasons.into_iter().max_by_key(|(_, count)| *count).map(|(reason, _)| reason.replace('_', " ")),
        estimates,
    })
}

/// Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996); NaN of nothing.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let at = share * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5), 3.0);
        assert_eq!(quantile(&[0.0, 10.0], 0.25), 2.5);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
