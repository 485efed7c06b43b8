//! The parameters that a climb steps on, and where they end.
//!
//! Variances are stepped on as Cholesky factors (θ = ℓ², and L L' for an intercept with a slope), so that no step leaves the
//! parameter space; a covariance of free sign is stepped on itself.

use nalgebra::DMatrix;

use super::{MixedModel, Sign, Term};

/// A correlation that leaves less than this of the slope's variance is ±1.
pub(super) const SMALL: f64 = 1e-6;

/// Where to begin: the variance of the plain regression in equal parts.
pub(super) fn begin(model: &MixedModel, scale: f64) -> Vec<f64> {
    let part = scale / (1 + model.terms.len()) as f64;
    let mut steps = Vec::new();
    for term in &model.terms {
        match (&term.slope, term.sign) {
            (None, Sign::Free) => steps.push(0.1 * scale),
            (Some(_), Sign::Free) => steps.extend([0.1 * scale, 0.0, 0.1 * scale]),
            (None, Sign::NonNegative) => steps.push(part.sqrt()),
            // The slope's variable has mean 0 and SD 1 here.
            (Some(_), _) => steps.extend([part.sqrt(), 0.0, part.sqrt()]),
        }
    }
    steps.push(part.sqrt());
    steps
}

/// The usual start with one term or all of them at zero; slopes that do not differ, or that follow the intercept to the letter.
pub(super) fn boundary_starts(terms: &[Term], usual: &[f64]) -> Vec<Vec<f64>> {
    let mut starts = Vec::new();
    let mut nothing = usual.to_vec();
    let mut from = 0;
    for term in terms {
        let own = from..from + term.parameters();
        if term.sign == Sign::NonNegative {
            nothing[own.clone()].fill(0.0);
            let mut without = usual.to_vec();
            without[own.clone()].fill(0.0);
            starts.push(without);
        }
        if term.slope.is_some() && term.sign == Sign::NonNegative {
            for slope in [0.0, usual[from], -usual[from]] {
                let mut along = usual.to_vec();
                along[from + 1..from + 3].copy_from_slice(&[slope, 0.0]);
                starts.push(along.clone());
                // And as if lines were all but free of noise.
                if let Some(residual) = along.last_mut() {
                    *residual *= 0.1;
                }
                starts.push(along);
            }
        }
        from = own.end;
    }
    if terms.iter().filter(|term| term.sign == Sign::NonNegative).count() > 1 {
        starts.push(nothing);
    }
    starts
}

/// θ of the steps' parameters.
pub(super) fn variances(terms: &[Term], steps: &[f64]) -> Vec<f64> {
    let mut theta = Vec::with_capacity(steps.len());
    let mut from = 0;
    for term in terms {
        match (&term.slope, term.sign) {
            (None, Sign::Free) => theta.push(steps[from]),
            (Some(_), Sign::Free) => theta.extend_from_slice(&steps[from..from + 3]),
            (None, Sign::NonNegative) => theta.push(steps[from] * steps[from]),
            (Some(_), _) => {
                let (a, b, c) = (steps[from], steps[from + 1], steps[from + 2]);
                theta.extend([a * a, a * b, b * b + c * c]);
            }
        }
        from += term.parameters();
    }
    theta.push(steps[from] * steps[from]);
    theta
}

/// ∂θ/∂steps.
pub(super) fn jacobian(terms: &[Term], steps: &[f64]) -> DMatrix<f64> {
    let mut j = DMatrix::<f64>::zeros(steps.len(), steps.len());
    let mut from = 0;
    for term in terms {
        match (&term.slope, term.sign) {
            (_, Sign::Free) => (from..from + term.parameters()).for_each(|k| j[(k, k)] = 1.0),
            (None, Sign::NonNegative) => j[(from, from)] = 2.0 * steps[from],
            (Some(_), _) => {
                let (a, b, c) = (steps[from], steps[from + 1], steps[from + 2]);
                j[(from, from)] = 2.0 * a;
                j[(from + 1, from)] = b;
                j[(from + 1, from + 1)] = a;
                j[(from + 2, from + 1)] = 2.0 * b;
                j[(from + 2, from + 2)] = 2.0 * c;
            }
        }
        from += term.parameters();
    }
    j[(from, from)] = 2.0 * steps[from];
    j
}

/// The damping of each step: the curvature that it would have if its variance were not small beside the residual's.
/// Near zero the curvature in ℓ vanishes with ℓ², and steps would be as long as they like.
pub(super) fn reach(terms: &[Term], steps: &[f64], expected: &DMatrix<f64>) -> Vec<f64> {
    let residual = steps[steps.len() - 1].abs();
    let mut reach = Vec::with_capacity(steps.len());
    let mut from = 0;
    for term in terms {
        let size = |step: f64, least: f64| 2.0 * step.abs().max(0.3 * least);
        match (&term.slope, term.sign) {
            (_, Sign::Free) => reach.extend((from..from + term.parameters()).map(|k| 2.0 * expected[(k, k)])),
            (None, Sign::NonNegative) => {
                let size = size(steps[from], residual);
                reach.push(2.0 * size * size * expected[(from, from)]);
            }
            (Some(_), _) => {
                // What one SD of the slope moves as much as one SD of the intercept.
                let ratio = (expected[(from, from)] / expected[(from + 2, from + 2)]).sqrt().sqrt();
                for (step, variance, least) in
                    [(0, from, residual), (1, from + 2, residual * ratio), (2, from + 2, residual * ratio)]
                {
                    let size = size(steps[from + step], least);
                    reach.push(2.0 * size * size * expected[(variance, variance)]);
                }
            }
        }
        from += term.parameters();
    }
    reach.push(8.0 * residual * residual * expected[(from, from)]);
    reach
}

/// The places of steps that may rest at zero, with the place of the variance they belong to and its size.
pub(super) fn ends(terms: &[Term], steps: &[f64]) -> Vec<(usize, f64)> {
    let residual = steps[steps.len() - 1] * steps[steps.len() - 1];
    let mut places = Vec::new();
    let mut from = 0;
    for term in terms {
        match (&term.slope, term.sign) {
            (_, Sign::Free) => {}
            (None, Sign::NonNegative) => places.push((from, residual)),
            // The part of the slope's variance that is its own: at zero the correlation is ±1.
            (Some(_), _) => {
                places.push((from + 2, steps[from + 1] * steps[from + 1] + steps[from + 2] * steps[from + 2]));
            }
        }
        from += term.parameters();
    }
    places
}

/// What lies on the boundary, in words and per parameter: `inside` in the units of the fit, in which what is small is small, `own` in
/// those of the data, for the words.
pub(super) fn boundaries(model: &MixedModel, inside: &[Vec<f64>], own: &[Vec<f64>]) -> (Vec<String>, Vec<bool>) {
    let (mut words, mut flags) = (Vec::new(), Vec::new());
    for ((term, inside), own) in model.terms.iter().zip(inside).zip(own) {
        let name = &term.name;
        match inside[..] {
            _ if term.sign == Sign::Free => flags.extend(vec![false; inside.len()]),
            [variance] => {
                let zero = variance == 0.0;
                if zero {
                    words.push(format!("the variance of the {name} is estimated at 0, the boundary"));
                }
                flags.push(zero);
            }
            _ => {
                let determinant = inside[0] * inside[2] - inside[1] * inside[1];
                let singular = determinant <= SMALL * inside[0] * inside[2];
                if singular && own[0] > 0.0 && own[2] > 0.0 {
                    let sign = if own[1] < 0.0 { "−1" } else { "+1" };
                    words.push(format!("the correlation of intercept and slope of the {name} is estimated at {sign}"));
                } else if singular {
                    let which = if own[0] > 0.0 { "slope" } else { "intercept" };
                    words.push(format!("the variance of the {name}'s {which} is estimated at 0, the boundary"));
                }
                flags.extend([singular; 3]);
            }
        }
    }
    flags.push(false);
    (words, flags)
}
