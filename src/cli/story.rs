//! `peerlab story`: what happened to one pair, in plain sentences, from that replication run again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::arguments::SET_HELP;
use super::screen::{Ink, Screen, WRONG, complain, print, refuse};
use super::source::source;
use crate::report::story::screen::{CHAPTERS, cited, curves, heading, legend, lines, row};
use crate::report::story::twin::{compared, from_week, other_arm, twin};
use crate::report::story::{Event, Id, Life, Pick, Story, Twin, Unknown, choice, live, page, tell};
use crate::scenario::{Override, builtin, nearest};
use crate::study::declaration::Kind;
use crate::study::plan::Plan;

#[derive(Args, Debug)]
pub(super) struct StoryArguments {
    /// A built-in study, the path of a scenario file (.toml), or the folder of a finished run
    #[arg(value_name = "STUDY|DIR")]
    pub source: String,
    /// Which replication, counted from 0 as in the tables
    #[arg(long, value_name = "K", default_value_t = 0)]
    pub replication: u64,
    /// Which pair, by its number in the tables `weeks` and `episodes`; without it, one is picked
    #[arg(long, value_name = "D")]
    pub dyad: Option<usize>,
    /// Pick among the pairs of this arm
    #[arg(long, value_name = "NAME")]
    pub arm: Option<String>,
    /// How a pair is picked, where none is named
    #[arg(long, value_name = "HOW", value_parser = pick(), default_value = "typical", conflicts_with = "dyad")]
    pub pick: Pick,
    /// The same two persons, with the same luck, in another arm: the control arm, or for who has it the arm compared with it, unless named (--twin=NAME)
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub twin: Option<String>,
    /// List the events that the sentences cite, each with the table in which it can be found
    #[arg(long)]
    pub events: bool,
    /// How it is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    pub format: Format,
    /// File to write, instead of the screen
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[arg(long, value_name = "KEY=VALUE", help = SET_HELP)]
    pub set: Vec<String>,
    /// Seed of everything random, in place of the scenario's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// How a story is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text for the screen
    Text,
    /// A page that needs nothing but itself
    Html,
}

fn pick() -> impl TypedValueParser<Value = Pick> {
    let how = |pick: Pick| match pick {
        Pick::Typical => "Nearest to the median path of trust, learning and meetings",
        Pick::Best => "The most true personal learning",
        Pick::Worst => "The least true personal learning",
        Pick::TurningPoint => "The largest reversal of trust",
    };
    let values = Pick::NAMES.iter().map(move |(name, pick)| PossibleValue::new(*name).help(how(*pick)));
    PossibleValuesParser::new(values).map(|written| {
        // The parser lets only these names through.
        Pick::NAMES.iter().find(|(name, _)| *name == written).map_or(Pick::Typical, |(_, pick)| *pick)
    })
}

/// Runs the replication again and tells the story.
pub(super) fn story(arguments: &StoryArguments) -> ExitCode {
    match prepared(arguments) {
        Ok(told) => deliver(arguments, &told),
        Err(code) => code,
    }
}

/// Everything that is told, before it is written.
struct Told {
    plan: Plan,
    life: Life,
    story: Story,
    reason: String,
    /// Whether a run was given, and something was changed.
    changed: bool,
    twin: Option<(Twin, Option<Story>)>,
}

fn prepared(arguments: &StoryArguments) -> Result<Told, ExitCode> {
    let mut overrides = Override::sets(&arguments.set);
    if let Some(seed) = arguments.seed {
        overrides.push(Override { option: "--seed", text: format!("monte_carlo.seed={seed}") });
    }
    let (study, _) = source(&arguments.source, Some(arguments.replication), &overrides)?;
    let replications = study.monte_carlo.replications as u64;
    if arguments.replication >= replications {
        return Err(wrong(
            &format!("{} has no replication {}", study.id, arguments.replication),
            &format!("Its replications are 0 to {}.", replications.saturating_sub(1)),
        ));
    }
    let plan = Plan::new(study).map_err(|error| {
        complain(&format!("peerlab: {error}"));
        ExitCode::FAILURE
    })?;
    let arm = arguments.arm.as_deref().map(|name| arm(&plan, name)).transpose()?;
    let (dyad, reason) = match arguments.dyad {
        Some(dyad) => (dyad, String::new()),
        None => match choice::pick(&plan, arguments.replication, arguments.pick, arm) {
            Some(choice) => (choice.dyad, choice.reason),
            None => {
                let name = arm.map_or("", |arm| plan.study.arms[arm].name.as_str());
                return Err(wrong(
                    &format!("nobody is in the arm `{name}` in replication {}", arguments.replication),
                    "An arm of share 0 is only a world to compare with: `--twin` tells of it.",
                ));
            }
        },
    };
    let life = live::live(&plan, arguments.replication, None, dyad).map_err(|unknown| no_pair(dyad, &unknown))?;
    if let Some(arm) = arm.filter(|arm| !life.arms.contains(arm)) {
        return Err(wrong(
            &format!("dyad {dyad} is not in the arm `{}` but in `{}`", plan.study.arms[arm].name, life.arm_names[0]),
            "Leave out `--arm` for this pair, or `--dyad` to pick one of the arm; `--twin` tells of the same two in the other arm.",
        ));
    }
    let twin = match arguments.twin.as_deref() {
        None => None,
        Some(name) => {
            let other = if name.is_empty() { other_arm(&plan, life.arms[0]) } else { Some(self::arm(&plan, name)?) };
            let Some(other) = other else {
                return Err(wrong(
                    "the study has a single arm, and no other for a twin to be in",
                    "Leave out `--twin`, or add an arm: `peerlab show` tells the study.",
                ));
            };
            let twin = twin(&plan, &life, other);
            let story = twin.life.as_ref().map(tell);
            Some((twin, story))
        }
    };
    let story = tell(&life);
    let of_run = builtin::find(&arguments.source).is_none() && Path::new(&arguments.source).is_dir();
    Ok(Told { plan, life, story, reason, changed: of_run && !overrides.is_empty(), twin })
}

fn wrong(error: &str, way_out: &str) -> ExitCode {
    refuse(error, way_out);
    WRONG.into()
}

/// The arm of this name.
fn arm(plan: &Plan, name: &str) -> Result<usize, ExitCode> {
    let arms = &plan.study.arms;
    arms.iter().position(|arm| arm.name == name).ok_or_else(|| {
        let near = nearest(name, arms.iter().map(|arm| arm.name.as_str()));
        let meant = near.map_or(String::new(), |name| format!("Did you mean `{name}`? "));
        let all: Vec<String> = arms.iter().take(12).map(|arm| format!("`{}`", arm.name)).collect();
        let more = if arms.len() > 12 { format!(" and {} more", arms.len() - 12) } else { String::new() };
        wrong(
            &format!("{} has no arm `{name}`", plan.study.id),
            &format!("{meant}Its arms are {}{more}.", all.join(", ")),
        )
    })
}

fn no_pair(dyad: usize, unknown: &Unknown) -> ExitCode {
    let range = |(low, high): (usize, usize)| format!("{low} to {high}");
    let ranges = match (unknown.pairs, unknown.ties) {
        (Some(pairs), None) => format!("Its pairs are {}.", range(pairs)),
        (None, Some(ties)) => format!("Partners change here: every two who may meet have a number, {}.", range(ties)),
        (Some(pairs), Some(ties)) => format!(
            "Pairs that stay together are among {}; of who sits in a circle or among colleagues, every two have a number, {}.",
            range(pairs),
            range(ties)
        ),
        (None, None) => "It has no pairs.".to_owned(),
    };
    let meant = unknown
        .meant
        .map_or(String::new(), |number| format!(" The two who are at home in {dyad} are `--dyad {number}`."));
    wrong(
        &format!("there is no dyad {dyad} in this replication"),
        &format!("{ranges}{meant} Without `--dyad` one is picked."),
    )
}

fn deliver(arguments: &StoryArguments, told: &Told) -> ExitCode {
    let text = match arguments.format {
        Format::Text => text(arguments, told),
        Format::Html => match page::page(&as_page(arguments, told)) {
            Ok(page) => page,
            Err(error) => {
                complain(&format!("peerlab: {error}"));
                return ExitCode::FAILURE;
            }
        },
    };
    let Some(out) = &arguments.out else { return print(&text) };
    match write_whole(out, &text) {
        Ok(()) => print(&format!("Written: {}\n", out.display())),
        Err(error) => {
            complain(&format!("peerlab: cannot write {}: {error}", out.display()));
            ExitCode::FAILURE
        }
    }
}

/// Writes beside and renames: what is there is whole.
fn write_whole(out: &Path, text: &str) -> std::io::Result<()> {
    let mut beside = out.as_os_str().to_owned();
    beside.push(".partial");
    fs::write(&beside, text)?;
    fs::rename(&beside, out).inspect_err(|_| {
        let _ = fs::remove_file(&beside);
    })
}

fn as_page<'a>(arguments: &StoryArguments, told: &'a Told) -> page::Page<'a> {
    page::Page {
        title: title(&told.life),
        facts: facts(told),
        numbers: NUMBERS,
        command: command(arguments, told),
        study: &told.plan.study,
        life: &told.life,
        story: &told.story,
        twin: told.twin.as_ref().map(|(twin, story)| (twin, story.as_ref())),
    }
}

fn title(life: &Life) -> String {
    format!("The story of {} and {}", life.names[0], life.names[1])
}

/// What is told, and how it was picked.
fn facts(told: &Told) -> Vec<String> {
    let life = &told.life;
    let study = &told.plan.study;
    let arms = if life.arms[0] == life.arms[1] {
        format!("arm “{}”", life.arm_names[0])
    } else {
        format!("arms “{}” and “{}”", life.arm_names[0], life.arm_names[1])
    };
    let organization =
        if life.organization.1 > 1 { format!(", organization {}", life.organization.0) } else { String::new() };
    let mut all = vec![format!(
        "{} · replication {} · dyad {} (persons {} and {}) · {arms}{organization} · seed {}",
        study.title, life.replication, life.dyad, life.members[0], life.members[1], study.monte_carlo.seed
    )];
    if !told.reason.is_empty() {
        all.push(told.reason.clone());
    }
    all.extend(told_instead(life));
    all.extend(
        told.changed.then(|| "Changed from the run in that folder: the events in its tables are others.".to_owned()),
    );
    all
}

/// What is told where nobody has one partner for good.
fn told_instead(life: &Life) -> Option<String> {
    match (life.program.kind, life.circle.len()) {
        (Kind::Informal, _) => Some(
            "Colleagues seek each other week by week, and nobody has one partner: this is what passed between these two; what each learned comes from all whom each met.".to_owned(),
        ),
        (_, 3..) => Some(format!(
            "Partners change in a circle of {}: this is what passed between two of its members, in the weeks in which they worked together; what each learned comes from all of the circle.",
            life.circle.len()
        )),
        _ => None,
    }
}

/// The command that tells this story again.
fn command(arguments: &StoryArguments, told: &Told) -> String {
    let quoted = |word: &str| if word.contains([' ', '"', '\'']) { format!("'{word}'") } else { word.to_owned() };
    let mut words = vec![format!(
        "peerlab story {} --replication {} --dyad {}",
        quoted(&arguments.source),
        arguments.replication,
        told.life.dyad
    )];
    if let Some((twin, _)) = &told.twin {
        words.push(quoted(&format!("--twin={}", twin.arm_name)));
    }
    words.extend(arguments.set.iter().map(|set| format!("--set {}", quoted(set))));
    words.extend(arguments.seed.map(|seed| format!("--seed {seed}")));
    words.join(" ")
}

fn text(arguments: &StoryArguments, told: &Told) -> String {
    let life = &told.life;
    // A file is as wide as a page, whatever the terminal is.
    let mut screen = if arguments.out.is_some() { Screen::new(100, false) } else { Screen::standard() };
    screen.lines(0, Ink::Strong, &title(life));
    for fact in facts(told) {
        screen.lines(0, Ink::Faint, &fact);
    }
    screen.gap();
    screen.line(0, &[(Ink::Strong, "Trust")]);
    draw(&mut screen, life);
    for chapter in CHAPTERS {
        if told.story.chapter(chapter).next().is_some() {
            screen.heading(&heading(life, chapter));
            sentences(&mut screen, told.story.chapter(chapter));
        }
    }
    let mut shown = cited(&told.story);
    if let Some((twin, story)) = &told.twin {
        tell_twin(&mut screen, life, twin, story.as_ref());
        shown.extend(twin.ids());
        shown.extend(story.iter().flat_map(cited));
    }
    screen.gap();
    let stem = life.numbered_stem();
    screen.lines(
        0,
        Ink::Faint,
        &format!("In square brackets: the events told, such as {stem}.w1.e1 for w1.e1. `--events` lists them; a run with `--record episodes` has them in its tables."),
    );
    screen.lines(0, Ink::Faint, NUMBERS);
    if arguments.events {
        shown.sort_unstable();
        shown.dedup();
        list_events(&mut screen, told, &shown);
    }
    screen.into_text()
}

/// What the numbers in a story are.
const NUMBERS: &str = "In round brackets after a turn: how it felt to the learner, destructive below \u{2212}0.25 and severe below \u{2212}1. Trust runs from 0 to 1; learning and personal states are in SD of the reference population; 'learning' alone is both kinds, personal and task, added and divided by \u{221a}2 so that its SD is 1, and is of all these weeks, with whomever: people learn without a coach, too.";

fn draw(screen: &mut Screen, life: &Life) {
    for line in curves(life, screen.width().saturating_sub(2)) {
        screen.line(2, &[(Ink::Plain, &line)]);
    }
    screen.lines(2, Ink::Faint, &legend(life));
}

fn sentences<'a>(screen: &mut Screen, all: impl Iterator<Item = &'a crate::report::story::Sentence>) {
    for sentence in all {
        for (number, line) in lines(sentence, screen.width().saturating_sub(4)).iter().enumerate() {
            screen.line(if number == 0 { 2 } else { 4 }, &[(Ink::Plain, line)]);
        }
    }
}

fn tell_twin(screen: &mut Screen, here: &Life, twin: &Twin, story: Option<&Story>) {
    screen.heading(&format!("The same two in the arm “{}”", twin.arm_name));
    let ids = twin.ids();
    for (number, sentence) in twin.in_words(here).iter().enumerate() {
        let cited: Vec<String> = if number > 0 { ids.iter().map(Id::to_string).collect() } else { Vec::new() };
        let cited = if cited.is_empty() { String::new() } else { format!(" [{}]", cited.join(" ")) };
        screen.paragraph(2, &format!("{sentence}{cited}"));
    }
    let (Some(there), Some(story)) = (&twin.life, story) else { return };
    let from = from_week(&twin.parting);
    if from == usize::MAX {
        return;
    }
    screen.gap();
    draw(screen, there);
    screen.gap();
    let told: Vec<_> = story.sentences.iter().filter(|sentence| sentence.week >= from.max(1)).collect();
    sentences(screen, told.into_iter());
    screen.gap();
    let rows = compared(here, there);
    let column = rows.iter().map(|[what, ..]| what.chars().count()).max().unwrap_or(0);
    let wide = rows.iter().map(|[_, here, _]| here.chars().count()).max().unwrap_or(0).max("here".len());
    screen.line(2, &[(Ink::Faint, &format!("{:column$}  {:wide$}  there", "at the end", "here"))]);
    for [what, here, there] in rows {
        screen.line(2, &[(Ink::Plain, &format!("{what:column$}  {here:wide$}  {there}"))]);
    }
}

fn list_events(screen: &mut Screen, told: &Told, shown: &[Id]) {
    screen.heading("Events");
    let of = |life: &Life, events: Vec<Event>| -> Vec<[String; 5]> {
        events.iter().filter(|event| shown.contains(&event.id)).map(|event| row(event, life)).collect()
    };
    let mut rows = of(&told.life, told.life.events());
    if let Some(there) = told.twin.as_ref().and_then(|(twin, _)| twin.life.as_ref()) {
        rows.extend(of(there, there.events()));
    }
    let widths: Vec<usize> =
        (0..4).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    for [id, kind, who, table, facts] in rows {
        let [a, b, c, d] = [widths[0], widths[1], widths[2], widths[3]];
        screen.entry(2, &format!("{id:a$}  {kind:b$}  {who:c$}  {table:d$}"), a + b + c + d + 6, Ink::Plain, &facts);
    }
}
