//! A figure as it stands in a page: an SVG whose colors follow the page's light or dark, whose ids meet no other figure's, and
//! which leaves the font to the page.

use serde::Serialize;

use crate::figures::{adaptive, without_font};

/// A figure ready to stand in a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inlined {
    /// The `<svg>` element.
    pub svg: String,
    /// What the figure is called: plain text.
    pub title: String,
}

/// An SVG of [`crate::figures`] under an id that no other figure of the page has; nothing if it is not one.
pub fn inline(svg: &str, id: &str) -> Option<Inlined> {
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
    let body = rename(&adaptive(&without_attribute(body, "font-family")), id);
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
    use crate::figures;
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
             <clipPath id=\"f1-c\"/><rect fill=\"var(--figure-paper,#FFFFFF)\" stroke=\"#123456\" clip-path=\"url(#f1-c)\"/>\
             <text fill=\"var(--figure-ink,#1A1A1A)\">x</text></svg>"
        );
        assert_eq!(inline("<p>no figure</p>", "f1"), None);
    }

    #[test]
    fn every_design_can_stand_in_a_page_and_be_read_in_the_dark() {
        for builtin in builtin::list() {
            let study = builtin.read(&[]).unwrap().study;
            let svg = figures::svg(&design_picture(&study)).unwrap();
            let found = inline(&svg, "design").unwrap();
            assert!(!found.svg.contains("=\"#"), "{}: a color that does not follow the page", builtin.id);
            assert!(!found.svg.contains("http") && !found.svg.contains("<style"), "{}", builtin.id);
        }
    }
}
