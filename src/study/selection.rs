//! Self-selection: who goes to which arm where nobody draws lots.
//!
//! People are drawn to an arm by who they are: by what they need, how they see learning from others, how much they want it,
//! whether they see their career as their own affair, and where in it they stand. What the arms then differ in is no effect
//! of the arms alone. Nothing here is known to the model: chance belongs to the person, as everywhere.

use super::declaration::{Arm, Selection};
use crate::model::birth::Birth;
use crate::model::maths::exponential;
use crate::model::person::Trait;
use crate::model::streams::{Purpose, Stream};

/// How much a person lacks: minus the mean of what the person knows over the domains, SD 1 in the reference population.
pub fn lack(birth: &Birth) -> f64 {
    let domains = birth.expertise.len() as f64;
    -birth.expertise.iter().fold(0.0, |sum, known| sum + known) / domains.sqrt()
}

/// Career stage with mean 0 and SD 1: early, middle and late are a third each.
pub fn stage(birth: &Birth) -> f64 {
    const SD: f64 = 0.816_496_580_927_726;
    (f64::from(birth.career_stage) - 1.0) / SD
}

/// How far a person leans to the arms that are not the control, in log odds:
/// `strength (w₁ need + w₂ schema + w₃ motivation + w₄ self-direction + w₅ career stage)`, each with mean 0 and SD 1 in the
/// reference population.
pub fn leaning(selection: &Selection, birth: &Birth) -> f64 {
    let of = |which: Trait| birth.traits[which as usize];
    selection.strength
        * (selection.need * lack(birth)
            + selection.schema * of(Trait::Schema)
            + selection.motivation * of(Trait::Motivation)
            + selection.self_direction * of(Trait::SelfDirection)
            + selection.career_stage * stage(birth))
}

/// The arm of each unit: `P(arm) ∝ share × exp(leaning [arm is not the control])`, one draw for each. Several persons who
/// choose together lean by their sum over √n, so that a leaning means as much as one person's.
pub fn choose(
    selection: &Selection,
    arms: &[Arm],
    births: &[Birth],
    units: usize,
    unit_of_person: impl Fn(usize) -> usize,
    (master, replication): (u64, u64),
) -> Vec<usize> {
    let mut leanings = vec![(0.0_f64, 0.0_f64); units];
    for (person, birth) in births.iter().enumerate() {
        let (sum, count) = &mut leanings[unit_of_person(person)];
        *sum += leaning(selection, birth);
        *count += 1.0;
    }
    leanings
        .into_iter()
        .enumerate()
        .map(|(unit, (sum, count))| {
            let mut stream = Stream::open(master, replication, Purpose::Selection, unit as u64);
            let leaning = if count > 0.0 { sum / count.sqrt() } else { 0.0 };
            chosen(arms, leaning, stream.uniform())
        })
        .collect()
}

/// The arm that a unit of this leaning chooses at this draw.
fn chosen(arms: &[Arm], leaning: f64, u: f64) -> usize {
    let weights: Vec<f64> =
        arms.iter().map(|arm| arm.share * if arm.control { 1.0 } else { exponential(leaning) }).collect();
    let mut left = u * weights.iter().fold(0.0, |sum, weight| sum + weight);
    for (arm, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return arm;
        }
    }
    arms.len() - 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::birth::Nursery;
    use crate::model::parameters::Parameters;
    use crate::scenario::builtin;
    use proptest::prelude::*;

    fn arms() -> Vec<Arm> {
        let mut arms = builtin::list()[0].read(&[]).expect("right").study.arms;
        arms.truncate(2);
        (arms[0].control, arms[1].control) = (true, false);
        (arms[0].share, arms[1].share) = (0.5, 0.5);
        arms
    }

    fn people(count: u64) -> Vec<Birth> {
        let nursery = Nursery::new(&Parameters::default());
        (0..count).map(|person| nursery.birth(8, 0, person, &[(0.0, 1.0); 14])).collect()
    }

    fn by(strength: f64) -> Selection {
        Selection { strength, need: 0.3, schema: 0.5, motivation: 0.2, self_direction: -0.4, career_stage: -0.5 }
    }

    proptest! {
        /// Every arm that has a share is a possible choice, and who leans more to an arm chooses it at every draw at which
        /// who leans less does.
        #[test]
        fn choices_are_arms(leaning in -50.0..50.0_f64, more in 0.0..20.0_f64, u in 0.0..1.0_f64) {
            let arms = arms();
            let (less, more) = (chosen(&arms, leaning, u), chosen(&arms, leaning + more, u));
            prop_assert!(less < 2 && more < 2 && more >= less);
        }
    }

    /// 40,000 persons: standard errors below .005 (means and shares); four of them.
    #[test]
    fn people_go_where_they_lean_and_by_lot_where_they_do_not() {
        let (arms, people) = (arms(), people(40_000));
        let gap = |strength: f64, of: fn(&Birth) -> f64| {
            let chosen = choose(&by(strength), &arms, &people, people.len(), |person| person, (1, 2));
            let mean = |arm: usize| {
                let of: Vec<f64> =
                    people.iter().zip(&chosen).filter(|(_, at)| **at == arm).map(|(p, _)| of(p)).collect();
                of.iter().sum::<f64>() / of.len() as f64
            };
            mean(1) - mean(0)
        };
        let schema: fn(&Birth) -> f64 = |birth| birth.traits[Trait::Schema as usize];
        let direction: fn(&Birth) -> f64 = |birth| birth.traits[Trait::SelfDirection as usize];
        for trait_of in [lack, schema, direction, stage] {
            assert!(gap(0.0, trait_of).abs() < 0.04, "{}", gap(0.0, trait_of));
        }
        assert!(gap(1.0, lack) > 0.15 && gap(1.0, schema) > 0.3);
        assert!(gap(1.0, direction) < -0.2 && gap(1.0, stage) < -0.2);
        let mean = people.iter().map(lack).sum::<f64>() / 40_000.0;
        let sd = (people.iter().map(|p| lack(p) * lack(p)).sum::<f64>() / 40_000.0).sqrt();
        assert!(mean.abs() < 0.02 && (sd - 1.0).abs() < 0.02, "{mean} {sd}");
        let sd = (people.iter().map(|p| stage(p) * stage(p)).sum::<f64>() / 40_000.0).sqrt();
        assert!((sd - 1.0).abs() < 0.02, "{sd}");
    }

    #[test]
    fn partners_who_choose_together_choose_the_same() {
        let people = people(200);
        let chosen = choose(&by(1.0), &arms(), &people, 100, |person| person / 2, (1, 2));
        assert_eq!(chosen.len(), 100);
        assert!(chosen.contains(&0) && chosen.contains(&1));
    }
}
