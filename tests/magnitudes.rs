//! The magnitudes of the reference model's prototype: every one within a factor of 1.5, or named with its reason.
//!
//! `cargo test --release --test magnitudes -- --nocapture` prints the table that stands in `docs/ODD.md`; with
//! `UPDATE_EXPECTED=1` it is written there.

mod common;

use common::*;
use peerlab::model::dyad::place;
use peerlab::model::parameters::Parameters;
use peerlab::model::person::{Trait, coaching_skill};
use peerlab::model::streams::{Purpose, Stream};
use peerlab::model::trust::{after_meeting, buffer, weighed};
use peerlab::model::world::World;

/// Reliability of the simulated instruments by which the prototype's 'as observed' numbers were taken.
const RELIABILITY: f64 = 0.8;

/// What is known of each person at the end of a run.
#[derive(Clone, Default)]
struct Seen {
    /// Total gain: both kinds of learning together.
    learning: Vec<f64>,
    personal: Vec<f64>,
    trust: Vec<f64>,
    harms: Vec<f64>,
    mind_set: Vec<f64>,
    listening_of_coach: Vec<f64>,
    self_view: Vec<f64>,
    skill: Vec<f64>,
    minority: Vec<f64>,
    mixed: Vec<bool>,
}

fn seen(start: &World, end: &World) -> Seen {
    let mut all = Seen::default();
    for dyad in 0..end.dyads {
        let (block, lane) = place(dyad);
        for seat in 0..2 {
            let (then, now) = (&start.blocks[block].members[seat].person, &end.blocks[block].members[seat]);
            let minority = |seat: usize| end.blocks[block].members[seat].person.minority[lane];
            all.learning.push(now.person.learning_personal[lane] + now.person.learning_task[lane]);
            all.personal.push(now.person.learning_personal[lane]);
            all.trust.push(now.tie.trust[lane]);
            all.harms.push(now.count.destructive[lane]);
            all.mind_set.push(then.mind_set[lane]);
            all.listening_of_coach.push(start.blocks[block].members[1 - seat].person.listening[lane]);
            all.self_view.push(then.self_view[lane]);
            all.skill.push(coaching_skill(then.listening[lane], then.empathy[lane], then.feedback[lane]));
            all.minority.push(minority(seat));
            all.mixed.push(minority(0) != minority(1));
        }
    }
    all
}

/// An observed score: the true one plus an error that leaves the stated reliability.
fn observed(truth: &[f64], seed: u64) -> Vec<f64> {
    let error = sd(truth) * (1.0 / RELIABILITY - 1.0_f64).sqrt();
    let mut stream = Stream::open(MASTER, seed, Purpose::Answer, 0);
    truth.iter().map(|value| value + error * stream.normals().0).collect()
}

/// Change scores of `scales` self-rated scales added up, each with a true baseline SD of 1 and, in both waves, an error that
/// leaves its stated reliability at baseline.
fn change_scores(gain: &[f64], scales: f64, seed: u64) -> Vec<f64> {
    let error = (1.0 / RELIABILITY - 1.0_f64).sqrt() * 2.0_f64.sqrt() * scales.sqrt();
    let mut stream = Stream::open(MASTER, seed, Purpose::Answer, 1);
    gain.iter().map(|value| value + error * stream.normals().0).collect()
}

fn every_other(values: &[f64], offset: usize) -> Vec<f64> {
    values.iter().skip(offset).step_by(2).copied().collect()
}

/// Correlation within dyads of indistinguishable members: each pair entered both ways.
fn within_dyads(values: &[f64]) -> f64 {
    let (a, b) = (every_other(values, 0), every_other(values, 1));
    let both = |x: &[f64], y: &[f64]| x.iter().chain(y).copied().collect::<Vec<_>>();
    correlation(&both(&a, &b), &both(&b, &a))
}

fn percentiles(values: &[f64], among: &[f64]) -> Vec<f64> {
    let mut sorted = among.to_vec();
    sorted.sort_by(f64::total_cmp);
    values.iter().map(|v| 100.0 * sorted.partition_point(|w| w < v) as f64 / sorted.len() as f64).collect()
}

/// One row: what, measured, reference, and the reason where it is beyond a factor of 1.5.
struct Row(&'static str, f64, f64, Option<&'static str>);

fn standard() -> Setup {
    Setup::default().size(60, 1)
}

const SEEDS: u64 = 200;

/// Why d falls short of the prototype's.
const ONE_SCALE: &str = "how the prototype measured it is not known: the sum of both gains with the error of one scale alone would give .39 here";

fn persons(setup: &Setup) -> Vec<Seen> {
    over_seeds(SEEDS, |seed| seen(&setup.world(seed), &setup.run(seed)))
}

fn pooled(all: &[Seen], of: impl Fn(&Seen) -> &Vec<f64>) -> Vec<f64> {
    all.iter().flat_map(|seen| of(seen).clone()).collect()
}

/// Learning of the sessions up to the sixth, as a share of that up to the twelfth, in dyads that reach the twelfth.
fn share_by_session_six() -> f64 {
    let setup = standard().weeks(30, 0);
    let sums = over_seeds(SEEDS, |seed| {
        let mut six = vec![0.0; 2 * setup.dyads];
        let mut twelve = vec![0.0; 2 * setup.dyads];
        let end = setup.run_seeing(seed, |world| {
            let mut person = 0;
            for_seats(world, |block, seat, lane| {
                let gain = block.members[seat].turn.learning[lane];
                six[person] += if block.shared.meetings[lane] < 6.5 { gain } else { 0.0 };
                twelve[person] += if block.shared.meetings[lane] < 12.5 { gain } else { 0.0 };
                person += 1;
            });
        });
        let mut person = 0;
        let mut sums = (0.0, 0.0);
        for_seats(&end, |block, _, lane| {
            if block.shared.meetings[lane] > 11.5 {
                sums.0 += six[person];
                sums.1 += twelve[person];
            }
            person += 1;
        });
        sums
    });
    let total = sums.iter().fold((0.0, 0.0), |sum, s| (sum.0 + s.0, sum.1 + s.1));
    total.0 / total.1
}

/// Share of the rise of mean trust in twelve weeks that the first four bring.
fn share_of_trust_in_first_third() -> f64 {
    let setup = standard();
    let paths = over_seeds(SEEDS, |seed| {
        let trust = |world: &World| {
            let mut sum = 0.0;
            for_seats(world, |block, seat, lane| sum += block.members[seat].tie.trust[lane]);
            sum
        };
        let mut path = vec![trust(&setup.world(seed))];
        setup.run_seeing(seed, |world| path.push(trust(world)));
        path
    });
    let at = |week: usize| paths.iter().map(|path| path[week]).sum::<f64>();
    (at(4) - at(0)) / (at(12) - at(0))
}

/// Trust after a breach and twenty good acts, relative to what it was: betrayal, then an honest lapse. A good act feels as
/// the mean developmental turn does (.4), and trust was what it is on average at a program's end (.51).
fn recovery() -> (f64, f64) {
    let p = Parameters::default();
    let before = 0.51;
    let again = |ceiling: f64| {
        let mut trust = before * p.breach.trust_kept;
        for _ in 0..20 {
            trust = after_meeting(&p, trust, ceiling, weighed(&p, 0.4, 1.0), 0.45, 12.0, 0.0);
        }
        trust / before
    };
    (again(p.breach.ceiling_kept), again(1.0))
}

/// Fall of trust by a turn that feels bad against the rise by one that feels as good, where trust is at rest.
fn weight_of_the_negative() -> f64 {
    let p = Parameters::default();
    let rest = after_meeting(&p, 0.0, 1.0, 0.0, 0.45, 8.0, 0.0) * (p.trust.inertia + 8.0);
    let step = |felt: f64| after_meeting(&p, rest, 1.0, weighed(&p, felt, buffer(&p, 0.0, 0.0)), 0.45, 8.0, 0.0) - rest;
    -step(-0.3) / step(0.3)
}

/// Share of the variance of perceived climate between organizations, by one-way analysis of variance.
fn climate_icc() -> f64 {
    let (dyads, organizations) = (320, 20);
    let setup = Setup::default().size(dyads, organizations);
    let each = 2.0 * dyads as f64 / organizations as f64;
    mean(&over_seeds(SEEDS, |seed| {
        let world = setup.run(seed);
        let mut groups = vec![Vec::new(); organizations];
        for dyad in 0..world.dyads {
            let (block, lane) = place(dyad);
            let organization = world.organization_of_dyad[dyad];
            for seat in 0..2 {
                let perception = world.blocks[block].members[seat].person.perception[lane];
                groups[organization].push(world.organizations[organization].climate + perception);
            }
        }
        let between = each * square(sd(&groups.iter().map(|g| mean(g)).collect::<Vec<_>>()));
        let within = mean(&groups.iter().map(|g| square(sd(g))).collect::<Vec<_>>());
        (between - within) / (between + (each - 1.0) * within)
    }))
}

#[test]
fn magnitudes_of_the_prototype_are_met_within_a_factor_of_one_and_a_half() {
    let all = persons(&standard());
    let runs = runs(&standard(), SEEDS);
    let over = |of: &dyn Fn(&Seen, u64) -> f64| {
        mean(&all.iter().enumerate().map(|(seed, s)| of(s, seed as u64)).collect::<Vec<_>>())
    };
    let of = |outcome: &str| level(&runs, outcome).mean;
    let with_competition = |value: f64| {
        let runs = common::runs(&standard().with(&[("organization.competition", value)]), SEEDS);
        let share = |name| level(&runs, name).mean / level(&runs, "turns").mean;
        (share("destructive"), share("undermined"))
    };
    let (calm, fierce) = (with_competition(0.1), with_competition(0.9));

    let (view, skill) = (pooled(&all, |s| &s.self_view), pooled(&all, |s| &s.skill));
    let (believed, actual) = (percentiles(&view, &skill), percentiles(&skill, &skill));
    let misplaced = |low: f64, high: f64| {
        let inside = |k: &usize| actual[*k] >= low && actual[*k] < high;
        mean(&(0..actual.len()).filter(inside).map(|k| believed[k] - actual[k]).collect::<Vec<_>>())
    };

    let trained: &[Shift] = &[(Trait::Listening, 0.8, 0.018), (Trait::Empathy, 0.3, 0.018)];
    let (prepared, nothing) = (persons(&standard().shifted(trained)), persons(&standard().none()));
    let d = |treated: &[Seen], scales: f64, of: fn(&Seen) -> &Vec<f64>| {
        let (a, b) = (change_scores(&pooled(treated, of), scales, 1), change_scores(&pooled(&nothing, of), scales, 2));
        (mean(&a) - mean(&b)) / ((square(sd(&a)) + square(sd(&b))) / 2.0).sqrt()
    };

    let lost = |noise: &[(&str, f64)]| {
        1.0 - level(&common::runs(&standard().with(noise), SEEDS), "learning").mean / of("learning")
    };
    let group = |minority: f64| {
        mean(
            &all.iter()
                .flat_map(|s| {
                    (0..s.learning.len()).filter(|k| s.mixed[*k] && s.minority[*k] == minority).map(|k| s.learning[k])
                })
                .collect::<Vec<_>>(),
        )
    };
    let (breach, lapse) = recovery();

    let table = [
        Row(
            "trust with total gain, as observed (r)",
            over(&|s, k| correlation(&observed(&s.trust, k), &observed(&s.learning, k + 1000))),
            0.51,
            None,
        ),
        Row(
            "trust with count of harms, as observed (r)",
            over(&|s, k| correlation(&observed(&s.trust, k), &observed(&s.harms, k + 1000))),
            -0.43,
            None,
        ),
        Row("agreement of the partners' trust (r)", over(&|s, k| within_dyads(&observed(&s.trust, k))), 0.35, None),
        Row("total gains of partners (within-dyad r)", over(&|s, _| within_dyads(&s.learning)), 0.13, None),
        Row("self-view with skill (r)", correlation(&view, &skill), 0.23, None),
        Row("leniency (SD)", mean(&view) - mean(&skill), 0.33, None),
        Row("bottom quartile over-places itself (percentile points)", misplaced(0.0, 25.0), 38.0, None),
        Row("top quartile over-places itself (percentile points)", misplaced(75.0, 101.0), -17.0, None),
        Row("share of the total gain of 12 sessions by session 6", share_by_session_six(), 0.73, None),
        Row("share of the rise in trust in the first third", share_of_trust_in_first_third(), 0.54, None),
        Row("dyads ended early (relationship or logistics)", of("dissolved"), 0.14, None),
        Row("share of logistics among these", 1.0 - of("ended in conflict") / of("dissolved"), 0.64, None),
        Row("destructive share of turns, competition .1", calm.0, 0.21, None),
        Row("destructive share of turns, competition .9", fierce.0, 0.26, None),
        Row("undermining share of turns, competition .1", calm.1, 0.004, None),
        Row("undermining share of turns, competition .9", fierce.1, 0.054, None),
        Row("persons with any negative effect", of("any negative"), 0.74, None),
        Row("persons with a severe one", of("any severe"), 0.12, None),
        Row("trust after a betrayal and 20 good acts, of before", breach, 0.70, None),
        Row("trust after a lapse and 20 good acts, of before", lapse, 1.10, None),
        Row("weight of the negative against the positive", weight_of_the_negative(), 1.75, None),
        Row("perceived climate between organizations (ICC)", climate_icc(), 0.22, None),
        Row("mind-set with total gain (r)", over(&|s, _| correlation(&s.mind_set, &s.learning)), 0.04, None),
        Row(
            "prepared coaching against none: personal learning (d, change scores)",
            d(&prepared, 1.0, |s| &s.personal),
            0.45,
            Some(ONE_SCALE),
        ),
        Row(
            "prepared coaching against none: total gain (d, change scores)",
            d(&prepared, 2.0, |s| &s.learning),
            0.45,
            Some(ONE_SCALE),
        ),
        Row(
            "total gain with the noise of benefit doubled (share lost)",
            lost(&[("theory.episode.benefit_noise", 0.4)]),
            0.11,
            None,
        ),
        Row(
            "total gain with both noises of a turn doubled (share lost)",
            lost(&[("theory.episode.benefit_noise", 0.4), ("theory.episode.felt_noise", 0.56)]),
            0.11,
            Some(
                "the prototype does not say which noise was doubled; benefit alone is within, and both cost learning a little more",
            ),
        ),
        Row("total gain of minority members of mixed dyads", group(1.0), 0.23, None),
        Row("total gain of their partners", group(0.0), 0.29, None),
        Row(
            "listening of the coach with total gain of the learner (r)",
            over(&|s, _| correlation(&s.listening_of_coach, &s.learning)),
            0.39,
            None,
        ),
    ];
    let mut missed = Vec::new();
    let mut text = String::from(
        "| magnitude | measured | prototype | at the edge of 1.5 or beyond, because |\n|---|---|---|---|\n",
    );
    for Row(what, measured, reference, reason) in table {
        let ratio = measured / reference;
        text += &format!("| {what} | {measured:.3} | {reference} | {} |\n", reason.unwrap_or("–"));
        let within = |factor: f64| (1.0 / factor..=factor).contains(&ratio);
        // A reason stands where a magnitude is beyond a factor of 1.5, or so near to it that chance decides.
        if (!within(1.5) && reason.is_none()) || (within(1.35) && reason.is_some()) {
            missed.push(format!("{what}: {measured:.3} against {reference:.3}"));
        }
    }
    println!("{text}");
    println!(
        "unprepared coaching against none: d = {:.3} (personal), {:.3} (total)",
        d(&all, 1.0, |s| &s.personal),
        d(&all, 2.0, |s| &s.learning)
    );
    println!(
        "SD of the gain: total {:.3}, personal {:.3}",
        sd(&pooled(&all, |s| &s.learning)),
        sd(&pooled(&all, |s| &s.personal))
    );
    assert!(
        missed.is_empty(),
        "beyond a factor of 1.5 without a reason, or well within and with one:\n{}",
        missed.join("\n")
    );
    stands_in_odd("magnitudes", &text);
}

fn square(x: f64) -> f64 {
    x * x
}
