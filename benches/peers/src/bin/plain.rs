//! The reference model in a plain loop; many replications by rayon's parallel iterator.

use peers::model::{DYADS, Dyad, Outcomes, WEEKS, begin, cholesky, outcomes};
use rayon::prelude::*;

fn one(replication: u64) -> Outcomes {
    let factor = cholesky();
    let (mut rng, climate) = begin(replication);
    let mut dyads: Vec<Dyad> = (0..DYADS).map(|_| Dyad::formed(&factor, climate, &mut rng)).collect();
    for week in 0..WEEKS {
        for dyad in &mut dyads {
            dyad.week(week, climate, &mut rng);
        }
    }
    outcomes(dyads.iter())
}

fn main() -> std::io::Result<()> {
    peers::command::run(one, |first, count| (first..first + count as u64).into_par_iter().map(one).collect())
}
