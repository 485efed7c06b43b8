//! The table `analysis`: what was found, one row per number, as Parquet.

use std::fs;
use std::path::Path;

use super::{Analysis, Described, Fitted};
use crate::monte_carlo::tables::{integer, real, text};
use crate::results::{self, Table, TableWriter, Values};
use crate::study::estimators::Estimate;

/// One row per model × term, and of numbers without an interval.
pub fn analysis_table() -> Table {
    Table {
        name: "analysis",
        grain: "model × term".into(),
        columns: vec![
            text("model", "The model as it was asked for; `outcome` of its mean, SD and range by arm."),
            text("estimator", "Id of the estimator; empty where the model has several coefficients."),
            text("term", "Stable name of what the number is: asked, intercept, actor, odds_ratio, variance_dyad, ..."),
            text("label", "The same in words."),
            real("estimate", "the outcome's unit", "The number."),
            real("standard_error", "the outcome's unit", "Its standard error; null where there is none."),
            real("degrees_of_freedom", "count", "Degrees of freedom of its t; null where there are none."),
            real("lower", "the outcome's unit", "Lower bound of the interval."),
            real("upper", "the outcome's unit", "Upper bound of the interval."),
            real("p_value", "probability", "Two-sided p-value."),
            integer("rows", "rows", "Rows that the model used."),
            integer("groups", "groups", "Groups that its uncertainty rests on."),
            text("failure", "Why the model could not be fitted; empty if it was."),
        ],
    }
}

const NOTHING: Estimate = Estimate {
    estimate: f64::NAN,
    standard_error: f64::NAN,
    degrees_of_freedom: f64::NAN,
    lower: f64::NAN,
    upper: f64::NAN,
    p_value: f64::NAN,
    boundary: false,
};

#[derive(Default)]
struct Rows {
    texts: [Vec<String>; 5],
    numbers: [Vec<f64>; 6],
    counts: [Vec<u32>; 2],
}

impl Rows {
    fn push(&mut self, texts: [&str; 5], estimate: &Estimate, counts: [usize; 2]) {
        self.texts.iter_mut().zip(texts).for_each(|(column, text)| column.push(text.to_owned()));
        let Estimate { estimate, standard_error, degrees_of_freedom, lower, upper, p_value, .. } = *estimate;
        let numbers = [estimate, standard_error, degrees_of_freedom, lower, upper, p_value];
        self.numbers.iter_mut().zip(numbers).for_each(|(column, number)| column.push(number));
        self.counts.iter_mut().zip(counts).for_each(|(column, count)| column.push(count as u32));
    }

    fn model(&mut self, fitted: &Fitted) {
        let counts = [fitted.rows, fitted.groups];
        let id = fitted.estimator.unwrap_or_default();
        for term in &fitted.terms {
            self.push([&fitted.model, id, term.id, &term.label, ""], &term.estimate, counts);
        }
        for one in &fitted.quantities {
            self.push(
                [&fitted.model, id, &one.id, &one.label, ""],
                &Estimate { estimate: one.value, ..NOTHING },
                counts,
            );
        }
        if let Some(failure) = &fitted.failure {
            self.push([&fitted.model, id, "failure", &failure.to_string(), failure.code()], &NOTHING, counts);
        }
    }

    /// The outcome of an arm, before any model.
    fn described(&mut self, one: &Described) {
        let numbers = [
            ("mean", "mean", one.mean),
            ("sd", "SD", one.sd),
            ("minimum", "minimum", one.minimum),
            ("maximum", "maximum", one.maximum),
            ("left_out", "rows left out", one.left_out as f64),
        ];
        for (id, name, estimate) in numbers {
            let label = format!("{}: {name}", one.group);
            self.push(["outcome", "", id, &label, ""], &Estimate { estimate, ..NOTHING }, [one.rows, 0]);
        }
    }
}

/// Writes an analysis as Parquet: under a temporary name first, so that the file is whole or not there.
///
/// # Errors
/// If it cannot be written.
pub fn write(analysis: &Analysis, path: &Path) -> results::Result<()> {
    let mut rows = Rows::default();
    analysis.described.iter().for_each(|one| rows.described(one));
    analysis.models.iter().for_each(|fitted| rows.model(fitted));
    let counts = [analysis.analyzed, analysis.clusters.unwrap_or(0)];
    if let Some(Ok(one)) = &analysis.hedges_g {
        let estimate = Estimate {
            estimate: one.found.g,
            standard_error: one.found.standard_error,
            degrees_of_freedom: one.found.error_degrees_of_freedom,
            lower: one.interval.0,
            upper: one.interval.1,
            p_value: f64::NAN,
            boundary: false,
        };
        rows.push(["effect size", "", "hedges_g", "Hedges' g, corrected for clusters", ""], &estimate, counts);
    }
    for one in &analysis.reliability {
        let label = format!("Cronbach's alpha, {} items", one.items);
        let value = one.alpha.as_ref().copied().unwrap_or(f64::NAN);
        let failure = one.alpha.as_ref().err().map_or("", |failure| failure.code());
        let estimate = Estimate { estimate: value, ..NOTHING };
        rows.push([&one.instrument, "", "alpha", &label, failure], &estimate, [one.rows, 0]);
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".partial");
    let mut writer = TableWriter::create(&temporary, &analysis_table())?;
    let [model, estimator, term, label, failure] = rows.texts.map(Values::text);
    let mut columns = vec![model, estimator, term, label];
    columns.extend(rows.numbers.map(Values::Real));
    columns.extend(rows.counts.map(Values::Integer));
    columns.push(failure);
    writer.append(&columns)?;
    writer.finish()?;
    fs::rename(&temporary, path).map_err(|source| {
        let _ = fs::remove_file(&temporary);
        results::Error::Io { doing: "write", path: path.to_path_buf(), source }
    })
}
