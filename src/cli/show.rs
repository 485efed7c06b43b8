//! `peerlab show STUDY`: one study in words and a small picture.

use std::process::ExitCode;

use super::arguments::ShowArguments;
use super::describe::fades;
use super::picture;
use super::resolve::resolve;
use super::screen::{Ink, Screen, counted, number, print};
use super::words::{signed, trait_id, unit};
use crate::model::outcomes::{self, Source};
use crate::model::parameters::Parameter;
use crate::scenario::resolved;
use crate::study::declaration::{
    Allocation, Arm, Expect, Hypothesis, Instrument, Kind, Matching, Program, Score, Study, Treatment, Unit,
};
use crate::study::treatment;

pub(super) fn show(arguments: &ShowArguments) -> ExitCode {
    let study = match resolve(&arguments.study, &arguments.set) {
        Ok(scenario) => scenario.study,
        Err(trouble) => return trouble.report(),
    };
    if arguments.json {
        return print(&format!("{}\n", resolved::to_json(&study)));
    }
    let mut screen = Screen::standard();
    screen.lines(0, Ink::Strong, &study.title);
    let place = if study.source.is_empty() { study.id.clone() } else { format!("{}; {}", study.id, study.source) };
    screen.lines(0, Ink::Faint, &place);

    screen.heading("Question");
    screen.paragraph(2, &study.question);
    people(&study, &mut screen);
    design(&study, &mut screen);
    arms(&study, &mut screen);
    measurement(&study, &mut screen);
    hypotheses(&study, &mut screen);
    differences(&study, &mut screen);

    if !study.discussion.is_empty() {
        screen.heading("To discuss");
        for question in &study.discussion {
            screen.entry(2, "-", 1, Ink::Faint, question);
        }
    }

    screen.heading("Repeated");
    let times = counted(study.monte_carlo.replications, "time");
    screen.paragraph(2, &format!("{times}, from the seed {}.", study.monte_carlo.seed));
    screen.print()
}

fn people(study: &Study, screen: &mut Screen) {
    screen.heading("Who and where");
    let dyads = study.population.dyads;
    let place = counted(study.organizations, "organization");
    screen.paragraph(2, &format!("{} persons in {}, in {place}.", 2 * dyads, counted(dyads, "dyad")));
    if study.population.traits.is_empty() {
        screen.paragraph(2, "They are like the reference population in every trait.");
    } else {
        screen.paragraph(2, "They differ from the reference population (mean 0, SD 1):");
        let shift = |s: &crate::study::declaration::TraitShift| {
            (trait_id(s.state).to_owned(), format!("mean {}, SD {}", number(s.mean), number(s.sd)))
        };
        let shifts: Vec<_> = study.population.traits.iter().map(shift).collect();
        screen.entries(4, 30, Ink::Plain, &shifts);
    }
    screen.heading("Program");
    let mut words = form(study.program);
    if study.program.follow_up_weeks > 0 {
        words.push_str(&format!(", then {} of follow-up", counted(study.program.follow_up_weeks, "week")));
    }
    screen.paragraph(2, &format!("{words}."));
}

/// A program in words.
fn form(program: Program) -> String {
    let weeks = counted(program.weeks, "week");
    let pairs = match program.matching {
        Matching::Random => "pairs made by lot",
        Matching::SelfSelected => "pairs that choose each other",
        Matching::Needs => "pairs made by needs and expertise",
        Matching::Similarity => "pairs of the most alike",
        Matching::MindSetAlike => "pairs of the same mind-set",
        Matching::MindSetMixed => "pairs of different mind-sets",
        Matching::SeniorityMixed => "pairs of the senior with the junior",
        Matching::SeniorityAlike => "pairs of like seniority",
        Matching::Optimal => "pairs that fit best by needs",
    };
    match program.kind {
        Kind::Formal => format!("A formal program of {weeks}, with {pairs}"),
        Kind::Informal => format!("Informal coaching for {weeks}, with {pairs}"),
        Kind::None => "No coaching".to_owned(),
    }
}

fn design(study: &Study, screen: &mut Screen) {
    screen.heading("Design");
    let unit = match study.design.unit {
        Unit::Person => "Persons are assigned to arms one by one, so that partners may be in different arms",
        Unit::Dyad => "Dyads are assigned to arms, both members together",
        Unit::Organization => "Organizations are assigned to arms, everyone in them together",
    };
    let how = match study.design.allocation {
        Allocation::Simple => "each by its own draw",
        Allocation::Complete => "by lot, in fixed numbers per arm",
        Allocation::Blocked => "by lot, in fixed numbers per arm within each organization",
        Allocation::SelfSelected => "by their own choice, not by lot",
    };
    screen.paragraph(2, &format!("{unit}: {how}."));
    let picture = picture::picture(study, screen.width().saturating_sub(2));
    if !picture.is_empty() {
        screen.gap();
        for line in &picture {
            screen.line(2, &[(Ink::Plain, line)]);
        }
        screen.gap();
        screen.lines(2, Ink::Faint, &picture::legend(study));
    }
}

fn arms(study: &Study, screen: &mut Screen) {
    screen.heading("Arms");
    for arm in &study.arms {
        let role = if arm.control { "   control" } else { "" };
        let size = format!("   {}{role}", size(study, arm));
        screen.line(2, &[(Ink::Strong, &arm.name), (Ink::Faint, &size)]);
        if arm.program.kind != study.program.kind || arm.program.matching != study.program.matching {
            screen.paragraph(4, &format!("{}.", form(arm.program)));
        }
        for treatment in &arm.treatments {
            screen.paragraph(4, &moves(treatment));
        }
        let own: Vec<_> = arm
            .parameters
            .changed()
            .into_iter()
            .chain(study.parameters.changed())
            .filter(|(entry, _)| arm.parameters.get(entry.id) != study.parameters.get(entry.id))
            .map(|(entry, _)| entry)
            .collect();
        let mut said: Vec<&str> = Vec::new();
        for entry in own {
            if !said.contains(&entry.id) {
                said.push(entry.id);
                let value = |parameters: &crate::model::parameters::Parameters| {
                    parameters.get(entry.id).map_or(String::new(), number)
                };
                let (here, there) = (value(&arm.parameters), value(&study.parameters));
                screen.paragraph(4, &format!("{} {here} in place of {there}.", entry.id));
            }
        }
        if arm.treatments.is_empty() && said.is_empty() {
            screen.paragraph(4, "Nothing that moves a state is done to its members.");
        }
    }
}

/// How many units an arm has.
fn size(study: &Study, arm: &Arm) -> String {
    let (units, noun) = match study.design.unit {
        Unit::Person => (2 * study.population.dyads, "person"),
        Unit::Dyad => (study.population.dyads, "dyad"),
        Unit::Organization => (study.organizations, "organization"),
    };
    let expected = arm.share * units as f64;
    let whole = |value: f64| (value - value.round()).abs() < 1e-6;
    let even = match study.design.allocation {
        Allocation::Simple | Allocation::SelfSelected => false,
        Allocation::Complete => whole(expected),
        Allocation::Blocked => units % study.organizations == 0 && whole(expected / study.organizations as f64),
    };
    match study.design.allocation {
        _ if even => counted(expected.round() as usize, noun),
        Allocation::Complete => format!("{} or {}", number(expected.floor()), counted(expected.ceil() as usize, noun)),
        _ => format!("about {} {noun}s", number((10.0 * expected).round() / 10.0)),
    }
}

/// What a treatment does.
fn moves(one: &Treatment) -> String {
    let Some(kind) = treatment::find(one.id) else { return one.id.to_owned() };
    let moves: Vec<String> = kind
        .moves
        .iter()
        .map(|(which, multiple)| format!("{} {} {}", trait_id(*which), signed(multiple * one.dose), unit(*which)))
        .collect();
    let mut words = format!("{}, dose {}: {}", one.id, number(one.dose), moves.join(", "));
    if fades(kind) {
        words.push_str(&format!("; without practice {} % of it is lost per week", number(100.0 * one.decay)));
    }
    words + "."
}

fn measurement(study: &Study, screen: &mut Screen) {
    screen.heading("Measurement");
    let waves: Vec<String> = study.measurement.waves.iter().map(usize::to_string).collect();
    let weeks = if waves.len() == 1 { "week" } else { "weeks" };
    let mut words = format!("At {weeks} {}", waves.join(", "));
    if study.measurement.attrition > 0.0 {
        let share = number(100.0 * study.measurement.attrition);
        words.push_str(&format!("; each week {share} % of those who answer stop for good"));
    }
    screen.paragraph(2, &format!("{words}."));
    // Instruments that are alike stand together.
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for one in &study.measurement.instruments {
        let how = instrument(one);
        match groups.iter_mut().find(|(known, _)| *known == how) {
            Some((_, names)) => names.push(one.outcome),
            None => groups.push((how, vec![one.outcome])),
        }
    }
    for (how, names) in groups {
        screen.lines(2, Ink::Strong, &names.join(", "));
        screen.paragraph(4, &how);
    }
}

fn instrument(one: &Instrument) -> String {
    match outcomes::find(one.outcome).map(|index| outcomes::OUTCOMES[index].source) {
        Some(Source::Records) => return "From records: exact, of everyone.".into(),
        Some(Source::Diary) => return "From a diary of the sessions: an exact count, of those who hand it in.".into(),
        _ => {}
    }
    let scale = match one.scale_points {
        0 => "on a continuous scale".to_owned(),
        points => format!("on {points} points"),
    };
    let mut words = format!(
        "{} {scale}, reliability {}, rater bias {} SD",
        counted(one.items, "item"),
        number(one.reliability),
        number(one.rater_bias)
    );
    if one.social_desirability != 0.0 {
        words.push_str(&format!(", social desirability {} SD", number(one.social_desirability)));
    }
    if one.non_response > 0.0 {
        words.push_str(&format!(", {} % do not answer", number(100.0 * one.non_response)));
    }
    format!("{words}.")
}

fn hypotheses(study: &Study, screen: &mut Screen) {
    screen.heading("Hypotheses");
    if study.hypotheses.is_empty() {
        screen.paragraph(2, "None: the study describes, it does not test.");
    }
    let column = study.hypotheses.iter().map(|one| one.id.chars().count()).max().unwrap_or(0).min(12);
    for one in &study.hypotheses {
        screen.entry(2, &one.id, column, Ink::Strong, &one.statement);
        for line in [contrast(study, one), answer(one)] {
            screen.entry(2, "", column, Ink::Plain, &line);
        }
        if one.implied_by_theory {
            screen.entry(
                2,
                "",
                column,
                Ink::Plain,
                "Implied by the theory: to find it confirmed is no evidence for it.",
            );
        }
    }
}

/// What is compared.
fn contrast(study: &Study, one: &Hypothesis) -> String {
    let arm = |index: usize| study.arms.get(index).map_or("", |arm| arm.name.as_str());
    let relation = match one.expect {
        Expect::Greater => "greater than",
        Expect::Less => "less than",
        Expect::Different => "different from",
    };
    let score = match one.score {
        Score::Post => "",
        Score::Change => ", change since week 0",
    };
    format!(
        "{} at week {}{score}: {} {relation} {}; smallest effect of interest {}.",
        one.outcome,
        one.week,
        arm(one.treated),
        arm(one.reference),
        number(one.smallest_effect_of_interest)
    )
}

/// How it is estimated.
fn answer(one: &Hypothesis) -> String {
    let mut words = match one.estimators.as_slice() {
        [first, others @ ..] if !others.is_empty() => {
            format!("Estimated by {first} (to be preregistered), beside {}", others.join(", "))
        }
        all => format!("Estimated by {}", all.join(", ")),
    };
    let adjusts = one.estimators.iter().any(|id| id.starts_with("ancova"));
    if adjusts && !one.covariates.is_empty() {
        let own = one.covariates == [one.outcome];
        let what = if own { "its own score".to_owned() } else { one.covariates.join(", ") };
        words.push_str(&format!("; ANCOVA adjusts for {what} at week 0"));
    }
    words + "."
}

fn differences(study: &Study, screen: &mut Screen) {
    screen.heading("Parameters of the model");
    let changed = study.parameters.changed();
    if changed.is_empty() {
        screen.paragraph(2, "All have their defaults; `peerlab explain` says which there are.");
        return;
    }
    screen.paragraph(2, "These differ from their defaults:");
    let line = |(entry, value): &(&Parameter, f64)| {
        let default = number(entry.default);
        (entry.id.to_owned(), format!("{} in place of {default} ({})", number(*value), entry.unit))
    };
    let all: Vec<_> = changed.iter().map(line).collect();
    screen.entries(4, 46, Ink::Plain, &all);
}
