//! A key as the command line writes it (`population.dyads`, `arm.listening training.share`): what fits there, and what a study
//! has there.

use serde_json::Value;

use super::grammar::{self, Leaf};
use super::overrides;
use crate::study::declaration::Study;

/// Tables in lists, with the key that names them.
const LISTS: [(&str, &str); 4] = [("arm", "name"), ("setting", "name"), ("hypothesis", "id"), ("factor", "id")];

/// What fits at a key; nothing where there is no such key, or it is no single value.
///
/// ```
/// use peerlab::scenario::lookup::leaf;
/// assert_eq!(leaf("population.dyads").unwrap().unit, "dyads");
/// assert_eq!(leaf("arm.\"a. b\".share").unwrap().path, "arm[].share");
/// assert!(leaf("population.dyad").is_none());
/// ```
pub fn leaf(key: &str) -> Option<&'static Leaf> {
    let steps = overrides::steps(key)?;
    let (first, rest) = steps.split_first()?;
    match LISTS.iter().find(|(list, _)| list == first) {
        // A name may hold dots: the longest key that fits is meant.
        Some((list, _)) => (1..rest.len()).find_map(|at| grammar::leaf(&format!("{list}[].{}", rest[at..].join(".")))),
        None => grammar::leaf(&steps.join(".")),
    }
}

/// Whether two keys are the same, however each is written.
///
/// ```
/// use peerlab::scenario::lookup::same;
/// assert!(same("arm.\"a b\".share", " arm.a b.share") && !same("population.dyads", "population.teams"));
/// ```
pub fn same(one: &str, other: &str) -> bool {
    one.trim() == other.trim() || overrides::steps(one).is_some_and(|steps| Some(steps) == overrides::steps(other))
}

/// The number that a study has at a key, defaults filled in; nothing where it has none.
///
/// ```
/// use peerlab::scenario::{builtin, lookup::number};
/// let study = builtin::find("listening-training").unwrap().read(&[]).unwrap().study;
/// assert_eq!(number(&study, "population.dyads"), Some(60.0));
/// assert_eq!(number(&study, "arm.listening training.share"), Some(0.5));
/// assert_eq!(number(&study, "program.kind"), None);
/// ```
pub fn number(study: &Study, key: &str) -> Option<f64> {
    let steps = overrides::steps(key)?;
    let root: Value = serde_json::from_str(&super::resolved::to_json(study)).ok()?;
    let (first, rest) = steps.split_first()?;
    let within =
        |start: &Value, steps: &[String]| steps.iter().try_fold(start.clone(), |at, step| at.get(step).cloned());
    match LISTS.iter().find(|(list, _)| list == first) {
        Some((list, name)) => root.get(list)?.as_array()?.iter().find_map(|one| {
            let wanted = one.get(name)?.as_str()?;
            (1..rest.len()).find(|at| rest[..*at].join(".") == wanted).and_then(|at| within(one, &rest[at..])?.as_f64())
        }),
        None => within(&root, &steps)?.as_f64(),
    }
}
