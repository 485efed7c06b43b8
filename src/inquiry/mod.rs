//! What is asked of many replications, and of a researcher's own data.

#[cfg(feature = "app")]
pub mod analyze;
#[cfg(feature = "app")]
pub mod answers;
pub mod assumptions;
pub mod business;
pub mod compare;
#[cfg(feature = "app")]
pub mod comparison;
#[cfg(feature = "app")]
pub mod dataset;
pub mod diagnosis;
#[cfg(feature = "app")]
pub mod family;
#[cfg(feature = "app")]
pub mod own_data;
pub mod power;
#[cfg(feature = "app")]
pub mod strategies;
#[cfg(feature = "app")]
pub mod strategy_table;
#[cfg(feature = "app")]
pub mod sweep;
#[cfg(feature = "app")]
pub mod table;
