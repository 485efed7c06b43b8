//! From the folder of a run, or a study, to the experiment behind it.

use std::path::Path;
use std::process::ExitCode;

use super::resolve::{Trouble, resolve_with};
use super::screen::{WRONG, complain, refuse};
use crate::results::{self, Manifest};
use crate::scenario::{Override, builtin, read_with};
use crate::shell::word;
use crate::study::declaration::Study;

/// The study, and the beginning of a name for what is written about it: the run's folder, or that where the study's would go.
/// Of a run, `replication` must be one of its own.
pub(super) fn source(
    written: &str,
    replication: Option<u64>,
    overrides: &[Override],
) -> Result<(Study, String), ExitCode> {
    let path = Path::new(written);
    if builtin::find(written).is_some() || !path.is_dir() {
        let scenario = resolve_with(written, overrides).map_err(|trouble| match &trouble {
            Trouble::Unknown { name, nearest: None } if name.contains(['/', '\\']) => {
                refuse(&format!("there is no run in {name}, and no study of that name"), WAY_OUT);
                WRONG.into()
            }
            _ => trouble.report(),
        })?;
        let beside = format!("output/{}", scenario.study.id);
        return Ok((scenario.study, beside));
    }
    let manifest = match results::existing(path) {
        Ok(Some(manifest)) => manifest,
        Ok(None) => {
            no_run(path, WAY_OUT);
            return Err(WRONG.into());
        }
        Err(error) => {
            complain(&format!("peerlab: {error}"));
            return Err(ExitCode::FAILURE);
        }
    };
    if let Some(sweep) = manifest.sweep() {
        let built_in = builtin::find(&manifest.study).is_some_and(|study| study.text == sweep.scenario);
        let name = if built_in { &manifest.study } else { &sweep.name };
        refuse(
            &format!("{} holds a sweep: each of its cells is a run of its own", path.display()),
            &format!(
                "Name the study, or its scenario file, with the values of a cell, as in `{} --set KEY=VALUE`; tables/cells.parquet has them.",
                word(name)
            ),
        );
        return Err(WRONG.into());
    }
    if let Some(replication) = replication.filter(|number| *number >= manifest.replications) {
        let last = manifest.replications.saturating_sub(1);
        let error = format!("{} has no replication {replication}", path.display());
        refuse(&error, &format!("Its replications are 0 to {last}."));
        return Err(WRONG.into());
    }
    if manifest.version != env!("CARGO_PKG_VERSION") {
        complain(&format!(
            "peerlab: the run was made by version {}; this is {}, whose experiment may be another one",
            manifest.version,
            env!("CARGO_PKG_VERSION")
        ));
    } else if manifest.model != results::MODEL {
        complain("peerlab: the run was made by another build of peerlab, whose experiment may be another one");
    }
    let name = format!("{} in {}", Manifest::FILE, path.display());
    match read_with(&manifest.scenario_toml, &name, overrides) {
        Ok(scenario) => Ok((scenario.study, path.display().to_string().trim_end_matches(['/', '\\']).to_owned())),
        Err(problems) => Err(Trouble::Problems(problems).report()),
    }
}

const WAY_OUT: &str =
    "Give the folder of a run, such as output/listening-training, or the name of a study: `peerlab list` shows them.";

/// Says that there is no finished run in a folder, and what to do: to wait, to go on, or else what `way_out` says.
pub(super) fn no_run(folder: &Path, way_out: &str) {
    let shown = folder.display();
    let (what, way_out) = match (folder.exists(), folder.join(results::PARTIAL).exists()) {
        (false, _) => (format!("there is no folder {shown}"), way_out.to_owned()),
        (true, true) if results::in_use(folder) => (
            format!("the run in {shown} is being written by another process"),
            "Wait for it: tables, figures and report are there when it is whole.".to_owned(),
        ),
        (true, true)
            if matches!(results::unfinished(folder), Ok(None))
                && !folder.join(results::PARTIAL).join(Manifest::FILE).exists() =>
        {
            (
                format!(
                    "the run in {shown} is not finished, and nothing of it was kept that `peerlab resume` could go on with"
                ),
                "Give its own command again: `peerlab run`, `sweep` or `merge`.".to_owned(),
            )
        }
        (true, true) => (
            format!("the run in {shown} is not finished"),
            format!(
                "`peerlab resume {}` goes on with it, or its own command with --force begins it anew.",
                word(folder)
            ),
        ),
        (true, false) => (results::Error::no_run(folder).to_string(), way_out.to_owned()),
    };
    refuse(&what, &way_out);
}
