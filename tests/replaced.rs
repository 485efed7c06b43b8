//! A run that takes the place of another, whatever became of that and however often it is cut off: nothing of the other stays, and nothing
//! that was kept is lost.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;
use std::path::Path;

use binary::{Folder, files, manifest, same};

const RUN: &str =
    "run listening-training --set population.dyads=12 --record summary --replications 1500 --save-every 0";
const SWEEP: &str = "sweep listening-training --set population.dyads=12 --replications 300 --save-every 0 --over organization.competition";

/// The run that is expected, and no table or part besides. A figure or page of another name may be a person's, and stays.
fn alone(found: &Path, expected: &Path) {
    let (mut there, wanted) = (files(found), files(expected));
    there.retain(|name, _| wanted.contains_key(name) || name.contains('/') && !name.starts_with("figures/"));
    assert_eq!(there.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
    assert!(there == wanted && manifest(found) == manifest(expected), "{}", found.display());
}

/// What a run of other tables, or a sweep of more cells, left without its `run.json`.
#[test]
fn nothing_of_a_run_without_its_manifest_stays_however_the_next_one_is_cut_off() {
    let folder = Folder::new("replaced");
    let smaller = "run listening-training --set population.dyads=12 --replications 7 --record waves";
    let four = format!("{SWEEP}=0,0.2,0.4,0.6").replace("300", "10");
    for (name, before, after) in [("run", smaller.to_owned(), RUN.to_owned()), ("sweep", four, format!("{SWEEP}=0,1"))]
    {
        folder.done(&format!("{after} --quiet --out whole-{name}"));
        for (how, end) in
            [("resumed", "resume".to_owned()), ("again", format!("{after} --out")), ("forced", String::new())]
        {
            let out = format!("{name}-{how}");
            folder.done(&format!("{before} --quiet --out {out}"));
            fs::remove_file(folder.join(&out).join("run.json")).unwrap();
            // Nor does an empty folder for what is unfinished make a free place of it.
            for partial in [false, true] {
                if partial {
                    fs::create_dir(folder.join(&out).join(".partial")).unwrap();
                }
                let said = folder.refused(&format!("{after} --out {out}"), 1);
                assert!(said.contains("holds a run without its run.json") && said.contains("--force"), "{said}");
            }
            if end.is_empty() {
                folder.done(&format!("{after} --quiet --force --out {out}"));
            } else {
                folder.cut_off(&format!("{after} --force --out {out}"), &out, 2);
                folder.done(&format!("{end} {out}"));
            }
            alone(&folder.join(&out), &folder.join(&format!("whole-{name}")));
            // No empty `cell=3` either, which a reader of partitioned data may take for one.
            let mut folders = vec![folder.join(&out)];
            while let Some(at) = folders.pop() {
                let within: Vec<_> = fs::read_dir(&at).unwrap().map(|entry| entry.unwrap().path()).collect();
                assert!(!within.is_empty(), "{}", at.display());
                folders.extend(within.into_iter().filter(|path| path.is_dir()));
            }
        }
    }
}

/// A person's file among what another left: it stays, and nothing of the other does.
#[test]
fn a_persons_file_keeps_no_cell_of_another_sweep() {
    let folder = Folder::new("mine");
    let four = format!("{SWEEP}=0,0.2,0.4,0.6").replace("300", "10");
    let two = format!("{SWEEP}=0,1");
    folder.done(&format!("{two} --quiet --out whole"));
    for how in ["damaged", "gone", "copied"] {
        folder.done(&format!("{four} --quiet --out {how}"));
        let (out, manifest) = (folder.join(how), folder.join(how).join("run.json"));
        if how == "copied" {
            // Of a run that knows nothing of these cells.
            fs::copy(folder.join("whole/run.json"), manifest).unwrap();
            fs::write(out.join("notes.txt"), "mine").unwrap();
            folder.done(&format!("{two} --quiet --force --out {how}"));
        } else if how == "damaged" {
            fs::write(out.join("notes.txt"), "mine").unwrap();
            fs::write(manifest, "{").unwrap();
            folder.done(&format!("{two} --quiet --force --out {how}"));
        } else {
            // It comes while the new one is cut off.
            fs::remove_file(manifest).unwrap();
            folder.cut_off(&format!("{two} --force --out {how}"), how, 2);
            fs::write(out.join("notes.txt"), "mine").unwrap();
            folder.done(&format!("resume {how}"));
        }
        alone(&out, &folder.join("whole"));
        assert_eq!(fs::read(out.join("notes.txt")).unwrap(), b"mine");
    }
}

/// A `run.json` that nobody can rely on, as of an older version: who replaces it goes on like any other.
#[test]
fn begun_beside_an_unreadable_manifest_it_goes_on() {
    let folder = Folder::new("unreadable");
    let sweep = format!("{SWEEP}=0,1");
    let shard = format!("{RUN} --shard 1/2").replace("1500", "3000");
    for (name, command) in [("run", RUN), ("sweep", &sweep), ("shard", &shard)] {
        folder.done(&format!("{command} --quiet --out whole-{name}"));
        for end in ["resume".to_owned(), format!("{command} --out")] {
            let out = format!("{name}-{}", end.split(' ').next().unwrap());
            folder.done(&format!("{RUN} --seed 5 --quiet --out {out}").replace("1500", "9"));
            fs::write(folder.join(&out).join("run.json"), "{").unwrap();
            let refused = folder.refused(&format!("{command} --out {out}"), 1);
            assert!(refused.contains("cannot rely on") && refused.contains("--force"), "{refused}");
            folder.cut_off(&format!("{command} --force --out {out}"), &out, 2);
            let said = folder.done(&format!("{end} {out}"));
            assert!(said.contains("were there"), "{said}");
            if name == "shard" {
                folder.done(&format!("{command} --out {out}"));
                assert!(!folder.join(&out).join("tables").exists());
            } else {
                alone(&folder.join(&out), &folder.join(&format!("whole-{name}")));
            }
        }
    }
}

#[test]
fn a_shards_manifest_makes_no_shard_of_a_run() {
    let folder = Folder::new("no shard");
    folder.done(&format!("{RUN} --quiet --out run"));
    folder.done(&format!("{RUN} --quiet --shard 1/2 --out shard"));
    let own = fs::read(folder.join("run/run.json")).unwrap();
    fs::copy(folder.join("shard/run.json"), folder.join("run/run.json")).unwrap();
    for command in ["resume run".to_owned(), format!("{RUN} --shard 1/2 --out run")] {
        assert!(folder.refused(&command, 1).contains("parcels/log"), "{command}");
    }
    fs::write(folder.join("run/run.json"), own).unwrap();
    assert!(folder.done("resume run").contains("unchanged"));
}

/// Killed while it wrote which run it is, before anything was kept: its own command, which a cluster gives again without `--force`, begins it anew.
#[test]
fn what_kept_nothing_is_in_nobodys_way_whatever_it_says() {
    let folder = Folder::new("nothing kept");
    let shard = format!("{RUN} --shard 1/2");
    folder.cut_off(&format!("{RUN} --out cut"), "cut", 1);
    let begun = fs::read(folder.join("cut/.partial/journal/begun.json")).unwrap();
    fs::create_dir_all(folder.join("shard/.partial/journal")).unwrap();
    fs::write(folder.join("shard/.partial/journal/begun.json"), &begun[..100]).unwrap();
    fs::write(folder.join("shard/.partial/journal/log"), "").unwrap();
    folder.done(&format!("{shard} --quiet --out shard"));
    folder.done(&format!("{RUN} --quiet --shard 2/2 --out other"));
    folder.done(&format!("{RUN} --quiet --out whole"));
    folder.done("merge shard other --quiet --out merged");
    same(&folder.join("merged"), &folder.join("whole"));
}

/// What a process left that died when all was in place, its `begun.json` damaged besides.
#[test]
fn what_a_finished_run_left_beside_itself_is_in_nobodys_way() {
    let folder = Folder::new("beside");
    folder.done(&format!("{RUN} --quiet --out whole"));
    folder.cut_off(&format!("{RUN} --out cut"), "cut", 2);
    for (number, end) in
        ["resume run".to_owned(), format!("{RUN} --out run"), "expand run --replications 1500".to_owned()]
            .iter()
            .enumerate()
    {
        let _ = fs::remove_dir_all(folder.join("run"));
        folder.done(&format!("{RUN} --quiet --out run"));
        fs::create_dir_all(folder.join("run/.partial/journal")).unwrap();
        for entry in fs::read_dir(folder.join("cut/.partial/journal")).unwrap() {
            let path = entry.unwrap().path();
            fs::copy(&path, folder.join("run/.partial/journal").join(path.file_name().unwrap())).unwrap();
        }
        if number > 0 {
            fs::write(folder.join("run/.partial/journal/begun.json"), "{").unwrap();
        }
        assert!(folder.done(end).contains("unchanged"), "{end}");
        assert!(!folder.join("run/.partial").exists(), "{end}");
        same(&folder.join("run"), &folder.join("whole"));
    }
}
