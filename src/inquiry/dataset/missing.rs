//! Which cells hold no value.

use super::cell::{Cell, Decimal, number};

/// What always means that a value is missing, in any case of letters; an empty cell is missing too, and so are the null and the NaN of a
/// Parquet file.
pub const ALWAYS_MISSING: [&str; 7] = ["NA", "N/A", "#N/A", "NaN", "null", "none", "."];

/// Further codes of missing values, of all columns or of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    codes: Vec<(Option<String>, String)>,
}

impl Missing {
    /// Codes as a command line gives them: `999` for every column, `age=999` for one.
    pub fn new<'a>(codes: impl IntoIterator<Item = &'a str>) -> Self {
        let split = |code: &str| match code.split_once('=') {
            Some((column, code)) if !column.is_empty() => (Some(column.trim().to_owned()), code.trim().to_owned()),
            _ => (None, code.trim().to_owned()),
        };
        Self { codes: codes.into_iter().map(split).collect() }
    }

    /// The columns that a code was given for.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.codes.iter().filter_map(|(column, _)| column.as_deref())
    }

    pub(super) fn is(&self, column: &str, cell: &Cell<'_>, decimal: Decimal) -> bool {
        let text = match cell {
            Cell::Missing => return true,
            Cell::Text("") => return true,
            Cell::Text(text) if ALWAYS_MISSING.iter().any(|code| code.eq_ignore_ascii_case(text)) => return true,
            Cell::Text(text) => (*text).to_owned(),
            _ if self.codes.is_empty() => return false,
            cell => cell.text(),
        };
        let mine = self.codes.iter().filter(|(of, _)| of.as_deref().is_none_or(|of| of == column));
        // 999 also stands for 999.0.
        let same = |code: &str| {
            code == text
                || number(code, decimal).is_ok_and(|code| number(&text, decimal).is_ok_and(|value| value == code))
        };
        mine.map(|(_, code)| code).any(|code| same(code))
    }
}
