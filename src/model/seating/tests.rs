use super::*;
use crate::model::birth::{Birth, Nursery};
use crate::model::circle::Circle;
use crate::model::lanes::Instructions;
use crate::model::lanes::LANES;
use crate::model::outcomes;
use crate::model::parameters::Parameters;
use crate::model::parameters::random;
use crate::model::world::Noise;
use crate::model::world::{Blueprint, Form};
use proptest::prelude::*;

const DYADS: usize = 24;

fn births(p: &Parameters, seed: u64) -> Vec<Birth> {
    let nursery = Nursery::new(p);
    (0..2 * DYADS as u64).map(|person| nursery.birth(3, seed, person, &[(0.0, 1.0); 14])).collect()
}

fn world(p: &Parameters, seats: &[usize], gatherings: &[Gathering], seed: u64) -> World {
    World::new(&Blueprint {
        parameters: p,
        organization_parameters: &[],
        births: &births(p, seed),
        seats,
        gatherings,
        organization_of_dyad: &(0..DYADS).map(|dyad| dyad / 12).collect::<Vec<_>>(),
        organizations: 2,
        forms: &[Form { coached: true, formal: true, weeks: 16, parameters: p.clone() }],
        form_of_dyad: &[0; DYADS],
        seed: (3, seed),
    })
}

fn circles(size: usize) -> Vec<Gathering> {
    (0..2 * DYADS / size).map(|k| Gathering::Circle(Circle::of((k * size..(k + 1) * size).collect()))).collect()
}

/// Calls `see` after each week.
fn run(mut world: World, seed: u64, weeks: usize, mut see: impl FnMut(&World)) -> World {
    let mut noise = Noise::open(3, seed, DYADS, 2);
    for _ in 0..weeks {
        noise.draw(Instructions::Widest);
        world.step(&noise, Instructions::Widest);
        see(&world);
    }
    world
}

fn everything(world: &World) -> Vec<Vec<u64>> {
    let all = |k| outcomes::values(world, k).into_iter().map(f64::to_bits).collect();
    (0..outcomes::OUTCOMES.len()).map(all).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Circles of two, which take the general path every week, live the lives of pairs to the bit, at any parameters
    /// and with every risk factor.
    #[test]
    fn a_circle_of_two_is_a_pair(p in random::parameters(), seed in 0..1000_u64) {
        let pairs = run(world(&p, &[], &[], seed), seed, 20, |_| ());
        let circles = run(world(&p, &[], &circles(2), seed), seed, 20, |_| ());
        prop_assert_eq!(everything(&pairs), everything(&circles));
        prop_assert_eq!(&pairs.organizations, &circles.organizations);
        prop_assert_eq!(&pairs.burdens, &circles.burdens);
    }
}

/// Circles of two beside each other in other seats: the same persons meet and have the same lives, but for the chance
/// that belongs to lanes, here made the same for all.
#[test]
fn where_two_sit_does_not_matter() {
    let mut p = Parameters::default();
    p.mechanism.organization_loop = 0.0;
    let turned: Vec<usize> = (0..DYADS / 12).flat_map(|o| (24 * o..24 * (o + 1)).rev()).collect();
    let (mut here, mut there) = (world(&p, &[], &[], 7), world(&p, &turned, &[], 7));
    let mut noise = Noise::open(3, 7, DYADS, 2);
    for _ in 0..20 {
        noise.draw(Instructions::Widest);
        for block in &mut noise.blocks {
            let lanes = [
                &mut block.dyad.meeting,
                &mut block.dyad.ending,
                &mut block.dyad.logistics,
                &mut block.dyad.repair,
                &mut block.dyad.discovery,
            ];
            lanes.into_iter().for_each(|lane| *lane = [0.5; LANES]);
        }
        here.step(&noise, Instructions::Widest);
        there.step(&noise, Instructions::Widest);
    }
    assert!(there.seat_of(0) == (11, 1) && there.person_at(11, 1) == 0);
    assert_eq!(everything(&here), everything(&there));
}

/// In every week everyone sits in one seat of the own organization, and turns are held by who sits together.
#[test]
fn everyone_lives_each_week_once() {
    for size in [3, 4, 6, 8] {
        let p = Parameters::default();
        let mut turns = [0.0; 2 * DYADS];
        let end = run(world(&p, &[], &circles(size), 1), 1, 30, |world| {
            let mut seen = [false; 2 * DYADS];
            for dyad in 0..DYADS {
                for seat in 0..2 {
                    let person = world.person_at(dyad, seat);
                    assert!(!std::mem::replace(&mut seen[person], true));
                    assert_eq!(world.seat_of(person), (dyad, seat));
                    assert_eq!(person / 24, world.organization_of_dyad[dyad]);
                }
            }
            for relationship in world.relationships().filter(|r| r.seated) {
                for person in relationship.members {
                    turns[person] += relationship.shared.met[relationship.lane];
                }
            }
        });
        for (person, turns) in turns.into_iter().enumerate() {
            let (block, seat, lane) = end.member_at(person);
            assert_eq!(block.members[seat].count.turns[lane], turns);
        }
        assert!(turns.iter().sum::<f64>() > 2.0 * DYADS as f64);
    }
}

/// Trust per ordered pair, one holding environment and one step for all.
#[test]
fn a_circle_holds_together() {
    let p = Parameters::default();
    let end = run(world(&p, &[], &circles(6), 2), 2, 16, |_| ());
    let ties: Vec<_> = end.relationships().collect();
    assert_eq!(ties.len(), 8 * 15);
    for circle in ties.chunks(15) {
        assert!(circle.iter().all(|tie| tie.shared.holding[tie.lane] == circle[0].shared.holding[circle[0].lane]));
        assert!(circle.iter().all(|tie| tie.shared.step[tie.lane] == circle[0].shared.step[circle[0].lane]));
        let mut trust: Vec<u64> =
            circle.iter().flat_map(|tie| tie.ties.map(|side| side.trust[tie.lane].to_bits())).collect();
        trust.sort_unstable();
        trust.dedup();
        assert_eq!(trust.len(), 30, "each trusts each in a way of its own");
    }
}

/// Who leaves the organization leaves the circle with all ties.
#[test]
fn who_exits_leaves_the_circle() {
    let mut p = Parameters::default();
    p.exit.base = 0.006;
    let mut left = 0;
    run(world(&p, &[], &circles(4), 3), 3, 60, |world| {
        for person in 0..2 * DYADS {
            let (block, seat, lane) = world.member_at(person);
            if block.members[seat].person.exited[lane] > 0.5 {
                left += 1;
                outcomes::each_contact(world, person, |tie| assert_eq!(tie.shared.active[tie.lane], 0.0));
            }
        }
    });
    assert!(left > 0);
}

/// What each new mechanism does, as a mean over the members of circles of six: disclosure, meetings, fit, breaches.
fn means(p: &Parameters) -> [f64; 4] {
    let mut sums = [0.0; 4];
    for seed in 0..12 {
        let end = run(world(p, &[], &circles(6), seed), seed, 16, |world| {
            for person in 0..2 * DYADS {
                let (block, seat, lane) = world.member_at(person);
                sums[0] += block.members[seat].turn.disclosure[lane];
                sums[1] += block.shared.met[lane];
            }
        });
        for tie in end.relationships() {
            sums[2] += tie.ties[0].fit[tie.lane] + tie.ties[1].fit[tie.lane];
        }
        for person in 0..2 * DYADS {
            let (block, seat, lane) = end.member_at(person);
            sums[3] += block.members[seat].count.breaches[lane];
        }
    }
    [sums[0] / sums[1], sums[1], sums[2], sums[3]]
}

#[test]
fn each_mechanism_of_the_circle_moves_its_own() {
    let base = means(&Parameters::default());
    let with = |change: fn(&mut Parameters)| {
        let mut p = Parameters::default();
        change(&mut p);
        means(&p)
    };
    assert!(with(|p| p.circle.face = 0.0)[0] > base[0] + 0.01, "no loss of face: people open up");
    assert!(
        with(|p| p.society.power_distance = 0.9)[0]
            < with(|p| {
                p.society.power_distance = 0.9;
                p.circle.face_power_distance = 0.0;
            })[0]
                - 0.02
    );
    assert!(with(|p| p.circle.airtime = 0.0)[1] > 1.2 * base[1]);
    assert!(with(|p| p.circle.others = 0.0)[2] < base[2] - 1.0);
    assert!(with(|p| p.circle.ears = 1.0)[3] > base[3] + 1.0);
}

#[test]
fn the_entity_of_a_pair_is_its_own() {
    assert_eq!(pair_entity(6, 7), (3, false));
    assert_eq!(pair_entity(7, 6), (3, true));
    assert_ne!(pair_entity(5, 6).0, pair_entity(6, 7).0);
    assert_eq!(pair_entity(5, 9).0, pair_entity(9, 5).0);
}
