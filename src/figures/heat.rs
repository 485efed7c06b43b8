//! One number over two others: a map of cells, or of points where the design has no grid, each in the color of its class.
//!
//! **Classes and not shades.** A reader can tell ten colors apart and name the class of each by the bar; of a continuous scale nobody can.
//! Zero is always an edge between two classes where both signs occur, and the signs have a color each: orange below, blue above.

use super::axis::{self, Frame, Scale, Tick};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, Ink, MARGIN, Marker, number, size, stroke};

/// A direction of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatAxis {
    /// What varies along it, with its unit.
    pub label: String,
    /// Its places.
    pub along: Along,
}

/// The places along a direction.
#[derive(Clone, Debug, PartialEq)]
pub enum Along {
    /// These values, from low to high, equally far apart on paper.
    Values(Vec<f64>),
    /// From each of these to the next, true to scale.
    Edges(Vec<f64>),
    /// Anywhere between these two, true to scale.
    Between(f64, f64),
}

/// What a map is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum Field {
    /// A number for each row and column, the lowest row first; none where it is not finite.
    Cells(Vec<Vec<f64>>),
    /// x, y and the number there.
    Points(Vec<[f64; 3]>),
}

/// One number over two others.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatMap {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// What the colors mean, with the unit.
    pub quantity: String,
    /// Whether it is a share, from 0 to 1, written in percent.
    pub share: bool,
    /// From left to right.
    pub x: HeatAxis,
    /// From bottom to top.
    pub y: HeatAxis,
    /// The numbers.
    pub field: Field,
    /// What else a reader must know.
    pub note: String,
}

/// Classes on each side of zero.
const SIDE: usize = theme::ABOVE.len();

/// Classes of a number: `edges` from low to high, an ink between each two.
struct Classes {
    edges: Vec<f64>,
    inks: Vec<(Ink, Ink)>,
    decimals: usize,
    share: bool,
}

impl Classes {
    /// At most [`SIDE`] classes on each side of zero, of a round width; where all numbers are on one side and far from zero, as many over
    /// what they cover.
    fn of(values: impl Iterator<Item = f64>, share: bool) -> Self {
        if share {
            let edges = (0..=SIDE).map(|k| k as f64 / SIDE as f64).collect();
            return Self { edges, inks: inks(0, SIDE), decimals: 0, share };
        }
        let (low, high) = axis::extent(values).unwrap_or((0.0, 1.0));
        let (least, most) = (low.abs().min(high.abs()), low.abs().max(high.abs()));
        if low * high > 0.0 && least > most / 2.0 {
            // Some width even where all are the same.
            let span = (most - least).max(most * 0.01);
            let fits = |step: &f64| ((least / step).floor() + SIDE as f64) * step >= most;
            let step = steps(span / SIDE as f64).find(fits).unwrap_or(span);
            let first = (least / step + 1e-9).floor();
            let count = ((most / step - 1e-9).ceil() - first).clamp(1.0, SIDE as f64) as usize;
            let mut edges: Vec<f64> = (0..=count).map(|k| (first + k as f64) * step).collect();
            let mut inks = inks(0, count);
            if low < 0.0 {
                edges = edges.into_iter().rev().map(|edge| -edge).collect();
                inks = self::inks(count, 0);
            }
            return Self { edges, inks, decimals: decimals(step), share };
        }
        let most = if most > 0.0 { most } else { 1.0 };
        let step = steps(most / SIDE as f64).find(|step| step * SIDE as f64 >= most * (1.0 - 1e-9)).unwrap_or(most);
        let classes = |reach: f64| ((reach / step - 1e-9).ceil().max(0.0) as usize).min(SIDE);
        let (below, above) = (classes(-low), classes(high));
        let (below, above) = if below + above == 0 { (0, 1) } else { (below, above) };
        let edges = (0..=below + above).map(|k| (k as f64 - below as f64) * step).collect();
        Self { edges, inks: inks(below, above), decimals: decimals(step), share }
    }

    /// The ink of a number, and that of text on it.
    fn ink(&self, value: f64) -> (Ink, Ink) {
        let class = self.edges[1..].iter().take_while(|edge| value >= **edge).count();
        self.inks[class.min(self.inks.len() - 1)]
    }

    fn text(&self, value: f64) -> String {
        if self.share { format!("{}%", number(100.0 * value, 0)) } else { number(value, self.decimals) }
    }
}

/// Widths of classes that a reader takes for round, from this one up.
fn steps(least: f64) -> impl Iterator<Item = f64> {
    let power = 10_f64.powf(least.log10().floor());
    [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0]
        .into_iter()
        .map(move |round| round * power)
        .filter(move |step| *step >= least * (1.0 - 1e-9))
}

/// Decimals in which a multiple of this can be written.
fn decimals(step: f64) -> usize {
    let places = (-step.log10().floor()).max(0.0) as usize;
    let exact = step * 10_f64.powi(places as i32);
    (places + usize::from((exact - exact.round()).abs() > 1e-6)).min(12)
}

/// Inks of classes from the farthest below zero to the farthest above, each with that of text on it. Fewer classes take the colors that
/// are farthest apart.
fn inks(below: usize, above: usize) -> Vec<(Ink, Ink)> {
    let side = |all: [Ink; SIDE], count: usize| {
        (0..count).map(move |k| {
            let at = if count > 1 { k * (SIDE - 1) / (count - 1) } else { SIDE / 2 };
            // The three darkest of each side carry the color of paper.
            (all[at], if at + 3 >= SIDE { theme::PAPER } else { theme::TEXT })
        })
    };
    // With both sides there, a class is as far from zero as its color says.
    if below > 0 && above > 0 {
        let whole = |all: [Ink; SIDE], count: usize| side(all, SIDE).take(count);
        return whole(theme::BELOW, below)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .chain(whole(theme::ABOVE, above))
            .collect();
    }
    side(theme::BELOW, below).collect::<Vec<_>>().into_iter().rev().chain(side(theme::ABOVE, above)).collect()
}

/// Lays the figure out.
pub(super) fn compose(data: &HeatMap, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let top = scene.heading(&data.title, &data.subtitle);
    let classes = Classes::of(values(&data.field).into_iter(), data.share);
    let y = bar(&mut scene, data, &classes, top + 4.0);
    let name = metrics::wrap(&data.y.label, size::LABEL, false, scene.room(), 2);
    let under = scene.paragraph(&name, (MARGIN, y + size::LABEL), size::LABEL, false, theme::TEXT);
    let top = under - size::LABEL * 0.4;
    let narrow = scene.narrow();
    let rows = match &data.field {
        Field::Cells(rows) => rows.len().max(1) as f64,
        Field::Points(_) => f64::INFINITY,
    };
    let height = (rows * 24.0).clamp(if narrow { 80.0 } else { 100.0 }, if narrow { 190.0 } else { 230.0 });
    let marks = ticks(&data.y.along, height, None);
    let frame = Frame {
        left: MARGIN + axis::widest(&marks) + 6.0,
        top,
        right: scene.width - MARGIN - 8.0,
        bottom: top + height,
    };
    let (across, up) = (scale(&data.x.along, frame.left, frame.right), scale(&data.y.along, frame.bottom, frame.top));
    match &data.field {
        Field::Cells(rows) => cells(&mut scene, rows, frame, &classes),
        Field::Points(points) => {
            axis::draw_rows(&mut scene, frame, up, &marks);
            axis::draw_columns(&mut scene, frame, across, &ticks(&data.x.along, 0.0, Some(frame)));
            self::points(&mut scene, points, (across, up), &classes);
        }
    }
    if matches!(data.field, Field::Cells(_)) {
        for tick in &marks {
            let at = (frame.left - 4.0, up.at(tick.value) + size::TICK * 0.36);
            scene.text(&tick.label, at, size::TICK, Anchor::End, theme::MUTED);
        }
    }
    let (a, b) = ((frame.left, frame.top), (frame.right, frame.bottom));
    scene.line(&[a, (b.0, a.1), b, (a.0, b.1), a], stroke::AXIS, theme::AXIS, theme::SOLID);
    if values(&data.field).is_empty() {
        axis::draw_nothing(&mut scene, frame, "no data");
    }
    let base = axis::draw_base(&mut scene, frame, across, &ticks(&data.x.along, 0.0, Some(frame)), Some(&data.x.label));
    scene.footing(&note(data, &classes), base);
    scene
}

/// Every number that can be drawn.
fn values(field: &Field) -> Vec<f64> {
    let all: Vec<f64> = match field {
        Field::Cells(rows) => rows.iter().flatten().copied().collect(),
        Field::Points(points) => {
            points.iter().filter(|[x, y, _]| axis::usable(*x) && axis::usable(*y)).map(|point| point[2]).collect()
        }
    };
    all.into_iter().filter(|value| axis::usable(*value)).collect()
}

/// From values to places on the page.
fn scale(along: &Along, start: f64, end: f64) -> Scale {
    Scale::new(range(along), start, end)
}

fn range(along: &Along) -> (f64, f64) {
    match along {
        // Of values the number of each in their order.
        Along::Values(values) => (-0.5, values.len().max(1) as f64 - 0.5),
        Along::Edges(edges) => axis::extent(edges.iter().copied()).unwrap_or((0.0, 1.0)),
        Along::Between(low, high) => axis::padded(axis::extent([*low, *high]).unwrap_or((0.0, 1.0)), 0.03),
    }
}

/// Numbers along a side so long, or along the foot of a frame.
fn ticks(along: &Along, length: f64, foot: Option<Frame>) -> Vec<Tick> {
    let length = foot.map_or(length, |frame| frame.right - frame.left);
    let Along::Values(values) = along else {
        let range = range(along);
        let room = if foot.is_some() { axis::horizontal_room(range, length) } else { 6 };
        return axis::ticks(range, room);
    };
    let digits = digits(values);
    let all: Vec<Tick> = values
        .iter()
        .enumerate()
        .map(|(at, value)| Tick {
            value: at as f64,
            label: theme::trimmed(&theme::significant(*value, digits)).to_owned(),
        })
        .collect();
    let one = if foot.is_some() { axis::widest(&all) + 5.0 } else { size::TICK * 1.3 };
    // Every one, or every second, third, … where there is no room.
    let each = (one * all.len() as f64 / length.max(1.0)).ceil().max(1.0) as usize;
    all.into_iter().step_by(each).collect()
}

/// Digits that values from low to high need: three, or as many as keep each within a hundredth of the distance to its neighbor. 0.333 and 0.667,
/// but 12.25 and 12.5.
fn digits(values: &[f64]) -> i32 {
    let nearest = values.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min);
    let off = |value: &f64, digits| {
        let value = value.abs();
        (theme::significant(value, digits).parse().unwrap_or(value) - value).abs()
    };
    (3..6).find(|digits| values.iter().all(|value| off(value, *digits) <= nearest / 100.0)).unwrap_or(6)
}

/// What the colors mean; answers the place under it.
fn bar(scene: &mut Scene, data: &HeatMap, classes: &Classes, y: f64) -> f64 {
    const HEIGHT: f64 = 9.0;
    let name = metrics::wrap(&data.quantity, size::PANEL, true, scene.room(), 3);
    let after = scene.paragraph(&name, (MARGIN, y + size::PANEL * 0.8), size::PANEL, true, theme::TEXT);
    let top = after - size::PANEL * 0.45;
    let labels: Vec<String> = classes.edges.iter().map(|edge| classes.text(*edge)).collect();
    let widths: Vec<f64> = labels.iter().map(|label| metrics::width(label, size::TICK, false)).collect();
    let (widest, count) = (widths.iter().copied().fold(0.0, f64::max), classes.inks.len() as f64);
    let start = MARGIN + widths[0] / 2.0;
    let room = scene.width - MARGIN - widest / 2.0 - start;
    let one = (room / count).min(40.0);
    for (class, (ink, _)) in classes.inks.iter().enumerate() {
        let left = start + class as f64 * one;
        scene.rectangle((left, top), (left + one, top + HEIGHT), *ink);
    }
    let end = start + count * one;
    let outline = [(start, top), (end, top), (end, top + HEIGHT), (start, top + HEIGHT), (start, top)];
    scene.line(&outline, stroke::AXIS, theme::AXIS, theme::SOLID);
    let each = ((widest + 4.0) / one).ceil().max(1.0) as usize;
    // Zero keeps its number where others have to go.
    let zero = classes.edges.iter().position(|edge| *edge == 0.0).unwrap_or(0);
    for (edge, label) in labels.iter().enumerate().filter(|(edge, _)| edge.abs_diff(zero).is_multiple_of(each)) {
        let x = start + edge as f64 * one;
        scene.line(&[(x, top), (x, top + HEIGHT + 2.5)], stroke::AXIS, theme::AXIS, theme::SOLID);
        scene.text(label, (x, top + HEIGHT + 3.5 + size::TICK * 0.8), size::TICK, Anchor::Middle, theme::MUTED);
    }
    top + HEIGHT + 3.5 + size::TICK + 6.0
}

/// A map of cells, each with its number where there is room for all.
fn cells(scene: &mut Scene, rows: &[Vec<f64>], frame: Frame, classes: &Classes) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0).max(1);
    let (wide, high) =
        ((frame.right - frame.left) / columns as f64, (frame.bottom - frame.top) / rows.len().max(1) as f64);
    // A digit more than the edges of the classes have: the color says the class.
    let written = |value: f64| if classes.share { classes.text(value) } else { number(value, classes.decimals + 1) };
    let seen = rows.iter().flatten().filter(|value| axis::usable(**value));
    let widest = seen.map(|value| metrics::width(&written(*value), size::TICK, false)).fold(0.0, f64::max);
    let named = widest + 4.0 <= wide && size::TICK * 1.5 <= high;
    let gap = if wide.min(high) >= 8.0 { 0.4 } else { 0.0 };
    for (row, values) in rows.iter().enumerate() {
        for (column, value) in values.iter().enumerate().filter(|(_, value)| axis::usable(**value)) {
            let (left, bottom) = (frame.left + column as f64 * wide, frame.bottom - row as f64 * high);
            let (ink, text) = classes.ink(*value);
            scene.rectangle((left + gap, bottom - high + gap), (left + wide - gap, bottom - gap), ink);
            if named {
                let at = (left + wide / 2.0, bottom - high / 2.0 + size::TICK * 0.36);
                scene.text(&written(*value), at, size::TICK, Anchor::Middle, text);
            }
        }
    }
}

/// Points where they are, each with a rim, so that pale ones are seen.
fn points(scene: &mut Scene, points: &[[f64; 3]], (across, up): (Scale, Scale), classes: &Classes) {
    let radius = (60.0 / (points.len().max(1) as f64).sqrt()).clamp(2.4, 6.5);
    for [x, y, value] in points.iter().filter(|point| point.iter().all(|part| axis::usable(*part))) {
        let at = (across.at(*x), up.at(*y));
        scene.shape(Marker::Disc.outline(at, radius + 0.7), theme::MUTED);
        scene.shape(Marker::Disc.outline(at, radius), classes.ink(*value).0);
    }
}

/// The note, with what the drawing adds to it.
fn note(data: &HeatMap, classes: &Classes) -> String {
    let mut text = data.note.trim().to_owned();
    let blank = |rows: &Vec<Vec<f64>>| rows.iter().flatten().any(|value| !axis::usable(*value));
    if matches!(&data.field, Field::Cells(rows) if blank(rows)) {
        text.push_str(" White cells: no number.");
    }
    let zero =
        classes.edges.first().is_some_and(|low| *low <= 0.0) && classes.edges.last().is_some_and(|end| *end >= 0.0);
    if !zero {
        text.push_str(" The colors do not begin at zero.");
    }
    text
}

fn describe(data: &HeatMap) -> String {
    let place = |along: &Along, at: usize| match along {
        Along::Values(values) => values.get(at).copied().unwrap_or(f64::NAN),
        Along::Edges(edges) => edges.get(at..at + 2).map_or(f64::NAN, |pair| (pair[0] + pair[1]) / 2.0),
        Along::Between(..) => f64::NAN,
    };
    let mut all: Vec<[f64; 3]> = match &data.field {
        Field::Points(points) => points.clone(),
        Field::Cells(rows) => {
            let row = |(row, values): (usize, &Vec<f64>)| {
                let at =
                    |(column, value): (usize, &f64)| [place(&data.x.along, column), place(&data.y.along, row), *value];
                values.iter().enumerate().map(at).collect::<Vec<_>>()
            };
            rows.iter().enumerate().flat_map(row).collect()
        }
    };
    all.retain(|point| axis::usable(point[2]));
    all.sort_by(|a, b| a[2].total_cmp(&b[2]));
    let short = |value: f64| theme::trimmed(&theme::significant(value, 3)).to_owned();
    let at = |[x, y, value]: &[f64; 3]| {
        format!("{} at {} {} and {} {}", short(*value), data.x.label, short(*x), data.y.label, short(*y))
    };
    let ends = match (all.first(), all.last()) {
        (Some(low), Some(high)) => format!("lowest {}, highest {}", at(low), at(high)),
        _ => "no data".to_owned(),
    };
    format!("{}. {} {} at {} places: {ends}. {}", data.title, data.subtitle, data.quantity, all.len(), data.note)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edges(values: &[f64]) -> Vec<String> {
        let classes = Classes::of(values.iter().copied(), false);
        classes.edges.iter().map(|edge| classes.text(*edge)).collect()
    }

    #[test]
    fn classes_are_round_and_part_the_signs() {
        assert_eq!(edges(&[-0.03, 0.21]), ["−0.05", "0.00", "0.05", "0.10", "0.15", "0.20", "0.25"]);
        assert_eq!(edges(&[0.0, 0.3]), ["0.00", "0.06", "0.12", "0.18", "0.24", "0.30"]);
        assert_eq!(edges(&[0.31, 0.34]), ["0.304", "0.312", "0.320", "0.328", "0.336", "0.344"]);
        assert_eq!(edges(&[-0.34, -0.31]).first().map(String::as_str), Some("−0.344"));
        assert_eq!(edges(&[0.2, 0.2]).len(), 2);
        assert_eq!(edges(&[]), edges(&[0.0, 1.0]));
        for (low, high) in [(-3.0, 7.0), (-1e-5, 2e-5), (0.0, 0.0), (1e6, 3e6), (0.49, 1.0), (0.51, 1.0), (-8.0, -1.0)]
        {
            let classes = Classes::of([low, high].into_iter(), false);
            assert!(classes.inks.len() + 1 == classes.edges.len() && classes.inks.len() <= 2 * SIDE, "{low} {high}");
            let (first, last) = (classes.edges[0], classes.edges[classes.edges.len() - 1]);
            assert!(
                first <= low + 1e-9 * low.abs() && high <= last + 1e-9 * high.abs(),
                "{low} {high}: {first} {last}"
            );
            let written: Vec<String> = classes.edges.iter().map(|edge| classes.text(*edge)).collect();
            assert!(written.windows(2).all(|pair| pair[0] != pair[1]), "{written:?}");
        }
    }

    #[test]
    fn values_have_the_digits_that_tell_them_apart() {
        let labels = |values: &[f64]| -> Vec<String> {
            ticks(&Along::Values(values.to_vec()), 1e4, None).into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels(&[0.0, 0.333333, 0.666667, 1.0]), ["0", "0.333", "0.667", "1"]);
        assert_eq!(labels(&[-0.333333, 12.25, 12.5]), ["−0.3333", "12.25", "12.5"]);
        assert_eq!(labels(&[1000.25, 1000.5]), ["1000.25", "1000.5"]);
        assert_eq!(labels(&[0.4]), ["0.4"]);
    }

    #[test]
    fn the_sign_has_its_color() {
        let classes = Classes::of([-1.0, 2.0].into_iter(), false);
        assert!((0..20).all(|k| theme::BELOW.contains(&classes.ink(-0.05 * f64::from(k) - 1e-9).0)));
        assert!((0..40).all(|k| theme::ABOVE.contains(&classes.ink(0.05 * f64::from(k)).0)));
        let share = Classes::of([0.1].into_iter(), true);
        assert_eq!([0.0, 0.79, 0.8, 1.0].map(|value| share.ink(value).0), [0, 3, 4, 4].map(|at| theme::ABOVE[at]));
    }
}
