//! Where the curve of power crosses what is wanted.
//!
//! The answer is the smallest size with enough power where power is short of it at the start of the range, and the largest
//! where power is enough there and is lost along the range. Its interval is where the band holds the target: from the first
//! size at which enough power cannot be ruled out to the first at which it is certain (at the band's confidence). A size
//! outside the range is never named: an end of the interval that lies there is left open. Nor is one where power is flat.

use serde::{Deserialize, Serialize};

use super::curve::{Curve, Point};
use super::range::Span;
use super::trend::Trend;

/// What the search has found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Answer {
    /// Power reaches the target at a size within the range.
    Found {
        /// The smallest size with enough power; where power is lost along the range, the largest.
        size: f64,
        /// The size that may do: the first at which enough power cannot be ruled out. Open where that is so at the end already.
        possible: Option<f64>,
        /// The size that does for certain. Open where the range has none.
        certain: Option<f64>,
        /// Whether power rises along the range, so that a smallest size is asked for.
        rising: bool,
    },
    /// Nowhere in the range is power as high; the band is below the target throughout.
    Nowhere {
        /// The size with the highest power.
        best: Point,
    },
    /// Power is as high everywhere in the range; the band is above the target throughout.
    Everywhere {
        /// The size with the lowest power.
        worst: Point,
    },
    /// Power is flat along the range, and too near to the target to lie above or below it for certain: a size at which the curve
    /// crosses it would be one of chance.
    Flat {
        /// How flat, and at which power.
        trend: Trend,
    },
    /// The curve does not cross the target within the range, but too closely for these replications to be sure.
    Undecided {
        /// The size where the curve comes nearest to the target.
        nearest: Point,
    },
}

/// Places at which the curve is looked at before the exact size is found between two of them.
const LOOKS: usize = 100;

/// The answer of a curve.
pub fn answer(curve: &Curve, span: &Span, target: f64) -> Answer {
    of_points(&|value| curve.at(value), span, target)
}

/// The answer where `at` tells power at any size.
pub fn of_points(at: &dyn Fn(f64) -> Point, span: &Span, target: f64) -> Answer {
    let points: Vec<Point> = span.grid(LOOKS).into_iter().map(at).collect();
    let (Some(first), Some(_)) = (points.first(), points.last()) else {
        return Answer::Nowhere { best: Point { value: span.low, power: f64::NAN, low: f64::NAN, high: f64::NAN } };
    };
    let enough = |point: &Point| point.power >= target;
    let rising = !enough(first);
    let crossing = points.iter().any(|point| enough(point) == rising);
    if !crossing {
        let by_power = |a: &&Point, b: &&Point| a.power.total_cmp(&b.power);
        let nearest = if rising { points.iter().max_by(by_power) } else { points.iter().min_by(by_power) };
        let nearest = *nearest.unwrap_or(first);
        return if rising && points.iter().all(|point| point.high < target) {
            Answer::Nowhere { best: nearest }
        } else if !rising && points.iter().all(|point| point.low >= target) {
            Answer::Everywhere { worst: nearest }
        } else {
            Answer::Undecided { nearest }
        };
    }
    // Rising: the first size at which something holds. Falling: the last before it ceases to hold.
    let edge = |holds: &dyn Fn(&Point) -> bool| {
        let turned = points.iter().position(|point| holds(point) == rising)?;
        if turned == 0 {
            return None;
        }
        let (before, after) = between(at, span, points[turned - 1].value, points[turned].value, |p| holds(p) == rising);
        Some(if rising { after } else { before })
    };
    Answer::Found {
        size: edge(&enough).unwrap_or(first.value),
        possible: edge(&|point| point.high >= target),
        certain: edge(&|point| point.low >= target),
        rising,
    }
}

/// Between two sizes of which only the second has turned: neighbors of which only the second has.
fn between(
    at: &dyn Fn(f64) -> Point,
    span: &Span,
    before: f64,
    after: f64,
    turned: impl Fn(&Point) -> bool,
) -> (f64, f64) {
    let (mut before, mut after) = (before, after);
    loop {
        let middle = span.nearest(0.5 * (before + after));
        if middle <= before || middle >= after {
            return (before, after);
        }
        if turned(&at(middle)) {
            after = middle;
        } else {
            before = middle;
        }
    }
}

impl Answer {
    /// The answer in the light of the trend: where power is flat, a crossing is one of chance and no size; so is one in a band that
    /// holds the target all along the range, if power hardly changes. (The search goes to where a curve crosses, and the few replications
    /// elsewhere keep the luck that made it cross: a change that is told for certain may still be none.)
    pub fn unless_flat(self, trend: Trend) -> Self {
        match self {
            Self::Found { possible: None, certain: None, .. } if !trend.notable() => Self::Flat { trend },
            Self::Found { .. } | Self::Undecided { .. } if trend.flat() => Self::Flat { trend },
            other => other,
        }
    }

    /// The interval's ends in the order of sizes, where both lie within the range.
    pub fn interval(&self) -> Option<(f64, f64)> {
        match *self {
            Answer::Found { possible: Some(possible), certain: Some(certain), .. } => {
                Some((possible.min(certain), possible.max(certain)))
            }
            _ => None,
        }
    }
}
