//! `peerlab expand`: a finished run, or a sweep, gets more replications.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::arguments::at_least_one;
use super::resume::{GoingOn, tell_resumed};
use super::run::{bar, cells_written};
use super::screen;
use super::signals::{self, interrupted};
use crate::results::{self, Overwrite};
use crate::run::expand::expand as to;
use crate::run::{Error, Options, Watch};

/// What `peerlab expand` is asked for.
#[derive(Args, Debug, Clone)]
pub struct ExpandArguments {
    /// The folder of a finished run or sweep
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// How many replications it is to have in all, of a sweep in each cell
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub replications: usize,
    /// Give up what else was begun there and cut off, such as an expansion to another number; what is finished stays
    #[arg(long)]
    pub force: bool,
    #[command(flatten)]
    pub how: GoingOn,
}

/// Expands.
pub(super) fn expand(arguments: &ExpandArguments) -> ExitCode {
    let stop = match interrupted() {
        Ok(stop) => stop,
        Err(reason) => {
            screen::complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
            return ExitCode::FAILURE;
        }
    };
    let (out, how) = (&arguments.directory, &arguments.how);
    // Only for the bar: what cannot be read is said by what reads it in earnest.
    let there = results::existing(out).ok().flatten();
    let cells = there.as_ref().and_then(|manifest| manifest.summary["cells"].as_u64()).unwrap_or(1);
    let study = there.map_or_else(String::new, |manifest| manifest.study);
    let bar = bar(&study, cells.saturating_mul(arguments.replications as u64), how.quiet || how.json);
    let overwrite = if arguments.force { Overwrite::Force } else { Overwrite::Refuse };
    let options = Options { overwrite, ..how.options(out) };
    let (progress, writing) = (|n| bar.inc(n), cells_written(&bar));
    let ended =
        to(out, arguments.replications as u64, &options, Watch { writing: &writing, ..Watch::new(stop, &progress) });
    bar.finish_and_clear();
    match ended {
        Ok(resumed) => tell_resumed(&resumed, out, how),
        Err(error @ Error::Interrupted { .. }) => {
            screen::complain(&format!("peerlab: {error}"));
            signals::status()
        }
        Err(Error::Results(error @ (results::Error::NoRun(_) | results::Error::Unvouched(_)))) => {
            screen::refuse(&error.to_string(), "Make one with `peerlab run STUDY --out DIR` or `peerlab sweep`.");
            screen::WRONG.into()
        }
        Err(error @ (Error::Fewer { .. } | Error::Unfit { .. } | Error::NotExpandable { .. })) => {
            screen::refuse(&error.to_string(), "");
            screen::WRONG.into()
        }
        Err(error) => {
            screen::complain(&format!("peerlab: {error}"));
            ExitCode::FAILURE
        }
    }
}
