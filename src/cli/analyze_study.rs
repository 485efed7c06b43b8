//! `peerlab analyze DATA --study STUDY`: the analysis that a study plans, on data of its own, and where the estimates lie among
//! those of simulated experiments.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use clap::Args;
use serde_json::{Value, json};

use super::analysis::{described, of_arms};
use super::arguments::SET_HELP;
use super::resolve::{Trouble, resolve};
use super::screen::{Ink, Screen, WRONG, complain, counted, print, refuse};
use super::source::no_run;
use crate::figures::{self, Figure};
use crate::inquiry::dataset::Dataset;
use crate::inquiry::own_data::against::{Simulated, of_run, simulate};
use crate::inquiry::own_data::{Found, OwnData, write};
use crate::monte_carlo::Stopped;
use crate::report::observed::{figure, sentence};
use crate::results::{self, Manifest};
use crate::scenario::{nearest, read, resolved};
use crate::study::declaration::Study;
use crate::study::effect_size::{EffectSize, SizeKind};
use crate::study::plan::Plan;

/// What says how to analyze, and stands in the study already.
const OWN: [&str; 15] = [
    "outcome",
    "treatment",
    "treated",
    "reference",
    "predictor",
    "cluster",
    "organization",
    "person",
    "time",
    "member",
    "block",
    "covariates",
    "model",
    "items",
    "confidence",
];

/// The part of `peerlab analyze` that takes everything from a study.
#[derive(Args, Debug)]
#[command(next_help_heading = "The analysis that a study plans")]
pub(super) struct StudyArguments {
    /// Take outcome, covariates, clusters and estimators from this study: a built-in one or a scenario file (.toml). DATA has a row
    /// for each person and the columns that `peerlab export STUDY` writes, as far as the analysis needs them
    #[arg(long, value_name = "STUDY", conflicts_with_all = OWN)]
    pub study: Option<String>,
    /// A hypothesis of the study, by its id, in place of all; may be repeated
    #[arg(long, value_name = "ID")]
    pub hypothesis: Vec<String>,
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// Lay the estimates over those of a finished run of the study
    #[arg(long, value_name = "DIR", conflicts_with_all = OWN, conflicts_with = "replications")]
    pub run: Option<PathBuf>,
    /// Lay the estimates over those of so many experiments, simulated now
    #[arg(long, value_name = "N")]
    pub replications: Option<u64>,
    /// Draw that to NAME.svg and NAME.png
    #[arg(long, value_name = "NAME")]
    pub figure: Option<PathBuf>,
}

impl StudyArguments {
    /// Whether anything of it was asked for.
    pub(super) fn asked(&self) -> bool {
        let any = self.study.is_some() || self.run.is_some() || self.replications.is_some() || self.figure.is_some();
        any || !self.hypothesis.is_empty() || !self.set.is_empty()
    }
}

/// What keeps an analysis from being made: what is said, and the exit code.
struct Refusal(ExitCode);

impl Refusal {
    fn wrong(error: &str, way_out: &str) -> Self {
        refuse(error, way_out);
        Self(WRONG.into())
    }

    fn failed(error: &str) -> Self {
        complain(&format!("peerlab: {error}"));
        Self(ExitCode::FAILURE)
    }
}

/// Analyses the table as the study plans it, compares if that was asked for, and tells.
pub(super) fn analyze_study(
    data: &Dataset,
    arguments: &StudyArguments,
    out: Option<&Path>,
    force: bool,
    json: bool,
) -> ExitCode {
    match answer(data, arguments, out, force, json) {
        Ok(code) | Err(Refusal(code)) => code,
    }
}

fn answer(
    data: &Dataset,
    arguments: &StudyArguments,
    out: Option<&Path>,
    force: bool,
    json: bool,
) -> Result<ExitCode, Refusal> {
    let run = arguments.run.as_deref().map(manifest).transpose()?;
    let study = study(arguments, run.as_ref())?;
    let plan = Plan::new(study).map_err(|error| Refusal::failed(&error.to_string()))?;
    let asked = hypotheses(&plan, &arguments.hypothesis)?;
    let drawn = figure_name(arguments, force)?;
    let own =
        OwnData::read(&plan, data, &asked).map_err(|error| Refusal::wrong(&error.to_string(), &error.way_out()))?;
    let found = own.analyze(&plan, &asked);
    let simulated = match (&arguments.run, arguments.replications) {
        (Some(directory), _) => Some(
            of_run(&plan, &directory.join("tables/estimates.parquet"), &asked)
                .map_err(|error| Refusal::failed(&error.to_string()))?,
        ),
        (None, Some(replications)) => Some(simulated(&plan, replications, &asked)?),
        (None, None) => None,
    };
    if let (Some(name), Some(simulated)) = (drawn, &simulated) {
        let figure = Figure::Distribution(figure(&plan, data.name(), &found, simulated));
        figures::draw(&figure, name).map_err(|error| Refusal::failed(&error.to_string()))?;
    }
    if let Some(out) = out {
        write(&plan, &found, out).map_err(|error| Refusal::failed(&error.to_string()))?;
    }
    let (persons, simulated) = (own.persons(), simulated.as_deref());
    let told = Told { plan: &plan, data, persons, found: &found, simulated, notes: own.notes() };
    let printed = if json { print(&format!("{:#}\n", told.document())) } else { told.show(drawn) };
    let failed = found.iter().any(|one| one.result.is_err());
    Ok(if failed { ExitCode::FAILURE } else { printed })
}

fn manifest(directory: &Path) -> Result<Manifest, Refusal> {
    match results::existing(directory) {
        Ok(Some(manifest)) => Ok(manifest),
        Ok(None) => {
            no_run(directory, "Make it with `peerlab run`, or simulate now with --replications 200.");
            Err(Refusal(WRONG.into()))
        }
        Err(error) => Err(Refusal::failed(&error.to_string())),
    }
}

/// The study that was named, or that of the run; where both are, they have to agree in everything but how often they are repeated.
fn study(arguments: &StudyArguments, run: Option<&Manifest>) -> Result<Study, Refusal> {
    let trouble = |trouble: Trouble| Refusal(trouble.report());
    let of_run = |run: &Manifest, set: &[String]| {
        let name = format!("{} of the run", Manifest::FILE);
        let scenario = read(&run.scenario_toml, &name, set).map_err(|problems| trouble(Trouble::Problems(problems)));
        scenario.map(|scenario| scenario.study)
    };
    let named = arguments.study.as_ref().map(|name| resolve(name, &arguments.set).map_err(trouble)).transpose()?;
    match (named, run) {
        (Some(scenario), None) => Ok(scenario.study),
        (None, Some(run)) if arguments.set.is_empty() => of_run(run, &[]),
        (Some(scenario), Some(run)) => {
            let ran = of_run(run, &[])?;
            let asked = Study { monte_carlo: ran.monte_carlo, ..scenario.study };
            if resolved::to_toml(&asked) == resolved::to_toml(&ran) {
                return Ok(asked);
            }
            Err(Refusal::wrong(
                &format!("the run is of another study than `{}`, or of other parameters", asked.id),
                "Leave out --study, and the run's own is taken; or simulate now with --replications 200 in place of --run.",
            ))
        }
        (None, Some(_)) => Err(Refusal::wrong(
            "--set changes the study, and the run was made without that",
            "Simulate the changed study now: --study STUDY --set ... --replications 200.",
        )),
        (None, None) => Err(Refusal::wrong(
            "there is no --study whose hypotheses could be analyzed",
            "Add --study STUDY (`peerlab list` shows them), or --run DIR.",
        )),
    }
}

fn hypotheses(plan: &Plan, asked: &[String]) -> Result<Vec<usize>, Refusal> {
    let ids = || plan.study.hypotheses.iter().map(|one| one.id.as_str());
    if asked.is_empty() {
        return Ok((0..plan.study.hypotheses.len()).collect());
    }
    let mut all = Vec::new();
    for id in asked {
        match ids().position(|known| known == id) {
            Some(index) => all.push(index),
            None => {
                let meant = nearest(id, ids()).map_or(String::new(), |near| format!("Did you mean {near}? "));
                let known = ids().collect::<Vec<_>>().join(", ");
                return Err(Refusal::wrong(
                    &format!("the study `{}` has no hypothesis `{id}`", plan.study.id),
                    &format!("{meant}It has {known}."),
                ));
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// The name of the figure, without a suffix that says its form.
fn figure_name(arguments: &StudyArguments, force: bool) -> Result<Option<&Path>, Refusal> {
    let Some(name) = arguments.figure.as_deref() else { return Ok(None) };
    if arguments.run.is_none() && arguments.replications.is_none() {
        return Err(Refusal::wrong(
            "--figure shows estimates over simulated ones, and nothing says over which",
            "Add --replications 200 to simulate them now, or --run DIR to take those of a run.",
        ));
    }
    for suffix in ["svg", "png"] {
        let file = PathBuf::from(format!("{}.{suffix}", name.display()));
        if file.exists() && !force {
            let way_out = "Choose another name, or add --force.";
            return Err(Refusal::wrong(&format!("{} exists already; nothing was written", file.display()), way_out));
        }
    }
    Ok(Some(name))
}

fn simulated(plan: &Plan, replications: u64, asked: &[usize]) -> Result<Vec<Simulated>, Refusal> {
    if replications == 0 {
        return Err(Refusal::wrong(
            "--replications 0: there is nothing to compare with",
            "Give a whole number, 1 or more.",
        ));
    }
    let found = simulate(plan, replications, asked, 0, &AtomicBool::new(false), |_| ());
    found.map_err(|error| match error {
        Stopped::Sink(never) => match never {},
        error => Refusal::failed(&error.to_string()),
    })
}

/// What there is to tell.
struct Told<'a> {
    plan: &'a Plan,
    data: &'a Dataset,
    persons: usize,
    found: &'a [Found],
    simulated: Option<&'a [Simulated]>,
    notes: &'a [String],
}

/// Columns of numbers beside the estimator: estimate, SE, df, interval, p, rows.
const WIDTHS: [usize; 6] = [8, 7, 6, 17, 6, 5];

impl Told<'_> {
    fn show(&self, drawn: Option<&Path>) -> ExitCode {
        let study = &self.plan.study;
        let mut screen = Screen::standard();
        screen.lines(0, Ink::Strong, self.data.name());
        screen.paragraph(2, &format!("Analyzed as the study `{}` plans it.", study.id));
        screen.paragraph(
            2,
            &format!("{} in the file, the study plans {}", counted(self.persons, "person"), self.plan.persons()),
        );
        for (at, of_one) in self.found.chunk_by(|a, b| a.hypothesis == b.hypothesis).scan(0, |at, chunk| {
            let first = *at;
            *at += chunk.len();
            Some((first, chunk))
        }) {
            let declared = &study.hypotheses[of_one[0].hypothesis];
            screen.heading(&format!("{}  {}", declared.id, declared.statement));
            screen.lines(2, Ink::Faint, &crate::report::words::contrast(study, declared));
            if declared.implied_by_theory {
                screen.lines(
                    2,
                    Ink::Faint,
                    "The model's equations imply the answer: simulated experiments are no evidence for it.",
                );
            }
            // The rows of the planned test; others, as of completers, may have fewer.
            described(&mut screen, &of_one[0].described);
            self.table(&mut screen, of_one);
            if let Some(size) = of_one[0].size {
                screen.paragraph(2, &sized(size));
            }
            for (index, one) in of_one.iter().enumerate() {
                if let (Some(simulated), Ok(result)) = (self.simulated, &one.result) {
                    let words = sentence(&simulated[at + index], result.estimate, digits);
                    let name = declared.estimators[one.estimator];
                    let words = if of_one.len() > 1 { format!("{name}: {words}") } else { words };
                    screen.paragraph(2, &words);
                }
            }
        }
        self.corrected(&mut screen);
        screen.gap();
        if !self.notes.is_empty() {
            self.notes.iter().for_each(|note| screen.paragraph(0, note));
            screen.gap();
        }
        screen.lines(0, Ink::Faint, "Estimates are in the units of the file's scores; the first estimator of each hypothesis is the planned one.");
        if self.simulated.is_some() {
            screen.lines(0, Ink::Faint, "What is simulated rests on the study's model, whose numbers are assumed.");
        }
        if let Some(name) = drawn {
            screen.paragraph(0, &format!("Figure: {0}.svg, {0}.png", name.display()));
        }
        screen.print()
    }

    fn table(&self, screen: &mut Screen, of_one: &[Found]) {
        let names = of_one.iter().map(|one| self.plan.study.hypotheses[one.hypothesis].estimators[one.estimator]);
        let column = names.clone().map(str::len).max().unwrap_or(0).max(9);
        let heads = ["estimate", "SE", "df", "95 % interval", "p", "rows"].map(str::to_owned);
        screen.line(2, &[(Ink::Faint, &row("", column, &heads))]);
        for (name, one) in names.zip(of_one) {
            match &one.result {
                Ok(found) => {
                    let cells = [
                        digits(found.estimate),
                        digits(found.standard_error),
                        format!("{:.1}", found.degrees_of_freedom),
                        format!("{} to {}", digits(found.lower), digits(found.upper)),
                        p_value(found.p_value),
                        one.analyzed.to_string(),
                    ];
                    screen.line(2, &[(Ink::Plain, &row(name, column, &cells))]);
                }
                Err(failure) => screen.paragraph(2, &format!("{name}: {failure}")),
            }
        }
    }

    /// The planned tests corrected for each other.
    fn corrected(&self, screen: &mut Screen) {
        let family: Vec<&Found> = self.found.iter().filter(|one| one.estimator == 0).collect();
        let all = self.plan.study.hypotheses.len();
        if all < 2 {
            return;
        }
        screen.heading(&format!("p corrected for the study's {all} hypotheses, each by its first estimator"));
        let ids = family.iter().map(|one| self.plan.study.hypotheses[one.hypothesis].id.as_str());
        let column = ids.clone().map(|id| id.chars().count()).max().unwrap_or(0).max(4);
        let line = |id: &str, [p, holm, hochberg]: [&str; 3]| format!("{id:<column$} {p:>7} {holm:>7} {hochberg:>19}");
        screen.line(2, &[(Ink::Faint, &line("", ["p", "Holm", "Benjamini-Hochberg"]))]);
        for (id, one) in ids.zip(&family) {
            let known = |p: f64| if p.is_nan() { "-".to_owned() } else { p_value(p) };
            let p = known(one.result.as_ref().map_or(f64::NAN, |found| found.p_value));
            let (holm, hochberg) = (known(one.adjusted.holm), known(one.adjusted.benjamini_hochberg));
            screen.line(2, &[(Ink::Plain, &line(id, [&p, &holm, &hochberg]))]);
        }
        if family.len() < all {
            let analyzed = match family.len() {
                1 => "1 was".to_owned(),
                count => format!("{count} were"),
            };
            let words = format!(
                "Of the study's {all} tests {analyzed} analyzed; the rest count with p = 1, so that a corrected p is an upper bound."
            );
            screen.paragraph(2, &words);
        }
    }

    fn document(&self) -> Value {
        let one = |(index, found): (usize, &Found)| {
            let declared = &self.plan.study.hypotheses[found.hypothesis];
            let mut value = json!({
                "hypothesis": declared.id,
                "estimator": declared.estimators[found.estimator],
                "question": declared.ask.name(),
                "outcome": declared.outcome,
                "week": declared.week,
                "analyzed": found.analyzed,
                "described": of_arms(&found.described),
                "effect_size": found.size.map(|size| size.value),
                "effect_size_kind": found.size.map(|size| size.kind.name()),
                "failure": found.result.as_ref().err().map(|failure| json!({ "code": failure.code(), "message": failure.to_string() })),
            });
            if let Ok(result) = &found.result {
                for (name, number) in [
                    ("estimate", result.estimate),
                    ("standard_error", result.standard_error),
                    ("degrees_of_freedom", result.degrees_of_freedom),
                    ("lower", result.lower),
                    ("upper", result.upper),
                    ("p_value", result.p_value),
                    ("p_holm", found.adjusted.holm),
                    ("p_benjamini_hochberg", found.adjusted.benjamini_hochberg),
                ] {
                    value[name] = json!(number);
                }
                if let Some(simulated) = self.simulated.map(|all| &all[index]) {
                    let (low, high) = simulated.middle();
                    let larger = simulated.larger(result.estimate);
                    value["simulated"] = json!({
                        "estimates": simulated.estimates.len(),
                        "failures": simulated.failures,
                        "share_larger": larger.share,
                        "share_larger_mcse": larger.error,
                        "middle_95": [low, high],
                        "mean_truth": simulated.truth,
                    });
                }
            }
            value
        };
        json!({
            "file": self.data.name(),
            "study": self.plan.study.id,
            "persons": self.persons,
            "notes": self.notes,
            "family": self.plan.study.hypotheses.len(),
            "answers": self.found.iter().enumerate().map(one).collect::<Vec<_>>(),
        })
    }
}

fn row(name: &str, column: usize, cells: &[String; 6]) -> String {
    let mut text = format!("{name:<column$}");
    for (cell, width) in cells.iter().zip(WIDTHS) {
        text.push_str(&" ".repeat(1 + width.saturating_sub(cell.chars().count())));
        text.push_str(cell);
    }
    text
}

/// Three decimals, fewer of larger numbers, more of very small ones.
fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 100.0 => format!("{value:.1}"),
        size if size >= 10.0 => format!("{value:.2}"),
        size if size > 0.0 && size < 0.001 => format!("{value:.1e}"),
        _ => format!("{value:.3}"),
    }
}

/// The size of the planned estimator's effect.
fn sized(size: EffectSize) -> String {
    let value = digits(size.value);
    match size.kind {
        SizeKind::HedgesG => format!("Hedges' g, corrected for clusters: {value}"),
        SizeKind::OddsRatio => format!("Odds ratio: {value}"),
        SizeKind::PartialRSquared => format!("Partial R²: {value}"),
    }
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "<.001".to_owned() } else { format!("{p:.3}").replacen("0.", ".", 1) }
}
