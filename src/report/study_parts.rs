//! A study's parts, worded once for every page that tells of it: Markdown, HTML and preregistration.

use serde::Serialize;

use super::study_page::MOST_ARMS;
use super::text::{capitalized, number};
use super::words::{
    assigned, changed, eligible, form, instrument, moves, own_parameters, own_values, people, program, role, size,
};
use crate::study::declaration::{Allocation, Ask, Kind, Study};
use crate::study::estimators::{self, Estimator, Scaling};

/// An arm in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ArmWords {
    /// Its name.
    pub name: String,
    /// How many units it has.
    pub size: String,
    /// What it is to the others; empty of most.
    pub role: &'static str,
    /// What its members receive, a sentence each.
    pub receives: String,
}

/// The first arms of a study, [`MOST_ARMS`] at most.
pub fn arms(study: &Study) -> Vec<ArmWords> {
    let shown = study.arms.iter().take(MOST_ARMS);
    shown
        .map(|arm| {
            let mut receives = Vec::new();
            if form(arm.program) != form(study.program) {
                receives.push(form(arm.program) + ".");
            }
            receives.extend(eligible(study, arm).map(|who| who.trim_end_matches('.').to_owned() + "."));
            receives.extend(arm.treatments.iter().map(moves));
            let own = own_parameters(study, arm);
            receives.extend(own.iter().map(|(entry, here, there)| {
                format!("`{}` {} in place of {}.", entry.id, number(*here), number(*there))
            }));
            receives.extend(arm.schedule.iter().map(|change| capitalized(&changed(change)) + "."));
            if receives.is_empty() {
                receives.push(match arm.program.kind {
                    Kind::None => "No coaching, and nothing else.".to_owned(),
                    Kind::Informal => "Informal coaching, and nothing else that moves a state.".to_owned(),
                    Kind::Formal => "The program, and nothing else that moves a state.".to_owned(),
                });
            }
            ArmWords {
                name: arm.name.clone(),
                size: size(study, arm),
                role: role(study, arm),
                receives: receives.join(" "),
            }
        })
        .collect()
}

/// A setting in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SettingWords {
    /// Its name.
    pub name: String,
    /// How many organizations it has.
    pub organizations: usize,
    /// In which values it differs from the study.
    pub differs: String,
}

/// The settings of a study.
pub fn settings(study: &Study) -> Vec<SettingWords> {
    let settings = study.settings.iter();
    settings
        .map(|setting| {
            let differs = own_values(study, setting);
            let differs: Vec<String> =
                differs.iter().map(|(entry, value)| format!("`{}` {}", entry.id, number(*value))).collect();
            SettingWords {
                name: setting.name.clone(),
                organizations: setting.count,
                differs: if differs.is_empty() { "as the study".to_owned() } else { differs.join(", ") },
            }
        })
        .collect()
}

/// What changes in every organization, a sentence each.
pub fn schedule(study: &Study) -> Vec<String> {
    study.schedule.iter().map(|change| format!("Everywhere {}.", changed(change))).collect()
}

/// Who is recruited, into what, and how arms are assigned.
pub fn design(study: &Study) -> String {
    format!("{}. {}. {}", people(study), program(study), assigned(study))
}

/// When is measured.
pub fn waves(study: &Study) -> String {
    let weeks: Vec<String> = study.measurement.waves.iter().map(usize::to_string).collect();
    format!("Measured in week{} {}", if weeks.len() == 1 { "" } else { "s" }, weeks.join(", "))
}

/// How is measured, each way with the outcomes that are measured so.
pub fn instruments(study: &Study) -> Vec<(String, Vec<&'static str>)> {
    let mut groups: Vec<(String, Vec<&'static str>)> = Vec::new();
    for one in &study.measurement.instruments {
        let how = instrument(one, study.measurement.observer);
        match groups.iter_mut().find(|(known, _)| *known == how) {
            Some((_, outcomes)) => outcomes.push(one.outcome),
            None => groups.push((how, vec![one.outcome])),
        }
    }
    groups
}

/// The estimators that a study uses, in the order in which they first occur.
pub fn estimators(study: &Study) -> Vec<&'static Estimator> {
    let mut ids: Vec<&str> = Vec::new();
    for id in study.hypotheses.iter().flat_map(|one| &one.estimators) {
        if !ids.contains(id) {
            ids.push(id);
        }
    }
    ids.into_iter().filter_map(estimators::find).collect()
}

/// Which hypotheses the equations imply and which they do not, a paragraph each.
pub fn implied_and_open(study: &Study) -> Vec<String> {
    let ids = |implied: bool| -> Vec<&str> {
        study.hypotheses.iter().filter(|one| one.implied_by_theory == implied).map(|one| one.id.as_str()).collect()
    };
    let (implied, open) = (ids(true), ids(false));
    let mut out = Vec::new();
    if !implied.is_empty() {
        let (is, it) = if implied.len() == 1 { ("is", "it") } else { ("are", "them") };
        out.push(format!(
            "{} {is} implied by the theory: a field experiment can refute {it}, this one cannot. What it does teach is how large \
             an effect would be, whom it reaches, and how many people it takes to see it.",
            implied.join(", ")
        ));
    }
    if !open.is_empty() {
        let (is, its) = if open.len() == 1 { ("is", "its") } else { ("are", "their") };
        out.push(format!(
            "{} {is} not implied: {its} answer hangs on the sizes of opposing paths, or on whether there is a path at all, and so on what is assumed.",
            open.join(", ")
        ));
    }
    out
}

/// Why truth is known.
pub const TRUTH: &str = "Every replication simulates the observed study (its values are *Y*) and, with the same people and the same \
luck, worlds in which everyone has one arm (*Y* with the arm's name). What is true is therefore known, free of measurement error.";

/// What truth means for the kinds of questions that this study asks.
pub fn truths(study: &Study) -> Vec<&'static str> {
    let mut out = Vec::new();
    let any = |test: &dyn Fn(&Ask) -> bool| study.hypotheses.iter().any(|one| test(&one.ask));
    let chosen = study.design.allocation == Allocation::SelfSelected;
    let mut say = |words: &'static str| out.push(words);
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
    out
}
