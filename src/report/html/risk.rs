//! What went wrong for whom: the counted events of a run's table `replications`, by arm, per person and per meeting.

use std::path::Path;

use crate::results::{self, Batch};
use crate::study::moments::Moments;
use crate::study::plan::Plan;

/// What a count is related to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// Of 100 persons.
    HundredPersons,
    /// Per person, over the whole time.
    Person,
    /// Per 100 meetings that a person attended.
    HundredMeetings,
}

/// A risk: a count of [`crate::study::observation::COUNTS`], and what it is related to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Risk {
    /// The count.
    pub count: &'static str,
    /// What it is related to.
    pub per: Per,
}

const fn risk(count: &'static str, per: Per) -> Risk {
    Risk { count, per }
}

/// The risks of whom, in the order in which they are shown: first those of persons, then those of encounters.
pub const RISKS: [Risk; 16] = [
    risk("persons_with_negative_effect", Per::HundredPersons),
    risk("persons_with_severe_effect", Per::HundredPersons),
    risk("ended_relationship", Per::HundredPersons),
    risk("ended_logistics", Per::HundredPersons),
    risk("ended_third_party", Per::HundredPersons),
    risk("ended_exit", Per::HundredPersons),
    risk("exits", Per::HundredPersons),
    risk("meetings", Per::Person),
    risk("destructive", Per::Person),
    risk("destructive", Per::HundredMeetings),
    risk("severe", Per::Person),
    risk("severe", Per::HundredMeetings),
    risk("undermined", Per::Person),
    risk("undermined", Per::HundredMeetings),
    risk("breaches", Per::Person),
    risk("breaches", Per::HundredMeetings),
];

/// Number of the risks of persons: the first of [`RISKS`].
pub const OF_PERSONS: usize = 7;

/// Moments over replications, by risk.
pub type Tally = [Moments; RISKS.len()];

/// The risks of a run.
#[derive(Clone, Debug)]
pub struct Risks {
    /// By arm of the observed world; arms of nobody have no values.
    pub observed: Vec<Tally>,
    /// By arm: what it does to each risk if everyone has it in place of the control, replication by replication with the same
    /// people and the same luck. No values where one of the two worlds is not run.
    pub differences: Vec<Tally>,
}

/// Reads the risks of a run.
///
/// # Errors
/// If the table cannot be read.
pub fn read(plan: &Plan, replications: &Path) -> results::Result<Risks> {
    let columns: Vec<String> = RISKS.iter().map(|risk| format!("count_{}", risk.count)).collect();
    let mut wanted = vec!["replication", "world", "arm", "persons", "count_meetings"];
    let first = wanted.len();
    for column in &columns {
        if !wanted[first..].contains(&column.as_str()) && column != "count_meetings" {
            wanted.push(column);
        }
    }
    let places: Vec<usize> =
        columns.iter().map(|column| wanted.iter().position(|one| one == column).unwrap_or_default()).collect();
    let arms: Vec<&str> = plan.study.arms.iter().map(|arm| arm.name.as_str()).collect();
    let mut reader = Reader {
        control: plan.control,
        replication: None,
        worlds: vec![None; arms.len()],
        risks: Risks { observed: vec![Tally::default(); arms.len()], differences: vec![Tally::default(); arms.len()] },
    };
    results::read(replications, &wanted, |batch| {
        for row in 0..batch.rows {
            let Some(arm) = arms.iter().position(|name| *name == &*batch.texts(2)[row]) else { continue };
            reader.note(batch.integers(0)[row], &batch.texts(1)[row], arm, values(&batch, row, &places));
        }
    })?;
    reader.close();
    Ok(reader.risks)
}

/// The risks of one row; NaN where there is nothing to relate a count to.
fn values(batch: &Batch, row: usize, places: &[usize]) -> [f64; RISKS.len()] {
    let persons = f64::from(batch.integers(3)[row]);
    let meetings = batch.reals(4)[row];
    let mut values = [f64::NAN; RISKS.len()];
    for ((value, risk), place) in values.iter_mut().zip(RISKS).zip(places) {
        let count = batch.reals(*place)[row];
        *value = match risk.per {
            Per::HundredPersons => 100.0 * count / persons,
            Per::Person => count / persons,
            Per::HundredMeetings => 100.0 * count / meetings,
        };
    }
    values
}

/// Rows of one replication after the other.
struct Reader {
    control: usize,
    replication: Option<u32>,
    /// Of the replication at hand, by arm: the world in which everyone has it.
    worlds: Vec<Option<[f64; RISKS.len()]>>,
    risks: Risks,
}

impl Reader {
    fn note(&mut self, replication: u32, world: &str, arm: usize, values: [f64; RISKS.len()]) {
        if self.replication != Some(replication) {
            self.close();
            self.replication = Some(replication);
        }
        if world == "observed" {
            push(&mut self.risks.observed[arm], values);
        } else {
            self.worlds[arm] = Some(values);
        }
    }

    /// Ends a replication: what each arm does in place of the control.
    fn close(&mut self) {
        let control = self.worlds[self.control];
        for (arm, world) in self.worlds.iter_mut().enumerate() {
            if let (Some(values), Some(control), true) = (world.take(), control, arm != self.control) {
                let apart: Vec<f64> = values.iter().zip(control).map(|(value, control)| value - control).collect();
                let mut all = [f64::NAN; RISKS.len()];
                all.copy_from_slice(&apart);
                push(&mut self.risks.differences[arm], all);
            }
        }
    }
}

/// Adds what there is: an arm without a meeting has no rate.
fn push(tally: &mut Tally, values: [f64; RISKS.len()]) {
    for (moments, value) in tally.iter_mut().zip(values) {
        if value.is_finite() {
            moments.push(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::observation::COUNTS;

    #[test]
    fn every_risk_is_counted_and_persons_come_first() {
        for (place, risk) in RISKS.iter().enumerate() {
            assert!(COUNTS.iter().any(|(name, _)| *name == risk.count), "{}", risk.count);
            assert_eq!(risk.per == Per::HundredPersons, place < OF_PERSONS, "{}", risk.count);
        }
    }

    #[test]
    fn arms_are_compared_within_a_replication() {
        let risks = Risks { observed: vec![Tally::default(); 2], differences: vec![Tally::default(); 2] };
        let mut reader = Reader { control: 0, replication: None, worlds: vec![None; 2], risks };
        for (replication, luck) in [(0, 1.0), (1, 5.0), (2, 30.0)] {
            reader.note(replication, "observed", 0, [luck; RISKS.len()]);
            reader.note(replication, "everyone", 0, [luck; RISKS.len()]);
            reader.note(replication, "everyone", 1, [luck - 1.0; RISKS.len()]);
        }
        reader.close();
        let found = reader.risks.differences[1][0];
        assert_eq!((found.count(), found.mean(), found.variance()), (3, -1.0, 0.0), "all luck is shared");
        assert_eq!(reader.risks.differences[0][0].count(), 0);
        assert_eq!((reader.risks.observed[0][0].count(), reader.risks.observed[0][0].mean()), (3, 12.0));
        assert_eq!(reader.risks.observed[1][0].count(), 0);
    }
}
