//! `peerlab run`: one study or several, each told as it ends; several with a table at the end.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::{Value, json};

use super::arguments::{RunArguments, TOLERATE};
use super::only;
use super::overview::{End, Row, overview};
use super::resolve::{Trouble, resolve_with};
use super::screen;
use super::shard;
use super::signals::{self, interrupted as listen};
use crate::results::Overwrite;
use crate::run::restore::Restored;
use crate::run::{Error, Finished, Options, SAVE_EVERY, Speed, Watch, run_watched};
use crate::scenario::{Override, Scenario, builtin};
use crate::shell::word;

/// Runs every study that was asked for. One that fails does not keep the others from being run.
pub fn run(arguments: &RunArguments) -> ExitCode {
    let names: Vec<String> = if arguments.all {
        builtin::list().iter().map(|study| study.id.to_owned()).collect()
    } else {
        arguments.studies.clone()
    };
    let overrides = overrides(arguments);
    // Everything is checked before anything runs.
    let resolved: Vec<Result<Scenario, Trouble>> = names.iter().map(|name| resolve_with(name, &overrides)).collect();
    // A change that fits some of the studies is no reason to run none of them; what was asked for by name has to be right.
    let hopeless = resolved.iter().all(Result::is_err);
    if let Some(trouble) = resolved.iter().find_map(|one| one.as_ref().err()).filter(|_| hopeless || !arguments.all) {
        return trouble.report();
    }
    let stop = match listen() {
        Ok(stop) => stop,
        Err(reason) => {
            screen::complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
            return ExitCode::FAILURE;
        }
    };
    if arguments.shard.is_some() || arguments.only_replication.is_some() {
        return match (resolved.as_slice(), arguments.shard, arguments.only_replication) {
            ([Ok(scenario)], Some(shard), _) => shard::run(&scenario.study, shard, arguments, stop),
            ([Ok(scenario)], _, Some(number)) => only::run(&scenario.study, number, arguments, stop),
            _ => {
                let way_out = "Name one study, e.g. `peerlab run listening-training --shard 1/4`.";
                screen::refuse("--shard and --only-replication are of one study", way_out);
                screen::WRONG.into()
            }
        };
    }
    let total = resolved.len();
    let several = arguments.all || total > 1;
    let mut rows = Vec::new();
    let mut documents = Vec::new();
    let mut too_many = false;
    for (number, (name, resolved)) in names.into_iter().zip(resolved).enumerate() {
        let position = if several { format!("{} of {total}: ", number + 1) } else { String::new() };
        let started = Instant::now();
        let (id, out, ended) = match resolved {
            Ok(scenario) => {
                let id = scenario.study.id.clone();
                let out = place(arguments, &id, several);
                let ended = one(&scenario, &out, &position, arguments, stop);
                (id, out, ended.map_err(|error| (error.to_string(), matches!(error, Error::Interrupted { .. }))))
            }
            Err(trouble) => {
                trouble.report();
                let out = place(arguments, &name, several);
                (name, out, Err(("the scenario is wrong with these changes".to_owned(), false)))
            }
        };
        let end = match ended {
            Ok(finished) => {
                documents.push(document(&finished, &out));
                too_many |= too_many_failed(&finished, arguments.tolerate.unwrap_or(TOLERATE));
                if arguments.all && !arguments.quiet && !arguments.json {
                    let took = |speed: Speed| format!("{:.1} s", speed.total.as_secs_f64());
                    let took = finished.speed.map_or("was there already".to_owned(), took);
                    screen::complain(&format!("{}: {took}", finished.manifest.study));
                } else if !arguments.quiet && !arguments.json && tell(&finished, &out) != ExitCode::SUCCESS {
                    return ExitCode::FAILURE;
                }
                End::Finished(finished.summary)
            }
            Err((message, interrupted)) => {
                screen::complain(&format!("peerlab: {message}"));
                if interrupted {
                    return signals::status();
                }
                documents.push(json!({ "directory": out, "study": id, "error": message }));
                End::Failed(message)
            }
        };
        rows.push(Row { study: id, out, seconds: started.elapsed().as_secs_f64(), end });
    }
    let failed = rows.iter().any(|row| matches!(row.end, End::Failed(_)));
    let printed = if arguments.json {
        let all = if several { Value::Array(documents) } else { documents.pop().unwrap_or_default() };
        screen::print(&format!("{all:#}\n"))
    } else if several && !arguments.quiet {
        screen::print(&overview(&rows, screen::width(), screen::colors()))
    } else {
        ExitCode::SUCCESS
    };
    if failed || too_many { ExitCode::FAILURE } else { printed }
}

/// The changes of the scenario, each with the option that asked for it.
fn overrides(arguments: &RunArguments) -> Vec<Override> {
    let mut all = Override::sets(&arguments.set);
    let mut add = |option, text| all.push(Override { option, text });
    if let Some(n) = arguments.replications {
        add("--replications", format!("monte_carlo.replications={n}"));
    }
    if let Some(n) = arguments.seed {
        add("--seed", format!("monte_carlo.seed={n}"));
    }
    all
}

/// Where a study's results go: of several, each into a folder of its own.
fn place(arguments: &RunArguments, id: &str, several: bool) -> PathBuf {
    match &arguments.out {
        Some(out) if several => out.join(id),
        Some(out) => out.clone(),
        None => Path::new("output").join(id),
    }
}

/// One study, with a bar.
fn one(
    scenario: &Scenario,
    out: &Path,
    position: &str,
    arguments: &RunArguments,
    stop: &AtomicBool,
) -> Result<Finished, Error> {
    let study = &scenario.study;
    let total = study.monte_carlo.replications as u64;
    let bar = bar(&format!("{position}{}", study.id), total, arguments.quiet || arguments.json);
    let ended = run_watched(study, &options(arguments, out), Watch::new(stop, &|n| bar.inc(n)));
    bar.finish_and_clear();
    ended
}

/// How it is run.
pub(super) fn options(arguments: &RunArguments, out: &Path) -> Options {
    Options {
        threads: arguments.threads.unwrap_or(0),
        record: arguments.record,
        overwrite: if arguments.force { Overwrite::Force } else { Overwrite::Refuse },
        command: command_line(),
        save_every: arguments.save_every.unwrap_or(SAVE_EVERY),
        warn: screen::warn,
        ..Options::new(out)
    }
}

/// A bar with rate and time left, on the error output.
pub(super) fn bar(name: &str, total: u64, hidden: bool) -> ProgressBar {
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(total), target);
    if let Some(style) = style("{msg} {bar:30} {pos}/{len} replications, {per_sec}, {rest}") {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The style of a bar whose `{rest}` is the time that is left, or once a signal was heard, what is waited for.
pub(super) fn style(template: &str) -> Option<ProgressStyle> {
    let rest = |state: &ProgressState, to: &mut dyn std::fmt::Write| {
        // What cannot be shown is not worth an error.
        let _ = if signals::heard() {
            to.write_str("stopping when those at work are done (again: at once)")
        } else {
            write!(to, "{:#} left", HumanDuration(state.eta()))
        };
    };
    ProgressStyle::with_template(template).ok().map(|style| style.with_key("rest", rest))
}

/// Tells a bar of replications how many of how many cells of a sweep have their tables: it counts these from then on.
pub(super) fn cells_written(bar: &ProgressBar) -> impl Fn(u64, u64) + Sync {
    let begun = OnceLock::new();
    move |done, of| {
        begun.get_or_init(|| {
            if let Some(style) = style("{msg} {bar:30} {pos}/{len} cells written, {rest}") {
                bar.set_style(style);
            }
            bar.set_position(0);
            bar.set_length(of);
            bar.reset_eta();
        });
        bar.set_position(done);
    }
}

/// The command line as it was given, program name without its folder.
pub(super) fn command_line() -> String {
    let arguments = std::env::args_os().skip(1).map(|argument| word(&argument));
    std::iter::once("peerlab".to_owned()).chain(arguments).collect::<Vec<_>>().join(" ")
}

/// Whether more replications failed than are tolerated; it is said if so.
fn too_many_failed(finished: &Finished, tolerated: f64) -> bool {
    too_many(finished.failed(), finished.manifest.replications, &finished.manifest.study, tolerated)
}

/// The same for so many of so many.
pub(super) fn too_many(failed: u64, total: u64, study: &str, tolerated: f64) -> bool {
    let too_many = failed as f64 > tolerated * total as f64;
    if too_many {
        let tolerated = screen::number(tolerated);
        screen::complain(&format!(
            "peerlab: {failed} of {total} replications of {study} failed, more than the {tolerated} tolerated (--tolerate)"
        ));
    }
    too_many
}

/// The exit status of a run that is there: what printing it gave, or 1 if too many of its replications failed.
pub(super) fn conclusion(finished: &Finished, tolerated: Option<f64>, printed: ExitCode) -> ExitCode {
    if too_many_failed(finished, tolerated.unwrap_or(TOLERATE)) { ExitCode::FAILURE } else { printed }
}

/// What was found, for programs.
pub(super) fn document(finished: &Finished, out: &Path) -> Value {
    let manifest = &finished.manifest;
    json!({
        "directory": out,
        "study": manifest.study,
        "kept": finished.kept,
        "computed": finished.computed(),
        "restored": finished.restored.again,
        "failed": finished.failed(),
        "summary": manifest.summary,
        "timing": manifest.timing,
    })
}

/// Says that nothing was computed, and what of a run or sweep was made again.
pub(super) fn there_already(what: &str, restored: &Restored) -> String {
    let told = restored.told();
    let unchanged = if told.is_empty() { ", unchanged" } else { "" };
    let mut text = format!("         This {what} was there already{unchanged}; nothing was computed.\n");
    told.iter().for_each(|said| text.push_str(&format!("         {said}\n")));
    text
}

/// Tells what was found: the summary, where the results are, and how fast it ran.
pub(super) fn tell(finished: &Finished, out: &Path) -> ExitCode {
    let (manifest, summary) = (&finished.manifest, &finished.summary);
    let colors = screen::colors();
    let bold = |text: &str| if colors { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let mut text = summary.text(screen::width(), bold);
    text.push_str(&format!("\nResults: {}\n", out.display()));
    text.push_str(&format!(
        "         {} tables, {} figures, {}run.json\n",
        manifest.tables.len(),
        manifest.figures.len() / 2,
        manifest
            .documents
            .iter()
            .filter(|one| one.file.ends_with(".html"))
            .map(|one| format!("{}, ", one.file))
            .collect::<String>()
    ));
    text.push_str(&format!("Kept:    {}\n", summary.kept));
    if let Some(kept) = finished.kept {
        let total = manifest.replications;
        // Of merged shards all were there.
        if kept < total {
            text.push_str(&format!("Resumed: {kept} of {total} replications were there, {} computed\n", total - kept));
        }
    }
    match finished.speed {
        Some(Speed { total, dyad_weeks: 0.0, .. }) => {
            text.push_str(&format!("Speed:   {:.1} s in all; nothing was simulated\n", total.as_secs_f64()));
        }
        Some(Speed { simulation, total, dyad_weeks }) => text.push_str(&format!(
            "Speed:   {:.1} s in all, {:.1} s of simulation: {:.1} million dyad-weeks per second\n",
            total.as_secs_f64(),
            simulation.as_secs_f64(),
            dyad_weeks / simulation.as_secs_f64() / 1e6,
        )),
        None => text.push_str(&there_already("run", &finished.restored)),
    }
    screen::print(&text)
}
