//! Whether power changes along the range at all.
//!
//! The straight line through all sizes, each weighted by its replications, on the scale of [`Span::place`]:
//!
//! ```text
//! b = Σ n_s (t_s − t̄) p_s / Σ n_s (t_s − t̄)²         change = b (t_last − t_first)
//! ```
//!
//! with t̄ the weighted mean of the places. Its variance is the sandwich with the replication's number as cluster, as that of the curve
//! is, since all sizes share their replications (Liang & Zeger 1986, Biometrika 73, 13-22). Residuals are taken from each size's own
//! share, with Jeffreys' half a find and half a miss, so that a bend of the curve does not count as noise and no share claims to be certain.

use serde::{Deserialize, Serialize};

use super::curve::{Curve, Point};
use super::range::Span;
use super::tally::{Shared, Station};

/// How power goes along the range.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trend {
    /// Change of power from the first size to the last, by the straight line.
    pub change: f64,
    /// Lower end of its interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Share of all replications at all sizes that has found it.
    pub level: f64,
    /// Lower end of its interval.
    pub level_low: f64,
    /// Upper end.
    pub level_high: f64,
    /// Whether one and the same power lies within the curve's band (of 99.5 % at each place) all along the range.
    pub level_fits: bool,
}

/// A change of power from end to end that must be ruled out before a curve is called flat.
const NOTABLE: f64 = 0.2;
/// Sizes at which the same replications have found it differ by less.
const ROUNDING: f64 = 1e-9;

impl Trend {
    /// The trend through the sizes, `z` normal standard errors to either side; `band` is the curve at places all along the range.
    pub fn new(span: Span, stations: &[Station], band: &[Point], z: f64) -> Self {
        let count = |station: &Station| station.count() as f64;
        let total: f64 = stations.iter().map(count).sum();
        let places: Vec<f64> = stations.iter().map(|station| span.place(station.value)).collect();
        let mean = places.iter().zip(stations).map(|(place, one)| place * count(one)).sum::<f64>() / total;
        let spread: f64 = places.iter().zip(stations).map(|(t, one)| count(one) * (t - mean) * (t - mean)).sum();
        let share = |one: &Station| (one.yes() as f64 + 0.5) / (count(one) + 1.0);
        let length = span.place(span.high) - span.place(span.low);
        let lever = |index: usize| length * (places[index] - mean) / spread;
        let level = stations.iter().map(|one| one.yes() as f64).sum::<f64>() / total;
        let (mut change, mut variance, mut level_variance) = (0.0, 0.0, 0.0);
        for (i, one) in stations.iter().enumerate() {
            change += lever(i) * count(one) * one.power();
            for (j, other) in stations[..=i].iter().enumerate() {
                let both = if i == j { 1.0 } else { 2.0 };
                let shared = Shared::of(one, other);
                variance += both * lever(i) * lever(j) * shared.products(share(one), share(other));
                level_variance += both * shared.products(share(one), share(other)) / (total * total);
            }
        }
        let half = z * variance.max(0.0).sqrt();
        let level_half = z * level_variance.max(0.0).sqrt();
        let highest_low = band.iter().fold(0.0_f64, |most, point| most.max(point.low));
        let lowest_high = band.iter().fold(1.0_f64, |least, point| least.min(point.high));
        Self {
            change,
            low: change - half,
            high: change + half,
            level,
            level_low: (level - level_half).max(0.0),
            level_high: (level + level_half).min(1.0),
            level_fits: highest_low <= lowest_high,
        }
    }

    /// The trend of a curve, looked at all along the range.
    pub fn of(curve: &Curve, span: Span, stations: &[Station], z: f64) -> Self {
        const LOOKS: usize = 100;
        // The band holds at each place with its confidence; that it holds everywhere at once, at some ten places that have data of their own,
        // takes a tenth of the doubt (Bonferroni).
        let wide = curve.with_confidence(0.995);
        let band: Vec<Point> = span.grid(LOOKS).into_iter().map(|value| wide.at(value)).collect();
        Self::new(span, stations, &band, z)
    }

    /// Whether power is flat as far as the replications can tell: no change is as likely as a rise or a fall, a notable change is
    /// ruled out, and the curve has no hump either.
    pub fn flat(&self) -> bool {
        !self.rises() && !self.falls() && !self.notable() && self.level_fits
    }

    /// Whether a notable change cannot be ruled out.
    pub fn notable(&self) -> bool {
        self.low <= -NOTABLE || self.high >= NOTABLE
    }

    /// Whether power certainly rises along the range.
    pub fn rises(&self) -> bool {
        self.low > ROUNDING
    }

    /// Whether power certainly falls along the range.
    pub fn falls(&self) -> bool {
        self.high < -ROUNDING
    }

    /// In words: `0.12 [0.10, 0.14] throughout; from end to end it changes by -0.02 [-0.05, +0.01]`.
    pub fn said(&self) -> String {
        let Self { change, low, high, level, level_low, level_high, .. } = *self;
        format!(
            "{level:.2} [{level_low:.2}, {level_high:.2}] throughout; from end to end it changes by {change:+.2} [{low:+.2}, {high:+.2}]"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::tally::Found;
    use super::*;

    fn flags(size: usize, of: impl Fn(usize) -> bool) -> Vec<Found> {
        (0..size).map(|number| if of(number) { Found::Yes } else { Found::No }).collect()
    }

    fn band(low: f64, high: f64) -> [Point; 2] {
        [0.0, 1.0].map(|value| Point { value, power: 0.5, low, high })
    }

    #[test]
    fn two_sizes_give_the_difference_of_shares_and_its_paired_error() {
        // 30 of 100 and 50 of 100, of which 20 the same replications. Their difference has the variance of paired shares (McNemar's,
        // without the half a find): Σ(x − y − d)²/n² with x − y = 1 for 10, −1 for 30, 0 for 60, and d = −.2.
        let span = Span::new(0.0, 1.0, false);
        let one = Station { value: 0.0, found: flags(100, |k| k < 30) };
        let other = Station { value: 1.0, found: flags(100, |k| (10..60).contains(&k)) };
        let trend = Trend::new(span, &[one, other], &band(0.2, 0.6), 1.0);
        assert!((trend.change - 0.2).abs() < 1e-12 && (trend.level - 0.4).abs() < 1e-12, "{trend:?}");
        let paired: f64 = (10.0 * 1.2 * 1.2 + 30.0 * 0.8 * 0.8 + 60.0 * 0.2 * 0.2) / 10_000.0;
        assert!(((trend.high - trend.low) / 2.0 / paired.sqrt() - 1.0).abs() < 0.001, "{trend:?} {}", paired.sqrt());
    }

    #[test]
    fn a_hump_is_not_flat() {
        let span = Span::new(0.0, 1.0, false);
        let station = |value: f64, share: usize| Station { value, found: flags(1000, |k| (k * 7) % 10 < share) };
        let stations = [station(0.0, 5), station(0.5, 9), station(1.0, 5)];
        let of = |band: &[Point]| Trend::new(span, &stations, band, 1.96);
        assert!(of(&band(0.4, 0.6)).flat());
        let humped =
            [(0.4, 0.6), (0.85, 0.95), (0.4, 0.6)].map(|(low, high)| Point { value: 0.0, power: 0.5, low, high });
        let trend = of(&humped);
        assert!(!trend.flat() && !trend.rises() && !trend.falls(), "{trend:?}");
    }
}
