//! Assessment before coaching: what a report by others, or a look at oneself, does to a person.
//!
//! A 360-degree report confronts the self-view with what others see. It is no shift of a trait, and nothing here says that
//! it is good: who sees well learns nothing from it, an error of the raters misleads, bad news is resisted and hurts whether
//! it is believed or not. What it can do is correct: the part of the discrepancy that a person accepts moves the self-view,
//! and where that shrinks the blind area of the Johari window (Luft 1969), the person has learned something about seeing.
//!
//! A self-assessment brings no information from outside. The reflective reflect once more; what has been written down is
//! held more firmly, right or wrong.

use super::dyad::place;
use super::maths::{flag, logistic, negative, positive, within};
use super::parameters::{
    ARTICLE, ASSUMED, Parameters,
    Prior::{Fixed, Normal},
    parameters,
};
use super::person::{coaching_skill, emotional_competence};
use super::streams::{Purpose, Stream};
use super::trust;
use super::world::World;

const REACTIONS: &str = "reactions to unfavorable feedback: Brett & Atwater 2001; value assumed";

parameters! {
    /// Self-assessment and 360-degree assessment.
    Theory, "theory.assessment";
    Person raters = 8.0, 1.0 => 30.0, "raters", Fixed, "Colleagues who rate a person in a 360-degree assessment: their own errors average out.", "instruments in use: 6-12 raters; chosen by the design";
    Person rater_error = 1.3, 0.5 => 2.5, "SD", Normal(0.25), "SD of a single rater's own error.", "Conway & Huffcutt 1997 (reliability of one peer about .37)";
    Person rater_shared = 0.4, 0.0 => 1.0, "SD", Normal(0.12), "SD of the error that all raters of a person share: they see the same occasions and talk to each other.", ASSUMED;
    Person rater_leniency = 0.15, 0.0 => 0.6, "SD", Normal(0.06), "How much raters overrate a colleague on average.", "below the leniency of self-ratings: Harris & Schaubroeck 1988; value assumed";
    Person acceptance = 0.8, -0.5 => 2.0, "logit", Normal(0.3), "How readily a neutral person accepts good news without facilitation.", ASSUMED;
    Person resistance = 1.2, 0.0 => 3.0, "logit", Normal(0.4), "By how much less readily bad news is accepted.", REACTIONS;
    Person acceptance_mind_set = 0.4, 0.0 => 1.2, "logit per SD", Normal(0.15), "A growth mind-set accepts bad news.", "Dweck 2008; value assumed";
    Person acceptance_competence = 0.3, 0.0 => 1.0, "logit per SD", Normal(0.1), "Emotional competence accepts bad news.", ARTICLE;
    Dyad acceptance_facilitation = 1.0, 0.0 => 2.5, "logit per unit of facilitation", Normal(0.3), "Effective facilitation makes ready to explore what the report means, good or bad.", ARTICLE;
    Person correction = 0.7, 0.0 => 1.0, "share", Normal(0.15), "How far what is accepted moves the self-view.", "Luft 1969; value assumed";
    Person insight = 0.25, 0.0 => 0.8, "SD per SD of blind area", Normal(0.08), "Self-awareness gained by what shrinks the blind area, and lost by what widens it.", ARTICLE;
    Person esteem_gain = 0.10, 0.0 => 0.4, "SD per SD of discrepancy", Normal(0.03), "Accepted good news raises self-esteem.", ASSUMED;
    Person hurt = 1.0, 0.0 => 2.0, "gain", Normal(0.3), "Gain of everything by which bad news hurts: 0 makes it harmless.", REACTIONS;
    Person esteem_loss = 0.20, 0.0 => 0.6, "SD per SD of discrepancy", Normal(0.06), "Bad news lowers self-esteem.", REACTIONS;
    Person strain = 0.35, 0.0 => 1.0, "SD per SD of discrepancy", Normal(0.1), "Bad news strains.", REACTIONS;
    Person motivation_loss = 0.15, 0.0 => 0.5, "SD per SD of discrepancy", Normal(0.05), "Bad news discourages.", "a third of feedback lowers performance: Kluger & DeNisi 1996; value assumed";
    Person rejected = 0.5, 0.0 => 1.0, "share", Normal(0.15), "How much bad news hurts that is not believed, relative to bad news that is.", REACTIONS;
    Person reflection = 0.10, 0.0 => 0.4, "SD", Normal(0.03), "What a self-assessment adds to the self-awareness of a person who reflects fully.", ARTICLE;
    Person firmness = 0.3, 0.0 => 0.8, "share of what is left", Normal(0.1), "How far a self-assessment makes a person who does not reflect at all hold to the self-view, right or wrong.", ASSUMED;
}

/// The score that a report shows: skill + the raters' leniency + the error they share + their own errors, averaged, in SD.
/// `shared` and `own` are standard normal.
pub fn score(p: &Parameters, skill: f64, shared: f64, own: f64) -> f64 {
    let t = &p.assessment;
    skill + t.rater_leniency + t.rater_shared * shared + t.rater_error / t.raters.sqrt() * own
}

/// Share of a discrepancy that a person accepts, in [0, 1]:
/// `(1 − certainty) σ(.8 + facilitation − [bad](1.2 − .4 mind_set − .3 competence))`. Neither a growth mind-set nor emotional
/// competence makes good news less welcome.
pub fn accepted(
    p: &Parameters,
    discrepancy: f64,
    mind_set: f64,
    competence: f64,
    facilitation: f64,
    certainty: f64,
) -> f64 {
    let t = &p.assessment;
    let resistance = t.resistance - t.acceptance_mind_set * mind_set - t.acceptance_competence * competence;
    let ready = t.acceptance + t.acceptance_facilitation * facilitation - flag(discrepancy < 0.0) * resistance;
    (1.0 - certainty) * logistic(ready)
}

/// What bad news weighs, in SD ≥ 0: all of it where it is accepted, half where it is not, buffered as every bad experience.
pub fn threat(p: &Parameters, discrepancy: f64, accepted: f64, buffer: f64) -> f64 {
    let t = &p.assessment;
    t.hurt * negative(discrepancy) * (accepted + t.rejected * (1.0 - accepted)) * buffer
}

/// The chance in what others say of a person: the same two draws in every world of a replication, assessed or not.
pub fn chance(master: u64, replication: u64, person: u64) -> (f64, f64) {
    Stream::open(master, replication, Purpose::Assessment, person).normals()
}

impl World {
    /// Shows a person the report of a 360-degree assessment. `dose`, in [0, 1], is the share of it that is worked through;
    /// `chance` comes from [`chance`].
    pub fn report(&mut self, person: usize, dose: f64, chance: (f64, f64)) {
        let facilitation = self.facilitation_around(person);
        let (dyad, seat) = self.seat_of(person);
        let (index, lane) = place(dyad);
        let p = &self.parameters;
        let t = &p.assessment;
        let member = &mut self.blocks[index].members[seat];
        let person = &mut member.person;
        let skill = coaching_skill(person.listening[lane], person.empathy[lane], person.feedback[lane]);
        let competence = emotional_competence(person.empathy[lane], person.self_awareness[lane]);
        let discrepancy = score(p, skill, chance.0, chance.1) - person.self_view[lane];
        let accepted =
            accepted(p, discrepancy, person.mind_set[lane], competence, facilitation, person.certainty[lane]);
        let threat = dose * threat(p, discrepancy, accepted, trust::buffer(p, person.mind_set[lane], competence));
        let blind = (person.self_view[lane] - skill).abs();
        person.self_view[lane] += dose * t.correction * accepted * discrepancy;
        let seen = blind - (person.self_view[lane] - skill).abs();
        person.self_awareness[lane] += t.insight * seen;
        let lifted = dose * t.esteem_gain * accepted * positive(discrepancy);
        let limited = |state: f64| within(state, -6.0, 6.0);
        person.self_esteem[lane] = limited(person.self_esteem[lane] + lifted - t.esteem_loss * threat);
        person.motivation[lane] = limited(person.motivation[lane] - t.motivation_loss * threat);
        let usual = person.strain[lane];
        person.strain[lane] += t.strain * threat;
        let noticed = p.affect.strain_noticed;
        member.count.negative_effects[lane] += flag(usual <= noticed) * flag(person.strain[lane] > noticed);
    }

    /// Facilitation of the program in which a person is: of the pair, or of the first of a person's ties.
    fn facilitation_around(&self, person: usize) -> f64 {
        if let Some(ties) = self.ties()
            && let Some((tie, _)) = ties.of_person(person).first()
        {
            let (block, lane) = ties.at(*tie);
            return block.shared.facilitation[lane];
        }
        let (block, _, lane) = self.member_at(person);
        block.shared.facilitation[lane]
    }

    /// Lets a person assess him- or herself: reflection, and no information from outside. `dose` in [0, 1].
    pub fn look_at_oneself(&mut self, person: usize, dose: f64) {
        let (dyad, seat) = self.seat_of(person);
        let (index, lane) = place(dyad);
        let t = &self.parameters.assessment;
        let person = &mut self.blocks[index].members[seat].person;
        let reflection = logistic(person.self_awareness[lane]);
        person.self_awareness[lane] += dose * t.reflection * reflection;
        person.certainty[lane] += dose * t.firmness * (1.0 - reflection) * (1.0 - person.certainty[lane]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn acceptance_follows_the_theory(
            p in random::parameters(), bad in 0.01..4.0_f64, mind_set in -4.0..4.0_f64, competence in -4.0..4.0_f64,
            facilitation in 0.0..0.5_f64, certainty in 0.0..0.5_f64,
        ) {
            let at = |gap, m, c, f, firm| accepted(&p, gap, m, c, f, firm);
            let base = at(-bad, mind_set, competence, facilitation, certainty);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(at(-bad, mind_set + 1.0, competence, facilitation, certainty) >= base);
            prop_assert!(at(-bad, mind_set, competence + 1.0, facilitation, certainty) >= base);
            prop_assert!(at(-bad, mind_set, competence, facilitation + 0.5, certainty) >= base);
            prop_assert!(at(-bad, mind_set, competence, facilitation, certainty + 0.5) <= base);
            prop_assert!(at(bad, 0.0, 0.0, facilitation, certainty) >= at(-bad, 0.0, 0.0, facilitation, certainty));
        }

        #[test]
        fn bad_news_hurts_and_good_news_does_not(
            p in random::parameters(), gap in -5.0..5.0_f64, accepted in 0.0..0.9_f64, buffer in 0.1..2.0_f64,
        ) {
            let hurt = threat(&p, gap, accepted, buffer);
            prop_assert!(hurt >= 0.0 && hurt.is_finite());
            prop_assert!(gap < 0.0 || hurt == 0.0);
            prop_assert!(threat(&p, gap, accepted + 0.1, buffer) >= hurt, "what is believed hurts at least as much");
        }

        /// More raters see better: the spread of the score around the skill never rises with their number.
        #[test]
        fn raters_average_out(p in random::parameters(), own in -3.0..3.0_f64) {
            let mut more = p.clone();
            more.assessment.raters = 30.0;
            let off = |p: &Parameters| (score(p, 0.0, 0.0, own) - p.assessment.rater_leniency).abs();
            prop_assert!(off(&more) <= off(&p));
        }
    }

    /// By hand, at the defaults: a self-view one SD too high meets a score without error or leniency.
    #[test]
    fn by_hand() {
        let mut p = Parameters::default();
        p.assessment.rater_leniency = 0.0;
        assert_eq!(score(&p, -0.5, 0.0, 0.0), -0.5);
        let believed = accepted(&p, -1.0, 0.0, 0.0, 0.0, 0.0);
        assert!((believed - 0.401_312_339_887_548).abs() < 1e-9, "{believed}");
        assert!((threat(&p, -1.0, believed, 1.0) - 0.700_656).abs() < 1e-5);
        assert_eq!(accepted(&p, 1.0, 0.0, 0.0, 0.0, 0.0), logistic(0.8));
    }
}
