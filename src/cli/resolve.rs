//! From what stands on the command line to a scenario: a built-in study by its name, or a file by its path.

use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use super::diagnostics;
use super::screen::{WRONG, refuse};
use crate::input;
use crate::scenario::{Override, Problems, Scenario, builtin, nearest, read_with};

/// Why there is no scenario.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// Neither a built-in study nor a file.
    Unknown {
        /// What was asked for.
        name: String,
        /// The built-in study that is probably meant.
        nearest: Option<String>,
    },
    /// A file that cannot be read.
    Unreadable {
        /// Its path as it was written.
        path: String,
        /// Why.
        cause: String,
    },
    /// The scenario is wrong.
    Problems(Problems),
}

impl Trouble {
    /// Says on the standard error what is wrong and what to do; the exit code is that of a wrong scenario.
    pub fn report(&self) -> ExitCode {
        match self {
            Trouble::Unknown { name, nearest } => {
                let meant = nearest.as_ref().map_or(String::new(), |id| format!("Did you mean `{id}`? "));
                refuse(
                    &format!("there is no study `{name}`"),
                    &format!(
                        "{meant}`peerlab list` shows the built-in studies; a scenario of your own is given by its path, which ends in .toml."
                    ),
                );
            }
            Trouble::Unreadable { path, cause } => refuse(&format!("cannot read {path}: {cause}"), ""),
            Trouble::Problems(problems) => {
                let text = diagnostics::render(problems, diagnostics::colors());
                super::screen::complain(text.trim_end());
            }
        }
        WRONG.into()
    }
}

/// The scenario of a built-in study's name or of a file's path, with `path=value` changes. A built-in study is found from
/// any folder and goes before a file or folder of the same name.
pub fn resolve(name: &str, overrides: &[String]) -> Result<Scenario, Trouble> {
    resolve_with(name, &Override::sets(overrides))
}

/// The same, where a message names the option that asked for a change.
pub fn resolve_with(name: &str, overrides: &[Override]) -> Result<Scenario, Trouble> {
    if let Some(builtin) = builtin::find(name) {
        return read_with(builtin.text, &format!("{name}.toml"), overrides).map_err(Trouble::Problems);
    }
    let path = Path::new(name);
    let is_toml = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    // A pipe is as good as a file.
    if !is_toml && (!path.exists() || path.is_dir()) {
        let known = builtin::list().iter().chain(builtin::sponsors()).map(|builtin| builtin.id);
        let near = nearest(name, known).map(str::to_owned);
        return Err(Trouble::Unknown { name: name.to_owned(), nearest: near });
    }
    let text = text_of(path).map_err(|cause| Trouble::Unreadable { path: name.to_owned(), cause })?;
    read_with(&text, name, overrides).map_err(Trouble::Problems)
}

/// Larger files are no scenarios.
const LARGEST: u64 = 1 << 20;

fn text_of(path: &Path) -> Result<String, String> {
    let missing = || {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        match nearest(stem, builtin::list().iter().map(|builtin| builtin.id)) {
            Some(id) => format!("there is no such file; the built-in study is called `{id}`, without .toml"),
            None => "there is no such file".to_owned(),
        }
    };
    let bytes = input::read(path, LARGEST).map_err(|error| match error.kind() {
        ErrorKind::NotFound => missing(),
        _ => error.to_string(),
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        format!("it is not UTF-8 text (line {line}); save it as UTF-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_in_study_is_found_by_name_and_a_stranger_is_not() {
        assert!(resolve("listening-training", &[]).is_ok());
        let wrong = resolve("listening-training", &["population.dyad=3".into()]);
        assert!(matches!(wrong, Err(Trouble::Problems(_))));
        let near = Some("listening-training".to_owned());
        assert_eq!(
            resolve("listening_trainig", &[]),
            Err(Trouble::Unknown { name: "listening_trainig".into(), nearest: near })
        );
        assert!(matches!(resolve("no/such/file.toml", &[]), Err(Trouble::Unreadable { .. })));
    }
}
