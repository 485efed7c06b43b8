//! From the tables of all replications to a finished run.

use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde_json::json;

use super::restore::Restored;
use super::{Error, Finished, Options, Speed, Watch, compare};
use crate::figures::{self, Figure};
use crate::inquiry::answers::answers;
use crate::inquiry::{strategy_table, table};
use crate::monte_carlo::record::Recorded;
use crate::monte_carlo::{self, digest::Digest};
use crate::report::brief;
use crate::report::gallery;
use crate::report::html;
use crate::report::summary::Summary;
use crate::results::{self, Begun, Manifest, RunDirectory};
use crate::scenario::resolved;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// Figures that are drawn at once, at most: each holds a picture of some 40 MB meanwhile.
pub(super) const FIGURES_AT_ONCE: usize = 4;

/// Diagnoses, draws and reports what the tables hold, and gives everything its place. `computed` is how many replications were computed
/// here, of which the speed tells; the others were there.
pub(super) fn conclude(
    plan: &Plan,
    record: Record,
    begun: Begun,
    (directory, recorded): (RunDirectory, Recorded),
    computed: u64,
    started: Instant,
    (options, watch): (&Options, Watch),
) -> Result<Finished, Error> {
    let study = &plan.study;
    let simulation = started.elapsed();
    let Recorded { mut tables, digest, failures } = recorded;
    if let Some(first) = failures.first().filter(|_| failures.len() as u64 == begun.replications) {
        return Err(Error::AllFailed { total: begun.replications, first: first.clone() });
    }
    let file = directory.staged(Digest::FILE)?;
    std::fs::write(&file, digest.line(&file)?).map_err(|error| results::Error::unwritable(&file, error))?;
    let answers = answers(study, &directory.staged("tables/estimates.parquet")?)?;
    tables.insert(1, table::write(study, &answers.each, directory.table(&table::diagnosis())?)?);
    let strategies = directory.table(&strategy_table::strategies())?;
    tables.insert(2, strategy_table::write(study, &answers.each, strategies)?);
    let figures = gallery::of_run(plan, &answers.each, record, &directory.staged("tables")?)?;
    draw(&figures, &directory, options.threads)?;
    let mut summary = Summary::new(plan, &answers, record);
    summary.failed = failures.first().map(|first| Summary::failed(failures.len(), begun.replications, first));
    let speed = Speed { simulation, total: started.elapsed(), dyad_weeks: lives(plan, computed) };
    let kept = begun.replications - computed;
    let mut manifest = manifest(plan, begun, speed);
    manifest.summary = serde_json::to_value(&summary).unwrap_or_default();
    manifest.tables = tables;
    if let Some(page) = sponsors_brief(plan, manifest.replications, options, watch)? {
        html::write(&page, &directory.staged(brief::FILE)?)?;
    }
    // From what was written, as `peerlab report` makes it again.
    html::write(&html::report(&manifest, plan, directory.staging(), &figures)?, &directory.staged(html::FILE)?)?;
    manifest = directory.finish(manifest)?;
    let kept = (kept > 0).then_some(kept);
    let (speed, restored) = (Some(Speed { total: started.elapsed(), ..speed }), Restored::default());
    Ok(Finished { manifest, summary, speed, kept, restored })
}

/// Draws the figures, so many at once as there are threads.
fn draw(figures: &[(&str, Figure)], directory: &RunDirectory, threads: usize) -> Result<(), Error> {
    let threads = monte_carlo::threads(threads, figures.len().min(FIGURES_AT_ONCE) as u64);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|reason| Error::Threads { threads, reason: reason.to_string() })?;
    let one = |(name, figure): &(&str, Figure)| -> Result<(), Error> {
        figures::draw(figure, &directory.staged(&format!("figures/{name}"))?)?;
        Ok(())
    };
    // All are waited for: of several that fail, the first is told, whichever failed first.
    let drawn: Vec<Result<(), Error>> = pool.install(|| figures.par_iter().with_max_len(1).map(one).collect());
    drawn.into_iter().collect()
}

/// The brief, for which the people live again in the two worlds that a sponsor compares. Cut off there, all replications are kept.
fn sponsors_brief(plan: &Plan, total: u64, options: &Options, watch: Watch) -> Result<Option<String>, Error> {
    let unseen = Watch::new(watch.stop, &|_| ());
    compare::brief_of(&plan.study, options, unseen).map_err(|error| match error {
        Error::Stopped { study, .. } => Error::Interrupted { finished: total, total, study, path: options.out.clone() },
        other => other,
    })
}

/// Weeks that dyads live in so many replications, over all worlds.
pub(super) fn lives(plan: &Plan, replications: u64) -> f64 {
    let worlds = 1 + plan.worlds.len();
    (plan.study.population.dyads * plan.weeks * worlds) as f64 * replications as f64
}

/// What `run.json` says of what was begun, without a summary and without tables.
pub(super) fn manifest(plan: &Plan, begun: Begun, speed: Speed) -> Manifest {
    let seconds = |time: Duration| time.as_secs_f64();
    let timing = json!({
        "simulation_seconds": seconds(speed.simulation),
        "total_seconds": seconds(speed.total),
        "dyad_weeks": speed.dyad_weeks,
    });
    let scenario = serde_json::from_str(&resolved::to_json(&plan.study)).unwrap_or_default();
    begun.manifest(plan.study.title.clone(), timing, scenario)
}
