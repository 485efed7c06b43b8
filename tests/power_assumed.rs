//! `peerlab power --assume`, the binary end to end: a scholar's own numbers, by formula and by simulation.
#![cfg(feature = "app")]

use std::process::{Command, Output};

use serde_json::Value;

fn peerlab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_peerlab")).args(arguments).env("COLUMNS", "80").output().expect("the binary runs")
}

fn answer(arguments: &[&str]) -> Value {
    let output = peerlab(&[&["power", "--json", "--assume"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn size(answer: &Value, way: usize) -> f64 {
    answer["answer"]["needed"][way]["answer"]["size"].as_f64().expect("a size")
}

/// The published case: .7948 at 98 dyads, .8029 at 100; the simulation finds it within two dyads.
#[test]
fn a_hundred_dyads_by_formula_and_by_simulation() {
    let found = answer(&["effect=0.5,icc=0.3,reliability=0.8", "--over", "clusters=20..400"]);
    assert_eq!(size(&found, 0), 100.0);
    assert!((size(&found, 1) - 100.0).abs() <= 2.0, "{}", found["answer"]["needed"]);
    let [formula, simulated] = [0, 1].map(|way| found["answer"]["sized"][way].clone());
    assert!((formula["power"].as_f64().unwrap() - 0.8029).abs() < 5e-5);
    // Five Monte Carlo standard errors of 10,000 replications.
    let number = |key: &str| (simulated[key].as_f64().unwrap(), formula[key].as_f64().unwrap());
    for (key, error) in
        [("power", 0.02), ("coverage", 0.011), ("type_s", 0.001), ("type_m", 0.02), ("standard_error", 0.002)]
    {
        let (one, other) = number(key);
        assert!((one - other).abs() < error, "{key}: {one} {other}");
    }
    // Half an effect of .498 has the power of .05 and more; the detectable effect is that of power .8 at 100 dyads.
    let (one, other) = number("detectable");
    assert!((other - 0.498).abs() < 0.001 && (one - other).abs() < 0.02, "{one} {other}");
    assert_eq!(found["assumed"]["size"], "2");
}

/// Power in other designs: formula and simulation agree wherever the estimator suits the design.
#[test]
fn the_formula_holds_in_other_designs() {
    for (written, at, estimator) in [
        ("effect=0.5,icc=0.3,reliability=0.8,attrition=0.1", "60", "difference_cr2"),
        ("effect=0.5,icc=-0.4,reliability=0.8", "30", "difference_cr2"),
        ("effect=0.4,icc=0.3,reliability=0.8,assignment=within", "60", "difference_cr2"),
        ("effect=0.5,icc=0.3,reliability=0.8,baseline=0.6", "60", "ancova_cr2"),
        ("effect=0.5,icc=0.2,size=5,attrition=0.2,lost=person", "40", "difference_cr2"),
        ("effect=0.5,icc=0.3,leaving=0.3,kept=0.5", "80", "difference_cr2"),
    ] {
        let found = answer(&[
            written,
            "--over",
            "clusters=20..200",
            "--at",
            at,
            "--estimator",
            estimator,
            "--replications",
            "5000",
        ]);
        let power = [0, 1].map(|way| found["answer"]["sized"][way]["power"].as_f64().unwrap());
        // Four Monte Carlo standard errors of 5,000 replications at a power of one half, .028; the formulas are approximations.
        assert!((power[0] - power[1]).abs() < 0.033, "{written}: {power:?}");
    }
    let found = answer(&[
        "effect=0.6,icc=0.3,organization_icc=0.1,organizations=12,clusters_per_organization=5,assignment=organization",
        "--replications",
        "5000",
    ]);
    assert_eq!(found["over"]["key"], "organizations");
    assert!((size(&found, 0) - size(&found, 1)).abs() <= 2.0, "{}", found["answer"]["needed"]);
    // With a baseline and estimators of both kinds there are two formulas.
    let found = answer(&[
        "effect=0.5,icc=0.3,baseline=0.5",
        "--over",
        "clusters=40..120",
        "--estimator",
        "difference_cr2,mixed_dyad",
        "--replications",
        "2000",
    ]);
    let ways: Vec<&str> =
        found["answer"]["sized"].as_array().unwrap().iter().map(|one| one["way"].as_str().unwrap()).collect();
    assert_eq!(ways, ["formula", "formula_ancova", "difference_cr2", "mixed_dyad"]);
    assert!(size(&found, 1) < size(&found, 0));
}

#[test]
fn the_same_seed_gives_the_same_answer_whatever_the_threads() {
    let run = |threads: &str| answer(&["effect=0.8,icc=0.2", "--replications", "2000", "--threads", threads]);
    assert_eq!(run("1"), run("3"));
}

#[test]
fn what_power_does_not_reach_is_said_and_no_end_of_the_range_is_an_answer() {
    let found = answer(&["effect=0.1,icc=0.3", "--over", "clusters=20..100", "--replications", "2000"]);
    for way in 0..2 {
        assert_eq!(found["answer"]["needed"][way]["answer"]["kind"], "nowhere", "{found}");
    }
    let output =
        peerlab(&["power", "--assume", "effect=0.5,icc=0.3", "--over", "clusters=20..60", "--replications", "2000"]);
    let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.matches("The answer lies above 60, if anywhere.").count() == 2, "{text}");
    assert!(text.contains("by the curve through these sizes"), "{text}");
    // More clusters do not help where organizations are few.
    let written = "effect=0.3,icc=0.5,organization_icc=0.4,organizations=6,assignment=organization";
    let output = peerlab(&["power", "--assume", written, "--over", "clusters=12..600", "--replications", "2000"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("no value from 12 to 600 gives power 0.8"), "{text}");
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        joined.contains("By formula 6 organizations give power 0.0") && joined.contains("look along organizations"),
        "{text}"
    );
    assert!(!text.contains("if anywhere"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
}

/// So few clusters that the simulation cannot see the formula's rise: what lies beyond the range is said all the same.
#[test]
fn a_rise_too_small_for_the_replications_is_not_called_flat_alone() {
    let output = peerlab(&[
        "power",
        "--assume",
        "effect=0.4,icc=0.3,size=2",
        "--over",
        "clusters=6..9",
        "--replications",
        "2000",
    ]);
    let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("flat as far as these replications can tell"), "{text}");
    assert!(
        text.contains("By formula it goes from 0.0") && text.matches("The answer lies above 9").count() == 2,
        "{text}"
    );
}

/// What can be detected is said on the scale on which the effect was stated: put in again it has that power.
#[test]
fn a_detectable_effect_put_in_again_has_its_power() {
    let with = |effect: &str| {
        let written = format!("effect={effect},icc=0.3,leaving=0.4,kept=0");
        answer(&[&written, "--over", "clusters=50..400", "--at", "250", "--replications", "2000"])
    };
    let first = with("0.5");
    let sized = |found: &Value, way: usize, key: &str| found["answer"]["sized"][way][key].as_f64().unwrap();
    for way in 0..2 {
        let again = with(&sized(&first, way, "detectable").to_string());
        let margin = if way == 0 { 1e-6 } else { 0.04 };
        assert!((sized(&again, way, "power") - 0.8).abs() < margin, "{way}: {again:#}");
    }
    let output = peerlab(&[
        "power",
        "--assume",
        "effect=0.5,icc=0.3,leaving=0.4,kept=0",
        "--over",
        "clusters=50..60",
        "--replications",
        "500",
    ]);
    let text = String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("the effect of being assigned is 0.300 SD of the construct: that is what is tested"),
        "{text}"
    );
}

#[test]
fn without_an_effect_the_highest_share_of_false_alarms_is_no_answer() {
    let written = "effect=0,icc=0.3";
    let output = peerlab(&["power", "--assume", written, "--over", "clusters=20..40", "--replications", "500"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("There is no effect to find"), "{text}");
    assert!(!text.contains("the most is"), "{text}");
}

#[test]
fn impossible_numbers_are_refused_in_words() {
    for (arguments, said) in [
        (&["effect=0.5,icc=-0.6,size=4"][..], "icc is -0.6, but 4 members of a cluster"),
        (&["effect=0.5,reliability=0"], "reliability is 0: it must lie above 0 and up to 1"),
        (&["effect=0.5,reliability=1.2"], "reliability is 1.2"),
        (&["effect=0.5,attrition=1"], "attrition is 1: it must lie from 0 to below 1"),
        (&["effect=0.5,icc=-1"], "does not vary at all"),
        (&["efect=0.5"], "did you mean `effect`?"),
        (&["effect=half"], "effect is `half`: expected a number"),
        (&["effect=0"], "not even 20000 clusters give power 0.8"),
        (&["effect=0.5,assignment=organization"], "say how many clusters each has"),
        (
            &["effect=0.5,assignment=organization,organizations=12,clusters_per_organization=5"],
            "how alike persons of one organization are is not assumed",
        ),
        (&["effect=0.5", "--over", "clusters=2.5..10"], "is a whole number, and 2.5 is none"),
        (&["effect=0.5", "--over", "clusters=2..10"], "4 are the least"),
        (&["effect=0.5", "--over", "assignment=1..2"], "`assignment` is no number"),
        (&["effect=0.5", "--over", "dyads=20..100"], "`dyads` cannot be assumed"),
        (&["effect=0.5", "--estimator", "ancova_cr2"], "`ancova_cr2` needs a baseline"),
        (&["effect=0.5", "--estimator", "difference_cr9"], "there is no estimator `difference_cr9`"),
        (&["effect=0.5", "--estimator", "slope_cr2"], "`slope_cr2` does not compare two arms"),
    ] {
        let output = peerlab(&[&["power", "--assume"], arguments].concat());
        let text = String::from_utf8_lossy(&output.stderr).replace('\n', " ");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
        assert!(output.stdout.is_empty());
    }
}
