//! A story as a page: one file that needs nothing but itself, readable on a phone and on paper, light and dark.

use super::event::Event;
use super::screen::{CHAPTERS, cited, heading, row};
use super::sentence::{Sentence, short};
use super::twin::{compared, from_week};
use super::wording::share;
use super::{Id, Life, Story, Twin};
use crate::figures::{
    self, Figure, FigureError, Panel, Point, Series, Trajectory, adaptive, dark_declarations, without_font,
};
use crate::study::declaration::Study;

/// What is on the page.
pub struct Page<'a> {
    /// Its title.
    pub title: String,
    /// What is told, and how it was picked.
    pub facts: Vec<String>,
    /// What the numbers are.
    pub numbers: &'a str,
    /// The command that tells it again.
    pub command: String,
    /// The study.
    pub study: &'a Study,
    /// The life.
    pub life: &'a Life,
    /// Its story.
    pub story: &'a Story,
    /// The twin, with its story where there is one.
    pub twin: Option<(&'a Twin, Option<&'a Story>)>,
}

/// A text in a page: nothing of it is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter if letter.is_control() => out.push(' '),
            letter => out.push(letter),
        }
    }
    out
}

/// The page as HTML.
///
/// # Errors
/// If the figure cannot be drawn.
pub fn page(page: &Page) -> Result<String, FigureError> {
    let mut main = String::new();
    main.push_str(&format!("<h1>{}</h1>\n", escaped(&page.title)));
    for fact in &page.facts {
        main.push_str(&format!("<p class=\"facts\">{}</p>\n", escaped(fact)));
    }
    main.push_str(&figures_of(page)?);
    for chapter in CHAPTERS {
        let sentences: Vec<&Sentence> = page.story.chapter(chapter).collect();
        if !sentences.is_empty() {
            main.push_str(&format!("<h2>{}</h2>\n{}", escaped(&heading(page.life, chapter)), paragraph(&sentences)));
        }
    }
    let mut shown = cited(page.story);
    if let Some((twin, story)) = page.twin {
        main.push_str(&twin_section(page.life, twin, story));
        shown.extend(twin.ids());
        shown.extend(story.iter().flat_map(|story| cited(story)));
    }
    main.push_str(&events(page, &mut shown));
    main.push_str(&format!(
        "<footer><p>{}</p>\n<p>What is told follows from a theory whose parameters are not fitted to data: it says what happened in a simulation, and nothing about people. The same again: <code>{}</code></p></footer>\n",
        escaped(page.numbers),
        escaped(&page.command)
    ));
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{} · {}</title>\n<style>{}@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}</style>\n</head>\n<body>\n<main>\n{main}</main>\n</body>\n</html>\n",
        escaped(&page.title),
        escaped(&page.study.title),
        STYLE,
        dark_declarations()
    ))
}

/// Sentences as running text, each with its events: as data for a program, and as a link for a reader.
fn paragraph(sentences: &[&Sentence]) -> String {
    let mut out = String::from("<ul class=\"story\">\n");
    for sentence in sentences {
        let all: Vec<String> = sentence.ids.iter().map(Id::to_string).collect();
        let first = all.first().map_or("", String::as_str);
        out.push_str(&format!(
            "<li data-week=\"{}\" data-events=\"{}\">{} <a class=\"id\" href=\"#{first}\">{}</a></li>\n",
            sentence.week,
            all.join(" "),
            escaped(&sentence.text),
            short(&sentence.ids)
        ));
    }
    out.push_str("</ul>\n");
    out
}

/// The trust curves, the twin's below them: side by side they would be too small for a phone.
fn figures_of(page: &Page) -> Result<String, FigureError> {
    let twin = page.twin.and_then(|(twin, _)| twin.life.as_ref().map(|there| (twin, there)));
    let here = if twin.is_some() { "In the experiment" } else { "Trust" };
    let mut out = figure(page.life, &format!("{here}: {} and {}", page.life.names[0], page.life.names[1]))?;
    if let Some((twin, there)) = twin {
        out.push_str(&figure(there, &format!("The same two where everyone has the arm “{}”", twin.arm_name))?);
    }
    Ok(out)
}

fn figure(life: &Life, title: &str) -> Result<String, FigureError> {
    let data = Trajectory {
        title: title.to_owned(),
        subtitle: "True trust of each in the other at the end of each week, from 0 to 1".to_owned(),
        panels: vec![panel(life, "")],
        x_label: "week".to_owned(),
        marks: marks(life),
        note: String::new(),
    };
    let svg = adaptive(&without_font(&figures::svg(&Figure::Trajectory(data))?));
    let svg = svg.find("<svg").map_or(svg.as_str(), |at| &svg[at..]);
    let ends: Vec<String> = (0..2)
        .map(|side| {
            let at = |week: usize| share(life.at(week).sides[side].trust);
            format!("{} from {} to {}", life.names[side], at(0), at(life.last()))
        })
        .collect();
    Ok(format!("<figure>{svg}<figcaption>Trust of {}.</figcaption></figure>\n", escaped(&ends.join(", of "))))
}

fn panel(life: &Life, title: &str) -> Panel {
    let point = |week: usize, side: usize| {
        let mean = life.at(week).sides[side].trust;
        Point { x: week as f64, mean, low: f64::NAN, high: f64::NAN }
    };
    let series = [0, 1].map(|side| Series {
        label: life.names[side].clone(),
        // Trust in a former partner rests: there is nothing to draw.
        points: (0..=life.over().unwrap_or(life.last())).map(|week| point(week, side)).collect(),
    });
    Panel { title: title.to_owned(), y_label: "trust".to_owned(), series: series.to_vec(), y_range: Some((0.0, 1.0)) }
}

fn program(life: &Life) -> Vec<(f64, String)> {
    let end = life.program_end().filter(|end| *end < life.last());
    end.map(|end| (end as f64, "program ends".to_owned())).into_iter().collect()
}

/// What befell them, as far as it is rare.
fn marks(life: &Life) -> Vec<(f64, String)> {
    let mut all = program(life);
    if life.over().is_some_and(|over| life.program_end().is_some_and(|end| over < end)) {
        all.clear();
    }
    all.extend(life.over().map(|week| (week as f64, "the pair ends".to_owned())));
    let broken = |week: &usize| life.at(*week).sides.iter().any(|side| side.lapse || side.betrayal);
    all.extend((1..life.weeks.len()).filter(broken).take(2).map(|week| (week as f64, "confidence broken".to_owned())));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

fn twin_section(here: &Life, twin: &Twin, story: Option<&Story>) -> String {
    let mut out = format!("<h2>The same two in the arm “{}”</h2>\n", escaped(&twin.arm_name));
    let ids: Vec<String> = twin.ids().iter().map(Id::to_string).collect();
    out.push_str(&format!(
        "<p class=\"parting\" data-events=\"{}\">{}</p>\n",
        ids.join(" "),
        escaped(&twin.in_words(here).join(" "))
    ));
    let (Some(there), Some(story)) = (&twin.life, story) else { return out };
    let from = from_week(&twin.parting);
    if from == usize::MAX {
        return out;
    }
    let told: Vec<&Sentence> = story.sentences.iter().filter(|sentence| sentence.week >= from.max(1)).collect();
    out.push_str(&paragraph(&told));
    out.push_str("<div class=\"wide\"><table><caption>At the end, in both lives</caption>\n<thead><tr><th scope=\"col\"></th><th scope=\"col\">here</th><th scope=\"col\">there</th></tr></thead>\n<tbody>\n");
    for [what, a, b] in compared(here, there) {
        out.push_str(&format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
            escaped(&what),
            escaped(&a),
            escaped(&b)
        ));
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// The cited events with the tables in which they are found.
fn events(page: &Page, shown: &mut Vec<Id>) -> String {
    shown.sort_unstable();
    shown.dedup();
    let there = page.twin.and_then(|(twin, _)| twin.life.as_ref());
    let all = |life: &Life| -> Vec<[String; 5]> {
        life.events()
            .iter()
            .filter(|event: &&Event| shown.binary_search(&event.id).is_ok())
            .map(|event| row(event, life))
            .collect()
    };
    let mut rows = all(page.life);
    rows.extend(there.into_iter().flat_map(all));
    let mut out = format!(
        "<details><summary>The {} events that are told</summary>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Events\"><table>\n<thead><tr><th scope=\"col\">event</th><th scope=\"col\">kind</th><th scope=\"col\">who</th><th scope=\"col\">table</th><th scope=\"col\">facts</th></tr></thead>\n<tbody>\n",
        rows.len()
    );
    for [id, kind, who, table, facts] in rows {
        out.push_str(&format!("<tr id=\"{id}\"><th scope=\"row\">{id}</th>"));
        for cell in [kind, who, table, facts] {
            out.push_str(&format!("<td>{}</td>", escaped(&cell)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div></details>\n");
    out
}

const STYLE: &str = "
:root{color-scheme:light dark;--text:#1a1a1a;--muted:#595959;--paper:#fff;--line:#d8d8d8;--link:#004b76}
@media screen and (prefers-color-scheme:dark){:root{--text:#e8e8e8;--muted:#b0b6bc;--paper:#14181c;--line:#343a40;--link:#6cb4e4}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--text);font:1.06rem/1.6 Charter,Georgia,'Times New Roman',serif}
main{max-width:44rem;margin:0 auto;padding:2rem 1rem 3rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .6rem}
h2{font-size:1.2rem;margin:2rem 0 .5rem}
.facts,footer,figcaption,caption{color:var(--muted);font-size:.9rem;line-height:1.5}
.facts{margin:.3rem 0}
figure{margin:1.4rem 0}
figure svg{display:block;width:100%;height:auto}
figcaption{margin-top:.3rem}
ul.story{list-style:none;margin:0;padding:0}
ul.story li{margin:.45rem 0}
li:target,tr:target{background:color-mix(in srgb,var(--link) 14%,transparent)}
a{color:var(--link)}
a.id{font:.74rem/1.4 ui-monospace,Menlo,Consolas,monospace;text-decoration:none;white-space:normal;overflow-wrap:anywhere}
a.id:hover,a.id:focus{text-decoration:underline}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:.86rem;line-height:1.4;margin:.8rem 0}
caption{text-align:left;padding-bottom:.3rem}
th,td{text-align:left;vertical-align:top;padding:.25rem .8rem .25rem 0;border-bottom:1px solid var(--line);font-weight:normal}
thead th{color:var(--muted)}
tbody th{white-space:nowrap}
details{margin-top:2rem}
summary{cursor:pointer;color:var(--link)}
footer{margin-top:2rem;border-top:1px solid var(--line)}
code{overflow-wrap:anywhere;font-size:.9em}
@media print{:root{color-scheme:light;--text:#000;--muted:#444;--paper:#fff;--line:#ccc;--link:#000}main{max-width:none;padding:0}figure{break-inside:avoid}li,tr{break-inside:avoid}h2{break-after:avoid}details:not([open]){display:none}@page{margin:18mm}}
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_is_markup() {
        assert_eq!(escaped("<b a=\"x\">&'\u{7}"), "&lt;b a=&quot;x&quot;&gt;&amp;&#39; ");
    }
}
