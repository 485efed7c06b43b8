//! The maximum of the likelihood, by Fisher's scoring with Levenberg and Marquardt's damping.

use nalgebra::{Cholesky, DMatrix, DVector};

use super::blocks::{Pattern, cut};
use super::fold::fold;
use super::likelihood::{Ascent, Point, ascent, criterion, point};
use super::steps::{SMALL, begin, boundaries, boundary_starts, ends, jacobian, reach, variances};
use super::{Likelihood, MixedModel};
use crate::study::estimators::failure::Failure;
use crate::study::estimators::least_squares::LeastSquares;

/// A variance that falls and is below this share of the residual's is tried at zero.
const NEAR: f64 = 0.05;
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

/// Blocks of more than `whole` rows are folded.
pub(super) fn fit(model: &MixedModel, likelihood: Likelihood, whole: usize) -> Result<MixedFit, Failure> {
    let (mut patterns, units) = cut(model, whole)?;
    let plain = plain(model, &patterns)?;
    orthogonalize(&mut patterns, &plain);
    let patterns = fold(model, &units, patterns)?;
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
