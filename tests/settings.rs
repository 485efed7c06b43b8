//! Settings: organizations of different kinds in one study, in different societies, and only there.

use peerlab::model::lanes::Instructions;
use peerlab::scenario::read;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;

/// Two organizations of ten dyads each, so that a block of sixteen dyads holds members of both.
const STUDY: &str = r#"
id = "settings"
title = "Two organizations"
[population]
dyads = 20
[program]
kind = "formal"
weeks = 12
follow_up_weeks = 8
[measurement]
waves = [0, 12, 20]
[[arm]]
name = "as it is"
control = true
[[arm]]
name = "listening training"
training.active_listening = { dose = 0.8 }
"#;

fn run(settings: &str, overrides: &[&str]) -> Replication {
    let overrides: Vec<String> = overrides.iter().map(|set| (*set).to_owned()).collect();
    let scenario = read(&format!("{STUDY}{settings}"), "two.toml", &overrides).unwrap_or_else(|p| panic!("{p}"));
    replicate(&Plan::new(scenario.study).expect("a plan"), 3, Record::Waves, Instructions::Widest)
}

/// Settings of one organization each; each holds these lines.
fn settings(first: &str, second: &str) -> String {
    format!("[[setting]]\nname = \"here\"\ncount = 1\n{first}\n[[setting]]\nname = \"there\"\ncount = 1\n{second}\n")
}

/// What became of everyone in an organization, to the bit: true values at the end, and the organization's own course.
fn lives(run: &Replication, organization: usize) -> (Vec<u64>, Vec<u64>) {
    let persons = &run.individuals[20 * organization..20 * (organization + 1)];
    let course = run.organizations.iter().filter(|state| state.organization == organization);
    (
        persons.iter().flat_map(|person| &person.after).map(|value| value.to_bits()).collect(),
        course.flat_map(|state| state.values).map(f64::to_bits).collect(),
    )
}

const REFERENCE: &str = "society = { power_distance = 0.4, collectivism = 0.3, instrumental_help_norm = 0.0, stereotype = 0.5, minority_share = 0.3 }";

#[test]
fn a_society_with_the_reference_values_changes_nothing() {
    let plain = run("", &["organization.count=2"]);
    let declared = run(&settings(REFERENCE, REFERENCE), &[]);
    let couplings = ["power_distance", "collectivism"];
    let cut: Vec<String> = couplings
        .iter()
        .flat_map(|of| ["person", "dyad"].map(|to| format!("coupling.society_to_{to}.{of}=0")))
        .collect();
    let cut: Vec<&str> = cut.iter().map(String::as_str).chain(["organization.count=2"]).collect();
    let cut = run("", &cut);
    for organization in 0..2 {
        assert_eq!(lives(&plain, organization), lives(&declared, organization));
        assert_eq!(lives(&plain, organization), lives(&cut, organization));
    }
}

/// Dyads of two settings in one block live as if each had a study of its own.
#[test]
fn what_differs_in_a_setting_differs_there_and_nowhere_else() {
    for there in [
        "society.power_distance = 0.9",
        "society.collectivism = 0.9",
        "society.instrumental_help_norm = 0.8",
        "society.stereotype = 1.0",
        "society.minority_share = 0.0",
        "organization.competition = 0.9",
        "organization.incentives = 0.8",
        "organization.hierarchy = 0.9",
    ] {
        let (plain, all) = (run(&settings("", ""), &[]), run(&settings(there, there), &[]));
        let mixed = run(&settings("", there), &[]);
        assert_eq!(lives(&mixed, 0), lives(&plain, 0), "{there} reaches other organizations");
        assert_eq!(lives(&mixed, 1), lives(&all, 1), "{there} is not whole");
        assert_ne!(lives(&mixed, 1).0, lives(&plain, 1).0, "{there} does nothing");
    }
}

/// Organizations are blocked by setting: over 200 replications every setting has its share of each arm exactly.
#[test]
fn organizations_are_blocked_by_setting() {
    let text = format!(
        "{STUDY}[design]\nunit = \"organization\"\nallocation = \"blocked\"\n\
         [[setting]]\nname = \"here\"\ncount = 4\n[[setting]]\nname = \"there\"\ncount = 6\n"
    );
    let set = ["program.weeks=1", "program.follow_up_weeks=0", "measurement.waves=[0]"].map(str::to_owned);
    let plan = Plan::new(read(&text, "ten.toml", &set).expect("right").study).expect("a plan");
    let mut treated = [0; 10];
    for number in 0..200 {
        let arms = replicate(&plan, number, Record::Summary, Instructions::Widest).arms;
        let of = |organization: usize| arms[4 * organization];
        assert!((0..10).all(|organization| arms[4 * organization..][..4].iter().all(|arm| *arm == of(organization))));
        assert_eq!((0..4).filter(|organization| of(*organization) == 1).count(), 2);
        assert_eq!((4..10).filter(|organization| of(*organization) == 1).count(), 3);
        (0..10).for_each(|organization| treated[organization] += of(organization));
    }
    // Half of 200, give or take four standard errors.
    assert!(treated.iter().all(|n| (72..=128).contains(n)), "{treated:?}");
}
