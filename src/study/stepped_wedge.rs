//! Stepped wedges: organizations that change in different weeks, each compared with those that have not changed yet.
//!
//! Rows are persons × waves. With `x` = 1 where the person's organization has changed before the wave,
//!
//! ```text
//! y = wave + β x + e                (Hussey & Hughes 2007, Contemporary Clinical Trials 28, 182-191, fixed effects of waves)
//! ```
//!
//! and the organizations as clusters. The estimate is linear in the scores, β(y) = Σ x̃ y / Σ x̃², where x̃ is exposure less
//! its mean at that wave. Which organization changes when is drawn by lot, so β of the reference world, where nobody ever
//! changes, has expectation 0: the truth is β of what the changes did, β(Y − Y^reference), free of measurement error. Where
//! an effect grows with time it is a weighted mean over how long the exposed have been so; with such growth, weights can be
//! negative (Goodman-Bacon 2021, Journal of Econometrics 225, 254-277), and `total` stands beside it.

use super::declaration::{Contrast, Hypothesis, Score};
use super::estimand::{Answers, Effect};
use super::estimators::Observations;
use super::plan::{Plan, Question};

/// The week at the end of which an arm's organizations first change; they are exposed at every later wave.
pub fn exposed_from(plan: &Plan, arm: usize) -> Option<usize> {
    plan.study.arms[arm].schedule.iter().map(|change| change.week).min()
}

/// One row of the panel.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Row {
    person: usize,
    wave: usize,
    exposed: bool,
}

/// Every person (of the setting in which it is asked) at every wave that is analyzed: all of them, or, of changes since week 0, all but the first.
fn rows(plan: &Plan, hypothesis: &Hypothesis, answers: &Answers) -> Vec<Row> {
    let from: Vec<Option<usize>> = (0..plan.study.arms.len()).map(|arm| exposed_from(plan, arm)).collect();
    let first = usize::from(hypothesis.score == Score::Change);
    let waves = plan.study.measurement.waves.iter().enumerate().skip(first);
    let persons = |(wave, week): (usize, &usize)| {
        let (week, from) = (*week, &from);
        let here = move |person: usize| hypothesis.within.is_none_or(|setting| answers.settings[person] == setting);
        answers.arms.iter().enumerate().filter(move |(person, _)| here(*person)).map(move |(person, arm)| Row {
            person,
            wave,
            exposed: from[*arm].is_some_and(|change| change < week),
        })
    };
    waves.map(persons).flat_map(Iterator::collect::<Vec<_>>).collect()
}

/// A person's score at a wave, or its change since week 0, from scores by wave.
fn score(hypothesis: &Hypothesis, at: impl Fn(usize) -> f64, wave: usize) -> f64 {
    hypothesis.score.of(at(wave), || at(0))
}

/// The panel as it is analyzed: every answer there is, with indicators of the waves beside exposure.
pub fn observations(plan: &Plan, hypothesis: &Hypothesis, question: &Question, answers: &Answers) -> Observations {
    let mut data = Observations {
        outcome: Vec::new(),
        treated: Vec::new(),
        beside: Vec::new(),
        covariates: Vec::new(),
        cluster: Vec::new(),
        ..Default::default()
    };
    let mut waves = Vec::new();
    for row in rows(plan, hypothesis, answers) {
        let value = score(hypothesis, |wave| answers.observed[wave][question.scale][row.person], row.wave);
        if value.is_nan() {
            continue;
        }
        data.outcome.push(value);
        data.treated.push(if row.exposed { 1.0 } else { 0.0 });
        data.cluster.push(answers.organizations[row.person] as u32);
        waves.push(row.wave);
    }
    let first = waves.first().copied();
    let mut known: Vec<usize> = waves.iter().copied().filter(|wave| Some(*wave) != first).collect();
    known.dedup();
    for wave in known {
        let indicator = waves.iter().map(|at| if *at == wave { 1.0 } else { 0.0 }).collect();
        data.beside.push((format!("week {}", plan.study.measurement.waves[wave]), indicator));
    }
    data
}

/// β of a value per row, or not a number where nothing tells exposure from the waves.
fn coefficient(rows: &[Row], value: impl Fn(&Row) -> f64) -> f64 {
    let (mut product, mut square) = (0.0, 0.0);
    for wave in rows.chunk_by(|a, b| a.wave == b.wave) {
        let mean = wave.iter().filter(|row| row.exposed).count() as f64 / wave.len() as f64;
        for row in wave {
            let x = if row.exposed { 1.0 - mean } else { -mean };
            product += x * value(row);
            square += x * x;
        }
    }
    product / square
}

/// The true effects: β in place of a difference of means. `total` is that of the first arm for everyone, at the
/// hypothesis' week, and spill-over what reached those who had not changed yet.
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
    let unit = plan.scales[question.scale].points_per_unit;
    let truth = |world: usize, row: &Row| {
        let at = |wave: usize| answers.truths[world][wave][question.scale][row.person];
        unit * score(hypothesis, at, row.wave)
    };
    let rows = rows(plan, hypothesis, answers);
    let changed = |row: &Row| truth(0, row) - truth(reference, row);
    let mean = |among: &dyn Fn(&Row) -> bool, of: &dyn Fn(&Row) -> f64| {
        let (sum, count) =
            rows.iter().filter(|row| among(row)).fold((0.0, 0.0), |(sum, count), row| (sum + of(row), count + 1.0));
        sum / count
    };
    Effect {
        total: mean(&|row| row.wave == question.wave, &|row| truth(treated, row) - truth(reference, row)),
        spill_over: mean(&|row| !row.exposed, &changed),
        direct: coefficient(&rows, changed),
        sample: coefficient(&rows, |row| truth(0, row)),
        ..Effect::NONE
    }
}
