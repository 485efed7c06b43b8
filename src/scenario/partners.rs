//! Checks of how partners are found where arms differ in it: circles, and arms that are open to some only.

use super::build::{self, shares};
use super::draft::{ArmDraft, Draft};
use super::problem::{Collector, Say, Spot};
use crate::study::declaration::{Allocation, Composition, Kind, Matching, Unit};

/// Adds every problem of circles and of who is eligible.
pub(crate) fn check(draft: &Draft, problems: &mut Collector) {
    circles_need_a_program(draft, problems);
    circles_need_members(draft, problems);
    screening(draft, problems);
    strata(draft, problems);
}

/// The kind of program that an arm has.
fn kind(draft: &Draft, arm: &ArmDraft) -> Option<Kind> {
    if arm.kind.is_bad() { None } else { arm.kind.value.or(draft.kind.value) }
}

/// The size of an arm's groups, with where it was written.
fn group_size<'a>(draft: &'a Draft, arm: &'a ArmDraft) -> Option<(usize, Option<&'a Spot>)> {
    match (arm.group_size.is_bad(), arm.group_size.value) {
        (true, _) => None,
        (false, Some(size)) => Some((size, arm.group_size.at.as_ref())),
        (false, None) => Some((draft.group_size.value?, draft.group_size.at.as_ref())),
    }
}

/// Whether people are assigned first and find partners within their arm: see `arms_pair_apart` in the study's plan.
pub(crate) fn pair_apart(draft: &Draft) -> Option<bool> {
    let program = build::program(draft)?;
    let mut rules = Vec::new();
    for arm in &draft.arms {
        let kind = kind(draft, arm)?;
        if arm.matching.is_bad() {
            return None;
        }
        if arm.pairs.value.is_some() {
            return Some(true);
        }
        if kind != Kind::None {
            let rule = arm.matching.value.unwrap_or(build::inherited_matching(program, kind));
            if kind == Kind::Formal && group_size(draft, arm)?.0 > 2 {
                return Some(true);
            }
            rules.push((kind, rule));
        }
    }
    Some(rules.windows(2).any(|pair| pair[0] != pair[1]))
}

fn circles_need_a_program(draft: &Draft, problems: &mut Collector) {
    let say = |problems: &mut Collector, at: &Spot| {
        problems.add(
            at,
            Say::new("only a program makes circles", "nobody who would form them")
                .expected("2, or no `group_size` at all, where the kind is not \"formal\"")
                .help("write `kind = \"formal\"`, or leave `group_size` out"),
        );
    };
    if let (Some(size), Some(at), Some(Kind::Informal | Kind::None)) =
        (draft.group_size.value, &draft.group_size.at, draft.kind.value)
        && size > 2
    {
        say(problems, at);
    }
    for arm in &draft.arms {
        if let (Some(size), Some(at), Some(Kind::Informal | Kind::None)) =
            (arm.group_size.value, &arm.group_size.at, kind(draft, arm))
            && size > 2
        {
            say(problems, at);
        }
    }
}

/// Persons that an arm has in each organization, where that is known before the lots are drawn.
fn members(draft: &Draft, share: f64) -> Option<usize> {
    let (dyads, organizations) = (draft.dyads.value?, draft.organizations.value?.max(1));
    let each = dyads / organizations;
    match (draft.unit.value?, draft.allocation.value?) {
        (Unit::Organization, _) => Some(2 * each),
        (Unit::Person, _) => None,
        (Unit::Dyad, Allocation::Blocked) => Some(2 * (share * each as f64 + 1e-9).floor() as usize),
        (Unit::Dyad, Allocation::Complete) if organizations == 1 => {
            Some(2 * (share * dyads as f64 + 1e-9).floor() as usize)
        }
        (Unit::Dyad, _) => None,
    }
}

/// What makes the number of an arm's members known.
const KNOWN: &str = "write `unit = \"dyad\"` (places are drawn two by two) and, in [design], `allocation = \"blocked\"`, or `\"complete\"` in a single organization";

fn circles_need_members(draft: &Draft, problems: &mut Collector) {
    let whole = draft.dyads.value.is_none() || draft.organizations.value.is_none() || draft.unit.value.is_none();
    let Some(shares) = shares(draft).filter(|_| draft.arms_whole && !whole && draft.allocation.value.is_some()) else {
        return;
    };
    for (arm, share) in draft.arms.iter().zip(shares) {
        let (Some((size, at)), Some(Kind::Formal)) = (group_size(draft, arm), kind(draft, arm)) else { continue };
        let Some(at) = at.filter(|_| size > 2) else { continue };
        match members(draft, share) {
            None => {
                problems.add(
                    at,
                    Say::new(
                        "circles need a known number of members in each organization",
                        "the lots decide how many there are",
                    )
                    .expected("an assignment that fixes how many of an organization's people each arm has")
                    .help(KNOWN),
                );
                return;
            }
            Some(members) if members < 3 && share > 0.0 => problems.add(
                at,
                Say::new(
                    format!("{members} persons of an arm in an organization cannot form a circle"),
                    "a circle has three to eight members",
                )
                .expected("at least 3 persons, two dyads, of the arm in each organization")
                .help(
                    "raise `dyads`, lower the organizations' `count`, raise the arm's share, or write `group_size = 2`",
                ),
            ),
            Some(_) => {}
        }
    }
}

fn screening(draft: &Draft, problems: &mut Collector) {
    if draft.screened.is_bad() {
        return;
    }
    if let (None, Some(at)) = (draft.screened.value, &draft.screening_reliability.at) {
        problems.add(
            at,
            Say::new("nothing is screened", "a reliability of no measure")
                .expected("`trait` beside `reliability` in [design.screening]")
                .help("add e.g. `trait = \"mind_set\"`, or leave the screening out"),
        );
    }
    for arm in &draft.arms {
        let (Some(_), Some(at), None) = (arm.pairs.value, &arm.pairs.at, draft.screened.value) else { continue };
        problems.add(
            at,
            Say::new("who is high and who is low has to be measured", "nobody is screened")
                .expected("a screening in [design] where arms say who is eligible")
                .help("add e.g. `screening = { trait = \"mind_set\", reliability = 0.8 }` to [design]"),
        );
    }
}

/// The halves must go up in the arms' places: in each organization as many of both of a pair from the upper half as from the
/// lower.
fn strata(draft: &Draft, problems: &mut Collector) {
    let Some(at) = draft.arms.iter().filter(|arm| arm.pairs.value.is_some()).find_map(|arm| arm.pairs.at.as_ref())
    else {
        return;
    };
    for arm in &draft.arms {
        if let (Some(Composition::HighLow), Some(rule), Some(at)) =
            (arm.pairs.value, arm.matching.value, &arm.matching.at)
            && rule != Matching::Random
        {
            problems.add(
                at,
                Say::new("`high-low` already says who sits with whom", "one of each half, by lot")
                    .expected("no `matching` beside `pairs = \"high-low\"`")
                    .help("leave `matching` out"),
            );
        }
    }
    let (Some(dyads), Some(organizations)) = (draft.dyads.value, draft.organizations.value.map(|count| count.max(1)))
    else {
        return;
    };
    let Some(shares) = shares(draft).filter(|_| draft.arms_whole && draft.unit.value.is_some()) else { return };
    if members(draft, 1.0).is_none() || draft.unit.value == Some(Unit::Organization) {
        problems.add(
            at,
            Say::new(
                "arms that differ in who is eligible need a known number of places in each organization",
                "the lots decide how many there are",
            )
            .expected("an assignment that fixes how many of an organization's people each arm has")
            .help(KNOWN),
        );
        return;
    }
    let each = dyads as f64 / organizations as f64;
    let places: Vec<f64> = shares.iter().map(|share| share * each).collect();
    if dyads % organizations != 0 || places.iter().any(|places| (places - places.round()).abs() > 1e-6) {
        problems.add(
            at,
            Say::new(
                "the arms' places in an organization are no whole numbers of dyads",
                "arms that differ in who is eligible are filled exactly",
            )
            .expected("shares that give whole dyads in each organization")
            .help(format!("choose `dyads` so that each share of {each} dyads is whole")),
        );
        return;
    }
    let sum = |which: Composition| {
        let own = draft.arms.iter().zip(&places).filter(|(arm, _)| arm.pairs.value == Some(which));
        own.map(|(_, places)| places.round() as usize).sum::<usize>()
    };
    let (high, low) = (sum(Composition::HighHigh), sum(Composition::LowLow));
    if high != low {
        problems.add(
            at,
            Say::new(
                format!("{high} dyads of `high-high` and {low} of `low-low` do not go up in two equal halves"),
                "half of the people are high, half are low",
            )
            .expected("as many places in `high-high` arms as in `low-low` arms")
            .help("give them equal shares; `high-low` arms, and arms without `pairs`, take equally from both halves"),
        );
    }
}
