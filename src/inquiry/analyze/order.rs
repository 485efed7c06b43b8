//! Rows in an order that depends on what they hold: sums taken in it are the same bits however the rows came.

use std::cmp::Ordering;

/// By the first number that differs.
pub(super) fn lexicographic(a: &[f64], b: &[f64]) -> Ordering {
    a.iter().zip(b).map(|(x, y)| x.total_cmp(y)).fold(Ordering::Equal, Ordering::then)
}

/// Rows sorted within their clusters and clusters by their rows; and the clusters numbered in that order.
pub(super) fn canonical(columns: &[&[f64]], cluster: &[u32]) -> (Vec<usize>, Vec<u32>) {
    let compare = |a: usize, b: usize| {
        columns.iter().map(|column| column[a].total_cmp(&column[b])).fold(Ordering::Equal, Ordering::then)
    };
    let mut order: Vec<usize> = (0..cluster.len()).collect();
    order.sort_by(|a, b| cluster[*a].cmp(&cluster[*b]).then_with(|| compare(*a, *b)));
    let mut clusters: Vec<&[usize]> = order.chunk_by(|a, b| cluster[*a] == cluster[*b]).collect();
    clusters.sort_by(|left, right| {
        let pairs = left.iter().zip(*right).map(|(a, b)| compare(*a, *b));
        left.len().cmp(&right.len()).then_with(|| pairs.fold(Ordering::Equal, Ordering::then))
    });
    let labels = (0..).zip(&clusters).flat_map(|(label, rows)| std::iter::repeat_n(label, rows.len())).collect();
    (clusters.concat(), labels)
}

/// A column's rows in this order.
pub(super) fn sorted(values: &[f64], order: &[usize]) -> Vec<f64> {
    order.iter().map(|row| values[*row]).collect()
}
