//! The narrator: turns what is worth telling into sentences, in order.

use super::event::{Event, Id, What};
use super::names::mix;
use super::record::Life;
use super::scenes::{Piece, pieces};
use super::sentence::{Chapter, Sentence, Story};
use super::wording::{Memory, count, fill, sentence};
use crate::model::dyad::Quality;
use crate::study::declaration::Kind;

/// Tells a pair's life.
pub(super) fn tell(life: &Life) -> Story {
    let events = life.events();
    let mut teller = Teller {
        life,
        memory: Memory::default(),
        last: 0,
        silent_after: false,
        silent_until: 0,
        sentences: Vec::new(),
    };
    teller.opening();
    if life.weeks.iter().any(|week| week.active) {
        let pieces = pieces(life, &events);
        let later = |piece: &Piece| match piece {
            Piece::Scene(week, _) => Some(*week) > life.program_end(),
            Piece::Stretch(from, _) | Piece::Silence(from, _) => Some(*from) > life.program_end(),
        };
        teller.silent_after = life.program_end().is_some() && !pieces.iter().any(later);
        for piece in pieces {
            match piece {
                Piece::Scene(week, tell) => teller.scene(week, &tell),
                Piece::Stretch(from, to) => teller.stretch(from, to),
                Piece::Silence(from, to) => teller.silence(from, to),
            }
        }
    } else {
        teller.apart(&events);
    }
    teller.balance(&events);
    Story { sentences: teller.sentences }
}

/// Who tells, with what was told so far.
pub(super) struct Teller<'a> {
    pub life: &'a Life,
    pub memory: Memory,
    /// The week that was told last.
    pub last: usize,
    /// Whether the program's end is the last that is told of the weeks.
    pub silent_after: bool,
    /// The last week of the silence that was told last: no later or same week is counted from it in words.
    pub silent_until: usize,
    sentences: Vec<Sentence>,
}

impl Teller<'_> {
    pub(super) fn name(&self, side: usize) -> &str {
        &self.life.names[side]
    }

    /// A hash of what a week brought, whoever it brought it to.
    pub(super) fn hash(&self, week: usize, number: u8) -> u64 {
        let [a, b] = self.life.at(week).sides.map(|side| side.trust.to_bits());
        mix(mix(week as u64, u64::from(number)), a ^ b.rotate_left(17))
    }

    pub(super) fn say(&mut self, week: usize, text: String, mut ids: Vec<Id>) {
        ids.sort_unstable();
        ids.dedup();
        if text.trim().is_empty() || ids.is_empty() {
            return;
        }
        let chapter = match self.life.program_end() {
            _ if week == 0 => Chapter::Before,
            Some(end) if week > end => Chapter::After,
            _ => Chapter::Weeks,
        };
        self.sentences.push(Sentence { chapter, week, text: sentence(&text), ids });
        self.last = self.last.max(week);
    }

    pub(super) fn conclude(&mut self, text: String, ids: Vec<Id>) {
        let week = self.life.last();
        self.say(week, text, ids);
        if let Some(last) = self.sentences.last_mut() {
            last.chapter = Chapter::Balance;
        }
    }

    /// When it was, seen from what was told last.
    pub(super) fn when(&mut self, week: usize) -> String {
        let gap = week.saturating_sub(self.last);
        let end = self.life.program_end();
        let since = end.filter(|end| week > *end).map(|end| week - end);
        let (list, ways): (&'static str, &[&'static str]) = match (gap, since) {
            _ if week == 1 => ("at first", &["in the first week", "in week 1"]),
            _ if self.last == 0 || week <= self.silent_until => ("later", &["in week {w}"]),
            (0, _) => ("the same week", &["in the same week", "that week"]),
            (1, _) => ("the next week", &["a week later", "the week after", "in week {w}", "the following week"]),
            (_, Some(since)) if since > 1 => ("after the program", &["in week {w}", "{since} weeks after the program"]),
            (2..=4, _) => ("some weeks later", &["in week {w}", "{gap} weeks later", "in week {w}"]),
            _ => ("later", &["in week {w}"]),
        };
        let hash = self.hash(week, 50);
        let way = self.memory.choose(list, hash, ways);
        self.last = self.last.max(week);
        let numbers = [week.to_string(), count(gap), count(since.unwrap_or(0))];
        fill(way, &[("w", &numbers[0]), ("gap", &numbers[1]), ("since", &numbers[2])])
    }

    fn scene(&mut self, week: usize, tell: &[What]) {
        let turns: Vec<usize> =
            tell.iter().filter_map(|what| if let What::Turn(side, _) = what { Some(*side) } else { None }).collect();
        let mut told = false;
        let left = tell.iter().any(|what| matches!(what, What::Left(_)));
        for what in tell {
            match *what {
                What::Turn(..) if !told => {
                    told = true;
                    self.turns(week, &turns);
                }
                What::Turn(..) => {}
                What::Breach(side, betrayal) => self.breach(week, side, betrayal),
                What::Malice(side) => {
                    let words = [("V", self.name(side)), ("P", self.name(1 - side))];
                    let text = fill(
                        "it turned {V}: from then on {V} was as ready to harm {P} as someone who comes to exploit",
                        &words,
                    );
                    self.say(week, text, vec![self.life.id(week, what)]);
                }
                What::Left(side) => self.left(week, side),
                What::Over(_) if left => {}
                What::Over(cause) => self.over(week, cause),
                What::ProgramEnd => self.program_ends(week),
                _ => self.condition(week, what),
            }
        }
    }

    /// Two who were never a pair: what became of them is told without meetings.
    fn apart(&mut self, events: &[Event]) {
        let last = self.life.last();
        let ids = (1..=last).map(|week| self.life.numbered(week, 0)).collect();
        let text = match self.life.program.kind {
            Kind::None => format!(
                "in all {last} weeks nothing brought the two together; what they learned, they learned without each other"
            ),
            _ => format!("in {last} weeks the two were never a pair"),
        };
        self.say(last, text, ids);
        for event in events {
            match event.what {
                What::Left(side) => self.left(event.id.week, side),
                What::Change(..) | What::Climate(..) | What::State(..) => self.condition(event.id.week, &event.what),
                _ => {}
            }
        }
    }

    /// The class of the connection in words.
    pub(super) fn class(quality: Quality) -> &'static str {
        match quality {
            Quality::Dysfunctional => "dysfunctional",
            Quality::Low => "of low quality",
            Quality::Medium => "of medium quality",
            Quality::High => "of high quality",
        }
    }
}
