//! The story of a dyad: one pair's weeks in plain sentences, from what the model did.
//!
//! ```text
//!   relive   the replication is lived again in one world            study::experiment
//!   live, record   what happened to one pair, week by week          [`Life`]
//!   event    what of it is an event, with an id                     [`Event`], [`Id`]
//!   scenes   what is worth telling                                  weeks and stretches of weeks
//!   narrator sentences, each with the ids of its events             [`Sentence`]
//!   twin     the same two persons in another arm                    [`Parting`]
//!   screen, page   as text, as HTML
//! ```
//!
//! Nothing is told that no state of the model says. Wording is chosen by what happened and by a hash of it, never by a clock:
//! the same events give the same story, to the byte.

mod balance;
pub mod choice;
mod clauses;
mod ends;
pub mod event;
pub mod live;
mod names;
mod narrator;
mod opening;
mod organization;
pub mod page;
pub mod record;
mod scenes;
pub mod screen;
mod sentence;
mod stretches;
#[cfg(test)]
mod tests;
pub mod twin;
mod wording;

pub use choice::{Choice, Pick};
pub use event::{Event, Id, What};
pub use live::Unknown;
pub use record::Life;
pub use sentence::{Chapter, Sentence, Story};
pub use twin::{Parting, Twin};

/// Tells a pair's life.
pub fn tell(life: &Life) -> Story {
    narrator::tell(life)
}
