//! Scales, ticks and the frame of a panel.

use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, number, significant, size, stroke};

/// The rectangle in which a panel's data are drawn, in units of the page.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

/// A straight map from values to places along one direction of the page.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
}

impl Scale {
    /// Maps `range.0..range.1` to `start..end`.
    pub fn new(range: (f64, f64), start: f64, end: f64) -> Self {
        Scale { low: range.0, high: range.1, start, end }
    }

    /// The place of a value; beyond the range it is the range's nearer end.
    pub fn at(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        self.start + share * (self.end - self.start)
    }
}

/// Whether a value can be drawn at all.
pub fn usable(value: f64) -> bool {
    value.is_finite() && value.abs() < 1e15
}

/// The least and the greatest usable value.
pub fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|&v| usable(v)).fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((low.min(v), high.max(v))),
    })
}

/// A range with some air around it; one that is a single value gets a width of its own.
pub fn padded((low, high): (f64, f64), share: f64) -> (f64, f64) {
    let scale = low.abs().max(high.abs());
    let air = if high - low > scale * 1e-9 {
        (high - low) * share
    } else if scale > 0.0 {
        scale * 0.1
    } else {
        1.0
    };
    (low - air, high + air)
}

/// A number on an axis.
#[derive(Clone, Debug)]
pub struct Tick {
    /// Where.
    pub value: f64,
    /// How it is written.
    pub label: String,
}

/// At most `most` round numbers within a range, at even steps.
pub fn ticks(range: (f64, f64), most: usize) -> Vec<Tick> {
    let least = (range.1 - range.0) / most.max(2) as f64;
    let power = 10_f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .map(|round| round * power)
        .into_iter()
        .find(|step| count_of(range, *step) <= most)
        .unwrap_or(10.0 * power);
    at_steps(range, step)
}

/// At most `most` weeks within a range, at steps that a reader of calendars expects.
pub fn week_ticks(range: (f64, f64), most: usize) -> Vec<Tick> {
    match [1.0, 2.0, 4.0, 6.0, 12.0, 26.0, 52.0].into_iter().find(|step| count_of(range, *step) <= most) {
        Some(step) if count_of(range, step) > 1 => at_steps(range, step),
        _ => ticks(range, most),
    }
}

fn count_of(range: (f64, f64), step: f64) -> usize {
    let slack = 1e-9;
    ((range.1 / step + slack).floor() - (range.0 / step - slack).ceil() + 1.0).clamp(0.0, 1e4) as usize
}

fn at_steps(range: (f64, f64), step: f64) -> Vec<Tick> {
    let first = (range.0 / step - 1e-9).ceil();
    let largest = range.0.abs().max(range.1.abs());
    let order = step.log10().floor();
    // 2.5 and its kin need a place more than 1, 2 and 5.
    let exact = (step / 10_f64.powf(order) * 2.0).round() / 2.0;
    let places = (-order) as i32 + i32::from(exact.fract() != 0.0);
    (0..count_of(range, step))
        .map(|index| {
            let value = (first + index as f64) * step;
            let zero = value.abs() < step * 1e-6;
            let label = if zero {
                "0".to_string()
            } else if places > 5 || largest >= 1e7 {
                let digits = value.abs().log10().floor() + f64::from(places) + 1.0;
                significant(value, (digits as i32).clamp(1, 6))
            } else {
                number(value, places.max(0) as usize)
            };
            Tick { value, label }
        })
        .collect()
}

/// The width of the widest label.
pub fn widest(ticks: &[Tick]) -> f64 {
    ticks.iter().map(|tick| metrics::width(&tick.label, size::TICK, false)).fold(0.0, f64::max)
}

/// Horizontal grid lines with their numbers on the left.
pub fn draw_rows(scene: &mut Scene, frame: Frame, scale: Scale, ticks: &[Tick]) {
    for tick in ticks {
        let y = scale.at(tick.value);
        scene.line(&[(frame.left, y), (frame.right, y)], stroke::GRID, theme::GRID, theme::SOLID);
        let at = (frame.left - 4.0, y + size::TICK * 0.36);
        scene.text(&tick.label, at, size::TICK, Anchor::End, theme::MUTED);
    }
}

/// Vertical grid lines.
pub fn draw_columns(scene: &mut Scene, frame: Frame, scale: Scale, ticks: &[Tick]) {
    for tick in ticks {
        let x = scale.at(tick.value);
        scene.line(&[(x, frame.top), (x, frame.bottom)], stroke::GRID, theme::GRID, theme::SOLID);
    }
}

/// The lower axis; with its ticks, numbers and name where `named`. Answers the lowest place it uses.
pub fn draw_base(scene: &mut Scene, frame: Frame, scale: Scale, ticks: &[Tick], name: Option<&str>) -> f64 {
    scene.line(&[(frame.left, frame.bottom), (frame.right, frame.bottom)], stroke::AXIS, theme::AXIS, theme::SOLID);
    let Some(name) = name else {
        return frame.bottom;
    };
    for tick in spaced(ticks, scale) {
        let x = scale.at(tick.value);
        scene.line(&[(x, frame.bottom), (x, frame.bottom + 3.0)], stroke::AXIS, theme::AXIS, theme::SOLID);
        let at = (x, frame.bottom + 4.5 + size::TICK * 0.8);
        scene.text(&tick.label, at, size::TICK, Anchor::Middle, theme::MUTED);
    }
    let middle = (frame.left + frame.right) / 2.0;
    let mut at = (middle, frame.bottom + 6.0 + size::TICK + size::LABEL);
    let lines = name_lines(name, frame.right - frame.left + 12.0);
    for line in &lines {
        scene.text(line, at, size::LABEL, Anchor::Middle, theme::TEXT);
        at.1 += NAME_LINE;
    }
    frame.bottom + BASE + (lines.len().max(1) - 1) as f64 * NAME_LINE
}

/// Those ticks whose numbers do not touch: all, or every second, or every third, zero among them; never one left out
/// between two that stay.
fn spaced(ticks: &[Tick], scale: Scale) -> Vec<&Tick> {
    let zero = ticks.iter().position(|tick| tick.label == "0").unwrap_or(0);
    let every = |step: usize| -> Vec<&Tick> { ticks.iter().skip(zero % step).step_by(step).collect() };
    let half = |tick: &Tick| metrics::width(&tick.label, size::TICK, false) / 2.0;
    let apart = |pair: &[&Tick]| {
        (scale.at(pair[1].value) - scale.at(pair[0].value)).abs() >= half(pair[0]) + half(pair[1]) + 3.0
    };
    let most = ticks.len().max(1);
    (1..=most).map(every).find(|some| some.windows(2).all(apart)).unwrap_or_default()
}

/// Places after the point of the numbers along an axis.
pub fn places(ticks: &[Tick]) -> usize {
    let of = |tick: &Tick| tick.label.split_once('.').map_or(0, |(_, places)| places.chars().count());
    ticks.iter().map(of).max().unwrap_or(0)
}

/// Distance between two lines of an axis' name.
pub const NAME_LINE: f64 = size::LABEL * 1.2;

/// The lines of an axis' name within a width: three at most. What is too long even so is shortened before its unit, which
/// stays.
pub fn name_lines(name: &str, width: f64) -> Vec<String> {
    const LINES: usize = 3;
    let whole = metrics::wrap(name, size::LABEL, false, width, LINES);
    let kept = |lines: &[String]| lines.join(" ") == name.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((what, unit)) = name.rsplit_once(" (").filter(|_| !kept(&whole)) else { return whole };
    let unit = metrics::shorten(&format!("({unit}"), size::LABEL, false, width);
    let mut lines = metrics::wrap(what, size::LABEL, false, width, LINES - 1);
    lines.push(unit);
    lines
}

/// Room under a frame for numbers and name of the lower axis.
pub const BASE: f64 = 6.0 + size::TICK + size::LABEL * 1.3;

/// How many numbers fit along a horizontal stretch.
pub fn horizontal_room(range: (f64, f64), length: f64) -> usize {
    let fits = |most: &usize| {
        let found = ticks(range, *most);
        found.len() as f64 * (widest(&found) + size::TICK) <= length + size::TICK
    };
    (3..=8).rev().find(fits).unwrap_or(2)
}

/// Says in the middle of an empty frame that there is nothing to show.
pub fn draw_nothing(scene: &mut Scene, frame: Frame, remark: &str) {
    let at = ((frame.left + frame.right) / 2.0, (frame.top + frame.bottom) / 2.0);
    let half = metrics::width(remark, size::LABEL, false) / 2.0 + 3.0;
    let (upper, lower) = (at.1 - size::LABEL, at.1 + size::LABEL * 0.5);
    scene.rectangle((at.0 - half, upper), (at.0 + half, lower), theme::PAPER);
    scene.text(remark, at, size::LABEL, Anchor::Middle, theme::MUTED);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_few_and_free_of_noise() {
        let labels = |low, high| ticks((low, high), 6).into_iter().map(|t| t.label).collect::<Vec<_>>();
        assert_eq!(labels(0.0, 1.0), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(-0.3, 0.31), ["−0.2", "0", "0.2"]);
        assert_eq!(labels(0.0, 1e-4), ["0", "0.00002", "0.00004", "0.00006", "0.00008", "0.00010"]);
        assert_eq!(labels(0.0, 1.2), ["0", "0.25", "0.50", "0.75", "1.00"]);
        assert_eq!(labels(0.0, 5e-7).len(), 6);
        assert!(labels(-9e14, 9e14).iter().all(|label| label.chars().count() < 9));
        for exponent in -12..14 {
            for width in [1.0, 1.7, 3.3, 7.9] {
                let range = (-0.3 * width * 10_f64.powi(exponent), width * 10_f64.powi(exponent));
                let found = ticks(range, 6);
                assert!((2..=6).contains(&found.len()), "{range:?} {found:?}");
                let mut labels: Vec<_> = found.iter().map(|tick| &tick.label).collect();
                labels.dedup();
                assert_eq!(labels.len(), found.len(), "{found:?}");
            }
        }
    }

    #[test]
    fn a_long_name_of_an_axis_keeps_its_unit() {
        assert_eq!(name_lines("trust (0 to 1)", 200.0), ["trust (0 to 1)"]);
        let name = "Lack of relational competence × Unwillingness to adapt practices that foster coaching (SD)";
        for width in [60.0, 90.0, 140.0] {
            let lines = name_lines(name, width);
            assert!(lines.len() <= 3 && lines.last().is_some_and(|line| line.ends_with("(SD)")), "{lines:?}");
            assert!(lines.iter().all(|line| metrics::width(line, size::LABEL, false) <= width), "{lines:?}");
        }
    }

    #[test]
    fn numbers_that_would_touch_are_left_out_evenly() {
        let weeks = week_ticks((0.0, 52.0), 6);
        let shown = |length: f64| -> Vec<f64> {
            spaced(&weeks, Scale::new((0.0, 52.0), 0.0, length)).iter().map(|tick| tick.value).collect()
        };
        assert_eq!(shown(200.0), [0.0, 12.0, 24.0, 36.0, 48.0]);
        assert_eq!(shown(50.0), [0.0, 24.0, 48.0]);
        assert_eq!(shown(2.0), [0.0]);
        let around = ticks((-0.35, 0.45), 8);
        let found: Vec<&str> =
            spaced(&around, Scale::new((-0.35, 0.45), 0.0, 100.0)).iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(found, ["−0.2", "0", "0.2", "0.4"]);
        assert_eq!((places(&weeks), places(&around)), (0, 1));
    }

    #[test]
    fn weeks_go_by_twelve_in_a_year() {
        let labels: Vec<_> = week_ticks((0.0, 52.0), 6).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["0", "12", "24", "36", "48"]);
    }
}
