//! `peerlab show STUDY`: one study in words and a small picture.

use std::process::ExitCode;

use super::arguments::ShowArguments;
use super::picture;
use super::resolve::resolve;
use super::screen::{Ink, Screen, counted, number, print};
use super::words::trait_id;
use crate::model::parameters::Parameter;
use crate::report::factors::{aliases, clear, levels, strings};
use crate::report::text::capitalized;
use crate::report::words::{
    answer, assigned, changed, contrast, eligible, form, instrument, moves, own_parameters, own_values,
    people as recruited, program, role, size,
};
use crate::scenario::resolved;
use crate::study::declaration::{Study, TraitShift};

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
    if let Some(answer) = study.answer {
        screen.paragraph(2, &format!("{} answers it.", study.hypotheses[answer].id));
    }
    people(&study, &mut screen);
    design(&study, &mut screen);
    factors(&study, &mut screen);
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
    screen.paragraph(2, &format!("{}.", recruited(study)));
    if study.population.traits.is_empty() {
        screen.paragraph(2, "They are like the reference population in every trait.");
    } else {
        screen.paragraph(2, "They differ from the reference population (mean 0, SD 1):");
        let shift =
            |s: &TraitShift| (trait_id(s.state).to_owned(), format!("mean {}, SD {}", number(s.mean), number(s.sd)));
        let shifts: Vec<_> = study.population.traits.iter().map(shift).collect();
        screen.entries(4, 30, Ink::Plain, &shifts);
    }
    for setting in &study.settings {
        let all = own_values(study, setting);
        let words: Vec<String> = all.iter().map(|(entry, value)| format!("{} {}", entry.id, number(*value))).collect();
        let words = if words.is_empty() { "as the study".to_owned() } else { words.join(", ") };
        screen.line(
            2,
            &[(Ink::Strong, &setting.name), (Ink::Faint, &format!("   {}", counted(setting.count, "organization")))],
        );
        screen.paragraph(4, &format!("{words}."));
    }
    for change in &study.schedule {
        screen.paragraph(2, &format!("Everywhere {}.", changed(change)));
    }
    screen.heading("Program");
    screen.paragraph(2, &format!("{}.", program(study)));
}

fn design(study: &Study, screen: &mut Screen) {
    screen.heading("Design");
    screen.paragraph(2, &assigned(study));
    // The runs of a large factorial design last equally long: one line stands for all of them.
    let mut drawn = study.clone();
    if !study.factors.is_empty() && study.arms.len() > FEW_ARMS {
        drawn.arms.truncate(1);
        drawn.arms.iter_mut().for_each(|arm| arm.name = "every run".to_owned());
    }
    let study = &drawn;
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

/// Most arms that are shown one by one where factors say what they are.
const FEW_ARMS: usize = 8;

/// The factors with what is done at each level, and what the design confounds.
fn factors(study: &Study, screen: &mut Screen) {
    if study.factors.is_empty() {
        return;
    }
    screen.heading("Factors");
    for (index, factor) in study.factors.iter().enumerate() {
        screen.line(2, &[(Ink::Strong, &factor.name), (Ink::Faint, &format!("   {}", factor.id))]);
        let [low, high] = levels(study, index);
        screen.paragraph(4, &format!("low: {low}; high: {high}."));
    }
    screen.gap();
    screen.paragraph(2, &format!("{}. {}", counted(study.arms.len(), "run"), clear(study)));
    let aliases = aliases(study);
    if !aliases.interactions_clear() {
        let correlated = number((aliases.between_strings * 1000.0).round() / 1000.0);
        let strings = strings(study);
        let words = match strings.len() {
            0 => format!("No two interactions of two factors are the same column; they correlate up to {correlated}."),
            count => format!(
                "{} of interactions of two factors that are one and the same column here; between them the correlation is at most {correlated}:",
                counted(count, "string")
            ),
        };
        screen.paragraph(2, &words);
        strings.iter().for_each(|string| screen.paragraph(4, string));
    }
}

fn arms(study: &Study, screen: &mut Screen) {
    if !study.factors.is_empty() && study.arms.len() > FEW_ARMS {
        return;
    }
    screen.heading("Arms");
    for arm in &study.arms {
        let size = format!("   {}   {}", size(study, arm), role(study, arm));
        let size = size.trim_end();
        screen.line(2, &[(Ink::Strong, &arm.name), (Ink::Faint, size)]);
        let calendar = |program: &crate::study::declaration::Program| {
            (program.kind, program.weeks, program.matching, program.group_size)
        };
        if calendar(&arm.program) != calendar(&study.program) {
            screen.paragraph(4, &format!("{}.", form(arm.program)));
        }
        if let Some(who) = eligible(study, arm) {
            screen.paragraph(4, &who);
        }
        for treatment in &arm.treatments {
            screen.paragraph(4, &moves(treatment));
        }
        let own = own_parameters(study, arm);
        for (entry, here, there) in &own {
            screen.paragraph(4, &format!("{} {} in place of {}.", entry.id, number(*here), number(*there)));
        }
        for change in &arm.schedule {
            screen.paragraph(4, &format!("{}.", capitalized(&changed(change))));
        }
        if arm.treatments.is_empty() && own.is_empty() && arm.schedule.is_empty() {
            screen.paragraph(4, "Nothing that moves a state is done to its members.");
        }
    }
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
        let how = instrument(one, study.measurement.observer);
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
