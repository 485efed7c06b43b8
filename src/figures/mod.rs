//! The figures of a run, each drawn as SVG and as PNG from plain data.
//!
//! | figure | shows |
//! |---|---|
//! | [`Trajectory`] | trust and learning over weeks, per arm, with an interval |
//! | [`Distribution`] | the estimates over replications, beside the truth, zero and the smallest effect of interest |
//! | [`Episodes`] | how often destructive episodes occur, per arm, with an interval |
//! | [`Levels`] | person, dyad and organization over the same weeks |
//! | [`Power`] | power along a size, with what was simulated, the target and the answer |
//! | [`Tornado`] | what each input of a business case does to its result |
//! | [`Forest`] | every hypothesis: estimate, interval, truth, smallest effect of interest, power |
//! | [`Pareto`] | the effects of factors in the order of their size |
//! | [`Shares`] | how coaching turns feel, week by week, per arm |
//! | [`HeatMap`] | one number over two others: cells of a grid, or points |
//! | [`Network`] | the people of an organization, their ties and their trust |
//! | [`Design`] | who is recruited, assigned to which arm, what each receives, and when it is measured |
//!
//! Nothing here knows the model or the study: a figure is given numbers with their labels, and [`draw`] is the only way to
//! put one on paper. The same data give the same SVG, byte for byte.

mod axis;
mod bins;
mod courses;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod demo_sets;
mod design;
mod distribution;
mod episodes;
mod forest;
mod heat;
mod levels;
mod lines;
mod metrics;
mod multiples;
mod network;
mod palette;
mod pareto;
mod power;
mod render;
mod scene;
mod shares;
mod stairs;
#[cfg(test)]
mod tests;
mod theme;
mod tornado;
mod trajectory;

pub use design::{Design, Stage, Track};
pub use distribution::{Distribution, Estimate, EstimatePanel, Observed};
pub use episodes::{ArmRates, Episodes, Rate};
pub use forest::{Forest, ForestRow};
pub use heat::{Along, Field, HeatAxis, HeatMap};
pub use levels::Levels;
pub use network::{Bond, Colleague, Link, Network};
pub use palette::{adaptive, dark_declarations, light_declarations};
pub use pareto::{Pareto, ParetoBar, ParetoPanel};
pub use power::{Power, PowerAnswer, PowerPoint};
pub use shares::{SharePanel, ShareWeek, Shares};
pub use theme::number;
pub use tornado::{Tornado, TornadoBar};
pub use trajectory::{Panel, Point, Series, Trajectory};

use std::path::{Path, PathBuf};

use crate::results::way_out;

/// Why a figure could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// The shipped font could not be read.
    #[error("the font shipped with peerlab could not be read")]
    Font,
    /// The backend refused.
    #[error("cannot draw {}: {reason}", path.display())]
    Draw {
        /// The file that was to be drawn.
        path: PathBuf,
        /// What the backend said.
        reason: String,
    },
    /// The file could not be written.
    #[error("cannot write the figure {}: {source}{}", path.display(), way_out(source))]
    Write {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Any figure of the catalogue.
#[derive(Clone, Debug)]
pub enum Figure {
    /// States over weeks, per arm.
    Trajectory(Trajectory),
    /// Estimates over replications.
    Distribution(Distribution),
    /// Destructive episodes per arm.
    Episodes(Episodes),
    /// Three levels over weeks.
    Levels(Box<Levels>),
    /// A design from recruitment to measurement.
    Design(Box<Design>),
    /// Effects of factors by size.
    Pareto(Pareto),
    /// Power along a size.
    Power(Power),
    /// Inputs of a business case by what they do.
    Tornado(Tornado),
    /// All hypotheses.
    Forest(Forest),
    /// Classes of turns over weeks.
    Shares(Shares),
    /// People with what lies between them.
    Network(Network),
    /// One number over two others.
    HeatMap(HeatMap),
}

/// Where a figure was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The vector file.
    pub svg: PathBuf,
    /// The picture, 170 mm wide at 300 dots per inch.
    pub png: PathBuf,
}

/// Draws a figure to `<stem>.svg` and `<stem>.png`, each written whole or not at all, in a folder that exists.
pub fn draw(figure: &Figure, stem: &Path) -> Result<Drawn, FigureError> {
    let scene = compose(figure, theme::PAGE_WIDTH);
    let drawn = Drawn { svg: with_suffix(stem, ".svg"), png: with_suffix(stem, ".png") };
    render::write_svg(&scene, &drawn.svg, None)?;
    render::write_png(&scene, &drawn.png, None)?;
    Ok(drawn)
}

/// How a single file is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Format {
    /// A vector file, so many millimeters wide; 170 unless given.
    Svg(Option<f64>),
    /// A picture, so many pixels wide; 2,000 unless given.
    Png(Option<u32>),
}

/// Draws a figure to one file, written whole or not at all.
pub fn draw_as(figure: &Figure, format: Format, path: &Path) -> Result<(), FigureError> {
    let scene = compose(figure, theme::PAGE_WIDTH);
    match format {
        Format::Svg(millimeters) => render::write_svg(&scene, path, millimeters),
        Format::Png(pixels) => render::write_png(&scene, path, pixels),
    }
}

/// The SVG of a figure as text, to be placed in a report.
pub fn svg(figure: &Figure) -> Result<String, FigureError> {
    render::svg(&compose(figure, theme::PAGE_WIDTH), Path::new("figure.svg"), None)
}

/// The same figure laid out for a phone: its smallest print has 9 px where the figure is 350 px wide.
pub fn phone_svg(figure: &Figure) -> Result<String, FigureError> {
    render::svg(&compose(figure, theme::PHONE_WIDTH), Path::new("figure.svg"), None)
}

/// An SVG of [`draw`] or [`svg`] without its font, for a page with many figures: every text keeps its place and length in
/// whatever font the reader has.
pub fn without_font(svg: &str) -> String {
    match (svg.split_once("<style>"), svg.split_once("</style>")) {
        (Some((before, _)), Some((_, after))) => {
            format!("{before}<style>text{{font-family:Inter,Helvetica,Arial,sans-serif}}</style>{after}")
        }
        _ => svg.to_owned(),
    }
}

/// The font of the figures as rules of a style sheet, for a page that holds figures [`without_font`].
pub fn font_faces() -> String {
    render::font_faces()
}

/// Lays a figure out on a page so many units wide.
fn compose(figure: &Figure, width: f64) -> scene::Scene {
    match figure {
        Figure::Trajectory(data) => trajectory::compose(data, width),
        Figure::Distribution(data) => distribution::compose(data, width),
        Figure::Episodes(data) => episodes::compose(data, width),
        Figure::Levels(data) => levels::compose(data, width),
        Figure::Design(data) => design::compose(data, width),
        Figure::Pareto(data) => pareto::compose(data, width),
        Figure::Power(data) => power::compose(data, width),
        Figure::Tornado(data) => tornado::compose(data, width),
        Figure::Forest(data) => forest::compose(data, width),
        Figure::Shares(data) => shares::compose(data, width),
        Figure::Network(data) => network::compose(data, width),
        Figure::HeatMap(data) => heat::compose(data, width),
    }
}

/// The path with something added to its last name, whatever dots that has.
fn with_suffix(stem: &Path, suffix: &str) -> PathBuf {
    let mut name = stem.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
