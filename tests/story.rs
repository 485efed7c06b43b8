//! `peerlab story` as a user meets it: the real binary, what it says beside the tables of a run, and its pages.
#![cfg(feature = "app")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use peerlab::model::lanes::Instructions;
use peerlab::report::story::{What, event, live};
use peerlab::scenario::{builtin, read};
use peerlab::study::experiment::{Record, replicate};
use peerlab::study::plan::Plan;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn peerlab(arguments: &[&str], threads: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_peerlab"))
        .args(arguments)
        .env_remove("COLUMNS")
        .env("RAYON_NUM_THREADS", threads)
        .current_dir(root())
        .output()
        .expect("the binary starts")
}

fn said(arguments: &[&str]) -> String {
    let output = peerlab(arguments, "2");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn refused(arguments: &[&str]) -> String {
    let output = peerlab(arguments, "2");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}");
    String::from_utf8(output.stderr).expect("UTF-8").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn folder(name: &str) -> PathBuf {
    let folder = env::temp_dir().join(format!("peerlab-story-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

fn plan(study: &str) -> Plan {
    Plan::new(read(builtin::find(study).expect("a study").text, study, &[]).expect("a scenario").study).expect("a plan")
}

/// The events of a story are the rows of the tables: what is lived again is what was run, to the bit; for pairs, for members
/// of a circle and for colleagues.
#[test]
fn events_are_the_rows_of_the_tables() {
    for (study, number) in [("listening-training", 3), ("cultures", 0), ("formal-informal", 1)] {
        let plan = plan(study);
        let kept = replicate(&plan, number, Record::Episodes, Instructions::Widest);
        let numbers: Vec<usize> =
            kept.end.iter().flat_map(|world| world.relationships()).map(|one| one.number).collect();
        let mut turns = 0;
        for (place, dyad) in numbers.iter().enumerate().step_by(numbers.len() / 6) {
            let life = live::live(&plan, number, None, *dyad).expect("a pair of the tables");
            for (week, rows) in &kept.weeks {
                let (row, told) = (rows[place], life.at(*week as usize));
                let learned = told.sides.map(|side| side.personal + side.task);
                let flag = |yes: bool| f64::from(u8::from(yes));
                let seen =
                    [flag(told.active), flag(told.met), told.step as f64, told.sides[0].trust, told.sides[1].trust];
                assert_eq!(row[..5], seen, "{study} dyad {dyad} week {week}");
                assert_eq!([row[5], row[6], row[10], row[11]], [told.holding, told.dependence, learned[0], learned[1]]);
            }
            let rows: Vec<_> = kept.episodes.iter().filter(|row| row.dyad as usize == *dyad).collect();
            let events = life.events();
            for row in &rows {
                let side = life.members.iter().position(|person| *person == row.learner as usize).expect("a member");
                let of_week = || events.iter().filter(|event| event.id.week == row.week as usize);
                let broken = of_week().any(|event| matches!(event.what, What::Breach(who, _) if who == side));
                assert_eq!(broken, row.breach > 0, "{study} dyad {dyad} week {}", row.week);
                if row.mode < 4 {
                    let turn = life.turn(row.week as usize, side).expect("a turn");
                    assert_eq!(turn.mode as u32, row.mode);
                    let trust = life.at(row.week as usize).sides[side].trust;
                    assert_eq!([turn.disclosure, turn.benefit, turn.felt, turn.learning, trust], row.values);
                    assert_eq!(
                        of_week()
                            .filter(|event| event.what.side() == Some(side) && event.what.table() == "episodes")
                            .count(),
                        1 + usize::from(broken)
                    );
                    turns += 1;
                }
            }
            let told = events.iter().filter(|event| matches!(event.what, What::Turn(..))).count();
            assert_eq!(told, rows.iter().filter(|row| row.mode < 4).count(), "{study} dyad {dyad}");
        }
        assert!(turns > 20, "{study}: {turns} turns were compared");
    }
}

/// The block of text after a command in a page.
fn example(page: &str, command: &str) -> String {
    let page = fs::read_to_string(root().join(page)).expect("a page");
    let after = page.split(&format!("peerlab {command}\n")).nth(1).unwrap_or_else(|| panic!("no example of {command}"));
    after.split("```text\n").nth(1).expect("what it prints").split("\n```").next().expect("an end").to_owned()
}

/// Examples may leave lines out where they say so by `...`; what they show is what is printed.
fn assert_example(page: &str, command: &str) {
    let printed = said(&command.split(' ').collect::<Vec<_>>());
    let shown = example(page, command);
    let mut rest = printed.as_str();
    for piece in format!("{shown}\n").split("...\n").map(str::trim_end).filter(|piece| !piece.is_empty()) {
        let at = rest
            .find(piece)
            .unwrap_or_else(|| panic!("{page}: not printed (any more):\n{piece}\n--- printed:\n{printed}"));
        rest = &rest[at + piece.len()..];
    }
}

#[test]
fn the_examples_are_what_is_printed() {
    assert_example("README.md", "story listening-training --pick turning-point");
    assert_example("docs/story.md", "story listening-training --pick worst --twin");
}

#[test]
fn the_same_story_is_told_again_to_the_byte_whatever_the_threads() {
    for format in ["text", "html"] {
        let line =
            ["story", "hybrid-circles", "--replication", "7", "--pick", "turning-point", "--twin", "--format", format];
        let once = peerlab(&line, "1");
        assert_eq!(once.status.code(), Some(0));
        assert!(!once.stdout.is_empty() && once.stdout == peerlab(&line, "7").stdout, "{format}");
    }
    let other = said(&["story", "listening-training", "--seed", "5"]);
    assert_ne!(other, said(&["story", "listening-training"]));
}

#[test]
fn lives_never_part_at_dose_zero_and_the_screen_says_so() {
    let placebo = "arm.\"listening training\".training.active_listening.dose=0";
    let same = said(&["story", "listening-training", "--pick", "worst", "--twin", "--set", placebo]);
    assert!(same.contains("Their lives never part"), "{same}");
    let trained = said(&["story", "listening-training", "--pick", "worst", "--twin"]);
    assert!(!trained.contains("never part") && trained.contains("differ from week 0 on"), "{trained}");
}

#[test]
fn the_list_of_events_has_every_event_that_is_cited() {
    let text = said(&["story", "listening-training", "--pick", "turning-point", "--events"]);
    let (story, events) = text.split_once("\nEvents\n").expect("a list");
    let mut count = 0;
    for cited in story.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(ids, _)| ids) {
        for part in cited.split_whitespace() {
            let (week, number) = part.split_once(".e").expect("an event");
            let week = week.trim_start_matches('w').split('-').next().expect("a week");
            let number = number.split(',').next().expect("a number");
            let id = format!(".w{week}.e{number} ");
            assert!(events.contains(&id), "{id} of [{cited}] is not listed");
            count += 1;
        }
    }
    assert!(count > 15, "{count} ids");
    assert!(events.contains("episodes") && events.contains("weeks") && events.contains("felt quality"));
}

/// A page that is whole, and whose sentences name their events: each is listed, with an anchor.
#[test]
fn a_page_needs_nothing_but_itself_and_names_the_event_of_every_sentence() {
    let folder = folder("page");
    let out = folder.join("story.html");
    let path = out.to_str().expect("a path");
    let line = ["story", "listening-training", "--pick", "turning-point", "--twin", "--format", "html", "--out", path];
    assert!(said(&line).contains("story.html"));
    let page = fs::read_to_string(&out).expect("the page");
    assert!(page.starts_with("<!DOCTYPE html>") && page.trim_end().ends_with("</html>"));
    for outside in ["src=\"http", "href=\"http", "url(http", "@import", "<script", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    for needed in ["<html lang=\"en\">", "name=\"viewport\"", "prefers-color-scheme: dark", "@media print", "<svg"] {
        assert!(page.contains(needed), "{needed}");
    }
    let mut count = 0;
    for ids in page.split("data-events=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or("")) {
        for id in ids.split_whitespace() {
            assert!(page.contains(&format!("<tr id=\"{id}\">")), "{id}");
            count += 1;
        }
    }
    assert!(count > 20, "{count} events");
    assert!(page.matches("<li data-week").count() > 12);
    fs::remove_dir_all(&folder).expect("the folder");
}

/// Names that a scenario gives are text in a page.
#[test]
fn what_a_scenario_is_called_is_no_markup() {
    let folder = folder("markup");
    let scenario = folder.join("strange.toml");
    let text = builtin::find("listening-training").expect("a study").text;
    let strange = text.replace("\"benefits talk\"", "\"<b>talk</b> & 'more'\"");
    fs::write(&scenario, strange).expect("a scenario");
    let path = scenario.to_str().expect("a path");
    let page = said(&["story", path, "--arm", "<b>talk</b> & 'more'", "--format", "html"]);
    assert!(!page.contains("<b>talk") && page.contains("&lt;b&gt;talk&lt;/b&gt; &amp; &#39;more&#39;"));
    fs::remove_dir_all(&folder).expect("the folder");
}

/// Of a run, the experiment is told that was run: its seed, its changes.
#[test]
fn a_finished_run_is_told_as_it_was_run() {
    let folder = folder("run");
    let out = folder.join("run");
    let path = out.to_str().expect("a path");
    let (dyads, seed) = ("population.dyads=20", "4");
    said(&[
        "run",
        "listening-training",
        "--replications",
        "3",
        "--seed",
        seed,
        "--set",
        dyads,
        "--out",
        path,
        "--quiet",
    ]);
    let of_run = said(&["story", path, "--replication", "2", "--dyad", "7"]);
    let of_study =
        said(&["story", "listening-training", "--replication", "2", "--dyad", "7", "--seed", seed, "--set", dyads]);
    assert_eq!(of_run, of_study);
    assert!(refused(&["story", path, "--replication", "3"]).contains("0 to 2"));
    let changed = said(&["story", path, "--replication", "2", "--dyad", "7", "--seed", "5"]);
    assert!(changed.contains("the events in its tables are others"));
    fs::remove_dir_all(&folder).expect("the folder");
}

#[test]
fn wrong_wishes_are_refused_with_what_there_is() {
    for (line, wanted) in [
        ("story listening-traning", "Did you mean `listening-training`?"),
        ("story listening-training --replication 1000", "0 to 999"),
        ("story listening-training --dyad 60", "0 to 59"),
        ("story hybrid-circles --dyad 95", "`--dyad 335`"),
        ("story no/such/run", "there is no run"),
        ("story listening-training --dyad 3 --pick best", "cannot be used with"),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let error = refused(&words);
        assert!(error.contains(wanted), "{line}: {error}");
    }
    let near = refused(&["story", "listening-training", "--arm", "listning training"]);
    assert!(near.contains("Did you mean `listening training`?") && near.contains("`benefits talk`"), "{near}");
    let other = refused(&["story", "listening-training", "--dyad", "1", "--arm", "benefits talk"]);
    assert!(other.contains("not in the arm `benefits talk`") && other.contains("--twin"), "{other}");
    assert_eq!(peerlab(&["story", "listening-training", "--out", "/no/such/folder/x.txt"], "1").status.code(), Some(1));
}

/// Where nobody has one partner for good, the story says what it tells instead.
#[test]
fn circles_and_colleagues_are_told_with_what_is_told_instead() {
    // However lines are broken.
    let said = |line: &[&str]| said(line).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said(&["story", "hybrid-circles", "--arm", "mixed circles"]).contains("Partners change in a circle of"));
    assert!(said(&["story", "informal-in-teams"]).contains("nobody has one partner"));
    let alone = said(&["story", "competitive-collaborative", "--arm", "no coaching"]);
    assert!(alone.contains("without each other"), "{alone}");
}

/// The classes that sentences speak of are those of the tables.
#[test]
fn classes_of_turns_have_the_models_bounds() {
    assert_eq!(
        [-1.01, -0.26, -0.25, 0.01].map(event::class),
        ["severe", "destructive", "non-developmental", "developmental"]
    );
}
