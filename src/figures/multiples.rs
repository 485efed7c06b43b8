//! Many arms over time: a row for each arm and a column for each state, and in each frame the arm's line with its band
//! before those of all others.

use super::axis::{self, BASE, Frame, Scale};
use super::courses::{back, interval, runs};
use super::lines::Plan;
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, GUTTER, MARGIN, look, size, stroke};
use super::trajectory::{Panel, Series};

/// Widest name of an arm.
const NAME: f64 = 104.0;
/// Height of all frames together, least and greatest height of one.
const HEIGHT: (f64, f64, f64) = (400.0, 36.0, 72.0);
/// A frame of less height than this has two numbers at its side.
const LOW: f64 = 55.0;
/// Space between two rows.
const GAP: f64 = 9.0;
/// Distance of two lines of a name.
const LINE: f64 = size::LABEL * 1.18;

/// Panels side by side on a page for a phone.
const NARROW: usize = 3;

/// Draws the panels from `y` down and closes the page.
pub fn compose(mut scene: Scene, plan: &Plan, panels: &[Panel], note: &str, y: f64) -> Scene {
    let blocks = if scene.narrow() { NARROW } else { panels.len().max(1) };
    let mut end = y;
    for panels in panels.chunks(blocks) {
        end = block(&mut scene, plan, panels, end) + 12.0;
    }
    let text = format!("{} Gray: the others.", plan.note(note));
    scene.footing(text.trim(), end - 12.0);
    scene
}

/// Panels side by side; answers where they end. On a page for a phone an arm's name stands above its frames.
fn block(scene: &mut Scene, plan: &Plan, panels: &[Panel], y: f64) -> f64 {
    let above = scene.narrow();
    let room = if above { scene.room() } else { NAME };
    let arms: Vec<(usize, &String)> = plan.names.iter().enumerate().filter(|(_, name)| drawn(panels, name)).collect();
    let names: Vec<Vec<String>> =
        arms.iter().map(|(_, name)| metrics::wrap(name, size::LABEL, true, room - 9.0, 4)).collect();
    let widest = names.iter().flatten().map(|line| metrics::width(line, size::LABEL, true)).fold(0.0, f64::max);
    let lines = names.iter().map(Vec::len).max().unwrap_or(1);
    let height = (HEIGHT.0 / arms.len().max(1) as f64).clamp(HEIGHT.1, HEIGHT.2);
    let height = if above { height } else { height.max(lines as f64 * LINE) };
    let left = panels.iter().map(|panel| axis::widest(&y_ticks(plan, panel, height)) + 6.0).fold(0.0, f64::max);
    let start = if above { MARGIN } else { MARGIN + 9.0 + widest + 8.0 };
    let count = panels.len().max(1) as f64;
    let cell = (scene.width - MARGIN - start - GUTTER * (count - 1.0)) / count;
    let column = |index: usize| start + index as f64 * (cell + GUTTER);
    let heads: Vec<[Vec<String>; 2]> = panels
        .iter()
        .map(|panel| {
            let most = if above { 4 } else { 2 };
            let title = metrics::wrap(&panel.title, size::PANEL, true, cell, most);
            [title, metrics::wrap(&panel.y_label, size::LABEL, false, cell, most)]
        })
        .collect();
    let head = |[title, unit]: &[Vec<String>; 2]| {
        (title.len() as f64 * size::PANEL + unit.len() as f64 * size::LABEL) * size::LEADING + 8.0
    };
    for (index, [title, unit]) in heads.iter().enumerate() {
        let y = scene.paragraph(title, (column(index), y + size::PANEL), size::PANEL, true, theme::TEXT);
        scene.paragraph(unit, (column(index), y - 1.0), size::LABEL, false, theme::MUTED);
    }
    let mut top = y + heads.iter().map(head).fold(0.0, f64::max);
    for (row, ((index, name), lines)) in arms.iter().zip(&names).enumerate() {
        let last = row + 1 == arms.len();
        let block = (lines.len().max(1) - 1) as f64 * LINE;
        let middle = if above { top + LINE / 2.0 } else { top + height / 2.0 };
        let mut base = middle - if above { 0.0 } else { block / 2.0 } + size::LABEL * 0.36;
        scene.marker((MARGIN + 3.0, middle), 2.6, look(*index));
        if above {
            top += block + LINE + 4.0;
        }
        for line in lines {
            scene.bold(line, (MARGIN + 9.0, base), size::LABEL, Anchor::Start);
            base += LINE;
        }
        for (place, panel) in panels.iter().enumerate() {
            let frame = Frame { left: column(place) + left, top, right: column(place) + cell, bottom: top + height };
            draw(scene, plan, panel, (*index, name), frame, last);
        }
        top += height + GAP;
    }
    top - GAP + BASE
}

/// Whether a series has anything to show in any panel.
fn drawn(panels: &[Panel], name: &str) -> bool {
    let mut all = panels.iter().flat_map(|panel| &panel.series).filter(|series| series.label == name);
    all.any(|series| series.points.iter().any(|p| axis::usable(p.x) && axis::usable(p.mean)))
}

/// The numbers at the side of a frame; of a small one the outermost two.
fn y_ticks(plan: &Plan, panel: &Panel, height: f64) -> Vec<axis::Tick> {
    let ticks = plan.y_ticks(panel, height.max(57.0));
    match ticks.as_slice() {
        [first, .., last] if height < LOW => vec![first.clone(), last.clone()],
        _ => ticks,
    }
}

/// One arm before the others.
fn draw(scene: &mut Scene, plan: &Plan, panel: &Panel, (index, name): (usize, &String), frame: Frame, based: bool) {
    let up = Scale::new(plan.y_range(panel), frame.bottom, frame.top);
    let across = Scale::new(plan.x_range, frame.left, frame.right);
    axis::draw_rows(scene, frame, up, &y_ticks(plan, panel, frame.bottom - frame.top));
    let room = axis::horizontal_room(plan.x_range, frame.right - frame.left);
    axis::draw_base(scene, frame, across, &plan.x_ticks(room), based.then_some(plan.x_label));
    plan.draw_marks(scene, frame, false);
    let own = |series: &&Series| series.label == *name;
    for series in panel.series.iter().filter(|series| !own(series)) {
        back(scene, &series.points, across, up);
    }
    let look = look(index);
    for piece in
        panel.series.iter().filter(own).flat_map(|s| runs(&s.points, |p| axis::usable(p.x) && axis::usable(p.mean)))
    {
        for band in runs(&piece, |p| interval(p).is_some()).iter().filter(|band| band.len() > 1) {
            let edge = |high: bool| {
                let ends =
                    band.iter().filter_map(|p| interval(p).map(|(low, top)| (p.x, if high { top } else { low })));
                ends.map(|(x, y)| (across.at(x), up.at(y))).collect::<Vec<_>>()
            };
            let lower = edge(false);
            scene.shape(edge(true).into_iter().chain(lower.into_iter().rev()).collect(), look.ink.with_alpha(0.25));
        }
        let line: Vec<_> = piece.iter().map(|p| (across.at(p.x), up.at(p.mean))).collect();
        scene.line(&line, stroke::LINE, look.ink, theme::SOLID);
        if let [only] = line.as_slice() {
            scene.marker(*only, 2.3, look);
        }
    }
}
