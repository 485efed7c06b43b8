//! Effects in units that other studies understand.
//!
//! **Hedges' g for clusters.** The difference in means over the SD of persons; the pooled SD of a clustered sample is a little too small, and
//! a small sample exaggerates:
//!
//! ```text
//! g   = J(h) · (ȳ_T − ȳ_C)/S · √(L/(N − 2))                      S² pooled within arms over all persons
//! L   = (N − 2)(1 − ρ) + Bρ                                      E S² = σ² L/(N − 2)
//! h   = L² / ((N − 2)(1 − ρ)² + Aρ² + 2Bρ(1 − ρ))
//! J   = 1 − 3/(4h − 1)
//! Var = J² [Σ_arm (1 + (Σn²/N_a − 1)ρ)/N_a + g²/(2h)]
//! B   = Σ_arm N_a − Σn²/N_a          A = Σ_arm Σn² + (Σn²)²/N_a² − 2 Σn³/N_a
//! ```
//!
//! The first part of the variance rests on how the M clusters differ within arms, on M − 2 degrees of freedom, the second on h. An interval
//! takes t on what Satterthwaite's rule makes of the two, ν = (V₁ + V₂)²/(V₁²/(M − 2) + V₂²/h): with h alone, as for a correlation that is
//! known, it is much too narrow where clusters are few.
//!
//! Sums are over the clusters of an arm of N_a persons. Clusters of one size n have A = n(N − 2n) and B = N − 2n. ρ is that of
//! persons in clusters within arms, by analysis of variance, and may be negative. What enters is at least −1/(n − 1) of the largest
//! cluster: below it that cluster's mean would have a negative variance, and the sum next to none.
//!
//! **Cronbach's alpha** of an instrument's items, α = k/(k − 1) (1 − Σ s²_item / s²_total).
//!
//! Sources: Hedges (2007), Journal of Educational and Behavioral Statistics 32, 341-370; Hedges (1981), Journal of Educational
//! Statistics 6, 107-128; Donner & Klar (2000), *Design and Analysis of Cluster Randomization Trials in Health Research*, ch. 7, for
//! M − 2; Satterthwaite (1946), Biometrics Bulletin 2, 110-114; Cronbach (1951), Psychometrika 16, 297-334.

use super::failure::Failure;
use super::intraclass::{largest, mean_squares};
use super::observations::{of_rank, rank};

/// A standardized mean difference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HedgesG {
    /// g, in SD of persons.
    pub g: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of the pooled SD, as clustering leaves them.
    pub degrees_of_freedom: f64,
    /// Degrees of freedom of its standard error: about two less than clusters.
    pub error_degrees_of_freedom: f64,
    /// The intraclass correlation within arms that entered, no less than the largest cluster allows.
    pub intraclass: f64,
    /// g per unit of the difference in means: J √(L/(N − 2))/S.
    pub per_unit: f64,
}

/// Hedges' g of persons in clusters that belong to one arm each. `treated` is 1 or 0 per row.
///
/// Errors: as [`intraclass_correlation`](super::intraclass_correlation), an arm without rows, and a standard error
/// of zero within rounding.
///
/// ```
/// use peerlab::study::estimators::hedges_g;
/// let (y, t) = ([1.0, 2.0, 1.5, 2.5, 3.0, 4.0, 3.5, 4.5], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
/// let found = hedges_g(&y, &t, &[1, 1, 2, 2, 3, 3, 4, 4]).unwrap();
/// assert!(found.g > 2.0 && found.g < 2.0 / 0.6454972);
/// ```
pub fn hedges_g(outcome: &[f64], treated: &[f64], cluster: &[u32]) -> Result<HedgesG, Failure> {
    of_clusters(outcome, treated, cluster, &Sizes::of(treated, cluster))
}

fn of_clusters(outcome: &[f64], treated: &[f64], cluster: &[u32], sizes: &Sizes) -> Result<HedgesG, Failure> {
    let arm = |value: f64| sorted(outcome, treated, value);
    let (with, without) = (arm(1.0), arm(0.0));
    if with.is_empty() || without.is_empty() {
        let value = if with.is_empty() { 0.0 } else { 1.0 };
        return Err(Failure::NoVariationInTreatment { value, rows: outcome.len() });
    }
    let mean = |own: &[f64]| own.iter().fold(0.0, |sum, y| sum + y) / own.len() as f64;
    let (mean_with, mean_without) = (mean(&with), mean(&without));
    let centerd: Vec<f64> =
        outcome.iter().zip(treated).map(|(y, t)| if *t == 1.0 { y - mean_with } else { y - mean_without }).collect();
    let within = mean_squares(&centerd, cluster, (0.0, 0.0), None, largest(outcome))?;
    let square = |own: &[f64], mean: f64| own.iter().fold(0.0, |sum, y| sum + (y - mean) * (y - mean));
    let (n, total) = (outcome.len() as f64, square(&with, mean_with) + square(&without, mean_without));
    let (a, b) = sizes.arms.iter().fold((0.0, 0.0), |(a, b), arm| (a + arm.a(), b + arm.b()));
    // Two means were taken out: clusters within arms have two degrees of freedom less than clusters.
    let between_df = within.degrees_of_freedom.0 - 1.0;
    if between_df < 1.0 {
        return Err(Failure::TooFewClusters { clusters: within.groups });
    }
    let size = b / between_df;
    let between = within.between * within.degrees_of_freedom.0 / between_df;
    let rho = (between - within.within) / (between + (size - 1.0) * within.within);
    let rho = rho.max(-1.0 / (sizes.largest - 1.0));
    let left = (n - 2.0) * (1.0 - rho) + b * rho;
    let df = left * left / ((n - 2.0) * (1.0 - rho) * (1.0 - rho) + a * rho * rho + 2.0 * b * rho * (1.0 - rho));
    let small = 1.0 - 3.0 / (4.0 * df - 1.0);
    let g = small * (mean_with - mean_without) / (total / left).sqrt();
    let means = sizes.arms.iter().fold(0.0, |sum, arm| sum + (1.0 + (arm.squares / arm.rows - 1.0) * rho) / arm.rows);
    let of_deviation = g * g / (2.0 * df);
    let variance = small * small * (means + of_deviation);
    let error_degrees_of_freedom = (means + of_deviation) * (means + of_deviation)
        / (means * means / between_df + of_deviation * of_deviation / df);
    let per_unit = small / (total / left).sqrt();
    let standard_error = variance.sqrt();
    // A share of an SD that no measure of people has: rounding.
    if standard_error <= 1e-8 {
        return Err(Failure::ZeroVariance { estimate: g });
    }
    let values =
        HedgesG { g, standard_error, degrees_of_freedom: df, error_degrees_of_freedom, intraclass: rho, per_unit };
    if values.g.is_finite() && values.standard_error.is_finite() {
        Ok(values)
    } else {
        Err(Failure::OutOfRange { what: "standardized effect", value: values.g })
    }
}

/// What a difference between two arms is multiplied with to be Hedges' g: of a difference in means it is g, of one at equal
/// covariates g of that difference, whose SD stays that of persons as they are (What Works Clearinghouse 2022, *Procedures and
/// Standards Handbook*, version 5.0, appendix E).
///
/// Where no cluster has two rows, or a cluster has rows in both arms, there is no correction for clusters: J(N − 2)/S.
///
/// Errors: an arm without rows, no variance, and those of [`hedges_g`].
pub fn standardizer(outcome: &[f64], treated: &[f64], cluster: &[u32]) -> Result<f64, Failure> {
    let sizes = Sizes::of(treated, cluster);
    if !sizes.crossed && sizes.clusters < outcome.len() {
        return of_clusters(outcome, treated, cluster, &sizes).map(|found| found.per_unit);
    }
    let df = outcome.len() as f64 - 2.0;
    let mut squares = 0.0;
    for arm in [1.0, 0.0] {
        let own = sorted(outcome, treated, arm);
        if own.is_empty() {
            return Err(Failure::NoVariationInTreatment { value: 1.0 - arm, rows: outcome.len() });
        }
        let mean = own.iter().fold(0.0, |sum, y| sum + y) / own.len() as f64;
        squares = own.iter().fold(squares, |sum, y| sum + (y - mean) * (y - mean));
    }
    let factor = (1.0 - 3.0 / (4.0 * df - 1.0)) / (squares / df).sqrt();
    if factor.is_finite() {
        Ok(factor)
    } else {
        Err(Failure::OutOfRange { what: "standardized effect", value: factor })
    }
}

/// The outcomes of one arm from the least to the largest, so that no order of rows changes a bit of their sum.
fn sorted(outcome: &[f64], treated: &[f64], arm: f64) -> Vec<f64> {
    let mut own = Vec::with_capacity(outcome.len());
    own.extend(outcome.iter().zip(treated).filter(|(_, t)| **t == arm).map(|(y, _)| rank(*y)));
    own.sort_unstable();
    own.into_iter().map(of_rank).collect()
}

/// How large clusters are, in all and in either arm. Sums of whole numbers: no order changes a bit.
struct Sizes {
    /// Number of clusters.
    clusters: usize,
    /// Rows of the largest one, two at least.
    largest: f64,
    /// Whether a cluster has rows in both arms.
    crossed: bool,
    /// Of the treated and of the others.
    arms: [Arm; 2],
}

impl Sizes {
    fn of(treated: &[f64], cluster: &[u32]) -> Sizes {
        let mut rows: Vec<(u32, f64)> = cluster.iter().copied().zip(treated.iter().copied()).collect();
        rows.sort_unstable_by_key(|(label, _)| *label);
        let mut sizes = Sizes { clusters: 0, largest: 2.0, crossed: false, arms: [Arm::default(); 2] };
        for members in rows.chunk_by(|a, b| a.0 == b.0) {
            let own = [1.0, 0.0].map(|arm| members.iter().filter(|(_, t)| *t == arm).count());
            sizes.clusters += 1;
            sizes.largest = sizes.largest.max(members.len() as f64);
            sizes.crossed |= own[0] > 0 && own[0] < members.len();
            sizes.arms.iter_mut().zip(own).for_each(|(arm, rows)| arm.add(rows as f64));
        }
        sizes
    }
}

/// Sums over the clusters of one arm.
#[derive(Clone, Copy, Default)]
struct Arm {
    /// Σ n.
    rows: f64,
    /// Σ n².
    squares: f64,
    /// Σ n³.
    cubes: f64,
}

impl Arm {
    fn add(&mut self, n: f64) {
        self.rows += n;
        self.squares += n * n;
        self.cubes += n * n * n;
    }

    fn a(&self) -> f64 {
        self.squares + self.squares * self.squares / (self.rows * self.rows) - 2.0 * self.cubes / self.rows
    }

    fn b(&self) -> f64 {
        self.rows - self.squares / self.rows
    }
}

/// Cronbach's alpha of `items`, one column per item with one value per person; at most 1, and negative where items contradict.
///
/// Errors: fewer than two items, unequal lengths, values that are not finite, no variance of the total.
pub fn cronbach_alpha(items: &[Vec<f64>]) -> Result<f64, Failure> {
    let k = items.len();
    let rows = items.first().map_or(0, Vec::len);
    if k < 2 || rows < 2 {
        return Err(Failure::TooFewRows { rows, coefficients: k });
    }
    for (j, item) in items.iter().enumerate() {
        if item.len() != rows {
            return Err(Failure::UnequalLengths { column: format!("item {j}"), found: item.len(), expected: rows });
        }
        if let Some(row) = item.iter().position(|value| !value.is_finite()) {
            return Err(Failure::NotFinite { column: format!("item {j}"), row, value: item[row] });
        }
    }
    let variance = |values: &[f64]| {
        let mean = values.iter().fold(0.0, |sum, y| sum + y) / rows as f64;
        values.iter().fold(0.0, |sum, y| sum + (y - mean) * (y - mean)) / (rows - 1) as f64
    };
    let total: Vec<f64> = (0..rows).map(|row| items.iter().fold(0.0, |sum, item| sum + item[row])).collect();
    let whole = variance(&total);
    if whole <= 0.0 {
        return Err(Failure::ZeroVariance { estimate: total[0] });
    }
    let parts = items.iter().fold(0.0, |sum, item| sum + variance(item));
    Ok(k as f64 / (k as f64 - 1.0) * (1.0 - parts / whole))
}

#[cfg(test)]
mod tests {
    use super::super::tests::close;
    use super::*;

    /// Without clustering (every correlation 0) g is the classical one.
    /// Eight persons, means 2 and 3, SD by hand; with clusters it is what Hedges' g is made of.
    #[test]
    fn a_difference_times_the_standardizer_is_g() {
        let (y, t) = ([1.0, 3.0, 2.0, 2.0, 2.0, 4.0, 3.0, 3.0], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]);
        // Squares within arms 2 + 2 on 6 df: S = √(2/3); J = 1 − 3/23.
        let alone = standardizer(&y, &t, &[0, 1, 2, 3, 4, 5, 6, 7]).unwrap();
        assert!((alone - 20.0 / 23.0 / (2.0_f64 / 3.0).sqrt()).abs() < 1e-14, "{alone}");
        assert_eq!(standardizer(&y, &t, &[0, 1, 2, 3, 0, 1, 2, 3]), Ok(alone), "clusters in both arms");
        let cluster = [0, 0, 1, 1, 2, 2, 3, 3];
        let found = hedges_g(&y, &t, &cluster).unwrap();
        assert!((standardizer(&y, &t, &cluster).unwrap() - found.g).abs() < 1e-14);
        assert!(standardizer(&y, &[1.0; 8], &cluster).is_err());
        assert!(standardizer(&[2.0; 8], &t, &[0, 1, 2, 3, 4, 5, 6, 7]).is_err());
    }

    #[test]
    fn a_dyad_s_g_lies_between_the_extremes() {
        let y = [0.2, 1.1, -0.4, 0.9, 1.7, 2.0, 1.2, 0.1, 2.4, 1.9, 0.4, 1.5];
        let t = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        let found = hedges_g(&y, &t, &[1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]).unwrap();
        let mean = |arm: f64| y.iter().zip(&t).filter(|(_, a)| **a == arm).map(|(y, _)| y).sum::<f64>() / 6.0;
        let pooled = y.iter().zip(&t).map(|(y, a)| (y - mean(*a)) * (y - mean(*a))).sum::<f64>() / 10.0;
        let d = (mean(1.0) - mean(0.0)) / pooled.sqrt();
        assert!(found.g < d && found.g > 0.8 * d, "{found:?} {d}");
        assert!(found.degrees_of_freedom < 10.5 && found.degrees_of_freedom > 5.0);
        let turned = hedges_g(&y, &t.map(|a| 1.0 - a), &[1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]).unwrap();
        assert_eq!(turned.g, -found.g);
        assert_eq!(hedges_g(&y, &[1.0; 12], &[1; 12]).unwrap_err().code(), "no_variation_in_treatment");
    }

    /// A class of 200 beside 40 dyads in the control arm and an ICC just below zero: without a bound the class's mean would have a negative
    /// variance, and g a fraction of its error without clusters.
    #[test]
    fn a_large_cluster_and_a_negative_correlation_leave_an_error() {
        let wave = |row: u32| f64::from(row * 37 % 101) / 50.0 - 1.0;
        let (mut y, mut t, mut g) = (Vec::new(), Vec::new(), Vec::new());
        for row in 0..360_u32 {
            let cluster = if row < 200 { 0 } else { row / 2 };
            // Members of a dyad contrast a little.
            let contrast = if row < 200 || row % 4 > 1 { 0.0 } else { 0.4 * (1.0 - 2.0 * f64::from(row % 2)) };
            y.push(wave(row) + contrast);
            t.push(if row >= 280 { 1.0 } else { 0.0 });
            g.push(cluster);
        }
        let found = hedges_g(&y, &t, &g).unwrap();
        let independent = (1.0 / 80.0 + 1.0 / 280.0_f64).sqrt();
        assert_eq!(found.intraclass, -1.0 / 199.0, "{found:?}");
        assert!(found.standard_error > 0.7 * independent && found.standard_error < independent, "{found:?}");
    }

    /// Intervals of 95 % over 2,000 experiments of clusters of ten with an effect of .5 and a correlation of .2: by t on h degrees of freedom,
    /// as if the correlation were known, and by t on the error's own.
    #[test]
    fn intervals_hold_the_effect_also_with_few_clusters() {
        use crate::model::streams::{Purpose, Stream};
        use crate::study::estimators::student_t_critical;
        for (clusters, between) in [(3_u32, 0.2_f64), (6, 0.2), (6, 0.0)] {
            let (mut known, mut own) = (0, 0);
            for trial in 0..2000 {
                let mut stream = Stream::open(21, trial, Purpose::Answer, u64::from(clusters));
                let (mut y, mut t, mut g) = (Vec::new(), Vec::new(), Vec::new());
                for cluster in 0..2 * clusters {
                    let arm = f64::from(cluster % 2);
                    let level = 0.5 * arm + between.sqrt() * stream.normals().0;
                    for _ in 0..10 {
                        y.push(level + (1.0 - between).sqrt() * stream.normals().0);
                        t.push(arm);
                        g.push(cluster);
                    }
                }
                let found = hedges_g(&y, &t, &g).unwrap();
                let holds = |df: f64| (found.g - 0.5).abs() < student_t_critical(0.95, df) * found.standard_error;
                known += u32::from(holds(found.degrees_of_freedom));
                own += u32::from(holds(found.error_degrees_of_freedom));
            }
            let [known, own] = [known, own].map(|count| f64::from(count) / 2000.0);
            println!("{clusters} against {clusters}, correlation {between}: {known:.3} by h, {own:.3}");
            assert!(own > 0.93 && own < 0.985, "{clusters} {between}: {own}");
            assert!(clusters > 3 || known < 0.92, "{known}");
        }
    }

    /// By hand: three parallel items of four persons.
    #[test]
    fn alpha_by_hand() {
        let items = vec![vec![1.0, 2.0, 3.0, 4.0], vec![2.0, 2.0, 3.0, 5.0], vec![1.0, 3.0, 3.0, 4.0]];
        // Item variances 5/3, 2, 19/12 (sum 63/12); totals 4 7 9 13, variance 57/4 - 1/12... computed in fractions below.
        let totals = [4.0, 7.0, 9.0, 13.0_f64];
        let mean = totals.iter().sum::<f64>() / 4.0;
        let whole = totals.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / 3.0;
        let parts = 5.0 / 3.0 + 2.0 + 4.75 / 3.0;
        close(cronbach_alpha(&items).unwrap(), 1.5 * (1.0 - parts / whole), 1e-12);
        assert_eq!(cronbach_alpha(&items[..1]).unwrap_err().code(), "too_few_rows");
        assert_eq!(cronbach_alpha(&[vec![1.0, 1.0], vec![2.0, 2.0]]).unwrap_err().code(), "zero_variance");
    }
}
