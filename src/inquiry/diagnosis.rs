//! How good a design and its estimator are: bias, precision, power, coverage and exaggeration over replications, each
//! with its Monte Carlo standard error (mcse).
//!
//! Every replication gives one [`Attempt`]: the estimate a researcher would have reported (or the failure to make one)
//! and the truth of that replication. The **estimand** θ is the mean truth over all replications that have one: where
//! simple allocation leaves an arm without anybody, the arms differ by nothing that could be named, and no fit is
//! possible. n is the number of successful fits; everything about estimates is over these. A failed fit is counted on its
//! own and never taken for 'not significant'.
//!
//! | quantity | definition | mcse |
//! |---|---|---|
//! | bias | mean of estimate - truth, paired by replication | SD of the differences / √n |
//! | RMSE | √ mean (estimate - θ)² | SD of the squares / (2 RMSE √n), the delta method |
//! | power | share with p < alpha, and on the expected side if a side is expected | √(s (1-s) / n) |
//! | coverage | share of intervals that hold θ | √(s (1-s) / n) |
//! | own coverage | share of intervals that hold the truth of their own replication | as above |
//! | bias-eliminated coverage | share of intervals that hold the mean estimate: what coverage would be without bias | as above |
//! | type S | share of the significant whose sign is not θ's | √(s (1-s) / m), m significant |
//! | type M | mean of \|estimate\| / \|θ\| among the significant | SD / √m |
//! | standard error ratio | mean standard error / SD of the estimates | delta method, no normality assumed |
//!
//! Significant means p < alpha on two sides, whichever side is expected. The mcse take θ as known. Memory is constant:
//! the replications are read twice, [`Center`] and [`Diagnosing`], and none is kept.
//!
//! Sources: Morris, White & Crowther (2019), Statistics in Medicine 38, 2074-2102; Gelman & Carlin (2014), Perspectives
//! on Psychological Science 9, 641-651, for type S and type M errors.

use crate::study::estimators::Estimate;
use crate::study::moments::{Moments, PairMoments, Share};

/// Level of significance of every verdict.
pub const ALPHA: f64 = 0.05;

/// One replication's analysis beside its truth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// The estimate; nothing if the fit failed.
    pub result: Option<Estimate>,
    /// The true effect in this replication, in the outcome's units; NaN where an arm has nobody, and then no result.
    pub truth: f64,
}

/// The direction a hypothesis expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// The treated have more.
    Greater,
    /// The treated have less.
    Less,
    /// The arms differ, either way.
    Different,
}

impl Expectation {
    /// Whether an estimate lies on the expected side.
    pub fn holds(self, estimate: f64) -> bool {
        match self {
            Expectation::Greater => estimate > 0.0,
            Expectation::Less => estimate < 0.0,
            Expectation::Different => true,
        }
    }
}

/// The performance of one estimator for one hypothesis. Effects are in the outcome's units, shares in \[0, 1\]; what is
/// not defined (no successful fit, nothing significant, a truth of 0) is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Diagnosis {
    /// Replications read.
    pub replications: u64,
    /// Of these, failed fits.
    pub failures: u64,
    /// Of the successful fits, those with p < alpha on two sides.
    pub significant: u64,
    /// Of the successful fits, those with a variance at the boundary of what is possible.
    pub boundaries: u64,
    /// Failed fits as a share of the replications.
    pub failure_share: f64,
    /// Monte Carlo standard error of the above.
    pub failure_share_mcse: f64,
    /// Mean estimate over the successful fits.
    pub mean_estimate: f64,
    /// Monte Carlo standard error of the above.
    pub mean_estimate_mcse: f64,
    /// The estimand: mean truth over all replications in which both arms have somebody.
    pub mean_truth: f64,
    /// Monte Carlo standard error of the above.
    pub mean_truth_mcse: f64,
    /// Mean of estimate - truth over the successful fits.
    pub bias: f64,
    /// Monte Carlo standard error of the above.
    pub bias_mcse: f64,
    /// Root mean squared distance of the estimates from the estimand.
    pub rmse: f64,
    /// Monte Carlo standard error of the above.
    pub rmse_mcse: f64,
    /// Share of the successful fits that support the hypothesis.
    pub power: f64,
    /// Monte Carlo standard error of the above.
    pub power_mcse: f64,
    /// Share of the successful fits whose interval holds the estimand.
    pub coverage: f64,
    /// Monte Carlo standard error of the above.
    pub coverage_mcse: f64,
    /// Share of the successful fits whose interval holds what is true of their own replication.
    pub own_coverage: f64,
    /// Monte Carlo standard error of the above.
    pub own_coverage_mcse: f64,
    /// Share of the successful fits whose interval holds the mean estimate: whether the intervals are as wide as the estimates
    /// scatter, whatever they scatter about.
    pub bias_eliminated_coverage: f64,
    /// Monte Carlo standard error of the above.
    pub bias_eliminated_coverage_mcse: f64,
    /// Share of the significant estimates with the wrong sign; NaN if the estimand is exactly 0.
    pub type_s: f64,
    /// Monte Carlo standard error of the above.
    pub type_s_mcse: f64,
    /// Mean exaggeration of the significant estimates, ≥ 0; NaN if the estimand is exactly 0.
    pub type_m: f64,
    /// Monte Carlo standard error of the above.
    pub type_m_mcse: f64,
    /// Mean standard error over the SD of the estimates: below 1, the standard errors are too small.
    pub standard_error_ratio: f64,
    /// Monte Carlo standard error of the above.
    pub standard_error_ratio_mcse: f64,
}

/// Diagnoses one estimator for one hypothesis. `alpha` is the level of significance, in (0, 1). The intervals are taken
/// as they come: their nominal coverage is the confidence at which they were made.
///
/// ```
/// use peerlab::inquiry::diagnosis::{Attempt, Expectation, diagnose};
/// use peerlab::study::estimators::Estimate;
/// let fit = |estimate: f64, p_value| Estimate {
///     estimate,
///     standard_error: 0.5,
///     degrees_of_freedom: 58.0,
///     lower: estimate - 1.0,
///     upper: estimate + 1.0,
///     p_value,
///     boundary: false,
/// };
/// let attempts = [
///     Attempt { result: Some(fit(1.5, 0.004)), truth: 1.0 },
///     Attempt { result: Some(fit(0.5, 0.3)), truth: 1.0 },
///     Attempt { result: None, truth: 1.0 },
/// ];
/// let diagnosis = diagnose(attempts.into_iter(), Expectation::Greater, 0.05);
/// assert_eq!(diagnosis.failures, 1);
/// assert_eq!(diagnosis.power, 0.5);
/// assert_eq!(diagnosis.type_m, 1.5);
/// ```
pub fn diagnose(attempts: impl Iterator<Item = Attempt> + Clone, expectation: Expectation, alpha: f64) -> Diagnosis {
    let mut center = Center::default();
    attempts.clone().for_each(|attempt| center.push(&attempt));
    let mut diagnosing = Diagnosing::about(center, expectation, alpha);
    attempts.for_each(|attempt| diagnosing.push(&attempt));
    diagnosing.diagnosis()
}

/// What the first reading gives: the estimand, and the mean estimate about which the estimates scatter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Center {
    truths: Moments,
    estimates: Moments,
}

impl Center {
    /// Takes the next replication.
    pub fn push(&mut self, attempt: &Attempt) {
        if !attempt.truth.is_nan() {
            self.truths.push(attempt.truth);
        }
        if let Some(result) = attempt.result {
            self.estimates.push(result.estimate);
        }
    }

    /// The mean truth; NaN where there is none.
    pub fn estimand(&self) -> f64 {
        self.truths.mean()
    }

    /// Successful fits.
    pub fn fits(&self) -> u64 {
        self.estimates.count()
    }
}

/// The second reading, of the same replications in the same order.
#[derive(Clone, Debug)]
pub struct Diagnosing {
    center: Center,
    expectation: Expectation,
    alpha: f64,
    replications: u64,
    failures: u64,
    significant: u64,
    boundaries: u64,
    failed: Share,
    differences: Moments,
    squares: Moments,
    exaggeration: Moments,
    supported: Share,
    covered: Share,
    covered_own: Share,
    covered_center: Share,
    wrong_sign: Share,
    precision: PairMoments,
}

impl Diagnosing {
    /// About what the first reading found; `alpha` is the level of significance, in (0, 1).
    pub fn about(center: Center, expectation: Expectation, alpha: f64) -> Self {
        Self {
            center,
            expectation,
            alpha,
            replications: 0,
            failures: 0,
            significant: 0,
            boundaries: 0,
            failed: Share::default(),
            differences: Moments::default(),
            squares: Moments::default(),
            exaggeration: Moments::default(),
            supported: Share::default(),
            covered: Share::default(),
            covered_own: Share::default(),
            covered_center: Share::default(),
            wrong_sign: Share::default(),
            precision: PairMoments::default(),
        }
    }

    /// Takes the next replication.
    pub fn push(&mut self, Attempt { result, truth }: &Attempt) {
        self.replications += 1;
        self.failed.push(result.is_none());
        let Some(result) = result else {
            self.failures += 1;
            return;
        };
        let (estimand, center, estimate) = (self.center.estimand(), self.center.estimates.mean(), result.estimate);
        let is_significant = result.p_value < self.alpha;
        self.boundaries += u64::from(result.boundary);
        let holds = |value: f64| result.lower <= value && value <= result.upper;
        // Odds may not exist where an estimate does.
        if !truth.is_nan() {
            self.differences.push(estimate - truth);
            self.covered_own.push(holds(*truth));
        }
        self.squares.push((estimate - estimand) * (estimate - estimand));
        self.supported.push(is_significant && self.expectation.holds(estimate));
        self.covered.push(holds(estimand));
        self.covered_center.push(holds(center));
        self.precision.push(result.standard_error, (estimate - center) * (estimate - center));
        if is_significant {
            self.significant += 1;
            if estimand != 0.0 {
                self.wrong_sign.push(estimate * estimand.signum() <= 0.0);
                self.exaggeration.push(estimate.abs() / estimand.abs());
            }
        }
    }

    /// What both readings say.
    pub fn diagnosis(&self) -> Diagnosis {
        let Center { truths, estimates } = &self.center;
        let rmse = self.squares.mean().sqrt();
        let (standard_error_ratio, standard_error_ratio_mcse) = ratio(estimates, &self.precision);
        Diagnosis {
            replications: self.replications,
            failures: self.failures,
            significant: self.significant,
            boundaries: self.boundaries,
            failure_share: self.failed.value(),
            failure_share_mcse: self.failed.error(),
            mean_estimate: estimates.mean(),
            mean_estimate_mcse: estimates.mean_error(),
            mean_truth: truths.mean(),
            mean_truth_mcse: truths.mean_error(),
            bias: self.differences.mean(),
            bias_mcse: self.differences.mean_error(),
            rmse,
            rmse_mcse: self.squares.mean_error() / (2.0 * rmse),
            power: self.supported.value(),
            power_mcse: self.supported.error(),
            coverage: self.covered.value(),
            coverage_mcse: self.covered.error(),
            own_coverage: self.covered_own.value(),
            own_coverage_mcse: self.covered_own.error(),
            bias_eliminated_coverage: self.covered_center.value(),
            bias_eliminated_coverage_mcse: self.covered_center.error(),
            type_s: self.wrong_sign.value(),
            type_s_mcse: self.wrong_sign.error(),
            type_m: self.exaggeration.mean(),
            type_m_mcse: self.exaggeration.mean_error(),
            standard_error_ratio,
            standard_error_ratio_mcse,
        }
    }
}

/// Mean standard error over the SD of the estimates. With m the mean standard error, v the variance of the estimates
/// and q the squared deviations, one replication moves the ratio by ratio · ((se - m) / m - (q - v) / (2 v)); the mcse
/// is the SD of that over √n.
fn ratio(estimates: &Moments, precision: &PairMoments) -> (f64, f64) {
    let variance = estimates.variance();
    let mean = precision.first.mean();
    let value = mean / variance.sqrt();
    if !value.is_finite() {
        return (f64::NAN, f64::NAN);
    }
    let spread = precision.first.variance() / (mean * mean) + precision.second.variance() / (4.0 * variance * variance)
        - precision.covariance() / (mean * variance);
    (value, value * (spread.max(0.0) / estimates.count() as f64).sqrt())
}

#[cfg(test)]
mod tests;
