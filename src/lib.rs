//! peerlab: a laboratory for field experiments on peer coaching.
//!
//! Dependencies point one way: `cli` → `run`, `export` → `inquiry`, `report`, `figures` → `results`, `monte_carlo` → `scenario` →
//! `study` → `model`. A study is run by [`run::run_study`]. Without the feature `app` there is the model, the study and the scenario alone.

#![deny(unsafe_code)]
#![warn(missing_docs)]

#[cfg(feature = "app")]
pub mod cli;
#[cfg(feature = "app")]
pub mod export;
#[cfg(feature = "app")]
#[allow(clippy::disallowed_methods)] // A pixel is no result: figures may use the platform's maths.
pub mod figures;
#[cfg(feature = "app")]
mod input;
pub mod inquiry;
pub mod model;
#[cfg(feature = "app")]
pub mod monte_carlo;
#[cfg(feature = "app")]
pub mod report;
#[cfg(feature = "app")]
pub mod results;
#[cfg(feature = "app")]
pub mod run;
pub mod scenario;
#[cfg(feature = "app")]
mod shell;
pub mod study;
