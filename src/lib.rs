#[cfg(feature = "app")]
pub mod results;
