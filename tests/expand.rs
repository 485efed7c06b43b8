//! A run that is brought to more replications is the run that it would have been with that number from the beginning, to the byte.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;

use binary::{Folder, files, reseal, same, text};

const STUDY: &str = "run listening-training --set population.dyads=12";

#[test]
fn expanded_it_is_the_run_of_that_size() {
    let folder = Folder::new("expand");
    for record in ["summary", "episodes"] {
        let study = format!("{STUDY} --record {record}");
        folder.done(&format!("{study} --replications 33 --out whole-{record}"));
        folder.done(&format!("{study} --replications 7 --out {record}"));
        // More than once, with other threads.
        let said = folder.done(&format!("expand {record} --replications 20 --threads 1"));
        assert!(said.contains("7 of 20 replications were there, 13 computed"), "{said}");
        folder.done(&format!("expand {record} --replications 33"));
        same(&folder.join(record), &folder.join(&format!("whole-{record}")));
        let commands = fs::read_to_string(folder.join(record).join("run.json")).unwrap();
        assert!(commands.contains("--replications 7 --out") && commands.contains("--replications 20 --threads 1"));
        // Asked for again there is nothing to do, also for `run`.
        for command in
            [format!("expand {record} --replications 33"), format!("{study} --replications 33 --out {record}")]
        {
            assert!(folder.done(&command).contains("nothing was computed"), "{command}");
        }
    }
}

#[test]
fn cut_off_it_goes_on_and_until_then_the_run_that_was_there_stays() {
    let folder = Folder::new("expand cut");
    folder.done(&format!("{STUDY} --replications 1500 --record summary --out whole"));
    folder.done(&format!("{STUDY} --replications 300 --record summary --out cut"));
    let before = files(&folder.join("cut"));
    folder.cut_off("expand cut --replications 1500 --save-every 0", "cut", 3);
    for (name, bytes) in before {
        assert!(fs::read(folder.join("cut").join(&name)).unwrap() == bytes, "{name}");
    }
    let other = folder.refused("expand cut --replications 2000", 1);
    assert!(other.contains("to 1500 replications") && other.contains("peerlab resume cut"), "{other}");
    let said = folder.done("resume cut");
    let there: u64 = said.split("Resumed: ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap().parse().unwrap();
    assert!(there > 300 && there < 1500, "{said}");
    same(&folder.join("cut"), &folder.join("whole"));
    // What it goes on from vanishes meanwhile: it is computed again, to the same bytes.
    folder.done(&format!("{STUDY} --replications 300 --record summary --out gone"));
    folder.cut_off("expand gone --replications 1500 --save-every 0", "gone", 2);
    fs::remove_file(folder.join("gone/run.json")).unwrap();
    folder.done("resume gone");
    same(&folder.join("gone"), &folder.join("whole"));
}

const SWEEP: &str = "sweep listening-training --set population.dyads=12 --over organization.competition=0,0.5 --over program.weeks=12,16";

#[test]
fn expanded_a_sweep_is_the_sweep_of_that_size() {
    let folder = Folder::new("expand sweep");
    // Neither a multiple of the block in which replications are computed; the last with everything that can be kept.
    for (name, keep) in [("summary", ""), ("episodes", "--record episodes")] {
        let sweep = format!("{SWEEP} {keep}");
        let sweep = sweep.trim();
        folder.done(&format!("{sweep} --replications 66 --out whole-{name}"));
        folder.done(&format!("{sweep} --replications 7 --out {name}"));
        let said = folder.done(&format!("expand {name} --replications 40 --threads 1"));
        assert!(said.contains("28 of 160 replications were there, 132 computed"), "{said}");
        folder.done(&format!("expand {name} --replications 66"));
        same(&folder.join(name), &folder.join(&format!("whole-{name}")));
        for command in [format!("expand {name} --replications 66"), format!("{sweep} --replications 66 --out {name}")] {
            assert!(folder.done(&command).contains("nothing was computed"), "{command}");
        }
    }
    // Of the scenario's own number of replications, and with a seed: what it says of itself is that of the larger one too.
    let own = format!("{SWEEP} --set monte_carlo.replications=5 --seed 9");
    folder.done(&format!("{own} --out own"));
    folder.done("expand own --replications 8");
    folder.done(&format!("{SWEEP} --seed 9 --replications 8 --out own-whole"));
    same(&folder.join("own"), &folder.join("own-whole"));
    let fewer = folder.refused("expand own --replications 7", 2);
    assert!(fewer.contains("own has 8 replications already"), "{fewer}");
}

#[test]
fn a_sweep_cut_off_while_it_is_expanded_goes_on() {
    let folder = Folder::new("expand sweep cut");
    folder.done(&format!("{SWEEP} --replications 400 --out whole"));
    for gone in [false, true] {
        let name = if gone { "gone" } else { "cut" };
        folder.done(&format!("{SWEEP} --replications 60 --out {name}"));
        let before = files(&folder.join(name));
        folder.cut_off(&format!("expand {name} --replications 400 --save-every 0"), name, 3);
        for (file, bytes) in before {
            assert!(fs::read(folder.join(name).join(&file)).unwrap() == bytes, "{file}");
        }
        let other = folder.refused(&format!("expand {name} --replications 500"), 1);
        assert!(other.contains("to 400 replications"), "{other}");
        if gone {
            // What it goes on from vanishes meanwhile: it is computed again, to the same bytes.
            fs::remove_file(folder.join(name).join("run.json")).unwrap();
        }
        let said = folder.done(&format!("resume {name}"));
        let there = said.split("Resumed: ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
        let there: u64 = there.parse().unwrap();
        assert!(there < 1600 && (gone || there > 240), "{said}");
        same(&folder.join(name), &folder.join("whole"));
    }
    folder.done(&format!("{SWEEP} --replications 60 --out bad"));
    fs::write(folder.join("bad/moments.jsonl"), "{}\n").unwrap();
    let damaged = folder.refused("expand bad --replications 61", 1);
    assert!(damaged.contains("moments.jsonl is not what was written"), "{damaged}");
}

/// Of which cell a part of a sweep is depends on the sweep that is gone on from: parts never pass for those of another one.
#[test]
fn parts_of_an_expanded_sweep_count_for_no_sweep_that_goes_on_from_another() {
    let folder = Folder::new("expand sweep parts");
    let command = |run: &str, replications: u32| format!("{SWEEP} --replications {replications} --out {run}");
    folder.done(&command("whole", 400));
    let cut = |run: &str, from: u32| {
        folder.done(&command(run, from));
        folder.cut_off(&format!("expand {run} --replications 400 --save-every 0 --threads 1"), run, 5);
    };
    let begun = |run: &str| folder.join(&format!("{run}/.partial/journal/begun.json"));
    // No multiple of a block: what comes after it lies elsewhere in the order than in a sweep that was begun with 400.
    cut("lost", 40);
    fs::remove_file(begun("lost")).unwrap();
    fs::remove_file(folder.join("lost/run.json")).unwrap();
    let said = folder.refused(&command("lost", 400), 1);
    assert!(said.contains("--force"), "{said}");
    folder.done(&format!("{} --force", command("lost", 400)));
    same(&folder.join("lost"), &folder.join("whole"));
    // Expansions of 40 and of 60 to 400 whose journals say of themselves what the other is.
    cut("a", 40);
    cut("b", 60);
    let (of_a, of_b) = (fs::read(begun("a")).unwrap(), fs::read(begun("b")).unwrap());
    fs::write(begun("a"), of_b).unwrap();
    fs::write(begun("b"), of_a).unwrap();
    for run in ["a", "b"] {
        let (resumed, base) = (folder.peerlab(&format!("resume {run}")), if run == "a" { 40 } else { 60 });
        if !resumed.status.success() {
            // The smaller sweep that it finds is another than the one that it is to go on from.
            assert!(text(&resumed).contains(&base.to_string()), "{}", text(&resumed));
            folder.done(&format!("expand {run} --replications 400 --force"));
        }
        same(&folder.join(run), &folder.join("whole"));
    }
    // The journal of the one in the place of a sweep that was begun with 400, and the other way round.
    folder.cut_off(&format!("{} --save-every 0 --threads 1", command("fresh", 400)), "fresh", 5);
    cut("c", 40);
    let (of_fresh, of_c) = (fs::read(begun("fresh")).unwrap(), fs::read(begun("c")).unwrap());
    fs::write(begun("fresh"), of_c).unwrap();
    fs::write(begun("c"), of_fresh).unwrap();
    for run in ["fresh", "c"] {
        let resumed = folder.peerlab(&format!("resume {run}"));
        if !resumed.status.success() {
            folder.done(&format!("expand {run} --replications 400 --force"));
        }
        same(&folder.join(run), &folder.join("whole"));
    }
}

#[test]
fn what_cannot_be_expanded_is_left_as_it_is() {
    let folder = Folder::new("expand refused");
    folder.done(&format!("{STUDY} --replications 6 --out six"));
    folder.done(&format!("{STUDY} --replications 6 --shard 1/2 --out shard"));
    for (command, status, said) in [
        ("expand six --replications 5", 2, "six has 6 replications already: it cannot be expanded to 5"),
        ("expand shard --replications 50", 2, "shard 1 of 2"),
        ("expand nowhere --replications 50", 2, "nowhere holds no finished run"),
        ("expand six --replications 0", 2, "1 or more"),
    ] {
        let text = folder.refused(command, status);
        assert!(text.contains(said), "{command}: {text}");
    }
    let whole = files(&folder.join("six"));
    let json = folder.join("six/run.json");
    let content = fs::read_to_string(&json).unwrap();
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let model = format!("\"model\": \"{}\"", peerlab::results::MODEL);
    for (old, new, said) in [
        (version.as_str(), "\"version\": \"0.0.9\"", "was begun by peerlab 0.0.9"),
        (model.as_str(), "\"model\": \"0123456789abcdef\"", "was made by another build of peerlab"),
        ("\"seed\": 20121210", "\"seed\": 5", "has been changed since the run was begun"),
        ("dyads = 12", "dyads = 13", "has been changed since the run was begun"),
    ] {
        assert!(content.contains(old), "{old}");
        reseal(&json, |_| content.replacen(old, new, 1));
        let text = folder.refused("expand six --replications 50", 1);
        assert!(text.contains(said), "{new}: {text}");
    }
    fs::write(&json, &content).unwrap();
    for file in ["tables/estimates.parquet", "moments.json"] {
        let path = folder.join("six").join(file);
        let bytes = fs::read(&path).unwrap();
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        let output = folder.peerlab("expand six --replications 50");
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output).contains(file), "{}", text(&output));
        fs::write(&path, bytes).unwrap();
    }
    assert!(files(&folder.join("six")) == whole);
    assert!(!folder.join("six/.partial").exists());
}

#[test]
fn an_expansion_to_a_number_that_was_not_meant_is_given_up() {
    let folder = Folder::new("not meant");
    let study = "run listening-training --set population.dyads=12";
    folder.done(&format!("{study} --replications 30 --out run"));
    let before = files(&folder.join("run"));
    let cut_off = || folder.cut_off("expand run --replications 5000 --save-every 0", "run", 2);
    cut_off();
    let said = folder.refused("expand run --replications 500", 1);
    assert!(said.contains("from 30 to 5000 replications") && said.contains("peerlab resume run"), "{said}");
    assert!(said.contains("give that up with --force"), "{said}");
    assert!(folder.join("run/.partial").exists());
    // To another number, or to the one that is there.
    folder.done("expand run --replications 60 --force");
    folder.done(&format!("{study} --replications 60 --record waves --out sixty"));
    same(&folder.join("run"), &folder.join("sixty"));
    folder.done(&format!("{study} --replications 30 --out run --force"));
    cut_off();
    assert!(folder.done("expand run --replications 30 --force").contains("unchanged"));
    assert!(files(&folder.join("run")) == before && !folder.join("run/.partial").exists());
    // What was begun there and cannot be read is in nobody's way either.
    cut_off();
    fs::write(folder.join("run/.partial/journal/begun.json"), "{").unwrap();
    assert!(folder.refused("expand run --replications 40", 1).contains("--force"));
    assert!(folder.done("expand run --replications 30 --force").contains("unchanged"));
}

#[test]
fn what_became_of_the_smaller_one_meanwhile_is_computed_again_and_another_one_is_not_replaced() {
    let folder = Folder::new("meanwhile");
    let study = "run listening-training --set population.dyads=12 --record summary";
    for number in [30, 2000] {
        folder.done(&format!("{study} --replications {number} --out of-{number}"));
    }
    let cut_off = || {
        folder.done(&format!("{study} --replications 30 --out run --force"));
        folder.cut_off("expand run --replications 2000 --save-every 0", "run", 2);
    };
    for file in ["tables/estimates.parquet", "run.json", "moments.json"] {
        cut_off();
        fs::write(folder.join("run").join(file), "{").unwrap();
        let said = folder.done("resume run");
        assert!(said.contains(file) && said.contains("computed again"), "{said}");
        same(&folder.join("run"), &folder.join("of-2000"));
    }
    // Whichever command asks for the larger one goes on; for another number there is nothing to go on from.
    for command in [
        "expand run --replications 2000",
        "run listening-training --set population.dyads=12 --record summary --replications 2000 --out run",
    ] {
        cut_off();
        fs::write(folder.join("run/run.json"), "{").unwrap();
        assert!(folder.refused("expand run --replications 1999", 1).contains("run.json"));
        let said = folder.done(command);
        assert!(said.contains("computed again"), "{said}");
        same(&folder.join("run"), &folder.join("of-2000"));
    }
    // Its begun.json is lost: the command says it again.
    cut_off();
    fs::remove_file(folder.join("run/.partial/journal/begun.json")).unwrap();
    folder.done("expand run --replications 2000");
    same(&folder.join("run"), &folder.join("of-2000"));
    // Another run is there by now.
    cut_off();
    fs::rename(folder.join("run/.partial"), folder.join("kept")).unwrap();
    folder.done(&format!("{study} --replications 30 --seed 7 --out run --force"));
    fs::rename(folder.join("kept"), folder.join("run/.partial")).unwrap();
    let before = files(&folder.join("of-30"));
    assert!(folder.refused("resume run", 1).contains("run holds another run (seed 7)"));
    assert!(before == files(&folder.join("of-30")));
    let said = folder.refused("expand of-30 --replications 10000001", 2);
    assert!(
        said.contains("of-30 cannot be expanded to 10000001 replications") && said.contains("10,000,000"),
        "{said}"
    );
}

#[test]
fn while_it_is_expanded_others_are_told_to_wait() {
    let folder = Folder::new("while");
    folder.done("run listening-training --set population.dyads=12 --replications 30 --out run");
    let before = files(&folder.join("run"));
    let mut first = folder.begin("expand run --replications 60000 --save-every 0");
    let log = folder.join("run/.partial/journal/log");
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
        assert!(std::time::Instant::now() < deadline && first.try_wait().unwrap().is_none());
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    fs::remove_file(folder.join("run/report.html")).unwrap();
    for command in
        ["expand run --replications 60000", "expand run --replications 500 --force", "report run", "resume run"]
    {
        let said = folder.refused(command, 1);
        assert!(said.contains("run is being written by another process: wait for it"), "{command}: {said}");
    }
    assert!(first.try_wait().unwrap().is_none(), "it had ended");
    first.kill().unwrap();
    first.wait().unwrap();
    assert!(folder.done("report run").contains("report.html"));
    folder.done("expand run --replications 30 --force");
    assert!(files(&folder.join("run")) == before);
}

#[test]
fn one_replication_alone_has_the_rows_of_the_whole_run() {
    let folder = Folder::new("only");
    let study = format!("{STUDY} --replications 9 --record episodes");
    folder.done(&format!("{study} --out whole"));
    let said = folder.done(&format!("{study} --only-replication 5 --out five"));
    assert!(
        said.contains("replication 5 of 9 (counted from 0)") && said.contains("neither a diagnosis nor a report"),
        "{said}"
    );
    assert!(!folder.join("five/report.html").exists());
    let mut compared = 0;
    for entry in fs::read_dir(folder.join("five/tables")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "trajectories.parquet" {
            continue;
        }
        let whole = rows(&folder.join("whole/tables").join(&name));
        let own: Vec<String> = whole.into_iter().filter(|row| row.starts_with("5 ")).collect();
        let alone = rows(&folder.join("five/tables").join(&name));
        assert!(!own.is_empty() && own == alone, "{name}");
        compared += own.len();
    }
    assert!(compared > 1000, "{compared} rows");
    let text = folder.refused(&format!("{study} --only-replication 9"), 2);
    assert!(text.contains("has no replication 9: they are counted from 0, so that the last is 8"), "{text}");
}

/// Every row of a table, each value to the bit.
fn rows(table: &std::path::Path) -> Vec<String> {
    use peerlab::results::{Values, read};
    let run = table.parent().unwrap().parent().unwrap();
    let manifest = peerlab::results::existing(run).unwrap().unwrap();
    let name = table.file_stem().unwrap().to_str().unwrap();
    let columns = manifest.table(name).unwrap().columns.clone();
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names[0], "replication");
    let mut rows = Vec::new();
    read(table, &names, |batch| {
        for row in 0..batch.rows {
            let value = |values: &Values| match values {
                Values::Integer(values) => values[row].to_string(),
                Values::Real(values) => format!("{:x}", values[row].to_bits()),
                Values::Flag(values) => values[row].to_string(),
                Values::Text(values) => values[row].to_string(),
            };
            rows.push(batch.columns.iter().map(value).collect::<Vec<_>>().join(" "));
        }
    })
    .unwrap();
    rows
}
