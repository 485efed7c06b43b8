//! Variances that allow for any dependence within clusters.
//!
//! V = (X'X)⁻¹ Σ_g X_g' A_g e_g e_g' A_g X_g (X'X)⁻¹, times a constant:
//!
//! | errors | A_g | constant |
//! |---|---|---|
//! | CR0 | I | 1 |
//! | CR1 | I | G / (G-1) |
//! | CR1S | I | G (N-1) / ((G-1) (N-p)) |
//! | CR2 | (I - H_gg)^(-1/2) | 1 |
//! | CR3 | (I - H_gg)^(-1) | 1 |
//!
//! CR2 is unbiased when the rows are in truth independent with equal variance, and nearly so otherwise. CR3 is close to the
//! jackknife that leaves out one cluster at a time, and errs on the side of caution.
//!
//! Sources: Liang & Zeger (1986), Biometrika 73, 13-22; Bell & McCaffrey (2002), Survey Methodology 28, 169-181; Cameron
//! & Miller (2015), Journal of Human Resources 50, 317-372; Pustejovsky & Tipton (2018), Journal of Business & Economic
//! Statistics 36, 672-683.

use nalgebra::DMatrix;

use super::failure::Failure;
use super::least_squares::{LeastSquares, add_scaled, dot};
use super::leverage::{Adjusted, Power, adjust};

/// How the variance of a coefficient is estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errors {
    /// Independent rows of equal variance.
    Classical,
    /// Clusters, no correction for their number.
    CR0,
    /// Clusters, G / (G-1).
    CR1,
    /// Clusters, G (N-1) / ((G-1) (N-p)).
    CR1S,
    /// Clusters, each cluster's residuals corrected for its leverage.
    CR2,
    /// Clusters, each cluster's residuals as if it had not been fitted.
    CR3,
}

impl Errors {
    /// The name as the literature writes it.
    pub fn name(self) -> &'static str {
        match self {
            Errors::Classical => "classical",
            Errors::CR0 => "CR0",
            Errors::CR1 => "CR1",
            Errors::CR1S => "CR1S",
            Errors::CR2 => "CR2",
            Errors::CR3 => "CR3",
        }
    }
}

/// A regression with its rows told apart by cluster, for one of the cluster-robust variances.
///
/// Clusters are taken in the order in which they first appear, their rows in the order in which they came.
pub struct Clustered<'a> {
    pub(super) fit: &'a LeastSquares,
    errors: Errors,
    clusters: Vec<Vec<usize>>,
    /// A_g Q_g and what it loses, per cluster, as in `clusters`.
    pub(super) adjusted: Vec<Adjusted>,
}

impl<'a> Clustered<'a> {
    /// `cluster` holds one label per row of the regression.
    ///
    /// Errors: another number of labels than rows; fewer than two clusters; `Errors::Classical`, which knows no clusters.
    pub fn new(fit: &'a LeastSquares, cluster: &[u32], errors: Errors) -> Result<Clustered<'a>, Failure> {
        let power = match errors {
            Errors::Classical => return Err(Failure::NotClusterRobust { estimator: errors.name() }),
            Errors::CR0 | Errors::CR1 | Errors::CR1S => Power::Zero,
            Errors::CR2 => Power::InverseRoot,
            Errors::CR3 => Power::Inverse,
        };
        if cluster.len() != fit.rows() {
            let column = "the cluster".to_owned();
            return Err(Failure::UnequalLengths { column, found: cluster.len(), expected: fit.rows() });
        }
        let mut rows: Vec<usize> = (0..cluster.len()).collect();
        rows.sort_by_key(|&i| cluster[i]);
        let mut clusters: Vec<Vec<usize>> =
            rows.chunk_by(|&a, &b| cluster[a] == cluster[b]).map(<[usize]>::to_vec).collect();
        clusters.sort_by_key(|members| members[0]);
        if clusters.len() < 2 {
            return Err(Failure::TooFewClusters { clusters: clusters.len() });
        }
        let adjusted = clusters.iter().map(|members| adjust(fit, members, power)).collect();
        Ok(Clustered { fit, errors, clusters, adjusted })
    }

    /// G, the number of clusters.
    pub fn clusters(&self) -> usize {
        self.clusters.len()
    }

    /// The covariance of all coefficients, p × p, in the units of their products.
    pub fn covariance(&self) -> DMatrix<f64> {
        let constant = self.constant();
        let p = self.fit.columns();
        let mut scores = vec![0.0; p];
        let mut covariance = DMatrix::zeros(p, p);
        for g in 0..self.clusters() {
            let score = self.score(g);
            for (k, s) in scores.iter_mut().enumerate() {
                *s = dot(self.fit.weight(k), &score);
            }
            for i in 0..p {
                for j in 0..p {
                    covariance[(i, j)] += constant * (scores[i] * scores[j]);
                }
            }
        }
        covariance
    }

    /// The variance of one coefficient: the diagonal of [`covariance`](Clustered::covariance) without the rest.
    ///
    /// Errors: no such coefficient.
    pub fn variance(&self, coefficient: usize) -> Result<f64, Failure> {
        self.fit.check_coefficient(coefficient)?;
        let weight = self.fit.weight(coefficient);
        let sum = (0..self.clusters()).fold(0.0, |sum, g| {
            let score = dot(weight, &self.score(g));
            sum + score * score
        });
        Ok(self.constant() * sum)
    }

    /// Q_g' A_g e_g.
    fn score(&self, g: usize) -> Vec<f64> {
        let p = self.fit.columns();
        let residuals = self.fit.residuals();
        let mut score = vec![0.0; p];
        if matches!(self.errors, Errors::CR2 | Errors::CR3) {
            for (row, &i) in self.adjusted[g].rows.chunks_exact(p).zip(&self.clusters[g]) {
                add_scaled(&mut score, residuals[i], row);
            }
        } else {
            for &i in &self.clusters[g] {
                add_scaled(&mut score, residuals[i], self.fit.q(i));
            }
        }
        score
    }

    /// z_g = Q_g' A_g Q_g u, and the squared length of A_g Q_g u that the residuals of the other clusters do not change.
    pub(super) fn working(&self, g: usize, weight: &[f64]) -> (Vec<f64>, f64) {
        let p = self.fit.columns();
        let adjusted = &self.adjusted[g];
        let (mut z, mut own, mut length) = (vec![0.0; p], 0.0, 0.0);
        for (row, &i) in adjusted.rows.chunks_exact(p).zip(&self.clusters[g]) {
            let part = dot(row, weight);
            add_scaled(&mut z, part, self.fit.q(i));
            length += part * part;
            let plain = dot(self.fit.q(i), weight);
            own += plain * plain;
        }
        if self.errors != Errors::CR2 {
            return (z.clone(), (length - dot(&z, &z)).max(0.0));
        }
        // A_g (I - H_gg) A_g is the identity but for what A_g loses: no difference of near equals.
        for direction in &adjusted.lost {
            let part = dot(direction, weight);
            own -= part * part;
        }
        (z, own.max(0.0))
    }

    fn constant(&self) -> f64 {
        let g = self.clusters() as f64;
        let (n, p) = (self.fit.rows() as f64, self.fit.columns() as f64);
        match self.errors {
            Errors::Classical | Errors::CR0 | Errors::CR2 | Errors::CR3 => 1.0,
            Errors::CR1 => g / (g - 1.0),
            Errors::CR1S => g * (n - 1.0) / ((g - 1.0) * (n - p)),
        }
    }
}

/// The cluster-robust covariance of all coefficients, p × p. See [`Clustered`], which shares the work when several
/// quantities are wanted.
pub fn cluster_covariance(fit: &LeastSquares, cluster: &[u32], errors: Errors) -> Result<DMatrix<f64>, Failure> {
    Ok(Clustered::new(fit, cluster, errors)?.covariance())
}
