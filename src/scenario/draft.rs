//! The values of a scenario as they were written, each with its place, before anything is concluded from several.

use super::business::BusinessDraft;
use super::grammar::may_differ;
use super::keys::LEVELS;
use super::problem::Spot;
use super::reader::{Given, Reader, as_number, as_whole};
use super::tree::{Node, Table, Value};
use crate::model::outcomes::OUTCOMES;
use crate::model::parameters::{Parameter, Parameters, registry};
use crate::model::person::TRAITS;
use crate::study::attribute;
use crate::study::context::differs_by_setting;
use crate::study::declaration::{
    Allocation, Composition, Expect, Kind, Level, Matching, Score, Screened, TraitShift, Unit,
};
use crate::study::treatment;

/// The name of an arm in a contrast, or another name that something else has to have, with its place.
pub(crate) type Named = (String, Spot);

#[derive(Debug)]
pub(crate) struct Draft {
    pub id: Given<String>,
    pub title: Given<String>,
    pub question: Given<String>,
    pub origin: Given<String>,
    pub answer: Given<String>,
    pub discussion: Given<Vec<String>>,
    pub parameters: Parameters,
    pub dyads: Given<usize>,
    pub traits: Vec<TraitShift>,
    /// The organizations of all settings, where there are some.
    pub organizations: Given<usize>,
    /// Whether every setting could be read as a table.
    pub settings_whole: bool,
    pub settings: Vec<SettingDraft>,
    pub schedule: Vec<ChangeDraft>,
    pub kind: Given<Kind>,
    pub weeks: Given<usize>,
    pub follow_up_weeks: Given<usize>,
    pub matching: Given<Matching>,
    pub group_size: Given<usize>,
    pub unit: Given<Unit>,
    pub allocation: Given<Allocation>,
    pub selection: SelectionDraft,
    pub factors: Vec<FactorDraft>,
    pub screened: Given<Screened>,
    pub screening_reliability: Given<f64>,
    /// Whether every arm could be read as a table.
    pub arms_whole: bool,
    pub arms_at: Option<Spot>,
    pub arms: Vec<ArmDraft>,
    pub waves: Given<Vec<(usize, Spot)>>,
    pub attrition: Given<f64>,
    /// Detection and noise of the observer.
    pub observer: [Given<f64>; 2],
    pub instrument: InstrumentDraft,
    pub instruments: Vec<(&'static str, InstrumentDraft)>,
    pub hypotheses: Vec<HypothesisDraft>,
    pub business: Option<BusinessDraft>,
    pub replications: Given<usize>,
    pub seed: Given<u64>,
}

#[derive(Debug)]
pub(crate) struct SettingDraft {
    pub name: Given<String>,
    pub count: Given<usize>,
    /// Parameters that differ there, with the place of each.
    pub changes: Vec<(&'static Parameter, f64, Spot)>,
}

#[derive(Debug)]
pub(crate) struct ChangeDraft {
    pub at: Spot,
    pub week: Given<usize>,
    /// The new values, with the place of each.
    pub values: Vec<(&'static Parameter, f64, Spot)>,
    /// Whether something is written there, be it refused.
    pub something: bool,
}

#[derive(Debug)]
pub(crate) struct FactorDraft {
    pub id: Given<String>,
    pub name: Given<String>,
}

#[derive(Debug)]
pub(crate) struct ArmDraft {
    pub at: Spot,
    pub name: Given<String>,
    pub control: Given<bool>,
    pub share: Given<f64>,
    pub levels: Given<Vec<bool>>,
    pub treatments: Vec<TreatmentDraft>,
    pub kind: Given<Kind>,
    pub weeks: Given<usize>,
    pub matching: Given<Matching>,
    pub group_size: Given<usize>,
    pub pairs: Given<Composition>,
    /// Parameters that this arm changes, with the place of each.
    pub changes: Vec<(&'static Parameter, f64, Spot)>,
    pub schedule: Vec<ChangeDraft>,
}

#[derive(Debug)]
pub(crate) struct TreatmentDraft {
    pub kind: &'static treatment::Kind,
    pub dose: Given<f64>,
    pub decay: Given<f64>,
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

/// What draws people to arms: the strength, and the weights in the order of the keys.
#[derive(Debug)]
pub(crate) struct SelectionDraft {
    pub strength: Given<f64>,
    pub weights: [Given<f64>; 5],
}

#[derive(Debug)]
pub(crate) struct HypothesisDraft {
    pub at: Spot,
    pub id: Given<String>,
    pub statement: Given<String>,
    pub outcome: Given<&'static str>,
    pub week: Given<usize>,
    pub score: Given<Score>,
    pub contrast: Given<[Named; 2]>,
    pub moderator: ModeratorDraft,
    pub within: Given<Named>,
    pub factor: Given<Named>,
    pub interaction: Given<Vec<Named>>,
    pub resemblance: Given<Level>,
    pub predictor: Given<&'static str>,
    pub predictor_week: Given<usize>,
    pub causal: Given<Named>,
    pub level: Given<Level>,
    pub expect: Given<Expect>,
    pub estimators: Given<Vec<&'static str>>,
    pub covariates: Given<Vec<&'static str>>,
    pub smallest_effect_of_interest: Given<f64>,
    pub implied_by_theory: Given<bool>,
}

#[derive(Debug)]
pub(crate) struct ModeratorDraft {
    pub setting: Given<[Named; 2]>,
    pub attribute: Given<&'static str>,
    pub levels: Given<[Named; 2]>,
    pub measured: Given<&'static str>,
}

/// Reads the values out of a tree that has been walked.
pub(crate) fn read(root: &Table) -> Draft {
    let top = Reader { table: Some(root), path: String::new(), refused: None };
    let mut parameters = Parameters::default();
    for (parameter, value, _) in changes(&top, |_| true) {
        // Its bounds were checked on the walk.
        let _ = parameters.set(parameter.id, value);
    }
    let (population, program) = (top.inner("population"), top.inner("program"));
    let (design, measurement) = (top.inner("design"), top.inner("measurement"));
    let monte_carlo = top.inner("monte_carlo");
    let (arms, arms_whole) = top.elements("arm");
    let (settings, settings_whole) = top.elements("setting");
    let settings: Vec<_> = settings.iter().map(|(setting, _)| read_setting(setting)).collect();
    let (hypotheses, _) = top.elements("hypothesis");
    let (factors, _) = top.elements("factor");
    Draft {
        id: top.text("id"),
        title: top.text("title"),
        question: top.text("question"),
        origin: top.text("source"),
        answer: top.text("answer"),
        discussion: top
            .take("discussion", |node| node.list()?.iter().map(|one| Some(one.text()?.to_owned())).collect()),
        parameters,
        dyads: population.whole("dyads"),
        traits: traits(&population.inner("traits")),
        organizations: organizations(&top.inner("organization"), &settings, settings_whole),
        settings_whole,
        settings,
        schedule: schedule(&top),
        kind: program.choice("kind", Kind::NAMES),
        weeks: program.whole("weeks"),
        follow_up_weeks: program.whole("follow_up_weeks"),
        matching: program.choice("matching", Matching::NAMES),
        group_size: program.whole("group_size"),
        unit: design.choice("unit", Unit::NAMES),
        allocation: design.choice("allocation", Allocation::NAMES),
        selection: selection(&design.inner("selection")),
        factors: factors.iter().map(|(one, _)| FactorDraft { id: one.text("id"), name: one.text("name") }).collect(),
        screened: design.inner("screening").choice("trait", Screened::NAMES),
        screening_reliability: design.inner("screening").number("reliability"),
        arms_whole,
        arms_at: root.get("arm").map(Node::key_spot),
        arms: arms.iter().map(|(arm, at)| read_arm(arm, at)).collect(),
        waves: measurement.take("waves", |node| {
            node.list()?.iter().map(|element| Some((as_whole(element)? as usize, element.spot()))).collect()
        }),
        attrition: measurement.number("attrition"),
        observer: ["detection", "noise"].map(|key| measurement.inner("observer").number(key)),
        instrument: instrument(&measurement),
        instruments: instruments(&measurement.inner("instruments")),
        hypotheses: hypotheses.iter().map(|(hypothesis, at)| read_hypothesis(hypothesis, at)).collect(),
        business: super::business::read(&top, root),
        replications: monte_carlo.whole("replications"),
        seed: monte_carlo.take("seed", as_whole),
    }
}

/// The `[[change]]` tables of a scenario or an arm.
fn schedule(reader: &Reader<'_>) -> Vec<ChangeDraft> {
    let (changes, _) = reader.elements("change");
    let read = |(change, at): &(Reader<'_>, Spot)| ChangeDraft {
        at: at.clone(),
        week: change.whole("week"),
        values: self::changes(change, |_| true),
        something: change.table.is_some_and(|table| table.keys().any(|key| key != "week")),
    };
    changes.iter().map(read).collect()
}

fn read_setting(setting: &Reader<'_>) -> SettingDraft {
    SettingDraft {
        name: setting.text("name"),
        count: setting.whole("count"),
        changes: changes(setting, differs_by_setting),
    }
}

/// How many organizations there are: as many as stated, else as many as the settings have together, else one.
fn organizations(section: &Reader<'_>, settings: &[SettingDraft], whole: bool) -> Given<usize> {
    let stated = section.whole("count");
    if stated.at.is_some() {
        return stated;
    }
    let counted = settings.iter().map(|setting| setting.count.value).sum::<Option<usize>>();
    Given { value: if settings.is_empty() { whole.then_some(1) } else { counted.filter(|_| whole) }, at: None }
}

fn read_arm(arm: &Reader<'_>, at: &Spot) -> ArmDraft {
    let program = arm.inner("program");
    ArmDraft {
        at: at.clone(),
        name: arm.text("name"),
        control: arm.flag("control"),
        share: arm.number("share"),
        levels: arm.take("levels", |node| {
            let level = |node: &Node| LEVELS.iter().find(|(name, _)| Some(*name) == node.text()).map(|(_, high)| *high);
            node.list()?.iter().map(level).collect()
        }),
        treatments: treatment::CATALOGUE
            .iter()
            .filter_map(|kind| {
                let treatment = kind.id.split('.').try_fold(arm.clone(), |reader, step| {
                    let inner = reader.inner(step);
                    inner.exists().then_some(inner)
                })?;
                Some(TreatmentDraft { kind, dose: treatment.number("dose"), decay: treatment.number("decay") })
            })
            .collect(),
        kind: program.choice("kind", Kind::NAMES),
        weeks: program.whole("weeks"),
        matching: program.choice("matching", Matching::NAMES),
        group_size: program.whole("group_size"),
        pairs: arm.choice("pairs", Composition::NAMES),
        changes: changes(arm, may_differ),
        schedule: schedule(arm),
    }
}

fn selection(reader: &Reader<'_>) -> SelectionDraft {
    const WEIGHTS: [&str; 5] = ["need", "relational_schema", "motivation", "self_direction", "career_stage"];
    SelectionDraft { strength: reader.number("strength"), weights: WEIGHTS.map(|key| reader.number(key)) }
}

fn read_hypothesis(reader: &Reader<'_>, at: &Spot) -> HypothesisDraft {
    let moderator = reader.inner("moderator");
    HypothesisDraft {
        at: at.clone(),
        id: reader.text("id"),
        statement: reader.text("statement"),
        outcome: reader.take("outcome", |node| outcome(node.text()?)),
        week: reader.whole("week"),
        score: reader.choice("score", Score::NAMES),
        contrast: reader.take("contrast", pair),
        moderator: ModeratorDraft {
            setting: moderator.take("setting", pair),
            attribute: moderator.take("attribute", |node| attribute::find(node.text()?).map(|known| known.id)),
            levels: moderator.take("levels", pair),
            measured: moderator.take("measured", |node| outcome(node.text()?)),
        },
        within: reader.inner("within").take("setting", named),
        factor: reader.take("factor", named),
        interaction: reader.take("interaction", |node| node.list()?.iter().map(named).collect()),
        resemblance: reader.choice("resemblance", Level::GROUPS),
        predictor: reader.take("predictor", |node| outcome(node.text()?)),
        predictor_week: reader.whole("predictor_week"),
        causal: reader.take("causal", named),
        level: reader.choice("level", Level::NAMES),
        expect: reader.choice("expect", Expect::NAMES),
        estimators: reader.take("estimator", |node| names(node, estimator)),
        covariates: reader.take("covariates", |node| names(node, outcome)),
        smallest_effect_of_interest: reader.number("smallest_effect_of_interest"),
        implied_by_theory: reader.flag("implied_by_theory"),
    }
}

/// A name that something else has to have.
fn named(node: &Node) -> Option<Named> {
    Some((node.text()?.to_owned(), node.spot()))
}

fn pair(node: &Node) -> Option<[Named; 2]> {
    match node.list()? {
        [a, b] => Some([named(a)?, named(b)?]),
        _ => None,
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
            ((mean, sd) != (0.0, 1.0)).then_some(TraitShift { state: *state, mean, sd })
        })
        .collect()
}

/// The parameters that stand in this table or the tables below it.
fn changes(reader: &Reader<'_>, which: impl Fn(&str) -> bool) -> Vec<(&'static Parameter, f64, Spot)> {
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

fn names(node: &Node, find: fn(&str) -> Option<&'static str>) -> Option<Vec<&'static str>> {
    match &node.value {
        Value::Text(text) => Some(vec![find(text)?]),
        Value::List(list) => list.iter().map(|element| find(element.text()?)).collect(),
        _ => None,
    }
}

fn outcome(name: &str) -> Option<&'static str> {
    OUTCOMES.iter().map(|outcome| outcome.id).find(|id| *id == name)
}

fn estimator(name: &str) -> Option<&'static str> {
    super::keys::estimators().into_iter().find(|id| *id == name)
}

/// The loss of an unpracticed gain per week, where a treatment does not say.
pub(crate) fn usual_decay(parameters: &Parameters) -> f64 {
    parameters.get("theory.practice.decay").unwrap_or(DECAY_WITHOUT_THEORY)
}

const DECAY_WITHOUT_THEORY: f64 = 0.018;
