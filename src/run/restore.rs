//! What of a finished run follows from its tables, made again where it was lost or damaged.
//!
//! A table is the run: one that is not what was written is refused, and nothing here mends it, but for `diagnosis` and `strategies`, which
//! follow from the estimates. Figures, report and brief are drawn from what is there, to the same bytes, so that a run without them is no
//! worse than one with them. The sums of the trajectories from which
//! [`expand`](super::expand::expand) goes on are in no table: only the run itself can write them.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::compare::brief_of;
use super::rewrite::{is_derived, rewrite};
use super::{Error, Options, Watch};
use crate::figures::{self, Format};
use crate::monte_carlo::digest::Digest;
use crate::report::{brief, html};
use crate::results::{self, Manifest};

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The run as it was.
    Whole,
    /// The same, and its report made again whether it is there or not.
    Report,
}

/// What was made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Figures, pages and tables that follow from others, which were gone or not what was written.
    pub again: Vec<String>,
    /// Of these, those that are not what they were, as another version or build draws them; `run.json` vouches for them as they are now.
    pub other: Vec<String>,
    /// The sums from which `expand` goes on, if they are not what was written: only the run itself can write them.
    pub lost: Vec<String>,
}

impl Restored {
    /// What there is to say of it, a sentence each.
    pub fn told(&self) -> Vec<String> {
        let Self { again, other, lost } = self;
        let mut said = Vec::new();
        if !again.is_empty() {
            said.push(format!("Gone or damaged, and made again from the tables: {}.", again.join(", ")));
        }
        if !other.is_empty() {
            said.push(format!("Not what they were, since another peerlab made the run: {}.", other.join(", ")));
        }
        if !lost.is_empty() {
            said.push(format!("Not what was written, and needed by `peerlab expand` alone: {}.", lost.join(", ")));
        }
        said
    }
}

/// Whether a file follows from the tables, or from others of them.
pub(super) fn follows(manifest: &Manifest, file: &str) -> bool {
    is_drawn(file) || is_derived(manifest, file)
}

/// Whether a file is a figure or a page.
fn is_drawn(file: &str) -> bool {
    file.starts_with("figures/") || [html::FILE, brief::FILE].contains(&file)
}

/// Holds a finished run against its checksums, and makes again what follows from its tables and is not what was written.
///
/// # Errors
/// If there is no finished run; if a table is damaged, or something else that cannot be made again; if something cannot be written, or
/// another process is writing there.
pub fn restore(path: &Path, wanted: Wanted, options: &Options) -> Result<(Manifest, Restored), Error> {
    let (mut manifest, mut damaged) = results::verify_but(path, |manifest, file| {
        follows(manifest, file) || [Digest::FILE, Digest::LINES].contains(&file)
    })?;
    // First, since the report is made from them.
    let tables = rewrite(path, &manifest, &damaged)?;
    damaged.retain(|one| !tables.contains(&one.file));
    let lost = || damaged.iter().map(|one| one.file.clone()).filter(|file| !is_drawn(file)).collect();
    let only_lost = damaged.iter().all(|one| !is_drawn(&one.file));
    if wanted == Wanted::Whole && only_lost {
        return Ok((manifest, Restored { again: tables, lost: lost(), ..Restored::default() }));
    }
    let is_damaged = |file: &str| damaged.iter().any(|one| one.file == file);
    let problems = |lost: &[String]| -> Error {
        let told = damaged.iter().filter(|one| lost.contains(&one.file)).map(|one| one.problem.clone());
        results::Error::Damaged { path: path.to_path_buf(), problems: told.collect() }.into()
    };
    let page = match html::of_manifest(path, &manifest) {
        Ok(page) => page,
        // A search for power, a comparison, a replication alone: nobody draws their figures again.
        Err(html::Error::NoSummary { .. }) if wanted == Wanted::Whole => {
            return Err(problems(&damaged.iter().map(|one| one.file.clone()).collect::<Vec<_>>()));
        }
        Err(error) => return Err(error.into()),
    };
    let file = path.join(html::FILE);
    let is_new = fs::read(&file).map_or(true, |there| there != page.text.as_bytes());
    if only_lost && !is_new && manifest.documents.iter().any(|one| one.file == html::FILE) {
        return Ok((manifest, Restored { again: tables, lost: lost(), ..Restored::default() }));
    }
    let _alone = results::alone(path)?;
    // Another process may have had its turn meanwhile, and this is no longer the run that was looked at.
    if results::existing(path)?.as_ref() != Some(&manifest) {
        return Err(results::Error::InUse(path.to_path_buf()).into());
    }
    let mut again = tables;
    for (name, figure) in &page.figures {
        for (ending, format) in [("svg", Format::Svg(None)), ("png", Format::Png(None))] {
            let file = format!("figures/{name}.{ending}");
            if is_damaged(&file) {
                let folder = path.join("figures");
                fs::create_dir_all(&folder).map_err(|error| results::Error::unwritable(&folder, error))?;
                figures::draw_as(figure, format, &path.join(&file))?;
                again.push(file);
            }
        }
    }
    if is_damaged(brief::FILE) {
        let stop = AtomicBool::new(false);
        let watch = Watch::new(&stop, &|_| ());
        if let Some(text) = brief_of(&page.plan.study, options, watch)? {
            html::write(&text, &path.join(brief::FILE))?;
            again.push(brief::FILE.to_owned());
        }
    }
    let mut vouched: Vec<String> = again.iter().filter(|file| is_drawn(file)).cloned().collect();
    if wanted == Wanted::Report || is_damaged(html::FILE) {
        if is_new {
            html::write(&page.text, &file)?;
        }
        if is_damaged(html::FILE) {
            again.push(html::FILE.to_owned());
        }
        vouched.push(html::FILE.to_owned());
    }
    let lost: Vec<String> = damaged.iter().map(|one| one.file.clone()).filter(|file| !again.contains(file)).collect();
    let mut other = results::vouch(path, &mut manifest, &vouched)?;
    other.retain(|file| again.contains(file));
    // A figure that the tables no longer give.
    if let Some(gone) = lost.iter().find(|file| is_drawn(file)) {
        return Err(problems(std::slice::from_ref(gone)));
    }
    Ok((manifest, Restored { again, other, lost }))
}
