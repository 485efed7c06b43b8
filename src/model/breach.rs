//! Breach of confidence, its unintended twin regret, and revenge.

use super::dyad::{Member, Shared, Surroundings};
use super::lanes::{LANES, Lanes, all, any};
use super::maths::{flag, greatest, least, logistic, only, positive, within};
use super::noise::TurnNoise;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::emotional_competence;

parameters! {
    /// Breach of confidence, regret, revenge.
    Theory, "theory.breach";
    Dyad base = 0.0015, 0.0 => 0.006, "probability per week", Normal(0.0005), "Hazard that a confidence is broken by mishap, at full disclosure.", ASSUMED;
    Person malice = 0.06, 0.0 => 0.2, "probability per week", Normal(0.02), "What an exploitative or vengeful partner adds.", ARTICLE;
    Organization competition = 0.004, 0.0 => 0.02, "probability per week per unit of competition", Normal(0.0015), "What competition above .4 adds.", ARTICLE;
    Organization climate = 0.004, 0.0 => 0.02, "probability per week per unit of climate", Normal(0.0015), "What a climate of mistrust, below .5, adds.", ARTICLE;
    Person careless = 0.002, 0.0 => 0.01, "probability per week", Normal(0.0006), "What poor judgment adds: low awareness and emotional competence.", ARTICLE;
    Person goal_driven = 0.008, 0.0 => 0.03, "probability per week per unit of competition", Normal(0.003), "What a loss of perspective in pursuit of own goals adds: competition times low mutuality.", ARTICLE;
    Dyad confidentiality = 0.6, 0.0 => 1.0, "share", Normal(0.15), "Share of breaches that a full ground rule of confidentiality prevents.", ARTICLE;
    Dyad trust_kept = 0.25, 0.0 => 0.8, "share", Normal(0.1), "Share of trust that survives a breach.", "trust after violation: Kim et al 2004; value assumed";
    Dyad ceiling_kept = 0.7, 0.3 => 1.0, "share", Normal(0.1), "Share of what trust can ever reach that survives a betrayal; an honest lapse leaves it alone.", "Schweitzer, Hershey & Bradlow 2006; value assumed";
    Person schema_loss = 0.5, 0.0 => 1.2, "SD", Normal(0.15), "What a breach takes from the relational schema.", ARTICLE;
    Person esteem_loss = 0.3, 0.0 => 1.0, "SD", Normal(0.1), "What a breach takes from self-esteem.", ARTICLE;
    Person career_loss = 0.15, 0.0 => 0.6, "SD", Normal(0.05), "What a breach takes from the career of the betrayed.", ARTICLE;
    Person career_loss_own = 0.05, 0.0 => 0.4, "SD", Normal(0.02), "What a betrayal costs the betrayer's own reputation.", ARTICLE;
    Person strain = 0.8, 0.0 => 2.0, "SD", Normal(0.25), "Strain after a breach.", ARTICLE;
    Person revenge = 0.5, 0.0 => 1.0, "probability", Normal(0.15), "Probability that the betrayed turn, before the logistic of worldview and competence.", ARTICLE;
    Person revenge_worldview = 0.5, 0.0 => 1.5, "logit per SD", Normal(0.15), "'Survival of the fittest' turns the betrayed.", ARTICLE;
    Person revenge_competence = 0.3, 0.0 => 1.0, "logit per SD", Normal(0.1), "Emotional competence keeps the betrayed from turning.", ARTICLE;
    Dyad fading = 0.98, 0.8 => 1.0, "share per week", Normal(0.01), "How long what was revealed can be betrayed.", ASSUMED;
    Person regret_depth = 0.6, 0.3 => 0.9, "disclosure", Normal(0.08), "Disclosure beyond which a bad turn is regretted.", ARTICLE;
    Person regret_fading = 0.95, 0.7 => 1.0, "share per week", Normal(0.02), "How slowly regret fades.", ASSUMED;
    Dyad exposed = 6.0, 0.0 => 12.0, "per unit of exposure", Normal(2.0), "How the risk factor multiplies these hazards.", ASSUMED;
}

/// Weekly hazards that a partner breaks a person's confidence: without intent (a lapse), and with it (a betrayal).
#[derive(Clone, Copy, Debug)]
pub struct Hazards {
    /// Mishap and poor judgment.
    pub lapse: f64,
    /// Malice, competition, mistrust, own goals.
    pub betrayal: f64,
}

/// The hazards ●: `revealed (.0015 + .06 [malice] + .004 (competition − .4)⁺ + .004 (.5 − climate)⁺)(1 − .6 confidentiality)`
/// and two more motives: `carelessness` and `drive`, in (0, 1). One must have revealed something to be betrayed; together at
/// most 1. They never fall, to the bit, as those two rise.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn hazards(
    p: &Parameters,
    revealed: f64,
    malice: f64,
    competition: f64,
    climate: f64,
    carelessness: f64,
    drive: f64,
    confidentiality: f64,
    risk: f64,
) -> Hazards {
    let t = &p.breach;
    let scale = within(revealed, 0.0, 1.0) * (1.0 - t.confidentiality * confidentiality) * risk;
    let pressure = p.organization_to_dyad.competition * positive(competition - 0.4);
    let lapse = scale * (t.base + t.careless * carelessness);
    let betrayal = scale
        * (p.person_to_dyad.intent * t.malice * malice
            + t.competition * pressure
            + p.organization_to_dyad.climate * t.climate * positive(0.5 - climate)
            + t.goal_driven * pressure * drive);
    let betrayal = least(betrayal, 1.0);
    Hazards { lapse: least(lapse, 1.0 - betrayal), betrayal }
}

/// Poor judgment of a partner, in (0, 1): `σ(−(self_awareness + emotional_competence))`.
#[inline(always)]
pub fn carelessness(p: &Parameters, empathy: f64, self_awareness: f64) -> f64 {
    logistic(-(self_awareness + emotional_competence(p.person_to_dyad.skill * empathy, self_awareness)))
}

/// Pursuit of own goals by a partner, in (0, 1): `σ(worldview)`.
#[inline(always)]
pub fn drive(worldview: f64) -> f64 {
    logistic(worldview)
}

/// Probability that the betrayed turns on the partner: `.5 σ(.5 worldview − .3 emotional_competence)`.
#[inline(always)]
pub fn revenge(p: &Parameters, worldview: f64, competence: f64) -> f64 {
    p.mechanism.revenge
        * p.breach.revenge
        * logistic(p.breach.revenge_worldview * worldview - p.breach.revenge_competence * competence)
}

/// Whose confidence is broken this week, and who regrets.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // A lane indexes many states.
pub(crate) fn strike(
    member: &mut Member,
    partner: &Member,
    shared: &Shared,
    around: &Surroundings,
    noise: &TurnNoise,
    p: &Parameters,
) {
    let t = &p.breach;
    let (person, tie, turn, count) = (&mut member.person, &mut member.tie, &mut member.turn, &mut member.count);
    let (mut malice, mut possible) = (all(0.0), all(0.0));
    for i in 0..LANES {
        tie.revealed[i] = greatest(t.fading * tie.revealed[i], turn.disclosure[i]);
        malice[i] = flag(partner.person.exploitative[i] + partner.person.vengeful[i] > 0.5);
        // No partner is more careless or driven than fully: chance beyond these hazards breaks nothing.
        let most = hazards(
            p,
            tie.revealed[i],
            malice[i],
            around.competition[i],
            around.climate[i],
            1.0,
            1.0,
            shared.confidentiality[i],
            shared.breach_risk[i],
        );
        possible[i] = only(noise.breach[i] < most.betrayal + most.lapse, shared.active[i]);
        let depth = positive(turn.disclosure[i] - t.regret_depth) * (1.0 / (1.0 - t.regret_depth));
        let regretted = p.mechanism.regret
            * turn.destructive[i]
            * depth
            * shared.breach_risk[i]
            * (1.0 - shared.carrying_capacity[i]);
        person.regret[i] = within(t.regret_fading * person.regret[i] + regretted, 0.0, 3.0);
        count.regrets[i] += p.mechanism.regret * turn.destructive[i] * flag(depth > 0.0);
    }
    (turn.betrayal, turn.lapse) = (all(0.0), all(0.0));
    if !any(&possible) {
        return;
    }
    let mut broken = all(0.0);
    for i in 0..LANES {
        let h = hazards(
            p,
            tie.revealed[i],
            malice[i],
            around.competition[i],
            around.climate[i],
            carelessness(p, partner.person.empathy[i], partner.person.self_awareness[i]),
            drive(partner.person.worldview[i]),
            shared.confidentiality[i],
            shared.breach_risk[i],
        );
        let (u, active) = (noise.breach[i], shared.active[i]);
        turn.betrayal[i] = only(u < h.betrayal, active);
        turn.lapse[i] = only((u >= h.betrayal) & (u < h.betrayal + h.lapse), active);
        broken[i] = turn.betrayal[i] + turn.lapse[i];
    }
    if any(&broken) {
        suffer(member, shared, &broken, p);
    }
}

/// What a broken confidence does to the person whose it was.
#[inline(always)]
fn suffer(member: &mut Member, shared: &Shared, broken: &Lanes, p: &Parameters) {
    let t = &p.breach;
    let harm = p.dyad_to_person.harm;
    let (person, tie, turn, count) = (&mut member.person, &mut member.tie, &member.turn, &mut member.count);
    for i in 0..LANES {
        let (broken, betrayal) = (broken[i], turn.betrayal[i]);
        // A pair that has recovered before bends where another breaks.
        let bent = p.trust.cushion * shared.tensility[i];
        tie.trust[i] *= 1.0 - broken * (1.0 - t.trust_kept) * (1.0 - bent);
        tie.trust_ceiling[i] *= 1.0 - betrayal * (1.0 - t.ceiling_kept);
        person.schema[i] -= harm * t.schema_loss * broken;
        person.self_esteem[i] -= harm * t.esteem_loss * broken;
        person.career[i] -= harm * t.career_loss * broken;
        person.strain[i] += harm * t.strain * broken;
        count.breaches[i] += broken;
        count.betrayals[i] += betrayal;
        count.negative_effects[i] += broken;
    }
}

/// A betrayal costs the betrayer's reputation too, and the betrayed may turn; read after both have been struck, so that
/// it does not matter who sits where.
#[inline(always)]
pub(crate) fn aftermath(member: &mut Member, partner: &Member, noise: &TurnNoise, p: &Parameters) {
    let (person, turn) = (&mut member.person, &member.turn);
    if !any(&turn.betrayal) && !any(&partner.turn.betrayal) {
        return;
    }
    for i in 0..LANES {
        person.career[i] -= p.dyad_to_person.harm * p.breach.career_loss_own * partner.turn.betrayal[i];
        let own = emotional_competence(p.person_to_dyad.skill * person.empathy[i], person.self_awareness[i]);
        let turned = turn.betrayal[i] * flag(noise.revenge[i] < revenge(p, person.worldview[i], own));
        person.vengeful[i] = greatest(person.vengeful[i], turned);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn hazards_are_probabilities_and_follow_the_theory(
            p in random::parameters(), revealed in 0.0..=1.0_f64, malice in 0..2_i32, competition in 0.0..=1.0_f64,
            awareness in -5.0..5.0_f64, worldview in -4.0..4.0_f64, rule in 0.0..0.5_f64, risk in 1.0..13.0_f64,
            climate in 0.0..=1.0_f64,
        ) {
            let malice = f64::from(malice);
            let (careless, driven) = (carelessness(&p, 0.0, awareness), drive(worldview));
            let at = |revealed, malice, rule| hazards(&p, revealed, malice, competition, climate, careless, driven, rule, risk);
            let h = at(revealed, malice, rule);
            let most = hazards(&p, revealed, malice, competition, climate, 1.0, 1.0, rule, risk);
            prop_assert!(h.lapse + h.betrayal <= most.lapse + most.betrayal, "a bound to the bit");
            prop_assert!(h.lapse >= 0.0 && h.betrayal >= 0.0 && h.lapse + h.betrayal <= 1.0 + 1e-12);
            prop_assert!(at(revealed, 1.0, rule).betrayal >= at(revealed, 0.0, rule).betrayal - 1e-12);
            let ruled = at(revealed, malice, rule + 0.5);
            prop_assert!(ruled.lapse + ruled.betrayal <= h.lapse + h.betrayal + 1e-12);
            let silent = at(0.0, malice, rule);
            prop_assert_eq!(silent.lapse + silent.betrayal, 0.0, "one must have disclosed to be betrayed");
            prop_assert!((0.0..=1.0).contains(&revenge(&p, worldview, awareness)));
        }
    }

    #[test]
    fn cut_arrows_betray_nobody() {
        let mut p = Parameters::default();
        p.person_to_dyad.intent = 0.0;
        p.organization_to_dyad.competition = 0.0;
        p.organization_to_dyad.climate = 0.0;
        assert_eq!(hazards(&p, 1.0, 1.0, 1.0, 0.0, 0.5, drive(3.0), 0.0, 1.0).betrayal, 0.0);
        p.mechanism.revenge = 0.0;
        assert_eq!(revenge(&p, 3.0, -3.0), 0.0);
    }
}
