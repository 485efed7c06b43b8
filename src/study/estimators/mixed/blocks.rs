//! The data of a mixed model cut into blocks of rows that share any group: V is block diagonal.

use std::cmp::Ordering;

use nalgebra::{DMatrix, DVector};

use super::fold::{MOST, nested};
use super::{MixedModel, Sign, Term};
use crate::study::estimators::failure::Failure;

/// Rows that are dependent.
pub(super) struct Block {
    /// X, n × p.
    pub x: DMatrix<f64>,
    /// y, n.
    pub y: DVector<f64>,
}

/// Blocks whose rows belong together in the same way (all complete dyads, say): V is the same of each, and is inverted once.
pub(super) struct Pattern {
    /// V_r, n × n, per covariance parameter; the last is the identity (the residual).
    pub derivatives: Vec<DMatrix<f64>>,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// Its rows, of a single block that is too large for V in full: it is folded before V is asked for.
    pub large: Option<Vec<usize>>,
}

/// Zero and unit in which a slope's variable is counted while the model is fitted: calendar years as they are would make intercept and
/// slope of a person all but one thing.
#[derive(Clone, Copy)]
pub(super) struct Units {
    pub center: f64,
    pub spread: f64,
}

impl Units {
    /// Mean and SD of `values`, in their order.
    fn of(values: &[f64]) -> Units {
        let n = values.len() as f64;
        let center = values.iter().fold(0.0, |sum, z| sum + z) / n;
        let spread = (values.iter().fold(0.0, |sum, z| sum + (z - center) * (z - center)) / n).sqrt();
        Units { center, spread: if spread > 0.0 { spread } else { 1.0 } }
    }

    /// Intercept's variance, covariance and slope's variance in the data's own units. What rounding leaves of an intercept's variance of 0
    /// is 0.
    pub(super) fn back(self, own: &[f64], sign: Sign) -> Vec<f64> {
        let (covariance, slope) = (own[1] / self.spread, own[2] / (self.spread * self.spread));
        let parts = [own[0], -2.0 * self.center * covariance, self.center * self.center * slope];
        let size = parts.iter().fold(0.0, |sum, part| sum + part.abs());
        let intercept = parts[0] + parts[1] + parts[2];
        if sign == Sign::NonNegative && intercept <= 1e-12 * size {
            return vec![0.0, 0.0, slope];
        }
        vec![intercept, covariance - self.center * slope, slope]
    }
}

/// Checks the model and cuts it into blocks, in an order that depends on what the rows hold and on nothing else. Per term the units of its
/// slope. Blocks of more than `whole` rows are left without V where they can be folded.
pub(super) fn cut(model: &MixedModel, whole: usize) -> Result<(Vec<Pattern>, Vec<Option<Units>>), Failure> {
    check(model)?;
    // The coarsest grouping first: partitions are ordered within partitions.
    let mut terms: Vec<&Term> = model.terms.iter().collect();
    terms.sort_by_key(|term| groups(term));
    let order = ordered(model, &terms, (0..model.outcome.len()).collect());
    let ordered = |values: &Vec<f64>| Units::of(&order.iter().map(|row| values[*row]).collect::<Vec<f64>>());
    let units: Vec<Option<Units>> = model.terms.iter().map(|term| term.slope.as_ref().map(ordered)).collect();
    let mut patterns: Vec<Pattern> = Vec::new();
    for rows in components(&terms, &order) {
        if rows.len() > whole && nested(&terms, &rows) {
            patterns.push(Pattern { derivatives: Vec::new(), blocks: vec![block(model, &rows)], large: Some(rows) });
            continue;
        }
        if rows.len() > MOST {
            let term = terms[0].name.clone();
            return Err(Failure::TooLarge { term, rows: rows.len(), size: rows.len(), most: MOST });
        }
        let derivatives = derivatives(model, &units, &rows);
        let at = patterns.iter().position(|pattern| pattern.derivatives == derivatives).unwrap_or(patterns.len());
        if at == patterns.len() {
            patterns.push(Pattern { derivatives, blocks: Vec::new(), large: None });
        }
        patterns[at].blocks.push(block(model, &rows));
    }
    Ok((patterns, units))
}

/// Number of different groups.
pub(super) fn groups(term: &Term) -> usize {
    let mut labels = term.group.clone();
    labels.sort_unstable();
    labels.dedup();
    labels.len()
}

fn check(model: &MixedModel) -> Result<(), Failure> {
    let rows = model.outcome.len();
    let column = |name: &str, values: &[f64]| {
        if values.len() != rows {
            return Err(Failure::UnequalLengths { column: name.to_owned(), found: values.len(), expected: rows });
        }
        match values.iter().position(|value| !value.is_finite()) {
            Some(row) => Err(Failure::NotFinite { column: name.to_owned(), row, value: values[row] }),
            None => Ok(()),
        }
    };
    column("the outcome", &model.outcome)?;
    for (name, values) in &model.fixed {
        column(name, values)?;
    }
    for term in &model.terms {
        if term.group.len() != rows {
            let column = format!("the {}", term.name);
            return Err(Failure::UnequalLengths { column, found: term.group.len(), expected: rows });
        }
        if let Some(values) = &term.slope {
            column(&format!("the slope of the {}", term.name), values)?;
        }
        let found = groups(term);
        if found < 2 {
            return Err(Failure::TooFewClusters { clusters: found });
        }
        if found == rows {
            return Err(Failure::NoSharedGroup { term: term.name.clone(), rows });
        }
    }
    let parameters = 1 + model.terms.iter().map(Term::parameters).sum::<usize>();
    let coefficients = model.fixed.len();
    if coefficients == 0 || rows < coefficients + parameters {
        return Err(Failure::TooFewRows { rows, coefficients: coefficients + parameters });
    }
    Ok(())
}

/// Rows partitioned by the first grouping, each part ordered by the rest, parts ordered by what they hold.
fn ordered(model: &MixedModel, terms: &[&Term], mut rows: Vec<usize>) -> Vec<usize> {
    let Some((first, rest)) = terms.split_first() else {
        rows.sort_by(|a, b| compare(model, *a, *b));
        return rows;
    };
    rows.sort_by_key(|row| first.group[*row]);
    let mut parts: Vec<Vec<usize>> = rows
        .chunk_by(|a, b| first.group[*a] == first.group[*b])
        .map(|part| ordered(model, rest, part.to_vec()))
        .collect();
    parts.sort_by(|left, right| {
        let pairs = left.iter().zip(right).map(|(a, b)| compare(model, *a, *b));
        left.len().cmp(&right.len()).then_with(|| pairs.fold(Ordering::Equal, Ordering::then))
    });
    parts.concat()
}

/// By what two rows hold.
fn compare(model: &MixedModel, a: usize, b: usize) -> Ordering {
    let fixed = model.fixed.iter().map(|(_, values)| values);
    let slopes = model.terms.iter().filter_map(|term| term.slope.as_ref());
    std::iter::once(&model.outcome)
        .chain(fixed)
        .chain(slopes)
        .map(|values| values[a].total_cmp(&values[b]))
        .fold(Ordering::Equal, Ordering::then)
}

/// Sets of rows that no group joins, in the order of their first rows.
fn components(terms: &[&Term], order: &[usize]) -> Vec<Vec<usize>> {
    let mut of: Vec<usize> = (0..order.len()).collect();
    fn root(of: &mut [usize], mut row: usize) -> usize {
        while of[row] != row {
            of[row] = of[of[row]];
            row = of[row];
        }
        row
    }
    for term in terms {
        let mut places: Vec<usize> = (0..order.len()).collect();
        places.sort_by_key(|place| term.group[order[*place]]);
        for pair in places.windows(2) {
            if term.group[order[pair[0]]] == term.group[order[pair[1]]] {
                let (a, b) = (root(&mut of, pair[0]), root(&mut of, pair[1]));
                of[a.max(b)] = a.min(b);
            }
        }
    }
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    let mut block_of_root = vec![usize::MAX; order.len()];
    for (place, row) in order.iter().enumerate() {
        let root = root(&mut of, place);
        if block_of_root[root] == usize::MAX {
            block_of_root[root] = blocks.len();
            blocks.push(Vec::new());
        }
        blocks[block_of_root[root]].push(*row);
    }
    blocks
}

fn block(model: &MixedModel, rows: &[usize]) -> Block {
    Block {
        x: DMatrix::from_fn(rows.len(), model.fixed.len(), |i, j| model.fixed[j].1[rows[i]]),
        y: DVector::from_fn(rows.len(), |i, _| model.outcome[rows[i]]),
    }
}

fn derivatives(model: &MixedModel, units: &[Option<Units>], rows: &[usize]) -> Vec<DMatrix<f64>> {
    let n = rows.len();
    let mut derivatives = Vec::new();
    for (term, units) in model.terms.iter().zip(units) {
        let shared = |i: usize, j: usize| if term.group[rows[i]] == term.group[rows[j]] { 1.0 } else { 0.0 };
        derivatives.push(DMatrix::from_fn(n, n, shared));
        if let (Some(slope), Some(units)) = (&term.slope, units) {
            let z = |i: usize| (slope[rows[i]] - units.center) / units.spread;
            derivatives.push(DMatrix::from_fn(n, n, |i, j| shared(i, j) * (z(i) + z(j))));
            derivatives.push(DMatrix::from_fn(n, n, |i, j| shared(i, j) * (z(i) * z(j))));
        }
    }
    derivatives.push(DMatrix::identity(n, n));
    derivatives
}
