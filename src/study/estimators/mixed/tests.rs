//! Oracles: lme4, pbkrtest and lmerTest (by way of the numbers that stand beside the data), and closed forms.

use super::*;
use crate::study::estimators::tests::{Table, close, rounds_to};

fn gold(name: &str) -> Table {
    Table::read(match name {
        "sleepstudy" => include_str!("../../../../tests/data/sleepstudy.csv"),
        "goldA" => include_str!("../../../../tests/data/goldA.csv"),
        "goldB" => include_str!("../../../../tests/data/goldB.csv"),
        _ => include_str!("../../../../tests/data/acipair.csv"),
    })
}

fn ones(n: usize) -> (String, Vec<f64>) {
    ("intercept".to_owned(), vec![1.0; n])
}

fn column(table: &Table, name: &str) -> (String, Vec<f64>) {
    (name.to_owned(), table.column(name))
}

fn sleepstudy(slope: bool) -> MixedModel {
    let table = gold("sleepstudy");
    let (days, subject) = (table.column("Days"), table.labels("Subject"));
    MixedModel {
        outcome: table.column("Reaction"),
        fixed: vec![ones(days.len()), column(&table, "Days")],
        terms: vec![if slope { Term::slope("subject", &subject, &days) } else { Term::intercept("subject", &subject) }],
    }
}

#[test]
fn sleepstudy_with_a_random_slope_as_lme4_has_it() {
    let fit = sleepstudy(true).fit(Likelihood::Restricted).unwrap();
    rounds_to(fit.coefficients[0], 251.405105, 6);
    rounds_to(fit.coefficients[1], 10.467286, 6);
    // In a balanced design the maximum has a closed form: the coefficients' covariance is that of the subjects' own lines. Ours agrees
    // with it to ten digits; lme4's optimizer stops within 1e-5 of it (it prints 6.824597, 1.545790; SD 24.74066, 5.92214).
    close(fit.covariance()[(0, 0)].sqrt(), 6.82455653206907, 1e-10);
    close(fit.covariance()[(1, 1)].sqrt(), 1.545788896294727, 1e-10);
    let own = &fit.variances[0];
    close(fit.covariance()[(0, 0)].sqrt(), 6.824597, 1e-5);
    close(fit.covariance()[(1, 1)].sqrt(), 1.545790, 1e-5);
    close(own[0].sqrt(), 24.74066, 1e-5);
    close(own[2].sqrt(), 5.92214, 1e-5);
    rounds_to(own[1] / (own[0] * own[2]).sqrt(), 0.06555, 4);
    close(fit.residual.sqrt(), 25.59180, 1e-5);
    rounds_to(fit.criterion, 1743.628272, 6);
    assert!(fit.singular.is_empty());
    // lmerTest and pbkrtest agree on 17 for a balanced design.
    let slope = fit.kenward_roger(&[0.0, 1.0]).unwrap();
    rounds_to(slope.degrees_of_freedom, 17.0, 6);
    rounds_to(slope.standard_error, 1.545790, 5);
    rounds_to(fit.satterthwaite(&[0.0, 1.0]).unwrap().degrees_of_freedom, 17.0, 3);
}

#[test]
fn sleepstudy_with_a_random_intercept_as_lme4_has_it() {
    let fit = sleepstudy(false).fit(Likelihood::Restricted).unwrap();
    rounds_to(fit.variances[0][0], 1378.1785, 3);
    rounds_to(fit.residual, 960.4566, 4);
    rounds_to(fit.criterion, 1786.465085, 6);
    rounds_to(fit.kenward_roger(&[0.0, 1.0]).unwrap().degrees_of_freedom, 161.0, 6);
}

fn gold_b() -> MixedModel {
    let table = gold("goldB");
    // Dyads are numbered within organizations or over all of them: made one label.
    let dyad: Vec<u32> =
        table.labels("org").iter().zip(table.labels("dyad")).map(|(org, dyad)| 1000 * org + dyad).collect();
    let outcome = table.column("y");
    MixedModel {
        fixed: vec![ones(outcome.len()), column(&table, "t"), column(&table, "x")],
        outcome,
        terms: vec![Term::intercept("dyad", &dyad), Term::intercept("organization", &table.labels("org"))],
    }
}

#[test]
fn dyads_in_organizations_with_a_variance_at_the_boundary() {
    let fit = gold_b().fit(Likelihood::Restricted).unwrap();
    // lme4's optimizer stops within 1e-4 of the maximum (.661726, 1.128539); here the likelihood is flat to ten digits.
    close(fit.variances[0][0], 0.661726, 1e-4);
    assert_eq!(fit.variances[1][0], 0.0);
    close(fit.residual, 1.128539, 1e-4);
    rounds_to(fit.criterion, 322.742127, 6);
    assert!(fit.point.gradient[0].abs() < 1e-8 && fit.point.gradient[2].abs() < 1e-8 && fit.point.gradient[1] > 0.0);
    assert_eq!(fit.singular, ["the variance of the organization is estimated at 0, the boundary"]);
    let c = [0.0, 1.0, 0.0];
    rounds_to(fit.kenward_roger(&c).unwrap().degrees_of_freedom, 9.98, 2);
    rounds_to(fit.satterthwaite(&c).unwrap().degrees_of_freedom, 46.2, 1);
}

/// Partners who contrast: compound symmetry is exact, and a variance held at zero throws half of the information away.
#[test]
fn a_negative_intraclass_correlation_is_not_clamped() {
    let table = gold("goldA");
    let model = |term: Term| MixedModel {
        outcome: table.column("y"),
        fixed: vec![ones(table.column("y").len()), column(&table, "t")],
        terms: vec![term],
    };
    let dyad = table.labels("dyad");
    let free = model(Term::compound_symmetry("dyad", &dyad)).fit(Likelihood::Restricted).unwrap();
    rounds_to(free.intraclass_correlation(0), -0.874, 3);
    let effect = free.kenward_roger(&[0.0, 1.0]).unwrap();
    rounds_to(effect.standard_error, 0.120497, 6);
    rounds_to(effect.degrees_of_freedom, 22.0, 6);
    let p =
        |t: Tested| crate::study::estimators::student_t_two_sided(t.estimate / t.standard_error, t.degrees_of_freedom);
    rounds_to(p(effect), 0.000712, 6);
    let clamped = model(Term::intercept("dyad", &dyad)).fit(Likelihood::Restricted).unwrap();
    assert_eq!(clamped.variances[0][0], 0.0);
    assert_eq!(clamped.singular.len(), 1);
    let naive = clamped.satterthwaite(&[0.0, 1.0]).unwrap();
    rounds_to(naive.standard_error, 0.345765, 6);
    rounds_to(p(naive), 0.177, 3);
}

/// The actor-partner model of indistinguishable members is a compound symmetry of dyads.
#[test]
fn the_actor_partner_model_as_compound_symmetry() {
    let table = gold("acipair");
    let outcome = table.column("Satisfaction_A");
    let model = MixedModel {
        fixed: vec![ones(outcome.len()), column(&table, "OtherPos_A"), column(&table, "OtherPos_P")],
        outcome,
        terms: vec![Term::compound_symmetry("couple", &table.labels("CoupleID"))],
    };
    let fit = model.fit(Likelihood::Restricted).unwrap();
    let expected = [(0.669754122, 0.322438), (0.400423148, 0.0473141438), (0.287970497, 0.0473141438)];
    for (k, (estimate, standard_error)) in expected.into_iter().enumerate() {
        let mut c = [0.0; 3];
        c[k] = 1.0;
        let tested = fit.kenward_roger(&c).unwrap();
        rounds_to(tested.estimate, estimate, 8);
        rounds_to(fit.covariance()[(k, k)].sqrt(), standard_error, if k == 0 { 6 } else { 9 });
        if k > 0 {
            rounds_to(tested.degrees_of_freedom, 273.058, 3);
        }
    }
    rounds_to(fit.intraclass_correlation(0), 0.469341363, 7);
    rounds_to((fit.residual + fit.variances[0][0]).sqrt(), 0.417365923, 8);
    rounds_to(fit.criterion, 296.718263, 6);
}

#[test]
fn the_order_of_the_rows_and_the_labels_change_no_bit() {
    let model = gold_b();
    let rows = model.outcome.len();
    let turn = |values: &[f64]| (0..rows).map(|i| values[(i * 7 + 3) % rows]).collect::<Vec<f64>>();
    let label = |groups: &[u32]| (0..rows).map(|i| 9_999 - groups[(i * 7 + 3) % rows]).collect::<Vec<u32>>();
    assert_ne!(rows % 7, 0);
    let turned = MixedModel {
        outcome: turn(&model.outcome),
        fixed: model.fixed.iter().map(|(name, values)| (name.clone(), turn(values))).collect(),
        terms: model.terms.iter().map(|t| Term { group: label(&t.group), ..t.clone() }).collect(),
    };
    let (one, other) = (model.fit(Likelihood::Restricted).unwrap(), turned.fit(Likelihood::Restricted).unwrap());
    assert_eq!(one.coefficients, other.coefficients);
    assert_eq!(one.variances, other.variances);
    assert_eq!(one.criterion, other.criterion);
    assert_eq!(one.kenward_roger(&[0.0, 1.0, 0.0]).unwrap(), other.kenward_roger(&[0.0, 1.0, 0.0]).unwrap());
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let model = gold_b();
    let refused = |change: &dyn Fn(&mut MixedModel)| {
        let mut changed = model.clone();
        change(&mut changed);
        changed.fit(Likelihood::Restricted).err().map(|failure| failure.code())
    };
    assert_eq!(refused(&|m| m.outcome[3] = f64::NAN), Some("not_finite"));
    assert_eq!(refused(&|m| m.terms[0].group.truncate(3)), Some("unequal_lengths"));
    assert_eq!(refused(&|m| m.terms[1].group.fill(1)), Some("too_few_clusters"));
    assert_eq!(refused(&|m| m.fixed[2] = m.fixed[1].clone()), Some("singular_design"));
    assert_eq!(refused(&|m| m.outcome.fill(2.0)), Some("zero_variance"));
    assert_eq!(
        refused(&|m| (0..).zip(&mut m.terms[0].group).for_each(|(row, group)| *group = row)),
        Some("no_shared_group")
    );
}

/// Three waves of two partners in organizations of unlike size, some answers missing: every kind of term at once.
fn longitudinal() -> MixedModel {
    let (mut y, mut week, mut arm) = (Vec::new(), Vec::new(), Vec::new());
    let [mut person, mut dyad, mut organization] = [const { Vec::new() }; 3];
    for at in 0..240_u32 {
        let (wave, own, pair) = (at % 3, at / 3, at / 6);
        if at * 7 % 11 == 0 {
            continue;
        }
        let noise = |k: u32| f64::from(k * 2_654_435 % 1_009) / 504.5 - 1.0;
        let site = pair / 7 + pair / 11;
        let treated = f64::from(pair % 2);
        let line = noise(own + 17) + noise(pair + 931) - noise(site + 77);
        let slope = 0.3 * noise(own + 401) + 0.2 * treated;
        y.push(line + slope * f64::from(wave) + noise(at + 5_000));
        week.push(6.0 * f64::from(wave));
        arm.push(treated);
        [(&mut person, own), (&mut dyad, pair), (&mut organization, site)].into_iter().for_each(|(to, v)| to.push(v));
    }
    let product = arm.iter().zip(&week).map(|(arm, week)| arm * week).collect();
    MixedModel {
        fixed: vec![ones(y.len()), ("week".into(), week.clone()), ("arm".into(), arm), ("arm by week".into(), product)],
        outcome: y,
        terms: vec![
            Term::symmetric_lines("person", &person, &week),
            Term::symmetric_lines("dyad", &dyad, &week),
            Term::intercept("organization", &organization),
        ],
    }
}

/// Folding turns the data and leaves the likelihood: whatever is folded, the fit is that of V in full.
#[test]
fn a_folded_block_is_the_block() {
    let table = gold("goldA");
    let contrasting = MixedModel {
        outcome: table.column("y"),
        fixed: vec![ones(table.column("y").len()), column(&table, "t")],
        terms: vec![Term::compound_symmetry("dyad", &table.labels("dyad"))],
    };
    for (at, model) in
        [gold_b(), sleepstudy(true), sleepstudy(false), contrasting, longitudinal()].into_iter().enumerate()
    {
        for likelihood in [Likelihood::Restricted, Likelihood::Full] {
            let full = super::fit::fit(&model, likelihood, usize::MAX).unwrap();
            let folded = super::fit::fit(&model, likelihood, 1).unwrap();
            assert!((full.criterion - folded.criterion).abs() < 1e-9 * full.criterion.abs(), "{at}");
            let last = model.fixed.len() - 1;
            let c: Vec<f64> = (0..=last).map(|k| f64::from(u8::from(k == last))).collect();
            let pairs = [
                (full.kenward_roger(&c).unwrap(), folded.kenward_roger(&c).unwrap()),
                (full.satterthwaite(&c).unwrap(), folded.satterthwaite(&c).unwrap()),
            ];
            for (one, other) in pairs {
                close(other.estimate, one.estimate, 1e-6);
                close(other.standard_error, one.standard_error, 1e-6);
                close(other.degrees_of_freedom, one.degrees_of_freedom, 1e-4);
            }
            close(folded.residual, full.residual, 1e-5);
            for (one, other) in full.variances.concat().iter().zip(folded.variances.concat()) {
                assert!((one - other).abs() < 1e-5 * full.residual.max(one.abs()), "{at}: {one} {other}");
            }
        }
    }
}

/// Clusters of one size have restricted variances in closed form, (MSB − MSW)/n and MSW: here of 1,500 rows each, and of either sign.
#[test]
fn clusters_of_thousands_of_rows_have_the_closed_form() {
    let (clusters, size) = (4_usize, 1_500_usize);
    for contrast in [0.0, 0.4] {
        let mut state = 20_121_210_u64;
        let mut uniform = || {
            state = crate::model::streams::mix(state);
            (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
        };
        let outcome: Vec<f64> = (0..clusters * size).map(|row| contrast * (row / size) as f64 + uniform()).collect();
        let group: Vec<u32> = (0..clusters * size).map(|row| (row / size) as u32).collect();
        let found = super::super::intraclass_correlation(&outcome, &group).unwrap();
        let model = MixedModel {
            fixed: vec![ones(outcome.len())],
            outcome,
            terms: vec![Term::compound_symmetry("class", &group)],
        };
        let fit = model.fit(Likelihood::Restricted).unwrap();
        close(fit.residual, found.within, 1e-8);
        let between = (found.between - found.within) / size as f64;
        assert!((fit.variances[0][0] - between).abs() < 1e-8 * found.within, "{} {between}", fit.variances[0][0]);
        rounds_to(fit.kenward_roger(&[1.0]).unwrap().degrees_of_freedom, 3.0, 4);
    }
}

/// Persons of 89 organizations that share 71 trainers who go round: no group lies in another, and V falls apart nowhere.
#[test]
fn what_overlaps_and_is_too_large_is_refused_beforehand() {
    let rows = 2_000_u32;
    let label = |of: u32| (0..rows).map(|row| row % of).collect::<Vec<u32>>();
    let model = MixedModel {
        outcome: (0..rows).map(|row| f64::from(row * 37 % 101)).collect(),
        fixed: vec![ones(rows as usize)],
        terms: vec![Term::intercept("organization", &label(89)), Term::intercept("trainer", &label(71))],
    };
    let failure = model.fit(Likelihood::Restricted).err().unwrap();
    assert_eq!(failure.code(), "too_large");
    let words = failure.to_string();
    assert!(
        words.contains("2000 rows hang together by their trainer") && words.contains("leave the trainer out"),
        "{words}"
    );
}
