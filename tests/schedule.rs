//! Scheduled changes: what changes in organizations on a day moves their states from then on, and nothing before.

use peerlab::model::lanes::Instructions;
use peerlab::scenario::read;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::observation::OrganizationState;
use peerlab::study::plan::Plan;

const STUDY: &str = r#"
id = "schedule"
title = "Organizations that change"
[population]
dyads = 24
[organization]
count = 6
spread = 0.1
[program]
kind = "formal"
weeks = 20
[design]
unit = "organization"
[measurement]
waves = [0, 4, 8, 9, 12, 20]
instruments.trust = { reliability = 1.0, rater_bias = 0.0 }
"#;

const ARMS: &str = r#"
[[arm]]
name = "as before"
control = true
[[arm]]
name = "new rewards"
"#;

fn run(more: &str) -> (Plan, Replication) {
    let scenario = read(&format!("{STUDY}{more}"), "change.toml", &[]).unwrap_or_else(|p| panic!("{p}"));
    let plan = Plan::new(scenario.study).expect("a plan");
    let replication = replicate(&plan, 5, Record::Episodes, Instructions::Widest);
    (plan, replication)
}

fn states(run: &Replication, everyone: Option<usize>, week: usize) -> Vec<&OrganizationState> {
    run.organizations.iter().filter(|state| state.everyone == everyone && state.week == week).collect()
}

/// All of a run's bits up to a week, of the observed world.
fn until(run: &Replication, week: usize) -> (Vec<u64>, Vec<String>) {
    let weekly = run.weeks.iter().filter(|(at, _)| *at as usize <= week).flat_map(|(_, dyads)| dyads);
    let answers = run.waves.iter().filter(|wave| wave.week <= week).flat_map(|wave| wave.answers.iter().flatten());
    let turns = run.episodes.iter().filter(|turn| turn.week as usize <= week);
    (
        weekly.flatten().chain(answers).map(|value| value.to_bits()).collect(),
        turns.map(|turn| format!("{turn:?}")).collect(),
    )
}

#[test]
fn a_change_leaves_all_weeks_before_it_alone_and_moves_states_after() {
    let (_, plain) = run(ARMS);
    for value in [
        "incentives = 0.6",
        "competition = 0.9",
        "collaboration = 0.9",
        "toolkit = 0.9",
        "development_value = 1.0",
        "hierarchy = 1.0",
    ] {
        let (_, changed) = run(&format!("{ARMS}[[arm.change]]\nweek = 8\norganization.{value}\n"));
        assert_eq!(until(&plain, 8), until(&changed, 8), "{value}");
        assert_ne!(until(&plain, 20), until(&changed, 20), "{value}");
        // The world in which everyone has that arm changes too; the other worlds do not.
        for week in [0, 4, 8] {
            assert_eq!(states(&changed, Some(1), week), states(&plain, Some(1), week), "{value}");
        }
        assert_ne!(states(&changed, Some(1), 20), states(&plain, Some(1), 20), "{value}");
        for week in [0, 4, 8, 9, 12, 20] {
            assert_eq!(states(&changed, Some(0), week), states(&plain, Some(0), week), "{value}");
        }
    }
}

/// The state moves by the difference that was declared: organizations that differ by chance keep their differences, and
/// only the organizations of the arm move.
#[test]
fn a_change_moves_the_state_it_names_in_the_organizations_of_its_arm() {
    const INCENTIVES: usize = 1;
    const SET_POINT: usize = 3;
    let (plan, changed) = run(&format!("{ARMS}[[arm.change]]\nweek = 8\norganization.incentives = 0.3\n"));
    let at = |week| states(&changed, None, week);
    let (before, after) = (at(8), at(9));
    let mut moved = 0;
    for organization in 0..6 {
        let arm = changed.arms[8 * organization];
        let by = |state: usize| after[organization].values[state] - before[organization].values[state];
        let expected = if arm == 1 { 0.3 } else { 0.0 };
        assert!((by(INCENTIVES) - expected).abs() < 1e-12);
        let follows = plan.study.parameters.climate.set_point_incentives * expected;
        assert!((by(SET_POINT) - follows).abs() < 1e-12, "the climate's set-point follows");
        moved += arm;
    }
    assert_eq!(moved, 3);
    assert!(before[0].values[INCENTIVES] != before[1].values[INCENTIVES], "they differ by chance");
}

/// A change for everyone, and back again.
#[test]
fn everyone_can_change_and_change_back() {
    const COMPETITION: usize = 0;
    let back =
        "[[change]]\nweek = 4\norganization.competition = 0.6\n[[change]]\nweek = 8\norganization.competition = 0.4\n";
    let (_, run) = run(&format!("{back}{ARMS}"));
    for everyone in [None, Some(0), Some(1)] {
        let at = |week: usize| states(&run, everyone, week)[2].values[COMPETITION];
        assert_eq!(at(0), at(4));
        assert!((at(8) - at(4) - 0.2).abs() < 1e-12);
        assert!((at(9) - at(4)).abs() < 1e-12);
    }
}

#[test]
fn what_a_change_cannot_be_is_said() {
    let problem = |more: &str| read(&format!("{STUDY}{more}"), "change.toml", &[]).expect_err("wrong").to_string();
    let said = problem(&format!("{ARMS}[[arm.change]]\nweek = 20\norganization.incentives = 0.3\n"));
    assert!(said.contains("the study is over when this change comes, at the end of week 20"), "{said}");
    let said = problem(&format!("{ARMS}[[arm.change]]\nweek = 8\n"));
    assert!(said.contains("this change changes nothing"), "{said}");
    let said = problem(&format!("{ARMS}[[arm.change]]\nweek = 8\norganization.climate = 0.3\n"));
    assert!(said.contains("there is no key `climate` in `organization` of [[arm.change]]"), "{said}");
    let dyads = STUDY.replace("unit = \"organization\"", "unit = \"dyad\"");
    let text = format!("{dyads}{ARMS}[[arm.change]]\nweek = 8\norganization.incentives = 0.3\n");
    let said = read(&text, "change.toml", &[]).expect_err("wrong").to_string();
    assert!(said.contains("an organization cannot change for one arm alone"), "{said}");
}

/// What is written back reads as the same study.
#[test]
fn settings_and_schedules_come_back_equal() {
    let settings = "[[setting]]\nname = \"a\"\ncount = 2\nsociety.collectivism = 0.8\n[[setting]]\nname = \"b\"\ncount = 4\norganization.competition = 0.7\n";
    let text = format!(
        "{STUDY}{settings}[[change]]\nweek = 3\norganization.toolkit = 0.6\n{ARMS}organization.competition = 0.4\n[[arm.change]]\nweek = 8\norganization.incentives = 0.3\n[[arm.change]]\nweek = 12\norganization.incentives = 0.0\n"
    );
    let study = read(&text, "a.toml", &[]).unwrap_or_else(|p| panic!("{p}")).study;
    let written = peerlab::scenario::resolved::to_toml(&study);
    let again = read(&written, "b.toml", &[]).unwrap_or_else(|p| panic!("{p}\n{written}")).study;
    assert_eq!(again, study);
    assert_eq!(study.arms[1].organization, [("organization.competition", 0.4)]);
    assert_eq!(study.arms[1].schedule.len(), 2);
}
