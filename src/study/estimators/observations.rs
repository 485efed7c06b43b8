//! What a researcher holds in hand for one question: an outcome, the column that is the question (an assignment, a
//! product of factors, a predictor), what has to stand beside it, covariates, and who belongs together.

use std::cmp::Ordering;

use super::failure::Failure;

/// The data of one question; rows are persons, means of persons, or persons at several waves. All columns have the same
/// length N; those after `cluster` may be empty, and then an estimator that needs them says so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observations {
    /// The outcome, on the instrument's scale.
    pub outcome: Vec<f64>,
    /// The column whose coefficient is the question. Of a contrast: 1 treated, 0 control.
    pub treated: Vec<f64>,
    /// Named columns without which the question's column would mean something else (the main effects beside an
    /// interaction, the other factors of a design); none for a contrast of two arms. They enter whatever the estimator.
    pub beside: Vec<(String, Vec<f64>)>,
    /// Named covariates, measured before treatment (for instance the outcome's baseline).
    pub covariates: Vec<(String, Vec<f64>)>,
    /// The cluster (dyad, team, organization) of each row; labels carry no order and no meaning.
    pub cluster: Vec<u32>,
    /// The pair or circle of each row.
    pub dyad: Vec<u32>,
    /// The organization of each row.
    pub organization: Vec<u32>,
    /// The person of each row, where persons have several.
    pub person: Vec<u32>,
    /// The week of each row, where persons have several.
    pub week: Vec<f64>,
    /// How the treatment was drawn, where it was.
    pub lot: Option<Lot>,
}

/// The draw of an experiment: what was assigned as one, and within which blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lot {
    /// The unit of each row, an index of `treated` and `block`.
    pub unit: Vec<u32>,
    /// Whether each unit is treated, units without a row included.
    pub treated: Vec<bool>,
    /// The block of each unit: numbers of treated are fixed within it. Labels carry no order and no meaning.
    pub block: Vec<u32>,
    /// Each unit by its own draw with this chance; none: fixed numbers by lot.
    pub chance: Option<f64>,
    /// Where there are no more assignments than this, all of them are looked at in place of draws; 0: never. A run draws: that of
    /// many experiments is fair as it is, and one analysis of data that are there once is better exact.
    pub exhaust: usize,
}

impl Observations {
    /// Equal lengths and finite values, of the covariates only when `with_covariates`; `binary`: of a contrast, a treatment
    /// of zeros and ones.
    pub(super) fn check(&self, with_covariates: bool, binary: bool) -> Result<(), Failure> {
        let rows = self.outcome.len();
        let length = |column: &str, found: usize| {
            if found == rows {
                Ok(())
            } else {
                Err(Failure::UnequalLengths { column: column.to_owned(), found, expected: rows })
            }
        };
        length("the treatment", self.treated.len())?;
        length("the cluster", self.cluster.len())?;
        let beside = [("the dyad", &self.dyad), ("the organization", &self.organization), ("the person", &self.person)];
        for (name, labels) in beside.into_iter().filter(|(_, labels)| !labels.is_empty()) {
            length(name, labels.len())?;
        }
        if !self.week.is_empty() {
            length("the week", self.week.len())?;
            finite("the week", &self.week)?;
        }
        finite("the outcome", &self.outcome)?;
        finite("the treatment", &self.treated)?;
        for (name, values) in self.beside.iter().chain(self.covariates.iter().filter(|_| with_covariates)) {
            length(name, values.len())?;
            finite(name, values)?;
        }
        if binary && let Some(row) = self.treated.iter().position(|&t| t != 0.0 && t != 1.0) {
            return Err(Failure::TreatmentNotBinary { row, value: self.treated[row] });
        }
        Ok(())
    }

    /// The rows in an order that depends on what they hold, and neither on how they came nor on the clusters' labels:
    /// rows sorted within their cluster, then clusters sorted by their rows. Sums taken in this order are the same bits
    /// for every permutation of the rows and every relabeling of the clusters.
    pub(super) fn canonical_order(&self, with_covariates: bool) -> Vec<usize> {
        self.canonical(with_covariates, &self.cluster, (0..self.outcome.len()).collect())
    }

    /// These rows, sorted within their group of this label, then groups sorted by their rows.
    pub(super) fn canonical(&self, with_covariates: bool, label: &[u32], mut order: Vec<usize>) -> Vec<usize> {
        let by_content = self.by_content(with_covariates);
        sort_by_label(&mut order, label);
        for group in order.chunk_by_mut(|&a, &b| label[a] == label[b]) {
            match group {
                // Most are dyads.
                [one, other] if by_content(*one, *other).is_gt() => group.swap(0, 1),
                [_, _] => {}
                group => group.sort_unstable_by(|a, b| by_content(*a, *b)),
            }
        }
        let mut groups = Vec::with_capacity(order.len());
        groups.extend(order.chunk_by(|&a, &b| label[a] == label[b]));
        sorted_groups(groups, |row| self.outcome[*row], |a, b| by_content(*a, *b)).concat()
    }

    /// Compares what two rows hold.
    pub(super) fn by_content(&self, with_covariates: bool) -> impl Fn(usize, usize) -> Ordering + '_ {
        let others: Vec<&Vec<f64>> = self
            .beside
            .iter()
            .chain(self.covariates.iter().filter(|_| with_covariates))
            .map(|(_, values)| values)
            .collect();
        move |a, b| {
            self.outcome[a]
                .total_cmp(&self.outcome[b])
                .then_with(|| self.treated[a].total_cmp(&self.treated[b]))
                .then_with(|| {
                    let mut values = others.iter().map(|v| v[a].total_cmp(&v[b]));
                    values.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
                })
        }
    }
}

/// All rows, those with one label after another.
pub(super) fn by_label(label: &[u32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..label.len()).collect();
    sort_by_label(&mut order, label);
    order
}

fn sort_by_label(order: &mut [usize], label: &[u32]) {
    // Most data come cluster by cluster.
    if !order.is_sorted_by_key(|row| label[*row]) {
        order.sort_unstable_by_key(|row| label[*row]);
    }
}

/// Groups sorted by their size, those of one size by the value of their first, and only where these tie by their content.
pub(super) fn sorted_groups<T>(
    groups: Vec<&[T]>,
    value: impl Fn(&T) -> f64,
    by_content: impl Fn(&T, &T) -> Ordering,
) -> Vec<&[T]> {
    // Plain numbers are sorted without branches: 32 bits for the size, 64 for the value, 32 for the place.
    let mut keys: Vec<u128> = Vec::with_capacity(groups.len());
    keys.extend(groups.iter().zip(0_u32..).map(|(rows, place)| {
        let first = rank(value(&rows[0])) as u64 ^ (1 << 63);
        u128::from(rows.len() as u32) << 96 | u128::from(first) << 32 | u128::from(place)
    }));
    let group = |key: &u128| groups[(*key as u32) as usize];
    keys.sort_unstable();
    for tied in keys.chunk_by_mut(|a, b| *a >> 32 == *b >> 32).filter(|tied| tied.len() > 1) {
        tied.sort_unstable_by(|a, b| {
            let mut rows = group(a).iter().zip(group(b)).map(|(a, b)| by_content(a, b));
            rows.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        });
    }
    keys.iter().map(group).collect()
}

/// A number that sorts as `f64::total_cmp` does.
pub(super) fn rank(value: f64) -> i64 {
    let bits = value.to_bits() as i64;
    bits ^ (((bits >> 63) as u64) >> 1) as i64
}

/// The number of this [`rank`].
pub(super) fn of_rank(rank: i64) -> f64 {
    f64::from_bits((rank ^ (((rank >> 63) as u64) >> 1) as i64) as u64)
}

fn finite(column: &str, values: &[f64]) -> Result<(), Failure> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(Failure::NotFinite { column: column.to_owned(), row, value: values[row] }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rows_and_the_names_of_clusters_do_not_matter() {
        let data = Observations {
            outcome: vec![3.0, 1.0, 2.0, 1.0],
            treated: vec![1.0, 0.0, 1.0, 0.0],
            beside: vec![],
            covariates: vec![],
            cluster: vec![7, 9, 7, 9],
            ..Default::default()
        };
        assert_eq!(data.canonical_order(false)[2..], [2, 0]);
        let turned = Observations { cluster: vec![9, 7, 9, 7], ..data.clone() };
        assert_eq!(turned.canonical_order(false)[2..], [2, 0]);
    }

    #[test]
    fn ranks_sort_as_numbers_do() {
        let values = [f64::NEG_INFINITY, -1e300, -2.5, -1e-300, -0.0, 0.0, 1e-300, 2.0, 2.5, f64::INFINITY];
        for (a, b) in values.iter().flat_map(|a| values.map(|b| (*a, b))) {
            assert_eq!(rank(a).cmp(&rank(b)), a.total_cmp(&b), "{a} {b}");
            assert_eq!(of_rank(rank(a)).to_bits(), a.to_bits(), "{a}");
        }
    }

    #[test]
    fn a_wrong_value_is_named_with_its_row() {
        let data = Observations {
            outcome: vec![1.0, f64::NAN],
            treated: vec![0.0, 1.0],
            beside: vec![],
            covariates: vec![],
            cluster: vec![0, 1],
            ..Default::default()
        };
        let failure = data.check(true, true).unwrap_err();
        assert_eq!(failure.code(), "not_finite");
        assert_eq!(failure.to_string(), "the outcome is NaN in row 1 (counted from 0): every value must be finite");
        let data = Observations { outcome: vec![1.0, 2.0], treated: vec![0.0, 0.5], ..data };
        assert_eq!(data.check(true, true).unwrap_err().code(), "treatment_not_binary");
        let data = Observations { covariates: vec![("age".into(), vec![])], treated: vec![0.0, 1.0], ..data };
        assert_eq!(data.check(true, true).unwrap_err().to_string(), "age has 0 rows where the outcome has 2");
        assert!(data.check(false, true).is_ok());
    }
}
