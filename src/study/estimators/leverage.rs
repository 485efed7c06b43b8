//! The adjustment of CR2 and CR3: residuals of a cluster with much leverage are too small, and are blown up in proportion.
//!
//! With X = QR, the hat matrix is H = QQ', and a cluster's block H_gg = Q_g Q_g'. CR2 multiplies the cluster's rows by
//! A_g = (I - H_gg)^(-1/2), the symmetric root, CR3 by (I - H_gg)^(-1). Eigenvalues of I - H_gg at zero (a cluster that alone determines a
//! coefficient, for instance its own fixed effect) have no inverse; the Moore-Penrose root gives them zero.
//!
//! H_gg and the p × p matrix Q_g'Q_g share their nonzero eigenvalues, so the smaller one is decomposed.
//!
//! Sources: Bell & McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky & Tipton (2018), Journal of Business &
//! Economic Statistics 36, 672-683, for the generalized inverse.

use nalgebra::{DMatrix, SymmetricEigen};

use super::least_squares::{LeastSquares, add_scaled, dot};

/// Eigenvalues of I - H_gg below this are zero.
const ZERO: f64 = 1e-12;

/// The power of I - H_gg that multiplies a cluster's residuals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Power {
    /// None: CR0 and CR1.
    Zero,
    /// The inverse root: CR2.
    InverseRoot,
    /// The inverse: CR3.
    Inverse,
}

/// Writes A_g Q_g of the cluster with these `members` (rows of the regression) to `rows`, n_g × p zeros, row after row. Gives Q_g'v for
/// each unit vector v of the cluster's rows that I - H_gg sends to zero: usually none.
pub(super) fn adjust(fit: &LeastSquares, members: &[usize], power: Power, rows: &mut [f64]) -> Vec<Vec<f64>> {
    match (members, fit.columns()) {
        // Most clusters are dyads, and most regressions have few columns.
        ([one, other], 2) => adjust_pair::<2>(fit.q(*one), fit.q(*other), power, rows),
        ([one, other], 3) => adjust_pair::<3>(fit.q(*one), fit.q(*other), power, rows),
        ([one, other], 4) => adjust_pair::<4>(fit.q(*one), fit.q(*other), power, rows),
        (members, p) if members.len() <= p => adjust_by_rows(fit, members, power, rows),
        _ => adjust_by_columns(fit, members, power, rows),
    }
}

/// As [`adjust_by_rows`], to the bit, of two rows of known length.
fn adjust_pair<const P: usize>(one: &[f64], other: &[f64], power: Power, rows: &mut [f64]) -> Vec<Vec<f64>> {
    let (Ok(one), Ok(other)) = (<&[f64; P]>::try_from(one), <&[f64; P]>::try_from(other)) else { return Vec::new() };
    let mut lost = Vec::new();
    for (eigenvalue, vector) in eigen_of_two(dot(one, one), dot(one, other), dot(other, other)) {
        let component: [f64; P] = std::array::from_fn(|k| 0.0 + vector[0] * one[k] + vector[1] * other[k]);
        match factor(eigenvalue, power) {
            Some(factor) => {
                for (row, v) in rows.chunks_exact_mut(P).zip(vector) {
                    add_scaled(row, factor * v, &component);
                }
            }
            None => lost.push(component.to_vec()),
        }
    }
    lost
}

/// By H_gg (n_g × n_g): A_g = U diag(f) U'.
fn adjust_by_rows(fit: &LeastSquares, members: &[usize], power: Power, rows: &mut [f64]) -> Vec<Vec<f64>> {
    let (n, p) = (members.len(), fit.columns());
    let mut lost = Vec::new();
    // Without a heap for the few columns that most regressions have.
    let (mut few, mut many) = ([0.0; 8], Vec::new());
    let component: &mut [f64] = if p <= few.len() {
        &mut few[..p]
    } else {
        many.resize(p, 0.0);
        &mut many
    };
    let mut add = |vector: &[f64], eigenvalue: f64| {
        component.fill(0.0);
        for (&i, &v) in members.iter().zip(vector) {
            add_scaled(component, v, fit.q(i));
        }
        match factor(eigenvalue, power) {
            Some(factor) => {
                for (row, &v) in rows.chunks_exact_mut(p).zip(vector) {
                    add_scaled(row, factor * v, component);
                }
            }
            None => lost.push(component.to_vec()),
        }
    };
    let h = |i: usize, j: usize| dot(fit.q(members[i]), fit.q(members[j]));
    match n {
        1 => add(&[1.0], h(0, 0)),
        2 => {
            for (eigenvalue, vector) in eigen_of_two(h(0, 0), h(0, 1), h(1, 1)) {
                add(&vector, eigenvalue);
            }
        }
        _ => {
            let eigen = SymmetricEigen::new(DMatrix::from_fn(n, n, |i, j| h(i.min(j), i.max(j))));
            for (k, &eigenvalue) in eigen.eigenvalues.iter().enumerate() {
                add(eigen.eigenvectors.column(k).as_slice(), eigenvalue);
            }
        }
    }
    lost
}

/// By Q_g'Q_g = V Λ V' (p × p): A_g Q_g = Q_g V diag(f) V'.
fn adjust_by_columns(fit: &LeastSquares, members: &[usize], power: Power, rows: &mut [f64]) -> Vec<Vec<f64>> {
    let p = fit.columns();
    let mut inner = DMatrix::zeros(p, p);
    for &i in members {
        let row = fit.q(i);
        for a in 0..p {
            for b in 0..p {
                inner[(a, b)] += row[a] * row[b];
            }
        }
    }
    let eigen = SymmetricEigen::new(inner);
    let mut lost = Vec::new();
    for (k, &eigenvalue) in eigen.eigenvalues.iter().enumerate() {
        let column = eigen.eigenvectors.column(k);
        let vector = column.as_slice();
        match factor(eigenvalue, power) {
            Some(factor) => {
                for (row, &i) in rows.chunks_exact_mut(p).zip(members) {
                    add_scaled(row, factor * dot(fit.q(i), vector), vector);
                }
            }
            None => lost.push(vector.iter().map(|v| v * eigenvalue.sqrt()).collect()),
        }
    }
    lost
}

/// The power of 1 - h for an eigenvalue h of H_gg, or nothing where h is 1.
fn factor(h: f64, power: Power) -> Option<f64> {
    let rest = 1.0 - h;
    (rest > ZERO).then(|| match power {
        Power::Zero => 1.0,
        Power::InverseRoot => 1.0 / rest.sqrt(),
        Power::Inverse => 1.0 / rest,
    })
}

/// Eigenvalues and vectors of the symmetric matrix ((a, b), (b, c)), by Jacobi's rotation.
fn eigen_of_two(a: f64, b: f64, c: f64) -> [(f64, [f64; 2]); 2] {
    if b == 0.0 {
        return [(a, [1.0, 0.0]), (c, [0.0, 1.0])];
    }
    let theta = (c - a) / (2.0 * b);
    let size = 1.0 / (theta.abs() + (theta * theta + 1.0).sqrt());
    let tangent = if theta < 0.0 { -size } else { size };
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    [(a - tangent * b, [cosine, -sine]), (c + tangent * b, [sine, cosine])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rotation_diagonalizes() {
        for (a, b, c) in [(2.0, 1.0, 2.0), (0.3, -0.2, 0.9), (1.0, 1e-9, 1.0), (0.5, 0.0, 0.1)] {
            for (eigenvalue, [x, y]) in eigen_of_two(a, b, c) {
                assert!((a * x + b * y - eigenvalue * x).abs() < 1e-15);
                assert!((b * x + c * y - eigenvalue * y).abs() < 1e-15);
                assert!((x * x + y * y - 1.0).abs() < 1e-15);
            }
        }
    }

    #[test]
    fn both_ways_give_the_same_rows() {
        let n = 9;
        let columns = [
            vec![1.0; n],
            (0..n).map(|i| i as f64).collect::<Vec<_>>(),
            (0..n).map(|i| ((i * i) % 5) as f64).collect(),
        ];
        let y: Vec<f64> = (0..n).map(|i| ((i * 7) % 4) as f64).collect();
        let fit = LeastSquares::fit(&columns, &y).unwrap();
        let all = [vec![3], vec![0, 8], vec![1, 4, 6], vec![0, 2, 5, 7, 8]];
        for (members, power) in all.iter().flat_map(|m| [Power::InverseRoot, Power::Inverse].map(|power| (m, power))) {
            let mut rows = [(); 2].map(|()| vec![0.0; members.len() * columns.len()]);
            let [by_rows, by_columns] = &mut rows;
            assert!(adjust_by_rows(&fit, members, power, by_rows).is_empty());
            assert!(adjust_by_columns(&fit, members, power, by_columns).is_empty());
            for (a, b) in by_rows.iter().zip(by_columns) {
                assert!((*a - *b).abs() < 1e-13, "{a} {b}");
            }
            if let [one, other] = members[..] {
                let mut rows = vec![0.0; 2 * columns.len()];
                assert!(adjust_pair::<3>(fit.q(one), fit.q(other), power, &mut rows).is_empty());
                assert_eq!(rows, *by_rows);
            }
        }
    }
}
