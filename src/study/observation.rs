//! What is kept of a world: outcomes and events at the end, organizations at each wave, courses over the weeks, turns.

use crate::model::birth::Birth;
use crate::model::dyad::Member;
use crate::model::outcomes::{self, OUTCOMES};
use crate::model::seating::Relationship;
use crate::model::world::World;

/// Means and counts over the persons of one arm in one world at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// None for the observed world, else the arm that everyone has.
    pub everyone: Option<usize>,
    /// The arm of these persons.
    pub arm: usize,
    /// Number of persons.
    pub persons: f64,
    /// Mean of every outcome of [`OUTCOMES`].
    pub outcomes: Vec<f64>,
    /// Totals, in the order of [`COUNTS`].
    pub counts: [f64; COUNTS.len()],
}

/// The counted events with their meaning.
pub const COUNTS: [(&str, &str); 17] = [
    ("meetings", "Meetings held, each counted once per member."),
    ("turns", "Turns as learner."),
    ("developmental", "Developmental turns: felt quality above 0."),
    ("destructive", "Destructive turns: felt quality below -0.25."),
    ("severe", "Severe turns: felt quality below -1."),
    ("undermined", "Turns in which the coach undermined the learner."),
    ("breaches", "Confidences broken, by lapse or betrayal."),
    ("betrayals", "Confidences broken with intent or for own ends."),
    ("regrets", "Deep disclosures met by a destructive turn."),
    ("negative_effects", "Negative effects by the person's own threshold, breaches included."),
    ("persons_with_negative_effect", "Persons with at least one negative effect."),
    ("persons_with_severe_effect", "Persons with a severe turn or a breach."),
    ("ended_relationship", "Persons whose dyad ended because of the relationship."),
    ("ended_logistics", "Persons whose dyad ended for time and logistics."),
    ("ended_third_party", "Persons whose dyad a third party ended without blame."),
    ("ended_exit", "Persons whose dyad ended because a member left the organization."),
    ("exits", "Persons who left the organization."),
];

/// An organization of a world at a wave.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationState {
    /// None for the observed world, else the arm that everyone has.
    pub everyone: Option<usize>,
    /// Its number.
    pub organization: usize,
    /// Week of the wave.
    pub week: usize,
    /// competition, incentives, climate, set-point, collaboration, toolkit, norm, morale, reputation, headcount, exits.
    pub values: [f64; 11],
}

/// Means over the persons of an arm in a world, week by week: [learning_personal, learning_task, trust, vitality, climate].
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Course {
    /// None for the observed world, else the arm that everyone has.
    pub everyone: Option<usize>,
    /// The arm.
    pub arm: usize,
    /// Five means per week, from week 0; NaN where the arm has nobody.
    pub weeks: Vec<[f64; 5]>,
}

/// A person in the observed world.
#[derive(Clone, Debug)]
pub struct Individual {
    /// Its arm.
    pub arm: usize,
    /// Its pair or circle: a label of the cluster.
    pub cluster: u32,
    /// Its team.
    pub team: usize,
    /// Its score in the screening; NaN where nobody is screened.
    pub screened: f64,
    /// Who the person is.
    pub birth: Birth,
    /// True value of every outcome at week 0, before any treatment.
    pub before: Vec<f64>,
    /// And at the end.
    pub after: Vec<f64>,
}

/// One turn of the observed world.
#[derive(Clone, Copy, Debug)]
pub struct Episode {
    /// Week, from 1.
    pub week: u32,
    /// The number of the relationship: the dyad, or from the number of dyads on the tie of two whose partners change.
    pub dyad: u32,
    /// The person who learns; the other of the two coaches.
    pub learner: u32,
    /// 0 inquire, 1 advise, 2 superficial, 3 undermine.
    pub mode: u32,
    /// disclosure, benefit, felt quality, learning, trust after.
    pub values: [f64; 5],
    /// Whether the learner's confidence was broken this week: 0 no, 1 lapse, 2 betrayal.
    pub breach: u32,
}

/// The organizations of a world at a wave.
pub(super) fn organizations(
    world: &World,
    everyone: Option<usize>,
    week: usize,
) -> impl Iterator<Item = OrganizationState> {
    world.organizations.iter().enumerate().map(move |(organization, o)| OrganizationState {
        everyone,
        organization,
        week,
        values: [
            o.competition,
            o.incentives,
            o.climate,
            o.set_point,
            o.collaboration,
            o.toolkit,
            o.norm,
            o.morale,
            o.reputation,
            o.headcount,
            o.exits,
        ],
    })
}

/// Adds this week's means to the courses of one world: one course per arm in the observed world, else a single one.
pub(super) fn follow(world: &World, arms: &[usize], courses: &mut [Course]) {
    // Where nobody has several ties, everyone sits with the partner for good.
    let paired = world.ties().is_none();
    let values = |person: usize| {
        let climate = world.organizations[world.organization_of_dyad[person / 2]].climate;
        let (block, seat, lane) = world.member_at(person);
        let Member { person: own, tie, .. } = &block.members[seat];
        let (trust, vitality) = if paired {
            (tie.trust[lane], tie.vitality[lane])
        } else {
            let [mut trust, mut vitality, mut ties] = [0.0; 3];
            outcomes::each_contact(world, person, |contact| {
                trust += contact.own.trust[contact.lane];
                vitality += contact.own.vitality[contact.lane];
                ties += 1.0;
            });
            (trust / ties, vitality / ties)
        };
        [own.learning_personal[lane], own.learning_task[lane], trust, vitality, climate]
    };
    for course in courses {
        let (mut sums, mut persons) = ([0.0; 5], 0.0);
        for (person, arm) in arms.iter().enumerate() {
            if course.everyone.is_some() || course.arm == *arm {
                sums.iter_mut().zip(values(person)).for_each(|(sum, value)| *sum += value);
                persons += 1.0;
            }
        }
        course.weeks.push(sums.map(|sum| sum / persons));
    }
}

/// Means and counts at the end over the persons of an arm.
pub(super) fn summarize(
    world: &World,
    ends: &[Vec<f64>],
    everyone: Option<usize>,
    arm: usize,
    belongs: impl Fn(usize) -> bool,
) -> Summary {
    let mut persons = 0.0;
    let mut counts = [0.0; COUNTS.len()];
    let mut means = vec![0.0; OUTCOMES.len()];
    for person in (0..2 * world.dyads).filter(|person| belongs(*person)) {
        let (block, seat, lane) = world.member_at(person);
        let member = &block.members[seat];
        let count = &member.count;
        let is = |yes: bool| if yes { 1.0 } else { 0.0 };
        // Of who has several ties, a part ends with each of them.
        let (mut meetings, mut ties, mut ended) = (0.0, 0.0, [0.0; 5]);
        outcomes::each_contact(world, person, |contact| {
            meetings += contact.shared.meetings[contact.lane];
            ended[(contact.shared.cause[contact.lane] as usize).min(4)] += 1.0;
            ties += 1.0;
        });
        let row = [
            meetings,
            count.turns[lane],
            count.developmental[lane],
            count.destructive[lane],
            count.severe[lane],
            count.undermined[lane],
            count.breaches[lane],
            count.betrayals[lane],
            count.regrets[lane],
            count.negative_effects[lane],
            is(count.negative_effects[lane] > 0.0),
            is(count.severe[lane] + count.breaches[lane] > 0.0),
            ended[1] / ties,
            ended[2] / ties,
            ended[3] / ties,
            ended[4] / ties,
            member.person.exited[lane],
        ];
        counts.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        means.iter_mut().zip(ends).for_each(|(sum, column)| *sum += column[person]);
        persons += 1.0;
    }
    means.iter_mut().for_each(|sum| *sum /= persons);
    Summary { everyone, arm, persons, outcomes: means, counts }
}

/// True states of every relationship this week, in the order of [`World::relationships`]: see the table `weeks`.
pub(super) fn weekly(world: &World) -> Vec<[f64; 12]> {
    let learned = |person: usize| {
        let (block, seat, lane) = world.member_at(person);
        let person = &block.members[seat].person;
        person.learning_personal[lane] + person.learning_task[lane]
    };
    world
        .relationships()
        .map(|Relationship { members, ties: [a, b], shared: s, lane, seated, .. }| {
            [
                s.active[lane],
                if seated { s.met[lane] } else { 0.0 },
                s.step[lane],
                a.trust[lane],
                b.trust[lane],
                s.holding[lane],
                s.dependence[lane],
                s.carrying_capacity[lane],
                s.tensility[lane],
                s.connectivity[lane],
                learned(members[0]),
                learned(members[1]),
            ]
        })
        .collect()
}

/// The turns of the week that has just passed.
pub(super) fn turns(world: &World, week: u32, episodes: &mut Vec<Episode>) {
    for relationship in world.relationships().filter(|relationship| relationship.seated) {
        let Relationship { members, ties, shared, lane: stored, .. } = relationship;
        for (person, tie) in members.into_iter().zip(ties) {
            let (block, seat, lane) = world.member_at(person);
            let turn = &block.members[seat].turn;
            let breach = turn.lapse[lane] + 2.0 * turn.betrayal[lane];
            if shared.met[stored] < 0.5 && breach < 0.5 {
                continue;
            }
            let mode = if turn.inquire[lane] > 0.5 {
                0
            } else if turn.advise[lane] > 0.5 {
                1
            } else if turn.undermine[lane] > 0.5 {
                3
            } else if shared.met[stored] > 0.5 {
                2
            } else {
                4
            };
            episodes.push(Episode {
                week,
                dyad: relationship.number as u32,
                learner: person as u32,
                mode,
                values: [
                    turn.disclosure[lane],
                    turn.benefit[lane],
                    turn.felt[lane],
                    turn.learning[lane],
                    tie.trust[stored],
                ],
                breach: breach as u32,
            });
        }
    }
}
