//! The formula.

use super::quantities::Quantities;
use crate::study::business::{COUNT, Name};

/// Weeks of a year.
const YEAR: f64 = 52.0;

/// A value for each input, in the order of [`crate::study::business::INPUTS`].
pub type Values = [f64; COUNT];

/// What a program brings and costs, in the case's currency, over all persons.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Figures {
    /// What the development is worth; below 0 if people learn less.
    pub gain: f64,
    /// Participants' time in and around meetings.
    pub time: f64,
    /// Participants' time in training, and its fee.
    pub training: f64,
    /// Coordination and facilitation.
    pub facilitation: f64,
    /// Setting up.
    pub setup: f64,
    /// Time lost to negative effects and breaches of confidence.
    pub harm: f64,
    /// Replacing those who leave because of it; below 0 if fewer leave.
    pub replacement: f64,
}

impl Figures {
    /// The names of the parts with what they are, in order.
    pub const NAMES: [(&'static str, &'static str); 7] = [
        ("gain", "what the development is worth"),
        ("time", "participants' time in and around meetings"),
        ("training", "training: time and fee"),
        ("facilitation", "coordination and facilitation"),
        ("setup", "setting up"),
        ("harm", "harm: time lost to what went wrong"),
        ("replacement", "replacing those who left because of it"),
    ];

    /// The parts, in the order of [`Self::NAMES`].
    pub fn parts(&self) -> [f64; 7] {
        [self.gain, self.time, self.training, self.facilitation, self.setup, self.harm, self.replacement]
    }

    /// From its parts.
    pub fn from_parts(parts: [f64; 7]) -> Self {
        let [gain, time, training, facilitation, setup, harm, replacement] = parts;
        Self { gain, time, training, facilitation, setup, harm, replacement }
    }

    /// All costs.
    pub fn costs(&self) -> f64 {
        self.time + self.training + self.facilitation + self.setup + self.harm + self.replacement
    }

    /// What is left: ΔU.
    pub fn utility(&self) -> f64 {
        self.gain - self.costs()
    }
}

/// What the program brings and costs in this replication with these inputs.
pub fn utility(quantities: &Quantities, values: &Values) -> Figures {
    with_years(quantities, values, sd_years(&quantities.development, quantities.staying(), values))
}

/// The inputs on which [`sd_years`] depends.
pub const OF_TIME: [Name; 4] = [Name::HalfLife, Name::Horizon, Name::Discount, Name::Turnover];

/// The same with the SD-years known.
pub fn with_years(quantities: &Quantities, values: &Values, years: f64) -> Figures {
    let of = |name: Name| values[name as usize];
    let Quantities { persons, .. } = *quantities;
    let wage = of(Name::Wage);
    let hour = wage * (1.0 + of(Name::Overhead)) / of(Name::HoursPerYear);
    Figures {
        gain: persons * years * of(Name::Transfer) * of(Name::SdShare) * wage,
        time: hour * (of(Name::MeetingHours) + of(Name::AroundHours)) * quantities.meetings,
        training: persons * (hour * of(Name::TrainingHours) + of(Name::TrainingFee)),
        facilitation: persons * of(Name::FacilitationHours) * of(Name::FacilitationRate),
        setup: quantities.organizations * of(Name::Setup),
        harm: hour
            * (of(Name::NegativeEffectHours) * quantities.negative_effects
                + of(Name::BreachHours) * quantities.breaches),
        replacement: of(Name::Replacement) * wage * quantities.exits,
    }
}

/// The advantage in learning of a person who starts, summed over time: SD times years, discounted and thinned by those who leave.
/// While it is simulated they leave as they do there, until the share that is `staying` is left, at a constant rate; afterwards by
/// ordinary turnover. Nobody is taken away twice.
pub fn sd_years(development: &[f64], staying: f64, values: &Values) -> f64 {
    let of = |name: Name| values[name as usize];
    let present = libm::pow(1.0 / (1.0 + of(Name::Discount)), 1.0 / YEAR);
    let here = present * libm::pow(staying, 1.0 / development.len().max(1) as f64);
    let weeks = of(Name::Horizon) * YEAR;
    let whole = libm::floor(weeks);
    let rest = weeks - whole;
    let (mut sum, mut weight, mut passed) = (0.0, 1.0, 0.0);
    for difference in development {
        weight *= here;
        passed += 1.0;
        if passed > whole {
            return (sum + rest * difference * weight) / YEAR;
        }
        sum += difference * weight;
    }
    let Some(last) = development.last() else { return 0.0 };
    let kept = present * libm::pow(1.0 - of(Name::Turnover), 1.0 / YEAR);
    let lost = kept * libm::exp2(-12.0 / (YEAR * of(Name::HalfLife)));
    let left = whole - passed;
    let lasting = if lost < 1.0 { lost * (1.0 - libm::pow(lost, left)) / (1.0 - lost) } else { left };
    let partial = rest * libm::pow(lost, left + 1.0);
    (sum + last * weight * (lasting + partial)) / YEAR
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::business::sample::likely;
    use crate::inquiry::business::tests::{case, quantities};

    fn with(name: Name, value: f64) -> Values {
        let mut values = likely(&case());
        values[name as usize] = value;
        values
    }

    #[test]
    fn a_hand_calculation_comes_out() {
        let mut values = likely(&case());
        // A year at a constant advantage, nothing discounted, nobody leaving: 0.3 SD × 0.2 × 0.4 × 90,000 × 20 persons.
        for (name, value) in [
            (Name::Horizon, 1.0),
            (Name::Discount, 0.0),
            (Name::Turnover, 0.0),
            (Name::HalfLife, 1e9),
            (Name::Transfer, 0.2),
            (Name::SdShare, 0.4),
            (Name::Overhead, 0.25),
            (Name::HoursPerYear, 1800.0),
        ] {
            values[name as usize] = value;
        }
        let quantities = Quantities { stayed: 20.0, development: vec![0.3; 12], ..quantities() };
        let figures = utility(&quantities, &values);
        assert!((figures.gain - 20.0 * 0.3 * 0.2 * 0.4 * 90_000.0).abs() < 1e-4, "{}", figures.gain);
        // 100 meetings of 1.5 + 0.25 hours at 90,000 × 1.25 / 1800 = 62.50 an hour.
        assert_eq!(figures.time, 62.5 * 1.75 * 100.0);
        assert_eq!(figures.training, 20.0 * (62.5 * 4.0 + 100.0));
        assert_eq!(figures.facilitation, 20.0 * 1.0 * 60.0);
        assert_eq!(figures.setup, 2.0 * 1000.0);
        assert_eq!(figures.harm, 62.5 * (1.0 * 30.0 + 16.0 * 2.0));
        assert_eq!(figures.replacement, -(0.21 * 90_000.0), "fewer left: a saving");
        assert_eq!(figures.utility(), figures.gain - figures.costs());
    }

    /// To the last bit: what is an hour's pay doubles, what is money in itself stays.
    #[test]
    fn doubling_the_wage_doubles_what_is_paid_in_wages_and_nothing_else() {
        let (once, twice) = (likely(&case()), with(Name::Wage, 180_000.0));
        let (a, b) = (utility(&quantities(), &once), utility(&quantities(), &twice));
        assert_eq!(b.gain, 2.0 * a.gain);
        assert_eq!(b.time, 2.0 * a.time);
        assert_eq!(b.harm, 2.0 * a.harm);
        assert_eq!(b.replacement, 2.0 * a.replacement);
        assert_eq!((b.facilitation, b.setup), (a.facilitation, a.setup));
        let fee = 20.0 * 100.0;
        assert!((b.training - fee - 2.0 * (a.training - fee)).abs() < 1e-9);
    }

    /// Within the simulated weeks turnover has no say: who leaves there is known.
    #[test]
    fn turnover_counts_only_those_whom_the_simulation_does_not() {
        let within = |turnover: f64| {
            let mut values = with(Name::Turnover, turnover);
            values[Name::Horizon as usize] = 12.0 / 52.0;
            utility(&quantities(), &values).gain
        };
        assert_eq!(within(0.0), within(0.5));
        // With nobody leaving and nothing discounted it is persons times the mean advantage; one of twenty leaving costs less than
        // a twentieth of it, since he leaves on the way.
        let mut values = with(Name::Discount, 0.0);
        values[Name::Horizon as usize] = 12.0 / 52.0;
        let all = Quantities { stayed: 20.0, ..quantities() };
        let (whole, some) = (utility(&all, &values).gain, utility(&quantities(), &values).gain);
        assert!(some < whole && some > 0.95 * whole, "{some} of {whole}");
    }

    #[test]
    fn without_an_effect_it_loses_its_costs_and_a_negative_one_costs_more() {
        let none = Quantities { development: vec![0.0; 12], ..quantities() };
        let values = likely(&case());
        let figures = utility(&none, &values);
        assert_eq!(figures.gain, 0.0);
        assert_eq!(figures.utility(), -figures.costs());
        let worse = Quantities { development: vec![-0.1; 12], ..quantities() };
        assert!(utility(&worse, &values).utility() < figures.utility());
    }

    /// Against a plain count of who is there: exits while it is simulated, turnover afterwards, nobody twice.
    #[test]
    fn the_closed_form_is_the_sum_over_weeks() {
        let development: Vec<f64> = (1..=30).map(|week| 0.01 * f64::from(week)).collect();
        for horizon in [0.1, 0.5, 30.0 / 52.0, 0.6, 2.35] {
            let mut values = with(Name::Horizon, horizon);
            values[Name::Discount as usize] = 0.07;
            let (turnover, half_life) = (values[Name::Turnover as usize], values[Name::HalfLife as usize]);
            let mut sum = 0.0;
            for week in 1..200 {
                let share = (horizon * 52.0 - f64::from(week - 1)).clamp(0.0, 1.0);
                let after = f64::from((week - 30).max(0));
                let d = development[(week.min(30) - 1) as usize] * libm::exp2(-after * 12.0 / 52.0 / half_life);
                let simulated = libm::pow(0.8, f64::from(week.min(30)) / 30.0);
                let there = simulated * libm::pow(1.0 - turnover, after / 52.0);
                sum += share * d * there * libm::pow(1.07, -f64::from(week) / 52.0) / 52.0;
            }
            let found = sd_years(&development, 0.8, &values);
            assert!((found - sum).abs() < 1e-9, "{horizon}: {found} {sum}");
        }
    }
}
