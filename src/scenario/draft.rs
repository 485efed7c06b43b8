//! The values of a scenario as they were written, each with its place, before anything is concluded from several.

use super::grammar;
use super::keys::Absent;
use super::problem::Spot;
use super::tree::{Node, Table, Value};
use crate::model::outcomes::OUTCOMES;
use crate::model::parameters::{Parameter, Parameters, registry};
use crate::model::person::TRAITS;
use crate::study::declaration::{Allocation, Expect, Kind, Matching, Score, TraitShift, Unit};
use crate::study::treatment::CATALOGUE;

/// A value with its place. No value and a place: it was refused. No value and no place: it is absent and has no default.
#[derive(Clone, Debug)]
pub(crate) struct Given<T> {
    pub value: Option<T>,
    pub at: Option<Spot>,
}

impl<T> Given<T> {
    /// Whether it was written and refused.
    pub fn is_bad(&self) -> bool {
        self.value.is_none() && self.at.is_some()
    }
}

/// The name of an arm in a contrast, with its place.
pub(crate) type ArmName = (String, Spot);

#[derive(Debug)]
pub(crate) struct Draft {
    pub id: Given<String>,
    pub title: Given<String>,
    pub question: Given<String>,
    pub origin: Given<String>,
    pub parameters: Parameters,
    pub dyads: Given<usize>,
    pub traits: Vec<TraitShift>,
    pub organizations: Given<usize>,
    pub kind: Given<Kind>,
    pub weeks: Given<usize>,
    pub follow_up_weeks: Given<usize>,
    pub matching: Given<Matching>,
    pub unit: Given<Unit>,
    pub allocation: Given<Allocation>,
    /// Whether every arm could be read as a table.
    pub arms_whole: bool,
    pub arms_at: Option<Spot>,
    pub arms: Vec<ArmDraft>,
    pub waves: Given<Vec<(usize, Spot)>>,
    pub attrition: Given<f64>,
    pub instrument: InstrumentDraft,
    pub instruments: Vec<(&'static str, InstrumentDraft)>,
    pub hypotheses: Vec<HypothesisDraft>,
    pub replications: Given<usize>,
    pub seed: Given<u64>,
}

#[derive(Debug)]
pub(crate) struct ArmDraft {
    pub at: Spot,
    pub name: Given<String>,
    pub control: Given<bool>,
    pub share: Given<f64>,
    pub treatments: Vec<(&'static str, Given<f64>, Given<f64>)>,
    pub kind: Given<Kind>,
    pub matching: Given<Matching>,
    /// Parameters that this arm changes, with the place of each.
    pub changes: Vec<(&'static Parameter, f64, Spot)>,
}

#[derive(Clone, Debug)]
pub(crate) struct InstrumentDraft {
    pub items: Given<usize>,
    pub scale_points: Given<usize>,
    pub reliability: Given<f64>,
    pub rater_bias: Given<f64>,
    pub social_desirability: Given<f64>,
    pub non_response: Given<f64>,
}

#[derive(Debug)]
pub(crate) struct HypothesisDraft {
    pub at: Spot,
    pub id: Given<String>,
    pub statement: Given<String>,
    pub outcome: Given<&'static str>,
    pub week: Given<usize>,
    pub score: Given<Score>,
    pub contrast: Given<[ArmName; 2]>,
    pub expect: Given<Expect>,
    pub estimators: Given<Vec<&'static str>>,
    pub covariates: Given<Vec<&'static str>>,
    pub smallest_effect_of_interest: Given<f64>,
    pub implied_by_theory: Given<bool>,
}

/// Reads the values out of a tree that has been walked.
pub(crate) fn read(root: &Table) -> Draft {
    let top = Reader {
        table: Some(root),
        path: String::new(),
        refused: None,
    };
    let mut parameters = Parameters::default();
    for (parameter, value, _) in changes(&top, |_| true) {
        // Its bounds were checked on the walk.
        let _ = parameters.set(parameter.id, value);
    }
    let (population, program) = (top.inner("population"), top.inner("program"));
    let (design, measurement) = (top.inner("design"), top.inner("measurement"));
    let monte_carlo = top.inner("monte_carlo");
    let (arms, arms_whole) = top.elements("arm");
    let (hypotheses, _) = top.elements("hypothesis");
    Draft {
        id: top.text("id"),
        title: top.text("title"),
        question: top.text("question"),
        origin: top.text("source"),
        parameters,
        dyads: population.whole("dyads"),
        traits: traits(&population.inner("traits")),
        organizations: top.inner("organization").whole("count"),
        kind: program.choice("kind", Kind::NAMES),
        weeks: program.whole("weeks"),
        follow_up_weeks: program.whole("follow_up_weeks"),
        matching: program.choice("matching", Matching::NAMES),
        unit: design.choice("unit", Unit::NAMES),
        allocation: design.choice("allocation", Allocation::NAMES),
        arms_whole,
        arms_at: root.get("arm").map(Node::key_spot),
        arms: arms.iter().map(|(arm, at)| read_arm(arm, at)).collect(),
        waves: measurement.take("waves", |node| {
            node.list()?
                .iter()
                .map(|element| Some((as_whole(element)? as usize, element.spot())))
                .collect()
        }),
        attrition: measurement.number("attrition"),
        instrument: instrument(&measurement),
        instruments: instruments(&measurement.inner("instruments")),
        hypotheses: hypotheses
            .iter()
            .map(|(hypothesis, at)| read_hypothesis(hypothesis, at))
            .collect(),
        replications: monte_carlo.whole("replications"),
        seed: monte_carlo.take("seed", as_whole),
    }
}

fn read_arm(arm: &Reader<'_>, at: &Spot) -> ArmDraft {
    let program = arm.inner("program");
    ArmDraft {
        at: at.clone(),
        name: arm.text("name"),
        control: arm.flag("control"),
        share: arm.number("share"),
        treatments: CATALOGUE
            .iter()
            .filter_map(|kind| {
                let treatment = kind.id.split('.').try_fold(arm.clone(), |reader, step| {
                    let inner = reader.inner(step);
                    inner.exists().then_some(inner)
                })?;
                Some((kind.id, treatment.number("dose"), treatment.number("decay")))
            })
            .collect(),
        kind: program.choice("kind", Kind::NAMES),
        matching: program.choice("matching", Matching::NAMES),
        changes: changes(arm, |id| {
            id.starts_with("program.") || id.starts_with("organization.")
        }),
    }
}

fn read_hypothesis(reader: &Reader<'_>, at: &Spot) -> HypothesisDraft {
    HypothesisDraft {
        at: at.clone(),
        id: reader.text("id"),
        statement: reader.text("statement"),
        outcome: reader.take("outcome", |node| outcome(node.text()?)),
        week: reader.whole("week"),
        score: reader.choice("score", Score::NAMES),
        contrast: reader.take("contrast", |node| match node.list()? {
            [a, b] => Some([
                (a.text()?.to_owned(), a.spot()),
                (b.text()?.to_owned(), b.spot()),
            ]),
            _ => None,
        }),
        expect: reader.choice("expect", Expect::NAMES),
        estimators: reader.take("estimator", |node| names(node, estimator)),
        covariates: reader.take("covariates", |node| names(node, outcome)),
        smallest_effect_of_interest: reader.number("smallest_effect_of_interest"),
        implied_by_theory: reader.flag("implied_by_theory"),
    }
}

fn instrument(reader: &Reader<'_>) -> InstrumentDraft {
    InstrumentDraft {
        items: reader.whole("items"),
        scale_points: reader.whole("scale_points"),
        reliability: reader.number("reliability"),
        rater_bias: reader.number("rater_bias"),
        social_desirability: reader.number("social_desirability"),
        non_response: reader.number("non_response"),
    }
}

fn instruments(reader: &Reader<'_>) -> Vec<(&'static str, InstrumentDraft)> {
    OUTCOMES
        .iter()
        .map(|outcome| (outcome.id, reader.inner(outcome.id)))
        .filter(|(_, inner)| inner.exists())
        .map(|(id, inner)| (id, instrument(&inner)))
        .collect()
}

fn traits(reader: &Reader<'_>) -> Vec<TraitShift> {
    TRAITS
        .iter()
        .filter_map(|(name, state)| {
            let inner = reader.inner(name);
            let (mean, sd) = (inner.number("mean").value?, inner.number("sd").value?);
            // A shift to the reference population's own values is none.
            ((mean, sd) != (0.0, 1.0)).then_some(TraitShift {
                state: *state,
                mean,
                sd,
            })
        })
        .collect()
}

/// The parameters that stand in this table or the tables below it.
fn changes(
    reader: &Reader<'_>,
    which: impl Fn(&str) -> bool,
) -> Vec<(&'static Parameter, f64, Spot)> {
    registry()
        .filter(|parameter| which(parameter.id))
        .filter_map(|parameter| {
            let mut table = reader.table?;
            let (above, name) = parameter.id.rsplit_once('.')?;
            for step in above.split('.') {
                table = table.get(step)?.table()?;
            }
            let node = table.get(name).filter(|node| !node.bad)?;
            Some((parameter, as_number(node)?, node.key_spot()))
        })
        .collect()
}

/// Reads the values of one table.
#[derive(Clone)]
struct Reader<'a> {
    table: Option<&'a Table>,
    /// Its path in the grammar.
    path: String,
    /// Where it stands, if it stands there as something else than a table.
    refused: Option<Spot>,
}

impl<'a> Reader<'a> {
    fn exists(&self) -> bool {
        self.table.is_some() || self.refused.is_some()
    }

    fn below(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    fn inner(&self, key: &str) -> Reader<'a> {
        let node = self.table.and_then(|table| table.get(key));
        let table = node.and_then(Node::table);
        Reader {
            table,
            path: self.below(key),
            refused: match (node, table) {
                (Some(node), None) => Some(node.spot()),
                _ => self.refused.clone(),
            },
        }
    }

    /// The tables of a list with their places, and whether all of its elements are tables.
    fn elements(&self, key: &str) -> (Vec<(Reader<'a>, Spot)>, bool) {
        let path = format!("{}[]", self.below(key));
        let Some(node) = self.table.and_then(|table| table.get(key)) else {
            return (Vec::new(), true);
        };
        let all = node.list().unwrap_or_default();
        let tables: Vec<_> = all
            .iter()
            .filter_map(|element| {
                let reader = Reader {
                    table: Some(element.table()?),
                    path: path.clone(),
                    refused: None,
                };
                Some((reader, element.key_spot()))
            })
            .collect();
        let whole = node.list().is_some() && tables.len() == all.len();
        (tables, whole)
    }

    fn absent(&self, key: &str) -> Option<Absent> {
        grammar::leaf(&self.below(key)).map(|leaf| leaf.absent)
    }

    fn take<T>(&self, key: &str, value: impl Fn(&'a Node) -> Option<T>) -> Given<T> {
        match self.table.and_then(|table| table.get(key)) {
            Some(node) => Given {
                value: (!node.bad).then(|| value(node)).flatten(),
                at: Some(node.spot()),
            },
            None => Given {
                value: None,
                at: self.refused.clone(),
            },
        }
    }

    fn or<T>(&self, given: Given<T>, default: Option<T>) -> Given<T> {
        match given.at {
            Some(_) => given,
            None => Given {
                value: default,
                at: None,
            },
        }
    }

    fn text(&self, key: &str) -> Given<String> {
        self.take(key, |node| node.text().map(str::to_owned))
    }

    fn flag(&self, key: &str) -> Given<bool> {
        let given = self.take(key, |node| match node.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        });
        let default = match self.absent(key) {
            Some(Absent::Flag(flag)) => Some(flag),
            _ => None,
        };
        self.or(given, default)
    }

    fn number(&self, key: &str) -> Given<f64> {
        let default = match self.absent(key) {
            Some(Absent::Number(number)) => Some(number),
            _ => None,
        };
        self.or(self.take(key, as_number), default)
    }

    fn whole(&self, key: &str) -> Given<usize> {
        let given = self.take(key, |node| as_whole(node).map(|whole| whole as usize));
        let default = match self.absent(key) {
            Some(Absent::Number(number)) => Some(number as usize),
            _ => None,
        };
        self.or(given, default)
    }

    fn choice<T: Copy>(&self, key: &str, names: &[(&str, T)]) -> Given<T> {
        let find = |word: &str| {
            names
                .iter()
                .find(|(name, _)| *name == word)
                .map(|(_, value)| *value)
        };
        let default = match self.absent(key) {
            Some(Absent::Word(word)) => find(word),
            _ => None,
        };
        self.or(self.take(key, |node| find(node.text()?)), default)
    }
}

fn as_whole(node: &Node) -> Option<u64> {
    match node.value {
        Value::Whole(whole) => u64::try_from(whole).ok(),
        _ => None,
    }
}

fn as_number(node: &Node) -> Option<f64> {
    match node.value {
        Value::Whole(whole) => Some(whole as f64),
        // Adding zero makes -0 the 0 it is meant to be.
        Value::Number(number) => Some(number + 0.0),
        _ => None,
    }
}

fn names(node: &Node, find: fn(&str) -> Option<&'static str>) -> Option<Vec<&'static str>> {
    match &node.value {
        Value::Text(text) => Some(vec![find(text)?]),
        Value::List(list) => list.iter().map(|element| find(element.text()?)).collect(),
        _ => None,
    }
}

fn outcome(name: &str) -> Option<&'static str> {
    OUTCOMES
        .iter()
        .map(|outcome| outcome.id)
        .find(|id| *id == name)
}

fn estimator(name: &str) -> Option<&'static str> {
    super::keys::estimators().into_iter().find(|id| *id == name)
}

/// The loss of an unpractised gain per week, where a treatment does not say.
pub(crate) fn usual_decay(parameters: &Parameters) -> f64 {
    parameters
        .get("theory.practice.decay")
        .unwrap_or(DECAY_WITHOUT_THEORY)
}

const DECAY_WITHOUT_THEORY: f64 = 0.018;
