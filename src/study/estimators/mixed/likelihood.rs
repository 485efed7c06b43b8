//! The likelihood at given covariance parameters, with everything that its derivatives need.
//!
//! With P = V⁻¹ − V⁻¹ X Φ X' V⁻¹ and Φ = (X' V⁻¹ X)⁻¹, the restricted criterion is
//!
//! ```text
//! −2 log L = (N − p) log 2π + log|V| + log|X' V⁻¹ X| + y' P y
//! ∂/∂θ_r   = tr(P V_r) − y' P V_r P y
//! expected information   ½ tr(P V_r P V_s)
//! average information    ½ y' P V_r P V_s P y        (observed = 2 × average − expected)
//! ```

use nalgebra::{Cholesky, DMatrix, DVector};

use super::Likelihood;
use super::blocks::Block;

/// The criterion and its parts at one θ.
pub(super) struct Point {
    /// −2 log likelihood.
    pub criterion: f64,
    /// β.
    pub coefficients: DVector<f64>,
    /// Φ.
    pub covariance: DMatrix<f64>,
    /// ∂(−2 log L)/∂θ.
    pub gradient: DVector<f64>,
    /// Expected information of θ.
    pub expected: DMatrix<f64>,
    /// Observed information of θ.
    pub observed: DMatrix<f64>,
    /// X' V⁻¹ V_r V⁻¹ X per parameter: minus the derivative of Φ⁻¹.
    pub slopes: Vec<DMatrix<f64>>,
    /// X' V⁻¹ V_r V⁻¹ V_s V⁻¹ X, row by row of (r, s).
    pub curvatures: Vec<DMatrix<f64>>,
}

/// The criterion alone; `None` where V is not positive definite.
pub(super) fn criterion(blocks: &[Block], theta: &[f64], likelihood: Likelihood) -> Option<f64> {
    Some(solve(blocks, theta, likelihood)?.criterion)
}

struct Solved {
    criterion: f64,
    inverses: Vec<DMatrix<f64>>,
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
}

fn solve(blocks: &[Block], theta: &[f64], likelihood: Likelihood) -> Option<Solved> {
    let p = blocks[0].x.ncols();
    let (mut information, mut score) = (DMatrix::<f64>::zeros(p, p), DVector::<f64>::zeros(p));
    let (mut log_determinant, mut rows) = (0.0, 0);
    let mut inverses = Vec::with_capacity(blocks.len());
    for block in blocks {
        let n = block.y.len();
        let mut v = DMatrix::<f64>::zeros(n, n);
        for (value, derivative) in theta.iter().zip(&block.derivatives) {
            v += derivative * *value;
        }
        let root = Cholesky::new(v)?;
        log_determinant += log_squared_diagonal(&root.l());
        let inverse = root.inverse();
        let weighted = &inverse * &block.x;
        information += block.x.transpose() * &weighted;
        score += weighted.transpose() * &block.y;
        rows += n;
        inverses.push(inverse);
    }
    let root = Cholesky::new(information)?;
    let log_information = log_squared_diagonal(&root.l());
    let covariance = root.inverse();
    let coefficients = root.solve(&score);
    let distance = blocks.iter().zip(&inverses).fold(0.0, |sum, (block, inverse)| {
        let residual = &block.y - &block.x * &coefficients;
        sum + residual.dot(&(inverse * &residual))
    });
    let two_pi = libm::log(2.0 * std::f64::consts::PI);
    let criterion = match likelihood {
        Likelihood::Restricted => (rows - p) as f64 * two_pi + log_determinant + log_information + distance,
        Likelihood::Full => rows as f64 * two_pi + log_determinant + distance,
    };
    criterion.is_finite().then_some(Solved { criterion, inverses, coefficients, covariance })
}

fn log_squared_diagonal(lower: &DMatrix<f64>) -> f64 {
    (0..lower.nrows()).fold(0.0, |sum, i| sum + 2.0 * libm::log(lower[(i, i)]))
}

/// Everything at one θ; `None` where V is not positive definite.
pub(super) fn point(blocks: &[Block], theta: &[f64], likelihood: Likelihood) -> Option<Point> {
    let Solved { criterion, inverses, coefficients, covariance } = solve(blocks, theta, likelihood)?;
    let (p, parameters) = (covariance.nrows(), theta.len());
    let restricted = likelihood == Likelihood::Restricted;
    let mut traces = DVector::<f64>::zeros(parameters);
    let mut forms = DVector::<f64>::zeros(parameters);
    let mut products = DMatrix::<f64>::zeros(parameters, parameters);
    let mut quadratics = DMatrix::<f64>::zeros(parameters, parameters);
    let mut moments = vec![DVector::<f64>::zeros(p); parameters];
    let mut slopes = vec![DMatrix::<f64>::zeros(p, p); parameters];
    let mut curvatures = vec![DMatrix::<f64>::zeros(p, p); parameters * parameters];
    for (block, inverse) in blocks.iter().zip(&inverses) {
        let weighted = inverse * &block.x;
        // P y is V⁻¹ times the residual.
        let errors = inverse * (&block.y - &block.x * &coefficients);
        let carried: Vec<DMatrix<f64>> = block.derivatives.iter().map(|v| inverse * v).collect();
        let moved: Vec<DVector<f64>> = block.derivatives.iter().map(|v| v * &errors).collect();
        let turned: Vec<DMatrix<f64>> = block.derivatives.iter().map(|v| v * &weighted).collect();
        for r in 0..parameters {
            traces[r] += carried[r].trace();
            forms[r] += errors.dot(&moved[r]);
            slopes[r] += weighted.transpose() * &turned[r];
            let back = inverse * &moved[r];
            moments[r] += block.x.transpose() * &back;
            for s in 0..parameters {
                products[(r, s)] += carried[r].component_mul(&carried[s].transpose()).sum();
                quadratics[(r, s)] += back.dot(&moved[s]);
                curvatures[r * parameters + s] += turned[r].transpose() * (inverse * &turned[s]);
            }
        }
    }
    let mut gradient = DVector::<f64>::zeros(parameters);
    let mut expected = DMatrix::<f64>::zeros(parameters, parameters);
    let mut observed = DMatrix::<f64>::zeros(parameters, parameters);
    let inner: Vec<DMatrix<f64>> = slopes.iter().map(|slope| &covariance * slope).collect();
    for r in 0..parameters {
        let known = if restricted { inner[r].trace() } else { 0.0 };
        gradient[r] = traces[r] - known - forms[r];
        for s in 0..parameters {
            let trace = if restricted {
                products[(r, s)] - 2.0 * (&covariance * &curvatures[r * parameters + s]).trace()
                    + (&inner[r] * &inner[s]).trace()
            } else {
                products[(r, s)]
            };
            let average = quadratics[(r, s)] - moments[r].dot(&(&covariance * &moments[s]));
            expected[(r, s)] = 0.5 * trace;
            observed[(r, s)] = average - 0.5 * trace;
        }
    }
    Some(Point { criterion, coefficients, covariance, gradient, expected, observed, slopes, curvatures })
}
