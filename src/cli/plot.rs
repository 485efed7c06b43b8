//! `peerlab plot`: the figures that a finished run can give, and any of them drawn again.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::resolve::Trouble;
use super::screen::{Ink, Screen, WRONG, complain, print, refuse};
use super::source::no_run;
use crate::figures::{self, Format};
use crate::report::gallery::{Choice, FIGURES, Gallery, GalleryError, Missing};
use crate::report::sweep_picture::{Quantity, SweepChoice};
use crate::report::text::capitalized;
use crate::results;
use crate::scenario::nearest;

const AFTER: &str = "\
Examples:
  What can be drawn of a run, and how to get what cannot:
      peerlab plot output/listening-training

  A figure for a page with wide margins, 140 mm wide, and one for a slide, 1,600 pixels wide:
      peerlab plot output/listening-training --figure forest --width 140
      peerlab plot output/listening-training --figure trajectory --format png --width 1600

  Where in a sweep the experiment would have power, over two keys of three:
      peerlab plot output/swept --figure heat-map --x competition --y weeks --at dyads=60 --quantity found";

#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(super) struct PlotArguments {
    /// The folder of a finished run
    #[arg(value_name = "DIR")]
    pub run: PathBuf,
    /// The figure to draw; without it, the figures of this run are listed
    #[arg(long, value_name = "NAME")]
    pub figure: Option<String>,
    /// svg, for print and web, or png, for slides; as the ending of --out says, or svg
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(["svg", "png"]), requires = "figure")]
    pub format: Option<String>,
    /// The file to write, STUDY-FIGURE.FORMAT in this folder unless given
    #[arg(long, value_name = "FILE", requires = "figure")]
    pub out: Option<PathBuf>,
    /// Width, the height following: of an SVG in millimeters (40 to 1000; unless given 170, where the smallest print has 7 points),
    /// of a PNG in pixels (200 to 8000; unless given 2000)
    #[arg(long, value_name = "N", requires = "figure")]
    pub width: Option<f64>,
    /// Of `estimates`, `heat-map` and `line`: the hypothesis
    #[arg(long, value_name = "ID", requires = "figure")]
    pub hypothesis: Option<String>,
    /// Of `network`: which of the simulated experiments, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0, requires = "figure")]
    pub replication: u64,
    /// Of `network`: which of its organizations, counted from 0
    #[arg(long, value_name = "N", default_value_t = 0, requires = "figure")]
    pub organization: usize,
    /// Of `heat-map` and `line`: the key from left to right, or its last word; the first that was swept over unless given
    #[arg(long, value_name = "KEY", requires = "figure")]
    pub x: Option<String>,
    /// Of `heat-map`: the key from bottom to top; of `line`: the key with a line for each value; the next one unless given
    #[arg(long, value_name = "KEY", requires = "figure")]
    pub y: Option<String>,
    /// Of `heat-map` and `line`: a further key, held at one of its values; keys that are neither along the figure nor held are averaged over
    #[arg(long, value_name = "KEY=VALUE", value_parser = held, requires = "figure")]
    pub at: Vec<(String, f64)>,
    /// Of `heat-map` and `line`: truth, the mean estimate, or the share of experiments that found it; the truth of a map and all three
    /// of a line unless given
    #[arg(long, value_name = "QUANTITY", value_parser = quantity(), requires = "figure")]
    pub quantity: Option<Quantity>,
    /// Overwrite the file if it exists
    #[arg(long, requires = "figure")]
    pub force: bool,
}

/// Reads `population.dyads=60`.
fn held(written: &str) -> Result<(String, f64), String> {
    let parts = written.rsplit_once('=').and_then(|(key, value)| Some((key.trim(), value.trim().parse::<f64>().ok()?)));
    match parts {
        Some((key, value)) if !key.is_empty() && value.is_finite() => Ok((key.to_owned(), value)),
        _ => Err("expected KEY=VALUE with a number, e.g. population.dyads=60".to_owned()),
    }
}

fn quantity() -> impl TypedValueParser<Value = Quantity> {
    PossibleValuesParser::new(Quantity::NAMES.map(|(name, _)| name)).map(|written| {
        // The parser lets only these names through.
        Quantity::NAMES.iter().find(|(name, _)| *name == written).map_or(Quantity::Truth, |(_, quantity)| *quantity)
    })
}

/// Lists the figures of a run, or draws one.
pub(super) fn plot(arguments: &PlotArguments) -> ExitCode {
    // What is wrong with the command itself is told before anything is read.
    let wanted = match arguments.figure.as_ref().map(|name| Wanted::new(arguments, name)).transpose() {
        Ok(wanted) => wanted,
        Err(code) => return code,
    };
    let gallery = match open(&arguments.run) {
        Ok(gallery) => gallery,
        Err(code) => return code,
    };
    match wanted {
        None => list(&gallery, &arguments.run),
        Some(wanted) => draw(&gallery, arguments, wanted),
    }
}

/// Which figure is wanted, and how.
struct Wanted<'a> {
    name: &'a str,
    format: Format,
    ending: &'static str,
}

impl<'a> Wanted<'a> {
    fn new(arguments: &PlotArguments, name: &'a str) -> Result<Self, ExitCode> {
        if !FIGURES.iter().any(|(known, _)| *known == name) {
            let meant = nearest(name, FIGURES.iter().map(|(known, _)| *known));
            let meant = meant.map_or(String::new(), |meant| format!("Did you mean `{meant}`? "));
            let all: Vec<&str> = FIGURES.iter().map(|(known, _)| *known).collect();
            refuse(&format!("there is no figure `{name}`"), &format!("{meant}There are {}.", all.join(", ")));
            return Err(WRONG.into());
        }
        let by_name = arguments.out.as_deref().and_then(ending);
        let ending = match (arguments.format.as_deref(), by_name) {
            (Some("png"), Some("svg")) | (Some("svg"), Some("png")) => {
                let format = arguments.format.as_deref().unwrap_or_default();
                refuse(
                    &format!("--format {format} and the ending of --out contradict each other"),
                    "Leave out --format, or give the file its ending.",
                );
                return Err(WRONG.into());
            }
            (Some("png"), _) | (None, Some("png")) => "png",
            _ => "svg",
        };
        let format = match (ending, arguments.width) {
            ("png", Some(wide)) if (200.0..=8000.0).contains(&wide) && wide.fract() == 0.0 => {
                Format::Png(Some(wide as u32))
            }
            ("png", None) => Format::Png(None),
            ("svg", Some(wide)) if (40.0..=1000.0).contains(&wide) => Format::Svg(Some(wide)),
            ("svg", None) => Format::Svg(None),
            (ending, wide) => {
                let wide = wide.unwrap_or_default();
                let (what, unit, range) = match ending {
                    "png" => ("a PNG", "pixels", "whole pixels from 200 to 8000"),
                    _ => ("an SVG", "millimeters", "millimeters from 40 to 1000"),
                };
                refuse(&format!("{what} cannot be {wide} {unit} wide"), &format!("--width takes {range}."));
                return Err(WRONG.into());
            }
        };
        Ok(Self { name, format, ending })
    }
}

/// The format that a file's name says.
fn ending(path: &Path) -> Option<&'static str> {
    let written = path.extension()?.to_str()?;
    ["svg", "png"].into_iter().find(|known| written.eq_ignore_ascii_case(known))
}

fn open(folder: &Path) -> Result<Gallery, ExitCode> {
    match Gallery::open(folder) {
        Ok(Some(gallery)) => {
            let (made, own) = (&gallery.manifest.version, env!("CARGO_PKG_VERSION"));
            if made != own {
                complain(&format!("peerlab: the run was made by version {made}; this is {own}"));
            } else if gallery.manifest.model != results::MODEL {
                complain(&format!(
                    "peerlab: the run was made by another build of peerlab {own}, whose model is another one ({}; this is {}): what is run again for a figure may not be what the run was",
                    if gallery.manifest.model.is_empty() { "unnamed" } else { &gallery.manifest.model },
                    results::MODEL
                ));
            }
            Ok(gallery)
        }
        Ok(None) => {
            no_run(folder, "Give the folder of a run, such as output/listening-training.");
            Err(WRONG.into())
        }
        Err(error) => Err(told(&error)),
    }
}

/// Tells an error; the exit code is that of wrong usage where a reader can ask for something else.
fn told(error: &GalleryError) -> ExitCode {
    match error {
        GalleryError::Scenario { problems, .. } => {
            complain(&format!("peerlab: {error}"));
            Trouble::Problems(problems.clone()).report()
        }
        GalleryError::Missing { missing, .. } => {
            refuse(&error.to_string(), &missing.how);
            WRONG.into()
        }
        GalleryError::Part { .. } => {
            refuse(&error.to_string(), super::shard::WAY_OUT);
            WRONG.into()
        }
        GalleryError::Unknown { .. } | GalleryError::Choice { .. } => {
            refuse(&error.to_string(), "");
            WRONG.into()
        }
        _ => {
            complain(&format!("peerlab: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// The figures that there are, and how to get the others.
fn list(gallery: &Gallery, folder: &Path) -> ExitCode {
    let mut screen = Screen::standard();
    let column = FIGURES.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    screen.line(0, &[(Ink::Strong, &gallery.manifest.title)]);
    screen.heading("Figures of this run");
    for (name, shows) in FIGURES.iter().filter(|(name, _)| gallery.missing(name).is_none()) {
        screen.entry(2, name, column, Ink::Strong, shows);
    }
    let missing: Vec<_> = FIGURES.iter().filter_map(|(name, _)| Some((name, gallery.missing(name)?))).collect();
    if !missing.is_empty() {
        screen.heading("Not of this run");
        // What several lack for one reason is said once.
        let mut told: Vec<(Vec<&str>, Missing)> = Vec::new();
        for (name, missing) in missing {
            match told.iter_mut().find(|(_, known)| *known == missing) {
                Some((names, _)) => names.push(name),
                None => told.push((vec![name], missing)),
            }
        }
        for (names, missing) in told {
            let said = format!("{}. {}", capitalized(&missing.why), missing.how);
            match names.as_slice() {
                [name] => screen.entry(2, name, column, Ink::Strong, &said),
                names => screen.paragraph(2, &format!("{}: {said}", names.join(", "))),
            }
        }
    }
    screen.gap();
    screen.paragraph(0, &format!("Draw one: `peerlab plot {} --figure NAME --format svg|png`", folder.display()));
    screen.print()
}

fn draw(gallery: &Gallery, arguments: &PlotArguments, wanted: Wanted) -> ExitCode {
    let Wanted { name, format, ending } = wanted;
    let out =
        arguments.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}-{name}.{ending}", gallery.manifest.study)));
    let shown = out.display();
    if out.is_dir() {
        refuse(&format!("{shown} is a folder"), "Name a file in it.");
        return WRONG.into();
    }
    if out.exists() && !arguments.force {
        refuse(
            &format!("{shown} exists already; nothing was drawn"),
            "Choose another name with --out, or add --force.",
        );
        return WRONG.into();
    }
    let choice = Choice {
        hypothesis: arguments.hypothesis.clone(),
        replication: arguments.replication,
        organization: arguments.organization,
        sweep: SweepChoice {
            x: arguments.x.clone(),
            y: arguments.y.clone(),
            hypothesis: None,
            at: arguments.at.clone(),
            quantity: arguments.quantity,
        },
    };
    let figure = match gallery.figure(name, &choice) {
        Ok(figure) => figure,
        Err(error) => return told(&error),
    };
    match figures::draw_as(&figure, format, &out) {
        Ok(()) => print(&format!("{shown}\n")),
        Err(error) => {
            complain(&format!("peerlab: {error}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        plot: PlotArguments,
    }

    fn wanted(line: &str) -> Result<(Format, &'static str), ExitCode> {
        let parsed = Line::try_parse_from(std::iter::once("plot").chain(line.split(' '))).expect("a command line");
        let name = parsed.plot.figure.clone().unwrap_or_default();
        Wanted::new(&parsed.plot, &name).map(|wanted| (wanted.format, wanted.ending))
    }

    #[test]
    fn the_format_follows_from_what_is_said() {
        assert_eq!(wanted("run --figure forest"), Ok((Format::Svg(None), "svg")));
        assert_eq!(wanted("run --figure forest --out a.PNG"), Ok((Format::Png(None), "png")));
        assert_eq!(wanted("run --figure forest --format png --width 800"), Ok((Format::Png(Some(800)), "png")));
        assert_eq!(wanted("run --figure forest --out a.b --width 84.5"), Ok((Format::Svg(Some(84.5)), "svg")));
        for wrong in [
            "run --figure forrest",
            "run --figure forest --format png --out a.svg",
            "run --figure forest --width 8",
            "run --figure forest --format png --width 99999",
            "run --figure forest --format png --width 800.5",
        ] {
            assert_eq!(wanted(wrong), Err(ExitCode::from(WRONG)), "{wrong}");
        }
    }
}
