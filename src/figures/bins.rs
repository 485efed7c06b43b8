//! Counting estimates for a histogram, and drawing its bars.

use super::axis::{self, Scale};
use super::distribution::Estimate;
use super::scene::Scene;
use super::theme::{self, count};

/// The values in order.
pub fn sorted(estimates: &[Estimate]) -> Vec<f64> {
    let mut values: Vec<f64> = estimates.iter().map(|e| e.value).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// A quantile of values in order, of which there is at least one.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    values[((values.len() - 1) as f64 * share).round() as usize]
}

/// Counts of significant and of all estimates in each bin.
pub struct Bins {
    /// Where the first bin starts.
    pub low: f64,
    /// Width of each.
    pub width: f64,
    /// Significant and all.
    pub counts: Vec<(usize, usize)>,
}

impl Bins {
    /// Width of a bin by the rule of Freedman and Diaconis, rounded up; 8 to 60 bins over the estimates.
    pub fn width(estimates: &[Estimate], range: (f64, f64)) -> f64 {
        let values = sorted(estimates);
        let (spread, span) = match (values.first(), values.last()) {
            (Some(low), Some(high)) => (quantile(&values, 0.75) - quantile(&values, 0.25), high - low),
            _ => (0.0, 0.0),
        };
        let (whole, span) = (range.1 - range.0, span.min(range.1 - range.0));
        let wanted = 2.0 * spread / (values.len().max(1) as f64).cbrt();
        let width = wanted.clamp(span / 60.0, span / 8.0).max(whole / 120.0);
        let power = 10_f64.powf(width.log10().floor());
        let mut round = [1.0, 2.0, 2.5, 5.0, 10.0].map(|step| step * power).into_iter();
        round.find(|step| *step >= width * 0.999).unwrap_or(whole / 40.0)
    }

    /// Counts the estimates within the range.
    pub fn new(estimates: &[Estimate], range: (f64, f64), width: f64) -> Self {
        let low = (range.0 / width).floor() * width;
        let bins = ((range.1 - low) / width).ceil().clamp(1.0, 400.0) as usize;
        let mut counts = vec![(0, 0); bins];
        for estimate in estimates.iter().filter(|e| range.0 <= e.value && e.value <= range.1) {
            // A value on an edge belongs above it, whatever the rounding of the quotient.
            let bin = (((estimate.value - low) / width + 1e-9) as usize).min(bins - 1);
            counts[bin].0 += usize::from(estimate.significant);
            counts[bin].1 += 1;
        }
        Bins { low, width, counts }
    }

    /// Most estimates in a bin.
    pub fn highest(&self) -> usize {
        self.counts.iter().map(|bin| bin.1).max().unwrap_or(0)
    }
}

/// Ticks for counts: whole numbers only.
pub fn whole_ticks(bins: &Bins) -> Vec<axis::Tick> {
    let mut ticks = axis::ticks((0.0, top(bins)), 5);
    ticks.retain(|tick| (tick.value - tick.value.round()).abs() < 1e-6);
    for tick in &mut ticks {
        tick.label = count(tick.value.round() as usize);
    }
    ticks
}

/// Upper end of the axis of counts.
pub fn top(bins: &Bins) -> f64 {
    (bins.highest() as f64 * 1.08).max(1.0)
}

/// Draws the bars: significant estimates below, the others on top of them.
pub fn bars(scene: &mut Scene, bins: &Bins, across: Scale, up: Scale) {
    for (index, (strong, all)) in bins.counts.iter().enumerate().filter(|bin| bin.1.1 > 0) {
        let left = across.at(bins.low + index as f64 * bins.width);
        let right = across.at(bins.low + (index + 1) as f64 * bins.width);
        let gap = ((right - left) * 0.06).min(0.4);
        let (left, right) = (left + gap, (right - gap).max(left + gap + 0.3));
        let (middle, end) = (up.at(*strong as f64), up.at(*all as f64));
        if *strong > 0 {
            scene.rectangle((left, up.at(0.0)), (right, middle), theme::STRONG);
        }
        if all > strong {
            scene.pale((left, middle), (right, end));
        }
    }
}
