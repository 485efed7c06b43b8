//! The replications of a run, those that were kept before and those that are missing.

use std::ops::Range;
use std::path::Path;

use super::keep::{Keeper, chunks};
use super::{Error, Watch};
use crate::monte_carlo::clerk::Chunk;
use crate::monte_carlo::{self, Outcome, Stopped};
use crate::results;

/// What is computed, and for which folder.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    /// The study, for messages.
    pub study: &'a str,
    /// Replications per chunk, with so many threads.
    pub size: &'a dyn Fn(usize) -> u64,
    /// Carries out the replication with this number.
    pub live: &'a (dyn Fn(u64) -> Outcome + Sync),
    /// Writes down consecutive ones from this number.
    pub write: &'a dyn Fn(u64, Vec<Outcome>) -> Vec<Chunk>,
    pub threads: usize,
    pub path: &'a Path,
    pub watch: Watch<'a>,
}

/// Who is handed every chunk.
type Each<'a> = dyn FnMut(&Chunk) -> results::Result<()> + 'a;

impl Work<'_> {
    /// Hands over every chunk of these replications in order: what the journal has from there, and what it has not is computed and kept.
    /// How many were there; `before` is how many the run had before these, for who is told how far it is.
    pub(super) fn simulate(
        &self,
        numbers: Range<u64>,
        before: u64,
        keeper: &mut Keeper,
        each: &mut Each,
    ) -> Result<u64, Error> {
        let (mut kept, mut next) = (0, numbers.start);
        let total = before + (numbers.end - numbers.start);
        let done = |until: u64| before + until - numbers.start;
        for part in keeper.kept().list(numbers.end)? {
            if part.replications.start < next {
                continue;
            }
            // What is not whole any more counts as never done.
            let Some(chunks) = chunks(keeper.kept(), &part)? else { continue };
            self.compute(next..part.replications.start, (done(next), total), keeper, each)?;
            for chunk in &chunks {
                each(chunk)?;
            }
            let count = part.replications.end - part.replications.start;
            (self.watch.progress)(count);
            kept += count;
            next = part.replications.end;
        }
        self.compute(next..numbers.end, (done(next), total), keeper, each)?;
        keeper.put()?;
        Ok(kept)
    }

    /// Computes replications, hands them over, and keeps them.
    fn compute(
        &self,
        numbers: Range<u64>,
        (done, total): (u64, u64),
        keeper: &mut Keeper,
        each: &mut Each,
    ) -> Result<(), Error> {
        if numbers.is_empty() {
            return Ok(());
        }
        let Watch { stop, progress, .. } = self.watch;
        let mut first = numbers.start;
        let pool = monte_carlo::pool(self.threads, numbers.end - numbers.start);
        let ended = pool.and_then(|pool| {
            let size = (self.size)(pool.current_num_threads());
            monte_carlo::conduct(numbers, size, &pool, (stop, progress), self.live, |outcomes| {
                for chunk in (self.write)(first, outcomes) {
                    first = chunk.replications.end;
                    each(&chunk)?;
                    keeper.add(&chunk)?;
                }
                Ok(())
            })
        });
        match ended {
            Ok(()) => Ok(()),
            Err(Stopped::Interrupted { finished }) => {
                keeper.put()?;
                let (study, path) = (self.study.to_owned(), self.path.to_path_buf());
                Err(Error::Interrupted { finished: done + finished, total, study, path })
            }
            Err(Stopped::Threads { threads, reason }) => Err(Error::Threads { threads, reason }),
            Err(Stopped::Failed(failed)) => Err(failed.into()),
            Err(Stopped::Sink(error)) => {
                let error: results::Error = error;
                Err(error.into())
            }
        }
    }
}
