//! `peerlab analyze`, the real binary from end to end: published numbers, any order of rows, and data as they come.
#![cfg(feature = "app")]

mod folder;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use folder::Folder;
use peerlab::model::streams::{Purpose, Stream};
use peerlab::results::{self, Column, Kind, Table, TableWriter, Values};
use peerlab::study::estimators::{self, Sample, Specification};
use serde_json::Value;

impl Folder {
    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        fs::write(self.0.join(name), bytes).unwrap();
        name.to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_peerlab"))
            .arg("analyze")
            .args(arguments)
            .current_dir(&self.0)
            .env_remove("COLUMNS")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// What is said of data or a request that are wrong: exit 2, and nothing on the standard output.
    fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        text(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name).display().to_string()
}

/// A number of a model's term.
fn of_term(found: &Value, model: usize, term: &str, what: &str) -> f64 {
    let terms = found["models"][model]["terms"].as_array().unwrap();
    let term = terms.iter().find(|one| one["term"] == term).unwrap_or_else(|| panic!("no {term} in {found:#}"));
    term[what].as_f64().unwrap_or_else(|| panic!("no {what} in {term:#}"))
}

fn quantity(found: &Value, model: usize, id: &str) -> f64 {
    found["models"][model]["quantities"][id].as_f64().unwrap_or_else(|| panic!("no {id} in {found:#}"))
}

/// Equal to a published number in its last digit.
#[track_caller]
fn rounds_to(found: f64, published: f64, digits: i32) {
    let unit: f64 = format!("1e-{digits}").parse().unwrap();
    assert!((found - published).abs() <= 0.5001 * unit, "{found} is not {published}");
}

#[test]
fn couples_as_published() {
    let folder = Folder::new("couples");
    let file = data("acipair.csv");
    let of = [&file as &str, "--outcome", "Satisfaction_A", "--cluster", "CoupleID"];
    let found =
        folder.json(&[&of[..], &["--predictor", "OtherPos_A", "--member", "Partnum", "--model", "apim"]].concat());
    for (term, estimate) in [("intercept", 0.669754122), ("actor", 0.400423148), ("partner", 0.287970497)] {
        rounds_to(of_term(&found, 0, term, "estimate"), estimate, 9);
    }
    rounds_to(of_term(&found, 0, "intercept", "standard_error"), 0.322438, 6);
    for term in ["actor", "partner"] {
        rounds_to(of_term(&found, 0, term, "standard_error"), 0.0473141438, 10);
        rounds_to(of_term(&found, 0, term, "degrees_of_freedom"), 273.058, 3);
    }
    rounds_to(quantity(&found, 0, "correlation"), 0.469341363, 8);
    rounds_to(quantity(&found, 0, "residual_sd"), 0.417365923, 9);
    rounds_to(quantity(&found, 0, "reml_criterion"), 296.718263, 6);
    rounds_to(quantity(&found, 0, "distinguishability_chi_square"), 7.27705, 5);
    rounds_to(quantity(&found, 0, "distinguishability_p_value"), 0.122, 3);
    // Nothing is asked: variances and the intraclass correlation.
    let found = folder.json(&of);
    rounds_to(of_term(&found, 0, "intraclass", "estimate"), 0.618470, 6);
    rounds_to(quantity(&found, 0, "mean_square_between"), 0.399682846, 9);
    rounds_to(quantity(&found, 0, "mean_square_within"), 0.0942192192, 9);
    rounds_to(quantity(&found, 0, "f"), 4.24205, 5);
    // The exact interval, from scipy's F quantiles: F(.975; 147, 148) and F(.025; 147, 148).
    rounds_to(of_term(&found, 0, "intraclass", "lower"), 0.508394, 5);
    rounds_to(of_term(&found, 0, "intraclass", "upper"), 0.708704, 5);
    // CR3 of the actor effect as an ordinary regression with the partner's value as a covariate.
    let both = ["--predictor", "OtherPos_A", "--covariates", "OtherPos_P", "--model", "mixed,regression"];
    let found = folder.json(&[&of[..], &both].concat());
    rounds_to(of_term(&found, 0, "asked", "estimate"), 0.400423148, 8);
    rounds_to(of_term(&found, 0, "asked", "degrees_of_freedom"), 273.058, 3);
    rounds_to(of_term(&found, 1, "asked", "standard_error"), 0.0510367291, 9);
}

#[test]
fn sleep_deprivation_as_published() {
    let folder = Folder::new("sleep");
    let file = data("sleepstudy.csv");
    let of = [&file as &str, "--outcome", "Reaction", "--time", "Days", "--model", "growth"];
    for who in ["--person", "--cluster"] {
        let found = folder.json(&[&of[..], &[who, "Subject"]].concat());
        rounds_to(of_term(&found, 0, "intercept", "estimate"), 251.405105, 6);
        rounds_to(of_term(&found, 0, "asked", "estimate"), 10.467286, 6);
        rounds_to(of_term(&found, 0, "asked", "standard_error"), 1.545790, 5);
        rounds_to(of_term(&found, 0, "asked", "degrees_of_freedom"), 17.0, 6);
        rounds_to(quantity(&found, 0, "slope_variance_Subject").sqrt(), 5.92214, 3);
        rounds_to(quantity(&found, 0, "reml_criterion"), 1743.628272, 6);
    }
}

#[test]
fn partners_who_contrast_are_not_clamped() {
    let folder = Folder::new("contrast");
    let file = data("goldA.csv");
    let of = [&file as &str, "--outcome", "y", "--treatment", "t", "--cluster", "dyad"];
    let found = folder.json(&[&of[..], &["--model", "icc,mixed,difference"]].concat());
    rounds_to(of_term(&found, 0, "intraclass", "estimate"), -0.874, 3);
    assert_eq!(quantity(&found, 0, "intraclass_clamped"), 0.0);
    rounds_to(of_term(&found, 1, "asked", "standard_error"), 0.120497, 6);
    rounds_to(of_term(&found, 1, "asked", "p_value"), 0.000712, 6);
    rounds_to(quantity(&found, 1, "intraclass_dyad"), -0.874, 3);
    rounds_to(of_term(&found, 1, "clamped", "standard_error"), 0.345765, 6);
    rounds_to(of_term(&found, 1, "clamped", "p_value"), 0.177, 3);
    // The catalogue's estimators say the same, one coefficient each.
    let found_by_id = folder.json(&[&of[..], &["--model", "mixed_dyad,mixed_dyad_clamped,intraclass"]].concat());
    for (model, (of_model, term)) in [(1, "asked"), (1, "clamped"), (0, "intraclass")].into_iter().enumerate() {
        assert_eq!(of_term(&found_by_id, model, "asked", "estimate"), of_term(&found, of_model, term, "estimate"));
        assert_eq!(
            of_term(&found_by_id, model, "asked", "standard_error"),
            of_term(&found, of_model, term, "standard_error")
        );
    }
    // CR2 on balanced dyads is the exact test.
    rounds_to(of_term(&found, 2, "asked", "standard_error"), 0.120497, 6);
    rounds_to(of_term(&found, 2, "asked", "p_value"), 0.000712, 6);
    let notes = found["models"][1]["notes"].to_string();
    assert!(notes.contains("2.87 times as large"), "{notes}");
}

#[test]
fn dyads_in_organizations_and_a_variance_at_the_boundary() {
    let folder = Folder::new("nested");
    let file = data("goldB.csv");
    let of = [&file as &str, "--outcome", "y", "--treatment", "t", "--cluster", "dyad", "--organization", "org"];
    let found = folder.json(&[&of[..], &["--covariates", "x", "--model", "mixed,ancova,ancova_cr3"]].concat());
    rounds_to(of_term(&found, 0, "asked", "degrees_of_freedom"), 9.98, 2);
    rounds_to(quantity(&found, 0, "satterthwaite_degrees_of_freedom"), 46.2, 1);
    rounds_to(quantity(&found, 0, "reml_criterion"), 322.742127, 6);
    assert!((quantity(&found, 0, "variance_dyad") - 0.661726).abs() < 1e-4);
    assert_eq!(quantity(&found, 0, "variance_org"), 0.0);
    let notes = found["models"][0]["notes"].to_string();
    assert!(notes.contains("Singular fit: the variance of the org is estimated at 0, the boundary"), "{notes}");
    // Whole organizations were treated: they are what is independent.
    assert_eq!(found["models"][1]["groups"], 12);
    assert!(found["models"][1]["notes"].to_string().contains("clustered by organization"));
    let classical = folder.json(&[&of[..], &["--model", "difference_ols"]].concat());
    assert!(!classical["models"][0]["notes"].to_string().contains("clustered by organization"));
}

/// The table of a file in another order of rows and with other labels of some columns: neither order nor names are kept.
fn disguised(csv: &str, labels: &[&str], round: u64) -> String {
    let mut lines = csv.lines();
    let header: Vec<String> = lines.next().unwrap().split(',').map(|name| name.trim_matches('"').to_owned()).collect();
    let mut rows: Vec<Vec<String>> = lines.map(|line| line.split(',').map(str::to_owned).collect()).collect();
    Stream::open(17, round, Purpose::Assignment, 0).shuffle(&mut rows);
    for row in &mut rows {
        for (name, cell) in header.iter().zip(row.iter_mut()) {
            if labels.contains(&name.as_str()) {
                let number: u64 = cell.trim_matches('"').parse().unwrap();
                *cell = format!("\"{} of {name}, ü\"", (number + 1) * 7_919 * (round + 3) % 10_007);
            }
        }
    }
    let rows = rows.iter().map(|row| row.join(",") + "\r\n");
    format!("\u{feff}{}\r\n{}", header.join(","), rows.collect::<String>())
}

/// Compares what is found of a table and of its disguises, bit for bit.
fn unmoved(name: &str, csv: &str, labels: &[&str], arguments: &[&str]) -> Value {
    let folder = Folder::new(name);
    let plain = folder.file("plain.csv", csv);
    let run = |file: &str| {
        let output = folder.run(&[&[file], arguments, &["--json"]].concat());
        let mut found: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)));
        found["file"] = Value::Null;
        // Which line is the first that is wrong is a matter of their order.
        for model in found["models"].as_array_mut().unwrap() {
            if model["failure"]["code"] == "outcome_not_binary" {
                assert!(model["failure"]["message"].as_str().unwrap().contains(".csv, line 2, column `"), "{model}");
                model["failure"]["message"] = Value::Null;
            }
        }
        found
    };
    let first = run(&plain);
    for round in 0..3 {
        let other = folder.file("other.csv", disguised(csv, labels, round));
        assert_eq!(first, run(&other), "{name}, disguise {round}");
    }
    first
}

/// Their rows are persons at several times.
const NEEDS_TIME: [Specification; 2] = [Specification::SteppedWedge, Specification::Growth];

#[test]
fn neither_order_of_rows_nor_labels_change_a_bit() {
    // Every estimator of the catalogue that suits an experiment, and every friendly model.
    let gold: String = fs::read_to_string(data("goldB.csv")).unwrap();
    let mut lines = gold.lines();
    let header = format!("{},happy\n", lines.next().unwrap());
    let happy = |line: &str| f64::from(u8::from(line.rsplit(',').next().unwrap().parse::<f64>().unwrap() > 0.3));
    let gold = header + &lines.map(|line| format!("{line},{}\n", happy(line))).collect::<String>();
    let ids: Vec<&str> = estimators::catalogue()
        .iter()
        .filter(|one| one.sample == Sample::Answered && !NEEDS_TIME.contains(&one.specification))
        .map(|one| one.id)
        .collect();
    let models = format!("{},mixed,icc,bootstrap,randomization", ids.join(","));
    let roles = ["--treatment", "t", "--cluster", "dyad", "--organization", "org", "--covariates", "x"];
    let all = [&roles[..], &["--outcome", "y", "--model", &models]].concat();
    let found = unmoved("experiment", &gold, &["dyad", "org"], &all);
    assert_eq!(found["models"].as_array().unwrap().len(), ids.len() + 4);
    let fitted = found["models"].as_array().unwrap().iter().filter(|one| one["failure"].is_null()).count();
    assert!(fitted > ids.len() / 2, "{fitted} of {}", ids.len());
    let found = unmoved(
        "logistic",
        &gold,
        &["dyad"],
        &["--outcome", "happy", "--treatment", "t", "--cluster", "dyad", "--covariates", "x", "--model", "logistic"],
    );
    assert!(found["models"][0]["failure"].is_null());
    // Clusters of one to nine rows, treated within some of them.
    let uneven = fs::read_to_string(data("uneven.csv")).unwrap();
    let roles = ["--outcome", "y", "--treatment", "t", "--cluster", "g", "--covariates", "x1,x2", "--items", "x1,x2,y"];
    let found = unmoved(
        "uneven",
        &uneven,
        &["g"],
        &[&roles[..], &["--model", "difference,ancova,mixed,icc,ancova_cr3,bootstrap,randomization"]].concat(),
    );
    assert_eq!(
        found["models"].as_array().unwrap().iter().filter(|one| !one["failure"].is_null()).count(),
        0,
        "{found:#}"
    );
    // Organizations that change one after the other: persons at four times.
    let mut wedge = "org,who,week,changed,y\n".to_owned();
    for (row, line) in gold.lines().skip(1).enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let (org, who, week) = (cells[0].parse::<usize>().unwrap(), row / 8 * 2 + row % 2, row % 8 / 2);
        wedge.push_str(&format!("{org},{who},{week},{},{}\n", u8::from(week > org % 3), cells[5]));
    }
    let roles = ["--outcome", "y", "--treatment", "changed", "--cluster", "who", "--organization", "org"];
    let model = ["--time", "week", "--model", "stepped_wedge_cr2"];
    let found = unmoved("wedge", &wedge, &["org", "who"], &[&roles[..], &model].concat());
    assert_eq!((&found["models"][0]["failure"], &found["models"][0]["groups"]), (&Value::Null, &Value::from(12)));
    // Repeated measures, and pairs.
    let sleep = fs::read_to_string(data("sleepstudy.csv")).unwrap();
    unmoved(
        "growth",
        &sleep,
        &["Subject"],
        &["--outcome", "Reaction", "--time", "Days", "--person", "Subject", "--model", "growth"],
    );
    let couples = fs::read_to_string(data("acipair.csv")).unwrap();
    let roles = ["--outcome", "Satisfaction_A", "--predictor", "OtherPos_A", "--cluster", "CoupleID"];
    unmoved(
        "pairs",
        &couples,
        &["CoupleID"],
        &[&roles[..], &["--model", "apim,regression,correlation,slope,icc,mixed"]].concat(),
    );
    unmoved("roles", &couples, &["CoupleID"], &[&roles[..], &["--model", "apim", "--member", "Partnum"]].concat());
}

/// The same table as Parquet, with integers, flags, text and nulls.
#[test]
fn parquet_in_and_parquet_out() {
    let folder = Folder::new("parquet");
    let table = Table {
        name: "trial",
        grain: "person".into(),
        columns: vec![
            Column::new("dyad", Kind::Integer, "index", "The dyad"),
            Column::new("arm", Kind::Text, "name", "The arm"),
            Column::new("treated", Kind::Flag, "yes or no", "The arm again"),
            Column::new("y", Kind::Real, "points", "The outcome"),
        ],
    };
    let gold = fs::read_to_string(data("goldA.csv")).unwrap();
    let rows: Vec<Vec<f64>> =
        gold.lines().skip(1).map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    let path = folder.0.join("trial.parquet");
    let mut writer = TableWriter::create(&path, &table).unwrap();
    let mut y: Vec<f64> = rows.iter().map(|row| row[3]).collect();
    y.push(f64::NAN);
    let dyads = rows.iter().map(|row| row[0] as u32).chain([99]).collect();
    let arms = rows.iter().map(|row| if row[2] == 1.0 { "training" } else { "talk" }).chain(["talk"]);
    let treated = rows.iter().map(|row| row[2] == 1.0).chain([false]).collect();
    writer.append(&[Values::Integer(dyads), Values::text(arms), Values::Flag(treated), Values::Real(y)]).unwrap();
    writer.finish().unwrap();
    let of = ["trial.parquet", "--outcome", "y", "--cluster", "dyad", "--model", "difference,mixed,icc"];
    let found =
        folder.json(&[&of[..], &["--treatment", "arm", "--treated", "training", "--out", "found.parquet"]].concat());
    let flags = folder.json(&[&of[..], &["--treatment", "treated"]].concat());
    let csv = data("goldA.csv");
    let plain = folder.json(&[&[&csv as &str], &of[1..], &["--treatment", "t"]].concat());
    for model in 0..3 {
        for (one, other) in [(&found, &plain), (&flags, &plain)] {
            assert_eq!(one["models"][model]["terms"][0]["estimate"], other["models"][model]["terms"][0]["estimate"]);
            assert_eq!(one["models"][model]["quantities"], other["models"][model]["quantities"]);
        }
    }
    assert_eq!(found["left_out"][0]["reason"], "`y` is missing");
    assert_eq!((found["rows"].as_u64(), found["analyzed"].as_u64()), (Some(49), Some(48)));

    let mut written = Vec::new();
    results::read(folder.0.join("found.parquet"), &["model", "term", "estimate", "p_value"], |batch| {
        for row in 0..batch.rows {
            let (model, term) = (batch.texts(0)[row].to_string(), batch.texts(1)[row].to_string());
            written.push((model, term, batch.reals(2)[row], batch.reals(3)[row]));
        }
    })
    .unwrap();
    let asked = written.iter().find(|(model, term, ..)| model == "mixed" && term == "asked").unwrap();
    assert_eq!(Some(asked.2), found["models"][1]["terms"][1]["estimate"].as_f64());
    assert_eq!(Some(asked.3), found["models"][1]["terms"][1]["p_value"].as_f64());
    assert!(written.iter().any(|(model, term, ..)| model == "effect size" && term == "hedges_g"));

    // Never half a file, never an existing one.
    let again = folder.refused(&[&of[..], &["--treatment", "treated", "--out", "found.parquet"]].concat());
    assert!(again.contains("exists already") && again.contains("--force"), "{again}");
    folder.json(&[&of[..], &["--treatment", "treated", "--out", "found.parquet", "--force"]].concat());
    assert!(
        folder.refused(&[&of[..], &["--treatment", "treated", "--out", "found.csv"]].concat()).contains(".parquet")
    );
    let nowhere = folder.run(&[&of[..], &["--treatment", "treated", "--out", "no/such/folder.parquet"]].concat());
    assert_eq!(nowhere.status.code(), Some(1));
    let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    folder.file("no.parquet", "y,t\n1,2\n");
    assert!(folder.refused(&["no.parquet", "--outcome", "y"]).contains("no whole Parquet file"));
}

const TRIAL: &str = "\
org,dyad,who,arm,week,y,age,sex
A,1,a,training,0,3.1,31,f
A,1,b,training,0,2.7,45,m
A,2,c,talk,0,2.0,28,f
A,2,d,talk,0,1.1,NA,m
B,3,e,training,0,3.9,51,f
B,3,f,training,0,NA,33,m
B,4,g,talk,0,1.4,39,f
B,4,h,talk,0,2.2,42,m
B,5,i,waiting,0,1.9,47,f
B,5,j,waiting,0,2.3,36,m
B,6,k,training,0,3.3,29,f
B,6,l,training,0,2.6,48,m
";

#[test]
fn labels_arms_missing_values_and_singletons() {
    let folder = Folder::new("labels");
    let file = folder.file("trial.csv", TRIAL);
    let of = [&file as &str, "--outcome", "y", "--treatment", "arm", "--cluster", "dyad"];
    let two = ["--treated", "training", "--reference", "talk"];
    let found = folder.json(&[&of[..], &two].concat());
    assert_eq!(found["analyzed"], 9);
    assert_eq!(
        found["left_out"].to_string(),
        r#"[{"reason":"`y` is missing","rows":1},{"reason":"another arm","rows":2}]"#
    );
    assert_eq!(found["clusters"]["sizes"].to_string(), r#"[{"clusters":4,"size":2},{"clusters":1,"size":1}]"#);
    assert_eq!(found["arms"]["treated_rows"], 5);
    // By hand: means of 5 and 4 rows.
    let difference = (3.1 + 2.7 + 3.9 + 3.3 + 2.6) / 5.0 - (2.0 + 1.1 + 1.4 + 2.2) / 4.0;
    assert!((of_term(&found, 0, "asked", "estimate") - difference).abs() < 1e-12);
    // Covariates cost rows, and a text covariate is an indicator.
    let found = folder.json(&[&of[..], &two, &["--covariates", "age,sex"]].concat());
    assert_eq!(found["left_out"][2]["reason"], "`age` is missing");
    assert_eq!(found["models"].as_array().unwrap().len(), 2);
    // A decimal comma, a code for missing values, another separator: the same numbers.
    let german = TRIAL.replace("NA", "-9").replace(',', ";").replace('.', ",");
    let german_file = folder.file("german.csv", german);
    let codes = ["--missing", "-9", "--covariates", "age,sex"];
    let again = folder.json(&[&[&german_file as &str], &of[1..], &two, &codes].concat());
    assert_eq!(again["models"], found["models"]);
    // One arm named of two: the other one follows.
    let two_arms = folder.file("two.csv", TRIAL.replace("waiting", "talk"));
    let one = folder.json(&[&[&two_arms as &str], &of[1..], &["--treated", "training"]].concat());
    let other = folder.json(&[&[&two_arms as &str], &of[1..], &["--reference", "talk"]].concat());
    assert_eq!(one, other);
    // Joined labels.
    folder.json(&[&file, "--outcome", "y", "--cluster", "org+dyad"]);
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_the_way_out() {
    let folder = Folder::new("wrong");
    folder.file("trial.csv", TRIAL);
    let says = |csv: &str, arguments: &[&str], expected: &[&str]| {
        folder.file("t.csv", csv);
        let said = folder.refused(&[&["t.csv"], arguments].concat());
        expected.iter().for_each(|words| assert!(said.contains(words), "{said}\nnot: {words}"));
    };
    let y = ["--outcome", "y", "--cluster", "dyad"];
    let with = |more: &[&'static str]| [&y[..], more].concat();
    says(
        TRIAL,
        &["--outcome", "Y", "--cluster", "dyad"],
        &["t.csv has no column `Y`", "Did you mean `y`?", "It has `org`"],
    );
    says(
        TRIAL,
        &with(&["--treatment", "arm"]),
        &["has 3 values: `talk`, `training` and `waiting`", "--treated and --reference"],
    );
    says(TRIAL, &with(&["--treatment", "arm", "--treated", "trainig"]), &["no such value", "Did you mean `training`?"]);
    says(
        &TRIAL.replace("waiting", "talk"),
        &with(&["--treatment", "arm"]),
        &["which of them is treated is not said", "--treated talk"],
    );
    says(&TRIAL.replace("A,1,b", "A,,b"), &y, &["line 3, column `dyad`: the cluster is missing"]);
    says(&TRIAL.replace("2.0", "two"), &y, &["line 4, column `y`: `two` is no number"]);
    says(&TRIAL.replace("2.0", "inf"), &y, &["line 4, column `y`: `inf`", "a finite number"]);
    says(
        &TRIAL.replace("A,2,d", "B,2,d"),
        &with(&["--organization", "org"]),
        &["cluster `2` is in two organizations: `A` (line 4) and `B` (line 5)", "--cluster org+dyad"],
    );
    let apim = with(&["--predictor", "age", "--model", "apim"]);
    says(&TRIAL.replace("A,2,c", "A,1,c"), &apim, &["`dyad` 1 has 3 members (line 2, line 3, line 4)", "one of pairs"]);
    says(TRIAL, &with(&["--predictor", "week", "--model", "apim"]), &["`week` is 0 in all 11 rows"]);
    says(TRIAL, &[&apim[..], &["--member", "org"]].concat(), &["both members of `dyad` 1 (line 2, line 3) are `A`"]);
    says(
        &TRIAL.replace("A,1,b", "A,1,a"),
        &with(&["--person", "who", "--time", "week", "--model", "growth"]),
        &["line 2 and line 3 are the same person (`who`) at the same time, 0"],
    );
    says(
        TRIAL,
        &with(&["--time", "week", "--model", "growth"]),
        &["same person (`dyad`) at the same time, 0", "--person"],
    );
    says(TRIAL, &with(&["--missing", "ages=99"]), &["no column `ages`", "Did you mean `age`?"]);
    says(TRIAL, &with(&["--covariates", "week"]), &["`week` is 0 in all 11 rows", "--covariates"]);
    says(TRIAL, &with(&["--covariates", "y"]), &["column `y` is named as outcome and as covariate"]);
    says(TRIAL, &with(&["--model", "diference"]), &["there is no model `diference`", "Did you mean `difference`?"]);
    says(TRIAL, &with(&["--model", "ancova"]), &["`ancova` needs a treatment", "--treatment COLUMN"]);
    says(TRIAL, &["--outcome", "y", "--model", "icc"], &["`icc` needs who belongs together", "--cluster"]);
    says(TRIAL, &["--cluster", "dyad"], &["no outcome is named"]);
    says("y,y,dyad\n1,2,3\n", &y, &["two columns `y`, the 1. and the 2."]);
    says("y,dyad\n", &y, &["no row of data"]);
    says("", &y, &["t.csv is empty"]);
    says("y,dyad\n1,2\n3\n", &y, &["line 3: 1 field(s) where the header has 2"]);
    says("y;dyad\n1,5;2\n1.234;3\n", &y, &["a decimal comma (line 2) and a decimal point (line 3)"]);
    says("y,dyad\nNA,1\n,2\n", &y, &["no row is complete", "`y` is missing in 2"]);
    says("y,dyad\n2,1\n2,1\n2,2\n", &y, &["`y` is 2 in all 3 rows"]);
    says("y,t,dyad\n2,1,1\n3,1,1\n2,1,2\n", &with(&["--treatment", "t"]), &["the treatment is `1` in every row"]);
    folder.file("latin.csv", b"y,dyad\n1,M\xfcller\n");
    assert!(folder.refused(&["latin.csv", "--outcome", "y"]).contains("line 2: the byte 0xFC is not UTF-8"));
    assert!(folder.refused(&["none.csv", "--outcome", "y"]).contains("cannot read none.csv"));
}

/// What cannot be fitted is said beside what can, and the exit code tells.
#[test]
fn a_model_that_cannot_be_fitted_does_not_hide_the_others() {
    let folder = Folder::new("failing");
    let csv = "y,t,dyad\n0,0,1\n0,0,1\n0,0,2\n1,0,2\n1,1,3\n1,1,3\n1,1,4\n1,1,4\n";
    let file = folder.file("t.csv", csv);
    let output = folder.run(&[
        &file,
        "--outcome",
        "y",
        "--treatment",
        "t",
        "--cluster",
        "dyad",
        "--model",
        "difference,logistic",
        "--json",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(found["models"][0]["failure"].is_null());
    assert_eq!(found["models"][1]["failure"]["code"], "separation");
    let shown = folder.run(&[&file, "--outcome", "y", "--treatment", "t", "--cluster", "dyad", "--model", "logistic"]);
    assert!(text(&shown.stdout).contains("could not be fitted: the columns tell ones from zeros without error"));
}

#[test]
fn the_screen_has_what_a_reader_needs_at_any_width() {
    let folder = Folder::new("screen");
    let file = data("goldB.csv");
    for columns in [40, 80, 120] {
        let output = Command::new(env!("CARGO_BIN_EXE_peerlab"))
            .args([
                "analyze",
                &file,
                "--outcome",
                "y",
                "--treatment",
                "t",
                "--cluster",
                "dyad",
                "--organization",
                "org",
            ])
            .args(["--covariates", "x", "--model", "difference,mixed,icc,ancova_bootstrap", "--confidence", "0.9"])
            .env("COLUMNS", columns.to_string())
            .current_dir(&folder.0)
            .output()
            .unwrap();
        let shown = text(&output.stdout);
        let path = shown.lines().next().unwrap();
        for line in shown.lines().filter(|line| *line != path) {
            assert!(line.chars().count() <= columns.min(100), "{columns}: {line}");
        }
        let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        for expected in [
            "96 rows, all analyzed, in 48 clusters (`dyad`) of 2",
            "90 % interval",
            "Hedges' g",
            "Singular fit",
            ".9284",
        ] {
            assert!(words.contains(expected), "{columns}: no {expected} in\n{shown}");
        }
    }
}
