//! The middle 95 % of the estimates, however many there are.

use super::order::Ranked;
use crate::study::moments::{interpolate, quantile, ranks};

/// From where to where it reaches.
const SHARES: [f64; 2] = [0.025, 0.975];

/// What is known of the middle.
pub(super) enum Middle {
    /// All of it.
    Known(f64, f64),
    /// Of so many estimates, those between which either end lies are sought.
    Sought(u64, Box<[[Ranked; 2]; 2]>),
}

impl Middle {
    /// Of so many estimates, of which some are at hand, or all.
    pub fn of(count: u64, estimates: impl Iterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = estimates.collect();
        sorted.sort_by(f64::total_cmp);
        if count == sorted.len() as u64 {
            return Middle::Known(quantile(&sorted, SHARES[0]), quantile(&sorted, SHARES[1]));
        }
        let ranked = SHARES.map(|share| ranks(count, share).map(|rank| Ranked::new(rank, count, &sorted)));
        Middle::Sought(count, Box::new(ranked))
    }

    /// Whether all estimates are to come once more.
    pub fn open(&self) -> bool {
        matches!(self, Middle::Sought(_, ranked) if ranked.iter().flatten().any(|one| one.value().is_none()))
    }

    /// Takes an estimate; NaN of a failed fit is none.
    pub fn push(&mut self, estimate: f64) {
        if let Middle::Sought(_, ranked) = self
            && !estimate.is_nan()
        {
            ranked.iter_mut().flatten().for_each(|one| one.push(estimate));
        }
    }

    /// Once all have come.
    pub fn narrow(&mut self) {
        if let Middle::Sought(_, ranked) = self {
            ranked.iter_mut().flatten().for_each(Ranked::narrow);
        }
    }

    /// Both ends; NaN of none.
    pub fn value(&self) -> (f64, f64) {
        match self {
            Middle::Known(low, high) => (*low, *high),
            Middle::Sought(count, ranked) => {
                let end = |at: usize| {
                    let [below, above] = [0, 1].map(|side| ranked[at][side].value().unwrap_or(f64::NAN));
                    interpolate(*count, SHARES[at], below, above)
                };
                (end(0), end(1))
            }
        }
    }
}
