//! A study written back as a complete scenario: every default spelled out, in one order. It is what `run.json` keeps and
//! what a run's fingerprint is taken of; reading it gives an equal study.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::build::inherited_matching;
use super::grammar::of_organization;
use super::keys::LEVELS;
use crate::model::parameters::{Parameters, registry};
use crate::model::person::{TRAITS, Trait};
use crate::study::business::{Business, Development, INPUTS};
use crate::study::context::{Change, Setting};
use crate::study::declaration::{Arm, Hypothesis, Instrument, Selection, Study};
use crate::study::treatment;

/// The study as canonical TOML.
pub fn to_toml(study: &Study) -> String {
    // Keys are text and tables come last: nothing here that TOML could refuse.
    toml::to_string(&tree(study)).unwrap_or_default()
}

/// The study as a JSON object of the same keys in the same order.
pub fn to_json(study: &Study) -> String {
    serde_json::to_string_pretty(&tree(study)).unwrap_or_default()
}

/// A table that keeps the order in which it is written.
#[derive(Clone, Debug, Default)]
struct Ordered(Vec<(String, Item)>);

#[derive(Clone, Debug)]
enum Item {
    Text(String),
    Whole(u64),
    Number(f64),
    Flag(bool),
    Texts(Vec<String>),
    Weeks(Vec<u64>),
    Table(Ordered),
    Tables(Vec<Ordered>),
}

impl Serialize for Ordered {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        // TOML needs a table's values before its inner tables.
        let is_table = |item: &Item| matches!(item, Item::Table(_) | Item::Tables(_));
        for tables in [false, true] {
            for (key, item) in self.0.iter().filter(|(_, item)| is_table(item) == tables) {
                map.serialize_entry(key, item)?;
            }
        }
        map.end()
    }
}

impl Serialize for Item {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Item::Text(text) => serializer.serialize_str(text),
            Item::Whole(whole) => serializer.serialize_u64(*whole),
            Item::Number(number) => serializer.serialize_f64(*number),
            Item::Flag(flag) => serializer.serialize_bool(*flag),
            Item::Texts(texts) => texts.serialize(serializer),
            Item::Weeks(weeks) => weeks.serialize(serializer),
            Item::Table(table) => table.serialize(serializer),
            Item::Tables(tables) => tables.serialize(serializer),
        }
    }
}

impl Ordered {
    /// Puts an item at a dotted path, making the tables on the way.
    fn put(&mut self, path: &str, item: Item) {
        let Some((step, rest)) = path.split_once('.') else {
            self.0.push((path.to_owned(), item));
            return;
        };
        let known = self.0.iter().position(|(key, _)| key == step);
        let at = known.unwrap_or_else(|| {
            self.0.push((step.to_owned(), Item::Table(Ordered::default())));
            self.0.len() - 1
        });
        if let Item::Table(inner) = &mut self.0[at].1 {
            inner.put(rest, item);
        }
    }

    fn text(&mut self, path: &str, text: &str) {
        self.put(path, Item::Text(text.to_owned()));
    }

    fn whole(&mut self, path: &str, whole: usize) {
        self.put(path, Item::Whole(whole as u64));
    }

    fn number(&mut self, path: &str, number: f64) {
        self.put(path, Item::Number(number));
    }

    fn texts<'a>(&mut self, path: &str, texts: impl IntoIterator<Item = &'a str>) {
        let texts = texts.into_iter().map(str::to_owned).collect();
        self.put(path, Item::Texts(texts));
    }
}

fn name_of<T: PartialEq>(names: &'static [(&'static str, T)], value: &T) -> &'static str {
    names.iter().find(|(_, known)| known == value).map_or("", |(name, _)| name)
}

fn tree(study: &Study) -> Ordered {
    use crate::study::declaration::{Allocation, Kind, Matching, Screened, Unit};
    let mut all = Ordered::default();
    all.text("id", &study.id);
    all.text("title", &study.title);
    all.text("question", &study.question);
    // A text cannot be empty: no source is no key.
    if !study.source.is_empty() {
        all.text("source", &study.source);
    }
    if let Some(answer) = study.answer {
        all.text("answer", &study.hypotheses[answer].id);
    }
    if !study.discussion.is_empty() {
        all.texts("discussion", study.discussion.iter().map(String::as_str));
    }
    all.whole("population.dyads", study.population.dyads);
    for shift in &study.population.traits {
        let path = format!("population.traits.{}", trait_name(shift.state));
        all.number(&format!("{path}.mean"), shift.mean);
        all.number(&format!("{path}.sd"), shift.sd);
    }
    all.whole("organization.count", study.organizations);
    all.text("program.kind", name_of(Kind::NAMES, &study.program.kind));
    all.whole("program.weeks", study.program.weeks);
    all.whole("program.follow_up_weeks", study.program.follow_up_weeks);
    if study.program.kind != Kind::None {
        let rule = name_of(Matching::NAMES, &study.program.matching);
        all.text("program.matching", rule);
    }
    all.whole("program.group_size", study.program.group_size);
    for parameter in registry() {
        if let Some(value) = study.parameters.get(parameter.id) {
            all.number(parameter.id, value);
        }
    }
    if !study.settings.is_empty() {
        let settings = study.settings.iter().map(|one| setting(study, one));
        all.put("setting", Item::Tables(settings.collect()));
    }
    schedule(&mut all, &study.schedule);
    all.text("design.unit", name_of(Unit::NAMES, &study.design.unit));
    let allocation = name_of(Allocation::NAMES, &study.design.allocation);
    all.text("design.allocation", allocation);
    if let Some(screening) = study.design.screening {
        all.text("design.screening.trait", name_of(Screened::NAMES, &screening.what));
        all.number("design.screening.reliability", screening.reliability);
    }
    let chosen = study.design.selection;
    for (key, value) in [
        ("strength", chosen.strength),
        ("need", chosen.need),
        ("relational_schema", chosen.schema),
        ("motivation", chosen.motivation),
        ("self_direction", chosen.self_direction),
        ("career_stage", chosen.career_stage),
    ] {
        // Read only where people choose: elsewhere the defaults say nothing.
        if study.design.selection != Selection::default() || study.design.allocation == Allocation::SelfSelected {
            all.number(&format!("design.selection.{key}"), value);
        }
    }
    if !study.factors.is_empty() {
        let factors = study.factors.iter().map(|factor| {
            let mut all = Ordered::default();
            all.text("id", &factor.id);
            all.text("name", &factor.name);
            all
        });
        all.put("factor", Item::Tables(factors.collect()));
    }
    let arms = study.arms.iter().map(|one| arm(study, one)).collect();
    all.put("arm", Item::Tables(arms));
    let waves = study.measurement.waves.iter().map(|week| *week as u64);
    all.put("measurement.waves", Item::Weeks(waves.collect()));
    all.number("measurement.attrition", study.measurement.attrition);
    all.number("measurement.observer.detection", study.measurement.observer.detection);
    all.number("measurement.observer.noise", study.measurement.observer.noise);
    for one in &study.measurement.instruments {
        instrument(&mut all, one);
    }
    if !study.hypotheses.is_empty() {
        let hypotheses = study.hypotheses.iter().map(|one| hypothesis(study, one));
        all.put("hypothesis", Item::Tables(hypotheses.collect()));
    }
    if let Some(case) = &study.business {
        business(&mut all, study, case);
    }
    all.whole("monte_carlo.replications", study.monte_carlo.replications);
    all.put("monte_carlo.seed", Item::Whole(study.monte_carlo.seed));
    all
}

/// The business case, every range spelled out.
fn business(all: &mut Ordered, study: &Study, case: &Business) {
    all.text("business.currency", &case.currency);
    for (key, arm) in [("business.arm", case.arm), ("business.reference", case.reference)] {
        if let Some(arm) = arm.and_then(|arm| study.arms.get(arm)) {
            all.text(key, &arm.name);
        }
    }
    all.text("business.development", name_of(Development::NAMES, &case.development));
    for (range, input) in case.ranges.iter().zip(&INPUTS) {
        let path = |place: &str| format!("business.{}.{place}", input.id);
        all.number(&path("low"), range.low);
        all.number(&path("likely"), range.likely);
        all.number(&path("high"), range.high);
        all.text(&path("source"), &range.source);
    }
}

fn trait_name(state: Trait) -> &'static str {
    name_of(TRAITS, &state)
}

/// A setting: what makes it differ from the study.
fn setting(study: &Study, setting: &Setting) -> Ordered {
    let mut all = Ordered::default();
    all.text("name", &setting.name);
    all.whole("count", setting.count);
    differences(&mut all, &setting.parameters, &study.parameters, |_| true);
    all
}

fn schedule(all: &mut Ordered, changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    let table = |change: &Change| {
        let mut one = Ordered::default();
        one.whole("week", change.week);
        change.values.iter().for_each(|(id, value)| one.number(id, *value));
        one
    };
    all.put("change", Item::Tables(changes.iter().map(table).collect()));
}

/// Parameters that are not the usual ones.
fn differences(all: &mut Ordered, own: &Parameters, usual: &Parameters, which: impl Fn(&str) -> bool) {
    for parameter in registry().filter(|parameter| which(parameter.id)) {
        let (own, usual) = (own.get(parameter.id), usual.get(parameter.id));
        if let Some(value) = own.filter(|_| own != usual) {
            all.number(parameter.id, value);
        }
    }
}

/// An arm: what makes it differ from the study.
fn arm(study: &Study, arm: &Arm) -> Ordered {
    use crate::study::declaration::{Composition, Kind, Matching};
    let mut all = Ordered::default();
    all.text("name", &arm.name);
    all.put("control", Item::Flag(arm.control));
    all.number("share", arm.share);
    if !arm.levels.is_empty() {
        all.texts("levels", arm.levels.iter().map(|level| name_of(LEVELS, level)));
    }
    for treatment in &arm.treatments {
        all.number(&format!("{}.dose", treatment.id), treatment.dose);
        if treatment::find(treatment.id).is_some_and(treatment::Kind::shifts) {
            all.number(&format!("{}.decay", treatment.id), treatment.decay);
        }
    }
    if arm.program.kind != study.program.kind {
        all.text("program.kind", name_of(Kind::NAMES, &arm.program.kind));
    }
    if arm.program.weeks != study.program.weeks {
        all.whole("program.weeks", arm.program.weeks);
    }
    if arm.program.matching != inherited_matching(study.program, arm.program.kind) {
        let rule = name_of(Matching::NAMES, &arm.program.matching);
        all.text("program.matching", rule);
    }
    if arm.program.group_size != study.program.group_size {
        all.whole("program.group_size", arm.program.group_size);
    }
    if let Some(pairs) = &arm.pairs {
        all.text("pairs", name_of(Composition::NAMES, pairs));
    }
    differences(&mut all, &arm.parameters, &study.parameters, |id| !of_organization(id));
    // Over a setting's value, the study's own is a change too.
    for (id, value) in &arm.organization {
        all.number(id, *value);
    }
    schedule(&mut all, &arm.schedule);
    all
}

fn instrument(all: &mut Ordered, one: &Instrument) {
    let path = format!("measurement.instruments.{}", one.outcome);
    all.whole(&format!("{path}.items"), one.items);
    all.whole(&format!("{path}.scale_points"), one.scale_points);
    all.number(&format!("{path}.reliability"), one.reliability);
    all.number(&format!("{path}.rater_bias"), one.rater_bias);
    all.number(&format!("{path}.social_desirability"), one.social_desirability);
    all.number(&format!("{path}.non_response"), one.non_response);
}

fn hypothesis(study: &Study, one: &Hypothesis) -> Ordered {
    use crate::study::declaration::{Ask, Expect, Level, Moderator, Score};
    let arm = |index: usize| study.arms.get(index).map_or("", |arm| arm.name.as_str());
    let mut all = Ordered::default();
    all.text("id", &one.id);
    all.text("statement", &one.statement);
    all.text("outcome", one.outcome);
    all.whole("week", one.week);
    all.text("score", name_of(Score::NAMES, &one.score));
    if let Some(contrast) = one.ask.contrast() {
        all.texts("contrast", [arm(contrast.treated), arm(contrast.reference)]);
    }
    let setting_name = |index: &usize| study.settings.get(*index).map_or("", |setting| setting.name.as_str());
    if let Some(within) = &one.within {
        all.text("within.setting", setting_name(within));
    }
    let factor = |index: &usize| study.factors.get(*index).map_or("", |factor| factor.id.as_str());
    match &one.ask {
        Ask::Contrast(_) => {}
        Ask::Moderated(_, moderator) => match moderator {
            Moderator::Setting { first, second } => {
                all.texts("moderator.setting", [setting_name(first), setting_name(second)]);
            }
            Moderator::Attribute { attribute, first, second } => {
                all.text("moderator.attribute", attribute);
                let levels = crate::study::attribute::find(attribute).map_or(&[][..], |known| known.levels);
                let level = |index: &usize| levels.get(*index).copied().unwrap_or("");
                all.texts("moderator.levels", [level(first), level(second)]);
            }
            Moderator::Standing(attribute) => all.text("moderator.attribute", attribute),
            Moderator::Measured(outcome) => all.text("moderator.measured", outcome),
        },
        Ask::Factors(factors) => match factors.as_slice() {
            [single] => all.text("factor", factor(single)),
            several => all.texts("interaction", several.iter().map(factor)),
        },
        Ask::Resemblance(groups) => all.text("resemblance", name_of(Level::GROUPS, groups)),
        Ask::Association(asked) => {
            all.text("predictor", asked.predictor);
            all.whole("predictor_week", asked.week);
            if let Some(causal) = asked.causal {
                all.text("causal", arm(causal));
            }
        }
    }
    all.text("level", name_of(Level::NAMES, &one.level));
    all.text("expect", name_of(Expect::NAMES, &one.expect));
    all.texts("estimator", one.estimators.iter().copied());
    all.texts("covariates", one.covariates.iter().copied());
    all.number("smallest_effect_of_interest", one.smallest_effect_of_interest);
    all.put("implied_by_theory", Item::Flag(one.implied_by_theory));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{builtin, read};

    #[test]
    fn every_built_in_study_comes_back_equal() {
        for builtin in builtin::list().iter().chain(builtin::sponsors()) {
            let study = builtin.read(&[]).expect("right").study;
            let text = to_toml(&study);
            let again = read(&text, "resolved.toml", &[]).unwrap_or_else(|problems| panic!("{problems}\n{text}"));
            assert_eq!(again.study, study);
            assert_eq!(to_toml(&again.study), text, "the text is canonical");
        }
    }

    #[test]
    fn json_holds_the_same_as_toml() {
        let study = builtin::list()[0].read(&[]).expect("right").study;
        let json: serde_json::Value = serde_json::from_str(&to_json(&study)).expect("JSON");
        let toml: serde_json::Value = toml::from_str(&to_toml(&study)).expect("TOML");
        assert_eq!(json, toml);
    }
}
