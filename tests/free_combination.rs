//! Parts of different studies combine freely: what can be run runs and does what each part is for, and what cannot is refused
//! with a reason.

use peerlab::model::lanes::Instructions;
use peerlab::model::outcomes::find;
use peerlab::scenario::read;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;

/// Circles of mixed seniority, two societies, randomized by organization, a 360-degree assessment, controls without a program.
const CIRCLES: &str = include_str!("scenarios/free_combination.toml");

fn run(text: &str, count: u64) -> (Plan, Vec<Replication>) {
    let plan = Plan::new(read(text, "free.toml", &[]).unwrap_or_else(|p| panic!("{p}")).study).expect("a plan");
    let all = (0..count).map(|number| replicate(&plan, number, Record::Waves, Instructions::Widest)).collect();
    (plan, all)
}

#[test]
fn assessed_circles_in_two_societies_against_no_program() {
    let (plan, all) = run(CIRCLES, 3);
    let of = |id: &str| find(id).expect("an outcome");
    let (meetings, developers, blind) = (of("meetings"), of("developers"), of("blind_area"));
    for one in &all {
        assert!(one.answers.iter().all(|answer| answer.result.is_ok()), "{:?}", one.answers[0].result);
        let mean = |arm: usize, value: &dyn Fn(usize) -> f64| {
            let own: Vec<f64> = (0..one.arms.len()).filter(|p| one.arms[*p] == arm).map(value).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let after = |outcome: usize| move |person: usize| one.individuals[person].after[outcome];
        // The controls coach nobody; members of circles of six meet, and have more than one developer where it goes well.
        assert_eq!(mean(0, &after(meetings)), 0.0);
        assert!(mean(1, &after(meetings)) > 3.0);
        let most = (0..one.arms.len()).map(after(developers)).fold(0.0, f64::max);
        assert!((2.0..=5.0).contains(&most), "{most}");
        // The report corrects what people believe of themselves.
        let shrunk = |person: usize| one.individuals[person].after[blind] - one.individuals[person].before[blind];
        assert!(mean(1, &shrunk) < mean(0, &shrunk) - 0.1, "{} {}", mean(1, &shrunk), mean(0, &shrunk));
        // Whole organizations have an arm, both arms in both societies.
        for organization in 0..16 {
            let persons = || (0..one.arms.len()).filter(|p| plan.organization_of_dyad[p / 2] == organization);
            assert!(persons().all(|p| one.arms[p] == one.arms[persons().next().expect("someone")]));
        }
        for setting in 0..2 {
            let mine = |p: &usize| plan.setting_of_organization[plan.organization_of_dyad[p / 2]] == setting;
            let treated = (0..one.arms.len()).filter(mine).filter(|p| one.arms[*p] == 1).count();
            assert_eq!(2 * treated, (0..one.arms.len()).filter(mine).count());
        }
    }
}

const STEPPED: &str = r#"
id = "stepped-circles"
title = "Circles, while rewards change step by step"
[population]
dyads = 48
[organization]
count = 12
[program]
kind = "formal"
weeks = 24
group_size = 4
[design]
unit = "organization"
[[arm]]
name = "never"
control = true
share = 0
[[arm]]
name = "early"
[[arm.change]]
week = 8
organization.incentives = 0.6
[[arm]]
name = "late"
[[arm.change]]
week = 16
organization.incentives = 0.6
[measurement]
waves = [0, 8, 16, 24]
[[hypothesis]]
id = "H1"
statement = "Rewards for helping raise trust in circles"
outcome = "trust"
contrast = ["early", "never"]
expect = "greater"
estimator = "stepped_wedge_cr2"
"#;

const INFORMAL: &str = r#"
id = "informal-assessed"
title = "Colleagues with and without an assessment, while competition rises"
[population]
dyads = 48
[organization]
count = 4
[[change]]
week = 6
organization.competition = 0.8
[program]
kind = "informal"
weeks = 12
[design]
unit = "person"
[[arm]]
name = "colleagues"
control = true
[[arm]]
name = "assessed colleagues"
assessment.three_sixty = { dose = 1.0 }
[[hypothesis]]
id = "H1"
statement = "An assessment shrinks the blind area"
outcome = "blind_area"
contrast = ["assessed colleagues", "colleagues"]
expect = "less"
"#;

#[test]
fn a_stepped_wedge_of_circles_and_an_assessment_of_colleagues_run() {
    let (_, stepped) = run(STEPPED, 2);
    assert!(stepped.iter().all(|one| one.answers[0].result.is_ok() && one.arms.iter().all(|arm| *arm > 0)));
    let (_, informal) = run(INFORMAL, 2);
    for one in &informal {
        assert!(one.answers[0].effect.direct < -0.1, "{:?}", one.answers[0].effect);
        // Competition rises on its day in every organization of every world.
        let rose = one.organizations.iter().filter(|state| state.week == 12);
        assert!(
            rose.clone().count() > 0 && rose.clone().all(|state| state.values.iter().any(|v| (*v - 0.8).abs() < 1e-9))
        );
    }
}

#[test]
fn what_cannot_be_combined_is_refused_with_a_reason() {
    let text = r#"
id = "factorial-selected"
title = "A factorial whose cells people choose"
[population]
dyads = 64
[program]
kind = "formal"
weeks = 12
[design]
unit = "person"
allocation = "self-selected"
[factorial]
design = "full"
[[factor]]
id = "training"
name = "Training"
high.training.active_listening.dose = 0.8
[[factor]]
id = "structure"
name = "Structure"
high.program.structure = 0.9
[[hypothesis]]
id = "H1"
statement = "Training helps"
outcome = "learning_personal"
factor = "training"
expect = "greater"
"#;
    let refused = read(text, "free.toml", &[]).expect_err("two contradictions").to_string();
    for reason in ["nothing draws anyone to an arm", "the arms' programs differ, but persons are assigned one by one"] {
        assert!(refused.contains(reason), "{refused}");
    }
}
