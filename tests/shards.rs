//! A run that is divided among machines and merged is the run that was never divided, to the byte.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use binary::{Folder, files, manifest, reseal, same};
use peerlab::run::merge::{Trouble, merge};
use peerlab::run::{Error, Options, Watch};

const STUDY: &str = "run listening-training --replications 40 --set population.dyads=12";

#[test]
fn merged_in_any_order_it_is_the_run_that_was_never_divided() {
    let folder = Folder::new("shards");
    for record in ["summary", "episodes"] {
        let study = format!("{STUDY} --record {record}");
        folder.done(&format!("{study} --out whole-{record}"));
        for number in [2, 3, 1] {
            // Neither the number of threads nor how often it is saved is seen in the result.
            let threads = number % 2 + 1;
            folder.done(&format!(
                "{study} --shard {number}/3 --threads {threads} --save-every 0 --out {record}-{number}"
            ));
        }
        let said = folder.done(&format!("merge {record}-3 {record}-1 {record}-2 --out merged-{record}"));
        assert!(
            said.contains("Merged 3 shards of 40 replications.") && said.contains("nothing was simulated"),
            "{said}"
        );
        same(&folder.join(&format!("merged-{record}")), &folder.join(&format!("whole-{record}")));
        // It is that run also for who asks for it again.
        let again = folder.done(&format!("{study} --out merged-{record}"));
        assert!(again.contains("nothing was computed"), "{again}");
    }
}

/// A signal during a merge: nothing of it stays, what was there before does, and the next one is whole.
#[test]
fn stopped_on_the_way_a_merge_leaves_nothing_and_can_be_made_again() {
    let folder = Folder::new("merge stopped");
    let sweep =
        "sweep listening-training --set population.dyads=12 --over organization.competition=0,0.5 --replications 30";
    for (name, command, replications) in [("run", STUDY, 40), ("sweep", sweep, 60)] {
        folder.done(&format!("{command} --quiet --out {name}-whole"));
        let shards: Vec<PathBuf> = (1..=2).map(|number| folder.join(&format!("{name}-{number}"))).collect();
        for number in 1..=2 {
            folder.done(&format!("{command} --quiet --shard {number}/2 --out {name}-{number}"));
        }
        let out = folder.join(&format!("{name}-merged"));
        let (stop, seen) = (AtomicBool::new(false), AtomicU64::new(0));
        let progress = |more| {
            seen.fetch_add(more, Ordering::Relaxed);
            stop.store(true, Ordering::Relaxed);
        };
        // A sweep is told by the cells that it has written.
        let writing = |done, _| stop.store(done > 0, Ordering::Relaxed);
        let options = Options { threads: 1, ..Options::new(&out) };
        let stopped = merge(&shards, &options, Watch { stop: &stop, progress: &progress, writing: &writing });
        let error = stopped.unwrap_err();
        assert!(matches!(&error, Error::Merge(Trouble::Stopped(path)) if *path == out), "{error}");
        assert!(error.to_string().contains("give the command again"), "{error}");
        assert!(!out.exists(), "{:?}", files(&out).keys());
        let never = AtomicBool::new(false);
        seen.store(0, Ordering::Relaxed);
        let count = |more| {
            seen.fetch_add(more, Ordering::Relaxed);
        };
        merge(&shards, &options, Watch::new(&never, &count)).unwrap();
        assert_eq!(seen.load(Ordering::Relaxed), if name == "run" { replications } else { 0 });
        same(&out, &folder.join(&format!("{name}-whole")));
    }
}

#[test]
fn a_shard_looks_like_no_run() {
    let folder = Folder::new("one shard");
    let said = folder.done(&format!("{STUDY} --shard 2/3"));
    assert!(
        said.contains("shard 2 of 3, replications 13 to 25 of 40") && said.contains("No tables, no report"),
        "{said}"
    );
    let shard = folder.join("output/listening-training-shard-2-of-3");
    let names: Vec<String> = files(&shard).into_keys().collect();
    assert!(names.iter().all(|name| name.starts_with("parcels/")), "{names:?}");
    assert_eq!(manifest(&shard)["excerpt"]["shard"]["number"], 2);
    for command in ["report", "plot"] {
        let status = folder.peerlab(&format!("{command} output/listening-training-shard-2-of-3")).status;
        assert!(!status.success(), "{command}");
    }
    // Another share, or the whole, does not go where it is.
    for (other, said) in [("--shard 1/3", "shard 2 of 3"), ("--quiet", "shard 2 of 3"), ("--shard 2/3", "already")] {
        let status = i32::from(other != "--shard 2/3");
        let text = folder.refused(&format!("{STUDY} {other} --out output/listening-training-shard-2-of-3"), status);
        assert!(text.contains(said), "{text}");
    }
    for wrong in ["4/3", "0/3", "3"] {
        folder.refused(&format!("{STUDY} --shard {wrong}"), 2);
    }
    // The same for one that would have none and one that would have some.
    for number in [1, 2, 64] {
        let none = folder.refused(&format!("{STUDY} --shard {number}/64"), 2);
        assert!(none.contains("40 replications do not reach for 64 shards"), "{none}");
    }
    let none = folder.refused("sweep listening-training --over program.weeks=12,16 --replications 4 --shard 5/9", 2);
    assert!(none.contains("8 replications do not reach for 9 shards"), "{none}");
}

#[test]
fn without_its_manifest_a_shard_or_a_merged_run_is_made_again_and_nobodys_files_are_lost() {
    let folder = Folder::new("taken away");
    folder.done(&format!("{STUDY} --out whole"));
    let shard = |number: u32, replications: u32| {
        format!("{STUDY} --shard {number}/2 --out s{number} --force").replace("40", &replications.to_string())
    };
    for replications in [70, 40] {
        for number in [1, 2] {
            let manifest = folder.join(&format!("s{number}/run.json"));
            let _ = fs::remove_file(&manifest);
            folder.done(&shard(number, replications));
        }
    }
    for _ in 0..2 {
        folder.done("merge s1 s2 --force --out merged");
        same(&folder.join("merged"), &folder.join("whole"));
        fs::remove_file(folder.join("merged/run.json")).unwrap();
    }
    // Nor one that nobody can read.
    for damage in ["{", ""] {
        fs::write(folder.join("merged/run.json"), damage).unwrap();
        folder.refused("merge s1 s2 --out merged", 1);
        folder.done("merge s1 s2 --force --out merged");
        same(&folder.join("merged"), &folder.join("whole"));
    }
    fs::remove_file(folder.join("merged/run.json")).unwrap();
    fs::write(folder.join("merged/tables/notes.txt"), "mine").unwrap();
    let text = folder.refused("merge s1 s2 --force --out merged", 1);
    assert!(text.contains("is not empty and holds no run"), "{text}");
    assert_eq!(fs::read_to_string(folder.join("merged/tables/notes.txt")).unwrap(), "mine");
    // Nor does a merge replace what it is made of.
    for out in ["s1", "./s2/", "whole/../s1", "s1/merged", "s2/parcels/a/b", "new/../s1/merged"] {
        let text = folder.refused(&format!("merge s1 s2 --force --out {out}"), 1);
        assert!(text.contains("is one of the shards"), "{text}");
    }
    assert!(!folder.join("s1/merged").exists() && !folder.join("s2/parcels/a").exists());
    // What was cut off and is no shard is not told to go on as one.
    folder.cut_off("run listening-training --replications 1500 --save-every 0 --out cut", "cut", 1);
    let text = folder.refused("merge s1 cut --out merged2", 1);
    assert!(text.contains("cut holds an unfinished run of listening-training, not a shard"), "{text}");
    // Cut off, it has no journal: it is merged again.
    fs::create_dir_all(folder.join("dead/.partial")).unwrap();
    fs::write(folder.join("dead/.partial/lock"), "").unwrap();
    for command in ["report dead", "plot dead"] {
        let text = folder.refused(command, 2);
        assert!(text.contains("Give its own command again: `peerlab run`, `sweep` or `merge`"), "{text}");
    }
    let text = folder.refused("resume dead", 2);
    assert!(text.contains("merge again"), "{text}");
    folder.done("merge s1 s2 --out dead");
    same(&folder.join("dead"), &folder.join("whole"));
}

/// Says in a `run.json` that another build made it; gives the digest said.
fn another_model(path: &std::path::Path) -> String {
    let own = format!("\"model\": \"{}\"", peerlab::results::MODEL);
    let other = "0123456789abcdef";
    reseal(path, |content| {
        assert!(content.contains(&own), "{own}");
        content.replacen(&own, &format!("\"model\": \"{other}\""), 1)
    });
    other.to_owned()
}

#[test]
fn a_shard_that_was_cut_off_goes_on() {
    let folder = Folder::new("cut shard");
    let study = "run listening-training --replications 1500 --set population.dyads=12 --save-every 0";
    folder.done(&format!("{study} --out whole"));
    folder.cut_off(&format!("{study} --shard 2/2 --out two"), "two", 3);
    folder.done(&format!("{study} --shard 1/2 --out one"));
    let early = folder.refused("merge one two --out merged", 1);
    assert!(early.contains("peerlab resume two"), "{early}");
    let said = folder.done("resume two");
    assert!(said.contains("were there"), "{said}");
    folder.done("merge two one --out merged");
    same(&folder.join("merged"), &folder.join("whole"));
}

#[test]
fn what_does_not_make_one_run_is_named() {
    let folder = Folder::new("refused");
    for number in 1..=3 {
        folder.done(&format!("{STUDY} --shard {number}/3 --out {number}"));
    }
    folder.done(&format!("{STUDY} --shard 2/3 --seed 7 --out seed"));
    folder.done(&format!("{STUDY} --shard 2/3 --set organization.competition=0.9 --out scenario"));
    folder.done(&format!("{STUDY} --shard 2/4 --out total"));
    folder.done("run listening-training --replications 41 --set population.dyads=12 --shard 2/3 --out replications");
    folder.done(&format!("{STUDY} --out whole"));
    for (shards, said) in [
        ("1 3", "of 3 shards one is missing: 2"),
        ("3", "2 are missing: 1 to 2"),
        ("1 2 3 2", "shard 2 is there twice, as 2 is named twice: name one of them"),
        ("1 seed 3", "seed is of another run than 1 (seed 7)"),
        ("1 scenario 3", "scenario is of another run than 1 (other parameters)"),
        ("1 total 3", "total is of another run than 1 (one of 4 shards, not of 3)"),
        ("1 replications 3", "replications is of another run than 1 (41 replications)"),
        ("1 whole 3", "whole holds a whole run of listening-training, not a shard"),
        ("1 nowhere 3", "nowhere holds no shard"),
    ] {
        let text = folder.refused(&format!("merge {shards} --out merged"), 1);
        assert!(text.contains(said), "{shards}: {text}");
        assert!(!folder.join("merged").exists());
    }
    // Another version, or a change by hand.
    let path = folder.join("2/run.json");
    let content = fs::read_to_string(&path).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    for (old, new, said) in [
        (version.as_str(), "\"version\": \"0.0.9\"", "peerlab 0.0.9"),
        ("\"seed\": 20121210", "\"seed\": 5", "seed 5"),
        ("\"number\": 2", "\"number\": 3", "2"),
    ] {
        assert!(content.contains(old), "{old}");
        reseal(&path, |_| content.replacen(old, new, 1));
        let text = folder.refused("merge 1 2 3 --out merged", 1);
        assert!(text.contains(said), "{new}: {text}");
    }
    fs::write(&path, &content).unwrap();
    let other = another_model(&path);
    let text = folder.refused("merge 1 2 3 --out merged", 1);
    assert!(
        text.contains("2 was made by another build") && text.contains(&other) && text.contains("--force"),
        "{text}"
    );
    let text = folder.refused(&format!("{STUDY} --shard 2/3 --out 2"), 1);
    assert!(text.contains("2 was made by another build"), "not the same shard: {text}");
    fs::write(&path, &content).unwrap();
    // A part with a bit flipped, then gone.
    let part = fs::read_dir(folder.join("2/parcels")).unwrap().map(|entry| entry.unwrap().path());
    let part = part.into_iter().find(|path| path.extension().is_some_and(|end| end == "part")).unwrap();
    let mut bytes = fs::read(&part).unwrap();
    bytes[99] ^= 1;
    fs::write(&part, bytes).unwrap();
    let text = folder.refused("merge 1 2 3 --out merged", 1);
    assert!(text.contains("the shard in 2 is damaged") && text.contains("give its command again"), "{text}");
    fs::remove_file(part).unwrap();
    assert!(folder.refused("merge 1 2 3 --out merged", 1).contains("the shard in 2 is damaged"));
    folder.done(&format!("{STUDY} --shard 2/3 --out 2"));
    folder.done("merge 1 2 3 --out merged");
    same(&folder.join("merged"), &folder.join("whole"));
    // Another run in the way stays.
    folder.done(&format!("{STUDY} --seed 7 --out other"));
    let text = folder.refused("merge 1 2 3 --out other", 1);
    assert!(text.contains("other holds another run (seed 7)"), "{text}");
}

/// A cluster asks for a job again that was lost: whatever became of the shard on the disk, its own command ends with it whole.
#[test]
fn a_finished_shard_that_was_damaged_is_mended_by_its_own_command_and_what_is_whole_is_kept() {
    let folder = Folder::new("mended");
    let sweep = "sweep listening-training --set population.dyads=12 --over organization.competition=0,0.5,1 --replications 300 --save-every 0";
    let run = "run listening-training --replications 600 --set population.dyads=12 --save-every 0";
    for (study, total) in [(run, 300), (sweep, 450)] {
        folder.done(&format!("{study} --out whole --force"));
        let shard = |number: u32| format!("{study} --shard {number}/2 --out s{number}");
        (1..=2).for_each(|number| drop(folder.done(&format!("{} --force", shard(number)))));
        for (name, kept, mended_by) in [
            ("a part flipped", 1..total, shard(2)),
            ("a part flipped", 1..total, "resume s2".to_owned()),
            ("a part gone", 1..total, shard(2)),
            ("the log cut short", 1..total, shard(2)),
            ("the log gone", 0..1, shard(2)),
            ("no parts", 0..1, "resume s2".to_owned()),
            ("run.json flipped", total..total + 1, shard(2)),
            ("run.json cut short", total..total + 1, shard(2)),
            ("run.json no text", total..total + 1, shard(2)),
            ("run.json emptied", total..total + 1, shard(2)),
            ("run.json gone", total..total + 1, shard(2)),
        ] {
            let path = |file: &str| folder.join("s2").join(file);
            let mut parts: Vec<_> = fs::read_dir(path("parcels")).unwrap().map(|entry| entry.unwrap().path()).collect();
            parts.sort();
            let flip = |file: &std::path::Path| {
                let mut bytes = fs::read(file).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(file, bytes).unwrap();
            };
            let cut = |file: &std::path::Path| {
                let bytes = fs::read(file).unwrap();
                fs::write(file, &bytes[..bytes.len() * 3 / 4]).unwrap();
            };
            match name {
                "a part flipped" => flip(&parts[0]),
                "a part gone" => fs::remove_file(&parts[0]).unwrap(),
                "the log cut short" => cut(&path("parcels/log")),
                "the log gone" => fs::remove_file(path("parcels/log")).unwrap(),
                "no parts" => fs::remove_dir_all(path("parcels")).unwrap(),
                "run.json flipped" => flip(&path("run.json")),
                "run.json no text" => {
                    let mut bytes = fs::read(path("run.json")).unwrap();
                    bytes[500] = 0xff;
                    fs::write(path("run.json"), bytes).unwrap();
                }
                "run.json emptied" => fs::write(path("run.json"), "").unwrap(),
                "run.json gone" => fs::remove_file(path("run.json")).unwrap(),
                _ => cut(&path("run.json")),
            }
            let refused = folder.refused("merge s1 s2 --out merged --force", 1);
            let no_shard = if name == "run.json gone" { "s2 holds no shard" } else { "the shard in s2 is damaged" };
            assert!(refused.contains(no_shard), "{name}: {refused}");
            let output = folder.peerlab(&format!("{mended_by} --json"));
            assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(String::from_utf8_lossy(&output.stderr).contains("s2 is damaged ("), "{name}: it is said");
            let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let there = said["kept"].as_u64().unwrap_or(0);
            assert!(kept.contains(&there) && said["computed"] == total - there, "{name}: {said}");
            folder.done("merge s1 s2 --out merged --force");
            same(&folder.join("merged"), &folder.join("whole"));
        }
    }
    // The log of another seed's shard over the own one: what it vouches for is not there.
    folder.done(&format!("{run} --shard 2/2 --seed 77 --out else"));
    folder.done(&format!("{run} --shard 2/2 --out own"));
    fs::copy(folder.join("else/parcels/log"), folder.join("own/parcels/log")).unwrap();
    assert!(folder.done(&format!("{run} --shard 2/2 --out own")).contains("own is damaged (parcels/log"));
    folder.done(&format!("{run} --shard 1/2 --out first"));
    folder.done(&format!("{run} --out of-run"));
    folder.done("merge first own --out of-shards");
    same(&folder.join("of-shards"), &folder.join("of-run"));
    // A `run.json` that was copied from another seed's shard makes nothing of this one's parts.
    folder.done(&format!("{sweep} --shard 2/2 --seed 77 --out other"));
    let own = fs::read(folder.join("s2/run.json")).unwrap();
    fs::copy(folder.join("other/run.json"), folder.join("s2/run.json")).unwrap();
    for command in [format!("{sweep} --shard 2/2 --seed 77 --out s2"), "resume s2".to_owned()] {
        let said = folder.refused(&command, 1);
        assert!(said.contains("parcels/") && said.contains("--force"), "{said}");
    }
    fs::write(folder.join("s2/run.json"), own).unwrap();
    folder.done("merge s1 s2 --out merged --force");
    same(&folder.join("merged"), &folder.join("whole"));
    // Another shard, another seed: nothing of it is touched.
    let json = folder.join("s2/run.json");
    let text = fs::read_to_string(&json).unwrap().replacen("\"seed\": ", "\"seed\": 1", 1);
    fs::write(&json, &text).unwrap();
    for other in ["--shard 1/2", "--shard 2/2 --seed 7"] {
        let said = folder.refused(&format!("{sweep} {other} --out s2"), 1);
        assert!(said.contains("run.json") && said.contains("--force"), "{said}");
        assert_eq!(fs::read_to_string(&json).unwrap(), text);
    }
}
