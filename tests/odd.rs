//! The model's documentation is complete: seven elements, every state, and every parameter in a generated appendix.
//!
//! `UPDATE_EXPECTED=1 cargo test --test odd` rewrites `docs/parameters.md` from the registry.

use std::fmt::Write;

use peerlab::model::dyad::Block;
use peerlab::model::organization::Organization;
use peerlab::model::parameters::{Parameters, registry};
use peerlab::model::risk::FACTORS;

fn docs(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

fn odd() -> String {
    std::fs::read_to_string(docs("ODD.md")).unwrap()
}

#[test]
fn the_seven_elements_are_there_in_order() {
    let text = odd();
    let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let expected = [
        "1. Purpose and patterns",
        "2. Entities, state variables and scales",
        "3. Process overview and scheduling",
        "4. Design concepts",
        "5. Initialization",
        "6. Input data",
        "7. Submodels",
    ];
    assert_eq!(headings[..7], expected);
    for concept in [
        "Basic principles",
        "Emergence",
        "Adaptation",
        "Objectives",
        "Prediction",
        "Sensing",
        "Interaction",
        "Stochasticity",
        "Collectives",
        "Observation",
    ] {
        assert!(text.contains(&format!("**{concept}")), "no design concept '{concept}'");
    }
}

/// The names of a value's fields, from its `Debug` text.
fn fields(text: &str) -> Vec<String> {
    let mut names: Vec<String> = text
        .split(": ")
        .filter_map(|part| part.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn every_state_is_described() {
    let text = odd();
    let block = Block::empty();
    let person = fields(&format!("{:?}", block.members[0]));
    let shared = fields(&format!("{:?}", block.shared));
    let organization = fields(&format!("{:?}", Organization::found(&Parameters::default(), 1, 1, 1, 2)));
    assert!(person.len() > 60 && shared.len() > 20 && organization.len() > 15);
    let boxes = ["person", "tie", "turn", "count"];
    let missing: Vec<&String> = person
        .iter()
        .chain(&shared)
        .chain(&organization)
        .filter(|name| !boxes.contains(&name.as_str()) && !text.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "docs/ODD.md does not name these states: {missing:?}");
    let missing: Vec<_> = FACTORS.iter().filter(|factor| !text.contains(&format!("`{factor}`"))).collect();
    assert!(missing.is_empty(), "docs/ODD.md does not name these risk factors: {missing:?}");
}

#[test]
fn every_submodel_has_its_file() {
    let text = odd();
    for word in text.split('`').filter(|word| word.ends_with(".rs")) {
        let path = if word.contains('/') { word.to_owned() } else { format!("src/model/{word}") };
        assert!(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&path).exists(), "docs/ODD.md names {path}");
    }
    assert!(text.contains("(parameters.md)"));
}

fn appendix() -> String {
    let mut text = String::from(
        "# Parameters\n\nGenerated from the registry in `src/model/`; do not edit. To write it anew:\n\
         `UPDATE_EXPECTED=1 cargo test --test odd`. What they do: [ODD.md](ODD.md).\n\n\
         A parameter's id is its key in a scenario. A prior is truncated to the bounds.\n",
    );
    let mut group = "";
    for entry in registry() {
        let (of, name) = entry.id.rsplit_once('.').unwrap();
        if of != group {
            group = of;
            write!(
                text,
                "\n## `{group}`\n\n| id | level | default | bounds | unit | prior | meaning | source |\n\
                 |---|---|---|---|---|---|---|---|\n"
            )
            .unwrap();
        }
        assert!(!name.is_empty());
        writeln!(
            text,
            "| `{}` | {} | {} | {} to {} | {} | {} | {} | {} |",
            entry.id,
            entry.level,
            entry.default,
            entry.low,
            entry.high,
            entry.unit,
            entry.prior,
            entry.meaning,
            entry.source
        )
        .unwrap();
    }
    text
}

#[test]
fn every_parameter_is_in_the_appendix() {
    let (expected, path) = (appendix(), docs("parameters.md"));
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|value| value == "1") {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    for entry in registry() {
        assert!(found.contains(&format!("| `{}` |", entry.id)), "{} is not in docs/parameters.md", entry.id);
    }
    assert!(found == expected, "docs/parameters.md is not the registry's: UPDATE_EXPECTED=1 cargo test --test odd");
}
