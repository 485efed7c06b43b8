//! Degrees of freedom of a cluster-robust variance.
//!
//! The variance of a coefficient is a quadratic form in the outcome, Σ_g (g_g'y)² with
//! g_g = (I-H)_g' A_g Q_g u, times a constant that does not matter here (A_g: see [`Clustered`]). If the rows are in truth independent with equal variance (the working model), its mean is
//! σ² tr P and its variance 2 σ⁴ tr P² with P_gh = g_g'g_h, and the chi-square with the same two moments has
//!
//! df = (tr P)² / tr P²
//!
//! degrees of freedom. As I - H is a projection, P_gh = δ_gh |A_g Q_g u|² - z_g'z_h with z_g = Q_g'A_g Q_g u of length p,
//! and for CR2 P_gg = |Q_g u|² (less what the Moore-Penrose root loses). So tr P² needs only the p × p matrix Σ z_g z_g', and no
//! matrix of clusters or rows is formed.
//!
//! Sources: Satterthwaite (1946), Biometrics Bulletin 2, 110-114; Bell & McCaffrey (2002), Survey Methodology 28,
//! 169-181; Pustejovsky & Tipton (2018), Journal of Business & Economic Statistics 36, 672-683.

use super::cluster_robust::{Clustered, Errors};
use super::failure::Failure;
use super::least_squares::{LeastSquares, add_scaled, dot};

/// What the degrees of freedom are made of.
struct Sums {
    /// tr P.
    trace: f64,
    /// Σ P_gg².
    diagonal_squares: f64,
    /// Σ (z_g'z_g)².
    own_squares: f64,
    /// Σ z_g z_g', row after row.
    outer: Vec<f64>,
}

impl Clustered<'_> {
    /// The degrees of freedom of a coefficient's variance; positive, at most G.
    ///
    /// Errors: no such coefficient; a variance that is zero whatever the outcome.
    pub fn satterthwaite(&self, coefficient: usize) -> Result<f64, Failure> {
        self.fit.check_coefficient(coefficient)?;
        let weight = self.fit.weight(coefficient);
        // The same code, with loops unrolled for the few columns that most regressions have.
        let Sums { trace, diagonal_squares, own_squares, outer } = match weight.len() {
            2 => self.sums(2, weight),
            3 => self.sums(3, weight),
            columns => self.sums(columns, weight),
        };
        if trace <= 1e-12 * dot(weight, weight) {
            return Err(Failure::ZeroVariance { estimate: self.fit.coefficients()[coefficient] });
        }
        let between = (dot(&outer, &outer) - own_squares).max(0.0);
        Ok(trace * trace / (diagonal_squares + between))
    }

    /// Over all clusters, of a regression with `p` columns.
    #[inline(always)]
    fn sums(&self, p: usize, weight: &[f64]) -> Sums {
        let mut sums = Sums { trace: 0.0, diagonal_squares: 0.0, own_squares: 0.0, outer: vec![0.0; p * p] };
        let (weight, mut z) = (&weight[..p], vec![0.0; p]);
        let z = &mut z[..p];
        for g in 0..self.clusters() {
            let diagonal = self.working(p, g, weight, z);
            sums.trace += diagonal;
            sums.diagonal_squares += diagonal * diagonal;
            let length = dot(z, z);
            sums.own_squares += length * length;
            for a in 0..p {
                add_scaled(&mut sums.outer[a * p..a * p + p], z[a], z);
            }
        }
        sums
    }

    /// The share of a coefficient's variance (under the working model) that comes from clusters which alone determine
    /// what they contribute: their residuals are zero whatever happens, so no cluster-robust variance sees it. It is 0
    /// in a sound design and positive when an arm of a comparison between clusters has one cluster only.
    pub fn unseen(&self, coefficient: usize) -> Result<f64, Failure> {
        self.fit.check_coefficient(coefficient)?;
        let weight = self.fit.weight(coefficient);
        let lost = self.clusters.iter().flat_map(|cluster| &cluster.lost).fold(0.0, |sum, direction| {
            let part = dot(direction, weight);
            sum + part * part
        });
        Ok(lost / dot(weight, weight))
    }
}

/// Satterthwaite degrees of freedom of a coefficient's variance. See [`Clustered::satterthwaite`].
pub fn satterthwaite(fit: &LeastSquares, cluster: &[u32], errors: Errors, coefficient: usize) -> Result<f64, Failure> {
    Clustered::new(fit, cluster, errors)?.satterthwaite(coefficient)
}
