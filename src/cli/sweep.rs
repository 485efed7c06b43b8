//! `peerlab sweep`: a study over a grid, or another design, of parameter values.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde_json::json;

use super::arguments::{SET_HELP, TOLERATE, at_least_one, part, record, seconds};
use super::resolve::{Trouble, resolve_with};
use super::run::{bar, cells_written, command_line, there_already, too_many};
use super::screen::{self, WRONG, colors, complain, counted, refuse, width};
use super::shard::{self, share};
use super::signals::{self, interrupted};
use super::words;
use crate::inquiry::sweep::{Axis, Design};
use crate::report::html;
use crate::results::{Overwrite, Shard, SweepSpec};
use crate::run::sweep::{FinishedSweep, Layout, Trouble as Unfit, run_sweep, run_sweep_shard};
use crate::run::{Error, Options, SAVE_EVERY, Watch};
use crate::scenario::keys::Shape;
use crate::scenario::{Override, lookup};
use crate::study::experiment::Record;

const EXAMPLES: &str = "\
Examples:
  A scholar asks how competition in the organization and the length of the program go together, 15 cells:
      peerlab sweep listening-training --over organization.competition=0..1:5 --over program.weeks=12,16,26 --replications 100

  Three keys at once, which a grid would need thousands of cells for:
      peerlab sweep listening-training --over organization.competition=0..1 --over theory.trust.inertia=1.5..10 \
--over population.dyads=20..120 --design sobol --points 64 --replications 50

  A cell where the experiment would find what it looks for:
      peerlab plot output/sweep-listening-training --figure heat-map --quantity found";

/// What `peerlab sweep` is asked for.
#[derive(Args, Debug, Clone)]
#[command(after_help = EXAMPLES)]
pub struct SweepArguments {
    /// A built-in study (see `peerlab list`) or the path of a scenario file (.toml)
    #[arg(value_name = "STUDY")]
    pub study: String,
    /// A key of the scenario with its values: organization.competition=0..1:11 for eleven even ones, program.weeks=4,12,26 for these,
    /// or without a number of values a range for --design lhs or sobol; once for each key. A sweep has at most 100,000 cells
    #[arg(long, value_name = "KEY=VALUES", required = true, value_parser = Axis::parse)]
    pub over: Vec<Axis>,
    /// grid: every value with every other; lhs: a Latin hypercube; sobol: a scrambled Sobol' sequence, best with a power of two as --points
    #[arg(long, value_name = "DESIGN", default_value = "grid", value_parser = design())]
    pub design: Design,
    /// Cells of a design that is no grid, up to 100,000
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub points: Option<usize>,
    /// Seed of the points of --design lhs or sobol, where it is not that of everything else (--seed): the same points with other luck,
    /// or other points with the same luck
    #[arg(long, value_name = "N")]
    pub design_seed: Option<u64>,
    /// How often the experiment is repeated in each cell, in place of the scenario's number
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub replications: Option<usize>,
    /// Seed of everything random, in place of the scenario's: the same for all cells, which so share their luck
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use, all cores unless given; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// Changes of the scenario in every cell, each checked as if it stood there
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// How much of each replication is kept; summary unless given
    #[arg(long, value_name = "LEVEL", value_parser = record())]
    pub record: Option<Record>,
    /// Folder for the results, output/sweep-STUDY unless given
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// How often what is done is put on disk, in seconds [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub save_every: Option<Duration>,
    /// Compute only this share of the replications of all cells, the K-th of N from 1, to be joined with the others by `peerlab merge`
    #[arg(long, value_name = "K/N", value_parser = share)]
    pub shard: Option<Shard>,
    /// Share of replications that may fail before the exit status is 1; the results are written whatever it is [default: 0.01]
    #[arg(long, value_name = "SHARE", value_parser = part)]
    pub tolerate: Option<f64>,
    /// Overwrite what an earlier sweep left in that folder
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Print what was found as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

fn design() -> impl TypedValueParser<Value = Design> {
    PossibleValuesParser::new(Design::NAMES.iter().map(|(name, _)| *name)).map(|written| {
        // The parser lets only these names through.
        Design::NAMES.iter().find(|(name, _)| *name == written).map_or(Design::Grid, |(_, design)| *design)
    })
}

/// Sweeps.
pub(super) fn sweep(arguments: &SweepArguments) -> ExitCode {
    match swept(arguments) {
        Ok(code) | Err(code) => code,
    }
}

fn swept(arguments: &SweepArguments) -> Result<ExitCode, ExitCode> {
    let mut overrides = Override::sets(&arguments.set);
    let mut add = |option, text| overrides.push(Override { option, text });
    if let Some(n) = arguments.replications {
        add("--replications", format!("monte_carlo.replications={n}"));
    }
    if let Some(n) = arguments.seed {
        add("--seed", format!("monte_carlo.seed={n}"));
    }
    let scenario = resolve_with(&arguments.study, &overrides).map_err(|trouble| trouble.report())?;
    arguments.over.iter().try_for_each(check)?;
    for set in &arguments.set {
        let key = set.split_once('=').map_or("", |(key, _)| key.trim());
        if arguments.over.iter().any(|axis| lookup::same(key, &axis.key)) {
            refuse(
                &format!("`{key}` is both set and swept over"),
                &format!("Leave out `--set {set}`, or hold it at that value and leave out its --over."),
            );
            return Err(WRONG.into());
        }
    }
    if let (Some(seed), Design::Grid) = (arguments.design_seed, arguments.design) {
        refuse(
            "the points of a grid are not drawn",
            &format!("Leave out `--design-seed {seed}`, or choose --design lhs or sobol."),
        );
        return Err(WRONG.into());
    }
    let study = &scenario.study;
    let spec = SweepSpec {
        scenario: scenario.text.clone(),
        name: scenario.name.clone(),
        changes: overrides.iter().map(|change| change.text.clone()).collect(),
        over: arguments.over.iter().map(Axis::to_string).collect(),
        design: arguments.design.name().to_owned(),
        points: arguments.points.map(|points| points as u64),
        design_seed: arguments.design_seed.unwrap_or(study.monte_carlo.seed),
        record: arguments.record.unwrap_or(Record::Summary).name().to_owned(),
    };
    let layout = Layout::new(spec.with_replications(study.monte_carlo.replications as u64))
        .map_err(|trouble| unfit(&trouble))?;
    let stop = interrupted().map_err(|reason| {
        complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
        ExitCode::FAILURE
    })?;
    let name = arguments.shard.map_or_else(
        || format!("sweep-{}", study.id),
        |Shard { number, of }| format!("sweep-{}-shard-{number}-of-{of}", study.id),
    );
    let out = arguments.out.clone().unwrap_or_else(|| Path::new("output").join(name));
    let (cells, each) = (layout.cells.len(), layout.replications());
    let total = layout.total();
    let own = arguments.shard.map_or(0..total, |shard| shard.replications(total));
    let own = own.end - own.start;
    if !arguments.quiet && !arguments.json {
        let here = arguments.shard.map_or_else(String::new, |_| format!(", {own} of them here"));
        complain(&format!("{} of {each} replications: {total} in all{here}", counted(cells, "cell")));
    }
    if !arguments.quiet {
        layout.remarks().iter().for_each(|remark| screen::warn(remark));
    }
    let bar = bar(&format!("sweep of {}", study.id), own, arguments.quiet || arguments.json);
    let options = Options {
        threads: arguments.threads.unwrap_or(0),
        overwrite: if arguments.force { Overwrite::Force } else { Overwrite::Refuse },
        command: command_line(),
        save_every: arguments.save_every.unwrap_or(SAVE_EVERY),
        warn: screen::warn,
        ..Options::new(&out)
    };
    let (progress, writing) = (|n| bar.inc(n), cells_written(&bar));
    let watch = Watch { writing: &writing, ..Watch::new(stop, &progress) };
    if let Some(shard) = arguments.shard {
        let ended = run_sweep_shard(&layout, shard, &options, watch);
        bar.finish_and_clear();
        return Ok(shard::conclude(ended, &out, arguments.quiet, arguments.json));
    }
    let ended = run_sweep(&layout, &options, watch);
    bar.finish_and_clear();
    let tolerated = arguments.tolerate.unwrap_or(TOLERATE);
    match ended {
        Ok(finished) => {
            Ok(tell_sweep(&finished, &out, Telling { quiet: arguments.quiet, json: arguments.json, tolerated }))
        }
        Err(error) => {
            complain(&format!("peerlab: {error}"));
            Err(if matches!(error, Error::Interrupted { .. }) { signals::status() } else { ExitCode::FAILURE })
        }
    }
}

/// A key that can be swept over: a number, and no part of how often the experiment is repeated.
fn check(axis: &Axis) -> Result<(), ExitCode> {
    let key = &axis.key;
    let wrong = |error: String, way_out: &str| {
        refuse(&error, way_out);
        ExitCode::from(WRONG)
    };
    if key.starts_with("monte_carlo.") {
        let way_out = "All cells have the same seed and number of replications: --seed and --replications.";
        return Err(wrong(format!("`{key}` cannot be swept over"), way_out));
    }
    // What is no key is said by who reads the scenario, with the nearest name.
    match lookup::leaf(key).map(|leaf| leaf.shape) {
        None | Some(Shape::Number(..) | Shape::Whole(..)) => Ok(()),
        Some(shape) => Err(wrong(
            format!("`{key}` is no number: it is {}", words::shape_of(shape)),
            "Sweeps are over numbers; compare other settings with --set, in runs of their own.",
        )),
    }
}

fn unfit(trouble: &Unfit) -> ExitCode {
    match trouble {
        Unfit::Cell { problems, way_out, .. } => {
            let code = Trouble::Problems(problems.clone()).report();
            refuse(&trouble.to_string(), way_out);
            code
        }
        Unfit::Design(_) => {
            refuse(&trouble.to_string(), "");
            WRONG.into()
        }
        Unfit::TooMany { .. } => {
            complain(&format!("peerlab: {trouble}"));
            ExitCode::FAILURE
        }
    }
}

/// How a sweep is told.
#[derive(Clone, Copy)]
pub(super) struct Telling {
    pub quiet: bool,
    pub json: bool,
    /// Share of replications that may fail.
    pub tolerated: f64,
}

/// Says what a sweep found; the exit status is 1 if too many of its replications failed.
pub(super) fn tell_sweep(finished: &FinishedSweep, out: &Path, how: Telling) -> ExitCode {
    let printed = print_sweep(finished, out, how);
    let (failed, total) = (finished.summary.failed, finished.total());
    let study = format!("the sweep of {}", finished.manifest.study);
    if too_many(failed, total, &study, how.tolerated) { ExitCode::FAILURE } else { printed }
}

fn print_sweep(finished: &FinishedSweep, out: &Path, Telling { quiet, json, .. }: Telling) -> ExitCode {
    let FinishedSweep { manifest, summary, took, kept, restored } = finished;
    if json {
        let document = json!({
            "directory": out,
            "kept": kept,
            "computed": finished.computed(),
            "restored": restored.again,
            "summary": summary,
            "timing": manifest.timing,
        });
        return screen::print(&format!("{document:#}\n"));
    }
    if quiet {
        return ExitCode::SUCCESS;
    }
    let colors = colors();
    let bold = |text: &str| if colors { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let mut text = summary.text(width(), bold);
    text.push_str(&format!("\nResults: {}\n", out.display()));
    let figures: Vec<String> =
        manifest.figures.iter().filter(|one| one.file.ends_with(".svg")).map(|one| format!("{}, ", one.file)).collect();
    text.push_str(&format!("         {}{}, run.json\n", figures.concat(), html::FILE));
    text.push_str("         tables/sweep.parquet: what was found; dataset/: every replication, by cell\n");
    let total = finished.total();
    if let Some(kept) = kept {
        // Of merged shards all were there.
        if *kept < total {
            text.push_str(&format!("Resumed: {kept} of {total} replications were there, {} computed\n", total - kept));
        }
    }
    match took {
        Some(took) => text.push_str(&format!("Speed:   {total} replications, {:.1} s in all\n", took.as_secs_f64())),
        None => text.push_str(&there_already("sweep", restored)),
    }
    screen::print(&text)
}
