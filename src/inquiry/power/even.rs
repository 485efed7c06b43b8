//! Sizes that a design can fill evenly: as many units in each arm as its share asks for, and organizations of one size.

use crate::study::declaration::{Allocation, Study, Unit};

/// The first size from `size` on that fills arms and organizations evenly; nothing for keys other than the number of dyads or
/// organizations, or where no near size does.
pub fn even_from(study: &Study, key: &str, size: f64) -> Option<f64> {
    let set: fn(&mut Study, usize) = match key {
        "population.dyads" => |study, size| study.population.dyads = size,
        "organization.count" if study.settings.is_empty() => |study, size| study.organizations = size,
        _ => return None,
    };
    let mut study = study.clone();
    (size as usize..size as usize + 1000).find_map(|size| {
        set(&mut study, size);
        even(&study).then_some(size as f64)
    })
}

fn even(study: &Study) -> bool {
    let (dyads, organizations) = (study.population.dyads, study.organizations.max(1));
    let units = match study.design.unit {
        Unit::Person => 2 * dyads,
        Unit::Dyad => dyads,
        Unit::Organization => organizations,
    };
    let blocks = match (study.design.allocation, study.design.unit) {
        (Allocation::Simple | Allocation::SelfSelected | Allocation::None, _) => return dyads % organizations == 0,
        (Allocation::Blocked, Unit::Organization) => study.settings.len().max(1),
        (Allocation::Blocked, _) => organizations,
        (Allocation::Complete, _) => 1,
    };
    let whole = |value: f64| (value - value.round()).abs() < 1e-9;
    dyads % organizations == 0 && study.arms.iter().all(|arm| whole(arm.share * units as f64 / blocks as f64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::builtin;

    #[test]
    fn arms_and_organizations_are_filled() {
        let study = |id: &str, sets: &[&str]| {
            let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
            builtin::find(id).unwrap().read(&sets).unwrap().study
        };
        let training = study("listening-training", &[]);
        assert_eq!(even_from(&training, "population.dyads", 97.0), Some(98.0));
        assert_eq!(even_from(&training, "population.dyads", 98.0), Some(98.0));
        assert_eq!(even_from(&training, "measurement.reliability", 0.7), None);
        let blocked = study("listening-training", &["organization.count=5", "design.allocation=blocked"]);
        assert_eq!(even_from(&blocked, "population.dyads", 91.0), Some(100.0));
        let thirds = study("listening-training", &["arm.listening training.share=0.25"]);
        assert_eq!(even_from(&thirds, "population.dyads", 97.0), Some(100.0));
    }
}
