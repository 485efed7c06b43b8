//! Estimators of pairs and groups: actor and partner effects, and resemblance.

use super::actor_partner::Dyads;
use super::failure::Failure;
use super::intraclass::intraclass_correlation_within;
use super::observations::Observations;
use super::specification::Specification;
use super::{Estimate, finite, interval};

/// The pairs of which both members are there; rows of incomplete pairs are left out.
///
/// Errors: nothing known of pairs; more than two rows of a pair.
pub(super) fn pairs(data: &Observations) -> Result<Dyads, Failure> {
    let rows = data.outcome.len();
    if data.dyad.len() != rows || data.treated.len() != rows {
        return Err(Failure::NoSharedGroup { term: "dyad".to_owned(), rows });
    }
    let mut order: Vec<usize> = (0..rows).collect();
    order.sort_by_key(|row| data.dyad[*row]);
    let mut all = Dyads { outcome: [Vec::new(), Vec::new()], predictor: [Vec::new(), Vec::new()] };
    for members in order.chunk_by(|a, b| data.dyad[*a] == data.dyad[*b]) {
        match members {
            [_] => {}
            [first, second] => {
                for (member, row) in [first, second].into_iter().enumerate() {
                    all.outcome[member].push(data.outcome[*row]);
                    all.predictor[member].push(data.treated[*row]);
                }
            }
            more => return Err(Failure::NoPair { dyad: data.dyad[more[0]], members: more.len() }),
        }
    }
    Ok(all)
}

/// The actor or the partner effect.
pub(super) fn actor_partner(
    specification: Specification,
    data: &Observations,
    confidence: f64,
) -> Result<Estimate, Failure> {
    let fit = pairs(data)?.indistinguishable()?;
    let effect = if specification == Specification::Partner { fit.partner } else { fit.actor };
    interval(effect.estimate, effect.standard_error, effect.degrees_of_freedom, confidence)
}

/// The effect without its uncertainty; NaN where it is not determined.
pub(super) fn coefficient(specification: Specification, data: &Observations) -> f64 {
    pairs(data)
        .and_then(|pairs| pairs.effects())
        .map_or(f64::NAN, |(actor, partner)| if specification == Specification::Partner { partner } else { actor })
}

/// The intraclass correlation in the groups of `data.cluster`, with what `data.treated` tells apart (arms) taken out.
///
/// The standard error is that of large samples, (1 − ρ)(1 + (n − 1)ρ) √(2/(n (n − 1)(G − 1))) (Donner 1986); interval and test
/// are those of F, exact for normal scores in groups of equal size. `clamped` holds estimate and interval at zero or above and
/// asks whether there is more than none, as a model does whose variances cannot be negative.
pub(super) fn intraclass(clamped: bool, data: &Observations, confidence: f64) -> Result<Estimate, Failure> {
    let found = intraclass_correlation_within(&data.outcome, &data.cluster, &data.treated)?;
    let (lower, upper) = found.interval(confidence);
    let (n, rho) = (found.size, found.correlation);
    let spread = (2.0 / (n * (n - 1.0) * found.degrees_of_freedom.0)).sqrt();
    let floor = if clamped { 0.0 } else { f64::NEG_INFINITY };
    let estimate = Estimate {
        estimate: rho.max(floor),
        standard_error: ((1.0 - rho) * (1.0 + (n - 1.0) * rho)).max(0.0) * spread,
        degrees_of_freedom: f64::NAN,
        lower: lower.max(floor),
        upper: upper.max(floor),
        p_value: match (clamped, rho > 0.0) {
            (false, _) => found.p_value,
            (true, true) => found.more_alike(),
            (true, false) => 1.0,
        },
        boundary: rho < floor,
    };
    finite(estimate, false)
}

/// The intraclass correlation alone; NaN where it is not determined.
pub(super) fn resemblance(data: &Observations) -> f64 {
    intraclass_correlation_within(&data.outcome, &data.cluster, &data.treated)
        .map_or(f64::NAN, |found| found.correlation)
}
