//! What was drawn when arms were assigned, as an analysis that draws again needs to know it.

use std::collections::BTreeMap;

use super::declaration::{Allocation, Hypothesis, Level, Unit};
use super::estimand::Answers;
use super::estimators::{Lot, Observations};
use super::plan::Plan;

/// The lot between the two arms of a contrast, with the unit of each row of `data`; none where nobody drew lots between
/// them, where people within an organization find partners only after the draw (another draw would have made other pairs), or
/// where a row holds several units.
///
/// Given how many units each of the two arms got (within each block), every choice of units is as likely as any other:
/// units of further arms stay where they are.
pub fn lot(plan: &Plan, hypothesis: &Hypothesis, answers: &Answers, data: &Observations) -> Option<Lot> {
    let (design, contrast) = (&plan.study.design, hypothesis.ask.contrast()?);
    let drawn = matches!(design.allocation, Allocation::Simple | Allocation::Complete | Allocation::Blocked);
    if !drawn || plan.arms_pair_apart && design.unit != Unit::Organization {
        return None;
    }
    let unit_of_person = |person: usize| match design.unit {
        Unit::Person => person as u32,
        Unit::Dyad => answers.clusters[person],
        Unit::Organization => answers.organizations[person] as u32,
    };
    // Units of the two arms by their labels.
    let mut units: BTreeMap<u32, (bool, u32)> = BTreeMap::new();
    for (person, arm) in answers.arms.iter().enumerate() {
        if [contrast.treated, contrast.reference].contains(arm) {
            let block = match (design.allocation, design.unit) {
                (Allocation::Blocked, Unit::Organization) => answers.settings[person],
                (Allocation::Blocked, _) => answers.organizations[person],
                _ => 0,
            };
            units.insert(unit_of_person(person), (*arm == contrast.treated, block as u32));
        }
    }
    let number: BTreeMap<u32, u32> = units.keys().zip(0..).map(|(label, number)| (*label, number)).collect();
    let labels: Vec<u32> = match (hypothesis.level, design.unit) {
        (Level::Person, _) => data.person.iter().map(|person| unit_of_person(*person as usize)).collect(),
        (Level::Dyad, Unit::Dyad) => data.dyad.clone(),
        (_, Unit::Organization) => data.organization.clone(),
        _ => return None,
    };
    let unit: Vec<u32> = labels.iter().map(|label| number.get(label).copied()).collect::<Option<_>>()?;
    if unit.len() != data.outcome.len() {
        return None;
    }
    let share = |arm: usize| plan.study.arms[arm].share;
    let chance = (design.allocation == Allocation::Simple)
        .then(|| share(contrast.treated) / (share(contrast.treated) + share(contrast.reference)));
    let (treated, block) = units.into_values().unzip();
    Some(Lot { unit, treated, block, chance, exhaust: 0 })
}
