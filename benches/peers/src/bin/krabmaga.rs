//! The reference model in krABMaga 0.6.2: the program is the `State`, each dyad an `Agent` that is scheduled repeatedly, and
//! many replications are `explore!`, the framework's own exploration of inputs (here: of seeds) on all cores.
//!
//! After the crate's README, its documentation of `State`, `Agent`, `simulate!` and `explore!`, and its examples: agents are
//! boxed and scheduled in `init`, and downcast the state in their step. What happens within a dyad are the functions of
//! `peers::model`, those of the plain loop: the difference between the two is what the framework takes.

use std::any::Any;

use krabmaga::engine::agent::Agent;
use krabmaga::engine::schedule::Schedule;
use krabmaga::engine::state::State;
use krabmaga::rayon::prelude::*;
use krabmaga::*;
use peers::model::{DYADS, Dyad, OUTCOMES, Outcomes, WEEKS, begin, cholesky, outcomes};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The program: what its dyads share, and at the end what became of them.
struct Program {
    seed: u64,
    week: usize,
    climate: f64,
    rng: Xoshiro256PlusPlus,
    outcomes: Outcomes,
}

impl Program {
    fn new(seed: u64) -> Self {
        let (rng, climate) = begin(seed);
        Self { seed, week: 0, climate, rng, outcomes: [0.0; OUTCOMES.len()] }
    }
}

impl State for Program {
    fn init(&mut self, schedule: &mut Schedule) {
        self.reset();
        let factor = cholesky();
        for _ in 0..DYADS {
            let dyad = Dyad::formed(&factor, self.climate, &mut self.rng);
            schedule.schedule_repeating(Box::new(Pair(dyad)), 0.0, 0);
        }
    }

    fn reset(&mut self) {
        (self.rng, self.climate) = begin(self.seed);
        self.week = 0;
    }

    fn update(&mut self, step: u64) {
        self.week = step as usize;
    }

    fn after_step(&mut self, schedule: &mut Schedule) {
        if self.week + 1 == WEEKS {
            let agents = schedule.get_all_events();
            let dyads = agents.iter().filter_map(|agent| agent.downcast_ref::<Pair>()).map(|pair| &pair.0);
            self.outcomes = outcomes(dyads);
        }
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_state_mut(&mut self) -> &mut dyn State {
        self
    }

    fn as_state(&self) -> &dyn State {
        self
    }
}

/// Two persons and what lies between them.
#[derive(Clone)]
struct Pair(Dyad);

impl Agent for Pair {
    fn step(&mut self, state: &mut dyn State) {
        if let Some(program) = state.as_any_mut().downcast_mut::<Program>() {
            self.0.week(program.week, program.climate, &mut program.rng);
        }
    }
}

/// One replication, as `simulate!` without its screen does it.
fn one(seed: u64) -> Outcomes {
    let mut program = Program::new(seed);
    let mut schedule = Schedule::new();
    program.init(&mut schedule);
    for _ in 0..WEEKS {
        schedule.step(&mut program);
    }
    program.outcomes
}

/// Many: the rows of `explore!`, which takes its inputs by name and runs each once.
#[allow(clippy::modulo_one)]
fn many(first: u64, count: usize) -> Vec<Outcomes> {
    let seed: Vec<u64> = (first..first + count as u64).collect();
    let rows = explore!(
        WEEKS as u32,
        1,
        Program,
        input { seed: u64 },
        output [ outcomes: Outcomes ],
        ExploreMode::Matched,
        ComputingMode::Parallel
    );
    rows.into_iter().map(|row| row.outcomes).collect()
}

fn main() -> std::io::Result<()> {
    peers::command::run(one, many)
}
