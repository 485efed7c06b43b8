//! Which unit gets which arm.

use super::declaration::{Allocation, Unit};
use super::plan::Plan;
use super::selection;
use crate::model::birth::Birth;
use crate::model::streams::{Purpose, Stream};

/// The arm of each person (in order of seats) in this replication, drawn by the design or chosen by `births`, the persons in it.
///
/// Units are persons, dyads or organizations. Blocks are organizations, or settings where organizations are assigned: in
/// either case what belongs to one block stands in a row.
pub fn assign(plan: &Plan, births: &[Birth], replication: u64) -> Vec<usize> {
    let design = &plan.study.design;
    let organization_of_dyad = plan.organization_of_dyad.as_slice();
    let mut stream = Stream::open(plan.study.monte_carlo.seed, replication, Purpose::Assignment, 0);
    let dyads = organization_of_dyad.len();
    let organizations = plan.setting_of_organization.len();
    let shares: Vec<f64> = plan.study.arms.iter().map(|arm| arm.share).collect();
    let units = match design.unit {
        Unit::Person => 2 * dyads,
        Unit::Dyad => dyads,
        Unit::Organization => organizations,
    };
    let block_of_unit = |unit: usize| match design.unit {
        Unit::Person => organization_of_dyad[unit / 2],
        Unit::Dyad => organization_of_dyad[unit],
        Unit::Organization => plan.setting_of_organization[unit],
    };
    let arm_of_unit = match design.allocation {
        Allocation::Simple => (0..units).map(|_| simple(&shares, stream.uniform())).collect(),
        Allocation::Complete => complete(&shares, units, &mut stream),
        Allocation::None => vec![plan.control; units],
        Allocation::Blocked => {
            let mut all = Vec::with_capacity(units);
            while all.len() < units {
                let block = block_of_unit(all.len());
                let size = (all.len()..units).take_while(|unit| block_of_unit(*unit) == block).count();
                all.extend(complete(&shares, size, &mut stream));
            }
            all
        }
        Allocation::SelfSelected => {
            let unit_of_person = |person: usize| match design.unit {
                Unit::Person => person,
                Unit::Dyad => person / 2,
                Unit::Organization => organization_of_dyad[person / 2],
            };
            let seed = (plan.study.monte_carlo.seed, replication);
            selection::choose(&design.selection, &plan.study.arms, births, units, unit_of_person, seed)
        }
    };
    (0..2 * dyads)
        .map(|person| match design.unit {
            Unit::Person => arm_of_unit[person],
            Unit::Dyad => arm_of_unit[person / 2],
            Unit::Organization => arm_of_unit[organization_of_dyad[person / 2]],
        })
        .collect()
}

fn simple(shares: &[f64], u: f64) -> usize {
    let mut below = 0.0;
    for (arm, share) in shares.iter().enumerate() {
        below += share;
        if u < below {
            return arm;
        }
    }
    shares.len() - 1
}

/// Fixed numbers per arm, by lot. What does not divide goes to arms by lot too, weighted by the remainder of their share.
fn complete(shares: &[f64], units: usize, stream: &mut Stream) -> Vec<usize> {
    let mut arms: Vec<usize> = Vec::with_capacity(units);
    let mut rest = Vec::with_capacity(shares.len());
    for (arm, share) in shares.iter().enumerate() {
        let exact = share * units as f64;
        // A share such as .3 of 10 units must count as 3 whatever its last bit.
        let whole = (exact + 1e-9).floor();
        arms.extend(std::iter::repeat_n(arm, whole as usize));
        rest.push((exact - whole).max(0.0));
    }
    while arms.len() < units {
        let total: f64 = rest.iter().fold(0.0, |sum, r| sum + r);
        let u = stream.uniform() * total;
        let scaled: Vec<f64> = rest.iter().map(|r| if total > 0.0 { *r } else { 1.0 }).collect();
        let arm = simple(&scaled, if total > 0.0 { u } else { 0.0 });
        arms.push(arm);
        rest[arm] = 0.0;
    }
    stream.shuffle(&mut arms);
    arms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_allocation_keeps_numbers() {
        let mut stream = Stream::open(1, 0, Purpose::Assignment, 0);
        for units in [10, 60, 61, 7] {
            let arms = complete(&[0.3, 0.7], units, &mut stream);
            let first = arms.iter().filter(|arm| **arm == 0).count() as f64;
            assert_eq!(arms.len(), units);
            assert!((first - 0.3 * units as f64).abs() < 1.0);
        }
    }

    /// Over 4,000 draws each unit is treated in half of them: within five standard errors.
    #[test]
    fn every_unit_has_the_same_chance() {
        let mut count = [0.0; 9];
        for replication in 0..4_000 {
            let mut stream = Stream::open(3, replication, Purpose::Assignment, 0);
            for (unit, arm) in complete(&[0.5, 0.5], 9, &mut stream).into_iter().enumerate() {
                count[unit] += arm as f64;
            }
        }
        assert!(count.iter().all(|n| (n / 4_000.0 - 0.5).abs() < 5.0 * 0.5 / 4_000.0_f64.sqrt()), "{count:?}");
    }
}
