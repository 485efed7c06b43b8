//! The holding environment, and the three capacities of a high-quality connection (Dutton & Heaphy 2003).

use super::dyad::Block;
use super::lanes::LANES;
use super::maths::{flag, greatest, only, positive, within};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// The holding environment and the capacities of a connection.
    Theory, "theory.connection";
    Dyad holding_growth = 0.10, 0.0 => 0.3, "share of what is left", Normal(0.03), "A meeting that is developmental for both builds the holding environment.", "Parker, Hall, Kram & Wasserman 2018; value assumed";
    Dyad holding_fall = 0.12, 0.0 => 0.4, "share", Normal(0.04), "A destructive turn damages the holding environment.", ARTICLE;
    Dyad holding_shelter = 0.4, 0.0 => 1.0, "share per unit of structure", Normal(0.15), "Ground rules shelter it.", ARTICLE;
    Dyad carrying_growth = 0.10, 0.0 => 0.3, "share of what is left", Normal(0.03), "Disclosure met with inquiry raises emotional carrying capacity.", "Dutton & Heaphy 2003; value assumed";
    Dyad tensility_growth = 0.20, 0.0 => 0.5, "share of what is left", Normal(0.06), "Recovery after a rupture raises tensility.", "Dutton & Heaphy 2003; value assumed";
    Dyad connectivity_growth = 0.15, 0.0 => 0.4, "share of what is left per unit of benefit", Normal(0.05), "Benefit drawn from challenge raises connectivity.", "Dutton & Heaphy 2003; value assumed";
    Dyad wear = 0.10, 0.0 => 0.3, "share", Normal(0.03), "A destructive turn wears each capacity.", ASSUMED;
    Dyad healing = 0.25, 0.05 => 0.8, "share", Normal(0.08), "Share of a rupture that a meeting developmental for both heals.", ASSUMED;
}

/// The holding environment after a meeting, in [0, 1]: it grows with shared developmental turns in proportion to what is
/// left, and falls with destructive ones, less under ground rules.
#[inline(always)]
pub fn holding(p: &Parameters, holding: f64, shared_developmental: f64, destructive: f64, structure: f64) -> f64 {
    let t = &p.connection;
    let growth = t.holding_growth * shared_developmental * (1.0 - holding);
    let fall = t.holding_fall * destructive * (1.0 - t.holding_shelter * structure) * holding;
    within(holding + p.mechanism.holding * (growth - fall), 0.0, 1.0)
}

/// A capacity after a meeting, in [0, 1]: it grows by its driver in proportion to what is left and wears with
/// destructive turns.
#[inline(always)]
pub fn capacity(capacity: f64, growth: f64, driver: f64, wear: f64, destructive: f64) -> f64 {
    within(capacity + growth * driver * (1.0 - capacity) - wear * destructive * capacity, 0.0, 1.0)
}

/// What this week did to the space between the two.
#[inline(always)]
pub(crate) fn update(block: &mut Block, p: &Parameters, week: f64) {
    let [a, b] = &block.members;
    let shared = &mut block.shared;
    let t = &p.connection;
    for i in 0..LANES {
        let (fa, fb) = (a.turn.felt[i], b.turn.felt[i]);
        let both = flag((fa > 0.0) & (fb > 0.0));
        let destructive = a.turn.destructive[i] + b.turn.destructive[i];
        let structure = only(week < shared.program_weeks[i], shared.structure[i]);
        shared.holding[i] = holding(p, shared.holding[i], both, destructive, structure);
        let carried = 0.5 * (a.turn.disclosure[i] * a.turn.inquire[i] + b.turn.disclosure[i] * b.turn.inquire[i]);
        shared.carrying_capacity[i] =
            capacity(shared.carrying_capacity[i], t.carrying_growth, carried, t.wear, destructive);
        let recovery = shared.rupture[i] * both;
        shared.tensility[i] = capacity(shared.tensility[i], t.tensility_growth, recovery, 0.0, 0.0);
        let challenge =
            0.5 * (a.turn.inquire[i] * positive(a.turn.benefit[i]) + b.turn.inquire[i] * positive(b.turn.benefit[i]));
        shared.connectivity[i] =
            capacity(shared.connectivity[i], t.connectivity_growth, challenge, t.wear, destructive);
        let broken = destructive + a.turn.lapse[i] + b.turn.lapse[i] + a.turn.betrayal[i] + b.turn.betrayal[i];
        shared.rupture[i] = greatest(flag(broken > 0.5), shared.rupture[i] * (1.0 - t.healing * both));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn capacities_stay_in_bounds_and_follow_their_drivers(
            p in random::parameters(), now in 0.0..=1.0_f64, both in 0..2_i32, destructive in 0..3_i32,
            structure in 0.0..=1.0_f64, growth in 0.0..=1.0_f64, driver in 0.0..=3.0_f64,
        ) {
            let (both, destructive) = (f64::from(both), f64::from(destructive));
            let next = holding(&p, now, both, destructive, structure);
            prop_assert!((0.0..=1.0).contains(&next));
            prop_assert!(holding(&p, now, 1.0, destructive, structure) >= holding(&p, now, 0.0, destructive, structure));
            prop_assert!(holding(&p, now, both, destructive + 1.0, structure) <= next);
            prop_assert!(holding(&p, now, both, destructive, 1.0) >= holding(&p, now, both, destructive, 0.0));
            let grown = capacity(now, growth, driver, p.connection.wear, destructive);
            prop_assert!((0.0..=1.0).contains(&grown));
            prop_assert!(capacity(now, growth, driver, p.connection.wear, destructive + 1.0) <= grown);
        }
    }
}
