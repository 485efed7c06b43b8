//! Learning: from a turn, and without one.

use super::dyad::{Member, Shared, Surroundings};
use super::lanes::{LANES, Lanes, all};
use super::maths::{choose, exponential, greatest, logistic, negative, only, positive, within};
use super::noise::LifeNoise;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// Learning from a turn and without one.
    Theory, "theory.learning";
    Dyad rate = 0.24, 0.05 => 0.5, "SD per unit of benefit", Normal(0.06), "How much of a turn's benefit becomes learning.", ASSUMED;
    Person reflection = 0.5, 0.0 => 1.0, "share", Normal(0.15), "What becomes learning without any reflection; self-awareness adds between 0 and 1.", ARTICLE;
    Dyad needs = 0.45, 0.15 => 1.2, "SD", Normal(0.12), "How much a partner can teach before the needs that this partner can meet are nearly met.", ASSUMED;
    Dyad submission = 0.8, 0.0 => 2.0, "per unit of submission", Normal(0.25), "Submission puts someone else's aims in place of the own.", ARTICLE;
    Person overload = 1.0, 0.0 => 2.5, "per unit of expectation", Normal(0.3), "Too many aims dilute attention: expectation above what they can bear.", ARTICLE;
    Person overload_from = 0.35, 0.1 => 0.8, "benefit per turn", Normal(0.1), "Expectation that attention can bear.", ASSUMED;
    Dyad overload_structure = 0.5, 0.0 => 1.0, "share per unit of structure", Normal(0.15), "How far structure orders too many aims.", ARTICLE;
    Dyad personal_inquire = 0.70, 0.3 => 1.0, "share", Normal(0.1), "Share of personal learning in what inquiry teaches.", "task and personal learning: Lankau & Scandura 2002; value assumed";
    Dyad personal_advise = 0.25, 0.0 => 0.6, "share", Normal(0.1), "Share of personal learning in what advice teaches.", "task and personal learning: Lankau & Scandura 2002; value assumed";
    Person personal_disclosure = 0.25, 0.0 => 0.6, "share per unit of disclosure", Normal(0.1), "Disclosure turns learning toward the person.", ARTICLE;
    Dyad task_fit = 0.10, 0.0 => 0.3, "share per SD", Normal(0.05), "Fit of expertise turns learning toward the task.", ARTICLE;
    Person alone = 0.016, 0.0 => 0.04, "SD per week", Normal(0.004), "What people learn by themselves in a week, before the logistic.", ASSUMED;
    Person alone_direction = 0.6, 0.0 => 1.5, "logit per SD", Normal(0.2), "The self-directed learn more by themselves.", ARTICLE;
    Person alone_awareness = 0.3, 0.0 => 1.0, "logit per SD", Normal(0.15), "The self-aware learn more by themselves.", ARTICLE;
    Person displaced = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Share of learning by oneself that a meeting's time displaces.", ASSUMED;
    Person alone_noise = 0.06, 0.0 => 0.15, "SD per week", Normal(0.015), "SD of chance in what people learn by themselves in a week.", ASSUMED;
    Person career = 0.2, 0.0 => 0.6, "SD per SD", Normal(0.07), "How loosely the career follows task learning.", ARTICLE;
    Society face = 0.5, 0.0 => 1.5, "share per unit of power distance", Normal(0.2), "Asking superiors costs face, so that people learn less by themselves; equal-status peers avoid it.", ARTICLE;
    Organization norm = 0.5, 0.0 => 1.5, "share per unit of the norm", Normal(0.2), "A norm of helping teaches everyone, with a program or without.", ARTICLE;
}

/// Share of the needs that this partner can meet and has not yet met ●, `exp(−L⁺/.45)`, in (0, 1].
#[inline(always)]
pub fn left(p: &Parameters, learned_here: f64) -> f64 {
    exponential(-(p.mechanism.finite_needs / p.learning.needs) * positive(learned_here))
}

/// How far who submits keeps the own aims, `exp(−.8 submission)`, in (0, 1]; who does not submit keeps them all.
#[inline(always)]
pub fn own_aims(p: &Parameters, submission: f64) -> f64 {
    exponential(-p.learning.submission * submission)
}

/// How much of the attention goes to the own aims ●:
/// `exp(−.8 submission) / (1 + (expectation − .35)⁺ (1 − .5 structure))`, in (0, 1].
#[inline(always)]
pub fn focus(p: &Parameters, own_aims: f64, expectation: f64, structure: f64) -> f64 {
    own_aims
        / (1.0
            + p.learning.overload
                * positive(expectation - p.learning.overload_from)
                * (1.0 - p.learning.overload_structure * structure))
}

/// Learning of a turn ●, `.24 (.5 + reflection) (b⁺ left focus − b⁻)` in SD, with reflection
/// = σ(self_awareness).
///
/// What is left and focus damp only the gains, so that noise in b can never raise the mean.
#[inline(always)]
pub fn from_turn(p: &Parameters, reflection: f64, benefit: f64, left: f64, focus: f64) -> f64 {
    p.dyad_to_person.experience
        * p.learning.rate
        * (p.learning.reflection + reflection)
        * (positive(benefit) * left * focus - negative(benefit))
}

/// Share of personal learning in a turn, in [0, 1]; the rest is task learning.
#[inline(always)]
pub fn personal_share(p: &Parameters, inquire: f64, advise: f64, disclosure: f64, fit: f64) -> f64 {
    let t = &p.learning;
    let mode = inquire * t.personal_inquire + advise * t.personal_advise + (1.0 - inquire - advise) * 0.5;
    within(mode + t.personal_disclosure * (disclosure - 0.5) - t.task_fit * fit, 0.0, 1.0)
}

/// What a person learns alone in a week, in SD, without its chance ●:
/// `.016 σ(.6 self_direction + .3 awareness)(1 − .5 met)`, more where helping is the norm and in who has made coaching a
/// habit, less where power distance makes asking cost face.
#[inline(always)]
pub fn alone(
    p: &Parameters,
    self_direction: f64,
    awareness: f64,
    met: f64,
    norm: f64,
    habit: f64,
    power_distance: f64,
) -> f64 {
    let t = &p.learning;
    let climate_of_asking = 1.0 - p.society_to_person.power_distance * t.face * (power_distance - 0.4)
        + p.organization_to_person.norms * t.norm * norm;
    t.alone
        * logistic(t.alone_direction * self_direction + t.alone_awareness * awareness)
        * (1.0 - t.displaced * met)
        * greatest(climate_of_asking, 0.0)
        * (1.0 + p.steps.carry_over * habit)
}

/// Everyone's learning of the week. Of two members one at most submits: both share one exponential.
#[inline(always)]
#[allow(clippy::needless_range_loop)] // A lane indexes many states.
pub(crate) fn learn(
    [a, b]: [&mut Member; 2],
    shared: &Shared,
    around: &Surroundings,
    noise: &[LifeNoise; 2],
    p: &Parameters,
    week: f64,
) {
    let mut submitting = all(0.0);
    for i in 0..LANES {
        submitting[i] = own_aims(p, shared.dependence[i].abs());
    }
    learn_seat(a, &submitting, shared, around, &noise[0], p, -1.0, week);
    learn_seat(b, &submitting, shared, around, &noise[1], p, 1.0, week);
}

/// The learning of one seat's persons.
#[inline(always)]
#[allow(clippy::too_many_arguments, clippy::needless_range_loop)] // A lane indexes many states.
fn learn_seat(
    member: &mut Member,
    submitting: &Lanes,
    shared: &Shared,
    around: &Surroundings,
    noise: &LifeNoise,
    p: &Parameters,
    submission_sign: f64,
    week: f64,
) {
    let (person, tie, turn) = (&mut member.person, &mut member.tie, &mut member.turn);
    for i in 0..LANES {
        let structure = only(week < shared.program_weeks[i], shared.structure[i]);
        let own_aims = if submission_sign * shared.dependence[i] > 0.0 { submitting[i] } else { 1.0 };
        let gain = from_turn(
            p,
            turn.reflection[i],
            turn.benefit[i],
            turn.unmet[i],
            focus(p, own_aims, person.expectation[i], structure),
        );
        let gain = choose(shared.met[i], gain, 0.0);
        turn.learning[i] = gain;
        tie.learned_here[i] += positive(gain);
        let share = personal_share(p, turn.inquire[i], turn.advise[i], turn.disclosure[i], tie.fit[i]);
        let by_oneself = 0.5
            * alone(
                p,
                person.self_direction[i],
                person.self_awareness[i],
                shared.met[i],
                around.norm[i],
                person.habit[i],
                around.power_distance[i],
            );
        // Half of the variance goes to each kind of learning.
        let spread = p.learning.alone_noise * std::f64::consts::FRAC_1_SQRT_2;
        person.learning_personal[i] += share * gain + by_oneself + spread * noise.personal[i];
        let task = (1.0 - share) * gain + by_oneself + spread * noise.task[i];
        person.learning_elsewhere[i] += 2.0 * by_oneself + spread * (noise.personal[i] + noise.task[i]);
        person.learning_task[i] += task;
        person.career[i] += p.learning.career * task;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn learning_rises_with_benefit(
            p in random::parameters(), awareness in -4.0..4.0_f64, benefit in -2.0..2.0_f64, more in 0.0..1.0_f64,
            learned in -1.0..5.0_f64, submission in 0.0..=1.0_f64, expectation in -1.0..2.0_f64, structure in 0.0..=1.0_f64,
        ) {
            let (left, focus) = (left(&p, learned), focus(&p, own_aims(&p, submission), expectation, structure));
            prop_assert!((0.0..=1.0).contains(&left) && (0.0..=1.0).contains(&focus));
            let awareness = crate::model::maths::logistic(awareness);
            let gain = from_turn(&p, awareness, benefit, left, focus);
            prop_assert!(from_turn(&p, awareness, benefit + more, left, focus) >= gain);
            prop_assert!(gain * benefit >= 0.0, "good turns teach, bad ones cost");
        }

        /// Concave in benefit: a mean-preserving spread of the benefit of a turn never raises learning.
        #[test]
        fn noise_cannot_teach(
            p in random::parameters(), benefit in -2.0..2.0_f64, spread in 0.0..2.0_f64, learned in 0.0..3.0_f64,
            submission in 0.0..=1.0_f64, expectation in -1.0..2.0_f64,
        ) {
            let (left, focus) = (left(&p, learned), focus(&p, own_aims(&p, submission), expectation, 0.0));
            let at = |b| from_turn(&p, 0.0, b, left, focus);
            prop_assert!(0.5 * (at(benefit - spread) + at(benefit + spread)) <= at(benefit) + 1e-12);
        }

        #[test]
        fn shares_are_shares(
            p in random::parameters(), advise in 0..2_i32, open in 0.0..=1.0_f64, fit in -5.0..5.0_f64,
        ) {
            let advise = f64::from(advise);
            prop_assert!((0.0..=1.0).contains(&personal_share(&p, 1.0 - advise, advise, open, fit)));
        }

        /// The self-directed, the aware and those with a habit learn more alone; a meeting takes time from it.
        #[test]
        fn people_learn_alone(
            p in random::parameters(), direction in -3.0..3.0_f64, awareness in -3.0..3.0_f64, norm in -1.0..=1.0_f64,
            habit in 0.0..0.5_f64,
        ) {
            let base = alone(&p, direction, awareness, 0.0, norm, habit, 0.4);
            prop_assert!(base >= 0.0);
            prop_assert!(alone(&p, direction + 1.0, awareness, 0.0, norm, habit, 0.4) >= base);
            prop_assert!(alone(&p, direction, awareness + 1.0, 0.0, norm, habit, 0.4) >= base);
            prop_assert!(alone(&p, direction, awareness, 0.0, norm, habit + 0.5, 0.4) >= base);
            prop_assert!(alone(&p, direction, awareness, 1.0, norm, habit, 0.4) <= base);
        }
    }

    #[test]
    fn cut_arrows_teach_nothing() {
        let mut p = Parameters::default();
        p.dyad_to_person.experience = 0.0;
        assert_eq!(from_turn(&p, 1.0, 1.0, 1.0, 1.0), 0.0);
        p.organization_to_person.norms = 0.0;
        assert_eq!(alone(&p, 0.0, 0.0, 0.0, -1.0, 0.0, 0.4), alone(&p, 0.0, 0.0, 0.0, 1.0, 0.0, 0.4));
        assert_eq!(own_aims(&p, 0.0), 1.0);
        p.mechanism.finite_needs = 0.0;
        assert_eq!(left(&p, 3.0), 1.0);
    }
}
