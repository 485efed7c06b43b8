//! An exported experiment gives the numbers of its run again: export, analyze, compare, bit for bit.
#![cfg(feature = "app")]

mod folder;

use std::fs;
use std::process::Command;

use folder::Folder;
use peerlab::export::{Export, Format};
use peerlab::inquiry::dataset::{Dataset, Reading};
use peerlab::inquiry::own_data::OwnData;
use peerlab::results;
use peerlab::scenario::{builtin, read};
use peerlab::study::analysis::{Adjusted, Answer};
use peerlab::study::declaration::Study;
use peerlab::study::effect_size::EffectSize;
use peerlab::study::estimators::{Estimate, Failure};
use peerlab::study::plan::Plan;

fn study(id: &str, set: &[&str]) -> Study {
    let set: Vec<String> = set.iter().map(|one| (*one).to_owned()).collect();
    builtin::find(id).unwrap().read(&set).unwrap_or_else(|problems| panic!("{id}: {problems}")).study
}

/// Every bit of a result.
fn bits(result: &Result<Estimate, Failure>) -> Result<[u64; 6], String> {
    match result {
        Ok(e) => {
            Ok([e.estimate, e.standard_error, e.degrees_of_freedom, e.lower, e.upper, e.p_value].map(f64::to_bits))
        }
        Err(failure) => Err(failure.code().to_owned()),
    }
}

/// What the analysis of a file says, beside what the run of the replication says.
fn compare(plan: &Plan, file: &Dataset, expected: &[Answer], what: &str) {
    let all: Vec<usize> = (0..plan.study.hypotheses.len()).collect();
    let data = OwnData::read(plan, file, &all).unwrap_or_else(|error| panic!("{what}: {error}"));
    let found = data.analyze(plan, &all);
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let id = &plan.study.hypotheses[found.hypothesis].id;
        assert_eq!((found.hypothesis, found.estimator), (expected.hypothesis, expected.estimator));
        let name = plan.questions[found.hypothesis].estimators[found.estimator].id;
        assert_eq!(bits(&found.result), bits(&expected.result), "{what}, {id} by {name}");
        let corrected = |one: Adjusted| [one.holm.to_bits(), one.benjamini_hochberg.to_bits()];
        assert_eq!(corrected(found.adjusted), corrected(expected.adjusted), "{what}, {id}");
        assert_eq!(found.analyzed, expected.analyzed, "{what}, {id} by {name}");
        let size = |one: Option<EffectSize>| one.map(|size| (size.kind, size.value.to_bits()));
        assert_eq!(size(found.size), size(expected.size), "{what}, {id} by {name}");
        // The arms hold the rows of the analysis: of growth those of one week.
        let described: usize = found.described.iter().map(|arm| arm.rows).sum();
        assert!(described == found.analyzed || name.starts_with("growth") && described > 0, "{what}, {id} by {name}");
    }
}

fn csv(text: &str) -> Dataset {
    Dataset::from_csv("wide.csv", text.as_bytes(), &Reading::default()).unwrap()
}

/// The rows of a CSV file in another order, the header first; no field of an export runs over lines.
fn shuffled(text: &str, seed: u64) -> String {
    let (header, rows) = text.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    let mut state = seed;
    for last in (1..rows.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows.swap(last, (state >> 33) as usize % (last + 1));
    }
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Contrasts, moderators, factors, associations, a stepped wedge, three arms and more, teams, circles and organizations: every
/// hypothesis by every estimator of every study, from the file as it is and with its rows shuffled.
#[test]
fn every_study_gives_its_estimates_again() {
    let mut answers = 0;
    for one in builtin::list() {
        let export = Export::simulate(study(one.id, &[]), 3, false).unwrap();
        let text = export.wide.csv();
        compare(&export.plan, &csv(&text), &export.answers, one.id);
        compare(&export.plan, &csv(&shuffled(&text, 7)), &export.answers, &format!("{}, shuffled", one.id));
        answers += export.answers.iter().filter(|answer| answer.result.is_ok()).count();
    }
    println!("{answers} estimates");
    assert!(answers > 80, "{answers}");
}

/// Resampling, the lot and completers take more than an outcome and a cluster from the file.
#[test]
fn estimators_that_need_more_give_their_estimates_again() {
    for (id, hypothesis, estimators) in [
        ("listening-training", "H1", "ancova_bootstrap, difference_randomization, completers_ancova_cr2, ancova_cr3"),
        ("listening-training", "H3", "mixed_dyad, ancova_cr2, ancova_cr1s"),
        ("listening-training", "H3", "growth"),
        ("listening-training", "H4", "logistic"),
        ("helping-rewards", "H3", "mixed_organization, mixed_organization_satterthwaite"),
        ("helping-rewards", "H1", "difference_randomization, difference_bootstrap, completers_difference_cr2"),
        ("competitive-collaborative", "H1", "difference_randomization, ancova_bootstrap, completers_ancova_cr2"),
        ("high-quality-connections", "H8", "slope_cr2, apim_actor, apim_partner"),
    ] {
        let set = format!(
            "hypothesis.{hypothesis}.estimator=[{}]",
            estimators.split(", ").map(|e| format!("\"{e}\"")).collect::<Vec<_>>().join(", ")
        );
        let odds = estimators.starts_with("logistic");
        let score = if odds { "hypothesis.H4.score=any" } else { "measurement.attrition=0.02" };
        let export = Export::simulate(study(id, &[&set, "measurement.attrition=0.02", score]), 5, false).unwrap();
        let at = export.plan.study.hypotheses.iter().position(|one| one.id == hypothesis).unwrap();
        let text = export.wide.csv();
        assert!(
            export.answers.iter().filter(|answer| answer.hypothesis == at).all(|answer| answer.result.is_ok()),
            "{id}"
        );
        compare(&export.plan, &csv(&text), &export.answers, id);
        compare(&export.plan, &csv(&shuffled(&text, 11)), &export.answers, id);
    }
}

/// What a folder holds is whole: the Parquet file gives the same, and the scenario beside it is the study.
#[test]
fn a_folder_can_be_analysed_by_itself() {
    let folder = Folder::new("parquet");
    let export = Export::simulate(study("hybrid-circles", &["population.dyads=48"]), 17, true).unwrap();
    let files = export.write(&folder.0, Format::Parquet, false).unwrap();
    assert_eq!(files, ["wide.parquet", "long.parquet", "scenario.toml", "README.md", "codebook.csv", "codebook.md"]);
    let text = fs::read_to_string(folder.0.join("scenario.toml")).unwrap();
    let plan = Plan::new(read(&text, "scenario.toml", &[]).unwrap().study).unwrap();
    let file = Dataset::open(folder.0.join("wide.parquet"), &Reading::default()).unwrap();
    compare(&plan, &file, &export.answers, "parquet");
    // Without --with-truth nothing of it is there; with it every score has its truth.
    assert!(file.names().any(|name| name == "trust_w24_true"), "{:?}", file.names().collect::<Vec<_>>());
    let plain = Export::simulate(study("hybrid-circles", &["population.dyads=48"]), 17, false).unwrap();
    assert!(!plain.wide.csv().contains("true") && !plain.long.csv().contains("true"));
    // Another export replaces it only if asked to, and leaves nothing of it behind.
    assert!(plain.write(&folder.0, Format::Csv, false).unwrap_err().to_string().contains("--force"));
    fs::write(folder.0.join("my analysis.R"), "summary(d)").unwrap();
    plain.write(&folder.0, Format::Csv, true).unwrap();
    assert!(!folder.0.join("wide.parquet").exists() && folder.0.join("my analysis.R").exists());
    assert!(!folder.0.join(".partial").exists());
}

/// The long file holds the same numbers as the wide one, and its names are those that SPSS takes.
#[test]
fn long_and_wide_agree_and_names_are_safe() {
    for id in ["listening-training", "helping-rewards-stepped-wedge", "risk-factors"] {
        let export = Export::simulate(study(id, &[]), 0, true).unwrap();
        let (wide, long) = (csv(&export.wide.csv()), csv(&export.long.csv()));
        for name in wide.names().chain(long.names()) {
            let fits = name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphabetic());
            assert!(fits && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
        }
        let waves = &export.plan.study.measurement.waves;
        assert_eq!(long.rows(), wide.rows() * waves.len());
        let outcome = export.plan.scales[0].about.id;
        let all = long.numbers(outcome).unwrap();
        for (wave, week) in waves.iter().enumerate() {
            let at = wide.numbers(&format!("{outcome}_w{week}")).unwrap();
            assert!(
                at.iter().enumerate().all(|(person, value)| all[person * waves.len() + wave] == *value),
                "{id} {week}"
            );
        }
    }
}

fn refused(text: &str, study: Study) -> String {
    let plan = Plan::new(study).unwrap();
    let all: Vec<usize> = (0..plan.study.hypotheses.len()).collect();
    let error = OwnData::read(&plan, &csv(text), &all).unwrap_err();
    format!("{error} | {}", error.way_out())
}

#[test]
fn what_is_wrong_with_a_file_is_named_in_the_study_s_words() {
    let of = || study("listening-training", &[]);
    let export = Export::simulate(of(), 1, false).unwrap();
    let (text, long) = (export.wide.csv(), export.long.csv());
    let said = refused(&text.replacen("learning_personal_w12,", "learning_w12,", 1), of());
    assert!(
        said.contains(
            "no column `learning_personal_w12`, the score of `learning_personal` at week 12, the outcome of H1"
        ),
        "{said}"
    );
    assert!(said.contains("Did you mean"), "{said}");
    let said = refused(&text.replacen("listening training", "listening", 1), of());
    assert!(said.contains("column `arm`: `listening` is not one of the study's"), "{said}");
    assert!(said.contains("`benefits talk`") && said.contains("`listening training`"), "{said}");
    let said = refused(&text.replacen("\n1,", "\n0,", 1), of());
    assert!(said.contains("two rows of the person `0`, line 2 and line 3"), "{said}");
    let said = refused(&long, of());
    assert!(said.contains("a row per person and wave"), "{said}");
    let said = refused(&text.replacen(",benefits talk,", ",,", 1), of());
    assert!(said.contains("column `arm`: nothing is there"), "{said}");
    let said = refused("person,arm\na,listening training\n", of());
    assert!(said.contains("no column `dyad`, the pair or circle of each person, the cluster of H1"), "{said}");
}

/// A file that is not the simulation's: other labels, fewer people, columns that nobody asked for and none that nobody needs.
#[test]
fn a_researcher_s_own_file_may_hold_less_and_call_people_otherwise() {
    let plan = Plan::new(study("listening-training", &[])).unwrap();
    let export = Export::simulate(study("listening-training", &[]), 1, false).unwrap();
    let wide = csv(&export.wide.csv());
    let (person, dyad) = (wide.labels("person").unwrap(), wide.labels("dyad").unwrap());
    let (arm, outcome) = (wide.labels("arm").unwrap(), wide.numbers("destructive_episodes_w52").unwrap());
    let mut text = "note;person;dyad;arm;destructive_episodes_w52\n".to_owned();
    for row in 0..wide.rows() {
        let label = |column: &[Option<std::sync::Arc<str>>]| column[row].clone().unwrap().to_string();
        let value = outcome[row].map_or(String::new(), |value| value.to_string());
        text.push_str(&format!("x;P{};pair {};{};{value}\n", label(&person), label(&dyad), label(&arm)));
    }
    let h4 = plan.study.hypotheses.iter().position(|one| one.outcome == "destructive_episodes").unwrap();
    let week = plan.study.hypotheses[h4].week;
    let text = text.replace("_w52", &format!("_w{week}"));
    let data = OwnData::read(&plan, &csv(&text), &[h4]).unwrap();
    let found = data.analyze(&plan, &[h4]);
    let expected = export.answers.iter().find(|answer| answer.hypothesis == h4).unwrap();
    if week == 52 {
        assert_eq!(bits(&found[0].result), bits(&expected.result));
    } else {
        assert!(found[0].result.is_ok());
    }
}

/// The real binary: run, export, analyze; what `analyze` prints is the row of the table `estimates`, and the figure is drawn.
#[test]
fn run_export_and_analyze_agree_to_the_bit() {
    let folder = Folder::new("end-to-end");
    let peerlab = |arguments: &[&str], code: i32| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_peerlab")).args(arguments).current_dir(&folder.0).output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {complaint}");
        (String::from_utf8(output.stdout).unwrap(), complaint)
    };
    let set = ["--set", "population.dyads=30", "--replications", "20", "--record", "summary"];
    peerlab(&[&["run", "listening-training", "--quiet"][..], &set].concat(), 0);
    peerlab(&["export", "output/listening-training", "--replication", "17", "--quiet"], 0);
    let exported = "output/listening-training-replication-17";
    let data = format!("{exported}/wide.csv");
    let scenario = format!("{exported}/scenario.toml");
    let (told, _) = peerlab(
        &[
            "analyze",
            &data,
            "--study",
            &scenario,
            "--run",
            "output/listening-training",
            "--figure",
            "observed",
            "--json",
        ],
        0,
    );
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let columns = [
        "replication",
        "hypothesis",
        "estimator",
        "estimate",
        "standard_error",
        "degrees_of_freedom",
        "lower",
        "upper",
        "p_value",
        "p_holm",
        "p_benjamini_hochberg",
        "effect_size",
        "effect_size_kind",
    ];
    let (mut compared, mut sizes) = (0, Vec::new());
    results::read(folder.0.join("output/listening-training/tables/estimates.parquet"), &columns, |batch| {
        for row in (0..batch.rows).filter(|row| batch.integers(0)[*row] == 17) {
            let answers = told["answers"].as_array().unwrap();
            let of = |name: &str, column: usize| {
                let one = |answer: &&serde_json::Value| {
                    answer["hypothesis"] == *batch.texts(1)[row] && answer["estimator"] == *batch.texts(2)[row]
                };
                let found = answers.iter().find(one).unwrap()[name].as_f64();
                let known = Some(batch.reals(column)[row]).filter(|value| !value.is_nan());
                assert_eq!(found.map(f64::to_bits), known.map(f64::to_bits), "{name}");
            };
            columns.iter().enumerate().take(12).skip(3).for_each(|(column, name)| of(name, column));
            let kind = answers.iter().find(|answer| {
                answer["hypothesis"] == *batch.texts(1)[row] && answer["estimator"] == *batch.texts(2)[row]
            });
            assert_eq!(kind.unwrap()["effect_size_kind"].as_str().unwrap_or(""), &*batch.texts(12)[row]);
            sizes.extend(Some(batch.texts(12)[row].to_string()));
            compared += 1;
        }
    })
    .unwrap();
    assert!(sizes.contains(&"hedges_g".to_owned()), "{sizes:?}");
    assert_eq!(compared, told["answers"].as_array().unwrap().len());
    // The same as Parquet, and nothing is overwritten unasked.
    let out = ["analyze", &data, "--study", &scenario, "--out", "answers.parquet"];
    let (screen, _) = peerlab(&out, 0);
    assert!(screen.contains("left out") && screen.contains("Hedges' g, corrected for clusters: "), "{screen}");
    assert!(screen.contains("p corrected for") && screen.contains("Benjamini-Hochberg"), "{screen}");
    assert!(peerlab(&out, 2).1.contains("--force"));
    let mut rows = 0;
    let columns = ["hypothesis", "estimator", "estimate", "p_value", "p_holm", "p_benjamini_hochberg", "effect_size"];
    let of_arms = ["arm_1", "arm_2_rows", "arm_2_left_out", "arm_1_mean", "arm_2_sd"];
    let columns = [&columns[..], &of_arms].concat();
    results::read(folder.0.join("answers.parquet"), &columns, |batch| {
        for row in 0..batch.rows {
            let answer = &told["answers"][rows];
            assert_eq!(answer["hypothesis"], *batch.texts(0)[row]);
            let [first, second] = [0, 1].map(|arm| &answer["described"][arm]);
            assert_eq!(first["group"], *batch.texts(7)[row]);
            assert_eq!([&second["rows"], &second["left_out"]], [8, 9].map(|column| batch.integers(column)[row]));
            assert_eq!([&first["mean"], &second["sd"]], [10, 11].map(|column| batch.reals(column)[row]));
            for (column, name) in columns.iter().enumerate().take(7).skip(2) {
                let found = answer[*name].as_f64().unwrap_or(f64::NAN);
                let same = found.to_bits() == batch.reals(column)[row].to_bits();
                assert!(same || found.is_nan() && batch.reals(column)[row].is_nan(), "{name}");
            }
            rows += 1;
        }
    })
    .unwrap();
    assert_eq!(rows, compared);
    // The estimate is one of the simulated ones itself: between none and all of the others are larger.
    let share = told["answers"][0]["simulated"]["share_larger"].as_f64().unwrap();
    assert!((0.0..=1.0).contains(&share) && told["answers"][0]["simulated"]["estimates"] == 20, "{told}");
    assert!(folder.0.join("observed.svg").exists() && folder.0.join("observed.png").exists());
    let (screen, _) =
        peerlab(&["analyze", &data, "--study", &scenario, "--hypothesis", "H1", "--replications", "8"], 0);
    assert!(screen.contains("of the simulated experiments gave a larger estimate"), "{screen}");
    for (arguments, wanted) in [
        (
            vec!["analyze", &data, "--study", "listening-training", "--run", "output/listening-training"],
            "other parameters",
        ),
        (vec!["analyze", &data, "--study", &scenario, "--hypothesis", "H11"], "Did you mean H1?"),
        (vec!["analyze", &data, "--study", &scenario, "--outcome", "x"], "cannot be used with"),
        (vec!["analyze", &data, "--study", &scenario, "--figure", "f"], "--replications 200"),
        (vec!["export", "output/listening-training", "--replication", "20"], "0 to 19"),
        (vec!["export", "output/listening-training", "--replication", "17"], "--force"),
    ] {
        let (_, complaint) = peerlab(&arguments, 2);
        assert!(complaint.contains(wanted), "{arguments:?}: {complaint}");
    }
}
