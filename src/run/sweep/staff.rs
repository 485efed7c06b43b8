//! Those who run the cells of a sweep and write down what was found.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Lines, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rayon::prelude::*;
use serde_json::json;

use super::index::Index;
use super::order::{BLOCK, Order, by_cell};
use super::{FinishedSweep, Layout};
use crate::figures;
use crate::inquiry::answers::{Answered, answers};
use crate::inquiry::sweep::table;
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::Clerk;
use crate::monte_carlo::digest::Digest;
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Failed, Outcome};
use crate::report::html;
use crate::report::sweep::SweepSummary;
use crate::report::sweep_picture::SweepPictures;
use crate::results::{self, Begun, Part, Parts, RunDirectory};
use crate::run::keep::Keeper;
use crate::run::restore::Restored;
use crate::run::simulate::Work;
use crate::run::{Error, Options, Watch};
use crate::study::plan::Plan;

/// Cells that each thread writes before what was found in them is put in order: their sums, 50 kB each, wait for that in memory.
const EACH: usize = 16;

/// Those who run the cells of a sweep.
pub(super) struct Staff<'a> {
    layout: &'a Layout,
    plans: &'a [Plan],
    order: Order,
    clerks: Vec<Clerk<'a>>,
}

/// What is there when the tables are written: the smaller sweep that is gone on from, and the parts with the other replications, in the
/// order of their places.
pub(super) struct Sources<'a> {
    pub base: Option<&'a Path>,
    pub parts: Vec<(&'a Parts, &'a Part)>,
}

impl<'a> Staff<'a> {
    /// For replications in this order.
    pub fn new(layout: &'a Layout, plans: &'a [Plan], order: Order) -> Self {
        Self { layout, plans, order, clerks: plans.iter().map(|plan| Clerk::new(plan, layout.record)).collect() }
    }

    /// Keeps the replications with these places: what the journal has is left, what it has not is computed. How many were there, with
    /// those before the first place.
    pub fn simulate(
        &self,
        places: Range<u64>,
        before: u64,
        keeper: &mut Keeper,
        options: &Options,
        watch: Watch,
    ) -> Result<u64, Error> {
        let (order, record) = (self.order, self.layout.record);
        let how = monte_carlo::Options { threads: options.threads, record, instructions: Instructions::Widest };
        let live = |place: u64| {
            let (cell, number) = order.at(place);
            monte_carlo::attempt(&self.plans[cell], number, how, options.simulate)
        };
        let write = |first: u64, outcomes: Vec<Outcome>| by_cell(&self.clerks, order, first, outcomes);
        let work = Work {
            study: &self.plans[0].study.id,
            size: &|threads| self.chunk(threads),
            live: &live,
            write: &write,
            threads: options.threads,
            path: &options.out,
            watch,
        };
        Ok(before + work.simulate(places, before, keeper, &mut |_| Ok(()))?)
    }

    /// Replications per chunk: a block at most, fewer where those of the largest cell are so large, and work for every thread. A signal
    /// is heeded after each.
    fn chunk(&self, threads: usize) -> u64 {
        let of_one = |plan| monte_carlo::chunk(plan, self.layout.record, threads);
        let fewest = self.plans.iter().map(of_one).min().unwrap_or(BLOCK);
        fewest.min(BLOCK).next_multiple_of(threads.max(1) as u64)
    }
}

impl Staff<'_> {
    /// Writes dataset, tables and figures from what is there, and gives everything its place.
    pub fn conclude(
        &self,
        begun: Begun,
        directory: RunDirectory,
        sources: &Sources,
        (kept, started): (u64, Instant),
        (options, watch): (&Options, Watch),
    ) -> Result<FinishedSweep, Error> {
        let Staff { layout, plans, .. } = *self;
        let simulation = started.elapsed();
        let (found, failed) = self.write_cells(sources, &directory, options, watch)?;
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
        html::write(&html::sweep::report(&manifest, directory.path())?, &directory.staged(html::FILE)?)?;
        let manifest = directory.finish(manifest)?;
        let took = Some(started.elapsed());
        let (kept, restored) = ((kept > 0).then_some(kept), Restored::default());
        Ok(FinishedSweep { manifest, summary, took, kept, restored })
    }
}

/// What was found in each cell, and which of its replications failed.
type FoundCells = (Vec<Vec<Answered>>, Vec<Vec<Failed>>);

impl Staff<'_> {
    /// Writes the tables of every cell from what was kept, a few cells at a time. Cells know nothing of each other, so that neither the
    /// number of threads nor their turns leave a trace.
    fn write_cells(
        &self,
        sources: &Sources,
        directory: &RunDirectory,
        options: &Options,
        watch: Watch,
    ) -> Result<FoundCells, Error> {
        let stopped = || self.stopped(options);
        let pool = monte_carlo::pool::<results::Error>(options.threads, self.plans.len() as u64);
        let pool =
            pool.map_err(|_| Error::Threads { threads: options.threads, reason: "for the tables".to_owned() })?;
        let index = pool.install(|| Index::of(&sources.parts, self.order, watch.stop))?.ok_or_else(stopped)?;
        let mut base = sources.base.map(Base::open).transpose()?;
        let file = directory.staged(Digest::LINES)?;
        let unwritable = |error| results::Error::unwritable(&file, error);
        let mut sums = BufWriter::new(File::create(&file).map_err(unwritable)?);
        let (mut found, mut failed) = (Vec::new(), Vec::new());
        let written = AtomicU64::new(0);
        let mut cells = 0..self.plans.len();
        while !cells.is_empty() {
            let group = cells.by_ref().take(EACH * pool.current_num_threads());
            let begun = |cell| Ok((cell, base.as_mut().map(Base::next).transpose()?));
            let group = group.map(begun).collect::<results::Result<Vec<(usize, Option<Digest>)>>>()?;
            let write = |(cell, before): (usize, Option<Digest>)| {
                if watch.stop.load(Ordering::Relaxed) {
                    return Err(stopped());
                }
                let before = before.zip(sources.base);
                let one = self.write_cell(cell, before, &index, directory, &file)?;
                (watch.writing)(written.fetch_add(1, Ordering::Relaxed) + 1, self.plans.len() as u64);
                Ok(one)
            };
            for one in
                pool.install(|| group.into_par_iter().with_max_len(1).map(write).collect::<Result<Vec<_>, _>>())?
            {
                sums.write_all(one.sums.as_bytes()).map_err(unwritable)?;
                failed.push(one.failed);
                found.push(one.found);
            }
        }
        sums.flush().map_err(unwritable)?;
        Ok((found, failed))
    }

    /// Writes the tables of a cell: what a smaller sweep has of it with the sums of its trajectories, then what was kept.
    fn write_cell(
        &self,
        cell: usize,
        before: Option<(Digest, &Path)>,
        index: &Index,
        directory: &RunDirectory,
        file: &Path,
    ) -> results::Result<FoundCell> {
        let (plan, record, place) = (&self.plans[cell], self.layout.record, place(cell));
        let mut recorder = Recorder::open_in(plan, directory, record, &place)?;
        if let Some((digest, folder)) = before {
            recorder.go_on_in(plan, record, digest, &|table| folder.join(place(table)))?;
        }
        index.each(cell, |chunk| recorder.add(chunk))?;
        let recorded = recorder.finish_in(&self.clerks[cell], directory, &place)?;
        let mut found = answers(&plan.study, &directory.staged(&place("estimates"))?)?.each;
        // Of so many cells nobody draws a histogram.
        found.iter_mut().for_each(|one| one.estimates = Vec::new());
        Ok(FoundCell { sums: recorded.digest.line(file)?, failed: recorded.failures, found })
    }

    /// That it was stopped while it wrote: all replications are there.
    fn stopped(&self, options: &Options) -> Error {
        let (total, study) = (self.layout.total(), self.plans[0].study.id.clone());
        Error::Interrupted { finished: total, total, study, path: options.out.clone() }
    }
}

/// What was found in a cell.
struct FoundCell {
    /// The line of its sums.
    sums: String,
    failed: Vec<Failed>,
    found: Vec<Answered>,
}

/// Where a table of a cell is.
fn place(cell: usize) -> impl Fn(&str) -> String {
    move |table| format!("dataset/{table}/cell={cell}/part.parquet")
}

/// The sums of a smaller sweep's trajectories, cell by cell.
struct Base {
    file: PathBuf,
    lines: Lines<BufReader<File>>,
}

impl Base {
    fn open(path: &Path) -> Result<Self, results::Error> {
        let file = path.join(Digest::LINES);
        let open = File::open(&file).map_err(|error| results::Error::unreadable(&file, error))?;
        Ok(Self { file, lines: BufReader::new(open).lines() })
    }

    /// Those of the next cell.
    fn next(&mut self) -> Result<Digest, results::Error> {
        let line = self.lines.next().unwrap_or_else(|| Err(ErrorKind::UnexpectedEof.into()));
        Digest::read(&line.map_err(|error| results::Error::unreadable(&self.file, error))?, &self.file)
    }
}
