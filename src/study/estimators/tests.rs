//! The estimators against independent software, and the properties that any data must show.

use super::*;
use proptest::prelude::*;

const ORACLE: &str = include_str!("../../../tests/data/cluster_robust.csv");

/// Named columns of a CSV file; cells that are no numbers are NaN.
pub(super) struct Table(Vec<String>, Vec<Vec<f64>>);

impl Table {
    pub(super) fn read(text: &str) -> Table {
        let split = |line: &str| line.split(',').map(|c| c.trim_matches('"').to_owned()).collect::<Vec<_>>();
        let mut lines = text.lines();
        let names = split(lines.next().unwrap());
        let rows = lines.map(|l| split(l).iter().map(|c| c.parse().unwrap_or(f64::NAN)).collect());
        Table(names, rows.collect())
    }

    pub(super) fn column(&self, name: &str) -> Vec<f64> {
        let j = self.0.iter().position(|n| n == name).unwrap();
        self.1.iter().map(|row| row[j]).collect()
    }

    pub(super) fn labels(&self, name: &str) -> Vec<u32> {
        self.column(name).iter().map(|&v| v as u32).collect()
    }
}

fn gold_a() -> Observations {
    let table = Table::read(include_str!("../../../tests/data/goldA.csv"));
    Observations {
        outcome: table.column("y"),
        treated: table.column("t"),
        beside: vec![],
        covariates: vec![],
        cluster: table.labels("dyad"),
        ..Default::default()
    }
}

fn gold_b() -> Observations {
    let table = Table::read(include_str!("../../../tests/data/goldB.csv"));
    Observations {
        outcome: table.column("y"),
        treated: table.column("t"),
        beside: vec![],
        covariates: vec![("x".to_owned(), table.column("x"))],
        cluster: table.labels("org"),
        ..Default::default()
    }
}

fn uneven() -> Observations {
    let table = Table::read(include_str!("../../../tests/data/uneven.csv"));
    Observations {
        outcome: table.column("y"),
        treated: table.column("t"),
        beside: vec![],
        covariates: vec![("x1".to_owned(), table.column("x1")), ("x2".to_owned(), table.column("x2"))],
        cluster: table.labels("g"),
        ..Default::default()
    }
}

pub(super) fn close(found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs(), "found {found}, expected {expected}");
}

/// A value given to some digits after the point.
pub(super) fn rounds_to(found: f64, expected: f64, digits: i32) {
    let half = 0.5 * libm::pow(10.0, f64::from(-digits));
    assert!((found - expected).abs() <= half * (1.0 + 1e-9), "found {found}, expected {expected}");
}

/// Estimate, standard error, df, bounds and p-value by the oracle.
fn oracle(data: &str, errors: &str) -> Vec<f64> {
    let start = format!("{data},{errors},");
    let line = ORACLE.lines().find_map(|line| line.strip_prefix(&start)).unwrap();
    line.split(',').map(|cell| cell.parse().unwrap()).collect()
}

fn values(e: &Estimate) -> [f64; 6] {
    [e.estimate, e.standard_error, e.degrees_of_freedom, e.lower, e.upper, e.p_value]
}

#[test]
fn the_catalogue_is_complete_and_its_ids_are_found() {
    let ids: Vec<_> = catalogue().iter().map(|e| e.id).collect();
    let inferences = [
        "ols",
        "cr0",
        "cr0_satterthwaite",
        "cr1",
        "cr1_satterthwaite",
        "cr1s",
        "cr2",
        "cr3",
        "bootstrap",
        "randomization",
    ];
    let mut expected: Vec<_> =
        ["difference", "ancova"].iter().flat_map(|a| inferences.map(|e| format!("{a}_{e}"))).collect();
    expected.extend(
        [
            "completers_difference_cr2",
            "completers_ancova_cr2",
            "slope_cr2",
            "regression_cr2",
            "regression_ols",
            "correlation_jackknife",
            "stepped_wedge_cr2",
            "apim_actor",
            "apim_partner",
            "intraclass",
            "intraclass_clamped",
            "mixed_dyad",
            "mixed_dyad_clamped",
            "mixed_organization",
            "mixed_organization_satterthwaite",
            "growth",
            "logistic",
            "logistic_ancova",
        ]
        .map(str::to_owned),
    );
    assert_eq!(ids, expected);
    for estimator in catalogue() {
        assert_eq!(find(estimator.id), Some(estimator));
        for text in [estimator.name, estimator.meaning, estimator.equation, estimator.assumptions, estimator.source] {
            assert!(!text.is_empty() && !text.contains("  "), "{text}");
        }
    }
    assert_eq!(find("difference"), None);
}

/// Slopes and interaction regressions against `tests/oracles/association.py`.
#[test]
fn associations_agree_with_independent_software() {
    let couples = Table::read(include_str!("../../../tests/data/acipair.csv"));
    let pair = Observations {
        outcome: couples.column("Satisfaction_A"),
        treated: couples.column("OtherPos_A"),
        beside: vec![],
        covariates: vec![("partner".to_owned(), couples.column("OtherPos_P"))],
        cluster: couples.labels("CoupleID"),
        ..Default::default()
    };
    let table = Table::read(include_str!("../../../tests/data/uneven.csv"));
    let (t, x) = (table.column("t"), table.column("x1"));
    let moderated = Observations {
        treated: t.iter().zip(&x).map(|(t, x)| t * x).collect(),
        beside: vec![("t".to_owned(), t), ("x1".to_owned(), x)],
        ..uneven()
    };
    let oracle = include_str!("../../../tests/data/association.csv");
    let expected = |question: &str| -> Vec<f64> {
        let line = oracle.lines().find_map(|line| line.strip_prefix(question)).unwrap();
        line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect()
    };
    for (question, id, data) in [
        ("slope_cr2", "slope_cr2", &pair),
        ("regression_cr2", "regression_cr2", &pair),
        ("regression_ols", "regression_ols", &pair),
        ("moderated", "difference_cr2", &moderated),
    ] {
        let found = find(id).unwrap().estimate(data, 0.95).unwrap();
        for (found, expected) in values(&found).into_iter().zip(expected(question)) {
            close(found, expected, 1e-9);
        }
        // The truth of a question is the same coefficient.
        close(coefficient(find(id).unwrap().specification, data), found.estimate, 1e-12);
    }
}

#[test]
fn every_estimator_agrees_with_independent_software() {
    for (name, data, adjustment) in
        [("goldA", gold_a(), "difference"), ("goldB", gold_b(), "ancova"), ("uneven", uneven(), "ancova")]
    {
        for errors in ["ols", "cr0", "cr1", "cr1s", "cr2"] {
            let found = find(&format!("{adjustment}_{errors}")).unwrap().estimate(&data, 0.95).unwrap();
            for (found, expected) in values(&found).into_iter().zip(oracle(name, errors)) {
                close(found, expected, 2e-12);
            }
        }
    }
}

#[test]
fn randomized_dyads_give_the_t_test_on_dyad_means() {
    let data = gold_a();
    let cr2 = find("difference_cr2").unwrap().estimate(&data, 0.95).unwrap();
    rounds_to(cr2.standard_error, 0.120497, 6);
    rounds_to(cr2.p_value, 0.000712, 6);

    // The treatment is constant within each dyad, so the dyads' means are 24 independent observations.
    let mean = |values: &[f64], d: u32| {
        let mine: Vec<f64> = (0..48).filter(|&i| data.cluster[i] == d).map(|i| values[i]).collect();
        mine.iter().sum::<f64>() / mine.len() as f64
    };
    let means = Observations {
        outcome: (0..24).map(|d| mean(&data.outcome, d)).collect(),
        treated: (0..24).map(|d| mean(&data.treated, d)).collect(),
        beside: vec![],
        covariates: vec![],
        cluster: (0..24).collect(),
        ..Default::default()
    };
    let student = find("difference_ols").unwrap().estimate(&means, 0.95).unwrap();
    assert_eq!(student.degrees_of_freedom, 22.0);
    for (one, other) in values(&cr2).into_iter().zip(values(&student)) {
        close(one, other, 1e-12);
    }
}

#[test]
fn clusters_of_organizations_give_the_reference_digits() {
    let data = gold_b();
    let cr1s = find("ancova_cr1s").unwrap().estimate(&data, 0.95).unwrap();
    let cr2 = find("ancova_cr2").unwrap().estimate(&data, 0.95).unwrap();
    rounds_to(cr2.estimate, -0.0255890634, 10);
    rounds_to(cr1s.standard_error, 0.28597381, 8);
    rounds_to(cr2.standard_error, 0.2983786511, 10);
    rounds_to(cr2.degrees_of_freedom, 9.93, 2);
}

#[test]
fn the_actor_effect_of_couples_gives_the_published_digits() {
    let table = Table::read(include_str!("../../../tests/data/acipair.csv"));
    let columns = [vec![1.0; 296], table.column("OtherPos_A"), table.column("OtherPos_P")];
    let cluster = table.labels("CoupleID");
    let fit = LeastSquares::fit(&columns, &table.column("Satisfaction_A")).unwrap();
    let se = |errors| cluster_covariance(&fit, &cluster, errors).unwrap()[(1, 1)].sqrt();
    let df = satterthwaite(&fit, &cluster, Errors::CR2, 1).unwrap();
    rounds_to(se(Errors::CR3), 0.0517076024, 10);
    rounds_to(se(Errors::CR0), 0.0503807776, 10);
    rounds_to(se(Errors::CR1), 0.0505518503, 10);
    rounds_to(se(Errors::CR1S), 0.0507240888, 10);
    rounds_to(se(Errors::CR2), 0.0510367292, 10);
    rounds_to(df, 71.2855, 4);
    for (errors, id) in [(Errors::CR0, "cr0"), (Errors::CR1, "cr1"), (Errors::CR1S, "cr1s"), (Errors::CR2, "cr2")] {
        let expected = oracle("acipair", id);
        close(fit.coefficients()[1], expected[0], 1e-12);
        close(se(errors), expected[1], 1e-12);
    }
    close(df, oracle("acipair", "cr2")[2], 1e-12);
    close(fit.classical_covariance()[(1, 1)].sqrt(), oracle("acipair", "ols")[1], 1e-12);
}

#[test]
fn fixed_effects_of_every_cluster_leave_cr2_defined() {
    // Each cluster's dummy has leverage 1 in it: the root must be the Moore-Penrose one.
    let cluster: Vec<u32> = (0..24).map(|i| i / 4).collect();
    let mut columns: Vec<Vec<f64>> =
        (0..6).map(|g| cluster.iter().map(|&c| f64::from(u8::from(c == g))).collect()).collect();
    columns.push((0..24).map(|i| f64::from((i * i) % 7)).collect());
    let y: Vec<f64> = (0..24).map(|i| f64::from((i * 5) % 11)).collect();
    let fit = LeastSquares::fit(&columns, &y).unwrap();
    let clustered = Clustered::new(&fit, &cluster, Errors::CR2).unwrap();
    assert!(clustered.unseen(6).unwrap() < 1e-20);
    assert!(clustered.unseen(0).unwrap() > 0.1);
    let df = clustered.satterthwaite(6).unwrap();
    assert!(df > 1.0 && df < 6.0, "{df}");
    // The same as the regression of deviations from the clusters' means (Pustejovsky & Tipton 2018, theorem 2).
    let within = |v: &[f64]| -> Vec<f64> {
        v.chunks(4).flat_map(|c| c.iter().map(|x| x - c.iter().sum::<f64>() / 4.0)).collect()
    };
    let short = LeastSquares::fit(&[within(&columns[6])], &within(&y)).unwrap();
    let long = clustered.variance(6).unwrap();
    close(long, cluster_covariance(&short, &cluster, Errors::CR2).unwrap()[(0, 0)], 1e-12);
}

#[test]
fn the_parts_agree_with_the_whole() {
    let data = uneven();
    let fit = LeastSquares::fit(&[vec![1.0; data.outcome.len()], data.covariates[0].1.clone()], &data.outcome).unwrap();
    for errors in [Errors::CR0, Errors::CR1, Errors::CR1S, Errors::CR2, Errors::CR3] {
        let clustered = Clustered::new(&fit, &data.cluster, errors).unwrap();
        let whole = clustered.covariance();
        assert_eq!(whole[(0, 1)], whole[(1, 0)]);
        close(clustered.variance(1).unwrap(), whole[(1, 1)], 1e-13);
        assert_eq!(clustered.satterthwaite(2).unwrap_err().code(), "no_such_coefficient");
    }
    let refused = Clustered::new(&fit, &data.cluster, Errors::Classical).map(|_| ()).unwrap_err();
    assert_eq!(refused.code(), "not_cluster_robust");
}

#[test]
fn what_cannot_be_estimated_says_why() {
    let sound = gold_a();
    let cr2 = find("difference_cr2").unwrap();
    let code = |data: &Observations| cr2.estimate(data, 0.95).unwrap_err().code();
    let empty = Observations {
        outcome: vec![],
        treated: vec![],
        beside: vec![],
        covariates: vec![],
        cluster: vec![],
        ..Default::default()
    };
    assert_eq!(code(&empty), "too_few_rows");
    assert_eq!(code(&Observations { treated: vec![1.0; 48], ..sound.clone() }), "no_variation_in_treatment");
    assert_eq!(code(&Observations { cluster: vec![4; 48], ..sound.clone() }), "too_few_clusters");
    assert_eq!(code(&Observations { outcome: vec![0.1; 48], ..sound.clone() }), "zero_variance");
    assert_eq!(code(&Observations { outcome: vec![1e300; 48], ..sound.clone() }), "out_of_range");
    assert_eq!(code(&Observations { outcome: vec![f64::INFINITY; 48], ..sound.clone() }), "not_finite");
    let huge = sound.outcome.iter().map(|y| y * 1e200).collect();
    assert_eq!(code(&Observations { outcome: huge, ..sound.clone() }), "out_of_range");
    // One treated dyad: its mean has no variance between dyads that could be estimated.
    let treated = sound.cluster.iter().map(|&c| f64::from(u8::from(c == 3))).collect();
    assert_eq!(code(&Observations { treated, ..sound.clone() }), "single_cluster_arm");
    for confidence in [0.0, 1.0, f64::NAN, -3.0] {
        assert_eq!(cr2.estimate(&sound, confidence).unwrap_err().code(), "confidence_out_of_range");
    }
    let twin = Observations { covariates: vec![("copy".to_owned(), sound.treated.clone())], ..sound.clone() };
    let failure = find("ancova_cr2").unwrap().estimate(&twin, 0.95).unwrap_err();
    assert!(failure.to_string().starts_with("copy is a combination of the columns before it"), "{failure}");
    // The difference does not look at covariates.
    assert!(cr2.estimate(&twin, 0.95).is_ok());
}

/// Data of 6 to 40 rows in up to 8 clusters with one covariate.
fn any_data() -> impl Strategy<Value = Observations> {
    let row = (-5.0..5.0_f64, any::<bool>(), -3.0..3.0_f64, 0..8_u32);
    prop::collection::vec(row, 6..40).prop_map(|rows| Observations {
        outcome: rows.iter().map(|r| r.0).collect(),
        treated: rows.iter().map(|r| f64::from(u8::from(r.1))).collect(),
        beside: vec![],
        covariates: vec![("x".to_owned(), rows.iter().map(|r| r.2).collect())],
        cluster: rows.iter().map(|r| r.3).collect(),
        ..Default::default()
    })
}

fn same_bits(a: &Result<Estimate, Failure>, b: &Result<Estimate, Failure>) -> bool {
    match (a, b) {
        (Ok(a), Ok(b)) => values(a).map(f64::to_bits) == values(b).map(f64::to_bits),
        (Err(a), Err(b)) => a.code() == b.code(),
        _ => false,
    }
}

/// Whether an estimator draws again: a thousand times the work.
fn drawn(estimator: &Estimator) -> bool {
    matches!(estimator.method, Method::WildBootstrap | Method::Randomization)
}

/// The same data with rows in this order, clusters called otherwise, and a lot of rows within blocks called otherwise.
fn in_another_order(data: &Observations, order: &[usize], odd: u32) -> Observations {
    let pick = |v: &[f64]| order.iter().map(|&i| v[i]).collect::<Vec<f64>>();
    let relabeled = |v: &[u32]| order.iter().filter_map(|&i| Some(v.get(i)?.wrapping_mul(odd))).collect();
    let lot = data.lot.as_ref().map(|lot| Lot {
        unit: (0..order.len() as u32).collect(),
        treated: order.iter().map(|&i| lot.treated[i]).collect(),
        block: relabeled(&lot.block),
        chance: lot.chance,
        exhaust: lot.exhaust,
    });
    Observations {
        outcome: pick(&data.outcome),
        treated: pick(&data.treated),
        beside: vec![],
        covariates: data.covariates.iter().map(|(name, values)| (name.clone(), pick(values))).collect(),
        // Other labels in another order: 0..8 times an odd number, modulo 2^32.
        cluster: relabeled(&data.cluster),
        dyad: relabeled(&data.dyad),
        organization: relabeled(&data.organization),
        lot,
        ..Default::default()
    }
}

/// Scores of five levels in 14 pairs, drawn by lot within four blocks: ties everywhere, as in real questionnaires.
#[test]
fn draws_start_from_the_data_and_not_from_their_order_or_unit() {
    let rows = 28_u32;
    let treated: Vec<f64> = (0..rows).map(|i| f64::from((i / 2) % 2)).collect();
    let data = Observations {
        outcome: (0..rows).map(|i| f64::from((i * i + i / 3) % 5) + treated[i as usize]).collect(),
        covariates: vec![("x".to_owned(), (0..rows).map(|i| f64::from((i * 7) % 3)).collect())],
        cluster: (0..rows).map(|i| i / 2).collect(),
        lot: Some(Lot {
            unit: (0..rows).collect(),
            treated: treated.iter().map(|t| *t > 0.5).collect(),
            block: (0..rows).map(|i| i / 7).collect(),
            chance: None,
            exhaust: 0,
        }),
        treated,
        ..Default::default()
    };
    let order: Vec<usize> = (0..28).map(|i| (i * 11 + 5) % 28).collect();
    let mixed = in_another_order(&data, &order, 0x9e37_79b1);
    let moved = Observations { outcome: data.outcome.iter().map(|y| 10.0 * y - 3.0).collect(), ..data.clone() };
    for estimator in catalogue().iter().filter(|estimator| drawn(estimator)) {
        let found = estimator.estimate(&data, 0.95);
        assert!(same_bits(&found, &estimator.estimate(&mixed, 0.95)), "{}", estimator.id);
        let (found, moved) = (found.unwrap(), estimator.estimate(&moved, 0.95).unwrap());
        assert!(found.degrees_of_freedom.is_nan() && found.standard_error > 0.0);
        assert!(found.lower < found.estimate && found.estimate < found.upper);
        assert_eq!(found.p_value < 0.05, found.lower > 0.0 || found.upper < 0.0, "{}", estimator.id);
        close(moved.p_value, found.p_value, 1e-12);
        close(moved.upper, 10.0 * found.upper, 1e-6);
    }
    let without = Observations { lot: None, ..data };
    assert_eq!(find("ancova_randomization").unwrap().estimate(&without, 0.95).unwrap_err().code(), "no_lot");
}

proptest! {
    #[test]
    fn order_and_labels_change_no_bit(data in any_data(), keys in prop::collection::vec(any::<u32>(), 40)) {
        let mut order: Vec<usize> = (0..data.outcome.len()).collect();
        order.sort_by_key(|&i| keys[i]);
        let mixed = in_another_order(&data, &order, keys[0] | 1);
        for estimator in catalogue().iter().filter(|estimator| !drawn(estimator)) {
            prop_assert!(same_bits(&estimator.estimate(&data, 0.9), &estimator.estimate(&mixed, 0.9)));
        }
    }

    #[test]
    fn scale_and_shift_of_the_outcome_carry_over(data in any_data(), scale in 0.01..100.0_f64, shift in -50.0..50.0_f64) {
        let moved = Observations { outcome: data.outcome.iter().map(|y| scale * y + shift).collect(), ..data.clone() };
        for estimator in catalogue().iter().filter(|estimator| !drawn(estimator)) {
            let (Ok(a), Ok(b)) = (estimator.estimate(&data, 0.95), estimator.estimate(&moved, 0.95)) else { continue };
            let tolerance = 1e-9 * (a.upper - a.lower + a.estimate.abs() + a.standard_error) * (1.0 + shift.abs() / scale);
            let scaled = |e: &Estimate| [e.estimate, e.standard_error, e.lower, e.upper];
            // A correlation has no unit.
            let scale = if estimator.specification.scaling() == Scaling::Correlation { 1.0 } else { scale };
            for (a, b) in scaled(&a).into_iter().zip(scaled(&b)) {
                prop_assert!((scale * a - b).abs() <= scale * tolerance, "{} {a} {b}", estimator.id);
            }
            let df = [a.degrees_of_freedom, b.degrees_of_freedom];
            prop_assert!(df[0].is_nan() && df[1].is_nan() || (df[0] - df[1]).abs() <= 1e-8 * df[0]);
            prop_assert!((a.p_value - b.p_value).abs() <= 1e-6);
        }
    }

    #[test]
    fn an_estimate_is_whole_or_a_failure(
        data in any_data(),
        wrong in prop::collection::vec((0..40_usize, prop::num::f64::ANY, 0..3_usize), 0..2),
        confidence in 0.5..0.999_f64,
    ) {
        let mut data = data;
        for (row, value, column) in wrong {
            let row = row % data.outcome.len();
            match column {
                0 => data.outcome[row] = value,
                1 => data.treated[row] = value,
                _ => data.covariates[0].1[row] = value,
            }
        }
        for estimator in catalogue().iter().filter(|estimator| !drawn(estimator)) {
            match estimator.estimate(&data, confidence) {
                Ok(e) => {
                    prop_assert!(e.lower <= e.estimate && e.estimate <= e.upper);
                    let of_f = matches!(estimator.method, Method::Intraclass { .. });
                    // An intraclass correlation at its bound (members who are all alike) is given without an error.
                    let exact = of_f && e.standard_error == 0.0 && e.lower == e.upper && (e.estimate == 1.0 || e.estimate < 0.0);
                    prop_assert!(exact || e.standard_error > 0.0 && (e.degrees_of_freedom > 0.0 || of_f), "{} {e:?}", estimator.id);
                    prop_assert!((0.0..=1.0).contains(&e.p_value));
                    // What holds an estimate at zero has one tail.
                    prop_assert!(estimator.id == "intraclass_clamped" || (e.p_value < 1.0 - confidence) == (e.lower > 0.0 || e.upper < 0.0)
                        || (e.p_value - 1.0 + confidence).abs() < 1e-9);
                }
                Err(failure) => prop_assert!(!failure.to_string().is_empty() && !failure.code().is_empty()),
            }
        }
    }

    #[test]
    fn satterthwaite_lies_between_zero_and_the_number_of_clusters(data in any_data()) {
        if let Ok(e) = find("ancova_cr2").unwrap().estimate(&data, 0.95) {
            let mut labels = data.cluster.clone();
            labels.sort_unstable();
            labels.dedup();
            prop_assert!(e.degrees_of_freedom <= labels.len() as f64 * (1.0 + 1e-9));
        }
    }
}
