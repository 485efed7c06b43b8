//! Replications in parallel, handed over in order.
//!
//! Workers run chunks of replications; whoever receives them gets them in the order of their numbers, whatever the number
//! of threads, so that no sum and no file depends on it. Simulation and writing overlap: while one chunk is written the
//! next is being run.

mod caught;
pub mod clerk;
mod columns;
pub mod digest;
pub mod parcel;
pub mod record;
mod sound;
pub mod tables;

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::ThreadPool;
use rayon::prelude::*;

pub use self::caught::Failed;
use self::caught::caught;
use self::sound::unsound;

use crate::model::lanes::Instructions;
use crate::study::experiment::{Record, Replication, replicate};
use crate::study::plan::Plan;

/// How a run is carried out. Nothing here can change a number in a table.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Number of threads; 0 for as many as there are processors.
    pub threads: usize,
    /// How much is kept.
    pub record: Record,
    /// Which instructions the kernel may use.
    pub instructions: Instructions,
}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum Stopped<E> {
    /// It was interrupted after this many replications.
    #[error("interrupted after {finished} replications")]
    Interrupted {
        /// Replications that were handed over whole.
        finished: u64,
    },
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
    /// A replication failed, where all are needed.
    #[error(transparent)]
    Failed(#[from] Failed),
    /// What received the replications failed.
    #[error(transparent)]
    Sink(E),
}

/// Replications per chunk: large enough to keep all workers busy, small enough to keep memory flat.
pub(crate) fn chunk(plan: &Plan, record: Record, threads: usize) -> u64 {
    let dyads = plan.organization_of_dyad.len().max(1);
    let weight = if record >= Record::Weeks { dyads * plan.weeks.max(1) } else { dyads * 8 };
    ((400_000 / weight).clamp(1, 64)).next_multiple_of(threads.max(1)) as u64
}

/// How a replication is carried out.
pub type Simulate = fn(&Plan, u64, Record, Instructions) -> Replication;

/// What came of a replication.
pub type Outcome = Result<Replication, Failed>;

/// Threads for so much work where so many are asked for, 0 for as many as there are processors: more than there is work, or many more
/// than processors, would only wait for each other.
pub(crate) fn threads(asked: usize, work: u64) -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let asked = if asked == 0 { processors } else { asked };
    asked.min(8 * processors).min(usize::try_from(work).unwrap_or(usize::MAX).max(1))
}

/// Runs the study's replications and hands them over in order; `finished` is told how many are done.
///
/// The worker threads stop after the chunk at hand once `stop` is set.
///
/// # Errors
/// [`Stopped::Interrupted`] if `stop` was set before the end, [`Stopped::Failed`], or whatever `sink` returned.
pub fn run<E: Send>(
    plan: &Plan,
    options: Options,
    stop: &AtomicBool,
    finished: impl Fn(u64) + Sync,
    sink: impl FnMut(Vec<Replication>) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    run_numbers(plan, 0..plan.study.monte_carlo.replications as u64, options, stop, finished, sink)
}

/// The same for the replications with these numbers, whatever number of them the study declares: replication 17 is the same
/// whichever others are run.
///
/// # Errors
/// Those of [`run`].
pub fn run_numbers<E: Send>(
    plan: &Plan,
    numbers: Range<u64>,
    options: Options,
    stop: &AtomicBool,
    finished: impl Fn(u64) + Sync,
    mut sink: impl FnMut(Vec<Replication>) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let whole = |outcomes: Vec<Outcome>| -> Result<(), Stopped<E>> {
        sink(outcomes.into_iter().collect::<Result<_, _>>()?).map_err(Stopped::Sink)
    };
    run_outcomes(plan, numbers, (options, replicate), stop, finished, whole).map_err(|stopped| match stopped {
        Stopped::Sink(inner) => inner,
        Stopped::Interrupted { finished } => Stopped::Interrupted { finished },
        Stopped::Threads { threads, reason } => Stopped::Threads { threads, reason },
        Stopped::Failed(failed) => Stopped::Failed(failed),
    })
}

/// The same, in which a replication that fails ends nothing: what came of each is handed over, in the order of their numbers.
///
/// # Errors
/// Those of [`run`] but [`Stopped::Failed`].
pub fn run_outcomes<E: Send>(
    plan: &Plan,
    numbers: Range<u64>,
    (options, simulate): (Options, Simulate),
    stop: &AtomicBool,
    finished: impl Fn(u64) + Sync,
    sink: impl FnMut(Vec<Outcome>) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let pool = pool(options.threads, numbers.end.saturating_sub(numbers.start))?;
    let size = chunk(plan, options.record, pool.current_num_threads());
    let work = |number| attempt(plan, number, options, simulate);
    conduct(numbers, size, &pool, (stop, &finished), work, sink)
}

/// Carries out one replication; what it does not survive is what came of it, and so is a state that is no number.
pub fn attempt(plan: &Plan, number: u64, options: Options, simulate: Simulate) -> Outcome {
    let replication = caught(number, || simulate(plan, number, options.record, options.instructions))?;
    match unsound(&replication) {
        None => Ok(replication),
        Some(message) => Err(Failed { number, message, place: "what it leaves".to_owned() }),
    }
}

/// As many threads as [`threads`] says.
pub(crate) fn pool<E>(threads: usize, work: u64) -> Result<ThreadPool, Stopped<E>> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(self::threads(threads, work))
        .build()
        .map_err(|reason| Stopped::Threads { threads, reason: reason.to_string() })
}

/// Does the work of these numbers in chunks of this size, and hands the results over in order.
pub(crate) fn conduct<T: Send, E: Send>(
    numbers: Range<u64>,
    size: u64,
    pool: &ThreadPool,
    (stop, finished): (&AtomicBool, &(dyn Fn(u64) + Sync)),
    work: impl Fn(u64) -> T + Sync,
    mut sink: impl FnMut(Vec<T>) -> Result<(), E>,
) -> Result<(), Stopped<E>> {
    let (begin, end) = (numbers.start, numbers.end.max(numbers.start));
    let total = end - begin;
    let halt = AtomicBool::new(false);
    let mut handed_over = 0;
    std::thread::scope(|scope| {
        // Handed over, and none waits in between: what a process that dies has computed for nothing is at most the chunk at work and the
        // one that is being written, and memory has no third.
        let (send, receive) = mpsc::sync_channel::<Vec<T>>(0);
        let (halt, work) = (&halt, &work);
        scope.spawn(move || {
            let mut first = begin;
            while first < end && !stop.load(Ordering::Relaxed) && !halt.load(Ordering::Relaxed) {
                let last = (first + size).min(end);
                let chunk: Vec<T> = pool.install(|| {
                    (first as usize..last as usize)
                        .into_par_iter()
                        .with_max_len(1)
                        .map(|number| {
                            let result = work(number as u64);
                            finished(1);
                            result
                        })
                        .collect()
                });
                if send.send(chunk).is_err() {
                    break;
                }
                first = last;
            }
        });
        for chunk in receive {
            let count = chunk.len() as u64;
            if let Err(error) = sink(chunk) {
                halt.store(true, Ordering::Relaxed);
                return Err(Stopped::Sink(error));
            }
            handed_over += count;
        }
        Ok(())
    })?;
    if handed_over < total { Err(Stopped::Interrupted { finished: handed_over }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;
    use std::time::Duration;

    use super::*;

    /// What a process that dies has computed for nothing: never more than the chunk at work and the one that is handed over.
    #[test]
    fn of_what_was_begun_all_but_two_chunks_are_handed_over() {
        const SIZE: u64 = 8;
        let (begun, stop) = (AtomicU64::new(0), AtomicBool::new(false));
        let pool = pool::<()>(2, 100).unwrap();
        let work = |number: u64| {
            begun.fetch_add(1, Ordering::SeqCst);
            number
        };
        let (mut handed_over, mut most) = (Vec::new(), 0);
        let ended = conduct(0..100, SIZE, &pool, (&stop, &|_| ()), work, |chunk| {
            // Who writes is slow, so that the workers get as far ahead as they may.
            std::thread::sleep(Duration::from_millis(20));
            most = most.max(begun.load(Ordering::SeqCst) - handed_over.len() as u64);
            handed_over.extend(chunk);
            Ok::<_, ()>(())
        });
        assert!(ended.is_ok() && handed_over.into_iter().eq(0..100));
        assert_eq!(most, 2 * SIZE);
    }
}
