//! What a sweep found, as it stands on the screen and in `run.json`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::summary::{effect, percent};
use super::text::{counted, fold, number};
use crate::inquiry::answers::Answered;
use crate::inquiry::power::wilson;
use crate::inquiry::sweep::Axis;
use crate::results::SweepSpec;
use crate::study::declaration::Study;
use crate::study::plan::Plan;

/// What a sweep found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepSummary {
    /// Id of the study.
    pub study: String,
    /// Its title.
    pub title: String,
    /// The keys, in the order of a cell's values.
    pub keys: Vec<String>,
    /// grid, lhs or sobol.
    pub design: String,
    /// Replications of each cell.
    pub replications: u64,
    /// The seed of all cells.
    pub seed: u64,
    /// Per cell and hypothesis, by its first estimator.
    pub found: Vec<FoundInCell>,
    /// Replications that failed, over all cells.
    pub failed: u64,
    /// How many cells there are.
    pub cells: usize,
}

/// A hypothesis in a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundInCell {
    /// The cell.
    pub cell: usize,
    /// The value of each key.
    pub values: Vec<f64>,
    /// Id of the hypothesis.
    pub hypothesis: String,
    /// Id of the estimator.
    pub estimator: String,
    /// Mean truth, with its Monte Carlo standard error.
    pub truth: (Option<f64>, Option<f64>),
    /// Mean estimate, with its Monte Carlo standard error.
    pub estimate: (Option<f64>, Option<f64>),
    /// Power, with its Monte Carlo standard error.
    pub power: (Option<f64>, Option<f64>),
    /// Fits of which power is the share; 0 where a summary of before does not say it.
    #[serde(default)]
    pub fits: u64,
}

impl FoundInCell {
    /// The 95 % interval of power by Wilson's method: cells have few replications, and none or all of few are no certainty.
    pub(super) fn power_within(&self) -> Option<(f64, f64)> {
        let share = self.power.0.filter(|_| self.fits > 0)?;
        Some(wilson(share, self.fits as f64, 1.96))
    }
}

/// What the numbers are and are not.
pub(super) const NOTE: &str = "These numbers come from a theory with assumed parameters that has not been calibrated: they say what follows \
if the theory is right, not what will happen. Estimate: the mean of such experiments, by the first estimator of each hypothesis. Power: significant at 5% and in the expected \
direction, with Wilson's 95% interval. ±: 1.96 Monte Carlo standard errors. The difference between two cells is surer than either says, since they share \
their luck.";

/// Rows on the screen.
const SHOWN: usize = 40;

impl SweepSummary {
    /// The summary of a sweep.
    pub fn new(
        axes: &[Axis],
        spec: &SweepSpec,
        cells: &[(Vec<f64>, Arc<Study>)],
        plans: &[Plan],
        found: &[Vec<Answered>],
        failed: &[u64],
    ) -> Self {
        let defined = |value: f64| value.is_finite().then_some(value);
        let pair = |value: f64, error: f64| (defined(value), defined(error));
        let rows = found.iter().enumerate().flat_map(|(cell, answers)| {
            let first = answers.iter().filter(|one| one.estimator == 0);
            first.map(move |one| {
                let hypothesis = &cells[cell].1.hypotheses[one.hypothesis];
                let d = &one.diagnosis;
                FoundInCell {
                    cell,
                    values: cells[cell].0.clone(),
                    hypothesis: hypothesis.id.clone(),
                    estimator: hypothesis.estimators[0].to_owned(),
                    truth: pair(d.mean_truth, d.mean_truth_mcse),
                    estimate: pair(d.mean_estimate, d.mean_estimate_mcse),
                    power: pair(d.power, d.power_mcse),
                    fits: d.replications - d.failures,
                }
            })
        });
        let study = &plans[0].study;
        Self {
            study: study.id.clone(),
            title: study.title.clone(),
            keys: axes.iter().map(|axis| axis.key.clone()).collect(),
            design: spec.design.clone(),
            replications: study.monte_carlo.replications as u64,
            seed: study.monte_carlo.seed,
            found: rows.collect(),
            failed: failed.iter().sum(),
            cells: cells.len(),
        }
    }

    /// How large it is: 6 cells of 60 replications.
    pub fn size(&self) -> String {
        format!("{} of {}", counted(self.cells, "cell"), counted(self.replications as usize, "replication"))
    }

    /// How its cells are laid out, in sentences.
    pub fn laid_out(&self) -> String {
        let cells = counted(self.cells, "cell");
        let design = match self.design.as_str() {
            "lhs" => format!(
                "A Latin hypercube of {cells}: each key's range in as many strata as there are cells, and one cell in each"
            ),
            "sobol" => {
                format!(
                    "The first {cells} of a scrambled Sobol' sequence, which fills the space between the keys' ranges"
                )
            }
            _ if self.keys.len() == 1 => format!("One key, {cells}"),
            _ => format!("Every value of a key with every value of the others, {cells}"),
        };
        format!(
            "{design}; {} of each. All have seed {}: replication by replication the same luck in every cell.",
            counted(self.replications as usize, "replication"),
            self.seed
        )
    }

    /// The keys as heads of columns: by their last word, where that tells them apart.
    pub fn heads(&self) -> Vec<String> {
        let short = |key: &String| key.rsplit('.').next().unwrap_or(key).to_owned();
        let heads: Vec<String> = self.keys.iter().map(short).collect();
        if (1..heads.len()).any(|at| heads[..at].contains(&heads[at])) { self.keys.clone() } else { heads }
    }

    /// As plain text of at most `width` columns where the keys allow it. `bold` marks what to read first.
    pub fn text(&self, width: usize, bold: impl Fn(&str) -> String) -> String {
        let width = width.clamp(50, 100);
        let mut out = format!("{}\n", bold(&self.title));
        let about = format!(
            "{} of {} replications each ({}), seed {}: replication by replication the same luck in every cell.",
            counted(self.cells, "cell"),
            self.replications,
            self.design,
            self.seed
        );
        out.push_str(&fold(&about, width, "", ""));
        let mut hypotheses: Vec<&str> = self.found.iter().map(|one| one.hypothesis.as_str()).collect();
        hypotheses.dedup();
        let several = hypotheses.len() > self.cells;
        let mut heads = self.heads();
        if several {
            heads.push("hypothesis".to_owned());
        }
        heads.extend(["truth", "estimate", "power"].map(str::to_owned));
        let rows = self.found.iter().take(SHOWN).map(|one| {
            let mut row: Vec<String> = one.values.iter().map(|value| number(*value)).collect();
            if several {
                row.push(one.hypothesis.clone());
            }
            row.push(effect(one.truth.0));
            row.push(within(one.estimate));
            row.push(share_within(one));
            row
        });
        let rows: Vec<Vec<String>> = std::iter::once(heads).chain(rows).collect();
        out.push('\n');
        out.push_str(&aligned(&rows, &bold));
        if self.found.len() > SHOWN {
            let rest = format!("and {} more rows, in tables/sweep.parquet", self.found.len() - SHOWN);
            out.push_str(&fold(&rest, width, "  ", "  "));
        }
        out.push('\n');
        if self.failed > 0 {
            let failed = format!(
                "{} failed: see `failed` in tables/cells.parquet.",
                counted(self.failed as usize, "replication")
            );
            out.push_str(&fold(&failed, width, "", ""));
            out.push('\n');
        }
        out.push_str(&fold(NOTE, width, "", ""));
        out
    }
}

/// An effect with its Monte Carlo error.
pub(super) fn within((value, error): (Option<f64>, Option<f64>)) -> String {
    match error {
        Some(error) => format!("{} ± {:.3}", effect(value), 1.96 * error),
        None => effect(value),
    }
}

/// Power with its interval, in percent.
pub(super) fn share_within(one: &FoundInCell) -> String {
    let value = percent(one.power.0);
    one.power_within().map_or(value.clone(), |(low, high)| format!("{value} [{:.1}, {:.1}]", 100.0 * low, 100.0 * high))
}

/// Columns to the right, the first row as their heads.
fn aligned(rows: &[Vec<String>], bold: &impl Fn(&str) -> String) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for (number, row) in rows.iter().enumerate() {
        let cells =
            row.iter().zip(&widths).map(|(cell, width)| format!("{}{cell}", " ".repeat(width - cell.chars().count())));
        let line = format!("  {}", cells.collect::<Vec<_>>().join("  "));
        out.push_str(&if number == 0 { bold(&line) } else { line });
        out.push('\n');
    }
    out
}
