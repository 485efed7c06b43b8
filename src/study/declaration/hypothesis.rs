//! What is asked of what was measured.

use super::measurement::Score;

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
    /// Two levels of what people are, of [`ATTRIBUTES`](crate::study::attribute::ATTRIBUTES): the effect in the first minus the effect in the
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

/// What a hypothesis asks: always one coefficient of a linear model, see [`design_matrix`](crate::study::design_matrix).
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
    /// At which wave (a week of [`Measurement::waves`](super::Measurement::waves)).
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
