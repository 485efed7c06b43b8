//! A sweep: one study at many values of its parameters, in one folder, as one dataset.
//!
//! **Order.** Replications go in blocks of [`BLOCK`]: the first block of every cell, then the second of every cell. Whenever a sweep is
//! cut off, every cell is equally far, give or take a block.
//!
//! **Common random numbers.** Every cell has the scenario's seed, so that replication 17 has the same luck in all of them, as far as they have
//! the same people and weeks: differences between cells are much surer than each cell is.
//!
//! **Layout.** A cell's tables are those of the run of that scenario, byte for byte, each in `dataset/TABLE/cell=N/part.parquet`; readers of
//! partitioned data read a table of all cells as one, with a column `cell`. `tables/cells.parquet` has the values of each cell, and
//! `tables/sweep.parquet` what was found in it.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::keep::{Keeper, chunks};
use super::simulate::Work;
use super::size::Size;
use super::{Error, Options, Place, Resumed, Watch, claim, resume, telling};
use crate::inquiry::answers::{Answered, answers};
use crate::inquiry::sweep::{Axis, Design, cells, table};
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::{Chunk, Clerk};
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Outcome};
use crate::report::sweep::SweepSummary;
use crate::results::{self, Begun, Identity, Journal, Manifest, RunDirectory, SweepSpec};
use crate::scenario::{self, Override, Problems, resolved};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// What `run.json` calls this kind of run.
pub const RECORD: &str = "sweep";

/// Consecutive replications of a cell.
pub const BLOCK: u64 = 25;

/// Cells whose tables are open at once.
const OPEN: usize = 32;

/// A finished sweep.
#[derive(Debug)]
pub struct FinishedSweep {
    /// What `run.json` holds.
    pub manifest: Manifest,
    /// What was found.
    pub summary: SweepSummary,
    /// How long it took; nothing if it was there already and nothing was computed.
    pub took: Option<Duration>,
    /// Of one that went on where it had been cut off: replications that were there already.
    pub kept: Option<u64>,
}

/// Why a sweep cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// An axis or the design is wrong.
    #[error("{0}")]
    Design(String),
    /// A cell's scenario is.
    #[error("the scenario does not allow {cell}")]
    Cell {
        /// The values.
        cell: String,
        /// What is wrong with it.
        problems: Problems,
    },
}

/// A sweep, laid out.
pub struct Layout {
    spec: SweepSpec,
    axes: Vec<Axis>,
    record: Record,
    /// Values and study of each cell.
    pub cells: Vec<(Vec<f64>, Study)>,
}

impl Layout {
    /// Reads the scenario of every cell.
    ///
    /// # Errors
    /// If an axis, the design or a cell's scenario is wrong.
    pub fn new(spec: SweepSpec) -> Result<Self, Trouble> {
        let axes =
            spec.over.iter().map(|axis| Axis::parse(axis)).collect::<Result<Vec<_>, _>>().map_err(Trouble::Design)?;
        if let Some(axis) = axes.iter().enumerate().find(|(at, axis)| axes[..*at].iter().any(|one| one.key == axis.key))
        {
            return Err(Trouble::Design(format!("{} is swept over twice", axis.1.key)));
        }
        let unknown = |what: &str, name: &str| Trouble::Design(format!("`{name}` is no {what}"));
        let named = |names: &[(&str, Design)]| names.iter().find(|(name, _)| *name == spec.design).map(|(_, it)| *it);
        let design = named(Design::NAMES).ok_or_else(|| unknown("design", &spec.design))?;
        let record = Record::NAMES.iter().find(|(name, _)| *name == spec.record).map(|(_, it)| *it);
        let record = record.ok_or_else(|| unknown("level of record", &spec.record))?;
        let points = spec.points.map(|points| points as usize);
        let values = cells(&axes, design, points, spec.design_seed).map_err(Trouble::Design)?;
        let study = |values: Vec<f64>| {
            let set =
                |(axis, value): (&Axis, &f64)| Override { option: "--over", text: format!("{}={value}", axis.key) };
            let fixed = spec.changes.iter().map(|text| Override { option: "--set", text: text.clone() });
            let changes: Vec<Override> = fixed.chain(axes.iter().zip(&values).map(set)).collect();
            match scenario::read_with(&spec.scenario, &spec.name, &changes) {
                Ok(scenario) => Ok((values, scenario.study)),
                Err(problems) => {
                    let cell: Vec<String> =
                        changes.iter().filter(|one| one.option == "--over").map(|one| one.text.clone()).collect();
                    Err(Trouble::Cell { cell: cell.join(" with "), problems })
                }
            }
        };
        let cells = values.into_iter().map(study).collect::<Result<Vec<_>, _>>()?;
        if cells.is_empty() {
            return Err(Trouble::Design("there is no cell".to_owned()));
        }
        Ok(Self { spec, axes, record, cells })
    }

    /// Replications of each cell.
    pub fn replications(&self) -> u64 {
        self.cells.first().map_or(0, |(_, study)| study.monte_carlo.replications as u64)
    }

    fn order(&self) -> Order {
        Order { cells: self.cells.len() as u64, replications: self.replications() }
    }

    fn begin(&self, command: &str) -> Begun {
        let (_, first) = &self.cells[0];
        let all: String = self.cells.iter().map(|(_, study)| resolved::to_toml(study)).collect();
        let (version, seed, replications) = (env!("CARGO_PKG_VERSION"), first.monte_carlo.seed, self.replications());
        let text = format!("{:?} of\n{all}", (&self.spec.over, &self.spec.design, &self.spec.record));
        Begun {
            format: Begun::FORMAT,
            version: version.to_owned(),
            study: first.id.clone(),
            seed,
            replications,
            excerpt: None,
            base: None,
            sweep: Some(self.spec.clone()),
            record: RECORD.to_owned(),
            fingerprint: Identity { version, scenario: &text, seed, replications, record: RECORD }.fingerprint(),
            commands: (!command.is_empty()).then(|| command.to_owned()).into_iter().collect(),
            scenario_toml: resolved::to_toml(first),
        }
    }
}

/// In which order the replications of all cells are computed; each has a place in it.
#[derive(Clone, Copy, Debug)]
struct Order {
    cells: u64,
    replications: u64,
}

impl Order {
    fn total(self) -> u64 {
        self.cells * self.replications
    }

    /// The cell and the replication at a place.
    fn at(self, place: u64) -> (usize, u64) {
        let full = self.replications / BLOCK * BLOCK;
        // The last block of each cell may be shorter than the others.
        let (before, block) = if place < full * self.cells { (0, BLOCK) } else { (full, self.replications - full) };
        let rest = place - before * self.cells;
        let round = block * self.cells;
        ((rest % round / block) as usize, before + rest / round * block + rest % block)
    }
}

/// Runs a sweep into a folder: dataset, tables and `run.json`, all of it or nothing.
///
/// # Errors
/// Those of [`super::run_watched`].
pub fn run_sweep(layout: &Layout, options: &Options, watch: Watch) -> Result<FinishedSweep, Error> {
    let begun = layout.begin(&options.command);
    let mut size = Size::default();
    for (_, study) in &layout.cells {
        let plan = Plan::new(study.clone())?;
        size = size.and(Size::of(&plan, layout.record, study.monte_carlo.replications as u64, options.threads));
    }
    match claim(&begun, size, options)? {
        Place::Finished(manifest) => found(*manifest, &options.out),
        Place::CutOff => match resume(&options.out, options, watch)? {
            Resumed::Sweep(finished) => Ok(*finished),
            _ => Err(results::Error::NothingBegun(options.out.clone()).into()),
        },
        Place::Free(directory, journal) => {
            telling(carry_out(layout, begun, (directory, journal), options, watch), &options.out)
        }
    }
}

/// One that is there already.
pub(super) fn found(manifest: Manifest, path: &Path) -> Result<FinishedSweep, Error> {
    let summary = serde_json::from_value(manifest.summary.clone())
        .map_err(|_| Error::Summary { path: path.join(Manifest::FILE) })?;
    Ok(FinishedSweep { manifest, summary, took: None, kept: None })
}

/// Goes on with one that was cut off.
pub(super) fn go_on(
    begun: Begun,
    spec: SweepSpec,
    place: (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<FinishedSweep, Error> {
    let path = options.out.clone();
    if begun.version != env!("CARGO_PKG_VERSION") {
        return Err(Error::Version { path, version: begun.version });
    }
    let layout =
        Layout::new(spec).map_err(|trouble| Error::Changed { path: path.clone(), what: trouble.to_string() })?;
    let again = Begun { commands: begun.commands.clone(), ..layout.begin("") };
    if again != begun {
        return Err(Error::Changed { path, what: super::identity::difference(&begun, &again) });
    }
    telling(carry_out(&layout, begun, place, options, watch), &path)
}

fn carry_out(
    layout: &Layout,
    begun: Begun,
    (directory, journal): (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<FinishedSweep, Error> {
    let started = Instant::now();
    let (order, record) = (layout.order(), layout.record);
    let plans = layout.cells.iter().map(|(_, study)| Plan::new(study.clone())).collect::<Result<Vec<_>, _>>()?;
    let clerks: Vec<Clerk> = plans.iter().map(|plan| Clerk::new(plan, record)).collect();
    let how = monte_carlo::Options { threads: options.threads, record, instructions: Instructions::Widest };
    let live = |place: u64| {
        let (cell, number) = order.at(place);
        monte_carlo::attempt(&plans[cell], number, how, options.simulate)
    };
    let write = |first: u64, outcomes: Vec<Outcome>| by_cell(&clerks, order, first, outcomes);
    let mut keeper = Keeper::new(journal, options.save_every);
    let work = Work {
        study: &begun.study,
        size: &|_| BLOCK,
        live: &live,
        write: &write,
        threads: options.threads,
        path: &options.out,
        watch,
    };
    let kept = work.simulate(0..order.total(), 0, &mut keeper, &mut |_| Ok(()))?;
    let simulation = started.elapsed();
    let (found, failed) = write_cells(layout, &plans, &clerks, &keeper, &directory)?;
    let tables = vec![
        table::write_cells(&layout.axes, &layout.cells, &failed, &directory)?,
        table::write_sweep(&layout.axes, &layout.cells, &found, &directory)?,
    ];
    let (_, first) = &layout.cells[0];
    let summary = SweepSummary::new(&layout.axes, &layout.spec, &layout.cells, &plans, &found, &failed);
    let manifest = directory.finish(Manifest {
        format: Manifest::FORMAT,
        version: begun.version,
        study: begun.study,
        title: format!("Sweep: {}", first.title),
        seed: begun.seed,
        replications: begun.replications,
        excerpt: None,
        record: begun.record,
        fingerprint: begun.fingerprint,
        commands: begun.commands,
        summary: serde_json::to_value(&summary).unwrap_or_default(),
        timing: json!({
            "simulation_seconds": simulation.as_secs_f64(),
            "total_seconds": started.elapsed().as_secs_f64(),
        }),
        tables,
        figures: Vec::new(),
        documents: Vec::new(),
        scenario: serde_json::to_value(&layout.spec).unwrap_or_default(),
        scenario_toml: begun.scenario_toml,
    })?;
    Ok(FinishedSweep { manifest, summary, took: Some(started.elapsed()), kept: (kept > 0).then_some(kept) })
}

/// Replications in the order of the sweep as chunks of one cell each, which keep their place in that order.
fn by_cell(clerks: &[Clerk], order: Order, mut first: u64, mut outcomes: Vec<Outcome>) -> Vec<Chunk> {
    let mut all = Vec::new();
    while !outcomes.is_empty() {
        let (cell, number) = order.at(first);
        let same = |by: &u64| order.at(first + by) == (cell, number + by);
        let count = (1..outcomes.len() as u64).take_while(same).count() + 1;
        let rest = outcomes.split_off(count);
        let chunk = clerks[cell].chunk(number, outcomes);
        let last = first + count as u64;
        all.push(Chunk { replications: first..last, ..chunk });
        (first, outcomes) = (last, rest);
    }
    all
}

/// What was found in each cell, and how many of its replications failed.
type FoundCells = (Vec<Vec<Answered>>, Vec<u64>);

/// Writes the tables of every cell from what the journal has, a few cells at a time.
fn write_cells(
    layout: &Layout,
    plans: &[Plan],
    clerks: &[Clerk],
    keeper: &Keeper,
    directory: &RunDirectory,
) -> Result<FoundCells, Error> {
    let order = layout.order();
    let parts = keeper.kept().list(order.total())?;
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for (group, some) in plans.chunks(OPEN).enumerate() {
        let begin = group * OPEN;
        let place = |cell: usize| move |table: &str| format!("dataset/{table}/cell={cell}/part.parquet");
        let open = |(at, plan): (usize, &Plan)| Recorder::open_in(plan, directory, layout.record, &place(begin + at));
        let mut recorders = some.iter().enumerate().map(open).collect::<Result<Vec<_>, _>>()?;
        for part in &parts {
            let damaged = || keeper.kept().trouble("a part of it was changed while the sweep ran".to_owned());
            for chunk in chunks(keeper.kept(), part)?.ok_or_else(damaged)? {
                let (cell, _) = order.at(chunk.replications.start);
                if let Some(recorder) = cell.checked_sub(begin).and_then(|at| recorders.get_mut(at)) {
                    recorder.add(&chunk)?;
                }
            }
        }
        for (at, recorder) in recorders.into_iter().enumerate() {
            let cell = begin + at;
            let place = place(cell);
            let recorded = recorder.finish_in(&clerks[cell], directory, &place)?;
            failed.push(recorded.failures.len() as u64);
            found.push(answers(&plans[cell].study, &directory.staged(&place("estimates"))?)?);
        }
    }
    Ok((found, failed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_equally_far_at_any_time() {
        for (cells, replications) in [(1, 60), (3, 60), (4, 25), (5, 7), (7, 101)] {
            let order = Order { cells, replications };
            let mut done = vec![0_u64; cells as usize];
            for place in 0..order.total() {
                let (cell, number) = order.at(place);
                // Each replication of each cell comes once, in its turn.
                assert_eq!(done[cell], number);
                done[cell] += 1;
                let (least, most) = (done.iter().min().unwrap(), done.iter().max().unwrap());
                assert!(most - least <= BLOCK, "{done:?}");
            }
            assert!(done.iter().all(|count| *count == replications));
        }
    }
}
