//! What a run says: verdicts, the summary on the screen, and the figures.

pub mod pictures;
pub mod summary;
pub mod text;
pub mod verdict;
pub mod words;
