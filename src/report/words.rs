//! A study's parts in words, for the screen and for the pages: programs, assignment, treatments, instruments, contrasts.

use super::text::{counted, number};
use crate::model::outcomes::{self, Source, in_words};
use crate::model::parameters::{Parameter, Parameters, registry};
use crate::model::person::{Person, TRAITS, Trait};
use crate::study::attribute;
use crate::study::context::{Change, Setting};
use crate::study::declaration::{
    Allocation, Arm, Ask, Composition, Expect, Hypothesis, Instrument, Kind, Level, Matching, Moderator, Observer,
    Program, Score, Screened, Study, Treatment, Unit,
};
use crate::study::estimators::{self, Scaling};
use crate::study::plan::arms_pair_apart;
use crate::study::treatment;

/// A program in words.
pub fn form(program: Program) -> String {
    shaped(program, &format!("A formal program of {}", counted(program.weeks, "week")))
}

/// The program of a study in words, with what follows it; of arms with programs of their own length, all of them.
pub fn program(study: &Study) -> String {
    let mut lengths: Vec<usize> = study
        .arms
        .iter()
        .filter(|arm| arm.share > 0.0 && arm.program.kind == Kind::Formal)
        .map(|arm| arm.program.weeks)
        .collect();
    lengths.sort_unstable();
    lengths.dedup();
    if study.program.kind == Kind::Formal && lengths.len() > 1 {
        let end = study.arms.iter().map(|arm| arm.program.weeks + arm.program.follow_up_weeks).max().unwrap_or(0);
        let shorter: Vec<String> = lengths[..lengths.len() - 1].iter().map(usize::to_string).collect();
        let longest = lengths[lengths.len() - 1];
        let formal = format!("Formal programs of {} and {longest} weeks, by arm", shorter.join(", "));
        return format!("{}; all are followed to week {end}", shaped(study.program, &formal));
    }
    match (study.program.kind, study.program.follow_up_weeks) {
        (Kind::Formal, weeks) if weeks > 0 => {
            format!("{}, then {} of follow-up", form(study.program), counted(weeks, "week"))
        }
        _ => form(study.program),
    }
}

/// A program in words, whose formal kind and length are said in `formal`.
fn shaped(program: Program, formal: &str) -> String {
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
    let pairs = match (program.kind, program.group_size) {
        (Kind::Formal, 3..) => format!("circles of about {}, {}", program.group_size, circles(program.matching)),
        _ => pairs.to_owned(),
    };
    match program.kind {
        Kind::Formal => format!("{formal}, with {pairs}"),
        // Colleagues who seek each other have no program whose end would stop them.
        Kind::Informal => {
            let all = counted(program.weeks + program.follow_up_weeks, "week");
            format!("Informal coaching for {all}, with {pairs}")
        }
        Kind::None => "No coaching".to_owned(),
    }
}

/// How circles are formed, in words.
fn circles(rule: Matching) -> &'static str {
    match rule {
        Matching::Random => "made by lot",
        Matching::SelfSelected => "whose members choose each other",
        Matching::Needs | Matching::Optimal => "made by needs and expertise",
        Matching::Similarity => "of the most alike",
        Matching::MindSetAlike => "of the same mind-set",
        Matching::MindSetMixed => "that mix mind-sets",
        Matching::SeniorityMixed => "that mix the senior and the junior",
        Matching::SeniorityAlike => "of like seniority",
    }
}

/// Who is eligible for an arm, in words; nothing where everyone is.
pub fn eligible(study: &Study, arm: &Arm) -> Option<String> {
    let measured = study.design.screening.map_or_else(String::new, |screening| screened(screening.what));
    let who = match arm.pairs? {
        Composition::HighHigh => "Both of a pair are from the upper half",
        Composition::LowLow => "Both of a pair are from the lower half",
        Composition::HighLow => "One of a pair is from the upper half and one from the lower",
    };
    Some(format!("{who} of the organization's people by the measured {measured}."))
}

/// The name of what is screened.
pub fn screened(what: Screened) -> String {
    Screened::NAMES.iter().find(|(_, known)| *known == what).map_or("", |(name, _)| name).replace('_', " ")
}

/// How units come to their arms.
pub fn assigned(study: &Study) -> String {
    let chosen = study.design.allocation == Allocation::SelfSelected;
    let unit = match study.design.unit {
        Unit::Person if chosen => "Persons choose their arm one by one",
        Unit::Person if arms_pair_apart(study) => "Persons are assigned to arms one by one",
        Unit::Person => "Persons are assigned to arms one by one, so that partners may be in different arms",
        Unit::Dyad if chosen => "Dyads choose their arm, both members together",
        Unit::Organization if chosen => "Organizations choose their arm, everyone in them together",
        Unit::Dyad => "Dyads are assigned to arms, both members together",
        Unit::Organization => "Organizations are assigned to arms, everyone in them together",
    };
    let how = match study.design.allocation {
        Allocation::Simple => "each by its own draw",
        Allocation::Complete => "by lot, in fixed numbers per arm",
        Allocation::Blocked if study.design.unit == Unit::Organization => {
            "by lot, in fixed numbers per arm within each setting"
        }
        Allocation::Blocked => "by lot, in fixed numbers per arm within each organization",
        Allocation::SelfSelected => "nothing is drawn by lot",
        Allocation::None => return "Nobody is assigned to anything: a survey.".to_owned(),
    };
    let apart = if arms_pair_apart(study) { " Partners are found within the arm." } else { "" };
    let before = study.design.screening.map_or_else(String::new, |screening| {
        format!(
            "Everyone is screened for {} first, with a reliability of {}. ",
            screened(screening.what),
            number(screening.reliability)
        )
    });
    format!("{before}{unit}: {how}.{apart}")
}

/// A change with its date and its new values.
pub fn changed(change: &Change) -> String {
    let values: Vec<String> = change.values.iter().map(|(id, value)| format!("{id} {}", number(*value))).collect();
    format!("after week {}: {}", change.week, values.join(", "))
}

/// The values in which a setting differs from the study.
pub fn own_values(study: &Study, setting: &Setting) -> Vec<(&'static Parameter, f64)> {
    registry()
        .filter_map(|entry| {
            let value = setting.parameters.get(entry.id)?;
            (Some(value) != study.parameters.get(entry.id)).then_some((entry, value))
        })
        .collect()
}

/// Who is recruited and where. Colleagues who coach each other informally are no pairs: they are persons, in teams.
pub fn people(study: &Study) -> String {
    let place = counted(study.organizations, "organization");
    let dyads = study.population.dyads;
    if among_colleagues(study) {
        let team = number(study.parameters.network.team);
        format!("{} persons in teams of about {team}, in {place}", 2 * dyads)
    } else {
        format!("{} persons in {}, in {place}", 2 * dyads, counted(dyads, "dyad"))
    }
}

/// How large a study is, in few words.
pub fn recruits(study: &Study) -> String {
    let dyads = study.population.dyads;
    if among_colleagues(study) { counted(2 * dyads, "person") } else { counted(dyads, "dyad") }
}

fn among_colleagues(study: &Study) -> bool {
    study.program.kind == Kind::Informal
}

/// What an arm is to the others, to stand after its name; in a survey nobody is compared with a control.
pub fn role(study: &Study, arm: &Arm) -> &'static str {
    if arm.control && study.design.allocation != Allocation::None { "control" } else { "" }
}

/// How many units an arm has.
pub fn size(study: &Study, arm: &Arm) -> String {
    if arm.share == 0.0 {
        return "nobody: a world to compare with".to_owned();
    }
    let (units, noun) = match study.design.unit {
        Unit::Person => (2 * study.population.dyads, "person"),
        Unit::Dyad if among_colleagues(study) && study.design.allocation == Allocation::None => {
            (2 * study.population.dyads, "person")
        }
        Unit::Dyad => (study.population.dyads, "dyad"),
        Unit::Organization => (study.organizations, "organization"),
    };
    let expected = arm.share * units as f64;
    let whole = |value: f64| (value - value.round()).abs() < 1e-6;
    let even = match study.design.allocation {
        Allocation::Simple | Allocation::SelfSelected => false,
        Allocation::Complete | Allocation::None => whole(expected),
        Allocation::Blocked if study.design.unit == Unit::Organization && !study.settings.is_empty() => {
            study.settings.iter().all(|setting| whole(arm.share * setting.count as f64))
        }
        Allocation::Blocked => units % study.organizations == 0 && whole(expected / study.organizations as f64),
    };
    match study.design.allocation {
        _ if even => counted(expected.round() as usize, noun),
        Allocation::Complete => format!("{} or {}", number(expected.floor()), counted(expected.ceil() as usize, noun)),
        _ => format!("about {} {noun}s", number((10.0 * expected).round() / 10.0)),
    }
}

/// What a treatment does.
pub fn moves(one: &Treatment) -> String {
    let Some(kind) = treatment::find(one.id) else { return one.id.to_owned() };
    let mut moves: Vec<String> = kind
        .moves()
        .iter()
        .map(|(which, multiple)| format!("{} {} {}", trait_id(*which), signed(multiple * one.dose), unit(*which)))
        .collect();
    moves.extend(kind.touches().iter().map(|(state, how)| format!("{state} {how}")));
    let separator = if kind.shifts() { ", " } else { "; " };
    let mut words = format!("{}, dose {}: {}", one.id, number(one.dose), moves.join(separator));
    if fades(kind) {
        words.push_str(&format!("; without practice {}% of it is lost per week", number(100.0 * one.decay)));
    }
    words + "."
}

/// The parameters in which an arm differs from the study: the arm's value, then the study's.
pub fn own_parameters(study: &Study, arm: &Arm) -> Vec<(&'static Parameter, f64, f64)> {
    let value = |parameters: &Parameters, id: &str| parameters.get(id).unwrap_or_default();
    registry()
        .map(|entry| (entry, value(&arm.parameters, entry.id), value(&study.parameters, entry.id)))
        .filter(|(_, here, there)| here != there)
        .collect()
}

/// How an instrument measures.
pub fn instrument(one: &Instrument, observer: Observer) -> String {
    match outcomes::find(one.outcome).map(|index| outcomes::OUTCOMES[index].source) {
        Some(Source::Observer) => {
            return format!(
                "From a participant observer's notes: of everyone; sees {} of 100 meetings and misreads their felt quality with an SD of {}.",
                number(100.0 * observer.detection),
                number(observer.noise)
            );
        }
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
        words.push_str(&format!(", {}% do not answer", number(100.0 * one.non_response)));
    }
    format!("{words}.")
}

/// What is compared, and the smallest effect of interest.
pub fn contrast(study: &Study, one: &Hypothesis) -> String {
    let first = one.estimators.first().and_then(|id| estimators::find(id));
    let unit = match first.map(|one| one.specification.scaling()) {
        Some(Scaling::PerWeek) => " per week",
        Some(Scaling::LogOdds) => " in log odds",
        _ => "",
    };
    let (asked, smallest) = (asked(study, one, &format!("at week {}", one.week)), one.smallest_effect_of_interest);
    format!("{asked}; smallest effect of interest {}{unit}.", number(smallest))
}

/// What is compared, and when.
pub fn asked(study: &Study, one: &Hypothesis, when: &str) -> String {
    let arm = |index: usize| study.arms.get(index).map_or("", |arm| arm.name.as_str());
    let relation = match one.expect {
        Expect::Greater => "greater than",
        Expect::Less => "less than",
        Expect::Different => "different from",
    };
    let factor = |index: &usize| study.factors.get(*index).map_or("", |factor| factor.name.as_str());
    let asked = match &one.ask {
        Ask::Contrast(contrast) => format!("{} {relation} {}", arm(contrast.treated), arm(contrast.reference)),
        Ask::Moderated(contrast, moderator) => format!(
            "{} minus {}, {}: {relation} 0",
            arm(contrast.treated),
            arm(contrast.reference),
            moderated(study, moderator)
        ),
        Ask::Factors(factors) => match factors.as_slice() {
            [single] => format!("main effect of {}, {relation} 0", factor(single)),
            several => {
                let names: Vec<&str> = several.iter().map(factor).collect();
                format!("interaction {}, {relation} 0", names.join(" × "))
            }
        },
        Ask::Resemblance(groups) => {
            format!("resemblance within {}, as intraclass correlation, {relation} 0", plural(*groups))
        }
        Ask::Association(asked) => {
            let causal = asked.causal.map_or_else(String::new, |index| {
                format!("; held against the world in which everyone has the arm {}", arm(index))
            });
            format!("association with {} at week {}, {relation} 0{causal}", asked.predictor, asked.week)
        }
    };
    let level = match one.level {
        Level::Person => "",
        Level::Dyad => ", mean of each dyad",
        Level::Team => ", mean of each team",
        Level::Organization => ", mean of each organization",
    };
    let place = one.within.map_or_else(String::new, |index| format!(", in {}", setting(study, index)));
    let score = match one.score {
        Score::Post => "",
        Score::Change => ", change since week 0",
        Score::Any => ", any of it",
    };
    format!("{} {when}{score}{level}{place}: {asked}", one.outcome)
}

/// Groups in words.
pub fn plural(groups: Level) -> &'static str {
    match groups {
        Level::Person => "persons",
        Level::Dyad => "dyads",
        Level::Team => "teams",
        Level::Organization => "organizations",
    }
}

fn setting(study: &Study, index: usize) -> &str {
    study.settings.get(index).map_or("", |setting| setting.name.as_str())
}

/// What the size of an effect may depend on, in words.
fn moderated(study: &Study, moderator: &Moderator) -> String {
    match moderator {
        Moderator::Setting { first, second } => {
            format!("in {} minus in {}", setting(study, *first), setting(study, *second))
        }
        Moderator::Attribute { attribute, first, second } => {
            let levels = attribute::find(attribute).map_or(&[][..], |known| known.levels);
            let level = |index: usize| levels.get(index).copied().unwrap_or("");
            format!("at {} {} minus at {}", attribute.replace('_', " "), level(*first), level(*second))
        }
        Moderator::Standing(standing) => format!("its change per SD of {standing}"),
        Moderator::Measured(outcome) => format!("its change per unit of {} at week 0", in_words(outcome)),
    }
}

/// How it is estimated.
pub fn answer(one: &Hypothesis) -> String {
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

/// The unit in which a treatment moves a trait.
pub fn unit(which: Trait) -> &'static str {
    if which == Trait::Expectation { "benefit per turn" } else { "SD" }
}

/// A trait's name in a scenario.
pub fn trait_id(which: Trait) -> &'static str {
    TRAITS.iter().find(|(_, known)| *known == which).map_or("", |(id, _)| id)
}

/// A number with its sign.
pub fn signed(value: f64) -> String {
    if value < 0.0 { number(value) } else { format!("+{}", number(value)) }
}

/// Whether what a treatment adds is lost again without practice: the model is asked.
pub fn fades(kind: &treatment::Kind) -> bool {
    kind.moves().iter().any(|(which, _)| {
        let mut person = Person::neutral();
        person.shift(0, *which, 1.0, 0.5);
        person.decay[0] > 0.0
    })
}
