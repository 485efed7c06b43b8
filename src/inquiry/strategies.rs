//! Several analyses of the same experiments: which of them are honest for this design, and which of those is best.
//!
//! An analysis is judged by itself ([`standing`]) and beside another ([`super::comparison`]).
//!
//! Source: Collins, Schafer & Kam (2001), Psychological Methods 6, 330-351, for the bias (.4 standard deviations) from which on intervals
//! and tests suffer.

use super::diagnosis::{ALPHA, Diagnosis};

/// Fits below which nothing is said of an analysis: its errors are too uncertain.
pub const ENOUGH_REPLICATIONS: u64 = 100;
/// Share of failed fits beyond which an analysis does not do for a design.
pub const MANY_FAILURES: f64 = 0.1;
/// Bias, in SD of the estimates, from which on it spoils intervals and tests.
const LARGE_BIAS: f64 = 0.4;
/// Monte Carlo standard errors beyond which an analysis is accused, so that noise accuses nobody.
pub(super) const CERTAIN: f64 = 3.0;
/// And the least that coverage has to be off by.
const SLIGHT: f64 = 0.01;

/// Whether what an analysis says of its uncertainty is so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its 95 % intervals hold the estimand in 95 %, as far as these replications can tell.
    Honest,
    /// In more: they are wider than need be.
    Cautious,
    /// They hold what is true of their own study, but not the mean over such studies, for the effect depends on who and where
    /// people are.
    OwnStudy,
    /// They are around something else.
    Biased,
    /// They are narrower than the estimates scatter.
    TooSure,
    /// It often gives no answer.
    Failing,
    /// Too few replications to tell, or no truth to hold it against.
    Untold,
}

impl Standing {
    /// As the table `diagnosis` has it.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Honest => "honest",
            Standing::Cautious => "cautious",
            Standing::OwnStudy => "own_study",
            Standing::Biased => "biased",
            Standing::TooSure => "too_sure",
            Standing::Failing => "failing",
            Standing::Untold => "untold",
        }
    }

    /// Whether its intervals and tests can be taken at their word.
    pub fn honest(self) -> bool {
        matches!(self, Standing::Honest | Standing::Cautious)
    }
}

/// Share of intervals from which on they are said to hold what is true of their own study.
pub const OWN: f64 = 0.93;

/// Whether a bias shows: beyond three Monte Carlo standard errors, and a tenth of an estimate's own scatter, which is small beside
/// what one experiment cannot know anyway.
pub fn off(d: &Diagnosis) -> bool {
    d.bias.abs() > (CERTAIN * d.bias_mcse).max(0.1 * d.rmse)
}

/// Judges an analysis by its diagnosis. It is accused beyond three Monte Carlo standard errors (of a share of .95) and at least
/// one point of coverage.
pub fn standing(d: &Diagnosis) -> Standing {
    let fits = d.replications - d.failures;
    if d.replications >= ENOUGH_REPLICATIONS && d.failure_share - CERTAIN * d.failure_share_mcse > MANY_FAILURES {
        return Standing::Failing;
    }
    if fits < ENOUGH_REPLICATIONS || d.mean_truth.is_nan() {
        return Standing::Untold;
    }
    let margin = (CERTAIN * (ALPHA * (1.0 - ALPHA) / fits as f64).sqrt()).max(SLIGHT);
    let lowest = 1.0 - ALPHA - margin;
    let scatter = d.mean_estimate_mcse * (fits as f64).sqrt();
    let narrow = d.bias_eliminated_coverage < lowest;
    let false_alarms = d.mean_truth == 0.0 && d.significant as f64 / fits as f64 > ALPHA + margin;
    let misses = d.coverage < lowest || false_alarms;
    let own = d.own_coverage >= OWN && !false_alarms;
    if d.bias.abs() > (CERTAIN * d.bias_mcse).max(LARGE_BIAS * scatter) || misses && !narrow && !own {
        Standing::Biased
    } else if (narrow || misses) && own {
        Standing::OwnStudy
    } else if narrow || misses {
        Standing::TooSure
    } else if d.coverage > 1.0 - ALPHA + margin {
        Standing::Cautious
    } else {
        Standing::Honest
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::inquiry::diagnosis::{Attempt, Expectation, diagnose};
    use crate::model::streams::{Purpose, Stream};
    use crate::study::estimators::Estimate;

    /// Estimates that scatter by `scatter` about a truth and say `says` of it, with their normal test; all share their luck.
    pub(crate) fn strategy(truth: f64, bias: f64, scatter: f64, says: f64, replications: usize) -> Vec<Attempt> {
        let mut stream = Stream::open(2012, 0, Purpose::Answer, 0);
        let upper_tail = |x: f64| 0.5 * libm::erfc(x / std::f64::consts::SQRT_2);
        (0..replications)
            .map(|_| {
                let estimate = truth + bias + scatter * stream.normals().0;
                let half = 1.959_963_984_540_054 * says;
                let result = Estimate {
                    estimate,
                    standard_error: says,
                    degrees_of_freedom: 1e12,
                    lower: estimate - half,
                    upper: estimate + half,
                    p_value: 2.0 * upper_tail(estimate.abs() / says),
                    boundary: false,
                };
                Attempt { result: Some(result), truth }
            })
            .collect()
    }

    fn judged(attempts: &[Attempt]) -> Standing {
        standing(&diagnose(attempts.iter().copied(), Expectation::Different, ALPHA))
    }

    #[test]
    fn every_analysis_has_the_standing_that_it_was_built_with() {
        let n = 1000;
        assert_eq!(judged(&strategy(0.3, 0.0, 1.0, 1.0, n)), Standing::Honest);
        assert_eq!(judged(&strategy(0.0, 0.0, 1.0, 1.0, n)), Standing::Honest);
        assert_eq!(judged(&strategy(0.3, 0.0, 1.0, 2.0, n)), Standing::Cautious);
        assert_eq!(judged(&strategy(0.3, 0.0, 1.0, 0.8, n)), Standing::TooSure);
        assert_eq!(judged(&strategy(0.0, 0.0, 1.0, 0.8, n)), Standing::TooSure);
        assert_eq!(judged(&strategy(0.3, 1.0, 1.0, 1.0, n)), Standing::Biased);
        assert_eq!(judged(&strategy(0.3, 0.1, 1.0, 1.0, n)), Standing::Honest, "a tenth of an SD spoils nothing");
        assert_eq!(judged(&strategy(0.3, 1.0, 1.0, 0.5, 99)), Standing::Untold);
        let mut failing = strategy(0.3, 0.0, 1.0, 1.0, n);
        failing.iter_mut().step_by(4).for_each(|one| one.result = None);
        assert_eq!(judged(&failing), Standing::Failing);
        // The truth itself differs from study to study, and each study holds its own.
        let mut own = strategy(0.3, 0.0, 1.0, 1.0, n);
        own.iter_mut().enumerate().for_each(|(at, one)| {
            let by = if at % 2 == 0 { 1.0 } else { -1.0 };
            one.truth += by;
            one.result = one.result.map(|fit| Estimate {
                estimate: fit.estimate + by,
                lower: fit.lower + by,
                upper: fit.upper + by,
                ..fit
            });
        });
        assert_eq!(judged(&own), Standing::OwnStudy);
    }
}
