//! Student's t distribution for any positive, also fractional, degrees of freedom.
//!
//! Satterthwaite's degrees of freedom are not whole numbers, and a p-value or an interval that reaches a table has to be
//! the same bits on every processor. So the functions here use `libm`, square roots and the four operations only. The
//! tails follow from the regularized incomplete beta function
//!
//! P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t²)
//!
//! by its continued fraction (Lentz's method) or, for t up to 2.6, by a series, and from 100,000 degrees of freedom by Hill's
//! transformation to the normal. Relative accuracy is better than 1e-11 in both tails and near zero (tested from df 0.3 to 1e9).
//!
//! Sources: Press, Teukolsky, Vetterling & Flannery (2007), *Numerical Recipes*, 3rd ed., sections 6.4 and 6.14; Hill
//! (1970), Communications of the ACM 13, 617-619 (Algorithm 395); Tricomi & Erdélyi (1951), Pacific Journal of
//! Mathematics 1, 133-142, for the ratio of gamma functions.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// From these degrees of freedom Hill's transformation to the normal is exact to all digits.
const NEARLY_NORMAL: f64 = 1e5;

/// The two-sided tail P(|T| > |t|) and its complement, each to full relative accuracy.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Split {
    outside: f64,
    inside: f64,
}

/// Density of Student's t at `t`: Γ((df+1)/2) / (√(π df) Γ(df/2)) · (1 + t²/df)^(-(df+1)/2).
///
/// `df` > 0; otherwise, or when an argument is NaN, the result is NaN.
pub fn student_t_density(t: f64, df: f64) -> f64 {
    let Some(student) = Student::new(df) else { return f64::NAN };
    let t = t.abs();
    student.density(student.log(t))
}

/// P(T ≤ t) for Student's t with `df` > 0 degrees of freedom; NaN for other `df` or a NaN argument.
pub fn student_t_cdf(t: f64, df: f64) -> f64 {
    let split = split(t, df);
    if t < 0.0 {
        0.5 * split.outside
    } else if split.outside < 0.5 {
        1.0 - 0.5 * split.outside
    } else {
        0.5 + 0.5 * split.inside
    }
}

/// The two-sided p-value P(|T| > |t|), in \[0, 1\]; NaN for `df` ≤ 0 or a NaN argument.
pub fn student_t_two_sided(t: f64, df: f64) -> f64 {
    split(t, df).outside
}

/// The t for which P(T ≤ t) = `probability`; ±∞ at 1 and 0, NaN outside \[0, 1\] or for `df` ≤ 0.
///
/// ```
/// use peerlab::study::estimators::student_t_quantile;
/// assert!((student_t_quantile(0.975, 10.0) - 2.228_138_851_986_273_7).abs() < 1e-12);
/// ```
pub fn student_t_quantile(probability: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&probability) {
        return f64::NAN;
    }
    if probability < 0.5 {
        -solve(2.0 * probability, 1.0 - 2.0 * probability, df)
    } else {
        solve(2.0 * (1.0 - probability), 2.0 * probability - 1.0, df)
    }
}

/// The half-width of an interval in standard errors: the t for which P(|T| ≤ t) = `confidence`.
///
/// `confidence` in \[0, 1\]; NaN outside or for `df` ≤ 0.
pub fn student_t_critical(confidence: f64, df: f64) -> f64 {
    if !(0.0..=1.0).contains(&confidence) {
        return f64::NAN;
    }
    solve(1.0 - confidence, confidence, df)
}

/// Solves P(|T| > t) = `outside` (with `inside` = 1 - `outside`) for t ≥ 0.
///
/// Halley's method in s = ln t on the logarithm of the smaller of both probabilities, g(s) = ln P - ln target, whose derivatives follow
/// from the density f at no further cost:
///
/// ```text
/// r = 2 t f / P      ±g' = r      g''/g' = 1 - (df + 1) t²/(df + t²) ± r      + of the tail, - of the middle (whose g' is r)
/// ```
///
/// g is concave and monotone in s; a bracket guards the first steps. The error after a step is of the order of its third power.
///
/// Source: Gander (1985), American Mathematical Monthly 92, 131-134.
fn solve(outside: f64, inside: f64, df: f64) -> f64 {
    /// A step this short leaves an error below rounding.
    const SHORT: f64 = 1e-6;
    let Some(student) = Student::new(df) else { return f64::NAN };
    if inside <= 0.0 {
        return 0.0;
    }
    if outside <= 0.0 {
        return f64::INFINITY;
    }
    let by_tail = outside < 0.5;
    let target = libm::log(if by_tail { outside } else { inside });
    let (mut low, mut high) = (-745.0_f64, 709.0_f64);
    let mut s = if by_tail { libm::log(nearly_critical(outside, df)) } else { -0.5 };
    for _ in 0..200 {
        let t = libm::exp(s);
        let log = student.log(t);
        let here = student.split(t, log);
        let probability = if by_tail { here.outside } else { here.inside };
        let excess = libm::log(probability) - target;
        // A positive `gap` asks for a larger t: the tail is still too heavy, or the middle too light.
        let gap = if by_tail { excess } else { -excess };
        if gap == 0.0 {
            return t;
        }
        if gap > 0.0 {
            low = s;
        } else {
            high = s;
        }
        let slope = 2.0 * t * student.density(log) / probability;
        let newton = gap / slope;
        let bend = student.bend(t) + if by_tail { slope } else { -slope };
        // Far from the root the curvature may ask for more than doubling the step or for turning it: Newton's own is safe there.
        let step = newton / (1.0 + 0.5 * newton * bend).max(0.5);
        if step.abs() <= SHORT {
            return t * (1.0 + step + 0.5 * step * step);
        }
        let proposed = s + step;
        s = if proposed > low && proposed < high { proposed } else { 0.5 * (low + high) };
        if high - low <= f64::EPSILON {
            break;
        }
    }
    libm::exp(s)
}

fn split(t: f64, df: f64) -> Split {
    match Student::new(df) {
        Some(student) if !t.is_nan() => student.split(t.abs(), student.log(t.abs())),
        _ => Split { outside: f64::NAN, inside: f64::NAN },
    }
}

/// The distribution of these degrees of freedom, with what is the same for every t.
struct Student {
    df: f64,
    /// √df.
    root: f64,
    /// Γ((df + 1)/2) / Γ(df/2).
    ratio: f64,
}

impl Student {
    /// Nothing unless `df` > 0.
    fn new(df: f64) -> Option<Student> {
        (df > 0.0).then(|| Student { df, root: df.sqrt(), ratio: half_step_gamma_ratio(0.5 * df) })
    }

    /// ln(1 + t²/df) for t ≥ 0.
    fn log(&self, t: f64) -> f64 {
        log_one_plus_square(t / self.root)
    }

    /// The density where [`log`](Student::log) is this.
    fn density(&self, log: f64) -> f64 {
        self.ratio / (self.df * PI).sqrt() * libm::exp(-0.5 * (self.df + 1.0) * log)
    }

    /// The derivative of ln(t f) in ln t, f the density: 1 - (df + 1) t²/(df + t²).
    fn bend(&self, t: f64) -> f64 {
        let r = t / self.root;
        // t² may overflow.
        let share = if r > 1.0 { 1.0 / (1.0 + 1.0 / (r * r)) } else { r * r / (1.0 + r * r) };
        1.0 - (self.df + 1.0) * share
    }

    /// Both sides of t ≥ 0, of which `log` is the [`log`](Student::log).
    fn split(&self, t: f64, log: f64) -> Split {
        if t == 0.0 {
            return Split { outside: 1.0, inside: 0.0 };
        }
        if t.is_infinite() {
            return Split { outside: 0.0, inside: 1.0 };
        }
        if self.df >= NEARLY_NORMAL {
            let u = nearly_normal(log, self.df) * FRAC_1_SQRT_2;
            return Split { outside: libm::erfc(u), inside: libm::erf(u) };
        }
        let a = 0.5 * self.df;
        let r = t / self.root;
        // x = 1/(1+r²) and its complement, neither by subtraction.
        let x = libm::exp(-log);
        let complement = if r > 1.0 { 1.0 / (1.0 + 1.0 / (r * r)) } else { r * r / (1.0 + r * r) };
        // x^a (1-x)^(1/2) / B(a, 1/2)
        let front = libm::exp(a * -log) * complement.sqrt() * self.ratio / PI.sqrt();
        if complement <= 0.2 && t * t <= 7.0 {
            // More than .008 lies outside, so that a difference from 1 keeps its digits.
            let inside = (front * middle_series(a, complement) / 0.5).min(1.0);
            Split { outside: 1.0 - inside, inside }
        } else if x < (a + 1.0) / (a + 2.5) {
            let outside = (front * continued_fraction(a, 0.5, x) / a).min(1.0);
            Split { outside, inside: 1.0 - outside }
        } else {
            let inside = (front * continued_fraction(0.5, a, complement) / 0.5).min(1.0);
            Split { outside: 1.0 - inside, inside }
        }
    }
}

/// The normal deviate with the tail of t, for many degrees of freedom, from ln(1 + t²/df).
fn nearly_normal(log: f64, df: f64) -> f64 {
    let a = df - 0.5;
    let b = 48.0 * a * a;
    let square = a * log;
    let z = square.sqrt();
    let second = 855.0 + square * (240.0 + square * (33.0 + square * 4.0));
    z * (1.0 + (3.0 + square) / b - second / (10.0 * b * (b + 0.8 * square * square + 100.0)))
}

/// About the t with P(|T| > t) = `outside` < 1/2, to start from: with 20 degrees of freedom and more and an `outside` from .01 it is off by less
/// than 1e-6, and one step ends the search. Where the series is of no use, 2.
///
/// Source: Abramowitz & Stegun (1972), *Handbook of Mathematical Functions*, 26.7.5, a series in 1/df.
fn nearly_critical(outside: f64, df: f64) -> f64 {
    let x = nearly_normal_quantile(0.5 * outside);
    let square = x * x;
    if square >= df {
        return 2.0;
    }
    let first = (square + 1.0) / 4.0;
    let second = ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    let third = (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    let fourth = ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square - 945.0) / 92_160.0;
    let inverse = 1.0 / df;
    x * (1.0 + inverse * (first + inverse * (second + inverse * (third + inverse * fourth))))
}

/// The z > 0 that a normal deviate exceeds with probability `tail` < 1/4, with a relative error below 1.2e-9.
///
/// Source: P. J. Acklam (2003), *An algorithm for computing the inverse normal cumulative distribution function*.
fn nearly_normal_quantile(tail: f64) -> f64 {
    const MIDDLE: [[f64; 6]; 2] = [
        [
            -3.969_683_028_665_376e1,
            2.209_460_984_245_205e2,
            -2.759_285_104_469_687e2,
            1.383_577_518_672_69e2,
            -3.066_479_806_614_716e1,
            2.506_628_277_459_239,
        ],
        [
            -5.447_609_879_822_406e1,
            1.615_858_368_580_409e2,
            -1.556_989_798_598_866e2,
            6.680_131_188_771_972e1,
            -1.328_068_155_288_572e1,
            1.0,
        ],
    ];
    const TAIL: ([f64; 6], [f64; 5]) = (
        [
            -7.784_894_002_430_293e-3,
            -3.223_964_580_411_365e-1,
            -2.400_758_277_161_838,
            -2.549_732_539_343_734,
            4.374_664_141_464_968,
            2.938_163_982_698_783,
        ],
        [7.784_695_709_041_462e-3, 3.224_671_290_700_398e-1, 2.445_134_137_142_996, 3.754_408_661_907_416, 1.0],
    );
    let polynomial = |coefficients: &[f64], x: f64| coefficients.iter().fold(0.0, |sum, c| sum * x + c);
    if tail < 0.02425 {
        let q = (-2.0 * libm::log(tail)).sqrt();
        return -polynomial(&TAIL.0, q) / polynomial(&TAIL.1, q);
    }
    let q = 0.5 - tail;
    q * polynomial(&MIDDLE[0], q * q) / polynomial(&MIDDLE[1], q * q)
}

/// ln(1 + r²) for r ≥ 0, also where r² overflows.
fn log_one_plus_square(r: f64) -> f64 {
    if r > 1e100 { 2.0 * libm::log(r) } else { libm::log1p(r * r) }
}

/// Γ(a + 1/2) / Γ(a) for a > 0: the asymptotic series in 1/a from 32 upwards, reached by the recurrence
/// Γ(a + 1/2) / Γ(a) = a / (a + 1/2) · Γ(a + 3/2) / Γ(a + 1).
fn half_step_gamma_ratio(a: f64) -> f64 {
    const SERIES: [f64; 10] = [
        1.0,
        -1.0 / 8.0,
        1.0 / 128.0,
        5.0 / 1_024.0,
        -21.0 / 32_768.0,
        -399.0 / 262_144.0,
        869.0 / 4_194_304.0,
        39_325.0 / 33_554_432.0,
        -334_477.0 / 2_147_483_648.0,
        -28_717_403.0 / 17_179_869_184.0,
    ];
    let mut a = a;
    let mut factor = 1.0;
    while a < 32.0 {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    let inverse = 1.0 / a;
    let sum = SERIES.iter().rev().fold(0.0, |sum, c| sum * inverse + c);
    factor * a.sqrt() * sum
}

/// 1 + Σ Π (a + 1/2 + k)/(3/2 + k) y over k = 0, 1, ..: the hypergeometric series of I_y(1/2, a), all of whose terms are positive. For the t
/// and df that most tests have it takes some twenty terms, a fifth of the time of the continued fraction.
///
/// Source: NIST Digital Library of Mathematical Functions, 8.17.8.
fn middle_series(a: f64, y: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 0.0);
    // Where y is at most 1/5 and a y at most 3.5, terms fall from the fourth on.
    while term > 0.1 * f64::EPSILON * sum {
        term *= (a + 0.5 + k) / (1.5 + k) * y;
        sum += term;
        k += 1.0;
    }
    sum
}

/// The continued fraction of the incomplete beta function, by Lentz's method as modified by Thompson and Barnett.
pub(super) fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    let mut m = 0.0;
    // Convergence takes about √max(a, b) rounds.
    for _ in 0..10_000_u32 {
        m += 1.0;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / away_from_zero(1.0 + even * d);
        c = away_from_zero(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / away_from_zero(1.0 + odd * d);
        c = away_from_zero(1.0 + odd / c);
        let change = d * c;
        fraction *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    fn close(found: f64, expected: f64, relative: f64) {
        assert!((found - expected).abs() <= relative * expected.abs(), "found {found:e}, expected {expected:e}");
    }

    /// Golden values of `tests/oracles/student_t.py` (mpmath, 60 digits).
    const GOLDEN: &str = include_str!("../../../tests/data/student_t.csv");

    #[test]
    fn tails_and_quantiles_agree_with_sixty_digit_arithmetic() {
        let mut rows = 0;
        for line in GOLDEN.lines().skip(1) {
            let cells: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
            let (t, df, outside, inside) = (cells[0], cells[1], cells[2], cells[3]);
            close(student_t_two_sided(t, df), outside, 1e-11);
            close(split(t, df).inside, inside, 1e-11);
            close(2.0 * student_t_cdf(-t, df), outside, 1e-11);
            close(2.0 * student_t_cdf(t, df) - 1.0, inside, 1e-10);
            // The quantile is as sharp as its argument: t's relative error is the probability's over the elasticity.
            close(solve(outside, inside, df), t, 1e-10);
            rows += 1;
        }
        assert!(rows >= 60);
    }

    #[test]
    fn the_search_for_a_quantile_starts_close() {
        for (df, relative) in [(20.0, 1e-6), (58.0, 1e-7), (118.0, 1e-8), (1e12, 2e-9)] {
            for outside in [0.01, 0.05, 0.1, 0.2, 0.49] {
                close(nearly_critical(outside, df), solve(outside, 1.0 - outside, df), relative);
            }
        }
    }

    #[test]
    fn closed_forms_hold() {
        // One degree of freedom is Cauchy's distribution, two have an algebraic one.
        close(student_t_cdf(1.0, 1.0), 0.75, 1e-14);
        close(student_t_quantile(0.975, 1.0), 12.706_204_736_174_7, 1e-12);
        close(student_t_two_sided(3.0, 2.0), 1.0 - 3.0 / 11.0_f64.sqrt(), 1e-13);
        close(student_t_critical(0.95, 1e14), 1.959_963_984_540_054, 1e-12);
        close(student_t_density(0.0, 1.0), 1.0 / PI, 1e-14);
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!(student_t_cdf(0.0, 3.0), 0.5);
        assert_eq!(student_t_two_sided(0.0, 3.0), 1.0);
        assert_eq!(student_t_two_sided(f64::INFINITY, 3.0), 0.0);
        assert_eq!(student_t_quantile(0.5, 3.0), 0.0);
        assert_eq!(student_t_quantile(1.0, 3.0), f64::INFINITY);
        assert_eq!(student_t_quantile(0.0, 3.0), f64::NEG_INFINITY);
        for bad in [-1.0, 0.0, f64::NAN] {
            assert!(student_t_cdf(1.0, bad).is_nan());
            assert!(student_t_critical(0.95, bad).is_nan());
            assert!(student_t_density(1.0, bad).is_nan());
        }
        assert!(student_t_quantile(1.5, 3.0).is_nan());
        assert!(student_t_cdf(f64::NAN, 3.0).is_nan());
    }

    proptest! {
        #[test]
        fn agrees_with_statrs(t in -30.0..30.0_f64, df in 0.3..400.0_f64) {
            let reference = StudentsT::new(0.0, 1.0, df).unwrap().cdf(t);
            let found = student_t_cdf(t, df);
            prop_assert!((found - reference).abs() <= 1e-10 * reference.max(1e-3), "{found:e} {reference:e}");
        }

        #[test]
        fn the_quantile_inverts_the_distribution(p in 0.001..0.999_f64, df in 0.5..5000.0_f64) {
            let back = student_t_cdf(student_t_quantile(p, df), df);
            prop_assert!((back - p).abs() <= 1e-12 * p.min(1.0 - p).max(0.01), "{back} {p}");
        }

        #[test]
        fn tails_fall_with_distance(t in 0.0..50.0_f64, more in 0.01..5.0_f64, df in 0.3..1e5_f64) {
            prop_assert!(student_t_two_sided(t + more, df) <= student_t_two_sided(t, df));
        }
    }
}
