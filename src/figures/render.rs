//! Puts a scene on paper with plotters: SVG for print and web, PNG for everything else.
//!
//! Plotters places everything on whole pixels. The SVG therefore gets a fine grid under a page in millimeters, and the PNG
//! is drawn larger than it is kept, which also smooths its edges. In the SVG each text states its own length, so that it
//! keeps its place with a font other than the embedded one.

use super::scene::{Anchor, Mark, Place, Scene, Text};
use super::theme::{Ink, PAGE_MILLIMETERS, PAGE_WIDTH, PAPER};
use super::{FigureError, metrics, with_suffix};
use image::codecs::png::PngEncoder;
use image::{ColorType, ImageEncoder};
use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};
use std::fmt::Write as _;
use std::path::Path;

/// Grid lines of the SVG in a unit of the page.
const FINE: f64 = 20.0;
/// Pixels of the PNG in a unit: 2,000 for the page, 299 dots per inch.
const PIXELS: u32 = 4;
/// Pixels drawn for one kept, each way.
const OVERSAMPLING: u32 = 2;

fn refused(path: &Path) -> impl Fn(String) -> FigureError {
    move |reason| FigureError::Draw { path: path.to_path_buf(), reason }
}

fn style(ink: Ink, filled: bool, width: u32) -> ShapeStyle {
    let (r, g, b) = ink.rgb;
    ShapeStyle { color: RGBAColor(r, g, b, ink.alpha), filled, stroke_width: width }
}

fn font<'a>(text: &Text, size: f64) -> FontDesc<'a> {
    let face = if text.bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::Name(metrics::FAMILY), size, face)
}

fn grid(points: &[Place], scale: f64) -> Vec<(i32, i32)> {
    points.iter().map(|p| ((p.0 * scale).round() as i32, (p.1 * scale).round() as i32)).collect()
}

/// The scene as SVG text, so many millimeters wide unless it is the usual page.
pub fn svg(scene: &Scene, path: &Path, millimeters: Option<f64>) -> Result<String, FigureError> {
    metrics::register()?;
    let refused = refused(path);
    let size = ((scene.width * FINE) as u32, (scene.height * FINE) as u32);
    let mut raw = String::new();
    {
        let mut page = SVGBackend::with_string(&mut raw, size);
        for mark in &scene.marks {
            match mark {
                Mark::Line(points, width, ink) => {
                    let width = ((width * FINE).round() as u32).max(1);
                    page.draw_path(grid(points, FINE), &style(*ink, false, width))
                }
                Mark::Shape(points, ink) => page.fill_polygon(grid(points, FINE), &style(*ink, true, 0)),
                Mark::Text(text) => {
                    let h_pos = match text.anchor {
                        Anchor::Start => HPos::Left,
                        Anchor::Middle => HPos::Center,
                        Anchor::End => HPos::Right,
                    };
                    // The SVG backend divides the size by 1.24 to reach the em.
                    let fill = style(text.ink, true, 0);
                    let look = TextStyle::from(font(text, text.size * FINE * 1.24))
                        .color(&fill.color)
                        .pos(Pos::new(h_pos, VPos::Bottom));
                    page.draw_text(&text.text, &look, grid(&[text.at], FINE)[0])
                }
            }
            .map_err(|e| refused(e.to_string()))?;
        }
        page.present().map_err(|e| refused(e.to_string()))?;
    }
    finish(&raw, scene, millimeters.unwrap_or(PAGE_MILLIMETERS * scene.width / PAGE_WIDTH))
        .ok_or_else(|| refused("plotters wrote an SVG of another form than expected".to_string()))
}

/// Gives the page its size in millimeters, its title, description and font, and each text its baseline and length.
fn finish(raw: &str, scene: &Scene, wide: f64) -> Option<String> {
    let head_end = raw.find('>')? + 1;
    let (width, height) = (scene.width * FINE, scene.height * FINE);
    let mut out = String::with_capacity(raw.len() + 40_000);
    let _ = writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{:.1}mm" viewBox="0 0 {width} {height}" role="img" stroke-linejoin="round">"#,
        wide / scene.width * scene.height,
    );
    let _ = writeln!(out, "<title>{}</title>\n<desc>{}</desc>", escape(&scene.title), escape(&scene.description));
    let _ = write!(out, "<style>{}", font_faces());
    out.push_str("</style>\n");
    let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"#FFFFFF\"/>");
    let mut rest = raw[head_end..].trim_start();
    for text in scene.texts() {
        let (before, after) = rest.split_once(" dy=\"-0.5ex\"")?;
        let (tag, after) = after.split_once(">\n")?;
        let (body, after) = after.split_once("\n</text>")?;
        let length = text.width() * FINE;
        let _ = write!(out, "{before} textLength=\"{length:.0}\" lengthAdjust=\"spacingAndGlyphs\"{tag}>{body}</text>");
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The shipped font as rules of a style sheet, with its data in them.
pub fn font_faces() -> String {
    let mut out = String::new();
    for (weight, face) in [("normal", metrics::REGULAR_WEB), ("bold", metrics::BOLD_WEB)] {
        let data = base64(face);
        let _ = write!(
            out,
            "@font-face{{font-family:Inter;font-weight:{weight};src:url(data:font/woff2;base64,{data}) format('woff2')}}"
        );
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - chunk.len()));
        for digit in 0..4 {
            if digit <= chunk.len() {
                text.push(char::from(DIGITS[(word >> (18 - 6 * digit)) as usize & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

/// Writes the SVG, so many millimeters wide unless it is the usual page, first under another name.
pub fn write_svg(scene: &Scene, path: &Path, millimeters: Option<f64>) -> Result<(), FigureError> {
    let text = svg(scene, path, millimeters)?;
    put(path, text.as_bytes())
}

/// Writes the PNG, so many pixels wide unless it is the usual number, first under another name.
pub fn write_png(scene: &Scene, path: &Path, wide: Option<u32>) -> Result<(), FigureError> {
    let wide = wide.unwrap_or(scene.width as u32 * PIXELS);
    let size = (wide, (scene.height.ceil() * f64::from(wide) / scene.width).round() as u32);
    let picture = rasterize(scene, path, size)?;
    // In memory: who encodes into a file loses the error of the last bytes, which are written when it is closed.
    let mut encoded = Vec::new();
    PngEncoder::new(&mut encoded)
        .write_image(&picture, size.0, size.1, ColorType::Rgb8)
        .map_err(|error| refused(path)(error.to_string()))?;
    put(path, &encoded)
}

/// A whole file or none.
fn put(path: &Path, content: &[u8]) -> Result<(), FigureError> {
    let partial = with_suffix(path, ".partial");
    std::fs::write(&partial, content).and_then(|()| std::fs::rename(&partial, path)).map_err(|source| {
        let _ = std::fs::remove_file(&partial);
        FigureError::Write { path: path.to_path_buf(), source }
    })
}

/// Draws the scene larger than wanted and averages it down to `size`; three bytes a pixel.
fn rasterize(scene: &Scene, path: &Path, size: (u32, u32)) -> Result<Vec<u8>, FigureError> {
    let refused = refused(path);
    let scale = f64::from(size.0) / scene.width * f64::from(OVERSAMPLING);
    let em = metrics::rasterizer_scale()?;
    let large = (size.0 * OVERSAMPLING, size.1 * OVERSAMPLING);
    let mut pixels = vec![PAPER.rgb.0; large.0 as usize * large.1 as usize * 3];
    {
        let mut page = BitMapBackend::with_buffer(&mut pixels, large);
        for mark in &scene.marks {
            match mark {
                Mark::Line(points, width, ink) => stroke(&mut page, points, *width, *ink, scale),
                Mark::Shape(points, ink) => {
                    page.fill_polygon(grid(points, scale), &style(*ink, true, 0)).map_err(|e| e.to_string())
                }
                Mark::Text(text) => write(&mut page, text, scale, em),
            }
            .map_err(&refused)?;
        }
        page.present().map_err(|e| refused(e.to_string()))?;
    }
    Ok(shrink(&pixels, large.0 as usize, size))
}

/// A line as one quadrilateral a segment and a disc a joint: plotters' own wide lines break at sharp angles.
fn stroke<B: DrawingBackend>(page: &mut B, points: &[Place], width: f64, ink: Ink, scale: f64) -> Result<(), String> {
    let fill = style(ink, true, 0);
    for (index, pair) in points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let length = (b.0 - a.0).hypot(b.1 - a.1);
        if length == 0.0 {
            continue;
        }
        let half = (width / 2.0).max(0.5 / scale);
        let (x, y) = ((b.1 - a.1) / length * half, (a.0 - b.0) / length * half);
        let outline = [(a.0 + x, a.1 + y), (b.0 + x, b.1 + y), (b.0 - x, b.1 - y), (a.0 - x, a.1 - y)];
        page.fill_polygon(grid(&outline, scale), &fill).map_err(|e| e.to_string())?;
        if index > 0 && half * scale > 2.0 {
            let joint = super::theme::Marker::Disc.outline(a, half);
            page.fill_polygon(grid(&joint, scale), &fill).map_err(|e| e.to_string())?;
        }
    }
    Ok(())
}

/// A text letter by letter: plotters' rasterizer leaves out the space before a letter's outline.
fn write<B: DrawingBackend>(page: &mut B, text: &Text, scale: f64, em: f64) -> Result<(), String> {
    let size = text.size * scale * em;
    let fill = style(text.ink, true, 0);
    let look = TextStyle::from(font(text, size)).color(&fill.color).pos(Pos::new(HPos::Left, VPos::Top));
    let start = match text.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -text.width() / 2.0,
        Anchor::End => -text.width(),
    };
    let (x, y) = (text.at.0 * scale, text.at.1 * scale);
    for (letter, left) in metrics::places(&text.text, text.size, text.bold) {
        let along = (start + left) * scale;
        // The rasterizer's baseline lies half a size under the place it is given.
        let at = (x + along, y - size / 2.0);
        let mut buffer = [0; 4];
        let pixel = (at.0.floor() as i32, at.1.round() as i32);
        page.draw_text(letter.encode_utf8(&mut buffer), &look, pixel).map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// Averages squares of two by two pixels ([`OVERSAMPLING`] is 2) of a picture `width` pixels wide: over two rows, then over neighbors.
fn shrink(large: &[u8], width: usize, size: (u32, u32)) -> Vec<u8> {
    let row = 3 * size.0 as usize;
    let mut small = vec![0; row * size.1 as usize];
    let mut sums = vec![0_u16; 3 * width];
    for (to, from) in small.chunks_exact_mut(row).zip(large.chunks_exact(2 * 3 * width)) {
        let (upper, lower) = from.split_at(3 * width);
        for ((sum, above), below) in sums.iter_mut().zip(upper).zip(lower) {
            *sum = u16::from(*above) + u16::from(*below);
        }
        for (pixel, pair) in to.as_chunks_mut::<3>().0.iter_mut().zip(sums.as_chunks::<6>().0) {
            for channel in 0..3 {
                pixel[channel] = ((pair[channel] + pair[channel + 3]) / 4) as u8;
            }
        }
    }
    small
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_pixels_become_their_mean() {
        // Two pixels by one: of the left square's channels the sums are 4, 7 and 1020, of the right one's 0.
        let upper = [1, 0, 255, 1, 0, 255, 0, 0, 0, 0, 0, 0];
        let lower = [1, 3, 255, 1, 4, 255, 0, 0, 0, 0, 0, 0];
        assert_eq!(shrink(&[upper, lower].concat(), 4, (2, 1)), [1, 1, 255, 0, 0, 0]);
    }
}
