//! A run's directory: nothing under its final name before it is whole, and `run.json` last of all.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::begun::Begun;
use super::checksum;
use super::error::{Error, Result};
use super::folder::{Lock, Unlocked, is_gone, list, lock, make, put_names_on_disk, put_on_disk, remove};
use super::journal::{Journal, is_worth_keeping};
use super::left;
use super::look::check_free;
use super::manifest::{FileRecord, Manifest, is_inside};
use super::table::Table;
use super::write::TableWriter;

/// Where everything is until it is whole.
pub const PARTIAL: &str = ".partial";
pub(super) const LOCK: &str = "lock";
/// What an unfinished run has done so far.
pub(super) const JOURNAL: &str = "journal";
/// What a finished part of a run has done: the journal's parts and their log.
pub(super) const PARCELS: &str = "parcels";
/// The manifest of the run that is being replaced, kept until its successor is in place.
pub(super) const PREVIOUS: &str = "previous.json";

/// What to do with a finished run that is in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overwrite {
    /// Leave it and say so.
    Refuse,
    /// Replace it, once the new run is whole. Files that are no part of it stay.
    Force,
}

/// A run that is being written. Dropped before [`RunDirectory::finish`], it takes everything unfinished away again, but for a
/// [`Journal`] in which something was kept; dropped when that failed among finished files, it leaves them to [`complete`](super::complete).
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
    partial: PathBuf,
    /// Held as long as this process writes here; the system frees it when the process ends, however it ends.
    lock: Lock,
    created: bool,
    /// Whether files that are finished are being given their places.
    moving: bool,
}

impl RunDirectory {
    /// Prepares a directory for a run, and its parents where they are missing.
    ///
    /// # Errors
    /// If a finished run is there and `overwrite` says [`Overwrite::Refuse`]; if the directory holds something else
    /// than a run; if another process is writing there; if it cannot be created.
    pub fn create(path: impl AsRef<Path>, overwrite: Overwrite) -> Result<Self> {
        let path = path.as_ref().to_path_buf();
        let created = !path.exists();
        check_free(&path, overwrite)?;
        let partial = path.join(PARTIAL);
        make(&partial)?;
        let lock = lock(&path, &partial.join(LOCK))?;
        // Whoever held the lock a moment ago may have finished since.
        check_free(&path, overwrite)?;
        let run = Self { path, partial, lock, created, moving: false };
        run.clear_leftovers(false)?;
        Ok(run)
    }

    /// Opens a directory with an unfinished run, to go on with it: which run it is, and what it has done.
    ///
    /// # Errors
    /// If no unfinished run is there, another process is writing there, or its journal cannot be read.
    pub fn reopen(path: impl AsRef<Path>) -> Result<(Self, Begun, Journal)> {
        let path = path.as_ref().to_path_buf();
        let partial = path.join(PARTIAL);
        if !partial.join(JOURNAL).is_dir() {
            return Err(Error::NothingBegun(path));
        }
        let lock = lock(&path, &partial.join(LOCK))?;
        let folder = partial.join(JOURNAL);
        // Whoever held the lock a moment ago may have finished since.
        let begun = Begun::read(&folder)?.ok_or_else(|| Error::NothingBegun(path.clone()))?;
        let journal = Journal::open(&folder, &begun)?;
        let run = Self { path, partial, lock, created: false, moving: false };
        run.clear_leftovers(true)?;
        Ok((run, begun, journal))
    }

    /// That no other process can be kept out of it, where that is so.
    pub fn unlocked(&self) -> Option<&Unlocked> {
        self.lock.unlocked.as_ref()
    }

    /// Begins a journal of what is done.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn begin_journal(&self, begun: &Begun) -> Result<Journal> {
        Journal::begin(&self.partial.join(JOURNAL), begun)
    }

    /// Stages what is in the journal, up to this number of replications, as what this part of a run has done. The journal stays: until
    /// everything is in its place, it is what a process that dies leaves.
    ///
    /// # Errors
    /// If it cannot be read or staged.
    pub fn stage_parcels(&self, journal: &Journal, replications: u64) -> Result<()> {
        let kept = journal.kept();
        kept.copy(&kept.list(replications)?, &self.partial.join(PARCELS))
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where everything lies until the run is finished, in the layout of the directory.
    pub fn staging(&self) -> &Path {
        &self.partial
    }

    /// Where to write a file until the run is finished: `file` is its place in the directory, such as
    /// `figures/trust.svg`. Its folder is there when this returns.
    ///
    /// # Errors
    /// If `file` leads out of the directory, or its folder cannot be created.
    pub fn staged(&self, file: &str) -> Result<PathBuf> {
        if !is_inside(file) || [LOCK, PREVIOUS, Manifest::FILE].contains(&file) {
            return Err(Error::io("write", Path::new(file))(ErrorKind::InvalidFilename.into()));
        }
        let path = self.partial.join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        }
        Ok(path)
    }

    /// Opens a table. What [`TableWriter::finish`] gives belongs into the manifest.
    ///
    /// # Errors
    /// If the declaration is incomplete, or the file cannot be created.
    pub fn table(&self, table: &Table) -> Result<TableWriter> {
        self.table_in(table, &format!("tables/{}.parquet", table.name))
    }

    /// Opens a table in a file of another name: of a table that lies in several files.
    ///
    /// # Errors
    /// Those of [`RunDirectory::table`].
    pub fn table_in(&self, table: &Table, file: &str) -> Result<TableWriter> {
        TableWriter::create(self.staged(file)?, table)
    }

    /// Completes the manifest with the figures and documents that were staged, gives everything its final name, writes
    /// `run.json` last, and returns the manifest as written.
    ///
    /// # Errors
    /// If the manifest and the staged tables disagree, or a file cannot be moved; then nothing finished is left.
    pub fn finish(mut self, mut manifest: Manifest) -> Result<Manifest> {
        manifest.format = Manifest::FORMAT;
        self.take_stock(&mut manifest)?;
        let staged_manifest = self.partial.join(Manifest::FILE);
        // Tables were put on disk when they were finished; nothing else that `run.json` vouches for may be lost with the power either.
        // Each waits for the disk, and a sweep has four for each of its cells.
        let records: Vec<&FileRecord> = manifest.figures.iter().chain(&manifest.documents).collect();
        records.par_iter().try_for_each(|record| put_on_disk(&self.partial.join(&record.file)))?;
        manifest.write(&staged_manifest)?;
        let is_vouched_for = matches!(Manifest::read(&self.path.join(Manifest::FILE)), Ok(Some(_)));
        // From here on an error leaves what a process leaves that dies: all files are whole, and `complete` gives them their places.
        self.moving = true;
        self.remove_previous()?;
        left::clear(&self.path, &manifest, is_vouched_for)?;
        for (file, ..) in manifest.files() {
            let to = self.path.join(file);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
            }
            fs::rename(self.partial.join(file), &to).map_err(Error::io("move into place", &to))?;
        }
        let last = self.path.join(Manifest::FILE);
        let places: BTreeSet<PathBuf> = manifest
            .files()
            .flat_map(|(file, ..)| Path::new(file).ancestors().skip(1).map(|at| self.path.join(at)))
            .collect();
        places.par_iter().for_each(|folder| put_names_on_disk(folder));
        fs::rename(staged_manifest, &last).map_err(Error::io("move into place", &last))?;
        put_names_on_disk(&self.path);
        self.moving = false;
        // It names the files that are in their places now.
        let _ = remove(&self.partial.join(PREVIOUS));
        // What it vouched for is finished; a leftover that stays here is cleared by the next run. Without its log it is nobody's, whatever else
        // of it is left when the process dies now.
        let _ = remove(&self.partial.join(JOURNAL).join(Journal::LOG));
        let _ = remove(&self.partial.join(JOURNAL));
        Ok(manifest)
    }

    /// Sorts what was staged: tables against their records, figures and documents into new records.
    fn take_stock(&self, manifest: &mut Manifest) -> Result<()> {
        manifest.figures.clear();
        manifest.documents.clear();
        let mut staged = Vec::new();
        list(&self.partial, "", &mut staged)?;
        let mut problems = Vec::new();
        for record in &manifest.tables {
            let length = fs::metadata(self.partial.join(&record.file)).map(|file| file.len());
            if !staged.contains(&record.file) || length.ok() != Some(record.bytes) {
                problems.push(format!("{} is not what was written", record.file));
            }
        }
        for file in staged {
            let known = manifest.tables.iter().any(|record| record.file == file);
            let journal = file.starts_with("journal/");
            if known || journal || [LOCK, PREVIOUS, Manifest::FILE].contains(&file.as_str()) {
                continue;
            }
            if file.starts_with("tables/") {
                problems.push(format!("{file} was not finished"));
                continue;
            }
            let (_, sha256) = checksum::of_file(&self.partial.join(&file))?;
            let figure = file.starts_with("figures/");
            let record = FileRecord { file, sha256 };
            if figure {
                manifest.figures.push(record);
            } else {
                manifest.documents.push(record);
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Damaged { path: self.path.clone(), problems }) }
    }

    /// Takes the manifest of the run that is replaced out of the way, then its files.
    fn remove_previous(&self) -> Result<()> {
        let (old, aside) = (self.path.join(Manifest::FILE), self.partial.join(PREVIOUS));
        match fs::rename(&old, &aside) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Error::io("replace", &old)(error)),
            Ok(()) => self.remove_files_of(&aside),
        }
    }

    /// Removes from the directory what an interrupted run had moved there, and what it had not, but for its journal if that is to stay.
    fn clear_leftovers(&self, keep_journal: bool) -> Result<()> {
        if is_gone(&self.path.join(Manifest::FILE)) {
            self.remove_files_of(&self.partial.join(PREVIOUS))?;
            self.remove_files_of(&self.partial.join(Manifest::FILE))?;
        }
        for entry in fs::read_dir(&self.partial).map_err(Error::io("read", &self.partial))? {
            let entry = entry.map_err(Error::io("read", &self.partial))?;
            if entry.file_name() != LOCK && !(keep_journal && entry.file_name() == JOURNAL) {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    fn remove_files_of(&self, manifest: &Path) -> Result<()> {
        // A manifest that cannot be understood names no files.
        let Ok(Some(manifest)) = Manifest::read(manifest) else {
            return Ok(());
        };
        for (file, ..) in manifest.files() {
            left::remove_with_folders(&self.path, &self.path.join(file))?;
        }
        Ok(())
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        if self.moving {
            return;
        }
        // After `finish` this only removes the empty folder. What cannot be removed, the next run clears.
        let keep = is_worth_keeping(&self.partial.join(JOURNAL));
        if self.clear_leftovers(keep).is_ok() && !keep {
            let _ = fs::remove_dir_all(&self.partial);
        }
        if self.created {
            let _ = fs::remove_dir(&self.path); // only if nothing is in it
        }
    }
}
