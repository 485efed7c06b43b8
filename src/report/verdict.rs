//! What an answer means, in words that follow from its numbers and from nothing else.

use serde::{Deserialize, Serialize};

use super::analyses::analyses;
use super::cautions::cautions;
use super::remark::remark;
pub use super::threshold::{Verdict, verdict};
use crate::inquiry::answers::Answered;
use crate::inquiry::strategies::MANY_FAILURES;
use crate::study::declaration::Expect;
use crate::study::effect_size::SizeKind;
use crate::study::estimators::{Scaling, Specification};
use crate::study::plan::Plan;

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
    /// The unit of its numbers where it is not the outcome's own: `per week` or `in log odds`; else empty.
    #[serde(default)]
    pub unit: String,
    /// Whether it is the first of the hypothesis' estimators: the one to preregister.
    pub primary: bool,
    /// Whether the model's equations imply the answer.
    pub implied_by_theory: bool,
    /// What the model holds to be true.
    pub verdict: Verdict,
    /// Whether the hypothesis says that there is an effect, and not in which direction.
    #[serde(default)]
    pub two_sided: bool,
    /// Mean estimate.
    pub estimate: Option<f64>,
    /// Mean effect size, where there is one, in words.
    #[serde(default)]
    pub effect_size: Option<String>,
    /// Middle 95% of the estimates.
    pub middle: Option<(f64, f64)>,
    /// The estimand: mean truth.
    pub truth: Option<f64>,
    /// Its Monte Carlo standard error.
    pub truth_mcse: Option<f64>,
    /// If everyone had the arm.
    pub total: Option<f64>,
    /// What spilled over to the observed controls.
    pub spill_over: Option<f64>,
    /// Smallest effect of interest.
    pub smallest_effect_of_interest: f64,
    /// Share of experiments like this that are significant and, where the hypothesis names a direction, in it.
    pub power: Option<f64>,
    /// Its Monte Carlo standard error.
    pub power_mcse: Option<f64>,
    /// Power once p is corrected by Holm's method for the study's other hypotheses; nothing of other estimators than the first,
    /// and where there is one hypothesis.
    #[serde(default)]
    pub power_holm: Option<f64>,
    /// Share of experiments with a significant estimate in either direction: where there is no effect, the false alarms.
    pub significant: Option<f64>,
    /// Share of 95% intervals that hold the estimand.
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
    /// What has to be said of it beyond its size.
    #[serde(default)]
    pub remark: Option<String>,
    /// Which of the hypothesis' analyses are honest here, and which is best; of the first estimator alone.
    #[serde(default)]
    pub analyses: Option<String>,
    /// What a reviewer would object to.
    pub cautions: Vec<String>,
}

impl Finding {
    /// The verdict in a word or two. That an effect of no stated direction is true says little: its direction is said.
    pub fn short(&self) -> &'static str {
        match (self.verdict, self.direction()) {
            (Verdict::Holds, Some(direction)) => direction,
            (Verdict::About, Some("upward")) => "upward, borderline size",
            (Verdict::About, Some(_)) => "downward, borderline size",
            (Verdict::Small, Some("upward")) => "upward but small",
            (Verdict::Small, Some(_)) => "downward but small",
            (Verdict::Direction, Some("upward")) => "upward, size unclear",
            (Verdict::Direction, Some(_)) => "downward, size unclear",
            (verdict, _) => verdict.short(),
        }
    }

    /// Of a hypothesis that states none: where the effect goes.
    fn direction(&self) -> Option<&'static str> {
        let truth = self.truth.filter(|_| self.two_sided)?;
        Some(if truth < 0.0 { "downward" } else { "upward" })
    }

    /// Share of experiments that find what is true: of a hypothesis that names no direction, without those that are significant in
    /// the wrong one, which power counts.
    pub fn found(&self) -> Option<f64> {
        match (self.power, self.type_s) {
            (Some(power), Some(wrong)) if self.two_sided => Some(power * (1.0 - wrong)),
            (power, _) => power,
        }
    }

    /// How many fits are significant, in either direction.
    pub fn significant_fits(&self) -> f64 {
        self.significant.unwrap_or_default() * (self.replications - self.failures) as f64
    }

    /// Share of experiments that are significant and claim the opposite of what is true: of a hypothesis that names no direction
    /// those that power counts and should not, of one that is true those in the direction that it does not name.
    pub fn opposite(&self) -> Option<f64> {
        match self.power.zip(self.found())? {
            (power, found) if self.two_sided => Some(power - found),
            (power, _) => Some((self.significant? - power).max(0.0)),
        }
    }

    /// The same in words after `miss it`, where at least one experiment in a hundred does so.
    pub fn misled(&self) -> Option<String> {
        let share = self.opposite().filter(|share| *share >= 0.01)?;
        Some(format!(" or report the opposite ({:.0}%)", 100.0 * share))
    }

    /// The verdict in words, with what this design makes of it. Power is a share of the fits that came about: where many did
    /// not, what comes of those fits is not what becomes of such experiments, and that many fail is said instead.
    pub fn words(&self) -> String {
        let failed = self.failures as f64 / self.replications as f64;
        if failed > MANY_FAILURES {
            let words = self.in_words(None, None);
            return format!("{words}; {} cannot analyze {:.0}% of such experiments", self.estimator, 100.0 * failed);
        }
        self.in_words(self.found(), self.significant)
    }

    /// The same; `power`, the share that find what is true, and `false_alarms` are the estimator's.
    fn in_words(&self, power: Option<f64>, false_alarms: Option<f64>) -> String {
        let percent = |share: f64| format!("{:.0}%", 100.0 * share);
        let truth = match self.direction() {
            Some(direction) => format!("there is an effect in the model, {direction}"),
            None => "true in the model".to_owned(),
        };
        match (self.verdict, power) {
            (Verdict::Holds, Some(power)) if power >= ENOUGH => {
                format!("{truth}, and {} of such experiments find it", percent(power))
            }
            (Verdict::Holds, Some(power)) => {
                let opposite = self.misled().unwrap_or_default();
                format!("{truth}, but {} of such experiments miss it{opposite}", percent(1.0 - power))
            }
            (Verdict::Holds, None) => truth,
            (Verdict::Small, _) => format!("{truth}, but below the smallest effect of interest"),
            (Verdict::About, _) => format!("{truth}, and about as large as the smallest effect of interest"),
            (Verdict::Direction, _) => {
                format!("{truth}; whether it reaches the smallest effect of interest takes more replications to tell")
            }
            (Verdict::Opposite, _) => "false in the model: the effect goes the other way".to_owned(),
            (Verdict::OppositeSmall, _) => {
                "false in the model: the effect goes the other way, and is below the smallest effect of interest"
                    .to_owned()
            }
            (Verdict::Null, _) => match false_alarms {
                Some(share) => {
                    format!("no effect of interest in the model; {} of such experiments report one", percent(share))
                }
                None => "no effect of interest in the model".to_owned(),
            },
            (Verdict::Unclear, _) => "too few replications to tell what is true in the model".to_owned(),
        }
    }
}

fn defined(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// The findings of a run.
pub fn findings(plan: &Plan, answers: &[Answered]) -> Vec<Finding> {
    let beside = |answer: &Answered| -> Vec<&Answered> {
        answers.iter().filter(|other| other.hypothesis == answer.hypothesis).collect()
    };
    answers.iter().map(|answer| finding(plan, answer, &beside(answer))).collect()
}

fn finding(plan: &Plan, answer: &Answered, all: &[&Answered]) -> Finding {
    let hypothesis = &plan.study.hypotheses[answer.hypothesis];
    let smallest = plan.smallest_effect(answer.hypothesis);
    let d = &answer.diagnosis;
    let estimator = plan.questions[answer.hypothesis].estimators[answer.estimator];
    let stepped = estimator.specification == Specification::SteppedWedge;
    Finding {
        hypothesis: hypothesis.id.clone(),
        statement: hypothesis.statement.clone(),
        estimator: hypothesis.estimators[answer.estimator].to_owned(),
        unit: match estimator.specification.scaling() {
            Scaling::PerWeek => "per week".to_owned(),
            Scaling::LogOdds => "in log odds".to_owned(),
            Scaling::Outcome | Scaling::Correlation => String::new(),
        },
        primary: answer.estimator == 0,
        implied_by_theory: hypothesis.implied_by_theory,
        verdict: verdict(hypothesis.expect, smallest, d.mean_truth, d.mean_truth_mcse),
        two_sided: hypothesis.expect == Expect::Different,
        estimate: defined(d.mean_estimate),
        effect_size: answer.size.map(|(kind, mean, _)| sized(kind, mean)),
        middle: defined(answer.middle.0).zip(defined(answer.middle.1)),
        truth: defined(d.mean_truth),
        truth_mcse: defined(d.mean_truth_mcse),
        total: defined(answer.total),
        spill_over: defined(answer.spill_over),
        smallest_effect_of_interest: smallest,
        power: defined(d.power),
        power_mcse: defined(d.power_mcse),
        power_holm: defined(answer.power_holm.0).filter(|_| plan.study.hypotheses.len() > 1),
        significant: defined(d.significant as f64 / (d.replications - d.failures) as f64),
        coverage: defined(d.coverage),
        coverage_mcse: defined(d.coverage_mcse),
        bias: defined(d.bias),
        bias_mcse: defined(d.bias_mcse),
        type_m: defined(d.type_m),
        type_s: defined(d.type_s),
        replications: d.replications,
        failures: d.failures,
        remark: remark(plan, answer),
        analyses: (answer.estimator == 0).then(|| analyses(hypothesis, all)).flatten(),
        cautions: cautions(answer, stepped),
    }
}

/// An effect size in words.
fn sized(kind: SizeKind, mean: f64) -> String {
    match kind {
        // Without a sign where it rounds to nothing.
        SizeKind::HedgesG if mean.abs() < 0.005 => "Hedges\' g 0.00".to_owned(),
        SizeKind::HedgesG => format!("Hedges\' g {mean:+.2}"),
        SizeKind::OddsRatio => format!("odds ratio {mean:.2}"),
        SizeKind::PartialRSquared => format!("partial R² {:.1}%", 100.0 * mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_among_the_few_that_could_be_analyzed_is_no_verdict() {
        let finding = |failures| Finding {
            hypothesis: "H1".to_owned(),
            statement: String::new(),
            estimator: "ancova_cr2".to_owned(),
            unit: String::new(),
            primary: true,
            implied_by_theory: false,
            verdict: Verdict::Holds,
            two_sided: false,
            estimate: None,
            effect_size: None,
            middle: None,
            truth: None,
            truth_mcse: None,
            total: None,
            spill_over: None,
            smallest_effect_of_interest: 0.1,
            power: Some(0.0),
            power_mcse: None,
            power_holm: None,
            significant: Some(0.0),
            coverage: None,
            coverage_mcse: None,
            bias: None,
            bias_mcse: None,
            type_m: None,
            type_s: None,
            replications: 300,
            failures,
            remark: None,
            analyses: None,
            cautions: Vec::new(),
        };
        assert_eq!(finding(3).words(), "true in the model, but 100% of such experiments miss it");
        assert_eq!(finding(298).words(), "true in the model; ancova_cr2 cannot analyze 99% of such experiments");
        // That something changes is not simply true: it goes somewhere.
        let open = Finding { two_sided: true, truth: Some(-0.2), ..finding(3) };
        assert_eq!(open.short(), "downward");
        assert_eq!(open.words(), "there is an effect in the model, downward, but 100% of such experiments miss it");
        // Of ten significant estimates three have the wrong sign: they find nothing.
        let misled = Finding { power: Some(0.1), significant: Some(0.1), type_s: Some(0.3), ..open.clone() };
        assert!((misled.found().unwrap_or_default() - 0.07).abs() < 1e-12);
        assert_eq!(
            misled.words(),
            "there is an effect in the model, downward, but 93% of such experiments miss it or report the opposite (3%)"
        );
        // Of a direction that is named power does not count the wrong one in the first place; it is said all the same.
        let named = Finding { two_sided: false, significant: Some(0.2), ..misled };
        assert_eq!(named.found(), Some(0.1));
        assert_eq!(
            named.words(),
            "true in the model, but 90% of such experiments miss it or report the opposite (10%)"
        );
        assert_eq!(Finding { significant: Some(0.104), ..named }.misled(), None);
        let small = Finding { verdict: Verdict::Small, truth: Some(0.01), ..open };
        assert_eq!(small.short(), "upward but small");
    }
}
