//! A sweep is one dataset of many cells; each cell is the run of its scenario, to the byte, and all are equally far when it is cut off.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;

use binary::{Folder, manifest, same};
use serde_json::Value;

const STUDY: &str = "listening-training --set population.dyads=12";
const OVER: &str = "--over organization.competition=0..1:3 --over program.weeks=12,16";

#[test]
fn every_cell_is_the_run_of_its_scenario() {
    let folder = Folder::new("sweep");
    // Not a multiple of the block, so that the last blocks are short.
    let said = folder.done(&format!("sweep {STUDY} {OVER} --replications 60 --out swept"));
    for words in ["6 cells of 60 replications: 360 in all", "competition", "weeks", "the same luck in", "power"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(said.lines().all(|line| line.chars().count() <= 100), "{said}");
    let cells = [("0", "12"), ("0", "16"), ("0.5", "12"), ("0.5", "16"), ("1", "12"), ("1", "16")];
    for (cell, (competition, weeks)) in cells.into_iter().enumerate().filter(|(cell, _)| [0, 3, 5].contains(cell)) {
        let own = format!("--set organization.competition={competition} --set program.weeks={weeks}");
        folder.done(&format!("run {STUDY} {own} --replications 60 --record summary --out run-{cell}"));
        for table in ["estimates", "replications", "organizations", "trajectories"] {
            let swept = fs::read(folder.join(&format!("swept/dataset/{table}/cell={cell}/part.parquet"))).unwrap();
            let run = fs::read(folder.join(&format!("run-{cell}/tables/{table}.parquet"))).unwrap();
            assert!(swept == run, "{table} of cell {cell}");
        }
    }
    // What the table of the sweep says of a cell is what the run's diagnosis says.
    let summary = &manifest(&folder.join("swept"))["summary"];
    let found = summary["found"].as_array().unwrap().iter().find(|one| one["cell"] == 3).unwrap();
    assert_eq!(found["values"], serde_json::json!([0.5, 16.0]));
    let run = manifest(&folder.join("run-3"));
    let finding = &run["summary"]["findings"][0];
    for key in ["truth", "estimate", "power"] {
        assert_eq!(found[key][0], finding[key], "{key}");
    }
    assert!(
        folder.done(&format!("sweep {STUDY} {OVER} --replications 60 --out swept")).contains("nothing was computed")
    );
    let other = folder.refused(&format!("sweep {STUDY} {OVER} --replications 61 --out swept"), 1);
    assert!(other.contains("60 replications"), "{other}");
}

#[test]
fn cut_off_it_has_every_cell_equally_far_and_goes_on_to_the_same_bytes() {
    let folder = Folder::new("sweep cut");
    let sweep = format!("sweep {STUDY} {OVER} --replications 400 --save-every 0");
    folder.done(&format!("{sweep} --threads 1 --out whole"));
    folder.cut_off(&format!("{sweep} --out cut"), "cut", 8);
    let log = fs::read_to_string(folder.join("cut/.partial/journal/log")).unwrap();
    let done: u64 = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| line["count"].as_u64().unwrap())
        .sum();
    assert!(done > 0 && done < 6 * 400);
    let said = folder.done("resume cut");
    assert!(said.contains(&format!("{done} of 2400 replications were there")), "{said}");
    same(&folder.join("cut"), &folder.join("whole"));
}

#[test]
fn points_that_fill_the_space_are_those_that_were_asked_for() {
    let folder = Folder::new("sweep designs");
    for design in ["lhs", "sobol"] {
        let over = "--over organization.competition=0..1 --over population.dyads=10..20";
        let command =
            format!("sweep listening-training {over} --design {design} --points 5 --replications 4 --out {design}");
        folder.done(&command);
        let manifest = manifest(&folder.join(design));
        let found = manifest["summary"]["found"].as_array().unwrap();
        let mut competition: Vec<f64> = found.iter().map(|one| one["values"][0].as_f64().unwrap()).collect();
        competition.dedup();
        assert_eq!(competition.len(), 5, "{design}");
        assert!(found.iter().all(|one| (10.0..=20.0).contains(&one["values"][1].as_f64().unwrap())));
        if design == "sobol" {
            assert_eq!(competition, [0.5, 0.75, 0.25, 0.375, 0.875]);
        }
    }
}

#[test]
fn what_cannot_be_swept_over_is_said_before_anything_runs() {
    let folder = Folder::new("sweep wrong");
    for (over, said) in [
        ("--over organization.competition=0..1", "a grid needs the number of values"),
        ("--over organization.competition=0..1 --design lhs", "needs --points N"),
        ("--over organization.competition=0,1 --points 3", "a grid has the points of its axes"),
        ("--over organization.competition=0,1 --over organization.competition=0,1", "swept over twice"),
        ("--over organization.competition=0,7", "the scenario does not allow organization.competition=7"),
        ("--over organization.competitoin=0,1", "competition"),
        ("--over program.kind=1,2", "is no number"),
        ("--over monte_carlo.seed=1,2", "cannot be swept over"),
        ("--over organization.competition=0..1:x", "`x` is no number of values"),
    ] {
        let text = folder.refused(&format!("sweep {STUDY} {over} --out out"), 2);
        assert!(text.contains(said), "{over}: {text}");
        assert!(!folder.join("out").exists());
    }
}
