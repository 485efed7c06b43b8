//! Trust: one filter of what the partner does.

use super::dyad::{Member, Shared};
use super::lanes::{LANES, any};
use super::maths::{choose, exponential, least, logistic, negative, positive};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::emotional_competence;

parameters! {
    /// Trust.
    Theory, "theory.trust";
    Dyad base = 0.15, -0.7 => 1.0, "logit", Normal(0.25), "Where trust goes when turns feel neutral.", ASSUMED;
    Dyad slope = 1.8, 0.5 => 3.5, "logit per unit of felt quality", Normal(0.4), "How felt quality moves what trust goes to.", ARTICLE;
    Dyad reciprocity = 1.0, 0.0 => 2.5, "logit per unit of disclosure", Normal(0.3), "The partner's disclosure invites trust.", ARTICLE;
    Dyad reciprocity_from = 0.45, 0.2 => 0.7, "disclosure", Normal(0.05), "Disclosure of the partner that is taken for granted.", ASSUMED;
    Dyad negativity = 2.0, 1.0 => 4.0, "ratio", Normal(0.4), "Weight of a bad turn against an equally good one.", "Gersick, Bartunek & Dutton 2000; published weights 1.3-4";
    Person buffer_mind_set = 0.1, 0.0 => 0.4, "per SD", Normal(0.05), "A growth mind-set buffers bad turns.", ARTICLE;
    Person buffer_competence = 0.15, 0.0 => 0.5, "per SD", Normal(0.05), "Emotional competence buffers bad turns.", ARTICLE;
    Dyad inertia = 4.0, 1.5 => 10.0, "meetings", Normal(1.0), "Weight of what trust was, at the first meeting.", ASSUMED;
    Dyad settling = 8.0, 0.0 => 20.0, "meetings", Normal(2.0), "Meetings until that weight stops growing: early meetings count most.", ASSUMED;
    Dyad cushion = 0.5, 0.0 => 1.0, "share per unit of tensility", Normal(0.15), "Tensility softens the fall of trust.", "Dutton & Heaphy 2003; value assumed";
}

/// How much of a bad experience gets through to a person, in (0, ~2): `exp(−.1 mind_set − .15 emotional_competence)`.
#[inline(always)]
pub fn buffer(p: &Parameters, mind_set: f64, competence: f64) -> f64 {
    exponential(
        -p.person_to_dyad.mind_set * p.trust.buffer_mind_set * mind_set
            - p.person_to_dyad.awareness * p.trust.buffer_competence * competence,
    )
}

/// Felt quality as it weighs on trust ●: `f⁺ − 2 f⁻ × buffer`.
#[inline(always)]
pub fn weighed(p: &Parameters, felt: f64, buffer: f64) -> f64 {
    positive(felt) - p.trust.negativity * negative(felt) * buffer
}

/// Trust after a meeting ●: `trust + (e − trust)/(4 + min(meetings, 8))` with
/// `e = ceiling σ(.15 + 1.8 f_w + (disclosure_partner − .45))`; a fall is softened by tensility. In [0, 1].
#[inline(always)]
pub fn after_meeting(
    p: &Parameters,
    trust: f64,
    ceiling: f64,
    weighed: f64,
    disclosure_partner: f64,
    meetings: f64,
    tensility: f64,
) -> f64 {
    let t = &p.trust;
    let aim =
        ceiling * logistic(t.base + t.slope * weighed + t.reciprocity * (disclosure_partner - t.reciprocity_from));
    let step = (aim - trust) / (t.inertia + least(meetings, t.settling));
    trust + if step < 0.0 { step * (1.0 - t.cushion * tensility) } else { step }
}

/// Everyone's trust after this week's meeting.
#[inline(always)]
pub(crate) fn update(member: &mut Member, partner: &Member, shared: &Shared, p: &Parameters) {
    let (person, tie, turn) = (&member.person, &mut member.tie, &mut member.turn);
    if !any(&shared.met) {
        return;
    }
    for i in 0..LANES {
        let competence = emotional_competence(p.person_to_dyad.skill * person.empathy[i], person.self_awareness[i]);
        turn.through[i] = buffer(p, person.mind_set[i], competence);
        let next = after_meeting(
            p,
            tie.trust[i],
            tie.trust_ceiling[i],
            weighed(p, turn.felt[i], turn.through[i]),
            partner.turn.disclosure[i],
            shared.meetings[i],
            shared.tensility[i],
        );
        tie.trust[i] = choose(shared.met[i], next, tie.trust[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn trust_stays_in_bounds(
            p in random::parameters(), trust in 0.0..=1.0_f64, ceiling in 0.0..=1.0_f64, felt in -3.0..3.0_f64,
            mind_set in -4.0..4.0_f64, competence in -4.0..4.0_f64, disclosed in 0.0..=1.0_f64,
            meetings in 1.0..200.0_f64, tensility in 0.0..=1.0_f64,
        ) {
            let weighed = weighed(&p, felt, buffer(&p, mind_set, competence));
            let next = after_meeting(&p, trust, ceiling, weighed, disclosed, meetings, tensility);
            prop_assert!((0.0..=1.0).contains(&next));
        }

        /// Better turns, more disclosure by the partner and a higher ceiling never lower trust; tensility never deepens a
        /// fall.
        #[test]
        fn trust_rises_with_what_feels_good(
            p in random::parameters(), trust in 0.0..=1.0_f64, felt in -2.0..2.0_f64, more in 0.0..2.0_f64,
            disclosed in 0.0..0.5_f64, meetings in 1.0..50.0_f64, tensility in 0.0..=1.0_f64,
        ) {
            let through = buffer(&p, 0.0, 0.0);
            let at = |f: f64, d: f64, t: f64| after_meeting(&p, trust, 0.9, weighed(&p, f, through), d, meetings, t);
            let base = at(felt, disclosed, tensility);
            prop_assert!(at(felt + more, disclosed, tensility) >= base - 1e-12);
            prop_assert!(at(felt, disclosed + 0.5, tensility) >= base - 1e-12);
            prop_assert!(at(felt, disclosed, 1.0) >= base - 1e-12);
        }

        /// Bad is stronger than good at every admissible weight.
        #[test]
        fn bad_weighs_more_than_good(p in random::parameters(), felt in 0.01..2.0_f64) {
            prop_assert!(-weighed(&p, -felt, 1.0) >= weighed(&p, felt, 1.0));
        }
    }

    #[test]
    fn early_meetings_count_most() {
        let p = Parameters::default();
        let step = |meetings| after_meeting(&p, 0.4, 1.0, 1.0, 0.45, meetings, 0.0) - 0.4;
        assert!(step(1.0) > step(4.0) && step(4.0) > step(8.0));
        assert_eq!(step(8.0), step(50.0));
    }

    #[test]
    fn cut_arrows_leave_no_buffer() {
        let mut p = Parameters::default();
        p.person_to_dyad.mind_set = 0.0;
        p.person_to_dyad.awareness = 0.0;
        assert_eq!(buffer(&p, 3.0, -3.0), 1.0);
    }
}
