//! `peerlab run`: not here yet.

use std::process::ExitCode;

use super::RunArguments;
use super::screen::complain;

/// Says that it is not here yet.
pub fn run(_arguments: &RunArguments) -> ExitCode {
    complain("run is not here yet");
    ExitCode::FAILURE
}
