//! The templates of all pages, and the few words of markup that their sentences know.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior};
use serde::Serialize;

use crate::figures;

/// The report of a run.
pub(crate) const REPORT: &str = "report.html";
/// The report of a sweep.
pub(crate) const SWEEP: &str = "sweep.html";
/// A sponsor's brief.
pub(crate) const BRIEF: &str = "brief.html";
/// The story of a dyad.
pub const STORY: &str = "story.html";

/// The pieces, each a file that can be read as HTML or CSS.
const PIECES: [(&str, &str); 12] = [
    ("base.html", include_str!("../../../templates/base.html")),
    ("style.css", include_str!("../../../templates/style.css")),
    ("figure.html", include_str!("../../../templates/figure.html")),
    (BRIEF, include_str!("../../../templates/brief.html")),
    (STORY, include_str!("../../../templates/story.html")),
    (REPORT, include_str!("../../../templates/report/page.html")),
    (SWEEP, include_str!("../../../templates/report/sweep.html")),
    ("answer.html", include_str!("../../../templates/report/answer.html")),
    ("hypotheses.html", include_str!("../../../templates/report/hypotheses.html")),
    ("risk.html", include_str!("../../../templates/report/risk.html")),
    ("limits.html", include_str!("../../../templates/report/limits.html")),
    ("methods.html", include_str!("../../../templates/report/methods.html")),
];

/// A page: one of the templates, filled.
///
/// # Errors
/// If the template and what it is given do not agree.
pub fn render(template: &str, page: impl Serialize) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    // What a template misspells is an error, not an empty place; and every text is escaped, whatever the file is called.
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("words", |text: &str| Value::from_safe_string(words(text)));
    environment.add_filter("sentence", |text: &str| Value::from_safe_string(escaped(&minus(text))));
    environment.add_filter("plain", |text: &str| Value::from_safe_string(escaped(text)));
    environment.add_filter("svg", |text: &str| Value::from_safe_string(text.to_owned()));
    environment.add_global("fonts", Value::from_safe_string(figures::font_faces()));
    environment.add_global("light_figures", Value::from_safe_string(figures::light_declarations()));
    environment.add_global("dark_figures", Value::from_safe_string(figures::dark_declarations()));
    for (name, text) in PIECES {
        environment.add_template(name, text)?;
    }
    environment.get_template(template)?.render(Value::from(Serde(page)))
}

/// A sentence of peerlab's own as HTML: escaped, with `code`, **strong** and *emphasis*, and a true minus before a number.
fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    for (place, part) in text.split('`').enumerate() {
        // An odd number of marks: the last of them marks nothing.
        let closed = place % 2 == 1 && text.split('`').count() > place + 1;
        if closed {
            out.push_str(&format!("<code>{}</code>", escaped(part)));
            continue;
        }
        if place % 2 == 1 {
            out.push('`');
        }
        let text = pairs(&escaped(&minus(part)), "**", "strong");
        out.push_str(&pairs(&text, "*", "em"));
    }
    out
}

/// What stands between two marks that touch it, as an element.
fn pairs(text: &str, mark: &str, element: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        match after.split_once(mark) {
            Some((inside, behind)) if !inside.is_empty() && inside.trim() == inside => {
                out.push_str(&format!("{before}<{element}>{inside}</{element}>"));
                rest = behind;
            }
            _ => {
                out.push_str(before);
                out.push_str(mark);
                rest = after;
            }
        }
    }
    out + rest
}

/// A hyphen before a digit that nothing precedes is a minus.
fn minus(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let is_sign = |at: usize| {
        letters[at] == '-'
            && letters.get(at + 1).is_some_and(char::is_ascii_digit)
            && at.checked_sub(1).is_none_or(|before| matches!(letters[before], ' ' | '[' | '(' | '±'))
    };
    (0..letters.len()).map(|at| if is_sign(at) { '−' } else { letters[at] }).collect()
}

fn escaped(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_know_a_little_markup_and_nothing_harmful() {
        assert_eq!(
            words("`a_b` is **so** and *Y* 2 * 3 * 4"),
            "<code>a_b</code> is <strong>so</strong> and <em>Y</em> 2 * 3 * 4"
        );
        assert_eq!(words("from -0.5 [-1, +2], 20-40, A-1"), "from −0.5 [−1, +2], 20-40, A-1");
        assert_eq!(words("<script>alert('\"&')</script>"), "&lt;script&gt;alert(&#39;&quot;&amp;&#39;)&lt;/script&gt;");
        assert_eq!(words("`<b>` and an odd ` mark"), "<code>&lt;b&gt;</code> and an odd ` mark");
        assert_eq!(escaped("a\u{7}b"), "a b");
        assert_eq!(words("mean over (Y[a] - Y[b])"), "mean over (Y[a] - Y[b])");
    }
}
