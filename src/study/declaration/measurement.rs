//! What is measured, when, how and by whom.

/// What is measured, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Weeks of measurement, increasing, the first 0 (before any treatment) and none after the last week.
    pub waves: Vec<usize>,
    /// The instruments.
    pub instruments: Vec<Instrument>,
    /// Probability per week that a person stops answering for good.
    pub attrition: f64,
    /// Who watches, for outcomes that an observer records.
    pub observer: Observer,
}

/// A participant observer of informal coaching.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observer {
    /// Probability that a meeting is seen.
    pub detection: f64,
    /// SD of what is misread of a meeting's felt quality.
    pub noise: f64,
}

/// A questionnaire: `items` items on a response scale, answered by the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// The outcome it measures, the id of one of [`crate::model::outcomes::OUTCOMES`].
    pub outcome: &'static str,
    /// Number of items.
    pub items: usize,
    /// Points of the response scale (0: continuous, unbounded).
    pub scale_points: usize,
    /// Share of the observed variance in the reference population that is the construct's, at baseline.
    pub reliability: f64,
    /// SD of a rater's own bias, shared by all scales of that rater, in SD of the construct.
    pub rater_bias: f64,
    /// How much a score rises per unit of competition above the reference, in SD of the construct.
    pub social_desirability: f64,
    /// Probability that a person who is there does not answer it at a wave.
    pub non_response: f64,
}

/// What of an outcome's scores is analyzed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// The score at the wave.
    Post,
    /// The score at the wave minus that at week 0.
    Change,
    /// 1 if the score at the wave is above 0, else 0: whether any of it has happened. Of what is counted from 0 on.
    Any,
}

impl Score {
    /// Of the scores at the wave and at week 0.
    pub fn of(self, post: f64, begin: impl FnOnce() -> f64) -> f64 {
        match self {
            Score::Post => post,
            Score::Change => post - begin(),
            Score::Any if post.is_nan() => f64::NAN,
            Score::Any => f64::from(u8::from(post > 0.0)),
        }
    }

    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Score)] =
        &[("post", Score::Post), ("change", Score::Change), ("any", Score::Any)];
}
