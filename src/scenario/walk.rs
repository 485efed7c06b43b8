//! Walks a scenario's tree beside the grammar: unknown and missing keys, wrong types, values out of their bounds and
//! names that no catalogue has. What is refused is marked, so that later checks conclude nothing from it.

use super::grammar::{self, Grammar, Leaf, Section, grammar, leaves};
use super::keys::{Absent, Names};
use super::nearest::{listed, nearest};
use super::problem::{Collector, Problems, Say, Spot};
use super::tree::{Node, Table, Value};
use super::value;

/// Checks every key and value by itself. `complete`: also report what is missing.
pub(crate) fn walk(root: &mut Table, complete: bool, problems: &mut Collector) {
    let first = root.values().filter(|node| node.source == 0).min_by_key(|node| node.key.start).map(Node::key_spot);
    let text = problems.sources[0].text.trim_end();
    let last = text.char_indices().next_back().map_or(0..0, |(at, c)| {
        let line = text.rfind('\n').map_or(0, |at| at + 1);
        line..at + c.len_utf8()
    });
    let last = Spot { source: 0, span: last };
    let mut walker = Walker { problems, complete, top: first.unwrap_or_else(|| last.clone()), end: last };
    let top = walker.top.clone();
    walker.table(root, grammar(), "", &top);
}

struct Walker<'a> {
    problems: &'a mut Collector,
    complete: bool,
    /// The first key of the file.
    top: Spot,
    /// The last line of the file.
    end: Spot,
}

impl Walker<'_> {
    fn table(&mut self, table: &mut Table, section: &Section, here: &str, at: &Spot) {
        let mut meant = Vec::new();
        let mut unknown = 0;
        for (key, node) in table.iter_mut() {
            match section.get(key) {
                None => {
                    // Where so many are wrong, none of them is a slip.
                    unknown += 1;
                    if unknown <= Problems::TOLD {
                        meant.extend(nearest(key, section.names()));
                    }
                    self.problems.add(&node.key_spot(), unknown_key(key, section, here));
                    node.bad = true;
                }
                Some(Grammar::Leaf(leaf)) => {
                    for refusal in value::check(node, key, leaf) {
                        node.bad = true;
                        self.problems.add(&refusal.0, refusal.1);
                    }
                }
                Some(Grammar::Table(inner)) => self.inner_table(key, node, inner, &join(here, key)),
                Some(Grammar::List(inner)) => {
                    self.list(key, node, inner, &format!("{}[]", join(here, key)));
                }
            }
        }
        if self.complete {
            self.missing(table, section, here, at, &meant);
        }
    }

    fn inner_table(&mut self, key: &str, node: &mut Node, section: &Section, here: &str) {
        let at = node.key_spot();
        let found = node.describe();
        if let Value::Table(table) = &mut node.value {
            self.table(table, section, here, &at);
            return;
        }
        node.bad = true;
        let first = section.names().next().unwrap_or("key");
        let value = match node.value {
            Value::Whole(_) | Value::Number(_) => found.rsplit(' ').next().unwrap_or("…"),
            _ => "…",
        };
        let say = Say::new(format!("`{key}` is a table, not a value"), format!("this is {found}"))
            .expected(format!("a table with {}", listed(section.names(), "or")))
            .help(format!("write `{key} = {{ {first} = {value} }}`"));
        self.problems.add(&node.spot(), say);
    }

    fn list(&mut self, key: &str, node: &mut Node, section: &Section, here: &str) {
        let found = node.describe();
        if let Value::List(list) = &mut node.value {
            for element in list.iter_mut() {
                let at = element.key_spot();
                let found = element.describe();
                if let Value::Table(table) = &mut element.value {
                    self.table(table, section, here, &at);
                } else {
                    element.bad = true;
                    self.problems.add(&at, not_a_list(key, &found));
                }
            }
            return;
        }
        node.bad = true;
        self.problems.add(&node.spot(), not_a_list(key, &found));
    }

    /// `meant`: names that are there, but misspelled, of which enough has been said.
    fn missing(&mut self, table: &Table, section: &Section, here: &str, at: &Spot, meant: &[&str]) {
        for (name, grammar) in &section.fields {
            if table.contains_key(*name) || meant.contains(name) {
                continue;
            }
            match grammar {
                Grammar::Leaf(leaf) if leaf.absent == Absent::Required => {
                    let (at, label) = if here.is_empty() {
                        (&self.top, format!("write `{name} = …` above this line"))
                    } else {
                        (at, format!("without `{name}`"))
                    };
                    let message = if here.is_empty() {
                        format!("the scenario has no `{name}`")
                    } else {
                        format!("`{name}` is missing in {}", place(here))
                    };
                    let say = Say::new(message, label).expected(value::expected(leaf)).help(value::about(name, leaf));
                    self.problems.add(at, say);
                }
                Grammar::Table(inner) if here.is_empty() => {
                    let needed = required(inner);
                    if !needed.is_empty() {
                        let say = Say::new(format!("the section [{name}] is missing"), "the scenario ends here")
                            .expected(format!(
                                "a section [{name}] with {}",
                                listed(needed.iter().map(|leaf| leaf_name(leaf)), "and")
                            ))
                            .help(format!("[{name}]: {}", inner.meaning));
                        self.problems.add(&self.end, say);
                    }
                }
                Grammar::List(inner) if here.is_empty() && *name == "arm" && !table.contains_key("factorial") => {
                    let say = Say::new("the scenario has no arms", "the scenario ends here")
                        .expected("one [[arm]] table for each arm, one of them with `control = true`")
                        .help(format!("[[arm]]: {}", inner.meaning));
                    self.problems.add(&self.end, say);
                }
                _ => {}
            }
        }
    }
}

fn required(section: &Section) -> Vec<&Leaf> {
    section
        .fields
        .iter()
        .filter_map(|(_, grammar)| match grammar {
            Grammar::Leaf(leaf) if leaf.absent == Absent::Required => Some(leaf),
            _ => None,
        })
        .collect()
}

fn leaf_name(leaf: &Leaf) -> &str {
    leaf.path.rsplit('.').next().unwrap_or(&leaf.path)
}

fn join(above: &str, key: &str) -> String {
    if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") }
}

/// A place in words: `[population]`, `[[arm]]`, `program` of an [[arm]].
pub(crate) fn place(path: &str) -> String {
    match path.rsplit_once("[]") {
        None if path.is_empty() => "the scenario".into(),
        None => format!("[{path}]"),
        Some((list, inner)) => {
            let list = list.replace("[]", "");
            match inner.trim_start_matches('.') {
                "" => format!("[[{list}]]"),
                inner => format!("`{inner}` of [[{list}]]"),
            }
        }
    }
}

fn unknown_key(key: &str, section: &Section, here: &str) -> Say {
    let noun = if section.noun.is_empty() { "key" } else { section.noun };
    Say::new(format!("there is no {noun} `{key}` in {}", place(here)), "not known here").unknown(key, here)
}

/// What would have been right instead of an unknown key, and the way out: costly, so only for those that are told.
pub(super) fn advise(say: Say, key: &str, here: &str) -> Say {
    let section = match grammar::at(here) {
        Some(Grammar::Table(section) | Grammar::List(section)) => section,
        _ => grammar(),
    };
    let say = say.expected(listed(section.names(), "or"));
    if let Some(name) = nearest(key, section.names()) {
        return say.nearest(Some(name)).help(format!("did you mean `{name}`?"));
    }
    // A key that exists, but somewhere else.
    let mut elsewhere: Vec<&str> = leaves()
        .into_iter()
        .filter(|leaf| leaf_name(leaf) == key && !leaf.path.contains("instruments."))
        .map(|leaf| leaf.path.rsplit_once('.').map_or("", |(above, _)| above))
        .collect();
    // An arm's own values are the exception: say them only where there is nothing else.
    if elsewhere.iter().any(|path| !path.contains("[]")) {
        elsewhere.retain(|path| !path.contains("[]"));
    }
    match elsewhere.as_slice() {
        [] => say.help("`peerlab schema` and `peerlab explain NAME` say what every key means"),
        some => {
            let places: Vec<String> = some.iter().take(4).map(|path| place(path)).collect();
            say.help(format!("`{key}` belongs in {}", places.join(" or ")))
        }
    }
}

fn not_a_list(key: &str, found: &str) -> Say {
    let label = match found {
        "a table" => "a single table".to_owned(),
        other => format!("this is {other}"),
    };
    Say::new(format!("each {key} is a table of its own"), label)
        .expected(format!("[[{key}]], in double brackets, once for each {key}"))
        .help(format!("write [[{key}]] above its keys"))
}

/// What to say of a name that a catalogue does not have; `about` says what the key means.
pub(crate) fn unknown_name(written: &str, names: Names, about: String) -> Say {
    const EASILY_TOLD_APART: usize = 5;
    let known = (names.all)();
    let near = nearest(written, known.iter().copied());
    let noun = names.noun;
    let say = Say::new(format!("there is no {noun} `{written}`"), "not known")
        .expected(listed(known.iter().copied(), "or"))
        .nearest(near);
    match near {
        Some(name) => say.help(format!("did you mean \"{name}\"?")),
        None if known.len() <= EASILY_TOLD_APART => say.help(about),
        None => say.help("`peerlab explain NAME` says what each of them is"),
    }
}
