//! The outcome before any model: numbers, mean, SD and range by arm, and what looks like a code for a missing answer.

use super::Sample;
use crate::report::text::{counted, number};

/// The outcome of an arm, or of all rows where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// The arm's level; `all` where there is no treatment.
    pub group: String,
    /// Rows in the analysis.
    pub rows: usize,
    /// Rows that are not in the analysis, for whatever reason.
    pub left_out: usize,
    /// Mean of the outcome.
    pub mean: f64,
    /// SD of the outcome, with n − 1; NaN of a single row.
    pub sd: f64,
    /// Smallest value.
    pub minimum: f64,
    /// Largest value.
    pub maximum: f64,
}

/// By arm, the treated first.
pub(super) fn describe(sample: &Sample) -> Vec<Described> {
    let of = |group: &str, left_out: usize, values: Vec<f64>| of_values(group, left_out, values);
    match (&sample.arms, &sample.asked) {
        (Some(arms), Some((_, treated))) => [1.0, 0.0]
            .into_iter()
            .zip(arms)
            .zip(sample.lost)
            .map(|((side, (level, _)), lost)| {
                let own = sample.outcome.iter().zip(treated).filter(|(_, t)| **t == side);
                of(level, lost, own.map(|(y, _)| *y).collect())
            })
            .collect(),
        _ if sample.outcome.is_empty() => Vec::new(),
        _ => vec![of("all", sample.lost[0], sample.outcome.clone())],
    }
}

fn of_values(group: &str, left_out: usize, mut values: Vec<f64>) -> Described {
    // By value: the order of the rows reaches no bit.
    values.sort_by(f64::total_cmp);
    let rows = values.len();
    let mean = values.iter().fold(0.0, |sum, y| sum + y) / rows as f64;
    let squares = values.iter().fold(0.0, |sum, y| sum + (y - mean) * (y - mean));
    Described {
        group: group.to_owned(),
        rows,
        left_out,
        mean,
        sd: if rows > 1 { (squares / (rows as f64 - 1.0)).sqrt() } else { f64::NAN },
        minimum: values.first().copied().unwrap_or(f64::NAN),
        maximum: values.last().copied().unwrap_or(f64::NAN),
    }
}

/// Says that the smallest or the largest value lies further from all others than these lie from each other: a forgotten -99.
/// Of an outcome with fewer than three values nothing is said.
pub(super) fn outlying(sample: &Sample, outcome: Option<&String>) -> Option<String> {
    let name = outcome?;
    let mut values = sample.outcome.clone();
    values.sort_by(f64::total_cmp);
    let groups: Vec<&[f64]> = values.chunk_by(|a, b| a == b).collect();
    let count = groups.len();
    if count < 4 {
        return None;
    }
    let (low, high) = ([groups[0][0], groups[1][0]], [groups[count - 2][0], groups[count - 1][0]]);
    let (code, from, to, gap) = if low[1] - low[0] > high[1] - high[0] {
        (groups[0], low[1], high[1], low[1] - low[0])
    } else {
        (groups[count - 1], low[0], high[0], high[1] - high[0])
    };
    (gap > to - from).then(|| {
        format!(
            "`{name}` is {} in {} and from {} to {} in all others. If that is a code for a missing answer, add \
             --missing {name}={}.",
            number(code[0]),
            counted(code.len(), "row"),
            number(from),
            number(to),
            number(code[0])
        )
    })
}
