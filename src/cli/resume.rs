//! `peerlab resume`: a run that was cut off goes on where it was.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::arguments::{TOLERATE, at_least_one, seconds};
use super::run::{bar, cells_written, command_line, conclusion, document, tell};
use super::screen;
use super::shard::tell_shard;
use super::signals::{self, interrupted};
use super::sweep::{Telling, tell_sweep};
use crate::results;
use crate::run::sweep::Layout;
use crate::run::{self, Error, Options, Resumed, SAVE_EVERY, Watch};

/// What `peerlab resume` is asked for.
#[derive(Args, Debug, Clone)]
pub struct ResumeArguments {
    /// The folder of a run or shard that was cut off
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    #[command(flatten)]
    pub how: GoingOn,
}

/// How a run goes on that is there, in whole or in part.
#[derive(Args, Debug, Clone)]
pub struct GoingOn {
    /// Threads to use, all cores unless given; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// How often what is done is put on disk, in seconds [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub save_every: Option<Duration>,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Print the summary as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

impl GoingOn {
    /// The same for the run in a folder.
    pub(super) fn options(&self, out: &Path) -> Options {
        Options {
            threads: self.threads.unwrap_or(0),
            command: command_line(),
            save_every: self.save_every.unwrap_or(SAVE_EVERY),
            warn: screen::warn,
            ..Options::new(out)
        }
    }
}

/// Goes on.
pub(super) fn resume(arguments: &ResumeArguments) -> ExitCode {
    let stop = match interrupted() {
        Ok(stop) => stop,
        Err(reason) => {
            screen::complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
            return ExitCode::FAILURE;
        }
    };
    let (out, how) = (&arguments.directory, &arguments.how);
    // Only for the bar: what cannot be read is said by what reads it in earnest.
    let begun = results::unfinished(out).ok().flatten();
    let total = begun.as_ref().map_or(0, |begun| {
        let cells = begun.sweep.clone().and_then(|spec| Layout::new(spec).ok()).map_or(1, |layout| layout.cells.len());
        let total = begun.replications * cells as u64;
        begun.excerpt.map_or(total, |excerpt| excerpt.replications(total).count() as u64)
    });
    let study = begun.map_or_else(String::new, |begun| begun.study);
    let bar = bar(&study, total, how.quiet || how.json);
    let options = how.options(out);
    let ended =
        run::resume(out, &options, Watch { writing: &cells_written(&bar), ..Watch::new(stop, &|n| bar.inc(n)) });
    bar.finish_and_clear();
    match ended {
        Ok(resumed) => tell_resumed(&resumed, out, how),
        Err(error @ Error::Interrupted { .. }) => {
            screen::complain(&format!("peerlab: {error}"));
            signals::status()
        }
        Err(Error::Results(error @ results::Error::NothingBegun(_))) => {
            let partial = out.join(results::PARTIAL);
            let way_out = if partial.join("journal/log").is_file() {
                "What was cut off there has lost its begun.json: give its command again, which goes on from what is whole."
            } else if partial.is_dir() {
                "What was cut off there keeps no journal, as `peerlab merge` does not: give its command again, e.g. merge again."
            } else if out.join("parcels").is_dir() {
                "It may be a shard that has lost its run.json: give its command again, which keeps what of it is whole."
            } else {
                "Start one with `peerlab run STUDY --out DIR`."
            };
            screen::refuse(&error.to_string(), way_out);
            screen::WRONG.into()
        }
        Err(error @ Error::Alone { .. }) => {
            screen::refuse(&error.to_string(), "");
            screen::WRONG.into()
        }
        Err(error) => {
            screen::complain(&format!("peerlab: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Says what is whole now; the exit status is 1 if too many of its replications failed.
pub(super) fn tell_resumed(resumed: &Resumed, out: &Path, how: &GoingOn) -> ExitCode {
    match resumed {
        Resumed::Sweep(finished) => {
            tell_sweep(finished, out, Telling { quiet: how.quiet, json: how.json, tolerated: TOLERATE })
        }
        Resumed::Shard(finished) => tell_shard(finished, out, how.quiet, how.json),
        Resumed::Run(finished) => {
            let printed = match (how.json, how.quiet) {
                (true, _) => screen::print(&format!("{:#}\n", document(finished, out))),
                (_, true) => ExitCode::SUCCESS,
                _ => tell(finished, out),
            };
            conclusion(finished, None, printed)
        }
    }
}
