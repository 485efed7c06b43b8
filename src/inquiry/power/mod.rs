//! How large a study must be: power along a key of its scenario.

mod range;

pub use range::{Over, Span};
