//! What an unfinished run has done so far, kept on disk so that it can go on where it was cut off.
//!
//! ```text
//! .partial/journal/
//!   begun.json          which run this is: scenario, seed, version, fingerprint
//!   log                 one line of JSON per part: which replications, of which run, in which file, its length and checksum
//!   000000000000.part   the part that begins with replication 0
//! ```
//!
//! A part is written under another name, put on disk, renamed, and only then named in the log: a line vouches for its file. A line
//! that was cut short or is of another run, and a part that is missing, shorter or other than its line says, count as not done. What a
//! part holds is the caller's business.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::begun::Begun;
use super::checksum;
use super::error::{Error, Result};
use super::manifest::is_inside;
use crate::input;

/// Bytes of a log, at most: some 150 for each part, of which a run of ten million replications has some tens of thousands.
const MOST: u64 = 1 << 28;

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    first: u64,
    count: u64,
    /// [`Begun::mark`] of the run that it is of.
    of: String,
    file: String,
    bytes: u64,
    sha256: String,
}

/// A part of a run that is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its replications.
    pub replications: Range<u64>,
    line: Line,
}

/// The parts of a run in a folder, with the log that vouches for them.
#[derive(Debug, Clone)]
pub struct Parts {
    folder: PathBuf,
    /// [`Begun::mark`] of the run that they are of.
    mark: String,
}

/// Which run the lines of a log are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// At least one is of the run that was asked about.
    Own,
    /// All are of others.
    Other,
    /// There are none.
    Nobodys,
}

/// The journal of a run that is being written.
#[derive(Debug)]
pub struct Journal {
    parts: Parts,
    log: File,
}

impl Journal {
    pub(super) const LOG: &str = "log";

    /// Begins a journal in a folder that is not there yet.
    pub(super) fn begin(folder: &Path, begun: &Begun) -> Result<Self> {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        let path = folder.join(Begun::FILE);
        let text = begun.text().map_err(|problem| Error::Journal { path, problem })?;
        put(folder, Begun::FILE, text.as_bytes())?;
        Self::open(folder, begun)
    }

    /// Goes on with a journal.
    pub(super) fn open(folder: &Path, begun: &Begun) -> Result<Self> {
        let path = folder.join(Self::LOG);
        let log = File::options().create(true).append(true).open(&path).map_err(Error::io("write", &path))?;
        Ok(Self { parts: Parts::of(folder, begun), log })
    }

    /// What was kept so far.
    pub fn kept(&self) -> &Parts {
        &self.parts
    }

    /// Keeps a part: it is on disk when this returns.
    ///
    /// # Errors
    /// If it cannot be written; then it counts as not done.
    pub fn keep(&mut self, replications: Range<u64>, content: &[u8]) -> Result<()> {
        let file = format!("{:012}.part", replications.start);
        let folder = &self.parts.folder;
        put(folder, &file, content)?;
        let line = Line {
            first: replications.start,
            count: replications.end - replications.start,
            of: self.parts.mark.clone(),
            file,
            bytes: content.len() as u64,
            sha256: checksum::of_bytes(content),
        };
        let path = folder.join(Self::LOG);
        // A line that was cut short before must not swallow this one.
        let text = line.text().map_err(|problem| self.trouble(problem))?;
        let text = format!("\n{text}\n");
        self.log.write_all(text.as_bytes()).and_then(|()| self.log.sync_data()).map_err(Error::io("write", &path))
    }

    /// What cannot be written into it, as an error that names it.
    pub fn trouble(&self, problem: String) -> Error {
        self.parts.trouble(problem)
    }
}

impl Line {
    fn text(&self) -> std::result::Result<String, String> {
        serde_json::to_string(self).map_err(|error| error.to_string())
    }
}

impl Parts {
    /// Those of a run in a folder.
    pub(super) fn of(folder: &Path, begun: &Begun) -> Self {
        Self { folder: folder.to_path_buf(), mark: begun.mark() }
    }

    fn lines(&self) -> Result<Vec<Line>> {
        let path = self.folder.join(Journal::LOG);
        let text = input::read(&path, MOST).map_err(Error::io("read", &path))?;
        // Bytes that are no text spoil their own line alone.
        let text = String::from_utf8_lossy(&text);
        Ok(text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()).collect())
    }

    /// Which run the parts in the folder are of.
    pub fn whose(&self) -> Whose {
        let lines = self.lines().unwrap_or_default();
        match lines.iter().any(|line| line.of == self.mark) {
            true => Whose::Own,
            false if lines.is_empty() => Whose::Nobodys,
            false => Whose::Other,
        }
    }

    /// The parts of the run that the log vouches for, in order and without overlap, up to `replications`; of two that overlap the later
    /// line stands.
    ///
    /// # Errors
    /// If the log cannot be read.
    pub fn list(&self, replications: u64) -> Result<Vec<Part>> {
        let mut parts: Vec<Part> = Vec::new();
        for line in self.lines()?.into_iter().filter(|line| line.of == self.mark) {
            let Some(end) = line.first.checked_add(line.count).filter(|end| *end <= replications && line.count > 0)
            else {
                continue;
            };
            let own = line.first..end;
            parts.retain(|other| other.replications.end <= own.start || own.end <= other.replications.start);
            parts.push(Part { replications: own, line });
        }
        parts.sort_by_key(|part| part.replications.start);
        Ok(parts)
    }

    /// What cannot be written into it, as an error that names it.
    pub fn trouble(&self, problem: String) -> Error {
        Error::Journal { path: self.folder.join(Journal::LOG), problem }
    }

    /// Where a part is; nothing if its line names a place outside the folder.
    pub fn path(&self, part: &Part) -> Option<PathBuf> {
        is_inside(&part.line.file).then(|| self.folder.join(&part.line.file))
    }

    /// What a part holds, or nothing if the file is not what its line says.
    ///
    /// # Errors
    /// If it is there and the system refuses to read it.
    pub fn read(&self, part: &Part) -> Result<Option<Vec<u8>>> {
        let Line { bytes, sha256, .. } = &part.line;
        let Some(path) = self.path(part) else { return Ok(None) };
        match fs::metadata(&path) {
            Ok(found) if found.len() == *bytes => {}
            // Missing, cut short or grown: not worth reading, whatever its size.
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", &path)(error)),
        }
        let content = fs::read(&path).map_err(Error::io("read", &path))?;
        Ok((checksum::of_bytes(&content) == *sha256).then_some(content))
    }
}

impl Parts {
    /// Puts these parts into another folder too, with a log of them alone: by another name of the same file where the system has such,
    /// so that they need no more room and can be had from either folder until one is gone.
    pub(super) fn copy(&self, parts: &[Part], to: &Path) -> Result<()> {
        fs::create_dir_all(to).map_err(Error::io("create", to))?;
        let mut log = String::new();
        for Part { line, .. } in parts {
            let (from, to) = (self.folder.join(&line.file), to.join(&line.file));
            fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ())).map_err(Error::io("write", &to))?;
            log.push_str(&line.text().map_err(|problem| self.trouble(problem))?);
            log.push('\n');
        }
        put(to, Journal::LOG, log.as_bytes())
    }
}

/// Whether a journal's folder holds any part, for all that is known: what cannot be looked at is not taken for gone.
pub(super) fn is_worth_keeping(folder: &Path) -> bool {
    match fs::metadata(folder.join(Journal::LOG)) {
        Ok(log) => log.len() > 0,
        Err(error) => error.kind() != ErrorKind::NotFound,
    }
}

/// A whole file or none, on disk when this returns.
fn put(folder: &Path, name: &str, content: &[u8]) -> Result<()> {
    let (unfinished, path) = (folder.join(format!("{name}.new")), folder.join(name));
    let written = File::create(&unfinished).and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()));
    if let Err(error) = written {
        let _ = fs::remove_file(&unfinished);
        return Err(Error::io("write", &path)(error));
    }
    fs::rename(&unfinished, &path).map_err(Error::io("move into place", &path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::folder::is_gone;
    use crate::results::test_support::{Folder, manifest};

    fn begun() -> Begun {
        Begun::of(&manifest())
    }

    fn ranges(journal: &Journal) -> Vec<Range<u64>> {
        journal.kept().list(100).unwrap().into_iter().map(|part| part.replications).collect()
    }

    #[test]
    fn what_was_kept_is_there_when_it_is_opened_again() {
        let folder = Folder::new("journal");
        let path = folder.join("journal");
        assert_eq!(Begun::read(&path).unwrap(), None);
        let mut journal = Journal::begin(&path, &begun()).unwrap();
        assert!(!is_worth_keeping(&path));
        journal.keep(20..40, b"second").unwrap();
        journal.keep(0..20, b"first").unwrap();
        drop(journal);
        assert!(is_worth_keeping(&path));
        assert_eq!(Begun::read(&path).unwrap(), Some(begun()));
        let journal = Journal::open(&path, &begun()).unwrap();
        assert_eq!(ranges(&journal), [0..20, 20..40]);
        let parts = journal.kept().list(100).unwrap();
        assert_eq!(journal.kept().read(&parts[0]).unwrap().as_deref(), Some(&b"first"[..]));
        // Of a shorter run, what goes beyond its end is not its own.
        assert_eq!(journal.kept().list(39).unwrap().len(), 1);
    }

    #[test]
    fn a_line_cut_short_at_any_place_costs_itself_alone() {
        let folder = Folder::new("journal");
        let mut journal = Journal::begin(&folder.join("a"), &begun()).unwrap();
        journal.keep(0..20, b"first").unwrap();
        let whole = fs::metadata(folder.join("a/log")).unwrap().len();
        journal.keep(20..40, b"second").unwrap();
        let text = fs::read(folder.join("a/log")).unwrap();
        for length in whole..text.len() as u64 - 1 {
            fs::write(folder.join("a/log"), &text[..length as usize]).unwrap();
            let mut journal = Journal::open(&folder.join("a"), &begun()).unwrap();
            assert_eq!(ranges(&journal)[0], 0..20, "{length}");
            journal.keep(40..60, b"third").unwrap();
            let found = ranges(&journal);
            assert_eq!(found.last(), Some(&(40..60)), "{length}");
        }
    }

    #[test]
    fn a_part_that_is_not_what_was_written_is_none() {
        let folder = Folder::new("journal");
        let mut journal = Journal::begin(&folder.join("a"), &begun()).unwrap();
        journal.keep(0..20, b"first").unwrap();
        let path = folder.join("a/000000000000.part");
        let part = &journal.kept().list(100).unwrap()[0];
        for content in [&b"fisst"[..], b"firs", b"first!"] {
            fs::write(&path, content).unwrap();
            assert_eq!(journal.kept().read(part).unwrap(), None);
        }
        fs::remove_file(&path).unwrap();
        assert_eq!(journal.kept().read(part).unwrap(), None);
        // Computed and kept again, it stands.
        journal.keep(0..30, b"again").unwrap();
        assert_eq!(ranges(&journal), vec![0..30; 1]);
        assert_eq!(journal.kept().read(&journal.kept().list(100).unwrap()[0]).unwrap().as_deref(), Some(&b"again"[..]));
    }

    #[test]
    fn lines_of_somebody_elses_making_do_no_harm() {
        let folder = Folder::new("journal");
        // They name nothing outside the folder, and nothing beyond the run.
        let journal = Journal::begin(&folder.join("b"), &begun()).unwrap();
        let line = |first: u64, count: u64, file: &str| {
            let of = begun().mark();
            format!(
                "{{\"first\":{first},\"count\":{count},\"of\":\"{of}\",\"file\":\"{file}\",\"bytes\":1,\"sha256\":\"\"}}\n"
            )
        };
        let log = line(0, 5, "../begun.json") + &line(u64::MAX, 5, "x") + &line(5, 0, "x") + "\u{0}rubbish\n";
        fs::write(folder.join("b/log"), log).unwrap();
        let parts = journal.kept().list(100).unwrap();
        assert_eq!(parts.len(), 1);
        assert_eq!(journal.kept().read(&parts[0]).unwrap(), None);
    }

    #[test]
    fn what_cannot_be_looked_at_is_not_taken_for_gone() {
        let folder = Folder::new("journal");
        assert!(!is_worth_keeping(&folder.join("never")));
        // Below a file there is no folder to look into, which is another error than that nothing is there.
        fs::write(folder.join("file"), "").unwrap();
        assert!(is_worth_keeping(&folder.join("file")));
        assert!(is_gone(&folder.join("never")) && !is_gone(&folder.join("file/log")) && !is_gone(&folder.join("file")));
    }

    /// A log, or what says which run it is of, may come from a copy of another folder.
    #[test]
    fn parts_of_another_run_are_none_of_this_one() {
        let folder = Folder::new("journal");
        let path = folder.join("a");
        let other = Begun { fingerprint: "of another seed".into(), ..begun() };
        Journal::begin(&path, &begun()).unwrap().keep(0..20, b"mine").unwrap();
        let of = |begun: &Begun| Parts::of(&path, begun);
        assert_eq!((of(&begun()).whose(), of(&other).whose()), (Whose::Own, Whose::Other));
        let mut journal = Journal::begin(&path, &other).unwrap();
        assert!(journal.kept().list(100).unwrap().is_empty());
        journal.keep(20..40, b"theirs").unwrap();
        assert_eq!(ranges(&journal), vec![20..40; 1]);
        let another_build = Begun { model: "0123456789abcdef".into(), ..begun() };
        assert!(of(&another_build).list(100).unwrap().is_empty());
        fs::write(path.join("log"), "").unwrap();
        assert_eq!(of(&other).whose(), Whose::Nobodys);
    }
}
