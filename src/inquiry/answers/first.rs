//! What one reading of the estimates gives: means, and what the second reading is about.

use std::collections::BTreeMap;

use super::middle::Middle;
use super::rows::{Beyond, Row};
use super::{ALPHA, Answered, Known, SHOWN};
use crate::inquiry::diagnosis::{Center, Expectation};
use crate::study::effect_size::SizeKind;
use crate::study::moments::{Moments, Share};

/// What the table says of one estimator of one hypothesis.
#[derive(Default)]
pub(super) struct First {
    pub center: Center,
    estimates: Vec<(f64, bool)>,
    replications: u64,
    half_width: Moments,
    holm: Share,
    benjamini_hochberg: Share,
    total: Moments,
    spill_over: Moments,
    apart: Moments,
    /// Of sample, own, answered, unshared and log.
    known: [Moments; 5],
    reasons: BTreeMap<String, u64>,
    size: Moments,
    kind: Option<SizeKind>,
    zero: u64,
    not_zero: u64,
}

impl First {
    /// Takes the next replication.
    pub fn note(&mut self, row: &Row, beyond: &Beyond, expectation: Expectation) {
        let truth = row.attempt.truth;
        self.center.push(&row.attempt);
        self.zero += u64::from(truth == 0.0);
        self.not_zero += u64::from(truth != 0.0 && !truth.is_nan());
        if let Some(fit) = row.attempt.result {
            if self.replications < SHOWN {
                self.estimates.push((fit.estimate, fit.p_value < ALPHA));
            }
            // Intervals without an end have no mean width.
            let half = (fit.upper - fit.lower) / 2.0;
            self.half_width.push(if half.is_finite() { half } else { f64::NAN });
            let corrected =
                [(&mut self.holm, row.adjusted.holm), (&mut self.benjamini_hochberg, row.adjusted.benjamini_hochberg)];
            for (share, p) in corrected.into_iter().filter(|(_, p)| !p.is_nan()) {
                share.push(p < ALPHA && expectation.holds(fit.estimate));
            }
        }
        self.replications += 1;
        if !beyond.failure.is_empty() {
            match self.reasons.get_mut(beyond.failure) {
                Some(count) => *count += 1,
                None => _ = self.reasons.insert(beyond.failure.to_owned(), 1),
            }
        }
        if let Some((kind, size)) = beyond.size {
            self.kind = Some(kind);
            // Twice the odds and half of them are equally far from none.
            self.size.push(if kind == SizeKind::OddsRatio { libm::log(size) } else { size });
        }
        if !beyond.total.is_nan() {
            self.total.push(beyond.total);
        }
        for (moments, value) in self.known.iter_mut().zip(beyond.known) {
            if !value.is_nan() {
                moments.push(value);
            }
        }
        // Where simple allocation leaves an arm without anybody, there is no truth and nobody to spill over to.
        if !truth.is_nan() && !beyond.spill_over.is_nan() {
            self.spill_over.push(beyond.spill_over);
        }
        if !(beyond.total - truth).is_nan() {
            self.apart.push(beyond.total - truth);
        }
    }

    /// Whether nothing is true in any replication. Where an arm is empty, or nobody in it has the outcome, there may be no truth to
    /// speak of.
    pub fn without_effect(&self) -> bool {
        self.zero > 0 && self.not_zero == 0
    }

    /// What is known of the middle of the estimates.
    pub fn middle(&self) -> Middle {
        Middle::of(self.center.fits(), self.estimates.iter().map(|(value, _)| *value))
    }

    /// With what was learned here.
    pub fn answered(self, known: Answered) -> Answered {
        let [sample, own, answered, unshared, log] = self.known.map(|moments| Known {
            mean: moments.mean(),
            error: moments.mean_error(),
            share: moments.count() as f64 / self.replications as f64,
        });
        let power = |share: Share| (share.value(), share.error());
        let most = self.reasons.into_iter().max_by_key(|(_, count)| *count);
        Answered {
            total: self.total.mean(),
            spill_over: self.spill_over.mean(),
            apart_mcse: self.apart.mean_error(),
            sample,
            own,
            answered,
            unshared,
            log,
            half_width: self.half_width.mean(),
            failure: most.map(|(reason, _)| reason.replace('_', " ")),
            estimates: self.estimates,
            power_holm: power(self.holm),
            power_benjamini_hochberg: power(self.benjamini_hochberg),
            size: self.kind.map(|kind| match (kind, self.size.mean(), self.size.mean_error()) {
                (SizeKind::OddsRatio, mean, error) => (kind, libm::exp(mean), libm::exp(mean) * error),
                (_, mean, error) => (kind, mean, error),
            }),
            ..known
        }
    }
}
