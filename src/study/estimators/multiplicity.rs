//! Several hypotheses on the same data.
//!
//! Holm's method holds the probability of any false rejection, Benjamini and Hochberg's the expected share of false ones among
//! the rejections (under independence or positive dependence). Both are given as adjusted p-values: reject where it is below the level.
//!
//! Sources: Holm (1979), Scandinavian Journal of Statistics 6, 65-70; Benjamini & Hochberg (1995), Journal of the Royal Statistical
//! Society B 57, 289-300.

/// Holm's adjusted p-values, in the order of `p`. A NaN (a failed fit) stays NaN and counts as a hypothesis that was asked.
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut most = 0.0_f64;
    for (rank, index) in order.into_iter().enumerate() {
        most = most.max(((p.len() - rank) as f64 * p[index]).min(1.0));
        adjusted[index] = most;
    }
    adjusted
}

/// Benjamini and Hochberg's adjusted p-values, in the order of `p`. A NaN stays NaN and counts as a hypothesis that was asked.
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = ascending(p);
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut least = 1.0_f64;
    for (rank, index) in order.into_iter().enumerate().rev() {
        least = least.min(p.len() as f64 / (rank + 1) as f64 * p[index]);
        adjusted[index] = least;
    }
    adjusted
}

/// Indices by rising p; failed fits are left out.
fn ascending(p: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p.len()).filter(|index| !p[*index].is_nan()).collect();
    order.sort_by(|a, b| p[*a].total_cmp(&p[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(found: &[f64], expected: &[f64]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    /// R: p.adjust(c(.01, .02, .03, .04, .005), "holm") and "BH".
    #[test]
    fn as_r_has_it() {
        let p = [0.01, 0.02, 0.03, 0.04, 0.005];
        close(&holm(&p), &[0.04, 0.06, 0.06, 0.06, 0.025]);
        close(&benjamini_hochberg(&p), &[0.025, 1.0 / 30.0, 0.0375, 0.04, 0.025]);
        assert!(holm(&[]).is_empty());
        let failed = holm(&[0.01, f64::NAN]);
        assert!(failed[1].is_nan() && (failed[0] - 0.02).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn adjusted_values_keep_order_and_are_no_smaller(p in proptest::collection::vec(0.0..=1.0_f64, 1..20)) {
            for adjusted in [holm(&p), benjamini_hochberg(&p)] {
                for (raw, now) in p.iter().zip(&adjusted) {
                    prop_assert!(now >= raw && *now <= 1.0);
                }
                for (i, j) in (0..p.len()).flat_map(|i| (0..p.len()).map(move |j| (i, j))) {
                    prop_assert!(p[i] > p[j] || adjusted[i] <= adjusted[j]);
                }
            }
            prop_assert!(holm(&p).iter().zip(benjamini_hochberg(&p)).all(|(h, b)| *h >= b - 1e-15));
        }
    }
}
