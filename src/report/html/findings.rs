//! The hypotheses of a run as a page shows them: one row each at a glance, then each with everything that is known of it.

use serde::Serialize;

use super::answer::unit;
use crate::report::summary::{amount, percent, reading};
use crate::report::verdict::{Finding, Verdict};
use crate::report::words::{answer, contrast};
use crate::study::declaration::{Expect, Hypothesis};
use crate::study::plan::Plan;

/// A fact with its label.
pub type Fact = (&'static str, String);

/// One estimator's performance, as a row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Strategy {
    /// Its id.
    pub estimator: String,
    /// Mean estimate with the middle 95% of the estimates.
    pub estimate: String,
    /// Bias.
    pub bias: String,
    /// Power, or false alarms where there is nothing to find.
    pub power: String,
    /// Coverage.
    pub coverage: String,
    /// Fits that failed.
    pub failures: String,
}

/// A hypothesis with its findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// Its id.
    pub id: String,
    /// What it states.
    pub statement: String,
    /// The verdict in a word or two.
    pub verdict: &'static str,
    /// How a verdict looks: `yes`, `small`, `no`, `null` or `open`.
    pub tone: &'static str,
    /// What was expected.
    pub expected: &'static str,
    /// Whether the theory implies it.
    pub implied: bool,
    /// The unit of its numbers.
    pub unit: String,
    /// The true effect with its Monte Carlo error.
    pub truth: String,
    /// The smallest effect of interest.
    pub worth: String,
    /// Mean estimate with the middle 95% of the estimates.
    pub estimate: String,
    /// `Power` or `False alarms`.
    pub found: &'static str,
    /// How often it is found, or falsely found.
    pub power: String,
    /// What it means, in sentences.
    pub reading: String,
    /// What is compared, and how it is estimated.
    pub question: String,
    /// What else is known.
    pub facts: Vec<Fact>,
    /// What has to be said beyond the size.
    pub remark: Option<String>,
    /// Which analysis to trust.
    pub analyses: Option<String>,
    /// What a reviewer would object to.
    pub cautions: Vec<String>,
    /// All estimators where there are several.
    pub strategies: Vec<Strategy>,
}

/// Every hypothesis of the study, in order.
pub fn answered(plan: &Plan, findings: &[Finding]) -> Vec<Answered> {
    let hypotheses = plan.study.hypotheses.iter();
    hypotheses
        .filter_map(|hypothesis| {
            let own: Vec<&Finding> = findings.iter().filter(|one| one.hypothesis == hypothesis.id).collect();
            let first = own.iter().copied().find(|one| one.primary)?;
            Some(one(plan, hypothesis, first, &own))
        })
        .collect()
}

fn one(plan: &Plan, hypothesis: &Hypothesis, first: &Finding, own: &[&Finding]) -> Answered {
    let (found, power) = power(first);
    Answered {
        id: first.hypothesis.clone(),
        statement: first.statement.trim_end_matches('.').to_owned(),
        verdict: first.short(),
        tone: tone(first.verdict),
        expected: match hypothesis.expect {
            Expect::Greater => "expected: greater",
            Expect::Less => "expected: less",
            Expect::Different => "an open question",
        },
        implied: first.implied_by_theory,
        unit: unit(plan, first).trim_start().to_owned(),
        truth: truth(first),
        worth: worth(hypothesis, first),
        estimate: estimate(first),
        found,
        power,
        reading: sentence(&reading(first)),
        question: format!(
            "{}{} {}",
            marked(hypothesis, &contrast(&plan.study, hypothesis)),
            in_points(hypothesis, first, &unit(plan, first)),
            answer(hypothesis)
        ),
        facts: facts(first),
        remark: first.remark.clone(),
        analyses: first.analyses.clone(),
        cautions: cautions(own),
        strategies: if own.len() > 1 { own.iter().map(|one| strategy(one)).collect() } else { Vec::new() },
    }
}

/// The smallest effect of interest where results have it in other units than it is declared in: in points of a scale.
fn in_points(hypothesis: &Hypothesis, one: &Finding, unit: &str) -> String {
    let least = one.smallest_effect_of_interest;
    if (least - hypothesis.smallest_effect_of_interest).abs() <= 1e-9 * least.abs() {
        return String::new();
    }
    format!(" On the scale on which it is measured that is {}{unit}.", amount(one, Some(least)).trim_start_matches('+'))
}

/// A sentence whose first word is the outcome's id, with that marked as code.
fn marked(hypothesis: &Hypothesis, words: &str) -> String {
    words
        .strip_prefix(hypothesis.outcome)
        .map_or_else(|| words.to_owned(), |rest| format!("`{}`{rest}", hypothesis.outcome))
}

fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Holds => "yes",
        Verdict::About | Verdict::Small | Verdict::Direction => "small",
        Verdict::Opposite | Verdict::OppositeSmall => "no",
        Verdict::Null => "null",
        Verdict::Unclear => "open",
    }
}

/// The truth with its Monte Carlo error.
fn truth(one: &Finding) -> String {
    let error = one.truth_mcse.filter(|error| *error > 0.0).map_or_else(String::new, |error| {
        let text = amount(one, Some(1.96 * error));
        // An error that is there is not written as none.
        if text.contains(|c: char| matches!(c, '1'..='9')) {
            format!(" ± {}", text.trim_start_matches('+'))
        } else {
            format!(" ± less than {}1", &text[..text.len() - 1])
        }
    });
    format!("{}{error}", amount(one, one.truth))
}

/// The smallest effect of interest, on the side that is expected.
fn worth(hypothesis: &Hypothesis, one: &Finding) -> String {
    let smallest = one.smallest_effect_of_interest;
    match hypothesis.expect {
        Expect::Greater => amount(one, Some(smallest)),
        Expect::Less => amount(one, Some(-smallest)),
        Expect::Different => format!("±{}", amount(one, Some(smallest)).trim_start_matches('+')),
    }
}

fn estimate(one: &Finding) -> String {
    let middle = one
        .middle
        .map_or_else(String::new, |(low, high)| format!(" [{}, {}]", amount(one, Some(low)), amount(one, Some(high))));
    format!("{}{middle}", amount(one, one.estimate))
}

/// How often it is found; where there is nothing to find, how often it is found all the same.
fn power(one: &Finding) -> (&'static str, String) {
    if one.verdict == Verdict::Null {
        return ("False alarms", percent(one.significant));
    }
    ("Power", share(one, one.power, one.power_mcse))
}

/// A share of the fits with its Monte Carlo error. None and all of them have an error too, which Wilson's interval (1927) knows.
fn share(one: &Finding, value: Option<f64>, error: Option<f64>) -> String {
    let bound = wilson(one.replications - one.failures);
    let error = match (value, error) {
        (Some(0.0), Some(_)) => format!(" (below {})", percent(Some(bound))),
        (Some(1.0), Some(_)) => format!(" (above {})", percent(Some(1.0 - bound))),
        (_, Some(error)) => format!(" ± {:.1}", 196.0 * error),
        (_, None) => String::new(),
    };
    format!("{}{error}", percent(value))
}

/// Upper end of Wilson's 95% interval of a share of which none was seen among so many: z² / (n + z²); a share.
fn wilson(count: u64) -> f64 {
    1.96 * 1.96 / (count as f64 + 1.96 * 1.96)
}

/// What else is known of the first estimator.
fn facts(one: &Finding) -> Vec<Fact> {
    let mut facts: Vec<Fact> = vec![("Analysis", format!("`{}`", one.estimator))];
    let mut add = |label, text: Option<String>| facts.extend(text.map(|text| (label, text)));
    add("If everyone had it", one.total.map(|total| amount(one, Some(total))));
    let spilled = one.spill_over.filter(|spilled| spilled.abs() >= 0.0005);
    add("Of it, reaches the controls", spilled.map(|spilled| amount(one, Some(spilled))));
    add("Effect size, mean estimate", one.effect_size.clone());
    let corrected = one.power_holm.filter(|_| one.verdict != Verdict::Null);
    add("Power, p corrected (Holm)", corrected.map(|power| percent(Some(power))));
    add("Coverage of 95% intervals", one.coverage.map(|value| share(one, Some(value), one.coverage_mcse)));
    let bias = one.bias.map(|bias| {
        let error = one.bias_mcse.map_or_else(String::new, |error| {
            format!(" ± {}", amount(one, Some(1.96 * error)).trim_start_matches('+'))
        });
        format!("{}{error}", amount(one, Some(bias)))
    });
    add("Bias", bias);
    // Of a handful of significant estimates neither is known.
    if one.verdict != Verdict::Null && one.significant_fits() > 20.0 {
        add("Exaggeration where significant", one.type_m.map(|ratio| format!("{ratio:.1} times")));
        add("Wrong sign where significant", one.type_s.map(|share| percent(Some(share))));
    }
    add("Fits that failed", Some(failures(one)));
    facts
}

fn failures(one: &Finding) -> String {
    match one.failures {
        0 => format!("none of {}", one.replications),
        some => format!("{some} of {} ({})", one.replications, percent(Some(some as f64 / one.replications as f64))),
    }
}

/// The objections, each with its estimator where there are several.
fn cautions(own: &[&Finding]) -> Vec<String> {
    let several = own.len() > 1;
    let all = own.iter().flat_map(|one| one.cautions.iter().map(move |words| (one, words)));
    all.map(
        |(one, words)| if several { format!("`{}`: {words}.", one.estimator) } else { format!("{}.", sentence(words)) },
    )
    .collect()
}

fn strategy(one: &Finding) -> Strategy {
    Strategy {
        estimator: one.estimator.clone(),
        estimate: estimate(one),
        bias: amount(one, one.bias),
        power: power(one).1,
        coverage: percent(one.coverage),
        failures: one.failures.to_string(),
    }
}

fn sentence(words: &str) -> String {
    crate::report::text::capitalized(words)
}

#[cfg(test)]
mod tests {
    use super::wilson;

    /// Against Wilson's formula in full, (p + z²/2n + z √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), where p is zero.
    #[test]
    fn of_none_seen_the_share_is_below_wilsons_bound() {
        let z: f64 = 1.96;
        for n in [1.0, 20.0, 60.0, 10_000.0_f64] {
            let whole = (z * z / (2.0 * n) + z * (z * z / (4.0 * n * n)).sqrt()) / (1.0 + z * z / n);
            assert!((wilson(n as u64) - whole).abs() < 1e-15, "{n}");
        }
        assert!((wilson(60) - 0.060_173).abs() < 1e-6, "{}", wilson(60));
        assert_eq!(wilson(0), 1.0, "of nothing anything is possible");
    }
}
