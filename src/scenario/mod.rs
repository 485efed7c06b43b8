//! A scenario: a study as a TOML file. Text in, a checked [`Study`] out, or every mistake at once.
//!
//! The way of a text: `tree` (TOML with places) → `overrides` (`--set`) → `walk` (each key and value against the
//! [`grammar`]) → `factorial` (arms out of factors) → `draft` (values) → `check` (values together) → `build` (the study).

mod answer;
mod build;
pub mod builtin;
pub mod business;
mod check;
pub mod choices;
mod design;
mod draft;
mod factorial;
pub mod grammar;
pub mod keys;
pub mod lookup;
mod models;
mod nearest;
mod overrides;
mod partners;
mod problem;
mod questions;
mod reader;
pub mod resolved;
mod schedule;
pub mod schema;
mod settings;
mod tree;
mod value;
mod walk;

pub(crate) use nearest::listed;
pub use nearest::nearest;
pub use problem::{Problem, Problems, SourceText};

use std::collections::BTreeSet;

use crate::study::declaration::Study;
use problem::{Collector, Say, Spot};

/// A scenario that has passed every check.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// The study it declares.
    pub study: Study,
    /// The file's name.
    pub name: String,
    /// The file's text.
    pub text: String,
    /// What was set on the command line, `path=value` each.
    pub overrides: Vec<String>,
}

/// A change of a scenario that stands on the command line: `path=value`, and the option that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// What messages call it.
    pub option: &'static str,
    /// `path=value`.
    pub text: String,
}

impl Override {
    /// What `--set` was given.
    pub fn sets(texts: &[String]) -> Vec<Self> {
        texts.iter().map(|text| Self { option: "--set", text: text.clone() }).collect()
    }
}

/// Reads a scenario. `name` is what messages call the text; each override is a `path=value` of the command line, applied
/// in order. Every mistake is reported, none stops the search for others.
///
/// ```
/// let text = peerlab::scenario::builtin::find("listening-training").unwrap().text;
/// let scenario = peerlab::scenario::read(text, "mine.toml", &["population.dyads=30".into()]).unwrap();
/// assert_eq!(scenario.study.population.dyads, 30);
///
/// let problems = peerlab::scenario::read(text, "mine.toml", &["population.dyad=30".into()]).unwrap_err();
/// assert_eq!(problems.0[0].nearest.as_deref(), Some("dyads"));
/// ```
pub fn read(text: &str, name: &str, overrides: &[String]) -> Result<Scenario, Problems> {
    read_with(text, name, &Override::sets(overrides))
}

/// The same, where a message names the option that asked for a change.
pub fn read_with(text: &str, name: &str, overrides: &[Override]) -> Result<Scenario, Problems> {
    let mut sources = vec![SourceText::new(name, text)];
    for (i, set) in overrides.iter().enumerate() {
        let alike = |some: &[Override]| some.iter().filter(|other| other.option == set.option).count();
        let name = match alike(overrides) {
            1 => set.option.to_owned(),
            _ => format!("{} {}", set.option, alike(&overrides[..=i])),
        };
        sources.push(SourceText::new(&name, &set.text));
    }
    let mut problems = Collector::new(sources);

    let (mut root, unreadable) = tree::parse(text, &mut problems);
    let readable = unreadable.is_empty();
    if !readable && headings_lost(text, &unreadable) {
        // Where a heading is lost, its keys seem to belong elsewhere: what could be said of them would mislead.
        return Err(problems.finish());
    }
    let syntax = problems.len();
    overrides::apply(&mut root, &mut problems);
    business::widen(&mut root);
    walk::walk(&mut root, readable, &mut problems);
    if !readable {
        problems.forget_lines(syntax, &unreadable);
        return Err(problems.finish());
    }
    factorial::expand(&mut root, &mut problems);
    let draft = draft::read(&root);
    check::check(&draft, &mut problems);
    if !problems.is_empty() {
        return Err(problems.finish());
    }
    match build::study(&draft) {
        Some(study) => Ok(Scenario {
            study,
            name: name.to_owned(),
            text: text.to_owned(),
            overrides: overrides.iter().map(|set| set.text.clone()).collect(),
        }),
        None => {
            let start = Spot { source: 0, span: 0..0 };
            problems.add(
                &start,
                Say::new("the scenario is incomplete", "somewhere in this file")
                    .help("this is a gap in peerlab's own checks: please report it with the file"),
            );
            Err(problems.finish())
        }
    }
}

/// Whether the lines that cannot be read include section headings, or are so many that little else is known.
fn headings_lost(text: &str, unreadable: &BTreeSet<usize>) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    let written = lines.iter().filter(|line| !line.trim().is_empty()).count();
    2 * unreadable.len() > written
        || unreadable.iter().any(|line| lines.get(line - 1).is_none_or(|line| line.trim_start().starts_with('[')))
}
