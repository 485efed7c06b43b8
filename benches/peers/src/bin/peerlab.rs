//! peerlab's own model, set to the scope of the declaration; many replications by rayon, as peerlab itself runs them.

use std::time::Instant;

use peerlab::model::birth::Nursery;
use peerlab::model::dyad::place;
use peerlab::model::lanes::Instructions;
use peerlab::model::parameters::Parameters;
use peerlab::model::person::coaching_skill;
use peerlab::model::world::{Blueprint, Form, Noise, World};
use peers::model::{DYADS, OUTCOMES, Outcomes, WEEKS};
use rayon::prelude::*;

/// The master seed: a number like any other.
const MASTER: u64 = 20_121_210;

/// What all replications share.
struct Study {
    parameters: Parameters,
    nursery: Nursery,
    forms: [Form; 1],
    dyads: usize,
}

impl Study {
    /// Persons and dyads in one organization, without feedback where `feedback` is 0; everything else as it comes.
    fn new(dyads: usize, feedback: f64) -> std::io::Result<Self> {
        let mut parameters = Parameters::default();
        for switch in ["mechanism.organization_loop", "mechanism.exit_and_hiring"] {
            parameters.set(switch, feedback).map_err(std::io::Error::other)?;
        }
        let forms = [Form { coached: true, formal: true, weeks: WEEKS, parameters: parameters.clone() }];
        Ok(Self { nursery: Nursery::new(&parameters), parameters, forms, dyads })
    }

    /// Everything before the first week.
    fn start(&self, replication: u64) -> (World, Noise) {
        let births = self.nursery.births(MASTER, replication, 0..2 * self.dyads as u64, &[(0.0, 1.0); 14]);
        let world = World::new(&Blueprint {
            parameters: &self.parameters,
            organization_parameters: &[],
            births: &births,
            seats: &[],
            gatherings: &[],
            organization_of_dyad: &vec![0; self.dyads],
            organizations: 1,
            forms: &self.forms,
            form_of_dyad: &vec![0; self.dyads],
            seed: (MASTER, replication),
        });
        (world, Noise::open(MASTER, replication, self.dyads, 1))
    }

    fn run(&self, replication: u64) -> World {
        let mut begun = self.start(replication);
        weeks(&mut begun);
        begun.0
    }
}

fn weeks((world, noise): &mut (World, Noise)) {
    for _ in 0..WEEKS {
        noise.draw(Instructions::Widest);
        world.step(noise, Instructions::Widest);
    }
}

/// Outcomes of a world.
fn outcomes(world: &World) -> Outcomes {
    let mut sum: Outcomes = [0.0; OUTCOMES.len()];
    let (mut learning, mut trust, persons) = ([0.0; 2], [0.0; 2], 2.0 * world.dyads as f64);
    for dyad in 0..world.dyads {
        let (index, i) = place(dyad);
        let block = &world.blocks[index];
        for member in &block.members {
            let (p, tie, count) = (&member.person, &member.tie, &member.count);
            let all = p.learning_personal[i] + p.learning_task[i];
            learning = [learning[0] + all, learning[1] + all * all];
            trust = [trust[0] + tie.trust[i], trust[1] + tie.trust[i] * tie.trust[i]];
            let skill = coaching_skill(p.listening[i], p.empathy[i], p.feedback[i]);
            let values = [
                p.learning_personal[i],
                p.learning_task[i],
                0.0,
                tie.trust[i],
                0.0,
                p.motivation[i],
                p.expectation[i],
                p.self_esteem[i],
                p.schema[i],
                p.strain[i],
                p.self_awareness[i],
                (p.self_view[i] - skill).abs(),
                skill,
                p.habit[i],
                p.regret[i],
                count.turns[i],
                count.destructive[i],
                count.severe[i],
                count.undermined[i],
                count.breaches[i],
                count.negative_effects[i],
            ];
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        let shared = &block.shared;
        let cause = |which| 2.0 * f64::from(shared.cause[i] == which);
        let values = [
            2.0 * shared.holding[i],
            2.0 * shared.dependence[i].abs(),
            2.0 * shared.connectivity[i],
            2.0 * shared.tensility[i],
            2.0 * shared.carrying_capacity[i],
            cause(1.0),
            cause(2.0),
            cause(3.0),
        ];
        sum[21..].iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    sum.iter_mut().for_each(|sum| *sum /= persons);
    let spread = |[sum, squares]: [f64; 2]| ((squares - sum * sum / persons) / (persons - 1.0)).sqrt();
    (sum[2], sum[4]) = (spread(learning), spread(trust));
    sum
}

/// Prints the seconds since `begin`, and the most memory that the process has had (MB, as Linux counts it).
fn report(begin: Instant, outcome: f64) -> std::io::Result<()> {
    let seconds = begin.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let most =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    match most {
        Some(kilobytes) if !outcome.is_nan() => println!("{seconds:.9} {:.3}", kilobytes / 1024.0),
        _ => return Err(std::io::Error::other(format!("mean trust {outcome}, memory {most:?}"))),
    }
    Ok(())
}

/// `peerlab size DYADS`: seconds and memory of one replication of so many dyads in one organization, feedback and all.
fn size(dyads: &str) -> std::io::Result<()> {
    let study = Study::new(dyads.parse().map_err(std::io::Error::other)?, 1.0)?;
    let begin = Instant::now();
    let trust = outcomes(&study.run(1))[3];
    report(begin, trust)
}

/// `peerlab replications COUNT`: seconds and memory of so many on two cores, of which only a sum is kept.
fn replications(count: &str) -> std::io::Result<()> {
    let (study, count) = (Study::new(DYADS, 0.0)?, count.parse::<u64>().map_err(std::io::Error::other)?);
    let begin = Instant::now();
    let trust: f64 = (0..count).into_par_iter().map(|replication| outcomes(&study.run(replication))[3]).sum();
    report(begin, trust)
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["size", dyads] => return size(dyads),
        ["replications", count] => return replications(count),
        _ => {}
    }
    let study = Study::new(DYADS, 0.0)?;
    if peers::command::parts(|replication| study.start(replication), weeks) {
        return Ok(());
    }
    let one = |replication| outcomes(&study.run(replication));
    peers::command::run(one, |first, count| (first..first + count as u64).into_par_iter().map(one).collect())
}
