//! What is known of a topic, as facts with a label: shown as text or handed out as JSON.

use serde_json::{Map, Value, json};

use super::screen::{Ink, Screen, counted, number};
use super::topics::Topic;
use super::words::{absent, finite, heading, place, range, shape, signed, trait_id, unit};
use crate::model::outcomes::{OUTCOMES, Outcome, Source};
use crate::model::parameters::{Parameter, find};
use crate::model::person::Trait;
use crate::report::words::fades;
use crate::scenario::choices::{CHOICES, Choice};
use crate::scenario::grammar::{Grammar, Leaf, Section};
use crate::scenario::keys::{Absent, KEYS, Key, placeholder};
use crate::study::business::{self, INPUTS, Input};
use crate::study::treatment::{CATALOGUE, Kind};

/// One thing that is known of a topic.
pub(super) struct Fact {
    label: &'static str,
    /// One paragraph each.
    text: Vec<String>,
    value: Value,
}

impl Fact {
    fn new(label: &'static str, text: impl Into<String>, value: impl Into<Value>) -> Self {
        Self { label, text: vec![text.into()], value: value.into() }
    }

    fn words(label: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { label, value: text.clone().into(), text: vec![text] }
    }

    /// A list of things with what there is to say of each.
    fn list(label: &'static str, all: Vec<(String, String)>) -> Self {
        let value = all.iter().map(|(name, text)| (name.clone(), Value::from(text.clone()))).collect::<Map<_, _>>();
        let text = all.into_iter().map(|(name, text)| format!("{name}: {text}")).collect();
        Self { label, text, value: value.into() }
    }
}

/// A topic as text: its name and kind, its meaning, and the facts beside their labels.
pub(super) fn show(topic: &Topic, screen: &mut Screen) {
    let name = match topic {
        Topic::Section(path, _) => heading(path),
        topic => topic.id().to_owned(),
    };
    screen.line(0, &[(Ink::Strong, &name), (Ink::Faint, &format!("   {}", kind(topic)))]);
    screen.paragraph(2, topic.meaning());
    screen.gap();
    let facts = facts(topic);
    let column = facts.iter().map(|fact| fact.label.chars().count()).max().unwrap_or(0);
    for fact in &facts {
        let mut label = fact.label;
        for paragraph in &fact.text {
            screen.entry(2, label, column, Ink::Faint, paragraph);
            label = "";
        }
    }
    if let Topic::Section(path, section) = topic {
        fields(path, section, screen);
    }
}

/// A topic as JSON.
pub(super) fn json(topic: &Topic) -> Value {
    let mut object = Map::new();
    for (key, value) in [("id", topic.id()), ("kind", topic.kind()), ("meaning", topic.meaning())] {
        object.insert(key.to_owned(), value.into());
    }
    for fact in facts(topic) {
        object.insert(fact.label.replace(' ', "_"), fact.value);
    }
    if let Topic::Section(_, section) = topic {
        object.insert("keys".to_owned(), section.names().map(Value::from).collect());
    }
    object.into()
}

/// What it is, with its level in Figure 1.
fn kind(topic: &Topic) -> String {
    match topic {
        Topic::Parameter(parameter) => format!("{} ({} level)", topic.kind(), parameter.level),
        Topic::Factor(id) => match find(&format!("risk.{id}.exposure")) {
            Some(knob) => format!("{} ({} level)", topic.kind(), knob.level),
            None => topic.kind().to_owned(),
        },
        _ => topic.kind().to_owned(),
    }
}

fn facts(topic: &Topic) -> Vec<Fact> {
    match topic {
        Topic::Parameter(parameter) => of_parameter(parameter),
        Topic::Outcome(outcome) => of_outcome(outcome),
        Topic::Trait(id, which) => of_trait(id, *which),
        Topic::Factor(id) => of_factor(id),
        Topic::Treatment(kind) => of_treatment(kind),
        Topic::Estimator(estimator) => {
            let equations = estimator.equation.split("; ").map(str::to_owned).collect();
            vec![
                Fact::words("name", estimator.name),
                Fact { label: "equation", text: equations, value: estimator.equation.into() },
                Fact::words("assumptions", estimator.assumptions),
                Fact::words("source", estimator.source),
                Fact::words("in a scenario", format!("`estimator = \"{}\"` in a [[hypothesis]]", estimator.id)),
            ]
        }
        Topic::Count(..) => vec![Fact::words("counted", "over the persons of an arm, from the first week to the last")],
        Topic::Key(key) => of_key(key),
        Topic::Choice(_, choice) => {
            let (table, key) = choice.key.rsplit_once('.').unwrap_or(("", choice.key));
            vec![
                Fact::words("key", format!("{}; `peerlab explain {}`", choice.key, choice.key.replace("[]", ""))),
                Fact::words("in a scenario", format!("`{key} = \"{}\"` in {}", choice.value, heading(table))),
            ]
        }
        Topic::Section(path, _) => {
            let input = path.strip_prefix("business.").and_then(business::find).map(|at| &INPUTS[at]);
            input.map_or_else(Vec::new, of_input)
        }
        Topic::Table(table) => {
            let columns = table.columns.iter().map(|column| (column.name.clone(), column.description.clone()));
            vec![
                Fact::words("one row per", table.grain.clone()),
                Fact::words("file", format!("tables/{}.parquet", table.name)),
                Fact::list("columns", columns.collect()),
            ]
        }
        Topic::Column(path, column) => {
            let table = path.split('.').next().unwrap_or_default();
            vec![
                Fact::words("unit", column.unit.clone()),
                Fact::words("table", format!("tables/{table}.parquet; `peerlab explain {table}` lists its columns")),
            ]
        }
    }
}

/// An input of a business case.
fn of_input(input: &Input) -> Vec<Fact> {
    let default = match input.default {
        Some([low, likely, high]) => format!("{} to {}, likely {}", number(low), number(high), number(likely)),
        None => "none: a scenario states it".to_owned(),
    };
    vec![
        Fact::words("unit", input.unit),
        Fact::new("range", range(input.bounds.0, input.bounds.1), json!([input.bounds.0, input.bounds.1])),
        Fact::new("default", default, json!(input.default)),
        Fact::words("source", input.source),
    ]
}

fn of_parameter(parameter: &Parameter) -> Vec<Fact> {
    let (table, key) = parameter.id.rsplit_once('.').unwrap_or(("", parameter.id));
    let mut set = format!("`{key} = ...` in [{table}], or `--set {}=...`", parameter.id);
    if parameter.id.starts_with("program.") {
        set.push_str("; an arm may differ");
    } else if parameter.id.starts_with("organization.") {
        set.push_str("; an arm may differ where organizations are assigned");
    }
    let mut facts = vec![
        Fact::words("unit", parameter.unit),
        Fact::new("range", range(parameter.low, parameter.high), json!([parameter.low, parameter.high])),
        Fact::new("default", number(parameter.default), parameter.default),
        Fact::words("prior", parameter.prior.to_string()),
        Fact::words("source", parameter.source),
        Fact::words("in a scenario", set),
    ];
    if parameter.id.starts_with("mechanism.") {
        facts.insert(0, Fact::words("switch", "1 on, 0 off"));
    }
    if parameter.id.starts_with("coupling.") {
        facts.insert(0, Fact::words("gain", "1 is the theory as stated, 0 cuts the arrow, 2 doubles it"));
    }
    if let Some(factor) = parameter.id.strip_prefix("risk.").and_then(|rest| rest.split('.').next()) {
        facts.push(Fact::words("see also", format!("`peerlab explain {factor}`")));
    }
    facts
}

fn of_outcome(outcome: &Outcome) -> Vec<Fact> {
    let (low, high) = outcome.range;
    let (mean, sd) = outcome.reference;
    let measured = match outcome.source {
        Source::Questionnaire => format!("by questionnaire; [measurement.instruments.{}] says how", outcome.id),
        Source::Diary => "by a diary of the sessions, exact, of those who hand it in".to_owned(),
        Source::Observer => {
            "by a participant observer, who misses some; [measurement.observer] says how many".to_owned()
        }
        Source::Records => "from records, exact, of everyone".to_owned(),
    };
    let liked = match outcome.desirable {
        d if d > 0.0 => "high",
        d if d < 0.0 => "low",
        _ => "either way",
    };
    vec![
        Fact::words("unit", outcome.unit),
        Fact::new("range", range(low, high), json!([finite(low), finite(high)])),
        Fact::new(
            "reference",
            format!("mean {}, SD {} in the neutral population", number(mean), number(sd)),
            json!({ "mean": mean, "sd": sd }),
        ),
        Fact::words("measured", measured),
        Fact::new("people like to be seen", liked, outcome.desirable),
        Fact::words("in a scenario", format!("`outcome = \"{}\"` in a [[hypothesis]]", outcome.id)),
    ]
}

fn of_trait(id: &str, which: Trait) -> Vec<Fact> {
    let movers: Vec<(String, String)> = CATALOGUE
        .iter()
        .flat_map(|kind| kind.moves().iter().map(move |(moved, multiple)| (kind, *moved, *multiple)))
        .filter(|(_, moved, _)| *moved == which)
        .map(|(kind, _, multiple)| {
            (kind.id.to_owned(), format!("{} {} per unit of dose", signed(multiple), unit(which)))
        })
        .collect();
    let mut facts = vec![Fact::words("unit", "SD of the reference population, whose mean is 0")];
    if !movers.is_empty() {
        facts.push(Fact::list("moved by", movers));
    }
    facts.push(Fact::words("in a scenario", format!("`{id} = {{ mean = 0.2, sd = 1 }}` in [population.traits]")));
    facts
}

/// The parameters through which each risk factor of Table 1 acts.
const THROUGH: [(&str, &[&str]); 16] = [
    ("lack_of_relevant_experience", &["theory.risk.expertise"]),
    ("inadequate_skills", &["theory.risk.skills"]),
    ("lack_of_self_awareness", &["theory.risk.awareness", "theory.risk.self_view"]),
    ("oppositional_mind_set", &["theory.risk.schema", "theory.risk.mind_set"]),
    ("unrealistic_expectations", &["theory.risk.expectation", "theory.risk.self_direction"]),
    ("lack_of_motivation", &["theory.risk.motivation"]),
    ("lack_of_relational_competence", &["theory.risk.role_agility"]),
    ("overdependence", &["theory.risk.gap"]),
    ("bad_intentions", &["theory.risk.intent"]),
    ("betrayal_or_regret", &["theory.breach.exposed"]),
    ("competitive_culture", &["theory.risk.competition", "theory.risk.development_value"]),
    ("climate_of_mistrust", &["theory.risk.climate"]),
    ("unsupportive_practices", &["theory.risk.collaboration", "theory.risk.structure"]),
    ("limited_cultural_toolkit", &["theory.risk.toolkit"]),
    ("inappropriate_incentives", &["theory.risk.incentives"]),
    ("mismatching", &["theory.risk.matching"]),
];

fn of_factor(id: &str) -> Vec<Fact> {
    let knobs: Vec<&Parameter> =
        ["exposure", "prevalence", "visibility_self", "visibility_peer", "visibility_third_party", "severity"]
            .iter()
            .filter_map(|knob| find(&format!("risk.{id}.{knob}")))
            .collect();
    let named = |knob: &Parameter| knob.id.rsplit('.').next().unwrap_or_default().to_owned();
    let meaning = |knob: &Parameter| knob.meaning.rsplit_once(": ").map_or(knob.meaning, |(_, words)| words);
    let lines = knobs
        .iter()
        .map(|knob| {
            let words = meaning(knob).trim_end_matches('.');
            format!("{}: {words} ({}, default {})", named(knob), range(knob.low, knob.high), number(knob.default))
        })
        .collect();
    let value = knobs.iter().map(|knob| (named(knob), json(&Topic::Parameter(knob)))).collect::<Map<_, _>>();
    let mut facts = vec![Fact { label: "knobs", text: lines, value: value.into() }];
    let through = THROUGH.iter().find(|(known, _)| *known == id).map_or(&[][..], |(_, through)| through);
    let acts = through
        .iter()
        .filter_map(|id| find(id))
        .map(|p| {
            let words = p.meaning.trim_end_matches('.');
            (p.id.to_owned(), format!("{words} ({} {}).", number(p.default), p.unit))
        })
        .collect();
    facts.push(Fact::list("acts through", acts));
    if let Some(knob) = knobs.first() {
        facts.push(Fact::words("source", knob.source));
    }
    facts.push(Fact::words(
        "in a scenario",
        format!("`{id}.exposure = 0.5` in [risk], or `--set risk.{id}.exposure=0.5`"),
    ));
    facts
}

fn of_treatment(kind: &Kind) -> Vec<Fact> {
    let mut moves: Vec<(String, String)> = kind
        .moves()
        .iter()
        .map(|(which, multiple)| {
            (trait_id(*which).to_owned(), format!("{} {} per unit of dose", signed(*multiple), unit(*which)))
        })
        .collect();
    moves.extend(kind.touches().iter().map(|(state, how)| ((*state).to_owned(), (*how).to_owned())));
    let key = |tail: &str| {
        let mine = |key: &&Key| {
            let names = key.path.strip_prefix("arm[].{").and_then(|rest| rest.strip_suffix(&format!("}}.{tail}")));
            names.and_then(placeholder).is_some_and(|names| (names.all)().contains(&kind.id))
        };
        KEYS.iter().find(mine)
    };
    let mut facts = vec![Fact::list("moves", moves)];
    let labels = if fades(kind) { &["dose", "decay"][..] } else { &["dose"] };
    for label in labels {
        if let Some(key) = key(label) {
            facts.push(Fact::words(
                label,
                format!("{} In {}, {}; {}.", key.meaning, key.unit, shape(key), absent(key.absent)),
            ));
        }
    }
    facts.push(Fact::words("source", kind.source));
    facts.push(Fact::words("in a scenario", format!("`{} = {{ dose = 0.8 }}` in an [[arm]]", kind.id)));
    facts
}

fn of_key(key: &Key) -> Vec<Fact> {
    // An arm's own program takes what the study's takes.
    let path = key.path.trim_start_matches("arm[].program.");
    let of_key = |choice: &&Choice| choice.key == key.path || choice.key.strip_prefix("program.") == Some(path);
    let values = CHOICES.iter().filter(of_key).map(|choice| (choice.value.to_owned(), choice.meaning.to_owned()));
    let values: Vec<_> = values.collect();
    let value = if values.is_empty() { Fact::words("value", shape(key)) } else { Fact::list("one of", values) };
    let mut facts = vec![value];
    if !key.unit.is_empty() {
        facts.push(Fact::words("unit", key.unit));
    }
    let default = match key.absent {
        Absent::Number(value) => value.into(),
        Absent::Flag(flag) => flag.into(),
        Absent::Word(word) => word.into(),
        Absent::Required => Value::Null,
        Absent::Derived(words) => words.into(),
    };
    facts.push(match key.absent {
        Absent::Required => Fact::new("default", "none: it has to be given", default),
        other => Fact::new("default", absent(other).trim_start_matches("default ").to_owned(), default),
    });
    if let Some(name) = key.path.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name) {
        let names = placeholder(name).map(|names| (names.all)()).unwrap_or_default();
        facts.push(Fact::words("names", format!("{{{name}}} is one of {}", names.join(", "))));
    }
    facts.push(Fact::words("in a scenario", place(key.path)));
    facts
}

/// The keys of a section, each with its meaning and default.
fn fields(path: &str, section: &Section, screen: &mut Screen) {
    let line = |leaf: &Leaf| {
        let unit = if leaf.unit.is_empty() { String::new() } else { format!("{}, ", leaf.unit) };
        format!("{} ({unit}{})", leaf.meaning, absent(leaf.absent))
    };
    let mut values = Vec::new();
    let mut tables = Vec::new();
    for (name, inner) in &section.fields {
        match inner {
            Grammar::Leaf(leaf) => values.push(((*name).to_owned(), line(leaf))),
            Grammar::Table(inner) | Grammar::List(inner) => {
                let words = match (inner.meaning, inner.fields.len()) {
                    _ if path == "risk" => Topic::Factor(name).meaning().to_owned(),
                    _ if section.noun == "outcome" => outcome_meaning(name),
                    ("", _) if inner.noun == "treatment" => {
                        let names: Vec<&str> = inner.names().collect();
                        format!("Treatments: {}.", names.join(", "))
                    }
                    ("", count) => format!("{}; `peerlab explain {path}.{name}`", counted(count, "key")),
                    (meaning, _) => meaning.to_owned(),
                };
                tables.push(((*name).to_owned(), words));
            }
        }
    }
    screen.entries(2, 24, Ink::Strong, &values);
    if !values.is_empty() && !tables.is_empty() {
        screen.gap();
    }
    screen.entries(2, 30, Ink::Strong, &tables);
}

fn outcome_meaning(id: &str) -> String {
    OUTCOMES.iter().find(|outcome| outcome.id == id).map_or("", |outcome| outcome.meaning).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::registry;
    use crate::model::risk::FACTORS;

    /// Every size in the theory of risk belongs to exactly one factor, and every factor acts through something.
    #[test]
    fn factors_act_through_what_the_theory_has() {
        let through: Vec<&str> = THROUGH.iter().flat_map(|(_, through)| through.iter().copied()).collect();
        for parameter in registry().filter(|parameter| parameter.id.starts_with("theory.risk.")) {
            assert_eq!(through.iter().filter(|id| **id == parameter.id).count(), 1, "{}", parameter.id);
        }
        assert!(through.iter().all(|id| find(id).is_some()));
        assert!(THROUGH.iter().map(|(id, _)| id).eq(FACTORS));
    }
}
