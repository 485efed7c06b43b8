//! `peerlab run`: replications in parallel, then tables, figures and a summary.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::arguments::RunArguments;
use super::resolve::resolve;
use crate::figures::{self, FigureError};
use crate::inquiry::answers::answers;
use crate::inquiry::table;
use crate::model::lanes::Instructions;
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Options, Stopped};
use crate::report::pictures::pictures;
use crate::report::summary::Summary;
use crate::report::verdict::findings;
use crate::results::{self, Identity, Manifest, Overwrite, RunDirectory, TableRecord};
use crate::scenario::{Scenario, builtin, resolved};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::{Plan, PlanError};

/// Replications up to which every person is recorded at every wave unless told otherwise.
const RECORD_WAVES_UP_TO: usize = 200;

/// Why a run did not end with a run directory.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Results(#[from] results::Error),
    #[error(transparent)]
    Plan(#[from] PlanError),
    #[error(transparent)]
    Figure(#[from] FigureError),
    #[error("cannot start {threads} threads: {reason}")]
    Threads { threads: usize, reason: String },
    #[error("{} holds another run ({what}): choose another name with --out, or replace it with --force", path.display())]
    Different { path: PathBuf, what: String },
    #[error(
        "interrupted after {finished} of {total} replications of {study}; nothing was written, since a run is kept only when it is whole"
    )]
    Interrupted { finished: u64, total: usize, study: String },
    #[error("cannot listen to Ctrl-C: {0}")]
    Signals(String),
}

/// Runs every study that was asked for; stops at the first trouble.
pub fn run(arguments: &RunArguments) -> ExitCode {
    let names: Vec<String> = if arguments.all {
        builtin::list().iter().map(|study| study.id.to_owned()).collect()
    } else {
        arguments.studies.clone()
    };
    // Everything is checked before anything runs.
    let mut overrides = arguments.set.clone();
    overrides.extend(arguments.replications.map(|n| format!("monte_carlo.replications={n}")));
    overrides.extend(arguments.seed.map(|n| format!("monte_carlo.seed={n}")));
    let mut scenarios = Vec::new();
    for name in &names {
        match resolve(name, &overrides) {
            Ok(scenario) => scenarios.push(scenario),
            Err(trouble) => return trouble.report(),
        }
    }
    let several = scenarios.len() > 1;
    for scenario in scenarios {
        let id = scenario.study.id.clone();
        let out = match &arguments.out {
            Some(out) if several => out.join(&id),
            Some(out) => out.clone(),
            None => Path::new("output").join(&id),
        };
        match one(scenario, &out, arguments) {
            Ok(true) => {}
            Ok(false) => return ExitCode::FAILURE,
            Err(trouble) => {
                eprintln!("peerlab: {trouble}");
                return ExitCode::from(if matches!(trouble, Trouble::Interrupted { .. }) { 130 } else { 1 });
            }
        }
    }
    ExitCode::SUCCESS
}

/// One study, from the checked scenario to the summary on the screen. Whether the summary could be shown.
fn one(scenario: Scenario, out: &Path, arguments: &RunArguments) -> Result<bool, Trouble> {
    let study = scenario.study;
    let record = arguments.record.unwrap_or(if study.monte_carlo.replications <= RECORD_WAVES_UP_TO {
        Record::Waves
    } else {
        Record::Summary
    });
    let scenario_toml = resolved::to_toml(&study);
    let record_name = name_of(record);
    let fingerprint = Identity {
        version: env!("CARGO_PKG_VERSION"),
        scenario: &scenario_toml,
        seed: study.monte_carlo.seed,
        replications: study.monte_carlo.replications as u64,
        record: record_name,
    }
    .fingerprint();
    if !arguments.force
        && let Some(manifest) = results::existing(out)?
    {
        if manifest.fingerprint != fingerprint {
            return Err(Trouble::Different {
                path: out.to_path_buf(),
                what: difference(&manifest, &study, record_name),
            });
        }
        return Ok(show(&manifest, out, arguments, None));
    }
    let overwrite = if arguments.force { Overwrite::Force } else { Overwrite::Refuse };
    let directory = RunDirectory::create(out, overwrite)?;
    let started = Instant::now();
    let plan = Plan::new(study)?;
    let (mut records, digest) = simulate(&plan, &directory, record, arguments)?;
    let simulated = started.elapsed();
    let answers = answers(&plan.study, &directory.staged("tables/estimates.parquet")?)?;
    records.insert(1, table::write(&plan.study, &answers, &directory)?);
    for (name, figure) in pictures(&plan, &digest, &answers) {
        figures::draw(&figure, &directory.staged(&format!("figures/{name}"))?)?;
    }
    let study = &plan.study;
    let summary = Summary {
        title: study.title.clone(),
        question: study.question.clone(),
        source: study.source.clone(),
        design: design(&plan),
        findings: findings(&plan, &answers),
        kept: kept(record),
    };
    let lives = study.population.dyads as f64
        * plan.weeks as f64
        * (1 + study.arms.len()) as f64
        * study.monte_carlo.replications as f64;
    let manifest = directory.finish(Manifest {
        format: Manifest::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        study: study.id.clone(),
        title: study.title.clone(),
        seed: study.monte_carlo.seed,
        replications: study.monte_carlo.replications as u64,
        record: record_name.to_owned(),
        fingerprint,
        commands: vec![command_line()],
        summary: serde_json::to_value(&summary).unwrap_or_default(),
        timing: json!({
            "simulation_seconds": simulated.as_secs_f64(),
            "total_seconds": started.elapsed().as_secs_f64(),
            "dyad_weeks": lives,
        }),
        tables: records,
        figures: Vec::new(),
        documents: Vec::new(),
        scenario: serde_json::from_str(&resolved::to_json(study)).unwrap_or_default(),
        scenario_toml,
    })?;
    Ok(show(&manifest, out, arguments, Some((simulated, started.elapsed(), lives))))
}

/// Runs the replications into the tables, with a bar and an ear for Ctrl-C.
fn simulate(
    plan: &Plan,
    directory: &RunDirectory,
    record: Record,
    arguments: &RunArguments,
) -> Result<(Vec<TableRecord>, monte_carlo::digest::Digest), Trouble> {
    let stop = interrupted()?;
    let total = plan.study.monte_carlo.replications;
    let bar = ProgressBar::with_draw_target(
        Some(total as u64),
        if arguments.quiet || arguments.json { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() },
    );
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} replications, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(plan.study.id.clone());
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut recorder = Recorder::open(plan, directory, record)?;
    let options = Options { threads: arguments.threads.unwrap_or(0), record, instructions: Instructions::Widest };
    let ended = monte_carlo::run(plan, options, stop, |n| bar.inc(n), |chunk| recorder.add(&chunk));
    bar.finish_and_clear();
    match ended {
        Ok(()) => Ok(recorder.finish(directory)?),
        Err(Stopped::Interrupted { finished }) => {
            Err(Trouble::Interrupted { finished, total, study: plan.study.id.clone() })
        }
        Err(Stopped::Threads { threads, reason }) => Err(Trouble::Threads { threads, reason }),
        Err(Stopped::Sink(error)) => Err(error.into()),
    }
}

/// A flag that Ctrl-C and SIGTERM raise; the second Ctrl-C ends the process at once.
fn interrupted() -> Result<&'static AtomicBool, Trouble> {
    static STOP: AtomicBool = AtomicBool::new(false);
    static LISTENING: OnceLock<Result<(), String>> = OnceLock::new();
    LISTENING
        .get_or_init(|| {
            ctrlc::set_handler(|| {
                if STOP.swap(true, Ordering::Relaxed) {
                    std::process::exit(130);
                }
            })
            .map_err(|error| error.to_string())
        })
        .clone()
        .map_err(Trouble::Signals)?;
    Ok(&STOP)
}

fn name_of(record: Record) -> &'static str {
    Record::NAMES.iter().find(|(_, level)| *level == record).map_or("summary", |(name, _)| name)
}

fn kept(record: Record) -> String {
    match record {
        Record::Summary => "summaries of every replication. To keep every person at every wave, add --record waves",
        Record::Waves => "every person at every wave. To keep every dyad in every week, add --record weeks",
        Record::Weeks => "every dyad in every week. To keep every coaching turn, add --record episodes",
        Record::Episodes => "every coaching turn",
    }
    .to_owned()
}

/// The design in one line.
fn design(plan: &Plan) -> String {
    let study = &plan.study;
    let arms: Vec<&str> = study.arms.iter().map(|arm| arm.name.as_str()).collect();
    let place = match study.organizations {
        1 => "one organization".to_owned(),
        n => format!("{n} organizations"),
    };
    format!(
        "{} dyads in {place}, {} assigned to {}; {} weeks, {}, seed {}.",
        study.population.dyads,
        match study.design.unit {
            crate::study::declaration::Unit::Person => "persons",
            crate::study::declaration::Unit::Dyad => "dyads",
            crate::study::declaration::Unit::Organization => "organizations",
        },
        arms.join(" / "),
        plan.weeks,
        plan.repeated(),
        study.monte_carlo.seed,
    )
}

/// What an existing run has that the one asked for has not.
fn difference(manifest: &Manifest, study: &Study, record: &str) -> String {
    let mut parts = Vec::new();
    if manifest.study != study.id {
        parts.push(format!("study {}", manifest.study));
    }
    if manifest.version != env!("CARGO_PKG_VERSION") {
        parts.push(format!("peerlab {}", manifest.version));
    }
    if manifest.seed != study.monte_carlo.seed {
        parts.push(format!("seed {}", manifest.seed));
    }
    if manifest.replications != study.monte_carlo.replications as u64 {
        parts.push(format!("{} replications", manifest.replications));
    }
    if manifest.record != record {
        parts.push(format!("record {}", manifest.record));
    }
    if parts.is_empty() {
        parts.push("other parameters".to_owned());
    }
    parts.join(", ")
}

/// The command line as it was given, program name without its folder.
fn command_line() -> String {
    let quoted = |argument: String| {
        if argument.contains([' ', '"', '\'']) { format!("'{}'", argument.replace('\'', "'\\''")) } else { argument }
    };
    std::iter::once("peerlab".to_owned()).chain(std::env::args().skip(1).map(quoted)).collect::<Vec<_>>().join(" ")
}

/// Prints the summary, where the results are, and how fast it ran.
fn show(manifest: &Manifest, out: &Path, arguments: &RunArguments, speed: Option<(Duration, Duration, f64)>) -> bool {
    if arguments.json {
        let text = json!({ "directory": out, "study": manifest.study, "summary": manifest.summary, "timing": manifest.timing });
        let text = serde_json::to_string_pretty(&text).unwrap_or_default();
        return super::screen::print(&format!("{text}\n")) == ExitCode::SUCCESS;
    }
    if arguments.quiet {
        return true;
    }
    let Ok(summary) = serde_json::from_value::<Summary>(manifest.summary.clone()) else {
        eprintln!(
            "peerlab: the summary in {} cannot be read: make the run again with --force",
            out.join(Manifest::FILE).display()
        );
        return false;
    };
    let colors = super::screen::colors();
    let bold = |text: &str| if colors { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let mut text = summary.text(super::screen::width(), bold);
    text.push_str(&format!("\nResults: {}\n", out.display()));
    text.push_str(&format!(
        "         {} tables, {} figures, run.json\n",
        manifest.tables.len(),
        manifest.figures.len() / 2
    ));
    text.push_str(&format!("Kept:    {}\n", summary.kept));
    match speed {
        Some((simulated, total, lives)) => text.push_str(&format!(
            "Speed:   {:.1} s in all, {:.1} s of simulation: {:.1} million dyad-weeks per second\n",
            total.as_secs_f64(),
            simulated.as_secs_f64(),
            lives / simulated.as_secs_f64() / 1e6,
        )),
        None => text.push_str("         This run was there already, unchanged; nothing was computed.\n"),
    }
    super::screen::print(&text) == ExitCode::SUCCESS
}
