//! What a researcher does: population, design, instruments, estimands and answers.
//!
//! [`declaration`] says what a study is, [`context`] where it takes place; [`plan`] prepares it; [`experiment`] runs one replication of it: people are
//! recruited ([`recruitment`]), paired ([`matching`]) and assigned ([`assignment`]); something is done to them ([`treatment`]) and they are
//! asked ([`instrument`]) and followed ([`observation`]); the answers are analyzed ([`analysis`], [`estimators`]) and held against the truth ([`estimand`]).

pub mod analysis;
pub mod assignment;
pub mod association;
pub mod assumed;
pub mod attribute;
pub mod business;
pub mod context;
pub mod declaration;
pub mod design_matrix;
pub mod effect_size;
pub mod estimand;
pub mod estimators;
pub mod experiment;
pub mod factorial;
pub mod growth;
pub mod instrument;
pub mod log_odds;
mod lot;
pub mod matching;
pub(crate) mod moments;
pub mod naming;
pub mod observation;
pub mod observer;
pub mod plan;
pub mod recruitment;
pub mod reliability;
pub mod selection;
pub mod stepped_wedge;
pub mod treatment;
