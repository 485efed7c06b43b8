//! A study as it is declared: who is recruited, how arms are assigned, what is done to them, what is measured and
//! what is asked. The vocabulary (model, inquiry, data strategy, answer strategy) follows Blair, Coppock & Humphreys 2023.
//!
//! A [`Study`] is what the scenario reader hands over after every check: it holds no text that still needs reading.

mod design;
mod hypothesis;
mod measurement;
mod people;

pub use self::design::*;
pub use self::hypothesis::*;
pub use self::measurement::*;
pub use self::people::*;
use super::business::Business;
use super::context::{Change, Setting};
use crate::model::parameters::Parameters;

/// One study, complete and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Short name, used for the run directory.
    pub id: String,
    /// Title in words.
    pub title: String,
    /// The question it answers, in one sentence.
    pub question: String,
    /// Where the literature asks it.
    pub source: String,
    /// Index of the hypothesis whose answer is the answer to the question; none where no single one of them is.
    pub answer: Option<usize>,
    /// Questions that a teacher can ask a class about it.
    pub discussion: Vec<String>,
    /// Every parameter of the model, resolved. Arms change copies of it.
    pub parameters: Parameters,
    /// Who is recruited.
    pub population: Population,
    /// How many organizations there are.
    pub organizations: usize,
    /// Groups of organizations that differ from each other, in order; empty where all are founded around one set of values.
    pub settings: Vec<Setting>,
    /// What changes in every organization, and when.
    pub schedule: Vec<Change>,
    /// The form of coaching and its calendar.
    pub program: Program,
    /// How arms are assigned.
    pub design: Design,
    /// The factors of a factorial design; none in another.
    pub factors: Vec<Factor>,
    /// The arms, in the scenario's order.
    pub arms: Vec<Arm>,
    /// What is measured, and when.
    pub measurement: Measurement,
    /// What is asked.
    pub hypotheses: Vec<Hypothesis>,
    /// What it costs and may bring in money, where that is asked.
    pub business: Option<Business>,
    /// How often it is repeated.
    pub monte_carlo: MonteCarlo,
}

/// How often the experiment is repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonteCarlo {
    /// Number of replications.
    pub replications: usize,
    /// The seed of everything.
    pub seed: u64,
}
