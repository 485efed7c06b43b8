//! A researcher's own data analyzed by the estimators that analyze every simulated replication.
//!
//! ```text
//! Dataset ── Roles ──> Sample ──> Observations ──> Estimator::estimate     one coefficient, as in the table `estimates`
//!                            └──> mixed, growth, apim, logistic, icc       every coefficient, variances, tests
//! ```
//!
//! The answer depends neither on the order of the rows nor on how clusters are called: the same bits for every permutation. A
//! model that cannot be fitted is reported with its reason beside those that can.

mod actor_partner;
mod catalogue;
mod columns;
mod describe;
mod logistic;
mod mixed;
mod nesting;
mod order;
mod refusal;
mod roles;
mod sample;
mod table;
#[cfg(test)]
mod tests;
mod variances;

pub use describe::Described;
pub use refusal::Refusal;
pub use roles::{MODELS, Model, Request, Roles};
pub use sample::Sample;
pub use table::{analysis_table, write};

use super::dataset::Dataset;
use crate::study::estimators::{
    Estimate, Failure, HedgesG, Method, Specification, cronbach_alpha, hedges_g, student_t_critical,
    student_t_two_sided,
};

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The table's file.
    pub file: String,
    /// Rows of the table.
    pub rows: usize,
    /// Rows in the analysis; none where reliability alone was asked.
    pub analyzed: usize,
    /// Rows that are not in the analysis, by reason.
    pub left_out: Vec<(String, usize)>,
    /// Number of clusters, where they were named.
    pub clusters: Option<usize>,
    /// Numbers of clusters by size, the largest first.
    pub sizes: Vec<(usize, usize)>,
    /// Treated and reference level with their rows, of a treatment.
    pub arms: Option<[(String, usize); 2]>,
    /// The outcome by arm.
    pub described: Vec<Described>,
    /// Confidence of every interval.
    pub confidence: f64,
    /// The models, in the order in which they were asked.
    pub models: Vec<Fitted>,
    /// The standardized difference between the arms, or why there is none.
    pub hedges_g: Option<Result<Standardized, String>>,
    /// Cronbach's alpha of the instruments.
    pub reliability: Vec<Reliability>,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// Hedges' g with its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standardized {
    /// g and its parts.
    pub found: HedgesG,
    /// Lower and upper bound of the interval, by t on the degrees of freedom of g's standard error.
    pub interval: (f64, f64),
}

/// The reliability of an instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// Its name.
    pub instrument: String,
    /// Number of items.
    pub items: usize,
    /// Rows that are complete in all of them.
    pub rows: usize,
    /// Cronbach's alpha, or why there is none.
    pub alpha: Result<f64, Failure>,
}

/// A fitted model.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The name it was asked by.
    pub model: String,
    /// Name for tables.
    pub name: String,
    /// Id of the estimator, of one from the catalogue.
    pub estimator: Option<&'static str>,
    /// Rows it used.
    pub rows: usize,
    /// Groups its uncertainty rests on.
    pub groups: usize,
    /// Coefficients, and other estimates that have an interval.
    pub terms: Vec<Term>,
    /// Variances and the like.
    pub quantities: Vec<Quantity>,
    /// What lies on a boundary, what was left out, what to keep in mind.
    pub notes: Vec<String>,
    /// Why it could not be fitted; then it has no terms.
    pub failure: Option<Failure>,
}

/// An estimate with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Stable short name of its kind: `intercept`, `asked`, `covariate`, `actor`, `odds_ratio`, ...
    pub id: &'static str,
    /// Name for tables.
    pub label: String,
    /// Degrees of freedom and standard error are NaN where there are none.
    pub estimate: Estimate,
}

/// A number without an interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// Stable name.
    pub id: String,
    /// Name for tables.
    pub label: String,
    /// The number.
    pub value: f64,
}

impl Quantity {
    fn new(id: impl Into<String>, label: impl Into<String>, value: f64) -> Self {
        Self { id: id.into(), label: label.into(), value }
    }
}

impl Fitted {
    fn new(model: &str, name: impl Into<String>) -> Self {
        Self {
            model: model.to_owned(),
            name: name.into(),
            estimator: None,
            rows: 0,
            groups: 0,
            terms: Vec::new(),
            quantities: Vec::new(),
            notes: Vec::new(),
            failure: None,
        }
    }

    fn failed(mut self, failure: Failure) -> Self {
        self.terms.clear();
        self.quantities.clear();
        self.failure = Some(failure);
        self
    }

    fn quantity(&mut self, id: &str, label: impl Into<String>, value: f64) {
        self.quantities.push(Quantity::new(id, label, value));
    }
}

/// Analyzes a table.
///
/// # Errors
/// What was asked does not fit the table, or the table contradicts itself. A model that cannot be fitted is no error: see
/// [`Fitted::failure`].
pub fn analyze(table: &Dataset, request: &Request) -> Result<Analysis, Refusal> {
    let confidence = request.confidence;
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(Refusal::asked(
            format!("the confidence level is {confidence}"),
            "It lies strictly between 0 and 1, e.g. --confidence 0.9.",
        ));
    }
    let asked = request.models()?;
    let sample = Sample::of(table, &request.roles)?;
    let mut models = Vec::new();
    for (name, model) in &asked {
        models.push(fit(table, &sample, &request.roles, name, *model, confidence)?);
    }
    let (clusters, sizes) = sample.sizes();
    let pooled = asked.iter().any(|(_, model)| !model.uses_time());
    let mut notes = sample.notes.clone();
    notes.extend(nesting::repeated(&sample).filter(|_| pooled));
    let described = describe::describe(&sample);
    if sample.arms.is_some() {
        notes.extend(describe::without_variance(&request.roles, &described));
    }
    notes.extend(describe::outlying(table, &sample, &request.roles));
    let reliability =
        request.roles.items.iter().map(|(name, items)| reliability(table, name, items)).collect::<Result<_, _>>()?;
    Ok(Analysis {
        file: table.name().to_owned(),
        rows: table.rows(),
        analyzed: sample.rows.len(),
        left_out: sample.left_out.clone(),
        clusters: sample.clustered.then_some(clusters),
        sizes: if sample.clustered { sizes } else { Vec::new() },
        arms: sample.arms.clone(),
        described,
        confidence,
        models,
        hedges_g: sample.arms.is_some().then(|| standardized(&sample, confidence)),
        reliability,
        notes,
    })
}

impl Model {
    /// Whether time enters, and not only tells rows apart.
    fn uses_time(self) -> bool {
        match self {
            Model::Growth => true,
            Model::Catalogue(estimator) => {
                matches!(estimator.specification, Specification::Growth | Specification::SteppedWedge)
            }
            _ => false,
        }
    }
}

/// One model on the rows of a sample.
///
/// # Errors
/// Two rows of one person at a time, for growth; a pair of more than two, or whose roles are not two, for the actor-partner
/// model.
pub fn fit(
    table: &Dataset,
    sample: &Sample,
    roles: &Roles,
    name: &str,
    model: Model,
    confidence: f64,
) -> Result<Fitted, Refusal> {
    Ok(match model {
        Model::Catalogue(estimator) if estimator.method == Method::ActorPartner => {
            let pairs = actor_partner::pairs(table, sample, roles)?;
            let mut fitted = catalogue::fit(sample, name, estimator, confidence);
            (fitted.rows, fitted.groups) = (2 * pairs.len(), pairs.len());
            fitted.notes.extend(actor_partner::singles(sample, &pairs));
            fitted.notes.extend(actor_partner::no_organizations(sample));
            fitted
        }
        Model::Catalogue(estimator) => {
            let fitted = catalogue::fit(sample, name, estimator, confidence);
            match (estimator.method == Method::Logistic).then(|| logistic::not_binary(table, sample, roles)).flatten() {
                Some(failure) => fitted.failed(failure),
                None => fitted,
            }
        }
        Model::Mixed => mixed::clusters(sample, roles, name, confidence),
        Model::Growth => {
            // Without persons, clusters are what has a line of its own.
            if let (None, Some(cluster)) = (&roles.person, &roles.cluster) {
                nesting::once_a_time(table, sample, cluster, &sample.cluster)?;
            }
            mixed::growth(sample, roles, name, confidence)
        }
        Model::ActorPartner => actor_partner::fit(table, sample, roles, name, confidence)?,
        Model::Logistic(estimator) => logistic::fit(table, sample, roles, name, estimator, confidence),
        Model::Variances(estimator) => variances::fit(sample, roles, name, estimator, confidence),
    })
}

/// An estimate with its t test and interval.
fn of_t(estimate: f64, standard_error: f64, degrees_of_freedom: f64, confidence: f64) -> Estimate {
    let half = student_t_critical(confidence, degrees_of_freedom) * standard_error;
    Estimate {
        estimate,
        standard_error,
        degrees_of_freedom,
        lower: estimate - half,
        upper: estimate + half,
        p_value: student_t_two_sided(estimate / standard_error, degrees_of_freedom),
        boundary: false,
    }
}

/// Hedges' g of clusters that belong to one arm each.
fn standardized(sample: &Sample, confidence: f64) -> Result<Standardized, String> {
    let Some((_, treated)) = &sample.asked else { return Err("there is no treatment".to_owned()) };
    if !sample.clustered {
        return Err("no --cluster is named".to_owned());
    }
    // The clusters of the difference: organizations, where they were treated as a whole.
    let cluster = if catalogue::whole_organizations(sample) { &sample.organization } else { &sample.cluster };
    if nesting::varying(sample, cluster) > 0 {
        return Err("its cluster correction needs clusters that belong to one arm each".to_owned());
    }
    if sample.outcome.iter().all(|value| *value == 0.0 || *value == 1.0) {
        return Err("the outcome is 0 or 1: its effect size is the odds ratio of `logistic`".to_owned());
    }
    if nesting::repeated(sample).is_some() {
        return Err("persons have several rows, and g is in standard deviations between persons".to_owned());
    }
    let found = hedges_g(&sample.outcome, treated, cluster).map_err(|failure| failure.to_string())?;
    let half = student_t_critical(confidence, found.error_degrees_of_freedom) * found.standard_error;
    if !half.is_finite() {
        return Err("too few rows for an interval".to_owned());
    }
    Ok(Standardized { found, interval: (found.g - half, found.g + half) })
}

fn reliability(table: &Dataset, name: &str, items: &[String]) -> Result<Reliability, Refusal> {
    if items.len() < 2 {
        return Err(Refusal::asked(
            format!("instrument `{name}` has {} item", items.len()),
            "Cronbach's alpha needs two or more: --items a,b,c.",
        ));
    }
    let columns = items.iter().map(|item| table.numbers(item)).collect::<Result<Vec<_>, _>>()?;
    let complete = (0..table.rows()).filter_map(|row| columns.iter().map(|column| column[row]).collect());
    let mut rows: Vec<Vec<f64>> = complete.collect();
    // By what they hold: the order of rows changes no bit.
    rows.sort_by(|a, b| order::lexicographic(a, b));
    let by_item: Vec<Vec<f64>> = (0..items.len()).map(|item| rows.iter().map(|row| row[item]).collect()).collect();
    let alpha = cronbach_alpha(&by_item);
    Ok(Reliability { instrument: name.to_owned(), items: items.len(), rows: rows.len(), alpha })
}
