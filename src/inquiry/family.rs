//! What a study as a whole claims falsely: the more hypotheses it tests, the likelier one of them comes out by luck.

use super::answers::{ALPHA, Answered};
use crate::study::moments::Share;

/// How often a study claims something where there is nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FalseClaims {
    /// Hypotheses whose truth is exactly 0 in every replication.
    pub hypotheses: usize,
    /// Share of experiments in which at least one of them is significant at 5 %, with its Monte Carlo standard error.
    pub uncorrected: (f64, f64),
    /// The same with p corrected by Holm's method.
    pub holm: (f64, f64),
    /// The same by Benjamini and Hochberg's.
    pub benjamini_hochberg: (f64, f64),
}

/// The family-wise share of false claims: over hypotheses without any effect, each by its first estimator, in either
/// direction. A failed fit claims nothing. Nothing where fewer than two hypotheses are without effect: then it is the
/// false alarms of the one.
///
/// Only a truth of exactly 0 counts, as it is where arms do not differ or a path is cut: of an effect that is merely small,
/// a claim is not false.
pub fn false_claims(answers: &[Answered]) -> Option<FalseClaims> {
    let empty: Vec<&Answered> = answers
        .iter()
        .filter(|answer| answer.estimator == 0 && answer.attempts.iter().any(|attempt| attempt.truth == 0.0))
        // Where an arm is empty, or nobody in it has the outcome, there may be no truth to speak of.
        .filter(|answer| answer.attempts.iter().all(|attempt| attempt.truth == 0.0 || attempt.truth.is_nan()))
        .collect();
    let replications = empty.iter().map(|answer| answer.attempts.len()).min().filter(|_| empty.len() > 1)?;
    let any = |p: &dyn Fn(&Answered, usize) -> f64| {
        let mut share = Share::default();
        (0..replications).for_each(|at| share.push(empty.iter().any(|answer| p(answer, at) < ALPHA)));
        (share.value(), share.error())
    };
    Some(FalseClaims {
        hypotheses: empty.len(),
        uncorrected: any(&|answer, at| answer.attempts[at].result.map_or(f64::NAN, |fit| fit.p_value)),
        holm: any(&|answer, at| answer.adjusted[at].holm),
        benjamini_hochberg: any(&|answer, at| answer.adjusted[at].benjamini_hochberg),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::diagnosis::{Attempt, Expectation, diagnose};
    use crate::study::analysis::Adjusted;
    use crate::study::estimators::{Estimate, benjamini_hochberg, holm};

    fn answers(p: &[[f64; 2]], truth: f64) -> Vec<Answered> {
        (0..2)
            .map(|hypothesis| {
                let fit = |p_value: f64| Estimate {
                    estimate: 1.0,
                    standard_error: 1.0,
                    degrees_of_freedom: 9.0,
                    lower: 0.0,
                    upper: 2.0,
                    p_value,
                    boundary: false,
                };
                let of = |p: f64| Attempt { result: (!p.is_nan()).then(|| fit(p)), truth };
                let attempts: Vec<Attempt> = p.iter().map(|p| of(p[hypothesis])).collect();
                let diagnosis = diagnose(attempts.iter().copied(), Expectation::Different, ALPHA);
                let adjusted = p.iter().map(|p| Adjusted {
                    holm: holm(p)[hypothesis],
                    benjamini_hochberg: benjamini_hochberg(p)[hypothesis],
                });
                let adjusted = adjusted.collect();
                Answered { attempts, adjusted, ..Answered::unknown(hypothesis, 0, diagnosis) }
            })
            .collect()
    }

    /// Four experiments: one clear, one that only correction stops, one that Holm stops and Benjamini and Hochberg do not, and
    /// one in which a fit failed.
    #[test]
    fn one_false_claim_is_enough() {
        let p = [[0.01, 0.9], [0.03, 0.9], [0.04, 0.045], [f64::NAN, 0.2]];
        let found = false_claims(&answers(&p, 0.0)).unwrap();
        assert_eq!((found.hypotheses, found.uncorrected.0), (2, 0.75));
        assert_eq!((found.holm.0, found.benjamini_hochberg.0), (0.25, 0.5));
        assert!((found.holm.1 - (0.25_f64 * 0.75 / 4.0).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn a_replication_without_a_truth_does_not_hide_the_others() {
        let mut all = answers(&[[0.01, 0.9], [0.3, 0.9]], 0.0);
        all[1].attempts[1].truth = f64::NAN;
        assert_eq!(false_claims(&all).unwrap().uncorrected.0, 0.5);
        all[1].attempts[0].truth = f64::NAN;
        assert_eq!(false_claims(&all), None, "of this one nothing is known");
    }

    #[test]
    fn where_something_is_true_no_claim_is_false() {
        assert_eq!(false_claims(&answers(&[[0.01, 0.9]], 1e-9)), None);
        assert_eq!(false_claims(&answers(&[[0.01, 0.9]], 0.0)[..1]), None);
        assert_eq!(false_claims(&[]), None);
    }
}
