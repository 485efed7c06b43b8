//! The researcher's analysis of one replication: from answers to estimates.

use super::association::score_of;
use super::declaration::{Ask, Hypothesis};
use super::design_matrix::rows;
use super::estimand::{Answers, Effect, effect};
use super::estimators::{Estimate, Failure, Observations, Specification};
use super::plan::{Plan, Question};
use super::stepped_wedge;

/// Confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// A row of `estimates`.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Index of the hypothesis.
    pub hypothesis: usize,
    /// Index among the hypothesis' estimators.
    pub estimator: usize,
    /// The estimate, or why there is none.
    pub result: Result<Estimate, Failure>,
    /// The truth of this replication.
    pub effect: Effect,
    /// Rows in the analysis: persons, or means of persons.
    pub analysed: usize,
}

/// Every hypothesis by every one of its estimators.
pub fn analyse(plan: &Plan, answers: &Answers) -> Vec<Answer> {
    let mut all = Vec::new();
    for (index, (hypothesis, question)) in plan.study.hypotheses.iter().zip(&plan.questions).enumerate() {
        // What is true of an experiment is the same for all its estimators; an association is what the regression makes it.
        let mut known: Option<(Specification, Effect)> = None;
        let data = observations(plan, hypothesis, question, answers);
        for (strategy, estimator) in question.estimators.iter().enumerate() {
            let specification = estimator.specification;
            let reusable = |before: Specification| {
                before == specification
                    || !matches!(hypothesis.ask, Ask::Association(_))
                        && ![before, specification].contains(&Specification::SteppedWedge)
            };
            let effect = match known {
                Some((before, effect)) if reusable(before) => effect,
                _ => effect(plan, hypothesis, question, answers, specification),
            };
            known = Some((specification, effect));
            let panel = (specification == Specification::SteppedWedge)
                .then(|| rows_of(plan, hypothesis, question, answers, specification));
            let data = panel.as_ref().unwrap_or(&data);
            all.push(Answer {
                hypothesis: index,
                estimator: strategy,
                result: estimator.estimate(data, CONFIDENCE),
                effect,
                analysed: data.outcome.len(),
            });
        }
    }
    all
}

/// The rows that an estimator of this specification is given. They are made from what a researcher has in hand: of `answers`
/// it reads neither the truths nor what is unshared, so that they may be empty.
pub fn rows_of(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    specification: Specification,
) -> Observations {
    match specification {
        Specification::SteppedWedge => stepped_wedge::observations(plan, hypothesis, question, answers),
        _ => observations(plan, hypothesis, question, answers),
    }
}

/// The rows of an analysis: who answered what it needs, as assigned (intention to treat).
///
/// The cluster is what was assigned as one, but never less than the pair or circle, and of people who coach each other
/// informally the team: partners are not independent.
pub fn observations(plan: &Plan, hypothesis: &Hypothesis, question: &Question, answers: &Answers) -> Observations {
    let score = |wave: usize, scale: usize, person: usize| answers.observed[wave][scale][person];
    rows(plan, hypothesis, question, answers, &score, &|person| score_of(hypothesis, question, &score, person))
}
