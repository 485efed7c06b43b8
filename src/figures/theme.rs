//! The house style, in one place: page, sizes, inks, line patterns, markers, and how a number is written.
//!
//! Lengths are in units of which [`PAGE_WIDTH`] make the width of a page (170 mm), so that a unit is 0.34 mm, close to a
//! typographer's point. Colours are those of Okabe and Ito (2008), which the colour-blind tell apart; every series has a
//! line pattern and a marker of its own besides, so that a black-and-white print stays readable.

/// Width of every figure, in units.
pub const PAGE_WIDTH: f64 = 500.0;
/// Width of every figure on paper, in millimetres.
pub const PAGE_MILLIMETRES: f64 = 170.0;
/// White space around everything.
pub const MARGIN: f64 = 8.0;
/// Space between two panels side by side, before their axes' labels.
pub const GUTTER: f64 = 16.0;

/// Text sizes, in units.
pub mod size {
    /// The figure's title.
    pub const TITLE: f64 = 11.0;
    /// The line under the title.
    pub const SUBTITLE: f64 = 8.2;
    /// A panel's title.
    pub const PANEL: f64 = 8.6;
    /// Names of axes, labels of lines.
    pub const LABEL: f64 = 7.6;
    /// Numbers along an axis, remarks.
    pub const TICK: f64 = 7.0;
    /// The note under the figure.
    pub const NOTE: f64 = 7.2;
    /// Distance between two baselines, as a multiple of the size.
    pub const LEADING: f64 = 1.28;
}

/// Stroke widths, in units.
pub mod stroke {
    /// The grid.
    pub const GRID: f64 = 0.45;
    /// Axes, ticks and reference lines.
    pub const AXIS: f64 = 0.7;
    /// A series.
    pub const LINE: f64 = 1.5;
}

/// A colour with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// Opacity from 0 to 1.
    pub alpha: f64,
}

impl Ink {
    /// A colour that covers what is under it.
    pub const fn solid(r: u8, g: u8, b: u8) -> Self {
        Ink { rgb: (r, g, b), alpha: 1.0 }
    }

    /// The same colour with another opacity.
    pub const fn with_alpha(self, alpha: f64) -> Self {
        Ink { rgb: self.rgb, alpha }
    }
}

/// Titles and labels.
pub const TEXT: Ink = Ink::solid(26, 26, 26);
/// Subtitles, numbers, notes.
pub const MUTED: Ink = Ink::solid(89, 89, 89);
/// Axes and reference lines.
pub const AXIS: Ink = Ink::solid(120, 120, 120);
/// The grid.
pub const GRID: Ink = Ink::solid(226, 226, 226);
/// Paper.
pub const PAPER: Ink = Ink::solid(255, 255, 255);
/// The one emphasis of a figure without series, dark in print.
pub const STRONG: Ink = Ink::solid(0, 114, 178);
/// Its weak counterpart, light in print.
pub const WEAK: Ink = Ink::solid(189, 215, 233);

const HUES: [Ink; 7] = [
    Ink::solid(0, 114, 178),
    Ink::solid(213, 94, 0),
    Ink::solid(0, 0, 0),
    Ink::solid(0, 158, 115),
    Ink::solid(204, 121, 167),
    Ink::solid(230, 159, 0),
    Ink::solid(86, 180, 233),
];

/// Dashes and gaps in turn, in units; empty for an unbroken line.
pub type Dash = &'static [f64];

/// Unbroken.
pub const SOLID: Dash = &[];
/// For moments in time and for reference lines that are a matter of convention.
pub const DASHED: Dash = &[3.0, 2.2];

const DASHES: [Dash; 5] = [SOLID, &[6.0, 2.4], &[1.6, 1.8], &[7.0, 2.0, 1.6, 2.0], &[3.2, 1.6]];

/// The shape that marks some points of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// A disc.
    Disc,
    /// A square on its side.
    Square,
    /// A triangle that points up.
    Up,
    /// A square on its corner.
    Diamond,
    /// A triangle that points down.
    Down,
}

const MARKERS: [Marker; 5] = [Marker::Disc, Marker::Square, Marker::Up, Marker::Diamond, Marker::Down];

impl Marker {
    /// The outline around `centre`, as large as a disc of `radius`.
    pub fn outline(self, centre: (f64, f64), radius: f64) -> Vec<(f64, f64)> {
        let turn = std::f64::consts::TAU;
        let (corners, start, stretch) = match self {
            Marker::Disc => (24, 0.0, 1.0),
            Marker::Square => (4, 0.125, 1.22),
            Marker::Up => (3, 0.75, 1.4),
            Marker::Diamond => (4, 0.0, 1.34),
            Marker::Down => (3, 0.25, 1.4),
        };
        (0..corners)
            .map(|corner| {
                let angle = turn * (start + f64::from(corner) / f64::from(corners));
                (centre.0 + radius * stretch * angle.cos(), centre.1 + radius * stretch * angle.sin())
            })
            .collect()
    }
}

/// How one series looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Colour.
    pub ink: Ink,
    /// Line pattern.
    pub dash: Dash,
    /// Marker.
    pub marker: Marker,
    /// Whether the marker is left white inside.
    pub hollow: bool,
}

/// The look of the series at `index`: no two of the first 35 are alike, and the first five differ in all three traits.
pub fn look(index: usize) -> Look {
    Look {
        ink: HUES[index % HUES.len()],
        dash: DASHES[index % DASHES.len()],
        marker: MARKERS[index % MARKERS.len()],
        hollow: (index / MARKERS.len()) % 2 == 1,
    }
}

/// A number with `decimals` places, a true minus sign and no negative zero.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = !text.contains(|c: char| c.is_ascii_digit() && c != '0');
    match text.strip_prefix('-') {
        Some(rest) if zero => rest.to_string(),
        Some(rest) => format!("\u{2212}{rest}"),
        None => text,
    }
}

/// A number with `digits` significant digits, as short as that allows; powers of ten from 1e7 and below 1e-5.
pub fn significant(value: f64, digits: i32) -> String {
    if !value.is_finite() {
        return "none".to_string();
    }
    if value == 0.0 {
        return "0".to_string();
    }
    let order = value.abs().log10().floor() as i32;
    if !(-5..7).contains(&order) {
        return format!("{:.*e}", (digits - 1).max(0) as usize, value).replace('-', "\u{2212}");
    }
    number(value, (digits - 1 - order).max(0) as usize)
}

/// A written number without the zeros at its end that say nothing.
pub fn trimmed(number: &str) -> &str {
    if number.contains('.') && !number.contains('e') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

/// A whole number with commas between thousands.
pub fn count(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
