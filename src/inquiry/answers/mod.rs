//! The diagnosis of a run, from its table of estimates, in memory that does not grow with the replications.

mod first;
mod middle;
mod order;
mod rows;

use std::path::Path;

use self::first::First;
use self::middle::Middle;
pub use self::rows::{Row, Rows};
use super::comparison::{Again, Beside, Comparison};
pub use super::diagnosis::ALPHA;
use super::diagnosis::{Diagnosing, Diagnosis, Expectation};
use super::family::{Claims, FalseClaims};
use crate::results;
use crate::study::declaration::{Expect, Study};
use crate::study::effect_size::SizeKind;

/// Replications whose estimates are kept one by one, for pictures of how they are distributed: the first so many.
pub const SHOWN: u64 = 50_000;

/// How one estimator answers one hypothesis over all replications.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Index of the hypothesis.
    pub hypothesis: usize,
    /// Index among its estimators.
    pub estimator: usize,
    /// Its performance.
    pub diagnosis: Diagnosis,
    /// Mean of the total effect over replications: if everyone had the arm.
    pub total: f64,
    /// Mean of what spilled over to the observed controls.
    pub spill_over: f64,
    /// Monte Carlo standard error of the difference between the total effect and the truth.
    pub apart_mcse: f64,
    /// The coefficient of the true scores of the sample.
    pub sample: Known,
    /// What moving a person's own predictor does.
    pub own: Known,
    /// The coefficient free of error among those who answered; NaN of a stepped wedge.
    pub answered: Known,
    /// The coefficient without what a rater's scales share.
    pub unshared: Known,
    /// The true coefficient on the logarithmic scale.
    pub log: Known,
    /// Mean half width of the 95 % intervals: the margin of error of one experiment.
    pub half_width: f64,
    /// Middle 95 % of the estimates.
    pub middle: (f64, f64),
    /// The most frequent reason of failed fits, if any failed.
    pub failure: Option<String>,
    /// The estimates of the first [`SHOWN`] replications with whether each is significant, for the figure.
    pub estimates: Vec<(f64, bool)>,
    /// Power once p is corrected by Holm's method for the study's other hypotheses, with its Monte Carlo standard error; NaN of
    /// any estimator but a hypothesis' first.
    pub power_holm: (f64, f64),
    /// The same by Benjamini and Hochberg's method.
    pub power_benjamini_hochberg: (f64, f64),
    /// Mean effect size over the fits that have one, with its Monte Carlo standard error, and what it is.
    pub size: Option<(SizeKind, f64, f64)>,
    /// Beside each estimator of the hypothesis, in the order of their declaration; unknown beside itself.
    pub beside: Vec<Comparison>,
}

impl Answered {
    /// An estimator's performance, of which nothing else is known.
    pub fn unknown(hypothesis: usize, estimator: usize, diagnosis: Diagnosis) -> Self {
        const NONE: Known = Known { mean: f64::NAN, error: f64::NAN, share: 0.0 };
        Self {
            hypothesis,
            estimator,
            diagnosis,
            total: f64::NAN,
            spill_over: f64::NAN,
            apart_mcse: f64::NAN,
            sample: NONE,
            own: NONE,
            answered: NONE,
            unshared: NONE,
            log: NONE,
            half_width: f64::NAN,
            middle: (f64::NAN, f64::NAN),
            failure: None,
            estimates: Vec::new(),
            power_holm: (f64::NAN, f64::NAN),
            power_benjamini_hochberg: (f64::NAN, f64::NAN),
            size: None,
            beside: Vec::new(),
        }
    }
}

/// A mean over the replications in which there is a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Known {
    /// The mean; NaN of none.
    pub mean: f64,
    /// Its Monte Carlo standard error.
    pub error: f64,
    /// Share of the replications in which there is a value.
    pub share: f64,
}

/// All answers of a study.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Each estimator of each hypothesis, in the order of their declaration.
    pub each: Vec<Answered>,
    /// What the study claims where there is nothing.
    pub false_claims: Option<FalseClaims>,
}

/// Reads the estimates of a run, and diagnoses each estimator of each hypothesis. The table is read three times, one row group after
/// the other, and what is kept of it does not grow with the replications.
///
/// # Errors
/// If the table cannot be read.
pub fn answers(study: &Study, estimates: &Path) -> results::Result<Answers> {
    let mut rows = Rows::new(study, estimates);
    let strategies = rows.strategies.clone();
    let expected = |at: usize| expectation(study.hypotheses[strategies[at].0].expect);
    let mut first: Vec<First> = strategies.iter().map(|_| First::default()).collect();
    rows.each(|at, row, beyond| first[at].note(&row, &beyond, expected(at)))?;

    let pairs: Vec<(usize, usize)> = (0..strategies.len())
        .flat_map(|a| (0..strategies.len()).map(move |b| (a, b)))
        .filter(|(a, b)| a != b && strategies[*a].0 == strategies[*b].0)
        .collect();
    let mut diagnoses: Vec<Diagnosing> =
        (0..first.len()).map(|at| Diagnosing::about(first[at].center, expected(at), ALPHA)).collect();
    let mut beside: Vec<Beside> =
        pairs.iter().map(|(a, _)| Beside::about(first[*a].center.estimand(), expected(*a))).collect();
    let without: Vec<usize> =
        (0..first.len()).filter(|at| strategies[*at].1 == 0 && first[*at].without_effect()).collect();
    let mut claims = Claims::default();
    let mut middles: Vec<Middle> = first.iter().map(First::middle).collect();
    rows.replications(|all| {
        for (at, row) in all.iter().enumerate() {
            let Some(Row { attempt, .. }) = row else { continue };
            diagnoses[at].push(attempt);
            middles[at].push(attempt.result.map_or(f64::NAN, |fit| fit.estimate));
        }
        for ((a, b), beside) in pairs.iter().zip(&mut beside) {
            match (&all[*a], &all[*b]) {
                (Some(a), Some(b)) => beside.push(&a.attempt, &b.attempt),
                (None, None) => {}
                _ => beside.unpaired(),
            }
        }
        claims.push(without.iter().filter_map(|at| all[*at].map(|row| row.p_values())));
    })?;
    middles.iter_mut().for_each(Middle::narrow);

    let mut again: Vec<Again> = beside.into_iter().map(Beside::again).collect();
    if !again.is_empty() {
        rows.replications(|all| {
            for (row, middle) in all.iter().zip(&mut middles) {
                middle.push(row.and_then(|row| row.attempt.result).map_or(f64::NAN, |fit| fit.estimate));
            }
            for ((a, b), again) in pairs.iter().zip(&mut again) {
                if let (Some(a), Some(b)) = (&all[*a], &all[*b]) {
                    again.push(&a.attempt, &b.attempt);
                }
            }
        })?;
        middles.iter_mut().for_each(Middle::narrow);
    }
    while middles.iter().any(Middle::open) {
        rows.estimates(|at, value| middles[at].push(value))?;
        middles.iter_mut().for_each(Middle::narrow);
    }

    let answered = |(at, (first, middle)): (usize, (First, Middle))| {
        let (hypothesis, estimator) = strategies[at];
        let mut beside = vec![Comparison::UNKNOWN; study.hypotheses[hypothesis].estimators.len()];
        for ((_, b), again) in pairs.iter().zip(&again).filter(|((a, _), _)| *a == at) {
            beside[strategies[*b].1] = again.comparison();
        }
        let known = Answered::unknown(hypothesis, estimator, diagnoses[at].diagnosis());
        first.answered(Answered { beside, middle: middle.value(), ..known })
    };
    let each = first.into_iter().zip(middles).enumerate().map(answered).collect();
    Ok(Answers { each, false_claims: claims.of(without.len()) })
}

/// What a hypothesis expects of its estimates.
pub(crate) fn expectation(expect: Expect) -> Expectation {
    match expect {
        Expect::Greater => Expectation::Greater,
        Expect::Less => Expectation::Less,
        Expect::Different => Expectation::Different,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::comparison::compare;
    use crate::inquiry::diagnosis::{Attempt, diagnose};
    use crate::inquiry::strategies::tests::strategy;
    use crate::monte_carlo::tables;
    use crate::results::test_support::Folder;
    use crate::results::{Kind, TableWriter, Values};
    use crate::scenario::builtin;
    use crate::study::moments::quantile;

    /// A study's table of estimates, of which rows are left out as `keep` says by replication and strategy.
    fn written(path: &Path, study: &Study, all: &[Vec<Attempt>], keep: impl Fn(usize, usize) -> bool) {
        let table = tables::estimates();
        let names = study.hypotheses.iter().flat_map(|one| one.estimators.iter().map(|by| (one.id.clone(), *by)));
        let names: Vec<(String, &str)> = names.collect();
        let cells = (0..all[0].len()).flat_map(|number| (0..names.len()).map(move |at| (number, at)));
        let rows: Vec<(usize, usize)> = cells.filter(|(number, at)| keep(*number, *at)).collect();
        let attempt = |(number, at): &(usize, usize)| all[*at][*number];
        let columns: Vec<Values> = table
            .columns
            .iter()
            .map(|column| match (column.name.as_str(), column.kind) {
                ("replication", _) => Values::Integer(rows.iter().map(|(number, _)| *number as u32).collect()),
                ("hypothesis", _) => Values::text(rows.iter().map(|(_, at)| names[*at].0.as_str())),
                ("estimator", _) => Values::text(rows.iter().map(|(_, at)| names[*at].1)),
                ("truth", _) => Values::Real(rows.iter().map(|row| attempt(row).truth).collect()),
                (name, Kind::Real) => Values::Real(
                    rows.iter()
                        .map(|row| match (attempt(row).result, name) {
                            (Some(fit), "estimate") => fit.estimate,
                            (Some(fit), "standard_error") => fit.standard_error,
                            (Some(fit), "lower") => fit.lower,
                            (Some(fit), "upper") => fit.upper,
                            (Some(fit), "p_value") => fit.p_value,
                            _ => f64::NAN,
                        })
                        .collect(),
                ),
                (_, Kind::Flag) => Values::Flag(vec![false; rows.len()]),
                (_, Kind::Integer | Kind::Partition) => Values::Integer(vec![0; rows.len()]),
                (_, Kind::Text) => Values::text(rows.iter().map(|_| "")),
            })
            .collect();
        let mut writer = TableWriter::create(path, &table).unwrap();
        writer.append(&columns).unwrap();
        writer.finish().unwrap();
    }

    /// What is read in pieces is what all attempts at once say, to the bit: of more replications than are kept, with failed fits, and with rows
    /// that are not there.
    #[test]
    fn reading_it_in_pieces_says_what_all_attempts_at_once_say() {
        let folder = Folder::new("answers in pieces");
        let path = folder.join("estimates.parquet");
        let study = builtin::find("listening-training").unwrap().read(&[]).unwrap().study;
        let n = SHOWN as usize + 9_000;
        let strategies = Rows::new(&study, &path).strategies;
        let mut all: Vec<Vec<Attempt>> =
            (0..strategies.len()).map(|at| strategy(0.1 * at as f64, 0.05, 1.0 + 0.2 * at as f64, 1.1, n)).collect();
        all[1].iter_mut().step_by(7).for_each(|one| one.result = None);
        let same = |all: &[Vec<Attempt>]| {
            let found = answers(&study, &path).unwrap();
            assert_eq!(found.each.len(), strategies.len());
            for (answer, (at, attempts)) in found.each.iter().zip(all.iter().enumerate()) {
                let (hypothesis, estimator) = strategies[at];
                assert_eq!((answer.hypothesis, answer.estimator), (hypothesis, estimator));
                let expected = expectation(study.hypotheses[hypothesis].expect);
                let diagnosis = diagnose(attempts.iter().copied(), expected, ALPHA);
                assert_eq!(format!("{:?}", answer.diagnosis), format!("{diagnosis:?}"));
                let estimates = attempts.iter().filter_map(|one| one.result).map(|fit| fit.estimate);
                let mut sorted: Vec<f64> = estimates.collect();
                sorted.sort_by(f64::total_cmp);
                assert_eq!(answer.middle, (quantile(&sorted, 0.025), quantile(&sorted, 0.975)));
                assert!(answer.estimates.len() <= SHOWN as usize);
                for (other, against) in all.iter().enumerate().filter(|(other, _)| strategies[*other].0 == hypothesis) {
                    if other != at {
                        let compared = compare(attempts, against, expected);
                        assert_eq!(format!("{:?}", answer.beside[strategies[other].1]), format!("{compared:?}"));
                    }
                }
            }
            assert_eq!(found.false_claims, None);
        };
        written(&path, &study, &all, |_, _| true);
        same(&all);
        // Two of three replications of the last strategy, with a row or not: the others keep theirs.
        let last = all.len() - 1;
        written(&path, &study, &all, |number, at| at != last || number % 3 > 0);
        let kept = all[last].iter().enumerate().filter(|(number, _)| number % 3 > 0).map(|(_, one)| *one);
        let kept: Vec<Attempt> = kept.collect();
        let found = answers(&study, &path).unwrap();
        assert_eq!(found.each[last].diagnosis.replications, kept.len() as u64);
        let expected = expectation(study.hypotheses[strategies[last].0].expect);
        let diagnosis = diagnose(kept.into_iter(), expected, ALPHA);
        assert_eq!(format!("{:?}", found.each[last].diagnosis), format!("{diagnosis:?}"));
        let beside = &found.each[last - 1].beside;
        assert!(strategies[last].1 == 0 || !beside[strategies[last].1].same_truth, "{beside:?}");
        // A study that asks less than the table holds: what it does not ask is nobody's.
        written(&path, &study, &all, |_, _| true);
        let mut less = study.clone();
        less.hypotheses.remove(0);
        let found = answers(&less, &path).unwrap();
        let expected = expectation(less.hypotheses[0].expect);
        let at = strategies.iter().position(|(hypothesis, _)| *hypothesis == 1).unwrap();
        let diagnosis = diagnose(all[at].iter().copied(), expected, ALPHA);
        assert_eq!(format!("{:?}", found.each[0].diagnosis), format!("{diagnosis:?}"));
        less.hypotheses.clear();
        assert!(answers(&less, &path).unwrap().each.is_empty());
    }
}
