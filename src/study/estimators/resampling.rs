//! Estimators whose uncertainty comes from drawing again: the wild cluster bootstrap and randomization inference.
//!
//! The draws start from the data themselves, from who is treated and who belongs together when rows are sorted by what they
//! hold: the same data give the same answer, whoever asks, in whatever unit the outcome is and however the rows came; other data
//! have other draws.

use std::cmp::Ordering;

use super::cluster_robust::{Clustered, Errors};
use super::failure::Failure;
use super::observations::{Lot, Observations};
use super::randomization::{Lots, randomization_inference};
use super::regression::{Design, TREATMENT};
use super::specification::Specification;
use super::wild_bootstrap::wild_cluster_bootstrap;
use super::{Estimate, finite};
use crate::model::streams::{Purpose, Stream, mix};

/// Draws of a resampling analysis: with the sample itself 1,000.
pub const DRAWS: usize = 999;

/// The wild cluster bootstrap: estimate and CR1 standard error of the regression, interval and p-value of the bootstrap.
pub(super) fn bootstrap(
    specification: Specification,
    data: &Observations,
    confidence: f64,
) -> Result<Estimate, Failure> {
    let design = Design::of(specification, data)?;
    let fit = design.fit()?;
    let clustered = Clustered::new(&fit, &design.cluster, Errors::CR1)?;
    let share = clustered.unseen(TREATMENT)?;
    if share > 1e-6 {
        return Err(Failure::SingleClusterArm { share });
    }
    let (estimate, variance) = (fit.coefficients()[TREATMENT], clustered.variance(TREATMENT)?);
    if variance <= fit.variance_floor(TREATMENT) {
        return Err(Failure::ZeroVariance { estimate });
    }
    let mut stream = of_the_data(&design, data);
    let (columns, outcome, cluster) = (&design.columns, &design.outcome, &design.cluster);
    let found = wild_cluster_bootstrap(columns, outcome, cluster, TREATMENT, DRAWS, confidence, &mut stream)?;
    let result = Estimate {
        estimate,
        standard_error: variance.sqrt(),
        degrees_of_freedom: f64::NAN,
        lower: found.lower,
        upper: found.upper,
        p_value: found.p_value,
        boundary: false,
    };
    finite(result, false)
}

/// Randomization inference: estimate of the regression; standard error (SD of the estimates over draws if the effect is the
/// estimate for everyone), interval and p-value of the experiment's own draw.
pub(super) fn randomization(
    specification: Specification,
    data: &Observations,
    confidence: f64,
) -> Result<Estimate, Failure> {
    let design = Design::of(specification, data)?;
    let Some(lot) = &data.lot else { return Err(Failure::NoLot) };
    let lottery = Lottery::of(lot, data, &design, specification.covariates())?;
    let mut others = design.columns.clone();
    let treated = others.remove(TREATMENT);
    let mut stream = of_the_data(&design, data);
    let found = match assignments(lot, lot.exhaust) {
        Some(count) => {
            let all = lottery.all();
            let one = |at: usize| lottery.by_row(&all[at]);
            randomization_inference(&design.outcome, &treated, &others, Lots::All(count), confidence, one)?
        }
        None => {
            let draw = |_| lottery.draw(&mut stream);
            randomization_inference(&design.outcome, &treated, &others, Lots::Drawn(DRAWS), confidence, draw)?
        }
    };
    let result = Estimate {
        estimate: found.estimate,
        standard_error: found.standard_error,
        degrees_of_freedom: f64::NAN,
        lower: found.lower,
        upper: found.upper,
        p_value: found.p_value,
        boundary: false,
    };
    finite(result, false)
}

/// A stream whose seed is the data's.
fn of_the_data(design: &Design, data: &Observations) -> Stream {
    let first = design.order.first().map(|row| data.cluster[*row]);
    let (mut state, mut before) = (0, first);
    for row in &design.order {
        let another = Some(data.cluster[*row]) != before;
        before = Some(data.cluster[*row]);
        state = mix(state ^ (data.treated[*row] + 0.0).to_bits() ^ u64::from(another));
    }
    Stream::open(state, 0, Purpose::Resampling, 0)
}

/// How many assignments a lot could have made, all equally likely; nothing where there are more than `most`, or each unit had a draw of
/// its own.
pub fn assignments(lot: &Lot, most: usize) -> Option<usize> {
    if lot.chance.is_some() || lot.block.len() != lot.treated.len() {
        return None;
    }
    let mut units: Vec<(u32, bool)> = lot.block.iter().copied().zip(lot.treated.iter().copied()).collect();
    units.sort_unstable();
    let mut count = 1_usize;
    for block in units.chunk_by(|a, b| a.0 == b.0) {
        let treated = block.iter().filter(|unit| unit.1).count();
        // C(n, k) grows with every factor: whole at each step.
        let mut ways = 1_usize;
        for k in 0..treated.min(block.len() - treated) {
            ways = ways * (block.len() - k) / (k + 1);
            if ways > most {
                return None;
            }
        }
        count *= ways;
        if count > most {
            return None;
        }
    }
    Some(count)
}

/// A lot ready to be drawn again, in an order that depends on what units hold and not on how they came.
struct Lottery {
    /// Per row of the design, its unit.
    unit_of_row: Vec<usize>,
    /// Whether each unit is treated.
    treated: Vec<bool>,
    /// Where each block ends; blocks stand in a row.
    ends: Vec<usize>,
    chance: Option<f64>,
}

impl Lottery {
    fn of(lot: &Lot, data: &Observations, design: &Design, covariates: bool) -> Result<Lottery, Failure> {
        let (rows, units) = (data.outcome.len(), lot.treated.len());
        let length = |column: &str, found: usize, expected: usize| {
            let column = column.to_owned();
            if found == expected { Ok(()) } else { Err(Failure::UnequalLengths { column, found, expected }) }
        };
        length("the unit of assignment", lot.unit.len(), rows)?;
        length("the block", lot.block.len(), units)?;
        let mut rows_of: Vec<Vec<usize>> = vec![Vec::new(); units];
        for (row, unit) in lot.unit.iter().enumerate() {
            let Some(own) = rows_of.get_mut(*unit as usize) else { return Err(Failure::NoLot) };
            own.push(row);
        }
        let by_content = data.by_content(covariates);
        rows_of.iter_mut().for_each(|rows| rows.sort_unstable_by(|a, b| by_content(*a, *b)));
        let lists = |left: &[usize], right: &[usize]| {
            let rows = left.iter().zip(right).map(|(a, b)| by_content(*a, *b));
            left.len().cmp(&right.len()).then_with(|| rows.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal))
        };
        let by_unit = |a: &usize, b: &usize| {
            lists(&rows_of[*a], &rows_of[*b]).then_with(|| lot.treated[*a].cmp(&lot.treated[*b]))
        };
        let mut all: Vec<usize> = (0..units).collect();
        all.sort_by(|a, b| lot.block[*a].cmp(&lot.block[*b]).then_with(|| by_unit(a, b)));
        let mut blocks: Vec<&[usize]> = all.chunk_by(|a, b| lot.block[*a] == lot.block[*b]).collect();
        blocks.sort_by(|left, right| {
            let units = left.iter().zip(*right).map(|(a, b)| by_unit(a, b));
            left.len().cmp(&right.len()).then_with(|| units.into_iter().find(|o| o.is_ne()).unwrap_or(Ordering::Equal))
        });
        let mut end = 0;
        let ends = blocks.iter().map(|block| {
            end += block.len();
            end
        });
        let ends = ends.collect();
        let in_order = blocks.concat();
        let mut place = vec![0; units];
        in_order.iter().enumerate().for_each(|(at, unit)| place[*unit] = at);
        Ok(Lottery {
            unit_of_row: design.order.iter().map(|row| place[lot.unit[*row] as usize]).collect(),
            treated: in_order.iter().map(|unit| lot.treated[*unit]).collect(),
            ends,
            chance: lot.chance,
        })
    }

    /// Who is treated in another draw, by row.
    fn draw(&self, stream: &mut Stream) -> Vec<f64> {
        let mut treated = self.treated.clone();
        match self.chance {
            Some(chance) => treated.iter_mut().for_each(|unit| *unit = stream.uniform() < chance),
            None => {
                let mut start = 0;
                for end in &self.ends {
                    stream.shuffle(&mut treated[start..*end]);
                    start = *end;
                }
            }
        }
        self.by_row(&treated)
    }

    fn by_row(&self, treated: &[bool]) -> Vec<f64> {
        self.unit_of_row.iter().map(|unit| if treated[*unit] { 1.0 } else { 0.0 }).collect()
    }

    /// Every assignment with the numbers that each block has.
    fn all(&self) -> Vec<Vec<bool>> {
        let mut all = vec![Vec::new()];
        let mut start = 0;
        for end in &self.ends {
            let block = &self.treated[start..*end];
            let ways = ways(block.len(), block.iter().filter(|treated| **treated).count());
            all = all.iter().flat_map(|before| ways.iter().map(|way| [&before[..], way].concat())).collect();
            start = *end;
        }
        all
    }
}

/// Every choice of `chosen` among `count`, from the first ones to the last.
fn ways(count: usize, chosen: usize) -> Vec<Vec<bool>> {
    let mut places: Vec<usize> = (0..chosen).collect();
    let mut all = Vec::new();
    loop {
        let mut way = vec![false; count];
        places.iter().for_each(|place| way[*place] = true);
        all.push(way);
        // The last place that can move on does, and those behind it follow close.
        let Some(at) = (0..chosen).rev().find(|at| places[*at] < count - chosen + at) else { return all };
        places[at] += 1;
        for behind in at + 1..chosen {
            places[behind] = places[behind - 1] + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_are_counted_by_block_and_all_of_them_are_there() {
        let lot = |chance| Lot {
            unit: Vec::new(),
            treated: vec![true, false, false, true, true, false, false],
            block: vec![4, 4, 4, 9, 9, 9, 9],
            chance,
            exhaust: 0,
        };
        assert_eq!(assignments(&lot(None), 18), Some(18));
        assert_eq!(assignments(&lot(None), 17), None);
        assert_eq!(assignments(&lot(Some(0.5)), 1_000), None);
        let lottery =
            Lottery { unit_of_row: (0..7).collect(), treated: lot(None).treated, ends: vec![3, 7], chance: None };
        let mut all = lottery.all();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 18);
        assert!(all.contains(&lottery.treated));
        let numbers = |one: &Vec<bool>| [&one[..3], &one[3..]].map(|block| block.iter().filter(|t| **t).count());
        assert!(all.iter().all(|one| numbers(one) == [1, 2]));
        assert_eq!(ways(3, 0), [[false; 3]]);
        assert_eq!(ways(3, 3), [[true; 3]]);
    }
}
