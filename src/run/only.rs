//! One replication alone, under the number that it has in the whole run.

use std::time::Instant;

use super::conclude::{lives, manifest};
use super::identity::begin;
use super::size::Size;
use super::{Error, Options, Place, Speed, Watch, claim, create};
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::Clerk;
use crate::monte_carlo::record::Recorder;
use crate::monte_carlo::{self, Stopped};
use crate::results::{Excerpt, Manifest, Overwrite};
use crate::study::declaration::Study;
use crate::study::plan::Plan;

/// Repeats one replication of a study: its rows have the bytes that they have in the whole run. One replication answers nothing, so that
/// there are tables, and neither a diagnosis nor a report.
///
/// # Errors
/// If the study has no such replication, or it fails, as it did in the run; those of [`super::run_watched`].
pub fn run_only(study: &Study, number: u64, options: &Options, watch: Watch) -> Result<Manifest, Error> {
    let total = study.monte_carlo.replications as u64;
    if number >= total {
        return Err(Error::NoReplication { study: study.id.clone(), number, total });
    }
    let record = options.record(study);
    let begun = begin(study, record, Some(Excerpt::Replication(number)), &options.command);
    let plan = Plan::new(study.clone())?;
    let directory = match claim(&begun, Size::of(&plan, record, 1, 1), options)? {
        Place::Finished(there) => return Ok(there.0),
        Place::Free(directory, _) => directory,
        // One replication keeps nothing on the way: what was cut off is made anew.
        Place::CutOff => create(&options.out, Overwrite::Force, options)?,
    };
    let started = Instant::now();
    let clerk = Clerk::new(&plan, record);
    let mut recorder = Recorder::open(&plan, &directory, record)?;
    let how = monte_carlo::Options { threads: 1, record, instructions: Instructions::Widest };
    let how = (how, options.simulate);
    let ended =
        monte_carlo::run_outcomes(&plan, number..number + 1, how, watch.stop, watch.progress, |mut outcomes| {
            if let Some(position) = outcomes.iter().position(Result::is_err)
                && let Err(failed) = outcomes.swap_remove(position)
            {
                return Err(Error::Replication(failed));
            }
            Ok(recorder.add(&clerk.chunk(number, outcomes))?)
        });
    match ended {
        Ok(()) => {}
        Err(Stopped::Sink(error)) => return Err(error),
        Err(Stopped::Failed(failed)) => return Err(Error::Replication(failed)),
        Err(Stopped::Threads { threads, reason }) => return Err(Error::Threads { threads, reason }),
        Err(Stopped::Interrupted { finished }) => {
            return Err(Error::Stopped { finished, total: 1, study: study.id.clone() });
        }
    }
    let simulation = started.elapsed();
    let recorded = recorder.finish(&clerk, &directory)?;
    let speed = Speed { simulation, total: started.elapsed(), dyad_weeks: lives(&plan, 1) };
    let manifest = Manifest { tables: recorded.tables, ..manifest(&plan, begun, speed) };
    Ok(directory.finish(manifest)?)
}
