//! Checks of the design: units of assignment, organizations, programs that differ between arms, and matching.

use super::build::{self, shares};
use super::draft::{ArmDraft, Draft};
use super::grammar::of_organization;
use super::partners;
use super::problem::{Collector, Say, Spot};
use super::reader::Given;
use super::settings;
use crate::study::declaration::{Allocation, Kind, Matching, Unit};
use crate::study::treatment::Whom;

/// Adds every problem of the design.
pub(crate) fn check(draft: &Draft, problems: &mut Collector) {
    enough_dyads(draft, problems);
    enough_units(draft, problems);
    blocks(draft, problems);
    choices(draft, problems);
    organizations_by_arm(draft, problems);
    programs_by_person(draft, problems);
    pairs_treated(draft, problems);
    matching(draft, problems);
    partners::check(draft, problems);
}

/// The first of these values that was written, else the place of last resort.
fn first_given<'a>(places: &[Option<&'a Spot>], otherwise: &'a Spot) -> &'a Spot {
    places.iter().copied().flatten().next().unwrap_or(otherwise)
}

fn place<T>(given: &Given<T>) -> Option<&Spot> {
    given.at.as_ref()
}

fn enough_dyads(draft: &Draft, problems: &mut Collector) {
    let (Some(dyads), Some(count)) = (draft.dyads.value, draft.organizations.value) else {
        return;
    };
    let Some(at) = place(&draft.dyads) else {
        return;
    };
    if dyads < count {
        problems.add(
            at,
            Say::new(format!("{dyads} dyads cannot fill {count} organizations"), "fewer than organizations")
                .expected(format!("at least {count} dyads, one for each organization"))
                .help("raise `dyads` in [population] or lower `count` in [organization]"),
        );
    }
}

/// How many units there are, in numbers and words.
fn units(draft: &Draft) -> Option<(usize, &'static str, &'static str)> {
    Some(match draft.unit.value? {
        Unit::Person => (2 * draft.dyads.value?, "persons", "person"),
        Unit::Dyad => (draft.dyads.value?, "dyads", "dyad"),
        Unit::Organization => (draft.organizations.value?, "organizations", "organization"),
    })
}

fn enough_units(draft: &Draft, problems: &mut Collector) {
    let arms = settings::arms_with_members(draft);
    let (Some((count, many, one)), Some(last)) = (units(draft), draft.arms.last()) else {
        return;
    };
    if !draft.arms_whole {
        return;
    }
    let end = &last.at;
    let what = match draft.unit.value {
        Some(Unit::Organization) => "raise `count` in [organization] or assign dyads: `unit = \"dyad\"`",
        _ => "raise `dyads` in [population] or drop an arm",
    };
    if count < arms {
        let at = first_given(
            &[match draft.unit.value {
                Some(Unit::Organization) => place(&draft.unit).or(place(&draft.organizations)),
                _ => place(&draft.dyads),
            }],
            end,
        );
        let are = if count == 1 { "is 1".to_owned() + " " + one } else { format!("are {count} {many}") };
        problems.add(
            at,
            Say::new(format!("there {are} for {arms} arms"), format!("too few {many} to assign"))
                .expected(format!("at least {arms} {many}, one for each arm"))
                .help(what),
        );
        return;
    }
    // Fixed numbers per arm: a small share may come to nobody.
    if draft.allocation.value != Some(Allocation::Complete) {
        return;
    }
    let sum_is_one = |shares: &[f64]| (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6;
    let Some(shares) = shares(draft).filter(|shares| sum_is_one(shares)) else {
        return;
    };
    for (arm, share) in draft.arms.iter().zip(shares) {
        let expected = share * count as f64;
        if share > 0.0 && expected < 1.0 - 1e-9 {
            let at = first_given(&[place(&arm.share), place(&arm.name)], &arm.at);
            problems.add(
                at,
                Say::new(
                    format!("an arm with {share} of {count} {many} may have no members"),
                    format!("less than one {one}"),
                )
                .expected(format!("a share of at least 1/{count}"))
                .help(format!("raise its share, or {what}")),
            );
        }
    }
}

fn blocks(draft: &Draft, problems: &mut Collector) {
    let (Some(Allocation::Blocked), Some(unit)) = (draft.allocation.value, draft.unit.value) else {
        return;
    };
    let Some(at) = place(&draft.allocation) else {
        return;
    };
    if unit == Unit::Organization {
        settings::blocks(draft, at, problems);
        return;
    }
    let (Some(dyads), Some(organizations)) = (draft.dyads.value, draft.organizations.value) else {
        return;
    };
    let dyads_each = dyads / organizations;
    let (each, many) = match unit {
        Unit::Person => (2 * dyads_each, "persons"),
        _ => (dyads_each, "dyads"),
    };
    let arms = settings::arms_with_members(draft);
    if draft.arms_whole && each < arms && dyads >= organizations {
        problems.add(
            at,
            Say::new(
                format!("{each} {many} in an organization cannot be blocked into {arms} arms"),
                "needs every arm in every organization",
            )
            .expected(format!("at least {arms} {many} in {}", every(organizations)))
            .help("raise `dyads`, lower the organizations' `count`, or write `allocation = \"complete\"`"),
        );
    }
}

/// Where units choose there must be someone who chooses, and a reason to.
fn choices(draft: &Draft, problems: &mut Collector) {
    let (Some(Allocation::SelfSelected), Some(at)) = (draft.allocation.value, place(&draft.allocation)) else {
        return;
    };
    if draft.unit.value == Some(Unit::Organization) {
        problems.add(
            at,
            Say::new("an organization does not choose by who its members are", "chosen by persons or dyads")
                .expected("`self-selected` where the unit is the person or the dyad")
                .help("write `unit = \"person\"` in [design], or draw lots: `allocation = \"complete\"`"),
        );
    }
    if draft.selection.weights.iter().all(|weight| weight.value == Some(0.0)) {
        problems.add(
            at,
            Say::new("nothing draws anyone to an arm", "every weight in [design.selection] is 0")
                .expected("at least one weight other than 0")
                .help(
                    "add e.g. `selection = { self_direction = 0.5 }` to [design], or draw lots: `allocation = \"simple\"`",
                ),
        );
    }
}

fn organizations_by_arm(draft: &Draft, problems: &mut Collector) {
    if !matches!(draft.unit.value, Some(Unit::Person | Unit::Dyad)) {
        return;
    }
    for arm in &draft.arms {
        for (parameter, _, spot) in &arm.changes {
            if !of_organization(parameter.id) {
                continue;
            }
            problems.add(
                spot,
                Say::new(
                    format!("`{}` cannot differ between arms that share an organization", parameter.id),
                    "belongs to the whole organization",
                )
                .expected("organization values in an arm only where organizations are assigned")
                .help("write `unit = \"organization\"` in [design], or set it for everyone in [organization]"),
            );
        }
    }
}

/// What an arm's program comes to, to compare it with another's.
#[derive(PartialEq)]
struct ArmProgram {
    kind: Kind,
    weeks: usize,
    matching: Matching,
    /// Parameters that differ from the study's.
    changed: Vec<(&'static str, f64)>,
}

fn program_of(draft: &Draft, arm: &ArmDraft) -> Option<ArmProgram> {
    let program = build::program(draft)?;
    if arm.kind.is_bad() || arm.weeks.is_bad() || arm.matching.is_bad() {
        return None;
    }
    let kind = arm.kind.value.unwrap_or(program.kind);
    let matching = arm.matching.value.unwrap_or(build::inherited_matching(program, kind));
    let changed = arm
        .changes
        .iter()
        .filter(|(parameter, value, _)| {
            !of_organization(parameter.id) && draft.parameters.get(parameter.id) != Some(*value)
        })
        .map(|(parameter, value, _)| (parameter.id, *value))
        .collect();
    Some(ArmProgram { kind, weeks: arm.weeks.value.unwrap_or(program.weeks), matching, changed })
}

fn programs_by_person(draft: &Draft, problems: &mut Collector) {
    if draft.unit.value != Some(Unit::Person) || !draft.arms_whole || partners::pair_apart(draft) != Some(false) {
        return;
    }
    let Some(programs) = draft.arms.iter().map(|arm| program_of(draft, arm)).collect::<Option<Vec<_>>>() else {
        return;
    };
    if programs.windows(2).all(|pair| pair[0] == pair[1]) {
        return;
    }
    for arm in &draft.arms {
        let places = arm
            .changes
            .iter()
            .filter(|(parameter, _, _)| !of_organization(parameter.id))
            .map(|(_, _, spot)| spot)
            .chain(place(&arm.kind))
            .chain(place(&arm.weeks))
            .chain(place(&arm.matching));
        if let Some(at) = places.min_by_key(|spot| (spot.source, spot.span.start)) {
            problems.add(
                at,
                Say::new(
                    "the arms' programs differ, but persons are assigned one by one",
                    "partners in different arms share one program",
                )
                .expected("the same program in every arm where the unit is the person")
                .help("write `unit = \"dyad\"` in [design], or set it for everyone in [program]"),
            );
        }
    }
}

/// What is done to a pair needs a pair that is assigned together and meets.
fn pairs_treated(draft: &Draft, problems: &mut Collector) {
    for arm in &draft.arms {
        for one in arm.treatments.iter().filter(|one| one.kind.whom() == Whom::Dyad) {
            let (id, Some(at)) = (one.kind.id, place(&one.dose)) else { continue };
            let kind = if arm.kind.is_bad() { None } else { arm.kind.value.or(draft.kind.value) };
            if draft.unit.value == Some(Unit::Person) {
                problems.add(
                    at,
                    Say::new(
                        format!("`{id}` is done to pairs, but persons are assigned one by one"),
                        "partners may be in different arms",
                    )
                    .expected("pairs or organizations as the unit of assignment")
                    .help("write `unit = \"dyad\"` in [design]"),
                );
            } else if kind == Some(Kind::None) && one.dose.value != Some(0.0) {
                problems.add(
                    at,
                    Say::new(format!("`{id}` needs pairs that coach each other"), "this arm has no coaching")
                        .expected("a program of kind \"formal\" or \"informal\" in this arm")
                        .help("leave the treatment out, or give the arm a program"),
                );
            }
        }
    }
}

fn matching(draft: &Draft, problems: &mut Collector) {
    let study = build::program(draft);
    if let (Some(kind), Some(rule), Some(at)) = (draft.kind.value, draft.matching.value, place(&draft.matching)) {
        fits_kind(kind, rule, at, problems);
        can_choose(draft, rule, at, problems);
    }
    let Some(study) = study else { return };
    for arm in &draft.arms {
        if let (Some(rule), Some(at)) = (arm.matching.value, place(&arm.matching))
            && !arm.kind.is_bad()
        {
            fits_kind(arm.kind.value.unwrap_or(study.kind), rule, at, problems);
            can_choose(draft, rule, at, problems);
        }
    }
}

fn name(rule: Matching) -> &'static str {
    Matching::NAMES.iter().find(|(_, known)| *known == rule).map_or("", |(name, _)| name)
}

fn fits_kind(kind: Kind, rule: Matching, at: &Spot, problems: &mut Collector) {
    let say = match kind {
        Kind::None => Say::new("a program of kind \"none\" makes no pairs", "nobody to match")
            .expected("no `matching` where the kind is \"none\"")
            .help("leave `matching` out, or write `kind = \"formal\"`"),
        Kind::Informal if rule != Matching::SelfSelected => Say::new(
            format!("informal pairs choose each other: `{}` needs a program", name(rule)),
            "nobody who could match them",
        )
        .expected("`self-selected`, or no `matching` at all, where the kind is \"informal\"")
        .help("leave `matching` out, or write `kind = \"formal\"`"),
        _ => return,
    };
    problems.add(at, say);
}

/// A rule has something to choose between only if there are two dyads to make.
fn can_choose(draft: &Draft, rule: Matching, at: &Spot, problems: &mut Collector) {
    let (Some(dyads), Some(count)) = (draft.dyads.value, draft.organizations.value) else {
        return;
    };
    let each = dyads / count;
    if rule == Matching::Random || each != 1 {
        return;
    }
    let (two, places) = (2 * count, every(count));
    problems.add(
        at,
        Say::new(format!("matching by `{}` has nothing to choose", name(rule)), "one dyad can be made in one way only")
            .expected(format!("at least 2 dyads in {places}, {two} in all"))
            .help("raise `dyads` in [population], lower `count` in [organization], or match at random"),
    );
}

/// Every one of so many organizations, in words.
fn every(organizations: usize) -> String {
    if organizations == 1 {
        "the organization".to_owned()
    } else {
        format!("each of the {organizations} organizations")
    }
}
