//! Draws of the inputs, from a stream of their own: triangular between the lowest and the highest value, with the peak at the
//! likely one.
//!
//! A triangle gives the ends more weight than the usual smooth curves do: wider intervals, which is the safer side where a
//! range is somebody's judgment. Within a replication the draws of each input are stratified, one from each of as many equal
//! parts of its distribution; two scenarios with the same seed share them.

use super::utility::Values;
use crate::model::streams::{Purpose, Stream};
use crate::study::business::{Business, COUNT, Range};

/// Draws of all inputs per replication.
pub const DRAWS: usize = 64;

/// The inputs of every replication, [`DRAWS`] of each.
#[derive(Clone, Debug)]
pub struct Draws {
    /// By replication, then by draw.
    pub values: Vec<Vec<Values>>,
}

impl Draws {
    /// Of the first replications of a seed.
    pub fn new(case: &Business, seed: u64, replications: usize) -> Self {
        Self { values: (0..replications as u64).map(|number| of_replication(case, seed, number)).collect() }
    }
}

fn of_replication(case: &Business, seed: u64, number: u64) -> Vec<Values> {
    let mut draws = vec![[0.0; COUNT]; DRAWS];
    for (input, range) in case.ranges.iter().enumerate() {
        let mut stream = Stream::open(seed, number, Purpose::Business, input as u64);
        let mut parts: [usize; DRAWS] = std::array::from_fn(|part| part);
        stream.shuffle(&mut parts);
        for (draw, part) in draws.iter_mut().zip(parts) {
            draw[input] = triangular(range, (part as f64 + stream.uniform()) / DRAWS as f64);
        }
    }
    draws
}

/// The value below which the share `u` of the triangle lies.
pub fn triangular(range: &Range, u: f64) -> f64 {
    let width = range.high - range.low;
    if width <= 0.0 {
        return range.likely;
    }
    let peak = (range.likely - range.low) / width;
    if u < peak {
        range.low + width * (u * peak).sqrt()
    } else {
        range.high - width * ((1.0 - u) * (1.0 - peak)).sqrt()
    }
}

/// Every input at its likely value.
pub fn likely(case: &Business) -> Values {
    std::array::from_fn(|input| case.ranges[input].likely)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::business::tests::case;
    use crate::study::business::Name;

    #[test]
    fn draws_stay_within_their_range_and_have_the_triangle_s_mean() {
        let draws = Draws::new(&case(), 1, 50);
        for (input, range) in case().ranges.iter().enumerate() {
            let all: Vec<f64> = draws.values.iter().flatten().map(|values| values[input]).collect();
            assert!(all.iter().all(|value| (range.low..=range.high).contains(value)), "{input}");
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            let expected = (range.low + range.likely + range.high) / 3.0;
            // Stratified: the error of the mean is far below a hundredth of the width.
            assert!((mean - expected).abs() <= 0.01 * (range.high - range.low), "{input}: {mean} {expected}");
        }
    }

    #[test]
    fn doubling_a_range_doubles_its_draws_and_no_other_s() {
        let mut twice = case();
        let wage = &mut twice.ranges[Name::Wage as usize];
        (wage.low, wage.likely, wage.high) = (2.0 * wage.low, 2.0 * wage.likely, 2.0 * wage.high);
        let (a, b) = (Draws::new(&case(), 7, 3), Draws::new(&twice, 7, 3));
        for (a, b) in a.values.iter().flatten().zip(b.values.iter().flatten()) {
            assert_eq!(b[0], 2.0 * a[0]);
            assert_eq!(b[1..], a[1..]);
        }
        assert_ne!(a.values[0], a.values[1], "every replication has its own");
    }
}
