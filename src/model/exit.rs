//! Exit and hiring: harmed members leave, and hires come from a pool that reputation worsens.

use super::dyad::{Block, Member, Shared};
use super::lanes::{LANES, any};
use super::maths::{flag, greatest, only, positive, within};
use super::noise::{BlockNoise, LifeNoise};
use super::organization::Organization;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// Exit, hiring, morale.
    Theory, "theory.exit";
    Person base = 0.0015, 0.0 => 0.006, "probability per week", Normal(0.0004), "Hazard of leaving an organization for reasons of one's own.", "about 8 % a year; value assumed";
    Person strain = 0.004, 0.0 => 0.02, "probability per week per SD", Normal(0.0012), "What strain beyond the usual adds.", ARTICLE;
    Person betrayed = 0.03, 0.0 => 0.15, "probability", Normal(0.01), "What a betrayal adds in its week.", ARTICLE;
    Person harmed = 0.5, 0.1 => 2.0, "SD", Normal(0.15), "Strain beyond the usual above which who leaves, leaves after harm.", ASSUMED;
    Organization reputation_loss = 1.0, 0.0 => 4.0, "SD per share of members", Normal(0.3), "What exits after harm do to the reputation.", ARTICLE;
    Organization reputation_healing = 0.01, 0.0 => 0.1, "share per week", Normal(0.004), "How fast a reputation heals.", ASSUMED;
    Organization pool = 0.5, 0.0 => 1.5, "SD per SD", Normal(0.15), "How far a worse reputation worsens the pool of hires.", ARTICLE;
}

/// Weekly probability that a person leaves: `.0015 + .004 strain⁺ + .03 [betrayed this week]`, at most 1.
#[inline(always)]
pub fn hazard(p: &Parameters, strain: f64, betrayed: f64) -> f64 {
    let t = &p.exit;
    let harm = p.dyad_to_organization.exit * (t.strain * positive(strain) + t.betrayed * betrayed);
    p.mechanism.exit_and_hiring * within(t.base + harm, 0.0, 1.0)
}

/// Reputation and composition of an organization after a week in which this share of its members left after harm, and
/// these left in all with this mean skill. Each leaver is replaced by a hire of skill `.5 × reputation`.
pub(crate) fn replace(
    organization: &mut Organization,
    harmed_share: f64,
    left_share: f64,
    skill_of_leavers: f64,
    p: &Parameters,
) {
    let t = &p.exit;
    organization.reputation -= p.dyad_to_organization.exit * t.reputation_loss * harmed_share;
    organization.reputation -= t.reputation_healing * organization.reputation;
    let hired = t.pool * organization.reputation;
    organization.composition += left_share * (hired - skill_of_leavers);
}

/// Who leaves this week; a running dyad ends with that.
#[inline(always)]
pub(crate) fn leave(block: &mut Block, noise: &BlockNoise, p: &Parameters, week: f64) {
    let Block { members: [a, b], shared, .. } = block;
    leave_seat(a, shared, &noise.life[0], p, week);
    leave_seat(b, shared, &noise.life[1], p, week);
}

/// Who of one seat leaves.
#[inline(always)]
fn leave_seat(member: &mut Member, shared: &mut Shared, noise: &LifeNoise, p: &Parameters, week: f64) {
    let (person, turn) = (&mut member.person, &mut member.turn);
    for i in 0..LANES {
        let here = 1.0 - person.exited[i];
        let chance = hazard(p, person.strain[i], turn.betrayal[i]);
        turn.left[i] = only(noise.exit[i] < chance, here);
    }
    if !any(&turn.left) {
        return;
    }
    for i in 0..LANES {
        person.exited[i] += turn.left[i];
        let ended = shared.active[i] * turn.left[i];
        shared.active[i] -= ended;
        // After the program nothing ends early: the habit of meeting just stops.
        let early = ended * greatest(flag(week < shared.program_weeks[i]), 1.0 - shared.formal[i]);
        shared.cause[i] += 4.0 * early;
        shared.ended[i] += early * (week - shared.ended[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_hazard_follows_the_theory(p in random::parameters(), strain in -2.0..20.0_f64) {
            let base = hazard(&p, strain, 0.0);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(hazard(&p, strain + 1.0, 0.0) >= base);
            prop_assert!(hazard(&p, strain, 1.0) >= base);
        }
    }

    #[test]
    fn cut_arrows_make_harm_no_reason_to_leave() {
        let mut p = Parameters::default();
        p.dyad_to_organization.exit = 0.0;
        assert_eq!(hazard(&p, 5.0, 1.0), p.exit.base);
        p.mechanism.exit_and_hiring = 0.0;
        assert_eq!(hazard(&p, 5.0, 1.0), 0.0);
    }
}
