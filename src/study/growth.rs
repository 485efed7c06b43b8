//! Growth: whether an outcome changes faster, week by week, in one arm than in another.
//!
//! Rows are persons × waves, from week 0 to the hypothesis' week. With T = 1 in the first arm of the contrast and 0 in the second,
//!
//! ```text
//! y = a + d week + c T + b T week + what persons and dyads differ in + e
//! ```
//!
//! and b, in the outcome's unit per week, is the question. Of everyone's scores at every wave the coefficient of least squares is
//! the difference of the arms' mean slopes,
//!
//! ```text
//! b(Y) = mean over T of slope(Y) − mean over C of slope(Y),      slope(Y) = Σ_w (w − w̄) Y_w / Σ_w (w − w̄)²
//! ```
//!
//! and so is that of generalized least squares, since the random effects are intercepts and slopes too (Laird & Ware 1982, Biometrics
//! 38, 963-974). As for every contrast the truth is b(Y − Yᶜ), free of measurement error and of what the arms differed in by
//! chance. Where the course is no straight line, it is the slope of the best one.

use super::declaration::{Contrast, Hypothesis};
use super::estimand::{Answers, Effect, true_value};
use super::estimators::{Observations, Specification, coefficient};
use super::plan::{Plan, Question};

/// The panel of a growth question: every answer there is up to the hypothesis' week.
pub fn observations(plan: &Plan, hypothesis: &Hypothesis, question: &Question, answers: &Answers) -> Observations {
    panel(plan, hypothesis, question, answers, &|wave, person| answers.observed[wave][question.scale][person])
}

fn panel(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    score: &dyn Fn(usize, usize) -> f64,
) -> Observations {
    let mut data = Observations::default();
    let Some(contrast) = hypothesis.ask.contrast() else { return data };
    let mut arms = Vec::new();
    for (person, treated) in members(hypothesis, answers, contrast) {
        for (wave, week) in plan.study.measurement.waves.iter().enumerate().take(question.wave + 1) {
            let value = score(wave, person);
            if value.is_nan() {
                continue;
            }
            let (week, arm) = (*week as f64, if treated { 1.0 } else { 0.0 });
            data.outcome.push(value);
            data.treated.push(arm * week);
            data.week.push(week);
            arms.push(arm);
            data.cluster.push(answers.clusters[person]);
            data.dyad.push(answers.clusters[person]);
            data.person.push(person as u32);
            data.organization.push(answers.organizations[person] as u32);
        }
    }
    data.beside = vec![("the week".to_owned(), data.week.clone()), ("the arm".to_owned(), arms)];
    data
}

/// The persons of the two arms (of the setting in which it is asked), with whether each is in the first.
fn members<'a>(
    hypothesis: &'a Hypothesis,
    answers: &'a Answers,
    contrast: Contrast,
) -> impl Iterator<Item = (usize, bool)> + 'a {
    let here = |person: usize| hypothesis.within.is_none_or(|setting| answers.settings[person] == setting);
    let in_contrast = move |(person, arm): (usize, &usize)| match *arm {
        arm if arm == contrast.treated => Some((person, true)),
        arm if arm == contrast.reference => Some((person, false)),
        _ => None,
    };
    answers.arms.iter().enumerate().filter(move |(person, _)| here(*person)).filter_map(in_contrast)
}

/// The true effects, per week.
pub(super) fn effect(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    contrast: Contrast,
) -> Effect {
    let (Some(treated), Some(reference)) = (plan.world_of_arm(contrast.treated), plan.world_of_arm(contrast.reference))
    else {
        return Effect::NONE;
    };
    let weights = slope_weights(&plan.study.measurement.waves[..=question.wave]);
    let truth = |world, wave, person| true_value(plan, answers, world, wave, question.scale, person);
    let slope = |world: usize, person: usize| {
        weights.iter().enumerate().fold(0.0, |sum, (wave, weight)| sum + weight * truth(world, wave, person))
    };
    let over_reference = |person: usize| slope(0, person) - slope(reference, person);
    let spill_over = mean(persons(hypothesis, answers, contrast, false).map(over_reference));
    let everyone = (0..answers.arms.len())
        .filter(|person| hypothesis.within.is_none_or(|setting| answers.settings[*person] == setting));
    let of_observed = |arm: bool| mean(persons(hypothesis, answers, contrast, arm).map(|person| slope(0, person)));
    let answered = panel(plan, hypothesis, question, answers, &|wave, person| {
        if answers.observed[wave][question.scale][person].is_nan() { f64::NAN } else { truth(0, wave, person) }
    });
    Effect {
        total: mean(everyone.map(|person| slope(treated, person) - slope(reference, person))),
        spill_over,
        direct: mean(persons(hypothesis, answers, contrast, true).map(over_reference)) - spill_over,
        sample: of_observed(true) - of_observed(false),
        answered: coefficient(Specification::Growth, &answered),
        ..Effect::NONE
    }
}

fn persons<'a>(
    hypothesis: &'a Hypothesis,
    answers: &'a Answers,
    contrast: Contrast,
    treated: bool,
) -> impl Iterator<Item = usize> + 'a {
    members(hypothesis, answers, contrast).filter(move |(_, of)| *of == treated).map(|(person, _)| person)
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// What each wave weighs in a least squares slope.
fn slope_weights(weeks: &[usize]) -> Vec<f64> {
    let center = mean(weeks.iter().map(|week| *week as f64));
    let square = weeks.iter().fold(0.0, |sum, week| sum + (*week as f64 - center) * (*week as f64 - center));
    weeks.iter().map(|week| (*week as f64 - center) / square).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_slope() {
        let weeks = [0, 4, 6, 12];
        let slope =
            slope_weights(&weeks).iter().zip(weeks).fold(0.0, |sum, (w, week)| sum + w * (3.0 + 0.25 * week as f64));
        assert!((slope - 0.25).abs() < 1e-14);
    }
}
