//! Estimators that are one regression with a t test.

use super::cluster_robust::{Clustered, Errors};
use super::failure::Failure;
use super::least_squares::LeastSquares;
use super::logistic::Logistic;
use super::observations::Observations;
use super::specification::{DegreesOfFreedom, Specification};
use super::{Estimate, dyadic, interval};
use crate::study::moments::Moments;

/// The treatment's column in the design: after the intercept.
pub(super) const TREATMENT: usize = 1;

/// The rows and columns of a regression, in an order that depends on what they hold.
pub(super) struct Design<'a> {
    /// Which row of the data each row is.
    pub order: Vec<usize>,
    /// Intercept, the question's column, what stands beside it, covariates.
    pub columns: Vec<Vec<f64>>,
    /// The outcome.
    pub outcome: Vec<f64>,
    /// The number of each row's cluster, from 0: clusters come one after another, and none of the data's own labels reaches a sum.
    pub cluster: Vec<u32>,
    /// What stands beside the question's column, and covariates.
    others: [&'a [(String, Vec<f64>)]; 2],
}

impl Design<'_> {
    /// Checks the data and sorts them.
    pub fn of(specification: Specification, data: &Observations) -> Result<Design<'_>, Failure> {
        let adjusted = specification.covariates();
        data.check(adjusted, data.beside.is_empty() && !specification.any_number())?;
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
        let scaled = |values: &[f64]| in_its_scale(specification, sorted(values));
        let mut columns = vec![vec![1.0; rows], scaled(&data.treated)];
        columns.extend(data.beside.iter().chain(covariates).map(|(_, values)| sorted(values)));
        let (outcome, cluster) = (scaled(&data.outcome), numbers(&order, &data.cluster));
        Ok(Design { order, columns, outcome, cluster, others: [&data.beside, covariates] })
    }

    /// Least squares.
    pub fn fit(&self) -> Result<LeastSquares, Failure> {
        LeastSquares::fit_named(&self.columns, &self.outcome, |j| match j {
            0 => "the intercept".to_owned(),
            TREATMENT => "the treatment".to_owned(),
            _ => self.others.iter().copied().flatten().nth(j - 2).map_or_else(String::new, |(name, _)| name.clone()),
        })
    }
}

/// Numbers for labels of which each has its rows one after another in this order.
fn numbers(order: &[usize], label: &[u32]) -> Vec<u32> {
    let mut numbers = Vec::with_capacity(order.len());
    for (rows, number) in order.chunk_by(|a, b| label[*a] == label[*b]).zip(0..) {
        numbers.extend(std::iter::repeat_n(number, rows.len()));
    }
    numbers
}

/// Least squares of one data set, with who belongs together.
struct Regression {
    fit: LeastSquares,
    cluster: Vec<u32>,
}

impl Regression {
    fn of(specification: Specification, data: &Observations) -> Result<Regression, Failure> {
        let design = Design::of(specification, data)?;
        Ok(Regression { fit: design.fit()?, cluster: design.cluster })
    }
}

/// The regressions of one data set, each fitted once however many estimators and effect sizes are made of it.
#[derive(Default)]
pub struct Regressions(Vec<(Specification, Result<Regression, Failure>)>);

impl Regressions {
    /// Of the same data as before.
    fn of(&mut self, specification: Specification, data: &Observations) -> Result<&Regression, Failure> {
        let known = self.0.iter().position(|(of, _)| *of == specification);
        let at = known.unwrap_or_else(|| {
            self.0.push((specification, Regression::of(specification, data)));
            self.0.len() - 1
        });
        self.0[at].1.as_ref().map_err(Failure::clone)
    }

    /// The least squares fit of this specification.
    pub(super) fn fit(&mut self, specification: Specification, data: &Observations) -> Result<&LeastSquares, Failure> {
        self.of(specification, data).map(|regression| &regression.fit)
    }
}

/// The coefficient of the question's column with a t test.
pub(super) fn estimate(
    regressions: &mut Regressions,
    specification: Specification,
    (errors, df): (Errors, DegreesOfFreedom),
    data: &Observations,
    confidence: f64,
) -> Result<Estimate, Failure> {
    let Regression { fit, cluster } = regressions.of(specification, data)?;
    let (variance, degrees_of_freedom) = match errors {
        Errors::Classical => {
            (fit.classical_covariance()[(TREATMENT, TREATMENT)], fit.residual_degrees_of_freedom() as f64)
        }
        errors => {
            let clustered = Clustered::new(fit, cluster, errors)?;
            let share = clustered.unseen(TREATMENT)?;
            if share > 1e-6 {
                return Err(Failure::SingleClusterArm { share });
            }
            let degrees_of_freedom = match df {
                DegreesOfFreedom::Satterthwaite => clustered.satterthwaite(TREATMENT)?,
                DegreesOfFreedom::Naive => clustered.clusters() as f64 - 1.0,
            };
            (clustered.variance(TREATMENT)?, degrees_of_freedom)
        }
    };
    let estimate = fit.coefficients()[TREATMENT];
    if variance <= fit.variance_floor(TREATMENT) {
        return Err(Failure::ZeroVariance { estimate });
    }
    interval(estimate, variance.sqrt(), degrees_of_freedom, confidence)
}

/// The coefficient of the question's column in a logistic regression, with CR1 errors on G − 1 degrees of freedom.
pub(super) fn log_odds(
    specification: Specification,
    data: &Observations,
    confidence: f64,
) -> Result<Estimate, Failure> {
    let design = Design::of(specification, data)?;
    let plain = design.fit()?;
    let share = Clustered::new(&plain, &design.cluster, Errors::CR1)?.unseen(TREATMENT)?;
    if share > 1e-6 {
        return Err(Failure::SingleClusterArm { share });
    }
    let fit = Logistic::of(&plain, &design.outcome, &design.cluster)?;
    let (estimate, standard_error) = (fit.coefficients[TREATMENT], fit.standard_errors[TREATMENT]);
    // Some persons with 0 and some with 1 in each cluster alike: nothing between clusters is left to estimate from.
    if standard_error <= 1e-10 * fit.naive_errors[TREATMENT] {
        return Err(Failure::ZeroVariance { estimate });
    }
    interval(estimate, standard_error, f64::from(fit.clusters as u32) - 1.0, confidence)
}

/// The coefficient of the question's column alone: the linear functional that `specification` applies to the outcome. It is
/// what the truth of a question is computed with; NaN where it is not determined.
pub(crate) fn coefficient(specification: Specification, data: &Observations) -> f64 {
    match specification {
        Specification::Actor | Specification::Partner => return dyadic::coefficient(specification, data),
        Specification::Resemblance => return dyadic::resemblance(data),
        _ => {}
    }
    let rows = data.outcome.len();
    let scaled = |values: &[f64]| in_its_scale(specification, values.to_vec());
    let mut columns = vec![vec![1.0; rows], scaled(&data.treated)];
    let covariates: &[_] = if specification.covariates() { &data.covariates } else { &[] };
    columns.extend(data.beside.iter().chain(covariates).map(|(_, values)| values.clone()));
    LeastSquares::coefficients_of(&columns, &scaled(&data.outcome)).map_or(f64::NAN, |found| found[TREATMENT])
}

fn in_its_scale(specification: Specification, values: Vec<f64>) -> Vec<f64> {
    if specification == Specification::Correlation { standardized(values) } else { values }
}

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
