//! Practice, feedback and decay: what coaching does to skills, self-awareness and the self-view.

use super::dyad::{Member, Shared};
use super::lanes::{LANES, any};
use super::maths::{choose, logistic, positive};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::coaching_skill;

parameters! {
    /// Practice of skills, feedback and decay.
    Theory, "theory.practice";
    Person rate = 0.02, 0.0 => 0.06, "SD per meeting", Normal(0.006), "What a meeting adds to each relational skill of an engaged, self-aware person.", ARTICLE;
    Dyad first_step = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Share of that before the second step, in which skills are practiced, is reached.", "Parker, Hall, Kram & Wasserman 2018; value assumed";
    Person awareness_rate = 0.05, 0.0 => 0.15, "SD per unit of felt quality", Normal(0.015), "What feedback in a good turn adds to self-awareness.", ARTICLE;
    Person self_view_rate = 0.2, 0.0 => 0.6, "share per unit of felt quality", Normal(0.06), "How fast feedback in a good turn corrects the self-view: the Johari blind area shrinks.", "Luft 1969; value assumed";
    Person decay = 0.018, 0.0 => 0.1, "share per week", Normal(0.004), "Share of what training added that is lost in a week without practice, unless a treatment says otherwise.", "half-life about 9 months: Tatel & Ackerman 2025";
    Person helping_rate = 0.15, 0.02 => 0.5, "share per week", Normal(0.04), "How fast a person's help given follows what partners get of it: the memory of a question about the last weeks.", "assumed; about six weeks";
    Person agility_rate = 0.01, 0.0 => 0.04, "SD per meeting", Normal(0.004), "How slowly meetings teach moving between learner and facilitator.", ASSUMED;
}

/// What a meeting adds to each relational skill ●, `.02 engagement reflection` in SD, with reflection = σ(self_awareness).
#[inline(always)]
pub fn practiced(p: &Parameters, engagement: f64, reflection: f64, step: f64) -> f64 {
    let share = if step < 1.5 { p.practice.first_step } else { 1.0 };
    p.dyad_to_person.practice * p.practice.rate * share * engagement * reflection
}

/// How well feedback gets through in a turn: `f⁺ σ(feedback_partner)`.
#[inline(always)]
pub fn feedback(p: &Parameters, felt: f64, feedback_partner: f64) -> f64 {
    p.dyad_to_person.feedback * positive(felt) * logistic(feedback_partner)
}

/// Everyone hears feedback; read before anyone's skills move.
#[inline(always)]
pub(crate) fn hear(member: &mut Member, partner: &Member, p: &Parameters) {
    let (person, turn) = (&mut member.person, &member.turn);
    if !any(&turn.felt) {
        return;
    }
    for i in 0..LANES {
        let heard = feedback(p, turn.felt[i], partner.person.feedback[i]);
        let skill = coaching_skill(person.listening[i], person.empathy[i], person.feedback[i]);
        let correction = p.practice.self_view_rate * heard;
        let correction = if correction > 1.0 { 1.0 } else { correction };
        person.self_awareness[i] += p.practice.awareness_rate * heard;
        person.self_view[i] += correction * (1.0 - person.certainty[i]) * (skill - person.self_view[i]);
    }
}

/// Help given, in benefit per week: `+ .15 (b⁺ of the partner − help given)`; a week without a meeting gives none.
#[inline(always)]
pub(crate) fn help(member: &mut Member, partner: &Member, p: &Parameters) {
    for i in 0..LANES {
        let helping = &mut member.person.helping[i];
        *helping += p.practice.helping_rate * (positive(partner.turn.benefit[i]) - *helping);
    }
}

/// Everyone practices, or forgets what training added.
#[inline(always)]
pub(crate) fn practice(member: &mut Member, shared: &Shared, p: &Parameters) {
    if any(&member.person.decay) {
        practice_or_forget::<true>(member, shared, p);
    } else {
        practice_or_forget::<false>(member, shared, p);
    }
}

/// Practice, and where someone was trained what is lost without.
#[inline(always)]
fn practice_or_forget<const TRAINED: bool>(member: &mut Member, shared: &Shared, p: &Parameters) {
    let (person, turn) = (&mut member.person, &member.turn);
    for i in 0..LANES {
        let met = shared.met[i];
        let gain = met * practiced(p, turn.engagement[i], turn.reflection[i], shared.step[i]);
        let lost = choose(met, 0.0, person.decay[i]);
        let fade = |state: &mut f64, trained: &mut f64, gain: f64| {
            let loss = if TRAINED { lost * *trained } else { 0.0 };
            *state += gain - loss;
            *trained -= loss;
        };
        fade(&mut person.listening[i], &mut person.trained_listening[i], gain);
        fade(&mut person.disclosure[i], &mut person.trained_disclosure[i], gain);
        fade(&mut person.feedback[i], &mut person.trained_feedback[i], gain);
        fade(&mut person.empathy[i], &mut person.trained_empathy[i], gain);
        if TRAINED {
            fade(&mut person.mind_set[i], &mut person.trained_mind_set[i], 0.0);
        }
        person.role_agility[i] += met * p.dyad_to_person.practice * p.practice.agility_rate;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn practice_and_feedback_never_take_away(
            p in random::parameters(), engagement in 0.0..=1.0_f64, awareness in -4.0..4.0_f64, felt in -3.0..3.0_f64,
        ) {
            let first = practiced(&p, engagement, crate::model::maths::logistic(awareness), 1.0);
            prop_assert!(first >= 0.0 && practiced(&p, engagement, crate::model::maths::logistic(awareness), 2.0) >= first);
            prop_assert!(practiced(&p, engagement, crate::model::maths::logistic(awareness + 1.0), 1.0) >= first);
            let heard = feedback(&p, felt, awareness);
            prop_assert!(heard >= 0.0 && feedback(&p, felt, awareness + 1.0) >= heard);
            prop_assert!(felt > 0.0 || heard == 0.0, "nobody hears feedback in a bad turn");
        }
    }

    /// What training added halves in about nine months of weeks without practice, and is kept in weeks with it.
    #[test]
    fn training_fades_without_practice_only() {
        let p = Parameters::default();
        let mut block = crate::model::dyad::Block::empty();
        let [member, _] = &mut block.members;
        member.person.shift(0, crate::model::person::Trait::Listening, 1.0, p.practice.decay);
        let shared = block.shared.clone();
        let mut practicing = shared.clone();
        practicing.met = [1.0; LANES];
        practice(member, &practicing, &p);
        assert!(member.person.listening[0] >= 1.0 && member.person.trained_listening[0] == 1.0);
        let start = member.person.listening[0];
        (0..39).for_each(|_| practice(member, &shared, &p));
        let lost = start - member.person.listening[0];
        assert!((0.4..0.6).contains(&lost), "nine months without practice took {lost}");
        assert!((member.person.trained_listening[0] + lost - 1.0).abs() < 1e-12);
        assert_eq!(member.person.listening[1], practiced(&p, 0.0, 0.0, 1.0), "who was not trained loses nothing");
    }
}
