//! A study's design as a picture: from the declaration to what the figure draws.

use super::study_page::MOST_ARMS;
use super::text::{counted, number};
use super::words::{assigned, eligible, form, own_parameters, own_values, people, program, role, size, trait_id};
use crate::figures::{Design, Figure, Stage, Track};
use crate::model::outcomes::{self, Source};
use crate::study::context::Change;
use crate::study::declaration::{Allocation, Arm, Instrument, Kind, Study, Treatment};

/// The picture of a design.
pub fn design_picture(study: &Study) -> Figure {
    Figure::Design(Box::new(design(study)))
}

fn design(study: &Study) -> Design {
    let ends = study.arms.iter().map(|arm| arm.program.weeks + arm.program.follow_up_weeks);
    let last = ends.chain(study.measurement.waves.last().copied()).max().unwrap_or(0);
    let mut stages = vec![stage("Recruited", vec![recruited(study)])];
    if !study.settings.is_empty() {
        let settings = study.settings.iter().map(|setting| {
            let all = own_values(study, setting);
            let all: Vec<String> =
                all.iter().map(|(entry, value)| format!("{} {}", named(entry.id), number(*value))).collect();
            let what = all.join(", ");
            let what = if what.is_empty() { String::new() } else { format!(": {what}") };
            format!("{}, {}{what}", setting.name, counted(setting.count, "organization"))
        });
        stages.push(stage("Settings", settings.collect()));
    }
    if !study.schedule.is_empty() {
        stages.push(stage("Everywhere", study.schedule.iter().map(dated).collect()));
    }
    if !study.factors.is_empty() {
        let lettered = in_a_matrix(study);
        let factors = study.factors.iter().enumerate().map(|(index, factor)| match lettered {
            true => format!("{} ({})", factor.name, Design::letter(index)),
            false => factor.name.clone(),
        });
        let factors: Vec<String> = factors.collect();
        stages.push(stage("Factors", vec![format!("Each low or high: {}", factors.join(", "))]));
    }
    stages.push(match study.design.allocation {
        Allocation::None => {
            stage("Observed", vec![format!("Nobody is assigned to anything: a survey{}", watched(study))])
        }
        _ => stage("Assigned", vec![assigned(study).trim_end_matches('.').to_owned()]),
    });
    let mut arms: Vec<Track> = study.arms.iter().map(|arm| track(study, arm)).collect();
    // In a matrix an arm takes a line.
    let most = if in_a_matrix(study) { MOST_RUNS } else { MOST_ARMS };
    let more = arms.len().saturating_sub(most);
    arms.truncate(most);
    let note = match more {
        0 => String::new(),
        more => format!("{more} more arms are not shown."),
    };
    Design {
        title: study.title.clone(),
        subtitle: "The design: who is recruited, how arms are assigned, what each arm receives, when it is measured"
            .into(),
        stages,
        arms,
        waves: study.measurement.waves.iter().map(|week| *week as f64).collect(),
        last: last as f64,
        note,
    }
}

/// Factors up to which an arm's are told in words; those of more are a matrix of runs and factors.
const FACTORS_IN_WORDS: usize = 4;
/// Most runs of a matrix.
const MOST_RUNS: usize = 64;

fn in_a_matrix(study: &Study) -> bool {
    study.factors.len() > FACTORS_IN_WORDS
}

/// Who watches, where an outcome is in an observer's notes.
fn watched(study: &Study) -> String {
    let noted = |one: &Instrument| {
        outcomes::find(one.outcome).is_some_and(|index| outcomes::OUTCOMES[index].source == Source::Observer)
    };
    if !study.measurement.instruments.iter().any(noted) {
        return String::new();
    }
    let observer = study.measurement.observer;
    let (seen, misread) = (number(100.0 * observer.detection), number(observer.noise));
    format!(". An observer sees {seen} of 100 meetings and misreads their felt quality with an SD of {misread}")
}

fn stage(title: &str, boxes: Vec<String>) -> Stage {
    Stage { title: title.to_owned(), boxes }
}

fn recruited(study: &Study) -> String {
    let mut words = format!("{}. {}", people(study), program(study));
    if !study.population.traits.is_empty() {
        let traits: Vec<String> = study
            .population
            .traits
            .iter()
            .map(|shift| format!("{} {} (SD {})", plain(trait_id(shift.state)), number(shift.mean), number(shift.sd)))
            .collect();
        words.push_str(&format!(". Differing from the reference population in {}", traits.join(", ")));
    }
    words
}

fn track(study: &Study, arm: &Arm) -> Track {
    let receives = if study.factors.is_empty() { receives(study, arm) } else { vec![high(study, arm)] };
    let role = role(study, arm);
    let sized = size(study, arm);
    Track {
        name: arm.name.clone(),
        size: if role.is_empty() { sized } else { format!("{sized}, {role}") },
        receives,
        high: if in_a_matrix(study) { arm.levels.clone() } else { Vec::new() },
        program: match arm.program.kind {
            Kind::Formal => Some(arm.program.weeks as f64),
            // Colleagues who seek each other have no program whose end would stop them.
            Kind::Informal => Some((arm.program.weeks + arm.program.follow_up_weeks) as f64),
            Kind::None => None,
        },
        informal: arm.program.kind == Kind::Informal,
        events: (!arm.treatments.is_empty())
            .then_some(0)
            .into_iter()
            .chain(study.schedule.iter().chain(&arm.schedule).map(|change| change.week))
            .map(|week| week as f64)
            .collect(),
    }
}

fn uncapitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// A change of the organizations, with its week.
fn dated(change: &Change) -> String {
    let values: Vec<String> =
        change.values.iter().map(|(id, value)| format!("{} {}", named(id), number(*value))).collect();
    format!("after week {}: {}", change.week, values.join(", "))
}

/// What an arm's members have beside what everyone has, one thing a line.
fn receives(study: &Study, arm: &Arm) -> Vec<String> {
    let mut receives = Vec::new();
    if form(arm.program) != form(study.program) {
        receives.push(uncapitalized(&form(arm.program)));
    }
    receives.extend(eligible(study, arm).map(|who| who.trim_end_matches('.').to_owned()));
    receives.extend(arm.treatments.iter().map(given));
    for (entry, here, there) in own_parameters(study, arm) {
        receives.push(format!("{} {}, elsewhere {}", named(entry.id), number(here), number(there)));
    }
    receives.extend(arm.schedule.iter().map(dated));
    if receives.is_empty() {
        receives.push(
            match arm.program.kind {
                Kind::None => "no coaching",
                Kind::Informal => "informal coaching alone",
                Kind::Formal => "the program alone",
            }
            .to_owned(),
        );
    }
    receives
}

/// The factors that are at their high level in an arm: what each of them sets is said on the page.
fn high(study: &Study, arm: &Arm) -> String {
    let high = study.factors.iter().zip(&arm.levels).filter(|(_, high)| **high);
    let names: Vec<&str> = high.map(|(factor, _)| factor.name.as_str()).collect();
    if names.is_empty() { "every factor low".to_owned() } else { format!("high: {}", names.join(", ")) }
}

/// What is done to an arm's members at the start.
fn given(one: &Treatment) -> String {
    match one.id.split_once('.') {
        Some((kind, what)) => format!("{} ({}), dose {}", plain(what), plain(kind), number(one.dose)),
        None => format!("{}, dose {}", plain(one.id), number(one.dose)),
    }
}

/// A parameter's name in words, without the section it stands in.
fn named(id: &str) -> String {
    plain(id.split_once('.').map_or(id, |(_, name)| name))
}

fn plain(id: &str) -> String {
    id.replace(['_', '.'], " ")
}
