//! Face validity at the defaults: what the article says should happen, happens in the model as its equations stand. A
//! hypothesis among these is reported as 'implied by the theory': it is no discovery.

mod common;

use common::*;
use peerlab::model::person::Trait;
use peerlab::model::risk::FACTORS;

const SEEDS: u64 = 60;

/// A difference that is at least `size` in the stated direction and four standard errors from zero.
fn clear(found: Estimate, size: f64, what: &str) {
    assert!(
        found.mean * size.signum() > size.abs() && found.mean.abs() > 4.0 * found.error,
        "{what}: {found}, stated {size:+}"
    );
}

/// More exposure to any of the sixteen factors lowers learning or raises harm, and twice as much does not do less.
#[test]
fn more_exposure_lowers_learning_or_raises_harm() {
    let base = runs(&Setup::default(), SEEDS);
    for factor in FACTORS {
        let id = format!("risk.{factor}.exposure");
        let at = |exposure| runs(&Setup::default().with(&[(&id, exposure)]), SEEDS);
        let (some, full) = (at(0.5), at(1.0));
        let (outcome, sign) = if *factor == "betrayal_or_regret" { ("breaches", 1.0) } else { ("learning", -1.0) };
        let (half, whole) = (difference(&base, &some, outcome), difference(&base, &full, outcome));
        println!("{factor:30} {outcome:10} half {half} full {whole}");
        clear(whole, 0.005 * sign, &format!("{factor} on {outcome}"));
        let more = difference(&some, &full, outcome);
        assert!(more.mean * sign > -2.0 * more.error, "{factor}: the second half undoes the first, {more}");
    }
}

/// Listening training (+.8 listening, +.3 empathy) beats none on learning and trust.
#[test]
fn listening_training_raises_learning_and_trust() {
    let trained: &[Shift] = &[(Trait::Listening, 0.8, 0.018), (Trait::Empathy, 0.3, 0.018)];
    let (without, with) = (runs(&Setup::default(), SEEDS), runs(&Setup::default().shifted(trained), SEEDS));
    for (outcome, size) in [("learning", 0.08), ("trust", 0.01), ("destructive share", -0.02)] {
        let found = difference(&without, &with, outcome);
        println!("{outcome} {found}");
        clear(found, size, outcome);
    }
}

/// A talk on the benefits (+1 SD motivation, +.25 expectation) does less for learning and trust than the training.
#[test]
fn listening_training_beats_a_talk() {
    let trained: &[Shift] = &[(Trait::Listening, 0.8, 0.018), (Trait::Empathy, 0.3, 0.018)];
    let talked: &[Shift] = &[(Trait::Motivation, 0.8, 0.0), (Trait::Expectation, 0.2, 0.0)];
    let (talk, training) =
        (runs(&Setup::default().shifted(talked), SEEDS), runs(&Setup::default().shifted(trained), SEEDS));
    for (outcome, size) in [("learning", 0.03), ("trust", 0.005)] {
        let found = difference(&talk, &training, outcome);
        println!("{outcome} {found}");
        clear(found, size, outcome);
    }
}

#[test]
fn competition_makes_turns_destructive_and_closes_people() {
    let at = |value| runs(&Setup::default().with(&[("organization.competition", value)]), SEEDS);
    let (calm, fierce) = (at(0.1), at(0.9));
    for (outcome, size) in [("destructive share", 0.02), ("disclosure", -0.10), ("undermined share", 0.02)] {
        let found = difference(&calm, &fierce, outcome);
        println!("{outcome} {found}");
        clear(found, size, outcome);
    }
}

#[test]
fn good_matching_raises_trust_and_keeps_dyads_together() {
    let at = |value| runs(&Setup::default().with(&[("organization.matching", value)]), SEEDS);
    let (poor, good) = (at(0.1), at(0.9));
    for (outcome, size) in [("trust", 0.08), ("dissolved", -0.02)] {
        let found = difference(&poor, &good, outcome);
        println!("{outcome} {found}");
        clear(found, size, outcome);
    }
}
