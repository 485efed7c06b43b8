//! What is in a directory: a finished run, an unfinished one, or something else.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::begun::Begun;
use super::error::{Error, Result};
use super::folder::lock;
use super::journal::{Parts, Whose, is_worth_keeping};
use super::left::{self, Left};
use super::manifest::Manifest;
use super::run_directory::{JOURNAL, LOCK, Overwrite, PARCELS, PARTIAL, PREVIOUS};

/// The manifest of the finished run in a directory, if there is one.
///
/// # Errors
/// If there is a `run.json` that cannot be read or understood, or the name belongs to a file.
pub fn existing(path: impl AsRef<Path>) -> Result<Option<Manifest>> {
    let path = path.as_ref();
    if path.exists() && !path.is_dir() {
        return Err(Error::NotADirectory(path.to_path_buf()));
    }
    Manifest::read(&path.join(Manifest::FILE))
}

/// The unfinished run in a directory, if there is one that can go on.
///
/// # Errors
/// If there is one that cannot be read or understood.
pub fn unfinished(path: impl AsRef<Path>) -> Result<Option<Begun>> {
    Begun::read(&path.as_ref().join(PARTIAL).join(JOURNAL))
}

/// What a finished part of a run in a directory has done. Of a part whose directory was verified, it is whole.
pub fn parcels(path: impl AsRef<Path>, begun: &Begun) -> Parts {
    Parts::of(&path.as_ref().join(PARCELS), begun)
}

/// Which run the parts in a directory are of: those of a finished part of a run, or where there are none, of the journal.
pub fn whose(path: impl AsRef<Path>, begun: &Begun) -> Whose {
    let path = path.as_ref();
    match parcels(path, begun).whose() {
        Whose::Nobodys => whose_journal(path, begun),
        whose => whose,
    }
}

/// Which run the journal in a directory is of, by its parts.
pub fn whose_journal(path: impl AsRef<Path>, begun: &Begun) -> Whose {
    Parts::of(&path.as_ref().join(PARTIAL).join(JOURNAL), begun).whose()
}

/// What was begun beside a finished run, and is another; nothing where its own process left something when all was in place.
///
/// # Errors
/// If it cannot be read or understood, and its parts are not those of the finished run.
pub fn beside(path: impl AsRef<Path>, finished: &Manifest) -> Result<Option<Begun>> {
    let path = path.as_ref();
    match unfinished(path) {
        Ok(Some(begun)) if begun.fingerprint == finished.fingerprint => Ok(None),
        Ok(None) | Err(Error::Journal { .. }) if whose_journal(path, &Begun::of(finished)) != Whose::Other => Ok(None),
        other => other,
    }
}

/// Clears what is left beside a finished run whose process died when all was in place. What is in use, or cannot be removed, stays.
pub fn tidy(path: impl AsRef<Path>) {
    let (path, partial) = (path.as_ref(), path.as_ref().join(PARTIAL));
    if path.join(Manifest::FILE).exists() && partial.is_dir() && lock(path, &partial.join(LOCK)).is_ok() {
        let _ = fs::remove_dir_all(&partial);
    }
}

/// Whether a run can be written into a directory.
pub(super) fn check_free(path: &Path, overwrite: Overwrite) -> Result<()> {
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(_) if path.exists() && !path.is_dir() => {
            return Err(Error::NotADirectory(path.to_path_buf()));
        }
        Err(error) => return Err(Error::io("read", path)(error)),
    };
    if path.join(Manifest::FILE).exists() {
        return match overwrite {
            Overwrite::Force => Ok(()),
            Overwrite::Refuse => Err(Error::Exists(path.to_path_buf())),
        };
    }
    // One that was cut off before it had kept anything is in nobody's way.
    let journal = path.join(PARTIAL).join(JOURNAL);
    if overwrite == Overwrite::Refuse && is_worth_keeping(&journal) {
        return Err(match unfinished(path)? {
            Some(begun) => Error::Unfinished { path: path.to_path_buf(), begun: Box::new(begun) },
            None => {
                let problem = "it is gone, and the parts beside it are not of the run that was asked for".to_owned();
                Error::Journal { path: journal.join(Begun::FILE), problem }
            }
        });
    }
    let (left, partial) = (left::by_a_run(path)?, path.join(PARTIAL));
    // What was being moved into place is cleared, or replaced, by who comes next.
    let is_moving = partial.join(Manifest::FILE).exists() || partial.join(PREVIOUS).exists();
    let other = match (left, overwrite) {
        (Left::Run, Overwrite::Refuse) if !is_moving => return Err(Error::Unvouched(path.to_path_buf())),
        // A workflow engine takes away what it was told of, `run.json`, before it asks for it again.
        (Left::Run, _) => return Ok(()),
        _ if partial.is_dir() => return Ok(()),
        // Beside tables of a run the one file that is in the way.
        (Left::Foreign(file), Overwrite::Force) => Some(file),
        _ => None,
    };
    let mut others: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| !name.starts_with('.'))
        .collect();
    others.sort();
    match others.into_iter().next().map(|first| other.unwrap_or(first)) {
        None => Ok(()),
        Some(found) => Err(Error::Occupied { path: path.to_path_buf(), found }),
    }
}
