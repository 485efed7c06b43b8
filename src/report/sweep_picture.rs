//! A sweep as pictures: one number over two of its keys, and over one of them.

use std::collections::BTreeMap;

use super::sweep::{FoundInCell, SweepSummary};
use super::text::{counted, number};
use super::words;
use crate::figures::{Along, Field, Figure, HeatAxis, HeatMap, Panel, Point, Series, Trajectory};
use crate::inquiry::power::wilson;
use crate::inquiry::sweep::{Axis, Design};
use crate::scenario::lookup;
use crate::study::plan::Plan;

/// What of a cell is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// What is true: the mean over replications.
    Truth,
    /// The mean estimate.
    Estimate,
    /// The share of experiments that find it.
    Found,
}

impl Quantity {
    /// The names of the command line.
    pub const NAMES: [(&'static str, Quantity); 3] =
        [("truth", Quantity::Truth), ("estimate", Quantity::Estimate), ("found", Quantity::Found)];

    /// The number of a cell with its Monte Carlo standard error.
    fn of(self, cell: &FoundInCell) -> (f64, f64) {
        let (value, error) = match self {
            Quantity::Truth => cell.truth,
            Quantity::Estimate => cell.estimate,
            Quantity::Found => cell.power,
        };
        (value.unwrap_or(f64::NAN), error.unwrap_or(f64::NAN))
    }
}

/// Which of a sweep's numbers a picture shows, and over what; what is not said is the first there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SweepChoice {
    /// The key from left to right, or its last word.
    pub x: Option<String>,
    /// The key from bottom to top, or with a line for each value.
    pub y: Option<String>,
    /// The hypothesis.
    pub hypothesis: Option<String>,
    /// Keys that are held at one of their values.
    pub at: Vec<(String, f64)>,
    /// The number: of a map the truth, of a line all three, unless said.
    pub quantity: Option<Quantity>,
}

/// More cells of a grid than this, or more points of another design than [`POINTS`], are shown in bins.
const CELLS: usize = 4_000;
const POINTS: usize = 600;

/// A sweep that is whole, to be drawn.
pub struct SweepPictures<'a> {
    /// The plan of its first cell, for what its numbers are called.
    pub plan: &'a Plan,
    /// What was swept over.
    pub axes: &'a [Axis],
    /// What was found.
    pub summary: &'a SweepSummary,
}

impl SweepPictures<'_> {
    /// The pictures that a sweep draws when it is made.
    pub fn all(&self) -> Vec<(&'static str, Figure)> {
        let choice = SweepChoice::default();
        let map = self.heat_map(&choice).ok().map(|map| ("heat-map", Figure::HeatMap(map)));
        let line = self.line(&choice).ok().map(|line| ("line", Figure::Trajectory(line)));
        map.into_iter().chain(line).collect()
    }

    /// One number over two keys.
    ///
    /// # Errors
    /// What there is not, and what there is.
    pub fn heat_map(&self, choice: &SweepChoice) -> Result<HeatMap, String> {
        if self.axes.len() < 2 {
            return Err(format!("the sweep has one key, {}: `--figure line` draws it", self.axes[0].key));
        }
        let held = self.held(choice)?;
        let (x, y) = self.directions(choice, &held)?;
        let y = y.ok_or_else(|| {
            format!("a map needs two keys, and --at leaves {} alone: `--figure line` draws it", self.axes[x].key)
        })?;
        let (found, at) = self.found(choice, &held)?;
        let quantity = choice.quantity.unwrap_or(Quantity::Truth);
        let points: Vec<[f64; 3]> =
            found.iter().map(|cell| [cell.values[x], cell.values[y], quantity.of(cell).0]).collect();
        let (columns, rows) = (distinct(points.iter().map(|one| one[0])), distinct(points.iter().map(|one| one[1])));
        let others = self.others(&[x, y], &held);
        let axis = |at: usize, along: Along| HeatAxis { label: self.label(at), along };
        let mut note = String::new();
        let (x_axis, y_axis, field) = if self.grid() && columns.len() * rows.len() <= CELLS {
            let place = |all: &[f64], value: f64| all.iter().position(|one| *one == value).unwrap_or(0);
            let cells =
                means(&points, (columns.len(), rows.len()), |[a, b, _]| (place(&columns, *a), place(&rows, *b)));
            if !others.is_empty() {
                note.push_str(&format!("Each cell of the map: the mean over the values of {}. ", with_values(&others)));
            }
            if !even(&columns) || !even(&rows) {
                note.push_str("Rows and columns are equally wide, whatever the distance of their values. ");
            }
            (axis(x, Along::Values(columns)), axis(y, Along::Values(rows)), Field::Cells(cells))
        } else if points.len() <= POINTS {
            note.push_str(&format!(
                "A {} design has no rows and columns: each point is one of its cells",
                self.design()
            ));
            note.push_str(&match others.as_slice() {
                [] => ". ".to_owned(),
                [one] => format!(", and {} differs from point to point as well. ", one.key),
                others => format!(", and {} differ from point to point as well. ", keys(others)),
            });
            // As far as was swept over, so that what no point is in is seen.
            let ends = |at: usize, all: &[f64]| {
                let (low, high) = self.axes[at].ends();
                Along::Between(low.min(all[0]), high.max(all[all.len() - 1]))
            };
            (axis(x, ends(x, &columns)), axis(y, ends(y, &rows)), Field::Points(points))
        } else {
            let bins = ((points.len() as f64 / 6.0).sqrt() as usize).clamp(4, 24);
            let (across, up) = (edges(&columns, bins), edges(&rows, bins));
            let bin = |edges: &[f64], value: f64| {
                edges[1..].iter().take_while(|edge| value >= **edge).count().min(edges.len() - 2)
            };
            let shape = (across.len() - 1, up.len() - 1);
            let cells = means(&points, shape, |[a, b, _]| (bin(&across, *a), bin(&up, *b)));
            note.push_str(&format!("Each rectangle: the mean over the cells of the {} design in it. ", self.design()));
            (axis(x, Along::Edges(across)), axis(y, Along::Edges(up)), Field::Cells(cells))
        };
        if quantity == Quantity::Found {
            let width = |(low, high): &(f64, f64)| high - low;
            let widest =
                found.iter().filter_map(|cell| cell.power_within()).max_by(|a, b| width(a).total_cmp(&width(b)));
            if let Some((low, high)) = widest {
                let (low, high) = (100.0 * low, 100.0 * high);
                note.push_str(&format!("Widest 95% interval of a cell (Wilson): {low:.1}% to {high:.1}%. "));
            }
        } else {
            let error = found.iter().map(|cell| quantity.of(cell).1).filter(|one| one.is_finite()).fold(0.0, f64::max);
            if error > 0.0 {
                note.push_str(&format!("Largest Monte Carlo standard error of a cell: {}. ", number(short(error))));
            }
        }
        note.push_str(self.implied(at));
        Ok(HeatMap {
            title: format!("{} over {} and {}", self.name(at), self.axes[x].key, self.axes[y].key),
            subtitle: self.subtitle(at, found.len(), &held, &others),
            quantity: self.quantity(quantity, at),
            share: quantity == Quantity::Found,
            x: x_axis,
            y: y_axis,
            field,
            note: note.trim().to_owned(),
        })
    }

    /// Numbers over one key with their bands, a line for each value of another.
    ///
    /// # Errors
    /// What there is not, and what there is.
    pub fn line(&self, choice: &SweepChoice) -> Result<Trajectory, String> {
        if !self.grid() && self.axes.len() > 1 {
            return Err(format!(
                "in a {} design all keys differ from cell to cell, so that no line is over one of them alone: \
                 `--figure heat-map` draws its points, `--design grid` gives lines",
                self.design()
            ));
        }
        let held = self.held(choice)?;
        let (x, y) = self.directions(choice, &held)?;
        let (found, at) = self.found(choice, &held)?;
        let lines = y.map_or_else(|| vec![f64::NAN], |y| distinct(found.iter().map(|cell| cell.values[y])));
        let quantities = choice.quantity.map_or_else(|| Quantity::NAMES.map(|(_, one)| one).to_vec(), |one| vec![one]);
        let panel = |quantity: Quantity| {
            let series = |value: &f64| {
                let own = found.iter().filter(|cell| y.is_none_or(|y| cell.values[y] == *value));
                // Sums by the bits of the value: of numbers of one sign their order, and none is negative zero twice.
                let mut sums: BTreeMap<u64, Sum> = BTreeMap::new();
                for cell in own {
                    let (mean, error) = quantity.of(cell);
                    if mean.is_finite() {
                        let place = cell.values[x];
                        let sum = sums.entry(place.to_bits()).or_insert(Sum { place, ..Sum::default() });
                        sum.mean += mean;
                        sum.error += error;
                        sum.fits += cell.fits as f64;
                        sum.count += 1.0;
                    }
                }
                // Cells share their luck: their mean is about as sure as each of them.
                let mut points: Vec<Point> = sums.into_values().map(|sum| sum.point(quantity)).collect();
                points.sort_by(|a, b| a.x.total_cmp(&b.x));
                let label = match y {
                    Some(y) => format!("{} {}", last(&self.axes[y].key), number(*value)),
                    None => self.plan.study.hypotheses[at].id.clone(),
                };
                Series { label, points }
            };
            let unit = self.plan.unit(at);
            let (title, y_label) = match quantity {
                Quantity::Truth => ("Truth", unit),
                Quantity::Estimate => ("Mean estimate", unit),
                Quantity::Found => ("Power", "% of experiments that find it".to_owned()),
            };
            Panel { title: title.to_owned(), y_label, series: lines.iter().map(series).collect(), y_range: None }
        };
        let mut panels: Vec<Panel> = quantities.iter().map(|one| panel(*one)).collect();
        for (panel, quantity) in panels.iter_mut().zip(&quantities) {
            panel.y_range = (*quantity == Quantity::Found).then_some((0.0, 100.0));
        }
        let others = self.others(&[Some(x), y].into_iter().flatten().collect::<Vec<_>>(), &held);
        let bands = match quantities.as_slice() {
            [Quantity::Found] => "Wilson's 95% intervals",
            several if several.contains(&Quantity::Found) => {
                "1.96 Monte Carlo standard errors to each side, of power Wilson's 95% interval"
            }
            _ => "1.96 Monte Carlo standard errors to each side",
        };
        let mut note = format!(
            "Bands: {bands}; cells share their luck, so that the difference between two of them is surer than the bands say. "
        );
        if quantities.iter().any(|quantity| *quantity != Quantity::Truth) {
            note.push_str(&format!(
                "Estimate and power are those of {}. ",
                self.plan.study.hypotheses[at].estimators[0]
            ));
        }
        if !others.is_empty() {
            note.push_str(&format!("Each point: the mean over the values of {}. ", with_values(&others)));
        }
        note.push_str(self.implied(at));
        Ok(Trajectory {
            title: format!("{} over {}", self.name(at), self.axes[x].key),
            subtitle: self.subtitle(at, found.len(), &held, &others),
            panels,
            x_label: self.label(x),
            marks: Vec::new(),
            note: note.trim().to_owned(),
        })
    }

    /// What a hypothesis asks: its statement, or, where the sweep moves the weeks that statements speak of (“by the end of the program”), what is
    /// read and when.
    pub(super) fn statement(&self, at: usize) -> String {
        let (study, one) = (&self.plan.study, &self.plan.study.hypotheses[at]);
        let path = |axis: &Axis| lookup::leaf(&axis.key).map_or("", |leaf| &*leaf.path);
        let own = |axis: &&Axis| axis.key.split('.').nth(1).is_none_or(|id| id.trim_matches('"') == one.id);
        let read = self.axes.iter().find(|axis| path(axis) == "hypothesis[].week" && own(axis));
        let ends = |axis: &Axis| ["program.weeks", "arm[].program.weeks"].contains(&path(axis));
        let asked = |when: &str| words::asked(study, one, when);
        match read {
            Some(axis) => asked(&format!("at week {}", axis.in_words())),
            None if self.axes.iter().any(ends) => asked(&format!("at week {}, in every cell", one.week)),
            None => one.statement.clone(),
        }
    }

    fn implied(&self, at: usize) -> &'static str {
        if self.plan.study.hypotheses[at].implied_by_theory {
            "Implied by the theory, so that its truth in the model is no evidence."
        } else {
            ""
        }
    }

    fn grid(&self) -> bool {
        self.summary.design == Design::Grid.name()
    }

    fn design(&self) -> &str {
        if self.summary.design == Design::Lhs.name() { "Latin hypercube" } else { "Sobol'" }
    }

    /// The place of a key that is named whole or by its last word.
    fn find(&self, wanted: &str) -> Result<usize, String> {
        let names = || self.axes.iter().map(|axis| axis.key.as_str()).enumerate();
        let whole = names().find(|(_, key)| *key == wanted).map(|(at, _)| at);
        let mut short = names().filter(|(_, key)| last(key) == wanted).map(|(at, _)| at);
        let by_last = || short.next().filter(|_| short.next().is_none());
        let all: Vec<&Axis> = self.axes.iter().collect();
        whole.or_else(by_last).ok_or_else(|| format!("`{wanted}` was not swept over: {} were", keys(&all)))
    }

    /// The keys that are held at one of their values, by their places.
    fn held(&self, choice: &SweepChoice) -> Result<Vec<(usize, f64)>, String> {
        let mut held: Vec<(usize, f64)> = Vec::new();
        for (wanted, value) in &choice.at {
            let at = self.find(wanted)?;
            let key = &self.axes[at].key;
            if !self.grid() {
                return Err(format!(
                    "in a {} design no two cells share a value of {key}: --at is for grids",
                    self.design()
                ));
            }
            if held.iter().any(|(other, _)| *other == at) {
                return Err(format!("--at holds {key} twice"));
            }
            if !self.summary.found.iter().any(|cell| cell.values.get(at) == Some(value)) {
                return Err(format!("no cell has {key} at {}: it is {}", number(*value), self.axes[at].in_words()));
            }
            held.push((at, *value));
        }
        Ok(held)
    }

    /// The places of the two keys among all that are not held; of a single one that alone.
    fn directions(&self, choice: &SweepChoice, held: &[(usize, f64)]) -> Result<(usize, Option<usize>), String> {
        let find = |wanted: &String| self.find(wanted);
        let (x, y) = (choice.x.as_ref().map(find).transpose()?, choice.y.as_ref().map(find).transpose()?);
        let is_held = |at: usize| held.iter().any(|(other, _)| *other == at);
        if let Some(at) = [x, y].into_iter().flatten().find(|at| is_held(*at)) {
            return Err(format!("{} cannot be both along the figure and held by --at", self.axes[at].key));
        }
        let other = |taken: Option<usize>| (0..self.axes.len()).find(|at| Some(*at) != taken && !is_held(*at));
        let x = x.or_else(|| other(y)).ok_or("--at holds every key: leave one for the figure")?;
        let y = y.or_else(|| other(Some(x)));
        if y == Some(x) { Err(format!("--x and --y are both {}", self.axes[x].key)) } else { Ok((x, y)) }
    }

    /// The cells' answers to the hypothesis that was chosen, and its place.
    fn found(&self, choice: &SweepChoice, held: &[(usize, f64)]) -> Result<(Vec<&FoundInCell>, usize), String> {
        let hypotheses = &self.plan.study.hypotheses;
        let Some(first) = hypotheses.first() else { return Err("the study asks no hypothesis".to_owned()) };
        let id = choice.hypothesis.as_deref().unwrap_or(&first.id);
        let Some(at) = hypotheses.iter().position(|one| one.id.eq_ignore_ascii_case(id)) else {
            let known: Vec<&str> = hypotheses.iter().map(|one| one.id.as_str()).collect();
            return Err(format!("the study has no hypothesis `{id}`: it has {}", known.join(", ")));
        };
        let own = |cell: &&FoundInCell| {
            let fits = || held.iter().all(|(key, value)| cell.values[*key] == *value);
            cell.hypothesis == hypotheses[at].id && cell.values.len() == self.axes.len() && fits()
        };
        let found: Vec<&FoundInCell> = self.summary.found.iter().filter(own).collect();
        if found.is_empty() { Err(format!("no cell has an answer to {id}")) } else { Ok((found, at)) }
    }

    /// The keys that are neither shown nor held.
    fn others(&self, shown: &[usize], held: &[(usize, f64)]) -> Vec<&Axis> {
        let free = |at: &usize| !shown.contains(at) && held.iter().all(|(other, _)| other != at);
        (0..self.axes.len()).filter(free).map(|at| &self.axes[at]).collect()
    }

    fn label(&self, at: usize) -> String {
        let axis = &self.axes[at];
        if axis.unit().is_empty() { axis.key.clone() } else { format!("{} ({})", axis.key, axis.unit()) }
    }

    fn name(&self, at: usize) -> String {
        self.plan.study.hypotheses[at].id.clone()
    }

    fn subtitle(&self, at: usize, shown: usize, held: &[(usize, f64)], others: &[&Axis]) -> String {
        let mut cells = counted(self.summary.cells, "cell");
        if shown < self.summary.cells {
            cells = format!("{shown} of {cells}");
        }
        let each = self.summary.replications;
        let mut text = format!("{}; {cells} of {each} replications", self.statement(at).trim_end_matches('.'));
        for (key, value) in held {
            text.push_str(&format!("; at {} = {}", self.axes[*key].key, number(*value)));
        }
        if self.grid() && !others.is_empty() {
            text.push_str(&format!("; averaged over {}", keys(others)));
        }
        text
    }

    fn quantity(&self, quantity: Quantity, at: usize) -> String {
        let (hypothesis, unit) = (&self.plan.study.hypotheses[at], self.plan.unit(at));
        match quantity {
            Quantity::Truth => format!("Truth: the mean true effect ({unit})"),
            Quantity::Estimate => format!("Mean estimate by {} ({unit})", hypothesis.estimators[0]),
            Quantity::Found => format!(
                "Power by {}: share significant at 5% and, where one is named, in the direction expected",
                hypothesis.estimators[0]
            ),
        }
    }
}

/// Sums over the cells of a point.
#[derive(Default)]
struct Sum {
    place: f64,
    mean: f64,
    error: f64,
    fits: f64,
    count: f64,
}

impl Sum {
    fn point(self, quantity: Quantity) -> Point {
        let (x, mean, half) = (self.place, self.mean / self.count, 1.96 * self.error / self.count);
        if quantity != Quantity::Found {
            return Point { x, mean, low: mean - half, high: mean + half };
        }
        let fits = self.fits / self.count;
        let (low, high) = if fits > 0.0 { wilson(mean, fits, 1.96) } else { (f64::NAN, f64::NAN) };
        Point { x, mean: 100.0 * mean, low: 100.0 * low, high: 100.0 * high }
    }
}

/// Keys one after the other.
fn keys(axes: &[&Axis]) -> String {
    axes.iter().map(|axis| axis.key.as_str()).collect::<Vec<_>>().join(", ")
}

/// The same with their values.
fn with_values(axes: &[&Axis]) -> String {
    axes.iter().map(|axis| format!("{} ({})", axis.key, axis.in_words())).collect::<Vec<_>>().join(", ")
}

/// The last word of a key.
fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

/// Two digits of a number, as what is printed has them.
fn short(value: f64) -> f64 {
    let digits = (1 - libm::log10(value.abs()).floor() as i32).clamp(0, 12) as usize;
    format!("{value:.digits$}").parse().unwrap_or(value)
}

/// Every value once, from low to high.
fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = values.collect();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// Whether values are equally far apart, but for what rounding does.
fn even(values: &[f64]) -> bool {
    let Some([first, second]) = values.first_chunk::<2>() else { return true };
    values.windows(2).all(|pair| ((pair[1] - pair[0]) / (second - first) - 1.0).abs() < 0.02)
}

/// Edges of so many equal bins over values.
fn edges(values: &[f64], bins: usize) -> Vec<f64> {
    let (low, high) = (values[0], values[values.len() - 1]);
    if low == high {
        return vec![low - 0.5, low + 0.5];
    }
    (0..=bins).map(|edge| low + (high - low) * edge as f64 / bins as f64).collect()
}

/// The mean of the points of each place of so many columns and rows; none where there is no point.
fn means(
    points: &[[f64; 3]],
    (columns, rows): (usize, usize),
    place: impl Fn(&[f64; 3]) -> (usize, usize),
) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![(0.0, 0.0); columns]; rows];
    for point in points.iter().filter(|point| point[2].is_finite()) {
        let (column, row) = place(point);
        let sum = &mut sums[row][column];
        *sum = (sum.0 + point[2], sum.1 + 1.0);
    }
    let mean = |(sum, count): (f64, f64)| if count > 0.0 { sum / count } else { f64::NAN };
    sums.into_iter().map(|row| row.into_iter().map(mean).collect()).collect()
}
