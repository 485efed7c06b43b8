//! A run whose process died while its finished files were given their places.

use std::fs;
use std::path::Path;

use super::checksum;
use super::error::{Error, Result};
use super::folder::{lock, remove};
use super::left;
use super::manifest::Manifest;
use super::run_directory::{LOCK, PARTIAL, PREVIOUS};

/// Gives the rest of a run's files their places, if the process that wrote them died in the midst of that; whether there was anything to
/// do. A manifest is written only when all files are whole, so that each is either where it was written or where it belongs; one that is
/// neither, or has another checksum, leaves everything as it is.
///
/// # Errors
/// If another process is writing there, or a file cannot be moved.
pub fn complete(path: impl AsRef<Path>) -> Result<bool> {
    let path = path.as_ref();
    let partial = path.join(PARTIAL);
    let (staged, last) = (partial.join(Manifest::FILE), path.join(Manifest::FILE));
    if last.exists() || !staged.exists() {
        return Ok(false);
    }
    let _lock = lock(path, &partial.join(LOCK))?;
    let Ok(Some(manifest)) = Manifest::read(&staged) else { return Ok(false) };
    if last.exists() {
        return Ok(false);
    }
    let whole = |file: &Path, sha256: &str| checksum::of_file(file).is_ok_and(|(_, found)| found == sha256);
    let mut moves = Vec::new();
    for (file, _, sha256) in manifest.files() {
        let (from, to) = (partial.join(file), path.join(file));
        if whole(&from, sha256) {
            moves.push((from, to));
        } else if from.exists() || !whole(&to, sha256) {
            return Ok(false);
        }
    }
    // What only the run before had does not stay.
    let previous = Manifest::read(&partial.join(PREVIOUS)).ok().flatten();
    for (file, ..) in previous.iter().flat_map(Manifest::files) {
        if manifest.files().all(|(known, ..)| known != file) {
            remove(&path.join(file))?;
        }
    }
    left::clear(path, &manifest, previous.is_some())?;
    for (from, to) in moves {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        }
        fs::rename(&from, &to).map_err(Error::io("move into place", &to))?;
    }
    fs::rename(&staged, &last).map_err(Error::io("move into place", &last))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::test_support::{Folder, example, example_rows, manifest};
    use crate::results::{Overwrite, RunDirectory, verify};

    fn run(path: &Path) -> Manifest {
        let run = RunDirectory::create(path, Overwrite::Force).unwrap();
        let mut manifest = manifest();
        let mut writer = run.table(&example()).unwrap();
        writer.append(&example_rows(0, 100)).unwrap();
        manifest.tables.push(writer.finish().unwrap());
        fs::write(run.staged("figures/trust.svg").unwrap(), "<svg/>").unwrap();
        run.finish(manifest).unwrap()
    }

    #[test]
    fn killed_at_any_step_of_the_moving_it_is_completed() {
        let folder = Folder::new("complete");
        let path = folder.join("run");
        let expected = run(&path);
        let files = ["tables/example.parquet", "figures/trust.svg"];
        let back = |moved: &[&str]| {
            for file in moved {
                let to = path.join(PARTIAL).join(file);
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::rename(path.join(file), to).unwrap();
            }
        };
        for unmoved in 0..=files.len() {
            assert!(!complete(&path).unwrap());
            back(&["run.json"]);
            back(&files[..unmoved]);
            assert!(complete(&path).unwrap());
            assert_eq!(verify(&path).unwrap(), expected);
        }
        // A file that did not reach the disk: it is not for this to mend.
        back(&["run.json", "figures/trust.svg"]);
        fs::write(path.join(".partial/figures/trust.svg"), "<sv").unwrap();
        assert!(!complete(&path).unwrap() && !path.join("run.json").exists());
    }
}
