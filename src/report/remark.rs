//! What has to be said of a finding beyond the size of its effect: of an association how far it is from the causal truth and
//! why, of an interaction whether it is one on every scale. Each sentence follows from the numbers of the run.

use crate::inquiry::answers::{Answered, Known};
use crate::study::declaration::{Allocation, Ask, Association, Score};
use crate::study::plan::Plan;

/// The sentence, if the question calls for one.
pub fn remark(plan: &Plan, answer: &Answered) -> Option<String> {
    let hypothesis = &plan.study.hypotheses[answer.hypothesis];
    let scale = &plan.scales[plan.questions[answer.hypothesis].scale];
    let in_sd = |value: f64| value / (scale.points_per_unit * scale.about.reference.1);
    let truth = answer.diagnosis.mean_truth;
    if !truth.is_finite() {
        return None;
    }
    // A share of people has no such SD.
    let is_share = hypothesis.score == Score::Any;
    match &hypothesis.ask {
        Ask::Factors(_) if is_share => None,
        Ask::Contrast(_) | Ask::Moderated(..) => {
            (plan.study.design.allocation == Allocation::SelfSelected).then(|| chosen(answer))
        }
        Ask::Factors(factors) if factors.len() == 1 => {
            let size = in_sd(truth);
            let size = if size.abs() < 0.005 { "less than 0.01".to_owned() } else { format!("{size:+.2}") };
            Some(format!("That is {size} SD of the outcome's scale in the neutral population."))
        }
        Ask::Factors(_) => Some(interaction(in_sd(truth), truth, answer.diagnosis.mean_truth_mcse, answer)),
        Ask::Association(asked) => Some(association(asked, answer)),
        Ask::Resemblance(_) => resemblance(answer),
    }
}

/// What errors of measurement do to a resemblance.
fn resemblance(answer: &Answered) -> Option<String> {
    let (truth, answered, seen) = (answer.diagnosis.mean_truth, answer.answered.mean, answer.diagnosis.mean_estimate);
    (told(answer.diagnosis.bias, answer.diagnosis.bias_mcse) && (answered - seen).abs() > 0.005).then(|| {
        format!(
            "Free of error it would be {answered:+.3} among those who answered ({truth:+.3} among all): each member's own errors \
             pull what is seen toward 0."
        )
    })
}

/// Whether a mean is told from zero by its Monte Carlo error.
fn told(mean: f64, error: f64) -> bool {
    mean.abs() > 1.96 * error && mean != 0.0
}

/// Synergy depends on the scale: what is more than a sum may be less than a product.
fn interaction(in_sd: f64, raw: f64, raw_error: f64, answer: &Answered) -> String {
    let beyond = if in_sd.abs() < 0.005 { "less than 0.01".to_owned() } else { format!("{in_sd:+.2}") };
    let size =
        format!("Beyond the sum of each alone it is {beyond} SD of the outcome's scale in the neutral population");
    let Known { mean, error, share } = answer.log;
    // A mean over the replications in which it happens to be defined would be a selected one.
    if share < 0.95 {
        return format!("{size}; it has no logarithm to be looked at, since 0 is not none of it.");
    }
    let log = format!("on the logarithmic scale it is {mean:+.3} (Monte Carlo error {error:.3})");
    let verdict = match (told(raw, raw_error), told(mean, error), raw > 0.0, mean > 0.0) {
        (false, false, ..) => "on neither scale more or less than the parts",
        (true, true, true, true) => "more than the parts on both scales",
        (true, true, false, false) => "less than the parts on both scales",
        _ => "the two scales do not agree, so that it is evidence neither of synergy nor of its absence",
    };
    format!("{size}, and {log}: {verdict}.")
}

/// With three decimals; what rounds to nothing has no sign.
fn signed(value: f64) -> String {
    if value.abs() < 0.0005 { "0.000".to_owned() } else { format!("{value:+.3}") }
}

/// From the causal truth to what is observed where people chose their arm.
fn chosen(answer: &Answered) -> String {
    let (observed, causal) = (answer.diagnosis.mean_estimate, answer.diagnosis.mean_truth);
    let sample = answer.sample.mean;
    format!(
        "People chose their arm: the observed difference is {observed:+.3} where the causal one is {causal:+.3}: {} by who chose \
         which arm and by whom the other arm took out of reach, {} by the analysis (what it adjusts for, error, who answers).",
        signed(sample - causal),
        signed(observed - sample)
    )
}

/// From the causal truth to what is observed, in the pieces of [`crate::study::association`].
fn association(asked: &Association, answer: &Answered) -> String {
    let observed = answer.diagnosis.mean_estimate;
    let causal = answer.diagnosis.mean_truth;
    let [sample, own, answered, unshared] =
        [answer.sample, answer.own, answer.answered, answer.unshared].map(|known| known.mean);
    let mut pieces = vec![
        ("selection, since not everyone answered", answered - sample),
        ("error of measurement", unshared - answered),
        ("what all scales of one rater share", observed - unshared),
    ];
    let start = if asked.causal.is_some() && own.is_nan() {
        // A form of coaching cannot be given to one of two alone: what comes through others is not told apart.
        pieces.insert(0, ("confounding, reverse causation or a bent line", sample - causal));
        format!("The observed association is {observed:+.3} where the causal one is {causal:+.3}")
    } else if asked.causal.is_some() {
        pieces.insert(0, ("confounding, reverse causation or a bent line", sample - own));
        pieces.insert(
            0,
            ("what comes through partners and climate, which a comparison of persons does not show", own - causal),
        );
        format!("The observed association is {observed:+.3} where the causal one is {causal:+.3}")
    } else {
        format!(
            "The observed association is {observed:+.3} where it would be {causal:+.3} free of error; how much of it is causal this \
             study cannot tell"
        )
    };
    pieces.retain(|(_, size)| size.abs() >= 0.0005);
    if pieces.is_empty() {
        return format!("{start}.");
    }
    let most = pieces.iter().map(|(_, size)| size.abs()).fold(0.0, f64::max);
    let list: Vec<String> = pieces
        .iter()
        .map(|(reason, size)| {
            let mark = if size.abs() == most && pieces.len() > 1 { "(the largest part) " } else { "" };
            format!("{size:+.3} {mark}by {reason}")
        })
        .collect();
    format!("{start}: {}.", list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::diagnosis::{Expectation, diagnose};

    fn answer(truth: f64, estimate: f64, log: Known) -> Answered {
        let mut diagnosis = diagnose(std::iter::empty(), Expectation::Different, 0.05);
        (diagnosis.mean_truth, diagnosis.mean_truth_mcse, diagnosis.mean_estimate) = (truth, 0.01, estimate);
        let known = |mean: f64| Known { mean, error: 0.001, share: 1.0 };
        Answered {
            sample: known(0.30),
            own: known(0.20),
            answered: known(0.30),
            unshared: known(0.15),
            log,
            ..Answered::unknown(0, 0, diagnosis)
        }
    }

    #[test]
    fn who_chose_is_told_from_what_the_arms_do() {
        let log = Known { mean: f64::NAN, error: f64::NAN, share: 0.0 };
        let text = chosen(&answer(0.5, 0.25, log));
        assert!(text.contains("+0.250 where the causal one is +0.500: -0.200 by who chose"), "{text}");
        assert!(text.contains("-0.050 by the analysis"), "{text}");
    }

    #[test]
    fn the_pieces_of_an_association_add_up() {
        let asked = Association { predictor: "trust", week: 0, causal: Some(1) };
        let known = Known { mean: f64::NAN, error: f64::NAN, share: 0.0 };
        assert_eq!(
            association(&asked, &answer(0.5, 0.25, known)),
            "The observed association is +0.250 where the causal one is +0.500: -0.300 (the largest part) by what comes through \
             partners and climate, which a comparison of persons does not show, +0.100 by confounding, reverse causation or a \
             bent line, -0.150 by error of measurement, +0.100 by what all scales of one rater share."
        );
    }

    #[test]
    fn synergy_on_one_scale_alone_is_none() {
        let say = |raw: f64, log: f64| {
            interaction(raw, raw, 0.01, &answer(raw, raw, Known { mean: log, error: 0.01, share: 1.0 }))
        };
        assert!(say(0.2, 0.3).ends_with("more than the parts on both scales."));
        assert!(say(0.2, -0.3).contains("do not agree"));
        assert!(say(0.2, 0.0).contains("do not agree"));
        assert!(say(0.001, 0.001).contains("neither scale"));
        let none = answer(0.2, 0.2, Known { mean: f64::NAN, error: f64::NAN, share: 0.2 });
        assert!(interaction(0.2, 0.2, 0.01, &none).contains("no logarithm"));
    }
}
