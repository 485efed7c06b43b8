//! What went wrong for whom, in sentences and tables.

use std::ops::Range;

use serde::Serialize;

use super::risk::{OF_PERSONS, Per, RISKS, Risks, Tally};
use crate::study::declaration::{Allocation, Kind};
use crate::study::moments::Moments;
use crate::study::plan::Plan;

/// Most arms that stand side by side, a risk a row; more stand one under another, a risk a column.
const SIDE_BY_SIDE: usize = 4;

/// What heads a row or a column: a name, and what a risk is related to.
type Head = (String, &'static str);

/// A table of risks and arms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RiskTable {
    /// What it shows.
    pub caption: String,
    /// What its rows are.
    pub corner: &'static str,
    /// Its columns.
    pub columns: Vec<Head>,
    /// Its rows with their values.
    pub rows: Vec<(Head, Vec<String>)>,
    /// What the columns mean.
    pub notes: Vec<String>,
}

/// The part of a report on risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RiskWords {
    /// What to read first.
    pub lead: Vec<String>,
    /// By person, by encounter, and what an arm changes.
    pub tables: Vec<RiskTable>,
}

/// Says what went wrong in each arm, and what each arm changes.
pub fn risk_words(plan: &Plan, risks: &Risks) -> RiskWords {
    let study = &plan.study;
    let shown: Vec<usize> = (0..study.arms.len()).filter(|arm| risks.observed[*arm][0].count() > 0).collect();
    let changed: Vec<usize> = (0..study.arms.len()).filter(|arm| risks.differences[*arm][0].count() > 0).collect();
    let name = |arm: usize| study.arms[arm].name.clone();
    let table = |caption: String, tallies: &[Tally], arms: &[usize], which: Range<usize>, signed: bool, note: &str| {
        let heads: Vec<Head> = arms.iter().map(|arm| (name(*arm), "")).collect();
        let cells = cells(tallies, arms, which.clone(), signed);
        let (corner, columns, heads, cells) = if arms.len() <= SIDE_BY_SIDE {
            ("What happened", heads, risks_of(which), cells)
        } else {
            ("Arm", risks_of(which), heads, turned(&cells))
        };
        RiskTable {
            caption,
            corner,
            columns,
            rows: heads.into_iter().zip(cells).collect(),
            notes: vec![note.to_owned()],
        }
    };
    let persons = "What happened to people: of 100 persons in an arm, over the whole time".to_owned();
    let encounters =
        "What happened in coaching: events per person over the whole time, and per 100 meetings attended".to_owned();
    let mut tables = vec![
        table(persons, &risks.observed, &shown, 0..OF_PERSONS, false, PERSONS),
        table(encounters, &risks.observed, &shown, OF_PERSONS..RISKS.len(), false, ENCOUNTERS),
    ];
    if !changed.is_empty() {
        let caption = format!("What an arm changes: if everyone had it in place of “{}”", name(plan.control));
        let mut changes = table(caption, &risks.differences, &changed, 0..OF_PERSONS, true, CHANGES);
        let same =
            |arm: &usize| risks.differences[*arm].iter().all(|risk| risk.mean() == 0.0 && risk.variance() == 0.0);
        let alike: Vec<String> =
            changed.iter().filter(|arm| same(arm)).map(|arm| format!("“{}”", name(*arm))).collect();
        if !alike.is_empty() {
            let paired = if study.design.allocation == Allocation::None {
                ""
            } else {
                " Where arms differ in nothing but who is put together that is so by construction, for with everyone in one arm nobody is put \
                 together otherwise; what pairing does to those who are paired is in the first table."
            };
            changes.notes.push(format!(
                "With {} for everyone in place of “{}” not one of these numbers differs, in any experiment.{paired}",
                alike.join(" or "),
                name(plan.control)
            ));
        }
        tables.push(changes);
    }
    RiskWords { lead: lead(plan, risks, &shown, &changed), tables }
}

const PERSONS: &str = "Hurt at all: at least one negative effect by the person's own threshold, broken confidences included. Hurt badly: a \
severe turn (felt quality below −1) or a broken confidence. Ended: the person's pair, circle or tie ended early, and why; of who has \
several ties, the share of them that ended. Left: the person left the organization, whatever became of the coaching.";

const ENCOUNTERS: &str = "A turn is one person's time as the learner. Destructive: felt quality below −.25; severe: below −1; undermined: the \
coach worked against the learner; broken: a confidence passed on, by lapse or betrayal. A dash stands where there is no meeting.";

const CHANGES: &str = "Differences in persons of 100, with the same people and the same luck in both worlds: effects, and no chance of who was \
assigned where.";

/// The names of risks.
fn risks_of(which: Range<usize>) -> Vec<Head> {
    RISKS[which]
        .iter()
        .map(|risk| {
            let name = match risk.count {
                "persons_with_negative_effect" => "Hurt at all",
                "persons_with_severe_effect" => "Hurt badly",
                "ended_relationship" => "Ended: the relationship",
                "ended_logistics" => "Ended: time, logistics",
                "ended_third_party" => "Ended: a third party",
                "ended_exit" => "Ended: a member left",
                "exits" => "Left the organization",
                "meetings" => "Meetings",
                "destructive" => "Destructive turns",
                "severe" => "Severe turns",
                "undermined" => "Undermined",
                "breaches" => "Confidences broken",
                other => other,
            };
            let per = match risk.per {
                Per::HundredPersons => "of 100",
                Per::Person => "per person",
                Per::HundredMeetings => "per 100 meetings",
            };
            (name.to_owned(), per)
        })
        .collect()
}

/// A row per risk, and a cell per arm.
fn cells(tallies: &[Tally], arms: &[usize], which: Range<usize>, signed: bool) -> Vec<Vec<String>> {
    which.map(|at| arms.iter().map(|arm| cell(&tallies[*arm][at], signed)).collect()).collect()
}

/// Rows as columns.
fn turned(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let width = rows.first().map_or(0, Vec::len);
    (0..width).map(|at| rows.iter().map(|row| row[at].clone()).collect()).collect()
}

/// Half of the 95% interval of Monte Carlo error.
fn half(moments: &Moments) -> f64 {
    1.96 * moments.mean_error()
}

/// Decimals at which a mean's error is still seen: each number has its own, since errors of arms may lie far apart.
fn decimals(moments: &Moments) -> usize {
    match half(moments) {
        half if half >= 0.095 => 1,
        half if half >= 0.0095 => 2,
        half if half > 0.0 || half == 0.0 && moments.mean() != 0.0 => 3,
        _ => 1,
    }
}

/// A mean with its Monte Carlo error.
fn cell(moments: &Moments, signed: bool) -> String {
    let (mean, half, decimals) = (moments.mean(), half(moments), decimals(moments));
    if mean.is_nan() {
        return "–".to_owned();
    }
    let shown = value(mean, decimals, signed);
    if half.is_nan() || (mean == 0.0 && half == 0.0) { shown } else { format!("{shown} ± {half:.decimals$}") }
}

/// A number of so many decimals, with a sign where it is a difference, and never a negative zero.
fn value(value: f64, decimals: usize, signed: bool) -> String {
    let text = if signed { format!("{value:+.decimals$}") } else { format!("{value:.decimals$}") };
    let zero = !text.contains(|c: char| ('1'..='9').contains(&c));
    if zero { text.trim_start_matches(['+', '-']).to_owned() } else { text }
}

/// What to read first.
fn lead(plan: &Plan, risks: &Risks, shown: &[usize], changed: &[usize]) -> Vec<String> {
    let study = &plan.study;
    let mean = |arm: usize, at: usize| risks.observed[arm][at].mean();
    let name = |arm: usize| format!("“{}”", study.arms[arm].name);
    let mut said = Vec::new();
    match shown {
        [] => {}
        [only] => said.push(format!(
            "Of 100 persons {:.1} are hurt at least once, {:.1} of them badly, and {:.1} see a pair end because of the relationship.",
            mean(*only, 0),
            mean(*only, 1),
            mean(*only, 2)
        )),
        [a, b] => said.push(format!(
            "Of 100 persons {:.1} are hurt at least once in {} and {:.1} in {}; badly, {:.1} and {:.1}. Because of the relationship, {:.1} \
             and {:.1} see their coaching end.",
            mean(*a, 0),
            name(*a),
            mean(*b, 0),
            name(*b),
            mean(*a, 1),
            mean(*b, 1),
            mean(*a, 2),
            mean(*b, 2)
        )),
        many => {
            let extreme = |at: usize, sign: f64| {
                let worse = |a: &&usize, b: &&usize| (sign * mean(**a, at)).total_cmp(&(sign * mean(**b, at)));
                many.iter().max_by(worse).copied().unwrap_or_default()
            };
            let (least, most) = (extreme(0, -1.0), extreme(0, 1.0));
            said.push(format!(
                "Of 100 persons in an arm, between {:.1} ({}) and {:.1} ({}) are hurt at least once.",
                mean(least, 0),
                name(least),
                mean(most, 0),
                name(most)
            ));
        }
    }
    if let ([arm], true) = (changed, study.arms[plan.control].program.kind != Kind::None) {
        said.push(change(&risks.differences[*arm], &name(*arm), &name(plan.control)));
    }
    if study.design.allocation == Allocation::SelfSelected && shown.len() > 1 {
        said.push("People chose their arm: what the tables show of an arm is also who chose it.".to_owned());
    }
    said
}

/// What one arm changes, in a sentence: of each of four risks whether it is told from nothing.
fn change(tally: &Tally, arm: &str, control: &str) -> String {
    let part = |at: usize, what: &str| {
        let (mean, half) = (tally[at].mean(), half(&tally[at]));
        if mean == 0.0 {
            format!("as many {what}")
        } else if half.is_nan() || mean.abs() <= half {
            format!("it cannot be told whether more or fewer {what}")
        } else {
            let word = if mean > 0.0 { "more" } else { "fewer" };
            let decimals = decimals(&tally[at]);
            format!("{:.decimals$} ± {half:.decimals$} {word} of 100 {what}", mean.abs())
        }
    };
    format!(
        "If everyone had {arm} in place of {control}: {}; {}; {}; {}.",
        part(0, "would be hurt at least once"),
        part(1, "would be hurt badly"),
        part(2, "would see their coaching end because of the relationship"),
        part(6, "would leave the organization")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(values: &[f64]) -> Moments {
        let mut all = Moments::default();
        values.iter().for_each(|value| all.push(*value));
        all
    }

    #[test]
    fn cells_show_their_error_and_no_more() {
        let wide = moments(&[10.0, 12.0, 14.0]);
        assert_eq!(decimals(&wide), 1);
        assert_eq!(cell(&wide, false), "12.0 ± 2.3");
        assert_eq!(cell(&moments(&[0.1, 0.14]), false), "0.12 ± 0.04", "an error that is there is not written as none");
        assert_eq!(cell(&moments(&[0.0, 0.0]), false), "0.0");
        assert_eq!(cell(&moments(&[-0.01, -0.01, -0.01]), true), "-0.010 ± 0.000");
        assert_eq!(cell(&moments(&[]), false), "–", "nobody met");
        assert_eq!(cell(&moments(&[3.0]), true), "+3.0", "one replication knows no error");
    }

    #[test]
    fn rows_turn_into_columns() {
        let tallies = [Tally::default(), [moments(&[1.0]); RISKS.len()]];
        let rows = cells(&tallies, &[0, 1], 0..3, false);
        assert_eq!(rows, vec![vec!["–", "1.0"]; 3]);
        assert_eq!(turned(&rows), [vec!["–"; 3], vec!["1.0"; 3]]);
    }

    #[test]
    fn a_change_that_cannot_be_told_is_not_told() {
        let mut tally = Tally::default();
        tally[0] = moments(&[-4.0, -5.0, -6.0]);
        tally[1] = moments(&[-1.0, -2.0, -3.0]);
        tally[2] = moments(&[-1.0, 1.1]);
        tally[6] = moments(&[0.0, 0.0]);
        assert_eq!(
            change(&tally, "A", "B"),
            "If everyone had A in place of B: 5.0 ± 1.1 fewer of 100 would be hurt at least once; 2.0 ± 1.1 fewer of 100 would be hurt badly; it cannot be told whether more or \
             fewer would see their coaching end because of the relationship; as many would leave the organization."
        );
    }
}
