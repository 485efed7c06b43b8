//! Drawing the series of a panel: intervals, lines, markers, and their names at the ends.

use super::axis::{self, Frame, Scale};
use super::lines::{LABEL_GAP, LABEL_WIDTH, Plan};
use super::metrics;
use super::scene::{Anchor, Place, Scene, spread};
use super::theme::{self, Look, look, size, stroke};
use super::trajectory::{Panel, Point};

/// Opacity of a band: four of them over one another still let their colors be told.
const BAND: f64 = 0.09;
/// Opacity of a band's edges, by which a band is known where others cover it.
const EDGE: f64 = 0.8;

impl Plan<'_> {
    /// Intervals, then lines, then markers. Answers each series' last place with its index.
    pub fn draw_series(&self, scene: &mut Scene, panel: &Panel, x: Scale, y: Scale) -> Vec<(usize, Place)> {
        let mut all: Vec<(usize, Look, Vec<Vec<Point>>)> = panel
            .series
            .iter()
            .map(|series| {
                let (index, look) = self.look(series);
                (index, look, runs(&series.points, |p| axis::usable(p.x) && axis::usable(p.mean)))
            })
            .collect();
        if self.crowd() {
            let named = outermost(panel);
            for series in panel.series.iter().enumerate().filter(|(place, _)| !named.contains(place)) {
                back(scene, &series.1.points, x, y);
            }
            let mut place = 0;
            all.retain(|_| {
                place += 1;
                named.contains(&(place - 1))
            });
        }
        for (_, look, pieces) in &all {
            for piece in pieces {
                for band in runs(piece, |p| interval(p).is_some()).iter().filter(|band| band.len() > 1) {
                    let edge = |p: &Point, high: bool| {
                        let (low, top) = interval(p).unwrap_or((p.mean, p.mean));
                        (x.at(p.x), y.at(if high { top } else { low }))
                    };
                    let upper: Vec<Place> = band.iter().map(|p| edge(p, true)).collect();
                    let lower: Vec<Place> = band.iter().map(|p| edge(p, false)).collect();
                    let around = upper.iter().chain(lower.iter().rev()).copied().collect();
                    scene.shape(around, look.ink.with_alpha(BAND));
                    for end in [upper, lower] {
                        scene.line(&end, stroke::GRID, look.ink.with_alpha(EDGE), theme::SOLID);
                    }
                }
            }
        }
        let mut ends = Vec::new();
        for (_, look, pieces) in &all {
            for piece in pieces {
                let places: Vec<Place> = piece.iter().map(|p| (x.at(p.x), y.at(p.mean))).collect();
                scene.line(&places, stroke::LINE, look.ink, look.dash);
            }
        }
        // Whiskers before markers, so that no marker is crossed by the interval of another.
        let mut dots = Vec::new();
        for (index, look, pieces) in &all {
            let points: Vec<&Point> = pieces.iter().flatten().collect();
            let step = points.len().div_ceil(6).max(1);
            let offset = index * step / self.names.len().max(1);
            for (place, point) in points.iter().enumerate() {
                let last = place + 1 == points.len();
                let lone = pieces.iter().any(|piece| piece.len() == 1 && piece[0] == **point);
                let regular = place % step == offset && place + step / 2 < points.len();
                let at = (x.at(point.x), y.at(point.mean));
                let whisker = interval(point).filter(|_| lone);
                if let Some((low, high)) = whisker {
                    let ends = [(at.0, y.at(low)), (at.0, y.at(high))];
                    scene.line(&ends, stroke::AXIS, look.ink, theme::SOLID);
                }
                if last || lone || regular {
                    dots.push((at, *look));
                }
                if last {
                    ends.push((*index, at));
                }
            }
        }
        for (at, look) in dots {
            scene.marker(at, 2.3, look);
        }
        ends
    }

    /// Names at the ends of the lines, moved apart where they would touch, each tied to its line.
    pub fn draw_names(&self, scene: &mut Scene, frame: Frame, ends: &[(usize, Place)]) {
        let labels: Vec<Vec<String>> = ends.iter().map(|end| wrap_label(&self.names[end.0])).collect();
        let heights: Vec<f64> = labels.iter().map(|lines| label_height(lines)).collect();
        let wanted: Vec<f64> = ends.iter().map(|end| end.1.1).collect();
        let centers = spread(&wanted, &heights, frame.top - 4.0, frame.bottom + 4.0);
        for ((end, lines), center) in ends.iter().zip(&labels).zip(&centers) {
            let ink = look(end.0).ink;
            let x = frame.right + LABEL_GAP;
            let from = (end.1.0 + 3.5, end.1.1);
            let path = [from, ((frame.right + 4.0).max(from.0), end.1.1), (x - 2.5, *center)];
            scene.line(&path, stroke::GRID, ink, theme::SOLID);
            let block = (lines.len() - 1) as f64 * size::LABEL * 1.15;
            for (row, line) in lines.iter().enumerate() {
                let y = center - block / 2.0 + row as f64 * size::LABEL * 1.15 + size::LABEL * 0.36;
                scene.bold(line, (x, y), size::LABEL, Anchor::Start);
            }
        }
    }
}

/// A line that stands back.
pub fn back(scene: &mut Scene, points: &[Point], x: Scale, y: Scale) {
    for piece in runs(points, |p| axis::usable(p.x) && axis::usable(p.mean)) {
        let places: Vec<Place> = piece.iter().map(|p| (x.at(p.x), y.at(p.mean))).collect();
        scene.line(&places, stroke::AXIS, theme::BACK, theme::SOLID);
    }
}

/// The first series of a panel, and those that end highest and lowest.
fn outermost(panel: &Panel) -> Vec<usize> {
    let end = |place: &usize| panel.series[*place].points.iter().rev().find(|p| axis::usable(p.mean)).map(|p| p.mean);
    let ending: Vec<(usize, f64)> =
        (0..panel.series.len()).filter_map(|place| end(&place).map(|mean| (place, mean))).collect();
    let highest = ending.iter().copied().reduce(|a, b| if b.1 > a.1 { b } else { a });
    let lowest = ending.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
    let mut named: Vec<usize> =
        ending.first().into_iter().copied().chain(highest).chain(lowest).map(|it| it.0).collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// The lines of a name at the end of a line; at least one.
pub fn wrap_label(name: &str) -> Vec<String> {
    let lines = metrics::wrap(name, size::LABEL, true, LABEL_WIDTH, 3);
    if lines.is_empty() { vec![String::new()] } else { lines }
}

/// Height of such a name.
pub fn label_height(lines: &[String]) -> f64 {
    lines.len() as f64 * size::LABEL * 1.15 + 2.5
}

/// The interval of a point, lower end first, if it has one.
pub fn interval(point: &Point) -> Option<(f64, f64)> {
    (axis::usable(point.low) && axis::usable(point.high))
        .then(|| (point.low.min(point.high), point.low.max(point.high)))
}

/// The stretches of points that satisfy a condition.
pub fn runs(points: &[Point], keep: impl Fn(&Point) -> bool) -> Vec<Vec<Point>> {
    points.split(|p| !keep(p)).filter(|run| !run.is_empty()).map(<[Point]>::to_vec).collect()
}
