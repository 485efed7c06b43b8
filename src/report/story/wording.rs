//! Choosing words: by what happened, by what was told before, and by a hash of the event; never by a clock.

use std::collections::BTreeMap;

use super::names::mix;

/// What was said in a story so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    used: BTreeMap<&'static str, Vec<usize>>,
}

impl Memory {
    /// One of several ways to say the same: the hash's, or the next one that this story has not used. `list` names the list.
    pub fn choose(&mut self, list: &'static str, hash: u64, ways: &[&'static str]) -> &'static str {
        let used = self.used.entry(list).or_default();
        if used.len() >= ways.len() {
            used.clear();
        }
        let start = (mix(hash, list.len() as u64) % ways.len().max(1) as u64) as usize;
        let free = (0..ways.len()).map(|step| (start + step) % ways.len()).find(|way| !used.contains(way));
        let way = free.unwrap_or(start);
        used.push(way);
        ways.get(way).copied().unwrap_or_default()
    }
}

/// Fills `{L}` and the like.
pub(super) fn fill(way: &str, words: &[(&str, &str)]) -> String {
    let mut text = way.to_owned();
    for (key, word) in words {
        text = text.replace(&format!("{{{key}}}"), word);
    }
    text
}

/// A number with two decimals and a true minus sign.
pub(super) fn two(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    if value < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        format!("\u{2212}{text}")
    } else {
        text
    }
}

/// A share of trust as it is told: two decimals.
pub(super) fn share(value: f64) -> String {
    two(value)
}

/// `one`, `two`, ... `twelve`, then figures.
pub(super) fn count(value: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(value).map_or_else(|| value.to_string(), |word| (*word).to_owned())
}

/// `once`, `twice`, `three times`.
pub(super) fn times(value: usize) -> String {
    match value {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        many => format!("{} times", count(many)),
    }
}

/// `first`, `second`, ... `twelfth`, `13th`.
pub(super) fn nth(value: usize) -> String {
    const WORDS: [&str; 13] = [
        "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth",
    ];
    let ending = match (value % 10, value % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    WORDS.get(value).map_or_else(|| format!("{value}{ending}"), |word| (*word).to_owned())
}

/// `a third`, `an eighth`.
pub(super) fn a_nth(value: usize) -> String {
    let vowel = matches!(value, 8 | 11 | 18 | 80..=89);
    format!("{} {}", if vowel { "an" } else { "a" }, nth(value))
}

/// A whole number in words, from 13 to 99: no sentence begins with a figure.
fn spelled(value: usize) -> Option<String> {
    const TEENS: [&str; 7] = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match value {
        13..=19 => Some(TEENS[value - 13].to_owned()),
        20..=99 if value.is_multiple_of(10) => Some(TENS[value / 10 - 2].to_owned()),
        20..=99 => Some(format!("{}-{}", TENS[value / 10 - 2], count(value % 10))),
        _ => None,
    }
}

/// A sentence: a capital letter at the beginning, and no figure; a full stop at the end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let words = text[..digits].parse().ok().filter(|_| text[digits..].starts_with(' ')).and_then(spelled);
    let text =
        crate::report::text::capitalized(&words.map_or_else(|| text.to_owned(), |words| words + &text[digits..]));
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_of_saying_it_comes_twice_before_every_other_has() {
        let mut memory = Memory::default();
        let ways = ["a", "b", "c"];
        let said: Vec<_> = (0..6).map(|_| memory.choose("list", 5, &ways)).collect();
        let mut first = said[..3].to_vec();
        first.sort_unstable();
        assert_eq!(first, ways);
        assert_eq!(said[..3], said[3..]);
    }

    #[test]
    fn numbers_read_as_words() {
        assert_eq!(
            (two(-0.004), two(-0.5), nth(22), times(2)),
            ("0.00".into(), "\u{2212}0.50".into(), "22nd".into(), "twice".into())
        );
        let ordinals = [3, 8, 11, 18, 21, 80].map(a_nth).join(", ");
        assert_eq!(ordinals, "a third, an eighth, an eleventh, an 18th, a 21st, an 80th");
        assert_eq!(sentence(" it ended"), "It ended.");
        assert_eq!(sentence("14 weeks later it ended"), "Fourteen weeks later it ended.");
        assert_eq!(sentence("24 of 40 turns hurt"), "Twenty-four of 40 turns hurt.");
        assert_eq!(sentence("0.5 was left"), "0.5 was left.");
    }
}
