//! The outcome before any model: numbers, mean, SD and range by arm, and what looks like a code for a missing answer in any column.

use super::{Roles, Sample};
use crate::inquiry::dataset::{Dataset, suspected, suspected_label};
use crate::report::text::number;

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
    let of = Described::of;
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

impl Described {
    /// Of the values of a group.
    pub fn of(group: &str, left_out: usize, mut values: Vec<f64>) -> Self {
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
}

/// Warns of an arm whose rows all have the same outcome: errors that are estimated from residuals then rest on the other arm alone, or on
/// nothing where both are so.
pub(super) fn without_variance(roles: &Roles, described: &[Described]) -> Option<String> {
    let constant: Vec<&Described> = described.iter().filter(|arm| arm.rows > 1 && arm.minimum == arm.maximum).collect();
    let (outcome, first) = (roles.outcome.as_ref()?, constant.first()?);
    let of = |arm: &Described| format!("{} in all {} rows of arm `{}`", number(arm.minimum), arm.rows, arm.group);
    Some(match constant.get(1) {
        Some(second) => format!(
            "WARNING: `{outcome}` does not vary within an arm: it is {} and {}. Nothing is left to estimate errors from.",
            of(first),
            of(second)
        ),
        None => format!(
            "WARNING: `{outcome}` is {} (SD 0): cluster-robust errors (CR0 to CR3) rest on the other arm alone. It may be the end of its \
             scale, or a value that was filled in.",
            of(first)
        ),
    })
}

/// Says which values of the columns that enter a model, or an instrument, look like codes for missing answers.
pub(super) fn outlying(table: &Dataset, sample: &Sample, roles: &Roles) -> Vec<String> {
    let asked = sample.asked.as_ref().map(|(_, values)| values);
    // Waves may lie far apart, and before a beginning.
    let time = Some(&sample.time).filter(|time| time.iter().any(|value| *value <= -77.0));
    let columns = [(&roles.outcome, Some(&sample.outcome)), (&roles.predictor, asked), (&roles.time, time)];
    let mut notes: Vec<String> =
        columns.into_iter().filter_map(|(name, values)| suspected(name.as_ref()?, values?, None)).collect();
    // A covariate of labels has other names here, and no numbers.
    let covariates = sample.covariates.iter().filter(|(name, _)| roles.covariates.contains(name));
    notes.extend(covariates.filter_map(|(name, values)| suspected(name, values, None)));
    for item in roles.items.iter().flat_map(|(_, items)| items) {
        let values: Vec<f64> = table.numbers(item).unwrap_or_default().into_iter().flatten().collect();
        notes.extend(suspected(item, &values, None));
    }
    let groups = [&roles.cluster, &roles.organization, &roles.person].into_iter().flatten();
    notes.extend(groups.filter_map(|name| suspected_label(table, name, &sample.rows)));
    let mut said = Vec::new();
    notes.retain(|note| {
        !said.contains(note) && {
            said.push(note.clone());
            true
        }
    });
    notes
}
