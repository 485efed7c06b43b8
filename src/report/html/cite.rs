//! How a run is cited: read from `CITATION.cff`, so that nothing is written twice.

use serde::Serialize;

use crate::report::text::capitalized;

const FILE: &str = include_str!("../../../CITATION.cff");

/// What there is to cite.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// The program.
    pub software: String,
    /// The article whose theory it makes precise.
    pub article: String,
    /// Its digital object identifier.
    pub doi: String,
    /// What else the study says that it is asked in.
    pub others: Vec<String>,
}

/// The citation of a run that a version made, of a study that is asked in a `source`.
pub fn citation(version: &str, source: &str) -> Citation {
    let (own, references) = FILE.split_once("references:").unwrap_or((FILE, ""));
    let mut works = references.split("- type:").skip(1);
    let article = works.next().unwrap_or_default();
    let others = works.filter(|work| source.contains(value(work, "year"))).map(reference).collect();
    Citation {
        software: format!(
            "{}. {} (version {version}) [Computer software].",
            capitalized(value(own, "name")),
            value(own, "title")
        ),
        article: reference(article),
        doi: value(article, "doi").to_owned(),
        others,
    }
}

/// Authors, year, title, and where it appeared.
fn reference(work: &str) -> String {
    let names: Vec<String> = values(work, "family-names")
        .zip(values(work, "given-names"))
        .map(|(family, given)| format!("{family}, {}", initials(given)))
        .collect();
    let place = [value(work, "journal"), value(work, "name")].concat();
    format!("{} ({}). {}. {place}.", listed(&names), value(work, "year"), value(work, "title"))
}

/// The first value of a key.
fn value<'a>(text: &'a str, key: &'a str) -> &'a str {
    values(text, key).next().unwrap_or_default()
}

/// The values of a key, in order, without their quotes.
fn values<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| {
        let line = line.trim_start().trim_start_matches("- ");
        Some(line.strip_prefix(key)?.strip_prefix(": ")?.trim().trim_matches('"'))
    })
}

/// `Kathy E.` as `K. E.`
fn initials(given: &str) -> String {
    let initials = given.split_whitespace().filter_map(|name| name.chars().next());
    initials.map(|letter| format!("{letter}.")).collect::<Vec<_>>().join(" ")
}

fn listed(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{}, & {last}", rest.join(", ")),
        all => all.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_read_whole() {
        let found = citation("9.9.9", "Parker, Kram & Hall 2012");
        assert_eq!(
            found.software,
            "The peerlab developers. peerlab: a laboratory for field experiments on peer coaching (version 9.9.9) [Computer software]."
        );
        assert_eq!(
            found.article,
            "Parker, P., Kram, K. E., & Hall, D. T. (2012). Exploring Risk Factors in Peer Coaching: A Multilevel Approach. \
             The Journal of Applied Behavioral Science."
        );
        assert_eq!(found.doi, "10.1177/0021886312468484");
        assert!(found.others.is_empty());
        assert_eq!(
            citation("9.9.9", "Parker, Hall, Kram & Wasserman 2018, Peer Coaching at Work").others,
            [
                "Parker, P., Hall, D. T., Kram, K. E., & Wasserman, I. C. (2018). Peer Coaching at Work: Principles and Practices. \
              Stanford University Press."
            ]
        );
    }
}
