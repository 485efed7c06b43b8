//! A coaching turn: what the learner discloses, how the coach responds, what it is worth and how it feels.
//!
//! A turn has two outcomes, because advice can be resisted or absorbed, collusion can feel good, and challenge can hurt
//! and teach: learning reads the benefit b, everything relational reads the felt quality f.

use super::dyad::{Member, Shared, Surroundings};
use super::lanes::{LANES, any};
use super::maths::{choose, exponential, flag, logistic, only, positive};
use super::noise::TurnNoise;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::coaching_skill;
use super::society::Society;

parameters! {
    /// Disclosure, response mode, benefit and felt quality.
    Theory, "theory.episode";
    Person disclosure_base = -0.2, -1.2 => 0.8, "logit", Normal(0.25), "Disclosure of a neutral learner to a neutral partner.", ASSUMED;
    Person disclosure_skill = 0.5, 0.0 => 1.2, "logit per SD", Normal(0.15), "The skill of self-disclosure.", ARTICLE;
    Dyad disclosure_trust = 2.5, 0.5 => 4.5, "logit per unit of trust", Normal(0.6), "Trust lets people open up.", ARTICLE;
    Dyad disclosure_holding = 1.0, 0.0 => 2.5, "logit per unit of holding", Normal(0.3), "A holding environment lets people open up.", "Parker, Hall, Kram & Wasserman 2018; value assumed";
    Person disclosure_schema = 0.2, 0.0 => 0.6, "logit per SD", Normal(0.1), "A proactive schema lets people open up.", ARTICLE;
    Person disclosure_worldview = 0.15, 0.0 => 0.5, "logit per SD", Normal(0.1), "'Survival of the fittest' closes people.", ARTICLE;
    Organization disclosure_competition = 1.2, 0.0 => 2.5, "logit per unit of competition", Normal(0.35), "Competition makes it hard to ask for help and to admit mistakes.", ARTICLE;
    Organization disclosure_climate = 1.2, 0.0 => 2.5, "logit per unit of climate", Normal(0.35), "A climate of trust, as perceived, lets people open up.", ARTICLE;
    Dyad disclosure_submission = 0.4, 0.0 => 1.2, "logit per unit of submission", Normal(0.15), "Submission closes the submissive member.", ARTICLE;
    Person disclosure_regret = 0.8, 0.0 => 2.0, "logit per unit of regret", Normal(0.25), "Regret of earlier disclosure closes people.", ARTICLE;
    Society disclosure_stereotype = 0.6, 0.0 => 1.5, "logit per unit of stereotype", Normal(0.2), "A majority learner with an unexamined stereotype sees no useful resource in a minority coach.", ARTICLE;
    Society disclosure_face = 0.2, 0.0 => 0.8, "logit per unit of power distance", Normal(0.1), "Loss of face among equals where power distance is high; small, since peers have equal status.", ARTICLE;
    Society disclosure_belonging = 0.2, 0.0 => 0.8, "logit per unit of collectivism", Normal(0.1), "Collectivism opens people within the group.", ARTICLE;
    Society disclosure_instrumental = 0.5, 0.0 => 1.5, "logit per unit of the norm", Normal(0.2), "The norm against instrumental help closes people who would ask.", ARTICLE;
    Dyad inquire_base = 0.6, -0.5 => 1.7, "logit", Normal(0.25), "Log weight of inquiring.", ASSUMED;
    Person inquire_listening = 0.6, 0.0 => 1.2, "logit per SD", Normal(0.2), "Listening makes coaches inquire.", ARTICLE;
    Person inquire_empathy = 0.4, 0.0 => 1.0, "logit per SD", Normal(0.15), "Empathy makes coaches inquire.", ARTICLE;
    Organization inquire_toolkit = 0.6, 0.0 => 1.5, "logit per unit of toolkit", Normal(0.2), "A cultural toolkit for reflecting makes coaches inquire.", ARTICLE;
    Dyad inquire_structure = 0.4, 0.0 => 1.2, "logit per unit of structure", Normal(0.15), "Guidelines make coaches inquire.", ARTICLE;
    Dyad advise_base = 0.2, -1.0 => 1.2, "logit", Normal(0.25), "Log weight of giving advice, the 'doctor' mode.", "Schein 2010; value assumed";
    Person advise_overrating = 0.2, 0.0 => 0.8, "logit per SD", Normal(0.1), "Who overrates the own skill plays the doctor.", ARTICLE;
    Person advise_dominance = 0.25, 0.0 => 0.8, "logit per SD", Normal(0.1), "The dominant give advice.", ARTICLE;
    Dyad superficial_base = -0.6, -2.0 => 0.5, "logit", Normal(0.3), "Log weight of staying superficial at engagement .7.", ASSUMED;
    Person superficial_disengagement = 2.0, 0.0 => 4.0, "logit per unit of engagement", Normal(0.5), "Disengaged coaches stay superficial.", ARTICLE;
    Person superficial_agility = 0.5, 0.0 => 0.8, "logit per SD", Normal(0.15), "Who cannot move between learner and facilitator stays superficial.", "Parker, Kram & Hall 2012 (construct and direction); value chosen so that the risk factor is not inert";
    Dyad undermine_base = -4.6, -7.0 => -3.0, "logit", Normal(0.4), "Log weight of undermining without bad intent.", ASSUMED;
    Dyad undermine_malice = 0.6, -1.0 => 2.0, "logit", Normal(0.4), "Log weight of undermining with bad intent.", ARTICLE;
    Organization undermine_competition = 2.5, 0.0 => 5.0, "logit per unit of competition", Normal(0.6), "Competition makes coaches undermine.", ARTICLE;
    Organization undermine_climate = 1.2, 0.0 => 2.5, "logit per unit of climate", Normal(0.35), "A climate of mistrust, as the coach perceives it, makes coaches undermine.", ARTICLE;
    Dyad value_inquire = 0.55, 0.2 => 0.9, "benefit", Normal(0.1), "Value of inquiry by a coach of mean skill.", ASSUMED;
    Person value_skill = 0.30, 0.0 => 0.6, "benefit per SD", Normal(0.08), "What skill adds to inquiry.", ARTICLE;
    Dyad value_fit = 0.15, 0.0 => 0.4, "benefit per SD", Normal(0.05), "What needs-based fit adds to inquiry.", ARTICLE;
    Dyad advice_fit = 0.30, 0.0 => 0.6, "benefit per SD", Normal(0.08), "Value of advice per SD of fit: advice is worth what fits.", ARTICLE;
    Person advice_skill = 0.10, 0.0 => 0.4, "benefit per SD", Normal(0.05), "What skill adds to advice.", ASSUMED;
    Dyad depth = 0.25, 0.0 => 0.6, "share", Normal(0.08), "What a turn is worth without any disclosure, relative to full disclosure.", ASSUMED;
    Dyad presence = 0.6, 0.2 => 1.0, "share", Normal(0.1), "What a coach's mere presence is worth, relative to full engagement.", ASSUMED;
    Dyad presence_engagement = 0.6, 0.0 => 1.2, "share per unit of engagement", Normal(0.1), "What the coach's engagement adds to that.", ASSUMED;
    Dyad harm_guarded = 0.5, 0.1 => 1.0, "share", Normal(0.15), "Share of the harm of undermining that reaches a learner who discloses nothing.", ASSUMED;
    Dyad harm = 1.0, 0.3 => 2.0, "benefit", Normal(0.25), "What undermining takes away at full disclosure.", ARTICLE;
    Dyad benefit_noise = 0.20, 0.0 => 0.5, "benefit", Normal(0.04), "SD of chance in a turn's benefit.", ASSUMED;
    Dyad felt_noise = 0.28, 0.0 => 0.6, "felt quality", Normal(0.05), "SD of chance in how a turn feels.", ASSUMED;
    Person reaction = 0.25, 0.0 => 0.8, "felt quality", Normal(0.08), "Annoyance at advice of a very dominant learner; the submissive absorb it without question.", ARTICLE;
    Dyad collusion = 0.1, 0.0 => 0.4, "felt quality per unit of dependence", Normal(0.05), "Collusion feels good.", "Scandura 1998; value assumed";
    Person disappointment = 0.25, 0.0 => 0.8, "felt quality per unit of benefit", Normal(0.08), "Unmet expectations hurt.", ARTICLE;
}

/// Felt quality below which a turn is destructive.
pub const DESTRUCTIVE: f64 = -0.25;
/// Felt quality below which a turn is severe.
pub const SEVERE: f64 = -1.0;

/// How far a learner opens up, in (0, 1) ●.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn disclosure(
    p: &Parameters,
    skill: f64,
    trust: f64,
    holding: f64,
    schema: f64,
    worldview: f64,
    competition: f64,
    climate_perceived: f64,
    submission: f64,
    regret: f64,
    stereotyped: f64,
    audience: f64,
    society: Society,
) -> f64 {
    let t = &p.episode;
    let face = p.circle.face
        + p.society_to_dyad.power_distance * p.circle.face_power_distance * (society.power_distance - 0.4)
        + p.society_to_dyad.collectivism * p.circle.face_collectivism * (society.collectivism - 0.3);
    logistic(
        t.disclosure_base
            + p.person_to_dyad.skill * t.disclosure_skill * skill
            + t.disclosure_trust * (trust - 0.5)
            + t.disclosure_holding * (holding - 0.5)
            + p.person_to_dyad.schema * (t.disclosure_schema * schema - t.disclosure_worldview * worldview)
            - p.organization_to_dyad.competition * t.disclosure_competition * (competition - 0.4)
            + p.organization_to_dyad.climate * t.disclosure_climate * (climate_perceived - 0.5)
            - t.disclosure_submission * submission
            - t.disclosure_regret * regret
            - t.disclosure_stereotype * society.stereotype * stereotyped
            - p.society_to_dyad.power_distance * t.disclosure_face * (society.power_distance - 0.4)
            + p.society_to_dyad.collectivism
                * (t.disclosure_belonging * (society.collectivism - 0.3)
                    - t.disclosure_instrumental * society.instrumental_help_norm)
            - audience * positive(face),
    )
}

/// Log weights of the coach's response modes: inquire, advise, superficial, undermine ● (multinomial logit).
#[derive(Clone, Copy, Debug)]
pub struct Modes {
    /// Inquire: ask, reflect, summarize.
    pub inquire: f64,
    /// Advise: the 'doctor' mode.
    pub advise: f64,
    /// Stay superficial.
    pub superficial: f64,
    /// Undermine.
    pub undermine: f64,
}

/// The log weights of [`Modes`] for a coach in this place.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn modes(
    p: &Parameters,
    listening: f64,
    empathy: f64,
    skill: f64,
    self_view: f64,
    dominance: f64,
    engagement: f64,
    role_agility: f64,
    malice: f64,
    competition: f64,
    climate_perceived: f64,
    toolkit: f64,
    structure: f64,
) -> Modes {
    let t = &p.episode;
    let (person, organization) = (&p.person_to_dyad, &p.organization_to_dyad);
    let pressure = organization.competition * t.undermine_competition * (competition - 0.4)
        - organization.climate * t.undermine_climate * (climate_perceived - 0.5);
    Modes {
        inquire: t.inquire_base
            + person.skill * (t.inquire_listening * listening + t.inquire_empathy * empathy)
            + organization.toolkit * t.inquire_toolkit * (toolkit - 0.5)
            + t.inquire_structure * structure,
        advise: t.advise_base
            + person.skill * person.awareness * t.advise_overrating * (self_view - skill)
            + t.advise_dominance * dominance,
        superficial: t.superficial_base + t.superficial_disengagement * (0.7 - engagement)
            - person.skill * t.superficial_agility * role_agility,
        undermine: t.undermine_base + person.intent * malice * (t.undermine_malice - t.undermine_base) + pressure,
    }
}

/// What a turn is worth to the learner, b ●, without its chance.
///
/// Inquire and advise: `(disclosure + .25) × value × (.6 + .6 engagement_c)`; undermine: `−1.0 (.5 + .5 disclosure)`.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub fn benefit(
    p: &Parameters,
    disclosure: f64,
    engagement: f64,
    skill: f64,
    fit: f64,
    inquire: f64,
    advise: f64,
    undermine: f64,
) -> f64 {
    let t = &p.episode;
    let skill = p.person_to_dyad.skill * skill;
    let value = inquire * (t.value_inquire + t.value_skill * skill + t.value_fit * fit)
        + advise * (t.advice_fit * fit + t.advice_skill * skill);
    (disclosure + t.depth) * value * (t.presence + t.presence_engagement * engagement)
        - undermine * t.harm * (t.harm_guarded + (1.0 - t.harm_guarded) * disclosure)
}

/// How a turn feels, f ●, without its chance:
/// `b + χ − reaction [advice] + .1 |dependence| − .25 (expectation − b)⁺`.
#[inline(always)]
pub fn felt(
    p: &Parameters,
    benefit: f64,
    liking: f64,
    advise: f64,
    dominance: f64,
    dependence: f64,
    expectation: f64,
) -> f64 {
    let t = &p.episode;
    benefit + liking - advise * t.reaction * logistic(dominance) + t.collusion * dependence.abs()
        - t.disappointment * positive(expectation - benefit)
}

/// One turn in each of a block's dyads that met: `learner` learns, `coach` coaches.
///
/// `submission_sign` is −1 for the first member and +1 for the second: dependence is positive where the first dominates.
#[inline(always)]
#[allow(clippy::too_many_arguments)]
pub(crate) fn turn(
    learner: &mut Member,
    coach: &Member,
    shared: &Shared,
    around: &Surroundings,
    noise: &TurnNoise,
    p: &Parameters,
    submission_sign: f64,
    week: f64,
) {
    let (person, tie, turn, count) = (&learner.person, &learner.tie, &mut learner.turn, &mut learner.count);
    let other = &coach.person;
    if !any(&shared.met) {
        turn.rest();
        return;
    }
    for i in 0..LANES {
        turn.disclosure[i] = shared.met[i]
            * disclosure(
                p,
                person.disclosure[i],
                tie.trust[i],
                shared.holding[i],
                person.schema[i],
                person.worldview[i],
                around.competition[i],
                around.climate[i] + person.perception[i],
                positive(submission_sign * shared.dependence[i]),
                person.regret[i],
                (1.0 - person.minority[i]) * other.minority[i],
                shared.audience[i],
                Society::around(around, i),
            );
    }
    for i in 0..LANES {
        let in_force = only(week < shared.program_weeks[i], shared.structure[i]);
        let skill = coaching_skill(other.listening[i], other.empathy[i], other.feedback[i]);
        let malice = flag(other.exploitative[i] + other.vengeful[i] > 0.5);
        let weights = modes(
            p,
            other.listening[i],
            other.empathy[i],
            skill,
            other.self_view[i],
            other.dominance[i],
            coach.turn.engagement[i],
            other.role_agility[i],
            malice,
            around.competition[i],
            around.climate[i] + other.perception[i],
            around.toolkit[i],
            in_force,
        );
        let inquire = exponential(weights.inquire);
        let advise = exponential(weights.advise);
        let superficial = exponential(weights.superficial);
        let undermine = exponential(weights.undermine);
        let u = noise.mode[i] * (inquire + advise + superficial + undermine);
        let met = shared.met[i];
        turn.inquire[i] = only(u < inquire, met);
        turn.advise[i] = only((u >= inquire) & (u < inquire + advise), met);
        turn.undermine[i] = only(u >= inquire + advise + superficial, met);
        let b = benefit(
            p,
            turn.disclosure[i],
            coach.turn.engagement[i],
            skill,
            tie.fit[i],
            turn.inquire[i],
            turn.advise[i],
            turn.undermine[i],
        ) + p.episode.benefit_noise * noise.benefit[i];
        turn.benefit[i] = choose(met, b, 0.0);
    }
    for i in 0..LANES {
        let f = felt(
            p,
            turn.benefit[i],
            tie.liking[i],
            turn.advise[i],
            person.dominance[i],
            shared.dependence[i],
            person.expectation[i],
        ) + p.episode.felt_noise * noise.felt[i];
        turn.felt[i] = choose(shared.met[i], f, 0.0);
        turn.destructive[i] = flag(turn.felt[i] < DESTRUCTIVE);
        count.turns[i] += shared.met[i];
        count.benefit[i] += turn.benefit[i];
        count.felt[i] += turn.felt[i];
        count.developmental[i] += flag(turn.felt[i] > 0.0);
        count.destructive[i] += turn.destructive[i];
        count.severe[i] += flag(turn.felt[i] < SEVERE);
        count.undermined[i] += turn.undermine[i];
        count.negative_effects[i] += only(turn.felt[i] < person.threshold[i], shared.met[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    fn open(p: &Parameters, trust: f64, holding: f64, competition: f64, submission: f64, regret: f64) -> f64 {
        disclosure(
            p,
            0.0,
            trust,
            holding,
            0.0,
            0.0,
            competition,
            0.5,
            submission,
            regret,
            0.0,
            0.0,
            Society::of(&p.society),
        )
    }

    proptest! {
        #[test]
        fn disclosure_follows_the_theory(
            p in random::parameters(), trust in 0.0..0.5_f64, holding in 0.0..0.5_f64, competition in 0.0..0.5_f64,
            submission in 0.0..0.5_f64, regret in 0.0..1.5_f64,
        ) {
            let base = open(&p, trust, holding, competition, submission, regret);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(open(&p, trust + 0.5, holding, competition, submission, regret) > base);
            prop_assert!(open(&p, trust, holding + 0.5, competition, submission, regret) >= base);
            prop_assert!(open(&p, trust, holding, competition + 0.5, submission, regret) <= base);
            prop_assert!(open(&p, trust, holding, competition, submission + 0.5, regret) <= base);
            prop_assert!(open(&p, trust, holding, competition, submission, regret + 1.5) <= base);
        }

        /// Undermining rises with competition and with malice; inquiry with listening, empathy, toolkit and structure.
        #[test]
        fn modes_follow_the_theory(
            p in random::parameters(), listening in -3.0..3.0_f64, empathy in -3.0..3.0_f64, skill in -3.0..3.0_f64,
            view in -3.0..3.0_f64, dominance in -3.0..3.0_f64, engagement in 0.0..=1.0_f64, agility in -3.0..3.0_f64,
            competition in 0.0..0.5_f64, toolkit in 0.0..0.5_f64, structure in 0.0..0.5_f64,
        ) {
            let at = |listening, malice, competition, toolkit, structure, engagement| {
                modes(&p, listening, empathy, skill, view, dominance, engagement, agility, malice, competition, 0.5, toolkit, structure)
            };
            let base = at(listening, 0.0, competition, toolkit, structure, engagement);
            for weight in [base.inquire, base.advise, base.superficial, base.undermine] {
                prop_assert!(weight.is_finite());
            }
            prop_assert!(at(listening, 0.0, competition + 0.5, toolkit, structure, engagement).undermine >= base.undermine);
            // Where bad intent may not undermine at all (both at their bounds) it undermines no less than none.
            if p.episode.undermine_malice >= p.episode.undermine_base {
                prop_assert!(at(listening, 1.0, competition, toolkit, structure, engagement).undermine >= base.undermine);
            }
            prop_assert!(at(listening + 1.0, 0.0, competition, toolkit, structure, engagement).inquire >= base.inquire);
            prop_assert!(at(listening, 0.0, competition, toolkit + 0.5, structure, engagement).inquire >= base.inquire);
            prop_assert!(at(listening, 0.0, competition, toolkit, structure + 0.5, engagement).inquire >= base.inquire);
            prop_assert!(at(listening, 0.0, competition, toolkit, structure, 0.0).superficial >= base.superficial);
        }

        /// Skill and fit add to what inquiry is worth; a turn that is merely superficial is worth nothing; undermining harms.
        #[test]
        fn benefit_follows_the_theory(
            p in random::parameters(), open in 0.0..=1.0_f64, engaged in 0.0..=1.0_f64, skill in -3.0..3.0_f64, fit in -3.0..3.0_f64,
        ) {
            let inquired = |skill, fit| benefit(&p, open, engaged, skill, fit, 1.0, 0.0, 0.0);
            prop_assert!(inquired(skill + 1.0, fit) >= inquired(skill, fit));
            prop_assert!(inquired(skill, fit + 1.0) >= inquired(skill, fit));
            prop_assert_eq!(benefit(&p, open, engaged, skill, fit, 0.0, 0.0, 0.0), 0.0);
            prop_assert!(benefit(&p, open, engaged, skill, fit, 0.0, 0.0, 1.0) < 0.0);
        }

        #[test]
        fn felt_quality_follows_the_theory(
            p in random::parameters(), b in -2.0..2.0_f64, dominance in -3.0..3.0_f64, expectation in -1.0..2.0_f64,
        ) {
            let base = felt(&p, b, 0.0, 0.0, dominance, 0.0, expectation);
            prop_assert!(felt(&p, b + 0.1, 0.0, 0.0, dominance, 0.0, expectation) > base);
            prop_assert!(felt(&p, b, 0.0, 1.0, dominance, 0.0, expectation) <= base, "advice annoys, or not");
            prop_assert!(felt(&p, b, 0.0, 0.0, dominance, -0.8, expectation) >= base, "collusion feels good on both sides");
            prop_assert!(felt(&p, b, 0.0, 0.0, dominance, 0.0, expectation + 1.0) <= base, "unmet expectations hurt");
        }
    }

    #[test]
    fn cut_arrows_do_not_reach_a_turn() {
        let mut p = Parameters::default();
        p.person_to_dyad.skill = 0.0;
        p.person_to_dyad.intent = 0.0;
        p.organization_to_dyad.competition = 0.0;
        p.organization_to_dyad.climate = 0.0;
        p.organization_to_dyad.toolkit = 0.0;
        let at =
            |x: f64| modes(&p, x, x, x, 0.0, 0.0, 0.5, x, x.abs(), 0.4 + 0.1 * x, 0.5 + 0.1 * x, 0.5 + 0.1 * x, 0.0);
        let (a, b) = (at(-2.0), at(2.0));
        assert_eq!((a.inquire, a.undermine, a.superficial), (b.inquire, b.undermine, b.superficial));
        assert_eq!(open(&p, 0.5, 0.5, 0.0, 0.0, 0.0), open(&p, 0.5, 0.5, 1.0, 0.0, 0.0));
    }
}
