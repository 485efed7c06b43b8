//! What can be asked of the model: the outcomes of a person, each with its true value at any week.

use super::dyad::{Member, Shared, place};
use super::person::coaching_skill;
use super::world::World;

/// One outcome.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Its id in scenarios and tables.
    pub id: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Lowest and highest possible value (infinite: unbounded).
    pub range: (f64, f64),
    /// Mean and SD in the neutral population: what an instrument's scale and error are relative to. They are constants,
    /// so that no effect is ever divided by the SD of the arm or the organization at hand.
    pub reference: (f64, f64),
    /// +1 if people like to be seen high on it, −1 if low, 0 if they do not care.
    pub desirable: f64,
    /// Whether it is taken from records, without any error of measurement.
    pub recorded: bool,
    /// What it means.
    pub meaning: &'static str,
    read: fn(&Member, &Shared, usize) -> f64,
}

const UNBOUNDED: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
const COUNT: (f64, f64) = (0.0, f64::INFINITY);
const SHARE: (f64, f64) = (0.0, 1.0);
const SD: &str = "SD of the reference population at baseline";

macro_rules! outcome {
    ($id:literal, $unit:expr, $range:expr, $reference:expr, $desirable:expr, $recorded:expr, $meaning:literal, $read:expr) => {
        Outcome {
            id: $id,
            unit: $unit,
            range: $range,
            reference: $reference,
            desirable: $desirable,
            recorded: $recorded,
            meaning: $meaning,
            read: $read,
        }
    };
}

/// Every outcome, in a fixed order.
#[rustfmt::skip]
pub const OUTCOMES: &[Outcome] = &[
    outcome!("learning_personal", SD, UNBOUNDED, (0.0, 1.0), 1.0, false,
        "Personal learning: baseline standing plus what was learnt about oneself, one's identity and growth since; it can fall.",
        |m, _, i| m.person.personal_standing[i] + m.person.learning_personal[i]),
    outcome!("learning_task", SD, UNBOUNDED, (0.0, 1.0), 1.0, false,
        "Task learning: baseline standing plus what was learnt for the work itself since; it can fall.",
        |m, _, i| m.person.task_standing[i] + m.person.learning_task[i]),
    outcome!("skill", SD, UNBOUNDED, (0.0, 1.0), 1.0, false,
        "Coaching skill: (.5 listening + .3 empathy + .2 feedback) / .75.",
        |m, _, i| coaching_skill(m.person.listening[i], m.person.empathy[i], m.person.feedback[i])),
    outcome!("listening", SD, UNBOUNDED, (0.0, 1.0), 1.0, false, "Skill of active listening.", |m, _, i| m.person.listening[i]),
    outcome!("disclosure", SD, UNBOUNDED, (0.0, 1.0), 1.0, false, "Skill of self-disclosure.", |m, _, i| m.person.disclosure[i]),
    outcome!("feedback", SD, UNBOUNDED, (0.0, 1.0), 1.0, false, "Skill of giving and receiving feedback.", |m, _, i| m.person.feedback[i]),
    outcome!("empathy", SD, UNBOUNDED, (0.0, 1.0), 1.0, false, "Empathy.", |m, _, i| m.person.empathy[i]),
    outcome!("self_awareness", SD, UNBOUNDED, (0.0, 1.0), 1.0, false,
        "How well the person sees own strengths, deficits and impact.", |m, _, i| m.person.self_awareness[i]),
    outcome!("self_view", SD, UNBOUNDED, (0.3, 1.0), 1.0, false,
        "What the person believes of the own coaching skill.", |m, _, i| m.person.self_view[i]),
    outcome!("self_esteem", SD, UNBOUNDED, (0.0, 1.0), 1.0, false, "Self-esteem.", |m, _, i| m.person.self_esteem[i]),
    outcome!("motivation", SD, UNBOUNDED, (0.0, 1.0), 1.0, false, "Motivation to learn and to help.", |m, _, i| m.person.motivation[i]),
    outcome!("desire_for_connection", SD, UNBOUNDED, (0.0, 1.0), 1.0, false,
        "Relational schema: from learning alone to proactive help-seeking.", |m, _, i| m.person.schema[i]),
    outcome!("strain", SD, UNBOUNDED, (0.0, 1.0), -1.0, false,
        "Stress, anxiety and isolation, the helper's strain included.", |m, _, i| m.person.usual_strain[i] + m.person.strain[i]),
    outcome!("career", SD, UNBOUNDED, (0.0, 1.0), 0.0, true,
        "Objective standing of the career; it follows task learning loosely and is damaged by betrayal.",
        |m, _, i| m.person.career[i]),
    outcome!("trust", "share", SHARE, (0.45, 0.1), 1.0, false,
        "Trust in the partner; its last value once the dyad has ended.", |m, _, i| m.tie.trust[i]),
    outcome!("connection_quality", "felt quality", UNBOUNDED, (0.0, 0.3), 1.0, false,
        "Vitality: moving average of the felt quality of coaching turns.", |m, _, i| m.tie.vitality[i]),
    outcome!("destructive_episodes", "turns", COUNT, (0.0, 1.5), -1.0, false,
        "Turns so far that the person felt as destructive.", |m, _, i| m.count.destructive[i]),
    outcome!("negative_effects", "events", COUNT, (0.0, 1.5), -1.0, false,
        "Negative effects so far by the person's own threshold, breaches included.", |m, _, i| m.count.negative_effects[i]),
    outcome!("dissolved", "0 or 1", SHARE, (0.0, 0.35), 0.0, true,
        "Whether the dyad has ended before its time.", |_, s, i| if s.cause[i] > 0.5 { 1.0 } else { 0.0 }),
    outcome!("exited", "0 or 1", SHARE, (0.0, 0.2), 0.0, true,
        "Whether the person has left the organization.", |m, _, i| m.person.exited[i]),
];

/// The index in [`OUTCOMES`] of the outcome with this id.
pub fn find(id: &str) -> Option<usize> {
    OUTCOMES.iter().position(|outcome| outcome.id == id)
}

/// The true values of an outcome for every person of a world, in order of seats (2 × dyad + seat).
pub fn values(world: &World, outcome: usize) -> Vec<f64> {
    let read = OUTCOMES[outcome].read;
    (0..world.dyads)
        .flat_map(|dyad| {
            let (index, lane) = place(dyad);
            let block = &world.blocks[index];
            [0, 1].map(|seat: usize| read(&block.members[seat], &block.shared, lane))
        })
        .collect()
}
