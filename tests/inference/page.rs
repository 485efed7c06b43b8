//! The tables of `docs/inference.md`, between markers that the prose around them does not move.

use std::path::{Path, PathBuf};

use peerlab::inquiry::diagnosis::Diagnosis;
use peerlab::study::assumed::Assumed;

use super::cases::Case;
use super::measure::Measured;
use super::strategies::{Mistake, Strategy};

/// How many standard errors from what is promised a rate must lie to be set in bold.
const FAR: f64 = 3.0;

pub fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/inference.md")
}

/// What stands between the markers of a table.
pub fn block<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (begin, end) = markers(name);
    let from = page.find(&begin)? + begin.len();
    let to = from + page[from..].find(&end)?;
    Some(page[from..to].trim())
}

/// The page with another table between these markers.
pub fn with_block(page: &str, name: &str, table: &str) -> String {
    let (begin, end) = markers(name);
    let old = block(page, name).unwrap_or_else(|| panic!("docs/inference.md has no table `{name}`"));
    page.replacen(&format!("{begin}\n{old}\n{end}"), &format!("{begin}\n{}\n{end}", table.trim()), 1)
}

fn markers(name: &str) -> (String, String) {
    (format!("<!-- {name}: written by `make inference` -->"), format!("<!-- end of {name} -->"))
}

/// A rate in percent with its standard error, bold where it is far from what is promised.
pub fn rate(share: f64, error: f64, promised: f64, count: f64) -> String {
    let text = format!("{:.1} ({:.1})", 100.0 * share, 100.0 * error);
    let luck = (promised * (1.0 - promised) / count).sqrt();
    if (share - promised).abs() > FAR * luck { format!("**{text}**") } else { text }
}

fn count(diagnosis: &Diagnosis) -> f64 {
    (diagnosis.replications - diagnosis.failures) as f64
}

/// What a table shows of a strategy in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    TypeOne,
    Coverage,
    Power,
}

impl Shown {
    pub const ALL: [(&'static str, Shown); 3] =
        [("type-one", Shown::TypeOne), ("coverage", Shown::Coverage), ("power", Shown::Power)];

    pub fn cell(self, measured: &Measured) -> String {
        let (without, with) = (&measured.without, &measured.with);
        match self {
            Shown::TypeOne => rate(without.power, without.power_mcse, 0.05, count(without)),
            Shown::Coverage => rate(with.coverage, with.coverage_mcse, 0.95, count(with)),
            Shown::Power => format!("{:.1}", 100.0 * with.power),
        }
    }
}

/// One row per strategy, one column per case; a dash where a strategy is no other than the one above it.
pub fn matrix(cases: &[Case], strategies: &[Strategy], cell: impl Fn(usize, usize) -> Option<String>) -> String {
    let mut text = String::from("| estimator |");
    cases.iter().for_each(|case| text.push_str(&format!(" {} |", case.letter)));
    text.push_str(&format!("\n|---|{}\n", "---:|".repeat(cases.len())));
    for (row, strategy) in strategies.iter().enumerate() {
        text.push_str(&format!("| {} |", strategy.name()));
        for column in 0..cases.len() {
            text.push_str(&format!(" {} |", cell(column, row).unwrap_or_else(|| "–".to_owned())));
        }
        text.push('\n');
    }
    text
}

/// The designs with their numbers.
pub fn designs(cases: &[Case]) -> String {
    let mut text = String::from(
        "| | design | ICC of partners | ICC of organizations | persons measured |\n|---|---|---:|---:|---:|\n",
    );
    for case in cases {
        let Assumed { intraclass, organization_intraclass, attrition, organizations, .. } = case.assumed;
        let shared = if organizations > 1 { format!("{organization_intraclass}") } else { "–".to_owned() };
        let persons = case.assumed.persons() as f64 * (1.0 - attrition.share);
        text.push_str(&format!("| {} | {} | {intraclass} | {shared} | {persons} |\n", case.letter, case.name));
    }
    text.replace("| -", "| −")
}

/// Which mistake is shown where, and what would be right there.
pub struct Lesson {
    pub what: &'static str,
    pub letter: char,
    pub wrong: (&'static str, Mistake),
    pub right: &'static str,
}

/// The mistakes and what they cost, beside what is right in the same experiments.
pub fn mistakes(lessons: &[Lesson], find: impl Fn(char, &str, Mistake) -> Measured) -> String {
    let mut text = String::from(
        "| mistake | design | type I error, % | coverage, % | in its place | type I error, % | coverage, % |\n\
         |---|---|---:|---:|---|---:|---:|\n",
    );
    for lesson in lessons {
        let (wrong, right) =
            (find(lesson.letter, lesson.wrong.0, lesson.wrong.1), find(lesson.letter, lesson.right, Mistake::None));
        let cells = |measured: &Measured| [Shown::TypeOne.cell(measured), Shown::Coverage.cell(measured)].join(" | ");
        text.push_str(&format!(
            "| {} (`{}`) | {} | {} | `{}` | {} |\n",
            lesson.what,
            lesson.wrong.0,
            lesson.letter,
            cells(&wrong),
            lesson.right,
            cells(&right)
        ));
    }
    text
}

/// What is estimated where people are lost or leave.
pub fn losses(cases: &[Case], strategies: &[Strategy], measured: &[Vec<Measured>]) -> String {
    let mut text = String::from(
        "| what happens | effect of being assigned | estimator | mean estimate | bias | coverage, % |\n\
         |---|---:|---|---:|---:|---:|\n",
    );
    for (case, row) in cases.iter().zip(measured) {
        for (strategy, measured) in strategies.iter().zip(row) {
            let d = &measured.with;
            let bias = format!("{:+.3} ({:.3})", d.bias, d.bias_mcse);
            let bias = if d.bias.abs() > FAR * d.bias_mcse { format!("**{bias}**") } else { bias };
            text.push_str(&format!(
                "| {}. {} | {:.2} | {} | {:.3} | {} | {} |\n",
                case.letter,
                case.name,
                d.mean_truth,
                strategy.name(),
                d.mean_estimate,
                bias.replace('-', "−"),
                Shown::Coverage.cell(measured)
            ));
        }
    }
    text
}

/// What is estimated of an event's log odds.
pub fn events(cases: &[Case], strategies: &[Strategy], measured: &[Vec<Measured>]) -> String {
    let mut text = String::from(
        "| design | log odds ratio | estimator | bias | type I error, % | coverage, % | failed fits, % |\n\
         |---|---:|---|---:|---:|---:|---:|\n",
    );
    for (case, row) in cases.iter().zip(measured) {
        for (strategy, measured) in strategies.iter().zip(row) {
            let d = &measured.with;
            text.push_str(&format!(
                "| {} | {:.3} | {} | {} | {} | {} | {:.1} |\n",
                case.name,
                d.mean_truth,
                strategy.name(),
                format!("{:+.3} ({:.3})", d.bias, d.bias_mcse).replace('-', "−"),
                Shown::TypeOne.cell(measured),
                Shown::Coverage.cell(measured),
                100.0 * d.failure_share
            ));
        }
    }
    text
}

/// What is found of a resemblance: its true value, the mean estimate, coverage, and how often it is significant.
pub fn resemblances(cases: &[Case], strategies: &[Strategy], judged: &[Vec<Diagnosis>]) -> String {
    let mut text = String::from(
        "| partners | ICC as measured | estimator | mean estimate | coverage, % | significant, % |\n\
         |---|---:|---|---:|---:|---:|\n",
    );
    for (case, row) in cases.iter().zip(judged) {
        for (strategy, d) in strategies.iter().zip(row) {
            let significant = 100.0 * d.significant as f64 / count(d);
            text.push_str(&format!(
                "| {} | {} | {} | {} | {} | {significant:.1} |\n",
                case.name,
                format!("{:.2}", d.mean_truth).replace('-', "−"),
                strategy.name(),
                format!("{:.3}", d.mean_estimate).replace('-', "−"),
                rate(d.coverage, d.coverage_mcse, 0.95, count(d)),
            ));
        }
    }
    text
}

/// A question that is no contrast of two arms at one time.
pub struct Asked {
    pub name: String,
    pub estimator: String,
    pub without: Diagnosis,
    pub with: Diagnosis,
}

impl Asked {
    /// The row of the table: bias, type I error, coverage, failed fits.
    pub fn row(&self) -> String {
        let Self { name, estimator, without, with } = self;
        let bias = format!("{:+.4} ({:.4})", with.bias, with.bias_mcse);
        let bias = if with.bias.abs() > FAR * with.bias_mcse { format!("**{bias}**") } else { bias };
        let failed = 50.0 * (without.failure_share + with.failure_share);
        format!(
            "| {name} | {estimator} | {:.3} | {} | {} | {} | {failed:.1} |\n",
            with.mean_truth,
            bias.replace('-', "−"),
            rate(without.power, without.power_mcse, 0.05, count(without)),
            rate(with.coverage, with.coverage_mcse, 0.95, count(with)),
        )
    }
}

/// What becomes of questions that are no contrast.
pub fn questions(rows: &[Asked]) -> String {
    let head = "| question | estimator | truth | bias | type I error, % | coverage, % | failed fits, % |\n|---|---|---:|---:|---:|---:|---:|\n";
    rows.iter().fold(head.to_owned(), |text, row| text + &row.row())
}
