//! Who takes part, how they come together, and in what program.

use crate::model::person::Trait;

/// Who is recruited.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Number of dyads over all organizations; persons are twice as many.
    pub dyads: usize,
    /// Shifts of the baseline distribution of traits: state id, mean, SD (reference: 0 and 1).
    pub traits: Vec<TraitShift>,
}

/// How one trait's baseline distribution differs from the reference population's.
#[derive(Clone, Debug, PartialEq)]
pub struct TraitShift {
    /// Which trait.
    pub state: Trait,
    /// Mean in SD of the reference population.
    pub mean: f64,
    /// SD as a multiple of the reference population's.
    pub sd: f64,
}

/// The form of coaching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Pairs made and supported by a program.
    Formal,
    /// Pairs that choose each other, week by week.
    Informal,
    /// The same people without coaching.
    None,
}

impl Kind {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Kind)] =
        &[("formal", Kind::Formal), ("informal", Kind::Informal), ("none", Kind::None)];
}

/// How pairs are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// By lot.
    Random,
    /// People choose: proactive ones first, the most similar partner left.
    SelfSelected,
    /// Each one's needs against the other's expertise.
    Needs,
    /// The most alike in age, experience and group.
    Similarity,
    /// Growth with growth, performance with performance.
    MindSetAlike,
    /// Growth with performance.
    MindSetMixed,
    /// The most senior with the most junior.
    SeniorityMixed,
    /// Like with like in seniority.
    SeniorityAlike,
    /// Maximum total of mutual needs-based fit, by pairwise exchange.
    Optimal,
}

impl Matching {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Matching)] = &[
        ("random", Matching::Random),
        ("self-selected", Matching::SelfSelected),
        ("needs", Matching::Needs),
        ("similarity", Matching::Similarity),
        ("mind-set-alike", Matching::MindSetAlike),
        ("mind-set-mixed", Matching::MindSetMixed),
        ("seniority-mixed", Matching::SeniorityMixed),
        ("seniority-alike", Matching::SeniorityAlike),
        ("optimal", Matching::Optimal),
    ];
}

/// The form of coaching and its calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Program {
    /// Formal, informal or none.
    pub kind: Kind,
    /// Weeks with formal meetings.
    pub weeks: usize,
    /// Weeks after them.
    pub follow_up_weeks: usize,
    /// How pairs are made.
    pub matching: Matching,
    /// 2 for pairs, 3 to 8 for circles of about this size.
    pub group_size: usize,
}

/// What people are screened for before they are assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screened {
    /// A trait.
    Trait(Trait),
    /// Seniority: 0 age, 1 experience, 2 status.
    Seniority(usize),
}

impl Screened {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Screened)] = &[
        ("listening", Screened::Trait(Trait::Listening)),
        ("disclosure", Screened::Trait(Trait::Disclosure)),
        ("feedback", Screened::Trait(Trait::Feedback)),
        ("empathy", Screened::Trait(Trait::Empathy)),
        ("self_awareness", Screened::Trait(Trait::SelfAwareness)),
        ("mind_set", Screened::Trait(Trait::MindSet)),
        ("relational_schema", Screened::Trait(Trait::Schema)),
        ("motivation", Screened::Trait(Trait::Motivation)),
        ("worldview", Screened::Trait(Trait::Worldview)),
        ("dominance", Screened::Trait(Trait::Dominance)),
        ("self_esteem", Screened::Trait(Trait::SelfEsteem)),
        ("role_agility", Screened::Trait(Trait::RoleAgility)),
        ("self_direction", Screened::Trait(Trait::SelfDirection)),
        ("expectation", Screened::Trait(Trait::Expectation)),
        ("age", Screened::Seniority(0)),
        ("experience", Screened::Seniority(1)),
        ("status", Screened::Seniority(2)),
    ];
}

/// A screening before assignment: everyone's score on one trait, with error. Rules of matching that go by this trait go by
/// the score, and arms may be open to the upper or the lower half of each organization by it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screening {
    /// The trait.
    pub what: Screened,
    /// Share of the score's variance in the reference population that is the trait's.
    pub reliability: f64,
}

/// Who is eligible for an arm, by half of the screening's scores within each organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Composition {
    /// Both of a pair from the upper half.
    HighHigh,
    /// Both from the lower half.
    LowLow,
    /// One from each.
    HighLow,
}

impl Composition {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Composition)] =
        &[("high-high", Composition::HighHigh), ("low-low", Composition::LowLow), ("high-low", Composition::HighLow)];
}
