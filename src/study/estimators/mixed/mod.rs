//! Linear mixed models: y = X β + Σ Z_t u_t + e, by restricted or full maximum likelihood.
//!
//! Each [`Term`] is a grouping of the rows (a person's waves, a dyad, an organization) with a random intercept, and
//! possibly a random slope. The covariance of the outcome is linear in its parameters,
//!
//! ```text
//! V(θ) = Σ_r θ_r V_r        θ: variances and covariances of the terms, then the residual variance
//! ```
//!
//! so that score, information, Kenward and Roger's correction and Satterthwaite's degrees of freedom have exact forms.
//!
//! **Partners may contrast.** A variance of dyads cannot be negative, and a fit that holds it at zero calls two partners
//! independent whose outcomes pull apart: its standard error for a treatment of dyads is then too large, for one of persons too small. A
//! term with [`Sign::Free`] is the compound-symmetry covariance, whose intraclass correlation reaches down to −1/(n − 1).
//!
//! **Boundaries are said.** A variance at zero, or a correlation at ±1, is listed in [`MixedFit::singular`]; it is never a
//! silent zero.
//!
//! **Groups may be large.** Nested groups of thousands of rows are turned into small blocks first (see `fold`); what cannot be is refused.
//!
//! Sources: Patterson & Thompson (1971), Biometrika 58, 545-554; Bates, Mächler, Bolker & Walker (2015), Journal of
//! Statistical Software 67(1); Kenward & Roger (1997), Biometrics 53, 983-997; Kenny, Kashy & Cook (2006), *Dyadic Data
//! Analysis*, for the negative intraclass correlation.

mod blocks;
mod degrees_of_freedom;
mod fit;
mod fold;
mod likelihood;
mod steps;

#[cfg(test)]
mod tests;

pub use degrees_of_freedom::Tested;
pub use fit::MixedFit;

use super::failure::Failure;

/// Whether a variance between groups may be negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A variance: not below zero.
    NonNegative,
    /// A covariance within groups, which may be negative as long as V stays positive definite; of lines, the covariances of intercepts and
    /// of slopes.
    Free,
}

/// A grouping of the rows with its random effects.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What the groups are, for messages, e.g. `dyad`.
    pub name: String,
    /// The group of each row; labels carry no order and no meaning.
    pub group: Vec<u32>,
    /// The variable whose slope differs between groups, beside the intercept; `None`: a random intercept alone.
    pub slope: Option<Vec<f64>>,
    /// Whether variances may be negative.
    pub sign: Sign,
}

impl Term {
    /// A random intercept.
    pub fn intercept(name: &str, group: &[u32]) -> Self {
        Self { name: name.to_owned(), group: group.to_vec(), slope: None, sign: Sign::NonNegative }
    }

    /// A random intercept and a random slope with any correlation between the two.
    pub fn slope(name: &str, group: &[u32], variable: &[f64]) -> Self {
        Self { slope: Some(variable.to_vec()), ..Self::intercept(name, group) }
    }

    /// Compound symmetry: rows of a group share a covariance of either sign.
    pub fn compound_symmetry(name: &str, group: &[u32]) -> Self {
        Self { sign: Sign::Free, ..Self::intercept(name, group) }
    }

    /// Rows of a group share covariances of intercepts and slopes of either sign: compound symmetry of lines. Its parameters are no
    /// variances of something that could be drawn, and none of them has a boundary of its own.
    pub fn symmetric_lines(name: &str, group: &[u32], variable: &[f64]) -> Self {
        Self { sign: Sign::Free, ..Self::slope(name, group, variable) }
    }

    /// Number of covariance parameters: 1, or 3 (intercept, covariance, slope).
    fn parameters(&self) -> usize {
        if self.slope.is_some() { 3 } else { 1 }
    }
}

/// Which likelihood is maximized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likelihood {
    /// Restricted: variances without the bias of the estimated coefficients.
    Restricted,
    /// Full: for likelihood ratio tests between models with different fixed effects.
    Full,
}

/// A mixed model with its data.
#[derive(Clone, Debug, PartialEq)]
pub struct MixedModel {
    /// The outcome, one value per row.
    pub outcome: Vec<f64>,
    /// Columns of X with their names; no intercept is added.
    pub fixed: Vec<(String, Vec<f64>)>,
    /// The groupings.
    pub terms: Vec<Term>,
}

impl MixedModel {
    /// Fits the model.
    ///
    /// The order of the rows and the labels of the groups change no bit. Errors: unequal lengths, values that are not finite, too few rows,
    /// collinear columns, fewer than two groups of a term, a grouping that no two rows share, no convergence; groups of
    /// many hundreds of rows that overlap, or whose parts are all unlike (nested ones of any size are folded).
    ///
    /// ```
    /// use peerlab::study::estimators::mixed::{Likelihood, MixedModel, Term};
    /// let model = MixedModel {
    ///     outcome: vec![1.0, 1.4, 2.1, 2.9, 0.2, 0.1, 1.7, 2.0],
    ///     fixed: vec![("intercept".into(), vec![1.0; 8])],
    ///     terms: vec![Term::intercept("dyad", &[1, 1, 2, 2, 3, 3, 4, 4])],
    /// };
    /// let fit = model.fit(Likelihood::Restricted).unwrap();
    /// assert!((fit.coefficients[0] - 1.425).abs() < 1e-9);
    /// assert!(fit.intraclass_correlation(0) > 0.8 && fit.singular.is_empty());
    /// ```
    pub fn fit(&self, likelihood: Likelihood) -> Result<MixedFit, Failure> {
        fit::fit(self, likelihood, fold::WHOLE)
    }
}
