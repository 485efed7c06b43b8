//! peerlab: a laboratory for field experiments on peer coaching.

#[cfg(feature = "app")]
pub mod cli;
pub mod model;
pub mod scenario;
pub mod study;
