//! What a researcher sees: questionnaires with items, a response scale, error, a rater's own bias, and people who do not answer.

use super::declaration::{Instrument, Measurement};
use crate::model::outcomes::{self, Outcome, Source};
use crate::model::streams::{Purpose, Stream};

/// An instrument with everything looked up.
#[derive(Clone, Debug)]
pub struct Scale {
    /// Index of the outcome.
    pub outcome: usize,
    /// The outcome.
    pub about: Outcome,
    /// As declared.
    pub instrument: Instrument,
    /// Instrument points per unit of the outcome: 1 on a continuous scale.
    pub points_per_unit: f64,
    /// SD of the error of the mean of its items, in the outcome's unit.
    pub(super) error_sd: f64,
}

/// Competition at which nobody gains by looking good.
const REFERENCE_COMPETITION: f64 = 0.4;

/// Everybody's answers at a wave: one vector per scale, NaN where there is none.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// As observed.
    pub answers: Vec<Vec<f64>>,
    /// With the same errors but without what all scales of a rater share, where it was asked for.
    pub unshared: Vec<Vec<f64>>,
    /// What the items add up to, by scale, where it was asked for.
    pub items: Vec<Items>,
}

/// Answers to the items of a response scale, over everyone who answered; nothing of a continuous scale, whose items are not
/// drawn one by one.
#[derive(Clone, Debug, Default)]
pub struct Items {
    /// Sum of each item.
    pub sums: Vec<f64>,
    /// Sum of the squares of all answers.
    pub squares: f64,
}

/// SDs of the reference population that a response scale spans.
const SPAN: f64 = 6.0;

impl Scale {
    /// Prepares an instrument. Reliability is the share of its variance in the reference population at baseline that is the
    /// construct's. What is not is the rater's bias and the error: `error² = sd² ((1 − reliability)/reliability − bias²)`,
    /// and 0 should the bias alone take more than that.
    pub fn new(instrument: &Instrument) -> Option<Self> {
        let outcome = outcomes::find(instrument.outcome)?;
        let about = outcomes::OUTCOMES[outcome];
        let sd = about.reference.1;
        let exact = about.source != Source::Questionnaire;
        let rest =
            (1.0 - instrument.reliability) / instrument.reliability - instrument.rater_bias * instrument.rater_bias;
        let error_sd = if exact { 0.0 } else { sd * rest.max(0.0).sqrt() };
        let points_per_unit = if exact || instrument.scale_points == 0 {
            1.0
        } else {
            (instrument.scale_points as f64 - 1.0) / (SPAN * sd)
        };
        Some(Self { outcome, about, instrument: instrument.clone(), points_per_unit, error_sd })
    }

    /// Whether it is counted or recorded, not asked on a scale.
    pub fn exact(&self) -> bool {
        self.about.source != Source::Questionnaire
    }

    /// Lowest and highest answer of a response scale; none of a continuous one, or of what is known exactly.
    pub fn range(&self) -> Option<(f64, f64)> {
        let points = self.instrument.scale_points;
        (points > 0 && !self.exact()).then_some((1.0, points as f64))
    }

    /// A true value on the instrument's scale, free of error: what the instrument would show if it measured perfectly.
    pub fn perfect(&self, value: f64) -> f64 {
        if self.instrument.scale_points == 0 || self.exact() {
            value
        } else {
            let middle = (self.instrument.scale_points as f64 + 1.0) / 2.0;
            middle + self.points_per_unit * (value - self.about.reference.0)
        }
    }

    /// An answer: the mean of the items, each with its own error, on the response scale.
    ///
    /// The schedule is fixed: each answer costs one draw per pair of items and one for whether it is given at all. `items_of_all` takes
    /// down the items of an answer that is given.
    fn answer(
        &self,
        value: f64,
        rater: f64,
        competition: f64,
        stream: &mut Stream,
        items_of_all: Option<&mut Items>,
    ) -> f64 {
        let given = stream.uniform() >= self.instrument.non_response;
        let sd = self.about.reference.1;
        let shift = if self.exact() {
            0.0
        } else {
            sd * (self.instrument.rater_bias * rater
                + self.about.desirable * self.instrument.social_desirability * (competition - REFERENCE_COMPETITION))
        };
        let items = self.instrument.items.max(1);
        let score = if self.instrument.scale_points == 0 || self.exact() {
            // The mean of the items' errors is itself normal: one draw stands for all of them.
            value + shift + self.error_sd * stream.normals().0
        } else {
            let item_sd = self.error_sd * (items as f64).sqrt();
            let top = self.instrument.scale_points as f64;
            let mut sum = 0.0;
            let mut noted = items_of_all.filter(|_| given);
            if let Some(noted) = &mut noted {
                noted.sums.resize(items, 0.0);
            }
            for item in 0..items.div_ceil(2) {
                let (first, second) = stream.normals();
                for (error, at) in [first, second].into_iter().zip(2 * item..items) {
                    let answer = self.perfect(value + shift + item_sd * error).round().clamp(1.0, top);
                    sum += answer;
                    if let Some(noted) = &mut noted {
                        noted.sums[at] += answer;
                        noted.squares += answer * answer;
                    }
                }
            }
            sum / items as f64
        };
        if given { score } else { f64::NAN }
    }
}

/// The answering side of every person in a replication.
#[derive(Clone, Debug)]
pub struct Panel {
    streams: Vec<Stream>,
    rater: Vec<f64>,
    /// Uniform per person: small values leave early.
    patience: Vec<f64>,
}

impl Panel {
    /// Opens the answers of `persons` persons.
    pub fn open(persons: usize, master: u64, replication: u64) -> Self {
        let mut streams: Vec<Stream> =
            (0..persons).map(|person| Stream::open(master, replication, Purpose::Answer, person as u64)).collect();
        let rater = streams.iter_mut().map(|stream| stream.normals().0).collect();
        let patience = (0..persons)
            .map(|person| Stream::open(master, replication, Purpose::Attrition, person as u64).uniform())
            .collect();
        Self { streams, rater, patience }
    }

    /// Everybody's answers at a wave.
    ///
    /// `truth` has one vector per scale; `gone` tells who has left the organization and cannot be reached any more;
    /// `also_unshared`: give the answers without what a rater's scales share as well, with the same errors; `also_items`: give
    /// what the items add up to.
    #[allow(clippy::too_many_arguments)] // All of it is what an answer is made from.
    pub fn wave(
        &mut self,
        scales: &[Scale],
        measurement: &Measurement,
        week: usize,
        truth: &[Vec<f64>],
        gone: &[f64],
        competition: impl Fn(usize) -> f64,
        also_unshared: bool,
        also_items: bool,
    ) -> Given {
        let staying = (0..week).fold(1.0, |share, _| share * (1.0 - measurement.attrition));
        let mut answers: Vec<Vec<f64>> = scales.iter().map(|_| Vec::with_capacity(self.streams.len())).collect();
        let mut unshared = if also_unshared { answers.clone() } else { Vec::new() };
        let mut items = vec![Items::default(); if also_items { scales.len() } else { 0 }];
        for (person, stream) in self.streams.iter_mut().enumerate() {
            let reached = gone[person] < 0.5 && self.patience[person] < staying;
            for (index, (scale, truth)) in scales.iter().zip(truth).enumerate() {
                let kept = |answer: f64| match scale.about.source {
                    // Records are kept of everyone, whether they answer or not.
                    Source::Records => truth[person],
                    // What was seen comes from the observer's notebook.
                    Source::Observer => f64::NAN,
                    Source::Questionnaire | Source::Diary if reached => answer,
                    _ => f64::NAN,
                };
                let before = also_unshared.then(|| stream.clone());
                let noted = items.get_mut(index).filter(|_| reached);
                let answer = scale.answer(truth[person], self.rater[person], competition(person), stream, noted);
                answers[index].push(kept(answer));
                if let Some(mut before) = before {
                    // A rater without a bias of its own, whose place makes no difference to what looks good.
                    let answer = scale.answer(truth[person], 0.0, REFERENCE_COMPETITION, &mut before, None);
                    unshared[index].push(kept(answer));
                }
            }
        }
        Given { answers, unshared, items }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instrument(reliability: f64, scale_points: usize) -> Instrument {
        Instrument {
            outcome: "learning_personal",
            items: 5,
            scale_points,
            reliability,
            rater_bias: 0.0,
            social_desirability: 0.0,
            non_response: 0.0,
        }
    }

    /// 40,000 persons: observed reliability (squared correlation with the truth) within .01 of the declared one.
    #[test]
    fn reliability_is_what_it_says() {
        for (points, tolerance) in [(0, 0.01), (7, 0.03)] {
            let scale = Scale::new(&instrument(0.8, points)).unwrap();
            let mut stream = Stream::open(9, 0, Purpose::Answer, 0);
            let n = 40_000;
            let (mut xy, mut xx, mut yy, mut sx, mut sy) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for _ in 0..n {
                let x = stream.normals().0;
                let y = scale.answer(x, 0.0, 0.4, &mut stream, None);
                (sx, sy, xy, xx, yy) = (sx + x, sy + y, xy + x * y, xx + x * x, yy + y * y);
            }
            let n = f64::from(n);
            let cov = xy / n - sx * sy / (n * n);
            let r2 = cov * cov / ((xx / n - sx * sx / (n * n)) * (yy / n - sy * sy / (n * n)));
            assert!((r2 - 0.8).abs() < tolerance, "{points} points: {r2}");
        }
    }

    #[test]
    fn a_perfect_instrument_on_a_scale_is_linear_in_the_truth() {
        let scale = Scale::new(&instrument(0.8, 7)).unwrap();
        assert_eq!(scale.perfect(0.0), 4.0);
        assert!((scale.perfect(1.0) - scale.perfect(0.0) - scale.points_per_unit).abs() < 1e-12);
    }

    #[test]
    fn answers_stay_on_the_response_scale() {
        let scale = Scale::new(&instrument(0.5, 5)).unwrap();
        let mut stream = Stream::open(9, 0, Purpose::Answer, 1);
        for value in [-9.0, 0.0, 9.0] {
            let answer = scale.answer(value, 1.0, 1.0, &mut stream, None);
            assert!((1.0..=5.0).contains(&answer));
        }
    }
}
