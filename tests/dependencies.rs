//! What the tree of dependencies may bring, by the rules of `deny.toml`: licenses, sources, and crates that peerlab does without.
//!
//! `cargo deny` reads the same rules and knows more (advisories, texts of licenses); it takes minutes to build, so that this test judges
//! every change by what `cargo tree` and `Cargo.lock` say, for every platform and feature.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rules() -> toml::Table {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml is beside Cargo.toml");
    text.parse().expect("deny.toml is TOML")
}

fn strings(rules: &toml::Table, table: &str, key: &str, of: impl Fn(&toml::Value) -> Option<&str>) -> Vec<String> {
    let listed = rules[table][key].as_array().expect("a list");
    listed.iter().map(|entry| of(entry).expect("a text").to_owned()).collect()
}

/// A package that some platform or feature of peerlab compiles, or its tests.
struct Package {
    named: String,
    license: String,
}

impl Package {
    fn name(&self) -> &str {
        self.named.split(' ').next().unwrap_or("")
    }
}

/// Every package of the tree but peerlab itself. `cargo metadata` would also list what no feature asks for: an HTTP client of polars, among others.
fn dependencies() -> Vec<Package> {
    let cargo = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--all-features",
            "--target",
            "all",
            "--edges",
            "normal,build,dev",
            "--prefix",
            "none",
            "--format",
            "{p}|{l}",
        ])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    let lines: BTreeSet<String> = String::from_utf8(cargo.stdout).expect("UTF-8").lines().map(str::to_owned).collect();
    // What was listed above is listed again with a star.
    let packages = lines.iter().map(|line| line.trim_end_matches(" (*)")).filter_map(|line| line.split_once('|'));
    packages
        .map(|(named, license)| Package { named: named.to_owned(), license: license.to_owned() })
        .filter(|package| !matches!(package.name(), "peerlab" | ""))
        .collect()
}

/// Whether `expression`, in SPDX's notation or the older one with a stroke, can be met by licenses of `allowed` alone.
fn may_be_used(expression: &str, allowed: &[spdx::Licensee]) -> Result<bool, String> {
    let expression =
        spdx::Expression::parse_mode(expression, spdx::ParseMode::LAX).map_err(|error| error.to_string())?;
    Ok(expression.evaluate(|requirement| allowed.iter().any(|licensee| licensee.satisfies(requirement))))
}

fn allowed() -> Vec<spdx::Licensee> {
    let names = strings(&rules(), "licenses", "allow", toml::Value::as_str);
    names.iter().map(|name| spdx::Licensee::parse(name).expect("a license of SPDX's list")).collect()
}

#[test]
fn every_license_is_one_that_lets_peerlab_be_used_and_shipped() {
    let allowed = allowed();
    let all = dependencies();
    assert!(all.len() > 100, "{} packages: the tree was not read", all.len());
    let refused: Vec<String> = all
        .iter()
        .filter_map(|package| {
            let Package { named, license } = package;
            match may_be_used(license, &allowed) {
                Ok(true) => None,
                Ok(false) => Some(format!("{named}: `{license}`")),
                Err(error) => Some(format!("{named}: `{license}`: {error}")),
            }
        })
        .collect();
    assert!(refused.is_empty(), "not among deny.toml's licenses:\n{}", refused.join("\n"));
}

#[test]
fn a_license_that_binds_what_uses_it_is_refused_and_one_of_two_suffices() {
    let allowed = allowed();
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT OR GPL-3.0-only", true),
        ("MIT AND GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 WITH LLVM-exception", true),
        ("AGPL-3.0-or-later", false),
    ] {
        assert_eq!(may_be_used(expression, &allowed), Ok(expected), "{expression}");
    }
    assert!(may_be_used("", &allowed).is_err(), "a package that names no license");
}

#[test]
fn every_package_comes_from_the_registry_with_a_checksum() {
    let registries = strings(&rules(), "sources", "allow-registry", toml::Value::as_str);
    let lock: toml::Table =
        std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock").parse().expect("TOML");
    let packages = lock["package"].as_array().expect("packages");
    assert!(packages.len() > 100, "{} packages: the lock file was not read", packages.len());
    for package in packages.iter().filter(|package| package["name"].as_str() != Some("peerlab")) {
        let source = package.get("source").and_then(toml::Value::as_str).unwrap_or("a path of this machine");
        let from_registry = registries.iter().any(|registry| source == format!("registry+{registry}"));
        assert!(from_registry, "{} comes from {source}", package["name"]);
        let sum = package.get("checksum").and_then(toml::Value::as_str).unwrap_or("");
        assert_eq!(sum.len(), 64, "{} has no checksum in Cargo.lock", package["name"]);
    }
}

#[test]
fn what_peerlab_does_without_is_not_in_the_tree() {
    let banned = strings(&rules(), "bans", "deny", |entry| entry.get("crate").and_then(toml::Value::as_str));
    let all = dependencies();
    assert!(all.iter().any(|package| package.name() == "polars"), "{} packages: the tree was not read", all.len());
    for package in all {
        assert!(!banned.iter().any(|name| package.name() == name), "{} is banned in deny.toml", package.named);
    }
}

#[test]
fn code_that_the_compiler_cannot_check_is_in_one_file_which_says_why() {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&entry).expect("a source file");
                for line in text.lines().filter(|line| line.contains("allow(unsafe_code)")) {
                    found.push((entry.strip_prefix(root()).expect("below the root").to_owned(), line.to_owned()));
                }
            }
        }
    }
    found.sort();
    let [(file, line)] = found.as_slice() else { panic!("one place alone may allow `unsafe`: {found:?}") };
    assert_eq!(file, Path::new("src/model/lanes.rs"));
    assert!(line.contains("// ") && line.len() > 60, "it says why: {line}");
    let library = std::fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    assert!(library.contains("#![deny(unsafe_code)]"), "the compiler refuses it everywhere else");
}
