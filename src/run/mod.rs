//! The main job in one call: a study is repeated, its tables and figures are written, and what was found is told.
//!
//! ```
//! use peerlab::run::{Options, run_study};
//! use peerlab::scenario::builtin;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let changes = ["population.dyads=12".to_owned(), "monte_carlo.replications=4".to_owned()];
//! let study = builtin::find("listening-training").unwrap().read(&changes)?.study;
//! let out = std::env::temp_dir().join(format!("a-small-run-{}", std::process::id()));
//! let finished = run_study(&study, &Options::new(&out))?;
//! assert_eq!(finished.summary.findings[0].hypothesis, "H1");
//! assert!(out.join("tables/estimates.parquet").exists());
//! # std::fs::remove_dir_all(&out)?;
//! # Ok(())
//! # }
//! ```

pub mod compare;
pub mod power;

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::figures::{self, FigureError};
use crate::inquiry::answers::answers;
use crate::inquiry::{strategy_table, table};
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::Clerk;
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Stopped};
use crate::report::gallery;
use crate::report::summary::Summary;
use crate::results::{self, Identity, Manifest, Overwrite, RunDirectory, TableRecord};
use crate::scenario::resolved;
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::{Plan, PlanError};

/// Replications up to which every person is recorded at every wave unless told otherwise.
const RECORD_WAVES_UP_TO: usize = 200;

/// How a study is run. Nothing here but `record` changes what is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder for the results.
    pub out: PathBuf,
    /// Number of threads; 0 for as many as there are processors.
    pub threads: usize,
    /// How much of each replication is kept; waves up to 200 replications unless given, summaries above.
    pub record: Option<Record>,
    /// What to do with another run that is there already.
    pub overwrite: Overwrite,
    /// What `run.json` says that the run was asked for with; empty where there was no command.
    pub command: String,
}

impl Options {
    /// Into this folder, with all processors; a finished run that is there is not replaced.
    pub fn new(out: impl AsRef<Path>) -> Self {
        Self {
            out: out.as_ref().to_path_buf(),
            threads: 0,
            record: None,
            overwrite: Overwrite::Refuse,
            command: String::new(),
        }
    }

    fn record(&self, study: &Study) -> Record {
        let few = study.monte_carlo.replications <= RECORD_WAVES_UP_TO;
        self.record.unwrap_or(if few { Record::Waves } else { Record::Summary })
    }
}

/// Who watches a run, and may end it.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Once it is set the run ends, and leaves nothing.
    pub stop: &'a AtomicBool,
    /// Told how many more replications are done.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

/// A finished run.
#[derive(Debug)]
pub struct Finished {
    /// What `run.json` holds.
    pub manifest: Manifest,
    /// What was found.
    pub summary: Summary,
    /// How fast it was; nothing if the very same run was there already and nothing was computed.
    pub speed: Option<Speed>,
}

/// How fast a run was.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speed {
    /// Replications, with the writing of their tables.
    pub simulation: Duration,
    /// With diagnosis and figures.
    pub total: Duration,
    /// Weeks that dyads lived, over all worlds and replications.
    pub dyad_weeks: f64,
}

/// Why a run did not end with a run directory.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The results could not be written or read.
    #[error(transparent)]
    Results(#[from] results::Error),
    /// The study cannot be run.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A figure could not be drawn.
    #[error(transparent)]
    Figure(#[from] FigureError),
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
    /// Another run is in the way.
    #[error("{} holds another run ({what}): choose another name with --out, or replace it with --force", path.display())]
    Different {
        /// The folder.
        path: PathBuf,
        /// What is different there.
        what: String,
    },
    /// The run that is there has no summary that this version understands.
    #[error("the summary in {} cannot be read: make the run again with --force", path.display())]
    Summary {
        /// The manifest.
        path: PathBuf,
    },
    /// It was stopped.
    #[error(
        "interrupted after {finished} of {total} replications of {study}; nothing was written, since a run is kept only when it is whole"
    )]
    Interrupted {
        /// Replications that were done.
        finished: u64,
        /// Replications that were asked for.
        total: usize,
        /// The study.
        study: String,
    },
}

/// Runs a study into a folder: tables, figures and `run.json`, all of them or none.
///
/// If the very same run is there already, it is read and nothing is computed.
///
/// # Errors
/// If another run is in the way, something cannot be written, or the study cannot be run.
pub fn run_study(study: &Study, options: &Options) -> Result<Finished, Error> {
    run_watched(study, options, Watch { stop: &AtomicBool::new(false), progress: &|_| () })
}

/// The same, watched: with a flag that ends it and news of how far it is.
///
/// # Errors
/// Those of [`run_study`], and [`Error::Interrupted`].
pub fn run_watched(study: &Study, options: &Options, watch: Watch) -> Result<Finished, Error> {
    let record = options.record(study);
    let record_name = name_of(record);
    let scenario_toml = resolved::to_toml(study);
    let fingerprint = Identity {
        version: env!("CARGO_PKG_VERSION"),
        scenario: &scenario_toml,
        seed: study.monte_carlo.seed,
        replications: study.monte_carlo.replications as u64,
        record: record_name,
    }
    .fingerprint();
    if options.overwrite == Overwrite::Refuse
        && let Some(manifest) = results::existing(&options.out)?
    {
        if manifest.fingerprint != fingerprint {
            let what = difference(&manifest, study, record_name);
            return Err(Error::Different { path: options.out.clone(), what });
        }
        let summary = serde_json::from_value(manifest.summary.clone())
            .map_err(|_| Error::Summary { path: options.out.join(Manifest::FILE) })?;
        return Ok(Finished { manifest, summary, speed: None });
    }
    let directory = RunDirectory::create(&options.out, options.overwrite)?;
    let started = Instant::now();
    let plan = Plan::new(study.clone())?;
    let mut tables = simulate(&plan, &directory, record, options.threads, watch)?;
    let simulation = started.elapsed();
    let answers = answers(&plan.study, &directory.staged("tables/estimates.parquet")?)?;
    tables.insert(1, table::write(&plan.study, &answers, &directory)?);
    tables.insert(2, strategy_table::write(&plan.study, &answers, &directory)?);
    for (name, figure) in gallery::of_run(&plan, &answers, record, &directory.staged("tables")?)? {
        figures::draw(&figure, &directory.staged(&format!("figures/{name}"))?)?;
    }
    let summary = Summary::new(&plan, &answers, record);
    let worlds = 1 + plan.worlds.len();
    let lives = (study.population.dyads * plan.weeks * worlds * study.monte_carlo.replications) as f64;
    let speed = Speed { simulation, total: started.elapsed(), dyad_weeks: lives };
    let manifest = directory.finish(Manifest {
        format: Manifest::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        study: study.id.clone(),
        title: study.title.clone(),
        seed: study.monte_carlo.seed,
        replications: study.monte_carlo.replications as u64,
        record: record_name.to_owned(),
        fingerprint,
        commands: (!options.command.is_empty()).then(|| options.command.clone()).into_iter().collect(),
        summary: serde_json::to_value(&summary).unwrap_or_default(),
        timing: json!({
            "simulation_seconds": speed.simulation.as_secs_f64(),
            "total_seconds": speed.total.as_secs_f64(),
            "dyad_weeks": speed.dyad_weeks,
        }),
        tables,
        figures: Vec::new(),
        documents: Vec::new(),
        scenario: serde_json::from_str(&resolved::to_json(study)).unwrap_or_default(),
        scenario_toml,
    })?;
    Ok(Finished { manifest, summary, speed: Some(Speed { total: started.elapsed(), ..speed }) })
}

/// Runs the replications into the tables.
fn simulate(
    plan: &Plan,
    directory: &RunDirectory,
    record: Record,
    threads: usize,
    watch: Watch,
) -> Result<Vec<TableRecord>, Error> {
    let clerk = Clerk::new(plan, record);
    let mut recorder = Recorder::open(plan, directory, record)?;
    let options = monte_carlo::Options { threads, record, instructions: Instructions::Widest };
    let ended = monte_carlo::run(plan, options, watch.stop, watch.progress, |chunk| recorder.add(&clerk.chunk(&chunk)));
    match ended {
        Ok(()) => Ok(recorder.finish(&clerk, directory)?),
        Err(Stopped::Interrupted { finished }) => Err(Error::Interrupted {
            finished,
            total: plan.study.monte_carlo.replications,
            study: plan.study.id.clone(),
        }),
        Err(Stopped::Threads { threads, reason }) => Err(Error::Threads { threads, reason }),
        Err(Stopped::Sink(error)) => Err(error.into()),
    }
}

fn name_of(record: Record) -> &'static str {
    Record::NAMES.iter().find(|(_, level)| *level == record).map_or("summary", |(name, _)| name)
}

/// What an existing run has that the one asked for has not.
fn difference(manifest: &Manifest, study: &Study, record: &str) -> String {
    let mut parts = Vec::new();
    if manifest.study != study.id {
        parts.push(format!("study {}", manifest.study));
    }
    if manifest.version != env!("CARGO_PKG_VERSION") {
        parts.push(format!("peerlab {}", manifest.version));
    }
    if manifest.seed != study.monte_carlo.seed {
        parts.push(format!("seed {}", manifest.seed));
    }
    if manifest.replications != study.monte_carlo.replications as u64 {
        parts.push(format!("{} replications", manifest.replications));
    }
    if manifest.record != record {
        parts.push(format!("record {}", manifest.record));
    }
    if parts.is_empty() {
        parts.push("other parameters".to_owned());
    }
    parts.join(", ")
}
