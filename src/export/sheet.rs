//! The rows of an exported file, and how they are written as text.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::variable::{Content, Variable};
use crate::results::{Kind, Values};
use crate::study::attribute::ATTRIBUTES;
use crate::study::experiment::Replication;
use crate::study::plan::Plan;
use crate::study::stepped_wedge::exposed_from;

/// A file in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// The columns.
    pub variables: Vec<Variable>,
    /// Their values, in the same order.
    pub values: Vec<Values>,
}

impl Sheet {
    /// A row per person, or where `per_wave`, per person and wave.
    pub fn fill(plan: &Plan, replication: &Replication, variables: Vec<Variable>, per_wave: bool) -> Self {
        let waves = if per_wave { replication.waves.len() } else { 1 };
        let members = members(replication);
        let persons = replication.individuals.len();
        let rows = || (0..persons).flat_map(move |person| (0..waves).map(move |wave| (person, wave)));
        let integers = |of: &dyn Fn(usize, usize) -> usize| {
            Values::Integer(rows().map(|(person, wave)| of(person, wave) as u32).collect())
        };
        let reals =
            |of: &dyn Fn(usize, usize) -> f64| Values::Real(rows().map(|(person, wave)| of(person, wave)).collect());
        let texts = |labels: &[Arc<str>], of: &dyn Fn(usize) -> usize| {
            Values::Text(rows().map(|(person, _)| labels[of(person)].clone()).collect())
        };
        let shared = |names: &mut dyn Iterator<Item = &str>| names.map(Arc::from).collect::<Vec<Arc<str>>>();
        let who = |person: usize| &replication.individuals[person];
        let study = &plan.study;
        let column = |variable: &Variable| match variable.content {
            Content::Person => integers(&|person, _| person),
            Content::Dyad => integers(&|person, _| who(person).cluster as usize),
            Content::Member => integers(&|person, _| members[person]),
            Content::Team => integers(&|person, _| who(person).team),
            Content::Organization => integers(&|person, _| plan.organization_of_person(person)),
            Content::Setting => {
                let names = shared(&mut study.settings.iter().map(|setting| setting.name.as_str()));
                texts(&names, &|person| plan.setting_of_person(person))
            }
            Content::Arm => {
                let names = shared(&mut study.arms.iter().map(|arm| arm.name.as_str()));
                texts(&names, &|person| who(person).arm)
            }
            Content::Factor(index) => integers(&|person, _| usize::from(study.arms[who(person).arm].levels[index])),
            Content::Attribute(index) => {
                let attribute = &ATTRIBUTES[index];
                match attribute.levels {
                    [] => reals(&|person, _| (attribute.read)(&who(person).birth)),
                    levels => {
                        let names = shared(&mut levels.iter().copied());
                        texts(&names, &|person| (attribute.read)(&who(person).birth) as usize)
                    }
                }
            }
            Content::Screening => reals(&|person, _| who(person).screened),
            Content::Week => integers(&|_, wave| replication.waves[wave].week),
            Content::Exposed => integers(&|person, wave| {
                let change = exposed_from(plan, who(person).arm);
                usize::from(change.is_some_and(|change| change < replication.waves[wave].week))
            }),
            Content::Completed(wave) => {
                integers(&|person, row| usize::from(replication.waves[wave.unwrap_or(row)].completed[person]))
            }
            Content::Score { scale, wave } => {
                reals(&|person, row| replication.waves[wave.unwrap_or(row)].answers[scale][person])
            }
            Content::Truth { scale, wave } => {
                reals(&|person, row| replication.waves[wave.unwrap_or(row)].truths[scale][person])
            }
        };
        let values = variables.iter().map(column).collect();
        Self { variables, values }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.values.first().map_or(0, Values::len)
    }

    /// Number of missing values in a column.
    pub fn missing(&self, column: usize) -> usize {
        match &self.values[column] {
            Values::Real(values) => values.iter().filter(|value| value.is_nan()).count(),
            _ => 0,
        }
    }

    /// The file as CSV (RFC 4180 with line feeds, UTF-8): numbers in the shortest form that reads back to the same bits,
    /// missing values as empty fields.
    pub fn csv(&self) -> String {
        let mut text = String::new();
        line(&mut text, self.variables.iter().map(|variable| variable.column.name.clone()));
        for row in 0..self.rows() {
            line(&mut text, self.values.iter().map(|column| written(column, row)));
        }
        text
    }

    /// The widest text of a column, in bytes; of numbers, as they are written.
    pub fn widest(&self, column: usize) -> usize {
        (0..self.rows()).map(|row| written(&self.values[column], row).len()).max().unwrap_or(1).max(1)
    }

    /// Kind of a column.
    pub fn kind(&self, column: usize) -> Kind {
        self.values[column].kind()
    }
}

/// The place of each person among those of the same pair or circle, from 1.
fn members(replication: &Replication) -> Vec<usize> {
    let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
    let next = |cluster: u32| {
        let count = seen.entry(cluster).or_insert(0);
        *count += 1;
        *count
    };
    replication.individuals.iter().map(|individual| individual.cluster).map(next).collect()
}

fn written(column: &Values, row: usize) -> String {
    match column {
        Values::Integer(values) => values[row].to_string(),
        Values::Real(values) if values[row].is_nan() => String::new(),
        Values::Real(values) => values[row].to_string(),
        Values::Flag(values) => u8::from(values[row]).to_string(),
        Values::Text(values) => values[row].to_string(),
    }
}

/// A line of CSV. A field with a separator, a quotation mark or a line break stands between quotation marks.
pub fn line(text: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) || field.trim() != field {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let mut text = String::new();
        line(&mut text, ["a", "b,c", "say \"x\"", ""].into_iter().map(str::to_owned));
        assert_eq!(text, "a,\"b,c\",\"say \"\"x\"\"\",\n");
    }

    #[test]
    fn numbers_read_back_to_the_same_bits() {
        let values = [0.1 + 0.2, -1.0 / 3.0, 1e-310, 1.797e308, 5.0, f64::NAN];
        let column = Values::Real(values.to_vec());
        for (row, value) in values.iter().enumerate() {
            let text = written(&column, row);
            match value.is_nan() {
                true => assert_eq!(text, ""),
                false => assert_eq!(text.parse::<f64>().unwrap().to_bits(), value.to_bits()),
            }
        }
    }
}
