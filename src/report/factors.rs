//! A factorial design in words: what each factor is, and what the design cannot tell apart.

use super::text::number;
use crate::model::parameters::{Level, registry};
use crate::study::declaration::{Arm, Study};
use crate::study::factorial::Aliases;
use crate::study::treatment::Whom;

/// What an arm has where a factor is low and where it is high, read off the arms: whatever is the same in all arms of a level
/// and differs between the levels.
pub fn levels(study: &Study, factor: usize) -> [String; 2] {
    let at =
        |high: bool| -> Vec<&Arm> { study.arms.iter().filter(|arm| arm.levels.get(factor) == Some(&high)).collect() };
    let (low, high) = (at(false), at(true));
    let mut words = [Vec::new(), Vec::new()];
    for parameter in registry() {
        let value = |arms: &[&Arm]| same(arms.iter().map(|arm| arm.parameters.get(parameter.id)));
        if let (Some(Some(below)), Some(Some(above))) = (value(&low), value(&high))
            && below != above
        {
            words[0].push(format!("{} {}", parameter.id, number(below)));
            words[1].push(format!("{} {}", parameter.id, number(above)));
        }
    }
    for kind in crate::study::treatment::CATALOGUE {
        let dose = |arms: &[&Arm]| {
            same(arms.iter().map(|arm| arm.treatments.iter().find(|one| one.id == kind.id).map(|one| one.dose)))
        };
        if let (Some(below), Some(above)) = (dose(&low), dose(&high))
            && below != above
        {
            for (place, dose) in [below, above].into_iter().enumerate() {
                words[place].extend(dose.map(|dose| format!("{} {}", kind.id, number(dose))));
            }
        }
    }
    words.map(|words| if words.is_empty() { "nothing more".to_owned() } else { words.join(", ") })
}

/// The level at which a factor works, from the parameters that it sets and from whom its treatments are done to: 0 person, 1 dyad,
/// 2 organization; none if it sets some at different levels, or some of society.
pub fn level(study: &Study, factor: usize) -> Option<usize> {
    let at = |high: bool| study.arms.iter().filter(move |arm| arm.levels.get(factor) == Some(&high));
    let set = registry().filter(|parameter| {
        let value = |high: bool| same(at(high).map(|arm| arm.parameters.get(parameter.id)));
        matches!((value(false), value(true)), (Some(Some(below)), Some(Some(above))) if below != above)
    });
    let treated = crate::study::treatment::CATALOGUE.iter().filter(|kind| {
        let dose = |high: bool| {
            same(at(high).map(|arm| arm.treatments.iter().find(|one| one.id == kind.id).map(|one| one.dose)))
        };
        matches!((dose(false), dose(true)), (Some(below), Some(above)) if below != above)
    });
    let treated = treated.map(|kind| match kind.whom() {
        Whom::Person => Level::Person,
        Whom::Dyad => Level::Dyad,
    });
    same(set.map(|parameter| parameter.level).chain(treated)).and_then(|level| match level {
        Level::Person => Some(0),
        Level::Dyad => Some(1),
        Level::Organization => Some(2),
        Level::Society => None,
    })
}

/// The one value that all have, if they have.
fn same<T: PartialEq>(mut values: impl Iterator<Item = T>) -> Option<T> {
    let first = values.next()?;
    values.all(|value| value == first).then_some(first)
}

/// Whether main effects are clear, in a sentence; empty without factors.
pub fn clear(study: &Study) -> String {
    if study.factors.is_empty() {
        return String::new();
    }
    let aliases = aliases(study);
    match (aliases.mains_clear(), aliases.interactions_clear()) {
        (true, true) => "Main effects and interactions of two factors are clear of each other.".into(),
        (true, false) => {
            "Main effects are clear of interactions of two factors, which the design does not tell apart from each other.".into()
        }
        (false, _) => format!(
            "Main effects are not clear: they correlate up to {} with each other and up to {} with interactions of two factors.",
            number(aliases.mains),
            number(aliases.mains_with_interactions)
        ),
    }
}

/// The strings of interactions of two factors that the design does not tell apart, in the factors' ids.
pub fn strings(study: &Study) -> Vec<String> {
    let id = |factor: usize| study.factors[factor].id.as_str();
    let strings = aliases(study).strings.into_iter().filter(|string| string.len() > 1);
    strings
        .map(|string| string.into_iter().map(|(a, b)| format!("{} × {}", id(a), id(b))).collect::<Vec<_>>().join(" = "))
        .collect()
}

/// What the study's arms confound.
pub fn aliases(study: &Study) -> Aliases {
    let runs: Vec<&[bool]> = study.arms.iter().map(|arm| arm.levels.as_slice()).collect();
    Aliases::of(&runs)
}

#[cfg(test)]
mod tests {
    use super::{level, levels};
    use crate::scenario::{builtin, read};

    /// A factor may set trainings and no parameter at all: whom they are given to is its level.
    #[test]
    fn a_factor_works_where_its_parameters_or_its_trainings_do() {
        let text = builtin::find("levels-together").unwrap().text;
        let level_of = |text: &str, factor| level(&read(text, "levels-together.toml", &[]).unwrap().study, factor);
        assert_eq!([0, 1, 2].map(|factor| level_of(text, factor)), [Some(0), Some(1), Some(2)]);
        let study = read(text, "levels-together.toml", &[]).unwrap().study;
        assert!(levels(&study, 0)[1].contains("active_listening 0.5"), "{:?}", levels(&study, 0));
        // One that sets a training of persons and what a program gives the dyad has no level of its own.
        let both = text.replace(
            "high.training.disclosure.dose = 0.5\n",
            "low.program.preparation = 0.2\nhigh.program.preparation = 0.8\nhigh.training.disclosure.dose = 0.5\n",
        );
        let both = both.replacen("preparation = 0.2, facilitation", "facilitation", 1);
        let both = both.replacen("preparation = 0.8, facilitation", "facilitation", 1);
        assert_eq!([0, 1, 2].map(|factor| level_of(&both, factor)), [None, Some(1), Some(2)]);
    }
}
