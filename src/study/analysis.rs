//! The researcher's analysis of one replication: from answers to estimates.

use super::association::score_of;
use super::declaration::{Ask, Hypothesis};
use super::design_matrix;
use super::effect_size::{EffectSize, Sizes};
use super::estimand::{Answers, Effect, effect};
use super::estimators::{
    Estimate, Failure, Method, Observations, Regressions, Sample, Specification, benjamini_hochberg, holm,
};
use super::lot::lot;
use super::plan::{Plan, Question};
use super::{growth, stepped_wedge};

/// Confidence of every interval.
pub const CONFIDENCE: f64 = 0.95;

/// A row of `estimates`.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Index of the hypothesis.
    pub hypothesis: usize,
    /// Index among the hypothesis' estimators.
    pub estimator: usize,
    /// The estimate, or why there is none.
    pub result: Result<Estimate, Failure>,
    /// The p-value corrected for the study's other hypotheses; NaN of any estimator but a hypothesis' first.
    pub adjusted: Adjusted,
    /// The estimate in units that other studies understand, where there are such.
    pub size: Option<EffectSize>,
    /// The truth of this replication.
    pub effect: Effect,
    /// Rows in the analysis: persons, or means of persons.
    pub analyzed: usize,
}

/// A p-value corrected for the number of hypotheses that the study tests.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted {
    /// So that any false claim at all is rare: Holm's.
    pub holm: f64,
    /// So that few of the claims are false: Benjamini and Hochberg's.
    pub benjamini_hochberg: f64,
}

impl Adjusted {
    /// Of a test that does not belong to the family, or failed.
    pub const NONE: Adjusted = Adjusted { holm: f64::NAN, benjamini_hochberg: f64::NAN };
}

/// Every hypothesis by every one of its estimators.
pub fn analyze(plan: &Plan, answers: &Answers) -> Vec<Answer> {
    let mut all = Vec::new();
    for (index, (hypothesis, question)) in plan.study.hypotheses.iter().zip(&plan.questions).enumerate() {
        // What is true of an experiment is the same for all its estimators; an association is what the regression makes it.
        let mut known: Option<((Specification, Sample), Effect)> = None;
        let mut rows: Option<(Sample, Observations, Regressions)> = None;
        let mut sizes = Sizes::default();
        for (strategy, estimator) in question.estimators.iter().enumerate() {
            let (specification, sample) = (estimator.specification, estimator.sample);
            let reusable = |(before, of): (Specification, Sample)| {
                let apart = before.own_truth() || specification.own_truth();
                of == sample && (before == specification || !matches!(hypothesis.ask, Ask::Association(_)) && !apart)
            };
            if rows.as_ref().is_none_or(|(of, ..)| *of != sample) {
                let data = observations(plan, hypothesis, question, answers, sample);
                rows = Some((sample, data, Regressions::default()));
            }
            let Some((_, data, regressions)) = &mut rows else { continue };
            let effect = match known {
                Some((before, effect)) if reusable(before) => effect,
                _ => effect(plan, hypothesis, question, answers, data, (specification, sample)),
            };
            known = Some(((specification, sample), effect));
            // Persons at all waves are other rows than persons.
            let mut panel = [Specification::SteppedWedge, Specification::Growth]
                .contains(&specification)
                .then(|| (rows_of(plan, hypothesis, question, answers, specification, sample), Regressions::default()));
            let (data, regressions) = match &mut panel {
                Some((data, regressions)) => (data, regressions),
                None => (data, regressions),
            };
            let result = estimator.estimate_among(regressions, data, CONFIDENCE);
            let rows = (&*data, regressions);
            let size = result.as_ref().ok().and_then(|fit| sizes.of(hypothesis, estimator, rows, fit.estimate));
            all.push(Answer {
                hypothesis: index,
                estimator: strategy,
                result,
                size,
                adjusted: Adjusted::NONE,
                effect,
                analyzed: data.outcome.len(),
            });
        }
    }
    correct(&mut all);
    all
}

/// One hypothesis by one of its estimators, from what a researcher has in hand: the estimate with its size, and the rows that it is of.
pub fn estimate(
    plan: &Plan,
    answers: &Answers,
    hypothesis: usize,
    strategy: usize,
) -> (Result<Estimate, Failure>, Option<EffectSize>, Observations) {
    let (declared, question) = (&plan.study.hypotheses[hypothesis], &plan.questions[hypothesis]);
    let estimator = question.estimators[strategy];
    let data = rows_of(plan, declared, question, answers, estimator.specification, estimator.sample);
    let mut regressions = Regressions::default();
    let result = estimator.estimate_among(&mut regressions, &data, CONFIDENCE);
    let rows = (&data, &mut regressions);
    let size = result.as_ref().ok().and_then(|fit| Sizes::default().of(declared, estimator, rows, fit.estimate));
    (result, size, data)
}

/// Corrects the p-values of a study's hypotheses for each other. The family is every hypothesis by its first estimator, the
/// one to preregister: others are looks at the same question. A hypothesis whose fit failed was asked all the same, and
/// counts.
fn correct(answers: &mut [Answer]) {
    let first: Vec<usize> = (0..answers.len()).filter(|index| answers[*index].estimator == 0).collect();
    let p: Vec<f64> =
        first.iter().map(|index| answers[*index].result.as_ref().map_or(f64::NAN, |found| found.p_value)).collect();
    for (index, adjusted) in first.into_iter().zip(adjusted(&p)) {
        answers[index].adjusted = adjusted;
    }
}

/// A family's p-values corrected for each other; NaN of a fit that failed.
pub fn adjusted(p: &[f64]) -> Vec<Adjusted> {
    let pairs = holm(p).into_iter().zip(benjamini_hochberg(p));
    pairs.map(|(holm, benjamini_hochberg)| Adjusted { holm, benjamini_hochberg }).collect()
}

/// The rows that an estimator of this specification is given. They are made from what a researcher has in hand: of `answers`
/// it reads neither the truths nor what is unshared, so that they may be empty.
pub fn rows_of(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    specification: Specification,
    sample: Sample,
) -> Observations {
    match specification {
        Specification::SteppedWedge => stepped_wedge::observations(plan, hypothesis, question, answers),
        Specification::Growth => growth::observations(plan, hypothesis, question, answers),
        _ => observations(plan, hypothesis, question, answers, sample),
    }
}

/// The rows of an analysis: who answered what it needs, as assigned (intention to treat), or of these the completers.
///
/// The cluster is what was assigned as one, but never less than the pair or circle, and of people who coach each other
/// informally the team: partners are not independent.
pub fn observations(
    plan: &Plan,
    hypothesis: &Hypothesis,
    question: &Question,
    answers: &Answers,
    sample: Sample,
) -> Observations {
    let score = |wave: usize, scale: usize, person: usize| answers.observed[wave][scale][person];
    let mut data = design_matrix::rows(plan, hypothesis, question, answers, &score, &|person| match sample {
        Sample::Completers if !answers.completed[question.wave][person] => f64::NAN,
        _ => score_of(hypothesis, question, &score, person),
    });
    if question.estimators.iter().any(|one| one.method == Method::Randomization) {
        data.lot = lot(plan, hypothesis, answers, &data);
    }
    data
}
