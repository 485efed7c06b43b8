//! A story as a page: one file that needs nothing but itself, readable on a phone and on paper, light and dark.

use serde::Serialize;

use super::event::Event;
use super::screen::{CHAPTERS, cited, heading, row};
use super::sentence::{Sentence, short};
use super::twin::{compared, from_week};
use super::wording::share;
use super::{Id, Life, Story, Twin};
use crate::figures::{Figure, FigureError, Panel, Point, Series, Trajectory};
use crate::report::page::{Drawing, STORY, drawing, render};
use crate::study::declaration::Study;

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A figure could not be drawn.
    #[error(transparent)]
    Figure(#[from] FigureError),
    /// The page could not be put together.
    #[error("the page could not be put together: {0}")]
    Template(#[from] minijinja::Error),
}

/// What is on the page.
pub struct Page<'a> {
    /// Its title.
    pub title: String,
    /// What is told, and how it was picked.
    pub facts: Vec<String>,
    /// What the numbers are.
    pub numbers: &'a str,
    /// The command that tells it again.
    pub command: String,
    /// The study.
    pub study: &'a Study,
    /// The life.
    pub life: &'a Life,
    /// Its story.
    pub story: &'a Story,
    /// The twin, with its story where there is one.
    pub twin: Option<(&'a Twin, Option<&'a Story>)>,
}

/// What the template takes: nothing is computed there.
#[derive(Debug, Serialize)]
struct Contents<'a> {
    version: &'static str,
    title: &'a str,
    study: &'a str,
    facts: &'a [String],
    figures: Vec<Picture>,
    chapters: Vec<Told>,
    twin: Option<Other<'a>>,
    events: Vec<[String; 5]>,
    numbers: &'a str,
    command: &'a str,
}

/// A figure with the line under it.
#[derive(Debug, Serialize)]
struct Picture {
    #[serde(flatten)]
    drawing: Drawing,
    caption: String,
}

/// Sentences under a heading.
#[derive(Debug, Serialize)]
struct Told {
    heading: String,
    lines: Vec<Line>,
}

/// A sentence with its events: as data for a program, and as a link for a reader.
#[derive(Debug, Serialize)]
struct Line {
    week: usize,
    events: String,
    first: String,
    short: String,
    text: String,
}

/// The twin's life.
#[derive(Debug, Serialize)]
struct Other<'a> {
    arm: &'a str,
    events: String,
    parting: String,
    lines: Vec<Line>,
    rows: Vec<[String; 3]>,
}

impl Line {
    fn new(sentence: &Sentence) -> Self {
        Self {
            week: sentence.week,
            events: written(&sentence.ids),
            first: sentence.ids.first().map_or_else(String::new, Id::to_string),
            short: short(&sentence.ids),
            text: sentence.text.clone(),
        }
    }
}

fn written(ids: &[Id]) -> String {
    ids.iter().map(Id::to_string).collect::<Vec<_>>().join(" ")
}

/// The page as HTML.
///
/// # Errors
/// If a figure cannot be drawn.
pub fn page(page: &Page) -> Result<String, PageError> {
    let chapters = CHAPTERS.into_iter().map(|chapter| Told {
        heading: heading(page.life, chapter),
        lines: page.story.chapter(chapter).map(Line::new).collect(),
    });
    let mut shown = cited(page.story);
    if let Some((twin, story)) = page.twin {
        shown.extend(twin.ids());
        shown.extend(story.iter().flat_map(|story| cited(story)));
    }
    let contents = Contents {
        version: env!("CARGO_PKG_VERSION"),
        title: &page.title,
        study: &page.study.title,
        facts: &page.facts,
        figures: figures_of(page)?,
        chapters: chapters.filter(|chapter| !chapter.lines.is_empty()).collect(),
        twin: page.twin.map(|(twin, story)| other(page.life, twin, story)),
        events: events(page, &mut shown),
        numbers: page.numbers,
        command: &page.command,
    };
    Ok(render(STORY, contents)?)
}

/// The trust curves, the twin's below them.
fn figures_of(page: &Page) -> Result<Vec<Picture>, FigureError> {
    let twin = page.twin.and_then(|(twin, _)| twin.life.as_ref().map(|there| (twin, there)));
    let here = if twin.is_some() { "In the experiment" } else { "Trust" };
    let title = format!("{here}: {} and {}", page.life.names[0], page.life.names[1]);
    let mut all = vec![figure(page.life, &title, "trust-here")?];
    if let Some((twin, there)) = twin {
        let title = format!("The same two where everyone has the arm “{}”", twin.arm_name);
        all.push(figure(there, &title, "trust-there")?);
    }
    Ok(all)
}

fn figure(life: &Life, title: &str, id: &str) -> Result<Picture, FigureError> {
    let data = Trajectory {
        title: title.to_owned(),
        subtitle: "True trust of each in the other at the end of each week, from 0 to 1".to_owned(),
        panels: vec![panel(life, "")],
        x_label: "week".to_owned(),
        marks: marks(life),
        note: String::new(),
    };
    let ends: Vec<String> = (0..2)
        .map(|side| {
            let at = |week: usize| share(life.at(week).sides[side].trust);
            format!("{} from {} to {}", life.names[side], at(0), at(life.last()))
        })
        .collect();
    let caption = format!("Trust of {}.", ends.join(", of "));
    Ok(Picture { drawing: drawing(&Figure::Trajectory(data), id)?, caption })
}

fn panel(life: &Life, title: &str) -> Panel {
    let point = |week: usize, side: usize| {
        let mean = life.at(week).sides[side].trust;
        Point { x: week as f64, mean, low: f64::NAN, high: f64::NAN }
    };
    let series = [0, 1].map(|side| Series {
        label: life.names[side].clone(),
        // Trust in a former partner rests: there is nothing to draw.
        points: (0..=life.over().unwrap_or(life.last())).map(|week| point(week, side)).collect(),
    });
    Panel { title: title.to_owned(), y_label: "trust".to_owned(), series: series.to_vec(), y_range: Some((0.0, 1.0)) }
}

fn program(life: &Life) -> Vec<(f64, String)> {
    let end = life.program_end().filter(|end| *end < life.last());
    end.map(|end| (end as f64, "program ends".to_owned())).into_iter().collect()
}

/// What befell them, as far as it is rare.
fn marks(life: &Life) -> Vec<(f64, String)> {
    let mut all = program(life);
    if life.over().is_some_and(|over| life.program_end().is_some_and(|end| over < end)) {
        all.clear();
    }
    all.extend(life.over().map(|week| (week as f64, "the pair ends".to_owned())));
    let broken = |week: &usize| life.at(*week).sides.iter().any(|side| side.lapse || side.betrayal);
    all.extend((1..life.weeks.len()).filter(broken).take(2).map(|week| (week as f64, "confidence broken".to_owned())));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

fn other<'a>(here: &Life, twin: &'a Twin, story: Option<&Story>) -> Other<'a> {
    let mut other = Other {
        arm: &twin.arm_name,
        events: written(&twin.ids()),
        parting: twin.in_words(here).join(" "),
        lines: Vec::new(),
        rows: Vec::new(),
    };
    let from = from_week(&twin.parting);
    if let (Some(there), Some(story), true) = (&twin.life, story, from != usize::MAX) {
        other.lines = story.sentences.iter().filter(|sentence| sentence.week >= from.max(1)).map(Line::new).collect();
        other.rows = compared(here, there);
    }
    other
}

/// The cited events with the tables in which they are found.
fn events(page: &Page, shown: &mut Vec<Id>) -> Vec<[String; 5]> {
    shown.sort_unstable();
    shown.dedup();
    let there = page.twin.and_then(|(twin, _)| twin.life.as_ref());
    let all = |life: &Life| -> Vec<[String; 5]> {
        life.events()
            .iter()
            .filter(|event: &&Event| shown.binary_search(&event.id).is_ok())
            .map(|event| row(event, life))
            .collect()
    };
    let mut rows = all(page.life);
    rows.extend(there.into_iter().flat_map(all));
    rows
}
