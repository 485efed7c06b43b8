//! A search for power in one call: sizes are simulated until the answer is known, and tables, a figure and `run.json` are written.

use std::time::{Duration, Instant};

use serde_json::json;

use super::identity::same_model;
use super::{Error, Options, Watch, create};
use crate::figures;
use crate::inquiry::power::experiments::{Experiments, How, Size, Trouble, expectation};
use crate::inquiry::power::table::{self, Row};
use crate::inquiry::power::{
    Answer, Curve, Goal, Over, Point, Precision, Searched, Span, Station, Trend, critical, detectable, even_from,
    search,
};
use crate::monte_carlo::Stopped;
use crate::report::power::{PowerSummary, ShownEffect, ShownSize};
use crate::report::text::{capitalized, number};
use crate::results::{self, Identity, MODEL, Manifest, Overwrite};
use crate::scenario::keys::Shape;
use crate::scenario::{lookup, resolved};
use crate::study::declaration::{Hypothesis, Level, Study, Unit};

/// What is searched for.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The study as it stands, without a value of the key put into it.
    pub study: &'a Study,
    /// The study with the key at a value.
    pub study_at: &'a dyn Fn(f64) -> Result<Study, Trouble>,
    /// The key and its range.
    pub over: &'a Over,
    /// Id of the hypothesis.
    pub hypothesis: &'a str,
    /// Id of the estimator.
    pub estimator: &'static str,
    /// Power that is wanted, in (0, 1).
    pub target: f64,
    /// Level of significance, in (0, 1).
    pub alpha: f64,
    /// Replications of one size, at most.
    pub most: usize,
    /// The value at which to say what can be detected; the study's own unless given.
    pub at: Option<f64>,
}

/// A finished search.
#[derive(Debug)]
pub struct FinishedPower {
    /// What `run.json` holds.
    pub manifest: Manifest,
    /// What was found.
    pub summary: PowerSummary,
    /// How long it took; nothing if the very same search was there already and nothing was computed.
    pub took: Option<Duration>,
}

/// Why a search did not end.
#[derive(Debug, thiserror::Error)]
pub enum PowerError {
    /// The results could not be written, or another run is in the way.
    #[error(transparent)]
    Run(#[from] Error),
    /// A size could not be simulated.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// It was interrupted.
    #[error(
        "interrupted in the search for power in {study}; nothing was written, since a search is kept only when it is whole"
    )]
    Interrupted {
        /// The study.
        study: String,
    },
}

impl From<results::Error> for PowerError {
    fn from(error: results::Error) -> Self {
        Self::Run(error.into())
    }
}

const CONFIDENCE: f64 = 0.95;
/// The answer's interval is no wider than a tenth of the answer.
const WIDTH: f64 = 0.1;
/// Replications from which the detectable effect is taken.
const ENOUGH: usize = 1000;
/// Places of the curve in its table and figure.
const PLACES: usize = 201;

/// Searches, and writes what was found into a folder: all of it or nothing.
///
/// # Errors
/// If another run is in the way, something cannot be written, or a size cannot be simulated.
pub fn run_power(request: &Request, options: &Options, watch: Watch) -> Result<FinishedPower, PowerError> {
    let Request { study, over, target, alpha, most, .. } = *request;
    let asked = format!(
        "{}\npower {target} over {over} of {} by {} at {alpha}, {most} replications, at {:?}",
        resolved::to_toml(study),
        request.hypothesis,
        request.estimator,
        request.at,
    );
    let seed = study.monte_carlo.seed;
    let fingerprint = Identity {
        version: env!("CARGO_PKG_VERSION"),
        scenario: &asked,
        seed,
        replications: most as u64,
        record: "power",
    }
    .fingerprint();
    if options.overwrite == Overwrite::Refuse
        && let Some(manifest) = results::existing(&options.out)?
    {
        if manifest.fingerprint != fingerprint {
            let what = match manifest.record.as_str() {
                "power" => "another search for power".to_owned(),
                _ => format!("a run of {}", manifest.study),
            };
            return Err(Error::Different { path: options.out.clone(), what }.into());
        }
        same_model(&manifest.model, &options.out)?;
        let summary = serde_json::from_value(manifest.summary.clone())
            .map_err(|_| Error::Summary { path: options.out.join(Manifest::FILE) })?;
        return Ok(FinishedPower { manifest, summary, took: None });
    }
    let directory = create(&options.out, options.overwrite, options)?;
    let started = Instant::now();
    let span = Span::new(over.low, over.high, whole(over));
    let goal = Goal { power: target, most, confidence: CONFIDENCE, width: WIDTH };
    let how =
        How { study_at: request.study_at, alpha, threads: options.threads, stop: watch.stop, progress: watch.progress };
    let mut experiments = Experiments::new(how);
    let searched = search(span, goal, |value, numbers| experiments.look(value, numbers))
        .map_err(|trouble| interrupted(trouble, study))?;
    let at = request.at.or_else(|| lookup::number(study, &over.key)).unwrap_or(over.high);
    let enough = experiments.size(at).map_or(0, |size| size.attempts.len()).max(ENOUGH.min(most));
    let at_found = experiments.look(at, 0..enough).map_err(|trouble| interrupted(trouble, study))?;

    let points: Vec<Point> = span.grid(PLACES).into_iter().map(|value| searched.curve.at(value)).collect();
    let simulated: Vec<(&Station, &Size)> =
        searched.stations.iter().filter_map(|one| Some((one, experiments.size(one.value)?))).collect();
    let rows: Vec<Row> =
        simulated.iter().map(|(station, size)| row(station, size, &searched.curve, request.alpha)).collect();
    let effect = experiments.size(at).map(|size| shown_effect(request, &Station { value: at, found: at_found }, size));
    let summary = PowerSummary {
        study: study.id.clone(),
        title: study.title.clone(),
        hypothesis: request.hypothesis.to_owned(),
        statement: hypothesis(request, |one| one.statement.clone()),
        others: study.hypotheses.iter().map(|one| one.id.clone()).filter(|id| id != request.hypothesis).collect(),
        estimator: request.estimator.to_owned(),
        key: over.key.clone(),
        unit: lookup::leaf(&over.key).map_or_else(String::new, |leaf| leaf.unit.to_owned()),
        whole: span.whole,
        range: (over.low, over.high),
        target,
        alpha,
        most,
        seed,
        replications: rows.iter().map(|row| row.replications).sum(),
        sizes: rows.iter().map(ShownSize::from).collect(),
        answer: searched.answer,
        trend: Some(searched.trend),
        settled: searched.settled,
        even: match searched.answer {
            Answer::Found { size, rising: true, .. } => even_from(study, &over.key, size),
            _ => None,
        },
        remarks: remarks(&searched, &rows, &points, &simulated, request),
        detectable: effect,
    };
    let found: Vec<_> = simulated.iter().map(|(station, size)| (*size, station.found.clone())).collect();
    let tables = table::write(&directory, &rows, &points, &found)?;
    figures::draw(&summary.figure(&points), &directory.staged("figures/power")?).map_err(Error::Figure)?;
    let manifest = directory.finish(Manifest {
        format: Manifest::FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        model: MODEL.to_owned(),
        study: study.id.clone(),
        title: format!("Power: {}", study.title),
        seed,
        replications: summary.replications as u64,
        excerpt: None,
        record: "power".to_owned(),
        fingerprint,
        commands: (!options.command.is_empty()).then(|| options.command.clone()).into_iter().collect(),
        summary: serde_json::to_value(&summary).unwrap_or_default(),
        timing: json!({ "total_seconds": started.elapsed().as_secs_f64() }),
        tables,
        figures: Vec::new(),
        documents: Vec::new(),
        scenario: serde_json::from_str(&resolved::to_json(study)).unwrap_or_default(),
        scenario_toml: resolved::to_toml(study),
    })?;
    Ok(FinishedPower { manifest, summary, took: Some(started.elapsed()) })
}

/// Whether a key takes whole numbers only.
pub fn whole(over: &Over) -> bool {
    lookup::leaf(&over.key).is_some_and(|leaf| matches!(leaf.shape, Shape::Whole(..)))
}

fn interrupted(trouble: Trouble, study: &Study) -> PowerError {
    match trouble {
        Trouble::Stopped(Stopped::Interrupted { .. }) => PowerError::Interrupted { study: study.id.clone() },
        other => other.into(),
    }
}

fn hypothesis<T: Default>(request: &Request, of: impl Fn(&Hypothesis) -> T) -> T {
    request.study.hypotheses.iter().find(|one| one.id == request.hypothesis).map_or_else(T::default, of)
}

/// A size in numbers.
fn row(station: &Station, size: &Size, curve: &Curve, alpha: f64) -> Row {
    let attempts = &size.attempts[..station.count()];
    let Precision { estimates, truths, standard_error, degrees_of_freedom } = Precision::of(attempts);
    let (low, high) = station.interval(critical(CONFIDENCE));
    let expected = expectation(size.plan.study.hypotheses[0].expect);
    let opposite = attempts.iter().filter_map(|attempt| attempt.result);
    let opposite = opposite.filter(|result| result.p_value < alpha && !expected.holds(result.estimate)).count();
    Row {
        value: station.value,
        replications: station.count(),
        failures: station.failed(),
        power: Point { value: station.value, power: station.power(), low, high },
        opposite: opposite as f64 / station.count() as f64,
        curve: curve.at(station.value),
        estimates,
        truths,
        standard_error,
        degrees_of_freedom,
    }
}

fn shown_effect(request: &Request, station: &Station, size: &Size) -> ShownEffect {
    let plan = &size.plan;
    let expected = expectation(plan.study.hypotheses[0].expect);
    let attempts = &size.attempts[..station.count()];
    let found = detectable(attempts, expected, request.target, request.alpha);
    let defined = |value: f64| value.is_finite().then_some(value);
    ShownEffect {
        value: station.value,
        replications: station.count(),
        failures: station.failed(),
        power: station.power(),
        interval: station.interval(critical(CONFIDENCE)),
        by_formula: defined(found.by_formula),
        standard_error: defined(found.standard_error),
        degrees_of_freedom: defined(found.degrees_of_freedom),
        by_simulation: defined(found.by_simulation),
        simulation_interval: (defined(found.interval.0), defined(found.interval.1)),
        sd: defined(plan.reference_sd(0)).filter(|sd| *sd > 0.0),
        truth: defined(found.truth),
        unit: plan.unit(0),
        smallest_effect_of_interest: plan.smallest_effect(0),
    }
}

/// Why power is as it is where it is not enough, and what else a planner must know.
fn remarks(
    searched: &Searched,
    rows: &[Row],
    points: &[Point],
    simulated: &[(&Station, &Size)],
    request: &Request,
) -> Vec<String> {
    let Request { over, target, .. } = *request;
    let mut all: Vec<String> = Vec::new();
    let (Some(first), Some(last), Some((_, size))) = (rows.first(), rows.last(), simulated.last()) else { return all };
    let short = matches!(searched.answer, Answer::Nowhere { .. } | Answer::Undecided { .. } | Answer::Flat { .. });
    if short {
        all.extend(no_effect(last, size));
        if all.is_empty() {
            all.extend(limited(first, last, size));
        }
        if all.is_empty() && matches!(searched.answer, Answer::Nowhere { .. }) {
            all.extend(beyond(&searched.trend, over, target));
        }
    }
    if let Answer::Found { size, rising: true, .. } = searched.answer
        && let Some(point) = points.iter().find(|point| point.value > size && point.high < target)
    {
        all.push(format!("Power falls below {target} again from {} on.", point.value));
    }
    all.extend(opposite(rows, request.alpha));
    all.extend(biased(last));
    let (failures, fits) = rows.iter().fold((0, 0), |(a, b), row| (a + row.failures, b + row.replications));
    if failures > 0 {
        let mut reasons: Vec<&str> = Vec::new();
        let of = |(station, size): &(&Station, &Size)| size.failures[..station.count()].to_vec();
        for reason in simulated.iter().flat_map(of).filter(|reason| !reason.is_empty()) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        all.push(format!(
            "{failures} of {fits} fits failed ({}) and count as having found nothing.",
            reasons.join(", ").replace('_', " ")
        ));
    }
    all
}

/// Where the truth is nothing, or lies on the other side.
fn no_effect(last: &Row, size: &Size) -> Option<String> {
    let (truth, error) = (last.truths.mean(), last.truths.mean_error());
    let expected = expectation(size.plan.study.hypotheses[0].expect);
    let margin = 1.96 * error;
    let is = || format!("{truth:+.3} ± {margin:.3}");
    if truth == 0.0 || truth.abs() <= margin {
        let no = "as far as these replications can tell there is no effect in the model";
        Some(format!("{} ({}): what is significant is a false alarm.", capitalized(no), is()))
    } else if !expected.holds(truth) {
        Some(format!("The effect goes the other way in the model ({}): no size finds what is expected.", is()))
    } else {
        None
    }
}

/// Where something else than the size limits power: a standard error that does not fall as it does when independent units are
/// added, or degrees of freedom that stay few.
fn limited(first: &Row, last: &Row, size: &Size) -> Option<String> {
    if !(first.value > 0.0 && last.value >= 2.0 * first.value) {
        return None;
    }
    let study = &size.plan.study;
    let by_organization = study.design.unit == Unit::Organization || study.hypotheses[0].level == Level::Organization;
    let organizations = match study.organizations {
        1 => "the one organization limits it".to_owned(),
        many => format!("the {many} organizations limit it"),
    };
    let why = match by_organization {
        true => format!("{organizations}: search along organization.count"),
        false => "something else than this limits it".to_owned(),
    };
    let free = (first.value / last.value).sqrt();
    if last.standard_error / first.standard_error > 0.5 * (1.0 + free) {
        return Some(format!(
            "The standard error hardly falls along the range, from {:.3} to {:.3}; {why}.",
            first.standard_error, last.standard_error
        ));
    }
    (last.degrees_of_freedom < 10.0 && last.degrees_of_freedom < 1.2 * first.degrees_of_freedom).then(|| {
        format!("There are {:.1} degrees of freedom, however far along the range; {why}.", last.degrees_of_freedom)
    })
}

/// Where the analysis estimates something else than what is true, and finds that.
fn biased(row: &Row) -> Option<String> {
    let (bias, error) = (row.estimates.mean() - row.truths.mean(), row.estimates.mean_error());
    // What a quarter of a standard error does to the error rates is a matter of tenths of a point.
    (bias.abs() > 2.58 * error && bias.abs() > 0.25 * row.standard_error).then(|| {
        format!(
            "Estimates are off by {bias:+.3} on average where {:+.3} is true: what is found here is that bias as well, and power bought \
             with it is no power to find the effect, and what can be detected by the experiments themselves holds it too. `peerlab run` shows how often its intervals miss the truth.",
            row.truths.mean()
        )
    })
}

/// Where experiments are significant on the side that is not expected more often than chance alone makes them: low power is silent
/// about that, and a reader of such an experiment is misled.
fn opposite(rows: &[Row], alpha: f64) -> Option<String> {
    let worst = rows.iter().max_by(|a, b| a.opposite.total_cmp(&b.opposite))?;
    // Half of alpha lies on either side where nothing is true.
    let count = worst.replications as f64;
    let error = (0.5 * alpha * (1.0 - 0.5 * alpha) / count).sqrt();
    (worst.opposite > 0.5 * alpha + 4.0 * error).then(|| {
        format!(
            "Up to {:.0} % of experiments (at {}) are significant on the side that is not expected, which counts as having found nothing here.",
            100.0 * worst.opposite,
            number(worst.value)
        )
    })
}

/// On which side of the range the answer lies, if it lies anywhere.
fn beyond(trend: &Trend, over: &Over, target: f64) -> Option<String> {
    let (way, side, end, word) = match (trend.rises(), trend.falls()) {
        (true, _) => ("rises", "above", over.high, "most"),
        (_, true) => ("falls", "below", over.low, "least"),
        _ => return None,
    };
    let limit = lookup::leaf(&over.key).and_then(|leaf| match (leaf.shape, trend.rises()) {
        (Shape::Number(_, most), true) => Some(most),
        (Shape::Number(least, _), false) => Some(least),
        (Shape::Whole(_, most), true) => Some(most as f64),
        (Shape::Whole(least, _), false) => Some(least as f64),
        _ => None,
    });
    Some(match limit == Some(end) {
        true => format!("Power {way} along the range, and {end} is the {word} that {} can be.", over.key),
        false => format!(
            "Power {way} along the range: what gives {target}, if anything does, lies {side} {end}. Widen the range."
        ),
    })
}
