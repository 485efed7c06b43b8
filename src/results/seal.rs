//! A JSON file that vouches for itself.
//!
//! Its last key, `sha256`, is the checksum of every byte before that line:
//!
//! ```text
//! {
//!   "format": 2,
//!   …
//!   "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
//! }
//! ```
//!
//! So a bit that flipped, a line that somebody changed and an end that is missing are all seen, wherever they are, and anybody can
//! check it: `head -n -2 run.json | sha256sum`.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use serde::Serialize;

use super::checksum;
use super::error::{Error, Result};
use crate::input;

/// Bytes that are read of such a file, at most. The largest are of sweeps: some 600 for each cell.
const MOST: u64 = 1 << 28;

/// Begins the line that has the checksum.
const KEY: &str = "  \"sha256\": \"";
const END: &str = "\"\n}\n";

/// A value as JSON with its seal; it must be an object that has something in it.
pub(super) fn sealed(value: &impl Serialize) -> serde_json::Result<String> {
    let text = serde_json::to_string_pretty(value)?;
    let body = format!("{},\n", text.strip_suffix("\n}").unwrap_or(&text));
    Ok(format!("{body}{KEY}{}{END}", checksum::of_bytes(body.as_bytes())))
}

/// Holds a file's text against its seal.
///
/// # Errors
/// What is wrong with it.
pub(super) fn check(text: &str) -> std::result::Result<(), String> {
    let at = text.rfind(KEY).ok_or("it has no checksum of itself at its end")?;
    let (body, line) = text.split_at(at);
    if line == format!("{KEY}{}{END}", checksum::of_bytes(body.as_bytes())) {
        Ok(())
    } else {
        Err("it is not what was written: its checksum of itself differs".to_owned())
    }
}

/// The text of such a file, if there is one. Bytes that are no text are replaced, so that the seal does not hold.
///
/// # Errors
/// If the system refuses, it is no file but a pipe or a device, or it is far larger than any is.
pub(super) fn read(path: &Path) -> Result<Option<String>> {
    let bytes = match fs::metadata(path) {
        Ok(about) if !about.is_file() => Err(io::Error::other("it is no file")),
        Ok(_) => input::read(path, MOST),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => Err(error),
    };
    let bytes = bytes.map_err(Error::io("read", path))?;
    Ok(Some(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_bit_of_a_sealed_file_is_vouched_for() {
        let text = sealed(&json!({ "a": 1, "sha256": "of something else", "z": ["b\n}"] })).unwrap();
        assert_eq!(check(&text), Ok(()));
        assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap()["z"].is_array());
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let changed = String::from_utf8_lossy(&bytes);
                assert!(check(&changed).is_err(), "bit {bit} of byte {at}");
            }
            assert!(check(&text[..at]).is_err(), "cut at {at}");
        }
        assert!(check(&format!("{text}\n")).is_err());
    }
}
