//! `--set KEY=VALUE` and `--over KEY=VALUES`: each line of the input is one.
#![no_main]

use libfuzzer_sys::fuzz_target;
use peerlab::inquiry::sweep::{Axis, Design, cells};
use peerlab::scenario::builtin;

fuzz_target!(|text: &str| {
    let lines: Vec<String> = text.lines().take(8).map(str::to_owned).collect();
    if let Some(study) = builtin::find("listening-training") {
        let _ = study.read(&lines);
    }
    let axes: Vec<Axis> = lines.iter().filter_map(|line| Axis::parse(line).ok()).collect();
    for axis in &axes {
        // As it is written in `begun.json`, it is read again as itself.
        assert_eq!(Axis::parse(&axis.to_string()).as_ref(), Ok(axis));
    }
    for (design, points) in [(Design::Grid, None), (Design::Lhs, Some(7)), (Design::Sobol, Some(7))] {
        if let Ok(cells) = cells(&axes, design, points, 1) {
            assert!(cells.iter().flatten().all(|value| value.is_finite()), "{axes:?}");
        }
    }
});
