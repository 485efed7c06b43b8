//! How a dyad ends: because of the relationship, or for time and logistics, whatever its quality.

use super::dyad::Block;
use super::episode::SEVERE;
use super::lanes::{LANES, all, any};
use super::maths::{flag, greatest, least, logistic, only, positive};
use super::noise::DyadNoise;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// How dyads end.
    Theory, "theory.ending";
    Dyad base = -6.2, -8.5 => -4.5, "logit", Normal(0.4), "Weekly log odds that a dyad of mean motivation and sufficient trust ends because of the relationship.", ASSUMED;
    Dyad distrust = 9.0, 0.0 => 16.0, "logit per unit of trust", Normal(2.0), "Distrust: how far the lower trust is below .4.", ARTICLE;
    Dyad dependence = 1.2, 0.0 => 3.0, "logit per unit of dependence", Normal(0.3), "Dependence beyond .6.", ARTICLE;
    Dyad distrust_from = 0.4, 0.1 => 0.7, "trust", Normal(0.08), "Lower trust below which distrust drives apart.", ASSUMED;
    Dyad dependence_from = 0.6, 0.2 => 1.0, "dependence", Normal(0.1), "Dependence beyond which it drives apart.", ASSUMED;
    Dyad severe = 1.5, 0.0 => 4.0, "logit", Normal(0.4), "What a severe turn adds in its week: withdrawal.", ARTICLE;
    Person motivation = 0.6, 0.0 => 1.5, "logit per SD", Normal(0.2), "Motivation keeps dyads together.", ARTICLE;
    Dyad logistics = 0.008, 0.0 => 0.03, "probability per week", Normal(0.002), "Hazard of ending for time and logistics.", "a third or more of early closures: Kupersmidt et al 2017";
    Dyad coercion = 0.5, 0.0 => 1.0, "share", Normal(0.15), "How much longer coerced pairs hold.", ARTICLE;
}

/// Cause codes of [`Shared::cause`](super::dyad::Shared::cause).
pub const CAUSES: [&str; 5] = ["none", "relationship", "logistics", "third party", "exit"];

/// Log odds, of a pair that nobody coerces, that the relationship ends it this week ●:
/// `−6.2 + 9 (.4 − trust_min)⁺ + 1.2 (|dependence| − .6)⁺ − .6 mean motivation + 1.5 [severe turn]`.
#[inline(always)]
pub fn log_odds(p: &Parameters, trust_low: f64, dependence: f64, motivation: f64, severe: f64) -> f64 {
    let t = &p.ending;
    t.base
        + t.distrust * positive(t.distrust_from - trust_low)
        + t.dependence * positive(dependence.abs() - t.dependence_from)
        + t.severe * severe
        - p.person_to_dyad.motivation * t.motivation * motivation
}

/// Weekly probability that the relationship ends it, from those log odds; less for coerced pairs.
#[inline(always)]
pub fn hazard(p: &Parameters, log_odds: f64, coercion: f64) -> f64 {
    logistic(log_odds) * (1.0 - p.ending.coercion * coercion)
}

/// Whether a [`hazard`] can come true by this uniform. The log odds of .01 are −4.595 and those of .05 −2.944: below them a
/// dyad goes on whose uniform lies above, and no logistic need be asked.
#[inline(always)]
fn possible(u: f64, log_odds: f64) -> bool {
    (u < 0.01) | ((u < 0.05) & (log_odds > -4.6)) | (log_odds > -2.95)
}

/// Which dyads end this week. After its program a pair has nothing left to end early; an informal
/// pair has no program to outlive.
#[inline(always)]
pub(crate) fn update(block: &mut Block, noise: &DyadNoise, p: &Parameters, week: f64) {
    let [a, b] = &block.members;
    let shared = &mut block.shared;
    let (mut running, mut odds, mut near) = (all(0.0), all(0.0), all(0.0));
    for i in 0..LANES {
        let trust_low = least(a.tie.trust[i], b.tie.trust[i]);
        let motivation = 0.5 * (a.person.motivation[i] + b.person.motivation[i]);
        let severe = flag(least(a.turn.felt[i], b.turn.felt[i]) < SEVERE);
        running[i] = shared.active[i] * greatest(flag(week < shared.program_weeks[i]), 1.0 - shared.formal[i]);
        odds[i] = log_odds(p, trust_low, shared.dependence[i], motivation, severe);
        near[i] = only(possible(noise.ending[i], odds[i]) | (noise.logistics[i] < p.ending.logistics), running[i]);
    }
    if !any(&near) {
        return;
    }
    for i in 0..LANES {
        let running = running[i];
        let relationship = running * flag(noise.ending[i] < hazard(p, odds[i], shared.coercion[i]));
        let logistics = running * flag(noise.logistics[i] < p.ending.logistics) * (1.0 - relationship);
        let ended = relationship + logistics;
        shared.active[i] -= ended;
        shared.cause[i] += relationship + 2.0 * logistics;
        shared.ended[i] = if ended > 0.5 { week } else { shared.ended[i] };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_hazard_follows_the_theory(
            p in random::parameters(), trust in 0.0..0.5_f64, dependence in 0.0..0.5_f64, motivation in -5.0..5.0_f64,
            coercion in 0.0..0.5_f64, u in 0.0..0.1_f64,
        ) {
            let at = |trust, dependence, motivation, severe, coercion| {
                let odds = log_odds(&p, trust, dependence, motivation, severe);
                let hazard = hazard(&p, odds, coercion);
                assert!(possible(u, odds) || u >= hazard, "what is held impossible cannot come true");
                hazard
            };
            let base = at(trust, dependence, motivation, 0.0, coercion);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(at(trust + 0.5, dependence, motivation, 0.0, coercion) <= base, "distrust ends dyads");
            prop_assert!(at(trust, dependence + 0.5, motivation, 0.0, coercion) >= base);
            prop_assert_eq!(at(trust, -dependence, motivation, 0.0, coercion), base);
            prop_assert!(at(trust, dependence, motivation + 1.0, 0.0, coercion) <= base);
            prop_assert!(at(trust, dependence, motivation, 1.0, coercion) >= base, "severe turns drive apart");
            prop_assert!(at(trust, dependence, motivation, 0.0, coercion + 0.5) <= base, "coerced pairs hold longer");
        }
    }
}
