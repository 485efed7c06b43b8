//! A sweep is one dataset of many cells; each cell is the run of its scenario, to the byte, and all are equally far when it is cut off.

#![cfg(all(feature = "app", unix))]

mod binary;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use binary::{Folder, files, manifest, same, text};
use peerlab::monte_carlo::parcel;
use peerlab::results::{SweepSpec, Values};
use peerlab::run::sweep::{Layout, run_sweep};
use peerlab::run::{Error, Options, Watch};
use peerlab::scenario::builtin;
use serde_json::Value;

const STUDY: &str = "listening-training --set population.dyads=12";
/// Replications of a cell that are computed before the next cell has its turn, as docs/large-runs.md says.
const BLOCK: u64 = 25;
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
fn cut_off_it_goes_on_to_the_same_bytes() {
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

/// Replications of each cell that are on disk, told by what the parts hold: `population.dyads` is swept over, and in the worlds where
/// everyone has one arm there are two persons a dyad.
fn on_disk(run: &Path, dyads: &[u32]) -> Vec<Vec<u32>> {
    let journal = run.join(".partial/journal");
    let mut found = vec![Vec::new(); dyads.len()];
    let log = fs::read_to_string(journal.join("log")).unwrap();
    for line in log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let [first, count] = ["first", "count"].map(|key| line[key].as_u64().unwrap());
        let part = fs::read(journal.join(line["file"].as_str().unwrap())).unwrap();
        for chunk in parcel::open(&part, &(first..first + count)).unwrap() {
            let table = &chunk.rows[1];
            let [Values::Integer(numbers), Values::Integer(persons)] = [&table[0], &table[3]] else { panic!() };
            let cell = dyads.iter().position(|dyads| 2 * dyads == *persons.iter().max().unwrap()).unwrap();
            found[cell].extend(numbers);
        }
    }
    for cell in &mut found {
        cell.sort_unstable();
        cell.dedup();
    }
    found
}

#[test]
fn killed_at_any_moment_no_cell_is_ahead_of_another_by_more_than_a_block() {
    let folder = Folder::new("sweep equally far");
    let dyads = [8, 9, 11];
    let sweep = "sweep listening-training --over population.dyads=8,9,11 --replications 400 --save-every 0";
    folder.done(&format!("{sweep} --out whole"));
    let mut unequal = false;
    for (parts, command) in [
        (1, format!("{sweep} --out cut")),
        (5, format!("{sweep} --threads 1 --out cut")),
        (14, "resume cut --save-every 0".to_owned()),
        (15, "resume cut --save-every 0 --threads 1".to_owned()),
        (31, format!("{sweep} --out cut")),
        (40, "resume cut --save-every 0 --threads 3".to_owned()),
    ] {
        folder.cut_off(&command, "cut", parts);
        let cells = on_disk(&folder.join("cut"), &dyads);
        let far: Vec<u64> = cells.iter().map(|cell| cell.len() as u64).collect();
        for cell in &cells {
            // The first ones, each once.
            assert!(cell.iter().copied().eq(0..cell.len() as u32), "{far:?}");
        }
        let (least, most) = (far.iter().min().unwrap(), far.iter().max().unwrap());
        assert!(far.iter().sum::<u64>() >= parts as u64 && most - least <= BLOCK, "{far:?}");
        unequal |= most > least;
    }
    assert!(unequal, "it was cut off between two rounds each time");
    folder.done("resume cut");
    same(&folder.join("cut"), &folder.join("whole"));
}

/// The same sweep in the library, whose watch sees each cell.
fn layout(replications: usize) -> Layout {
    layout_of("population.dyads=12", "organization.competition=0..1:60", replications)
}

fn layout_of(changes: &str, over: &str, replications: usize) -> Layout {
    let spec = SweepSpec {
        scenario: builtin::find("listening-training").unwrap().text.to_owned(),
        name: "listening-training".to_owned(),
        changes: vec![changes.to_owned()],
        over: vec![over.to_owned()],
        design: "grid".to_owned(),
        points: None,
        design_seed: 1,
        record: "summary".to_owned(),
    };
    Layout::new(spec.with_replications(replications as u64)).unwrap()
}

/// Fifty-four thousand people take seconds: whoever asks it to stop, as a cluster does at a job's end, does not wait for a block of them.
#[test]
fn of_large_cells_it_stops_after_the_replication_at_hand() {
    let folder = Folder::new("sweep of many");
    let (stop, lived) = (AtomicBool::new(false), AtomicU64::new(0));
    let count = |more| {
        // It is also told that nothing was there before.
        stop.store(lived.fetch_add(more, Ordering::Relaxed) + more > 0, Ordering::Relaxed);
    };
    let layout = layout_of("population.dyads=27000", "organization.competition=0,1", 25);
    let options = Options { threads: 1, ..Options::new(folder.join("cut")) };
    let error = run_sweep(&layout, &options, Watch::new(&stop, &count)).unwrap_err();
    assert!(matches!(error, Error::Interrupted { finished: 1, total: 50, .. }), "{error}");
    assert_eq!(lived.into_inner(), 1);
}

#[test]
fn stopped_while_its_tables_are_written_it_goes_on_to_the_same_bytes() {
    let folder = Folder::new("sweep tables cut");
    let never = AtomicBool::new(false);
    let written = Mutex::new(Vec::new());
    let note = |done: u64, of: u64| {
        assert_eq!(of, 60);
        written.lock().unwrap().push(done);
    };
    let told = Watch { writing: &note, ..Watch::new(&never, &|_| ()) };
    run_sweep(&layout(3), &Options::new(folder.join("whole")), told).unwrap();
    // Whoever waits sees every cell.
    let mut all = written.into_inner().unwrap();
    all.sort_unstable();
    assert!(all.into_iter().eq(1..=60));
    for stop_at in [1, 7] {
        let stop = AtomicBool::new(false);
        let raise = |done, _| stop.store(done >= stop_at, Ordering::Relaxed);
        let watch = Watch { writing: &raise, ..Watch::new(&stop, &|_| ()) };
        let out = folder.join("cut");
        let error = run_sweep(&layout(3), &Options { threads: 1, ..Options::new(&out) }, watch).unwrap_err();
        let said = error.to_string();
        assert!(matches!(error, Error::Interrupted { .. }), "{said}");
        assert!(said.contains("all 180 replications") && said.contains("peerlab resume"), "{said}");
        // Between two cells: all replications, and nothing of the tables.
        let there: Vec<String> = files(&out).into_keys().filter(|name| !name.contains("journal/")).collect();
        assert!(there.is_empty() || there == [".partial/lock"], "{there:?}");
        let said = folder.done("resume cut --json");
        assert!(said.contains("\"kept\": 180") && said.contains("\"computed\": 0"), "{said}");
        same(&out, &folder.join("whole"));
        fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn a_signal_ends_it_while_its_tables_are_written() {
    let folder = Folder::new("sweep tables signal");
    let sweep = "sweep listening-training --set population.dyads=12 --over organization.competition=0..1:300 --replications 2 --threads 1";
    folder.done(&format!("{sweep} --out whole"));
    for (signal, status) in [("-TERM", 143), ("-INT", 130)] {
        let mut child = folder.begin(&format!("{sweep} --out cut"));
        // From now on it writes cells.
        let begun = folder.join("cut/.partial/dataset/estimates/cell=3");
        let since = Instant::now();
        while !begun.exists() {
            assert!(child.try_wait().unwrap().is_none() && since.elapsed().as_secs() < 120, "it never wrote a cell");
            std::thread::sleep(Duration::from_millis(1));
        }
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!(ended.status.code(), Some(status), "{ended:?}");
        let said = text(&ended);
        assert!(said.contains("all 600 replications") && said.contains("peerlab resume cut"), "{said}");
        assert!(!folder.join("cut/run.json").exists());
        folder.done("resume cut");
        same(&folder.join("cut"), &folder.join("whole"));
        fs::remove_dir_all(folder.join("cut")).unwrap();
    }
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
            // Of the first four one in each quarter, and none in the corner where the sequence begins before it is scrambled.
            let mut quarters: Vec<u32> = competition[..4].iter().map(|value| (4.0 * value) as u32).collect();
            quarters.sort_unstable();
            assert_eq!(quarters, [0, 1, 2, 3]);
            assert!(competition.iter().all(|value| *value > 0.0));
        }
    }
}

/// The points and the luck have a seed each: one can be held while the other moves.
#[test]
fn points_are_drawn_by_a_seed_of_their_own_where_one_is_given() {
    let folder = Folder::new("sweep design seed");
    let sweep = format!("sweep {STUDY} --over organization.competition=0..1 --points 4 --replications 3");
    for design in ["lhs", "sobol"] {
        for (name, seeds) in [
            ("first", "--seed 5"),
            ("same-points", "--seed 6 --design-seed 5"),
            ("same-luck", "--seed 5 --design-seed 6"),
            ("said", "--seed 5 --design-seed 5"),
        ] {
            folder.done(&format!("{sweep} --design {design} {seeds} --out {design}-{name}"));
        }
        let cells = |name: &str| fs::read(folder.join(&format!("{design}-{name}/tables/cells.parquet"))).unwrap();
        let found = |name: &str| manifest(&folder.join(&format!("{design}-{name}")))["summary"]["found"].clone();
        assert!(cells("first") == cells("same-points") && found("first") != found("same-points"));
        assert!(cells("first") != cells("same-luck"));
        same(&folder.join(&format!("{design}-said")), &folder.join(&format!("{design}-first")));
        folder.done(&format!("expand {design}-same-luck --replications 5"));
    }
    let refused = folder.refused(&format!("sweep {STUDY} {OVER} --design-seed 5 --replications 3 --out grid"), 2);
    assert!(refused.contains("the points of a grid are not drawn") && refused.contains("--design-seed 5"), "{refused}");
}

#[test]
fn what_a_design_computes_for_nothing_is_said_with_the_way_out() {
    let folder = Folder::new("sweep alike");
    let lhs =
        "sweep listening-training --over population.dyads=10..12 --design lhs --points 6 --replications 2 --out lhs";
    let said = folder.done(lhs).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("warning: 3 of the 6 cells have the values of another") && said.contains("fewer --points"),
        "{said}"
    );
    let sobol = "sweep listening-training --over organization.competition=0..1 --design sobol --replications 2";
    let said = folder.done(&format!("{sobol} --points 5 --out five")).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("4 or 8 points fill the space more evenly than 5"), "{said}");
    assert!(!folder.done(&format!("{sobol} --points 4 --out four")).contains("warning"));
    assert!(!folder.done(&format!("{sobol} --points 5 --quiet --out quiet")).contains("warning"));
    let uneven = "sweep listening-training --over program.weeks=12..16:4 --over population.dyads=12..16:3 --replications 2 --out uneven";
    let said = folder.done(uneven).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains(
            "program.weeks takes whole numbers alone: in place of 4 even values from 12 to 16 there are 12, 13, 15, 16."
        ),
        "{said}"
    );
    assert!(!said.contains("population.dyads takes"), "{said}");
    // Which cell's?
    for command in ["story uneven", "export uneven"] {
        let said = folder.refused(command, 2).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("uneven holds a sweep") && said.contains("listening-training --set KEY=VALUE"), "{said}");
    }
    // Of one key there is a line in these designs too.
    assert!(folder.join("four/figures/line.svg").exists());
}

#[test]
fn where_the_length_of_the_program_is_swept_over_the_way_out_works_and_titles_are_right() {
    let folder = Folder::new("sweep weeks");
    let sweep =
        "sweep listening-training --over program.weeks=4,12 --over organization.competition=0,1 --replications 6";
    let said = folder.refused(&format!("{sweep} --out out"), 2);
    let words = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("does not allow program.weeks=4 with organization.competition=0"), "{said}");
    let way_out = "--set program.follow_up_weeks=48";
    assert!(words.contains(&format!("Add `{way_out}`")) && words.contains("until week 52"), "{said}");
    folder.done(&format!("{sweep} {way_out} --out out"));
    // The end of the program is another week in each cell; the outcome is read at week 12 in all.
    for file in ["figures/line.svg", "figures/heat-map.svg", "report.html"] {
        let text = fs::read_to_string(folder.join("out").join(file)).unwrap();
        assert!(text.contains("learning_personal at week 12, in every cell"), "{file}");
        assert!(!text.contains("personal learning by the end of the program"), "{file}");
    }
    // Nothing helps a wave beyond what any program may last.
    let none = folder.refused("sweep listening-training --over program.weeks=4,600 --replications 6 --out none", 2);
    assert!(!none.contains("Add `--set"), "{none}");
    folder.done("sweep listening-training --over hypothesis.H1.week=6,12 --replications 2 --out read");
    assert!(fs::read_to_string(folder.join("read/figures/line.svg")).unwrap().contains("at week 6, 12"));
}

#[test]
fn power_of_few_replications_has_an_interval_that_is_no_certainty() {
    let folder = Folder::new("sweep power");
    let sweep = "sweep listening-training --set population.dyads=8 --over organization.competition=0,1 --replications 5 --out few";
    let said = folder.done(sweep);
    // Wilson: of none of five z² / (n + z²).
    assert!(said.contains("0.0% [0.0, 43.4]") && !said.contains("% ±"), "{said}");
    let line = fs::read_to_string(folder.join("few/figures/line.svg")).unwrap();
    assert!(line.contains("of power Wilson"), "{line}");
    let page = fs::read_to_string(folder.join("few/report.html")).unwrap();
    assert!(page.contains("0.0% [0.0, 43.4]"));
}

#[test]
fn what_cannot_be_swept_over_is_said_before_anything_runs() {
    let folder = Folder::new("sweep wrong");
    for (over, said) in [
        ("--over organization.competition=0..1", "a grid needs the number of values"),
        ("--over organization.competition=0..1 --design lhs", "needs --points N"),
        ("--over organization.competition=0..1:3 --design sobol --points 4", "has no even steps"),
        ("--over organization.competition=0,1 --points 3", "a grid has the points of its axes"),
        ("--over organization.competition=0,1 --over organization.competition=0,1", "swept over twice"),
        ("--over organization.competition=0,7", "the scenario does not allow organization.competition=7"),
        ("--over organization.competitoin=0,1", "competition"),
        ("--over program.kind=1,2", "is no number"),
        ("--over monte_carlo.seed=1,2", "cannot be swept over"),
        ("--over organization.competition=0..1:x", "`x` is no number of values"),
        ("--over organization.competition=0..1:1000000", "at most 100,000 cells"),
        ("--over organization.competition=0..1 --design lhs --points 1000000", "at most 100,000 cells"),
        ("--over population.dyads=8,9", "`population.dyads` is both set and swept over"),
    ] {
        let text = folder.refused(&format!("sweep {STUDY} {over} --out out"), 2);
        assert!(text.contains(said), "{over}: {text}");
        assert!(!folder.join("out").exists());
    }
}

#[test]
fn shards_of_a_sweep_make_the_sweep_that_was_never_divided() {
    let folder = Folder::new("sweep shards");
    // Neither a multiple of the block nor of the shards: they end within a block of a cell.
    let sweep = format!("sweep {STUDY} {OVER} --replications 60");
    folder.done(&format!("{sweep} --out whole"));
    for number in [3, 1, 4] {
        let said = folder.done(&format!("{sweep} --shard {number}/4 --threads 1 --save-every 0 --out part-{number}"));
        let (first, last) = (90 * (number - 1), 90 * number - 1);
        assert!(
            said.contains(&format!("shard {number} of 4, replications {first} to {last} of 360 of all cells")),
            "{said}"
        );
    }
    let missing = folder.refused("merge part-1 part-3 part-4 --out merged", 1);
    assert!(missing.contains("of 4 shards one is missing: 2"), "{missing}");
    folder.done(&format!("{sweep} --shard 2/4 --out part-2"));
    assert!(folder.done(&format!("{sweep} --shard 2/4 --out part-2")).contains("nothing was computed"));
    let said = folder.done("merge part-2 part-4 part-1 part-3 --out merged");
    assert!(said.contains("Merged 4 shards of 360 replications.") && said.contains("figures/heat-map.svg"), "{said}");
    same(&folder.join("merged"), &folder.join("whole"));
    assert!(folder.done(&format!("{sweep} --out merged")).contains("nothing was computed"));
    // Shards of another sweep, whose first cell is the same, and of a run, do not go with them.
    let other = "--over organization.competition=0..1:3 --over program.weeks=12,17";
    folder.done(&format!("sweep {STUDY} {other} --replications 60 --shard 2/4 --out other"));
    folder.done(&format!("run {STUDY} --replications 60 --shard 2/4 --out run"));
    for (wrong, words) in [("other", "program.weeks=12,17"), ("run", "no sweep"), ("whole", "a whole sweep")] {
        let said = folder.refused(&format!("merge part-1 {wrong} part-3 part-4 --out wrong"), 1);
        assert!(said.contains(words), "{wrong}: {said}");
    }
    let none =
        folder.refused(&format!("sweep {STUDY} --over program.weeks=12,16 --replications 1 --shard 1/3 --out none"), 2);
    assert!(none.contains("Ask for fewer shards"), "{none}");
}

#[test]
fn a_shard_of_a_sweep_that_was_cut_off_goes_on_to_the_same_bytes() {
    let folder = Folder::new("sweep shard cut");
    let sweep = format!("sweep {STUDY} {OVER} --replications 400");
    folder.done(&format!("{sweep} --out whole"));
    folder.done(&format!("{sweep} --shard 2/2 --out rest"));
    folder.cut_off(&format!("{sweep} --shard 1/2 --save-every 0 --threads 1 --out cut"), "cut", 4);
    let unfinished = folder.refused("merge rest cut --out merged", 1);
    assert!(unfinished.contains("is not finished"), "{unfinished}");
    let said = folder.done("resume cut");
    assert!(said.contains("shard 1 of 2, replications 0 to 1199 of 2400 of all cells"), "{said}");
    let doubled = folder.refused("merge rest cut cut --out merged", 1);
    assert!(doubled.contains("shard 1 is there twice"), "{doubled}");
    folder.done("merge rest cut --out merged");
    same(&folder.join("merged"), &folder.join("whole"));
}

#[test]
fn its_pictures_are_drawn_and_can_be_drawn_anew() {
    let folder = Folder::new("sweep pictures");
    let three = format!("{OVER} --over population.dyads=8,12");
    folder.done(&format!("sweep listening-training {three} --replications 6 --out grid"));
    let drawn: Vec<String> =
        files(&folder.join("grid")).into_keys().filter(|name| name.starts_with("figures/")).collect();
    assert_eq!(drawn, ["figures/heat-map.png", "figures/heat-map.svg", "figures/line.png", "figures/line.svg"]);
    let said = folder.done("plot grid");
    assert_eq!(said.matches("It is a sweep").count(), 1, "{said}");
    assert!(said.contains("heat-map") && said.contains("estimates, forest, pareto"), "{said}");
    let svg = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    // The same without options; other keys and another number with them.
    folder.done("plot grid --figure heat-map --out same.svg");
    assert!(svg("same.svg") == svg("grid/figures/heat-map.svg"));
    assert!(svg("same.svg").contains("the mean over the values of population.dyads (8, 12)"));
    assert!(svg("same.svg").contains("averaged over population.dyads"));
    // Held at one of its values, it is the map of the sweep that has that value alone.
    folder.done(&format!("sweep listening-training {OVER} --set population.dyads=12 --replications 6 --out twelve"));
    folder.done("plot grid --figure heat-map --at dyads=12 --out held.svg");
    let cells = |name: &str| svg(name).matches("<text").count();
    let numbers = |name: &str| -> Vec<String> {
        svg(name).split('>').filter_map(|part| part.strip_suffix("</text")).map(str::to_owned).collect()
    };
    let (held, own) = (numbers("held.svg"), numbers("twelve/figures/heat-map.svg"));
    assert!(svg("held.svg").contains("at population.dyads = 12") && !svg("held.svg").contains("averaged over"));
    assert!(
        cells("held.svg") > 6
            && own.iter().filter(|one| one.starts_with(['0', '+', '−', '-'])).all(|one| held.contains(one))
    );
    folder.done("plot grid --figure line --at weeks=16 --y dyads --out held-line.svg");
    assert!(svg("held-line.svg").contains("at program.weeks = 16") && svg("held-line.svg").contains("dyads 12"));
    folder.done(
        "plot grid --figure heat-map --x weeks --y population.dyads --quantity found --hypothesis H2 --out found.svg",
    );
    let found = svg("found.svg");
    for words in
        ["H2 over program.weeks and population.dyads", "Power by ancova_cr2: share significant", ">80%<", ">16<"]
    {
        assert!(found.contains(words), "{words}");
    }
    folder.done("plot grid --figure line --x competition --y weeks --quantity estimate --out line.svg");
    for words in ["weeks 12", "weeks 16", "Mean estimate"] {
        assert!(svg("line.svg").contains(words), "{words}");
    }
    for (wrong, words) in [
        ("heat-map --x inertia", "`inertia` was not swept over: organization.competition, program.weeks"),
        ("heat-map --x weeks --y weeks", "both program.weeks"),
        ("heat-map --at dyads=9", "no cell has population.dyads at 9: it is 8, 12"),
        ("heat-map --at dyads=8 --at dyads=12", "holds population.dyads twice"),
        ("heat-map --at dyads=8 --x dyads", "both along the figure and held"),
        ("heat-map --at dyads=8 --at weeks=12", "leaves organization.competition alone: `--figure line`"),
        ("line --at dyads=8 --at weeks=12 --at competition=0", "holds every key"),
        ("line --at dyads", "expected KEY=VALUE"),
        ("line --hypothesis H9", "no hypothesis `H9`"),
        ("forest", "it is a sweep"),
    ] {
        let said = folder.refused(&format!("plot grid --figure {wrong} --out wrong.svg"), 2);
        assert!(said.contains(words), "{wrong}: {said}");
    }
    // Points of another design stay where they are, and no line is over one key of several.
    folder.done("sweep listening-training --over organization.competition=0..1 --over population.dyads=8..16 --design lhs --points 6 --replications 4 --out points");
    let points = svg("points/figures/heat-map.svg");
    assert!(points.contains("each point is one of its cells"));
    assert!(!folder.join("points/figures/line.svg").exists());
    let said = folder.refused("plot points --figure line --out wrong.svg", 2);
    assert!(said.contains("Latin hypercube"), "{said}");
    let said = folder.refused("plot points --figure heat-map --at dyads=8 --out wrong.svg", 2);
    assert!(said.contains("--at is for grids"), "{said}");
    // One key: a line, and no map.
    folder.done("sweep listening-training --over population.dyads=8,10,12 --replications 4 --out one");
    assert!(folder.join("one/figures/line.svg").exists() && !folder.join("one/figures/heat-map.svg").exists());
}

#[test]
fn it_has_a_report_that_can_be_made_again() {
    let folder = Folder::new("sweep report");
    let said = folder.done(&format!("sweep {STUDY} {OVER} --replications 30 --seed 4 --out swept"));
    assert!(said.contains("report.html, run.json"), "{said}");
    let page = fs::read_to_string(folder.join("swept/report.html")).unwrap();
    for words in [
        "6 cells of 30 replications",
        "<code>organization.competition</code>",
        "<td>0, 0.5, 1</td>",
        "The true effect goes from",
        "id=\"figure-truth-0\"",
        "id=\"figure-power-0\"",
        "id=\"figure-line-0\"",
        "How to cite this",
        "Sweep of the study <code>listening-training</code>, seed 4",
        "peerlab sweep listening-training --over &#x27;organization.competition=0..1:3&#x27;",
    ] {
        assert!(page.replace("&#39;", "&#x27;").contains(words), "{words}");
    }
    // One file that needs nothing beside it.
    assert!(!page.contains("<script") && !page.contains("src=\"") && page.len() < 2_000_000);
    // What a cell's row says is what the table of the sweep says.
    let summary = &manifest(&folder.join("swept"))["summary"];
    for cell in summary["found"].as_array().unwrap() {
        let (truth, error) = (cell["truth"][0].as_f64().unwrap(), cell["truth"][1].as_f64().unwrap());
        let written = format!("{truth:+.3} ± {:.3}", 1.96 * error).replace('-', "−");
        assert!(page.contains(&format!(">{written}<")), "{written}");
    }
    // Its command makes it again, whole and as a report.
    let command = page.split("<pre").nth(1).and_then(|rest| rest.split_once('>')).unwrap().1;
    let command = command.split("</pre>").next().unwrap().replace("&#39;", "").replace("&#x27;", "");
    folder.done(&format!("{} --out again", command.strip_prefix("peerlab ").unwrap()));
    same(&folder.join("again"), &folder.join("swept"));
    fs::remove_file(folder.join("again/report.html")).unwrap();
    folder.done("report again");
    same(&folder.join("again"), &folder.join("swept"));
    folder.done("report swept --out other.html");
    assert!(fs::read_to_string(folder.join("other.html")).unwrap() == page);
    // A shard has nothing to report or draw yet, and says what makes it.
    folder.done(&format!("sweep {STUDY} {OVER} --replications 30 --shard 1/2 --out shard"));
    folder.done(&format!("run {STUDY} --replications 4 --shard 1/2 --out run-shard"));
    for command in ["report shard", "plot shard", "report run-shard", "plot run-shard --figure forest"] {
        let said = folder.refused(command, 2);
        assert!(said.contains("shard 1 of 2") && said.contains("peerlab merge SHARD"), "{command}: {said}");
    }
}
