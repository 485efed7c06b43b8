//! The tables of a comparison.

use super::Side;
use crate::inquiry::business::Figures;
use crate::inquiry::business::case::Row;
use crate::monte_carlo::tables::{integer, real, text};
use crate::results::{self, Column, RunDirectory, Table, TableRecord, Values};

const MONEY: &str = "the case's currency";

fn scenario() -> Column {
    integer("scenario", "number", "Number of the scenario, in the order of the command line, from 0.")
}

/// One row per scenario × measure.
pub fn compared() -> Table {
    const UNIT: &str = "the measure's unit";
    Table {
        name: "compared",
        grain: "scenario × measure".into(),
        columns: vec![
            scenario(),
            text("study", "Id of the scenario's study."),
            text("arm", "The arm that everyone is given."),
            text("reference", "The arm it is held against."),
            text("measure", "What is compared; utility is net money per participant."),
            real("level", UNIT, "Mean over replications in the world in which everyone has the arm; null of money."),
            real("reference_level", UNIT, "Mean in the reference's world; null of money."),
            real("effect", UNIT, "Mean difference of the two worlds, replication by replication."),
            real("effect_mcse", UNIT, "Its Monte Carlo standard error; null of one replication."),
            real(
                "difference",
                UNIT,
                "This effect minus the first scenario's, replication by replication; null of the first, and of money in another currency.",
            ),
            real("difference_mcse", UNIT, "Its Monte Carlo standard error."),
        ],
    }
}

/// One row per scenario × replication.
pub fn utilities() -> Table {
    let mut columns = vec![
        scenario(),
        integer("replication", "number", "Number of the replication, from 0; scenarios share its luck."),
        real("utility", MONEY, "Net utility of the program, mean over the draws of the inputs."),
        real("loss", "probability", "Share of the draws of the inputs that lose money."),
    ];
    columns.extend(
        Figures::NAMES
            .iter()
            .map(|(name, words)| real(*name, MONEY, format!("Mean over the draws: {words}; costs are positive."))),
    );
    Table { name: "utilities", grain: "scenario × replication".into(), columns }
}

/// One row per scenario × input.
pub fn inputs() -> Table {
    const UNIT: &str = "the input's unit";
    Table {
        name: "inputs",
        grain: "scenario × input".into(),
        columns: vec![
            scenario(),
            text("input", "Id of the input; development is the simulated effect at the end, luck the replications."),
            real("break_even", UNIT, "Its value at which mean gain and costs are equal; null if there is none."),
            real(
                "utility_low",
                MONEY,
                "Mean net utility with the input at the low end of its range; of luck the 2.5th percentile over replications; null of development.",
            ),
            real("utility_high", MONEY, "The same at its high end; of luck the 97.5th percentile."),
        ],
    }
}

/// Writes the tables: the comparison, and where there is money what each replication and each input does to it.
///
/// # Errors
/// If a table cannot be written.
pub fn write(directory: &RunDirectory, sides: &[Side], rows: &[Option<Vec<Row>>]) -> results::Result<Vec<TableRecord>> {
    let all: Vec<(usize, &Side, &super::Compared)> = sides
        .iter()
        .enumerate()
        .flat_map(|(at, side)| side.compared.iter().map(move |compared| (at, side, compared)))
        .collect();
    let reals = |of: &dyn Fn(&super::Compared) -> Option<f64>| {
        Values::Real(all.iter().map(|(_, _, one)| of(one).unwrap_or(f64::NAN)).collect())
    };
    let texts = |of: &dyn Fn(&(usize, &Side, &super::Compared)) -> String| Values::text(all.iter().map(of));
    let mut writer = directory.table(&compared())?;
    writer.append(&[
        Values::Integer(all.iter().map(|(at, _, _)| *at as u32).collect()),
        texts(&|(_, side, _)| side.study.clone()),
        texts(&|(_, side, _)| side.arm.clone()),
        texts(&|(_, side, _)| side.reference.clone()),
        texts(&|(_, _, one)| one.measure.clone()),
        reals(&|one| one.level),
        reals(&|one| one.reference),
        reals(&|one| Some(one.effect.value)),
        reals(&|one| one.effect.error),
        reals(&|one| one.difference.map(|mean| mean.value)),
        reals(&|one| one.difference.and_then(|mean| mean.error)),
    ])?;
    let mut records = vec![writer.finish()?];
    if rows.iter().all(Option::is_none) {
        return Ok(records);
    }
    let mut writer = directory.table(&utilities())?;
    for (at, rows) in rows.iter().enumerate() {
        let Some(rows) = rows else { continue };
        let mut batch = vec![
            Values::Integer(vec![at as u32; rows.len()]),
            Values::Integer((0..rows.len() as u32).collect()),
            Values::Real(rows.iter().map(|row| row.utility).collect()),
            Values::Real(rows.iter().map(|row| row.loss).collect()),
        ];
        batch.extend(
            (0..Figures::NAMES.len()).map(|part| Values::Real(rows.iter().map(|row| row.parts[part]).collect())),
        );
        writer.append(&batch)?;
    }
    records.push(writer.finish()?);
    let mut writer = directory.table(&inputs())?;
    for (at, side) in sides.iter().enumerate() {
        let Some(case) = &side.case else { continue };
        let names: Vec<&str> = case
            .break_even
            .iter()
            .map(|one| one.input.as_str())
            .chain([crate::inquiry::business::case::LUCK])
            .collect();
        let bar = |name: &str, of: fn(&crate::inquiry::business::Bar) -> f64| {
            case.tornado.iter().find(|bar| bar.input == name).map_or(f64::NAN, of)
        };
        let even = |name: &&str| case.break_even_of(name).and_then(crate::inquiry::business::Found::value);
        writer.append(&[
            Values::Integer(vec![at as u32; names.len()]),
            Values::text(names.iter().copied()),
            Values::Real(names.iter().map(|name| even(name).unwrap_or(f64::NAN)).collect()),
            Values::Real(names.iter().map(|name| bar(name, |bar| bar.low)).collect()),
            Values::Real(names.iter().map(|name| bar(name, |bar| bar.high)).collect()),
        ])?;
    }
    records.push(writer.finish()?);
    Ok(records)
}
