//! Texts broken into lines, and numbers as people write them.

/// A text without what could move the cursor or change colors.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Breaks a text into lines at spaces, and a word that is longer than a line anywhere. What stands between backticks, a
/// command, stays together where it fits.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_after(text, width, width)
}

/// The same, where the first line has another width than the rest.
fn wrap_after(text: &str, first: usize, rest: usize) -> Vec<String> {
    let (first, rest) = (first.max(1), rest.max(1));
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words(&plain(text), rest) {
        let width = if lines.is_empty() { first } else { rest };
        let space = usize::from(!line.is_empty());
        if line.chars().count() + space + word.chars().count() <= width {
            if space == 1 {
                line.push(' ');
            }
            line.push_str(&word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        let mut letters: Vec<char> = word.chars().collect();
        loop {
            let width = if lines.is_empty() { first } else { rest };
            if letters.len() <= width {
                break;
            }
            lines.push(letters.drain(..width).collect());
        }
        line = letters.into_iter().collect();
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A text broken into lines that begin with `first` and then with `rest`, each ended by a line break.
pub fn fold(text: &str, width: usize, first: &str, rest: &str) -> String {
    let left = |indent: &str| width.saturating_sub(indent.chars().count());
    let mut indent = first;
    let mut out = String::new();
    for line in wrap_after(text, left(first), left(rest)) {
        out.push_str(indent);
        out.push_str(&line);
        out.push('\n');
        indent = rest;
    }
    out
}

/// A text that begins with a capital letter.
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn words(text: &str, width: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut command: Vec<&str> = Vec::new();
    for word in text.split_whitespace() {
        let open = !command.is_empty();
        let ticks = word.matches('`').count() % 2 == 1;
        if open || ticks {
            command.push(word);
        }
        if open == ticks {
            if open {
                let whole = command.join(" ");
                if whole.chars().count() <= width {
                    all.push(whole);
                } else {
                    all.extend(command.iter().map(|word| (*word).to_owned()));
                }
                command.clear();
            } else {
                all.push(word.to_owned());
            }
        }
    }
    all.extend(command.into_iter().map(str::to_owned));
    all
}

/// A number as people write it: up to six decimals, no zeros at the end.
pub fn number(value: f64) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A word as a shell needs it.
pub fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.=".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// `1 dyad`, `60 dyads`.
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_break_at_spaces_and_commands_stay_whole() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("see `peerlab list` now", 14), ["see", "`peerlab list`", "now"]);
        assert_eq!(wrap("see `peerlab list`.", 9), ["see", "`peerlab", "list`."]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert!(wrap(" ", 10).is_empty());
    }

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(0.8 * 0.375), "0.3");
        assert_eq!(number(-0.0), "0");
        assert_eq!(number(120.0), "120");
        assert_eq!(counted(1, "dyad"), "1 dyad");
    }

    #[test]
    fn folded_lines_begin_with_their_indents() {
        assert_eq!(fold("one two three four", 9, "", "  "), "one two\n  three\n  four\n");
        assert_eq!(fold("abcdefgh", 4, "> ", ""), "> ab\ncdef\ngh\n");
        assert_eq!(fold(" ", 9, "- ", "  "), "");
    }

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_word_is_lost(text in "[a-z` \n\u{1b}]{0,200}", width in 1_usize..60) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| line.chars().count() <= width && !line.is_empty()));
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
