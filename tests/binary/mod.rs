//! The real binary in a folder of its own, and everything that a run leaves, byte for byte.
#![allow(dead_code)] // Each test file uses its own part.

#[path = "../folder/mod.rs"]
mod folder;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[allow(unused_imports)] // As above.
pub use folder::{Folder, reseal};
use serde_json::Value;

impl Folder {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_peerlab"));
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null());
        command
    }

    /// Runs the binary with these arguments, divided at spaces.
    pub fn peerlab(&self, arguments: &str) -> Output {
        self.command(&arguments.split(' ').collect::<Vec<_>>()).output().unwrap()
    }

    /// The same, which has to succeed; what it printed.
    pub fn done(&self, arguments: &str) -> String {
        let output = self.peerlab(arguments);
        assert!(output.status.success(), "peerlab {arguments}: {}", text(&output));
        text(&output)
    }

    /// The same, which has to fail with this status; what it printed.
    pub fn refused(&self, arguments: &str, status: i32) -> String {
        let output = self.peerlab(arguments);
        assert_eq!(output.status.code(), Some(status), "peerlab {arguments}: {}", text(&output));
        text(&output)
    }

    /// Begins with these arguments; what is said on the error output can be had when it has ended.
    pub fn begin(&self, arguments: &str) -> Child {
        let mut command = self.command(&arguments.split(' ').collect::<Vec<_>>());
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Begins with these arguments, and kills the process once the journal in `run` has this many parts.
    pub fn cut_off(&self, arguments: &str, run: &str, parts: usize) {
        let mut child = self.begin(arguments);
        let log = self.join(run).join(".partial/journal/log");
        let deadline = Instant::now() + Duration::from_secs(60);
        while lines(&log) < parts {
            let ended = child.try_wait().unwrap();
            assert!(Instant::now() < deadline && ended.is_none(), "it ended before it could be cut off");
            sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

fn lines(log: &Path) -> usize {
    fs::read_to_string(log).unwrap_or_default().lines().filter(|line| !line.is_empty()).count()
}

pub fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// `run.json`, without when and by which commands it was made, and without its checksum, which is of that too.
pub fn manifest(run: &Path) -> Value {
    let mut manifest: Value = serde_json::from_slice(&fs::read(run.join("run.json")).unwrap()).unwrap();
    for key in ["timing", "commands", "sha256"] {
        assert!(manifest.as_object_mut().unwrap().remove(key).is_some(), "{key}");
    }
    manifest
}

/// Every file but `run.json`, byte for byte.
pub fn files(run: &Path) -> BTreeMap<String, Vec<u8>> {
    fn gather(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{prefix}{}", path.file_name().unwrap().to_string_lossy());
            if path.is_dir() {
                gather(&path, &format!("{name}/"), found);
            } else if name != "run.json" {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    gather(run, "", &mut found);
    found
}

/// Two runs are the same: every file to the byte, and all of `run.json` but when and by which commands it was made.
pub fn same(found: &Path, expected: &Path) {
    let (a, b) = (files(found), files(expected));
    assert_eq!(a.keys().collect::<Vec<_>>(), b.keys().collect::<Vec<_>>());
    for (name, bytes) in &a {
        assert!(*bytes == b[name], "{name} differs in {}", found.display());
    }
    assert!(manifest(found) == manifest(expected), "run.json differs in {}", found.display());
}
