//! Randomization inference: the only chance that an experiment is sure of is its own lot.
//!
//! Under the sharp hypothesis that treatment adds τ to everyone it was given to, the outcomes y − τT do not depend on the lot. The design's own
//! assignment is drawn again and again, and the coefficient of the sample is compared with those of the draws:
//!
//! ```text
//! β(T*) = T̃*'(y − τT) / T̃*'T̃*        T̃* = T* less its regression on the covariates
//! p(τ)  = share of draws (or of all assignments, where these are few) with |β(T*)| ≥ |β(T)|        interval = all τ with p(τ) ≥ 1 − confidence
//! ```
//!
//! Sources: Fisher (1935), *The Design of Experiments*; Rosenbaum (2002), *Observational Studies*, 2nd ed., chapter 2; Young (2019),
//! Quarterly Journal of Economics 134, 557-598.

use super::failure::Failure;
use super::least_squares::{LeastSquares, dot};
use super::wild_bootstrap::bound;

/// What the lot says of a treatment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Randomized {
    /// The coefficient of the treatment.
    pub estimate: f64,
    /// SD of the coefficient over the draws, were the effect the estimate for everyone.
    pub standard_error: f64,
    /// Two-sided p-value of 'no effect on anyone'.
    pub p_value: f64,
    /// Lower bound of the interval for a constant effect.
    pub lower: f64,
    /// Upper bound of the interval for a constant effect.
    pub upper: f64,
    /// Draws in which both arms had members.
    pub draws: usize,
}

/// Which assignments a sample is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lots {
    /// So many drawn again, the sample's own beside them as one more.
    Drawn(usize),
    /// All that there are, the sample's own among them: the exact test.
    All(usize),
}

/// The effect of `treated` (1 or 0 per row) on `outcome` at equal `covariates` (with a column of ones), against assignments that
/// `redraw` makes by the design's own rule.
///
/// Errors: as [`LeastSquares::fit`]; no variation in the treatment; `confidence` outside (0, 1); no draw with two arms; estimates that do not
/// differ between draws but by rounding.
pub fn randomization_inference(
    outcome: &[f64],
    treated: &[f64],
    covariates: &[Vec<f64>],
    lots: Lots,
    confidence: f64,
    mut redraw: impl FnMut(usize) -> Vec<f64>,
) -> Result<Randomized, Failure> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Failure::Confidence { confidence });
    }
    if treated.iter().all(|t| *t == treated[0]) {
        return Err(Failure::NoVariationInTreatment { value: treated[0], rows: treated.len() });
    }
    // Names what is wrong with the data before any draw. The covariates are the same in all of them: one factorization serves.
    LeastSquares::fit(covariates, treated)?;
    let others = LeastSquares::fit(covariates, outcome)?;
    let weights = |assignment: &[f64]| -> Option<[f64; 2]> {
        let part = others.residuals_of(assignment);
        let length = dot(&part, &part);
        (length > 1e-9).then(|| [dot(&part, outcome) / length, dot(&part, treated) / length])
    };
    let Some([estimate, own]) = weights(treated) else {
        return Err(Failure::Singular { column: "the treatment".to_owned() });
    };
    // Affine in τ: β of y and β of T, draw by draw.
    let (draws, beside) = match lots {
        Lots::Drawn(draws) => (draws, 1),
        Lots::All(count) => (count, 0),
    };
    let drawn: Vec<[f64; 2]> = (0..draws).filter_map(|draw| weights(&redraw(draw))).collect();
    if drawn.is_empty() {
        return Err(Failure::NoVariationInTreatment { value: treated[0], rows: treated.len() });
    }
    // Assignments that give the same coefficient differ by rounding, of the coefficients and of the outcomes that they are made of: a share of the
    // statistic would vanish where it is zero.
    let most = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, |most: f64, value| most.max(value.abs()));
    let scale = most(&mut drawn.iter().map(|[y, _]| *y).chain([estimate]));
    let rounding = 1e-12 * scale + 1e-15 * most(&mut outcome.iter().copied());
    let p = |tau: f64| {
        let limit = (estimate - tau * own).abs() - (rounding + 1e-12 * tau.abs());
        let beyond = drawn.iter().filter(|[y, t]| (y - tau * t).abs() >= limit).count();
        (beside + beyond) as f64 / (beside + drawn.len()) as f64
    };
    let spread = (drawn.iter().fold(0.0, |sum, [y, t]| sum + (y - estimate * t) * (y - estimate * t))
        / drawn.len() as f64)
        .sqrt();
    if spread <= rounding {
        return Err(Failure::ZeroVariance { estimate });
    }
    let bound = |direction: f64| bound(estimate, direction * spread, 1.0 - confidence, &p);
    Ok(Randomized {
        estimate,
        standard_error: spread,
        p_value: p(0.0),
        lower: bound(-1.0),
        upper: bound(1.0),
        draws: drawn.len(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Table, close};
    use super::*;
    use crate::model::streams::{Purpose, Stream};

    /// All C(6, 3) = 20 assignments of six dyads.
    fn all_of_six() -> Vec<Vec<f64>> {
        (0..64_u32)
            .filter(|mask| mask.count_ones() == 3)
            .map(|mask| (0..12).map(|row| f64::from(mask >> (row / 2) & 1)).collect())
            .collect()
    }

    #[test]
    fn the_exact_test_of_six_dyads() {
        let y = [1.0, 2.0, 0.5, 1.5, 1.0, 0.0, 3.0, 4.0, 3.5, 2.5, 5.0, 4.0];
        let t: Vec<f64> = (0..12).map(|row| if row < 6 { 0.0 } else { 1.0 }).collect();
        let all = all_of_six();
        let found =
            randomization_inference(&y, &t, &[vec![1.0; 12]], Lots::Drawn(20), 0.8, |draw| all[draw].clone()).unwrap();
        // Only the assignment itself and its mirror are as extreme; the sample counts as one more draw.
        close(found.p_value, 3.0 / 21.0, 1e-12);
        let exact = randomization_inference(&y, &t, &[vec![1.0; 12]], Lots::All(20), 0.8, |draw| all[draw].clone());
        close(exact.unwrap().p_value, 2.0 / 20.0, 1e-12);
        close(found.estimate, 22.0 / 6.0 - 1.0, 1e-12);
        assert!(found.lower > 0.0 && found.lower < found.estimate && found.upper > found.estimate, "{found:?}");
    }

    /// Adding a constant to the treated moves the interval by it.
    #[test]
    fn the_interval_moves_with_the_effect() {
        let table = Table::read(include_str!("../../../tests/data/goldA.csv"));
        let (y, t, dyad) = (table.column("y"), table.column("t"), table.labels("dyad"));
        let run = |y: &[f64]| {
            let mut stream = Stream::open(5, 0, Purpose::Assignment, 0);
            let redraw = |_| {
                let mut arms: Vec<f64> = (0..24).map(|g| f64::from(g < 12)).collect();
                stream.shuffle(&mut arms);
                dyad.iter().map(|g| arms[*g as usize]).collect()
            };
            randomization_inference(y, &t, &[vec![1.0; y.len()]], Lots::Drawn(999), 0.95, redraw).unwrap()
        };
        let plain = run(&y);
        let moved = run(&y.iter().zip(&t).map(|(y, t)| y + 2.0 * t).collect::<Vec<_>>());
        close(moved.lower, plain.lower + 2.0, 1e-6);
        close(moved.upper, plain.upper + 2.0, 1e-6);
        // The t-test on dyad means gives p = .000712; 999 draws cannot say less than .001.
        assert!(plain.p_value <= 0.004, "{plain:?}");
    }

    #[test]
    fn what_cannot_be_tested_says_why() {
        let y = [1.0, 2.0, 3.0, 4.0];
        let ones = [vec![1.0; 4]];
        let code = |t: &[f64], confidence| {
            randomization_inference(&y, t, &ones, Lots::Drawn(9), confidence, |_| vec![0.0, 1.0, 0.0, 1.0])
                .unwrap_err()
                .code()
        };
        assert_eq!(code(&[1.0; 4], 0.95), "no_variation_in_treatment");
        assert_eq!(code(&[1.0, 0.0, 1.0, 0.0], 1.0), "confidence_out_of_range");
    }

    /// Two arms with the same values: every assignment is at least as far from zero, in any unit.
    #[test]
    fn an_estimate_of_zero_has_a_p_value_of_one_in_any_unit() {
        let values = [0.1, 0.7, 0.3, 0.1, 0.7, 0.3];
        let treated = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0];
        let all = all_of_six();
        for unit in [1e-6, 1.0, 10.0, 1e9] {
            for shift in [0.0, 1e4] {
                let outcome: Vec<f64> = values.iter().map(|y| unit * (y + shift)).collect();
                let ones = [vec![1.0; 6]];
                let found =
                    randomization_inference(&outcome, &treated, &ones, Lots::All(all.len()), 0.95, |k| all[k].clone())
                        .unwrap();
                assert_eq!(found.p_value, 1.0, "{unit} {shift}: {found:?}");
            }
        }
    }
}
