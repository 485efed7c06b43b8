//! Pearson's correlation with clusters: its own uncertainty, and not that of a slope.
//!
//! The SD of both sides are estimated from the same clusters as their covariance, so that the error of a correlation is not that of the
//! slope between standardized variables: at r = .8 the latter is about twice as large. Here whole clusters are left out, one at a
//! time, and the scatter of Fisher's z is what it would be in other samples of clusters (the cluster jackknife):
//!
//! ```text
//! z = atanh r      z_(g): without cluster g      V = (G−1)/G Σ_g (z_(g) − mean z_(g))²
//! interval: tanh(z ± t √V), t of G − 1 degrees of freedom; test: z/√V      SE of r: (1 − r²) √V
//! ```
//!
//! To first order z_(g) − z is minus the cluster's sum of what each row contributes to r, u v − r (u² + v²)/2 for standardized u and
//! v, over N (1 − r²): with clusters of one row and normal scores √V is Fisher's 1/√(N − 3) nearly. The factor is that of the
//! jackknife; sums of contributions with G/(G − 1) hold 87 % instead of 95 % where one cluster is ten times the others.
//!
//! Sources: Fisher (1921), Metron 1(4), 3-32; Efron & Stein (1981), Annals of Statistics 9, 586-596; MacKinnon, Nielsen & Webb
//! (2023), Journal of Econometrics 232, 272-299.

use super::failure::Failure;
use super::observations::Observations;
use super::regression::{Design, TREATMENT};
use super::specification::Specification;
use super::{Estimate, finite, student_t_critical, student_t_two_sided};

/// What enters a correlation: rows, Σx, Σy, Σx², Σxy, Σy².
type Sums = [f64; 6];

/// The correlation of the outcome with the question's column.
///
/// Errors: as least squares; fewer than three clusters; a correlation of ±1 within rounding; a cluster without which nothing varies.
pub(super) fn estimate(data: &Observations, confidence: f64) -> Result<Estimate, Failure> {
    let design = Design::of(Specification::Correlation, data)?;
    let fit = design.fit()?;
    let r = fit.coefficients()[TREATMENT];
    let sums = of_clusters(&design);
    let clusters = sums.len();
    if clusters < 3 {
        return Err(Failure::TooFewClusters { clusters });
    }
    if 1.0 - r * r <= 1e-12 {
        return Err(Failure::ZeroVariance { estimate: r });
    }
    let all = sums.iter().fold([0.0; 6], |all, own| plus(&all, own, 1.0));
    let without = sums.iter().map(|own| without(&all, own)).collect::<Result<Vec<f64>, Failure>>()?;
    let count = clusters as f64;
    let mean = without.iter().fold(0.0, |sum, z| sum + z) / count;
    let variance = (count - 1.0) / count * without.iter().fold(0.0, |sum, z| sum + (z - mean) * (z - mean));
    if variance <= 1e-24 {
        return Err(Failure::ZeroVariance { estimate: r });
    }
    let (z, error, df) = (libm::atanh(r), variance.sqrt(), count - 1.0);
    let half = student_t_critical(confidence, df) * error;
    let result = Estimate {
        estimate: r,
        standard_error: (1.0 - r * r) * error,
        degrees_of_freedom: df,
        lower: libm::tanh(z - half),
        upper: libm::tanh(z + half),
        p_value: student_t_two_sided(z / error, df),
        boundary: false,
    };
    finite(result, true)
}

/// Sums of the standardized columns, cluster by cluster in the order of their first rows.
fn of_clusters(design: &Design) -> Vec<Sums> {
    let of_row = |i: usize| {
        let (x, y) = (design.columns[TREATMENT][i], design.outcome[i]);
        [1.0, x, y, x * x, x * y, y * y]
    };
    let rows: Vec<usize> = (0..design.cluster.len()).collect();
    let clusters = rows.chunk_by(|a, b| design.cluster[*a] == design.cluster[*b]);
    clusters.map(|rows| rows.iter().fold([0.0; 6], |sum, i| plus(&sum, &of_row(*i), 1.0))).collect()
}

fn plus(sums: &Sums, own: &Sums, times: f64) -> Sums {
    let mut result = *sums;
    result.iter_mut().zip(own).for_each(|(sum, own)| *sum += times * own);
    result
}

/// Fisher's z without a cluster.
fn without(all: &Sums, own: &Sums) -> Result<f64, Failure> {
    let [rows, x, y, xx, xy, yy] = plus(all, own, -1.0);
    let (of_x, of_y, product) = (xx - x * x / rows, yy - y * y / rows, xy - x * y / rows);
    // Of a total of about N.
    if rows < 3.0 || of_x.min(of_y) <= 1e-10 * all[0] {
        return Err(Failure::SingleClusterArm { share: 1.0 });
    }
    let r = product / (of_x * of_y).sqrt();
    if 1.0 - r.abs() <= 1e-12 { Err(Failure::SingleClusterArm { share: 1.0 }) } else { Ok(libm::atanh(r)) }
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::super::tests::{Table, close};
    use super::*;
    use crate::model::streams::{Purpose, Stream};

    fn correlate(x: Vec<f64>, y: Vec<f64>, cluster: Vec<u32>) -> Result<Estimate, Failure> {
        let data = Observations { outcome: y, treated: x, cluster, ..Default::default() };
        find("correlation_jackknife").unwrap().estimate(&data, 0.95)
    }

    /// Against `tests/oracles/correlation.R`.
    #[test]
    fn it_agrees_with_r() {
        let tables = [
            ("couples", include_str!("../../../tests/data/acipair.csv"), ["OtherPos_A", "Satisfaction_A", "CoupleID"]),
            ("uneven", include_str!("../../../tests/data/uneven.csv"), ["x1", "y", "g"]),
            ("organizations", include_str!("../../../tests/data/goldB.csv"), ["x", "y", "org"]),
        ];
        let oracle = include_str!("../../../tests/data/correlation.csv");
        for (name, text, [x, y, cluster]) in tables {
            let table = Table::read(text);
            let found = correlate(table.column(x), table.column(y), table.labels(cluster)).unwrap();
            let line = oracle.lines().find_map(|line| line.strip_prefix(&format!("{name},"))).unwrap();
            let expected: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
            let Estimate { estimate, standard_error, degrees_of_freedom, lower, upper, p_value, .. } = found;
            for (found, expected) in
                [estimate, standard_error, degrees_of_freedom, lower, upper, p_value].into_iter().zip(&expected)
            {
                close(found, *expected, 1e-9);
            }
            // The sums of the rows' contributions agree to first order: the fewer clusters, the further apart.
            assert!((standard_error / expected[6] - 1.0).abs() < 3.0 / degrees_of_freedom, "{name}");
        }
    }

    /// Persons who are independent, and normal: the error of Fisher's z is 1/√(N − 3).
    #[test]
    fn without_clusters_it_is_fisher_s() {
        let mut stream = Stream::open(31, 0, Purpose::Answer, 0);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..4_000 {
            let (a, b) = stream.normals();
            x.push(a);
            y.push(0.8 * a + 0.6 * b);
        }
        let found = correlate(x, y, (0..4_000).collect()).unwrap();
        let error = found.standard_error / (1.0 - found.estimate * found.estimate);
        // Of a variance that is estimated from 4,000 rows: 2 %, two of its standard errors.
        assert!((error * 3_997_f64.sqrt() - 1.0).abs() < 0.03, "{error}");
    }

    /// 4,000 samples each of 15 clusters, alike in both variables by an ICC of .4: the 95 % interval holds the correlation within four
    /// Monte Carlo standard errors (1.4 points) and half a point for what is approximate; clusters of 4, and of 1 to 13. One run
    /// in 16,000 would fail by chance.
    #[test]
    fn the_interval_holds_what_it_says_under_clustering() {
        const SAMPLES: u32 = 4_000;
        for (rho, uneven) in [(0.0, false), (0.8, false), (0.5, true)] {
            let mut stream = Stream::open(2_012, 0, Purpose::Answer, u64::from(uneven));
            let other = (1.0_f64 - rho * rho).sqrt();
            let mut held = 0;
            for _ in 0..SAMPLES {
                let (mut x, mut y, mut cluster) = (Vec::new(), Vec::new(), Vec::new());
                for group in 0..15_u32 {
                    let (a, b) = stream.normals();
                    for _ in 0..if uneven { 1 + (group * 7) % 13 } else { 4 } {
                        let (c, d) = stream.normals();
                        let (between, within) = (0.4_f64.sqrt(), 0.6_f64.sqrt());
                        x.push(between * a + within * c);
                        y.push(between * (rho * a + other * b) + within * (rho * c + other * d));
                        cluster.push(group);
                    }
                }
                let found = correlate(x, y, cluster).unwrap();
                held += u32::from(found.lower <= rho && rho <= found.upper);
            }
            let share = f64::from(held) / f64::from(SAMPLES);
            println!("r = {rho}, uneven {uneven}: {share}");
            assert!((share - 0.95).abs() < 0.005 + 4.0 * (0.95_f64 * 0.05 / f64::from(SAMPLES)).sqrt(), "{share}");
        }
    }

    #[test]
    fn what_has_no_correlation_says_why() {
        let x: Vec<f64> = (0..12).map(f64::from).collect();
        let y: Vec<f64> = (0..12).map(|i| f64::from(i * 7 % 5)).collect();
        let code = |x: &[f64], y: &[f64], of: fn(u32) -> u32| {
            correlate(x.to_vec(), y.to_vec(), (0..12).map(of).collect()).map_err(|failure| failure.code())
        };
        assert_eq!(code(&x, &y, |i| i / 6), Err("too_few_clusters"));
        assert_eq!(code(&x, &x, |i| i / 2), Err("zero_variance"));
        assert!(code(&x, &[3.0; 12], |i| i / 2).is_err());
        let one: Vec<f64> = (0..12).map(|i| if i < 2 { f64::from(i + 1) } else { 0.0 }).collect();
        assert_eq!(code(&one, &y, |i| i / 2), Err("single_cluster_arm"));
        assert!(code(&x, &y, |i| i / 2).is_ok());
    }
}
