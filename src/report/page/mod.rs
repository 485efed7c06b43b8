//! What all pages share: one frame, one style sheet for light, dark and paper, and figures for desk and phone.
//!
//! The frame is `templates/base.html`, the style sheet `templates/style.css`; the report, the story of a dyad and the sponsor's brief
//! stand in them.

mod compact;
pub mod inline;
mod template;

pub use inline::{Drawing, drawing};
pub(crate) use template::{BRIEF, REPORT, SWEEP};
pub use template::{STORY, render};
