//! `peerlab report`: the report of a finished run or sweep, made again.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::screen::{WRONG, complain, print, refuse};
use super::shard;
use super::source::no_run;
use crate::report::html::{self, Error};
use crate::results::{self, Excerpt};
use crate::run::restore::{Wanted, restore};
use crate::run::{self, Options};

#[derive(Args, Debug)]
pub(super) struct ReportArguments {
    /// The folder of a finished run or sweep
    #[arg(value_name = "DIR")]
    pub run: PathBuf,
    /// Write the report to this file, and leave the run as it is
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

const WAY_OUT: &str = "Give the folder of a run, such as output/listening-training; `peerlab run STUDY` makes one.";

/// Makes the report and puts it into the run, or where it is wanted.
pub(super) fn report(arguments: &ReportArguments) -> ExitCode {
    let run = arguments.run.as_path();
    let manifest = match results::existing(run) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => {
            no_run(run, WAY_OUT);
            return WRONG.into();
        }
        Err(results::Error::NotADirectory(path)) => {
            refuse(&format!("{} is a file, not the folder of a run", path.display()), WAY_OUT);
            return WRONG.into();
        }
        Err(error) => return failed(&error),
    };
    if let Some(excerpt @ Excerpt::Shard(_)) = manifest.excerpt {
        refuse(&format!("{} holds {excerpt}: there is nothing to report yet", run.display()), shard::WAY_OUT);
        return WRONG.into();
    }
    let out = arguments.out.clone().unwrap_or_else(|| run.join(html::FILE));
    let made: Result<Vec<String>, run::Error> = match &arguments.out {
        Some(out) => {
            html::of_run(run).and_then(|text| html::write(&text, out)).map(|()| Vec::new()).map_err(Into::into)
        }
        None => restore(run, Wanted::Report, &Options::new(run)).map(|(_, restored)| restored.told()),
    };
    match made {
        Ok(_) if arguments.quiet => ExitCode::SUCCESS,
        Ok(told) => {
            let told: String = told.iter().map(|said| format!("        {said}\n")).collect();
            print(&format!("Report: {}\n{told}", out.display()))
        }
        Err(run::Error::Report(error @ Error::NoSummary { .. })) => {
            refuse(&error.to_string(), WAY_OUT);
            WRONG.into()
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &dyn std::error::Error) -> ExitCode {
    complain(&format!("peerlab: {error}"));
    ExitCode::FAILURE
}
