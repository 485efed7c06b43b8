use super::*;
use crate::results::test_support::{Folder, example, example_rows, manifest};
use crate::results::{existing, verify};

/// A whole run: a table, a figure, a report.
fn run(path: &Path, overwrite: Overwrite, rows: u32) -> Result<Manifest> {
    let run = RunDirectory::create(path, overwrite)?;
    let mut manifest = manifest();
    manifest.tables.push(write_table(&run, rows)?);
    fs::write(run.staged("figures/trust.svg")?, "<svg/>").unwrap();
    fs::write(run.staged("report.html")?, "<p>").unwrap();
    run.finish(manifest)
}

fn write_table(run: &RunDirectory, rows: u32) -> Result<crate::results::TableRecord> {
    let mut writer = run.table(&example())?;
    writer.append(&example_rows(0, rows))?;
    writer.finish()
}

fn names(path: &Path) -> Vec<String> {
    let mut files = Vec::new();
    list(path, "", &mut files).unwrap();
    files
}

const WHOLE: [&str; 4] = ["figures/trust.svg", "report.html", "run.json", "tables/example.parquet"];

#[test]
fn a_finished_run_is_whole_and_can_be_verified() {
    let folder = Folder::new("a run");
    let path = folder.join("deep/er/Größe mit Leerzeichen");
    assert_eq!(existing(&path).unwrap(), None);
    let written = run(&path, Overwrite::Refuse, 100).unwrap();
    assert_eq!(names(&path), WHOLE);
    assert!(!path.join(PARTIAL).exists());
    assert_eq!(existing(&path).unwrap(), Some(written.clone()));
    assert_eq!(verify(&path).unwrap(), written);
    assert_eq!(written.figures[0].file, "figures/trust.svg");
    assert_eq!(written.documents[0].file, "report.html");
    assert_eq!(written.table("example").unwrap().rows, 100);
}

/// A disk may refuse a folder when the run of before has gone already: the new one is whole, and is not lost as well.
#[test]
fn an_error_among_finished_files_loses_nothing() {
    let folder = Folder::new("moving");
    let path = folder.join("run");
    run(&path, Overwrite::Refuse, 10).unwrap();
    // Of the run of before, and in the way of the next one's figures once they are gone.
    fs::remove_dir_all(path.join("figures")).unwrap();
    fs::write(path.join("figures"), "no folder").unwrap();
    let error = run(&path, Overwrite::Force, 20).unwrap_err().to_string();
    assert!(error.contains("figures"), "{error}");
    assert!(existing(&path).unwrap().is_none() && !crate::results::in_use(&path));
    assert!(crate::results::complete(&path).is_err(), "it is still in the way");
    fs::remove_file(path.join("figures")).unwrap();
    assert!(crate::results::complete(&path).unwrap());
    assert_eq!(verify(&path).unwrap().table("example").unwrap().rows, 20);
    run(&path, Overwrite::Force, 30).unwrap();
    assert_eq!(names(&path), WHOLE);
}

#[test]
fn a_finished_run_is_replaced_only_by_force() {
    let folder = Folder::new("force");
    let path = folder.join("run");
    let first = run(&path, Overwrite::Refuse, 100).unwrap();
    fs::write(path.join("tables/notes.txt"), "mine").unwrap();
    let message = run(&path, Overwrite::Refuse, 50).unwrap_err().to_string();
    assert!(message.contains("--force"), "{message}");
    assert_eq!(verify(&path).unwrap(), first);

    // Until the new run is whole the old one stays.
    let half = RunDirectory::create(&path, Overwrite::Force).unwrap();
    write_table(&half, 10).unwrap();
    assert_eq!(verify(&path).unwrap(), first);
    drop(half);
    assert_eq!(verify(&path).unwrap(), first);

    let bare = RunDirectory::create(&path, Overwrite::Force).unwrap();
    let mut second = manifest();
    second.tables.push(write_table(&bare, 10).unwrap());
    let second = bare.finish(second).unwrap();
    assert_eq!(verify(&path).unwrap(), second);
    assert_eq!(names(&path), ["run.json", "tables/example.parquet", "tables/notes.txt"]);
}

#[test]
fn an_interrupted_run_leaves_nothing_that_looks_finished() {
    let folder = Folder::new("interrupted");
    let path = folder.join("run");
    let half = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
    write_table(&half, 100).unwrap();
    assert!(!path.join("tables").exists());
    drop(half);
    assert!(!path.exists());

    // Killed outright, nothing is dropped.
    let half = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
    write_table(&half, 100).unwrap();
    half.lock._file.unlock().unwrap();
    std::mem::forget(half);
    assert_eq!(existing(&path).unwrap(), None);
    assert!(names(&path).iter().all(|name| name.starts_with(PARTIAL)));
    run(&path, Overwrite::Refuse, 10).unwrap();
    assert_eq!(names(&path), WHOLE);
}

#[test]
fn killed_while_moving_into_place_it_is_cleared_by_the_next() {
    let folder = Folder::new("moving");
    let path = folder.join("run");
    run(&path, Overwrite::Refuse, 100).unwrap();
    fs::create_dir(path.join(PARTIAL)).unwrap();
    fs::rename(path.join("run.json"), path.join(".partial/run.json")).unwrap();
    assert_eq!(existing(&path).unwrap(), None);
    let next = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
    assert_eq!(names(&path), [".partial/lock"]);
    drop(next);
    assert!(!path.join(PARTIAL).exists());
}

#[test]
fn what_is_no_run_is_left_alone() {
    let folder = Folder::new("foreign");
    let file = folder.join("thesis.docx");
    fs::write(&file, "mine").unwrap();
    for overwrite in [Overwrite::Refuse, Overwrite::Force] {
        let error = RunDirectory::create(&*folder, overwrite).unwrap_err();
        assert!(matches!(&error, Error::Occupied { .. }), "{error}");
        assert!(error.to_string().contains("thesis.docx"), "{error}");
        let error = RunDirectory::create(&file, overwrite).unwrap_err();
        assert!(matches!(error, Error::NotADirectory(_)), "{error}");
        let error = RunDirectory::create(file.join("run"), overwrite).unwrap_err();
        assert!(error.to_string().contains("--out"), "{error}");
    }
    assert!(matches!(existing(&file), Err(Error::NotADirectory(_))));
    assert!(matches!(verify(&*folder), Err(Error::NoRun(_))));
    assert_eq!(names(&folder), ["thesis.docx"]);
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_nowhere_is_named_and_one_to_a_folder_followed() {
    let folder = Folder::new("link");
    let (link, disk) = (folder.join("output"), folder.join("disk"));
    std::os::unix::fs::symlink(&disk, &link).unwrap();
    for path in [link.clone(), link.join("run")] {
        for overwrite in [Overwrite::Refuse, Overwrite::Force] {
            let said = RunDirectory::create(&path, overwrite).unwrap_err().to_string();
            let link = format!("{} is a link to {}, which is not there: ", link.display(), disk.display());
            assert!(said.starts_with(&link) && said.contains("--out"), "{said}");
        }
    }
    assert!(!disk.exists());
    fs::create_dir(&disk).unwrap();
    run(&link.join("run"), Overwrite::Refuse, 10).unwrap();
    assert_eq!(names(&disk.join("run")), WHOLE);
}

#[test]
fn one_run_at_a_time() {
    let folder = Folder::new("twice");
    let path = folder.join("run");
    let first = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
    let error = RunDirectory::create(&path, Overwrite::Force).unwrap_err();
    assert!(matches!(error, Error::InUse(_)), "{error}");
    write_table(&first, 1).unwrap();
}

#[test]
fn the_manifest_must_agree_with_what_was_written() {
    let folder = Folder::new("disagree");
    let path = folder.join("run");
    let unrecorded = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
    write_table(&unrecorded, 1).unwrap();
    let error = unrecorded.finish(manifest()).unwrap_err();
    assert!(error.to_string().contains("was not finished"), "{error}");
    assert!(!path.exists());
    let run = RunDirectory::create(&path, Overwrite::Refuse).unwrap();
    for outside in ["../a", "/a", "", "lock", "run.json"] {
        assert!(run.staged(outside).is_err());
    }
}

#[test]
fn every_damage_is_found() {
    let folder = Folder::new("damage");
    let path = folder.join("run");
    run(&path, Overwrite::Refuse, 100).unwrap();
    let table = path.join("tables/example.parquet");
    let mut bytes = fs::read(&table).unwrap();
    bytes[50] ^= 1;
    fs::write(&table, &bytes).unwrap();
    fs::remove_file(path.join("report.html")).unwrap();
    let message = verify(&path).unwrap_err().to_string();
    assert!(message.contains("tables/example.parquet is not what was written"), "{message}");
    assert!(message.contains("report.html: "), "{message}");
    fs::write(&table, &bytes[..60]).unwrap();
    let message = verify(&path).unwrap_err().to_string();
    assert!(message.contains("has 60 bytes instead of"), "{message}");
    fs::write(path.join("run.json"), "{").unwrap();
    assert!(matches!(existing(&path), Err(Error::Manifest { .. })));
    run(&path, Overwrite::Force, 100).unwrap();
    verify(&path).unwrap();
}
