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
use super::blocks::Pattern;

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
pub(super) fn criterion(patterns: &[Pattern], theta: &[f64], likelihood: Likelihood) -> Option<f64> {
    Some(solve(patterns, theta, likelihood)?.criterion)
}

struct Solved {
    criterion: f64,
    /// V⁻¹ of each pattern.
    inverses: Vec<DMatrix<f64>>,
    /// V⁻¹X and V⁻¹(y − Xβ) of each block, pattern by pattern.
    weighted: Vec<DMatrix<f64>>,
    errors: Vec<DVector<f64>>,
    coefficients: DVector<f64>,
    covariance: DMatrix<f64>,
}

fn solve(patterns: &[Pattern], theta: &[f64], likelihood: Likelihood) -> Option<Solved> {
    let p = patterns[0].blocks[0].x.ncols();
    let (mut information, mut score) = (DMatrix::<f64>::zeros(p, p), DVector::<f64>::zeros(p));
    let (mut log_determinant, mut rows) = (0.0, 0);
    let (mut inverses, mut all_weighted) = (Vec::with_capacity(patterns.len()), Vec::new());
    for pattern in patterns {
        let (n, blocks) = (pattern.derivatives[0].nrows(), pattern.blocks.len());
        let mut v = DMatrix::<f64>::zeros(n, n);
        for (value, derivative) in theta.iter().zip(&pattern.derivatives) {
            v.zip_apply(derivative, |sum, part| *sum += part * *value);
        }
        let root = Cholesky::new(v)?;
        log_determinant += blocks as f64 * log_squared_diagonal(&root.l());
        let inverse = root.inverse();
        for block in &pattern.blocks {
            let weighted = &inverse * &block.x;
            information.gemm_tr(1.0, &block.x, &weighted, 1.0);
            score.gemv_tr(1.0, &weighted, &block.y, 1.0);
            all_weighted.push(weighted);
        }
        rows += n * blocks;
        inverses.push(inverse);
    }
    let root = Cholesky::new(information)?;
    let log_information = log_squared_diagonal(&root.l());
    let covariance = root.inverse();
    let coefficients = root.solve(&score);
    let (mut distance, mut errors) = (0.0, Vec::with_capacity(all_weighted.len()));
    for (pattern, inverse) in patterns.iter().zip(&inverses) {
        let mut residual = DVector::<f64>::zeros(inverse.nrows());
        for block in &pattern.blocks {
            residual.copy_from(&block.y);
            residual.gemv(-1.0, &block.x, &coefficients, 1.0);
            let error = inverse * &residual;
            distance += residual.dot(&error);
            errors.push(error);
        }
    }
    let two_pi = libm::log(2.0 * std::f64::consts::PI);
    let criterion = match likelihood {
        Likelihood::Restricted => (rows - p) as f64 * two_pi + log_determinant + log_information + distance,
        Likelihood::Full => rows as f64 * two_pi + log_determinant + distance,
    };
    let weighted = all_weighted;
    criterion.is_finite().then_some(Solved { criterion, inverses, weighted, errors, coefficients, covariance })
}

/// What a step needs.
pub(super) struct Ascent {
    /// −2 log likelihood.
    pub criterion: f64,
    /// ∂(−2 log L)/∂θ.
    pub gradient: DVector<f64>,
    /// ½ tr(V⁻¹V_r V⁻¹V_s): the expected information of θ if β were known. It needs no block but one of each pattern, and where to
    /// climb to does not depend on it.
    pub expected: DMatrix<f64>,
}

/// Criterion, gradient and information at one θ; `None` where V is not positive definite.
///
/// With Φ = LL', the part of the gradient that blocks have is ⟨V_r, Σ (WL)(WL)' + ee'⟩, W = V⁻¹X and e = V⁻¹(y − Xβ).
pub(super) fn ascent(patterns: &[Pattern], theta: &[f64], likelihood: Likelihood) -> Option<Ascent> {
    let Solved { criterion, inverses, weighted, errors, covariance, .. } = solve(patterns, theta, likelihood)?;
    let root = Cholesky::new(covariance)?.l();
    let (p, parameters) = (root.nrows(), theta.len());
    let mut gradient = DVector::<f64>::zeros(parameters);
    let mut expected = DMatrix::<f64>::zeros(parameters, parameters);
    let mut of_blocks = weighted.iter().zip(&errors);
    for (pattern, inverse) in patterns.iter().zip(&inverses) {
        let (n, count) = (inverse.nrows(), pattern.blocks.len() as f64);
        let mut spread = DMatrix::<f64>::zeros(n, n);
        let (mut turned, mut across) = (DMatrix::<f64>::zeros(n, p), DMatrix::<f64>::zeros(p, n));
        for (weighted, errors) in of_blocks.by_ref().take(pattern.blocks.len()) {
            if likelihood == Likelihood::Restricted {
                turned.gemm(1.0, weighted, &root, 0.0);
                turned.transpose_to(&mut across);
                spread.gemm(1.0, &turned, &across, 1.0);
            }
            spread.ger(1.0, errors, errors, 1.0);
        }
        let carried: Vec<DMatrix<f64>> = pattern.derivatives.iter().map(|v| inverse * v).collect();
        for r in 0..parameters {
            gradient[r] += count * carried[r].trace() - pattern.derivatives[r].dot(&spread);
            for s in 0..=r {
                expected[(r, s)] += 0.5 * count * trace_of_product(&carried[r], &carried[s]);
            }
        }
    }
    for r in 0..parameters {
        for s in 0..r {
            expected[(s, r)] = expected[(r, s)];
        }
    }
    Some(Ascent { criterion, gradient, expected })
}

fn log_squared_diagonal(lower: &DMatrix<f64>) -> f64 {
    (0..lower.nrows()).fold(0.0, |sum, i| sum + 2.0 * libm::log(lower[(i, i)]))
}

/// Everything at one θ; `None` where V is not positive definite.
///
/// Per block, with A = V⁻¹ [X, y − Xβ] and T = [V_1 A, V_2 A, …], all that is needed are sums of A'T and of T'V⁻¹T.
pub(super) fn point(patterns: &[Pattern], theta: &[f64], likelihood: Likelihood) -> Option<Point> {
    let Solved { criterion, inverses, weighted, errors, coefficients, covariance } =
        solve(patterns, theta, likelihood)?;
    let mut of_blocks = weighted.iter().zip(&errors);
    let (p, parameters) = (covariance.nrows(), theta.len());
    let (wide, restricted) = (p + 1, likelihood == Likelihood::Restricted);
    let mut traces = DVector::<f64>::zeros(parameters);
    let mut products = DMatrix::<f64>::zeros(parameters, parameters);
    let mut first = DMatrix::<f64>::zeros(wide, wide * parameters);
    let mut second = DMatrix::<f64>::zeros(wide * parameters, wide * parameters);
    for (pattern, inverse) in patterns.iter().zip(&inverses) {
        let (n, count) = (inverse.nrows(), pattern.blocks.len() as f64);
        let carried: Vec<DMatrix<f64>> = pattern.derivatives.iter().map(|v| inverse * v).collect();
        for r in 0..parameters {
            traces[r] += count * carried[r].trace();
            for s in 0..=r {
                let both = count * trace_of_product(&carried[r], &carried[s]);
                products[(r, s)] += both;
                if s < r {
                    products[(s, r)] += both;
                }
            }
        }
        let mut turned = DMatrix::<f64>::zeros(n, wide * parameters);
        let (mut weighted, mut carried) = (DMatrix::<f64>::zeros(n, wide), turned.clone());
        for (weighted_x, errors) in of_blocks.by_ref().take(pattern.blocks.len()) {
            weighted.columns_mut(0, p).copy_from(weighted_x);
            weighted.set_column(p, errors);
            for (r, derivative) in pattern.derivatives.iter().enumerate() {
                turned.columns_mut(r * wide, wide).gemm(1.0, derivative, &weighted, 0.0);
            }
            first.gemm_tr(1.0, &weighted, &turned, 1.0);
            carried.gemm(1.0, inverse, &turned, 0.0);
            second.gemm_tr(1.0, &turned, &carried, 1.0);
        }
    }
    let slope = |r: usize| first.view((0, r * wide), (p, p)).into_owned();
    let curvature = |r: usize, s: usize| second.view((r * wide, s * wide), (p, p)).into_owned();
    let moment = |r: usize| first.view((0, r * wide + p), (p, 1)).into_owned();
    let slopes: Vec<DMatrix<f64>> = (0..parameters).map(slope).collect();
    let pairs = (0..parameters).flat_map(|r| (0..parameters).map(move |s| (r, s)));
    let curvatures: Vec<DMatrix<f64>> = pairs.map(|(r, s)| curvature(r, s)).collect();
    let mut gradient = DVector::<f64>::zeros(parameters);
    let mut expected = DMatrix::<f64>::zeros(parameters, parameters);
    let mut observed = DMatrix::<f64>::zeros(parameters, parameters);
    let inner: Vec<DMatrix<f64>> = slopes.iter().map(|slope| &covariance * slope).collect();
    for r in 0..parameters {
        let known = if restricted { inner[r].trace() } else { 0.0 };
        gradient[r] = traces[r] - known - first[(p, r * wide + p)];
        for s in 0..parameters {
            let trace = if restricted {
                products[(r, s)] - 2.0 * trace_of_product(&covariance, &curvatures[r * parameters + s])
                    + trace_of_product(&inner[r], &inner[s])
            } else {
                products[(r, s)]
            };
            let quadratic = second[(r * wide + p, s * wide + p)];
            let average = quadratic - moment(r).dot(&(&covariance * moment(s)));
            expected[(r, s)] = 0.5 * trace;
            observed[(r, s)] = average - 0.5 * trace;
        }
    }
    Some(Point { criterion, coefficients, covariance, gradient, expected, observed, slopes, curvatures })
}

/// tr(AB) without the product.
fn trace_of_product(a: &DMatrix<f64>, b: &DMatrix<f64>) -> f64 {
    let mut sum = 0.0;
    for j in 0..a.ncols() {
        for i in 0..a.nrows() {
            sum += a[(i, j)] * b[(j, i)];
        }
    }
    sum
}
