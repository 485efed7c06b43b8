//! Values that look like a code for a missing answer which nobody declared: a forgotten −99, or −88 and −99 in one column.
//!
//! Three rules, from the most to the least specific, each about the values beyond the others at either end:
//!
//! 1. a code that questionnaires use ([`LOW`], [`HIGH`]) outside the range that the scale is declared to have;
//! 2. such a code where the others show that it is none of theirs: a negative one beside values of which none is negative, 8 or 9
//!    beyond the whole numbers of a rating scale, 99 or 999 far above the rest;
//! 3. any value further from all others than these lie from each other.
//!
//! An answer can look like a code, so that nothing is left out: it is said, with the way out.

use super::Dataset;
use crate::report::text::{counted, number, shell_word};

/// Codes below all answers.
const LOW: [f64; 9] = [-7.0, -8.0, -9.0, -77.0, -88.0, -99.0, -888.0, -999.0, -9999.0];
/// Codes above all answers.
const HIGH: [f64; 10] = [8.0, 9.0, 77.0, 88.0, 98.0, 99.0, 888.0, 998.0, 999.0, 9999.0];
/// The last point of a rating scale beyond which 8 and 9 are no answers.
const POINTS: f64 = 7.0;

/// A value with the number of its rows.
type Group = (f64, usize);

/// Says which values of a column look like codes for missing answers, and how to declare them. `declared` is the range of the
/// scale, where it is known. Neither the order of the values nor missing ones (NaN) matter.
pub fn suspected(column: &str, values: &[f64], declared: Option<(f64, f64)>) -> Option<String> {
    let groups = grouped(values);
    let (low, high) = listed(&groups, declared);
    let rest = &groups[low..groups.len() - high];
    let (below, above) = far(rest);
    let codes: Vec<Group> =
        groups[..low + below].iter().chain(&groups[groups.len() - high - above..]).copied().collect();
    let others = &rest[below..rest.len() - above];
    let (Some((from, _)), Some((to, _)), false) = (others.first(), others.last(), codes.is_empty()) else {
        return None;
    };
    let found: Vec<String> =
        codes.iter().map(|(code, rows)| format!("{} in {}", number(*code), counted(*rows, "row"))).collect();
    let options: Vec<String> = codes
        .iter()
        .map(|(code, _)| format!("--missing {}", shell_word(&format!("{column}={}", number(*code)))))
        .collect();
    let what =
        if codes.len() == 1 { "that is a code for a missing answer" } else { "these are codes for missing answers" };
    let found = match found.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => found.concat(),
    };
    let comma = if codes.len() == 1 { "" } else { "," };
    Some(format!(
        "`{column}` is {found}{comma} and from {} to {} in all others. If {what}, add {}.",
        number(*from),
        number(*to),
        options.join(" ")
    ))
}

/// The same of labels of groups: a negative code beside labels of which none is a negative number. All who lack a label would be
/// taken for one group.
pub fn suspected_label(table: &Dataset, column: &str, rows: &[usize]) -> Option<String> {
    let labels = table.labels(column).ok()?;
    let value = |row: &usize| labels[*row].as_ref().and_then(|label| label.parse::<f64>().ok());
    let negative: Vec<f64> = rows.iter().filter_map(value).filter(|value| *value < 0.0).collect();
    let code = *negative.first()?;
    (LOW.contains(&code) && negative.iter().all(|value| *value == code) && negative.len() < rows.len()).then(|| {
        format!(
            "`{column}` is {} in {}, taken for one group of its own. If that is a code for a missing label, delete these rows: \
             who belongs together cannot be guessed.",
            number(code),
            counted(negative.len(), "row")
        )
    })
}

/// Different values in ascending order.
fn grouped(values: &[f64]) -> Vec<Group> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).map(|own| (own[0], own.len())).collect()
}

/// How many of the lowest and of the highest values are codes that questionnaires use and no answers. Judged from the inside out: what
/// is taken for an answer belongs to the range by which the next is judged.
fn listed(groups: &[Group], declared: Option<(f64, f64)>) -> (usize, usize) {
    let mut low = groups.iter().take_while(|(value, _)| LOW.contains(value)).count();
    let mut high = groups.iter().rev().take_while(|(value, _)| HIGH.contains(value)).count();
    while low + high > 0 {
        let body = &groups[low..groups.len() - high];
        if body.len() < 2 {
            return (0, 0);
        }
        if low > 0 && !is_low(groups[low - 1], body, declared) {
            low -= 1;
        } else if high > 0 && !is_high(groups[groups.len() - high], body, declared) {
            high -= 1;
        } else {
            break;
        }
    }
    (low, high)
}

fn ends(body: &[Group]) -> (f64, f64) {
    (body[0].0, body[body.len() - 1].0)
}

fn is_low((code, rows): Group, body: &[Group], declared: Option<(f64, f64)>) -> bool {
    let (from, to) = ends(body);
    let (gap, width) = (from - code, to - from);
    if is_declared(code, declared) {
        return false;
    }
    from >= 0.0
        || declared.is_some_and(|(lowest, _)| code < lowest && from >= lowest)
        || 2.0 * gap > width
        || (rows > 1 && 4.0 * gap > width)
}

fn is_high((code, rows): Group, body: &[Group], declared: Option<(f64, f64)>) -> bool {
    let (from, to) = ends(body);
    let (gap, width) = (code - to, to - from);
    if is_declared(code, declared) {
        return false;
    }
    if gap > width || declared.is_some_and(|(_, highest)| code > highest && to <= highest) {
        return true;
    }
    if code > 9.0 {
        return 3.0 * gap > width || (rows > 1 && 4.0 * gap > width);
    }
    // All points of a rating scale are there, and then nothing up to the code. From 0 it may also be a count with a long tail.
    let whole = body.iter().all(|(value, _)| value.fract() == 0.0);
    let scale = whole && width + 1.0 == body.len() as f64 && gap >= 2.0 && (from >= 1.0 || rows > 1);
    let mean = !whole && from >= 1.0 && rows > 1 && 3.0 * gap > width;
    from >= 0.0 && to <= POINTS && (scale || mean)
}

/// What the scale is declared to have is an answer.
fn is_declared(value: f64, declared: Option<(f64, f64)>) -> bool {
    declared.is_some_and(|(lowest, highest)| lowest <= value && value <= highest)
}

/// How many of the lowest or of the highest values lie further from all others than these from each other. A single value may have
/// any number of rows; two or three together are few. Of fewer than three others nothing is said.
fn far(groups: &[Group]) -> (usize, usize) {
    let count = groups.len();
    let rows = |own: &[Group]| own.iter().fold(0, |sum, (_, rows)| sum + rows);
    for taken in 1..=3 {
        if count < taken + 3 {
            break;
        }
        let few = taken == 1 || 4 * rows(&groups[..taken]) <= rows(groups);
        let below = groups[taken].0 - groups[taken - 1].0;
        if few && below > groups[count - 1].0 - groups[taken].0 {
            return (taken, 0);
        }
        let few = taken == 1 || 4 * rows(&groups[count - taken..]) <= rows(groups);
        let above = groups[count - taken].0 - groups[count - taken - 1].0;
        if few && above > groups[count - taken - 1].0 - groups[0].0 {
            return (0, taken);
        }
    }
    (0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values with how often each is there.
    fn column(groups: &[(f64, usize)]) -> Vec<f64> {
        groups.iter().flat_map(|(value, rows)| std::iter::repeat_n(*value, *rows)).collect()
    }

    /// A rating scale with all of its points.
    fn scale(last: u32, more: &[(f64, usize)]) -> Vec<f64> {
        let points: Vec<(f64, usize)> = (1..=last).map(|point| (f64::from(point), 4)).collect();
        [column(&points), column(more)].concat()
    }

    fn codes(values: &[f64], declared: Option<(f64, f64)>) -> Vec<String> {
        let Some(words) = suspected("x", values, declared) else { return Vec::new() };
        words.split("--missing x=").skip(1).map(|rest| rest.trim_end_matches([' ', '.']).to_owned()).collect()
    }

    #[test]
    fn a_forgotten_code_is_named_with_its_rows() {
        let words = suspected("x", &scale(5, &[(-99.0, 2), (-88.0, 1)]), None).unwrap();
        let expected = "`x` is -99 in 2 rows and -88 in 1 row, and from 1 to 5 in all others. If these are codes for missing answers, \
                        add --missing x=-99 --missing x=-88.";
        assert_eq!(words, expected);
        let words = suspected("t one", &scale(5, &[(9.0, 1)]), None).unwrap();
        let expected = "`t one` is 9 in 1 row and from 1 to 5 in all others. If that is a code for a missing answer, add --missing \
                        't one=9'.";
        assert_eq!(words, expected);
    }

    #[test]
    fn codes_of_questionnaires_are_found_at_either_end() {
        let percent: Vec<f64> = (0..=100).map(f64::from).collect();
        let age: Vec<f64> = (18..=64).map(f64::from).collect();
        let standard: Vec<f64> = (-25..=25).map(|value| f64::from(value) / 10.0).collect();
        let with = |values: &[f64], more: &[(f64, usize)]| [values.to_vec(), column(more)].concat();
        for (values, expected) in [
            (scale(7, &[(9.0, 1)]), vec!["9"]),
            (scale(5, &[(8.0, 2), (9.0, 3)]), vec!["8", "9"]),
            (scale(5, &[(-99.0, 1), (99.0, 1)]), vec!["-99", "99"]),
            (scale(7, &[(77.0, 2), (88.0, 2), (99.0, 2), (999.0, 1)]), vec!["77", "88", "99", "999"]),
            (with(&percent, &[(-9.0, 1)]), vec!["-9"]),
            (with(&percent, &[(-99.0, 1), (-8.0, 4)]), vec!["-99", "-8"]),
            (with(&age, &[(99.0, 1)]), vec!["99"]),
            (with(&age, &[(-9.0, 1), (999.0, 1)]), vec!["-9", "999"]),
            (with(&standard, &[(-9.0, 1), (-8.0, 1)]), vec!["-9", "-8"]),
            (column(&[(0.0, 9), (1.0, 9), (9.0, 1)]), vec!["9"]),
            (column(&[(1.2, 9), (3.8, 9), (6.6, 2), (9.0, 2)]), vec!["9"]),
            // Codes that nobody uses, one or two of them.
            (with(&standard, &[(-55.0, 1)]), vec!["-55"]),
            (with(&standard, &[(555.0, 1), (556.0, 1)]), vec!["555", "556"]),
        ] {
            assert_eq!(codes(&values, None), expected, "{values:?}");
            let mut turned = values.clone();
            turned.reverse();
            turned.push(f64::NAN);
            assert_eq!(codes(&turned, None), expected, "whatever the order");
        }
    }

    #[test]
    fn answers_are_taken_for_answers() {
        let percent: Vec<f64> = (0..=100).map(f64::from).collect();
        let change: Vec<f64> = (-9..=9).map(f64::from).collect();
        let wide: Vec<f64> = (-60..=60).map(f64::from).chain([-77.0, -99.0]).collect();
        for values in [
            percent,
            change,
            wide,
            scale(9, &[]),
            scale(8, &[]),
            scale(99, &[]),
            // Years of service, a count with a tail, two arms, one value.
            column(&[(1.0, 5), (2.0, 3), (4.0, 2), (7.0, 1), (9.0, 1)]),
            column(&[(0.0, 20), (1.0, 9), (2.0, 4), (3.0, 2), (4.0, 1), (5.0, 1), (6.0, 1), (9.0, 1)]),
            column(&[(0.0, 9), (1.0, 9)]),
            column(&[(9.0, 9)]),
            column(&[(-9.0, 9), (9.0, 9)]),
            Vec::new(),
        ] {
            assert_eq!(codes(&values, None), [""; 0], "{values:?}");
        }
    }

    #[test]
    fn what_a_scale_is_declared_to_have_decides() {
        let values = column(&[(1.0, 3), (2.0, 9), (4.0, 3), (6.0, 2), (8.0, 3), (9.0, 1)]);
        assert_eq!(codes(&values, None), [""; 0]);
        assert_eq!(codes(&values, Some((1.0, 8.0))), ["9"]);
        assert_eq!(codes(&values, Some((1.0, 10.0))), [""; 0]);
    }

    #[test]
    fn a_group_called_by_a_code_is_no_group() {
        let reading = crate::inquiry::dataset::Reading::default();
        let table = Dataset::from_csv("t.csv", b"g,h\n1,-1\n1,-9\n-99,2\n-99,2\n", &reading).unwrap();
        let words = suspected_label(&table, "g", &[0, 1, 2, 3]).unwrap();
        assert!(words.starts_with("`g` is -99 in 2 rows, taken for one group of its own."), "{words}");
        assert_eq!(suspected_label(&table, "g", &[0, 1]), None);
        assert_eq!(suspected_label(&table, "h", &[0, 1, 2, 3]), None);
    }
}
