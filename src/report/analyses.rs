//! Several analyses of one hypothesis in words: which are honest for this design, which of them is best, and what a naive one
//! costs.

use crate::inquiry::answers::Answered;
use crate::inquiry::comparison::{Better, Comparison};
use crate::inquiry::strategies::{Standing, off, standing};
use crate::study::declaration::Hypothesis;

/// What is said of a hypothesis' analyses; nothing of a single one, nor after too few replications.
pub fn analyses(hypothesis: &Hypothesis, answers: &[&Answered]) -> Option<String> {
    let standings: Vec<Standing> = answers.iter().map(|answer| standing(&answer.diagnosis)).collect();
    if answers.len() < 2 || standings.iter().all(|one| matches!(one, Standing::Untold | Standing::Failing)) {
        return None;
    }
    let name = |at: usize| hypothesis.estimators[answers[at].estimator];
    let those = |test: &dyn Fn(Standing) -> bool| -> Vec<usize> {
        (0..answers.len()).filter(|at| test(standings[*at])).collect()
    };
    let beside = |a: usize, b: usize| answers[a].beside[answers[b].estimator];
    let (honest, own) = (those(&Standing::honest), those(&|one| one == Standing::OwnStudy));
    let biased = those(&|one| one == Standing::Biased);
    let are = |list: &[usize]| match list {
        [one] => format!("{} is", name(*one)),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(|at| name(*at)).collect();
            format!("{} and {} are", first.join(", "), name(*last))
        }
        [] => String::new(),
    };
    let mut said = Vec::new();
    // Of those that miss the truth, power is nothing to go by.
    let honest_ones = !honest.is_empty();
    let trusted = honest_ones || !own.is_empty();
    let candidates = if !honest.is_empty() {
        let who = match (honest.len() == answers.len(), answers.len()) {
            (true, 2) => "both are".to_owned(),
            (true, all) => format!("all {all} are"),
            (false, _) => are(&honest),
        };
        // A reviewer's list names a bias that intervals bear; what is called honest must not seem to deny it.
        let but = if honest.iter().any(|at| off(&answers[*at].diagnosis)) { " but for a small bias" } else { "" };
        said.push(format!("{who} honest here{but}."));
        honest
    } else if !own.is_empty() {
        said.push(format!("{} honest about its own study, and none about the mean over such studies.", are(&own)));
        own
    } else if biased.is_empty() {
        said.push("none is honest here.".to_owned());
        Vec::new()
    } else {
        said.push("none is honest here, for no standard error mends a bias.".to_owned());
        biased.clone()
    };
    if let Some(best) = best(&candidates, trusted, &beside) {
        let others = candidates.iter().copied().filter(|at| *at != best);
        said.extend(others.filter_map(|other| rank(name(best), name(other), trusted, &beside(other, best))));
        for close in biased.into_iter().filter(|at| trusted && beside(*at, best).errs_less() == Better::First) {
            let (ratio, error) = beside(best, close).rmse_ratio;
            said.push(format!(
                "{} is biased, and still errs less: the error of {} is {ratio:.2} ± {:.2} times as large.",
                name(close),
                name(best),
                1.96 * error
            ));
        }
        // Beside an honest one, to hold no more than the own study's truth is to be too sure.
        for naive in those(&|one| one == Standing::TooSure || honest_ones && one == Standing::OwnStudy) {
            said.push(cost(name(naive), answers[naive], name(best), &beside(best, naive)));
        }
    }
    Some(said.join(" "))
}

/// The first that none of the others beats: in error, and where that cannot be told and findings can be trusted, in power.
fn best(candidates: &[usize], trusted: bool, beside: &dyn Fn(usize, usize) -> Comparison) -> Option<usize> {
    let beaten = |at: usize| {
        candidates.iter().filter(|other| **other != at).any(|other| {
            let found = beside(at, *other);
            let power = trusted && found.errs_less() == Better::Untold && found.finds_more() == Better::Second;
            found.same_truth && (found.errs_less() == Better::Second || power)
        })
    };
    candidates.iter().copied().find(|at| !beaten(*at)).or(candidates.first().copied())
}

/// The best beside another that is as honest; `found` holds the other against the best.
fn rank(best: &str, other: &str, trusted: bool, found: &Comparison) -> Option<String> {
    if !found.same_truth {
        return Some(format!("{other} asks for something else than {best}."));
    }
    match (found.errs_less(), found.finds_more()) {
        (Better::Second, _) => {
            let (more, error) = found.people_for_error;
            Some(match times(more, error) {
                Some(people) => format!("{best} errs less: {other} needs {people} for the same error."),
                None => format!(
                    "{best} errs less: the error of {other} is {:.2} ± {:.2} times as large.",
                    found.rmse_ratio.0,
                    1.96 * found.rmse_ratio.1
                ),
            })
        }
        _ if !trusted => None,
        (_, Better::Second) => {
            let (less, error) = found.power_difference;
            Some(format!(
                "{best} finds more than {other}, by {:.1} ± {:.1} points of power.",
                -100.0 * less,
                196.0 * error
            ))
        }
        _ => Some(format!("{best} and {other} cannot be told apart at {} replications.", found.replications)),
    }
}

/// What an analysis costs that is too sure; `found` holds the honest one against it.
fn cost(naive: &str, answer: &Answered, honest: &str, found: &Comparison) -> String {
    let d = &answer.diagnosis;
    let mut said = format!("{naive} is too sure: its 95% intervals hold the truth in {:.1}%", 100.0 * d.coverage);
    let looks = 100.0 * (1.0 / d.standard_error_ratio - 1.0);
    if looks >= 1.0 {
        said.push_str(&format!(", to a reader it looks {looks:.0}% more precise than it is"));
    }
    let (more, error) = found.people_for_power;
    if more > 0.0
        && let Some(people) = times(more, error)
    {
        said.push_str(&format!("; to have the power that it claims, {honest} needs {people}"));
    }
    said + "."
}

/// So many more people, or so many times as many; nothing where that is not known.
fn times(more: f64, error: f64) -> Option<String> {
    if !(more.is_finite() && error.is_finite()) {
        None
    } else if more < 1.0 {
        Some(format!("{:.0}% ± {:.0} more people", 100.0 * more, 196.0 * error))
    } else {
        Some(format!("{:.1} ± {:.1} times as many people", 1.0 + more, 1.96 * error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::answers::{ALPHA, expectation};
    use crate::inquiry::comparison::compare;
    use crate::inquiry::diagnosis::{Attempt, diagnose};
    use crate::inquiry::strategies::tests::strategy;
    use crate::scenario::builtin;
    use crate::study::declaration::Study;

    fn said(strategies: &[Vec<Attempt>]) -> Option<String> {
        let study: Study = builtin::find("listening-training").unwrap().read(&[]).unwrap().study;
        let mut hypothesis = study.hypotheses[0].clone();
        hypothesis.estimators = ["ancova_cr2", "difference_cr2", "difference_ols"][..strategies.len()].to_vec();
        let answers: Vec<Answered> = strategies
            .iter()
            .enumerate()
            .map(|(at, attempts)| {
                let expected = expectation(hypothesis.expect);
                let found = diagnose(attempts.iter().copied(), expected, ALPHA);
                let beside = strategies.iter().map(|other| compare(attempts, other, expected)).collect();
                Answered { beside, ..Answered::unknown(0, at, found) }
            })
            .collect();
        analyses(&hypothesis, &answers.iter().collect::<Vec<_>>())
    }

    #[test]
    fn the_best_of_the_honest_and_the_price_of_the_naive_are_named() {
        let n = 2000;
        let (good, wide) = (strategy(2.0, 0.0, 1.0, 1.0, n), strategy(2.0, 0.0, 2.0, 2.0, n));
        let naive = strategy(2.0, 0.0, 1.0, 0.8, n);
        let text = said(&[wide.clone(), good.clone(), naive.clone()]).unwrap();
        let starts = "ancova_cr2 and difference_cr2 are honest here. difference_cr2 errs less: ancova_cr2 needs 4.0 ± 0.0 times as \
                      many people for the same error. difference_ols is too sure: its 95% intervals hold the truth in ";
        assert!(text.starts_with(starts), "{text}");
        assert!(
            text.contains("more precise than it is; to have the power that it claims, difference_cr2 needs "),
            "{text}"
        );
        assert!(text.ends_with("more people."), "{text}");
        assert_eq!(
            said(&[good.clone(), good.clone()]).unwrap(),
            "both are honest here. ancova_cr2 and difference_cr2 cannot be told apart at 2000 replications."
        );
        assert_eq!(said(std::slice::from_ref(&good)), None);
        assert_eq!(said(&[good[..50].to_vec(), wide[..50].to_vec()]), None, "too few replications");
        assert!(said(&[naive.clone(), naive]).unwrap().starts_with("none is honest here."));
    }

    #[test]
    fn a_bias_is_not_mended_and_not_hidden() {
        let n = 1000;
        let (off, further) = (strategy(0.0, 1.0, 1.0, 1.0, n), strategy(0.0, 2.0, 1.0, 1.0, n));
        let text = said(&[further, off.clone()]).unwrap();
        assert!(
            text.starts_with("none is honest here, for no standard error mends a bias. difference_cr2 errs less"),
            "{text}"
        );
        // Little bias beside much scatter is honest; the precise one that shares it errs less all the same.
        let text = said(&[strategy(0.0, 1.0, 6.0, 6.0, n), off]).unwrap();
        let starts = "ancova_cr2 is honest here but for a small bias. difference_cr2 is biased, and still errs less";
        assert!(text.starts_with(starts), "{text}");
    }
}
