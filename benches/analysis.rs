//! What the analysis of a replication costs beside its simulation, as a ratio within one run: the closed forms (difference and ANCOVA with
//! CR2, actor-partner model, intraclass correlation) of an outcome are to stay below a quarter. Run with
//! `cargo bench --no-default-features --bench analysis`.
//!
//! Three measurements take turns within each repetition: a replication that asks nothing (the simulation, its counterfactual worlds and
//! its questionnaires), the same replication with the study's hypotheses, each by two estimators (what `run` does; the truth of each
//! question is computed with it), and the four closed forms on the answers to one question.

use std::hint::black_box;
use std::time::Instant;

use peerlab::model::lanes::Instructions;
use peerlab::scenario::builtin;
use peerlab::study::estimators::{Dyads, Observations, find, intraclass_correlation};
use peerlab::study::experiment::{Record, replicate};
use peerlab::study::plan::Plan;

/// Repetitions of which the fastest counts.
const REPETITIONS: usize = 31;
/// Replications of each measurement in each repetition.
const REPLICATIONS: u64 = 12;

/// A study with its hypotheses, and without.
struct Case {
    name: &'static str,
    full: Plan,
    silent: Plan,
    data: Vec<Observations>,
    dyads: Vec<Dyads>,
}

impl Case {
    fn new(name: &'static str, overrides: &[&str], keep: &[&str]) -> Case {
        let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
        let mut study = builtin::find("listening-training").unwrap().read(&overrides).unwrap().study;
        study.hypotheses.retain(|hypothesis| keep.contains(&hypothesis.id.as_str()));
        for hypothesis in &mut study.hypotheses {
            hypothesis.estimators = vec!["ancova_cr2", "difference_cr2"];
        }
        let full = Plan::new(study).unwrap();
        // The same worlds are run and the same questionnaires filled in; nobody asks.
        let mut silent = full.clone();
        std::sync::Arc::make_mut(&mut silent.study).hypotheses.clear();
        silent.questions.clear();
        let answers: Vec<_> = (0..REPLICATIONS).map(|number| answers(&full, number)).collect();
        let dyads = answers.iter().map(pairs).collect();
        Case { name, full, silent, data: answers, dyads }
    }
}

/// The first hypothesis' outcome at the last wave, with its baseline.
fn answers(plan: &Plan, number: u64) -> Observations {
    let kept = replicate(plan, number, Record::Waves, Instructions::Widest);
    let scale = plan.questions[0].scale;
    let [first, last] = [&kept.waves[0], kept.waves.last().unwrap()].map(|wave| &wave.answers[scale]);
    let there: Vec<usize> = (0..first.len()).filter(|&i| first[i].is_finite() && last[i].is_finite()).collect();
    let of = |values: &[f64]| there.iter().map(|&i| values[i]).collect::<Vec<f64>>();
    Observations {
        outcome: of(last),
        treated: there.iter().map(|&i| f64::from(u8::from(kept.arms[i] != plan.control))).collect(),
        covariates: vec![("baseline".to_owned(), of(first))],
        cluster: there.iter().map(|&i| i as u32 / 2).collect(),
        ..Default::default()
    }
}

/// Dyads of which both answered.
fn pairs(data: &Observations) -> Dyads {
    let mut dyads = Dyads { outcome: [vec![], vec![]], predictor: [vec![], vec![]] };
    for i in 1..data.cluster.len() {
        if data.cluster[i] == data.cluster[i - 1] {
            for (seat, row) in [i - 1, i].into_iter().enumerate() {
                dyads.outcome[seat].push(data.outcome[row]);
                dyads.predictor[seat].push(data.covariates[0].1[row]);
            }
        }
    }
    dyads
}

/// The least time of each replication over all repetitions: a busy machine can only add to it.
struct Least(Vec<f64>);

impl Least {
    fn new() -> Least {
        Least(vec![f64::INFINITY; REPLICATIONS as usize])
    }

    fn time(&mut self, number: usize, one: impl FnOnce()) {
        let begin = Instant::now();
        one();
        self.0[number] = self.0[number].min(begin.elapsed().as_secs_f64() * 1e6);
    }

    /// Microseconds per replication.
    fn mean(&self) -> f64 {
        self.0.iter().sum::<f64>() / REPLICATIONS as f64
    }
}

fn simulate(plan: &Plan, number: usize) {
    black_box(replicate(plan, number as u64, Record::Summary, Instructions::Widest));
}

fn main() {
    let [program, waves, later] = ["program.follow_up_weeks=0", "measurement.waves=[0,6,12]", "hypothesis.H3.week=12"];
    let short = ["H1", "H2", "H4"];
    let cases = [
        Case::new("12 weeks, 60 dyads, 3 hypotheses", &[program, waves, later], &short),
        Case::new("52 weeks, 60 dyads, 4 hypotheses", &[], &["H1", "H2", "H3", "H4"]),
        Case::new("12 weeks, 400 dyads, 3 hypotheses", &[program, waves, later, "population.dyads=400"], &short),
    ];
    let [difference, ancova] = ["difference_cr2", "ancova_cr2"].map(|id| find(id).unwrap());
    println!("least of {REPETITIONS} repetitions, microseconds per replication\n");
    let mut worst: f64 = 0.0;
    for case in &cases {
        let mut least = [(); 6].map(|()| Least::new());
        for _ in 0..REPETITIONS {
            for k in 0..REPLICATIONS as usize {
                let (data, dyads) = (&case.data[k], &case.dyads[k]);
                least[0].time(k, || simulate(&case.silent, k));
                least[1].time(k, || simulate(&case.full, k));
                least[2].time(k, || {
                    black_box(difference.estimate(data, 0.95).unwrap());
                });
                least[3].time(k, || {
                    black_box(ancova.estimate(data, 0.95).unwrap());
                });
                least[4].time(k, || {
                    black_box(dyads.indistinguishable().unwrap());
                });
                let icc = || {
                    black_box(intraclass_correlation(&data.outcome, &data.cluster).unwrap());
                };
                least[5].time(k, icc);
            }
        }
        let [simulation, full, parts @ ..] = least.map(|one| one.mean());
        let (four, whole) = (parts.iter().sum::<f64>(), full - simulation);
        println!("{}", case.name);
        println!("{:<52}{simulation:>9.1}", "  simulation");
        let line = |name: &str, time: f64| println!("{name:<52}{time:>9.1}{:>9.3} x simulation", time / simulation);
        line("  every hypothesis by ANCOVA and difference, truths", whole);
        let names = ["difference with CR2", "ANCOVA with CR2", "actor-partner model", "intraclass correlation"];
        names.iter().zip(parts).for_each(|(name, part)| println!("{:<52}{part:>9.1}", format!("  one {name}")));
        line("  these four", four);
        println!();
        worst = worst.max(four / simulation);
    }
    println!(
        "the largest ratio is {worst:.3}: {}",
        if worst < 0.25 { "below a quarter" } else { "NOT below a quarter" }
    );
}
