//! Checks of scheduled changes: when they come, where, whether they change anything, and what a stepped wedge made of them
//! can tell.

use super::build;
use super::check::last_week;
use super::draft::{ArmDraft, ChangeDraft, Draft, HypothesisDraft};
use super::problem::{Collector, Say, Spot};
use crate::study::declaration::{Level, Unit};
use crate::study::estimators::{Specification, find};

/// Adds every problem of the scheduled changes.
pub(crate) fn check(draft: &Draft, problems: &mut Collector) {
    for change in draft.schedule.iter().chain(draft.arms.iter().flat_map(|arm| &arm.schedule)) {
        in_time(draft, change, problems);
        something(change, problems);
    }
    for change in draft.arms.iter().flat_map(|arm| &arm.schedule) {
        of_whole_organizations(draft, change, problems);
    }
}

/// What comes at the end of the last week is seen by nobody.
fn in_time(draft: &Draft, change: &ChangeDraft, problems: &mut Collector) {
    let (Some(week), Some(at), Some((last, words))) = (change.week.value, &change.week.at, last_week(draft)) else {
        return;
    };
    if week >= last {
        problems.add(
            at,
            Say::new(format!("the study is over when this change comes, at the end of week {week}"), "nothing follows")
                .expected(format!("a week from 0 to {}: the study has {words}", last.saturating_sub(1)))
                .help(format!("let it come earlier, or raise `follow_up_weeks` in [program] by {}", week + 1 - last)),
        );
    }
}

fn something(change: &ChangeDraft, problems: &mut Collector) {
    if change.something {
        return;
    }
    problems.add(
        &change.at,
        Say::new("this change changes nothing", "it has no value but its week")
            .expected("a new value of the organization")
            .help("add e.g. `organization.incentives = 0.6`"),
    );
}

/// An arm's change is its organizations': arms cannot share one.
fn of_whole_organizations(draft: &Draft, change: &ChangeDraft, problems: &mut Collector) {
    if draft.unit.value == Some(Unit::Organization) || draft.unit.is_bad() {
        return;
    }
    problems.add(
        &change.at,
        Say::new("an organization cannot change for one arm alone", "its members are in several arms")
            .expected("a change in an arm only where organizations are assigned")
            .help("write `unit = \"organization\"` in [design], or let all change in a [[change]] of the study"),
    );
}

/// Whether every estimator of this hypothesis compares organizations that have changed with those that have not yet: it
/// needs nobody in the arm without the change.
pub(crate) fn stepped_only(hypothesis: &HypothesisDraft) -> bool {
    let estimators = &hypothesis.estimators.value;
    estimators.as_ref().is_some_and(|ids| ids.iter().all(|id| stepped(id)))
}

fn stepped(id: &str) -> bool {
    find(id).is_some_and(|one| one.specification == Specification::SteppedWedge)
}

/// What a stepped wedge needs of its question and its arms.
pub(crate) fn contrast(draft: &Draft, hypothesis: &HypothesisDraft, problems: &mut Collector) {
    let arm = |name: &str| draft.arms.iter().find(|arm| arm.name.value.as_deref() == Some(name));
    if !hypothesis.estimators.value.iter().flatten().any(|id| stepped(id)) || !draft.arms_whole {
        return;
    }
    let at = hypothesis.estimators.at.as_ref().unwrap_or(&hypothesis.at);
    let moderator = &hypothesis.moderator;
    let moderated =
        [&moderator.setting.at, &moderator.attribute.at, &moderator.measured.at].iter().any(|at| at.is_some());
    let persons = matches!(hypothesis.level.value, None | Some(Level::Person));
    let Some(contrast) = &hypothesis.contrast.value else {
        if hypothesis.contrast.at.is_none() {
            only_contrasts(at, problems);
        }
        return;
    };
    if moderated || !persons {
        only_contrasts(at, problems);
        return;
    }
    let at = hypothesis.estimators.at.as_ref().unwrap_or(&hypothesis.at);
    let [Some(treated), Some(reference)] = [0, 1].map(|at: usize| arm(&contrast[at].0)) else {
        return;
    };
    if treated.schedule.is_empty() || !reference.schedule.is_empty() {
        problems.add(
            at,
            Say::new(
                "a stepped wedge compares an arm that changes with one that does not",
                "needs a change in one arm only",
            )
            .expected("first an arm with a [[arm.change]], then one without")
            .help("the second arm is the world without the change; it may have `share = 0`"),
        );
        return;
    }
    same_change(draft, at, problems);
    told_apart(draft, at, problems);
}

fn only_contrasts(at: &Spot, problems: &mut Collector) {
    problems.add(
        at,
        Say::new("a stepped wedge answers a plain contrast between persons", "another kind of question")
            .expected("`contrast` without `moderator` and `level` where the estimator is \"stepped_wedge_cr2\"")
            .help("ask it within one setting: `within.setting`, or use another estimator"),
    );
}

/// Arms of a stepped wedge differ in when they change, not in what.
fn same_change(draft: &Draft, at: &Spot, problems: &mut Collector) {
    let what = |arm: &ArmDraft| {
        let values =
            |change: &ChangeDraft| change.values.iter().map(|(id, value, _)| (id.id, *value)).collect::<Vec<_>>();
        arm.schedule.iter().map(values).collect::<Vec<_>>()
    };
    let all: Vec<_> = draft.arms.iter().filter(|arm| !arm.schedule.is_empty()).map(what).collect();
    if all.iter().any(|one| one.len() != 1 || *one != all[0]) {
        problems.add(
            at,
            Say::new("the arms of this stepped wedge change in different ways", "one exposure is estimated")
                .expected("one [[arm.change]] in each arm that changes, with the same values")
                .help("let them differ in `week` alone, or compare arms with \"difference_cr2\""),
        );
    }
}

/// At some wave, some organizations must have changed and others not.
fn told_apart(draft: &Draft, at: &Spot, problems: &mut Collector) {
    let Some(waves) = build::waves(draft) else {
        return;
    };
    let with_members = draft.arms.iter().filter(|arm| arm.share.value != Some(0.0));
    let from: Option<Vec<Option<usize>>> = with_members
        .map(|arm| arm.schedule.iter().map(|change| change.week.value).collect::<Option<Vec<_>>>())
        .map(|weeks| weeks.map(|weeks| weeks.into_iter().min()))
        .collect();
    let Some(from) = from else { return };
    let exposed = |wave: usize| from.iter().filter(|week| week.is_some_and(|week| week < wave)).count();
    if !waves.iter().any(|wave| (1..from.len()).contains(&exposed(*wave))) {
        problems.add(
            at,
            Say::new("at no wave have some organizations changed and others not", "nothing to compare")
                .expected("a wave between two of the weeks in which arms change")
                .help("a change comes after the measurement of its week: put waves between the steps"),
        );
    }
}
