//! A comparison in one call: scenarios are run on the same seed, held side by side, and written where that is asked.

use std::time::Instant;

use serde_json::{Value, json};

use super::identity::same_model;
use super::{Error, Options, Watch, create};
use crate::figures;
use crate::inquiry::compare::{Arms, Lives, Side, Subject, arms, compare, table};
use crate::model::lanes::Instructions;
use crate::monte_carlo::{self, Stopped};
use crate::report::brief::brief;
use crate::report::compare::{Comparison, tornado};
use crate::results::{self, Identity, MODEL, Manifest, Overwrite};
use crate::scenario::resolved;
use crate::study::business::Business;
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::{CounterfactualWorld, Plan};

/// A scenario to be compared.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// The study; its own seed and number of replications are not used.
    pub study: Study,
    /// The arms.
    pub arms: Arms,
}

/// The most replications that are taken from a scenario that says nothing else: enough for a decision, and seconds.
pub const ENOUGH: usize = 400;

/// A finished comparison.
#[derive(Debug)]
pub struct FinishedComparison {
    /// What was found.
    pub comparison: Comparison,
    /// What `run.json` holds, where it was written.
    pub manifest: Option<Manifest>,
}

/// Runs the scenarios, and writes what was found into a folder where `written` is asked: all of it or nothing.
///
/// # Errors
/// If another run is in the way, something cannot be written, a study cannot be run or it was interrupted.
pub fn run_compare(
    entries: &[Entry],
    seed: u64,
    replications: usize,
    options: &Options,
    written: bool,
    watch: Watch,
) -> Result<FinishedComparison, Error> {
    let fingerprint = fingerprint(entries, seed, replications);
    if written
        && options.overwrite == Overwrite::Refuse
        && let Some(manifest) = results::existing(&options.out)?
    {
        if manifest.fingerprint != fingerprint {
            let what = match manifest.record.as_str() {
                RECORD => "another comparison".to_owned(),
                _ => format!("study {}", manifest.study),
            };
            return Err(Error::Different { path: options.out.clone(), what });
        }
        same_model(&manifest.model, &options.out)?;
        let comparison = serde_json::from_value(manifest.summary.clone())
            .map_err(|_| Error::Summary { path: options.out.join(Manifest::FILE) })?;
        return Ok(FinishedComparison { comparison, manifest: Some(manifest) });
    }
    // Whether the folder can be had is known before anything runs.
    let directory = written.then(|| create(&options.out, options.overwrite, options)).transpose()?;
    let started = Instant::now();
    let mut all = Vec::with_capacity(entries.len());
    for entry in entries {
        all.push(lives(entry, seed, replications, options, watch)?);
    }
    let subjects: Vec<Subject> = entries
        .iter()
        .zip(&all)
        .map(|(entry, (weeks, lives))| Subject {
            name: &entry.name,
            study: &entry.study,
            arms: entry.arms,
            weeks: *weeks,
            lives,
        })
        .collect();
    let (sides, rows) = compare(&subjects, seed);
    let comparison = Comparison { replications, seed, sides };
    let Some(directory) = directory else { return Ok(FinishedComparison { comparison, manifest: None }) };
    let tables = table::write(&directory, &comparison.sides, &rows)?;
    for (at, (side, entry)) in comparison.sides.iter().zip(entries).enumerate() {
        if let (Some(case), Some(business)) = (&side.case, &entry.study.business) {
            let figure = tornado(side, case, business);
            figures::draw(&figure, &directory.staged(&format!("figures/{}", figure_name(at, side)))?)?;
        }
    }
    let first = entries.first();
    let title = entries.iter().map(|entry| entry.study.title.as_str()).collect::<Vec<_>>().join(" | ");
    let scenario = |of: fn(&Study) -> String| first.map_or_else(String::new, |entry| of(&entry.study));
    let manifest = directory.finish(Manifest {
        format: Manifest::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: MODEL.to_owned(),
        study: first.map_or_else(String::new, |entry| entry.study.id.clone()),
        title: format!("Comparison: {title}"),
        seed,
        replications: replications as u64,
        excerpt: None,
        record: RECORD.to_owned(),
        fingerprint,
        commands: (!options.command.is_empty()).then(|| options.command.clone()).into_iter().collect(),
        summary: serde_json::to_value(&comparison).unwrap_or_default(),
        timing: json!({ "total_seconds": started.elapsed().as_secs_f64() }),
        tables,
        figures: Vec::new(),
        documents: Vec::new(),
        scenario: entries
            .iter()
            .map(|entry| serde_json::from_str::<Value>(&resolved::to_json(&entry.study)).unwrap_or_default())
            .collect(),
        scenario_toml: scenario(resolved::to_toml),
    })?;
    Ok(FinishedComparison { comparison, manifest: Some(manifest) })
}

/// What `run.json` calls this kind of run.
pub const RECORD: &str = "compare";

/// The name of a scenario's figure: several may be of one study.
fn figure_name(at: usize, side: &Side) -> String {
    format!("tornado-{}-{}", at + 1, side.study)
}

fn fingerprint(entries: &[Entry], seed: u64, replications: usize) -> String {
    let scenarios: String = entries
        .iter()
        .map(|entry| {
            let Arms { arm, reference } = entry.arms;
            format!("{}\n{arm} against {reference} of\n{}\n", entry.name, resolved::to_toml(&entry.study))
        })
        .collect();
    Identity {
        version: env!("CARGO_PKG_VERSION"),
        scenario: &scenarios,
        seed,
        replications: replications as u64,
        record: RECORD,
    }
    .fingerprint()
}

/// Runs one scenario: the two worlds that are compared and, since everything begins with it, the experiment itself.
fn lives(
    entry: &Entry,
    seed: u64,
    replications: usize,
    options: &Options,
    watch: Watch,
) -> Result<(usize, Lives), Error> {
    let mut study = entry.study.clone();
    study.monte_carlo.seed = seed;
    study.monte_carlo.replications = replications;
    // Nothing is asked of the answers here.
    study.hypotheses.clear();
    let mut plan = Plan::new(study)?;
    let Arms { arm, reference } = entry.arms;
    plan.worlds = [arm, reference].map(|arm| CounterfactualWorld { arm, half: false }).to_vec();
    let how =
        monte_carlo::Options { threads: options.threads, record: Record::Summary, instructions: Instructions::Widest };
    let mut lives = Lives::default();
    let ended = monte_carlo::run(&plan, how, watch.stop, watch.progress, |chunk| {
        chunk.iter().for_each(|replication| {
            lives.add(&entry.study, entry.arms, replication);
        });
        Ok::<(), results::Error>(())
    });
    match ended {
        Ok(()) => Ok((plan.weeks, lives)),
        Err(Stopped::Interrupted { finished }) => {
            Err(Error::Stopped { finished, total: replications, study: entry.study.id.clone() })
        }
        Err(Stopped::Threads { threads, reason }) => Err(Error::Threads { threads, reason }),
        Err(Stopped::Failed(failed)) => Err(failed.into()),
        Err(Stopped::Sink(error)) => Err(error.into()),
    }
}

/// How the brief of a run is made again.
const REPEAT: &str = "peerlab compare, with the folder of the run and --brief brief.html --force";

/// The sponsor's brief of a study with a business case, as `peerlab compare STUDY --brief` writes it: on the study's seed, from as
/// many replications as it has, 400 at most. Nothing of a study without a business case, or without a second arm to hold it against.
///
/// # Errors
/// If the study cannot be run, or the page cannot be made.
pub fn brief_of(study: &Study, options: &Options, watch: Watch) -> Result<Option<String>, Error> {
    let (Some(business), Ok(arms)) = (&study.business, arms(study, None, None)) else { return Ok(None) };
    let replications = study.monte_carlo.replications.min(ENOUGH);
    let seed = study.monte_carlo.seed;
    let entry = Entry { name: study.id.clone(), study: study.clone(), arms };
    let finished = run_compare(&[entry], seed, replications, options, false, watch)?;
    match finished.comparison.sides.first() {
        Some(side @ Side { case: Some(case), .. }) => Ok(Some(brief(side, case, business, REPEAT)?)),
        _ => Ok(None),
    }
}

/// The business cases of the entries, as the text of a comparison needs them.
pub fn cases(entries: &[Entry]) -> Vec<Option<&Business>> {
    entries.iter().map(|entry| entry.study.business.as_ref()).collect()
}
