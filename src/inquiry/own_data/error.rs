//! Why a file does not hold what a study's analysis needs.

use thiserror::Error;

use crate::inquiry::dataset::DataError;
use crate::scenario::listed;

/// What is wrong with a researcher's file for a study; the message carries place and value, [`OwnDataError::way_out`] what can
/// be done.
#[allow(missing_docs)] // Each message says what its variant and its fields are.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum OwnDataError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error("{name} has no column `{column}`, {why}")]
    NoColumn { name: String, column: String, why: String, nearest: Option<String>, long: bool },
    #[error("{name}, {place}, column `{column}`: nothing is there ({why})")]
    Missing { name: String, place: String, column: String, why: String },
    #[error(transparent)]
    Unknown(Box<UnknownLabel>),
    #[error("{name} has two rows of the person `{person}`, {first} and {second}")]
    TwoRows { name: String, person: String, first: String, second: String, long: bool },
}

/// A label that the study has no name for.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{name}, {place}, column `{column}`: `{found}` is not one of the study's ({why})")]
#[allow(missing_docs)] // The message says what its fields are.
pub struct UnknownLabel {
    pub name: String,
    pub place: String,
    pub column: String,
    pub found: String,
    pub why: String,
    pub nearest: Option<String>,
    pub known: Vec<String>,
}

impl OwnDataError {
    /// What can be done about it.
    pub fn way_out(&self) -> String {
        const WIDE: &str = "This looks like a file with a row per person and wave: give the one with a row per person, and a column \
                            for each wave.";
        match self {
            OwnDataError::Data(error) => error.way_out(),
            OwnDataError::NoColumn { long: true, .. } | OwnDataError::TwoRows { long: true, .. } => WIDE.to_owned(),
            OwnDataError::NoColumn { nearest, column, .. } => {
                let meant = nearest.as_ref().map_or(String::new(), |near| format!("Did you mean `{near}`? "));
                format!(
                    "{meant}Rename your column to `{column}`; `peerlab export STUDY` writes a file with every column that a study can \
                     have, and its codebook."
                )
            }
            OwnDataError::Missing { .. } => {
                "Leave out the row, or fill in the cell; scores alone may be missing.".to_owned()
            }
            OwnDataError::Unknown(label) => {
                let UnknownLabel { nearest, known, .. } = &**label;
                let meant = nearest.as_ref().map_or(String::new(), |near| format!("Did you mean `{near}`? "));
                format!("{meant}The study has {}.", listed(known.iter().map(String::as_str), "and"))
            }
            OwnDataError::TwoRows { .. } => "Give each person one row.".to_owned(),
        }
    }
}
