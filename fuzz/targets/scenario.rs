//! The reader of scenarios: any text is a scenario or a list of problems, and a scenario that is written out is read again as itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use peerlab::scenario::{read, resolved};

fuzz_target!(|text: &str| {
    if let Ok(scenario) = read(text, "fuzz.toml", &[]) {
        let written = resolved::to_toml(&scenario.study);
        match read(&written, "again.toml", &[]) {
            Ok(again) => assert_eq!(resolved::to_toml(&again.study), written),
            Err(problems) => panic!("what was written is not read: {problems:?}\n{written}"),
        }
    }
});
