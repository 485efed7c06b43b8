//! The page of a study: what it asks, its design, what is estimated and how, what a run of it showed, and what a class can
//! discuss about it. Made of the scenario, the registry and a run's findings; the same three give the same bytes.

use std::fmt::Write as _;

use super::summary::{CAVEAT, amount, percent, reading};
use super::text::{capitalized, counted, number};
use super::verdict::Finding;
use super::words::{
    answer, assigned, changed, contrast, eligible, form, instrument, moves, own_parameters, own_values, people, role,
    size,
};
use crate::model::outcomes::{self, OUTCOMES};
use crate::scenario::{read, resolved};
use crate::study::declaration::{Allocation, Ask, Expect, Hypothesis, Kind, Study};
use crate::study::estimators::{self, Scaling};

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
    let follow_up = match (study.program.kind, study.program.follow_up_weeks) {
        (_, 0) | (Kind::Informal | Kind::None, _) => String::new(),
        (Kind::Formal, weeks) => format!(", then {} of follow-up", counted(weeks, "week")),
    };
    let _ = write!(out, "{}. ", people(study));
    let _ = write!(out, "{}{follow_up}. ", form(study.program));
    let _ = writeln!(out, "{}\n", assigned(study));
    if !study.factors.is_empty() {
        let factors: Vec<String> = study.factors.iter().map(|one| format!("{} (`{}`)", one.name, one.id)).collect();
        let _ = writeln!(out, "Factors, each at a low or a high level: {}.\n", factors.join(", "));
    }
    out
}

pub(super) fn arms(study: &Study) -> String {
    let mut out = "| arm | how many | what it receives |\n|---|---|---|\n".to_owned();
    for arm in study.arms.iter().take(MOST_ARMS) {
        let mut receives = Vec::new();
        if form(arm.program) != form(study.program) {
            receives.push(form(arm.program) + ".");
        }
        receives.extend(eligible(study, arm).map(|who| who.trim_end_matches('.').to_owned() + "."));
        receives.extend(arm.treatments.iter().map(moves));
        let own = own_parameters(study, arm);
        receives.extend(
            own.iter().map(|(entry, here, there)| {
                format!("`{}` {} in place of {}.", entry.id, number(*here), number(*there))
            }),
        );
        receives.extend(arm.schedule.iter().map(|change| capitalized(&changed(change)) + "."));
        if receives.is_empty() {
            receives.push(match arm.program.kind {
                Kind::None => "No coaching, and nothing else.".to_owned(),
                Kind::Informal => "Informal coaching, and nothing else that moves a state.".to_owned(),
                Kind::Formal => "The program, and nothing else that moves a state.".to_owned(),
            });
        }
        let sized = [size(study, arm).as_str(), role(study, arm)].join(", ");
        let sized = sized.trim_end_matches(", ");
        let _ = writeln!(out, "| {} | {sized} | {} |", cell(&arm.name), cell(&receives.join(" ")));
    }
    if study.arms.len() > MOST_ARMS {
        let more = study.arms.len() - MOST_ARMS;
        let _ = writeln!(out, "| and {more} more | | `peerlab show {}` tells them all. |", study.id);
    }
    out.push('\n');
    if !study.settings.is_empty() {
        out.push_str("| setting | organizations | how it differs |\n|---|---|---|\n");
        for setting in &study.settings {
            let differs = own_values(study, setting);
            let differs: Vec<String> =
                differs.iter().map(|(entry, value)| format!("`{}` {}", entry.id, number(*value))).collect();
            let differs = if differs.is_empty() { "as the study".to_owned() } else { differs.join(", ") };
            let _ = writeln!(out, "| {} | {} | {differs} |", cell(&setting.name), setting.count);
        }
        out.push('\n');
    }
    for change in &study.schedule {
        let _ = writeln!(out, "Everywhere {}.\n", changed(change));
    }
    out
}

fn measurement(study: &Study) -> String {
    let weeks: Vec<String> = study.measurement.waves.iter().map(usize::to_string).collect();
    let mut out = format!("Measured in week{} {}:\n\n", if weeks.len() == 1 { "" } else { "s" }, weeks.join(", "));
    // Instruments that are alike stand together.
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for one in &study.measurement.instruments {
        let (how, name) = (instrument(one, study.measurement.observer), format!("`{}`", one.outcome));
        match groups.iter_mut().find(|(known, _)| *known == how) {
            Some((_, names)) => names.push(name),
            None => groups.push((how, vec![name])),
        }
    }
    for (how, names) in groups {
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

/// What truth means for the kinds of questions that this study asks.
fn truths(study: &Study) -> String {
    let mut out = String::from(
        "Every replication simulates the observed study (its values are *Y*) and, with the same people and the same luck, worlds in \
         which everyone has one arm (*Y* with the arm's name). What is true is therefore known, free of measurement error.\n\n",
    );
    let any = |test: &dyn Fn(&Ask) -> bool| study.hypotheses.iter().any(|one| test(&one.ask));
    let chosen = study.design.allocation == Allocation::SelfSelected;
    let mut say = |words: &str| {
        let _ = writeln!(out, "- {words}");
    };
    if any(&|ask| matches!(ask, Ask::Contrast(_) | Ask::Moderated(..))) {
        if chosen {
            say(
                "**truth** of two arms that people choose: what having the one rather than the other does to everyone, `mean over \
                 everyone of (Y[treated] - Y[reference])`. What the arms differ in beyond that is who chose them.",
            );
        } else {
            say(
                "**truth** of two arms: the design's own contrast without the luck of assignment, `mean over the treated of (Y - \
                 Y[reference]) - mean over the reference arm of (Y - Y[reference])`. An estimator without bias hits it on average.",
            );
        }
        if study.arms.iter().any(|arm| arm.pairs.is_some()) {
            say(
                "**truth** of two arms that hold other people, one open to those whom the other is closed to: the contrast of \
                 true outcomes in the sample. Nobody can say what the people of one would be in the other: there is no effect if \
                 everyone had it.",
            );
        }
        say(
            "**if everyone had it**: `mean over everyone of (Y[treated] - Y[reference])`. It differs from the truth where something \
             reaches those who were not treated.",
        );
    }
    if any(&|ask| matches!(ask, Ask::Moderated(..))) {
        say(
            "**truth** of a moderated contrast: the same, with each mean replaced by its difference between the moderator's two levels, or by its slope.",
        );
    }
    if any(&|ask| matches!(ask, Ask::Factors(_))) {
        say(
            "**truth** of a factor, or of an interaction of factors: the coefficient of the design's own linear model on `Y - \
             Y[control]`, over all arms at once.",
        );
    }
    let in_unit = |unit: Scaling| {
        let mut ids = study.hypotheses.iter().flat_map(|one| &one.estimators);
        ids.any(|id| estimators::find(id).is_some_and(|one| one.specification.scaling() == unit))
    };
    if in_unit(Scaling::PerWeek) {
        say(
            "**truth** of growth: the same contrast of each person's slope over the waves, `mean over the treated of (slope of Y - slope \
             of Y[reference])` less that over the reference arm, per week. Where the course is no straight line it is the best one's.",
        );
    }
    if in_unit(Scaling::LogOdds) {
        say(
            "**truth** of log odds: `ln(p / (1 - p))` of the treated less that of the reference arm, where an arm's share `p` is `mean \
             over everyone of Y[reference]` and what the arm adds to it, `mean over the arm of (Y - Y[reference])`.",
        );
    }
    if any(&|ask| matches!(ask, Ask::Association(_))) {
        say(
            "**truth** of an association: the causal slope, `mean of (Y[moved] - Y[control]) / mean of (X[moved] - X[control])`, from a \
             world in which the predictor *X* of everyone is moved; where no arm moves it, the association itself without error. \
             The distance from there to the estimate is confounding, selection, error of measurement, and what the scales of one \
             person share.",
        );
    }
    if any(&|ask| matches!(ask, Ask::Resemblance(_))) {
        say(
            "**truth** of a resemblance: the intraclass correlation of true scores within arms, in the observed world. Errors of \
             measurement pull the estimate toward 0.",
        );
    }
    out.push('\n');
    out
}

fn estimands(study: &Study) -> String {
    if study.hypotheses.is_empty() {
        return String::new();
    }
    let mut out = "## What is estimated, and how\n\n".to_owned();
    out.push_str(&truths(study));
    for one in &study.hypotheses {
        let about = outcomes::find(one.outcome).map(|index| &OUTCOMES[index]);
        let (meaning, unit) = about.map_or(("", ""), |about| (about.meaning, about.unit));
        let _ = writeln!(out, "- **{}**: {} {}", one.id, code(one, &contrast(study, one)), answer(one));
        let _ = writeln!(out, "  `{}`: {} Unit: {unit}.", one.outcome, meaning);
    }
    out.push_str("\n| estimator | what it does | what it assumes |\n|---|---|---|\n");
    let mut ids: Vec<&str> = Vec::new();
    for id in study.hypotheses.iter().flat_map(|one| &one.estimators) {
        if !ids.contains(id) {
            ids.push(id);
        }
    }
    for one in ids.iter().filter_map(|id| estimators::find(id)) {
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
            one.verdict.short(),
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
    let study = material.study;
    let implied: Vec<&str> =
        study.hypotheses.iter().filter(|one| one.implied_by_theory).map(|one| one.id.as_str()).collect();
    let open: Vec<&str> =
        study.hypotheses.iter().filter(|one| !one.implied_by_theory).map(|one| one.id.as_str()).collect();
    if !implied.is_empty() {
        let (is, it) = if implied.len() == 1 { ("is", "it") } else { ("are", "them") };
        let _ = writeln!(
            out,
            "{} {is} implied by the theory: a field experiment can refute {it}, this one cannot. What it does teach is how large \
             an effect would be, whom it reaches, and how many people it takes to see it.\n",
            implied.join(", ")
        );
    }
    if !open.is_empty() {
        let (is, its) = if open.len() == 1 { ("is", "its") } else { ("are", "their") };
        let _ = writeln!(
            out,
            "{} {is} not implied: {its} answer hangs on the sizes of opposing paths, and so on assumed numbers.\n",
            open.join(", ")
        );
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
