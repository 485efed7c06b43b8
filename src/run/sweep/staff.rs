//! Those who run the cells of a sweep and write down what was found.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Lines, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;

use serde_json::json;

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
use crate::run::keep::{Keeper, chunks};
use crate::run::restore::Restored;
use crate::run::simulate::Work;
use crate::run::{Error, Options, Watch};
use crate::study::plan::Plan;

/// Cells whose tables are open at once.
const OPEN: usize = 32;

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
            size: &|_| BLOCK,
            live: &live,
            write: &write,
            threads: options.threads,
            path: &options.out,
            watch,
        };
        Ok(before + work.simulate(places, before, keeper, &mut |_| Ok(()))?)
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
    /// Writes the tables of every cell from what was kept, a few cells at a time.
    fn write_cells(&self, sources: &Sources, directory: &RunDirectory) -> Result<FoundCells, Error> {
        let (order, record) = (self.order, self.layout.record);
        let (mut found, mut failed) = (Vec::new(), Vec::new());
        let mut base = sources.base.map(Base::open).transpose()?;
        let file = directory.staged(Digest::LINES)?;
        let unwritable = |error| results::Error::unwritable(&file, error);
        let mut sums = BufWriter::new(File::create(&file).map_err(unwritable)?);
        for (group, some) in self.plans.chunks(OPEN).enumerate() {
            let begin = group * OPEN;
            let open = |(at, plan): (usize, &Plan)| Recorder::open_in(plan, directory, record, &place(begin + at));
            let mut recorders = some.iter().enumerate().map(open).collect::<Result<Vec<_>, _>>()?;
            if let Some(base) = &mut base {
                for (at, (plan, recorder)) in some.iter().zip(&mut recorders).enumerate() {
                    let (folder, place) = (base.path.clone(), place(begin + at));
                    recorder.go_on_in(plan, record, base.next()?, &|table| folder.join(place(table)))?;
                }
            }
            for (parts, part) in &sources.parts {
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
                sums.write_all(recorded.digest.line(&file)?.as_bytes()).map_err(unwritable)?;
                failed.push(recorded.failures);
                let mut answered = answers(&self.plans[cell].study, &directory.staged(&place("estimates"))?)?.each;
                // Of so many cells nobody draws a histogram.
                answered.iter_mut().for_each(|one| one.estimates = Vec::new());
                found.push(answered);
            }
        }
        sums.flush().map_err(unwritable)?;
        Ok((found, failed))
    }
}

/// Where a table of a cell is.
fn place(cell: usize) -> impl Fn(&str) -> String {
    move |table| format!("dataset/{table}/cell={cell}/part.parquet")
}

/// The sums of a smaller sweep's trajectories, cell by cell.
struct Base {
    path: PathBuf,
    file: PathBuf,
    lines: Lines<BufReader<File>>,
}

impl Base {
    fn open(path: &Path) -> Result<Self, results::Error> {
        let file = path.join(Digest::LINES);
        let open = File::open(&file).map_err(|error| results::Error::unreadable(&file, error))?;
        Ok(Self { path: path.to_path_buf(), file, lines: BufReader::new(open).lines() })
    }

    /// Those of the next cell.
    fn next(&mut self) -> Result<Digest, results::Error> {
        let line = self.lines.next().unwrap_or_else(|| Err(ErrorKind::UnexpectedEof.into()));
        Digest::read(&line.map_err(|error| results::Error::unreadable(&self.file, error))?, &self.file)
    }
}
