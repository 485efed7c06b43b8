//! A researcher's own data: a table from CSV or Parquet whose columns are read as what they are asked to be.
//!
//! ```text
//! Dataset::open ── bytes ──> CSV      UTF-8, with or without byte order mark; separator from the header or given
//!                       └──> Parquet  told by its first bytes
//! dataset.numbers("score")   numbers, None where missing        an error names line and column of what is none
//! dataset.labels("dyad")     labels as they are written         12345678901234567891 stays what it is
//! ```
//!
//! Nothing is guessed silently: what a cell means is written in `docs/analyze.md`, and whatever else is there is an error with
//! its place and the way out. Bytes that are no table never panic.

mod cell;
mod codes;
mod csv;
mod error;
mod missing;
mod parquet;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use cell::{Cell, Decimal, Unread};
pub use codes::{suspected, suspected_label};
pub use error::DataError;
pub use missing::{ALWAYS_MISSING, Missing};

use crate::input;
use crate::scenario::nearest;

/// Bytes of the largest file that is read.
const LARGEST: u64 = 512 << 20;
/// Cells of the largest table: what is small in a file, such as a column of one value, may be large in memory.
const CELLS: usize = 100_000_000;

/// How a file is to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What stands between the fields of a CSV file; `None`: whichever of comma, semicolon, tab and bar the header has most of.
    pub separator: Option<u8>,
    /// Codes of missing values beside those that always are ([`ALWAYS_MISSING`]).
    pub missing: Missing,
}

/// A table with named columns.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The file's name, for messages.
    name: String,
    /// Column names as they are written, without spaces around them.
    header: Vec<String>,
    cells: Cells,
    missing: Missing,
}

#[derive(Clone, Debug)]
enum Cells {
    /// Text.
    Text(csv::Fields),
    /// Typed columns.
    Typed { columns: Vec<parquet::Typed>, rows: usize },
}

impl Dataset {
    /// Reads a file. What it is is told by its first bytes, and by its name where they say nothing.
    ///
    /// # Errors
    /// Whatever keeps it from being a table with at least one row: see [`DataError`].
    pub fn open(path: impl AsRef<Path>, reading: &Reading) -> Result<Self, DataError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let refused = |cause: String| DataError::Unreadable { name: name.clone(), cause };
        let bytes = input::read(path, LARGEST).map_err(|error| refused(error.to_string()))?;
        let called_parquet = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet"));
        if called_parquet || bytes.starts_with(parquet::MAGIC) {
            Self::from_parquet(&name, bytes, reading)
        } else {
            Self::from_csv(&name, &bytes, reading)
        }
    }

    /// Reads CSV; `name` is for messages.
    ///
    /// # Errors
    /// Bytes that are not UTF-8, no header, no row, a row with another number of fields than the header, a code of missing values
    /// for a column that is not there.
    ///
    /// ```
    /// use peerlab::inquiry::dataset::{Dataset, Reading};
    /// let table = Dataset::from_csv("t.csv", b"dyad;score\nA;1,5\nA;\n", &Reading::default()).unwrap();
    /// assert_eq!(table.numbers("score").unwrap(), [Some(1.5), None]);
    /// ```
    pub fn from_csv(name: &str, bytes: &[u8], reading: &Reading) -> Result<Self, DataError> {
        let (header, fields) = csv::read(name, bytes, reading.separator)?;
        Self::of(name, header, Cells::Text(fields), reading)
    }

    /// Reads Parquet; `name` is for messages.
    ///
    /// # Errors
    /// Bytes that are no Parquet file, no row, a code of missing values for a column that is not there.
    pub fn from_parquet(name: &str, bytes: Vec<u8>, reading: &Reading) -> Result<Self, DataError> {
        let (header, columns, rows) = parquet::read(name, bytes)?;
        Self::of(name, header, Cells::Typed { columns, rows }, reading)
    }

    /// A code of missing values for a column that is not there is a slip of the pen.
    fn of(name: &str, header: Vec<String>, cells: Cells, reading: &Reading) -> Result<Self, DataError> {
        let table = Self { name: name.to_owned(), header, cells, missing: reading.missing.clone() };
        reading.missing.columns().try_for_each(|column| table.column(column).map(drop))?;
        Ok(table)
    }

    /// The file's name, as messages have it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        match &self.cells {
            Cells::Text(fields) => fields.rows(),
            Cells::Typed { rows, .. } => *rows,
        }
    }

    /// The columns' names, in the file's order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(String::as_str)
    }

    /// Where a row (from 0) stands: `line 7` of a text file, `row 6` of a Parquet file.
    pub fn place(&self, row: usize) -> String {
        match &self.cells {
            Cells::Text(fields) => format!("line {}", fields.lines.get(row).copied().unwrap_or_default()),
            Cells::Typed { .. } => format!("row {}", row + 1),
        }
    }

    /// The index of a column.
    ///
    /// # Errors
    /// If there is none of this name, or more than one.
    fn column(&self, name: &str) -> Result<usize, DataError> {
        let mut of_this_name = (0..self.header.len()).filter(|index| self.header[*index] == name);
        match (of_this_name.next(), of_this_name.next()) {
            (Some(index), None) if !name.is_empty() => Ok(index),
            (Some(first), Some(second)) if !name.is_empty() => Err(DataError::TwoColumns {
                name: self.name.clone(),
                column: name.to_owned(),
                first: first + 1,
                second: second + 1,
            }),
            _ => Err(DataError::NoColumn {
                name: self.name.clone(),
                column: name.to_owned(),
                nearest: nearest(name, self.names()).map(str::to_owned),
                known: self.header.clone(),
            }),
        }
    }

    /// A column as numbers, `None` where the value is missing.
    ///
    /// # Errors
    /// If there is no such column, or a cell that is neither a finite number nor missing: the first one is named.
    pub fn numbers(&self, name: &str) -> Result<Vec<Option<f64>>, DataError> {
        let column = self.column(name)?;
        let mut marks = [None, None];
        (0..self.rows())
            .map(|row| {
                let cell = self.cell(row, column, name)?;
                self.notice(&mut marks, &cell, row, name)?;
                let found = || cell.text();
                cell.number(self.decimal()).map_err(|why| self.no_number(row, name, found(), why))
            })
            .collect()
    }

    /// A column as labels, as they are written but without spaces around them; `None` where the value is missing. Several columns
    /// joined by `+` make one label: `class+dyad` for dyads that are numbered anew in each class.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn labels(&self, name: &str) -> Result<Vec<Option<Arc<str>>>, DataError> {
        if let (Err(_), Some((first, rest))) = (self.column(name), name.split_once('+')) {
            let (first, rest) = (self.labels(first.trim())?, self.labels(rest.trim())?);
            let joined = first.into_iter().zip(rest).map(|(a, b)| Some(Arc::from(format!("{}+{}", a?, b?))));
            return Ok(joined.collect());
        }
        let column = self.column(name)?;
        (0..self.rows()).map(|row| Ok(self.cell(row, column, name)?.label())).collect()
    }

    /// A column whose labels the caller knows, such as the arms of a study: only an empty cell (or a null) is missing, since an
    /// arm may be called `none`.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn known_labels(&self, name: &str) -> Result<Vec<Option<Arc<str>>>, DataError> {
        let column = self.column(name)?;
        let label = |row| Ok(self.raw(row, column, name)?.label().filter(|label| !label.is_empty()));
        (0..self.rows()).map(label).collect()
    }

    /// Whether no cell of a column is a number, and some cell is a text: a column of labels.
    ///
    /// # Errors
    /// If there is no such column.
    pub fn is_text(&self, name: &str) -> Result<bool, DataError> {
        let column = self.column(name)?;
        let mut text = false;
        for row in 0..self.rows() {
            let cell = self.cell(row, column, name)?;
            match cell.number(self.decimal()) {
                Ok(Some(_)) | Err(Unread::Infinite | Unread::TooLarge) => return Ok(false),
                Ok(None) => {}
                Err(_) => text = true,
            }
        }
        Ok(text)
    }

    fn raw(&self, row: usize, column: usize, name: &str) -> Result<Cell<'_>, DataError> {
        match &self.cells {
            Cells::Text(fields) => Ok(Cell::Text(fields.get(row, column))),
            Cells::Typed { columns, .. } => columns[column].cell(row).map_err(|kind| DataError::ColumnType {
                name: self.name.clone(),
                column: name.to_owned(),
                kind: kind.to_owned(),
            }),
        }
    }

    fn cell(&self, row: usize, column: usize, name: &str) -> Result<Cell<'_>, DataError> {
        let cell = self.raw(row, column, name)?;
        Ok(if self.missing.is(name, &cell, self.decimal()) { Cell::Missing } else { cell })
    }

    fn decimal(&self) -> Decimal {
        match &self.cells {
            Cells::Text(fields) => fields.decimal,
            Cells::Typed { .. } => Decimal::Point,
        }
    }

    fn no_number(&self, row: usize, column: &str, found: String, why: Unread) -> DataError {
        let (name, place, column) = (self.name.clone(), self.place(row), column.to_owned());
        DataError::NotANumber { name, place, column, found, why: why.expected(self.decimal()) }
    }

    /// Notes the first decimal comma and the first decimal point of a column: with both, one of them separates thousands, and
    /// `1.234` may be one or a thousand.
    fn notice(
        &self,
        marks: &mut [Option<usize>; 2],
        cell: &Cell<'_>,
        row: usize,
        column: &str,
    ) -> Result<(), DataError> {
        let Cell::Text(text) = cell else { return Ok(()) };
        for (mark, first) in [',', '.'].into_iter().zip(marks.iter_mut()) {
            if text.contains(mark) {
                first.get_or_insert(row);
            }
        }
        match (*marks, self.decimal()) {
            ([Some(comma), Some(point)], Decimal::Either) => Err(DataError::TwoDecimals {
                name: self.name.clone(),
                column: column.to_owned(),
                comma: self.place(comma),
                point: self.place(point),
            }),
            _ => Ok(()),
        }
    }
}
