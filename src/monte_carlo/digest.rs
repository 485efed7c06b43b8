//! The courses of all replications, summed as they come: constant memory, whatever their number.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::results;
use crate::study::moments::Moments;
use crate::study::observation::Course;

/// Adds a value if there is one: the mean of nobody is none.
fn push(moments: &mut Moments, value: f64) {
    if !value.is_nan() {
        moments.push(value);
    }
}

/// What is followed week by week, in the order of a course's means: name, unit, meaning.
pub const FOLLOWED: [(&str, &str, &str); 5] = [
    ("learning_personal", "SD", "personal learning since week 0"),
    ("learning_task", "SD", "task learning since week 0"),
    ("trust", "share", "trust in the partner"),
    ("connection_quality", "felt quality", "vitality of the connection"),
    ("climate", "share", "climate of trust of the organization"),
];

/// Course of one arm in one world over the replications.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// None for the observed world, else the arm that everyone has.
    pub everyone: Option<usize>,
    /// The arm.
    pub arm: usize,
    /// Moments over replications, per week and per entry of [`FOLLOWED`].
    pub weeks: Vec<[Moments; 5]>,
}

/// The courses of all replications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    /// The courses, observed arms first, then the counterfactual worlds.
    pub lines: Vec<Line>,
}

impl Digest {
    /// Where a run keeps it, for [`super::record::Recorder::go_on`].
    pub const FILE: &str = "moments.json";

    /// Where a sweep keeps those of its cells, each in a line of its own.
    pub const LINES: &str = "moments.jsonl";

    /// Reads what a file holds of it.
    ///
    /// # Errors
    /// If it is none; `file` is named.
    pub fn read(text: &str, file: &Path) -> results::Result<Self> {
        let wrong = |error: serde_json::Error| results::Error::Manifest {
            path: file.to_path_buf(),
            problem: error.to_string(),
        };
        serde_json::from_str(text).map_err(wrong)
    }

    /// As a line of text.
    ///
    /// # Errors
    /// If it cannot be put into words; `file` is named.
    pub fn line(&self, file: &Path) -> results::Result<String> {
        serde_json::to_string(self)
            .map(|text| text + "\n")
            .map_err(|error| results::Error::unwritable(file, error.into()))
    }

    /// Adds the courses of one replication. They must come in order for the last bits to be the same.
    pub fn add(&mut self, courses: &[Course]) {
        if self.lines.is_empty() {
            self.lines = courses
                .iter()
                .map(|course| Line {
                    everyone: course.everyone,
                    arm: course.arm,
                    weeks: vec![[Moments::default(); 5]; course.weeks.len()],
                })
                .collect();
        }
        for (line, course) in self.lines.iter_mut().zip(courses) {
            for (moments, means) in line.weeks.iter_mut().zip(&course.weeks) {
                moments.iter_mut().zip(means).for_each(|(moment, mean)| push(moment, *mean));
            }
        }
    }
}
