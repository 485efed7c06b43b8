//! Folders and files: a lock, a listing, a removal.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

use super::error::{Error, Result};

/// Takes the lock of the run in a folder; the system frees it when the file is dropped or the process ends.
pub(super) fn lock(run: &Path, path: &Path) -> Result<File> {
    let file =
        File::options().create(true).write(true).truncate(false).open(path).map_err(Error::io("create", path))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::InUse(run.to_path_buf())),
        // A file system that knows no locks: go on without.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
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

/// Removes a file, or a folder with everything in it; a link alone. What is not there counts as removed.
pub(super) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}
