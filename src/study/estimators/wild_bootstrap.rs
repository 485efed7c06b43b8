//! The wild cluster bootstrap: a test for few clusters.
//!
//! With the null hypothesis imposed, each draw turns the residuals of whole clusters by a random sign (or, below twelve clusters,
//! by one of Webb's six weights, which give more than 2^G outcomes), and compares the t of the sample with the t's of the draws:
//!
//! ```text
//! y* = X β₀ + w_g e₀      β₀, e₀ from the fit with β_k = b      t* = (β*_k − b)/se_CR1(β*_k)
//! p(b) = share of draws with |t*| ≥ |t(b)|                       interval = all b with p(b) ≥ 1 − confidence
//! ```
//!
//! Everything about a draw follows from p-vectors per cluster, so a draw costs G p operations, whatever the rows; and its t is a
//! straight line in b over the root of a parabola, so that the many b of an interval cost next to nothing.
//!
//! Sources: Cameron, Gelbach & Miller (2008), Review of Economics and Statistics 90, 414-427; Webb (2023), Canadian Journal of Economics 56,
//! 839-858; Roodman, Nielsen, MacKinnon & Webb (2019), Stata Journal 19, 4-60.

use super::failure::Failure;
use super::least_squares::{LeastSquares, add_scaled, dot};
use crate::model::streams::Stream;

/// What the bootstrap says of one coefficient.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrapped {
    /// Two-sided p-value of 'no effect'.
    pub p_value: f64,
    /// Lower bound of the interval.
    pub lower: f64,
    /// Upper bound of the interval.
    pub upper: f64,
    /// Draws that were made.
    pub draws: usize,
}

/// The regression cut into clusters, as far as a draw needs it.
struct Pieces {
    /// Q_g'Q_g u per cluster.
    turned: Vec<Vec<f64>>,
    /// u'Q_g' and Q_g' of the residuals that the null leaves are affine in b: at the estimate, and (negative) their slope in b.
    own: Vec<[f64; 2]>,
    scores: Vec<[Vec<f64>; 2]>,
    /// What the estimate is.
    estimate: f64,
    constant: f64,
}

/// The wild cluster bootstrap of coefficient `k` of the regression of `y` on `columns`, with `draws` draws from `stream`.
///
/// Rows have to come in an order that does not depend on chance (see [`super::Observations`]): draws belong to clusters in the order in
/// which they first appear.
///
/// Errors: as [`LeastSquares::fit`]; fewer than three clusters; another number of labels than rows; `confidence` outside (0, 1).
pub fn wild_cluster_bootstrap(
    columns: &[Vec<f64>],
    y: &[f64],
    cluster: &[u32],
    k: usize,
    draws: usize,
    confidence: f64,
    stream: &mut Stream,
) -> Result<Bootstrapped, Failure> {
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Failure::Confidence { confidence });
    }
    let fit = LeastSquares::fit(columns, y)?;
    fit.check_coefficient(k)?;
    let pieces = Pieces::of(&fit, columns, y, cluster, k)?;
    let clusters = pieces.own.len();
    let own = pieces.drawn(&vec![1.0; clusters]);
    let drawn: Vec<Drawn> = (0..draws)
        .map(|_| pieces.drawn(&(0..clusters).map(|_| weight(clusters, stream)).collect::<Vec<f64>>()))
        .collect();
    let p = |b: f64| {
        let from = b - pieces.estimate;
        // A share of t alone would vanish where it is zero.
        let limit = own.t(from).abs() * (1.0 - 1e-12) - 1e-12;
        let beyond = drawn.iter().filter(|draw| draw.t(from).abs() >= limit).count();
        // The sample itself is one of the draws.
        (1 + beyond) as f64 / (1 + draws) as f64
    };
    let unit = own.error(-pieces.estimate);
    let bound = |direction: f64| bound(pieces.estimate, direction * unit, 1.0 - confidence, &p);
    Ok(Bootstrapped { p_value: p(0.0), lower: bound(-1.0), upper: bound(1.0), draws })
}

/// Where p falls to `alpha`, going from `from` in steps of `step`: doubled until it is below, then halved.
pub(super) fn bound(from: f64, step: f64, alpha: f64, p: &impl Fn(f64) -> f64) -> f64 {
    let (mut inside, mut reach) = (0.0, 1.0);
    while p(from + reach * step) >= alpha {
        inside = reach;
        reach *= 2.0;
        if reach > 1e6 {
            return if step < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
        }
    }
    for _ in 0..40 {
        let middle = 0.5 * (inside + reach);
        if p(from + middle * step) >= alpha {
            inside = middle;
        } else {
            reach = middle;
        }
    }
    from + 0.5 * (inside + reach) * step
}

/// A sign, or below twelve clusters one of ±√½, ±1, ±√1½.
fn weight(clusters: usize, stream: &mut Stream) -> f64 {
    const WEBB: [f64; 3] = [0.5, 1.0, 1.5];
    let u = stream.uniform();
    if clusters >= 12 {
        return if u < 0.5 { -1.0 } else { 1.0 };
    }
    let which = ((6.0 * u) as usize).min(5);
    let size = WEBB[which % 3].sqrt();
    if which < 3 { -size } else { size }
}

impl Pieces {
    fn of(fit: &LeastSquares, columns: &[Vec<f64>], y: &[f64], cluster: &[u32], k: usize) -> Result<Self, Failure> {
        if cluster.len() != y.len() {
            let column = "the cluster".to_owned();
            return Err(Failure::UnequalLengths { column, found: cluster.len(), expected: y.len() });
        }
        let mut rows: Vec<usize> = (0..cluster.len()).collect();
        rows.sort_by_key(|&i| cluster[i]);
        let mut clusters: Vec<&[usize]> = rows.chunk_by(|&a, &b| cluster[a] == cluster[b]).collect();
        clusters.sort_by_key(|members| members[0]);
        if clusters.len() < 3 {
            return Err(Failure::TooFewClusters { clusters: clusters.len() });
        }
        let others: Vec<&Vec<f64>> = columns.iter().enumerate().filter(|(j, _)| *j != k).map(|(_, c)| c).collect();
        // Residuals of y and of the column in question on all other columns: under β_k = b they are r_y − b r_x.
        let residual = |values: &[f64]| -> Result<Vec<f64>, Failure> {
            if others.is_empty() {
                return Ok(values.to_vec());
            }
            Ok(LeastSquares::fit(&others, values)?.residuals().to_vec())
        };
        let mut parts = [residual(y)?, residual(&columns[k])?];
        let p = columns.len();
        // At the estimate, near which an interval's bounds are: no digits are lost where an effect is many standard errors.
        let (first, second) = parts.split_at_mut(1);
        add_scaled(&mut first[0], -fit.coefficients()[k], &second[0]);
        let weight = fit.weight(k);
        let mut pieces = Pieces {
            turned: Vec::new(),
            own: Vec::new(),
            scores: Vec::new(),
            estimate: fit.coefficients()[k],
            constant: clusters.len() as f64 / (clusters.len() as f64 - 1.0),
        };
        for members in clusters {
            let mut turned = vec![0.0; p];
            let mut scores = [vec![0.0; p], vec![0.0; p]];
            for &i in members {
                add_scaled(&mut turned, dot(fit.q(i), weight), fit.q(i));
                for (score, part) in scores.iter_mut().zip(&parts) {
                    add_scaled(score, part[i], fit.q(i));
                }
            }
            pieces.turned.push(turned);
            pieces.own.push([dot(weight, &scores[0]), dot(weight, &scores[1])]);
            pieces.scores.push(scores);
        }
        Ok(pieces)
    }

    /// A draw with these weights. Weights of one give the sample itself.
    fn drawn(&self, w: &[f64]) -> Drawn {
        // The residuals' sums over clusters, at the estimate and per unit of b.
        let mut totals = [vec![0.0; self.turned[0].len()], vec![0.0; self.turned[0].len()]];
        for (scores, w) in self.scores.iter().zip(w) {
            totals.iter_mut().zip(scores).for_each(|(total, score)| add_scaled(total, *w, score));
        }
        let mut drawn = Drawn { shift: [0.0; 2], squares: [0.0; 3] };
        for ((own, turned), w) in self.own.iter().zip(&self.turned).zip(w) {
            let parts = [w * own[0], w * own[1]];
            // CR1 of a draw: the residuals' projections on the weight, cluster by cluster.
            let [at, slope] = [parts[0] - dot(turned, &totals[0]), parts[1] - dot(turned, &totals[1])];
            drawn.shift.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
            drawn.squares.iter_mut().zip([at * at, at * slope, slope * slope]).for_each(|(sum, part)| *sum += part);
        }
        drawn.squares.iter_mut().for_each(|sum| *sum *= self.constant);
        drawn
    }
}

/// The t of a draw as a function of the b that the null states, d = b less the estimate:
/// (s₀ − s₁ d)/√(v₀ − 2 v₁ d + v₂ d²).
#[derive(Clone, Copy, Debug)]
struct Drawn {
    shift: [f64; 2],
    squares: [f64; 3],
}

impl Drawn {
    fn t(&self, d: f64) -> f64 {
        (self.shift[0] - d * self.shift[1]) / self.error(d)
    }

    fn error(&self, d: f64) -> f64 {
        let [at, mixed, slope] = self.squares;
        (at - 2.0 * d * mixed + d * d * slope).max(0.0).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Table, close};
    use super::super::{Errors, cluster_covariance};
    use super::*;
    use crate::model::streams::Purpose;

    fn data() -> (Vec<Vec<f64>>, Vec<f64>, Vec<u32>) {
        let table = Table::read(include_str!("../../../tests/data/goldB.csv"));
        let y = table.column("y");
        (vec![vec![1.0; y.len()], table.column("t"), table.column("x")], y, table.labels("org"))
    }

    #[test]
    fn the_sample_s_own_t_is_that_of_cr1() {
        let (columns, y, cluster) = data();
        let fit = LeastSquares::fit(&columns, &y).unwrap();
        let pieces = Pieces::of(&fit, &columns, &y, &cluster, 1).unwrap();
        let error = cluster_covariance(&fit, &cluster, Errors::CR1).unwrap()[(1, 1)].sqrt();
        let (own, estimate) = (pieces.drawn(&[1.0; 12]), fit.coefficients()[1]);
        for b in [0.0, 0.3, estimate, -7.0] {
            close(own.error(b - estimate), error, 1e-10);
            assert!((own.t(b - estimate) - (estimate - b) / error).abs() < 1e-10);
        }
    }

    /// By brute force: a draw's t from its own outcome.
    #[test]
    fn a_draw_is_the_regression_of_its_outcome() {
        let (columns, y, cluster) = data();
        let fit = LeastSquares::fit(&columns, &y).unwrap();
        let pieces = Pieces::of(&fit, &columns, &y, &cluster, 1).unwrap();
        let w: Vec<f64> = (0..12).map(|g| if g % 3 == 0 { -1.0 } else { 1.0 }).collect();
        for b in [0.0, 0.4] {
            let null: Vec<f64> = y.iter().zip(&columns[1]).map(|(y, t)| y - b * t).collect();
            let rest = LeastSquares::fit(&[&columns[0], &columns[2]], &null).unwrap();
            let turned: Vec<f64> =
                (0..y.len()).map(|i| y[i] - rest.residuals()[i] * (1.0 - w[cluster[i] as usize])).collect();
            let again = LeastSquares::fit(&columns, &turned).unwrap();
            let error = cluster_covariance(&again, &cluster, Errors::CR1).unwrap()[(1, 1)].sqrt();
            close(pieces.drawn(&w).t(b - fit.coefficients()[1]), (again.coefficients()[1] - b) / error, 1e-9);
        }
    }

    #[test]
    fn the_interval_is_where_the_test_does_not_reject() {
        let (columns, y, cluster) = data();
        let mut stream = Stream::open(7, 0, Purpose::Answer, 0);
        let found = wild_cluster_bootstrap(&columns, &y, &cluster, 1, 999, 0.95, &mut stream).unwrap();
        let fit = LeastSquares::fit(&columns, &y).unwrap();
        assert!(found.lower < fit.coefficients()[1] && fit.coefficients()[1] < found.upper);
        // t(9.93) with CR2 gives ±.665: the bootstrap is near it.
        assert!((found.upper - found.lower - 1.33).abs() < 0.3, "{found:?}");
        assert!(found.p_value > 0.8 && found.p_value <= 1.0, "{found:?}");
        let two: Vec<u32> = cluster.iter().map(|c| c % 2).collect();
        let failure = wild_cluster_bootstrap(&columns, &y, &two, 1, 9, 0.95, &mut stream).unwrap_err();
        assert_eq!(failure.code(), "too_few_clusters");
    }
}
