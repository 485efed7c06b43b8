//! The truth of a replication: what an experiment would find without error, and what nobody can see.
//!
//! With the same noise, let Y be the observed world, Yᵀ the world in which everyone has the treated arm, and Yᶜ the one in
//! which everyone has the reference arm; T and C are the persons assigned to the two arms at week 0, whatever became of
//! them. On the instrument's scale, free of measurement error:
//!
//! ```text
//! total      = mean over all of (Yᵀ − Yᶜ)              what the program would do if everyone had it
//! spill-over = mean over C of (Y − Yᶜ)                 what reached the observed controls
//! direct     = mean over T of (Y − Yᶜ) − spill-over    what is left of the treated's difference
//! sample     = mean over T of Y − mean over C of Y     the contrast in this very sample
//! ```
//!
//! The estimand of an estimator is the design's own contrast, `E[sample]`. Under random assignment the chance imbalance of
//! Yᶜ between T and C has expectation 0, so `E[sample] = E[direct]`, and `direct` is its replication-wise value without that
//! imbalance: it is what `truth` means in the tables.
//!
//! Where units choose their arm (`allocation = "self-selected"`) there is no such estimand: what the design contrasts is an
//! association, with who chose in it. The truth is then the causal one, `total`, and `sample` stands beside it: the
//! difference is how far the association is from the effect.

use super::declaration::{Allocation, Hypothesis, Score};
use super::plan::{Plan, Question};

/// What was answered, and what is true.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// Arm of each person.
    pub arms: &'a [usize],
    /// Observed scores by wave, scale and person.
    pub observed: &'a [Vec<Vec<f64>>],
    /// True values by world (the observed one first, then one per arm), wave, scale and person.
    pub truths: &'a [&'a [Vec<Vec<f64>>]],
}

/// The true effects of one replication, on the instrument's scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// If everyone had it.
    pub total: f64,
    /// What reached the observed controls.
    pub spill_over: f64,
    /// What is left of the treated's difference.
    pub direct: f64,
    /// The contrast in this very sample.
    pub sample: f64,
    /// What an estimate is held to: `direct` where arms are drawn by lot, `total` where they are chosen.
    pub truth: f64,
}

/// The effects that a hypothesis asks for.
pub fn effect(plan: &Plan, hypothesis: &Hypothesis, question: &Question, answers: &Answers) -> Effect {
    let scale = &plan.scales[question.scale];
    let at = |world: usize, wave: usize| answers.truths[world][wave][question.scale].as_slice();
    let unit = scale.points_per_unit;
    let score = |world: usize, person: usize| {
        let post = at(world, question.wave)[person];
        unit * match hypothesis.score {
            Score::Post => post,
            Score::Change => post - at(world, 0)[person],
        }
    };
    let (treated, reference) = (1 + hypothesis.treated, 1 + hypothesis.reference);
    let mean = |of: &dyn Fn(usize) -> f64, among: &dyn Fn(usize) -> bool| {
        let (mut sum, mut count) = (0.0, 0.0);
        for person in (0..answers.arms.len()).filter(|person| among(*person)) {
            sum += of(person);
            count += 1.0;
        }
        sum / count
    };
    let in_treated = |person: usize| answers.arms[person] == hypothesis.treated;
    let in_reference = |person: usize| answers.arms[person] == hypothesis.reference;
    let over_reference = |person: usize| score(0, person) - score(reference, person);
    let spill_over = mean(&over_reference, &in_reference);
    let total = mean(&|person| score(treated, person) - score(reference, person), &|_| true);
    let direct = mean(&over_reference, &in_treated) - spill_over;
    Effect {
        total,
        spill_over,
        direct,
        truth: if plan.study.design.allocation == Allocation::SelfSelected { total } else { direct },
        sample: mean(&|person| score(0, person), &in_treated) - mean(&|person| score(0, person), &in_reference),
    }
}
