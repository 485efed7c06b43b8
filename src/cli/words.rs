//! Values, ranges and places of a scenario in words.

pub(super) use crate::report::text::number;
pub(super) use crate::report::words::{signed, trait_id, unit};
use crate::scenario::keys::{Absent, Key, Shape};

/// A section's heading as a scenario writes it.
pub(super) fn heading(path: &str) -> String {
    match path.strip_suffix("[]") {
        Some(list) => format!("[[{list}]]"),
        None => format!("[{path}]"),
    }
}

/// Where a key stands in a file, and on the command line.
pub(super) fn place(path: &str) -> String {
    let by_name =
        path.replace("arm[]", "arm.NAME").replace("hypothesis[]", "hypothesis.ID").replace("factor[]", "factor.ID");
    let set = format!("`--set {by_name}=...`");
    for list in ["arm[]", "hypothesis[]", "factor[]"] {
        if let Some(rest) = path.strip_prefix(list).and_then(|rest| rest.strip_prefix('.')) {
            return format!("`{rest} = ...` in {}, or {set}", heading(list));
        }
    }
    match path.rsplit_once('.') {
        Some((table, key)) => format!("`{key} = ...` in {}, or {set}", heading(table)),
        None => format!("`{path} = ...` before the first section, or {set}"),
    }
}

/// What a key's value looks like, in words.
pub(super) fn shape(key: &Key) -> String {
    shape_of(key.shape)
}

/// The same of a shape.
pub(super) fn shape_of(shape: Shape) -> String {
    match shape {
        Shape::Text => "text".into(),
        Shape::Texts => "a list of texts".into(),
        Shape::Id => "a short name of letters, digits, - and _".into(),
        Shape::Flag => "true or false".into(),
        Shape::Number(low, high) => range(low, high),
        Shape::Whole(low, high) => format!("a whole number, {low} to {high}"),
        Shape::Choice(names) => format!("one of {}", (names.all)().join(", ")),
        Shape::OneOrMore(names) => format!("one, or a list, of {}", (names.all)().join(", ")),
        Shape::Several(names) => format!("a list of {}", (names.all)().join(", ")),
        Shape::Weeks => "a list of weeks, e.g. [0, 6, 12]".into(),
        Shape::Contrast => "a list of the names of two arms".into(),
        Shape::Pair(what) => format!("a list of two {what}"),
        Shape::Each(names) => format!("a list of {}", (names.all)().join(", ")),
    }
}

/// What holds when a key is absent.
pub(super) fn absent(absent: Absent) -> String {
    match absent {
        Absent::Required => "required".into(),
        Absent::Number(value) => format!("default {}", number(value)),
        Absent::Word(word) => format!("default {word}"),
        Absent::Flag(flag) => format!("default {flag}"),
        Absent::Derived(words) => format!("default {words}"),
    }
}

/// A bound, if there is one.
pub(super) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The values between two bounds, which may be infinite.
pub(super) fn range(low: f64, high: f64) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{} to {}", number(low), number(high)),
        (true, false) => format!("{} and above", number(low)),
        (false, true) => format!("{} and below", number(high)),
        (false, false) => "unbounded".into(),
    }
}
