//! The estimates of an experiment that was really run, over those of simulated ones: in a sentence and in a figure.

use std::path::Path;

use super::pictures::estimate_panel;
use super::seen::few;
use super::text::{capitalized, number};
use crate::figures::{Distribution, EstimatePanel, Observed};
use crate::inquiry::own_data::Found;
use crate::inquiry::own_data::against::Simulated;
use crate::study::plan::Plan;

/// Most panels of the figure.
const PANELS: usize = 6;

/// Where an estimate lies among the simulated ones: '12% of the simulated experiments gave a larger estimate'.
pub fn sentence(simulated: &Simulated, estimate: f64, digits: impl Fn(f64) -> String) -> String {
    let count = simulated.estimates.len();
    if count == 0 {
        return format!("None of {} simulated experiments gave an estimate.", simulated.failures);
    }
    let larger = simulated.larger(estimate);
    let (low, high) = simulated.middle();
    let outside = estimate < low || estimate > high;
    let failed = match simulated.failures {
        0 => String::new(),
        some => format!("; {some} gave none"),
    };
    let hint = if outside { ", and this one does not" } else { "" };
    format!(
        "{} of the simulated experiments gave a larger estimate (of {count}, standard error {} points{failed}); {} of these lie \
         between {} and {}{hint}.",
        capitalized(&percent(larger.share)),
        number((1000.0 * larger.error).round() / 10.0),
        if few(count) { "nearly all" } else { "the middle 95%" },
        digits(low),
        digits(high),
    )
}

/// A share in percent: whole, with a decimal near the ends, and never 0 or 100 unless it is.
fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    match percent {
        0.0 => "none".to_owned(),
        100.0 => "all".to_owned(),
        _ if !(1.0..=99.0).contains(&percent) => format!("{}%", number((percent * 10.0).round() / 10.0)),
        _ => format!("{}%", percent.round()),
    }
}

/// The figure: a panel for the first estimator of each hypothesis, then for the others as far as there is room.
pub fn figure(plan: &Plan, file: &str, found: &[Found], simulated: &[Simulated]) -> Distribution {
    let pairs = || found.iter().zip(simulated).filter(|(one, _)| one.result.is_ok());
    let mut shown: Vec<(&Found, &Simulated)> = pairs().filter(|(one, _)| one.estimator == 0).collect();
    shown.extend(pairs().filter(|(one, _)| one.estimator != 0));
    let left_out = shown.len().saturating_sub(PANELS);
    shown.truncate(PANELS);
    shown.sort_by_key(|(one, _)| (one.hypothesis, one.estimator));
    let count = simulated.iter().map(|one| one.estimates.len() + one.failures).max().unwrap_or(0);
    let panel = |(one, simulated): (&Found, &Simulated)| {
        let index = (one.hypothesis, one.estimator);
        let panel = estimate_panel(plan, index, &simulated.estimates, simulated.truth);
        let observed = one.result.as_ref().ok().map(|result| Observed {
            value: result.estimate,
            low: result.lower,
            high: result.upper,
            larger: simulated.larger(result.estimate).share,
        });
        EstimatePanel { observed, ..panel }
    };
    let name = Path::new(file).file_name().map_or(file.into(), |name| name.to_string_lossy());
    let note = match left_out {
        0 => String::new(),
        1 => " One more estimate is not shown.".to_owned(),
        more => format!(" {more} more estimates are not shown."),
    };
    Distribution {
        title: "The experiment that was run, among simulated ones".to_owned(),
        subtitle: format!("{name} over {count} simulated experiments of the study {}", plan.study.id),
        panels: shown.into_iter().map(panel).collect(),
        significance: "p < .05".to_owned(),
        note: format!(
            "Observed: the estimate from the data with its 95% interval. Bars and truth: what the study's model gives; its numbers are \
             assumed, so that a poor fit speaks against them as much as against the hypothesis.{note}"
        ),
    }
}
