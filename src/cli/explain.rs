//! `peerlab explain [NAME]`: what a name means, its unit, range, default, prior and source.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::arguments::ExplainArguments;
use super::describe;
use super::screen::{Ink, Screen, WRONG, print, refuse};
use super::topics::{self, Topic};
use crate::scenario::builtin;

/// Headings of the list of topics: the kind, in the plural, with what it is.
const HEADINGS: [(&str, &str, &str); 8] = [
    ("outcome", "Outcomes", "what a study can ask of a person, at any week"),
    ("trait", "Traits", "what people bring; a study's population may differ in them"),
    ("risk factor", "Risk factors", "Table 1 of the article"),
    ("treatment", "Treatments", "what an arm can do to its members"),
    ("estimator", "Estimators", "from data to an effect with its uncertainty"),
    ("coupling", "Couplings", "the arrows of Figure 1, each with a gain"),
    ("mechanism", "Mechanisms", "switched on or off as a whole"),
    ("table of a run", "Tables", "what a run leaves behind; a table lists its columns"),
];

pub(super) fn explain(arguments: &ExplainArguments) -> ExitCode {
    match &arguments.name {
        None if arguments.json => {
            let all = topics::all();
            let brief = |topic: &Topic| json!({ "id": topic.id(), "kind": topic.kind(), "meaning": topic.meaning() });
            print(&format!("{:#}\n", Value::from_iter(all.iter().map(brief))))
        }
        None => list(),
        Some(name) => one(name, arguments.json),
    }
}

fn one(name: &str, as_json: bool) -> ExitCode {
    if let Some(&(kind, plural, what)) = HEADINGS.iter().find(|(_, plural, _)| topics::same(plural, name)) {
        return whole(kind, plural, what, as_json);
    }
    let found = topics::find(name);
    if found.meant.is_empty() && found.also.is_empty() {
        return unknown(name);
    }
    if as_json {
        let all = if found.meant.is_empty() { &found.also } else { &found.meant };
        return print(&format!("{:#}\n", Value::from_iter(all.iter().map(describe::json))));
    }
    let mut screen = Screen::standard();
    for topic in &found.meant {
        screen.gap();
        describe::show(topic, &mut screen);
    }
    if found.meant.is_empty() {
        screen.paragraph(
            0,
            &format!("{} names have `{}` in them; give more of the one you mean:", found.also.len(), name.trim()),
        );
    } else if !found.also.is_empty() {
        screen.gap();
        screen.paragraph(0, "Other names that end so:");
    }
    let others: Vec<_> = found.also.iter().map(|topic| (topic.id().to_owned(), topic.meaning().to_owned())).collect();
    screen.entries(2, 46, Ink::Strong, &others);
    screen.print()
}

/// Everything under one of the list's headings.
fn whole(kind: &str, plural: &str, what: &str, as_json: bool) -> ExitCode {
    let all: Vec<Topic> = topics::all().into_iter().filter(|topic| topic.kind() == kind).collect();
    if as_json {
        return print(&format!("{:#}\n", Value::from_iter(all.iter().map(describe::json))));
    }
    let mut screen = Screen::standard();
    heading(&mut screen, plural, all.len(), what);
    let entries: Vec<_> = all.iter().map(|topic| (topic.id().to_owned(), topic.meaning().to_owned())).collect();
    screen.entries(2, 46, Ink::Strong, &entries);
    screen.print()
}

fn unknown(name: &str) -> ExitCode {
    if builtin::find(name).is_some() {
        refuse(&format!("`{name}` is a study"), &format!("`peerlab show {name}` shows it."));
    } else if name.ends_with(".toml") {
        refuse(&format!("`{name}` is a file"), &format!("`peerlab show {name}` shows the study in it."));
    } else {
        let meant = topics::near(name).map_or(String::new(), |near| format!("Did you mean `{near}`? "));
        refuse(
            &format!("nothing is called `{name}`"),
            &format!("{meant}`peerlab explain` lists everything that has a name."),
        );
    }
    WRONG.into()
}

/// Everything that has a name, by kind.
fn list() -> ExitCode {
    let all = topics::all();
    let mut screen = Screen::standard();
    screen.paragraph(
        0,
        "`peerlab explain NAME` says what a name means, in which unit, within which range, and where its value comes from. \
         The end of a name will do where only one ends so.",
    );
    for (kind, plural, what) in HEADINGS {
        // A coupling's section is in its heading.
        let short =
            |topic: &Topic| topic.id().trim_start_matches("coupling.").trim_start_matches("mechanism.").to_owned();
        let names: Vec<String> = all.iter().filter(|topic| topic.kind() == kind).map(short).collect();
        heading(&mut screen, plural, names.len(), what);
        screen.paragraph(2, &names.join(", "));
    }
    let parameters = all.iter().filter(|topic| matches!(topic, Topic::Parameter(_)));
    heading(
        &mut screen,
        "Parameters and keys",
        0,
        &format!("{} parameters; a section lists its own", parameters.count()),
    );
    let sections: Vec<String> = all
        .iter()
        .filter(|topic| matches!(topic, Topic::Section(..)))
        .map(|topic| topic.id().replace("[]", ""))
        .filter(|path| !path.starts_with("coupling"))
        .collect();
    screen.paragraph(2, &sections.join(", "));
    let counts: Vec<&str> = all.iter().filter(|topic| matches!(topic, Topic::Count(..))).map(Topic::id).collect();
    heading(&mut screen, "Counted events", counts.len(), "totals over the persons of an arm");
    screen.paragraph(2, &counts.join(", "));
    screen.print()
}

fn heading(screen: &mut Screen, plural: &str, count: usize, what: &str) {
    screen.gap();
    let count = if count > 0 { format!(" ({count})") } else { String::new() };
    screen.line(0, &[(Ink::Strong, plural), (Ink::Strong, &count), (Ink::Faint, &format!("   {what}"))]);
}
