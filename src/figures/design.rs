//! A design as a flow from above to below: who is recruited, where they are, how they come to their arms, and for each arm
//! what it receives, on a time line with the moments of measurement.

use super::metrics;
use super::scene::{Anchor, Place, Scene};
use super::theme::{self, MARGIN, Marker, size, stroke};

/// A box of the flow, or several side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// What happens here, such as `Recruited`.
    pub title: String,
    /// What is said of it; several stand in boxes side by side.
    pub boxes: Vec<String>,
}

/// What an arm has over the weeks.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// The arm's name.
    pub name: String,
    /// How many are in it, and its role.
    pub size: String,
    /// What it receives, one thing a line.
    pub receives: Vec<String>,
    /// Of a design of many factors: which of them are high in it, shown in place of what it receives.
    pub high: Vec<bool>,
    /// The week in which its program ends, if it has one.
    pub program: Option<f64>,
    /// Whether nobody makes or supports its pairs.
    pub informal: bool,
    /// Weeks in which something is done to it.
    pub events: Vec<f64>,
}

/// A design.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// What the figure shows.
    pub title: String,
    /// Of what.
    pub subtitle: String,
    /// From the recruited to the assignment, from above to below.
    pub stages: Vec<Stage>,
    /// The arms, from above to below.
    pub arms: Vec<Track>,
    /// Weeks of measurement.
    pub waves: Vec<f64>,
    /// The last week.
    pub last: f64,
    /// What else a reader must know.
    pub note: String,
}

impl Design {
    /// The letter of a factor: A to Z, then a to z, then its number.
    pub fn letter(index: usize) -> String {
        let letter = ('A'..='Z').chain('a'..='z').nth(index);
        letter.map_or_else(|| (index + 1).to_string(), String::from)
    }
}

/// Where the arms' names begin.
const NAME: f64 = MARGIN + 20.0;
/// The line that leads down to the arms.
const TRUNK: f64 = MARGIN + 6.0;
/// Space between two boxes side by side.
const GAP: f64 = 6.0;
/// Distance between lines of small print, and half of a bar's height.
const LINE: f64 = size::TICK * 1.22;
const BAR: f64 = 3.2;
/// Boxes side by side at most; the rest is counted.
const SIDE_BY_SIDE: usize = 6;
/// Most lines in a box: as many as it takes to say what each of thirty factors is.
const LINES: usize = 40;
/// The shortest bar of a program, so that the sign of a measurement at its start does not hide it.
const LEAST_BAR: f64 = 7.0;

/// Where the parts of an arm stand.
struct Columns {
    /// Left edge of what it receives.
    receives: f64,
    /// Left edge of the time line.
    time: f64,
    /// Right edge of the time line.
    end: f64,
    /// Right edge of the page's texts.
    edge: f64,
    /// Whether the parts stand one under another: on a phone, where no matrix of factors is shown.
    stacked: bool,
}

impl Columns {
    fn new(scene: &Scene, factors: usize) -> Self {
        let (edge, end) = (scene.width - MARGIN, scene.width - MARGIN - 6.0);
        match (scene.narrow(), factors) {
            (false, _) => Self { receives: 148.0, time: 312.0, end, edge, stacked: false },
            (true, 0) => Self { receives: NAME, time: NAME + 26.0, end, edge, stacked: true },
            (true, _) => Self { receives: 68.0, time: 190.0, end, edge, stacked: false },
        }
    }

    /// Width of an arm's name.
    fn name(&self) -> f64 {
        if self.stacked { self.edge - NAME } else { self.receives - NAME - 8.0 }
    }

    /// Width of what an arm receives.
    fn words(&self) -> f64 {
        if self.stacked { self.edge - NAME } else { self.time - self.receives - 12.0 }
    }

    /// The place of a week on the time line.
    fn place(&self, data: &Design, week: f64) -> f64 {
        self.time + (self.end - self.time) * (week / data.last.max(1.0)).clamp(0.0, 1.0)
    }

    /// The middle of a factor's column.
    fn factor(&self, index: usize, factors: usize) -> f64 {
        let room = self.time - self.receives - 14.0;
        let pitch = (room / factors.max(1) as f64).min(14.0);
        self.receives + (index as f64 + 0.5) * pitch
    }
}

/// Lays the figure out.
pub(super) fn compose(data: &Design, width: f64) -> Scene {
    let mut scene = Scene::new(&data.title, describe(data), width);
    let mut y = scene.heading(&data.title, &data.subtitle) + 2.0;
    for (index, stage) in data.stages.iter().enumerate() {
        if index > 0 {
            arrow(&mut scene, (TRUNK, y), (TRUNK, y + 11.0));
            y += 11.0;
        }
        y = draw_stage(&mut scene, stage, y);
    }
    let from = y;
    let factors = data.arms.iter().map(|arm| arm.high.len()).max().unwrap_or(0);
    let columns = Columns::new(&scene, factors);
    y = if columns.stacked { y + 7.0 } else { headings(&mut scene, data, &columns, factors, y + 13.0) };
    let top = y;
    let rows: Vec<Row> = data.arms.iter().map(|track| Row::new(track, &columns)).collect();
    let bottom = top + rows.iter().map(|row| row.height).sum::<f64>();
    for wave in data.waves.iter().filter(|_| !columns.stacked) {
        let x = columns.place(data, *wave);
        scene.line(&[(x, top - 2.0), (x, bottom)], stroke::GRID, theme::GRID, theme::SOLID);
    }
    let mut reached = from;
    for (track, row) in data.arms.iter().zip(&rows) {
        let entry = y + row.entry;
        scene.line(&[(TRUNK, reached), (TRUNK, entry)], stroke::AXIS, theme::AXIS, theme::SOLID);
        arrow(&mut scene, (TRUNK, entry), (NAME - 3.0, entry));
        reached = entry;
        row.draw(&mut scene, &columns, y);
        matrix(&mut scene, &columns, &track.high, entry);
        draw_track(&mut scene, data, &columns, track, y + row.track);
        y += row.height;
        if track != &data.arms[data.arms.len() - 1] {
            scene.line(&[(NAME, y), (columns.edge, y)], stroke::GRID, theme::GRID, theme::SOLID);
        }
    }
    y = legend(&mut scene, data, bottom + 6.0);
    scene.footing(&data.note, y);
    scene
}

/// What stands in the columns, and the weeks; answers the place under it.
fn headings(scene: &mut Scene, data: &Design, columns: &Columns, factors: usize, y: f64) -> f64 {
    let head = y + size::TICK;
    let receives = if factors > 0 { "which factors are high" } else { "what it receives" };
    // In a matrix there is no room for the size of each arm, and all have the same.
    let sizes: Vec<&str> = data.arms.iter().map(|arm| arm.size.split(',').next().unwrap_or_default()).collect();
    let each = match sizes.first() {
        Some(first) if factors > 0 && !scene.narrow() && sizes.iter().all(|size| size == first) => {
            format!("arm, {first} each")
        }
        _ => "arm".to_owned(),
    };
    let each = metrics::shorten(&each, size::TICK, false, columns.name());
    for (x, words) in [(NAME, each.as_str()), (columns.receives, receives), (columns.time, "week")] {
        scene.text(words, (x, head), size::TICK, Anchor::Start, theme::MUTED);
    }
    letters(scene, columns, factors, head + LINE);
    weeks(scene, data, columns, head + LINE) + 5.0
}

/// The words of an arm, broken into lines.
struct Row {
    name: Vec<String>,
    size: Vec<String>,
    receives: Vec<String>,
    height: f64,
    /// From its top to where the arrow enters, and to its time line.
    entry: f64,
    track: f64,
}

impl Row {
    fn new(track: &Track, columns: &Columns) -> Self {
        if !track.high.is_empty() {
            return Self::line(track, columns);
        }
        let left = columns.name();
        let name = metrics::wrap(&track.name, size::LABEL, true, left, 3);
        let size = metrics::wrap(&track.size, size::TICK, false, left, 2);
        let receives: Vec<String> =
            track.receives.iter().flat_map(|one| metrics::wrap(one, size::TICK, false, columns.words(), 4)).collect();
        let receives = capped(receives, 9);
        let (head, body) =
            (name.len() as f64 * size::LABEL * 1.18 + size.len() as f64 * LINE, receives.len() as f64 * LINE);
        if columns.stacked {
            let track_at = 5.0 + head + body + 5.0 + BAR;
            let below = if track.events.is_empty() { 0.0 } else { 8.0 };
            let height = track_at + BAR + below + LINE + 7.0;
            return Self { name, size, receives, height, entry: 5.0 + size::LABEL * 0.6, track: track_at };
        }
        let height = (head.max(body) + 9.0).max(24.0);
        Self { name, size, receives, height, entry: height / 2.0, track: height / 2.0 }
    }

    /// A row of a matrix: the name alone, since the runs of a factorial design are alike in size.
    fn line(track: &Track, columns: &Columns) -> Self {
        let name = vec![metrics::shorten(&track.name, size::LABEL, true, columns.name())];
        let height = if track.events.is_empty() { RUN } else { RUN + 7.0 };
        let middle = height / 2.0;
        Self { name, size: Vec::new(), receives: Vec::new(), height, entry: middle, track: middle }
    }

    fn draw(&self, scene: &mut Scene, columns: &Columns, top: f64) {
        let block = self.name.len() as f64 * size::LABEL * 1.18 + self.size.len() as f64 * LINE;
        let middle = top + if columns.stacked { 5.0 + block / 2.0 } else { self.height / 2.0 };
        let mut base = middle - block / 2.0 + size::LABEL * 0.92;
        for line in &self.name {
            scene.bold(line, (NAME, base), size::LABEL, Anchor::Start);
            base += size::LABEL * 1.18;
        }
        for line in &self.size {
            scene.text(line, (NAME, base), size::TICK, Anchor::Start, theme::MUTED);
            base += LINE;
        }
        let first = match columns.stacked {
            true => top + 5.0 + block,
            false => middle - self.receives.len() as f64 * LINE / 2.0,
        };
        let mut base = first + size::TICK * 0.92;
        for line in &self.receives {
            scene.text(line, (columns.receives, base), size::TICK, Anchor::Start, theme::TEXT);
            base += LINE;
        }
    }
}

/// Height of a row of a matrix.
const RUN: f64 = 11.5;

/// The factors' letters over their columns.
fn letters(scene: &mut Scene, columns: &Columns, factors: usize, base: f64) {
    // Letters that would touch are left out.
    let fits = factors < 2 || columns.factor(1, factors) - columns.factor(0, factors) >= 6.0;
    for index in (0..factors).filter(|_| fits) {
        let at = (columns.factor(index, factors), base);
        scene.text(&Design::letter(index), at, size::TICK, Anchor::Middle, theme::TEXT);
    }
}

/// Which factors are high: a full square each; the low ones are a point.
fn matrix(scene: &mut Scene, columns: &Columns, high: &[bool], y: f64) {
    for (index, high_here) in high.iter().enumerate() {
        let x = columns.factor(index, high.len());
        if *high_here {
            let half = 3.2_f64.min(0.45 * (columns.factor(1, high.len()) - columns.factor(0, high.len())));
            scene.rectangle((x - half, y - 3.2), (x + half, y + 3.2), theme::STRONG);
        } else {
            scene.shape(Marker::Disc.outline((x, y), 0.9), theme::AXIS);
        }
    }
}

/// The first lines, the last of them saying that there are more.
fn capped(mut lines: Vec<String>, most: usize) -> Vec<String> {
    if lines.len() > most {
        lines.truncate(most - 1);
        lines.push("…".to_owned());
    }
    lines
}

/// A title with its boxes; answers the lower end.
fn draw_stage(scene: &mut Scene, stage: &Stage, y: f64) -> f64 {
    let mut boxes: Vec<&str> = stage.boxes.iter().map(String::as_str).collect();
    let more = format!("and {} more", boxes.len().saturating_sub(SIDE_BY_SIDE - 1));
    if boxes.len() > SIDE_BY_SIDE {
        boxes.truncate(SIDE_BY_SIDE - 1);
        boxes.push(&more);
    }
    let title_room = 58.0;
    let left = MARGIN + title_room;
    if scene.narrow() {
        return draw_stacked_stage(scene, stage, &boxes, left, y);
    }
    let width = (scene.width - MARGIN - left - GAP * (boxes.len().max(1) - 1) as f64) / boxes.len().max(1) as f64;
    let texts: Vec<Vec<String>> =
        boxes.iter().map(|text| metrics::wrap(text, size::TICK, false, width - 10.0, LINES)).collect();
    let lines = texts.iter().map(Vec::len).max().unwrap_or(1).max(1);
    let height = lines as f64 * LINE + 8.0;
    scene.rectangle((MARGIN, y), (left - GAP / 2.0, y + height), theme::CARD);
    scene.bold(&stage.title, (MARGIN + 5.0, y + 4.0 + size::TICK * 0.9), size::TICK, Anchor::Start);
    for (index, text) in texts.iter().enumerate() {
        let x = left + index as f64 * (width + GAP);
        scene.rectangle((x, y), (x + width, y + height), theme::CARD);
        let mut base = y + 4.0 + size::TICK * 0.9;
        for line in text {
            scene.text(line, (x + 5.0, base), size::TICK, Anchor::Start, theme::TEXT);
            base += LINE;
        }
    }
    y + height
}

/// A title with its boxes one under another; answers the lower end.
fn draw_stacked_stage(scene: &mut Scene, stage: &Stage, boxes: &[&str], left: f64, y: f64) -> f64 {
    let right = scene.width - MARGIN;
    let texts = boxes.iter().map(|text| metrics::wrap(text, size::TICK, false, right - left - 10.0, LINES));
    let heights: Vec<(Vec<String>, f64)> = texts
        .map(|lines| {
            let height = lines.len().max(1) as f64 * LINE + 8.0;
            (lines, height)
        })
        .collect();
    let all = heights.iter().map(|(_, height)| height + GAP / 2.0).sum::<f64>().max(LINE + 8.0 + GAP / 2.0) - GAP / 2.0;
    scene.rectangle((MARGIN, y), (left - GAP / 2.0, y + all), theme::CARD);
    scene.bold(&stage.title, (MARGIN + 5.0, y + 4.0 + size::TICK * 0.9), size::TICK, Anchor::Start);
    let mut top = y;
    for (lines, height) in &heights {
        scene.rectangle((left, top), (right, top + height), theme::CARD);
        let mut base = top + 4.0 + size::TICK * 0.9;
        for line in lines {
            scene.text(line, (left + 5.0, base), size::TICK, Anchor::Start, theme::TEXT);
            base += LINE;
        }
        top += height + GAP / 2.0;
    }
    y + all
}

/// The weeks of measurement, the first and the last always, others where there is room.
fn weeks(scene: &mut Scene, data: &Design, columns: &Columns, base: f64) -> f64 {
    let mut marks = vec![0.0, data.last.max(1.0)];
    marks.extend(data.waves.iter().filter(|week| (0.0..=data.last).contains(*week)));
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for week in marks {
        let text = format!("{week}");
        let (x, half) = (columns.place(data, week), metrics::width(&text, size::TICK, false) / 2.0 + 2.0);
        if taken.iter().all(|(low, high)| x + half < *low || x - half > *high) {
            taken.push((x - half, x + half));
            scene.text(&text, (x, base), size::TICK, Anchor::Middle, theme::TEXT);
        }
    }
    base
}

/// What happens to an arm over the weeks.
fn draw_track(scene: &mut Scene, data: &Design, columns: &Columns, track: &Track, y: f64) {
    let place = |week: f64| columns.place(data, week);
    let (start, last) = (place(0.0), place(data.last));
    scene.line(&[(start, y), (last, y)], stroke::AXIS, theme::AXIS, theme::SOLID);
    if let Some(end) = track.program {
        let (a, b) = ((start, y - BAR), (place(end).max(start + LEAST_BAR).min(last), y + BAR));
        if track.informal { scene.pale(a, b) } else { scene.rectangle(a, b, theme::STRONG) }
    }
    for wave in &data.waves {
        measured(scene, (place(*wave), y));
    }
    for event in &track.events {
        happens(scene, (place(*event), y));
    }
    if columns.stacked {
        let below = if track.events.is_empty() { 0.0 } else { 8.0 };
        let base = y + BAR + below + LINE;
        scene.text("week", (NAME, base), size::TICK, Anchor::Start, theme::MUTED);
        weeks(scene, data, columns, base);
    }
}

fn measured(scene: &mut Scene, at: Place) {
    scene.shape(Marker::Disc.outline(at, 2.5), theme::TEXT);
    scene.shape(Marker::Disc.outline(at, 1.7), theme::PAPER);
}

fn happens(scene: &mut Scene, at: Place) {
    let below = (at.0, at.1 + BAR + 4.6);
    scene.shape(Marker::Up.outline(below, 2.4), theme::HIGHLIGHT);
}

fn arrow(scene: &mut Scene, from: Place, to: Place) {
    scene.line(&[from, to], stroke::AXIS, theme::AXIS, theme::SOLID);
    let (x, y) = to;
    let tip = if from.0 == to.0 {
        vec![(x - 2.4, y - 4.0), (x + 2.4, y - 4.0), (x, y)]
    } else {
        vec![(x - 4.0, y - 2.4), (x - 4.0, y + 2.4), (x, y)]
    };
    scene.shape(tip, theme::AXIS);
}

/// What the signs mean, those that occur; answers the lower end.
fn legend(scene: &mut Scene, data: &Design, y: f64) -> f64 {
    type Sign = fn(&mut Scene, Place);
    let any = |test: fn(&Track) -> bool| data.arms.iter().any(test);
    let formal: Sign = |scene, (x, y)| scene.rectangle((x - 7.0, y - BAR), (x + 7.0, y + BAR), theme::STRONG);
    let informal: Sign = |scene, (x, y)| scene.pale((x - 7.0, y - BAR), (x + 7.0, y + BAR));
    let bare: Sign = |scene, (x, y)| scene.line(&[(x - 7.0, y), (x + 7.0, y)], stroke::AXIS, theme::AXIS, theme::SOLID);
    let event: Sign = |scene, (x, y)| happens(scene, (x, y - BAR - 4.6));
    let wave: Sign = measured;
    let high: Sign = |scene, (x, y)| scene.rectangle((x - 3.2, y - 3.2), (x + 3.2, y + 3.2), theme::STRONG);
    let signs: Vec<(Sign, &str)> = [
        (any(|arm| !arm.high.is_empty()), high, "high level of a factor"),
        (any(|arm| arm.program.is_some() && !arm.informal), formal, "program"),
        (any(|arm| arm.program.is_some() && arm.informal), informal, "informal coaching"),
        (
            any(|arm| arm.program.is_none()) || data.arms.iter().any(|arm| arm.program < Some(data.last)),
            bare,
            "no program",
        ),
        (any(|arm| !arm.events.is_empty()), event, "something is done or changes"),
        (!data.waves.is_empty(), wave, "measured"),
    ]
    .into_iter()
    .filter(|(occurs, ..)| *occurs)
    .map(|(_, sign, words)| (sign, words))
    .collect();
    let mut base = y + size::TICK;
    let mut x = NAME + 8.0;
    for (sign, words) in signs {
        if x + 11.0 + metrics::width(words, size::TICK, false) > scene.width - MARGIN {
            (x, base) = (NAME + 8.0, base + size::TICK * 1.7);
        }
        sign(scene, (x, base - size::TICK * 0.36));
        scene.text(words, (x + 11.0, base), size::TICK, Anchor::Start, theme::MUTED);
        x += 11.0 + metrics::width(words, size::TICK, false) + 22.0;
    }
    base + 2.0
}

fn describe(data: &Design) -> String {
    let stages = data.stages.iter().map(|stage| format!("{}: {}.", stage.title, stage.boxes.join("; ")));
    let arms = data.arms.iter().map(|arm| format!("{} ({}): {}.", arm.name, arm.size, arm.receives.join(", ")));
    let waves: Vec<String> = data.waves.iter().map(f64::to_string).collect();
    let waves = format!("Measured in weeks {}.", waves.join(", "));
    stages.chain(arms).chain([waves]).collect::<Vec<_>>().join(" ")
}
