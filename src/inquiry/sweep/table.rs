//! The tables of a sweep beside its dataset: which cells there are, and what was found in each.

use std::sync::Arc;

use super::Axis;
use crate::inquiry::answers::Answered;
use crate::inquiry::table::DIAGNOSIS;
use crate::monte_carlo::tables::{integer, real, text};
use crate::results::{self, Column, Kind, RunDirectory, Table, TableRecord, Values};
use crate::study::declaration::Study;

type Cell = (Vec<f64>, Arc<Study>);

fn design(axes: &[Axis]) -> Vec<Column> {
    let meaning = "Number of the cell, from 0: the folder `cell=N` of the dataset.";
    let mut columns = vec![Column::new("cell", Kind::Partition, "number", meaning)];
    columns.extend(axes.iter().map(|axis| {
        let unit = if axis.unit().is_empty() { "as the key says" } else { axis.unit() };
        real(axis.key.as_str(), unit, format!("The value of the scenario's key {} in this cell.", axis.key))
    }));
    columns
}

fn values(axes: &[Axis], cells: &[Cell], rows: &[usize]) -> Vec<Values> {
    let mut columns = vec![Values::Integer(rows.iter().map(|cell| *cell as u32).collect())];
    columns.extend((0..axes.len()).map(|axis| Values::Real(rows.iter().map(|cell| cells[*cell].0[axis]).collect())));
    columns
}

/// The table `cells`.
pub fn cells(axes: &[Axis]) -> Table {
    let mut columns = design(axes);
    columns.push(integer("replications", "replications", "Replications of the cell."));
    columns.push(integer(
        "failed",
        "replications",
        "Replications of the cell that failed; they are in no other table.",
    ));
    Table { name: "cells", grain: "cell".into(), columns }
}

/// The table `sweep`.
pub fn sweep(axes: &[Axis]) -> Table {
    let mut columns = design(axes);
    columns.extend([
        text("hypothesis", "Id of the hypothesis."),
        text("estimator", "Id of the estimator."),
        integer("replications", "replications", "Replications that were analyzed."),
        integer("failures", "replications", "Of these, fits that failed; they are left out of everything else."),
        integer("significant", "replications", "Fits with p < .05, in either direction."),
    ]);
    columns.extend(DIAGNOSIS.iter().map(|(name, unit, meaning, _)| real(*name, unit, *meaning)));
    Table { name: "sweep", grain: "cell × hypothesis × estimator".into(), columns }
}

/// Writes the table `cells`.
///
/// # Errors
/// If it cannot be written.
pub fn write_cells(
    axes: &[Axis],
    all: &[Cell],
    failed: &[u64],
    directory: &RunDirectory,
) -> results::Result<TableRecord> {
    let mut writer = directory.table(&cells(axes))?;
    let mut columns = values(axes, all, &(0..all.len()).collect::<Vec<_>>());
    columns.push(Values::Integer(all.iter().map(|(_, study)| study.monte_carlo.replications as u32).collect()));
    columns.push(Values::Integer(failed.iter().map(|count| *count as u32).collect()));
    writer.append(&columns)?;
    writer.finish()
}

/// Writes the table `sweep`.
///
/// # Errors
/// If it cannot be written.
pub fn write_sweep(
    axes: &[Axis],
    all: &[Cell],
    found: &[Vec<Answered>],
    directory: &RunDirectory,
) -> results::Result<TableRecord> {
    let mut writer = directory.table(&sweep(axes))?;
    let rows: Vec<(usize, &Answered)> =
        found.iter().enumerate().flat_map(|(cell, answers)| answers.iter().map(move |one| (cell, one))).collect();
    let hypothesis = |cell: usize, one: &Answered| &all[cell].1.hypotheses[one.hypothesis];
    let mut columns = values(axes, all, &rows.iter().map(|(cell, _)| *cell).collect::<Vec<_>>());
    columns.push(Values::text(rows.iter().map(|(cell, one)| hypothesis(*cell, one).id.as_str())));
    columns.push(Values::text(rows.iter().map(|(cell, one)| hypothesis(*cell, one).estimators[one.estimator])));
    let counts: [fn(&Answered) -> usize; 3] = [
        |one| one.diagnosis.replications as usize,
        |one| one.diagnosis.failures as usize,
        |one| one.diagnosis.significant as usize,
    ];
    columns.extend(counts.iter().map(|of| Values::Integer(rows.iter().map(|(_, one)| of(one) as u32).collect())));
    columns.extend(
        DIAGNOSIS.iter().map(|(.., of)| Values::Real(rows.iter().map(|(_, one)| of(&one.diagnosis)).collect())),
    );
    if !rows.is_empty() {
        writer.append(&columns)?;
    }
    writer.finish()
}
