//! Runs worlds for the tests of the model: a setup, one seed after another, and paired differences.
//!
//! Two setups that are compared share all their noise (common random numbers), so that a difference over a few dozen
//! seeds is precise; its Monte Carlo standard error stands beside it.
#![allow(dead_code)] // Each test file uses its own part.

use std::collections::BTreeMap;

use peerlab::model::birth::{Birth, Nursery};
use peerlab::model::dyad::{Block, place};
use peerlab::model::lanes::Instructions;
use peerlab::model::parameters::Parameters;
use peerlab::model::person::{Trait, coaching_skill};
use peerlab::model::seating::Gathering;
use peerlab::model::streams::{Purpose, Stream};
use peerlab::model::world::{Blueprint, Form, Noise, World};
use peerlab::study::declaration::Matching;
use peerlab::study::matching::pair;

/// The master seed of all tests of the model.
pub const MASTER: u64 = 20_260;

/// Something done to every person's state at the start: trait, amount, weekly decay.
pub type Shift = (Trait, f64, f64);

/// A world to run.
#[derive(Clone)]
pub struct Setup {
    pub parameters: Parameters,
    pub coached: bool,
    pub formal: bool,
    /// Weeks of the program.
    pub weeks: usize,
    /// Weeks after it.
    pub follow_up: usize,
    pub dyads: usize,
    pub organizations: usize,
    /// How pairs are made; by lot they sit as they were born.
    pub matching: Matching,
    pub shifts: Vec<Shift>,
    /// Those whose partners change.
    pub gatherings: Vec<Gathering>,
    pub instructions: Instructions,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            parameters: Parameters::default(),
            coached: true,
            formal: true,
            weeks: 12,
            follow_up: 0,
            dyads: 32,
            organizations: 1,
            matching: Matching::Random,
            shifts: Vec::new(),
            gatherings: Vec::new(),
            instructions: Instructions::Widest,
        }
    }
}

impl Setup {
    /// With these parameters set; panics at an unknown name or a value out of bounds.
    pub fn with(mut self, values: &[(&str, f64)]) -> Self {
        for (id, value) in values {
            self.parameters.set(id, *value).unwrap();
        }
        self
    }

    pub fn informal(mut self) -> Self {
        (self.coached, self.formal) = (true, false);
        self
    }

    pub fn none(mut self) -> Self {
        (self.coached, self.formal) = (false, false);
        self
    }

    pub fn weeks(mut self, weeks: usize, follow_up: usize) -> Self {
        (self.weeks, self.follow_up) = (weeks, follow_up);
        self
    }

    pub fn size(mut self, dyads: usize, organizations: usize) -> Self {
        (self.dyads, self.organizations) = (dyads, organizations);
        self
    }

    pub fn shifted(mut self, shifts: &[Shift]) -> Self {
        self.shifts = shifts.to_vec();
        self
    }

    pub fn births(&self, seed: u64) -> Vec<Birth> {
        let nursery = Nursery::new(&self.parameters);
        let born = |person| nursery.birth(MASTER, seed, person, &[(0.0, 1.0); 14]);
        let births: Vec<Birth> = (0..2 * self.dyads as u64).map(born).collect();
        if self.matching == Matching::Random {
            return births;
        }
        pair(self.matching, births, &mut Stream::open(MASTER, seed, Purpose::Matching, 0))
    }

    pub fn form(&self) -> Form {
        Form { coached: self.coached, formal: self.formal, weeks: self.weeks, parameters: self.parameters.clone() }
    }

    /// Dyads in equal shares to organizations, in order.
    pub fn organization_of_dyad(&self) -> Vec<usize> {
        (0..self.dyads).map(|dyad| dyad * self.organizations / self.dyads).collect()
    }

    /// The world of this seed at week 0, with its shifts done.
    pub fn world(&self, seed: u64) -> World {
        self.world_of_forms(seed, &[self.form()], &vec![0; self.dyads])
    }

    /// The same with a form per dyad.
    pub fn world_of_forms(&self, seed: u64, forms: &[Form], form_of_dyad: &[usize]) -> World {
        let births = self.births(seed);
        let mut world = World::new(&Blueprint {
            parameters: &self.parameters,
            organization_parameters: &[],
            births: &births,
            seats: &[],
            gatherings: &self.gatherings,
            organization_of_dyad: &self.organization_of_dyad(),
            organizations: self.organizations,
            forms,
            form_of_dyad,
            seed: (MASTER, seed),
        });
        for dyad in 0..self.dyads {
            for seat in 0..2 {
                for (which, amount, decay) in &self.shifts {
                    world.shift(dyad, seat, *which, *amount, *decay);
                }
            }
        }
        world
    }

    pub fn noise(&self, seed: u64) -> Noise {
        Noise::open(MASTER, seed, self.dyads, self.organizations)
    }

    /// Runs the whole time; `see` is called after each week.
    pub fn run_seeing(&self, seed: u64, mut see: impl FnMut(&World)) -> World {
        let mut world = self.world(seed);
        let mut noise = self.noise(seed);
        for _ in 0..self.weeks + self.follow_up {
            noise.draw(self.instructions);
            world.step(&noise, self.instructions);
            see(&world);
        }
        world
    }

    pub fn run(&self, seed: u64) -> World {
        self.run_seeing(seed, |_| ())
    }

    /// The outcomes of one seed.
    pub fn outcomes(&self, seed: u64) -> Outcomes {
        let mut sums = BTreeMap::new();
        let start = self.world(seed);
        let world = self.run_seeing(seed, |world| {
            for_seats(world, |block, seat, lane| {
                let turn = &block.members[seat].turn;
                for (name, value) in [
                    ("disclosed", turn.disclosure[lane]),
                    ("inquired", turn.inquire[lane]),
                    ("advised", turn.advise[lane]),
                    ("benefited", turn.benefit[lane]),
                    ("engaged", turn.engagement[lane] * block.shared.met[lane]),
                ] {
                    *sums.entry(name).or_insert(0.0) += value;
                }
            });
        });
        summarize(&start, &world, &sums)
    }
}

/// Means over persons, dyads or organizations of a world, by name.
pub type Outcomes = BTreeMap<&'static str, f64>;

/// Calls for every seat that a person sits in.
pub fn for_seats(world: &World, mut see: impl FnMut(&Block, usize, usize)) {
    for dyad in 0..world.dyads {
        let (block, lane) = place(dyad);
        for seat in 0..2 {
            see(&world.blocks[block], seat, lane);
        }
    }
}

fn summarize(start: &World, world: &World, sums: &BTreeMap<&'static str, f64>) -> Outcomes {
    let mut all: BTreeMap<&'static str, f64> = BTreeMap::new();
    let persons = 2.0 * world.dyads as f64;
    for_seats(world, |block, seat, lane| {
        let (member, shared) = (&block.members[seat], &block.shared);
        let (person, tie, count) = (&member.person, &member.tie, &member.count);
        let cause = shared.cause[lane];
        let skill = coaching_skill(person.listening[lane], person.empathy[lane], person.feedback[lane]);
        for (name, value) in [
            ("learning", person.learning_personal[lane] + person.learning_task[lane]),
            ("personal", person.learning_personal[lane]),
            ("task", person.learning_task[lane]),
            ("trust", tie.trust[lane]),
            ("vitality", tie.vitality[lane]),
            ("turns", count.turns[lane]),
            ("destructive", count.destructive[lane]),
            ("severe", count.severe[lane]),
            ("undermined", count.undermined[lane]),
            ("breaches", count.breaches[lane]),
            ("betrayals", count.betrayals[lane]),
            ("regrets", count.regrets[lane]),
            ("negative", count.negative_effects[lane]),
            ("any negative", f64::from(count.negative_effects[lane] > 0.5)),
            ("any severe", f64::from(count.severe[lane] + count.breaches[lane] > 0.5)),
            ("motivation", person.motivation[lane]),
            ("expectation", person.expectation[lane]),
            ("self-esteem", person.self_esteem[lane]),
            ("schema", person.schema[lane]),
            ("strain", person.strain[lane]),
            ("awareness", person.self_awareness[lane]),
            ("misjudgment", (person.self_view[lane] - skill).abs()),
            ("skill", skill),
            ("listening", person.listening[lane]),
            ("career", person.career[lane]),
            ("habit", person.habit[lane]),
            ("regret", person.regret[lane]),
            ("vengeful", person.vengeful[lane]),
            ("exploitative", person.exploitative[lane]),
            ("exited", person.exited[lane]),
            ("dependence", shared.dependence[lane].abs()),
            ("holding", shared.holding[lane]),
            ("facilitation", shared.facilitation[lane]),
            ("tensility", shared.tensility[lane]),
            ("connectivity", shared.connectivity[lane]),
            ("dissolved", f64::from(cause == 1.0 || cause == 2.0)),
            ("ended in conflict", f64::from(cause == 1.0)),
            ("ended by third party", f64::from(cause == 3.0)),
        ] {
            *all.entry(name).or_insert(0.0) += value / persons;
        }
    });
    let mut submissive = 0.0;
    for dyad in 0..world.dyads {
        let (block, lane) = place(dyad);
        let [a, b] = &world.blocks[block].members;
        let person = if a.person.dominance[lane] < b.person.dominance[lane] { &a.person } else { &b.person };
        submissive += person.learning_personal[lane] + person.learning_task[lane];
    }
    all.insert("learning of the less dominant", submissive / world.dyads as f64);
    let turns = (all["turns"] * persons).max(1.0);
    let share = |all: &BTreeMap<_, f64>, name| all[name] * persons / turns;
    let (destructive, undermined) = (share(&all, "destructive"), share(&all, "undermined"));
    all.insert("destructive share", destructive);
    all.insert("undermined share", undermined);
    for (name, per_turn) in [
        ("disclosed", "disclosure"),
        ("inquired", "inquiry"),
        ("advised", "advice"),
        ("benefited", "benefit"),
        ("engaged", "engagement"),
    ] {
        all.insert(per_turn, sums.get(name).copied().unwrap_or(0.0) / turns);
    }
    let organizations = world.organizations.len() as f64;
    for (now, then) in world.organizations.iter().zip(&start.organizations) {
        for (name, value) in [
            ("climate", now.climate),
            ("climate change", now.climate - then.climate),
            ("norm", now.norm),
            ("norm change", now.norm - then.norm),
            ("toolkit", now.toolkit),
            ("toolkit change", now.toolkit - then.toolkit),
            ("reputation", now.reputation),
            ("composition", now.composition),
            ("exits", now.exits),
            ("competition", now.competition),
        ] {
            *all.entry(name).or_insert(0.0) += value / organizations;
        }
    }
    all
}

/// A mean over seeds with its Monte Carlo standard error.
#[derive(Clone, Copy, Debug)]
pub struct Estimate {
    pub mean: f64,
    pub error: f64,
}

impl std::fmt::Display for Estimate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:+.4} ({:.4})", self.mean, self.error)
    }
}

pub fn estimate(values: &[f64]) -> Estimate {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    Estimate { mean, error: (variance / n).sqrt() }
}

/// Runs work over seeds on two threads; the order of the results is that of the seeds.
pub fn over_seeds<T: Send>(seeds: u64, work: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let mut results: Vec<Option<T>> = (0..seeds).map(|_| None).collect();
    let half = results.len() / 2;
    let (first, second) = results.split_at_mut(half);
    std::thread::scope(|scope| {
        let work = &work;
        scope.spawn(move || first.iter_mut().enumerate().for_each(|(k, slot)| *slot = Some(work(k as u64))));
        second.iter_mut().enumerate().for_each(|(k, slot)| *slot = Some(work((half + k) as u64)));
    });
    results.into_iter().map(|slot| slot.unwrap()).collect()
}

/// Outcomes of all seeds.
pub fn runs(setup: &Setup, seeds: u64) -> Vec<Outcomes> {
    over_seeds(seeds, |seed| setup.outcomes(seed))
}

/// `changed` minus `base` in one outcome, seed by seed.
pub fn difference(base: &[Outcomes], changed: &[Outcomes], outcome: &str) -> Estimate {
    estimate(&base.iter().zip(changed).map(|(b, c)| c[outcome] - b[outcome]).collect::<Vec<_>>())
}

/// The mean of one outcome.
pub fn level(runs: &[Outcomes], outcome: &str) -> Estimate {
    estimate(&runs.iter().map(|run| run[outcome]).collect::<Vec<_>>())
}

pub fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

pub fn sd(values: &[f64]) -> f64 {
    let m = mean(values);
    (values.iter().map(|v| (v - m) * (v - m)).sum::<f64>() / (values.len() as f64 - 1.0)).sqrt()
}

pub fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let (mx, my) = (mean(x), mean(y));
    let xy: f64 = x.iter().zip(y).map(|(a, b)| (a - mx) * (b - my)).sum();
    let xx: f64 = x.iter().map(|a| (a - mx) * (a - mx)).sum();
    let yy: f64 = y.iter().map(|b| (b - my) * (b - my)).sum();
    xy / (xx * yy).sqrt()
}

/// SD over persons of what they have learned and of the harm they have seen, in the neutral population: the units in which
/// effects are stated, whatever world they are found in.
pub fn neutral_sd(outcome: &str) -> f64 {
    let setup = Setup::default().size(60, 1);
    let values: Vec<f64> = over_seeds(20, |seed| {
        let world = setup.run(seed);
        let mut values = Vec::new();
        for_seats(&world, |block, seat, lane| {
            let member = &block.members[seat];
            values.push(match outcome {
                "learning" | "learning of the less dominant" => {
                    member.person.learning_personal[lane] + member.person.learning_task[lane]
                }
                "breaches" => member.count.breaches[lane],
                "destructive" => member.count.destructive[lane],
                "trust" => member.tie.trust[lane],
                other => panic!("no unit is kept for {other}"),
            });
        });
        values
    })
    .concat();
    sd(&values)
}

/// Every state of a world as text that two equal worlds share to the bit: f64's `Debug` is the shortest text that reads
/// back as the same number, so that equal texts are equal bits (−0 and NaN included, by name).
pub fn fingerprint(world: &World) -> String {
    format!("{:?} {:?} {:?}", world.blocks, world.organizations, world.standings())
}

/// Checks that a generated table stands in `docs/ODD.md` between its marks; with `UPDATE_EXPECTED=1` it is written there.
pub fn stands_in_odd(mark: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ODD.md");
    let odd = std::fs::read_to_string(&path).unwrap();
    let (from, to) = (format!("<!-- {mark} -->\n"), format!("<!-- /{mark} -->"));
    let (before, rest) = odd.split_once(&from).unwrap();
    let (kept, after) = rest.split_once(&to).unwrap();
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|value| value == "1") {
        std::fs::write(&path, format!("{before}{from}{text}{to}{after}")).unwrap();
    } else {
        assert!(kept == text, "docs/ODD.md has other {mark}: UPDATE_EXPECTED=1 cargo test");
    }
}
