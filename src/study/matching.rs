//! Who is paired with whom, and who sits in a circle together, within each organization or arm of it.

use super::declaration::{Matching, Screened};
use crate::model::birth::Birth;
use crate::model::circle::{number_of_circles, sizes};
use crate::model::formation::needs_met;
use crate::model::likeness::distance;
use crate::model::person::Trait;
use crate::model::streams::Stream;

/// Nobody chooses among a million colleagues: greedy rules look at this many who are still free.
const HORIZON: usize = 200;

/// People, with what a screening measured of them: a rule that goes by a trait goes by what is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Crowd<'a> {
    /// Everyone.
    pub people: &'a [Birth],
    /// A score of each; empty where nobody was screened.
    pub measured: &'a [f64],
    /// Of what.
    pub what: Option<Screened>,
}

impl Crowd<'_> {
    /// The mind-set as it is known.
    fn mind_set(&self, who: usize) -> f64 {
        match self.what {
            Some(Screened::Trait(Trait::MindSet)) => self.measured[who],
            _ => self.people[who].traits[Trait::MindSet as usize],
        }
    }

    /// Seniority as it is known: what was screened of it, else status.
    fn seniority(&self, who: usize) -> f64 {
        match self.what {
            Some(Screened::Seniority(_)) => self.measured[who],
            _ => self.people[who].seniority[2],
        }
    }

    fn distance(&self, a: usize, b: usize) -> f64 {
        distance(&self.people[a], &self.people[b])
    }

    fn mutual_fit(&self, a: usize, b: usize) -> f64 {
        mutual_fit(&self.people[a], &self.people[b])
    }
}

/// Pairs the persons of one organization by a rule: the result lists them pair by pair.
///
/// `people` holds an even number of persons. The stream breaks ties and orders who chooses first.
pub fn pair(rule: Matching, people: Vec<Birth>, stream: &mut Stream) -> Vec<Birth> {
    let crowd = Crowd { people: &people, measured: &[], what: None };
    let pairs = groups(rule, &crowd, (0..people.len()).collect(), 2, stream);
    pairs.into_iter().flatten().map(|who| people[who].clone()).collect()
}

/// Groups some of the crowd (`members`, an even number where `size` is 2) by a rule: into pairs, or into circles of about
/// this size, as even as they go.
pub fn groups(
    rule: Matching,
    crowd: &Crowd,
    mut members: Vec<usize>,
    size: usize,
    stream: &mut Stream,
) -> Vec<Vec<usize>> {
    stream.shuffle(&mut members);
    let unlike = |a: usize, b: usize| -crowd.distance(a, b);
    let fit = |a: usize, b: usize| crowd.mutual_fit(a, b);
    match rule {
        Matching::Random => in_order(members, size),
        Matching::SelfSelected => {
            // Proactive people choose first.
            sort_by(&mut members, |who| -crowd.people[who].traits[Trait::Schema as usize]);
            greedy(members, size, unlike)
        }
        Matching::Similarity => greedy(members, size, unlike),
        Matching::Needs => greedy(members, size, fit),
        Matching::Optimal => exchange(greedy(members, size, fit), fit),
        Matching::MindSetAlike => {
            sort_by(&mut members, |who| crowd.mind_set(who));
            in_order(members, size)
        }
        Matching::MindSetMixed => {
            sort_by(&mut members, |who| crowd.mind_set(who));
            deal(members, size)
        }
        Matching::SeniorityAlike => {
            sort_by(&mut members, |who| crowd.seniority(who));
            in_order(members, size)
        }
        Matching::SeniorityMixed => {
            sort_by(&mut members, |who| crowd.seniority(who));
            deal(members, size)
        }
    }
}

fn sort_by(members: &mut [usize], key: impl Fn(usize) -> f64) {
    members.sort_by(|a, b| key(*a).total_cmp(&key(*b)));
}

/// The sizes of the groups that so many make.
fn group_sizes(members: usize, size: usize) -> Vec<usize> {
    if size == 2 {
        return vec![2; members / 2];
    }
    match number_of_circles(members, size) {
        Some(circles) => sizes(members, circles).collect(),
        // Too few for a circle: they are together all the same.
        None if members > 0 => vec![members],
        None => Vec::new(),
    }
}

/// Who stands next to each other sits together.
pub fn in_order(members: Vec<usize>, size: usize) -> Vec<Vec<usize>> {
    let mut rest = members.into_iter();
    group_sizes(rest.len(), size).into_iter().map(|size| rest.by_ref().take(size).collect()).collect()
}

/// Deals the sorted members out, to and fro, so that each group has some of all: in pairs first with last, second with last
/// but one.
fn deal(members: Vec<usize>, size: usize) -> Vec<Vec<usize>> {
    let sizes = group_sizes(members.len(), size);
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); sizes.len()];
    let mut rest = members.into_iter();
    for round in 0..sizes.iter().copied().max().unwrap_or(0) {
        for turn in 0..sizes.len() {
            let group = if round % 2 == 0 { turn } else { sizes.len() - 1 - turn };
            if groups[group].len() < sizes[group] {
                groups[group].extend(rest.next());
            }
        }
    }
    groups
}

fn mutual_fit(a: &Birth, b: &Birth) -> f64 {
    needs_met(a, b) + needs_met(b, a)
}

/// In order, each free person takes the best free partners within the horizon, one after the other: who is best with all
/// who are already together.
fn greedy(mut free: Vec<usize>, size: usize, score: impl Fn(usize, usize) -> f64) -> Vec<Vec<usize>> {
    let sizes = group_sizes(free.len(), size);
    free.reverse();
    let mut groups = Vec::with_capacity(sizes.len());
    for size in sizes {
        let Some(first) = free.pop() else { break };
        let mut group = vec![first];
        while group.len() < size && !free.is_empty() {
            let from = free.len().saturating_sub(HORIZON);
            let mut best = (from, f64::NEG_INFINITY);
            for (offset, candidate) in free[from..].iter().enumerate() {
                let value =
                    group[1..].iter().fold(score(first, *candidate), |sum, member| sum + score(*member, *candidate));
                if value > best.1 {
                    best = (from + offset, value);
                }
            }
            group.push(free.remove(best.0));
        }
        groups.push(group);
    }
    groups
}

/// Exchanges partners between neighboring pairs as long as the total score rises, at most fifty rounds. Circles stay.
fn exchange(mut groups: Vec<Vec<usize>>, score: impl Fn(usize, usize) -> f64) -> Vec<Vec<usize>> {
    if groups.iter().any(|group| group.len() != 2) {
        return groups;
    }
    let pairs = groups.len();
    for _ in 0..50 {
        let mut improved = false;
        for i in 0..pairs {
            for j in (i + 1)..pairs.min(i + 1 + HORIZON) {
                let ([a, b], [c, d]) = ([groups[i][0], groups[i][1]], [groups[j][0], groups[j][1]]);
                let now = score(a, b) + score(c, d);
                let crossed = score(a, d) + score(c, b);
                let turned = score(a, c) + score(b, d);
                if crossed > now + 1e-9 && crossed >= turned {
                    (groups[i][1], groups[j][1]) = (d, b);
                    improved = true;
                } else if turned > now + 1e-9 {
                    (groups[i][1], groups[j][0]) = (c, b);
                    improved = true;
                }
            }
        }
        if !improved {
            break;
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::birth::Nursery;
    use crate::model::parameters::Parameters;
    use crate::model::streams::Purpose;

    fn people(count: u64) -> Vec<Birth> {
        let nursery = Nursery::new(&Parameters::default());
        (0..count).map(|person| nursery.birth(5, 0, person, &[(0.0, 1.0); 14])).collect()
    }

    fn mean_over_pairs(people: &[Birth], f: impl Fn(&Birth, &Birth) -> f64) -> f64 {
        people.chunks_exact(2).map(|pair| f(&pair[0], &pair[1])).sum::<f64>() / (people.len() / 2) as f64
    }

    #[test]
    fn every_rule_pairs_everyone_once() {
        for (_, rule) in Matching::NAMES {
            let mut stream = Stream::open(1, 0, Purpose::Matching, 0);
            let before = people(42);
            let mut after = pair(*rule, before.clone(), &mut stream);
            assert_eq!(after.len(), 42);
            let key = |person: &Birth| person.career.to_bits();
            let mut before: Vec<u64> = before.iter().map(key).collect();
            let mut seats: Vec<u64> = after.iter_mut().map(|person| key(person)).collect();
            before.sort_unstable();
            seats.sort_unstable();
            assert_eq!(before, seats);
        }
    }

    #[test]
    fn rules_do_what_they_are_named_for() {
        let run = |rule| pair(rule, people(200), &mut Stream::open(1, 0, Purpose::Matching, 0));
        let random = run(Matching::Random);
        let fit = |people: &[Birth]| mean_over_pairs(people, mutual_fit);
        assert!(fit(&run(Matching::Needs)) > fit(&random) + 1.0);
        assert!(fit(&run(Matching::Optimal)) >= fit(&run(Matching::Needs)));
        let apart = |people: &[Birth]| mean_over_pairs(people, distance);
        assert!(apart(&run(Matching::Similarity)) < 0.6 * apart(&random));
        assert!(apart(&run(Matching::SelfSelected)) < 0.6 * apart(&random));
        let mind_set = |a: &Birth, b: &Birth| (a.traits[5] - b.traits[5]).abs();
        assert!(mean_over_pairs(&run(Matching::MindSetAlike), mind_set) < 0.1);
        assert!(mean_over_pairs(&run(Matching::MindSetMixed), mind_set) > 1.3);
        let status = |a: &Birth, b: &Birth| (a.seniority[2] - b.seniority[2]).abs();
        assert!(mean_over_pairs(&run(Matching::SeniorityAlike), status) < 0.1);
        assert!(mean_over_pairs(&run(Matching::SeniorityMixed), status) > 1.3);
    }

    /// Circles of every rule hold everyone once, and a mixed circle has members from all over the range.
    #[test]
    fn circles_are_what_their_rule_says() {
        let people = people(60);
        let crowd = Crowd { people: &people, measured: &[], what: None };
        let run = |rule| groups(rule, &crowd, (0..60).collect(), 6, &mut Stream::open(1, 0, Purpose::Matching, 0));
        let spread = |circles: &[Vec<usize>]| {
            let one = |circle: &Vec<usize>| {
                let mean = circle.iter().map(|who| people[*who].seniority[2]).sum::<f64>() / circle.len() as f64;
                let square = |who: &usize| (people[*who].seniority[2] - mean) * (people[*who].seniority[2] - mean);
                circle.iter().map(square).sum::<f64>() / circle.len() as f64
            };
            circles.iter().map(one).sum::<f64>() / circles.len() as f64
        };
        for (_, rule) in Matching::NAMES {
            let mut everyone: Vec<usize> = run(*rule).into_iter().flatten().collect();
            everyone.sort_unstable();
            assert_eq!(everyone, (0..60).collect::<Vec<_>>());
        }
        let (mixed, alike) = (run(Matching::SeniorityMixed), run(Matching::SeniorityAlike));
        assert_eq!(mixed.len(), 10);
        assert!(spread(&mixed) > 0.6 && spread(&alike) < 0.15, "{} {}", spread(&mixed), spread(&alike));
        for circle in &mixed {
            let seniors = circle.iter().filter(|who| people[**who].seniority[2] > 0.0).count();
            assert!((2..=4).contains(&seniors), "several seniors and several juniors: {seniors}");
        }
    }
}
