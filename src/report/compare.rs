//! What a comparison says on a screen.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::amounts::{amount, bare, ended, said};
use super::text::fold;
use crate::figures::{Figure, Tornado, TornadoBar};
use crate::inquiry::business::case::{DEVELOPMENT, LUCK, Mean};
use crate::inquiry::business::{Case, Figures, Found};
use crate::inquiry::compare::measures::{Group, MEASURES};
use crate::inquiry::compare::{Compared, Side, UTILITY};
use crate::study::business::{Business, Development, INPUTS, Name, find};

/// Everything the screen shows of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Replications of each scenario.
    pub replications: usize,
    /// The seed that all of them have.
    pub seed: u64,
    /// The scenarios; the others are held against the first.
    pub sides: Vec<Side>,
}

/// What the numbers are and are not.
const CAVEAT: &str = "These numbers come from a theory with assumed parameters that has not been calibrated: they say what follows if the theory is right, not what \
                      will happen.";

/// Where an interval of this summary ends: 1.96 Monte Carlo standard errors from the mean.
const TWO: f64 = 1.96;

impl Comparison {
    /// The text, no wider than `width`; `bold` makes headings. `cases` are the scenarios' inputs.
    pub fn text(&self, width: usize, bold: impl Fn(&str) -> String, cases: &[Option<&Business>]) -> String {
        let mut out = String::new();
        let repeated = super::text::counted(self.replications, "replication");
        for (at, side) in self.sides.iter().enumerate() {
            let letter = if self.sides.len() > 1 { format!("{}: ", letter(at)) } else { String::new() };
            out.push_str(&fold(&bold(&format!("{letter}{} ({})", side.title, side.name)), width + 8, "", "   "));
            let about = format!(
                "Everyone has \"{}\" against everyone has \"{}\": {} persons, {} weeks, {repeated}, seed {}.",
                side.arm, side.reference, side.persons, side.weeks, self.seed
            );
            out.push_str(&fold(&about, width, "   ", "   "));
        }
        match self.sides.as_slice() {
            [only] => out.push_str(&alone(only, width, &bold)),
            [first, others @ ..] => {
                for (at, other) in others.iter().enumerate() {
                    out.push_str(&pair(first, other, letter(at + 1), width, &bold));
                }
            }
            [] => {}
        }
        let plus = "± is 1.96 Monte Carlo standard errors: more replications make it smaller, and say nothing about the theory.";
        out.push_str(&fold(plus, width, "   ", "   "));
        for (at, side) in self.sides.iter().enumerate() {
            if let (Some(case), Some(business)) = (&side.case, cases.get(at).copied().flatten()) {
                let letter = if self.sides.len() > 1 { format!("{}: ", letter(at)) } else { String::new() };
                out.push_str(&money(&letter, side, case, business, width, &bold));
            }
        }
        if self.sides.iter().all(|side| side.case.is_none()) {
            let how = "No money: a scenario says what its program costs in a section [business]. `peerlab explain business` lists its keys, and \
                       `peerlab new my-case.toml --from sponsors/hospital` asks for them.";
            let _ = write!(out, "\n{}", fold(how, width, "", ""));
        }
        let _ = write!(out, "\n{}", fold(CAVEAT, width, "", ""));
        out
    }
}

/// A, B, C …
fn letter(at: usize) -> char {
    char::from(b'A' + (at % 26) as u8)
}

/// A mean with its Monte Carlo interval.
pub fn signed(mean: Mean, decimals: usize) -> String {
    // A difference that is no difference has no sign.
    let value = format!("{:+.decimals$}", mean.value);
    let value = if value.trim_start_matches(['+', '-']).chars().all(|c| matches!(c, '0' | '.')) {
        value.trim_start_matches(['+', '-']).to_owned()
    } else {
        value
    };
    match mean.error {
        Some(error) => format!("{value} ± {:.decimals$}", TWO * error),
        None => value,
    }
}

fn row(out: &mut String, label: &str, cells: &[String], width: usize) {
    let cell = 18.min(width.saturating_sub(30) / cells.len().max(1));
    let first = width.saturating_sub(cell * cells.len()).min(50);
    let lines = super::text::wrap(label, first.saturating_sub(6));
    for (at, line) in lines.iter().enumerate() {
        let _ = write!(out, "     {line}");
        if at + 1 < lines.len() {
            out.push('\n');
            continue;
        }
        let _ = write!(out, "{}", " ".repeat(first.saturating_sub(5 + line.chars().count())));
        cells.iter().for_each(|text| {
            let _ = write!(out, "{text:>cell$}");
        });
        out.push('\n');
    }
}

fn rows(
    out: &mut String,
    side: &Side,
    width: usize,
    bold: &impl Fn(&str) -> String,
    cells: impl Fn(&Compared, usize) -> Vec<String>,
) {
    for (group, heading) in Group::ALL {
        let _ = writeln!(out, "   {}", bold(heading));
        for measure in MEASURES.iter().filter(|measure| measure.group == group) {
            if let Some(found) = side.compared.iter().find(|found| found.measure == measure.id) {
                row(out, &format!("{} ({})", measure.name, measure.unit), &cells(found, measure.decimals), width);
            }
        }
    }
}

fn alone(side: &Side, width: usize, bold: &impl Fn(&str) -> String) -> String {
    let mut out = String::from("\n");
    let short = |name: &str| name.chars().take(16).collect::<String>();
    row(&mut out, "at the end", &[short(&side.arm), short(&side.reference), "difference".to_owned()], width);
    rows(&mut out, side, width, bold, |found, decimals| {
        let level = |level: Option<f64>| level.map_or(String::new(), |level| format!("{level:.decimals$}"));
        vec![level(found.level), level(found.reference), signed(found.effect, decimals)]
    });
    out
}

fn pair(first: &Side, other: &Side, letter: char, width: usize, bold: &impl Fn(&str) -> String) -> String {
    let mut out = String::from("\n");
    row(&mut out, "effect of the program", &["A".to_owned(), letter.to_string(), format!("{letter} - A")], width);
    let of_first = |id: &str| first.compared.iter().find(|found| found.measure == id);
    let cells = |found: &Compared, decimals: usize| {
        let effect = |found: &Compared| signed(Mean { error: None, ..found.effect }, decimals);
        let difference = found.difference.map_or_else(|| "not comparable".to_owned(), |mean| signed(mean, decimals));
        vec![of_first(&found.measure).map_or(String::new(), effect), effect(found), difference]
    };
    rows(&mut out, other, width, bold, cells);
    if let Some(found) = other.compared.iter().find(|found| found.measure == UTILITY)
        && of_first(UTILITY).is_some()
    {
        let _ = writeln!(out, "   {}", bold("Money"));
        // Amounts in two currencies stand beside each other, each under its own.
        let (own, others) = (first.currency.as_deref().unwrap_or(""), other.currency.as_deref().unwrap_or(""));
        let currencies = if own == others { own.to_owned() } else { format!("{own} and {others}") };
        row(&mut out, &format!("net per participant ({currencies})"), &cells(found, 0), width);
    }
    if other.differs.is_empty() {
        out.push_str(&fold(&format!("{letter} is the same scenario as A."), width, "   ", "   "));
    } else {
        out.push_str(&fold(&format!("How {letter} differs from A:"), width, "   ", "   "));
        other.differs.iter().for_each(|one| out.push_str(&fold(one, width, "   - ", "     ")));
    }
    out
}

/// What makes gain and costs equal, input by input: those in the stated range first, then those beyond; in words.
pub fn break_even_lines(case: &Case, business: &Business) -> Vec<String> {
    let mut lines = Vec::new();
    for within in [true, false] {
        // In the order in which they matter.
        for bar in &case.tornado {
            let Some(input) = find(&bar.input) else { continue };
            let range = &business.ranges[input];
            let name = INPUTS[input].name;
            let stated = format!(
                "stated: {} to {}, likely {}",
                bare(input, range.low),
                bare(input, range.high),
                bare(input, range.likely)
            );
            match case.break_even_of(&bar.input) {
                Some(Found::Within(value)) if within => {
                    lines.push(format!("{name}: {} ({stated})", said(input, value, &business.currency)));
                }
                Some(Found::Beyond(value)) if !within => {
                    lines.push(format!(
                        "{name}: {}, outside what is stated ({stated})",
                        said(input, value, &business.currency)
                    ));
                }
                _ => {}
            }
        }
    }
    lines
}

/// What it comes to at the likely values, and why the average is another.
pub fn likely_line(case: &Case, business: &Business) -> String {
    let net = format!(
        "With every input at its likely value it comes to {} {} net",
        amount(case.at_likely.utility),
        business.currency
    );
    let apart = (case.at_likely.utility - case.utility.value).abs();
    let same = amount(case.at_likely.utility) == amount(case.utility.value)
        || case.utility.error.is_some_and(|error| apart <= TWO * error);
    match case.at_likely.skewed.as_deref().and_then(find) {
        Some(_) if same => format!("{net}, much the same: what one skewed range adds another takes away."),
        Some(input) => {
            let range = &business.ranges[input];
            format!(
                "{net}. The average differs because ranges are skewed, reaching farther to one side of the likely value than to the other, above \
                 all that of {}: likely {}, from {} to {}, so that it is {} on average.",
                INPUTS[input].name,
                bare(input, range.likely),
                bare(input, range.low),
                bare(input, range.high),
                bare(input, range.mean())
            )
        }
        None => format!("{net}."),
    }
}

/// Where the simulated weeks and the stated turnover disagree on how many leave in a year, both; nothing where they agree.
pub fn turnover_line(side: &Side, business: &Business) -> Option<String> {
    let left = side.compared.iter().find(|found| found.measure == "exits")?.reference? / 100.0;
    let yearly = 1.0 - libm::pow((1.0 - left).max(0.0), 52.0 / side.weeks.max(1) as f64);
    let range = business.range(Name::Turnover);
    // As people write it: a percentage point is none.
    if (range.low - 0.005..=range.high + 0.005).contains(&yearly) {
        return None;
    }
    Some(format!(
        "Two turnovers disagree: in the simulated weeks {:.0} of 100 leave a year without the program, after them {} to {}% are taken to; \
         `theory.exit.base` sets the first.",
        100.0 * yearly,
        crate::report::text::number((1000.0 * range.low).round() / 10.0),
        crate::report::text::number((1000.0 * range.high).round() / 10.0)
    ))
}

/// The names of the inputs that make no difference to the sign, however far they are moved.
pub fn nowhere(case: &Case) -> Vec<&'static str> {
    let none =
        |input: &&crate::study::business::Input| matches!(case.break_even_of(input.id), Some(Found::Nowhere(..)));
    INPUTS.iter().filter(none).map(|input| input.name).collect()
}

/// The break-even point of the development, in words; and what learning it is, which is not the same in every case.
pub fn development_line(case: &Case, business: &Business) -> String {
    let now = format!("simulated: {:+.2} SD", case.development.value);
    let of = learning_counted(business);
    match case.break_even_of(DEVELOPMENT) {
        Some(Found::Within(value) | Found::Beyond(value)) => {
            format!("development ({of}) at the end: {value:+.2} SD more than without the program ({now})")
        }
        _ => format!("development ({of}): at none, up to 3 SD more than what is simulated ({now})"),
    }
}

/// Which learning a case counts as development.
fn learning_counted(business: &Business) -> &'static str {
    match business.development {
        Development::Task => "task learning",
        Development::Personal => "personal learning",
        Development::Both => "the sum of task and personal learning, divided by √2 so that its SD is 1",
    }
}

/// A chance in words: `37 %`, `less than 1 %`.
pub fn chance(share: f64) -> String {
    match (100.0 * share).round() {
        _ if share == 0.0 => "none, no draw loses".to_owned(),
        _ if share == 1.0 => "100%, every draw loses".to_owned(),
        percent if percent < 1.0 => "less than 1%".to_owned(),
        percent if percent > 99.0 => "more than 99%".to_owned(),
        percent => format!("{percent}%"),
    }
}

/// What a bar of the tornado is called.
pub fn bar_name(id: &str) -> &'static str {
    match find(id) {
        Some(input) => INPUTS[input].name,
        None if id == LUCK => "luck of who takes part",
        None => "development",
    }
}

/// What the money's interval contains and what it does not, for everyone who reads it.
pub const CONTAINS: &str = "The interval contains how uncertain the inputs are (each drawn from its stated range, triangular, independently of the others) and the luck of \
                            who takes part. It does not contain how uncertain the theory is, which has not been calibrated, nor what no input stands for.";

fn money(
    letter: &str,
    side: &Side,
    case: &Case,
    business: &Business,
    width: usize,
    bold: &impl Fn(&str) -> String,
) -> String {
    let mut out = String::new();
    let currency = &business.currency;
    let _ = writeln!(
        out,
        "\n{}",
        bold(&format!("{letter}Money, {currency}, all {:.0} participants together", case.persons))
    );
    for (at, (part, (_, words))) in case.parts.iter().zip(Figures::NAMES).enumerate() {
        let value = if at == 0 { *part } else { -part };
        row(&mut out, words, &[amount(value)], width.min(80));
    }
    row(&mut out, "net, on average", &[bold(&format!("{:>18}", amount(case.utility.value)))], width.min(80));
    let per = |value: f64| amount(value / case.persons);
    let text = format!(
        "Net in 95 of 100 draws between {} and {}, median {}; per participant between {} and {}, {} on average. Chance of a loss: {}.",
        amount(case.middle.0),
        amount(case.middle.1),
        amount(case.median),
        per(case.middle.0),
        per(case.middle.1),
        per(case.utility.value),
        chance(case.loss.value)
    );
    out.push_str(&fold(&text, width, "   ", "   "));
    out.push_str(&fold(&likely_line(case, business), width, "   ", "   "));
    if let Some(line) = turnover_line(side, business) {
        out.push_str(&fold(&line, width, "   ", "   "));
    }
    let _ = writeln!(out, "   {}", bold("It breaks even, all else as it may be, at"));
    out.push_str(&fold(&development_line(case, business), width, "   - ", "     "));
    break_even_lines(case, business).iter().for_each(|line| out.push_str(&fold(line, width, "   - ", "     ")));
    let nowhere = nowhere(case);
    if !nowhere.is_empty() {
        let none = format!("none, from a tenth of what is stated to ten times it: {}", nowhere.join("; "));
        out.push_str(&fold(&none, width, "   - ", "     "));
    }
    let _ = writeln!(out, "   {}", bold("What matters most: net on average, if it is"));
    row(&mut out, "", &["at its low end".to_owned(), "at its high end".to_owned()], width.min(80));
    for bar in case.tornado.iter().take(5) {
        row(&mut out, bar_name(&bar.input), &[amount(bar.low), amount(bar.high)], width.min(80));
    }
    out.push_str(&fold(CONTAINS, width, "   ", "   "));
    if side.case.as_ref().is_some_and(|case| case.replications < 2) {
        out.push_str(&fold("One replication shows no luck: ask for more.", width, "   ", "   "));
    }
    out
}

/// Inputs that the figure shows.
const SHOWN: usize = 10;

/// What each input does to the mean net utility, as a figure.
pub fn tornado(side: &Side, case: &Case, business: &Business) -> Figure {
    // Large amounts in thousands: an axis has no room for more digits.
    let largest = case.tornado.iter().map(|bar| bar.low.abs().max(bar.high.abs())).fold(0.0, f64::max);
    let (unit, of) = if largest >= 20_000.0 { (1000.0, "thousand ") } else { (1.0, "") };
    let bars = case.tornado.iter().filter(|bar| bar.width() > 0.0).take(SHOWN).map(|bar| {
        let (from, to) = match find(&bar.input) {
            Some(input) => {
                let range = &business.ranges[input];
                (ended(input, range.low, &business.currency), ended(input, range.high, &business.currency))
            }
            None => ("worst 2.5%".to_owned(), "best 2.5%".to_owned()),
        };
        TornadoBar { name: bar_name(&bar.input).to_owned(), low: bar.low / unit, high: bar.high / unit, from, to }
    });
    Figure::Tornado(Tornado {
        title: format!("What the result depends on: {}", side.title),
        subtitle: format!(
            "Mean net utility of \"{}\" against \"{}\", {:.0} persons; {} on average.",
            side.arm,
            side.reference,
            case.persons,
            amount(case.utility.value)
        ),
        x_label: format!("net utility, {of}{}", business.currency),
        middle: case.utility.value / unit,
        bars: bars.collect(),
        note: "Luck: the 2.5th and the 97.5th percentile of replications. What the theory does not know is not shown."
            .to_owned(),
    })
}
