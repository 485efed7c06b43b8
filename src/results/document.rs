//! Figures and documents of a finished run that were made again.

use std::fs;
use std::path::{Path, PathBuf};

use super::checksum;
use super::error::{Error, Result};
use super::folder::{put_on_disk, remove};
use super::manifest::{FileRecord, Manifest};

/// Lets `run.json` vouch for figures and documents of a finished run as they are in its directory now; `manifest` is that of the run, and
/// of the run from then on. Gives the files for which it vouched otherwise before, or not at all; where there is none, nothing is written.
///
/// # Errors
/// If a file cannot be read, or `run.json` not be written.
pub fn vouch(directory: impl AsRef<Path>, manifest: &mut Manifest, files: &[String]) -> Result<Vec<String>> {
    let directory = directory.as_ref();
    let mut other = Vec::new();
    for file in files {
        let path = directory.join(file);
        let record = FileRecord { file: file.clone(), sha256: checksum::of_file(&path)?.1 };
        let records = if file.starts_with("figures/") { &mut manifest.figures } else { &mut manifest.documents };
        if records.contains(&record) {
            continue;
        }
        put_on_disk(&path)?;
        records.retain(|known| known.file != *file);
        records.push(record);
        records.sort_by(|a, b| a.file.cmp(&b.file));
        other.push(file.clone());
    }
    if !other.is_empty() {
        let last = directory.join(Manifest::FILE);
        let vouched = beside(&last);
        let put = manifest
            .write(&vouched)
            .and_then(|()| fs::rename(&vouched, &last).map_err(Error::io("move into place", &last)));
        put.inspect_err(|_| drop(remove(&vouched)))?;
    }
    Ok(other)
}

/// The name of a file until it is whole.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}
