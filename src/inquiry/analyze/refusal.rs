//! Why an analysis is not begun: what was asked does not fit the data, or the data contradict themselves.

use thiserror::Error;

use crate::inquiry::dataset::DataError;

/// What is wrong, with place and value, and what can be done.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The file is no table, or a cell is not what it was asked to be.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The data contradict the design that was named, or what was asked needs more than was named.
    #[error("{problem}")]
    Asked {
        /// What is wrong.
        problem: String,
        /// What can be done.
        way_out: String,
    },
}

impl Refusal {
    pub(crate) fn asked(problem: impl Into<String>, way_out: impl Into<String>) -> Self {
        Self::Asked { problem: problem.into(), way_out: way_out.into() }
    }

    /// What can be done; may be empty.
    pub fn way_out(&self) -> String {
        match self {
            Refusal::Data(error) => error.way_out(),
            Refusal::Asked { way_out, .. } => way_out.clone(),
        }
    }
}
