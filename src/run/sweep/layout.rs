//! A sweep laid out: the study of every cell.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::order::Order;
use crate::inquiry::sweep::{Axis, Design, MOST, alike, cells};
use crate::results::{Begun, Excerpt, Identity, MODEL, Manifest, SweepSpec, sha256};
use crate::run::size::{Size, TooLarge};
use crate::run::{Error, Options};
use crate::scenario::{self, Override, Problems, resolved};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// Why a sweep cannot be laid out.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// An axis or the design is wrong.
    #[error("{0}")]
    Design(String),
    /// There are more cells than this machine can hold.
    #[error("{cells} cells: {source}")]
    TooMany {
        /// How many.
        cells: usize,
        /// What they take.
        source: TooLarge,
    },
    /// A cell's scenario is.
    #[error("the scenario does not allow {cell}")]
    Cell {
        /// What would make it right, in a sentence; empty where that is not known.
        way_out: String,
        /// The values.
        cell: String,
        /// What is wrong with it.
        problems: Problems,
    },
}

/// A sweep, laid out.
pub struct Layout {
    pub(super) spec: SweepSpec,
    pub(super) axes: Vec<Axis>,
    pub(super) record: Record,
    /// Values and study of each cell.
    pub cells: Vec<(Vec<f64>, Arc<Study>)>,
}

impl Layout {
    /// Reads the scenario of every cell.
    ///
    /// # Errors
    /// If an axis, the design or a cell's scenario is wrong.
    pub fn new(spec: SweepSpec) -> Result<Self, Trouble> {
        let axes =
            spec.over.iter().map(|axis| Axis::parse(axis)).collect::<Result<Vec<_>, _>>().map_err(Trouble::Design)?;
        if let Some(axis) = axes.iter().enumerate().find(|(at, axis)| axes[..*at].iter().any(|one| one.key == axis.key))
        {
            return Err(Trouble::Design(format!("{} is swept over twice", axis.1.key)));
        }
        let unknown = |what: &str, name: &str| Trouble::Design(format!("`{name}` is no {what}"));
        let named = |names: &[(&str, Design)]| names.iter().find(|(name, _)| *name == spec.design).map(|(_, it)| *it);
        let design = named(Design::NAMES).ok_or_else(|| unknown("design", &spec.design))?;
        let record = Record::NAMES.iter().find(|(name, _)| *name == spec.record).map(|(_, it)| *it);
        let record = record.ok_or_else(|| unknown("level of record", &spec.record))?;
        let points = spec.points.map(|points| points as usize);
        let values = cells(&axes, design, points, spec.design_seed).map_err(Trouble::Design)?;
        // Before any of them is read, which takes a while.
        let too_many = |source| Trouble::TooMany { cells: values.len(), source };
        Size { disk: 0.0, ..Size::of_cells(values.len()) }.fits(Path::new(".")).map_err(too_many)?;
        let study = |one: &Vec<f64>| {
            let changes = changes(&spec, &axes, one);
            match scenario::read_with(&spec.scenario, &spec.name, &changes) {
                Ok(scenario) => Ok((one.clone(), Arc::new(scenario.study))),
                Err(problems) => {
                    let cell: Vec<String> =
                        changes.iter().filter(|one| one.option == "--over").map(|one| one.text.clone()).collect();
                    Err(Trouble::Cell { cell: cell.join(" with "), way_out: room(&spec, &axes, &values), problems })
                }
            }
        };
        let cells = values.iter().map(study).collect::<Result<Vec<_>, _>>()?;
        if cells.is_empty() {
            return Err(Trouble::Design("there is no cell".to_owned()));
        }
        Ok(Self { spec, axes, record, cells })
    }

    /// What who asked for it should know, though nothing is wrong: each a sentence.
    pub fn remarks(&self) -> Vec<String> {
        let (all, values) = (self.cells.len(), self.cells.iter().map(|(values, _)| values.clone()).collect::<Vec<_>>());
        let mut remarks: Vec<String> = self.axes.iter().filter_map(Axis::uneven).collect();
        let alike = alike(&values);
        if alike > 0 {
            remarks.push(format!(
                "{alike} of the {all} cells have the values of another and are computed for nothing: lists and whole numbers have few \
                 values. Ask for fewer --points, or take --design grid"
            ));
        }
        if self.spec.design == Design::Sobol.name() && !all.is_power_of_two() {
            let (less, more) = (all.next_power_of_two() / 2, all.next_power_of_two());
            let either = if more > MOST { less.to_string() } else { format!("{less} or {more}") };
            remarks.push(format!(
                "a Sobol' sequence is balanced at powers of two: {either} points fill the space more evenly than {all}"
            ));
        }
        remarks
    }

    /// Replications of each cell.
    pub fn replications(&self) -> u64 {
        self.cells.first().map_or(0, |(_, study)| study.monte_carlo.replications as u64)
    }

    /// The order of its replications, those of a smaller sweep with so many of each cell before all others.
    pub(super) fn order(&self, base: u64) -> Order {
        Order { cells: self.cells.len() as u64, replications: self.replications(), base }
    }

    /// The same with another number of replications of each cell.
    pub(in crate::run) fn with_replications(&self, replications: u64) -> Result<Self, Trouble> {
        Self::new(self.spec.clone().with_replications(replications))
    }

    /// What is begun.
    pub(in crate::run) fn begin(&self, excerpt: Option<Excerpt>, command: &str) -> Begun {
        let (_, first) = &self.cells[0];
        let all: String = self.cells.iter().map(|(_, study)| sha256(resolved::to_toml(study).as_bytes())).collect();
        let (version, seed, replications) = (env!("CARGO_PKG_VERSION"), first.monte_carlo.seed, self.replications());
        let text = format!("{:?} of\n{all}", (&self.spec.over, &self.spec.design, &self.spec.record));
        let record = SweepSpec::RECORD;
        let whole = Identity { version, scenario: &text, seed, replications, record }.fingerprint();
        Begun {
            format: Begun::FORMAT,
            version: version.to_owned(),
            model: MODEL.to_owned(),
            study: first.id.clone(),
            seed,
            replications,
            excerpt,
            base: None,
            sweep: Some(self.spec.clone()),
            record: record.to_owned(),
            fingerprint: excerpt.map_or_else(|| whole.clone(), |excerpt| excerpt.fingerprint(&whole)),
            commands: (!command.is_empty()).then(|| command.to_owned()).into_iter().collect(),
            scenario_toml: resolved::to_toml(first),
        }
    }
}

impl Layout {
    /// Replications of all cells.
    pub fn total(&self) -> u64 {
        self.order(0).total()
    }

    pub(super) fn plans(&self) -> Result<Vec<Plan>, Error> {
        Ok(self.cells.iter().map(|(_, study)| Plan::new(study.clone())).collect::<Result<_, _>>()?)
    }

    pub(in crate::run) fn size(&self, options: &Options) -> Result<Size, Error> {
        let mut size = Size::default();
        for (_, study) in &self.cells {
            let plan = Plan::new(study.clone())?;
            size = size.and(Size::of(&plan, self.record, self.replications(), options.threads));
        }
        Ok(size.beside(Size::of_cells(self.cells.len())))
    }

    /// What `run.json` says of what was begun, without a summary and without tables.
    pub(super) fn manifest(&self, begun: Begun, simulation: Duration) -> Manifest {
        let seconds = simulation.as_secs_f64();
        let timing = json!({ "simulation_seconds": seconds, "total_seconds": seconds });
        let scenario = serde_json::to_value(&self.spec).unwrap_or_default();
        begun.manifest(format!("Sweep: {}", self.cells[0].1.title), timing, scenario)
    }

    /// What was begun, if these commands begin it.
    pub(in crate::run) fn begun(&self, commands: Vec<String>) -> Begun {
        Begun { commands, ..self.begin(None, "") }
    }
}

/// What is changed in the cell with these values.
fn changes(spec: &SweepSpec, axes: &[Axis], values: &[f64]) -> Vec<Override> {
    let set = |(axis, value): (&Axis, &f64)| Override { option: "--over", text: format!("{}={value}", axis.key) };
    let fixed = spec.changes.iter().map(|text| Override { option: "--set", text: text.clone() });
    fixed.chain(axes.iter().zip(values).map(set)).collect()
}

/// Where the length of the program is swept over and waves lie behind the end of a short one: how long all must be followed so that the study
/// lasts as long as it does unswept. It is said only where it helps.
fn room(spec: &SweepSpec, axes: &[Axis], cells: &[Vec<f64>]) -> String {
    const FOLLOWED: &str = "program.follow_up_weeks";
    let weeks = axes.iter().position(|axis| axis.key == "program.weeks");
    let (Some(weeks), false) = (weeks, axes.iter().any(|axis| axis.key == FOLLOWED)) else { return String::new() };
    let unswept = scenario::read_with(&spec.scenario, &spec.name, &changes(spec, &[], &[]));
    let Ok(program) = unswept.map(|scenario| scenario.study.program) else { return String::new() };
    let least = cells.iter().map(|cell| cell[weeks]).fold(f64::INFINITY, f64::min) as usize;
    let last = program.weeks + program.follow_up_weeks;
    let needed = format!("{FOLLOWED}={}", last.saturating_sub(least));
    let others = spec.changes.iter().filter(|text| text.split('=').next().map(str::trim) != Some(FOLLOWED));
    let longer = SweepSpec { changes: others.cloned().chain([needed.clone()]).collect(), ..spec.clone() };
    // One cell for each length: other keys have nothing to do with it.
    let lengths: BTreeMap<u64, &Vec<f64>> = cells.iter().map(|cell| (cell[weeks].to_bits(), cell)).collect();
    let fits =
        |cell: &&Vec<f64>| scenario::read_with(&spec.scenario, &spec.name, &changes(&longer, axes, cell)).is_ok();
    if !lengths.values().all(fits) {
        return String::new();
    }
    format!(
        "Add `--set {needed}`: then the shortest program too is followed until week {last}, where the study ends now."
    )
}
