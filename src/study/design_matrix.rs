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
use super::declaration::{Ask, Hypothesis, Kind, Level, Moderator, Study, Unit};
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
    // The question's column, what stands beside it, the outcome, covariates.
    let width = 1 + question.beside.len() + 1 + question.covariates.len();
    let everyone = answers.arms.len();
    let (mut persons, mut table) = (Vec::with_capacity(everyone), Vec::with_capacity(everyone * width));
    for person in 0..everyone {
        if hypothesis.within.is_some_and(|setting| answers.settings[person] != setting) {
            continue;
        }
        let row = table.len();
        if ask(hypothesis, question, answers, score, person, &mut table).is_none() {
            continue;
        }
        table.push(outcome(person));
        let covariates = question.covariates.iter();
        table.extend(covariates.map(|(_, scale)| score(question.covariate_wave, *scale, person)));
        if table[row..].iter().any(|value| value.is_nan()) {
            table.truncate(row);
        } else {
            persons.push(person);
        }
    }
    let labels = |of: &dyn Fn(usize) -> u32| persons.iter().map(|person| of(*person)).collect::<Vec<u32>>();
    let labels = Labels {
        cluster: labels(&|person| cluster(plan, hypothesis, answers, person)),
        dyad: labels(&|person| answers.clusters[person]),
        organization: labels(&|person| answers.organizations[person] as u32),
        person: labels(&|person| person as u32),
    };
    let group = |person: usize| match hypothesis.level {
        Level::Person => person,
        Level::Dyad => answers.clusters[person] as usize,
        Level::Team => answers.teams[person],
        Level::Organization => answers.organizations[person],
    };
    // Resemblance is that of persons.
    if hypothesis.level == Level::Person || matches!(hypothesis.ask, Ask::Resemblance(_)) {
        return columns(question, &table, labels);
    }
    let mut groups = Groups::default();
    persons.iter().for_each(|person| groups.note((group(*person), groups_apart(hypothesis, answers.arms[*person]))));
    columns(question, &groups.means(&table, width), groups.shared(&labels))
}

/// Who the rows are, and who belongs together.
#[derive(Default)]
struct Labels {
    cluster: Vec<u32>,
    dyad: Vec<u32>,
    organization: Vec<u32>,
    person: Vec<u32>,
}

/// The columns of a table that has one row after another.
fn columns(question: &Question, table: &[f64], labels: Labels) -> Observations {
    let (beside, covariates) = (question.beside.len(), question.covariates.len());
    let column = |at: usize| table.chunks_exact(beside + covariates + 2).map(|row| row[at]).collect::<Vec<f64>>();
    let covariates = question.covariates.iter().enumerate();
    Observations {
        outcome: column(beside + 1),
        treated: column(0),
        beside: question.beside.iter().enumerate().map(|(k, name)| (name.clone(), column(1 + k))).collect(),
        covariates: covariates.map(|(k, (name, _))| (name.clone(), column(beside + 2 + k))).collect(),
        cluster: labels.cluster,
        dyad: labels.dyad,
        organization: labels.organization,
        person: labels.person,
        ..Default::default()
    }
}

/// Who a person's row belongs together with.
fn cluster(plan: &Plan, hypothesis: &Hypothesis, answers: &Answers, person: usize) -> u32 {
    let (organization, team) = (answers.organizations[person] as u32, answers.teams[person] as u32);
    if let Ask::Resemblance(groups) = hypothesis.ask {
        return match groups {
            Level::Team => team,
            Level::Organization => organization,
            Level::Person | Level::Dyad => answers.clusters[person],
        };
    }
    match (hypothesis.level, plan.study.design.unit) {
        (Level::Organization, _) | (_, Unit::Organization) => organization,
        (Level::Team, _) => team,
        // Colleagues who coach each other informally do so in their team: labels from the top, as pairs' are from 0.
        _ if plan.study.arms[answers.arms[person]].program.kind == Kind::Informal => u32::MAX - team,
        (_, Unit::Person | Unit::Dyad) => answers.clusters[person],
    }
}

/// Members of one group in different arms are two rows, where arms are what is compared.
fn groups_apart(hypothesis: &Hypothesis, arm: usize) -> usize {
    if matches!(hypothesis.ask, Ask::Association(_)) { 0 } else { arm }
}

/// Adds to `row` the question's column for a person and what stands beside it; nothing if the question is not about this person.
fn ask(
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    score: &Score,
    person: usize,
    row: &mut Vec<f64>,
) -> Option<()> {
    let arm = answers.arms[person];
    let side = |contrast: super::declaration::Contrast| match arm {
        _ if arm == contrast.treated => Some(1.0),
        _ if arm == contrast.reference => Some(0.0),
        _ => None,
    };
    match &hypothesis.ask {
        Ask::Contrast(contrast) => row.push(side(*contrast)?),
        Ask::Moderated(contrast, moderator) => {
            let (treated, level) = (side(*contrast)?, moderation(moderator, question, answers, score, person)?);
            row.extend([treated * level, treated, level]);
        }
        Ask::Factors(_) => {
            let (asked, others) = &question.arms[arm];
            row.push(*asked);
            row.extend_from_slice(others);
        }
        Ask::Association(_) => {
            let (wave, scale) = question.predictor?;
            row.push(score(wave, scale, person));
        }
        // What is taken out before groups are compared.
        Ask::Resemblance(_) => row.push(arm as f64),
    }
    Some(())
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
pub(super) fn beside(study: &Study, hypothesis: &Hypothesis) -> Vec<String> {
    match &hypothesis.ask {
        Ask::Contrast(_) | Ask::Association(_) | Ask::Resemblance(_) => Vec::new(),
        Ask::Moderated(..) => vec!["the arm".to_owned(), "the moderator".to_owned()],
        Ask::Factors(factors) => others(study.factors.len(), factors)
            .iter()
            .map(|set| set.iter().map(|factor| study.factors[*factor].id.as_str()).collect::<Vec<_>>().join(" × "))
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
pub(super) fn by_arm(study: &Study, hypothesis: &Hypothesis) -> Vec<(f64, Vec<f64>)> {
    let Ask::Factors(asked) = &hypothesis.ask else { return Vec::new() };
    let sets = others(study.factors.len(), asked);
    let arms = study.arms.iter();
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
    /// The last row's: most people come group by group.
    last: Option<((usize, usize), usize)>,
}

impl Groups {
    fn note(&mut self, group: (usize, usize)) {
        let number = match self.last {
            Some((before, number)) if before == group => number,
            _ => {
                let next = self.known.len();
                *self.known.entry(group).or_insert(next)
            }
        };
        self.last = Some((group, number));
        self.of_row.push(number);
    }

    /// The mean of every column of a table over each group.
    fn means(&self, table: &[f64], width: usize) -> Vec<f64> {
        let groups = self.known.len();
        let (mut means, mut sizes) = (vec![0.0; groups * width], vec![0.0; groups]);
        for (row, group) in table.chunks_exact(width).zip(&self.of_row) {
            means[group * width..(group + 1) * width].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            sizes[*group] += 1.0;
        }
        for (sums, size) in means.chunks_exact_mut(width).zip(sizes) {
            sums.iter_mut().for_each(|sum| *sum /= size);
        }
        means
    }

    /// The label of each group's last cluster; of pairs and organizations, what all of a group share: of anything else the mean has no label.
    fn shared(&self, labels: &Labels) -> Labels {
        let shared = |labels: &[u32]| {
            let mut of_group = vec![None; self.known.len()];
            for (label, group) in labels.iter().zip(&self.of_row) {
                match of_group[*group] {
                    None => of_group[*group] = Some(*label),
                    Some(before) if before == *label => {}
                    Some(_) => return Vec::new(),
                }
            }
            of_group.into_iter().flatten().collect()
        };
        let mut cluster = vec![0; self.known.len()];
        labels.cluster.iter().zip(&self.of_row).for_each(|(label, group)| cluster[*group] = *label);
        Labels { cluster, dyad: shared(&labels.dyad), organization: shared(&labels.organization), person: Vec::new() }
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
        let means = groups.means(&[1.0, 2.0, 5.0, 0.0, 3.0, 4.0, 9.0, 1.0], 2);
        assert_eq!(means, [2.0, 3.0, 5.0, 0.0, 9.0, 1.0]);
        let labels = Labels { cluster: vec![70, 30, 70, 70], dyad: vec![1, 2, 1, 3], ..Labels::default() };
        let shared = groups.shared(&Labels { organization: vec![5, 5, 6, 6], ..labels });
        assert_eq!((shared.cluster, shared.dyad), (vec![70, 30, 70], vec![1, 2, 3]));
        assert!(shared.organization.is_empty(), "the first group's rows are of two");
    }
}
