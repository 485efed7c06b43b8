//! What people are when they are recruited, as a researcher may ask for it: exact, and moved by nothing.

use crate::model::birth::Birth;

/// One attribute.
#[derive(Clone, Copy, Debug)]
pub struct Attribute {
    /// Its id in a scenario.
    pub id: &'static str,
    /// Its levels in order; empty where it is a standing on a scale of SD.
    pub levels: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
    /// The index of a person's level, or the standing.
    pub read: fn(&Birth) -> f64,
}

/// Every attribute, in a fixed order.
pub const ATTRIBUTES: &[Attribute] = &[
    Attribute {
        id: "career_stage",
        levels: &["early", "middle", "late"],
        meaning: "Career stage: thirds of experience in the reference population.",
        read: |birth| f64::from(birth.career_stage),
    },
    Attribute {
        id: "gender",
        levels: &["man", "woman"],
        meaning: "Gender.",
        read: |birth| f64::from(u8::from(birth.woman)),
    },
    Attribute {
        id: "group",
        levels: &["majority", "minority"],
        meaning: "Membership of the minority group.",
        read: |birth| f64::from(u8::from(birth.minority)),
    },
    Attribute {
        id: "nationality",
        levels: &["home", "abroad"],
        meaning: "Whether the person comes from the organization's country.",
        read: |birth| f64::from(u8::from(birth.nationality > 0)),
    },
    Attribute {
        id: "age",
        levels: &[],
        meaning: "Age, in SD of the reference population.",
        read: |birth| birth.seniority[0],
    },
    Attribute {
        id: "experience",
        levels: &[],
        meaning: "Experience at work, in SD of the reference population.",
        read: |birth| birth.seniority[1],
    },
    Attribute {
        id: "status",
        levels: &[],
        meaning: "Status in the organization, in SD of the reference population.",
        read: |birth| birth.seniority[2],
    },
];

/// The place of the attribute with this id in [`ATTRIBUTES`].
pub fn index(id: &str) -> Option<usize> {
    ATTRIBUTES.iter().position(|attribute| attribute.id == id)
}

/// Every attribute of everyone, in the order of [`ATTRIBUTES`].
pub fn of_all(births: &[Birth]) -> Vec<Vec<f64>> {
    ATTRIBUTES.iter().map(|attribute| births.iter().map(attribute.read).collect()).collect()
}

/// The attribute with this id.
pub fn find(id: &str) -> Option<&'static Attribute> {
    ATTRIBUTES.iter().find(|attribute| attribute.id == id)
}
