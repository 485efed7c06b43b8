//! Elementary functions with the same bits on every processor.
//!
//! `f64::exp` and its kin call the platform's mathematical library, whose last bits differ from system to system. These
//! are polynomials in additions, multiplications, divisions and square roots, which IEEE 754 fixes to the bit. Rust never
//! contracts `a * b + c` into a fused operation by itself, so vector instructions of any width give the same bits as
//! scalar ones. They have no branch, so that a loop over lanes becomes vector code.

#[cfg(feature = "census")]
pub mod census {
    //! Counts how often a week evaluates each function, so that the benchmark's floor is derived and not guessed.
    use std::cell::Cell;
    thread_local! {
        /// Exponentials evaluated by this thread, those within logistics included.
        pub static EXPONENTIALS: Cell<u64> = const { Cell::new(0) };
        /// Logistics evaluated by this thread.
        pub static LOGISTICS: Cell<u64> = const { Cell::new(0) };
    }
}

/// 1.5 · 2⁵²: adding it rounds to an integer that stands in the low bits of the sum.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Positive part, x⁺ = max(x, 0).
#[inline(always)]
pub fn positive(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}

/// Negative part as a positive number, x⁻ = max(−x, 0).
#[inline(always)]
pub fn negative(x: f64) -> f64 {
    if x < 0.0 { -x } else { 0.0 }
}

/// The smaller of two numbers.
#[inline(always)]
pub fn least(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// The larger of two numbers.
#[inline(always)]
pub fn greatest(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// `x` held within `[low, high]`.
#[inline(always)]
pub fn within(x: f64, low: f64, high: f64) -> f64 {
    greatest(least(x, high), low)
}

/// 1 where the condition holds, 0 elsewhere: a mask that multiplies.
#[inline(always)]
pub fn flag(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

/// A value that is not negative where the condition holds, 0 elsewhere: the product with the condition's [`flag`], cheaper.
#[inline(always)]
pub fn only(condition: bool, value: f64) -> f64 {
    if condition { value } else { 0.0 }
}

/// `yes` where the mask is 1, `no` where it is 0: both are computed, one is taken, no bit of the other is touched.
#[inline(always)]
pub fn choose(mask: f64, yes: f64, no: f64) -> f64 {
    if mask > 0.5 { yes } else { no }
}

/// e^x for any finite x, held within [−700, 700]; relative error below 1e−15.
///
/// x = k ln 2 + r with |r| ≤ ln 2 / 2; e^r by the polynomial 1 + r + … + c₁₀ r¹⁰ of least relative error, 3e−16
/// (Estrin's scheme); 2^k through the exponent's bits.
#[inline(always)]
pub fn exponential(x: f64) -> f64 {
    #[cfg(feature = "census")]
    census::EXPONENTIALS.with(|count| count.set(count.get() + 1));
    const LOG2_E: f64 = std::f64::consts::LOG2_E;
    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = within(x, -700.0, 700.0);
    let shifted = x * LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * LN2_HIGH) - k * LN2_LOW;
    let r2 = r * r;
    let r4 = r2 * r2;
    let p01 = 1.0 + r;
    let p23 = 4.999_999_999_999_832_4e-1 + r * 1.666_666_666_661_147_4e-1;
    let p45 = 4.166_666_666_813_872e-2 + r * 8.333_333_370_907_602e-3;
    let p67 = 1.388_888_851_579_004_6e-3 + r * 1.984_118_518_518_408_3e-4;
    let p89 = 2.480_193_202_914_714_8e-5 + r * 2.763_501_338_805_793_7e-6;
    let low = p01 + r2 * p23;
    let middle = p45 + r2 * p67;
    let high = p89 + r2 * 2.747_673_148_400_994e-7;
    let value = low + r4 * (middle + r4 * high);
    // e^r lies within (½, 2) and k within ±1010: adding k to the exponent's bits multiplies by 2^k exactly.
    f64::from_bits(value.to_bits().wrapping_add(shifted.to_bits() << 52))
}

/// σ(x) = 1 / (1 + e^−x), the logistic function, in (0, 1).
#[inline(always)]
pub fn logistic(x: f64) -> f64 {
    #[cfg(feature = "census")]
    census::LOGISTICS.with(|count| count.set(count.get() + 1));
    1.0 / (1.0 + exponential(-x))
}

/// tanh x = 2 σ(2x) − 1.
#[inline(always)]
pub fn hyperbolic_tangent(x: f64) -> f64 {
    2.0 * logistic(2.0 * x) - 1.0
}

/// ln x for 0 < x < ∞; absolute error below 1e−14 near 1, relative elsewhere.
///
/// x = 2^k m with m in [√½, √2); ln m = 2 artanh((m − 1)/(m + 1)) by its series.
#[inline(always)]
pub fn logarithm(x: f64) -> f64 {
    const LN2: f64 = std::f64::consts::LN_2;
    // Offsetting by the bits of √½ makes the exponent field count from there, so that m needs no second comparison.
    const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
    let offset = x.to_bits().wrapping_sub(SQRT_HALF_BITS).wrapping_add(1024 << 52);
    let m = f64::from_bits((offset & 0x000f_ffff_ffff_ffff).wrapping_add(SQRT_HALF_BITS));
    let k = f64::from_bits((offset >> 52) | 0x4330_0000_0000_0000) - (4_503_599_627_370_496.0 + 1024.0);
    let t = (m - 1.0) / (m + 1.0);
    let s = t * t;
    let s2 = s * s;
    let s4 = s2 * s2;
    let a = 1.0 + s * (1.0 / 3.0) + s2 * (1.0 / 5.0 + s * (1.0 / 7.0));
    let b = 1.0 / 9.0 + s * (1.0 / 11.0) + s2 * (1.0 / 13.0 + s * (1.0 / 15.0));
    let c = 1.0 / 17.0 + s * (1.0 / 19.0);
    k * LN2 + 2.0 * t * (a + s4 * (b + s4 * c))
}

/// A number in [0, 1) from the 52 high bits of a random word.
#[inline(always)]
pub fn unit_interval(word: u64) -> f64 {
    f64::from_bits((word >> 12) | 0x3ff0_0000_0000_0000) - 1.0
}

/// Two independent standard normals from two random words (Box & Muller 1958).
///
/// The angle is drawn within the first octant; three low bits of its word, unused by it, choose the octant.
#[inline(always)]
pub fn normal_pair(radius_word: u64, angle_word: u64) -> (f64, f64) {
    let radius = (-2.0 * logarithm(1.0 - unit_interval(radius_word))).sqrt();
    let a = unit_interval(angle_word) * std::f64::consts::FRAC_PI_4;
    let s = a * a;
    let s2 = s * s;
    let s4 = s2 * s2;
    let sine = a
        * ((1.0 - s * (1.0 / 6.0))
            + s2 * (1.0 / 120.0 - s * (1.0 / 5_040.0))
            + s4 * ((1.0 / 362_880.0 - s * (1.0 / 39_916_800.0)) + s2 * (1.0 / 6_227_020_800.0)));
    let cosine = (1.0 - s * 0.5)
        + s2 * (1.0 / 24.0 - s * (1.0 / 720.0))
        + s4 * ((1.0 / 40_320.0 - s * (1.0 / 3_628_800.0)) + s2 * (1.0 / 479_001_600.0 - s * (1.0 / 87_178_291_200.0)));
    let swap = angle_word & 1 == 1;
    let x = if swap { sine } else { cosine };
    let y = if swap { cosine } else { sine };
    let x = f64::from_bits(x.to_bits() ^ ((angle_word & 2) << 62));
    let y = f64::from_bits(y.to_bits() ^ ((angle_word & 4) << 61));
    (radius * x, radius * y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        assert_eq!(exponential(0.0), 1.0);
        assert_eq!(logistic(0.0), 0.5);
        assert_eq!(logarithm(1.0), 0.0);
        assert!((hyperbolic_tangent(0.7) - libm::tanh(0.7)).abs() < 1e-14);
        assert_eq!(unit_interval(0), 0.0);
        assert!(unit_interval(u64::MAX) < 1.0);
    }

    proptest! {
        #[test]
        fn exponential_is_accurate(x in -690.0..690.0_f64) {
            prop_assert!((exponential(x) / libm::exp(x) - 1.0).abs() < 2e-14);
        }

        #[test]
        fn logistic_stays_in_bounds_and_rises(x in -1e4..1e4_f64, step in 0.0..50.0_f64) {
            let (a, b) = (logistic(x), logistic(x + step));
            prop_assert!((0.0..=1.0).contains(&a));
            prop_assert!(b >= a - 1e-15);
        }

        #[test]
        fn logarithm_is_accurate(x in 1e-300..1e300_f64, y in 0.5..2.0_f64) {
            prop_assert!((logarithm(x) - libm::log(x)).abs() <= 2e-14 * libm::log(x).abs().max(1.0));
            prop_assert!((logarithm(y) - libm::log(y)).abs() < 1e-14);
        }

        #[test]
        fn normals_lie_on_the_stated_circle(r in any::<u64>(), a in any::<u64>()) {
            let (x, y) = normal_pair(r, a);
            let radius = -2.0 * libm::log(1.0 - unit_interval(r));
            prop_assert!((x * x + y * y - radius).abs() < 1e-12 * radius.max(1.0));
        }
    }
}
