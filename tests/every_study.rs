//! What holds of every study, whichever there are: it is complete, it runs, its names change no number, and adding one takes
//! a file and no Rust.
#![cfg(feature = "app")]

mod folder;

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use folder::Folder;
use peerlab::results::{self, Kind, Values};
use peerlab::run::{Finished, Options, run_study};
use peerlab::scenario::{builtin, read, resolved};
use peerlab::study::declaration::Study;
use peerlab::study::experiment::Record;

/// The build script, whose list of studies is compiled in.
#[path = "../build.rs"]
#[allow(dead_code, unreachable_pub)]
mod build;

impl Folder {
    fn peerlab(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peerlab"));
        command.args(arguments).current_dir(&self.0).output().expect("the binary starts")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every built-in study, repeated as often as it takes to see that it works.
fn studies() -> Vec<Study> {
    let few = ["monte_carlo.replications=4".to_owned()];
    builtin::list().iter().map(|one| one.read(&few).unwrap_or_else(|p| panic!("{}:\n{p}", one.id)).study).collect()
}

fn run(study: &Study, out: &Path) -> Finished {
    let options = Options { record: Some(Record::Episodes), ..Options::new(out) };
    run_study(study, &options).unwrap_or_else(|error| panic!("{}: {error}", study.id))
}

#[test]
fn each_is_complete_and_runs() {
    let folder = Folder::new("runs");
    for study in studies() {
        let id = &study.id;
        assert_ne!(study.question, study.title, "{id} asks no question");
        assert!(!study.source.is_empty(), "{id} does not say where the article asks it");
        assert!(!study.hypotheses.is_empty(), "{id} has no hypothesis");
        assert!(!study.discussion.is_empty(), "{id} has nothing to discuss: add `discussion = [...]`");
        for arguments in [&["check", id.as_str()][..], &["show", id.as_str()]] {
            let output = folder.peerlab(arguments);
            assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
            assert!(text(&output.stdout).len() > 60, "{arguments:?}");
        }
        let out = folder.0.join(id);
        let finished = run(&study, &out);
        let manifest = results::verify(&out).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(manifest.tables.len(), finished.manifest.tables.len());
        assert!(manifest.figures.len() >= 8, "{id}: {:?}", manifest.figures);
        for finding in &finished.summary.findings {
            let (hypothesis, estimator) = (&finding.hypothesis, &finding.estimator);
            assert!(
                2 * finding.failures <= finding.replications,
                "{id}, {hypothesis}, {estimator}: {:?}",
                finding.cautions
            );
            assert!(finding.truth.is_some(), "{id}, {hypothesis}, {estimator}: no truth");
        }
    }
}

/// The study with another id and title and other names of arms, whose alphabetical order is the other way round.
fn renamed(study: &Study) -> (Study, Vec<(String, String)>) {
    let names: Vec<(String, String)> =
        study.arms.iter().enumerate().map(|(i, arm)| (arm.name.clone(), format!("z{:03}", 999 - i))).collect();
    let mut tree: toml::Table = resolved::to_toml(study).parse().expect("TOML");
    tree.insert("id".into(), "another".into());
    tree.insert("title".into(), "Another title".into());
    for key in ["arm", "hypothesis"] {
        rename(tree.get_mut(key).expect("arms and hypotheses"), &names);
    }
    if let Some(toml::Value::Table(business)) = tree.get_mut("business") {
        business
            .iter_mut()
            .filter(|(key, _)| ["arm", "reference"].contains(&key.as_str()))
            .for_each(|(_, one)| rename(one, &names));
    }
    let text = toml::to_string(&tree).expect("TOML");
    (read(&text, "renamed.toml", &[]).unwrap_or_else(|p| panic!("{}:\n{p}", study.id)).study, names)
}

/// Puts the new name wherever an arm's old name stands by itself.
fn rename(value: &mut toml::Value, names: &[(String, String)]) {
    match value {
        toml::Value::String(text) => {
            if let Some((_, new)) = names.iter().find(|(old, _)| old == text) {
                *text = new.clone();
            }
        }
        toml::Value::Array(all) => all.iter_mut().for_each(|one| rename(one, names)),
        // A factor may be called what an arm is called.
        toml::Value::Table(table) => {
            let named = table.iter_mut().filter(|(key, _)| ["name", "contrast", "causal"].contains(&key.as_str()));
            named.for_each(|(_, one)| rename(one, names));
        }
        _ => {}
    }
}

/// Every column of every table: numbers by their bits, words as they are.
fn contents(finished: &Finished, out: &Path) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for table in &finished.manifest.tables {
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let first = all.len();
        all.extend(columns.iter().map(|column| (format!("{}.{column}", table.name), Vec::new())));
        let path = out.join(format!("tables/{}.parquet", table.name));
        results::read(path, &columns, |batch| {
            for (values, (_, into)) in batch.columns.iter().zip(&mut all[first..]) {
                match values {
                    Values::Integer(all) => into.extend(all.iter().map(u32::to_string)),
                    Values::Real(all) => into.extend(all.iter().map(|value| value.to_bits().to_string())),
                    Values::Flag(all) => into.extend(all.iter().map(bool::to_string)),
                    Values::Text(all) => into.extend(all.iter().map(ToString::to_string)),
                }
            }
        })
        .expect("a table");
    }
    all
}

#[test]
fn id_title_and_names_of_arms_change_no_number() {
    let folder = Folder::new("names");
    for study in studies() {
        let (other, names) = renamed(&study);
        assert_ne!(other.arms[0].name, study.arms[0].name);
        let (a, b) = (folder.0.join("a"), folder.0.join("b"));
        let before = contents(&run(&study, &a), &a);
        let after = contents(&run(&other, &b), &b);
        assert!(before.iter().any(|(name, values)| name == "estimates.estimate" && !values.is_empty()), "{}", study.id);
        assert_eq!(before.len(), after.len());
        for ((column, old), (same, new)) in before.iter().zip(&after) {
            assert_eq!(column, same, "{}", study.id);
            let back = |word: &String| names.iter().find(|(_, new)| new == word).map_or(word, |(old, _)| old).clone();
            let new: Vec<String> = new.iter().map(back).collect();
            assert!(*old == new, "{}: {column} changes with the names", study.id);
        }
        fs::remove_dir_all(&a).expect("removed");
        fs::remove_dir_all(&b).expect("removed");
    }
}

/// A study that is not in the sources.
const NEW: &str = r#"
id = "newcomer"
title = "A study that somebody adds"
question = "Does training in feedback help peers to know themselves?"
source = "a newcomer"
discussion = ["Who would want to know?"]

[population]
dyads = 12

[program]
kind = "formal"
weeks = 6

[[arm]]
name = "nothing"
control = true

[[arm]]
name = "feedback training"
training.feedback = { dose = 0.8 }

[[hypothesis]]
id = "H1"
statement = "Training in feedback raises self-awareness"
outcome = "self_awareness"
contrast = ["feedback training", "nothing"]
expect = "greater"

[monte_carlo]
replications = 5
"#;

#[test]
fn a_study_is_added_by_one_file_and_no_rust() {
    let folder = Folder::new("added");
    let scenarios = folder.0.join("scenarios");
    fs::create_dir_all(scenarios.join("sponsors")).expect("a folder");
    for study in builtin::list() {
        fs::write(scenarios.join(format!("{}.toml", study.id)), study.text).expect("written");
    }
    fs::write(scenarios.join("newcomer.toml"), NEW).expect("written");

    // By its path it runs with everything a run has.
    let output = folder.peerlab(&["run", "scenarios/newcomer.toml"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("H1 Training in feedback raises self-awareness"), "{}", text(&output.stdout));
    let manifest = results::verify(folder.0.join("output/newcomer")).expect("a whole run");
    for table in
        ["estimates", "diagnosis", "replications", "organizations", "trajectories", "individuals", "dyads", "waves"]
    {
        let rows = manifest.table(table).map(|table| table.rows);
        assert!(rows.is_some_and(|rows| rows > 0), "{table}: {rows:?}");
    }
    assert!(manifest.table("estimates").is_some_and(|table| {
        table.columns.iter().any(|column| column.name == "truth" && column.kind == Kind::Real)
    }));
    assert_eq!(manifest.figures.len(), 12);

    // Where the sources are compiled, the build finds it, and nothing that is no study of the agenda.
    fs::write(scenarios.join("notes.txt"), "no study").expect("written");
    fs::write(scenarios.join("sponsors/client.toml"), NEW).expect("written");
    let list = build::studies(&scenarios).expect("a list");
    let entry =
        |id: &str| format!("Builtin {{ id: {id:?}, text: include_str!({:?}) }}", scenarios.join(format!("{id}.toml")));
    assert_eq!(list.matches("Builtin").count(), builtin::list().len() + 1, "{list}");
    assert!(list.contains(&entry("newcomer")), "{list}");
    assert!(builtin::list().iter().all(|study| list.contains(&entry(study.id))), "{list}");
}
