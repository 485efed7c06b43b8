//! The smallest effect that a design detects with the power that is wanted.
//!
//! **By its standard error.** With SE the root mean square of the standard errors of simulated experiments and df the median of
//! their degrees of freedom, the effect is λ·SE, with λ the noncentrality at which a t test at level alpha has the power that is
//! wanted, on the expected side. With many degrees of freedom λ is t(1 − alpha/2) + t(power), 2.80 for 5 % and 80 % (Bloom 1995).
//!
//! **By the experiments themselves.** An effect of δ in place of the true θ would have moved the estimate of experiment r by
//! δ − θ and left its error alone; it would have been significant from
//!
//! ```text
//! δ_r = (half width of its interval) − (estimate_r − θ)
//! ```
//!
//! on. The effect that a share `power` of the experiments detect is that quantile of the δ_r: no normal distribution is
//! assumed, and a standard error that is wrong on average shows. An experiment that could not be analyzed detects nothing. What is
//! assumed is that effects of other sizes come with the same errors.
//!
//! Source: Bloom (1995), Evaluation Review 19, 547-556.

use super::super::diagnosis::{Attempt, Expectation};
use super::curve::critical;
use super::precision::Precision;
use crate::study::estimators::{noncentral_t_cdf, student_t_critical};

/// The smallest detectable effect, in the outcome's unit, with the sign that is expected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detectable {
    /// Root mean square of the standard errors; NaN where the analysis gives none.
    pub standard_error: f64,
    /// Median degrees of freedom; NaN where the analysis gives none.
    pub degrees_of_freedom: f64,
    /// λ: the detectable effect in standard errors.
    pub multiplier: f64,
    /// λ·SE.
    pub by_formula: f64,
    /// The same by the experiments themselves; NaN where too few of them could detect anything.
    pub by_simulation: f64,
    /// Its interval (95 %, from order statistics); an end that is not known is NaN.
    pub interval: (f64, f64),
    /// What is true: the mean over the experiments.
    pub truth: f64,
    /// Its Monte Carlo standard error.
    pub truth_mcse: f64,
}

/// The noncentrality at which a two-sided t test at level `alpha` finds the expected side with this power.
///
/// ```
/// use peerlab::inquiry::power::noncentrality;
/// assert!((noncentrality(0.8, 0.05, 1e6) - 2.8016).abs() < 1e-3);
/// ```
pub fn noncentrality(power: f64, alpha: f64, df: f64) -> f64 {
    let critical = student_t_critical(1.0 - alpha, df);
    let (mut low, mut high) = (0.0, 8.0);
    // Beyond 30 the distribution is not evaluated; with so few degrees of freedom nothing is detectable.
    while 1.0 - noncentral_t_cdf(critical, df, high) < power {
        high *= 1.5;
        if high > 30.0 {
            return f64::NAN;
        }
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if 1.0 - noncentral_t_cdf(critical, df, middle) < power {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// What these experiments could have detected.
pub fn detectable(attempts: &[Attempt], expectation: Expectation, power: f64, alpha: f64) -> Detectable {
    let Precision { estimates, truths, standard_error, degrees_of_freedom } = Precision::of(attempts);
    let center = if truths.count() > 0 { truths.mean() } else { estimates.mean() };
    let sign = match expectation {
        Expectation::Greater => 1.0,
        Expectation::Less => -1.0,
        Expectation::Different => {
            if center < 0.0 {
                -1.0
            } else {
                1.0
            }
        }
    };
    let multiplier = if degrees_of_freedom > 0.0 { noncentrality(power, alpha, degrees_of_freedom) } else { f64::NAN };

    // From which effect on each experiment would have been significant.
    let mut needed: Vec<f64> = attempts
        .iter()
        .map(|attempt| match attempt.result {
            None => f64::INFINITY,
            Some(result) => {
                let half = if alpha == 0.05 {
                    if sign > 0.0 { result.estimate - result.lower } else { result.upper - result.estimate }
                } else {
                    student_t_critical(1.0 - alpha, result.degrees_of_freedom) * result.standard_error
                };
                half - sign * (result.estimate - center)
            }
        })
        .collect();
    needed.sort_by(f64::total_cmp);
    let count = needed.len() as f64;
    let spread = critical(0.95) * (count * power * (1.0 - power)).sqrt();
    // The rank-th smallest, counted from 1.
    let ranked = |rank: f64| {
        let index = if rank < 1.0 { return f64::NAN } else { rank as usize - 1 };
        needed.get(index).copied().filter(|value| value.is_finite()).map_or(f64::NAN, |value| sign * value)
    };
    Detectable {
        standard_error,
        degrees_of_freedom,
        multiplier,
        by_formula: sign * multiplier * standard_error,
        by_simulation: ranked((count * power).ceil()),
        interval: (ranked((count * power - spread).floor()), ranked((count * power + spread).ceil() + 1.0)),
        truth: truths.mean(),
        truth_mcse: truths.mean_error(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::streams::{Purpose, Stream};
    use crate::study::estimators::Estimate;

    /// Experiments with a known standard error of .25, 58 degrees of freedom and normal estimates.
    fn experiments(truth: f64, seed: u64) -> Vec<Attempt> {
        let mut stream = Stream::open(seed, 0, Purpose::Birth, 0);
        (0..4000)
            .map(|_| {
                let estimate = truth + 0.25 * stream.normals().0;
                let half = student_t_critical(0.95, 58.0) * 0.25;
                let result = Estimate {
                    estimate,
                    standard_error: 0.25,
                    degrees_of_freedom: 58.0,
                    lower: estimate - half,
                    upper: estimate + half,
                    p_value: 0.5,
                    boundary: false,
                };
                Attempt { result: Some(result), truth }
            })
            .collect()
    }

    #[test]
    fn both_ways_agree_whatever_the_truth() {
        // Φ⁻¹(.8) + t(.975, 58) in standard errors: the standard error is known, only the critical value is that of t.
        let expected = (2.001_717 + 0.841_621) * 0.25;
        for (expectation, truth, sign) in [
            (Expectation::Greater, 0.0, 1.0),
            (Expectation::Greater, 0.9, 1.0),
            (Expectation::Less, 0.3, -1.0),
            (Expectation::Different, -0.4, -1.0),
        ] {
            let found = detectable(&experiments(truth, 3), expectation, 0.8, 0.05);
            assert!(found.interval.0.abs() < expected && expected < found.interval.1.abs(), "{found:?}");
            assert!((sign * found.by_simulation - expected).abs() < 0.02, "{found:?}");
            // λ of the noncentral t on 58 degrees of freedom, by scipy 1.17.1 (nct): 2.84905.
            assert!((found.multiplier - 2.849_051_6).abs() < 1e-6, "{found:?}");
            assert!((sign * found.by_formula - found.multiplier * 0.25).abs() < 1e-12);
        }
    }

    #[test]
    fn other_levels_and_powers_are_taken_as_asked() {
        let found = detectable(&experiments(0.0, 4), Expectation::Greater, 0.9, 0.01);
        let expected = (student_t_critical(0.99, 58.0) + 1.281_552) * 0.25;
        assert!(found.interval.0 < expected && expected < found.interval.1, "{found:?}");
    }

    #[test]
    fn where_too_many_fail_nothing_is_detectable() {
        let mut attempts = experiments(0.0, 5);
        attempts.iter_mut().step_by(3).for_each(|attempt| attempt.result = None);
        let found = detectable(&attempts, Expectation::Greater, 0.8, 0.05);
        assert!(found.by_simulation.is_nan() && found.by_formula.is_finite(), "{found:?}");
    }
}
