//! What a researcher can do to people before they coach each other. A treatment moves states and nothing else.

use crate::model::person::Trait;

/// One kind of treatment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    /// Its key in an arm, e.g. `training.active_listening`.
    pub id: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Which states move, by how many SD per unit of dose.
    pub moves: &'static [(Trait, f64)],
    /// Where the multiples come from.
    pub source: &'static str,
}

/// Every kind of treatment, in a fixed order.
pub const CATALOGUE: &[Kind] = &[
    Kind {
        id: "training.active_listening",
        meaning: "Practice of active listening: reflecting content and feelings, summarizing, challenging inconsistencies, exploring options.",
        moves: &[(Trait::Listening, 1.0), (Trait::Empathy, 0.375)],
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level; empathy's share assumed",
    },
    Kind {
        id: "training.disclosure",
        meaning: "Practice of self-disclosure and story telling.",
        moves: &[(Trait::Disclosure, 1.0)],
        source: "Parker, Kram & Hall 2012 (a skill that can be trained)",
    },
    Kind {
        id: "training.feedback",
        meaning: "Practice of giving and receiving feedback.",
        moves: &[(Trait::Feedback, 1.0)],
        source: "Parker, Kram & Hall 2012 (a skill that can be trained)",
    },
    Kind {
        id: "training.mind_set",
        meaning: "Training toward a growth mind-set.",
        moves: &[(Trait::MindSet, 1.0)],
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level",
    },
    Kind {
        id: "talk.benefits",
        meaning: "A talk on the benefits of peer coaching: it raises motivation, and expectation with it (.25 is its SD).",
        moves: &[(Trait::Motivation, 1.0), (Trait::Expectation, 0.25)],
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level; the states are assumed",
    },
];

/// The kind with this id.
pub fn find(id: &str) -> Option<&'static Kind> {
    CATALOGUE.iter().find(|kind| kind.id == id)
}
