//! Keeping what is done while a run goes on, so that nothing is computed twice.

use std::ops::Range;
use std::time::{Duration, Instant};

use crate::monte_carlo::clerk::Chunk;
use crate::monte_carlo::parcel;
use crate::results::{self, Journal, Part, Parts};

/// Bytes after which what is done is put on disk, however soon.
const LARGEST: usize = 16 << 20;

/// Gathers chunks and puts them into the journal now and then: few large files, and little to lose.
pub(super) struct Keeper {
    journal: Journal,
    every: Duration,
    parcel: Vec<u8>,
    replications: Range<u64>,
    since: Instant,
}

impl Keeper {
    /// Into this journal, as often as this.
    pub(super) fn new(journal: Journal, every: Duration) -> Self {
        Self { journal, every, parcel: Vec::new(), replications: 0..0, since: Instant::now() }
    }

    /// Adds a chunk; it is on disk when the next one comes after the time, or with [`Keeper::put`].
    pub(super) fn add(&mut self, chunk: &Chunk) -> results::Result<()> {
        if chunk.replications.start != self.replications.end {
            self.put()?;
        }
        if self.parcel.is_empty() {
            self.replications = chunk.replications.start..chunk.replications.start;
        }
        parcel::append(&mut self.parcel, chunk).map_err(|problem| self.journal.trouble(problem))?;
        self.replications.end = chunk.replications.end;
        if self.parcel.len() >= LARGEST || self.since.elapsed() >= self.every { self.put() } else { Ok(()) }
    }

    /// Puts what was gathered on disk.
    pub(super) fn put(&mut self) -> results::Result<()> {
        if !self.parcel.is_empty() {
            self.journal.keep(self.replications.clone(), &self.parcel)?;
            self.parcel.clear();
        }
        self.since = Instant::now();
        Ok(())
    }

    /// What is on disk.
    pub(super) fn kept(&self) -> &Parts {
        self.journal.kept()
    }

    /// The journal.
    pub(super) fn journal(&self) -> &Journal {
        &self.journal
    }
}

/// The chunks of a part; nothing if it is not whole any more.
pub(super) fn chunks(parts: &Parts, part: &Part) -> results::Result<Option<Vec<Chunk>>> {
    Ok(parts.read(part)?.and_then(|bytes| parcel::open(&bytes, &part.replications)))
}
