//! What a reader needs to repeat a run and to judge it: measurement, estimands, estimators, parameters, seed and version.

use serde::Serialize;

use crate::model::outcomes::{self, OUTCOMES};
use crate::model::parameters::{ARTICLE, ASSUMED, registry};
use crate::report::study_parts::{self as parts, ArmWords, SettingWords};
use crate::report::text::number;
use crate::report::words::trait_id;
use crate::results::Manifest;
use crate::scenario::{builtin, resolved};
use crate::study::declaration::Study;
use crate::study::estimators::Estimator;
use crate::study::experiment::Record;

/// How things were done.
#[derive(Clone, Debug, Serialize)]
pub struct Methods {
    /// The design in words.
    pub design: String,
    /// The arms.
    pub arms: Vec<ArmWords>,
    /// Arms that are not listed.
    pub more_arms: usize,
    /// The factors of a factorial design: name and id.
    pub factors: Vec<(String, String)>,
    /// What a factorial design tells apart.
    pub clear: String,
    /// The settings.
    pub settings: Vec<SettingWords>,
    /// What changes everywhere.
    pub schedule: Vec<String>,
    /// When is measured.
    pub waves: String,
    /// How is measured, and what.
    pub instruments: Vec<(String, Vec<&'static str>)>,
    /// The outcomes that hypotheses name: id, meaning, unit.
    pub outcomes: Vec<[&'static str; 3]>,
    /// What truth means.
    pub truths: Vec<&'static str>,
    /// The estimators: id, meaning, assumptions.
    pub estimators: Vec<[&'static str; 3]>,
    /// Parameters that differ from their defaults: id, here, default, unit, meaning.
    pub parameters: Vec<[String; 5]>,
    /// Traits in which the population differs from the reference: id, mean, SD.
    pub traits: Vec<[String; 3]>,
    /// How many parameters the theory has, of how many the article gives the direction alone, and how many are assumed.
    pub counted: [usize; 4],
    /// What decides every number: label and value.
    pub identity: Vec<(&'static str, String)>,
    /// The command that gives the same tables; nothing where the scenario is nobody's but its owner's.
    pub command: Option<String>,
}

/// The methods of a run.
pub fn methods(study: &Study, manifest: &Manifest) -> Methods {
    let named = |one: &'static Estimator| [one.id, one.meaning, one.assumptions];
    let mut asked: Vec<&str> = Vec::new();
    for one in &study.hypotheses {
        if !asked.contains(&one.outcome) {
            asked.push(one.outcome);
        }
    }
    let asked = asked.iter().filter_map(|id| outcomes::find(id)).map(|index| &OUTCOMES[index]);
    let arms = parts::arms(study);
    Methods {
        design: parts::design(study),
        more_arms: study.arms.len() - arms.len(),
        arms,
        factors: study.factors.iter().map(|one| (one.name.clone(), one.id.clone())).collect(),
        clear: crate::report::factors::clear(study),
        settings: parts::settings(study),
        schedule: parts::schedule(study),
        waves: parts::waves(study),
        instruments: parts::instruments(study),
        outcomes: asked.map(|about| [about.id, about.meaning, about.unit]).collect(),
        truths: parts::truths(study),
        estimators: parts::estimators(study).into_iter().map(named).collect(),
        parameters: study
            .parameters
            .changed()
            .into_iter()
            .map(|(entry, value)| {
                let (here, usual) = (number(value), number(entry.default));
                [entry.id.to_owned(), here, usual, entry.unit.to_owned(), entry.meaning.to_owned()]
            })
            .collect(),
        traits: study
            .population
            .traits
            .iter()
            .map(|shift| [trait_id(shift.state).to_owned(), number(shift.mean), number(shift.sd)])
            .collect(),
        counted: counted(),
        identity: vec![
            ("Program", format!("peerlab {}", manifest.version)),
            ("Study", format!("`{}`", study.id)),
            ("Seed", manifest.seed.to_string()),
            ("Replications", manifest.replications.to_string()),
            ("Record", manifest.record.clone()),
            ("Fingerprint", format!("`{}`", manifest.fingerprint)),
        ],
        command: command(study, manifest),
    }
}

/// All parameters; those of the article, those of no source, and those of another: together all.
pub(super) fn counted() -> [usize; 4] {
    let of = |source: &str| registry().filter(|entry| entry.source == source).count();
    let (all, article, assumed) = (registry().count(), of(ARTICLE), of(ASSUMED));
    [all, article, assumed, all - article - assumed]
}

/// The command, where the scenario is a built-in study as it stands.
fn command(study: &Study, manifest: &Manifest) -> Option<String> {
    let (seed, replications) = (manifest.seed, manifest.replications);
    let changes = [format!("monte_carlo.seed={seed}"), format!("monte_carlo.replications={replications}")];
    let same = builtin::find(&study.id)?.read(&changes).ok()?;
    if resolved::to_toml(&same.study) != manifest.scenario_toml {
        return None;
    }
    let record = match Record::unless_told(study.monte_carlo.replications) {
        usual if usual.name() == manifest.record => String::new(),
        _ => format!(" --record {}", manifest.record),
    };
    Some(format!("peerlab run {} --replications {replications} --seed {seed}{record}", study.id))
}
