//! The researcher's analysis of one replication: from answers to estimates.

use super::declaration::{Hypothesis, Score, Unit};
use super::estimand::{Answers, Effect, effect};
use super::estimators::{Estimate, Failure, Observations};
use super::plan::{Plan, Question};

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
    /// Persons in the analysis.
    pub analysed: usize,
}

/// Every hypothesis by every one of its estimators.
pub fn analyse(plan: &Plan, answers: &Answers) -> Vec<Answer> {
    let mut rows = Vec::new();
    for (index, (hypothesis, question)) in plan.study.hypotheses.iter().zip(&plan.questions).enumerate() {
        let effect = effect(plan, hypothesis, question, answers);
        let data = observations(plan, hypothesis, question, answers);
        for (strategy, estimator) in question.estimators.iter().enumerate() {
            rows.push(Answer {
                hypothesis: index,
                estimator: strategy,
                result: estimator.estimate(&data, CONFIDENCE),
                effect,
                analysed: data.outcome.len(),
            });
        }
    }
    rows
}

/// The rows of an analysis: persons of the two arms who answered what it needs, as assigned (intention to treat).
///
/// The cluster is what was assigned as one, but never less than the dyad: partners are not independent.
pub fn observations(plan: &Plan, hypothesis: &Hypothesis, question: &Question, answers: &Answers) -> Observations {
    let score = |wave: usize, scale: usize, person: usize| answers.observed[wave][scale][person];
    let mut data = Observations {
        outcome: Vec::new(),
        treated: Vec::new(),
        covariates: question.covariates.iter().map(|(name, _)| (name.clone(), Vec::new())).collect(),
        cluster: Vec::new(),
    };
    for (person, arm) in answers.arms.iter().enumerate() {
        if *arm != hypothesis.treated && *arm != hypothesis.reference {
            continue;
        }
        let post = score(question.wave, question.scale, person);
        let outcome = match hypothesis.score {
            Score::Post => post,
            Score::Change => post - score(0, question.scale, person),
        };
        let complete = question.covariates.iter().all(|(_, scale)| !score(0, *scale, person).is_nan());
        if outcome.is_nan() || !complete {
            continue;
        }
        data.outcome.push(outcome);
        data.treated.push(if *arm == hypothesis.treated { 1.0 } else { 0.0 });
        for ((_, column), (_, scale)) in data.covariates.iter_mut().zip(&question.covariates) {
            column.push(score(0, *scale, person));
        }
        data.cluster.push(match plan.study.design.unit {
            Unit::Person | Unit::Dyad => (person / 2) as u32,
            Unit::Organization => plan.organization_of_dyad[person / 2] as u32,
        });
    }
    data
}
