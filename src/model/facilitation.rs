//! Facilitation of a connection: a facilitator works with a pair before it begins.
//!
//! Stevens, Heaphy & Dutton (2011) name cognitive, emotional and behavioral mechanisms of high-quality connections, Dutton
//! (2003) ways to build them: respectful engagement, task enabling, trusting. The facilitator touches the *conditions*
//! under which a pair meets: a safe place, acquaintance, realistic expectations, and an agreement on how to engage with each
//! other. The connection itself (its capacities, what the two feel, what they learn) is left to the mechanisms, so that
//! facilitation may help, do nothing or disappoint.

use super::dyad::{Shared, place};
use super::maths::within;
use super::parameters::{ARTICLE, Parameters, Prior::Normal, parameters};
use super::world::World;

const DUTTON: &str = "Dutton 2003; Stevens, Heaphy & Dutton 2011 (construct and direction); value assumed";

parameters! {
    /// What a facilitator moves who works with a pair at the start; each share is per unit of dose.
    Theory, "theory.facilitation";
    Dyad holding = 0.3, 0.0 => 0.8, "share of what is left", Normal(0.1), "How far a facilitator builds the holding environment before the first meeting.", DUTTON;
    Dyad familiarity = 0.3, 0.0 => 0.8, "share of what is left", Normal(0.1), "How far a facilitator acquaints the two with each other.", DUTTON;
    Dyad engagement = 0.3, 0.0 => 0.8, "share of what is left", Normal(0.1), "How far an agreement on respectful engagement adds to the structure of the program, where there is one.", DUTTON;
    Person realism = 0.4, 0.0 => 0.9, "share", Normal(0.12), "How far talking about what to expect of each other brings expectations back to what is realistic.", ARTICLE;
}

/// A share of what is left up to 1, in [state, 1] for a share in [0, 1].
pub fn raised(state: f64, share: f64) -> f64 {
    state + within(share, 0.0, 1.0) * (1.0 - state)
}

impl World {
    /// A facilitator works with a person, and with each pair of which this person is the first: with everyone's turn, every
    /// relationship has been worked on once. Holding, familiarity, structure (of a program) and expectations move, nothing
    /// else.
    pub fn facilitate(&mut self, person: usize, dose: f64) {
        let (dyad, seat) = self.seat_of(person);
        let (index, lane) = place(dyad);
        let p = &self.parameters;
        let stays = self.seating.as_ref().is_none_or(|seating| seating.stays(dyad, self.organization_of_dyad[dyad]));
        let block = &mut self.blocks[index];
        let expectation = &mut block.members[seat].person.expectation[lane];
        *expectation +=
            within(dose * p.facilitation.realism, 0.0, 1.0) * (p.population.expectation_mean - *expectation);
        if stays && seat == 0 {
            work_with(p, &mut block.shared, lane, dose);
        }
        if let Some(seating) = &mut self.seating {
            for index in 0..seating.ties.of_person(person).len() {
                let (tie, side) = seating.ties.of_person(person)[index];
                if side == 0 {
                    let (block, lane) = seating.ties.at_mut(tie);
                    work_with(p, &mut block.shared, lane, dose);
                }
            }
            seating.begin();
        }
    }
}

/// What a facilitator does to what two share.
fn work_with(p: &Parameters, shared: &mut Shared, lane: usize, dose: f64) {
    let t = &p.facilitation;
    shared.holding[lane] = raised(shared.holding[lane], dose * t.holding);
    shared.familiarity[lane] = raised(shared.familiarity[lane], dose * t.familiarity);
    // An agreement holds where a program keeps it; colleagues without one agree on nothing that lasts.
    shared.structure[lane] = raised(shared.structure[lane], shared.formal[lane] * dose * t.engagement);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_left_bounds_it(p in random::parameters(), state in 0.0..=1.0_f64, dose in 0.0..=1.0_f64) {
            let next = raised(state, dose * p.facilitation.holding);
            prop_assert!(next >= state && next <= 1.0);
            prop_assert_eq!(raised(state, 0.0), state);
        }
    }

    /// By hand: a full dose closes .3 of the gap from .5 to 1.
    #[test]
    fn by_hand() {
        let p = Parameters::default();
        assert!((raised(0.5, p.facilitation.holding) - 0.65).abs() < 1e-12);
    }
}
