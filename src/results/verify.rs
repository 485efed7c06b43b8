//! A run held against its own checksums.

use std::path::Path;

use super::checksum;
use super::error::{Error, Result};
use super::look::existing;
use super::manifest::Manifest;

/// Checks that every file the manifest names is there with its length and checksum; gives the manifest.
///
/// # Errors
/// [`Error::NoRun`] or [`Error::Unvouched`] without a `run.json`; [`Error::Damaged`] with every disagreement, not only the first.
pub fn verify(directory: impl AsRef<Path>) -> Result<Manifest> {
    verify_but(directory, |_, _| false).map(|(manifest, _)| manifest)
}

/// A file that is not what the manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The file, relative to the run directory.
    pub file: String,
    /// What is wrong with it, as a sentence that names it.
    pub problem: String,
}

/// The same, where files that are `spared` may disagree: those that nobody is about to read, or that are about to be made again. Gives
/// which of them do.
///
/// # Errors
/// Those of [`verify`], for all other files.
pub fn verify_but(
    directory: impl AsRef<Path>,
    spared: impl Fn(&Manifest, &str) -> bool,
) -> Result<(Manifest, Vec<Disagreement>)> {
    let directory = directory.as_ref();
    let manifest = existing(directory)?.ok_or_else(|| Error::no_run(directory))?;
    let found = manifest.files().filter_map(|(file, bytes, sha256)| {
        let problem = match checksum::of_file(&directory.join(file)) {
            Err(Error::Io { source, .. }) => format!("{file}: {source}"),
            Err(error) => format!("{file}: {error}"),
            Ok((found, _)) if bytes.is_some_and(|bytes| bytes != found) => {
                format!("{file} has {found} bytes instead of {}", bytes.unwrap_or_default())
            }
            Ok((_, found)) if found != sha256 => format!("{file} is not what was written: its checksum differs"),
            Ok(_) => return None,
        };
        Some(Disagreement { file: file.to_owned(), problem })
    });
    let (spared, others): (Vec<_>, Vec<_>) = found.partition(|one| spared(&manifest, &one.file));
    if others.is_empty() {
        return Ok((manifest, spared));
    }
    let problems = others.into_iter().map(|one| one.problem).collect();
    Err(Error::Damaged { path: directory.to_path_buf(), problems })
}
