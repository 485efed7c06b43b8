//! Likeness: how similar two people are, in what they look like and in what they have lived through.

use super::birth::Birth;
use super::parameters::Parameters;

/// Weight of expertise beside seniority in the distance of two people.
const EXPERTISE: f64 = 0.6;
/// Weight of belonging to different groups.
const GROUP: f64 = 2.0;
/// Weights of another gender, and of another nationality.
const GENDER: f64 = 1.0;
const NATIONALITY: f64 = 1.0;

/// How different two people look and are: age, experience, status, group, gender, nationality and what they know.
pub fn distance(a: &Birth, b: &Birth) -> f64 {
    let square = |x: f64, y: f64| (x - y) * (x - y);
    let seniority: f64 = (0..3).fold(0.0, |sum, k| sum + square(a.seniority[k], b.seniority[k]));
    let expertise: f64 = a.expertise.iter().zip(&b.expertise).fold(0.0, |sum, (x, y)| sum + square(*x, *y));
    let unlike = |same: bool, weight: f64| if same { 0.0 } else { weight };
    seniority
        + EXPERTISE * expertise
        + unlike(a.minority == b.minority, GROUP)
        + unlike(a.woman == b.woman, GENDER)
        + unlike(a.nationality == b.nationality, NATIONALITY)
}

/// The mean distance of two strangers of the reference population: three kinds of seniority and five domains of expertise,
/// each a difference of two standard normals (mean square 2), and the chance of belonging to different groups.
pub fn distance_of_strangers(p: &Parameters) -> f64 {
    let differ = |share: f64| 2.0 * share * (1.0 - share);
    let (home, abroad) = (1.0 - p.population.international_share, p.population.international_share);
    // Four other countries, equally likely.
    let same_country = home * home + abroad * abroad * 0.25;
    3.0 * 2.0
        + EXPERTISE * 5.0 * 2.0
        + GROUP * differ(p.society.minority_share)
        + GENDER * differ(p.population.women_share)
        + NATIONALITY * (1.0 - same_country)
}

/// Similarity of two people, `1 − distance / mean distance of strangers`: 1 for doubles, 0 for strangers of average
/// distance, negative for the unlike. Its SD over strangers is about .6.
pub fn similarity(p: &Parameters, a: &Birth, b: &Birth) -> f64 {
    1.0 - distance(a, b) / distance_of_strangers(p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::birth::Nursery;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    fn people(p: &Parameters, seed: u64, count: u64) -> Vec<Birth> {
        let nursery = Nursery::new(p);
        (0..count).map(|person| nursery.birth(seed, 0, person, &[(0.0, 1.0); 14])).collect()
    }

    proptest! {
        #[test]
        fn likeness_is_symmetric_and_at_most_one(p in random::parameters(), seed in 0..1000_u64) {
            let people = people(&p, seed, 2);
            let (ab, ba) = (similarity(&p, &people[0], &people[1]), similarity(&p, &people[1], &people[0]));
            prop_assert!(ab == ba && ab <= 1.0 && ab.is_finite());
            prop_assert_eq!(similarity(&p, &people[0], &people[0]), 1.0);
        }
    }

    /// 20,000 pairs of strangers: the SD of one is about .6, so that the mean has a standard error of .0043; four of them.
    #[test]
    fn strangers_are_neither_alike_nor_unlike_on_average() {
        for (share, women) in [(0.3, 0.5), (0.1, 0.8)] {
            let mut p = Parameters::default();
            p.society.minority_share = share;
            p.population.women_share = women;
            let all: Vec<f64> =
                people(&p, 5, 40_000).chunks(2).map(|pair| similarity(&p, &pair[0], &pair[1])).collect();
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            assert!(mean.abs() < 0.018, "{mean}");
            let sd = (all.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / all.len() as f64).sqrt();
            assert!((0.5..0.7).contains(&sd), "{sd}");
        }
    }
}
