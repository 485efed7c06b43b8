//! `peerlab export`: one simulated experiment as files for R, SPSS or a spreadsheet.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::arguments::SET_HELP;
use super::screen::{Screen, WRONG, complain};
use super::source::source;
use crate::export::{Export, ExportError, Format};
use crate::scenario::Override;

#[derive(Args, Debug)]
pub(super) struct ExportArguments {
    /// The folder of a finished run, a built-in study, or the path of a scenario file (.toml)
    #[arg(value_name = "DIR|STUDY")]
    pub source: String,
    /// Which of the simulated experiments, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub replication: u64,
    /// How the data are written
    #[arg(long, value_name = "FORMAT", value_parser = format(), default_value = "csv")]
    pub format: Format,
    /// Folder for the files, beside the run (of a study: output/STUDY-replication-N) unless given
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Add true scores, for who teaches: no researcher can see them
    #[arg(long)]
    pub with_truth: bool,
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// Replace an export that is there
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::NAMES.iter().map(|(name, _)| *name)).map(|written| {
        // The parser lets only these names through.
        Format::NAMES.iter().find(|(name, _)| *name == written).map_or(Format::Csv, |(_, format)| *format)
    })
}

/// Simulates the experiment and writes its files.
pub(super) fn export(arguments: &ExportArguments) -> ExitCode {
    let overrides = Override::sets(&arguments.set);
    let (study, beside) = match source(&arguments.source, Some(arguments.replication), &overrides) {
        Ok(found) => found,
        Err(code) => return code,
    };
    let name = format!("{beside}-replication-{}", arguments.replication);
    let out = arguments.out.clone().unwrap_or_else(|| PathBuf::from(name));
    let export = Export::simulate(study, arguments.replication, arguments.with_truth);
    let written = export.and_then(|export| Ok((export.write(&out, arguments.format, arguments.force)?, export)));
    match written {
        Ok((files, export)) if !arguments.quiet => tell(&export, &out, &files),
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("peerlab: {error}"));
            match error {
                ExportError::Exists(_) | ExportError::Occupied { .. } | ExportError::NotAFolder(_) => WRONG.into(),
                _ => ExitCode::FAILURE,
            }
        }
    }
}

/// Tells what is there and what can be done with it.
fn tell(export: &Export, out: &Path, files: &[&str]) -> ExitCode {
    let study = &export.plan.study;
    let mut screen = Screen::standard();
    screen.paragraph(
        0,
        &format!(
            "{}: replication {}, {} persons at {} waves{}.",
            study.title,
            export.replication,
            export.wide.rows(),
            study.measurement.waves.len(),
            if export.truths { ", with true scores" } else { "" }
        ),
    );
    screen.gap();
    screen.entry(0, "Files:", 8, super::screen::Ink::Plain, &format!("{} in {}", files.join(", "), out.display()));
    let data = out.join(files.first().copied().unwrap_or_default());
    let study = out.join("scenario.toml");
    let next = format!("`peerlab analyze {} --study {}`", data.display(), study.display());
    screen.entry(
        0,
        "Next:",
        8,
        super::screen::Ink::Plain,
        &format!("README.md there says how R and SPSS read them; {next}"),
    );
    screen.print()
}
