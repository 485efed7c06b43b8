//! The commands of the binary: each reads its arguments, puts its answer together as text and prints it once.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage or a wrong scenario; 128 and the number of the signal where one ended it.

mod analysis;
mod analyze;
mod analyze_study;
mod arguments;
mod assume;
mod check;
pub mod compare;
mod completions;
mod describe;
pub mod diagnostics;
mod expand;
mod explain;
mod export;
mod list;
mod new;
mod only;
mod overview;
mod picture;
mod plot;
pub mod power;
mod preregister;
mod questions;
mod report;
pub mod resolve;
mod resume;
pub mod run;
mod schema;
pub mod screen;
mod shard;
mod show;
mod signals;
mod source;
mod story;
mod sweep;
mod topics;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

pub use arguments::RunArguments;
use arguments::{Arguments, Command};

/// What the operating system calls when `peerlab` is started.
pub fn main() -> ExitCode {
    signals::outlive_limits();
    let command = Arguments::command().term_width(screen::width());
    let parsed = command.try_get_matches().and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches));
    match parsed {
        Ok(arguments) => obey(&arguments.command),
        Err(refusal) => {
            // A reader who has gone away is no error.
            let _ = refusal.print();
            if refusal.use_stderr() { screen::WRONG.into() } else { ExitCode::SUCCESS }
        }
    }
}

fn obey(command: &Command) -> ExitCode {
    match command {
        Command::List(arguments) => list::list(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Explain(arguments) => explain::explain(arguments),
        Command::Export(arguments) => export::export(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::New(arguments) => new::new(arguments),
        Command::Plot(arguments) => plot::plot(arguments),
        Command::Story(arguments) => story::story(arguments),
        Command::Preregister(arguments) => preregister::preregister(arguments),
        Command::Schema => schema::schema(),
        Command::Run(arguments) => run::run(arguments),
        Command::Resume(arguments) => resume::resume(arguments),
        Command::Expand(arguments) => expand::expand(arguments),
        Command::Merge(arguments) => shard::join(arguments),
        Command::Report(arguments) => report::report(arguments),
        Command::Sweep(arguments) => sweep::sweep(arguments),
        Command::Power(arguments) => power::power(arguments),
        Command::Compare(arguments) => compare::compare(arguments),
        Command::Analyze(arguments) => analyze::analyze(arguments),
        Command::Completions(arguments) => completions::completions(arguments),
    }
}
