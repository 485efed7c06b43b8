//! What is asked of many replications.

#[cfg(feature = "app")]
pub mod answers;
pub mod assumptions;
#[cfg(feature = "app")]
pub mod dataset;
pub mod diagnosis;
pub mod power;
#[cfg(feature = "app")]
pub mod table;
