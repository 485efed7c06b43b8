//! What an answer means, in words that follow from its numbers and from nothing else.

use serde::{Deserialize, Serialize};

use crate::inquiry::answers::Answered;
use crate::study::declaration::{Expect, Study};

/// What the model holds to be true of a hypothesis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The truth has the expected direction and is worth having.
    Holds,
    /// The truth has the expected direction (or, of an open question, any), and is smaller than what is worth having.
    Small,
    /// The truth has the other direction.
    Opposite,
    /// There is no effect that these replications could tell from zero.
    Null,
    /// No analysis succeeded.
    Unanswered,
}

impl Verdict {
    /// In words, with what this design makes of it; `power` and `false_alarms` are the primary estimator's.
    pub fn words(self, power: Option<f64>, false_alarms: Option<f64>) -> String {
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        match (self, power) {
            (Verdict::Holds, Some(power)) if power >= ENOUGH => {
                format!("true in the model, and {} of such experiments find it", percent(power))
            }
            (Verdict::Holds, Some(power)) => {
                format!("true in the model, but {} of such experiments miss it", percent(1.0 - power))
            }
            (Verdict::Holds, None) => "true in the model".to_owned(),
            (Verdict::Small, _) => "true in the model, but smaller than what would be worth having".to_owned(),
            (Verdict::Opposite, _) => "false in the model: the effect goes the other way".to_owned(),
            (Verdict::Null, _) => match false_alarms {
                Some(share) => format!("no effect in the model; {} of such experiments report one", percent(share)),
                None => "no effect in the model".to_owned(),
            },
            (Verdict::Unanswered, _) => "no answer: every analysis failed".to_owned(),
        }
    }
}

/// Power from which a design counts as able to find an effect (Cohen 1988).
const ENOUGH: f64 = 0.8;

/// One answer, ready to be shown or stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the hypothesis.
    pub hypothesis: String,
    /// Its statement.
    pub statement: String,
    /// Id of the estimator.
    pub estimator: String,
    /// Whether it is the first of the hypothesis' estimators: the one to preregister.
    pub primary: bool,
    /// Whether the model's equations imply the answer.
    pub implied_by_theory: bool,
    /// What the model holds to be true.
    pub verdict: Verdict,
    /// Mean estimate.
    pub estimate: Option<f64>,
    /// Middle 95 % of the estimates.
    pub middle: Option<(f64, f64)>,
    /// The estimand: mean truth.
    pub truth: Option<f64>,
    /// Its Monte Carlo standard error.
    pub truth_mcse: Option<f64>,
    /// If everyone had the arm.
    pub total: Option<f64>,
    /// What spilled over to the observed controls.
    pub spill_over: Option<f64>,
    /// Smallest effect worth having.
    pub smallest_effect_of_interest: f64,
    /// Share of experiments like this that find it.
    pub power: Option<f64>,
    /// Its Monte Carlo standard error.
    pub power_mcse: Option<f64>,
    /// Share of experiments with a significant estimate in either direction: where there is no effect, the false alarms.
    pub significant: Option<f64>,
    /// Share of 95 % intervals that hold the estimand.
    pub coverage: Option<f64>,
    /// Its Monte Carlo standard error.
    pub coverage_mcse: Option<f64>,
    /// Bias.
    pub bias: Option<f64>,
    /// Its Monte Carlo standard error.
    pub bias_mcse: Option<f64>,
    /// Mean exaggeration of significant estimates.
    pub type_m: Option<f64>,
    /// Share of significant estimates with the wrong sign.
    pub type_s: Option<f64>,
    /// Replications.
    pub replications: u64,
    /// Failed fits.
    pub failures: u64,
    /// What a reviewer would object to.
    pub cautions: Vec<String>,
}

fn defined(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The findings of a run.
pub fn findings(study: &Study, answers: &[Answered]) -> Vec<Finding> {
    answers.iter().map(|answer| finding(study, answer)).collect()
}

fn finding(study: &Study, answer: &Answered) -> Finding {
    let hypothesis = &study.hypotheses[answer.hypothesis];
    let d = &answer.diagnosis;
    Finding {
        hypothesis: hypothesis.id.clone(),
        statement: hypothesis.statement.clone(),
        estimator: hypothesis.estimators[answer.estimator].to_owned(),
        primary: answer.estimator == 0,
        implied_by_theory: hypothesis.implied_by_theory,
        verdict: verdict(
            hypothesis.expect,
            hypothesis.smallest_effect_of_interest,
            d.mean_truth,
            d.mean_truth_mcse,
            d.replications == d.failures,
        ),
        estimate: defined(d.mean_estimate),
        middle: defined(answer.middle.0).zip(defined(answer.middle.1)),
        truth: defined(d.mean_truth),
        truth_mcse: defined(d.mean_truth_mcse),
        total: defined(answer.total),
        spill_over: defined(answer.spill_over),
        smallest_effect_of_interest: hypothesis.smallest_effect_of_interest,
        power: defined(d.power),
        power_mcse: defined(d.power_mcse),
        significant: defined(d.significant as f64 / (d.replications - d.failures) as f64),
        coverage: defined(d.coverage),
        coverage_mcse: defined(d.coverage_mcse),
        bias: defined(d.bias),
        bias_mcse: defined(d.bias_mcse),
        type_m: defined(d.type_m),
        type_s: defined(d.type_s),
        replications: d.replications,
        failures: d.failures,
        cautions: cautions(answer),
    }
}

/// The verdict follows from the truth alone, not from any estimate: it counts as different from zero beyond 1.96 Monte
/// Carlo standard errors.
pub fn verdict(expect: Expect, smallest: f64, truth: f64, mcse: f64, all_failed: bool) -> Verdict {
    if all_failed || !truth.is_finite() {
        return Verdict::Unanswered;
    }
    let error = if mcse.is_finite() { mcse } else { 0.0 };
    if truth == 0.0 || truth.abs() <= 1.96 * error {
        return Verdict::Null;
    }
    let expected = match expect {
        Expect::Greater => truth > 0.0,
        Expect::Less => truth < 0.0,
        Expect::Different => true,
    };
    if !expected {
        Verdict::Opposite
    } else if truth.abs() < smallest {
        Verdict::Small
    } else {
        Verdict::Holds
    }
}

/// What a reviewer would object to: each beyond twice its Monte Carlo standard error, so that noise accuses nobody.
fn cautions(answer: &Answered) -> Vec<String> {
    let d = &answer.diagnosis;
    let mut list = Vec::new();
    if d.failures > 0 {
        list.push(format!("{} of {} fits failed and are left out", d.failures, d.replications));
    }
    if (d.coverage - 0.95).abs() > 2.0 * d.coverage_mcse && (d.coverage - 0.95).abs() > 0.01 {
        let how = if d.coverage < 0.95 { "too narrow" } else { "wider than need be" };
        list.push(format!("its 95 % intervals hold the truth in {:.1} %: {how}", 100.0 * d.coverage));
    }
    // A tenth of an estimate's own scatter is small beside what one experiment cannot know anyway.
    if d.bias.abs() > 2.0 * d.bias_mcse && d.bias.abs() > 0.1 * d.rmse {
        list.push(format!("it is biased by {:+.3}", d.bias));
    }
    if d.type_m > 1.5 && d.significant > 20 {
        list.push(format!("where it is significant it exaggerates {:.1} times", d.type_m));
    }
    if d.type_s > 0.05 && d.significant > 20 {
        list.push(format!("{:.0} % of its significant estimates have the wrong sign", 100.0 * d.type_s));
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_follow_from_the_truth() {
        let v = |expect, truth| verdict(expect, 0.1, truth, 0.01, false);
        assert_eq!(v(Expect::Greater, 0.2), Verdict::Holds);
        assert_eq!(v(Expect::Greater, 0.05), Verdict::Small);
        assert_eq!(v(Expect::Greater, -0.2), Verdict::Opposite);
        assert_eq!(v(Expect::Less, -0.2), Verdict::Holds);
        assert_eq!(v(Expect::Different, -0.2), Verdict::Holds);
        assert_eq!(v(Expect::Greater, 0.01), Verdict::Null);
        assert_eq!(verdict(Expect::Greater, 0.1, 0.0, 0.0, false), Verdict::Null);
        assert_eq!(verdict(Expect::Greater, 0.1, 0.2, 0.01, true), Verdict::Unanswered);
    }
}
