//! A replication that panics is an answer like others: that it failed, where, and with which words.
//!
//! **Why it is safe to go on.** A replication reads the plan, which nothing changes, and builds everything else that it touches; what was
//! half built is dropped with it. It holds no lock, writes no file, and the streams of its random numbers are opened by its own number.
//! So the next replication finds the world as if the one that failed had never been.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use serde::{Deserialize, Serialize};

/// A replication that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("replication {number} failed: {message} ({place})")]
pub struct Failed {
    /// Its number.
    pub number: u64,
    /// What was said.
    pub message: String,
    /// File and line.
    pub place: String,
}

thread_local! {
    /// Whether a replication runs on this thread.
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    /// Where the last one panicked.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Does the work of a replication, and survives it.
///
/// # Errors
/// If it panicked.
pub(super) fn caught<T>(number: u64, work: impl FnOnce() -> T) -> Result<T, Failed> {
    listen();
    let before = WATCHED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    WATCHED.set(before);
    result.map_err(|panic| Failed { number, message: said(&*panic).to_owned(), place: PLACE.take() })
}

/// Panics of replications are not printed, since they are told at the end; all others go where they went before.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |info: &PanicHookInfo| {
            if WATCHED.get() {
                let place = info.location().map_or_else(String::new, |at| format!("{}:{}", at.file(), at.line()));
                PLACE.set(place);
            } else {
                before(info);
            }
        }));
    });
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("it does not say why")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_says_its_number_words_and_place() {
        assert_eq!(caught(4, || 5), Ok(5));
        let failed = caught(7, || -> u32 { panic!("no {}", "luck") }).unwrap_err();
        assert_eq!((failed.number, failed.message.as_str()), (7, "no luck"));
        assert!(failed.place.contains("caught.rs:"), "{}", failed.place);
        let nothing: [u32; 0] = [];
        let at = std::hint::black_box(3);
        assert!(
            caught(8, || nothing[at]).unwrap_err().to_string().starts_with("replication 8 failed: index out of bounds")
        );
        assert_eq!(caught(9, || 1), Ok(1));
    }
}
