//! `peerlab run`, the real binary from end to end.

#![cfg(feature = "app")]

mod folder;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use folder::Folder;
use peerlab::results;

impl Folder {
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_peerlab"))
            .arg("run")
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }
}

const SMALL: [&str; 5] = ["listening-training", "--replications", "20", "--set", "population.dyads=12"];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    SMALL.iter().copied().chain(more.iter().copied()).collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn checksums(directory: &Path) -> Vec<(String, String)> {
    let manifest = results::verify(directory).unwrap();
    manifest.tables.iter().map(|table| (table.name.clone(), table.sha256.clone())).collect()
}

#[test]
fn a_run_is_complete_and_says_what_it_found() {
    let folder = Folder::new("complete");
    let output = folder.run(&SMALL);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let directory = folder.0.join("output/listening-training");
    let manifest = results::verify(&directory).unwrap();
    let names: Vec<&str> = manifest.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "estimates",
            "diagnosis",
            "strategies",
            "replications",
            "organizations",
            "trajectories",
            "individuals",
            "dyads",
            "waves",
            "instruments"
        ]
    );
    let rows = |name: &str| manifest.table(name).unwrap().rows;
    assert_eq!(rows("estimates"), 20 * 7);
    assert_eq!(rows("replications"), 20 * 4);
    assert_eq!(rows("organizations"), 20 * 3 * 5);
    assert_eq!(rows("trajectories"), 4 * 53);
    assert_eq!(rows("waves"), 20 * 24 * 5);
    assert_eq!(rows("strategies"), 2);
    assert_eq!(rows("instruments") % (20 * 5), 0);
    assert_eq!(manifest.figures.len(), 12);
    assert!(!directory.join(".partial").exists());
    let screen: String = text(&output.stdout)
        .lines()
        .filter(|line| !line.starts_with("Speed:"))
        .map(|line| format!("{line}\n"))
        .collect();
    expected("small.txt", &screen);
}

/// The numbers of a small run, to the byte: they move only when the model or the study moves, and then the changelog
/// says 'Regression'. They are the same on every processor.
#[test]
fn the_tables_are_those_of_the_baseline() {
    let folder = Folder::new("baseline");
    assert!(folder.run(&with(&["--record", "episodes"])).status.success());
    let list: String = checksums(&folder.0.join("output/listening-training"))
        .into_iter()
        .map(|(name, sum)| format!("{sum}  {name}\n"))
        .collect();
    expected("baseline.txt", &list);
}

/// Compares with a file that only `UPDATE_EXPECTED=1` changes.
fn expected(file: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/run").join(file);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, found).unwrap();
    }
    let wanted = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(found, wanted, "{} differs; UPDATE_EXPECTED=1 rewrites it", path.display());
}

/// Five dyads that draw lots one by one: often an arm has one of them or none, and no analysis is possible. Such fits are
/// counted, left out of everything else, and end no run.
#[test]
fn fits_that_fail_end_nothing() {
    let folder = Folder::new("failing");
    let few = ["--set", "population.dyads=5", "--set", "design.allocation=simple", "--replications", "200"];
    let output = folder.run(&["listening-training", few[0], few[1], few[2], few[3], few[4], few[5]]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let tables = folder.0.join("output/listening-training/tables");
    let mut failed: Vec<(String, usize)> = Vec::new();
    let (mut fits, mut sized) = ([Vec::new(), Vec::new()], 0);
    let columns = ["hypothesis", "estimator", "failure", "p_value", "p_holm", "effect_size"];
    results::read(tables.join("estimates.parquet"), &columns, |batch| {
        for row in 0..batch.rows {
            let name = format!("{} {}", batch.texts(0)[row], batch.texts(1)[row]);
            let fails = !batch.texts(2)[row].is_empty();
            let [p, holm, size] = [3, 4, 5].map(|column| batch.reals(column)[row]);
            assert_eq!(p.is_nan(), fails, "{name}");
            assert!(!fails || size.is_nan(), "{name} failed, and has an effect size");
            sized += usize::from(!size.is_nan());
            match name.as_str() {
                "H1 difference_cr2" | "H2 ancova_ols" => assert!(holm.is_nan(), "{name} is not the first"),
                // A hypothesis that could not be tested still counts as asked.
                _ => assert!(if fails { holm.is_nan() } else { p <= holm && holm <= 5.0 * p }, "{name} {p} {holm}"),
            }
            match name.as_str() {
                "H1 ancova_cr2" => fits[0].push(!fails),
                "H1 difference_cr2" => fits[1].push(!fails),
                _ => {}
            }
            match failed.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += usize::from(fails),
                None => failed.push((name, usize::from(fails))),
            }
        }
    })
    .unwrap();
    assert!(sized > 200, "{sized}");
    assert!(failed.iter().all(|(_, count)| (5..180).contains(count)), "{failed:?}");
    let mut diagnosed = Vec::new();
    results::read(tables.join("diagnosis.parquet"), &["hypothesis", "estimator", "failures", "standing"], |batch| {
        for row in 0..batch.rows {
            diagnosed
                .push((format!("{} {}", batch.texts(0)[row], batch.texts(1)[row]), batch.integers(2)[row] as usize));
            // Independent persons need no second dyad in an arm: least squares without clusters fails where an arm is empty.
            assert_eq!(&*batch.texts(3)[row] == "failing", &*batch.texts(1)[row] != "ancova_ols");
        }
    })
    .unwrap();
    assert_eq!(diagnosed, failed);
    let both = fits[0].iter().zip(&fits[1]).filter(|(one, other)| **one && **other).count();
    let mut compared = Vec::new();
    results::read(tables.join("strategies.parquet"), &["hypothesis", "replications"], |batch| {
        compared.extend((0..batch.rows).map(|row| (batch.texts(0)[row].to_string(), batch.integers(1)[row] as usize)));
    })
    .unwrap();
    assert_eq!(compared[0], ("H1".to_owned(), both));
}

#[test]
fn threads_change_no_byte() {
    let folder = Folder::new("threads");
    let sums: Vec<_> = ["1", "2", "7"]
        .iter()
        .map(|threads| {
            let output =
                folder.run(&with(&["--record", "episodes", "--threads", threads, "--out", threads, "--quiet"]));
            assert!(output.status.success() && output.stdout.is_empty(), "{}", text(&output.stderr));
            checksums(&folder.0.join(threads))
        })
        .collect();
    assert_eq!(sums[0].len(), 12);
    assert_eq!(sums[0], sums[1]);
    assert_eq!(sums[0], sums[2]);
}

#[test]
fn names_change_no_number() {
    let folder = Folder::new("names");
    let scenario = peerlab::scenario::builtin::find("listening-training").unwrap().text;
    let renamed = scenario
        .replace("listening training", "treated")
        .replace("benefits talk", "untreated")
        .replace("id = \"listening-training\"", "id = \"other\"")
        .replace("Active-listening training before", "Something else before");
    fs::write(folder.0.join("other.toml"), renamed).unwrap();
    assert!(folder.run(&with(&["--quiet"])).status.success());
    let mut arguments = with(&["--quiet"]);
    arguments[0] = "other.toml";
    assert!(folder.run(&arguments).status.success());
    let numbers = |id: &str| {
        let mut all = Vec::new();
        let table = folder.0.join("output").join(id).join("tables/waves.parquet");
        results::read(table, &["week", "trust", "trust_true", "learning_personal"], |batch| {
            for column in 1..4 {
                all.extend(batch.reals(column).iter().map(|value| value.to_bits()));
            }
        })
        .unwrap();
        all
    };
    let first = numbers("listening-training");
    assert_eq!(first.len(), 3 * 20 * 24 * 5);
    assert!(first == numbers("other"));
}

#[test]
fn an_existing_run_is_shown_refused_or_replaced() {
    let folder = Folder::new("existing");
    assert!(folder.run(&SMALL).status.success());
    let manifest = folder.0.join("output/listening-training/run.json");
    let before = fs::read(&manifest).unwrap();

    let again = folder.run(&SMALL);
    assert!(again.status.success());
    assert!(text(&again.stdout).contains("was there already, unchanged"), "{}", text(&again.stdout));
    assert_eq!(fs::read(&manifest).unwrap(), before);

    let other = folder.run(&with(&["--seed", "5"]));
    assert_eq!(other.status.code(), Some(1));
    let message = text(&other.stderr);
    assert!(message.contains("seed 20121210") && message.contains("--force"), "{message}");
    assert_eq!(fs::read(&manifest).unwrap(), before);

    assert!(folder.run(&with(&["--seed", "5", "--force"])).status.success());
    assert_eq!(results::existing(folder.0.join("output/listening-training")).unwrap().unwrap().seed, 5);
}

/// A scenario of no effort, with this id.
fn tiny(id: &str) -> String {
    let text = peerlab::scenario::builtin::find("listening-training").unwrap().text;
    text.replace("id = \"listening-training\"", &format!("id = \"{id}\""))
        .replace("dyads = 60", "dyads = 8")
        .replace("replications = 1000", "replications = 3")
}

#[test]
fn of_several_studies_one_that_fails_does_not_stop_the_others() {
    let folder = Folder::new("several");
    for id in ["one", "two", "three"] {
        fs::write(folder.0.join(format!("{id}.toml")), tiny(id)).unwrap();
    }
    // A file is where the second study's folder would be.
    fs::create_dir(folder.0.join("runs")).unwrap();
    fs::write(folder.0.join("runs/two"), "in the way").unwrap();
    let output = folder.run(&["one.toml", "two.toml", "three.toml", "--out", "runs"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    for id in ["one", "three"] {
        results::verify(folder.0.join("runs").join(id)).unwrap();
    }
    let said = text(&output.stdout);
    let table = said.split("study  ").nth(1).expect("a closing table");
    for line in ["FAILED: ", "runs/one", "runs/three", "H1 ", "3 studies in ", "1 failed"] {
        assert!(table.contains(line), "{line}: {said}");
    }
    let output = folder.run(&["one.toml", "two.toml", "--out", "runs", "--json"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value[0]["study"], "one");
    assert!(value[1]["error"].as_str().is_some_and(|error| error.contains("two")), "{value:#}");
}

#[test]
fn all_runs_the_agenda_each_study_in_its_folder() {
    let folder = Folder::new("all");
    let output = folder.run(&["--all", "--replications", "2", "--out", "runs"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    for study in peerlab::scenario::builtin::list() {
        let manifest = results::verify(folder.0.join("runs").join(study.id)).unwrap();
        assert_eq!((manifest.study.as_str(), manifest.replications), (study.id, 2));
        assert!(text(&output.stdout).contains(&format!("runs/{}", study.id)), "{}", text(&output.stdout));
        assert!(text(&output.stderr).contains(&format!("{}: ", study.id)), "{}", text(&output.stderr));
    }
    // What fits no study is wrong usage; nothing runs.
    let output = folder.run(&["--all", "--set", "organization.competiton=1", "--out", "others"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.0.join("others").exists());
}

#[test]
fn a_mistake_bears_the_name_of_its_option() {
    let folder = Folder::new("option");
    for (option, value) in [("--replications", "20000000"), ("--seed", "9007199254740993")] {
        let output = folder.run(&["listening-training", "--set", "population.dyads=9", option, value]);
        assert_eq!(output.status.code(), Some(2));
        let message = text(&output.stderr);
        assert!(message.contains(&format!("[ {option}:1:")), "{message}");
    }
}

#[test]
fn a_wrong_scenario_writes_nothing() {
    let folder = Folder::new("wrong");
    let output = folder.run(&with(&["--set", "organization.competitoin=0.8"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("competition"), "{}", text(&output.stderr));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[test]
fn json_is_json() {
    let folder = Folder::new("json");
    let output = folder.run(&with(&["--json"]));
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = value["summary"]["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 7);
    assert_eq!(findings[0]["hypothesis"], "H1");
    assert_eq!(findings[0]["implied_by_theory"], true);
}

#[test]
fn a_reader_who_leaves_is_no_error() {
    let folder = Folder::new("closed");
    let mut child = Command::new(env!("CARGO_BIN_EXE_peerlab"))
        .arg("run")
        .args(SMALL)
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(!text(&output.stderr).contains("panicked"));
    results::verify(folder.0.join("output/listening-training")).unwrap();
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_cleanly() {
    let folder = Folder::new("interrupt");
    let child = Command::new(env!("CARGO_BIN_EXE_peerlab"))
        .args(["run", "listening-training", "--replications", "1000000"])
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let partial = folder.0.join("output/listening-training/.partial/tables/estimates.parquet");
    // The handler is in place before the first table is opened.
    for _ in 0..600 {
        if partial.exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    let message = text(&output.stderr);
    assert!(message.contains("of 1000000 replications of listening-training"), "{message}");
    assert!(!folder.0.join("output/listening-training/run.json").exists());
    assert!(!folder.0.join("output/listening-training/tables").exists());
}

/// Simple allocation now and then leaves an arm without an organization. Such an experiment has no contrast and cannot be
/// analyzed; the others are, and the truth is theirs.
#[test]
fn an_empty_arm_voids_one_replication_and_not_the_run() {
    let folder = Folder::new("empty arm");
    let sets = ["organization.count=4", "design.unit=organization", "design.allocation=simple"];
    let mut arguments = with(&["--record", "summary"]);
    sets.iter().for_each(|set| arguments.extend(["--set", *set]));
    let output = folder.run(&arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let screen = text(&output.stdout);
    assert!(screen.contains("(no variation in treatment)"), "no arm was empty: {screen}");
    assert!(!screen.contains("True effect none") && !screen.contains("coverage 0.0%"), "{screen}");
}
