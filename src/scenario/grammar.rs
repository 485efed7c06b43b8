//! What fits where in a scenario, as a tree: [`KEYS`] with their placeholders filled in, and the model's registry.

use std::sync::OnceLock;

use super::keys::{Absent, KEYS, Key, SECTIONS, Shape, placeholder};
use crate::model::organization::Lever;
use crate::model::parameters::{Parameter, registry};
use crate::model::risk::FACTORS;
use crate::study::business::{self, INPUTS};
use crate::study::context::differs_by_setting;

/// What fits at one place.
#[derive(Debug)]
pub enum Grammar {
    /// A table with these keys.
    Table(Section),
    /// A list of tables, written `[[name]]`.
    List(Section),
    /// A value.
    Leaf(Leaf),
}

/// What fits in a table.
#[derive(Debug, Default)]
pub struct Section {
    /// What it is for; empty where its keys say it.
    pub meaning: &'static str,
    /// What its keys are called in a message: `key`, `trait`, `outcome` or `treatment`.
    pub noun: &'static str,
    /// The keys in order of declaration.
    pub fields: Vec<(&'static str, Grammar)>,
}

/// What fits as a value.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// Where it stands, e.g. `organization.competition` or `arm[].share`.
    pub path: String,
    /// What it looks like.
    pub shape: Shape,
    /// Its unit, in words.
    pub unit: &'static str,
    /// What holds when it is absent.
    pub absent: Absent,
    /// What it means.
    pub meaning: &'static str,
    /// The model's parameter it sets, if it is one.
    pub parameter: Option<&'static Parameter>,
}

impl Section {
    /// What fits under this key.
    pub fn get(&self, key: &str) -> Option<&Grammar> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, grammar)| grammar)
    }

    /// The names of its keys.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|(name, _)| *name)
    }
}

/// What fits in a scenario.
pub fn grammar() -> &'static Section {
    static ALL: OnceLock<Section> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut root = Section { noun: "key", ..Section::default() };
        for key in KEYS {
            for (path, noun) in expansions(key.path) {
                // A range is a section of its own, whose keys are not a catalogue's names.
                let (noun, leaf) = match path.strip_prefix("business.").and_then(|rest| rest.split_once('.')) {
                    Some((input, place)) => ("", of_range(described(key), input, place)),
                    None => (noun, described(key)),
                };
                insert(&mut root, "", path, noun, &leaf);
                in_factors(&mut root, path, noun, &leaf);
            }
        }
        for parameter in registry() {
            insert(&mut root, "", parameter.id, "", &knob(parameter));
            // What an arm may change for its own members.
            if may_differ(parameter.id) {
                let path: &'static str = format!("arm[].{}", parameter.id).leak();
                let mut leaf = knob(parameter);
                leaf.absent = Absent::Derived("the study's value");
                insert(&mut root, "", path, "", &leaf);
                in_factors(&mut root, path, "", &leaf);
            }
            if Lever::NAMES.iter().any(|(id, _)| *id == parameter.id) {
                for list in ["change[]", "arm[].change[]"] {
                    let path: &'static str = format!("{list}.{}", parameter.id).leak();
                    let mut leaf = knob(parameter);
                    leaf.absent = Absent::Derived("what it was before");
                    insert(&mut root, "", path, "", &leaf);
                }
            }
            if differs_by_setting(parameter.id) {
                let path: &'static str = format!("setting[].{}", parameter.id).leak();
                let mut leaf = knob(parameter);
                leaf.absent = Absent::Derived("the study's value");
                insert(&mut root, "", path, "", &leaf);
            }
        }
        root
    })
}

/// Whether an arm may have a value of its own of this parameter: a program's, an organization's, and how far and how widely
/// people are exposed to a risk factor.
pub(crate) fn may_differ(parameter: &str) -> bool {
    let exposed = || parameter.ends_with(".exposure") || parameter.ends_with(".prevalence");
    parameter.starts_with("program.")
        || parameter.starts_with("organization.")
        || (parameter.starts_with("risk.") && exposed())
}

/// Whether a parameter belongs to a whole organization: its own, and the contextual risk factors.
pub(crate) fn of_organization(parameter: &str) -> bool {
    let factor = parameter.strip_prefix("risk.").and_then(|rest| rest.split('.').next());
    parameter.starts_with("organization.") || factor.is_some_and(|factor| FACTORS[CONTEXTUAL..].contains(&factor))
}

/// The first of the risk factors that belong to a whole organization.
const CONTEXTUAL: usize = 10;

/// What fits in an arm fits in the levels of a factor, but for what makes an arm an arm.
fn in_factors(root: &mut Section, path: &'static str, noun: &'static str, leaf: &Leaf) {
    let Some(content) = path.strip_prefix("arm[].") else { return };
    if matches!(content, "name" | "control" | "share" | "levels") {
        return;
    }
    for level in ["low", "high"] {
        insert(root, "", format!("factor[].{level}.{content}").leak(), noun, leaf);
    }
}

/// Every value that fits somewhere, in order.
pub fn leaves() -> Vec<&'static Leaf> {
    fn walk(section: &'static Section, all: &mut Vec<&'static Leaf>) {
        for (_, grammar) in &section.fields {
            match grammar {
                Grammar::Table(inner) | Grammar::List(inner) => walk(inner, all),
                Grammar::Leaf(leaf) => all.push(leaf),
            }
        }
    }
    let mut all = Vec::new();
    walk(grammar(), &mut all);
    all
}

/// What fits at a path such as `arm[].share` or `risk.mismatching`.
pub(crate) fn at(path: &str) -> Option<&'static Grammar> {
    let mut section = grammar();
    let mut steps = path.split('.').peekable();
    while let Some(step) = steps.next() {
        let found = section.get(step.trim_end_matches("[]"))?;
        if steps.peek().is_none() {
            return Some(found);
        }
        match found {
            Grammar::Table(inner) | Grammar::List(inner) => section = inner,
            Grammar::Leaf(_) => return None,
        }
    }
    None
}

/// The value that fits at a path.
pub(crate) fn leaf(path: &str) -> Option<&'static Leaf> {
    match at(path) {
        Some(Grammar::Leaf(leaf)) => Some(leaf),
        _ => None,
    }
}

fn described(key: &Key) -> Leaf {
    Leaf {
        path: String::new(),
        shape: key.shape,
        unit: key.unit,
        absent: key.absent,
        meaning: key.meaning,
        parameter: None,
    }
}

fn knob(parameter: &'static Parameter) -> Leaf {
    Leaf {
        path: String::new(),
        shape: Shape::Number(parameter.low, parameter.high),
        unit: parameter.unit,
        absent: Absent::Number(parameter.default),
        meaning: parameter.meaning,
        parameter: Some(parameter),
    }
}

/// A place of an input's range: it has the input's unit and bounds.
fn of_range(leaf: Leaf, input: &str, place: &str) -> Leaf {
    let Some(input) = business::find(input).map(|at| &INPUTS[at]).filter(|_| place != "source") else { return leaf };
    Leaf { shape: Shape::Number(input.bounds.0, input.bounds.1), unit: input.unit, ..leaf }
}

/// The paths a path with a placeholder stands for, each with the noun of the table that holds the placeholder's names.
fn expansions(path: &'static str) -> Vec<(&'static str, &'static str)> {
    let names = path.split_once('{').and_then(|(before, rest)| {
        let (name, after) = rest.split_once('}')?;
        Some((before, placeholder(name)?, after))
    });
    match names {
        None => vec![(path, "")],
        Some((before, names, after)) => {
            (names.all)().into_iter().map(|name| (&*format!("{before}{name}{after}").leak(), names.noun)).collect()
        }
    }
}

fn insert(section: &mut Section, above: &str, path: &'static str, noun: &'static str, leaf: &Leaf) {
    let (step, rest) = match path.split_once('.') {
        Some((step, rest)) => (step, Some(rest)),
        None => (path, None),
    };
    let name = step.trim_end_matches("[]");
    let here = if above.is_empty() { step.to_owned() } else { format!("{above}.{step}") };
    let Some(rest) = rest else {
        let mut leaf = leaf.clone();
        leaf.path = here;
        section.fields.push((name, Grammar::Leaf(leaf)));
        return;
    };
    if section.get(name).is_none() {
        let meaning =
            SECTIONS.iter().find(|(path, _)| *path == here.trim_end_matches("[]")).map_or("", |(_, meaning)| *meaning);
        let input = || here.strip_prefix("business.").and_then(business::find).map_or("", |at| INPUTS[at].meaning);
        let meaning = if meaning.is_empty() { input() } else { meaning };
        let inner = Section { meaning, noun: "key", fields: Vec::new() };
        let new = if step.ends_with("[]") { Grammar::List(inner) } else { Grammar::Table(inner) };
        section.fields.push((name, new));
    }
    // The table whose keys are a catalogue's names is the one above the last table.
    if !noun.is_empty() && rest.split('.').count() == 1 {
        section.noun = noun;
    }
    let found = section.fields.iter_mut().find(|(known, _)| *known == name);
    if let Some((_, Grammar::Table(inner) | Grammar::List(inner))) = found {
        insert(inner, &here, rest, noun, leaf);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_parameter_and_every_key_has_its_place() {
        for parameter in registry() {
            let leaf = leaf(parameter.id).unwrap_or_else(|| panic!("{} has no place", parameter.id));
            assert_eq!(leaf.path, parameter.id);
            assert_eq!(leaf.parameter.map(|p| p.id), Some(parameter.id));
        }
        for key in KEYS {
            for (path, _) in expansions(key.path) {
                assert!(leaf(path).is_some(), "{path} has no place");
            }
        }
    }

    #[test]
    fn no_place_is_taken_twice() {
        let mut seen = BTreeSet::new();
        for leaf in leaves() {
            assert!(seen.insert(&leaf.path), "{} is declared twice", leaf.path);
        }
    }

    #[test]
    fn tables_of_a_catalogue_know_what_their_keys_are() {
        let noun = |path: &str| match at(path) {
            Some(Grammar::Table(section) | Grammar::List(section)) => section.noun,
            _ => "",
        };
        assert_eq!(noun("population.traits"), "trait");
        assert_eq!(noun("arm[].training"), "treatment");
        assert_eq!(noun("measurement.instruments"), "outcome");
        assert_eq!(noun("arm[]"), "key");
        assert_eq!(noun("organization"), "key");
    }

    #[test]
    fn every_section_that_is_described_exists() {
        for (path, _) in SECTIONS {
            // The theory's inner groups come with the mechanisms that read them.
            if *path != "theory" {
                assert!(at(path).is_some(), "{path}");
            }
        }
    }
}
