//! Checks that take several values together: arms, waves, hypotheses. What concerns units of assignment and matching is
//! in [`super::design`]. Each check is silent where a value that it needs was refused already.

use std::collections::BTreeMap;

use super::build;
use super::business;
use super::design;
use super::draft::{Draft, HypothesisDraft, InstrumentDraft};
use super::nearest::{listed, nearest};
use super::problem::{Collector, Say, Spot};
use super::{answer, questions, schedule, settings};
use crate::study::declaration::{Allocation, Score};
use crate::study::estimators::{Method, find};

/// Adds every problem that lies between values.
pub(crate) fn check(draft: &Draft, problems: &mut Collector) {
    arm_names(draft, problems);
    settings::check(draft, problems);
    schedule::check(draft, problems);
    factor_ids(draft, problems);
    levels(draft, problems);
    control(draft, problems);
    shares(draft, problems);
    waves(draft, problems);
    hypothesis_ids(draft, problems);
    answer::check(draft, problems);
    for hypothesis in &draft.hypotheses {
        contrast(draft, hypothesis, problems);
        questions::check(draft, hypothesis, problems);
        schedule::contrast(draft, hypothesis, problems);
        week(draft, hypothesis, problems);
        covariates(hypothesis, problems);
    }
    instruments(draft, problems);
    design::check(draft, problems);
    business::check(draft, problems);
}

fn arm_names(draft: &Draft, problems: &mut Collector) {
    let names = draft.arms.iter().filter_map(|arm| Some((arm.name.value.as_deref()?, arm.name.at.clone()?)));
    unique(names, "arm", problems);
}

fn factor_ids(draft: &Draft, problems: &mut Collector) {
    let ids = draft.factors.iter().filter_map(|factor| Some((factor.id.value.as_deref()?, factor.id.at.clone()?)));
    unique(ids, "factor", problems);
}

/// Each arm says of every factor whether it is low or high.
fn levels(draft: &Draft, problems: &mut Collector) {
    let count = draft.factors.len();
    for arm in &draft.arms {
        let wrong = match (&arm.levels.value, &arm.levels.at) {
            (Some(levels), Some(at)) if levels.len() != count => Some((at.clone(), levels.len())),
            (None, None) if count > 0 => Some((arm.at.clone(), 0)),
            _ => None,
        };
        let Some((at, given)) = wrong else { continue };
        let ids: Vec<&str> = draft.factors.iter().filter_map(|factor| factor.id.value.as_deref()).collect();
        let help = match count {
            0 => "write a [[factor]] with its `id` for each level, or leave `levels` out".to_owned(),
            _ => format!("one for each of {}, in this order", listed(ids, "and")),
        };
        problems.add(
            &at,
            Say::new(format!("`levels` has {given} where the study has {count} factors"), "not one for each factor")
                .expected(format!("`levels` with {count} of \"low\" and \"high\" in each [[arm]]"))
                .help(help),
        );
    }
}

fn hypothesis_ids(draft: &Draft, problems: &mut Collector) {
    let ids = draft
        .hypotheses
        .iter()
        .filter_map(|hypothesis| Some((hypothesis.id.value.as_deref()?, hypothesis.id.at.clone()?)));
    unique(ids, "hypothesis", problems);
}

pub(super) fn unique<'a>(names: impl Iterator<Item = (&'a str, Spot)>, what: &str, problems: &mut Collector) {
    let mut first: BTreeMap<&str, Spot> = BTreeMap::new();
    for (name, spot) in names {
        if let Some(earlier) = first.get(name) {
            let line = problems.line_of(earlier);
            problems.add(
                &spot,
                Say::new(format!("two {} are called `{name}`", plural(what)), "a second time")
                    .expected(format!("a name of its own for each {what}"))
                    .help(format!("the first is on {line}; rename one of them")),
            );
        } else {
            first.insert(name, spot);
        }
    }
}

fn plural(what: &str) -> &str {
    match what {
        "arm" => "arms",
        "setting" => "settings",
        "factor" => "factors",
        _ => "hypotheses",
    }
}

/// The names of the arms, for a message.
pub(super) fn names(draft: &Draft) -> Vec<&str> {
    draft.arms.iter().filter_map(|arm| arm.name.value.as_deref()).collect()
}

fn control(draft: &Draft, problems: &mut Collector) {
    const WAY_OUT: &str = "the control is the arm that the others are compared with";
    if !draft.arms_whole || draft.arms.iter().any(|arm| arm.control.is_bad()) {
        return;
    }
    let controls: Vec<_> = draft.arms.iter().filter(|arm| arm.control.value == Some(true)).collect();
    match (draft.arms.first(), controls.as_slice()) {
        (None, _) => {
            if let Some(at) = &draft.arms_at {
                problems.add(
                    at,
                    Say::new("the scenario has no arms", "an empty list")
                        .expected("one [[arm]] table for each arm, one of them with `control = true`")
                        .help("an arm is what its members receive beside what everyone has"),
                );
            }
        }
        (Some(first), []) => {
            let at = first.name.at.as_ref().unwrap_or(&first.at);
            problems.add(
                at,
                Say::new("no arm is the control", "this is the first of the arms")
                    .expected("`control = true` in exactly one [[arm]]")
                    .help(format!("{WAY_OUT}: add `control = true` to {}", listed(names(draft), "or"))),
            );
        }
        (_, [_]) => {}
        (_, [first, others @ ..]) => {
            for other in others {
                let line = first.control.at.as_ref().map_or_else(String::new, |spot| problems.line_of(spot));
                let at = other.control.at.as_ref().unwrap_or(&other.at);
                problems.add(
                    at,
                    Say::new("two arms are the control", "a second control")
                        .expected("`control = true` in exactly one [[arm]]")
                        .help(format!("{WAY_OUT}; the first is on {line}")),
                );
            }
        }
    }
}

fn shares(draft: &Draft, problems: &mut Collector) {
    const NEAR: f64 = 1e-6;
    let Some(shares) = build::shares(draft).filter(|_| draft.arms_whole) else {
        return;
    };
    let given: Vec<(f64, &Spot)> =
        draft.arms.iter().filter_map(|arm| Some((arm.share.value?, arm.share.at.as_ref()?))).collect();
    if draft.allocation.value == Some(Allocation::None) {
        for (arm, spot) in draft.arms.iter().filter_map(|arm| Some((arm, arm.share.at.as_ref()?))) {
            let expected = if arm.control.value == Some(true) { 1.0 } else { 0.0 };
            if arm.share.value.is_some_and(|share| share != expected) {
                problems.add(
                    spot,
                    Say::new("nobody is assigned in a survey: everyone is in the control arm", "a share of nothing")
                        .expected("`share` 1 in the control arm and 0 in the others, or no `share` at all")
                        .help("leave `share` out, or assign people: `allocation = \"complete\"` in [design]"),
                );
            }
        }
        return;
    }
    let Some((_, last)) = given.last() else {
        return;
    };
    let sum: f64 = given.iter().map(|(share, _)| share).sum();
    let sum_shown = (sum * 1e6).round() / 1e6;
    let silent = shares.len() - given.len();
    let added = given.iter().map(|(share, _)| share.to_string()).collect::<Vec<_>>().join(" + ");
    if sum > 1.0 + NEAR {
        problems.add(
            last,
            Say::new(
                format!("the arms' shares sum to {sum_shown}, more than everyone"),
                format!("{added} = {sum_shown}"),
            )
            .expected("shares that sum to 1")
            .help("lower them, or leave `share` out of one arm to give it what the others leave"),
        );
    } else if silent > 0 && sum > 1.0 - NEAR {
        problems.add(
            last,
            Say::new("the arms' shares leave nothing for the arms without one", format!("{added} = {sum_shown}"))
                .expected("shares that sum to less than 1 where an arm has none")
                .help("lower them, or leave them all out for equal shares"),
        );
    } else if silent == 0 && (sum - 1.0).abs() > NEAR {
        problems.add(
            last,
            Say::new(format!("the arms' shares sum to {sum_shown}, not to 1"), format!("{added} = {sum_shown}"))
                .expected("shares that sum to 1")
                .help("leave `share` out of one arm to give it what the others leave, or out of all for equal shares"),
        );
    }
}

/// The last week that is simulated, with the words for it.
pub(super) fn last_week(draft: &Draft) -> Option<(usize, String)> {
    let (weeks, more) = (build::longest(draft)?, draft.follow_up_weeks.value?);
    Some((weeks + more, format!("{weeks} weeks of program and {more} of follow-up")))
}

fn waves(draft: &Draft, problems: &mut Collector) {
    let Some(waves) = &draft.waves.value else {
        return;
    };
    if let Some((first, spot)) = waves.first().filter(|(first, _)| *first != 0) {
        problems.add(
            spot,
            Say::new(format!("the first wave is in week {first}"), "there is no baseline before this")
                .expected("0 as the first wave: the baseline before any treatment")
                .help(format!("write `waves = [0, {first}, …]`")),
        );
    }
    for pair in waves.windows(2) {
        let ((before, _), (week, spot)) = (&pair[0], &pair[1]);
        if week <= before {
            problems.add(
                spot,
                Say::new(format!("wave {week} comes after wave {before}"), "not later than the one before")
                    .expected("weeks that increase")
                    .help("put the waves in order, each once"),
            );
        }
    }
    let Some((last, words)) = last_week(draft) else {
        return;
    };
    for (week, spot) in waves.iter().filter(|(week, _)| *week > last) {
        problems.add(
            spot,
            Say::new(format!("the study is over before the wave in week {week}"), format!("later than week {last}"))
                .expected(format!("weeks from 0 to {last}: {words}"))
                .help(format!("drop the wave, or raise `follow_up_weeks` in [program] by {}", week - last)),
        );
    }
}

fn contrast(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let Some([treated, reference]) = &hypothesis.contrast.value else {
        return;
    };
    let known = names(draft);
    // An arm whose name could not be read may be the one that is meant.
    let all_named = draft.arms_whole && known.len() == draft.arms.len();
    for (name, spot) in [treated, reference] {
        if known.contains(&name.as_str()) || !all_named {
            continue;
        }
        let near = nearest(name, known.iter().copied());
        let say = Say::new(format!("there is no arm `{name}`"), "no [[arm]] has this name")
            .expected(listed(known.iter().copied(), "or"))
            .nearest(near);
        problems.add(
            spot,
            match near {
                Some(name) => say.help(format!("did you mean \"{name}\"?")),
                None => say.help("write the `name` of an arm, or add an [[arm]] of this name"),
            },
        );
    }
    if treated.0 == reference.0 {
        let others: Vec<&str> = known.into_iter().filter(|name| *name != treated.0).collect();
        let help = if others.is_empty() {
            "give the study another [[arm]] to compare it with".to_owned()
        } else {
            format!("compare it with {}", listed(others, "or"))
        };
        problems.add(
            &reference.1,
            Say::new(format!("arm `{}` is compared with itself", treated.0), "the same arm again")
                .expected("two different arms")
                .help(help),
        );
    }
}

fn week(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    if hypothesis.week.is_bad() {
        return;
    }
    let Some(waves) = build::waves(draft) else {
        return;
    };
    let week = hypothesis.week.value.or(waves.last().copied());
    let (Some(week), at) = (week, hypothesis.week.at.as_ref().unwrap_or(&hypothesis.at)) else {
        return;
    };
    if !waves.contains(&week) {
        let near = waves
            .iter()
            .min_by_key(|wave| wave.abs_diff(week))
            .map_or_else(String::new, |wave| format!("ask in week {wave}, the nearest wave, "));
        let list: Vec<String> = waves.iter().map(usize::to_string).collect();
        problems.add(
            at,
            Say::new(format!("nothing is measured in week {week}"), "not a wave")
                .expected(format!("one of the waves {}", list.join(", ")))
                .help(format!("{near}or add {week} to `waves` in [measurement]")),
        );
        return;
    }
    if week != 0 {
        return;
    }
    const LATER: &str = "ask at a later wave";
    if hypothesis.score.value == Some(Score::Change) {
        let at = hypothesis.score.at.as_ref().unwrap_or(at);
        problems.add(
            at,
            Say::new("a change score in week 0 is always 0", "the score minus itself")
                .expected("a change from week 0 to a later wave")
                .help(format!("{LATER}, or use `score = \"post\"` to compare the arms at baseline")),
        );
        return;
    }
    let estimators = match &hypothesis.estimators.value {
        Some(estimators) => estimators.clone(),
        None if hypothesis.estimators.is_bad() => return,
        None => build::default_estimators(hypothesis),
    };
    let own_baseline = match (&hypothesis.covariates.value, hypothesis.outcome.value) {
        _ if hypothesis.covariates.is_bad() => false,
        (None, _) => true,
        (Some(covariates), Some(outcome)) => covariates.contains(&outcome),
        (Some(_), None) => false,
    };
    if own_baseline && estimators.iter().any(|id| build::adjusts(id)) {
        let at = hypothesis.estimators.at.as_ref().unwrap_or(at);
        problems.add(
            at,
            Say::new("ANCOVA in week 0 would explain the outcome by itself", "its covariate is the same score")
                .expected("a `difference_…` estimator in week 0")
                .help(format!("{LATER}, or use \"difference_cr2\" to compare the arms at baseline")),
        );
    }
}

/// ANCOVA adjusts for a baseline in which people differ.
fn covariates(hypothesis: &HypothesisDraft, problems: &mut Collector) {
    if hypothesis.covariates.is_bad() || hypothesis.estimators.is_bad() {
        return;
    }
    let estimators = hypothesis.estimators.value.clone().unwrap_or_else(|| build::default_estimators(hypothesis));
    let Some(outcome) = hypothesis.outcome.value else { return };
    let chosen = hypothesis.covariates.value.clone().unwrap_or_else(|| vec![outcome]);
    let Some(constant) = chosen.iter().find(|id| build::starts_at_zero(id)) else { return };
    // A mixed model without covariates is no ANCOVA of nothing: it has its dyads.
    let given = hypothesis.covariates.value.is_some();
    let mixed = |id: &str| find(id).is_some_and(|one| matches!(one.method, Method::Mixed(..)));
    if !estimators.iter().any(|id| build::adjusts(id) && (given || !mixed(id))) {
        return;
    }
    let place = [&hypothesis.covariates.at, &hypothesis.estimators.at].into_iter().flatten().next();
    problems.add(
        place.unwrap_or(&hypothesis.at),
        Say::new(
            format!("ANCOVA cannot adjust for `{constant}` in week 0"),
            "everyone has 0 of it before anything has happened",
        )
        .expected("covariates in which people differ, or a `difference_…` estimator")
        .help("use \"difference_cr2\", or name other covariates, e.g. `covariates = [\"self_awareness\"]`"),
    );
}

/// A response scale needs two points. A rater's bias is part of what is not the construct: it cannot take more than the
/// reliability leaves.
fn instruments(draft: &Draft, problems: &mut Collector) {
    let usual = &draft.instrument;
    let own = draft.instruments.iter().map(|(_, instrument)| instrument);
    for one in std::iter::once(usual).chain(own) {
        if let (Some(1), Some(at)) = (one.scale_points.value, &one.scale_points.at) {
            problems.add(
                at,
                Say::new("a response scale of 1 point", "everyone would answer the same")
                    .expected("2 points or more, or 0 for a continuous scale")
                    .help("write for example `scale_points = 7`, or leave it out"),
            );
        }
        let value = |own: fn(&InstrumentDraft) -> Option<f64>| own(one).or(own(usual));
        let (Some(reliability), Some(bias)) = (value(|i| i.reliability.value), value(|i| i.rater_bias.value)) else {
            continue;
        };
        let most = ((1.0 - reliability) / reliability).sqrt();
        let Some(at) = [&one.rater_bias.at, &one.reliability.at].into_iter().flatten().next() else { continue };
        if bias > most + 1e-9 {
            problems.add(
                at,
                Say::new(
                    format!("a rater bias of {bias} SD is more than a reliability of {reliability} leaves"),
                    "bias and error together are what is not the construct",
                )
                .expected(format!("a rater bias of at most {most:.3}"))
                .help("lower `rater_bias`, or lower `reliability`"),
            );
        }
    }
}
