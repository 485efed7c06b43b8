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
mod conclude;
mod error;
pub mod expand;
mod identity;
mod keep;
mod limit;
pub mod merge;
pub mod only;
pub mod power;
pub mod restore;
mod rewrite;
pub mod shard;
mod simulate;
pub mod size;
pub mod sweep;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use self::conclude::conclude;
pub use self::error::Error;
use self::error::telling;
use self::identity::{begin, difference, recover, same_model};
use self::keep::Keeper;
use self::restore::{Restored, Wanted, restore};
use self::shard::FinishedShard;
use self::simulate::Work;
use self::size::Size;
use self::sweep::FinishedSweep;
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::{Chunk, Clerk};
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Simulate};
use crate::report::summary::Summary;
use crate::results::{self, Begun, Excerpt, Journal, Manifest, Overwrite, RunDirectory};
use crate::study::declaration::Study;
use crate::study::experiment::{Record, replicate};
use crate::study::plan::Plan;

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
    /// Told what the user should know, and what ends nothing.
    pub warn: fn(&str),
    /// How a replication is carried out. For tests of what happens when it is not.
    #[doc(hidden)]
    pub simulate: Simulate,
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
            warn: |_| (),
            simulate: replicate,
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
    /// Of a sweep whose replications are done: told how many of how many cells have their tables.
    pub writing: &'a (dyn Fn(u64, u64) + Sync),
}

impl<'a> Watch<'a> {
    /// Who is told how many more replications are done, and of nothing else.
    pub fn new(stop: &'a AtomicBool, progress: &'a (dyn Fn(u64) + Sync)) -> Self {
        Self { stop, progress, writing: &|_, _| () }
    }
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
    /// Of a run that was there already: what was lost, and made again.
    pub restored: Restored,
}

impl Finished {
    /// Replications that were computed here, and neither read from what was kept nor merged.
    pub fn computed(&self) -> u64 {
        self.speed.map_or(0, |_| self.manifest.replications - self.kept.unwrap_or(0))
    }

    /// Replications that failed.
    pub fn failed(&self) -> u64 {
        self.manifest.table("failures").map_or(0, |table| table.rows)
    }
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

/// Runs a study into a folder: tables, figures and `run.json`, all of them or none.
///
/// If the very same run is there already, it is read and nothing is computed.
///
/// # Errors
/// If another run is in the way, something cannot be written, or the study cannot be run.
pub fn run_study(study: &Study, options: &Options) -> Result<Finished, Error> {
    run_watched(study, options, Watch::new(&AtomicBool::new(false), &|_| ()))
}

/// The same, watched: with a flag that ends it and news of how far it is.
///
/// # Errors
/// Those of [`run_study`], and [`Error::Interrupted`].
pub fn run_watched(study: &Study, options: &Options, watch: Watch) -> Result<Finished, Error> {
    let record = options.record(study);
    let begun = begin(study, record, None, &options.command);
    match claim(&begun, Size::of(&Plan::new(study.clone())?, record, begun.replications, options.threads), options)? {
        Place::Finished(there) => finished(*there, &options.out),
        Place::CutOff => match resume(&options.out, options, watch)? {
            Resumed::Run(finished) => Ok(*finished),
            _ => Err(results::Error::NothingBegun(options.out.clone()).into()),
        },
        Place::Free(directory, journal) => {
            telling(carry_out(study, record, begun, (directory, journal), options, watch), &options.out)
        }
    }
}

/// What is where a run is to be.
enum Place {
    /// The very same run, finished.
    Finished(Box<(Manifest, Restored)>),
    /// The very same run, cut off.
    CutOff,
    /// Nothing any more that is in the way.
    Free(RunDirectory, Journal),
}

/// Looks at the folder for the results, and takes it for this run if it is free and the machine has what the run asks for.
fn claim(begun: &Begun, size: Size, options: &Options) -> Result<Place, Error> {
    if options.overwrite == Overwrite::Refuse {
        // Who goes on with it adds the command.
        let unasked = Begun { commands: Vec::new(), ..begun.clone() };
        match there(&unasked, options) {
            Ok(Some(place)) => return Ok(place),
            Ok(None) if shard::take_back_unvouched(&unasked, options)? => return Ok(Place::CutOff),
            Ok(None) => {}
            Err(error) if shard::take_back(&unasked, &error, options)? => return Ok(Place::CutOff),
            Err(error) => return Err(error),
        }
    }
    size.fits(&options.out)?;
    let directory = create(&options.out, options.overwrite, options).map_err(|error| match error {
        results::Error::Unfinished { path, begun: other } => {
            Error::Unfinished { path, what: difference(&other, begun) }
        }
        other => other.into(),
    })?;
    let journal = directory.begin_journal(begun)?;
    Ok(Place::Free(directory, journal))
}

/// What of this run is there; an error if another one is.
fn there(begun: &Begun, options: &Options) -> Result<Option<Place>, Error> {
    if let Some(manifest) = relied_on(&options.out, |other| other.fingerprint == begun.fingerprint)? {
        if manifest.fingerprint != begun.fingerprint {
            // Who began it beside the other said that it is to take its place.
            if results::unfinished(&options.out)
                .is_ok_and(|own| own.is_some_and(|own| own.fingerprint == begun.fingerprint))
            {
                return Ok(Some(Place::CutOff));
            }
            let what = difference(&Begun::of(&manifest), begun);
            return Err(Error::Different { path: options.out.clone(), what });
        }
        same_model(&manifest.model, &options.out)?;
        return Ok(Some(Place::Finished(Box::new(restore(&options.out, Wanted::Whole, options)?))));
    }
    let unfinished = match results::unfinished(&options.out) {
        // The parts say of which run they are.
        Ok(None) | Err(results::Error::Journal { .. })
            if results::whose_journal(&options.out, begun) == results::Whose::Own =>
        {
            results::begin_again(&options.out, begun)?;
            return Ok(Some(Place::CutOff));
        }
        // Cut off before it had kept anything: nothing is lost where it is begun anew.
        Err(results::Error::Journal { .. })
            if results::whose_journal(&options.out, begun) == results::Whose::Nobodys =>
        {
            None
        }
        unfinished => unfinished?,
    };
    Ok(unfinished.filter(|other| other.fingerprint == begun.fingerprint).map(|_| Place::CutOff))
}

/// Takes a folder for the results.
fn create(out: &Path, overwrite: Overwrite, options: &Options) -> results::Result<RunDirectory> {
    let created = RunDirectory::create(out, overwrite).inspect(|directory| say_unlocked(directory, options));
    created.map_err(|error| match error {
        // Who is still at it needs nobody to go on.
        results::Error::Unfinished { path, .. } if results::in_use(&path) => results::Error::InUse(path),
        other => other,
    })
}

fn say_unlocked(directory: &RunDirectory, options: &Options) {
    if let Some(unlocked) = directory.unlocked() {
        (options.warn)(&unlocked.to_string());
    }
}

/// What was gone on with.
#[derive(Debug)]
pub enum Resumed {
    /// A run.
    Run(Box<Finished>),
    /// A shard of one.
    Shard(Box<FinishedShard>),
    /// A sweep.
    Sweep(Box<FinishedSweep>),
}

/// Goes on with the run or shard that was cut off in a folder, to the same bytes that it would have had; of `options`, threads and
/// `save_every` count, and the command is added to those in `run.json`. What is finished is read.
///
/// # Errors
/// Those of [`run_watched`]; if no run was begun there, or another version of peerlab began it.
pub fn resume(path: &Path, options: &Options, watch: Watch) -> Result<Resumed, Error> {
    results::complete(path)?;
    if let Some(manifest) = relied_on(path, |_| true)?
        && results::beside(path, &manifest)?.is_none()
    {
        match restore(path, Wanted::Whole, options) {
            Ok(there) => return whole(there, path),
            Err(error) if shard::take_back(&Begun::of(&manifest), &error, &at(path, options))? => {}
            Err(error) => return Err(error),
        }
    }
    if let Some(Excerpt::Replication(number)) = results::unfinished(path)?.and_then(|begun| begun.excerpt) {
        return Err(Error::Alone { path: path.to_path_buf(), number });
    }
    let (directory, mut begun, journal) = RunDirectory::reopen(path)?;
    say_unlocked(&directory, options);
    let place = (directory, journal);
    if begun.sweep.is_some() {
        begun.commands.extend(Some(&options.command).filter(|command| !command.is_empty()).cloned());
        return sweep::go_on(begun, place, &at(path, options), watch);
    }
    let (study, record) = recover(&begun, path, "begun.json")?;
    begun.commands.extend(Some(&options.command).filter(|command| !command.is_empty()).cloned());
    match begun.excerpt {
        Some(Excerpt::Shard(shard)) => {
            let finished =
                telling(shard::carry_out(&study, record, begun, shard, place, &at(path, options), watch), path)?;
            Ok(Resumed::Shard(Box::new(finished)))
        }
        _ => {
            let finished = telling(carry_out(&study, record, begun, place, &at(path, options), watch), path)?;
            Ok(Resumed::Run(Box::new(finished)))
        }
    }
}

/// The manifest of what is finished in a folder; none either where it cannot be relied on and something was begun beside it that `is_asked` for:
/// that takes its place, and needs it for nothing that cannot be computed.
fn relied_on(path: &Path, is_asked: impl Fn(&Begun) -> bool) -> Result<Option<Manifest>, Error> {
    Ok(match results::existing(path) {
        Err(results::Error::Manifest { .. }) if results::unfinished(path)?.is_some_and(|begun| is_asked(&begun)) => {
            None
        }
        there => there?,
    })
}

/// The same options for what is in this folder.
fn at(path: &Path, options: &Options) -> Options {
    Options { out: path.to_path_buf(), ..options.clone() }
}

/// What is there already, whatever of a run it is.
fn whole(there: (Manifest, Restored), path: &Path) -> Result<Resumed, Error> {
    Ok(match there.0.excerpt {
        Some(Excerpt::Shard(shard)) => Resumed::Shard(Box::new(shard::found(there.0, shard, path))),
        Some(Excerpt::Replication(number)) => return Err(Error::Alone { path: path.to_path_buf(), number }),
        None if there.0.record == results::SweepSpec::RECORD => Resumed::Sweep(Box::new(sweep::found(there, path)?)),
        None => Resumed::Run(Box::new(finished(there, path)?)),
    })
}

/// What the process of a finished run, shard or sweep may have left beside it goes; what another began stays.
fn tidy(manifest: &Manifest, path: &Path) {
    let is_own = match results::unfinished(path) {
        Ok(Some(begun)) => begun.fingerprint == manifest.fingerprint,
        // The parts tell.
        _ => results::whose_journal(path, &Begun::of(manifest)) != results::Whose::Other,
    };
    if is_own {
        results::tidy(path);
    }
}

/// A run that is there already.
fn finished((manifest, restored): (Manifest, Restored), path: &Path) -> Result<Finished, Error> {
    tidy(&manifest, path);
    let summary = serde_json::from_value(manifest.summary.clone())
        .map_err(|_| Error::Summary { path: path.join(Manifest::FILE) })?;
    Ok(Finished { manifest, summary, speed: None, kept: None, restored })
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
    let total = begun.replications;
    let mut keeper = Keeper::new(journal, options.save_every);
    let mut recorder = Recorder::open(&plan, &directory, record)?;
    let base = match begun.base {
        Some(replications) => expand::base(study, record, replications, options)?,
        None => 0,
    };
    if base > 0 {
        recorder.go_on(&plan, record, &options.out)?;
        (watch.progress)(base);
    }
    let kept = base
        + simulate(&plan, record, options, watch, (base..total, base), &mut keeper, &mut |chunk| recorder.add(chunk))?;
    let recorded = recorder.finish(&Clerk::new(&plan, record), &directory)?;
    conclude(&plan, record, begun, (directory, recorded), total - kept, started, (options, watch))
}

/// Hands over these replications of a study in order; see [`Work::simulate`].
fn simulate(
    plan: &Plan,
    record: Record,
    options: &Options,
    watch: Watch,
    (numbers, before): (Range<u64>, u64),
    keeper: &mut Keeper,
    each: &mut dyn FnMut(&Chunk) -> results::Result<()>,
) -> Result<u64, Error> {
    let clerk = Clerk::new(plan, record);
    let how = monte_carlo::Options { threads: options.threads, record, instructions: Instructions::Widest };
    let work = Work {
        study: &plan.study.id,
        size: &|threads| monte_carlo::chunk(plan, record, threads),
        live: &|number| monte_carlo::attempt(plan, number, how, options.simulate),
        write: &|first, outcomes| vec![clerk.chunk(first, outcomes)],
        threads: options.threads,
        path: &options.out,
        watch,
    };
    work.simulate(numbers, before, keeper, each)
}
