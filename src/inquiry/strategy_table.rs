//! The table `strategies`: every analysis of a hypothesis beside every other.

use super::answers::Answered;
use super::comparison::{Better, Comparison};
use crate::monte_carlo::tables::{flag, integer, real, text};
use crate::results::{self, Table, TableRecord, TableWriter, Values};
use crate::study::declaration::Study;

type Measure = (&'static str, &'static str, &'static str, fn(&Comparison) -> (f64, f64));

/// The measures: name, unit, meaning, value with its Monte Carlo standard error.
const MEASURES: &[Measure] = &[
    (
        "squared_error_difference",
        "squared units of the instrument's scale",
        "Mean squared distance of the estimator's estimates from the estimand, minus that of `against`; null unless both have the same truth.",
        |c| c.squared_error_difference,
    ),
    (
        "rmse_ratio",
        "ratio",
        "RMSE of the estimator over that of `against`: below 1, it errs less; null unless both have the same truth.",
        |c| c.rmse_ratio,
    ),
    ("width_ratio", "ratio", "Mean width of its intervals over that of the intervals of `against`.", |c| c.width_ratio),
    ("power_difference", "probability", "Its power minus that of `against`.", |c| c.power_difference),
    (
        "people_for_error",
        "share",
        "More people, as a share of those taking part, that it needs for the RMSE of `against`; negative: fewer. Null where either is biased.",
        |c| c.people_for_error,
    ),
    (
        "people_for_power",
        "share",
        "More people that it needs for the power of `against`, at its own intervals' width; null where either power may be chance, or certain.",
        |c| c.people_for_power,
    ),
];

/// One row per hypothesis × pair of its estimators.
pub fn strategies() -> Table {
    let mut columns = vec![
        text("hypothesis", "Id of the hypothesis."),
        text("estimator", "Id of the estimator."),
        text("against", "Id of the estimator it is held against, of the same hypothesis and declared before it."),
        integer("replications", "replications", "Replications in which both gave an estimate."),
        flag("same_truth", "Whether both are after the same truth."),
    ];
    for (name, unit, meaning, _) in MEASURES {
        columns.push(real(*name, unit, *meaning));
        columns.push(real(
            format!("{name}_mcse"),
            unit,
            format!("Monte Carlo standard error of {name}, paired by replication."),
        ));
    }
    columns.push(text(
        "errs_less",
        "Which of the two has the smaller RMSE beyond 1.96 Monte Carlo standard errors; empty if they cannot be told apart.",
    ));
    columns.push(text("finds_more", "Which of the two has more power, told in the same way; a finding may be false."));
    Table { name: "strategies", grain: "hypothesis × pair of its estimators".into(), columns }
}

/// Writes the table [`strategies`] of a run; it has no rows where each hypothesis has one estimator.
///
/// # Errors
/// If it cannot be written.
pub fn write(study: &Study, answers: &[Answered], mut writer: TableWriter) -> results::Result<TableRecord> {
    let mut pairs = Vec::new();
    for (at, one) in answers.iter().enumerate() {
        for other in answers[..at].iter().filter(|other| other.hypothesis == one.hypothesis) {
            pairs.push((one, other, one.beside[other.estimator]));
        }
    }
    let id = |answer: &Answered| study.hypotheses[answer.hypothesis].estimators[answer.estimator];
    let better = |one: &Answered, other: &Answered, which: Better| match which {
        Better::First => id(one),
        Better::Second => id(other),
        Better::Untold => "",
    };
    let mut columns = vec![
        Values::text(pairs.iter().map(|(one, ..)| study.hypotheses[one.hypothesis].id.as_str())),
        Values::text(pairs.iter().map(|(one, ..)| id(one))),
        Values::text(pairs.iter().map(|(_, other, _)| id(other))),
        Values::Integer(pairs.iter().map(|(.., found)| found.replications as u32).collect()),
        Values::Flag(pairs.iter().map(|(.., found)| found.same_truth).collect()),
    ];
    for (_, _, _, measure) in MEASURES {
        columns.push(Values::Real(pairs.iter().map(|(.., found)| measure(found).0).collect()));
        columns.push(Values::Real(pairs.iter().map(|(.., found)| measure(found).1).collect()));
    }
    columns.push(Values::text(pairs.iter().map(|(one, other, found)| better(one, other, found.errs_less()))));
    columns.push(Values::text(pairs.iter().map(|(one, other, found)| better(one, other, found.finds_more()))));
    if !pairs.is_empty() {
        writer.append(&columns)?;
    }
    writer.finish()
}
