//! Which run was begun in a folder: what it takes to go on with it, and to know it again.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::checksum;
use super::error::{Error, Result};
use super::manifest::{Excerpt, Manifest};
use super::seal;

/// What a sweep was asked for: with it every cell's scenario can be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SweepSpec {
    /// The scenario as it was written.
    pub scenario: String,
    /// Its name, for messages.
    pub name: String,
    /// What was changed in every cell: `KEY=VALUE`.
    pub changes: Vec<String>,
    /// The keys with their values: `KEY=LOW..HIGH:COUNT` or `KEY=A,B,C`.
    pub over: Vec<String>,
    /// grid, lhs or sobol.
    pub design: String,
    /// Cells of a design that is no grid.
    pub points: Option<u64>,
    /// Seed of a design that is drawn.
    pub design_seed: u64,
    /// How much of each replication is kept.
    pub record: String,
}

impl SweepSpec {
    /// What `run.json` calls this kind of run.
    pub const RECORD: &str = "sweep";
    const REPLICATIONS: &str = "monte_carlo.replications";

    /// The same with so many replications of each cell, said once and after all other changes: two sweeps of one size say the same
    /// of themselves, however each came to it.
    #[must_use]
    pub fn with_replications(mut self, replications: u64) -> Self {
        self.changes.retain(|change| change.split('=').next().map(str::trim) != Some(Self::REPLICATIONS));
        self.changes.push(format!("{}={replications}", Self::REPLICATIONS));
        self
    }
}

/// Which run was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// Version of this file's form: [`Begun::FORMAT`].
    pub format: u32,
    /// Version of peerlab that began it.
    pub version: String,
    /// [`MODEL`](super::MODEL) of the build that began it; empty where it was begun before there was one.
    #[serde(default)]
    pub model: String,
    /// Id of the study.
    pub study: String,
    /// The seed.
    pub seed: u64,
    /// How many replications were asked for.
    pub replications: u64,
    /// What of the run is computed here, where that is not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// Replications that the finished run in the directory has, where this one goes on from them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<u64>,
    /// What the sweep was asked for, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sweep: Option<SweepSpec>,
    /// How much is recorded.
    pub record: String,
    /// [`Identity::fingerprint`](super::Identity::fingerprint).
    pub fingerprint: String,
    /// The command lines so far.
    pub commands: Vec<String>,
    /// The scenario with every default filled in, as TOML.
    pub scenario_toml: String,
}

impl Begun {
    /// The form that this version writes and reads.
    pub const FORMAT: u32 = 2;
    pub(super) const FILE: &str = "begun.json";

    /// What `run.json` says of it: under this title, with this timing and this scenario, without a summary and without tables.
    pub fn manifest(self, title: String, timing: serde_json::Value, scenario: serde_json::Value) -> Manifest {
        Manifest {
            format: Manifest::FORMAT,
            version: self.version,
            model: self.model,
            study: self.study,
            title,
            seed: self.seed,
            replications: self.replications,
            excerpt: self.excerpt,
            record: self.record,
            fingerprint: self.fingerprint,
            commands: self.commands,
            summary: serde_json::Value::Null,
            timing,
            tables: Vec::new(),
            figures: Vec::new(),
            documents: Vec::new(),
            scenario,
            scenario_toml: self.scenario_toml,
        }
    }

    /// What a finished run was.
    pub fn of(manifest: &Manifest) -> Self {
        Self {
            format: Self::FORMAT,
            version: manifest.version.clone(),
            model: manifest.model.clone(),
            study: manifest.study.clone(),
            seed: manifest.seed,
            replications: manifest.replications,
            excerpt: manifest.excerpt,
            base: None,
            sweep: manifest.sweep(),
            record: manifest.record.clone(),
            fingerprint: manifest.fingerprint.clone(),
            commands: manifest.commands.clone(),
            scenario_toml: manifest.scenario_toml.clone(),
        }
    }

    /// What each of its parts is marked with: the same for what has the same rows in the same places, by the same build.
    pub(super) fn mark(&self) -> String {
        // Which cell a place of a sweep is of depends on the sweep that it goes on from.
        let from = match (&self.sweep, self.base) {
            (Some(_), Some(base)) => format!(" from {base}"),
            _ => String::new(),
        };
        let mut mark = checksum::of_bytes(format!("{} by {}{from}", self.fingerprint, self.model).as_bytes());
        mark.truncate(16);
        mark
    }

    /// What its file holds.
    pub(super) fn text(&self) -> std::result::Result<String, String> {
        seal::sealed(self).map_err(|error| error.to_string())
    }

    /// Reads what was begun in a journal's folder, if there is one, and holds it against its own checksum.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>> {
        let path = folder.join(Self::FILE);
        let Some(text) = seal::read(&path)? else { return Ok(None) };
        let checked = Self::parse(&text).and_then(|begun| seal::check(&text).map(|()| Some(begun)));
        checked.map_err(|problem| Error::Journal { path, problem })
    }

    /// Reads what a `begun.json` holds; whether it is what was written is not looked at.
    ///
    /// # Errors
    /// What is wrong with it: no JSON, or another form.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let begun: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match begun.format {
            Self::FORMAT => Ok(begun),
            other => Err(format!("it is of format {other} and this version of peerlab reads format {}", Self::FORMAT)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::results::test_support::{Folder, manifest};

    #[test]
    fn what_cannot_be_relied_on_is_explained() {
        let folder = Folder::new("begun");
        let begun = Begun::of(&manifest());
        let whole = begun.text().unwrap();
        let other = Begun { format: 9, ..begun.clone() }.text().unwrap();
        let edited = whole.replacen("\"seed\": ", "\"seed\": 1", 1);
        for (text, expected) in [("{", "EOF"), (&other, "format 9"), (&edited, "its checksum of itself differs")] {
            fs::write(folder.join("begun.json"), text).unwrap();
            let message = Begun::read(&folder).unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
            assert!(message.contains("begun.json") && message.contains("--force"), "{message}");
        }
        fs::write(folder.join("begun.json"), whole).unwrap();
        assert_eq!(Begun::read(&folder).unwrap(), Some(begun));
    }
}
