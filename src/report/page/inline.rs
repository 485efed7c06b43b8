//! A figure as it stands in a page: an SVG whose colors follow the page's light or dark, whose ids meet no other figure's, and
//! which leaves the font to the page; once as on paper, once laid out for a phone, of which the style sheet shows one.

use std::path::PathBuf;

use serde::Serialize;

use super::compact::compact;
use crate::figures::{self, Figure, FigureError, adaptive, without_font};

/// A figure for every width of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drawing {
    /// The `<svg>` element for desk and paper.
    pub desk: String,
    /// That for a phone.
    pub phone: String,
    /// What the figure is called: plain text.
    pub title: String,
}

/// A figure under an id that no other figure of the page has.
///
/// # Errors
/// If it cannot be drawn.
pub fn drawing(figure: &Figure, id: &str) -> Result<Drawing, FigureError> {
    let placed = |svg: String, id: &str| {
        let reason = "plotters wrote an SVG of another form than expected".to_owned();
        inline(&svg, id).ok_or_else(|| FigureError::Draw { path: PathBuf::from(format!("{id}.svg")), reason })
    };
    let desk = placed(figures::svg(figure)?, id)?;
    let phone = placed(figures::phone_svg(figure)?, &format!("{id}-phone"))?;
    Ok(Drawing { desk: desk.svg, phone: phone.svg, title: desk.title })
}

/// An SVG ready to stand in a page, with its title as plain text.
#[derive(Debug, PartialEq, Eq)]
struct Inlined {
    svg: String,
    title: String,
}

/// An SVG of [`crate::figures`] under an id that no other figure of the page has; nothing if it is not one.
fn inline(svg: &str, id: &str) -> Option<Inlined> {
    let svg = without_font(svg);
    let (before, rest) = svg.split_once("<svg")?;
    let (head, rest) = rest.split_once('>')?;
    let view = attribute(head, "viewBox")?;
    let (title, rest) = element(rest, "title")?;
    let (description, rest) = element(rest, "desc")?;
    let (_, body) = rest.split_once("</style>")?;
    if !before.trim().is_empty() && !before.trim_start().starts_with("<?xml") {
        return None;
    }
    let body = rename(&adaptive(&compact(&without_attribute(body, "font-family"))), id);
    Some(Inlined {
        svg: format!(
            "<svg viewBox=\"{view}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\" stroke-linejoin=\"round\">\
             <title id=\"{id}-title\">{title}</title><desc id=\"{id}-desc\">{description}</desc>{}",
            body.trim_start()
        ),
        title: plain(title),
    })
}

/// The value of an attribute in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

/// What an element holds, and what comes after it.
fn element<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>"))
}

/// XML's entities as characters.
fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn without_attribute(svg: &str, name: &str) -> String {
    let mut out = String::with_capacity(svg.len());
    let start = format!(" {name}=\"");
    let mut rest = svg;
    while let Some((before, after)) = rest.split_once(&start) {
        out.push_str(before);
        rest = after.split_once('"').map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// Ids, and what refers to them, under the figure's own.
fn rename(svg: &str, id: &str) -> String {
    svg.replace(" id=\"", &format!(" id=\"{id}-"))
        .replace("url(#", &format!("url(#{id}-"))
        .replace("href=\"#", &format!("href=\"#{id}-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::design_picture::design_picture;
    use crate::scenario::builtin;

    const SMALL: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1mm\" viewBox=\"0 0 9 8\" role=\"img\">\n<title>A &lt; B</title>\n\
        <desc>1 &amp; 2.</desc>\n<style>@font-face{}</style>\n<clipPath id=\"c\"/><rect fill=\"#FFFFFF\" stroke=\"#123456\" clip-path=\"url(#c)\"/>\
        <text font-family=\"Inter, Arial\" fill=\"#1A1A1A\">x</text></svg>";

    #[test]
    fn colors_follow_the_page_and_ids_meet_no_other() {
        let found = inline(SMALL, "f1").unwrap();
        assert_eq!(found.title, "A < B");
        assert_eq!(
            found.svg,
            "<svg viewBox=\"0 0 9 8\" role=\"img\" aria-labelledby=\"f1-title f1-desc\" stroke-linejoin=\"round\">\
             <title id=\"f1-title\">A &lt; B</title><desc id=\"f1-desc\">1 &amp; 2.</desc>\
             <clipPath id=\"f1-c\"/><rect fill=\"var(--figure-paper)\" stroke=\"#123456\" clip-path=\"url(#f1-c)\"/>\
             <text fill=\"var(--figure-ink)\">x</text></svg>"
        );
        assert_eq!(inline("<p>no figure</p>", "f1"), None);
    }

    #[test]
    fn every_design_can_stand_in_a_page_and_be_read_in_the_dark() {
        for builtin in builtin::list() {
            let study = builtin.read(&[]).unwrap().study;
            let found = drawing(&design_picture(&study), "design").unwrap();
            for svg in [found.desk, found.phone] {
                assert!(!svg.contains("=\"#"), "{}: a color that does not follow the page", builtin.id);
                assert!(!svg.contains("http") && !svg.contains("<style"), "{}", builtin.id);
            }
        }
    }
}
