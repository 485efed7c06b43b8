//! Folders and files: a lock, a listing, a removal.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Once;

use super::error::{Error, Result};

/// Takes the lock of the run in a folder; the system frees it when the file is dropped or the process ends.
pub(super) fn lock(run: &Path, path: &Path) -> Result<File> {
    let file =
        File::options().create(true).write(true).truncate(false).open(path).map_err(Error::io("create", path))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::InUse(run.to_path_buf())),
        Ok(()) => Ok(file),
        // A file system that knows no locks: go on without, and say so.
        Err(TryLockError::Error(error)) => {
            static SAID: Once = Once::new();
            SAID.call_once(|| {
                let run = run.display();
                eprintln!("peerlab: warning: {run} cannot be locked ({error}): let no second command write there at the same time");
            });
            Ok(file)
        }
    }
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

/// Removes a file, or a folder with everything in it; a link alone. What is not there counts as removed.
pub(super) fn remove(path: &Path) -> Result<()> {
    let removed = if path.is_dir() && !path.is_symlink() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}
