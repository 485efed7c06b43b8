//! How coaching turns feel, week by week: the share of each class, an arm a frame.

use super::axis::{self, BASE, Frame, Scale};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, GUTTER, MARGIN, look, number, size};

/// The turns of one week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareWeek {
    /// The week.
    pub week: f64,
    /// The share of each class, from 0 to 1.
    pub shares: [f64; 4],
    /// Turns beside those of the busiest week of all arms, from 0 to 1: the width of the bar.
    pub weight: f64,
}

/// The turns of one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct SharePanel {
    /// The arm.
    pub arm: String,
    /// Its place among all arms.
    pub look: usize,
    /// What to say in a line under its name.
    pub caption: String,
    /// The weeks that have turns.
    pub weeks: Vec<ShareWeek>,
}

/// The classes of turns over the weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// The classes, from severe to developmental, each with what it means.
    pub classes: [String; 4],
    /// One for each arm.
    pub panels: Vec<SharePanel>,
    /// What else a reader must know.
    pub note: String,
}

/// Lays the figure out.
pub(super) fn compose(data: &Shares, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let y = scene.heading(&data.title, &data.subtitle);
    let mut y = key(&mut scene, &data.classes, y);
    let columns = match data.panels.len() {
        0 | 1 => 1,
        2..=3 if scene.narrow() => 1,
        2..=4 => 2,
        _ if scene.narrow() => 2,
        _ => 3,
    };
    let height = if scene.narrow() { 76.0 } else { [150.0, 110.0, 76.0][columns - 1] };
    let count = columns as f64;
    let rows = axis::ticks((0.0, 100.0), 3);
    let left = axis::widest(&rows) + 12.0;
    let cell = (scene.room() - GUTTER * (count - 1.0)) / count;
    let weeks = data.panels.iter().flat_map(|panel| panel.weeks.iter().map(|week| week.week));
    let (first, last) = axis::extent(weeks).unwrap_or((1.0, 1.0));
    let range = (first - 0.5, last + 0.5);
    let most = if scene.narrow() { 5 } else { 3 };
    for row in data.panels.chunks(columns) {
        let heads: Vec<[Vec<String>; 2]> = row
            .iter()
            .map(|panel| {
                let name = metrics::wrap(&panel.arm, size::PANEL, true, cell - 9.0, most);
                [name, metrics::wrap(&panel.caption, size::TICK, false, cell, most)]
            })
            .collect();
        let room = |[name, caption]: &[Vec<String>; 2]| {
            (name.len() as f64 * size::PANEL + caption.len() as f64 * size::TICK) * size::LEADING + 8.0
        };
        let top = y + heads.iter().map(room).fold(0.0, f64::max);
        for (place, (panel, [name, caption])) in row.iter().zip(&heads).enumerate() {
            let x = MARGIN + place as f64 * (cell + GUTTER);
            let frame = Frame { left: x + left, top, right: x + cell, bottom: top + height };
            scene.marker((x + 3.0, y + size::PANEL * 0.64), 2.6, look(panel.look));
            let after = scene.paragraph(name, (x + 9.0, y + size::PANEL), size::PANEL, true, theme::TEXT);
            scene.paragraph(caption, (x, after - 1.0), size::TICK, false, theme::MUTED);
            draw(&mut scene, panel, frame, range, &rows);
        }
        y = top + height + BASE + 8.0;
    }
    scene.footing(&data.note, y - 8.0);
    scene
}

/// One arm: a bar a week, the worst at its foot.
fn draw(scene: &mut Scene, panel: &SharePanel, frame: Frame, range: (f64, f64), rows: &[axis::Tick]) {
    let up = Scale::new((0.0, 100.0), frame.bottom, frame.top);
    let across = Scale::new(range, frame.left, frame.right);
    for tick in rows {
        let at = (frame.left - 4.0, up.at(tick.value) + size::TICK * 0.36);
        scene.text(&format!("{}%", tick.label), at, size::TICK, Anchor::End, theme::MUTED);
    }
    for ShareWeek { week, shares, weight } in &panel.weeks {
        let half = 0.5 * if axis::usable(*weight) { weight.clamp(0.12, 1.0) } else { 1.0 };
        let (left, right) = (across.at(week - half), across.at(week + half));
        let mut foot = 0.0;
        for (share, ink) in shares.iter().zip(theme::QUALITIES) {
            let head = (foot + 100.0 * share).min(100.0);
            if head > foot {
                scene.rectangle((left, up.at(foot)), (right, up.at(head)), ink);
            }
            foot = head;
        }
    }
    let room = axis::horizontal_room(range, frame.right - frame.left);
    axis::draw_base(scene, frame, across, &axis::week_ticks(range, room), Some("week"));
    if panel.weeks.is_empty() {
        axis::draw_nothing(scene, frame, "no coaching turns");
    }
}

/// What the colors mean, from the foot of a bar up; answers the place under it.
fn key(scene: &mut Scene, classes: &[String; 4], y: f64) -> f64 {
    let room = scene.room();
    let (mut x, mut base) = (MARGIN, y + 5.0 + size::LABEL * 0.7);
    for (class, ink) in classes.iter().zip(theme::QUALITIES) {
        let words = metrics::shorten(class, size::LABEL, false, room - 12.0);
        let width = 12.0 + metrics::width(&words, size::LABEL, false);
        if x > MARGIN && x + width > scene.width - MARGIN {
            (x, base) = (MARGIN, base + size::LABEL * 1.5);
        }
        scene.rectangle((x, base - 6.0), (x + 8.0, base + 0.6), ink);
        scene.text(&words, (x + 12.0, base), size::LABEL, Anchor::Start, theme::TEXT);
        x += width + 14.0;
    }
    base + 9.0
}

fn describe(data: &Shares) -> String {
    let mut text = format!("{}. {}", data.title, data.subtitle);
    for panel in &data.panels {
        text.push_str(&format!(" {}: {}", panel.arm, panel.caption));
        let mut whole = panel.weeks.iter().filter(|week| week.shares.iter().all(|share| axis::usable(*share)));
        if let Some(first) = whole.next() {
            let last = whole.next_back().unwrap_or(first);
            for (class, name) in data.classes.iter().enumerate() {
                let percent = |week: &ShareWeek| number(100.0 * week.shares[class], 0);
                text.push_str(&format!(
                    "; {name} {}% in week {}, {}% in week {}",
                    percent(first),
                    number(first.week, 0),
                    percent(last),
                    number(last.week, 0)
                ));
            }
        }
        text.push('.');
    }
    format!("{text} {}", data.note)
}
