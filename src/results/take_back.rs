//! What was finished becomes unfinished again, or what was begun is given up.

use std::fs;
use std::path::{Path, PathBuf};

use super::begun::Begun;
use super::error::{Error, Result};
use super::folder::{Lock, is_gone, is_locked, lock, remove};
use super::journal::Journal;
use super::manifest::Manifest;
use super::run_directory::{JOURNAL, LOCK, PARCELS, PARTIAL};

/// A finished run of which no other process can write a file, until this is dropped.
#[derive(Debug)]
pub struct Alone {
    partial: PathBuf,
    /// Whether something that was cut off lies there.
    begun: bool,
    _lock: Lock,
}

/// Keeps other processes from writing in the directory of a finished run.
///
/// # Errors
/// If another is writing there, or nobody may.
pub fn alone(path: impl AsRef<Path>) -> Result<Alone> {
    let path = path.as_ref();
    let partial = path.join(PARTIAL);
    fs::create_dir_all(&partial).map_err(Error::io("create", &partial))?;
    let lock = lock(path, &partial.join(LOCK))?;
    // Whoever held the lock a moment ago may have begun something since.
    let begun = !is_gone(&partial.join(JOURNAL));
    Ok(Alone { partial, begun, _lock: lock })
}

impl Alone {
    /// Where to write a file until it is whole: `file` is its place in the directory. Its folder is there when this returns.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn staged(&self, file: &str) -> Result<PathBuf> {
        let path = self.partial.join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        }
        Ok(path)
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        if !self.begun {
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

/// Whether another process is writing in a directory.
pub fn in_use(path: impl AsRef<Path>) -> bool {
    is_locked(&path.as_ref().join(PARTIAL).join(LOCK))
}

/// Makes a finished part of a run, a file of which is not what was written, an unfinished one: whole parts are its journal from then on,
/// and what is missing can be computed. A process that dies on the way leaves the one or the other.
///
/// # Errors
/// If another process is writing there, or something cannot be moved.
pub fn take_back(path: impl AsRef<Path>, begun: &Begun) -> Result<()> {
    let path = path.as_ref();
    let (partial, parcels) = (path.join(PARTIAL), path.join(PARCELS));
    let journal = partial.join(JOURNAL);
    fs::create_dir_all(&partial).map_err(Error::io("create", &partial))?;
    let _lock = lock(path, &partial.join(LOCK))?;
    // Another process may have had its turn since the damage was seen.
    if matches!(Manifest::read(&path.join(Manifest::FILE)), Ok(Some(there)) if there.fingerprint != begun.fingerprint) {
        return Err(Error::InUse(path.to_path_buf()));
    }
    // Where they are not in their place any more, a process that died has moved them.
    if parcels.exists() {
        remove(&journal)?;
        fs::rename(&parcels, &journal).map_err(Error::io("move", &parcels))?;
    }
    Journal::begin(&journal, begun)?;
    remove(&path.join(Manifest::FILE))
}

/// Lets a journal say again which run it is of, where that was lost or damaged: its parts do.
///
/// # Errors
/// If another process is writing there, or it cannot be written.
pub fn begin_again(path: impl AsRef<Path>, begun: &Begun) -> Result<()> {
    let path = path.as_ref();
    let partial = path.join(PARTIAL);
    let _lock = lock(path, &partial.join(LOCK))?;
    Journal::begin(&partial.join(JOURNAL), begun).map(|_| ())
}

/// Takes away what was begun in a directory and is not finished; a finished run that is there stays.
///
/// # Errors
/// If another process is writing there, or something cannot be removed.
pub fn give_up(path: impl AsRef<Path>) -> Result<()> {
    let path = path.as_ref();
    let partial = path.join(PARTIAL);
    if !partial.is_dir() {
        return Ok(());
    }
    let _lock = lock(path, &partial.join(LOCK))?;
    remove(&partial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::test_support::{Folder, manifest};
    use crate::results::{Overwrite, RunDirectory, parcels, unfinished};

    fn shard(path: &Path) -> Begun {
        let run = RunDirectory::create(path, Overwrite::Force).unwrap();
        let begun = Begun::of(&manifest());
        let mut journal = run.begin_journal(&begun).unwrap();
        journal.keep(0..1, b"first").unwrap();
        journal.keep(1..2, b"second").unwrap();
        run.stage_parcels(&journal, 2).unwrap();
        run.finish(manifest()).unwrap();
        begun
    }

    #[test]
    fn a_finished_part_goes_on_from_what_of_it_is_whole_wherever_the_taking_back_was_cut_off() {
        let folder = Folder::new("take back");
        let path = folder.join("shard");
        for cut in 0..3 {
            let begun = shard(&path);
            assert_eq!(parcels(&path, &begun).list(2).unwrap().len(), 2);
            let (partial, journal) = (path.join(PARTIAL), path.join(PARTIAL).join(JOURNAL));
            fs::create_dir_all(&partial).unwrap();
            if cut > 0 {
                fs::rename(path.join(PARCELS), &journal).unwrap();
            }
            if cut > 1 {
                drop(Journal::begin(&journal, &begun).unwrap());
            }
            take_back(&path, &begun).unwrap();
            assert!(!path.join(Manifest::FILE).exists());
            assert_eq!(unfinished(&path).unwrap(), Some(begun));
            let (_run, _, journal) = RunDirectory::reopen(&path).unwrap();
            assert_eq!(journal.kept().list(2).unwrap().len(), 2, "cut {cut}");
        }
    }

    #[test]
    fn what_is_being_written_is_neither_taken_back_nor_given_up() {
        let folder = Folder::new("give up");
        let path = folder.join("shard");
        assert!(!in_use(&path));
        let begun = shard(&path);
        let run = RunDirectory::create(&path, Overwrite::Force).unwrap();
        assert!(in_use(&path));
        assert!(matches!(give_up(&path), Err(Error::InUse(_))));
        assert!(matches!(take_back(&path, &begun), Err(Error::InUse(_))));
        let mut journal = run.begin_journal(&begun).unwrap();
        journal.keep(0..1, b"other").unwrap();
        drop(run);
        assert!(!in_use(&path) && path.join(PARTIAL).exists());
        give_up(&path).unwrap();
        assert!(!path.join(PARTIAL).exists() && path.join(Manifest::FILE).exists());
    }
}
