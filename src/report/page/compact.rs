//! Figures in fewer bytes: a page holds each twice, for desk and phone, and goes into a mail.
//!
//! Lines that follow each other and look alike become one path of relative steps, and so do shapes that do not touch: what is
//! drawn stays the same to the pixel. Attributes that say what holds anyway are left out.

use std::fmt::Write as _;

/// What a browser, or the page, takes for granted.
const GRANTED: [&str; 3] = [" opacity=\"1\"", " lengthAdjust=\"spacingAndGlyphs\"", " text-anchor=\"start\""];

/// The elements of a figure in fewer bytes.
pub fn compact(body: &str) -> String {
    let mut out = String::with_capacity(body.len() / 2);
    let mut open: Option<Run> = None;
    let mut rest = body;
    while let Some((text, tail)) = rest.find('<').map(|at| rest.split_at(at)) {
        let Some((tag, after)) = tail.find('>').map(|end| tail.split_at(end + 1)) else { break };
        rest = after;
        if !text.trim().is_empty() {
            out.push_str(text);
        }
        match (Run::read(tag), &mut open) {
            (Some(run), Some(before)) if before.takes(&run) => before.paths.extend(run.paths),
            (Some(run), _) => write(&mut out, open.replace(run)),
            (None, _) => {
                write(&mut out, open.take());
                out.push_str(&GRANTED.iter().fold(tag.to_owned(), |tag, granted| tag.replace(granted, "")));
            }
        }
    }
    write(&mut out, open);
    out.push_str(rest.trim());
    out
}

/// Lines or shapes that look alike.
struct Run {
    look: String,
    closed: bool,
    paths: Vec<Vec<(i64, i64)>>,
}

impl Run {
    /// Of a tag, if it is a line or a shape of points alone.
    fn read(tag: &str) -> Option<Self> {
        let (closed, attributes) = match tag.strip_prefix("<polyline") {
            Some(rest) => (false, rest),
            None => (true, tag.strip_prefix("<polygon")?),
        };
        let (before, rest) = attributes.strip_suffix("/>")?.split_once(" points=\"")?;
        let (points, after) = rest.split_once('"')?;
        let point = |pair: &str| {
            let (x, y) = pair.split_once(',')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        };
        let points: Vec<(i64, i64)> = points.split_whitespace().map(point).collect::<Option<_>>()?;
        let look = format!("{before}{after}").replace(GRANTED[0], "");
        (!points.is_empty()).then(|| Self { look, closed, paths: vec![points] })
    }

    /// Whether another can be drawn in one with these, and nothing looks different.
    fn takes(&self, other: &Run) -> bool {
        let alike = self.look == other.look && self.closed == other.closed && !self.look.contains("opacity");
        alike && (!self.closed || other.paths.iter().all(|new| self.paths.iter().all(|old| apart(old, new))))
    }
}

/// Whether the boxes around two shapes do not touch.
fn apart(a: &[(i64, i64)], b: &[(i64, i64)]) -> bool {
    let range = |points: &[(i64, i64)], of: fn(&(i64, i64)) -> i64| {
        let values = points.iter().map(of);
        (values.clone().min().unwrap_or(0), values.max().unwrap_or(0))
    };
    let clear = |of: fn(&(i64, i64)) -> i64| {
        let ((low, high), (least, most)) = (range(a, of), range(b, of));
        high < least || most < low
    };
    clear(|point| point.0) || clear(|point| point.1)
}

/// Writes a run as one element.
fn write(out: &mut String, run: Option<Run>) {
    let Some(run) = run else { return };
    let _ = write!(out, "<path{} d=\"", run.look);
    for path in &run.paths {
        let (mut x, mut y) = path[0];
        let _ = write!(out, "M{x}{}{y}", if y < 0 { "" } else { " " });
        let mut letter = "l";
        for &(to_x, to_y) in &path[1..] {
            let (dx, dy) = (to_x - x, to_y - y);
            (x, y) = (to_x, to_y);
            if dx == 0 && dy == 0 {
                continue;
            }
            let gap = |step: i64| if step < 0 { "" } else { " " };
            let first = if letter.is_empty() { gap(dx) } else { letter };
            let _ = write!(out, "{first}{dx}{}{dy}", gap(dy));
            letter = "";
        }
        if run.closed {
            out.push('z');
        }
    }
    out.push_str("\"/>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_look_alike_are_one_and_what_lies_over_another_stays_apart() {
        let line = |points: &str, width: u32| {
            format!(
                "<polyline fill=\"none\" opacity=\"1\" stroke=\"#111\" stroke-width=\"{width}\" points=\"{points} \"/>\n"
            )
        };
        let body = [line("10,20 30,15 30,15 40,-5", 3), line("1,2 3,4", 3), line("1,2 3,4", 9)].concat();
        assert_eq!(
            compact(&body),
            "<path fill=\"none\" stroke=\"#111\" stroke-width=\"3\" d=\"M10 20l20-5 10-20M1 2l2 2\"/>\
             <path fill=\"none\" stroke=\"#111\" stroke-width=\"9\" d=\"M1 2l2 2\"/>"
        );
        let shape = |points: &str| format!("<polygon opacity=\"1\" fill=\"#111\" points=\"{points} \"/>\n");
        assert_eq!(
            compact(&[shape("0,0 9,0 9,9"), shape("5,5 20,5 20,20"), shape("30,5 40,5 40,20")].concat()),
            "<path fill=\"#111\" d=\"M0 0l9 0 0 9z\"/><path fill=\"#111\" d=\"M5 5l15 0 0 15zM30 5l10 0 0 15z\"/>"
        );
        // What shines through is darker where two of it meet.
        let band = "<polygon opacity=\"0.2\" fill=\"#111\" points=\"0,0 9,0 9,9 \"/>";
        assert_eq!(compact(&band.repeat(2)).matches("<path").count(), 2);
    }

    #[test]
    fn texts_keep_their_words_and_lose_what_goes_without_saying() {
        let text = "<text x=\"1\" y=\"2\" textLength=\"9\" lengthAdjust=\"spacingAndGlyphs\" text-anchor=\"start\" opacity=\"1\">a  b &lt; c</text>\n";
        assert_eq!(compact(text), "<text x=\"1\" y=\"2\" textLength=\"9\">a  b &lt; c</text>");
        assert_eq!(
            compact("<circle r=\"1\"/>\n<polygon points=\"x,y\"/>"),
            "<circle r=\"1\"/><polygon points=\"x,y\"/>"
        );
    }
}
