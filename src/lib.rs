#[cfg(feature = "app")]
pub mod figures;
