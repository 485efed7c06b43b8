//! The organization's slow loop: what happens in dyads moves the climate, the toolkit and the norm of helping.

use super::dyad::{Block, Upward};
use super::lanes::{LANES, any};
use super::maths::{flag, negative, positive, within};
use super::organization::Organization;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::{Person, coaching_skill};

parameters! {
    /// The organization's slow loop.
    Theory, "theory.climate";
    Organization rate = 0.05, 0.0 => 0.2, "share per week", Normal(0.015), "How fast the climate follows what happens.", ASSUMED;
    Dyad gain = 0.8, 0.0 => 2.0, "per unit of felt quality", Normal(0.2), "What good turns do for the climate.", ARTICLE;
    Dyad loss = 1.6, 0.0 => 4.0, "per unit of felt quality", Normal(0.4), "What bad turns do to it.", "Gersick, Bartunek & Dutton 2000; value assumed";
    Dyad convexity = 4.0, 0.0 => 10.0, "per unit of felt quality", Normal(1.5), "How much worse losses act when they are frequent.", ARTICLE;
    Organization norm_rate = 0.03, 0.0 => 0.2, "share per week", Normal(0.01), "How fast the norm of helping follows.", ASSUMED;
    Dyad norm_gain = 0.6, 0.0 => 2.0, "per unit of benefit", Normal(0.2), "What help that works does for the norm.", ARTICLE;
    Organization norm_development = 0.5, 0.0 => 1.0, "share", Normal(0.15), "How the value of development shows in the norm.", ARTICLE;
    Organization norm_incentives = 0.25, 0.0 => 0.6, "share", Normal(0.08), "How incentives show in the norm.", ARTICLE;
    Person toolkit_gain = 0.3, 0.0 => 1.0, "per SD", Normal(0.1), "What developed members add to the toolkit.", ARTICLE;
    Organization toolkit_rate = 0.02, 0.0 => 0.1, "share per week", Normal(0.007), "How fast the toolkit follows.", ASSUMED;
    Organization set_point_competition = 0.2, 0.0 => 0.6, "share per unit of competition", Normal(0.06), "How far the climate's set-point falls when competition rises.", ARTICLE;
    Organization set_point_incentives = 0.05, 0.0 => 0.2, "share per unit of incentives", Normal(0.02), "How far the climate's set-point rises when incentives turn toward development.", ARTICLE;
    Organization morale_rate = 0.1, 0.0 => 0.5, "share per week", Normal(0.03), "How fast morale follows its members' mood.", ASSUMED;
    Organization toolkit_hires = 0.2, 0.0 => 0.6, "per SD", Normal(0.07), "What the hires' mean skill, against that of who left, adds to the toolkit.", ARTICLE;
}

/// What the members of an organization did in a week, as means over *all* its members, taking part or not.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Week {
    /// Mean of f⁺.
    pub good: f64,
    /// Mean of f⁻.
    pub bad: f64,
    /// Mean of b⁺ received.
    pub help: f64,
    /// Mean of what members have gained in skill and self-awareness since the start (SD).
    pub development: f64,
    /// Mean of self-esteem above its set-point minus strain.
    pub morale: f64,
}

/// The climate after a week ●: `climate + .05 (set_point + .8 mean f⁺ − 1.6 mean f⁻ (1 + 4 mean f⁻) − climate)`, in [0, 1].
/// Without episodes it stays at its set-point.
pub fn climate(p: &Parameters, climate: f64, set_point: f64, good: f64, bad: f64) -> f64 {
    let t = &p.climate;
    let gain = p.dyad_to_organization.episodes;
    let aim = set_point + gain * (t.gain * good - t.loss * bad * (1.0 + t.convexity * bad));
    within(climate + t.rate * (aim - climate), 0.0, 1.0)
}

/// The norm of helping that values, incentives and practice lead to; 0 in the neutral organization.
pub fn norm_aim(p: &Parameters, development_value: f64, incentives: f64, help: f64) -> f64 {
    let t = &p.climate;
    t.norm_development * (development_value - 0.5)
        + t.norm_incentives * incentives
        + p.dyad_to_organization.helping * t.norm_gain * help
}

/// The slow loop of one organization after a week.
pub(crate) fn update(organization: &mut Organization, week: &Week, p: &Parameters) {
    let on = p.mechanism.organization_loop;
    if on < 0.5 {
        return;
    }
    let t = &p.climate;
    organization.climate = climate(p, organization.climate, organization.set_point, week.good, week.bad);
    let aim = norm_aim(p, organization.development_value, organization.incentives, week.help);
    organization.norm = within(organization.norm + t.norm_rate * (aim - organization.norm), -1.0, 1.0);
    let developed = organization.toolkit_start
        + p.person_to_organization.composition
            * (t.toolkit_gain * positive(week.development) + t.toolkit_hires * organization.composition);
    organization.toolkit = within(organization.toolkit + t.toolkit_rate * (developed - organization.toolkit), 0.0, 1.0);
    organization.morale += t.morale_rate * (week.morale - organization.morale);
}

/// How developed a person is: the mean of coaching skill and self-awareness, in SD.
#[inline(always)]
pub fn developed(person: &Person, lane: usize) -> f64 {
    0.5 * (coaching_skill(person.listening[lane], person.empathy[lane], person.feedback[lane])
        + person.self_awareness[lane])
}

/// What each dyad gives to its organization this week.
#[inline(always)]
pub(crate) fn give(block: &Block, p: &Parameters) -> Upward {
    let [a, b] = &block.members;
    let mut up = Upward::none();
    for i in 0..LANES {
        up.good[i] = positive(a.turn.felt[i]) + positive(b.turn.felt[i]);
        up.bad[i] = negative(a.turn.felt[i]) + negative(b.turn.felt[i]);
        up.help[i] = positive(a.turn.benefit[i]) + positive(b.turn.benefit[i]);
        let (here_a, here_b) = (1.0 - a.person.exited[i], 1.0 - b.person.exited[i]);
        let grown = |person: &Person| developed(person, i) - person.developed_start[i];
        let mood = |person: &Person| person.self_esteem[i] - person.self_esteem_set_point[i] - person.strain[i];
        up.development[i] = here_a * grown(&a.person) + here_b * grown(&b.person);
        up.morale[i] = here_a * mood(&a.person) + here_b * mood(&b.person);
        up.left[i] = a.turn.left[i] + b.turn.left[i];
    }
    if any(&up.left) {
        for i in 0..LANES {
            let skill = |person: &Person| coaching_skill(person.listening[i], person.empathy[i], person.feedback[i]);
            let harmed = |person: &Person| flag(person.strain[i] > p.exit.harmed);
            up.harmed[i] = a.turn.left[i] * harmed(&a.person) + b.turn.left[i] * harmed(&b.person);
            up.skill_left[i] = a.turn.left[i] * skill(&a.person) + b.turn.left[i] * skill(&b.person);
        }
    }
    up
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_climate_stays_in_bounds_and_follows_what_happens(
            p in random::parameters(), now in 0.0..=1.0_f64, rest in 0.0..=1.0_f64, good in 0.0..1.0_f64, bad in 0.0..1.0_f64,
        ) {
            let next = climate(&p, now, rest, good, bad);
            prop_assert!((0.0..=1.0).contains(&next));
            prop_assert!(climate(&p, now, rest, good + 0.5, bad) >= next);
            prop_assert!(climate(&p, now, rest, good, bad + 0.5) <= next);
            prop_assert_eq!(climate(&p, rest, rest, 0.0, 0.0), rest, "without episodes it stays where it is");
        }

        #[test]
        fn the_norm_follows_help(p in random::parameters(), value in 0.0..=1.0_f64, incentives in -1.0..=1.0_f64, help in 0.0..1.0_f64) {
            prop_assert!(norm_aim(&p, value, incentives, help + 0.5) >= norm_aim(&p, value, incentives, help));
        }
    }

    #[test]
    fn cut_arrows_move_no_climate() {
        let mut p = Parameters::default();
        p.dyad_to_organization.episodes = 0.0;
        p.dyad_to_organization.helping = 0.0;
        assert_eq!(climate(&p, 0.6, 0.6, 1.0, 0.0), 0.6);
        assert_eq!(norm_aim(&p, 0.5, 0.0, 1.0), 0.0);
    }
}
