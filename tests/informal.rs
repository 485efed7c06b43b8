//! Informal coaching: colleagues who seek each other, and teams with tasks.

mod common;

use common::*;
use peerlab::model::lanes::Instructions;
use peerlab::model::likeness::similarity;
use peerlab::model::world::World;
use peerlab::scenario::builtin;
use peerlab::study::analysis::{Answer, observations};
use peerlab::study::declaration::Study;
use peerlab::study::estimand::Answers;
use peerlab::study::estimators::Sample;
use peerlab::study::experiment::{Record, replicate};
use peerlab::study::plan::Plan;

/// Similarity of everyone who met a colleague this week.
fn met_alike(setup: &Setup, seed: u64) -> Vec<f64> {
    let births = setup.births(seed);
    let mut alike = Vec::new();
    setup.run_seeing(seed, |world: &World| {
        for dyad in 0..world.dyads {
            let (a, b) = (world.person_at(dyad, 0), world.person_at(dyad, 1));
            let (block, _, lane) = world.member_at(a);
            if block.shared.met[lane] > 0.5 {
                alike.push(similarity(&setup.parameters, &births[a], &births[b]));
            }
        }
    });
    alike
}

/// Without homophily, those who coach each other are as alike as strangers: the mean over 40 seeds of a seed's mean is within
/// four standard errors of 0 (a right model fails once in 16,000). With it they resemble each other.
#[test]
fn without_homophily_those_who_coach_each_other_no_longer_resemble_each_other() {
    let setup = Setup::default().informal().size(42, 2);
    let means = |setup: &Setup| estimate(&over_seeds(40, |seed| mean(&met_alike(setup, seed))));
    let with = means(&setup);
    let without = means(&setup.clone().with(&[("coupling.person_to_dyad.homophily", 0.0)]));
    println!("similarity of those who met: {with} with homophily, {without} without");
    assert!(without.mean.abs() < 4.0 * without.error);
    assert!(with.mean > 0.15 && with.error < 0.03);
}

/// Nobody is lost and nobody in two places, whatever seats are changed, and every team has a standing.
#[test]
fn everyone_is_somewhere_and_nobody_twice() {
    let setup = Setup::default().informal().size(21, 3).weeks(30, 0);
    setup.run_seeing(2, |world: &World| {
        let mut seen: Vec<usize> =
            (0..world.dyads).flat_map(|dyad| [0, 1].map(|seat| world.person_at(dyad, seat))).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..42).collect::<Vec<_>>());
        for standing in world.standings() {
            assert!((0.0..=1.0).contains(&standing.coaching) && standing.performance.is_finite());
        }
    });
}

fn study(id: &str, set: &[&str]) -> Study {
    let builtin = builtin::list().iter().find(|builtin| builtin.id == id).expect("a built-in study");
    let set: Vec<String> = set.iter().map(|one| (*one).to_owned()).collect();
    builtin.read(&set).unwrap_or_else(|problems| panic!("{problems}")).study
}

/// The standard error of a difference of two estimates that share no chance.
fn together(a: Estimate, b: Estimate) -> f64 {
    (a.error * a.error + b.error * b.error).sqrt()
}

/// What many replications of a study say of one hypothesis: one row per replication, of its first estimator.
fn rows(study: &Study, hypothesis: &str, replications: u64) -> Vec<Answer> {
    let plan = Plan::new(study.clone()).unwrap();
    let number = study.hypotheses.iter().position(|one| one.id == hypothesis).expect("a hypothesis");
    over_seeds(replications, |seed| {
        let answers = replicate(&plan, seed, Record::Summary, Instructions::Widest).answers;
        answers.into_iter().find(|answer| answer.hypothesis == number).expect("an answer")
    })
}

fn of(rows: &[Answer], read: impl Fn(&Answer) -> f64) -> Estimate {
    estimate(&rows.iter().map(read).collect::<Vec<_>>())
}

/// The record of the observer in the last wave, person by person, beside the truth.
fn records(study: &Study, outcome: &str, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let plan = Plan::new(study.clone()).unwrap();
    let scale = plan.scales.iter().position(|scale| scale.about.id == outcome).expect("a scale");
    let mut waves = replicate(&plan, seed, Record::Waves, Instructions::Widest).waves;
    let last = waves.pop().expect("a wave");
    (last.answers[scale].clone(), last.truths[scale].clone())
}

/// An observer who misses nothing and misreads nothing records the truth; one who sees 7 of 10 records seven tenths of it:
/// over 20 replications of about 10,000 turns each, seen by meeting, within four standard errors.
#[test]
fn an_observer_who_misses_nothing_records_the_true_frequency() {
    let perfect = study("informal-in-teams", &["measurement.observer.detection=1", "measurement.observer.noise=0"]);
    for outcome in ["informal_coaching", "informal_quality"] {
        let (seen, truth) = records(&perfect, outcome, 3);
        assert!(truth.iter().any(|value| *value != 0.0));
        for (seen, truth) in seen.iter().zip(&truth) {
            assert!((seen - truth).abs() < 1e-12, "{outcome}: {seen} for {truth}");
        }
    }
    let usual = study("informal-in-teams", &[]);
    let share = over_seeds(20, |seed| {
        let (seen, truth) = records(&usual, "informal_coaching", seed);
        mean(&seen) / mean(&truth)
    });
    let share = estimate(&share);
    println!("seen: {share}");
    assert!((share.mean - 0.7).abs() < 4.0 * share.error && share.error < 0.01);
}

/// Challenge makes people help and the task hard. Cut what it does to helping, and the association (of true scores, so that
/// the observer plays no part) comes closer to the causal slope: by more than three standard errors of the difference.
#[test]
fn challenge_confounds_informal_coaching_with_performance() {
    const REPLICATIONS: u64 = 60;
    let far = |set: &[&str]| {
        let rows = rows(&study("informal-in-teams", set), "H1", REPLICATIONS);
        let (causal, sample) = (of(&rows, |row| row.effect.direct), of(&rows, |row| row.effect.sample));
        println!("{set:?}: causal {causal}, association {sample}");
        of(&rows, |row| row.effect.sample - row.effect.direct)
    };
    let (with, without) = (far(&[]), far(&["theory.team.help_challenge=0"]));
    println!("association minus effect: {with} with the challenge's pull, {without} without");
    assert!(with.mean.abs() - without.mean.abs() > 3.0 * together(with, without));
}

/// With self-selection and homophily both cut, the observed association of those who chose is the randomized effect: the
/// difference of the two in true gains, over 100 replications each, is within four standard errors (a right model fails once
/// in 16,000). Where people choose strongly by who they are, it is beyond them.
#[test]
fn without_selection_and_homophily_the_association_is_the_randomized_effect() {
    const GAINS: &str = "hypothesis.H1.score=change";
    const HOMOPHILY: &str = "coupling.person_to_dyad.homophily=0";
    let asked = |set: &[&str]| rows(&study("formal-informal", set), "H1", 100);
    let drawn = asked(&["design.allocation=complete", HOMOPHILY, GAINS]);
    let effect = of(&drawn, |row| row.effect.direct);
    let chosen = |strength: &str| of(&asked(&[strength, HOMOPHILY, GAINS]), |row| row.effect.sample);
    let (cut, strong) = (chosen("design.selection.strength=0"), chosen("design.selection.strength=3"));
    println!("randomized {effect}, observed without selection {cut}, with a strong one {strong}");
    let apart = |observed: Estimate| (observed.mean - effect.mean).abs() / together(observed, effect);
    assert!(apart(cut) < 4.0, "{}", apart(cut));
    assert!(apart(strong) > 4.0, "{}", apart(strong));
}

/// Colleagues depend on each other in their team, partners of a program in their pair: that is what an analysis takes as one.
#[test]
fn informal_coaching_is_clustered_by_team() {
    let plan = Plan::new(study("formal-informal", &[])).unwrap();
    let persons = plan.persons();
    let (team, arm) = (|person: usize| person / 7, |person: usize| usize::from(person >= persons / 2));
    let (arms, teams): (Vec<_>, Vec<_>) = (0..persons).map(|person| (arm(person), team(person))).unzip();
    let pairs: Vec<u32> = (0..persons).map(|person| person as u32 / 2).collect();
    let observed = vec![vec![vec![0.0; persons]; plan.scales.len()]; plan.study.measurement.waves.len()];
    let answers = Answers {
        arms: &arms,
        teams: &teams,
        organizations: &vec![0; persons],
        settings: &vec![0; persons],
        attributes: &[],
        clusters: &pairs,
        completed: &[],
        observed: &observed,
        unshared: &[],
        truths: &[],
        begun: &[],
    };
    let data = observations(&plan, &plan.study.hypotheses[1], &plan.questions[1], &answers, Sample::Answered);
    assert_eq!(data.cluster.len(), persons);
    for (a, b) in (0..persons).flat_map(|a| (0..a).map(move |b| (a, b))) {
        let together = arm(a) == arm(b) && if arm(a) == 0 { team(a) == team(b) } else { a / 2 == b / 2 };
        assert_eq!(data.cluster[a] == data.cluster[b], together, "{a} {b}");
    }
}
