//! Chunks of replications into the run's tables.

use std::fs;
use std::path::{Path, PathBuf};

use super::clerk::{Chunk, Clerk, kept};
use super::columns::Columns;
use super::digest::Digest;
use super::{Failed, tables};
use crate::results::{self, RunDirectory, TableRecord, TableWriter};
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// The open tables of a run.
pub struct Recorder {
    writers: Vec<TableWriter>,
    digest: Digest,
    failures: Vec<Failed>,
}

/// What a run's tables are when all replications are in them.
pub struct Recorded {
    /// The tables, in the order of `run.json`.
    pub tables: Vec<TableRecord>,
    /// The trajectories, for who goes on from them.
    pub digest: Digest,
    /// Replications that failed.
    pub failures: Vec<Failed>,
}

impl Recorder {
    /// Opens the tables that this level of record asks for.
    ///
    /// # Errors
    /// If a file cannot be created.
    pub fn open(plan: &Plan, run: &RunDirectory, record: Record) -> results::Result<Self> {
        Self::open_in(plan, run, record, &|table| format!("tables/{table}.parquet"))
    }

    /// The same, each table in the file that `place` names.
    ///
    /// # Errors
    /// If a file cannot be created.
    pub fn open_in(
        plan: &Plan,
        run: &RunDirectory,
        record: Record,
        place: &dyn Fn(&str) -> String,
    ) -> results::Result<Self> {
        let open = |table: &results::Table| run.table_in(table, &place(table.name));
        let writers = kept(plan, record).iter().map(open).collect::<results::Result<_>>()?;
        Ok(Self { writers, digest: Digest::default(), failures: Vec::new() })
    }

    /// Begins with what a finished run of the same study and level of record has. Nothing is computed: rows go from table to table, and
    /// the trajectories go on from their sums.
    ///
    /// # Errors
    /// If it cannot be read, or the tables cannot be written.
    pub fn go_on(&mut self, plan: &Plan, record: Record, from: &Path) -> results::Result<()> {
        let file = from.join(Digest::FILE);
        let text = fs::read_to_string(&file).map_err(|error| results::Error::unreadable(&file, error))?;
        let digest = Digest::read(&text, &file)?;
        self.go_on_in(plan, record, digest, &|table| from.join(format!("tables/{table}.parquet")))
    }

    /// The same with these sums of the trajectories, each table in the file that `place` names.
    ///
    /// # Errors
    /// If a table cannot be read or written.
    pub fn go_on_in(
        &mut self,
        plan: &Plan,
        record: Record,
        digest: Digest,
        place: &dyn Fn(&str) -> PathBuf,
    ) -> results::Result<()> {
        for (table, writer) in kept(plan, record).iter().zip(&mut self.writers) {
            let file = place(table.name);
            let names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
            let mut written = Ok(());
            results::read(&file, &names, |batch| {
                if written.is_ok() && batch.rows > 0 {
                    written = writer.append(&batch.columns);
                }
            })?;
            written?;
        }
        let file = place(tables::failures().name);
        if file.exists() {
            results::read(&file, &["replication", "message", "place"], |batch| {
                for row in 0..batch.rows {
                    self.failures.push(Failed {
                        number: u64::from(batch.integers(0)[row]),
                        message: batch.texts(1)[row].to_string(),
                        place: batch.texts(2)[row].to_string(),
                    });
                }
            })?;
        }
        self.digest = digest;
        Ok(())
    }

    /// Writes a chunk. Chunks come in the order of their replications.
    ///
    /// # Errors
    /// If a table cannot be written, or the chunk is of another level of record.
    pub fn add(&mut self, chunk: &Chunk) -> results::Result<()> {
        for (writer, rows) in self.writers.iter_mut().zip(&chunk.rows) {
            if !rows.is_empty() {
                writer.append(rows)?;
            }
        }
        chunk.courses.iter().for_each(|courses| self.digest.add(courses));
        self.failures.extend(chunk.failures.iter().cloned());
        Ok(())
    }

    /// Closes the tables, and writes the trajectories and what failed.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn finish(self, clerk: &Clerk, run: &RunDirectory) -> results::Result<Recorded> {
        self.finish_in(clerk, run, &|table| format!("tables/{table}.parquet"))
    }

    /// The same, in the files that `place` names.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn finish_in(
        self,
        clerk: &Clerk,
        run: &RunDirectory,
        place: &dyn Fn(&str) -> String,
    ) -> results::Result<Recorded> {
        let declared = tables::trajectories();
        let mut trajectories = run.table_in(&declared, &place(declared.name))?;
        let mut columns = Columns::default();
        for line in &self.digest.lines {
            let world = if line.everyone.is_some() { &clerk.words.everyone } else { &clerk.words.observed };
            for (week, moments) in line.weeks.iter().enumerate() {
                let row = columns.row().text(world).text(&clerk.arms[line.arm]).integer(week);
                row.integer(moments[0].count() as usize);
                for moment in moments {
                    row.real(moment.mean()).real(moment.variance().sqrt());
                }
            }
        }
        let values = columns.values();
        if !values.is_empty() {
            trajectories.append(&values)?;
        }
        let mut records = self.writers.into_iter().map(TableWriter::finish).collect::<results::Result<Vec<_>>>()?;
        // Beside the other tables of every run, before those of persons.
        records.insert(records.len().min(3), trajectories.finish()?);
        if !self.failures.is_empty() {
            let declared = tables::failures();
            let mut table = run.table_in(&declared, &place(declared.name))?;
            table.append(&clerk.failed(&self.failures))?;
            records.push(table.finish()?);
        }
        for record in &mut records {
            record.file = place(&record.name);
        }
        Ok(Recorded { tables: records, digest: self.digest, failures: self.failures })
    }
}
