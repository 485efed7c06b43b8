//! `peerlab completions SHELL`: what a shell needs to complete commands and options.

use std::process::ExitCode;

use clap::CommandFactory;

use super::arguments::{Arguments, CompletionsArguments};
use super::screen::print;

pub(super) fn completions(arguments: &CompletionsArguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "peerlab", &mut script);
    print(&String::from_utf8_lossy(&script))
}
