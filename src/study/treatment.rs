//! What a researcher can do to people before they coach each other. A treatment moves states and nothing else: what comes
//! of it is left to the model's mechanisms.

use super::declaration::Treatment;
use crate::model::assessment;
use crate::model::person::Trait;
use crate::model::world::World;

/// What a treatment does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Moves traits of a person by so many SD per unit of dose, as training or a talk does.
    Shift(&'static [(Trait, f64)]),
    /// Shows a person the report of a 360-degree assessment ([`World::report`]).
    Report,
    /// Lets a person assess him- or herself ([`World::look_at_oneself`]).
    LookAtOneself,
    /// A facilitator works with a pair ([`World::facilitate`]).
    Facilitate,
}

/// Who is treated as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// A person.
    Person,
    /// Both members of a pair together.
    Dyad,
}

/// One kind of treatment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kind {
    /// Its key in an arm, e.g. `training.active_listening`.
    pub id: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// What it does.
    pub act: Act,
    /// Where it and its sizes come from.
    pub source: &'static str,
}

/// A state moved by itself: what only a counterfactual world can do.
const fn shift(id: &'static str, moves: &'static [(Trait, f64)]) -> Kind {
    Kind {
        id,
        meaning: "Moves this one state and nothing else, which no training does: for the counterfactual world of an association, in an arm of share 0.",
        act: Act::Shift(moves),
        source: "a device of the analysis, not of the theory (Pearl 2009, the do-operator)",
    }
}

/// Every kind of treatment, in the order in which they are done to a person: who is assessed is assessed before any training.
pub const CATALOGUE: &[Kind] = &[
    Kind {
        id: "assessment.self",
        meaning: "Self-assessment: a look at own skills, values and needs, with no information from outside.",
        act: Act::LookAtOneself,
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level; sizes in theory.assessment",
    },
    Kind {
        id: "assessment.three_sixty",
        meaning: "360-degree assessment: a report shows the person how colleagues see the own skill. It corrects what the person accepts of it, and can hurt.",
        act: Act::Report,
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level; sizes in theory.assessment",
    },
    Kind {
        id: "training.active_listening",
        meaning: "Practice of active listening: reflecting content and feelings, summarizing, challenging inconsistencies, exploring options.",
        act: Act::Shift(&[(Trait::Listening, 1.0), (Trait::Empathy, 0.375)]),
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level; empathy's share assumed",
    },
    Kind {
        id: "training.disclosure",
        meaning: "Practice of self-disclosure and story telling.",
        act: Act::Shift(&[(Trait::Disclosure, 1.0)]),
        source: "Parker, Kram & Hall 2012 (a skill that can be trained)",
    },
    Kind {
        id: "training.feedback",
        meaning: "Practice of giving and receiving feedback.",
        act: Act::Shift(&[(Trait::Feedback, 1.0)]),
        source: "Parker, Kram & Hall 2012 (a skill that can be trained)",
    },
    Kind {
        id: "training.mind_set",
        meaning: "Training toward a growth mind-set.",
        act: Act::Shift(&[(Trait::MindSet, 1.0)]),
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level",
    },
    Kind {
        id: "talk.benefits",
        meaning: "A talk on the benefits of peer coaching: it raises motivation, and expectation with it (.25 is its SD).",
        act: Act::Shift(&[(Trait::Motivation, 1.0), (Trait::Expectation, 0.25)]),
        source: "Parker, Kram & Hall 2012, Targeting the Individual Level; the states are assumed",
    },
    Kind {
        id: "facilitation.connections",
        meaning: "A facilitator works with each pair before it begins, toward a high-quality connection: safety, acquaintance, respectful engagement, what to expect.",
        act: Act::Facilitate,
        source: "Parker, Kram & Hall 2012, Targeting the Relational Level; Dutton 2003; Stevens, Heaphy & Dutton 2011; sizes in theory.facilitation",
    },
    shift("shift.self_direction", &[(Trait::SelfDirection, 1.0)]),
    shift("shift.role_agility", &[(Trait::RoleAgility, 1.0)]),
    shift("shift.self_awareness", &[(Trait::SelfAwareness, 1.0)]),
    shift("shift.relational_schema", &[(Trait::Schema, 1.0)]),
    shift("shift.motivation", &[(Trait::Motivation, 1.0)]),
    shift("shift.self_esteem", &[(Trait::SelfEsteem, 1.0)]),
];

impl Kind {
    /// The traits that it moves by a multiple of its dose; none where it acts through a mechanism of its own.
    pub fn moves(&self) -> &'static [(Trait, f64)] {
        match self.act {
            Act::Shift(moves) => moves,
            Act::Report | Act::LookAtOneself | Act::Facilitate => &[],
        }
    }

    /// The states that its own mechanism touches, each with how; none where it moves traits by a multiple of its dose.
    pub fn touches(&self) -> &'static [(&'static str, &'static str)] {
        match self.act {
            Act::Shift(_) => &[],
            Act::Report => &[
                ("self_view", "toward what colleagues see, as far as the person accepts it"),
                ("self_awareness", "up where the blind area shrinks, down where it grows"),
                ("self_esteem", "down with bad news, up with accepted good news"),
                ("strain", "up with bad news, and a negative effect where it is noticed"),
                ("motivation", "down with bad news"),
            ],
            Act::LookAtOneself => &[
                ("self_awareness", "up with reflection"),
                ("certainty", "up where there is little reflection: the self-view is held to, right or wrong"),
            ],
            Act::Facilitate => &[
                ("holding", "up: a safe place"),
                ("familiarity", "up: acquaintance"),
                ("structure", "up: an agreement on respectful engagement, where there is a program"),
                ("expectation", "toward what is realistic"),
            ],
        }
    }

    /// Who is treated as one.
    pub fn whom(&self) -> Whom {
        match self.act {
            Act::Shift(_) | Act::Report | Act::LookAtOneself => Whom::Person,
            Act::Facilitate => Whom::Dyad,
        }
    }

    /// Whether it shifts traits, so that it has a dose in their SD, and what it adds may be lost again.
    pub fn shifts(&self) -> bool {
        matches!(self.act, Act::Shift(_))
    }
}

/// The kind with this id.
pub fn find(id: &str) -> Option<&'static Kind> {
    CATALOGUE.iter().find(|kind| kind.id == id)
}

/// Does a treatment to a person; what is done to pairs is done to each of which this person is the first.
pub fn give(world: &mut World, treatment: &Treatment, person: usize, seed: (u64, u64)) {
    let Some(kind) = find(treatment.id) else { return };
    match kind.act {
        Act::Shift(moves) => {
            for (which, multiple) in moves {
                world.shift(person / 2, person % 2, *which, multiple * treatment.dose, treatment.decay);
            }
        }
        Act::Report => world.report(person, treatment.dose, assessment::chance(seed.0, seed.1, person as u64)),
        Act::LookAtOneself => world.look_at_oneself(person, treatment.dose),
        Act::Facilitate => world.facilitate(person, treatment.dose),
    }
}
