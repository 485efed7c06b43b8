//! How large a study must be: power along a key of its scenario.
//!
//! `range` (the values of the key) → `search` (where the next replications go) → `curve` (power at every size, with its band)
//! → `answer` (where it crosses the target); `detectable` turns it round: the effect that a given size detects.
//!
//! **Power** is the share of experiments that find what the hypothesis expects: p < alpha, two-sided, with the estimate on the
//! expected side. An experiment that cannot be analyzed has found nothing. That is not how [`super::diagnosis`] counts: it
//! judges an estimator by the fits that came about, and a failed fit is never taken for 'not significant'. Who plans a study
//! wants the probability that it will work, and has to know how many fits failed: they are counted beside it.

mod answer;
#[cfg(feature = "app")]
pub mod assumed;
mod curve;
mod detectable;
mod even;
#[cfg(feature = "app")]
pub mod experiments;
mod precision;
mod range;
mod search;
#[cfg(feature = "app")]
pub mod table;
mod tally;
mod trend;

pub use answer::Answer;
pub use curve::{Curve, Point, critical, normal_quantile};
pub use detectable::{Detectable, detectable, noncentrality};
pub use even::even_from;
pub use precision::Precision;
pub use range::{Over, Span};
pub use search::{Goal, Searched, search};
pub use tally::{Found, Shared, Station, wilson};
pub use trend::Trend;

#[cfg(test)]
mod tests;
