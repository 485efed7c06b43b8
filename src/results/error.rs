//! Everything that can go wrong with results, each message with the path, the value and the way out.

use std::io;
use std::path::{Path, PathBuf};

use super::begun::Begun;
use super::left::{self, Left};
use crate::shell::word;

/// The result of anything in this module.
pub type Result<T> = std::result::Result<T, Error>;

/// What can go wrong between rows in memory and a finished run on disk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {doing} {}: {source}{}", path.display(), way_out(source))]
    Io {
        /// What was attempted, as a verb: "write", "create".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own answer.
        source: io::Error,
    },
    /// The run directory's name belongs to a file.
    #[error("{} is a file, not a directory: choose another name with --out", .0.display())]
    NotADirectory(PathBuf),
    /// The run directory, or a folder on the way to it, is a link that leads nowhere: perhaps a disk that is not mounted.
    #[error("{} is a link to {}, which is not there: bring that folder there, or choose another name with --out", link.display(), to.display())]
    Dangling {
        /// The link.
        link: PathBuf,
        /// Where it leads.
        to: PathBuf,
    },
    /// The directory holds something that is not a run; it is left alone, even when overwriting is allowed.
    #[error("{} is not empty and holds no run of peerlab (it has {found:?}): choose another name with --out", path.display())]
    Occupied {
        /// The directory.
        path: PathBuf,
        /// One of the names found in it.
        found: String,
    },
    /// A finished run is there.
    #[error("{} already holds a finished run: choose another name with --out, or replace it with --force", .0.display())]
    Exists(PathBuf),
    /// Another process is writing there.
    #[error("{} is being written by another process: wait for it, or use another folder", .0.display())]
    InUse(PathBuf),
    /// A table's declaration, or the rows appended to it, do not fit.
    #[error("table `{table}`: {problem}")]
    Table {
        /// The table.
        table: String,
        /// What does not fit.
        problem: String,
    },
    /// A file that is not Parquet, not whole, or not of the expected kind.
    #[error("cannot read {} as a table: {problem}; the file is damaged or was not written by peerlab: make the run again", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the reader found.
        problem: String,
    },
    /// A column that was asked for is not there.
    #[error("{} has no column `{column}`; it has {}", path.display(), known.join(", "))]
    NoColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The columns there are.
        known: Vec<String>,
    },
    /// A `run.json` that cannot be understood, or is not what was written.
    #[error("cannot rely on {}: {problem}; make the run again with --force, or choose another name with --out", path.display())]
    Manifest {
        /// The manifest's path.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A journal that cannot be understood, or is not what was written.
    #[error("cannot rely on {}: {problem}; give its command again, which goes on from what is whole, or start anew with --force", path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// An unfinished run is there.
    #[error("{} holds an unfinished run of {}: go on with it by `peerlab resume {}`, start anew with --force, or choose another name with --out", path.display(), begun.study, word(path))]
    Unfinished {
        /// The directory.
        path: PathBuf,
        /// What was begun there.
        begun: Box<Begun>,
    },
    /// There is no unfinished run where one was expected.
    #[error("{} holds no unfinished run", .0.display())]
    NothingBegun(PathBuf),
    /// There is no finished run where one was expected.
    #[error("{} holds no finished run: there is no run.json", .0.display())]
    NoRun(PathBuf),
    /// There is a run, and nothing that vouches for it.
    #[error("{} holds a run without its run.json, which alone says whether it is whole: make the run again with --force", .0.display())]
    Unvouched(PathBuf),
    /// Files that do not agree with the manifest, or the manifest with what was written.
    #[error("{} does not agree with its run.json: {}; make the run again with --force", path.display(), problems.join("; "))]
    Damaged {
        /// The run directory.
        path: PathBuf,
        /// Every disagreement, one sentence each.
        problems: Vec<String>,
    },
}

impl Error {
    /// Wraps a system error: `.map_err(Error::io("write", &path))`.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }

    /// That there is no finished run in a folder, or none that anything vouches for.
    pub fn no_run(path: &Path) -> Self {
        match left::by_a_run(path) {
            Ok(Left::Run) => Self::Unvouched(path.to_path_buf()),
            _ => Self::NoRun(path.to_path_buf()),
        }
    }

    /// A file that cannot be written.
    pub fn unwritable(path: &Path, source: io::Error) -> Self {
        Self::io("write", path)(source)
    }

    /// A file that cannot be read.
    pub fn unreadable(path: &Path, source: io::Error) -> Self {
        Self::io("read", path)(source)
    }

    pub(super) fn table(table: &str, problem: impl Into<String>) -> Self {
        Self::Table { table: table.to_owned(), problem: problem.into() }
    }

    pub(super) fn parquet(path: &Path, problem: impl ToString) -> Self {
        Self::Parquet { path: path.to_path_buf(), problem: problem.to_string() }
    }
}

/// What a person can do about a system error, behind a colon; nothing where there is nothing to say.
pub(crate) fn way_out(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ": free some space, choose another disk with --out, or keep less with --record"
        }
        io::ErrorKind::FileTooLarge => {
            ": no file may become as large here (`ulimit -f`); raise that, or keep less with --record"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            ": choose a folder of your own with --out"
        }
        io::ErrorKind::NotADirectory => ": part of this path is a file; choose another name with --out",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_carry_path_and_way_out() {
        let full =
            Error::io("write", Path::new("runs/a/estimates.parquet"))(io::Error::from(io::ErrorKind::StorageFull));
        let text = full.to_string();
        assert!(text.starts_with("cannot write runs/a/estimates.parquet: "), "{text}");
        assert!(text.contains("free some space"), "{text}");
        let denied = Error::io("create", Path::new("/closed/x"))(io::Error::from(io::ErrorKind::PermissionDenied));
        assert!(denied.to_string().contains("--out"));
        assert_eq!(
            Error::Exists("runs/a".into()).to_string(),
            "runs/a already holds a finished run: choose another name with --out, or replace it with --force"
        );
    }
}
