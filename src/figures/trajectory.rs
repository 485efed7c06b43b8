//! States over weeks, per arm: panels side by side, a line with an interval for each arm.

use super::axis::{BASE, Frame};
use super::lines::{self, Plan};
use super::multiples;
use super::scene::Scene;
use super::theme::{GUTTER, MARGIN};

/// A mean with its interval at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The moment, in the unit of the x axis.
    pub x: f64,
    /// The mean; a point without a finite mean is left out.
    pub mean: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

/// The course of one arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// The arm's name.
    pub label: String,
    /// Its points, in the order of time.
    pub points: Vec<Point>,
}

/// One state of all arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// The state.
    pub title: String,
    /// What is measured, with its unit.
    pub y_label: String,
    /// One for each arm; an arm looks the same in every panel that names it.
    pub series: Vec<Series>,
    /// A range to show at least; widened where the data go beyond it.
    pub y_range: Option<(f64, f64)>,
}

/// States over weeks, per arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// One panel for each state.
    pub panels: Vec<Panel>,
    /// Name of the x axis, such as `week`.
    pub x_label: String,
    /// Moments to mark, with what happens then.
    pub marks: Vec<(f64, String)>,
    /// What the interval contains, and what else a reader must know.
    pub note: String,
}

/// Lays the figure out.
pub(super) fn compose(data: &Trajectory, width: f64) -> Scene {
    let mut scene =
        Scene::new(&data.title, lines::describe(&data.title, &data.subtitle, &data.panels, &data.note), width);
    let mut y = scene.heading(&data.title, &data.subtitle);
    let mut plan = Plan::new(&data.panels, &data.x_label, &data.marks, 190.0, scene.narrow());
    if plan.apart() {
        return multiples::compose(scene, &plan, &data.panels, &data.note, y);
    }
    // With many lines the names of some stand beside each panel, which takes a panel a row.
    let columns = match data.panels.len() {
        _ if plan.crowd() || scene.narrow() => 1,
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    };
    let height = match (columns, data.panels.len() > columns) {
        _ if scene.narrow() => 112.0,
        (1, true) => 118.0,
        (1, false) => 190.0,
        (2, false) => 165.0,
        _ => 130.0,
    };
    plan = Plan::new(&data.panels, &data.x_label, &data.marks, height, scene.narrow());
    if plan.keyed {
        y = plan.draw_key(&mut scene, y);
    }
    // Where all panels of a row name the same arms, the last one names them for all.
    let shared = data.panels.iter().all(|panel| lines::names(panel) == lines::names(&data.panels[0]));
    let left = data.panels.iter().map(|panel| plan.left_room(panel, height)).fold(0.0, f64::max);
    let total = scene.room();
    let labels = if plan.keyed { 0.0 } else { plan.label_room };
    let rooms = if shared { 1.0 } else { columns as f64 };
    let count = columns as f64;
    let inner = (total - labels * rooms - GUTTER * (count - 1.0)) / count - left;
    for row in data.panels.chunks(columns) {
        let head =
            row.iter().map(|panel| plan.head_room(panel, left + inner, (left, left + inner))).fold(0.0, f64::max);
        let mut x = MARGIN;
        let top = y + head;
        for (index, panel) in row.iter().enumerate() {
            let named = !shared || index + 1 == row.len();
            plan.name_lines = named && !plan.keyed;
            let frame = Frame { left: x + left, top, right: x + left + inner, bottom: top + height };
            plan.draw(&mut scene, panel, frame, (x, y), true, true);
            x += left + inner + GUTTER + if shared { 0.0 } else { labels };
        }
        y = top + height + BASE + 8.0;
    }
    scene.footing(&plan.note(&data.note), y - 8.0);
    scene
}
