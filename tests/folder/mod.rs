//! A folder of its own for a test, gone when the test ends.
#![allow(dead_code)] // Each test file uses its own part.

use std::fs;
use std::path::PathBuf;

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
