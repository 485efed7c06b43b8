//! The colleagues of one organization in one replication: run again, and drawn with their trust.

use super::pictures::arm_in_words;
use crate::figures::{Bond, Colleague, Link, Network};
use crate::model::lanes::Instructions;
use crate::study::experiment::{Record, replicate};
use crate::study::plan::Plan;

/// The network of an organization at the end of a replication; nothing if there is no such organization.
pub fn network(plan: &Plan, replication: u64, organization: usize) -> Option<Network> {
    let run = replicate(plan, replication, Record::Waves, Instructions::Widest);
    let world = run.end.as_ref().filter(|_| organization < plan.study.organizations)?;
    let people: Vec<usize> =
        (0..plan.persons()).filter(|person| plan.organization_of_person(*person) == organization).collect();
    let place = |person: usize| people.binary_search(&person).ok();
    // Teams are counted over all organizations; within one from 1.
    let mut teams: Vec<usize> =
        people.iter().filter_map(|person| world.teams.of_person.get(*person).copied()).collect();
    teams.sort_unstable();
    teams.dedup();
    let team = |person: usize| {
        let own = world.teams.of_person.get(person);
        own.and_then(|own| teams.binary_search(own).ok()).map_or(1, |number| number + 1)
    };
    let mut links = Vec::new();
    for tie in world.relationships().filter(|tie| tie.organization == organization) {
        let (Some(a), Some(b)) = (place(tie.members[0]), place(tie.members[1])) else { continue };
        let trust = f64::midpoint(tie.ties[0].trust[tie.lane], tie.ties[1].trust[tie.lane]);
        let bond = match (tie.shared.meetings[tie.lane] > 0.5, tie.shared.ended[tie.lane] >= 0.0) {
            (_, true) => Bond::Ended,
            (true, false) => Bond::Trust(trust),
            (false, false) => Bond::Acquainted,
        };
        links.push(Link { ends: [a, b], bond });
    }
    let mut arms: Vec<usize> = people.iter().map(|person| run.arms[*person]).collect();
    arms.sort_unstable();
    arms.dedup();
    let setting = match plan.setting_name(organization) {
        "" => String::new(),
        name => format!(" ({name})"),
    };
    Some(Network {
        title: "Who coaches whom, and how far they trust each other".to_owned(),
        subtitle: format!(
            "{} of organization {organization}{setting} in replication {replication}, at the end, week {}",
            super::text::counted(people.len(), "person"),
            plan.weeks
        ),
        people: people
            .iter()
            .map(|person| Colleague { number: *person, team: team(*person), arm: run.arms[*person] })
            .collect(),
        links,
        arms: arms.into_iter().map(|arm| (arm, arm_in_words(&plan.study, arm))).collect(),
        note: "Lines: two who coach each other, the wider the more they trust each other (mean of both, 0 to 1). Places on the ring \
               follow from teams and numbers."
            .to_owned(),
    })
}
