//! Chunks of replications into the run's tables.

use super::clerk::{Chunk, Clerk, kept};
use super::columns::Columns;
use super::digest::Digest;
use super::tables;
use crate::results::{self, RunDirectory, TableRecord, TableWriter};
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// The open tables of a run.
pub struct Recorder {
    writers: Vec<TableWriter>,
    digest: Digest,
}

impl Recorder {
    /// Opens the tables that this level of record asks for.
    ///
    /// # Errors
    /// If a file cannot be created.
    pub fn open(plan: &Plan, run: &RunDirectory, record: Record) -> results::Result<Self> {
        let writers = kept(plan, record).iter().map(|table| run.table(table)).collect::<results::Result<_>>()?;
        Ok(Self { writers, digest: Digest::default() })
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
        Ok(())
    }

    /// Closes the tables, and writes the trajectories.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn finish(self, clerk: &Clerk, run: &RunDirectory) -> results::Result<Vec<TableRecord>> {
        let mut trajectories = run.table(&tables::trajectories())?;
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
        Ok(records)
    }
}
