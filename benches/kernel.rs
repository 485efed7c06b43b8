//! Nanoseconds per dyad-week of the full model, beside the floor below which no model that draws and evaluates as much
//! can go on this machine. Run with `cargo bench --no-default-features --bench kernel`.
//!
//! The floor loops over the same lanes: it draws as many normals and uniforms from the same generator, and evaluates as
//! many exponentials and logistics, as every dyad-week of the model does (the model's own constants, which the `census` test
//! counts), and does nothing else. A second floor evaluates also what only events ask for, as if they happened every week. All cases take turns within each repetition, so that a busy machine slows them
//! together; what is compared are ratios, and what is printed are medians over repetitions.

use std::hint::black_box;
use std::time::Instant;

use peerlab::model::birth::{Birth, Nursery};
use peerlab::model::lanes::{Instructions, LANES, Lanes, Work, all, dispatch};
use peerlab::model::maths::{exponential, logistic};
use peerlab::model::noise::{NORMALS_PER_DYAD_WEEK, UNIFORMS_PER_DYAD_WEEK};
use peerlab::model::parameters::Parameters;
use peerlab::model::streams::{Generator, Purpose};
use peerlab::model::week::{EXPONENTIALS_PER_DYAD_WEEK, LOGISTICS_OF_EVENTS, LOGISTICS_PER_DYAD_WEEK};
use peerlab::model::world::{Blueprint, Form, Noise, World};

/// Weeks of a program: a world starts anew after them.
const WEEKS: usize = 12;
/// Repetitions whose median is printed.
const REPETITIONS: usize = 101;
/// Dyad-weeks of each case in each repetition, about.
const WORK: usize = 20_000;

/// All that comes before the first week of a replication: its persons are born, and a world is founded with them.
struct Start {
    parameters: Parameters,
    nursery: Nursery,
    forms: [Form; 1],
    dyads: usize,
}

impl Start {
    fn new(dyads: usize) -> Self {
        let parameters = Parameters::default();
        let forms = [Form { coached: true, formal: true, weeks: WEEKS, parameters: parameters.clone() }];
        Self { nursery: Nursery::new(&parameters), parameters, forms, dyads }
    }

    fn births(&self) -> Vec<Birth> {
        self.nursery.births(1, 0, 0..2 * self.dyads as u64, &[(0.0, 1.0); 14])
    }

    fn found(&self, births: &[Birth]) -> World {
        World::new(&Blueprint {
            parameters: &self.parameters,
            organization_parameters: &[],
            births,
            seats: &[],
            gatherings: &[],
            organization_of_dyad: &vec![0; self.dyads],
            organizations: 1,
            forms: &self.forms,
            form_of_dyad: &vec![0; self.dyads],
            seed: (1, 0),
        })
    }

    /// Nanoseconds per dyad for the births, and for the founding of one world. Medians over short stretches.
    fn time(&self) -> [f64; 2] {
        let births = self.births();
        let one = |work: &dyn Fn()| {
            let stretch = |_| {
                let begin = Instant::now();
                work();
                begin.elapsed().as_nanos() as f64 / self.dyads as f64
            };
            median((0..15).map(stretch).collect())
        };
        [
            one(&|| {
                black_box(self.births());
            }),
            one(&|| {
                black_box(self.found(black_box(&births)));
            }),
        ]
    }
}

/// A world at its beginning, and the same world on its way.
struct Model {
    start: World,
    world: World,
    noise: Noise,
    dyads: usize,
    instructions: Instructions,
}

impl Model {
    fn new(dyads: usize, instructions: Instructions) -> Self {
        let begun = Start::new(dyads);
        let start = begun.found(&begun.births());
        Self { world: start.clone(), start, noise: Noise::open(1, 0, dyads, 1), dyads, instructions }
    }

    /// Nanoseconds per dyad-week: the noise is drawn and the world steps. Median over short stretches, since a busy
    /// machine interrupts the long ones.
    fn time(&mut self) -> f64 {
        // A median of two would be the worse of them: a large world needs more work than the others.
        let worlds = WORK.div_ceil(self.dyads * WEEKS).max(7);
        let one = |_| {
            self.world.clone_from(&self.start);
            let begin = Instant::now();
            for _ in 0..WEEKS {
                self.noise.draw(self.instructions);
                self.world.step(&self.noise, self.instructions);
            }
            let spent = begin.elapsed();
            black_box(&self.world);
            spent.as_nanos() as f64 / (self.dyads * WEEKS) as f64
        };
        median((0..worlds).map(one).collect())
    }
}

/// What the floor does for a block of dyads; each part can be left out to time the others alone.
struct Floor {
    generator: Generator,
    /// Arguments of the exponentials and logistics: other numbers each, so that none can be computed once for all.
    arguments: Vec<Lanes>,
    normals: usize,
    uniforms: usize,
    exponentials: usize,
    logistics: usize,
}

impl Floor {
    fn new(normals: usize, uniforms: usize, exponentials: usize, logistics: usize) -> Self {
        let mut generator = Generator::open(1, 0, Purpose::Turn, |lane| lane as u64);
        let mut arguments = vec![all(0.0); exponentials + logistics];
        arguments.iter_mut().for_each(|argument| generator.uniforms(argument));
        Self { generator, arguments, normals, uniforms, exponentials, logistics }
    }

    /// Nanoseconds per lane, which stands for a dyad-week.
    fn time(&mut self) -> f64 {
        const BLOCKS: usize = 48;
        let one = |_| {
            let begin = Instant::now();
            let mut sum = all(0.0);
            dispatch(Instructions::Widest, Evaluate { floor: self, sum: &mut sum, blocks: BLOCKS });
            black_box(sum);
            begin.elapsed().as_nanos() as f64 / (BLOCKS * LANES) as f64
        };
        median((0..WORK / (BLOCKS * LANES)).map(one).collect())
    }
}

struct Evaluate<'a> {
    floor: &'a mut Floor,
    sum: &'a mut Lanes,
    blocks: usize,
}

impl Work for Evaluate<'_> {
    #[inline(always)]
    fn run(self) {
        let Floor { generator, arguments, normals, uniforms, exponentials, logistics } = self.floor;
        let mut sum = *self.sum;
        let (mut first, mut second) = (all(0.0), all(0.0));
        for _ in 0..self.blocks {
            for _ in 0..*normals / 2 {
                generator.normals(&mut first, &mut second);
                for lane in 0..LANES {
                    sum[lane] += first[lane] + second[lane];
                }
            }
            for _ in 0..*uniforms {
                generator.uniforms(&mut first);
                for lane in 0..LANES {
                    sum[lane] += first[lane];
                }
            }
            let (bare, within) = black_box(&arguments[..*exponentials + *logistics]).split_at(*exponentials);
            for argument in bare {
                for lane in 0..LANES {
                    sum[lane] += exponential(argument[lane]);
                }
            }
            for argument in within {
                for lane in 0..LANES {
                    sum[lane] += logistic(argument[lane]);
                }
            }
        }
        *self.sum = sum;
    }
}

/// How many times as much work two threads do in the same time as one: independent work, one piece a thread; the median of
/// eleven trials.
fn scaling<T: Send>(pair: &mut [T; 2], time: impl Fn(&mut T) -> f64 + Sync + Send) -> f64 {
    const ROUNDS: usize = 10;
    let run = |piece: &mut T| {
        (0..ROUNDS).for_each(|_| {
            black_box(time(piece));
        })
    };
    let trial = |_| {
        let begin = Instant::now();
        pair.iter_mut().for_each(run);
        let one = begin.elapsed();
        let begin = Instant::now();
        in_parallel(pair, run);
        one.as_secs_f64() / begin.elapsed().as_secs_f64()
    };
    median((0..11).map(trial).collect())
}

#[cfg(feature = "app")]
fn in_parallel<T: Send>(pair: &mut [T; 2], run: impl Fn(&mut T) + Sync + Send) {
    use rayon::prelude::*;
    pair.par_iter_mut().for_each(run);
}

#[cfg(not(feature = "app"))]
fn in_parallel<T: Send>(pair: &mut [T; 2], run: impl Fn(&mut T) + Sync + Send) {
    std::thread::scope(|scope| {
        let run = &run;
        for piece in pair {
            scope.spawn(move || run(piece));
        }
    });
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    let (normals, uniforms) = (NORMALS_PER_DYAD_WEEK, UNIFORMS_PER_DYAD_WEEK);
    let (exponentials, logistics) = (EXPONENTIALS_PER_DYAD_WEEK, LOGISTICS_PER_DYAD_WEEK);
    println!("a dyad-week: {normals} normals, {uniforms} uniforms, {exponentials} exponentials, {logistics} logistics");
    println!("and {LOGISTICS_OF_EVENTS} logistics more where everything happens");
    println!("medians of {REPETITIONS} repetitions, nanoseconds per dyad-week\n");

    let mut models = [
        (64, Instructions::Widest),
        (60, Instructions::Widest),
        (960, Instructions::Widest),
        (64, Instructions::Baseline),
    ]
    .map(|(dyads, instructions)| Model::new(dyads, instructions));
    let mut floor = Floor::new(normals, uniforms, exponentials, logistics);
    let mut full = Floor::new(normals, uniforms, exponentials, logistics + LOGISTICS_OF_EVENTS);
    let mut parts = [
        Floor::new(normals, 0, 0, 0),
        Floor::new(0, uniforms, 0, 0),
        Floor::new(0, 0, exponentials, 0),
        Floor::new(0, 0, 0, logistics),
    ];
    let (mut floors, mut fulls) = (Vec::new(), Vec::new());
    let mut kernels: [Vec<f64>; 4] = Default::default();
    let mut alone: [Vec<f64>; 4] = Default::default();
    let start = Start::new(60);
    let mut starts: [Vec<f64>; 2] = Default::default();
    for repetition in 0..REPETITIONS + 5 {
        let (floor, full) = (floor.time(), full.time());
        let models: Vec<f64> = models.iter_mut().map(Model::time).collect();
        let parts: Vec<f64> = parts.iter_mut().map(Floor::time).collect();
        let begun = start.time();
        // The first few warm up.
        if repetition >= 5 {
            floors.push(floor);
            fulls.push(full);
            models.iter().zip(&mut kernels).for_each(|(time, all)| all.push(*time));
            parts.iter().zip(&mut alone).for_each(|(time, all)| all.push(*time));
            begun.iter().zip(&mut starts).for_each(|(time, all)| all.push(*time));
        }
    }
    let ratio = |kernel: &[f64], floors: &[f64]| {
        median(kernel.iter().zip(floors).map(|(kernel, floor)| kernel / floor).collect())
    };
    let alone = alone.map(median);
    println!("{:<44}{:>8.1}", "floor", median(floors.clone()));
    for (name, time, count) in [
        ("normals", alone[0], normals),
        ("uniforms", alone[1], uniforms),
        ("exponentials", alone[2], exponentials),
        ("logistics", alone[3], logistics),
    ] {
        println!("{:<44}{time:>8.1}{:>8.2} each", format!("  its {name} alone"), time / count as f64);
    }
    println!("{:<44}{:>8.1}", "floor of a week in which everything happens", median(fulls.clone()));
    let names = ["64 dyads", "60 dyads (four lanes empty)", "960 dyads", "64 dyads, baseline instructions"];
    for (name, kernel) in names.iter().zip(&kernels) {
        let (name, time) = (format!("full model, {name}"), median(kernel.clone()));
        println!(
            "{name:<44}{time:>8.1}{:>8.2} x floor{:>8.2} x that of everything",
            ratio(kernel, &floors),
            ratio(kernel, &fulls)
        );
    }
    println!("\nbefore the first week, 60 dyads: nanoseconds per dyad, and as so many dyad-weeks of the full model");
    for (name, start) in ["births of both persons", "founding of a world"].iter().zip(&starts) {
        println!("{name:<44}{:>8.1}{:>8.2} weeks", median(start.clone()), ratio(start, &kernels[1]));
    }
    let each = alone[0] / normals as f64;
    println!("\na normal of the floor takes {each:.2} ns: {}", if each < 2.5 { "below 2.5" } else { "NOT below 2.5" });

    let mut models = [0, 1].map(|_| Model::new(64, Instructions::Widest));
    println!("two threads do {:.2} times the work of one", scaling(&mut models, Model::time));
    let mut floors = [0, 1].map(|_| Floor::new(normals, uniforms, exponentials, logistics));
    println!("and {:.2} times in the floor, which shares nothing at all", scaling(&mut floors, Floor::time));
}
