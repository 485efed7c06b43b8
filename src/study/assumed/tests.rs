use super::*;
use crate::study::estimators::{ClusterDesign, find};
use crate::study::moments::{Moments, PairMoments};
use proptest::prelude::*;

const SEED: u64 = 20_121_210;

fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "found {found}, expected {expected} ± {tolerance}");
}

#[test]
fn the_formula_is_that_of_clusters() {
    for (clusters, size, intraclass, reliability, attrition) in
        [(60, 2, 0.3, 0.8, 0.0), (98, 2, 0.3, 0.8, 0.1), (40, 5, -0.2, 1.0, 0.2), (30, 1, 0.0, 0.5, 0.0)]
    {
        let assumed = Assumed {
            clusters,
            size,
            effect: 0.5,
            intraclass,
            reliability,
            attrition: Attrition { share: attrition, lost: Lost::Cluster, selection: 0.0 },
            ..Assumed::default()
        };
        assert_eq!(assumed.check(), Ok(()));
        let published = ClusterDesign { effect: 0.5, intraclass, reliability, size: size as f64, attrition };
        close(assumed.forecast(false).noncentrality, published.noncentrality(clusters as f64), 1e-12);
        close(assumed.forecast(false).power(0.05), published.power(clusters as f64, 0.05), 1e-12);
    }
}

#[test]
fn the_minimal_detectable_effect_has_that_power() {
    let assumed = Assumed { clusters: 60, intraclass: 0.3, reliability: 0.8, ..Assumed::default() };
    let effect = assumed.forecast(false).minimal_detectable_effect(0.8, 0.05).unwrap();
    close(Assumed { effect, ..assumed }.forecast(false).power(0.05), 0.8, 1e-9);
    assert_eq!(assumed.forecast(false).minimal_detectable_effect(0.04, 0.05), None);
    assert_eq!(assumed.forecast(false).minimal_detectable_effect(1.0, 0.05), None);
}

/// Correlations over 400 replications of 50 circles of three in ten organizations: each within five standard errors.
#[test]
fn people_are_alike_as_assumed() {
    for (intraclass, shared) in [(0.4, 0.0), (0.5, 0.2), (-0.4, 0.0), (0.0, 0.1), (-0.5, 0.0)] {
        let assumed = Assumed {
            clusters: 50,
            size: 3,
            organizations: 10,
            intraclass,
            organization_intraclass: shared,
            reliability: 0.8,
            baseline: Some(0.6),
            ..Assumed::default()
        };
        let design = Design::new(assumed).unwrap();
        let (mut partners, mut colleagues, mut strangers, mut times) = Default::default();
        let pair = |moments: &mut Vec<f64>, a: f64, b: f64| moments.push(a * b);
        let mut persons = Moments::default();
        for replication in 0..400 {
            let data = design.draw(SEED, replication);
            let y = &data.outcome;
            let x = &data.covariates[0].1;
            for cluster in 0..50 {
                let first = 3 * cluster;
                pair(&mut partners, y[first], y[first + 2]);
                // The next cluster, of the same organization or of another.
                let next = (first + 3) % 150;
                pair(if cluster % 5 == 4 { &mut strangers } else { &mut colleagues }, y[first + 1], y[next]);
                pair(&mut times, y[first], x[first]);
                persons.push(y[first]);
            }
        }
        let check = |products: &[f64], expected: f64| {
            let mut moments = Moments::default();
            products.iter().for_each(|product| moments.push(*product));
            // Products of one organization depend on each other: the errors are those of 10 of 50.
            close(moments.mean(), expected, 5.0 * moments.mean_error() * 5.0_f64.sqrt());
        };
        check(&partners, intraclass);
        check(&colleagues, shared);
        check(&strangers, 0.0);
        // Observed variance 1/r: the correlation .6 is a covariance of .6/r.
        check(&times, 0.75);
        close(persons.variance(), 1.25, 0.06);
    }
}

/// The variance of the difference over 6,000 experiments, against the formula: a ratio within five standard errors (√(2/6000) each).
#[test]
fn differences_vary_as_the_formula_says() {
    let base = Assumed {
        clusters: 24,
        organizations: 6,
        organization_intraclass: 0.15,
        reliability: 0.8,
        ..Assumed::default()
    };
    for assignment in [Assignment::Organization, Assignment::Cluster, Assignment::Person, Assignment::Within] {
        for (size, intraclass) in [(2, 0.4), (2, -0.5), (4, 0.3)] {
            let assumed = Assumed { assignment, size, intraclass, ..base };
            let design = Design::new(assumed).unwrap();
            let mut moments = Moments::default();
            for replication in 0..6_000 {
                let data = design.draw(SEED, replication);
                let rows = data.outcome.iter().zip(&data.treated);
                let persons = 12.0 * size as f64;
                moments.push(rows.fold(0.0, |sum, (y, t)| sum + y * (2.0 * t - 1.0)) / persons);
            }
            let forecast = assumed.forecast(false);
            close(
                moments.variance() / (forecast.standard_error * forecast.standard_error),
                1.0,
                5.0 * (2.0 / 6_000.0_f64).sqrt(),
            );
            close(moments.mean(), 0.0, 5.0 * forecast.standard_error / 6_000.0_f64.sqrt());
        }
    }
}

/// An odd number has no two halves: a little of what clusters share stays in the difference.
#[test]
fn an_odd_number_within_clusters_leaves_what_they_share() {
    for (size, intraclass, organizations, organization_intraclass) in
        [(3, 0.3, 1, 0.0), (3, 0.6, 1, 0.0), (5, 0.6, 4, 0.3)]
    {
        let base = Assumed { clusters: 24, assignment: Assignment::Within, ..Assumed::default() };
        let assumed = Assumed { size, intraclass, organizations, organization_intraclass, ..base };
        let design = Design::new(assumed).unwrap();
        let mut moments = Moments::default();
        for replication in 0..6_000 {
            let data = design.draw(SEED, replication);
            let mean = |arm: f64| {
                let own = data.outcome.iter().zip(&data.treated).filter(|(_, t)| **t == arm);
                let (sum, count) = own.fold((0.0, 0.0), |(sum, count), (y, _)| (sum + y, count + 1.0));
                sum / count
            };
            moments.push(mean(1.0) - mean(0.0));
        }
        let expected = assumed.forecast(false).standard_error;
        let without = (4.0 * (1.0 - intraclass) / (24 * size) as f64).sqrt();
        assert!(expected > 1.05 * without, "{expected} {without}: the test could not tell");
        close(moments.variance() / (expected * expected), 1.0, 5.0 * (2.0 / 6_000.0_f64).sqrt());
    }
}

/// The same where a fifth is lost, one by one or in clusters: numbers of persons vary, and the formula takes them at their expectation, so
/// that it is short by a few parts in a hundred.
#[test]
fn losses_cost_what_the_formula_says() {
    let base = Assumed {
        clusters: 60,
        organizations: 12,
        organization_intraclass: 0.1,
        intraclass: 0.5,
        ..Assumed::default()
    };
    for assignment in [Assignment::Organization, Assignment::Cluster, Assignment::Person, Assignment::Within] {
        for lost in [Lost::Person, Lost::Cluster] {
            let attrition = Attrition { share: 0.2, lost, selection: 0.0 };
            let assumed = Assumed { assignment, attrition, ..base };
            let design = Design::new(assumed).unwrap();
            let difference = find("difference_ols").unwrap();
            let mut moments = Moments::default();
            for replication in 0..4_000 {
                moments.push(difference.estimate(&design.draw(SEED, replication), 0.95).unwrap().estimate);
            }
            let forecast = assumed.forecast(false);
            let ratio = moments.variance() / (forecast.standard_error * forecast.standard_error);
            close(ratio, 1.02, 0.03 + 4.0 * (2.0 / 4_000.0_f64).sqrt());
        }
    }
}

/// The variance of y − b x, the same way; and its estimate by the regression is near.
#[test]
fn a_baseline_saves_what_the_formula_says() {
    for assignment in [Assignment::Cluster, Assignment::Person, Assignment::Within] {
        let assumed = Assumed {
            clusters: 100,
            intraclass: 0.4,
            reliability: 0.7,
            baseline: Some(0.6),
            effect: 0.3,
            assignment,
            ..Assumed::default()
        };
        let design = Design::new(assumed).unwrap();
        let ancova = find("ancova_cr2").unwrap();
        let mut moments = Moments::default();
        for replication in 0..3_000 {
            moments.push(ancova.estimate(&design.draw(SEED, replication), 0.95).unwrap().estimate);
        }
        let forecast = assumed.forecast(true);
        assert!(forecast.standard_error < assumed.forecast(false).standard_error);
        // The estimated slope costs about one part in a hundred.
        close(
            moments.variance() / (forecast.standard_error * forecast.standard_error),
            1.01,
            5.0 * (2.0 / 3_000.0_f64).sqrt(),
        );
        close(moments.mean(), design.truth(), 5.0 * moments.mean_error());
    }
}

/// Shares lost, and the bias of those who stay: selection · φ(z)/(1 − share) for a construct of variance 1. Five standard errors.
#[test]
fn attrition_takes_the_share_and_biases_as_stated() {
    for (lost, selection) in [(Lost::Person, 0.0), (Lost::Person, 0.6), (Lost::Cluster, 0.0), (Lost::Cluster, -0.6)] {
        let assumed = Assumed {
            clusters: 50,
            intraclass: 0.2,
            effect: 0.5,
            attrition: Attrition { share: 0.2, lost, selection },
            ..Assumed::default()
        };
        let design = Design::new(assumed).unwrap();
        let (mut stayed, mut difference) = (Moments::default(), PairMoments::default());
        for replication in 0..2_000 {
            let data = design.draw(SEED, replication);
            stayed.push(data.outcome.len() as f64 / 100.0);
            for (y, t) in data.outcome.iter().zip(&data.treated) {
                if *t == 1.0 { difference.first.push(*y) } else { difference.second.push(*y) }
            }
        }
        close(stayed.mean(), 0.8, 5.0 * stayed.mean_error());
        // φ(z.2)/.8 = .34996; a cluster's mean has SD √((1 + .2)/2).
        let spread = if lost == Lost::Cluster { 0.6_f64.sqrt() } else { 1.0 };
        let error = libm::hypot(difference.first.mean_error(), difference.second.mean_error());
        close(difference.first.mean() - difference.second.mean(), 0.5 + 0.349_96 * selection * spread, 8.0 * error);
    }
}

#[test]
fn units_are_assigned_in_halves_and_as_wholes() {
    for (assignment, clusters, size, organizations) in [
        (Assignment::Person, 15, 3, 5),
        (Assignment::Within, 15, 2, 5),
        (Assignment::Cluster, 15, 3, 5),
        (Assignment::Organization, 30, 2, 6),
    ] {
        let assumed = Assumed { assignment, clusters, size, organizations, ..Assumed::default() };
        let data = Design::new(assumed).unwrap().draw(SEED, 3);
        let unit = |person: usize| match assignment {
            Assignment::Person => person,
            Assignment::Within => person,
            Assignment::Cluster => person / size,
            Assignment::Organization => assumed.organization_of(person / size),
        };
        let units = 1 + unit(clusters * size - 1);
        let mut arm = vec![None; units];
        for (person, treated) in data.treated.iter().enumerate() {
            assert_eq!(*arm[unit(person)].get_or_insert(*treated), *treated);
        }
        let count = arm.iter().filter(|arm| **arm == Some(1.0)).count();
        assert!(count == units / 2 || count == units - units / 2);
        if assignment == Assignment::Within {
            assert!(data.treated.chunks(2).all(|pair| pair[0] + pair[1] == 1.0));
        }
    }
}

#[test]
fn people_are_the_same_whatever_the_size_and_the_lot() {
    let small = Assumed { clusters: 10, intraclass: 0.3, baseline: Some(0.4), ..Assumed::default() };
    let large = Assumed { clusters: 40, assignment: Assignment::Person, ..small };
    let (small, large) = (Design::new(small).unwrap().draw(SEED, 5), Design::new(large).unwrap().draw(SEED, 5));
    assert_eq!(small.outcome, large.outcome[..20]);
    let other = Design::new(Assumed { clusters: 10, ..Assumed::default() }).unwrap();
    assert_ne!(other.draw(SEED, 5).outcome, other.draw(SEED, 6).outcome);
    assert_ne!(other.draw(SEED, 5).outcome, other.draw(SEED + 1, 5).outcome);
}

#[test]
fn an_event_has_its_share_and_its_odds() {
    let assumed = Assumed {
        clusters: 50,
        effect: 0.5,
        intraclass: 0.3,
        reliability: 0.8,
        event: Some(0.3),
        ..Assumed::default()
    };
    let design = Design::new(assumed).unwrap();
    let mut shares = [Moments::default(), Moments::default()];
    for replication in 0..2_000 {
        let data = design.draw(SEED, replication);
        data.outcome.iter().zip(&data.treated).for_each(|(y, t)| shares[*t as usize].push(*y));
    }
    let log_odds = |share: f64| libm::log(share / (1.0 - share));
    close(shares[0].mean(), 0.3, 0.008);
    close(log_odds(shares[1].mean()) - log_odds(shares[0].mean()), design.truth(), 0.05);
}

#[test]
fn what_is_impossible_is_refused_in_words() {
    let refused = |assumed: Assumed| assumed.check().unwrap_err().to_string();
    let base = Assumed { clusters: 40, ..Assumed::default() };
    assert_eq!(
        refused(Assumed { intraclass: -0.4, size: 4, ..base }),
        "icc is -0.4, but 4 members of a cluster cannot all differ from each other more than -0.3333 says (−1/(n − 1))"
    );
    assert_eq!(refused(Assumed { reliability: 0.0, ..base }), "reliability is 0: it must lie above 0 and up to 1");
    assert!(refused(Assumed { reliability: f64::NAN, ..base }).starts_with("reliability is NaN"));
    assert!(refused(Assumed { intraclass: 1.2, ..base }).starts_with("icc is 1.2"));
    assert!(
        refused(Assumed { attrition: Attrition { share: 1.0, ..base.attrition }, ..base })
            .starts_with("attrition is 1")
    );
    assert!(refused(Assumed { baseline: Some(0.9), reliability: 0.8, ..base }).contains("cannot correlate by more"));
    assert!(refused(Assumed { organization_intraclass: 0.1, ..base }).contains("one organization only"));
    assert!(refused(Assumed { organizations: 50, ..base }).contains("each needs one at least"));
    assert!(
        refused(Assumed { organizations: 3, assignment: Assignment::Organization, ..base }).contains("4 are the least")
    );
    assert!(refused(Assumed { intraclass: -1.0, ..base }).contains("does not vary at all"));
    assert!(refused(Assumed { size: 1, assignment: Assignment::Within, ..base }).contains("two members"));
    assert!(refused(Assumed { size: 0, ..base }).contains("1 or more"));
    // At the limits it is possible.
    for possible in [
        Assumed { intraclass: -1.0, reliability: 0.9, ..base },
        Assumed { intraclass: 1.0, ..base },
        Assumed { intraclass: -1.0 / 3.0, size: 4, reliability: 0.99, ..base },
        Assumed { baseline: Some(0.8), reliability: 0.8, ..base },
        Assumed { size: 1, ..base },
    ] {
        assert_eq!(possible.check(), Ok(()));
        let _ = Design::new(possible).unwrap().draw(1, 1);
    }
}

proptest! {
    /// Whatever is asked: an answer in words or an experiment without a hole.
    #[test]
    fn any_numbers_are_refused_or_drawn(
        (clusters, size, organizations) in (0..40_usize, 0..6_usize, 0..9_usize),
        (effect, intraclass, shared, reliability) in (-2.0..2.0_f64, -1.1..1.1_f64, -0.1..1.1_f64, -0.1..1.1_f64),
        baseline in prop::option::of(-1.0..1.0_f64),
        (share, selection, cluster) in (0.0..1.0_f64, -1.0..1.0_f64, any::<bool>()),
        assignment in prop::sample::select(Assignment::NAMES.map(|(_, assignment)| assignment).to_vec()),
        replication in any::<u64>(),
    ) {
        let lost = if cluster { Lost::Cluster } else { Lost::Person };
        let assumed = Assumed {
            clusters, size, organizations, effect, intraclass, organization_intraclass: shared, reliability, baseline,
            assignment, attrition: Attrition { share, lost, selection }, ..Assumed::default()
        };
        match Design::new(assumed) {
            Err(refusal) => prop_assert!(!refusal.to_string().is_empty()),
            Ok(design) => {
                let data = design.draw(SEED, replication);
                prop_assert!(data.outcome.iter().chain(&data.treated).all(|value| value.is_finite()));
                prop_assert!(data.outcome.len() <= clusters * size);
                let forecast = assumed.forecast(true);
                prop_assert!(forecast.standard_error > 0.0, "{assumed:?}");
                let power = forecast.power(0.05);
                prop_assert!((0.0..=1.0 + 1e-9).contains(&power), "{power} {assumed:?}");
            }
        }
    }
}
