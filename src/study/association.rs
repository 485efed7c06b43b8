//! The truth behind an association, and what lies between the two.
//!
//! Nobody was assigned anything: what moves together may do so for many reasons. The causal slope comes from a world in
//! which an arm without members moves the predictor X of *everyone*; with Yᵃ, Xᵃ that world and Yᶜ, Xᶜ the reference world,
//! on the instruments' scales and free of error,
//!
//! ```text
//! causal = mean(Yᵃ − Yᶜ) / mean(Xᵃ − Xᶜ)
//! ```
//!
//! Part of it comes through other people: a partner who is moved as well, a climate that everyone makes. In a further world
//! only one member of each dyad is moved, and with the means over the moved alone
//!
//! ```text
//! own = mean(Yʰ − Yᶜ) / mean(Xʰ − Xᶜ)
//! ```
//!
//! A week-0 predictor is taken right after it has been moved. From the causal slope to the one that a researcher finds lead
//! five steps, each the difference of two coefficients of the same regression:
//!
//! ```text
//! own − causal          what comes through others: persons beside each other do not show it
//! sample − own          confounding, reverse causation, a line drawn through a curve: true values of everyone
//! answered − sample     selection: true values of those who answered
//! unshared − answered   random error of measurement, of predictor, covariates and outcome
//! estimate − unshared   what all scales of a rater share: own bias, and the wish to look good
//! ```
//!
//! Of an actor effect the causal slope is `own`, of a partner effect `causal − own`: all that comes through others, of whom
//! the partner is one.
//!
//! Of a correlation, the causal slopes are put in SD of the true scores of everyone in this sample, as the correlation is.
//! Without an arm that moves the predictor there is no causal truth to tell: truth is then the association itself, free of
//! error.

use super::declaration::{Association, Hypothesis};
use super::design_matrix::rows;
use super::estimand::{Answers, Effect, rows_of_who_answered, true_scores, true_value};
use super::estimators::{Observations, Sample, Specification, coefficient};
use super::moments::Moments;
use super::plan::{Plan, Question};

/// The pieces of an association, as an estimator of this specification sees them.
pub fn effect(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    data: &Observations,
    (asked, specification): (&Association, Specification),
) -> Effect {
    let truth = |wave: usize, scale: usize, person: usize| true_value(plan, answers, 0, wave, scale, person);
    let outcome = true_scores(plan, hypothesis, question, answers, 0);
    let unshared = |wave: usize, scale: usize, person: usize| answers.unshared[wave][scale][person];
    let outcome_unshared = |person: usize| score_of(hypothesis, question, &unshared, person);
    let everyone = rows(plan, hypothesis, question, answers, &truth, &outcome);
    let sample = coefficient(specification, &everyone);
    let in_units = match specification {
        Specification::Correlation => sd(&everyone.treated) / sd(&everyone.outcome),
        _ => 1.0,
    };
    let causal = asked.causal.map(|arm| {
        let of = |world: Option<usize>, every: usize| match world {
            Some(world) => in_units * causal_slope(plan, hypothesis, question, answers, asked, world, every),
            None => f64::NAN,
        };
        let (all, own) = (of(plan.world_of_arm(arm), 1), of(plan.world_of_half(arm), 2));
        match specification {
            Specification::Actor => (own, own),
            Specification::Partner => (all - own, all - own),
            _ => (all, own),
        }
    });
    Effect {
        direct: causal.map_or(sample, |(all, _)| all),
        own: causal.map_or(f64::NAN, |(_, own)| own),
        sample,
        answered: coefficient(
            specification,
            &rows_of_who_answered(plan, hypothesis, question, answers, data, Sample::Answered),
        ),
        unshared: coefficient(specification, &rows(plan, hypothesis, question, answers, &unshared, &outcome_unshared)),
        ..Effect::NONE
    }
}

/// A score at the hypothesis' wave, or its change since week 0.
pub(super) fn score_of(
    hypothesis: &Hypothesis,
    question: &Question,
    score: &dyn Fn(usize, usize, usize) -> f64,
    person: usize,
) -> f64 {
    hypothesis.score.of(score(question.wave, question.scale, person), || score(0, question.scale, person))
}

/// What the world does to the outcome per unit of what it does to the predictor, over every person or every second one.
fn causal_slope(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    asked: &Association,
    world: usize,
    every: usize,
) -> f64 {
    let (Some(reference), Some((wave, scale))) = (plan.world_of_arm(plan.control), question.predictor) else {
        return f64::NAN;
    };
    let predictor = |world: usize, person: usize| match asked.week {
        0 => plan.scales[scale].perfect(answers.begun[world][scale][person]),
        _ => true_value(plan, answers, world, wave, scale, person),
    };
    let [with, without] = [world, reference].map(|world| true_scores(plan, hypothesis, question, answers, world));
    let (mut effect, mut moved) = (0.0, 0.0);
    for person in (0..answers.arms.len()).step_by(every) {
        if hypothesis.within.is_some_and(|setting| plan.setting_of_person(person) != setting) {
            continue;
        }
        effect += with(person) - without(person);
        moved += predictor(world, person) - predictor(reference, person);
    }
    // What moves nothing has no slope.
    if moved == 0.0 { f64::NAN } else { effect / moved }
}

fn sd(values: &[f64]) -> f64 {
    let mut moments = Moments::default();
    values.iter().for_each(|value| moments.push(*value));
    moments.variance().sqrt()
}
