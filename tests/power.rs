//! `peerlab power`, the real binary from end to end, against experiments that are run without it.

#![cfg(feature = "app")]

mod folder;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::AtomicBool;

use folder::Folder;
use peerlab::inquiry::power::normal_quantile;
use peerlab::model::lanes::Instructions;
use peerlab::monte_carlo::{self, Options};
use peerlab::results;
use peerlab::scenario::builtin;
use peerlab::study::experiment::Record;
use peerlab::study::plan::Plan;
use serde_json::Value;

impl Folder {
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_peerlab"))
            .args(arguments)
            .current_dir(&self.0)
            .env("COLUMNS", "80")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The answer of a search that ends well.
    fn answer(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["power"], arguments, &["--json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()["answer"].take()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A strong training of few people, followed to the end of the program only: a second for thousands of replications.
const FAST: [&str; 10] = [
    "listening-training",
    "--set",
    "hypothesis.H3.week=12",
    "--set",
    "program.follow_up_weeks=0",
    "--set",
    "measurement.waves=[0, 12]",
    "--set",
    "arm.listening training.training.active_listening.dose=1.5",
    "--hypothesis=H2",
];

fn fast<'a>(more: &[&'a str]) -> Vec<&'a str> {
    FAST.iter().copied().chain(more.iter().copied()).collect()
}

/// Replications 0 to `count` of the fast study, of so many dyads and with another seed than its own: the share that finds H2.
fn brute_force(dyads: usize, count: u64) -> f64 {
    let mut sets: Vec<String> =
        FAST.iter().filter(|one| one.contains('=') && !one.starts_with("--")).map(|one| (*one).to_owned()).collect();
    sets.push(format!("population.dyads={dyads}"));
    sets.push("monte_carlo.seed=77".to_owned());
    let mut study = builtin::find("listening-training").unwrap().read(&sets).unwrap().study;
    study.hypotheses.retain(|one| one.id == "H2");
    let plan = Plan::new(study).unwrap();
    let options = Options { threads: 0, record: Record::Summary, instructions: Instructions::Widest };
    let mut found = 0;
    monte_carlo::run_numbers(
        &plan,
        0..count,
        options,
        &AtomicBool::new(false),
        |_| (),
        |chunk| {
            for replication in chunk {
                let first = replication.answers.into_iter().next().unwrap();
                found += u32::from(first.result.is_ok_and(|one| one.p_value < 0.05 && one.estimate > 0.0));
            }
            Ok::<(), Infallible>(())
        },
    )
    .unwrap();
    f64::from(found) / count as f64
}

/// The standard error of a difference.
fn norm(one: f64, other: f64) -> f64 {
    (one * one + other * other).sqrt()
}

/// The curve and the answer against thousands of replications of other experiments (another seed) at four sizes, with no
/// adaptive step and no regression in between. The criterion: at each size the two differ by less than 3.3 standard errors of
/// their difference (a false alarm in one of 250 such tests), and the size at which a line in probits through the brute-force
/// shares reaches the target lies within 3.3 standard errors of the answer.
#[test]
fn the_search_agrees_with_brute_force() {
    const COUNT: u64 = 3000;
    let folder = Folder::new("brute force");
    let answer = folder.answer(&fast(&["--over", "population.dyads=10..160", "--out", "found"]));
    assert_eq!(
        (answer["answer"]["kind"].as_str(), answer["settled"].as_bool()),
        (Some("found"), Some(true)),
        "{answer:#}"
    );
    let number = |key: &str| answer["answer"][key].as_f64().unwrap();
    let (size, possible, certain) = (number("size"), number("possible"), number("certain"));
    assert!(possible <= size && size <= certain && certain - possible <= 0.1 * size + 1.0, "{answer:#}");

    let mut curve: Vec<[f64; 4]> = Vec::new();
    results::read(folder.0.join("found/tables/power_curve.parquet"), &["value", "power", "lower", "upper"], |batch| {
        curve.extend((0..batch.rows).map(|row| [0, 1, 2, 3].map(|column| batch.reals(column)[row])));
    })
    .unwrap();
    let sizes = [0.35, 0.7, 1.0, 1.3].map(|share| (share * size).round());
    let mut line = Vec::new();
    for dyads in sizes {
        let [_, power, low, high] =
            *curve.iter().min_by(|a, b| (a[0] - dyads).abs().total_cmp(&(b[0] - dyads).abs())).unwrap();
        let brute = brute_force(dyads as usize, COUNT);
        let own = (brute * (1.0 - brute) / COUNT as f64).sqrt();
        let error = norm(own, (high - low) / 3.92);
        assert!(
            (power - brute).abs() < 3.3 * error,
            "{dyads} dyads: curve {power} [{low}, {high}], brute force {brute} ± {own}"
        );
        line.push((dyads.sqrt(), normal_quantile(brute)));
    }
    // The sizes on either side of the answer, whose share is the steadiest.
    let ((x, y), (x2, y2)) = (line[1], line[3]);
    let (middle, slope) = (0.5 * (y + y2), (y2 - y) / (x2 - x));
    let root = 0.5 * (x + x2) + (normal_quantile(0.8) - middle) / slope;
    // A probit's standard error at .8 is that of the share over the normal density there (.28); two sizes are averaged.
    let error =
        norm(0.4 / (COUNT as f64).sqrt() / 0.28 / 2.0_f64.sqrt() / slope, (certain.sqrt() - possible.sqrt()) / 3.92);
    assert!((root - size.sqrt()).abs() < 3.3 * error, "brute force {} dyads, found {answer:#}", root * root);
}

#[test]
fn a_row_of_the_curve_is_what_run_finds() {
    let folder = Folder::new("row");
    let answer = folder.answer(&fast(&["--over", "population.dyads=12..20", "--replications", "40", "--out", "found"]));
    let arguments = fast(&["--set", "population.dyads=16", "--replications", "40", "--out", "run", "--quiet"]);
    let arguments: Vec<&str> = arguments.into_iter().filter(|one| !one.starts_with("--hypothesis")).collect();
    assert!(folder.run(&[&["run"], &*arguments].concat()).status.success());
    let mut run = Vec::new();
    results::read(
        folder.0.join("run/tables/estimates.parquet"),
        &["hypothesis", "estimator", "estimate", "p_value", "truth"],
        |batch| {
            for row in (0..batch.rows).filter(|row| {
                &*batch.texts(0)[*row] == "H2" && *batch.texts(1)[*row] == *answer["estimator"].as_str().unwrap()
            }) {
                run.push([2, 3, 4].map(|column| batch.reals(column)[row]));
            }
        },
    )
    .unwrap();
    let mut searched = Vec::new();
    results::read(
        folder.0.join("found/tables/power_replications.parquet"),
        &["value", "replication", "estimate", "p_value", "truth"],
        |batch| {
            for row in (0..batch.rows).filter(|row| batch.reals(0)[*row] == 16.0) {
                assert_eq!(batch.integers(1)[row] as usize, searched.len());
                searched.push([2, 3, 4].map(|column| batch.reals(column)[row]));
            }
        },
    )
    .unwrap();
    assert_eq!(run.len(), 40);
    assert_eq!(run, searched);
}

#[test]
fn threads_change_no_byte_and_nothing_is_computed_twice() {
    let folder = Folder::new("threads");
    let search = |threads: &str, out: &str| {
        fast(&["--over", "population.dyads=10..160", "--replications", "200", "--threads", threads, "--out", out])
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let run = |arguments: &[String], more: &[&str]| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        folder.run(&[&["power"], &*arguments, more].concat())
    };
    let sums = |out: &str| {
        let manifest = results::verify(folder.0.join(out)).unwrap();
        let tables: Vec<_> = manifest.tables.iter().map(|table| (table.name.clone(), table.sha256.clone())).collect();
        let figures: Vec<_> =
            manifest.figures.iter().map(|figure| (figure.file.clone(), figure.sha256.clone())).collect();
        (tables, figures, manifest.summary)
    };
    for threads in ["1", "2", "7"] {
        let output = run(&search(threads, threads), &["--quiet"]);
        assert!(output.status.success() && output.stdout.is_empty(), "{}", text(&output.stderr));
    }
    assert_eq!(
        sums("1").0.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
        ["power", "power_curve", "power_replications"]
    );
    assert_eq!(
        sums("1").1.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>(),
        ["figures/power.png", "figures/power.svg"]
    );
    assert!(sums("1") == sums("2") && sums("1") == sums("7"));

    // The curve is the one figure that a search can give, and drawn again it is the search's own.
    let listed = folder.run(&["plot", "1"]);
    let list = text(&listed.stdout);
    let (own, others) = list.split_once("Not of this run").unwrap_or_else(|| panic!("{list}{}", text(&listed.stderr)));
    assert!(own.contains("\n  power ") && !own.contains("\n  forest "), "{list}");
    assert!(others.contains(" forest,") && others.contains("It is a search for power"), "{list}");
    let drawn = folder.run(&["plot", "1", "--figure", "power", "--out", "curve.svg"]);
    assert_eq!((drawn.status.code(), text(&drawn.stdout)), (Some(0), "curve.svg\n".to_owned()));
    let curve = fs::read(folder.0.join("curve.svg")).unwrap();
    assert!(curve == fs::read(folder.0.join("1/figures/power.svg")).unwrap());
    let none = folder.run(&["plot", "1", "--figure", "forest"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("this run has no figure `forest`"), "{}", text(&none.stderr));
    assert!(!folder.0.join("listening-training-forest.svg").exists());

    let again = run(&search("1", "1"), &[]);
    assert!(
        text(&again.stdout).contains("This search was there already, unchanged; nothing was computed."),
        "{}",
        text(&again.stdout)
    );
    let other = run(&search("1", "1"), &["--alpha", "0.01"]);
    assert_eq!(other.status.code(), Some(1));
    assert_eq!(
        text(&other.stderr),
        "peerlab: 1 holds another run (another search for power): choose another name with --out, or replace it with --force\n"
    );
    assert!(run(&search("1", "1"), &["--alpha", "0.01", "--force", "--quiet"]).status.success());
    assert_eq!(sums("1").2["alpha"], 0.01);
}

#[test]
fn where_there_is_nothing_to_find_no_size_is_named_and_the_reason_is() {
    let folder = Folder::new("nothing");
    let null = folder.answer(&[
        "listening-training",
        "--over",
        "population.dyads=10..80",
        "--set",
        "arm.listening training.training.active_listening.dose=0",
        "--replications",
        "200",
    ]);
    assert_eq!(null["answer"]["kind"], "nowhere");
    assert!(null["answer"].get("size").is_none() && null["even"].is_null(), "{null:#}");
    let remark = null["remarks"][0].as_str().unwrap();
    assert!(
        remark.starts_with("As far as these replications can tell there is no effect in the model (+0.000"),
        "{remark}"
    );

    // Organizations are assigned, and six of them leave four degrees of freedom whatever their size.
    let limited = folder.answer(&[
        "helping-rewards",
        "--over",
        "population.dyads=24..144",
        "--set",
        "organization.count=6",
        "--replications",
        "100",
        "--hypothesis",
        "H2",
        "--out",
        "limited",
    ]);
    assert_ne!(limited["answer"]["kind"], "found", "{limited:#}");
    let remark = limited["remarks"][0].as_str().unwrap();
    assert!(
        remark.ends_with("however far along the range; the 6 organizations limit it: search along organization.count."),
        "{remark}"
    );
}

/// A negative control whose estimate is biased: its power is nothing, and most experiments find the opposite.
#[test]
fn what_is_found_on_the_other_side_is_said() {
    let folder = Folder::new("opposite");
    let over = ["--over", "measurement.reliability=0.6..0.8", "--replications", "30"];
    let answer = folder.answer(&[&["questionnaire", "--hypothesis", "Q5"][..], &over].concat());
    let remarks = answer["remarks"].to_string();
    assert!(remarks.contains("are significant on the side that is not expected"), "{remarks}");
    let open = folder.answer(&[&["questionnaire", "--hypothesis", "Q1", "--out", "other"][..], &over].concat());
    assert!(!open["remarks"].to_string().contains("not expected"), "{open:#}");
}

/// The study's own size, or that of `--at`, may be one of the search that was looked at less often than the detectable effect asks for.
#[test]
fn what_a_searched_size_detects_takes_nothing_from_the_search() {
    let folder = Folder::new("at");
    for at in ["40", "80", "60"] {
        let found = folder.answer(&[
            "listening-training",
            "--hypothesis",
            "H2",
            "--over",
            "population.dyads=40..80",
            "--at",
            at,
            "--replications",
            "300",
            "--force",
        ]);
        let sizes = found["sizes"].as_array().unwrap();
        let of = |size: &Value| size["value"].as_f64().unwrap().to_string() == at;
        let searched = sizes.iter().find(|size| of(size)).map_or(0, |size| size["replications"].as_u64().unwrap());
        assert_eq!(found["detectable"]["replications"], 300, "{at}");
        assert!(searched <= 300, "{found:#}");
    }
}

#[test]
fn nonsense_is_refused_in_words() {
    let folder = Folder::new("refused");
    let refused = |arguments: &[&str]| {
        let output = folder.run(&[&["power"], arguments].concat());
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && fs::read_dir(&folder.0).unwrap().next().is_none(), "{arguments:?}");
        text(&output.stderr)
    };
    let over = |range: &str| refused(&["listening-training", "--over", range]);
    assert_eq!(
        refused(&["listening-training"]),
        "error: a study and a key to search along are needed\n  e.g. `peerlab power listening-training --for power=0.8 --over\n  population.dyads=20..400`, or with numbers of your own\n  `peerlab power --assume effect=0.5,icc=0.3,reliability=0.8`\n"
    );
    let usage = "\n\nFor more information, try '--help'.\n";
    assert_eq!(
        over("population.dyads=20..10"),
        format!(
            "error: invalid value 'population.dyads=20..10' for '--over <KEY=LOW..HIGH>': the range starts at 20 and ends at 10; did you mean 10..20?{usage}"
        )
    );
    assert_eq!(
        refused(&["listening-training", "--for", "power=1.5", "--over", "population.dyads=20..400"]),
        format!(
            "error: invalid value 'power=1.5' for '--for <power=P>': 1.5 is no power; expected power=P with P between 0 and 1, e.g. power=0.8{usage}"
        )
    );
    assert_eq!(
        over("program.kind=1..2"),
        "error: `program.kind` is no number: it is one of formal, informal, none\n  power is searched for along a number, e.g. population.dyads; compare other\n  settings with --set\n"
    );
    assert_eq!(
        over("population.dyads=20.5..400"),
        "error: `population.dyads` is a whole number, and 20.5 is none\n  give whole numbers, e.g. 20..400\n"
    );
    assert_eq!(
        over("monte_carlo.replications=10..40"),
        "error: `monte_carlo.replications` is no part of the design: power does not\ndepend on it\n  --replications says how many replications a size may have, --seed which ones\n"
    );
    assert_eq!(
        refused(&["listening-training", "--over", "population.dyads=20..400", "--hypothesis", "H9"]),
        "error: listening-training has no hypothesis `H9`\n  It has `H1`, `H2`, `H3`, `H4` and `H5`.\n"
    );
    let unknown = over("population.dyad=20..400");
    assert!(
        unknown.contains("there is no key `dyad` in [population]") && unknown.contains("did you mean `dyads`?"),
        "{unknown}"
    );
    let outside = over("population.dyads=0..400");
    assert!(outside.contains("[ --over:1:18 ]") && outside.contains("`dyads` = 0 is out of range"), "{outside}");
    let estimator =
        refused(&["listening-training", "--over", "population.dyads=20..400", "--estimator", "ancova_cr22"]);
    assert!(estimator.contains("there is no estimator `ancova_cr22`"), "{estimator}");
}

/// Every kind of question of every built-in study, in a handful of replications: each ends, with its three tables.
#[test]
fn every_kind_of_hypothesis_has_its_power() {
    let folder = Folder::new("kinds");
    let mut kinds = 0;
    for builtin in builtin::list() {
        let study = builtin.read(&[]).unwrap().study;
        let mut seen = BTreeSet::new();
        for hypothesis in &study.hypotheses {
            if !seen.insert((hypothesis.ask.name(), hypothesis.estimators[0])) {
                continue;
            }
            let answer = folder.answer(&[
                builtin.id,
                "--hypothesis",
                &hypothesis.id,
                "--over",
                "measurement.reliability=0.5..0.7",
                "--replications",
                "1",
                "--force",
            ]);
            assert_eq!(answer["hypothesis"], hypothesis.id);
            assert_eq!(answer["sizes"].as_array().unwrap().len(), 9, "{}: {}", builtin.id, hypothesis.id);
            kinds += 1;
        }
        let manifest = results::verify(folder.0.join(format!("output/power-{}", builtin.id))).unwrap();
        assert_eq!(manifest.tables.len(), 3);
    }
    assert!(kinds > builtin::list().len());
}

#[test]
fn power_that_falls_along_a_key_has_a_largest_value() {
    let folder = Folder::new("falls");
    // The more of them stop answering, the fewer are left.
    let answer = folder.answer(&fast(&[
        "--set",
        "population.dyads=120",
        "--over",
        "measurement.non_response=0..0.9",
        "--replications",
        "400",
        "--at",
        "0.5",
    ]));
    assert_eq!(
        (&answer["answer"]["kind"], &answer["answer"]["rising"]),
        (&"found".into(), &false.into()),
        "{answer:#}"
    );
    let end = |key: &str| answer["answer"][key].as_f64().unwrap();
    assert!(0.0 < end("certain") && end("certain") <= end("size") && end("size") <= end("possible"), "{answer:#}");
    assert_eq!(answer["detectable"]["value"], 0.5);
    assert!(Path::new(&folder.0).join("output/power-listening-training/figures/power.svg").exists());
}
