//! The diagnosis of a run, from its table of estimates.

use std::collections::BTreeMap;
use std::path::Path;

use super::diagnosis::{Attempt, Diagnosis, Expectation, diagnose};
use crate::results::{self, Batch};
use crate::study::analysis::Adjusted;
use crate::study::declaration::{Expect, Study};
use crate::study::effect_size::SizeKind;
use crate::study::estimators::Estimate;
use crate::study::moments::{Moments, Share, quantile};

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
    /// Mean half width of the 95 % intervals: the margin of error of one experiment.
    pub half_width: f64,
    /// Middle 95 % of the estimates.
    pub middle: (f64, f64),
    /// The most frequent reason of failed fits, if any failed.
    pub failure: Option<String>,
    /// Every estimate with whether it is significant, for the figure.
    pub estimates: Vec<(f64, bool)>,
    /// Power once p is corrected by Holm's method for the study's other hypotheses, with its Monte Carlo standard error; NaN of
    /// any estimator but a hypothesis' first.
    pub power_holm: (f64, f64),
    /// The same by Benjamini and Hochberg's method.
    pub power_benjamini_hochberg: (f64, f64),
    /// Mean effect size over the fits that have one, with its Monte Carlo standard error, and what it is.
    pub size: Option<(SizeKind, f64, f64)>,
    /// Every replication in turn.
    pub attempts: Vec<Attempt>,
    /// The corrected p-values of every replication.
    pub adjusted: Vec<Adjusted>,
}

impl Answered {
    /// An estimator's performance, of which nothing else is known.
    pub fn unknown(hypothesis: usize, estimator: usize, diagnosis: Diagnosis) -> Self {
        const NONE: Known = Known { mean: f64::NAN, error: f64::NAN, share: 0.0 };
        Self {
            hypothesis,
            estimator,
            diagnosis,
            total: f64::NAN,
            spill_over: f64::NAN,
            apart_mcse: f64::NAN,
            sample: NONE,
            own: NONE,
            answered: NONE,
            unshared: NONE,
            log: NONE,
            half_width: f64::NAN,
            middle: (f64::NAN, f64::NAN),
            failure: None,
            estimates: Vec::new(),
            power_holm: (f64::NAN, f64::NAN),
            power_benjamini_hochberg: (f64::NAN, f64::NAN),
            size: None,
            attempts: Vec::new(),
            adjusted: Vec::new(),
        }
    }
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

/// Reads the estimates of a run, and diagnoses each estimator of each hypothesis.
///
/// # Errors
/// If the table cannot be read.
pub fn answers(study: &Study, estimates: &Path) -> results::Result<Vec<Answered>> {
    let strategies: Vec<(usize, usize)> = study
        .hypotheses
        .iter()
        .enumerate()
        .flat_map(|(hypothesis, declared)| (0..declared.estimators.len()).map(move |estimator| (hypothesis, estimator)))
        .collect();
    let is = |at: usize, hypothesis: &str, estimator: &str| {
        let (h, e) = strategies[at];
        study.hypotheses[h].id == hypothesis && study.hypotheses[h].estimators[e] == estimator
    };
    let mut rows: Vec<Rows> = strategies.iter().map(|_| Rows::default()).collect();
    // A replication's rows stand in the order of the declaration: whose turn it is need not be searched.
    let mut next = 0;
    results::read(estimates, &COLUMNS, |batch| {
        for row in 0..batch.rows {
            let (hypothesis, estimator) = (&*batch.texts(0)[row], &*batch.texts(1)[row]);
            let turns = (0..strategies.len()).map(|by| (next + by) % strategies.len());
            let Some(at) = turns.into_iter().find(|at| is(*at, hypothesis, estimator)) else { continue };
            rows[at].note(&batch, row);
            next = at + 1;
        }
    })?;
    let all = strategies.into_iter().zip(rows);
    Ok(all.map(|((h, e), rows)| rows.answered(h, e, study.hypotheses[h].expect)).collect())
}

const COLUMNS: [&str; 22] = [
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
    "p_holm",
    "p_benjamini_hochberg",
    "effect_size",
    "effect_size_kind",
    "boundary",
];

/// What the table says of one estimator of one hypothesis.
#[derive(Default)]
struct Rows {
    attempts: Vec<Attempt>,
    adjusted: Vec<Adjusted>,
    total: Moments,
    spill_over: Moments,
    apart: Moments,
    /// Of sample, own, answered, unshared and log.
    known: [Moments; 5],
    reasons: BTreeMap<String, u64>,
    size: Moments,
    kind: Option<SizeKind>,
}

impl Rows {
    fn note(&mut self, batch: &Batch, row: usize) {
        let reason = &batch.texts(11)[row];
        if !reason.is_empty() {
            *self.reasons.entry(reason.to_string()).or_insert(0_u64) += 1;
        }
        let at = |column: usize| batch.reals(column)[row];
        let result = (!at(2).is_nan()).then(|| Estimate {
            estimate: at(2),
            standard_error: at(3),
            degrees_of_freedom: at(4),
            lower: at(5),
            upper: at(6),
            p_value: at(7),
            boundary: batch.flags(21)[row],
        });
        self.attempts.push(Attempt { result, truth: at(8) });
        self.adjusted.push(Adjusted { holm: at(17), benjamini_hochberg: at(18) });
        if !at(19).is_nan() {
            let kind = SizeKind::NAMES.iter().find(|(name, _)| *name == &*batch.texts(20)[row]);
            self.kind = kind.map(|(_, kind)| *kind);
            // Twice the odds and half of them are equally far from none.
            self.size.push(if self.kind == Some(SizeKind::OddsRatio) { libm::log(at(19)) } else { at(19) });
        }
        if !at(9).is_nan() {
            self.total.push(at(9));
        }
        for (moments, column) in self.known.iter_mut().zip(12..) {
            if !at(column).is_nan() {
                moments.push(at(column));
            }
        }
        // Where simple allocation leaves an arm without anybody, there is no truth and nobody to spill over to.
        if !at(8).is_nan() && !at(10).is_nan() {
            self.spill_over.push(at(10));
        }
        if !(at(9) - at(8)).is_nan() {
            self.apart.push(at(9) - at(8));
        }
    }

    fn answered(self, hypothesis: usize, estimator: usize, expect: Expect) -> Answered {
        let expectation = expectation(expect);
        let attempts = self.attempts;
        let estimates: Vec<(f64, bool)> =
            attempts.iter().filter_map(|attempt| attempt.result.map(|r| (r.estimate, r.p_value < ALPHA))).collect();
        let mut sorted: Vec<f64> = estimates.iter().map(|(value, _)| *value).collect();
        sorted.sort_by(f64::total_cmp);
        let [sample, own, answered, unshared, log] = self.known.map(|moments| Known {
            mean: moments.mean(),
            error: moments.mean_error(),
            share: moments.count() as f64 / attempts.len() as f64,
        });
        let mut half_width = Moments::default();
        for fit in attempts.iter().filter_map(|one| one.result) {
            // Intervals without an end have no mean width.
            let half = (fit.upper - fit.lower) / 2.0;
            half_width.push(if half.is_finite() { half } else { f64::NAN });
        }
        let power = |p: fn(&Adjusted) -> f64| {
            let mut share = Share::default();
            for (attempt, adjusted) in attempts.iter().zip(&self.adjusted) {
                if let Some(fit) = attempt.result.filter(|_| !p(adjusted).is_nan()) {
                    share.push(p(adjusted) < ALPHA && expectation.holds(fit.estimate));
                }
            }
            (share.value(), share.error())
        };
        let (power_holm, power_benjamini_hochberg) = (power(|p| p.holm), power(|p| p.benjamini_hochberg));
        let diagnosis = diagnose(attempts.iter().copied(), expectation, ALPHA);
        Answered {
            total: self.total.mean(),
            spill_over: self.spill_over.mean(),
            apart_mcse: self.apart.mean_error(),
            sample,
            own,
            answered,
            unshared,
            log,
            half_width: half_width.mean(),
            middle: (quantile(&sorted, 0.025), quantile(&sorted, 0.975)),
            failure: self
                .reasons
                .into_iter()
                .max_by_key(|(_, count)| *count)
                .map(|(reason, _)| reason.replace('_', " ")),
            estimates,
            power_holm,
            power_benjamini_hochberg,
            size: self.kind.map(|kind| match (kind, self.size.mean(), self.size.mean_error()) {
                (SizeKind::OddsRatio, mean, error) => (kind, libm::exp(mean), libm::exp(mean) * error),
                (_, mean, error) => (kind, mean, error),
            }),
            attempts,
            adjusted: self.adjusted,
            ..Answered::unknown(hypothesis, estimator, diagnosis)
        }
    }
}

/// What a hypothesis expects of its estimates.
pub(crate) fn expectation(expect: Expect) -> Expectation {
    match expect {
        Expect::Greater => Expectation::Greater,
        Expect::Less => Expectation::Less,
        Expect::Different => Expectation::Different,
    }
}
