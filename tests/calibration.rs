//! Where there is no effect, a 5 % test must reject in 5 % of experiments and a 95 % interval hold zero in 95 %; and with
//! Holm's method any of several such tests rejects in no more: from the tables of a run, through the binary.

#![cfg(feature = "app")]

use std::process::Command;

use peerlab::results;
use peerlab::study::estimators::{self, Observations, hedges_g, standardizer};

const REPLICATIONS: usize = 4000;

/// What one replication's final wave shows: trust, baseline trust, arm and dyad of every person.
#[derive(Default, Clone)]
struct Experiment {
    before: Vec<f64>,
    after: Vec<f64>,
    treated: Vec<f64>,
    dyad: Vec<u32>,
}

#[test]
fn without_an_effect_the_analysis_is_wrong_as_often_as_it_says() {
    let folder = std::env::temp_dir().join(format!("peerlab calibration {}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/null.toml");
    let output = Command::new(env!("CARGO_BIN_EXE_peerlab"))
        .args(["run", scenario, "--record", "waves", "--quiet", "--out"])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut experiments = vec![Experiment::default(); REPLICATIONS];
    results::read(folder.join("tables/waves.parquet"), &["replication", "dyad", "arm", "week", "trust"], |batch| {
        for row in 0..batch.rows {
            let experiment = &mut experiments[batch.integers(0)[row] as usize];
            if batch.integers(3)[row] == 0 {
                experiment.before.push(batch.reals(4)[row]);
                experiment.treated.push(if &*batch.texts(2)[row] == "other" { 1.0 } else { 0.0 });
                experiment.dyad.push(batch.integers(1)[row]);
            } else if batch.integers(3)[row] == 12 {
                experiment.after.push(batch.reals(4)[row]);
            }
        }
    })
    .unwrap();

    let analyze = |id: &str| {
        let estimator = estimators::find(id).unwrap();
        let (mut rejected, mut covered, mut estimates, mut sizes) = (0.0, 0.0, Vec::new(), Vec::new());
        for experiment in &experiments {
            let answered = |values: &[f64]| -> Vec<f64> {
                (0..values.len())
                    .filter(|i| !experiment.after[*i].is_nan() && !experiment.before[*i].is_nan())
                    .map(|i| values[i])
                    .collect()
            };
            let data = Observations {
                outcome: answered(&experiment.after),
                treated: answered(&experiment.treated),
                beside: vec![],
                covariates: vec![("trust at week 0".into(), answered(&experiment.before))],
                cluster: answered(&experiment.dyad.iter().map(|d| f64::from(*d)).collect::<Vec<_>>())
                    .iter()
                    .map(|d| *d as u32)
                    .collect(),
                ..Default::default()
            };
            let fit = estimator.estimate(&data, 0.95).unwrap();
            rejected += if fit.p_value < 0.05 { 1.0 } else { 0.0 };
            covered += if fit.lower <= 0.0 && 0.0 <= fit.upper { 1.0 } else { 0.0 };
            estimates.push(fit.estimate);
            let unit = standardizer(&data.outcome, &data.treated, &data.cluster).unwrap();
            let g = hedges_g(&data.outcome, &data.treated, &data.cluster).unwrap().g;
            sizes.push(fit.estimate * unit);
            if id.starts_with("difference") {
                assert!((sizes[sizes.len() - 1] - g).abs() < 1e-12, "of a difference in means it is Hedges' g");
            }
        }
        (rejected / REPLICATIONS as f64, covered / REPLICATIONS as f64, estimates, sizes)
    };
    // Four Monte Carlo standard errors of a share of .05: a false alarm in 16,000.
    let error = 4.0 * (0.05_f64 * 0.95 / REPLICATIONS as f64).sqrt();
    for id in ["difference_cr2", "ancova_cr2"] {
        let (rejected, covered, estimates, sizes) = analyze(id);
        println!("{id}: rejects {rejected:.4}, covers {covered:.4}");
        assert!((rejected - 0.05).abs() < error, "{id} rejects {rejected}");
        assert!((covered - 0.95).abs() < error, "{id} covers {covered}");
        assert_equal_to_table(&folder, id, "estimate", &estimates);
        assert_equal_to_table(&folder, id, "effect_size", &sizes);
    }
    let (rejected, covered, ..) = analyze("difference_ols");
    println!("difference_ols: rejects {rejected:.4}, covers {covered:.4}");
    assert!(rejected > 0.05 + error, "partners resemble each other: OLS must reject too often, and rejects {rejected}");
    // Mixed model, growth and odds, by the tables that the run wrote.
    for (hypothesis, id) in [("trust", "mixed_dyad"), ("growth", "growth"), ("odds", "logistic")] {
        let (rejected, covered, fits) = rates(&folder, hypothesis, id);
        println!("{id}: rejects {rejected:.4}, covers {covered:.4} of {fits} fits");
        assert!(fits > 0.99 * REPLICATIONS as f64, "{id} fits {fits}");
        assert!((rejected - 0.05).abs() < error, "{id} rejects {rejected}");
        assert!((covered - 0.95).abs() < error, "{id} covers {covered}");
    }
    assert_few_false_claims(&folder, error);
    let mut standings = Vec::new();
    results::read(folder.join("tables/diagnosis.parquet"), &["hypothesis", "estimator", "standing"], |batch| {
        for row in (0..batch.rows).filter(|row| &*batch.texts(0)[*row] == "trust") {
            standings.push(format!("{} {}", batch.texts(1)[row], batch.texts(2)[row]));
        }
    })
    .unwrap();
    assert_eq!(
        standings,
        ["difference_cr2 honest", "ancova_cr2 honest", "difference_ols too_sure", "mixed_dyad honest"]
    );
    let _ = std::fs::remove_dir_all(&folder);
}

/// Six hypotheses without any effect: uncorrected, a study claims something in far more than 5 % of experiments; with Holm's
/// method in no more, within four Monte Carlo standard errors.
fn assert_few_false_claims(folder: &std::path::Path, error: f64) {
    let mut claims = vec![[false; 3]; REPLICATIONS];
    let columns = ["replication", "estimator", "p_value", "p_holm", "p_benjamini_hochberg", "hypothesis"];
    let (mut first, mut others) = (0, 0);
    results::read(folder.join("tables/estimates.parquet"), &columns, |batch| {
        for row in 0..batch.rows {
            let primary = match &*batch.texts(5)[row] {
                "learning" => "ancova_cr2",
                "growth" => "growth",
                "odds" => "logistic",
                _ => "difference_cr2",
            };
            let [p, holm, hochberg] = [2, 3, 4].map(|column| batch.reals(column)[row]);
            if &*batch.texts(1)[row] != primary {
                assert!(holm.is_nan() && hochberg.is_nan(), "only a hypothesis' first estimator belongs to the family");
                others += 1;
                continue;
            }
            first += 1;
            if p.is_nan() {
                assert!(holm.is_nan() && hochberg.is_nan(), "a failed fit claims nothing");
                continue;
            }
            assert!(p <= hochberg && hochberg <= holm && holm <= (6.0 * p).min(1.0), "{p} {hochberg} {holm}");
            let claimed = &mut claims[batch.integers(0)[row] as usize];
            [p, holm, hochberg].iter().zip(claimed).for_each(|(p, claimed)| *claimed |= *p < 0.05);
        }
    })
    .unwrap();
    assert_eq!((first, others), (6 * REPLICATIONS, 4 * REPLICATIONS));
    let share = |which: usize| claims.iter().filter(|one| one[which]).count() as f64 / REPLICATIONS as f64;
    let [uncorrected, holm, hochberg] = [0, 1, 2].map(share);
    println!("any false claim: {uncorrected:.4} uncorrected, {holm:.4} Holm, {hochberg:.4} Benjamini and Hochberg");
    assert!(uncorrected > 0.12, "{uncorrected}");
    assert!(holm < 0.05 + error && hochberg < 0.05 + error, "{holm} {hochberg}");
    // Where every hypothesis is false, the summary says the same.
    let run = std::fs::read_to_string(folder.join("run.json")).unwrap();
    let said = format!("Of 6 hypotheses without any effect at least one is claimed in {:.1}%", 100.0 * uncorrected);
    assert!(run.contains(&said), "{said}");
}

/// How often an estimator rejects, how often its interval holds 0, and in how many replications it has an answer.
fn rates(folder: &std::path::Path, hypothesis: &str, id: &str) -> (f64, f64, f64) {
    let (mut rejected, mut covered, mut fits) = (0.0, 0.0, 0.0);
    let columns = ["hypothesis", "estimator", "p_value", "lower", "upper", "failure", "truth"];
    results::read(folder.join("tables/estimates.parquet"), &columns, |batch| {
        for row in 0..batch.rows {
            if &*batch.texts(0)[row] != hypothesis || &*batch.texts(1)[row] != id || !batch.texts(5)[row].is_empty() {
                continue;
            }
            assert_eq!(batch.reals(6)[row], 0.0, "nothing is done to anybody");
            let [p_value, lower, upper] = [2, 3, 4].map(|column: usize| batch.reals(column)[row]);
            rejected += f64::from(u8::from(p_value < 0.05));
            covered += f64::from(u8::from(lower <= 0.0 && 0.0 <= upper));
            fits += 1.0;
        }
    })
    .unwrap();
    (rejected / fits, covered / fits, fits)
}

/// What a reader of `waves` computes is what the run put into `estimates`, to the bit.
fn assert_equal_to_table(folder: &std::path::Path, id: &str, column: &str, values: &[f64]) {
    let mut table = Vec::new();
    results::read(folder.join("tables/estimates.parquet"), &["hypothesis", "estimator", column], |batch| {
        for row in 0..batch.rows {
            if &*batch.texts(0)[row] == "trust" && &*batch.texts(1)[row] == id {
                table.push(batch.reals(2)[row]);
            }
        }
    })
    .unwrap();
    assert_eq!(table, values);
}
