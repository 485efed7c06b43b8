//! Sentences with the ids of their events, and how ids are written.

use super::event::Id;

/// The parts of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chapter {
    /// Who they are and what comes before the first week.
    Before,
    /// The program's weeks, or all weeks where there is no program.
    Weeks,
    /// The weeks after the program.
    After,
    /// What it came to.
    Balance,
}

/// A sentence of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// Where it stands.
    pub chapter: Chapter,
    /// The last week that it tells of.
    pub week: usize,
    /// What it says.
    pub text: String,
    /// The events that it tells, in order; never none.
    pub ids: Vec<Id>,
}

/// A pair's story.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The sentences, in order.
    pub sentences: Vec<Sentence>,
}

impl Story {
    /// The sentences of a chapter.
    pub fn chapter(&self, chapter: Chapter) -> impl Iterator<Item = &Sentence> {
        self.sentences.iter().filter(move |sentence| sentence.chapter == chapter)
    }
}

/// Ids without the stem that all of a story's share: `w5.e1,2` for two of a week, `w6-9.e0` for one of each of several weeks.
pub fn short(ids: &[Id]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut rest: Vec<(usize, Vec<u8>)> = Vec::new();
    for id in ids {
        match rest.iter_mut().find(|(week, _)| *week == id.week) {
            Some((_, numbers)) => numbers.push(id.number),
            None => rest.push((id.week, vec![id.number])),
        }
    }
    let mut at = 0;
    while at < rest.len() {
        let (week, numbers) = &rest[at];
        let alike =
            rest[at..].iter().enumerate().take_while(|(step, (other, same))| *other == week + step && same == numbers);
        let run = alike.count().max(1);
        let numbers: Vec<String> = numbers.iter().map(u8::to_string).collect();
        let weeks = if run > 1 { format!("w{week}-{}", week + run - 1) } else { format!("w{week}") };
        parts.push(format!("{weeks}.e{}", numbers.join(",")));
        at += run;
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_short_and_none_is_lost() {
        let id = |week, number| Id { replication: 17, everyone: None, dyad: 3, week, number };
        assert_eq!(short(&[id(5, 1), id(5, 2)]), "w5.e1,2");
        assert_eq!(short(&[id(6, 0), id(7, 0), id(8, 0), id(10, 0)]), "w6-8.e0 w10.e0");
        assert_eq!(short(&[id(2, 1), id(3, 2)]), "w2.e1 w3.e2");
        assert_eq!(id(5, 2).to_string(), "r17.d3.w5.e2");
        assert_eq!(Id { everyone: Some(1), ..id(5, 2) }.to_string(), "r17.a1.d3.w5.e2");
    }
}
