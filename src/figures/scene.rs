//! A figure as a list of marks on a page, before any format: what a renderer draws and what a test can inspect.

use super::metrics;
use super::theme::{self, Dash, Ink, Look, size, stroke};

/// A place on the page, in units from its upper left corner.
pub type Place = (f64, f64);

/// Which part of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its start.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// One line of text.
#[derive(Clone, Debug)]
pub struct Text {
    /// What it says.
    pub text: String,
    /// Anchor on the baseline.
    pub at: Place,
    /// Size of the em.
    pub size: f64,
    /// Bold face.
    pub bold: bool,
    /// Which part stands at `at`.
    pub anchor: Anchor,
    /// Color.
    pub ink: Ink,
}

impl Text {
    /// Width by the font's own metrics.
    pub fn width(&self) -> f64 {
        metrics::width(&self.text, self.size, self.bold)
    }
}

/// One mark.
#[derive(Clone, Debug)]
pub enum Mark {
    /// A line through points.
    Line(Vec<Place>, f64, Ink),
    /// A filled shape.
    Shape(Vec<Place>, Ink),
    /// A text.
    Text(Text),
}

/// The page and what is on it, later marks over earlier ones.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Short name, for those who cannot see the figure.
    pub title: String,
    /// What it shows, for those who cannot see the figure.
    pub description: String,
    /// Width of the page.
    pub width: f64,
    /// Height of the page.
    pub height: f64,
    /// The marks.
    pub marks: Vec<Mark>,
}

impl Scene {
    /// An empty page of no height.
    pub fn new(title: &str, description: String, width: f64) -> Self {
        let (title, description) = (printable(title), printable(&description));
        Scene { title, description, width, height: 0.0, marks: Vec::new() }
    }

    /// Whether it is laid out for a phone: less stands side by side, and more lines are broken.
    pub fn narrow(&self) -> bool {
        self.width < theme::PAGE_WIDTH
    }

    /// Space between the margins.
    pub fn room(&self) -> f64 {
        self.width - 2.0 * theme::MARGIN
    }

    /// Draws a line, broken into dashes.
    pub fn line(&mut self, points: &[Place], width: f64, ink: Ink, dash: Dash) {
        for piece in dashes(points, dash) {
            self.marks.push(Mark::Line(piece, width, ink));
        }
    }

    /// Draws a filled shape.
    pub fn shape(&mut self, points: Vec<Place>, ink: Ink) {
        if points.len() > 2 && points.iter().all(|p| p.0.is_finite() && p.1.is_finite()) {
            self.marks.push(Mark::Shape(points, ink));
        }
    }

    /// Draws a filled rectangle between two corners.
    pub fn rectangle(&mut self, a: Place, b: Place, ink: Ink) {
        self.shape(vec![a, (b.0, a.1), b, (a.0, b.1)], ink);
    }

    /// Draws a pale rectangle with the outline that makes it stand out from paper.
    pub fn pale(&mut self, a: Place, b: Place) {
        let edge = 0.45_f64.min((b.0 - a.0).abs() / 4.0).min((b.1 - a.1).abs() / 4.0);
        let (low, high) = ((a.0.min(b.0), a.1.min(b.1)), (a.0.max(b.0), a.1.max(b.1)));
        self.rectangle(low, high, theme::STRONG);
        self.rectangle((low.0 + edge, low.1 + edge), (high.0 - edge, high.1 - edge), theme::WEAK);
    }

    /// Draws the marker of a series.
    pub fn marker(&mut self, at: Place, radius: f64, look: Look) {
        self.shape(look.marker.outline(at, radius + 0.7), theme::PAPER);
        self.shape(look.marker.outline(at, radius), look.ink);
        if look.hollow {
            self.shape(look.marker.outline(at, radius - 1.0), theme::PAPER);
        }
    }

    /// Writes regular text with its anchor on the baseline at `at`.
    pub fn text(&mut self, text: &str, at: Place, size: f64, anchor: Anchor, ink: Ink) {
        self.write(Text { text: text.to_string(), at, size, bold: false, anchor, ink });
    }

    /// Writes bold text.
    pub fn bold(&mut self, text: &str, at: Place, size: f64, anchor: Anchor) {
        self.write(Text { text: text.to_string(), at, size, bold: true, anchor, ink: theme::TEXT });
    }

    /// Writes text of any kind.
    pub fn write(&mut self, mut text: Text) {
        text.text = printable(&text.text);
        if !text.text.is_empty() && text.at.0.is_finite() && text.at.1.is_finite() {
            self.marks.push(Mark::Text(text));
        }
    }

    /// Writes lines one under another and answers the baseline after the last.
    pub fn paragraph(&mut self, lines: &[String], at: Place, size: f64, bold: bool, ink: Ink) -> f64 {
        let mut y = at.1;
        for line in lines {
            let (text, at, anchor) = (line.clone(), (at.0, y), Anchor::Start);
            self.write(Text { text, at, size, bold, anchor, ink });
            y += size * size::LEADING;
        }
        y
    }

    /// Writes lines as a block whose middle is at a height, in the size of labels.
    pub fn label(&mut self, lines: &[String], (x, middle): Place, leading: f64, anchor: Anchor) {
        let step = size::LABEL * leading;
        let mut base = middle - (lines.len().max(1) - 1) as f64 * step / 2.0 + size::LABEL * 0.36;
        for line in lines {
            self.text(line, (x, base), size::LABEL, anchor, theme::TEXT);
            base += step;
        }
    }

    /// Title and subtitle at the top of the page; answers the height they take.
    pub fn heading(&mut self, title: &str, subtitle: &str) -> f64 {
        let (room, more) = (self.room(), if self.narrow() { 3 } else { 1 });
        let title = metrics::wrap(title, size::TITLE, true, room, 2 * more);
        let subtitle = metrics::wrap(subtitle, size::SUBTITLE, false, room, 3 * more);
        let mut y = theme::MARGIN;
        if !title.is_empty() {
            y = self.paragraph(&title, (theme::MARGIN, y + size::TITLE * 0.8), size::TITLE, true, theme::TEXT);
            y -= size::TITLE * 0.8;
        }
        if !subtitle.is_empty() {
            let base = y + size::SUBTITLE * 0.9;
            y = self.paragraph(&subtitle, (theme::MARGIN, base), size::SUBTITLE, false, theme::MUTED);
            y -= size::SUBTITLE * 0.7;
        }
        y + 4.0
    }

    /// The note under the figure, from `y` down; closes the page under it.
    pub fn footing(&mut self, note: &str, y: f64) {
        let note = metrics::wrap(note, size::NOTE, false, self.room(), if self.narrow() { 18 } else { 6 });
        let mut bottom = y;
        if !note.is_empty() {
            let base = y + 6.0 + size::NOTE;
            let after = self.paragraph(&note, (theme::MARGIN, base), size::NOTE, false, theme::MUTED);
            bottom = after - size::NOTE * (size::LEADING - 0.25);
        }
        self.height = (bottom + theme::MARGIN).ceil();
    }

    /// A short sample of a series' line and marker, centerd on `y`.
    pub fn sample(&mut self, x: f64, y: f64, width: f64, look: Look) {
        self.line(&[(x, y), (x + width, y)], stroke::LINE, look.ink, look.dash);
        self.marker((x + width / 2.0, y), 2.3, look);
    }

    /// All texts.
    pub fn texts(&self) -> impl Iterator<Item = &Text> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Text(text) => Some(text),
            _ => None,
        })
    }
}

/// The text without what XML or a line of text cannot hold.
fn printable(text: &str) -> String {
    let clean: String = text
        .chars()
        .map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c })
        .filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}'))
        .collect();
    clean.trim().to_string()
}

/// Cuts a line into the pieces that a pattern leaves.
fn dashes(points: &[Place], dash: Dash) -> Vec<Vec<Place>> {
    let points: Vec<Place> = points.iter().copied().filter(|p| p.0.is_finite() && p.1.is_finite()).collect();
    if points.len() < 2 {
        return Vec::new();
    }
    if dash.is_empty() {
        return vec![points];
    }
    let mut pieces = Vec::new();
    let (mut turn, mut left) = (0, dash[0]);
    let mut piece = vec![points[0]];
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut length = (to.0 - from.0).hypot(to.1 - from.1);
        while length > left {
            let share = left / length;
            from = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            length -= left;
            if turn % 2 == 0 {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            turn += 1;
            left = dash[turn % dash.len()];
        }
        left -= length;
        if turn % 2 == 0 {
            piece.push(to);
        }
    }
    if turn % 2 == 0 && piece.len() > 1 {
        pieces.push(piece);
    }
    pieces
}

/// Moves centers along a line so that no two are nearer than half their heights together, within `low..high`, and as
/// near to where they want to be as a single pass each way allows. The answer keeps the order of the input.
pub fn spread(wanted: &[f64], heights: &[f64], low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]).then(a.cmp(&b)));
    // Labels that touch form a block; a block sits at the mean of its labels' wishes.
    let mut blocks: Vec<(f64, f64, Vec<usize>)> = Vec::new(); // top, height, members
    for &label in &order {
        let height = heights[label];
        let top = (wanted[label] - height / 2.0).max(low).min((high - height).max(low));
        blocks.push((top, height, vec![label]));
        while let [.., above, below] = &blocks[..] {
            if above.0 + above.1 <= below.0 + 1e-9 {
                break;
            }
            let members: Vec<usize> = above.2.iter().chain(&below.2).copied().collect();
            let height = above.1 + below.1;
            let mut offset = 0.0;
            let mut wish = 0.0;
            for &member in &members {
                wish += wanted[member] - heights[member] / 2.0 - offset;
                offset += heights[member];
            }
            let top = (wish / members.len() as f64).min(high - height).max(low);
            blocks.truncate(blocks.len() - 2);
            blocks.push((top, height, members));
        }
    }
    let mut centers = vec![0.0; wanted.len()];
    for (top, _, members) in blocks {
        let mut y = top;
        for member in members {
            centers[member] = y + heights[member] / 2.0;
            y += heights[member];
        }
    }
    centers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_separates_and_stays_inside() {
        let wanted = [50.0, 50.0, 51.0, 2.0, 99.0];
        let heights = [10.0; 5];
        let mut got = spread(&wanted, &heights, 0.0, 100.0);
        assert!(got.iter().all(|y| (5.0..=95.0).contains(y)), "{got:?}");
        got.sort_by(f64::total_cmp);
        assert!(got.windows(2).all(|pair| pair[1] - pair[0] >= 10.0 - 1e-6), "{got:?}");
    }

    #[test]
    fn dashes_cover_the_line_but_for_the_gaps() {
        let pieces = dashes(&[(0.0, 0.0), (10.0, 0.0)], &[2.0, 1.0]);
        let drawn: f64 = pieces.iter().map(|piece| piece[piece.len() - 1].0 - piece[0].0).sum();
        assert!((drawn - 7.0).abs() < 1e-9, "{pieces:?}");
    }
}
