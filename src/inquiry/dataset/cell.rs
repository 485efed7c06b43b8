//! One cell, and what it can be read as.

use std::sync::Arc;

/// How decimals are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decimal {
    /// With a point.
    Point,
    /// With a comma or a point, where neither separates fields.
    Either,
}

/// A cell as its file has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    Missing,
    Text(&'a str),
    Number(f64),
    Integer(i128),
    Flag(bool),
}

/// Why a cell is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    Text,
    Infinite,
    TooLarge,
    Comma,
}

impl Unread {
    /// What was expected in its place, and the way out.
    pub fn expected(self, decimal: Decimal) -> &'static str {
        match (self, decimal) {
            (Unread::Infinite, _) => {
                "a finite number: mark what was not observed as missing (an empty cell, or --missing)"
            }
            (Unread::TooLarge, _) => "a number below 1.8e308",
            (Unread::Comma, _) => {
                "a number with a decimal point: decimal commas are read where fields are separated by semicolons"
            }
            (Unread::Text, Decimal::Point) => "a number such as -1.5 or 1e-3, or a missing value (see --missing)",
            (Unread::Text, Decimal::Either) => "a number such as -1,5 or 1e-3, or a missing value (see --missing)",
        }
    }
}

impl Cell<'_> {
    /// As a number; `None` if it is missing.
    pub fn number(&self, decimal: Decimal) -> Result<Option<f64>, Unread> {
        match *self {
            Cell::Missing => Ok(None),
            Cell::Text(text) => number(text, decimal).map(Some),
            Cell::Number(value) if value.is_nan() => Ok(None),
            Cell::Number(value) if value.is_infinite() => Err(Unread::Infinite),
            Cell::Number(value) => Ok(Some(value)),
            Cell::Integer(value) => Ok(Some(value as f64)),
            Cell::Flag(value) => Ok(Some(f64::from(u8::from(value)))),
        }
    }

    /// As a label; `None` if it is missing.
    pub fn label(&self) -> Option<Arc<str>> {
        match self {
            Cell::Missing => None,
            Cell::Number(value) if value.is_nan() => None,
            cell => Some(cell.text().into()),
        }
    }

    /// As it is written.
    pub fn text(&self) -> String {
        match self {
            Cell::Missing => String::new(),
            Cell::Text(text) => (*text).to_owned(),
            // 0 and -0 are one label.
            Cell::Number(value) => (value + 0.0).to_string(),
            Cell::Integer(value) => value.to_string(),
            Cell::Flag(value) => value.to_string(),
        }
    }
}

/// A finite number in decimal or exponential notation; a minus sign may be typographic.
pub(super) fn number(text: &str, decimal: Decimal) -> Result<f64, Unread> {
    let plain = text.strip_prefix('−').map_or_else(|| text.to_owned(), |rest| format!("-{rest}"));
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, '.' | ',' | '+' | '-' | 'e' | 'E');
    let digits = plain.contains(|c: char| c.is_ascii_digit());
    if !digits || !plain.chars().all(allowed) {
        let word = plain.trim_start_matches(['+', '-']).to_ascii_lowercase();
        return Err(if ["inf", "infinity", "∞"].contains(&word.as_str()) { Unread::Infinite } else { Unread::Text });
    }
    let commas = plain.matches(',').count();
    let plain = match (commas, decimal) {
        (0, _) => plain,
        (1, Decimal::Either) if !plain.contains('.') => plain.replace(',', "."),
        (1, Decimal::Point) if !plain.contains('.') && plain.replace(',', ".").parse::<f64>().is_ok() => {
            return Err(Unread::Comma);
        }
        _ => return Err(Unread::Text),
    };
    match plain.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err(Unread::TooLarge),
        Err(_) => Err(Unread::Text),
    }
}
