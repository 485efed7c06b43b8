//! `peerlab power`: how large a study must be to find what is there.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::arguments::{SET_HELP, at_least_one};
use super::resolve::resolve_with;
use super::screen::{WRONG, refuse};
use crate::inquiry::power::Over;
use crate::scenario::Override;

/// What `peerlab power` is asked for.
#[derive(Args, Debug, Clone)]
pub struct PowerArguments {
    /// A built-in study (see `peerlab list`) or the path of a scenario file (.toml)
    #[arg(value_name = "STUDY")]
    pub study: Option<String>,
    /// What is wanted: the power that the study should have
    #[arg(long = "for", value_name = "power=P", default_value = "power=0.8", value_parser = wanted)]
    pub target: f64,
    /// A key of the scenario that is a number, and its range: population.dyads=20..400
    #[arg(long, value_name = "KEY=LOW..HIGH", value_parser = Over::parse)]
    pub over: Option<Over>,
    /// The hypothesis, by its id; the first of the study unless given
    #[arg(long, value_name = "ID")]
    pub hypothesis: Option<String>,
    /// The estimator; the hypothesis' first unless given
    #[arg(long, value_name = "ID")]
    pub estimator: Option<String>,
    /// Level of significance, two-sided
    #[arg(long, value_name = "P", default_value_t = 0.05, value_parser = level)]
    pub alpha: f64,
    /// The value of the key at which to say what effect can be detected; the scenario's own unless given
    #[arg(long, value_name = "VALUE")]
    pub at: Option<f64>,
    /// Replications of one size, at most
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = at_least_one)]
    pub replications: usize,
    /// Seed of everything random, in place of the scenario's: the same seed gives the same results
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use, all cores unless given; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// Changes of the scenario, each checked as if it stood there
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// Folder for the results, output/power-STUDY unless given
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Overwrite what an earlier search left in that folder
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Print the answer as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Reads `power=0.8`.
fn wanted(written: &str) -> Result<f64, String> {
    const FORM: &str = "expected power=P with P between 0 and 1, e.g. power=0.8";
    let (name, value) = written.split_once('=').ok_or(FORM)?;
    if name.trim() != "power" {
        return Err(format!("`{}` cannot be searched for; {FORM}", name.trim()));
    }
    match value.trim().parse::<f64>() {
        Ok(power) if power > 0.0 && power < 1.0 => Ok(power),
        Ok(power) => Err(format!("{power} is no power; {FORM}")),
        Err(_) => Err(format!("`{}` is no number; {FORM}", value.trim())),
    }
}

fn level(written: &str) -> Result<f64, String> {
    match written.parse::<f64>() {
        Ok(level) if level > 0.0 && level < 1.0 => Ok(level),
        _ => Err("expected a number between 0 and 1, e.g. 0.05".to_owned()),
    }
}

/// Searches for the size.
pub(super) fn power(arguments: &PowerArguments) -> ExitCode {
    let (Some(study), Some(over)) = (&arguments.study, &arguments.over) else {
        refuse(
            "a study and a key to search along are needed",
            "e.g. `peerlab power listening-training --for power=0.8 --over population.dyads=20..400`",
        );
        return WRONG.into();
    };
    let mut overrides = Override::sets(&arguments.set);
    overrides.push(Override { option: "--over", text: format!("{}={}", over.key, over.low) });
    if let Err(trouble) = resolve_with(study, &overrides) {
        return trouble.report();
    }
    ExitCode::SUCCESS
}
