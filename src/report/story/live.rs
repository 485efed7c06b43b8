//! A replication lived again, with an eye on one pair.

use super::names;
use super::record::{Given, Life, Mode, Place, Side, Traits, Turn, Week};
use crate::model::dependence;
use crate::model::dyad::quality;
use crate::model::lanes::Instructions;
use crate::model::parameters::Parameters;
use crate::model::person::coaching_skill;
use crate::model::seating::{Gathering, Relationship};
use crate::model::trust;
use crate::model::world::World;
use crate::study::declaration::Kind;
use crate::study::experiment::{Moment, relive};
use crate::study::plan::Plan;
use crate::study::recruitment::{everyone_in, recruit};

/// A number that no pair of the replication has.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Unknown {
    /// Lowest and highest number of pairs that stay together; none where there are none.
    pub pairs: Option<(usize, usize)>,
    /// The same of pairs among people whose partners change.
    pub ties: Option<(usize, usize)>,
    /// The number of the two who are at home in that place, where they sit in a circle or are colleagues.
    pub meant: Option<usize>,
}

impl Unknown {
    /// The numbers there are in a world, where nobody has this one.
    fn of(world: &World, dyad: usize) -> Self {
        let mut unknown = Unknown::default();
        for Relationship { number, members, .. } in world.relationships() {
            let range = if number < world.dyads { &mut unknown.pairs } else { &mut unknown.ties };
            *range = Some((range.map_or(number, |(low, _)| low), number));
            if members.iter().all(|person| person / 2 == dyad) {
                unknown.meant = Some(number);
            }
        }
        unknown
    }
}

/// Lives a replication again and keeps what happened to one pair, given by its number in the tables.
///
/// # Errors
/// [`Unknown`] if there is no such pair.
pub fn live(plan: &Plan, replication: u64, everyone: Option<usize>, dyad: usize) -> Result<Life, Unknown> {
    let mut unknown = Unknown::default();
    let life = follow(plan, replication, everyone, |world| {
        let found = world.relationships().find(|one| one.number == dyad).map(|one| one.members);
        if found.is_none() {
            unknown = Unknown::of(world, dyad);
        }
        found
    });
    life.ok_or(unknown)
}

/// The same of two persons, wherever they are; none if they are no pair in that world.
pub fn live_together(plan: &Plan, replication: u64, everyone: Option<usize>, members: [usize; 2]) -> Option<Life> {
    follow(plan, replication, everyone, |world| {
        let mut all = world.relationships().map(|one| one.members);
        all.find(|pair| *pair == members || *pair == [members[1], members[0]]).map(|_| members)
    })
}

/// Follows the pair that `which` names.
fn follow(
    plan: &Plan,
    replication: u64,
    everyone: Option<usize>,
    mut which: impl FnMut(&World) -> Option<[usize; 2]>,
) -> Option<Life> {
    let mut life: Option<Life> = None;
    let mut before: Option<Before> = None;
    relive(plan, replication, everyone, Instructions::Widest, |moment, world| {
        match (moment, &mut life) {
            (Moment::Founded, _) => {
                life = which(world).and_then(|members| begin(plan, replication, everyone, members, world));
            }
            (Moment::Treated, Some(life)) => {
                if let Some(week) = look(world, life, None) {
                    before = Before::of(world, life);
                    life.weeks.push(week);
                }
            }
            (Moment::Week(_), Some(life)) => {
                if let Some(week) = look(world, life, before.as_ref()) {
                    before = Before::of(world, life);
                    life.weeks.push(week);
                }
            }
            _ => {}
        };
    });
    life
}

/// The pair of these two, with its first member where `members` has it.
fn pair<'a>(world: &'a World, members: [usize; 2]) -> Option<(Relationship<'a>, bool)> {
    world.relationships().find_map(|one| {
        let swapped = [one.members[1], one.members[0]] == members;
        (one.members == members || swapped).then_some((one, swapped))
    })
}

/// Who the two are, and what is in store for them.
fn begin(plan: &Plan, replication: u64, everyone: Option<usize>, members: [usize; 2], world: &World) -> Option<Life> {
    let study = &plan.study;
    let sample = recruit(plan, replication);
    let (one, swapped) = pair(world, members)?;
    let arms = members.map(|person| everyone.unwrap_or(sample.arms[person]));
    let gatherings = match everyone {
        Some(arm) => everyone_in(plan, arm, &sample, replication).1,
        None => sample.gatherings.clone(),
    };
    let circle = gatherings.iter().find_map(|gathering| match gathering {
        Gathering::Circle(circle) if members.iter().all(|person| circle.members.contains(person)) => {
            Some(circle.members.clone())
        }
        _ => None,
    });
    let organization = one.organization;
    let first_of = plan.organization_of_dyad.partition_point(|other| *other < organization);
    let moves = plan.moves(organization, everyone.unwrap_or(sample.arms[2 * first_of]));
    let given = arms.map(|arm| {
        let all = study.arms[arm].treatments.iter().filter(|one| one.dose != 0.0);
        all.map(|one| Given { id: one.id, dose: one.dose }).collect()
    });
    let brings = std::array::from_fn(|side| {
        let (block, seat, lane) = world.member_at(members[side]);
        let person = &block.members[seat].person;
        let tie = one.ties[side ^ usize::from(swapped)];
        Traits {
            skill: coaching_skill(person.listening[lane], person.empathy[lane], person.feedback[lane]),
            self_view: person.self_view[lane],
            listening: person.listening[lane],
            disclosure: person.disclosure[lane],
            self_awareness: person.self_awareness[lane],
            mind_set: person.mind_set[lane],
            dominance: person.dominance[lane],
            worldview: person.worldview[lane],
            experience: person.experience[lane],
            minority: person.minority[lane] > 0.5,
            exploitative: person.exploitative[lane] > 0.5,
            self_serving: person.self_serving[lane] > 0.5,
            fit: tie.fit[one.lane],
            liking: tie.liking[one.lane],
        }
    });
    let program = study.arms[arms[0]].program;
    Some(Life {
        replication,
        everyone,
        dyad: one.number,
        members,
        names: names::of_pair(study.monte_carlo.seed, replication, members),
        arm_names: arms.map(|arm| study.arms[arm].name.clone()),
        arms,
        program,
        organization: (organization, study.organizations),
        setting: plan.setting_name(organization).to_owned(),
        circle: circle.unwrap_or_default(),
        same_team: (program.kind == Kind::Informal)
            .then(|| world.teams.of_person[members[0]] == world.teams.of_person[members[1]]),
        facilitation: one.shared.facilitation[one.lane],
        coercion: one.shared.coercion[one.lane],
        given,
        brings,
        scheduled: moves.iter().map(|(week, lever, by)| (*week, *lever as usize, *by)).collect(),
        weeks: Vec::with_capacity(plan.weeks + 1),
    })
}

/// What the last week left that tells what a third party and the two did about it: both act on states that meetings and
/// breaches move as well.
struct Before {
    trust: [f64; 2],
    ceiling: [f64; 2],
    tensility: f64,
    dependence: f64,
    imposed_gap: f64,
    expected: [f64; 2],
}

impl Before {
    fn of(world: &World, life: &Life) -> Option<Self> {
        let (one, swapped) = pair(world, life.members)?;
        let ties = if swapped { [one.ties[1], one.ties[0]] } else { one.ties };
        let sign = if swapped { -1.0 } else { 1.0 };
        Some(Self {
            trust: ties.map(|tie| tie.trust[one.lane]),
            ceiling: ties.map(|tie| tie.trust_ceiling[one.lane]),
            tensility: one.shared.tensility[one.lane],
            dependence: sign * one.shared.dependence[one.lane],
            imposed_gap: sign * one.shared.imposed_gap[one.lane],
            expected: life.members.map(|person| {
                let (block, seat, lane) = world.member_at(person);
                block.members[seat].person.expectation[lane]
            }),
        })
    }
}

/// The pair now.
fn look(world: &World, life: &Life, before: Option<&Before>) -> Option<Week> {
    let (one, swapped) = pair(world, life.members)?;
    let (shared, lane) = (one.shared, one.lane);
    let ties = if swapped { [one.ties[1], one.ties[0]] } else { one.ties };
    let sign = if swapped { -1.0 } else { 1.0 };
    let seated = one.seated && before.is_some();
    let met = seated && shared.met[lane] > 0.5;
    let sides: [Side; 2] = std::array::from_fn(|side| {
        let number = life.members[side];
        let (dyad, seat) = world.seat_of(number);
        let (block, _, at) = world.member_at(number);
        let (person, turn) = (&block.members[seat].person, &block.members[seat].turn);
        let partner = world.person_at(dyad, 1 - seat);
        let other = block.shared.met[at] > 0.5 && before.is_some() && partner != life.members[1 - side];
        Side {
            trust: ties[side].trust[lane],
            ceiling: ties[side].trust_ceiling[lane],
            personal: person.learning_personal[at],
            task: person.learning_task[at],
            motivation: person.motivation[at],
            self_esteem: person.self_esteem[at],
            strain: person.strain[at],
            schema: person.schema[at],
            regret: person.regret[at],
            habit: person.habit[at],
            skill: coaching_skill(person.listening[at], person.empathy[at], person.feedback[at]),
            self_view: person.self_view[at],
            malice: person.exploitative[at] + person.vengeful[at] > 0.5,
            vengeful: person.vengeful[at] > 0.5,
            gone: person.exited[at] > 0.5,
            turn: met.then(|| Turn {
                mode: match (turn.inquire[at] > 0.5, turn.advise[at] > 0.5, turn.undermine[at] > 0.5) {
                    (true, _, _) => Mode::Inquire,
                    (_, true, _) => Mode::Advise,
                    (_, _, true) => Mode::Undermine,
                    _ => Mode::Superficial,
                },
                disclosure: turn.disclosure[at],
                benefit: turn.benefit[at],
                felt: turn.felt[at],
                learning: turn.learning[at],
                expected: before.map_or(0.0, |before| before.expected[side]),
            }),
            lapse: seated && turn.lapse[at] > 0.5,
            betrayal: seated && turn.betrayal[at] > 0.5,
            elsewhere: other.then_some(partner),
            burden: world.burdens.get(dyad).map_or([0.0; 6], |burden| burden.individual[seat]),
        }
    });
    let place = Place::of(&world.organizations[one.organization]);
    let dependence = sign * shared.dependence[lane];
    let vitality = 0.5 * (ties[0].vitality[lane] + ties[1].vitality[lane]);
    let mut week = Week {
        active: shared.active[lane] > 0.5,
        met,
        seated,
        step: shared.step[lane] as usize,
        holding: shared.holding[lane],
        dependence,
        rupture: shared.rupture[lane],
        capacities: [shared.carrying_capacity[lane], shared.tensility[lane], shared.connectivity[lane]],
        cause: (shared.cause[lane] as usize).min(4),
        quality: quality(sides[0].trust.min(sides[1].trust), vitality, shared.rupture[lane]),
        repaired: [false; 2],
        agreed: false,
        burden: if one.number < world.dyads {
            world.burdens.get(one.number).map_or([0.0; 4], |burden| burden.relational)
        } else {
            [0.0; 4]
        },
        sides,
        place,
    };
    if let Some(before) = before.filter(|_| seated) {
        let p = &world.parameters;
        let meetings = shared.meetings[lane];
        week.repaired = [0, 1].map(|side| {
            let through = life_through(world, life.members[side]);
            week.sides[side].trust > expected_trust(p, &week, before, side, through, meetings) + 1e-9
        });
        let expected = expected_dependence(p, world, life, &week, before, one.organization);
        week.agreed = dependence.abs() < expected.abs() - 1e-9;
    }
    Some(week)
}

fn life_through(world: &World, person: usize) -> f64 {
    let (block, seat, lane) = world.member_at(person);
    block.members[seat].turn.through[lane]
}

/// What a member's trust would be after this week's meeting and breach, had no third party stepped in: the model's own
/// equations, in its order.
fn expected_trust(p: &Parameters, week: &Week, before: &Before, side: usize, through: f64, meetings: f64) -> f64 {
    let mut expected = before.trust[side];
    if let (Some(turn), Some(other)) = (week.sides[side].turn, week.sides[1 - side].turn) {
        let weighed = trust::weighed(p, turn.felt, through);
        expected = trust::after_meeting(
            p,
            expected,
            before.ceiling[side],
            weighed,
            other.disclosure,
            meetings,
            before.tensility,
        );
    }
    if week.sides[side].lapse || week.sides[side].betrayal {
        expected *= 1.0 - (1.0 - p.breach.trust_kept) * (1.0 - p.trust.cushion * before.tensility);
    }
    expected
}

/// What dependence would be after this week's meeting, had the two agreed on nothing.
fn expected_dependence(
    p: &Parameters,
    world: &World,
    life: &Life,
    week: &Week,
    before: &Before,
    organization: usize,
) -> f64 {
    let [Some(first), Some(second)] = [week.sides[0].turn, week.sides[1].turn] else { return before.dependence };
    let person = |side: usize| {
        let (block, seat, lane) = world.member_at(life.members[side]);
        let person = &block.members[seat].person;
        (person.dominance[lane], person.status[lane], person.minority[lane])
    };
    let ((dominance_a, status_a, minority_a), (dominance_b, status_b, minority_b)) = (person(0), person(1));
    let g = dependence::gap(
        dominance_a,
        dominance_b,
        p.dependence.status * (status_a - status_b),
        world.organizations[organization].society.stereotype,
        minority_a,
        minority_b,
        before.imposed_gap,
    );
    let advised = |turn: Turn| if turn.mode == Mode::Advise { 1.0 } else { 0.0 };
    // The first member's advice is in the second's turn.
    let advice = if g < 0.0 { advised(first) } else { advised(second) };
    dependence::after_meeting(p, before.dependence, g, advice)
}
