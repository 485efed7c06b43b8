//! Variances of the outcome between and within clusters, and the intraclass correlation: within arms, where there is a treatment.

use super::catalogue::observations;
use super::order::canonical;
use super::{Fitted, Roles, Sample, Term};
use crate::study::estimators::mixed::{Likelihood, MixedModel, Term as Random};
use crate::study::estimators::{Estimator, intraclass_correlation_within};

pub(super) fn fit(sample: &Sample, roles: &Roles, name: &str, estimator: &Estimator, confidence: f64) -> Fitted {
    let mut fitted = Fitted::new(name, "Variances and intraclass correlation");
    fitted.rows = sample.outcome.len();
    let data = observations(sample, estimator);
    let found = intraclass_correlation_within(&data.outcome, &data.cluster, &data.treated);
    let (found, estimate) = match found.and_then(|found| Ok((found, estimator.estimate(&data, confidence)?))) {
        Ok(found) => found,
        Err(failure) => return fitted.failed(failure),
    };
    fitted.groups = found.groups;
    fitted.terms.push(Term { id: "intraclass", label: "intraclass correlation".to_owned(), estimate });
    let (between, within) = found.degrees_of_freedom;
    let total = (found.between * between + found.within * within) / (between + within);
    let (order, _) = canonical(&[&sample.outcome], &vec![0; sample.outcome.len()]);
    let mean = order.iter().fold(0.0, |sum, row| sum + sample.outcome[*row]) / sample.outcome.len() as f64;
    fitted.quantity("mean", "mean", mean);
    fitted.quantity("total_variance", "variance, total", total);
    let component = (found.between - found.within) / found.size;
    fitted.quantity("between_variance", "variance between clusters, (MSB - MSW)/n0", component);
    fitted.quantity("mean_square_between", "mean square between clusters", found.between);
    fitted.quantity("mean_square_within", "mean square within clusters (variance within)", found.within);
    fitted.quantity("f", format!("F on {between:.0} and {within:.0} df"), found.f);
    fitted.quantity("cluster_size", "n0, the size of clusters that counts", found.size);
    if sample.sizes().1.len() > 1 {
        let words = "Clusters are of unequal size: the interval is approximate, the test of 0 is not.";
        fitted.notes.push(words.to_owned());
        if found.correlation == found.least {
            let words = "The ratio lay below the least correlation that the largest cluster allows, -1/(n - 1), and was set there: \
                         `mixed` estimates it within its bounds.";
            fitted.notes.push(words.to_owned());
        }
    }
    if found.exact() {
        let words = match found.within == 0.0 {
            true => {
                "All variance lies between clusters, none within: the correlation is 1, and nothing in these data tells how certain that is."
            }
            false => {
                "All variance lies within clusters, whose members add up to the same everywhere: the correlation is the least there can \
                      be, and nothing in these data tells how certain that is. Other models have no uncertainty to estimate."
            }
        };
        fitted.notes.push(words.to_owned());
    }
    if sample.arms.is_some() {
        fitted.notes.push("Within arms: the difference between them is taken out.".to_owned());
    }
    if roles.predictor.is_some() || !sample.covariates.is_empty() {
        let words = "Other columns are not taken out: `mixed` has the correlation of what they leave.";
        fitted.notes.push(words.to_owned());
    }
    clamped(&mut fitted, sample, roles, found.exact());
    fitted
}

/// What a mixed model says that holds variances at zero or above.
fn clamped(fitted: &mut Fitted, sample: &Sample, roles: &Roles, exact: bool) {
    let cluster = roles.cluster.as_deref().unwrap_or("cluster");
    let mut fixed = vec![("intercept".to_owned(), vec![1.0; sample.outcome.len()])];
    fixed.extend(sample.asked.clone().filter(|_| sample.arms.is_some()));
    let terms = vec![Random::intercept(cluster, &sample.cluster)];
    let model = MixedModel { outcome: sample.outcome.clone(), fixed, terms };
    let Ok(found) = model.fit(Likelihood::Restricted) else { return };
    let label = "the same by a mixed model that holds variances at 0 or above";
    fitted.quantity("intraclass_clamped", label, found.intraclass_correlation(0));
    let contrast = fitted.terms.iter().any(|term| term.estimate.estimate < 0.0);
    // An estimate below zero is a finding only where it is told from zero.
    let told = fitted.terms.iter().any(|term| term.estimate.estimate < 0.0 && term.estimate.p_value < 0.05);
    if !found.singular.is_empty() && contrast && !exact {
        fitted.notes.push(format!(
            "{} A mixed model that holds variances at zero or above ends on the boundary here and calls them independent: use \
             `mixed`, which does not.",
            if told { format!("Members of a {cluster} contrast.") } else { "The correlation is estimated below zero.".to_owned() }
        ));
    }
}
