//! Ordinary least squares by Householder's QR, kept in the form that cluster-robust variances need.

use nalgebra::DMatrix;

use super::failure::Failure;

/// A column whose part outside the columns before it is shorter than this share of its length counts as a combination
/// of them.
const COLLINEAR: f64 = 1e-9;

/// The regression y = X β + e with X of N rows and p columns, X = Q R.
///
/// `fit` adds no intercept: pass a column of ones. Sums are taken in the order of the rows; a caller who wants the same
/// bits for every order of rows sorts them first, as [`super::Estimator::estimate`] does.
///
/// Source: Golub & Van Loan (2013), *Matrix Computations*, 4th ed., section 5.3.
///
/// ```
/// use peerlab::study::estimators::LeastSquares;
/// let ones = vec![1.0; 4];
/// let x = vec![0.0, 1.0, 2.0, 3.0];
/// let fit = LeastSquares::fit(&[ones, x], &[1.0, 3.0, 5.0, 7.5]).unwrap();
/// assert!((fit.coefficients()[1] - 2.15).abs() < 1e-12);
/// assert_eq!(fit.residual_degrees_of_freedom(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct LeastSquares {
    rows: usize,
    columns: usize,
    /// Q, row after row (N × p).
    q: Vec<f64>,
    /// R⁻¹, row after row (p × p, upper triangular).
    r_inverse: Vec<f64>,
    coefficients: Vec<f64>,
    residuals: Vec<f64>,
    /// Σ y², by which rounding is told from variance.
    total: f64,
}

/// A system that was solved, of which a fit is made.
struct Solved {
    /// N × p.
    q: DMatrix<f64>,
    r_inverse: Vec<f64>,
    coefficients: Vec<f64>,
    total: f64,
}

impl LeastSquares {
    /// Fits `y` (length N) on `columns` (p of length N each).
    ///
    /// Errors: unequal lengths, values that are not finite or whose squares overflow, N < p, a column that is a combination of those before it.
    pub fn fit<C: AsRef<[f64]>>(columns: &[C], y: &[f64]) -> Result<LeastSquares, Failure> {
        LeastSquares::fit_named(columns, y, |j| format!("column {j} of the design (counted from 0)"))
    }

    /// [`fit`](LeastSquares::fit) with names for the messages.
    pub(super) fn fit_named<C: AsRef<[f64]>>(
        columns: &[C],
        y: &[f64],
        name: impl Fn(usize) -> String,
    ) -> Result<LeastSquares, Failure> {
        let (n, p) = (y.len(), columns.len());
        let Solved { q: by_column, r_inverse, coefficients, total } = LeastSquares::solve(columns, y, name)?;
        let mut q = vec![0.0; n * p];
        for (j, column) in by_column.as_slice().chunks_exact(n).enumerate() {
            for (row, value) in q.chunks_exact_mut(p).zip(column) {
                row[j] = *value;
            }
        }
        let mut residuals = vec![0.0; n];
        columns.iter().zip(&coefficients).for_each(|(column, b)| add_scaled(&mut residuals, *b, column.as_ref()));
        residuals.iter_mut().zip(y).for_each(|(fitted, y)| *fitted = y - *fitted);
        Ok(LeastSquares { rows: n, columns: p, q, r_inverse, coefficients, residuals, total })
    }

    /// The coefficients of [`fit`](LeastSquares::fit), to the bit, where nothing else is wanted.
    pub(super) fn coefficients_of<C: AsRef<[f64]>>(columns: &[C], y: &[f64]) -> Result<Vec<f64>, Failure> {
        let name = |j| format!("column {j} of the design (counted from 0)");
        LeastSquares::solve(columns, y, name).map(|solved| solved.coefficients)
    }

    fn solve<C: AsRef<[f64]>>(columns: &[C], y: &[f64], name: impl Fn(usize) -> String) -> Result<Solved, Failure> {
        let (n, p) = (y.len(), columns.len());
        if n < p || p == 0 {
            return Err(Failure::TooFewRows { rows: n, coefficients: p });
        }
        let not_finite = |values: &[f64]| values.iter().position(|v| !v.is_finite());
        if let Some(row) = not_finite(y) {
            return Err(Failure::NotFinite { column: "the outcome".to_owned(), row, value: y[row] });
        }
        for (j, column) in columns.iter().enumerate() {
            let column = column.as_ref();
            if column.len() != n {
                return Err(Failure::UnequalLengths { column: name(j), found: column.len(), expected: n });
            }
            if let Some(row) = not_finite(column) {
                return Err(Failure::NotFinite { column: name(j), row, value: column[row] });
            }
        }

        let total = dot(y, y);
        if total.is_infinite() {
            return Err(Failure::OutOfRange { what: "sum of squares of the outcome", value: total });
        }

        let mut design = Vec::with_capacity(n * p);
        columns.iter().for_each(|column| design.extend_from_slice(column.as_ref()));
        let qr = DMatrix::from_vec(n, p, design).qr();
        let r = qr.r();
        for j in 0..p {
            let length = (0..=j).map(|i| r[(i, j)] * r[(i, j)]).sum::<f64>().sqrt();
            let remainder = r[(j, j)].abs() / length;
            if length.is_infinite() {
                return Err(Failure::OutOfRange { what: "length of a column", value: length });
            }
            // Also true for a column of zeros, whose remainder is NaN.
            if remainder.is_nan() || remainder <= COLLINEAR {
                return Err(Failure::Singular { column: name(j) });
            }
        }

        let q = qr.q();
        let projected: Vec<f64> = q.as_slice().chunks_exact(n).map(|column| dot(column, y)).collect();
        let r_inverse = invert_upper(&r);
        let coefficients = r_inverse.chunks_exact(p).map(|row| dot(row, &projected)).collect();
        Ok(Solved { q, r_inverse, coefficients, total })
    }

    /// β, one per column.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// y - X β, one per row.
    pub fn residuals(&self) -> &[f64] {
        &self.residuals
    }

    /// What is left of another column after its regression on the same columns: v - Q Q'v.
    pub(super) fn residuals_of(&self, values: &[f64]) -> Vec<f64> {
        let mut projected = vec![0.0; self.columns];
        for (row, &value) in self.q.chunks_exact(self.columns).zip(values) {
            add_scaled(&mut projected, value, row);
        }
        self.q.chunks_exact(self.columns).zip(values).map(|(row, value)| value - dot(row, &projected)).collect()
    }

    /// N - p.
    pub fn residual_degrees_of_freedom(&self) -> usize {
        self.rows - self.columns
    }

    /// σ² = Σ e² / (N - p), in squared units of the outcome.
    pub fn residual_variance(&self) -> f64 {
        dot(&self.residuals, &self.residuals) / self.residual_degrees_of_freedom() as f64
    }

    /// The classical covariance of the coefficients, σ² (X'X)⁻¹, p × p. It takes the rows for independent and their
    /// variance for constant.
    pub fn classical_covariance(&self) -> DMatrix<f64> {
        let variance = self.residual_variance();
        DMatrix::from_fn(self.columns, self.columns, |i, j| variance * dot(self.weight(i), self.weight(j)))
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// Row i of Q.
    pub(super) fn q(&self, i: usize) -> &[f64] {
        &self.q[i * self.columns..(i + 1) * self.columns]
    }

    /// The rows of Q.
    pub(super) fn q_rows(&self) -> impl Iterator<Item = &[f64]> {
        self.q.chunks_exact(self.columns)
    }

    /// The coefficient as a combination of Q'y: u with β_k = u'Q'y, the k-th row of R⁻¹; Var(β_k) = σ² u'u.
    pub(super) fn weight(&self, coefficient: usize) -> &[f64] {
        &self.r_inverse[coefficient * self.columns..(coefficient + 1) * self.columns]
    }

    /// The variance of a coefficient that rounding alone can produce: smaller ones are zero.
    pub(super) fn variance_floor(&self, coefficient: usize) -> f64 {
        let weight = self.weight(coefficient);
        let relative = 64.0 * f64::EPSILON;
        relative * relative * self.total * dot(weight, weight)
    }

    pub(super) fn check_coefficient(&self, coefficient: usize) -> Result<(), Failure> {
        if coefficient < self.columns {
            Ok(())
        } else {
            Err(Failure::NoSuchCoefficient { coefficient, coefficients: self.columns })
        }
    }
}

/// Σ a b, from the first to the last. Most regressions have two or three columns, for which a loop costs more than its sums.
#[inline]
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    match (a, b) {
        ([a0, a1], [b0, b1]) => 0.0 + a0 * b0 + a1 * b1,
        ([a0, a1, a2], [b0, b1, b2]) => 0.0 + a0 * b0 + a1 * b1 + a2 * b2,
        _ => a.iter().zip(b).fold(0.0, |sum, (x, y)| sum + x * y),
    }
}

/// sum += scale · values
#[inline]
pub(super) fn add_scaled(sum: &mut [f64], scale: f64, values: &[f64]) {
    match (sum, values) {
        ([s0], [v0]) => *s0 += scale * v0,
        ([s0, s1], [v0, v1]) => {
            *s0 += scale * v0;
            *s1 += scale * v1;
        }
        ([s0, s1, s2], [v0, v1, v2]) => {
            *s0 += scale * v0;
            *s1 += scale * v1;
            *s2 += scale * v2;
        }
        (sum, values) => {
            for (s, v) in sum.iter_mut().zip(values) {
                *s += scale * v;
            }
        }
    }
}

/// The inverse of an upper triangular matrix, row after row.
fn invert_upper(r: &DMatrix<f64>) -> Vec<f64> {
    let p = r.ncols();
    let mut inverse = vec![0.0; p * p];
    for j in 0..p {
        inverse[j * p + j] = 1.0 / r[(j, j)];
        for i in (0..j).rev() {
            let sum = (i + 1..=j).fold(0.0, |sum, k| sum + r[(i, k)] * inverse[k * p + j]);
            inverse[i * p + j] = -sum / r[(i, i)];
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_line_is_found_and_the_covariance_is_the_textbook_one() {
        let ones = vec![1.0; 4];
        let x = vec![0.0, 1.0, 2.0, 3.0];
        let fit = LeastSquares::fit(&[&ones, &x], &[1.0, 3.0, 5.0, 7.5]).unwrap();
        // Sxx = 5, SSE = 0.075 - checked by hand: slope 10.75 / 5, residuals .1 -.05 -.2 .15
        let expected = [0.1, -0.05, -0.2, 0.15];
        for (e, x) in fit.residuals().iter().zip(expected) {
            assert!((e - x).abs() < 1e-13);
        }
        let variance = 0.075 / 2.0;
        let covariance = fit.classical_covariance();
        assert!((covariance[(1, 1)] - variance / 5.0).abs() < 1e-15);
        assert!((covariance[(0, 1)] + variance * 1.5 / 5.0).abs() < 1e-15);
        assert!((covariance[(0, 0)] - variance * (0.25 + 2.25 / 5.0)).abs() < 1e-15);
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let ones = vec![1.0; 4];
        let x = vec![0.0, 1.0, 2.0, 3.0];
        let y = [1.0, 2.0, 3.0, 5.0];
        let twice: Vec<f64> = x.iter().map(|v| 2.0 * v + 1.0).collect();
        let failure = LeastSquares::fit(&[&ones, &x, &twice], &y).unwrap_err();
        assert_eq!(failure.code(), "singular_design");
        assert!(failure.to_string().starts_with("column 2 of the design"), "{failure}");
        let code = |columns: &[Vec<f64>], y: &[f64]| LeastSquares::fit(columns, y).unwrap_err().code();
        assert_eq!(code(&[vec![0.0; 4]], &y), "singular_design");
        assert_eq!(code(&[], &y), "too_few_rows");
        assert_eq!(code(std::slice::from_ref(&ones), &[]), "too_few_rows");
        assert_eq!(code(&[vec![1.0; 3]], &y), "unequal_lengths");
        assert_eq!(code(&[ones], &[1.0, f64::NAN, 0.0, 0.0]), "not_finite");
        assert_eq!(code(&[vec![f64::INFINITY; 4]], &y), "not_finite");
        assert_eq!(code(&[vec![1e200; 4]], &y), "out_of_range");
    }
}
