//! The index of the studies' pages: each with its place in the article and a sentence of what a run showed.

use std::fmt::Write as _;

use super::html::answer::leading;
use super::verdict::Finding;
use crate::study::declaration::Study;

/// The index as Markdown, of studies with what their runs found.
pub fn index(studies: &[(&Study, &[Finding])]) -> String {
    let mut out = String::from(
        "# The studies\n\n\
         <!-- Generated: `make studies` writes it anew from scenarios, registry and runs. -->\n\n\
         The studies that Parker, Kram & Hall (2012) propose, and those that follow from what they say, each a scenario in \
         [scenarios/](../../scenarios) and a page here. What a run showed follows from a theory whose parameters are assumed: \
         it is a reason to run the field experiment in one way rather than another, and no result of it.\n\n\
         | study | where the article asks it | what a run showed of the hypothesis that answers its question, or of its first |\n|---|---|---|\n",
    );
    for (study, findings) in studies {
        let _ = writeln!(
            out,
            "| [{}]({}.md) | {} | {} |",
            cell(&study.title),
            study.id,
            cell(&study.source),
            result(study, findings)
        );
    }
    let _ = writeln!(
        out,
        "\n{} in all. `peerlab run --all` runs them one after another and closes with a table of their verdicts.",
        match studies.len() {
            1 => "1 study".to_owned(),
            n => format!("{n} studies"),
        }
    );
    out
}

/// The leading hypothesis with its verdict, and how many others there are.
fn result(study: &Study, findings: &[Finding]) -> String {
    let Some(first) = leading(study, findings) else { return "It tests nothing.".to_owned() };
    let others = findings.iter().filter(|one| one.primary).count() - 1;
    let words = first.words();
    let more = match others {
        0 => String::new(),
        1 => " One more on its page.".to_owned(),
        n => format!(" {n} more on its page."),
    };
    format!("{}: {words}.{more}", cell(first.statement.trim_end_matches('.')))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
