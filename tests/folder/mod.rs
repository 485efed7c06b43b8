//! A folder of its own for a test, gone when the test ends.
#![allow(dead_code)] // Each test file uses its own part.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// Its path has spaces and an umlaut: who cannot bear them fails everywhere.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("peerlab ü {name} {}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Changes a `run.json` or `begun.json` as somebody would who makes it vouch for the change.
pub fn reseal(path: &Path, change: impl FnOnce(&str) -> String) {
    const KEY: &str = "  \"sha256\": \"";
    let text = change(&fs::read_to_string(path).unwrap());
    let body = &text[..text.rfind(KEY).unwrap()];
    let sum: String = Sha256::digest(body.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    fs::write(path, format!("{body}{KEY}{sum}\"\n}}\n")).unwrap();
}
