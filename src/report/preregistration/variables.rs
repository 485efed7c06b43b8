//! What is manipulated, what is measured, and what is computed from it.

use std::fmt::Write as _;

use super::{Material, ids};
use crate::model::outcomes::{Source, in_words};
use crate::report::factors::levels;
use crate::report::study_page::arms;
use crate::report::text::{capitalized, number};
use crate::report::words::{instrument, screened};
use crate::study::attribute;
use crate::study::declaration::{Allocation, Ask, Level, Moderator, Score, Study};

/// The arms, or the factors, with what their members receive.
pub(super) fn manipulated(study: &Study) -> String {
    if study.design.allocation == Allocation::None {
        return "None: nothing is manipulated.".to_owned();
    }
    let mut out = String::new();
    if study.design.allocation == Allocation::SelfSelected {
        out.push_str("Nothing is assigned; what people choose between:\n\n");
    }
    if study.factors.is_empty() {
        let shown = Study { arms: study.arms.iter().filter(|arm| arm.share > 0.0).cloned().collect(), ..study.clone() };
        out.push_str(&arms(&shown));
    } else {
        out.push_str("| factor | low | high |\n|---|---|---|\n");
        for (index, factor) in study.factors.iter().enumerate() {
            let [low, high] = levels(study, index);
            let _ = writeln!(out, "| {} | {low} | {high} |", factor.name);
        }
        out.push('\n');
    }
    out.push_str(
        "What is said of states and doses is how the simulation stands for the treatment: assumed. [What participants really get: material, \
         hours, who leads it, and what the control group does meanwhile]",
    );
    out
}

/// Every instrument, screening and attribute that the analysis uses.
pub(super) fn measured(material: &Material) -> String {
    let study = material.study();
    let weeks: Vec<String> = study.measurement.waves.iter().map(usize::to_string).collect();
    let mut out = format!("Measured in weeks {}:\n\n", weeks.join(", "));
    for scale in &material.plan.scales {
        let id = scale.about.id;
        let roles = roles(material, id);
        let roles = if roles.is_empty() { "not used by a hypothesis".to_owned() } else { roles };
        let asked = match scale.about.source {
            Source::Questionnaire => " [Name and source of the questionnaire, its items and response scale]",
            Source::Diary => " [How the diary is kept]",
            Source::Records => " [Which records, and who gives access]",
            Source::Observer => " [Who observes, with which protocol, and how observers agree]",
        };
        let _ = writeln!(
            out,
            "- **{}** (`{id}`; {roles}). {} As simulated (assumed): {}{asked}",
            capitalized(&in_words(id)),
            scale.about.meaning,
            uncapitalized(&instrument(&scale.instrument, study.measurement.observer)),
        );
    }
    let mut attributes: Vec<&'static str> = Vec::new();
    for one in &study.hypotheses {
        if let Ask::Moderated(_, Moderator::Attribute { attribute: id, .. } | Moderator::Standing(id)) = &one.ask
            && !attributes.contains(id)
        {
            attributes.push(id);
        }
    }
    for known in attributes.iter().filter_map(|id| attribute::find(id)) {
        let _ = writeln!(
            out,
            "- **{}** (moderator). {} [How it is asked]",
            capitalized(&in_words(known.id)),
            known.meaning
        );
    }
    if let Some(screening) = study.design.screening {
        let _ = writeln!(
            out,
            "- **Screening for {}** (before assignment). As simulated (assumed): one score with a reliability of {}. [The instrument]",
            screened(screening.what),
            number(screening.reliability)
        );
    }
    if study.measurement.attrition > 0.0 {
        let last = *study.measurement.waves.last().unwrap_or(&0) as f64;
        let lost = 100.0 * (1.0 - libm::pow(1.0 - study.measurement.attrition, last));
        let _ = writeln!(
            out,
            "\nThe simulation assumes that {} % of the participants stop answering per week, {} % by week {last}, besides those who leave the \
             organization.",
            number(100.0 * study.measurement.attrition),
            lost.round()
        );
    }
    out
}

/// A text that goes on after a colon.
fn uncapitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What an outcome is used for.
fn roles(material: &Material, id: &str) -> String {
    let study = material.study();
    let mut roles = Vec::new();
    let mut add = |what: &str, whose: String| {
        if !whose.is_empty() {
            roles.push(format!("{what} of {whose}"));
        }
    };
    add("outcome", ids(study, |one| one.outcome == id));
    add("predictor", ids(study, |one| matches!(&one.ask, Ask::Association(asked) if asked.predictor == id)));
    add("moderator", ids(study, |one| matches!(&one.ask, Ask::Moderated(_, Moderator::Measured(what)) if *what == id)));
    let adjusts = |index: usize| {
        material.plan.questions[index].estimators.first().is_some_and(|one| one.specification.covariates())
    };
    let at = |wanted: &str| study.hypotheses.iter().position(|one| one.id == wanted);
    add("covariate", ids(study, |one| one.covariates.contains(&id) && at(&one.id).is_some_and(adjusts)));
    roles.join("; ")
}

/// Scores that are computed from what is measured.
pub(super) fn indices(material: &Material) -> String {
    let study = material.study();
    let mut out = String::new();
    if material
        .plan
        .scales
        .iter()
        .any(|scale| scale.about.source == Source::Questionnaire && scale.instrument.items > 1)
    {
        out.push_str("The score of a questionnaire is the mean of its items. [How many items may be missing; reliability is reported as Cronbach's alpha at each wave]\n");
    }
    let changes = ids(study, |one| one.score == Score::Change);
    if !changes.is_empty() {
        let _ = write!(out, "\nChange ({changes}): the score at the hypothesis' week minus the score at week 0.\n");
    }
    let any = ids(study, |one| one.score == Score::Any);
    if !any.is_empty() {
        let _ = write!(out, "\nAny ({any}): 1 if the score at the hypothesis' week is above 0, else 0.\n");
    }
    for (level, words) in
        [(Level::Dyad, "pair or circle"), (Level::Team, "team"), (Level::Organization, "organization")]
    {
        let whose = ids(study, |one| one.level == level);
        if !whose.is_empty() {
            let _ = write!(
                out,
                "\nMeans ({whose}): the mean over the members of each {words} who answered is one observation. [How agreement of its members is \
                 judged]\n"
            );
        }
    }
    if out.is_empty() {
        out.push_str("None: what is measured is analyzed as it is.");
    }
    out.trim_start().to_owned()
}
