//! Points that fill the unit cube.
//!
//! Sources: McKay, Beckman & Conover (1979), Technometrics 21, 239-245 (Latin hypercubes); Sobol' (1967), USSR Computational Mathematics
//! and Mathematical Physics 7, 86-112, with the primitive polynomials and direction numbers of Joe & Kuo (2008), SIAM Journal on
//! Scientific Computing 30, 2635-2654 (their file new-joe-kuo-6, first 21 dimensions), in the order of Antonov & Saleev (1979); scrambled as
//! by Owen (1995), in Niederreiter & Shiue (eds.), Monte Carlo and Quasi-Monte Carlo Methods in Scientific Computing, 299-317.
//!
//! **Why scrambled, and from the first point.** The sequence as it is begins in the corner where all keys are lowest. To leave that point out spoils
//! the balance of every 2^m points after it, and with it the rate at which means over them converge (Owen 2022, On dropping the first Sobol' point,
//! in Keller (ed.), Monte Carlo and Quasi-Monte Carlo Methods 2020, 71-86, which advises to scramble and to keep it). Scrambled, 2^m points
//! are balanced as before, each of them lies anywhere with the same chance, and so none in a corner but by chance.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// How the cells of a sweep are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// Every value of a key with every value of every other.
    Grid,
    /// Each key's range in as many strata as there are points, and one point in each.
    Lhs,
    /// Points of low discrepancy, scrambled: of 2^m of them the first half fills the space too.
    Sobol,
}

impl Design {
    /// The names of the command line.
    pub const NAMES: &'static [(&'static str, Design)] =
        &[("grid", Design::Grid), ("lhs", Design::Lhs), ("sobol", Design::Sobol)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, design)| *design == self).map_or("grid", |(name, _)| name)
    }
}

/// A Latin hypercube: in each dimension one point in each of `points` equal strata, at a random place within it.
pub fn latin_hypercube(points: usize, dimensions: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut all = vec![vec![0.0; dimensions]; points];
    for dimension in 0..dimensions {
        // A stream for each dimension: another key more does not move the points of those before it.
        let mut random =
            Xoshiro256PlusPlus::seed_from_u64(seed ^ (dimension as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        // 53 random bits: a number from 0 up to 1.
        let mut unit = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let mut strata: Vec<usize> = (0..points).collect();
        for last in (1..points).rev() {
            strata.swap(last, ((unit() * (last + 1) as f64) as usize).min(last));
        }
        for (point, stratum) in all.iter_mut().zip(strata) {
            point[dimension] = (stratum as f64 + unit()) / points as f64;
        }
    }
    all
}

/// Keys for which there is a Sobol' sequence.
pub const DIMENSIONS: usize = POLYNOMIALS.len() + 1;

/// From the second dimension: coefficients of the primitive polynomial between its first and its last, and initial numbers.
const POLYNOMIALS: [(u32, &[u32]); 20] = [
    (0, &[1]),
    (1, &[1, 3]),
    (1, &[1, 3, 1]),
    (2, &[1, 1, 1]),
    (1, &[1, 1, 3, 3]),
    (4, &[1, 3, 5, 13]),
    (2, &[1, 1, 5, 5, 17]),
    (4, &[1, 1, 5, 5, 5]),
    (7, &[1, 1, 7, 11, 19]),
    (11, &[1, 1, 5, 1, 1]),
    (13, &[1, 1, 1, 3, 11]),
    (14, &[1, 3, 5, 5, 31]),
    (1, &[1, 3, 3, 9, 7, 49]),
    (13, &[1, 1, 1, 15, 21, 21]),
    (16, &[1, 3, 1, 13, 27, 49]),
    (19, &[1, 1, 1, 15, 7, 5]),
    (22, &[1, 3, 1, 15, 13, 25]),
    (25, &[1, 1, 5, 5, 19, 61]),
    (1, &[1, 3, 7, 11, 23, 15, 103]),
    (4, &[1, 3, 7, 13, 13, 15, 69]),
];

const BITS: usize = 32;

/// The first points of the Sobol' sequence, scrambled by the seed; nothing for more than [`DIMENSIONS`] dimensions. More points or more
/// dimensions do not move those that are there.
pub fn sobol(points: usize, dimensions: usize, seed: u64) -> Option<Vec<Vec<f64>>> {
    let unit = |bits: u32| f64::from(bits) / 4_294_967_296.0;
    let scrambled = |point: Vec<u32>| {
        let each = point.into_iter().enumerate();
        each.map(|(dimension, bits)| unit(scramble(bits, mix(seed ^ mix(dimension as u64 + 1))))).collect()
    };
    Some(sequence(points, dimensions)?.into_iter().map(scrambled).collect())
}

/// The sequence as it is, as fractions of 2³².
fn sequence(points: usize, dimensions: usize) -> Option<Vec<Vec<u32>>> {
    let directions: Vec<[u32; BITS]> = (0..dimensions).map(directions).collect::<Option<_>>()?;
    let point = |number: u32| {
        // Gray's code: neighbors differ in one bit.
        let code = number ^ (number >> 1);
        let coordinate =
            |all: &[u32; BITS]| (0..BITS).filter(|bit| code >> bit & 1 == 1).fold(0, |sum, bit| sum ^ all[bit]);
        directions.iter().map(coordinate).collect()
    };
    Some((0..u32::try_from(points).ok()?).map(point).collect())
}

/// Nested uniform scrambling: each bit is turned over or not by a coin of its own for all that stands before it, so that two numbers which
/// agree in their first k bits and no more do so afterwards.
fn scramble(bits: u32, seed: u64) -> u32 {
    (0..BITS as u32).fold(0, |sum, bit| {
        let before = if bit == 0 { 0 } else { bits >> (BITS as u32 - bit) };
        let coin = mix(seed ^ mix(u64::from(bit) << 32 | u64::from(before))) >> 63;
        sum | ((bits >> (31 - bit) & 1) ^ coin as u32) << (31 - bit)
    })
}

/// The finalizer of SplitMix64 (Steele, Lea & Flood 2014) one step on: every bit of the result depends on every bit given.
fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The direction numbers of a dimension, as fractions of 2³².
fn directions(dimension: usize) -> Option<[u32; BITS]> {
    let mut v = [0; BITS];
    if dimension == 0 {
        v.iter_mut().enumerate().for_each(|(bit, v)| *v = 1 << (BITS - 1 - bit));
        return Some(v);
    }
    let (coefficients, initial) = POLYNOMIALS.get(dimension - 1)?;
    let degree = initial.len();
    for bit in 0..BITS {
        v[bit] = match initial.get(bit) {
            Some(m) => m << (BITS - 1 - bit),
            None => {
                let start = v[bit - degree] ^ (v[bit - degree] >> degree);
                let between = (1..degree).filter(|k| coefficients >> (degree - 1 - k) & 1 == 1);
                between.fold(start, |sum, k| sum ^ v[bit - k])
            }
        };
    }
    Some(v)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By scipy 1.x, `qmc.Sobol(21, scramble=False)`: points 5 and 1008, counted from 0.
    #[test]
    fn sobol_is_that_of_joe_and_kuo() {
        let points: Vec<Vec<f64>> = sequence(1009, 21)
            .unwrap()
            .into_iter()
            .map(|point| point.into_iter().map(|bits| f64::from(bits) / 4_294_967_296.0).collect())
            .collect();
        assert_eq!(points[0], [0.0; 21]);
        assert_eq!(
            points[5],
            [
                0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125, 0.375, 0.875, 0.875, 0.125,
                0.875, 0.375, 0.875, 0.375, 0.375, 0.625, 0.625
            ]
        );
        assert_eq!(
            points[1008],
            [
                0.0634765625,
                0.1904296875,
                0.0498046875,
                0.4580078125,
                0.6240234375,
                0.2509765625,
                0.9521484375,
                0.8056640625,
                0.0322265625,
                0.4130859375,
                0.7412109375,
                0.2236328125,
                0.4423828125,
                0.2275390625,
                0.6748046875,
                0.6513671875,
                0.6259765625,
                0.0634765625,
                0.7724609375,
                0.8818359375,
                0.0537109375
            ]
        );
        assert!(sobol(1, 22, 1).is_none());
    }

    /// What makes it a net: 2^m points have one in each of 2^m equal intervals of every key, and of the first two keys, whose net has t = 0, in
    /// every box of that volume, also where it is long and thin.
    #[test]
    fn scrambled_points_are_as_balanced_as_the_sequence() {
        for (power, seed) in [(3, 1), (6, 20_121_210), (10, 7)] {
            let count = 1 << power;
            let points = sobol(count, 21, seed).unwrap();
            assert!(points.iter().flatten().all(|one| (0.0..1.0).contains(one)));
            for dimension in 0..21 {
                let mut strata: Vec<usize> =
                    points.iter().map(|point| (point[dimension] * count as f64) as usize).collect();
                strata.sort_unstable();
                assert!(strata.into_iter().eq(0..count), "{dimension}");
            }
            for across in 0..=power {
                let (columns, rows) = ((1 << across) as f64, (1 << (power - across)) as f64);
                let mut boxes: Vec<usize> = points
                    .iter()
                    .map(|one| (one[0] * columns) as usize * rows as usize + (one[1] * rows) as usize)
                    .collect();
                boxes.sort_unstable();
                assert!(boxes.into_iter().eq(0..count), "{across}");
            }
        }
    }

    #[test]
    fn points_stay_where_more_are_asked_for_and_move_with_the_seed() {
        let all = sobol(64, 5, 3).unwrap();
        assert_eq!(all[..16], sobol(16, 5, 3).unwrap());
        assert!(all.iter().zip(sobol(64, 7, 3).unwrap()).all(|(a, b)| a[..] == b[..5]));
        let other = sobol(64, 5, 4).unwrap();
        assert!((0..5).all(|key| all.iter().zip(&other).any(|(a, b)| (a[key] - b[key]).abs() > 0.01)));
        // Over seeds each point is uniform: its mean is a half, within five standard errors, and no corner attracts it.
        for number in [0, 1, 13] {
            let mean = (0..400).map(|seed| sobol(16, 2, seed).unwrap()[number][1]).sum::<f64>() / 400.0;
            assert!((mean - 0.5).abs() < 5.0 * (1.0_f64 / 12.0 / 400.0).sqrt(), "{number}: {mean}");
        }
    }

    /// What scrambling must keep, and what it must spoil: numbers that agree in their first k bits agree in as many afterwards, the bits behind
    /// them are as likely the one as the other, and two keys are turned over independently of each other.
    #[test]
    fn scrambling_keeps_what_is_nested_and_nothing_else() {
        let mut turned = 0;
        for seed in 0..2000_u64 {
            let (a, shared) = ((mix(seed) >> 32) as u32, (seed % 31) as u32);
            let b = a ^ (1 << (31 - shared)) ^ ((mix(seed ^ 77) >> 32) as u32 & ((1_u32 << (31 - shared)) - 1));
            let (x, y) = (scramble(a, seed), scramble(b, seed));
            assert_eq!((a ^ b).leading_zeros(), shared);
            assert_eq!((x ^ y).leading_zeros(), shared, "{seed}");
            turned += ((a ^ x) >> (30 - shared.min(30)) & 1) as usize;
        }
        // Binomial, 2,000 of a half: five standard deviations.
        assert!(turned.abs_diff(1000) < 112, "{turned}");
        // Over seeds the first point is uniform in the square of two keys: variances 1/12, correlation 0; five standard errors of 4,000.
        let points: Vec<Vec<f64>> = (0..4000).map(|seed| sobol(1, 21, seed).unwrap().remove(0)).collect();
        for (a, b) in [(0, 1), (1, 2), (19, 20), (0, 20)] {
            let mean = |of: &dyn Fn(&Vec<f64>) -> f64| points.iter().map(of).sum::<f64>() / 4000.0;
            let variance = mean(&|one| (one[a] - 0.5) * (one[a] - 0.5));
            let covariance = mean(&|one| (one[a] - 0.5) * (one[b] - 0.5));
            assert!((variance - 1.0 / 12.0).abs() < 5.0 * (1.0_f64 / 180.0 / 4000.0).sqrt(), "{a}: {variance}");
            assert!(covariance.abs() < 5.0 / 12.0 / 4000.0_f64.sqrt(), "{a}, {b}: {covariance}");
        }
    }

    #[test]
    fn a_latin_hypercube_has_one_point_in_each_stratum() {
        for (points, dimensions) in [(1, 1), (7, 3), (100, 5)] {
            let all = latin_hypercube(points, dimensions, 20_121_210);
            for dimension in 0..dimensions {
                let mut strata: Vec<usize> =
                    all.iter().map(|point| (point[dimension] * points as f64) as usize).collect();
                strata.sort_unstable();
                assert_eq!(strata, (0..points).collect::<Vec<_>>());
            }
            assert_eq!(all, latin_hypercube(points, dimensions, 20_121_210));
            let more = latin_hypercube(points, dimensions + 1, 20_121_210);
            assert!(all.iter().zip(&more).all(|(a, b)| a[..] == b[..dimensions]));
        }
        assert!(latin_hypercube(9, 2, 1) != latin_hypercube(9, 2, 2));
    }
}
