//! What each input of a business case does to its result: one bar from its low to its high end, the widest first.

use super::axis::{self, BASE, Frame, Scale};
use super::metrics;
use super::scene::{Anchor, Scene};
use super::theme::{self, MARGIN, size, stroke};

/// One input.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoBar {
    /// What it is called.
    pub name: String,
    /// The result with the input at its low end.
    pub low: f64,
    /// The result with the input at its high end.
    pub high: f64,
    /// The low end, written out.
    pub from: String,
    /// The high end, written out.
    pub to: String,
}

/// Inputs in the order in which they matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// What the figure shows.
    pub title: String,
    /// Of what.
    pub subtitle: String,
    /// What the axis counts.
    pub x_label: String,
    /// The result on average.
    pub middle: f64,
    /// The inputs, the widest first.
    pub bars: Vec<TornadoBar>,
    /// What else a reader must know.
    pub note: String,
}

/// Height of a row of one line, what another line adds, and half the height of a bar.
const PITCH: f64 = 15.0;
const LINE: f64 = size::LABEL * LEADING;
const LEADING: f64 = 1.15;
const HALF: f64 = 4.5;
/// Widest name of an input with its most lines, and on a phone.
const NAME: [(f64, usize); 2] = [(190.0, 1), (86.0, 3)];

/// Lays the figure out.
pub(super) fn compose(data: &Tornado, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let top = scene.heading(&data.title, &data.subtitle) + 10.0;
    let (limit, lines) = NAME[usize::from(scene.narrow())];
    let names: Vec<Vec<String>> =
        data.bars.iter().map(|bar| metrics::wrap(&bar.name, size::LABEL, false, limit, lines)).collect();
    let most = names.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let pitch = PITCH + (most - 1) as f64 * LINE;
    let widest = names.iter().flatten().map(|name| metrics::width(name, size::LABEL, false)).fold(0.0, f64::max);
    let written = data.bars.iter().flat_map(|bar| [&bar.from, &bar.to]);
    let room = written.map(|text| metrics::width(text, size::TICK, false)).fold(0.0, f64::max) + 8.0;
    let bottom = top + pitch * data.bars.len().max(2) as f64;
    let frame = Frame { left: MARGIN + widest + 10.0, top, right: scene.width - MARGIN, bottom };
    let values = data.bars.iter().flat_map(|bar| [bar.low, bar.high]).chain([0.0, data.middle]);
    let Some(range) = axis::extent(values.filter(|value| axis::usable(*value))).filter(|(low, high)| low < high) else {
        axis::draw_nothing(&mut scene, frame, "nothing to show");
        scene.footing(&data.note, bottom + BASE + 4.0);
        return scene;
    };
    // The ends of the inputs are written beside the bars, within the frame.
    let across = Scale::new(axis::padded(range, 0.02), frame.left + room, frame.right - room);
    let ticks = axis::ticks(range, axis::horizontal_room(range, frame.right - frame.left - 2.0 * room).min(6));
    axis::draw_columns(&mut scene, frame, across, &ticks);
    axis::draw_base(&mut scene, frame, across, &ticks, Some(&data.x_label));
    let zero = across.at(0.0);
    scene.line(&[(zero, top - 4.0), (zero, bottom)], stroke::LINE, theme::TEXT, theme::SOLID);
    let words = "neither gain nor loss";
    let half = metrics::width(words, size::TICK, false) / 2.0;
    let at = (zero.min(scene.width - MARGIN - half).max(MARGIN + half), top - 6.0);
    scene.text(words, at, size::TICK, Anchor::Middle, theme::TEXT);
    for (row, (bar, name)) in data.bars.iter().zip(&names).enumerate() {
        let middle = top + (row as f64 + 0.5) * pitch;
        scene.label(name, (frame.left - 6.0, middle), LEADING, Anchor::End);
        if !axis::usable(bar.low) || !axis::usable(bar.high) {
            continue;
        }
        let (low, high) = (across.at(bar.low), across.at(bar.high));
        let center = across.at(data.middle).clamp(low.min(high), low.max(high));
        let (above, below) = (middle - HALF, middle + HALF);
        scene.rectangle((low.min(center), above), (low.max(center), below), theme::WEAK);
        scene.rectangle((high.min(center), above), (high.max(center), below), theme::STRONG);
        let outline = [(low, above), (high, above), (high, below), (low, below), (low, above)];
        scene.line(&outline, stroke::GRID, theme::STRONG, theme::SOLID);
        let (left, right) = if low <= high { (&bar.from, &bar.to) } else { (&bar.to, &bar.from) };
        let at = middle + size::TICK * 0.36;
        let ends = [(left, low.min(high) - 3.0, Anchor::End), (right, low.max(high) + 3.0, Anchor::Start)];
        for (text, x, anchor) in ends {
            let width = metrics::width(text, size::TICK, false);
            // The line of neither gain nor loss is not broken: what would cover it stands beyond it.
            let x = match anchor {
                Anchor::End if (x - width - 2.0..x + 2.0).contains(&zero) => x.min(zero - 3.0),
                Anchor::Start if (x - 2.0..x + width + 2.0).contains(&zero) => x.max(zero + 3.0),
                _ => x,
            };
            let from = if anchor == Anchor::End { x - width } else { x };
            // Paper under it: the lines of the axis run there.
            scene.rectangle((from - 1.0, above), (from + width + 1.0, below), theme::PAPER);
            scene.text(text, (x, at), size::TICK, anchor, theme::MUTED);
        }
    }
    let note = format!(
        "{} Light: the input at its low end; dark: at its high end, all others as uncertain as they are. Beside the bars: the two ends.",
        data.note.trim_end()
    );
    scene.footing(note.trim_start(), bottom + BASE + 4.0);
    scene
}

fn describe(data: &Tornado) -> String {
    let bars: Vec<String> = data
        .bars
        .iter()
        .map(|bar| format!("{}: {:.0} at {}, {:.0} at {}", bar.name, bar.low, bar.from, bar.high, bar.to))
        .collect();
    format!("{}. {} {}: {}.", data.title, data.subtitle, data.x_label, bars.join("; "))
}

#[cfg(test)]
mod tests {
    use super::super::theme::{PAGE_WIDTH, PHONE_WIDTH};
    use super::*;

    #[test]
    fn no_label_covers_the_line_of_neither_gain_nor_loss() {
        let bar = |low: f64, high: f64| TornadoBar {
            name: "transfer".to_owned(),
            low,
            high,
            from: "1,240,000".to_owned(),
            to: "3,300,000".to_owned(),
        };
        for width in [PAGE_WIDTH, PHONE_WIDTH] {
            let bars = vec![bar(-9.0, 9.0), bar(0.4, 3.0), bar(-4.0, -0.3), bar(5.0, 0.2), bar(0.0, 2.0)];
            let data = Tornado {
                title: "What the result depends on".into(),
                subtitle: String::new(),
                x_label: "net utility".into(),
                middle: 1.0,
                bars,
                note: String::new(),
            };
            let scene = compose(&data, width);
            let texts: Vec<_> = scene.texts().collect();
            let words = texts.iter().find(|text| text.text == "neither gain nor loss").map(|text| text.at.0);
            let zero = words.unwrap_or_default();
            let ends: Vec<_> = texts.iter().filter(|text| text.text.ends_with("0,000")).collect();
            assert_eq!(ends.len(), 10);
            for text in ends {
                let start = if text.anchor == Anchor::End { text.at.0 - text.width() } else { text.at.0 };
                assert!(start >= 0.0 && start + text.width() <= width, "{}", text.text);
                assert!(!(start - 1.0..start + text.width() + 1.0).contains(&zero), "{} at {start}, {zero}", text.text);
            }
        }
    }

    #[test]
    fn long_names_and_far_ends_stay_on_the_page() {
        let bar = |name: &str, low: f64, high: f64| TornadoBar {
            name: name.repeat(6),
            low,
            high,
            from: "-1,240,000".to_owned(),
            to: "3,300,000".to_owned(),
        };
        let all = [
            vec![bar("luck of who takes part ", -9e6, 9e6), bar("x", 1.0, 1.0), bar("y", 5.0, -5e6)],
            vec![bar("all the same ", 0.0, 0.0)],
            Vec::new(),
        ];
        for (bars, width) in
            all.into_iter().flat_map(|bars| [PAGE_WIDTH, PHONE_WIDTH].map(|width| (bars.clone(), width)))
        {
            let data = Tornado {
                title: "What the result depends on".into(),
                subtitle: "Of a case".into(),
                x_label: "net utility, USD".into(),
                middle: 0.0,
                bars,
                note: String::new(),
            };
            let scene = compose(&data, width);
            assert!(scene.height > 0.0);
            for text in scene.texts() {
                let start = match text.anchor {
                    Anchor::Start => text.at.0,
                    Anchor::Middle => text.at.0 - 0.5 * text.width(),
                    Anchor::End => text.at.0 - text.width(),
                };
                assert!(start >= 0.0 && start + text.width() <= width, "{}", text.text);
                assert!(text.at.1 <= scene.height, "{}", text.text);
            }
        }
    }
}
