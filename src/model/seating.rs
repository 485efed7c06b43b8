//! Who sits with whom this week.
//!
//! A lane seats two persons, and everyone sits in exactly one lane: everyone lives through every week once. A pair that
//! stays together never moves, and costs nothing here. In a world where partners change, the week's pairs are chosen before
//! the dyads' week, the persons take their seats, and the tie of the two who now sit together is loaded into their lane;
//! after it, the tie is stored again (see [`ties`](super::ties)). Who has no partner this week sits in a lane where nothing
//! is active: life, forgetting and learning alone go on as in a dyad that does not meet.
//!
//! Persons are known by number. A person's **home** is the seat of that number (lane `person / 2`, seat `person % 2`), and
//! everything outside the model counts persons so. Chance in a turn and in life belongs to the person: it is read from the
//! home seat's noise wherever the person sits, so that worlds with other pairs share it. Chance of meeting and ending
//! belongs to the lane, and how two persons take to each other to the two of them ([`pair_entity`]).
//!
//! To add a form in which partners change: a variant of [`Gathering`] with its members, the ties among them that may ever
//! meet, and the choice of the week's pairs (`Gathering::choose`).

use std::ops::Range;

use super::circle::Circle;
use super::colleagues::Colleagues;
use super::dyad::{Block, Counts, Member, Shared, Tie, Turn, place};
use super::lanes::LANES;
use super::maths::least;
use super::noise::BlockNoise;
use super::parameters::Parameters;
use super::person::Person;
use super::remedy::Burden;
use super::steps;
use super::ties::Ties;
use super::world::World;

/// Persons of one organization whose partners change from week to week.
#[derive(Clone, Debug, PartialEq)]
pub enum Gathering {
    /// A circle: its members work in rotating pairs.
    Circle(Circle),
    /// Colleagues without a program: they seek each other week by week.
    Colleagues(Colleagues),
}

impl Gathering {
    /// Who belongs to it.
    pub fn members(&self) -> &[usize] {
        match self {
            Gathering::Circle(circle) => &circle.members,
            Gathering::Colleagues(colleagues) => &colleagues.members,
        }
    }

    /// Every two of them who may ever meet; the order numbers the ties.
    pub fn ties(&self) -> Vec<[usize; 2]> {
        match self {
            Gathering::Circle(circle) => circle.ties().collect(),
            Gathering::Colleagues(colleagues) => colleagues.ties.iter().map(|tie| tie.persons).collect(),
        }
    }

    /// How many are together in a meeting: all of a circle, two colleagues.
    pub fn together(&self) -> usize {
        match self {
            Gathering::Circle(circle) => circle.members.len(),
            Gathering::Colleagues(_) => 2,
        }
    }

    /// The week's pairs, by the number of their tie among this gathering's own; each person at most once.
    ///
    /// `world` is as the last week left it: `world.ties()` holds the ties (this gathering's from `first`), and
    /// [`World::member_at`] the persons. `week` weeks have passed. A choice by chance must make a fixed number of draws, from
    /// streams of its own.
    pub(crate) fn choose(&self, world: &World, first: usize, pairs: &mut Vec<usize>) {
        match self {
            Gathering::Circle(circle) => pairs.extend(circle.working(world.week)),
            Gathering::Colleagues(colleagues) => pairs.extend(colleagues.choose(world, first)),
        }
    }

    /// What the members hold in common, after the ties were formed.
    fn begin(&mut self, ties: &Ties, own: Range<usize>) {
        match self {
            Gathering::Circle(circle) => {
                if own.is_empty() {
                    return;
                }
                let (block, lane) = ties.at(own.start);
                circle.holding = block.shared.holding[lane];
            }
            Gathering::Colleagues(_) => {}
        }
    }

    /// What the week leaves in all of them; `worked` are the pairs that were active when it began, by number of tie.
    fn settle(&mut self, ties: &mut Ties, own: Range<usize>, worked: &[usize], p: &Parameters) {
        match self {
            Gathering::Circle(circle) => {
                let (mut holding, mut met, mut trust, mut connectivity, mut last) = (0.0, 0.0, 0.0, 0.0, 3.0);
                for tie in worked {
                    let (block, lane) = ties.at(*tie);
                    let (shared, [a, b]) = (&block.shared, &block.sides);
                    holding += shared.holding[lane];
                    last = shared.last_step[lane];
                    if shared.met[lane] > 0.5 {
                        met += 1.0;
                        trust += least(a.trust[lane], b.trust[lane]);
                        connectivity += shared.connectivity[lane];
                    }
                }
                if worked.is_empty() {
                    return;
                }
                circle.holding = holding / worked.len() as f64;
                if met > 0.5 {
                    circle.meetings += 1.0;
                    let (trust, connectivity) = (trust / met, connectivity / met);
                    circle.step =
                        steps::reached(p, circle.step, circle.holding, circle.meetings, trust, connectivity, last);
                }
                for tie in own {
                    let (block, lane) = ties.at_mut(tie);
                    block.shared.holding[lane] = circle.holding;
                    block.shared.step[lane] = circle.step;
                }
            }
            Gathering::Colleagues(_) => {}
        }
    }
}

/// A gathering with its ties in the store.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub gathering: Gathering,
    pub ties: Range<usize>,
}

/// Persons on their way from one seat to another.
#[derive(Clone, Debug)]
struct Standing {
    person: Person,
    turn: Turn,
    count: Counts,
}

/// Who sits where in a world in which not everyone is at home for ever.
#[derive(Clone, Debug)]
pub struct Seating {
    /// The person in each seat.
    person_at: Vec<usize>,
    /// The seat of each person.
    seat_of: Vec<usize>,
    /// The lanes of those whose partners change, by organization.
    lanes: Vec<Vec<usize>>,
    pub(crate) groups: Vec<Group>,
    pub(crate) ties: Ties,
    /// The tie that is loaded in each lane, with whether it was active when the week began.
    pub(crate) tie_at: Vec<Option<(usize, bool)>>,
    noise: Vec<BlockNoise>,
    standing: Vec<Standing>,
    walking: Vec<(usize, usize)>,
    empty: Box<(Tie, Shared)>,
}

impl Seating {
    /// The seating in which `seats` (the person of each seat; empty for everyone at home) is where persons begin.
    pub(crate) fn new(
        seats: &[usize],
        gatherings: &[Gathering],
        organization_of_dyad: &[usize],
        organizations: usize,
    ) -> Self {
        let persons = 2 * organization_of_dyad.len();
        let person_at: Vec<usize> = if seats.is_empty() { (0..persons).collect() } else { seats.to_vec() };
        let mut seat_of = vec![0; persons];
        for (seat, person) in person_at.iter().enumerate() {
            seat_of[*person] = seat;
        }
        let mut ties = Ties::of(persons);
        let mut groups = Vec::with_capacity(gatherings.len());
        let mut moves = vec![false; organization_of_dyad.len()];
        for gathering in gatherings {
            let first = ties.len();
            for pair in gathering.ties() {
                ties.add(pair);
            }
            for person in gathering.members() {
                moves[seat_of[*person] / 2] = true;
            }
            groups.push(Group { gathering: gathering.clone(), ties: first..ties.len() });
        }
        let mut lanes = vec![Vec::new(); organizations];
        for (lane, organization) in organization_of_dyad.iter().enumerate().filter(|(lane, _)| moves[*lane]) {
            lanes[*organization].push(lane);
        }
        let Block { members: [Member { tie, .. }, _], shared, .. } = Block::empty();
        Self {
            tie_at: vec![None; organization_of_dyad.len()],
            person_at,
            seat_of,
            lanes,
            groups,
            ties,
            noise: Vec::new(),
            standing: Vec::new(),
            walking: Vec::new(),
            empty: Box::new((tie, shared)),
        }
    }

    /// Whether this lane's persons stay together.
    pub(crate) fn stays(&self, lane: usize, organization: usize) -> bool {
        self.lanes[organization].binary_search(&lane).is_err()
    }

    pub(crate) fn person_at(&self, seat: usize) -> usize {
        self.person_at[seat]
    }

    pub(crate) fn seat_of(&self, person: usize) -> usize {
        self.seat_of[person]
    }

    /// The circles begin, now that their ties are formed.
    pub(crate) fn begin(&mut self) {
        for group in &mut self.groups {
            group.gathering.begin(&self.ties, group.ties.clone());
        }
    }

    /// The week's noise as it reaches the seats.
    pub(crate) fn take_noise(&mut self, noise: &[BlockNoise]) -> Vec<BlockNoise> {
        let mut seated = std::mem::take(&mut self.noise);
        seated.clear();
        seated.extend_from_slice(noise);
        for (seat, person) in self.person_at.iter().enumerate().filter(|(seat, person)| seat != *person) {
            let ((to, lane), (from, home)) = (place(seat / 2), place(person / 2));
            seated[to].turn[seat % 2].take_lane(lane, &noise[from].turn[person % 2], home);
            seated[to].life[seat % 2].take_lane(lane, &noise[from].life[person % 2], home);
        }
        seated
    }

    /// Keeps the room for the next week's noise.
    pub(crate) fn return_noise(&mut self, noise: Vec<BlockNoise>) {
        self.noise = noise;
    }

    /// Finds a lane for each of the week's ties, given by number: where the first of the two is at home, else the second,
    /// else the next free one. Two who are at home in the same lane come before anyone.
    fn arrange(&self, chosen: &[usize], organization_of_dyad: &[usize]) -> (Vec<usize>, Vec<Option<(usize, bool)>>) {
        let mut person_at = self.person_at.clone();
        let mut tie_at = vec![None; self.tie_at.len()];
        let mut free = vec![false; tie_at.len()];
        self.lanes.iter().flatten().for_each(|lane| free[*lane] = true);
        let mut placed = vec![false; person_at.len()];
        let mut sit = |lane: usize, tie: usize, free: &mut [bool], placed: &mut [bool], person_at: &mut [usize]| {
            let pair = self.ties.pair(tie);
            debug_assert!(pair.iter().all(|person| !placed[*person]), "nobody has two partners in a week");
            (person_at[2 * lane], person_at[2 * lane + 1]) = (pair[0], pair[1]);
            pair.into_iter().for_each(|person| placed[person] = true);
            tie_at[lane] = Some((tie, false));
            free[lane] = false;
        };
        let home = |tie: usize| self.ties.pair(tie).map(|person| person / 2);
        let mut rest = Vec::new();
        for tie in chosen {
            match home(*tie) {
                [a, b] if a == b && free[a] => sit(a, *tie, &mut free, &mut placed, &mut person_at),
                _ => rest.push(*tie),
            }
        }
        rest.retain(|tie| {
            let lane = home(*tie).into_iter().find(|lane| free[*lane]);
            lane.inspect(|lane| sit(*lane, *tie, &mut free, &mut placed, &mut person_at)).is_none()
        });
        let mut next = vec![0; self.lanes.len()];
        let mut next_free = |organization: usize, free: &[bool]| loop {
            let lane = self.lanes[organization][next[organization]];
            if free[lane] {
                break lane;
            }
            next[organization] += 1;
        };
        for tie in rest {
            let lane = next_free(organization_of_dyad[home(tie)[0]], &free);
            sit(lane, tie, &mut free, &mut placed, &mut person_at);
        }
        // Who has no partner sits down where there is room.
        for lanes in &self.lanes {
            let alone: Vec<usize> = lanes
                .iter()
                .flat_map(|lane| [self.person_at[2 * lane], self.person_at[2 * lane + 1]])
                .filter(|person| !placed[*person])
                .collect();
            let seats = lanes.iter().filter(|lane| free[**lane]).flat_map(|lane| [2 * lane, 2 * lane + 1]);
            for (seat, person) in seats.zip(alone) {
                person_at[seat] = person;
            }
        }
        (person_at, tie_at)
    }

    /// Everyone walks to the seat that `person_at` gives.
    fn walk(
        &mut self,
        person_at: Vec<usize>,
        blocks: &mut [Block],
        burdens: &mut [Burden],
        need_weight: &mut [[f64; 2]],
    ) {
        self.walking.clear();
        for lane in self.lanes.iter().flatten() {
            for seat in [2 * lane, 2 * lane + 1] {
                let person = person_at[seat];
                if self.person_at[seat] != person {
                    self.walking.push((self.seat_of[person], seat));
                }
            }
        }
        let room = self.walking.len().div_ceil(LANES);
        if self.standing.len() < room {
            let Block { members: [Member { person, turn, count, .. }, _], .. } = Block::empty();
            self.standing.resize(room, Standing { person, turn, count });
        }
        let mut carried = Vec::with_capacity(if burdens.is_empty() { 0 } else { self.walking.len() });
        for (number, (from, _)) in self.walking.iter().enumerate() {
            let ((index, lane), (at, spot)) = (place(from / 2), place(number));
            let (member, standing) = (&blocks[index].members[from % 2], &mut self.standing[at]);
            standing.person.take_lane(spot, &member.person, lane);
            standing.turn.take_lane(spot, &member.turn, lane);
            standing.count.take_lane(spot, &member.count, lane);
            if let Some(burden) = burdens.get(from / 2) {
                carried.push((burden.individual[from % 2], need_weight[from / 2][from % 2]));
            }
        }
        for (number, (_, to)) in self.walking.iter().enumerate() {
            let ((index, lane), (at, spot)) = (place(to / 2), place(number));
            let (member, standing) = (&mut blocks[index].members[to % 2], &self.standing[at]);
            member.person.take_lane(lane, &standing.person, spot);
            member.turn.take_lane(lane, &standing.turn, spot);
            member.count.take_lane(lane, &standing.count, spot);
            if let Some((individual, weight)) = carried.get(number) {
                burdens[to / 2].individual[to % 2] = *individual;
                need_weight[to / 2][to % 2] = *weight;
            }
            self.seat_of[person_at[*to]] = *to;
        }
        self.person_at = person_at;
    }
}

impl World {
    /// Before the week: its pairs are chosen, everyone sits down, and the ties of who sits together are there.
    pub(crate) fn sit_down(&mut self) {
        let Some(seating) = &self.seating else { return };
        if seating.groups.is_empty() {
            return;
        }
        let (mut chosen, mut pairs) = (Vec::new(), Vec::new());
        for group in &seating.groups {
            pairs.clear();
            group.gathering.choose(self, group.ties.start, &mut pairs);
            chosen.extend(pairs.iter().map(|pair| group.ties.start + pair));
        }
        let (person_at, mut tie_at) = seating.arrange(&chosen, &self.organization_of_dyad);
        let Some(mut seating) = self.seating.take() else { return };
        seating.walk(person_at, &mut self.blocks, &mut self.burdens, &mut self.need_weight);
        for number in seating.lanes.iter().flatten() {
            let (index, lane) = place(*number);
            let block = &mut self.blocks[index];
            if let Some((tie, active)) = &mut tie_at[*number] {
                let weights = self.need_weight.get(*number).copied().unwrap_or_default();
                let burden = self.burdens.get_mut(*number).map(|burden| (burden, weights));
                seating.ties.load(*tie, block, lane, burden, self.week, &self.parameters);
                *active = block.shared.active[lane] > 0.5;
            } else {
                let (tie, shared) = &*seating.empty;
                block.members.iter_mut().for_each(|member| member.tie.take_lane(lane, tie, 0));
                block.shared.take_lane(lane, shared, 0);
                if let Some(burden) = self.burdens.get_mut(*number) {
                    burden.relational = [0.0; 4];
                }
            }
        }
        seating.tie_at = tie_at;
        self.seating = Some(seating);
    }

    /// After the week: ties go back to the store, who left leaves all of them, and gatherings settle.
    pub(crate) fn rise(&mut self) {
        let Some(seating) = self.seating.as_mut().filter(|seating| !seating.groups.is_empty()) else { return };
        let mut worked = Vec::new();
        for number in seating.lanes.iter().flatten() {
            if let Some((tie, active)) = seating.tie_at[*number] {
                let (index, lane) = place(*number);
                seating.ties.store(tie, &self.blocks[index], lane, self.burdens.get(*number), self.week + 1);
                if active {
                    worked.push(tie);
                }
            }
        }
        for seat in seating.lanes.iter().flatten().flat_map(|lane| [2 * lane, 2 * lane + 1]) {
            let (index, lane) = place(seat / 2);
            if self.blocks[index].members[seat % 2].turn.left[lane] > 0.5 {
                seating.ties.leave(seating.person_at[seat], self.week as f64);
            }
        }
        worked.sort_unstable();
        let mut from = 0;
        for group in &mut seating.groups {
            let until = from + worked[from..].partition_point(|tie| *tie < group.ties.end);
            let ties = &mut seating.ties;
            group.gathering.settle(ties, group.ties.clone(), &worked[from..until], &self.parameters);
            from = until;
        }
    }

    /// The ties of those whose partners change; none where everyone has one partner for good.
    pub fn ties(&self) -> Option<&Ties> {
        self.seating.as_ref().map(|seating| &seating.ties).filter(|ties| !ties.is_empty())
    }

    /// The seat of a person now: lane and seat.
    pub fn seat_of(&self, person: usize) -> (usize, usize) {
        let seat = self.seating.as_ref().map_or(person, |seating| seating.seat_of(person));
        (seat / 2, seat % 2)
    }

    /// The person in a seat now.
    pub fn person_at(&self, dyad: usize, seat: usize) -> usize {
        let seat = 2 * dyad + seat;
        self.seating.as_ref().map_or(seat, |seating| seating.person_at(seat))
    }

    /// Where a person's states are: block, seat and lane.
    pub fn member_at(&self, person: usize) -> (&Block, usize, usize) {
        let (dyad, seat) = self.seat_of(person);
        let (index, lane) = place(dyad);
        (&self.blocks[index], seat, lane)
    }

    /// Every relationship there is: the pairs that stay together, numbered by their lane, then the ties of those whose
    /// partners change, numbered from the number of lanes on.
    pub fn relationships(&self) -> impl Iterator<Item = Relationship<'_>> {
        let staying = (0..self.dyads)
            .filter(|dyad| {
                self.seating.as_ref().is_none_or(|seating| seating.stays(*dyad, self.organization_of_dyad[*dyad]))
            })
            .map(|dyad| {
                let (index, lane) = place(dyad);
                let block = &self.blocks[index];
                Relationship {
                    number: dyad,
                    organization: self.organization_of_dyad[dyad],
                    members: [self.person_at(dyad, 0), self.person_at(dyad, 1)],
                    ties: [&block.members[0].tie, &block.members[1].tie],
                    shared: &block.shared,
                    lane,
                    seated: true,
                }
            });
        let ties = self.seating.as_ref().map(|seating| &seating.ties);
        let stored =
            ties.into_iter().flat_map(|ties| (0..ties.len()).map(move |tie| (ties, tie))).map(|(ties, tie)| {
                let (block, lane) = ties.at(tie);
                let members = ties.pair(tie);
                Relationship {
                    number: self.dyads + tie,
                    organization: self.organization_of_dyad[members[0] / 2],
                    members,
                    ties: [&block.sides[0], &block.sides[1]],
                    shared: &block.shared,
                    lane,
                    seated: ties.stored_in(tie) == self.week && self.week > 0,
                }
            });
        staying.chain(stored)
    }
}

/// Two persons with all that lies between them.
#[derive(Clone, Copy, Debug)]
pub struct Relationship<'a> {
    /// Its number in tables.
    pub number: usize,
    /// The organization.
    pub organization: usize,
    /// The persons, the first and the second.
    pub members: [usize; 2],
    /// The tie of the first to the second, and of the second to the first.
    pub ties: [&'a Tie; 2],
    /// What they share.
    pub shared: &'a Shared,
    /// The lane of these states.
    pub lane: usize,
    /// Whether the two sat together in the last week.
    pub seated: bool,
}

/// The entity to which the chance between two persons belongs, whatever brought them together, and whether the first is the
/// one with the higher number. Two who are at home in the same lane have the number of that lane.
pub fn pair_entity(first: usize, second: usize) -> (u64, bool) {
    let (low, high) = (first.min(second), first.max(second));
    let entity = if high == low + 1 && low.is_multiple_of(2) {
        low as u64 / 2
    } else {
        (1 << 62) + ((low as u64) << 30) + high as u64
    };
    (entity, first > second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::birth::{Birth, Nursery};
    use crate::model::lanes::Instructions;
    use crate::model::outcomes;
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
}
