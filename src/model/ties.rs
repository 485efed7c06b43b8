//! The store of ties: where the ties of persons lie whose partners change.
//!
//! Two persons who always meet each other keep their tie in the lane in which they sit. Whoever meets several people has a
//! tie with each of them: trust and all else that is directed, on both sides, and what the two share. Such ties lie here,
//! sixteen to a block; before a week the tie of the two who will sit together is loaded into their lane, and after it, it
//! is stored again. A tie that rests in a week changes in one way only: what was once revealed fades.

use super::dyad::{Block, Shared, Tie, place};
use super::lanes::LANES;
use super::parameters::Parameters;
use super::remedy::Burden;

/// Sixteen ties side by side.
#[derive(Clone, Debug)]
pub struct TieBlock {
    /// The tie of the first to the second, and of the second to the first.
    pub sides: [Tie; 2],
    /// What the two share.
    pub shared: Shared,
}

/// What is left of risk factors on a tie.
#[derive(Clone, Copy, Debug, Default)]
struct TieBurden {
    /// Of the four relational factors.
    relational: [f64; 4],
    /// The side that came with bad intentions.
    schemer: usize,
    /// What the two lacked in relevant experience when the tie was last loaded: fit is in step with it.
    lacking: [f64; 2],
}

/// The ties of persons who meet several others, each with a number.
#[derive(Clone, Debug, Default)]
pub struct Ties {
    pairs: Vec<[usize; 2]>,
    blocks: Vec<TieBlock>,
    burdens: Vec<TieBurden>,
    /// The week in which each was last stored.
    stored: Vec<usize>,
    /// Number and side of each person's ties.
    of_person: Vec<Vec<(usize, usize)>>,
}

impl Ties {
    /// A store for the ties of `persons` persons, with none in it yet.
    pub(crate) fn of(persons: usize) -> Self {
        Self { of_person: vec![Vec::new(); persons], ..Self::default() }
    }

    /// Adds the tie of two persons, without states, and returns its number.
    pub(crate) fn add(&mut self, pair: [usize; 2]) -> usize {
        let number = self.pairs.len();
        if number.is_multiple_of(LANES) {
            let Block { members: [a, b], shared, .. } = Block::empty();
            self.blocks.push(TieBlock { sides: [a.tie, b.tie], shared });
        }
        self.pairs.push(pair);
        self.burdens.push(TieBurden::default());
        self.stored.push(0);
        for (side, person) in pair.into_iter().enumerate() {
            self.of_person[person].push((number, side));
        }
        number
    }

    /// Number of ties.
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// The two persons of a tie, the first and the second.
    pub fn pair(&self, tie: usize) -> [usize; 2] {
        self.pairs[tie]
    }

    /// Number of each of a person's ties, with the side (0 or 1) on which this person is.
    pub fn of_person(&self, person: usize) -> &[(usize, usize)] {
        &self.of_person[person]
    }

    /// Where a tie's states are: block and lane. In step with the world between weeks.
    pub fn at(&self, tie: usize) -> (&TieBlock, usize) {
        let (index, lane) = place(tie);
        (&self.blocks[index], lane)
    }

    /// How many weeks had passed when it was last stored.
    pub(crate) fn stored_in(&self, tie: usize) -> usize {
        self.stored[tie]
    }

    /// A tie's states, to change them.
    pub(crate) fn at_mut(&mut self, tie: usize) -> (&mut TieBlock, usize) {
        let (index, lane) = place(tie);
        (&mut self.blocks[index], lane)
    }

    /// Lays what is left of risk factors on a tie.
    pub(crate) fn burden(&mut self, tie: usize, relational: [f64; 4], schemer: usize, lacking: [f64; 2]) {
        self.burdens[tie] = TieBurden { relational, schemer, lacking };
    }

    /// Loads a tie into the lane in which its two persons sit, the first in the first seat.
    pub(crate) fn load(
        &mut self,
        tie: usize,
        block: &mut Block,
        lane: usize,
        burden: Option<(&mut Burden, [f64; 2])>,
        week: usize,
        p: &Parameters,
    ) {
        let (from, at) = self.at(tie);
        for (member, side) in block.members.iter_mut().zip(&from.sides) {
            member.tie.take_lane(lane, side, at);
            for _ in self.stored[tie]..week {
                member.tie.revealed[lane] *= p.breach.fading;
            }
        }
        block.shared.take_lane(lane, &from.shared, at);
        let Some((burden, weights)) = burden else { return };
        let own = &self.burdens[tie];
        burden.relational = own.relational;
        burden.schemer = own.schemer;
        // Experience that was gained elsewhere since: the partner's fit is the better for it.
        for (learner, weight) in weights.into_iter().enumerate() {
            let gained = own.lacking[1 - learner] - burden.individual[1 - learner][0];
            block.members[learner].tie.fit[lane] += p.theory_risk.expertise * gained * weight;
        }
    }

    /// Stores the tie of the two who sit in this lane. `week` weeks have passed.
    pub(crate) fn store(&mut self, tie: usize, block: &Block, lane: usize, burden: Option<&Burden>, week: usize) {
        let (to, at) = self.at_mut(tie);
        for (side, member) in to.sides.iter_mut().zip(&block.members) {
            side.take_lane(at, &member.tie, lane);
        }
        to.shared.take_lane(at, &block.shared, lane);
        self.stored[tie] = week;
        if let Some(burden) = burden {
            let lacking = [0, 1].map(|side: usize| burden.individual[side][0]);
            self.burdens[tie] = TieBurden { relational: burden.relational, schemer: burden.schemer, lacking };
        }
    }

    /// Ends every tie of a person who has left: what `exit` does to the tie of the week, it does to the others.
    pub(crate) fn leave(&mut self, person: usize, week: f64) {
        for index in 0..self.of_person[person].len() {
            let (tie, _) = self.of_person[person][index];
            let (block, lane) = self.at_mut(tie);
            let shared = &mut block.shared;
            if shared.active[lane] < 0.5 {
                continue;
            }
            shared.active[lane] = 0.0;
            if week < shared.program_weeks[lane] || shared.formal[lane] < 0.5 {
                shared.cause[lane] += 4.0;
                shared.ended[lane] = week;
            }
        }
    }
}
