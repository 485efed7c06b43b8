//! The reference model in a plain loop; many replications by rayon's parallel iterator.

use peers::model::{DYADS, Dyad, Outcomes, WEEKS, begin, cholesky, outcomes};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

type Program = (Vec<Dyad>, f64, Xoshiro256PlusPlus);

fn start(replication: u64) -> Program {
    let factor = cholesky();
    let (mut rng, climate) = begin(replication);
    ((0..DYADS).map(|_| Dyad::formed(&factor, climate, &mut rng)).collect(), climate, rng)
}

fn weeks((dyads, climate, rng): &mut Program) {
    for week in 0..WEEKS {
        for dyad in &mut *dyads {
            dyad.week(week, *climate, rng);
        }
    }
}

fn one(replication: u64) -> Outcomes {
    let mut program = start(replication);
    weeks(&mut program);
    outcomes(program.0.iter())
}

fn main() -> std::io::Result<()> {
    if peers::command::parts(start, weeks) {
        return Ok(());
    }
    peers::command::run(one, |first, count| (first..first + count as u64).into_par_iter().map(one).collect())
}
