//! `--set path=value`: puts a value into the tree as if it stood in the file, to meet the same checks with the same
//! messages, pointing into the command line's text.
//!
//! A path is the key's path in the file, `organization.competition`; arms, settings and hypotheses are addressed by name or id,
//! `arm."listening training".share` or, as shells take the quotation marks away, `arm.listening training.share`.

use std::ops::Range;

use super::nearest::{listed, nearest};
use super::problem::{Collector, Say, Spot};
use super::tree::{Node, Table, Value, parse_value};

const FORM: &str = "path=value, e.g. organization.competition=0.8";

/// Applies every override in turn; the texts are the collector's, from the second on.
pub(crate) fn apply(root: &mut Table, problems: &mut Collector) {
    for source in 1..problems.sources.len() {
        let text = problems.sources[source].text.clone();
        if let Err(refusal) = apply_one(root, &text, source) {
            let (span, say) = *refusal;
            problems.add(&Spot { source, span }, say);
        }
    }
}

type Refusal = Box<(Range<usize>, Say)>;

fn refusal(span: Range<usize>, say: Say) -> Refusal {
    Box::new((span, say))
}

/// No key of a scenario is as deep as this.
const DEEPEST: usize = 32;

/// One step of a path, and where it stands.
#[derive(Clone, Debug, PartialEq)]
struct Step {
    name: String,
    span: Range<usize>,
}

fn apply_one(root: &mut Table, text: &str, source: usize) -> Result<(), Refusal> {
    let all = 0..text.len();
    let (steps, equals) = path(text)?;
    let Some(equals) = equals else {
        return Err(refusal(
            all,
            Say::new("this sets nothing: there is no `=`", "no value")
                .expected(FORM)
                .help("quote the whole of it if the shell splits it: --set 'path=value'"),
        ));
    };
    if steps.iter().any(|step| step.name.is_empty()) {
        return Err(refusal(
            0..equals.max(1).min(text.len()),
            Say::new("the path before `=` has an empty part", "a name is missing")
                .expected(FORM)
                .help("separate the names by single dots"),
        ));
    }
    if steps.len() > DEEPEST {
        return Err(refusal(
            0..equals,
            Say::new("the path before `=` is longer than any key", "too many dots")
                .expected(FORM)
                .help("`peerlab schema` lists every key"),
        ));
    }
    let node = right_hand_side(text, equals + 1, source)?;
    place(root, &steps, node, source)
}

/// The names of a path without a value; nothing of one that is broken.
pub(crate) fn steps(key: &str) -> Option<Vec<String>> {
    let (steps, equals) = path(&format!("{key}=")).ok()?;
    equals.map(|_| steps.into_iter().map(|step| step.name).collect())
}

/// The path before the first `=` outside quotation marks, and where that stands.
fn path(text: &str) -> Result<(Vec<Step>, Option<usize>), Refusal> {
    let mut steps = Vec::new();
    let mut name = String::new();
    let mut start = 0;
    let mut quote: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some((open, _)), c) if c == open => quote = None,
            (Some(_), c) => name.push(c),
            (None, '"' | '\'') if name.trim().is_empty() => quote = Some((c, at)),
            (None, '.' | '=') => {
                steps.push(Step { name: name.trim().to_owned(), span: start..at });
                name.clear();
                start = at + 1;
                if c == '=' {
                    return Ok((steps, Some(at)));
                }
            }
            (None, c) => name.push(c),
        }
    }
    match quote {
        Some((_, at)) => Err(refusal(
            at..text.len(),
            Say::new("a quotation mark is not closed", "opened here")
                .expected(FORM)
                .help("close it before the next dot"),
        )),
        None => Ok((steps, None)),
    }
}

/// The value after `=`; a bare word that is no TOML value is text.
fn right_hand_side(text: &str, from: usize, source: usize) -> Result<Node, Refusal> {
    let written = &text[from..];
    let trimmed = written.trim();
    if trimmed.is_empty() {
        return Err(refusal(
            from.saturating_sub(1)..text.len(),
            Say::new("there is no value after `=`", "nothing follows")
                .expected(FORM)
                .help("an empty text is written \"\""),
        ));
    }
    let start = from + written.len() - written.trim_start().len();
    let span = start..start + trimmed.len();
    match parse_value(trimmed, source, start) {
        Ok(node) => Ok(node),
        Err(_) if !trimmed.starts_with(['"', '\'', '[', '{']) => Ok(Node {
            source,
            key: span.clone(),
            span,
            value: Value::Text(trimmed.to_owned()),
            bad: false,
        }),
        Err(reason) => Err(refusal(
            span,
            Say::new(format!("this is not a TOML value: {reason}"), "cannot be read")
                .expected("a number, true, false, \"text\", [a, list] or { a = \"table\" }")
                .help("quote the whole of it so that the shell leaves the quotation marks alone: --set 'path=[\"a\", \"b\"]'"),
        )),
    }
}

fn place(table: &mut Table, steps: &[Step], value: Node, source: usize) -> Result<(), Refusal> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(());
    };
    if rest.is_empty() {
        let mut value = value;
        value.key = step.span.clone();
        table.insert(step.name.clone(), value);
        return Ok(());
    }
    let names = match step.name.as_str() {
        "arm" | "setting" => Some("name"),
        "hypothesis" | "factor" => Some("id"),
        _ => None,
    };
    let node = table.entry(step.name.clone()).or_insert_with(|| Node {
        source,
        key: step.span.clone(),
        span: step.span.clone(),
        value: match names {
            Some(_) => Value::List(Vec::new()),
            None => Value::Table(Table::new()),
        },
        bad: false,
    });
    match (&mut node.value, names) {
        (Value::Table(inner), _) => place(inner, rest, value, source),
        (Value::List(list), Some(key)) => {
            let (element, used) = addressed(list, key, &step.name, rest)?;
            if used == rest.len() {
                return Err(refusal(
                    step.span.start..rest[used - 1].span.end,
                    Say::new(format!("this names a whole {}, not a key of it", step.name), "a key is missing")
                        .expected(format!("{}.NAME.KEY=value", step.name))
                        .help(format!(
                            "add the key that should change, e.g. `{}.NAME.{}`",
                            step.name,
                            match step.name.as_str() {
                                "hypothesis" => "week",
                                "setting" => "count",
                                "factor" => "name",
                                _ => "share",
                            }
                        )),
                ));
            }
            match &mut element.value {
                Value::Table(inner) => place(inner, &rest[used..], value, source),
                // Not a table: the file is wrong there and is told so.
                _ => Ok(()),
            }
        }
        _ => Err(refusal(
            rest[0].span.clone(),
            Say::new(format!("`{}` is a value: nothing can be set inside it", step.name), "goes too deep")
                .expected(FORM)
                .help(format!("leave out `.{}`", rest[0].name)),
        )),
    }
}

/// The arm, setting or hypothesis that the next steps name, and how many of them its name takes: a name may hold dots.
fn addressed<'a>(
    list: &'a mut [Node],
    key: &str,
    what: &str,
    steps: &[Step],
) -> Result<(&'a mut Node, usize), Refusal> {
    let name_of = |node: &Node| -> Option<String> { Some(node.table()?.get(key)?.text()?.to_owned()) };
    let known: Vec<String> = list.iter().filter_map(name_of).collect();
    let mut matches = Vec::new();
    let mut joined = String::new();
    for (i, step) in steps.iter().enumerate() {
        if i > 0 {
            joined.push('.');
        }
        joined.push_str(&step.name);
        for (at, node) in list.iter().enumerate() {
            if name_of(node).as_deref() == Some(joined.as_str()) {
                matches.push((at, i + 1));
            }
        }
    }
    match matches.as_slice() {
        // The longest name wins; an arm that stands twice is reported by the checks.
        [.., (at, used)] => Ok((&mut list[*at], *used)),
        [] => {
            let written = &steps[0].name;
            let near = nearest(written, known.iter().map(String::as_str));
            let say = Say::new(format!("there is no {what} `{written}`"), "not known")
                .expected(listed(known.iter().map(String::as_str), "or"))
                .nearest(near);
            let say = match near {
                Some(name) => say.help(format!("did you mean `{what}.\"{name}\"`?")),
                None => say.help(format!("after `{what}.` comes the {key} of one of the scenario's")),
            };
            Err(refusal(steps[0].span.clone(), say))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        path(text).map(|(steps, _)| steps.into_iter().map(|step| step.name).collect()).unwrap_or_default()
    }

    #[test]
    fn paths_are_split_at_dots_outside_quotation_marks() {
        assert_eq!(names("a.b=1"), ["a", "b"]);
        assert_eq!(names("arm.\"x. y\".share = 1"), ["arm", "x. y", "share"]);
        assert_eq!(names("arm.x y.share=\"a=b\""), ["arm", "x y", "share"]);
    }

    #[test]
    fn a_bare_word_is_text_and_a_broken_list_is_not() {
        let value = |text: &str| right_hand_side(text, 0, 1).map(|node| node.describe());
        assert_eq!(value("person"), Ok("the text \"person\"".into()));
        assert_eq!(value("two words"), Ok("the text \"two words\"".into()));
        assert_eq!(value("0.5"), Ok("the number 0.5".into()));
        assert!(value("[1, 2").is_err());
        assert!(value("  ").is_err());
    }
}
