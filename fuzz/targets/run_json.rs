//! `run.json` and `begun.json`: what vouches for a run, finished or not.
#![no_main]

use libfuzzer_sys::fuzz_target;
use peerlab::report::summary::Summary;
use peerlab::report::sweep::SweepSummary;
use peerlab::results::{Begun, Manifest};

fuzz_target!(|text: &str| {
    if let Ok(manifest) = Manifest::parse(text) {
        let _ = serde_json::from_value::<Summary>(manifest.summary.clone());
        let _ = serde_json::from_value::<SweepSummary>(manifest.summary.clone());
        let again = serde_json::to_string(&manifest).unwrap_or_default();
        assert_eq!(Manifest::parse(&again).ok(), Some(manifest));
    }
    if let Ok(begun) = Begun::parse(text) {
        let again = serde_json::to_string(&begun).unwrap_or_default();
        assert_eq!(Begun::parse(&again).ok(), Some(begun));
    }
});
