//! A document of a finished run that is made again.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::checksum;
use super::error::{Error, Result};
use super::folder::remove;
use super::manifest::{FileRecord, Manifest, is_inside};
use super::run_directory::PARTIAL;

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
