//! All hypotheses of a run in one picture: from the answers to what the figure draws.

use super::pictures::{asked, implied, times};
use super::seen::middle;
use crate::figures::{Forest, ForestRow};
use crate::inquiry::answers::Answered;
use crate::model::outcomes::in_words;
use crate::study::declaration::Expect;
use crate::study::plan::Plan;

/// Every hypothesis by its first estimator: in their unit if all have the same one, else in multiples of the smallest effect of
/// interest of each.
pub fn forest(plan: &Plan, answers: &[Answered]) -> Forest {
    let shown: Vec<&Answered> = answers.iter().filter(|answer| answer.estimator == 0).collect();
    let unit = |answer: &Answered| plan.unit(answer.hypothesis);
    let alike = shown.windows(2).all(|pair| unit(pair[0]) == unit(pair[1]));
    let x_label = match shown.first() {
        Some(first) if alike => format!("effect ({})", unit(first)),
        _ => "effect in multiples of its smallest effect of interest (1 is just of interest)".to_owned(),
    };
    let interval = middle(plan.study.monte_carlo.replications);
    let note = format!(
        "Interval: from the 2.5th to the 97.5th percentile of the estimates of such experiments, {interval}. Truth: what the model holds to be true, mean over \
         replications. Power: share of experiments significant at 5% and, where the hypothesis names a direction, in it; for an open one \
         in either. Other way: share significant in the direction that it does not name, where that is 5% or more. {}",
        implied(&plan.study)
    );
    Forest {
        title: "Every hypothesis: what experiments of this size find, and what is true".to_owned(),
        subtitle: format!("Each by its first estimator; {}", times(plan)),
        x_label,
        interval,
        rows: shown.into_iter().map(|answer| row(plan, answer, alike)).collect(),
        note: note.trim_end().to_owned(),
    }
}

fn row(plan: &Plan, answer: &Answered, alike: bool) -> ForestRow {
    let hypothesis = &plan.study.hypotheses[answer.hypothesis];
    let smallest = plan.smallest_effect(answer.hypothesis).abs();
    // Without a smallest effect of interest there is nothing to be a multiple of: the row keeps its numbers alone.
    let scale = if alike { 1.0 } else { 1.0 / smallest };
    let (mean, truth) = (answer.diagnosis.mean_estimate, answer.diagnosis.mean_truth);
    let sides: &[f64] = match hypothesis.expect {
        Expect::Greater => &[1.0],
        Expect::Less => &[-1.0],
        Expect::Different => &[-1.0, 1.0],
    };
    let on_axis = |value: f64| Some(value * scale).filter(|value| value.is_finite());
    ForestRow {
        name: format!("{}: {}", hypothesis.id, hypothesis.statement),
        short: format!("{}: {}, {}", hypothesis.id, asked(&plan.study, hypothesis), in_words(hypothesis.outcome)),
        estimate: mean * scale,
        low: answer.middle.0 * scale,
        high: answer.middle.1 * scale,
        truth: on_axis(truth),
        smallest: sides.iter().filter_map(|side| on_axis(side * smallest)).filter(|value| *value != 0.0).collect(),
        numbers: numbers(mean, answer.middle, &if alike { String::new() } else { plan.unit(answer.hypothesis) }),
        power: power(answer, hypothesis.expect),
    }
}

/// Share from which significance in the direction that a hypothesis does not name is more than luck: by luck it is 2.5%.
const OTHER_WAY: f64 = 0.05;

/// Power, and below it how many are significant the other way.
fn power(answer: &Answered, expect: Expect) -> String {
    let d = &answer.diagnosis;
    if !d.power.is_finite() {
        return "–".to_owned();
    }
    let power = format!("{:.0}%", 100.0 * d.power);
    let other = d.significant as f64 / (d.replications - d.failures) as f64 - d.power;
    match expect {
        Expect::Greater | Expect::Less if other >= OTHER_WAY => format!("{power}; other way {:.0}%", 100.0 * other),
        _ => power,
    }
}

/// Mean and interval with as many decimals as the interval's width deserves, and the unit.
fn numbers(mean: f64, (low, high): (f64, f64), unit: &str) -> String {
    if !mean.is_finite() {
        return "no estimates".to_owned();
    }
    let width = (high - low).abs();
    let order = libm::log10(if width > 0.0 && width.is_finite() { width } else { mean.abs().max(1e-6) }).floor();
    let places = (1.0 - order).clamp(0.0, 8.0) as usize;
    let written = |value: f64| crate::figures::number(value, places);
    let interval = if width.is_finite() { format!(" [{}, {}]", written(low), written(high)) } else { String::new() };
    format!("{}{interval} {unit}", written(mean)).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn numbers_have_the_decimals_that_their_interval_deserves() {
        assert_eq!(numbers(0.2213, (0.051, 0.392), "SD"), "0.22 [0.05, 0.39] SD");
        assert_eq!(numbers(-0.0031, (-0.0052, -0.0011), "SD per week"), "−0.0031 [−0.0052, −0.0011] SD per week");
        assert_eq!(numbers(31.4, (10.0, 52.0), ""), "31 [10, 52]");
        assert_eq!(numbers(f64::NAN, (f64::NAN, f64::NAN), "SD"), "no estimates");
        assert_eq!(numbers(0.5, (0.5, 0.5), ""), "0.50 [0.50, 0.50]");
    }
}
