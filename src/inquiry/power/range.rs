//! The values along which power is looked for: a key of the scenario from one number to another.

use std::fmt;

/// A key with the range of its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Over {
    /// The key as the command line writes it: `population.dyads`.
    pub key: String,
    /// The first value.
    pub low: f64,
    /// The last value, above the first.
    pub high: f64,
}

impl Over {
    /// Reads `population.dyads=20..400`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text and what is expected.
    ///
    /// ```
    /// use peerlab::inquiry::power::Over;
    /// let over = Over::parse("population.dyads=20..400").unwrap();
    /// assert_eq!((over.key.as_str(), over.low, over.high), ("population.dyads", 20.0, 400.0));
    /// assert!(Over::parse("population.dyads=20..10").unwrap_err().contains("starts at 20 and ends at 10"));
    /// ```
    pub fn parse(written: &str) -> Result<Self, String> {
        const FORM: &str = "expected KEY=LOW..HIGH, e.g. population.dyads=20..400";
        let (key, range) = written.rsplit_once('=').ok_or(format!("there is no `=`; {FORM}"))?;
        let (low, high) = range.split_once("..").ok_or(format!("`{range}` is no range; {FORM}"))?;
        let number = |text: &str| match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(format!("`{}` is no number; {FORM}", text.trim())),
        };
        let (low, high) = (number(low)?, number(high)?);
        if key.trim().is_empty() {
            return Err(format!("there is no key before `=`; {FORM}"));
        }
        if low >= high {
            let way_out = if low > high { format!("; did you mean {high}..{low}?") } else { String::new() };
            return Err(format!("the range starts at {low} and ends at {high}{way_out}"));
        }
        Ok(Self { key: key.trim().to_owned(), low, high })
    }
}

/// The values a key can have between two ends: whole numbers, or the multiples of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The first value.
    pub low: f64,
    /// The last value.
    pub high: f64,
    /// Whether only whole numbers are possible.
    pub whole: bool,
    /// Distance between neighbors: 1 of whole numbers, else a round decimal that makes 200 to 500 steps of the range.
    pub step: f64,
    decimals: usize,
}

impl Span {
    /// The values from `low` to `high` > `low`.
    pub fn new(low: f64, high: f64, whole: bool) -> Self {
        if whole {
            return Self { low, high, whole, step: 1.0, decimals: 0 };
        }
        let mut unit = 1.0;
        let mut decimals = 0;
        while (high - low) / unit < 500.0 && decimals < 12 {
            unit /= 10.0;
            decimals += 1;
        }
        while (high - low) / unit >= 5_000.0 {
            unit *= 10.0;
        }
        // The ends keep their own digits: only what lies between them is rounded.
        let steps = (high - low) / unit;
        let step = if steps < 1_000.0 {
            2.0
        } else if steps < 2_500.0 {
            5.0
        } else {
            10.0
        } * unit;
        Self { low, high, whole, step, decimals }
    }

    /// Where a value stands on the scale on which power is smooth: the square root of a whole number, for standard errors fall
    /// with the square root of what is counted; anything else as it is.
    pub fn place(&self, value: f64) -> f64 {
        if self.whole { value.max(0.0).sqrt() } else { value }
    }

    /// The possible value that is nearest to a place on that scale.
    pub fn value(&self, place: f64) -> f64 {
        self.nearest(if self.whole { place * place } else { place })
    }

    /// The possible value that is nearest to any number.
    pub fn nearest(&self, value: f64) -> f64 {
        if value <= self.low {
            return self.low;
        }
        if value >= self.high {
            return self.high;
        }
        // By way of its decimals, so that 0.1 + 0.2 is the number that a scenario writes as 0.3.
        let rounded = (value / self.step).round() * self.step;
        let text = format!("{rounded:.*}", self.decimals);
        text.parse::<f64>().unwrap_or(rounded).clamp(self.low, self.high)
    }

    /// At most `count` ≥ 2 different values at even distances on that scale, both ends among them.
    pub fn grid(&self, count: usize) -> Vec<f64> {
        let (from, to) = (self.place(self.low), self.place(self.high));
        let steps = count.max(2) - 1;
        let at = |k: usize| self.value(from + (to - from) * k as f64 / steps as f64);
        let mut values: Vec<f64> = (0..=steps).map(at).collect();
        values.dedup();
        values
    }

    /// How a value is written in a scenario.
    pub fn written(&self, value: f64) -> String {
        format!("{value}")
    }
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}..{}", self.key, self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_range_is_answered_with_what_is_one() {
        let said = |text: &str| Over::parse(text).unwrap_err();
        assert_eq!(said("population.dyads"), "there is no `=`; expected KEY=LOW..HIGH, e.g. population.dyads=20..400");
        assert_eq!(
            said("population.dyads=20"),
            "`20` is no range; expected KEY=LOW..HIGH, e.g. population.dyads=20..400"
        );
        assert_eq!(
            said("population.dyads=20..many"),
            "`many` is no number; expected KEY=LOW..HIGH, e.g. population.dyads=20..400"
        );
        assert_eq!(said("population.dyads=20..10"), "the range starts at 20 and ends at 10; did you mean 10..20?");
        assert_eq!(said("population.dyads=20..20"), "the range starts at 20 and ends at 20");
        assert!(said("=1..2").starts_with("there is no key"));
        assert!(said("a=1..inf").starts_with("`inf` is no number"));
        let dose = Over::parse("arm.\"x\".training.active_listening.dose=0.1..0.8").unwrap();
        assert_eq!((dose.low, dose.high), (0.1, 0.8));
    }

    #[test]
    fn values_are_those_that_a_scenario_can_have() {
        let dyads = Span::new(20.0, 400.0, true);
        assert_eq!(dyads.grid(9), [20.0, 41.0, 70.0, 106.0, 150.0, 201.0, 260.0, 326.0, 400.0]);
        assert!(dyads.grid(9).windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Span::new(2.0, 4.0, true).grid(9), [2.0, 3.0, 4.0]);
        for (low, high) in [(0.1, 0.8), (0.05, 1.0), (-3.0, 3.0), (0.0, 0.001), (10.0, 5_000.0)] {
            let span = Span::new(low, high, false);
            let steps = (high - low) / span.step;
            assert!((150.0..=600.0).contains(&steps), "{low}..{high}: {steps}");
            for value in span.grid(9) {
                assert!(span.written(value).len() < 9, "{value}");
                assert!((low..=high).contains(&value));
            }
        }
    }
}
