//! peerlab: a laboratory for field experiments on peer coaching.

pub mod model;
pub mod scenario;
pub mod study;
