//! `peerlab run STUDY --shard K/N`: a share of a run, for several machines; `peerlab merge` joins what they made.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use clap::Args;
use serde_json::{Value, json};

use super::arguments::{RunArguments, TOLERATE};
use super::run::{bar, cells_written, command_line, conclusion, document, options, tell};
use super::screen::{self, WRONG, counted, refuse};
use super::signals::{self, interrupted};
use super::sweep::{Telling, tell_sweep};
use crate::results::{self, Overwrite, Shard};
use crate::run::merge::{Merged, Trouble, merge};
use crate::run::shard::{FinishedShard, run_shard};
use crate::run::{Error, Options, Watch};
use crate::study::declaration::Study;

/// What to do with a shard of which more is asked than it has.
pub(super) const WAY_OUT: &str = "It is a share of a run: `peerlab merge SHARD... --out RUN` makes the run of all of them, with tables, figures and a report.";

/// Reads `3/64`.
pub(super) fn share(written: &str) -> Result<Shard, String> {
    let numbers = written.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
    match numbers {
        Some((number, of)) if number >= 1 && number <= of => Ok(Shard { number, of }),
        _ => Err("expected K/N: the K-th of N shards, counted from 1, e.g. 3/64".to_owned()),
    }
}

/// Runs a shard of a study.
pub(super) fn run(study: &Study, shard: Shard, arguments: &RunArguments, stop: &AtomicBool) -> ExitCode {
    let default = || Path::new("output").join(format!("{}-shard-{}-of-{}", study.id, shard.number, shard.of));
    let out = arguments.out.clone().unwrap_or_else(default);
    let numbers = shard.replications(study.monte_carlo.replications as u64);
    let name = format!("{}, shard {} of {}", study.id, shard.number, shard.of);
    let bar = bar(&name, numbers.end - numbers.start, arguments.quiet || arguments.json);
    let ended = run_shard(study, shard, &options(arguments, &out), Watch::new(stop, &|n| bar.inc(n)));
    bar.finish_and_clear();
    conclude(ended, &out, arguments.quiet, arguments.json)
}

/// Tells how a shard ended.
pub(super) fn conclude(ended: Result<FinishedShard, Error>, out: &Path, quiet: bool, json: bool) -> ExitCode {
    match ended {
        Ok(finished) => tell_shard(&finished, out, quiet, json),
        Err(error @ Error::Interrupted { .. }) => {
            screen::complain(&format!("peerlab: {error}"));
            signals::status()
        }
        Err(error @ Error::NoShare { .. }) => {
            refuse(&error.to_string(), "Ask for fewer shards, or for more --replications.");
            WRONG.into()
        }
        Err(error) => {
            screen::complain(&format!("peerlab: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Says what a shard holds and what to do with it.
pub(super) fn tell_shard(finished: &FinishedShard, out: &Path, quiet: bool, json: bool) -> ExitCode {
    let FinishedShard { manifest, shard, numbers, total, took, kept } = finished;
    let count = numbers.end - numbers.start;
    if json {
        return screen::print(&format!("{:#}\n", shard_document(finished, out)));
    }
    if quiet {
        return ExitCode::SUCCESS;
    }
    let mut text = format!(
        "{}: shard {} of {}, replications {} to {} of {total} {}(counted from 0)\n",
        manifest.study,
        shard.number,
        shard.of,
        numbers.start,
        numbers.end - 1,
        if manifest.sweep().is_some() { "of all cells " } else { "" },
    );
    match (took, kept) {
        (None, _) => text.push_str("It was there already, unchanged; nothing was computed.\n"),
        (Some(took), None) => text.push_str(&format!("{count} computed in {:.1} s\n", took.as_secs_f64())),
        (Some(took), Some(kept)) => {
            text.push_str(&format!("{kept} were there, {} computed in {:.1} s\n", count - kept, took.as_secs_f64()));
        }
    }
    text.push_str(&format!("Shard:   {}\n", out.display()));
    text.push_str("         No tables, no report: when all shards are there, `peerlab merge DIR... --out RUN` makes the run of them.\n");
    screen::print(&text)
}

fn shard_document(finished: &FinishedShard, out: &Path) -> Value {
    let manifest = &finished.manifest;
    json!({
        "directory": out,
        "study": manifest.study,
        "shard": finished.shard,
        "kept": finished.kept,
        "computed": finished.computed(),
        "timing": manifest.timing,
    })
}

/// What `peerlab merge` is asked for.
#[derive(Args, Debug, Clone)]
pub struct MergeArguments {
    /// The folders of all shards of one run, in any order
    #[arg(value_name = "SHARD", required = true)]
    pub shards: Vec<PathBuf>,
    /// Folder for the run
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Overwrite an existing run in that folder
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Print the summary as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Joins shards.
pub(super) fn join(arguments: &MergeArguments) -> ExitCode {
    let out = &arguments.out;
    let overwrite = if arguments.force { Overwrite::Force } else { Overwrite::Refuse };
    let options = Options { overwrite, command: command_line(), warn: screen::warn, ..Options::new(out) };
    let stop = match interrupted() {
        Ok(stop) => stop,
        Err(reason) => {
            screen::complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
            return ExitCode::FAILURE;
        }
    };
    // Only for the bar: what cannot be read is said by what reads it in earnest.
    let first = arguments.shards.first().and_then(|shard| results::existing(shard).ok().flatten());
    let total = first.map_or(0, |one| one.replications.saturating_mul(one.summary["cells"].as_u64().unwrap_or(1)));
    let bar = bar("merging", total, arguments.quiet || arguments.json);
    let (progress, writing) = (|n| bar.inc(n), cells_written(&bar));
    let watch = Watch { writing: &writing, ..Watch::new(stop, &progress) };
    let merged = merge(&arguments.shards, &options, watch);
    bar.finish_and_clear();
    match merged {
        Ok(Merged::Sweep(finished)) => {
            let total = finished.total();
            let how = Telling { quiet: arguments.quiet, json: arguments.json, tolerated: TOLERATE };
            announce(arguments, finished.kept, total).unwrap_or_else(|| tell_sweep(&finished, out, how))
        }
        Ok(Merged::Run(finished)) => {
            let printed = match (arguments.json, arguments.quiet) {
                (true, _) => screen::print(&format!("{:#}\n", document(&finished, out))),
                (_, true) => ExitCode::SUCCESS,
                _ => announce(arguments, finished.kept, finished.manifest.replications)
                    .unwrap_or_else(|| tell(&finished, out)),
            };
            conclusion(&finished, None, printed)
        }
        Err(error) => {
            screen::complain(&format!("peerlab: {error}"));
            if matches!(error, Error::Merge(Trouble::Stopped(_))) { signals::status() } else { ExitCode::FAILURE }
        }
    }
}

/// Says what was merged, where something is said; the exit status if that failed.
fn announce(arguments: &MergeArguments, kept: Option<u64>, total: u64) -> Option<ExitCode> {
    if kept.is_none() || arguments.quiet || arguments.json {
        return None;
    }
    let said = format!("Merged {} of {total} replications.\n\n", counted(arguments.shards.len(), "shard"));
    (screen::print(&said) != ExitCode::SUCCESS).then_some(ExitCode::FAILURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_one_of_several() {
        assert_eq!(share("3/64"), Ok(Shard { number: 3, of: 64 }));
        for wrong in ["0/4", "5/4", "3", "3/", "/4", "-1/4", "3/4/5", "a/b", "1/0"] {
            assert!(share(wrong).unwrap_err().contains("3/64"), "{wrong}");
        }
    }
}
