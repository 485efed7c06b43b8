//! Two analyses of the same experiments, one beside the other. Both saw the same people answer in the same replications, so that
//! what separates them is known far better than either: with the estimates a and b of a replication and the estimand θ,
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
//! Memory is constant: the replications are read twice once θ is known, by [`Beside`] and [`Again`], and none is kept.
//!
//! Source: Morris, White & Crowther (2019), Statistics in Medicine 38, 2074-2102, for the measures.

use super::diagnosis::{ALPHA, Attempt, Center, Expectation};
use super::strategies::CERTAIN;
use crate::study::estimators::{Estimate, student_t_quantile};
use crate::study::moments::Moments;

/// Relative differences below this are rounding: two ways to compute the same estimate.
const ROUNDING: f64 = 1e-9;

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

impl Comparison {
    /// Of which nothing is known.
    pub const UNKNOWN: Self = Self {
        replications: 0,
        same_truth: false,
        squared_error_difference: NONE,
        rmse_ratio: NONE,
        width_ratio: NONE,
        power_difference: NONE,
        people_for_error: NONE,
        people_for_power: NONE,
    };
}

/// Compares two analyses of the same replications, given in the same order.
pub fn compare(a: &[Attempt], b: &[Attempt], expectation: Expectation) -> Comparison {
    let mut center = Center::default();
    a.iter().for_each(|attempt| center.push(attempt));
    let mut beside = Beside::about(center.estimand(), expectation);
    a.iter().zip(b).for_each(|(a, b)| beside.push(a, b));
    if a.len() != b.len() {
        beside.unpaired();
    }
    let mut again = beside.again();
    a.iter().zip(b).for_each(|(a, b)| again.push(a, b));
    again.comparison()
}

/// The first reading: means of a and of b, and of what separates them.
#[derive(Clone, Copy, Debug)]
pub struct Beside {
    estimand: f64,
    expectation: Expectation,
    same_truth: bool,
    errors: [Moments; 2],
    biases: [Moments; 2],
    widths: [Moments; 2],
    found: [Moments; 2],
    error_difference: Moments,
    power_difference: Moments,
    critical: Moments,
}

impl Beside {
    /// About the mean truth of a's replications.
    pub fn about(estimand: f64, expectation: Expectation) -> Self {
        Self {
            estimand,
            expectation,
            same_truth: true,
            errors: Default::default(),
            biases: Default::default(),
            widths: Default::default(),
            found: Default::default(),
            error_difference: Moments::default(),
            power_difference: Moments::default(),
            critical: Moments::default(),
        }
    }

    /// Takes the next replication.
    pub fn push(&mut self, a: &Attempt, b: &Attempt) {
        self.same_truth &= a.truth == b.truth || a.truth.is_nan() && b.truth.is_nan();
        let (Some(a), Some(b)) = (a.result, b.result) else { return };
        let (errors, found) = ([a, b].map(|fit| self.error(&fit)), [a, b].map(|fit| self.found(&fit)));
        for (at, fit) in [a, b].into_iter().enumerate() {
            self.errors[at].push(errors[at]);
            self.biases[at].push(fit.estimate - self.estimand);
            self.widths[at].push(fit.upper - fit.lower);
            self.found[at].push(found[at]);
        }
        self.error_difference.push(errors[0] - errors[1]);
        self.power_difference.push(found[0] - found[1]);
        self.critical.push((a.upper - a.lower) / (2.0 * a.standard_error));
    }

    /// One of them lacks a replication: they are not after the same truth.
    pub fn unpaired(&mut self) {
        self.same_truth = false;
    }

    /// To read the replications once more.
    pub fn again(self) -> Again {
        let slopes = people_for_power(self.critical.mean(), self.found.map(|of| (of.mean(), of.mean_error())));
        Again { first: self, slopes, errors: Moments::default(), widths: Moments::default(), found: Moments::default() }
    }

    fn error(&self, fit: &Estimate) -> f64 {
        (fit.estimate - self.estimand) * (fit.estimate - self.estimand)
    }

    fn found(&self, fit: &Estimate) -> f64 {
        if fit.p_value < ALPHA && self.expectation.holds(fit.estimate) { 1.0 } else { 0.0 }
    }

    fn biased(&self) -> bool {
        self.errors
            .iter()
            .zip(&self.biases)
            .any(|(errors, bias)| bias.mean().abs() > (CERTAIN * bias.mean_error()).max(0.1 * errors.mean().sqrt()))
    }
}

/// The second reading, of the same replications in the same order: how far ratios of means scatter.
#[derive(Clone, Copy, Debug)]
pub struct Again {
    first: Beside,
    slopes: Option<Slopes>,
    errors: Moments,
    widths: Moments,
    found: Moments,
}

impl Again {
    /// Takes the next replication.
    pub fn push(&mut self, a: &Attempt, b: &Attempt) {
        let (Some(a), Some(b)) = (a.result, b.result) else { return };
        let first = &self.first;
        self.errors.push(first.error(&a) / first.errors[0].mean() - first.error(&b) / first.errors[1].mean());
        let width = |fit: &Estimate| fit.upper - fit.lower;
        self.widths.push(width(&a) / first.widths[0].mean() - width(&b) / first.widths[1].mean());
        if let Some(Slopes { of_a, of_b, .. }) = self.slopes {
            self.found.push(of_a * first.found(&a) - of_b * first.found(&b));
        }
    }

    /// What both readings say.
    pub fn comparison(&self) -> Comparison {
        let first = &self.first;
        let mean = |moments: &Moments| (moments.mean(), moments.mean_error());
        let errors = if first.same_truth { ratio(&first.errors, &self.errors) } else { NONE };
        Comparison {
            replications: first.power_difference.count(),
            same_truth: first.same_truth,
            squared_error_difference: if first.same_truth { mean(&first.error_difference) } else { NONE },
            rmse_ratio: (errors.0.sqrt(), 0.5 * errors.1 / errors.0.sqrt()),
            width_ratio: ratio(&first.widths, &self.widths),
            power_difference: mean(&first.power_difference),
            people_for_error: if first.biased() { NONE } else { (errors.0 - 1.0, errors.1) },
            people_for_power: self
                .slopes
                .map_or(NONE, |slopes| (slopes.times - 1.0, 2.0 * slopes.times * self.found.mean_error())),
        }
    }
}

/// The ratio of two means over the same replications, with its error by the delta method.
fn ratio([of, to]: &[Moments; 2], scatter: &Moments) -> (f64, f64) {
    let (top, bottom) = (of.mean(), to.mean());
    // Intervals may have no end.
    if !(top > 0.0 && bottom > 0.0 && top.is_finite() && bottom.is_finite()) {
        return NONE;
    }
    (top / bottom, top / bottom * scatter.mean_error())
}

/// Of the standard normal distribution.
fn normal_quantile(probability: f64) -> f64 {
    student_t_quantile(probability, 1e12)
}

/// How many times as many people a needs to have b's power, and what a finding of either moves in the square root of it.
#[derive(Clone, Copy, Debug)]
struct Slopes {
    times: f64,
    of_a: f64,
    of_b: f64,
}

/// From the critical value of a test of power `a`, and the power of both with their errors; nothing where either may be chance.
fn people_for_power(critical: f64, [a, b]: [(f64, f64); 2]) -> Option<Slopes> {
    let told = |(power, error): (f64, f64)| {
        power - CERTAIN * error > ALPHA && power + CERTAIN * error < 0.995 && power > ALPHA && power < 0.995
    };
    if !told(a) || !told(b) || !critical.is_finite() {
        return None;
    }
    let lambda = |power: f64| critical + normal_quantile(power);
    // dλ/dP is one over the density at the quantile.
    let slope = |power: f64| {
        let z = normal_quantile(power);
        (2.0 * std::f64::consts::PI).sqrt() * libm::exp(0.5 * z * z)
    };
    let (of_a, of_b) = (lambda(a.0), lambda(b.0));
    let times = (of_b / of_a) * (of_b / of_a);
    Some(Slopes { times, of_a: slope(a.0) / of_a, of_b: slope(b.0) / of_b })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::diagnosis::diagnose;
    use crate::inquiry::strategies::tests::strategy;
    use crate::model::streams::{Purpose, Stream};

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
