//! peerlab: a laboratory for field experiments on peer coaching.

pub mod inquiry;
pub mod model;
pub mod study;
