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
mod tests {
    use super::*;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};

    fn fit(estimate: f64, half_width: f64, p_value: f64) -> Option<Estimate> {
        Some(Estimate {
            estimate,
            standard_error: half_width / 2.0,
            degrees_of_freedom: 20.0,
            lower: estimate - half_width,
            upper: estimate + half_width,
            p_value,
            boundary: false,
        })
    }

    fn near(measure: (f64, f64), value: f64, mcse: f64) {
        assert!((measure.0 - value).abs() < 1e-14, "value {} is not {value}", measure.0);
        assert!((measure.1 - mcse).abs() < 1e-14, "mcse {} is not {mcse}", measure.1);
    }

    fn undefined(measure: (f64, f64)) {
        assert!(measure.0.is_nan() && measure.1.is_nan(), "{measure:?}");
    }

    /// Truths 1, 1, 2, 0, 1: the estimand is 1. The last fit failed.
    fn five() -> [Attempt; 5] {
        [
            Attempt { result: fit(2.0, 0.8, 0.01), truth: 1.0 },
            Attempt { result: fit(1.0, 2.0, 0.30), truth: 1.0 },
            Attempt { result: fit(-2.0, 1.0, 0.02), truth: 2.0 },
            Attempt { result: fit(3.0, 2.2, 0.04), truth: 0.0 },
            Attempt { result: None, truth: 1.0 },
        ]
    }

    #[test]
    fn five_replications_by_hand() {
        let found = diagnose(five().into_iter(), Expectation::Greater, 0.05);
        assert_eq!((found.replications, found.failures, found.significant), (5, 1, 3));
        near((found.failure_share, found.failure_share_mcse), 0.2, (0.2_f64 * 0.8 / 5.0).sqrt());
        // Truths about 1: squares 0 0 1 1 0, variance 1/2.
        near((found.mean_truth, found.mean_truth_mcse), 1.0, (0.5_f64 / 5.0).sqrt());
        // Estimates 2 1 -2 3: mean 1, squares 1 0 9 4, variance 14/3.
        near((found.mean_estimate, found.mean_estimate_mcse), 1.0, (14.0_f64 / 3.0 / 4.0).sqrt());
        // Differences 1 0 -4 3: mean 0, squares 26, variance 26/3.
        near((found.bias, found.bias_mcse), 0.0, (26.0_f64 / 3.0 / 4.0).sqrt());
        // Squares about the estimand 1 0 9 4: mean 3.5, variance (6.25 + 12.25 + 30.25 + 0.25) / 3 = 49/3.
        let rmse = 3.5_f64.sqrt();
        near((found.rmse, found.rmse_mcse), rmse, (49.0_f64 / 3.0 / 4.0).sqrt() / (2.0 * rmse));
        // Significant and positive: the first and the fourth.
        near((found.power, found.power_mcse), 0.5, 0.25);
        // [1.2, 2.8] misses 1, [-1, 3] holds it, [-3, -1] misses, [0.8, 5.2] holds.
        near((found.coverage, found.coverage_mcse), 0.5, 0.25);
        // Of their own truths 1 1 2 0 the second alone is held; of the mean estimate 1 the second and the fourth.
        near((found.own_coverage, found.own_coverage_mcse), 0.25, (0.25_f64 * 0.75 / 4.0).sqrt());
        near((found.bias_eliminated_coverage, found.bias_eliminated_coverage_mcse), 0.5, 0.25);
        near((found.type_s, found.type_s_mcse), 1.0 / 3.0, (2.0_f64 / 27.0).sqrt());
        // 2, 2, 3 times the truth.
        near((found.type_m, found.type_m_mcse), 7.0 / 3.0, (1.0_f64 / 3.0 / 3.0).sqrt());
        // Standard errors .4 1 .5 1.1: mean .75, deviations -.35 .25 -.25 .35, variance .37/3; their products with
        // the deviations -2.5 -3.5 5.5 .5 of the squares: .875 - .875 - 1.375 + .175 = -1.2, over 3 = -.4.
        let (m, v) = (0.75, 14.0 / 3.0);
        let spread: f64 = 0.37 / 3.0 / (m * m) + 49.0 / 3.0 / (4.0 * v * v) + 0.4 / (m * v);
        let ratio = m / v.sqrt();
        near((found.standard_error_ratio, found.standard_error_ratio_mcse), ratio, ratio * (spread / 4.0).sqrt());
    }

    /// Simple allocation may leave an arm empty: that replication has no truth and no fit, and must not void the others.
    #[test]
    fn a_replication_without_a_truth_is_a_failed_fit_and_nothing_else() {
        let without = diagnose(five().into_iter(), Expectation::Greater, 0.05);
        let empty = Attempt { result: None, truth: f64::NAN };
        let with = diagnose(five().into_iter().chain([empty]), Expectation::Greater, 0.05);
        assert_eq!((with.replications, with.failures), (6, 2));
        let known =
            |d: Diagnosis| [d.mean_truth, d.mean_truth_mcse, d.bias, d.rmse, d.power, d.coverage, d.type_s, d.type_m];
        assert_eq!(known(with), known(without));
    }

    #[test]
    fn the_expectation_decides_about_power_alone() {
        let [greater, less, different] = [Expectation::Greater, Expectation::Less, Expectation::Different]
            .map(|expectation| diagnose(five().into_iter(), expectation, 0.05));
        assert_eq!([greater, less, different].map(|d| d.power), [0.5, 0.25, 0.75]);
        assert_eq!(less.type_s, greater.type_s);
        assert_eq!(Diagnosis { power: greater.power, power_mcse: greater.power_mcse, ..different }, greater);
    }

    #[test]
    fn a_truth_of_zero_has_no_wrong_sign_and_no_exaggeration() {
        let attempts = five().map(|attempt| Attempt { truth: 0.0, ..attempt });
        let found = diagnose(attempts.into_iter(), Expectation::Different, 0.05);
        undefined((found.type_s, found.type_s_mcse));
        undefined((found.type_m, found.type_m_mcse));
        near((found.mean_truth, found.mean_truth_mcse), 0.0, 0.0);
        assert_eq!(found.power, 0.75);
        assert_eq!(found.significant, 3);
    }

    #[test]
    fn nothing_significant_leaves_power_at_zero_and_the_errors_undefined() {
        let found = diagnose(five().into_iter(), Expectation::Different, 0.001);
        assert_eq!((found.significant, found.power), (0, 0.0));
        undefined((found.type_s, found.type_s_mcse));
        undefined((found.type_m, found.type_m_mcse));
    }

    #[test]
    fn without_a_fit_only_failures_and_truth_are_known() {
        let attempts = [Attempt { result: None, truth: 0.5 }; 3];
        let found = diagnose(attempts.into_iter(), Expectation::Greater, 0.05);
        assert_eq!((found.replications, found.failures), (3, 3));
        near((found.failure_share, found.failure_share_mcse), 1.0, 0.0);
        near((found.mean_truth, found.mean_truth_mcse), 0.5, 0.0);
        for measure in [
            (found.mean_estimate, found.mean_estimate_mcse),
            (found.bias, found.bias_mcse),
            (found.rmse, found.rmse_mcse),
            (found.power, found.power_mcse),
            (found.coverage, found.coverage_mcse),
        ] {
            undefined(measure);
        }
        undefined((found.standard_error_ratio, found.standard_error_ratio_mcse));
        let nothing = diagnose(std::iter::empty(), Expectation::Greater, 0.05);
        assert_eq!(nothing.replications, 0);
        undefined((nothing.mean_truth, nothing.mean_truth_mcse));
        undefined((nothing.failure_share, nothing.failure_share_mcse));
    }

    #[test]
    fn a_known_sampling_distribution_is_recovered_within_monte_carlo_error() {
        // Estimates normal about the truth with SD 1, the z-test at 5 % with its right standard error. For a truth of
        // 1 (Gelman & Carlin's formulas): power Φ(θ - z) + Φ(-θ - z), with z = 1.959964.
        let theta = 1.0;
        let z = 1.959_963_984_540_054;
        let mut random = Xoshiro256PlusPlus::seed_from_u64(2012);
        let mut uniform = move || ((random.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
        let upper_tail = |x: f64| 0.5 * libm::erfc(x / std::f64::consts::SQRT_2);
        let density = |x: f64| libm::exp(-0.5 * x * x) / (2.0 * std::f64::consts::PI).sqrt();
        let attempts: Vec<Attempt> = (0..40_000)
            .map(|_| {
                let radius = (-2.0 * libm::log(uniform())).sqrt();
                let normal = radius * libm::cos(2.0 * std::f64::consts::PI * uniform());
                let estimate = theta + normal;
                let result = Estimate {
                    estimate,
                    standard_error: 1.0,
                    degrees_of_freedom: 1e14,
                    lower: estimate - z,
                    upper: estimate + z,
                    p_value: 2.0 * upper_tail(estimate.abs()),
                    boundary: false,
                };
                Attempt { result: Some(result), truth: theta }
            })
            .collect();
        let found = diagnose(attempts.iter().copied(), Expectation::Different, 0.05);
        let (right, wrong) = (upper_tail(z - theta), upper_tail(z + theta));
        // E|X| beyond ±z: θ (right - wrong) + φ(z - θ) + φ(z + θ)
        let beyond = theta * (right - wrong) + density(z - theta) + density(z + theta);
        let n = 40_000.0_f64;
        let expected = [
            ((found.bias, found.bias_mcse), 0.0, 1.0 / n.sqrt()),
            ((found.mean_estimate, found.mean_estimate_mcse), theta, 1.0 / n.sqrt()),
            ((found.rmse, found.rmse_mcse), 1.0, 1.0 / (2.0 * n).sqrt()),
            ((found.power, found.power_mcse), right + wrong, 0.0),
            ((found.coverage, found.coverage_mcse), 0.95, (0.95_f64 * 0.05 / n).sqrt()),
            ((found.type_s, found.type_s_mcse), wrong / (right + wrong), 0.0),
            ((found.type_m, found.type_m_mcse), beyond / (right + wrong), 0.0),
            ((found.standard_error_ratio, found.standard_error_ratio_mcse), 1.0, 1.0 / (2.0 * n).sqrt()),
        ];
        for (measure, value, mcse) in expected {
            assert!((measure.0 - value).abs() < 3.0 * measure.1, "{measure:?} is far from {value}");
            if mcse > 0.0 {
                assert!((measure.1 / mcse - 1.0).abs() < 0.05, "the error of {measure:?} is far from {mcse}");
            }
        }
    }
}
