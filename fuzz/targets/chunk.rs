//! A parcel of chunks, as the journal and shards keep them: the first byte says how many replications it should hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use peerlab::monte_carlo::parcel::{append, open, places, read};

fuzz_target!(|bytes: &[u8]| {
    let Some((count, parcel)) = bytes.split_first() else { return };
    let replications = 0..u64::from(*count);
    // What a sweep finds its chunks by: where they are to be, each is one or none.
    for (_, place) in places(parcel, &replications).unwrap_or_default() {
        let _ = read(&parcel[place]);
    }
    if let Some(chunks) = open(parcel, &replications) {
        // What is taken for whole is written again, and read again as the same number of chunks.
        let mut again = Vec::new();
        for chunk in &chunks {
            assert!(append(&mut again, chunk).is_ok());
        }
        assert_eq!(open(&again, &replications).map(|chunks| chunks.len()), Some(chunks.len()));
    }
});
