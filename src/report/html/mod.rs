//! The report of a run: one HTML file that needs nothing beside it.
//!
//! It is made from a finished run alone, `run.json` and its tables, so that
//! [`of_run`] gives the same bytes as the run itself did: no clock, no path, no number of threads reaches it. The words are
//! those of the screen and of the pages of the studies; the templates, HTML as HTML, lie in `templates/`.
//!
//! | file | says |
//! |---|---|
//! | [`answer`] | the answer in two sentences |
//! | [`findings`] | each hypothesis with verdict, effect, truth, interval and power |
//! | [`risk`], [`risk_words`] | what went wrong for whom |
//! | [`methods`], [`cite`] | how to judge, repeat and cite it |
//! | [`sweep`] | the same of a sweep |

pub mod answer;
pub mod cite;
pub mod findings;
pub mod methods;
pub mod note;
pub mod risk;
pub mod risk_words;
pub mod sweep;

use std::path::{Path, PathBuf};

use self::note::Figures;
use super::{gallery, page};
use crate::figures::{Figure, FigureError};
use crate::inquiry::answers::answers;
use crate::results::{self, Manifest, SweepSpec, way_out};
use crate::scenario::{self, Problems};
use crate::study::experiment::Record;
use crate::study::plan::{Plan, PlanError};

/// Its name in the run directory.
pub const FILE: &str = "report.html";

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The run cannot be read, or is none.
    #[error(transparent)]
    Results(#[from] results::Error),
    /// A run of another command, or of another version.
    #[error("the run in {} has no summary to report ({what}): a report is made of what `peerlab run` and `peerlab sweep` leave", path.display())]
    NoSummary {
        /// The run directory.
        path: PathBuf,
        /// What is there instead.
        what: String,
    },
    /// Its scenario is none for this version.
    #[error("the scenario in {} cannot be read by this version of peerlab ({}): make the run again with --force", path.display(), first(problems))]
    Scenario {
        /// The run directory.
        path: PathBuf,
        /// What is wrong with it.
        problems: Problems,
    },
    /// Its study cannot be planned.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The picture of the design could not be drawn.
    #[error(transparent)]
    Figure(#[from] FigureError),
    /// The report cannot be written.
    #[error("cannot {doing} {}: {source}{}", path.display(), way_out(source))]
    File {
        /// What was attempted.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The template and what it is given do not agree.
    #[error("the report's template failed: {0}")]
    Template(#[from] minijinja::Error),
}

fn first(problems: &Problems) -> String {
    problems.0.first().map_or_else(String::new, |problem| problem.message.clone())
}

/// The report of the run in a directory, of which `manifest` tells, with its figures by name.
///
/// # Errors
/// If something of the run cannot be read.
pub fn report(manifest: &Manifest, plan: &Plan, directory: &Path, figures: &Figures) -> Result<String, Error> {
    Ok(page::render(page::REPORT, note::Note::new(manifest, plan, directory, figures)?)?)
}

/// A report, with what was drawn and planned for it.
#[derive(Debug)]
pub struct Page {
    /// The report.
    pub text: String,
    /// The figures that the run keeps, by name.
    pub figures: Vec<(&'static str, Figure)>,
    /// The study; of a sweep that of its first cell.
    pub plan: Plan,
}

/// The report of the finished run in a directory, of which `manifest` tells, made from its tables.
///
/// # Errors
/// If it is of a kind that has no report, or something of it cannot be read.
pub fn of_manifest(directory: &Path, manifest: &Manifest) -> Result<Page, Error> {
    if manifest.record == "power" {
        let what = "it was made by `peerlab power`".to_owned();
        return Err(Error::NoSummary { path: directory.to_path_buf(), what });
    }
    if let Some(excerpt) = manifest.excerpt {
        return Err(Error::NoSummary { path: directory.to_path_buf(), what: format!("it is {excerpt}") });
    }
    if manifest.record == "compare" {
        let what = "it was made by `peerlab compare`".to_owned();
        return Err(Error::NoSummary { path: directory.to_path_buf(), what });
    }
    if manifest.record == SweepSpec::RECORD {
        return sweep::page(manifest, directory);
    }
    let study = scenario::read(&manifest.scenario_toml, Manifest::FILE, &[])
        .map_err(|problems| Error::Scenario { path: directory.to_path_buf(), problems })?
        .study;
    let plan = Plan::new(study)?;
    let tables = directory.join("tables");
    let answers = answers(&plan.study, &tables.join("estimates.parquet"))?.each;
    let record = Record::NAMES.iter().find(|(name, _)| *name == manifest.record);
    let record = record.map_or(Record::Summary, |(_, record)| *record);
    // Drawn again from the tables, as the run did: a page needs a figure for a phone besides the one that was kept.
    let figures = gallery::of_run(&plan, &answers, record, &tables)?;
    let text = report(manifest, &plan, directory, &figures)?;
    Ok(Page { text, figures, plan })
}

/// The report of a finished run, of which everything that it is made from is held against its checksum first.
///
/// # Errors
/// If there is no finished run, or a table of it is damaged; those of [`of_manifest`].
pub fn of_run(directory: &Path) -> Result<String, Error> {
    let made_again = |_: &Manifest, file: &str| !file.starts_with("tables/") && !file.starts_with("dataset/");
    let (manifest, _) = results::verify_but(directory, made_again)?;
    Ok(of_manifest(directory, &manifest)?.text)
}

/// Writes a report, first under another name.
///
/// # Errors
/// If it cannot be written.
pub fn write(text: &str, path: &Path) -> Result<(), Error> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    std::fs::write(&partial, text).and_then(|()| std::fs::rename(&partial, path)).map_err(|source| {
        let _ = std::fs::remove_file(&partial);
        Error::File { doing: "write", path: path.to_path_buf(), source }
    })
}
