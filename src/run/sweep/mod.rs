//! A sweep: one study at many values of its parameters, in one folder, as one dataset.
//!
//! **Order.** Replications go in blocks of [`BLOCK`], or of a quarter of a cell's where that is less: the first block of every cell, then the second of
//! every cell. Whenever a sweep is
//! cut off, every cell is equally far, give or take a block.
//!
//! **Common random numbers.** Every cell has the scenario's seed, so that replication 17 has the same luck in all of them, as far as they have
//! the same people and weeks: differences between cells are much surer than each cell is.
//!
//! **Layout.** A cell's tables are those of the run of that scenario, byte for byte, each in `dataset/TABLE/cell=N/part.parquet`; readers of
//! partitioned data read a table of all cells as one, with a column `cell`. `tables/cells.parquet` has the values of each cell, and
//! `tables/sweep.parquet` what was found in it. `moments.jsonl` has in line N the sums of cell N's trajectories, for who goes on from them.

mod index;
mod layout;
mod order;
mod staff;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;

pub use self::layout::{Layout, Trouble};
pub use self::order::BLOCK;
use self::staff::{Sources, Staff};
use super::expand::is_whole;
use super::keep::Keeper;
use super::restore::Restored;
use super::shard::{self, FinishedShard};
use super::size::Size;
use super::{Error, Options, Place, Resumed, Watch, claim, create, resume, telling, tidy};
use crate::monte_carlo::digest::Digest;
use crate::report::sweep::SweepSummary;
use crate::results::{self, Begun, Excerpt, Journal, Manifest, Parts, RunDirectory, Shard};

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
    /// Of one that was there already: figures and pages that were lost, and made again.
    pub restored: Restored,
}

impl FinishedSweep {
    /// Replications of all cells.
    pub fn total(&self) -> u64 {
        self.manifest.replications * self.summary.cells as u64
    }

    /// Of these, those that were computed here, and neither read from what was kept nor merged.
    pub fn computed(&self) -> u64 {
        self.took.map_or(0, |_| self.total() - self.kept.unwrap_or(0))
    }
}

/// Runs a sweep into a folder: dataset, tables, figures and `run.json`, all of it or nothing.
///
/// # Errors
/// Those of [`super::run_watched`].
pub fn run_sweep(layout: &Layout, options: &Options, watch: Watch) -> Result<FinishedSweep, Error> {
    let begun = layout.begin(None, &options.command);
    match claim(&begun, layout.size(options)?, options)? {
        Place::Finished(there) => found(*there, &options.out),
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
    if shard.of > total {
        return Err(Error::NoShare { shard, total });
    }
    let begun = layout.begin(Some(Excerpt::Shard(shard)), &options.command);
    let share = (numbers.end - numbers.start) as f64 / total as f64;
    match claim(&begun, layout.size(options)?.part(share), options)? {
        Place::Finished(there) => Ok(shard::found(there.0, shard, &options.out)),
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
pub(super) fn found((manifest, restored): (Manifest, Restored), path: &Path) -> Result<FinishedSweep, Error> {
    tidy(&manifest, path);
    let summary = serde_json::from_value(manifest.summary.clone())
        .map_err(|_| Error::Summary { path: path.join(Manifest::FILE) })?;
    Ok(FinishedSweep { manifest, summary, took: None, kept: None, restored })
}

/// What was begun in a folder, or is of it, held against what it says of itself.
pub(super) fn recover(begun: &Begun, path: &Path) -> Result<Layout, Error> {
    let path = path.to_path_buf();
    if begun.version != env!("CARGO_PKG_VERSION") {
        return Err(Error::Version { path, version: begun.version.clone() });
    }
    super::identity::same_model(&begun.model, &path)?;
    let Some(spec) = begun.sweep.clone() else {
        return Err(Error::Changed { path, what: "what was swept over is not there".to_owned() });
    };
    let layout =
        Layout::new(spec).map_err(|trouble| Error::Changed { path: path.clone(), what: trouble.to_string() })?;
    let again = Begun { commands: begun.commands.clone(), base: begun.base, ..layout.begin(begun.excerpt, "") };
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

/// Runs what is missing, and writes everything.
pub(super) fn carry_out(
    layout: &Layout,
    begun: Begun,
    (directory, journal): (RunDirectory, Journal),
    options: &Options,
    watch: Watch,
) -> Result<FinishedSweep, Error> {
    let started = Instant::now();
    let plans = layout.plans()?;
    let mut keeper = Keeper::new(journal, options.save_every);
    let order = layout.order(begun.base.unwrap_or(0));
    let there = based(layout, &begun, &keeper, options)?;
    (watch.progress)(there);
    let staff = Staff::new(layout, &plans, order);
    let kept = staff.simulate(there..order.total(), there, &mut keeper, options, watch)?;
    let parts = keeper.kept().list(order.total())?;
    let parts = parts.iter().map(|part| (keeper.kept(), part)).collect();
    let sources = Sources { base: (there > 0).then_some(options.out.as_path()), parts };
    staff.conclude(begun, directory, &sources, (kept, started), (options, watch))
}

/// The replications of all cells that can be read back in the folder of the smaller sweep that is gone on from; none if it is not there
/// any more or was damaged, and then they are computed once more.
fn based(layout: &Layout, begun: &Begun, keeper: &Keeper, options: &Options) -> Result<u64, Error> {
    let Some(base) = begun.base else { return Ok(0) };
    let there = layout.order(base).based();
    // Once some of them were computed again, the others are too.
    if keeper.kept().list(layout.total())?.iter().any(|part| part.replications.start < there) {
        return Ok(0);
    }
    let unfit = |trouble: Trouble| Error::Changed { path: options.out.clone(), what: trouble.to_string() };
    let smaller = layout.with_replications(base).map_err(unfit)?;
    let has_sums = |manifest: &Manifest| manifest.documents.iter().any(|one| one.file == Digest::LINES);
    Ok(if is_whole(&smaller.begin(None, ""), options, has_sums)? { there } else { 0 })
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
    let staff = Staff::new(layout, &plans, layout.order(0));
    let kept = staff.simulate(numbers.clone(), 0, &mut keeper, options, watch)?;
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
    shards: &[(PathBuf, Parts)],
    options: &Options,
    watch: Watch,
) -> Result<FinishedSweep, Error> {
    let started = Instant::now();
    let plans = layout.plans()?;
    let record = layout.record;
    let size = plans.iter().map(|plan| Size::of_tables(plan, record, layout.replications()));
    size.fold(Size::default(), Size::and).fits(&options.out)?;
    let directory = create(&options.out, options.overwrite, options)?;
    let listed = shards.iter().map(|(_, parts)| parts.list(layout.total())).collect::<results::Result<Vec<_>>>()?;
    let mut sources = Sources { base: None, parts: Vec::new() };
    let mut next = 0;
    for ((path, parts), listed) in shards.iter().zip(&listed) {
        for part in listed {
            if part.replications.start != next {
                return Err(super::merge::Trouble::damaged(path, format!("replication {next} is not in it")).into());
            }
            next = part.replications.end;
            sources.parts.push((parts, part));
        }
    }
    if let Some((path, _)) = shards.last().filter(|_| next != layout.total()) {
        return Err(super::merge::Trouble::damaged(path, format!("replication {next} is not in it")).into());
    }
    let total = layout.total();
    Staff::new(layout, &plans, layout.order(0)).conclude(begun, directory, &sources, (total, started), (options, watch))
}
