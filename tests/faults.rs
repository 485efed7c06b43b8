//! What a machine can do to a run: a disk that fills or is read-only, a folder that vanishes, a reader that goes away, files that are
//! damaged. Each ends with an error that says what happened and the way out, or goes on rightly; none leaves a table that is wrong.
//!
//! Kills, parts that are cut short, flipped or gone, and two runs in one folder are in `survival.rs`.

#![cfg(all(feature = "app", target_os = "linux"))]

mod binary;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use binary::{Folder, files, same, text};

const STUDY: &str = "listening-training --set population.dyads=12 --save-every 0 --quiet";

/// Runs a line of bash in the folder, where `$PEERLAB` is the binary.
fn bash(folder: &Folder, line: &str) -> Output {
    let mut command = Command::new("bash");
    command.args(["-c", line]).env("PEERLAB", env!("CARGO_BIN_EXE_peerlab")).current_dir(&folder.0);
    command.stdin(Stdio::null()).output().unwrap()
}

/// The same as root of a file system of its own, where something can be mounted. Where the system lets nobody mount a disk, that is said on
/// the screen, whether the test passes or not: every such fault has a test without a mount, too. Where `CI` is set the machine is there to
/// test, and it is an error, unless `PEERLAB_TEST_MOUNTS=no` says that it cannot be helped.
fn apart(folder: &Folder, line: &str) -> Option<Output> {
    let tried = bash(folder, "mkdir -p mounted && unshare -rm mount -t tmpfs tmpfs mounted");
    if tried.status.success() {
        return Some(bash(folder, &format!("unshare -rm bash -c '{line}'")));
    }
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    let said = text(&tried);
    let (why, how) = (said.trim(), "as root, or sysctl kernel.apparmor_restrict_unprivileged_userns=0");
    let expected =
        std::env::var_os("CI").is_some() && std::env::var_os("PEERLAB_TEST_MOUNTS").is_none_or(|it| it != "no");
    assert!(!expected, "cannot mount a disk of its own ({why}): let it ({how}), or set PEERLAB_TEST_MOUNTS=no");
    // Past what the tests' harness keeps to itself.
    let _ = writeln!(std::io::stderr(), "\nNOT TESTED: {name}: cannot mount a disk of its own ({why}); {how}");
    None
}

/// Runs a line of bash in the folder as somebody who may not write everywhere; nothing where there is only root.
fn as_nobody(folder: &Folder, line: &str) -> Option<Output> {
    let root = text(&bash(folder, "id -u")) == "0\n";
    // What nobody may run lies in the folder, which lies where everybody may look.
    let prepared = "chmod 755 . && cp \"$PEERLAB\" peerlab && chmod 755 peerlab && setpriv --reuid=65534 --regid=65534 --clear-groups ./peerlab --version";
    if !root {
        return Some(bash(folder, line));
    }
    let tried = bash(folder, prepared);
    if !tried.status.success() {
        let _ = writeln!(std::io::stderr(), "\nNOT TESTED: who may not write: {}", text(&tried).trim());
        return None;
    }
    let own =
        format!("setpriv --reuid=65534 --regid=65534 --clear-groups env PEERLAB=\"$PWD/peerlab\" bash -c '{line}'");
    Some(bash(folder, &own))
}

fn is_empty_or_gone(path: &Path) -> bool {
    fs::read_dir(path).map_or(true, |mut entries| entries.next().is_none())
}

#[test]
fn where_a_file_cannot_grow_what_was_finished_is_kept_and_gone_on_from() {
    let folder = Folder::new("limit");
    // Parts of 64 replications take 2.4 MB, the table of persons more: the limit meets a table, as a disk that fills would.
    let run = format!("run {STUDY} --replications 400 --record waves");
    folder.done(&format!("{run} --out whole"));
    let failed = bash(&folder, &format!("ulimit -f 3000; \"$PEERLAB\" {run} --out cut"));
    assert_eq!(failed.status.code(), Some(1), "{}", text(&failed));
    let said = text(&failed);
    assert!(
        said.starts_with("peerlab: cannot write ") && said.contains("too large") && said.contains("`ulimit -f`"),
        "{said}"
    );
    assert!(said.contains("what was finished is kept: go on by `peerlab resume cut`"), "{said}");
    assert!(!folder.join("cut/run.json").exists() && !folder.join("cut/tables").exists(), "nothing looks finished");
    folder.done("resume cut --quiet");
    same(&folder.join("cut"), &folder.join("whole"));
}

/// The same before anything was kept: then nothing is left, and nothing is said to be.
#[test]
fn where_not_even_the_first_part_can_be_written_nothing_is_left() {
    let folder = Folder::new("first part");
    let run = format!("run {STUDY} --replications 400 --record waves --out cut");
    let failed = bash(&folder, &format!("ulimit -f 100; \"$PEERLAB\" {run}"));
    let said = text(&failed);
    assert_eq!(failed.status.code(), Some(1), "{said}");
    assert!(said.starts_with("peerlab: cannot write ") && said.contains("too large"), "{said}");
    assert!(!said.contains("is kept") && is_empty_or_gone(&folder.join("cut")), "{said}");
}

/// What the disk of no machine holds; and what it holds no more when shards are merged.
#[test]
fn what_no_disk_holds_is_refused_before_anything_is_computed() {
    let folder = Folder::new("no disk");
    let run = "run listening-training --set population.dyads=2000 --record episodes --replications 2000000 --out run";
    let said = folder.refused(run, 1);
    assert!(
        said.contains("this run would take about") && said.contains("TB in ") && said.contains("are free"),
        "{said}"
    );
    assert!(!folder.join("run").exists());
}

#[test]
fn shards_whose_tables_cannot_grow_are_merged_into_nothing_and_stay_as_they_were() {
    let folder = Folder::new("merge limit");
    let run = format!("run {STUDY} --replications 400 --record waves");
    folder.done(&format!("{run} --out whole"));
    for number in [1, 2] {
        folder.done(&format!("{run} --shard {number}/2 --out part-{number}"));
    }
    let line = "ulimit -f 3000; \"$PEERLAB\" merge part-1 part-2 --quiet --out merged";
    let failed = bash(&folder, line);
    assert_eq!(failed.status.code(), Some(1), "{}", text(&failed));
    assert!(text(&failed).contains("too large"), "{}", text(&failed));
    assert!(is_empty_or_gone(&folder.join("merged")));
    folder.done("merge part-1 part-2 --quiet --out merged");
    same(&folder.join("merged"), &folder.join("whole"));
}

#[test]
fn a_folder_that_may_not_be_written_to_is_said_to_be_and_stays_as_it_is() {
    let folder = Folder::new("may not");
    folder.done(&format!("run {STUDY} --replications 5 --out run"));
    let whole = files(&folder.join("run"));
    fs::create_dir(folder.join("closed")).unwrap();
    let line = format!(
        "\"$PEERLAB\" run {STUDY} --replications 5 --out closed/run; echo ended with $?; \
         \"$PEERLAB\" run {STUDY} --replications 6 --force --out run; echo ended with $?; \
         \"$PEERLAB\" resume run --quiet; echo ended with $?; \"$PEERLAB\" report run; echo ended with $?"
    );
    bash(&folder, "chmod 555 closed; chmod -R a-w run");
    let output = as_nobody(&folder, &line);
    bash(&folder, "chmod 755 closed; chmod -R u+w run");
    let Some(output) = output else { return };
    let said = text(&output);
    assert_eq!(said.matches("ended with 1").count(), 2, "what writes fails: {said}");
    assert_eq!(said.matches("choose a folder of your own with --out").count(), 2, "{said}");
    assert_eq!(said.matches("ended with 0").count(), 2, "what only reads does not: {said}");
    assert!(is_empty_or_gone(&folder.join("closed")) && files(&folder.join("run")) == whole, "{said}");
}

#[test]
fn a_disk_that_fills_leaves_nothing_that_looks_finished_and_the_run_goes_on_when_there_is_space() {
    let folder = Folder::new("full");
    let run = format!("run {STUDY} --replications 1500");
    folder.done(&format!("{run} --out whole"));
    // There is space enough when it begins, and somebody else takes it.
    let line = format!(
        "mount -t tmpfs -o size=40M tmpfs mounted && cd mounted || exit; \"$PEERLAB\" {run} --out cut & running=$!; \
         until [ -s cut/.partial/journal/log ]; do sleep 0.005; done; \
         head -c 40M /dev/zero > ballast 2> /dev/null; wait $running; echo ended with $?; ls -A cut; \
         rm ballast; mount -o remount,size=200M .; \"$PEERLAB\" resume cut --quiet && cp -r cut ../cut"
    );
    let Some(output) = apart(&folder, &line) else { return };
    let said = text(&output);
    assert!(output.status.success() && said.contains("ended with 1"), "{said}");
    assert!(said.contains("free some space") && said.contains("`peerlab resume cut`"), "{said}");
    assert!(!said.contains("run.json\n"), "{said}");
    same(&folder.join("cut"), &folder.join("whole"));
}

#[test]
fn what_the_disk_cannot_hold_is_refused_before_anything_is_computed() {
    let folder = Folder::new("small");
    let line = "mount -t tmpfs -o size=1M tmpfs mounted && cd mounted && \
                \"$PEERLAB\" run listening-training --replications 1000000 --quiet --out run; echo ended with $?; ls -A";
    let Some(output) = apart(&folder, line) else { return };
    let said = text(&output);
    assert!(said.contains("this run would take about") && said.contains("where 1.0 MB are free"), "{said}");
    assert!(
        said.ends_with("ended with 1\n") || said.contains("ended with 1\npeerlab"),
        "nothing was left there: {said}"
    );
}

#[test]
fn shards_are_not_merged_where_their_tables_do_not_fit() {
    let folder = Folder::new("small merge");
    for number in [1, 2] {
        folder
            .done(&format!("run listening-training --replications 400 --shard {number}/2 --quiet --out part-{number}"));
    }
    let line = "mount -t tmpfs -o size=1M tmpfs mounted && cd mounted && \
                \"$PEERLAB\" merge ../part-1 ../part-2 --quiet --out run; echo ended with $?; ls -A";
    let Some(output) = apart(&folder, line) else { return };
    let said = text(&output);
    assert!(said.contains("this run would take about") && said.contains("where 1.0 MB are free"), "{said}");
    assert!(said.contains("ended with 1") && !said.contains("run\n"), "{said}");
}

#[test]
fn a_disk_that_is_read_only_is_said_to_be() {
    let folder = Folder::new("closed");
    let run = format!("run {STUDY} --replications 40 --out run");
    let line = format!(
        "mount -t tmpfs -o ro tmpfs mounted && cd mounted && \"$PEERLAB\" {run}; echo ended with $?; \
         \"$PEERLAB\" run listening-training --replications 5 --quiet --out ../there/run; echo ended with $?"
    );
    let Some(output) = apart(&folder, &line) else { return };
    let said = text(&output);
    assert!(said.contains("ead-only file system") && said.contains("choose a folder of your own with --out"), "{said}");
    assert!(said.contains("ended with 1") && said.contains("ended with 0"), "{said}");
}

#[test]
fn a_path_that_cannot_be_a_folder_is_said_to_be() {
    let folder = Folder::new("paths");
    fs::write(folder.join("file"), "mine").unwrap();
    for out in ["file", "file/run", "/proc/no/run"] {
        let said = folder.refused(&format!("run {STUDY} --replications 5 --out {out}"), 1);
        assert!(said.starts_with("peerlab: ") && said.contains(out.split('/').next_back().unwrap_or(out)), "{said}");
    }
    assert_eq!(fs::read_to_string(folder.join("file")).unwrap(), "mine");
}

#[test]
fn a_folder_that_vanishes_ends_the_run_with_an_error_and_no_table() {
    let folder = Folder::new("vanishes");
    let mut command = Command::new(env!("CARGO_BIN_EXE_peerlab"));
    let arguments = format!("run {STUDY} --replications 100000 --out run");
    command.args(arguments.split(' ')).current_dir(&folder.0).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let (run, deadline) = (folder.join("run"), Instant::now() + Duration::from_secs(60));
    while fs::metadata(run.join(".partial/journal/log")).map_or(0, |log| log.len()) == 0 {
        assert!(
            Instant::now() < deadline && child.try_wait().unwrap().is_none(),
            "it ended before its folder was taken away"
        );
        sleep(Duration::from_millis(2));
    }
    // What is being written may fill the folder again while it is being emptied.
    while fs::remove_dir_all(&run).is_err() && run.exists() {
        assert!(Instant::now() < deadline);
    }
    let output = child.wait_with_output().unwrap();
    let said = text(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("peerlab: cannot ") && said.contains("run/.partial"), "{said}");
    assert!(!run.join("run.json").exists() && !run.join("tables").exists(), "{said}");
}

#[test]
fn a_reader_that_goes_away_is_no_error_and_a_full_one_is() {
    let folder = Folder::new("reader");
    let run = format!("run {} --replications 5", STUDY.replace(" --quiet", ""));
    let said = bash(&folder, &format!("\"$PEERLAB\" {run} --out piped | head -c 1 > one; echo ${{PIPESTATUS[0]}}"));
    assert_eq!(text(&said).trim_end().lines().last(), Some("0"), "{}", text(&said));
    assert!(folder.join("piped/run.json").exists(), "whoever reads it, the run is whole");
    let said = bash(&folder, &format!("\"$PEERLAB\" {run} --out closed >&-; echo $?"));
    assert_eq!(text(&said), "0\n");
    let full = bash(&folder, &format!("\"$PEERLAB\" {run} --out full > /dev/full"));
    assert_eq!(full.status.code(), Some(1), "{}", text(&full));
    assert!(text(&full).contains("cannot write to the standard output: No space left on device"), "{}", text(&full));
    same(&folder.join("full"), &folder.join("piped"));
}

#[test]
fn a_finished_run_that_was_damaged_is_never_passed_off_as_whole() {
    let folder = Folder::new("damaged");
    let run = format!("run {STUDY} --replications 5 --out run");
    folder.done(&run);
    folder.done("resume run --quiet");
    /// What is done to a file.
    type Damage = fn(&Path);
    let damages: [(&str, Damage); 3] = [
        ("is not what was written", |file| {
            let mut bytes = fs::read(file).unwrap();
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x10;
            fs::write(file, bytes).unwrap();
        }),
        ("bytes instead of", |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }),
        ("No such file", |file| fs::remove_file(file).unwrap()),
    ];
    for (expected, damage) in damages {
        let table = folder.join("run/tables/estimates.parquet");
        damage(&table);
        for command in ["resume run --quiet", &run, "report run"] {
            let said = folder.refused(command, 1);
            assert!(said.contains("tables/estimates.parquet") && said.contains(expected), "{command}: {said}");
            assert!(said.contains("make the run again with --force"), "{command}: {said}");
        }
        folder.done(&format!("{run} --force"));
    }
    assert!(!is_empty_or_gone(&folder.join("run/tables")));
}

#[test]
fn a_summary_that_was_changed_by_hand_is_refused_and_never_panics() {
    let folder = Folder::new("summary");
    let run = format!("run {STUDY} --replications 5 --out run");
    folder.done(&run);
    let path = folder.join("run/run.json");
    let whole = fs::read(&path).unwrap();
    for (name, bytes) in [
        ("cut short", whole[..whole.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("no text", vec![0xff, 0xfe, 0x00]),
        ("another document", b"[1, 2, 3]".to_vec()),
        ("deep", [b"[".repeat(100_000), b"]".repeat(100_000)].concat()),
        (
            "another version of the format",
            String::from_utf8(whole.clone()).unwrap().replace("\"format\": ", "\"format\": 9").into_bytes(),
        ),
    ] {
        fs::write(&path, &bytes).unwrap();
        for command in ["resume run --quiet", &run, "report run", "plot run"] {
            let output = folder.peerlab(command);
            let said = text(&output);
            assert!(matches!(output.status.code(), Some(1 | 2)), "{name}: {command}: {said}");
            assert!(said.contains("run.json") && !said.contains("panicked"), "{name}: {command}: {said}");
        }
        assert_eq!(fs::read(&path).unwrap(), bytes, "{name}: what is not understood is left alone");
    }
    // Nobody writes into such a pipe, and such a device never ends.
    fs::remove_file(&path).unwrap();
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    for linked in [None, Some("/dev/zero")] {
        if let Some(device) = linked {
            fs::remove_file(&path).unwrap();
            std::os::unix::fs::symlink(device, &path).unwrap();
        }
        for command in ["resume run --quiet", &run, "report run", "plot run"] {
            let said = folder.refused(command, 1);
            assert!(said.contains("run.json: it is no file"), "{command}: {said}");
        }
    }
}

/// `run.json` vouches for every other file; who reads it holds it against its own checksum.
#[test]
fn a_bit_that_flips_in_run_json_is_seen_wherever_it_is() {
    let folder = Folder::new("flipped");
    let run = format!("run {STUDY} --replications 5 --out run");
    folder.done(&run);
    let path = folder.join("run/run.json");
    let whole = fs::read(&path).unwrap();
    let refused = |bytes: &[u8], commands: &[&str]| {
        fs::write(&path, bytes).unwrap();
        for command in commands {
            let output = folder.peerlab(command);
            assert_eq!(output.status.code(), Some(1), "{command}: {}", text(&output));
            assert!(text(&output).contains("run.json"), "{command}: {}", text(&output));
        }
    };
    // A prime step, so that all bits have their turn in all kinds of places.
    for at in (0..whole.len() * 8).step_by(whole.len() * 8 / 100 + 1) {
        let mut bytes = whole.clone();
        bytes[at / 8] ^= 1 << (at % 8);
        refused(&bytes, &["resume run --quiet"]);
    }
    // What a person would like to read there.
    let written = String::from_utf8(whole.clone()).unwrap();
    for (old, new) in
        [("\"power\": 0.0", "\"power\": 0.9"), ("\"seed\": ", "\"seed\": 1"), ("\"title\": \"", "\"title\": \"A ")]
    {
        assert!(written.contains(old), "{old}");
        let commands = ["report run", "report run --out other.html", &run, "resume run", "expand run --replications 6"];
        refused(written.replacen(old, new, 1).as_bytes(), &commands);
        assert!(folder.refused("plot run --figure forest", 1).contains("run.json"));
    }
    assert!(!folder.join("other.html").exists());
    // It is made again when that is asked for, and nothing of it stays.
    fs::write(folder.join("run/tables/older.parquet"), fs::read(folder.join("run/tables/estimates.parquet")).unwrap())
        .unwrap();
    folder.done(&format!("{run} --force"));
    assert!(folder.done("resume run").contains("unchanged") && !folder.join("run/tables/older.parquet").exists());
}

#[test]
fn one_replication_that_was_cut_off_is_made_anew_and_never_resumed_as_a_run() {
    let folder = Folder::new("alone");
    // Large, so that it can be cut off.
    let run =
        "run listening-training --set population.dyads=20000 --replications 30 --only-replication 3 --quiet --out one";
    let mut command = Command::new(env!("CARGO_BIN_EXE_peerlab"));
    command.args(run.split(' ')).current_dir(&folder.0).stdin(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let (begun, deadline) = (folder.join("one/.partial/journal/begun.json"), Instant::now() + Duration::from_secs(60));
    while !begun.exists() {
        assert!(
            Instant::now() < deadline && child.try_wait().unwrap().is_none(),
            "it ended before it could be cut off"
        );
        sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!folder.join("one/run.json").exists(), "it was not cut off");
    let said = folder.refused("resume one", 2);
    assert!(said.contains("holds replication 3 alone"), "{said}");
    folder.done(run);
    let said = folder.refused("resume one", 2);
    assert!(said.contains("--only-replication 3"), "{said}");
}

/// A limit of the process, as batch systems set it: said beforehand, and no abort on the way.
#[test]
fn what_the_process_may_not_have_is_refused_before_anything_is_computed() {
    let folder = Folder::new("ulimit");
    let run = format!("run {STUDY} --replications 40 --threads 2 --out run");
    let refused = bash(&folder, &format!("ulimit -v 300000; \"$PEERLAB\" {run}"));
    let said = text(&refused);
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("of address space, and this process may have 307 MB (ulimit -v)"), "{said}");
    assert!(!folder.join("run").exists());
    let enough = bash(&folder, &format!("ulimit -v 700000; \"$PEERLAB\" {run}"));
    assert!(enough.status.success(), "{}", text(&enough));
}

/// What never ends is refused and neither read to its end nor waited for; a pipe is as good as a file.
#[test]
fn devices_are_refused_and_pipes_are_read() {
    let folder = Folder::new("pipes");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/listening-training.toml");
    fs::copy(scenario, folder.join("study.toml")).unwrap();
    let rows: String = (0..40).map(|row| format!("{},{},{}\n", row / 2, row % 2, (row * 7) % 11)).collect();
    fs::write(folder.join("data.csv"), format!("dyad,arm,score\n{rows}")).unwrap();
    for device in ["/dev/zero", "/dev/urandom"] {
        for command in ["analyze DEVICE --outcome score", "check DEVICE", "run DEVICE", "check link.toml"] {
            let line =
                format!("ln -sf {device} link.toml; timeout 20 \"$PEERLAB\" {}", command.replace("DEVICE", device));
            let refused = bash(&folder, &line);
            assert_eq!(refused.status.code(), Some(2), "{line}: {}", text(&refused));
            assert!(text(&refused).contains("it is a device, neither a file nor a pipe"), "{}", text(&refused));
        }
    }
    let analysis = "--outcome score --treatment arm --cluster dyad";
    // All but the line that names the file.
    let found = |output: &Output| text(output).split_once('\n').map_or(String::new(), |(_, rest)| rest.to_owned());
    let from_file = found(&bash(&folder, &format!("\"$PEERLAB\" analyze data.csv {analysis}")));
    for line in [
        format!("\"$PEERLAB\" analyze <(cat data.csv) {analysis}"),
        format!("cat data.csv | \"$PEERLAB\" analyze /dev/stdin {analysis}"),
        format!("\"$PEERLAB\" analyze /dev/stdin {analysis} < data.csv"),
        format!("mkfifo data; cat data.csv > data & timeout 20 \"$PEERLAB\" analyze data {analysis}"),
    ] {
        let said = bash(&folder, &line);
        assert!(said.status.success() && found(&said) == from_file, "{line}: {}", text(&said));
    }
    for line in [
        "\"$PEERLAB\" check <(cat study.toml)",
        "cat study.toml | \"$PEERLAB\" check /dev/stdin",
        "mkfifo pipe.toml; cat study.toml > pipe.toml & timeout 20 \"$PEERLAB\" check pipe.toml",
    ] {
        let output = bash(&folder, line);
        assert!(output.status.success(), "{line}: {}", text(&output));
    }
    for (line, most) in [
        ("\"$PEERLAB\" check <(cat /dev/zero)", "1 MB"),
        ("\"$PEERLAB\" analyze <(cat /dev/zero) --outcome score", "512 MB"),
    ] {
        let refused = bash(&folder, line);
        assert_eq!(refused.status.code(), Some(2), "{line}: {}", text(&refused));
        let expected = format!("it goes on after {most}, the most that is read");
        assert!(
            text(&refused).split_whitespace().collect::<Vec<_>>().join(" ").contains(&expected),
            "{}",
            text(&refused)
        );
    }
    // A file whose length is known is not read at all.
    bash(&folder, "truncate -s 600M large.csv; truncate -s 2M large.toml");
    for (command, bytes) in [("analyze large.csv --outcome score", 629_145_600), ("check large.toml", 2_097_152)] {
        assert!(folder.refused(command, 2).contains(&format!("it has {bytes} bytes")), "{command}");
    }
}
