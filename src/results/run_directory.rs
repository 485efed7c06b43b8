//! A run's directory: nothing under its final name before it is whole, and `run.json` last of all.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::checksum;
use super::error::{Error, Result};
use super::folder::{list, lock, remove};
use super::journal::{Begun, Journal, Parts, is_worth_keeping};
use super::manifest::{FileRecord, Manifest, is_inside};
use super::table::Table;
use super::write::TableWriter;

/// Where everything is until it is whole.
pub const PARTIAL: &str = ".partial";
pub(super) const LOCK: &str = "lock";
/// What an unfinished run has done so far.
const JOURNAL: &str = "journal";
/// What a finished part of a run has done: the journal's parts and their log.
const PARCELS: &str = "parcels";
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
pub fn parcels(path: impl AsRef<Path>) -> Parts {
    Parts::of(&path.as_ref().join(PARCELS))
}

/// Clears what is left beside a finished run whose process died when all was in place. What is in use, or cannot be removed, stays.
pub fn tidy(path: impl AsRef<Path>) {
    let (path, partial) = (path.as_ref(), path.as_ref().join(PARTIAL));
    if path.join(Manifest::FILE).exists() && partial.is_dir() && lock(path, &partial.join(LOCK)).is_ok() {
        let _ = fs::remove_dir_all(&partial);
    }
}

/// A run that is being written. Dropped before [`RunDirectory::finish`], it takes everything unfinished away again, but for a
/// [`Journal`] in which something was kept.
#[derive(Debug)]
pub struct RunDirectory {
    path: PathBuf,
    partial: PathBuf,
    /// Held as long as this process writes here; the system frees it when the process ends, however it ends.
    _lock: File,
    created: bool,
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
        fs::create_dir_all(&partial).map_err(Error::io("create", &partial))?;
        let lock = lock(&path, &partial.join(LOCK))?;
        // Whoever held the lock a moment ago may have finished since.
        check_free(&path, overwrite)?;
        let run = Self { path, partial, _lock: lock, created };
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
        let journal = Journal::open(&folder)?;
        let run = Self { path, partial, _lock: lock, created: false };
        run.clear_leftovers(true)?;
        Ok((run, begun, journal))
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
    pub fn finish(self, mut manifest: Manifest) -> Result<Manifest> {
        manifest.format = Manifest::FORMAT;
        self.take_stock(&mut manifest)?;
        let staged_manifest = self.partial.join(Manifest::FILE);
        manifest.write(&staged_manifest)?;
        self.remove_previous()?;
        for (file, ..) in manifest.files() {
            let to = self.path.join(file);
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
            }
            fs::rename(self.partial.join(file), &to).map_err(Error::io("move into place", &to))?;
        }
        let last = self.path.join(Manifest::FILE);
        fs::rename(staged_manifest, &last).map_err(Error::io("move into place", &last))?;
        // What it vouched for is finished; a leftover that stays here is cleared by the next run.
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
        if !self.path.join(Manifest::FILE).exists() {
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
            remove(&self.path.join(file))?;
        }
        for folder in ["tables", "figures", PARCELS] {
            let _ = fs::remove_dir(self.path.join(folder)); // stays if something else is in it
        }
        Ok(())
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
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

/// Puts a document of a finished run in place of what was there, and vouches for it in `run.json`; `manifest` is that of the
/// run. Where it is there already, to the byte, nothing is written.
///
/// # Errors
/// If the file leads out of the directory, or cannot be written.
pub fn replace_document(directory: impl AsRef<Path>, manifest: &Manifest, file: &str, text: &str) -> Result<()> {
    let directory = directory.as_ref();
    let to = directory.join(file);
    if !is_inside(file) || [PARTIAL, Manifest::FILE].contains(&file) {
        return Err(Error::io("write", &to)(ErrorKind::InvalidFilename.into()));
    }
    let record = FileRecord { file: file.to_owned(), sha256: checksum::of_bytes(text.as_bytes()) };
    if manifest.documents.contains(&record) && fs::read(&to).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let mut manifest = manifest.clone();
    manifest.documents.retain(|known| known.file != file);
    manifest.documents.push(record);
    manifest.documents.sort_by(|a, b| a.file.cmp(&b.file));
    let last = directory.join(Manifest::FILE);
    let (document, vouched) = (beside(&to), beside(&last));
    let put = || {
        fs::write(&document, text).map_err(Error::io("write", &document))?;
        manifest.write(&vouched)?;
        fs::rename(&document, &to).map_err(Error::io("move into place", &to))?;
        fs::rename(&vouched, &last).map_err(Error::io("move into place", &last))
    };
    put().inspect_err(|_| {
        let _ = (remove(&document), remove(&vouched));
    })
}

/// The name of a file until it is whole.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

fn check_free(path: &Path, overwrite: Overwrite) -> Result<()> {
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
    if overwrite == Overwrite::Refuse
        && is_worth_keeping(&path.join(PARTIAL).join(JOURNAL))
        && let Ok(Some(begun)) = unfinished(path)
    {
        return Err(Error::Unfinished { path: path.to_path_buf(), begun: Box::new(begun) });
    }
    if path.join(PARTIAL).is_dir() {
        return Ok(());
    }
    let mut others: Vec<String> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| !name.starts_with('.'))
        .collect();
    others.sort();
    match others.into_iter().next() {
        None => Ok(()),
        Some(found) => Err(Error::Occupied { path: path.to_path_buf(), found }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::test_support::{Folder, example, example_rows, manifest};
    use crate::results::verify;

    /// A whole run: a table, a figure, a report.
    fn run(path: &Path, overwrite: Overwrite, rows: u32) -> Result<Manifest> {
        let run = RunDirectory::create(path, overwrite)?;
        let mut manifest = manifest();
        manifest.tables.push(write_table(&run, rows)?);
        fs::write(run.staged("figures/trust.svg")?, "<svg/>").unwrap();
        fs::write(run.staged("report.html")?, "<p>").unwrap();
        run.finish(manifest)
    }

    fn write_table(run: &RunDirectory, rows: u32) -> Result<crate::results::TableRecord> {
        let mut writer = run.table(&example())?;
        writer.append(&example_rows(0, rows))?;
        writer.finish()
    }

    fn names(path: &Path) -> Vec<String> {
        let mut files = Vec::new();
        list(path, "", &mut files).unwrap();
        files
    }

    const WHOLE: [&str; 4] = ["figures/trust.svg", "report.html", "run.json", "tables/example.parquet"];

    #[test]
    fn a_finished_run_is_whole_and_can_be_verified() {
        let folder = Folder::new("a run");
        let path = folder.join("deep/er/Größe mit Leerzeichen");
        assert_eq!(existing(&path).unwrap(), None);
        let written = run(&path, Overwrite::Refuse, 100).unwrap();
        assert_eq!(names(&path), WHOLE);
        assert!(!path.join(PARTIAL).exists());
        assert_eq!(existing(&path).unwrap(), Some(written.clone()));
        assert_eq!(verify(&path).unwrap(), written);
        assert_eq!(written.figures[0].file, "figures/trust.svg");
        assert_eq!(written.documents[0].file, "report.html");
        assert_eq!(written.table("example").unwrap().rows, 100);
    }

    #[test]
    fn a_finished_run_is_replaced_only_by_force() {
        let folder = Folder::new("force");
        let path = folder.join("run");
        let first = run(&path, Overwrite::Refuse, 100).unwrap();
        fs::write(path.join("tables/notes.txt"), "mine").unwrap();
        let message = run(&path, Overwrite::Refuse, 50).unwrap_err().to_string();
        assert!(message.contains("--force"), "{message}");
        assert_eq!(verify(&path).unwrap(), first);

        // Until the new run is whole the old one stays.
        let half = RunDirectory::create(&path, Overwrite::Force).unwrap();
        write_table(&half, 10).unwrap();
        assert_eq!(verify(&path).unwrap(), first);
        drop(half);
        assert_eq!(verify(&path).unwrap(), first);

        let bare = RunDirectory::create(&path, Overwrite::Force).unwrap();
        let mut second = manifest();
        second.tables.push(write_table(&bare, 10).unwrap());
        let second = bare.finish(second).unwrap();
        assert_eq!(verify(&path).unwrap(), second);
        assert_eq!(names(&path), ["run.json", "tables/example.parquet", "tables/notes.txt"]);
    }

    #[test]
    fn an_interrupted_run_leaves_nothing_that_looks_finished() {
        let folder = Folder::new("interrupted");
        let path = folder.join("run");
        let half = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
        write_table(&half, 100).unwrap();
        assert!(!path.join("tables").exists());
        drop(half);
        assert!(!path.exists());

        // Killed outright, nothing is dropped.
        let half = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
        write_table(&half, 100).unwrap();
        half._lock.unlock().unwrap();
        std::mem::forget(half);
        assert_eq!(existing(&path).unwrap(), None);
        assert!(names(&path).iter().all(|name| name.starts_with(PARTIAL)));
        run(&path, Overwrite::Refuse, 10).unwrap();
        assert_eq!(names(&path), WHOLE);
    }

    #[test]
    fn killed_while_moving_into_place_it_is_cleared_by_the_next() {
        let folder = Folder::new("moving");
        let path = folder.join("run");
        run(&path, Overwrite::Refuse, 100).unwrap();
        fs::create_dir(path.join(PARTIAL)).unwrap();
        fs::rename(path.join("run.json"), path.join(".partial/run.json")).unwrap();
        assert_eq!(existing(&path).unwrap(), None);
        let next = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
        assert_eq!(names(&path), [".partial/lock"]);
        drop(next);
        assert!(!path.join(PARTIAL).exists());
    }

    #[test]
    fn what_is_no_run_is_left_alone() {
        let folder = Folder::new("foreign");
        let file = folder.join("thesis.docx");
        fs::write(&file, "mine").unwrap();
        for overwrite in [Overwrite::Refuse, Overwrite::Force] {
            let error = RunDirectory::create(&*folder, overwrite).unwrap_err();
            assert!(matches!(&error, Error::Occupied { .. }), "{error}");
            assert!(error.to_string().contains("thesis.docx"), "{error}");
            let error = RunDirectory::create(&file, overwrite).unwrap_err();
            assert!(matches!(error, Error::NotADirectory(_)), "{error}");
            let error = RunDirectory::create(file.join("run"), overwrite).unwrap_err();
            assert!(error.to_string().contains("--out"), "{error}");
        }
        assert!(matches!(existing(&file), Err(Error::NotADirectory(_))));
        assert!(matches!(verify(&*folder), Err(Error::NoRun(_))));
        assert_eq!(names(&folder), ["thesis.docx"]);
    }

    #[test]
    fn one_run_at_a_time() {
        let folder = Folder::new("twice");
        let path = folder.join("run");
        let first = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
        let error = RunDirectory::create(&path, Overwrite::Force).unwrap_err();
        assert!(matches!(error, Error::InUse(_)), "{error}");
        write_table(&first, 1).unwrap();
    }

    #[test]
    fn the_manifest_must_agree_with_what_was_written() {
        let folder = Folder::new("disagree");
        let path = folder.join("run");
        let unrecorded = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
        write_table(&unrecorded, 1).unwrap();
        let error = unrecorded.finish(manifest()).unwrap_err();
        assert!(error.to_string().contains("was not finished"), "{error}");
        assert!(!path.exists());
        let run = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
        for outside in ["../a", "/a", "", "lock", "run.json"] {
            assert!(run.staged(outside).is_err());
        }
    }

    #[test]
    fn every_damage_is_found() {
        let folder = Folder::new("damage");
        let path = folder.join("run");
        run(&path, Overwrite::Refuse, 100).unwrap();
        let table = path.join("tables/example.parquet");
        let mut bytes = fs::read(&table).unwrap();
        bytes[50] ^= 1;
        fs::write(&table, &bytes).unwrap();
        fs::remove_file(path.join("report.html")).unwrap();
        let message = verify(&path).unwrap_err().to_string();
        assert!(message.contains("tables/example.parquet is not what was written"), "{message}");
        assert!(message.contains("report.html: "), "{message}");
        fs::write(&table, &bytes[..60]).unwrap();
        let message = verify(&path).unwrap_err().to_string();
        assert!(message.contains("has 60 bytes instead of"), "{message}");
        fs::write(path.join("run.json"), "{").unwrap();
        assert!(matches!(existing(&path), Err(Error::Manifest { .. })));
        run(&path, Overwrite::Force, 100).unwrap();
        verify(&path).unwrap();
    }
}
