//! From values to a [`Study`]: everything a scenario leaves out gets its value here.

use super::draft::{
    ArmDraft, ChangeDraft, Draft, HypothesisDraft, InstrumentDraft, ModeratorDraft, SettingDraft, usual_decay,
};
use super::grammar;
use super::keys::Absent;
use super::problem::Spot;
use crate::model::outcomes::{self, OUTCOMES};
use crate::model::parameters::Parameter;
use crate::study::attribute;
use crate::study::context::{Change, Setting, Values, with_values};
use crate::study::declaration::{
    Allocation, Arm, Ask, Association, Contrast, Design, Factor, Hypothesis, Instrument, Kind, Matching, Measurement,
    Moderator, MonteCarlo, Observer, Population, Program, Score, Screening, Selection, Study, Treatment,
};
use crate::study::estimators::{self, Asked, Scaling};

/// The study, if nothing is missing and nothing was refused.
pub(crate) fn study(draft: &Draft) -> Option<Study> {
    let title = draft.title.value.clone()?;
    let program = program(draft)?;
    let waves = waves(draft)?;
    let hypotheses: Vec<Hypothesis> =
        draft.hypotheses.iter().map(|hypothesis| self::hypothesis(draft, hypothesis, &waves)).collect::<Option<_>>()?;
    Some(Study {
        id: draft.id.value.clone()?,
        question: draft.question.value.clone().unwrap_or_else(|| title.clone()),
        title,
        source: draft.origin.value.clone().unwrap_or_default(),
        answer: match &draft.answer.value {
            Some(id) => Some(hypotheses.iter().position(|hypothesis| hypothesis.id == *id)?),
            None => None,
        },
        discussion: draft.discussion.value.clone().unwrap_or_default(),
        parameters: draft.parameters.clone(),
        population: Population { dyads: draft.dyads.value?, traits: draft.traits.clone() },
        organizations: draft.organizations.value?,
        settings: draft.settings.iter().map(|setting| self::setting(draft, setting)).collect::<Option<_>>()?,
        schedule: schedule(&draft.schedule)?,
        program,
        design: Design {
            unit: draft.unit.value?,
            allocation: draft.allocation.value?,
            selection: selection(draft)?,
            screening: screening(draft)?,
        },
        factors: draft
            .factors
            .iter()
            .map(|factor| {
                let id = factor.id.value.clone()?;
                Some(Factor { name: factor.name.value.clone().unwrap_or_else(|| id.clone()), id })
            })
            .collect::<Option<_>>()?,
        arms: draft
            .arms
            .iter()
            .zip(shares(draft)?)
            .map(|(arm, share)| self::arm(draft, arm, share, program))
            .collect::<Option<_>>()?,
        measurement: Measurement {
            instruments: instruments(draft, &hypotheses)?,
            waves,
            attrition: draft.attrition.value?,
            observer: Observer { detection: draft.observer[0].value?, noise: draft.observer[1].value? },
        },
        hypotheses,
        business: super::business::build(draft)?,
        monte_carlo: MonteCarlo {
            replications: draft.replications.value?,
            seed: draft.seed.value.or_else(default_seed)?,
        },
    })
}

/// The screening, if there is one.
fn screening(draft: &Draft) -> Option<Option<Screening>> {
    if draft.screened.is_bad() {
        return None;
    }
    let reliability = draft.screening_reliability.value?;
    Some(draft.screened.value.map(|what| Screening { what, reliability }))
}

fn selection(draft: &Draft) -> Option<Selection> {
    let [need, schema, motivation, self_direction, career_stage] = &draft.selection.weights;
    Some(Selection {
        strength: draft.selection.strength.value?,
        need: need.value?,
        schema: schema.value?,
        motivation: motivation.value?,
        self_direction: self_direction.value?,
        career_stage: career_stage.value?,
    })
}

fn default_seed() -> Option<u64> {
    match grammar::leaf("monte_carlo.seed")?.absent {
        Absent::Number(seed) => Some(seed as u64),
        _ => None,
    }
}

/// The study's program; `matching` follows the kind where it is not given.
pub(crate) fn program(draft: &Draft) -> Option<Program> {
    let kind = draft.kind.value?;
    if draft.matching.is_bad() {
        return None;
    }
    Some(Program {
        kind,
        weeks: draft.weeks.value?,
        follow_up_weeks: draft.follow_up_weeks.value?,
        matching: draft.matching.value.unwrap_or(usual_matching(kind)),
        group_size: draft.group_size.value?,
    })
}

/// Pairs that nobody makes choose each other; pairs that a program makes are drawn by lot unless it says otherwise.
fn usual_matching(kind: Kind) -> Matching {
    match kind {
        Kind::Informal => Matching::SelfSelected,
        Kind::Formal | Kind::None => Matching::Random,
    }
}

/// The matching of an arm that has this kind of program and says nothing of matching.
pub(crate) fn inherited_matching(study: Program, kind: Kind) -> Matching {
    if kind == study.kind || kind == Kind::None { study.matching } else { usual_matching(kind) }
}

/// The weeks of measurement.
pub(crate) fn waves(draft: &Draft) -> Option<Vec<usize>> {
    match &draft.waves.value {
        Some(waves) => Some(waves.iter().map(|(week, _)| *week).collect()),
        None if draft.waves.is_bad() => None,
        None => Some(vec![0, draft.weeks.value?]),
    }
}

/// The share of every arm: those without one divide what the others leave. In a survey everyone is in the control arm.
pub(crate) fn shares(draft: &Draft) -> Option<Vec<f64>> {
    if draft.arms.iter().any(|arm| arm.share.is_bad()) {
        return None;
    }
    if draft.allocation.value == Some(Allocation::None) {
        let share = |control: bool| if control { 1.0 } else { 0.0 };
        return Some(draft.arms.iter().map(|arm| share(arm.control.value == Some(true))).collect());
    }
    let given = || draft.arms.iter().filter_map(|arm| arm.share.value);
    let silent = draft.arms.len() - given().count();
    let left = 1.0 - given().sum::<f64>();
    Some(draft.arms.iter().map(|arm| arm.share.value.unwrap_or(left / silent as f64)).collect())
}

fn schedule(changes: &[ChangeDraft]) -> Option<Vec<Change>> {
    let change = |one: &ChangeDraft| Some(Change { week: one.week.value?, values: values(&one.values, |_| true) });
    changes.iter().map(change).collect()
}

fn setting(draft: &Draft, setting: &SettingDraft) -> Option<Setting> {
    Some(Setting {
        name: setting.name.value.clone()?,
        count: setting.count.value?,
        parameters: with_values(&draft.parameters, &values(&setting.changes, |_| true)),
    })
}

/// Those of the changes whose parameter is meant, without their places.
fn values(changes: &[(&'static Parameter, f64, Spot)], which: impl Fn(&str) -> bool) -> Values {
    changes.iter().filter(|(one, _, _)| which(one.id)).map(|(one, value, _)| (one.id, *value)).collect()
}

/// Weeks of the longest program: every arm is followed for as long as the arm that has it.
pub(crate) fn longest(draft: &Draft) -> Option<usize> {
    Some(draft.arms.iter().filter_map(|arm| arm.weeks.value).fold(draft.weeks.value?, usize::max))
}

fn arm(draft: &Draft, arm: &ArmDraft, share: f64, program: Program) -> Option<Arm> {
    let parameters = with_values(&draft.parameters, &values(&arm.changes, |_| true));
    let kind = arm.kind.value.unwrap_or(program.kind);
    let usual = usual_decay(&draft.parameters);
    let weeks = arm.weeks.value.unwrap_or(program.weeks);
    if arm.group_size.is_bad() || arm.pairs.is_bad() {
        return None;
    }
    Some(Arm {
        name: arm.name.value.clone()?,
        control: arm.control.value?,
        share,
        levels: arm.levels.value.clone().unwrap_or_default(),
        treatments: arm
            .treatments
            .iter()
            .map(|one| {
                // Only what was trained can be lost again.
                let usual = if one.kind.shifts() { usual } else { 0.0 };
                Some(Treatment { id: one.kind.id, dose: one.dose.value?, decay: one.decay.value.unwrap_or(usual) })
            })
            .collect::<Option<_>>()?,
        organization: values(&arm.changes, grammar::of_organization),
        schedule: schedule(&arm.schedule)?,
        program: Program {
            kind,
            weeks,
            follow_up_weeks: longest(draft)? + program.follow_up_weeks - weeks,
            matching: arm.matching.value.unwrap_or(inherited_matching(program, kind)),
            group_size: arm.group_size.value.unwrap_or(program.group_size),
        },
        pairs: arm.pairs.value,
        parameters,
    })
}

fn hypothesis(draft: &Draft, hypothesis: &HypothesisDraft, waves: &[usize]) -> Option<Hypothesis> {
    let outcome = hypothesis.outcome.value?;
    let week = match hypothesis.week.value {
        Some(week) => week,
        None => *waves.last()?,
    };
    Some(Hypothesis {
        id: hypothesis.id.value.clone()?,
        statement: hypothesis.statement.value.clone()?,
        outcome,
        week,
        score: hypothesis.score.value?,
        ask: ask(draft, hypothesis, week)?,
        within: match &hypothesis.within.value {
            Some((name, _)) => Some(setting_named(draft, name)?),
            None => None,
        },
        level: hypothesis.level.value?,
        expect: hypothesis.expect.value?,
        smallest_effect_of_interest: match hypothesis.smallest_effect_of_interest.value {
            Some(smallest) => smallest,
            None => default_smallest(hypothesis, outcome, week)?,
        },
        estimators: match &hypothesis.estimators.value {
            Some(estimators) => estimators.clone(),
            None => default_estimators(hypothesis),
        },
        covariates: match &hypothesis.covariates.value {
            Some(covariates) => covariates.clone(),
            None if asked(hypothesis) != Asked::Experiment => Vec::new(),
            None if starts_at_zero(outcome) => Vec::new(),
            None => vec![outcome],
        },
        implied_by_theory: hypothesis.implied_by_theory.value?,
    })
}

/// Whether everyone has 0 of it before anything has happened: a baseline that explains nothing.
pub(crate) fn starts_at_zero(outcome: &str) -> bool {
    OUTCOMES.iter().any(|known| known.id == outcome && known.starts_at_zero())
}

/// Whether covariates enter an estimator's model.
pub(crate) fn adjusts(id: &str) -> bool {
    estimators::find(id).is_some_and(|one| one.specification.covariates())
}

/// A tenth of the outcome's SD in the reference population, or what corresponds to it: per week of a growth model; of log odds by
/// Chinn's (2000, Statistics in Medicine 19, 3127-3131) π/√3 log odds per SD; of whether any of it has happened, a twentieth.
fn default_smallest(hypothesis: &HypothesisDraft, outcome: &str, week: usize) -> Option<f64> {
    let chosen = hypothesis.estimators.value.as_ref().and_then(|ids| estimators::find(ids.first()?));
    if asked(hypothesis) == Asked::Resemblance {
        return Some(0.1);
    }
    let tenth = OUTCOMES[outcomes::find(outcome)?].reference.1 / 10.0;
    Some(match chosen.map(|one| one.specification.scaling()) {
        Some(Scaling::LogOdds) => 0.1 * std::f64::consts::PI / 3.0_f64.sqrt(),
        Some(Scaling::PerWeek) => tenth / week.max(1) as f64,
        _ if hypothesis.score.value == Some(Score::Any) => 0.05,
        _ => tenth,
    })
}

/// Whether it asks for an association.
pub(crate) fn is_association(hypothesis: &HypothesisDraft) -> bool {
    hypothesis.predictor.at.is_some()
}

/// What kind of question it asks.
pub(crate) fn asked(hypothesis: &HypothesisDraft) -> Asked {
    match (&hypothesis.predictor.at, &hypothesis.resemblance.at) {
        (Some(_), _) => Asked::Association,
        (None, Some(_)) => Asked::Resemblance,
        (None, None) => Asked::Experiment,
    }
}

/// The estimator of a hypothesis that names none.
pub(crate) fn default_estimators(hypothesis: &HypothesisDraft) -> Vec<&'static str> {
    vec![match asked(hypothesis) {
        Asked::Experiment => "ancova_cr2",
        Asked::Association => "regression_cr2",
        Asked::Resemblance => "intraclass",
    }]
}

/// What a hypothesis asks.
fn ask(draft: &Draft, hypothesis: &HypothesisDraft, week: usize) -> Option<Ask> {
    let arm = |name: &str| draft.arms.iter().position(|arm| arm.name.value.as_deref() == Some(name));
    if let Some([(treated, _), (reference, _)]) = &hypothesis.contrast.value {
        let contrast = Contrast { treated: arm(treated)?, reference: arm(reference)? };
        return Some(match moderator(draft, &hypothesis.moderator)? {
            Some(moderator) => Ask::Moderated(contrast, moderator),
            None => Ask::Contrast(contrast),
        });
    }
    if let Some((name, _)) = &hypothesis.factor.value {
        return Some(Ask::Factors(vec![factor(draft, name)?]));
    }
    if let Some(names) = &hypothesis.interaction.value {
        let mut factors = names.iter().map(|(name, _)| factor(draft, name)).collect::<Option<Vec<_>>>()?;
        factors.sort_unstable();
        return Some(Ask::Factors(factors));
    }
    if let Some(groups) = hypothesis.resemblance.value {
        return Some(Ask::Resemblance(groups));
    }
    Some(Ask::Association(Association {
        predictor: hypothesis.predictor.value?,
        week: hypothesis.predictor_week.value.unwrap_or(week),
        causal: match &hypothesis.causal.value {
            Some((name, _)) => Some(arm(name)?),
            None => None,
        },
    }))
}

fn moderator(draft: &Draft, moderator: &ModeratorDraft) -> Option<Option<Moderator>> {
    if let Some([(first, _), (second, _)]) = &moderator.setting.value {
        return Some(Some(Moderator::Setting {
            first: setting_named(draft, first)?,
            second: setting_named(draft, second)?,
        }));
    }
    if let Some(id) = moderator.attribute.value {
        let known = attribute::find(id)?;
        if known.levels.is_empty() {
            return Some(Some(Moderator::Standing(id)));
        }
        let level = |name: &str| known.levels.iter().position(|level| *level == name);
        let (first, second) = match &moderator.levels.value {
            Some([(first, _), (second, _)]) => (level(first)?, level(second)?),
            None => (known.levels.len() - 1, 0),
        };
        return Some(Some(Moderator::Attribute { attribute: id, first, second }));
    }
    Some(moderator.measured.value.map(Moderator::Measured))
}

/// The index of the factor with this id.
pub(crate) fn factor(draft: &Draft, id: &str) -> Option<usize> {
    draft.factors.iter().position(|factor| factor.id.value.as_deref() == Some(id))
}

/// The names of the settings, for a message.
pub(crate) fn settings(draft: &Draft) -> Vec<&str> {
    draft.settings.iter().filter_map(|setting| setting.name.value.as_deref()).collect()
}

/// The index of the setting with this name.
pub(crate) fn setting_named(draft: &Draft, name: &str) -> Option<usize> {
    settings(draft).into_iter().position(|known| known == name)
}

/// One instrument for every outcome that is listed or that a hypothesis needs, in the outcomes' order.
fn instruments(draft: &Draft, hypotheses: &[Hypothesis]) -> Option<Vec<Instrument>> {
    let asked = |id: &str| {
        hypotheses.iter().any(|hypothesis| {
            let also = match &hypothesis.ask {
                Ask::Association(asked) => asked.predictor == id,
                Ask::Moderated(_, Moderator::Measured(measured)) => *measured == id,
                _ => false,
            };
            also || hypothesis.outcome == id || hypothesis.covariates.contains(&id)
        })
    };
    let mut all = Vec::new();
    for outcome in OUTCOMES {
        let own = draft.instruments.iter().find(|(id, _)| *id == outcome.id).map(|(_, instrument)| instrument);
        if own.is_some() || asked(outcome.id) {
            all.push(instrument(outcome.id, own, &draft.instrument)?);
        }
    }
    Some(all)
}

fn instrument(outcome: &'static str, own: Option<&InstrumentDraft>, usual: &InstrumentDraft) -> Option<Instrument> {
    fn pick<T: Copy>(own: Option<Option<T>>, usual: Option<T>) -> Option<T> {
        own.flatten().or(usual)
    }
    Some(Instrument {
        outcome,
        items: pick(own.map(|own| own.items.value), usual.items.value)?,
        scale_points: pick(own.map(|own| own.scale_points.value), usual.scale_points.value)?,
        reliability: pick(own.map(|own| own.reliability.value), usual.reliability.value)?,
        rater_bias: pick(own.map(|own| own.rater_bias.value), usual.rater_bias.value)?,
        social_desirability: pick(own.map(|own| own.social_desirability.value), usual.social_desirability.value)?,
        non_response: pick(own.map(|own| own.non_response.value), usual.non_response.value)?,
    })
}
