//! The names of columns in a data set: what an export writes, and what `analyze --study` reads.
//!
//! They are safe in SPSS, R and a spreadsheet: letters, digits and underscores, a letter first, at most 64 characters.

/// Longest name of a variable in SPSS, in bytes.
pub const LONGEST: usize = 64;

/// One row per person.
pub const PERSON: &str = "person";
/// The pair, or the circle.
pub const DYAD: &str = "dyad";
/// The place in the pair or circle, from 1.
pub const MEMBER: &str = "member";
/// The team in the organization.
pub const TEAM: &str = "team";
/// The organization.
pub const ORGANIZATION: &str = "organization";
/// The setting of the organization.
pub const SETTING: &str = "setting";
/// The arm.
pub const ARM: &str = "arm";
/// The week of a wave, in the long file.
pub const WEEK: &str = "week";
/// Whether the organization had changed before the wave, in the long file of a stepped wedge.
pub const EXPOSED: &str = "exposed";

/// Who has gone through with it up to a week: `completed_w12`.
pub const COMPLETED: &str = "completed";

/// A name that every program takes: what is no letter, digit or underscore becomes an underscore.
pub fn safe(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut safe = if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("v_{plain}") };
    safe.truncate(LONGEST);
    safe
}

/// The column of an outcome at a week: `learning_personal_w12`.
pub fn score_at(outcome: &str, week: usize) -> String {
    safe(&format!("{outcome}_w{week}"))
}

/// The column of a factor.
pub fn factor(id: &str) -> String {
    safe(&format!("factor_{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        assert_eq!(safe("bad intentions-é"), "bad_intentions__");
        assert_eq!(safe("2x"), "v_2x");
        assert_eq!(score_at("learning_personal", 12), "learning_personal_w12");
        assert_eq!(safe(&"x".repeat(80)).len(), LONGEST);
    }
}
