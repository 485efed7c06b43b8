//! The chi-square distribution's upper tail, for likelihood ratio tests.
//!
//! The regularized incomplete gamma function by its series below a + 1 and its continued fraction above. `libm` only.
//!
//! Source: Press, Teukolsky, Vetterling & Flannery (2007), *Numerical Recipes*, 3rd ed., section 6.2.

/// P(X > x) for a chi-square with `df` > 0 degrees of freedom; 1 for x ≤ 0, NaN for other `df` or a NaN argument.
///
/// ```
/// use peerlab::study::estimators::chi_square_upper;
/// assert!((chi_square_upper(3.841_458_820_694_124, 1.0) - 0.05).abs() < 1e-12);
/// ```
pub fn chi_square_upper(x: f64, df: f64) -> f64 {
    if x.is_nan() || df.is_nan() || df <= 0.0 {
        return f64::NAN;
    }
    if x <= 0.0 {
        return 1.0;
    }
    if x.is_infinite() {
        return 0.0;
    }
    let (a, x) = (0.5 * df, 0.5 * x);
    let front = libm::exp(a * libm::log(x) - x - libm::lgamma(a));
    if x < a + 1.0 { (1.0 - front * series(a, x)).max(0.0) } else { front * fraction(a, x) }
}

/// Σ xⁿ Γ(a)/Γ(a + 1 + n).
fn series(a: f64, x: f64) -> f64 {
    let mut term = 1.0 / a;
    let mut sum = term;
    let mut n = a;
    for _ in 0..100_000_u32 {
        n += 1.0;
        term *= x / n;
        sum += term;
        if term <= sum * f64::EPSILON {
            break;
        }
    }
    sum
}

/// Γ(a, x) e^x x^(−a), by Lentz's method.
fn fraction(a: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for n in 1..100_000_u32 {
        let n = f64::from(n);
        let an = -n * (n - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / if d.abs() < TINY { TINY } else { d };
        c = b + an / c;
        c = if c.abs() < TINY { TINY } else { c };
        value *= d * c;
        if (d * c - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use statrs::distribution::{ChiSquared, ContinuousCDF};

    proptest! {
        #[test]
        fn agrees_with_statrs(x in 0.001..200.0_f64, df in 0.5..200.0_f64) {
            let reference = ChiSquared::new(df).unwrap().sf(x);
            let found = chi_square_upper(x, df);
            prop_assert!((found - reference).abs() <= 1e-9 * reference.max(1e-5), "{found:e} {reference:e}");
        }
    }

    #[test]
    fn two_degrees_are_an_exponential_and_the_ends_are_exact() {
        for x in [0.1, 1.0, 5.0, 40.0] {
            assert!((chi_square_upper(x, 2.0) - libm::exp(-0.5 * x)).abs() < 1e-14);
        }
        assert_eq!(chi_square_upper(0.0, 3.0), 1.0);
        assert_eq!(chi_square_upper(f64::INFINITY, 3.0), 0.0);
        assert!(chi_square_upper(1.0, 0.0).is_nan());
    }
}
