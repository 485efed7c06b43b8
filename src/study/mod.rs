//! What a researcher does: population, design, instruments, estimands and answers.

pub mod declaration;
pub mod estimators;
pub mod treatment;
