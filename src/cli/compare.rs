//! `peerlab compare`: scenarios side by side, with their business cases.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};
use serde_json::json;

use super::arguments::{SET_HELP, at_least_one};
use super::preregister::write_whole;
use super::resolve::{Trouble, resolve_with};
use super::run::command_line;
use super::screen::{WRONG, colors, complain, print, refuse, width};
use super::signals::{self, interrupted};
use crate::inquiry::compare::{ArmError, arms};
use crate::report::brief::brief;
use crate::results::{Manifest, Overwrite};
use crate::run::compare::{ENOUGH, Entry, FinishedComparison, cases, run_compare};
use crate::run::{Error, Options, Watch};
use crate::scenario::{Override, Scenario, listed, nearest, read_with};

/// What `peerlab compare` is asked for.
#[derive(Args, Debug, Clone)]
pub struct CompareArguments {
    /// Built-in studies or cases (sponsors/hospital), paths of scenario files (.toml), or folders of finished runs, whose
    /// scenario is run again
    #[arg(value_name = "SCENARIO", required = true)]
    pub scenarios: Vec<String>,
    /// The arm that everyone is given; that of the business case unless given, else the first that is not the reference
    #[arg(long, value_name = "NAME")]
    pub arm: Option<String>,
    /// The arm it is held against; that of the business case unless given, else the arm without coaching, else the control
    #[arg(long, value_name = "NAME")]
    pub against: Option<String>,
    /// Replications of each scenario, in place of the first one's number
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub replications: Option<usize>,
    /// Seed that all scenarios share, in place of the first one's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use, all cores unless given; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// Changes of every scenario, each checked as if it stood there
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// Folder for tables, a figure per business case and run.json; nothing is written unless given
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// File for a one-page brief for the sponsor, to print; of one scenario with a business case
    #[arg(long, value_name = "FILE.html")]
    pub brief: Option<PathBuf>,
    /// Overwrite what an earlier comparison left in that folder, and the brief
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Print the comparison as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Compares.
pub(super) fn compare(arguments: &CompareArguments) -> ExitCode {
    match compared(arguments) {
        Ok(code) | Err(code) => code,
    }
}

fn compared(arguments: &CompareArguments) -> Result<ExitCode, ExitCode> {
    let overrides = Override::sets(&arguments.set);
    let mut entries = Vec::new();
    let mut own = None;
    for name in &arguments.scenarios {
        let scenario = scenario(name, &overrides)?;
        own.get_or_insert((scenario.study.monte_carlo.seed, scenario.study.monte_carlo.replications));
        let arms = arms(&scenario.study, arguments.arm.as_deref(), arguments.against.as_deref())
            .map_err(|error| no_arms(&error))?;
        entries.push(Entry { name: name.clone(), study: scenario.study, arms });
    }
    let (seed, replications) = own.unwrap_or_default();
    free_for_brief(arguments, &entries)?;
    let seed = arguments.seed.unwrap_or(seed);
    let replications = arguments.replications.unwrap_or(replications.min(ENOUGH));
    let stop = interrupted().map_err(|reason| {
        complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
        ExitCode::FAILURE
    })?;
    let options = Options {
        threads: arguments.threads.unwrap_or(0),
        overwrite: if arguments.force { Overwrite::Force } else { Overwrite::Refuse },
        command: command_line(),
        warn: super::screen::warn,
        ..Options::new(arguments.out.as_deref().unwrap_or(Path::new("")))
    };
    let bar = bar(arguments, (entries.len() * replications) as u64);
    let progress = |n| bar.inc(n);
    let watch = Watch::new(stop, &progress);
    let ended = run_compare(&entries, seed, replications, &options, arguments.out.is_some(), watch);
    bar.finish_and_clear();
    match ended {
        Ok(finished) => {
            write_brief(&finished, &entries, arguments)?;
            Ok(tell(&finished, &entries, arguments))
        }
        Err(error) => {
            complain(&format!("peerlab: {error}"));
            Err(if matches!(error, Error::Stopped { .. }) { signals::status() } else { ExitCode::FAILURE })
        }
    }
}

/// A scenario by name or path, or the one of a finished run.
fn scenario(name: &str, overrides: &[Override]) -> Result<Scenario, ExitCode> {
    let manifest = Path::new(name).join(Manifest::FILE);
    let known = crate::scenario::builtin::find(name).is_some();
    if known || !manifest.is_file() {
        return resolve_with(name, overrides).map_err(|trouble| trouble.report());
    }
    let wrong = |reason: String| {
        refuse(
            &format!("cannot read {}: {reason}", manifest.display()),
            "Give a folder that `peerlab run` has written.",
        );
        ExitCode::from(WRONG)
    };
    let text = fs::read_to_string(&manifest).map_err(|error| wrong(error.to_string()))?;
    let run: Manifest = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    read_with(&run.scenario_toml, &format!("{name}/run.json"), overrides)
        .map_err(|problems| Trouble::Problems(problems).report())
}

/// Whether a brief can be written, before anything runs.
fn free_for_brief(arguments: &CompareArguments, entries: &[Entry]) -> Result<(), ExitCode> {
    let Some(file) = &arguments.brief else { return Ok(()) };
    let wrong = |reason: &str, way_out: &str| {
        refuse(reason, way_out);
        Err(ExitCode::from(WRONG))
    };
    match entries {
        [one] if one.study.business.is_none() => wrong(
            &format!("{} has no [business]: there is no money to write a brief of", one.name),
            "`peerlab explain business` lists its keys; `peerlab new my-case.toml --from sponsors/hospital` asks for them.",
        ),
        [_] if file.is_dir() => wrong(&format!("{} is a folder", file.display()), "Name a file in it."),
        [_] if file.exists() && !arguments.force => wrong(
            &format!("{} exists already; nothing was written", file.display()),
            "Choose another name, or add --force.",
        ),
        [_] => Ok(()),
        _ => wrong("a brief is of one case", "Name one scenario with --brief, and the others in a call of their own."),
    }
}

fn write_brief(finished: &FinishedComparison, entries: &[Entry], arguments: &CompareArguments) -> Result<(), ExitCode> {
    let (Some(file), [entry], [side]) = (&arguments.brief, entries, finished.comparison.sides.as_slice()) else {
        return Ok(());
    };
    let (Some(case), Some(business)) = (&side.case, &entry.study.business) else { return Ok(()) };
    let comparison = &finished.comparison;
    let sets: String = arguments.set.iter().map(|set| format!(" --set {set}")).collect();
    let repeat = format!(
        "peerlab compare {} --seed {} --replications {}{sets}",
        entry.name, comparison.seed, comparison.replications
    );
    let page = brief(side, case, business, &repeat).map_err(|error| error.to_string());
    page.and_then(|page| write_whole(file, &page).map_err(|error| format!("cannot write {}: {error}", file.display())))
        .map_err(|reason| {
            complain(&format!("peerlab: {reason}"));
            ExitCode::FAILURE
        })
}

fn no_arms(error: &ArmError) -> ExitCode {
    let way_out = match error {
        ArmError::Unknown { name, known, .. } => {
            let near = nearest(name, known.iter().map(String::as_str));
            let meant = near.map_or(String::new(), |near| format!("Did you mean `{near}`? "));
            format!("{meant}It has {}.", listed(known.iter().map(String::as_str), "and"))
        }
        ArmError::Alone { .. } => {
            "Add an [[arm]] with `program = { kind = \"none\" }` and `share = 0`: its world is the same lives without the program."
                .to_owned()
        }
    };
    refuse(&error.to_string(), &way_out);
    WRONG.into()
}

fn bar(arguments: &CompareArguments, total: u64) -> ProgressBar {
    let hidden = arguments.quiet || arguments.json;
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(total), target);
    if let Some(style) = super::run::style("{wide_bar} {pos}/{len} replications, {per_sec}, {rest}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn tell(finished: &FinishedComparison, entries: &[Entry], arguments: &CompareArguments) -> ExitCode {
    if arguments.json {
        let document = json!({ "directory": arguments.out, "comparison": finished.comparison });
        return print(&format!("{document:#}\n"));
    }
    if arguments.quiet {
        return ExitCode::SUCCESS;
    }
    let colors = colors();
    let bold = |text: &str| if colors { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let mut text = finished.comparison.text(width(), bold, &cases(entries));
    if let (Some(out), Some(manifest)) = (&arguments.out, &finished.manifest) {
        text.push_str(&format!(
            "\nResults: {}\n         {}, {}, run.json\n",
            out.display(),
            super::screen::counted(manifest.tables.len(), "table"),
            super::screen::counted(manifest.figures.len() / 2, "figure")
        ));
    }
    if let Some(file) = &arguments.brief {
        text.push_str(&format!("\nBrief: {}, one page to print\n", file.display()));
    }
    print(&text)
}
