//! What is asked of many replications.

#[cfg(feature = "app")]
pub mod answers;
pub mod diagnosis;
#[cfg(feature = "app")]
pub mod table;
