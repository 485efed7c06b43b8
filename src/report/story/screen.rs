//! A story as text: its head, the trust curves, and the sentences with their ids in brackets.

use super::event::Event;
use super::record::Life;
use super::sentence::{Chapter, Sentence, Story, short};
use crate::model::episode::DESTRUCTIVE;
use crate::report::text::wrap;

const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Columns of the curves, at most.
const LONGEST: usize = 64;

/// The heading of a chapter.
pub fn heading(life: &Life, chapter: Chapter) -> String {
    match (chapter, life.program_end()) {
        (Chapter::Before, _) => "Before the first week".to_owned(),
        (Chapter::Weeks, Some(end)) => format!("The program, weeks 1 to {end}"),
        (Chapter::Weeks, None) => format!("Weeks 1 to {}", life.last()),
        (Chapter::After, Some(end)) => format!("After the program, weeks {} to {}", end + 1, life.last()),
        (Chapter::After, None) => "After".to_owned(),
        (Chapter::Balance, _) => "What it came to".to_owned(),
    }
}

/// The chapters, in order.
pub const CHAPTERS: [Chapter; 4] = [Chapter::Before, Chapter::Weeks, Chapter::After, Chapter::Balance];

/// The trust curves of the two as lines of text, with what befell them below; from week 0 on.
pub fn curves(life: &Life, width: usize) -> Vec<String> {
    let column = life.names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("trust".len());
    let room = width.saturating_sub(column + 2 + 14).clamp(8, LONGEST);
    let weeks = life.weeks.len();
    let per = weeks.div_ceil(room).max(1);
    let bins: Vec<std::ops::Range<usize>> =
        (0..weeks.div_ceil(per)).map(|bin| bin * per..((bin + 1) * per).min(weeks)).collect();
    let mut lines = Vec::new();
    let last = life.last().to_string();
    let ruler = format!("0{}{last}", " ".repeat(bins.len().saturating_sub(1 + last.len())));
    lines.push(format!("{:column$}  {ruler}  first  last", "week"));
    for side in 0..2 {
        let trust = |week: usize| life.at(week).sides[side].trust;
        let row = |upper: bool| -> String { bins.iter().map(|bin| level(trust(bin.end - 1), upper)).collect() };
        let gap = " ".repeat(ruler.chars().count().saturating_sub(bins.len()));
        lines.push(format!("{:column$}  {}", "", row(true)).trim_end().to_owned());
        let ends = format!("{:.2}   {:.2}", trust(0), trust(life.last()));
        lines.push(format!("{:column$}  {}{gap}  {ends}", life.names[side], row(false)));
    }
    // An end has a row of its own: a meeting may fall into the same week.
    for row in [sign, end] {
        let signs: String = bins.iter().map(|bin| row(life, bin.clone())).collect();
        if !signs.trim().is_empty() {
            lines.push(format!("{:column$}  {}", "", signs.trim_end()));
        }
    }
    lines
}

/// A share as one of two signs, one above the other: sixteen steps from 0 to 1.
fn level(trust: f64, upper: bool) -> char {
    let steps = (trust.clamp(0.0, 1.0) * 16.0).round() as usize;
    match (steps, upper) {
        (0, false) => LEVELS[0],
        (steps, false) => LEVELS[steps.min(8) - 1],
        (steps, true) if steps > 8 => LEVELS[steps.min(16) - 9],
        _ => ' ',
    }
}

/// What is most worth a sign in these weeks.
fn sign(life: &Life, weeks: std::ops::Range<usize>) -> char {
    let any = |holds: &dyn Fn(usize) -> bool| weeks.clone().any(holds);
    let broken = |week: usize| life.at(week).sides.iter().any(|side| side.lapse || side.betrayal);
    let bad = |week: usize| (0..2).filter_map(|side| life.turn(week, side)).any(|turn| turn.felt < DESTRUCTIVE);
    if any(&broken) {
        'x'
    } else if any(&bad) {
        '!'
    } else if any(&|week| life.at(week).met) {
        '·'
    } else {
        ' '
    }
}

/// What ends in these weeks.
fn end(life: &Life, weeks: std::ops::Range<usize>) -> char {
    if life.over().is_some_and(|week| weeks.contains(&week)) {
        '#'
    } else if life.program_end().is_some_and(|week| weeks.contains(&week) && life.at(week).active) {
        '|'
    } else {
        ' '
    }
}

/// What the signs mean, those that occur.
pub fn legend(life: &Life) -> String {
    let all = (0..life.weeks.len()).flat_map(|week| [sign(life, week..week + 1), end(life, week..week + 1)]);
    let signs: Vec<char> = all.collect();
    let known = [
        ('·', "met"),
        ('!', "a destructive turn"),
        ('x', "a confidence broken"),
        ('#', "the pair ends"),
        ('|', "the program ends"),
    ];
    let all: Vec<String> = known
        .iter()
        .filter(|(sign, _)| signs.contains(sign))
        .map(|(sign, meaning)| format!("{sign} {meaning}"))
        .collect();
    all.join(", ")
}

/// A sentence with its ids in brackets, broken into lines.
pub fn lines(sentence: &Sentence, width: usize) -> Vec<String> {
    // Ids are not broken: what follows a space in them stays with the sentence's last words.
    wrap(&format!("{} [{}]", sentence.text, short(&sentence.ids)), width)
}

/// The ids that a story cites, each once, in order.
pub fn cited(story: &Story) -> Vec<super::Id> {
    let mut ids: Vec<super::Id> = story.sentences.iter().flat_map(|sentence| sentence.ids.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A row of the list of events: id, kind, who, table, facts.
pub fn row(event: &Event, life: &Life) -> [String; 5] {
    let who =
        event.what.side().map_or_else(String::new, |side| format!("{} ({})", life.names[side], life.members[side]));
    [event.id.to_string(), event.what.kind().to_owned(), who, event.what.table().to_owned(), event.facts(life)]
}
