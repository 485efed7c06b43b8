//! The theory: three nested levels and the arrows between them (Parker, Kram & Hall 2012, Figure 1).

pub mod couplings;
pub mod mechanisms;
pub mod organization;
pub mod outcomes;
pub mod parameters;
pub mod person;
pub mod program;
pub mod risk;
pub mod society;
