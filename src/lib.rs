//! peerlab: a laboratory for field experiments on peer coaching.

#[cfg(feature = "app")]
pub mod cli;
#[cfg(feature = "app")]
pub mod figures;
pub mod inquiry;
pub mod model;
#[cfg(feature = "app")]
pub mod monte_carlo;
#[cfg(feature = "app")]
pub mod report;
#[cfg(feature = "app")]
pub mod results;
pub mod scenario;
pub mod study;
