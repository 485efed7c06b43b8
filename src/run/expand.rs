//! A finished run brought to more replications.
//!
//! **What is kept for it.** The journal's parts would do, and cost about as much room as all tables together in every run, for a thing
//! that few runs need. But the tables have every replication's rows already, and are written from rows alone, so that they are
//! read back; what they have not is the sums of the trajectories, of which they show means and standard deviations, rounded. Those few
//! thousand numbers are `moments.json`.

use std::path::Path;

use super::identity::{begin, recover};
use super::size::Size;
use super::{Error, Finished, Options, Resumed, Watch, carry_out, finished, resume, telling};
use crate::results::{self, Begun, Manifest, Overwrite, RunDirectory};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// Brings the finished run in a folder to this many replications in all: the very run that it would have been with that number from the
/// beginning, at the same level of record. What is there is read, only the others are computed. Cut off, it goes on by [`resume`]; until
/// it is whole, the run that was there stays.
///
/// # Errors
/// If no run of a study is there, it has more replications, it was changed, or another version made it; those of [`super::run_watched`].
pub fn expand(path: &Path, replications: u64, options: &Options, watch: Watch) -> Result<Finished, Error> {
    results::complete(path)?;
    let Some(manifest) = results::existing(path)? else {
        let begun = results::unfinished(path)?;
        return Err(match begun {
            Some(_) => Error::NotFinished { path: path.to_path_buf() },
            None => results::Error::NoRun(path.to_path_buf()).into(),
        });
    };
    let no_run = |what: String| Error::NotExpandable { path: path.to_path_buf(), what };
    if let Some(excerpt) = manifest.excerpt {
        return Err(no_run(excerpt.to_string()));
    }
    if Record::NAMES.iter().all(|(name, _)| *name != manifest.record) {
        return Err(no_run(format!("what `peerlab {}` makes", manifest.record)));
    }
    let there = manifest.replications;
    if replications < there {
        return Err(Error::Fewer { path: path.to_path_buf(), there, asked: replications });
    }
    let (mut study, record) = recover(&Begun::of(&manifest), path, Manifest::FILE)?;
    study.monte_carlo.replications = replications as usize;
    let mut begun = begin(&study, record, None, "");
    begun.base = Some(there);
    begun.commands = manifest.commands.clone();
    begun.commands.extend(Some(&options.command).filter(|command| !command.is_empty()).cloned());
    if let Some(other) = results::unfinished(path)?.filter(|other| other.fingerprint != manifest.fingerprint) {
        if other.fingerprint != begun.fingerprint {
            let what = format!("to {} replications", other.replications);
            return Err(Error::Unfinished { path: path.to_path_buf(), what });
        }
        return match resume(path, options, watch)? {
            Resumed::Run(finished) => Ok(*finished),
            _ => Err(no_run("a shard".to_owned())),
        };
    }
    results::verify(path)?;
    if replications == there {
        return finished(manifest, path);
    }
    // The run that is there stays beside the larger one until that is whole.
    Size::of(&Plan::new(study.clone())?, record, replications, options.threads).fits(path)?;
    let directory = RunDirectory::create(path, Overwrite::Force)?;
    let journal = directory.begin_journal(&begun)?;
    telling(carry_out(&study, record, begun, (directory, journal), options, watch), path)
}

/// The replications that can be read back in a folder of the run that is gone on from; none if it is not there any more, and then they
/// are computed once more.
///
/// # Errors
/// If it was changed.
pub(super) fn base(study: &Study, record: Record, replications: u64, path: &Path) -> Result<u64, Error> {
    let mut smaller = study.clone();
    smaller.monte_carlo.replications = replications as usize;
    let fingerprint = begin(&smaller, record, None, "").fingerprint;
    match results::existing(path)? {
        Some(manifest) if manifest.fingerprint == fingerprint => {
            results::verify(path)?;
            Ok(replications)
        }
        _ => Ok(0),
    }
}
