//! Estimators: from the observed data of one question to an estimate with its uncertainty.
//!
//! [`catalogue`] lists them; [`find`] gives one by its id; [`Estimator::estimate`] applies it to [`Observations`].
//! Underneath, [`LeastSquares`], [`cluster_covariance`] and [`satterthwaite`] serve any regression.
//!
//! Every number is computed with the four operations, square roots and `libm`: the same bits on every processor.

mod actor_partner;
mod beta;
mod catalogue;
mod chi_square;
mod cluster_robust;
mod distribution;
mod effect_size;
mod failure;
mod intraclass;
mod least_squares;
mod leverage;
mod logistic;
pub mod mixed;
mod multiplicity;
mod noncentral_t;
mod observations;
mod power_formula;
mod randomization;
mod satterthwaite;
mod wild_bootstrap;

pub use actor_partner::{ActorPartner, Distinguishable, Dyads, Effect};
pub use beta::{fisher_f_lower, fisher_f_upper};
pub use catalogue::{catalogue, find};
pub use chi_square::chi_square_upper;
pub use cluster_robust::{Clustered, Errors, cluster_covariance};
pub use distribution::{student_t_cdf, student_t_critical, student_t_density, student_t_quantile, student_t_two_sided};
pub use effect_size::{HedgesG, cronbach_alpha, hedges_g};
pub use failure::Failure;
pub use intraclass::{Intraclass, intraclass_correlation};
pub use least_squares::LeastSquares;
pub use logistic::Logistic;
pub use multiplicity::{benjamini_hochberg, holm};
pub use noncentral_t::{noncentral_t_cdf, normal_cdf, power_of_t};
pub use observations::Observations;
pub use power_formula::{ClusterDesign, Exaggeration, exaggeration};
pub use randomization::{Randomized, randomization_inference};
pub use satterthwaite::satterthwaite;
pub use wild_bootstrap::{Bootstrapped, wild_cluster_bootstrap};

use super::moments::Moments;

#[cfg(test)]
mod tests;

/// What an estimator does about covariates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adjustment {
    /// Nothing: the difference in means.
    Difference,
    /// All covariates of the observations enter the regression.
    Ancova,
    /// An association without covariates: the slope of a simple regression.
    Slope,
    /// An association at equal covariates: the slope of a multiple regression.
    Regression,
    /// The slope of a simple regression with both sides in their own standard deviations: Pearson's correlation.
    Correlation,
    /// Rows are persons at all waves, and indicators of the waves stand beside exposure: organizations that have changed against
    /// those that have not yet.
    SteppedWedge,
}

impl Adjustment {
    /// Whether covariates enter.
    pub fn covariates(self) -> bool {
        matches!(self, Adjustment::Ancova | Adjustment::Regression)
    }

    /// Whether it answers an association, and not an experiment.
    pub fn association(self) -> bool {
        matches!(self, Adjustment::Slope | Adjustment::Regression | Adjustment::Correlation)
    }
}

/// An estimated effect or association with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The coefficient of the question's column: of a contrast treated minus control, in the outcome's units.
    pub estimate: f64,
    /// Standard error, in the outcome's units; positive.
    pub standard_error: f64,
    /// Degrees of freedom of the t distribution; positive, not always whole.
    pub degrees_of_freedom: f64,
    /// Lower bound of the confidence interval.
    pub lower: f64,
    /// Upper bound of the confidence interval.
    pub upper: f64,
    /// Two-sided p-value of 'no effect', in \[0, 1\].
    pub p_value: f64,
}

/// A way to estimate the coefficient that is the question: a regression and a variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimator {
    /// Stable identifier, as a scenario names it.
    pub id: &'static str,
    /// Name for tables and figures.
    pub name: &'static str,
    /// Whether covariates enter.
    pub adjustment: Adjustment,
    /// How the variance is estimated.
    pub errors: Errors,
    /// What it estimates and when to use it, in a sentence or two.
    pub meaning: &'static str,
    /// The equation.
    pub equation: &'static str,
    /// What must hold for the standard error and the interval.
    pub assumptions: &'static str,
    /// The literature.
    pub source: &'static str,
}

impl Estimator {
    /// The coefficient of the question's column with a two-sided interval at `confidence` (strictly between 0 and 1).
    ///
    /// Neither the order of the rows nor the labels of the clusters change a bit of the answer. ANCOVA without
    /// covariates is the difference in means.
    ///
    /// Errors: see [`Failure`]. Bad data never panic.
    ///
    /// ```
    /// use peerlab::study::estimators::{Observations, find};
    /// let data = Observations {
    ///     outcome: vec![1.0, 2.0, 3.0, 2.0, 4.0, 5.0, 4.0, 4.5],
    ///     treated: vec![0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0],
    ///     beside: vec![],
    ///     covariates: vec![],
    ///     cluster: vec![1, 1, 2, 2, 3, 3, 4, 4],
    /// };
    /// let effect = find("difference_cr2").unwrap().estimate(&data, 0.95).unwrap();
    /// assert!((effect.estimate - 2.375).abs() < 1e-12);
    /// assert!((effect.degrees_of_freedom - 2.0).abs() < 1e-9);
    /// ```
    pub fn estimate(&self, data: &Observations, confidence: f64) -> Result<Estimate, Failure> {
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(Failure::Confidence { confidence });
        }
        let adjusted = self.adjustment.covariates();
        data.check(adjusted, data.beside.is_empty() && !self.adjustment.association())?;
        let covariates: &[_] = if adjusted { &data.covariates } else { &[] };
        let (rows, coefficients) = (data.outcome.len(), 2 + data.beside.len() + covariates.len());
        if rows <= coefficients {
            return Err(Failure::TooFewRows { rows, coefficients });
        }
        if data.treated.iter().all(|&t| t == data.treated[0]) {
            return Err(Failure::NoVariationInTreatment { value: data.treated[0], rows });
        }

        let order = data.canonical_order(adjusted);
        let sorted = |values: &[f64]| order.iter().map(|&i| values[i]).collect::<Vec<f64>>();
        let scaled = |values: &[f64]| match self.adjustment {
            Adjustment::Correlation => standardized(sorted(values)),
            _ => sorted(values),
        };
        let others: Vec<&(String, Vec<f64>)> = data.beside.iter().chain(covariates).collect();
        let mut columns = vec![vec![1.0; rows], scaled(&data.treated)];
        columns.extend(others.iter().map(|(_, values)| sorted(values)));
        let fit = LeastSquares::fit_named(&columns, &scaled(&data.outcome), |j| match j {
            0 => "the intercept".to_owned(),
            1 => "the treatment".to_owned(),
            _ => others[j - 2].0.clone(),
        })?;

        let (variance, degrees_of_freedom) = match self.errors {
            Errors::Classical => {
                (fit.classical_covariance()[(TREATMENT, TREATMENT)], fit.residual_degrees_of_freedom() as f64)
            }
            errors => {
                let cluster: Vec<u32> = order.iter().map(|&i| data.cluster[i]).collect();
                let clustered = Clustered::new(&fit, &cluster)?;
                let share = clustered.unseen(TREATMENT)?;
                if share > 1e-6 {
                    return Err(Failure::SingleClusterArm { share });
                }
                let variance = clustered.variance(errors, TREATMENT)?;
                let degrees_of_freedom = match errors {
                    Errors::CR2 => clustered.satterthwaite(TREATMENT)?,
                    _ => clustered.clusters() as f64 - 1.0,
                };
                (variance, degrees_of_freedom)
            }
        };
        let estimate = fit.coefficients()[TREATMENT];
        if variance <= fit.variance_floor(TREATMENT) {
            return Err(Failure::ZeroVariance { estimate });
        }
        interval(estimate, variance.sqrt(), degrees_of_freedom, confidence)
    }
}

/// The coefficient of the question's column alone: the linear functional that `adjustment` applies to the outcome. It is
/// what the truth of a question is computed with; NaN where it is not determined.
pub(crate) fn coefficient(adjustment: Adjustment, data: &Observations) -> f64 {
    let rows = data.outcome.len();
    let scaled = |values: &[f64]| match adjustment {
        Adjustment::Correlation => standardized(values.to_vec()),
        _ => values.to_vec(),
    };
    let mut columns = vec![vec![1.0; rows], scaled(&data.treated)];
    let covariates: &[_] = if adjustment.covariates() { &data.covariates } else { &[] };
    columns.extend(data.beside.iter().chain(covariates).map(|(_, values)| values.clone()));
    LeastSquares::fit(&columns, &scaled(&data.outcome)).map_or(f64::NAN, |fit| fit.coefficients()[TREATMENT])
}

/// The treatment's column in the design: after the intercept.
const TREATMENT: usize = 1;

/// In its own standard deviations (with N - 1); a column without any stays as it is and is found singular later.
fn standardized(mut values: Vec<f64>) -> Vec<f64> {
    let mut moments = Moments::default();
    values.iter().for_each(|value| moments.push(*value));
    let (mean, sd) = (moments.mean(), moments.variance().sqrt());
    if sd > 0.0 {
        values.iter_mut().for_each(|value| *value = (*value - mean) / sd);
    }
    values
}

fn interval(estimate: f64, standard_error: f64, df: f64, confidence: f64) -> Result<Estimate, Failure> {
    let half_width = student_t_critical(confidence, df) * standard_error;
    let result = Estimate {
        estimate,
        standard_error,
        degrees_of_freedom: df,
        lower: estimate - half_width,
        upper: estimate + half_width,
        p_value: student_t_two_sided(estimate / standard_error, df),
    };
    let parts = [
        ("estimate", result.estimate),
        ("standard error", result.standard_error),
        ("degrees of freedom", result.degrees_of_freedom),
        ("lower bound", result.lower),
        ("upper bound", result.upper),
        ("p-value", result.p_value),
    ];
    match parts.into_iter().find(|(_, value)| !value.is_finite()) {
        Some((what, value)) => Err(Failure::OutOfRange { what, value }),
        None => Ok(result),
    }
}
