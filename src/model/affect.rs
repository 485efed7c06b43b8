//! Motivation, expectation, self-esteem, relational schema and strain: what an experience leaves in a person.

use super::dyad::{Member, Shared};
use super::episode::SEVERE;
use super::lanes::LANES;
use super::maths::{flag, negative, positive, within};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};

parameters! {
    /// Motivation, expectation, self-esteem, schema, strain.
    Theory, "theory.affect";
    Person motivation_rate = 0.25, 0.0 => 0.6, "SD per unit of felt quality", Normal(0.08), "A turn that feels better than expected motivates.", ARTICLE;
    Person motivation_loss = 1.5, 1.0 => 3.0, "ratio", Normal(0.3), "Weight of a disappointment against an equal pleasant surprise.", "Gersick, Bartunek & Dutton 2000; value assumed";
    Person expectation_rate = 0.15, 0.0 => 0.4, "share", Normal(0.05), "How fast expectations follow experience, single loop; double-loop learners up to twice as fast.", "Argyris 1992; value assumed";
    Person esteem_gain = 0.10, 0.0 => 0.3, "SD per unit of felt quality", Normal(0.03), "Good turns raise self-esteem.", ARTICLE;
    Person esteem_loss = 0.16, 0.0 => 0.5, "SD per unit of felt quality", Normal(0.05), "Bad turns lower self-esteem.", ARTICLE;
    Person esteem_submission = 0.03, 0.0 => 0.15, "SD per unit of submission", Normal(0.01), "Submission lowers self-esteem, meeting by meeting.", "Scandura 1998; value assumed";
    Person schema_gain = 0.06, 0.0 => 0.2, "SD per unit of felt quality", Normal(0.02), "Good turns make people seek help.", ARTICLE;
    Person schema_loss = 0.10, 0.0 => 0.3, "SD per unit of felt quality", Normal(0.03), "Bad turns make people distrust learning in relationships.", ARTICLE;
    Person strain_gain = 0.35, 0.0 => 1.0, "SD per unit of felt quality", Normal(0.1), "Bad turns strain the learner.", ARTICLE;
    Person helper_strain = 0.03, 0.0 => 0.15, "SD per meeting", Normal(0.01), "Helping strains the helper.", "negative effects for coaches: Schermuly & Grassmann 2016; value assumed";
    Person severe_strain = 0.5, 0.0 => 1.5, "SD", Normal(0.15), "What a severe turn adds to that.", ARTICLE;
    Person strain_noticed = 0.5, 0.1 => 2.0, "SD", Normal(0.15), "Strain beyond the usual that a person counts as a negative effect, once each time it is crossed; the helper's strain is in it.", "negative effects for coaches: Schermuly & Grassmann 2016; value assumed";
    Dyad memory = 0.2, 0.02 => 0.8, "share per turn", Normal(0.06), "Weight of the last turn in what is received and in vitality.", ASSUMED;
    Person strain_relief = 0.15, 0.02 => 0.5, "share per week", Normal(0.04), "How fast strain fades.", ASSUMED;
    Person return_rate = 0.02, 0.0 => 0.1, "share per week", Normal(0.006), "How fast motivation, self-esteem and schema return to a person's usual.", "set-point of affect (hedonic adaptation); value assumed";
}

/// Change of motivation by a turn ●: `.25 (f − expectation)`, losses 1.5 times and buffered.
#[inline(always)]
pub fn motivation_change(p: &Parameters, felt: f64, expectation: f64, buffer: f64) -> f64 {
    let surprise = felt - expectation;
    p.dyad_to_person.experience
        * p.affect.motivation_rate
        * (positive(surprise) - p.affect.motivation_loss * buffer * negative(surprise))
}

/// Change of expectation by a turn ●: `.15 (1 + double_loop)(f − expectation)`: a double-loop learner revises the goal, a
/// single-loop learner only tries again; double_loop = σ(self_awareness), the reflection.
#[inline(always)]
pub fn expectation_change(p: &Parameters, felt: f64, expectation: f64, reflection: f64) -> f64 {
    let double_loop = p.mechanism.double_loop * reflection;
    p.affect.expectation_rate * (1.0 + double_loop) * (felt - expectation)
}

/// What this week's turn leaves in everyone.
#[inline(always)]
pub(crate) fn update(member: &mut Member, shared: &Shared, p: &Parameters, submission_sign: f64) {
    let (person, tie, turn, count) = (&mut member.person, &mut member.tie, &member.turn, &mut member.count);
    let t = &p.affect;
    let harm = p.dyad_to_person.harm;
    let experience = p.dyad_to_person.experience;
    for i in 0..LANES {
        let met = shared.met[i];
        let (f, good, bad) = (turn.felt[i], positive(turn.felt[i]), negative(turn.felt[i]));
        let submission = positive(submission_sign * shared.dependence[i]);
        let motivated = met * motivation_change(p, f, person.expectation[i], turn.through[i]);
        let revised = met * expectation_change(p, f, person.expectation[i], turn.reflection[i]);
        let esteem =
            experience * t.esteem_gain * good - harm * (t.esteem_loss * bad + t.esteem_submission * submission * met);
        let schema = experience * t.schema_gain * good - harm * t.schema_loss * bad;
        let back = t.return_rate;
        let motivation =
            person.motivation[i] + motivated + back * (person.motivation_set_point[i] - person.motivation[i]);
        let self_esteem =
            person.self_esteem[i] + esteem + back * (person.self_esteem_set_point[i] - person.self_esteem[i]);
        let schema = person.schema[i] + schema + back * (person.schema_set_point[i] - person.schema[i]);
        person.motivation[i] = within(motivation, -6.0, 6.0);
        person.self_esteem[i] = within(self_esteem, -6.0, 6.0);
        person.schema[i] = within(schema, -6.0, 6.0);
        person.expectation[i] += revised;
        let usual = person.strain[i];
        person.strain[i] += harm * (t.strain_gain * bad + t.severe_strain * flag(f < SEVERE)) + met * t.helper_strain
            - t.strain_relief * usual;
        // Strain counts as an effect of its own unless the turn that caused it has been counted.
        let crossed = flag(usual <= t.strain_noticed) * flag(person.strain[i] > t.strain_noticed);
        count.negative_effects[i] += crossed * (1.0 - met * flag(f < person.threshold[i]));
        tie.received[i] += t.memory * met * (turn.benefit[i] - tie.received[i]);
        tie.vitality[i] += t.memory * met * (f - tie.vitality[i]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn surprises_move_motivation_and_expectation_their_way(
            p in random::parameters(), felt in -3.0..3.0_f64, expectation in -2.0..2.0_f64, awareness in -4.0..4.0_f64,
        ) {
            let surprise = felt - expectation;
            prop_assert!(motivation_change(&p, felt, expectation, 1.0) * surprise >= 0.0);
            let revised = expectation_change(&p, felt, expectation, crate::model::maths::logistic(awareness));
            prop_assert!(revised * surprise >= 0.0 && revised.abs() <= surprise.abs(), "an expectation never overshoots");
        }

        /// A loss moves motivation at least as much as an equal gain, and the self-aware revise the goal faster.
        #[test]
        fn losses_loom_and_the_aware_revise(p in random::parameters(), surprise in 0.01..2.0_f64) {
            prop_assert!(-motivation_change(&p, -surprise, 0.0, 1.0) >= motivation_change(&p, surprise, 0.0, 1.0));
            prop_assert!(expectation_change(&p, surprise, 0.0, 2.0) >= expectation_change(&p, surprise, 0.0, -2.0));
        }
    }
}
