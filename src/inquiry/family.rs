//! What a study as a whole claims falsely: the more hypotheses it tests, the likelier one of them comes out by luck.

use super::answers::{ALPHA, Row};
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

/// The family-wise share of false claims, counted replication by replication: over hypotheses without any effect, each by its first
/// estimator, in either direction. A failed fit claims nothing.
///
/// Only a truth of exactly 0 counts, as it is where arms do not differ or a path is cut: of an effect that is merely small,
/// a claim is not false.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims {
    uncorrected: Share,
    holm: Share,
    benjamini_hochberg: Share,
}

impl Claims {
    /// Takes the next replication's answers to the hypotheses without effect.
    pub fn push<'a>(&mut self, answers: impl Iterator<Item = &'a Row> + Clone) {
        let mut any = |share: fn(&mut Self) -> &mut Share, p: fn(&Row) -> f64| {
            let claimed = answers.clone().any(|answer| p(answer) < ALPHA);
            share(self).push(claimed);
        };
        any(|all| &mut all.uncorrected, |row| row.attempt.result.map_or(f64::NAN, |fit| fit.p_value));
        any(|all| &mut all.holm, |row| row.adjusted.holm);
        any(|all| &mut all.benjamini_hochberg, |row| row.adjusted.benjamini_hochberg);
    }

    /// The shares, of so many hypotheses without effect. Nothing where there are fewer than two: then it is the false alarms of the one.
    pub fn of(&self, hypotheses: usize) -> Option<FalseClaims> {
        let told = |share: Share| (share.value(), share.error());
        (hypotheses > 1).then(|| FalseClaims {
            hypotheses,
            uncorrected: told(self.uncorrected),
            holm: told(self.holm),
            benjamini_hochberg: told(self.benjamini_hochberg),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::diagnosis::Attempt;
    use crate::study::analysis::Adjusted;
    use crate::study::estimators::{Estimate, benjamini_hochberg, holm};

    /// Four experiments with two hypotheses: one clear, one that only correction stops, one that Holm stops and Benjamini and Hochberg do
    /// not, and one in which a fit failed.
    #[test]
    fn one_false_claim_is_enough() {
        let mut claims = Claims::default();
        for p in [[0.01, 0.9], [0.03, 0.9], [0.04, 0.045], [f64::NAN, 0.2]] {
            let rows = [0, 1].map(|hypothesis| {
                let fit = Estimate {
                    estimate: 1.0,
                    standard_error: 1.0,
                    degrees_of_freedom: 9.0,
                    lower: 0.0,
                    upper: 2.0,
                    p_value: p[hypothesis],
                    boundary: false,
                };
                let adjusted =
                    Adjusted { holm: holm(&p)[hypothesis], benjamini_hochberg: benjamini_hochberg(&p)[hypothesis] };
                let result = (!p[hypothesis].is_nan()).then_some(fit);
                Row { attempt: Attempt { result, truth: 0.0 }, adjusted }
            });
            claims.push(rows.iter());
        }
        let found = claims.of(2).unwrap();
        assert_eq!((found.hypotheses, found.uncorrected.0), (2, 0.75));
        assert_eq!((found.holm.0, found.benjamini_hochberg.0), (0.25, 0.5));
        assert!((found.holm.1 - (0.25_f64 * 0.75 / 4.0).sqrt()).abs() < 1e-15);
        assert_eq!(claims.of(1), None);
        assert_eq!(claims.of(0), None);
    }
}
