//! What two worlds of a replication differ in, as far as money is concerned.

use crate::study::business::Development;
use crate::study::experiment::Replication;
use crate::study::observation::{COUNTS, Summary};

/// The differences between the arm's world and its reference's, over all persons.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Quantities {
    /// Persons.
    pub persons: f64,
    /// Organizations.
    pub organizations: f64,
    /// Of these persons, how many are still in the organization at the end of the arm's world.
    pub stayed: f64,
    /// Difference of mean learning at the end of each week, from the first on (SD).
    pub development: Vec<f64>,
    /// Meetings, counted once per member.
    pub meetings: f64,
    /// Negative effects, breaches included.
    pub negative_effects: f64,
    /// Breaches of confidence.
    pub breaches: f64,
    /// Persons who left.
    pub exits: f64,
}

/// The total of a kind of event in a summary.
pub fn count(summary: &Summary, name: &str) -> f64 {
    COUNTS.iter().position(|(known, _)| *known == name).map_or(f64::NAN, |at| summary.counts[at])
}

/// The summary of the world in which everyone has an arm.
pub fn world(replication: &Replication, arm: usize) -> Option<&Summary> {
    replication.summaries.iter().find(|summary| summary.everyone == Some(arm))
}

impl Quantities {
    /// The share of persons who are still there at the end of the arm's world.
    pub fn staying(&self) -> f64 {
        if self.persons > 0.0 { self.stayed / self.persons } else { 1.0 }
    }

    /// Of a replication in which the worlds of both arms were run; nothing if they were not.
    pub fn of(
        replication: &Replication,
        arm: usize,
        reference: usize,
        organizations: usize,
        development: Development,
    ) -> Option<Self> {
        let (with, without) = (world(replication, arm)?, world(replication, reference)?);
        let course = |arm: usize| replication.courses.iter().find(|course| course.everyone == Some(arm));
        let learned = |week: &[f64; 5]| match development {
            Development::Personal => week[0],
            Development::Task => week[1],
            Development::Both => std::f64::consts::FRAC_1_SQRT_2 * (week[0] + week[1]),
        };
        let weeks = course(arm)?.weeks.iter().zip(&course(reference)?.weeks);
        let more = |name: &str| count(with, name) - count(without, name);
        Some(Self {
            persons: with.persons,
            organizations: organizations as f64,
            stayed: with.persons - count(with, "exits"),
            // Week 0 comes before anything is done.
            development: weeks.skip(1).map(|(a, b)| learned(a) - learned(b)).collect(),
            meetings: more("meetings"),
            negative_effects: more("negative_effects"),
            breaches: more("breaches"),
            exits: more("exits"),
        })
    }
}
