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

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

use super::keep::{Keeper, chunks};
use super::shard::{self, FinishedShard};
use super::simulate::Work;
use super::size::Size;
use super::{Error, Options, Place, Resumed, Watch, claim, resume, telling};
use crate::figures;
use crate::inquiry::answers::{Answered, answers};
use crate::inquiry::sweep::{Axis, Design, cells, table};
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::{Chunk, Clerk};
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Failed, Outcome};
use crate::report::sweep::SweepSummary;
use crate::report::sweep_picture::SweepPictures;
use crate::results::{self, Begun, Excerpt, Identity, Journal, Manifest, Part, Parts, RunDirectory, Shard, SweepSpec};
use crate::scenario::{self, Override, Problems, resolved};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

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

    fn begin(&self, excerpt: Option<Excerpt>, command: &str) -> Begun {
        let (_, first) = &self.cells[0];
        let all: String = self.cells.iter().map(|(_, study)| resolved::to_toml(study)).collect();
        let (version, seed, replications) = (env!("CARGO_PKG_VERSION"), first.monte_carlo.seed, self.replications());
        let text = format!("{:?} of\n{all}", (&self.spec.over, &self.spec.design, &self.spec.record));
        let record = SweepSpec::RECORD;
        let whole = Identity { version, scenario: &text, seed, replications, record }.fingerprint();
        Begun {
            format: Begun::FORMAT,
            version: version.to_owned(),
            study: first.id.clone(),
            seed,
            replications,
            excerpt,
            base: None,
            sweep: Some(self.spec.clone()),
            record: record.to_owned(),
            fingerprint: excerpt.map_or_else(|| whole.clone(), |excerpt| excerpt.fingerprint(&whole)),
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

/// Runs a sweep into a folder: dataset, tables, figures and `run.json`, all of it or nothing.
///
/// # Errors
/// Those of [`super::run_watched`].
pub fn run_sweep(layout: &Layout, options: &Options, watch: Watch) -> Result<FinishedSweep, Error> {
    let begun = layout.begin(None, &options.command);
    match claim(&begun, layout.size(options)?, options)? {
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

/// Computes a share of a sweep's replications, of all cells in their order, into a folder; [`super::merge::merge`] joins them.
///
/// # Errors
/// Those of [`super::run_watched`].
pub fn run_sweep_shard(layout: &Layout, shard: Shard, options: &Options, watch: Watch) -> Result<FinishedShard, Error> {
    let total = layout.total();
    let numbers = shard.replications(total);
    if numbers.is_empty() {
        return Err(Error::NoShare { shard, total });
    }
    let begun = layout.begin(Some(Excerpt::Shard(shard)), &options.command);
    let share = (numbers.end - numbers.start) as f64 / total as f64;
    match claim(&begun, layout.size(options)?.part(share), options)? {
        Place::Finished(manifest) => Ok(shard::found(*manifest, shard)),
        Place::CutOff => match resume(&options.out, options, watch)? {
            Resumed::Shard(finished) => Ok(*finished),
            _ => Err(results::Error::NothingBegun(options.out.clone()).into()),
        },
        Place::Free(directory, journal) => {
            telling(carry_out_shard(layout, begun, shard, (directory, journal), options, watch), &options.out)
        }
    }
}

/// One that is there already.
pub(super) fn found(manifest: Manifest, path: &Path) -> Result<FinishedSweep, Error> {
    let summary = serde_json::from_value(manifest.summary.clone())
        .map_err(|_| Error::Summary { path: path.join(Manifest::FILE) })?;
    Ok(FinishedSweep { manifest, summary, took: None, kept: None })
}

/// What was begun in a folder, or is of it, held against what it says of itself.
pub(super) fn recover(begun: &Begun, path: &Path) -> Result<Layout, Error> {
    let path = path.to_path_buf();
    if begun.version != env!("CARGO_PKG_VERSION") {
        return Err(Error::Version { path, version: begun.version.clone() });
    }
    let Some(spec) = begun.sweep.clone() else {
        return Err(Error::Changed { path, what: "what was swept over is not there".to_owned() });
    };
    let layout =
        Layout::new(spec).map_err(|trouble| Error::Changed { path: path.clone(), what: trouble.to_string() })?;
    let again = Begun { commands: begun.commands.clone(), ..layout.begin(begun.excerpt, "") };
    if again == *begun {
        Ok(layout)
    } else {
        Err(Error::Changed { path, what: super::identity::difference(begun, &again) })
    }
}

/// Goes on with one that was cut off.
pub(super) fn go_on(
    begun: Begun,
    place: (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<Resumed, Error> {
    let layout = recover(&begun, &options.out)?;
    match begun.excerpt {
        Some(Excerpt::Shard(shard)) => {
            let finished = carry_out_shard(&layout, begun, shard, place, options, watch);
            Ok(Resumed::Shard(Box::new(telling(finished, &options.out)?)))
        }
        _ => Ok(Resumed::Sweep(Box::new(telling(carry_out(&layout, begun, place, options, watch), &options.out)?))),
    }
}

/// Those who run the cells of a sweep.
struct Staff<'a> {
    layout: &'a Layout,
    plans: &'a [Plan],
    clerks: Vec<Clerk<'a>>,
}

impl<'a> Staff<'a> {
    fn new(layout: &'a Layout, plans: &'a [Plan]) -> Self {
        Self { layout, plans, clerks: plans.iter().map(|plan| Clerk::new(plan, layout.record)).collect() }
    }

    /// Keeps the replications with these places: what the journal has is left, what it has not is computed. How many were there.
    fn simulate(&self, places: Range<u64>, keeper: &mut Keeper, options: &Options, watch: Watch) -> Result<u64, Error> {
        let (order, record) = (self.layout.order(), self.layout.record);
        let how = monte_carlo::Options { threads: options.threads, record, instructions: Instructions::Widest };
        let live = |place: u64| {
            let (cell, number) = order.at(place);
            monte_carlo::attempt(&self.plans[cell], number, how, options.simulate)
        };
        let write = |first: u64, outcomes: Vec<Outcome>| by_cell(&self.clerks, order, first, outcomes);
        let work = Work {
            study: &self.plans[0].study.id,
            size: &|_| BLOCK,
            live: &live,
            write: &write,
            threads: options.threads,
            path: &options.out,
            watch,
        };
        work.simulate(places, 0, keeper, &mut |_| Ok(()))
    }
}

fn carry_out(
    layout: &Layout,
    begun: Begun,
    (directory, journal): (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<FinishedSweep, Error> {
    let started = Instant::now();
    let plans = layout.plans()?;
    let staff = Staff::new(layout, &plans);
    let mut keeper = Keeper::new(journal, options.save_every);
    let kept = staff.simulate(0..layout.total(), &mut keeper, options, watch)?;
    let parts = keeper.kept().list(layout.total())?;
    let sources: Vec<(&Parts, &Part)> = parts.iter().map(|part| (keeper.kept(), part)).collect();
    staff.conclude(begun, directory, &sources, (kept, started))
}

fn carry_out_shard(
    layout: &Layout,
    begun: Begun,
    shard: Shard,
    (directory, journal): (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<FinishedShard, Error> {
    let started = Instant::now();
    let plans = layout.plans()?;
    let total = layout.total();
    let numbers = shard.replications(total);
    let mut keeper = Keeper::new(journal, options.save_every);
    let kept = Staff::new(layout, &plans).simulate(numbers.clone(), &mut keeper, options, watch)?;
    directory.stage_parcels(keeper.journal(), numbers.end)?;
    let mut manifest = layout.manifest(begun, started.elapsed());
    manifest.summary = json!({ "cells": layout.cells.len() });
    let manifest = directory.finish(manifest)?;
    let (took, kept) = (Some(started.elapsed()), (kept > 0).then_some(kept));
    Ok(FinishedShard { manifest, shard, numbers, total, took, kept })
}

/// Joins the shards of a sweep, which lie in these folders in the order of their places, into one.
pub(super) fn merge(
    begun: Begun,
    layout: &Layout,
    shards: &[PathBuf],
    options: &Options,
) -> Result<FinishedSweep, Error> {
    let started = Instant::now();
    let plans = layout.plans()?;
    let record = layout.record;
    let size = plans.iter().map(|plan| Size::of_tables(plan, record, layout.replications()));
    size.fold(Size::default(), Size::and).fits(&options.out)?;
    let directory = RunDirectory::create(&options.out, options.overwrite)?;
    let folders: Vec<Parts> = shards.iter().map(results::parcels).collect();
    let listed = folders.iter().map(|parts| parts.list(layout.total())).collect::<results::Result<Vec<_>>>()?;
    let mut sources: Vec<(&Parts, &Part)> = Vec::new();
    let mut next = 0;
    for ((parts, listed), path) in folders.iter().zip(&listed).zip(shards) {
        for part in listed {
            if part.replications.start != next {
                return Err(super::merge::Trouble::damaged(path, format!("replication {next} is not in it")).into());
            }
            next = part.replications.end;
            sources.push((parts, part));
        }
    }
    if let Some(path) = shards.last().filter(|_| next != layout.total()) {
        return Err(super::merge::Trouble::damaged(path, format!("replication {next} is not in it")).into());
    }
    let total = layout.total();
    Staff::new(layout, &plans).conclude(begun, directory, &sources, (total, started))
}

impl Layout {
    /// Replications of all cells.
    pub fn total(&self) -> u64 {
        self.order().total()
    }

    fn plans(&self) -> Result<Vec<Plan>, Error> {
        Ok(self.cells.iter().map(|(_, study)| Plan::new(study.clone())).collect::<Result<_, _>>()?)
    }

    fn size(&self, options: &Options) -> Result<Size, Error> {
        let mut size = Size::default();
        for plan in self.plans()? {
            size = size.and(Size::of(&plan, self.record, self.replications(), options.threads));
        }
        Ok(size)
    }

    /// What `run.json` says of what was begun, without a summary and without tables.
    fn manifest(&self, begun: Begun, simulation: Duration) -> Manifest {
        let seconds = simulation.as_secs_f64();
        let timing = json!({ "simulation_seconds": seconds, "total_seconds": seconds });
        let scenario = serde_json::to_value(&self.spec).unwrap_or_default();
        begun.manifest(format!("Sweep: {}", self.cells[0].1.title), timing, scenario)
    }

    /// What was begun, if these commands begin it.
    pub(super) fn begun(&self, commands: Vec<String>) -> Begun {
        Begun { commands, ..self.begin(None, "") }
    }
}

impl Staff<'_> {
    /// Writes dataset, tables and figures from what was kept, in the order of places, and gives everything its place.
    fn conclude(
        &self,
        begun: Begun,
        directory: RunDirectory,
        sources: &[(&Parts, &Part)],
        (kept, started): (u64, Instant),
    ) -> Result<FinishedSweep, Error> {
        let Staff { layout, plans, .. } = *self;
        let simulation = started.elapsed();
        let (found, failed) = self.write_cells(sources, &directory)?;
        let (total, failures) = (layout.total(), failed.iter().map(Vec::len).sum::<usize>() as u64);
        if let Some(first) = failed.iter().flatten().next().filter(|_| failures == total) {
            return Err(Error::AllFailed { total, first: first.clone() });
        }
        let failed: Vec<u64> = failed.iter().map(|failed| failed.len() as u64).collect();
        let tables = vec![
            table::write_cells(&layout.axes, &layout.cells, &failed, &directory)?,
            table::write_sweep(&layout.axes, &layout.cells, &found, &directory)?,
        ];
        let summary = SweepSummary::new(&layout.axes, &layout.spec, &layout.cells, plans, &found, &failed);
        let pictures = SweepPictures { plan: &plans[0], axes: &layout.axes, summary: &summary };
        for (name, figure) in pictures.all() {
            figures::draw(&figure, &directory.staged(&format!("figures/{name}"))?)?;
        }
        let mut manifest = layout.manifest(begun, simulation);
        manifest.summary = serde_json::to_value(&summary).unwrap_or_default();
        manifest.tables = tables;
        manifest.timing["total_seconds"] = json!(started.elapsed().as_secs_f64());
        let manifest = directory.finish(manifest)?;
        let took = Some(started.elapsed());
        Ok(FinishedSweep { manifest, summary, took, kept: (kept > 0).then_some(kept) })
    }
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

/// What was found in each cell, and which of its replications failed.
type FoundCells = (Vec<Vec<Answered>>, Vec<Vec<Failed>>);

impl Staff<'_> {
    /// Writes the tables of every cell from what was kept, a few cells at a time.
    fn write_cells(&self, sources: &[(&Parts, &Part)], directory: &RunDirectory) -> Result<FoundCells, Error> {
        let (order, record) = (self.layout.order(), self.layout.record);
        let (mut found, mut failed) = (Vec::new(), Vec::new());
        for (group, some) in self.plans.chunks(OPEN).enumerate() {
            let begin = group * OPEN;
            let place = |cell: usize| move |table: &str| format!("dataset/{table}/cell={cell}/part.parquet");
            let open = |(at, plan): (usize, &Plan)| Recorder::open_in(plan, directory, record, &place(begin + at));
            let mut recorders = some.iter().enumerate().map(open).collect::<Result<Vec<_>, _>>()?;
            for (parts, part) in sources {
                let damaged = || parts.trouble("a part of it was changed meanwhile".to_owned());
                for chunk in chunks(parts, part)?.ok_or_else(damaged)? {
                    let (cell, _) = order.at(chunk.replications.start);
                    if let Some(recorder) = cell.checked_sub(begin).and_then(|at| recorders.get_mut(at)) {
                        recorder.add(&chunk)?;
                    }
                }
            }
            for (at, recorder) in recorders.into_iter().enumerate() {
                let cell = begin + at;
                let place = place(cell);
                let recorded = recorder.finish_in(&self.clerks[cell], directory, &place)?;
                failed.push(recorded.failures);
                found.push(answers(&self.plans[cell].study, &directory.staged(&place("estimates"))?)?);
            }
        }
        Ok((found, failed))
    }
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
