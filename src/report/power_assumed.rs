//! What the design without the theory says: the size needed, and what one size gives, by formula and by simulation side by side.

use std::fmt::Write as _;

use super::text::{counted, fold, number};
use crate::inquiry::assumptions::{Key, Kind};
use crate::inquiry::power::assumed::{Answered, Needed, Sized};
use crate::inquiry::power::{Answer, Over, Point, Trend};
use crate::study::assumed::{Assignment, Assumed};

/// What was asked.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The numbers, with their names.
    pub stated: &'a [(&'static str, String)],
    /// The key.
    pub key: &'a Key,
    /// Its range.
    pub over: &'a Over,
    /// Power that is wanted.
    pub target: f64,
    /// Level of significance.
    pub alpha: f64,
    /// The seed.
    pub seed: u64,
    /// Replications of one size, at most.
    pub most: usize,
}

/// As plain text of at most `width` columns. `bold` marks what to read first.
pub fn text(asked: &Asked, answered: &Answered, width: usize, bold: impl Fn(&str) -> String) -> String {
    let width = width.clamp(50, 100);
    let mut out = format!("{}\n", bold("The design without the theory"));
    let stated = asked.stated.iter().map(|(name, value)| format!("{} {value}", name.replace('_', " ")));
    let stated: Vec<String> = stated.collect();
    out.push_str(&fold(&format!("Assumed: {}.", stated.join(", ")), width, "", "  "));
    let assumed = &answered.assumed;
    let observed = assumed.effect * assumed.reliability.sqrt();
    let line = format!(
        "The effect is {} SD of the construct, {observed:.3} SD of the outcome as measured. Power of the two-sided test at p < {}; \
         seed {}.",
        number(assumed.effect),
        number(asked.alpha),
        asked.seed
    );
    out.push_str(&fold(&line, width, "", ""));
    if assumed.leaving.share > 0.0 {
        let line = format!(
            "As {} of the treated leave and keep {} of it, the effect of being assigned is {:.3} SD of the construct: that is what is tested. \
             The effect that has a power, below, is again that on whoever stays.",
            number(assumed.leaving.share),
            number(assumed.leaving.kept),
            assumed.expected()
        );
        out.push_str(&fold(&line, width, "", ""));
    }
    out.push('\n');
    let nothing = assumed.effect == 0.0 && asked.key.name != "effect";
    let bound = bound(asked, assumed);
    out.push_str(&needed(asked, &answered.needed, nothing, bound, width));
    out.push('\n');
    let persons = assumed.persons();
    let measured = persons as f64 * (1.0 - assumed.attrition.share);
    let recruited = match measured == persons as f64 {
        true => counted(persons, "person"),
        false => format!("{} recruited, {} expected to be measured", counted(persons, "person"), number(measured)),
    };
    let key = asked.key.name.replace('_', " ");
    let at = number(answered.at);
    let at = if asked.key.kind == Kind::Whole && asked.key.name != "size" {
        format!("{at} {key}")
    } else {
        format!("{key} {at}")
    };
    out.push_str(&fold(&format!("With {at} ({recruited}):"), width, "", ""));
    out.push_str(&side_by_side(&answered.sized, asked.target, width));
    out.push('\n');
    let remarks = remarks(answered);
    remarks.iter().for_each(|remark| out.push_str(&fold(&format!("! {remark}"), width, "  ", "    ")));
    if !remarks.is_empty() {
        out.push('\n');
    }
    out.push_str(&fold(EXPLAINED, width, "", ""));
    out
}

const EXPLAINED: &str = "Effects and standard errors are in SD of the construct; the simulated standard error is the experiments' mean. Power: share of experiments with a significant result. Type S: share of the significant estimates with the \
wrong sign; type M: how many times too large they are on average (Gelman & Carlin 2014). In parentheses the Monte Carlo \
standard error. The formula is that of a difference between arms with the right standard error (noncentral t; type S and M of a known \
standard error); what an estimator makes of the design the simulation shows. Which analysis is honest for which design: docs/inference.md.";

fn said(way: &str) -> String {
    match way {
        "formula" => "by formula".to_owned(),
        "formula_ancova" => "by formula, ancova".to_owned(),
        estimator => estimator.to_owned(),
    }
}

/// The sizes needed, a line each.
fn needed(asked: &Asked, all: &[Needed], nothing: bool, bound: Option<String>, width: usize) -> String {
    let head = format!("{} for power {}", asked.key.name.replace('_', " "), number(asked.target));
    let first = all.iter().map(|one| said(&one.way).chars().count()).max().unwrap_or(0);
    let column = head.chars().count();
    let mut out = format!("  {:first$}  {head}  95% interval  replications\n", "");
    let mut notes = Vec::new();
    if nothing {
        notes.push(format!(
            "There is no effect to find: what is significant are false alarms, in {} of experiments where the analysis is honest, whatever the \
             size.",
            number(asked.alpha)
        ));
    }
    // What the formula says at either end of the range.
    let formula = all.iter().find(|one| one.replications.is_none()).and_then(|one| one.ends);
    for one in all {
        let way = said(&one.way);
        let replications = one.replications.map_or("–".to_owned(), |count| count.to_string());
        let (size, interval) = match one.answer {
            Answer::Found { size, possible, certain, rising } => {
                let (low, high) = if rising { (possible, certain) } else { (certain, possible) };
                let end = |end: Option<f64>, word: &str, edge: f64| {
                    end.map_or_else(|| format!("{word}{}", number(edge)), number)
                };
                let interval = match one.replications {
                    None => "–".to_owned(),
                    Some(_) => format!("{} to {}", end(low, "<", asked.over.low), end(high, ">", asked.over.high)),
                };
                if !rising {
                    notes.push(format!(
                        "{way}: power falls along {}; this is the largest value that still has it.",
                        asked.key.name
                    ));
                }
                (number(size), interval)
            }
            _ => {
                if !nothing {
                    notes.push(format!("{way}: {}", short_of(asked, one, formula, bound.is_some())));
                }
                ("none".to_owned(), "–".to_owned())
            }
        };
        let _ = writeln!(out, "  {way:first$}  {:>column$}  {interval:>12}  {replications:>12}", size);
    }
    notes.extend(bound);
    if all.iter().any(|one| !one.settled) {
        notes.push(format!("For narrower intervals allow more than --replications {}.", asked.most));
    }
    notes.iter().for_each(|note| out.push_str(&fold(note, width, "  ", "    ")));
    out
}

/// Why one way names no size.
fn short_of(asked: &Asked, one: &Needed, formula: Option<(f64, f64)>, bounded: bool) -> String {
    let (low, high, target) = (number(asked.over.low), number(asked.over.high), number(asked.target));
    let within = format!("from {low} to {high}");
    let flat = one.trend.filter(Trend::flat).map(|trend| trend.said());
    let flat =
        flat.or_else(|| one.ends.filter(even).map(|(first, last)| format!("{first:.3} at {low}, {last:.3} at {high}")));
    // What no number gives does not lie beyond the range.
    let side = |ends: Option<(f64, f64)>| if bounded { String::new() } else { beyond(asked, one, ends) };
    // Where the formula rises by less than these few replications can see.
    let rises = formula.filter(|own| one.replications.is_some() && !even(own));
    let tell = if rises.is_some() { " as far as these replications can tell" } else { "" };
    let by_formula = rises.map_or_else(String::new, |(first, last)| {
        format!(" By formula it goes from {first:.3} to {last:.3}.{}", side(formula))
    });
    // By formula a point has no interval.
    let said = |point: &Point| match one.replications {
        None => format!("{:.3} at {}", point.power, number(point.value)),
        Some(_) => format!(
            "{:.3} [{:.3}, {:.3}] at {}, by the curve through these sizes",
            point.power,
            point.low,
            point.high,
            number(point.value)
        ),
    };
    match (&one.answer, flat) {
        (Answer::Nowhere { .. }, Some(flat)) => {
            format!("no value {within} gives power {target}; power is flat{tell}, {flat}.{by_formula}")
        }
        (Answer::Nowhere { best }, None) => {
            format!("no value {within} gives power {target}; the most is {}.{}", said(best), side(one.ends))
        }
        (Answer::Everywhere { .. }, Some(flat)) => {
            format!("power is {target} or more {within} and flat{tell}, {flat}.{by_formula}")
        }
        (Answer::Everywhere { worst }, None) => {
            format!("power is {target} or more {within} throughout; the least is {}.{}", said(worst), side(one.ends))
        }
        (Answer::Undecided { nearest }, _) => format!(
            "whether power {target} is reached {within} cannot be told; nearest is {}. Widen the range, or allow more than \
             --replications {}.",
            said(nearest),
            asked.most
        ),
        (Answer::Flat { trend }, _) => format!("no value can be named; power is flat {within}, {}.", trend.said()),
        (Answer::Found { .. }, _) => String::new(),
    }
}

/// Whether the power at either end is the same to half a point.
fn even((first, last): &(f64, f64)) -> bool {
    (first - last).abs() < 0.005
}

/// Where whole organizations are assigned, what the largest of them would give, if that is too little.
fn bound(asked: &Asked, assumed: &Assumed) -> Option<String> {
    const ENDLESS: usize = 10_000_000;
    let largest = match asked.key.name {
        "clusters" | "clusters_per_organization" => Assumed { clusters: ENDLESS * assumed.organizations, ..*assumed },
        "size" => Assumed { size: ENDLESS, ..*assumed },
        _ => return None,
    };
    let most = largest.forecast(false).power(asked.alpha);
    (assumed.assignment == Assignment::Organization && most < asked.target).then(|| {
        format!(
            "By formula {} organizations give power {most:.3} at most, however large: look along organizations.",
            assumed.organizations
        )
    })
}

/// On which side of the range the answer lies, if it lies anywhere.
fn beyond(asked: &Asked, one: &Needed, ends: Option<(f64, f64)>) -> String {
    let rises = ends.map(|(first, last)| last > first).or(one.trend.map(|trend| trend.rises()));
    let falls = ends.map(|(first, last)| last < first).or(one.trend.map(|trend| trend.falls()));
    // Power that is short lies on the side to which it rises; power that is enough is lost on the other.
    let enough = matches!(one.answer, Answer::Everywhere { .. });
    let (above, below) = if enough { (falls, rises) } else { (rises, falls) };
    let side = match (above, below) {
        (Some(true), _) => format!("above {}", number(asked.over.high)),
        (_, Some(true)) => format!("below {}", number(asked.over.low)),
        _ => return String::new(),
    };
    format!(" The answer lies {side}, if anywhere.")
}

/// A row per measure, a column per way; as many columns beside each other as fit.
fn side_by_side(all: &[Sized], target: f64, width: usize) -> String {
    let found = format!("effect that has power {}", number(target));
    let with = |value: Option<f64>, error: Option<f64>, digits: usize| match (value, error) {
        (None, _) => "–".to_owned(),
        (Some(value), None) => format!("{value:.digits$}"),
        (Some(value), Some(error)) => format!("{value:.digits$} ({error:.digits$})"),
    };
    let cells = |one: &Sized| {
        vec![
            said(&one.way),
            with(Some(one.power), one.power_mcse, 3),
            with(one.type_s, one.type_s_mcse, 4),
            with(one.type_m, one.type_m_mcse, 3),
            with(Some(one.coverage), one.coverage_mcse, 3),
            with(Some(one.standard_error), None, 3),
            with(one.detectable, None, 3),
            one.detectable_interval.map_or("–".to_owned(), |(low, high)| format!("{low:.3} to {high:.3}")),
            one.replications.map_or("–".to_owned(), |count| count.to_string()),
            one.failures.to_string(),
        ]
    };
    let failed = all.iter().any(|one| one.failures > 0);
    let mut labels: Vec<&str> = vec![
        "",
        "power",
        "type S error",
        "type M error",
        "95% intervals that hold the truth",
        "standard error",
        &found,
        "  its 95% interval",
        "replications",
    ];
    if failed {
        labels.push("failed fits");
    }
    let first = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let columns: Vec<Vec<String>> = all.iter().map(cells).collect();
    let wide = |column: &Vec<String>| column[..labels.len()].iter().map(|cell| cell.chars().count()).max().unwrap_or(0);
    let mut out = String::new();
    let mut from = 0;
    while from < columns.len() {
        let mut to = from + 1;
        let mut used = 2 + first + 2 + wide(&columns[from]);
        while to < columns.len() && used + 2 + wide(&columns[to]) <= width {
            used += 2 + wide(&columns[to]);
            to += 1;
        }
        for (row, label) in labels.iter().enumerate() {
            let _ = write!(out, "  {label:first$}");
            for column in &columns[from..to] {
                let _ = write!(out, "  {:>wide$}", column[row], wide = wide(column));
            }
            out.push('\n');
        }
        from = to;
        if from < columns.len() {
            out.push('\n');
        }
    }
    out
}

/// What an estimator does that the formula does not know.
fn remarks(answered: &Answered) -> Vec<String> {
    let mut all = Vec::new();
    for one in &answered.sized {
        let Some(error) = one.coverage_mcse else { continue };
        let off = one.coverage - 0.95;
        if off.abs() > 4.0 * error.max(0.001) {
            let what = if off < 0.0 {
                "is too sure of itself in this design, and its power is bought with false alarms"
            } else {
                "is too cautious in this design"
            };
            all.push(format!("{} {what}: {:.1}% of its 95% intervals hold the truth.", one.way, 100.0 * one.coverage));
        }
    }
    all
}
