//! `peerlab power`: how large a study must be to find what is there.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::arguments::{SET_HELP, at_least_one};
use super::assume::{assume_help, assumed};
use super::resolve::{Trouble, resolve_with};
use super::run::command_line;
use super::screen::{WRONG, colors, complain, print, refuse, width};
use super::signals::{self, interrupted};
use super::words;
use crate::inquiry::power::{Over, experiments};
use crate::results::Overwrite;
use crate::run::power::{FinishedPower, PowerError, Request, run_power};
use crate::run::{Options, Watch};
use crate::scenario::keys::Shape;
use crate::scenario::{Override, listed, lookup, nearest, read_with};
use crate::study::declaration::{Hypothesis, Study};

/// What `peerlab power` is asked for.
#[derive(Args, Debug, Clone)]
pub struct PowerArguments {
    /// A built-in study (see `peerlab list`) or the path of a scenario file (.toml)
    #[arg(value_name = "STUDY", conflicts_with = "assume")]
    pub study: Option<String>,
    /// The design without the theory, from numbers of your own; what is not given has a default, and everything is said
    #[arg(long, value_name = "KEY=VALUE,...", help = assume_help(), conflicts_with_all = ["hypothesis", "set", "out", "force"])]
    pub assume: Option<String>,
    /// What is wanted: the power that the study should have
    #[arg(long = "for", value_name = "power=P", default_value = "power=0.8", value_parser = wanted)]
    pub target: f64,
    /// A key of the scenario that is a number, and its range: population.dyads=20..400
    #[arg(long, value_name = "KEY=LOW..HIGH", value_parser = Over::parse)]
    pub over: Option<Over>,
    /// The hypothesis, by its id; the first of the study unless given
    #[arg(long, value_name = "ID")]
    pub hypothesis: Option<String>,
    /// The estimator; the hypothesis' first unless given. With --assume one or several: difference_cr2,difference_ols
    #[arg(long, value_name = "ID")]
    pub estimator: Option<String>,
    /// Level of significance, two-sided
    #[arg(long, value_name = "P", default_value_t = 0.05, value_parser = level)]
    pub alpha: f64,
    /// The value of the key at which to say what effect can be detected; the scenario's own unless given
    #[arg(long, value_name = "VALUE")]
    pub at: Option<f64>,
    /// Replications of one size, at most; 2000 unless given, 40000 with --assume
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub replications: Option<usize>,
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

/// Replications of one size of a study, at most, unless another number is asked for.
const REPLICATIONS: usize = 2000;

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
    if let Some(written) = &arguments.assume {
        return assumed(arguments, written);
    }
    let (Some(study), Some(over)) = (&arguments.study, &arguments.over) else {
        return wrong(
            "a study and a key to search along are needed",
            "e.g. `peerlab power listening-training --for power=0.8 --over population.dyads=20..400`, or with numbers of your own \
             `peerlab power --assume effect=0.5,icc=0.3,reliability=0.8`",
        );
    };
    match searched(arguments, study, over) {
        Ok(code) | Err(code) => code,
    }
}

pub(super) fn wrong(error: &str, way_out: &str) -> ExitCode {
    refuse(error, way_out);
    WRONG.into()
}

fn searched(arguments: &PowerArguments, name: &str, over: &Over) -> Result<ExitCode, ExitCode> {
    let mut overrides = Override::sets(&arguments.set);
    if let Some(seed) = arguments.seed {
        overrides.push(Override { option: "--seed", text: format!("monte_carlo.seed={seed}") });
    }
    let scenario = resolve_with(name, &overrides).map_err(|trouble| trouble.report())?;
    let hypothesis = asked(&scenario.study, arguments)?;
    if let Some(estimator) = &arguments.estimator {
        let text = format!("hypothesis.{}.estimator={estimator}", hypothesis.id);
        overrides.push(Override { option: "--estimator", text });
    }
    check_key(over, arguments)?;
    // Both ends are read before anything runs; so is the value at which to say what can be detected.
    let with = |option: &'static str, value: f64| {
        let change = Override { option, text: format!("{}={value}", over.key) };
        overrides.iter().cloned().chain([change]).collect::<Vec<_>>()
    };
    let ends = [("--over", Some(over.low)), ("--over", Some(over.high)), ("--at", arguments.at)];
    let mut estimator = hypothesis.estimators[0];
    for (option, value) in ends.into_iter().filter_map(|(option, value)| Some((option, value?))) {
        let read = read_with(&scenario.text, &scenario.name, &with(option, value));
        let study = read.map_err(|problems| Trouble::Problems(problems).report())?.study;
        estimator = asked(&study, arguments)?.estimators[0];
    }
    let id = hypothesis.id.as_str();
    let study_at = |value: f64| {
        let refused = |problems| experiments::Trouble::Refused { key: over.key.clone(), value, problems };
        let mut study = read_with(&scenario.text, &scenario.name, &with("--over", value)).map_err(refused)?.study;
        study.hypotheses.retain(|one| one.id == id);
        study.hypotheses.iter_mut().for_each(|one| one.estimators = vec![estimator]);
        Ok(study)
    };
    let request = Request {
        study: &scenario.study,
        study_at: &study_at,
        over,
        hypothesis: id,
        estimator,
        target: arguments.target,
        alpha: arguments.alpha,
        most: arguments.replications.unwrap_or(REPLICATIONS),
        at: arguments.at,
    };
    let stop = interrupted().map_err(|reason| {
        complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
        ExitCode::FAILURE
    })?;
    let out = arguments.out.clone().unwrap_or_else(|| Path::new("output").join(format!("power-{}", scenario.study.id)));
    let options = Options {
        threads: arguments.threads.unwrap_or(0),
        overwrite: if arguments.force { Overwrite::Force } else { Overwrite::Refuse },
        command: command_line(),
        warn: super::screen::warn,
        ..Options::new(&out)
    };
    let bar = bar(arguments, &scenario.study.id);
    let ended = run_power(&request, &options, Watch::new(stop, &|n| bar.inc(n)));
    bar.finish_and_clear();
    match ended {
        Ok(finished) => Ok(tell(&finished, &out, arguments)),
        Err(error) => Err(failed(&error)),
    }
}

/// The hypothesis that is asked for.
fn asked<'a>(study: &'a Study, arguments: &PowerArguments) -> Result<&'a Hypothesis, ExitCode> {
    let known = || study.hypotheses.iter().map(|one| one.id.as_str());
    match &arguments.hypothesis {
        None => study.hypotheses.first().ok_or_else(|| {
            wrong(
                &format!("{} has no hypothesis", study.id),
                "power is that of a test: add a [[hypothesis]] to the scenario",
            )
        }),
        Some(id) => study.hypotheses.iter().find(|one| one.id == *id).ok_or_else(|| {
            let meant = nearest(id, known()).map_or(String::new(), |near| format!("Did you mean `{near}`? "));
            wrong(
                &format!("{} has no hypothesis `{id}`", study.id),
                &format!("{meant}It has {}.", listed(known(), "and")),
            )
        }),
    }
}

/// The key must be a number of the design.
fn check_key(over: &Over, arguments: &PowerArguments) -> Result<(), ExitCode> {
    // A key that does not exist is answered by the scenario's own checks, with the nearest name.
    let Some(leaf) = lookup::leaf(&over.key) else { return Ok(()) };
    let key = &over.key;
    if key.starts_with("monte_carlo.") {
        return Err(wrong(
            &format!("`{key}` is no part of the design: power does not depend on it"),
            "--replications says how many replications a size may have, --seed which ones",
        ));
    }
    match leaf.shape {
        Shape::Number(..) => Ok(()),
        Shape::Whole(..) => {
            let broken = |value: &f64| value.fract() != 0.0;
            match [over.low, over.high].into_iter().chain(arguments.at).find(broken) {
                Some(value) => Err(wrong(
                    &format!("`{key}` is a whole number, and {value} is none"),
                    "give whole numbers, e.g. 20..400",
                )),
                None => Ok(()),
            }
        }
        _ => Err(wrong(
            &format!("`{key}` is no number: it is {}", words::shape_of(leaf.shape)),
            "power is searched for along a number, e.g. population.dyads; compare other settings with --set",
        )),
    }
}

/// A bar of the replications that a search takes if it goes as planned.
pub(super) fn bar(arguments: &PowerArguments, id: &str) -> ProgressBar {
    let hidden = arguments.quiet || arguments.json;
    let target = if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} power of {msg}: {pos} replications, {per_sec}, {elapsed}")
    {
        bar.set_style(style);
    }
    bar.set_message(id.to_owned());
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn failed(error: &PowerError) -> ExitCode {
    match error {
        PowerError::Trouble(experiments::Trouble::Refused { key, value, problems }) => {
            let code = Trouble::Problems(problems.clone()).report();
            complain(&format!("The range of {key} holds {value}, which this scenario does not allow."));
            code
        }
        PowerError::Interrupted { .. } => {
            complain(&format!("peerlab: {error}"));
            signals::status()
        }
        _ => {
            complain(&format!("peerlab: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn tell(finished: &FinishedPower, out: &Path, arguments: &PowerArguments) -> ExitCode {
    let FinishedPower { manifest, summary, took } = finished;
    if arguments.json {
        let document = json!({ "directory": out, "answer": summary, "timing": manifest.timing });
        return print(&format!("{document:#}\n"));
    }
    if arguments.quiet {
        return ExitCode::SUCCESS;
    }
    let colors = colors();
    let bold = |text: &str| if colors { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let mut text = summary.text(width(), bold);
    text.push_str(&format!("\nResults: {}\n", out.display()));
    text.push_str(&match took {
        Some(took) => format!(
            "         {} tables, a figure, run.json; {} replications in {:.1} s\n",
            manifest.tables.len(),
            summary.replications,
            took.as_secs_f64()
        ),
        None => "         This search was there already, unchanged; nothing was computed.\n".to_owned(),
    });
    print(&text)
}
