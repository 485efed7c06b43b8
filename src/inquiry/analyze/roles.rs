//! What is asked of a table: which column is what, and which models.

use super::refusal::Refusal;
use crate::scenario::{listed, nearest};
use crate::study::estimators::{self, Asked, Estimator, Method, Sample as Whose, Specification};

/// Which column plays which part. Names are those of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)] // Each field is the option of the same name.
pub struct Roles {
    pub outcome: Option<String>,
    pub treatment: Option<String>,
    /// The level that counts as treated.
    pub treated: Option<String>,
    /// The level it is compared with.
    pub reference: Option<String>,
    pub predictor: Option<String>,
    pub cluster: Option<String>,
    pub organization: Option<String>,
    pub person: Option<String>,
    pub time: Option<String>,
    pub member: Option<String>,
    pub block: Option<String>,
    pub covariates: Vec<String>,
    /// Instruments with their items.
    pub items: Vec<(String, Vec<String>)>,
}

/// What is to be done with a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Which column is what.
    pub roles: Roles,
    /// Friendly names or ids of estimators; empty: what suits the roles.
    pub models: Vec<String>,
    /// Confidence of intervals, strictly between 0 and 1.
    pub confidence: f64,
}

/// A model of [`MODELS`] or an estimator of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Model {
    /// One coefficient by an estimator of the catalogue.
    Catalogue(&'static Estimator),
    /// Mixed model: clusters with a covariance of either sign, in organizations.
    Mixed,
    /// Growth: random intercept and slope of persons over time.
    Growth,
    /// Actor-partner interdependence.
    ActorPartner,
    /// Logistic regression.
    Logistic(&'static Estimator),
    /// Variances and the intraclass correlation.
    Variances(&'static Estimator),
}

/// The friendly names, with what each stands for.
pub const MODELS: [(&str, &str); 11] = [
    ("difference", "difference in means between the arms, CR2 (difference_cr2)"),
    ("ancova", "the same at equal covariates (ancova_cr2)"),
    ("bootstrap", "the same with the wild cluster bootstrap, for few clusters"),
    ("randomization", "the same by drawing the assignment of clusters again"),
    ("mixed", "mixed model with Kenward-Roger errors; partners may contrast"),
    ("growth", "random intercept and slope of persons over --time"),
    ("apim", "actor and partner effect of --predictor in pairs"),
    ("logistic", "odds ratios of an outcome of 0 and 1, CR1"),
    ("regression", "slope of --predictor at equal covariates, CR2 (regression_cr2)"),
    ("correlation", "Pearson's correlation with --predictor (correlation_jackknife)"),
    ("icc", "variances and the intraclass correlation, which may be negative"),
];

impl Request {
    /// The models that are meant, each with the name it was asked by.
    ///
    /// # Errors
    /// If there is no model of this name, or it needs a column that was not named.
    pub fn models(&self) -> Result<Vec<(String, Model)>, Refusal> {
        let roles = &self.roles;
        if roles.outcome.is_none() {
            if roles.items.is_empty() || !self.models.is_empty() {
                return Err(Refusal::asked("no outcome is named", "Name its column: --outcome COLUMN."));
            }
            return Ok(Vec::new());
        }
        if let (Some(treatment), Some(predictor)) = (&roles.treatment, &roles.predictor) {
            return Err(Refusal::asked(
                format!("both a treatment (`{treatment}`) and a predictor (`{predictor}`) are named"),
                "One of them is the question: name the other one among --covariates.",
            ));
        }
        let covariates = !roles.covariates.is_empty();
        let names: Vec<&str> = match (self.models.is_empty(), &roles.treatment, &roles.predictor) {
            (false, ..) => self.models.iter().map(String::as_str).collect(),
            (true, Some(_), _) if covariates => vec!["difference", "ancova"],
            (true, Some(_), _) => vec!["difference"],
            (true, None, Some(_)) => vec!["regression"],
            (true, None, None) if covariates => vec!["mixed"],
            (true, None, None) => vec!["icc"],
        };
        names.into_iter().map(|name| Ok((name.to_owned(), self.model(name)?))).collect()
    }

    fn model(&self, name: &str) -> Result<Model, Refusal> {
        let covariates = !self.roles.covariates.is_empty();
        let id = match name {
            "mixed" => return self.need(name, Model::Mixed),
            "growth" => return self.need(name, Model::Growth),
            "apim" => return self.need(name, Model::ActorPartner),
            "logistic" if covariates => "logistic_ancova",
            "icc" => "intraclass",
            "difference" => "difference_cr2",
            "ancova" => "ancova_cr2",
            "bootstrap" if covariates => "ancova_bootstrap",
            "bootstrap" => "difference_bootstrap",
            "randomization" if covariates => "ancova_randomization",
            "randomization" => "difference_randomization",
            "slope" => "slope_cr2",
            "regression" if covariates => "regression_cr2",
            "regression" => "slope_cr2",
            "correlation" => "correlation_jackknife",
            id => id,
        };
        match estimators::find(id) {
            Some(estimator) if name == "logistic" => self.need(name, Model::Logistic(estimator)),
            Some(estimator) if name == "icc" => self.need(name, Model::Variances(estimator)),
            Some(estimator) => self.need(name, Model::Catalogue(estimator)),
            None => {
                let friendly = || MODELS.iter().map(|(name, _)| *name);
                let known = friendly().chain(estimators::catalogue().iter().map(|estimator| estimator.id));
                let meant = nearest(name, known).map_or(String::new(), |near| format!("Did you mean `{near}`? "));
                let names = listed(friendly(), "and");
                let ids = "any estimator that `peerlab explain` knows";
                Err(Refusal::asked(
                    format!("there is no model `{name}`"),
                    format!("{meant}There are {names}, and {ids}."),
                ))
            }
        }
    }

    /// The model, if everything that it needs is named.
    fn need(&self, name: &str, model: Model) -> Result<Model, Refusal> {
        let roles = &self.roles;
        let lacks = |what: &str, option: &str| {
            Err(Refusal::asked(format!("`{name}` needs {what}"), format!("Name its column: {option} COLUMN.")))
        };
        let asked = roles.treatment.is_some() || roles.predictor.is_some();
        let covariates = !roles.covariates.is_empty();
        match model {
            Model::Catalogue(estimator) if estimator.sample == Whose::Completers => Err(Refusal::asked(
                format!("`{name}` is about who completed a simulated experiment"),
                "In a table of your own, keep the rows of completers and use `difference` or `ancova`.",
            )),
            Model::Catalogue(estimator) => match estimator.specification {
                Specification::SteppedWedge if roles.time.is_none() => lacks("the time of each row", "--time"),
                Specification::SteppedWedge if roles.treatment.is_none() => {
                    lacks("whether each row is exposed", "--treatment")
                }
                Specification::Resemblance | Specification::Actor | Specification::Partner
                    if roles.cluster.is_none() =>
                {
                    lacks("who belongs together", "--cluster")
                }
                Specification::Resemblance => Ok(model),
                other if other.answers(Asked::Association) && !asked => lacks("a predictor", "--predictor"),
                other if !other.answers(Asked::Association) && roles.treatment.is_none() => {
                    lacks("a treatment", "--treatment")
                }
                // A mixed model takes covariates where there are some.
                Specification::Ancova if !covariates && !matches!(estimator.method, Method::Mixed(..)) => {
                    lacks("covariates", "--covariates")
                }
                _ => Ok(model),
            },
            Model::Growth if roles.time.is_none() => lacks("the time of each row", "--time"),
            Model::Growth if roles.person.is_none() && roles.cluster.is_none() => lacks("persons", "--person"),
            Model::Logistic(_) if !asked && !covariates => lacks("a treatment or a predictor", "--treatment"),
            Model::ActorPartner if !asked => lacks("a predictor", "--predictor"),
            Model::ActorPartner | Model::Mixed | Model::Variances(_) if roles.cluster.is_none() => {
                lacks("who belongs together", "--cluster")
            }
            _ => Ok(model),
        }
    }
}
