//! What a study as a whole claims falsely: the more hypotheses it tests, the likelier one of them comes out by luck.

use super::diagnosis::ALPHA;
use crate::study::analysis::Adjusted;
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
    /// Takes the p-values of the next replication's answers to the hypotheses without effect, as they are (NaN of a failed fit) and corrected.
    pub fn push(&mut self, p_values: impl Iterator<Item = (f64, Adjusted)>) {
        let (mut uncorrected, mut holm, mut benjamini_hochberg) = (false, false, false);
        for (p_value, adjusted) in p_values {
            uncorrected |= p_value < ALPHA;
            holm |= adjusted.holm < ALPHA;
            benjamini_hochberg |= adjusted.benjamini_hochberg < ALPHA;
        }
        self.uncorrected.push(uncorrected);
        self.holm.push(holm);
        self.benjamini_hochberg.push(benjamini_hochberg);
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
    use crate::study::estimators::{benjamini_hochberg, holm};

    /// Four experiments with two hypotheses: one clear, one that only correction stops, one that Holm stops and Benjamini and Hochberg do
    /// not, and one in which a fit failed.
    #[test]
    fn one_false_claim_is_enough() {
        let mut claims = Claims::default();
        for p in [[0.01, 0.9], [0.03, 0.9], [0.04, 0.045], [f64::NAN, 0.2]] {
            claims.push([0, 1].into_iter().map(|hypothesis| {
                let corrected =
                    Adjusted { holm: holm(&p)[hypothesis], benjamini_hochberg: benjamini_hochberg(&p)[hypothesis] };
                (p[hypothesis], corrected)
            }));
        }
        let found = claims.of(2).unwrap();
        assert_eq!((found.hypotheses, found.uncorrected.0), (2, 0.75));
        assert_eq!((found.holm.0, found.benjamini_hochberg.0), (0.25, 0.5));
        assert!((found.holm.1 - (0.25_f64 * 0.75 / 4.0).sqrt()).abs() < 1e-15);
        assert_eq!(claims.of(1), None);
        assert_eq!(claims.of(0), None);
    }
}
