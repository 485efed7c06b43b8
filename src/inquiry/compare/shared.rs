//! How two scenarios differ, and what of their luck they therefore do not share.

use serde_json::Value;

use crate::scenario::resolved;
use crate::study::declaration::Study;

/// Differences that are told one by one; of more only their number.
const TOLD: usize = 12;

/// What the second has otherwise than the first, key by key, after what it means for common random numbers.
pub fn differences(first: &Study, second: &Study) -> Vec<String> {
    let mut all = unshared(first, second);
    let (a, b) = (flat(first), flat(second));
    let mut keys: Vec<String> = Vec::new();
    for (path, value) in &b {
        match a.iter().find(|(known, _)| known == path) {
            Some((_, other)) if other == value => {}
            Some((_, other)) => keys.push(format!("{path}: {other} in the first, {value} here")),
            None => keys.push(format!("{path}: {value}, not in the first")),
        }
    }
    for (path, value) in &a {
        if !b.iter().any(|(known, _)| known == path) {
            keys.push(format!("{path}: {value} in the first, not here"));
        }
    }
    // What is paid comes after what is done: a stable sort.
    keys.sort_by_key(|key| key.starts_with("business."));
    let more = keys.len().saturating_sub(TOLD);
    keys.truncate(TOLD);
    all.extend(keys);
    if more > 0 {
        all.push(format!("and {more} more keys; `peerlab show --json` prints each scenario in full"));
    }
    all
}

/// Where the same number of a person is not the same person with the same luck.
fn unshared(first: &Study, second: &Study) -> Vec<String> {
    let mut all = Vec::new();
    let (a, b) = (first.population.dyads, second.population.dyads);
    if a != b {
        all.push(format!(
            "the first has {} persons and this one {}: luck is shared by the first {} only",
            2 * a,
            2 * b,
            2 * a.min(b)
        ));
    }
    if first.organizations != second.organizations {
        all.push(format!(
            "the first has {} organizations and this one {}: people sit in other organizations, whose luck is another",
            first.organizations, second.organizations
        ));
    }
    if first.population.traits != second.population.traits {
        all.push("the people are drawn from another population: the same draws, shifted".to_owned());
    }
    all
}

/// Every value of a scenario by its path, but for what only names it.
fn flat(study: &Study) -> Vec<(String, String)> {
    fn walk(path: &str, value: &Value, all: &mut Vec<(String, String)>) {
        let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        match value {
            Value::Object(object) => object.iter().for_each(|(key, inner)| walk(&below(key), inner, all)),
            Value::Array(list) if list.iter().any(Value::is_object) => {
                for (at, inner) in list.iter().enumerate() {
                    let name = ["name", "id"].iter().find_map(|key| inner.get(key)?.as_str());
                    let label = name.map_or_else(|| (at + 1).to_string(), |name| format!("\"{name}\""));
                    walk(&below(&label), inner, all);
                }
            }
            other => all.push((path.to_owned(), other.to_string())),
        }
    }
    let tree: Value = serde_json::from_str(&resolved::to_json(study)).unwrap_or_default();
    let mut all = Vec::new();
    walk("", &tree, &mut all);
    let tells = |path: &str| {
        let last = path.rsplit('.').next().unwrap_or(path);
        !matches!(path, "id" | "title" | "question" | "source" | "answer" | "discussion")
            && !["hypothesis.", "measurement.", "monte_carlo."].iter().any(|section| path.starts_with(section))
            && !matches!(last, "name" | "source")
    };
    all.retain(|(path, _)| tells(path));
    all
}
