//! Effects in order of their size: for each outcome one bar per factor, with the truth and the margin of error.

use super::axis::{self, Frame, Scale};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, Look, MARGIN, Marker, number, size, stroke};

/// One effect.
#[derive(Clone, Debug, PartialEq)]
pub struct ParetoBar {
    /// The factor, or the interaction.
    pub name: String,
    /// The mean estimate; not finite where there is none.
    pub estimate: f64,
    /// The truth.
    pub truth: f64,
    /// The level at which the factor works, where it has one: 0 person, 1 dyad, 2 organization; none at several.
    pub level: Option<usize>,
}

/// The effects on one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct ParetoPanel {
    /// The outcome.
    pub title: String,
    /// What the size of an effect is counted in.
    pub x_label: String,
    /// The effects, in any order.
    pub bars: Vec<ParetoBar>,
    /// Half the width of the 95% interval of one experiment: what is smaller is not told from zero.
    pub margin: f64,
}

/// Effects in order of their size.
#[derive(Clone, Debug, PartialEq)]
pub struct Pareto {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// One for each outcome, from above to below.
    pub panels: Vec<ParetoPanel>,
    /// What else a reader must know.
    pub note: String,
}

/// Height of a row of one line, and what another line adds.
const PITCH: f64 = 13.0;
const LINE: f64 = size::LABEL * LEADING;
const LEADING: f64 = 1.15;
/// Widest name of a factor with its most lines, and on a phone.
const NAME: [(f64, usize); 2] = [(150.0, 1), (92.0, 3)];

/// Lays the figure out.
pub(super) fn compose(data: &Pareto, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let mut y = scene.heading(&data.title, &data.subtitle);
    y = key(&mut scene, data, y);
    for panel in &data.panels {
        let title = metrics::wrap(&panel.title, size::PANEL, true, scene.room(), 3);
        y = scene.paragraph(&title, (MARGIN, y + size::PANEL), size::PANEL, true, theme::TEXT);
        y = draw(&mut scene, panel, y + 4.0) + 16.0;
    }
    let end = if data.note.trim_end().ends_with('.') || data.note.is_empty() { "" } else { "." };
    let note = format!(
        "{}{end} Bar: mean estimate without its sign, full where the factor raises the outcome and hollow where it lowers it. Diamond: the \
         truth without its sign. Dashed: the margin of error of one experiment (half the width of its 95% interval); smaller effects \
         are not told from none.",
        data.note.trim_end()
    );
    scene.footing(note.trim_start(), y - 14.0);
    scene
}

/// The levels that occur, each in its color, and what works at several of them; answers the place under it.
fn key(scene: &mut Scene, data: &Pareto, y: f64) -> f64 {
    let occurs = |level: Option<usize>| data.panels.iter().flat_map(|panel| &panel.bars).any(|bar| bar.level == level);
    let classes = [(Some(0), "the person"), (Some(1), "the dyad"), (Some(2), "the organization"), (None, "several")];
    // Where no bar has a level there are no classes to tell apart.
    if !(0..3).any(|level| occurs(Some(level))) {
        return y;
    }
    let base = y + 5.0 + size::LABEL * 0.7;
    let mut x = MARGIN;
    for (level, name) in classes.into_iter().filter(|(level, _)| occurs(*level)) {
        // Four of them side by side leave a phone no room for more than the word.
        let name = if scene.narrow() { name.trim_start_matches("the ").to_owned() } else { format!("works on {name}") };
        scene.rectangle((x, base - 6.0), (x + 8.0, base + 0.6), ink(level));
        scene.text(&name, (x + 12.0, base), size::LABEL, Anchor::Start, theme::TEXT);
        x += 12.0 + metrics::width(&name, size::LABEL, false) + 16.0;
    }
    base + 9.0
}

/// The color of what works at a level, or at several.
fn ink(level: Option<usize>) -> theme::Ink {
    level.map_or(theme::STRONG, |level| theme::LEVELS[level.min(2)])
}

/// A number, or that there is none.
fn written(value: f64, places: usize) -> String {
    if value.is_finite() { number(value, places) } else { "none".to_owned() }
}

/// A number with its sign, also where that is plus; what is zero in so many places has none.
fn signed(value: f64, places: usize) -> String {
    let text = written(value, places);
    let zero = !text.contains(|c: char| c.is_ascii_digit() && c != '0');
    if value.is_finite() && value > 0.0 && !zero { format!("+{text}") } else { text }
}

impl ParetoPanel {
    /// What the axis covers.
    fn range(&self) -> (f64, f64) {
        let bars = self.bars.iter().filter(|bar| axis::usable(bar.estimate));
        let sizes = bars.flat_map(|bar| [bar.estimate.abs(), bar.truth.abs()]).chain([self.margin.abs(), 0.0]);
        let high = axis::extent(sizes.filter(|size| axis::usable(*size))).map_or(0.0, |(_, high)| high);
        (0.0, if high > 0.0 { high * 1.05 } else { 1.0 })
    }

    /// Places after the point of its numbers: one more than a full axis has.
    fn places(&self) -> usize {
        axis::places(&axis::ticks(self.range(), 6)) + 1
    }
}

/// Draws one outcome's bars from `top` down and answers the lowest place that they and their axis use.
fn draw(scene: &mut Scene, panel: &ParetoPanel, top: f64) -> f64 {
    let mut bars: Vec<&ParetoBar> = panel.bars.iter().filter(|bar| axis::usable(bar.estimate)).collect();
    bars.sort_by(|a, b| b.estimate.abs().total_cmp(&a.estimate.abs()));
    let (limit, lines) = NAME[usize::from(scene.narrow())];
    let names: Vec<Vec<String>> =
        bars.iter().map(|bar| metrics::wrap(&bar.name, size::LABEL, false, limit, lines)).collect();
    let most = names.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let pitch = PITCH + (most - 1) as f64 * LINE;
    let widest = names.iter().flatten().map(|name| metrics::width(name, size::LABEL, false)).fold(0.0, f64::max);
    let left = MARGIN + widest + 10.0;
    let places = panel.places();
    let numbers: Vec<String> = bars.iter().map(|bar| signed(bar.estimate, places)).collect();
    let room = numbers.iter().map(|n| metrics::width(n, size::TICK, false)).fold(0.0, f64::max) + 6.0;
    let bottom = top + pitch * bars.len().max(2) as f64;
    let frame = Frame { left, top, right: scene.width - MARGIN - room, bottom };
    let range = panel.range();
    let across = Scale::new(range, frame.left, frame.right);
    let ticks = axis::ticks(range, axis::horizontal_room(range, frame.right - frame.left).min(6));
    axis::draw_columns(scene, frame, across, &ticks);
    let end = axis::draw_base(scene, frame, across, &ticks, Some(&panel.x_label));
    if bars.is_empty() {
        axis::draw_nothing(scene, frame, "no estimates");
        return end;
    }
    let look = Look { ink: theme::HIGHLIGHT, dash: theme::SOLID, marker: Marker::Diamond, hollow: true };
    for (row, ((bar, name), number)) in bars.iter().zip(&names).zip(&numbers).enumerate() {
        let middle = top + (row as f64 + 0.5) * pitch;
        let (from, to) = (across.at(0.0), across.at(bar.estimate.abs()));
        let (a, b) = ((from, middle - 0.3 * PITCH), (to, middle + 0.3 * PITCH));
        scene.rectangle(a, b, ink(bar.level));
        if bar.estimate < 0.0 && to - from > 2.4 {
            scene.rectangle((a.0 + 1.0, a.1 + 1.0), (b.0 - 1.0, b.1 - 1.0), theme::PAPER);
        }
        scene.label(name, (left - 6.0, middle), LEADING, Anchor::End);
        let at = (scene.width - MARGIN, middle + size::TICK * 0.36);
        scene.text(number, at, size::TICK, Anchor::End, theme::MUTED);
        if axis::usable(bar.truth) {
            scene.marker((across.at(bar.truth.abs()), middle), 2.4, look);
        }
    }
    if axis::usable(panel.margin) && panel.margin > 0.0 {
        let at = across.at(panel.margin);
        scene.line(&[(at, top), (at, bottom)], stroke::AXIS, theme::TEXT, theme::DASHED);
        let words = format!("margin of error {}", number(panel.margin, places));
        let half = metrics::width(&words, size::TICK, false) / 2.0;
        let x = at.min(scene.width - MARGIN - half).max(MARGIN + half);
        scene.text(&words, (x, top - 2.0), size::TICK, Anchor::Middle, theme::TEXT);
    }
    end
}

fn describe(data: &Pareto) -> String {
    let mut text = format!("{}. {}", data.title, data.subtitle);
    for panel in &data.panels {
        let places = panel.places();
        let bars: Vec<String> = panel
            .bars
            .iter()
            .map(|bar| format!("{} {} (truth {})", bar.name, signed(bar.estimate, places), signed(bar.truth, places)))
            .collect();
        text.push_str(&format!(
            " {} ({}): {}; margin of error {}.",
            panel.title,
            panel.x_label,
            bars.join(", "),
            written(panel.margin, places)
        ));
    }
    format!("{text} {}", data.note)
}
