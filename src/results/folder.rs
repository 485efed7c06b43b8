//! Folders and files: a lock, a listing, a removal.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::{Error, Result};

/// A folder that no other process can be kept out of: its file system knows no locks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlocked {
    /// The folder.
    pub path: PathBuf,
    /// What the system said.
    pub reason: String,
}

impl fmt::Display for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { path, reason } = self;
        write!(f, "{} cannot be locked ({reason}): let no second command write there at the same time", path.display())
    }
}

/// A file that is locked, or cannot be; the system frees it when it is dropped or the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    pub _file: File,
    /// That it is not locked.
    pub unlocked: Option<Unlocked>,
}

/// Takes the lock of the run in a folder. Where the file system knows no locks, one goes on without.
pub(super) fn lock(run: &Path, path: &Path) -> Result<Lock> {
    let file = match File::options().create(true).write(true).truncate(false).open(path) {
        // Whoever wrote there clears its folder as it ends.
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(Error::InUse(run.to_path_buf())),
        file => file.map_err(Error::io("create", path))?,
    };
    let unlocked = taken(file.try_lock(), run)?;
    // Between the opening and the lock, too: the lock of a file that is gone would keep nobody out.
    if !is_at(&file, path) {
        return Err(Error::InUse(run.to_path_buf()));
    }
    Ok(Lock { _file: file, unlocked })
}

/// Whether an open file is still the one of this name.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let place = |found: fs::Metadata| (found.dev(), found.ino());
    file.metadata().is_ok_and(|open| fs::metadata(path).is_ok_and(|there| place(open) == place(there)))
}

/// Elsewhere a file that is open cannot be removed.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Whether another process holds a lock. Where nobody ever took it, or the file system knows none, nobody does.
pub(super) fn is_locked(path: &Path) -> bool {
    // For writing: over NFS only such a file can be locked.
    File::options().write(true).open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// What came of trying to lock.
fn taken(tried: std::result::Result<(), TryLockError>, run: &Path) -> Result<Option<Unlocked>> {
    match tried {
        Ok(()) => Ok(None),
        Err(TryLockError::WouldBlock) => Err(Error::InUse(run.to_path_buf())),
        Err(TryLockError::Error(error)) => Ok(Some(Unlocked { path: run.to_path_buf(), reason: error.to_string() })),
    }
}

/// Makes a folder, and what is missing on the way to it; through a link that leads nowhere it does not go.
///
/// # Errors
/// If there is such a link, or the system refuses.
pub(crate) fn make(path: &Path) -> Result<()> {
    let leads_nowhere = |part: &&Path| part.is_symlink() && part.try_exists().is_ok_and(|there| !there);
    if let Some(link) = path.ancestors().find(leads_nowhere) {
        let to = fs::read_link(link).map_err(Error::io("read", link))?;
        return Err(Error::Dangling { link: link.to_path_buf(), to });
    }
    fs::create_dir_all(path).map_err(Error::io("create", path))
}

/// Puts what a file holds on disk.
pub(super) fn put_on_disk(path: &Path) -> Result<()> {
    let put = |file: File| file.sync_all();
    File::options().write(true).open(path).and_then(put).map_err(Error::io("write", path))
}

/// Puts on disk which files a folder has, where the system can be asked for that; where it refuses, it is no worse than not asking.
pub(super) fn put_names_on_disk(folder: &Path) {
    #[cfg(unix)]
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    #[cfg(not(unix))]
    let _ = folder;
}

/// All files below a folder, as relative paths with `/`, in order.
pub(super) fn list(folder: &Path, prefix: &str, files: &mut Vec<String>) -> Result<()> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let entry = entry.map_err(Error::io("read", folder))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        entries.push((format!("{prefix}{name}"), entry.path(), is_folder));
    }
    entries.sort();
    for (name, path, is_folder) in entries {
        if is_folder {
            list(&path, &format!("{name}/"), files)?;
        } else {
            files.push(name);
        }
    }
    Ok(())
}

/// Whether nothing is there, for sure: who deletes by it takes no error of the disk for that.
pub(super) fn is_gone(path: &Path) -> bool {
    matches!(path.try_exists(), Ok(false))
}

/// Removes a file, or a folder with everything in it; a link alone. What is not there counts as removed.
pub(super) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::test_support::Folder;

    #[test]
    fn a_lock_is_held_until_it_is_dropped_and_where_there_is_none_that_is_said() {
        let folder = Folder::new("lock");
        let path = folder.join("lock");
        let held = lock(&folder, &path).unwrap();
        assert_eq!(held.unlocked, None);
        assert!(matches!(lock(&folder, &path), Err(Error::InUse(run)) if run == *folder));
        drop(held);
        assert!(lock(&folder, &path).is_ok());
        // Who opened it before it was cleared away has locked nothing.
        let open = File::options().write(true).open(&path).unwrap();
        assert!(is_at(&open, &path));
        fs::remove_file(&path).unwrap();
        assert!(!is_at(&open, &path));
        let _another = lock(&folder, &path).unwrap();
        assert!(!is_at(&open, &path));
        assert!(matches!(lock(&folder, &folder.join("cleared/lock")), Err(Error::InUse(_))));
        let none = TryLockError::Error(ErrorKind::Unsupported.into());
        let said = taken(Err(none), Path::new("output/a")).unwrap().unwrap().to_string();
        assert!(said.starts_with("output/a cannot be locked (") && said.contains("no second command"), "{said}");
    }
}
