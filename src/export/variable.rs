//! The columns of an exported data set, and what the codebook says of them. Their names are those of [`crate::study::naming`].

use crate::model::outcomes::{Source, in_words};
use crate::report::text::capitalized;
use crate::results::{Column, Kind};
use crate::study::attribute::{ATTRIBUTES, Attribute};
use crate::study::declaration::Screened;
use crate::study::instrument::Scale;
use crate::study::naming::{
    ARM, COMPLETED, DYAD, EXPOSED, LONGEST, MEMBER, ORGANIZATION, PERSON, SETTING, TEAM, WEEK, factor, safe, score_at,
};
use crate::study::plan::Plan;
use crate::study::stepped_wedge::exposed_from;

/// What a column of a file is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// The number of the person.
    Person,
    /// Its pair or circle.
    Dyad,
    /// Its place there.
    Member,
    /// Its team.
    Team,
    /// Its organization.
    Organization,
    /// The organization's setting.
    Setting,
    /// The arm.
    Arm,
    /// Whether a factor is at its high level.
    Factor(usize),
    /// What a person is: an index of [`ATTRIBUTES`].
    Attribute(usize),
    /// The score of the screening.
    Screening,
    /// The week of the row, in the long file.
    Week,
    /// Whether the organization had changed, in the long file.
    Exposed,
    /// Whether the person has gone through with it up to a wave; in the long file up to the row's.
    Completed(Option<usize>),
    /// A scale's score at a wave; in the long file at the row's.
    Score {
        /// Index of the scale.
        scale: usize,
        /// Index of the wave; none: the row's.
        wave: Option<usize>,
    },
    /// The true score in its place.
    Truth {
        /// Index of the scale.
        scale: usize,
        /// Index of the wave; none: the row's.
        wave: Option<usize>,
    },
}

/// A column with its place in the codebook.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Name, kind, unit and label.
    pub column: Column,
    /// What it is filled with.
    pub content: Content,
    /// Possible values, in words; empty where there is nothing to say.
    pub range: String,
    /// Codes or labels with their meaning.
    pub values: Vec<(String, String)>,
    /// Whether a value can be missing.
    pub missing: bool,
}

/// The name of what is screened.
fn screened(what: Screened) -> &'static str {
    Screened::NAMES.iter().find(|(_, known)| *known == what).map_or("score", |(name, _)| name)
}

/// Columns of the file with a row per person.
pub fn wide(plan: &Plan, truths: bool) -> Vec<Variable> {
    let mut all = people(plan);
    all.extend((0..plan.study.measurement.waves.len()).map(|wave| completed(plan, Some(wave))));
    for scale in 0..plan.scales.len() {
        for wave in 0..plan.study.measurement.waves.len() {
            all.push(score(plan, scale, Some(wave)));
        }
    }
    if truths {
        for scale in 0..plan.scales.len() {
            all.extend((0..plan.study.measurement.waves.len()).map(|wave| truth(plan, scale, Some(wave))));
        }
    }
    distinct(all)
}

/// Columns of the file with a row per person and wave.
pub fn long(plan: &Plan, truths: bool) -> Vec<Variable> {
    let mut all = people(plan);
    let weeks: Vec<String> = plan.study.measurement.waves.iter().map(usize::to_string).collect();
    all.push(Variable {
        range: weeks.join(", "),
        ..variable(WEEK, Kind::Integer, "weeks", "Week of the measurement; 0 is before any treatment", Content::Week)
    });
    if (0..plan.study.arms.len()).any(|arm| exposed_from(plan, arm).is_some()) {
        all.push(Variable {
            values: codes(&[("0", "not yet"), ("1", "changed")]),
            ..variable(EXPOSED, Kind::Integer, "0 or 1", "Organization had changed before this wave", Content::Exposed)
        });
    }
    all.push(completed(plan, None));
    all.extend((0..plan.scales.len()).map(|scale| score(plan, scale, None)));
    if truths {
        all.extend((0..plan.scales.len()).map(|scale| truth(plan, scale, None)));
    }
    distinct(all)
}

fn variable(name: &str, kind: Kind, unit: &str, label: &str, content: Content) -> Variable {
    let column = Column::new(name, kind, unit, label);
    Variable { column, content, range: String::new(), values: Vec::new(), missing: false }
}

fn codes(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(code, label)| ((*code).to_owned(), (*label).to_owned())).collect()
}

/// What is known of a person whatever the wave.
fn people(plan: &Plan) -> Vec<Variable> {
    let study = &plan.study;
    let numbered = |name: &str, label: &str, content| variable(name, Kind::Integer, "number", label, content);
    let circles = study.arms.iter().any(|arm| arm.program.group_size > 2);
    let (dyad, member) = if circles {
        ("Pair or circle", "Place in the pair or circle; it means nothing")
    } else {
        ("Pair", "Place in the pair, 1 or 2; it means nothing")
    };
    let mut all = vec![
        numbered(PERSON, "Person, as numbered in the run's tables", Content::Person),
        numbered(DYAD, dyad, Content::Dyad),
        numbered(MEMBER, member, Content::Member),
        numbered(TEAM, "Team of the organization in which the person works", Content::Team),
        numbered(ORGANIZATION, "Organization", Content::Organization),
    ];
    if !study.settings.is_empty() {
        let settings = study.settings.iter().map(|setting| (setting.name.clone(), String::new())).collect();
        let label = "Setting to which the organization belongs";
        all.push(Variable { values: settings, ..variable(SETTING, Kind::Text, "name", label, Content::Setting) });
    }
    let meaning = |control: bool| if control { "control" } else { "" }.to_owned();
    let arms = study.arms.iter().filter(|arm| arm.share > 0.0);
    all.push(Variable {
        values: arms.map(|arm| (arm.name.clone(), meaning(arm.control))).collect(),
        ..variable(ARM, Kind::Text, "name", "Arm, as assigned at week 0", Content::Arm)
    });
    for (index, declared) in study.factors.iter().enumerate() {
        all.push(Variable {
            values: codes(&[("0", "low"), ("1", "high")]),
            ..variable(
                &factor(&plan.study.factors[index].id),
                Kind::Integer,
                "0 or 1",
                &declared.name,
                Content::Factor(index),
            )
        });
    }
    all.extend((0..ATTRIBUTES.len()).map(attribute));
    if let Some(screening) = study.design.screening {
        let name = safe(&format!("screening_{}", screened(screening.what)));
        let label =
            format!("Score of the screening for {} before assignment", screened(screening.what).replace('_', " "));
        let unit = "SD of the reference population";
        all.push(variable(&name, Kind::Real, unit, &label, Content::Screening));
    }
    all
}

fn attribute(index: usize) -> Variable {
    let Attribute { id, levels, meaning, .. } = &ATTRIBUTES[index];
    let label = meaning.trim_end_matches('.').split(", in SD").next().unwrap_or(meaning);
    let content = Content::Attribute(index);
    if levels.is_empty() {
        return variable(id, Kind::Real, "SD of the reference population", label, content);
    }
    let values = levels.iter().map(|level| ((*level).to_owned(), String::new())).collect();
    Variable { values, ..variable(id, Kind::Text, "name", label, content) }
}

fn completed(plan: &Plan, wave: Option<usize>) -> Variable {
    let name = match wave {
        Some(wave) => score_at(COMPLETED, plan.study.measurement.waves[wave]),
        None => COMPLETED.to_owned(),
    };
    let label = format!("Still coached, in the organization, and has answered everything so far{}", at(plan, wave));
    let content = Content::Completed(wave);
    Variable {
        values: codes(&[("0", "no"), ("1", "yes")]),
        ..variable(&name, Kind::Integer, "0 or 1", &label, content)
    }
}

/// The name of an outcome in words.
pub fn named(scale: &Scale) -> String {
    capitalized(&in_words(scale.about.id))
}

/// The unit of an instrument's score.
fn unit(scale: &Scale) -> String {
    match scale.about.source {
        Source::Questionnaire if scale.instrument.scale_points > 0 => "points of the response scale".to_owned(),
        _ => scale.about.unit.to_owned(),
    }
}

/// The values that a score can have.
fn range(scale: &Scale) -> String {
    let ((low, high), points) = (scale.about.range, scale.instrument.scale_points);
    match scale.about.source {
        Source::Questionnaire if points > 0 => format!("1 to {points}"),
        Source::Questionnaire | Source::Observer => "unbounded".to_owned(),
        _ if high.is_finite() && low.is_finite() => format!("{low} to {high}"),
        _ if low.is_finite() => format!("{low} and above"),
        _ => "unbounded".to_owned(),
    }
}

fn at(plan: &Plan, wave: Option<usize>) -> String {
    wave.map_or(String::new(), |wave| format!(", week {}", plan.study.measurement.waves[wave]))
}

fn score(plan: &Plan, index: usize, wave: Option<usize>) -> Variable {
    let scale = &plan.scales[index];
    let name = match wave {
        Some(wave) => score_at(scale.about.id, plan.study.measurement.waves[wave]),
        None => safe(scale.about.id),
    };
    let label = format!("{}{}", named(scale), at(plan, wave));
    Variable {
        range: range(scale),
        missing: true,
        ..variable(&name, Kind::Real, &unit(scale), &label, Content::Score { scale: index, wave })
    }
}

fn truth(plan: &Plan, index: usize, wave: Option<usize>) -> Variable {
    let observed = score(plan, index, wave);
    let mut name = observed.column.name;
    name.truncate(LONGEST - "_true".len());
    let label = format!("{}, true score free of error (nobody can see it)", observed.column.description);
    let content = Content::Truth { scale: index, wave };
    variable(&format!("{name}_true"), Kind::Real, &observed.column.unit, &label, content)
}

/// Names that were cut or cleaned may be the same: later ones get a number.
fn distinct(mut all: Vec<Variable>) -> Vec<Variable> {
    for index in 1..all.len() {
        let base = all[index].column.name.clone();
        let taken = |name: &str, all: &[Variable]| all[..index].iter().any(|one| one.column.name == name);
        let mut number = 2;
        while taken(&all[index].column.name, &all) {
            let tail = format!("_{number}");
            let mut name = base.clone();
            name.truncate(LONGEST - tail.len());
            all[index].column.name = name + &tail;
            number += 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct() {
        let long = "x".repeat(80);
        let all: Vec<Variable> =
            (0..3).map(|_| variable(&safe(&long), Kind::Real, "u", "l", Content::Screening)).collect();
        let names: Vec<String> = distinct(all).into_iter().map(|one| one.column.name).collect();
        assert_eq!(names[0].len(), 64);
        assert!(names[1].ends_with("_2") && names[2].ends_with("_3") && names.iter().all(|name| name.len() == 64));
    }
}
