//! Shards of one run, in any order, into the run that they are of.
//!
//! The chunks of replications that the shards kept go through the same hands, in the order of their numbers, as those of a run that was
//! never divided: so the files are the same to the byte.

use std::fs;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Instant;

use super::conclude::conclude;
use super::identity::{begin, difference, recover, same_model};
use super::keep::chunks;
use super::restore::{Restored, Wanted, restore};
use super::size::Size;
use super::sweep::{self, FinishedSweep};
use super::{Error, Finished, Options, Watch, create, finished};
use crate::monte_carlo::clerk::Clerk;
use crate::monte_carlo::record::Recorder;
use crate::results::{self, Begun, Excerpt, Manifest, Overwrite, Parts, Shard, SweepSpec, parcels};
use crate::shell::word;
use crate::study::plan::Plan;

/// Why shards do not make a run.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is nothing, or nothing of peerlab's.
    #[error("{} holds no shard: there is no run.json", .0.display())]
    None(PathBuf),
    /// It was cut off.
    #[error("the shard in {} is not finished: go on with it by `peerlab resume {}`", .0.display(), word(.0))]
    Unfinished(PathBuf),
    /// It is something else.
    #[error("{} holds {what}, not a shard: shards are what `peerlab run STUDY --shard K/N` makes", path.display())]
    NoShard {
        /// The folder.
        path: PathBuf,
        /// What it is.
        what: String,
    },
    /// Two that are not of one run.
    #[error("{} is of another run than {} ({what}): shards of one run have the same scenario, version, seed and number of replications", path.display(), first.display())]
    Another {
        /// The folder.
        path: PathBuf,
        /// The one that it is held against.
        first: PathBuf,
        /// What is different.
        what: String,
    },
    /// The run is to be where one of its shards is.
    #[error("{} is one of the shards, or lies in one: choose another name with --out, or the run would replace what it is made of", .0.display())]
    Itself(PathBuf),
    /// The same one twice.
    #[error("shard {number} is there twice, {}: name one of them", doubled(first, second))]
    Doubled {
        /// Which one.
        number: u64,
        /// The one folder.
        first: PathBuf,
        /// The other.
        second: PathBuf,
    },
    /// Not all are there.
    #[error("of {of} shards {} missing: {}", count(missing), listed(missing))]
    Missing {
        /// How many there should be.
        of: u64,
        /// Their numbers, as ranges.
        missing: Vec<Range<u64>>,
    },
    /// Who watches ended it.
    #[error("interrupted: nothing was written into {}; give the command again", .0.display())]
    Stopped(PathBuf),
    /// One does not hold what it says.
    #[error("the shard in {} is damaged ({what}): give its command again, which keeps what of it is whole", path.display())]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

impl Trouble {
    pub(super) fn damaged(path: &Path, what: String) -> Self {
        Self::Damaged { path: path.to_path_buf(), what }
    }
}

/// Where one is that is there twice.
fn doubled(first: &Path, second: &Path) -> String {
    if first == second {
        format!("as {} is named twice", first.display())
    } else {
        format!("in {} and in {}", first.display(), second.display())
    }
}

/// How many are missing, with their verb.
fn count(missing: &[Range<u64>]) -> String {
    match missing.iter().map(|range| range.end - range.start).sum() {
        1_u64 => "one is".to_owned(),
        many => format!("{many} are"),
    }
}

/// Numbers as they are read out: 3, 5 to 9.
fn listed(ranges: &[Range<u64>]) -> String {
    let one = |range: &Range<u64>| match range.end - range.start {
        1 => range.start.to_string(),
        _ => format!("{} to {}", range.start, range.end - 1),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A shard with where it is.
struct Found {
    path: PathBuf,
    shard: Shard,
    manifest: Manifest,
}

impl Found {
    /// What it has done.
    fn parts(&self) -> Parts {
        parcels(&self.path, &Begun::of(&self.manifest))
    }
}

/// What shards are of.
#[derive(Debug)]
pub enum Merged {
    /// A run.
    Run(Box<Finished>),
    /// A sweep.
    Sweep(Box<FinishedSweep>),
}

/// Joins shards into the run or the sweep that they are of. Only their files are read; nothing is computed again but the
/// brief of a study with a business case.
///
/// # Errors
/// If they do not make one whole run, another run is in the way, or something cannot be read or written; [`Trouble::Stopped`] if who
/// watches ended it.
pub fn merge(shards: &[PathBuf], options: &Options, watch: Watch) -> Result<Merged, Error> {
    join(shards, options, watch).map_err(|error| match error {
        // Of a run that was interrupted there would be a journal to go on from.
        Error::Interrupted { path, .. } => Trouble::Stopped(path).into(),
        other => other,
    })
}

fn join(shards: &[PathBuf], options: &Options, watch: Watch) -> Result<Merged, Error> {
    let started = Instant::now();
    let out = places(&options.out);
    let holds =
        |shard: &PathBuf| fs::canonicalize(shard).is_ok_and(|shard| out.iter().any(|out| out.starts_with(&shard)));
    if shards.iter().any(holds) {
        return Err(Trouble::Itself(options.out.clone()).into());
    }
    let found = gather(shards)?;
    let Some(first) = found.first() else { return Err(Trouble::None(PathBuf::new()).into()) };
    let mut commands: Vec<String> = found.iter().flat_map(|one| one.manifest.commands.iter().cloned()).collect();
    commands.extend(Some(options.command.clone()).filter(|command| !command.is_empty()));
    if first.manifest.record == SweepSpec::RECORD {
        let layout = sweep::recover(&Begun::of(&first.manifest), &first.path)?;
        let begun = layout.begun(commands);
        let merged = match there(&begun, options)? {
            Some(there) => sweep::found(there, &options.out)?,
            None => {
                let folders: Vec<(PathBuf, Parts)> = found.iter().map(|one| (one.path.clone(), one.parts())).collect();
                sweep::merge(begun, &layout, &folders, options, watch)?
            }
        };
        return Ok(Merged::Sweep(Box::new(merged)));
    }
    let (study, record) = recover(&Begun::of(&first.manifest), &first.path, Manifest::FILE)?;
    let begun = Begun { commands, ..begin(&study, record, None, "") };
    if let Some(there) = there(&begun, options)? {
        return Ok(Merged::Run(Box::new(finished(there, &options.out)?)));
    }
    Size::of_tables(&Plan::new(study.clone())?, record, begun.replications).fits(&options.out)?;
    let directory = create(&options.out, options.overwrite, options)?;
    let plan = Plan::new(study)?;
    let mut recorder = Recorder::open(&plan, &directory, record)?;
    for one in &found {
        add(one, begun.replications, &mut recorder, &options.out, watch)?;
    }
    let recorded = recorder.finish(&Clerk::new(&plan, record), &directory)?;
    let finished = conclude(&plan, record, begun, (directory, recorded), 0, started, (options, watch))?;
    Ok(Merged::Run(Box::new(finished)))
}

/// Where a folder is, or will be, by the nearest that is there: as the system goes along its name, and with every `..` taken for what is
/// before it, which is how it goes once a folder is made on the way.
fn places(path: &Path) -> Vec<PathBuf> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut plain = PathBuf::new();
    for step in path.components() {
        match step {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    let nearest = |path: &Path| path.ancestors().find_map(|there| fs::canonicalize(there).ok());
    [path, plain].iter().filter_map(|path| nearest(path)).collect()
}

/// The very same run, if it is there already; an error if another is.
fn there(begun: &Begun, options: &Options) -> Result<Option<(Manifest, Restored)>, Error> {
    // What is replaced need not be readable.
    if options.overwrite == Overwrite::Force {
        return Ok(None);
    }
    let Some(manifest) = results::existing(&options.out)? else { return Ok(None) };
    if manifest.fingerprint == begun.fingerprint {
        same_model(&manifest.model, &options.out)?;
        return Ok(Some(restore(&options.out, Wanted::Whole, options)?));
    }
    Err(Error::Different { path: options.out.clone(), what: difference(&Begun::of(&manifest), begun) })
}

/// Hands on what a shard has.
fn add(one: &Found, total: u64, recorder: &mut Recorder, out: &Path, watch: Watch) -> Result<(), Error> {
    let damaged = |what: &str| Trouble::Damaged { path: one.path.clone(), what: what.to_owned() };
    let (parts, numbers) = (one.parts(), one.shard.replications(total));
    let mut next = numbers.start;
    for part in parts.list(numbers.end)? {
        if part.replications.start != next {
            break;
        }
        if watch.stop.load(Ordering::Relaxed) {
            return Err(Trouble::Stopped(out.to_path_buf()).into());
        }
        let chunks = chunks(&parts, &part)?.ok_or_else(|| damaged("a part of it is not what was written"))?;
        chunks.iter().try_for_each(|chunk| recorder.add(chunk))?;
        next = part.replications.end;
        (watch.progress)(part.replications.end - part.replications.start);
    }
    if next == numbers.end { Ok(()) } else { Err(damaged(&format!("replication {next} is not in it")).into()) }
}

/// The shards in order; all of one run, each there once.
fn gather(paths: &[PathBuf]) -> Result<Vec<Found>, Error> {
    let mut found = paths.iter().map(|path| look(path)).collect::<Result<Vec<_>, Error>>()?;
    if let Some((first, others)) = found.split_first() {
        let expected = of_whole(first);
        for one in others {
            let begun = of_whole(one);
            let what = if one.shard.of != first.shard.of {
                format!("one of {} shards, not of {}", one.shard.of, first.shard.of)
            } else if begun != expected {
                difference(&begun, &expected)
            } else {
                continue;
            };
            return Err(Trouble::Another { path: one.path.clone(), first: first.path.clone(), what }.into());
        }
    }
    found.sort_by_key(|one| one.shard.number);
    if let Some([first, second]) =
        found.windows(2).find(|pair| pair[0].shard.number == pair[1].shard.number).and_then(|pair| pair.first_chunk())
    {
        let (number, first, second) = (first.shard.number, first.path.clone(), second.path.clone());
        return Err(Trouble::Doubled { number, first, second }.into());
    }
    let of = found.first().map_or(0, |one| one.shard.of);
    let mut missing = Vec::new();
    let mut next = 1;
    for number in found.iter().map(|one| one.shard.number).chain([of + 1]) {
        if next < number {
            missing.push(next..number);
        }
        next = number + 1;
    }
    if missing.is_empty() { Ok(found) } else { Err(Trouble::Missing { of, missing }.into()) }
}

/// What a shard says of the run that it is of.
fn of_whole(one: &Found) -> Begun {
    let (excerpt, fingerprint, commands) = (None, String::new(), Vec::new());
    Begun { excerpt, fingerprint, commands, ..Begun::of(&one.manifest) }
}

/// A finished shard, every file of it held against its checksum.
fn look(path: &Path) -> Result<Found, Error> {
    let path = path.to_path_buf();
    let manifest = match results::existing(&path) {
        Err(results::Error::Manifest { problem, .. }) => {
            return Err(Trouble::Damaged { path, what: format!("{}: {problem}", Manifest::FILE) }.into());
        }
        manifest => manifest?,
    };
    let Some(manifest) = manifest else {
        return Err(match results::unfinished(&path)? {
            Some(_) if results::in_use(&path) => results::Error::InUse(path).into(),
            Some(Begun { excerpt: Some(Excerpt::Shard(_)), .. }) => Trouble::Unfinished(path).into(),
            Some(begun) => Trouble::NoShard { path, what: format!("an unfinished run of {}", begun.study) }.into(),
            None => Trouble::None(path).into(),
        });
    };
    let Some(Excerpt::Shard(shard)) = manifest.excerpt else {
        let whole = if manifest.sweep().is_some() { "a whole sweep" } else { "a whole run" };
        let what = manifest.excerpt.map_or_else(|| whole.to_owned(), |excerpt| excerpt.to_string());
        return Err(Trouble::NoShard { path, what: format!("{what} of {}", manifest.study) }.into());
    };
    if let Err(error) = results::verify(&path) {
        return Err(match error {
            results::Error::Damaged { problems, .. } => Trouble::Damaged { path, what: problems.join("; ") }.into(),
            other => other.into(),
        });
    }
    // Of another version, or with a scenario, seed or number that does not fit the fingerprint.
    if manifest.record == SweepSpec::RECORD {
        sweep::recover(&Begun::of(&manifest), &path)?;
    } else {
        recover(&Begun::of(&manifest), &path, Manifest::FILE)?;
    }
    if shard.number == 0 || shard.number > shard.of {
        return Err(Trouble::Damaged { path, what: format!("it calls itself {}", Excerpt::Shard(shard)) }.into());
    }
    Ok(Found { path, shard, manifest })
}
