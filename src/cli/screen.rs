//! Text for a terminal: broken at its width, colored only where that is welcome, printed in one go.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

pub use crate::report::text::{counted, number};
use crate::report::text::{plain, wrap};

/// Exit code for wrong usage and for a wrong scenario.
pub const WRONG: u8 = 2;

/// Columns of prose, however wide the terminal is; also what a pipe gets.
const WIDEST: usize = 100;
const NARROWEST: usize = 40;

/// Columns to write in: the terminal's, at most 100; `COLUMNS`, or else 100, where there is none.
pub fn width() -> usize {
    let columns = if io::stdout().is_terminal() {
        terminal()
    } else {
        std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok())
    };
    columns.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

/// The terminal's width. clap knows it and does not tell, but breaks a text there.
fn terminal() -> Option<usize> {
    let text = "x ".repeat(2 * WIDEST);
    let help = clap::Command::new("ruler").help_template("{about}").about(text).render_help().to_string();
    help.lines().map(|line| line.chars().count()).max()
}

/// Whether the standard output may have colors: it is a terminal and `NO_COLOR` is not set.
pub fn colors() -> bool {
    io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
}

/// Prints a text. A reader who has gone away (`| head`) is no error.
pub fn print(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: cannot write to the standard output: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Prints a line, or several, on the standard error; nothing can be done if that fails.
pub fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// An error with the way out, both broken into lines, on the standard error.
pub fn refuse(error: &str, way_out: &str) {
    let mut screen = Screen::new(width(), false);
    screen.paragraph(0, &format!("error: {error}"));
    if !way_out.is_empty() {
        screen.paragraph(2, way_out);
    }
    let _ = io::stderr().lock().write_all(screen.text.as_bytes());
}

/// What the user should know though nothing failed, broken into lines, on the standard error.
pub fn warn(text: &str) {
    let mut screen = Screen::new(width(), false);
    screen.paragraph(0, &format!("warning: {text}"));
    let _ = io::stderr().lock().write_all(screen.text.as_bytes());
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// As it is.
    Plain,
    /// Names and headings.
    Strong,
    /// What can be skipped.
    Faint,
}

/// A text that is being put together.
#[derive(Debug)]
pub struct Screen {
    width: usize,
    colors: bool,
    text: String,
}

impl Screen {
    /// A text of this width, with or without escape codes.
    pub fn new(width: usize, colors: bool) -> Self {
        Self { width, colors, text: String::new() }
    }

    /// A text for the standard output.
    pub fn standard() -> Self {
        Self::new(width(), colors())
    }

    /// Columns there are.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What has been written.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Prints it.
    pub fn print(self) -> ExitCode {
        print(&self.text)
    }

    /// An empty line, unless there is one or nothing comes before.
    pub fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A heading after an empty line.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.lines(0, Ink::Strong, text);
    }

    /// A text broken into lines, each indented.
    pub fn paragraph(&mut self, indent: usize, text: &str) {
        self.lines(indent, Ink::Plain, text);
    }

    /// The same, in an ink.
    pub fn lines(&mut self, indent: usize, ink: Ink, text: &str) {
        for line in wrap(text, self.width.saturating_sub(indent)) {
            self.line(indent, &[(ink, &line)]);
        }
    }

    /// One line as it is, its end cut where it does not fit.
    pub fn line(&mut self, indent: usize, pieces: &[(Ink, &str)]) {
        let mut left = self.width.saturating_sub(indent);
        let mut line = " ".repeat(indent);
        for (ink, piece) in pieces {
            let piece: String = piece.chars().take(left).collect();
            left -= piece.chars().count();
            line.push_str(&self.inked(*ink, &piece));
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// A label in a column of its own, and a text broken into lines beside it. A label that is longer than its column
    /// stands on a line of its own.
    pub fn entry(&mut self, indent: usize, label: &str, column: usize, ink: Ink, text: &str) {
        let label: String = plain(label);
        let beside = indent + column + 2;
        let mut lines = wrap(text, self.width.saturating_sub(beside)).into_iter();
        let long = label.chars().count() > column;
        let first = if long { None } else { lines.next() };
        let padding = " ".repeat(if long { 0 } else { beside - indent - label.chars().count() });
        self.line(indent, &[(ink, &label), (Ink::Plain, &padding), (Ink::Plain, first.as_deref().unwrap_or(""))]);
        for line in lines {
            self.line(beside, &[(Ink::Plain, &line)]);
        }
    }

    /// Entries whose labels share a column, as wide as the longest label up to `widest`.
    pub fn entries(&mut self, indent: usize, widest: usize, ink: Ink, all: &[(String, String)]) {
        let longest = all.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        let column = longest.min(widest).min(self.width / 2);
        for (label, text) in all {
            self.entry(indent, label, column, ink, text);
        }
    }

    fn inked(&self, ink: Ink, text: &str) -> String {
        match ink {
            Ink::Strong if self.colors && !text.is_empty() => format!("\u{1b}[1m{text}\u{1b}[0m"),
            Ink::Faint if self.colors && !text.is_empty() => format!("\u{1b}[2m{text}\u{1b}[0m"),
            _ => text.to_owned(),
        }
    }
}
