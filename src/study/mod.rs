//! What a researcher does.

pub mod estimators;
