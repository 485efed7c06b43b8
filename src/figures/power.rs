//! Power along a size: the curve with its band, what was simulated, the target, and the answer with its interval.

use super::axis::{self, BASE, Frame, Scale};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, MARGIN, Marker, number, size, stroke};

/// Power at a size with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PowerPoint {
    /// The size.
    pub x: f64,
    /// Power, 0 to 1.
    pub power: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The answer on the figure.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerAnswer {
    /// The size.
    pub x: f64,
    /// Where its interval begins, within the axis.
    pub low: f64,
    /// And ends.
    pub high: f64,
    /// What it says, such as `97 dyads [93, 102]`.
    pub label: String,
    /// Whether power rises along the axis, so that there is room for the label on the right.
    pub rising: bool,
}

/// Power along a size.
#[derive(Clone, Debug, PartialEq)]
pub struct Power {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// Name of the x axis.
    pub x_label: String,
    /// The curve, in the order of sizes.
    pub curve: Vec<PowerPoint>,
    /// What was simulated, each with its number of replications.
    pub points: Vec<(PowerPoint, usize)>,
    /// Power that is wanted.
    pub target: f64,
    /// The answer, if there is one.
    pub answer: Option<PowerAnswer>,
    /// What the band contains, and what else a reader must know.
    pub note: String,
}

/// Height of the frame, and on a phone.
const HEIGHT: [f64; 2] = [215.0, 160.0];
/// Radius of a disc of no replications, and what the most of them add.
const RADIUS: (f64, f64) = (1.3, 2.6);

/// Lays the figure out.
pub(super) fn compose(data: &Power, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let top = scene.heading(&data.title, &data.subtitle);
    let base = top + 5.0 + size::PANEL * 0.8;
    scene.bold("Power", (MARGIN, base), size::PANEL, Anchor::Start);
    let after = MARGIN + metrics::width("Power", size::PANEL, true) + 6.0;
    scene.text("share of experiments that find it", (after, base), size::LABEL, Anchor::Start, theme::MUTED);

    let rows = axis::ticks((0.0, 1.0), 6);
    let frame = Frame {
        left: MARGIN + axis::widest(&rows) + 6.0,
        top: base + 9.0,
        right: scene.width - MARGIN - 8.0,
        bottom: base + 9.0 + HEIGHT[usize::from(scene.narrow())],
    };
    let seen = data.curve.iter().chain(data.points.iter().map(|(point, _)| point)).map(|point| point.x);
    let range = axis::padded(axis::extent(seen).unwrap_or((0.0, 1.0)), 0.02);
    let (across, up) = (Scale::new(range, frame.left, frame.right), Scale::new((0.0, 1.0), frame.bottom, frame.top));
    axis::draw_rows(&mut scene, frame, up, &rows);
    let room = axis::horizontal_room(range, frame.right - frame.left);
    axis::draw_base(&mut scene, frame, across, &axis::ticks(range, room), Some(&data.x_label));
    if data.points.is_empty() {
        axis::draw_nothing(&mut scene, frame, "no replications");
    }

    let usable = |point: &&PowerPoint| [point.x, point.power, point.low, point.high].into_iter().all(axis::usable);
    let curve: Vec<&PowerPoint> = data.curve.iter().filter(usable).collect();
    let edge = |of: fn(&PowerPoint) -> f64| curve.iter().map(move |point| (across.at(point.x), up.at(of(point))));
    let band = edge(|point| point.high).chain(edge(|point| point.low).rev()).collect();
    scene.shape(band, theme::WEAK.with_alpha(0.75));

    draw_target(&mut scene, data, frame, across, up);
    let line: Vec<_> = edge(|point| point.power).collect();
    scene.line(&line, stroke::LINE, theme::STRONG, theme::SOLID);
    let most = data.points.iter().map(|(_, count)| *count).max().unwrap_or(1).max(1) as f64;
    for (point, count) in data.points.iter().filter(|(point, _)| usable(&point)) {
        let x = across.at(point.x);
        scene.line(&[(x, up.at(point.low)), (x, up.at(point.high))], stroke::AXIS, theme::STRONG, theme::SOLID);
        let radius = RADIUS.0 + RADIUS.1 * (*count as f64 / most).sqrt();
        let disc = |radius: f64| Marker::Disc.outline((x, up.at(point.power)), radius);
        scene.shape(disc(radius + 0.6), theme::PAPER);
        scene.shape(disc(radius), theme::STRONG);
    }
    draw_answer(&mut scene, data, frame, across, up);
    scene.footing(&data.note, frame.bottom + BASE);
    scene
}

/// The power that is wanted, from side to side.
fn draw_target(scene: &mut Scene, data: &Power, frame: Frame, across: Scale, up: Scale) {
    let y = up.at(data.target);
    scene.line(&[(frame.left, y), (frame.right, y)], stroke::AXIS + 0.2, theme::TEXT, theme::DASHED);
    let name = format!("{} wanted", theme::trimmed(&number(data.target, 4)));
    let width = metrics::width(&name, size::TICK, false);
    // Where the curve is far from the line: at its start if power rises from below, else at its end.
    let near = |x: f64| {
        let close = data.curve.iter().filter(|point| (across.at(point.x) - x).abs() < width + 10.0);
        close
            .map(|point| (up.at(point.high) - y).min(0.0).abs().max((up.at(point.low) - y).max(0.0)))
            .fold(f64::INFINITY, f64::min)
    };
    let (start, end) = (frame.left + 3.0, frame.right - 3.0);
    if near(start) >= near(end) {
        scene.text(&name, (start, y - 3.0), size::TICK, Anchor::Start, theme::TEXT);
    } else {
        scene.text(&name, (end, y - 3.0), size::TICK, Anchor::End, theme::TEXT);
    }
}

/// The answer: from the target down to the axis, its interval on the axis.
fn draw_answer(scene: &mut Scene, data: &Power, frame: Frame, across: Scale, up: Scale) {
    let Some(answer) = data.answer.as_ref().filter(|answer| axis::usable(answer.x)) else { return };
    let ink = theme::HIGHLIGHT;
    let (x, y) = (across.at(answer.x), up.at(data.target));
    scene.line(&[(x, y), (x, frame.bottom)], stroke::LINE * 0.7, ink, theme::SOLID);
    let (low, high) = (across.at(answer.low), across.at(answer.high));
    let foot = frame.bottom - 5.0;
    scene.line(&[(low, foot), (high, foot)], 2.4, ink, theme::SOLID);
    for end in [low, high] {
        scene.line(&[(end, foot - 3.2), (end, foot + 3.2)], stroke::AXIS + 0.3, ink, theme::SOLID);
    }
    let width = metrics::width(&answer.label, size::LABEL, true);
    let (to_right, to_left) = (high + 6.0 + width < frame.right, low - 6.0 - width > frame.left);
    let beside = foot + size::LABEL * 0.3;
    let (at, anchor) = match (to_right, to_left) {
        (true, left) if answer.rising || !left => ((high + 6.0, beside), Anchor::Start),
        (_, true) => ((low - 6.0, beside), Anchor::End),
        // An interval that takes the whole axis: above it.
        _ => ((frame.right - 4.0, foot - 6.0), Anchor::End),
    };
    scene.bold(&answer.label, at, size::LABEL, anchor);
}

fn describe(data: &Power) -> String {
    let mut text = format!("{}. {} Power along {}:", data.title, data.subtitle, data.x_label);
    for (point, count) in data.points.iter().filter(|(point, _)| axis::usable(point.power)) {
        let x = theme::trimmed(&theme::significant(point.x, 6)).to_owned();
        text.push_str(&format!(" {} at {x} ({} replications);", number(point.power, 2), theme::count(*count)));
    }
    match &data.answer {
        Some(answer) => {
            text.push_str(&format!(" power {} at {}.", theme::trimmed(&number(data.target, 4)), answer.label))
        }
        None => text.push_str(&format!(" power {} at no size shown.", theme::trimmed(&number(data.target, 4)))),
    }
    format!("{text} {}", data.note)
}
