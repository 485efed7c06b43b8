//! What a scholar assumes, as it is written: `effect=0.5,icc=0.3,reliability=0.8`.
//!
//! [`KEYS`] lists what can be assumed. What is not written has its default, and [`Assumptions::stated`] says every number, so that
//! nothing is assumed in silence. A key that is a number can be searched along ([`Assumptions::with`]).

use crate::scenario::{listed, nearest};
use crate::study::assumed::{Assignment, Assumed, Lost};

/// What kind of value a key has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any number.
    Number,
    /// A whole number.
    Whole,
    /// One of these words; its value is its place.
    Word(&'static [&'static str]),
}

/// Something that can be assumed.
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What it can be.
    pub kind: Kind,
    read: fn(&Assumptions) -> Option<f64>,
    write: fn(&mut Assumptions, f64),
}

/// Numbers that a scholar assumes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Assumptions {
    assumed: Assumed,
    /// Clusters in each organization, if these are stated in place of all clusters.
    each: Option<usize>,
    /// Whether it is stated how alike persons of one organization are.
    alike: bool,
}

const ASSIGNED: &[&str] =
    &[Assignment::NAMES[0].0, Assignment::NAMES[1].0, Assignment::NAMES[2].0, Assignment::NAMES[3].0];
const LOST: &[&str] = &[Lost::NAMES[0].0, Lost::NAMES[1].0];

/// Everything that can be assumed, in the order in which it is said.
pub static KEYS: [Key; 14] = [
    Key {
        name: "effect",
        meaning: "effect on the construct, in SD of persons",
        kind: Kind::Number,
        read: |all| Some(all.assumed.effect),
        write: |all, value| all.assumed.effect = value,
    },
    Key {
        name: "icc",
        meaning: "correlation of two members of a cluster in the construct, from −1/(size − 1) to 1",
        kind: Kind::Number,
        read: |all| Some(all.assumed.intraclass),
        write: |all, value| all.assumed.intraclass = value,
    },
    Key {
        name: "reliability",
        meaning: "reliability of the instrument, above 0 and up to 1",
        kind: Kind::Number,
        read: |all| Some(all.assumed.reliability),
        write: |all, value| all.assumed.reliability = value,
    },
    Key {
        name: "baseline",
        meaning: "correlation of a baseline with the outcome, as observed; none unless given",
        kind: Kind::Number,
        read: |all| all.assumed.baseline,
        write: |all, value| all.assumed.baseline = Some(value),
    },
    Key {
        name: "attrition",
        meaning: "share that is lost at random before the outcome is measured",
        kind: Kind::Number,
        read: |all| Some(all.assumed.attrition.share),
        write: |all, value| all.assumed.attrition.share = value,
    },
    Key {
        name: "lost",
        meaning: "who is lost together",
        kind: Kind::Word(LOST),
        read: |all| place(&Lost::NAMES, all.assumed.attrition.lost),
        write: |all, value| all.assumed.attrition.lost = Lost::NAMES[value as usize].1,
    },
    Key {
        name: "leaving",
        meaning: "share of the treated who leave the program, at random, and are measured",
        kind: Kind::Number,
        read: |all| Some(all.assumed.leaving.share),
        write: |all, value| all.assumed.leaving.share = value,
    },
    Key {
        name: "kept",
        meaning: "share of the effect that those who leave have nevertheless",
        kind: Kind::Number,
        read: |all| Some(all.assumed.leaving.kept),
        write: |all, value| all.assumed.leaving.kept = value,
    },
    Key {
        name: "assignment",
        meaning: "what the lot assigns",
        kind: Kind::Word(ASSIGNED),
        read: |all| place(&Assignment::NAMES, all.assumed.assignment),
        write: |all, value| all.assumed.assignment = Assignment::NAMES[value as usize].1,
    },
    Key {
        name: "size",
        meaning: "persons in a cluster: 2 are dyads",
        kind: Kind::Whole,
        read: |all| Some(all.assumed.size as f64),
        write: |all, value| all.assumed.size = value as usize,
    },
    Key {
        name: "clusters",
        meaning: "clusters recruited",
        kind: Kind::Whole,
        read: |all| Some(all.assumed.clusters as f64),
        write: |all, value| all.assumed.clusters = value as usize,
    },
    Key {
        name: "organizations",
        meaning: "organizations over which clusters are spread evenly",
        kind: Kind::Whole,
        read: |all| Some(all.assumed.organizations as f64),
        write: |all, value| all.assumed.organizations = value as usize,
    },
    Key {
        name: "clusters_per_organization",
        meaning: "in place of clusters: how many each organization has",
        kind: Kind::Whole,
        read: |all| all.each.map(|each| each as f64),
        write: |all, value| all.each = Some(value as usize),
    },
    Key {
        name: "organization_icc",
        meaning: "correlation of two persons of an organization from different clusters; to be stated where organizations are assigned",
        kind: Kind::Number,
        read: |all| Some(all.assumed.organization_intraclass),
        write: |all, value| (all.assumed.organization_intraclass, all.alike) = (value, true),
    },
];

fn place<T: PartialEq>(names: &[(&str, T)], value: T) -> Option<f64> {
    names.iter().position(|(_, one)| *one == value).map(|place| place as f64)
}

/// The key of this name.
///
/// # Errors
/// A sentence that lists the keys, and which of them is probably meant.
pub fn find(name: &str) -> Result<&'static Key, String> {
    let names = || KEYS.iter().map(|key| key.name);
    if name == "dyads" {
        return Err("`dyads` cannot be assumed; name their number as `clusters`: a dyad is a cluster of `size` 2, which is the default".to_owned());
    }
    KEYS.iter().find(|key| key.name == name).ok_or_else(|| match nearest(name, names()) {
        Some(near) => format!("`{name}` cannot be assumed; did you mean `{near}`?"),
        None => format!("`{name}` cannot be assumed; expected {}", listed(names(), "or")),
    })
}

impl Key {
    /// Reads a value.
    fn parse(&self, written: &str) -> Result<f64, String> {
        let name = self.name;
        let number = || written.parse::<f64>().ok().filter(|number| number.is_finite());
        match self.kind {
            Kind::Number => number().ok_or_else(|| format!("{name} is `{written}`: expected a number")),
            Kind::Whole => number()
                .filter(|number| *number >= 0.0 && *number <= MOST && number.floor() == *number)
                .ok_or_else(|| format!("{name} is `{written}`: expected a whole number, up to {MOST}")),
            Kind::Word(words) => {
                words.iter().position(|word| *word == written).map(|place| place as f64).ok_or_else(|| {
                    let words = || words.iter().copied();
                    let meant =
                        nearest(written, words()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
                    format!("{name} is `{written}`: expected {}{meant}", listed(words(), "or"))
                })
            }
        }
    }

    /// A value as it is written.
    fn written(&self, value: f64) -> String {
        match self.kind {
            Kind::Word(words) => words[value as usize].to_owned(),
            _ => format!("{value}"),
        }
    }
}

/// More clusters than this no field experiment has, and no memory holds.
const MOST: f64 = 1_000_000.0;

impl Assumptions {
    /// Reads `effect=0.5,icc=0.3`. Whether an experiment can have the numbers is checked when one is made ([`Assumptions::assumed`]).
    ///
    /// # Errors
    /// A sentence that says what is wrong and what is expected.
    ///
    /// ```
    /// use peerlab::inquiry::assumptions::Assumptions;
    /// let assumed = Assumptions::read("effect=0.5,icc=0.3,reliability=0.8").unwrap().assumed();
    /// assert_eq!((assumed.effect, assumed.intraclass, assumed.size), (0.5, 0.3, 2));
    /// assert!(Assumptions::read("efect=0.5").unwrap_err().ends_with("did you mean `effect`?"));
    /// ```
    pub fn read(written: &str) -> Result<Self, String> {
        let mut all = Assumptions::default();
        let mut given: Vec<&str> = Vec::new();
        for part in written.split(',').map(str::trim) {
            let (name, value) =
                part.split_once('=').ok_or_else(|| format!("`{part}` has no `=`: expected e.g. effect=0.5,icc=0.3"))?;
            let key = find(name.trim())?;
            if given.contains(&key.name) {
                return Err(format!("{} is given twice", key.name));
            }
            given.push(key.name);
            (key.write)(&mut all, key.parse(value.trim())?);
        }
        if given.contains(&"clusters") && given.contains(&"clusters_per_organization") {
            return Err("clusters and clusters_per_organization are both given: one follows from the other".to_owned());
        }
        Ok(all)
    }

    /// The same with another value of a key.
    #[must_use]
    pub fn with(&self, key: &Key, value: f64) -> Self {
        let mut all = *self;
        (key.write)(&mut all, value);
        if key.name == "clusters" {
            all.each = None;
        }
        all
    }

    /// Whether organizations are assigned and nobody said how alike persons of one organization are: power rests on that number, and 0 would
    /// be the most favorable one there is.
    pub fn lacks_organization(&self) -> bool {
        self.assumed.assignment == Assignment::Organization && !self.alike
    }

    /// The value of a key that is a number; nothing if it is not assumed.
    pub fn value(&self, key: &Key) -> Option<f64> {
        (key.read)(self)
    }

    /// The design.
    pub fn assumed(&self) -> Assumed {
        match self.each {
            Some(each) => Assumed { clusters: each * self.assumed.organizations, ..self.assumed },
            None => self.assumed,
        }
    }

    /// Every number with its name, in order; what follows from others or has no part is left out.
    pub fn stated(&self) -> Vec<(&'static str, String)> {
        let assumed = self.assumed();
        let relevant = |name: &str| match name {
            "lost" => assumed.attrition.share > 0.0,
            "kept" => assumed.leaving.share > 0.0,
            "clusters" => self.each.is_none(),
            "organization_icc" => assumed.organizations > 1,
            _ => true,
        };
        let keys = KEYS.iter().filter(|key| relevant(key.name));
        keys.filter_map(|key| (key.read)(self).map(|value| (key.name, key.written(value)))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::assumed::Attrition;

    #[test]
    fn every_key_is_read_and_said() {
        let written = "effect=0.4,icc=-0.2,reliability=0.8,baseline=0.5,attrition=0.1,lost=person,leaving=0.2,kept=0.5,\
                       assignment=organization,size=3,organizations=12,clusters_per_organization=5,organization_icc=0.1";
        let all = Assumptions::read(written).unwrap();
        let stated: Vec<String> = all.stated().iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(stated.join(","), written);
        let assumed = all.assumed();
        assert_eq!((assumed.clusters, assumed.assignment), (60, Assignment::Organization));
        assert_eq!(assumed.attrition, Attrition { share: 0.1, lost: Lost::Person, selection: 0.0 });
        assert!(
            !all.lacks_organization() && Assumptions::read("assignment=organization").unwrap().lacks_organization()
        );
        let more = all.with(find("organizations").unwrap(), 20.0);
        assert_eq!(more.assumed().clusters, 100);
        assert_eq!(all.with(find("clusters").unwrap(), 36.0).assumed().clusters, 36);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_way_out() {
        let said = |written: &str| Assumptions::read(written).unwrap_err();
        assert_eq!(said("effect"), "`effect` has no `=`: expected e.g. effect=0.5,icc=0.3");
        assert_eq!(said("iccc=0.3"), "`iccc` cannot be assumed; did you mean `icc`?");
        assert!(said("dyads=60").contains("as `clusters`: a dyad is a cluster of `size` 2"));
        assert!(said("weather=1").starts_with("`weather` cannot be assumed; expected `effect`, `icc`"));
        assert_eq!(said("icc=high"), "icc is `high`: expected a number");
        assert_eq!(said("icc=NaN"), "icc is `NaN`: expected a number");
        assert_eq!(said("size=2.5"), "size is `2.5`: expected a whole number, up to 1000000");
        assert_eq!(said("size=-2"), "size is `-2`: expected a whole number, up to 1000000");
        assert_eq!(
            said("assignment=organisation"),
            "assignment is `organisation`: expected `person`, `within`, `cluster` or `organization`; did you mean `organization`?"
        );
        assert_eq!(said("icc=0.1,icc=0.2"), "icc is given twice");
        assert!(said("clusters=10,clusters_per_organization=2").contains("one follows from the other"));
        assert!(said("").contains("has no `=`"));
    }
}
