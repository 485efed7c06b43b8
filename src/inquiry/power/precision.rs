//! What the attempts of one size say together of how precise its analysis is.

use super::super::diagnosis::Attempt;
use crate::study::moments::Moments;

/// Moments over the attempts of one size.
#[derive(Clone, Copy, Debug)]
pub struct Precision {
    /// Estimates of the fits that came about.
    pub estimates: Moments,
    /// What is true, where that is known.
    pub truths: Moments,
    /// Root mean square of the standard errors; NaN where the analysis gives none.
    pub standard_error: f64,
    /// Median degrees of freedom; NaN where the analysis gives none.
    pub degrees_of_freedom: f64,
}

impl Precision {
    /// Of these attempts, in their order.
    pub fn of(attempts: &[Attempt]) -> Self {
        let (mut estimates, mut truths, mut squares) = (Moments::default(), Moments::default(), Moments::default());
        let mut freedom = Vec::new();
        for attempt in attempts {
            if !attempt.truth.is_nan() {
                truths.push(attempt.truth);
            }
            if let Some(result) = attempt.result {
                estimates.push(result.estimate);
                squares.push(result.standard_error * result.standard_error);
                freedom.extend(Some(result.degrees_of_freedom).filter(|df| !df.is_nan()));
            }
        }
        freedom.sort_by(f64::total_cmp);
        Self {
            estimates,
            truths,
            standard_error: squares.mean().sqrt(),
            degrees_of_freedom: freedom.get(freedom.len() / 2).copied().unwrap_or(f64::NAN),
        }
    }
}
