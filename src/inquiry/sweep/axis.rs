//! A key of the scenario with the values that it takes in a sweep.

use std::fmt;

use crate::inquiry::power::{Over, Span};
use crate::scenario::keys::Shape;
use crate::scenario::lookup;

/// A key with its values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The key as the command line writes it.
    pub key: String,
    values: Values,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    /// These.
    List(Vec<f64>),
    /// From one to another; for a grid in so many even steps.
    Range { over: Over, count: Option<usize> },
}

const FORM: &str =
    "expected KEY=LOW..HIGH:COUNT or KEY=A,B,C, e.g. organization.competition=0..1:11 or program.weeks=4,12,26";

impl Axis {
    /// Reads `organization.competition=0..1:11`, `organization.competition=0..1` or `program.weeks=4,12,26`.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the text and what is expected.
    pub fn parse(written: &str) -> Result<Self, String> {
        let (key, values) = written.rsplit_once('=').ok_or(format!("there is no `=`; {FORM}"))?;
        if values.contains("...") {
            return Err(format!("`{values}` has a dot too many: a range has two between its ends, as 0..1"));
        }
        if values.contains("..") {
            let (range, count) = match values.split_once(':') {
                None => (written.to_owned(), None),
                Some((range, count)) => match count.trim().parse::<usize>() {
                    Ok(count) if (2..=super::MOST).contains(&count) => (format!("{key}={range}"), Some(count)),
                    Ok(count) if count > super::MOST => {
                        return Err(format!("{count} values are too many: a sweep has at most 100,000 cells"));
                    }
                    _ => return Err(format!("`{count}` is no number of values, 2 or more; {FORM}")),
                },
            };
            let over = Over::parse(&range)?;
            return Ok(Self { key: over.key.clone(), values: Values::Range { over, count } });
        }
        if key.trim().is_empty() {
            return Err(format!("there is no key before `=`; {FORM}"));
        }
        let number = |text: &str| match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => Err(format!("`{}` is no number; {FORM}", text.trim())),
        };
        let mut list = values.split(',').map(number).collect::<Result<Vec<f64>, String>>()?;
        list.sort_by(f64::total_cmp);
        if let Some(twice) = list.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(format!("{} is there twice", twice[0]));
        }
        Ok(Self { key: key.trim().to_owned(), values: Values::List(list) })
    }

    /// Whether the key takes whole numbers only.
    pub fn whole(&self) -> bool {
        lookup::leaf(&self.key).is_some_and(|leaf| matches!(leaf.shape, Shape::Whole(..)))
    }

    /// The unit of its values, if the registry knows one.
    pub fn unit(&self) -> &'static str {
        lookup::leaf(&self.key).map_or("", |leaf| leaf.unit)
    }

    /// Its values in a grid, from low to high.
    ///
    /// # Errors
    /// If it is a range without a number of values.
    pub fn listed(&self) -> Result<Vec<f64>, String> {
        match &self.values {
            Values::List(list) => Ok(list.clone()),
            Values::Range { over, count: None } => Err(format!(
                "a grid needs the number of values: --over {over}:11, or --design lhs or sobol with --points"
            )),
            Values::Range { over, count: Some(count) } => {
                let steps = count - 1;
                let at = |k: usize| over.low + (over.high - over.low) * k as f64 / steps as f64;
                let mut values: Vec<f64> = (0..=steps).map(|k| self.near(over, at(k))).collect();
                values.dedup();
                Ok(values)
            }
        }
    }

    /// What became of even steps that a key of whole numbers does not have, as a sentence; nothing where they are as they were asked for.
    pub fn uneven(&self) -> Option<String> {
        let Values::Range { over, count: Some(count) } = &self.values else { return None };
        let values = self.listed().ok()?;
        let is_even = values.len() == *count && values.windows(2).all(|two| two[1] - two[0] == values[1] - values[0]);
        (self.whole() && !is_even).then(|| {
            format!(
                "{} takes whole numbers alone: in place of {count} even values from {} to {} there are {}. Ask for another number of \
                 values, or list them",
                self.key,
                over.low,
                over.high,
                self.in_words()
            )
        })
    }

    /// The range, if it has a number of even steps, which only a grid takes.
    pub fn counted(&self) -> Option<&Over> {
        match &self.values {
            Values::Range { over, count: Some(_) } => Some(over),
            _ => None,
        }
    }

    /// The least and the greatest value that it can have.
    pub fn ends(&self) -> (f64, f64) {
        match &self.values {
            Values::List(list) => (list[0], list[list.len() - 1]),
            Values::Range { over, .. } => (over.low, over.high),
        }
    }

    /// Its values as they are read out: one by one where they are few.
    pub fn in_words(&self) -> String {
        const FEW: usize = 12;
        let ends = |low: f64, high: f64| format!("from {low} to {high}");
        match (&self.values, self.listed()) {
            (Values::Range { over, .. }, Err(_)) => ends(over.low, over.high),
            (_, Ok(all)) if all.len() > FEW => {
                format!("{}, {} values", ends(all[0], all[all.len() - 1]), all.len())
            }
            (_, all) => all.unwrap_or_default().iter().map(f64::to_string).collect::<Vec<_>>().join(", "),
        }
    }

    /// Its value at a place from 0 up to 1.
    pub fn value(&self, place: f64) -> f64 {
        match &self.values {
            Values::List(list) => list[((place * list.len() as f64) as usize).min(list.len() - 1)],
            // Each whole number has an equal share of the range.
            Values::Range { over, .. } if self.whole() => {
                (over.low + (place * (over.high - over.low + 1.0)).floor()).min(over.high)
            }
            Values::Range { over, .. } => self.near(over, over.low + (over.high - over.low) * place),
        }
    }

    /// The number of few digits that is nearest: 0.3, not 0.30000000000000004.
    fn near(&self, over: &Over, value: f64) -> f64 {
        if self.whole() {
            return value.round();
        }
        let span = Span::new(over.low, over.high, false);
        // A thousandth of the step that power is looked for with: even places stay even.
        let digits = format!("{:.*}", decimals(span.step / 1_000.0), value);
        digits.parse::<f64>().unwrap_or(value).clamp(over.low, over.high)
    }
}

/// Digits after the point of numbers that are this far apart.
fn decimals(step: f64) -> usize {
    let mut unit = 1.0;
    let mut digits = 0;
    while unit > step && digits < 15 {
        unit /= 10.0;
        digits += 1;
    }
    digits
}

impl fmt::Display for Axis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.values {
            Values::List(list) => {
                let list: Vec<String> = list.iter().map(f64::to_string).collect();
                write!(f, "{}={}", self.key, list.join(","))
            }
            Values::Range { over, count: None } => write!(f, "{over}"),
            Values::Range { over, count: Some(count) } => write!(f, "{over}:{count}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::inquiry::sweep::{Design, cells};

    proptest! {
        #[test]
        fn what_is_written_is_axes_of_finite_values_or_a_sentence(
            written in prop::collection::vec(
                "\\PC{0,30}|(population.dyads|organization.competition|program.weeks)=-?[0-9]{1,3}(\\.[0-9]{1,3})?(e-?[0-9]{1,3})?\
                 (\\.\\.|,)-?[0-9]{1,3}(\\.[0-9]{1,9})?(e-?[0-9]{1,3})?(:[0-9]{1,6})?",
                1..4,
            ),
        ) {
            let axes: Vec<Axis> = written.iter().filter_map(|text| Axis::parse(text).ok()).collect();
            for axis in &axes {
                // As `run.json` keeps it, it is read again as itself.
                let again = Axis::parse(&axis.to_string());
                prop_assert_eq!(again.as_ref(), Ok(axis));
            }
            for (design, points) in [(Design::Grid, None), (Design::Lhs, Some(5)), (Design::Sobol, Some(5))] {
                if let Ok(cells) = cells(&axes, design, points, 1) {
                    prop_assert!(cells.iter().flatten().all(|value| value.is_finite()), "{:?}", axes);
                }
            }
        }
    }

    #[test]
    fn values_are_read_and_written() {
        let axis = Axis::parse("organization.competition=0..1:11").unwrap();
        assert_eq!(axis.listed().unwrap(), [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]);
        assert_eq!(axis.to_string(), "organization.competition=0..1:11");
        assert_eq!(axis.in_words(), "0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1");
        for (written, said) in [
            ("organization.competition=0..1:41", "from 0 to 1, 41 values"),
            ("organization.competition=0..1", "from 0 to 1"),
            ("program.weeks=26,4", "4, 26"),
        ] {
            assert_eq!(Axis::parse(written).unwrap().in_words(), said);
        }
        let weeks = Axis::parse("program.weeks=26,4,12").unwrap();
        assert_eq!(weeks.listed().unwrap(), [4.0, 12.0, 26.0]);
        assert_eq!([0.0, 0.34, 0.99].map(|at| weeks.value(at)), [4.0, 12.0, 26.0]);
        let dyads = Axis::parse("population.dyads=10..13").unwrap();
        assert_eq!([0.0, 0.26, 0.5, 0.99].map(|at| dyads.value(at)), [10.0, 11.0, 12.0, 13.0]);
        assert_eq!(Axis::parse("population.dyads=10..13:4").unwrap().listed().unwrap(), [10.0, 11.0, 12.0, 13.0]);
        assert!(dyads.listed().unwrap_err().contains("population.dyads=10..13:11"));
        for (wrong, said) in [
            ("a", "no `=`"),
            ("a=1,x", "`x` is no number"),
            ("a=1,1", "1 is there twice"),
            ("a=1..2:1", "2 or more"),
            ("a=0..1:1000000", "1000000 values are too many: a sweep has at most 100,000 cells"),
            ("a=2..1:3", "starts at 2 and ends at 1"),
            ("=1,2", "no key"),
        ] {
            assert!(Axis::parse(wrong).unwrap_err().contains(said), "{wrong}");
        }
    }
}
