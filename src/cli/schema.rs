//! `peerlab schema`: the JSON Schema of a scenario.

use std::process::ExitCode;

use super::screen::print;

pub(super) fn schema() -> ExitCode {
    print(&crate::scenario::schema::schema())
}
