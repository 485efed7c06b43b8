//! Mixed models, growth and logistic regression where the truth is known: they keep their level or coverage where theory says that they must,
//! and the known traps miss it in the direction that theory says.
//!
//! Seeds are fixed: a rate of 5 % from n draws lies within 4 √(.05 · .95 / n) of it, or the analysis is wrong.

use peerlab::model::streams::{Purpose, Stream};
use peerlab::study::assumed::{Assignment, Assumed, Design};
use peerlab::study::estimators::{Estimate, Observations, find};

/// Estimates of an estimator over draws, and how many of them failed.
fn estimates(id: &str, draws: u64, draw: impl Fn(u64) -> Observations) -> (Vec<Estimate>, u64) {
    let estimator = find(id).unwrap();
    let found: Vec<Estimate> = (0..draws).filter_map(|k| estimator.estimate(&draw(k), 0.95).ok()).collect();
    let failures = draws - found.len() as u64;
    (found, failures)
}

/// How often an effect is found that there is not.
fn false_alarms(id: &str, assumed: Assumed, draws: u64) -> f64 {
    let design = Design::new(assumed).unwrap();
    let (found, failures) = estimates(id, draws, |k| design.draw(11, k));
    assert!(failures == 0, "{id}: {failures} fits failed");
    share(&found, |one| one.p_value < 0.05)
}

fn share(found: &[Estimate], what: impl Fn(&Estimate) -> bool) -> f64 {
    found.iter().filter(|one| what(one)).count() as f64 / found.len() as f64
}

fn nominal(rate: f64, draws: u64) -> bool {
    (rate - 0.05).abs() < 4.0 * (0.05 * 0.95 / draws as f64).sqrt()
}

#[test]
fn partners_who_contrast_are_no_trap_where_a_covariance_may_be_negative() {
    const DRAWS: u64 = 2000;
    let design = |assignment| Assumed { clusters: 30, intraclass: -0.6, assignment, ..Assumed::default() };
    for assignment in [Assignment::Cluster, Assignment::Within] {
        let free = false_alarms("mixed_dyad", design(assignment), DRAWS);
        assert!(nominal(free, DRAWS), "{assignment:?}: {free}");
    }
    // Held at zero: where dyads are assigned nothing is found, where one of the two is, what is not there.
    let (between, within) = (
        false_alarms("mixed_dyad_clamped", design(Assignment::Cluster), DRAWS),
        false_alarms("mixed_dyad_clamped", design(Assignment::Within), DRAWS),
    );
    assert!(between < 0.01, "{between}");
    assert!(within > 0.09, "{within}");
}

#[test]
fn a_fit_at_the_boundary_says_so() {
    let assumed = Assumed { clusters: 30, intraclass: -0.6, ..Assumed::default() };
    let design = Design::new(assumed).unwrap();
    let at_boundary = |id: &str| share(&estimates(id, 50, |k| design.draw(3, k)).0, |one| one.boundary);
    assert_eq!(at_boundary("mixed_dyad"), 0.0);
    assert!(at_boundary("mixed_dyad_clamped") > 0.9);
}

#[test]
fn a_treatment_of_few_organizations_needs_their_variance() {
    const DRAWS: u64 = 1500;
    let design = Assumed {
        clusters: 72,
        organizations: 12,
        intraclass: 0.4,
        organization_intraclass: 0.2,
        assignment: Assignment::Organization,
        ..Assumed::default()
    };
    let knows = false_alarms("mixed_organization", design, DRAWS);
    assert!(nominal(knows, DRAWS), "{knows}");
    let ignores = false_alarms("mixed_dyad", design, DRAWS);
    assert!(ignores > 0.15, "{ignores}");
}

/// Persons in dyads at five waves, each with a line of its own; dyads are assigned, and nothing is done to anybody.
fn lines(seed: u64, replication: u64) -> Observations {
    let (dyads, weeks) = (30, [0.0, 3.0, 6.0, 9.0, 12.0]);
    let mut data = Observations::default();
    let mut arms = Vec::new();
    for dyad in 0..dyads {
        let mut stream = Stream::open(seed, replication, Purpose::Assumed, dyad);
        let arm = if dyad % 2 == 0 { 1.0 } else { 0.0 };
        let shared = stream.normals();
        for member in 0..2 {
            let own = stream.normals();
            for week in weeks {
                let line = (shared.0 + own.0) + (0.05 * shared.1 + 0.05 * own.1) * week;
                data.outcome.push(line + 0.7 * stream.normals().0);
                data.treated.push(arm * week);
                data.week.push(week);
                data.dyad.push(dyad as u32);
                data.cluster.push(dyad as u32);
                data.person.push(2 * dyad as u32 + member);
                arms.push(arm);
            }
        }
    }
    data.beside = vec![("the week".into(), data.week.clone()), ("the arm".into(), arms)];
    data
}

#[test]
fn growth_keeps_its_level_where_dyads_are_assigned() {
    const DRAWS: u64 = 400;
    let (found, failures) = estimates("growth", DRAWS, |k| lines(5, k));
    assert_eq!(failures, 0);
    let rate = share(&found, |one| one.p_value < 0.05);
    assert!(nominal(rate, DRAWS), "{rate}");
    // Complete data: it is the difference of the mean slopes, however variances are estimated.
    let data = lines(5, 0);
    let slope = |arm: f64| {
        let rows = (0..data.outcome.len()).filter(|row| data.beside[1].1[*row] == arm);
        let (product, square) = rows.fold((0.0, 0.0), |(product, square), row| {
            let from_middle = data.week[row] - 6.0;
            (product + from_middle * data.outcome[row], square + from_middle * from_middle)
        });
        product / square
    };
    assert!((found[0].estimate - (slope(1.0) - slope(0.0))).abs() < 1e-9);
}

#[test]
fn odds_ratios_are_covered() {
    const DRAWS: u64 = 2000;
    let design =
        Design::new(Assumed { clusters: 100, effect: 0.4, intraclass: 0.4, event: Some(0.3), ..Assumed::default() })
            .unwrap();
    let (found, failures) = estimates("logistic", DRAWS, |k| design.draw(7, k));
    assert_eq!(failures, 0);
    let missed = 1.0 - share(&found, |one| one.lower <= design.truth() && design.truth() <= one.upper);
    assert!(nominal(missed, DRAWS), "{missed}");
}

#[test]
fn an_arm_without_an_event_has_no_odds() {
    let mut data = Design::new(Assumed { clusters: 20, event: Some(0.3), ..Assumed::default() }).unwrap().draw(1, 1);
    let treated = data.treated.clone();
    data.outcome.iter_mut().zip(&treated).filter(|(_, t)| **t == 1.0).for_each(|(y, _)| *y = 0.0);
    assert_eq!(find("logistic").unwrap().estimate(&data, 0.95).unwrap_err().code(), "separation");
}
