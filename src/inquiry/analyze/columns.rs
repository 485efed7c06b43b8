//! Columns that are not plain numbers: the arms of a treatment, covariates of either kind, labels.

use std::sync::Arc;

use super::refusal::Refusal;
use super::roles::Roles;
use crate::inquiry::dataset::Dataset;
use crate::report::text::shell_word;
use crate::scenario::{listed, nearest};

pub(super) type Labels = Vec<Option<Arc<str>>>;

/// Numbers of the labels of some rows, in the order of the labels, and these.
pub(super) fn number_labels(labels: &Labels, rows: &[usize]) -> (Vec<u32>, Vec<Arc<str>>) {
    let mut names: Vec<Arc<str>> = rows.iter().filter_map(|row| labels[*row].clone()).collect();
    names.sort_unstable();
    names.dedup();
    let of = |row: &usize| labels[*row].as_ref().and_then(|label| names.binary_search(label).ok());
    (rows.iter().filter_map(of).map(|index| index as u32).collect(), names)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arm {
    Treated,
    Reference,
    Other,
    Missing,
}

/// A treatment's two levels, and which each row has.
pub(super) struct Arms {
    /// Treated and reference.
    pub levels: [String; 2],
    pub of_row: Vec<Arm>,
}

impl Arms {
    pub fn of(table: &Dataset, name: &str, roles: &Roles) -> Result<Self, Refusal> {
        let labels = table.labels(name)?;
        let (_, levels) = number_labels(&labels, &(0..labels.len()).collect::<Vec<_>>());
        let names: Vec<&str> = levels.iter().map(|level| &**level).collect();
        let shown = || listed(names.iter().copied(), "and");
        if names.len() < 2 {
            let only = names.first().map_or("missing".to_owned(), |level| format!("`{level}`"));
            return Err(Refusal::asked(
                format!("{}, column `{name}`: the treatment is {only} in every row", table.name()),
                "There is nothing to compare: name a column that says who was treated and who was not.",
            ));
        }
        let level = |wanted: &String, option: &str| {
            let value = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite());
            let same = |level: &&&str| {
                **level == wanted.trim() || value(level).is_some_and(|number| value(wanted.trim()) == Some(number))
            };
            names.iter().find(same).map(|level| (*level).to_owned()).ok_or_else(|| {
                let near = nearest(wanted, names.iter().copied());
                let meant = near.map_or(String::new(), |near| format!("Did you mean `{near}`? "));
                Refusal::asked(
                    format!("{option} {wanted}: column `{name}` has no such value"),
                    format!("{meant}It has {}.", shown()),
                )
            })
        };
        let treated = roles.treated.as_ref().map(|wanted| level(wanted, "--treated")).transpose()?;
        let reference = roles.reference.as_ref().map(|wanted| level(wanted, "--reference")).transpose()?;
        let other = |known: &String| names.iter().find(|level| *level != known).map(|level| (*level).to_owned());
        let (treated, reference) = match (treated, reference, names.len()) {
            (Some(treated), Some(reference), _) if treated == reference => {
                return Err(Refusal::asked(
                    format!("`{treated}` is named as the treated level and as the reference of `{name}`"),
                    format!("Column `{name}` has {}.", shown()),
                ));
            }
            (Some(treated), Some(reference), _) => (treated, reference),
            (Some(treated), None, 2) => (treated.clone(), other(&treated).unwrap_or_default()),
            (None, Some(reference), 2) => (other(&reference).unwrap_or_default(), reference),
            (None, None, 2) => by_itself(&names).ok_or_else(|| {
                Refusal::asked(
                    format!("column `{name}` has the values {}: which of them is treated is not said", shown()),
                    format!("Say it with --treated, e.g. --treated {}.", shell_word(names[0])),
                )
            })?,
            (treated, ..) => {
                let given = if treated.is_some() { "--reference" } else { "--treated and --reference" };
                return Err(Refusal::asked(
                    format!("column `{name}` has {} values: {}", names.len(), shown()),
                    format!("Say with {given} which two are compared; the rows of the others are left out."),
                ));
            }
        };
        let arm = |label: &Option<Arc<str>>| match label.as_deref() {
            None => Arm::Missing,
            Some(level) if level == treated => Arm::Treated,
            Some(level) if level == reference => Arm::Reference,
            Some(_) => Arm::Other,
        };
        Ok(Self { of_row: labels.iter().map(arm).collect(), levels: [treated, reference] })
    }
}

/// Treated and reference level where the values themselves say which is which: 1 and 0, true and false, yes and no.
fn by_itself(levels: &[&str]) -> Option<(String, String)> {
    let means = |level: &str, word: &str, number: f64| {
        level.eq_ignore_ascii_case(word) || level.parse::<f64>().is_ok_and(|value| value == number)
    };
    let pair = |yes: &str, no: &str| {
        let treated = levels.iter().find(|level| means(level, yes, 1.0))?;
        let reference = levels.iter().find(|level| means(level, no, 0.0))?;
        Some(((*treated).to_owned(), (*reference).to_owned()))
    };
    pair("true", "false").or_else(|| pair("yes", "no"))
}

/// A covariate: numbers, or labels.
pub(super) struct Covariate {
    pub name: String,
    numbers: Vec<Option<f64>>,
    labels: Labels,
}

/// Labels of a covariate, at most.
const LEVELS: usize = 12;

impl Covariate {
    pub fn of(table: &Dataset, name: &str) -> Result<Self, Refusal> {
        let text = table.is_text(name)?;
        let numbers = if text { Vec::new() } else { table.numbers(name)? };
        let labels = if text { table.labels(name)? } else { Vec::new() };
        Ok(Self { name: name.to_owned(), numbers, labels })
    }

    pub fn missing(&self, row: usize) -> bool {
        if self.labels.is_empty() { self.numbers[row].is_none() } else { self.labels[row].is_none() }
    }

    /// The columns that enter a model.
    pub fn columns(&self, rows: &[usize]) -> Result<Vec<(String, Vec<f64>)>, Refusal> {
        if self.labels.is_empty() {
            return Ok(vec![(self.name.clone(), rows.iter().filter_map(|row| self.numbers[*row]).collect())]);
        }
        let (of_row, levels) = number_labels(&self.labels, rows);
        if levels.len() < 2 || levels.len() > LEVELS {
            let found = match levels.first() {
                Some(only) if levels.len() == 1 => format!("`{only}` in every row of the analysis"),
                _ => format!("a text with {} different values", levels.len()),
            };
            return Err(Refusal::asked(
                format!("covariate `{}` is {found}", self.name),
                format!("A covariate is a number, or a text with 2 to {LEVELS} values. Leave it out of --covariates."),
            ));
        }
        let indicator = |level: usize| of_row.iter().map(|own| f64::from(u8::from(*own as usize == level))).collect();
        let name = |level: usize| format!("{} = {}", self.name, levels[level]);
        Ok((1..levels.len()).map(|level| (name(level), indicator(level))).collect())
    }
}
