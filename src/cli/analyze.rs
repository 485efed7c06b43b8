//! `peerlab analyze DATA`: a researcher's own data by the estimators that analyze every simulated replication.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::analysis::{document, show};
use super::analyze_study::{StudyArguments, analyze_study};
use super::screen::{Screen, WRONG, print, refuse};
use crate::inquiry::analyze::{Request, Roles, analyze as analyze_table, write};
use crate::inquiry::dataset::{Dataset, Missing, Reading};

const EXAMPLES: &str = "\
Examples:
  A trial of dyads, adjusted for the baseline:
      peerlab analyze trial.csv --outcome learning --treatment arm --treated training --cluster dyad --covariates before

  Do partners resemble each other, or contrast?
      peerlab analyze trial.csv --outcome learning --cluster dyad

  Actor and partner effects; learning over the waves; the reliability of a scale:
      peerlab analyze trial.csv --outcome learning --predictor trust --cluster dyad --model apim
      peerlab analyze waves.csv --outcome learning --time week --person id --treatment arm --treated training --model growth
      peerlab analyze trial.csv --items trust=t1,t2,t3,t4

  As the study plans it, and where the estimate lies among those of simulated experiments:
      peerlab analyze trial.csv --study listening-training --hypothesis H1 --replications 400 --figure observed

Missing are empty cells, NA, N/A, NaN, null, none and '.'; incomplete rows are left out and counted. docs/analyze.md has all rules.";

const MODEL_HELP: &str = "\
Models, separated by commas: difference, ancova, bootstrap, randomization, mixed, growth, apim, logistic, regression, correlation, \
icc, or any estimator that `peerlab explain` knows, e.g. ancova_cr3. Unless given: difference (and ancova with covariates) with a \
treatment, regression with a predictor, icc with neither";

/// What `peerlab analyze` is asked for.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct AnalyzeArguments {
    /// A table with a row for each person (and time): CSV in UTF-8 with a header, or Parquet
    #[arg(value_name = "DATA")]
    pub data: PathBuf,
    /// Column of the outcome
    #[arg(long, value_name = "COLUMN")]
    pub outcome: Option<String>,
    /// Column of the treatment: 1 and 0, or labels
    #[arg(long, value_name = "COLUMN")]
    pub treatment: Option<String>,
    /// The label of the treated, where the treatment is not 1 and 0
    #[arg(long, value_name = "LEVEL", requires = "treatment", allow_hyphen_values = true)]
    pub treated: Option<String>,
    /// The label they are compared with; rows of further arms are left out
    #[arg(long, value_name = "LEVEL", requires = "treatment", allow_hyphen_values = true)]
    pub reference: Option<String>,
    /// Column of a measured predictor, where nothing was assigned
    #[arg(long, value_name = "COLUMN")]
    pub predictor: Option<String>,
    /// Column that says who belongs together: the dyad, circle or team. Columns joined by + are one label: class+dyad
    #[arg(long, value_name = "COLUMN")]
    pub cluster: Option<String>,
    /// Column of what clusters lie in
    #[arg(long, value_name = "COLUMN")]
    pub organization: Option<String>,
    /// Column of the person, where persons have several rows
    #[arg(long, value_name = "COLUMN")]
    pub person: Option<String>,
    /// Column of the time of each row, a number
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// Column of the two roles in each pair, for apim
    #[arg(long, value_name = "COLUMN", requires = "cluster")]
    pub member: Option<String>,
    /// Column of the blocks within which the treatment was drawn, for randomization
    #[arg(long, value_name = "COLUMN")]
    pub block: Option<String>,
    /// Columns of covariates, separated by commas: numbers, or labels
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',')]
    pub covariates: Vec<String>,
    #[arg(long, value_name = "MODEL,...", value_delimiter = ',', help = MODEL_HELP)]
    pub model: Vec<String>,
    /// Items of an instrument, for Cronbach's alpha: a,b,c or NAME=a,b,c; may be repeated
    #[arg(long, value_name = "[NAME=]ITEM,...")]
    pub items: Vec<String>,
    /// A further code of missing values, in all columns or in one: 999 or age=999; may be repeated
    #[arg(long, value_name = "[COLUMN=]CODE", allow_hyphen_values = true)]
    pub missing: Vec<String>,
    /// What stands between fields of a CSV file: a character, or tab; found in the header unless given
    #[arg(long, value_name = "CHARACTER", value_parser = separator)]
    pub separator: Option<u8>,
    /// Confidence of intervals
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = confidence)]
    pub confidence: f64,
    /// Write what was found to a Parquet file as well
    #[arg(long, value_name = "FILE.parquet")]
    pub out: Option<PathBuf>,
    /// Overwrite what is to be written, if it exists
    #[arg(long)]
    pub force: bool,
    /// Print JSON instead of text, every number in full
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub study: StudyArguments,
}

fn separator(written: &str) -> Result<u8, String> {
    match written.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\"\r\n.+-".contains(byte) => Ok(*byte),
        _ => Err("expected one character such as ; or the word tab".to_owned()),
    }
}

fn confidence(written: &str) -> Result<f64, String> {
    match written.parse::<f64>() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("expected a number between 0 and 1, such as 0.9".to_owned()),
    }
}

pub(super) fn analyze(arguments: &AnalyzeArguments) -> ExitCode {
    if let Some(refusal) = arguments.out.as_deref().and_then(|out| unfit(out, arguments.force)) {
        refuse(&refusal.0, refusal.1);
        return WRONG.into();
    }
    let reading =
        Reading { separator: arguments.separator, missing: Missing::new(arguments.missing.iter().map(String::as_str)) };
    let table = match Dataset::open(&arguments.data, &reading) {
        Ok(table) => table,
        Err(error) => {
            refuse(&error.to_string(), &error.way_out());
            return WRONG.into();
        }
    };
    if arguments.study.asked() {
        return analyze_study(&table, &arguments.study, arguments.out.as_deref(), arguments.force, arguments.json);
    }
    let found = match analyze_table(&table, &request(arguments)) {
        Ok(found) => found,
        Err(refusal) => {
            refuse(&refusal.to_string(), &refusal.way_out());
            return WRONG.into();
        }
    };
    if let Some(out) = &arguments.out
        && let Err(error) = write(&found, out)
    {
        refuse(&error.to_string(), "");
        return ExitCode::FAILURE;
    }
    let printed = if arguments.json {
        print(&format!("{:#}\n", document(&found, arguments.outcome.as_deref(), arguments.cluster.as_deref())))
    } else {
        let mut screen = Screen::standard();
        show(&mut screen, &found, arguments.outcome.as_deref(), arguments.cluster.as_deref());
        screen.print()
    };
    let failed = found.models.iter().any(|model| model.failure.is_some())
        || found.reliability.iter().any(|instrument| instrument.alpha.is_err());
    if failed { ExitCode::FAILURE } else { printed }
}

fn request(arguments: &AnalyzeArguments) -> Request {
    let names = |list: &[String]| -> Vec<String> {
        list.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    };
    let instrument = |(index, written): (usize, &String)| {
        let (name, items) = match written.split_once('=') {
            Some((name, items)) => (name.trim().to_owned(), items),
            None if arguments.items.len() == 1 => ("items".to_owned(), written.as_str()),
            None => (format!("items {}", index + 1), written.as_str()),
        };
        (name, names(&items.split(',').map(str::to_owned).collect::<Vec<_>>()))
    };
    Request {
        roles: Roles {
            outcome: arguments.outcome.clone(),
            treatment: arguments.treatment.clone(),
            treated: arguments.treated.clone(),
            reference: arguments.reference.clone(),
            predictor: arguments.predictor.clone(),
            cluster: arguments.cluster.clone(),
            organization: arguments.organization.clone(),
            person: arguments.person.clone(),
            time: arguments.time.clone(),
            member: arguments.member.clone(),
            block: arguments.block.clone(),
            covariates: names(&arguments.covariates),
            items: arguments.items.iter().enumerate().map(instrument).collect(),
        },
        models: names(&arguments.model),
        confidence: arguments.confidence,
    }
}

/// Why nothing is written to this path, before anything is computed.
fn unfit(out: &Path, force: bool) -> Option<(String, &'static str)> {
    let shown = out.display();
    if !out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("parquet")) {
        return Some((
            format!("--out {shown}: the name does not end in .parquet"),
            "Parquet is what is written; for other programs take --json, or the text that is printed.",
        ));
    }
    if out.is_dir() {
        return Some((format!("--out {shown} is a folder"), "Name a file in it."));
    }
    if out.exists() && !force {
        return Some((format!("{shown} exists already; nothing was written"), "Choose another name, or add --force."));
    }
    None
}
