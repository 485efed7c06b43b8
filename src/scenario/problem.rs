//! What is wrong with a scenario, as plain data: a place, what was found there, what was expected and the way out.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::walk;

/// A text that problems point into: the scenario's file or one `--set` of the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// The file's name, or `--set 2` for the second override.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
}

impl SourceText {
    /// A text with the name it is shown under.
    pub fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.into() }
    }

    /// Line and column of a byte offset, both counted from 1, columns in characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        (line, column)
    }
}

/// One mistake in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The text it is in.
    pub source: SourceText,
    /// The bytes of that text it is about.
    pub span: Range<usize>,
    /// What is wrong, in one line.
    pub message: String,
    /// What to say at the pointer.
    pub label: String,
    /// What would have been right.
    pub expected: Option<String>,
    /// The way out.
    pub help: Option<String>,
    /// The known name that is nearest to what was written.
    pub nearest: Option<String>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.source.position(self.span.start);
        write!(f, "{}:{line}:{column}: {}", self.source.name, self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        if let Some(help) = &self.help {
            write!(f, "; {help}")?;
        }
        Ok(())
    }
}

/// The mistakes of a scenario, in the order of the text; the file's first, then those of the command line. Of more than
/// [`Problems::TOLD`] the first, and how many more there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>, usize);

impl Problems {
    /// How many are told at most: who has more has given another file than they meant, or another program's.
    pub const TOLD: usize = 100;

    /// How many there are beside those that are told.
    pub fn untold(&self) -> usize {
        self.1
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        if self.1 > 0 {
            write!(f, "\nand {} more", self.1)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// A place in one of the texts that are being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// Index of the text.
    pub source: usize,
    /// The bytes.
    pub span: Range<usize>,
}

/// What a problem says, while it is being put together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Say {
    message: String,
    label: String,
    expected: Option<String>,
    help: Option<String>,
    nearest: Option<String>,
    /// An unknown key and the path of its table, whose advice is sought only when it is told.
    unknown: Option<(String, String)>,
}

impl Say {
    pub fn new(message: impl Into<String>, label: impl Into<String>) -> Self {
        Self { message: message.into(), label: label.into(), ..Self::default() }
    }

    pub fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    pub fn nearest(mut self, name: Option<&str>) -> Self {
        self.nearest = name.map(str::to_owned);
        self
    }

    /// Of an unknown key, in the table of this path: what is expected and the way out are sought when it is told.
    pub fn unknown(mut self, key: &str, here: &str) -> Self {
        self.unknown = Some((key.to_owned(), here.to_owned()));
        self
    }

    fn advised(mut self) -> Self {
        match self.unknown.take() {
            Some((key, here)) => walk::advise(self, &key, &here),
            None => self,
        }
    }
}

/// Gathers problems while a scenario is read.
#[derive(Debug)]
pub(crate) struct Collector {
    /// The texts; the first is the file.
    pub sources: Vec<SourceText>,
    found: Vec<(Spot, Say)>,
    /// Where the lines of the file end.
    ends: Vec<usize>,
}

impl Collector {
    pub fn new(sources: Vec<SourceText>) -> Self {
        let text = sources.first().map_or("", |source| &*source.text);
        let ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Self { sources, found: Vec::new(), ends }
    }

    pub fn add(&mut self, spot: &Spot, say: Say) {
        self.found.push((spot.clone(), say));
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The line, counted from 1, of a place in the file; `--set 2` for one of the command line.
    pub fn line_of(&self, spot: &Spot) -> String {
        match self.sources.get(spot.source) {
            Some(_) if spot.source == 0 => format!("line {}", self.line(spot.span.start)),
            Some(source) => source.name.clone(),
            None => String::new(),
        }
    }

    /// The line of the file, counted from 1, in which a byte stands.
    pub fn line(&self, offset: usize) -> usize {
        self.ends.partition_point(|end| *end < offset) + 1
    }

    /// Drops what was found on certain lines of the file.
    pub fn forget_lines(&mut self, from: usize, lines: &BTreeSet<usize>) {
        let found = std::mem::take(&mut self.found).into_iter().enumerate();
        let stays = |index: usize, spot: &Spot| {
            index < from || spot.source != 0 || !lines.contains(&self.line(spot.span.start))
        };
        self.found = found.filter(|(index, (spot, _))| stays(*index, spot)).map(|(_, one)| one).collect();
    }

    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// The problems, in the order of the texts, each said once.
    pub fn finish(mut self) -> Problems {
        self.found.sort_by_key(|(spot, _)| (spot.source, spot.span.start, spot.span.end));
        self.found.dedup_by(|a, b| a.0 == b.0 && a.1.message == b.1.message);
        let sources = self.sources;
        let untold = self.found.len().saturating_sub(Problems::TOLD);
        let told = self.found.into_iter().take(Problems::TOLD).map(|(spot, say)| (spot, say.advised()));
        let told = told.map(|(spot, say)| Problem {
            source: sources[spot.source].clone(),
            span: spot.span,
            message: say.message,
            label: say.label,
            expected: say.expected,
            help: say.help,
            nearest: say.nearest,
        });
        Problems(told.collect(), untold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_one_and_in_characters() {
        let source = SourceText::new("a.toml", "id = 1\nä = 2\n");
        assert_eq!(source.position(0), (1, 1));
        assert_eq!(source.position(7), (2, 1));
        assert_eq!(source.position(9), (2, 2));
        assert_eq!(source.position(999), (3, 1));
        let problems = Collector::new(vec![source.clone()]);
        assert!((0..=14).all(|at| problems.line(at) == source.position(at).0));
    }
}
