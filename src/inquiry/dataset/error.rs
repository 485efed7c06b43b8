//! Why a file is no table, or a cell not what it was asked to be.

use thiserror::Error;

use super::missing::ALWAYS_MISSING;
use crate::scenario::listed;

/// What is wrong with a researcher's data; the message carries place and value, [`DataError::way_out`] what can be done.
#[allow(missing_docs)] // Each message says what its variant and its fields are.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum DataError {
    #[error("cannot read {name}: {cause}")]
    Unreadable { name: String, cause: String },
    #[error("{name} is {what}, not a CSV or Parquet file")]
    Foreign { name: String, what: &'static str },
    #[error("{name}, line {line}: the byte 0x{byte:02X} is not UTF-8")]
    NotUtf8 { name: String, line: u64, byte: u8 },
    #[error("{name} is no whole Parquet file: {problem}")]
    NotParquet { name: String, problem: String },
    #[error("{name} has more than {most} cells", most = super::CELLS)]
    TooManyCells { name: String },
    #[error("{name} is empty")]
    Empty { name: String },
    #[error("{name} has a header of {columns} column(s) and no row of data")]
    HeaderOnly { name: String, columns: usize },
    #[error("{name}, line {line}: a quotation mark (\") is opened and not closed")]
    OpenQuote { name: String, line: u64 },
    #[error("{name}, line {line}: {found} field(s) where the header has {expected}")]
    Ragged { name: String, line: u64, found: usize, expected: usize, spans: bool },
    #[error("{name} has no column `{column}`")]
    NoColumn { name: String, column: String, nearest: Option<String>, known: Vec<String> },
    #[error("{name} has two columns `{column}`, the {first}. and the {second}.")]
    TwoColumns { name: String, column: String, first: usize, second: usize },
    #[error("{name}, {place}, column `{column}`: `{found}` is no number")]
    NotANumber { name: String, place: String, column: String, found: String, why: &'static str },
    #[error("{name}, column `{column}`: a decimal comma ({comma}) and a decimal point ({point})")]
    TwoDecimals { name: String, column: String, comma: String, point: String },
    #[error("{name}, column `{column}`: the type {kind} is not read")]
    ColumnType { name: String, column: String, kind: String },
}

impl DataError {
    /// What can be done about it; may be empty where the message says all there is.
    pub fn way_out(&self) -> String {
        match self {
            DataError::Unreadable { .. } => String::new(),
            DataError::Foreign { .. } => {
                "Open it in the program that made it and save it as `CSV UTF-8`, or as Parquet from R or Python.".to_owned()
            }
            DataError::NotUtf8 { .. } => {
                "It was probably saved in Latin-1 (Windows-1252): save it again as `CSV UTF-8`.".to_owned()
            }
            DataError::NotParquet { .. } => "Write it again; a text file should be called .csv.".to_owned(),
            DataError::TooManyCells { .. } => "Leave out columns that the analysis does not need.".to_owned(),
            DataError::Empty { .. } | DataError::HeaderOnly { .. } => {
                "Expected a first line with the names of the columns, and a line for each row below it.".to_owned()
            }
            DataError::OpenQuote { .. } | DataError::Ragged { spans: true, .. } => {
                "A field of this row runs over several lines: a quotation mark (\") may be open. Close it, or write \"\" for a \
                 quotation mark within a field."
                    .to_owned()
            }
            DataError::Ragged { expected: 1, .. } => {
                "Is the separator another one? Give it with --separator, e.g. --separator ';' or --separator tab.".to_owned()
            }
            DataError::Ragged { .. } => {
                "Put fields that contain the separator between quotation marks (\"), or name the separator with \
                 --separator."
                    .to_owned()
            }
            DataError::NoColumn { nearest, known, .. } => {
                let meant = nearest.as_ref().map_or(String::new(), |near| format!("Did you mean `{near}`? "));
                let named: Vec<&str> = known.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
                let hint = match named[..] {
                    [only] if only.contains([',', ';', '\t', '|']) => " If that is several columns, give --separator.",
                    _ => "",
                };
                format!("{meant}It has {}.{hint}", listed(named, "and"))
            }
            DataError::TwoColumns { .. } => "Give each column a name of its own.".to_owned(),
            DataError::NotANumber { why, .. } => {
                format!("Expected {why}. Always missing: an empty cell, {}.", ALWAYS_MISSING.join(", "))
            }
            DataError::TwoDecimals { .. } => {
                "One of them may separate thousands: write numbers without separators of thousands.".to_owned()
            }
            DataError::ColumnType { column, kind, .. } => {
                let (what, r, python) = match kind.as_str() {
                    "Decimal" | "Decimal32" | "Decimal64" | "Decimal256" | "Float16" => ("a real number", "numeric", "float"),
                    _ => ("text", "character", "str"),
                };
                let name = format!("{column:?}");
                format!(
                    "Write it as {what}: data[[{name}]] <- as.{r}(data[[{name}]]) in R, data[{name}] = data[{name}].astype({python}) in \
                     pandas; or the whole table as CSV."
                )
            }
        }
    }
}
