//! Small samples: standard errors and degrees of freedom that know that V was estimated.
//!
//! Kenward and Roger correct Φ for the estimation of θ and match two moments of the Wald statistic. For one coefficient their
//! degrees of freedom reduce to Satterthwaite's form with the expected information W⁻¹ of θ,
//!
//! ```text
//! Φ_A = Φ + 2 Φ [Σ_rs W_rs (Q_rs − P_r Φ P_s)] Φ      P_r = X'V⁻¹V_rV⁻¹X,  Q_rs = X'V⁻¹V_rV⁻¹V_sV⁻¹X
//! df  = 2 (c'Φc)² / Σ_rs W_rs (c'ΦP_rΦc)(c'ΦP_sΦc)
//! ```
//!
//! At a variance of zero the two differ: Kenward and Roger keep the uncertainty of that variance, and the common software form of
//! Satterthwaite's method drops it, which can give several times too many degrees of freedom.
//!
//! Sources: Kenward & Roger (1997), Biometrics 53, 983-997; Satterthwaite (1946), Biometrics Bulletin 2, 110-114; Fai & Cornelius
//! (1996), Journal of Statistical Computation and Simulation 54, 363-378; Kuznetsova, Brockhoff & Christensen (2017), Journal
//! of Statistical Software 82(13).

use nalgebra::{Cholesky, DMatrix, DVector};

use super::fit::MixedFit;
use crate::study::estimators::failure::Failure;

/// A linear combination of coefficients with its standard error and degrees of freedom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tested {
    /// c'β.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of its t.
    pub degrees_of_freedom: f64,
}

impl MixedFit {
    /// c'β with Kenward and Roger's standard error and degrees of freedom, `c` one weight per coefficient.
    ///
    /// Errors: another number of weights than coefficients; an information matrix that is singular.
    pub fn kenward_roger(&self, c: &[f64]) -> Result<Tested, Failure> {
        let estimate = self.combine(c)?;
        let c = self.turned(c);
        let point = &self.point;
        let phi = &point.covariance;
        let w = inverse(&point.expected)?;
        let parameters = w.nrows();
        let mut correction = DMatrix::<f64>::zeros(phi.nrows(), phi.nrows());
        for r in 0..parameters {
            for s in 0..parameters {
                let apart = &point.curvatures[r * parameters + s] - &point.slopes[r] * phi * &point.slopes[s];
                correction += apart * w[(r, s)];
            }
        }
        let adjusted = phi + (phi * correction * phi) * 2.0;
        Ok(Tested {
            estimate,
            standard_error: c.dot(&(&adjusted * &c)).sqrt(),
            degrees_of_freedom: self.moments(&c, &w, &(0..parameters).collect::<Vec<_>>()),
        })
    }

    /// c'β with the uncorrected standard error and Satterthwaite's degrees of freedom from the observed information, as
    /// common software has it: a variance at zero is taken as known.
    ///
    /// Errors: as [`kenward_roger`](MixedFit::kenward_roger).
    pub fn satterthwaite(&self, c: &[f64]) -> Result<Tested, Failure> {
        let estimate = self.combine(c)?;
        let c = self.turned(c);
        let point = &self.point;
        let inside: Vec<usize> = (0..self.at_boundary.len()).filter(|k| !self.at_boundary[*k]).collect();
        let observed = DMatrix::from_fn(inside.len(), inside.len(), |i, j| point.observed[(inside[i], inside[j])]);
        let w = inverse(&observed)?;
        Ok(Tested {
            estimate,
            standard_error: c.dot(&(&point.covariance * &c)).sqrt(),
            degrees_of_freedom: self.moments(&c, &w, &inside),
        })
    }

    /// c'β.
    fn combine(&self, c: &[f64]) -> Result<f64, Failure> {
        let coefficients = self.coefficients.len();
        if c.len() != coefficients {
            return Err(Failure::NoSuchCoefficient { coefficient: c.len(), coefficients });
        }
        Ok(c.iter().zip(&self.coefficients).fold(0.0, |sum, (c, beta)| sum + c * beta))
    }

    /// The weights of γ, the coefficients of Q: c'R⁻¹.
    fn turned(&self, c: &[f64]) -> DVector<f64> {
        self.frame.transpose() * DVector::from_column_slice(c)
    }

    /// 2 (c'Φc)² over the variance of c'Φc that comes from θ.
    fn moments(&self, c: &DVector<f64>, w: &DMatrix<f64>, parameters: &[usize]) -> f64 {
        let direction = &self.point.covariance * c;
        let variance = c.dot(&direction);
        let slope =
            DVector::from_fn(parameters.len(), |k, _| direction.dot(&(&self.point.slopes[parameters[k]] * &direction)));
        2.0 * variance * variance / slope.dot(&(w * &slope))
    }
}

fn inverse(information: &DMatrix<f64>) -> Result<DMatrix<f64>, Failure> {
    // Scaled to a unit diagonal first: variances and slopes may differ by many powers of ten.
    let n = information.nrows();
    let unit: Vec<f64> = (0..n).map(|k| information[(k, k)].abs().sqrt()).collect();
    let scaled = DMatrix::from_fn(n, n, |i, j| information[(i, j)] / (unit[i] * unit[j]));
    let root = Cholesky::new(scaled).ok_or(Failure::SingularInformation { parameters: n })?;
    let inverse = root.inverse();
    Ok(DMatrix::from_fn(n, n, |i, j| inverse[(i, j)] / (unit[i] * unit[j])))
}
