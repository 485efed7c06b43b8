//! Checks one value against what fits at its place, and says in words what fits.

use super::grammar::Leaf;
use super::keys::{Absent, Names, Shape};
use super::nearest::listed;
use super::problem::{Say, Spot};
use super::tree::{Node, Value, quoted};
use super::walk::unknown_name;

/// Why a value does not fit, and where.
pub(crate) type Refusal = Box<(Spot, Say)>;

/// Whether the value fits; if not, every place where it does not.
pub(crate) fn check(node: &Node, key: &str, leaf: &Leaf) -> Vec<Refusal> {
    let whole_value = || wrong_type(node, key, leaf);
    let one = match (leaf.shape, node.list()) {
        (Shape::Text, _) => text(node, key, leaf),
        (Shape::Id, _) => id(node, key, leaf),
        (Shape::Flag, _) => match node.value {
            Value::Flag(_) => Ok(()),
            _ => whole_value(),
        },
        (Shape::Number(low, high), _) => number(node, key, leaf, low, high),
        (Shape::Whole(low, high), _) => whole(node, key, leaf, low, high),
        (Shape::Choice(names), _) | (Shape::OneOrMore(names), None) => one_of(node, key, leaf, names),
        (Shape::OneOrMore(_) | Shape::Weeks, Some([])) => whole_value(),
        (Shape::Several(names) | Shape::OneOrMore(names), Some(list)) => {
            return each(list, |i, element| {
                one_of(element, key, leaf, names)?;
                only_once(list, i, key)
            });
        }
        (Shape::Texts, Some(list)) if !list.is_empty() => {
            return each(list, |_, element| text(element, key, leaf));
        }
        (Shape::Weeks, Some(list)) => {
            return each(list, |_, element| whole(element, key, leaf, 0, MOST_WEEKS));
        }
        (Shape::Contrast, Some(list)) if list.len() == 2 => {
            return each(list, |_, element| text(element, key, leaf));
        }
        (Shape::Pair(_), Some(list)) if list.len() == 2 => {
            return each(list, |_, element| text(element, key, leaf));
        }
        (Shape::Each(names), Some(list)) if !list.is_empty() => {
            return each(list, |_, element| one_of(element, key, leaf, names));
        }
        (Shape::Several(_) | Shape::Texts | Shape::Weeks | Shape::Contrast | Shape::Pair(_) | Shape::Each(_), _) => {
            whole_value()
        }
    };
    one.err().into_iter().collect()
}

fn each(list: &[Node], check: impl Fn(usize, &Node) -> Result<(), Refusal>) -> Vec<Refusal> {
    list.iter().enumerate().filter_map(|(i, element)| check(i, element).err()).collect()
}

const MOST_WEEKS: u64 = 100_000;

/// What fits, in words.
pub(crate) fn expected(leaf: &Leaf) -> String {
    let unit = if leaf.unit.is_empty() { String::new() } else { format!(" ({})", leaf.unit) };
    match leaf.shape {
        Shape::Text => "text in quotation marks".into(),
        Shape::Texts => "a list of texts such as [\"one\", \"another\"]".into(),
        Shape::Id => "a short name of letters, digits, `-` and `_`, in quotation marks".into(),
        Shape::Flag => "true or false".into(),
        Shape::Number(low, high) => format!("a number from {low} to {high}{unit}"),
        Shape::Whole(low, high) => format!("a whole number from {} to {}{unit}", grouped(low), grouped(high)),
        Shape::Choice(names) => listed((names.all)(), "or"),
        Shape::OneOrMore(names) => format!("one or a list of {}", listed((names.all)(), "and")),
        Shape::Several(names) => format!("a list, in square brackets, of {}", listed((names.all)(), "and")),
        Shape::Pair(what) => format!("a list of two {what}, the one expected to be higher first"),
        Shape::Each(names) => format!("a list, in square brackets, of {}", listed((names.all)(), "and")),
        Shape::Weeks => "a list of whole weeks such as [0, 6, 12]".into(),
        Shape::Contrast => {
            "the names of two arms: [\"the arm expected to differ\", \"the arm it is compared with\"]".into()
        }
    }
}

fn wrong_type<T>(node: &Node, key: &str, leaf: &Leaf) -> Result<T, Refusal> {
    let mut help = Vec::new();
    if let Some(hint) = hint(node, key, leaf) {
        help.push(hint);
    }
    help.push(about(key, leaf));
    Err(Box::new((
        node.spot(),
        Say::new(
            format!("`{key}` cannot be {}", node.describe()),
            match leaf.shape {
                Shape::Text | Shape::Id => "not text",
                Shape::Flag => "not true or false",
                Shape::Number(..) => "not a number",
                Shape::Whole(..) => "not a whole number",
                Shape::Choice(_) | Shape::OneOrMore(_) => "not one of the names",
                Shape::Several(_) | Shape::Each(_) => "not a list of names",
                Shape::Pair(_) => "not two names",
                Shape::Texts => "not a list of texts",
                Shape::Weeks => "not a list of weeks",
                Shape::Contrast => "not the names of two arms",
            },
        )
        .expected(expected(leaf))
        .help(help.join("\n")),
    )))
}

/// What the key means and what holds without it.
pub(crate) fn about(key: &str, leaf: &Leaf) -> String {
    let meaning = leaf.meaning.trim_end_matches('.');
    let default = match leaf.absent {
        Absent::Required => String::new(),
        Absent::Number(number) => format!(" (default {number})"),
        Absent::Word(word) => format!(" (default \"{word}\")"),
        Absent::Flag(flag) => format!(" (default {flag})"),
        Absent::Derived(words) => format!(" (default: {words})"),
    };
    format!("`{key}`: {meaning}{default}")
}

/// The likely slip behind a value of the wrong type.
fn hint(node: &Node, key: &str, leaf: &Leaf) -> Option<String> {
    let wants_number = matches!(leaf.shape, Shape::Number(..) | Shape::Whole(..));
    match &node.value {
        Value::Text(text) if wants_number => {
            let digits = text
                .trim()
                .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+' | '_'))
                .unwrap_or(text.trim().len());
            let (number, unit) = text.trim().split_at(digits);
            let number: f64 = number.replace('_', "").parse().ok()?;
            let unit = unit.trim();
            if unit.starts_with('%') {
                return Some(format!("write the share itself: `{key} = {}`", hundredth(number)));
            }
            if leaf.unit == "weeks" {
                let weeks = |per: f64| Some((number * per).round().max(1.0));
                let converted = match unit.trim_end_matches('s') {
                    "day" => weeks(1.0 / 7.0),
                    "month" => weeks(52.0 / 12.0),
                    "year" => weeks(52.0),
                    _ => None,
                };
                if let Some(weeks) = converted {
                    return Some(format!(
                        "time is counted in weeks, without a unit: {} is about `{key} = {weeks}`",
                        text.trim()
                    ));
                }
            }
            Some(format!("write the number alone, without quotation marks or unit: `{key} = {number}`"))
        }
        Value::Text(text) if matches!(leaf.shape, Shape::Flag) => {
            let flag = match text.to_lowercase().as_str() {
                "true" | "yes" | "on" => "true",
                "false" | "no" | "off" => "false",
                _ => return None,
            };
            Some(format!("without quotation marks: `{key} = {flag}`"))
        }
        Value::Text(text) if matches!(leaf.shape, Shape::Several(_) | Shape::Texts) => {
            Some(format!("in square brackets: `{key} = [{}]`", quoted(text)))
        }
        Value::Whole(whole) if matches!(leaf.shape, Shape::Weeks) => {
            Some(format!("in square brackets: `{key} = [0, {whole}]`"))
        }
        Value::Flag(flag) if wants_number => Some(format!("for a switch write `{key} = {}`", u8::from(*flag))),
        _ => None,
    }
}

fn text(node: &Node, key: &str, leaf: &Leaf) -> Result<(), Refusal> {
    match node.text() {
        None => wrong_type(node, key, leaf),
        Some(text) if text.trim().is_empty() => Err(Box::new((
            node.spot(),
            Say::new(format!("`{key}` is empty"), "nothing here").expected(expected(leaf)).help(about(key, leaf)),
        ))),
        Some(text) if text.chars().any(char::is_control) => Err(Box::new((
            node.spot(),
            Say::new(format!("`{key}` is one line of text"), "holds a line break or control character")
                .expected(expected(leaf))
                .help("write it on one line"),
        ))),
        Some(_) => Ok(()),
    }
}

fn id(node: &Node, key: &str, leaf: &Leaf) -> Result<(), Refusal> {
    text(node, key, leaf)?;
    let written = node.text().unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if written.chars().all(fits) && written.len() <= 64 {
        return Ok(());
    }
    let mut short: String = written.chars().map(|c| if fits(c) { c } else { '-' }).take(64).collect();
    short = short.trim_matches('-').to_owned();
    let help = if short.is_empty() { about(key, leaf) } else { format!("for example `{key} = \"{short}\"`") };
    Err(Box::new((
        node.spot(),
        Say::new(format!("`{key}` names files and columns: {} cannot", quoted(written)), "not a short name")
            .expected("at most 64 letters (a-z, A-Z), digits, `-` and `_`")
            .help(help),
    )))
}

fn number(node: &Node, key: &str, leaf: &Leaf, low: f64, high: f64) -> Result<(), Refusal> {
    let Some(number) = as_number(node) else {
        return wrong_type(node, key, leaf);
    };
    if number.is_finite() && number >= low && number <= high {
        return Ok(());
    }
    out_of_range(node, key, leaf, number, low, high)
}

fn whole(node: &Node, key: &str, leaf: &Leaf, low: u64, high: u64) -> Result<(), Refusal> {
    match node.value {
        Value::Whole(whole) if (i128::from(low)..=i128::from(high)).contains(&whole) => Ok(()),
        Value::Number(number) if number.is_finite() && number.fract() != 0.0 => {
            let what = match leaf.unit {
                "weeks" => "weeks are whole: the model moves week by week",
                _ => "only whole numbers make sense here",
            };
            let near = format!("{} or {}", number.floor().max(low as f64), number.ceil());
            Err(Box::new((
                node.spot(),
                Say::new(format!("`{key}` cannot be {number}"), "not whole")
                    .expected(expected(leaf))
                    .help(format!("{what}; write {near}")),
            )))
        }
        Value::Number(number) if (0.0..1e15).contains(&number) => Err(Box::new((
            node.spot(),
            Say::new(format!("`{key}` is a whole number"), "written with a decimal point")
                .expected(expected(leaf))
                .help(format!("write {number}")),
        ))),
        Value::Whole(_) | Value::Number(_) => {
            let number = as_number(node).unwrap_or(f64::NAN);
            out_of_range(node, key, leaf, number, low as f64, high as f64)
        }
        _ => wrong_type(node, key, leaf),
    }
}

fn as_number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Whole(whole) => Some(whole as f64),
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn out_of_range(node: &Node, key: &str, leaf: &Leaf, number: f64, low: f64, high: f64) -> Result<(), Refusal> {
    let written = match node.value {
        Value::Whole(whole) => whole.to_string(),
        _ => number.to_string(),
    };
    let bound = |bound: f64| match leaf.shape {
        Shape::Whole(..) | Shape::Weeks => grouped(bound as u64),
        _ => bound.to_string(),
    };
    let (message, label) = if number.is_finite() {
        let side = if number < low { ("below", low) } else { ("above", high) };
        (format!("`{key}` = {written} is out of range"), format!("{} {}", side.0, bound(side.1)))
    } else {
        (format!("`{key}` is not a finite number"), "not a number to compute with".to_owned())
    };
    let mut help = Vec::new();
    if high == 1.0 && (2.0..=100.0).contains(&number) && leaf.unit.contains("share") {
        help.push(format!("if {number} % is meant, write {}", hundredth(number)));
    }
    help.push(about(key, leaf));
    Err(Box::new((node.spot(), Say::new(message, label).expected(expected(leaf)).help(help.join("\n")))))
}

fn one_of(node: &Node, key: &str, leaf: &Leaf, names: Names) -> Result<(), Refusal> {
    match node.text() {
        None => wrong_type(node, key, leaf),
        Some(text) if (names.all)().contains(&text) => Ok(()),
        Some(text) => Err(Box::new((node.spot(), unknown_name(text, names, about(key, leaf))))),
    }
}

fn only_once(list: &[Node], i: usize, key: &str) -> Result<(), Refusal> {
    let element = &list[i];
    if list[..i].iter().all(|other| other.text() != element.text()) {
        return Ok(());
    }
    Err(Box::new((
        element.spot(),
        Say::new(format!("`{}` stands twice in `{key}`", element.text().unwrap_or("")), "a second time")
            .help("leave one of them out"),
    )))
}

/// A number as a reader likes it: 10,000,000.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A hundredth of a number, without the crumbs of binary fractions.
fn hundredth(number: f64) -> f64 {
    (number * 1e8).round() / 1e10
}
