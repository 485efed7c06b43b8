//! What can be written on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};

use super::compare::CompareArguments;
use super::expand::ExpandArguments;
use super::export::ExportArguments;
use super::plot::PlotArguments;
use super::power::PowerArguments;
use super::preregister::PreregisterArguments;
use super::report::ReportArguments;
use super::resume::ResumeArguments;
use super::shard::{MergeArguments, share};
use super::sweep::SweepArguments;
use crate::results::Shard;
use crate::study::experiment::Record;

const EXAMPLES: &str = "\
Examples:
  A scholar tests a hypothesis before the field experiment, with 30 dyads in place of 60:
      peerlab run listening-training --set population.dyads=30

  A teacher shows a class what a name of the theory means and what it is connected with:
      peerlab explain climate_of_mistrust

  A consultant starts from a study, fits it to the client, and checks it:
      peerlab new client.toml --from listening-training
      peerlab check client.toml

Where to begin: `peerlab list`, then `peerlab show listening-training`.
`peerlab COMMAND --help` explains each command and its options.";

pub(super) const SET_HELP: &str = "\
Change one key of the scenario for this call, e.g. organization.competition=0.8; may be repeated. Arms and hypotheses are \
named: 'arm.\"listening training\".share=0.5'. `peerlab explain NAME` says what a key means";

const STUDY_HELP: &str = "A built-in study (see `peerlab list`) or the path of a scenario file (.toml)";

/// A laboratory for field experiments on peer coaching.
///
/// It simulates persons, pairs of peers and organizations week by week, runs the experiment of a scenario on them many
/// times, and shows what a researcher would find beside what is true.
#[derive(Parser, Debug)]
#[command(name = "peerlab", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand, Debug)]
pub(super) enum Command {
    /// List the built-in studies with their place in the article
    List(ListArguments),
    /// Show one study in words: question, people, design, treatments, instruments, hypotheses
    Show(ShowArguments),
    /// Explain a name: a parameter, outcome, trait, risk factor, treatment, estimator or key
    Explain(ExplainArguments),
    /// Check scenario files and report every mistake in them; nothing is run
    Check(CheckArguments),
    /// Write a commented scenario file to start from
    New(NewArguments),
    /// Run studies: replications in parallel, then tables, figures, a report and a summary
    Run(RunArguments),
    /// Go on with a run that was cut off, to the results it would have had
    Resume(ResumeArguments),
    /// Bring a finished run or sweep to more replications; only the new ones are computed
    Expand(ExpandArguments),
    /// Join the shards of a run, computed one by one or on many machines, into the run
    Merge(MergeArguments),
    /// Run a study at many values of its parameters, as one dataset
    Sweep(SweepArguments),
    /// Make the report of a finished run again
    Report(ReportArguments),
    /// Find the size at which a study has the power that is wanted
    Power(PowerArguments),
    /// Hold scenarios side by side: development, risk, retention and money, on common random numbers
    Compare(CompareArguments),
    /// Analyze data of your own with the estimators that analyze every simulated replication
    Analyze(Box<super::analyze::AnalyzeArguments>),
    /// Write one simulated experiment as a practice data set with its codebook, for R, SPSS or a spreadsheet
    Export(ExportArguments),
    /// List the figures of a finished run, or draw one of them again
    Plot(PlotArguments),
    /// Tell what happened to one pair, week by week, in plain sentences
    Story(super::story::StoryArguments),
    /// Write a preregistration to paste: design, hypotheses, instruments, analysis and simulated power
    Preregister(PreregisterArguments),
    /// Print the JSON Schema of a scenario, for completion in editors
    Schema,
    /// Print the completion script of a shell
    Completions(CompletionsArguments),
}

#[derive(Args, Debug)]
pub(super) struct ListArguments {
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(super) struct ShowArguments {
    #[arg(value_name = "STUDY", help = STUDY_HELP)]
    pub study: String,
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// Print the complete scenario, every default spelled out, as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(super) struct ExplainArguments {
    /// A name or the end of one: organization.competition, holding, bad_intentions, ancova_cr2; without one, the topics
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// Print JSON instead of text
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(super) struct CheckArguments {
    #[arg(
        value_name = "FILE",
        required = true,
        help = "Scenario files (.toml); the name of a built-in study will do too"
    )]
    pub files: Vec<String>,
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// Print JSON instead of text: per file whether it is complete, and its problems
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub(super) struct NewArguments {
    /// The file to write; the study's id is taken from its name
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The study to start from: a built-in study or the path of a scenario file
    #[arg(long, value_name = "STUDY", default_value = "listening-training")]
    pub from: String,
    /// An answer about your own organization, where --from is a case for sponsors: people, weeks, meetings, competition, currency,
    /// wage, turnover, training_hours, facilitation_rate or setup; without one, all ten are asked, on a terminal or as lines of
    /// the standard input
    #[arg(long, value_name = "NAME=VALUE")]
    pub answer: Vec<String>,
    /// Overwrite the file if it exists
    #[arg(long)]
    pub force: bool,
}

#[derive(Args, Debug)]
pub(super) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// What `peerlab run` is asked for.
#[derive(Args, Debug, Clone)]
pub struct RunArguments {
    /// Built-in studies (see `peerlab list`) or paths of scenario files (.toml)
    #[arg(value_name = "STUDY", required_unless_present = "all")]
    pub studies: Vec<String>,
    /// Run every built-in study
    #[arg(long, conflicts_with = "studies")]
    pub all: bool,
    /// Seed of everything random, in place of the scenario's: the same seed gives the same results
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// How often the experiment is repeated, in place of the scenario's number
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub replications: Option<usize>,
    /// Threads to use, all cores unless given; the results do not depend on it
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub threads: Option<usize>,
    /// Folder for the results, output/STUDY unless given
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Changes of the scenario, each checked as if it stood there
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// How much of each replication is kept; waves up to 200 replications unless given, summary above
    #[arg(long, value_name = "LEVEL", value_parser = record())]
    pub record: Option<Record>,
    /// How often what is done is put on disk, in seconds: so much is lost at most when the run is cut off [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub save_every: Option<Duration>,
    /// Compute only this share of the replications, the K-th of N from 1, to be joined with the others by `peerlab merge`
    #[arg(long, value_name = "K/N", value_parser = share, conflicts_with = "all")]
    pub shard: Option<Shard>,
    /// Repeat only this replication, counted from 0, with its rows as in the whole run
    #[arg(long, value_name = "K", conflicts_with_all = ["all", "shard"])]
    pub only_replication: Option<u64>,
    /// Share of replications that may fail before the exit status is 1; the results are written whatever it is [default: 0.01]
    #[arg(long, value_name = "SHARE", value_parser = part)]
    pub tolerate: Option<f64>,
    /// Overwrite an existing run in that folder
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
    /// Print the summary as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Share of replications that may fail unless told otherwise: with one in a hundred gone, no share of replications, such as power, is off
/// by more than one point, which is less than the Monte Carlo standard error of power .8 in 1,000 replications (1.3 points).
pub(super) const TOLERATE: f64 = 0.01;

pub(super) fn part(written: &str) -> Result<f64, String> {
    match written.parse::<f64>() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a share from 0 to 1, e.g. 0.01".to_owned()),
    }
}

pub(super) fn record() -> impl TypedValueParser<Value = Record> {
    let kept = |record: Record| match record {
        Record::Summary => "Estimates, and sums over persons",
        Record::Waves => "And every person and dyad at every wave",
        Record::Weeks => "And every dyad in every week",
        Record::Episodes => "And every turn of every dyad",
    };
    let values = Record::NAMES.iter().map(move |(name, record)| PossibleValue::new(*name).help(kept(*record)));
    PossibleValuesParser::new(values).map(|written| {
        // The parser lets only these names through.
        Record::NAMES.iter().find(|(name, _)| *name == written).map_or(Record::Summary, |(_, record)| *record)
    })
}

pub(super) fn at_least_one(written: &str) -> Result<usize, String> {
    match written.parse() {
        Ok(0) | Err(_) => Err("expected a whole number, 1 or more".to_owned()),
        Ok(number) => Ok(number),
    }
}

pub(super) fn seconds(written: &str) -> Result<Duration, String> {
    let number = written.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    number.ok_or_else(|| "expected a number of seconds, 0 or more".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn run_takes_what_it_is_given() {
        let line = "peerlab run a b.toml --seed 7 --replications 20 --record weeks --set a.b=1 --set c=2";
        let Ok(Arguments { command: Command::Run(run) }) = Arguments::try_parse_from(line.split(' ')) else {
            panic!("not taken: {line}");
        };
        assert_eq!(run.studies, ["a", "b.toml"]);
        assert_eq!((run.seed, run.replications, run.record), (Some(7), Some(20), Some(Record::Weeks)));
        assert_eq!(run.set, ["a.b=1", "c=2"]);
        for wrong in
            ["peerlab run", "peerlab run a --all", "peerlab run a --replications 0", "peerlab run a --record all"]
        {
            assert!(Arguments::try_parse_from(wrong.split(' ')).is_err(), "{wrong}");
        }
    }
}
