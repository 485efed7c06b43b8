//! What a run leaves behind: tables in Parquet, figures, a report, and the manifest that vouches for them.
//!
//! ```text
//! output/listening-training/
//!   run.json                  the manifest, written last: scenario, seed, versions, commands, every file's checksum
//!   tables/
//!     estimates.parquet       one grain each; descriptions and units are in the file
//!     ...
//!   figures/
//!     trust.svg  trust.png    ...
//!   report.html               and any other document
//!   .partial/                 only while a run is being written, or after one was cut off:
//!     lock                    held by the process that writes
//!     tables/  figures/ ...   the same layout, not yet whole
//!     journal/                what is done so far, to go on from there
//! ```
//!
//! A part of a run that is to be merged with others has its journal's parts in `parcels/` instead of tables, figures and a report.
//!
//! The life of a run, from top to bottom:
//!
//! 1. [`existing`] tells whether a finished run is there, and what it was.
//! 2. [`RunDirectory::create`] refuses to overwrite it unless told to, and clears what an interrupted run left.
//! 3. [`RunDirectory::table`] opens a [`TableWriter`] per [`Table`]; rows are appended in batches of any size.
//! 4. [`read`] streams a finished table back, one row group at a time, to diagnose and to draw.
//! 5. [`RunDirectory::finish`] moves everything to its final name, and `run.json` last.
//! 6. [`verify`] checks a run, whenever one likes, against its own checksums.
//!
//! A directory with a `run.json` is finished. A directory without one says by its `.partial` folder that it is not.
//! The bytes of a table depend on its rows and nothing else: not on the batches in which they came, on threads or on
//! the clock.

mod arrow_schema;
mod begun;
mod checksum;
mod complete;
mod document;
mod encode;
mod error;
mod folder;
mod journal;
mod left;
mod look;
mod manifest;
mod read;
mod run_directory;
mod seal;
mod table;
mod take_back;
mod verify;
mod write;

pub use begun::{Begun, SweepSpec};
pub(crate) use checksum::of_bytes as sha256;
pub use complete::complete;
pub use document::vouch;
pub(crate) use error::way_out;
pub use error::{Error, Result};
pub use folder::Unlocked;
pub(crate) use folder::make as make_folder;
pub use journal::{Journal, Part, Parts, Whose};
pub use look::{beside, existing, parcels, tidy, unfinished, whose, whose_journal};
pub use manifest::{Excerpt, FileRecord, Identity, MODEL, Manifest, Shard, TableRecord};
pub use read::read;
pub use run_directory::{Overwrite, PARTIAL, RunDirectory};
pub use table::{Batch, Column, Kind, Table, Values};
pub use take_back::{Alone, alone, begin_again, give_up, in_use, take_back};
pub use verify::{Disagreement, verify, verify_but};
pub use write::{TableWriter, held, row_group};

#[cfg(test)]
pub(crate) mod test_support;
