//! `run.json`: what a run was, and the checksum of every file in it.

use std::fmt;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::begun::SweepSpec;
use super::checksum;
use super::error::{Error, Result};
use super::seal;
use super::table::Column;

/// A finished table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRecord {
    /// The table.
    pub name: String,
    /// Its file, relative to the run directory, with `/`.
    pub file: String,
    /// What one row is.
    pub grain: String,
    /// Number of rows.
    pub rows: u64,
    /// Length of the file.
    pub bytes: u64,
    /// SHA-256 of the file.
    pub sha256: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

/// A figure or document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// The file, relative to the run directory, with `/`.
    pub file: String,
    /// SHA-256 of the file.
    pub sha256: String,
}

/// Digest of the sources from which this build makes tables: builds of one version can have different models. It is no part of the
/// [`Identity`], which is of what was asked for.
pub const MODEL: &str = env!("PEERLAB_MODEL");

/// What decides the tables of a run. Two runs of the same identity have the same tables, byte for byte.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The version of peerlab.
    pub version: &'a str,
    /// The scenario with every default filled in, as TOML.
    pub scenario: &'a str,
    /// The seed.
    pub seed: u64,
    /// How many replications.
    pub replications: u64,
    /// How much is recorded.
    pub record: &'a str,
}

impl Identity<'_> {
    /// SHA-256 over all of it.
    pub fn fingerprint(&self) -> String {
        let parts = [
            self.version.to_owned(),
            self.scenario.to_owned(),
            self.seed.to_string(),
            self.replications.to_string(),
            self.record.to_owned(),
        ];
        // Each part after its length: no two identities run together into the same text.
        let text: String = parts.iter().map(|p| format!("{}:{p}\n", p.len())).collect();
        checksum::of_bytes(text.as_bytes())
    }
}

/// What of a run a directory holds, where that is not all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Excerpt {
    /// One of several shares of its replications, to be merged with the others.
    Shard(Shard),
    /// One replication, under the number that it has in the whole run.
    Replication(u64),
}

/// One of several shares of a run's replications: consecutive ones, as many in each as in the others or one more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1.
    pub number: u64,
    /// Of how many.
    pub of: u64,
}

impl Shard {
    /// Its replications, of so many.
    pub fn replications(self, total: u64) -> Range<u64> {
        // In 128 bits: the product may be larger than either factor allows.
        let at = |number: u64| (u128::from(total) * u128::from(number) / u128::from(self.of.max(1))) as u64;
        at(self.number.saturating_sub(1))..at(self.number)
    }
}

impl Excerpt {
    /// The replications in it, of so many.
    pub fn replications(self, total: u64) -> Range<u64> {
        match self {
            Self::Shard(shard) => shard.replications(total),
            Self::Replication(number) => number..number + 1,
        }
    }

    /// The fingerprint of this part of a run of that fingerprint.
    pub fn fingerprint(self, whole: &str) -> String {
        checksum::of_bytes(format!("{self} of {whole}").as_bytes())
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Shard(Shard { number, of }) => write!(f, "shard {number} of {of}"),
            Self::Replication(number) => write!(f, "replication {number} alone"),
        }
    }
}

/// What `run.json` says. Keys come in this order; the file ends with one more, `sha256`, by which it vouches for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of this file's form: [`Manifest::FORMAT`].
    pub format: u32,
    /// Version of peerlab that made the run.
    pub version: String,
    /// [`MODEL`] of the build that made it; empty where it was made before there was one.
    #[serde(default)]
    pub model: String,
    /// Id of the study.
    pub study: String,
    /// Its title.
    pub title: String,
    /// The seed.
    pub seed: u64,
    /// How many replications the run is of.
    pub replications: u64,
    /// What of the run is here, where that is not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<Excerpt>,
    /// How much was recorded: "summary", "waves", "weeks" or "episodes".
    pub record: String,
    /// [`Identity::fingerprint`]: the same for a run that would give the same tables.
    pub fingerprint: String,
    /// The command lines that made it.
    pub commands: Vec<String>,
    /// The summary, as it was shown.
    pub summary: Value,
    /// How long it took. Here and in no table, so that tables stay identical.
    pub timing: Value,
    /// The tables.
    pub tables: Vec<TableRecord>,
    /// The figures; filled in by [`super::RunDirectory::finish`].
    pub figures: Vec<FileRecord>,
    /// The report and whatever else there is; filled in by [`super::RunDirectory::finish`].
    pub documents: Vec<FileRecord>,
    /// The scenario with every default filled in.
    pub scenario: Value,
    /// The same as TOML: saved to a file, it can be run again.
    pub scenario_toml: String,
}

impl Manifest {
    /// The form that this version writes and reads.
    pub const FORMAT: u32 = 2;

    /// Its name in the run directory.
    pub const FILE: &'static str = "run.json";

    /// The record of a table.
    pub fn table(&self, name: &str) -> Option<&TableRecord> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// What the sweep was asked for, if it is one, or a shard of one.
    pub fn sweep(&self) -> Option<SweepSpec> {
        (self.record == SweepSpec::RECORD).then(|| serde_json::from_value(self.scenario.clone()).ok()).flatten()
    }

    /// Every file it vouches for: relative path, length where it is known, checksum.
    pub fn files(&self) -> impl Iterator<Item = (&str, Option<u64>, &str)> {
        let tables = self.tables.iter().map(|t| (t.file.as_str(), Some(t.bytes), t.sha256.as_str()));
        let others = self.figures.iter().chain(&self.documents);
        tables.chain(others.map(|f| (f.file.as_str(), None, f.sha256.as_str())))
    }

    /// Reads a manifest, if there is one, and holds it against its own checksum.
    pub(super) fn read(path: &Path) -> Result<Option<Self>> {
        let Some(text) = seal::read(path)? else { return Ok(None) };
        let wrong = |problem: String| Error::Manifest { path: path.to_path_buf(), problem };
        Self::parse(&text).and_then(|manifest| seal::check(&text).map(|()| Some(manifest))).map_err(wrong)
    }

    /// Reads what a `run.json` holds; whether it is what was written is not looked at.
    ///
    /// # Errors
    /// What is wrong with it: no JSON, another form, a file that would lie outside the run directory.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        let value: Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
        match value.get("format").and_then(Value::as_u64) {
            Some(format) if format == u64::from(Self::FORMAT) => {}
            Some(format) => {
                let known = Self::FORMAT;
                return Err(format!("it is of format {format} and this version of peerlab reads format {known}"));
            }
            None => return Err("it does not say its `format`".into()),
        }
        let manifest: Self = serde_json::from_value(value).map_err(|e| e.to_string())?;
        if let Some((file, ..)) = manifest.files().find(|(file, ..)| !is_inside(file)) {
            return Err(format!("`{file}` lies outside the run directory"));
        }
        Ok(manifest)
    }

    /// Writes it, whole and on disk before this returns.
    pub(super) fn write(&self, path: &Path) -> Result<()> {
        let text = seal::sealed(self)
            .map_err(|error| Error::Manifest { path: path.to_path_buf(), problem: error.to_string() })?;
        let put = |mut file: File| file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        File::create(path).and_then(put).map_err(Error::io("write", path))
    }
}

/// Whether a relative path stays in its folder.
pub(super) fn is_inside(file: &str) -> bool {
    let mut parts = Path::new(file).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::results::test_support::{Folder, manifest};
    use crate::results::{Begun, verify};

    proptest! {
        #[test]
        fn bytes_of_any_kind_are_no_manifest(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}:,\"0-9a-f .-]{0,200}") {
            for text in [String::from_utf8_lossy(&bytes).into_owned(), text] {
                prop_assert!(Manifest::parse(&text).is_err() && Begun::parse(&text).is_err());
            }
        }

        #[test]
        fn a_manifest_changed_anywhere_is_understood_or_explained(
            cuts in prop::collection::vec((0.0..1.0_f64, 0..9_usize, "[\\[\\]{}:,\"0-9a-z./ -]{0,6}"), 1..4),
        ) {
            let mut whole = manifest();
            let record = |file: &str| FileRecord { file: file.into(), sha256: "0".repeat(64) };
            (whole.figures, whole.documents) = (vec![record("figures/a.svg")], vec![record("report.html")]);
            let whole = serde_json::to_string_pretty(&whole).unwrap();
            let begun = serde_json::to_string_pretty(&Begun::of(&manifest())).unwrap();
            let folder = Folder::new("manifest changed");
            for mut text in [whole, begun] {
                for (at, length, insert) in &cuts {
                    let start = ((at * text.len() as f64) as usize).min(text.len());
                    let end = (start + length).min(text.len());
                    text.replace_range(start..end, insert);
                }
                if let Ok(found) = Manifest::parse(&text) {
                    prop_assert!(found.files().all(|(file, ..)| is_inside(file)), "{}", text);
                }
                let _ = Begun::parse(&text);
                // None of its files is there, so that no change makes it whole.
                std::fs::write(folder.join(Manifest::FILE), &text).unwrap();
                prop_assert!(verify(&*folder).is_err());
            }
        }
    }

    #[test]
    fn survives_the_round_trip_with_keys_in_order() {
        let folder = Folder::new("manifest");
        let path = folder.join("run.json");
        let before = manifest();
        before.write(&path).unwrap();
        assert_eq!(Manifest::read(&path).unwrap(), Some(before.clone()));
        let text = std::fs::read_to_string(&path).unwrap();
        let places: Vec<_> = ["format", "seed", "summary", "timing", "tables", "scenario_toml"]
            .iter()
            .map(|key| text.find(&format!("\n  \"{key}\"")).unwrap())
            .collect();
        assert!(places.is_sorted());
        before.write(&path).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }

    #[test]
    fn what_cannot_be_understood_is_explained() {
        let folder = Folder::new("manifest");
        let path = folder.join("run.json");
        assert_eq!(Manifest::read(&path).unwrap(), None);
        let mut outside = manifest();
        outside.documents.push(FileRecord { file: "../report.html".into(), sha256: String::new() });
        let outside = serde_json::to_string(&outside).unwrap();
        let unsealed = serde_json::to_string_pretty(&manifest()).unwrap();
        let edited = seal::sealed(&manifest()).unwrap().replace("0.25", "0.52");
        for (text, expected) in [
            (unsealed.as_str(), "no checksum of itself"),
            (&edited, "not what was written"),
            ("{", "EOF while parsing"),
            ("{}", "`format`"),
            (r#"{"format": 99}"#, "format 99"),
            (r#"{"format": 2}"#, "missing field"),
            (&outside, "outside the run directory"),
        ] {
            std::fs::write(&path, text).unwrap();
            let message = Manifest::read(&path).unwrap_err().to_string();
            assert!(message.contains(expected) && message.contains("run.json"), "{message}");
        }
    }

    #[test]
    fn shards_cover_a_run_once_whatever_their_number() {
        for (total, of) in [(1, 1), (7, 3), (64, 64), (1000, 7), (u64::MAX, 64), (3, 5)] {
            let all: Vec<_> = (1..=of).map(|number| Shard { number, of }.replications(total)).collect();
            assert_eq!((all[0].start, all[all.len() - 1].end), (0, total));
            assert!(all.windows(2).all(|pair| pair[0].end == pair[1].start));
            let sizes = all.iter().map(|one| one.end - one.start);
            assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1, "{total} in {of}");
        }
    }

    #[test]
    fn the_fingerprint_sees_every_part() {
        let one = Identity { version: "0.1.0", scenario: "id = 1", seed: 1, replications: 10, record: "waves" };
        let others = [
            Identity { version: "0.1.1", ..one },
            Identity { scenario: "id = 2", ..one },
            Identity { seed: 2, ..one },
            Identity { replications: 11, ..one },
            Identity { record: "weeks", ..one },
        ];
        assert_eq!(one.fingerprint(), one.fingerprint());
        assert!(others.iter().all(|other| other.fingerprint() != one.fingerprint()));
    }
}
