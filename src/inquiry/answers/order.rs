//! Order statistics of more values than are kept: the values come several times, and each time the interval that holds the value of a
//! rank is cut into pieces, of which one is looked at further. Memory is constant; the result is the value itself, as if all had been
//! sorted.
//!
//! Where some of the values are kept, they say where to cut first; then two readings do for tens of millions of values. Intervals are of the
//! order of the bits (`f64::total_cmp`), so that infinite and equal values need no care, and whatever the values are, the eighth reading ends it.

use std::ops::RangeInclusive;

/// Pieces that an interval is cut into, at most.
const PIECES: usize = 1024;
/// Values that are few enough to be sorted.
const FEW: u64 = 4096;

/// One rank among values that come again and again.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// How many of the values in the interval stand before the one that is sought.
    before: u64,
    /// The keys among which it is.
    interval: RangeInclusive<u64>,
    look: Look,
}

/// What is done with the values in the interval.
#[derive(Clone, Debug)]
enum Look {
    /// They are counted, in pieces that end before each of these keys.
    Count { cuts: Vec<u64>, counts: Vec<u64> },
    /// They are few, and kept.
    Keep(Vec<u64>),
    /// The value is known.
    Found(f64),
}

impl Ranked {
    /// The value with this rank, from 0, among `count` values of which none is NaN; `some` are any of them, in order.
    pub fn new(rank: u64, count: u64, some: &[f64]) -> Self {
        let at = (rank as f64 / count as f64 * some.len() as f64) as usize;
        let near = at.saturating_sub(PIECES / 2)..(at + PIECES / 2).min(some.len());
        let mut cuts: Vec<u64> = some[near].iter().map(|value| key(*value)).collect();
        cuts.dedup();
        Self { before: rank, interval: 0..=u64::MAX, look: Look::counting(cuts) }
    }

    /// The value, once it is known.
    pub fn value(&self) -> Option<f64> {
        match self.look {
            Look::Found(value) => Some(value),
            _ => None,
        }
    }

    /// Takes a value; each is to come once before [`Self::narrow`].
    pub fn push(&mut self, value: f64) {
        let key = key(value);
        if !self.interval.contains(&key) {
            return;
        }
        match &mut self.look {
            Look::Count { cuts, counts } => counts[cuts.partition_point(|cut| *cut <= key)] += 1,
            Look::Keep(keys) => keys.push(key),
            Look::Found(_) => {}
        }
    }

    /// Once all have come: they are to come again, unless the value is known.
    pub fn narrow(&mut self) {
        match &mut self.look {
            Look::Found(_) => {}
            Look::Keep(keys) => {
                keys.sort_unstable();
                // What came differs from what was counted only if the table was changed between: then nothing is known.
                let found = keys.get(self.before as usize).map_or(f64::NAN, |key| of_key(*key));
                self.look = Look::Found(found);
            }
            Look::Count { cuts, counts } => {
                let mut piece = 0;
                while piece + 1 < counts.len() && self.before >= counts[piece] {
                    self.before -= counts[piece];
                    piece += 1;
                }
                let (low, high) = (*self.interval.start(), *self.interval.end());
                let from = if piece == 0 { low } else { cuts[piece - 1] };
                let until = cuts.get(piece).map_or(high, |cut| cut - 1);
                self.look = match counts[piece] {
                    _ if from == until => Look::Found(of_key(from)),
                    count if count <= FEW => Look::Keep(Vec::new()),
                    _ => {
                        let width = ((until - from) / PIECES as u64).max(1);
                        let cuts = (1..PIECES as u64).map_while(|at| from.checked_add(at * width));
                        Look::counting(cuts.take_while(|cut| *cut <= until).collect())
                    }
                };
                self.interval = from..=until;
            }
        }
    }
}

impl Look {
    fn counting(cuts: Vec<u64>) -> Self {
        Look::Count { counts: vec![0; cuts.len() + 1], cuts }
    }
}

/// A whole number for each number, in the same order: of negative ones all bits are turned, of others the sign's.
fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn of_key(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::streams::{Purpose, Stream};

    fn found(values: &[f64], rank: u64, some: &[f64]) -> (f64, usize) {
        let mut ranked = Ranked::new(rank, values.len() as u64, some);
        let mut times = 0;
        while ranked.value().is_none() {
            values.iter().for_each(|value| ranked.push(*value));
            ranked.narrow();
            times += 1;
        }
        (ranked.value().unwrap(), times)
    }

    fn sorted(values: &[f64]) -> Vec<f64> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// Whatever of the values says where to cut: the first, as in a run, none, and some that are far off.
    #[test]
    fn every_rank_is_that_of_sorting_to_the_bit() {
        let mut stream = Stream::open(1, 0, Purpose::Answer, 0);
        let mut values: Vec<f64> = (0..10_000).flat_map(|_| <[f64; 2]>::from(stream.normals())).collect();
        values.extend([0.0, -0.0, 0.0, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 5e-324, -5e-324]);
        values.extend([0.25; 7000]);
        let all = sorted(&values);
        let count = all.len();
        let somes = [sorted(&values[..5000]), Vec::new(), vec![-1e9, 1e9], vec![0.25; 9]];
        for rank in (0..count).step_by(211).chain([0, 1, count / 40, count - 2, count - 1]) {
            for some in &somes {
                let (value, times) = found(&values, rank as u64, some);
                assert_eq!(value.to_bits(), all[rank].to_bits(), "rank {rank}");
                assert!(times <= 8, "{times}");
            }
        }
        let (_, times) = found(&values, count as u64 / 40, &somes[0]);
        assert_eq!(times, 2, "a sample says where to look");
    }

    #[test]
    fn of_one_value_it_is_that() {
        assert_eq!(found(&[-3.5], 0, &[-3.5]).0, -3.5);
        assert_eq!(found(&[7.0; 9000], 8999, &[]).0, 7.0);
    }
}
