//! What a researcher reports of instruments: how many answered, mean and SD, Cronbach's alpha, the correlation with the wave
//! before, and how many stand at an end of the response scale.
//!
//! **Alpha** of k items and n persons is, by Hoyt's identity,
//!
//! ```text
//! α = k/(k − 1) (1 − Σ s²_item/s²_total) = 1 − MS_residual / MS_persons,     MS_persons = k s²,
//! ```
//!
//! s² the variance over persons of the mean of the items. On a response scale the items are drawn one by one, and MS_residual is
//! theirs. On a continuous scale one draw stands for the mean of the items ([`super::instrument`]); what it does not say, how
//! the items differ from their mean, is independent of it: with independent normal errors of variance τ² = k σ² per item,
//!
//! ```text
//! SS_residual = Σ_ij (e_ij − ē_i. − ē_.j + ē..)²  ~  τ² χ² on (n − 1)(k − 1) degrees of freedom,
//! ```
//!
//! whatever the means of persons and items are. So one chi-square per instrument and wave gives alpha its exact distribution,
//! from a stream of its own. In the reference population, without a rater's bias, (1 − α)/(1 − reliability) is distributed as F on
//! (n − 1)(k − 1) and n − 1 degrees of freedom (Feldt 1965); alpha takes what is systematic for true, so that a bias that
//! all items share pushes it up.
//!
//! Sources: Cronbach (1951), Psychometrika 16, 297-334; Hoyt (1941), Psychometrika 6, 153-160; Feldt (1965), Psychometrika 30,
//! 357-370; Marsaglia & Tsang (2000), ACM Transactions on Mathematical Software 26, 363-372, for the draw.

use super::instrument::{Items, Scale};
use super::moments::{Moments, PairMoments, Share};
use super::plan::Plan;
use crate::model::streams::{Purpose, Stream};

/// An instrument at a wave of the observed world, over everyone whatever the arm. What is not defined is NaN.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Administered {
    /// Index of the scale.
    pub scale: usize,
    /// Week of the wave.
    pub week: usize,
    /// Persons with an answer.
    pub answered: usize,
    /// Mean of the answers.
    pub mean: f64,
    /// Their SD, with n − 1.
    pub sd: f64,
    /// Cronbach's alpha; NaN of a single item and of what is not asked.
    pub alpha: f64,
    /// Correlation with the wave before, over who answered both.
    pub retest: f64,
    /// Share at the lowest answer of the response scale; NaN of a continuous one.
    pub lowest: f64,
    /// Share at the highest.
    pub highest: f64,
}

/// Every instrument at every wave: `observed` by wave, scale and person, `items` by wave and scale.
pub fn instruments(
    plan: &Plan,
    replication: u64,
    observed: &[Vec<Vec<f64>>],
    items: &[Vec<Items>],
) -> Vec<Administered> {
    let mut all = Vec::new();
    for (wave, (week, answers)) in plan.study.measurement.waves.iter().zip(observed).enumerate() {
        for (index, (scale, answers)) in plan.scales.iter().zip(answers).enumerate() {
            let entity = (scale.outcome as u64) << 16 | *week as u64;
            let open = || Stream::open(plan.study.monte_carlo.seed, replication, Purpose::Items, entity);
            let before = wave.checked_sub(1).map(|wave| observed[wave][index].as_slice());
            let items = items.get(wave).and_then(|items| items.get(index));
            let seen = administered(scale, answers, before, items, open);
            all.push(Administered { scale: index, week: *week, ..seen });
        }
    }
    all
}

fn administered(
    scale: &Scale,
    answers: &[f64],
    before: Option<&[f64]>,
    items: Option<&Items>,
    stream: impl FnOnce() -> Stream,
) -> Administered {
    let (mut moments, mut pairs) = (Moments::default(), PairMoments::default());
    let (mut lowest, mut highest) = (Share::default(), Share::default());
    let on_points = scale.instrument.scale_points > 0 && !scale.exact();
    for (person, answer) in answers.iter().enumerate().filter(|(_, answer)| !answer.is_nan()) {
        moments.push(*answer);
        if let Some(earlier) = before.map(|before| before[person]).filter(|earlier| !earlier.is_nan()) {
            pairs.push(earlier, *answer);
        }
        if on_points {
            lowest.push(*answer <= 1.0);
            highest.push(*answer >= scale.instrument.scale_points as f64);
        }
    }
    let spread = pairs.first.variance() * pairs.second.variance();
    Administered {
        scale: 0,
        week: 0,
        answered: moments.count() as usize,
        mean: moments.mean(),
        sd: moments.variance().sqrt(),
        alpha: alpha(scale, answers, &moments, items, stream),
        retest: if spread > 0.0 { pairs.covariance() / spread.sqrt() } else { f64::NAN },
        lowest: lowest.value(),
        highest: highest.value(),
    }
}

fn alpha(
    scale: &Scale,
    answers: &[f64],
    moments: &Moments,
    items: Option<&Items>,
    stream: impl FnOnce() -> Stream,
) -> f64 {
    let (k, n) = (scale.instrument.items, moments.count() as usize);
    // A variance that is 0 or unknown has no share.
    if scale.exact() || k < 2 || n < 2 || moments.variance().is_nan() || moments.variance() <= 0.0 {
        return f64::NAN;
    }
    let df = (n - 1) * (k - 1);
    let residual = if scale.instrument.scale_points == 0 {
        let item_variance = scale.error_sd * scale.error_sd * k as f64;
        item_variance * chi_square(df, &mut stream())
    } else {
        let Some(items) = items.filter(|items| items.sums.len() == k) else { return f64::NAN };
        let (n, k) = (n as f64, k as f64);
        let persons = answers.iter().filter(|a| !a.is_nan()).fold(0.0, |sum, mean| sum + k * mean * mean);
        let by_item = items.sums.iter().fold(0.0, |sum, item| sum + item * item / n);
        let all = items.sums.iter().fold(0.0, |sum, item| sum + item);
        items.squares - persons - by_item + all * all / (n * k)
    };
    1.0 - residual / df as f64 / (k as f64 * moments.variance())
}

/// A chi-square on `df` degrees of freedom: twice a gamma of the whole half, and a squared normal for what is left.
fn chi_square(df: usize, stream: &mut Stream) -> f64 {
    let odd = if df % 2 == 1 { stream.normals().0 } else { 0.0 };
    let whole = if df >= 2 { 2.0 * gamma((df / 2) as f64, stream) } else { 0.0 };
    odd * odd + whole
}

/// A gamma of this shape (at least 1) and scale 1.
fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let z = stream.normals().0;
        let u = stream.uniform();
        let root = 1.0 + c * z;
        if root <= 0.0 {
            continue;
        }
        let cube = root * root * root;
        if libm::log(u) < 0.5 * z * z + d * (1.0 - cube + libm::log(cube)) {
            return d * cube;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lanes::Instructions;
    use crate::scenario::builtin;
    use crate::study::estimators::cronbach_alpha;
    use crate::study::experiment::{Record, replicate};

    /// 20,000 draws; mean df and variance 2 df within four standard errors of each (fourth moment of a chi-square: the variance
    /// of the squared deviation is 8 df² + 48 df).
    #[test]
    fn chi_squares_have_their_moments() {
        for df in [1_usize, 2, 3, 8, 477] {
            let mut stream = Stream::open(5, 0, Purpose::Items, df as u64);
            let mut moments = Moments::default();
            (0..20_000).for_each(|_| moments.push(chi_square(df, &mut stream)));
            let (df, n) = (df as f64, 20_000.0_f64);
            assert!((moments.mean() - df).abs() < 4.0 * (2.0 * df / n).sqrt(), "{df}: {}", moments.mean());
            let error = ((8.0 * df * df + 48.0 * df) / n).sqrt();
            assert!((moments.variance() - 2.0 * df).abs() < 4.0 * error, "{df}: {}", moments.variance());
        }
    }

    fn study(bias: f64, points: usize) -> Plan {
        let settings = [
            "population.dyads=60".to_owned(),
            format!("measurement.rater_bias={bias}"),
            format!("measurement.scale_points={points}"),
            "measurement.social_desirability=0".to_owned(),
        ];
        Plan::new(builtin::find("listening-training").unwrap().read(&settings).unwrap().study).unwrap()
    }

    /// Alphas of week 0 over replications.
    fn alphas(plan: &Plan, replications: u64) -> (usize, f64, Moments) {
        let mut moments = Moments::default();
        let scale = plan.scales.iter().position(|scale| scale.about.id == "learning_personal").unwrap();
        for number in 0..replications {
            let kept = replicate(plan, number, Record::Waves, Instructions::Widest);
            let first = kept.instruments.iter().find(|one| one.scale == scale && one.week == 0).unwrap();
            moments.push(first.alpha);
        }
        (plan.persons(), plan.scales[scale].instrument.reliability, moments)
    }

    /// (1 − α)/(1 − reliability) is an F: its mean and variance over 400 experiments at week 0, when nothing has been done to
    /// anybody and people are those of the reference population; four standard errors. The variance of an F's squared
    /// deviation is taken from the sample.
    #[test]
    fn alpha_is_the_declared_reliability() {
        let (n, reliability, found) = alphas(&study(0.0, 0), 400);
        let expected = 1.0 - (1.0 - reliability) * (n as f64 - 1.0) / (n as f64 - 3.0);
        assert!((found.mean() - expected).abs() < 4.0 * found.mean_error(), "{} {expected}", found.mean());
        let (df_1, df_2) = ((n as f64 - 1.0) * 4.0, n as f64 - 1.0);
        let of_f = 2.0 * df_2 * df_2 * (df_1 + df_2 - 2.0) / (df_1 * (df_2 - 2.0) * (df_2 - 2.0) * (df_2 - 4.0));
        let variance = (1.0 - reliability) * (1.0 - reliability) * of_f;
        // Four standard errors of a variance of 400: √(2/399) of it, with room for the F's heavier tail.
        assert!((found.variance() / variance - 1.0).abs() < 0.35, "{} {variance}", found.variance());
    }

    /// A rater's bias is in every item: it is no error of measurement to alpha. Variances: 1 of the construct and .25 of the bias,
    /// of 1/.8 in all.
    #[test]
    fn alpha_takes_a_raters_bias_for_true() {
        let (_, reliability, found) = alphas(&study(0.5, 0), 200);
        let expected = reliability * 1.25;
        assert!((found.mean() - expected).abs() < 0.005, "{} {expected}", found.mean());
        let (_, _, on_points) = alphas(&study(0.5, 7), 100);
        let (_, _, without) = alphas(&study(0.0, 7), 100);
        assert!(on_points.mean() > without.mean() + 0.1, "{} {}", on_points.mean(), without.mean());
        assert!((without.mean() - 0.8).abs() < 0.03, "rounding to seven points costs little: {}", without.mean());
    }

    /// From sums and squares alone it is what the items themselves give.
    #[test]
    fn sums_are_enough() {
        let plan = study(0.0, 7);
        let scale = plan.scales.iter().find(|scale| scale.about.id == "learning_personal").unwrap();
        let mut stream = Stream::open(3, 0, Purpose::Items, 0);
        let people: Vec<[f64; 5]> = (0..30)
            .map(|_| {
                let true_score = stream.normals().0;
                [(); 5].map(|()| (4.0 + true_score + stream.normals().0).round().clamp(1.0, 7.0))
            })
            .collect();
        let columns: Vec<Vec<f64>> = (0..5).map(|item| people.iter().map(|person| person[item]).collect()).collect();
        let items = Items {
            sums: columns.iter().map(|item| item.iter().sum()).collect(),
            squares: columns.iter().flatten().map(|answer| answer * answer).sum(),
        };
        let mut answers: Vec<f64> = people.iter().map(|person| person.iter().sum::<f64>() / 5.0).collect();
        answers.push(f64::NAN);
        let never = || Stream::open(0, 0, Purpose::Items, 0);
        let seen = administered(scale, &answers, Some(&answers), Some(&items), never);
        assert!((seen.alpha - cronbach_alpha(&columns).unwrap()).abs() < 1e-12, "{seen:?}");
        assert!((seen.retest - 1.0).abs() < 1e-12 && seen.answered == 30);
        let ends = |end: f64| answers.iter().filter(|answer| **answer == end).count() as f64 / 30.0;
        assert_eq!((seen.lowest, seen.highest), (ends(1.0), ends(7.0)));
    }

    /// What is counted or recorded has no items, and a single item no alpha.
    #[test]
    fn there_is_no_alpha_of_what_is_not_asked() {
        let plan = study(0.3, 0);
        let kept = replicate(&plan, 0, Record::Waves, Instructions::Widest);
        assert_eq!(kept.instruments.len(), plan.scales.len() * plan.study.measurement.waves.len());
        for one in &kept.instruments {
            assert_eq!(one.alpha.is_nan(), plan.scales[one.scale].exact() || one.answered < 2, "{one:?}");
            assert!(one.week > 0 || one.retest.is_nan());
        }
        assert!(kept.instruments.iter().any(|one| one.retest > 0.2));
        let single = ["measurement.items=1".to_owned()];
        let plan = Plan::new(builtin::find("listening-training").unwrap().read(&single).unwrap().study).unwrap();
        let kept = replicate(&plan, 0, Record::Waves, Instructions::Widest);
        assert!(kept.instruments.iter().all(|one| one.alpha.is_nan()));
        assert!(replicate(&plan, 0, Record::Summary, Instructions::Widest).instruments.is_empty());
    }
}
