//! What is asked of many replications.

pub mod diagnosis;
mod moments;
