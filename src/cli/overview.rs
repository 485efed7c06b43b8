//! The table that closes a run of several studies: each with its verdicts in short, how long it took, and where it is.

use std::path::PathBuf;

use super::screen::{Ink, Screen};
use crate::report::summary::Summary;
use crate::report::text::wrap;

/// How a study ended.
pub(super) enum End {
    /// With these findings.
    Finished(Summary),
    /// With this message.
    Failed(String),
}

/// A study of the table.
pub(super) struct Row {
    pub study: String,
    pub out: PathBuf,
    pub seconds: f64,
    pub end: End,
}

/// The table as text.
pub(super) fn overview(rows: &[Row], width: usize, colors: bool) -> String {
    let mut screen = Screen::new(width, colors);
    screen.gap();
    let longest = rows.iter().map(|row| row.study.chars().count()).max().unwrap_or(0).max("study".len());
    let column = longest.min(width / 3);
    // Seconds stand in a column of seven: up to 9999.9.
    let beside = column + 2 + 7 + 2;
    let head = format!("{:column$}  {:>7}  ", "study", "seconds");
    screen.line(0, &[(Ink::Faint, &head), (Ink::Faint, "what is true in the model, and where the run is")]);
    for row in rows {
        let words = match &row.end {
            End::Finished(summary) => verdicts(summary),
            End::Failed(message) => format!("FAILED: {message}"),
        };
        let mut lines = wrap(&words, width.saturating_sub(beside)).into_iter();
        let first = lines.next().unwrap_or_default();
        let study: String = row.study.chars().take(column).collect();
        let (study, seconds) = (format!("{study:column$}  "), format!("{:>7.1}  ", row.seconds));
        screen.line(0, &[(Ink::Strong, &study), (Ink::Plain, &seconds), (Ink::Plain, &first)]);
        lines.for_each(|line| screen.line(beside, &[(Ink::Plain, &line)]));
        if matches!(row.end, End::Finished(_)) {
            screen.lines(beside, Ink::Faint, &row.out.display().to_string());
        }
    }
    screen.gap();
    screen.paragraph(0, &closing(rows));
    screen.into_text()
}

fn closing(rows: &[Row]) -> String {
    let failed = rows.iter().filter(|row| matches!(row.end, End::Failed(_))).count();
    let seconds: f64 = rows.iter().map(|row| row.seconds).sum();
    let studies = match rows.len() {
        1 => "1 study".to_owned(),
        n => format!("{n} studies"),
    };
    let mut words = format!("{studies} in {seconds:.1} s");
    if failed > 0 {
        words.push_str(&format!(", {failed} failed"));
    }
    words + ". The same command for one of them, with --out and its folder, shows its summary without running it again."
}

/// The verdict of each hypothesis by its first estimator; hypotheses of one verdict stand together.
fn verdicts(summary: &Summary) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for finding in summary.findings.iter().filter(|finding| finding.primary) {
        let words = finding.short();
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, ids)) => ids.push(&finding.hypothesis),
            None => groups.push((words, vec![&finding.hypothesis])),
        }
    }
    if groups.is_empty() {
        return "no hypothesis".to_owned();
    }
    groups.iter().map(|(words, ids)| format!("{} {words}", ids.join(", "))).collect::<Vec<_>>().join("; ")
}
