//! The adaptive search: few replications far away, many near the answer.
//!
//! 1. Nine sizes over the range, evenly on the scale of [`Span::place`], with 100 replications each.
//! 2. The curve is drawn; the two sizes on either side of the crossing are where the next replications go. As long as the
//!    curve rises by more than 10 points of power between them, the size in the middle is added. Then the replications of the
//!    one with fewer are doubled, again and again: a size is visited with *new* replications of it, since visiting ever other
//!    sizes with the same ones would look like knowledge and be none.
//! 3. Where nothing crosses, the size that comes nearest to the target is asked again, until it is certain that it does not
//!    reach it.
//! 4. The end: the interval of the answer is no wider than [`Goal::width`] asks, or than two neighboring values; or the band
//!    clears the target everywhere; or the sizes in question have as many replications as were allowed. Where power is flat by then,
//!    no size is named (`trend`).
//!
//! This is stochastic root finding with a model of the curve, as in Chalmers (2024), Psychological Methods, doi 10.1037/met0000689 (who
//! bisects with a probability per interval) and Wilson, Hooper, Brown, Farrin & Walwyn (2021), Statistical Methods in Medical
//! Research 30, 799-815 (who fit a Gaussian process): for one key, a local line in probits is enough, its interval is the one
//! that readers know, and every step follows from counts, so that the same seed takes the same steps on every machine.

use std::ops::Range;

use super::answer::{Answer, answer};
use super::curve::{Curve, critical};
use super::range::Span;
use super::tally::{Found, Station};
use super::trend::Trend;

/// What is searched for, and how hard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goal {
    /// Power that is wanted, in (0, 1).
    pub power: f64,
    /// Replications of one size, at most.
    pub most: usize,
    /// Confidence of the band and of the answer's interval.
    pub confidence: f64,
    /// Width of the answer's interval, as a share of the answer, at which the search ends; of a key that is no whole number, half that
    /// share of the range.
    pub width: f64,
}

/// Sizes of the first grid.
const GRID: usize = 9;
/// Replications of each.
const FIRST: usize = 100;
/// Power between two neighboring sizes above which the one in the middle is asked.
const STEP: f64 = 0.1;

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct Searched {
    /// The sizes with their replications, in order.
    pub stations: Vec<Station>,
    /// The curve through them.
    pub curve: Curve,
    /// Whether power changes along the range.
    pub trend: Trend,
    /// The answer.
    pub answer: Answer,
    /// Whether the interval is as narrow as asked for, or the answer certain; else the replications were spent.
    pub settled: bool,
}

/// Searches. `look` runs replications of a size, by their numbers, and tells what each has found.
///
/// # Errors
/// Those of `look`.
pub fn search<E>(
    span: Span,
    goal: Goal,
    mut look: impl FnMut(f64, Range<usize>) -> Result<Vec<Found>, E>,
) -> Result<Searched, E> {
    let mut stations = Vec::new();
    for value in span.grid(GRID) {
        stations.push(Station { value, found: look(value, 0..FIRST.min(goal.most))? });
    }
    let gap = widest_gap(&span, &stations);
    loop {
        let curve = Curve::new(span, &stations, gap, goal.confidence);
        let answer = answer(&curve, &span, goal.power);
        match next(&span, &goal, &stations, &curve, &answer) {
            Next::Add(value) => {
                let found = look(value, 0..FIRST.min(goal.most))?;
                let at = stations.partition_point(|station| station.value < value);
                stations.insert(at, Station { value, found });
            }
            Next::Deepen(index) => {
                let station = &mut stations[index];
                let (from, to) = (station.count(), (2 * station.count()).min(goal.most));
                station.found.extend(look(station.value, from..to)?);
            }
            Next::Stop { settled } => {
                let trend = Trend::of(&curve, span, &stations, critical(goal.confidence));
                return Ok(Searched { trend, answer: answer.unless_flat(trend), stations, curve, settled });
            }
        }
    }
}

fn widest_gap(span: &Span, stations: &[Station]) -> f64 {
    let gaps = stations.windows(2).map(|pair| span.place(pair[1].value) - span.place(pair[0].value));
    gaps.fold(0.0, f64::max)
}

/// What to do next.
enum Next {
    Add(f64),
    Deepen(usize),
    Stop { settled: bool },
}

fn next(span: &Span, goal: &Goal, stations: &[Station], curve: &Curve, answer: &Answer) -> Next {
    let size = match *answer {
        Answer::Nowhere { .. } | Answer::Everywhere { .. } | Answer::Flat { .. } => {
            return Next::Stop { settled: true };
        }
        Answer::Undecided { nearest } => {
            let distance = |station: &Station| (span.place(station.value) - span.place(nearest.value)).abs();
            let by_distance = |a: &usize, b: &usize| distance(&stations[*a]).total_cmp(&distance(&stations[*b]));
            let closest = (0..stations.len()).min_by(by_distance).unwrap_or(0);
            return deepen(goal, stations, &[closest]);
        }
        Answer::Found { size, rising, .. } => {
            // The crossing is between the answer and its neighbor.
            if rising { size } else { size + span.step }
        }
    };
    let above = stations.partition_point(|station| station.value < size).clamp(1, stations.len() - 1);
    let (before, after) = (&stations[above - 1], &stations[above]);
    let middle = span.value(0.5 * (span.place(before.value) + span.place(after.value)));
    let steep = (curve.at(after.value).power - curve.at(before.value).power).abs() > STEP;
    if steep && middle > before.value && middle < after.value {
        return Next::Add(middle);
    }
    if let Some((low, high)) = answer.interval() {
        let width = if span.whole { goal.width * size } else { 0.5 * goal.width * (span.high - span.low) };
        if high - low <= width.max(span.step) {
            return Next::Stop { settled: true };
        }
    }
    deepen(goal, stations, &[above - 1, above])
}

/// The one of these with the fewest replications, if it may have more.
fn deepen(goal: &Goal, stations: &[Station], among: &[usize]) -> Next {
    let fewest = among.iter().copied().min_by_key(|index| stations[*index].count());
    match fewest.filter(|index| stations[*index].count() < goal.most) {
        Some(index) => Next::Deepen(index),
        None => Next::Stop { settled: false },
    }
}
