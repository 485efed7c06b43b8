//! Folders for tests, under a name of their own, gone when the test ends.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Column, Identity, Kind, Manifest, Table, Values};

/// A folder that is removed with everything in it.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let unique = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("peerlab-{}-{unique}-{name}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A table with one column of each kind.
pub(super) fn example() -> Table {
    Table {
        name: "example",
        grain: "replication".into(),
        columns: vec![
            Column::new("replication", Kind::Integer, "index", "The replication, from 0"),
            Column::new("estimate", Kind::Real, "SD", "Estimated effect; missing if the fit failed"),
            Column::new("failed", Kind::Flag, "yes or no", "Whether the fit failed"),
            Column::new("arm", Kind::Text, "name", "The arm: “Übung” or “talk”"),
        ],
    }
}

/// Rows `from..to` of the example: every seventh estimate is missing, some are −0.
pub(super) fn example_rows(from: u32, to: u32) -> Vec<Values> {
    let arms: [Arc<str>; 2] = ["Übung".into(), "talk".into()];
    let estimate = |i: u32| match i {
        i if i % 7 == 3 => f64::NAN,
        i if i % 11 == 0 => -0.0,
        i => f64::from(i.wrapping_mul(2_654_435_761)) / 4_294_967_296.0 - 0.5,
    };
    vec![
        Values::Integer((from..to).collect()),
        Values::Real((from..to).map(estimate).collect()),
        Values::Flag((from..to).map(|i| i % 7 == 3).collect()),
        Values::Text((from..to).map(|i| arms[i as usize % 2].clone()).collect()),
    ]
}

/// A manifest with nothing in it yet.
pub(super) fn manifest() -> Manifest {
    let identity =
        Identity { version: "0.1.0", scenario: "id = \"example\"\n", seed: 7, replications: 2, record: "summary" };
    Manifest {
        format: Manifest::FORMAT,
        version: identity.version.into(),
        model: crate::results::MODEL.into(),
        study: "example".into(),
        title: "An example".into(),
        seed: identity.seed,
        excerpt: None,
        replications: identity.replications,
        record: identity.record.into(),
        fingerprint: identity.fingerprint(),
        commands: vec!["peerlab run example".into()],
        summary: serde_json::json!({"verdict": "greater", "estimate": 0.25}),
        timing: serde_json::json!({"seconds": 1.5}),
        tables: Vec::new(),
        figures: Vec::new(),
        documents: Vec::new(),
        scenario: serde_json::json!({"id": "example"}),
        scenario_toml: identity.scenario.into(),
    }
}
