//! Amounts of money and inputs of a business case, as people write them.

use crate::study::business::{INPUTS, Range};

/// An amount to three figures, with separators: 1,240,000.
pub fn amount(value: f64) -> String {
    let size = value.abs();
    let mut unit = 1.0;
    while size / unit >= 1000.0 {
        unit *= 10.0;
    }
    let rounded = (size / unit).round() * unit;
    let digits = format!("{rounded:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && rounded > 0.0 { format!("-{text}") } else { text }
}

/// A value of an input as people write it.
pub fn input_value(value: f64) -> String {
    if value.abs() >= 1000.0 { amount(value) } else { significant(value) }
}

/// Two or three figures: 0.173, 12.4.
fn significant(value: f64) -> String {
    let size = value.abs();
    let decimals = if size >= 100.0 || size == 0.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        3
    };
    super::text::number(format!("{value:.decimals$}").parse().unwrap_or(value))
}

/// A value of an input without its unit: shares as percentages.
pub fn bare(input: usize, value: f64) -> String {
    match INPUTS[input].unit.starts_with("share of") {
        true => format!("{}%", significant(100.0 * value)),
        false => input_value(value),
    }
}

/// A value of an input with its unit, its currency in the place of the word.
pub fn said(input: usize, value: f64, currency: &str) -> String {
    let unit = INPUTS[input].unit.replace("currency", currency);
    let unit = unit.strip_prefix("share ").unwrap_or(&unit);
    format!("{} {unit}", bare(input, value))
}

/// A range of an input with its unit: `0.08 to 0.6, likely 0.2 SD of performance per SD learned`; of a point the point.
pub fn ranged(input: usize, range: &Range, currency: &str) -> String {
    if range.low >= range.high {
        return said(input, range.likely, currency);
    }
    let [low, high] = [range.low, range.high].map(|end| bare(input, end));
    format!("{low} to {high}, likely {}", said(input, range.likely, currency))
}

/// An end of an input's range where there is little room: with its unit, if that is short.
pub fn ended(input: usize, value: f64, currency: &str) -> String {
    let (unit, value) = (INPUTS[input].unit, bare(input, value));
    match unit.split(' ').next().unwrap_or_default() {
        "currency" => format!("{value} {currency}"),
        "hours" => format!("{value} h"),
        "years" if value == "1" => "1 year".to_owned(),
        "years" | "months" => format!("{value} {unit}"),
        _ => value,
    }
}
