//! Everything that `peerlab explain` knows, and how a name finds it.

use std::sync::OnceLock;

use crate::inquiry::compare::table as compare;
use crate::inquiry::power::table as power;
use crate::inquiry::strategy_table::strategies;
use crate::inquiry::table::diagnosis;
use crate::model::outcomes::{OUTCOMES, Outcome};
use crate::model::parameters::{Parameter, registry};
use crate::model::person::{TRAITS, Trait};
use crate::model::risk::FACTORS;
use crate::monte_carlo::tables::catalogue;
use crate::results::{Column, Table};
use crate::scenario::choices::{CHOICES, Choice};
use crate::scenario::grammar::{Grammar, Section, grammar};
use crate::scenario::keys::{KEYS, Key, SECTIONS, placeholder};
use crate::study::estimators::{self, Estimator};
use crate::study::observation::COUNTS;
use crate::study::treatment::{self, Kind};

/// One thing that has a name.
#[derive(Clone, Debug)]
pub(super) enum Topic {
    Outcome(&'static Outcome),
    Trait(&'static str, Trait),
    Factor(&'static str),
    Treatment(&'static Kind),
    Estimator(&'static Estimator),
    Count(&'static str, &'static str),
    Parameter(&'static Parameter),
    Key(&'static Key),
    /// A value of a key that takes one of a few names.
    Choice(String, &'static Choice),
    Section(String, &'static Section),
    Table(&'static Table),
    /// With its name in full: the table's, a point, its own.
    Column(String, &'static Column),
}

/// Every topic, in the order in which `explain` lists them.
pub(super) fn all() -> Vec<Topic> {
    let mut all: Vec<Topic> = OUTCOMES.iter().map(Topic::Outcome).collect();
    all.extend(TRAITS.iter().map(|(id, which)| Topic::Trait(id, *which)));
    all.extend(FACTORS.iter().map(|id| Topic::Factor(id)));
    all.extend(treatment::CATALOGUE.iter().map(Topic::Treatment));
    all.extend(estimators::catalogue().iter().map(Topic::Estimator));
    all.extend(COUNTS.iter().map(|(id, meaning)| Topic::Count(id, meaning)));
    all.extend(registry().map(Topic::Parameter));
    all.extend(KEYS.iter().map(Topic::Key));
    all.extend(CHOICES.iter().map(|choice| Topic::Choice(format!("{}.{}", choice.key, choice.value), choice)));
    sections(grammar(), "", &mut all);
    all.extend(tables().iter().map(Topic::Table));
    all.extend(tables().iter().flat_map(|table| {
        table.columns.iter().map(move |column| Topic::Column(format!("{}.{}", table.name, column.name), column))
    }));
    all
}

/// The tables of a run.
fn tables() -> &'static [Table] {
    static ALL: OnceLock<Vec<Table>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = catalogue();
        all.insert(1, diagnosis());
        all.insert(2, strategies());
        all.extend([compare::compared(), compare::utilities(), compare::inputs()]);
        all.extend([power::power(), power::power_curve(), power::power_replications()]);
        all
    })
}

/// The sections of a scenario; not those that stand for a risk factor or for a name of a catalogue.
fn sections(section: &'static Section, above: &str, all: &mut Vec<Topic>) {
    for (name, inner) in &section.fields {
        let (inner, brackets) = match inner {
            Grammar::Table(inner) => (inner, ""),
            Grammar::List(inner) => (inner, "[]"),
            Grammar::Leaf(_) => continue,
        };
        let path = if above.is_empty() { format!("{name}{brackets}") } else { format!("{above}.{name}{brackets}") };
        let named = inner.noun == "treatment" || above.rsplit('.').next() == Some("risk");
        if !named {
            all.push(Topic::Section(path.clone(), inner));
        }
        if inner.noun == "key" {
            sections(inner, &path, all);
        }
    }
}

impl Topic {
    /// Its name.
    pub fn id(&self) -> &str {
        match self {
            Topic::Outcome(outcome) => outcome.id,
            Topic::Trait(id, _) | Topic::Factor(id) | Topic::Count(id, _) => id,
            Topic::Treatment(kind) => kind.id,
            Topic::Estimator(estimator) => estimator.id,
            Topic::Parameter(parameter) => parameter.id,
            Topic::Key(key) => key.path,
            Topic::Section(path, _) | Topic::Column(path, _) | Topic::Choice(path, _) => path,
            Topic::Table(table) => table.name,
        }
    }

    /// What it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Topic::Outcome(_) => "outcome",
            Topic::Trait(..) => "trait",
            Topic::Factor(_) => "risk factor",
            Topic::Treatment(_) => "treatment",
            Topic::Estimator(_) => "estimator",
            Topic::Count(..) => "counted event",
            Topic::Parameter(parameter) => match parameter.id.split('.').next() {
                Some("coupling") => "coupling",
                Some("mechanism") => "mechanism",
                Some("risk") => "knob of a risk factor",
                _ => "parameter",
            },
            Topic::Key(_) => "scenario key",
            Topic::Choice(..) => "value of a key",
            Topic::Section(..) => "section of a scenario",
            Topic::Table(_) => "table of a run",
            Topic::Column(..) => "column of a table",
        }
    }

    /// What it means.
    pub fn meaning(&self) -> &'static str {
        match self {
            Topic::Outcome(outcome) => outcome.meaning,
            Topic::Trait(_, which) => trait_meaning(*which),
            Topic::Factor(id) => factor_meaning(id),
            Topic::Treatment(kind) => kind.meaning,
            Topic::Estimator(estimator) => estimator.meaning,
            Topic::Count(_, meaning) => meaning,
            Topic::Parameter(parameter) => parameter.meaning,
            Topic::Key(key) => key.meaning,
            Topic::Choice(_, choice) => choice.meaning,
            Topic::Section(path, section) if section.meaning.is_empty() => above(path),
            Topic::Section(_, section) => section.meaning,
            Topic::Table(table) => table_meaning(table.name),
            Topic::Column(_, column) => &column.description,
        }
    }

    /// Every name it answers to in full, without the brackets of lists.
    fn names(&self) -> Vec<String> {
        match self {
            Topic::Factor(id) => vec![(*id).to_owned(), format!("risk.{id}")],
            Topic::Trait(id, _) => vec![(*id).to_owned(), format!("population.traits.{id}")],
            Topic::Outcome(outcome) => vec![outcome.id.to_owned(), format!("measurement.instruments.{}", outcome.id)],
            Topic::Treatment(kind) => vec![kind.id.to_owned(), format!("arm.{}", kind.id)],
            Topic::Parameter(parameter) => {
                let mut names = vec![parameter.id.to_owned()];
                // What an arm may change for its own members.
                if parameter.id.starts_with("program.") || parameter.id.starts_with("organization.") {
                    names.push(format!("arm.{}", parameter.id));
                }
                names
            }
            Topic::Key(key) => {
                let path = key.path.replace("[]", "");
                let mut names = vec![path.clone()];
                if let Some((before, (name, after))) =
                    path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
                {
                    let known = placeholder(name).map(|names| (names.all)()).unwrap_or_default();
                    names.extend(known.into_iter().map(|name| format!("{before}{name}{after}")));
                }
                names
            }
            topic => vec![topic.id().replace("[]", "")],
        }
    }
}

/// What a name stands for.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Topics of exactly this name, or the only one whose name ends so.
    pub meant: Vec<Topic>,
    /// Other topics whose names end so.
    pub also: Vec<Topic>,
}

/// Finds what has this name in full, else what has it at its end.
pub(super) fn find(written: &str) -> Found {
    let wanted = normal(written);
    if wanted.is_empty() {
        return Found::default();
    }
    let tail = format!(".{wanted}");
    // Values and estimators are named in several words, of which any will do where nothing is called so.
    let has_word = |topic: &Topic| {
        matches!(topic, Topic::Choice(..) | Topic::Estimator(_))
            && normal(topic.id()).split(['_', '.']).any(|word| word == wanted)
    };
    let mut words = Vec::new();
    let (mut exact, mut ends) = (Vec::new(), Vec::new());
    for topic in all() {
        let names: Vec<String> = topic.names().iter().map(|name| normal(name)).collect();
        if names.contains(&wanted) {
            exact.push(topic);
        } else if names.iter().any(|name| name.ends_with(&tail)) {
            ends.push(topic);
        } else if has_word(&topic) {
            words.push(topic);
        }
    }
    if exact.is_empty() && ends.is_empty() {
        ends = words;
    }
    // A column is meant where nothing of the theory or of a scenario has this name.
    let is_column = |topic: &Topic| matches!(topic, Topic::Column(..));
    if !exact.is_empty() || ends.iter().any(|topic| !is_column(topic)) {
        ends.retain(|topic| !is_column(topic));
    }
    if exact.is_empty() && ends.len() == 1 {
        std::mem::swap(&mut exact, &mut ends);
    }
    Found { meant: exact, also: ends }
}

/// Names that are near to what was written: whole names first, then their last parts.
pub(super) fn near(written: &str) -> Option<String> {
    let names: Vec<String> = all().iter().flat_map(Topic::names).collect();
    let tails = names.iter().filter_map(|name| name.rsplit('.').next());
    let wanted = normal(written);
    crate::scenario::nearest(&wanted, names.iter().map(String::as_str))
        .or_else(|| crate::scenario::nearest(&wanted, tails))
        .map(str::to_owned)
}

/// Whether two names are the same but for how they are written.
pub(super) fn same(one: &str, other: &str) -> bool {
    normal(one) == normal(other)
}

/// Case, hyphens, spaces and brackets do not count.
fn normal(name: &str) -> String {
    name.trim()
        .chars()
        .filter(|c| !matches!(c, '[' | ']'))
        .map(|c| if matches!(c, '-' | ' ') { '_' } else { c.to_ascii_lowercase() })
        .collect()
}

/// The meaning of the section around one that has none of its own.
fn above(path: &str) -> &'static str {
    let top = path.split(['.', '[']).next().unwrap_or_default();
    SECTIONS.iter().find(|(known, _)| *known == top).map_or("", |(_, meaning)| meaning)
}

/// A risk factor in the words of Table 1: what its knobs' meanings begin with.
fn factor_meaning(id: &str) -> &'static str {
    let exposure = crate::model::parameters::find(&format!("risk.{id}.exposure"));
    exposure.and_then(|knob| knob.meaning.split_once(" Exposure:")).map_or("", |(meaning, _)| meaning)
}

/// What a table is for.
fn table_meaning(name: &str) -> &'static str {
    match name {
        "estimates" => "What every replication found, beside what is true.",
        "diagnosis" => "How well each estimator answers each hypothesis.",
        "strategies" => "Each hypothesis' analyses beside each other, on the same replications.",
        "instruments" => "What a researcher would report of each instrument: answers, alpha, retest.",
        "replications" => "How people fared at the end, in every world, and how often what happened.",
        "organizations" => "The organizations at every wave.",
        "trajectories" => "The course of trust and learning: what the figures over time are drawn from.",
        "individuals" => "Who the persons are, and their true states before and after.",
        "dyads" => "The pairs at the end.",
        "waves" => {
            "What every person answered at every wave, beside what is true; a column for each instrument of the study."
        }
        "weeks" => "The pairs in every week.",
        "episodes" => "Every coaching turn.",
        "compared" => "Of `peerlab compare`: each measure of each scenario, and how far it is from the first one's.",
        "utilities" => "Of `peerlab compare`: what each replication costs and brings in money.",
        "inputs" => {
            "Of `peerlab compare`: where each input of the business case breaks even, and what it does to the result."
        }
        "power" => "Of `peerlab power`: the sizes that were simulated.",
        "power_curve" => "Of `peerlab power`: power along the range, with its band.",
        "power_replications" => "Of `peerlab power`: what every replication of every size found.",
        _ => "A table of a run.",
    }
}

fn trait_meaning(which: Trait) -> &'static str {
    match which {
        Trait::Listening => "Skill of active listening.",
        Trait::Disclosure => "Skill of self-disclosure.",
        Trait::Feedback => "Skill of giving and receiving feedback.",
        Trait::Empathy => "Empathy.",
        Trait::SelfAwareness => "How well the person sees own strengths, deficits and impact.",
        Trait::MindSet => "From a performance mind-set (low) to a growth mind-set (high).",
        Trait::Schema => "Relational schema: from opposition to learning with others (low) to seeking help (high).",
        Trait::Motivation => "Motivation to learn and to help.",
        Trait::Worldview => "From mutuality (low) to 'survival of the fittest' (high).",
        Trait::Dominance => "Dominance in a pair.",
        Trait::SelfEsteem => "Self-esteem.",
        Trait::RoleAgility => "Ease of moving between learner and facilitator.",
        Trait::SelfDirection => "Seeing the own career as own responsibility.",
        Trait::Expectation => "Benefit that the person expects of the next turn.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(name: &str) -> Vec<&'static str> {
        find(name).meant.iter().map(Topic::kind).collect()
    }

    #[test]
    fn names_are_found_in_full_and_by_their_ends() {
        assert_eq!(kinds("organization.competition"), ["parameter"]);
        assert_eq!(kinds("arm[].organization.competition"), ["parameter"]);
        assert_eq!(kinds("Active-Listening"), ["treatment"]);
        assert_eq!(kinds("finite_needs"), ["mechanism"]);
        assert_eq!(kinds("arm.share"), ["scenario key"]);
        assert_eq!(kinds("population.traits.mind_set.sd"), ["scenario key"]);
        assert_eq!(kinds("[[arm]]"), ["section of a scenario"]);
        assert_eq!(kinds("listening"), ["outcome", "trait"]);
        let competition = find("competition");
        assert!(competition.meant.is_empty() && competition.also.len() > 2);
        assert!(find("").meant.is_empty() && find(" . ").also.is_empty());
    }

    #[test]
    fn every_topic_is_found_by_its_id_and_has_a_meaning() {
        for topic in all() {
            let found = find(topic.id()).meant;
            assert!(
                found.iter().any(|other| other.id() == topic.id() && other.kind() == topic.kind()),
                "{}",
                topic.id()
            );
            assert!(!topic.meaning().is_empty(), "{}", topic.id());
        }
    }

    #[test]
    fn slips_are_forgiven() {
        assert_eq!(near("competiton").as_deref(), Some("competition"));
        assert_eq!(near("ancova_cr22").as_deref(), Some("ancova_cr2"));
        assert_eq!(near("xyzzy"), None);
    }
}
