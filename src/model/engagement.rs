//! Engagement, and whether two peers meet this week.

use super::dyad::{Block, Surroundings};
use super::lanes::{LANES, all, any};
use super::learning;
use super::maths::{logistic, only, within};
use super::noise::DyadNoise;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// Engagement and meeting.
    Theory, "theory.engagement";
    Person base = 0.6, -0.5 => 1.7, "logit", Normal(0.3), "Engagement of a neutral person in a neutral place.", ASSUMED;
    Person motivation = 0.7, 0.1 => 1.4, "logit per SD", Normal(0.2), "Motivation raises engagement.", ARTICLE;
    Dyad trust = 1.5, 0.0 => 3.0, "logit per unit of trust", Normal(0.4), "Trust raises engagement.", ARTICLE;
    Person schema = 0.3, 0.0 => 0.8, "logit per SD", Normal(0.1), "A proactive relational schema raises engagement.", ARTICLE;
    Person awareness = 0.2, 0.0 => 0.6, "logit per SD", Normal(0.1), "Self-awareness raises engagement: the value of working with another is seen.", ARTICLE;
    Person mind_set = 0.2, 0.0 => 0.6, "logit per SD", Normal(0.1), "A growth mind-set raises engagement.", ARTICLE;
    Organization incentives = 0.8, 0.0 => 1.6, "logit per unit of incentives", Normal(0.25), "Incentives for development raise engagement.", ARTICLE;
    Organization competition = 0.8, 0.0 => 1.6, "logit per unit of competition", Normal(0.25), "Competition lowers engagement: helping is a distraction from the 'real work'.", ARTICLE;
    Person self_serving = 0.5, 0.0 => 1.5, "logit", Normal(0.2), "A self-serving intent lowers engagement.", ARTICLE;
    Society collectivism = 0.3, 0.0 => 1.0, "logit per unit of collectivism", Normal(0.15), "Collectivism makes helping a matter of course.", ARTICLE;
    Dyad meeting_rate = 0.9, 0.5 => 1.0, "probability", Normal(0.05), "Probability that an offered meeting of two fully engaged peers takes place.", ASSUMED;
    Organization collaboration = 0.5, 0.0 => 1.0, "per unit of collaboration", Normal(0.15), "Collaborative practices leave room for meetings.", ARTICLE;
    Organization hierarchy = 0.2, 0.0 => 0.6, "per unit of hierarchy", Normal(0.1), "Hierarchy leaves less room for meetings among peers.", ARTICLE;
    Dyad informal_base = 0.8, -1.0 => 2.5, "logit", Normal(0.4), "Informal coaching: log odds of seeking a colleague in a week rather than nobody, all else neutral.", ASSUMED;
    Person informal_need = 1.0, 0.0 => 2.5, "logit per share of needs unmet", Normal(0.3), "Informal coaching is sought out of need.", ARTICLE;
    Person informal_schema = 0.4, 0.0 => 1.0, "logit per SD", Normal(0.15), "Informal coaching is sought by the proactive.", ARTICLE;
    Dyad informal_trust = 2.0, 0.0 => 4.0, "logit per unit of trust", Normal(0.5), "Informal coaching is sought where trust is.", ARTICLE;
    Dyad informal_familiarity = 0.5, 0.0 => 1.5, "logit per unit of familiarity", Normal(0.2), "Colleagues who know each other seek each other.", ARTICLE;
    Dyad familiarity_growth = 0.1, 0.0 => 0.4, "share of what is left per meeting", Normal(0.03), "How fast two people come to know each other.", ASSUMED;
    Organization informal_climate = 1.0, 0.0 => 2.5, "logit per unit of climate", Normal(0.3), "Informal coaching thrives in a climate of trust.", ARTICLE;
    Organization informal_competition = 1.0, 0.0 => 2.5, "logit per unit of competition", Normal(0.3), "Informal coaching withers under competition.", ARTICLE;
}

/// Engagement of a person with this partner, in (0, 1) ●:
///
/// `σ(.6 + .7 motivation + 1.5 (trust − .5) + .3 schema + .2 awareness + .2 mind_set + .8 incentives − .8 (competition − .4)
/// − .5 self_serving + .3 (collectivism − .3))`.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn engagement(
    p: &Parameters,
    motivation: f64,
    trust: f64,
    schema: f64,
    awareness: f64,
    mind_set: f64,
    self_serving: f64,
    incentives: f64,
    competition: f64,
    collectivism: f64,
) -> f64 {
    let t = &p.engagement;
    let (person, organization) = (&p.person_to_dyad, &p.organization_to_person);
    logistic(
        t.base
            + person.motivation * t.motivation * motivation
            + t.trust * (trust - 0.5)
            + person.schema * t.schema * schema
            + person.awareness * t.awareness * awareness
            + person.mind_set * t.mind_set * mind_set
            + organization.incentives * t.incentives * incentives
            - organization.competition * t.competition * (competition - 0.4)
            - person.intent * t.self_serving * self_serving
            + p.society_to_person.collectivism * t.collectivism * (collectivism - 0.3),
    )
}

/// Probability of meeting in a formal program's week ●, `.9 × meetings_per_week × (e_a e_b)^¼`, times the room that the
/// organization's practices leave, at most 1.
#[inline(always)]
pub fn meeting_probability(
    p: &Parameters,
    meetings_per_week: f64,
    a: f64,
    b: f64,
    collaboration: f64,
    hierarchy: f64,
) -> f64 {
    let t = &p.engagement;
    let room = 1.0
        + p.organization_to_dyad.practices
            * (t.collaboration * (collaboration - 0.5) - t.hierarchy * (hierarchy - 0.5));
    within(t.meeting_rate * meetings_per_week * (a * b).sqrt().sqrt() * room, 0.0, 1.0)
}

/// How much a tied colleague appeals to a person who might seek informal coaching this week, in log odds against seeking
/// nobody: `base + (need left − .5) + .4 schema + 2 (trust − .5) + .5 familiarity + similarity + (climate − .5)
/// − (competition − .4)`.
#[allow(clippy::too_many_arguments)]
pub fn appeal(
    p: &Parameters,
    need: f64,
    schema: f64,
    trust: f64,
    familiarity: f64,
    similarity: f64,
    climate: f64,
    competition: f64,
) -> f64 {
    let t = &p.engagement;
    t.informal_base
        + t.informal_need * (need - 0.5)
        + p.person_to_dyad.schema * t.informal_schema * schema
        + t.informal_trust * (trust - 0.5)
        + t.informal_familiarity * familiarity
        + p.person_to_dyad.homophily * p.network.choice * similarity
        + p.organization_to_dyad.climate * t.informal_climate * (climate - 0.5)
        - p.organization_to_dyad.competition * t.informal_competition * (competition - 0.4)
}

/// What everyone brings to the week, and who meets. After a program its pairs meet out of habit, as far as they still have
/// needs that the other can meet; colleagues who seek each other know no such end.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // A lane indexes many states.
pub(crate) fn meet(block: &mut Block, around: &Surroundings, noise: &DyadNoise, p: &Parameters, week: f64) {
    for member in &mut block.members {
        let (person, tie, turn) = (&member.person, &member.tie, &mut member.turn);
        for i in 0..LANES {
            turn.reflection[i] = logistic(person.self_awareness[i]);
            turn.unmet[i] = learning::left(p, tie.learned_here[i]);
        }
        for i in 0..LANES {
            turn.engagement[i] = engagement(
                p,
                person.motivation[i],
                tie.trust[i],
                person.schema[i],
                person.self_awareness[i],
                person.mind_set[i],
                person.self_serving[i],
                around.incentives[i],
                around.competition[i],
                around.collectivism[i],
            );
        }
    }
    let [a, b] = &block.members;
    let shared = &mut block.shared;
    // After a program how firm the habit of the two is.
    let mut over = all(0.0);
    for i in 0..LANES {
        over[i] = only(week >= shared.program_weeks[i], shared.formal[i]);
    }
    let (mut habits, mut needs) = (all(0.0), all(0.0));
    if any(&over) {
        for i in 0..LANES {
            habits[i] = (a.person.habit[i] * b.person.habit[i]).sqrt();
            needs[i] = 0.5 * (a.turn.unmet[i] + b.turn.unmet[i]);
        }
    }
    for i in 0..LANES {
        let formal = meeting_probability(
            p,
            shared.meetings_per_week[i],
            a.turn.engagement[i],
            b.turn.engagement[i],
            around.collaboration[i],
            around.hierarchy[i],
        );
        let habit = formal * habits[i] * needs[i];
        let in_program = if week < shared.program_weeks[i] { formal } else { habit };
        // Colleagues who sit together have sought each other this week.
        let probability = if shared.formal[i] > 0.5 { in_program } else { formal };
        shared.met[i] = only(noise.meeting[i] < probability, shared.active[i]);
        shared.meetings[i] += shared.met[i];
        shared.familiarity[i] += p.engagement.familiarity_growth * shared.met[i] * (1.0 - shared.familiarity[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn engagement_follows_the_theory(
            p in random::parameters(), motivation in -5.0..5.0_f64, trust in 0.0..0.5_f64, schema in -5.0..5.0_f64,
            incentives in -1.0..0.0_f64, competition in 0.0..0.5_f64,
        ) {
            let at = |m, t, s, own, i, c| engagement(&p, m, t, s, 0.0, 0.0, own, i, c, 0.3);
            let base = at(motivation, trust, schema, 0.0, incentives, competition);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(at(motivation + 1.0, trust, schema, 0.0, incentives, competition) >= base);
            prop_assert!(at(motivation, trust + 0.5, schema, 0.0, incentives, competition) >= base);
            prop_assert!(at(motivation, trust, schema + 1.0, 0.0, incentives, competition) >= base);
            prop_assert!(at(motivation, trust, schema, 1.0, incentives, competition) <= base);
            prop_assert!(at(motivation, trust, schema, 0.0, incentives + 1.0, competition) >= base);
            prop_assert!(at(motivation, trust, schema, 0.0, incentives, competition + 0.5) <= base);
        }

        #[test]
        fn meetings_have_probabilities(
            p in random::parameters(), offered in 0.05..=1.0_f64, a in 0.0..=1.0_f64, b in 0.0..=1.0_f64,
            collaboration in 0.0..=1.0_f64, hierarchy in 0.0..=1.0_f64, need in 0.0..=1.0_f64,
        ) {
            let formal = meeting_probability(&p, offered, a, b, collaboration, hierarchy);
            prop_assert!((0.0..=1.0).contains(&formal));
            prop_assert_eq!(formal, meeting_probability(&p, offered, b, a, collaboration, hierarchy));
            let at = |trust, familiarity, similarity, climate, competition| {
                appeal(&p, need, 0.0, trust, familiarity, similarity, climate, competition)
            };
            let base = at(0.5 * a, 0.5, 0.0, 0.5 * b, 0.5 * hierarchy);
            prop_assert!(base.is_finite());
            prop_assert!(at(0.5 * a + 0.5, 0.5, 0.0, 0.5 * b, 0.5 * hierarchy) >= base);
            prop_assert!(at(0.5 * a, 1.0, 0.0, 0.5 * b, 0.5 * hierarchy) >= base);
            prop_assert!(at(0.5 * a, 0.5, 1.0, 0.5 * b, 0.5 * hierarchy) >= base);
            prop_assert!(at(0.5 * a, 0.5, 0.0, 0.5 * b + 0.5, 0.5 * hierarchy) >= base);
            prop_assert!(at(0.5 * a, 0.5, 0.0, 0.5 * b, 0.5 * hierarchy + 0.5) <= base);
        }
    }
}
