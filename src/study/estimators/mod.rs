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
mod correlation;
mod distribution;
mod dyadic;
mod effect_size;
mod failure;
mod intraclass;
mod least_squares;
mod leverage;
mod logistic;
pub mod mixed;
mod models;
mod multilevel;
mod multiplicity;
mod noncentral_t;
mod observations;
mod power_formula;
mod randomization;
mod regression;
mod resampling;
mod satterthwaite;
mod specification;
mod variance_explained;
mod wild_bootstrap;

pub use actor_partner::{ActorPartner, Distinguishable, Dyads, Effect};
pub use beta::{fisher_f_lower, fisher_f_quantile, fisher_f_upper};
pub use catalogue::{catalogue, find};
pub use chi_square::chi_square_upper;
pub use cluster_robust::{Clustered, Errors, cluster_covariance};
pub use distribution::{student_t_cdf, student_t_critical, student_t_density, student_t_quantile, student_t_two_sided};
pub use effect_size::{HedgesG, cronbach_alpha, hedges_g, standardizer};
pub use failure::Failure;
pub use intraclass::{Intraclass, intraclass_correlation, intraclass_correlation_within};
pub use least_squares::LeastSquares;
pub use logistic::Logistic;
pub use multiplicity::{benjamini_hochberg, holm};
pub use noncentral_t::{noncentral_t_cdf, normal_cdf, power_of_t};
pub use observations::{Lot, Observations};
pub use power_formula::{ClusterDesign, Exaggeration, exaggeration};
pub use randomization::{Lots, Randomized, randomization_inference};
pub use regression::Regressions;
pub(crate) use regression::coefficient;
pub use resampling::assignments;
pub use satterthwaite::satterthwaite;
pub use specification::{Asked, Correction, DegreesOfFreedom, Method, Sample, Scaling, Specification, Structure};
pub use variance_explained::{partial_r_squared, partial_r_squared_among};
pub use wild_bootstrap::{Bootstrapped, wild_cluster_bootstrap};

#[cfg(test)]
mod tests;

/// An estimated effect or association with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The coefficient of the question's column: of a contrast treated minus control, in the outcome's units.
    pub estimate: f64,
    /// Standard error, in the outcome's units; positive.
    pub standard_error: f64,
    /// Degrees of freedom of the t distribution; positive, not always whole; NaN where the inference rests on none.
    pub degrees_of_freedom: f64,
    /// Lower bound of the confidence interval; minus infinity where no draw rejects any effect below.
    pub lower: f64,
    /// Upper bound of the confidence interval; infinity where no draw rejects any effect above.
    pub upper: f64,
    /// Two-sided p-value of 'no effect', in \[0, 1\].
    pub p_value: f64,
    /// Whether a variance of the model was estimated at the boundary of what is possible (zero; a correlation of ±1).
    pub boundary: bool,
}

/// A way to estimate the coefficient that is the question: a model, and how sure it is of itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimator {
    /// Stable identifier, as a scenario names it.
    pub id: &'static str,
    /// Name for tables and figures.
    pub name: &'static str,
    /// Which columns enter, and which coefficient is asked.
    pub specification: Specification,
    /// How it is fitted, and where its uncertainty comes from.
    pub method: Method,
    /// Whose rows enter.
    pub sample: Sample,
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
    ///     ..Default::default()
    /// };
    /// let effect = find("difference_cr2").unwrap().estimate(&data, 0.95).unwrap();
    /// assert!((effect.estimate - 2.375).abs() < 1e-12);
    /// assert!((effect.degrees_of_freedom - 2.0).abs() < 1e-9);
    /// ```
    pub fn estimate(&self, data: &Observations, confidence: f64) -> Result<Estimate, Failure> {
        self.estimate_among(&mut Regressions::default(), data, confidence)
    }

    /// [`estimate`](Estimator::estimate), to the bit, with what other estimators of the same data have fitted already.
    pub fn estimate_among(
        &self,
        regressions: &mut Regressions,
        data: &Observations,
        confidence: f64,
    ) -> Result<Estimate, Failure> {
        if !(confidence > 0.0 && confidence < 1.0) {
            return Err(Failure::Confidence { confidence });
        }
        match self.method {
            Method::LeastSquares(errors, df) => {
                regression::estimate(regressions, self.specification, (errors, df), data, confidence)
            }
            Method::WildBootstrap => resampling::bootstrap(self.specification, data, confidence),
            Method::Mixed(structure, correction) => {
                multilevel::estimate(self.specification, structure, correction, data, confidence)
            }
            Method::Logistic => regression::log_odds(self.specification, data, confidence),
            Method::Randomization => resampling::randomization(self.specification, data, confidence),
            Method::ActorPartner => dyadic::actor_partner(self.specification, data, confidence),
            Method::ClusterJackknife => correlation::estimate(data, confidence),
            Method::Intraclass { clamped } => dyadic::intraclass(clamped, data, confidence),
        }
    }
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
        boundary: false,
    };
    finite(result, true)
}

/// An estimate all of whose parts are finite; without a t distribution, all but its degrees of freedom. An interval from drawing
/// again may have no end: with six units in two arms every effect has a p-value of at least .1, and that is the answer.
fn finite(result: Estimate, of_t: bool) -> Result<Estimate, Failure> {
    let parts = [
        ("estimate", result.estimate),
        ("standard error", result.standard_error),
        ("degrees of freedom", if of_t { result.degrees_of_freedom } else { 1.0 }),
        ("lower bound", if !of_t && result.lower == f64::NEG_INFINITY { 0.0 } else { result.lower }),
        ("upper bound", if !of_t && result.upper == f64::INFINITY { 0.0 } else { result.upper }),
        ("p-value", result.p_value),
    ];
    match parts.into_iter().find(|(_, value)| !value.is_finite()) {
        // A variance that vanishes has no derivative either, and endless degrees of freedom.
        Some(("degrees of freedom", f64::INFINITY)) => Err(Failure::ZeroVariance { estimate: result.estimate }),
        Some((what, value)) => Err(Failure::OutOfRange { what, value }),
        None => Ok(result),
    }
}
