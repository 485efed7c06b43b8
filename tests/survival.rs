//! A run that is cut off, at any moment and in any way, goes on to the very same bytes, and computes nothing twice that was on disk.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use binary::{Folder, files, reseal, same, text};
use serde_json::Value;

const REPLICATIONS: u64 = 1500;
const RUN: &str = "run listening-training --replications 1500 --set population.dyads=12 --save-every 0 --out cut";
const RESUME: &str = "resume cut --save-every 0 --json";

/// The same run, never cut off.
fn whole(folder: &Folder) -> PathBuf {
    folder.done(&RUN.replace("--out cut", "--out whole"));
    folder.join("whole")
}

/// The parts that the journal has.
fn parts(folder: &Folder) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder.join("cut/.partial/journal")).unwrap().map(|entry| entry.unwrap().path());
    let mut parts: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "part")).collect();
    parts.sort();
    parts
}

/// What `--json` says: how many replications were there already; all others were computed, unless it was whole.
fn kept(output: &Output) -> u64 {
    assert!(output.status.success(), "{}", text(output));
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (kept, computed) = (said["kept"].as_u64().unwrap_or(0), said["computed"].as_u64().unwrap());
    assert!(kept + computed == REPLICATIONS || (kept, computed) == (0, 0), "{kept} kept, {computed} computed");
    kept
}

/// Numbers that look random and are the same in every run (Knuth's linear congruential generator), in [0, 1).
fn moments() -> impl Iterator<Item = f64> {
    let mut state = 20_121_210_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    })
}

#[test]
fn killed_at_thirty_moments_it_goes_on_to_the_same_bytes() {
    let folder = Folder::new("moments");
    let started = Instant::now();
    let expected = whole(&folder);
    let life = started.elapsed().as_secs_f64();
    let mut moments = moments();
    let mut moment = || Duration::from_secs_f64(life * moments.next().unwrap());
    let (mut resumed, mut lost) = (0, 0);
    for trial in 0..30 {
        // Shown if it fails.
        eprintln!("trial {trial}");
        let mut child = folder.begin(RUN);
        sleep(moment());
        child.kill().unwrap();
        child.wait().unwrap();
        // Every third is killed once more while it goes on.
        if trial % 3 == 0 {
            let mut child = folder.begin(RESUME);
            sleep(moment());
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let output = folder.peerlab(RESUME);
        if output.status.code() == Some(2) {
            // Dead before it had begun.
            assert!(text(&output).contains("holds no unfinished run"), "{}", text(&output));
            assert!(folder.peerlab(RUN).status.success());
            lost += 1;
        } else if kept(&output) > 0 {
            resumed += 1;
        }
        same(&folder.join("cut"), &expected);
        assert!(!folder.join("cut/.partial").exists());
        fs::remove_dir_all(folder.join("cut")).unwrap();
    }
    assert!(resumed >= 5 && lost < 15, "{resumed} of 30 went on from something, {lost} had not begun");
}

#[test]
fn only_what_was_not_on_disk_is_computed_again() {
    let folder = Folder::new("parts");
    let expected = whole(&folder);
    folder.cut_off(RUN, "cut", 4);
    let there: u64 = fs::read_to_string(folder.join("cut/.partial/journal/log"))
        .unwrap()
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|line| line["count"].as_u64().unwrap())
        .sum();
    assert!(there > 0 && there < REPLICATIONS);
    assert_eq!(kept(&folder.peerlab(RESUME)), there);
    same(&folder.join("cut"), &expected);
    // Once more: it is finished, and nothing is computed.
    let again = folder.peerlab("resume cut");
    assert!(again.status.success() && text(&again).contains("nothing was computed"), "{}", text(&again));
    let said = fs::read_to_string(folder.join("cut/run.json")).unwrap();
    assert!(said.contains("peerlab run listening-training") && said.contains("peerlab resume cut"));
}

#[test]
fn a_part_that_is_flipped_cut_short_or_gone_is_computed_again() {
    let folder = Folder::new("damage");
    let expected = whole(&folder);
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 4] = [
        ("a bit flipped", |path| {
            let mut content = fs::read(path).unwrap();
            let middle = content.len() / 2;
            content[middle] ^= 4;
            fs::write(path, content).unwrap();
        }),
        ("cut short", |path| {
            let content = fs::read(path).unwrap();
            fs::write(path, &content[..content.len() - 1]).unwrap();
        }),
        ("emptied", |path| fs::write(path, "").unwrap()),
        ("gone", |path| fs::remove_file(path).unwrap()),
    ];
    for (name, damage) in damages {
        eprintln!("{name}");
        folder.cut_off(RUN, "cut", 5);
        let parts = parts(&folder);
        damage(&parts[1]);
        let output = folder.peerlab(RESUME);
        let there = kept(&output);
        assert!(there > 0 && there < REPLICATIONS, "{name}");
        same(&folder.join("cut"), &expected);
        fs::remove_dir_all(folder.join("cut")).unwrap();
    }
    // The log itself: its last line torn, then all of it rubbish.
    folder.cut_off(RUN, "cut", 4);
    let log = folder.join("cut/.partial/journal/log");
    let content = fs::read(&log).unwrap();
    fs::write(&log, &content[..content.len() - 9]).unwrap();
    assert!(kept(&folder.peerlab(RESUME)) > 0);
    same(&folder.join("cut"), &expected);
    fs::remove_dir_all(folder.join("cut")).unwrap();
    folder.cut_off(RUN, "cut", 4);
    fs::write(&log, b"\xff\xfe{]").unwrap();
    assert_eq!(kept(&folder.peerlab(RESUME)), 0);
    same(&folder.join("cut"), &expected);
}

/// Whether this process, and so whatever it begins, ignores that its terminal goes away; also where that cannot be asked.
fn hangup_is_ignored() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.is_none_or(|set| u64::from_str_radix(set.trim(), 16).unwrap() & 1 != 0)
}

#[test]
fn stopped_by_hand_it_says_how_to_go_on_and_the_same_command_goes_on() {
    let folder = Folder::new("stop");
    let expected = whole(&folder);
    for (signal, status) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        // Under `nohup` the tests, and what they begin, are not ended by it.
        if signal == "-HUP" && hangup_is_ignored() {
            continue;
        }
        let child = folder.begin(RUN);
        let log = folder.join("cut/.partial/journal/log");
        let deadline = Instant::now() + Duration::from_secs(60);
        while fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
            assert!(Instant::now() < deadline);
            sleep(Duration::from_millis(2));
        }
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{}", text(&output));
        assert!(text(&output).contains("go on by `peerlab resume cut`"), "{}", text(&output));
        assert!(folder.join("cut/.partial/journal").exists() && !folder.join("cut/tables").exists());
        // Nothing is left half done but the journal.
        assert!(!folder.join("cut/.partial/tables").exists());
        let again = folder.peerlab(RUN);
        assert!(again.status.success() && text(&again).contains("Resumed:"), "{}", text(&again));
        same(&folder.join("cut"), &expected);
        fs::remove_dir_all(folder.join("cut")).unwrap();
    }
}

#[test]
fn another_run_in_its_place_is_refused_and_says_what_differs() {
    let folder = Folder::new("another");
    folder.cut_off(RUN, "cut", 2);
    let before = parts(&folder);
    for (change, said) in [("--seed 7", "seed 20121210"), ("--set organization.competition=0.9", "other parameters")] {
        let refused = folder.refused(&format!("{RUN} {change}"), 1);
        assert!(refused.contains(said) && refused.contains("peerlab resume cut"), "{refused}");
        assert_eq!(parts(&folder), before);
    }
    // Of another version, or changed by hand.
    let begun = folder.join("cut/.partial/journal/begun.json");
    let content = fs::read_to_string(&begun).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let model = format!("\"model\": \"{}\"", peerlab::results::MODEL);
    let model_line = format!("  {model},\n");
    for (old, new, said) in [
        (version.as_str(), "\"version\": \"0.0.9\"", "was begun by peerlab 0.0.9"),
        (model.as_str(), "\"model\": \"0123456789abcdef\"", "was made by another build of peerlab"),
        (model_line.as_str(), "", "was made by another build of peerlab"),
        ("\"seed\": 20121210", "\"seed\": 5", "has been changed since the run was begun (seed 5)"),
        ("\"record\": \"summary\"", "\"record\": \"all\"", "its level of record is none"),
        ("dyads = 12", "dyads = minus", "its scenario is none"),
        ("{", "", "cannot rely on"),
    ] {
        assert!(content.contains(old), "{old} in {content}");
        reseal(&begun, |_| content.replacen(old, new, 1));
        let output = folder.peerlab(RESUME);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output));
        assert!(text(&output).contains(said) && text(&output).contains("--force"), "{}", text(&output));
        assert_eq!(parts(&folder), before);
    }
    fs::write(&begun, content).unwrap();
    folder.done(&format!("{RUN} --seed 7 --force"));
    assert!(!folder.join("cut/.partial").exists());
}

/// Who closes the lid over a run on another machine began it by `nohup`.
#[test]
#[cfg(target_os = "linux")]
fn begun_by_nohup_it_outlives_its_terminal() {
    let folder = Folder::new("nohup");
    let expected = whole(&folder);
    let words: Vec<&str> = RUN.split(' ').collect();
    let mut command = Command::new("nohup");
    command.arg(env!("CARGO_BIN_EXE_peerlab")).args(words).current_dir(&folder.0).stdin(Stdio::null());
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let log = folder.join("cut/.partial/journal/log");
    let deadline = Instant::now() + Duration::from_secs(60);
    while fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(2));
    }
    assert!(Command::new("kill").args(["-HUP", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    same(&folder.join("cut"), &expected);
}

/// Its parts say of which run they are: what calls itself another one has none of them, and what has lost its name gets it back.
#[test]
fn what_begun_json_says_decides_nothing_of_what_the_parts_are() {
    let folder = Folder::new("begun");
    let expected = whole(&folder);
    folder.cut_off(&format!("{RUN} --seed 77").replace("--out cut", "--out other"), "other", 2);
    folder.done(&format!("{RUN} --seed 77").replace("--out cut", "--out seventy-seven"));
    folder.cut_off(RUN, "cut", 3);
    let begun = folder.join("cut/.partial/journal/begun.json");
    let own = fs::read(&begun).unwrap();
    fs::copy(folder.join("other/.partial/journal/begun.json"), &begun).unwrap();
    assert_eq!(kept(&folder.peerlab(RESUME)), 0);
    same(&folder.join("cut"), &folder.join("seventy-seven"));
    for (name, written) in
        [("gone", None), ("flipped", Some(&own[1..])), ("empty", Some(&[][..])), ("no text", Some(b"\xff"))]
    {
        fs::remove_dir_all(folder.join("cut")).unwrap();
        folder.cut_off(RUN, "cut", 3);
        match written {
            Some(written) => fs::write(&begun, written).unwrap(),
            None => fs::remove_file(&begun).unwrap(),
        }
        let refused = folder.peerlab(RESUME);
        assert!(
            !refused.status.success() && text(&refused).contains("ive its command again"),
            "{name}: {}",
            text(&refused)
        );
        let said = folder.done(RUN);
        assert!(said.contains("Resumed:"), "{name}: {said}");
        same(&folder.join("cut"), &expected);
    }
}

#[test]
fn two_at_once_leave_one_run() {
    let folder = Folder::new("two");
    let expected = whole(&folder);
    let mut first = folder.begin(RUN);
    let deadline = Instant::now() + Duration::from_secs(60);
    while !folder.join("cut/.partial/journal/begun.json").exists() {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(1));
    }
    let second = folder.peerlab(RUN);
    let refused = second.status.code() == Some(1) && text(&second).contains("is being written by another process");
    // Or the first had ended by then.
    assert!(refused || text(&second).contains("nothing was computed"), "{}", text(&second));
    assert!(first.wait().unwrap().success());
    same(&folder.join("cut"), &expected);
}

/// Whoever replaces a finished run by another said so once: cut off, the command need not say it again, and until then the first one stays.
#[test]
fn begun_by_force_in_the_place_of_another_it_goes_on_by_its_own_command() {
    let folder = Folder::new("forced");
    let expected = whole(&folder);
    folder.done(&RUN.replace("1500", "7"));
    let seven = files(&folder.join("cut"));
    folder.cut_off(&format!("{RUN} --force"), "cut", 3);
    for (name, bytes) in seven {
        assert!(fs::read(folder.join("cut").join(&name)).unwrap() == bytes, "{name}");
    }
    assert!(folder.refused(&format!("{RUN} --seed 5"), 1).contains("holds another run"));
    assert!(kept(&folder.peerlab(&format!("{RUN} --json"))) > 0);
    same(&folder.join("cut"), &expected);
}

/// The lock is held by a process for as long as it lives, also when it does nothing, and by none that has died.
#[test]
fn what_lives_keeps_its_folder_and_what_was_killed_does_not() {
    let folder = Folder::new("lock");
    let expected = whole(&folder);
    let mut first = folder.begin(RUN);
    let log = folder.join("cut/.partial/journal/log");
    let deadline = Instant::now() + Duration::from_secs(60);
    while fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(1));
    }
    assert!(Command::new("kill").args(["-STOP", &first.id().to_string()]).status().unwrap().success());
    let before = parts(&folder);
    for command in [RUN, RESUME, &format!("{RUN} --force")] {
        let said = folder.refused(command, 1);
        assert!(said.contains("cut is being written by another process: wait for it"), "{command}: {said}");
    }
    assert!(first.try_wait().unwrap().is_none(), "it had ended");
    assert_eq!(parts(&folder), before);
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(kept(&folder.peerlab(RESUME)) > 0);
    same(&folder.join("cut"), &expected);
}

#[test]
fn a_folder_that_holds_no_unfinished_run_is_said_to() {
    let folder = Folder::new("none");
    for path in ["nowhere", "."] {
        let output = folder.peerlab(&format!("resume {path}"));
        assert_eq!(output.status.code(), Some(2), "{}", text(&output));
        assert!(text(&output).contains("holds no unfinished run") && text(&output).contains("peerlab run"));
    }
}
