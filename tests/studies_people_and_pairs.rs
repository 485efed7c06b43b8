//! What is special in each study of people and pairs is really at work, through states: cut it, and what it did is gone.

use peerlab::model::lanes::Instructions;
use peerlab::model::outcomes;
use peerlab::scenario::builtin;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;

fn plan(id: &str, overrides: &[&str]) -> Plan {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    Plan::new(builtin::find(id).unwrap().read(&overrides).unwrap().study).unwrap()
}

fn run(plan: &Plan, count: u64) -> Vec<Replication> {
    (0..count).map(|number| replicate(plan, number, Record::Waves, Instructions::Widest)).collect()
}

/// Mean and Monte Carlo standard error of the true effect of a hypothesis.
fn effect(plan: &Plan, hypothesis: &str, count: u64) -> (f64, f64) {
    let index = plan.study.hypotheses.iter().position(|one| one.id == hypothesis).unwrap();
    let of = |replication: &Replication| {
        replication.answers.iter().find(|answer| answer.hypothesis == index).map(|answer| answer.effect.total).unwrap()
    };
    let values: Vec<f64> = run(plan, count).iter().map(of).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// An outcome at the end, of the persons of one arm of the observed world.
fn ends(plan: &Plan, arm: &str, outcome: &str, count: u64) -> Vec<f64> {
    let arm = plan.study.arms.iter().position(|one| one.name == arm).unwrap();
    let outcome = outcomes::find(outcome).unwrap();
    let of = |replication: &Replication| {
        let persons = replication.individuals.iter().filter(|person| person.arm == arm);
        persons.map(|person| person.after[outcome]).collect::<Vec<f64>>()
    };
    run(plan, count).iter().flat_map(of).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// An assessment that corrects nothing, hurts nobody and makes nobody reflect is a talk: to the bit, in every outcome.
#[test]
fn an_assessment_without_its_mechanism_is_a_talk() {
    let cut = plan(
        "self-awareness",
        &[
            "theory.assessment.correction=0",
            "theory.assessment.hurt=0",
            "theory.assessment.esteem_gain=0",
            "theory.assessment.reflection=0",
            "theory.assessment.firmness=0",
        ],
    );
    for replication in run(&cut, 3) {
        for answer in &replication.answers {
            let hypothesis = &cut.study.hypotheses[answer.hypothesis];
            // Two hypotheses compare with the training.
            if !["H4", "H5"].contains(&hypothesis.id.as_str()) {
                assert_eq!(answer.effect.total, 0.0, "{}", hypothesis.id);
            } else {
                assert_ne!(answer.effect.total, 0.0, "{}: the training is still there", hypothesis.id);
            }
        }
    }
    let whole = plan("self-awareness", &[]);
    assert!(run(&whole, 3).iter().all(|replication| replication.answers.iter().all(|one| one.effect.total != 0.0)));
}

/// The strain a week after the report is the hurt's: without it less than a tenth is left (what people then do in their
/// first meeting). Without correction there is no gain in self-awareness but what reflection gives. 20 replications.
#[test]
fn the_harm_of_a_report_is_its_hurt_and_its_use_the_correction() {
    let (strain, error) = effect(&plan("self-awareness", &[]), "H6", 20);
    let (left, _) = effect(&plan("self-awareness", &["theory.assessment.hurt=0"]), "H6", 20);
    println!("strain {strain} ({error}), without hurt {left}");
    assert!(strain > 0.05 + 4.0 * error && left.abs() < 0.1 * strain);
    let (aware, error) = effect(&plan("self-awareness", &[]), "H1", 20);
    let (reflection, _) = effect(&plan("self-awareness", &["theory.assessment.correction=0"]), "H1", 20);
    println!("awareness {aware} ({error}), without correction {reflection}");
    assert!(aware - reflection > 4.0 * error);
}

/// With the coupling from skill cut, training in active listening teaches nobody anything: the mean of 60 experiments'
/// estimates is within four of its Monte Carlo errors of zero, and the true effect is below a hundredth of the whole. What is
/// left of it takes another arrow: training raises empathy too, and with it the emotional competence that buffers bad turns.
#[test]
fn training_acts_through_the_coupling_from_skill() {
    for (id, hypothesis) in [("listening-training", "H1"), ("listening-training-longitudinal", "H4")] {
        let cut = plan(id, &["coupling.person_to_dyad.skill=0"]);
        let ((whole, error), (left, _)) = (effect(&plan(id, &[]), hypothesis, 60), effect(&cut, hypothesis, 60));
        let index = cut.study.hypotheses.iter().position(|one| one.id == hypothesis).unwrap();
        let estimates: Vec<f64> = run(&cut, 60)
            .iter()
            .flat_map(|replication| replication.answers.iter().find(|answer| answer.hypothesis == index))
            .map(|answer| answer.result.as_ref().unwrap().estimate)
            .collect();
        let middle = mean(&estimates);
        let spread = estimates.iter().map(|value| (value - middle) * (value - middle)).sum::<f64>() / 59.0;
        let monte_carlo = (spread / 60.0).sqrt();
        println!("{id}: {whole} ({error}), cut {left}, estimated {middle} ({monte_carlo})");
        assert!(whole > 0.04 + 4.0 * error);
        assert!(left.abs() < 0.01 * whole && middle.abs() < 4.0 * monte_carlo);
    }
}

/// Skill without meetings decays: with no decay the trained are as far ahead after two years as the training put them, or
/// further; with the default they are not.
#[test]
fn what_training_added_decays_over_two_years() {
    let lasting = plan("listening-training-longitudinal", &["theory.practice.decay=0"]);
    let fading = plan("listening-training-longitudinal", &[]);
    let ((kept, _), (left, error)) = (effect(&lasting, "H3", 20), effect(&fading, "H3", 20));
    println!("kept {kept}, left {left} ({error})");
    assert!(kept > 0.75 && left < 0.5 * kept && left > 4.0 * error);
}

/// A facilitator whose work moves no state changes no scale of the connection, to the bit; a dose of half does less than all.
#[test]
fn facilitation_without_its_gains_changes_no_connection() {
    let gains = ["holding", "familiarity", "engagement", "realism"].map(|g| format!("theory.facilitation.{g}=0"));
    let cut = plan("high-quality-connections", &gains.each_ref().map(String::as_str));
    for replication in run(&cut, 3) {
        // The last two hypotheses ask how success goes with the match, and not what facilitation does.
        let contrasts = replication.answers.iter().filter(|answer| answer.hypothesis < 7);
        assert!(contrasts.count() >= 7);
        assert!(replication.answers.iter().all(|answer| (answer.effect.total == 0.0) == (answer.hypothesis < 7)));
    }
    let (whole, error) = effect(&plan("high-quality-connections", &[]), "H1", 40);
    let (half, _) =
        effect(&plan("high-quality-connections", &["arm.facilitated.facilitation.connections.dose=0.5"]), "H1", 40);
    println!("carrying capacity {whole} ({error}), half the dose {half}");
    assert!(whole > 4.0 * error && half < whole);
}

/// Whoever stops before the third step has no habit and never meets again; of those who went through all three some do.
#[test]
fn stopping_early_leaves_no_habit() {
    let study = plan("three-steps", &[]);
    for arm in ["stop after step 1", "stop after step 2"] {
        assert!(ends(&study, arm, "habit", 3).iter().all(|habit| *habit == 0.0), "{arm}");
    }
    assert!(mean(&ends(&study, "three steps", "habit", 3)) > 0.01);
    // Without the habit, stopping after the second step changes nothing at all.
    let without = plan("three-steps", &["mechanism.habit=0"]);
    for id in ["H6", "H7"] {
        assert_eq!(effect(&without, id, 3).0, 0.0, "{id}");
    }
    assert!(effect(&study, "H6", 3).0 > 0.0 && effect(&study, "H7", 3).0 > 0.0);
    // What is learned elsewhere without a carry-over is only what meetings leave time for: less, not more.
    assert!(effect(&plan("three-steps", &["theory.steps.carry_over=0"]), "H7", 3).0 < 0.0);
}

/// Each arm has its own calendar: a workshop of a day is one meeting at most, two years are up to a hundred and four.
#[test]
fn programs_of_different_lengths_run_side_by_side() {
    let study = plan("three-steps-length", &[]);
    assert_eq!(study.weeks, 130);
    let weeks: Vec<_> = study.study.arms.iter().map(|arm| (arm.program.weeks, arm.program.follow_up_weeks)).collect();
    assert_eq!(weeks, [(12, 118), (1, 129), (104, 26)]);
    let meetings = |arm| ends(&study, arm, "meetings", 3);
    let workshop = meetings("one-day workshop");
    assert!(workshop.iter().all(|count| *count <= 1.0) && mean(&workshop) > 0.5);
    let (short, long) = (mean(&meetings("twelve weeks")), mean(&meetings("two years")));
    println!("meetings: {short} in twelve weeks, {long} in two years");
    assert!(short > 5.0 && long > 3.0 * short && long < 104.0);
    assert!(ends(&study, "one-day workshop", "habit", 3).iter().all(|habit| *habit == 0.0));
}
