//! Before the week everyone takes a seat, after it the ties go back to the store.

use super::{Seating, Standing};
use crate::model::dyad::{Block, Member, place};
use crate::model::lanes::LANES;
use crate::model::remedy::Burden;
use crate::model::world::World;

impl Seating {
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
}
