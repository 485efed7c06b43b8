//! Intent at the outset: mutual, self-serving, or exploitative.

use super::maths::logistic;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// Intent at the outset.
    Theory, "theory.intent";
    Person exploit_base = -4.0, -6.0 => -2.5, "logit", Normal(0.4), "Log odds of exploitative intent of a neutral person in a neutral place.", "exposure to severe intentional harm .01-.08: Nielsen, Matthiesen & Einarsen 2010; value assumed";
    Person exploit_worldview = 1.1, 0.0 => 2.2, "logit per SD", Normal(0.3), "'Survival of the fittest' breeds exploitation.", ARTICLE;
    Organization exploit_competition = 2.5, 0.0 => 5.0, "logit per unit of competition", Normal(0.6), "Competition breeds exploitation.", ARTICLE;
    Organization exploit_incentives = 1.0, 0.0 => 2.5, "logit per unit of incentives", Normal(0.3), "Incentives for development curb it.", ARTICLE;
    Organization exploit_climate = 1.2, 0.0 => 2.5, "logit per unit of climate", Normal(0.35), "A climate of mistrust breeds it.", ARTICLE;
    Organization exploit_scarcity = 1.0, 0.0 => 2.5, "logit per unit", Normal(0.3), "Scarce resources and hierarchy breed it.", ARTICLE;
    Person serving_base = -1.5, -3.0 => 0.0, "logit", Normal(0.4), "Log odds of a merely self-serving intent.", ASSUMED;
    Person serving_worldview = 0.8, 0.0 => 2.0, "logit per SD", Normal(0.25), "'Survival of the fittest' makes self-serving.", ARTICLE;
    Person screened = 0.7, 0.0 => 1.0, "share", Normal(0.15), "Share of bad intentions that full selection of participants screens out.", ASSUMED;
}

/// Probability of exploitative intent ●:
/// `σ(−4 + 1.1 worldview + 2.5 (competition − .4) − incentives − 1.2 (climate − .5) + (hierarchy − resources))`, times what a
/// program's selection lets through. `imposed` is the risk factor's push in logits.
#[allow(clippy::too_many_arguments)]
pub fn exploitative(
    p: &Parameters,
    worldview: f64,
    competition: f64,
    incentives: f64,
    scarcity: f64,
    climate: f64,
    imposed: f64,
    selection: f64,
) -> f64 {
    let t = &p.intent;
    let organization = &p.organization_to_person;
    logistic(
        t.exploit_base
            + t.exploit_worldview * worldview
            + organization.competition * (t.exploit_competition * (competition - 0.4) + t.exploit_scarcity * scarcity)
            - organization.incentives * t.exploit_incentives * incentives
            - p.organization_to_dyad.climate * t.exploit_climate * (climate - 0.5)
            + imposed,
    ) * (1.0 - t.screened * selection)
}

/// Probability that who is not exploitative is self-serving: `σ(−1.5 + .8 worldview)`.
pub fn self_serving(p: &Parameters, worldview: f64, selection: f64) -> f64 {
    logistic(p.intent.serving_base + p.intent.serving_worldview * worldview) * (1.0 - p.intent.screened * selection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn intent_follows_the_theory(
            p in random::parameters(), worldview in -4.0..4.0_f64, competition in 0.0..0.5_f64, incentives in -1.0..0.0_f64,
            scarcity in -1.0..0.0_f64,
        ) {
            let at = |w, c, i, s, imposed| exploitative(&p, w, c, i, s, 0.5, imposed, p.program.selection);
            let base = at(worldview, competition, incentives, scarcity, 0.0);
            prop_assert!((0.0..=1.0).contains(&base) && (0.0..=1.0).contains(&self_serving(&p, worldview, p.program.selection)));
            prop_assert!(at(worldview + 1.0, competition, incentives, scarcity, 0.0) >= base);
            prop_assert!(at(worldview, competition + 0.5, incentives, scarcity, 0.0) >= base);
            prop_assert!(at(worldview, competition, incentives + 1.0, scarcity, 0.0) <= base);
            prop_assert!(at(worldview, competition, incentives, scarcity + 1.0, 0.0) >= base);
            prop_assert!(at(worldview, competition, incentives, scarcity, 3.5) >= base);
        }
    }
}
