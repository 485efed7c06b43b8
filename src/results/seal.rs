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

use serde::Serialize;

use super::checksum;

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
pub(super) fn check(text: &str) -> Result<(), String> {
    let at = text.rfind(KEY).ok_or("it has no checksum of itself at its end")?;
    let (body, line) = text.split_at(at);
    if line == format!("{KEY}{}{END}", checksum::of_bytes(body.as_bytes())) {
        Ok(())
    } else {
        Err("it is not what was written: its checksum of itself differs".to_owned())
    }
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
