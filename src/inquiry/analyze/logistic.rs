//! Logistic regression with every coefficient, and odds ratios.

use super::catalogue::{note, observations};
use super::order::{canonical, sorted};
use super::{Dataset, Fitted, Roles, Sample, Term, of_t};
use crate::study::estimators::{Estimate, Estimator, Failure, Logistic};

/// Below so many clusters errors of a logistic regression are not to be relied on (Cameron & Miller 2015).
const FEW: usize = 40;

/// The first outcome that is neither 0 nor 1, by its place in the file: an estimator knows but the order in which it has sorted the rows.
pub(super) fn not_binary(table: &Dataset, sample: &Sample, roles: &Roles) -> Option<Failure> {
    let row = sample.outcome.iter().position(|value| *value != 0.0 && *value != 1.0)?;
    let column = roles.outcome.as_deref().unwrap_or("outcome");
    let place = format!("{}, {}, column `{column}`", table.name(), table.place(sample.rows[row]));
    Some(Failure::OutcomeNotBinary { place, value: sample.outcome[row] })
}

pub(super) fn fit(
    table: &Dataset,
    sample: &Sample,
    roles: &Roles,
    name: &str,
    estimator: &Estimator,
    confidence: f64,
) -> Fitted {
    let mut fitted = Fitted::new(name, "Logistic regression, log odds, CR1");
    if let Some(failure) = not_binary(table, sample, roles) {
        return fitted.failed(failure);
    }
    let data = observations(sample, estimator);
    fitted.notes.extend(note(sample, estimator));
    let columns: Vec<&(String, Vec<f64>)> = sample.asked.iter().chain(&sample.covariates).collect();
    let mut all: Vec<&[f64]> = vec![&sample.outcome];
    all.extend(columns.iter().map(|(_, values)| values.as_slice()));
    let (order, cluster) = canonical(&all, &data.cluster);
    let mut design = vec![vec![1.0; order.len()]];
    design.extend(all[1..].iter().map(|column| sorted(column, &order)));
    (fitted.rows, fitted.groups) = (order.len(), cluster.last().map_or(0, |last| *last as usize + 1));
    // What the catalogue refuses is refused here: an arm with one cluster has no variance between clusters.
    if let (Some(_), Err(failure)) = (&sample.arms, estimator.estimate(&data, confidence)) {
        return fitted.failed(failure);
    }
    let found = match Logistic::fit(&sorted(&sample.outcome, &order), &design, &cluster) {
        Ok(found) => found,
        Err(failure) => return fitted.failed(failure),
    };
    let df = found.clusters as f64 - 1.0;
    if found.clusters < FEW {
        fitted.notes.push(format!(
            "{} clusters: with fewer than about {FEW} the errors of a logistic regression are too small (CR1 knows no correction \
             for leverage). Compare `difference`, whose CR2 is made for few, as a difference in shares{}.",
            found.clusters,
            if sample.arms.is_some() { ", or `randomization`" } else { "" }
        ));
    }
    let asked = usize::from(sample.asked.is_some());
    let mut ratios = Vec::new();
    for (k, coefficient) in found.coefficients.iter().enumerate() {
        let estimate = of_t(*coefficient, found.standard_errors[k], df, confidence);
        if !(estimate.standard_error > 0.0 && estimate.lower.is_finite()) {
            return fitted.failed(Failure::OutOfRange { what: "standard error", value: estimate.standard_error });
        }
        let (id, label) = match k {
            0 => ("intercept", "intercept".to_owned()),
            _ if k <= asked => ("asked", columns[k - 1].0.clone()),
            _ => ("covariate", columns[k - 1].0.clone()),
        };
        if k > 0 {
            // An interval of log odds is one of odds; the ratio has no standard error of its own.
            let ratio = Estimate {
                estimate: libm::exp(estimate.estimate),
                standard_error: f64::NAN,
                lower: libm::exp(estimate.lower),
                upper: libm::exp(estimate.upper),
                ..estimate
            };
            ratios.push(Term { id: "odds_ratio", label: format!("odds ratio, {label}"), estimate: ratio });
        }
        fitted.terms.push(Term { id, label, estimate });
    }
    fitted.terms.extend(ratios);
    fitted.quantity("deviance", "-2 log likelihood", found.deviance);
    fitted
}
