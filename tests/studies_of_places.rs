//! What is special in each study of places, designs and surveys is really at work, through states: cut it, and what it did is
//! gone. The studies of people and pairs have a file of their own, as have circles (`partners`) and colleagues (`informal`).

use peerlab::model::lanes::Instructions;
use peerlab::model::parameters::registry;
use peerlab::model::person::Trait;
use peerlab::scenario::{builtin, read};
use peerlab::study::analysis::Answer;
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;
use peerlab::study::recruitment::recruit;

fn plan(id: &str, overrides: &[&str]) -> Plan {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    Plan::new(builtin::find(id).unwrap().read(&overrides).unwrap_or_else(|problems| panic!("{problems}")).study)
        .unwrap()
}

fn run(plan: &Plan, count: u64) -> Vec<Replication> {
    (0..count).map(|number| replicate(plan, number, Record::Waves, Instructions::Widest)).collect()
}

/// Mean and Monte Carlo standard error of what is read of the first answer to a hypothesis.
fn of(plan: &Plan, hypothesis: &str, count: u64, read: impl Fn(&Answer) -> f64) -> (f64, f64) {
    let index = plan.study.hypotheses.iter().position(|one| one.id == hypothesis).unwrap();
    let first = |replication: &Replication| read(replication.answers.iter().find(|a| a.hypothesis == index).unwrap());
    let values: Vec<f64> = run(plan, count).iter().map(first).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

fn truth(plan: &Plan, hypothesis: &str, count: u64) -> (f64, f64) {
    of(plan, hypothesis, count, |answer| answer.effect.truth)
}

/// Every true value of everyone at the end, to the bit.
fn lives(plan: &Plan, number: u64) -> Vec<u64> {
    let run = replicate(plan, number, Record::Waves, Instructions::Widest);
    run.individuals.iter().flat_map(|person| &person.after).map(|value| value.to_bits()).collect()
}

/// `mind-set-pairing`: arms are told apart by the screening alone. With a good one, growth and performance pairs differ by
/// more than a standard deviation of the true trait (by theory 2 √(2 r / π) = 1.43); with a nearly worthless one by .36.
#[test]
fn mind_set_pairs_are_told_apart_by_the_screening() {
    let apart = |reliability: &str| {
        let plan = plan("mind-set-pairing", &[&format!("design.screening.reliability={reliability}")]);
        let differences = (0..20).map(|number| {
            let sample = recruit(&plan, number);
            let mean = |arm: usize| {
                let of = sample.births.iter().zip(&sample.arms).filter(|(_, own)| **own == arm);
                let values: Vec<f64> = of.map(|(birth, _)| birth.traits[Trait::MindSet as usize]).collect();
                values.iter().sum::<f64>() / values.len() as f64
            };
            mean(1) - mean(0)
        });
        differences.sum::<f64>() / 20.0
    };
    let (good, worthless) = (apart("0.8"), apart("0.05"));
    println!("apart by {good} SD, {worthless} where the screening is nearly worthless");
    assert!(good > 1.0 && worthless < 0.5);
}

/// `risk-factors`: every factor acts through the states of Table 1 alone. Without the gains of these, thirty-two combinations
/// of sixteen factors are an experiment in which nothing was done, to the bit (and nothing is there to be found and remedied).
const REMEDY: &str = "mechanism.remedy=0";

#[test]
fn risk_factors_act_through_their_states() {
    let gains: Vec<String> =
        registry().filter(|one| one.id.starts_with("theory.risk.")).map(|one| format!("{}=0", one.id)).collect();
    let gains = [gains, vec!["theory.breach.exposed=0".to_owned(), REMEDY.to_owned()]].concat();
    let cut: Vec<&str> = gains.iter().map(String::as_str).collect();
    let text = builtin::find("risk-factors").unwrap().text.replace("exposure = 0.5", "exposure = 0.0");
    let nothing = read(&text, "nothing.toml", &[REMEDY.to_owned()]).unwrap_or_else(|problems| panic!("{problems}"));
    let nothing = Plan::new(nothing.study).unwrap();
    assert!(lives(&plan("risk-factors", &cut), 0) == lives(&nothing, 0));
    assert!(lives(&plan("risk-factors", &[]), 0) != lives(&nothing, 0));
}

const PLACES: [&str; 5] = [
    "coupling.organization_to_person.incentives=0",
    "coupling.organization_to_person.competition=0",
    "coupling.organization_to_person.norms=0",
    "coupling.organization_to_dyad.competition=0",
    "coupling.organization_to_dyad.practices=0",
];

/// `cultures`: a society acts through its couplings alone. Without them every society is the reference society, to the bit, and
/// a circle closes people as much here as there: the contrast of societies is within four Monte Carlo errors of nothing.
#[test]
fn societies_differ_through_their_couplings() {
    let cut: Vec<String> = ["power_distance", "collectivism"]
        .iter()
        .flat_map(|of| ["person", "dyad"].map(|to| format!("coupling.society_to_{to}.{of}=0")))
        .chain(["setting.\"relational, against instrumental help\".society.instrumental_help_norm=0".to_owned()])
        .collect();
    let cut = plan("cultures", &cut.iter().map(String::as_str).collect::<Vec<_>>());
    let settings =
        ["egalitarian and individualist", "hierarchical and collectivist", "relational, against instrumental help"];
    let alike: Vec<String> = settings
        .iter()
        .flat_map(|name| {
            ["power_distance=0.4", "collectivism=0.3", "instrumental_help_norm=0"]
                .map(|v| format!("setting.\"{name}\".society.{v}"))
        })
        .collect();
    let alike = plan("cultures", &alike.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(lives(&cut, 0) == lives(&alike, 0));
    let ((whole, error), (left, noise)) = (truth(&plan("cultures", &[]), "H4", 80), truth(&cut, "H4", 80));
    println!("cultures: {whole} ({error}), cut {left} ({noise})");
    assert!(whole < -4.0 * error && left.abs() < 4.0 * noise && left.abs() < 0.3 * whole.abs());
}

/// `helping-rewards`: rewards reach people through what incentives do to persons, and through the climate and the
/// norm of helping that rewards set. Cut these, and nothing changes for anyone.
#[test]
fn rewards_act_through_the_incentives() {
    let cut = plan("helping-rewards", &[PLACES[0], PLACES[2], "coupling.organization_to_dyad.climate=0"]);
    for id in ["H1", "H2", "H3"] {
        assert_eq!(of(&cut, id, 3, |answer| answer.effect.total).0, 0.0, "{id}");
    }
    let (whole, error) = truth(&plan("helping-rewards", &[]), "H1", 20);
    assert!(whole > 4.0 * error, "{whole} ({error})");
}

/// `competitive-collaborative`: contexts differ in what their couplings carry. Without these, coaching does as much in the one
/// as in the other: within four Monte Carlo errors.
#[test]
fn contexts_differ_through_their_couplings() {
    let (whole, error) = truth(&plan("competitive-collaborative", &[]), "H3", 60);
    let (left, noise) = truth(&plan("competitive-collaborative", &PLACES), "H3", 60);
    println!("contexts: {whole} ({error}), cut {left} ({noise})");
    assert!(whole > 4.0 * error && left.abs() < 4.0 * noise && left.abs() < 0.3 * whole);
}

/// `levels-together`: what is done to persons and pairs reaches the climate through the organization's slow loop, and what is
/// done to the context reaches people through its couplings. Cut, either leaves nothing.
#[test]
fn levels_reach_each_other_through_their_couplings() {
    let flat = plan("levels-together", &["mechanism.organization_loop=0"]);
    for id in ["U1", "U2"] {
        assert!(truth(&flat, id, 2).0.abs() < 1e-12, "{id}");
        assert!(truth(&plan("levels-together", &[]), id, 2).0.abs() > 1e-6, "{id}");
    }
    let places: Vec<&str> = PLACES.into_iter().chain(["coupling.organization_to_dyad.toolkit=0"]).collect();
    let ((whole, error), (left, _)) =
        (truth(&plan("levels-together", &[]), "M3", 10), truth(&plan("levels-together", &places), "M3", 10));
    println!("context: {whole} ({error}), cut {left}");
    assert!(whole > 4.0 * error && left.abs() < 0.05 * whole);
}

/// `questionnaire`: what lies between the association of true scores and that of answers is the instruments': perfect ones
/// leave nothing of it.
#[test]
fn perfect_instruments_answer_as_it_is() {
    let apart = |text: &str| {
        let plan = Plan::new(read(text, "q.toml", &[]).unwrap_or_else(|p| panic!("{p}")).study).unwrap();
        of(&plan, "Q2", 8, |answer| (answer.result.as_ref().unwrap().estimate - answer.effect.sample).abs()).0
    };
    let text = builtin::find("questionnaire").unwrap().text;
    let mut perfect = text.to_owned();
    for (line, better) in [
        ("scale_points = 7\n", ""),
        ("reliability = 0.7", "reliability = 1.0"),
        ("rater_bias = 0.4", "rater_bias = 0.0"),
        ("social_desirability = 0.2", "social_desirability = 0.0"),
        ("non_response = 0.1", "non_response = 0.0"),
        ("attrition = 0.01", "attrition = 0.0"),
    ] {
        assert!(perfect.contains(line), "{line}");
        perfect = perfect.replace(line, better);
    }
    let (usual, perfect) = (apart(text), apart(&perfect));
    println!("association of answers from that of truths: {usual}, with perfect instruments {perfect}");
    assert!(usual > 0.01 && perfect < 0.05 * usual);
}
