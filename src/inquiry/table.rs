//! The table `diagnosis`: what each measure means, and how it is written.

use super::answers::Answered;
use super::diagnosis::Diagnosis;
use super::strategies::standing;
use crate::monte_carlo::tables::{flag, integer, real, text};
use crate::results::{self, Table, TableRecord, TableWriter, Values};
use crate::study::declaration::{Expect, Study};

type AnsweredColumn = (&'static str, &'static str, &'static str, fn(&Answered) -> f64);

/// Measures that are not of one estimator's attempts alone: name, unit, meaning, value.
const BEYOND: &[AnsweredColumn] = &[
    (
        "power_holm",
        "probability",
        "Power once p is corrected by Holm's method for all hypotheses of the study, each by its first estimator; null of other estimators.",
        |answer| answer.power_holm.0,
    ),
    ("power_holm_mcse", "probability", "Monte Carlo standard error of power_holm.", |answer| answer.power_holm.1),
    (
        "power_benjamini_hochberg",
        "probability",
        "The same with p corrected by Benjamini and Hochberg's method.",
        |answer| answer.power_benjamini_hochberg.0,
    ),
    (
        "power_benjamini_hochberg_mcse",
        "probability",
        "Monte Carlo standard error of power_benjamini_hochberg.",
        |answer| answer.power_benjamini_hochberg.1,
    ),
    (
        "mean_effect_size",
        "as effect_size_kind says",
        "Mean effect size over the fits, where there is one; of odds ratios the geometric mean.",
        |answer| answer.size.map_or(f64::NAN, |(_, mean, _)| mean),
    ),
    (
        "mean_effect_size_mcse",
        "as effect_size_kind says",
        "Monte Carlo standard error of mean_effect_size.",
        |answer| answer.size.map_or(f64::NAN, |(_, _, error)| error),
    ),
];

type DiagnosisColumn = (&'static str, &'static str, &'static str, fn(&Diagnosis) -> f64);

/// The measures of a diagnosis: name, unit, meaning, value.
pub const DIAGNOSIS: &[DiagnosisColumn] = &[
    ("mean_estimate", "the instrument's scale", "Mean estimate.", |d| d.mean_estimate),
    ("mean_estimate_mcse", "the instrument's scale", "Monte Carlo standard error of mean_estimate.", |d| {
        d.mean_estimate_mcse
    }),
    (
        "mean_truth",
        "the instrument's scale",
        "The estimand: mean truth over all replications in which both arms have somebody.",
        |d| d.mean_truth,
    ),
    ("mean_truth_mcse", "the instrument's scale", "Monte Carlo standard error of mean_truth.", |d| d.mean_truth_mcse),
    ("bias", "the instrument's scale", "Mean of estimate minus truth.", |d| d.bias),
    ("bias_mcse", "the instrument's scale", "Monte Carlo standard error of bias.", |d| d.bias_mcse),
    ("rmse", "the instrument's scale", "Root mean squared distance of the estimates from the estimand.", |d| d.rmse),
    ("rmse_mcse", "the instrument's scale", "Monte Carlo standard error of rmse (delta method).", |d| d.rmse_mcse),
    (
        "power",
        "probability",
        "Share of fits with p < .05 in the expected direction; where none is expected, in either.",
        |d| d.power,
    ),
    ("power_mcse", "probability", "Monte Carlo standard error of power.", |d| d.power_mcse),
    ("coverage", "probability", "Share of 95 % intervals that hold the estimand.", |d| d.coverage),
    ("coverage_mcse", "probability", "Monte Carlo standard error of coverage.", |d| d.coverage_mcse),
    (
        "own_coverage",
        "probability",
        "Share of 95 % intervals that hold what is true of their own replication: where the effect depends on who and where people are, more than hold the mean over such studies.",
        |d| d.own_coverage,
    ),
    ("own_coverage_mcse", "probability", "Monte Carlo standard error of own_coverage.", |d| d.own_coverage_mcse),
    (
        "bias_eliminated_coverage",
        "probability",
        "Share of 95 % intervals that hold the mean estimate: what coverage would be without bias. One minus it is the type I error that the standard errors make on their own.",
        |d| d.bias_eliminated_coverage,
    ),
    ("bias_eliminated_coverage_mcse", "probability", "Monte Carlo standard error of bias_eliminated_coverage.", |d| {
        d.bias_eliminated_coverage_mcse
    }),
    ("type_s", "probability", "Share of significant estimates with the wrong sign; null if the truth is 0.", |d| {
        d.type_s
    }),
    ("type_s_mcse", "probability", "Monte Carlo standard error of type_s.", |d| d.type_s_mcse),
    ("type_m", "ratio", "Mean exaggeration of significant estimates; null if the truth is 0.", |d| d.type_m),
    ("type_m_mcse", "ratio", "Monte Carlo standard error of type_m.", |d| d.type_m_mcse),
    (
        "standard_error_ratio",
        "ratio",
        "Mean standard error over the SD of the estimates: below 1, the analysis is too sure.",
        |d| d.standard_error_ratio,
    ),
    ("standard_error_ratio_mcse", "ratio", "Monte Carlo standard error of standard_error_ratio.", |d| {
        d.standard_error_ratio_mcse
    }),
];

/// One row per hypothesis × estimator.
pub fn diagnosis() -> Table {
    let mut columns = vec![
        text("hypothesis", "Id of the hypothesis."),
        text("estimator", "Id of the estimator."),
        text("expected", "Expected direction: greater, less or different."),
        flag(
            "implied_by_theory",
            "Whether the model's equations imply the answer, so that a confirmation is no evidence.",
        ),
        integer("replications", "replications", "Replications that were analyzed."),
        integer(
            "failures",
            "replications",
            "Of these, fits that failed; they are left out of everything else and never count as 'not significant'.",
        ),
        integer("significant", "replications", "Fits with p < .05, in either direction."),
        integer(
            "boundary",
            "replications",
            "Fits with a variance at the boundary of what the model allows: at zero, or a correlation at 1 or -1.",
        ),
    ];
    columns.extend(DIAGNOSIS.iter().map(|(name, unit, meaning, _)| real(*name, unit, *meaning)));
    columns.push(text(
        "standing",
        "Whether the analysis is honest for this design: honest; cautious, its intervals being wider than need be; own_study, they hold what is true of their own study but not the mean over such studies; biased, they are around something else; too_sure, they are too narrow; failing, more than a tenth of its fits fail; untold, with fewer than 100 fits.",
    ));
    columns.extend(BEYOND.iter().map(|(name, unit, meaning, _)| real(*name, unit, *meaning)));
    columns.push(text(
        "effect_size_kind",
        "hedges_g, odds_ratio or partial_r_squared; empty where there is no effect size.",
    ));
    Table { name: "diagnosis", grain: "hypothesis × estimator".into(), columns }
}

/// Writes the table [`diagnosis`] of a run.
///
/// # Errors
/// If it cannot be written.
pub fn write(study: &Study, answers: &[Answered], mut writer: TableWriter) -> results::Result<TableRecord> {
    let of = |f: &dyn Fn(&Answered) -> String| Values::text(answers.iter().map(f));
    let hypothesis = |answer: &Answered| &study.hypotheses[answer.hypothesis];
    let mut columns = vec![
        of(&|answer| hypothesis(answer).id.clone()),
        of(&|answer| hypothesis(answer).estimators[answer.estimator].to_owned()),
        of(&|answer| {
            Expect::NAMES
                .iter()
                .find(|(_, expect)| *expect == hypothesis(answer).expect)
                .map_or_else(String::new, |(name, _)| (*name).to_owned())
        }),
        Values::Flag(answers.iter().map(|answer| hypothesis(answer).implied_by_theory).collect()),
        Values::Integer(answers.iter().map(|answer| answer.diagnosis.replications as u32).collect()),
        Values::Integer(answers.iter().map(|answer| answer.diagnosis.failures as u32).collect()),
        Values::Integer(answers.iter().map(|answer| answer.diagnosis.significant as u32).collect()),
        Values::Integer(answers.iter().map(|answer| answer.diagnosis.boundaries as u32).collect()),
    ];
    for (_, _, _, measure) in DIAGNOSIS {
        columns.push(Values::Real(answers.iter().map(|answer| measure(&answer.diagnosis)).collect()));
    }
    columns.push(of(&|answer| standing(&answer.diagnosis).name().to_owned()));
    for (_, _, _, measure) in BEYOND {
        columns.push(Values::Real(answers.iter().map(measure).collect()));
    }
    columns.push(of(&|answer| answer.size.map_or_else(String::new, |(kind, ..)| kind.name().to_owned())));
    if !answers.is_empty() {
        writer.append(&columns)?;
    }
    writer.finish()
}
