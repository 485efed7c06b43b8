//! The table of estimates, replication after replication, and never more of it in memory than one row group.

use std::path::Path;

use crate::inquiry::diagnosis::Attempt;
use crate::results::{self, Batch};
use crate::study::analysis::Adjusted;
use crate::study::declaration::Study;
use crate::study::effect_size::SizeKind;
use crate::study::estimators::Estimate;

/// The columns, in the order in which they are read. Whose a row is:
const WHOSE: [&str; 3] = ["replication", "hypothesis", "estimator"];

/// What is diagnosed.
const DIAGNOSED: [&str; 10] = [
    "estimate",
    "truth",
    "p_value",
    "lower",
    "upper",
    "standard_error",
    "boundary",
    "p_holm",
    "p_benjamini_hochberg",
    "degrees_of_freedom",
];

/// What only means are made of.
const BEYOND: [&str; 10] = [
    "total_effect",
    "spill_over",
    "sample_contrast",
    "own_effect",
    "answered_contrast",
    "unshared_contrast",
    "log_truth",
    "effect_size",
    "effect_size_kind",
    "failure",
];

/// What one estimator of one hypothesis came to in a replication.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The estimate beside the truth.
    pub attempt: Attempt,
    /// Its p-value, corrected.
    pub adjusted: Adjusted,
}

impl Row {
    /// The p-value, NaN where the fit failed, and what it is once corrected.
    pub fn p_values(&self) -> (f64, Adjusted) {
        (self.attempt.result.map_or(f64::NAN, |fit| fit.p_value), self.adjusted)
    }
}

/// What else stands in a row.
#[derive(Clone, Copy, Debug)]
pub struct Beyond<'a> {
    /// The effect if everyone had the arm.
    pub total: f64,
    /// What spilled over to controls.
    pub spill_over: f64,
    /// Sample, own, answered, unshared and log.
    pub known: [f64; 5],
    /// The effect size and what it is.
    pub size: Option<(SizeKind, f64)>,
    /// Why the fit failed; empty if it did not.
    pub failure: &'a str,
}

/// The rows of a table of estimates: whose they are, and in which order.
pub struct Rows<'a> {
    study: &'a Study,
    path: &'a Path,
    /// Hypothesis and estimator, by index, in the order of the declaration.
    pub strategies: Vec<(usize, usize)>,
    /// Whether each replication has a row for each of them in this order, as far as is known: then whose a row is need not be read.
    regular: bool,
}

impl<'a> Rows<'a> {
    /// Those of a study's table.
    pub fn new(study: &'a Study, path: &'a Path) -> Self {
        let all = study.hypotheses.iter().enumerate();
        let strategies =
            all.flat_map(|(hypothesis, declared)| (0..declared.estimators.len()).map(move |by| (hypothesis, by)));
        Self { study, path, strategies: strategies.collect(), regular: false }
    }

    /// Hands over every row with the index of its strategy, and what only means are made of. The first reading: those after it know
    /// whether each replication has all its rows.
    pub fn each(&mut self, mut note: impl FnMut(usize, Row, Beyond)) -> results::Result<()> {
        let (mut seen, mut noted) = (None, 0);
        let mut regular = true;
        let rows = self.read(&[&DIAGNOSED[..], &BEYOND].concat(), |at, number, columns| {
            regular &= match seen.replace((at, number)) {
                None => at == 0,
                Some((before, same)) if at > 0 => at == before + 1 && number == same,
                Some((before, other)) => before + 1 == self.strategies.len() && number != other,
            };
            noted += 1;
            note(at, columns.diagnosed(), columns.beyond());
        })?;
        // Rows of what the study does not ask are in nobody's place.
        self.regular = regular && noted == rows && seen.is_some_and(|(at, _)| at + 1 == self.strategies.len());
        Ok(())
    }

    /// Hands over replication after replication, a place for each strategy; nothing where it has no row.
    pub fn replications(&self, mut note: impl FnMut(&[Option<Row>])) -> results::Result<()> {
        let mut current = None;
        let mut rows = vec![None; self.strategies.len()];
        self.read(&DIAGNOSED, |at, number, columns| {
            if current.replace(number).is_some_and(|before| before != number) {
                note(&rows);
                rows.fill(None);
            }
            rows[at] = Some(columns.diagnosed());
        })?;
        if current.is_some() {
            note(&rows);
        }
        Ok(())
    }

    /// Hands over every estimate with the index of its strategy.
    pub fn estimates(&self, mut note: impl FnMut(usize, f64)) -> results::Result<()> {
        self.read(&DIAGNOSED[..1], |at, _, columns| note(at, columns.real(0))).map(drop)
    }

    /// Hands over the columns of every row with the index of its strategy and a number that each replication has for itself. How many rows
    /// there are, with those of what the study does not ask.
    fn read(&self, columns: &[&str], mut note: impl FnMut(usize, u64, Columns)) -> results::Result<usize> {
        let all = self.strategies.len();
        if self.regular {
            let mut next = 0;
            results::read(self.path, columns, |batch| {
                for row in 0..batch.rows {
                    note(next % all, (next / all) as u64, Columns { batch: &batch, row, from: 0 });
                    next += 1;
                }
            })?;
            return Ok(next);
        }
        let is = |at: usize, hypothesis: &str, estimator: &str| {
            let (h, e) = self.strategies[at];
            self.study.hypotheses[h].id == hypothesis && self.study.hypotheses[h].estimators[e] == estimator
        };
        let (mut next, mut rows) = (0, 0);
        results::read(self.path, &[&WHOSE[..], columns].concat(), |batch| {
            rows += batch.rows;
            for row in 0..batch.rows {
                let (hypothesis, estimator) = (&*batch.texts(1)[row], &*batch.texts(2)[row]);
                let mut turns = (0..all).map(|by| (next + by) % all);
                let Some(at) = turns.find(|at| is(*at, hypothesis, estimator)) else { continue };
                note(at, u64::from(batch.integers(0)[row]), Columns { batch: &batch, row, from: WHOSE.len() });
                next = at + 1;
            }
        })?;
        Ok(rows)
    }
}

/// The columns of a row after those that say whose it is.
#[derive(Clone, Copy)]
struct Columns<'a> {
    batch: &'a Batch,
    row: usize,
    from: usize,
}

impl<'a> Columns<'a> {
    fn real(self, column: usize) -> f64 {
        self.batch.reals(self.from + column)[self.row]
    }

    fn text(self, column: usize) -> &'a str {
        &self.batch.texts(self.from + column)[self.row]
    }

    fn diagnosed(self) -> Row {
        let result = (!self.real(0).is_nan()).then(|| Estimate {
            estimate: self.real(0),
            standard_error: self.real(5),
            degrees_of_freedom: self.real(9),
            lower: self.real(3),
            upper: self.real(4),
            p_value: self.real(2),
            boundary: self.batch.flags(self.from + 6)[self.row],
        });
        Row {
            attempt: Attempt { result, truth: self.real(1) },
            adjusted: Adjusted { holm: self.real(7), benjamini_hochberg: self.real(8) },
        }
    }

    fn beyond(self) -> Beyond<'a> {
        const AFTER: usize = DIAGNOSED.len();
        let kind = SizeKind::NAMES.iter().find(|(name, _)| *name == self.text(AFTER + 8)).map(|(_, kind)| *kind);
        let size = self.real(AFTER + 7);
        Beyond {
            total: self.real(AFTER),
            spill_over: self.real(AFTER + 1),
            known: [2, 3, 4, 5, 6].map(|column| self.real(AFTER + column)),
            size: kind.filter(|_| !size.is_nan()).map(|kind| (kind, size)),
            failure: self.text(AFTER + 9),
        }
    }
}
