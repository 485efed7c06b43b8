//! Replications of one case, analyzed by many strategies; type I error without an effect, coverage with one.

use std::thread;

use peerlab::inquiry::diagnosis::{Attempt, Diagnosis, Expectation, diagnose};
use peerlab::study::assumed::{Assumed, Design};
use peerlab::study::estimators::Sample;

use super::strategies::Strategy;

/// Everything on the page follows from this number.
pub const SEED: u64 = 20_121_210;
const LEVEL: f64 = 0.05;
/// Replications with an effect are others than those without.
const WITH_EFFECT: u64 = 1 << 32;

/// Replications of a strategy that is cheap, and of one that is dear: a rate of 5 % is known to ±.22 and ±.34 points (one standard
/// error).
pub const REPLICATIONS: u64 = 10_000;
pub const REPLICATIONS_OF_DEAR: u64 = 4_000;

/// What one strategy is worth in one case.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Without an effect: its `power` is the type I error.
    pub without: Diagnosis,
    /// With the case's effect.
    pub with: Diagnosis,
}

/// Each strategy over as many replications as it is due.
pub fn measure_all(case: &Assumed, strategies: &[Strategy]) -> Vec<Measured> {
    let (dear, cheap): (Vec<Strategy>, Vec<Strategy>) = strategies.iter().cloned().partition(Strategy::is_dear);
    let mut dear = measure(case, &dear, REPLICATIONS_OF_DEAR).into_iter();
    let mut cheap = measure(case, &cheap, REPLICATIONS).into_iter();
    let next = |strategy: &Strategy| if strategy.is_dear() { dear.next() } else { cheap.next() };
    strategies.iter().map(next).map(|measured| measured.expect("one each")).collect()
}

/// The strategies over `replications` experiments without an effect and as many with it.
pub fn measure(case: &Assumed, strategies: &[Strategy], replications: u64) -> Vec<Measured> {
    let without = attempts(&Assumed { effect: 0.0, ..*case }, strategies, 0..replications);
    let with = attempts(case, strategies, WITH_EFFECT..WITH_EFFECT + replications);
    let judged = |attempts: &[Attempt]| diagnose(attempts.iter().copied(), Expectation::Different, LEVEL);
    without.iter().zip(&with).map(|(without, with)| Measured { without: judged(without), with: judged(with) }).collect()
}

/// For each strategy the attempts in the order of replications.
pub fn attempts(assumed: &Assumed, strategies: &[Strategy], numbers: std::ops::Range<u64>) -> Vec<Vec<Attempt>> {
    let design = Design::new(*assumed).expect("a possible design");
    let truth = design.truth();
    let all: Vec<u64> = numbers.collect();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let part = |numbers: &[u64]| -> Vec<Vec<Attempt>> {
        let mut columns = vec![Vec::with_capacity(numbers.len()); strategies.len()];
        for number in numbers {
            let everyone = design.draw(SEED, *number);
            let completers =
                (assumed.leaving.share > 0.0).then(|| design.draw_sample(SEED, *number, Sample::Completers));
            for (column, strategy) in columns.iter_mut().zip(strategies) {
                let data = match strategy.estimator.sample {
                    Sample::Answered => &everyone,
                    Sample::Completers => completers.as_ref().unwrap_or(&everyone),
                };
                column.push(Attempt { result: strategy.apply(data).ok(), truth: strategy.truth(truth) });
            }
        }
        columns
    };
    let mut columns: Vec<Vec<Attempt>> = vec![Vec::new(); strategies.len()];
    thread::scope(|scope| {
        let chunks: Vec<&[u64]> = all.chunks(all.len().div_ceil(threads).max(1)).collect();
        let running: Vec<_> = chunks.into_iter().map(|chunk| scope.spawn(|| part(chunk))).collect();
        // In the order of numbers, whoever is done first.
        for chunk in running {
            for (column, more) in columns.iter_mut().zip(chunk.join().expect("no panic")) {
                column.extend(more);
            }
        }
    });
    columns
}
