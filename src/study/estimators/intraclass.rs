//! The intraclass correlation of one grouping, by analysis of variance. It may be negative.
//!
//! ```text
//! ICC = (MSB − MSW) / (MSB + (n₀ − 1) MSW)       n₀ = (N − Σ n_g²/N)/(G − 1),  −1/(n_max − 1) ≤ ICC ≤ 1
//! F   = MSB/MSW on G − 1 and N − G degrees of freedom
//! ```
//!
//! Within A arms to which whole groups belong, n₀ = (N − Σ_arm Σ n_g²/N_arm)/(G − A), and G − A degrees of freedom are left between.
//!
//! Members of a group of n cannot contrast more than −1/(n − 1). Where groups differ in size n₀ is below the largest, and the ratio may come
//! out below that bound: estimate and interval end there. The test of F is not touched by it.
//!
//! The test is two-sided: partners who pull apart (competition, a division of roles) make F small, and a test that asks for a
//! large F alone would call that 'independent'.
//!
//! Sources: Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428, ICC(1); Donner (1986), International Statistical Review 54,
//! 67-82, for unequal groups; Kenny, Kashy & Cook (2006), *Dyadic Data Analysis*, chapter 2.

use super::beta::{fisher_f_lower, fisher_f_quantile, fisher_f_upper};
use super::failure::Failure;
use super::observations::{by_label, sorted_groups};

/// The intraclass correlation with its parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intraclass {
    /// The correlation, in [−1/(n_max − 1), 1].
    pub correlation: f64,
    /// Mean square between groups.
    pub between: f64,
    /// Mean square within groups.
    pub within: f64,
    /// MSB/MSW.
    pub f: f64,
    /// Degrees of freedom between and within.
    pub degrees_of_freedom: (f64, f64),
    /// Two-sided p-value of 'members of a group resemble each other no more and no less than strangers'.
    pub p_value: f64,
    /// Mean size of groups, as it enters the correlation.
    pub size: f64,
    /// The least correlation that the largest group allows, −1/(n_max − 1).
    pub least: f64,
    /// Number of groups.
    pub groups: usize,
}

impl Intraclass {
    /// Whether all variance lies within groups or all of it between them, within rounding: the correlation is at its bound, and
    /// nothing tells how certain it is. A mean square that is rounding is 0 here.
    pub fn exact(&self) -> bool {
        self.between == 0.0 || self.within == 0.0
    }

    /// The interval that belongs to the two-sided F test: all correlations that it does not reject. Exact for normal values in
    /// groups of equal size; NaN unless 0 < `confidence` < 1.
    ///
    /// Source: Searle (1971), *Linear Models*, section 9.5; McGraw & Wong (1996), Psychological Methods 1, 30-46.
    pub fn interval(&self, confidence: f64) -> (f64, f64) {
        let (between, within) = self.degrees_of_freedom;
        let tail = 0.5 * (1.0 - confidence);
        let of = |f: f64| if f.is_infinite() { 1.0 } else { ((f - 1.0) / (f + self.size - 1.0)).max(self.least) };
        let high = fisher_f_quantile(tail, between, within);
        // P(F < q) = tail is P(1/F > 1/q) = tail.
        let low = 1.0 / fisher_f_quantile(tail, within, between);
        (of(self.f / high), of(self.f / low))
    }

    /// One-sided p-value of 'members of a group resemble each other no more than strangers'.
    pub fn more_alike(&self) -> f64 {
        fisher_f_upper(self.f, self.degrees_of_freedom.0, self.degrees_of_freedom.1)
    }
}

/// The intraclass correlation of `values` (length N) in groups with these labels.
///
/// Groups of one row enter the variance between groups. Errors: unequal lengths, values that are not finite, fewer than two groups, no
/// group with two rows, no variance at all.
///
/// ```
/// use peerlab::study::estimators::intraclass_correlation;
/// let contrasting = intraclass_correlation(&[1.0, -1.0, 0.8, -0.7, 1.2, -1.3], &[1, 1, 2, 2, 3, 3]).unwrap();
/// assert!(contrasting.correlation < -0.9);
/// ```
pub fn intraclass_correlation(values: &[f64], group: &[u32]) -> Result<Intraclass, Failure> {
    of_groups(values, group, (0.0, 0.0), None, largest(values))
}

/// The same within strata (the arms of an experiment): `values` less the mean of their stratum, and the degrees of freedom that
/// these means cost: between groups where every group lies in one stratum, else within.
///
/// Errors: as [`intraclass_correlation`], and as many strata as groups.
pub fn intraclass_correlation_within(values: &[f64], group: &[u32], stratum: &[f64]) -> Result<Intraclass, Failure> {
    for (column, found) in [("the group", group.len()), ("the stratum", stratum.len())] {
        if found != values.len() {
            return Err(Failure::UnequalLengths { column: column.to_owned(), found, expected: values.len() });
        }
    }
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| stratum[*a].total_cmp(&stratum[*b]).then(values[*a].total_cmp(&values[*b])));
    let mut centerd = values.to_vec();
    let mut strata = 0.0;
    for rows in order.chunk_by(|a, b| stratum[*a] == stratum[*b]) {
        let mean = rows.iter().fold(0.0, |sum, row| sum + values[*row]) / rows.len() as f64;
        rows.iter().for_each(|row| centerd[*row] = values[*row] - mean);
        strata += 1.0;
    }
    order.sort_by(|a, b| group[*a].cmp(&group[*b]).then(stratum[*a].total_cmp(&stratum[*b])));
    let nested = order.windows(2).all(|two| group[two[0]] != group[two[1]] || stratum[two[0]] == stratum[two[1]]);
    of_groups(
        if strata > 1.0 { &centerd } else { values },
        group,
        if nested { (strata - 1.0, 0.0) } else { (0.0, strata - 1.0) },
        if nested { Some(spread(group, stratum, &order)) } else { None },
        largest(values),
    )
}

/// Σ over strata of Σ n_g²/N_s, for groups that lie in one stratum each and rows in the `order` of their groups: what E(MSB) needs
/// where every stratum has a mean of its own (Donner & Klar 2000, *Design and Analysis of Cluster Randomization Trials*, ch. 1).
fn spread(group: &[u32], stratum: &[f64], order: &[usize]) -> f64 {
    let mut sizes: Vec<(f64, f64)> =
        order.chunk_by(|a, b| group[*a] == group[*b]).map(|rows| (stratum[rows[0]], rows.len() as f64)).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    sizes.chunk_by(|a, b| a.0 == b.0).fold(0.0, |total, own| {
        let (rows, squares) = own.iter().fold((0.0, 0.0), |(rows, squares), (_, n)| (rows + n, squares + n * n));
        total + squares / rows
    })
}

/// Mean squares between and within groups, with what a correlation is made of.
pub(super) struct MeanSquares {
    /// Between groups; 0 where it is rounding.
    pub between: f64,
    /// Within groups; 0 where it is rounding.
    pub within: f64,
    /// Degrees of freedom between and within.
    pub degrees_of_freedom: (f64, f64),
    /// Number of groups.
    pub groups: usize,
    /// n₀.
    size: f64,
    /// Rows of the largest group.
    most: usize,
}

/// The largest absolute value.
pub(super) fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// The correlation, its test and its bound.
fn of_groups(
    values: &[f64],
    group: &[u32],
    lost: (f64, f64),
    spread: Option<f64>,
    largest: f64,
) -> Result<Intraclass, Failure> {
    let MeanSquares { between, within, degrees_of_freedom, groups, size, most } =
        mean_squares(values, group, lost, spread, largest)?;
    let least = -1.0 / (most as f64 - 1.0);
    let f = between / within;
    let above = fisher_f_upper(f, degrees_of_freedom.0, degrees_of_freedom.1);
    let below = fisher_f_lower(f, degrees_of_freedom.0, degrees_of_freedom.1);
    Ok(Intraclass {
        correlation: ((between - within) / (between + (size - 1.0) * within)).max(least),
        between,
        within,
        f,
        degrees_of_freedom,
        p_value: (2.0 * above.min(below)).min(1.0),
        size,
        least,
        groups,
    })
}

/// Between and within groups, less what was already estimated of each; `largest` of the values before anything was taken out, whose
/// rounding theirs is.
pub(super) fn mean_squares(
    values: &[f64],
    group: &[u32],
    lost: (f64, f64),
    spread: Option<f64>,
    largest: f64,
) -> Result<MeanSquares, Failure> {
    if values.len() != group.len() {
        let column = "the group".to_owned();
        return Err(Failure::UnequalLengths { column, found: group.len(), expected: values.len() });
    }
    if let Some(row) = values.iter().position(|value| !value.is_finite()) {
        return Err(Failure::NotFinite { column: "the outcome".to_owned(), row, value: values[row] });
    }
    let order = by_label(group);
    let mut sorted: Vec<f64> = order.iter().map(|row| values[*row]).collect();
    let mut groups = Vec::with_capacity(values.len());
    let mut rest = sorted.as_mut_slice();
    for rows in order.chunk_by(|a, b| group[*a] == group[*b]) {
        let (own, after) = rest.split_at_mut(rows.len());
        match own {
            // Most are dyads.
            [one, other] if one.total_cmp(other).is_gt() => std::mem::swap(one, other),
            [_, _] => {}
            _ => own.sort_unstable_by(f64::total_cmp),
        }
        groups.push(&*own);
        rest = after;
    }
    // By content, so that labels change no bit.
    let groups = sorted_groups(groups, |value| *value, f64::total_cmp);
    let (n, g) = (values.len() as f64, groups.len() as f64);
    if groups.len() < 2 {
        return Err(Failure::TooFewClusters { clusters: groups.len() });
    }
    if groups.len() == values.len() {
        return Err(Failure::NoSharedGroup { term: "group".to_owned(), rows: values.len() });
    }
    let sum = |values: &[f64]| values.iter().fold(0.0, |sum, value| sum + value);
    let grand = groups.iter().fold(0.0, |total, own| total + sum(own)) / n;
    let (mut between, mut within, mut squares) = (0.0, 0.0, 0.0);
    for own in &groups {
        let (size, mean) = (own.len() as f64, sum(own) / own.len() as f64);
        between += size * (mean - grand) * (mean - grand);
        within += own.iter().fold(0.0, |total, value| total + (value - mean) * (value - mean));
        squares += size * size;
    }
    let degrees_of_freedom = (g - 1.0 - lost.0, n - g - lost.1);
    if degrees_of_freedom.0 < 1.0 || degrees_of_freedom.1 < 1.0 {
        return Err(Failure::TooFewClusters { clusters: groups.len() });
    }
    let (between, within) = (between / degrees_of_freedom.0, within / degrees_of_freedom.1);
    // Values near the largest number have squares beyond it.
    if !(between + within).is_finite() {
        return Err(Failure::OutOfRange { what: "mean square", value: between + within });
    }
    // A mean of some values is off by a few units in the last place of the largest.
    let rounding = (16.0 * f64::EPSILON * largest) * (16.0 * f64::EPSILON * largest);
    if between + within <= rounding {
        return Err(Failure::ZeroVariance { estimate: grand });
    }
    let exact = |square: f64| if square <= rounding { 0.0 } else { square };
    let (between, within) = (exact(between), exact(within));
    let size = match spread {
        Some(spread) => (n - spread) / degrees_of_freedom.0,
        None => (n - squares / n) / (g - 1.0),
    };
    let most = groups.iter().map(|own| own.len()).max().unwrap_or(2);
    Ok(MeanSquares { between, within, degrees_of_freedom, groups: groups.len(), size, most })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Table, close, rounds_to};
    use super::*;

    #[test]
    fn the_satisfaction_of_couples_as_published() {
        let table = Table::read(include_str!("../../../tests/data/acipair.csv"));
        let found = intraclass_correlation(&table.column("Satisfaction_A"), &table.labels("CoupleID")).unwrap();
        rounds_to(found.correlation, 0.618470, 6);
        rounds_to(found.between, 0.399682846, 9);
        close(found.within, 0.0942192192, 1e-9);
        rounds_to(found.f, 4.24205, 5);
        assert_eq!((found.groups, found.size, found.degrees_of_freedom), (148, 2.0, (147.0, 148.0)));
        assert!(found.p_value < 1e-15);
    }

    #[test]
    fn partners_who_contrast_have_a_negative_correlation() {
        let table = Table::read(include_str!("../../../tests/data/goldA.csv"));
        let (y, t, dyad) = (table.column("y"), table.column("t"), table.labels("dyad"));
        // Within arms: the treatment is between dyads.
        let found = intraclass_correlation_within(&y, &dyad, &t).unwrap();
        assert!((found.correlation + 0.874).abs() < 5e-4 && found.p_value < 1e-4, "{found:?}");
        let (lower, upper) = found.interval(0.95);
        assert!(lower < found.correlation && found.correlation < upper && upper < 0.0);
        // The interval is what the two-sided test does not reject.
        let (_, edge) = found.interval(1.0 - found.p_value);
        assert!(edge.abs() < 1e-9, "{edge}");
    }

    /// Arms of unequal groups: by hand n₀ = (18 − [(16 + 1 + 9)/8 + (25 + 4 + 9)/10])/(6 − 2), the same correlation that corrects
    /// Hedges' g. One n₀ for all arms would say (18 − 64/18)/5 = 2.89.
    #[test]
    fn unequal_groups_within_arms() {
        let sizes = [(4, 1.0), (1, 1.0), (3, 1.0), (5, 0.0), (2, 0.0), (3, 0.0)];
        let (mut y, mut group, mut arm) = (Vec::new(), Vec::new(), Vec::new());
        for (label, (size, treated)) in sizes.into_iter().enumerate() {
            for row in 0..size {
                y.push(f64::from((7 * row + 5 * label as u32) % 11) + 2.0 * treated + label as f64);
                group.push(label as u32);
                arm.push(treated);
            }
        }
        let found = intraclass_correlation_within(&y, &group, &arm).unwrap();
        close(found.size, (18.0 - 26.0 / 8.0 - 38.0 / 10.0) / 4.0, 1e-15);
        let g = super::super::hedges_g(&y, &arm, &group).unwrap();
        close(found.correlation, g.intraclass, 1e-10);
    }

    #[test]
    fn unequal_groups_labels_and_errors() {
        let values = [1.0, 2.0, 1.5, 4.0, 4.4, 0.3, 9.0];
        let found = intraclass_correlation(&values, &[1, 1, 1, 2, 2, 3, 4]).unwrap();
        // By hand: n0 = (7 - 15/7)/3.
        close(found.size, (7.0 - 15.0 / 7.0) / 3.0, 1e-15);
        let relabeled = intraclass_correlation(&values, &[9, 9, 9, 2, 2, 7, 0]).unwrap();
        assert_eq!(found, relabeled);
        let code = |values: &[f64], group: &[u32]| intraclass_correlation(values, group).unwrap_err().code();
        assert_eq!(code(&[1.0], &[1, 2]), "unequal_lengths");
        assert_eq!(code(&[1.0, f64::NAN], &[1, 1]), "not_finite");
        assert_eq!(code(&[1.0, 2.0], &[1, 1]), "too_few_clusters");
        assert_eq!(code(&[1.0, 2.0], &[1, 2]), "no_shared_group");
        assert_eq!(code(&[1.0, 1.0, 1.0, 1.0], &[1, 1, 2, 2]), "zero_variance");
        assert_eq!(code(&[1.0, 1.0, 1.0, 1e266], &[1, 1, 2, 2]), "out_of_range");
    }

    /// Eight dyads that contrast and twelve persons without a partner: n₀ is 1.3, and the ratio by it −2.4.
    #[test]
    fn no_correlation_lies_below_what_the_largest_group_allows() {
        let mut values: Vec<f64> =
            (0..16).map(|row| if row % 2 == 0 { 1.0 } else { -1.0 } * (1.0 + 0.01 * f64::from(row))).collect();
        let mut group: Vec<u32> = (0..16).map(|row| row / 2).collect();
        values.extend((0..12).map(|row| 0.05 * f64::from(row) - 0.3));
        group.extend(100..112);
        let found = intraclass_correlation(&values, &group).unwrap();
        assert_eq!((found.least, found.correlation), (-1.0, -1.0));
        let unbounded = (found.between - found.within) / (found.between + (found.size - 1.0) * found.within);
        assert!(unbounded < -1.5, "{unbounded}");
        let (lower, upper) = found.interval(0.95);
        assert!(lower == -1.0 && upper >= lower && upper < 0.0, "{lower} {upper}");
    }
}
