//! Two-level factorial designs: which runs a design has, and what it cannot tell apart.
//!
//! A run is one combination of high and low levels; each run becomes an arm. A full design has all 2^k of them. The two
//! others take the k first columns of an orthogonal array of n ≥ k runs, the column of ones included, and add the same runs
//! with every level turned (foldover): 2n runs. Since turning every level turns the sign of each product of three columns,
//! such products sum to zero over the runs, and every main effect is clear of every interaction of two factors: resolution
//! IV. `resolution-iv` takes Sylvester's Hadamard matrix (n a power of two), in which interactions of two are either the same
//! column or orthogonal; `plackett-burman-foldover` the smallest array of Plackett & Burman (n a multiple of four), in which
//! they may be correlated without being the same.
//!
//! Nothing about aliasing is typed in: [`Aliases::of`] computes it from the columns.
//!
//! Sources: Plackett & Burman (1946), Biometrika 33, 305-325; Box & Wilson (1951), Journal of the Royal Statistical Society B
//! 13, 1-45 (foldover); Box, Hunter & Hunter (2005), *Statistics for Experimenters*, 2nd ed., ch. 6-7.

/// Which runs are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Construction {
    /// Every combination.
    Full,
    /// Sylvester's matrix, folded over.
    ResolutionIv,
    /// An array of Plackett & Burman, folded over.
    PlackettBurmanFoldover,
}

impl Construction {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Construction)] = &[
        ("full", Construction::Full),
        ("resolution-iv", Construction::ResolutionIv),
        ("plackett-burman-foldover", Construction::PlackettBurmanFoldover),
    ];

    /// The most factors it can take.
    pub fn most_factors(self) -> usize {
        match self {
            Construction::Full => 7,
            Construction::ResolutionIv => 64,
            Construction::PlackettBurmanFoldover => 24,
        }
    }

    /// The runs for so many factors: whether each factor is high, run by run, the first with every factor low. None if it
    /// cannot take so many.
    pub fn runs(self, factors: usize) -> Option<Vec<Vec<bool>>> {
        if factors == 0 || factors > self.most_factors() {
            return None;
        }
        let runs: Vec<Vec<bool>> = match self {
            Construction::Full => {
                (0..1_usize << factors).map(|run| (0..factors).map(|factor| run >> factor & 1 == 1).collect()).collect()
            }
            Construction::ResolutionIv => folded(&sylvester(factors.next_power_of_two()), factors),
            Construction::PlackettBurmanFoldover => folded(&plackett_burman(factors)?, factors),
        };
        Some(runs)
    }
}

/// The first `factors` columns with every level turned, then as they are: the all-high row of an array becomes the run with
/// every factor low, which comes first.
fn folded(array: &[Vec<bool>], factors: usize) -> Vec<Vec<bool>> {
    let turned = array.iter().map(|row| row[..factors].iter().map(|high| !high).collect());
    let mut runs: Vec<Vec<bool>> = turned.chain(array.iter().map(|row| row[..factors].to_vec())).collect();
    if let Some(at) = runs.iter().position(|run| run.iter().all(|high| !high)) {
        runs[..=at].rotate_right(1);
    }
    runs
}

/// Sylvester's Hadamard matrix: +1 where the binary digits that row and column share are even in number.
fn sylvester(size: usize) -> Vec<Vec<bool>> {
    (0..size).map(|row| (0..size).map(|column| (row & column).count_ones() % 2 == 0).collect()).collect()
}

/// First rows of the cyclic arrays of Plackett & Burman (1946, p. 323), by their number of runs.
const CYCLIC: [(usize, &str); 6] = [
    (4, "++-"),
    (8, "+++-+--"),
    (12, "++-+++---+-"),
    (16, "++++-+-++--+---"),
    (20, "++--++++-+-+----++-"),
    (24, "+++++-+-++--++--+-+----"),
];

/// The smallest array with a column for each factor, the column of ones last.
fn plackett_burman(factors: usize) -> Option<Vec<Vec<bool>>> {
    let (size, first) = CYCLIC.iter().find(|(size, _)| *size >= factors)?;
    let first: Vec<bool> = first.chars().map(|sign| sign == '+').collect();
    let width = size - 1;
    let cyclic = (0..width).map(|shift| (0..width).map(|column| first[(column + width - shift) % width]).collect());
    let mut rows: Vec<Vec<bool>> = cyclic.chain(std::iter::once(vec![false; width])).collect();
    // The row of minus signs is all low: turning the array makes it the row that foldover expects.
    rows.iter_mut().flatten().for_each(|high| *high = !*high);
    rows.iter_mut().for_each(|row| row.push(true));
    Some(rows)
}

/// What a design confounds with what, as far as main effects and interactions of two factors go.
#[derive(Clone, Debug, PartialEq)]
pub struct Aliases {
    /// Number of runs.
    pub runs: usize,
    /// Largest correlation of two main effects.
    pub mains: f64,
    /// Largest correlation of a main effect with an interaction of two factors.
    pub mains_with_interactions: f64,
    /// Sets of interactions of two factors that are one and the same column, up to its sign; single ones too.
    pub strings: Vec<Vec<(usize, usize)>>,
    /// Largest correlation between interactions of different sets.
    pub between_strings: f64,
}

impl Aliases {
    /// Of the runs of a design, each a list of levels.
    pub fn of<L: AsRef<[bool]>>(runs: &[L]) -> Aliases {
        let factors = runs.first().map_or(0, |run| run.as_ref().len());
        let sign = |run: &L, factor: usize| if run.as_ref()[factor] { 1_i64 } else { -1 };
        let column = |set: &[usize]| -> Vec<i64> {
            runs.iter().map(|run| set.iter().map(|factor| sign(run, *factor)).product()).collect()
        };
        let mains: Vec<Vec<i64>> = (0..factors).map(|factor| column(&[factor])).collect();
        let pairs: Vec<(usize, usize)> =
            (0..factors).flat_map(|first| (first + 1..factors).map(move |second| (first, second))).collect();
        let interactions: Vec<Vec<i64>> = pairs.iter().map(|(a, b)| column(&[*a, *b])).collect();
        let mut strings: Vec<Vec<usize>> = Vec::new();
        for (index, interaction) in interactions.iter().enumerate() {
            let same = |string: &&mut Vec<usize>| correlation(&interactions[string[0]], interaction) > 1.0 - 1e-9;
            match strings.iter_mut().find(same) {
                Some(string) => string.push(index),
                None => strings.push(vec![index]),
            }
        }
        let most = |left: &[Vec<i64>], right: &[Vec<i64>], apart: bool| {
            let mut most: f64 = 0.0;
            for (i, a) in left.iter().enumerate() {
                for (j, b) in right.iter().enumerate() {
                    if !apart || i < j {
                        most = most.max(correlation(a, b));
                    }
                }
            }
            most
        };
        let firsts: Vec<Vec<i64>> = strings.iter().map(|string| interactions[string[0]].clone()).collect();
        Aliases {
            runs: runs.len(),
            mains: most(&mains, &mains, true),
            mains_with_interactions: most(&mains, &interactions, false),
            between_strings: most(&firsts, &firsts, true),
            strings: strings.into_iter().map(|string| string.into_iter().map(|index| pairs[index]).collect()).collect(),
        }
    }

    /// Whether main effects are clear of each other and of every interaction of two factors.
    pub fn mains_clear(&self) -> bool {
        self.mains < 1e-9 && self.mains_with_interactions < 1e-9
    }

    /// Whether every interaction of two factors can be told from every other.
    pub fn interactions_clear(&self) -> bool {
        self.between_strings < 1e-9 && self.strings.iter().all(|string| string.len() == 1)
    }
}

/// The size of the correlation of two columns; 0 for one that is constant: it is the mean, which a regression takes out.
fn correlation(a: &[i64], b: &[i64]) -> f64 {
    let n = a.len() as f64;
    let sum = |column: &[i64]| column.iter().sum::<i64>() as f64;
    let products = |x: &[i64], y: &[i64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<i64>() as f64;
    let (sum_a, sum_b) = (sum(a), sum(b));
    let covariance = products(a, b) - sum_a * sum_b / n;
    let spread = (products(a, a) - sum_a * sum_a / n) * (products(b, b) - sum_b * sum_b / n);
    if spread <= 0.0 { 0.0 } else { covariance.abs() / spread.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(runs: &[Vec<bool>]) -> Vec<Vec<i64>> {
        (0..runs[0].len()).map(|f| runs.iter().map(|run| if run[f] { 1 } else { -1 }).collect()).collect()
    }

    #[test]
    fn every_design_is_balanced_and_orthogonal_and_starts_all_low() {
        for (name, construction) in Construction::NAMES {
            for factors in 2..=construction.most_factors() {
                let runs = construction.runs(factors).unwrap();
                assert!(runs[0].iter().all(|high| !high), "{name} {factors}");
                let columns = columns(&runs);
                for (i, a) in columns.iter().enumerate() {
                    assert_eq!(a.iter().sum::<i64>(), 0, "{name}: factor {i} of {factors} is balanced");
                    for b in &columns[i + 1..] {
                        assert_eq!(a.iter().zip(b).map(|(x, y)| x * y).sum::<i64>(), 0, "{name} {factors}");
                    }
                }
                if construction == &Construction::Full {
                    let distinct: std::collections::BTreeSet<&Vec<bool>> = runs.iter().collect();
                    assert_eq!(distinct.len(), 1 << factors, "every combination once");
                }
            }
            assert_eq!(construction.runs(construction.most_factors() + 1), None);
            assert_eq!(construction.runs(0), None);
        }
    }

    /// Resolution IV by algebra: no product of one, two or three columns is constant, some product of four is.
    #[test]
    fn sixteen_factors_in_thirty_two_runs_have_resolution_four() {
        for construction in [Construction::ResolutionIv, Construction::PlackettBurmanFoldover] {
            let runs = construction.runs(16).unwrap();
            assert_eq!(runs.len(), 32);
            let c = columns(&runs);
            let total =
                |set: &[usize]| -> i64 { (0..32).map(|run| set.iter().map(|f| c[*f][run]).product::<i64>()).sum() };
            let mut words_of_four = 0;
            for i in 0..16 {
                for j in i + 1..16 {
                    assert_eq!(total(&[i, j]), 0);
                    for k in j + 1..16 {
                        assert_eq!(total(&[i, j, k]), 0);
                        for l in k + 1..16 {
                            words_of_four += u32::from(total(&[i, j, k, l]).abs() == 32);
                        }
                    }
                }
            }
            // 2^(16-11): 140 words of length four (Chen, Sun & Wu 1993, International Statistical Review 61).
            assert_eq!(words_of_four, 140);
        }
    }

    #[test]
    fn aliases_are_computed_from_the_columns() {
        let aliases = Aliases::of(&Construction::ResolutionIv.runs(16).unwrap());
        assert!(aliases.mains_clear() && !aliases.interactions_clear());
        assert_eq!(aliases.strings.len(), 15);
        assert!(aliases.strings.iter().all(|string| string.len() == 8));
        assert_eq!(aliases.between_strings, 0.0);

        let full = Aliases::of(&Construction::Full.runs(3).unwrap());
        assert!(full.mains_clear() && full.interactions_clear());
        assert_eq!(full.strings, [[(0, 1)], [(0, 2)], [(1, 2)]]);

        // Twelve runs folded over: interactions are correlated without being the same.
        let partial = Aliases::of(&Construction::PlackettBurmanFoldover.runs(11).unwrap());
        assert_eq!(partial.runs, 24);
        assert!(partial.mains_clear() && !partial.interactions_clear());
        assert!((partial.between_strings - 1.0 / 3.0).abs() < 1e-12, "{}", partial.between_strings);
        assert!(partial.strings.iter().all(|string| string.len() == 1));

        // Half of a 2³: each main effect is the interaction of the two others.
        let half = [[false, false, true], [true, false, false], [false, true, false], [true, true, true]];
        let aliases = Aliases::of(&half);
        assert!(!aliases.mains_clear());
        assert_eq!(aliases.mains_with_interactions, 1.0);
    }
}
