//! Tables of a finished run that follow from its estimates, written again where they were lost or damaged.

use std::fs;
use std::path::Path;

use super::Error;
use super::identity::recover;
use crate::inquiry::answers::answers;
use crate::inquiry::{strategy_table, table};
use crate::results::{self, Begun, Disagreement, Manifest, TableRecord, TableWriter};
use crate::study::experiment::Record;

/// Where they are.
const DIAGNOSIS: &str = "tables/diagnosis.parquet";
const STRATEGIES: &str = "tables/strategies.parquet";

/// Whether a file of a run is a table that follows from another.
pub(super) fn is_derived(manifest: &Manifest, file: &str) -> bool {
    let is_run = manifest.excerpt.is_none() && Record::NAMES.iter().any(|(name, _)| *name == manifest.record);
    is_run && [DIAGNOSIS, STRATEGIES].contains(&file)
}

/// Writes those of `damaged` again that follow from the estimates, which are whole; gives their names. They have to be what they were.
///
/// # Errors
/// If another build made the run, whose diagnosis may be another one; if another process is writing there, or something cannot be written.
pub(super) fn rewrite(path: &Path, manifest: &Manifest, damaged: &[Disagreement]) -> Result<Vec<String>, Error> {
    let lost: Vec<&Disagreement> = damaged.iter().filter(|one| is_derived(manifest, &one.file)).collect();
    if lost.is_empty() {
        return Ok(Vec::new());
    }
    let (study, _) = recover(&Begun::of(manifest), path, Manifest::FILE)?;
    let alone = results::alone(path)?;
    let found = answers(&study, &path.join("tables/estimates.parquet"))?.each;
    for one in &lost {
        let staged = alone.staged(&one.file)?;
        let record: TableRecord = if one.file == DIAGNOSIS {
            table::write(&study, &found, TableWriter::create(&staged, &table::diagnosis())?)?
        } else {
            strategy_table::write(&study, &found, TableWriter::create(&staged, &strategy_table::strategies())?)?
        };
        if !manifest.tables.contains(&record) {
            let problems = vec![format!("{}, and from the estimates comes another one", one.problem)];
            return Err(results::Error::Damaged { path: path.to_path_buf(), problems }.into());
        }
        let place = path.join(&one.file);
        fs::rename(&staged, &place).map_err(|error| results::Error::unwritable(&place, error))?;
    }
    Ok(lost.into_iter().map(|one| one.file.clone()).collect())
}
