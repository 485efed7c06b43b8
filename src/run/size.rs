//! How much memory and disk a run will ask for, and whether this machine has it: said before the first replication, not by a full disk.
//!
//! The estimate counts the rows that the design gives, times the columns of each table, times eight bytes; the factors beside them were
//! measured on `listening-training` (12 weeks and 40 of follow-up) with 10,000 to 50,000 dyads, that of a world with 50,000 to 500,000. They
//! hold within a factor of two for other designs, which a test keeps true for what lands on disk.

use std::fmt;
use std::path::{Path, PathBuf};

use sysinfo::System;

use crate::inquiry::answers::SHOWN;
use crate::monte_carlo::{self, clerk};
use crate::results::held;
use crate::run::conclude::FIGURES_AT_ONCE;
use crate::run::limit::address_space;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// Bytes that a run needs besides its replications: the program, its fonts, a part of the journal.
const BASE: f64 = 60e6;
/// Bytes of a figure as an image, of which each thread draws one, up to four. By `/usr/bin/time`, 200 and 2,000 replications: 98 and 120 MB on
/// one thread, 166 MB on two.
const FIGURE: f64 = 45e6;
/// Bytes per dyad and world of a replication that is being run. By `/usr/bin/time`, in three worlds and with summaries alone: 50,000 dyads
/// 414 MB on one thread and 816 MB on two, 100,000 dyads 817 MB, 500,000 dyads 4.0 GB; between the last two 2,650 for each dyad and world.
const LIFE: f64 = 2650.0;
/// Bytes per dyad of a replication that waits to be written with every person's state.
const WAITING: f64 = 8500.0;
/// Bytes of an estimate of the first replications, which are kept for their picture: three times a number and whether it is significant.
const KEPT: f64 = 48.0;
/// Bytes of memory per byte of rows: the replication's own, its columns, and what encodes them.
const COPIES: f64 = 1.8;
/// Bytes on disk per byte of rows: the journal, which keeps them as they are, and the compressed tables.
const ON_DISK: f64 = 1.8;
/// Of these, those of the tables alone.
const IN_TABLES: f64 = 0.8;
/// Chunks at once: one is run, one is written.
const CHUNKS: u64 = 2;
/// Bytes of a cell of a sweep. By `/usr/bin/time`, 2,000 and 8,000 cells of one replication of `listening-training`:
/// 197 and 623 MB, 71 kB each.
const CELL: f64 = 75e3;
/// Bytes on disk of its files and sums, whatever its replications: 300 cells of one and of four took 153 and 172 kB more each than their rows.
const CELL_ON_DISK: f64 = 160e3;
/// Address space that is set aside and not used: of the process, and of each thread (its stack, and where it takes memory from). By
/// `VmPeak`, which was 0.40 GB on one thread and 0.95 on eight where 0.11 and 0.21 GB were in memory.
const ASIDE: [f64; 2] = [200e6, 60e6];

/// What a run asks for, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// Memory at its peak.
    pub memory: f64,
    /// Disk at its peak: the journal and the tables.
    pub disk: f64,
    /// Address space beyond the memory.
    pub aside: f64,
}

/// What is not there.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TooLarge {
    /// More memory than the machine has.
    #[error(
        "this run would take about {} of memory, and this machine has {}: {way_out}", Bytes(*.needed), Bytes(*.there)
    )]
    Memory {
        /// What the run asks for.
        needed: f64,
        /// What the machine has in all.
        there: f64,
        /// What takes less.
        way_out: &'static str,
    },
    /// More address space than the process is allowed.
    #[error(
        "this run would take about {} of address space, and this process may have {} (ulimit -v): allow it more, run fewer --threads, keep less with --record, or study fewer dyads or cells", Bytes(*.needed), Bytes(*.there)
    )]
    AddressSpace {
        /// What the run asks for.
        needed: f64,
        /// What the process may have.
        there: f64,
    },
    /// More disk than is free.
    #[error(
        "this run would take about {} in {}, where {} are free: free some space, choose another disk with --out, run fewer replications, or keep less with --record", Bytes(*.needed), path.display(), Bytes(*.there)
    )]
    Disk {
        /// What the run asks for.
        needed: f64,
        /// What is free there.
        there: f64,
        /// Where.
        path: PathBuf,
    },
}

/// A number of bytes as people say it: 3.4 GB.
struct Bytes(f64);

impl fmt::Display for Bytes {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
        let mut value = self.0 / 1000.0;
        let mut unit = 0;
        while value >= 999.5 && unit + 1 < UNITS.len() {
            value /= 1000.0;
            unit += 1;
        }
        let decimals = usize::from(value < 9.95);
        write!(out, "{value:.decimals$} {}", UNITS[unit])
    }
}

/// Rows that one replication leaves in a table, at most.
fn rows(plan: &Plan, table: &str) -> f64 {
    let study = &plan.study;
    let dyads = plan.organization_of_dyad.len();
    let waves = study.measurement.waves.len();
    let worlds = 1 + plan.worlds.len();
    let program = study.arms.iter().map(|arm| arm.program.weeks).max().unwrap_or(0);
    let count = match table {
        "estimates" => study.hypotheses.iter().map(|hypothesis| hypothesis.estimators.len()).sum(),
        "replications" => study.arms.len() + plan.worlds.len(),
        "organizations" => worlds * study.organizations * waves,
        "individuals" => 2 * dyads,
        "waves" => 2 * dyads * waves,
        "instruments" => waves * plan.scales.len(),
        "weeks" => dyads * plan.weeks,
        // In the program nearly everyone meets and takes a turn, after it one in seven.
        "episodes" => return dyads as f64 * (program as f64 + 0.15 * plan.weeks.saturating_sub(program) as f64),
        _ => dyads,
    };
    count as f64
}

impl Size {
    /// What so many replications of a study ask for at this level of record, with so many threads (0 for all processors).
    pub fn of(plan: &Plan, record: Record, replications: u64, threads: usize) -> Self {
        let tables = clerk::kept(plan, record);
        let bytes: f64 = tables.iter().map(|table| rows(plan, table.name) * (8 * table.columns.len()) as f64).sum();
        // Of each arm and world five means a week go into the journal, and from there into a table of their sums.
        let courses = ((plan.study.arms.len() + plan.worlds.len()) * (plan.weeks + 1) * 5 * 8) as f64;
        let dyads = plan.organization_of_dyad.len();
        let threads = monte_carlo::threads(threads, replications);
        let at_once = (CHUNKS * monte_carlo::chunk(plan, record, threads)).min(replications) as f64;
        let people = if record >= Record::Waves { WAITING * dyads as f64 } else { 0.0 };
        let many = replications as f64;
        let lives = threads as f64 * LIFE * (dyads * (1 + plan.worlds.len())) as f64;
        Self {
            memory: BASE
                + FIGURE * threads.min(FIGURES_AT_ONCE) as f64
                + lives
                + at_once * (people + COPIES * (bytes + courses))
                + tables.iter().map(|table| held(table.columns.len(), rows(plan, table.name) * many)).sum::<f64>()
                + KEPT * rows(plan, "estimates") * replications.min(SHOWN) as f64,
            disk: (ON_DISK * bytes + courses) * many,
            aside: ASIDE[0] + ASIDE[1] * threads as f64,
        }
    }

    /// What so many replications take that are there already, and only go into tables: those of one shard at a time are in memory.
    pub fn of_tables(plan: &Plan, record: Record, replications: u64) -> Self {
        let all = Self::of(plan, record, replications, 1);
        Self { memory: BASE + FIGURE, disk: all.disk * IN_TABLES / ON_DISK, aside: all.aside }
    }

    /// What so many cells of a sweep take besides their replications: the scenario, plan and findings of each.
    pub fn of_cells(cells: usize) -> Self {
        let cells = cells as f64;
        Self { memory: BASE + CELL * cells, disk: CELL_ON_DISK * cells, aside: ASIDE[0] }
    }

    /// With what another takes at the same time, of the same process.
    pub fn beside(self, other: Self) -> Self {
        Self {
            memory: self.memory + (other.memory - BASE).max(0.0),
            disk: self.disk + other.disk,
            aside: self.aside.max(other.aside),
        }
    }

    /// A part of a run: as much memory, and so much of the disk.
    pub fn part(self, share: f64) -> Self {
        Self { disk: self.disk * share, ..self }
    }

    /// Of two runs that are computed one after the other into one folder.
    pub fn and(self, other: Self) -> Self {
        let (memory, aside) = (self.memory.max(other.memory), self.aside.max(other.aside));
        Self { memory, disk: self.disk + other.disk, aside }
    }

    /// Whether the machine has it: memory in all, and what is free where the results will be.
    ///
    /// # Errors
    /// [`TooLarge`] with the estimate, what there is, and what takes less. What the system does not tell counts as enough.
    pub fn fits(&self, out: &Path) -> Result<(), TooLarge> {
        self.fits_in(memory(), free(out))?;
        let needed = self.memory + self.aside;
        match address_space() {
            Some(there) if needed > there => Err(TooLarge::AddressSpace { needed, there }),
            _ => Ok(()),
        }
    }

    fn fits_in(&self, memory: Option<f64>, free: Option<(f64, PathBuf)>) -> Result<(), TooLarge> {
        if let Some(there) = memory.filter(|there| self.memory > *there) {
            let way_out = "run fewer --threads, keep less with --record, or study fewer dyads or cells";
            return Err(TooLarge::Memory { needed: self.memory, there, way_out });
        }
        match free {
            Some((there, path)) if self.disk > there => Err(TooLarge::Disk { needed: self.disk, there, path }),
            _ => Ok(()),
        }
    }
}

/// Memory of this machine, or of the control group that this process is held to.
fn memory() -> Option<f64> {
    let mut system = System::new();
    system.refresh_memory();
    let all = system.cgroup_limits().map_or(system.total_memory(), |limits| limits.total_memory);
    (all > 0).then_some(all as f64)
}

/// What is free on the disk that a path that need not exist yet will be on, and the part of it that exists.
fn free(out: &Path) -> Option<(f64, PathBuf)> {
    let absolute = std::path::absolute(out).ok()?;
    let there = absolute.ancestors().find(|path| path.exists())?;
    Some((
        fs4::available_space(there).ok()? as f64,
        out.parent().filter(|path| !path.as_os_str().is_empty()).map_or(there.to_path_buf(), Path::to_path_buf),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lanes::Instructions;
    use crate::monte_carlo::parcel;
    use crate::run::{Options, run_study};
    use crate::scenario::builtin;
    use crate::study::experiment::replicate;

    #[test]
    fn bytes_are_said_as_people_say_them() {
        for (bytes, said) in [
            (0.0, "0.0 kB"),
            (1_234.0, "1.2 kB"),
            (52e6, "52 MB"),
            (9.94e9, "9.9 GB"),
            (3.2e13, "32 TB"),
            (4e19, "40000 PB"),
        ] {
            assert_eq!(Bytes(bytes).to_string(), said);
        }
    }

    #[test]
    fn what_is_not_there_is_refused_with_what_it_takes_and_the_way_out() {
        let size = Size { memory: 64e9, disk: 2e12, aside: 0.0 };
        let here = || Some((1e11, PathBuf::from("results")));
        let refused = size.fits_in(Some(24e9), here()).unwrap_err().to_string();
        assert_eq!(
            refused,
            "this run would take about 64 GB of memory, and this machine has 24 GB: run fewer --threads, keep less with --record, or study fewer dyads or cells"
        );
        let refused = size.fits_in(Some(128e9), here()).unwrap_err().to_string();
        assert!(
            refused.starts_with("this run would take about 2.0 TB in results, where 100 GB are free: "),
            "{refused}"
        );
        assert_eq!(size.fits_in(Some(128e9), Some((3e12, PathBuf::new()))), Ok(()));
        assert_eq!(size.fits_in(None, None), Ok(()), "what the system does not tell counts as enough");
    }

    /// The writers' tables of contents grow with the square root of the replications, and nothing else does: a hundred times as many take less
    /// than ten times more.
    #[test]
    fn memory_grows_far_slower_than_replications() {
        let study = builtin::find("listening-training").unwrap().read(&[]).unwrap().study;
        let plan = Plan::new(study).unwrap();
        let of = |replications: u64| Size::of(&plan, Record::Summary, replications, 2).memory;
        let more = |replications: u64| of(replications) - of(2_000);
        assert!(more(10_000_000) < 10.0 * more(100_000), "{} {}", more(100_000), more(10_000_000));
        assert!((150e6..200e6).contains(&of(2_000)), "{}", of(2_000));
        assert!((200e6..300e6).contains(&of(202_000)), "{}", of(202_000));
        assert!(of(10_000_000) < 1e9, "{}", of(10_000_000));
    }

    #[test]
    fn this_machine_says_what_it_has() {
        let folder = std::env::temp_dir();
        let (free, _) = free(&folder.join("not/there/yet")).unwrap();
        assert!(free > 0.0 && memory().unwrap() > 1e8);
    }

    /// The journal and the tables of 24 replications against the estimate, at every level of record and for designs unlike the one it
    /// was measured on: circles, waves of organizations, questionnaires, twelve arms.
    #[test]
    fn what_lands_on_disk_is_within_a_factor_of_two_of_the_estimate() {
        for (id, records) in [
            ("listening-training", [Record::Waves, Record::Episodes]),
            ("hybrid-circles", [Record::Summary, Record::Weeks]),
            ("helping-rewards-stepped-wedge", [Record::Waves, Record::Weeks]),
            ("risk-factors", [Record::Summary, Record::Waves]),
        ] {
            let mut study = builtin::find(id).unwrap().read(&[]).unwrap().study;
            study.monte_carlo.replications = 24;
            for record in records {
                let plan = Plan::new(study.clone()).unwrap();
                let replications: Vec<_> =
                    (0..24).map(|number| Ok(replicate(&plan, number, record, Instructions::Widest))).collect();
                let mut journal = Vec::new();
                parcel::append(&mut journal, &clerk::Clerk::new(&plan, record).chunk(0, replications)).unwrap();
                let out =
                    std::env::temp_dir().join(format!("peerlab size {id} {} {}", record.name(), std::process::id()));
                let finished = run_study(&study, &Options { record: Some(record), ..Options::new(&out) }).unwrap();
                let tables: u64 = finished.manifest.tables.iter().map(|table| table.bytes).sum();
                std::fs::remove_dir_all(&out).unwrap();
                let (found, said) = ((journal.len() as u64 + tables) as f64, Size::of(&plan, record, 24, 2).disk);
                // What does not grow with the replications is some 100 kB of tables that summarize them.
                let ratio = said / (found - 1e5).max(1.0);
                assert!(
                    (0.5..2.0).contains(&ratio),
                    "{id} {}: {} said, {} found",
                    record.name(),
                    Bytes(said),
                    Bytes(found)
                );
            }
        }
    }
}
