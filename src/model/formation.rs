//! How a dyad begins: fit, first trust, liking, the first holding environment.

use super::birth::{Birth, DOMAINS};
use super::maths::{logistic, within};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::program;

parameters! {
    /// Formation of a dyad.
    Theory, "theory.formation";
    Organization fit_matching = 0.8, 0.0 => 1.6, "SD", Normal(0.2), "How far a full matching process raises fit above that of a lot, and a missing one lowers it.", ARTICLE;
    Person fit_experience = 0.0, 0.0 => 1.0, "SD per SD of experience", Normal(0.15), "How much better a coach of more experience than the learner's fits what the learner needs, and one of less worse; 0 among peers, whose experience is taken as equal.", ARTICLE;
    Dyad trust_base = -0.2, -1.2 => 0.8, "logit", Normal(0.25), "First trust among neutral strangers.", ASSUMED;
    Organization trust_climate = 2.4, 0.0 => 4.5, "logit per unit of climate", Normal(0.5), "A climate of trust carries into first trust.", ARTICLE;
    Organization trust_matching = 1.6, 0.0 => 3.0, "logit per unit of matching", Normal(0.4), "A sound matching process carries into first trust.", ARTICLE;
    Person trust_schema = 0.3, 0.0 => 0.8, "logit per SD", Normal(0.1), "Proactive persons trust sooner.", ARTICLE;
    Person trust_worldview = 0.15, 0.0 => 0.5, "logit per SD", Normal(0.1), "'Survival of the fittest' trusts later.", ARTICLE;
    Dyad trust_noise = 0.3, 0.0 => 0.8, "logit", Normal(0.08), "SD of chance in first trust.", ASSUMED;
    Dyad trust_informal = 0.5, 0.0 => 1.5, "logit", Normal(0.2), "Trust that colleagues who choose each other already have.", ARTICLE;
    Dyad liking = 0.12, 0.0 => 0.3, "felt quality", Normal(0.03), "SD of each part, shared and own, of how two people take to each other.", ASSUMED;
    Dyad holding_base = 0.35, 0.1 => 0.7, "share", Normal(0.08), "Holding environment before anything is agreed.", ASSUMED;
    Dyad holding_structure = 0.25, 0.0 => 0.5, "share per unit of structure", Normal(0.06), "What a working agreement adds to it.", "Parker, Hall, Kram & Wasserman 2018; value assumed";
    Dyad holding_preparation = 0.10, 0.0 => 0.3, "share per unit of preparation", Normal(0.04), "What preparation adds to it.", ARTICLE;
    Dyad holding_informal = 0.10, 0.0 => 0.3, "share", Normal(0.04), "What knowing each other adds to it.", ARTICLE;
    Person realism = 0.4, 0.0 => 0.9, "share per unit of preparation", Normal(0.12), "How far preparation brings expectations back to what is realistic.", ARTICLE;
    Person coercion = 0.5, 0.0 => 1.2, "SD", Normal(0.15), "What coercion takes from motivation.", ARTICLE;
    Person selection = 0.3, 0.0 => 0.8, "SD", Normal(0.1), "What informed selection of participants adds to motivation.", ARTICLE;
}

/// How well `coach` knows what `learner` needs: weights of need times expertise, SD 1 among strangers.
pub fn needs_met(learner: &Birth, coach: &Birth) -> f64 {
    (0..DOMAINS).fold(0.0, |sum, domain| sum + learner.need[domain] * coach.expertise[domain])
}

/// Fit of a coach to a learner ●, `.8 (2 matching − 1)` plus how needs are met, in SD. `expertise` is what a risk factor
/// takes from everything the coach knows.
pub fn fit(p: &Parameters, matching: f64, needs_met: f64, need: &[f64; DOMAINS], expertise: f64) -> f64 {
    let weight: f64 = need.iter().fold(0.0, |sum, w| sum + w);
    p.organization_to_dyad.matching * p.formation.fit_matching * (2.0 * matching - 1.0) + needs_met + expertise * weight
}

/// First trust ●: `σ(−.2 + 2.4 (climate − .5) + 1.6 (matching − .5) + .3 schema − .15 worldview + .3 N)`, more among
/// colleagues who chose each other.
pub fn first_trust(
    p: &Parameters,
    climate: f64,
    matching: f64,
    schema: f64,
    worldview: f64,
    informal: f64,
    chance: f64,
) -> f64 {
    let t = &p.formation;
    logistic(
        t.trust_base
            + p.organization_to_dyad.climate * t.trust_climate * (climate - 0.5)
            + p.organization_to_dyad.matching * t.trust_matching * (matching - 0.5)
            + p.person_to_dyad.schema * (t.trust_schema * schema - t.trust_worldview * worldview)
            + t.trust_informal * informal
            + t.trust_noise * chance,
    )
}

/// The first holding environment, in [0, 1]. Two people whom nothing brought together (neither formal nor informal) are
/// strangers.
pub fn first_holding(p: &Parameters, program: &program::Setting, formal: f64, informal: f64) -> f64 {
    let t = &p.formation;
    let holding = t.holding_base
        + formal * (t.holding_structure * program.structure + t.holding_preparation * program.preparation)
        + informal * t.holding_informal;
    within(holding, 0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn beginnings_are_in_bounds_and_follow_the_theory(
            p in random::parameters(), climate in -0.5..1.0_f64, matching in 0.0..0.5_f64, schema in -4.0..4.0_f64,
            worldview in -4.0..4.0_f64, chance in -4.0..4.0_f64, formal in 0..2_i32,
        ) {
            let formal = f64::from(formal);
            let at = |climate, matching, schema| first_trust(&p, climate, matching, schema, worldview, 1.0 - formal, chance);
            let base = at(climate, matching, schema);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(at(climate + 0.5, matching, schema) >= base);
            prop_assert!(at(climate, matching + 0.5, schema) >= base);
            prop_assert!(at(climate, matching, schema + 1.0) >= base);
            prop_assert!((0.0..=1.0).contains(&first_holding(&p, &p.program, formal, 1.0 - formal)));
            prop_assert!(first_holding(&p, &p.program, formal, 1.0 - formal) >= first_holding(&p, &p.program, 0.0, 0.0));
        }
    }

    #[test]
    fn matching_that_is_cut_matches_nobody() {
        let mut p = Parameters::default();
        p.organization_to_dyad.matching = 0.0;
        let need = [0.2_f64.sqrt(); DOMAINS];
        assert_eq!(fit(&p, 0.0, 0.3, &need, 0.0), fit(&p, 1.0, 0.3, &need, 0.0));
        assert_eq!(first_trust(&p, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0), first_trust(&p, 0.5, 1.0, 0.0, 0.0, 0.0, 0.0));
    }
}
