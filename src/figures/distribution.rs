//! The estimates of hypotheses over replications: a histogram each, beside the truth, zero and the smallest effect of
//! interest.

use super::axis::{self, BASE, Frame, Scale};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{
    self, Dash, GUTTER, MARGIN, Marker, PAGE_WIDTH, count, significant, size, stroke,
};

/// What one replication estimated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate; one that is not finite counts as missing.
    pub value: f64,
    /// Whether it was called significant.
    pub significant: bool,
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

/// Height of the step between two names of reference lines.
const ROW: f64 = size::TICK * 1.3;

impl EstimatePanel {
    fn usable(&self) -> Vec<Estimate> {
        self.estimates
            .iter()
            .copied()
            .filter(|e| axis::usable(e.value))
            .collect()
    }

    /// Reference lines: value, name, pattern, width.
    fn references(&self) -> Vec<(f64, String, Dash, f64)> {
        let digits = |v: f64| significant(v, if v.abs() < 0.1 { 2 } else { 3 }.min(3));
        let mut lines = vec![(0.0, "no effect".to_string(), theme::SOLID, stroke::AXIS)];
        if let Some(v) = self.smallest_effect.filter(|v| axis::usable(*v)) {
            lines.push((
                v,
                format!("smallest of interest {}", digits(v)),
                theme::DASHED,
                stroke::AXIS + 0.2,
            ));
        }
        if let Some(v) = self.truth.filter(|v| axis::usable(*v)) {
            lines.push((
                v,
                format!("truth {}", digits(v)),
                theme::SOLID,
                stroke::LINE,
            ));
        }
        lines.sort_by(|a, b| a.0.total_cmp(&b.0));
        lines
    }

    fn range(&self) -> (f64, f64) {
        let values = axis::extent(self.usable().iter().map(|e| e.value));
        let marks = self.references().into_iter().map(|line| line.0);
        let (low, high) = axis::extent(marks.chain(values.into_iter().flat_map(|(a, b)| [a, b])))
            .unwrap_or((0.0, 1.0));
        axis::padded((low, high), 0.04)
    }

    fn caption(&self) -> String {
        let usable = self.usable();
        if usable.is_empty() {
            return "no estimates".to_string();
        }
        let all = usable.len() as f64;
        let mean = usable.iter().map(|e| e.value).sum::<f64>() / all;
        let share = 100.0 * usable.iter().filter(|e| e.significant).count() as f64 / all;
        let mut text = format!(
            "mean {}, {} % significant",
            significant(mean, 3),
            theme::number(share, 0)
        );
        let missing = self.estimates.len() - usable.len();
        if missing > 0 {
            text.push_str(&format!(", {} missing", count(missing)));
        }
        text
    }
}

/// Counts of significant and of all estimates in each bin.
struct Bins {
    low: f64,
    width: f64,
    counts: Vec<(usize, usize)>,
}

impl Bins {
    /// Bins by the rule of Freedman and Diaconis, at round steps, 8 to 60 of them over the estimates.
    fn new(estimates: &[Estimate], range: (f64, f64)) -> Self {
        let mut values: Vec<f64> = estimates.iter().map(|e| e.value).collect();
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
        let (spread, span) = if values.is_empty() {
            (0.0, 0.0)
        } else {
            (at(0.75) - at(0.25), at(1.0) - at(0.0))
        };
        let whole = range.1 - range.0;
        let wanted = 2.0 * spread / (values.len().max(1) as f64).cbrt();
        let width = wanted
            .clamp(span / 60.0, (span / 8.0).max(span / 60.0))
            .max(whole / 120.0);
        let power = 10_f64.powf(width.log10().floor());
        let width = [1.0, 2.0, 2.5, 5.0, 10.0]
            .map(|step| step * power)
            .into_iter()
            .find(|step| *step >= width * 0.999);
        let width = width.unwrap_or(whole / 40.0);
        let low = (range.0 / width).floor() * width;
        let bins = ((range.1 - low) / width).ceil().clamp(1.0, 400.0) as usize;
        let mut counts = vec![(0, 0); bins];
        for estimate in estimates {
            // A value on an edge belongs above it, whatever the rounding of the quotient.
            let bin = (((estimate.value - low) / width + 1e-9) as usize).min(bins - 1);
            counts[bin].0 += usize::from(estimate.significant);
            counts[bin].1 += 1;
        }
        Bins { low, width, counts }
    }

    fn highest(&self) -> usize {
        self.counts.iter().map(|bin| bin.1).max().unwrap_or(0)
    }
}

/// Lays the figure out.
pub(super) fn compose(data: &Distribution) -> Scene {
    let mut text = format!("{}. {}", data.title, data.subtitle);
    for panel in &data.panels {
        text.push_str(&format!(" {}: {}", panel.title, panel.caption()));
        for (value, name, ..) in panel
            .references()
            .iter()
            .filter(|line| line.0 != 0.0 || line.1 != "no effect")
        {
            let _ = value;
            text.push_str(&format!(", {name}"));
        }
        text.push('.');
    }
    let mut scene = Scene::new(&data.title, format!("{text} {}", data.note));
    let mut y = scene.heading(&data.title, &data.subtitle);
    y = key(&mut scene, &data.significance, y);
    let columns = match data.panels.len() {
        0 | 1 => 1,
        2 | 4 => 2,
        _ => 3,
    };
    let height = if columns == 1 { 165.0 } else { 118.0 };
    let ranges = ranges(&data.panels);
    let bins: Vec<Bins> = data
        .panels
        .iter()
        .zip(&ranges)
        .map(|(panel, range)| Bins::new(&panel.usable(), *range))
        .collect();
    let rows: Vec<Vec<axis::Tick>> = bins
        .iter()
        .map(|bins| axis::ticks((0.0, top(bins)), 5))
        .collect();
    let left = rows
        .iter()
        .map(|ticks| axis::widest(ticks))
        .fold(0.0, f64::max)
        + 6.0;
    let cells = columns as f64;
    let cell = (PAGE_WIDTH - 2.0 * MARGIN - GUTTER * (cells - 1.0)) / cells;
    for first in (0..data.panels.len()).step_by(columns) {
        let row = first..(first + columns).min(data.panels.len());
        let heads: Vec<Head> = row
            .clone()
            .map(|index| Head::new(&data.panels[index], cell))
            .collect();
        let head = heads.iter().map(|head| head.room).fold(0.0, f64::max);
        for (place, index) in row.enumerate() {
            let x = MARGIN + place as f64 * (cell + GUTTER);
            let frame = Frame {
                left: x + left,
                top: y + head,
                right: x + cell,
                bottom: y + head + height,
            };
            heads[place].draw(&mut scene, (x, frame.top));
            let across = Scale::new(ranges[index], frame.left, frame.right);
            let up = Scale::new((0.0, top(&bins[index])), frame.bottom, frame.top);
            let panel = &data.panels[index];
            let room = axis::horizontal_room(ranges[index], frame.right - frame.left);
            axis::draw_rows(&mut scene, frame, up, &rows[index]);
            bars(&mut scene, &bins[index], across, up);
            axis::draw_base(
                &mut scene,
                frame,
                across,
                &axis::ticks(ranges[index], room),
                Some(&panel.x_label),
            );
            references(&mut scene, &panel.references(), frame, across);
            if panel.usable().is_empty() {
                axis::draw_nothing(&mut scene, frame, "no estimates");
            }
        }
        y += head + height + BASE + 10.0;
    }
    scene.footing(&data.note, y - 10.0);
    scene
}

fn top(bins: &Bins) -> f64 {
    (bins.highest() as f64 * 1.04).max(1.0)
}

/// The x range of each panel: one for all that measure the same, unless that would squeeze one of them.
fn ranges(panels: &[EstimatePanel]) -> Vec<(f64, f64)> {
    let own: Vec<(f64, f64)> = panels.iter().map(EstimatePanel::range).collect();
    panels
        .iter()
        .map(|panel| {
            let same = || {
                panels
                    .iter()
                    .zip(&own)
                    .filter(|(other, _)| other.x_label == panel.x_label)
                    .map(|pair| *pair.1)
            };
            let shared = same().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), (c, d)| {
                (a.min(c), b.max(d))
            });
            let narrowest = same().map(|(a, b)| b - a).fold(f64::INFINITY, f64::min);
            let index = panels
                .iter()
                .position(|other| std::ptr::eq(other, panel))
                .unwrap_or(0);
            if shared.1 - shared.0 <= 2.5 * narrowest {
                shared
            } else {
                own[index]
            }
        })
        .collect()
}

/// What the two shades mean.
fn key(scene: &mut Scene, significance: &str, y: f64) -> f64 {
    let base = y + 5.0 + size::LABEL * 0.7;
    let mut x = MARGIN;
    let significance = if significance.is_empty() {
        "significant".to_string()
    } else {
        format!("significant ({significance})")
    };
    for (ink, name) in [
        (theme::STRONG, significance.as_str()),
        (theme::WEAK, "not significant"),
    ] {
        let name = metrics::shorten(name, size::LABEL, false, 220.0);
        scene.rectangle((x, base - 6.0), (x + 8.0, base + 0.6), ink);
        scene.text(
            &name,
            (x + 12.0, base),
            size::LABEL,
            Anchor::Start,
            theme::TEXT,
        );
        x += 12.0 + metrics::width(&name, size::LABEL, false) + 16.0;
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
    fn new(panel: &EstimatePanel, width: f64) -> Self {
        let title = metrics::wrap(&panel.title, size::PANEL, true, width, 3);
        let caption = metrics::wrap(&panel.caption(), size::LABEL, false, width, 2);
        let unit = format!("replications (of {})", count(panel.estimates.len()));
        let text = title.len() as f64 * size::PANEL + (caption.len() + 1) as f64 * size::LABEL;
        let room = text * size::LEADING + panel.references().len() as f64 * ROW + 9.0;
        Head {
            title,
            caption,
            unit,
            room,
        }
    }

    fn draw(&self, scene: &mut Scene, (x, bottom): (f64, f64)) {
        let y = bottom - self.room + 5.0 + size::PANEL * 0.8;
        let y = scene.paragraph(&self.title, (x, y), size::PANEL, true, theme::TEXT);
        let y = scene.paragraph(&self.caption, (x, y - 0.5), size::LABEL, false, theme::TEXT);
        scene.text(&self.unit, (x, y), size::LABEL, Anchor::Start, theme::MUTED);
    }
}

fn bars(scene: &mut Scene, bins: &Bins, across: Scale, up: Scale) {
    for (index, (strong, all)) in bins.counts.iter().enumerate().filter(|bin| bin.1.1 > 0) {
        let left = across.at(bins.low + index as f64 * bins.width);
        let right = across.at(bins.low + (index + 1) as f64 * bins.width);
        let gap = ((right - left) * 0.06).min(0.4);
        let (left, right) = (left + gap, (right - gap).max(left + gap + 0.3));
        let (middle, end) = (up.at(*strong as f64), up.at(*all as f64));
        if *strong > 0 {
            scene.rectangle((left, up.at(0.0)), (right, middle), theme::STRONG);
        }
        if all > strong {
            scene.rectangle((left, middle), (right, end), theme::WEAK);
        }
    }
}

/// Vertical lines with their names above the frame, as stairs, so that no line runs through another's name.
fn references(scene: &mut Scene, lines: &[(f64, String, Dash, f64)], frame: Frame, across: Scale) {
    let width = |name: &str| metrics::width(name, size::TICK, false) + 3.0;
    let fits = lines
        .iter()
        .all(|line| across.at(line.0) + width(&line.1) <= frame.right + GUTTER * 0.6);
    for (index, (value, name, dash, stroke)) in lines.iter().enumerate() {
        let x = across.at(*value);
        // Names to the right of their lines descend to the right; names to the left descend to the left.
        let row = if fits { lines.len() - 1 - index } else { index };
        let base = frame.top - 3.0 - row as f64 * ROW;
        let truth = name.starts_with("truth");
        let ink = if truth || !dash.is_empty() {
            theme::TEXT
        } else {
            theme::AXIS
        };
        scene.line(
            &[(x, base - size::TICK * 0.7), (x, frame.bottom)],
            *stroke,
            ink,
            dash,
        );
        if truth {
            scene.shape(
                Marker::Up.outline((x, frame.bottom - 3.2), 2.6),
                theme::TEXT,
            );
        }
        let ink = if truth { theme::TEXT } else { theme::MUTED };
        let (at, anchor) = if fits {
            (x + 3.0, Anchor::Start)
        } else {
            ((x - 3.0).max(frame.left - 12.0 + width(name)), Anchor::End)
        };
        if !fits && at > x {
            // Too near the left edge for its own side: paper under the name hides the line behind it.
            scene.rectangle(
                (at - width(name), base - size::TICK * 0.8),
                (at + 1.0, base + 1.5),
                theme::PAPER,
            );
        }
        if truth {
            scene.bold(name, (at, base), size::TICK, anchor);
        } else {
            scene.text(name, (at, base), size::TICK, anchor, ink);
        }
    }
}
