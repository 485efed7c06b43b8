//! What is said of broken scenarios, to the letter: each `tests/scenarios/broken/NAME.toml` has its `NAME.txt`.
//! `UPDATE_EXPECTED=1 cargo test --test broken_scenarios` writes the texts anew; read them as a newcomer before keeping them.
#![cfg(feature = "app")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use peerlab::cli::diagnostics::render;
use peerlab::scenario::{Problems, read};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn problems(path: &Path, overrides: &[String]) -> Problems {
    let text = fs::read_to_string(path).expect("a readable file");
    let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
    read(&text, name, overrides).expect_err("a broken scenario")
}

fn assert_says(expected: &Path, said: &str) {
    assert!(!said.contains('\u{1b}'), "escape codes in plain text");
    if env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(expected, said).expect("a writable folder");
    }
    let wanted = fs::read_to_string(expected).unwrap_or_default();
    assert_eq!(wanted, said, "{} differs", expected.display());
}

#[test]
fn broken_scenarios_are_answered_as_written() {
    let mut count = 0;
    for entry in fs::read_dir(folder().join("broken")).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let said = render(&problems(&path, &[]), false);
            assert_says(&path.with_extension("txt"), &said);
            count += 1;
        }
    }
    assert!(count > 10);
}

#[test]
fn many_mistakes_are_reported_in_one_go() {
    let path = folder().join("many_mistakes.toml");
    assert_says(&path.with_extension("txt"), &render(&problems(&path, &[]), false));
}

#[test]
fn what_is_set_on_the_command_line_is_answered_there() {
    let path = folder().join("right.toml");
    let overrides = [
        "organization.competition=1.8",
        "organization.competiton=0.8",
        "population.dyads=many",
        "arm.trainning.training.active_listening.dose=0",
        "hypothesis.H1.week=7",
        "monte_carlo.replications",
        "measurement.waves=[0, 12",
        "design.unit=organization",
    ];
    let said = render(&problems(&path, &overrides.map(str::to_owned)), false);
    assert_says(&folder().join("command_line.txt"), &said);
}

#[test]
fn colors_are_used_when_asked_for() {
    let said = render(&problems(&folder().join("broken/wrong_key.toml"), &[]), true);
    assert!(said.contains('\u{1b}'));
}
