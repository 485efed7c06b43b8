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
use super::leverage::{Power, adjust};

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
    /// The rows of the regression, cluster after cluster.
    members: Vec<usize>,
    /// A_g Q_g, row after row as in `members`.
    adjusted: Vec<f64>,
    pub(super) clusters: Vec<Cluster>,
}

/// One cluster's places in [`Clustered::members`], and what A_g loses of it (see [`adjust`]).
pub(super) struct Cluster {
    from: usize,
    to: usize,
    pub(super) lost: Vec<Vec<f64>>,
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
        let members = cluster_by_cluster(cluster);
        let p = fit.columns();
        let mut adjusted = vec![0.0; members.len() * p];
        let mut clusters = Vec::with_capacity(members.len() / 2);
        let mut from = 0;
        for group in members.chunk_by(|&a, &b| cluster[a] == cluster[b]) {
            let to = from + group.len();
            let lost = adjust(fit, group, power, &mut adjusted[from * p..to * p]);
            clusters.push(Cluster { from, to, lost });
            from = to;
        }
        if clusters.len() < 2 {
            return Err(Failure::TooFewClusters { clusters: clusters.len() });
        }
        Ok(Clustered { fit, errors, members, adjusted, clusters })
    }

    /// G, the number of clusters.
    pub fn clusters(&self) -> usize {
        self.clusters.len()
    }

    /// The covariance of all coefficients, p × p, in the units of their products.
    pub fn covariance(&self) -> DMatrix<f64> {
        let constant = self.constant();
        let p = self.fit.columns();
        let (mut scores, mut score) = (vec![0.0; p], vec![0.0; p]);
        let mut covariance = DMatrix::zeros(p, p);
        for g in 0..self.clusters() {
            self.score(p, g, &mut score);
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
        // The same code, with loops unrolled for the few columns that most regressions have.
        let sum = match weight.len() {
            2 => self.squares(2, weight),
            3 => self.squares(3, weight),
            columns => self.squares(columns, weight),
        };
        Ok(self.constant() * sum)
    }

    /// Σ_g (u'Q_g' A_g e_g)² for `u` the weight, of a regression with `p` columns.
    #[inline(always)]
    fn squares(&self, p: usize, weight: &[f64]) -> f64 {
        let (weight, mut score) = (&weight[..p], vec![0.0; p]);
        let score = &mut score[..p];
        let mut sum = 0.0;
        for g in 0..self.clusters() {
            self.score(p, g, score);
            let score = dot(weight, score);
            sum += score * score;
        }
        sum
    }

    /// The rows of A_g Q_g and those of Q_g, with `p` columns, each with its row of the regression.
    #[inline(always)]
    fn rows(&self, p: usize, g: usize) -> impl Iterator<Item = (&[f64], &[f64], usize)> {
        let Cluster { from, to, .. } = &self.clusters[g];
        let adjusted = self.adjusted[from * p..to * p].chunks_exact(p);
        adjusted.zip(&self.members[*from..*to]).map(move |(row, &i)| (row, &self.fit.q(i)[..p], i))
    }

    /// Q_g' A_g e_g.
    #[inline(always)]
    fn score(&self, p: usize, g: usize, score: &mut [f64]) {
        let residuals = self.fit.residuals();
        let corrected = matches!(self.errors, Errors::CR2 | Errors::CR3);
        score.fill(0.0);
        for (row, plain, i) in self.rows(p, g) {
            add_scaled(score, residuals[i], if corrected { row } else { plain });
        }
    }

    /// Writes z_g = Q_g' A_g Q_g u of length `p` to `z`, and gives the squared length of A_g Q_g u that the residuals of the other clusters do not
    /// change.
    #[inline(always)]
    pub(super) fn working(&self, p: usize, g: usize, weight: &[f64], z: &mut [f64]) -> f64 {
        let (mut own, mut length) = (0.0, 0.0);
        z.fill(0.0);
        for (row, plain, _) in self.rows(p, g) {
            let part = dot(row, weight);
            add_scaled(z, part, plain);
            length += part * part;
            let plain = dot(plain, weight);
            own += plain * plain;
        }
        if self.errors != Errors::CR2 {
            return (length - dot(z, z)).max(0.0);
        }
        // A_g (I - H_gg) A_g is the identity but for what A_g loses: no difference of near equals.
        for direction in &self.clusters[g].lost {
            let part = dot(direction, weight);
            own -= part * part;
        }
        own.max(0.0)
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

/// All rows, those of one cluster after another, clusters in the order in which they first appear.
fn cluster_by_cluster(cluster: &[u32]) -> Vec<usize> {
    let mut rows: Vec<usize> = (0..cluster.len()).collect();
    // Most come that way.
    if cluster.is_sorted() {
        return rows;
    }
    rows.sort_by_key(|&i| cluster[i]);
    let mut groups: Vec<&[usize]> = rows.chunk_by(|&a, &b| cluster[a] == cluster[b]).collect();
    groups.sort_by_key(|members| members[0]);
    groups.concat()
}

/// The cluster-robust covariance of all coefficients, p × p. See [`Clustered`], which shares the work when several
/// quantities are wanted.
pub fn cluster_covariance(fit: &LeastSquares, cluster: &[u32], errors: Errors) -> Result<DMatrix<f64>, Failure> {
    Ok(Clustered::new(fit, cluster, errors)?.covariance())
}
