//! The chance of a week, drawn before anything happens, on a fixed schedule.
//!
//! All worlds of a replication read the same week's noise: what differs between them is an effect.

use super::lanes::{LANES, Lanes, all, states};
use super::streams::{Generator, Purpose};

states! {
/// Chance in a learner's turn; it belongs to the dyad and the direction.
pub struct TurnNoise {
    /// Normal: what the turn is worth.
    pub benefit: Lanes,
    /// Normal: how it feels.
    pub felt: Lanes,
    /// Uniform: the coach's response mode.
    pub mode: Lanes,
    /// Uniform: whether the learner's confidence is broken.
    pub breach: Lanes,
    /// Uniform: whether the betrayed turns.
    pub revenge: Lanes,
}
}

states! {
/// Chance in a person's life; it belongs to the person.
pub struct LifeNoise {
    /// Normal: personal learning by oneself.
    pub personal: Lanes,
    /// Normal: task learning by oneself.
    pub task: Lanes,
    /// Uniform: leaving the organization.
    pub exit: Lanes,
    /// Uniform: a deficit is found.
    pub discovery: Lanes,
}
}

/// Chance that belongs to the dyad.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct DyadNoise {
    /// Uniform: whether they meet.
    pub meeting: Lanes,
    /// Uniform: whether the relationship ends.
    pub ending: Lanes,
    /// Uniform: whether time and logistics end it.
    pub logistics: Lanes,
    /// Uniform: whether a third party finds the rupture.
    pub repair: Lanes,
    /// Uniform: whether dependence or another deficit of the dyad is found.
    pub discovery: Lanes,
}

/// A block's chance of one week.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct BlockNoise {
    /// Per seat.
    pub turn: [TurnNoise; 2],
    /// Per seat.
    pub life: [LifeNoise; 2],
    /// Per dyad.
    pub dyad: DyadNoise,
}

/// Normals that a dyad uses in a week.
pub const NORMALS_PER_DYAD_WEEK: usize = 8;
/// Uniforms that a dyad uses in a week.
pub const UNIFORMS_PER_DYAD_WEEK: usize = 15;

/// The streams of a block of dyads.
#[derive(Clone, Debug)]
pub struct BlockStreams {
    turn: [Generator; 2],
    life: [Generator; 2],
    dyad: Generator,
}

impl BlockStreams {
    /// Opens the streams of the block's dyads in a replication. A seat's person has the number 2 × dyad + seat.
    pub fn open(master: u64, replication: u64, block: usize) -> Self {
        let dyad = |lane: usize| (block * LANES + lane) as u64;
        let seat = |seat: u64| move |lane: usize| 2 * ((block * LANES + lane) as u64) + seat;
        Self {
            turn: [0, 1].map(|s| Generator::open(master, replication, Purpose::Turn, seat(s))),
            life: [0, 1].map(|s| Generator::open(master, replication, Purpose::Life, seat(s))),
            dyad: Generator::open(master, replication, Purpose::Dyad, dyad),
        }
    }

    /// Draws the next week.
    #[inline(always)]
    pub fn draw(&mut self, noise: &mut BlockNoise) {
        for (stream, turn) in self.turn.iter_mut().zip(&mut noise.turn) {
            stream.normals(&mut turn.benefit, &mut turn.felt);
            stream.uniforms(&mut turn.mode);
            stream.uniforms(&mut turn.breach);
            stream.uniforms(&mut turn.revenge);
        }
        for (stream, life) in self.life.iter_mut().zip(&mut noise.life) {
            stream.normals(&mut life.personal, &mut life.task);
            stream.uniforms(&mut life.exit);
            stream.uniforms(&mut life.discovery);
        }
        let (stream, dyad) = (&mut self.dyad, &mut noise.dyad);
        stream.uniforms(&mut dyad.meeting);
        stream.uniforms(&mut dyad.ending);
        stream.uniforms(&mut dyad.logistics);
        stream.uniforms(&mut dyad.repair);
        stream.uniforms(&mut dyad.discovery);
    }
}

impl BlockNoise {
    /// Room for a week.
    pub fn empty() -> Self {
        const Z: Lanes = all(0.0);
        let turn = TurnNoise { benefit: Z, felt: Z, mode: Z, breach: Z, revenge: Z };
        let life = LifeNoise { personal: Z, task: Z, exit: Z, discovery: Z };
        Self {
            turn: [turn.clone(), turn],
            life: [life.clone(), life],
            dyad: DyadNoise { meeting: Z, ending: Z, logistics: Z, repair: Z, discovery: Z },
        }
    }
}
