//! Every relationship there is, wherever its states are, and the chance that belongs to two persons.

use crate::model::dyad::{Shared, Tie, place};
use crate::model::world::World;

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

impl World {
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
