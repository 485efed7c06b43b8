//! All hypotheses in one picture: estimate, interval, truth and smallest effect of interest of each.

use super::axis::{self, BASE, Frame, Scale};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, Look, MARGIN, Marker, significant, size, stroke};

/// What a study finds of one hypothesis.
#[derive(Clone, Debug, PartialEq)]
pub struct ForestRow {
    /// Its id and what it states.
    pub name: String,
    /// The same in a few words, for a figure of many.
    pub short: String,
    /// Mean estimate on the axis; not finite where there is none.
    pub estimate: f64,
    /// Where the interval of the estimates begins.
    pub low: f64,
    /// And ends.
    pub high: f64,
    /// The true effect.
    pub truth: Option<f64>,
    /// The smallest effect of interest, on the side where it is expected; on both sides of an open question.
    pub smallest: Vec<f64>,
    /// Estimate and interval with their unit, to stand beside it.
    pub numbers: String,
    /// How often experiments find it, to stand beside that.
    pub power: String,
}

/// All hypotheses of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Forest {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// What the axis measures, with its unit.
    pub x_label: String,
    /// From above to below.
    pub rows: Vec<ForestRow>,
    /// What the interval of the estimates is called.
    pub interval: String,
    /// What the interval contains, and what else a reader must know.
    pub note: String,
}

/// Widest name.
const NAME: f64 = 176.0;
/// Widest numbers.
const NUMBERS: f64 = 104.0;
/// Distance of two lines of a name.
const LINE: f64 = size::LABEL * LEADING;
const LEADING: f64 = 1.18;

fn truth_look() -> Look {
    Look { ink: theme::HIGHLIGHT, dash: theme::SOLID, marker: Marker::Diamond, hollow: true }
}

fn estimate_look() -> Look {
    Look { ink: theme::STRONG, dash: theme::SOLID, marker: Marker::Disc, hollow: false }
}

/// Lays the figure out.
pub(super) fn compose(data: &Forest, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let y = scene.heading(&data.title, &data.subtitle);
    let y = key(&mut scene, &data.interval, y);
    if scene.narrow() {
        return stacked(scene, data, y);
    }
    let head = head(data);
    // Many hypotheses have short names: the description has them whole.
    let lines = if data.rows.len() <= 12 { 6 } else { 2 };
    let name = |row: &ForestRow| {
        let whole = metrics::wrap(&row.name, size::LABEL, false, NAME, lines);
        if data.rows.len() <= 12 { whole } else { metrics::wrap(&row.short, size::LABEL, false, NAME, lines) }
    };
    let names: Vec<Vec<String>> = data.rows.iter().map(name).collect();
    let numbers: Vec<Vec<String>> =
        data.rows.iter().map(|row| metrics::wrap(&row.numbers, size::TICK, false, NUMBERS, 2)).collect();
    let widest = |all: &[Vec<String>], size: f64| {
        all.iter().flatten().map(|line| metrics::width(line, size, false)).fold(0.0, f64::max)
    };
    // What stands beside power stands under it.
    let power = |row: &ForestRow| -> Vec<String> { row.power.split("; ").map(str::to_owned).collect() };
    let powers: Vec<Vec<String>> = data.rows.iter().map(power).collect();
    let power_room = widest(&powers, size::TICK).max(24.0);
    let numbers_room = widest(&numbers, size::TICK).max(metrics::width(&head, size::TICK, false));
    let heights: Vec<f64> = names
        .iter()
        .zip(&numbers)
        .zip(&powers)
        .map(|((name, numbers), power)| {
            (name.len() as f64 * LINE).max(numbers.len().max(power.len()) as f64 * size::TICK * 1.18) + 7.0
        })
        .collect();
    let top = y + size::TICK * 1.5 + 4.0;
    let bottom = top + heights.iter().sum::<f64>().max(24.0);
    let power_at = scene.width - MARGIN;
    let numbers_at = power_at - power_room - 8.0;
    let left = MARGIN + widest(&names, size::LABEL) + 10.0;
    let frame = Frame { left, top, right: (numbers_at - numbers_room - 8.0).max(left + 40.0), bottom };
    let range = range(data);
    let across = Scale::new(range, frame.left, frame.right);
    let ticks = axis::ticks(range, axis::horizontal_room(range, frame.right - frame.left));
    axis::draw_columns(&mut scene, frame, across, &ticks);
    axis::draw_base(&mut scene, frame, across, &ticks, Some(""));
    let zero = across.at(0.0);
    scene.line(&[(zero, top), (zero, bottom)], stroke::AXIS, theme::AXIS, theme::SOLID);
    let base = top - 5.0;
    scene.text(&head, (numbers_at, base), size::TICK, Anchor::End, theme::MUTED);
    scene.text("power", (power_at, base), size::TICK, Anchor::End, theme::MUTED);
    if data.rows.is_empty() {
        axis::draw_nothing(&mut scene, frame, "no hypotheses");
    }
    let mut y = top;
    for (index, row) in data.rows.iter().enumerate() {
        let middle = y + heights[index] / 2.0;
        if index > 0 {
            scene.line(&[(MARGIN, y), (scene.width - MARGIN, y)], stroke::GRID, theme::GRID, theme::SOLID);
        }
        scene.label(&names[index], (MARGIN, middle), LEADING, Anchor::Start);
        draw_row(&mut scene, row, across, middle);
        let step = size::TICK * 1.18;
        for (lines, at) in [(&numbers[index], numbers_at), (&powers[index], power_at)] {
            let mut base = middle - (lines.len() as f64 - 1.0) * step / 2.0 + size::TICK * 0.36;
            for line in lines {
                scene.text(line, (at, base), size::TICK, Anchor::End, theme::TEXT);
                base += step;
            }
        }
        y += heights[index];
    }
    // The name of the axis may be wider than the frame, and has the whole page.
    let label = metrics::shorten(&data.x_label, size::LABEL, false, scene.width - 2.0 * MARGIN - 1.0);
    let half = metrics::width(&label, size::LABEL, false) / 2.0;
    let at = f64::midpoint(frame.left, frame.right).min(scene.width - MARGIN - half).max(MARGIN + half);
    let base = bottom + 6.0 + size::TICK + size::LABEL;
    scene.text(&label, (at, base), size::LABEL, Anchor::Middle, theme::TEXT);
    scene.footing(&data.note, bottom + BASE);
    scene
}

/// What the axis covers.
fn range(data: &Forest) -> (f64, f64) {
    let values = data.rows.iter().flat_map(|row| {
        let all = [row.estimate, row.low, row.high, row.truth.unwrap_or(f64::NAN)];
        all.into_iter().chain(row.smallest.iter().copied())
    });
    axis::padded(axis::extent(values.chain([0.0])).unwrap_or((0.0, 1.0)), 0.04)
}

/// Height of a row's marks where its words stand above them.
const STRIP: f64 = 19.0;

/// On a phone: name and numbers of each hypothesis above its marks.
fn stacked(mut scene: Scene, data: &Forest, y: f64) -> Scene {
    let (left, right) = (MARGIN + 4.0, scene.width - MARGIN - 4.0);
    let range = range(data);
    let across = Scale::new(range, left, right);
    let ticks = axis::ticks(range, axis::horizontal_room(range, right - left));
    let mut frame = Frame { left, top: y, right, bottom: y };
    let mut y = y;
    for (index, row) in data.rows.iter().enumerate() {
        if index > 0 {
            scene.line(&[(MARGIN, y), (scene.width - MARGIN, y)], stroke::GRID, theme::AXIS, theme::SOLID);
        }
        let name = if data.rows.len() <= 12 { &row.name } else { &row.short };
        let name = metrics::wrap(name, size::LABEL, false, scene.room(), 8);
        let after = scene.paragraph(&name, (MARGIN, y + 5.0 + size::LABEL), size::LABEL, false, theme::TEXT);
        let numbers = [row.numbers.clone(), format!("power {}", row.power)];
        let numbers: Vec<String> = numbers.into_iter().filter(|part| !part.is_empty()).collect();
        let numbers = metrics::wrap(&numbers.join(", "), size::TICK, false, scene.room(), 3);
        let after = scene.paragraph(&numbers, (MARGIN, after), size::TICK, false, theme::MUTED);
        let top = after - size::TICK * 0.7;
        frame = Frame { top, bottom: top + STRIP, ..frame };
        axis::draw_columns(&mut scene, frame, across, &ticks);
        let zero = across.at(0.0);
        scene.line(&[(zero, frame.top), (zero, frame.bottom)], stroke::AXIS, theme::AXIS, theme::SOLID);
        draw_row(&mut scene, row, across, top + STRIP / 2.0 + 1.5);
        y = frame.bottom;
    }
    if data.rows.is_empty() {
        frame.bottom += 30.0;
        axis::draw_nothing(&mut scene, frame, "no hypotheses");
    }
    let end = axis::draw_base(&mut scene, frame, across, &ticks, Some(&data.x_label));
    scene.footing(&format!("{} Numbers: {}.", data.note.trim_end(), head(data)), end);
    scene
}

fn head(data: &Forest) -> String {
    format!("mean [{}]", data.interval)
}

/// How far the truth stands above the estimate, so that neither hides the other.
const ABOVE: f64 = 3.8;

/// Interval, smallest effect of interest, estimate and truth.
fn draw_row(scene: &mut Scene, row: &ForestRow, across: Scale, middle: f64) {
    for smallest in row.smallest.iter().filter(|v| axis::usable(**v)) {
        smallest_mark(scene, (across.at(*smallest), middle));
    }
    if axis::usable(row.low) && axis::usable(row.high) {
        let (low, high) = (across.at(row.low), across.at(row.high));
        scene.line(&[(low, middle), (high, middle)], stroke::LINE, theme::STRONG, theme::SOLID);
        for end in [low, high] {
            scene.line(&[(end, middle - 2.4), (end, middle + 2.4)], stroke::AXIS, theme::STRONG, theme::SOLID);
        }
    }
    if axis::usable(row.estimate) {
        scene.marker((across.at(row.estimate), middle), 2.7, estimate_look());
    }
    if let Some(truth) = row.truth.filter(|v| axis::usable(*v)) {
        scene.marker((across.at(truth), middle - ABOVE), 2.5, truth_look());
    }
}

fn smallest_mark(scene: &mut Scene, (x, y): (f64, f64)) {
    scene.line(&[(x, y - 6.0), (x, y + 6.0)], stroke::LINE, theme::AXIS, &[2.0, 1.2]);
}

/// What the marks mean; answers the place under it.
fn key(scene: &mut Scene, interval: &str, y: f64) -> f64 {
    let mut center = y + 6.0;
    let mut x = MARGIN;
    let estimate = format!("mean estimate, {interval} of estimates");
    for (index, words) in [&estimate, "truth", "smallest effect of interest"].into_iter().enumerate() {
        if x > MARGIN && x + 11.0 + metrics::width(words, size::LABEL, false) > scene.width - MARGIN {
            (x, center) = (MARGIN, center + size::LABEL * 1.5);
        }
        let base = center + size::LABEL * 0.36;
        match index {
            0 => {
                scene.line(&[(x, center), (x + 20.0, center)], stroke::LINE, theme::STRONG, theme::SOLID);
                scene.marker((x + 10.0, center), 2.7, estimate_look());
                x += 24.0;
            }
            1 => {
                scene.marker((x + 4.0, center), 2.5, truth_look());
                x += 11.0;
            }
            _ => {
                smallest_mark(scene, (x + 3.0, center));
                x += 8.0;
            }
        }
        scene.text(words, (x, base), size::LABEL, Anchor::Start, theme::TEXT);
        x += metrics::width(words, size::LABEL, false) + 18.0;
    }
    center + 8.0
}

fn describe(data: &Forest) -> String {
    let mut text = format!("{}. {} Axis: {}.", data.title, data.subtitle, data.x_label);
    for row in &data.rows {
        let known = |name: &str, value: Option<f64>| {
            value.filter(|v| axis::usable(*v)).map_or_else(String::new, |v| format!(", {name} {}", significant(v, 3)))
        };
        let numbers = if row.numbers.is_empty() { "no estimates" } else { &row.numbers };
        text.push_str(&format!(
            " {}: {numbers}, power {}{}{} on the axis.",
            row.name,
            row.power,
            known("truth", row.truth),
            row.smallest.iter().map(|one| known("smallest effect of interest", Some(*one))).collect::<String>()
        ));
    }
    format!("{text} {}", data.note)
}
