//! A participant observer, such as a teaching assistant: sees some of the informal coaching, and judges what it sees.
//!
//! The observer counts meetings of colleagues and notes how good they were. Some happen where the observer is not: each is
//! seen with one probability (`measurement.observer.detection`), both sides of it or neither. What is seen is misread by some
//! noise (`measurement.observer.noise`). An observer who misses nothing and misreads nothing records the truth.

use super::declaration::Observer;
use super::plan::Plan;
use crate::model::outcomes::Source;
use crate::model::streams::{Purpose, Stream};
use crate::model::team::Standing;
use crate::model::world::World;

/// What the observer has seen so far.
#[derive(Clone, Debug)]
pub struct Notebook {
    observer: Observer,
    streams: Vec<Stream>,
    /// Turns seen, and their quality as it was read, by learner.
    seen: Vec<(f64, f64)>,
}

impl Notebook {
    /// Opens the notebook on `persons` persons.
    pub fn open(observer: Observer, persons: usize, master: u64, replication: u64) -> Self {
        let streams =
            (0..persons).map(|person| Stream::open(master, replication, Purpose::Observer, person as u64)).collect();
        Self { observer, streams, seen: vec![(0.0, 0.0); persons] }
    }

    /// Watches the week that has just passed. Each person costs one draw for being seen and two for being misread, whatever
    /// happened; a meeting is seen at the draw of the member with the lower number.
    pub fn watch(&mut self, world: &World) {
        let draws: Vec<(f64, f64)> = self
            .streams
            .iter_mut()
            .map(|stream| {
                let seen = stream.uniform();
                (seen, stream.normals().0)
            })
            .collect();
        for person in (0..self.seen.len()).filter(|person| world.teams.informal[*person]) {
            let (block, seat, lane) = world.member_at(person);
            if block.shared.met[lane] < 0.5 {
                continue;
            }
            let partner = world.person_at(world.seat_of(person).0, 1 - seat);
            if draws[person.min(partner)].0 < self.observer.detection {
                let (turns, quality) = &mut self.seen[person];
                *turns += 1.0;
                *quality += block.members[seat].turn.felt[lane] + self.observer.noise * draws[person].1;
            }
        }
    }

    /// Writes the observer's record into everyone's answers of a wave: what the outcome would be, had there been nothing but
    /// what was seen.
    pub(crate) fn record(&self, plan: &Plan, world: &World, answers: &mut [Vec<f64>]) {
        let weeks = world.week.max(1) as f64;
        let by_team: Vec<Standing> = world
            .teams
            .all
            .iter()
            .map(|team| {
                let (mut turns, mut quality) = (0.0, 0.0);
                for person in &team.members {
                    turns += self.seen[*person].0;
                    quality += self.seen[*person].1;
                }
                Standing {
                    coaching: turns / (weeks * team.members.len().max(1) as f64),
                    quality: if turns > 0.0 { quality / turns } else { 0.0 },
                    // Of this the observer's notes say nothing: it is no outcome of this source.
                    performance: 0.0,
                }
            })
            .collect();
        for (scale, column) in plan.scales.iter().zip(answers) {
            if scale.about.source == Source::Observer {
                let seen = |team: &usize| scale.about.of_team(by_team[*team]).unwrap_or(f64::NAN);
                *column = world.teams.of_person.iter().map(seen).collect();
            }
        }
    }
}
