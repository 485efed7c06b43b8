//! The person: the ontogenic level of Figure 1.

/// A trait or state that people bring, that a study's population may shift and a treatment may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    /// Skill of active listening.
    Listening,
    /// Skill of self-disclosure.
    Disclosure,
    /// Skill of giving and receiving feedback.
    Feedback,
    /// Empathy.
    Empathy,
    /// Self-awareness.
    SelfAwareness,
    /// Growth (+) to performance (−).
    MindSet,
    /// Relational schema: oppositional (−) to proactive (+).
    Schema,
    /// Motivation to learn and to help.
    Motivation,
    /// Worldview: mutuality (−) to 'survival of the fittest' (+).
    Worldview,
    /// Dominance.
    Dominance,
    /// Self-esteem.
    SelfEsteem,
    /// Movement between learner and facilitator.
    RoleAgility,
    /// Seeing the own career as own responsibility.
    SelfDirection,
    /// Expected benefit of the next episode.
    Expectation,
}

/// Traits by the names a scenario uses, in the order of [`Trait`].
pub const TRAITS: &[(&str, Trait)] = &[
    ("listening", Trait::Listening),
    ("disclosure", Trait::Disclosure),
    ("feedback", Trait::Feedback),
    ("empathy", Trait::Empathy),
    ("self_awareness", Trait::SelfAwareness),
    ("mind_set", Trait::MindSet),
    ("relational_schema", Trait::Schema),
    ("motivation", Trait::Motivation),
    ("worldview", Trait::Worldview),
    ("dominance", Trait::Dominance),
    ("self_esteem", Trait::SelfEsteem),
    ("role_agility", Trait::RoleAgility),
    ("self_direction", Trait::SelfDirection),
    ("expectation", Trait::Expectation),
];
