//! The truth of a replication: what the worlds that nobody can see say of the one that a researcher sees.

use peerlab::model::lanes::Instructions;
use peerlab::scenario::{builtin, read};
use peerlab::study::analysis::Answer;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;

fn plan(overrides: &[&str]) -> Plan {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    Plan::new(builtin::find("listening-training").unwrap().read(&overrides).unwrap().study).unwrap()
}

fn study(text: &str) -> Plan {
    match read(text, "test.toml", &[]) {
        Ok(scenario) => Plan::new(scenario.study).unwrap(),
        Err(problems) => panic!("{problems:?}"),
    }
}

fn run(plan: &Plan, count: u64) -> Vec<Replication> {
    (0..count).map(|number| replicate(plan, number, Record::Waves, Instructions::Widest)).collect()
}

const CUT: [&str; 4] = [
    "coupling.dyad_to_organization.episodes=0",
    "coupling.dyad_to_organization.helping=0",
    "coupling.dyad_to_organization.exit=0",
    "coupling.person_to_organization.composition=0",
];

fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[test]
fn at_dose_zero_there_is_exactly_no_effect() {
    let plan = plan(&["arm.\"listening training\".training.active_listening.dose=0", "population.dyads=20"]);
    for replication in run(&plan, 5) {
        for answer in &replication.answers {
            let effect = answer.effect;
            assert_eq!([effect.total, effect.direct, effect.spill_over], [0.0; 3]);
            assert_ne!(effect.sample, 0.0, "chance imbalance of the sample is no effect, and is there");
        }
    }
}

#[test]
fn without_the_arrows_through_the_organization_nothing_spills_over() {
    let cut = plan(&CUT);
    let open = plan(&[]);
    for (cut, open) in run(&cut, 4).iter().zip(run(&open, 4)) {
        // By dyad, no treated person touches a control but through the organization.
        assert!(cut.answers.iter().all(|answer| answer.effect.spill_over == 0.0));
        assert!(open.answers.iter().any(|answer| answer.effect.spill_over != 0.0));
        assert!(cut.answers.iter().all(|answer| answer.effect.total != 0.0));
    }
}

/// A person-level design in which every dyad may hold both arms: the controls' partners are trained.
#[test]
fn a_contaminated_design_shows_it() {
    let mut overrides = CUT.to_vec();
    overrides.push("design.unit=person");
    let plan = plan(&overrides);
    let replications = run(&plan, 30);
    let of = |f: fn(&peerlab::study::estimand::Effect) -> f64| {
        mean(replications.iter().map(|replication| f(&replication.answers[0].effect)))
    };
    let (spill_over, spill_error) = of(|effect| effect.spill_over);
    let (direct, _) = of(|effect| effect.direct);
    let (total, _) = of(|effect| effect.total);
    assert!(spill_over > 4.0 * spill_error, "controls learn from trained partners: {spill_over} ± {spill_error}");
    // What is trained is listening, which helps the partner: most of the total effect goes to the other arm.
    assert!(direct < 0.8 * total, "direct {direct}, total {total}");
}

/// Over replications the contrast in the sample has the same mean as the direct effect: random assignment is fair. Four
/// standard errors.
#[test]
fn the_estimand_is_the_designs_own_contrast() {
    let plan = plan(&["population.dyads=30"]);
    let replications = run(&plan, 120);
    for hypothesis in 0..4 {
        let pick = |replication: &Replication| {
            replication.answers.iter().find(|answer| answer.hypothesis == hypothesis).unwrap().effect
        };
        let (difference, error) = mean(replications.iter().map(|r| pick(r).sample - pick(r).direct));
        assert!(difference.abs() < 4.0 * error, "hypothesis {hypothesis}: {difference} ± {error}");
    }
}

#[test]
fn the_observed_world_of_one_arm_is_that_arms_own_world() {
    // All dyads but one in one arm, and nothing spills over: the observed treated live as if everyone were treated.
    let mut overrides = CUT.to_vec();
    overrides.extend([
        "population.dyads=20",
        "arm.\"listening training\".share=0.95",
        "arm.\"benefits talk\".share=0.05",
    ]);
    let plan = plan(&overrides);
    for replication in run(&plan, 3) {
        let observed = replication.summaries.iter().find(|s| s.everyone.is_none() && s.arm == 1).unwrap();
        assert_eq!(observed.persons, 38.0);
        let total = replication.answers[0].effect.total;
        let direct = replication.answers[0].effect.direct;
        assert!((total - direct).abs() < 0.15, "{total} {direct}");
    }
}

const NONE: &str = r#"
id = "none"
title = "Coaching against none"
[population]
dyads = 40
[organization]
count = 4
spread = 0.1
[program]
kind = "formal"
weeks = 12
[design]
unit = "organization"
[[arm]]
name = "nothing"
control = true
program = { kind = "none" }
[[arm]]
name = "coaching"
[measurement]
waves = [0, 6, 12]
attrition = 0.02
non_response = 0.05
scale_points = 7
[[hypothesis]]
id = "H"
statement = "Coached persons learn more"
outcome = "learning_personal"
score = "change"
contrast = ["coaching", "nothing"]
expect = "greater"
estimator = ["difference_cr2", "difference_ols"]
[monte_carlo]
replications = 10
seed = 3
"#;

#[test]
fn organizations_can_be_assigned_and_an_arm_may_have_no_program() {
    let plan = study(NONE);
    for replication in run(&plan, 10) {
        for organization in 0..4 {
            let arms: Vec<usize> = (0..80)
                .filter(|p| plan.organization_of_dyad[p / 2] == organization)
                .map(|p| replication.arms[p])
                .collect();
            assert!(arms.iter().all(|arm| *arm == arms[0]), "an organization has one arm");
        }
        let count = |arm: usize, name: &str| {
            let at = peerlab::study::observation::COUNTS.iter().position(|(n, _)| *n == name).unwrap();
            replication.summaries.iter().find(|s| s.everyone == Some(arm)).unwrap().counts[at]
        };
        assert_eq!(count(0, "turns"), 0.0);
        assert!(count(1, "turns") > 300.0);
        assert!(replication.answers[0].effect.total > 0.0);
    }
}

#[test]
fn people_leave_the_panel_and_the_truth_does_not() {
    let plan = study(NONE);
    let share = |wave: usize| {
        let replications = run(&plan, 10);
        let missing: f64 =
            replications.iter().flat_map(|r| &r.waves[wave].answers[0]).map(|a| f64::from(u8::from(a.is_nan()))).sum();
        let truth = replications.iter().flat_map(|r| &r.waves[wave].truths[0]).all(|t| t.is_finite());
        assert!(truth, "everyone has a true value, whatever became of them");
        missing / 800.0
    };
    let (first, middle, last) = (share(0), share(1), share(2));
    assert!((first - 0.05).abs() < 0.03, "non-response alone: {first}");
    // 1 − .98^12 × .95 × (share still employed, about .97) is about .28.
    assert!(middle > first && last > middle && (0.2..0.4).contains(&last), "{first} {middle} {last}");
}

#[test]
fn answers_on_a_response_scale_stay_on_it() {
    let plan = study(NONE);
    let replication = replicate(&plan, 0, Record::Waves, Instructions::Widest);
    let answers: Vec<f64> = replication.waves[0].answers[0].iter().copied().filter(|a| !a.is_nan()).collect();
    assert!(answers.iter().all(|a| (1.0..=7.0).contains(a)));
    // A standard deviation is a point of a seven-point scale that spans six of them.
    assert!((plan.scales[0].points_per_unit - 1.0).abs() < 1e-12);
}

#[test]
fn wide_instructions_change_no_bit_of_a_replication() {
    let plan = plan(&["population.dyads=20"]);
    let wide = replicate(&plan, 3, Record::Episodes, Instructions::Widest);
    let baseline = replicate(&plan, 3, Record::Episodes, Instructions::Baseline);
    assert_eq!(format!("{wide:?}"), format!("{baseline:?}"));
}

/// Where everyone answers, who answers is the sample; who has left the organization is missing from an estimate.
#[test]
fn who_answers_is_told_from_the_sample() {
    let plan = plan(&["population.dyads=6"]);
    let (mut all, mut some) = (0, 0);
    for replication in run(&plan, 40) {
        // Odds of nobody, or of everybody, have no logarithm.
        let known = |answer: &&Answer| answer.estimator == 0 && answer.effect.sample.is_finite();
        for answer in replication.answers.iter().filter(known) {
            let same = (answer.effect.answered - answer.effect.sample).abs() < 1e-9;
            assert_eq!(answer.analyzed == plan.persons(), same, "{}", answer.hypothesis);
            if same { all += 1 } else { some += 1 }
        }
    }
    assert!(all > 0 && some > 0, "{all} {some}");
}
