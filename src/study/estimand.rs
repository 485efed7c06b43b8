//! The truth of a replication: what a study would find without error, and what nobody can see.
//!
//! Every question is one coefficient of a linear model ([`super::design_matrix`]): a linear functional L of the outcome,
//! given who is in which arm and has which moderator. With the same noise, let Y be the observed world and Yᶜ the one in
//! which everyone has the reference: the second arm of a contrast, the control of a factorial design. On the instrument's
//! scale, free of measurement error:
//!
//! ```text
//! sample = L(Y)          the coefficient in this very sample
//! direct = L(Y − Yᶜ)     the same without what the arms differed in by chance
//! ```
//!
//! The estimand of an estimator is the design's own coefficient, `E[sample]`. Under random assignment L(Yᶜ) has expectation
//! 0, so `E[sample] = E[direct]`, and `direct` is its replication-wise value without chance imbalance: it is what `truth`
//! means in the tables. For a contrast, with T and C the persons assigned to the two arms at week 0, whatever became of them,
//!
//! ```text
//! total      = mean over all of (Yᵀ − Yᶜ)              what the program would do if everyone had it
//! spill-over = mean over C of (Y − Yᶜ)                 what reached the observed controls
//! direct     = mean over T of (Y − Yᶜ) − spill-over    what is left of the treated's difference
//! sample     = mean over T of Y − mean over C of Y     the contrast in this very sample
//! ```
//!
//! and of a contrast that is moderated by m, each mean is replaced by the slope on m (of two levels: the difference). For
//! factors, total is L over the arms' own worlds where each was run, and there is no spill-over to speak of: every arm is
//! treated. On the logarithmic scale the same coefficient is taken of ln(ȳ_a) over the arms, with
//! `ȳ_a = mean over arm a of (Y − Yᶜ) + mean over all of Yᶜ`, where every ȳ_a is positive and 0 means none of it (a change,
//! or an outcome that cannot be negative): what adds up on one scale need not on the other.
//!
//! Where units choose their arm (`allocation = "self-selected"`) there is no such estimand: what the design contrasts is an
//! association, with who chose in it. The truth is then the causal one, `total`, and `sample` stands beside it: the
//! difference is how far the association is from the effect.
//!
//! Where two arms differ in who is eligible (`pairs = "high-high"` against `"low-low"`) there is no world in which the same
//! people have either: `total`, `spill_over` and `direct` do not exist (NaN), and the truth is the contrast of true outcomes in
//! the sample.
//!
//! Where persons are assigned, the actor and the partner effect of a treatment are two such coefficients. The truth of a
//! resemblance is the intraclass correlation of true scores in the observed world. Of a stepped wedge, of growth and of log odds the
//! functional is another: see [`super::stepped_wedge`], [`super::growth`] and [`super::log_odds`].
//!
//! Associations have their truth in [`super::association`].

use super::association;
use super::declaration::{Allocation, Ask, Contrast, Hypothesis, Level, Score};
use super::design_matrix::{moderation, rows};
use super::estimators::{Observations, Sample, Scaling, Specification, coefficient};
use super::moments::Mean;
use super::plan::{Plan, Question};
use super::{growth, log_odds, stepped_wedge};

/// What was answered, and what is true. An experiment that has really been run has the first part alone: with the truths
/// empty its rows are the same that a simulated one has (see [`super::analysis::rows_of`]).
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// Arm of each person.
    pub arms: &'a [usize],
    /// The organization of each person.
    pub organizations: &'a [usize],
    /// The setting of each person: an index of the study's settings, 0 where none is declared.
    pub settings: &'a [usize],
    /// The team of each person.
    pub teams: &'a [usize],
    /// What each person is, by attribute (in the order of [`super::attribute::ATTRIBUTES`]) and person; NaN where it is not known.
    pub attributes: &'a [Vec<f64>],
    /// Cluster of each person: pair or circle.
    pub clusters: &'a [u32],
    /// Who has gone through with it up to each wave: still coached (where there is coaching) and in the organization, with an
    /// answer to every questionnaire so far.
    pub completed: &'a [Vec<bool>],
    /// Observed scores by wave, scale and person.
    pub observed: &'a [Vec<Vec<f64>>],
    /// The same without what a rater's scales share; empty where no association is asked for.
    pub unshared: &'a [Vec<Vec<f64>>],
    /// True values by world (the observed one first, then those of [`Plan::worlds`]), wave, scale and person.
    pub truths: &'a [&'a [Vec<Vec<f64>>]],
    /// True values at week 0 after everything was done to people, by world, scale and person.
    pub begun: &'a [&'a [Vec<f64>]],
}

/// The true effects of one replication, on the instrument's scale. What does not exist for a question is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// If everyone had it.
    pub total: f64,
    /// What reached the observed controls.
    pub spill_over: f64,
    /// What is left of the treated's difference; of an association the causal slope.
    pub direct: f64,
    /// The coefficient in this very sample, free of error.
    pub sample: f64,
    /// What an estimate is held to: `direct` where arms are drawn by lot, `total` where they are chosen.
    pub truth: f64,
    /// The coefficient of the logarithm of the arms' means.
    pub log: f64,
    /// Of an association: what moving a person's own predictor does, and nobody else's.
    pub own: f64,
    /// The coefficient free of error among those who answered: who left the organization, say, does not. Not of a stepped wedge.
    pub answered: f64,
    /// Of an association: the coefficient with everything but what a rater's scales share.
    pub unshared: f64,
}

impl Effect {
    /// An effect of which nothing is known.
    pub const NONE: Effect = Effect {
        total: f64::NAN,
        spill_over: f64::NAN,
        direct: f64::NAN,
        sample: f64::NAN,
        truth: f64::NAN,
        log: f64::NAN,
        own: f64::NAN,
        answered: f64::NAN,
        unshared: f64::NAN,
    };
}

/// The true score of each person in a world as a hypothesis asks for it, on the instrument's scale.
pub(super) fn true_scores<'a>(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers<'a>,
    world: usize,
) -> impl Fn(usize) -> f64 + Copy + use<'a> {
    let at = |wave: usize| answers.truths[world][wave][question.scale].as_slice();
    let (post, begin) = (at(question.wave), at(0));
    let (score, points) = (hypothesis.score, plan.scales[question.scale].points_per_unit);
    move |person| points * score.of(post[person], || begin[person])
}

/// The effects that a hypothesis asks for, as an estimator of this specification sees them; `data` are the rows of this sample.
pub fn effect(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    data: &Observations,
    (specification, sample): (Specification, Sample),
) -> Effect {
    let effect = match &hypothesis.ask {
        Ask::Contrast(contrast) if specification == Specification::SteppedWedge => {
            stepped_wedge::effect(plan, hypothesis, question, answers, *contrast)
        }
        Ask::Contrast(contrast) if specification == Specification::Growth => {
            growth::effect(plan, hypothesis, question, answers, *contrast)
        }
        Ask::Contrast(contrast) if specification.scaling() == Scaling::LogOdds => {
            let there = rows_of_who_answered(plan, hypothesis, question, answers, data, sample);
            log_odds::effect(plan, hypothesis, question, answers, *contrast, &there)
        }
        Ask::Contrast(contrast) if specification.own_truth() => {
            of_contrast(plan, hypothesis, question, answers, *contrast, specification)
        }
        Ask::Contrast(contrast) if hypothesis.level == Level::Person && hypothesis.within.is_none() => {
            of_two_arms(plan, hypothesis, question, answers, *contrast)
        }
        Ask::Contrast(contrast) | Ask::Moderated(contrast, _) => {
            of_contrast(plan, hypothesis, question, answers, *contrast, Specification::Difference)
        }
        Ask::Resemblance(_) => return resemblance(plan, hypothesis, question, answers, data, sample),
        Ask::Factors(_) => of_factors(plan, hypothesis, question, answers),
        Ask::Association(asked) => {
            association::effect(plan, hypothesis, question, answers, data, (asked, specification))
        }
    };
    let effect = match &hypothesis.ask {
        Ask::Association(_) => effect,
        _ if specification == Specification::SteppedWedge => effect,
        _ if matches!(specification.scaling(), Scaling::PerWeek | Scaling::LogOdds) => effect,
        _ => {
            let there = rows_of_who_answered(plan, hypothesis, question, answers, data, sample);
            let asked = if specification.own_truth() { specification } else { Specification::Difference };
            Effect { answered: coefficient(asked, &there), ..effect }
        }
    };
    if let Some(contrast) = hypothesis.ask.contrast()
        && plan.study.arms[contrast.treated].pairs != plan.study.arms[contrast.reference].pairs
    {
        return Effect { sample: effect.sample, truth: effect.sample, answered: effect.answered, ..Effect::NONE };
    }
    let chosen = plan.study.design.allocation == Allocation::SelfSelected && hypothesis.ask.contrast().is_some();
    Effect { truth: if chosen { effect.total } else { effect.direct }, ..effect }
}

/// The rows of an analysis, `data`, with true scores in the place of answers; of a contrast among persons without covariates.
pub(super) fn rows_of_who_answered(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    data: &Observations,
    sample: Sample,
) -> Observations {
    let of_all = true_scores(plan, hypothesis, question, answers, 0);
    if matches!(hypothesis.ask, Ask::Contrast(_)) && hypothesis.level == Level::Person {
        // The outcome is all there is to measure: the same persons in the same arms.
        return Observations {
            outcome: data.person.iter().map(|person| of_all(*person as usize)).collect(),
            treated: data.treated.clone(),
            cluster: data.cluster.clone(),
            dyad: data.dyad.clone(),
            ..Default::default()
        };
    }
    let there = |wave: usize, scale: usize, person: usize| !answers.observed[wave][scale][person].is_nan();
    let score = |wave: usize, scale: usize, person: usize| match there(wave, scale, person) {
        true => true_value(plan, answers, 0, wave, scale, person),
        false => f64::NAN,
    };
    let outcome = |person: usize| {
        let begun = hypothesis.score != Score::Change || there(0, question.scale, person);
        let enters = sample == Sample::Answered || answers.completed[question.wave][person];
        if enters && begun && there(question.wave, question.scale, person) { of_all(person) } else { f64::NAN }
    };
    rows(plan, hypothesis, question, answers, &score, &outcome)
}

/// Of a contrast among all persons: means of two groups.
fn of_two_arms(
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
    let [observed, treated, reference] =
        [0, treated, reference].map(|world| true_scores(plan, hypothesis, question, answers, world));
    let (mut total, mut over_reference, mut sample) = (Mean::default(), [Mean::default(); 2], [Mean::default(); 2]);
    for (person, arm) in answers.arms.iter().enumerate() {
        let without = reference(person);
        total.push(treated(person) - without);
        let side = match *arm {
            arm if arm == contrast.treated => 0,
            arm if arm == contrast.reference => 1,
            _ => continue,
        };
        over_reference[side].push(observed(person) - without);
        sample[side].push(observed(person));
    }
    let [(direct, spill_over), (with, without)] = [over_reference, sample].map(|[a, b]| (a.value(), b.value()));
    Effect { total: total.value(), spill_over, direct: direct - spill_over, sample: with - without, ..Effect::NONE }
}

/// Of a contrast that is moderated, asked within a setting, or of means.
fn of_contrast(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    contrast: Contrast,
    specification: Specification,
) -> Effect {
    let (Some(treated), Some(reference)) = (plan.world_of_arm(contrast.treated), plan.world_of_arm(contrast.reference))
    else {
        return Effect::NONE;
    };
    let [observed, treated, reference] =
        [0, treated, reference].map(|world| true_scores(plan, hypothesis, question, answers, world));
    let truth = |wave: usize, scale: usize, person: usize| true_value(plan, answers, 0, wave, scale, person);
    let apply =
        |of: &dyn Fn(usize) -> f64| coefficient(specification, &rows(plan, hypothesis, question, answers, &truth, of));
    // The mean over people, or its slope on the moderator, of what is not a comparison of observed arms.
    let over = |of: &dyn Fn(usize) -> f64, among: &dyn Fn(usize) -> bool| {
        let (mut outcome, mut level) = (Vec::new(), Vec::new());
        for person in (0..answers.arms.len()).filter(|person| among(*person)) {
            let here = hypothesis.within.is_none_or(|setting| plan.setting_of_person(person) == setting);
            let moderator = match &hypothesis.ask {
                Ask::Moderated(_, moderator) => moderation(moderator, question, answers, &truth, person),
                _ => Some(1.0),
            };
            if let Some(moderator) = moderator.filter(|_| here) {
                outcome.push(of(person));
                level.push(moderator);
            }
        }
        if matches!(hypothesis.ask, Ask::Moderated(..)) {
            slope(level, outcome)
        } else {
            outcome.iter().fold(0.0, |sum, value| sum + value) / outcome.len() as f64
        }
    };
    let over_reference = |person: usize| observed(person) - reference(person);
    Effect {
        total: over(&|person| treated(person) - reference(person), &|_| true),
        spill_over: over(&over_reference, &|person| answers.arms[person] == contrast.reference),
        direct: apply(&over_reference),
        sample: apply(&observed),
        ..Effect::NONE
    }
}

/// The resemblance of true scores in the observed world: of everyone, and of those who answered.
fn resemblance(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    data: &Observations,
    sample: Sample,
) -> Effect {
    let truth = |wave: usize, scale: usize, person: usize| true_value(plan, answers, 0, wave, scale, person);
    let outcome = true_scores(plan, hypothesis, question, answers, 0);
    let everyone = rows(plan, hypothesis, question, answers, &truth, &outcome);
    let there = rows_of_who_answered(plan, hypothesis, question, answers, data, sample);
    let found = coefficient(Specification::Resemblance, &everyone);
    let answered = coefficient(Specification::Resemblance, &there);
    Effect { direct: found, sample: found, truth: found, answered, ..Effect::NONE }
}

/// Of a main effect or an interaction.
fn of_factors(plan: &Plan, hypothesis: &Hypothesis, question: &Question, answers: &Answers) -> Effect {
    let Some(reference) = plan.world_of_arm(plan.control) else { return Effect::NONE };
    let scores = |world: usize| true_scores(plan, hypothesis, question, answers, world);
    let (observed, without) = (scores(0), scores(reference));
    let truth = |wave: usize, scale: usize, person: usize| true_value(plan, answers, 0, wave, scale, person);
    let apply = |of: &dyn Fn(usize) -> f64| {
        coefficient(Specification::Difference, &rows(plan, hypothesis, question, answers, &truth, of))
    };
    let over_arms = |means: Vec<f64>| {
        let columns = &question.arms;
        let besides = columns.first().map_or(0, |(_, others)| others.len());
        let beside = (0..besides).map(|k| (String::new(), columns.iter().map(|(_, others)| others[k]).collect()));
        coefficient(
            Specification::Difference,
            &Observations {
                outcome: means,
                treated: columns.iter().map(|(asked, _)| *asked).collect(),
                beside: beside.collect(),
                covariates: Vec::new(),
                cluster: Vec::new(),
                ..Default::default()
            },
        )
    };
    let persons = answers.arms.len();
    let mean_of_world = |world: usize| {
        let score = scores(world);
        (0..persons).fold(0.0, |sum, person| sum + score(person)) / persons as f64
    };
    let worlds: Option<Vec<usize>> = (0..plan.study.arms.len()).map(|arm| plan.world_of_arm(arm)).collect();
    Effect {
        total: worlds.map_or(f64::NAN, |worlds| over_arms(worlds.into_iter().map(mean_of_world).collect())),
        direct: apply(&|person| observed(person) - without(person)),
        sample: apply(&observed),
        log: if plan.has_true_zero(hypothesis, question) {
            let base = mean_of_world(reference);
            let (mut sums, mut sizes) = (vec![0.0; plan.study.arms.len()], vec![0.0; plan.study.arms.len()]);
            for (person, arm) in answers.arms.iter().enumerate() {
                sums[*arm] += observed(person) - without(person);
                sizes[*arm] += 1.0;
            }
            let means: Vec<f64> = sums.iter().zip(&sizes).map(|(sum, size)| sum / size + base).collect();
            if means.iter().all(|mean| *mean > 0.0) {
                over_arms(means.into_iter().map(libm::log).collect())
            } else {
                f64::NAN
            }
        } else {
            f64::NAN
        },
        ..Effect::NONE
    }
}

/// A true value on the instrument's scale.
pub(super) fn true_value(
    plan: &Plan,
    answers: &Answers,
    world: usize,
    wave: usize,
    scale: usize,
    person: usize,
) -> f64 {
    plan.scales[scale].perfect(answers.truths[world][wave][scale][person])
}

/// The slope of a simple regression.
fn slope(on: Vec<f64>, outcome: Vec<f64>) -> f64 {
    let data = Observations {
        outcome,
        treated: on,
        beside: Vec::new(),
        covariates: Vec::new(),
        cluster: Vec::new(),
        ..Default::default()
    };
    coefficient(Specification::Difference, &data)
}
