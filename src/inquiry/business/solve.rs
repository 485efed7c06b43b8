//! Where a function of one number crosses zero.

/// A zero of `f` between `low` and `high`, if its ends differ in sign: regula falsi in Illinois form, which is exact in one
/// step where `f` is a straight line.
pub fn zero(low: f64, high: f64, mut f: impl FnMut(f64) -> f64) -> Option<f64> {
    let (mut a, mut b) = (low, high);
    let (mut at_a, mut at_b) = (f(a), f(b));
    if at_a == 0.0 {
        return Some(a);
    }
    if at_b == 0.0 {
        return Some(b);
    }
    if at_a.is_nan() || at_b.is_nan() || (at_a > 0.0) == (at_b > 0.0) {
        return None;
    }
    let small = 1e-13 * (at_a.abs() + at_b.abs());
    for _ in 0..100 {
        let middle = (a * at_b - b * at_a) / (at_b - at_a);
        // Rounding may carry it out of the bracket.
        let middle = if middle > a.min(b) && middle < a.max(b) { middle } else { 0.5 * (a + b) };
        let there = f(middle);
        if there.abs() <= small || (b - a).abs() <= 1e-14 * (a.abs() + b.abs()) {
            return Some(middle);
        }
        if (there > 0.0) == (at_b > 0.0) {
            at_a *= 0.5;
        } else {
            (a, at_a) = (b, at_b);
        }
        (b, at_b) = (middle, there);
    }
    Some(b)
}

#[cfg(test)]
mod tests {
    use super::zero;

    #[test]
    fn lines_curves_and_functions_without_a_zero() {
        assert_eq!(zero(0.0, 10.0, |x| 2.0 * x - 6.0), Some(3.0));
        let root = zero(0.1, 100.0, |x| 1.0 / x - 0.04).unwrap();
        assert!((root - 25.0).abs() < 1e-8, "{root}");
        assert_eq!(zero(0.0, 1.0, |x| x + 1.0), None);
        assert_eq!(zero(0.0, 1.0, |x| x), Some(0.0));
    }
}
