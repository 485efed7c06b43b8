//! The variance that a question's column explains.

use super::failure::Failure;
use super::least_squares::dot;
use super::observations::Observations;
use super::regression::{Regressions, TREATMENT};
use super::specification::Specification;

/// Partial R²: of the variance that the other columns leave, the share that the question's column explains,
///
/// ```text
/// partial R² = (SSE without − SSE with)/SSE without = F/(F + N − p),   F = (b/s_b)² with classical errors
/// ```
///
/// in [0, 1]; with no other column than the intercept, R². Cohen (1988, *Statistical Power Analysis*, 2nd ed., ch. 9) calls
/// .02, .13 and .26 small, medium and large.
///
/// Errors: those of the regression, and an outcome that does not vary.
///
/// ```
/// use peerlab::study::estimators::{Observations, Specification, partial_r_squared};
/// let data = Observations {
///     outcome: vec![1.0, 2.0, 4.0, 3.0],
///     treated: vec![0.0, 1.0, 2.0, 3.0],
///     cluster: vec![0, 1, 2, 3],
///     ..Default::default()
/// };
/// assert!((partial_r_squared(Specification::Slope, &data).unwrap() - 0.64).abs() < 1e-12);
/// ```
pub fn partial_r_squared(specification: Specification, data: &Observations) -> Result<f64, Failure> {
    partial_r_squared_among(&mut Regressions::default(), specification, data)
}

/// [`partial_r_squared`] with what estimators of the same data have fitted already.
pub fn partial_r_squared_among(
    regressions: &mut Regressions,
    specification: Specification,
    data: &Observations,
) -> Result<f64, Failure> {
    let fit = regressions.fit(specification, data)?;
    let (b, weight) = (fit.coefficients()[TREATMENT], fit.weight(TREATMENT));
    // What the column takes off the squares: b² over the column's (X'X)⁻¹.
    let explained = b * b / dot(weight, weight);
    let left = dot(fit.residuals(), fit.residuals());
    let share = explained / (explained + left);
    if share.is_finite() { Ok(share) } else { Err(Failure::ZeroVariance { estimate: b }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two regressions, with the question's column and without it.
    #[test]
    fn it_is_what_leaving_the_column_out_costs() {
        let x = [0.3, 1.1, -0.4, 2.0, 0.9, -1.3, 0.2];
        let z = [1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0];
        let y = [0.9, 1.4, 0.1, 3.2, 0.8, -1.9, 1.0];
        let squares = |columns: &[Vec<f64>]| {
            let fit = super::super::LeastSquares::fit(columns, &y).unwrap();
            dot(fit.residuals(), fit.residuals())
        };
        let (ones, x, z) = (vec![1.0; 7], x.to_vec(), z.to_vec());
        let (without, with) = (squares(&[ones.clone(), z.clone()]), squares(&[ones, x.clone(), z.clone()]));
        let data = Observations {
            outcome: y.to_vec(),
            treated: x,
            covariates: vec![("z".into(), z)],
            cluster: (0..7).collect(),
            ..Default::default()
        };
        let found = partial_r_squared(Specification::Regression, &data).unwrap();
        assert!((found - (without - with) / without).abs() < 1e-12, "{found}");
        let constant = Observations { outcome: vec![2.0; 7], ..data };
        assert!(partial_r_squared(Specification::Slope, &constant).is_err());
    }
}
