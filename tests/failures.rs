//! One bad replication never ends a run: it is counted, kept with its number and seed, and left out of everything else.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use binary::{Folder, same};
use peerlab::model::lanes::Instructions;
use peerlab::results::{Shard, SweepSpec, read};
use peerlab::run::merge::merge;
use peerlab::run::shard::run_shard;
use peerlab::run::sweep::{Layout, run_sweep};
use peerlab::run::{Error, Options, Watch, expand::expand, only::run_only, run_study, run_watched};
use peerlab::scenario::builtin;
use peerlab::study::declaration::Study;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;

fn study(replications: usize) -> Study {
    let changes = ["population.dyads=12".to_owned(), format!("monte_carlo.replications={replications}")];
    builtin::find("listening-training").unwrap().read(&changes).unwrap().study
}

/// The experiment, but for the first and the fourth replication.
fn bad(plan: &Plan, number: u64, record: Record, instructions: Instructions) -> Replication {
    assert!(number != 0 && number != 3, "trust became {}", f64::NAN);
    replicate(plan, number, record, instructions)
}

fn none(_: &Plan, _: u64, _: Record, _: Instructions) -> Replication {
    panic!("nothing works")
}

fn options(out: &Path) -> Options {
    Options { simulate: bad, record: Some(Record::Waves), ..Options::new(out) }
}

fn numbers(run: &Path, table: &str) -> Vec<u32> {
    let mut found = Vec::new();
    read(run.join(format!("tables/{table}.parquet")), &["replication"], |batch| found.extend(batch.integers(0)))
        .unwrap();
    found.dedup();
    found
}

#[test]
fn a_replication_that_panics_is_counted_kept_and_left_out() {
    let folder = Folder::new("failures");
    let out = folder.join("bad");
    let finished = run_study(&study(10), &options(&out)).unwrap();
    assert_eq!(finished.failed(), 2);
    let said = finished.summary.failed.clone().unwrap();
    assert!(said.starts_with("2 of 10 replications failed") && said.contains("--only-replication 0"), "{said}");
    assert!(finished.summary.text(100, str::to_owned).contains("2 of 10 replications failed"));
    assert!(fs::read_to_string(out.join("report.html")).unwrap().contains("2 of 10 replications failed"));
    for table in ["estimates", "replications", "waves"] {
        assert_eq!(numbers(&out, table), [1, 2, 4, 5, 6, 7, 8, 9], "{table}");
    }
    assert_eq!(numbers(&out, "failures"), [0, 3]);
    let (mut seeds, mut messages) = (Vec::new(), Vec::new());
    read(out.join("tables/failures.parquet"), &["seed", "message", "place"], |batch| {
        seeds.extend(batch.texts(0).iter().map(ToString::to_string));
        messages.extend(batch.texts(1).iter().map(ToString::to_string));
        assert!(batch.texts(2)[0].contains("failures.rs:"));
    })
    .unwrap();
    assert_eq!(seeds, ["20121210", "20121210"]);
    assert_eq!(messages, ["trust became NaN", "trust became NaN"]);
    // A run without failures has no such table and says nothing of it.
    let well = run_study(&study(10), &Options { simulate: replicate, ..options(&folder.join("well")) }).unwrap();
    assert_eq!((well.failed(), well.summary.failed), (0, None));
    assert!(!folder.join("well/tables/failures.parquet").exists());
}

#[test]
fn failures_go_through_shards_and_expansion_alike() {
    let folder = Folder::new("failures divided");
    let never = AtomicBool::new(false);
    let watch = Watch::new(&never, &|_| ());
    run_study(&study(10), &options(&folder.join("whole"))).unwrap();
    let shards = [1, 2].map(|number| {
        let out = folder.join(&format!("{number}"));
        run_shard(&study(10), Shard { number, of: 2 }, &options(&out), watch).unwrap();
        out
    });
    merge(&shards, &options(&folder.join("merged")), Watch::new(&AtomicBool::new(false), &|_| ())).unwrap();
    same(&folder.join("merged"), &folder.join("whole"));
    run_study(&study(2), &options(&folder.join("expanded"))).unwrap();
    expand(&folder.join("expanded"), 10, &options(&folder.join("expanded")), watch).unwrap();
    same(&folder.join("expanded"), &folder.join("whole"));
}

#[test]
fn the_one_that_failed_fails_again_alone_and_when_all_fail_there_is_no_run() {
    let folder = Folder::new("failures alone");
    let never = AtomicBool::new(false);
    let watch = Watch::new(&never, &|_| ());
    let error = run_only(&study(10), 3, &options(&folder.join("three")), watch).unwrap_err().to_string();
    assert!(error.starts_with("replication 3 failed: trust became NaN (") && error.contains("failures.rs:"), "{error}");
    assert!(!folder.join("three").exists());
    run_only(&study(10), 4, &options(&folder.join("four")), watch).unwrap();
    let nothing = Options { simulate: none, ..options(&folder.join("none")) };
    let error = run_study(&study(5), &nothing).unwrap_err();
    assert!(matches!(error, Error::AllFailed { total: 5, .. }), "{error}");
    assert!(error.to_string().contains("all 5 replications failed; replication 0 failed: nothing works"), "{error}");
    assert!(!folder.join("none/run.json").exists());
}

/// What fails in the library is there for the real binary too, whose exit status says whether it was too much.
#[test]
fn past_what_is_tolerated_every_command_ends_with_status_one() {
    let folder = Folder::new("failures told");
    let never = AtomicBool::new(false);
    let watch = Watch::new(&never, &|_| ());
    let own = "listening-training --set population.dyads=12 --replications 10 --record waves";
    run_study(&study(10), &options(&folder.join("bad"))).unwrap();
    let said = folder.refused(&format!("run {own} --out bad"), 1);
    let words = "2 of 10 replications of listening-training failed, more than the 0.01 tolerated (--tolerate)";
    assert!(said.contains(words) && said.contains("nothing was computed"), "{said}");
    folder.refused(&format!("run {own} --out bad --quiet --tolerate 0.19"), 1);
    folder.done(&format!("run {own} --out bad --tolerate 0.2"));
    // So do those that go on from replications that failed before.
    let stop = AtomicBool::new(false);
    let raise = |_| stop.store(true, Ordering::Relaxed);
    let watch_cut = Watch::new(&stop, &raise);
    let cut = Options { threads: 1, ..options(&folder.join("cut")) };
    let ended = run_watched(&study(150), &cut, watch_cut);
    assert!(matches!(ended, Err(Error::Interrupted { .. })), "{ended:?}");
    assert!(folder.refused("resume cut --quiet", 1).contains("2 of 150 replications"));
    for number in [1, 2] {
        let out = folder.join(&format!("shard-{number}"));
        run_shard(&study(10), Shard { number, of: 2 }, &options(&out), watch).unwrap();
    }
    assert!(folder.refused("merge shard-2 shard-1 --out merged", 1).contains("2 of 10 replications"));
    same(&folder.join("merged"), &folder.join("bad"));
    assert!(folder.refused("expand bad --replications 12", 1).contains("2 of 12 replications"));
}

#[test]
fn a_sweep_counts_what_fails_in_every_cell() {
    let folder = Folder::new("failures swept");
    let never = AtomicBool::new(false);
    let watch = Watch::new(&never, &|_| ());
    let command =
        "sweep listening-training --set population.dyads=12 --over organization.competition=0,1 --replications 10";
    let scenario = builtin::find("listening-training").unwrap();
    let layout = Layout::new(SweepSpec {
        scenario: scenario.text.to_owned(),
        name: "listening-training".to_owned(),
        changes: vec!["population.dyads=12".to_owned(), "monte_carlo.replications=10".to_owned()],
        over: vec!["organization.competition=0,1".to_owned()],
        design: "grid".to_owned(),
        points: None,
        design_seed: study(1).monte_carlo.seed,
        record: "summary".to_owned(),
    })
    .unwrap();
    let finished = run_sweep(&layout, &options(&folder.join("bad")), watch).unwrap();
    assert_eq!(finished.summary.failed, 4);
    let said = folder.refused(&format!("{command} --out bad"), 1);
    assert!(said.contains("4 of 20 replications of the sweep of listening-training failed"), "{said}");
    assert!(said.contains("4 replications failed: see `failed` in tables/cells.parquet"), "{said}");
    folder.done(&format!("{command} --out bad --tolerate 0.2"));
    assert_eq!(numbers_in(&folder.join("bad/tables/cells.parquet"), "failed"), [2, 2]);
    let nothing = Options { simulate: none, ..options(&folder.join("none")) };
    assert!(matches!(run_sweep(&layout, &nothing, watch), Err(Error::AllFailed { total: 20, .. })));
}

fn numbers_in(file: &Path, column: &str) -> Vec<u32> {
    let mut found = Vec::new();
    read(file, &[column], |batch| found.extend(batch.integers(0))).unwrap();
    found
}
