//! `peerlab new FILE`: a commented scenario to start from, under an id of its own.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::arguments::NewArguments;
use super::questions::{Answers, ask, given, overrides, unconverted, written};
use super::resolve::{Trouble, resolve, resolve_with};
use super::screen::{Screen, WRONG, complain, refuse};
use crate::scenario::{Scenario, builtin, read};
use crate::study::declaration::Study;

/// What stands in place of the built-in studies' `#:schema` line, whose path is right in this repository only.
const EDITORS: &str = "\
# For completion and checks while you type, in an editor that knows TOML schemas: `peerlab schema > scenario.schema.json`
# beside this file, then make the next line read `#:schema scenario.schema.json`.
";

pub(super) fn new(arguments: &NewArguments) -> ExitCode {
    let scenario = match resolve(&arguments.from, &[]) {
        Ok(scenario) => scenario,
        Err(trouble) => return trouble.report(),
    };
    let file = match with_extension(&arguments.file) {
        Ok(file) => file,
        Err(reason) => return refused(&reason, "A scenario is a TOML file: give it a name such as my-study.toml."),
    };
    let name = file.display().to_string();
    let Some(id) = id_of(&file) else {
        return refused(
            &format!("no id can be made of the name {name}"),
            "Use letters, digits, `-` and `_`, e.g. my-study.toml.",
        );
    };
    let scenario = match answered(arguments, scenario) {
        Ok(scenario) => scenario,
        Err(code) => return code,
    };
    let Some(text) = renamed(&scenario.text, &id, &scenario.study) else {
        return refused(
            &format!("the line `id = \"{}\"` is not found in {}", scenario.study.id, scenario.name),
            "Write it on a line of its own at the top, or copy the file and change its id by hand.",
        );
    };
    match write(&file, &text, arguments.force) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return refused(
                &format!("{name} exists already; nothing was written"),
                "Choose another name, or add --force to overwrite it.",
            );
        }
        Err(error) => {
            refuse(&format!("cannot write {name}: {error}"), "");
            return ExitCode::FAILURE;
        }
    }
    let mut screen = Screen::standard();
    let about = match asks(&scenario.study, arguments) {
        true => format!("{name}: a new scenario `{id}`, the case of {} with your answers", arguments.from),
        false => format!("{name}: a new scenario `{id}`, the same study as {} so far", scenario.study.id),
    };
    screen.paragraph(0, &about);
    if builtin::find(&id).is_some() {
        screen.paragraph(
            2,
            &format!("A built-in study is called `{id}` too: give the path, not the name, to mean this one."),
        );
    }
    let word = quoted(&name);
    let next = if asks(&scenario.study, arguments) { "compare" } else { "run" };
    screen.paragraph(2, &format!("Change it in an editor, then: `peerlab check {word}`, `peerlab {next} {word}`"));
    screen.print()
}

/// Whether the answers to ten questions go into it: a case for sponsors.
fn asks(study: &Study, arguments: &NewArguments) -> bool {
    study.business.is_some() && arguments.from.starts_with("sponsors/")
}

/// The scenario with the answers in it; as it is if there is nothing to ask.
fn answered(arguments: &NewArguments, scenario: Scenario) -> Result<Scenario, ExitCode> {
    if !asks(&scenario.study, arguments) {
        if arguments.answer.is_empty() {
            return Ok(scenario);
        }
        let way_out = "The questions are those of a case for sponsors: --from sponsors/hospital, sponsors/sales-force or sponsors/public-agency.";
        return Err(refused(&format!("{} asks no questions", arguments.from), way_out));
    }
    if arguments.file.exists() && !arguments.force {
        // Nobody answers ten questions for nothing.
        return Ok(scenario);
    }
    let own = &scenario.study;
    let read = |answers: &Answers| -> Result<Scenario, Trouble> {
        let changes = overrides(answers, own)
            .map_err(|reason| Trouble::Unreadable { path: "the answers".to_owned(), cause: reason })?;
        resolve_with(&arguments.from, &changes)
    };
    let first = |trouble: Trouble| match trouble {
        Trouble::Problems(problems) => problems.0.first().map_or(String::new(), |one| one.message.clone()),
        Trouble::Unreadable { cause, .. } => cause,
        Trouble::Unknown { name, .. } => name,
    };
    let answers = match arguments.answer.is_empty() {
        true => ask(own, |answers| read(answers).map(drop).map_err(first)).map_err(|reason| refused(&reason, ""))?,
        false => given(&arguments.answer).map_err(|(reason, way_out)| refused(&reason, &way_out))?,
    };
    let wanted = read(&answers).map_err(|trouble| trouble.report())?;
    let text = written(&scenario.text, &answers, &wanted.study);
    let stale = unconverted(&answers, &scenario.text, &wanted.study);
    if !stale.is_empty() {
        let names: Vec<&str> = stale.into_iter().map(|(input, _)| input).collect();
        let from = &arguments.from;
        complain(&format!("note: {} still stands in the currency of {from}: convert it in the file", names.join(", ")));
    }
    let mut again =
        crate::scenario::read(&text, &scenario.name, &[]).map_err(|problems| Trouble::Problems(problems).report())?;
    again.text = text;
    Ok(again)
}

fn refused(reason: &str, way_out: &str) -> ExitCode {
    refuse(reason, way_out);
    WRONG.into()
}

/// A word as a shell needs it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./".contains(c);
    if word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

/// The path with `.toml` where it has no extension.
fn with_extension(path: &Path) -> Result<PathBuf, String> {
    match path.extension() {
        None if path.file_name().is_some() => Ok(path.with_extension("toml")),
        Some(extension) if extension.eq_ignore_ascii_case("toml") => Ok(path.to_owned()),
        _ => Err(format!("{} does not end in .toml", path.display())),
    }
}

/// An id made of a file's name: what an id may not hold becomes `-`.
fn id_of(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_string_lossy();
    let mut id = String::new();
    for c in stem.chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => id.push(c),
            _ if id.ends_with('-') => {}
            _ => id.push('-'),
        }
    }
    id.truncate(64);
    let id = id.trim_matches('-');
    (!id.is_empty()).then(|| id.to_owned())
}

/// The text under another id, if that is the only thing that changes.
fn renamed(text: &str, id: &str, study: &Study) -> Option<String> {
    let mut new = String::new();
    let mut found = false;
    for line in text.split_inclusive('\n') {
        let is_id = |rest: &str| rest.trim_start().starts_with('=');
        if line.starts_with("#:schema ../") {
            new.push_str(EDITORS);
        } else if !found && line.strip_prefix("id").is_some_and(is_id) {
            new.push_str(&format!("id = \"{id}\"\n"));
            found = true;
        } else {
            new.push_str(line);
        }
    }
    let expected = Study { id: id.to_owned(), ..study.clone() };
    (read(&new, "new", &[]).ok()?.study == expected).then_some(new)
}

/// Writes a file that is there whole or not at all. Without `force`, a file that exists stays as it is, even if it came
/// into being a moment ago.
fn write(path: &Path, text: &str, force: bool) -> io::Result<()> {
    if !force && path.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let temporary = path.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let written = OpenOptions::new().write(true).create_new(true).open(&temporary).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let placed = written.and_then(|()| {
        if force {
            return fs::rename(&temporary, path);
        }
        // A link refuses to replace; where the file system knows none, the check above has to do.
        match fs::hard_link(&temporary, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => fs::rename(&temporary, path),
            other => other,
        }
    });
    // After a rename it is gone already.
    let _ = fs::remove_file(&temporary);
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_names() {
        let id = |name: &str| id_of(Path::new(name));
        assert_eq!(id("a/b/my study (2).toml").as_deref(), Some("my-study-2"));
        assert_eq!(id("étude.toml").as_deref(), Some("tude"));
        assert_eq!(id("€.toml"), None);
        assert_eq!(with_extension(Path::new("x")), Ok(PathBuf::from("x.toml")));
        assert!(with_extension(Path::new("x.json")).is_err());
        assert!(with_extension(Path::new("..")).is_err());
    }

    #[test]
    fn every_built_in_study_can_be_started_from() {
        for builtin in builtin::list() {
            let study = builtin.read(&[]).expect("right").study;
            let text = renamed(builtin.text, "mine", &study).expect("an id line");
            assert_eq!(read(&text, "mine.toml", &[]).expect("right").study.id, "mine");
        }
    }
}
