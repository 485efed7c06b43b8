//! The rows and columns of a question. Whatever is asked is one coefficient, b, of a linear model
//!
//! ```text
//! y = a + b t + d'z + c'x + e
//! ```
//!
//! | question | rows | t | z |
//! |---|---|---|---|
//! | contrast | persons of the two arms | 1 in the first arm, 0 in the second | – |
//! | moderated contrast | persons of the two arms (and of the moderator's two levels) | arm × moderator | arm, moderator |
//! | main effect | everyone | +½ where the factor is high, −½ where it is low | the other factors |
//! | interaction | everyone | the product of the factors' ±½ | every factor, and every smaller product of those asked |
//! | association | everyone | the predictor's score | – |
//! | resemblance | everyone | the arm, which is taken out | – |
//!
//! x are covariates, which ANCOVA and regression add. A moderator with two levels is 1 in the first and 0 in the second, so
//! that b is a difference of differences; one that is measured enters as its score. With ±½ a main effect is the mean at
//! the high level minus the mean at the low one, averaged over the other factors, and the interaction of two a difference of
//! differences as well, y₁₁ − y₁₀ − y₀₁ + y₀₀: what both give beyond the sum of what each gives alone. (Box, Hunter & Hunter
//! 2005, *Statistics for Experimenters*, 2nd ed., ch. 5, halve it.)
//!
//! Rows are persons, or means over the persons of a dyad (or circle), a team or an organization ([`Level`]).

use std::collections::BTreeMap;

use super::attribute;
use super::declaration::{Ask, Hypothesis, Kind, Level, Moderator, Unit};
use super::estimand::Answers;
use super::estimators::Observations;
use super::plan::{Plan, Question};

/// The score of a person on a scale at a wave (wave, scale, person); NaN where there is none.
pub type Score<'a> = dyn Fn(usize, usize, usize) -> f64 + 'a;

/// The rows of a question: everyone to whom it applies and of whom every score that it needs is there.
pub fn rows(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    score: &Score,
    outcome: &dyn Fn(usize) -> f64,
) -> Observations {
    let (names, arms) = (beside(plan, hypothesis), by_arm(plan, hypothesis));
    let mut data = Observations {
        outcome: Vec::new(),
        treated: Vec::new(),
        beside: names.into_iter().map(|name| (name, Vec::new())).collect(),
        covariates: question.covariates.iter().map(|(name, _)| (name.clone(), Vec::new())).collect(),
        cluster: Vec::new(),
        ..Default::default()
    };
    let mut groups = Groups::default();
    let mut own = Vec::new();
    for (person, arm) in answers.arms.iter().enumerate() {
        if hypothesis.within.is_some_and(|setting| answers.settings[person] != setting) {
            continue;
        }
        let Some(asked) = asked(hypothesis, question, answers, score, &arms, person, &mut own) else { continue };
        let post = outcome(person);
        let complete =
            question.covariates.iter().all(|(_, scale)| !score(question.covariate_wave, *scale, person).is_nan());
        if post.is_nan() || asked.is_nan() || own.iter().any(|value| value.is_nan()) || !complete {
            continue;
        }
        data.outcome.push(post);
        data.treated.push(asked);
        data.beside.iter_mut().zip(&own).for_each(|((_, column), value)| column.push(*value));
        for ((_, column), (_, scale)) in data.covariates.iter_mut().zip(&question.covariates) {
            column.push(score(question.covariate_wave, *scale, person));
        }
        let organization = answers.organizations[person];
        data.person.push(person as u32);
        data.dyad.push(answers.clusters[person]);
        data.organization.push(organization as u32);
        let level = match hypothesis.ask {
            Ask::Resemblance(groups) => {
                data.cluster.push(match groups {
                    Level::Team => answers.teams[person] as u32,
                    Level::Organization => organization as u32,
                    Level::Person | Level::Dyad => answers.clusters[person],
                });
                continue;
            }
            _ => hypothesis.level,
        };
        data.cluster.push(match (level, plan.study.design.unit) {
            (Level::Organization, _) | (_, Unit::Organization) => organization as u32,
            (Level::Team, _) => answers.teams[person] as u32,
            // Colleagues who coach each other informally do so in their team: labels from the top, as pairs' are from 0.
            _ if plan.study.arms[*arm].program.kind == Kind::Informal => u32::MAX - answers.teams[person] as u32,
            (_, Unit::Person | Unit::Dyad) => answers.clusters[person],
        });
        match hypothesis.level {
            // Every row is its own.
            Level::Person => {}
            Level::Dyad => groups.note((answers.clusters[person] as usize, groups_apart(hypothesis, *arm))),
            Level::Team => groups.note((answers.teams[person], groups_apart(hypothesis, *arm))),
            Level::Organization => groups.note((organization, groups_apart(hypothesis, *arm))),
        }
    }
    if hypothesis.level == Level::Person { data } else { groups.means(data) }
}

/// Members of one group in different arms are two rows, where arms are what is compared.
fn groups_apart(hypothesis: &Hypothesis, arm: usize) -> usize {
    if matches!(hypothesis.ask, Ask::Association(_)) { 0 } else { arm }
}

/// The question's column for a person, with what stands beside it; nothing if the question is not about this person.
#[allow(clippy::too_many_arguments)] // All of it is what a row is made from.
fn asked(
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    score: &Score,
    arms: &[(f64, Vec<f64>)],
    person: usize,
    beside: &mut Vec<f64>,
) -> Option<f64> {
    beside.clear();
    let arm = answers.arms[person];
    let side = |contrast: super::declaration::Contrast| match arm {
        _ if arm == contrast.treated => Some(1.0),
        _ if arm == contrast.reference => Some(0.0),
        _ => None,
    };
    match &hypothesis.ask {
        Ask::Contrast(contrast) => side(*contrast),
        Ask::Moderated(contrast, moderator) => {
            let (treated, level) = (side(*contrast)?, moderation(moderator, question, answers, score, person)?);
            beside.extend([treated, level]);
            Some(treated * level)
        }
        Ask::Factors(_) => {
            let (asked, others) = &arms[arm];
            beside.extend_from_slice(others);
            Some(*asked)
        }
        Ask::Association(_) => {
            let (wave, scale) = question.predictor?;
            Some(score(wave, scale, person))
        }
        // What is taken out before groups are compared.
        Ask::Resemblance(_) => Some(arm as f64),
    }
}

/// The moderator's value for a person; nothing for who is at neither of its levels.
pub(super) fn moderation(
    moderator: &Moderator,
    question: &Question,
    answers: &Answers,
    score: &Score,
    person: usize,
) -> Option<f64> {
    let of_two = |level: usize, first: usize, second: usize| match level {
        _ if level == first => Some(1.0),
        _ if level == second => Some(0.0),
        _ => None,
    };
    match moderator {
        Moderator::Setting { first, second } => of_two(answers.settings[person], *first, *second),
        Moderator::Attribute { attribute, first, second } => {
            let level = answers.attributes[attribute::index(attribute)?][person];
            if level.is_nan() { None } else { of_two(level as usize, *first, *second) }
        }
        Moderator::Standing(standing) => Some(answers.attributes[attribute::index(standing)?][person]),
        Moderator::Measured(_) => Some(score(0, question.moderator?, person)),
    }
}

/// The names of the columns beside the question's.
fn beside(plan: &Plan, hypothesis: &Hypothesis) -> Vec<String> {
    match &hypothesis.ask {
        Ask::Contrast(_) | Ask::Association(_) | Ask::Resemblance(_) => Vec::new(),
        Ask::Moderated(..) => vec!["the arm".to_owned(), "the moderator".to_owned()],
        Ask::Factors(factors) => others(plan.study.factors.len(), factors)
            .iter()
            .map(|set| set.iter().map(|factor| plan.study.factors[*factor].id.as_str()).collect::<Vec<_>>().join(" × "))
            .collect(),
    }
}

/// Which products stand beside a main effect or an interaction: every other factor, and every smaller product of those
/// that are asked about.
fn others(count: usize, asked: &[usize]) -> Vec<Vec<usize>> {
    let mut sets: Vec<Vec<usize>> = (0..count).map(|factor| vec![factor]).collect();
    for (i, first) in asked.iter().enumerate() {
        for second in &asked[i + 1..] {
            sets.push(vec![*first, *second]);
        }
    }
    sets.retain(|set| set != asked);
    sets
}

/// For each arm the question's column and what stands beside it, of a question about factors.
pub(super) fn by_arm(plan: &Plan, hypothesis: &Hypothesis) -> Vec<(f64, Vec<f64>)> {
    let Ask::Factors(asked) = &hypothesis.ask else { return Vec::new() };
    let sets = others(plan.study.factors.len(), asked);
    let arms = plan.study.arms.iter();
    arms.map(|arm| (product(&arm.levels, asked), sets.iter().map(|set| product(&arm.levels, set)).collect())).collect()
}

/// The product of the factors' ±½. A factor alone in its design is 1 or 0, as a contrast is.
fn product(levels: &[bool], set: &[usize]) -> f64 {
    let high = |factor: &usize| levels.get(*factor).copied().unwrap_or(false);
    if levels.len() == 1 {
        return if set.iter().all(high) { 1.0 } else { 0.0 };
    }
    set.iter().fold(1.0, |product, factor| product * if high(factor) { 0.5 } else { -0.5 })
}

/// Which row goes into which mean.
#[derive(Default)]
struct Groups {
    known: BTreeMap<(usize, usize), usize>,
    of_row: Vec<usize>,
}

impl Groups {
    fn note(&mut self, group: (usize, usize)) {
        let next = self.known.len();
        self.of_row.push(*self.known.entry(group).or_insert(next));
    }

    /// The mean of every column over each group.
    fn means(&self, data: Observations) -> Observations {
        let groups = self.known.len();
        let mut size = vec![0.0; groups];
        self.of_row.iter().for_each(|group| size[*group] += 1.0);
        let mean = |column: &[f64]| {
            let mut sums = vec![0.0; groups];
            column.iter().zip(&self.of_row).for_each(|(value, group)| sums[*group] += value);
            sums.iter_mut().zip(&size).for_each(|(sum, size)| *sum /= size);
            sums
        };
        let named = |columns: &[(String, Vec<f64>)]| {
            columns.iter().map(|(name, column)| (name.clone(), mean(column))).collect()
        };
        // What all of a group share; of anything else the mean has no label.
        let shared = |labels: &[u32]| {
            let mut of_group = vec![None; groups];
            for (label, group) in labels.iter().zip(&self.of_row) {
                match of_group[*group] {
                    None => of_group[*group] = Some(*label),
                    Some(before) if before == *label => {}
                    Some(_) => return Vec::new(),
                }
            }
            of_group.into_iter().flatten().collect()
        };
        let mut cluster = vec![0; groups];
        data.cluster.iter().zip(&self.of_row).for_each(|(label, group)| cluster[*group] = *label);
        Observations {
            outcome: mean(&data.outcome),
            treated: mean(&data.treated),
            beside: named(&data.beside),
            covariates: named(&data.covariates),
            cluster,
            dyad: shared(&data.dyad),
            organization: shared(&data.organization),
            ..Default::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_an_interaction() {
        assert_eq!(others(3, &[1]), [vec![0], vec![2]]);
        assert_eq!(others(3, &[0, 2]), [vec![0], vec![1], vec![2]]);
        assert_eq!(others(3, &[0, 1, 2]), [vec![0], vec![1], vec![2], vec![0, 1], vec![0, 2], vec![1, 2]]);
    }

    #[test]
    fn products_are_of_halves() {
        assert_eq!(product(&[true, false, false], &[0]), 0.5);
        assert_eq!(product(&[true, false, false], &[0, 1]), -0.25);
        assert_eq!(product(&[true, false, false], &[0, 1, 2]), 0.125);
        assert_eq!([product(&[true], &[0]), product(&[false], &[0])], [1.0, 0.0]);
    }

    #[test]
    fn means_of_groups() {
        let mut groups = Groups::default();
        [(7, 0), (3, 0), (7, 0), (7, 1)].into_iter().for_each(|group| groups.note(group));
        let data = groups.means(Observations {
            outcome: vec![1.0, 5.0, 3.0, 9.0],
            treated: vec![0.0, 1.0, 0.0, 1.0],
            beside: vec![],
            covariates: vec![("x".into(), vec![2.0, 0.0, 4.0, 1.0])],
            cluster: vec![70, 30, 70, 70],
            ..Default::default()
        });
        assert_eq!((data.outcome, data.treated), (vec![2.0, 5.0, 9.0], vec![0.0, 1.0, 1.0]));
        assert_eq!((&data.covariates[0].1, data.cluster), (&vec![3.0, 0.0, 1.0], vec![70, 30, 70]));
    }
}
