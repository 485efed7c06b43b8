//! One simulated experiment as a practice data set, for R, SPSS or a spreadsheet: what a researcher who ran it would have in
//! hand, and a codebook.
//!
//! The replication is run again from the seed, whatever was recorded of it. The wide file has a row per person and what
//! `peerlab analyze --study` needs to give the row in `estimates` again; the long file a row per person and wave. True scores
//! are in it only if they are asked for.
//!
//! ```
//! use peerlab::export::{Export, Format};
//! use peerlab::scenario::builtin;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let study = builtin::find("listening-training").unwrap().read(&["population.dyads=12".to_owned()])?.study;
//! let folder = std::env::temp_dir().join(format!("an-experiment-{}", std::process::id()));
//! let export = Export::simulate(study, 17, false)?;
//! export.write(&folder, Format::Csv, false)?;
//! assert!(std::fs::read_to_string(folder.join("wide.csv"))?.starts_with("person,dyad,member,"));
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(())
//! # }
//! ```

mod codebook;
mod folder;
mod readme;
mod sheet;
mod spss;
pub mod variable;

use std::io;
use std::path::{Path, PathBuf};

pub use sheet::Sheet;

use crate::model::lanes::Instructions;
use crate::results::{self, Table, TableWriter};
use crate::scenario::resolved;
use crate::study::analysis::Answer;
use crate::study::declaration::Study;
use crate::study::experiment::{Record, replicate};
use crate::study::plan::{Plan, PlanError};

/// How the data are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text, with syntax that reads it into SPSS.
    Csv,
    /// Parquet.
    Parquet,
}

impl Format {
    /// The names the command line uses, in order.
    pub const NAMES: &'static [(&'static str, Format)] = &[("csv", Format::Csv), ("parquet", Format::Parquet)];

    fn files(self) -> [&'static str; 2] {
        match self {
            Format::Csv => ["wide.csv", "long.csv"],
            Format::Parquet => ["wide.parquet", "long.parquet"],
        }
    }
}

/// Why there is no data set.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The study cannot be run.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The Parquet file could not be written.
    #[error(transparent)]
    Results(#[from] results::Error),
    /// The operating system refused.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// What was attempted, as a verb.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own answer.
        source: io::Error,
    },
    /// The name belongs to a file.
    #[error("{} is a file, not a folder: choose another name with --out", .0.display())]
    NotAFolder(PathBuf),
    /// An export is there.
    #[error("{} already holds an export: choose another name with --out, or replace it with --force", .0.display())]
    Exists(PathBuf),
    /// Something else is there.
    #[error("{} is not empty and holds no export of peerlab (it has {found:?}): choose another name with --out", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// One of the names in it.
        found: String,
    },
}

impl ExportError {
    fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }
}

/// One simulated experiment, in memory.
#[derive(Clone, Debug)]
pub struct Export {
    /// The study.
    pub plan: Plan,
    /// Number of the replication.
    pub replication: u64,
    /// Whether true scores are in the files.
    pub truths: bool,
    /// A row per person.
    pub wide: Sheet,
    /// A row per person and wave.
    pub long: Sheet,
    /// What the analysis of the replication found, as in the table `estimates`.
    pub answers: Vec<Answer>,
}

impl Export {
    /// Runs a replication of a study.
    ///
    /// # Errors
    /// If the study cannot be run.
    pub fn simulate(study: Study, replication: u64, truths: bool) -> Result<Self, ExportError> {
        let plan = Plan::new(study)?;
        let run = replicate(&plan, replication, Record::Waves, Instructions::Widest);
        let wide = Sheet::fill(&plan, &run, variable::wide(&plan, truths), false);
        let long = Sheet::fill(&plan, &run, variable::long(&plan, truths), true);
        Ok(Self { plan, replication, truths, wide, long, answers: run.answers })
    }

    /// Writes everything into a folder, all of it or nothing, and tells the names of the files.
    ///
    /// # Errors
    /// If something is in the way, or cannot be written.
    pub fn write(&self, folder: &Path, format: Format, force: bool) -> Result<Vec<&'static str>, ExportError> {
        let mut out = folder::Folder::create(folder, force)?;
        let [wide, long] = format.files();
        match format {
            Format::Csv => {
                out.text(wide, &self.wide.csv())?;
                out.text(long, &self.long.csv())?;
                out.text("import_wide.sps", &spss::syntax(wide, &self.wide))?;
                out.text("import_long.sps", &spss::syntax(long, &self.long))?;
            }
            Format::Parquet => {
                for (file, name, grain, sheet) in
                    [(wide, "wide", "person", &self.wide), (long, "long", "person × wave", &self.long)]
                {
                    let columns = sheet.variables.iter().map(|variable| variable.column.clone()).collect();
                    let table = Table { name, grain: grain.to_owned(), columns };
                    let mut writer = TableWriter::create(out.staged(file), &table)?;
                    writer.append(&sheet.values)?;
                    writer.finish()?;
                }
            }
        }
        out.text("scenario.toml", &resolved::to_toml(&self.plan.study))?;
        out.text("README.md", &readme::readme(self, format))?;
        out.text("codebook.csv", &codebook::csv(self))?;
        out.text("codebook.md", &codebook::markdown(self))?;
        out.finish()
    }
}
