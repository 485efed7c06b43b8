//! The replications of a run, those that were kept before and those that are missing.

use std::ops::Range;
use std::path::Path;

use super::keep::{Keeper, chunks};
use super::{Error, Watch};
use crate::model::lanes::Instructions;
use crate::monte_carlo::clerk::{Chunk, Clerk};
use crate::monte_carlo::{self, Simulate, Stopped};
use crate::results;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// What is computed, and for which folder.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub plan: &'a Plan,
    pub record: Record,
    pub threads: usize,
    pub simulate: Simulate,
    pub path: &'a Path,
    pub watch: Watch<'a>,
}

impl Work<'_> {
    /// Hands over every chunk of these replications in order: what the journal has from there, and what it has not is computed and kept.
    /// How many were there; `before` is how many the run had before these, for who is told how far it is.
    pub(super) fn simulate(
        &self,
        numbers: Range<u64>,
        before: u64,
        keeper: &mut Keeper,
        each: &mut dyn FnMut(&Chunk) -> results::Result<()>,
    ) -> Result<u64, Error> {
        let clerk = Clerk::new(self.plan, self.record);
        let (mut kept, mut next) = (0, numbers.start);
        let total = before + (numbers.end - numbers.start);
        let done = |until: u64| before + until - numbers.start;
        for part in keeper.kept().list(numbers.end)? {
            if part.replications.start < next {
                continue;
            }
            // What is not whole any more counts as never done.
            let Some(chunks) = chunks(keeper.kept(), &part)? else { continue };
            self.compute(&clerk, next..part.replications.start, (done(next), total), keeper, each)?;
            for chunk in &chunks {
                each(chunk)?;
            }
            let count = part.replications.end - part.replications.start;
            (self.watch.progress)(count);
            kept += count;
            next = part.replications.end;
        }
        self.compute(&clerk, next..numbers.end, (done(next), total), keeper, each)?;
        keeper.put()?;
        Ok(kept)
    }

    /// Computes replications, hands them over, and keeps them.
    fn compute(
        &self,
        clerk: &Clerk,
        numbers: Range<u64>,
        (done, total): (u64, u64),
        keeper: &mut Keeper,
        each: &mut dyn FnMut(&Chunk) -> results::Result<()>,
    ) -> Result<(), Error> {
        if numbers.is_empty() {
            return Ok(());
        }
        let Self { plan, record, threads, simulate, watch, .. } = *self;
        let options = monte_carlo::Options { threads, record, instructions: Instructions::Widest };
        let mut first = numbers.start;
        let how = (options, simulate);
        let ended = monte_carlo::run_outcomes(plan, numbers, how, watch.stop, watch.progress, |outcomes| {
            let chunk = clerk.chunk(first, outcomes);
            first = chunk.replications.end;
            each(&chunk)?;
            keeper.add(&chunk)
        });
        match ended {
            Ok(()) => Ok(()),
            Err(Stopped::Interrupted { finished }) => {
                keeper.put()?;
                let (study, path) = (plan.study.id.clone(), self.path.to_path_buf());
                Err(Error::Interrupted { finished: done + finished, total, study, path })
            }
            Err(Stopped::Threads { threads, reason }) => Err(Error::Threads { threads, reason }),
            Err(Stopped::Failed(failed)) => Err(failed.into()),
            Err(Stopped::Sink(error)) => Err(error.into()),
        }
    }
}
