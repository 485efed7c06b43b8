//! The maximum of the likelihood, by Fisher's scoring with Levenberg and Marquardt's damping.
//!
//! Variances are stepped on as Cholesky factors (θ = ℓ², and L L' for an intercept with a slope), so that no step leaves the
//! parameter space; a covariance of free sign is stepped on itself.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::blocks::{Pattern, cut};
use super::likelihood::{Ascent, Point, ascent, criterion, point};
use super::{Likelihood, MixedModel, Sign, Term};
use crate::study::estimators::failure::Failure;
use crate::study::estimators::least_squares::LeastSquares;

/// A variance that falls and is below this share of the residual's is tried at zero.
const NEAR: f64 = 0.05;
/// A correlation that leaves less than this of the slope's variance is ±1.
const SMALL: f64 = 1e-6;
/// The criterion changes by less than this share at the end.
const CONVERGED: f64 = 1e-13;
const ROUNDS: usize = 500;
/// Every so many rounds the criterion must have fallen by more than the share `SLOW`.
const MILESTONE: usize = 50;
const SLOW: f64 = 1e-9;
/// A climb of more rounds crossed a plain, beyond which another top may lie.
const LONG: usize = 20;

/// A fitted mixed model.
pub struct MixedFit {
    /// Names of the columns of X.
    pub names: Vec<String>,
    /// β.
    pub coefficients: Vec<f64>,
    /// Per term: the intercept's variance, then for a slope its covariance with the intercept and its variance.
    pub variances: Vec<Vec<f64>>,
    /// Variance of the residual.
    pub residual: f64,
    /// −2 log likelihood (restricted: the REML criterion).
    pub criterion: f64,
    /// What lies on the boundary of the parameter space, in words; empty for a regular fit.
    pub singular: Vec<String>,
    /// Rounds of scoring.
    pub rounds: usize,
    /// Groups of each term.
    pub groups: Vec<usize>,
    /// Which likelihood.
    pub likelihood: Likelihood,
    /// In the columns of Q and the units of the blocks.
    pub(super) point: Point,
    /// R⁻¹: β = (plain β) + R⁻¹ γ for coefficients γ of Q.
    pub(super) frame: DMatrix<f64>,
    covariance: DMatrix<f64>,
    /// Whether each covariance parameter lies on the boundary.
    pub(super) at_boundary: Vec<bool>,
}

impl MixedFit {
    /// Covariance of the coefficients, Φ = (X' V⁻¹ X)⁻¹, without a correction for the estimation of V.
    pub fn covariance(&self) -> &DMatrix<f64> {
        &self.covariance
    }

    /// Share of the variance that is between the groups of this term, at slope 0; from −1/(n − 1) to 1.
    pub fn intraclass_correlation(&self, term: usize) -> f64 {
        let total = self.variances.iter().fold(self.residual, |sum, own| sum + own[0]);
        self.variances[term][0] / total
    }
}

pub(super) fn fit(model: &MixedModel, likelihood: Likelihood) -> Result<MixedFit, Failure> {
    let (mut patterns, units) = cut(model)?;
    let plain = plain(model, &patterns)?;
    orthogonalize(&mut patterns, &plain);
    let (mut steps, rounds) = highest(model, &patterns, plain.residual_variance(), likelihood)?;
    polish(model, &patterns, &mut steps, likelihood);
    let theta = variances(&model.terms, &steps);
    let found = point(&patterns, &theta, likelihood).ok_or(Failure::NotConverged { rounds })?;
    let (mut inside, mut per_term) = (Vec::new(), Vec::new());
    let mut from = 0;
    for (term, units) in model.terms.iter().zip(&units) {
        let own = &theta[from..from + term.parameters()];
        per_term.push(units.map_or_else(|| own.to_vec(), |units| units.back(own, term.sign)));
        inside.push(own.to_vec());
        from += term.parameters();
    }
    let (singular, at_boundary) = boundaries(model, &inside, &per_term);
    let p = model.fixed.len();
    let frame = DMatrix::from_fn(p, p, |k, j| plain.weight(k)[j]);
    let moved = &frame * &found.coefficients;
    // |X'V⁻¹X| = |Q'V⁻¹Q| |R|².
    let log_frame = (0..p).fold(0.0, |sum, k| sum - 2.0 * libm::log(frame[(k, k)].abs()));
    Ok(MixedFit {
        names: model.fixed.iter().map(|(name, _)| name.clone()).collect(),
        coefficients: plain.coefficients().iter().zip(moved.iter()).map(|(plain, moved)| plain + moved).collect(),
        covariance: &frame * &found.covariance * frame.transpose(),
        variances: per_term,
        residual: theta[from],
        criterion: found.criterion + if likelihood == Likelihood::Restricted { log_frame } else { 0.0 },
        singular,
        rounds,
        groups: model.terms.iter().map(super::blocks::groups).collect(),
        likelihood,
        point: found,
        frame,
        at_boundary,
    })
}

/// The regression without random effects, in the order of the blocks: the scale and the columns to begin with. It names a collinear
/// column.
fn plain(model: &MixedModel, patterns: &[Pattern]) -> Result<LeastSquares, Failure> {
    let blocks = || patterns.iter().flat_map(|pattern| &pattern.blocks);
    let column = |j: usize| blocks().flat_map(|block| block.x.column(j).iter().copied().collect::<Vec<_>>()).collect();
    let columns: Vec<Vec<f64>> = (0..model.fixed.len()).map(column).collect();
    let outcome: Vec<f64> = blocks().flat_map(|block| block.y.iter().copied()).collect();
    let plain = LeastSquares::fit_named(&columns, &outcome, |j| model.fixed[j].0.clone())?;
    let (scale, total) = (plain.residual_variance(), outcome.iter().fold(0.0, |sum, y| sum + y * y));
    if scale <= 1e-24 * total { Err(Failure::ZeroVariance { estimate: plain.coefficients()[0] }) } else { Ok(plain) }
}

/// X = QR gives way to Q, and y to its residual: X'V⁻¹X of columns far from zero, of unlike units or nearly alike has too few digits to be
/// solved with.
fn orthogonalize(patterns: &mut [Pattern], plain: &LeastSquares) {
    let mut row = 0;
    for block in patterns.iter_mut().flat_map(|pattern| &mut pattern.blocks) {
        for i in 0..block.y.len() {
            block.y[i] = plain.residuals()[row];
            for (j, q) in plain.q(row).iter().enumerate() {
                block.x[(i, j)] = *q;
            }
            row += 1;
        }
    }
}

/// Climbs from where variances have equal parts; and, where that takes long or ends at a boundary or nowhere, also from the boundaries: of a small or
/// ill-fitting sample the likelihood can have several tops.
fn highest(
    model: &MixedModel,
    patterns: &[Pattern],
    scale: f64,
    likelihood: Likelihood,
) -> Result<(Vec<f64>, usize), Failure> {
    let usual = begin(model, scale);
    let first = climb(model, patterns, usual.clone(), likelihood);
    let at_boundary = |steps: &[f64]| {
        ends(&model.terms, steps).iter().any(|(place, beside)| steps[*place] * steps[*place] <= SMALL * beside)
    };
    if let Ok((steps, rounds)) = &first
        && !at_boundary(steps)
        && *rounds <= LONG
    {
        return first;
    }
    let height = |steps: &[f64]| criterion(patterns, &variances(&model.terms, steps), likelihood);
    let mut best = first;
    for start in boundary_starts(&model.terms, &usual) {
        let Ok((steps, rounds)) = climb(model, patterns, start, likelihood) else { continue };
        let better = match &best {
            Ok((found, _)) => match (height(found), height(&steps)) {
                (Some(found), Some(new)) => new < found - 1e-9 * (1.0 + found.abs()),
                _ => false,
            },
            Err(_) => true,
        };
        if better {
            best = Ok((steps, rounds));
        }
    }
    best
}

/// The usual start with one term or all of them at zero; slopes that do not differ, or that follow the intercept to the letter.
fn boundary_starts(terms: &[Term], usual: &[f64]) -> Vec<Vec<f64>> {
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

/// Where to begin: the variance of the plain regression in equal parts.
fn begin(model: &MixedModel, scale: f64) -> Vec<f64> {
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

/// θ of the steps' parameters.
fn variances(terms: &[Term], steps: &[f64]) -> Vec<f64> {
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
fn jacobian(terms: &[Term], steps: &[f64]) -> DMatrix<f64> {
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

fn climb(
    model: &MixedModel,
    patterns: &[Pattern],
    mut steps: Vec<f64>,
    likelihood: Likelihood,
) -> Result<(Vec<f64>, usize), Failure> {
    let at = |steps: &[f64]| criterion(patterns, &variances(&model.terms, steps), likelihood);
    let mut damping = 1e-3;
    // Small gains in a row: one may be chance.
    let mut still = 0;
    // A variance that is small and not zero would be put to zero and released for ever.
    let mut releases = 0;
    // Where two variances vanish together the last digits come slowly, and nobody needs them.
    let mut milestone = f64::INFINITY;
    for round in 1..=ROUNDS {
        let mut here = ascent(patterns, &variances(&model.terms, &steps), likelihood)
            .ok_or(Failure::NotConverged { rounds: round })?;
        if releases < 3 && settle(model, &mut steps, &here, &at) {
            here = ascent(patterns, &variances(&model.terms, &steps), likelihood)
                .ok_or(Failure::NotConverged { rounds: round })?;
        }
        if round % MILESTONE == 0 {
            if milestone - here.criterion <= SLOW * (1.0 + here.criterion.abs()) {
                return Ok((steps, round));
            }
            milestone = here.criterion;
        }
        let j = jacobian(&model.terms, &steps);
        let gradient = j.transpose() * &here.gradient;
        let curvature = j.transpose() * (&here.expected * 2.0) * &j;
        let reach = reach(&model.terms, &steps, &here.expected);
        let mut better = None;
        while better.is_none() && damping < 1e9 {
            let mut damped = curvature.clone();
            for k in 0..steps.len() {
                damped[(k, k)] += damping * reach[k];
            }
            if let Some(root) = Cholesky::new(damped) {
                let step: DVector<f64> = root.solve(&gradient);
                let next: Vec<f64> = steps.iter().zip(step.iter()).map(|(from, by)| from - by).collect();
                better = at(&next).filter(|value| *value <= here.criterion).map(|value| (next, value));
            }
            damping = if better.is_some() { (damping * 0.1).max(1e-9) } else { damping * 10.0 };
        }
        let gain = match better {
            Some((next, value)) => {
                steps = next;
                here.criterion - value
            }
            // No step of any length is better: the maximum to the last digit.
            None => 0.0,
        };
        still = if gain <= CONVERGED * (1.0 + here.criterion.abs()) { still + 1 } else { 0 };
        if still >= 3 || (still >= 1 && gain == 0.0) {
            if release(model, &mut steps, &here) {
                (still, damping) = (0, 1e-3);
                releases += 1;
                continue;
            }
            return Ok((steps, round));
        }
    }
    Err(Failure::NotConverged { rounds: ROUNDS })
}

/// One more step with all of the information, for the last digits: climbs make do with what is known without the blocks.
fn polish(model: &MixedModel, patterns: &[Pattern], steps: &mut Vec<f64>, likelihood: Likelihood) {
    let Some(here) = point(patterns, &variances(&model.terms, steps), likelihood) else { return };
    let j = jacobian(&model.terms, steps);
    let (gradient, curvature) = (j.transpose() * &here.gradient, j.transpose() * (&here.expected * 2.0) * &j);
    // What rests at zero has no curvature there.
    let free: Vec<usize> = (0..steps.len()).filter(|k| curvature[(*k, *k)] > 0.0).collect();
    let of_free = DMatrix::from_fn(free.len(), free.len(), |i, k| curvature[(free[i], free[k])]);
    let Some(root) = Cholesky::new(of_free) else { return };
    let by = root.solve(&DVector::from_fn(free.len(), |i, _| gradient[free[i]]));
    let mut next = steps.clone();
    free.iter().zip(by.iter()).for_each(|(k, by)| next[*k] -= by);
    // Within rounding it is as good at least.
    let allowed = here.criterion + 1e-12 * (1.0 + here.criterion.abs());
    if criterion(patterns, &variances(&model.terms, &next), likelihood).is_some_and(|value| value <= allowed) {
        *steps = next;
    }
}

/// The damping of each step: the curvature that it would have if its variance were not small beside the residual's.
/// Near zero the curvature in ℓ vanishes with ℓ², and steps would be as long as they like.
fn reach(terms: &[Term], steps: &[f64], expected: &DMatrix<f64>) -> Vec<f64> {
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
fn ends(terms: &[Term], steps: &[f64]) -> Vec<(usize, f64)> {
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

/// Puts at zero what is small, would fall further, and is no less likely there. Whether anything moved.
fn settle(model: &MixedModel, steps: &mut [f64], here: &Ascent, at: &impl Fn(&[f64]) -> Option<f64>) -> bool {
    let mut moved = false;
    for (place, beside) in ends(&model.terms, steps) {
        let step = steps[place];
        if step == 0.0 || step * step > NEAR * beside || here.gradient[place] <= 0.0 {
            continue;
        }
        steps[place] = 0.0;
        if at(steps).is_some_and(|zero| zero <= here.criterion) {
            moved = true;
        } else {
            steps[place] = step;
        }
    }
    moved
}

/// Takes from zero what would rise from it. Whether anything moved.
fn release(model: &MixedModel, steps: &mut [f64], here: &Ascent) -> bool {
    let mut moved = false;
    for (place, beside) in ends(&model.terms, steps) {
        let noise = 1e-6 * here.expected[(place, place)].sqrt();
        if steps[place] == 0.0 && here.gradient[place] < -noise {
            steps[place] = (2.0 * NEAR * beside).sqrt();
            moved = true;
        }
    }
    moved
}

/// What lies on the boundary, in words and per parameter: `inside` in the units of the fit, in which what is small is small, `own` in
/// those of the data, for the words.
fn boundaries(model: &MixedModel, inside: &[Vec<f64>], own: &[Vec<f64>]) -> (Vec<String>, Vec<bool>) {
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
