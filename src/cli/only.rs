//! `peerlab run STUDY --only-replication K`: one replication again, as it was in the whole run.

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use serde_json::json;

use super::arguments::RunArguments;
use super::run::options;
use super::screen::{self, WRONG, counted};
use crate::run::only::run_only;
use crate::run::{Error, Watch};
use crate::study::declaration::Study;

/// Repeats a replication.
pub(super) fn run(study: &Study, number: u64, arguments: &RunArguments, stop: &AtomicBool) -> ExitCode {
    let default = || Path::new("output").join(format!("{}-replication-{number}", study.id));
    let out = arguments.out.clone().unwrap_or_else(default);
    match run_only(study, number, &options(arguments, &out), Watch::new(stop, &|_| ())) {
        Ok(manifest) if arguments.json => {
            let document = json!({ "directory": out, "study": manifest.study, "replication": number });
            screen::print(&format!("{document:#}\n"))
        }
        Ok(_) if arguments.quiet => ExitCode::SUCCESS,
        Ok(manifest) => {
            let mut text = format!(
                "{}: replication {number} of {} (counted from 0), seed {}\n",
                manifest.study, manifest.replications, manifest.seed
            );
            text.push_str(&format!("Results: {}\n", out.display()));
            for table in &manifest.tables {
                text.push_str(&format!("         {:<14} {}\n", table.name, counted(table.rows as usize, "row")));
            }
            text.push_str(
                "One experiment answers nothing about a design: there is neither a diagnosis nor a report.\n",
            );
            screen::print(&text)
        }
        Err(error @ Error::NoReplication { .. }) => {
            screen::refuse(
                &error.to_string(),
                "Give a number up to that one, or the --replications of the run that you mean.",
            );
            WRONG.into()
        }
        Err(error) => {
            screen::complain(&format!("peerlab: {error}"));
            ExitCode::FAILURE
        }
    }
}
