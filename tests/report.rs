//! The report of a run, through the real binary: that it is there, that it can be made again to the byte, and that it says the
//! right thing of studies that are easily told wrongly. How it looks, `tests/browser` looks at.

#![cfg(feature = "app")]

mod folder;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use folder::{Folder, reseal};
use peerlab::results;

/// Most bytes of the report of a study with two arms: it goes into a mail.
const LARGEST: usize = 700_000;

impl Folder {
    fn call(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_peerlab"))
            .args(arguments)
            .current_dir(&self.0)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Runs a study and reads its report.
    fn report(&self, arguments: &[&str], out: &str) -> String {
        let arguments: Vec<&str> = ["run", "--quiet", "--out", out].iter().chain(arguments).copied().collect();
        let output = self.call(&arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        fs::read_to_string(self.0.join(out).join("report.html")).unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn scenario(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(name).display().to_string()
}

/// The words of a page: without style, figures and tags, and with single spaces.
fn words(page: &str) -> String {
    let mut rest = page;
    let mut out = String::new();
    for (from, to) in [("<style>", "</style>"), ("<svg", "</svg>"), ("<", ">")] {
        while let Some((before, after)) = rest.split_once(from) {
            out.push_str(before);
            // A tag that breaks a line of text breaks no word.
            out.push(' ');
            rest = after.split_once(to).map_or("", |(_, rest)| rest);
        }
        out.push_str(rest);
        let page = std::mem::take(&mut out);
        rest = Box::leak(page.into_boxed_str());
    }
    let plain = rest.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    let plain = plain.replace("&#x27;", "'").replace("&#x2f;", "/").replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What stands between two pieces of a text.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no `{from}` in {text}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no `{to}` after `{from}`")).0
}

const SMALL: [&str; 5] = ["listening-training", "--replications", "20", "--set", "population.dyads=12"];

#[test]
fn a_run_ends_with_a_report_that_can_be_made_again_to_the_byte() {
    let folder = Folder::new("again");
    let report = folder.report(&SMALL, "first run");
    let run = folder.0.join("first run");
    let file = run.join("report.html");
    let manifest = results::verify(&run).unwrap();
    assert_eq!(
        manifest.documents.iter().map(|one| one.file.as_str()).collect::<Vec<_>>(),
        ["moments.json", "report.html"]
    );
    assert!(report.len() < LARGEST, "{} bytes", report.len());

    // Gone or spoiled, it is made again, and the run vouches for it as before.
    let before = fs::read(run.join("run.json")).unwrap();
    for spoil in [None, Some("<p>spoiled")] {
        fs::remove_file(&file).unwrap();
        if let Some(spoiled) = spoil {
            fs::write(&file, spoiled).unwrap();
        }
        let output = folder.call(&["report", "first run"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert!(text(&output.stdout).starts_with("Report: first run"), "{}", text(&output.stdout));
        assert!(fs::read_to_string(&file).unwrap() == report, "another report");
        assert!(fs::read(run.join("run.json")).unwrap() == before, "another run.json");
    }
    results::verify(&run).unwrap();
    assert!(folder.call(&["report", "first run", "--out", "mail.html", "--quiet"]).status.success());
    assert!(fs::read_to_string(folder.0.join("mail.html")).unwrap() == report);

    // Neither threads nor folder nor clock reach it.
    let arguments: Vec<&str> = SMALL.iter().copied().chain(["--threads", "1"]).collect();
    assert!(folder.report(&arguments, "elsewhere") == report);
    assert!(!report.contains("first run") && !report.contains(&*std::env::temp_dir().to_string_lossy()));
}

#[test]
fn a_run_of_before_gets_its_report() {
    let folder = Folder::new("before");
    let report = folder.report(&SMALL, "run");
    let run = folder.0.join("run");
    let json = fs::read_to_string(run.join("run.json")).unwrap();
    // Without what vouches for the report.
    let at = json.find("\"file\": \"report.html\"").unwrap();
    let (begin, end) = (json[..at].rfind(',').unwrap(), at + json[at..].find('}').unwrap() + 1);
    reseal(&run.join("run.json"), |_| format!("{}{}", &json[..begin], &json[end..]));
    fs::remove_file(run.join("report.html")).unwrap();
    assert!(folder.call(&["report", "run"]).status.success());
    assert!(fs::read_to_string(run.join("report.html")).unwrap() == report);
    assert!(fs::read_to_string(run.join("run.json")).unwrap() == json, "run.json vouches for it");
}

#[test]
fn what_is_no_finished_run_is_refused_with_the_way_out() {
    let folder = Folder::new("refused");
    folder.report(&SMALL, "run");
    fs::create_dir_all(folder.0.join("empty")).unwrap();
    fs::create_dir_all(folder.0.join("cut off/.partial")).unwrap();
    fs::write(folder.0.join("file"), "").unwrap();
    for (name, says) in [
        ("nowhere", "there is no folder nowhere"),
        ("empty", "empty holds no finished run: there is no run.json"),
        ("cut off", "the run in cut off is not finished"),
        ("file", "file is a file, not the folder of a run"),
    ] {
        let output = folder.call(&["report", name]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says) && said.contains("`peerlab r"), "{said}");
    }
    // What `peerlab power` leaves is a finished run too, of which there is another story to tell.
    let manifest = folder.0.join("run/run.json");
    let json = fs::read_to_string(&manifest).unwrap();
    reseal(&manifest, |json| json.replace("\"record\": \"waves\"", "\"record\": \"power\""));
    let output = folder.call(&["report", "run"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("it was made by `peerlab power`"), "{said}");
    fs::write(&manifest, json).unwrap();

    let table = folder.0.join("run/tables/replications.parquet");
    let mut bytes = fs::read(&table).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&table, bytes).unwrap();
    let output = folder.call(&["report", "run"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("tables/replications.parquet") && said.contains("--force"), "{said}");
}

/// Nothing is loaded from anywhere, nothing runs, and no text of a scenario becomes a part of the page.
#[test]
fn the_report_stands_alone_and_takes_no_text_for_markup() {
    let folder = Folder::new("alone");
    let own = fs::read_to_string(scenario("right.toml"))
        .unwrap()
        .replace("An example", "<script>alert('title')</script> & <b>“quotes” \\\"too\\\"")
        .replace("\"talk\"", "\"<i onload=x>talk & 'more'\"")
        .replace("Training raises trust", "<img src=http://x/> **raises** `trust` {{ 7 * 7 }}");
    fs::write(folder.0.join("own.toml"), own).unwrap();
    let report = folder.report(&["own.toml", "--replications", "4"], "own");
    for harmful in ["<script", "<i onload", "<img", "<b>“", "src=\"", "<link", "@import", "<iframe"] {
        assert!(!report.contains(harmful), "{harmful}");
    }
    let loads = |piece: &str| piece.contains("url(") && !piece.contains("url(data:");
    assert!(!report.lines().any(loads));
    let plain = words(&report);
    assert!(plain.contains("<script>alert('title')</script> & <b>“quotes” \"too\""), "the title as it is written");
    assert!(plain.contains("<img src=http://x/> **raises** `trust` {{ 7 * 7 }}"), "the statement as it is written");
    let answer = between(&plain, "The answer", "is to be taken literally");
    assert!(answer.contains("“<img src=http://x/> **raises** `trust` {{ 7 * 7 }}”"), "{answer}");
    assert!(report.matches("<title>").count() == 1 && report.matches("<main>").count() == 1);
    let figures = report.matches("<svg ").count();
    assert!(figures >= 5, "{figures} figures");
    assert_eq!(report.matches("role=\"img\"").count(), figures);
    // Each for desk and paper, and for a phone.
    assert_eq!(report.matches("<div class=\"drawing desk\"><svg").count() * 2, figures);
    assert_eq!(report.matches("<div class=\"drawing phone\"><svg").count() * 2, figures);
    assert_eq!(report.matches("<caption>").count(), report.matches("<table").count());
}

#[test]
fn a_null_result_reads_as_a_null_result() {
    let folder = Folder::new("null");
    let report = folder.report(&[&scenario("null.toml"), "--replications", "120"], "null");
    let plain = words(&report);
    let answer = between(&plain, "The answer", "All hypotheses at a glance");
    assert!(
        answer.contains("no effect")
            && answer.contains("“Trust differs between arms that do not differ”, has no effect at all behind it."),
        "{answer}"
    );
    assert!(
        answer.contains("would still report an effect in") && answer.contains("each of them would be a false alarm"),
        "{answer}"
    );
    for yes in ["yes", "would find it", "true, with an effect"] {
        assert!(!answer.contains(yes), "{yes}: {answer}");
    }
    assert!(report.contains("<div class=\"answer null\">"));
    // There is nothing to find: no share is called power, and both worlds are alike to the last bit.
    let glance = between(&plain, "All hypotheses at a glance", "True effect: what is true");
    assert_eq!(glance.matches("false alarms").count(), 6, "{glance}");
    assert!(
        !between(&plain, "The hypotheses, one by one", "Of 6 hypotheses without any effect")
            .contains("Power, p corrected")
    );
    assert!(plain.contains("as many would be hurt at least once; as many would be hurt badly; as many would see their coaching end because of the relationship; as many would leave the organization."), "{plain}");
}

/// A survey's association is mostly not its effect: the page may say neither experiment nor that what it finds is what is true.
#[test]
fn a_survey_that_finds_something_else_says_so() {
    let folder = Folder::new("survey");
    let report = folder.report(&["informal-in-teams", "--replications", "120"], "survey");
    let answer = between(&words(&report), "The answer", "All hypotheses at a glance").to_owned();
    assert!(answer.contains("A survey of this size (360 persons) would find an effect"), "{answer}");
    assert!(!answer.contains("xperiment"), "{answer}");
    let off = between(&answer, "On average its estimates are off by ", ", more than the effect itself.");
    let bias: f64 = off.trim_end_matches(" SD").replace('\u{2212}', "-").parse().unwrap_or_else(|_| panic!("{off}"));
    let truth = between(&answer, "the effect goes the other way, ", " SD").replace('\u{2212}', "-");
    assert!(bias.abs() > truth.parse::<f64>().unwrap().abs(), "{answer}");
}

#[test]
fn twelve_arms_with_long_names_are_all_told() {
    let folder = Folder::new("twelve");
    let file = scenario("twelve_arms.toml");
    let report = folder.report(&[&file, "--replications", "12"], "twelve");
    let plain = words(&report);
    let own = fs::read_to_string(&file).unwrap();
    let names: Vec<&str> = own.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"')).collect();
    assert_eq!(names.len(), 12);
    let risk = between(&plain, "What happened to people", "Hurt at all: at least one");
    let encounters = between(&plain, "What happened in coaching", "A turn is one");
    let changed = between(&plain, "What an arm changes: if everyone had it", "Differences in persons");
    for name in &names {
        assert_eq!(name.chars().count(), 40);
        assert!(risk.contains(name) && encounters.contains(name), "{name}");
    }
    // Of twelve arms only those worlds are run that a hypothesis asks for: here all.
    assert!(names[1..].iter().all(|name| changed.contains(name)), "{changed}");
    let lead = between(&plain, "What went wrong, and for whom", "Figure ");
    assert!(lead.contains("between") && lead.contains("are hurt at least once"), "{lead}");
    assert_eq!(report.matches("<article class=\"hypothesis\"").count(), 11);
    let answer = between(&plain, "The answer", "All hypotheses at a glance");
    let counts = between(
        answer,
        "It is one of 11 hypotheses, and none of them alone need answer the study's question. Of all of them: ",
        ".",
    );
    let sum: usize = counts.split("; ").map(|one| one.split_once(' ').unwrap().0.parse::<usize>().unwrap()).sum();
    assert_eq!(sum, 11, "{counts}");
}

/// Some fits fail: they are counted where a reader looks, and power is said to be that of the others.
#[test]
fn a_few_failures_are_told_and_many_take_the_answer_away() {
    let folder = Folder::new("failing");
    let few = ["--set", "population.dyads=9", "--set", "design.allocation=simple", "--replications", "200"];
    let arguments: Vec<&str> = ["listening-training"].iter().chain(&few).copied().collect();
    let plain = words(&folder.report(&arguments, "few"));
    let answer = between(&plain, "The answer", "All hypotheses at a glance");
    let share: f64 = between(answer, "the planned analysis is not possible in ", "%").parse().unwrap();
    assert!(share > 1.0 && share < 6.0, "{share}");
    assert!(answer.contains("which are not counted here"), "{answer}");
    let failed = between(&plain, "Fits that failed ", " (");
    let fits: Vec<f64> = failed.split(" of ").map(|number| number.parse().unwrap()).collect();
    assert!((100.0 * fits[0] / fits[1] - share).abs() < 0.05 + 1e-9, "{failed} are {share}%");
    assert!(plain.contains("fits failed and are left out"), "what a reviewer would object to");

    let arguments: Vec<&str> =
        ["listening-training", "--set", "population.dyads=5"].iter().chain(&few[2..]).copied().collect();
    let plain = words(&folder.report(&arguments, "many"));
    let answer = between(&plain, "The answer", "All hypotheses at a glance");
    assert!(answer.contains("would rarely answer it: the planned analysis is not possible in"), "{answer}");
    assert!(!answer.contains("would find it in"), "{answer}");
}
