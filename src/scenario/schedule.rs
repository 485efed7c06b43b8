//! Checks of scheduled changes: when they come, where, and whether they change anything.

use super::check::last_week;
use super::draft::{ChangeDraft, Draft};
use super::problem::{Collector, Say};
use crate::study::declaration::Unit;

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
