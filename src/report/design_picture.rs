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
        1 => "One more arm is not shown.".to_owned(),
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
        receives.push(workshop(arm).unwrap_or_default() + &uncapitalized(&form(arm.program)));
    }
    receives.extend(eligible(study, arm).map(|who| who.trim_end_matches('.').to_owned()));
    receives.extend(arm.treatments.iter().map(given));
    for (entry, here, there) in own_parameters(study, arm) {
        receives.push(set_apart(entry.id, here, there));
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

/// What a scenario calls a workshop is in the model, whose time goes by weeks, a program of its shortest length.
fn workshop(arm: &Arm) -> Option<String> {
    let called = arm.name.to_lowercase().contains("workshop");
    (called && arm.program.kind == Kind::Formal && arm.program.weeks == 1).then(|| "a workshop, modeled as ".to_owned())
}

/// A parameter in which an arm differs from the study: a sponsor reads what it means where that can be said.
fn set_apart(id: &str, here: f64, there: f64) -> String {
    // The process has three steps; an arm that may take one more than others is said as it is.
    match id {
        "program.last_step" if here < there => format!("stops after step {} of {}", number(here), number(there)),
        _ => format!("{} {} (elsewhere {})", named(id), number(here), number(there)),
    }
}

/// What is done to an arm's members at the start. The dose of a training is in SD of a state; of an assessment and of
/// facilitation one is the whole.
fn given(one: &Treatment) -> String {
    let whole = one.dose == 1.0 && ["assessment.", "facilitation."].iter().any(|kind| one.id.starts_with(kind));
    let dose = if whole { String::new() } else { format!(", dose {}", number(one.dose)) };
    let what = match one.id {
        "assessment.self" => "self-assessment",
        "assessment.three_sixty" => "360-degree assessment",
        "training.active_listening" => "training in active listening",
        "training.disclosure" => "training in self-disclosure",
        "training.feedback" => "training in giving and receiving feedback",
        "training.mind_set" => "training toward a growth mind-set",
        "talk.benefits" => "a talk on the benefits of peer coaching",
        "facilitation.connections" => "a facilitator works with each pair before it begins",
        other => match other.split_once('.') {
            Some(("shift", state)) => {
                let way = if one.dose < 0.0 { "lowered" } else { "raised" };
                return format!("{} {way} by {} SD, nothing else changed", plain(state), number(one.dose.abs()));
            }
            Some((kind, what)) => return format!("{} ({}){dose}", plain(what), plain(kind)),
            None => return format!("{}{dose}", plain(other)),
        },
    };
    format!("{what}{dose}")
}

/// A parameter's name in words, without the section it stands in.
fn named(id: &str) -> String {
    plain(id.split_once('.').map_or(id, |(_, name)| name))
}

fn plain(id: &str) -> String {
    id.replace(['_', '.'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::builtin;

    #[test]
    fn what_an_arm_receives_is_said_in_plain_words() {
        let receives = |id: &str, arm: &str| {
            let study = builtin::find(id).unwrap().read(&[]).unwrap().study;
            design(&study).arms.into_iter().find(|track| track.name == arm).unwrap().receives
        };
        assert_eq!(receives("three-steps", "told to help each other")[0], "structure 0 (elsewhere 0.6)");
        assert_eq!(receives("three-steps", "stop after step 1"), ["stops after step 1 of 3"]);
        assert_eq!(receives("self-awareness", "assessment"), ["self-assessment", "360-degree assessment"]);
        assert_eq!(receives("self-awareness", "listening training"), ["training in active listening, dose 0.8"]);
        assert_eq!(
            receives("questionnaire", "more role agility"),
            ["role agility raised by 0.5 SD, nothing else changed"]
        );
        let shortest = "a workshop, modeled as a formal program of 1 week, with pairs made by lot";
        assert_eq!(receives("three-steps-length", "one-day workshop"), [shortest]);
        assert_eq!(receives("three-steps-length", "twelve weeks"), ["the program alone"]);
    }

    #[test]
    fn every_treatment_of_the_catalogue_has_plain_words() {
        for kind in crate::study::treatment::CATALOGUE {
            let words = given(&Treatment { id: kind.id, dose: 0.8, decay: 0.0 });
            assert!(!words.contains('_') && words.contains("0.8"), "{words}");
        }
    }
}
