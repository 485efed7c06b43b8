//! `peerlab list`: the built-in studies with their place in the article.

use std::process::ExitCode;

use serde_json::json;

use super::arguments::ListArguments;
use super::resolve::{Trouble, resolve};
use super::screen::{Ink, Screen, print};
use crate::scenario::builtin;
use crate::study::declaration::Study;

pub(super) fn list(arguments: &ListArguments) -> ExitCode {
    let studies: Result<Vec<Study>, Trouble> =
        builtin::list().iter().map(|builtin| Ok(resolve(builtin.id, &[])?.study)).collect();
    let studies = match studies {
        Ok(studies) => studies,
        Err(trouble) => return trouble.report(),
    };
    if arguments.json {
        let all: Vec<_> = studies
            .iter()
            .map(|s| json!({ "id": s.id, "title": s.title, "question": s.question, "source": s.source }))
            .collect();
        return print(&format!("{:#}\n", json!(all)));
    }
    let mut screen = Screen::standard();
    let longest = studies.iter().map(|study| study.id.chars().count()).max().unwrap_or(0);
    let column = longest.min(screen.width() / 2);
    for study in &studies {
        screen.entry(0, &study.id, column, Ink::Strong, &study.title);
        screen.lines(column + 2, Ink::Faint, &study.source);
    }
    screen.heading("Cases for sponsors");
    for builtin in builtin::sponsors() {
        let title = match resolve(builtin.id, &[]) {
            Ok(scenario) => scenario.study.title,
            Err(trouble) => return trouble.report(),
        };
        screen.entry(0, builtin.id, column, Ink::Strong, &title);
    }
    screen.gap();
    screen.paragraph(0, "`peerlab compare sponsors/hospital` says what it costs and may bring.");
    screen.paragraph(0, "`peerlab show STUDY` tells one in words; `peerlab run STUDY` runs it.");
    screen.print()
}
