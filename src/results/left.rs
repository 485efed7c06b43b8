//! What is left of a run whose `run.json` was taken away, as workflow engines do with a declared output before they make it anew, or says
//! nothing that can be relied on.
//!
//! Nothing of a person's may be lost. A folder is taken for what a run left only if it holds nothing but names that peerlab writes, and
//! a table that says of itself that peerlab wrote it, or a log of parts. Of it only such tables and parts are removed; figures and
//! documents are overwritten by those of the same name. Where something of a person's came later, or lies beside a damaged `run.json`, such
//! tables go all the same: of two runs in one folder a reader of its dataset would make one.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::error::{Error, Result};
use super::folder::{list, remove};
use super::manifest::Manifest;
use super::run_directory::{PARCELS, PARTIAL};

/// What is in a folder without a `run.json`.
pub(super) enum Left {
    /// No table and no part.
    Nothing,
    /// Tables or parts, and nothing but what a run leaves.
    Run,
    /// Something else too: this file of the folder, which no run left or which is not what it left.
    Foreign(String),
}

/// Removes the tables and parts of another run, for which no `run.json` vouches any more, from the folder of this one; what is of this one
/// stays, and what no run left. Where the run before vouched for its files, which are gone, other tables in `tables/` may be a person's
/// copies: then only cells are looked for, which readers of the dataset would take for this run's.
pub(super) fn clear(path: &Path, own: &Manifest, is_vouched_for: bool) -> Result<()> {
    let own: BTreeSet<PathBuf> = own.files().map(|(file, ..)| path.join(file)).collect();
    for folder in if is_vouched_for { &FOLDERS[..1] } else { &FOLDERS[..] } {
        let Sorted { files, foreign } = sorted(path, folder)?;
        // Tables say of themselves whose they are. Parts are told by their names alone, and only among others.
        if *folder == PARCELS && foreign.is_some() {
            continue;
        }
        files.iter().filter(|file| !own.contains(*file)).try_for_each(|file| remove_with_folders(path, file))?;
    }
    Ok(())
}

/// Removes a file of a run, and folders on the way to it that are empty then.
pub(super) fn remove_with_folders(path: &Path, file: &Path) -> Result<()> {
    remove(file)?;
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != path && folder.starts_with(path)) {
        // One that was never made is no reason to leave those above it.
        match fs::remove_dir(folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => break,
            _ => {}
        }
    }
    Ok(())
}

/// What a run left in a folder.
pub(super) fn by_a_run(path: &Path) -> Result<Left> {
    // A person's folder may be a large one: its own names tell before anything in it is looked at.
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let name = entry.map_err(Error::io("read", path))?.file_name().to_string_lossy().into_owned();
        if !FOLDERS.contains(&name.as_str()) && name != PARTIAL && kind(&name) != Kind::Other {
            return Ok(Left::Foreign(name));
        }
    }
    let mut left = Left::Nothing;
    for folder in FOLDERS {
        let Sorted { files, foreign } = sorted(path, folder)?;
        if let Some(file) = foreign {
            return Ok(Left::Foreign(file));
        }
        if !files.is_empty() {
            left = Left::Run;
        }
    }
    Ok(left)
}

/// The folders of a run; the first has cells.
const FOLDERS: [&str; 4] = ["dataset", "figures", PARCELS, "tables"];

/// What is in one of the folders of a run.
#[derive(Default)]
struct Sorted {
    /// Tables and parts that a run left.
    files: Vec<PathBuf>,
    /// The first file that no run left, or which is not what it left.
    foreign: Option<String>,
}

fn sorted(path: &Path, folder: &str) -> Result<Sorted> {
    let mut sorted = Sorted::default();
    let there = path.join(folder);
    // What a link leads to lies elsewhere, and is not looked at.
    if !there.is_dir() || there.is_symlink() {
        sorted.foreign = (there.exists() || there.is_symlink()).then(|| folder.to_owned());
        return Ok(sorted);
    }
    let mut files = Vec::new();
    list(&there, &format!("{folder}/"), &mut files)?;
    for file in files {
        let whole = path.join(&file);
        match kind(&file) {
            Kind::Table if is_table(&whole).map_err(Error::io("read", &whole))? => sorted.files.push(whole),
            Kind::Part => sorted.files.push(whole),
            Kind::Other => {}
            Kind::Table | Kind::Foreign => sorted.foreign = sorted.foreign.or(Some(file)),
        }
    }
    Ok(sorted)
}

#[derive(PartialEq, Eq)]
enum Kind {
    Table,
    Part,
    /// A figure or document.
    Other,
    Foreign,
}

fn kind(file: &str) -> Kind {
    let steps: Vec<&str> = file.split('/').collect();
    let is_name =
        |name: &str, end: &str| name.strip_suffix(end).is_some_and(|stem| !stem.is_empty() && !stem.starts_with('.'));
    match steps.as_slice() {
        ["tables", name] if is_name(name, ".parquet") => Kind::Table,
        ["dataset", _, cell, "part.parquet"] if cell.starts_with("cell=") => Kind::Table,
        [PARCELS, "log"] => Kind::Part,
        [PARCELS, name]
            if name
                .strip_suffix(".part")
                .is_some_and(|stem| stem.len() == 12 && stem.bytes().all(|byte| byte.is_ascii_digit())) =>
        {
            Kind::Part
        }
        ["figures", name] if is_name(name, ".svg") || is_name(name, ".png") => Kind::Other,
        ["run.json" | "report.html" | "brief.html" | "moments.json" | "moments.jsonl"] => Kind::Other,
        _ => Kind::Foreign,
    }
}

/// Whether a file is a Parquet table that peerlab wrote: it says so behind its data.
fn is_table(path: &Path) -> std::io::Result<bool> {
    const SAID: &[u8] = b"peerlab.table";
    // Of the footer: its length in four bytes, then the format's mark.
    const END: u64 = 8;
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length < END {
        return Ok(false);
    }
    let mut end = [0; END as usize];
    file.seek(SeekFrom::Start(length - END))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, mark @ ..] = end;
    let said = u64::from(u32::from_le_bytes([a, b, c, d]));
    if mark != *b"PAR1" || said > length - END {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(length - END - said))?;
    let mut footer = Vec::new();
    file.take(said).read_to_end(&mut footer)?;
    Ok(footer.windows(SAID.len()).any(|part| part == SAID))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::test_support::{Folder, example, example_rows, manifest};
    use crate::results::{Overwrite, RunDirectory, verify};

    fn run(path: &Path, rows: u32) -> Result<()> {
        let run = RunDirectory::create(path, Overwrite::Force)?;
        let mut manifest = manifest();
        let mut writer = run.table(&example())?;
        writer.append(&example_rows(0, rows))?;
        manifest.tables.push(writer.finish()?);
        fs::write(run.staged("figures/trust.svg")?, "<svg/>").unwrap();
        run.finish(manifest).map(|_| ())
    }

    #[test]
    fn folders_that_are_empty_go_with_a_file_that_never_came() {
        let folder = Folder::new("left");
        let file = folder.join("dataset/estimates/cell=3/part.parquet");
        fs::create_dir_all(folder.join("dataset/estimates")).unwrap();
        remove_with_folders(&folder, &file).unwrap();
        assert!(!folder.join("dataset").exists() && folder.exists());
    }

    #[test]
    fn a_run_without_its_manifest_is_replaced_and_a_persons_file_is_not() {
        let folder = Folder::new("left");
        let path = folder.join("run");
        run(&path, 100).unwrap();
        fs::remove_file(path.join("run.json")).unwrap();
        fs::copy(path.join("tables/example.parquet"), path.join("tables/older.parquet")).unwrap();
        assert!(
            matches!(RunDirectory::create(&path, Overwrite::Refuse), Err(Error::Unvouched(_))),
            "not without being told to"
        );
        for foreign in
            ["notes.txt", "tables/mine.parquet", "tables/mine.csv", "figures/mine.pdf", "parcels/a.part", ".hidden"]
        {
            let file = path.join(foreign);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, "PAR1 of mine, peerlab.table or not").unwrap();
            let Err(Error::Occupied { found, .. }) = run(&path, 50) else { panic!("{foreign}") };
            assert!(foreign == found, "{found}");
            assert!(path.join("tables/older.parquet").exists());
            fs::remove_file(file).unwrap();
        }
        run(&path, 50).unwrap();
        assert_eq!(verify(&path).unwrap().tables[0].rows, 50);
        assert!(!path.join("tables/older.parquet").exists(), "no table of another run stays");
        // What came besides, or lies beside a manifest that nobody can rely on, keeps nothing of another run there.
        for is_there in [false, true] {
            if is_there {
                fs::write(path.join("run.json"), "{").unwrap();
            } else {
                fs::remove_file(path.join("run.json")).unwrap();
            }
            let next = RunDirectory::create(&path, Overwrite::Force).unwrap();
            fs::copy(path.join("tables/example.parquet"), path.join("tables/older.parquet")).unwrap();
            fs::create_dir_all(path.join("parcels")).unwrap();
            for mine in ["notes.txt", "tables/mine.parquet", "parcels/log", "parcels/mine"] {
                fs::write(path.join(mine), "of mine").unwrap();
            }
            let mut manifest = manifest();
            let mut writer = next.table(&example()).unwrap();
            writer.append(&example_rows(0, 20)).unwrap();
            manifest.tables.push(writer.finish().unwrap());
            next.finish(manifest).unwrap();
            assert_eq!(verify(&path).unwrap().tables[0].rows, 20);
            assert!(!path.join("tables/older.parquet").exists(), "no table of another run stays");
            for mine in ["notes.txt", "tables/mine.parquet", "parcels/log", "parcels/mine"] {
                assert_eq!(fs::read(path.join(mine)).unwrap(), b"of mine");
                fs::remove_file(path.join(mine)).unwrap();
            }
        }
        // Figures alone are no run: whose they are does not show.
        fs::remove_file(path.join("run.json")).unwrap();
        fs::remove_file(path.join("tables/example.parquet")).unwrap();
        assert!(matches!(run(&path, 50), Err(Error::Occupied { .. })));
    }
}
