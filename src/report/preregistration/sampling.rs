//! The sampling plan: how many, why so many, and when it ends.

use std::fmt::Write as _;

use super::{Material, ids};
use crate::inquiry::answers::ALPHA;
use crate::inquiry::own_data::against::Simulated;
use crate::inquiry::power::wilson;
use crate::report::text::number;
use crate::report::words::{people, size};
use crate::study::declaration::{Allocation, Expect, Hypothesis, Study};
use crate::study::estimators::{Scaling, find, normal_cdf};

/// The normal's two-sided critical value at .05.
const CRITICAL: f64 = 1.959_963_984_540_054;

/// How participants are found and asked.
pub(super) fn procedures(study: &Study) -> String {
    let screening = study
        .design
        .screening
        .map_or("", |_| " Everyone is screened before assignment, as described under Randomization.");
    let weeks: Vec<String> = study.measurement.waves.iter().map(usize::to_string).collect();
    format!(
        "{} take part.{screening} They are asked in weeks {} of the study; week 0 is before any treatment.\n\n[Which organizations; how \
         participants are recruited, paid and informed; inclusion and exclusion criteria; dates; how questionnaires reach them]",
        people(study),
        weeks.join(", ")
    )
}

/// How many units, by arm.
pub(super) fn size_of_sample(study: &Study) -> String {
    let mut out = format!("{}.", people(study));
    if study.design.allocation != Allocation::None {
        let arms: Vec<_> = study.arms.iter().filter(|arm| arm.share > 0.0).collect();
        if arms.len() <= 8 {
            let all: Vec<String> = arms.iter().map(|arm| format!("{}: {}", arm.name, size(study, arm))).collect();
            let _ = write!(out, " By arm: {}.", all.join("; "));
        } else if let Some(first) = arms.first() {
            let _ = write!(out, " {} arms of {} each.", arms.len(), size(study, first));
        }
    }
    out
}

/// Power of each hypothesis at this size.
pub(super) fn rationale(material: &Material) -> String {
    let study = material.study();
    // Of several hypotheses the corrected p is what decides, and so what power is of.
    let family = study.hypotheses.len() > 1;
    let decides = if family { "power, p corrected by Holm | power, p as it is" } else { "power" };
    let mut out = format!(
        "Power was simulated: {} experiments of this design, each analyzed as registered here. **The size of the effects is assumed**: it is \
         what the model of the study gives with its assumed parameters, not what has been found anywhere. Beside it stands the power if the \
         true effect were just the smallest effect of interest, which rests on the simulated spread of the estimates alone (normal \
         approximation).\n\n\
         | hypothesis | true effect in the model (assumed) | {decides} | smallest effect of interest | power at it{} | half width of the 95 % interval |\n\
         |---|--:|--:|--:|--:|--:|{}\n",
        material.replications,
        if family { ", p as it is" } else { "" },
        if family { "--:|" } else { "" },
    );
    for (index, declared) in study.hypotheses.iter().enumerate() {
        let Some(simulated) = material.planned(index).filter(|one| one.estimates.len() > 1) else {
            let _ = writeln!(
                out,
                "| {} | no simulated experiment gave an estimate | – | – | – | – |{}",
                declared.id,
                if family { " – |" } else { "" }
            );
            continue;
        };
        let share = |corrected: bool| {
            let power = supported(simulated, declared.expect, corrected);
            let [share, low, high] = [power.share, power.low, power.high].map(|one| (100.0 * one).round());
            format!("{share} % ({low} to {high})")
        };
        let power = if family { format!("{} | {}", share(true), share(false)) } else { share(false) };
        let smallest = material.plan.smallest_effect(index);
        let spread = spread(simulated);
        let at_smallest = at_effect(smallest, spread, declared.expect);
        let sd = material.plan.reference_sd(index);
        let in_sd = |value: f64| match value.is_finite() {
            true if sd.is_finite() && sd > 0.0 => format!("{} ({:.2} SD)", rounded(value), value / sd),
            true => rounded(value),
            false => "unknown".to_owned(),
        };
        let known = |value: f64| if value.is_finite() { rounded(value) } else { "unknown".to_owned() };
        let _ = writeln!(
            out,
            "| {} | {} | {power} | {} | {} % | {} |",
            declared.id,
            in_sd(simulated.truth),
            in_sd(smallest),
            (100.0 * at_smallest).round(),
            known(1.96 * spread)
        );
    }
    out.push_str(
        "\nPower: share of the simulated experiments with p < .05 on two sides and an estimate on the expected side; in brackets the 95 % \
         interval of the Monte Carlo error.",
    );
    if family {
        out.push_str(
            " As the corrected p is what decides (Inference criteria), so is its power. How often an effect of just the smallest interest survives \
             the correction depends on the other hypotheses: its power is of p as it is, and an upper bound.",
        );
    }
    let _ = writeln!(out, " {} SD: of the true score in the reference population of the model.", units(study));
    let failed: usize =
        (0..study.hypotheses.len()).filter_map(|index| material.planned(index)).map(|one| one.failures).sum();
    if failed > 0 {
        let _ = write!(
            out,
            "\nIn {failed} of all these analyses the model could not be fitted; power is over the others.\n"
        );
    }
    let weak = ids(study, |one| {
        let at = study.hypotheses.iter().position(|other| other.id == one.id);
        let simulated = at.and_then(|index| material.planned(index)).filter(|one| one.estimates.len() > 1);
        simulated.is_some_and(|simulated| supported(simulated, one.expect, family).share < 0.8)
    });
    if !weak.is_empty() {
        let _ = write!(
            out,
            "\nBelow 80 %{}: {weak}. [Say why this size is still the one you choose, or find another with `peerlab power {}{}]\n",
            if family { " by the corrected p" } else { "" },
            study.id,
            if family {
                let count = study.hypotheses.len();
                let strictest = number((ALPHA / count as f64 * 1e4).round() / 1e4);
                format!(
                    " --alpha {strictest}`: of {count} p-values Holm's method asks that of the smallest, and {} of the largest",
                    number(ALPHA)
                )
            } else {
                "`".to_owned()
            }
        );
    }
    let biased: Vec<String> = (0..study.hypotheses.len())
        .filter_map(|index| {
            let simulated = material.planned(index).filter(|one| one.estimates.len() > 1)?;
            let off = bias(simulated);
            let error = spread(simulated) / (simulated.estimates.len() as f64).sqrt();
            let notable = off.abs() > 2.58 * error && off.abs() > 0.25 * spread(simulated);
            notable.then(|| format!("{} ({off:+.3})", study.hypotheses[index].id))
        })
        .collect();
    if !biased.is_empty() {
        let _ = write!(
            out,
            "\n**Estimates that are off on average** by more than chance, and by more than a quarter of their spread: {}. What is called power \
             there is how often that is found, which is not the true effect. [Say what is done about it, or claim no effect]\n",
            biased.join(", ")
        );
    }
    out.push_str("\n[What else limits the sample: money, time, the number of people there are]");
    out
}

/// In what effects are, by what the hypotheses' first estimators answer in.
fn units(study: &Study) -> String {
    let scaling =
        |one: &Hypothesis| one.estimators.first().and_then(|id| find(id)).map(|one| one.specification.scaling());
    let named = |wanted: Scaling| ids(study, |one| scaling(one) == Some(wanted));
    let kinds = [
        (Scaling::PerWeek, "in the unit of the outcome's score per week"),
        (Scaling::LogOdds, "differences in log odds"),
        (Scaling::Correlation, "correlations, without a unit"),
    ];
    let others: Vec<String> = kinds
        .into_iter()
        .map(|(kind, words)| (named(kind), words))
        .filter(|(all, _)| !all.is_empty())
        .map(|(all, words)| format!("those of {all} are {words}"))
        .collect();
    let plain = "in the unit of the outcome's score, as measured";
    match (named(Scaling::Outcome).is_empty(), others.is_empty()) {
        (_, true) => format!("Effects are {plain}."),
        (false, false) => format!("Effects are {plain}; {}.", others.join("; ")),
        (true, false) => format!("Of the effects {}.", others.join("; ")),
    }
}

/// When data collection ends.
pub(super) fn stopping(study: &Study) -> String {
    let last = study.measurement.waves.last().copied().unwrap_or(0);
    format!(
        "None that looks at results: recruitment ends when the numbers above are reached, and measurement with week {last}. Nothing is tested \
         before. [What happens if fewer can be recruited, or if harm is found]"
    )
}

/// A share with the 95 % interval of its Monte Carlo error, by Wilson's method.
struct Power {
    share: f64,
    low: f64,
    high: f64,
}

/// The share of estimates that are significant on the expected side, by p as it is or corrected for the family.
fn supported(simulated: &Simulated, expect: Expect, corrected: bool) -> Power {
    let all = simulated.estimates.len() as f64;
    let holds = |value: f64| match expect {
        Expect::Greater => value > 0.0,
        Expect::Less => value < 0.0,
        Expect::Different => true,
    };
    let both = simulated.estimates.iter().zip(&simulated.corrected);
    let found = both.filter(|((value, alone), within)| holds(*value) && if corrected { **within } else { *alone });
    let count = found.count() as f64;
    let share = count / all;
    let (low, high) = wilson(share, all, CRITICAL);
    Power { share, low, high }
}

/// How far the mean estimate is from the mean truth; NaN where no truth is known.
fn bias(simulated: &Simulated) -> f64 {
    let all = simulated.estimates.len() as f64;
    simulated.estimates.iter().fold(0.0, |sum, (value, _)| sum + value) / all - simulated.truth
}

/// SD of the estimates.
pub(super) fn spread(simulated: &Simulated) -> f64 {
    let all = simulated.estimates.len() as f64;
    let mean = simulated.estimates.iter().fold(0.0, |sum, (value, _)| sum + value) / all;
    let squares = simulated.estimates.iter().fold(0.0, |sum, (value, _)| sum + (value - mean) * (value - mean));
    (squares / (all - 1.0)).sqrt()
}

/// Power of a two-sided test at ALPHA for an effect on the expected side, by the normal approximation.
fn at_effect(effect: f64, spread: f64, expect: Expect) -> f64 {
    if spread <= 0.0 {
        return 1.0;
    }
    debug_assert!((ALPHA - 0.05).abs() < 1e-12, "the critical value below is that of .05");
    let z = effect.abs() / spread;
    let expected = normal_cdf(z - CRITICAL);
    match expect {
        Expect::Different => expected + normal_cdf(-z - CRITICAL),
        _ => expected,
    }
}

/// Three significant digits.
pub(super) fn rounded(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = if value.abs() < 0.01 && value != 0.0 { format!("{value:.4}") } else { text };
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_at_an_effect() {
        // A standard error of half the effect: z = 2 gives 51.6 % on the expected side, and next to nothing on the other.
        assert!((at_effect(1.0, 0.5, Expect::Greater) - 0.516).abs() < 1e-3);
        assert!((at_effect(0.0, 0.5, Expect::Different) - 0.05).abs() < 1e-9);
        assert_eq!([rounded(0.1), rounded(-0.0), rounded(0.00123), rounded(12.0)], ["0.1", "0", "0.0012", "12"]);
    }
}
