//! What a table is: its grain, its columns with unit and description, and batches of rows.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::error::{Error, Result};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A count, week or index: `u32`, never missing.
    Integer,
    /// The number in the name of a folder of a partitioned dataset, from 0: `i32` in the file, as readers take it from the folder's name
    /// (pyarrow as `int32`, polars and DuckDB as a wider one), so that tables are joined by it without a cast. [`Values::Integer`] in memory.
    Partition,
    /// A number: `f64`. NaN stands for a missing value and is a null in the file; −0 is written as 0.
    Real,
    /// Yes or no, never missing.
    Flag,
    /// A name or a label, never missing.
    Text,
}

/// One column, as it is described in the file and in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Name, lower case with underscores.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Unit, in words: "weeks", "SD", "probability", "name".
    pub unit: String,
    /// Meaning, one sentence.
    pub description: String,
}

impl Column {
    /// A column.
    pub fn new(name: impl Into<String>, kind: Kind, unit: impl Into<String>, description: impl Into<String>) -> Self {
        Self { name: name.into(), kind, unit: unit.into(), description: description.into() }
    }
}

/// A table's declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Name, and the file's name: `tables/<name>.parquet`.
    pub name: &'static str,
    /// What one row is: "replication × hypothesis × estimator".
    pub grain: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

impl Table {
    /// A file name, a grain, and columns with distinct names, each with unit and description.
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |problem: String| Err(Error::table(self.name, problem));
        if !is_identifier(self.name) {
            return wrong("a table's name is lower-case letters, digits and underscores".into());
        }
        if self.grain.trim().is_empty() {
            return wrong("it does not say what one row is".into());
        }
        if self.columns.is_empty() {
            return wrong("it has no columns".into());
        }
        for (i, column) in self.columns.iter().enumerate() {
            let name = &column.name;
            if name.is_empty() {
                return wrong(format!("column {i} has no name"));
            }
            if self.columns[..i].iter().any(|other| other.name == *name) {
                return wrong(format!("two columns are called `{name}`"));
            }
            if column.unit.trim().is_empty() {
                return wrong(format!("column `{name}` has no unit"));
            }
            if column.description.trim().is_empty() {
                return wrong(format!("column `{name}` has no description"));
            }
        }
        Ok(())
    }

    /// The number of rows of a batch that fits this table.
    pub(super) fn rows_of(&self, batch: &[Values]) -> Result<usize> {
        let wrong = |problem: String| Err(Error::table(self.name, problem));
        if batch.len() != self.columns.len() {
            return wrong(format!("{} columns were appended where it has {}", batch.len(), self.columns.len()));
        }
        let rows = batch.first().map_or(0, Values::len);
        for (column, values) in self.columns.iter().zip(batch) {
            let name = &column.name;
            let kind = if column.kind == Kind::Partition { Kind::Integer } else { column.kind };
            if values.kind() != kind {
                return wrong(format!(
                    "column `{name}` is {:?} but {:?} values were appended",
                    column.kind,
                    values.kind()
                ));
            }
            if values.len() != rows {
                return wrong(format!(
                    "{} values were appended to column `{name}` and {rows} to the first",
                    values.len()
                ));
            }
        }
        Ok(rows)
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Of an [`Kind::Integer`] or [`Kind::Partition`] column.
    Integer(Vec<u32>),
    /// Of a [`Kind::Real`] column; NaN is missing.
    Real(Vec<f64>),
    /// Of a [`Kind::Flag`] column.
    Flag(Vec<bool>),
    /// Of a [`Kind::Text`] column; labels that repeat are shared, not copied.
    Text(Vec<Arc<str>>),
}

impl Values {
    /// No values yet.
    pub fn empty(kind: Kind) -> Self {
        Self::with_capacity(kind, 0)
    }

    /// No values yet, and room for some.
    pub fn with_capacity(kind: Kind, capacity: usize) -> Self {
        match kind {
            Kind::Integer | Kind::Partition => Self::Integer(Vec::with_capacity(capacity)),
            Kind::Real => Self::Real(Vec::with_capacity(capacity)),
            Kind::Flag => Self::Flag(Vec::with_capacity(capacity)),
            Kind::Text => Self::Text(Vec::with_capacity(capacity)),
        }
    }

    /// Text from anything that can be shared.
    pub fn text<T: Into<Arc<str>>>(values: impl IntoIterator<Item = T>) -> Self {
        Self::Text(values.into_iter().map(Into::into).collect())
    }

    /// What these are.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Integer(_) => Kind::Integer,
            Self::Real(_) => Kind::Real,
            Self::Flag(_) => Kind::Flag,
            Self::Text(_) => Kind::Text,
        }
    }

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Integer(values) => values.len(),
            Self::Real(values) => values.len(),
            Self::Flag(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes over a range of other values of the same kind; values of another kind are left out.
    pub(super) fn extend(&mut self, from: &Self, rows: Range<usize>) {
        match (self, from) {
            (Self::Integer(to), Self::Integer(from)) => to.extend_from_slice(&from[rows]),
            (Self::Real(to), Self::Real(from)) => to.extend_from_slice(&from[rows]),
            (Self::Flag(to), Self::Flag(from)) => to.extend_from_slice(&from[rows]),
            (Self::Text(to), Self::Text(from)) => to.extend_from_slice(&from[rows]),
            _ => {}
        }
    }
}

/// Rows read back: the columns asked for, in the order asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// How many rows.
    pub rows: usize,
    /// One entry a column.
    pub columns: Vec<Values>,
}

impl Batch {
    /// Column `i` as integers; empty if it is of another kind.
    pub fn integers(&self, i: usize) -> &[u32] {
        match self.columns.get(i) {
            Some(Values::Integer(values)) => values,
            _ => &[],
        }
    }

    /// Column `i` as numbers, NaN where missing; empty if it is of another kind.
    pub fn reals(&self, i: usize) -> &[f64] {
        match self.columns.get(i) {
            Some(Values::Real(values)) => values,
            _ => &[],
        }
    }

    /// Column `i` as flags; empty if it is of another kind.
    pub fn flags(&self, i: usize) -> &[bool] {
        match self.columns.get(i) {
            Some(Values::Flag(values)) => values,
            _ => &[],
        }
    }

    /// Column `i` as text; empty if it is of another kind.
    pub fn texts(&self, i: usize) -> &[Arc<str>] {
        match self.columns.get(i) {
            Some(Values::Text(values)) => values,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            name: "dyads",
            grain: "dyad".into(),
            columns: vec![
                Column::new("dyad", Kind::Integer, "index", "The dyad"),
                Column::new("trust", Kind::Real, "0 to 1", "Trust at the end"),
            ],
        }
    }

    #[test]
    fn a_declaration_must_be_complete() {
        assert!(table().check().is_ok());
        type Change = fn(&mut Table);
        let broken: [(Change, &str); 6] = [
            (|t| t.name = "../dyads", "lower-case"),
            (|t| t.grain.clear(), "one row"),
            (|t| t.columns.clear(), "no columns"),
            (|t| t.columns[1].name = "dyad".into(), "two columns"),
            (|t| t.columns[0].unit = " ".into(), "no unit"),
            (|t| t.columns[0].description.clear(), "no description"),
        ];
        for (change, expected) in broken {
            let mut wrong = table();
            change(&mut wrong);
            let message = wrong.check().unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn a_batch_must_fit() {
        let table = table();
        let integers = Values::Integer(vec![1, 2]);
        assert_eq!(table.rows_of(&[integers.clone(), Values::Real(vec![0.5, 0.6])]).unwrap(), 2);
        for (batch, expected) in [
            (vec![integers.clone()], "1 columns"),
            (vec![integers.clone(), integers.clone()], "`trust` is Real"),
            (vec![integers, Values::Real(vec![0.5])], "1 values"),
        ] {
            let message = table.rows_of(&batch).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }
}
