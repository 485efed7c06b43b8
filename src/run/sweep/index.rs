//! Where the replications of each cell lie in the parts of a journal.
//!
//! A part has a block of replications of one cell, then of the next; a cell's replications are so spread over all parts. The parts are read
//! once, whole, and held against their checksums; what is remembered is the place of every chunk. Then each cell fetches its own bytes:
//! every byte is read twice, however many cells there are, and memory holds one part for each thread and 32 bytes for each chunk, twice that while they are gathered.

use std::fs::File;
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::order::Order;
use crate::monte_carlo::clerk::Chunk;
use crate::monte_carlo::parcel;
use crate::results::{self, Part, Parts};

/// Where a chunk is.
struct Entry {
    cell: u32,
    /// Number of the part.
    part: u32,
    begin: u64,
    length: u64,
    /// Of its bytes as they were when the part was whole.
    hash: u64,
}

/// The chunks of all cells.
pub(super) struct Index<'a> {
    parts: &'a [(&'a Parts, &'a Part)],
    /// By cell, and of a cell in the order of its replications.
    entries: Vec<Entry>,
}

impl<'a> Index<'a> {
    /// Of parts in the order of their places; nothing if it was stopped.
    pub(super) fn of(
        parts: &'a [(&'a Parts, &'a Part)],
        order: Order,
        stop: &AtomicBool,
    ) -> results::Result<Option<Self>> {
        let one = |(number, (parts, part)): (usize, &(&Parts, &Part))| {
            if stop.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let content = parts.read(part)?.ok_or_else(|| damaged(parts))?;
            let places = parcel::places(&content, &part.replications).ok_or_else(|| damaged(parts))?;
            let entry = |(replications, bytes): (std::ops::Range<u64>, std::ops::Range<usize>)| Entry {
                cell: order.at(replications.start).0 as u32,
                part: number as u32,
                begin: bytes.start as u64,
                length: bytes.len() as u64,
                hash: hash(&content[bytes]),
            };
            Ok(Some(places.into_iter().map(entry).collect::<Vec<_>>()))
        };
        let all: Option<Vec<Vec<Entry>>> = parts.par_iter().enumerate().map(one).collect::<results::Result<_>>()?;
        Ok(all.map(|all| {
            let mut entries: Vec<Entry> = all.into_iter().flatten().collect();
            // Stable: places rise with the replications of a cell.
            entries.sort_by_key(|entry| entry.cell);
            Self { parts, entries }
        }))
    }

    /// Hands over the chunks of a cell in the order of its replications.
    pub(super) fn each(&self, cell: usize, mut take: impl FnMut(&Chunk) -> results::Result<()>) -> results::Result<()> {
        let begin = self.entries.partition_point(|entry| (entry.cell as usize) < cell);
        let own = self.entries[begin..].iter().take_while(|entry| entry.cell as usize == cell);
        let mut open: Option<(u32, PathBuf, File)> = None;
        for entry in own {
            let (parts, part) = self.parts[entry.part as usize];
            let (_, path, file) = match open.take() {
                Some(it) if it.0 == entry.part => open.insert(it),
                _ => {
                    let path = parts.path(part).ok_or_else(|| damaged(parts))?;
                    let file = File::open(&path).map_err(|error| results::Error::unreadable(&path, error))?;
                    open.insert((entry.part, path, file))
                }
            };
            let bytes = match bytes(file, entry.begin, entry.length) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Err(damaged(parts)),
                Err(error) => return Err(results::Error::unreadable(path, error)),
            };
            let chunk = (hash(&bytes) == entry.hash).then(|| parcel::read(&bytes)).flatten();
            take(&chunk.ok_or_else(|| damaged(parts))?)?;
        }
        Ok(())
    }
}

fn damaged(parts: &Parts) -> results::Error {
    parts.trouble("a part of it was changed meanwhile".to_owned())
}

fn bytes(file: &mut File, begin: u64, length: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(begin))?;
    let mut bytes = vec![0; length as usize];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The same for the same bytes as long as this process lives, which is as long as it is remembered.
fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}
