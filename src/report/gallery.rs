//! The figures of a finished run: which it can give, why not the others, and each of them.
//!
//! ```
//! use peerlab::report::gallery::{Choice, Gallery};
//! use peerlab::run::{Options, run_study};
//! use peerlab::scenario::builtin;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let changes = ["population.dyads=12".to_owned(), "monte_carlo.replications=4".to_owned()];
//! let study = builtin::find("listening-training").unwrap().read(&changes)?.study;
//! let out = std::env::temp_dir().join(format!("a-run-with-figures-{}", std::process::id()));
//! run_study(&study, &Options::new(&out))?;
//! let gallery = Gallery::open(&out)?.expect("a finished run is there");
//! let svg = peerlab::figures::svg(&gallery.figure("forest", &Choice::default())?)?;
//! assert_eq!(svg, std::fs::read_to_string(out.join("figures/forest.svg"))?);
//! # std::fs::remove_dir_all(&out)?;
//! # Ok(())
//! # }
//! ```

use std::path::{Path, PathBuf};

use super::design_picture::design_picture;
use super::forest::forest;
use super::network::network;
use super::pictures::{distribution, pareto, pictures};
use super::power::PowerSummary;
use super::recorded::{instruments, quality};
use super::seen::Seen;
use super::sweep::SweepSummary;
use super::sweep_picture::{SweepChoice, SweepPictures};
use crate::figures::Figure;
use crate::inquiry::answers::{Answered, answers};
use crate::inquiry::power::Point;
use crate::inquiry::sweep::Axis;
use crate::results::{self, Excerpt, Manifest, SweepSpec};
use crate::scenario::{Problems, read};
use crate::study::experiment::Record;
use crate::study::plan::{Plan, PlanError};

/// Every figure that a run or a search for power can give: name, and what it shows.
pub const FIGURES: [(&str, &str); 13] = [
    ("estimates", "What experiments would estimate, beside the truth"),
    ("forest", "Every hypothesis: estimate, interval, truth, smallest effect of interest, power"),
    ("pareto", "The effects of the factors in the order of their size"),
    ("trajectory", "Trust and learning over the weeks, by arm: true states with their spread"),
    ("instruments", "The instruments' answers over the weeks, by arm"),
    ("levels", "Person, dyad and organization over the same weeks"),
    ("episodes", "What goes wrong, by arm: destructive turns, breaches of confidence"),
    ("quality", "How coaching turns feel, week by week, by arm"),
    ("network", "Who coaches whom in one organization, and how far they trust each other"),
    ("design", "Who is recruited, assigned, treated and measured"),
    ("power", "Power along a size"),
    ("heat-map", "What a sweep found, over two of its keys"),
    ("line", "What a sweep found, along one of its keys"),
];

/// What of a run a figure shows, where there is a choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    /// The hypothesis of `estimates`; all, as far as there is room, unless given.
    pub hypothesis: Option<String>,
    /// The replication of `network`.
    pub replication: u64,
    /// The organization of `network`.
    pub organization: usize,
    /// What a sweep's figures show; its hypothesis is the one above.
    pub sweep: SweepChoice,
}

/// Why a run has no gallery, or the gallery no such figure.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// A table or the manifest cannot be read.
    #[error(transparent)]
    Results(#[from] results::Error),
    /// The study cannot be run again.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The scenario of the run is none to this version.
    #[error("the scenario of the run in {} is wrong for this version of peerlab", path.display())]
    Scenario {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        problems: Problems,
    },
    /// The summary of a search for power is none to this version.
    #[error("the summary in {} cannot be read: make the search again with --force", path.display())]
    Summary {
        /// The manifest.
        path: PathBuf,
    },
    /// A share of a run, which has no tables.
    #[error("{} holds {excerpt}: it has no tables to draw from", path.display())]
    Part {
        /// The folder.
        path: PathBuf,
        /// Which share.
        excerpt: Excerpt,
    },
    /// There is no figure of this name.
    #[error("there is no figure `{name}`")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// This run cannot give it.
    #[error("this run has no figure `{name}`: {}", missing.why)]
    Missing {
        /// The figure.
        name: String,
        /// Why, and how to get it.
        missing: Missing,
    },
    /// There is no such hypothesis, replication or organization.
    #[error("{what}")]
    Choice {
        /// What there is not, and what there is.
        what: String,
    },
}

/// Why a run cannot give a figure, and how to get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Why.
    pub why: String,
    /// What to do.
    pub how: String,
}

/// A finished run, or a finished search for power, opened for its figures.
#[derive(Debug)]
pub struct Gallery {
    /// What the run was.
    pub manifest: Manifest,
    tables: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Run(Box<Run>),
    Power(Box<PowerSummary>, Vec<Point>),
    Sweep(Box<Swept>),
}

#[derive(Debug)]
struct Swept {
    plan: Plan,
    axes: Vec<Axis>,
    summary: SweepSummary,
}

impl Swept {
    fn pictures(&self) -> SweepPictures<'_> {
        SweepPictures { plan: &self.plan, axes: &self.axes, summary: &self.summary }
    }

    fn figure(&self, name: &str, choice: &Choice) -> Result<Figure, String> {
        let choice = SweepChoice { hypothesis: choice.hypothesis.clone(), ..choice.sweep.clone() };
        match name {
            "heat-map" => self.pictures().heat_map(&choice).map(Figure::HeatMap),
            _ => self.pictures().line(&choice).map(Figure::Trajectory),
        }
    }
}

#[derive(Debug)]
struct Run {
    plan: Plan,
    record: Record,
    answers: Vec<Answered>,
    seen: Seen,
}

/// The figures that a run draws when it is made, from its tables in a folder.
///
/// # Errors
/// If a table cannot be read.
pub fn of_run(
    plan: &Plan,
    answers: &[Answered],
    record: Record,
    tables: &Path,
) -> results::Result<Vec<(&'static str, Figure)>> {
    let mut figures = pictures(plan, &Seen::read(&plan.study, tables)?, answers);
    if !answers.is_empty() {
        figures.push(("forest", Figure::Forest(forest(plan, answers))));
    }
    if record >= Record::Waves {
        figures.push(("instruments", Figure::Trajectory(instruments(plan, tables)?)));
    }
    if record >= Record::Episodes {
        figures.push(("quality", Figure::Shares(quality(plan, tables)?)));
    }
    Ok(figures)
}

impl Gallery {
    /// Opens the finished run of a folder, if there is one.
    ///
    /// # Errors
    /// If it cannot be read, or is of a study that this version does not know.
    pub fn open(folder: &Path) -> Result<Option<Self>, GalleryError> {
        let Some(manifest) = results::existing(folder)? else { return Ok(None) };
        let (path, tables) = (folder.join(Manifest::FILE), folder.join("tables"));
        if manifest.record == "power" {
            let summary = serde_json::from_value(manifest.summary.clone());
            let summary: PowerSummary = summary.map_err(|_| GalleryError::Summary { path })?;
            let curve = curve(&tables)?;
            return Ok(Some(Self { manifest, tables, kind: Kind::Power(Box::new(summary), curve) }));
        }
        if let Some(excerpt @ Excerpt::Shard(_)) = manifest.excerpt {
            return Err(GalleryError::Part { path: folder.to_path_buf(), excerpt });
        }
        let name = path.display().to_string();
        let swept = manifest.record == "sweep" && manifest.excerpt.is_none();
        let scenario = read(&manifest.scenario_toml, &name, &[])
            .map_err(|problems| GalleryError::Scenario { path: path.clone(), problems })?;
        let plan = Plan::new(scenario.study)?;
        if swept {
            let unreadable = || GalleryError::Summary { path: path.clone() };
            let summary: SweepSummary = serde_json::from_value(manifest.summary.clone()).map_err(|_| unreadable())?;
            let spec: SweepSpec = serde_json::from_value(manifest.scenario.clone()).map_err(|_| unreadable())?;
            let axes: Vec<Axis> =
                spec.over.iter().map(|axis| Axis::parse(axis)).collect::<Result<_, _>>().map_err(|_| unreadable())?;
            if axes.is_empty() {
                return Err(unreadable());
            }
            return Ok(Some(Self { manifest, tables, kind: Kind::Sweep(Box::new(Swept { plan, axes, summary })) }));
        }
        let record = Record::NAMES.iter().find(|(name, _)| *name == manifest.record);
        let record = record.map_or(Record::Summary, |(_, record)| *record);
        let answers = answers(&plan.study, &tables.join("estimates.parquet"))?.each;
        let seen = Seen::read(&plan.study, &tables)?;
        Ok(Some(Self { manifest, tables, kind: Kind::Run(Box::new(Run { plan, record, answers, seen })) }))
    }

    /// Whether this run can give a figure of [`FIGURES`]; else why not, and how to get it.
    pub fn missing(&self, name: &str) -> Option<Missing> {
        let because = |why: &str, how: String| Some(Missing { why: why.to_owned(), how });
        let study = &self.manifest.study;
        let run = match &self.kind {
            Kind::Run(run) => run,
            Kind::Sweep(swept) if ["heat-map", "line"].contains(&name) => {
                let why = swept.figure(name, &Choice::default()).err()?;
                return because(&why, "Sweep over other keys, into another folder.".to_owned());
            }
            Kind::Sweep(_) => {
                return because("it is a sweep", format!("Run the study itself: `peerlab run {study}`."));
            }
            Kind::Power(..) if name == "power" => return None,
            Kind::Power(..) => {
                return because("it is a search for power", format!("Run the study itself: `peerlab run {study}`."));
            }
        };
        let again = |level: &str| {
            format!("Run it again with `--record {level}`, and `--out` for another folder or `--force` for this one.")
        };
        match name {
            "heat-map" | "line" => because(
                "it is of one set of parameters",
                format!("A sweep draws it: `peerlab sweep {study} --over KEY=VALUES`."),
            ),
            "estimates" | "forest" if run.answers.is_empty() => {
                because("the study asks no hypothesis", "Declare a `[[hypothesis]]` in its scenario.".to_owned())
            }
            "pareto" if pareto(&run.plan, &run.answers).panels.is_empty() => because(
                "the study asks for no two main effects on one outcome",
                "It belongs to factorial designs such as `peerlab run risk-factors`.".to_owned(),
            ),
            "instruments" if run.record < Record::Waves => {
                because("it did not keep every person at every wave", again("waves"))
            }
            "quality" if run.record < Record::Episodes => {
                because("it did not keep every coaching turn", again("episodes"))
            }
            "power" => {
                let id = run.plan.study.hypotheses.first().map_or("H1", |first| first.id.as_str());
                because(
                    "power along a size is searched for apart",
                    format!("`peerlab power {study} --hypothesis {id}` draws it."),
                )
            }
            _ => None,
        }
    }

    /// A figure by its name in [`FIGURES`].
    ///
    /// # Errors
    /// If there is no such figure, this run cannot give it, or something it needs cannot be read.
    pub fn figure(&self, name: &str, choice: &Choice) -> Result<Figure, GalleryError> {
        let Some((name, _)) = FIGURES.iter().find(|(known, _)| *known == name) else {
            return Err(GalleryError::Unknown { name: name.to_owned() });
        };
        if let Some(missing) = self.missing(name) {
            return Err(GalleryError::Missing { name: (*name).to_owned(), missing });
        }
        let run = match &self.kind {
            Kind::Power(summary, curve) => return Ok(summary.figure(curve)),
            Kind::Sweep(swept) => return swept.figure(name, choice).map_err(|what| GalleryError::Choice { what }),
            Kind::Run(run) => run,
        };
        Ok(match *name {
            "estimates" => Figure::Distribution(distribution(&run.plan, &run.chosen(choice)?)),
            "forest" => Figure::Forest(forest(&run.plan, &run.answers)),
            "instruments" => Figure::Trajectory(instruments(&run.plan, &self.tables)?),
            "quality" => Figure::Shares(quality(&run.plan, &self.tables)?),
            "network" => run.network(choice)?,
            "design" => design_picture(&run.plan.study),
            _ => {
                let all = pictures(&run.plan, &run.seen, &run.answers);
                let found = all.into_iter().find(|(known, _)| known == name);
                found.ok_or_else(|| GalleryError::Unknown { name: (*name).to_owned() })?.1
            }
        })
    }
}

impl Run {
    /// The answers to the hypothesis that was chosen, or all.
    fn chosen(&self, choice: &Choice) -> Result<Vec<Answered>, GalleryError> {
        let Some(id) = &choice.hypothesis else { return Ok(self.answers.clone()) };
        let hypotheses = &self.plan.study.hypotheses;
        let Some(at) = hypotheses.iter().position(|one| one.id.eq_ignore_ascii_case(id)) else {
            let known: Vec<&str> = hypotheses.iter().map(|one| one.id.as_str()).collect();
            return Err(GalleryError::Choice {
                what: format!("the study has no hypothesis `{id}`: it has {}", known.join(", ")),
            });
        };
        Ok(self.answers.iter().filter(|answer| answer.hypothesis == at).cloned().collect())
    }

    fn network(&self, choice: &Choice) -> Result<Figure, GalleryError> {
        let none = |what: &str, number: u64, all: u64| {
            let there = if all == 1 { "the only one is 0".to_owned() } else { format!("they are 0 to {}", all - 1) };
            GalleryError::Choice { what: format!("the run has no {what} {number}: {there}") }
        };
        let replications = self.plan.study.monte_carlo.replications as u64;
        if choice.replication >= replications {
            return Err(none("replication", choice.replication, replications.max(1)));
        }
        network(&self.plan, choice.replication, choice.organization).map(Figure::Network).ok_or_else(|| {
            none("organization", choice.organization as u64, self.plan.study.organizations.max(1) as u64)
        })
    }
}

/// The curve of a search for power.
fn curve(tables: &Path) -> results::Result<Vec<Point>> {
    let mut curve = Vec::new();
    results::read(tables.join("power_curve.parquet"), &["value", "power", "lower", "upper"], |batch| {
        let of = |column: usize, row: usize| batch.reals(column)[row];
        curve.extend((0..batch.rows).map(|row| Point {
            value: of(0, row),
            power: of(1, row),
            low: of(2, row),
            high: of(3, row),
        }));
    })?;
    Ok(curve)
}
