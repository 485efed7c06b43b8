//! Checks of what mixed models, growth and logistic regression need of their question, and of scores of any.

use super::build;
use super::draft::{Draft, HypothesisDraft};
use super::nearest::listed;
use super::problem::{Collector, Say, Spot};
use crate::model::outcomes::{OUTCOMES, Outcome, Source, find};
use crate::study::declaration::{Kind, Level, Score, Unit};
use crate::study::estimators::{self, Estimator, Method, Scaling, Specification, Structure};

/// Adds every problem of one hypothesis' models.
pub(crate) fn check(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    any(draft, hypothesis, problems);
    units(hypothesis, problems);
    let Some(at) = &hypothesis.estimators.at else { return };
    let named = hypothesis.estimators.value.iter().flatten().filter_map(|id| estimators::find(id));
    for one in named {
        match one.method {
            Method::Mixed(structure, _) => mixed(draft, hypothesis, one, structure, at, problems),
            Method::Logistic => logistic(hypothesis, one, at, problems),
            _ => {}
        }
    }
}

/// Of outcomes that are counted from 0 on, and after the start.
fn any(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let (Some(Score::Any), Some(at)) = (hypothesis.score.value, &hypothesis.score.at) else { return };
    let Some(outcome) = hypothesis.outcome.value else { return };
    if !is_counted(outcome) {
        let counted = OUTCOMES.iter().map(|one| one.id).filter(|id| is_counted(id));
        problems.add(
            at,
            Say::new(format!("`{outcome}` is not counted from 0 on: it has no \"any\""), "0 does not mean none of it")
                .expected(format!("`score = \"any\"` where the outcome is {}", listed(counted, "or")))
                .help("use `score = \"post\"` or `score = \"change\"`, or ask about a count"),
        );
        return;
    }
    let week = hypothesis.week.value.or(build::waves(draft).and_then(|waves| waves.last().copied()));
    if week == Some(0) && !hypothesis.week.is_bad() {
        problems.add(
            at,
            Say::new("before anything has happened there is none of it", "0 for everyone in week 0")
                .expected("`score = \"any\"` at a later wave")
                .help("ask at a later wave"),
        );
    }
}

fn about(outcome: &str) -> Option<&'static Outcome> {
    find(outcome).and_then(|index| OUTCOMES.get(index))
}

fn is_counted(outcome: &str) -> bool {
    about(outcome).is_some_and(|one| {
        one.starts_at_zero() && one.range.0 == 0.0 && one.range.1 > 1.0 && one.source != Source::Questionnaire
    })
}

/// Whether an outcome is 0 or 1.
fn is_binary(outcome: &str) -> bool {
    about(outcome).is_some_and(|one| one.unit == "0 or 1")
}

/// All answers of a question are in one unit.
fn units(hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let (Some(ids), Some(at)) = (&hypothesis.estimators.value, &hypothesis.estimators.at) else { return };
    let named: Vec<&Estimator> = ids.iter().filter_map(|id| estimators::find(id)).collect();
    let Some(first) = named.first() else { return };
    let Some(other) = named.iter().find(|one| one.specification.scaling() != first.specification.scaling()) else {
        return;
    };
    let words = |one: &Estimator| match one.specification.scaling() {
        Scaling::Outcome => "in the outcome's own unit",
        Scaling::Correlation => "with a correlation",
        Scaling::PerWeek => "in the outcome's unit per week",
        Scaling::LogOdds => "in log odds",
    };
    let pair = [first.specification.scaling(), other.specification.scaling()];
    let say = if pair.contains(&Scaling::Correlation) && pair.contains(&Scaling::Outcome) {
        Say::new("a correlation and a slope have different units", "not comparable")
            .expected("\"correlation_jackknife\" alone, or slopes only")
    } else {
        Say::new(format!("`{}` answers {}, `{}` {}", first.id, words(first), other.id, words(other)), "not comparable")
            .expected("estimators that answer in one unit")
    };
    problems.add(at, say.help("make two hypotheses of it"));
}

/// Whether it is a contrast without a moderator, between persons.
fn is_plain_contrast(hypothesis: &HypothesisDraft) -> bool {
    let moderator = &hypothesis.moderator;
    let moderated = [&moderator.setting.at, &moderator.attribute.at, &moderator.measured.at];
    hypothesis.contrast.at.is_some() && moderated.iter().all(|at| at.is_none()) && of_persons(hypothesis)
}

fn of_persons(hypothesis: &HypothesisDraft) -> bool {
    matches!(hypothesis.level.value, None | Some(Level::Person))
}

fn plain_contrast(hypothesis: &HypothesisDraft, one: &Estimator, at: &Spot, problems: &mut Collector) -> bool {
    let plain = is_plain_contrast(hypothesis);
    if !plain && !build::is_association(hypothesis) {
        problems.add(
            at,
            Say::new(format!("`{}` answers a plain contrast between persons", one.id), "another kind of question")
                .expected(format!("`contrast` without `moderator` and `level` where the estimator is \"{}\"", one.id))
                .help("ask it within one setting: `within.setting`, or use another estimator"),
        );
    }
    plain
}

fn mixed(
    draft: &Draft,
    hypothesis: &HypothesisDraft,
    one: &Estimator,
    structure: Structure,
    at: &Spot,
    problems: &mut Collector,
) {
    let id = one.id;
    if one.specification == Specification::Growth {
        if !plain_contrast(hypothesis, one, at, problems) {
            return;
        }
        growth(draft, hypothesis, at, problems);
    } else if !of_persons(hypothesis) {
        problems.add(
            at,
            Say::new(format!("`{id}` has persons for its rows: means have no partners"), "rows are means")
                .expected(format!("`level = \"person\"` where the estimator is \"{id}\""))
                .help("leave `level` out, or use \"difference_cr2\" or \"ancova_cr2\" for means"),
        );
    }
    let informal = |kind: Option<Kind>| kind.or(draft.kind.value) == Some(Kind::Informal);
    // Of a contrast two arms have rows, of factors all.
    let compared = |name: Option<&str>| {
        hypothesis.contrast.value.as_ref().is_none_or(|pair| pair.iter().any(|(arm, _)| Some(arm.as_str()) == name))
    };
    let has_rows = draft.arms.iter().filter(|arm| compared(arm.name.value.as_deref()));
    if let Some(arm) = has_rows.into_iter().find(|arm| informal(arm.kind.value)) {
        let name = arm.name.value.as_deref().unwrap_or("of informal coaching");
        problems.add(
            at,
            Say::new(
                format!("`{id}` needs dyads: in the arm `{name}` colleagues coach whom they like"),
                "no dyads there",
            )
            .expected("arms whose coaching is formal, or without any")
            .help("use \"ancova_cr2\", whose clusters are teams where coaching is informal"),
        );
    }
    if structure == Structure::DyadInOrganization && draft.organizations.value.is_some_and(|count| count < 3) {
        problems.add(
            at,
            Say::new("the variance between so few organizations cannot be estimated", "fewer than three organizations")
                .expected(format!("at least 3 organizations where the estimator is \"{id}\""))
                .help("raise `count` in [organization], or use \"mixed_dyad\""),
        );
    }
}

fn growth(draft: &Draft, hypothesis: &HypothesisDraft, at: &Spot, problems: &mut Collector) {
    if matches!(hypothesis.score.value, Some(Score::Change | Score::Any)) {
        problems.add(
            hypothesis.score.at.as_ref().unwrap_or(at),
            Say::new("a growth model has the score of every wave for its rows", "another score")
                .expected("`score = \"post\"` where the estimator is \"growth\"")
                .help("leave `score` out"),
        );
    }
    if draft.unit.value == Some(Unit::Organization) {
        problems.add(
            at,
            Say::new(
                "whole organizations are assigned: a growth model has persons and dyads, and its error would be theirs",
                "not of organizations",
            )
            .expected("`unit = \"dyad\"` or \"person\" in [design] where the estimator is \"growth\"")
            .help("compare the change, with errors of organizations: `score = \"change\"` and \"difference_cr2\""),
        );
    }
    let Some(waves) = build::waves(draft) else { return };
    let Some(week) = hypothesis.week.value.or(waves.last().copied()).filter(|_| !hypothesis.week.is_bad()) else {
        return;
    };
    let before = waves.iter().filter(|wave| **wave <= week).count();
    if before < 3 {
        problems.add(
            at,
            Say::new(format!("there are {before} waves up to week {week}"), "too few to tell growth from error")
                .expected("at least three waves where the estimator is \"growth\"")
                .help("add weeks to `waves` in [measurement], or compare changes: `score = \"change\"`"),
        );
    }
}

fn logistic(hypothesis: &HypothesisDraft, one: &Estimator, at: &Spot, problems: &mut Collector) {
    if !plain_contrast(hypothesis, one, at, problems) {
        return;
    }
    let Some(outcome) = hypothesis.outcome.value else { return };
    if is_binary(outcome) || hypothesis.score.value == Some(Score::Any) || hypothesis.score.is_bad() {
        return;
    }
    let binary: Vec<&str> = OUTCOMES.iter().map(|known| known.id).filter(|id| is_binary(id)).collect();
    let help = if is_counted(outcome) {
        "add `score = \"any\"` to ask whether any of it has happened"
    } else {
        "use \"difference_cr2\" or \"ancova_cr2\""
    };
    problems.add(
        at,
        Say::new(format!("`{}` needs an outcome of 0 or 1: `{outcome}` is not", one.id), "not 0 or 1")
            .expected(format!("{}, or a count with `score = \"any\"`", listed(binary.into_iter(), "or")))
            .help(help),
    );
}
