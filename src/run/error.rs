//! Why a run did not end.

use std::path::{Path, PathBuf};

use super::size::TooLarge;
use crate::figures::FigureError;
use crate::monte_carlo::Failed;
use crate::report::brief::BriefError;
use crate::report::html;
use crate::results::{self, Shard};
use crate::shell::word;
use crate::study::plan::PlanError;

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
    /// The sponsor's brief could not be made.
    #[error(transparent)]
    Brief(#[from] BriefError),
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
    #[error("{} holds an unfinished run ({what}): go on with it by `peerlab resume {}`, start anew with --force, or choose another name with --out", path.display(), word(path))]
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
        "interrupted after {} replications of {study}{}; they are kept: go on by `peerlab resume {}`",
        told_of(*finished, *total), if finished == total { ", before all their tables were written" } else { "" }, word(path)
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
    /// Something failed on the way, after replications had been put on disk.
    #[error("{error}; what was finished is kept: go on by `peerlab resume {}`", word(path))]
    Kept {
        /// What failed.
        error: Box<Error>,
        /// The folder.
        path: PathBuf,
    },
    /// The machine has not what the run asks for.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
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
    /// Another build of the same version made it, or began it.
    #[error("{} was made by another build of peerlab {}, whose model is another one ({}; this is {}): go on with the build that began it, choose another name with --out, or make it anew with --force", path.display(), env!("CARGO_PKG_VERSION"), told(model), results::MODEL)]
    Build {
        /// The folder.
        path: PathBuf,
        /// The digest of that build's model.
        model: String,
    },
    /// The journal of the unfinished run does not describe itself.
    #[error("the journal in {} has been changed since the run was begun ({what}): start anew with --force", path.display())]
    Changed {
        /// The folder.
        path: PathBuf,
        /// What was changed.
        what: String,
    },
    /// There are more shards than replications.
    #[error("{total} replications do not reach for {} shards: some would have none", shard.of)]
    NoShare {
        /// What was asked for.
        shard: Shard,
        /// The replications.
        total: u64,
    },
    /// A run that is to be expanded and was cut off.
    #[error("the run in {} is not finished: go on with it by `peerlab resume {}`, then expand it", path.display(), word(path))]
    NotFinished {
        /// The folder.
        path: PathBuf,
    },
    /// Another expansion of it was cut off.
    #[error("{} is on its way from {there} to {asked} replications: go on by `peerlab resume {}`, or give that up with --force", path.display(), word(path))]
    OtherExpansion {
        /// The folder.
        path: PathBuf,
        /// The replications that it was to have.
        asked: u64,
        /// Those that it has.
        there: u64,
    },
    /// It cannot have so many replications.
    #[error("{} cannot be expanded to {asked} replications: {what}", path.display())]
    Unfit {
        /// The folder.
        path: PathBuf,
        /// The replications that were asked for.
        asked: u64,
        /// Why.
        what: String,
    },
    /// What is to be expanded is no run of a study.
    #[error("{} holds {what}: only what `peerlab run` or `peerlab sweep` makes of a study can be expanded", path.display())]
    NotExpandable {
        /// The folder.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// A run has more replications already.
    #[error("{} has {there} replications already: it cannot be expanded to {asked}", path.display())]
    Fewer {
        /// The folder.
        path: PathBuf,
        /// Replications there are.
        there: u64,
        /// Replications asked for in all.
        asked: u64,
    },
    /// What is there, or was begun, is one replication and no run.
    #[error("{} holds replication {number} alone, which is not gone on with: `peerlab run STUDY --only-replication {number}` makes it anew", path.display())]
    Alone {
        /// The folder.
        path: PathBuf,
        /// Its number.
        number: u64,
    },
    /// There is no replication of this number.
    #[error("{study} has no replication {number}: they are counted from 0, so that the last is {}", total.saturating_sub(1))]
    NoReplication {
        /// The study.
        study: String,
        /// The number asked for.
        number: u64,
        /// How many there are.
        total: u64,
    },
    /// A replication failed, where all are needed.
    #[error(transparent)]
    Replication(#[from] Failed),
    /// No replication came to its end.
    #[error("all {total} replications failed; {first}")]
    AllFailed {
        /// How many.
        total: u64,
        /// The first.
        first: Failed,
    },
    /// Shards that do not make a run.
    #[error("{0}")]
    Merge(#[from] super::merge::Trouble),
}

/// How many of how many.
fn told_of(finished: u64, total: u64) -> String {
    if finished == total { format!("all {total}") } else { format!("{finished} of {total}") }
}

/// The digest of a model, where there is one.
fn told(model: &str) -> &str {
    if model.is_empty() { "unnamed" } else { model }
}

/// Tells, of a run that failed, whether something is kept to go on from: that shows only when its folder has been cleared, as it is by now.
pub(super) fn telling<T>(ended: Result<T, Error>, path: &Path) -> Result<T, Error> {
    ended.map_err(|error| match error {
        Error::Results(_) | Error::Figure(_) | Error::Report(_)
            if results::unfinished(path).is_ok_and(|kept| kept.is_some()) =>
        {
            Error::Kept { error: Box::new(error), path: path.to_path_buf() }
        }
        other => other,
    })
}
