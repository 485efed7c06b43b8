//! Circles: three to eight members who coach each other in changing pairs.
//!
//! "Some organizations and professional associations are experimenting with new structures such as mentoring and PC circles
//! that bring together several seniors and several juniors to facilitate each member's development" (Parker, Kram & Hall
//! 2012, Next Steps in Research).
//!
//! What is kept of a circle, and what is left out:
//!
//! - Each week the members work in **rotating pairs** (a round robin), each with another lead coach until everyone has worked
//!   with everyone: so trust grows per ordered pair. Among an odd number one has no partner this week.
//! - One **holding environment**: after the week it is the mean over its working pairs, and each of them starts the next
//!   week from there. The steps of peer coaching are the circle's too: they are reached by its holding, its meetings and the
//!   means of lower trust and connectivity over its working pairs.
//! - **Airtime**: the time of a meeting is shared by all, so that a working pair gets the floor with probability
//!   `(2/n)^.5` of what a pair by itself has.
//! - **Audience**: who opens up does so before `n − 2` listeners and risks loss of face, more where power distance is high
//!   and where the group comes first; nothing in a pair (see `episode`).
//! - **Others contribute**: what the lead coach does not know, another may; the fit of a learner is the lead coach's plus a
//!   share of the best of the others'.
//! - **More ears**: a confidence that more have heard is more easily broken.
//!
//! Listeners do not learn from what they hear, and who leads is nobody's choice: both are left out. A circle of two is a
//! pair, to the bit.

use super::parameters::{ARTICLE, ASSUMED, Prior::Normal, parameters};

parameters! {
    /// Circles.
    Theory, "theory.circle";
    Dyad airtime = 0.5, 0.0 => 1.0, "exponent", Normal(0.15), "How far members share the floor: a working pair has it with probability (2/n) to this power; 0 leaves each pair its time, 1 divides the time of one.", ASSUMED;
    Society face = 0.4, 0.0 => 1.5, "logit per share of listeners", Normal(0.15), "Loss of face: how much less a learner opens up before listeners, at the reference society.", ARTICLE;
    Society face_power_distance = 1.5, 0.0 => 4.0, "logit per share of listeners and unit of power distance", Normal(0.5), "How much more where power distance is high: training in groups is then not conducive to self-disclosure.", ARTICLE;
    Society face_collectivism = 0.5, 0.0 => 2.0, "logit per share of listeners and unit of collectivism", Normal(0.2), "How much more where the group comes before the individual.", ARTICLE;
    Dyad others = 0.3, 0.0 => 1.0, "share", Normal(0.1), "What the best of the other members adds to a learner's fit, as a share of how well that one knows what the learner needs.", ASSUMED;
    Dyad ears = 0.15, 0.0 => 1.0, "per listener", Normal(0.05), "By how much each listener raises the hazard that a confidence is broken.", ASSUMED;
}

/// Smallest and largest number of members of a circle.
pub const SIZES: (usize, usize) = (3, 8);

/// A circle, with what its members hold in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Circle {
    /// The persons, in the order of the round robin.
    pub members: Vec<usize>,
    /// The holding environment, in [0, 1].
    pub holding: f64,
    /// The step of peer coaching that it is in.
    pub step: f64,
    /// Weeks in which any of its pairs met.
    pub meetings: f64,
}

impl Circle {
    /// A circle of these persons, before it is formed.
    pub fn of(members: Vec<usize>) -> Self {
        Self { members, holding: 0.0, step: 1.0, meetings: 0.0 }
    }

    /// Every two members, the order in which the circle's ties are numbered.
    pub fn ties(&self) -> impl Iterator<Item = [usize; 2]> {
        let n = self.members.len();
        (0..n).flat_map(move |i| (i + 1..n).map(move |j| [self.members[i], self.members[j]]))
    }

    /// The working pairs of a week, by the number of their tie.
    pub(crate) fn working(&self, week: usize) -> impl Iterator<Item = usize> {
        let n = self.members.len();
        round(n, week).map(move |(i, j)| i * (2 * n - i - 1) / 2 + j - i - 1)
    }
}

/// One round of a round robin among `n`: pairs of places, the lower first. In `n − 1` rounds (`n` where `n` is odd) every
/// two meet once.
fn round(n: usize, week: usize) -> impl Iterator<Item = (usize, usize)> {
    let places = n + n % 2;
    let turning = places - 1;
    // One place stands still, the others turn around it; the place beyond the last member is nobody's.
    let at = move |position: usize| if position == 0 { 0 } else { 1 + (position - 1 + week) % turning };
    (0..places / 2)
        .map(move |k| (at(k), at(places - 1 - k)))
        .map(|(a, b)| if a < b { (a, b) } else { (b, a) })
        .filter(move |(_, b)| *b < n)
}

/// How many circles `persons` make whose size shall be `size`, or none if that cannot be: all of three to eight members.
pub fn number_of_circles(persons: usize, size: usize) -> Option<usize> {
    let (least, most) = (persons.div_ceil(SIZES.1), persons / SIZES.0);
    let wished = (persons + size / 2) / size;
    (least <= most && persons > 0).then(|| wished.clamp(least.max(1), most))
}

/// The sizes of that many circles, as even as they go.
pub fn sizes(persons: usize, circles: usize) -> impl Iterator<Item = usize> {
    (0..circles).map(move |circle| (circle + 1) * persons / circles - circle * persons / circles)
}

/// Probability that a working pair of a circle has the floor, of what a pair by itself has: `(2/n)^airtime`.
pub fn airtime(p: &Theory, members: usize) -> f64 {
    if members <= 2 { 1.0 } else { libm::pow(2.0 / members as f64, p.airtime) }
}

/// How many listen, as a share of the members: `1 − 2/n`.
pub fn audience(members: usize) -> f64 {
    if members <= 2 { 0.0 } else { 1.0 - 2.0 / members as f64 }
}

/// By how much a confidence is more easily broken than between two: `1 + ears × listeners`.
pub fn ears(p: &Theory, members: usize) -> f64 {
    1.0 + p.ears * members.saturating_sub(2) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every two work together once in a turn of the round robin, and nobody twice in a week.
    #[test]
    fn everyone_works_with_everyone() {
        for n in 2..=8 {
            let circle = Circle::of((0..n).collect());
            let ties: Vec<[usize; 2]> = circle.ties().collect();
            let mut met = vec![0; ties.len()];
            for week in 0..n - 1 + n % 2 {
                let mut busy = vec![false; n];
                for tie in circle.working(week) {
                    met[tie] += 1;
                    for person in ties[tie] {
                        assert!(!busy[person]);
                        busy[person] = true;
                    }
                }
                assert_eq!(busy.iter().filter(|b| !**b).count(), n % 2, "one of an odd number rests");
            }
            assert!(met.iter().all(|m| *m == 1), "{n}: {met:?}");
        }
    }

    #[test]
    fn circles_are_as_even_as_they_go() {
        assert_eq!(number_of_circles(2, 3), None);
        for (persons, size) in [(3, 8), (4, 3), (10, 8), (24, 6), (17, 5), (11, 3), (9, 4)] {
            let circles = number_of_circles(persons, size).unwrap();
            let sizes: Vec<usize> = sizes(persons, circles).collect();
            assert_eq!(sizes.iter().sum::<usize>(), persons);
            assert!(sizes.iter().all(|n| (3..=8).contains(n)), "{persons} of {size}: {sizes:?}");
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }

    #[test]
    fn a_pair_has_no_audience() {
        let p = Theory::default();
        assert_eq!((airtime(&p, 2), audience(2), ears(&p, 2)), (1.0, 0.0, 1.0));
        assert!((airtime(&p, 8) - 0.5).abs() < 1e-12);
        assert_eq!(audience(4), 0.5);
        assert!((ears(&p, 4) - 1.3).abs() < 1e-12);
    }
}
