//! A table is the run, and one that is damaged is refused. Figures and pages follow from the tables: who has lost one gets it back, to the
//! byte, and is told so.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;
use std::path::Path;

use binary::{Folder, manifest, reseal, same};
use serde_json::Value;

const RUN: &str =
    "run listening-training --replications 12 --set population.dyads=12 --record waves --threads 1 --out run";
const SWEEP: &str = "sweep listening-training --set population.dyads=12 --over organization.competition=0,0.5,1 --over program.weeks=12,16 --replications 5 --out run";

type Damage = fn(&Path);

const DAMAGES: [(&str, Damage); 4] = [
    ("emptied", |file| fs::write(file, "").unwrap()),
    ("cut short", |file| {
        let bytes = fs::read(file).unwrap();
        fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
    }),
    ("a bit flipped", |file| {
        let mut bytes = fs::read(file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(file, bytes).unwrap();
    }),
    ("gone", |file| fs::remove_file(file).unwrap()),
];

fn whole(folder: &Folder, command: &str) {
    folder.done(&command.replace("--out run", "--out whole"));
    folder.done(command);
}

#[test]
fn a_figure_or_page_that_was_lost_is_made_again_by_whatever_looks_at_the_run() {
    let folder = Folder::new("restored");
    whole(&folder, RUN);
    for (at, file) in ["figures/forest.svg", "figures/instruments.png", "report.html"].into_iter().enumerate() {
        for (name, damage) in DAMAGES {
            eprintln!("{file}: {name}");
            let command = ["resume run", RUN, "report run"][at];
            damage(&folder.join("run").join(file));
            let said = folder.done(command);
            assert!(said.contains("made again from the tables") && said.contains(file), "{said}");
            same(&folder.join("run"), &folder.join("whole"));
        }
    }
    // Once more there is nothing to do, and nothing is said.
    for command in ["resume run", RUN, "report run"] {
        assert!(!folder.done(command).contains("made again"), "{command}");
    }
    // All of them, for a program.
    fs::remove_dir_all(folder.join("run/figures")).unwrap();
    fs::remove_file(folder.join("run/report.html")).unwrap();
    let said: Value = serde_json::from_slice(&folder.peerlab("resume run --json").stdout).unwrap();
    let figures = manifest(&folder.join("run"))["figures"].as_array().unwrap().len();
    assert_eq!((said["restored"].as_array().unwrap().len(), &said["computed"]), (figures + 1, &Value::from(0)));
    same(&folder.join("run"), &folder.join("whole"));
    // A report that goes elsewhere leaves the run as it is.
    fs::remove_file(folder.join("run/figures/forest.svg")).unwrap();
    folder.done("report run --out elsewhere.html");
    assert!(!folder.join("run/figures/forest.svg").exists());
    assert!(fs::read(folder.join("elsewhere.html")).unwrap() == fs::read(folder.join("run/report.html")).unwrap());
}

#[test]
fn more_replications_ask_for_no_figure_and_no_page() {
    let folder = Folder::new("restored expand");
    let larger = RUN.replace("--replications 12", "--replications 20");
    whole(&folder, &larger.replace("--out run", "--out whole"));
    folder.done(RUN);
    fs::remove_file(folder.join("run/figures/forest.svg")).unwrap();
    fs::write(folder.join("run/report.html"), "").unwrap();
    let said = folder.done("expand run --replications 20");
    assert!(said.contains("12 of 20 replications were there, 8 computed"), "{said}");
    same(&folder.join("run"), &folder.join("whole"));
}

#[test]
fn a_table_that_was_damaged_is_refused_whatever_else_was_lost() {
    let folder = Folder::new("restored tables");
    folder.done(RUN);
    fs::remove_file(folder.join("run/figures/forest.svg")).unwrap();
    for (name, damage) in DAMAGES {
        let table = folder.join("run/tables/waves.parquet");
        let bytes = fs::read(&table).unwrap();
        damage(&table);
        for command in ["resume run", RUN, "report run", "report run --out a.html", "expand run --replications 20"] {
            let said = folder.refused(command, 1);
            assert!(said.contains("tables/waves.parquet"), "{name}: {said}");
            assert!(!folder.join("run/figures/forest.svg").exists(), "nothing is drawn from it");
        }
        fs::write(&table, bytes).unwrap();
    }
    // A table that nobody but a person who counts looks at, too.
    fs::remove_file(folder.join("run/tables/dyads.parquet")).unwrap();
    assert!(folder.refused("report run", 1).contains("tables/dyads.parquet"));
}

#[test]
fn a_sweep_gets_back_what_follows_from_its_tables() {
    let folder = Folder::new("restored sweep");
    whole(&folder, SWEEP);
    for (file, command) in [
        ("figures/heat-map.svg", "resume run"),
        ("figures/line.png", SWEEP),
        ("report.html", "report run"),
        ("report.html", "expand run --replications 5"),
    ] {
        fs::write(folder.join("run").join(file), "").unwrap();
        let said = folder.done(command);
        assert!(said.contains("made again from the tables") && said.contains(file), "{command}: {said}");
        same(&folder.join("run"), &folder.join("whole"));
    }
    for table in ["dataset/estimates/cell=3/part.parquet", "tables/sweep.parquet"] {
        let table = folder.join("run").join(table);
        let bytes = fs::read(&table).unwrap();
        fs::write(&table, &bytes[1..]).unwrap();
        for command in ["resume run", "report run", "expand run --replications 6"] {
            assert!(folder.refused(command, 1).contains(".parquet"), "{command}");
        }
        fs::write(&table, bytes).unwrap();
    }
    fs::remove_dir_all(folder.join("run/figures")).unwrap();
    folder.done("expand run --replications 6");
    folder.done(&SWEEP.replace("--replications 5", "--replications 6").replace("--out run", "--out larger"));
    same(&folder.join("run"), &folder.join("larger"));
}

#[test]
fn a_table_that_follows_from_the_estimates_is_made_again_to_the_byte() {
    let folder = Folder::new("restored diagnosis");
    whole(&folder, RUN);
    for (at, (name, damage)) in DAMAGES.into_iter().enumerate() {
        for file in ["tables/diagnosis.parquet", "tables/strategies.parquet"] {
            damage(&folder.join("run").join(file));
        }
        fs::write(folder.join("run/figures/forest.svg"), "").unwrap();
        let said = folder.done(["resume run", RUN, "report run", "expand run --replications 12"][at]);
        assert!(said.contains("made again from the tables"), "{name}: {said}");
        for file in ["tables/diagnosis.parquet", "tables/strategies.parquet", "figures/forest.svg"] {
            assert!(said.contains(file), "{name}: {said}");
        }
        same(&folder.join("run"), &folder.join("whole"));
    }
    // Nothing is made of estimates that were damaged, and nothing that is not what it was.
    fs::remove_file(folder.join("run/tables/diagnosis.parquet")).unwrap();
    let estimates = folder.join("run/tables/estimates.parquet");
    let bytes = fs::read(&estimates).unwrap();
    fs::write(&estimates, &bytes[1..]).unwrap();
    assert!(folder.refused("resume run", 1).contains("tables/estimates.parquet"));
    fs::write(&estimates, &bytes).unwrap();
    reseal(&folder.join("run/run.json"), |text| {
        let table = text.find("\"file\": \"tables/diagnosis.parquet\"").unwrap();
        let sum = table + text[table..].find("\"sha256\": \"").unwrap() + "\"sha256\": \"".len();
        format!("{}{}{}", &text[..sum], "0".repeat(64), &text[sum + 64..])
    });
    let said = folder.refused("resume run", 1);
    assert!(said.contains("tables/diagnosis.parquet") && said.contains("another one"), "{said}");
    assert!(!folder.join("run/tables/diagnosis.parquet").exists() && !folder.join("run/.partial").exists());
}

/// They are in no table; without them the run is whole for everybody but who wants more of it.
#[test]
fn without_the_sums_that_only_an_expansion_needs_everything_else_goes_on() {
    for (command, file) in [(RUN, "moments.json"), (SWEEP, "moments.jsonl")] {
        let folder = Folder::new(&format!("restored {file}"));
        folder.done(command);
        let sums = folder.join("run").join(file);
        let bytes = fs::read(&sums).unwrap();
        for (name, damage) in &DAMAGES {
            fs::write(&sums, &bytes).unwrap();
            damage(&sums);
            for looked in ["resume run", command, "report run"] {
                let said = folder.done(looked);
                assert!(said.contains("needed by `peerlab expand` alone") && said.contains(file), "{name}: {said}");
            }
            let refused = folder.refused("expand run --replications 20", 1);
            assert!(refused.contains(file) && refused.contains("--force"), "{refused}");
        }
    }
}

/// The brief is of people who live again, as they did when the run was made.
#[test]
fn a_sponsors_brief_that_was_lost_is_made_again() {
    let folder = Folder::new("restored brief");
    let run = "run business-case --replications 6 --set population.dyads=12 --out run";
    whole(&folder, run);
    fs::remove_file(folder.join("run/brief.html")).unwrap();
    assert!(folder.done("resume run").contains("brief.html"));
    same(&folder.join("run"), &folder.join("whole"));
}

#[test]
fn what_another_build_drew_is_drawn_as_this_one_does_and_that_is_said() {
    let folder = Folder::new("restored other");
    whole(&folder, RUN);
    // Another build's bytes, which are lost: nothing but their checksum is known.
    let path = folder.join("run/run.json");
    reseal(&path, |text| {
        let own = format!("\"model\": \"{}\"", peerlab::results::MODEL);
        let mut text = text.replacen(&own, "\"model\": \"0123456789abcdef\"", 1);
        let figure = text.find("\"file\": \"figures/forest.svg\"").unwrap();
        let sum = figure + text[figure..].find("\"sha256\": \"").unwrap() + "\"sha256\": \"".len();
        text.replace_range(sum..sum + 64, &"0".repeat(64));
        text
    });
    let said = folder.done("report run");
    let not = "Not what they were, since another peerlab made the run: figures/forest.svg.";
    assert!(said.contains(not), "{said}");
    // From then on `run.json` vouches for what is there.
    assert!(!folder.done("report run").contains("made again"));
    let told = manifest(&folder.join("run"));
    assert_eq!(told["figures"], manifest(&folder.join("whole"))["figures"]);
}
