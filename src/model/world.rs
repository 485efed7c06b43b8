//! A world: organizations, their dyads and persons, and the noise they share with the other worlds of a replication.

use super::birth::Birth;
use super::climate;
use super::dyad::{Block, Upward, place};
use super::founding::colleagues;
use super::lanes::{Instructions, LANES};
use super::noise::{BlockNoise, BlockStreams};
use super::organization::Organization;
use super::parameters::Parameters;
use super::person::Trait;
use super::remedy::Burden;
use super::risk::Knob;
use super::seating::{Gathering, Seating};
use super::streams::{Purpose, Stream};
use super::team::Teams;

/// The chance of a replication: one block of streams after another, drawn week by week for all its worlds.
#[derive(Clone, Debug)]
pub struct Noise {
    streams: Vec<BlockStreams>,
    pub(crate) blocks: Vec<BlockNoise>,
    pub(crate) organizations: Vec<f64>,
    founding: Vec<Stream>,
}

impl Noise {
    /// Opens the streams of `dyads` dyads in `organizations` organizations.
    pub fn open(master: u64, replication: u64, dyads: usize, organizations: usize) -> Self {
        let blocks = dyads.div_ceil(LANES);
        Self {
            streams: (0..blocks).map(|block| BlockStreams::open(master, replication, block)).collect(),
            blocks: vec![BlockNoise::empty(); blocks],
            organizations: vec![0.0; organizations],
            founding: (0..organizations)
                .map(|number| Stream::open(master, replication, Purpose::Founding, (1 << 40) + number as u64))
                .collect(),
        }
    }

    /// Draws the next week, for everyone and whatever happens.
    pub fn draw(&mut self, instructions: Instructions) {
        struct Draw<'a>(&'a mut [BlockStreams], &'a mut [BlockNoise]);
        impl super::lanes::Work for Draw<'_> {
            #[inline(always)]
            fn run(self) {
                for (streams, noise) in self.0.iter_mut().zip(self.1) {
                    streams.draw(noise);
                }
            }
        }
        super::lanes::dispatch(instructions, Draw(&mut self.streams, &mut self.blocks));
        for (stream, uniform) in self.founding.iter_mut().zip(&mut self.organizations) {
            *uniform = stream.uniform();
        }
    }
}

/// What differs between dyads by their arm: whether and how they are coached, and by what parameters. A number, not a
/// name: the model knows no arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Whether they coach each other at all.
    pub coached: bool,
    /// Whether a program made the pair and supports it.
    pub formal: bool,
    /// Weeks of the program.
    pub weeks: usize,
    /// Parameters of this form; only `program.*`, and exposure and prevalence of the individual and relational `risk.*`, are
    /// read per dyad.
    pub parameters: Parameters,
}

/// What a world is made from: the same in all worlds of a replication but for `form_of_dyad` and what is done to states.
#[derive(Clone, Debug)]
pub struct Blueprint<'a> {
    /// The parameters of everything that is not a program's.
    pub parameters: &'a Parameters,
    /// Parameters per organization where they differ (an organization's treatment); empty otherwise.
    pub organization_parameters: &'a [&'a Parameters],
    /// Persons by number; the home of person p is seat `p % 2` of dyad `p / 2`, whose organization and form are the person's.
    pub births: &'a [Birth],
    /// The person in each seat at the beginning, within each organization; empty where everyone is at home.
    pub seats: &'a [usize],
    /// Those whose partners change, each person in at most one; all others stay with whom they sit.
    pub gatherings: &'a [Gathering],
    /// The organization of each dyad, not decreasing.
    pub organization_of_dyad: &'a [usize],
    /// Number of organizations.
    pub organizations: usize,
    /// The forms of coaching.
    pub forms: &'a [Form],
    /// Which form each dyad has.
    pub form_of_dyad: &'a [usize],
    /// Seed and replication of beginnings.
    pub seed: (u64, u64),
}

/// A world at some week.
#[derive(Clone, Debug)]
pub struct World {
    /// The parameters of everything.
    pub parameters: Parameters,
    /// Dyads in blocks of sixteen; the lanes beyond the last dyad are empty.
    pub blocks: Vec<Block>,
    /// Number of dyads.
    pub dyads: usize,
    /// The organization of each dyad.
    pub organization_of_dyad: Vec<usize>,
    /// Organizations.
    pub organizations: Vec<Organization>,
    /// Weeks that have passed.
    pub week: usize,
    /// What is left of risk factors, per lane; empty where none was ever imposed.
    pub burdens: Vec<Burden>,
    /// Who sits where; none where everyone is at home for good.
    pub(crate) seating: Option<Box<Seating>>,
    /// Who works in which team, at what task.
    pub teams: Teams,
    pub(crate) need_weight: Vec<[f64; 2]>,
    pub(crate) knobs: [Knob; 16],
    /// What the dyads of each organization gave to it this week, still lane by lane.
    pub(crate) upward: Vec<Upward>,
}

impl World {
    /// Builds a world at the end of week 0, before anything is done to anyone.
    pub fn new(blueprint: &Blueprint) -> Self {
        let p = blueprint.parameters;
        let (master, replication) = blueprint.seed;
        let dyads = blueprint.organization_of_dyad.len();
        let mut participants = vec![0; blueprint.organizations];
        blueprint.organization_of_dyad.iter().for_each(|organization| participants[*organization] += 2);
        let organizations: Vec<Organization> = participants
            .iter()
            .enumerate()
            .map(|(number, count)| {
                let p = blueprint.organization_parameters.get(number).copied().unwrap_or(p);
                Organization::found(p, master, replication, number as u64, *count)
            })
            .collect();
        let (teams, colleagues) = colleagues(blueprint);
        let gatherings = [blueprint.gatherings, &colleagues].concat();
        let everyone_at_home = blueprint.seats.is_empty() && gatherings.is_empty();
        let seating = (!everyone_at_home).then(|| {
            let (seats, places) = (blueprint.seats, blueprint.organization_of_dyad);
            Box::new(Seating::new(seats, &gatherings, places, blueprint.organizations))
        });
        let mut world = Self {
            parameters: p.clone(),
            // Each is copied from a constant: to clone a block takes several times as long.
            blocks: (0..dyads.div_ceil(LANES)).map(|_| Block::EMPTY).collect(),
            dyads,
            organization_of_dyad: blueprint.organization_of_dyad.to_vec(),
            organizations,
            week: 0,
            burdens: Vec::new(),
            seating,
            teams,
            need_weight: Vec::new(),
            knobs: p.risk.knobs(),
            upward: vec![Upward::none(); blueprint.organizations],
        };
        for dyad in 0..dyads {
            let (index, lane) = place(dyad);
            for seat in 0..2 {
                let birth = &blueprint.births[world.person_at(dyad, seat)];
                world.blocks[index].members[seat].person.seat(lane, birth);
            }
        }
        // Risk factors belong to who people are: they are there before the two meet.
        world.impose_risks(blueprint);
        world.form_all(blueprint, &participants);
        for dyad in 0..dyads {
            world.settle_intent(blueprint, dyad);
            for seat in 0..2 {
                let (index, lane) = place(dyad);
                let person = &mut world.blocks[index].members[seat].person;
                person.developed_start[lane] = climate::developed(person, lane);
            }
        }
        world
    }
    /// Moves a trait of one person, named by home: what a treatment does.
    pub fn shift(&mut self, dyad: usize, seat: usize, which: Trait, amount: f64, decay: f64) {
        let (dyad, seat) = self.seat_of(2 * dyad + seat);
        let (index, lane) = place(dyad);
        self.blocks[index].members[seat].person.shift(lane, which, amount, decay);
    }
}
