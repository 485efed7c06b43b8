//! Dependence: both collude in disempowering one of them (Scandura 1998).

use super::dyad::{Block, Surroundings};
use super::lanes::{LANES, any};
use super::maths::{choose, flag, hyperbolic_tangent, positive, within};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// Dependence.
    Theory, "theory.dependence";
    Dyad keep = 0.97, 0.8 => 1.0, "share per meeting", Normal(0.01), "How much of dependence stays from one meeting to the next.", ASSUMED;
    Dyad growth = 0.30, 0.0 => 0.8, "per meeting", Normal(0.08), "How fast dependence grows where the gap in dominance is wide.", "Scandura 1998; value assumed";
    Dyad gap = 1.0, 0.3 => 2.5, "SD", Normal(0.25), "Gap in dominance that two peers bear without dependence.", ASSUMED;
    Person status = 0.0, 0.0 => 1.0, "SD of dominance per SD of status", Normal(0.15), "How far a higher status acts as dominance; 0 among peers, whose status is taken as equal.", ARTICLE;
    Dyad without_advice = 0.2, 0.0 => 1.0, "share", Normal(0.06), "Growth in a meeting in which the dominant gives no advice.", ASSUMED;
}

/// The gap in dominance as it is felt: the first's over the second's, with stereotypes, what a risk factor imposes, and what
/// a higher status adds.
#[inline(always)]
pub fn gap(
    dominance_first: f64,
    dominance_second: f64,
    status: f64,
    stereotype: f64,
    minority_first: f64,
    minority_second: f64,
    imposed: f64,
) -> f64 {
    dominance_first - dominance_second + stereotype * (minority_second - minority_first) + imposed + status
}

/// Dependence after a meeting ●: `.97 dependence + .30 sign(g) tanh((|g| − 1)⁺)(advice by the dominant + .2)`, held
/// within [−1, 1].
#[inline(always)]
pub fn after_meeting(p: &Parameters, dependence: f64, gap: f64, advice_by_dominant: f64) -> f64 {
    let t = &p.dependence;
    let push = hyperbolic_tangent(positive(gap.abs() - t.gap)) * (advice_by_dominant + t.without_advice);
    within(t.keep * dependence + p.mechanism.dependence * t.growth * push.copysign(gap), -1.0, 1.0)
}

/// Dependence after this week's meeting.
#[inline(always)]
pub(crate) fn update(block: &mut Block, around: &Surroundings, p: &Parameters) {
    let [a, b] = &block.members;
    let shared = &mut block.shared;
    if !any(&shared.met) {
        return;
    }
    for i in 0..LANES {
        let g = gap(
            a.person.dominance[i],
            b.person.dominance[i],
            p.dependence.status * (a.person.status[i] - b.person.status[i]),
            around.stereotype[i],
            a.person.minority[i],
            b.person.minority[i],
            shared.imposed_gap[i],
        );
        // `advise` is kept with the learner: the first member's advice stands in the second's turn.
        let advice = flag(g < 0.0) * a.turn.advise[i] + flag(g >= 0.0) * b.turn.advise[i];
        shared.dependence[i] =
            choose(shared.met[i], after_meeting(p, shared.dependence[i], g, advice), shared.dependence[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn dependence_is_bounded_and_mirrors(
            p in random::parameters(), dependence in -1.0..=1.0_f64, gap in -8.0..8.0_f64, advice in 0.0..=1.0_f64,
        ) {
            let next = after_meeting(&p, dependence, gap, advice);
            prop_assert!((-1.0..=1.0).contains(&next));
            prop_assert_eq!(after_meeting(&p, -dependence, -gap, advice), -next);
            prop_assert!(after_meeting(&p, 0.0, gap, advice) * gap >= 0.0, "the dominant dominate");
        }

        #[test]
        fn a_gap_that_peers_bear_makes_no_dependence(p in random::parameters(), share in -1.0..=1.0_f64, advice in 0.0..=1.0_f64) {
            prop_assert_eq!(after_meeting(&p, 0.0, share * p.dependence.gap, advice), 0.0);
        }
    }

    /// A stereotype puts the minority member one down, whichever seat it has.
    #[test]
    fn stereotypes_mirror() {
        assert_eq!(gap(0.0, 0.0, 0.0, 0.5, 0.0, 1.0, 0.0), 0.5);
        assert_eq!(gap(0.0, 0.0, 0.0, 0.5, 1.0, 0.0, 0.0), -0.5);
        assert_eq!(gap(0.0, 0.0, 0.0, 0.5, 1.0, 1.0, 0.0), 0.0);
    }
}
