//! What a reviewer would object to in an answer.

use crate::inquiry::answers::Answered;
use crate::inquiry::strategies::{ENOUGH_REPLICATIONS, OWN, off};

/// The objections. Each lies beyond three Monte Carlo standard errors, so that noise accuses nobody, and
/// is large enough to matter.
pub fn cautions(answer: &Answered, stepped: bool) -> Vec<String> {
    let d = &answer.diagnosis;
    let mut list = Vec::new();
    if let Some(reason) = &answer.failure {
        list.push(format!("{} of {} fits failed and are left out ({reason})", d.failures, d.replications));
    }
    if d.boundaries > 0 {
        let share = 100.0 * d.boundaries as f64 / (d.replications - d.failures) as f64;
        list.push(format!("a variance is estimated at the boundary in {share:.0}% of the fits"));
    }
    let apart = (answer.total - d.mean_truth).abs();
    // Of a single replication the error is unknown (NaN), and nothing is said.
    if apart > 3.0 * answer.apart_mcse && apart > 0.2 * answer.total.abs() && apart > 0.05 * d.rmse {
        list.push(if stepped && answer.spill_over.abs() <= 0.05 * answer.total.abs() {
            format!(
                "its one number is a weighted mean over the time since the change: {:+.3}, where the first arm for everyone \
                 would have changed {:+.3} at the end",
                d.mean_truth, answer.total
            )
        } else { format!(
            "the design is contaminated: {:+.3} reaches the controls, and the arms differ by {:+.3} where everyone's having it \
             would change {:+.3}",
            answer.spill_over, d.mean_truth, answer.total
        )});
    }
    if d.replications - d.failures < ENOUGH_REPLICATIONS {
        return list;
    }
    let biased = off(d);
    if (d.coverage - 0.95).abs() > (3.0 * d.coverage_mcse).max(0.01) {
        list.push(format!("its 95% intervals hold the truth in {:.1}%: {}", 100.0 * d.coverage, width(answer, biased)));
    }
    if biased {
        list.push(format!("it is biased by {:+.3}{}", d.bias, by_who_answers(answer)));
    }
    if d.type_m > 1.5 && d.significant > 20 {
        list.push(format!("where it is significant it exaggerates {:.1} times", d.type_m));
    }
    if d.type_s > 0.05 && d.significant > 20 {
        let wrong = (d.type_s * d.significant as f64).round();
        list.push(format!(
            "{:.0}% of its significant estimates have the wrong sign ({wrong} of {})",
            100.0 * d.type_s,
            d.significant
        ));
    }
    list
}

/// Why intervals hold the truth too rarely, or too often.
fn width(answer: &Answered, biased: bool) -> String {
    let d = &answer.diagnosis;
    if d.coverage > 0.95 {
        "wider than need be".to_owned()
    } else if biased && d.standard_error_ratio + 2.0 * d.standard_error_ratio_mcse >= 1.0 {
        "wide enough, but around something else".to_owned()
    } else if d.own_coverage >= OWN {
        format!(
            "too narrow for the mean over such studies, for the effect depends on who and where people are; what is true of the study's \
             own people they hold in {:.1}%",
            100.0 * d.own_coverage
        )
    } else {
        "too narrow".to_owned()
    }
}

/// How much of a bias comes from who does not answer, where that is most of it.
fn by_who_answers(answer: &Answered) -> String {
    let (bias, part) = (answer.diagnosis.bias, answer.answered.mean - answer.sample.mean);
    if part.is_nan() || part * bias <= 0.0 || part.abs() < 0.5 * bias.abs() {
        return String::new();
    }
    let share = if part.abs() > bias.abs() { "all of it and more" } else { "most of it" };
    format!(", {share} ({part:+.3}) since not everyone answers: who has left the organization does not")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::answers::Known;
    use crate::inquiry::diagnosis::{Attempt, Expectation, diagnose};
    use crate::study::estimators::Estimate;

    #[test]
    fn a_reviewer_hears_why() {
        let fit = |estimate: f64, truth: f64| Attempt {
            result: Some(Estimate {
                estimate,
                standard_error: 0.1,
                degrees_of_freedom: 58.0,
                lower: estimate - 0.2,
                upper: estimate + 0.2,
                p_value: 0.5,
                boundary: false,
            }),
            truth,
        };
        let answer = |attempts: &[Attempt], own_coverage: f64, answered: f64| {
            let known = |mean: f64| Known { mean, error: 0.001, share: 1.0 };
            let mut diagnosis = diagnose(attempts.iter().copied(), Expectation::Different, 0.05);
            diagnosis.own_coverage = own_coverage;
            Answered {
                sample: known(0.0),
                answered: known(answered),
                half_width: 0.2,
                ..Answered::unknown(0, 0, diagnosis)
            }
        };
        // Estimates scatter by no more than they say, around .3 instead of 0.
        let off: Vec<Attempt> = (0..200).map(|i| fit(0.3 + if i % 2 == 0 { 0.05 } else { -0.05 }, 0.0)).collect();
        let list = cautions(&answer(&off, 0.5, 0.25), false);
        assert!(list[0].ends_with("wide enough, but around something else"), "{list:?}");
        assert!(
            list[1].starts_with("it is biased by +0.300, most of it (+0.250) since not everyone answers"),
            "{list:?}"
        );
        assert_eq!(cautions(&answer(&off, 0.5, -0.25), false)[1], "it is biased by +0.300");
        assert!(cautions(&answer(&off, 0.5, 0.35), false)[1].contains(", all of it and more (+0.350) since"));
        // The truth itself differs from study to study.
        let apart: Vec<Attempt> = (0..200).map(|i| if i % 2 == 0 { fit(0.5, 0.5) } else { fit(-0.5, -0.5) }).collect();
        assert!(
            cautions(&answer(&apart, 1.0, 0.0), false)[0].ends_with("of the study's own people they hold in 100.0%")
        );
        assert!(cautions(&answer(&apart, 0.5, 0.0), false)[0].ends_with("too narrow"));
    }
}
