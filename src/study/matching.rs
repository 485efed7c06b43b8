//! Who is paired with whom, within each organization.

use super::declaration::Matching;
use crate::model::birth::Birth;
use crate::model::formation::needs_met;
use crate::model::likeness::distance;
use crate::model::person::Trait;
use crate::model::streams::Stream;

/// Nobody chooses among a million colleagues: greedy rules look at this many who are still free.
const HORIZON: usize = 200;

/// Pairs the persons of one organization by a rule: the result lists them pair by pair.
///
/// `people` holds an even number of persons. The stream breaks ties and orders who chooses first.
pub fn pair(rule: Matching, mut people: Vec<Birth>, stream: &mut Stream) -> Vec<Birth> {
    stream.shuffle(&mut people);
    match rule {
        Matching::Random => people,
        Matching::SelfSelected => {
            // Proactive people choose first.
            sort_by(&mut people, |person| -person.traits[Trait::Schema as usize]);
            greedy(people, |a, b| -distance(a, b))
        }
        Matching::Similarity => greedy(people, |a, b| -distance(a, b)),
        Matching::Needs => greedy(people, mutual_fit),
        Matching::Optimal => exchange(greedy(people, mutual_fit)),
        Matching::MindSetAlike => {
            sort_by(&mut people, |person| person.traits[Trait::MindSet as usize]);
            people
        }
        Matching::MindSetMixed => {
            sort_by(&mut people, |person| person.traits[Trait::MindSet as usize]);
            fold(people)
        }
        Matching::SeniorityAlike => {
            sort_by(&mut people, |person| person.seniority[2]);
            people
        }
        Matching::SeniorityMixed => {
            sort_by(&mut people, |person| person.seniority[2]);
            fold(people)
        }
    }
}

fn sort_by(people: &mut [Birth], key: impl Fn(&Birth) -> f64) {
    people.sort_by(|a, b| key(a).total_cmp(&key(b)));
}

/// First with last, second with last but one.
fn fold(people: Vec<Birth>) -> Vec<Birth> {
    let (low, high) = people.split_at(people.len() / 2);
    low.iter().zip(high.iter().rev()).flat_map(|(a, b)| [a.clone(), b.clone()]).collect()
}

fn mutual_fit(a: &Birth, b: &Birth) -> f64 {
    needs_met(a, b) + needs_met(b, a)
}

/// In order, each free person takes the best free partner within the horizon.
fn greedy(mut free: Vec<Birth>, score: impl Fn(&Birth, &Birth) -> f64) -> Vec<Birth> {
    let mut pairs = Vec::with_capacity(free.len());
    free.reverse();
    while let Some(first) = free.pop() {
        let from = free.len().saturating_sub(HORIZON);
        let mut best = (from, f64::NEG_INFINITY);
        for (offset, candidate) in free[from..].iter().enumerate() {
            let value = score(&first, candidate);
            if value > best.1 {
                best = (from + offset, value);
            }
        }
        if best.0 < free.len() {
            let partner = free.remove(best.0);
            pairs.push(first);
            pairs.push(partner);
        }
    }
    pairs
}

/// Exchanges partners between neighbouring pairs as long as the total mutual fit rises, at most fifty rounds.
fn exchange(mut people: Vec<Birth>) -> Vec<Birth> {
    let pairs = people.len() / 2;
    for _ in 0..50 {
        let mut improved = false;
        for i in 0..pairs {
            for j in (i + 1)..pairs.min(i + 1 + HORIZON) {
                let (a, b, c, d) = (2 * i, 2 * i + 1, 2 * j, 2 * j + 1);
                let now = mutual_fit(&people[a], &people[b]) + mutual_fit(&people[c], &people[d]);
                let crossed = mutual_fit(&people[a], &people[d]) + mutual_fit(&people[c], &people[b]);
                let turned = mutual_fit(&people[a], &people[c]) + mutual_fit(&people[b], &people[d]);
                if crossed > now + 1e-9 && crossed >= turned {
                    people.swap(b, d);
                    improved = true;
                } else if turned > now + 1e-9 {
                    people.swap(b, c);
                    improved = true;
                }
            }
        }
        if !improved {
            break;
        }
    }
    people
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
}
