//! The report of a sweep: what was swept over, what was found along it as figures and as a table, and how to repeat and cite it.
//!
//! It is made from `run.json` alone, so that it is the same whoever makes it, and when.

use std::path::Path;

use serde::Serialize;

use super::cite::{Citation, citation};
use super::methods::counted;
use super::note::{Picture, picture};
use super::{Error, Page};
use crate::figures::Figure;
use crate::inquiry::sweep::Axis;
use crate::report::page;
use crate::report::study_parts as parts;
use crate::report::summary::{effect, percent};
use crate::report::sweep::{FoundInCell, NOTE, SweepSummary, share_within, within};
use crate::report::sweep_picture::{Quantity, SweepChoice, SweepPictures};
use crate::report::text::{number, plain, shell_word};
use crate::results::{Manifest, SweepSpec};
use crate::scenario::{self, builtin, lookup};
use crate::study::plan::Plan;

/// Hypotheses with figures; of the others the page says how to draw them.
const DRAWN: usize = 4;

/// Rows of a table of cells.
const ROWS: usize = 400;

/// A key that was swept over.
#[derive(Clone, Debug, Serialize)]
struct Key {
    key: String,
    meaning: &'static str,
    unit: &'static str,
    values: String,
}

/// What was found of a hypothesis.
#[derive(Clone, Debug, Serialize)]
struct Found {
    id: String,
    statement: String,
    unit: String,
    estimator: String,
    implied: bool,
    /// Where it is least and most, as sentences.
    ranges: Vec<String>,
    figures: Vec<Picture>,
    /// Values of the keys, then truth, estimate and power.
    rows: Vec<Vec<String>>,
    /// Cells that are not in the table.
    more: usize,
}

/// A report of a sweep.
#[derive(Clone, Debug, Serialize)]
struct SweepNote {
    title: String,
    study: String,
    question: String,
    version: String,
    repeated: String,
    design: String,
    keys: Vec<Key>,
    heads: Vec<String>,
    found: Vec<Found>,
    undrawn: Vec<String>,
    failed: u64,
    caveat: &'static str,
    counted: [usize; 4],
    limits: Vec<String>,
    truth: &'static str,
    study_design: String,
    record: String,
    identity: Vec<(&'static str, String)>,
    command: Option<String>,
    citation: Citation,
}

/// The report of the sweep that a manifest tells of; `directory` is named in errors.
///
/// # Errors
/// If the manifest cannot be understood, or a figure cannot be drawn.
pub fn report(manifest: &Manifest, directory: &Path) -> Result<String, Error> {
    Ok(page(manifest, directory)?.text)
}

/// The same, with its figures.
pub(super) fn page(manifest: &Manifest, directory: &Path) -> Result<Page, Error> {
    let none = |what: String| Error::NoSummary { path: directory.to_path_buf(), what };
    let summary: SweepSummary =
        serde_json::from_value(manifest.summary.clone()).map_err(|problem| none(problem.to_string()))?;
    let spec = manifest.sweep().ok_or_else(|| none("what was swept over is not there".to_owned()))?;
    let axes = spec.over.iter().map(|axis| Axis::parse(axis)).collect::<Result<Vec<_>, _>>().map_err(none)?;
    let study = scenario::read(&manifest.scenario_toml, Manifest::FILE, &[])
        .map_err(|problems| Error::Scenario { path: directory.to_path_buf(), problems })?
        .study;
    let plan = Plan::new(study)?;
    let pictures = SweepPictures { plan: &plan, axes: &axes, summary: &summary };
    let text = page::render(page::SWEEP, SweepNote::new(manifest, &spec, &pictures)?)?;
    let figures = pictures.all();
    Ok(Page { text, figures, plan })
}

impl SweepNote {
    fn new(manifest: &Manifest, spec: &SweepSpec, pictures: &SweepPictures) -> Result<Self, Error> {
        let SweepPictures { plan, axes, summary } = *pictures;
        let study = &plan.study;
        let mut number_of = 0;
        let mut found = Vec::new();
        for at in 0..study.hypotheses.len() {
            let drawn = if at < DRAWN { figures(pictures, at, &mut number_of)? } else { Vec::new() };
            found.push(Found::new(pictures, at, drawn));
        }
        let undrawn = study.hypotheses.iter().skip(DRAWN).map(|one| one.id.clone()).collect();
        Ok(Self {
            title: plain(&study.title),
            study: study.id.clone(),
            question: plain(&study.question),
            version: manifest.version.clone(),
            repeated: summary.size(),
            design: summary.laid_out(),
            keys: axes.iter().map(key).collect(),
            heads: summary.heads(),
            found,
            undrawn,
            failed: summary.failed,
            caveat: NOTE,
            counted: counted(),
            limits: parts::implied_and_open(study),
            truth: parts::TRUTH,
            study_design: parts::design(study).trim_end_matches('.').to_owned(),
            record: spec.record.clone(),
            identity: vec![
                ("Program", format!("peerlab {}", manifest.version)),
                ("Study", format!("`{}`", study.id)),
                ("Seed", manifest.seed.to_string()),
                ("Cells", summary.cells.to_string()),
                ("Replications of each", manifest.replications.to_string()),
                ("Record", spec.record.clone()),
                ("Fingerprint", format!("`{}`", manifest.fingerprint)),
            ],
            command: command(spec),
            citation: citation(&manifest.version, &study.source),
        })
    }
}

fn key(axis: &Axis) -> Key {
    Key {
        key: axis.key.clone(),
        meaning: lookup::leaf(&axis.key).map_or("", |leaf| leaf.meaning),
        unit: axis.unit(),
        values: axis.in_words(),
    }
}

impl Found {
    fn new(pictures: &SweepPictures, at: usize, figures: Vec<Picture>) -> Self {
        let hypothesis = &pictures.plan.study.hypotheses[at];
        let cells: Vec<&FoundInCell> =
            pictures.summary.found.iter().filter(|cell| cell.hypothesis == hypothesis.id).collect();
        let row = |cell: &&FoundInCell| {
            let values = cell.values.iter().map(|value| number(*value));
            values.chain([within(cell.truth), within(cell.estimate), share_within(cell)]).collect()
        };
        Self {
            id: hypothesis.id.clone(),
            statement: plain(&pictures.statement(at)),
            unit: pictures.plan.unit(at),
            estimator: hypothesis.estimators[0].to_owned(),
            implied: hypothesis.implied_by_theory,
            ranges: ranges(pictures.summary, &cells),
            figures,
            rows: cells.iter().take(ROWS).map(row).collect(),
            more: cells.len().saturating_sub(ROWS),
        }
    }
}

/// Where a number is least and where it is most; nothing where no cell has it.
fn ranges(summary: &SweepSummary, cells: &[&FoundInCell]) -> Vec<String> {
    let place = |cell: &FoundInCell| {
        let values = summary.keys.iter().zip(&cell.values);
        values.map(|(key, value)| format!("`{key}` {}", number(*value))).collect::<Vec<_>>().join(", ")
    };
    let range = |what: &str, of: &dyn Fn(&FoundInCell) -> Option<f64>, written: &dyn Fn(Option<f64>) -> String| {
        let known = || cells.iter().filter(|cell| of(cell).is_some_and(f64::is_finite));
        // The first of those that are equal.
        let order = |a: &&&FoundInCell, b: &&&FoundInCell| {
            of(a).unwrap_or(0.0).total_cmp(&of(b).unwrap_or(0.0)).then(a.cell.cmp(&b.cell))
        };
        let least = known().min_by(order)?;
        let most =
            known().max_by(|a, b| of(a).unwrap_or(0.0).total_cmp(&of(b).unwrap_or(0.0)).then(b.cell.cmp(&a.cell)))?;
        Some(if of(least) == of(most) {
            format!("{what} is {} in every cell.", written(of(least)))
        } else {
            let (low, high) = (written(of(least)), written(of(most)));
            format!("{what} goes from {low} (at {}) to {high} (at {}).", place(least), place(most))
        })
    };
    let truth = range("The true effect", &|cell| cell.truth.0, &effect);
    let power = range("Power", &|cell| cell.power.0, &percent).map(|sentence| {
        let enough = cells.iter().filter(|cell| cell.power.0.is_some_and(|power| power >= 0.8)).count();
        format!("{sentence} It is 80% or more in {enough} of {} cells.", cells.len())
    });
    truth.into_iter().chain(power).collect()
}

/// The figures of a hypothesis: maps of what is true and of what is found, and lines.
fn figures(pictures: &SweepPictures, at: usize, count: &mut usize) -> Result<Vec<Picture>, Error> {
    const MAP: &str = "Each cell shows the mean over its replications. Blue lies above zero, orange below.";
    const POWER: &str =
        "The share of experiments that find the effect: significant at 5% and, where one is named, in its direction.";
    const LINES: &str =
        "Bands show Monte Carlo error alone: 1.96 standard errors to each side, of power Wilson's 95% interval.";
    let id = pictures.plan.study.hypotheses[at].id.clone();
    let choice = |quantity| SweepChoice { hypothesis: Some(id.clone()), quantity, ..SweepChoice::default() };
    let map = |quantity| pictures.heat_map(&choice(Some(quantity))).ok().map(Figure::HeatMap);
    let line = pictures.line(&choice(None)).ok().map(Figure::Trajectory);
    let all = [("truth", map(Quantity::Truth), MAP), ("power", map(Quantity::Found), POWER), ("line", line, LINES)];
    let mut drawn = Vec::new();
    for (name, figure, caption) in all {
        if let Some(figure) = figure {
            *count += 1;
            drawn.push(picture(&figure, &format!("{name}-{at}"), *count, caption)?);
        }
    }
    Ok(drawn)
}

/// The command, where the scenario is a built-in study.
fn command(spec: &SweepSpec) -> Option<String> {
    let study = builtin::list().iter().find(|one| one.text == spec.scenario)?;
    let mut parts = vec!["peerlab sweep".to_owned(), study.id.to_owned()];
    parts.extend(spec.over.iter().map(|axis| format!("--over {}", shell_word(axis))));
    if spec.design != "grid" {
        parts.push(format!("--design {}", spec.design));
    }
    parts.extend(spec.points.map(|points| format!("--points {points}")));
    for change in &spec.changes {
        parts.push(match change.split_once('=') {
            Some(("monte_carlo.replications", value)) => format!("--replications {value}"),
            Some(("monte_carlo.seed", value)) => format!("--seed {value}"),
            _ => format!("--set {}", shell_word(change)),
        });
    }
    if spec.record != "summary" {
        parts.push(format!("--record {}", spec.record));
    }
    Some(parts.join(" "))
}
