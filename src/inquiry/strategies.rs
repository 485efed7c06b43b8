//! Several analyses of the same experiments: which of them are honest for this design, and which of those is best.
//!
//! An analysis is judged by itself ([`standing`]) and beside another ([`compare`]). Both saw the same people answer in the same
//! replications, so that what separates them is known far better than either: with the estimates a and b of a replication and
//! the estimand θ,
//!
//! ```text
//! D       = (a − θ)² − (b − θ)²               its mean has the standard error SD(D)/√n
//! ratio   = RMSE_a / RMSE_b                   standard error ratio/2 · SD((a − θ)²/MSE_a − (b − θ)²/MSE_b)/√n
//! ΔPower  = mean of (a found − b found)       standard error SD/√n, n replications in which both gave an estimate
//! ```
//!
//! **People for the same error.** Without bias the mean squared error falls as 1/people: a needs `ratio² − 1` more people
//! (as a share) than b for the same RMSE.
//!
//! **People for the same power.** A test with the critical value c finds an effect δ with probability `P = Φ(λ − c)`, and
//! λ = δ/σ grows with the square root of the number of people. With a's own c, which is the half width of its interval over its
//! standard error, a reaches the power of b with `(λ_b/λ_a)² − 1` more people, `λ = c + Φ⁻¹(P)`. Standard error by the delta
//! method from the paired findings. It is not given where either power could be chance alone (below .05 or above .995 within
//! three Monte Carlo standard errors).
//!
//! Sources: Morris, White & Crowther (2019), Statistics in Medicine 38, 2074-2102, for the measures; Collins, Schafer & Kam (2001),
//! Psychological Methods 6, 330-351, for the bias (.4 standard deviations) from which on intervals and tests suffer.

use super::answers::ALPHA;
use super::diagnosis::{Attempt, Diagnosis, Expectation};
use crate::study::estimators::{Estimate, student_t_quantile};
use crate::study::moments::Moments;

/// Fits below which nothing is said of an analysis: its errors are too uncertain.
pub const ENOUGH_REPLICATIONS: u64 = 100;
/// Share of failed fits beyond which an analysis does not do for a design.
pub const MANY_FAILURES: f64 = 0.1;
/// Bias, in SD of the estimates, from which on it spoils intervals and tests.
const LARGE_BIAS: f64 = 0.4;
/// Monte Carlo standard errors beyond which an analysis is accused, so that noise accuses nobody.
const CERTAIN: f64 = 3.0;
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
/// Relative differences below this are rounding: two ways to compute the same estimate.
const ROUNDING: f64 = 1e-9;

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

/// One analysis beside another, `a` beside `b`; each value with its Monte Carlo standard error, NaN where it is not defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Replications in which both gave an estimate.
    pub replications: u64,
    /// Whether both are after the same truth; where they are not, only power and width can be compared.
    pub same_truth: bool,
    /// Mean of a's squared error minus b's.
    pub squared_error_difference: (f64, f64),
    /// a's RMSE over b's.
    pub rmse_ratio: (f64, f64),
    /// Mean width of a's intervals over that of b's.
    pub width_ratio: (f64, f64),
    /// a's power minus b's.
    pub power_difference: (f64, f64),
    /// More people that a needs for the same RMSE, as a share of those that b has; negative: fewer.
    pub people_for_error: (f64, f64),
    /// More people that a needs for the same power.
    pub people_for_power: (f64, f64),
}

/// Which of two is better, as far as these replications can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// The first.
    First,
    /// The second.
    Second,
    /// They cannot be told apart.
    Untold,
}

impl Comparison {
    /// Which errs less: beyond 1.96 Monte Carlo standard errors of the paired difference.
    pub fn errs_less(&self) -> Better {
        // As a share of the second's: what is rounding does not depend on the scale.
        better((self.rmse_ratio.0 - 1.0, self.rmse_ratio.1), -1.0)
    }

    /// Which has more power.
    pub fn finds_more(&self) -> Better {
        better(self.power_difference, 1.0)
    }
}

fn better((difference, error): (f64, f64), sign: f64) -> Better {
    if difference.is_nan() || error.is_nan() || difference.abs() <= (1.96 * error).max(ROUNDING) {
        Better::Untold
    } else if sign * difference > 0.0 {
        Better::First
    } else {
        Better::Second
    }
}

const NONE: (f64, f64) = (f64::NAN, f64::NAN);

/// Compares two analyses of the same replications, given in the same order.
pub fn compare(a: &[Attempt], b: &[Attempt], expectation: Expectation) -> Comparison {
    let same = |(x, y): (&Attempt, &Attempt)| x.truth == y.truth || x.truth.is_nan() && y.truth.is_nan();
    let same_truth = a.len() == b.len() && a.iter().zip(b).all(same);
    let mut truths = Moments::default();
    a.iter().filter(|one| !one.truth.is_nan()).for_each(|one| truths.push(one.truth));
    let theta = truths.mean();
    let both: Vec<_> = a.iter().zip(b).filter_map(|(a, b)| Some((a.result?, b.result?))).collect();
    let found = |fit: &Estimate| {
        if fit.p_value < ALPHA && expectation.holds(fit.estimate) { 1.0 } else { 0.0 }
    };
    let square = |estimate: f64| (estimate - theta) * (estimate - theta);
    let paired = |of: &dyn Fn(usize) -> f64| {
        let mut moments = Moments::default();
        (0..both.len()).for_each(|at| moments.push(of(at)));
        (moments.mean(), moments.mean_error())
    };
    // The ratio of two means over the same replications, by the delta method.
    let ratio = |of: &dyn Fn(usize) -> f64, to: &dyn Fn(usize) -> f64| {
        let (top, bottom) = (paired(of).0, paired(to).0);
        // Intervals may have no end.
        if !(top > 0.0 && bottom > 0.0 && top.is_finite() && bottom.is_finite()) {
            return NONE;
        }
        (top / bottom, top / bottom * paired(&|at| of(at) / top - to(at) / bottom).1)
    };
    let (error_a, error_b) = (|at: usize| square(both[at].0.estimate), |at: usize| square(both[at].1.estimate));
    let (found_a, found_b) = (|at: usize| found(&both[at].0), |at: usize| found(&both[at].1));
    let errors = if same_truth { ratio(&error_a, &error_b) } else { NONE };
    let biased = |of: &dyn Fn(usize) -> f64, rmse: f64| {
        let (bias, error) = paired(&|at| of(at) - theta);
        bias.abs() > (CERTAIN * error).max(0.1 * rmse)
    };
    let either_biased = biased(&|at| both[at].0.estimate, paired(&error_a).0.sqrt())
        || biased(&|at| both[at].1.estimate, paired(&error_b).0.sqrt());
    let critical = paired(&|at| {
        let fit = &both[at].0;
        (fit.upper - fit.lower) / (2.0 * fit.standard_error)
    });
    Comparison {
        replications: both.len() as u64,
        same_truth,
        squared_error_difference: if same_truth { paired(&|at| error_a(at) - error_b(at)) } else { NONE },
        rmse_ratio: (errors.0.sqrt(), 0.5 * errors.1 / errors.0.sqrt()),
        width_ratio: ratio(&|at| both[at].0.upper - both[at].0.lower, &|at| both[at].1.upper - both[at].1.lower),
        power_difference: paired(&|at| found_a(at) - found_b(at)),
        people_for_error: if either_biased { NONE } else { (errors.0 - 1.0, errors.1) },
        people_for_power: people_for_power(critical.0, paired(&found_a), paired(&found_b), &|of_a, of_b| {
            paired(&|at| of_a * found_a(at) - of_b * found_b(at)).1
        }),
    }
}

/// Of the standard normal distribution.
fn normal_quantile(probability: f64) -> f64 {
    student_t_quantile(probability, 1e12)
}

/// How many more people, as a share, a test of power `a` needs to have the power `b`; `spread(x, y)` is the standard error of
/// `x` times a's power minus `y` times b's.
fn people_for_power(critical: f64, a: (f64, f64), b: (f64, f64), spread: &dyn Fn(f64, f64) -> f64) -> (f64, f64) {
    let told = |(power, error): (f64, f64)| {
        power - CERTAIN * error > ALPHA && power + CERTAIN * error < 0.995 && power > ALPHA && power < 0.995
    };
    if !told(a) || !told(b) || !critical.is_finite() {
        return NONE;
    }
    let lambda = |power: f64| critical + normal_quantile(power);
    // dλ/dP is one over the density at the quantile.
    let slope = |power: f64| {
        let z = normal_quantile(power);
        (2.0 * std::f64::consts::PI).sqrt() * libm::exp(0.5 * z * z)
    };
    let (of_a, of_b) = (lambda(a.0), lambda(b.0));
    let times = (of_b / of_a) * (of_b / of_a);
    (times - 1.0, 2.0 * times * spread(slope(a.0) / of_a, slope(b.0) / of_b))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::inquiry::diagnosis::diagnose;
    use crate::model::streams::{Purpose, Stream};

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

    /// Twice the scatter takes four times the people; the same draws make the comparison exact but for the truth in it.
    #[test]
    fn people_are_the_square_of_precision() {
        let (a, b) = (strategy(0.0, 0.0, 2.0, 2.0, 2000), strategy(0.0, 0.0, 1.0, 1.0, 2000));
        let found = compare(&a, &b, Expectation::Different);
        assert!(found.same_truth && found.replications == 2000);
        assert!((found.rmse_ratio.0 - 2.0).abs() < 1e-12 && found.rmse_ratio.1 < 1e-12, "{found:?}");
        assert!((found.people_for_error.0 - 3.0).abs() < 1e-12 && (found.width_ratio.0 - 2.0).abs() < 1e-12);
        assert_eq!((found.errs_less(), found.finds_more()), (Better::Second, Better::Untold));
        let other = Attempt { truth: 9.0, ..a[0] };
        let apart = compare(&[other], &b[..1], Expectation::Different);
        assert!(!apart.same_truth && apart.rmse_ratio.0.is_nan() && apart.errs_less() == Better::Untold);
    }

    /// An honest test that needs the naive one's power needs 1 + x times the people: run with so many, it has that power.
    /// 40,000 replications; four Monte Carlo standard errors.
    #[test]
    fn people_for_the_same_power_have_the_same_power() {
        let n = 40_000;
        let (honest, naive) = (strategy(2.0, 0.0, 1.0, 1.0, n), strategy(2.0, 0.0, 1.0, 0.8, n));
        let found = compare(&honest, &naive, Expectation::Greater);
        assert_eq!((found.errs_less(), found.finds_more()), (Better::Untold, Better::Second));
        let (more, error) = found.people_for_power;
        assert!(more > 0.3 && error < 0.02, "{more} {error}");
        let precise = 1.0 / (1.0 + more).sqrt();
        let enough = strategy(2.0, 0.0, precise, precise, n);
        let power = |attempts: &[Attempt]| diagnose(attempts.iter().copied(), Expectation::Greater, ALPHA).power;
        let (wanted, had) = (power(&naive), power(&enough));
        assert!((wanted - had).abs() < 4.0 * (2.0 * wanted * (1.0 - wanted) / n as f64).sqrt(), "{wanted} {had}");
        // Of a power that may be chance there is nothing to say.
        let nothing = compare(&strategy(0.0, 0.0, 1.0, 1.0, 400), &naive[..400], Expectation::Greater);
        assert!(nothing.people_for_power.0.is_nan());
    }

    /// The standard errors are those of the paired differences: over 200 sets of 200 replications the ratios scatter by what
    /// each set says of itself, within a fifth.
    #[test]
    fn the_errors_are_paired() {
        let mut stream = Stream::open(7, 0, Purpose::Answer, 1);
        let (mut ratios, mut says) = (Moments::default(), Moments::default());
        for _ in 0..200 {
            let (mut a, mut b) = (Vec::new(), Vec::new());
            for _ in 0..200 {
                let (shared, own) = stream.normals();
                let fit = |estimate: f64| Attempt {
                    result: Some(Estimate {
                        estimate,
                        standard_error: 1.0,
                        degrees_of_freedom: 9.0,
                        lower: estimate - 2.0,
                        upper: estimate + 2.0,
                        p_value: 0.5,
                        boundary: false,
                    }),
                    truth: 0.0,
                };
                a.push(fit(shared + 0.5 * own));
                b.push(fit(shared));
            }
            let found = compare(&a, &b, Expectation::Different).rmse_ratio;
            ratios.push(found.0);
            says.push(found.1);
        }
        let scatter = ratios.variance().sqrt();
        assert!((says.mean() / scatter - 1.0).abs() < 0.2, "{} {scatter}", says.mean());
        // Unpaired, two RMSE of 200 have a ratio with a standard error of about .05.
        assert!(scatter < 0.04, "{scatter}");
        assert!((ratios.mean() - 1.25_f64.sqrt()).abs() < 4.0 * ratios.mean_error() + 0.002, "{}", ratios.mean());
    }
}
