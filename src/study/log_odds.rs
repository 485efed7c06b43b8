//! The truth of a log odds ratio.
//!
//! With Y the outcome of 0 or 1 in the observed world and Yᶜ in the one in which everyone has the reference, an arm's share is what
//! the design's own contrast is made of, free of what the arms differed in by chance,
//!
//! ```text
//! p_a    = mean over arm a of (Y − Yᶜ) + mean over all of Yᶜ
//! direct = logit p_T − logit p_C,      logit p = ln(p / (1 − p))
//! total  = logit(mean over all of Yᵀ) − logit(mean over all of Yᶜ)
//! ```
//!
//! and not a number where a share is 0 or 1: odds do not exist there. It is the odds ratio of the arms as a whole: at equal covariates
//! it is larger even where nobody differs by arm but in the treatment (Greenland, Robins & Pearl 1999, Statistical Science 14, 29-46).

use super::declaration::{Contrast, Hypothesis};
use super::estimand::{Answers, Effect, true_scores};
use super::estimators::Observations;
use super::plan::{Plan, Question};

/// The true effects, in log odds; `there` are the true scores of those who answered.
pub(super) fn effect(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    contrast: Contrast,
    there: &Observations,
) -> Effect {
    let (Some(treated), Some(reference)) = (plan.world_of_arm(contrast.treated), plan.world_of_arm(contrast.reference))
    else {
        return Effect::NONE;
    };
    let [observed, treated, reference] =
        [0, treated, reference].map(|world| true_scores(plan, hypothesis, question, answers, world));
    let share = |of: &dyn Fn(usize) -> f64, arm: Option<usize>| {
        let here = |person: &usize| {
            hypothesis.within.is_none_or(|setting| answers.settings[*person] == setting)
                && arm.is_none_or(|arm| answers.arms[*person] == arm)
        };
        mean((0..answers.arms.len()).filter(here).map(of))
    };
    let over_reference = |person: usize| observed(person) - reference(person);
    let base = share(&reference, None);
    let [with, without] =
        [contrast.treated, contrast.reference].map(|arm| logit(base + share(&over_reference, Some(arm))));
    let of_arm = |arm: usize| logit(share(&observed, Some(arm)));
    let answered = |arm: f64| {
        let rows = there.outcome.iter().zip(&there.treated).filter(|(_, treated)| **treated == arm);
        logit(mean(rows.map(|(outcome, _)| *outcome)))
    };
    Effect {
        total: logit(share(&treated, None)) - logit(base),
        spill_over: without - logit(base),
        direct: with - without,
        sample: of_arm(contrast.treated) - of_arm(contrast.reference),
        answered: answered(1.0) - answered(0.0),
        ..Effect::NONE
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// ln(p / (1 − p)); not a number where there are no odds.
fn logit(share: f64) -> f64 {
    if share > 0.0 && share < 1.0 { libm::log(share / (1.0 - share)) } else { f64::NAN }
}
