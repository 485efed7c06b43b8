//! Where a study takes place and how that changes: groups of organizations that differ, and changes with a date.

use crate::model::organization::Lever;
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

/// What changes in organizations on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The week, at the end of which it comes: after that week's measurement, in force from the next week on.
    pub week: usize,
    /// The new values, each of a [`Lever`].
    pub values: Values,
}

/// By how much each state of an organization moves at the end of a week.
pub type Moves = Vec<(usize, Lever, f64)>;

/// What changes do to an organization that was founded around `base`: each moves a state by as much as the value around
/// which the organization was founded would have to move. Organizations that differ by chance keep their differences.
///
/// Changes of the same week act in the order in which they are given.
pub fn moves<'a>(base: &Parameters, changes: impl Iterator<Item = &'a Change>) -> Moves {
    let mut changes: Vec<&Change> = changes.collect();
    changes.sort_by_key(|change| change.week);
    let mut now = base.clone();
    let mut all = Vec::new();
    for change in changes {
        for (id, value) in &change.values {
            let lever = Lever::NAMES.iter().find(|(name, _)| name == id).map(|(_, lever)| *lever);
            if let (Some(lever), Some(before)) = (lever, now.get(id)) {
                all.push((change.week, lever, value - before));
                let _ = now.set(id, *value);
            }
        }
    }
    all
}

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
