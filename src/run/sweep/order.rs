//! In which order the replications of a sweep are computed.

use crate::monte_carlo::Outcome;
use crate::monte_carlo::clerk::{Chunk, Clerk};

/// Consecutive replications of a cell, at most.
pub const BLOCK: u64 = 25;

/// The same where each cell has so many: a quarter of them, so that a sweep of few replications, too, goes from cell to cell.
fn block(replications: u64) -> u64 {
    replications.div_ceil(4).clamp(1, BLOCK)
}

/// In which order the replications of all cells are computed; each has a place in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub cells: u64,
    /// Of each cell.
    pub replications: u64,
    /// Of each cell, those that a smaller sweep has, which this one goes on from: they come before all others.
    pub base: u64,
}

impl Order {
    /// Replications of all cells.
    pub fn total(self) -> u64 {
        self.cells * self.replications
    }

    /// Of these, those of the smaller sweep.
    pub fn based(self) -> u64 {
        self.cells * self.base
    }

    /// The cell and the replication at a place.
    pub fn at(self, place: u64) -> (usize, u64) {
        match place.checked_sub(self.based()) {
            None => self.within(self.base, place),
            Some(place) => {
                let (cell, number) = self.within(self.replications - self.base, place);
                (cell, self.base + number)
            }
        }
    }

    /// The same of so many replications of each cell, block by block.
    fn within(self, replications: u64, place: u64) -> (usize, u64) {
        let block = block(replications);
        let full = replications / block * block;
        // The last block of each cell may be shorter than the others.
        let (before, block) = if place < full * self.cells { (0, block) } else { (full, replications - full) };
        let rest = place - before * self.cells;
        let round = block * self.cells;
        ((rest % round / block) as usize, before + rest / round * block + rest % block)
    }
}

/// Replications in the order of the sweep as chunks of one cell each, which keep their place in that order.
pub(super) fn by_cell(clerks: &[Clerk], order: Order, mut first: u64, mut outcomes: Vec<Outcome>) -> Vec<Chunk> {
    let mut all = Vec::new();
    while !outcomes.is_empty() {
        let (cell, number) = order.at(first);
        let same = |by: &u64| order.at(first + by) == (cell, number + by);
        let count = (1..outcomes.len() as u64).take_while(same).count() + 1;
        let rest = outcomes.split_off(count);
        let chunk = clerks[cell].chunk(number, outcomes);
        let last = first + count as u64;
        all.push(Chunk { replications: first..last, ..chunk });
        (first, outcomes) = (last, rest);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_equally_far_at_any_time() {
        for (cells, replications) in [(1, 60), (3, 60), (4, 25), (5, 7), (7, 101)] {
            let order = Order { cells, replications, base: 0 };
            let mut done = vec![0_u64; cells as usize];
            for place in 0..order.total() {
                let (cell, number) = order.at(place);
                // Each replication of each cell comes once, in its turn.
                assert_eq!(done[cell], number);
                done[cell] += 1;
                let (least, most) = (done.iter().min().unwrap(), done.iter().max().unwrap());
                assert!(most - least <= block(replications), "{done:?}");
            }
            assert!(done.iter().all(|count| *count == replications));
        }
    }

    #[test]
    fn what_a_smaller_sweep_has_comes_first() {
        for (cells, base, replications) in [(1, 30, 60), (3, 60, 100), (4, 25, 26), (5, 7, 101), (2, 0, 9), (3, 8, 8)] {
            let (order, small) = (Order { cells, replications, base }, Order { cells, replications: base, base: 0 });
            let mut done = vec![0_u64; cells as usize];
            for place in 0..order.total() {
                let (cell, number) = order.at(place);
                assert_eq!(done[cell], number);
                done[cell] += 1;
                if place < order.based() {
                    assert_eq!((cell, number), small.at(place));
                }
                assert_eq!(number < base, place < order.based());
            }
            assert!(done.iter().all(|count| *count == replications));
        }
    }
}
