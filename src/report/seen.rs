//! What the figures show of all replications, read from a run's tables: the same when it is made and whenever it is drawn
//! again.

use std::path::Path;

use crate::monte_carlo::digest::FOLLOWED;
use crate::results;
use crate::study::declaration::Study;
use crate::study::moments::Moments;
use crate::study::observation::COUNTS;

/// A mean over replications with their SD; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The SD; NaN of fewer than two replications.
    pub sd: f64,
}

impl Spread {
    /// Of what was summed.
    pub fn of(moments: &Moments) -> Self {
        Self { mean: moments.mean(), sd: moments.variance().sqrt() }
    }
}

/// The course of an arm over the weeks in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// Whether everyone has the arm in this world; else it is the observed one.
    pub everyone: bool,
    /// The arm.
    pub arm: usize,
    /// Per week and per entry of [`FOLLOWED`].
    pub weeks: Vec<[Spread; FOLLOWED.len()]>,
}

/// What the figures show of all replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The courses, observed arms first, then the worlds in which everyone has one.
    pub courses: Vec<Course>,
    /// By arm of the observed world and per entry of [`COUNTS`]: events per 100 turns.
    pub rates: Vec<[Spread; COUNTS.len()]>,
}

impl Seen {
    /// Reads the tables `trajectories` and `replications` of a folder.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn read(study: &Study, tables: &Path) -> results::Result<Self> {
        let courses = courses(study, &tables.join("trajectories.parquet"))?;
        let rates = rates(study, &tables.join("replications.parquet"))?;
        Ok(Self { courses, rates })
    }
}

/// The arm of this name; tables hold names of arms of the study and no others.
pub(super) fn arm_of(study: &Study, name: &str) -> usize {
    study.arms.iter().position(|arm| arm.name == name).unwrap_or_default()
}

fn courses(study: &Study, path: &Path) -> results::Result<Vec<Course>> {
    let names: Vec<String> =
        FOLLOWED.iter().flat_map(|(name, ..)| [format!("{name}_mean"), format!("{name}_sd")]).collect();
    let columns: Vec<&str> = ["world", "arm", "week"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let mut courses: Vec<Course> = Vec::new();
    results::read(path, &columns, |batch| {
        for row in 0..batch.rows {
            // A course begins at week 0, and its weeks follow each other.
            if batch.integers(2)[row] == 0 {
                let everyone = &*batch.texts(0)[row] == "everyone";
                courses.push(Course { everyone, arm: arm_of(study, &batch.texts(1)[row]), weeks: Vec::new() });
            }
            if let Some(course) = courses.last_mut() {
                course.weeks.push(std::array::from_fn(|which| Spread {
                    mean: batch.reals(3 + 2 * which)[row],
                    sd: batch.reals(4 + 2 * which)[row],
                }));
            }
        }
    })?;
    Ok(courses)
}

fn rates(study: &Study, path: &Path) -> results::Result<Vec<[Spread; COUNTS.len()]>> {
    let names: Vec<String> = COUNTS.iter().map(|(name, _)| format!("count_{name}")).collect();
    let columns: Vec<&str> = ["world", "arm"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let turns = COUNTS.iter().position(|(name, _)| *name == "turns").unwrap_or_default();
    let mut rates = vec![[Moments::default(); COUNTS.len()]; study.arms.len()];
    results::read(path, &columns, |batch| {
        for row in (0..batch.rows).filter(|row| &*batch.texts(0)[*row] == "observed") {
            let arm = arm_of(study, &batch.texts(1)[row]);
            let all = batch.reals(2 + turns)[row];
            for (count, moments) in rates[arm].iter_mut().enumerate() {
                // An arm without a turn has no rate: 0/0 is NaN and is skipped.
                let rate = 100.0 * batch.reals(2 + count)[row] / all;
                if !rate.is_nan() {
                    moments.push(rate);
                }
            }
        }
    })?;
    Ok(rates.iter().map(|counts| counts.map(|moments| Spread::of(&moments))).collect())
}
