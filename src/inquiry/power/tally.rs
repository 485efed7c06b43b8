//! What was found at each size: yes or no of every replication, kept by its number.

/// What became of one experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Significant, and on the expected side.
    Yes,
    /// Not so.
    No,
    /// It could not be analyzed: for planning, such an experiment has found nothing.
    Failed,
}

/// The experiments of one size: replications 0, 1, 2 and so on.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// The size.
    pub value: f64,
    /// What each replication found.
    pub found: Vec<Found>,
}

impl Station {
    /// Replications.
    pub fn count(&self) -> usize {
        self.found.len()
    }

    /// How many have found it.
    pub fn yes(&self) -> usize {
        self.found.iter().filter(|found| **found == Found::Yes).count()
    }

    /// How many could not be analyzed.
    pub fn failed(&self) -> usize {
        self.found.iter().filter(|found| **found == Found::Failed).count()
    }

    /// Share that has found it, a failed fit being no find.
    pub fn power(&self) -> f64 {
        self.yes() as f64 / self.count() as f64
    }

    /// [`wilson`]'s interval of that share.
    pub fn interval(&self, z: f64) -> (f64, f64) {
        wilson(self.power(), self.count() as f64, z)
    }
}

/// Wilson's interval of a share of `n`, whose two-sided normal quantile is `z`. It keeps within 0 and 1, and has a width where the share is one of
/// these too.
///
/// Source: Wilson (1927), Journal of the American Statistical Association 22, 209-212.
pub fn wilson(share: f64, n: f64, z: f64) -> (f64, f64) {
    let square = z * z;
    let center = (share + square / (2.0 * n)) / (1.0 + square / n);
    let half = z / (1.0 + square / n) * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt();
    ((center - half).max(0.0), (center + half).min(1.0))
}

/// Over the replications that two sizes share: how many they are, how many have found it at either size, and at both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shared {
    /// Replications of both.
    pub count: f64,
    /// Found at the first size.
    pub first: f64,
    /// Found at the second.
    pub second: f64,
    /// Found at both.
    pub both: f64,
}

impl Shared {
    /// Counts them.
    pub fn of(one: &Station, other: &Station) -> Self {
        let mut shared = Self { count: 0.0, first: 0.0, second: 0.0, both: 0.0 };
        for (a, b) in one.found.iter().zip(&other.found) {
            let (a, b) = (f64::from(*a == Found::Yes), f64::from(*b == Found::Yes));
            shared.count += 1.0;
            shared.first += a;
            shared.second += b;
            shared.both += a * b;
        }
        shared
    }

    /// Sum of products of the distances from two probabilities.
    pub fn products(&self, p: f64, q: f64) -> f64 {
        self.both - q * self.first - p * self.second + self.count * p * q
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_fit_is_no_find_and_is_counted() {
        let station = Station { value: 10.0, found: vec![Found::Yes, Found::No, Found::Failed, Found::Yes] };
        assert_eq!((station.power(), station.failed()), (0.5, 1));
    }

    #[test]
    fn wilson_s_interval_is_his() {
        let found = (0..100).map(|k| if k < 80 { Found::Yes } else { Found::No }).collect();
        let (low, high) = Station { value: 1.0, found }.interval(1.959963984540054);
        // statsmodels 0.15.0, proportion_confint(80, 100, method="wilson")
        assert!((low - 0.711_170_8).abs() < 1e-7 && (high - 0.866_633_1).abs() < 1e-7, "{low} {high}");
    }

    #[test]
    fn products_are_those_of_the_definition() {
        let of = |bits: &[u8]| Station {
            value: 0.0,
            found: bits.iter().map(|bit| if *bit == 1 { Found::Yes } else { Found::No }).collect(),
        };
        let (a, b) = (of(&[1, 0, 1, 1, 0]), of(&[1, 1, 0]));
        let direct: f64 = [(1.0, 1.0), (0.0, 1.0), (1.0, 0.0)].iter().map(|(x, y)| (x - 0.6) * (y - 0.3)).sum();
        assert!((Shared::of(&a, &b).products(0.6, 0.3) - direct).abs() < 1e-12);
    }
}
