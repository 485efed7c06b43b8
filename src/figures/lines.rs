//! Panels of lines with intervals: what [`super::trajectory`] and [`super::levels`] share.

use super::axis::{self, Frame, Scale};
use super::courses::{interval, label_height, wrap_label};
use super::metrics;
use super::scene::{Anchor, Place, Scene};
use super::stairs;
use super::theme::{self, Look, MARGIN, look, size, stroke};
use super::trajectory::{Panel, Series};

/// With more series than this, bands would cover each other, and each has a frame of its own: see [`super::multiples`].
pub const FEW: usize = 4;
/// With more than this there is no room for that either: most lines stand back, and those at the edges are named.
pub const SEVERAL: usize = 12;
/// Widest label at the end of a line.
pub const LABEL_WIDTH: f64 = 88.0;
/// Most rows of names of marked moments; more moments than this are named in the note.
const ROWS: usize = 4;
/// Height of such a row.
const ROW: f64 = size::TICK * 1.25;
/// Room for names by a reader's font, as a multiple of that by ours.
const SLACK: f64 = 1.06;
/// Room that a page for a phone has for labels at the ends of lines.
const NARROW_LABELS: f64 = 56.0;
/// From the frame to a label at the end of a line.
pub const LABEL_GAP: f64 = 12.0;

/// What all panels of a figure have in common.
pub struct Plan<'a> {
    /// All series of all panels, in the order of their looks.
    pub names: Vec<String>,
    /// Which of them have anything to show.
    pub drawn: Vec<usize>,
    /// What the x axis covers.
    pub x_range: (f64, f64),
    /// Its name.
    pub x_label: &'a str,
    marks: &'a [(f64, String)],
    /// Lines are named in a key at the top and not at their ends.
    pub keyed: bool,
    /// The only line has no room for a name, and needs none.
    pub nameless: bool,
    /// Which lines hide one another.
    together: Option<String>,
    /// Room to the right of a frame for the names of lines.
    pub label_room: f64,
    /// The panel to be drawn names its lines.
    pub name_lines: bool,
    /// Marked moments are named in the panel to be drawn.
    pub mark_labels: bool,
    /// A panel's title and unit share a line where they fit.
    pub one_line: bool,
}

/// The labels of a panel's series.
pub fn names(panel: &Panel) -> Vec<&str> {
    panel.series.iter().map(|series| series.label.as_str()).collect()
}

/// Names of lines of a panel that lie nearer to one another than `least` at every moment: at least two each, of which
/// the first stands for the others.
fn together(panel: &Panel, least: f64) -> Vec<Vec<&str>> {
    type Course = Vec<(f64, f64)>;
    let course = |series: &Series| -> Course {
        series.points.iter().filter(|p| axis::usable(p.x) && axis::usable(p.mean)).map(|p| (p.x, p.mean)).collect()
    };
    let mut groups: Vec<(Course, Vec<&str>)> = Vec::new();
    for series in &panel.series {
        let own = course(series);
        let near = |other: &[(f64, f64)]| {
            let pairs = || own.iter().zip(other);
            own.len() == other.len() && pairs().all(|(a, b)| a.0 == b.0 && (a.1 - b.1).abs() < least)
        };
        match groups.iter_mut().find(|(first, _)| near(first)) {
            Some((_, names)) => names.push(&series.label),
            None if own.len() > 1 => groups.push((own, vec![&series.label])),
            None => {}
        }
    }
    groups.into_iter().map(|(_, names)| names).filter(|names| names.len() > 1).collect()
}

/// "a", "a and b", "a, b and c".
fn listed(all: &[&str]) -> String {
    match all {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => all.concat(),
    }
}

/// A figure of lines in words.
pub fn describe(title: &str, subtitle: &str, panels: &[Panel], note: &str) -> String {
    let mut text = format!("{title}. {subtitle}");
    for panel in panels {
        text.push_str(&format!(" Panel {} ({}):", panel.title, panel.y_label));
        for series in &panel.series {
            let mut seen = series.points.iter().filter(|p| axis::usable(p.mean));
            if let (Some(first), last) = (seen.next(), seen.next_back()) {
                let last = last.unwrap_or(first);
                let (from, to) = (theme::significant(first.mean, 3), theme::significant(last.mean, 3));
                let end = interval(last).filter(|(low, high)| low < high).map_or_else(String::new, |(low, high)| {
                    format!(" [{}, {}]", theme::significant(low, 3), theme::significant(high, 3))
                });
                text.push_str(&format!(" {} goes from {from} to {to}{end};", series.label));
            }
        }
    }
    format!("{text} {note}")
}

impl<'a> Plan<'a> {
    /// Looks at all panels for what they share; `height` is that of a frame, on a page for a phone if `narrow`.
    pub fn new(panels: &[Panel], x_label: &'a str, marks: &'a [(f64, String)], height: f64, narrow: bool) -> Self {
        let mut names: Vec<String> = Vec::new();
        for series in panels.iter().flat_map(|panel| &panel.series) {
            if !names.contains(&series.label) {
                names.push(series.label.clone());
            }
        }
        let drawn = |series: &Series| series.points.iter().any(|p| axis::usable(p.x) && axis::usable(p.mean));
        let with_data = |name: &String| {
            panels.iter().flat_map(|panel| &panel.series).any(|series| series.label == *name && drawn(series))
        };
        let drawn: Vec<usize> = (0..names.len()).filter(|index| with_data(&names[*index])).collect();
        let moments = panels.iter().flat_map(|panel| &panel.series).flat_map(|series| &series.points);
        let seen = moments.filter(|p| axis::usable(p.mean)).map(|p| p.x);
        let x_range = match axis::extent(seen.chain(marks.iter().map(|mark| mark.0))) {
            Some((low, high)) if low < high => (low, high),
            Some((low, _)) => axis::padded((low, low), 0.0),
            None => (0.0, 1.0),
        };
        let wrapped: Vec<Vec<String>> = drawn.iter().map(|index| wrap_label(&names[*index])).collect();
        let needed: f64 = wrapped.iter().map(|lines| label_height(lines)).sum();
        let widest = wrapped.iter().flatten().map(|line| metrics::width(line, size::LABEL, true)).fold(0.0, f64::max);
        let label_room = if widest > 0.0 { widest * SLACK + LABEL_GAP } else { 6.0 };
        let cramped = narrow && label_room > NARROW_LABELS;
        // A key would tell a single line from nothing.
        let nameless = cramped && drawn.len() == 1;
        let mut plan = Plan {
            keyed: (2..=SEVERAL).contains(&drawn.len()) && (needed > height || cramped),
            nameless,
            together: None,
            drawn,
            label_room: if nameless { 6.0 } else { label_room },
            names,
            x_range,
            x_label,
            marks,
            name_lines: false,
            mark_labels: true,
            one_line: false,
        };
        plan.together = plan.hidden(panels, height);
        plan
    }

    /// Which lines lie on one another over their whole course: no nearer look at the figure would tell it.
    fn hidden(&self, panels: &[Panel], height: f64) -> Option<String> {
        // Where each has a frame of its own, or most stand back, none is hidden behind another.
        if self.drawn.len() > FEW {
            return None;
        }
        // What is one course to the bit in every panel is said once.
        let mut same: Vec<Vec<&str>> = panels.first().map_or_else(Vec::new, |first| together(first, f64::MIN_POSITIVE));
        same.retain(|group| panels.iter().all(|panel| together(panel, f64::MIN_POSITIVE).contains(group)));
        let mut found: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for panel in panels {
            let (low, high) = self.y_range(panel);
            let near = together(panel, stroke::LINE * (high - low) / height);
            for group in near.into_iter().filter(|group| !same.contains(group)) {
                match found.iter_mut().find(|(known, _)| *known == group) {
                    Some((_, titles)) => titles.push(&panel.title),
                    None => found.push((group, vec![&panel.title])),
                }
            }
        }
        let mut told: Vec<String> = same.iter().map(|group| format!("Identical numbers: {}.", listed(group))).collect();
        let near = found.iter().map(|(group, titles)| {
            let quoted: Vec<String> = titles.iter().map(|title| format!("“{title}”")).collect();
            let quoted: Vec<&str> = quoted.iter().map(String::as_str).collect();
            let place = if titles.len() == panels.len() { String::new() } else { format!(" in {}", listed(&quoted)) };
            let names = if group.len() == self.drawn.len() { "all".to_owned() } else { listed(group) };
            format!("{names}{place}")
        });
        let near: Vec<String> = near.collect();
        if !near.is_empty() {
            told.push(format!("Lines that lie on one another: {}.", near.join("; ")));
        }
        (!told.is_empty()).then(|| told.join(" "))
    }

    /// Place and look of a series, the same in every panel.
    pub fn look(&self, series: &Series) -> (usize, Look) {
        let index = self.names.iter().position(|name| *name == series.label).unwrap_or(0);
        (index, look(index))
    }

    /// Whether each series has a frame of its own.
    pub fn apart(&self) -> bool {
        self.drawn.len() > FEW && self.drawn.len() <= SEVERAL
    }

    /// Whether there are so many lines that most of them stand back.
    pub fn crowd(&self) -> bool {
        self.drawn.len() > SEVERAL
    }

    /// Whether there are too many marked moments to name them above each frame.
    fn crowded(&self) -> bool {
        self.marks.len() > ROWS
    }

    /// The note, with what the drawing adds to it.
    pub fn note(&self, note: &str) -> String {
        let mut text = note.trim().to_string();
        if !text.is_empty() && !text.ends_with('.') {
            text.push('.');
        }
        // Small frames have no room for the names of moments.
        if !self.marks.is_empty() && (self.crowded() || self.apart()) {
            let known = self.marks.iter().filter(|mark| axis::usable(mark.0));
            let names: Vec<String> = known
                .map(|(x, name)| format!("{} {}, {name}", self.x_label, theme::trimmed(&theme::significant(*x, 4))))
                .collect();
            text.push_str(&format!(" Dashed lines: {}.", names.join("; ")));
        }
        if self.crowd() {
            text.push_str(&format!(
                " Of {} lines, the first and those that end highest and lowest are named and have their bands; the others are gray.",
                self.drawn.len()
            ));
        }
        if let Some(together) = &self.together {
            text.push_str(&format!(" {together}"));
        }
        text.trim_start().to_owned()
    }

    /// A key with a sample of each line that is drawn, in columns; answers the place under it.
    pub fn draw_key(&self, scene: &mut Scene, y: f64) -> f64 {
        let room = scene.room();
        let limit = 210.0_f64.min(room - 28.0);
        let name = |index: &usize| metrics::shorten(&self.names[*index], size::LABEL, false, limit);
        let names: Vec<String> = self.drawn.iter().map(name).collect();
        let widest = names.iter().map(|name| metrics::width(name, size::LABEL, false)).fold(0.0, f64::max);
        let columns = ((room + 14.0) / (widest + 42.0)).floor().clamp(1.0, 4.0) as usize;
        let rows = names.len().div_ceil(columns);
        let pitch = size::LABEL * 1.45;
        for (place, (name, index)) in names.iter().zip(&self.drawn).enumerate() {
            let x = MARGIN + (place / rows) as f64 * (widest + 42.0);
            let center = y + 4.0 + ((place % rows) as f64 + 0.5) * pitch;
            scene.sample(x, center, 22.0, look(*index));
            scene.text(name, (x + 27.0, center + size::LABEL * 0.36), size::LABEL, Anchor::Start, theme::TEXT);
        }
        y + rows as f64 * pitch + 8.0
    }

    pub fn y_range(&self, panel: &Panel) -> (f64, f64) {
        let points = panel.series.iter().flat_map(|series| &series.points).filter(|p| axis::usable(p.mean));
        let data = axis::extent(points.flat_map(|p| match interval(p) {
            Some((low, high)) => [p.mean, low, high],
            None => [p.mean; 3],
        }));
        let least = panel.y_range.filter(|(a, b)| axis::usable(*a) && axis::usable(*b) && a != b);
        match (least.map(|(a, b)| (a.min(b), a.max(b))), data) {
            (Some((low, high)), Some((least, most))) => (low.min(least), high.max(most)),
            (Some(range), None) => range,
            (None, Some(range)) => axis::padded(range, 0.05),
            (None, None) => (0.0, 1.0),
        }
    }

    pub fn y_ticks(&self, panel: &Panel, height: f64) -> Vec<axis::Tick> {
        axis::ticks(self.y_range(panel), ((height / 19.0) as usize).clamp(3, 6))
    }

    /// At most `room` moments along the x axis.
    pub fn x_ticks(&self, room: usize) -> Vec<axis::Tick> {
        if self.x_label.to_lowercase().contains("week") {
            axis::week_ticks(self.x_range, room)
        } else {
            axis::ticks(self.x_range, room)
        }
    }

    /// Room to the left of a panel's frame for its numbers.
    pub fn left_room(&self, panel: &Panel, height: f64) -> f64 {
        axis::widest(&self.y_ticks(panel, height)) + 6.0
    }

    fn head(&self, panel: &Panel, width: f64) -> (Vec<String>, Vec<String>, bool) {
        let title = metrics::wrap(&panel.title, size::PANEL, true, width, 2);
        let unit = metrics::wrap(&panel.y_label, size::LABEL, false, width, 2);
        let both = metrics::width(&panel.title, size::PANEL, true) + metrics::width(&panel.y_label, size::LABEL, false);
        (title, unit, self.one_line && both + 8.0 <= width)
    }

    /// Room above a panel's frame, from `frame.0` to `frame.1`, for its title, unit and marked moments.
    pub fn head_room(&self, panel: &Panel, width: f64, frame: (f64, f64)) -> f64 {
        let (title, unit, beside) = self.head(panel, width);
        let unit_lines = if beside { 0 } else { unit.len() };
        let frame = Frame { left: frame.0, right: frame.1, top: 0.0, bottom: 0.0 };
        let rows = self.steps(frame).iter().map(|step| (step.2.row + 1).min(ROWS)).max().unwrap_or(0);
        let rows = if self.mark_labels && !self.crowded() { rows } else { 0 };
        let lines = title.len() as f64 * size::PANEL + unit_lines as f64 * size::LABEL;
        lines * size::LEADING + rows as f64 * ROW + 9.0
    }

    /// Draws a panel whose title starts at `corner`; `based` puts numbers and name on the lower axis, `marked` names the
    /// marked moments.
    pub fn draw(&self, scene: &mut Scene, panel: &Panel, frame: Frame, corner: Place, based: bool, marked: bool) {
        let (x, top) = corner;
        let width = if self.one_line { scene.room() } else { frame.right - x };
        let (title, unit, beside) = self.head(panel, width);
        let mut y = top + 5.0 + size::PANEL * 0.8;
        let base = y;
        y = scene.paragraph(&title, (x, y), size::PANEL, true, theme::TEXT);
        if beside {
            let after = x + metrics::width(&panel.title, size::PANEL, true) + 6.0;
            scene.paragraph(&unit, (after, base), size::LABEL, false, theme::MUTED);
        } else {
            scene.paragraph(&unit, (x, y - 1.0), size::LABEL, false, theme::MUTED);
        }
        let y_scale = Scale::new(self.y_range(panel), frame.bottom, frame.top);
        let x_scale = Scale::new(self.x_range, frame.left, frame.right);
        axis::draw_rows(scene, frame, y_scale, &self.y_ticks(panel, frame.bottom - frame.top));
        let room = axis::horizontal_room(self.x_range, frame.right - frame.left);
        axis::draw_base(scene, frame, x_scale, &self.x_ticks(room), based.then_some(self.x_label));
        self.draw_marks(scene, frame, marked);
        let ends = self.draw_series(scene, panel, x_scale, y_scale);
        if ends.is_empty() {
            axis::draw_nothing(scene, frame, "no data");
        } else if self.name_lines && !self.nameless {
            self.draw_names(scene, frame, &ends);
        }
    }

    /// Places of the names of marked moments above a frame.
    fn steps(&self, frame: Frame) -> Vec<(f64, String, stairs::Step)> {
        let scale = Scale::new(self.x_range, frame.left, frame.right);
        let mut marks: Vec<&(f64, String)> = self.marks.iter().filter(|mark| axis::usable(mark.0)).collect();
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let room = (frame.right - frame.left) * 0.8;
        let names: Vec<String> = marks.iter().map(|mark| metrics::shorten(&mark.1, size::TICK, false, room)).collect();
        let places: Vec<f64> = marks.iter().map(|mark| scale.at(mark.0)).collect();
        let widths: Vec<f64> = names.iter().map(|name| metrics::width(name, size::TICK, false)).collect();
        let steps = stairs::stairs(&places, &widths, frame.left, frame.right);
        places.into_iter().zip(names).zip(steps).map(|((x, name), step)| (x, name, step)).collect()
    }

    /// Thin vertical lines at the marked moments, named above the frame.
    pub fn draw_marks(&self, scene: &mut Scene, frame: Frame, named: bool) {
        for (x, name, step) in self.steps(frame) {
            let shown = named && !self.crowded() && step.row < ROWS;
            let base = frame.top - 3.0 - step.row as f64 * ROW;
            let top = if shown { base - size::TICK * 0.75 } else { frame.top };
            scene.line(&[(x, top), (x, frame.bottom)], stroke::AXIS, theme::AXIS, theme::DASHED);
            if shown {
                scene.text(&name, (step.x, base), size::TICK, step.anchor, theme::MUTED);
            }
        }
    }
}
