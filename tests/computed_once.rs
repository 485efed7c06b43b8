//! What is computed twice, counted. A run that is killed and gone on with computes what is missing and nothing that was on disk; of what
//! it had computed, at most two chunks are computed once more for each kill: the one at work, and the one that was being put on disk.
//!
//! Every replication writes its number into a list when it begins, in whatever process that is. The processes are this very test, which
//! starts itself; with `save_every` of zero each chunk is put on disk as soon as it is whole, so that nothing is lost but what is in
//! flight.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::AtomicBool;
use std::thread::sleep;
use std::time::{Duration, Instant};

use binary::{Folder, same};
use peerlab::model::lanes::Instructions;
use peerlab::run::{Options, Watch, run_watched};
use peerlab::scenario::builtin;
use peerlab::study::declaration::Study;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;
use serde_json::Value;

const REPLICATIONS: u64 = 900;
/// Replications of a chunk in a study of this size; with more workers the next multiple of their number.
const CHUNK: u64 = 64;
/// What the process that is killed is told: where to run, with how many threads, where to write the list.
const CHILD: [&str; 3] = ["PEERLAB_TEST_RUN", "PEERLAB_TEST_THREADS", "PEERLAB_TEST_LIST"];

fn study() -> Study {
    let changes = ["population.dyads=12".to_owned(), format!("monte_carlo.replications={REPLICATIONS}")];
    builtin::find("listening-training").unwrap().read(&changes).unwrap().study
}

/// The experiment, which says first that it begins: one write of one line, so that lines of several threads do not mix.
fn listed(plan: &Plan, number: u64, record: Record, instructions: Instructions) -> Replication {
    let list = env::var_os(CHILD[2]).unwrap();
    let mut list = File::options().create(true).append(true).open(list).unwrap();
    list.write_all(format!("{number}\n").as_bytes()).unwrap();
    replicate(plan, number, record, instructions)
}

/// The process that is killed. Among the other tests it does nothing.
#[test]
fn child() {
    let [Some(run), Some(threads), _] = CHILD.map(env::var_os) else { return };
    let threads = threads.to_str().unwrap().parse().unwrap();
    let options = Options {
        threads,
        record: Some(Record::Summary),
        save_every: Duration::ZERO,
        simulate: listed,
        ..Options::new(&run)
    };
    let never = AtomicBool::new(false);
    let watch = Watch::new(&never, &|_| ());
    let finished = run_watched(&study(), &options, watch).unwrap();
    fs::write(Path::new(&run).with_extension("computed"), finished.computed().to_string()).unwrap();
}

fn begin(run: &Path, threads: u64, list: &Path) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "child"]).stdin(Stdio::null()).stdout(Stdio::null());
    command.env(CHILD[0], run).env(CHILD[1], threads.to_string()).env(CHILD[2], list).spawn().unwrap()
}

/// What a process computed, in the order in which it began; what was not written to the end of its line counts as not begun.
fn computed(list: &Path) -> Vec<u64> {
    let text = fs::read_to_string(list).unwrap_or_default();
    text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')?.parse().ok()).collect()
}

/// What the journal vouches for.
fn on_disk(run: &Path) -> BTreeSet<u64> {
    let log = fs::read_to_string(run.join(".partial/journal/log")).unwrap_or_default();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .flat_map(|line| {
            let [first, count] = ["first", "count"].map(|key| line[key].as_u64().unwrap());
            first..first + count
        })
        .collect()
}

/// Numbers that look random and are the same in every run, below a bound.
fn numbers() -> impl FnMut(u64) -> u64 {
    let mut state = 20_121_210_u64;
    move |bound| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    }
}

#[test]
fn killed_and_gone_on_with_it_computes_what_is_missing_and_at_most_two_chunks_besides() {
    let folder = Folder::new("counted");
    folder.done(&format!(
        "run listening-training --set population.dyads=12 --replications {REPLICATIONS} --record summary --out whole"
    ));
    let mut below = numbers();
    let mut most = 0;
    for (trial, threads) in [1, 2, 3, 2, 1, 3].into_iter().enumerate() {
        let run = folder.join(&format!("cut-{trial}"));
        let at_most = 2 * CHUNK.next_multiple_of(threads);
        let (mut kills, mut all) = (0, Vec::new());
        loop {
            let list = folder.join(&format!("list-{trial}-{kills}"));
            let before = on_disk(&run);
            let missing = REPLICATIONS - before.len() as u64;
            let mut child = begin(&run, threads, &list);
            // Four times at some moment, then to the end.
            let until = if kills < 4 { below(missing.max(1)) } else { u64::MAX };
            let deadline = Instant::now() + Duration::from_secs(60);
            while (computed(&list).len() as u64) < until && child.try_wait().unwrap().is_none() {
                assert!(Instant::now() < deadline);
                sleep(Duration::from_micros(200));
            }
            let _ = child.kill();
            let status = child.wait().unwrap();
            let began = computed(&list);
            let own: BTreeSet<u64> = began.iter().copied().collect();
            assert_eq!(own.len(), began.len(), "one process computed a replication twice");
            assert!(own.is_disjoint(&before), "what was on disk was computed again: {:?}", &own & &before);
            all.extend(began);
            if run.join("run.json").exists() {
                assert_eq!(own.len() as u64, missing, "what was missing, and nothing else");
                if status.success() {
                    let said = fs::read_to_string(run.with_extension("computed")).unwrap();
                    assert_eq!(said, own.len().to_string(), "what it says that it computed");
                }
                // Killed when all was in its place: what is left beside it goes.
                if !status.success() {
                    folder.done(&format!("resume cut-{trial}"));
                }
                break;
            }
            let after = on_disk(&run);
            assert!(before.is_subset(&after) && after.is_subset(&(&before | &own)));
            let lost = own.difference(&after).count() as u64;
            assert!(lost <= at_most, "{lost} replications were computed for nothing, with {threads} threads");
            most = most.max(lost);
            kills += 1;
        }
        let different: BTreeSet<u64> = all.iter().copied().collect();
        assert!(different.into_iter().eq(0..REPLICATIONS), "every replication was computed");
        assert!(all.len() as u64 <= REPLICATIONS + kills * at_most);
        same(&run, &folder.join("whole"));
    }
    // The kills hit something.
    assert!(most > CHUNK, "never more than {most} were lost");
}
