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
mod keep;
pub mod power;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde_json::json;

use self::keep::Keeper;
use crate::figures::{self, FigureError};
use crate::inquiry::answers::answers;
use crate::inquiry::{strategy_table, table};
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::Clerk;
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Stopped};
use crate::report::gallery;
use crate::report::html;
use crate::report::summary::Summary;
use crate::results::{self, Begun, Identity, Journal, Manifest, Overwrite, RunDirectory, TableRecord};
use crate::scenario::{self, resolved};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::{Plan, PlanError};

/// How often what is done is put on disk unless told otherwise.
pub const SAVE_EVERY: Duration = Duration::from_secs(5);

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
    /// How often what is done is put on disk: no more than this, and what one more chunk takes, is lost when the process dies.
    pub save_every: Duration,
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
            save_every: SAVE_EVERY,
        }
    }

    fn record(&self, study: &Study) -> Record {
        self.record.unwrap_or_else(|| Record::unless_told(study.monte_carlo.replications))
    }
}

/// Who watches a run, and may end it.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Once it is set the run ends; what is done is kept, for [`resume`].
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
    /// Of a run that went on where it had been cut off: replications that were there already.
    pub kept: Option<u64>,
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
    /// The report could not be made.
    #[error(transparent)]
    Report(#[from] html::Error),
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
    /// Another run was begun there.
    #[error("{} holds an unfinished run ({what}): go on with it by `peerlab resume {}`, start anew with --force, or choose another name with --out", path.display(), path.display())]
    Unfinished {
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
        "interrupted after {finished} of {total} replications of {study}; they are kept: go on by `peerlab resume {}`", path.display()
    )]
    Interrupted {
        /// Replications that are done and on disk.
        finished: u64,
        /// Replications that were asked for.
        total: u64,
        /// The study.
        study: String,
        /// The folder.
        path: PathBuf,
    },
    /// It was stopped, and is one of those that are kept only when they are whole.
    #[error(
        "interrupted after {finished} of {total} replications of {study}; nothing was written, since a comparison is kept only when it is whole"
    )]
    Stopped {
        /// Replications that were done.
        finished: u64,
        /// Replications that were asked for.
        total: usize,
        /// The study.
        study: String,
    },
    /// The unfinished run that is there is of another version.
    #[error("{} was begun by peerlab {version}, and this is {}: finish it with that version, or start anew with --force", path.display(), env!("CARGO_PKG_VERSION"))]
    Version {
        /// The folder.
        path: PathBuf,
        /// The version that began it.
        version: String,
    },
    /// The journal of the unfinished run does not describe itself.
    #[error("the journal in {} has been changed since the run was begun ({what}): start anew with --force", path.display())]
    Changed {
        /// The folder.
        path: PathBuf,
        /// What was changed.
        what: String,
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
    let begun = begin(study, record, &options.command);
    if options.overwrite == Overwrite::Refuse {
        if let Some(manifest) = results::existing(&options.out)? {
            if manifest.fingerprint != begun.fingerprint {
                let what = difference(&Begun::of(&manifest), &begun);
                return Err(Error::Different { path: options.out.clone(), what });
            }
            return finished(manifest, &options.out);
        }
        // The very same run, cut off: it goes on.
        if results::unfinished(&options.out)?.is_some_and(|other| other.fingerprint == begun.fingerprint) {
            return resume(&options.out, options, watch);
        }
    }
    let directory = RunDirectory::create(&options.out, options.overwrite).map_err(|error| match error {
        results::Error::Unfinished { path, begun: other } => {
            Error::Unfinished { path, what: difference(&other, &begun) }
        }
        other => other.into(),
    })?;
    let journal = directory.begin_journal(&begun)?;
    carry_out(study, record, begun, (directory, journal), options, watch)
}

/// Goes on with the run that was cut off in a folder, to the same tables and figures that it would have had; of `options`, threads and
/// `save_every` count, and the command is added to those in `run.json`. A run that is finished is read.
///
/// # Errors
/// Those of [`run_watched`]; if no run was begun there, or another version of peerlab began it.
pub fn resume(path: &Path, options: &Options, watch: Watch) -> Result<Finished, Error> {
    if let Some(manifest) = results::existing(path)?
        && results::unfinished(path)?.is_none_or(|begun| begun.fingerprint == manifest.fingerprint)
    {
        return finished(manifest, path);
    }
    let (directory, mut begun, journal) = RunDirectory::reopen(path)?;
    if begun.version != env!("CARGO_PKG_VERSION") {
        return Err(Error::Version { path: path.to_path_buf(), version: begun.version });
    }
    let changed = |what: &str| Error::Changed { path: path.to_path_buf(), what: what.to_owned() };
    let scenario =
        scenario::read(&begun.scenario_toml, "begun.json", &[]).map_err(|_| changed("its scenario is none"))?;
    let record = Record::NAMES.iter().find(|(name, _)| *name == begun.record);
    let (_, record) = record.ok_or_else(|| changed("its level of record is none"))?;
    let again = begin(&scenario.study, *record, &options.command);
    let commands = std::mem::take(&mut begun.commands);
    if (Begun { commands: Vec::new(), ..again.clone() }) != begun {
        return Err(changed(&difference(&begun, &again)));
    }
    begun.commands = commands.into_iter().chain(again.commands).collect();
    carry_out(&scenario.study, *record, begun, (directory, journal), options, watch)
}

/// What is begun.
fn begin(study: &Study, record: Record, command: &str) -> Begun {
    let scenario_toml = resolved::to_toml(study);
    let identity = Identity {
        version: env!("CARGO_PKG_VERSION"),
        scenario: &scenario_toml,
        seed: study.monte_carlo.seed,
        replications: study.monte_carlo.replications as u64,
        record: record.name(),
    };
    Begun {
        format: Begun::FORMAT,
        version: identity.version.to_owned(),
        study: study.id.clone(),
        seed: identity.seed,
        replications: identity.replications,
        record: identity.record.to_owned(),
        fingerprint: identity.fingerprint(),
        commands: (!command.is_empty()).then(|| command.to_owned()).into_iter().collect(),
        scenario_toml,
    }
}

/// A run that is there already; what its own process may have left beside it goes, what another began stays.
fn finished(manifest: Manifest, path: &Path) -> Result<Finished, Error> {
    if results::unfinished(path).is_ok_and(|begun| begun.is_none_or(|begun| begun.fingerprint == manifest.fingerprint))
    {
        results::tidy(path);
    }
    let summary = serde_json::from_value(manifest.summary.clone())
        .map_err(|_| Error::Summary { path: path.join(Manifest::FILE) })?;
    Ok(Finished { manifest, summary, speed: None, kept: None })
}

/// Runs what is missing, and writes everything.
fn carry_out(
    study: &Study,
    record: Record,
    begun: Begun,
    (directory, journal): (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<Finished, Error> {
    let started = Instant::now();
    let plan = Plan::new(study.clone())?;
    let keeper = Keeper::new(journal, options.save_every);
    let (mut tables, kept) = simulate(&plan, &directory, record, keeper, options.threads, watch)?;
    let simulation = started.elapsed();
    let answers = answers(&plan.study, &directory.staged("tables/estimates.parquet")?)?;
    tables.insert(1, table::write(&plan.study, &answers, &directory)?);
    tables.insert(2, strategy_table::write(&plan.study, &answers, &directory)?);
    let mut names = Vec::new();
    for (name, figure) in gallery::of_run(&plan, &answers, record, &directory.staged("tables")?)? {
        figures::draw(&figure, &directory.staged(&format!("figures/{name}"))?)?;
        names.push(name.to_owned());
    }
    let summary = Summary::new(&plan, &answers, record);
    let worlds = 1 + plan.worlds.len();
    let lives = (study.population.dyads * plan.weeks * worlds * study.monte_carlo.replications) as f64;
    let speed = Speed { simulation, total: started.elapsed(), dyad_weeks: lives };
    let mut manifest = Manifest {
        format: Manifest::FORMAT,
        version: begun.version,
        study: begun.study,
        title: study.title.clone(),
        seed: begun.seed,
        replications: begun.replications,
        record: begun.record,
        fingerprint: begun.fingerprint,
        commands: begun.commands,
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
        scenario_toml: begun.scenario_toml,
    };
    // From what was written, as `peerlab report` makes it again.
    html::write(&html::report(&manifest, directory.staging(), &names)?, &directory.staged(html::FILE)?)?;
    manifest = directory.finish(manifest)?;
    let kept = (kept > 0).then_some(kept);
    Ok(Finished { manifest, summary, speed: Some(Speed { total: started.elapsed(), ..speed }), kept })
}

/// Runs the replications into the tables, those that were kept before the others in their order; how many were kept.
fn simulate(
    plan: &Plan,
    directory: &RunDirectory,
    record: Record,
    mut keeper: Keeper,
    threads: usize,
    watch: Watch,
) -> Result<(Vec<TableRecord>, u64), Error> {
    let total = plan.study.monte_carlo.replications as u64;
    let clerk = Clerk::new(plan, record);
    let mut recorder = Recorder::open(plan, directory, record)?;
    let options = monte_carlo::Options { threads, record, instructions: Instructions::Widest };
    let (mut kept, mut next) = (0, 0);
    let compute = |numbers: Range<u64>, recorder: &mut Recorder, keeper: &mut Keeper| {
        if numbers.is_empty() {
            return Ok(());
        }
        let before = numbers.start;
        let ended = monte_carlo::run_numbers(plan, numbers, options, watch.stop, watch.progress, |replications| {
            let chunk = clerk.chunk(&replications);
            recorder.add(&chunk)?;
            keeper.add(&chunk)
        });
        match ended {
            Ok(()) => Ok(()),
            Err(Stopped::Interrupted { finished }) => {
                keeper.put()?;
                let (study, path) = (plan.study.id.clone(), directory.path().to_path_buf());
                Err(Error::Interrupted { finished: before + finished, total, study, path })
            }
            Err(Stopped::Threads { threads, reason }) => Err(Error::Threads { threads, reason }),
            Err(Stopped::Sink(error)) => Err(error.into()),
        }
    };
    for part in keeper.parts(total)? {
        // What is not whole any more counts as never done.
        let Some(chunks) = keeper.chunks(&part)? else { continue };
        compute(next..part.replications.start, &mut recorder, &mut keeper)?;
        for chunk in &chunks {
            recorder.add(chunk)?;
        }
        let count = part.replications.end - part.replications.start;
        (watch.progress)(count);
        kept += count;
        next = part.replications.end;
    }
    compute(next..total, &mut recorder, &mut keeper)?;
    Ok((recorder.finish(&clerk, directory)?, kept))
}

/// What one run has that another has not.
fn difference(found: &Begun, asked: &Begun) -> String {
    let mut parts = Vec::new();
    if found.study != asked.study {
        parts.push(format!("study {}", found.study));
    }
    if found.version != asked.version {
        parts.push(format!("peerlab {}", found.version));
    }
    if found.seed != asked.seed {
        parts.push(format!("seed {}", found.seed));
    }
    if found.replications != asked.replications {
        parts.push(format!("{} replications", found.replications));
    }
    if found.record != asked.record {
        parts.push(format!("record {}", found.record));
    }
    if parts.is_empty() {
        parts.push("other parameters".to_owned());
    }
    parts.join(", ")
}
