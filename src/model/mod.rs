//! The theory: three nested levels, and the arrows between them.
//!
//! ```text
//!   Figure 1 (Parker, Kram & Hall 2012)                        where it is
//!   ┌ society ─────────────────────────────────────────┐       society
//!   │  ┌ organization (macrosystem) ───────────────┐   │       organization, climate, exit
//!   │  │  ┌ dyad (microsystem) ────────────────┐   │   │       dyad, formation, engagement, episode, trust,
//!   │  │  │                                    │   │   │       connection, dependence, breach, ending, steps
//!   │  │  │   person ◄── practice, harm ──┐    │   │   │       person, birth, intent, learning, affect,
//!   │  │  │   (ontogenic)                 │    │   │   │       practice
//!   │  │  │     └── skill, schema, … ──► turn  │   │   │       couplings: every arrow has a gain
//!   │  │  │                                    │   │   │
//!   │  │  └──────▲──────────────┬──────────────┘   │   │       risk: the sixteen factors of Table 1
//!   │  │   climate, matching   episodes, exit      │   │       program: what a program does
//!   │  └───────────────────────────────────────────┘   │       remedy: visibility and remedy
//!   └──────────────────────────────────────────────────┘       mechanisms: switches
//! ```
//!
//! [`week`] is the schedule; [`world`] holds the state; [`parameters`] the registry. The model knows no file, thread,
//! clock, arm or study: a treatment moves states, and only the mechanisms move outcomes.

pub mod affect;
pub mod assessment;
pub mod birth;
pub mod breach;
pub mod circle;
pub mod climate;
pub mod colleagues;
pub mod connection;
pub mod couplings;
pub mod dependence;
pub mod dyad;
pub mod ending;
pub mod engagement;
pub mod episode;
pub mod exit;
pub mod facilitation;
pub mod formation;
mod founding;
mod imposing;
pub mod intent;
pub mod lanes;
pub mod learning;
pub mod likeness;
pub mod maths;
pub mod mechanisms;
pub mod network;
pub mod noise;
pub mod organization;
pub mod outcomes;
pub mod parameters;
pub mod person;
pub mod practice;
pub mod program;
pub mod remedy;
pub mod risk;
pub mod seating;
pub mod society;
pub mod steps;
pub mod streams;
pub mod team;
pub mod ties;
pub mod trust;
pub mod week;
pub mod world;
