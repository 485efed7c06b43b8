//! A study's experiment as it was really run (or exported): from a file with a row per person to the rows that the study's
//! own analysis takes.
//!
//! Everything about the analysis is the scenario's; the file brings people and their answers. The path from here on is that of
//! a simulated replication ([`crate::study::analysis::estimate`]), so that an exported replication gives its row in
//! `estimates` again, bit for bit, whatever the order of the file's rows. Columns have the names of
//! [`crate::study::naming`]; only those that the asked hypotheses need have to be there, and nobody has to be as many as the
//! scenario plans.

pub mod against;
mod describe;
mod error;
mod needs;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use error::{OwnDataError, UnknownLabel};
use needs::Needs;
pub use table::{answers_table, write};

use super::analyze::Described;
use super::dataset::{Dataset, suspected};
use crate::scenario::nearest;
use crate::study::analysis::{Adjusted, adjusted, estimate};
use crate::study::attribute::ATTRIBUTES;
use crate::study::effect_size::EffectSize;
use crate::study::estimand::Answers;
use crate::study::estimators::{Estimate, Failure};
use crate::study::naming::{ARM, COMPLETED, DYAD, ORGANIZATION, PERSON, SETTING, TEAM, WEEK, score_at};
use crate::study::plan::Plan;

/// What a file holds of an experiment, by person: persons in the order of their labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnData {
    arms: Vec<usize>,
    organizations: Vec<usize>,
    settings: Vec<usize>,
    teams: Vec<usize>,
    attributes: Vec<Vec<f64>>,
    clusters: Vec<u32>,
    completed: Vec<Vec<bool>>,
    observed: Vec<Vec<Vec<f64>>>,
    notes: Vec<String>,
}

/// What one estimator says of one hypothesis.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Index of the hypothesis.
    pub hypothesis: usize,
    /// Index among its estimators.
    pub estimator: usize,
    /// The estimate, or why there is none.
    pub result: Result<Estimate, Failure>,
    /// The p-value corrected for all hypotheses of the study; NaN of any estimator but a hypothesis' first. Those that were not
    /// analyzed count with a p of 1: then it is an upper bound.
    pub adjusted: Adjusted,
    /// The estimate in units that other studies understand, where there are such.
    pub size: Option<EffectSize>,
    /// Rows in the analysis: persons, or means of persons.
    pub analyzed: usize,
    /// The outcome by arm, in the rows of the analysis; of a growth model in those of the hypothesis' week.
    pub described: Vec<Described>,
}

impl OwnData {
    /// Reads what these hypotheses of a study need.
    ///
    /// # Errors
    /// A column that is not there, or holds something else than the study knows: see [`OwnDataError`].
    pub fn read(plan: &Plan, file: &Dataset, hypotheses: &[usize]) -> Result<Self, OwnDataError> {
        let needs = Needs::of(plan, hypotheses);
        let reader = Reader { file, order: Vec::new() };
        let order = reader.order()?;
        let reader = Reader { order, ..reader };
        let persons = file.rows();
        let of_names = |column: &str, what: &str, names: Vec<&str>, needed: bool| match needed {
            true => reader.indices(column, what, &names),
            false => Ok(vec![0; persons]),
        };
        let study = &plan.study;
        let numbered = |column: &str, why: &Option<String>, alone: fn(usize) -> usize| match why {
            Some(why) => reader.numbered(column, why),
            None if reader.has(column) => reader.numbered(column, ""),
            None => Ok((0..persons).map(alone).collect()),
        };
        let arms = match &needs.arm {
            Some(why) => of_names(ARM, why, study.arms.iter().map(|arm| arm.name.as_str()).collect(), true)?,
            None => vec![plan.control; persons],
        };
        let settings = study.settings.iter().map(|setting| setting.name.as_str()).collect();
        let settings = of_names(SETTING, needs.setting.as_deref().unwrap_or(""), settings, needs.setting.is_some())?;
        let organizations = numbered(ORGANIZATION, &needs.organization, |_| 0)?;
        let teams = numbered(TEAM, &needs.team, |_| 0)?;
        let clusters = numbered(DYAD, &needs.dyad, |person| person)?;
        // What nobody asks for is there, and not known.
        let mut notes = Vec::new();
        let mut attributes = vec![vec![f64::NAN; persons]; ATTRIBUTES.len()];
        for (index, why) in &needs.attributes {
            let attribute = &ATTRIBUTES[*index];
            attributes[*index] = match attribute.levels {
                [] => reader.numbers(attribute.id, why)?,
                levels => reader.levels(attribute.id, why, levels)?,
            };
            if attribute.levels.is_empty() {
                notes.extend(suspected(attribute.id, &attributes[*index], None));
            }
        }
        let waves = &study.measurement.waves;
        let mut observed = vec![vec![vec![f64::NAN; persons]; plan.scales.len()]; waves.len()];
        for ((scale, wave), why) in &needs.scores {
            let name = score_at(plan.scales[*scale].about.id, waves[*wave]);
            observed[*wave][*scale] = reader.numbers(&name, why)?;
            notes.extend(suspected(&name, &observed[*wave][*scale], plan.scales[*scale].range()));
        }
        let mut completed = vec![vec![false; persons]; waves.len()];
        for (wave, why) in &needs.completed {
            completed[*wave] = reader.flags(&score_at(COMPLETED, waves[*wave]), why)?;
        }
        let clusters = clusters.into_iter().map(|label| label as u32).collect();
        Ok(Self { arms, organizations, settings, teams, attributes, clusters, completed, observed, notes })
    }

    /// Number of persons.
    pub fn persons(&self) -> usize {
        self.arms.len()
    }

    /// What looks like a code for a missing answer.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The arm of each person, in the order of their labels.
    pub fn arms(&self) -> &[usize] {
        &self.arms
    }

    /// These hypotheses by every one of their estimators.
    pub fn analyze(&self, plan: &Plan, hypotheses: &[usize]) -> Vec<Found> {
        let answers = Answers {
            arms: &self.arms,
            organizations: &self.organizations,
            settings: &self.settings,
            teams: &self.teams,
            attributes: &self.attributes,
            clusters: &self.clusters,
            completed: &self.completed,
            observed: &self.observed,
            unshared: &[],
            truths: &[],
            begun: &[],
        };
        let strategies = |hypothesis: &usize| {
            let count = plan.questions[*hypothesis].estimators.len();
            (0..count).map(|estimator| (*hypothesis, estimator)).collect::<Vec<_>>()
        };
        let one = |(hypothesis, estimator)| {
            let (result, size, rows) = estimate(plan, &answers, hypothesis, estimator);
            let described = describe::by_arm(plan, &answers, (hypothesis, estimator), &rows);
            let analyzed = rows.outcome.len();
            Found { hypothesis, estimator, result, adjusted: Adjusted::NONE, size, analyzed, described }
        };
        let mut all: Vec<Found> = hypotheses.iter().flat_map(strategies).map(one).collect();
        let first: Vec<usize> = (0..all.len()).filter(|at| all[*at].estimator == 0).collect();
        let of_one = |at: &usize| all[*at].result.as_ref().map_or(f64::NAN, |fit| fit.p_value);
        // What was not analyzed was planned nevertheless: a p of 1 leaves an upper bound for the others.
        let mut family: Vec<f64> = first.iter().map(of_one).collect();
        family.resize(plan.study.hypotheses.len().max(family.len()), 1.0);
        let corrected = adjusted(&family);
        first.into_iter().zip(corrected).for_each(|(at, adjusted)| all[at].adjusted = adjusted);
        all
    }
}

/// A file whose rows are taken in the order of its persons' labels.
struct Reader<'a> {
    file: &'a Dataset,
    order: Vec<usize>,
}

impl Reader<'_> {
    fn has(&self, column: &str) -> bool {
        self.file.names().any(|name| name == column)
    }

    fn sorted<T: Clone>(&self, values: &[T]) -> Vec<T> {
        self.order.iter().map(|row| values[*row].clone()).collect()
    }

    fn missing_column(&self, column: &str, why: &str) -> Result<(), OwnDataError> {
        if self.has(column) {
            return Ok(());
        }
        let long = self.has(WEEK) && !self.file.names().any(|name| name.ends_with("_w0"));
        Err(OwnDataError::NoColumn {
            name: self.file.name().to_owned(),
            column: column.to_owned(),
            why: why.to_owned(),
            nearest: nearest(column, self.file.names()).map(str::to_owned),
            long,
        })
    }

    /// Labels of which none may be missing, in the file's order.
    fn all_labels(&self, column: &str, why: &str) -> Result<Vec<Arc<str>>, OwnDataError> {
        self.missing_column(column, why)?;
        self.none_missing(column, why, self.file.labels(column)?)
    }

    fn none_missing(
        &self,
        column: &str,
        why: &str,
        labels: Vec<Option<Arc<str>>>,
    ) -> Result<Vec<Arc<str>>, OwnDataError> {
        let known = |(row, label): (usize, Option<Arc<str>>)| {
            label.ok_or_else(|| OwnDataError::Missing {
                name: self.file.name().to_owned(),
                place: self.file.place(row),
                column: column.to_owned(),
                why: why.to_owned(),
            })
        };
        labels.into_iter().enumerate().map(known).collect()
    }

    /// The rows in the order of the persons' labels: whole numbers by size, other labels by their letters.
    fn order(&self) -> Result<Vec<usize>, OwnDataError> {
        let labels = self.all_labels(PERSON, "who a row is about: there has to be one row per person")?;
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_by(|a, b| by_label(&labels[*a], &labels[*b]).then(a.cmp(b)));
        match order.windows(2).find(|pair| labels[pair[0]] == labels[pair[1]]) {
            Some(pair) => Err(OwnDataError::TwoRows {
                name: self.file.name().to_owned(),
                person: labels[pair[0]].to_string(),
                first: self.file.place(pair[0]),
                second: self.file.place(pair[1]),
                long: self.has(WEEK),
            }),
            None => Ok(order),
        }
    }

    /// Labels as numbers from 0, in the order of the labels.
    fn numbered(&self, column: &str, why: &str) -> Result<Vec<usize>, OwnDataError> {
        let labels = self.all_labels(column, why)?;
        let mut known: Vec<&Arc<str>> = labels.iter().collect();
        known.sort_by(|a, b| by_label(a, b));
        known.dedup();
        let number: BTreeMap<&Arc<str>, usize> = known.into_iter().zip(0..).collect();
        let numbers: Vec<usize> = labels.iter().map(|label| number[label]).collect();
        Ok(self.sorted(&numbers))
    }

    /// Labels as indices of the names that the study has for them.
    fn indices(&self, column: &str, why: &str, names: &[&str]) -> Result<Vec<usize>, OwnDataError> {
        self.missing_column(column, why)?;
        let labels = self.none_missing(column, why, self.file.known_labels(column)?)?;
        let index = |(row, label): (usize, &Arc<str>)| self.index(column, why, names, row, label);
        let found: Vec<usize> = labels.iter().enumerate().map(index).collect::<Result<_, _>>()?;
        Ok(self.sorted(&found))
    }

    fn index(
        &self,
        column: &str,
        why: &str,
        names: &[&str],
        row: usize,
        label: &Arc<str>,
    ) -> Result<usize, OwnDataError> {
        names.iter().position(|name| name.trim() == &**label).ok_or_else(|| {
            OwnDataError::Unknown(Box::new(UnknownLabel {
                name: self.file.name().to_owned(),
                place: self.file.place(row),
                column: column.to_owned(),
                found: label.to_string(),
                why: why.to_owned(),
                nearest: nearest(label, names.iter().copied()).map(str::to_owned),
                known: names.iter().map(|name| (*name).to_owned()).collect(),
            }))
        })
    }

    /// Levels as numbers; NaN where the level is missing.
    fn levels(&self, column: &str, why: &str, names: &[&str]) -> Result<Vec<f64>, OwnDataError> {
        self.missing_column(column, why)?;
        let labels = self.file.known_labels(column)?;
        let level = |(row, label): (usize, &Option<Arc<str>>)| match label {
            None => Ok(f64::NAN),
            Some(label) => self.index(column, why, names, row, label).map(|index| index as f64),
        };
        let found: Vec<f64> = labels.iter().enumerate().map(level).collect::<Result<_, _>>()?;
        Ok(self.sorted(&found))
    }

    /// Numbers; NaN where one is missing.
    fn numbers(&self, column: &str, why: &str) -> Result<Vec<f64>, OwnDataError> {
        self.missing_column(column, why)?;
        let values: Vec<f64> = self.file.numbers(column)?.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        Ok(self.sorted(&values))
    }

    /// 0 and 1 as no and yes.
    fn flags(&self, column: &str, why: &str) -> Result<Vec<bool>, OwnDataError> {
        let values = self.numbers(column, why)?;
        match values.iter().position(|value| ![0.0, 1.0].contains(value)) {
            None => Ok(values.into_iter().map(|value| value == 1.0).collect()),
            Some(at) => Err(OwnDataError::Unknown(Box::new(UnknownLabel {
                name: self.file.name().to_owned(),
                place: self.file.place(self.order[at]),
                column: column.to_owned(),
                found: if values[at].is_nan() { "nothing".to_owned() } else { values[at].to_string() },
                why: why.to_owned(),
                nearest: None,
                known: vec!["0".to_owned(), "1".to_owned()],
            }))),
        }
    }
}

/// Whole numbers by size and before other labels, which go by their letters.
fn by_label(a: &str, b: &str) -> std::cmp::Ordering {
    let number = |text: &str| text.parse::<u64>().ok();
    match (number(a), number(b)) {
        (Some(x), Some(y)) => x.cmp(&y).then_with(|| a.cmp(b)),
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}
