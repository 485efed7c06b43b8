//! The size of an effect in units that other studies understand, per row of `estimates`.
//!
//! | question | size |
//! |---|---|
//! | two arms, rows are persons | Hedges' g: the estimate over the SD of persons within arms, corrected for clusters and small samples |
//! | log odds | the odds ratio, e to the estimate (moderated: a ratio of odds ratios) |
//! | moderated, main effect, interaction, association | partial R² of the question's column |
//! | two arms, rows are means of groups; a stepped wedge, growth | none: the SD of means of unlike size, or of persons over years, is no unit |
//! | what one of two passes on to the other, unless arms do; how far members of a group resemble each other | none: the second is a share of variance itself |
//!
//! g of an ANCOVA is the adjusted difference over the same SD. Whatever the errors, a specification has one size: it is computed
//! once for all estimators that share it.

use super::declaration::{Ask, Hypothesis, Level};
use super::estimators::{
    Estimator, Observations, Regressions, Sample, Scaling, Specification, partial_r_squared_among, standardizer,
};

/// What a size is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeKind {
    /// A difference in SD of persons.
    HedgesG,
    /// A ratio of odds.
    OddsRatio,
    /// A share of variance.
    PartialRSquared,
}

impl SizeKind {
    /// As tables have them, in the order of their declaration.
    pub const NAMES: [(&'static str, SizeKind); 3] = [
        ("hedges_g", SizeKind::HedgesG),
        ("odds_ratio", SizeKind::OddsRatio),
        ("partial_r_squared", SizeKind::PartialRSquared),
    ];

    /// As tables have it.
    pub fn name(self) -> &'static str {
        SizeKind::NAMES.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// The size of an estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EffectSize {
    /// What it is.
    pub kind: SizeKind,
    /// Its value.
    pub value: f64,
}

/// The sizes of one hypothesis in one replication: each is computed once.
#[derive(Debug, Default)]
pub struct Sizes {
    /// g per unit of the estimate.
    unit: Vec<(Sample, f64)>,
    explained: Vec<((Specification, Sample), f64)>,
}

impl Sizes {
    /// The size of an estimate (in the estimator's own scaling) from these rows and what was fitted of them; nothing where there is none.
    pub fn of(
        &mut self,
        hypothesis: &Hypothesis,
        estimator: &Estimator,
        (data, regressions): (&Observations, &mut Regressions),
        estimate: f64,
    ) -> Option<EffectSize> {
        let (specification, sample) = (estimator.specification, estimator.sample);
        let (kind, value) = match &hypothesis.ask {
            Ask::Resemblance(_) => return None,
            _ if specification.scaling() == Scaling::LogOdds => (SizeKind::OddsRatio, libm::exp(estimate)),
            _ if matches!(specification, Specification::SteppedWedge | Specification::Growth) => return None,
            Ask::Contrast(_) if hypothesis.level != Level::Person => return None,
            Ask::Contrast(_) => {
                let unit = || standardizer(&data.outcome, &data.treated, &data.cluster).unwrap_or(f64::NAN);
                (SizeKind::HedgesG, estimate * once(&mut self.unit, sample, unit))
            }
            _ if matches!(specification, Specification::Actor | Specification::Partner) => return None,
            Ask::Moderated(..) | Ask::Factors(_) | Ask::Association(_) => {
                let share = || partial_r_squared_among(regressions, specification, data).unwrap_or(f64::NAN);
                (SizeKind::PartialRSquared, once(&mut self.explained, (specification, sample), share))
            }
        };
        value.is_finite().then_some(EffectSize { kind, value })
    }
}

/// What is known under this key, or is now.
fn once<K: PartialEq>(known: &mut Vec<(K, f64)>, key: K, compute: impl FnOnce() -> f64) -> f64 {
    if let Some((_, value)) = known.iter().find(|(of, _)| *of == key) {
        return *value;
    }
    let value = compute();
    known.push((key, value));
    value
}
