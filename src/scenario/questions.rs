//! Checks of what a hypothesis asks: one question, of arms, factors, settings and measures that exist, answered by estimators
//! that can. Names of arms in a contrast are checked in [`super::check`].

use super::build;
use super::check::names;
use super::draft::{Draft, HypothesisDraft, Named};
use super::models;
use super::nearest::{listed, nearest};
use super::problem::{Collector, Say, Spot};
use super::schedule;
use crate::study::attribute;
use crate::study::declaration::{Allocation, Kind, Level, Unit};
use crate::study::estimators::{self, Asked, Method};

/// Adds every problem of one hypothesis' question.
pub(crate) fn check(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    one_question(hypothesis, problems);
    members(draft, hypothesis, problems);
    moderator(draft, hypothesis, problems);
    within(draft, hypothesis, problems);
    factors(draft, hypothesis, problems);
    association(draft, hypothesis, problems);
    answers(draft, hypothesis, problems);
    drawn(draft, hypothesis, problems);
    models::check(draft, hypothesis, problems);
    level(draft, hypothesis, problems);
}

/// The keys that ask, with where each was written.
fn asked(hypothesis: &HypothesisDraft) -> Vec<(&'static str, &Spot)> {
    [
        ("contrast", &hypothesis.contrast.at),
        ("factor", &hypothesis.factor.at),
        ("interaction", &hypothesis.interaction.at),
        ("predictor", &hypothesis.predictor.at),
        ("resemblance", &hypothesis.resemblance.at),
    ]
    .into_iter()
    .filter_map(|(key, at)| Some((key, at.as_ref()?)))
    .collect()
}

fn one_question(hypothesis: &HypothesisDraft, problems: &mut Collector) {
    const EXPECTED: &str = "one of `contrast`, `factor`, `interaction`, `predictor` and `resemblance`";
    match asked(hypothesis).as_slice() {
        [] => problems.add(
            hypothesis.id.at.as_ref().unwrap_or(&hypothesis.at),
            Say::new("this hypothesis compares nothing", "no question")
                .expected(EXPECTED)
                .help("two arms are compared with `contrast = [\"treated arm\", \"reference arm\"]`"),
        ),
        [_] => {}
        [(first, _), others @ ..] => {
            for (key, at) in others {
                problems.add(
                    at,
                    Say::new(format!("this hypothesis asks with `{first}` and with `{key}`"), "a second question")
                        .expected(EXPECTED)
                        .help("make two hypotheses of it"),
                );
            }
        }
    }
    let association = build::is_association(hypothesis);
    let only_beside = [
        ("predictor_week", &hypothesis.predictor_week.at, "predictor", association),
        ("causal", &hypothesis.causal.at, "predictor", association),
        ("moderator", first_of_moderator(hypothesis), "contrast", hypothesis.contrast.at.is_some()),
    ];
    for (key, at, needs, there) in only_beside {
        if let (Some(at), false) = (at, there) {
            problems.add(
                at,
                Say::new(format!("`{key}` belongs to a hypothesis with `{needs}`"), format!("there is no `{needs}`"))
                    .expected(format!("`{key}` beside `{needs}`"))
                    .help(format!("write `{needs}`, or leave `{key}` out")),
            );
        }
    }
}

fn first_of_moderator(hypothesis: &HypothesisDraft) -> &Option<Spot> {
    let moderator = &hypothesis.moderator;
    let all = [&moderator.setting.at, &moderator.attribute.at, &moderator.measured.at, &moderator.levels.at];
    all.into_iter().find(|at| at.is_some()).unwrap_or(&moderator.setting.at)
}

/// What is compared has members: nobody is assigned in a survey, nor to an arm of share 0.
fn members(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    if draft.allocation.value == Some(Allocation::None) {
        for (key, at) in asked(hypothesis).into_iter().filter(|(key, _)| !["predictor", "resemblance"].contains(key)) {
            problems.add(
                at,
                Say::new(format!("a survey has no `{key}`: nobody is assigned to anything"), "everyone is in one arm")
                    .expected("`predictor` or `resemblance` where `allocation` is \"none\"")
                    .help("ask what goes with what, or assign people: `allocation = \"complete\"` in [design]"),
            );
        }
        return;
    }
    if schedule::stepped_only(hypothesis) {
        return;
    }
    let (Some(pair), Some(shares)) = (&hypothesis.contrast.value, build::shares(draft)) else { return };
    for (name, spot) in pair {
        let arm = draft.arms.iter().position(|arm| arm.name.value.as_deref() == Some(name));
        if arm.is_some_and(|arm| shares.get(arm) == Some(&0.0)) {
            problems.add(
                spot,
                Say::new(format!("nobody is in the arm `{name}`: its share is 0"), "nothing of it is observed")
                    .expected("two arms with members")
                    .help("give it a share above 0, or compare other arms"),
            );
        }
    }
}

fn moderator(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let moderator = &hypothesis.moderator;
    let kinds = [
        ("setting", &moderator.setting.at),
        ("attribute", &moderator.attribute.at),
        ("measured", &moderator.measured.at),
    ];
    let mut given = kinds.into_iter().filter_map(|(key, at)| Some((key, at.as_ref()?)));
    if let Some((first, _)) = given.next() {
        for (key, at) in given {
            problems.add(
                at,
                Say::new(format!("the moderator is `{first}` and `{key}` at once"), "a second moderator")
                    .expected("one of `setting`, `attribute` and `measured`")
                    .help("make two hypotheses of it"),
            );
        }
    }
    for pair in moderator.setting.value.iter() {
        pair.iter().for_each(|name| known_setting(draft, name, problems));
        differ(pair, problems);
    }
    let levels = moderator.attribute.value.and_then(attribute::find).map_or(&[][..], |known| known.levels);
    let (Some(pair), Some(at)) = (&moderator.levels.value, &moderator.levels.at) else { return };
    if levels.is_empty() {
        problems.add(
            at,
            Say::new("there are no levels to compare here", "not an attribute with levels")
                .expected("`levels` beside an `attribute` such as \"career_stage\"")
                .help("leave `levels` out: of age, experience and status the change per SD is asked"),
        );
        return;
    }
    for name in pair {
        known(name, levels.iter().copied(), "level of the attribute", problems);
    }
    differ(pair, problems);
}

fn differ(pair: &[Named; 2], problems: &mut Collector) {
    let [(first, _), (second, at)] = pair;
    if first == second {
        problems.add(
            at,
            Say::new(format!("`{first}` is compared with itself"), "the same again")
                .expected("two that differ")
                .help("name another"),
        );
    }
}

/// Whether a name is one of these; else says so.
fn known<'a>((name, at): &Named, all: impl Iterator<Item = &'a str> + Clone, noun: &str, problems: &mut Collector) {
    if all.clone().any(|one| one == name) {
        return;
    }
    let near = nearest(name, all.clone());
    let say = Say::new(format!("there is no {noun} `{name}`"), "not known").nearest(near);
    let say = match all.clone().next() {
        Some(_) => say.expected(listed(all, "or")),
        None => say.expected(format!("the name of a {noun} of this scenario, which has none")),
    };
    problems.add(
        at,
        match near {
            Some(name) => say.help(format!("did you mean \"{name}\"?")),
            None if noun.starts_with("level") => say.help(format!("write the name of a {noun}")),
            None => say.help(format!("write the name of a {noun}, or add one of this name")),
        },
    );
}

fn known_setting(draft: &Draft, name: &Named, problems: &mut Collector) {
    known(name, build::settings(draft).into_iter(), "setting", problems);
}

fn within(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    if let Some(name) = &hypothesis.within.value {
        known_setting(draft, name, problems);
    }
}

fn factors(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let ids: Vec<&str> = draft.factors.iter().filter_map(|factor| factor.id.value.as_deref()).collect();
    let named: &[Named] = match (&hypothesis.factor.value, &hypothesis.interaction.value) {
        (Some(one), _) => std::slice::from_ref(one),
        (None, Some(several)) => several,
        (None, None) => return,
    };
    for name in named {
        known(name, ids.iter().copied(), "factor", problems);
    }
    for (index, (name, at)) in named.iter().enumerate() {
        if named[..index].iter().any(|(before, _)| before == name) {
            problems.add(
                at,
                Say::new(format!("the factor `{name}` cannot interact with itself"), "a second time")
                    .expected("different factors")
                    .help("leave it out once"),
            );
        }
    }
    if let (Some(several), Some(at)) = (&hypothesis.interaction.value, &hypothesis.interaction.at)
        && !(2..=3).contains(&several.len())
    {
        problems.add(
            at,
            Say::new(format!("an interaction of {}", several.len()), "not two or three factors")
                .expected("the ids of two or three factors")
                .help("the main effect of one is asked with `factor = \"…\"`"),
        );
    }
}

fn association(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let (Some(predictor), Some(at)) = (hypothesis.predictor.value, &hypothesis.predictor.at) else { return };
    let waves = build::waves(draft);
    let last = waves.as_ref().and_then(|waves| waves.last().copied());
    let week = hypothesis.week.value.or(last).filter(|_| !hypothesis.week.is_bad());
    let predictor_week = hypothesis.predictor_week.value.or(week).filter(|_| !hypothesis.predictor_week.is_bad());
    if let (Some(waves), Some(asked), Some(at)) =
        (&waves, hypothesis.predictor_week.value, &hypothesis.predictor_week.at)
        && !waves.contains(&asked)
    {
        let list: Vec<String> = waves.iter().map(usize::to_string).collect();
        problems.add(
            at,
            Say::new(format!("nothing is measured in week {asked}"), "not a wave")
                .expected(format!("one of the waves {}", list.join(", ")))
                .help(format!("add {asked} to `waves` in [measurement]")),
        );
    }
    if hypothesis.outcome.value == Some(predictor) && week.is_some() && week == predictor_week {
        problems.add(
            at,
            Say::new(format!("`{predictor}` would predict itself"), "the same score as the outcome")
                .expected("another outcome, or an earlier `predictor_week`")
                .help("what was measured before predicts what comes later"),
        );
    }
    for covariate in hypothesis.covariates.value.iter().flatten() {
        let what = match hypothesis.outcome.value {
            _ if *covariate == predictor => "the predictor",
            Some(outcome) if outcome == *covariate && week == predictor_week => "the outcome",
            _ => continue,
        };
        problems.add(
            hypothesis.covariates.at.as_ref().unwrap_or(at),
            Say::new(format!("the covariate `{covariate}` is {what} itself"), "the same score twice")
                .expected("covariates that are measured beside the two")
                .help(format!("leave `{covariate}` out of `covariates`")),
        );
    }
    if let Some(name) = &hypothesis.causal.value {
        known(name, self::names(draft).into_iter(), "arm", problems);
        let arm = draft.arms.iter().find(|arm| arm.name.value.as_deref() == Some(&name.0));
        if arm.is_some_and(|arm| arm.control.value == Some(true)) {
            problems.add(
                &name.1,
                Say::new(
                    "the control arm moves nothing: it is what the others are held against",
                    "the reference itself",
                )
                .expected("an arm whose treatment moves the predictor, for example with `share = 0`")
                .help("add an [[arm]] with such a treatment and `share = 0`, and name it here"),
            );
        }
    }
}

/// Each kind of question has estimators of its own.
fn answers(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let (Some(ids), Some(at)) = (&hypothesis.estimators.value, &hypothesis.estimators.at) else { return };
    if asked(hypothesis).len() != 1 {
        return;
    }
    let kind = build::asked(hypothesis);
    let fitting = || {
        let all = estimators::catalogue().iter();
        all.filter(|one| one.specification.answers(kind)).map(|one| one.id)
    };
    for id in ids {
        let Some(one) = estimators::find(id) else { continue };
        if !one.specification.answers(kind) {
            let what = match kind {
                Asked::Experiment => "an experiment",
                Asked::Association => "an association",
                Asked::Resemblance => "how far members of a group resemble each other",
            };
            problems.add(
                at,
                Say::new(format!("`{id}` does not answer {what}"), "another kind of question")
                    .expected(listed(fitting(), "or"))
                    .help("`peerlab explain NAME` says what each of them is"),
            );
        }
    }
    for id in ids {
        let dyadic = estimators::find(id).is_some_and(|one| one.method == Method::ActorPartner);
        if let Some(reason) = dyadic.then(|| not_of_pairs(draft, hypothesis)).flatten() {
            problems.add(
                at,
                Say::new(format!("`{id}` needs pairs whose members differ: {reason}"), "no pairs to compare within")
                    .expected("persons as rows, in pairs, with a predictor or a treatment of each person's own")
                    .help("name another estimator, or assign persons: `unit = \"person\"` in [design]"),
            );
        }
    }
}

/// Why actor and partner effects cannot be told apart here, if so.
fn not_of_pairs(draft: &Draft, hypothesis: &HypothesisDraft) -> Option<&'static str> {
    let circles = |size: Option<usize>| size.is_some_and(|size| size > 2);
    if hypothesis.level.value.is_some_and(|level| level != Level::Person) {
        Some("rows are means of groups")
    } else if circles(draft.group_size.value) || draft.arms.iter().any(|arm| circles(arm.group_size.value)) {
        Some("there are circles of more than two")
    } else if build::asked(hypothesis) == Asked::Association {
        None
    } else if hypothesis.contrast.at.is_none() || first_of_moderator(hypothesis).is_some() {
        Some("the question is no plain contrast of two arms")
    } else if draft.unit.value.unwrap_or(Unit::Dyad) != Unit::Person {
        Some("both members of a pair are in the same arm")
    } else {
        None
    }
}

/// Randomization inference repeats the design's own lot: there has to be one, between pairs that were made before.
fn drawn(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let (Some(ids), Some(at)) = (&hypothesis.estimators.value, &hypothesis.estimators.at) else { return };
    let named = |id: &&&'static str| estimators::find(id).is_some_and(|one| one.method == Method::Randomization);
    let Some(id) = ids.iter().find(named) else { return };
    let reason = if hypothesis.contrast.at.is_none() || first_of_moderator(hypothesis).is_some() {
        "the question is no plain contrast of two arms"
    } else if matches!(draft.allocation.value, Some(Allocation::SelfSelected | Allocation::None)) {
        "nobody draws lots in this design"
    } else if pairs_after_lots(draft) {
        "people find partners after the lot, and another lot would have made other pairs"
    } else {
        return;
    };
    problems.add(
        at,
        Say::new(format!("`{id}` cannot repeat this lot: {reason}"), "no lot to repeat")
            .expected("a contrast of arms that are drawn by lot, between people whose partners do not depend on it")
            .help("name another estimator, for example \"ancova_cr2\""),
    );
}

/// Whether people within an organization are assigned first and find partners within their arm.
fn pairs_after_lots(draft: &Draft) -> bool {
    let rules: Vec<_> = draft
        .arms
        .iter()
        .map(|arm| (arm.kind.value.or(draft.kind.value), arm.matching.value.or(draft.matching.value), arm))
        .filter(|(kind, _, _)| *kind != Some(Kind::None))
        .collect();
    let circles = |size: Option<usize>| size.is_some_and(|size| size > 2);
    let differ = rules.windows(2).any(|two| (two[0].0, two[0].1) != (two[1].0, two[1].1));
    let grouped = rules.iter().any(|(_, _, arm)| circles(arm.group_size.value.or(draft.group_size.value)));
    draft.unit.value != Some(Unit::Organization)
        && (differ || grouped || draft.arms.iter().any(|arm| arm.pairs.value.is_some()))
}

fn level(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let (Some(level), Some(at)) = (hypothesis.level.value, &hypothesis.level.at) else { return };
    if hypothesis.resemblance.at.is_some() && level != Level::Person {
        problems.add(
            at,
            Say::new("members of a group are compared, and means of groups have no members", "rows that are means")
                .expected("`level = \"person\"` beside `resemblance`")
                .help("leave `level` out: `resemblance` names the groups"),
        );
    }
    let persons = draft.dyads.value.map_or(f64::INFINITY, |dyads| 2.0 * dyads as f64);
    if level == Level::Team && persons < 2.5 * draft.parameters.network.team {
        problems.add(
            at,
            Say::new("the means of so few teams cannot be compared", "fewer than three rows")
                .expected("people for at least 3 teams of `theory.network.team`")
                .help("raise `dyads` in [population], or analyze persons or dyads"),
        );
    }
    if level != Level::Organization {
        return;
    }
    if draft.organizations.value.is_some_and(|count| count < 3) {
        problems.add(
            at,
            Say::new("the means of so few organizations cannot be compared", "fewer than three rows")
                .expected("at least 3 organizations where they are the rows")
                .help("raise `count` in [organization], or analyze persons or dyads"),
        );
    }
}
