//! A finished run, or a sweep, brought to more replications.
//!
//! **What is kept for it.** The journal's parts would do, and cost about as much room as all tables together in every run, for a thing
//! that few runs need. But the tables have every replication's rows already, and are written from rows alone, so that they are
//! read back; what they have not is the sums of the trajectories, of which they show means and standard deviations, rounded. Those few
//! thousand numbers are `moments.json`, of a sweep one line for each cell in `moments.jsonl`.

use std::path::Path;

use super::identity::{begin, difference, recover};
use super::restore::{Restored, Wanted, follows, restore};
use super::size::Size;
use super::sweep::{self, Layout};
use super::{Error, Options, Resumed, Watch, carry_out, create, finished, relied_on, resume, telling};
use crate::results::{self, Begun, Journal, Manifest, Overwrite, RunDirectory, SweepSpec};
use crate::scenario::{self, Problem};
use crate::study::declaration::Study;
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// Brings the finished run or sweep in a folder to this many replications in all, of a sweep in each cell: the very one that it would have
/// been with that number from the beginning, at the same level of record. What is there is read, only the others are computed. Cut off, it
/// goes on by [`resume`]; until it is whole, what was there stays. What else was begun there, such as an expansion to another number, is
/// given up if `options` say [`Overwrite::Force`].
///
/// # Errors
/// If no run of a study and no sweep is there, it has more replications, it was changed, or another version made it; if something else
/// was begun there; those of [`super::run_watched`].
pub fn expand(path: &Path, replications: u64, options: &Options, watch: Watch) -> Result<Resumed, Error> {
    results::complete(path)?;
    let Some(manifest) = relied_on(path, |begun| begun.base.is_some() && begun.replications == replications)? else {
        if path.join(Manifest::FILE).exists() {
            return resume(path, options, watch);
        }
        let begun = results::unfinished(path)?;
        return Err(match begun {
            _ if results::in_use(path) => results::Error::InUse(path.to_path_buf()).into(),
            Some(_) => Error::NotFinished { path: path.to_path_buf() },
            None => results::Error::no_run(path).into(),
        });
    };
    let not_that = |what: String| Error::NotExpandable { path: path.to_path_buf(), what };
    if let Some(excerpt) = manifest.excerpt {
        return Err(not_that(excerpt.to_string()));
    }
    let there = manifest.replications;
    if replications < there {
        return Err(Error::Fewer { path: path.to_path_buf(), there, asked: replications });
    }
    let larger = if manifest.record == SweepSpec::RECORD {
        let layout = sweep::recover(&Begun::of(&manifest), path)?.with_replications(replications);
        let unfit = |trouble: sweep::Trouble| {
            let (path, what) = (path.to_path_buf(), trouble.to_string());
            Error::Unfit { path, asked: replications, what }
        };
        Larger::Sweep(Box::new(layout.map_err(unfit)?))
    } else if Record::NAMES.iter().any(|(name, _)| *name == manifest.record) {
        let (mut study, record) = recover(&Begun::of(&manifest), path, Manifest::FILE)?;
        study.monte_carlo.replications = replications as usize;
        // As many as a scenario may ask for.
        if let Err(problems) = scenario::read(&begin(&study, record, None, "").scenario_toml, "--replications", &[]) {
            let said = |one: &Problem| {
                [Some(one.message.clone()), one.expected.clone()].into_iter().flatten().collect::<Vec<_>>()
            };
            let what = problems.0.iter().flat_map(said).collect::<Vec<_>>().join("; expected ");
            return Err(Error::Unfit { path: path.to_path_buf(), asked: replications, what });
        }
        Larger::Run(Box::new(study), record)
    } else {
        return Err(not_that(format!("what `peerlab {}` makes", manifest.record)));
    };
    let mut begun = larger.begin();
    begun.base = Some(there);
    begun.commands = manifest.commands.clone();
    begun.commands.extend(Some(&options.command).filter(|command| !command.is_empty()).cloned());
    if results::in_use(path) {
        return Err(results::Error::InUse(path.to_path_buf()).into());
    }
    match results::beside(path, &manifest) {
        // The parts say of which run they are.
        Ok(None) | Err(results::Error::Journal { .. })
            if replications > there && results::whose_journal(path, &begun) == results::Whose::Own =>
        {
            results::begin_again(path, &Begun { commands: manifest.commands.clone(), ..begun })?;
            return resume(path, options, watch);
        }
        // Of an expansion of another run than is there nothing can be kept, which is said unless it is to be given up.
        Ok(Some(other))
            if other.fingerprint == begun.fingerprint
                && replications > there
                && (options.overwrite == Overwrite::Refuse || other.base.is_none_or(|base| base == there)) =>
        {
            return resume(path, options, watch);
        }
        Ok(None) => {}
        _ if options.overwrite == Overwrite::Force => results::give_up(path)?,
        Ok(Some(other)) if other.base.is_none() => {
            let what = difference(&other, &begun);
            return Err(Error::Unfinished { path: path.to_path_buf(), what });
        }
        Ok(Some(other)) => {
            let (path, asked) = (path.to_path_buf(), other.replications);
            return Err(Error::OtherExpansion { path, asked, there });
        }
        Err(error) => return Err(error.into()),
    }
    if replications == there {
        return larger.found(restore(path, Wanted::Whole, options)?, path);
    }
    // Figures and pages are made from the tables of the larger one.
    results::verify_but(path, follows)?;
    // What is there stays beside the larger one until that is whole.
    larger.size(options)?.fits(path)?;
    let directory = create(path, Overwrite::Force, options)?;
    let journal = directory.begin_journal(&begun)?;
    telling(
        larger.carry_out(begun, (directory, journal), &Options { out: path.to_path_buf(), ..options.clone() }, watch),
        path,
    )
}

/// What there is to be.
enum Larger {
    Run(Box<Study>, Record),
    Sweep(Box<Layout>),
}

impl Larger {
    fn begin(&self) -> Begun {
        match self {
            Self::Run(study, record) => begin(study, *record, None, ""),
            Self::Sweep(layout) => layout.begin(None, ""),
        }
    }

    fn size(&self, options: &Options) -> Result<Size, Error> {
        match self {
            Self::Run(study, record) => {
                let replications = study.monte_carlo.replications as u64;
                Ok(Size::of(&Plan::new((**study).clone())?, *record, replications, options.threads))
            }
            Self::Sweep(layout) => layout.size(options),
        }
    }

    /// What is there, where it has that size.
    fn found(&self, there: (Manifest, Restored), path: &Path) -> Result<Resumed, Error> {
        Ok(match self {
            Self::Run(..) => Resumed::Run(Box::new(finished(there, path)?)),
            Self::Sweep(_) => Resumed::Sweep(Box::new(sweep::found(there, path)?)),
        })
    }

    fn carry_out(
        &self,
        begun: Begun,
        place: (RunDirectory, Journal),
        options: &Options,
        watch: Watch,
    ) -> Result<Resumed, Error> {
        Ok(match self {
            Self::Run(study, record) => {
                Resumed::Run(Box::new(carry_out(study, *record, begun, place, options, watch)?))
            }
            Self::Sweep(layout) => Resumed::Sweep(Box::new(sweep::carry_out(layout, begun, place, options, watch)?)),
        })
    }
}

/// The replications that can be read back in a folder of the run that is gone on from; none if it is not there any more, was damaged, or
/// another build made it, and then they are computed once more.
///
/// # Errors
/// If another run is there, which nobody asked to replace.
pub(super) fn base(study: &Study, record: Record, replications: u64, options: &Options) -> Result<u64, Error> {
    let mut smaller = study.clone();
    smaller.monte_carlo.replications = replications as usize;
    let smaller = begin(&smaller, record, None, "");
    Ok(if is_whole(&smaller, options, |_| true)? { replications } else { 0 })
}

/// Whether the smaller run or sweep from which one goes on is there, and whole; its manifest has to be as `fits` says.
///
/// # Errors
/// If another run is there.
pub(super) fn is_whole(smaller: &Begun, options: &Options, fits: impl Fn(&Manifest) -> bool) -> Result<bool, Error> {
    let path = options.out.as_path();
    let manifest = match results::existing(path) {
        Ok(Some(manifest)) if manifest.fingerprint == smaller.fingerprint => manifest,
        Ok(Some(manifest)) => {
            let what = difference(&Begun::of(&manifest), smaller);
            return Err(Error::Different { path: path.to_path_buf(), what });
        }
        Ok(None) => return Ok(false),
        Err(error) => {
            (options.warn)(&format!("{error}; its replications are computed again"));
            return Ok(false);
        }
    };
    if manifest.model != results::MODEL || !fits(&manifest) {
        return Ok(false);
    }
    Ok(results::verify_but(path, follows)
        .inspect_err(|error| (options.warn)(&format!("{error}; its replications are computed again")))
        .is_ok())
}
