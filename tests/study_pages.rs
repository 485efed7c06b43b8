//! The pages of the studies in `docs/studies/` are what scenario, registry and a run give: `make studies` writes them anew.
//! It runs every study, so that a page goes stale with the first number that moves.
#![cfg(feature = "app")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use peerlab::figures;
use peerlab::report::design_picture::design_picture;
use peerlab::report::study_index::index;
use peerlab::report::study_page::{Material, page};
use peerlab::report::verdict::Finding;
use peerlab::run::{Options, run_study};
use peerlab::scenario::builtin;
use peerlab::study::declaration::Study;

/// Enough to see what is what, and few enough to run every study in a test.
const REPLICATIONS: usize = 200;
/// A picture of the estimates is shown if it is smaller than this many bytes.
const LARGEST: usize = 120_000;
const RENEW: &str = "make studies";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/studies")
}

/// Holds what is on paper against what it should be.
struct Paper {
    stale: Vec<String>,
}

impl Paper {
    fn is(&mut self, file: &str, text: &str) {
        let path = folder().join(file);
        if env::var_os("UPDATE_EXPECTED").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, text).expect("a writable folder");
        }
        if fs::read_to_string(&path).unwrap_or_default() != text {
            self.stale.push(format!("docs/studies/{file}"));
        }
    }
}

fn files(below: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(below) else { return Vec::new() };
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn the_pages_are_what_a_run_gives() {
    let scratch = env::temp_dir().join(format!("peerlab-pages-{}", std::process::id()));
    let mut paper = Paper { stale: Vec::new() };
    let mut all: Vec<(Study, Vec<Finding>)> = Vec::new();
    for builtin in builtin::list() {
        let mut study = builtin.read(&[]).expect("right").study;
        let replications = study.monte_carlo.replications;
        study.monte_carlo.replications = REPLICATIONS;
        let out = scratch.join(builtin.id);
        let finished = run_study(&study, &Options::new(&out)).unwrap_or_else(|error| panic!("{}: {error}", builtin.id));
        let estimates = fs::read_to_string(out.join("figures/estimates.svg"))
            .map(|svg| figures::without_font(&svg))
            .ok()
            .filter(|svg| svg.len() <= LARGEST);
        let design = figures::svg(&design_picture(&study)).expect("drawn");
        paper.is(&format!("figures/{}-design.svg", study.id), &figures::without_font(&design));
        if let Some(svg) = &estimates {
            paper.is(&format!("figures/{}-estimates.svg", study.id), svg);
        }
        let findings = finished.summary.findings;
        let material = Material { study: &study, findings: &findings, replications, estimates: estimates.is_some() };
        paper.is(&format!("{}.md", study.id), &page(&material));
        all.push((study, findings));
    }
    fs::remove_dir_all(&scratch).expect("removed");
    let listed: Vec<(&Study, &[Finding])> = all.iter().map(|(study, findings)| (study, findings.as_slice())).collect();
    paper.is("README.md", &index(&listed));

    let known = |name: &str| {
        let of = |id: &str| [format!("{id}.md"), format!("{id}-design.svg"), format!("{id}-estimates.svg")];
        name == "README.md"
            || name == "figures"
            || builtin::list().iter().any(|study| of(study.id).iter().any(|it| it == name))
    };
    let left: Vec<String> =
        files(&folder()).into_iter().chain(files(&folder().join("figures"))).filter(|name| !known(name)).collect();
    assert!(left.is_empty(), "pages of studies that are no more, to be deleted: {left:?}");
    assert!(
        paper.stale.is_empty(),
        "stale: {}; `{RENEW}` writes them anew: read the difference",
        paper.stale.join(", ")
    );
}
