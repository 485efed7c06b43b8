//! A business case over all replications: intervals, the chance of a loss, break-even points and what matters most.

use serde::{Deserialize, Serialize};

use super::quantities::Quantities;
use super::sample::{Draws, likely};
use super::solve::zero;
use super::utility::{Figures, OF_TIME, Values, sd_years, utility, with_years};
use crate::study::business::{Business, COUNT, INPUTS, Name};
use crate::study::moments::{Moments, quantile};

/// A mean with its Monte Carlo error; none of a single replication.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mean {
    /// The mean.
    pub value: f64,
    /// Its Monte Carlo standard error over replications.
    pub error: Option<f64>,
}

impl Mean {
    /// Of moments over replications.
    pub fn of(moments: &Moments) -> Self {
        let error = moments.mean_error();
        Self { value: moments.mean(), error: error.is_finite().then_some(error) }
    }
}

/// Where an input makes gain and costs equal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// At this value, which is in the stated range.
    Within(f64),
    /// At this value, which is outside the stated range.
    Beyond(f64),
    /// Nowhere between these two.
    Nowhere(f64, f64),
}

impl Found {
    /// The value, if there is one.
    pub fn value(self) -> Option<f64> {
        match self {
            Found::Within(value) | Found::Beyond(value) => Some(value),
            Found::Nowhere(..) => None,
        }
    }
}

/// The break-even point of an input, or of the development itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakEven {
    /// Id of the input; `development` for the simulated effect, in SD at the end.
    pub input: String,
    /// Where it is.
    pub found: Found,
}

/// What an input's range does to the mean utility.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Id of the input; `luck` for the replications themselves.
    pub input: String,
    /// Mean utility with the input at its low end, all others drawn; of luck the 2.5th percentile over replications.
    pub low: f64,
    /// The same at its high end; of luck the 97.5th percentile.
    pub high: f64,
}

impl Bar {
    /// How far its ends lie apart.
    pub fn width(&self) -> f64 {
        (self.high - self.low).abs()
    }
}

/// The case at the likely value of every input, and which range pulls the average away from it the most.
///
/// The average is over ranges: where one reaches farther up than down from its likely value, so does the average. Utility is a
/// straight line in most inputs, so that it answers to the mean of a triangle, (low + likely + high) / 3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtLikely {
    /// Mean net utility over replications with every input at its likely value.
    pub utility: f64,
    /// The input that, moved alone from its likely value to the mean of its range, changes this the most; none if no range is skewed.
    pub skewed: Option<String>,
}

/// A business case: amounts are of the whole program, in the case's currency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Replications, each with [`super::sample::DRAWS`] draws of the inputs.
    pub replications: usize,
    /// Persons taking part.
    pub persons: f64,
    /// Difference in learning at the end (SD).
    pub development: Mean,
    /// The net utility.
    pub utility: Mean,
    /// Its median over replications and draws.
    pub median: f64,
    /// Its middle 95 % over replications and draws: uncertainty of the inputs and luck of who takes part, not the theory's.
    pub middle: (f64, f64),
    /// What it comes to at the likely values.
    pub at_likely: AtLikely,
    /// Chance of a loss.
    pub loss: Mean,
    /// Means of the parts, in the order of [`Figures::NAMES`].
    pub parts: [f64; 7],
    /// One per input, then the development.
    pub break_even: Vec<BreakEven>,
    /// One per input and luck, the widest first.
    pub tornado: Vec<Bar>,
}

/// What one replication leaves of a case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Mean utility over the draws.
    pub utility: f64,
    /// Share of the draws that lose.
    pub loss: f64,
    /// Mean parts over the draws.
    pub parts: [f64; 7],
}

/// No program moves people farther (SD).
const MOST_SD: f64 = 3.0;
/// How many times its ends a range is widened in search of a break-even point.
const WIDER: f64 = 10.0;

/// The case of these replications, and what each of them leaves.
pub fn case(business: &Business, quantities: &[Quantities], draws: &Draws) -> (Case, Vec<Row>) {
    let mut rows = Vec::with_capacity(quantities.len());
    let mut all = Vec::new();
    let (mut utilities, mut losses, mut developments) = (Moments::default(), Moments::default(), Moments::default());
    let (mut persons, mut parts) = (Moments::default(), [Moments::default(); 7]);
    for (one, draws) in quantities.iter().zip(&draws.values) {
        let row = row(one, draws, &mut all);
        utilities.push(row.utility);
        losses.push(row.loss);
        parts.iter_mut().zip(row.parts).for_each(|(moments, part)| moments.push(part));
        developments.push(one.development.last().copied().unwrap_or(0.0));
        persons.push(one.persons);
        rows.push(row);
    }
    all.sort_by(f64::total_cmp);
    let mut means: Vec<f64> = rows.iter().map(|row| row.utility).collect();
    means.sort_by(f64::total_cmp);
    let development = Mean::of(&developments);
    let mean = Means::new(quantities, draws);
    let fixed = |input: usize, value: f64| mean.utility(Some((input, value)), 0.0);
    let mut break_even: Vec<BreakEven> =
        (0..COUNT).map(|input| of_input(business, input, |value| fixed(input, value))).collect();
    break_even.push(of_development(development.value, |more| mean.utility(None, more)));
    let mut tornado: Vec<Bar> = (0..COUNT)
        .map(|input| Bar {
            input: INPUTS[input].id.to_owned(),
            low: fixed(input, business.ranges[input].low),
            high: fixed(input, business.ranges[input].high),
        })
        .collect();
    tornado.push(Bar { input: LUCK.to_owned(), low: quantile(&means, 0.025), high: quantile(&means, 0.975) });
    // A stable sort: inputs that matter alike stay in their order.
    tornado.sort_by(|a, b| b.width().total_cmp(&a.width()));
    let case = Case {
        replications: rows.len(),
        persons: persons.mean(),
        development,
        utility: Mean::of(&utilities),
        median: quantile(&all, 0.5),
        middle: (quantile(&all, 0.025), quantile(&all, 0.975)),
        at_likely: at_likely(business, quantities),
        loss: Mean::of(&losses),
        parts: parts.map(|part| part.mean()),
        break_even,
        tornado,
    };
    (case, rows)
}

/// What the bar of the replications is called.
pub const LUCK: &str = "luck";
/// What the break-even point of the simulated effect is called.
pub const DEVELOPMENT: &str = "development";

fn row(quantities: &Quantities, draws: &[Values], all: &mut Vec<f64>) -> Row {
    let count = draws.len() as f64;
    let (mut sum, mut lost, mut parts) = (0.0, 0.0, [0.0; 7]);
    for values in draws {
        let figures = utility(quantities, values);
        let net = figures.utility();
        sum += net;
        lost += if net < 0.0 { 1.0 } else { 0.0 };
        parts.iter_mut().zip(figures.parts()).for_each(|(total, part)| *total += part);
        all.push(net);
    }
    Row { utility: sum / count, loss: lost / count, parts: parts.map(|part| part / count) }
}

/// Mean utilities under other inputs than those drawn.
struct Means<'a> {
    quantities: &'a [Quantities],
    draws: &'a Draws,
    /// SD-years of every draw: most questions leave them as they are.
    years: Vec<Vec<f64>>,
    /// SD-years of a course that rises in a straight line to 1 SD at the last simulated week.
    line: Vec<Vec<f64>>,
}

impl<'a> Means<'a> {
    fn new(quantities: &'a [Quantities], draws: &'a Draws) -> Self {
        let each = |of: &dyn Fn(&Quantities) -> Vec<f64>| {
            let over = |(one, draws): (&Quantities, &Vec<Values>)| {
                let course = of(one);
                draws.iter().map(|values| sd_years(&course, one.staying(), values)).collect()
            };
            quantities.iter().zip(&draws.values).map(over).collect()
        };
        let line = |one: &Quantities| {
            let weeks = one.development.len();
            (1..=weeks).map(|week| week as f64 / weeks as f64).collect()
        };
        Self { quantities, draws, years: each(&|one| one.development.clone()), line: each(&line) }
    }

    /// Mean utility over replications and draws, with one input fixed, or with so much more learned by the end, in a straight line.
    fn utility(&self, fixed: Option<(usize, f64)>, more: f64) -> f64 {
        let of_time = fixed.is_some_and(|(input, _)| OF_TIME.iter().any(|name| *name as usize == input));
        let mut over_replications = Moments::default();
        let known = self.years.iter().zip(&self.line);
        for ((one, draws), (years, line)) in self.quantities.iter().zip(&self.draws.values).zip(known) {
            let mut sum = 0.0;
            for ((values, years), line) in draws.iter().zip(years).zip(line) {
                let mut values = *values;
                if let Some((input, value)) = fixed {
                    values[input] = value;
                }
                let years = if of_time { sd_years(&one.development, one.staying(), &values) } else { *years };
                sum += with_years(one, &values, years + more * line).utility();
            }
            over_replications.push(sum / draws.len() as f64);
        }
        over_replications.mean()
    }
}

/// Looks for the point first in the stated range, then from a tenth of its low end to ten times its high end; amounts of money
/// as far as ten years' pay.
fn of_input(business: &Business, input: usize, mut f: impl FnMut(f64) -> f64) -> BreakEven {
    let (range, known) = (&business.ranges[input], &INPUTS[input]);
    let widest = match known.money {
        true => WIDER * range.high.max(business.range(Name::Wage).high),
        false => WIDER * range.high,
    };
    let bottom = if range.low > 0.0 { range.low / WIDER } else { WIDER * range.low };
    let (from, to) = (bottom.max(known.bounds.0), widest.min(known.bounds.1).max(range.high));
    let within = if range.low < range.high { zero(range.low, range.high, &mut f) } else { None };
    let found = match within {
        Some(value) => Found::Within(value),
        None => match zero(range.high, to, &mut f).or_else(|| zero(from, range.low, &mut f)) {
            Some(value) if (range.low..=range.high).contains(&value) => Found::Within(value),
            Some(value) => Found::Beyond(value),
            None => Found::Nowhere(from, to),
        },
    };
    BreakEven { input: known.id.to_owned(), found }
}

/// The development at the end at which gain and costs are equal: the simulated course, raised or lowered in a straight line.
fn of_development(end: f64, f: impl FnMut(f64) -> f64) -> BreakEven {
    let found = match zero(-MOST_SD, MOST_SD, f) {
        Some(more) => Found::Beyond(end + more),
        None => Found::Nowhere(end - MOST_SD, end + MOST_SD),
    };
    BreakEven { input: DEVELOPMENT.to_owned(), found }
}

impl Case {
    /// The mean parts.
    pub fn figures(&self) -> Figures {
        Figures::from_parts(self.parts)
    }

    /// The break-even point of an input.
    pub fn break_even_of(&self, input: &str) -> Option<Found> {
        self.break_even.iter().find(|one| one.input == input).map(|one| one.found)
    }
}

fn at_likely(business: &Business, quantities: &[Quantities]) -> AtLikely {
    let mean = |values: &Values| {
        let mut net = Moments::default();
        quantities.iter().for_each(|one| net.push(utility(one, values).utility()));
        net.mean()
    };
    let values = likely(business);
    let net = mean(&values);
    let mut skewed: Option<(usize, f64)> = None;
    for (input, range) in business.ranges.iter().enumerate() {
        let mut moved = values;
        moved[input] = range.mean();
        let by = (mean(&moved) - net).abs();
        // Above rounding: a third of a sum of three is not always the middle one to the last bit.
        if by > 1e-9 * net.abs() && skewed.is_none_or(|(_, most)| by > most) {
            skewed = Some((input, by));
        }
    }
    AtLikely { utility: net, skewed: skewed.map(|(input, _)| INPUTS[input].id.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::business::tests::{case as business, quantities};

    /// Replications that differ a little.
    fn several(count: usize) -> Vec<Quantities> {
        let luck = |at: usize| 0.8 + 0.4 * ((at * 7) % count) as f64 / count as f64;
        (0..count)
            .map(|at| {
                let development = quantities().development.iter().map(|d| d * luck(at)).collect();
                Quantities { development, exits: 1.0, ..quantities() }
            })
            .collect()
    }

    fn found(business: &Business) -> Case {
        let draws = Draws::new(business, 3, 20);
        case(business, &several(20), &draws).0
    }

    #[test]
    fn at_a_break_even_point_the_mean_utility_is_zero() {
        let (business, quantities) = (business(), several(20));
        let draws = Draws::new(&business, 3, 20);
        let case = case(&business, &quantities, &draws).0;
        let scale = case.figures().costs().abs();
        let means = Means::new(&quantities, &draws);
        let mut points = 0;
        for (input, one) in case.break_even.iter().take(COUNT).enumerate() {
            let Some(value) = one.found.value() else { continue };
            let there = means.utility(Some((input, value)), 0.0);
            assert!(there.abs() < 1e-6 * scale, "{}: {there}", one.input);
            // And a point of no width gives a case that breaks even.
            let mut fixed = business.clone();
            let range = &mut fixed.ranges[input];
            (range.low, range.likely, range.high) = (value, value, value);
            let mean = found(&fixed).utility.value;
            assert!(mean.abs() < 1e-6 * scale, "{}: {mean}", one.input);
            points += 1;
        }
        assert!(points >= 5, "{points}");
        let development = case.break_even_of(DEVELOPMENT).and_then(Found::value).expect("a point");
        assert!(means.utility(None, development - case.development.value).abs() < 1e-6 * scale);
    }

    /// Ranges of no width leave the average where the likely values are; a skewed one draws it away and is named.
    #[test]
    fn the_average_is_not_the_case_at_the_likely_values_where_ranges_are_skewed() {
        let mut points = business();
        points.ranges.iter_mut().for_each(|range| (range.low, range.high) = (range.likely, range.likely));
        let sure = found(&points);
        assert!((sure.at_likely.utility - sure.utility.value).abs() < 1e-6, "{:?} {:?}", sure.at_likely, sure.utility);
        assert_eq!(sure.at_likely.skewed, None);
        let transfer = &mut points.ranges[Name::Transfer as usize];
        (transfer.low, transfer.high) = (transfer.likely - 0.1, transfer.likely + 0.4);
        let skewed = found(&points);
        assert_eq!(skewed.at_likely.utility, sure.at_likely.utility, "the likely value has not moved");
        assert_eq!(skewed.at_likely.skewed.as_deref(), Some("transfer"));
        // The mean of the triangle is 0.1 above its likely value, and the gain is a straight line in it.
        let up = sure.figures().gain * 0.1 / points.range(Name::Transfer).likely;
        let by = skewed.utility.value - sure.utility.value;
        assert!((by - up).abs() < 0.02 * up, "{by} {up}");
    }

    #[test]
    fn chance_of_a_loss_mean_and_interval_say_the_same() {
        let mut sure = business();
        let transfer = &mut sure.ranges[Name::Transfer as usize];
        (transfer.low, transfer.likely, transfer.high) = (0.0, 0.0, 0.0);
        let lost = found(&sure);
        assert_eq!(lost.loss.value, 1.0);
        assert!(lost.middle.1 < 0.0 && lost.utility.value < 0.0);
        assert_eq!(lost.figures().gain, 0.0);
        assert!((lost.utility.value + lost.figures().costs()).abs() < 1e-6, "it loses its costs");
        let usual = found(&business());
        assert!(usual.loss.value > 0.0 && usual.loss.value < 1.0, "{:?}", usual.loss);
        assert!(usual.middle.0 < 0.0 && usual.middle.1 > 0.0);
        assert!((usual.utility.value - usual.figures().utility()).abs() < 1e-6);
    }

    /// What stands only in wages doubles with it, to the last bit, in the mean as in every draw.
    #[test]
    fn doubling_the_wage_moves_the_case_as_the_formula_says() {
        let mut twice = business();
        let wage = &mut twice.ranges[Name::Wage as usize];
        (wage.low, wage.likely, wage.high) = (2.0 * wage.low, 2.0 * wage.likely, 2.0 * wage.high);
        let (a, b) = (found(&business()).parts, found(&twice).parts);
        let [gain, time, _, facilitation, setup, harm, replacement] = a;
        assert_eq!(
            [b[0], b[1], b[3], b[4], b[5], b[6]],
            [2.0 * gain, 2.0 * time, facilitation, setup, 2.0 * harm, 2.0 * replacement]
        );
    }

    #[test]
    fn the_tornado_is_sorted_and_knows_what_does_not_matter() {
        let case = found(&business());
        assert_eq!(case.tornado.len(), COUNT + 1);
        assert!(case.tornado.windows(2).all(|two| two[0].width() >= two[1].width()));
        let fee = case.tornado.iter().find(|bar| bar.input == "training_fee").unwrap();
        assert_eq!(fee.width(), 0.0, "a range of no width");
        assert_eq!(case.tornado[0].input, "transfer");
    }

    #[test]
    fn a_point_that_is_nowhere_is_said_to_be_nowhere() {
        let mut none = business();
        let transfer = &mut none.ranges[Name::Transfer as usize];
        (transfer.low, transfer.likely, transfer.high) = (0.0, 0.0, 0.0);
        let case = found(&none);
        assert!(matches!(case.break_even_of("sd_share"), Some(Found::Nowhere(..))));
        assert!(matches!(case.break_even_of("wage"), Some(Found::Nowhere(..))), "{:?}", case.break_even_of("wage"));
        assert!(matches!(case.break_even_of(DEVELOPMENT), Some(Found::Nowhere(..))));
    }
}
