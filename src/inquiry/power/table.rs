//! The tables of a search for power.

use super::curve::Point;
use super::experiments::Size;
use super::tally::Found;
use crate::monte_carlo::tables::{flag, integer, real, text};
use crate::results::{self, RunDirectory, Table, TableRecord, Values};
use crate::study::moments::Moments;

const SCALE: &str = "the instrument's scale";

/// One size in numbers.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The value of the key.
    pub value: f64,
    /// Replications.
    pub replications: usize,
    /// Of these, failed fits.
    pub failures: usize,
    /// Share that has found it, with its interval.
    pub power: Point,
    /// Share that is significant on the side that is not expected; of an open question 0.
    pub opposite: f64,
    /// Power by the curve.
    pub curve: Point,
    /// Estimates.
    pub estimates: Moments,
    /// What is true.
    pub truths: Moments,
    /// Root mean square of the standard errors.
    pub standard_error: f64,
    /// Median degrees of freedom.
    pub degrees_of_freedom: f64,
}

/// One row per size.
pub fn power() -> Table {
    Table {
        name: "power",
        grain: "size".into(),
        columns: vec![
            real("value", "the key's unit", "The value of the key along which power was looked for."),
            integer("replications", "replications", "Replications of this size."),
            integer(
                "failures",
                "replications",
                "Of these, fits that failed; here they count as not having found anything.",
            ),
            real("power", "probability", "Share of the replications that are significant on the expected side."),
            real("power_lower", "probability", "Lower end of its 95 % interval (Wilson)."),
            real("power_upper", "probability", "Upper end of its 95 % interval (Wilson)."),
            real(
                "opposite",
                "probability",
                "Share that is significant on the side that is not expected; 0 of an open question.",
            ),
            real("curve", "probability", "Power by the curve through all sizes."),
            real("curve_lower", "probability", "Lower end of the curve's 95 % band."),
            real("curve_upper", "probability", "Upper end of the curve's 95 % band."),
            real("mean_estimate", SCALE, "Mean estimate."),
            real("sd_estimate", SCALE, "SD of the estimates."),
            real("standard_error", SCALE, "Root mean square of the standard errors that the analysis gives."),
            real("degrees_of_freedom", "degrees of freedom", "Their median."),
            real("mean_truth", SCALE, "The estimand: mean truth."),
            real("mean_truth_mcse", SCALE, "Monte Carlo standard error of mean_truth."),
        ],
    }
}

/// One row per size of a fine grid.
pub fn power_curve() -> Table {
    Table {
        name: "power_curve",
        grain: "size of a fine grid".into(),
        columns: vec![
            real("value", "the key's unit", "The value of the key."),
            real("power", "probability", "Power by the curve."),
            real("lower", "probability", "Lower end of the 95 % band, at this value."),
            real("upper", "probability", "Upper end of the 95 % band, at this value."),
        ],
    }
}

/// One row per size × replication.
pub fn power_replications() -> Table {
    Table {
        name: "power_replications",
        grain: "size × replication".into(),
        columns: vec![
            real("value", "the key's unit", "The value of the key."),
            integer(
                "replication",
                "number",
                "Number of the replication, from 0; the same number at two sizes shares its luck, as far as the same people are there.",
            ),
            flag("found", "Whether it is significant on the expected side."),
            real("estimate", SCALE, "Estimate; null if the fit failed."),
            real("standard_error", SCALE, "Standard error; null if the fit failed."),
            real("degrees_of_freedom", "degrees of freedom", "Degrees of freedom; null where there are none."),
            real("p_value", "probability", "Two-sided p-value; null if the fit failed."),
            real("truth", SCALE, "True effect in this replication."),
            text("failure", "Why the fit failed; empty if it did not."),
        ],
    }
}

/// Writes the three tables. The sizes come in order, each with its row and with what its replications have found.
///
/// # Errors
/// If a table cannot be written.
pub fn write(
    directory: &RunDirectory,
    rows: &[Row],
    curve: &[Point],
    sizes: &[(&Size, Vec<Found>)],
) -> results::Result<Vec<TableRecord>> {
    let reals = |of: &dyn Fn(&Row) -> f64| Values::Real(rows.iter().map(of).collect());
    let counts = |of: &dyn Fn(&Row) -> usize| Values::Integer(rows.iter().map(|row| of(row) as u32).collect());
    let mut writer = directory.table(&power())?;
    writer.append(&[
        reals(&|row| row.value),
        counts(&|row| row.replications),
        counts(&|row| row.failures),
        reals(&|row| row.power.power),
        reals(&|row| row.power.low),
        reals(&|row| row.power.high),
        reals(&|row| row.opposite),
        reals(&|row| row.curve.power),
        reals(&|row| row.curve.low),
        reals(&|row| row.curve.high),
        reals(&|row| row.estimates.mean()),
        reals(&|row| row.estimates.variance().sqrt()),
        reals(&|row| row.standard_error),
        reals(&|row| row.degrees_of_freedom),
        reals(&|row| row.truths.mean()),
        reals(&|row| row.truths.mean_error()),
    ])?;
    let mut records = vec![writer.finish()?];

    let mut writer = directory.table(&power_curve())?;
    let reals = |of: fn(&Point) -> f64| Values::Real(curve.iter().map(of).collect());
    writer.append(&[reals(|p| p.value), reals(|p| p.power), reals(|p| p.low), reals(|p| p.high)])?;
    records.push(writer.finish()?);

    let mut writer = directory.table(&power_replications())?;
    for (size, found) in sizes {
        // A size may have been asked for more, for the effect that it detects; the search rests on these.
        let (attempts, failures) = (&size.attempts[..found.len()], &size.failures[..found.len()]);
        let of = |value: fn(&crate::study::estimators::Estimate) -> f64| {
            Values::Real(attempts.iter().map(|one| one.result.as_ref().map_or(f64::NAN, value)).collect())
        };
        writer.append(&[
            Values::Real(vec![size.value; found.len()]),
            Values::Integer((0..found.len() as u32).collect()),
            Values::Flag(found.iter().map(|found| *found == Found::Yes).collect()),
            of(|result| result.estimate),
            of(|result| result.standard_error),
            of(|result| result.degrees_of_freedom),
            of(|result| result.p_value),
            Values::Real(attempts.iter().map(|one| one.truth).collect()),
            Values::text(failures.iter().copied()),
        ])?;
    }
    records.push(writer.finish()?);
    Ok(records)
}
