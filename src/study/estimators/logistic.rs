//! Logistic regression for outcomes of 0 and 1, with cluster-robust errors.
//!
//! ```text
//! logit P(y = 1) = X β        fitted by Newton's method on the log likelihood
//! V = H⁻¹ [Σ_g s_g s_g'] H⁻¹ · G/(G − 1)        H = X'WX, s_g = X_g'(y − π), W = π(1 − π)      (CR1)
//! ```
//!
//! exp(β) is the odds ratio. Where a combination of columns tells all ones from all zeros the likelihood has no maximum
//! (separation); that is a failure, never a large number.
//!
//! Sources: Hosmer, Lemeshow & Sturdivant (2013), *Applied Logistic Regression*, 3rd ed.; Albert & Anderson (1984), Biometrika 71,
//! 1-10, for separation; Liang & Zeger (1986), Biometrika 73, 13-22.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::distribution::student_t_two_sided;
use super::failure::Failure;
use super::intraclass::largest;
use super::least_squares::{LeastSquares, add_scaled, dot};

/// A fitted logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    /// β, log odds ratios.
    pub coefficients: Vec<f64>,
    /// Cluster-robust standard errors.
    pub standard_errors: Vec<f64>,
    /// Standard errors that take the rows for independent.
    pub naive_errors: Vec<f64>,
    /// Two-sided p-values on G − 1 degrees of freedom.
    pub p_values: Vec<f64>,
    /// −2 log likelihood.
    pub deviance: f64,
    /// Number of clusters.
    pub clusters: usize,
}

impl Logistic {
    /// Fits `outcome` (0 or 1 per row) on `columns` (no intercept is added). Neither the order of rows nor labels change more than rounding.
    ///
    /// Errors: unequal lengths, an outcome that is not 0 or 1, columns that are not finite or collinear, fewer than two clusters, separation.
    ///
    /// ```
    /// use peerlab::study::estimators::Logistic;
    /// let y = [0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 1.0];
    /// let columns = [vec![1.0; 8], vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]];
    /// let fit = Logistic::fit(&y, &columns, &[0, 1, 2, 3, 4, 5, 6, 7]).unwrap();
    /// // Odds 1:3 against 3:1.
    /// assert!((fit.coefficients[1] - libm::log(9.0)).abs() < 1e-10);
    /// ```
    pub fn fit(outcome: &[f64], columns: &[Vec<f64>], cluster: &[u32]) -> Result<Logistic, Failure> {
        binary(outcome)?;
        // Names columns that are too short, not finite or collinear; and X = QR, of which Q is fitted: X'WX of columns far from zero,
        // of unlike units or nearly alike has too few digits to be solved with.
        let plain = LeastSquares::fit(columns, outcome)?;
        if cluster.len() != plain.rows() {
            return Err(Failure::UnequalLengths {
                column: "the cluster".to_owned(),
                found: cluster.len(),
                expected: plain.rows(),
            });
        }
        Logistic::of(&plain, outcome, cluster)
    }

    /// [`fit`](Logistic::fit) of the same outcome on the columns of a least squares fit.
    pub(super) fn of(plain: &LeastSquares, outcome: &[f64], cluster: &[u32]) -> Result<Logistic, Failure> {
        binary(outcome)?;
        let p = plain.columns();
        let frame = DMatrix::from_fn(p, p, |k, j| plain.weight(k)[j]);
        let mut beta = DVector::<f64>::zeros(p);
        let mut deviance = f64::INFINITY;
        let mut linear = vec![0.0; plain.rows()];
        let mut residuals = linear.clone();
        let mut now = likelihood(plain, outcome, beta.as_slice(), &mut linear);
        for _ in 0..100 {
            let largest = largest(&linear);
            if largest > 30.0 || now < 1e-8 {
                return Err(Failure::Separation { log_odds: largest });
            }
            let done = (deviance - now).abs() <= 1e-13 * (1.0 + now);
            deviance = now;
            let (hessian, score) = parts(plain, outcome, &linear, &mut residuals);
            let Some(root) = Cholesky::new(hessian) else {
                return Err(Failure::Separation { log_odds: largest });
            };
            if done {
                // The likelihood has become flat on the way to infinity.
                if largest > 15.0 {
                    return Err(Failure::Separation { log_odds: largest });
                }
                return errors(plain, &residuals, &root.inverse(), cluster, &frame, &beta, deviance);
            }
            let mut step = root.solve(&score);
            // Newton's step may overshoot where ones are rare.
            let mut halvings = 0;
            now = loop {
                let there = likelihood(plain, outcome, (&beta + &step).as_slice(), &mut linear);
                if there <= now * (1.0 + 1e-15) || halvings == 30 {
                    break there;
                }
                step *= 0.5;
                halvings += 1;
            };
            beta += step;
        }
        Err(Failure::NotConverged { rounds: 100 })
    }
}

/// Zeros and ones.
fn binary(outcome: &[f64]) -> Result<(), Failure> {
    match outcome.iter().position(|y| *y != 0.0 && *y != 1.0) {
        Some(row) => {
            Err(Failure::OutcomeNotBinary { place: format!("row {row} (counted from 0)"), value: outcome[row] })
        }
        None => Ok(()),
    }
}

/// Writes Qβ to `linear`, and gives −2 log likelihood.
fn likelihood(plain: &LeastSquares, outcome: &[f64], beta: &[f64], linear: &mut [f64]) -> f64 {
    // Without covariates rows are of two kinds, and in their order many of a kind come one after another.
    let (mut before, mut log_sum) = (f64::NAN, f64::NAN);
    plain.q_rows().zip(outcome).zip(linear).fold(0.0, |sum, ((row, y), linear)| {
        let eta = dot(row, beta);
        *linear = eta;
        // log(1 + e^η) − y η, without overflow.
        if eta != before {
            (before, log_sum) = (eta, eta.max(0.0) + libm::log1p(libm::exp(-eta.abs())));
        }
        sum + 2.0 * (log_sum - y * eta)
    })
}

/// The lower triangle of Q'WQ, and Q'(y − π); writes y − π to `residuals`.
fn parts(plain: &LeastSquares, outcome: &[f64], linear: &[f64], residuals: &mut [f64]) -> (DMatrix<f64>, DVector<f64>) {
    // The same code, with loops unrolled for the few columns that most regressions have.
    match plain.columns() {
        2 => parts_of(2, plain, outcome, linear, residuals),
        3 => parts_of(3, plain, outcome, linear, residuals),
        p => parts_of(p, plain, outcome, linear, residuals),
    }
}

/// The same with `p` columns.
#[inline(always)]
fn parts_of(
    p: usize,
    plain: &LeastSquares,
    outcome: &[f64],
    linear: &[f64],
    residuals: &mut [f64],
) -> (DMatrix<f64>, DVector<f64>) {
    // Column after column.
    let (mut hessian, mut score) = (vec![0.0; p * p], vec![0.0; p]);
    let (lower, sum) = (&mut hessian[..p * p], &mut score[..p]);
    let (mut before, mut share) = (f64::NAN, f64::NAN);
    for (((row, y), eta), residual) in plain.q_rows().zip(outcome).zip(linear).zip(residuals) {
        let row = &row[..p];
        if *eta != before {
            (before, share) = (*eta, 1.0 / (1.0 + libm::exp(-eta)));
        }
        *residual = y - share;
        add_scaled(sum, *residual, row);
        let weight = share * (1.0 - share);
        for j in 0..p {
            add_scaled(&mut lower[j * p + j..j * p + p], row[j] * weight, &row[j..]);
        }
    }
    (DMatrix::from_vec(p, p, hessian), DVector::from_vec(score))
}

fn errors(
    plain: &LeastSquares,
    residuals: &[f64],
    inverse: &DMatrix<f64>,
    cluster: &[u32],
    frame: &DMatrix<f64>,
    beta: &DVector<f64>,
    deviance: f64,
) -> Result<Logistic, Failure> {
    let p = plain.columns();
    let mut rows: Vec<usize> = (0..cluster.len()).collect();
    rows.sort_by_key(|row| cluster[*row]);
    let (mut meat, mut score, mut clusters) = (DMatrix::<f64>::zeros(p, p), vec![0.0; p], 0);
    for members in rows.chunk_by(|a, b| cluster[*a] == cluster[*b]) {
        score.fill(0.0);
        for &i in members {
            add_scaled(&mut score, residuals[i], plain.q(i));
        }
        for (a, b) in (0..p).flat_map(|a| (0..p).map(move |b| (a, b))) {
            meat[(a, b)] += score[a] * score[b];
        }
        clusters += 1;
    }
    if clusters < 2 {
        return Err(Failure::TooFewClusters { clusters });
    }
    let constant = f64::from(clusters as u32) / (f64::from(clusters as u32) - 1.0);
    // Back from Q to X: β = R⁻¹γ.
    let beta = frame * beta;
    let naive = frame * inverse * frame.transpose();
    let covariance = frame * (inverse * meat * inverse * constant) * frame.transpose();
    let standard_errors: Vec<f64> = (0..p).map(|k| covariance[(k, k)].sqrt()).collect();
    let df = clusters as f64 - 1.0;
    Ok(Logistic {
        p_values: (0..p).map(|k| student_t_two_sided(beta[k] / standard_errors[k], df)).collect(),
        naive_errors: (0..p).map(|k| naive[(k, k)].sqrt()).collect(),
        coefficients: beta.iter().copied().collect(),
        standard_errors,
        deviance,
        clusters,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    /// A 2 × 2 table has closed forms: log odds ratio, Woolf's standard error.
    #[test]
    fn a_table_of_four_cells() {
        let counts = [(0.0, 0.0, 30), (0.0, 1.0, 10), (1.0, 0.0, 18), (1.0, 1.0, 22)];
        let (mut y, mut t) = (Vec::new(), Vec::new());
        for (arm, event, count) in counts {
            for _ in 0..count {
                t.push(arm);
                y.push(event);
            }
        }
        let rows: Vec<u32> = (0..80).collect();
        let fit = Logistic::fit(&y, &[vec![1.0; 80], t], &rows).unwrap();
        close(fit.coefficients[1], libm::log(22.0 * 30.0 / (18.0 * 10.0)), 1e-10);
        close(fit.naive_errors[1], (1.0 / 30.0 + 0.1 + 1.0 / 18.0 + 1.0 / 22.0_f64).sqrt(), 1e-10);
        // Each person a cluster and a saturated model: the sandwich is Woolf's, times G/(G − 1).
        close(fit.standard_errors[1], fit.naive_errors[1] * (80.0 / 79.0_f64).sqrt(), 1e-9);
    }

    #[test]
    fn doubling_every_row_within_its_cluster_leaves_the_robust_error() {
        let y = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0];
        let x = [0.3, 0.9, -1.0, 0.2, 1.4, 0.1, 0.7, -0.2, -0.6, 0.5];
        let g: Vec<u32> = (0..10).collect();
        let one = Logistic::fit(&y, &[vec![1.0; 10], x.to_vec()], &g).unwrap();
        let twice = |v: &[f64]| v.iter().chain(v).copied().collect::<Vec<f64>>();
        let both: Vec<u32> = (0..20).map(|row| row % 10).collect();
        let two = Logistic::fit(&twice(&y), &[vec![1.0; 20], twice(&x)], &both).unwrap();
        close(two.coefficients[1], one.coefficients[1], 1e-9);
        close(two.standard_errors[1], one.standard_errors[1], 1e-9);
        close(two.naive_errors[1], one.naive_errors[1] / 2.0_f64.sqrt(), 1e-9);
    }

    /// 1,500 trials each of 60 clusters of 4 under a logistic model with a covariate, members of a cluster alike by a correlation of .3 of
    /// what decides (so that the model's own probabilities stay as they are). `logistic_ancova` estimates the log odds ratio at an equal covariate,
    /// .8; `logistic` that of the arms as a whole, which is nearer to zero however well people were assigned. Intervals and tests
    /// keep their rates within four Monte Carlo standard errors (2.3 points) and 1.5 points for CR1 with 60 clusters.
    #[test]
    fn with_a_covariate_it_is_the_odds_ratio_among_equals() {
        use super::super::{Observations, find, normal_cdf};
        use crate::model::streams::{Purpose, Stream};
        const TRIALS: u32 = 1_500;
        let chance = |t: f64, x: f64, effect: f64| 1.0 / (1.0 + libm::exp(0.4 - effect * t - 1.2 * x));
        // The arms' probabilities as a whole, over the normal covariate.
        let whole = |t: f64, effect: f64| {
            let grid = (-4_000..=4_000).map(|k| f64::from(k) * 0.002);
            grid.fold(0.0, |sum, x| sum + chance(t, x, effect) * libm::exp(-0.5 * x * x)) * 0.002
                / (2.0 * std::f64::consts::PI).sqrt()
        };
        let odds = |p: f64| libm::log(p / (1.0 - p));
        for effect in [0.0, 0.8] {
            let marginal = odds(whole(1.0, effect)) - odds(whole(0.0, effect));
            let mut stream = Stream::open(77, 0, Purpose::Answer, 0);
            let (mut sums, mut squares, mut held, mut found) = ([0.0; 2], [0.0; 2], [0_u32; 2], 0_u32);
            for _ in 0..TRIALS {
                let mut data = Observations::default();
                let mut covariate = Vec::new();
                for group in 0..60_u32 {
                    let common = stream.normals().0;
                    let t = f64::from(group % 2);
                    for _ in 0..4 {
                        let (own, x) = stream.normals();
                        let draw = normal_cdf(0.3_f64.sqrt() * common + 0.7_f64.sqrt() * own);
                        data.outcome.push(if draw < chance(t, x, effect) { 1.0 } else { 0.0 });
                        data.treated.push(t);
                        data.cluster.push(group);
                        covariate.push(x);
                    }
                }
                data.covariates = vec![("x".to_owned(), covariate)];
                for (at, (id, truth)) in [("logistic", marginal), ("logistic_ancova", effect)].into_iter().enumerate() {
                    let fit = find(id).unwrap().estimate(&data, 0.95).unwrap();
                    sums[at] += fit.estimate;
                    squares[at] += fit.estimate * fit.estimate;
                    held[at] += u32::from(fit.lower <= truth && truth <= fit.upper);
                    found += u32::from(at == 1 && fit.p_value < 0.05);
                }
            }
            let trials = f64::from(TRIALS);
            let mcse = (0.95_f64 * 0.05 / trials).sqrt();
            for (at, truth) in [marginal, effect].into_iter().enumerate() {
                let (mean, share) = (sums[at] / trials, f64::from(held[at]) / trials);
                let error = ((squares[at] / trials - mean * mean) / trials).sqrt();
                println!("effect {effect}, model {at}: mean {mean:.4} ({error:.4}) of {truth:.4}, coverage {share:.4}");
                // Maximum likelihood of some 240 rows overstates by a few hundredths of the truth.
                assert!((mean - truth).abs() < 0.05 * truth + 4.0 * error, "{mean} {error} {truth}");
                assert!((share - 0.95).abs() < 0.015 + 4.0 * mcse, "{share}");
            }
            if effect == 0.0 {
                assert!((f64::from(found) / trials - 0.05).abs() < 0.015 + 4.0 * mcse, "{found}");
                assert!(marginal.abs() < 1e-9);
            } else {
                assert!(marginal < 0.9 * effect && sums[1] - sums[0] > 0.1 * effect * trials, "{marginal}");
            }
        }
    }

    #[test]
    fn separation_and_bad_data_are_failures() {
        let x = vec![-2.0, -1.0, 1.0, 2.0];
        let code = |y: &[f64]| Logistic::fit(y, &[vec![1.0; 4], x.clone()], &[0, 1, 2, 3]).unwrap_err().code();
        assert_eq!(code(&[0.0, 0.0, 1.0, 1.0]), "separation");
        assert_eq!(code(&[0.0, 0.0, 0.0, 0.0]), "separation");
        assert_eq!(code(&[0.0, 0.5, 1.0, 1.0]), "outcome_not_binary");
        let one = Logistic::fit(&[0.0, 1.0, 0.0, 1.0], &[vec![1.0; 4], x], &[1; 4]).unwrap_err();
        assert_eq!(one.code(), "too_few_clusters");
    }
}
