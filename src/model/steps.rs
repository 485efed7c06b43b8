//! The three steps of peer coaching: building the relationship, creating success, making it a habit.
//!
//! A step is reached by its states, not by the calendar: the second needs a holding environment, the third trust on both
//! sides and skills that have been practiced together. A program may stop after any of them.

use super::dyad::{Block, Member, Shared};
use super::lanes::LANES;
use super::maths::{flag, least};
use super::parameters::{ASSUMED, Parameters, Prior::Normal, parameters};

const BOOK: &str = "Parker, Hall, Kram & Wasserman 2018 (the three steps); value assumed";

parameters! {
    /// The three steps and the habit.
    Theory, "theory.steps";
    Dyad second_holding = 0.6, 0.3 => 0.9, "holding", Normal(0.08), "Holding environment that the second step needs.", BOOK;
    Dyad second_meetings = 2.0, 1.0 => 6.0, "meetings", Normal(0.7), "Meetings that the second step needs.", BOOK;
    Dyad third_trust = 0.5, 0.2 => 0.8, "trust", Normal(0.08), "Lower of the two trusts that the third step needs.", BOOK;
    Dyad third_meetings = 5.0, 2.0 => 15.0, "meetings", Normal(1.5), "Meetings that the third step needs.", BOOK;
    Dyad third_connectivity = 0.1, 0.0 => 0.6, "connectivity", Normal(0.04), "Connectivity that the third step needs.", BOOK;
    Person habit_growth = 0.12, 0.0 => 0.4, "share of what is left per meeting", Normal(0.04), "How fast meetings in the third step become a habit of a self-aware person.", BOOK;
    Person habit_fading = 0.02, 0.0 => 0.1, "share per week", Normal(0.007), "How fast a habit fades in weeks without coaching.", ASSUMED;
    Person carry_over = 1.0, 0.0 => 3.0, "share", Normal(0.3), "How far a full habit multiplies what a person learns in other relationships.", BOOK;
}

/// The step that a dyad is in: it never goes back, and never beyond the program's last.
#[inline(always)]
pub fn reached(
    p: &Parameters,
    step: f64,
    holding: f64,
    meetings: f64,
    trust_low: f64,
    connectivity: f64,
    last: f64,
) -> f64 {
    let t = &p.steps;
    let second = flag((holding >= t.second_holding) & (meetings >= t.second_meetings));
    let third =
        flag((trust_low >= t.third_trust) & (meetings >= t.third_meetings) & (connectivity >= t.third_connectivity));
    let in_second = flag((step > 1.5) & (step < 2.5));
    least(step + flag(step < 1.5) * second + in_second * third, last)
}

/// The habit of coaching after this week, in [0, 1]: it grows with meetings in the third step, as
/// much as the person reflects (σ(self_awareness)), and fades without.
#[inline(always)]
pub fn habit(p: &Parameters, habit: f64, step: f64, met: f64, reflection: f64) -> f64 {
    let t = &p.steps;
    let growth = flag(step > 2.5) * met * t.habit_growth * reflection * (1.0 - habit);
    let fading = (1.0 - met) * t.habit_fading * habit;
    p.mechanism.habit * (habit + growth - fading)
}

/// Steps and habits after this week.
#[inline(always)]
pub(crate) fn update(block: &mut Block, p: &Parameters) {
    let [a, b] = &mut block.members;
    let shared = &mut block.shared;
    for i in 0..LANES {
        let trust_low = least(a.tie.trust[i], b.tie.trust[i]);
        let next = reached(
            p,
            shared.step[i],
            shared.holding[i],
            shared.meetings[i],
            trust_low,
            shared.connectivity[i],
            shared.last_step[i],
        );
        shared.step[i] += shared.met[i] * (next - shared.step[i]);
    }
    settle(a, shared, p);
    settle(b, shared, p);
}

/// A member's habit after this week.
#[inline(always)]
fn settle(member: &mut Member, shared: &Shared, p: &Parameters) {
    let (person, turn) = (&mut member.person, &member.turn);
    for i in 0..LANES {
        person.habit[i] = habit(p, person.habit[i], shared.step[i], shared.met[i], turn.reflection[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn steps_go_forward_and_need_their_states(
            p in random::parameters(), step in 1..4_i32, held in 0.0..=1.0_f64, meetings in 0.0..30.0_f64,
            trust in 0.0..=1.0_f64, connectivity in 0.0..=1.0_f64,
        ) {
            let step = f64::from(step);
            let next = reached(&p, step, held, meetings, trust, connectivity, 3.0);
            prop_assert!(next >= step && next <= step + 1.0 && next <= 3.0);
            prop_assert_eq!(reached(&p, 1.0, 0.0, meetings, trust, connectivity, 3.0), 1.0, "no step without holding");
            prop_assert_eq!(reached(&p, step.min(2.0), held, meetings, 0.0, connectivity, 2.0).min(2.0), reached(&p, step.min(2.0), held, meetings, 1.0, connectivity, 2.0));
        }

        #[test]
        fn habits_are_shares(p in random::parameters(), now in 0.0..=1.0_f64, step in 1..4_i32, met in 0..2_i32, awareness in -5.0..5.0_f64) {
            let next = habit(&p, now, f64::from(step), f64::from(met), crate::model::maths::logistic(awareness));
            prop_assert!((0.0..=1.0).contains(&next));
            prop_assert!(met == 1 || next <= now, "a habit fades in weeks without coaching");
        }
    }
}
