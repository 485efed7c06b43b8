//! One printable page for whoever pays: what a program costs and may bring, the risk, the chance of a loss, break-even points,
//! and what the numbers do not contain.

use serde::Serialize;

use super::amounts::{amount, ranged};
use super::compare::{
    CONTAINS, break_even_lines, chance, development_line, likely_line, nowhere, signed, tornado, turnover_line,
};
use super::page::{self, Drawing, drawing};
use super::text::{capitalized, counted};
use crate::figures::{self, Figure};
use crate::inquiry::business::{Case, Figures};
use crate::inquiry::compare::Side;
use crate::inquiry::compare::measures::find;
use crate::study::business::{Business, INPUTS};

/// Its name in the run directory.
pub const FILE: &str = "brief.html";

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum BriefError {
    /// The figure could not be drawn.
    #[error(transparent)]
    Figure(#[from] figures::FigureError),
    /// The page could not be put together.
    #[error("the page could not be put together: {0}")]
    Template(#[from] minijinja::Error),
}

/// What the template needs, as text: nothing is computed there.
#[derive(Debug, Serialize)]
struct Page {
    version: &'static str,
    name: String,
    title: String,
    compared: String,
    tone: &'static str,
    verdict: &'static str,
    amounts: String,
    likely: String,
    currency: String,
    persons: String,
    money: Vec<(String, String)>,
    net: String,
    lives: Vec<(String, String)>,
    lead: String,
    points: Vec<String>,
    nowhere: String,
    figure: Drawing,
    contains: &'static str,
    limits: String,
    inputs: Vec<Entry>,
    sources: String,
    repeat: String,
}

/// An input in the small print.
#[derive(Debug, Serialize)]
struct Entry {
    name: String,
    range: String,
    source: String,
}

/// Letters of a source that fit.
const SOURCE: usize = 115;

/// Break-even points that fit.
const POINTS: usize = 4;
/// Inputs of the figure that fit.
const BARS: usize = 6;

const LIMITS: &str = "Nor does it contain what the theory leaves out: harm gives people reasons to leave, but nothing makes coached people stay longer, so that \
                      retention can only cost; customers, patients and colleagues outside the program have no part in it; and an hour in a meeting is taken to \
                      cost what it is paid. Returns such as seven times the cost are claims of those who sell coaching: no input was chosen to reach one.";

/// The page, whole, as HTML; `repeat` says how it is made again.
///
/// # Errors
/// If the figure or the page cannot be made.
pub fn brief(side: &Side, case: &Case, business: &Business, repeat: &str) -> Result<String, BriefError> {
    Ok(page::render(page::BRIEF, contents(side, case, business, repeat)?)?)
}

fn contents(side: &Side, case: &Case, business: &Business, repeat: &str) -> Result<Page, BriefError> {
    let (tone, verdict) = verdict(case);
    let per = |value: f64| amount(value / case.persons);
    let currency = &business.currency;
    Ok(Page {
        version: env!("CARGO_PKG_VERSION"),
        name: side.name.clone(),
        title: side.title.clone(),
        compared: format!(
            "{} persons over {} weeks: \"{}\" for all of them, against \"{}\" for the same people with the same luck, in {}.",
            side.persons,
            side.weeks,
            side.arm,
            side.reference,
            counted(case.replications, "simulated world")
        ),
        tone,
        verdict,
        amounts: format!(
            "On average {} {currency} net{}, {} for each participant; the median is {}, and 95 of 100 draws lie between {} and {}. Chance \
             of a loss: {}.",
            amount(case.utility.value),
            case.utility.error.map_or(String::new(), |error| format!(" (± {}, Monte Carlo)", amount(1.96 * error))),
            per(case.utility.value),
            amount(case.median),
            amount(case.middle.0),
            amount(case.middle.1),
            chance(case.loss.value)
        ),
        likely: likely_line(case, business),
        currency: currency.clone(),
        persons: format!("{:.0}", case.persons),
        money: Figures::NAMES
            .iter()
            .zip(case.parts)
            .enumerate()
            .map(|(at, ((_, words), part))| ((*words).to_owned(), amount(if at == 0 { part } else { -part })))
            .collect(),
        net: amount(case.utility.value),
        lives: lives(side),
        lead: lead(case),
        points: points(case, business),
        nowhere: other_inputs(case),
        figure: picture(side, case, business)?,
        contains: CONTAINS,
        limits: turnover_line(side, business).map_or(LIMITS.to_owned(), |line| format!("{LIMITS} {line}")),
        inputs: INPUTS.iter().enumerate().map(|(at, _)| entry(at, business)).collect(),
        sources: sources(business),
        repeat: format!("To repeat it: {repeat}."),
    })
}

/// What it comes to, in one plain sentence. The words follow the chance of a loss, and the average where that is unsure.
fn verdict(case: &Case) -> (&'static str, &'static str) {
    let gains = case.utility.value > 0.0;
    match case.loss.value {
        loss if loss > 0.9 => ("loss", "At these inputs it loses money."),
        loss if loss > 0.6 => ("loss", "At these inputs it loses money more often than not."),
        loss if loss >= 0.4 => (
            "even",
            match (gains, case.median > 0.0) {
                (true, true) => "Whether it pays is open: it gains on average, and loses nearly as often as it gains.",
                (true, false) => {
                    "Whether it pays is open: it loses in a little more than half of the draws, and gains on average."
                }
                (false, true) => {
                    "Whether it pays is open: it gains in a little more than half of the draws, and loses on average."
                }
                (false, false) => {
                    "Whether it pays is open: it loses on average, and gains nearly as often as it loses."
                }
            },
        ),
        loss if loss >= 0.1 => ("gain", "At these inputs it pays more often than not."),
        _ => ("gain", "At these inputs it pays."),
    }
}

/// What happens to people, in the measures that a sponsor asks for.
fn lives(side: &Side) -> Vec<(String, String)> {
    let shown =
        ["learning_task", "learning_personal", "negative_effects", "severe", "breaches", "ended", "exits", "meetings"];
    let row = |id: &str| {
        let (measure, found) = (find(id)?, side.compared.iter().find(|found| found.measure == id)?);
        let decimals = measure.decimals.min(2).saturating_sub(usize::from(measure.unit.contains("100")));
        // An error that is there is not written as none.
        let plus = signed(found.effect, decimals);
        let hidden = plus.split_once(" ± ").is_some_and(|(_, error)| !error.contains(|c| matches!(c, '1'..='9')));
        let amount = signed(found.effect, decimals + usize::from(hidden));
        let value = format!("{amount} {}", measure.unit).replace(" persons", "");
        Some((measure.name.to_owned(), value))
    };
    shown.iter().filter_map(|id| row(id)).collect()
}

fn lead(case: &Case) -> String {
    let way =
        if case.utility.value < 0.0 { "It would not lose on average" } else { "It would no longer gain on average" };
    format!("{way} at these values, each with all other inputs as uncertain as they are:")
}

fn points(case: &Case, business: &Business) -> Vec<String> {
    let all = std::iter::once(development_line(case, business)).chain(break_even_lines(case, business));
    all.take(POINTS).map(|line| capitalized(&line)).collect()
}

fn other_inputs(case: &Case) -> String {
    match nowhere(case).len() {
        0 => String::new(),
        count if count == INPUTS.len() => {
            "No value of any single input alone changes the sign, from a tenth of what is stated to ten times it."
                .to_owned()
        }
        count => {
            let reached = INPUTS.len() - count;
            format!(
                "Of {} inputs {reached} can change the sign alone; no value of the others does, from a tenth of what is stated to ten times it.",
                INPUTS.len()
            )
        }
    }
}

fn entry(at: usize, business: &Business) -> Entry {
    let range = &business.ranges[at];
    Entry {
        name: capitalized(INPUTS[at].name.trim_start_matches("the ")),
        range: ranged(at, range, &business.currency),
        source: shortened(range.source.trim_end_matches('.')),
    }
}

/// A source cut between words where it has more letters than fit.
fn shortened(source: &str) -> String {
    if source.chars().count() <= SOURCE {
        return source.to_owned();
    }
    let start: String = source.chars().take(SOURCE).collect();
    let end = start.rfind(' ').unwrap_or(start.len());
    format!("{} …", start[..end].trim_end_matches([',', ';', ':']))
}

/// How far the inputs rest on anything, and where more of it stands.
fn sources(business: &Business) -> String {
    let count = |is: &dyn Fn(&str) -> bool| business.ranges.iter().filter(|range| is(&range.source)).count();
    let (assumed, none) = (count(&|source| source.starts_with("assumed")), count(&|source| source == "not stated"));
    let without = match none {
        0 => String::new(),
        some => format!(", {some} {} stated without a source", if some == 1 { "is" } else { "are" }),
    };
    let cut = business.ranges.iter().any(|range| range.source.chars().count() > SOURCE);
    let whole = if cut { " A source that ends in … stands in full in the scenario." } else { "" };
    format!(
        "Of {} inputs {} rest on a source, {assumed} are assumed{without}. docs/business-case.md has the formula.{whole}",
        business.ranges.len(),
        business.ranges.len() - assumed - none
    )
}

/// An input in a word or two, for half a page.
fn brief_name(id: &str) -> String {
    if id == "sd_share" { "SDy".to_owned() } else { id.replace('_', " ") }
}

fn picture(side: &Side, case: &Case, business: &Business) -> Result<Drawing, BriefError> {
    let mut figure = tornado(side, case, business);
    if let Figure::Tornado(data) = &mut figure {
        data.bars.truncate(BARS);
        for (bar, of) in data.bars.iter_mut().zip(&case.tornado) {
            bar.name = brief_name(&of.input);
        }
        "What the result depends on".clone_into(&mut data.title);
        data.subtitle.clear();
        data.note.clear();
    }
    Ok(drawing(&figure, "inputs")?)
}
