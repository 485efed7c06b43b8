//! Lists the TOML files of `scenarios/`, so that adding a study is adding a file; and gives what can move a table a digest, so that two
//! builds of one version with different models are told apart.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=scenarios");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    for watched in SOURCES.iter().chain(&[LOCK]) {
        println!("cargo::rerun-if-changed={watched}");
    }
    println!("cargo::rustc-env=PEERLAB_MODEL={:016x}", model(Path::new(&root))?);
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&root).join("scenarios");
    fs::write(Path::new(&out).join("sponsors.rs"), listed(&folder.join("sponsors"), "sponsors/")?)?;
    fs::write(Path::new(&out).join("scenarios.rs"), studies(&folder)?)
}

/// What decides the numbers in a table: the model and what repeats, records and writes it.
const SOURCES: [&str; 6] = ["src/model", "src/monte_carlo", "src/results", "src/run", "src/scenario", "src/study"];
const LOCK: &str = "Cargo.lock";
/// Packages whose versions do too.
const PACKAGES: [&str; 3] = ["rand", "libm", "nalgebra"];

/// FNV-1a over the sources by their relative paths, in order, and the versions of the packages: the same wherever and whenever it is built.
/// A changed comment changes it too: better one build too many taken for another than one too few.
fn model(root: &Path) -> io::Result<u64> {
    let mut files = Vec::new();
    for folder in SOURCES {
        sources(&root.join(folder), folder, &mut files)?;
    }
    files.sort();
    let mut digest = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |text: &str| {
        // A byte that no text has ends each.
        for byte in text.replace("\r\n", "\n").bytes().chain([0xff]) {
            digest = (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for file in &files {
        add(file);
        add(&String::from_utf8_lossy(&fs::read(root.join(file))?));
    }
    // Without a lock file it is a library in somebody else's build, whose lock file is not known here.
    let lock = fs::read_to_string(root.join(LOCK)).unwrap_or_default();
    for package in lock.split("[[package]]") {
        let value = |key: &str| package.lines().find_map(|line| line.strip_prefix(key)?.trim().strip_prefix("= "));
        if let (Some(name), Some(version)) = (value("name"), value("version"))
            && PACKAGES.iter().any(|known| name.trim_matches('"').split('_').next() == Some(known))
        {
            add(&format!("{name} {version}"));
        }
    }
    Ok(digest)
}

/// The files below a folder, as relative paths with `/`.
fn sources(folder: &Path, prefix: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            sources(&entry.path(), &name, files)?;
        } else if !name.contains("/.") {
            files.push(name);
        }
    }
    Ok(())
}

/// The studies of the agenda as the source of a list: the TOML files in the folder itself, in alphabetical order. What lies
/// in folders below it belongs to somebody else's agenda.
pub fn studies(folder: &Path) -> io::Result<String> {
    listed(folder, "")
}

/// The TOML files of a folder, their ids after a prefix.
fn listed(folder: &Path, prefix: &str) -> io::Result<String> {
    let mut ids = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_stem().and_then(|stem| stem.to_str());
        if let (Some("toml"), Some(id)) = (path.extension().and_then(|e| e.to_str()), id) {
            ids.push(id.to_owned());
        }
    }
    ids.sort();
    let entries: String = ids
        .iter()
        .map(|id| {
            let path = folder.join(format!("{id}.toml"));
            format!("    Builtin {{ id: {:?}, text: include_str!({path:?}) }},\n", format!("{prefix}{id}"))
        })
        .collect();
    Ok(format!("&[\n{entries}]\n"))
}
