//! What an estimator is made of: a specification, a method and a sample.

use super::cluster_robust::Errors;

/// Which columns enter a model, and which of its coefficients is the question. It decides what is true of an estimate too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Specification {
    /// The question's column alone: the difference in means.
    Difference,
    /// And all covariates of the observations.
    Ancova,
    /// An association without covariates: the slope of a simple regression.
    Slope,
    /// An association at equal covariates: the slope of a multiple regression.
    Regression,
    /// Pearson's correlation: the slope of a simple regression with both sides in their own standard deviations.
    Correlation,
    /// Rows are persons at all waves, and indicators of the waves stand beside exposure: organizations that have changed against
    /// those that have not yet.
    SteppedWedge,
    /// In pairs: a person's own predictor (or treatment) on the own outcome, at an equal partner's.
    Actor,
    /// In pairs: a person's own predictor (or treatment) on the partner's outcome.
    Partner,
    /// How far members of a group resemble each other: the intraclass correlation.
    Resemblance,
    /// Rows are persons at all waves, and the question is the interaction of arm and week: the difference in change per week.
    Growth,
    /// The difference of the arms' log odds of an outcome of 0 or 1.
    LogOdds,
    /// The same at equal covariates.
    ConditionalLogOdds,
}

/// The unit in which a coefficient is, relative to the outcome's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scaling {
    /// The outcome's own (of an association per unit of the predictor).
    Outcome,
    /// None: a correlation, of two measures or within groups.
    Correlation,
    /// The outcome's per week.
    PerWeek,
    /// Log odds.
    LogOdds,
}

/// What kind of question an estimator answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A contrast, a moderated one, or one of factors.
    Experiment,
    /// A slope or a correlation.
    Association,
    /// An intraclass correlation.
    Resemblance,
}

impl Specification {
    /// Whether covariates enter.
    pub fn covariates(self) -> bool {
        matches!(self, Specification::Ancova | Specification::Regression | Specification::ConditionalLogOdds)
    }

    /// The unit of its coefficient.
    pub fn scaling(self) -> Scaling {
        match self {
            Specification::Correlation | Specification::Resemblance => Scaling::Correlation,
            Specification::Growth => Scaling::PerWeek,
            Specification::LogOdds | Specification::ConditionalLogOdds => Scaling::LogOdds,
            _ => Scaling::Outcome,
        }
    }

    /// Whether it answers a question of this kind.
    pub fn answers(self, question: Asked) -> bool {
        use Specification::{Actor, Correlation, Partner, Regression, Resemblance, Slope};
        match question {
            Asked::Experiment => !matches!(self, Slope | Regression | Correlation | Resemblance),
            Asked::Association => matches!(self, Slope | Regression | Correlation | Actor | Partner),
            Asked::Resemblance => self == Resemblance,
        }
    }

    /// Whether the question's column may hold any number, and not 1 and 0 alone.
    pub(super) fn any_number(self) -> bool {
        self.answers(Asked::Association) || self == Specification::Resemblance
    }

    /// Whether what is true of an experiment is another coefficient than the difference between two arms.
    pub fn own_truth(self) -> bool {
        matches!(self, Specification::SteppedWedge | Specification::Actor | Specification::Partner)
            || matches!(self.scaling(), Scaling::PerWeek | Scaling::LogOdds)
    }
}

/// How a model is fitted, and where its uncertainty comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Least squares with a t test.
    LeastSquares(Errors, DegreesOfFreedom),
    /// Least squares; the wild cluster bootstrap.
    WildBootstrap,
    /// Least squares; the draw of the experiment itself.
    Randomization,
    /// The actor-partner interdependence model of indistinguishable members, by restricted maximum likelihood.
    ActorPartner,
    /// Analysis of variance between and within groups, with an F test; `clamped`: as if the variance between groups could not
    /// be negative.
    Intraclass {
        /// Whether negative values are held at zero.
        clamped: bool,
    },
    /// A correlation on Fisher's scale, with whole clusters left out one at a time.
    ClusterJackknife,
    /// A linear mixed model by restricted maximum likelihood.
    Mixed(Structure, Correction),
    /// Logistic regression with cluster-robust errors.
    Logistic,
}

/// The random effects of a mixed model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Structure {
    /// Members of a dyad share a covariance of either sign.
    Dyad,
    /// A variance of dyads that is not below zero.
    DyadClamped,
    /// Dyads with a covariance of either sign, in organizations with a random intercept.
    DyadInOrganization,
    /// Persons with lines over the weeks, and partners who share covariances of intercepts and slopes of either sign.
    Growth,
}

/// Where a mixed model has its standard error and its degrees of freedom from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Kenward and Roger's, of both.
    KenwardRoger,
    /// No correction of the standard error; Satterthwaite's degrees of freedom.
    Satterthwaite,
}

/// The degrees of freedom of a t test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DegreesOfFreedom {
    /// N − p of independent rows, G − 1 of clusters.
    Naive,
    /// Satterthwaite's.
    Satterthwaite,
}

/// Whose rows enter an analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// Everyone who answered what it needs, as assigned: intention to treat.
    Answered,
    /// Of these, who went through with it: still coached and in the organization at the question's wave (where there is coaching),
    /// with an answer to every questionnaire at every wave up to then.
    Completers,
}
