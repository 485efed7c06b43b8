//! Estimators that are one coefficient of a linear mixed model, fitted by restricted maximum likelihood.

use super::failure::Failure;
use super::mixed::{Likelihood, MixedModel, Term};
use super::observations::Observations;
use super::regression::TREATMENT;
use super::specification::{Correction, Specification, Structure};
use super::{Estimate, interval};

/// The coefficient of the question's column with a t test; whether a variance lies on its boundary stands beside it.
pub(super) fn estimate(
    specification: Specification,
    structure: Structure,
    correction: Correction,
    data: &Observations,
    confidence: f64,
) -> Result<Estimate, Failure> {
    let adjusted = specification.covariates();
    data.check(adjusted, data.beside.is_empty())?;
    let rows = data.outcome.len();
    if rows == 0 {
        return Err(Failure::TooFewRows { rows, coefficients: 2 });
    }
    if data.treated.iter().all(|value| *value == data.treated[0]) {
        return Err(Failure::NoVariationInTreatment { value: data.treated[0], rows });
    }
    let mut fixed =
        vec![("the intercept".to_owned(), vec![1.0; rows]), ("the treatment".to_owned(), data.treated.clone())];
    fixed.extend(data.beside.iter().chain(data.covariates.iter().filter(|_| adjusted)).cloned());
    let weights: Vec<f64> = (0..fixed.len()).map(|at| if at == TREATMENT { 1.0 } else { 0.0 }).collect();
    let model = MixedModel { outcome: data.outcome.clone(), fixed, terms: terms(structure, data)? };
    let fit = model.fit(Likelihood::Restricted)?;
    let tested = match correction {
        Correction::KenwardRoger => fit.kenward_roger(&weights)?,
        Correction::Satterthwaite => fit.satterthwaite(&weights)?,
    };
    let found = interval(tested.estimate, tested.standard_error, tested.degrees_of_freedom, confidence)?;
    Ok(Estimate { boundary: !fit.singular.is_empty(), ..found })
}

/// The random effects of a structure.
fn terms(structure: Structure, data: &Observations) -> Result<Vec<Term>, Failure> {
    let dyad = || known("dyad", &data.dyad);
    Ok(match structure {
        Structure::Dyad => vec![Term::compound_symmetry("dyad", dyad()?)],
        Structure::DyadClamped => vec![Term::intercept("dyad", dyad()?)],
        Structure::DyadInOrganization => vec![
            Term::compound_symmetry("dyad", dyad()?),
            Term::intercept("organization", known("organization", &data.organization)?),
        ],
        Structure::Growth => {
            let week = known("week", &data.week)?;
            vec![
                Term::symmetric_lines("person", known("person", &data.person)?, week),
                Term::symmetric_lines("dyad", dyad()?, week),
            ]
        }
    })
}

fn known<'a, T>(what: &'static str, labels: &'a [T]) -> Result<&'a [T], Failure> {
    if labels.is_empty() { Err(Failure::LabelsUnknown { what }) } else { Ok(labels) }
}
