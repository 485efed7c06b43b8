//! Student's t distribution for any positive, also fractional, degrees of freedom.
//!
//! Satterthwaite's degrees of freedom are not whole numbers, and a p-value or an interval that reaches a table has to be
//! the same bits on every processor. So the functions here use `libm`, square roots and the four operations only. The
//! tails follow from the regularized incomplete beta function
//!
//! P(|T| > t) = I_x(df/2, 1/2) with x = df / (df + t²)
//!
//! by its continued fraction (Lentz's method), and from 100,000 degrees of freedom by Hill's transformation to the
//! normal. Relative accuracy is better than 1e-11 in both tails and near zero (tested from df 0.3 to 1e9).
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
/// Newton's method in s = ln t on the logarithm of the smaller of both probabilities. Either is concave and monotone in
/// s, so the iteration converges from one side; a bracket guards the first steps.
fn solve(outside: f64, inside: f64, df: f64) -> f64 {
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
    let mut s = if by_tail { 0.7 } else { -0.5 };
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
        let step = gap / slope;
        let proposed = s + step;
        if step.abs() <= 4.0 * f64::EPSILON {
            return t * (1.0 + step);
        }
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
        if x < (a + 1.0) / (a + 2.5) {
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
