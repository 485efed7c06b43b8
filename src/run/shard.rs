//! A share of a run's replications, to be merged with the others: on another machine, or at another time.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use super::conclude::{lives, manifest};
use super::identity::begin;
use super::keep::Keeper;
use super::size::Size;
use super::{Error, Options, Place, Resumed, Speed, Watch, claim, resume, simulate, telling, tidy};
use crate::results::{self, Begun, Excerpt, Journal, MODEL, Manifest, RunDirectory, Shard, Whose};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// A finished shard.
#[derive(Debug)]
pub struct FinishedShard {
    /// What `run.json` holds.
    pub manifest: Manifest,
    /// Which one it is.
    pub shard: Shard,
    /// Its replications among all, in the order in which a whole run computes them: of a sweep those of all cells.
    pub numbers: Range<u64>,
    /// How many all are.
    pub total: u64,
    /// How long it took; nothing if it was there already and nothing was computed.
    pub took: Option<Duration>,
    /// Of one that went on where it had been cut off: replications that were there already.
    pub kept: Option<u64>,
}

impl FinishedShard {
    /// Replications that were computed here, and not read from what was kept.
    pub fn computed(&self) -> u64 {
        self.took.map_or(0, |_| self.numbers.end - self.numbers.start - self.kept.unwrap_or(0))
    }
}

/// Computes a share of a study's replications into a folder. What is there then is no run: no tables, no report, only what
/// [`merge`](super::merge::merge) makes one of.
///
/// # Errors
/// Those of [`super::run_watched`].
pub fn run_shard(study: &Study, shard: Shard, options: &Options, watch: Watch) -> Result<FinishedShard, Error> {
    let total = study.monte_carlo.replications as u64;
    // For every one of them: the others could not be merged.
    if shard.of > total {
        return Err(Error::NoShare { shard, total });
    }
    let record = options.record(study);
    let begun = begin(study, record, Some(Excerpt::Shard(shard)), &options.command);
    let numbers = shard.replications(total);
    let size = Size::of(&Plan::new(study.clone())?, record, numbers.end - numbers.start, options.threads);
    match claim(&begun, size, options)? {
        Place::Finished(there) => Ok(found(there.0, shard, &options.out)),
        Place::CutOff => match resume(&options.out, options, watch)? {
            Resumed::Shard(finished) => Ok(*finished),
            _ => Err(results::Error::NothingBegun(options.out.clone()).into()),
        },
        Place::Free(directory, journal) => {
            telling(carry_out(study, record, begun, shard, (directory, journal), options, watch), &options.out)
        }
    }
}

/// One that is there already.
pub(super) fn found(manifest: Manifest, shard: Shard, path: &Path) -> FinishedShard {
    tidy(&manifest, path);
    let total = manifest.replications.saturating_mul(manifest.summary["cells"].as_u64().unwrap_or(1));
    FinishedShard { manifest, shard, numbers: shard.replications(total), total, took: None, kept: None }
}

/// Makes the finished shard in the folder an unfinished one, if `error` says that it is this very one and that a file of it is not what
/// was written: one that a cluster asks for again shall come to its end. Whether it was.
///
/// # Errors
/// If another process is writing there, or something cannot be moved.
pub(super) fn take_back(begun: &Begun, error: &Error, options: &Options) -> Result<bool, Error> {
    let whose = results::whose(&options.out, begun);
    let what = match error {
        // With parts that are another's it is still this one if any file is what its `run.json` says.
        Error::Results(results::Error::Damaged { problems, .. })
            if whose != Whose::Other
                || results::existing(&options.out)?.is_some_and(|own| own.files().count() > problems.len()) =>
        {
            problems.join("; ")
        }
        // What it says cannot be relied on: the parts tell, and without them that of all numbers these two stand in it is no chance.
        Error::Results(results::Error::Manifest { path: file, problem })
            if whose == Whose::Own
                || whose == Whose::Nobodys
                    && fs::read(file).is_ok_and(|text| is_in(&begun.fingerprint, &text) && is_in(MODEL, &text)) =>
        {
            format!("{}: {problem}", Manifest::FILE)
        }
        _ => return Ok(false),
    };
    take(begun, &what, options)
}

/// The same for one that has lost its `run.json`.
///
/// # Errors
/// Those of [`take_back`].
pub(super) fn take_back_unvouched(begun: &Begun, options: &Options) -> Result<bool, Error> {
    let is_there = results::parcels(&options.out, begun).whose() == Whose::Own;
    Ok(is_there && take(begun, &format!("{} is gone", Manifest::FILE), options)?)
}

fn take(begun: &Begun, what: &str, options: &Options) -> Result<bool, Error> {
    let path = options.out.as_path();
    let is_own = |other: Option<Begun>| other.is_none_or(|other| other.fingerprint == begun.fingerprint);
    let is_shard = matches!(begun.excerpt, Some(Excerpt::Shard(_)));
    let is_ours = begun.model == MODEL && begun.version == env!("CARGO_PKG_VERSION");
    // A shard has none: where there are some, a shard's `run.json` was put to a run.
    let is_whole = ["tables", "dataset"].iter().any(|folder| path.join(folder).exists());
    if is_whole || !is_shard || !is_ours || !results::unfinished(path).is_ok_and(is_own) {
        return Ok(false);
    }
    results::take_back(path, begun)?;
    let shown = path.display();
    (options.warn)(&format!("{shown} is damaged ({what}): what of it is whole is kept, the rest is computed again"));
    Ok(true)
}

/// Whether a word stands in a text.
fn is_in(word: &str, text: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part == word.as_bytes())
}

/// Computes what is missing, and vouches for all of it.
pub(super) fn carry_out(
    study: &Study,
    record: Record,
    begun: Begun,
    shard: Shard,
    (directory, journal): (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<FinishedShard, Error> {
    let started = Instant::now();
    let plan = Plan::new(study.clone())?;
    let numbers = shard.replications(begun.replications);
    let mut keeper = Keeper::new(journal, options.save_every);
    let kept = simulate(&plan, record, options, watch, (numbers.clone(), 0), &mut keeper, &mut |_| Ok(()))?;
    directory.stage_parcels(keeper.journal(), numbers.end)?;
    let simulation = started.elapsed();
    let computed = numbers.end - numbers.start - kept;
    let speed = Speed { simulation, total: simulation, dyad_weeks: lives(&plan, computed) };
    let manifest = directory.finish(manifest(&plan, begun, speed))?;
    let (total, took, kept) = (manifest.replications, Some(started.elapsed()), (kept > 0).then_some(kept));
    Ok(FinishedShard { manifest, shard, numbers, total, took, kept })
}
