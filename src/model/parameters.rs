//! The one registry of parameters.
//!
//! Every number of the theory is declared once, beside the mechanism that reads it, with the `parameters!` macro: its
//! name, level, unit, default, bounds, prior, meaning and source. Defaults, the scenario's checks, `peerlab explain`, the
//! JSON schema, the documentation and (later) the calibration and the sensitivity analysis all read [`registry`].
//!
//! A parameter's id is its key in a scenario file: `organization.competition` is `competition` in the table
//! `[organization]`, `theory.trust.slope` is `slope` in `[theory.trust]`.

use std::fmt;

/// Where in Figure 1 of Parker, Kram & Hall (2012) a parameter belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Ontogenic: what a person brings.
    Person,
    /// Microsystem: what happens between two peers.
    Dyad,
    /// Macrosystem: the organization around them.
    Organization,
    /// The society around organizations.
    Society,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Level::Person => "person",
            Level::Dyad => "dyad",
            Level::Organization => "organization",
            Level::Society => "society",
        })
    }
}

/// What is believed of a parameter before any data: always truncated to its bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Prior {
    /// Every value within the bounds is as plausible as any other.
    Uniform,
    /// Normal around the default with this standard deviation, truncated to the bounds.
    Normal(f64),
    /// A switch or a design choice: not uncertain, chosen.
    Fixed,
}

impl fmt::Display for Prior {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Prior::Uniform => f.write_str("uniform within the bounds"),
            Prior::Normal(sd) => write!(f, "normal around the default, SD {sd}, within the bounds"),
            Prior::Fixed => f.write_str("chosen, not uncertain"),
        }
    }
}

/// One entry of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The key in a scenario, e.g. `organization.competition`.
    pub id: &'static str,
    /// The level of Figure 1 it belongs to.
    pub level: Level,
    /// The unit, in words.
    pub unit: &'static str,
    /// The value when a scenario is silent.
    pub default: f64,
    /// The smallest value that is allowed.
    pub low: f64,
    /// The largest value that is allowed.
    pub high: f64,
    /// What is believed of it before data.
    pub prior: Prior,
    /// What it means, in one or two sentences.
    pub meaning: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// Source of a construct or a direction that the founding article names; the number is ours.
pub const ARTICLE: &str = "Parker, Kram & Hall 2012 (construct and direction); value assumed";
/// Source of a functional form that is ours alone.
pub const ASSUMED: &str = "assumed; no published value";

/// Declares a group of parameters: a struct of `f64` fields with its defaults and its part of the registry.
macro_rules! parameters {
    (
        $(#[$doc:meta])*
        $group:ident, $path:literal;
        $( $level:ident $field:ident = $default:expr, $low:expr => $high:expr, $unit:literal, $prior:expr, $meaning:expr, $source:expr; )+
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $group {
            $( #[doc = $meaning] pub $field: f64, )+
        }

        impl Default for $group {
            fn default() -> Self {
                Self { $( $field: $default, )+ }
            }
        }

        impl $group {
            /// This group's part of the registry, in order of declaration.
            pub const REGISTRY: &'static [$crate::model::parameters::Parameter] = &[
                $( $crate::model::parameters::Parameter {
                    id: concat!($path, ".", stringify!($field)),
                    level: $crate::model::parameters::Level::$level,
                    unit: $unit,
                    default: $default,
                    low: $low,
                    high: $high,
                    prior: $prior,
                    meaning: $meaning,
                    source: $source,
                }, )+
            ];

            /// The field that carries this id.
            pub(crate) fn slot(&mut self, id: &str) -> Option<&mut f64> {
                $( if id == concat!($path, ".", stringify!($field)) { return Some(&mut self.$field); } )+
                None
            }

            /// The value that carries this id.
            pub(crate) fn value(&self, id: &str) -> Option<f64> {
                $( if id == concat!($path, ".", stringify!($field)) { return Some(self.$field); } )+
                None
            }
        }
    };
}
pub(crate) use parameters;

/// Gathers the groups into [`Parameters`]; a group is named here once and nowhere else.
macro_rules! gather {
    ( $( $(#[$doc:meta])* $field:ident: $group:ty, )+ ) => {
        /// Every parameter of the model with its value: what a world is made of.
        #[derive(Clone, Debug, PartialEq, Default)]
        pub struct Parameters {
            $( $(#[$doc])* pub $field: $group, )+
        }

        const GROUPS: &[&[Parameter]] = &[ $( <$group>::REGISTRY, )+ ];

        impl Parameters {
            /// The value of the parameter with this id, if there is one.
            pub fn get(&self, id: &str) -> Option<f64> {
                $( if let Some(value) = self.$field.value(id) { return Some(value); } )+
                None
            }

            fn slot(&mut self, id: &str) -> Option<&mut f64> {
                $( if let Some(slot) = self.$field.slot(id) { return Some(slot); } )+
                None
            }
        }
    };
}

use super::*;

gather! {
    /// Who people are before anything happens.
    population: birth::Population,
    /// The organization as it is found.
    organization: organization::Setting,
    /// The society around it.
    society: society::Setting,
    /// What the program does.
    program: program::Setting,
    /// The sixteen risk factors of Table 1.
    risk: risk::Exposures,
    /// What people bring into the relationship.
    person_to_dyad: couplings::PersonToDyad,
    /// What the relationship does to people.
    dyad_to_person: couplings::DyadToPerson,
    /// What the organization does to dyads.
    organization_to_dyad: couplings::OrganizationToDyad,
    /// What the organization does to persons.
    organization_to_person: couplings::OrganizationToPerson,
    /// What dyads do to the organization.
    dyad_to_organization: couplings::DyadToOrganization,
    /// What persons do to the organization.
    person_to_organization: couplings::PersonToOrganization,
    /// What society does to persons.
    society_to_person: couplings::SocietyToPerson,
    /// What society does to dyads.
    society_to_dyad: couplings::SocietyToDyad,
    /// Switches of whole mechanisms.
    mechanism: mechanisms::Mechanisms,
    /// What risk factors do to states.
    theory_risk: risk::Theory,
    /// Formation of a dyad.
    formation: formation::Theory,
    /// Engagement and meeting.
    engagement: engagement::Theory,
    /// Disclosure, response mode, benefit and felt quality.
    episode: episode::Theory,
    /// Learning from a turn and without one.
    learning: learning::Theory,
    /// Trust.
    trust: trust::Theory,
    /// Motivation, expectation, self-esteem, schema, strain.
    affect: affect::Theory,
    /// Practice of skills, feedback and decay.
    practice: practice::Theory,
    /// Self-assessment and 360-degree assessment.
    assessment: assessment::Theory,
    /// What a facilitator moves who works with a pair at the start.
    facilitation: facilitation::Theory,
    /// The holding environment and the capacities of a connection.
    connection: connection::Theory,
    /// Dependence.
    dependence: dependence::Theory,
    /// Breach of confidence, regret, revenge.
    breach: breach::Theory,
    /// Intent at the outset.
    intent: intent::Theory,
    /// Visibility and remedy.
    remedy: remedy::Theory,
    /// How dyads end.
    ending: ending::Theory,
    /// The three steps and the habit.
    steps: steps::Theory,
    /// Circles.
    circle: circle::Theory,
    /// The organization's slow loop.
    climate: climate::Theory,
    /// Exit, hiring, morale.
    exit: exit::Theory,
    /// The network of colleagues and the choice among them.
    network: network::Theory,
    /// Teams, tasks, helping and performance.
    team: team::Theory,
}

/// Every parameter, in a fixed order.
pub fn registry() -> impl Iterator<Item = &'static Parameter> {
    GROUPS.iter().flat_map(|group| group.iter())
}

/// The registry's entry with this id.
pub fn find(id: &str) -> Option<&'static Parameter> {
    registry().find(|parameter| parameter.id == id)
}

/// Why a value was not taken.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// No parameter has this id.
    #[error("there is no parameter `{id}`")]
    Unknown {
        /// What was asked for.
        id: String,
    },
    /// The value is outside the parameter's bounds or not a number.
    #[error("{id} = {value} is outside [{low}, {high}] ({unit})")]
    OutOfBounds {
        /// The parameter.
        id: &'static str,
        /// The value that was refused.
        value: f64,
        /// The smallest allowed value.
        low: f64,
        /// The largest allowed value.
        high: f64,
        /// The unit.
        unit: &'static str,
    },
}

impl Parameters {
    /// Sets one parameter after checking it against its bounds.
    pub fn set(&mut self, id: &str, value: f64) -> Result<(), Refusal> {
        let Some(entry) = find(id) else {
            return Err(Refusal::Unknown { id: id.to_owned() });
        };
        // Written so that a NaN is refused too.
        if !(value >= entry.low && value <= entry.high) {
            return Err(Refusal::OutOfBounds {
                id: entry.id,
                value,
                low: entry.low,
                high: entry.high,
                unit: entry.unit,
            });
        }
        if let Some(slot) = self.slot(id) {
            *slot = value;
        }
        Ok(())
    }

    /// Every parameter that differs from its default, in the registry's order.
    pub fn changed(&self) -> Vec<(&'static Parameter, f64)> {
        registry()
            .filter_map(|entry| {
                let value = self.get(entry.id)?;
                (value != entry.default).then_some((entry, value))
            })
            .collect()
    }
}

/// Parameters for property tests.
#[cfg(test)]
pub(crate) mod random {
    use super::{Parameters, registry};
    use proptest::prelude::*;

    /// Every parameter anywhere within its bounds, at a bound one time in five.
    pub(crate) fn parameters() -> impl Strategy<Value = Parameters> {
        proptest::collection::vec(-0.125..1.125_f64, registry().count()).prop_map(|shares| {
            let mut parameters = Parameters::default();
            for (entry, share) in registry().zip(shares) {
                let value = entry.low + share.clamp(0.0, 1.0) * (entry.high - entry.low);
                parameters.set(entry.id, value.clamp(entry.low, entry.high)).unwrap();
            }
            parameters
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_entry_is_sound() {
        let mut ids = BTreeSet::new();
        for entry in registry() {
            assert!(ids.insert(entry.id), "{} is declared twice", entry.id);
            assert!(entry.low < entry.high && (entry.low..=entry.high).contains(&entry.default), "{}", entry.id);
            assert!(!entry.unit.is_empty() && entry.meaning.ends_with('.') && !entry.source.is_empty(), "{}", entry.id);
            if let Prior::Normal(sd) = entry.prior {
                assert!(sd > 0.0 && sd < entry.high - entry.low, "{}: the prior is wider than the bounds", entry.id);
            }
            assert_eq!(Parameters::default().get(entry.id), Some(entry.default), "{}", entry.id);
        }
        assert!(ids.len() > 250);
    }

    #[test]
    fn values_are_checked_and_found_again() {
        let mut p = Parameters::default();
        assert!(p.changed().is_empty());
        p.set("organization.competition", 0.9).unwrap();
        assert_eq!(p.get("organization.competition"), Some(0.9));
        assert_eq!(p.changed().len(), 1);
        assert!(matches!(p.set("organization.rivalry", 0.9), Err(Refusal::Unknown { .. })));
        for wrong in [1.1, -0.1, f64::NAN, f64::INFINITY] {
            assert!(matches!(p.set("organization.competition", wrong), Err(Refusal::OutOfBounds { .. })));
        }
        assert_eq!(p.get("organization.competition"), Some(0.9), "a refused value changes nothing");
    }

    #[test]
    fn each_id_reaches_its_own_field() {
        for entry in registry() {
            let mut p = Parameters::default();
            let other = if entry.default == entry.high { entry.low } else { entry.high };
            p.set(entry.id, other).unwrap();
            let changed = p.changed();
            assert!(changed.len() == 1 && changed[0].0.id == entry.id, "{} moves another field", entry.id);
        }
    }
}
