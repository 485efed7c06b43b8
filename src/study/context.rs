//! Where a study takes place and how that changes: groups of organizations that differ, and changes with a date.

use crate::model::parameters::Parameters;

/// A group of organizations that are alike: they are founded around the same values, in the same society.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name, as tables and figures show it.
    pub name: String,
    /// Number of its organizations.
    pub count: usize,
    /// The model's parameters there: `organization.*` and `society.*` may differ from the study's, nothing else.
    pub parameters: Parameters,
}

/// Values of organizations with the parameter that each is named by, e.g. `organization.incentives`.
pub type Values = Vec<(&'static str, f64)>;

/// Whether parameters with this id may differ between settings.
pub fn differs_by_setting(id: &str) -> bool {
    id.starts_with("organization.") || id.starts_with("society.")
}

/// The parameters `base` with these values set.
pub fn with_values(base: &Parameters, values: &[(&'static str, f64)]) -> Parameters {
    let mut parameters = base.clone();
    for (id, value) in values {
        // Ids and bounds were checked when they were declared; what does not exist changes nothing.
        let _ = parameters.set(id, *value);
    }
    parameters
}
