//! The page of a study: what it asks, its design, what is estimated and how, what a run of it showed, and what a class can
//! discuss about it. Made of the scenario, the registry and a run's findings; the same three give the same bytes.

use std::fmt::Write as _;

use super::study_parts as parts;
use super::summary::{CAVEAT, amount, percent, reading};
use super::text::{counted, number};
use super::verdict::Finding;
use super::words::{answer, contrast};
use crate::model::outcomes::{self, OUTCOMES};
use crate::scenario::{read, resolved};
use crate::study::declaration::{Expect, Hypothesis, Study};

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The study, with the replications of the run.
    pub study: &'a Study,
    /// What the run found.
    pub findings: &'a [Finding],
    /// How often the study's own scenario repeats it.
    pub replications: usize,
    /// Whether the run's picture of the estimates stands beside the page.
    pub estimates: bool,
}

/// The page as Markdown. Its pictures are `figures/ID-design.svg` and `figures/ID-estimates.svg`.
pub fn page(material: &Material) -> String {
    let study = material.study;
    let mut out = format!("# {}\n\n", study.title);
    let _ = writeln!(out, "<!-- Generated: `make studies` writes it anew from scenario, registry and a run. -->\n");
    let _ = writeln!(out, "**{}**\n", study.question);
    if !study.source.is_empty() {
        let _ = writeln!(out, "Asked in: {}. [All studies](README.md).\n", study.source.trim_end_matches('.'));
    }
    out.push_str(&design(study));
    out.push_str(&arms(study));
    out.push_str(&measurement(study));
    out.push_str(&hypotheses(study));
    out.push_str(&estimands(study));
    out.push_str(&parameters(study));
    out.push_str(&shown(material));
    out.push_str(&limits(material));
    out.push_str(&discussion(study));
    out.push_str(&commands(material));
    out
}

/// Arms that a page shows one by one; `show` tells all of them.
pub const MOST_ARMS: usize = 12;

/// A picture that leads to itself in full size.
fn picture(study: &Study, which: &str, alt: &str) -> String {
    let file = format!("figures/{}-{which}.svg", study.id);
    format!("[<img src=\"{file}\" width=\"800\" alt=\"{}\">]({file})\n\n", cell(alt).replace('"', "'"))
}

fn design(study: &Study) -> String {
    let mut out = "## The design\n\n".to_owned();
    out.push_str(&picture(study, "design", &format!("The design of the study: {}", study.title)));
    let _ = writeln!(out, "{}\n", parts::design(study));
    if !study.factors.is_empty() {
        let factors: Vec<String> = study.factors.iter().map(|one| format!("{} (`{}`)", one.name, one.id)).collect();
        let _ = writeln!(out, "Factors, each at a low or a high level: {}.\n", factors.join(", "));
    }
    out
}

pub(super) fn arms(study: &Study) -> String {
    let mut out = "| arm | how many | what it receives |\n|---|---|---|\n".to_owned();
    for arm in parts::arms(study) {
        let sized = [arm.size.as_str(), arm.role].join(", ");
        let sized = sized.trim_end_matches(", ");
        let _ = writeln!(out, "| {} | {sized} | {} |", cell(&arm.name), cell(&arm.receives));
    }
    if study.arms.len() > MOST_ARMS {
        let more = study.arms.len() - MOST_ARMS;
        let _ = writeln!(out, "| and {more} more | | `peerlab show {}` tells them all. |", study.id);
    }
    out.push('\n');
    if !study.settings.is_empty() {
        out.push_str("| setting | organizations | how it differs |\n|---|---|---|\n");
        for setting in parts::settings(study) {
            let _ = writeln!(out, "| {} | {} | {} |", cell(&setting.name), setting.organizations, setting.differs);
        }
        out.push('\n');
    }
    for change in parts::schedule(study) {
        let _ = writeln!(out, "{change}\n");
    }
    out
}

fn measurement(study: &Study) -> String {
    let mut out = format!("{}:\n\n", parts::waves(study));
    for (how, outcomes) in parts::instruments(study) {
        let names: Vec<String> = outcomes.iter().map(|id| format!("`{id}`")).collect();
        let _ = writeln!(out, "- {}: {}", names.join(", "), lower(&how));
    }
    out.push('\n');
    out
}

fn hypotheses(study: &Study) -> String {
    let mut out = "## What is asked\n\n".to_owned();
    if study.hypotheses.is_empty() {
        out.push_str("Nothing is tested: the study describes.\n\n");
    }
    for one in &study.hypotheses {
        let expected = match one.expect {
            Expect::Greater | Expect::Less => "Expected to be so",
            Expect::Different => "An open question",
        };
        let implied = if one.implied_by_theory {
            " **Implied by the theory**: the model's equations contain the answer's direction, so that a confirmation is no \
             evidence for it."
        } else {
            ""
        };
        let _ = writeln!(out, "- **{}. {}.** {expected}.{implied}", one.id, one.statement.trim_end_matches('.'));
    }
    out.push('\n');
    out
}

fn estimands(study: &Study) -> String {
    if study.hypotheses.is_empty() {
        return String::new();
    }
    let mut out = "## What is estimated, and how\n\n".to_owned();
    let _ = writeln!(out, "{}\n", parts::TRUTH);
    for words in parts::truths(study) {
        let _ = writeln!(out, "- {words}");
    }
    out.push('\n');
    for one in &study.hypotheses {
        let about = outcomes::find(one.outcome).map(|index| &OUTCOMES[index]);
        let (meaning, unit) = about.map_or(("", ""), |about| (about.meaning, about.unit));
        let _ = writeln!(out, "- **{}**: {} {}", one.id, code(one, &contrast(study, one)), answer(one));
        let _ = writeln!(out, "  `{}`: {} Unit: {unit}.", one.outcome, meaning);
    }
    out.push_str("\n| estimator | what it does | what it assumes |\n|---|---|---|\n");
    for one in parts::estimators(study) {
        let _ = writeln!(out, "| `{}` | {} | {} |", one.id, cell(one.meaning), cell(one.assumptions));
    }
    out.push('\n');
    out
}

/// A sentence that begins with an outcome's name.
fn code(one: &Hypothesis, words: &str) -> String {
    match words.strip_prefix(one.outcome) {
        Some(rest) => format!("`{}`{rest}", one.outcome),
        None => words.to_owned(),
    }
}

fn parameters(study: &Study) -> String {
    let changed = study.parameters.changed();
    let mut out = "## Parameters that differ from their defaults\n\n".to_owned();
    if changed.is_empty() {
        out.push_str("None outside the arms. [All parameters](../parameters.md).\n\n");
        return out;
    }
    out.push_str("| parameter | here | default | unit | meaning |\n|---|---|---|---|---|\n");
    for (entry, value) in changed {
        let (here, usual) = (number(value), number(entry.default));
        let _ = writeln!(out, "| `{}` | {here} | {usual} | {} | {} |", entry.id, cell(entry.unit), cell(entry.meaning));
    }
    out.push_str("\n[All parameters](../parameters.md).\n\n");
    out
}

fn shown(material: &Material) -> String {
    let (study, findings) = (material.study, material.findings);
    let mut out = "## What a run showed\n\n".to_owned();
    let times = counted(study.monte_carlo.replications, "replication");
    let _ = writeln!(
        out,
        "{times} from the seed {}. The study itself asks for {}: its numbers are then more certain, and a little different.\n",
        study.monte_carlo.seed, material.replications
    );
    if findings.is_empty() {
        return out;
    }
    out.push_str("| | estimator | estimate [middle 95%] | truth [95% interval] | if everyone had it | power | coverage | verdict |\n");
    out.push_str("|---|---|---|---|---|---|---|---|\n");
    for one in findings {
        let middle = one.middle.map_or_else(String::new, |(low, high)| {
            format!(" [{}, {}]", amount(one, Some(low)), amount(one, Some(high)))
        });
        let sure = one.truth.zip(one.truth_mcse).map_or_else(String::new, |(truth, error)| {
            format!(" [{}, {}]", amount(one, Some(truth - 1.96 * error)), amount(one, Some(truth + 1.96 * error)))
        });
        let _ = writeln!(
            out,
            "| {} | `{}` | {}{middle} | {}{sure} | {} | {} | {} | {} |",
            one.hypothesis,
            one.estimator,
            amount(one, one.estimate),
            amount(one, one.truth),
            amount(one, one.total),
            percent(one.power),
            percent(one.coverage),
            one.short(),
        );
    }
    out.push('\n');
    for one in findings.iter().filter(|one| one.primary) {
        let remark = one.remark.as_ref().map_or_else(String::new, |remark| format!(" {remark}"));
        let _ = writeln!(out, "- **{}**: {}{remark}", one.hypothesis, reading(one));
    }
    out.push('\n');
    let analyses: String = findings
        .iter()
        .filter_map(|one| Some(format!("- **{}**: {}\n", one.hypothesis, one.analyses.as_ref()?)))
        .collect();
    if !analyses.is_empty() {
        let _ = writeln!(out, "Which analysis to trust:\n\n{analyses}");
    }
    let cautions = findings.iter().flat_map(|one| {
        one.cautions.iter().map(move |words| format!("- {}, `{}`: {words}.\n", one.hypothesis, one.estimator))
    });
    let cautions: String = cautions.collect();
    if !cautions.is_empty() {
        let _ = writeln!(out, "What a reviewer would object to:\n\n{cautions}");
    }
    if material.estimates {
        out.push_str(&picture(study, "estimates", "Estimates over all replications, beside the truth"));
    }
    out
}

fn limits(material: &Material) -> String {
    let mut out = format!("## What it does not show\n\n{CAVEAT}\n\n");
    for words in parts::implied_and_open(material.study) {
        let _ = writeln!(out, "{words}\n");
    }
    out
}

fn discussion(study: &Study) -> String {
    if study.discussion.is_empty() {
        return String::new();
    }
    let mut out = "## What a teacher can ask a class\n\n".to_owned();
    for (number, question) in study.discussion.iter().enumerate() {
        let _ = writeln!(out, "{}. {question}", number + 1);
    }
    out.push('\n');
    out
}

fn commands(material: &Material) -> String {
    let study = material.study;
    let id = &study.id;
    let mut out = format!(
        "## Run it, and change it\n\n```sh\npeerlab show {id}\npeerlab run {id} --replications {}\n",
        study.monte_carlo.replications
    );
    for change in changes(study) {
        let _ = writeln!(out, "peerlab run {id} --replications {} --set {change}", study.monte_carlo.replications);
    }
    let _ = writeln!(out, "peerlab new my-study.toml --from {id}\npeerlab check my-study.toml\n```");
    out
}

/// Changes that the scenario accepts, written for a shell.
fn changes(study: &Study) -> Vec<String> {
    let text = resolved::to_toml(study);
    let dyads = study.population.dyads;
    let mut candidates =
        vec![vec![format!("population.dyads={}", dyads / 2), format!("population.dyads={}", 2 * dyads)]];
    // The arms of a factorial design are made by it: they do not stand in the scenario.
    let written = if study.factors.is_empty() { study.arms.as_slice() } else { &[] };
    candidates.extend(
        written
            .iter()
            .find(|arm| !arm.treatments.is_empty())
            .map(|arm| vec![format!("arm.\"{}\".{}.dose=0", arm.name, arm.treatments[0].id)]),
    );
    candidates.push(vec!["organization.competition=0.8".to_owned()]);
    candidates
        .into_iter()
        .filter_map(|group| group.into_iter().find(|one| read(&text, "resolved", std::slice::from_ref(one)).is_ok()))
        .map(|one| if one.contains([' ', '"']) { format!("'{one}'") } else { one })
        .collect()
}

/// Text that may stand in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
