//! A study as it is declared: who is recruited, how arms are assigned, what is done to them, what is measured and
//! what is asked. The vocabulary (model, inquiry, data strategy, answer strategy) follows Blair, Coppock & Humphreys 2023.
//!
//! A [`Study`] is what the scenario reader hands over after every check: it holds no text that still needs reading.

use super::business::Business;
use super::context::{Change, Setting, Values};
use crate::model::parameters::Parameters;
use crate::model::person::Trait;

/// One study, complete and checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Short name, used for the run directory.
    pub id: String,
    /// Title in words.
    pub title: String,
    /// The question it answers, in one sentence.
    pub question: String,
    /// Where the literature asks it.
    pub source: String,
    /// Index of the hypothesis whose answer is the answer to the question; none where no single one of them is.
    pub answer: Option<usize>,
    /// Questions that a teacher can ask a class about it.
    pub discussion: Vec<String>,
    /// Every parameter of the model, resolved. Arms change copies of it.
    pub parameters: Parameters,
    /// Who is recruited.
    pub population: Population,
    /// How many organizations there are.
    pub organizations: usize,
    /// Groups of organizations that differ from each other, in order; empty where all are founded around one set of values.
    pub settings: Vec<Setting>,
    /// What changes in every organization, and when.
    pub schedule: Vec<Change>,
    /// The form of coaching and its calendar.
    pub program: Program,
    /// How arms are assigned.
    pub design: Design,
    /// The factors of a factorial design; none in another.
    pub factors: Vec<Factor>,
    /// The arms, in the scenario's order.
    pub arms: Vec<Arm>,
    /// What is measured, and when.
    pub measurement: Measurement,
    /// What is asked.
    pub hypotheses: Vec<Hypothesis>,
    /// What it costs and may bring in money, where that is asked.
    pub business: Option<Business>,
    /// How often it is repeated.
    pub monte_carlo: MonteCarlo,
}

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

/// What is assigned to arms as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Each person for itself; partners may be in different arms.
    Person,
    /// Both members of a dyad together.
    Dyad,
    /// Everyone in an organization together.
    Organization,
}

impl Unit {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Unit)] =
        &[("person", Unit::Person), ("dyad", Unit::Dyad), ("organization", Unit::Organization)];
}

/// How units are allotted to arms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// Each unit by an independent draw.
    Simple,
    /// Fixed numbers per arm, by lot.
    Complete,
    /// Fixed numbers per arm within each organization; within each setting, where organizations are assigned.
    Blocked,
    /// Nobody assigns: units choose, by who they are (see [`Selection`]).
    SelfSelected,
    /// Nobody is assigned: a survey. Everyone is in the control arm.
    None,
}

impl Allocation {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Allocation)] = &[
        ("simple", Allocation::Simple),
        ("complete", Allocation::Complete),
        ("blocked", Allocation::Blocked),
        ("self-selected", Allocation::SelfSelected),
        ("none", Allocation::None),
    ];
}

/// How arms are assigned. Cluster randomization is `unit` dyad or organization.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// What is assigned as one.
    pub unit: Unit,
    /// How.
    pub allocation: Allocation,
    /// What is measured of everyone before, if anything.
    pub screening: Option<Screening>,
    /// Who chooses what, where units choose.
    pub selection: Selection,
}

/// What draws people to the arms that are not the control, in log odds per SD of the reference population. It is read where
/// the allocation is self-selected, and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selection {
    /// Multiplies all of them; 0 is by lot.
    pub strength: f64,
    /// Lack of expertise.
    pub need: f64,
    /// Relational schema: proactive help-seeking.
    pub schema: f64,
    /// Motivation to learn and to help.
    pub motivation: f64,
    /// Seeing the own career as own responsibility.
    pub self_direction: f64,
    /// Early to late career.
    pub career_stage: f64,
}

impl Default for Selection {
    fn default() -> Self {
        Self { strength: 1.0, need: 0.0, schema: 0.0, motivation: 0.0, self_direction: 0.0, career_stage: 0.0 }
    }
}

/// A factor of a factorial design: something that is at a low or a high level in each arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// Short name, as hypotheses use it.
    pub id: String,
    /// Name in words.
    pub name: String,
}

/// One arm: what its members receive, beside what everyone has.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its name, as the tables and figures show it.
    pub name: String,
    /// Whether it is the reference arm (exactly one is).
    pub control: bool,
    /// Share of units assigned to it; shares sum to 1. An arm of share 0 has no members: only its world is run.
    pub share: f64,
    /// Whether each of the study's factors is at its high level; empty without factors.
    pub levels: Vec<bool>,
    /// What is done to its members at the start.
    pub treatments: Vec<Treatment>,
    /// The program its members have (an arm may have none).
    pub program: Program,
    /// Who is eligible, by the screening; all, in equal parts of both halves, where nothing is said.
    pub pairs: Option<Composition>,
    /// What this arm sets of an organization, its values and its risk factors, over the study's and the setting's; only if organizations are assigned.
    pub organization: Values,
    /// What changes in this arm's organizations, and when; only if organizations are assigned.
    pub schedule: Vec<Change>,
    /// The model's parameters for its members: `program.*` may differ by arm, and what `organization` says.
    pub parameters: Parameters,
}

/// Something done to a person before the program starts: it moves states and nothing else.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Treatment {
    /// Which, the id of one of [`super::treatment::CATALOGUE`].
    pub id: &'static str,
    /// How much, in SD of the state it is named after.
    pub dose: f64,
    /// Share of an unpracticed gain that is lost per week.
    pub decay: f64,
}

/// What is measured, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Weeks of measurement, increasing, the first 0 (before any treatment) and none after the last week.
    pub waves: Vec<usize>,
    /// The instruments.
    pub instruments: Vec<Instrument>,
    /// Probability per week that a person stops answering for good.
    pub attrition: f64,
    /// Who watches, for outcomes that an observer records.
    pub observer: Observer,
}

/// A participant observer of informal coaching.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observer {
    /// Probability that a meeting is seen.
    pub detection: f64,
    /// SD of what is misread of a meeting's felt quality.
    pub noise: f64,
}

/// A questionnaire: `items` items on a response scale, answered by the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// The outcome it measures, the id of one of [`crate::model::outcomes::OUTCOMES`].
    pub outcome: &'static str,
    /// Number of items.
    pub items: usize,
    /// Points of the response scale (0: continuous, unbounded).
    pub scale_points: usize,
    /// Share of the observed variance in the reference population that is the construct's, at baseline.
    pub reliability: f64,
    /// SD of a rater's own bias, shared by all scales of that rater, in SD of the construct.
    pub rater_bias: f64,
    /// How much a score rises per unit of competition above the reference, in SD of the construct.
    pub social_desirability: f64,
    /// Probability that a person who is there does not answer it at a wave.
    pub non_response: f64,
}

/// What of an outcome's scores is analyzed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// The score at the wave.
    Post,
    /// The score at the wave minus that at week 0.
    Change,
    /// 1 if the score at the wave is above 0, else 0: whether any of it has happened. Of what is counted from 0 on.
    Any,
}

impl Score {
    /// Of the scores at the wave and at week 0.
    pub fn of(self, post: f64, begin: impl FnOnce() -> f64) -> f64 {
        match self {
            Score::Post => post,
            Score::Change => post - begin(),
            Score::Any if post.is_nan() => f64::NAN,
            Score::Any => f64::from(u8::from(post > 0.0)),
        }
    }

    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Score)] =
        &[("post", Score::Post), ("change", Score::Change), ("any", Score::Any)];
}

/// What a hypothesis expects of its contrast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The first arm is higher.
    Greater,
    /// The first arm is lower.
    Less,
    /// An open question.
    Different,
}

impl Expect {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Expect)] =
        &[("greater", Expect::Greater), ("less", Expect::Less), ("different", Expect::Different)];
}

/// Two arms that are compared: the effect is the first minus the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contrast {
    /// Index of the first arm (the one expected to differ).
    pub treated: usize,
    /// Index of the arm it is compared with.
    pub reference: usize,
}

/// What the size of an effect may depend on.
#[derive(Clone, Debug, PartialEq)]
pub enum Moderator {
    /// Two settings: the effect in the first minus the effect in the second.
    Setting {
        /// Index of the first.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// Two levels of what people are, of [`super::attribute::ATTRIBUTES`]: the effect in the first minus the effect in the
    /// second; people of other levels are left out.
    Attribute {
        /// The attribute's id.
        attribute: &'static str,
        /// Index of the first level among the attribute's.
        first: usize,
        /// Index of the second.
        second: usize,
    },
    /// A standing such as age: the change of the effect per SD of the reference population.
    Standing(&'static str),
    /// An outcome as measured at week 0: the change of the effect per unit of its score.
    Measured(&'static str),
}

/// How an outcome goes with something else that was measured, without anything having been done.
#[derive(Clone, Debug, PartialEq)]
pub struct Association {
    /// The outcome that predicts, the id of one of [`crate::model::outcomes::OUTCOMES`].
    pub predictor: &'static str,
    /// At which wave it was measured.
    pub week: usize,
    /// Index of the arm that moves the predictor for everyone: from its world comes the causal truth.
    pub causal: Option<usize>,
}

/// What a hypothesis asks: always one coefficient of a linear model, see [`super::design_matrix`].
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// The difference between two arms.
    Contrast(Contrast),
    /// How much that difference changes with a moderator: a difference of differences.
    Moderated(Contrast, Moderator),
    /// Indices of factors: the main effect of one, the interaction of several.
    Factors(Vec<usize>),
    /// A slope or a correlation.
    Association(Association),
    /// How far members of a dyad, a team or an organization resemble each other.
    Resemblance(Level),
}

impl Ask {
    /// Its name in the tables.
    pub fn name(&self) -> &'static str {
        match self {
            Ask::Contrast(_) => "contrast",
            Ask::Moderated(..) => "moderated contrast",
            Ask::Factors(factors) if factors.len() == 1 => "main effect",
            Ask::Factors(_) => "interaction",
            Ask::Association(_) => "association",
            Ask::Resemblance(_) => "resemblance",
        }
    }

    /// The two arms that are compared, where two arms are.
    pub fn contrast(&self) -> Option<Contrast> {
        match self {
            Ask::Contrast(contrast) | Ask::Moderated(contrast, _) => Some(*contrast),
            Ask::Factors(_) | Ask::Association(_) | Ask::Resemblance(_) => None,
        }
    }
}

/// What is one row of an analysis: a person, or the mean over the persons of something larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Each person.
    Person,
    /// The mean of each dyad.
    Dyad,
    /// The mean of each team of an organization.
    Team,
    /// The mean of each organization.
    Organization,
}

impl Level {
    /// The names a scenario uses, in order.
    pub const NAMES: &'static [(&'static str, Level)] = &[
        ("person", Level::Person),
        ("dyad", Level::Dyad),
        ("team", Level::Team),
        ("organization", Level::Organization),
    ];

    /// The names of those that hold several persons.
    pub const GROUPS: &'static [(&'static str, Level)] =
        &[("dyad", Level::Dyad), ("team", Level::Team), ("organization", Level::Organization)];
}

/// One question, with the answer strategies that are compared on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypothesis {
    /// Short name.
    pub id: String,
    /// The statement, in words.
    pub statement: String,
    /// What is compared, the id of one of [`crate::model::outcomes::OUTCOMES`].
    pub outcome: &'static str,
    /// At which wave (a week of [`Measurement::waves`]).
    pub week: usize,
    /// Post-score or change.
    pub score: Score,
    /// What is asked.
    pub ask: Ask,
    /// The setting in which it is asked; none: in all of them.
    pub within: Option<usize>,
    /// What is one row of the analysis.
    pub level: Level,
    /// Which direction is expected.
    pub expect: Expect,
    /// The smallest effect of interest, in the outcome's own unit (of a growth model per week); of a correlation and of log odds in
    /// their own.
    pub smallest_effect_of_interest: f64,
    /// Ids of the estimators, the first being the one that is preregistered.
    pub estimators: Vec<&'static str>,
    /// Outcomes whose scores are covariates of ANCOVA (at week 0; the outcome's own baseline unless stated) and of
    /// regression (at the predictor's week; none unless stated).
    pub covariates: Vec<&'static str>,
    /// Whether the model's equations imply the answer, so that a confirmation is no evidence.
    pub implied_by_theory: bool,
}

/// How often the experiment is repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MonteCarlo {
    /// Number of replications.
    pub replications: usize,
    /// The seed of everything.
    pub seed: u64,
}
