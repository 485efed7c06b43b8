//! Running means, variances and covariances: constant memory, no cancellation; and quantiles of what is kept.
//!
//! Source: Welford (1962), Technometrics 4, 419-420; Chan, Golub & LeVeque (1983), The American Statistician 37, 242-247.

use serde::{Deserialize, Serialize};

/// The mean of a stream of values by their plain sum, in the order in which they come.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    pub fn push(&mut self, value: f64) {
        self.sum += value;
        self.count += 1.0;
    }

    /// NaN of nothing.
    pub fn value(self) -> f64 {
        self.sum / self.count
    }
}

/// Mean and variance of a stream of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "(u64, f64, f64)", into = "(u64, f64, f64)")]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

/// Count, mean and sum of squares about the mean: what goes on from them is what it would have been, to the bit.
impl From<Moments> for (u64, f64, f64) {
    fn from(moments: Moments) -> Self {
        (moments.count, moments.mean, moments.squares)
    }
}

impl From<(u64, f64, f64)> for Moments {
    fn from((count, mean, squares): (u64, f64, f64)) -> Self {
        Self { count, mean, squares }
    }
}

impl Moments {
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// NaN when nothing came.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { f64::NAN } else { self.mean }
    }

    /// With n - 1; NaN for fewer than two values.
    pub fn variance(&self) -> f64 {
        if self.count < 2 { f64::NAN } else { self.squares / (self.count as f64 - 1.0) }
    }

    /// √(variance / n), the standard error of the mean; NaN for fewer than two values.
    pub fn mean_error(&self) -> f64 {
        (self.variance() / self.count as f64).sqrt()
    }
}

/// Means, variances and the covariance of a stream of pairs.
#[derive(Clone, Copy, Debug, Default)]
pub struct PairMoments {
    pub first: Moments,
    pub second: Moments,
    products: f64,
}

impl PairMoments {
    pub fn push(&mut self, first: f64, second: f64) {
        let before = first - self.first.mean;
        self.first.push(first);
        self.second.push(second);
        self.products += before * (second - self.second.mean);
    }

    /// With n - 1; NaN for fewer than two pairs.
    pub fn covariance(&self) -> f64 {
        if self.first.count < 2 { f64::NAN } else { self.products / (self.first.count as f64 - 1.0) }
    }
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default)]
pub struct Share {
    yes: u64,
    all: u64,
}

impl Share {
    pub fn push(&mut self, yes: bool) {
        self.yes += u64::from(yes);
        self.all += 1;
    }

    /// NaN of nothing.
    pub fn value(&self) -> f64 {
        if self.all == 0 { f64::NAN } else { self.yes as f64 / self.all as f64 }
    }

    /// √(s (1 - s) / n); NaN of nothing.
    pub fn error(&self) -> f64 {
        let share = self.value();
        (share * (1.0 - share) / self.all as f64).sqrt()
    }
}

/// Linear interpolation between order statistics (type 7 of Hyndman & Fan 1996); NaN of nothing.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let count = sorted.len() as u64;
    let [below, above] = ranks(count, share);
    interpolate(count, share, sorted[below as usize], sorted[above as usize])
}

/// The ranks, from 0, of the two order statistics between which a quantile of `count` values lies; `count` is at least 1.
pub fn ranks(count: u64, share: f64) -> [u64; 2] {
    let last = count.saturating_sub(1);
    let below = (share * last as f64).floor() as u64;
    [below, (below + 1).min(last)]
}

/// The quantile between the values of [`ranks`].
pub fn interpolate(count: u64, share: f64, below: f64, above: f64) -> f64 {
    let at = share * count.saturating_sub(1) as f64;
    below + (at - at.floor()) * (above - below)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_textbook() {
        let mut pairs = PairMoments::default();
        for (a, b) in [(1.0, 2.0), (2.0, 1.0), (6.0, 6.0)] {
            pairs.push(a, b);
        }
        assert_eq!((pairs.first.mean(), pairs.second.mean()), (3.0, 3.0));
        assert!((pairs.first.variance() - 7.0).abs() < 1e-14);
        assert!((pairs.first.mean_error() - (7.0_f64 / 3.0).sqrt()).abs() < 1e-14);
        // (-2)(-1) + (-1)(-2) + 3·3 = 13
        assert!((pairs.covariance() - 6.5).abs() < 1e-14);
    }

    #[test]
    fn a_large_offset_costs_nothing() {
        let mut moments = Moments::default();
        for value in [1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0] {
            moments.push(value);
        }
        assert!((moments.variance() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn too_little_is_not_a_number() {
        let mut moments = Moments::default();
        assert!(moments.mean().is_nan());
        moments.push(2.0);
        assert_eq!(moments.mean(), 2.0);
        assert!(moments.variance().is_nan() && moments.mean_error().is_nan());
        assert!(Share::default().value().is_nan() && Share::default().error().is_nan());
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.5), 3.0);
        assert_eq!(quantile(&[0.0, 10.0], 0.25), 2.5);
        assert!(quantile(&[], 0.5).is_nan());
    }
}
