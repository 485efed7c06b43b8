//! What is assigned to whom, and how.

use super::people::{Composition, Program, Screening};
use crate::model::parameters::Parameters;
use crate::study::context::{Change, Values};

/// What is assigned to arms as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Each person for itself; partners may be in different arms.
    Person,
    /// Both members of a dyad together.
    Dyad,
    /// Everyone in an organization together.
    Organization,
}

impl Unit {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Unit)] =
        &[("person", Unit::Person), ("dyad", Unit::Dyad), ("organization", Unit::Organization)];
}

/// How units are allotted to arms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// Each unit by an independent draw.
    Simple,
    /// Fixed numbers per arm, by lot.
    Complete,
    /// Fixed numbers per arm within each organization; within each setting, where organizations are assigned.
    Blocked,
    /// Nobody assigns: units choose, by who they are (see [`Selection`]).
    SelfSelected,
    /// Nobody is assigned: a survey. Everyone is in the control arm.
    None,
}

impl Allocation {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Allocation)] = &[
        ("simple", Allocation::Simple),
        ("complete", Allocation::Complete),
        ("blocked", Allocation::Blocked),
        ("self-selected", Allocation::SelfSelected),
        ("none", Allocation::None),
    ];
}

/// How arms are assigned. Cluster randomization is `unit` dyad or organization.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// What is assigned as one.
    pub unit: Unit,
    /// How.
    pub allocation: Allocation,
    /// What is measured of everyone before, if anything.
    pub screening: Option<Screening>,
    /// Who chooses what, where units choose.
    pub selection: Selection,
}

/// What draws people to the arms that are not the control, in log odds per SD of the reference population. It is read where
/// the allocation is self-selected, and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    /// Multiplies all of them; 0 is by lot.
    pub strength: f64,
    /// Lack of expertise.
    pub need: f64,
    /// Relational schema: proactive help-seeking.
    pub schema: f64,
    /// Motivation to learn and to help.
    pub motivation: f64,
    /// Seeing the own career as own responsibility.
    pub self_direction: f64,
    /// Early to late career.
    pub career_stage: f64,
}

impl Default for Selection {
    fn default() -> Self {
        Self { strength: 1.0, need: 0.0, schema: 0.0, motivation: 0.0, self_direction: 0.0, career_stage: 0.0 }
    }
}

/// A factor of a factorial design: something that is at a low or a high level in each arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Short name, as hypotheses use it.
    pub id: String,
    /// Name in words.
    pub name: String,
}

/// One arm: what its members receive, beside what everyone has.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its name, as the tables and figures show it.
    pub name: String,
    /// Whether it is the reference arm (exactly one is).
    pub control: bool,
    /// Share of units assigned to it; shares sum to 1. An arm of share 0 has no members: only its world is run.
    pub share: f64,
    /// Whether each of the study's factors is at its high level; empty without factors.
    pub levels: Vec<bool>,
    /// What is done to its members at the start.
    pub treatments: Vec<Treatment>,
    /// The program its members have (an arm may have none).
    pub program: Program,
    /// Who is eligible, by the screening; all, in equal parts of both halves, where nothing is said.
    pub pairs: Option<Composition>,
    /// What this arm sets of an organization, its values and its risk factors, over the study's and the setting's; only if organizations are assigned.
    pub organization: Values,
    /// What changes in this arm's organizations, and when; only if organizations are assigned.
    pub schedule: Vec<Change>,
    /// The model's parameters for its members: `program.*` may differ by arm, and what `organization` says.
    pub parameters: Parameters,
}

/// Something done to a person before the program starts: it moves states and nothing else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Treatment {
    /// Which, the id of one of [`CATALOGUE`](crate::study::treatment::CATALOGUE).
    pub id: &'static str,
    /// How much, in SD of the state it is named after.
    pub dose: f64,
    /// Share of an unpracticed gain that is lost per week.
    pub decay: f64,
}
