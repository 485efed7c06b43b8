//! `docs/results.md` describes every table as the code declares it. Between its two marks the page is written by
//! `UPDATE_EXPECTED=1 cargo test --release --test docs`, and otherwise compared.
#![cfg(feature = "app")]

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use peerlab::monte_carlo::tables;
use peerlab::results::{Kind, Table};
use peerlab::scenario::builtin;
use peerlab::study::plan::Plan;

const BEGIN: &str = "<!-- tables: written by tests/docs.rs, do not edit -->\n";
const END: &str = "<!-- end of tables -->\n";

/// The tables in the page's order, with what keeps them.
fn declared() -> [(Table, &'static str); 21] {
    let study = builtin::find("listening-training").expect("a built-in study").read(&[]).expect("a right one").study;
    let plan = Plan::new(study).expect("a plan");
    [
        (tables::estimates(), "always"),
        (peerlab::inquiry::table::diagnosis(), "always"),
        (peerlab::inquiry::strategy_table::strategies(), "always"),
        (tables::replications(), "always"),
        (tables::organizations(), "always"),
        (tables::trajectories(), "always"),
        (tables::failures(), "where a replication failed"),
        (tables::individuals(), "with `--record waves` and above"),
        (tables::dyads(), "with `--record waves` and above"),
        (tables::waves(&plan), "with `--record waves` and above"),
        (tables::instruments(), "with `--record waves` and above"),
        (tables::weeks(), "with `--record weeks` and above"),
        (tables::episodes(), "with `--record episodes`"),
        (peerlab::inquiry::sweep::table::cells(&[]), "by `peerlab sweep`"),
        (peerlab::inquiry::sweep::table::sweep(&[]), "by `peerlab sweep`"),
        (peerlab::inquiry::power::table::power(), "by `peerlab power`"),
        (peerlab::inquiry::power::table::power_curve(), "by `peerlab power`"),
        (peerlab::inquiry::power::table::power_replications(), "by `peerlab power`"),
        (peerlab::inquiry::compare::table::compared(), "by `peerlab compare`"),
        (peerlab::inquiry::compare::table::utilities(), "by `peerlab compare` where there is money"),
        (peerlab::inquiry::compare::table::inputs(), "by `peerlab compare` where there is money"),
    ]
}

fn written() -> String {
    let mut page = String::new();
    for (table, kept) in declared() {
        write!(page, "\n### `{}`\n\nOne row per {}. Kept {kept}.\n\n", table.name, table.grain).unwrap();
        page.push_str("| column | type | unit | meaning |\n|---|---|---|---|\n");
        for column in &table.columns {
            let kind = match column.kind {
                Kind::Integer => "integer",
                Kind::Partition => "partition",
                Kind::Real => "real",
                Kind::Flag => "flag",
                Kind::Text => "text",
            };
            let cell = |text: &str| text.replace('|', "\\|");
            writeln!(page, "| `{}` | {kind} | {} | {} |", column.name, cell(&column.unit), cell(&column.description))
                .unwrap();
        }
    }
    page.push('\n');
    page
}

#[test]
fn the_dictionary_of_results_is_what_the_code_declares() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/results.md");
    let page = fs::read_to_string(&path).expect("docs/results.md");
    let begin = page.find(BEGIN).expect("the mark where the tables begin") + BEGIN.len();
    let end = page.find(END).expect("the mark where the tables end");
    let tables = written();
    if env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, format!("{}{tables}{}", &page[..begin], &page[end..])).expect("a writable folder");
        return;
    }
    assert!(
        page[begin..end] == tables,
        "docs/results.md no longer says what the tables hold: run `make baselines` and read the difference"
    );
}

/// The inputs of a business case, as `docs/business-case.md` has them.
fn inputs() -> String {
    let mut page = String::from("\n| input | unit | low, likely, high | source |\n|---|---|---|---|\n");
    for input in &peerlab::study::business::INPUTS {
        let range = match input.default {
            Some([low, likely, high]) => format!("{low}, {likely}, {high}"),
            None => "none: to be stated".to_owned(),
        };
        writeln!(page, "| `{}` | {} | {range} | {} |", input.id, input.unit, input.source).unwrap();
    }
    page.push('\n');
    page
}

#[test]
fn the_inputs_of_a_business_case_are_what_the_code_declares() {
    const MARKS: [&str; 2] = ["<!-- inputs: written by tests/docs.rs, do not edit -->\n", "<!-- end of inputs -->\n"];
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/business-case.md");
    let page = fs::read_to_string(&path).expect("docs/business-case.md");
    let [begin, end] = MARKS.map(|mark| page.find(mark).expect("the mark"));
    let begin = begin + MARKS[0].len();
    if env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&path, format!("{}{}{}", &page[..begin], inputs(), &page[end..])).expect("a writable folder");
        return;
    }
    assert!(page[begin..end] == inputs(), "docs/business-case.md no longer says what the inputs are: `make baselines`");
}

#[test]
fn the_overview_names_every_table_once() {
    // Another test is writing the page then.
    if env::var_os("UPDATE_EXPECTED").is_some() {
        return;
    }
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/results.md")).expect("the page");
    let overview = &page[..page.find(BEGIN).expect("the mark")];
    for (table, _) in declared() {
        let line = format!("| [`{0}`](#{0}) |", table.name);
        assert_eq!(overview.matches(&line).count(), 1, "{line}");
    }
}

/// The table of peers is measured by hand, and nothing else would miss it.
#[test]
fn the_table_of_peers_stands_between_its_marks() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/performance.md")).unwrap();
    let (_, rest) = page.split_once("<!-- peers: written by make peers -->\n").expect("the first mark");
    let (table, _) = rest.split_once("<!-- /peers -->\n").expect("the second mark");
    for peer in [
        "| peerlab, the library |",
        "| plain Rust loop |",
        "| krABMaga",
        "| NumPy",
        "| Mesa",
        "Agreement of outcomes with peerlab",
    ] {
        assert!(table.contains(peer), "{peer}");
    }
}
