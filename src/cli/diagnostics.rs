//! Shows what is wrong with a scenario on the terminal: file, line and column, the line with a pointer, what was expected
//! and the way out.

use std::io::IsTerminal;
use std::ops::Range;

use ariadne::{CharSet, Color, Config, IndexType, Label, Report, ReportKind, Source};

use crate::scenario::{Problem, Problems};

/// Columns at which notes are broken into lines.
const WIDTH: usize = 92;

/// Whether messages on the standard error may use colors: it is a terminal and `NO_COLOR` is not set.
pub fn colors() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// All problems as they are shown, with their number at the end. Without `colors` the text has no escape codes.
pub fn render(problems: &Problems, colors: bool) -> String {
    let mut text = String::new();
    for problem in &problems.0 {
        text.push_str(&render_one(problem, colors));
        text.push('\n');
    }
    text.push_str(&match (problems.0.len(), problems.untold()) {
        (1, 0) => "1 problem; nothing was run or written.\n".to_owned(),
        (n, 0) => format!("{n} problems; nothing was run or written.\n"),
        (n, more) => format!("{n} problems and {more} more; nothing was run or written.\n"),
    });
    text
}

fn render_one(problem: &Problem, colors: bool) -> String {
    let name = problem.source.name.as_str();
    let span = shown(&problem.source.text, &problem.span);
    let config = Config::default()
        .with_color(colors)
        .with_char_set(CharSet::Unicode)
        .with_index_type(IndexType::Byte)
        .with_tab_width(4);
    let mut report = Report::build(ReportKind::Error, (name, span.clone()))
        .with_config(config)
        .with_message(&problem.message)
        .with_label(Label::new((name, span)).with_message(&problem.label).with_color(Color::Red));
    // One after the other under one heading: what fits, then what to do. A name that is probably meant comes first.
    let expected = problem.expected.as_ref();
    let mut advice: Vec<String> = expected
        .map(|words| format!("expected {words}"))
        .iter()
        .chain(&problem.help)
        .flat_map(|words| words.lines())
        .map(wrapped)
        .collect();
    if problem.nearest.is_some() && expected.is_some() {
        let first = advice.remove(0);
        advice.push(first);
    }
    if !advice.is_empty() {
        report.set_help(advice.join("\n"));
    }
    let mut bytes = Vec::new();
    let cache = (name, Source::from(&*problem.source.text));
    match report.finish().write(cache, &mut bytes) {
        Ok(()) => trimmed(&String::from_utf8_lossy(&bytes)),
        // Writing to memory does not fail; if it did, the plain sentence is better than nothing.
        Err(_) => format!("{problem}\n"),
    }
}

/// A span that lies within the text, on one line: the first of those it covers.
fn shown(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    let first = text.get(start..end).and_then(|part| part.find('\n'));
    start..first.map_or(end, |at| start + at)
}

/// Breaks a text into lines at spaces.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// Without spaces at the ends of lines.
fn trimmed(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}
