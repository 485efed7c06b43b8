//! An analysis of a researcher's own data, as a table on the screen and as JSON.

use serde_json::{Map, Value, json};

use super::screen::{Ink, Screen, counted};
use crate::inquiry::analyze::{Analysis, Described, Fitted, Term};
use crate::study::estimators::Estimate;

/// Columns of numbers beside the label, with a space before each: estimate, SE, df, interval, p.
const WIDTHS: [usize; 5] = [9, 8, 7, 19, 8];

/// Of the outcome by arm: rows, mean, SD, minimum, maximum, rows left out.
const OF_OUTCOME: [usize; 6] = [6, 9, 9, 9, 9, 8];

/// The analysis as text.
pub(super) fn show(screen: &mut Screen, found: &Analysis, outcome: Option<&str>, cluster: Option<&str>) {
    let outcome = outcome.map_or(String::new(), |name| format!(", outcome `{name}`"));
    screen.line(0, &[(Ink::Strong, &found.file), (Ink::Plain, &outcome)]);
    screen.paragraph(2, &rows(found, cluster));
    if let Some([(treated, with), (reference, without)]) = &found.arms {
        let (with, without) = (counted(*with, "row"), counted(*without, "row"));
        screen.paragraph(2, &format!("treated: {treated} ({with}); reference: {reference} ({without})"));
    }
    if !found.described.is_empty() {
        screen.gap();
        described(screen, &found.described);
    }
    for (reason, count) in &found.left_out {
        screen.paragraph(2, &format!("left out: {}, {reason}", counted(*count, "row")));
    }
    for fitted in &found.models {
        model(screen, fitted, found.confidence);
    }
    match &found.hedges_g {
        Some(Ok(one)) => {
            screen.gap();
            screen.paragraph(
                0,
                &format!(
                    "Hedges' g, corrected for clusters: {} (SE {}, df {:.1}, {} % interval {} to {}; within-arm ICC {})",
                    digits(one.found.g),
                    digits(one.found.standard_error),
                    one.found.error_degrees_of_freedom,
                    percent(found.confidence),
                    digits(one.interval.0),
                    digits(one.interval.1),
                    digits(one.found.intraclass)
                ),
            );
        }
        Some(Err(reason)) => {
            screen.gap();
            screen.paragraph(0, &format!("No Hedges' g: {reason}."));
        }
        None => {}
    }
    if !found.reliability.is_empty() {
        screen.heading("Reliability, Cronbach's alpha");
        for one in &found.reliability {
            let value = match &one.alpha {
                Ok(alpha) => digits(*alpha),
                Err(failure) => format!("none: {failure}"),
            };
            let items = format!("{} items, {}", one.items, counted(one.rows, "complete row"));
            screen.paragraph(2, &format!("{}: {value} ({items})", one.instrument));
        }
    }
    if !found.notes.is_empty() {
        screen.gap();
        found.notes.iter().for_each(|note| screen.paragraph(0, note));
    }
}

/// The outcome by arm: what was measured, before any model.
pub(super) fn described(screen: &mut Screen, all: &[Described]) {
    let names = all.iter().map(|one| one.group.chars().count());
    let Some(column) = names.max().map(|longest| longest.max(8)) else { return };
    let row = |name: &str, cells: [String; 6]| {
        let mut text = format!("{name:<column$}");
        for (cell, width) in cells.iter().zip(OF_OUTCOME) {
            text.push_str(&" ".repeat(1 + width.saturating_sub(cell.chars().count())));
            text.push_str(cell);
        }
        text
    };
    let heads = ["rows", "mean", "SD", "minimum", "maximum", "left out"].map(str::to_owned);
    if screen.width() < 2 + column + OF_OUTCOME.iter().map(|width| width + 1).sum::<usize>() {
        for one in all {
            let [mean, sd, minimum, maximum] = [one.mean, one.sd, one.minimum, one.maximum].map(digits);
            let rows = counted(one.rows, "row");
            let words = format!("{rows}, mean {mean}, SD {sd}, from {minimum} to {maximum}, {} left out", one.left_out);
            screen.paragraph(2, &format!("{}: {words}", one.group));
        }
        return;
    }
    screen.line(2, &[(Ink::Faint, &row("outcome", heads))]);
    for one in all {
        let numbers = [one.mean, one.sd, one.minimum, one.maximum].map(digits);
        let [mean, sd, minimum, maximum] = numbers;
        let cells = [one.rows.to_string(), mean, sd, minimum, maximum, one.left_out.to_string()];
        screen.line(2, &[(Ink::Plain, &row(&one.group, cells))]);
    }
}

/// Rows, clusters and their sizes.
fn rows(found: &Analysis, cluster: Option<&str>) -> String {
    if found.models.is_empty() {
        return counted(found.rows, "row");
    }
    let mut words = if found.analyzed == found.rows {
        format!("{}, all analyzed", counted(found.rows, "row"))
    } else {
        format!("{} of {} analyzed", found.analyzed, counted(found.rows, "row"))
    };
    if let Some(clusters) = found.clusters {
        words.push_str(&format!(", in {}", counted(clusters, "cluster")));
        if let Some(name) = cluster {
            words.push_str(&format!(" (`{name}`)"));
        }
        if let [(size, _)] = found.sizes[..] {
            words.push_str(&format!(" of {size}"));
        }
    }
    words
}

fn model(screen: &mut Screen, fitted: &Fitted, confidence: f64) {
    let id = fitted.estimator.filter(|id| *id != fitted.model).map_or(String::new(), |id| format!(", {id}"));
    screen.heading(&format!("{} ({}{id})", fitted.name, fitted.model));
    if let Some(failure) = &fitted.failure {
        screen.paragraph(2, &format!("could not be fitted: {failure}"));
        return;
    }
    let numbers: usize = WIDTHS.iter().map(|width| width + 1).sum();
    if screen.width() < numbers + 14 {
        fitted.terms.iter().for_each(|term| sentence(screen, term, confidence));
    } else {
        terms(screen, fitted, numbers, confidence);
    }
    if !fitted.quantities.is_empty() {
        screen.gap();
        let all: Vec<(String, String)> =
            fitted.quantities.iter().map(|one| (one.label.clone(), digits(one.value))).collect();
        let column = all.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0).min(screen.width() - 12);
        for (label, value) in &all {
            screen.entry(2, label, column, Ink::Plain, value);
        }
    }
    screen.paragraph(2, &format!("{} in {}", counted(fitted.rows, "row"), counted(fitted.groups, "group")));
    fitted.notes.iter().for_each(|note| screen.paragraph(2, note));
}

/// A table of the terms.
fn terms(screen: &mut Screen, fitted: &Fitted, numbers: usize, confidence: f64) {
    let longest = fitted.terms.iter().map(|term| term.label.chars().count()).max().unwrap_or(0);
    let column = longest.clamp(12, screen.width().saturating_sub(numbers + 2).max(12));
    let interval = format!("{} % interval", percent(confidence));
    line(screen, Ink::Faint, "", column, ["estimate", "SE", "df", &interval, "p"].map(str::to_owned));
    for term in &fitted.terms {
        line(screen, Ink::Plain, &term.label, column, cells(&term.estimate));
    }
}

/// A term where the screen has no room for a table.
fn sentence(screen: &mut Screen, term: &Term, confidence: f64) {
    let [estimate, error, df, interval, p] = cells(&term.estimate);
    let mut words = format!("{}: {estimate}, {} % interval {interval}, p {p}", term.label, percent(confidence));
    for (name, value) in [("SE", error), ("df", df)] {
        if !value.is_empty() {
            words.push_str(&format!(", {name} {value}"));
        }
    }
    screen.paragraph(2, &words);
}

/// A line of the table; a label that is too long is broken over lines above its numbers.
fn line(screen: &mut Screen, ink: Ink, label: &str, column: usize, cells: [String; 5]) {
    let mut parts = crate::report::text::wrap(label, column);
    let last = parts.pop().unwrap_or_default();
    parts.iter().for_each(|part| screen.line(2, &[(ink, part)]));
    let mut text = format!("{last}{}", " ".repeat(column.saturating_sub(last.chars().count())));
    for (cell, width) in cells.iter().zip(WIDTHS) {
        text.push_str(&" ".repeat(1 + width.saturating_sub(cell.chars().count())));
        text.push_str(cell);
    }
    screen.line(2, &[(ink, &text)]);
}

fn cells(found: &Estimate) -> [String; 5] {
    let known = |value: f64| if value.is_nan() { String::new() } else { digits(value) };
    let df = if found.degrees_of_freedom.is_nan() { String::new() } else { format!("{:.1}", found.degrees_of_freedom) };
    let interval = format!("{} to {}", digits(found.lower), digits(found.upper));
    [digits(found.estimate), known(found.standard_error), df, interval, p_value(found.p_value)]
}

fn percent(confidence: f64) -> String {
    crate::report::text::number(100.0 * confidence)
}

/// A number with four significant digits, whole numbers in full; very large and very small ones with an exponent.
fn digits(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        return "-".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "infinity" } else { "-infinity" }.to_owned();
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{value:.2e}");
    }
    let decimals = match size {
        _ if size >= 100.0 => 1,
        _ if size >= 10.0 => 2,
        _ if size >= 1.0 => 3,
        _ => 4,
    };
    format!("{value:.decimals$}")
}

fn p_value(p: f64) -> String {
    if p < 0.0001 { "<.0001".to_owned() } else { format!("{p:.4}").replacen("0.", ".", 1) }
}

/// The analysis as JSON, every number in full.
pub(super) fn document(found: &Analysis, outcome: Option<&str>, cluster: Option<&str>) -> Value {
    let sizes = found.sizes.iter().map(|(size, count)| json!({ "size": size, "clusters": count }));
    let clusters =
        found.clusters.map(|count| json!({ "column": cluster, "count": count, "sizes": sizes.collect::<Vec<_>>() }));
    let arms = found.arms.as_ref().map(|[(treated, with), (reference, without)]| {
        json!({ "treated": treated, "treated_rows": with, "reference": reference, "reference_rows": without })
    });
    let left_out = found.left_out.iter().map(|(reason, rows)| json!({ "reason": reason, "rows": rows }));
    let effect = found.hedges_g.as_ref().map(|one| match one {
        Ok(one) => json!({
            "hedges_g": one.found.g,
            "standard_error": one.found.standard_error,
            "degrees_of_freedom": one.found.degrees_of_freedom,
            "error_degrees_of_freedom": one.found.error_degrees_of_freedom,
            "intraclass": one.found.intraclass,
            "lower": one.interval.0,
            "upper": one.interval.1,
        }),
        Err(reason) => json!({ "hedges_g": null, "reason": reason }),
    });
    let reliability = found.reliability.iter().map(|one| {
        json!({
            "instrument": one.instrument,
            "items": one.items,
            "rows": one.rows,
            "alpha": one.alpha.as_ref().ok(),
            "failure": one.alpha.as_ref().err().map(failure),
        })
    });
    json!({
        "file": found.file,
        "outcome": outcome,
        "rows": found.rows,
        "analyzed": found.analyzed,
        "left_out": left_out.collect::<Vec<_>>(),
        "clusters": clusters,
        "arms": arms,
        "described": of_arms(&found.described),
        "confidence": found.confidence,
        "models": found.models.iter().map(fitted).collect::<Vec<_>>(),
        "effect_size": effect,
        "reliability": reliability.collect::<Vec<_>>(),
        "notes": found.notes,
    })
}

/// The outcome by arm as JSON.
pub(super) fn of_arms(all: &[Described]) -> Value {
    let one = |one: &Described| {
        json!({
            "group": one.group,
            "rows": one.rows,
            "left_out": one.left_out,
            "mean": one.mean,
            "sd": one.sd,
            "minimum": one.minimum,
            "maximum": one.maximum,
        })
    };
    all.iter().map(one).collect()
}

fn failure(failure: &crate::study::estimators::Failure) -> Value {
    json!({ "code": failure.code(), "message": failure.to_string() })
}

fn fitted(fitted: &Fitted) -> Value {
    let quantities: Map<String, Value> =
        fitted.quantities.iter().map(|one| (one.id.clone(), json!(one.value))).collect();
    json!({
        "model": fitted.model,
        "estimator": fitted.estimator,
        "name": fitted.name,
        "rows": fitted.rows,
        "groups": fitted.groups,
        "terms": fitted.terms.iter().map(term).collect::<Vec<_>>(),
        "quantities": quantities,
        "notes": fitted.notes,
        "failure": fitted.failure.as_ref().map(failure),
    })
}

fn term(term: &Term) -> Value {
    json!({
        "term": term.id,
        "label": term.label,
        "estimate": term.estimate.estimate,
        "standard_error": term.estimate.standard_error,
        "degrees_of_freedom": term.estimate.degrees_of_freedom,
        "lower": term.estimate.lower,
        "upper": term.estimate.upper,
        "p_value": term.estimate.p_value,
    })
}
