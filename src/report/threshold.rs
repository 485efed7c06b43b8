//! Where a truth lies beside zero and beside the smallest effect of interest: below it, about at it or above it.

use serde::{Deserialize, Serialize};

use crate::study::declaration::Expect;

/// What the model holds to be true of a hypothesis, as far as these replications can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The truth has the expected direction (or, of an open question, any) and is above the smallest effect of interest.
    Holds,
    /// The truth has the expected direction and is about at the smallest effect of interest.
    About,
    /// The truth has the expected direction and is below the smallest effect of interest.
    Small,
    /// The truth has the expected direction; where it lies beside the smallest effect of interest cannot be told from so few
    /// replications.
    Direction,
    /// The truth has the other direction, and may be of interest there.
    Opposite,
    /// The truth has the other direction, and is below the smallest effect of interest.
    OppositeSmall,
    /// The truth is exactly zero, or certainly below the smallest effect of interest in either direction.
    Null,
    /// These replications cannot tell the truth from zero, nor from an effect of interest.
    Unclear,
}

impl Verdict {
    /// In a word or two.
    pub fn short(self) -> &'static str {
        match self {
            Verdict::Holds => "true",
            Verdict::About => "true, borderline size",
            Verdict::Small => "true but small",
            Verdict::Direction => "true, size unclear",
            Verdict::Opposite => "the other way",
            Verdict::OppositeSmall => "the other way but small",
            Verdict::Null => "no effect",
            Verdict::Unclear => "unclear",
        }
    }
}

/// Half-width of the truth's interval in Monte Carlo standard errors, 99 of 100: a verdict is a claim without a ± behind it.
const SURE: f64 = 2.576;
/// An interval that comes as near to the smallest effect of interest as this share of it counts as reaching it.
const NEAR: f64 = 0.05;
/// An interval that reaches it is about at it if it lies between these multiples of it, else too wide to tell.
const ABOUT: (f64, f64) = (0.8, 1.25);

/// The verdict follows from the truth alone, not from any estimate: from its interval of 2.576 Monte Carlo standard errors to
/// either side. Of a single replication that error is unknown, and only an effect of exactly zero can be told.
pub fn verdict(expect: Expect, smallest: f64, truth: f64, mcse: f64) -> Verdict {
    if truth == 0.0 && (mcse.is_nan() || mcse == 0.0) {
        return Verdict::Null;
    }
    if !truth.is_finite() || !mcse.is_finite() {
        return Verdict::Unclear;
    }
    // Turned so that the expected direction is positive.
    let truth = match expect {
        Expect::Greater => truth,
        Expect::Less => -truth,
        Expect::Different => truth.abs(),
    };
    let (low, high) = (truth - SURE * mcse, truth + SURE * mcse);
    let (below, above) = ((1.0 - NEAR) * smallest, (1.0 + NEAR) * smallest);
    if low > 0.0 {
        if low >= above {
            Verdict::Holds
        } else if high < below {
            Verdict::Small
        } else if low >= ABOUT.0 * smallest && high <= ABOUT.1 * smallest {
            Verdict::About
        } else {
            Verdict::Direction
        }
    } else if high < 0.0 {
        if low > -below { Verdict::OppositeSmall } else { Verdict::Opposite }
    } else if -below < low && high < below {
        Verdict::Null
    } else {
        Verdict::Unclear
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_from_the_truth() {
        let v = |expect, truth| verdict(expect, 0.1, truth, 0.01);
        assert_eq!(v(Expect::Greater, 0.2), Verdict::Holds);
        assert_eq!(v(Expect::Greater, 0.05), Verdict::Small);
        assert_eq!(v(Expect::Greater, 0.105), Verdict::Direction);
        assert_eq!(v(Expect::Greater, -0.2), Verdict::Opposite);
        assert_eq!(v(Expect::Greater, -0.105), Verdict::Opposite, "it may be of interest in the other direction");
        assert_eq!(v(Expect::Greater, -0.05), Verdict::OppositeSmall);
        assert_eq!(v(Expect::Less, 0.05), Verdict::OppositeSmall);
        assert_eq!(v(Expect::Less, -0.2), Verdict::Holds);
        assert_eq!(v(Expect::Different, -0.2), Verdict::Holds);
        assert_eq!(v(Expect::Greater, 0.01), Verdict::Null);
    }

    /// Below, about at, above; what comes near is not below, however exactly it is known.
    #[test]
    fn a_truth_near_the_smallest_effect_of_interest_is_about_at_it() {
        let v = |truth: f64, half: f64| verdict(Expect::Greater, 0.1, truth, half / 1.96);
        assert_eq!(v(0.098, 0.002), Verdict::About, "it nearly reaches");
        assert_eq!(v(0.0995, 0.0001), Verdict::About);
        assert_eq!(v(0.1, 0.002), Verdict::About);
        assert_eq!(v(0.102, 0.002), Verdict::About);
        assert_eq!(v(0.112, 0.002), Verdict::Holds);
        assert_eq!(v(0.088, 0.002), Verdict::Small);
        assert_eq!(v(0.1, 0.04), Verdict::Direction, "too wide to tell");
        assert_eq!(verdict(Expect::Less, 0.1, -0.098, 0.001), Verdict::About);
        assert_eq!(verdict(Expect::Greater, 0.1, -0.098, 0.001), Verdict::Opposite, "not called small either");
    }

    #[test]
    fn an_interval_that_ends_at_zero_has_no_direction() {
        assert_eq!(verdict(Expect::Less, 0.1, 0.051, 0.0509 / 1.96), Verdict::Unclear);
        assert_eq!(verdict(Expect::Greater, 0.1, 0.051, 0.0509 / 1.96), Verdict::Unclear);
        assert_eq!(verdict(Expect::Greater, 0.1, 0.03, 0.0299 / 1.96), Verdict::Null, "whatever it is, it is below");
    }

    #[test]
    fn few_replications_claim_nothing() {
        assert_eq!(verdict(Expect::Greater, 0.1, 0.088, 0.08), Verdict::Unclear);
        assert_eq!(verdict(Expect::Greater, 0.1, 0.088, f64::NAN), Verdict::Unclear, "one replication");
        assert_eq!(verdict(Expect::Greater, 0.1, 0.0, 0.0), Verdict::Null, "exactly nothing");
        assert_eq!(verdict(Expect::Greater, 0.1, 0.0, f64::NAN), Verdict::Null, "exactly nothing, once");
    }
}
