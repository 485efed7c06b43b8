//! Rows into a Parquet file, in row groups whose size is given by the table's width and by how many are before them.

use std::path::{Path, PathBuf};

use polars::prelude::{BatchedWriter, DataFrame, PolarsError};

use super::checksum::Sink;
use super::encode::{open, to_polars};
use super::error::{Error, Result};
use super::manifest::TableRecord;
use super::table::{Column, Table, Values};

/// Values in a row group, at most: one megabyte of numbers, so that a wide table takes no more memory than a narrow one.
const CELLS: usize = 1 << 17;

/// Row groups of the same size. A file ends with what it says of each column of each group, and the writer holds 2.4 kB of memory for each of them
/// until then: a third of what the smallest groups hold. With groups that grow evenly both they and what is said of them grow with the square
/// root of the rows.
const STEADY: usize = 16;

/// Rows in the group with this number, from 0, of a table of this many columns. It depends on nothing else, so that the bytes do not depend on how
/// the rows came.
const fn rows_in(group: usize, columns: usize) -> usize {
    row_group(columns) * (1 + group / STEADY)
}

/// Bytes of memory that a writer of so many rows holds at its end: of every column of every group what is said of it, and the last group twice,
/// as it is and encoded.
pub fn held(columns: usize, rows: f64) -> f64 {
    const SAID: f64 = 2400.0;
    let (mut groups, mut written) = (0, 0.0);
    while written < rows {
        written += rows_in(groups, columns) as f64;
        groups += 1;
    }
    let last = (rows_in(groups.saturating_sub(1), columns) as f64).min(rows);
    SAID * (groups * columns) as f64 + 2.0 * 8.0 * last * columns as f64
}

/// Rows in the first row groups of a table of this many columns: the largest power of two that keeps within 131,072 values, at least
/// 1,024.
pub const fn row_group(columns: usize) -> usize {
    let fitting = CELLS / if columns == 0 { 1 } else { columns };
    let rows = if fitting < 1024 { 1024 } else { fitting };
    1 << (usize::BITS - 1 - rows.leading_zeros())
}

/// Streams one table into one file. Dropped before [`TableWriter::finish`], it takes its file away again.
pub struct TableWriter {
    table: Table,
    path: PathBuf,
    sink: Sink,
    /// `None` once a write has failed: what follows would only be noise.
    parquet: Option<BatchedWriter<Sink>>,
    buffer: Vec<Values>,
    buffered: usize,
    groups: usize,
    rows: u64,
    finished: bool,
}

impl TableWriter {
    /// Opens a file for a table, in a folder that exists. [`super::RunDirectory::table`] gives it a temporary name.
    ///
    /// # Errors
    /// If the declaration is incomplete, or the file cannot be created.
    pub fn create(path: impl Into<PathBuf>, table: &Table) -> Result<Self> {
        let path = path.into();
        table.check()?;
        let sink = Sink::create(&path).map_err(Error::io("create", &path))?;
        let parquet = open(sink.clone(), table).map_err(|error| Error::parquet(&path, error))?;
        Ok(Self {
            buffer: empty(&table.columns, 0),
            table: table.clone(),
            path,
            sink,
            parquet: Some(parquet),
            buffered: 0,
            groups: 0,
            rows: 0,
            finished: false,
        })
    }

    /// Appends rows: one entry a column, in the table's order. The size of a batch leaves no trace in the file.
    ///
    /// # Errors
    /// If the batch does not fit the table (then nothing of it is kept), or it cannot be written.
    pub fn append(&mut self, batch: &[Values]) -> Result<()> {
        let rows = self.table.rows_of(batch)?;
        let mut from = 0;
        while from < rows {
            let group = rows_in(self.groups, self.table.columns.len());
            let to = rows.min(from + group - self.buffered);
            for (buffer, values) in self.buffer.iter_mut().zip(batch) {
                buffer.extend(values, from..to);
            }
            self.buffered += to - from;
            from = to;
            if self.buffered == group {
                self.write_row_group()?;
            }
        }
        self.rows += rows as u64;
        Ok(())
    }

    /// Where the rows go.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Rows appended so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes what is left, closes the file and describes it.
    ///
    /// # Errors
    /// If it cannot be written; the file is then gone.
    pub fn finish(mut self) -> Result<TableRecord> {
        self.write_row_group()?;
        if let Some(parquet) = self.parquet.take() {
            parquet.finish().map_err(|error| self.failure(error))?;
        }
        let (bytes, sha256) = self.sink.close().map_err(Error::io("write", &self.path))?;
        self.finished = true;
        Ok(TableRecord {
            name: self.table.name.to_owned(),
            file: format!("tables/{}.parquet", self.table.name),
            grain: self.table.grain.clone(),
            rows: self.rows,
            bytes,
            sha256,
            columns: self.table.columns.clone(),
        })
    }

    fn write_row_group(&mut self) -> Result<()> {
        let Some(parquet) = &mut self.parquet else {
            return Err(Error::table(self.table.name, "an earlier write failed"));
        };
        if self.buffered == 0 {
            return Ok(());
        }
        let buffer = std::mem::replace(&mut self.buffer, empty(&self.table.columns, self.buffered));
        let columns = self.table.columns.iter().zip(buffer);
        let columns = columns.map(|(column, values)| to_polars(&column.name, column.kind, values)).collect();
        let written = DataFrame::new(self.buffered, columns).and_then(|group| parquet.write_batch(&group));
        self.buffered = 0;
        self.groups += 1;
        written.map_err(|error| {
            self.parquet = None;
            self.failure(error)
        })
    }

    /// The system's own words where there are any.
    fn failure(&self, error: PolarsError) -> Error {
        match self.sink.failure() {
            Some(source) => Error::io("write", &self.path)(source),
            None => Error::table(self.table.name, format!("cannot be encoded: {error}")),
        }
    }
}

impl Drop for TableWriter {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn empty(columns: &[Column], capacity: usize) -> Vec<Values> {
    columns.iter().map(|column| Values::with_capacity(column.kind, capacity)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the example table's four columns.
    const ROW_GROUP: usize = row_group(4);
    use crate::results::read;
    use crate::results::test_support::{Folder, example, example_rows};

    fn written(path: &Path, rows: u32, mut batch: impl FnMut(u32) -> u32) -> TableRecord {
        let mut writer = TableWriter::create(path, &example()).unwrap();
        let mut from = 0;
        while from < rows {
            let to = rows.min(from + batch(from));
            writer.append(&example_rows(from, to)).unwrap();
            from = to;
        }
        assert_eq!(writer.rows(), u64::from(rows));
        writer.finish().unwrap()
    }

    #[test]
    fn bytes_do_not_depend_on_the_batches() {
        let folder = Folder::new("batches");
        let rows = 2 * ROW_GROUP as u32 + 4321;
        let whole = written(&folder.join("whole"), rows, |_| rows);
        assert_eq!(whole.rows, u64::from(rows));
        let batches: [fn(u32) -> u32; 3] = [|_| 1000, |_| ROW_GROUP as u32, |from| from % 977 + 1];
        for batch in batches {
            assert_eq!(written(&folder.join("batched"), rows, batch), whole);
        }
        let bytes = std::fs::read(folder.join("batched")).unwrap();
        assert_eq!(bytes, std::fs::read(folder.join("whole")).unwrap());
        assert_eq!(crate::results::checksum::of_bytes(&bytes), whole.sha256);
        assert_eq!(bytes.len() as u64, whole.bytes);
    }

    /// So that memory does not grow with the table: its groups do, and so there are few of them.
    #[test]
    fn of_a_long_table_later_groups_are_larger_whatever_the_batches() {
        let folder = Folder::new("long");
        let rows = (STEADY + 2) as u32 * ROW_GROUP as u32 + 77;
        let whole = written(&folder.join("whole"), rows, |_| rows);
        assert_eq!(written(&folder.join("batched"), rows, |_| 30_011), whole);
        let mut sizes = Vec::new();
        read(folder.join("whole"), &["estimate"], |batch| sizes.push(batch.rows)).unwrap();
        assert_eq!(sizes[..STEADY], [ROW_GROUP; STEADY]);
        assert_eq!(sizes[STEADY..], [2 * ROW_GROUP, 77]);
    }

    /// Four times the rows take twice the memory, where both are many.
    #[test]
    fn what_a_writer_holds_grows_with_the_square_root_of_the_rows() {
        let ratio = held(62, 4e9) / held(62, 1e9);
        assert!((ratio - 2.0).abs() < 0.05, "{ratio}");
        assert_eq!(held(62, 0.0), 0.0);
        assert_eq!(held(4, 10.0), 4.0 * 2400.0 + 640.0);
    }

    #[test]
    fn bytes_stay_what_they_were() {
        // Moves when polars writes something else for the same rows: then say so in the changelog.
        let folder = Folder::new("stay");
        let record = written(&folder.join("a"), ROW_GROUP as u32 + 1000, |_| 500);
        assert_eq!(record.sha256, "f9c901b8023c006ac6099ed10b9d1bbe2382715570b0e0b8df4e04fb37d27cbf");
    }

    #[test]
    fn a_zero_has_no_sign() {
        let folder = Folder::new("zero");
        let mut table = example();
        table.columns.remove(3);
        table.columns.remove(2);
        table.columns.remove(0);
        let write = |name: &str, values: &[f64]| {
            let mut writer = TableWriter::create(folder.join(name), &table).unwrap();
            writer.append(&[Values::Real(values.to_vec())]).unwrap();
            writer.finish().unwrap().sha256
        };
        assert_eq!(write("a", &[-0.0, 0.0, -1.0]), write("b", &[0.0, -0.0, -1.0]));
        // One missing value is like another, whatever its bits.
        let other_nan = f64::from_bits(0xfff8_0000_0000_0001);
        assert_eq!(write("a", &[f64::NAN, 1.0]), write("b", &[other_nan, 1.0]));
    }

    #[test]
    fn an_empty_table_is_a_valid_file() {
        let folder = Folder::new("empty");
        let path = folder.join("none.parquet");
        let record = written(&path, 0, |_| 1);
        assert_eq!(record.rows, 0);
        let mut groups = 0;
        read(&path, &["arm"], |_| groups += 1).unwrap();
        assert_eq!(groups, 0);
        assert!(matches!(read(&path, &["arms"], |_| {}), Err(Error::NoColumn { .. })));
    }

    #[test]
    fn dropped_unfinished_it_leaves_no_file() {
        let folder = Folder::new("dropped");
        let path = folder.join("cut.parquet");
        let mut writer = TableWriter::create(&path, &example()).unwrap();
        writer.append(&example_rows(0, 100_000)).unwrap();
        assert!(path.exists());
        drop(writer);
        assert!(!path.exists());
    }

    #[test]
    fn a_batch_that_does_not_fit_is_refused_whole() {
        let folder = Folder::new("unfit");
        let mut writer = TableWriter::create(folder.join("a"), &example()).unwrap();
        let mut batch = example_rows(0, 10);
        batch[2] = Values::Flag(vec![true; 9]);
        assert!(writer.append(&batch).is_err());
        writer.append(&example_rows(0, 10)).unwrap();
        assert_eq!(writer.finish().unwrap().rows, 10);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_said_to_be_full() {
        // What is removed afterwards is the link, never the device.
        let folder = Folder::new("full");
        let path = folder.join("full.parquet");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let mut writer = TableWriter::create(&path, &example()).unwrap();
        let mut result = Ok(());
        for from in 0..20 {
            result = writer.append(&example_rows(from * 60_000, (from + 1) * 60_000));
            if result.is_err() {
                break;
            }
        }
        let message = result.unwrap_err().to_string();
        assert!(message.starts_with("cannot write") && message.contains("free some space"), "{message}");
        assert!(writer.append(&example_rows(0, 70_000)).is_err());
        assert!(writer.finish().is_err());
    }

    #[test]
    fn the_file_says_what_it_holds() {
        use polars::prelude::{ParquetReader, SerReader};
        let folder = Folder::new("metadata");
        let path = folder.join("a.parquet");
        written(&path, 3, |_| 3);
        let mut reader = ParquetReader::new(std::fs::File::open(&path).unwrap());
        let metadata = reader.get_metadata().unwrap().clone();
        let said = |key: &str| {
            let pairs = metadata.key_value_metadata().as_ref().unwrap();
            pairs.iter().find(|pair| pair.key == key).unwrap().value.clone().unwrap()
        };
        assert_eq!(said("peerlab.table"), "example");
        assert_eq!(said("peerlab.grain"), "replication");
        let columns: serde_json::Value = serde_json::from_str(&said("peerlab.columns")).unwrap();
        assert_eq!(columns["estimate"]["unit"], "SD");
        assert_eq!(columns["arm"]["description"], "The arm: “Übung” or “talk”");
        let schema = reader.schema().unwrap();
        let field = schema.get("estimate").unwrap();
        let of_field = field.metadata.as_ref().unwrap();
        assert_eq!(of_field.get("unit").unwrap().as_str(), "SD");
        assert!(of_field.get("description").unwrap().starts_with("Estimated effect"));
    }
}
