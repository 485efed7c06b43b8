//! The tables of a run: what each column means, in which unit.

use crate::model::outcomes::OUTCOMES;
use crate::results::{Column, Kind, Table};
use crate::study::instrument::Scale;
use crate::study::observation::COUNTS;
use crate::study::plan::Plan;

pub(crate) fn integer(name: &str, unit: &str, description: &str) -> Column {
    Column::new(name, Kind::Integer, unit, description)
}

pub(crate) fn real(name: impl Into<String>, unit: &str, description: impl Into<String>) -> Column {
    Column::new(name, Kind::Real, unit, description)
}

pub(crate) fn text(name: &str, description: &str) -> Column {
    Column::new(name, Kind::Text, "name", description)
}

pub(crate) fn flag(name: &str, description: &str) -> Column {
    Column::new(name, Kind::Flag, "yes or no", description)
}

fn replication() -> Column {
    integer("replication", "number", "Number of the replication, from 0.")
}

/// One row per replication that failed; written where any did.
pub fn failures() -> Table {
    Table {
        name: "failures",
        grain: "replication that failed".into(),
        columns: vec![
            replication(),
            Column::new(
                "seed",
                Kind::Text,
                "number",
                "The seed of the run, in digits: with it and its number the replication can be repeated.",
            ),
            Column::new("message", Kind::Text, "words", "What the program said."),
            Column::new("place", Kind::Text, "name", "File and line of the program."),
        ],
    }
}

fn world() -> Column {
    text("world", "`observed`, the experiment as it was run, or `everyone`, the same lives if everyone had the arm.")
}

/// One row per replication × hypothesis × estimator.
pub fn estimates() -> Table {
    const SCALE: &str = "the instrument's scale";
    Table {
        name: "estimates",
        grain: "replication × hypothesis × estimator".into(),
        columns: vec![
            replication(),
            text("hypothesis", "Id of the hypothesis."),
            text("estimator", "Id of the estimator."),
            text("question", "What is asked: contrast, moderated contrast, main effect, interaction or association."),
            real(
                "estimate",
                SCALE,
                "The estimated coefficient: of a contrast its first arm minus its second, of an association the slope per unit of the predictor's score, or the correlation; of a growth model per week, of a logistic regression in log odds; null if the fit failed.",
            ),
            real("standard_error", SCALE, "Its standard error."),
            real("degrees_of_freedom", "degrees of freedom", "Degrees of freedom of its t test."),
            real("lower", SCALE, "Lower end of its 95 % confidence interval."),
            real("upper", SCALE, "Upper end of its 95 % confidence interval."),
            real("p_value", "probability", "Two-sided p value of no effect."),
            real(
                "p_holm",
                "probability",
                "The p value corrected by Holm's method for all hypotheses of the study, each by its first estimator: who claims what is below .05 makes any false claim in at most 5 % of experiments. A hypothesis whose fit failed counts as asked; null of other estimators.",
            ),
            real(
                "p_benjamini_hochberg",
                "probability",
                "The same corrected by Benjamini and Hochberg's method, which limits the expected share of false claims among the claims.",
            ),
            real(
                "effect_size",
                "as effect_size_kind says",
                "The size of the effect in units that other studies understand: of two arms of persons Hedges' g, the estimate over the SD of persons within arms, corrected for clusters and small samples; of log odds the odds ratio; of a moderated contrast, a factor, an interaction or an association the partial R² of the question's column. Null where there is none: for means of groups, for a stepped wedge or growth, between actors and partners, with too few clusters to know their SD, or if the fit failed.",
            ),
            text("effect_size_kind", "hedges_g, odds_ratio or partial_r_squared; empty where there is no effect_size."),
            real(
                "truth",
                SCALE,
                "True effect in this replication: the design's own contrast, free of measurement error and of the chance imbalance between the arms, over persons as assigned.",
            ),
            real(
                "sample_contrast",
                SCALE,
                "The same coefficient of the true scores of this very sample: with the chance imbalance between arms, and of an association with everything that goes with the predictor.",
            ),
            real(
                "total_effect",
                SCALE,
                "Everyone in the first arm's world minus everyone in the second's: what a program for all would do.",
            ),
            real(
                "spill_over",
                SCALE,
                "What reached the persons of the second arm in the observed world, against the world in which everyone has the second arm.",
            ),
            real(
                "log_truth",
                "log units",
                "Of a main effect or an interaction: the same coefficient of the logarithms of the arms' true means; null of other questions, and where a score of 0 does not mean none of it or a mean is not positive.",
            ),
            real(
                "own_effect",
                SCALE,
                "Of an association: the causal slope of moving a person's own predictor and no partner's; null of other questions or without an arm that moves it.",
            ),
            real(
                "answered_contrast",
                SCALE,
                "The coefficient free of measurement error among those who answered what the analysis needs; null of a stepped wedge.",
            ),
            real(
                "unshared_contrast",
                SCALE,
                "Of an association: the coefficient with all error of measurement but that which a rater's scales share; null of other questions.",
            ),
            integer(
                "analyzed",
                "rows",
                "Rows in the analysis: persons, or means of dyads or organizations, with everything that it needs.",
            ),
            flag(
                "boundary",
                "Whether a variance was estimated at the boundary of what the model allows: at zero, or a correlation at 1 or -1.",
            ),
            text("failure", "Empty, or why the fit failed."),
        ],
    }
}

/// One row per replication × world × arm: in a world where everyone has an arm there is only that one.
pub fn replications() -> Table {
    let mut columns = vec![
        replication(),
        world(),
        text("arm", "Arm of these persons."),
        integer("persons", "persons", "Number of persons."),
    ];
    for outcome in OUTCOMES {
        columns.push(real(outcome.id, outcome.unit, format!("Mean true value at the end. {}", outcome.meaning)));
    }
    for (name, meaning) in COUNTS {
        columns.push(real(format!("count_{name}"), "count", format!("Total up to the end. {meaning}")));
    }
    Table { name: "replications", grain: "replication × world × arm".into(), columns }
}

/// The states of an organization in the table `organizations`: name, unit, meaning.
pub const ORGANIZATION: [(&str, &str, &str); 11] = [
    ("competition", "share", "Competition among members."),
    ("incentives", "signed share", "-1 short-term individual results only, +1 development and helping rewarded."),
    ("climate", "share", "Climate of trust."),
    ("set_point", "share", "Where the climate stays without coaching."),
    ("collaboration", "share", "Teamwork and practices that leave room for meetings."),
    ("toolkit", "share", "Cultural toolkit for reflecting and planning."),
    ("norm", "signed share", "Norm of helping; 0 in the neutral organization."),
    ("morale", "SD", "Moving average of members' self-esteem above their usual, minus strain."),
    ("reputation", "SD of the pool of hires", "Reputation as an employer; 0 at the start."),
    ("headcount", "persons", "Members, taking part or not."),
    ("exits", "persons", "Participants who have left so far."),
];

/// One row per replication × world × organization × wave.
pub fn organizations() -> Table {
    let mut columns = vec![
        replication(),
        world(),
        text("arm", "The arm that everyone has; empty in the observed world."),
        integer("organization", "number", "Number of the organization, from 0."),
        text("setting", "The setting it belongs to; empty where the study declares none."),
        integer("week", "weeks", "Week of the wave."),
    ];
    columns.extend(ORGANIZATION.iter().map(|(name, unit, meaning)| real(*name, unit, *meaning)));
    Table { name: "organizations", grain: "replication × world × organization × wave".into(), columns }
}

/// One row per world × arm × week: what the figures over time are drawn from.
pub fn trajectories() -> Table {
    let mut columns = vec![
        world(),
        text("arm", "Arm of these persons."),
        integer("week", "weeks", "Week; 0 is before any treatment."),
    ];
    columns.push(integer("replications", "replications", "Replications with persons in this arm."));
    for (name, unit, meaning) in super::digest::FOLLOWED {
        columns.push(real(
            format!("{name}_mean"),
            unit,
            format!("Mean over replications of the arm's mean: {meaning}."),
        ));
        columns.push(real(format!("{name}_sd"), unit, format!("SD over replications of the arm's mean: {meaning}.")));
    }
    Table { name: "trajectories", grain: "world × arm × week, over all replications".into(), columns }
}

/// What the number of a dyad means in tables of persons: circles and networks have no number of their own there.
const DYAD: &str =
    "Number of the dyad; of who sits in a circle, of two members who stand next to each other in its list.";
/// And in tables of relationships.
const RELATIONSHIP: &str = "Number of the pair; among people whose partners change there is one for every two of them who may meet, numbered from the number of dyads on.";

/// One row per replication × person of the observed world.
pub fn individuals() -> Table {
    let mut columns = vec![
        replication(),
        integer("person", "number", "Number of the person: 2 × dyad + seat."),
        integer("dyad", "number", DYAD),
        integer("organization", "number", "Number of the organization."),
        text("arm", "Arm as assigned at week 0."),
        flag("minority", "Whether the person belongs to the minority group."),
        flag("woman", "Whether the person is a woman."),
        text("career_stage", "early, middle or late: thirds of experience."),
        integer("nationality", "number", "0 for the organization's country, 1 to 4 for another."),
        real("age", "SD of the reference population", "Age."),
        real("experience", "SD of the reference population", "Experience at work."),
        real("status", "SD of the reference population", "Status in the organization."),
    ];
    for outcome in OUTCOMES {
        columns.push(real(
            format!("{}_before", outcome.id),
            outcome.unit,
            format!("True value at week 0, before any treatment. {}", outcome.meaning),
        ));
        columns.push(real(
            format!("{}_after", outcome.id),
            outcome.unit,
            format!("True value at the end. {}", outcome.meaning),
        ));
    }
    Table { name: "individuals", grain: "replication × person, observed world".into(), columns }
}

/// One row per replication × dyad of the observed world.
pub fn dyads() -> Table {
    Table {
        name: "dyads",
        grain: "replication × dyad, observed world".into(),
        columns: vec![
            replication(),
            integer("dyad", "number", RELATIONSHIP),
            integer("organization", "number", "Number of the organization."),
            text("arm_first", "Arm of the first member."),
            text("arm_second", "Arm of the second member."),
            text("ended_by", "none, relationship, logistics, third party or exit."),
            real("ended_week", "weeks", "Week in which it ended before its time; null if it did not."),
            real("meetings", "meetings", "Meetings held."),
            real("fit_first", "SD", "How well the second member's expertise fits the first's needs."),
            real("fit_second", "SD", "How well the first member's expertise fits the second's needs."),
            real("trust_first", "share", "Trust of the first member at the end."),
            real("trust_second", "share", "Trust of the second member at the end."),
            real("holding", "share", "Holding environment at the end."),
            real("dependence", "signed share", "Dependence at the end; positive where the first member dominates."),
            real("step", "step", "Step of peer coaching reached."),
            real("emotional_carrying_capacity", "share", "Emotional carrying capacity at the end."),
            real("tensility", "share", "Tensility at the end."),
            real("connectivity", "share", "Connectivity at the end."),
            real("vitality", "felt quality", "Mean vitality of the two at the end."),
            real(
                "mutuality",
                "benefit",
                "1 minus the distance of what the two receive per turn: 1 where they receive alike, below 0 where they are more than 1 apart.",
            ),
            text("quality", "dysfunctional, low, medium or high (Ragins & Verbos 2007)."),
        ],
    }
}

/// One row per replication × person × wave of the observed world.
pub fn waves(plan: &Plan) -> Table {
    waves_of(&plan.scales)
}

/// Every table of replications with its columns; in `waves` without the instruments, which a study chooses.
pub fn catalogue() -> Vec<Table> {
    vec![
        estimates(),
        replications(),
        organizations(),
        trajectories(),
        individuals(),
        dyads(),
        waves_of(&[]),
        instruments(),
        weeks(),
        episodes(),
    ]
}

fn waves_of(scales: &[Scale]) -> Table {
    let mut columns = vec![
        replication(),
        integer("person", "number", "Number of the person: 2 × dyad + seat."),
        integer("dyad", "number", DYAD),
        integer("organization", "number", "Number of the organization."),
        text("arm", "Arm as assigned at week 0."),
        integer("week", "weeks", "Week of the wave; 0 is before any treatment."),
    ];
    for scale in scales {
        let unit = if scale.points_per_unit == 1.0 { scale.about.unit } else { "points of the response scale" };
        let about = scale.about;
        columns.push(real(
            about.id,
            unit,
            format!("As observed by the instrument; null if not answered. {}", about.meaning),
        ));
        columns.push(real(
            format!("{}_true", about.id),
            unit,
            format!("True value on the instrument's scale, free of error. {}", about.meaning),
        ));
    }
    Table { name: "waves", grain: "replication × person × wave, observed world".into(), columns }
}

/// Names of career stages in `individuals`.
pub const CAREER_STAGES: [&str; 3] = ["early", "middle", "late"];

/// One row per replication × wave × instrument of the observed world.
pub fn instruments() -> Table {
    const SCALE: &str = "the instrument's scale";
    Table {
        name: "instruments",
        grain: "replication × wave × instrument, observed world".into(),
        columns: vec![
            replication(),
            integer("week", "weeks", "Week of the wave; 0 is before any treatment."),
            text("instrument", "The outcome that it measures."),
            integer("answered", "persons", "Persons with an answer, whatever their arm."),
            real("mean", SCALE, "Mean of the answers."),
            real("sd", SCALE, "Standard deviation of the answers, over persons of all arms."),
            real(
                "alpha",
                "coefficient",
                "Cronbach's alpha of its items. It takes for true what all items share, a rater's own bias included; null of a single item and of what is counted, recorded or observed.",
            ),
            real(
                "reliability",
                "share",
                "As the scenario declares it: the share of variance in the reference population that is the construct's; null of what is counted, recorded or observed.",
            ),
            real(
                "retest",
                "correlation",
                "Correlation with the wave before, over who answered at both; null at the first.",
            ),
            real("at_lowest", "share", "Answers at the lowest point of the response scale; null of a continuous one."),
            real("at_highest", "share", "Answers at its highest point."),
        ],
    }
}

/// The true states in the table `weeks`: name, unit, meaning.
pub const WEEKLY: [(&str, &str, &str); 12] = [
    ("active", "0 or 1", "Whether the dyad exists at the end of the week."),
    ("met", "0 or 1", "Whether the two met."),
    ("step", "step", "Step of peer coaching reached."),
    ("trust_first", "share", "Trust of the first member."),
    ("trust_second", "share", "Trust of the second member."),
    ("holding", "share", "Holding environment."),
    ("dependence", "signed share", "Dependence; positive where the first member dominates."),
    ("emotional_carrying_capacity", "share", "Emotional carrying capacity."),
    ("tensility", "share", "Tensility."),
    ("connectivity", "share", "Connectivity."),
    ("learning_first", "SD", "Task and personal learning of the first member since week 0."),
    ("learning_second", "SD", "Task and personal learning of the second member since week 0."),
];

/// One row per replication × dyad × week of the observed world.
pub fn weeks() -> Table {
    let mut columns =
        vec![replication(), integer("dyad", "number", RELATIONSHIP), integer("week", "weeks", "Week, from 1.")];
    columns.extend(WEEKLY.iter().map(|(name, unit, meaning)| real(*name, unit, *meaning)));
    Table { name: "weeks", grain: "replication × dyad × week, observed world".into(), columns }
}

/// Names of the response modes in `episodes`.
pub const MODES: [&str; 5] = ["inquire", "advise", "superficial", "undermine", "no meeting"];
/// Names of breaches in `episodes`.
pub const BREACHES: [&str; 3] = ["none", "lapse", "betrayal"];

/// One row per turn of the observed world, and per breach in a week without a meeting.
pub fn episodes() -> Table {
    Table {
        name: "episodes",
        grain: "replication × turn, observed world".into(),
        columns: vec![
            replication(),
            integer("week", "weeks", "Week, from 1."),
            integer("dyad", "number", RELATIONSHIP),
            integer("learner", "number", "Number of the person who learned; the other of the two coached."),
            text(
                "mode",
                "How the coach responded: inquire, advise, superficial or undermine; `no meeting` for a breach in a week without one.",
            ),
            real("disclosure", "share", "How far the learner opened up."),
            real("benefit", "benefit", "What the turn was worth to the learner."),
            real("felt_quality", "felt quality", "How it felt: destructive below -0.25, severe below -1."),
            real("learning", "SD", "Learning of the turn, both kinds."),
            real("trust_after", "share", "The learner's trust at the end of the week."),
            text("breach", "Whether the partner broke the learner's confidence this week: none, lapse or betrayal."),
        ],
    }
}
