//! Lists the TOML files of `scenarios/`, so that adding a study is adding a file.

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=scenarios");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&root).join("scenarios");
    fs::write(Path::new(&out).join("sponsors.rs"), listed(&folder.join("sponsors"), "sponsors/")?)?;
    fs::write(Path::new(&out).join("scenarios.rs"), studies(&folder)?)
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
