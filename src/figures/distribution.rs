//! The estimates of hypotheses over replications: a histogram each, beside the truth, zero and the smallest effect of
//! interest.

use super::axis::{self, BASE, Frame, Scale};
use super::bins::{Bins, bars, quantile, sorted, top, whole_ticks};
use super::metrics;
use super::scene::{Anchor, Scene, Text};
use super::stairs;
use super::theme::{self, Dash, GUTTER, Look, MARGIN, Marker, count, significant, size, stroke};

/// What one replication estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate; one that is not finite counts as missing.
    pub value: f64,
    /// Whether it was called significant.
    pub significant: bool,
}

/// What an experiment that was really run estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observed {
    /// The estimate.
    pub value: f64,
    /// Where its interval begins.
    pub low: f64,
    /// And ends.
    pub high: f64,
    /// The share of the simulated experiments that gave a larger one, from 0 to 1.
    pub larger: f64,
}

/// The estimates of one hypothesis by one estimator.
#[derive(Clone, Debug, PartialEq)]
pub struct EstimatePanel {
    /// The hypothesis or the estimator.
    pub title: String,
    /// The outcome with its unit; panels that share it share their x axis if their ranges are alike.
    pub x_label: String,
    /// One for each replication.
    pub estimates: Vec<Estimate>,
    /// The true effect.
    pub truth: Option<f64>,
    /// The smallest effect of interest.
    pub smallest_effect: Option<f64>,
    /// The estimate of a real experiment, to be laid over the simulated ones.
    pub observed: Option<Observed>,
}

/// The distributions of estimates over replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// What the figure shows.
    pub title: String,
    /// On what data.
    pub subtitle: String,
    /// One for each hypothesis and estimator.
    pub panels: Vec<EstimatePanel>,
    /// What counts as significant, such as `p < 0.05, two-sided`.
    pub significance: String,
    /// What else a reader must know.
    pub note: String,
}

/// A vertical line with its name.
#[derive(Clone)]
struct Reference {
    value: f64,
    name: String,
    dash: Dash,
    width: f64,
    ink: theme::Ink,
    truth: bool,
    observed: bool,
}

/// Estimates further than this many interquartile ranges from the quartiles are counted, not drawn.
const FAR: f64 = 6.0;
/// Height of the step between two names of reference lines.
const ROW: f64 = size::TICK * 1.3;

impl EstimatePanel {
    fn usable(&self) -> Vec<Estimate> {
        self.estimates.iter().copied().filter(|e| axis::usable(e.value)).collect()
    }

    /// Zero, the smallest effect of interest and the truth, from left to right, with `places` after the point; the smallest
    /// effect by the longest of its names that finds room beside its line.
    fn references(&self, places: usize, room: Option<(Frame, Scale)>) -> Vec<Reference> {
        let plain = Reference {
            value: 0.0,
            name: "no effect".to_string(),
            dash: theme::SOLID,
            width: stroke::AXIS,
            ink: theme::AXIS,
            truth: false,
            observed: false,
        };
        let mut lines = vec![plain.clone()];
        if let Some(value) = self.smallest_effect.filter(|v| axis::usable(*v)) {
            let name = self.smallest_name(value, places, room);
            let stroke = stroke::AXIS + 0.2;
            let dashed = Reference { dash: theme::DASHED, width: stroke, ink: theme::TEXT, ..plain.clone() };
            lines.push(Reference { value, name, ..dashed });
        }
        if let Some(value) = self.truth.filter(|v| axis::usable(*v)) {
            let name = format!("truth {}", self.written(value, places));
            let bold = Reference { width: stroke::LINE, ink: theme::TEXT, truth: true, ..plain.clone() };
            lines.push(Reference { value, name, ..bold });
        }
        if let Some(one) = self.observed.filter(|one| axis::usable(one.value)) {
            let name = format!("observed {}", self.written(one.value, places));
            let ink = theme::HIGHLIGHT;
            lines.push(Reference { value: one.value, name, width: stroke::LINE, ink, observed: true, ..plain });
        }
        lines.sort_by(|a, b| a.value.total_cmp(&b.value));
        lines
    }

    /// What the line of the smallest effect of interest is called: as much as finds room to one of its sides. In a small panel
    /// the whole would push the other names up.
    fn smallest_name(&self, value: f64, places: usize, room: Option<(Frame, Scale)>) -> String {
        let number = self.written(value, places);
        let name = |words: &str| format!("{words} {}", theme::trimmed(&number));
        let (whole, short) = (name("smallest effect of interest"), name("smallest of interest"));
        let Some((frame, across)) = room else { return whole };
        let ((left, right), at) = (sides(frame), across.at(value));
        let fits = |name: &String| {
            let wide = metrics::width(name, size::TICK, true) + 2.5;
            at - wide >= left || at + wide <= right
        };
        let roomy = frame.right - frame.left >= 180.0;
        let names = [Some(whole).filter(|_| roomy), Some(short)];
        names.into_iter().flatten().find(fits).unwrap_or_else(|| name("smallest"))
    }

    /// What the axis covers: all estimates but those far beyond the quartiles, and the reference lines.
    fn range(&self) -> (f64, f64) {
        let values = sorted(&self.usable());
        let near = |value: &f64| {
            let (q1, q3) = (quantile(&values, 0.25), quantile(&values, 0.75));
            q1 == q3 || (q1 - FAR * (q3 - q1)..=q3 + FAR * (q3 - q1)).contains(value)
        };
        let (low, high) = axis::extent(values.iter().copied().filter(near)).unwrap_or((0.0, 0.0));
        let real = self.observed.map(|one| [one.value, one.low, one.high]).unwrap_or([0.0; 3]);
        let marks = [Some(0.0), self.smallest_effect, self.truth].into_iter().flatten().chain(real);
        axis::padded(axis::extent(marks.chain([low, high])).unwrap_or((0.0, 1.0)), 0.04)
    }

    /// Places after the point that a value on this panel's axis deserves: a hundredth to a thousandth of the axis, and four
    /// at most where that is more than a hundredth.
    fn places(&self) -> usize {
        let (low, high) = self.range();
        let order = (high - low).log10().floor() as i32;
        (2 - order).clamp(0, 4.max(1 - order)) as usize
    }

    /// What the values of the axis are counted in, which stands at its end.
    fn unit(&self) -> &str {
        self.x_label.rsplit_once(" (").map_or(&self.x_label, |(_, unit)| unit)
    }

    fn written(&self, value: f64, places: usize) -> String {
        if value.abs() >= 1e6 || places > 9 { significant(value, 3) } else { theme::number(value, places) }
    }

    fn caption(&self, places: usize) -> String {
        let usable = self.usable();
        if usable.is_empty() {
            return "no estimates".to_string();
        }
        let all = usable.len() as f64;
        let mean = usable.iter().map(|e| e.value).sum::<f64>() / all;
        let share = 100.0 * usable.iter().filter(|e| e.significant).count() as f64 / all;
        let mut text = format!("mean {}, {}% significant", self.written(mean, places), theme::number(share, 0));
        if let Some(one) = self.observed {
            text.push_str(&format!("; {}% larger than observed", theme::number(100.0 * one.larger, 0)));
        }
        let (low, high) = self.range();
        let beyond = usable.iter().filter(|e| e.value < low || e.value > high).count();
        if beyond > 0 {
            text.push_str(&format!(", {} beyond the axis", count(beyond)));
        }
        let missing = self.estimates.len() - usable.len();
        if missing > 0 {
            text.push_str(&format!(", {} missing", count(missing)));
        }
        text
    }
}

/// Lays the figure out.
pub(super) fn compose(data: &Distribution, width: f64) -> Scene {
    let mut text = format!("{}. {}", data.title, data.subtitle);
    let places = places(&data.panels);
    for (panel, places) in data.panels.iter().zip(&places) {
        text.push_str(&format!(" {}: {}", panel.title, panel.caption(*places)));
        for line in panel.references(*places, None).iter().filter(|line| line.name != "no effect") {
            text.push_str(&format!(", {}", line.name));
        }
        text.push('.');
    }
    let mut scene = Scene::new(&data.title, format!("{text} {}", data.note), width);
    let mut y = scene.heading(&data.title, &data.subtitle);
    y = key(&mut scene, &data.significance, y);
    let columns = match data.panels.len() {
        0 | 1 => 1,
        _ if scene.narrow() => 1,
        2 | 4 => 2,
        _ => 3,
    };
    let height = if columns == 1 && !scene.narrow() { 165.0 } else { 118.0 };
    let ranges = ranges(&data.panels);
    let usable: Vec<Vec<Estimate>> = data.panels.iter().map(EstimatePanel::usable).collect();
    let widths: Vec<f64> = usable.iter().zip(&ranges).map(|(panel, range)| Bins::width(panel, *range)).collect();
    // Panels with one axis have one width of bins, so that their heights compare.
    let shared = |range: &(f64, f64)| {
        let alike = ranges.iter().zip(&widths).filter(|(other, _)| *other == range);
        alike.map(|(_, width)| *width).fold(0.0, f64::max)
    };
    let bins: Vec<Bins> =
        usable.iter().zip(&ranges).map(|(panel, range)| Bins::new(panel, *range, shared(range))).collect();
    let rows: Vec<Vec<axis::Tick>> = bins.iter().map(whole_ticks).collect();
    let left = rows.iter().map(|ticks| axis::widest(ticks)).fold(0.0, f64::max) + 6.0;
    let cells = columns as f64;
    let cell = (scene.room() - GUTTER * (cells - 1.0)) / cells;
    for first in (0..data.panels.len()).step_by(columns) {
        let row = first..(first + columns).min(data.panels.len());
        let span = |place: usize| {
            let x = MARGIN + place as f64 * (cell + GUTTER);
            (x, x + left, x + cell - 4.0)
        };
        let frame = |place: usize, top: f64| {
            let (_, left, right) = span(place);
            Frame { left, top, right, bottom: top + height }
        };
        let heads: Vec<Head> = row
            .clone()
            .map(|index| {
                let frame = frame(index - first, y);
                let across = Scale::new(ranges[index], frame.left, frame.right);
                Head::new(&data.panels[index], places[index], cell, frame, across)
            })
            .collect();
        let head = heads.iter().map(|head| head.room).fold(0.0, f64::max);
        let named = |index: usize| {
            let (_, left, right) = span(index - first);
            axis::name_lines(&data.panels[index].x_label, right - left + 12.0).len().max(1) - 1
        };
        let names = row.clone().map(named).max().unwrap_or(0) as f64 * axis::NAME_LINE;
        for (place, index) in row.enumerate() {
            let (x, ..) = span(place);
            let frame = frame(place, y + head);
            heads[place].draw(&mut scene, (x, y));
            let across = Scale::new(ranges[index], frame.left, frame.right);
            let up = Scale::new((0.0, top(&bins[index])), frame.bottom, frame.top);
            let panel = &data.panels[index];
            let room = axis::horizontal_room(ranges[index], frame.right - frame.left);
            axis::draw_rows(&mut scene, frame, up, &rows[index]);
            bars(&mut scene, &bins[index], across, up);
            axis::draw_base(&mut scene, frame, across, &axis::ticks(ranges[index], room), Some(&panel.x_label));
            draw_references(&mut scene, &panel.references(places[index], Some((frame, across))), frame, across);
            draw_interval(&mut scene, panel, frame, across);
            if panel.usable().is_empty() {
                axis::draw_nothing(&mut scene, frame, "no estimates");
            }
        }
        y += head + height + BASE + names + 10.0;
    }
    scene.footing(&data.note, y - 10.0);
    scene
}

/// The x range of each panel: one for all that measure the same, unless that would squeeze one of them.
fn ranges(panels: &[EstimatePanel]) -> Vec<(f64, f64)> {
    let own: Vec<(f64, f64)> = panels.iter().map(EstimatePanel::range).collect();
    panels
        .iter()
        .map(|panel| {
            let same =
                || panels.iter().zip(&own).filter(|(other, _)| other.x_label == panel.x_label).map(|pair| *pair.1);
            let shared = same().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (c, d)| (a.min(c), b.max(d)));
            let narrowest = same().map(|(a, b)| b - a).fold(f64::INFINITY, f64::min);
            let index = panels.iter().position(|other| std::ptr::eq(other, panel)).unwrap_or(0);
            if shared.1 - shared.0 <= 2.5 * narrowest { shared } else { own[index] }
        })
        .collect()
}

/// Places after the point in each panel: as many in all that count in one unit, unless an axis is so wide that more than
/// one of them would be idle.
fn places(panels: &[EstimatePanel]) -> Vec<usize> {
    let own: Vec<usize> = panels.iter().map(EstimatePanel::places).collect();
    let most = |unit: &str| {
        let alike = panels.iter().zip(&own).filter(|(panel, _)| panel.unit() == unit);
        alike.map(|(_, places)| *places).max().unwrap_or(0)
    };
    panels.iter().zip(&own).map(|(panel, own)| most(panel.unit()).min(own + 1)).collect()
}

/// What the two shades mean.
fn key(scene: &mut Scene, significance: &str, y: f64) -> f64 {
    let mut base = y + 5.0 + size::LABEL * 0.7;
    let mut x = MARGIN;
    let significance =
        if significance.is_empty() { "significant".to_string() } else { format!("significant ({significance})") };
    for (strong, name) in [(true, significance.as_str()), (false, "not significant")] {
        let name = metrics::shorten(name, size::LABEL, false, 220.0);
        let width = 12.0 + metrics::width(&name, size::LABEL, false);
        if x > MARGIN && x + width > scene.width - MARGIN {
            (x, base) = (MARGIN, base + size::LABEL * 1.5);
        }
        let (a, b) = ((x, base - 6.0), (x + 8.0, base + 0.6));
        if strong {
            scene.rectangle(a, b, theme::STRONG)
        } else {
            scene.pale(a, b)
        }
        scene.text(&name, (x + 12.0, base), size::LABEL, Anchor::Start, theme::TEXT);
        x += width + 16.0;
    }
    base + 5.0
}

/// What stands over a panel.
struct Head {
    title: Vec<String>,
    caption: Vec<String>,
    unit: String,
    room: f64,
}

impl Head {
    fn new(panel: &EstimatePanel, places: usize, width: f64, frame: Frame, across: Scale) -> Self {
        let title = metrics::wrap(&panel.title, size::PANEL, true, width, 3);
        let caption = metrics::wrap(&panel.caption(places), size::LABEL, false, width, 2);
        let steps = steps(&panel.references(places, Some((frame, across))), frame, across);
        let rows = 1 + steps.iter().map(|step| step.row).max().unwrap_or(0);
        let unit = format!("replications (of {})", count(panel.estimates.len()));
        let text = title.len() as f64 * size::PANEL + (caption.len() + 1) as f64 * size::LABEL;
        let room = text * size::LEADING + rows as f64 * ROW + 9.0;
        Head { title, caption, unit, room }
    }

    fn draw(&self, scene: &mut Scene, (x, top): (f64, f64)) {
        let y = top + 5.0 + size::PANEL * 0.8;
        let y = scene.paragraph(&self.title, (x, y), size::PANEL, true, theme::TEXT);
        let y = scene.paragraph(&self.caption, (x, y - 0.5), size::LABEL, false, theme::TEXT);
        scene.text(&self.unit, (x, y), size::LABEL, Anchor::Start, theme::MUTED);
    }
}

/// Between what the names of reference lines stand.
fn sides(frame: Frame) -> (f64, f64) {
    (frame.left - 16.0, frame.right + 4.0)
}

/// Places of the names of a panel's reference lines.
fn steps(lines: &[Reference], frame: Frame, across: Scale) -> Vec<stairs::Step> {
    let places: Vec<f64> = lines.iter().map(|line| across.at(line.value)).collect();
    let widths: Vec<f64> = lines.iter().map(|line| metrics::width(&line.name, size::TICK, true)).collect();
    let (left, right) = sides(frame);
    stairs::stairs(&places, &widths, left, right)
}

/// The interval of a real experiment, on the axis, with paper around it so that bars do not hide it.
fn draw_interval(scene: &mut Scene, panel: &EstimatePanel, frame: Frame, across: Scale) {
    let Some(one) = panel.observed.filter(|one| axis::usable(one.low) && axis::usable(one.high)) else { return };
    let (low, high, y) = (across.at(one.low), across.at(one.high), frame.bottom - 7.0);
    for (width, ink) in [(5.0, theme::PAPER), (2.4, theme::HIGHLIGHT)] {
        scene.line(&[(low, y), (high, y)], width, ink, theme::SOLID);
    }
    for end in [low, high] {
        scene.line(&[(end, y - 3.2), (end, y + 3.2)], stroke::AXIS + 0.3, theme::HIGHLIGHT, theme::SOLID);
    }
    let look = Look { ink: theme::HIGHLIGHT, ..theme::look(1) };
    scene.marker((across.at(one.value), y), 3.0, look);
}

/// Vertical lines with their names above the frame.
fn draw_references(scene: &mut Scene, lines: &[Reference], frame: Frame, across: Scale) {
    for (line, step) in lines.iter().zip(steps(lines, frame, across)) {
        let x = across.at(line.value);
        let base = frame.top - 3.0 - step.row as f64 * ROW;
        let places = [(x, base - size::TICK * 0.75), (x, frame.bottom)];
        scene.line(&places, line.width, line.ink, line.dash);
        if line.truth {
            scene.shape(Marker::Up.outline((x, frame.bottom - 3.2), 2.6), theme::TEXT);
        }
        if step.span.0 < x && x < step.span.1 {
            // Too near the left edge for its own side: paper under the name hides the line behind it.
            let corner = (step.span.0 - 1.0, base - size::TICK * 0.8);
            scene.rectangle(corner, (step.span.1 + 1.0, base + 1.5), theme::PAPER);
        }
        if line.observed {
            let (text, bold) = (line.name.clone(), true);
            scene.write(Text { text, at: (step.x, base), size: size::TICK, bold, anchor: step.anchor, ink: line.ink });
        } else if line.truth {
            scene.bold(&line.name, (step.x, base), size::TICK, step.anchor);
        } else {
            scene.text(&line.name, (step.x, base), size::TICK, step.anchor, theme::MUTED);
        }
    }
}
