//! A run held against its own checksums.

use std::path::Path;

use super::checksum;
use super::error::{Error, Result};
use super::look::existing;
use super::manifest::Manifest;

/// Checks that every file the manifest names is there with its length and checksum; gives the manifest.
///
/// # Errors
/// [`Error::NoRun`] without a `run.json`; [`Error::Damaged`] with every disagreement, not only the first.
pub fn verify(directory: impl AsRef<Path>) -> Result<Manifest> {
    verify_but(directory, "")
}

/// The same for every file but one, which is about to be made again.
///
/// # Errors
/// Those of [`verify`].
pub fn verify_but(directory: impl AsRef<Path>, left_out: &str) -> Result<Manifest> {
    let directory = directory.as_ref();
    let manifest = existing(directory)?.ok_or_else(|| Error::NoRun(directory.to_path_buf()))?;
    let problems: Vec<String> = manifest
        .files()
        .filter(|(file, ..)| *file != left_out)
        .filter_map(|(file, bytes, sha256)| match checksum::of_file(&directory.join(file)) {
            Err(Error::Io { source, .. }) => Some(format!("{file}: {source}")),
            Err(error) => Some(format!("{file}: {error}")),
            Ok((found, _)) if bytes.is_some_and(|bytes| bytes != found) => {
                Some(format!("{file} has {found} bytes instead of {}", bytes.unwrap_or_default()))
            }
            Ok((_, found)) if found != sha256 => Some(format!("{file} is not what was written: its checksum differs")),
            Ok(_) => None,
        })
        .collect();
    if problems.is_empty() { Ok(manifest) } else { Err(Error::Damaged { path: directory.to_path_buf(), problems }) }
}
