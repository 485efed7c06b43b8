//! The report of a run: one HTML file that needs nothing beside it.
//!
//! It is made from a finished run alone, `run.json`, its table `replications` and its figures, so that
//! [`of_run`] gives the same bytes as the run itself did: no clock, no path, no number of threads reaches it. The words are
//! those of the screen and of the pages of the studies; the templates, HTML as HTML, lie in `templates/report/`.
//!
//! | file | says |
//! |---|---|
//! | [`answer`] | the answer in two sentences |
//! | [`findings`] | each hypothesis with verdict, effect, truth, interval and power |
//! | [`risk`], [`risk_words`] | what went wrong for whom |
//! | [`methods`], [`cite`] | how to judge, repeat and cite it |
//! | [`inline`] | a figure in a page: light, dark and on paper |

pub mod answer;
pub mod cite;
pub mod findings;
pub mod inline;
pub mod methods;
pub mod note;
pub mod risk;
pub mod risk_words;
mod template;

use std::path::{Path, PathBuf};

use crate::figures::FigureError;
use crate::results::{self, Manifest};
use crate::scenario::Problems;
use crate::study::plan::PlanError;

/// Its name in the run directory.
pub const FILE: &str = "report.html";

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The run cannot be read, or is none.
    #[error(transparent)]
    Results(#[from] results::Error),
    /// A run of another command, or of another version.
    #[error("the run in {} has no summary to report ({what}): a report is made of what `peerlab run` leaves", path.display())]
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
    /// A figure of the run is no figure.
    #[error("{} is not a figure of peerlab: make the run again with --force", .0.display())]
    NoFigure(PathBuf),
    /// A figure of the run cannot be read, or the report cannot be written.
    #[error("cannot {doing} {}: {source}", path.display())]
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

/// The report of the run in a directory, of which `manifest` tells; `figures` are the names of its figures' files without
/// `figures/` and `.svg`.
///
/// # Errors
/// If something of the run cannot be read.
pub fn report(manifest: &Manifest, directory: &Path, figures: &[String]) -> Result<String, Error> {
    Ok(template::render(note::Note::new(manifest, directory, figures)?)?)
}

/// The report of a finished run, whose tables and figures are held against their checksums first.
///
/// # Errors
/// If there is no finished run, or it is damaged, or something of it cannot be read.
pub fn of_run(directory: &Path) -> Result<String, Error> {
    let manifest = results::verify_but(directory, FILE)?;
    let names = manifest.figures.iter().filter_map(|one| one.file.strip_prefix("figures/")?.strip_suffix(".svg"));
    let figures: Vec<String> = names.map(str::to_owned).collect();
    report(&manifest, directory, &figures)
}

/// Writes a report, first under another name.
///
/// # Errors
/// If it cannot be written.
pub fn write(text: &str, path: &Path) -> Result<(), Error> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    std::fs::write(&partial, text).and_then(|()| std::fs::rename(&partial, path)).map_err(|source| Error::File {
        doing: "write",
        path: path.to_path_buf(),
        source,
    })
}
