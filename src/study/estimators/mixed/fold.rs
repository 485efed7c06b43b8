//! Large groups without a large matrix: V of thousands of rows falls apart into small blocks when what is alike is turned.
//!
//! Take c parts of a group (rows of a cluster, dyads of an organization) that have the same covariance K and the same share L in all that
//! they have in common. An orthogonal matrix whose first row is their mean turns them into one part with covariance K and share √c L,
//! and c − 1 contrasts with covariance K that share nothing with anything: blocks of their own, all of one pattern. What a group adds
//! to V, D of its intercept (and slope), then concerns the mean alone. Going from the finest grouping to the coarsest, a cluster of n
//! rows becomes n − 1 blocks of one row with variance σ² and one of σ² + nτ; an organization one small block with a place for each
//! size that its dyads have.
//!
//! The likelihood does not change under an orthogonal matrix, and with it nothing that is derived from it: no approximation is made. The
//! closed form of compound symmetry is that of Searle, Casella & McCulloch (1992), *Variance Components*, chapter 3.

use nalgebra::{DMatrix, DVector};

use super::blocks::{Block, Pattern, Units};
use super::{MixedModel, Term};
use crate::study::estimators::failure::Failure;

/// A block of more rows is folded; smaller ones cost next to nothing as they are.
pub(super) const WHOLE: usize = 200;
/// Rows of the largest matrix that is inverted in every round.
pub(super) const MOST: usize = 600;

/// Something with a covariance of its own and a share in what its group has in common.
struct Part {
    /// V_r, K × K, per covariance parameter.
    derivatives: Vec<DMatrix<f64>>,
    /// X and y, K × (p + 1).
    data: DMatrix<f64>,
    /// K × (1 + slopes): of the intercepts of its groups, and of each slope's variable.
    share: DMatrix<f64>,
}

/// A grouping on the way from coarse to fine.
struct Level<'a> {
    term: &'a Term,
    /// Place of its first parameter.
    first: usize,
    /// Column of its slope's variable in the shares.
    slope: Option<usize>,
}

struct Folding<'a> {
    rows: &'a [usize],
    block: &'a Block,
    /// Variables of slopes, in the units of the fit.
    slopes: Vec<Vec<f64>>,
    parameters: usize,
    patterns: &'a mut Vec<Pattern>,
}

/// Whether every group of a finer term lies in one of the coarser: then the rows can be folded.
pub(super) fn nested(terms: &[&Term], rows: &[usize]) -> bool {
    terms.windows(2).all(|pair| {
        let mut labels: Vec<(u32, u32)> = rows.iter().map(|row| (pair[1].group[*row], pair[0].group[*row])).collect();
        labels.sort_unstable();
        labels.windows(2).all(|two| two[0].0 != two[1].0 || two[0].1 == two[1].1)
    })
}

/// Patterns in which no block is large: those that are, are folded.
///
/// Errors: a block of which more than [`MOST`] rows are left.
pub(super) fn fold(
    model: &MixedModel,
    units: &[Option<Units>],
    patterns: Vec<Pattern>,
) -> Result<Vec<Pattern>, Failure> {
    let (large, mut small): (Vec<Pattern>, Vec<Pattern>) =
        patterns.into_iter().partition(|pattern| pattern.large.is_some());
    let (mut levels, mut slopes, mut first) = (Vec::new(), Vec::new(), 0);
    for (term, units) in model.terms.iter().zip(units) {
        let slope = term.slope.as_ref().zip(*units).map(|(values, units)| {
            slopes.push(values.iter().map(|value| (value - units.center) / units.spread).collect::<Vec<f64>>());
            slopes.len()
        });
        levels.push(Level { term, first, slope });
        first += term.parameters();
    }
    levels.sort_by_key(|level| super::blocks::groups(level.term));
    for pattern in &large {
        let (Some(rows), [block]) = (&pattern.large, &pattern.blocks[..]) else { continue };
        let slopes = slopes.iter().map(|own| rows.iter().map(|row| own[*row]).collect()).collect();
        let mut folding = Folding { rows, block, slopes, parameters: first + 1, patterns: &mut small };
        let all: Vec<usize> = (0..rows.len()).collect();
        let whole = folding.group(&levels, &all);
        if whole.data.nrows() > MOST {
            let term = levels.first().map_or(String::new(), |level| level.term.name.clone());
            return Err(Failure::TooLarge { term, rows: rows.len(), size: whole.data.nrows(), most: MOST });
        }
        folding.place(&whole.derivatives, whole.data);
    }
    Ok(small)
}

impl Folding<'_> {
    /// A group of the first level with everything in it; contrasts are put aside.
    fn group(&mut self, levels: &[Level<'_>], places: &[usize]) -> Part {
        let Some((level, rest)) = levels.split_first() else { return self.row(places[0]) };
        let rows = self.rows;
        let label = |place: &usize| rest.first().map_or(*place as u32, |finer| finer.term.group[rows[*place]]);
        let parts: Vec<Part> = places.chunk_by(|a, b| label(a) == label(b)).map(|own| self.group(rest, own)).collect();
        let mut alike: Vec<Vec<Part>> = Vec::new();
        for part in parts {
            let same = |others: &Vec<Part>| {
                others[0].derivatives == part.derivatives && (part.data.nrows() == 1 || others[0].share == part.share)
            };
            match alike.iter().position(same) {
                Some(at) => alike[at].push(part),
                None => alike.push(vec![part]),
            }
        }
        let kept: Vec<Part> = alike.into_iter().map(|parts| self.turn(parts)).collect();
        let mut whole = joined(&kept, self.parameters);
        let one = whole.share.column(0).into_owned();
        whole.derivatives[level.first].ger(1.0, &one, &one, 1.0);
        if let Some(slope) = level.slope {
            let z = whole.share.column(slope).into_owned();
            whole.derivatives[level.first + 1].ger(1.0, &one, &z, 1.0);
            whole.derivatives[level.first + 1].ger(1.0, &z, &one, 1.0);
            whole.derivatives[level.first + 2].ger(1.0, &z, &z, 1.0);
        }
        whole
    }

    fn row(&self, place: usize) -> Part {
        let (p, last) = (self.block.x.ncols(), self.parameters - 1);
        let of_row = |j: usize| if j < p { self.block.x[(place, j)] } else { self.block.y[place] };
        let derivative = |r: usize| DMatrix::from_element(1, 1, if r == last { 1.0 } else { 0.0 });
        Part {
            derivatives: (0..self.parameters).map(derivative).collect(),
            data: DMatrix::from_fn(1, p + 1, |_, j| of_row(j)),
            share: DMatrix::from_fn(
                1,
                1 + self.slopes.len(),
                |_, j| if j == 0 { 1.0 } else { self.slopes[j - 1][place] },
            ),
        }
    }

    /// Parts that are alike: what they have in common, and contrasts put aside. Parts of one row may differ in their shares: then what
    /// they have in common is all directions of these.
    fn turn(&mut self, mut parts: Vec<Part>) -> Part {
        let (count, size) = (parts.len(), parts[0].data.nrows());
        if count == 1 {
            return parts.swap_remove(0);
        }
        let single = size == 1;
        let shares = if single {
            DMatrix::from_fn(count, parts[0].share.ncols(), |i, j| parts[i].share[(0, j)])
        } else {
            DMatrix::from_element(count, 1, 1.0)
        };
        let turning = shares.qr();
        let root = turning.r();
        let common = root.nrows();
        // Per row of a part, the same row of all parts.
        let turned: Vec<DMatrix<f64>> = (0..size)
            .map(|k| {
                let mut own = DMatrix::from_fn(count, parts[0].data.ncols(), |i, j| parts[i].data[(k, j)]);
                turning.q_tr_mul(&mut own);
                own
            })
            .collect();
        let derivatives = parts.swap_remove(0);
        let (derivatives, share) = (derivatives.derivatives, derivatives.share);
        let width = turned[0].ncols();
        for contrast in common..count {
            self.place(&derivatives, DMatrix::from_fn(size, width, |k, j| turned[k][(contrast, j)]));
        }
        let of_common = |at: usize| Part {
            derivatives: derivatives.clone(),
            data: DMatrix::from_fn(size, width, |k, j| turned[k][(at, j)]),
            share: if single { root.rows(at, 1).into_owned() } else { &share * root[(0, 0)] },
        };
        let kept: Vec<Part> = (0..common).map(of_common).collect();
        joined(&kept, self.parameters)
    }

    /// A block of its own.
    fn place(&mut self, derivatives: &[DMatrix<f64>], data: DMatrix<f64>) {
        let at = self.patterns.iter().position(|pattern| pattern.derivatives == derivatives);
        let at = at.unwrap_or_else(|| {
            self.patterns.push(Pattern { derivatives: derivatives.to_vec(), blocks: Vec::new(), large: None });
            self.patterns.len() - 1
        });
        let p = data.ncols() - 1;
        let y = DVector::from_fn(data.nrows(), |i, _| data[(i, p)]);
        self.patterns[at].blocks.push(Block { x: data.remove_column(p), y });
    }
}

/// Parts that have nothing in common yet, one below the other.
fn joined(parts: &[Part], parameters: usize) -> Part {
    let size = parts.iter().map(|part| part.data.nrows()).sum();
    let mut whole = Part {
        derivatives: vec![DMatrix::zeros(size, size); parameters],
        data: DMatrix::zeros(size, parts[0].data.ncols()),
        share: DMatrix::zeros(size, parts[0].share.ncols()),
    };
    let mut from = 0;
    for part in parts {
        let rows = part.data.nrows();
        for (whole, own) in whole.derivatives.iter_mut().zip(&part.derivatives) {
            whole.view_mut((from, from), (rows, rows)).copy_from(own);
        }
        whole.data.rows_mut(from, rows).copy_from(&part.data);
        whole.share.rows_mut(from, rows).copy_from(&part.share);
        from += rows;
    }
    whole
}
