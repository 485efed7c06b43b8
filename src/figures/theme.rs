//! The house style, in one place: page, sizes, inks, line patterns, markers, and how a number is written.
//!
//! Lengths are in units of which [`PAGE_WIDTH`] make the width of a page (170 mm), so that a unit is 0.34 mm, close to a
//! typographer's point. A color means the same thing in every figure, and the color-blind tell those apart that stand in one
//! figure: `palette.rs` measures it. Every series has a line pattern and a marker of its own besides, so that a
//! black-and-white print stays readable.

/// Width of a figure on paper and on a desk, in units.
pub const PAGE_WIDTH: f64 = 500.0;
/// Width of a figure for a phone, in units: on a screen of 390 px, with 20 px at each side, its smallest print has 9 px.
pub const PHONE_WIDTH: f64 = 264.0;
/// Width of every figure on paper, in millimeters.
pub const PAGE_MILLIMETERS: f64 = 170.0;
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

/// A color with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ink {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// Opacity from 0 to 1.
    pub alpha: f64,
}

impl Ink {
    /// A color that covers what is under it.
    pub const fn solid(r: u8, g: u8, b: u8) -> Self {
        Ink { rgb: (r, g, b), alpha: 1.0 }
    }

    /// The same color with another opacity.
    pub const fn with_alpha(self, alpha: f64) -> Self {
        Ink { rgb: self.rgb, alpha }
    }
}

/// Titles and labels. This and the next five dress a figure and tell nothing
/// apart: a page may exchange them for its own.
pub const TEXT: Ink = Ink::solid(26, 26, 26);
/// Subtitles, numbers, notes.
pub const MUTED: Ink = Ink::solid(89, 89, 89);
/// Axes and reference lines.
pub const AXIS: Ink = Ink::solid(120, 120, 120);
/// The grid.
pub const GRID: Ink = Ink::solid(226, 226, 226);
/// Paper.
pub const PAPER: Ink = Ink::solid(255, 255, 255);
/// Paper of a box.
pub const CARD: Ink = Ink::solid(240, 244, 248);
/// The one emphasis of a figure without series, dark in print: what is significant, what a program does.
pub const STRONG: Ink = Ink::solid(0, 75, 118);
/// Its weak counterpart, light in print; always within an outline of [`STRONG`].
pub const WEAK: Ink = Ink::solid(195, 215, 230);
/// What a reader must not miss: a real estimate, an answer, an event.
pub const HIGHLIGHT: Ink = Ink::solid(201, 60, 122);
/// What stands back behind lines that are named.
pub const BACK: Ink = Ink::solid(176, 176, 176);

/// Arms: five colors of Okabe and Ito (2008). Their black is lightened, so that no line looks like text; their orange, sky
/// blue and yellow are left out, whose contrast against paper is below 3:1.
pub const HUES: [Ink; 5] = [
    Ink::solid(0, 114, 178),
    Ink::solid(213, 94, 0),
    Ink::solid(0, 158, 115),
    Ink::solid(77, 77, 77),
    Ink::solid(204, 121, 167),
];

/// The levels of the theory: person, dyad, organization; indigo, teal and wine of Tol (2021, muted scheme), the teal darker
/// than his for its contrast.
pub const LEVELS: [Ink; 3] = [Ink::solid(51, 34, 136), Ink::solid(60, 158, 142), Ink::solid(136, 34, 85)];

/// Quality of turns, from severe over destructive and what is neither to developmental: after the scheme PuOr of Harrower
/// and Brewer (2003), which they list as safe for the color-blind, with its light steps darkened to a contrast of 3:1.
pub const QUALITIES: [Ink; 4] =
    [Ink::solid(127, 59, 8), Ink::solid(214, 122, 16), Ink::solid(140, 140, 140), Ink::solid(106, 81, 163)];

/// Numbers below zero, from near to far, and above: orange and blue, whose lightness falls as evenly as their distance grows; so made that
/// the color-blind tell all ten apart.
pub const BELOW: [Ink; 5] = [
    Ink::solid(251, 220, 200),
    Ink::solid(240, 160, 112),
    Ink::solid(191, 86, 32),
    Ink::solid(143, 47, 12),
    Ink::solid(92, 20, 4),
];
/// See [`BELOW`].
pub const ABOVE: [Ink; 5] = [
    Ink::solid(207, 227, 241),
    Ink::solid(138, 187, 221),
    Ink::solid(42, 122, 182),
    Ink::solid(14, 80, 137),
    Ink::solid(6, 48, 90),
];

/// Every color that a figure uses: its name as a CSS custom property, on white paper, and on dark.
pub const INKS: [(&str, Ink, Ink); 32] = [
    ("ink", TEXT, Ink::solid(232, 232, 232)),
    ("muted", MUTED, Ink::solid(176, 182, 188)),
    ("axis", AXIS, Ink::solid(138, 144, 151)),
    ("grid", GRID, Ink::solid(52, 58, 64)),
    ("paper", PAPER, Ink::solid(20, 24, 28)),
    ("card", CARD, Ink::solid(31, 38, 45)),
    ("strong", STRONG, Ink::solid(108, 180, 228)),
    ("weak", WEAK, Ink::solid(39, 68, 90)),
    ("highlight", HIGHLIGHT, Ink::solid(244, 120, 170)),
    ("back", BACK, Ink::solid(88, 94, 100)),
    ("arm-1", HUES[0], Ink::solid(60, 140, 214)),
    ("arm-2", HUES[1], Ink::solid(240, 128, 60)),
    ("arm-3", HUES[2], Ink::solid(40, 190, 140)),
    ("arm-4", HUES[3], Ink::solid(222, 222, 222)),
    ("arm-5", HUES[4], Ink::solid(222, 124, 180)),
    ("person", LEVELS[0], Ink::solid(154, 143, 224)),
    ("dyad", LEVELS[1], Ink::solid(92, 196, 178)),
    ("organization", LEVELS[2], Ink::solid(196, 78, 124)),
    ("severe", QUALITIES[0], Ink::solid(186, 96, 40)),
    ("destructive", QUALITIES[1], Ink::solid(244, 172, 92)),
    ("between", QUALITIES[2], Ink::solid(112, 114, 112)),
    ("developmental", QUALITIES[3], Ink::solid(168, 146, 236)),
    ("below-1", BELOW[0], Ink::solid(95, 47, 22)),
    ("below-2", BELOW[1], Ink::solid(161, 80, 36)),
    ("below-3", BELOW[2], Ink::solid(221, 133, 80)),
    ("below-4", BELOW[3], Ink::solid(245, 180, 140)),
    ("below-5", BELOW[4], Ink::solid(255, 220, 196)),
    ("above-1", ABOVE[0], Ink::solid(23, 63, 92)),
    ("above-2", ABOVE[1], Ink::solid(42, 106, 153)),
    ("above-3", ABOVE[2], Ink::solid(78, 151, 205)),
    ("above-4", ABOVE[3], Ink::solid(140, 193, 236)),
    ("above-5", ABOVE[4], Ink::solid(208, 232, 251)),
];

/// The ink as it stands in an SVG.
pub fn hex(ink: Ink) -> String {
    let (r, g, b) = ink.rgb;
    format!("#{r:02X}{g:02X}{b:02X}")
}

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
    /// The outline around `center`, as large as a disc of `radius`.
    pub fn outline(self, center: (f64, f64), radius: f64) -> Vec<(f64, f64)> {
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
                (center.0 + radius * stretch * angle.cos(), center.1 + radius * stretch * angle.sin())
            })
            .collect()
    }
}

/// How one series looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Color.
    pub ink: Ink,
    /// Line pattern.
    pub dash: Dash,
    /// Marker.
    pub marker: Marker,
    /// Whether the marker is left white inside.
    pub hollow: bool,
}

/// The look of the arm at `index`: no two of the first 25 are alike, and the first five differ in all three traits.
pub fn look(index: usize) -> Look {
    let round = index / HUES.len();
    Look {
        ink: HUES[index % HUES.len()],
        dash: DASHES[(index + round) % DASHES.len()],
        marker: MARKERS[(index + round) % MARKERS.len()],
        hollow: round % 2 == 1,
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
