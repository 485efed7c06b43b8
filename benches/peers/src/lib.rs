//! What the three Rust peers have in common: the model in scalars, and one command line.

pub mod command;
pub mod model;
