//! What the figures show of all replications, read from a run's tables: the same when it is made and whenever it is drawn
//! again.

use std::path::Path;

use crate::monte_carlo::digest::FOLLOWED;
use crate::results;
use crate::study::declaration::Study;
use crate::study::moments::{Moments, quantile};
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

/// A mean over replications, and between which values of single ones their middle lies; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// The mean.
    pub mean: f64,
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Reach {
    /// Of these values, from a run of so many replications: the middle 95% of many, the range of [`few`].
    pub fn of(mut values: Vec<f64>, replications: usize) -> Self {
        let mut moments = Moments::default();
        values.iter().for_each(|value| moments.push(*value));
        values.sort_by(f64::total_cmp);
        let outside = if few(replications) { 0.0 } else { 0.025 };
        Self { mean: moments.mean(), low: quantile(&values, outside), high: quantile(&values, 1.0 - outside) }
    }
}

/// Whether a middle 95% cannot be seen: of fewer than forty values not one lies beyond either of its ends.
pub fn few(replications: usize) -> bool {
    replications < 40
}

/// What an interval of the values of so many single replications is called: of a few of true rates, the range.
pub fn reached(replications: usize) -> String {
    match few(replications) {
        true => format!("the range of {replications}"),
        false => "the middle 95% (2.5th to 97.5th percentile)".to_owned(),
    }
}

/// What the interval between the 2.5th and the 97.5th percentile of so many estimates is called.
pub fn middle(replications: usize) -> String {
    match few(replications) {
        true => format!("nearly the range of {replications}"),
        false => "middle 95%".to_owned(),
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
    /// By arm of the observed world and per entry of [`COUNTS`]: events per 100 meetings attended, in each of which a
    /// person is the learner once, so that there are as many turns.
    pub rates: Vec<[Reach; COUNTS.len()]>,
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

fn rates(study: &Study, path: &Path) -> results::Result<Vec<[Reach; COUNTS.len()]>> {
    let names: Vec<String> = COUNTS.iter().map(|(name, _)| format!("count_{name}")).collect();
    let columns: Vec<&str> = ["world", "arm"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let meetings = COUNTS.iter().position(|(name, _)| *name == "meetings").unwrap_or_default();
    let mut rates: Vec<[Vec<f64>; COUNTS.len()]> = vec![Default::default(); study.arms.len()];
    results::read(path, &columns, |batch| {
        for row in (0..batch.rows).filter(|row| &*batch.texts(0)[*row] == "observed") {
            let arm = arm_of(study, &batch.texts(1)[row]);
            let all = batch.reals(2 + meetings)[row];
            for (count, values) in rates[arm].iter_mut().enumerate() {
                // An arm without a meeting has no rate: 0/0 is NaN and is skipped.
                let rate = 100.0 * batch.reals(2 + count)[row] / all;
                if !rate.is_nan() {
                    values.push(rate);
                }
            }
        }
    })?;
    let replications = study.monte_carlo.replications;
    Ok(rates.into_iter().map(|counts| counts.map(|values| Reach::of(values, replications))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A rate of rare events is skewed: its middle begins where its values do, and ends farther from the mean than it begins.
    #[test]
    fn a_skewed_rate_reaches_as_far_as_its_values() {
        let rare: Vec<f64> = (0..201).map(|at| if at < 150 { 0.0 } else { f64::from(at - 150) }).collect();
        let reach = Reach::of(rare.into_iter().rev().collect(), 201);
        assert_eq!((reach.low, reach.high), (0.0, 45.0));
        assert!((reach.mean - 1275.0 / 201.0).abs() < 1e-12);
    }

    #[test]
    fn of_a_few_replications_it_is_the_range_and_called_so() {
        let reach = Reach::of((1..=20).map(f64::from).collect(), 20);
        assert_eq!((reach.low, reach.mean, reach.high), (1.0, 10.5, 20.0));
        assert_eq!(reached(20), "the range of 20");
        assert_eq!(middle(20), "nearly the range of 20");
        assert!(reached(40).contains("middle 95%") && middle(40) == "middle 95%");
        assert!(Reach::of(Vec::new(), 20).low.is_nan());
    }
}
