//! The three levels over the same weeks: person, dyad, organization, one above the other.

use super::axis::{BASE, Frame};
use super::lines::{self, Plan};
use super::multiples;
use super::scene::Scene;
use super::theme::{self, MARGIN, size};
use super::trajectory::Panel;

/// Room for the color of a level before its title.
const TAB: f64 = 9.0;
/// Height of a panel.
const HEIGHT: f64 = 92.0;

/// The three levels over time, per arm or world.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// The person, such as learning.
    pub person: Panel,
    /// The dyad, such as trust.
    pub dyad: Panel,
    /// The organization, such as climate.
    pub organization: Panel,
    /// Name of the x axis, such as `week`.
    pub x_label: String,
    /// Moments to mark, with what happens then.
    pub marks: Vec<(f64, String)>,
    /// What the interval contains, and what else a reader must know.
    pub note: String,
}

/// Lays the figure out.
pub(super) fn compose(data: &Levels, width: f64) -> Scene {
    let panels = [data.person.clone(), data.dyad.clone(), data.organization.clone()];
    let mut scene = Scene::new(&data.title, lines::describe(&data.title, &data.subtitle, &panels, &data.note), width);
    let mut y = scene.heading(&data.title, &data.subtitle);
    let mut plan = Plan::new(&panels, &data.x_label, &data.marks, HEIGHT, scene.narrow());
    if plan.apart() {
        return multiples::compose(scene, &plan, &panels, &data.note, y);
    }
    if plan.keyed {
        y = plan.draw_key(&mut scene, y);
    }
    plan.name_lines = !plan.keyed;
    plan.one_line = true;
    let left = panels.iter().map(|panel| plan.left_room(panel, HEIGHT)).fold(0.0, f64::max);
    let labels = if plan.keyed { 6.0 } else { plan.label_room };
    let right = scene.width - MARGIN - labels;
    for (index, panel) in panels.iter().enumerate() {
        let first = index == 0;
        plan.mark_labels = first;
        let top = y + plan.head_room(panel, scene.room(), (MARGIN + left, right));
        let frame = Frame { left: MARGIN + left, top, right, bottom: top + HEIGHT };
        plan.draw(&mut scene, panel, frame, (MARGIN + TAB, y), index + 1 == panels.len(), first);
        scene.rectangle((MARGIN, y + 6.0), (MARGIN + 4.0, y + 6.0 + size::PANEL), theme::LEVELS[index]);
        y = frame.bottom + 10.0;
    }
    scene.footing(&plan.note(&data.note), y - 10.0 + BASE);
    scene
}
