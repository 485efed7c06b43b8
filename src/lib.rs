//! peerlab: a laboratory for field experiments on peer coaching.

pub mod inquiry;
pub mod model;
#[cfg(feature = "app")]
pub mod results;
pub mod study;
