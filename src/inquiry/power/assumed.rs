//! The design without the theory: power of an experiment in assumed numbers, by formula and by simulation.
//!
//! Here power is that of the two-sided test, whichever side: that is what the formula gives. An experiment that could not be
//! analyzed has found nothing, as everywhere in this search.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use serde::Serialize;

use super::{Answer, Found, Goal, Over, Searched, Span, Trend, detectable, search};
use crate::inquiry::assumptions::{Assumptions, Key, Kind};
use crate::inquiry::diagnosis::{Attempt, Expectation, diagnose};
use crate::study::assumed::{Assumed, Design, Impossible};
use crate::study::estimators::{Estimator, exaggeration};

/// What a scholar asks.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The numbers that are assumed.
    pub assumptions: &'a Assumptions,
    /// The key along which a size is searched, its range.
    pub key: &'static Key,
    /// The range of its values.
    pub over: &'a Over,
    /// The estimators.
    pub estimators: &'a [&'static Estimator],
    /// Power that is wanted, in (0, 1).
    pub target: f64,
    /// Level of significance, in (0, 1).
    pub alpha: f64,
    /// The value at which power is told in full; the answer by formula unless given.
    pub at: Option<f64>,
    /// Replications of one size, at most.
    pub most: usize,
    /// The seed.
    pub seed: u64,
    /// Number of threads; 0 for as many as there are processors.
    pub threads: usize,
}

impl Request<'_> {
    /// Every number that is assumed, with its name; without the key that is searched along.
    pub fn stated(&self) -> Vec<(&'static str, String)> {
        let mut all = self.assumptions.with(self.key, self.over.high).stated();
        all.retain(|(name, _)| *name != self.key.name);
        all
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// No experiment has these numbers.
    #[error("{impossible}{}", at.as_ref().map(|(name, value)| format!(" (at {name}={value})")).unwrap_or_default())]
    Impossible {
        /// Why.
        impossible: Impossible,
        /// The value of the key at which it is so, where it depends on it.
        at: Option<(&'static str, f64)>,
    },
    /// It was interrupted.
    #[error("interrupted")]
    Interrupted,
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
}

/// What one way says of a size.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sized {
    /// `formula`, `formula_ancova`, or an estimator's id.
    pub way: String,
    /// Replications; none of a formula.
    pub replications: Option<u64>,
    /// Of these, failed fits.
    pub failures: u64,
    /// Share of experiments with p < alpha.
    pub power: f64,
    /// Its Monte Carlo standard error.
    pub power_mcse: Option<f64>,
    /// Share of the significant estimates with the wrong sign; none where there is no effect.
    pub type_s: Option<f64>,
    /// Its Monte Carlo standard error.
    pub type_s_mcse: Option<f64>,
    /// How many times larger than the truth the significant estimates are on average; none where there is no effect.
    pub type_m: Option<f64>,
    /// Its Monte Carlo standard error.
    pub type_m_mcse: Option<f64>,
    /// The smallest effect on the construct that is found with the power that is wanted.
    pub detectable: Option<f64>,
    /// Its 95 % interval.
    pub detectable_interval: Option<(f64, f64)>,
    /// Share of 95 % intervals that hold the truth.
    pub coverage: f64,
    /// Its Monte Carlo standard error.
    pub coverage_mcse: Option<f64>,
    /// Standard error of the estimate; by simulation the mean of those that the estimator gives.
    pub standard_error: f64,
}

/// The size that one way asks for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Needed {
    /// `formula`, `formula_ancova`, or an estimator's id.
    pub way: String,
    /// Replications in all; none of a formula.
    pub replications: Option<usize>,
    /// The answer.
    pub answer: Answer,
    /// Whether its interval is as narrow as the search asks for.
    pub settled: bool,
    /// Whether power changes along the range; of a formula, which has no uncertainty, its power at either end stands in [`Needed::ends`].
    pub trend: Option<Trend>,
    /// Power by formula at either end of the range; none of a simulation.
    pub ends: Option<(f64, f64)>,
}

/// Everything that is answered.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answered {
    /// The size needed, by formula first.
    pub needed: Vec<Needed>,
    /// The value at which power is told in full.
    pub at: f64,
    /// The design at that value.
    #[serde(skip)]
    pub assumed: Assumed,
    /// Power and what goes with it there, by formula first.
    pub sized: Vec<Sized>,
}

/// Width of the answer's interval, of the answer, at which the search ends: ±2 of 100.
const WIDTH: f64 = 0.04;
const CONFIDENCE: f64 = 0.95;
/// Replications with which power at one size is told in full.
const ENOUGH: usize = 10_000;

/// Answers by formula and by simulation.
///
/// # Errors
/// If the numbers are impossible anywhere in the range, or the simulation was stopped.
pub fn answer(request: &Request, stop: &AtomicBool, progress: &(dyn Fn(u64) + Sync)) -> Result<Answered, Trouble> {
    let Request { assumptions, key, over, estimators, target, alpha, most, .. } = *request;
    let span = Span::new(over.low, over.high, key.kind == Kind::Whole);
    // Both ends before anything runs: what is impossible between them is impossible at one of them.
    for value in [over.low, over.high].into_iter().chain(request.at) {
        design(assumptions, key, value)?;
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads)
        .build()
        .map_err(|reason| Trouble::Threads { threads: request.threads, reason: reason.to_string() })?;
    let look = |estimator: &'static Estimator, value: f64, numbers: Range<usize>| {
        let design = design(assumptions, key, value)?;
        let found = pool.install(|| {
            let one = |number: usize| {
                if stop.load(Ordering::Relaxed) {
                    return None;
                }
                progress(1);
                Some(attempt(&design, estimator, request.seed, number as u64))
            };
            numbers.into_par_iter().map(one).collect::<Option<Vec<Attempt>>>()
        });
        found.ok_or(Trouble::Interrupted)
    };
    let formulas: Vec<(&str, bool)> = FORMULAS
        .into_iter()
        .filter(|(_, adjusts)| estimators.iter().any(|one| adjusted(request, one) == *adjusts))
        .collect();
    let by_formula: Vec<Answer> = formulas.iter().map(|(_, adjusts)| by_formula(request, &span, *adjusts)).collect();
    let at = request.at.unwrap_or(match by_formula[0] {
        Answer::Found { size, .. } => size,
        Answer::Nowhere { best } => best.value,
        Answer::Everywhere { worst } => worst.value,
        Answer::Undecided { nearest } => nearest.value,
        Answer::Flat { .. } => over.high,
    });
    let there = design(assumptions, key, at)?;
    let (mut needed, mut sized) = (Vec::new(), Vec::new());
    for ((way, adjusts), answer) in formulas.into_iter().zip(by_formula) {
        let end = |value: f64| assumptions.with(key, value).assumed().forecast(adjusts).power(alpha);
        let ends = Some((end(over.low), end(over.high)));
        needed.push(Needed { way: way.to_owned(), replications: None, answer, settled: true, trend: None, ends });
        sized.push(sized_by_formula(way, there.assumed(), target, alpha, adjusts));
    }
    for estimator in estimators {
        let goal = Goal { power: target, most, confidence: CONFIDENCE, width: WIDTH };
        let Searched { stations, answer, settled, trend, .. } = search(span, goal, |value, numbers| {
            let attempts = look(estimator, value, numbers)?;
            Ok::<_, Trouble>(attempts.iter().map(|attempt| found(attempt, alpha)).collect())
        })?;
        let replications = stations.iter().map(|station| station.count()).sum();
        let way = estimator.id.to_owned();
        needed.push(Needed { way, replications: Some(replications), answer, settled, trend: Some(trend), ends: None });
        let attempts = look(estimator, at, 0..ENOUGH.min(most))?;
        sized.push(sized_by_simulation(estimator, &attempts, &there, target, alpha));
    }
    Ok(Answered { needed, at, assumed: *there.assumed(), sized })
}

/// The ways that are no simulation: without and with the baseline.
const FORMULAS: [(&str, bool); 2] = [("formula", false), ("formula_ancova", true)];

/// The design with the key at a value.
pub fn design(assumptions: &Assumptions, key: &'static Key, value: f64) -> Result<Design, Trouble> {
    let at = |impossible| {
        // Where it is impossible with other values too, the value is not to blame.
        let everywhere = assumptions.assumed().check() == Err(Clone::clone(&impossible));
        Trouble::Impossible { impossible, at: (!everywhere).then_some((key.name, value)) }
    };
    Design::new(assumptions.with(key, value).assumed()).map_err(at)
}

fn attempt(design: &Design, estimator: &Estimator, seed: u64, number: u64) -> Attempt {
    let data = design.draw_sample(seed, number, estimator.sample);
    Attempt { result: estimator.estimate(&data, CONFIDENCE).ok(), truth: design.truth() }
}

fn found(attempt: &Attempt, alpha: f64) -> Found {
    match attempt.result {
        None => Found::Failed,
        Some(result) if result.p_value < alpha => Found::Yes,
        Some(_) => Found::No,
    }
}

/// Whether an estimator adjusts for the baseline that is assumed.
fn adjusted(request: &Request, estimator: &Estimator) -> bool {
    estimator.specification.covariates() && request.assumptions.assumed().baseline.is_some()
}

/// Where the formula crosses what is wanted. It has no uncertainty: the interval is the answer.
fn by_formula(request: &Request, span: &Span, adjusts: bool) -> Answer {
    let point = |value: f64| {
        let power = request.assumptions.with(request.key, value).assumed().forecast(adjusts).power(request.alpha);
        super::Point { value, power, low: power, high: power }
    };
    super::answer::of_points(&point, span, request.target)
}

fn sized_by_formula(way: &str, assumed: &Assumed, target: f64, alpha: f64, adjusts: bool) -> Sized {
    let forecast = assumed.forecast(adjusts);
    let worth = (assumed.expected() != 0.0 && forecast.degrees_of_freedom >= 1.0)
        .then(|| exaggeration(assumed.expected(), forecast.standard_error, alpha));
    Sized {
        way: way.to_owned(),
        replications: None,
        failures: 0,
        power: forecast.power(alpha),
        power_mcse: None,
        type_s: worth.map(|worth| worth.type_s),
        type_s_mcse: None,
        type_m: worth.map(|worth| worth.type_m),
        type_m_mcse: None,
        detectable: on_its_scale(forecast.minimal_detectable_effect(target, alpha), assumed),
        detectable_interval: None,
        coverage: CONFIDENCE,
        coverage_mcse: None,
        standard_error: forecast.standard_error,
    }
}

/// An effect of being assigned on the scale on which effects are assumed: that of the treatment on whoever stays in it.
fn on_its_scale(of_assignment: Option<f64>, assumed: &Assumed) -> Option<f64> {
    of_assignment.filter(|_| assumed.reaching() > 0.0).map(|effect| effect / assumed.reaching())
}

fn sized_by_simulation(estimator: &Estimator, attempts: &[Attempt], design: &Design, target: f64, alpha: f64) -> Sized {
    let truth = design.truth();
    let diagnosis = diagnose(attempts.iter().copied(), Expectation::Different, alpha);
    let count = attempts.len() as f64;
    let share = diagnosis.significant as f64 / count;
    let side = if truth < 0.0 { Expectation::Less } else { Expectation::Greater };
    let least = detectable(attempts, side, target, alpha);
    let defined = |value: f64| value.is_finite().then_some(value);
    let scaled = |value: f64| on_its_scale(defined(value), design.assumed());
    let standard_errors = attempts.iter().filter_map(|attempt| attempt.result).map(|result| result.standard_error);
    let (sum, fits) = standard_errors.fold((0.0, 0.0), |(sum, fits), error| (sum + error, fits + 1.0));
    Sized {
        way: estimator.id.to_owned(),
        replications: Some(diagnosis.replications),
        failures: diagnosis.failures,
        power: share,
        power_mcse: Some((share * (1.0 - share) / count).sqrt()),
        type_s: defined(diagnosis.type_s),
        type_s_mcse: defined(diagnosis.type_s_mcse),
        type_m: defined(diagnosis.type_m),
        type_m_mcse: defined(diagnosis.type_m_mcse),
        detectable: scaled(least.by_simulation).map(f64::abs),
        detectable_interval: scaled(least.interval.0)
            .zip(scaled(least.interval.1))
            .map(|(one, other)| (one.abs().min(other.abs()), one.abs().max(other.abs()))),
        coverage: diagnosis.coverage,
        coverage_mcse: defined(diagnosis.coverage_mcse),
        standard_error: sum / fits,
    }
}
