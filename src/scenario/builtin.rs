//! The scenarios that are built into the binary: every TOML file of the folder `scenarios/`, and the sponsors' cases below it.

use super::{Problems, Scenario, read};

/// A built-in scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builtin {
    /// Its id, which is its file's name without `.toml`.
    pub id: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl Builtin {
    /// Reads it, with overrides of the command line.
    pub fn read(&self, overrides: &[String]) -> Result<Scenario, Problems> {
        read(self.text, &format!("{}.toml", self.id), overrides)
    }
}

const ALL: &[Builtin] = include!(concat!(env!("OUT_DIR"), "/scenarios.rs"));

const SPONSORS: &[Builtin] = include!(concat!(env!("OUT_DIR"), "/sponsors.rs"));

/// Worked cases for sponsors, in alphabetical order: not studies of the agenda, but found by their names, `sponsors/…`.
pub fn sponsors() -> &'static [Builtin] {
    SPONSORS
}

/// Every built-in study of the agenda, in alphabetical order.
pub fn list() -> &'static [Builtin] {
    ALL
}

/// The built-in scenario with this id.
pub fn find(id: &str) -> Option<&'static Builtin> {
    ALL.iter().chain(SPONSORS).find(|builtin| builtin.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_scenario_is_right_and_bears_its_file_s_name() {
        assert!(find("listening-training").is_some());
        for builtin in list() {
            let scenario = builtin.read(&[]).unwrap_or_else(|problems| panic!("{}:\n{problems}", builtin.id));
            assert_eq!(scenario.study.id, builtin.id);
        }
        assert_eq!(sponsors().len(), 3);
        for builtin in sponsors() {
            let scenario = builtin.read(&[]).unwrap_or_else(|problems| panic!("{}:\n{problems}", builtin.id));
            assert_eq!(format!("sponsors/{}", scenario.study.id), builtin.id);
            assert!(scenario.study.business.is_some(), "{}", builtin.id);
        }
    }
}
