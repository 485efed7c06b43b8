//! The keys of a scenario that are not parameters of the model: the one description of each, read by the checks, the
//! JSON schema and `peerlab explain`. Parameters are described by [`crate::model::parameters::registry`].
//!
//! In a path, `arm[]` stands for each of the `[[arm]]` tables (`setting[]` likewise), and `{trait}`, `{outcome}`, `{treatment}` and so on
//! for each name of that catalogue.

use crate::model::outcomes::OUTCOMES;
use crate::model::person::TRAITS;
use crate::study::attribute::ATTRIBUTES;
use crate::study::business::{Development, INPUTS};
use crate::study::declaration::{Allocation, Composition, Expect, Kind, Level, Matching, Score, Screened, Unit};
use crate::study::estimators::catalogue;
use crate::study::factorial::Construction;
use crate::study::treatment;

/// What a value looks like.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any text that is not empty.
    Text,
    /// A list of texts, none of them empty.
    Texts,
    /// A short name made of letters, digits, `-` and `_`.
    Id,
    /// true or false.
    Flag,
    /// A number within bounds.
    Number(f64, f64),
    /// A whole number within bounds.
    Whole(u64, u64),
    /// One name of a catalogue.
    Choice(Names),
    /// One name of a catalogue or a list of them.
    OneOrMore(Names),
    /// A list of names of a catalogue, possibly empty.
    Several(Names),
    /// A list of weeks.
    Weeks,
    /// The names of two arms.
    Contrast,
    /// Two names of this kind.
    Pair(&'static str),
    /// A list of names of a catalogue, each as often as it takes.
    Each(Names),
}

/// The names a value may take.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// What such a name is called in a message, e.g. `outcome`.
    pub noun: &'static str,
    /// The names.
    pub all: fn() -> Vec<&'static str>,
}

/// What holds when a key is absent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Absent {
    /// The scenario is incomplete.
    Required,
    /// This number.
    Number(f64),
    /// This word.
    Word(&'static str),
    /// True or false.
    Flag(bool),
    /// Found from other keys, in words.
    Derived(&'static str),
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Where it stands, e.g. `arm[].share`.
    pub path: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// The unit of a number, in words; else empty.
    pub unit: &'static str,
    /// What holds when it is absent.
    pub absent: Absent,
    /// What it means.
    pub meaning: &'static str,
}

const fn key(path: &'static str, shape: Shape, unit: &'static str, absent: Absent, meaning: &'static str) -> Key {
    Key { path, shape, unit, absent, meaning }
}

/// The sections with what they are for.
pub const SECTIONS: &[(&str, &str)] = &[
    ("population", "Who is recruited."),
    ("population.traits", "How the recruited differ from the reference population (mean 0, SD 1)."),
    ("organization", "Where: `count` organizations, each drawn around these values."),
    ("society", "The society around the organizations."),
    (
        "setting",
        "A group of organizations that differ from the study's in the values given here: one table per group, e.g. competitive and collaborative organizations, or the organizations of three societies.",
    ),
    ("setting[].organization", "How this group's organizations differ."),
    ("setting[].society", "How the society around them differs."),
    ("risk", "The sixteen risk factors of Table 1."),
    ("coupling", "The arrows between the levels of Figure 1: 1 as stated, 0 cut."),
    ("mechanism", "Whole mechanisms that can be switched off: 1 on, 0 off."),
    ("theory", "The numbers inside the equations; change them to see what a result hangs on."),
    ("change", "What changes in every organization on a day, whatever its arm: one table per day."),
    ("change[].organization", "The values from then on; what is not named stays as it is."),
    ("program", "The form of coaching and its calendar."),
    ("design", "How arms are assigned."),
    ("design.screening", "What is measured of everyone before assignment, with error."),
    (
        "design.selection",
        "What draws people to the arms that are not the control, where `allocation = \"self-selected\"`.",
    ),
    ("factorial", "A factorial design: it makes the arms out of the factors."),
    ("factor", "One factor: what differs between its two levels."),
    ("factor[].low", "What an arm has where the factor is low: anything that fits in an [[arm]]."),
    ("factor[].high", "What an arm has where the factor is high: anything that fits in an [[arm]]."),
    ("arm", "One arm: what its members receive beside what everyone has."),
    ("arm[].program", "How this arm's program differs."),
    ("arm[].organization", "How this arm's organizations differ; only where organizations are assigned."),
    (
        "arm[].change",
        "What changes in this arm's organizations on a day; only where organizations are assigned. Arms that change on different days make a stepped wedge.",
    ),
    ("arm[].change[].organization", "The values from then on; what is not named stays as it is."),
    ("measurement", "What is measured, and when; instruments not listed have the values given here."),
    ("measurement.observer", "The participant observer, for outcomes that one records."),
    ("measurement.instruments", "Instruments that differ from the values in [measurement]."),
    ("hypothesis", "One question with the estimators that answer it."),
    ("hypothesis[].moderator", "What the difference between the arms may depend on: one of the three."),
    ("hypothesis[].within", "Where the question is asked."),
    (
        "business",
        "What the program costs and may bring in money: read by `peerlab compare`, and by nothing else. Each input is a range with its source.",
    ),
    ("monte_carlo", "How often the experiment is repeated."),
];

const WHICH_OUTCOME: Names = Names { noun: "outcome", all: outcomes };
const WHICH_ESTIMATOR: Names = Names { noun: "estimator", all: estimators };
const WHICH_KIND: Names = Names { noun: "kind of program", all: || names(Kind::NAMES) };
const WHICH_MATCHING: Names = Names { noun: "matching rule", all: || names(Matching::NAMES) };
const WHICH_SCREENED: Names = Names { noun: "trait to screen", all: || names(Screened::NAMES) };
const WHICH_COMPOSITION: Names = Names { noun: "composition", all: || names(Composition::NAMES) };
const WHICH_UNIT: Names = Names { noun: "unit of assignment", all: || names(Unit::NAMES) };
const WHICH_ALLOCATION: Names = Names { noun: "allocation", all: || names(Allocation::NAMES) };
const WHICH_SCORE: Names = Names { noun: "score", all: || names(Score::NAMES) };
const WHICH_GROUPS: Names = Names { noun: "kind of group", all: || names(Level::GROUPS) };
const WHICH_LEVEL: Names = Names { noun: "level of analysis", all: || names(Level::NAMES) };
const WHICH_CONSTRUCTION: Names = Names { noun: "factorial design", all: || names(Construction::NAMES) };
const WHICH_ATTRIBUTE: Names = Names { noun: "attribute", all: attributes };
const LOW_OR_HIGH: Names = Names { noun: "level of a factor", all: || names(LEVELS) };
const WHICH_DEVELOPMENT: Names = Names { noun: "kind of learning", all: || names(Development::NAMES) };
const WHICH_DIRECTION: Names = Names { noun: "direction", all: || names(Expect::NAMES) };

const LOG_ODDS: &str = "log odds per SD of the reference population";
/// The levels of a factor, in order.
pub const LEVELS: &[(&str, bool)] = &[("low", false), ("high", true)];

const TRAIT_SD: &str = "SD of the reference population";
const IN_MEASUREMENT: Absent = Absent::Derived("the value in [measurement]");
const MATCHING: Absent = Absent::Derived("random; self-selected where the kind is informal");
const ONE_OF_FIVE: Absent =
    Absent::Derived("one of `contrast`, `factor`, `interaction`, `predictor` and `resemblance` is written");
const NO_MODERATOR: Absent = Absent::Derived("no moderator of this kind");
const TOTAL_WEEKS: u64 = 520;

/// Every key that is not a parameter of the model.
#[rustfmt::skip]
pub const KEYS: &[Key] = &[
    key("id", Shape::Id, "", Absent::Required, "Short name of the study; its results go to a folder of this name."),
    key("title", Shape::Text, "", Absent::Required, "Title in words."),
    key("question", Shape::Text, "", Absent::Derived("the title"), "The question the study answers, in one sentence."),
    key("source", Shape::Text, "", Absent::Derived("nothing"), "Where the literature asks this question."),
    key("answer", Shape::Text, "", Absent::Derived("no single hypothesis answers the question: the report leads with the first and says so"), "The `id` of the hypothesis whose answer is the answer to the question; its verdict leads the report."),
    key("discussion", Shape::Texts, "", Absent::Derived("nothing"), "Questions that a teacher can ask a class about the study."),

    key("population.dyads", Shape::Whole(1, 1_000_000), "dyads", Absent::Required, "Number of dyads over all organizations; persons are twice as many."),
    key("population.traits.{trait}.mean", Shape::Number(-3.0, 3.0), TRAIT_SD, Absent::Number(0.0), "Mean of this trait among the recruited; 0 is the reference population's."),
    key("population.traits.{trait}.sd", Shape::Number(0.0, 3.0), TRAIT_SD, Absent::Number(1.0), "Spread of this trait among the recruited; 1 is the reference population's."),

    key("organization.count", Shape::Whole(1, 100_000), "organizations", Absent::Derived("the settings' counts together; 1 where there are none"), "Number of organizations over which the dyads are spread."),

    key("setting[].name", Shape::Text, "", Absent::Required, "The setting's name, as tables and figures show it."),
    key("setting[].count", Shape::Whole(1, 100_000), "organizations", Absent::Required, "Number of its organizations."),

    key("change[].week", Shape::Whole(0, TOTAL_WEEKS), "weeks", Absent::Required, "The week at the end of which it comes: after the measurement of that week, in force from the next week on."),

    key("program.kind", Shape::Choice(WHICH_KIND), "", Absent::Required, "formal: a program makes and supports the pairs; informal: people choose each other; none: no coaching."),
    key("program.weeks", Shape::Whole(1, TOTAL_WEEKS), "weeks", Absent::Required, "Weeks with formal meetings."),
    key("program.follow_up_weeks", Shape::Whole(0, TOTAL_WEEKS), "weeks", Absent::Number(0.0), "Weeks that are followed after the program."),
    key("program.matching", Shape::Choice(WHICH_MATCHING), "", MATCHING, "How pairs are made, and circles."),
    key("program.group_size", Shape::Whole(2, 8), "persons", Absent::Number(2.0), "2 for pairs; 3 to 8 for circles of about this size, as even as they go, whose members work in changing pairs."),

    key("design.unit", Shape::Choice(WHICH_UNIT), "", Absent::Word("dyad"), "What is assigned to an arm as one: each person, each dyad or each organization."),
    key("design.allocation", Shape::Choice(WHICH_ALLOCATION), "", Absent::Word("complete"), "simple: each unit by its own draw; complete: fixed numbers per arm; blocked: fixed numbers per arm within each organization, or within each setting where organizations are assigned; self-selected: nobody draws lots, each unit chooses by who is in it; none: a survey, in which everyone is in the control arm."),
    key("design.screening.trait", Shape::Choice(WHICH_SCREENED), "", Absent::Derived("nobody is screened"), "What is measured of everyone before assignment; a matching rule that goes by this trait goes by the score."),
    key("design.screening.reliability", Shape::Number(0.05, 1.0), "share of variance", Absent::Number(0.8), "Share of the score's variance in the reference population that is the trait's."),
    key("design.selection.strength", Shape::Number(0.0, 10.0), "multiple", Absent::Number(1.0), "Where arms are self-selected: how strongly people choose by who they are; 0 is by lot."),
    key("design.selection.need", Shape::Number(-3.0, 3.0), LOG_ODDS, Absent::Number(0.0), "How far lack of expertise draws people to an arm that is not the control."),
    key("design.selection.relational_schema", Shape::Number(-3.0, 3.0), LOG_ODDS, Absent::Number(0.0), "How far a proactive relational schema does."),
    key("design.selection.motivation", Shape::Number(-3.0, 3.0), LOG_ODDS, Absent::Number(0.0), "How far motivation does."),
    key("design.selection.self_direction", Shape::Number(-3.0, 3.0), LOG_ODDS, Absent::Number(0.0), "How far seeing the own career as own responsibility does."),
    key("design.selection.career_stage", Shape::Number(-3.0, 3.0), LOG_ODDS, Absent::Number(0.0), "How far a late career stage does."),

    key("factorial.design", Shape::Choice(WHICH_CONSTRUCTION), "", Absent::Derived("none: the arms are written out"), "full: every combination; resolution-iv: Sylvester's matrix folded over; plackett-burman-foldover: an array of Plackett & Burman folded over."),
    key("factor[].id", Shape::Id, "", Absent::Required, "Short name, as hypotheses use it."),
    key("factor[].name", Shape::Text, "", Absent::Derived("its id"), "Name in words, as tables and figures show it."),

    key("arm[].name", Shape::Text, "", Absent::Required, "The arm's name, as tables and figures show it."),
    key("arm[].control", Shape::Flag, "", Absent::Flag(false), "Whether it is the arm that the others are compared with; exactly one is."),
    key("arm[].share", Shape::Number(0.0, 1.0), "share of units", Absent::Derived("an equal part of what the other arms leave"), "Share of the units that are assigned to this arm; all shares sum to 1. With 0 nobody is in it: only its counterfactual world is run."),
    key("arm[].levels", Shape::Each(LOW_OR_HIGH), "", Absent::Derived("nothing; in a [factorial] the design"), "Whether each [[factor]] is low or high in this arm, in the order of the factors."),
    key("arm[].{treatment}.dose", Shape::Number(-3.0, 3.0), "SD of the trained state", Absent::Required, "How much; 0 leaves everything as it is."),
    key("arm[].{treatment}.decay", Shape::Number(0.0, 1.0), "share per week", Absent::Derived("`theory.practice.decay`"), "Share of an unpracticed gain that is lost per week."),
    key("arm[].{assessment}.dose", Shape::Number(0.0, 1.0), "share of the assessment", Absent::Required, "How much of it takes place and is worked through; 0 leaves everything as it is."),
    key("arm[].{facilitation}.dose", Shape::Number(0.0, 1.0), "share of the facilitation", Absent::Required, "How much of it takes place; 0 leaves everything as it is."),
    key("arm[].change[].week", Shape::Whole(0, TOTAL_WEEKS), "weeks", Absent::Required, "The week at the end of which it comes: after the measurement of that week, in force from the next week on."),
    key("arm[].program.kind", Shape::Choice(WHICH_KIND), "", Absent::Derived("the study's kind"), "The kind of program this arm has."),
    key("arm[].program.weeks", Shape::Whole(1, TOTAL_WEEKS), "weeks", Absent::Derived("the study's weeks"), "Weeks with formal meetings in this arm; every arm is followed for as long as the longest."),
    key("arm[].program.matching", Shape::Choice(WHICH_MATCHING), "", Absent::Derived("the study's matching, where it fits the kind"), "How pairs are made in this arm; where arms differ in it, people are assigned first and find partners within arm and organization."),
    key("arm[].program.group_size", Shape::Whole(2, 8), "persons", Absent::Derived("the study's group size"), "The size of this arm's circles, or 2 for pairs."),
    key("arm[].pairs", Shape::Choice(WHICH_COMPOSITION), "", Absent::Derived("everyone, in equal parts from both halves"), "Who is eligible by the screening: both of a pair from the upper half of the organization's people, both from the lower, or one from each."),

    key("measurement.waves", Shape::Weeks, "weeks", Absent::Derived("week 0 and the last week of the program"), "Weeks of measurement: first 0 (before any treatment), increasing, none after the follow-up."),
    key("measurement.attrition", Shape::Number(0.0, 0.5), "probability per week", Absent::Number(0.0), "Probability that a person stops answering for good."),
    key("measurement.observer.detection", Shape::Number(0.0, 1.0), "probability", Absent::Number(0.7), "Outcomes that a participant observer records: probability that a meeting is seen; 1 misses nothing. Assumed."),
    key("measurement.observer.noise", Shape::Number(0.0, 2.0), "felt quality", Absent::Number(0.3), "SD of what the observer misreads of a meeting's quality; 0 is true. Assumed."),
    key("measurement.items", Shape::Whole(1, 200), "items", Absent::Number(5.0), "Items of a questionnaire."),
    key("measurement.scale_points", Shape::Whole(0, 1000), "points", Absent::Number(0.0), "Points of the response scale; 0 is continuous and unbounded."),
    key("measurement.reliability", Shape::Number(0.05, 1.0), "share of variance", Absent::Number(0.8), "Share of the observed variance at baseline that is the construct's."),
    key("measurement.rater_bias", Shape::Number(0.0, 3.0), "SD of the construct", Absent::Number(0.3), "SD of a person's own bias, shared by all that this person answers."),
    key("measurement.social_desirability", Shape::Number(-3.0, 3.0), "SD of the construct", Absent::Number(0.0), "How much a score rises per unit of competition above the reference."),
    key("measurement.non_response", Shape::Number(0.0, 0.95), "probability", Absent::Number(0.0), "Probability that a person who is there does not answer at a wave."),
    key("measurement.instruments.{outcome}.items", Shape::Whole(1, 200), "items", IN_MEASUREMENT, "Items of this questionnaire."),
    key("measurement.instruments.{outcome}.scale_points", Shape::Whole(0, 1000), "points", IN_MEASUREMENT, "Points of its response scale; 0 is continuous and unbounded."),
    key("measurement.instruments.{outcome}.reliability", Shape::Number(0.05, 1.0), "share of variance", IN_MEASUREMENT, "Share of its observed variance at baseline that is the construct's."),
    key("measurement.instruments.{outcome}.rater_bias", Shape::Number(0.0, 3.0), "SD of the construct", IN_MEASUREMENT, "SD of a person's own bias on it."),
    key("measurement.instruments.{outcome}.social_desirability", Shape::Number(-3.0, 3.0), "SD of the construct", IN_MEASUREMENT, "How much its score rises per unit of competition above the reference."),
    key("measurement.instruments.{outcome}.non_response", Shape::Number(0.0, 0.95), "probability", IN_MEASUREMENT, "Probability that a person who is there does not answer it at a wave."),

    key("hypothesis[].id", Shape::Id, "", Absent::Required, "Short name, e.g. H1."),
    key("hypothesis[].statement", Shape::Text, "", Absent::Required, "The statement, in words."),
    key("hypothesis[].outcome", Shape::Choice(WHICH_OUTCOME), "", Absent::Required, "What is compared."),
    key("hypothesis[].week", Shape::Whole(0, 2 * TOTAL_WEEKS), "weeks", Absent::Derived("the last wave"), "At which wave it is compared."),
    key("hypothesis[].score", Shape::Choice(WHICH_SCORE), "", Absent::Word("post"), "post: the score at that wave; change: that score minus the score at week 0; any: 1 if the score at that wave is above 0, else 0, of what is counted from 0 on."),
    key("hypothesis[].contrast", Shape::Contrast, "", ONE_OF_FIVE, "Two arms: the one expected to differ, then the one it is compared with."),
    key("hypothesis[].moderator.setting", Shape::Pair("settings"), "", NO_MODERATOR, "Two settings: the contrast in the first minus the contrast in the second."),
    key("hypothesis[].moderator.attribute", Shape::Choice(WHICH_ATTRIBUTE), "", NO_MODERATOR, "What people are: the contrast at the first of `levels` minus that at the second; of age, experience and status, its change per SD."),
    key("hypothesis[].moderator.levels", Shape::Pair("levels of the attribute"), "", Absent::Derived("the last of the attribute's levels, then the first"), "Two levels of the attribute."),
    key("hypothesis[].moderator.measured", Shape::Choice(WHICH_OUTCOME), "", NO_MODERATOR, "An outcome as measured at week 0: the contrast's change per unit of its score."),
    key("hypothesis[].within.setting", Shape::Text, "", Absent::Derived("all settings"), "The setting in which the question is asked."),
    key("hypothesis[].factor", Shape::Text, "", ONE_OF_FIVE, "The id of a factor: its main effect, high minus low, over the levels of the others."),
    key("hypothesis[].interaction", Shape::Texts, "", ONE_OF_FIVE, "The ids of two or three factors: what they do together beyond the sum of what each does."),
    key("hypothesis[].predictor", Shape::Choice(WHICH_OUTCOME), "", ONE_OF_FIVE, "The measured outcome that goes with it: an association."),
    key("hypothesis[].predictor_week", Shape::Whole(0, 2 * TOTAL_WEEKS), "weeks", Absent::Derived("the hypothesis' week"), "At which wave the predictor is measured, and the covariates with it."),
    key("hypothesis[].causal", Shape::Text, "", Absent::Derived("no causal truth: the association free of error stands in its place"), "The arm that moves the predictor: from a world in which everyone has it comes the causal slope."),
    key("hypothesis[].resemblance", Shape::Choice(WHICH_GROUPS), "", ONE_OF_FIVE, "The groups whose members may resemble each other, within their arm: asks for the intraclass correlation, which is negative where they contrast."),
    key("hypothesis[].level", Shape::Choice(WHICH_LEVEL), "", Absent::Word("person"), "What is one row of the analysis: a person, or the mean of a dyad, a team or an organization."),
    key("hypothesis[].expect", Shape::Choice(WHICH_DIRECTION), "", Absent::Required, "Whether the first arm is expected greater, less or, an open question, different; of other questions whether the coefficient is."),
    key("hypothesis[].estimator", Shape::OneOrMore(WHICH_ESTIMATOR), "", Absent::Derived("ancova_cr2; regression_cr2 of an association"), "The estimator, or a list of them; the first is the one to preregister."),
    key("hypothesis[].covariates", Shape::Several(WHICH_OUTCOME), "", Absent::Derived("the outcome's own score at week 0, if it does not start at 0 for everyone; none of an association"), "Outcomes whose scores at week 0 are covariates of ANCOVA, or at the predictor's week of a regression."),
    key("hypothesis[].smallest_effect_of_interest", Shape::Number(0.0, 1000.0), "the outcome's unit", Absent::Derived("a tenth of the outcome's SD in the reference population; over the weeks of a growth model; 0.18 log odds of a logistic regression; a share of 0.05 of any"), "The smallest effect of interest, in the outcome's own unit whatever the response scale; of a growth model per week, of a logistic regression in log odds."),
    key("hypothesis[].implied_by_theory", Shape::Flag, "", Absent::Flag(false), "Whether the model's equations imply the answer, so that a confirmation is no evidence."),

    key("business.currency", Shape::Text, "", Absent::Derived("there is none: it must be stated in a [business]"), "Code of the currency of every amount, three capital letters, e.g. USD; nothing is converted."),
    key("business.arm", Shape::Text, "", Absent::Derived("the first arm that is not the reference"), "The arm that is paid for, given to everyone: the inputs say what it costs beyond the reference."),
    key("business.reference", Shape::Text, "", Absent::Derived("the first arm of kind none, else the control"), "The arm it is compared with: the same lives without the program, as a rule."),
    key("business.development", Shape::Choice(WHICH_DEVELOPMENT), "", Absent::Word("learning_task"), "Which learning is taken to move performance on the job."),
    key("business.{input}.low", Shape::Number(0.0, 0.0), "", Absent::Derived("the likely value"), "The lowest plausible value of this input, in its unit."),
    key("business.{input}.likely", Shape::Number(0.0, 0.0), "", Absent::Derived("needed in a range that is written"), "The most likely value of this input, in its unit."),
    key("business.{input}.high", Shape::Number(0.0, 0.0), "", Absent::Derived("the likely value"), "The highest plausible value of this input, in its unit."),
    key("business.{input}.source", Shape::Text, "", Absent::Derived("not stated; of an input that is not written, the default's source"), "Where the range comes from; `assumed` where it comes from nowhere."),

    key("monte_carlo.replications", Shape::Whole(1, 10_000_000), "replications", Absent::Number(1000.0), "How often the experiment is repeated."),
    key("monte_carlo.seed", Shape::Whole(0, 1 << 53), "", Absent::Number(1.0), "The seed of everything: the same seed gives the same results."),
];

/// The ids of the estimators.
pub fn estimators() -> Vec<&'static str> {
    catalogue().iter().map(|estimator| estimator.id).collect()
}

/// The names that a placeholder of a path stands for, and what one of them is called.
pub(crate) fn placeholder(name: &str) -> Option<Names> {
    match name {
        "trait" => Some(Names { noun: "trait", all: || names(TRAITS) }),
        "outcome" => Some(WHICH_OUTCOME),
        "treatment" => Some(Names { noun: "treatment", all: || treatments(treatment::Kind::shifts) }),
        "assessment" => Some(Names { noun: "treatment", all: || treatments(assesses) }),
        "facilitation" => {
            Some(Names { noun: "treatment", all: || treatments(|kind| kind.whom() == treatment::Whom::Dyad) })
        }
        "input" => Some(Names { noun: "input", all: || INPUTS.iter().map(|input| input.id).collect() }),
        _ => None,
    }
}

fn attributes() -> Vec<&'static str> {
    ATTRIBUTES.iter().map(|attribute| attribute.id).collect()
}

fn outcomes() -> Vec<&'static str> {
    OUTCOMES.iter().map(|outcome| outcome.id).collect()
}

fn treatments(which: fn(&treatment::Kind) -> bool) -> Vec<&'static str> {
    treatment::CATALOGUE.iter().filter(|kind| which(kind)).map(|kind| kind.id).collect()
}

fn assesses(kind: &treatment::Kind) -> bool {
    !kind.shifts() && kind.whom() == treatment::Whom::Person
}

fn names<T>(all: &'static [(&'static str, T)]) -> Vec<&'static str> {
    all.iter().map(|(name, _)| *name).collect()
}
