//! Why an analysis could not be made. A failed fit is a result of its own: it is counted, never taken for 'not
//! significant'.

use thiserror::Error;

/// The reason for which an estimator gave no estimate. The messages carry the values that were met.
#[allow(missing_docs)] // Each message says what its variant and its fields are.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Failure {
    #[error("{column} has {found} rows where the outcome has {expected}")]
    UnequalLengths { column: String, found: usize, expected: usize },
    #[error("{column} is {value} in row {row} (counted from 0): every value must be finite")]
    NotFinite { column: String, row: usize, value: f64 },
    #[error("the confidence level is {confidence}: it must lie strictly between 0 and 1")]
    Confidence { confidence: f64 },
    #[error("the treatment is {value} in row {row} (counted from 0): it must be 1 (treated) or 0 (control)")]
    TreatmentNotBinary { row: usize, value: f64 },
    #[error("{rows} rows cannot determine {coefficients} coefficients and a variance")]
    TooFewRows { rows: usize, coefficients: usize },
    #[error("the treatment is {value} in all {rows} rows: there is nothing to compare")]
    NoVariationInTreatment { value: f64, rows: usize },
    #[error(
        "{column} is a combination of the columns before it (nothing is left of it but rounding): the coefficients are not \
         determined"
    )]
    Singular { column: String },
    #[error(
        "too few clusters ({clusters}): what differs between clusters, within arms where there are any, cannot be told"
    )]
    TooFewClusters { clusters: usize },
    #[error(
        "single clusters decide {share:.3} of the coefficient's weight alone (an arm with one cluster): its variance \
         between clusters cannot be estimated"
    )]
    SingleClusterArm { share: f64 },
    #[error("the estimate has a variance of zero within rounding: there is no uncertainty to estimate")]
    ZeroVariance { estimate: f64 },
    #[error("the {what} is {value}: the data exceed the range of the arithmetic")]
    OutOfRange { what: &'static str, value: f64 },
    #[error("coefficient {coefficient} was asked of a regression with {coefficients} (counted from 0)")]
    NoSuchCoefficient { coefficient: usize, coefficients: usize },
    #[error("{estimator} errors were asked of clusters: the classical variance is a method of the regression")]
    NotClusterRobust { estimator: &'static str },
    #[error("{members} rows belong to one dyad (label {dyad}): actor and partner effects need pairs of two")]
    NoPair { dyad: u32, members: usize },
    #[error(
        "the predictors of the two have the same sum in every pair (one of each pair is treated): own and partner's are one column, and \
         actor and partner effect cannot be told apart. What can be estimated is actor less partner effect (`difference`); telling them \
         apart needs pairs in which both or neither are treated"
    )]
    OneOfEachPair,
    #[error(
        "the two of every pair have the same predictor (pairs are treated as a whole): own and partner's are one column, and actor \
         and partner effect cannot be told apart. What can be estimated is their sum (`difference`); telling them apart needs pairs \
         in which one is treated"
    )]
    PartnersAlike,
    #[error("nobody drew lots for this treatment (or what was drawn is not known): there is no draw to repeat")]
    NoLot,
    #[error("the {what} of each row is not known: without it this model cannot be fitted")]
    LabelsUnknown { what: &'static str },
    #[error("every one of the {rows} rows has a {term} of its own: its variance cannot be told from the residual's")]
    NoSharedGroup { term: String, rows: usize },
    #[error("the outcome is {value} in {place}: a logistic regression needs 0 or 1")]
    OutcomeNotBinary { place: String, value: f64 },
    #[error(
        "the columns tell ones from zeros without error (log odds beyond {log_odds:.0}): the likelihood has no maximum"
    )]
    Separation { log_odds: f64 },
    #[error(
        "{rows} rows hang together by their {term}, with a covariance that does not fall apart below {size} rows, and more than \
         {most} are not inverted here: leave the {term} out of this model, or take least squares with errors clustered by it \
         (CR2)"
    )]
    TooLarge { term: String, rows: usize, size: usize, most: usize },
    #[error("the likelihood's maximum was not found within {rounds} rounds")]
    NotConverged { rounds: usize },
    #[error(
        "members of the smaller clusters contrast (correlation {found:.2} within arms), and those of a cluster of {size} cannot: it allows no \
         correlation below -1/{} = {least:.4}. One correlation for all has no most likely value: leave the large clusters out, or \
         take `difference` without them", size - 1
    )]
    NoCommonCorrelation { found: f64, size: usize, least: f64 },
    #[error(
        "the information about the {parameters} covariance parameters is singular: their uncertainty is not determined"
    )]
    SingularInformation { parameters: usize },
}

impl Failure {
    /// A short stable identifier for a table's column.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::UnequalLengths { .. } => "unequal_lengths",
            Failure::NotFinite { .. } => "not_finite",
            Failure::Confidence { .. } => "confidence_out_of_range",
            Failure::TreatmentNotBinary { .. } => "treatment_not_binary",
            Failure::TooFewRows { .. } => "too_few_rows",
            Failure::NoVariationInTreatment { .. } => "no_variation_in_treatment",
            Failure::Singular { .. } => "singular_design",
            Failure::TooFewClusters { .. } => "too_few_clusters",
            Failure::SingleClusterArm { .. } => "single_cluster_arm",
            Failure::ZeroVariance { .. } => "zero_variance",
            Failure::OutOfRange { .. } => "out_of_range",
            Failure::NoSuchCoefficient { .. } => "no_such_coefficient",
            Failure::NotClusterRobust { .. } => "not_cluster_robust",
            Failure::NoPair { .. } => "no_pair",
            Failure::OneOfEachPair => "one_of_each_pair",
            Failure::PartnersAlike => "partners_alike",
            Failure::NoLot => "no_lot",
            Failure::LabelsUnknown { .. } => "labels_unknown",
            Failure::NoSharedGroup { .. } => "no_shared_group",
            Failure::OutcomeNotBinary { .. } => "outcome_not_binary",
            Failure::Separation { .. } => "separation",
            Failure::TooLarge { .. } => "too_large",
            Failure::NotConverged { .. } => "not_converged",
            Failure::NoCommonCorrelation { .. } => "no_common_correlation",
            Failure::SingularInformation { .. } => "singular_information",
        }
    }
}
