//! The table `answers`: what a study's analysis says of a file, one row per hypothesis and estimator, as Parquet. The outcome by arm
//! stands in columns with the arm's number, as many as the question with the most arms has.

use std::fs;
use std::path::Path;

use super::{Described, Found};
use crate::monte_carlo::tables::{integer, real, text};
use crate::results::{self, Column, Kind, Table, TableWriter, Values};
use crate::study::plan::Plan;

/// One row per hypothesis × estimator; columns that `estimates` has too are called as there.
pub fn answers_table(arms: usize) -> Table {
    let mut columns = of_estimates();
    (1..=arms).for_each(|number| columns.extend(of_arm(number)));
    Table { name: "answers", grain: "hypothesis × estimator".into(), columns }
}

const SCALE: &str = "the file's scores";

fn of_estimates() -> Vec<Column> {
    vec![
        text("hypothesis", "Id of the hypothesis."),
        text("estimator", "Id of the estimator; the first of each hypothesis is the planned one."),
        text("question", "What is asked."),
        text("outcome", "Outcome of the hypothesis."),
        real("estimate", SCALE, "The estimated coefficient; null if the fit failed."),
        real("standard_error", SCALE, "Its standard error."),
        real("degrees_of_freedom", "degrees of freedom", "Degrees of freedom of its t; null where there are none."),
        real("lower", SCALE, "Lower end of its 95 % confidence interval."),
        real("upper", SCALE, "Upper end of its 95 % confidence interval."),
        real("p_value", "probability", "Two-sided p value of no effect."),
        real(
            "p_holm",
            "probability",
            "The p value corrected by Holm's method for all hypotheses that were analyzed, each by its first estimator; null of other estimators.",
        ),
        real("p_benjamini_hochberg", "probability", "The same corrected by Benjamini and Hochberg's method."),
        real(
            "effect_size",
            "as effect_size_kind says",
            "The size of the effect, as in `estimates`; null where there is none.",
        ),
        text("effect_size_kind", "hedges_g, odds_ratio or partial_r_squared; empty where there is no effect_size."),
        integer("analyzed", "rows", "Rows in the analysis."),
        text("failure", "Empty, or why the fit failed."),
    ]
}

/// The outcome in one of the arms.
fn of_arm(number: usize) -> [Column; 5] {
    let column = |name: &str, kind: Kind, unit: &str, description: &str| {
        Column::new(format!("arm_{number}{name}"), kind, unit, description)
    };
    [
        column("", Kind::Text, "name", "What the next four columns are of; empty where the question has fewer arms."),
        column(
            "_rows",
            Kind::Integer,
            "rows",
            "Rows of this arm that are described: those in the analysis, of a growth model those of the last week.",
        ),
        column("_left_out", Kind::Integer, "rows", "Rows of this arm that are not there, as something is missing."),
        column("_mean", Kind::Real, SCALE, "Mean of the outcome in these rows."),
        column("_sd", Kind::Real, SCALE, "Its SD, with n - 1; null of a single row."),
    ]
}

/// Writes what was found as Parquet: under a temporary name first, so that the file is whole or not there.
///
/// # Errors
/// If it cannot be written.
pub fn write(plan: &Plan, found: &[Found], path: &Path) -> results::Result<()> {
    let declared = |one: &Found| &plan.study.hypotheses[one.hypothesis];
    let texts = |of: &dyn Fn(&Found) -> String| Values::text(found.iter().map(of).collect::<Vec<String>>());
    let numbers = |of: &dyn Fn(&Found) -> f64| Values::Real(found.iter().map(of).collect());
    let fit = |part: fn(&crate::study::estimators::Estimate) -> f64| {
        numbers(&|one| one.result.as_ref().map_or(f64::NAN, part))
    };
    let mut columns = vec![
        texts(&|one| declared(one).id.clone()),
        texts(&|one| declared(one).estimators[one.estimator].to_owned()),
        texts(&|one| declared(one).ask.name().to_owned()),
        texts(&|one| declared(one).outcome.to_owned()),
        fit(|fit| fit.estimate),
        fit(|fit| fit.standard_error),
        fit(|fit| fit.degrees_of_freedom),
        fit(|fit| fit.lower),
        fit(|fit| fit.upper),
        fit(|fit| fit.p_value),
        numbers(&|one| one.adjusted.holm),
        numbers(&|one| one.adjusted.benjamini_hochberg),
        numbers(&|one| one.size.map_or(f64::NAN, |size| size.value)),
        texts(&|one| one.size.map_or("", |size| size.kind.name()).to_owned()),
        Values::Integer(found.iter().map(|one| one.analyzed as u32).collect()),
        texts(&|one| one.result.as_ref().err().map_or("", |failure| failure.code()).to_owned()),
    ];
    let arms = found.iter().map(|one| one.described.len()).max().unwrap_or(0);
    for number in 0..arms {
        let counts = |of: fn(&Described) -> usize| {
            Values::Integer(found.iter().map(|one| one.described.get(number).map_or(0, of) as u32).collect())
        };
        columns.push(texts(&|one| one.described.get(number).map_or_else(String::new, |arm| arm.group.clone())));
        columns.push(counts(|arm| arm.rows));
        columns.push(counts(|arm| arm.left_out));
        columns.push(numbers(&|one| one.described.get(number).map_or(f64::NAN, |arm| arm.mean)));
        columns.push(numbers(&|one| one.described.get(number).map_or(f64::NAN, |arm| arm.sd)));
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".partial");
    let mut writer = TableWriter::create(&temporary, &answers_table(arms))?;
    writer.append(&columns)?;
    writer.finish()?;
    fs::rename(&temporary, path).map_err(|source| {
        let _ = fs::remove_file(&temporary);
        results::Error::Io { doing: "write", path: path.to_path_buf(), source }
    })
}
