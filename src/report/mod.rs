//! What a run says: verdicts, the summary on the screen, the figures, the report, and the pages of the studies.

pub mod analyses;
pub mod brief;
mod cautions;
pub mod compare;
pub mod design_picture;
pub mod factors;
pub mod forest;
pub mod gallery;
pub mod html;
pub mod network;
pub mod observed;
pub mod page;
pub mod pictures;
pub mod power;
pub mod power_assumed;
pub mod preregistration;
pub mod recorded;
pub mod remark;
pub mod seen;
pub mod story;
pub mod study_index;
pub mod study_page;
pub mod study_parts;
pub mod summary;
pub mod text;
pub mod verdict;
pub mod words;
