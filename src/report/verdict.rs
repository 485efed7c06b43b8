//! What an answer means, in words that follow from its numbers and from nothing else.

use serde::{Deserialize, Serialize};

use super::analyses::analyses;
use super::cautions::cautions;
use super::remark::remark;
use crate::inquiry::answers::Answered;
use crate::inquiry::strategies::MANY_FAILURES;
use crate::study::declaration::Expect;
use crate::study::effect_size::SizeKind;
use crate::study::estimators::{Scaling, Specification};
use crate::study::plan::Plan;

/// What the model holds to be true of a hypothesis, as far as these replications can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The truth has the expected direction and is worth having.
    Holds,
    /// The truth has the expected direction (or, of an open question, any), and is smaller than what is worth having.
    Small,
    /// The truth has the expected direction; whether it is worth having cannot be told from so few replications.
    Direction,
    /// The truth has the other direction, and may be worth having there.
    Opposite,
    /// The truth has the other direction, and is smaller than what is worth having.
    OppositeSmall,
    /// The truth is exactly zero, or certainly too small to be worth having in either direction.
    Null,
    /// These replications cannot tell the truth from zero, nor from something worth having.
    Unclear,
}

impl Verdict {
    /// In a word or two.
    pub fn short(self) -> &'static str {
        match self {
            Verdict::Holds => "true",
            Verdict::Small => "true but small",
            Verdict::Direction => "true, size unclear",
            Verdict::Opposite => "the other way",
            Verdict::OppositeSmall => "the other way but small",
            Verdict::Null => "no effect",
            Verdict::Unclear => "unclear",
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
    /// Smallest effect worth having.
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

    /// Whether at least one experiment in a hundred claims the opposite of what is true, where no direction is named.
    pub fn misleads(&self) -> bool {
        self.power.zip(self.found()).is_some_and(|(power, found)| power - found >= 0.01)
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
                let opposite = if self.misleads() { " or report the opposite" } else { "" };
                format!("{truth}, but {} of such experiments miss it{opposite}", percent(1.0 - power))
            }
            (Verdict::Holds, None) => truth,
            (Verdict::Small, _) => format!("{truth}, but smaller than what would be worth having"),
            (Verdict::Direction, _) => {
                format!("{truth}; whether it is worth having takes more replications to tell")
            }
            (Verdict::Opposite, _) => "false in the model: the effect goes the other way".to_owned(),
            (Verdict::OppositeSmall, _) => {
                "false in the model: the effect goes the other way, and is smaller than what would be worth having"
                    .to_owned()
            }
            (Verdict::Null, _) => match false_alarms {
                Some(share) => {
                    format!("no effect worth having in the model; {} of such experiments report one", percent(share))
                }
                None => "no effect worth having in the model".to_owned(),
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

/// The verdict follows from the truth alone, not from any estimate. The truth is known to within 1.96 Monte Carlo standard
/// errors; of a single replication that error is unknown, and only an effect of exactly zero can be told.
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
    let (low, high) = (truth - 1.96 * mcse, truth + 1.96 * mcse);
    if low > 0.0 {
        if low >= smallest {
            Verdict::Holds
        } else if high < smallest {
            Verdict::Small
        } else {
            Verdict::Direction
        }
    } else if high < 0.0 {
        if low > -smallest { Verdict::OppositeSmall } else { Verdict::Opposite }
    } else if -smallest < low && high < smallest {
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
        assert_eq!(v(Expect::Greater, -0.105), Verdict::Opposite, "it may be worth having in the other direction");
        assert_eq!(v(Expect::Greater, -0.05), Verdict::OppositeSmall);
        assert_eq!(v(Expect::Less, 0.05), Verdict::OppositeSmall);
        assert_eq!(v(Expect::Less, -0.2), Verdict::Holds);
        assert_eq!(v(Expect::Different, -0.2), Verdict::Holds);
        assert_eq!(v(Expect::Greater, 0.01), Verdict::Null);
    }

    #[test]
    fn few_replications_claim_nothing() {
        assert_eq!(verdict(Expect::Greater, 0.1, 0.088, 0.08), Verdict::Unclear);
        assert_eq!(verdict(Expect::Greater, 0.1, 0.088, f64::NAN), Verdict::Unclear, "one replication");
        assert_eq!(verdict(Expect::Greater, 0.1, 0.0, 0.0), Verdict::Null, "exactly nothing");
        assert_eq!(verdict(Expect::Greater, 0.1, 0.0, f64::NAN), Verdict::Null, "exactly nothing, once");
    }

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
            "there is an effect in the model, downward, but 93% of such experiments miss it or report the opposite"
        );
        // Of a direction that is named power does not count the wrong one in the first place.
        assert_eq!(Finding { two_sided: false, ..misled }.found(), Some(0.1));
        let small = Finding { verdict: Verdict::Small, truth: Some(0.01), ..open };
        assert_eq!(small.short(), "upward but small");
    }
}
