//! Mixed models with every coefficient, every variance, and what lies on a boundary.

use std::collections::BTreeMap;

use super::nesting::varying;
use super::{Fitted, Roles, Sample, Term, of_t};
use crate::report::text::number;
use crate::study::estimators::mixed::{Likelihood, MixedFit, MixedModel, Term as Random, Tested};
use crate::study::estimators::{Failure, intraclass_correlation_within};

/// Clusters whose members may contrast, in organizations: y = X β + cluster + organization + e.
pub(super) fn clusters(sample: &Sample, roles: &Roles, name: &str, confidence: f64) -> Fitted {
    let fitted = Fitted::new(name, "Mixed model (REML), Kenward-Roger");
    let mut terms = vec![Random::compound_symmetry(named(&roles.cluster, "cluster"), &sample.cluster)];
    let repeated = {
        let mut persons = sample.person.clone();
        persons.sort_unstable();
        persons.dedup();
        persons.len() < sample.person.len() && roles.person != roles.cluster
    };
    if repeated {
        terms.push(Random::intercept(named(&roles.person, "person"), &sample.person));
    }
    if !sample.organization.is_empty() {
        terms.push(Random::intercept(named(&roles.organization, "organization"), &sample.organization));
    }
    let mut fixed = Fixed::default();
    fixed.push("intercept", "intercept".to_owned(), vec![1.0; sample.outcome.len()]);
    if let Some((label, values)) = &sample.asked {
        fixed.push("asked", label.clone(), values.clone());
    }
    sample.covariates.iter().for_each(|(label, values)| fixed.push("covariate", label.clone(), values.clone()));
    let (mut fitted, model) = solve(fitted, sample, fixed, terms, confidence);
    if let Some(Failure::NotConverged { .. }) = fitted.failure
        && let Some(failure) = unlike(sample)
    {
        return fitted.failed(failure);
    }
    contrast(&mut fitted, &model, sample, confidence);
    fitted
}

/// Whether one cluster is too large for the correlation that the smaller ones, up to half its size, have.
fn unlike(sample: &Sample) -> Option<Failure> {
    let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    sample.cluster.iter().enumerate().for_each(|(row, cluster)| rows.entry(*cluster).or_default().push(row));
    let size = rows.values().map(Vec::len).max()?;
    let small: Vec<usize> = rows.into_values().filter(|own| 2 * own.len() <= size).flatten().collect();
    let column = |values: &[f64]| small.iter().map(|row| values[*row]).collect::<Vec<f64>>();
    let arm = match (&sample.arms, &sample.asked) {
        (Some(_), Some((_, values))) => column(values),
        _ => vec![0.0; small.len()],
    };
    let cluster: Vec<u32> = small.iter().map(|row| sample.cluster[*row]).collect();
    let found = intraclass_correlation_within(&column(&sample.outcome), &cluster, &arm).ok()?.correlation;
    let least = -1.0 / (size as f64 - 1.0);
    (found < least).then_some(Failure::NoCommonCorrelation { found, size, least })
}

/// Persons' own lines over time, and dyads': y = X β + (a_i + b_i time) + (a_d + b_d time) + organization + e; the organization
/// with a line of its own where whole organizations were treated.
pub(super) fn growth(sample: &Sample, roles: &Roles, name: &str, confidence: f64) -> Fitted {
    let fitted = Fitted::new(name, "Growth model (REML), Kenward-Roger");
    let of_person = !sample.person.is_empty();
    let (who, person) = if of_person {
        (named(&roles.person, "person"), &sample.person)
    } else {
        (named(&roles.cluster, "person"), &sample.cluster)
    };
    let mut terms = vec![Random::slope(who, person, &sample.time)];
    if of_person && sample.clustered && roles.cluster != roles.person {
        terms.push(Random::slope(named(&roles.cluster, "cluster"), &sample.cluster, &sample.time));
    }
    if !sample.organization.is_empty() {
        let organization = named(&roles.organization, "organization");
        // A treatment of whole organizations is judged by how organizations differ in change.
        terms.push(if sample.arms.is_some() && varying(sample, &sample.organization) == 0 {
            Random::slope(organization, &sample.organization, &sample.time)
        } else {
            Random::intercept(organization, &sample.organization)
        });
    }
    let time = roles.time.clone().unwrap_or_else(|| "time".to_owned());
    let mut fixed = Fixed::default();
    fixed.push("intercept", "intercept".to_owned(), vec![1.0; sample.outcome.len()]);
    match &sample.asked {
        None => fixed.push("asked", time.clone(), sample.time.clone()),
        Some((label, values)) => {
            fixed.push("time", time.clone(), sample.time.clone());
            fixed.push("start", label.clone(), values.clone());
            let product = values.iter().zip(&sample.time).map(|(value, time)| value * time).collect();
            fixed.push("asked", format!("{label} × {time}"), product);
        }
    }
    sample.covariates.iter().for_each(|(label, values)| fixed.push("covariate", label.clone(), values.clone()));
    let (mut fitted, _) = solve(fitted, sample, fixed, terms, confidence);
    if fitted.failure.is_none() {
        fitted.notes.push(at_zero(sample, &time));
    }
    fitted
}

/// Where intercept and arms are compared: at time 0, wherever that is.
fn at_zero(sample: &Sample, time: &str) -> String {
    let bounds = (f64::INFINITY, f64::NEG_INFINITY);
    let (from, to) = sample.time.iter().fold(bounds, |(low, high), t| (low.min(*t), high.max(*t)));
    let what = match &sample.asked {
        Some((label, _)) => format!("The intercept and `{label}` alone are"),
        None => "The intercept is".to_owned(),
    };
    let outside = if from > 0.0 || to < 0.0 {
        format!(", outside the data ({} to {})", number(from), number(to))
    } else {
        String::new()
    };
    let variances = "and so are the variances of intercepts";
    format!(
        "{what} at `{time}` = 0{outside}, {variances}; center `{time}` to have them elsewhere. Change over time stays the same."
    )
}

fn named<'a>(role: &'a Option<String>, otherwise: &'a str) -> &'a str {
    role.as_deref().unwrap_or(otherwise)
}

/// Columns of X with what they are.
#[derive(Default)]
struct Fixed {
    ids: Vec<&'static str>,
    columns: Vec<(String, Vec<f64>)>,
}

impl Fixed {
    fn push(&mut self, id: &'static str, label: String, values: Vec<f64>) {
        self.ids.push(id);
        self.columns.push((label, values));
    }
}

fn solve(
    mut fitted: Fitted,
    sample: &Sample,
    fixed: Fixed,
    terms: Vec<Random>,
    confidence: f64,
) -> (Fitted, MixedModel) {
    fitted.rows = sample.outcome.len();
    let model = MixedModel { outcome: sample.outcome.clone(), fixed: fixed.columns, terms };
    let found = match model.fit(Likelihood::Restricted) {
        Ok(found) => found,
        Err(failure) => return (fitted.failed(failure), model),
    };
    fitted.groups = found.groups.first().copied().unwrap_or(0);
    for (k, id) in fixed.ids.iter().enumerate() {
        match found.kenward_roger(&unit(k, fixed.ids.len())).and_then(finite) {
            Ok(tested) => {
                let estimate = of_t(tested.estimate, tested.standard_error, tested.degrees_of_freedom, confidence);
                fitted.terms.push(Term { id, label: model.fixed[k].0.clone(), estimate });
            }
            Err(failure) => return (fitted.failed(failure), model),
        }
    }
    variances(&mut fitted, &model, &found);
    fitted.notes.extend(found.singular.iter().map(|words| format!("Singular fit: {words}.")));
    // At a correlation of ±1 every program makes something else of it, and where a variance is negative others hold it at zero.
    let at_a_correlation = !found.singular.is_empty() && found.variances.iter().any(|own| own.len() > 1);
    let negative = found.variances.iter().any(|own| own[0] < 0.0);
    if !at_a_correlation
        && let Some(k) = fixed.ids.iter().position(|id| *id == "asked")
        && let Ok(naive) = found.satterthwaite(&unit(k, fixed.ids.len())).and_then(finite)
    {
        let label =
            if negative { "df of it by Satterthwaite" } else { "df of it by Satterthwaite, as other software has it" };
        fitted.quantity("satterthwaite_degrees_of_freedom", label, naive.degrees_of_freedom);
    }
    (fitted, model)
}

pub(super) fn unit(k: usize, length: usize) -> Vec<f64> {
    (0..length).map(|j| f64::from(u8::from(j == k))).collect()
}

pub(super) fn finite(tested: Tested) -> Result<Tested, Failure> {
    for (what, value) in [("standard error", tested.standard_error), ("degrees of freedom", tested.degrees_of_freedom)]
    {
        // A variance that vanishes has no derivative either, and endless degrees of freedom.
        if value == 0.0 || (value == f64::INFINITY && what == "degrees of freedom") {
            return Err(Failure::ZeroVariance { estimate: tested.estimate });
        }
        if !(value.is_finite() && value > 0.0) {
            return Err(Failure::OutOfRange { what, value });
        }
    }
    Ok(tested)
}

fn variances(fitted: &mut Fitted, model: &MixedModel, found: &MixedFit) {
    for (index, (term, own)) in model.terms.iter().zip(&found.variances).enumerate() {
        let name = &term.name;
        match own[..] {
            [intercept, covariance, slope] => {
                fitted.quantity(&format!("variance_{name}"), format!("variance, {name} (at time 0)"), intercept);
                fitted.quantity(&format!("slope_variance_{name}"), format!("variance of slopes, {name}"), slope);
                let correlation = covariance / (intercept * slope).sqrt();
                if correlation.is_finite() {
                    let label = format!("correlation of the two, {name}");
                    fitted.quantity(&format!("slope_correlation_{name}"), label, correlation);
                }
            }
            _ => {
                fitted.quantity(&format!("variance_{name}"), format!("variance, {name}"), own[0]);
                let intraclass = found.intraclass_correlation(index);
                fitted.quantity(&format!("intraclass_{name}"), format!("intraclass correlation, {name}"), intraclass);
            }
        }
    }
    fitted.quantity("residual_variance", "variance, residual", found.residual);
    fitted.quantity("reml_criterion", "REML criterion (-2 log likelihood)", found.criterion);
}

/// Where members contrast, beside the answer what a model says that holds the variance of clusters at zero.
fn contrast(fitted: &mut Fitted, model: &MixedModel, sample: &Sample, confidence: f64) {
    let name = &model.terms[0].name;
    let negative = fitted.quantities.iter().any(|one| one.id == format!("variance_{name}") && one.value < 0.0);
    if !negative {
        return;
    }
    let mut clamped = model.clone();
    clamped.terms[0] = Random::intercept(name, &sample.cluster);
    let asked = fitted.terms.iter().position(|term| term.id == "asked").unwrap_or(0);
    let found = clamped.fit(Likelihood::Restricted);
    let tested = found.and_then(|found| found.satterthwaite(&unit(asked, model.fixed.len()))).and_then(finite);
    if let Ok(tested) = tested {
        let estimate = of_t(tested.estimate, tested.standard_error, tested.degrees_of_freedom, confidence);
        let label = format!("{}, clamped at 0", fitted.terms[asked].label);
        let (honest, naive) = (fitted.terms[asked].estimate.standard_error, estimate.standard_error);
        fitted.notes.push(format!(
            "The correlation of members of a {name} is estimated below zero. A mixed model that holds the variance of the {name} at zero takes them for \
             independent: its standard error is {} times as large (last line).",
            number((naive / honest * 100.0).round() / 100.0)
        ));
        fitted.terms.push(Term { id: "clamped", label, estimate });
    }
}
