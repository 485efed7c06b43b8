//! Which values of a scenario's keys a sweep looks at: a grid of them, or points that fill the space between them.
//!
//! | file | holds |
//! |---|---|
//! | [`axis`] | a key with its values, as the command line writes it |
//! | [`table`] | the tables `cells` and `sweep` |
//! | [`design`] | points in the unit cube: grid, Latin hypercube, Sobol' sequence |

use std::collections::BTreeSet;

pub mod axis;
pub mod design;
pub mod table;

pub use axis::Axis;
pub use design::Design;

/// The cells of a sweep: for each the value of each axis.
///
/// ```
/// use peerlab::inquiry::sweep::{Axis, Design, cells};
/// let axes = [Axis::parse("program.weeks=4,12").unwrap(), Axis::parse("organization.competition=0..1:3").unwrap()];
/// let cells = cells(&axes, Design::Grid, None, 1).unwrap();
/// assert_eq!(cells.len(), 6);
/// assert_eq!(cells[1], [4.0, 0.5]);
/// ```
///
/// # Errors
/// What the design lacks: a number of points, or of steps.
pub fn cells(axes: &[Axis], design: Design, points: Option<usize>, seed: u64) -> Result<Vec<Vec<f64>>, String> {
    if design == Design::Grid {
        if points.is_some() {
            return Err(
                "a grid has the points of its axes: leave out --points, or choose --design lhs or sobol".to_owned()
            );
        }
        let mut cells: Vec<Vec<f64>> = vec![Vec::new()];
        for axis in axes {
            let values = axis.listed()?;
            let longer = |cell: &Vec<f64>| {
                let cell = cell.clone();
                values
                    .iter()
                    .map(move |value| cell.iter().copied().chain([*value]).collect::<Vec<f64>>())
                    .collect::<Vec<_>>()
            };
            if cells.len().saturating_mul(values.len()) > MOST {
                return Err(
                    "the grid has more than 100,000 cells: take fewer values, or --design lhs or sobol".to_owned()
                );
            }
            cells = cells.iter().flat_map(longer).collect();
        }
        return Ok(cells);
    }
    if let Some(range) = axes.iter().find_map(Axis::counted) {
        return Err(format!(
            "--design {} has no even steps: --over {range} without its number of values, and --points N for all, or --design grid",
            design.name()
        ));
    }
    let Some(points) = points else {
        return Err(format!("--design {} needs --points N", design.name()));
    };
    if points > MOST {
        return Err(format!("{points} points are too many: a sweep has at most 100,000 cells"));
    }
    let cube = match design {
        Design::Lhs => design::latin_hypercube(points, axes.len(), seed),
        _ => design::sobol(points, axes.len(), seed).ok_or_else(|| {
            format!("the Sobol' sequence is there for at most {} keys: choose --design lhs", design::DIMENSIONS)
        })?,
    };
    Ok(cube.iter().map(|point| axes.iter().zip(point).map(|(axis, at)| axis.value(*at)).collect()).collect())
}

/// How many of the cells have the values of one before them, so that they are computed once more for nothing: keys with whole numbers or
/// lists have few values, and points that lie apart can fall on one.
pub fn alike(cells: &[Vec<f64>]) -> usize {
    let bits = |cell: &Vec<f64>| cell.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    cells.len() - cells.iter().map(bits).collect::<BTreeSet<_>>().len()
}

/// Cells that a sweep may have.
pub const MOST: usize = 100_000;
