//! What is held side by side: development, risk, retention, time.

use crate::inquiry::business::quantities::count;
use crate::model::outcomes;
use crate::study::observation::Summary;

/// What a measure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// What people learn.
    Development,
    /// What goes wrong.
    Risk,
    /// Who stays.
    Retention,
    /// What it takes.
    Time,
}

impl Group {
    /// Every group with its heading, in order.
    pub const ALL: [(Group, &'static str); 4] = [
        (Group::Development, "Development"),
        (Group::Risk, "Risk"),
        (Group::Retention, "Retention"),
        (Group::Time, "Time"),
    ];
}

/// One measure of a world.
#[derive(Clone, Copy, Debug)]
pub struct Measure {
    /// Its id in tables.
    pub id: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What it is about.
    pub group: Group,
    /// Decimals that are worth showing.
    pub decimals: usize,
    read: Read,
}

/// Where a measure is read.
#[derive(Clone, Copy, Debug)]
enum Read {
    /// Mean of an outcome at the end.
    Outcome(&'static str),
    /// A count per person.
    PerPerson(&'static str),
    /// A count per hundred persons.
    PerHundred(&'static str),
    /// Several counts per hundred persons.
    Ended,
}

/// Number of measures.
pub const COUNT: usize = 10;

/// The measures of a world.
pub type Values = [f64; COUNT];

macro_rules! measure {
    ($id:literal, $name:literal, $unit:literal, $group:ident, $decimals:literal, $read:expr) => {
        Measure { id: $id, name: $name, unit: $unit, group: Group::$group, decimals: $decimals, read: $read }
    };
}

const SD: &str = "SD of the reference population";

/// Every measure, in order.
#[rustfmt::skip]
pub const MEASURES: [Measure; COUNT] = [
    measure!("learning_personal", "personal learning", "SD", Development, 3, Read::Outcome("learning_personal")),
    measure!("learning_task", "task learning", "SD", Development, 3, Read::Outcome("learning_task")),
    measure!("skill", "coaching skill", "SD", Development, 3, Read::Outcome("skill")),
    measure!("destructive", "destructive turns", "per person", Risk, 3, Read::PerPerson("destructive")),
    measure!("negative_effects", "negative effects", "per person", Risk, 3, Read::PerPerson("negative_effects")),
    measure!("severe", "severe turn or breach", "of 100 persons", Risk, 2, Read::PerHundred("persons_with_severe_effect")),
    measure!("breaches", "confidences broken", "per 100 persons", Risk, 2, Read::PerHundred("breaches")),
    measure!("ended", "partnership ended early", "of 100 persons", Risk, 2, Read::Ended),
    measure!("exits", "left the organization", "of 100 persons", Retention, 2, Read::PerHundred("exits")),
    measure!("meetings", "meetings held", "per person", Time, 2, Read::PerPerson("meetings")),
];

/// The measures of a world.
pub fn of(world: &Summary) -> Values {
    let persons = world.persons;
    MEASURES.map(|measure| match measure.read {
        Read::Outcome(id) => outcomes::find(id).map_or(f64::NAN, |at| world.outcomes[at]),
        Read::PerPerson(name) => count(world, name) / persons,
        Read::PerHundred(name) => 100.0 * count(world, name) / persons,
        Read::Ended => {
            let ways = ["ended_relationship", "ended_logistics", "ended_third_party", "ended_exit"];
            100.0 * ways.iter().map(|way| count(world, way)).sum::<f64>() / persons
        }
    })
}

impl Measure {
    /// Its unit in full, for a table.
    pub fn full_unit(&self) -> &'static str {
        if self.unit == "SD" { SD } else { self.unit }
    }
}

/// The measure of this id.
pub fn find(id: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.id == id)
}
