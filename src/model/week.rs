//! A week: the process overview.

use std::ops::Range;

use super::dyad::{Block, Surroundings, Upward, place};
use super::lanes::{Instructions, LANES, Work, dispatch, spread, sum};
use super::noise::BlockNoise;
use super::organization::Organization;
use super::parameters::Parameters;
use super::remedy;
use super::world::{Noise, World};
use super::{
    affect, breach, climate, connection, dependence, ending, engagement, episode, exit, learning, practice, steps,
    trust,
};

/// Exponentials that every dyad-week of a meeting evaluates, beside those within logistics (a test counts them).
pub const EXPONENTIALS_PER_DYAD_WEEK: usize = 13;
/// Logistics that every dyad-week of a meeting evaluates, the hyperbolic tangent's included (a test counts them).
pub const LOGISTICS_PER_DYAD_WEEK: usize = 15;
/// Logistics that are evaluated beside these only in blocks where chance comes near a breach or an ending, or where someone is
/// betrayed (a test counts them).
pub const LOGISTICS_OF_EVENTS: usize = 7;

impl World {
    /// One week, in this order:
    ///
    /// 0. Where partners change, the week's pairs sit down together ([`seating`](super::seating)).
    /// 1. **Down**: each dyad sees its organization as it is now.
    /// 2. **The dyad**: peers engage and meet; each learns in a turn that the other coaches; both are changed by it.
    /// 3. **Remedy**: what is visible is found and mended.
    /// 4. **Up**: the organization follows what all its members did; people leave and are replaced.
    pub fn step(&mut self, noise: &Noise, instructions: Instructions) {
        self.upward.fill(Upward::none());
        self.sit_down();
        let seated = self.seating.as_mut().map(|seating| seating.take_noise(&noise.blocks));
        let chance = seated.as_deref().unwrap_or(&noise.blocks);
        dispatch(
            instructions,
            Dyads {
                blocks: &mut self.blocks,
                organization_of_dyad: &self.organization_of_dyad,
                organizations: &self.organizations,
                upward: &mut self.upward,
                noise: chance,
                p: &self.parameters,
                week: self.week as f64,
            },
        );
        self.relieve_burdens(chance);
        self.rise();
        self.follow(noise);
        if let (Some(seating), Some(seated)) = (&mut self.seating, seated) {
            seating.return_noise(seated);
        }
        self.week += 1;
    }
}

/// What happens in and between the members of a block's dyads, in order, and what they give to their organizations.
#[inline(always)]
fn dyads(block: &mut Block, around: &Surroundings, noise: &BlockNoise, p: &Parameters, week: f64) -> Upward {
    engagement::meet(block, around, &noise.dyad, p, week);
    let Block { members: [a, b], shared } = block;
    episode::turn(a, b, shared, around, &noise.turn[0], p, -1.0, week);
    episode::turn(b, a, shared, around, &noise.turn[1], p, 1.0, week);
    learning::learn([&mut *a, &mut *b], shared, around, &noise.life, p, week);
    trust::update(a, b, shared, p);
    trust::update(b, a, shared, p);
    affect::update(a, shared, p, -1.0);
    affect::update(b, shared, p, 1.0);
    practice::hear(a, b, p);
    practice::hear(b, a, p);
    practice::help(a, b, p);
    practice::help(b, a, p);
    practice::practice(a, shared, p);
    practice::practice(b, shared, p);
    breach::strike(a, b, shared, around, &noise.turn[0], p);
    breach::strike(b, a, shared, around, &noise.turn[1], p);
    breach::aftermath(a, b, &noise.turn[0], p);
    breach::aftermath(b, a, &noise.turn[1], p);
    connection::update(block, p, week);
    dependence::update(block, around, p);
    remedy::mend(block, around, &noise.dyad, p, week);
    steps::update(block, p);
    ending::update(block, &noise.dyad, p, week);
    exit::leave(block, noise, p, week);
    climate::give(block, p)
}

/// The dyads of a world, block by block: they look around, live their week and give what they give.
struct Dyads<'a> {
    blocks: &'a mut [Block],
    organization_of_dyad: &'a [usize],
    organizations: &'a [Organization],
    upward: &'a mut [Upward],
    noise: &'a [BlockNoise],
    p: &'a Parameters,
    week: f64,
}

impl Work for Dyads<'_> {
    #[inline(always)]
    fn run(self) {
        let places = self.organization_of_dyad.chunks(LANES);
        let mut around = Surroundings::none();
        for ((block, noise), places) in self.blocks.iter_mut().zip(self.noise).zip(places) {
            for (lanes, organization) in neighbors(places) {
                look_around(&mut around, lanes, &self.organizations[organization]);
            }
            let given = dyads(block, &around, noise, self.p, self.week);
            for (lanes, organization) in neighbors(places) {
                self.upward[organization].add(&given, lanes);
            }
        }
    }
}

/// The runs of lanes that sit in the same organization, and which it is; organizations are numbered in order of their dyads.
#[inline(always)]
fn neighbors(organizations: &[usize]) -> impl Iterator<Item = (Range<usize>, usize)> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let left = &organizations[from..];
        let (first, last) = (left.first()?, left.last()?);
        // Most blocks sit in one organization: no need to look between its ends.
        let run = if first == last { left.len() } else { left.partition_point(|other| other == first) };
        let lanes = from..from + run;
        from = lanes.end;
        Some((lanes, *first))
    })
}

/// Down: the dyads of these lanes see their organization.
#[inline(always)]
fn look_around(around: &mut Surroundings, lanes: Range<usize>, organization: &Organization) {
    spread(&mut around.competition, &lanes, organization.competition);
    spread(&mut around.incentives, &lanes, organization.incentives);
    spread(&mut around.climate, &lanes, organization.climate);
    spread(&mut around.collaboration, &lanes, organization.collaboration);
    spread(&mut around.hierarchy, &lanes, organization.hierarchy);
    spread(&mut around.toolkit, &lanes, organization.toolkit);
    spread(&mut around.norm, &lanes, organization.norm);
    let society = &organization.society;
    spread(&mut around.power_distance, &lanes, society.power_distance);
    spread(&mut around.collectivism, &lanes, society.collectivism);
    spread(&mut around.instrumental_help_norm, &lanes, society.instrumental_help_norm);
    spread(&mut around.stereotype, &lanes, society.stereotype);
}

impl World {
    /// Remedy of what is left of risk factors; nothing to do where none was imposed.
    fn relieve_burdens(&mut self, noise: &[BlockNoise]) {
        let (p, week) = (&self.parameters, self.week as f64);
        for (dyad, burden) in self.burdens.iter_mut().enumerate().filter(|(_, burden)| burden.any()) {
            let (index, lane) = place(dyad);
            let noise = &noise[index];
            let Block { members: [a, b], shared } = &mut self.blocks[index];
            if shared.active[lane] < 0.5 {
                continue;
            }
            let in_force = if week < shared.program_weeks[lane] { 1.0 } else { 0.0 };
            let (structure, facilitation) = (in_force * shared.structure[lane], in_force * shared.facilitation[lane]);
            let toolkit = self.organizations[self.organization_of_dyad[dyad]].toolkit;
            let reflection = 0.5 * (a.turn.reflection[lane] + b.turn.reflection[lane]);
            let chance = |visibility: [f64; 3], left: f64| {
                if left > 0.0 {
                    remedy::found(p, visibility, structure, facilitation, reflection, toolkit)
                } else {
                    0.0
                }
            };
            for seat in 0..2 {
                let u = noise.life[seat].discovery[lane];
                let left = burden.individual[seat];
                let found = remedy::discovered::<6>(u, |k| chance(self.knobs[k].visibility, left[k]));
                for factor in (0..6).filter(|factor| found[*factor]) {
                    let amount = left[factor] * remedy::remedied(p, self.knobs[factor].severity, facilitation, week);
                    burden.individual[seat][factor] -= amount;
                    let (own, partner) = if seat == 0 { (&mut *a, &mut *b) } else { (&mut *b, &mut *a) };
                    let weight = self.need_weight[dyad][1 - seat];
                    remedy::relieve(&mut own.person, &mut partner.tie.fit[lane], weight, lane, factor, amount, p);
                }
            }
            let left = burden.relational;
            let found =
                remedy::discovered::<4>(noise.dyad.discovery[lane], |k| chance(self.knobs[6 + k].visibility, left[k]));
            for factor in (0..4).filter(|factor| found[*factor]) {
                let amount = left[factor] * remedy::remedied(p, self.knobs[6 + factor].severity, facilitation, week);
                burden.relational[factor] -= amount;
                let members = [&mut a.person, &mut b.person];
                remedy::relieve_dyad(members, shared, lane, factor, amount, left[factor], burden.schemer, p);
            }
        }
    }

    /// Up: the organizations follow.
    fn follow(&mut self, noise: &Noise) {
        let p = &self.parameters;
        let review = (self.week + 1).is_multiple_of((p.remedy.review_weeks as usize).max(1));
        for ((organization, up), u) in self.organizations.iter_mut().zip(&self.upward).zip(&noise.organizations) {
            let share = 1.0 / organization.headcount;
            let week = climate::Week {
                good: sum(&up.good) * share,
                bad: sum(&up.bad) * share,
                help: sum(&up.help) * share,
                development: sum(&up.development) * share,
                morale: sum(&up.morale) * share,
            };
            climate::update(organization, &week, p);
            let left = sum(&up.left);
            if left > 0.5 {
                organization.exits += left;
                let skill = sum(&up.skill_left) / left;
                exit::replace(organization, sum(&up.harmed) * share, left * share, skill, p);
            } else {
                exit::replace(organization, 0.0, 0.0, 0.0, p);
            }
            if review {
                remedy::review(organization, &self.knobs, *u, self.week as f64, p);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::birth::Nursery;
    use crate::model::parameters::random;
    use crate::model::person::Trait;
    use crate::model::world::{Blueprint, Form};
    use proptest::prelude::*;

    const DYADS: usize = 20;

    fn world(p: &Parameters, coached: bool, formal: bool, weeks: usize, seed: u64) -> (World, Noise) {
        let nursery = Nursery::new(p);
        let births: Vec<_> =
            (0..2 * DYADS as u64).map(|person| nursery.birth(3, seed, person, &[(0.0, 1.0); 14])).collect();
        let world = World::new(&Blueprint {
            parameters: p,
            organization_parameters: &[],
            births: &births,
            seats: &[],
            gatherings: &[],
            organization_of_dyad: &(0..DYADS).map(|dyad| dyad / 10).collect::<Vec<_>>(),
            organizations: 2,
            forms: &[Form { coached, formal, weeks, parameters: p.clone() }],
            form_of_dyad: &[0; DYADS],
            seed: (3, seed),
        });
        (world, Noise::open(3, seed, DYADS, 2))
    }

    /// The same world with everyone in the other seat.
    fn mirrored(world: &World) -> World {
        let mut other = world.clone();
        for block in &mut other.blocks {
            block.members.swap(0, 1);
            for lane in [&mut block.shared.dependence, &mut block.shared.imposed_gap] {
                lane.iter_mut().for_each(|value| *value = 0.0 - *value);
            }
        }
        for burden in &mut other.burdens {
            burden.individual.swap(0, 1);
            burden.schemer = 1 - burden.schemer;
        }
        for weight in &mut other.need_weight {
            weight.swap(0, 1);
        }
        other
    }

    fn mirrored_noise(noise: &Noise) -> Noise {
        let mut other = noise.clone();
        for block in &mut other.blocks {
            block.turn.swap(0, 1);
            block.life.swap(0, 1);
        }
        other
    }

    /// Equal text is equal bits but for the sign of zero.
    fn text(world: &World) -> String {
        format!("{:?} {:?}", world.blocks, world.organizations).replace("-0.0,", "0.0,").replace("-0.0]", "0.0]")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Nobody is first: with seats and their chance swapped, every week is the mirror image, to the bit, at any
        /// parameters and with every risk factor.
        #[test]
        fn seats_do_not_matter(p in random::parameters(), coached in any::<bool>(), seed in 0..1000_u64) {
            let (mut here, mut noise) = world(&p, coached, true, 12, seed);
            let mut there = mirrored(&here);
            for _ in 0..20 {
                noise.draw(Instructions::Widest);
                here.step(&noise, Instructions::Widest);
                there.step(&mirrored_noise(&noise), Instructions::Widest);
            }
            prop_assert_eq!(text(&mirrored(&here)), text(&there));
        }

        /// Lanes without a dyad are counted nowhere.
        #[test]
        fn empty_lanes_leak_nowhere(p in random::parameters(), seed in 0..1000_u64) {
            let (mut clean, mut noise) = world(&p, true, true, 12, seed);
            let mut dirty = clean.clone();
            for lane in DYADS % 16..16 {
                let block = dirty.blocks.last_mut().unwrap();
                block.shared.active[lane] = 1.0;
                block.shared.program_weeks[lane] = 99.0;
                block.shared.meetings_per_week[lane] = 1.0;
                block.members[0].person.shift(lane, Trait::Listening, -4.0, 0.0);
            }
            for _ in 0..12 {
                noise.draw(Instructions::Widest);
                clean.step(&noise, Instructions::Widest);
                dirty.step(&noise, Instructions::Widest);
            }
            prop_assert_eq!(&clean.organizations, &dirty.organizations);
            for dyad in 0..DYADS {
                let (block, lane) = place(dyad);
                for seat in 0..2 {
                    let learned = |world: &World| world.blocks[block].members[seat].person.learning_task[lane];
                    prop_assert_eq!(learned(&clean), learned(&dirty));
                }
            }
        }
    }

    /// What cannot happen to a dyad that does not meet, and to one that has ended. (Colleagues change seats: they are looked
    /// at in `tests/informal.rs`.)
    #[test]
    fn who_does_not_meet_is_left_alone() {
        for (coached, formal) in [(true, true), (false, false)] {
            let (mut now, mut noise) = world(&Parameters::default(), coached, formal, 12, 1);
            for _ in 0..30 {
                let before = now.clone();
                noise.draw(Instructions::Widest);
                now.step(&noise, Instructions::Widest);
                for dyad in 0..DYADS {
                    let (index, lane) = place(dyad);
                    let (then, block) = (&before.blocks[index], &now.blocks[index]);
                    let (was, is) = (&then.shared, &block.shared);
                    assert!(is.active[lane] <= was.active[lane], "an ended dyad stays ended");
                    assert!(is.met[lane] <= was.active[lane], "only an active dyad meets");
                    assert_eq!(
                        is.active[lane] < was.active[lane] && is.cause[lane] > 0.0,
                        is.ended[lane] > was.ended[lane]
                    );
                    if is.met[lane] == 1.0 {
                        continue;
                    }
                    assert_eq!(
                        (is.step[lane], is.holding[lane], is.meetings[lane]),
                        (was.step[lane], was.holding[lane], was.meetings[lane])
                    );
                    for (then, now) in then.members.iter().zip(&block.members) {
                        let turn = &now.turn;
                        let events =
                            [turn.disclosure, turn.benefit, turn.felt, turn.learning, turn.destructive, turn.inquire];
                        assert!(events.iter().all(|event| event[lane] == 0.0));
                        assert_eq!(now.count.turns[lane], then.count.turns[lane]);
                        assert_eq!(now.person.expectation[lane], then.person.expectation[lane]);
                        assert_eq!(now.person.self_awareness[lane], then.person.self_awareness[lane]);
                        assert_eq!(now.tie.vitality[lane], then.tie.vitality[lane]);
                        if was.active[lane] == 0.0 {
                            assert_eq!(now.tie.trust[lane], then.tie.trust[lane], "trust in a former partner rests");
                            assert_eq!((turn.lapse[lane], turn.betrayal[lane]), (0.0, 0.0));
                        }
                    }
                }
            }
        }
    }
}

#[cfg(all(test, feature = "census"))]
mod census {
    use super::*;
    use crate::model::lanes::all;
    use crate::model::maths::census::{EXPONENTIALS, LOGISTICS};

    /// What one week of a block evaluates in each lane: exponentials, and logistics beside.
    fn evaluated(block: &mut Block, noise: &BlockNoise) -> (usize, usize) {
        let before = (EXPONENTIALS.get(), LOGISTICS.get());
        dyads(block, &Surroundings::none(), noise, &Parameters::default(), 0.0);
        let logistics = (LOGISTICS.get() - before.1) as usize;
        let exponentials = (EXPONENTIALS.get() - before.0) as usize - logistics;
        assert_eq!((exponentials % LANES, logistics % LANES), (0, 0));
        (exponentials / LANES, logistics / LANES)
    }

    /// The benchmark's floors evaluate as many: that of a week in which dyads meet and nothing else happens, and that of a
    /// week in which everything does.
    #[test]
    fn a_week_evaluates_as_many_exponentials_as_it_says() {
        let mut block = Block::empty();
        (block.shared.active, block.shared.program_weeks) = (all(1.0), all(12.0));
        block.shared.meetings_per_week = all(1.0);
        block.members.iter_mut().for_each(|member| member.tie.trust = all(0.5));

        // A uniform of 0 is every event, one of ½ none.
        let mut quiet = BlockNoise::empty();
        quiet.turn.iter_mut().for_each(|turn| turn.breach = all(0.5));
        (quiet.dyad.ending, quiet.dyad.logistics) = (all(0.5), all(0.5));
        let mut formal = block.clone();
        formal.shared.formal = all(1.0);
        let every = (EXPONENTIALS_PER_DYAD_WEEK, LOGISTICS_PER_DYAD_WEEK);
        assert_eq!(evaluated(&mut formal, &quiet), every);
        assert_eq!(formal.shared.met, all(1.0));

        let mut informal = block;
        informal.members.iter_mut().for_each(|member| member.person.exploitative = all(1.0));
        assert_eq!(evaluated(&mut informal, &BlockNoise::empty()), (every.0, every.1 + LOGISTICS_OF_EVENTS));
    }
}
