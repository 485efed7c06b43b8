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
//! | file | has |
//! |---|---|
//! | `gathering` | those whose partners change, and how a week's pairs are chosen |
//! | `moving` | how everyone takes a seat, and how ties are loaded and stored |
//! | `relationship` | every relationship there is, for who observes them |
//!
//! To add a form in which partners change: a variant of [`Gathering`] with its members, the ties among them that may ever
//! meet, and the choice of the week's pairs (`Gathering::choose`).

mod gathering;
mod moving;
mod relationship;
#[cfg(test)]
mod tests;

pub use self::gathering::Gathering;
use self::gathering::Group;
pub use self::relationship::{Relationship, pair_entity};
use super::dyad::{Block, Counts, Member, Shared, Tie, Turn, place};
use super::noise::BlockNoise;
use super::person::Person;
use super::ties::Ties;
use super::world::World;

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
}

impl World {
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
}
