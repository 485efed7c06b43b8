//! Practice, feedback and decay: what coaching does to skills, self-awareness and the self-view.

use super::dyad::{Member, Shared};
use super::lanes::LANES;
use super::maths::{choose, logistic, positive};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::coaching_skill;

parameters! {
    /// Practice of skills, feedback and decay.
    Theory, "theory.practice";
    Person rate = 0.02, 0.0 => 0.06, "SD per meeting", Normal(0.006), "What a meeting adds to each relational skill of an engaged, self-aware person.", ARTICLE;
    Dyad first_step = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Share of that before the second step, in which skills are practised, is reached.", "Parker, Hall, Kram & Wasserman 2018; value assumed";
    Person awareness_rate = 0.05, 0.0 => 0.15, "SD per unit of felt quality", Normal(0.015), "What feedback in a good turn adds to self-awareness.", ARTICLE;
    Person self_view_rate = 0.2, 0.0 => 0.6, "share per unit of felt quality", Normal(0.06), "How fast feedback in a good turn corrects the self-view: the Johari blind area shrinks.", "Luft 1969; value assumed";
    Person decay = 0.018, 0.0 => 0.1, "share per week", Normal(0.004), "Share of what training added that is lost in a week without practice, unless a treatment says otherwise.", "half-life about 9 months: Tatel & Ackerman 2025";
    Person agility_rate = 0.01, 0.0 => 0.04, "SD per meeting", Normal(0.004), "How slowly meetings teach moving between learner and facilitator.", ASSUMED;
}

/// What a meeting adds to each relational skill ●, `.02 engagement reflection` in SD, with reflection = σ(self_awareness).
#[inline(always)]
pub fn practised(p: &Parameters, engagement: f64, reflection: f64, step: f64) -> f64 {
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
    for i in 0..LANES {
        let heard = feedback(p, turn.felt[i], partner.person.feedback[i]);
        let skill = coaching_skill(person.listening[i], person.empathy[i], person.feedback[i]);
        let correction = p.practice.self_view_rate * heard;
        let correction = if correction > 1.0 { 1.0 } else { correction };
        person.self_awareness[i] += p.practice.awareness_rate * heard;
        person.self_view[i] += correction * (skill - person.self_view[i]);
    }
}

/// Everyone practises, or forgets what training added.
#[inline(always)]
pub(crate) fn practise(member: &mut Member, shared: &Shared, p: &Parameters) {
    let (person, turn) = (&mut member.person, &member.turn);
    for i in 0..LANES {
        let met = shared.met[i];
        let gain = met * practised(p, turn.engagement[i], turn.reflection[i], shared.step[i]);
        let lost = choose(met, 0.0, person.decay[i]);
        let fade = |state: &mut f64, trained: &mut f64, gain: f64| {
            let loss = lost * *trained;
            *state += gain - loss;
            *trained -= loss;
        };
        fade(&mut person.listening[i], &mut person.trained_listening[i], gain);
        fade(&mut person.disclosure[i], &mut person.trained_disclosure[i], gain);
        fade(&mut person.feedback[i], &mut person.trained_feedback[i], gain);
        fade(&mut person.empathy[i], &mut person.trained_empathy[i], gain);
        fade(&mut person.mind_set[i], &mut person.trained_mind_set[i], 0.0);
        person.role_agility[i] += met * p.dyad_to_person.practice * p.practice.agility_rate;
    }
}
