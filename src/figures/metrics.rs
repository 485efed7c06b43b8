//! The shipped font: its files, its registration with plotters, and the widths of texts read from its own tables.
//!
//! Widths come from the font and not from a rasterizer, so that a layout is the same for both formats and on any machine.

use super::FigureError;
use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

/// The family that figures ask for: the shipped one, then what a reader without it is likely to have.
pub const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";
/// The regular face for rasterizing.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");
/// The bold face for rasterizing.
pub const BOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-Bold.otf");
/// The regular face for embedding in an SVG.
pub const REGULAR_WEB: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.woff2");
/// The bold face for embedding in an SVG.
pub const BOLD_WEB: &[u8] = include_bytes!("../../assets/fonts/Inter-Bold.woff2");

/// Advance and left bearing of each character, in parts of the em.
struct Face {
    glyphs: BTreeMap<char, (f64, f64)>,
    missing: (f64, f64),
}

static FACES: LazyLock<[Face; 2]> = LazyLock::new(|| [read(REGULAR), read(BOLD)].map(Option::unwrap_or_default));

impl Default for Face {
    fn default() -> Self {
        Face { glyphs: BTreeMap::new(), missing: (0.6, 0.05) }
    }
}

fn short(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn long(data: &[u8], at: usize) -> Option<usize> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?) as usize)
}

fn table<'a>(font: &'a [u8], tag: &[u8; 4]) -> Option<&'a [u8]> {
    let tables = usize::from(short(font, 4)?);
    let entry = (0..tables).map(|t| 12 + 16 * t).find(|&at| font.get(at..at + 4) == Some(tag))?;
    let offset = long(font, entry + 8)?;
    font.get(offset..offset + long(font, entry + 12)?)
}

/// Reads the tables `head`, `hhea`, `hmtx` and `cmap` (format 4) of an OpenType font.
fn read(font: &[u8]) -> Option<Face> {
    let em = f64::from(short(table(font, b"head")?, 18)?);
    let metrics = table(font, b"hmtx")?;
    let wide = usize::from(short(table(font, b"hhea")?, 34)?);
    let glyph = |id: usize| -> Option<(f64, f64)> {
        let advance = short(metrics, 4 * id.min(wide - 1))?;
        let bearing_at = if id < wide { 4 * id + 2 } else { 4 * wide + 2 * (id - wide) };
        Some((f64::from(advance) / em, f64::from(short(metrics, bearing_at)? as i16) / em))
    };
    let cmap = table(font, b"cmap")?;
    let map = (0..usize::from(short(cmap, 2)?))
        .filter_map(|t| cmap.get(long(cmap, 8 + 8 * t)?..))
        .find(|sub| short(sub, 0) == Some(4))?;
    let double = usize::from(short(map, 6)?);
    let mut glyphs = BTreeMap::new();
    for segment in (0..double).step_by(2) {
        let end = short(map, 14 + segment)?;
        let start = short(map, 16 + double + segment)?;
        let delta = short(map, 16 + 2 * double + segment)?;
        let range_at = 16 + 3 * double + segment;
        let range = usize::from(short(map, range_at)?);
        for code in start..=end {
            let id = match range {
                0 => code.wrapping_add(delta),
                _ => match short(map, range_at + range + 2 * usize::from(code - start)).unwrap_or(0) {
                    0 => 0,
                    id => id.wrapping_add(delta),
                },
            };
            if let (Some(c), Some(entry), true) = (char::from_u32(u32::from(code)), glyph(usize::from(id)), id != 0) {
                glyphs.insert(c, entry);
            }
        }
    }
    Some(Face { glyphs, missing: glyph(0)? })
}

fn glyph(c: char, bold: bool) -> (f64, f64) {
    let face = &FACES[usize::from(bold)];
    face.glyphs.get(&c).copied().unwrap_or(face.missing)
}

/// Width of a text at a size, in the size's unit.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|c| glyph(c, bold).0).sum::<f64>() * size
}

/// Each character with the place of its outline's left edge, from the start of the text.
pub fn places(text: &str, size: f64, bold: bool) -> Vec<(char, f64)> {
    let mut pen = 0.0;
    text.chars()
        .map(|c| {
            let (advance, bearing) = glyph(c, bold);
            let left = pen + bearing * size;
            pen += advance * size;
            (c, left)
        })
        .collect()
}

/// Breaks a text into at most `lines` lines no wider than `limit`; what does not fit ends in an ellipsis.
pub fn wrap(text: &str, size: f64, bold: bool, limit: f64, lines: usize) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_string() } else { format!("{line} {word}") };
        if width(&longer, size, bold) <= limit || line.is_empty() || done.len() + 1 >= lines {
            line = longer;
        } else {
            done.push(std::mem::replace(&mut line, word.to_string()));
        }
        while done.len() + 1 < lines && width(&line, size, bold) > limit {
            let cut = fitting(&line, size, bold, limit).max(1);
            let at = line.char_indices().nth(cut).map_or(line.len(), |(at, _)| at);
            let rest = line.split_off(at);
            done.push(std::mem::replace(&mut line, rest));
        }
    }
    done.push(shorten(&line, size, bold, limit));
    done.retain(|line| !line.is_empty());
    done
}

/// The text, or as much of it as fits with an ellipsis.
pub fn shorten(text: &str, size: f64, bold: bool, limit: f64) -> String {
    if width(text, size, bold) <= limit {
        return text.to_string();
    }
    let keep = fitting(text, size, bold, limit - width("…", size, bold));
    let kept: String = text.chars().take(keep).collect();
    format!("{}…", kept.trim_end())
}

fn fitting(text: &str, size: f64, bold: bool, limit: f64) -> usize {
    let mut pen = 0.0;
    text.chars()
        .take_while(|&c| {
            pen += glyph(c, bold).0 * size;
            pen <= limit
        })
        .count()
}

/// Registers the font with plotters, once for the whole process.
pub fn register() -> Result<(), FigureError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let done = DONE.get_or_init(|| {
        register_font(FAMILY, FontStyle::Normal, REGULAR).is_ok()
            && register_font(FAMILY, FontStyle::Bold, BOLD).is_ok()
    });
    if *done { Ok(()) } else { Err(FigureError::Font) }
}

/// What plotters' size has to be for an em of one: it takes the font's full height for the size.
pub fn rasterizer_scale() -> Result<f64, FigureError> {
    register()?;
    let probe = "0000000000";
    let size = 10_000.0;
    let font = FontDesc::new(FontFamily::Name(FAMILY), size, FontStyle::Normal);
    let (pixels, _) = font.box_size(probe).map_err(|_| FigureError::Font)?;
    Ok(size * width(probe, 1.0, false) / f64::from(pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        assert!((width("m", 1.0, false) / width("i", 1.0, false)) > 2.5);
        assert!(width("trust", 1.0, true) > width("trust", 1.0, false));
        assert!(FACES.iter().all(|face| face.glyphs.len() > 300), "the font's character map was not read");
    }

    #[test]
    fn wrapping_keeps_every_line_within_the_limit() {
        let text = "an-arm-with-a-name-of-forty-letters-or-so and then some words more";
        for lines in 1..5 {
            let wrapped = wrap(text, 8.0, false, 70.0, lines);
            assert!(wrapped.len() <= lines);
            assert!(wrapped.iter().all(|line| width(line, 8.0, false) <= 70.0), "{wrapped:?}");
        }
        assert!(wrap("", 8.0, false, 70.0, 2).is_empty());
    }
}
