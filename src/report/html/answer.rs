//! What comes out, in two sentences a sponsor understands: what follows from the theory, and what an experiment of this size would
//! see of it. They are about the hypothesis that the study says to answer its question, else about its first one, and say so: the
//! question above them may ask more than one hypothesis answers, so that they never say yes or no to it.

use crate::inquiry::strategies::MANY_FAILURES;
use crate::report::summary::{amount, percent};
use crate::report::verdict::{Finding, Verdict};
use crate::report::words::recruits;
use crate::study::declaration::{Allocation, Expect, Score, Study};
use crate::study::plan::Plan;

/// Power from which a design counts as able to find an effect (Cohen 1988).
const ENOUGH: f64 = 0.8;

/// The hypothesis that leads: the one that the study says to answer its question, else its first.
pub fn leading<'a>(study: &Study, findings: &'a [Finding]) -> Option<&'a Finding> {
    let mut primary = findings.iter().filter(|one| one.primary);
    match study.answer {
        Some(at) => primary.find(|one| one.hypothesis == study.hypotheses[at].id),
        None => primary.next(),
    }
}

/// The two sentences, on the leading hypothesis.
pub fn answer(plan: &Plan, findings: &[Finding]) -> [String; 2] {
    match leading(&plan.study, findings) {
        Some(one) => [truth(plan, one, &named(plan.study.answer.is_some(), one, findings)), sight(plan, one)],
        None => [
            "This study tests nothing: it describes what follows if the theory is right.".to_owned(),
            "What happens to trust, to learning and to people in each arm is below.".to_owned(),
        ],
    }
}

/// Which hypothesis it is, with its statement.
fn named(answers: bool, one: &Finding, findings: &[Finding]) -> String {
    let statement = one.statement.trim_end_matches('.');
    match findings.iter().filter(|one| one.primary).count() {
        1 => format!("the study's one hypothesis, “{statement}”,"),
        _ if answers => format!("the hypothesis that answers the question, {} “{statement}”,", one.hypothesis),
        _ => format!("the study's first hypothesis, {} “{statement}”,", one.hypothesis),
    }
}

/// How all of the study's hypotheses fare, where there are several.
pub fn others(study: &Study, findings: &[Finding]) -> Option<String> {
    let mut all: Vec<&Finding> = findings.iter().filter(|one| one.primary).collect();
    all.sort_by_key(|one| IN_ORDER.iter().position(|verdict| *verdict == one.verdict));
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for words in all.iter().map(|one| counted(one)) {
        match counts.iter_mut().find(|(known, _)| *known == words) {
            Some((_, count)) => *count += 1,
            None => counts.push((words, 1)),
        }
    }
    let counts: Vec<String> = counts.iter().map(|(words, count)| format!("{count} {words}")).collect();
    (all.len() > 1).then(|| {
        let alone =
            if study.answer.is_some() { "" } else { ", and none of them alone need answer the study's question" };
        format!("It is one of {} hypotheses{alone}. Of all of them: {}.", all.len(), counts.join("; "))
    })
}

/// A verdict as it is counted.
fn counted(one: &Finding) -> &'static str {
    match one.short() {
        "true, borderline size" => "true, about as large as the smallest effect of interest",
        "true but small" => "true, below the smallest effect of interest",
        "true, size unclear" => "true, of unclear size",
        "the other way" => "false, since the effect goes the other way",
        "the other way but small" => "false, since a small effect goes the other way",
        "no effect" => "without an effect of interest",
        "unclear" => "unclear after so few replications",
        "upward" => "open and answered upward",
        "downward" => "open and answered downward",
        "upward, borderline size" => "open and answered upward, about by the smallest effect of interest",
        "downward, borderline size" => "open and answered downward, about by the smallest effect of interest",
        "upward but small" => "open and answered upward, below the smallest effect of interest",
        "downward but small" => "open and answered downward, below the smallest effect of interest",
        "upward, size unclear" => "open and answered upward, by how much is unclear",
        "downward, size unclear" => "open and answered downward, by how much is unclear",
        other => other,
    }
}

const IN_ORDER: [Verdict; 8] = [
    Verdict::Holds,
    Verdict::About,
    Verdict::Direction,
    Verdict::Small,
    Verdict::Null,
    Verdict::OppositeSmall,
    Verdict::Opposite,
    Verdict::Unclear,
];

/// What is true in the model of the hypothesis that is `named`.
fn truth(plan: &Plan, one: &Finding, named: &str) -> String {
    let size = format!("{}{}", amount(one, one.truth), in_words(plan, one));
    // Of an effect that is not where it is expected only the size is held against it.
    let least = amount(one, Some(one.smallest_effect_of_interest)).trim_start_matches('+').to_owned();
    let less = plan.study.hypotheses.iter().any(|it| it.id == one.hypothesis && it.expect == Expect::Less);
    let worth = match (one.two_sided, less) {
        (true, _) => format!("{least} in either direction"),
        (false, true) => format!("-{least}"),
        (false, false) => least.clone(),
    };
    match one.verdict {
        Verdict::Holds => format!(
            "If the theory is right, {named} is true, with an effect of {size}; the smallest effect of interest is {worth}."
        ),
        Verdict::About => format!(
            "If the theory is right, {named} is true, with an effect of {size}, about as large as the smallest effect of interest, \
             {worth}."
        ),
        Verdict::Small => format!(
            "If the theory is right, {named} is true, but small: its effect of {size} does not reach the smallest effect of interest, {worth}."
        ),
        Verdict::Direction => format!(
            "If the theory is right, {named} is true{}, with an effect of about {size}, but so few replications cannot \
             tell whether it reaches the smallest effect of interest, {worth}.",
            if one.two_sided { "" } else { " in its direction" }
        ),
        Verdict::Opposite => {
            format!("If the theory is right, {named} is false, since the effect goes the other way, {size}.")
        }
        Verdict::OppositeSmall => format!(
            "If the theory is right, {named} is false, since the effect goes the other way, {size}, and is smaller than the smallest effect of \
             interest, {least}."
        ),
        Verdict::Null if one.truth == Some(0.0) => {
            format!("If the theory is right, {named} has no effect at all behind it.")
        }
        Verdict::Null => format!(
            "If the theory is right, {named} has no effect of interest behind it: what there is, {size}, is smaller than the smallest effect \
             of interest, {least}."
        ),
        Verdict::Unclear => {
            format!("This run cannot tell: whether {named} is true in the model takes more than {}.", plan.repeated())
        }
    }
}

/// What an experiment of this size would see of it.
fn sight(plan: &Plan, one: &Finding) -> String {
    let failed = one.failures as f64 / one.replications as f64;
    let kind = match plan.study.design.allocation {
        Allocation::None => "A survey",
        Allocation::SelfSelected => "A study",
        _ => "An experiment",
    };
    let size = format!("{kind} of this size ({})", recruits(&plan.study));
    if failed > MANY_FAILURES {
        return format!(
            "{size} would rarely answer it: the planned analysis is not possible in {}.",
            percent(Some(failed))
        );
    }
    let without = if one.failures > 0 {
        format!("; the planned analysis is not possible in {}, which are not counted here", percent(Some(failed)))
    } else {
        String::new()
    };
    let Some(power) = one.found() else {
        return format!("{size} would not answer it: no analysis of it came about.");
    };
    let exaggerates = one.type_m.filter(|ratio| *ratio > 1.5 && power > 0.0 && one.significant_fits() > 20.0);
    let mut exaggerates = exaggerates.map_or_else(String::new, |ratio| {
        format!(" Where it is significant its estimate is on average {ratio:.1} times the true effect.")
    });
    if let Some(bias) = outweighing(one) {
        exaggerates.push_str(&format!(
            " On average its estimates are off by {}{}, more than the effect itself.",
            amount(one, Some(bias)),
            in_words(plan, one)
        ));
    }
    match one.verdict {
        Verdict::Null => format!(
            "{size} would still report an effect in {} of cases, and each of them would be a false alarm{without}.",
            about(one.significant.unwrap_or_default())
        ),
        Verdict::Opposite | Verdict::OppositeSmall => {
            let other = one.significant.unwrap_or_default() - power;
            let wrongly = match about(power).as_str() {
                "0%" => String::new(),
                share => format!(", and report the hypothesis as supported, wrongly, in {share}"),
            };
            format!(
                "{size} would find an effect that goes the other way in {} of cases{wrongly}{without}.{exaggerates}",
                about(other)
            )
        }
        Verdict::Unclear => format!("{size} reported it as found in {} of these few{without}.", about(power)),
        _ if about(power) == "0%" => {
            let opposite = match one.opposite().filter(|share| *share >= 0.01) {
                Some(share) => format!(", and would report the opposite in {} of cases", about(share)),
                None => String::new(),
            };
            format!(
                "{size} would hardly ever find it{opposite}: finding nothing would not show that nothing is there{without}."
            )
        }
        _ if power >= ENOUGH => format!("{size} would find it in {} of cases{without}.{exaggerates}", about(power)),
        _ => format!(
            "{size} would find it in {} of cases and miss it{} in the other {}: finding nothing would not show that nothing is \
             there{without}.{exaggerates}",
            about(power),
            one.misled().unwrap_or_default(),
            about(1.0 - power)
        ),
    }
}

/// A bias that is larger than the effect, and of some size beside the smallest effect of interest: what is found is then not what is
/// true, though the sign may be the same.
fn outweighing(one: &Finding) -> Option<f64> {
    let (bias, error, truth) = (one.bias?, one.bias_mcse?, one.truth?);
    let matters = bias.abs() > 3.0 * error && bias.abs() > 0.2 * one.smallest_effect_of_interest;
    (matters && bias.abs() > truth.abs()).then_some(bias)
}

/// A share in whole percent: a sponsor reads no decimals, and they would promise what no run knows.
fn about(share: f64) -> String {
    match 100.0 * share {
        0.0 => "0%".to_owned(),
        percent if percent < 0.5 => "fewer than 1%".to_owned(),
        percent if (99.5..100.0).contains(&percent) => "more than 99%".to_owned(),
        percent => format!("{percent:.0}%"),
    }
}

/// The unit of a finding's numbers, after a space.
pub fn unit(plan: &Plan, one: &Finding) -> String {
    let at = plan.study.hypotheses.iter().position(|hypothesis| hypothesis.id == one.hypothesis);
    at.map_or_else(String::new, |at| format!(" {}", plan.unit(at)))
}

/// The same in a sentence.
fn in_words(plan: &Plan, one: &Finding) -> String {
    let any = plan.study.hypotheses.iter().any(|it| it.id == one.hypothesis && it.score == Score::Any);
    match unit(plan, one).as_str() {
        " share" if any => " (as a share of persons)".to_owned(),
        " share" => " (on a scale from 0 to 1)".to_owned(),
        other => other.to_owned(),
    }
}

/// Whether a finding's answer was contained in the theory; said beside it.
pub fn implied(study: &Study, findings: &[Finding]) -> Option<&'static str> {
    leading(study, findings)?.implied_by_theory.then_some(
        "The theory's own equations contain the direction of this answer: that it comes out so is no evidence that people are like this. How \
         large it is, what it costs to see it, and whom it may hurt, is what there is to learn here.",
    )
}
