//! Informal coaching among colleagues: who seeks whom this week, and who finds the other free.
//!
//! Nobody makes these pairs. A person seeks a colleague out of need and by disposition, rather one who is trusted, known and
//! alike, more where the climate allows it and less where people compete. The colleague has time for it, or not: helping is
//! enacted where work is challenging and helping is the norm.
//!
//! The week's pairs are made so, whatever the order in which persons are listed:
//!
//! 1. Everyone chooses one tied colleague, or nobody ([`appeal`]).
//! 2. Everyone is ready to help this week, or not ([`readiness`]).
//! 3. Those who seek ask in an order drawn by lot. The two are a pair if both are still free and the one who is asked is
//!    ready; else who asked goes without this week, unless asked later.
//! 4. Whether the two then find the time to meet is for their engagement, as in any dyad.

use super::engagement::appeal;
use super::learning::left;
use super::maths::exponential;
use super::network::Acquaintance;
use super::streams::{Purpose, Stream};
use super::team::readiness;
use super::world::World;

/// Those of an organization who coach each other informally, with who is tied to whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Colleagues {
    /// The persons, in order.
    pub members: Vec<usize>,
    /// The ties among them.
    pub ties: Vec<Acquaintance>,
    /// Seed and replication.
    pub seed: (u64, u64),
}

/// What a person asks of the week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// When in the week, in [0, 1).
    pub order: f64,
    /// Who asks.
    pub from: usize,
    /// Who is asked.
    pub to: usize,
    /// The number of their tie.
    pub tie: usize,
}

/// Chance of a person's week: the order of asking, whom, and whether there is time for who asks. A stream for each person
/// and week: three draws, whatever happened before.
fn chance((master, replication): (u64, u64), person: usize, week: usize) -> [f64; 3] {
    let entity = ((week as u64) << 32) + person as u64;
    let mut stream = Stream::open(master, replication, Purpose::Seeking, entity);
    [stream.uniform(), stream.uniform(), stream.uniform()]
}

/// Which of several is chosen at the draw `u`, if any: `P(k) = eᵃᵏ / (1 + Σ eᵃ)`, a logit with an outside option that
/// is worth nothing. With a single colleague it is the logistic of the appeal.
pub fn chosen(appeals: &[f64], u: f64) -> Option<usize> {
    let weights: Vec<f64> = appeals.iter().map(|a| exponential(*a)).collect();
    let mut left = u * weights.iter().fold(1.0, |sum, w| sum + w);
    for (which, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return Some(which);
        }
    }
    None
}

/// The pairs of a week, by the number of their tie: in the order of asking, both still free, and who is asked ready.
pub fn pairs(mut requests: Vec<Request>, ready: impl Fn(usize) -> bool) -> Vec<usize> {
    requests.sort_by(|a, b| a.order.total_cmp(&b.order).then(a.from.cmp(&b.from)));
    let mut taken = vec![false; requests.iter().map(|ask| ask.from.max(ask.to) + 1).max().unwrap_or(0)];
    let mut pairs = Vec::new();
    for Request { from, to, tie, .. } in requests {
        if ready(to) && !taken[from] && !taken[to] {
            (taken[from], taken[to]) = (true, true);
            pairs.push(tie);
        }
    }
    pairs.sort_unstable();
    pairs
}

impl Colleagues {
    /// The week's pairs, by the number of their tie among this gathering's own; `first` is the number of the first of them
    /// in the world's store.
    pub(crate) fn choose(&self, world: &World, first: usize) -> Vec<usize> {
        let Some(ties) = world.ties() else { return Vec::new() };
        let p = &world.parameters;
        let mut requests = Vec::new();
        let mut ready = Vec::with_capacity(self.members.len());
        let (mut appeals, mut numbers) = (Vec::new(), Vec::new());
        for person in &self.members {
            let [order, choice, time] = chance(self.seed, *person, world.week);
            let organization = &world.organizations[world.organization_of_dyad[*person / 2]];
            let task = world.teams.of(*person);
            let helpful = world.teams.tempers[*person].helpful;
            ready.push(time < readiness(p, task.challenge, organization.norm, organization.competition, helpful));
            let (block, seat, lane) = world.member_at(*person);
            let schema = block.members[seat].person.schema[lane];
            appeals.clear();
            numbers.clear();
            let own = first..first + self.ties.len();
            for (number, side) in ties.of_person(*person).iter().filter(|(number, _)| own.contains(number)) {
                let (block, lane) = ties.at(*number);
                if block.shared.active[lane] < 0.5 {
                    continue;
                }
                let tie = &block.sides[*side];
                appeals.push(appeal(
                    p,
                    left(p, tie.learned_here[lane]),
                    schema,
                    tie.trust[lane],
                    block.shared.familiarity[lane],
                    self.ties[number - first].similarity,
                    organization.climate,
                    organization.competition,
                ));
                numbers.push(number - first);
            }
            if let Some(which) = chosen(&appeals, choice) {
                let tie = numbers[which];
                let [a, b] = self.ties[tie].persons;
                requests.push(Request { order, from: *person, to: if a == *person { b } else { a }, tie });
            }
        }
        let ready = |person: usize| self.members.binary_search(&person).is_ok_and(|place| ready[place]);
        pairs(requests, ready)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Nobody is in two pairs, only the ready are asked with success, and the order of the list does not matter.
        #[test]
        fn weeks_are_matchings(
            asks in proptest::collection::vec((0.0..1.0_f64, 0..20_usize, 0..20_usize), 0..25), busy in 0..20_usize,
            turn in 0..25_usize,
        ) {
            // Everyone asks once.
            let mut requests: Vec<Request> = Vec::new();
            for (order, from, to) in asks {
                if from != to && requests.iter().all(|ask| ask.from != from) {
                    requests.push(Request { order, from, to, tie: 20 * from + to });
                }
            }
            let made = pairs(requests.clone(), |person| person != busy);
            let persons: Vec<usize> = made.iter().flat_map(|tie| [tie / 20, tie % 20]).collect();
            let mut once = persons.clone();
            once.sort_unstable();
            once.dedup();
            prop_assert_eq!(once.len(), persons.len());
            prop_assert!(made.iter().all(|tie| tie % 20 != busy));
            if !requests.is_empty() {
                let turn = turn % requests.len();
                requests.rotate_left(turn);
                requests.reverse();
                prop_assert_eq!(pairs(requests, |person| person != busy), made);
            }
        }

        #[test]
        fn choices_are_among_what_there_is(appeals in proptest::collection::vec(-800.0..800.0_f64, 0..9), u in 0.0..1.0_f64) {
            let choice = chosen(&appeals, u);
            prop_assert!(choice.is_none_or(|which| which < appeals.len()));
            prop_assert!(!appeals.is_empty() || choice.is_none());
        }
    }

    /// 40,000 choices: a share has a standard error of .0025; four of them.
    #[test]
    fn colleagues_are_chosen_by_their_odds() {
        let mut stream = Stream::open(4, 0, Purpose::Seeking, 0);
        let appeals = [0.0, 1.0, -1.0];
        let mut count = [0.0; 4];
        for _ in 0..40_000 {
            count[chosen(&appeals, stream.uniform()).unwrap_or(3)] += 1.0 / 40_000.0;
        }
        let total = 1.0 + appeals.iter().map(|a| libm::exp(*a)).sum::<f64>();
        for (share, expected) in count.iter().zip([1.0, libm::exp(1.0), libm::exp(-1.0), 1.0]) {
            assert!((share - expected / total).abs() < 0.01, "{share} for {}", expected / total);
        }
        assert_eq!(chosen(&[2.0], 0.5), Some(0));
    }

    #[test]
    fn chance_belongs_to_person_and_week() {
        let one = chance((1, 2), 3, 4);
        assert_eq!(one, chance((1, 2), 3, 4));
        assert!(one != chance((1, 2), 3, 5) && one != chance((1, 2), 4, 4));
        assert!(one.iter().all(|u| (0.0..1.0).contains(u)));
    }
}
