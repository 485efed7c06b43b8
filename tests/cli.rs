//! The commands as a user meets them: the real binary, its exact words and its exit codes. Texts are in `tests/cli/`;
//! `UPDATE_EXPECTED=1 cargo test --test cli` writes them anew: read them as a newcomer before keeping them.
#![cfg(feature = "app")]

mod folder;

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::{env, fs};

use folder::Folder;
use peerlab::model::outcomes::OUTCOMES;
use peerlab::model::parameters::registry;
use peerlab::model::person::TRAITS;
use peerlab::model::risk::FACTORS;
use peerlab::scenario::keys::{KEYS, SECTIONS};
use peerlab::scenario::{builtin, schema::schema};
use peerlab::study::estimators;
use peerlab::study::observation::COUNTS;
use peerlab::study::treatment;

const DONE: Option<i32> = Some(0);
const WRONG: Option<i32> = Some(2);

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn peerlab(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_peerlab"));
    command.args(arguments).env_remove("COLUMNS").env_remove("NO_COLOR").current_dir(root());
    command
}

fn run(arguments: &[&str]) -> Output {
    peerlab(arguments).output().expect("the binary starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// What a command prints that ends well and complains of nothing.
fn said(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), DONE, "{arguments:?}: {}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{arguments:?}");
    text(&output.stdout)
}

/// What a command complains of that prints nothing else and ends with 2.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), WRONG, "{arguments:?}: {}", text(&output.stdout));
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
    text(&output.stderr)
}

fn assert_file(path: &Path, found: &str) {
    if env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(path, found).expect("a writable folder");
    }
    let wanted = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(wanted, found, "{} differs", path.display());
}

fn assert_says(name: &str, found: &str) {
    assert!(!found.contains('\u{1b}'), "escape codes in plain text");
    assert_file(&root().join("tests/cli").join(format!("{name}.txt")), found);
}

impl Folder {
    fn run(&self, arguments: &[&str]) -> Output {
        peerlab(arguments).current_dir(&self.0).output().expect("the binary starts")
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }
}

#[test]
fn each_screen_reads_as_written() {
    assert_says("help", &said(&["--help"]));
    assert_says("list", &said(&["list"]));
    assert_says("show", &said(&["show", "tests/cli/study.toml"]));
    assert_says("explain_parameter", &said(&["explain", "organization.competition"]));
    assert_says("explain_coupling", &said(&["explain", "coupling.person_to_dyad.skill"]));
    assert_says("explain_estimator", &said(&["explain", "ancova_cr2"]));
    assert_says("explain_factor", &said(&["explain", "climate_of_mistrust"]));
    assert_says("explain_outcome", &said(&["explain", "measurement.instruments.trust"]));
    assert_says("explain_treatment", &said(&["explain", "active listening"]));
    assert_says("explain_key", &said(&["explain", "hypothesis.estimator"]));
}

#[test]
fn a_name_that_several_things_end_in_lists_them() {
    let listed = said(&["explain", "competition"]);
    assert!(listed.contains("names have `competition` in them"), "{listed}");
    for id in ["organization.competition", "coupling.organization_to_dyad.competition"] {
        assert!(listed.contains(id), "{listed}");
    }
    let both = said(&["explain", "listening"]);
    assert!(both.contains("listening   outcome") && both.contains("listening   trait"), "{both}");
}

#[test]
fn everything_that_has_a_name_is_explained() {
    let topics: serde_json::Value = serde_json::from_str(&said(&["explain", "--json"])).expect("JSON");
    let known: Vec<(&str, &str)> = topics
        .as_array()
        .expect("a list")
        .iter()
        .map(|topic| (topic["id"].as_str().expect("an id"), topic["kind"].as_str().expect("a kind")))
        .collect();
    let mut ids: Vec<&str> = registry().map(|parameter| parameter.id).collect();
    ids.extend(OUTCOMES.iter().map(|outcome| outcome.id));
    ids.extend(TRAITS.iter().map(|(id, _)| id));
    ids.extend(FACTORS);
    ids.extend(treatment::CATALOGUE.iter().map(|kind| kind.id));
    ids.extend(estimators::catalogue().iter().map(|estimator| estimator.id));
    ids.extend(KEYS.iter().map(|key| key.path));
    ids.extend(COUNTS.iter().map(|(id, _)| id));
    for id in &ids {
        assert!(known.iter().any(|(name, _)| name == id), "{id} is not a topic");
    }
    for (section, _) in SECTIONS {
        assert!(known.iter().any(|(name, _)| name.trim_end_matches("[]") == *section), "{section} is not a topic");
    }
    let mut tables = peerlab::monte_carlo::tables::catalogue();
    tables.push(peerlab::inquiry::table::diagnosis());
    tables.push(peerlab::inquiry::strategy_table::strategies());
    for table in &tables {
        assert!(known.contains(&(table.name, "table of a run")), "{} is not a topic", table.name);
        for column in &table.columns {
            let name = format!("{}.{}", table.name, column.name);
            assert!(known.contains(&(name.as_str(), "column of a table")), "{name} is not a topic");
        }
    }
    let mut kinds: Vec<&str> = Vec::new();
    for (id, kind) in known {
        let explained = said(&["explain", id]);
        assert!(explained.contains(kind), "{id}: {explained}");
        if !kinds.contains(&kind) {
            kinds.push(kind);
            let json: serde_json::Value = serde_json::from_str(&said(&["explain", id, "--json"])).expect("JSON");
            assert!(json[0]["meaning"].as_str().is_some_and(|meaning| !meaning.is_empty()), "{id}");
        }
    }
    assert_eq!(kinds.len(), 15);
}

#[test]
fn headings_and_columns_are_explained() {
    let couplings = said(&["explain", "Couplings"]);
    assert!(couplings.contains("coupling.person_to_dyad.skill"), "{couplings}");
    let tables = said(&["explain", "tables"]);
    assert!(tables.contains("estimates") && tables.contains("episodes"), "{tables}");
    let column = said(&["explain", "estimates.truth"]);
    assert!(column.contains("True effect in this replication") && column.contains("unit"), "{column}");
    assert!(said(&["explain", "type_m_mcse"]).contains("diagnosis.type_m_mcse"));
    // Every heading of the list is a name too.
    for line in said(&["explain"]).lines().filter(|line| line.contains("   ") && !line.starts_with(' ')) {
        let heading = line.split("   ").next().unwrap_or_default().split(" (").next().unwrap_or_default();
        if !["Parameters and keys", "Counted events"].contains(&heading) {
            assert!(said(&["explain", heading]).starts_with(heading), "{heading}");
        }
    }
}

#[test]
fn a_parameter_as_json_has_its_numbers() {
    let json: serde_json::Value =
        serde_json::from_str(&said(&["explain", "organization.incentives", "--json"])).expect("JSON");
    assert_eq!(json[0]["default"], 0.0);
    assert_eq!(json[0]["range"], serde_json::json!([-1.0, 1.0]));
}

#[test]
fn a_complete_scenario_is_told_in_a_line() {
    assert_says("check_right", &said(&["check", "tests/scenarios/right.toml", "--set", "population.dyads=30"]));
    for builtin in builtin::list() {
        let path = format!("scenarios/{}.toml", builtin.id);
        assert!(said(&["check", &path]).starts_with(&format!("{path}: a complete scenario")));
    }
}

#[test]
fn a_wrong_scenario_is_told_in_full() {
    assert_says("check_wrong", &refused(&["check", "tests/scenarios/broken/wrong_key.toml"]));
    let set = refused(&["check", "listening-training", "--set", "organization.competiton=0.8"]);
    assert!(set.contains("did you mean `competition`?"), "{set}");
    let output = run(&["check", "tests/scenarios/right.toml", "no-such-file.toml"]);
    assert_eq!(output.status.code(), WRONG);
    assert!(text(&output.stdout).contains("a complete scenario"));
    assert!(text(&output.stderr).contains("cannot read no-such-file.toml: there is no such file"));
    let output = run(&["check", "--json", "tests/scenarios/broken/wrong_key.toml"]);
    assert_eq!(output.status.code(), WRONG);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(json[0]["complete"], false);
    assert!(json[0]["problems"][0]["line"].as_u64().is_some_and(|line| line > 0));
}

#[test]
fn a_new_scenario_is_complete_and_bears_its_file_s_name() {
    let folder = Folder::new("new");
    let output = folder.run(&["new", "my study (2).toml"]);
    assert_eq!(output.status.code(), DONE, "{}", text(&output.stderr));
    assert_says("new", &text(&output.stdout));
    let output = folder.run(&["check", "my study (2).toml"]);
    assert_eq!(output.status.code(), DONE, "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("`my-study-2`"));
    assert_eq!(folder.names(), ["my study (2).toml"], "nothing else is left");

    // What is there stays, unless it is to be replaced.
    let path = folder.0.join("mine.toml");
    fs::write(&path, "precious").expect("written");
    let output = folder.run(&["new", "mine"]);
    assert_eq!(output.status.code(), WRONG);
    assert!(text(&output.stderr).contains("exists already"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(&path).expect("there"), "precious");
    let output = folder.run(&["new", "mine", "--force", "--from", "my study (2).toml"]);
    assert_eq!(output.status.code(), DONE, "{}", text(&output.stderr));
    assert!(fs::read_to_string(&path).expect("there").contains("id = \"mine\""));
    assert_eq!(folder.names().len(), 2);

    assert_eq!(folder.run(&["new", "mine.json"]).status.code(), WRONG);
    assert_eq!(folder.run(&["new", "no/such/folder/mine.toml"]).status.code(), Some(1));
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    for (arguments, near) in [
        (&["show", "listening-trainig"], "`listening-training`"),
        (&["check", "Listening Training"], "`listening-training`"),
        (&["show", "listening-training.toml"], "`listening-training`"),
        (&["explain", "competiton"], "`competition`"),
        (&["explain", "organisation.competition"], "`organization.competition`"),
        (&["explain", "ancova_cr22"], "`ancova_cr2`"),
        (&["explain", "listening-training"], "`peerlab show listening-training`"),
    ] {
        let complaint = refused(arguments);
        assert!(complaint.starts_with("error: ") && complaint.contains(near), "{arguments:?}: {complaint}");
    }
    assert!(refused(&["explain", "xyzzy"]).contains("`peerlab explain` lists"));
    assert!(refused(&["show", "xyzzy"]).contains("`peerlab list`"));
    assert!(refused(&["lst"]).contains("'list'"));
    assert!(refused(&["check"]).contains("FILE"));
    assert!(refused(&["show", "scenarios.toml"]).contains("no such file"));
    assert!(refused(&[]).contains("Usage: peerlab"));
}

#[test]
fn built_in_studies_are_found_from_any_folder() {
    let folder = Folder::new("elsewhere");
    // A folder of results of the same name is not in the way.
    fs::create_dir(folder.0.join("listening-training")).expect("a folder");
    for arguments in [&["show", "listening-training"][..], &["check", "listening-training"], &["list"], &["schema"]] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), DONE, "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), said(arguments));
    }
    let json: serde_json::Value = serde_json::from_str(&said(&["show", "listening-training", "--json"])).expect("JSON");
    assert_eq!(json["id"], "listening-training");
    let json: serde_json::Value = serde_json::from_str(&said(&["list", "--json"])).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(builtin::list().len()));
}

#[test]
fn no_line_is_wider_than_the_screen() {
    let all: [&[&str]; 12] = [
        &["--help"],
        &["run", "--help"],
        &["list"],
        &["show", "listening-training"],
        &["check", "scenarios/listening-training.toml"],
        &["explain"],
        &["explain", "competition"],
        &["explain", "measurement"],
        &["explain", "theory.episode"],
        &["explain", "ancova_cr2"],
        &["explain", "oppositional_mind_set"],
        &["explain", "hypothesis.covariates"],
    ];
    for columns in [None, Some(40), Some(72), Some(400)] {
        let widest = columns.unwrap_or(100).min(100);
        for arguments in all {
            let mut command = peerlab(arguments);
            if let Some(columns) = columns {
                command.env("COLUMNS", columns.to_string());
            }
            let output = command.output().expect("the binary starts");
            assert_eq!(output.status.code(), DONE, "{arguments:?}");
            for line in text(&output.stdout).lines() {
                // The examples of the help text are commands to copy: they are not broken.
                let to_copy = line.trim_start().starts_with("peerlab ");
                assert!(to_copy || line.chars().count() <= widest, "{arguments:?} in {widest}: {line}");
                assert_eq!(line, line.trim_end(), "{arguments:?}");
            }
        }
    }
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    for arguments in [&["schema"][..], &["explain", "--json"], &["--help"]] {
        let mut child =
            peerlab(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), DONE, "{arguments:?}");
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn completions_are_there_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(said(&["completions", shell]).contains("explain"), "{shell}");
    }
    assert!(refused(&["completions", "tcsh"]).contains("bash"));
    assert_eq!(said(&["--version"]), format!("peerlab {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_schema_in_the_documentation_is_current() {
    assert_eq!(said(&["schema"]), schema());
    assert_file(&root().join("docs/scenario.schema.json"), &schema());
}

/// Informal pairs have no program whose end would stop them: nothing that is told of the design may say so.
#[test]
fn informal_coaching_has_no_program_that_ends() {
    let right = fs::read_to_string(root().join("tests/scenarios/right.toml")).expect("the right scenario");
    let informal = right
        .replace("kind = \"formal\"", "kind = \"informal\"\nfollow_up_weeks = 8")
        .replace("matching = \"random\"\n", "");
    let path = env::temp_dir().join(format!("peerlab-informal-{}.toml", std::process::id()));
    fs::write(&path, informal).expect("a temporary file");
    let shown = said(&["show", path.to_str().expect("UTF-8")]);
    let _ = fs::remove_file(&path);
    assert!(shown.contains("Informal coaching for 20 weeks"), "{shown}");
    assert!(!shown.contains("follow-up") && !shown.contains("no program") && !shown.contains('─'), "{shown}");
}
