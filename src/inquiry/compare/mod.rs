//! Scenarios side by side: in each a program for everyone against its reference, on common random numbers.
//!
//! Within a scenario the two worlds of a replication hold the same people with the same luck. Between scenarios the same
//! seed gives person k of replication j the same traits and the same weekly luck as far as both scenarios have such a
//! person; [`shared`] says where they do not. So differences between scenarios are taken replication by replication.

pub mod measures;
pub mod shared;
#[cfg(feature = "app")]
pub mod table;

use serde::{Deserialize, Serialize};

use super::business::case::{Mean, Row, case};
use super::business::{Case, Draws, Quantities};
use crate::study::business::Business;
use crate::study::declaration::{Kind, Study};
use crate::study::experiment::Replication;
use crate::study::moments::Moments;
use measures::{MEASURES, Values};

/// Which two arms of a study are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arms {
    /// Index of the arm that everyone is given.
    pub arm: usize,
    /// Index of the arm it is held against.
    pub reference: usize,
}

/// Why two arms cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArmError {
    /// No arm of this name.
    #[error("{study} has no arm `{name}`")]
    Unknown {
        /// The study.
        study: String,
        /// What was asked for.
        name: String,
        /// The arms there are.
        known: Vec<String>,
    },
    /// The same arm twice, or only one arm.
    #[error("{study} has nothing to compare the arm `{name}` with")]
    Alone {
        /// The study.
        study: String,
        /// The arm.
        name: String,
    },
}

/// The arms that are asked for, else those of the study's business case, else the first arm that is not the reference against
/// the arm without coaching, else the control.
///
/// # Errors
/// If there is no such arm, or no two arms.
pub fn arms(study: &Study, arm: Option<&str>, reference: Option<&str>) -> Result<Arms, ArmError> {
    let find = |name: &str| {
        study.arms.iter().position(|arm| arm.name == name).ok_or_else(|| ArmError::Unknown {
            study: study.id.clone(),
            name: name.to_owned(),
            known: study.arms.iter().map(|arm| arm.name.clone()).collect(),
        })
    };
    let (arm, reference) = (arm.map(find).transpose()?, reference.map(find).transpose()?);
    let declared = study.business.as_ref();
    let uncoached = |at: &usize| study.arms[*at].program.kind == Kind::None && Some(*at) != arm;
    let without = || (0..study.arms.len()).find(uncoached);
    let control = || study.arms.iter().position(|one| one.control);
    let reference = reference.or_else(|| declared?.reference).or_else(without).or_else(control).unwrap_or(0);
    let arm = arm
        .or_else(|| declared?.arm.filter(|arm| *arm != reference))
        .or_else(|| (0..study.arms.len()).find(|at| *at != reference))
        .unwrap_or(reference);
    if arm == reference {
        return Err(ArmError::Alone {
            study: study.id.clone(),
            name: study.arms.get(arm).map_or(String::new(), |one| one.name.clone()),
        });
    }
    Ok(Arms { arm, reference })
}

/// What the replications of one scenario leave.
#[derive(Clone, Debug, Default)]
pub struct Lives {
    /// By replication: the measures in the arm's world, and in its reference's.
    pub levels: Vec<[Values; 2]>,
    /// By replication: what money depends on.
    pub quantities: Vec<Quantities>,
}

impl Lives {
    /// Adds a replication; false if it has not both worlds.
    pub fn add(&mut self, study: &Study, arms: Arms, replication: &Replication) -> bool {
        let development =
            study.business.as_ref().map_or(crate::study::business::Development::Task, |case| case.development);
        let world = |arm: usize| super::business::quantities::world(replication, arm).map(measures::of);
        let quantities = Quantities::of(replication, arms.arm, arms.reference, study.organizations, development);
        let (Some(with), Some(without), Some(quantities)) = (world(arms.arm), world(arms.reference), quantities) else {
            return false;
        };
        self.levels.push([with, without]);
        self.quantities.push(quantities);
        true
    }
}

/// One measure of one scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// Its id, of [`MEASURES`]; `utility` for money per participant.
    pub measure: String,
    /// Mean in the world in which everyone has the arm; none of money.
    pub level: Option<f64>,
    /// Mean in the reference's world; none of money.
    pub reference: Option<f64>,
    /// Mean difference of the two, replication by replication.
    pub effect: Mean,
    /// This effect minus the first scenario's, replication by replication; none of the first.
    pub difference: Option<Mean>,
}

/// One scenario of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// What it was called on the command line.
    pub name: String,
    /// Id of the study.
    pub study: String,
    /// Its title.
    pub title: String,
    /// The arm that everyone is given.
    pub arm: String,
    /// The arm it is held against.
    pub reference: String,
    /// Persons.
    pub persons: usize,
    /// Weeks that are simulated.
    pub weeks: usize,
    /// Currency of the case; none where there is no case.
    pub currency: Option<String>,
    /// The case.
    pub case: Option<Case>,
    /// The measures.
    pub compared: Vec<Compared>,
    /// How it differs from the first scenario, and what of the luck is not shared; empty of the first.
    pub differs: Vec<String>,
}

/// A scenario that has been run.
pub struct Subject<'a> {
    /// What it was called.
    pub name: &'a str,
    /// The study.
    pub study: &'a Study,
    /// The arms.
    pub arms: Arms,
    /// Weeks that are simulated.
    pub weeks: usize,
    /// Its replications.
    pub lives: &'a Lives,
}

/// The scenarios side by side, and what each replication of each leaves in money.
pub fn compare(subjects: &[Subject], seed: u64) -> (Vec<Side>, Vec<Option<Vec<Row>>>) {
    let money: Vec<Option<(Case, Vec<Row>)>> = subjects.iter().map(|subject| of_money(subject, seed)).collect();
    let mut sides = Vec::with_capacity(subjects.len());
    for (at, subject) in subjects.iter().enumerate() {
        let first = subjects.first().filter(|_| at > 0);
        let mut compared: Vec<Compared> =
            (0..MEASURES.len()).map(|measure| of_measure(measure, subject, first)).collect();
        if let Some((case, rows)) = &money[at] {
            let one_currency = first.is_some_and(|first| currency(first) == currency(subject));
            let first = money[0].as_ref().filter(|_| one_currency);
            compared.push(in_money((case, rows), first.map(|(case, rows)| (case, rows.as_slice()))));
        }
        let study = subject.study;
        let name_of = |arm: usize| study.arms.get(arm).map_or(String::new(), |arm| arm.name.clone());
        sides.push(Side {
            name: subject.name.to_owned(),
            study: study.id.clone(),
            title: study.title.clone(),
            arm: name_of(subject.arms.arm),
            reference: name_of(subject.arms.reference),
            persons: 2 * study.population.dyads,
            weeks: subject.weeks,
            currency: currency(subject).map(str::to_owned),
            case: money[at].as_ref().map(|(case, _)| case.clone()),
            compared,
            differs: first.map_or_else(Vec::new, |first| shared::differences(first.study, study)),
        });
    }
    (sides, money.into_iter().map(|money| money.map(|(_, rows)| rows)).collect())
}

/// What the measure of money is called.
pub const UTILITY: &str = "utility";

fn currency<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    subject.study.business.as_ref().map(|case| case.currency.as_str())
}

fn of_money(subject: &Subject, seed: u64) -> Option<(Case, Vec<Row>)> {
    let business: &Business = subject.study.business.as_ref()?;
    let quantities = &subject.lives.quantities;
    Some(case(business, quantities, &Draws::new(business, seed, quantities.len())))
}

fn moments(values: impl Iterator<Item = f64>) -> Moments {
    let mut all = Moments::default();
    values.for_each(|value| all.push(value));
    all
}

fn effects(lives: &Lives, measure: usize) -> impl Iterator<Item = f64> {
    lives.levels.iter().map(move |[with, without]| with[measure] - without[measure])
}

fn of_measure(measure: usize, subject: &Subject, first: Option<&Subject>) -> Compared {
    let level = |which: usize| Some(moments(subject.lives.levels.iter().map(|both| both[which][measure])).mean());
    Compared {
        measure: MEASURES[measure].id.to_owned(),
        level: level(0),
        reference: level(1),
        effect: Mean::of(&moments(effects(subject.lives, measure))),
        difference: first.map(|first| {
            let pairs = effects(subject.lives, measure).zip(effects(first.lives, measure));
            Mean::of(&moments(pairs.map(|(own, first)| own - first)))
        }),
    }
}

/// Money per participant, so that programs of different sizes can be held side by side.
fn in_money((case, rows): (&Case, &[Row]), first: Option<(&Case, &[Row])>) -> Compared {
    let each = |case: &Case, rows: &[Row]| rows.iter().map(|row| row.utility / case.persons).collect::<Vec<_>>();
    let own = each(case, rows);
    Compared {
        measure: UTILITY.to_owned(),
        level: None,
        reference: None,
        effect: Mean::of(&moments(own.iter().copied())),
        difference: first.map(|(case, rows)| {
            let first = each(case, rows);
            Mean::of(&moments(own.iter().zip(first).map(|(own, first)| own - first)))
        }),
    }
}
