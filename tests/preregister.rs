//! Preregistrations of every built-in study: whole, in the form's sections, and honest about what is assumed or unknown.
#![cfg(feature = "app")]

use std::fs;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use peerlab::inquiry::own_data::against::simulate;
use peerlab::report::preregistration::{Material, SECTIONS, preregistration};
use peerlab::scenario::builtin;
use peerlab::study::declaration::Allocation;
use peerlab::study::plan::Plan;

fn written(plan: &Plan, replications: u64) -> String {
    let all: Vec<usize> = (0..plan.study.hypotheses.len()).collect();
    let simulated = simulate(plan, replications, &all, 0, &AtomicBool::new(false), |_| ()).unwrap();
    preregistration(&Material { plan, simulated: &simulated, replications, command: "peerlab preregister" })
}

/// The texts under the headings of the third level, in order.
fn answers(text: &str) -> Vec<(String, String)> {
    let parts = text.split("\n### ").skip(1);
    let split = |part: &str| {
        let (question, rest) = part.split_once('\n').unwrap();
        (question.to_owned(), rest.split("\n## ").next().unwrap().trim().to_owned())
    };
    parts.map(split).collect()
}

#[test]
fn every_study_fills_every_section() {
    let questions: Vec<&str> = SECTIONS.iter().flat_map(|(_, questions)| questions.iter().copied()).collect();
    for one in builtin::list() {
        let plan = Plan::new(one.read(&[]).unwrap().study).unwrap();
        let text = written(&plan, 6);
        let found = answers(&text);
        assert!(found.iter().map(|(question, _)| question.as_str()).eq(questions.iter().copied()), "{}", one.id);
        for (question, answer) in &found {
            assert!(answer.len() > 10, "{}, {question}: {answer:?}", one.id);
            let balanced = answer.matches('[').count() == answer.matches(']').count();
            assert!(balanced, "{}, {question}: {answer}", one.id);
        }
        for wrong in ["NaN", "inf ", "-inf ", "None}", "Some(", "{}", "  ", "..", " ,", ";;", "\n\n\n"] {
            let at = text.find(wrong);
            assert!(
                at.is_none(),
                "{}: {wrong:?} in {:?}",
                one.id,
                &text[at.unwrap().saturating_sub(80)..at.unwrap() + wrong.len()]
            );
        }
        let answer = |wanted: &str| found.iter().find(|(question, _)| question == wanted).unwrap().1.clone();
        for hypothesis in &plan.study.hypotheses {
            for question in ["Hypotheses", "Statistical models", "Sample size rationale"] {
                assert!(answer(question).contains(&hypothesis.id), "{}, {question}: {}", one.id, hypothesis.id);
            }
        }
        for scale in &plan.scales {
            let meaning = scale.about.meaning;
            assert!(answer("Measured variables").contains(meaning), "{}: {meaning}", one.id);
        }
        // What a number of the simulation stands for is said where it stands, and what only the researcher knows is open.
        for question in ["Sample size rationale", "Measured variables", "Other"] {
            assert!(answer(question).contains("assumed"), "{}, {question}", one.id);
        }
        assert!(answer("Contributors").starts_with('['));
        let experiment = answer("Study type").starts_with("Experiment");
        let drawn = !matches!(plan.study.design.allocation, Allocation::None | Allocation::SelfSelected);
        assert_eq!(experiment, drawn, "{}", one.id);
    }
}

/// The power in the document is the share of the simulated experiments, whoever computes it.
#[test]
fn power_is_that_of_the_simulated_experiments() {
    let plan = Plan::new(builtin::find("listening-training").unwrap().read(&[]).unwrap().study).unwrap();
    let simulated = simulate(&plan, 40, &[0], 2, &AtomicBool::new(false), |_| ()).unwrap();
    let planned = &simulated[0];
    let both = || planned.estimates.iter().zip(&planned.corrected).filter(|((value, _), _)| *value > 0.0);
    let alone = both().filter(|((_, significant), _)| *significant).count();
    let corrected = both().filter(|(_, significant)| **significant).count();
    assert!(0 < corrected && corrected < alone, "{corrected} {alone}: the two cannot be told apart");
    let text = written(&plan, 40);
    // What decides comes first.
    let percent = |count: usize| format!("| {} % (", (100.0 * count as f64 / 40.0).round());
    let line = text.lines().find(|line| line.starts_with("| H1 |")).unwrap();
    let (first, second) = (line.find(&percent(corrected)), line.find(&percent(alone)));
    assert!(first.is_some() && first < second, "{line}");
    assert!(
        text.contains("| power, p corrected by Holm | power, p as it is |")
            && text.contains("the corrected p is the one that decides")
    );
}

/// An interval wider than the smallest effect cannot show that there is none, and the document says of which hypotheses.
#[test]
fn what_this_size_cannot_show_is_said() {
    let plan = Plan::new(builtin::find("listening-training").unwrap().read(&[]).unwrap().study).unwrap();
    let found = answers(&written(&plan, 40));
    let criteria = found.iter().find(|(question, _)| question == "Inference criteria").unwrap().1.replace('\n', " ");
    assert!(criteria.contains("evidence of none cannot be expected of H1"), "{criteria}");
    assert!(criteria.contains("Else, with 0 and more than the smallest effect in it: inconclusive."), "{criteria}");
    let rationale =
        found.iter().find(|(question, _)| question == "Sample size rationale").unwrap().1.replace('\n', " ");
    assert!(rationale.contains("`peerlab power listening-training --alpha 0.01`: of 5 p-values"), "{rationale}");
}

/// One hypothesis has one power.
#[test]
fn nothing_is_corrected_for_one_hypothesis() {
    let mut study = builtin::find("listening-training").unwrap().read(&[]).unwrap().study;
    study.hypotheses.truncate(1);
    let text = written(&Plan::new(study).unwrap(), 5);
    assert!(
        text.contains("| power | smallest effect of interest | power at it | half width") && !text.contains("Holm"),
        "{text}"
    );
}

/// In what an effect is, is said of every kind that the study has.
#[test]
fn the_unit_of_effects_is_that_of_their_estimators() {
    let rationale = |id: &str| {
        let plan = Plan::new(builtin::find(id).unwrap().read(&[]).unwrap().study).unwrap();
        let found = answers(&written(&plan, 3));
        found.into_iter().find(|(question, _)| question == "Sample size rationale").unwrap().1.replace('\n', " ")
    };
    let longitudinal = rationale("listening-training-longitudinal");
    let wanted = "as measured; those of H9 are in the unit of the outcome's score per week; ";
    assert!(longitudinal.contains(wanted), "{longitudinal}");
    assert!(longitudinal.contains("those of H8 are correlations, without a unit."), "{longitudinal}");
    assert!(rationale("listening-training").contains("as measured; those of H5 are differences in log odds."));
}

#[test]
fn the_binary_writes_a_file_once() {
    let file = std::env::temp_dir().join(format!("peerlab-preregister-{}.md", std::process::id()));
    let _ = fs::remove_file(&file);
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peerlab"));
        command.args(["preregister", "listening-training", "--set", "population.dyads=20", "--replications", "5"]);
        command.arg("--out").arg(&file).args(more).output().unwrap()
    };
    let first = run(&[]);
    assert_eq!(first.status.code(), Some(0), "{}", String::from_utf8_lossy(&first.stderr));
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with("# Preregistration: ") && text.contains("--set population.dyads=20"), "{text}");
    let second = run(&[]);
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("--force"));
    assert_eq!(run(&["--force"]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), text.replace(".md`.", ".md --force`."));
    let _ = fs::remove_file(&file);
}
