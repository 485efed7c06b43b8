//! `peerlab preregister STUDY`: the study as a preregistration, with the power of its hypotheses simulated.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::arguments::SET_HELP;
use super::resolve::resolve;
use super::screen::{WRONG, complain, print, refuse};
use crate::inquiry::own_data::against::simulate;
use crate::report::preregistration::{Material, preregistration};
use crate::study::plan::Plan;

#[derive(Args, Debug)]
pub(super) struct PreregisterArguments {
    /// A built-in study or the path of a scenario file (.toml)
    #[arg(value_name = "STUDY")]
    pub study: String,
    /// How many experiments are simulated for the power of its hypotheses
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u64).range(2..=1_000_000))]
    pub replications: u64,
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// File for the document, printed unless given
    #[arg(long, value_name = "FILE.md")]
    pub out: Option<PathBuf>,
    /// Overwrite that file if it exists
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Threads to use, all cores unless given; the numbers do not depend on it
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub threads: usize,
}

pub(super) fn preregister(arguments: &PreregisterArguments) -> ExitCode {
    let scenario = match resolve(&arguments.study, &arguments.set) {
        Ok(scenario) => scenario,
        Err(trouble) => return trouble.report(),
    };
    if let Some(out) = arguments.out.as_deref().filter(|out| out.exists()) {
        let (shown, folder) = (out.display(), out.is_dir());
        if folder || !arguments.force {
            let error = if folder {
                format!("{shown} is a folder")
            } else {
                format!("{shown} exists already; nothing was written")
            };
            refuse(&error, if folder { "Name a file in it." } else { "Choose another name, or add --force." });
            return WRONG.into();
        }
    }
    let plan = match Plan::new(scenario.study) {
        Ok(plan) => plan,
        Err(error) => {
            complain(&format!("peerlab: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let all: Vec<usize> = (0..plan.study.hypotheses.len()).collect();
    let simulated =
        match simulate(&plan, arguments.replications, &all, arguments.threads, &AtomicBool::new(false), |_| ()) {
            Ok(simulated) => simulated,
            Err(error) => {
                complain(&format!("peerlab: {error}"));
                return ExitCode::FAILURE;
            }
        };
    let command = super::run::command_line();
    let material =
        Material { plan: &plan, simulated: &simulated, replications: arguments.replications, command: &command };
    let text = preregistration(&material);
    let Some(out) = &arguments.out else { return print(&text) };
    match write_whole(out, &text) {
        Ok(()) => print(&format!(
            "{}: fill in what stands between brackets, then paste it at https://osf.io/registries\n",
            out.display()
        )),
        Err(error) => {
            complain(&format!("peerlab: cannot write {}: {error}", out.display()));
            ExitCode::FAILURE
        }
    }
}

/// Writes to a temporary name beside the file, and renames.
pub(super) fn write_whole(path: &Path, text: &str) -> std::io::Result<()> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = fs::write(&partial, text).and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        let _ = fs::remove_file(&partial);
    }
    written
}
