//! A TOML text as a tree in which every key and value knows where it was written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Collector, Say, Spot};

/// A table: keys in alphabetical order.
pub(crate) type Table = BTreeMap<String, Node>;

/// One value, and where it and its key stand.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Index of the text it comes from.
    pub source: usize,
    /// Where its key stands (for an element of a list: the element).
    pub key: Range<usize>,
    /// Where its value stands.
    pub span: Range<usize>,
    /// The value.
    pub value: Value,
    /// Whether a check has refused it: nothing may be concluded from it.
    pub bad: bool,
}

/// A TOML value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Whole(i128),
    Number(f64),
    Flag(bool),
    Date(String),
    List(Vec<Node>),
    Table(Table),
}

impl Node {
    /// Where its value stands; a table, which may be spread over the file, is known by its key.
    pub fn spot(&self) -> Spot {
        let span = match self.value {
            Value::Table(_) => self.key.clone(),
            _ => self.span.clone(),
        };
        Spot { source: self.source, span }
    }

    /// Where its key stands.
    pub fn key_spot(&self) -> Spot {
        Spot { source: self.source, span: self.key.clone() }
    }

    pub fn table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What it is, in words, as a message shows it.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("the text {}", quoted(text)),
            Value::Whole(whole) => format!("the whole number {whole}"),
            Value::Number(number) => format!("the number {number}"),
            Value::Flag(flag) => format!("{flag}"),
            Value::Date(date) => format!("the date {date}"),
            Value::List(_) => "a list".into(),
            Value::Table(_) => "a table".into(),
        }
    }
}

/// A text in quotation marks, cut when it is long.
pub(crate) fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    format!("{short:?}")
}

/// Reads a whole file. Returns the tree and the lines (from 1) that are not TOML, each of which is also reported.
pub(crate) fn parse(text: &str, problems: &mut Collector) -> (Table, BTreeSet<usize>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut lines = BTreeSet::new();
    let mut more = 0;
    for error in &errors {
        let span = widened(text, error.span().unwrap_or(0..0));
        if !lines.insert(problems.line(span.start)) {
            continue;
        }
        if lines.len() > SYNTAX_ERRORS_SHOWN {
            more += 1;
            continue;
        }
        let (say, span) = syntax(error.message(), text, span);
        problems.add(&Spot { source: 0, span }, say);
    }
    if more > 0 {
        let end = text.trim_end().len();
        let spot = Spot { source: 0, span: widened(text, end..end) };
        problems.add(
            &spot,
            Say::new(format!("{more} more lines are not TOML"), "up to here")
                .help("`peerlab new FILE` writes a scenario that can be changed line by line"),
        );
    }
    (convert(table.into_inner(), 0, 0), lines)
}

const SYNTAX_ERRORS_SHOWN: usize = 3;

/// What to say of a place that is not TOML, and what to point at.
fn syntax(reason: &str, text: &str, span: Range<usize>) -> (Say, Range<usize>) {
    let message = format!("this is not TOML: {reason}");
    let start = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[start..].lines().next().unwrap_or("");
    let written = line.trim();
    let key = written.split_once(':').filter(|(key, _)| {
        let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        !key.is_empty() && key.chars().all(fits)
    });
    let Some((key, value)) = key else {
        return (by_reason(reason, message, &text[span.clone()]), span);
    };
    let say = if value.trim().is_empty() {
        Say::new(message, "a colon makes no section")
            .expected("section headings in square brackets")
            .help(format!("write `[{key}]`, and its keys below it, without indentation"))
    } else {
        Say::new(message, "a colon sets no value")
            .expected("`key = value`, with an equals sign")
            .help(format!("write `{key} = …`, with text in quotation marks"))
    };
    let indent = line.len() - line.trim_start().len();
    (say, start + indent..start + indent + written.len())
}

/// What to say of the slips that are made most.
fn by_reason(reason: &str, message: String, pointed: &str) -> Say {
    if reason.starts_with("duplicate key") {
        return Say::new(format!("`{pointed}` stands twice in its section"), "a second time")
            .expected("each key once")
            .help("keep one of the two lines");
    }
    let (label, expected, help) = if reason.contains("must be quoted") {
        (
            "neither a number nor text in quotation marks",
            "a number alone, without a unit, or text in quotation marks",
            "write `key = 12`, or `key = \"some text\"`",
        )
    } else if reason.contains("string") {
        (
            "the text is not closed here",
            "text that begins and ends with a quotation mark",
            "close it on the same line: `key = \"some text\"`",
        )
    } else if reason.starts_with("unclosed") {
        (
            "not closed here",
            "a closing bracket for each bracket that is opened",
            "headings are written [section] or [[arm]], lists [1, 2], tables { key = 1 }",
        )
    } else {
        (
            "cannot be read",
            "`key = value` lines under [section] headings",
            "text needs quotation marks, lists square brackets; what begins with # is a comment",
        )
    };
    Say::new(message, label).expected(expected).help(help)
}

/// A span on character boundaries that holds at least one character, where there is one.
fn widened(text: &str, span: Range<usize>) -> Range<usize> {
    let mut start = span.start.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    // At the end of a line there is nothing to point at but what stands before.
    let at_end = start == text.len() || text[start..].starts_with('\n');
    if let Some((at, last)) = text[..start].char_indices().next_back()
        && at_end
        && last != '\n'
        && span.end <= start
    {
        start = at;
    }
    let mut end = span.end.clamp(start, text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    if end == start {
        end += text[start..].chars().next().map_or(0, char::len_utf8);
    }
    start..end
}

/// Reads one value, as it stands after `--set path=`; `offset` is where it begins in its text.
pub(crate) fn parse_value(text: &str, source: usize, offset: usize) -> Result<Node, String> {
    let value = DeValue::parse(text).map_err(|error| error.message().to_owned())?;
    let span = value.span();
    let span = span.start + offset..span.end + offset;
    Ok(node(span, value, source, offset))
}

fn node(key: Range<usize>, value: Spanned<DeValue<'_>>, source: usize, offset: usize) -> Node {
    let span = value.span();
    let span = span.start + offset..span.end + offset;
    let value = match value.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(whole) => match i128::from_str_radix(whole.as_str(), whole.radix()) {
            Ok(whole) => Value::Whole(whole),
            // More digits than any bound: only its size matters.
            Err(_) => Value::Number(whole.as_str().parse().unwrap_or(f64::INFINITY)),
        },
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Datetime(date) => Value::Date(date.to_string()),
        DeValue::Array(list) => Value::List(
            list.into_iter()
                .map(|element| {
                    let span = element.span();
                    node(span.start + offset..span.end + offset, element, source, offset)
                })
                .collect(),
        ),
        DeValue::Table(table) => Value::Table(convert(table, source, offset)),
    };
    Node { source, key, span, value, bad: false }
}

fn convert(table: DeTable<'_>, source: usize, offset: usize) -> Table {
    table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            let name = key.into_inner().into_owned();
            let at = span.start + offset..span.end + offset;
            (name, node(at, value, source, offset))
        })
        .collect()
}
