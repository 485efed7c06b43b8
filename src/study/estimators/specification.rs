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
    /// The slope of a simple regression with both sides in their own standard deviations: Pearson's correlation.
    Correlation,
    /// Rows are persons at all waves, and indicators of the waves stand beside exposure: organizations that have changed against
    /// those that have not yet.
    SteppedWedge,
}

impl Specification {
    /// Whether covariates enter.
    pub fn covariates(self) -> bool {
        matches!(self, Specification::Ancova | Specification::Regression)
    }

    /// Whether it answers an association, and not an experiment.
    pub fn association(self) -> bool {
        matches!(self, Specification::Slope | Specification::Regression | Specification::Correlation)
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
