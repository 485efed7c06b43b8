//! How often destructive episodes occur: for each arm a dot with its interval, for each kind of episode a column.

use super::axis::{self, BASE, Frame, Scale};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, MARGIN, significant, size, stroke};

/// A rate with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The mean; not finite where it is unknown.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The rates of one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmRates {
    /// The arm's name.
    pub arm: String,
    /// Its place among all arms: it looks as in every other figure.
    pub look: usize,
    /// One rate for each kind, in the order of [`Episodes::kinds`].
    pub rates: Vec<Rate>,
}

/// Destructive episodes per arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Episodes {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// Kinds of episodes, such as destructive, severe, undermining, breaches.
    pub kinds: Vec<String>,
    /// Unit of all rates, such as `per 100 turns`.
    pub unit: String,
    /// One for each arm, from above to below.
    pub arms: Vec<ArmRates>,
    /// What the interval contains, and what else a reader must know.
    pub note: String,
}

/// Columns in a row of the figure, and on a phone.
const COLUMNS: [usize; 2] = [4, 2];
/// Space between two columns.
const GAP: f64 = 12.0;
/// Widest name of an arm, and on a phone.
const NAME: [f64; 2] = [118.0, 88.0];

/// Lays the figure out.
pub(super) fn compose(data: &Episodes, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let mut y = scene.heading(&data.title, &data.subtitle);
    let narrow = usize::from(scene.narrow());
    let most = COLUMNS[narrow];
    let names: Vec<Vec<String>> =
        data.arms.iter().map(|arm| metrics::wrap(&arm.arm, size::LABEL, false, NAME[narrow], 3 + narrow)).collect();
    let widest = names.iter().flatten().map(|name| metrics::width(name, size::LABEL, false)).fold(0.0, f64::max);
    let lines = names.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let pitch = (lines as f64 * size::LABEL * 1.15 + 6.0).max(18.0);
    let columns = data.kinds.len().clamp(1, most) as f64;
    let start = MARGIN + widest + 12.0;
    let cell = (scene.width - MARGIN - start - GAP * (columns - 1.0)) / columns;
    for (group, kinds) in data.kinds.chunks(most).enumerate() {
        let titles: Vec<Vec<String>> =
            kinds.iter().map(|kind| metrics::wrap(kind, size::PANEL, true, cell, 3)).collect();
        let head = titles.iter().map(Vec::len).max().unwrap_or(0) as f64 * size::PANEL * size::LEADING + 4.0;
        let (top, bottom) = (y + head, y + head + pitch * data.arms.len().max(1) as f64);
        let middle = |row: usize| top + (row as f64 + 0.5) * pitch;
        for (row, name) in names.iter().enumerate() {
            scene.label(name, (start - 12.0, middle(row)), 1.15, Anchor::End);
        }
        for (column, (_, title)) in kinds.iter().zip(&titles).enumerate() {
            let left = start + column as f64 * (cell + GAP);
            let base = top - 4.0 - (title.len() as f64 - 1.0) * size::PANEL * size::LEADING;
            scene.paragraph(title, (left, base), size::PANEL, true, theme::TEXT);
            let frame = Frame { left, top, right: left + cell, bottom };
            let rates: Vec<(usize, Option<Rate>)> =
                data.arms.iter().map(|arm| (arm.look, arm.rates.get(group * most + column).copied())).collect();
            draw_column(&mut scene, frame, &rates, middle);
        }
        // The unit is that of all columns, which are too narrow to say it each.
        let room = scene.width - MARGIN - start;
        let unit = metrics::shorten(&data.unit, size::LABEL, false, room);
        let at = (start + room / 2.0, bottom + 6.0 + size::TICK + size::LABEL);
        scene.text(&unit, at, size::LABEL, Anchor::Middle, theme::TEXT);
        y = bottom + BASE + 14.0;
    }
    // What the drawing adds to the caller's note.
    let end = if data.note.trim_end().ends_with('.') || data.note.is_empty() { "" } else { "." };
    let note = format!("{}{end} Numbers on the right: the means.", data.note.trim_end());
    scene.footing(note.trim_start(), y - 14.0);
    scene
}

/// One kind of episode: a dot with its interval and its number for each arm.
fn draw_column(scene: &mut Scene, frame: Frame, rates: &[(usize, Option<Rate>)], middle: impl Fn(usize) -> f64) {
    let known: Vec<Option<Rate>> = rates.iter().map(|(_, rate)| rate.filter(|r| axis::usable(r.mean))).collect();
    let range = axis::extent(known.iter().flatten().flat_map(|r| [r.mean, r.low, r.high]).chain([0.0]));
    let (low, high) = range.filter(|(a, b)| a < b).unwrap_or((0.0, 1.0));
    let air = (high - low) * 0.05;
    // Rates start at zero, so that lengths compare; only negative values move the start.
    let range = (if low < 0.0 { low - air } else { 0.0 }, high + air);
    let numbers: Vec<String> =
        known.iter().map(|rate| rate.map_or("–".to_string(), |r| significant(r.mean, digits(r.mean)))).collect();
    let room = numbers.iter().map(|n| metrics::width(n, size::TICK, false)).fold(0.0, f64::max) + 5.0;
    let plot = Frame { right: frame.right - room, ..frame };
    let across = Scale::new(range, plot.left, plot.right);
    let ticks = axis::ticks(range, axis::horizontal_room(range, plot.right - plot.left).min(4));
    axis::draw_columns(scene, plot, across, &ticks);
    axis::draw_base(scene, plot, across, &ticks, Some(""));
    let zero = across.at(0.0);
    scene.line(&[(zero, plot.top), (zero, plot.bottom)], stroke::AXIS, theme::AXIS, theme::SOLID);
    for (row, ((rate, number), (index, _))) in known.iter().zip(&numbers).zip(rates).enumerate() {
        let look = theme::look(*index);
        let y = middle(row);
        if row > 0 {
            let edge = (y + middle(row - 1)) / 2.0;
            scene.line(&[(plot.left, edge), (frame.right, edge)], stroke::GRID, theme::GRID, theme::SOLID);
        }
        if let Some(rate) = rate {
            if axis::usable(rate.low) && axis::usable(rate.high) {
                let (a, b) = (across.at(rate.low), across.at(rate.high));
                scene.line(&[(a.min(b), y), (a.max(b), y)], stroke::LINE, look.ink, theme::SOLID);
                for end in [a, b] {
                    scene.line(&[(end, y - 2.2), (end, y + 2.2)], stroke::AXIS, look.ink, theme::SOLID);
                }
            }
            scene.marker((across.at(rate.mean), y), 2.7, look);
        }
        scene.text(number, (frame.right, y + size::TICK * 0.36), size::TICK, Anchor::End, theme::MUTED);
    }
    if rates.is_empty() {
        axis::draw_nothing(scene, plot, "no data");
    }
}

/// Digits that a rate deserves beside its dot.
fn digits(mean: f64) -> i32 {
    if mean.abs() >= 10.0 { 3 } else { 2 }
}

fn describe(data: &Episodes) -> String {
    let mut text = format!("{}. {} Rates {}.", data.title, data.subtitle, data.unit);
    for arm in &data.arms {
        let rates: Vec<String> = data
            .kinds
            .iter()
            .zip(&arm.rates)
            .map(|(kind, rate)| {
                let [mean, low, high] = [rate.mean, rate.low, rate.high].map(|value| significant(value, 2));
                format!("{kind} {mean} [{low}, {high}]")
            })
            .collect();
        text.push_str(&format!(" {}: {}.", arm.arm, rates.join(", ")));
    }
    format!("{text} {}", data.note)
}
