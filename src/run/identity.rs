//! Which run it is that is begun, gone on with or found.

use std::path::Path;

use super::Error;
use crate::results::{Begun, Excerpt, Identity, MODEL};
use crate::scenario::{self, resolved};
use crate::study::declaration::Study;
use crate::study::experiment::Record;

/// What is begun.
pub(super) fn begin(study: &Study, record: Record, excerpt: Option<Excerpt>, command: &str) -> Begun {
    let scenario_toml = resolved::to_toml(study);
    let identity = Identity {
        version: env!("CARGO_PKG_VERSION"),
        scenario: &scenario_toml,
        seed: study.monte_carlo.seed,
        replications: study.monte_carlo.replications as u64,
        record: record.name(),
    };
    let whole = identity.fingerprint();
    Begun {
        format: Begun::FORMAT,
        version: identity.version.to_owned(),
        model: MODEL.to_owned(),
        study: study.id.clone(),
        seed: identity.seed,
        replications: identity.replications,
        excerpt,
        base: None,
        sweep: None,
        record: identity.record.to_owned(),
        fingerprint: excerpt.map_or_else(|| whole.clone(), |excerpt| excerpt.fingerprint(&whole)),
        commands: (!command.is_empty()).then(|| command.to_owned()).into_iter().collect(),
        scenario_toml,
    }
}

/// The study and the level of record of what was begun in a folder, held against what it says of itself; `by` names the file.
///
/// # Errors
/// If another version or another build began it, or it has been changed since.
pub(super) fn recover(begun: &Begun, path: &Path, by: &str) -> Result<(Study, Record), Error> {
    if begun.version != env!("CARGO_PKG_VERSION") {
        return Err(Error::Version { path: path.to_path_buf(), version: begun.version.clone() });
    }
    same_model(&begun.model, path)?;
    let changed = |what: &str| Error::Changed { path: path.to_path_buf(), what: what.to_owned() };
    let scenario = scenario::read(&begun.scenario_toml, by, &[]).map_err(|_| changed("its scenario is none"))?;
    let record = Record::NAMES.iter().find(|(name, _)| *name == begun.record);
    let (_, record) = record.ok_or_else(|| changed("its level of record is none"))?;
    let again = begin(&scenario.study, *record, begun.excerpt, "");
    let again = Begun { commands: begun.commands.clone(), base: begun.base, ..again };
    if again == *begun { Ok((scenario.study, *record)) } else { Err(changed(&difference(begun, &again))) }
}

/// Refuses what another build's model made.
///
/// # Errors
/// [`Error::Build`].
pub(super) fn same_model(model: &str, path: &Path) -> Result<(), Error> {
    if model == MODEL { Ok(()) } else { Err(Error::Build { path: path.to_path_buf(), model: model.to_owned() }) }
}

/// What one run has that another has not.
pub(super) fn difference(found: &Begun, asked: &Begun) -> String {
    let mut parts = Vec::new();
    if found.study != asked.study {
        parts.push(format!("study {}", found.study));
    }
    if found.version != asked.version {
        parts.push(format!("peerlab {}", found.version));
    } else if found.model != asked.model {
        parts.push("another build's model".to_owned());
    }
    if found.seed != asked.seed {
        parts.push(format!("seed {}", found.seed));
    }
    if found.replications != asked.replications {
        parts.push(format!("{} replications", found.replications));
    }
    if found.record != asked.record {
        parts.push(format!("record {}", found.record));
    }
    if found.sweep != asked.sweep {
        parts.push(match &found.sweep {
            Some(spec) => format!("a sweep over {}", spec.over.join(" and ")),
            None => "no sweep".to_owned(),
        });
    }
    if found.excerpt != asked.excerpt {
        parts.push(found.excerpt.map_or_else(|| "the whole run".to_owned(), |excerpt| excerpt.to_string()));
    }
    if parts.is_empty() {
        parts.push("other parameters".to_owned());
    }
    parts.join(", ")
}
