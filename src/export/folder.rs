//! The folder of an export: every file under a temporary name until all are whole, the codebook last.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::ExportError;
use crate::results::make_folder;

/// Where files wait.
const PARTIAL: &str = ".partial";

/// Every name that an export has given to a file: what is replaced by another export. Other files stay.
pub const FILES: [&str; 10] = [
    "wide.csv",
    "long.csv",
    "wide.parquet",
    "long.parquet",
    "import_wide.sps",
    "import_long.sps",
    "scenario.toml",
    "README.md",
    "codebook.csv",
    LAST,
];
/// The file that is there once an export is whole.
const LAST: &str = "codebook.md";

/// A folder that is being filled. Dropped before [`Folder::finish`], it takes away what it wrote.
pub struct Folder {
    path: PathBuf,
    partial: PathBuf,
    created: bool,
    files: Vec<&'static str>,
}

impl Folder {
    /// Prepares a folder.
    ///
    /// # Errors
    /// If it is there and not empty and `force` is not given, if it is there and holds no export, or if it cannot be created.
    pub fn create(path: &Path, force: bool) -> Result<Self, ExportError> {
        if path.exists() && !path.is_dir() {
            return Err(ExportError::NotAFolder(path.to_path_buf()));
        }
        let created = !path.exists();
        if !created {
            let entries = fs::read_dir(path).map_err(ExportError::io("read", path))?;
            let mut found: Vec<String> =
                entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            found.retain(|name| name != PARTIAL);
            found.sort();
            let export = found.iter().any(|name| name == LAST);
            if let Some(first) = found.into_iter().next() {
                match (export, force) {
                    (true, true) => {}
                    (true, false) => return Err(ExportError::Exists(path.to_path_buf())),
                    (false, _) => return Err(ExportError::Occupied { path: path.to_path_buf(), found: first }),
                }
            }
        }
        let partial = path.join(PARTIAL);
        make_folder(&partial)?;
        Ok(Self { path: path.to_path_buf(), partial, created, files: Vec::new() })
    }

    /// Where to write one of [`FILES`] until everything is whole.
    pub fn staged(&mut self, file: &'static str) -> PathBuf {
        self.files.push(file);
        self.partial.join(file)
    }

    /// Writes a text.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn text(&mut self, file: &'static str, text: &str) -> Result<(), ExportError> {
        let path = self.staged(file);
        let mut out = fs::File::create(&path).map_err(ExportError::io("create", &path))?;
        out.write_all(text.as_bytes()).and_then(|()| out.sync_all()).map_err(ExportError::io("write", &path))
    }

    /// Gives every file its name, the codebook's last, and takes away what an earlier export left under other names.
    ///
    /// # Errors
    /// If a file cannot be moved.
    pub fn finish(mut self) -> Result<Vec<&'static str>, ExportError> {
        let last = self.path.join(LAST);
        if last.exists() {
            fs::remove_file(&last).map_err(ExportError::io("replace", &last))?;
        }
        for file in FILES {
            let to = self.path.join(file);
            if self.files.contains(&file) {
                fs::rename(self.partial.join(file), &to).map_err(ExportError::io("move into place", &to))?;
            } else if to.exists() {
                fs::remove_file(&to).map_err(ExportError::io("replace", &to))?;
            }
        }
        self.created = false;
        let mut files = std::mem::take(&mut self.files);
        files.sort_by_key(|file| FILES.iter().position(|known| known == file));
        Ok(files)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.partial);
        if self.created {
            // Stays if somebody put something there meanwhile.
            let _ = fs::remove_dir(&self.path);
        }
    }
}
