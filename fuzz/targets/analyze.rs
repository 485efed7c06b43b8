//! A file of a scholar's own data: CSV, read for a built-in study and analyzed by all of its estimators.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use peerlab::inquiry::dataset::{Dataset, Reading};
use peerlab::inquiry::own_data::OwnData;
use peerlab::scenario::builtin;
use peerlab::study::plan::Plan;

fn plan() -> Option<&'static Plan> {
    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
    PLAN.get_or_init(|| Plan::new(builtin::find("listening-training")?.read(&[]).ok()?.study).ok()).as_ref()
}

fuzz_target!(|bytes: &[u8]| {
    let Some(plan) = plan() else { return };
    let Ok(table) = Dataset::from_csv("fuzz.csv", bytes, &Reading::default()) else { return };
    let names: Vec<String> = table.names().map(str::to_owned).collect();
    for name in &names {
        let _ = (table.numbers(name), table.labels(name), table.is_text(name));
    }
    let all: Vec<usize> = (0..plan.study.hypotheses.len()).collect();
    if let Ok(data) = OwnData::read(plan, &table, &all) {
        for found in data.analyze(plan, &all) {
            if let Ok(estimate) = found.result {
                assert!(estimate.estimate.is_finite(), "{:?}", estimate);
            }
        }
    }
});
