//! The same two persons in the other arm, with the same luck: where their lives part, and by what.

use super::event::{Event, Id, LEVERS, What, class};
use super::live::live_together;
use super::narrator::Teller;
use super::record::{Life, Mode, Week, learned};
use super::wording::{share, two};
use crate::model::dyad::Quality;
use crate::model::ending::CAUSES;
use crate::model::episode::DESTRUCTIVE;
use crate::study::plan::Plan;

/// Where two lives part.
#[derive(Clone, Debug, PartialEq)]
pub enum Parting {
    /// Every number of every week is the same.
    Never,
    /// In the other world the two are no pair.
    NoPair,
    /// They part.
    Parts {
        /// The first week in which any number differs.
        numbers: usize,
        /// The first week in which something else happens, what it is, and the events there are, here and there.
        event: Option<(usize, String, Vec<Id>)>,
    },
}

/// A life and its twin.
#[derive(Clone, Debug, PartialEq)]
pub struct Twin {
    /// The arm that everyone has in the other world.
    pub arm: usize,
    /// Its name.
    pub arm_name: String,
    /// The life there; none where the two are no pair.
    pub life: Option<Life>,
    /// Where they part.
    pub parting: Parting,
}

/// The arm to compare with, where none is named: the control arm, or for who has it the arm that a hypothesis holds against
/// it, or the next one.
pub fn other_arm(plan: &Plan, arm: usize) -> Option<usize> {
    if arm != plan.control {
        return Some(plan.control);
    }
    let contrasts = plan.study.hypotheses.iter().filter_map(|hypothesis| hypothesis.ask.contrast());
    let held = contrasts.filter(|contrast| contrast.reference == arm).map(|contrast| contrast.treated).next();
    held.or_else(|| (0..plan.study.arms.len()).find(|other| *other != arm))
}

/// Lives the same replication in the world in which everyone has this arm.
pub fn twin(plan: &Plan, life: &Life, arm: usize) -> Twin {
    let other = live_together(plan, life.replication, Some(arm), life.members);
    let parting = other.as_ref().map_or(Parting::NoPair, |other| parting(life, other));
    Twin { arm, arm_name: plan.study.arms[arm].name.clone(), life: other, parting }
}

/// Where two lives of the same two persons part.
pub fn parting(here: &Life, there: &Life) -> Parting {
    let same = |week: &usize| match (here.weeks.get(*week), there.weeks.get(*week)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    };
    let weeks = here.weeks.len().max(there.weeks.len());
    let Some(numbers) = (0..weeks).find(|week| !same(week)) else { return Parting::Never };
    let (ours, theirs) = (here.events(), there.events());
    let of = |events: &[Event], week: usize| -> Vec<Event> {
        let from = events.partition_point(|event| event.id.week < week);
        let until = events.partition_point(|event| event.id.week <= week);
        events[from..until].to_vec()
    };
    let event = (1..weeks.min(here.weeks.len()).min(there.weeks.len())).find_map(|week| {
        let (a, b) = (of(&ours, week), of(&theirs, week));
        let (text, ids) = difference(here, there, week, &a, &b)?;
        Some((week, text, ids))
    });
    Parting::Parts { numbers, event }
}

/// What happens in one of two weeks and not in the other; none where the same happens, be it more or less of it.
fn difference(here: &Life, there: &Life, week: usize, ours: &[Event], theirs: &[Event]) -> Option<(String, Vec<Id>)> {
    let (a, b): (&Week, &Week) = (here.at(week), there.at(week));
    let id = |number: u8| vec![here.numbered(week, number), there.numbered(week, number)];
    if a.met != b.met {
        let text =
            if a.met { "they met here, and did not meet there" } else { "they did not meet here, and met there" };
        return Some((text.to_owned(), id(0)));
    }
    for side in 0..2 {
        if let (Some(x), Some(y)) = (a.sides[side].turn, b.sides[side].turn) {
            let (learner, coach) = (&here.names[side], &here.names[1 - side]);
            if x.mode != y.mode {
                let text = format!("{coach} {} here, and {} there", did(x.mode, learner), did(y.mode, learner));
                return Some((text, id(1 + side as u8)));
            }
            // A turn that just crosses zero is hardly another turn; harm is.
            let harm = |felt: f64| if felt < DESTRUCTIVE { class(felt) } else { "" };
            if harm(x.felt) != harm(y.felt) {
                let text = format!(
                    "the same turn was {} for {learner} here ({}), and {} there ({})",
                    class(x.felt),
                    two(x.felt),
                    class(y.felt),
                    two(y.felt)
                );
                return Some((text, id(1 + side as u8)));
            }
        }
    }
    let telling = |event: &&Event| {
        matches!(
            event.what,
            What::Breach(..)
                | What::Malice(_)
                | What::Left(_)
                | What::Step(_)
                | What::Repair
                | What::Agreement
                | What::Over(_)
                | What::Quality
                | What::Change(..)
        )
    };
    let only = |mine: &[Event], other: &[Event]| {
        mine.iter()
            .filter(telling)
            .find(|event| !other.iter().any(|same| same.what.number() == event.what.number()))
            .copied()
    };
    if let Some(event) = only(ours, theirs) {
        return Some((format!("here {}, and there this did not happen", clause(event, here)?), vec![event.id]));
    }
    let event = only(theirs, ours)?;
    Some((format!("there {}, and here this did not happen", clause(event, there)?), vec![event.id]))
}

/// What happened, as a clause; none of what is not told alone.
fn clause(event: Event, life: &Life) -> Option<String> {
    let name = |side: usize| &life.names[side];
    let (now, was) = (life.at(event.id.week), life.at(event.id.week.saturating_sub(1)));
    Some(match event.what {
        What::Breach(side, true) => format!("{} betrayed what {} had confided", name(1 - side), name(side)),
        What::Breach(side, false) => format!("{} let slip what {} had confided", name(1 - side), name(side)),
        What::Malice(side) => format!("{} turned against {}", name(side), name(1 - side)),
        What::Left(side) => format!("{} left the organization", name(side)),
        What::Step(step) => format!("the two reached step {step} of peer coaching"),
        What::Repair => "a third party repaired what was broken between the two".to_owned(),
        What::Agreement => "the two made a working agreement".to_owned(),
        What::Over(cause) => format!("the pair came to its end ({})", CAUSES[cause]),
        What::Quality => format!(
            "the connection, which had been {}, became {}",
            Teller::class(was.quality),
            match now.quality {
                Quality::Dysfunctional => "dysfunctional",
                Quality::Low => "one of low quality",
                Quality::Medium => "one of medium quality",
                Quality::High => "one of high quality",
            }
        ),
        What::Change(lever, _) => format!(
            "the organization changed its {} from {} to {}",
            LEVERS[lever],
            two(was.place.levers[lever]),
            two(now.place.levers[lever])
        ),
        _ => return None,
    })
}

fn did(mode: Mode, learner: &str) -> String {
    match mode {
        Mode::Inquire => "asked".to_owned(),
        Mode::Advise => "gave advice".to_owned(),
        Mode::Superficial => "stayed on the surface".to_owned(),
        Mode::Undermine => format!("undermined {learner}"),
    }
}

impl Twin {
    /// Where their lives part, in sentences.
    pub fn in_words(&self, here: &Life) -> Vec<String> {
        let arm = &self.arm_name;
        let own = &here.arm_names[0];
        match &self.parting {
            Parting::Never => vec![
                format!(
                    "Their lives never part: in all {} weeks every number is the same to the last digit, here and in the world in which everyone has the arm “{arm}”.",
                    here.last()
                ),
                "What sets the two arms apart moves nothing in these two lives.".to_owned(),
            ],
            Parting::NoPair => vec![format!(
                "In the world in which everyone has the arm “{arm}” the two are no pair: partners are found anew there, by the rule of that arm. There is no twin to tell of."
            )],
            Parting::Parts { numbers, event } => {
                let mut all = vec![format!(
                    "The same two persons, with the same luck, in the world in which everyone has the arm “{arm}”{}.",
                    if here.arms[0] == here.arms[1] && own != arm {
                        format!(" in place of “{own}”")
                    } else {
                        String::new()
                    }
                )];
                let why = if *numbers == 0 { "with what was done to people" } else { "if only in the third digit" };
                match event {
                    Some((week, text, _)) => {
                        if numbers < week {
                            all.push(format!("Their numbers differ from week {numbers} on, {why}; the first thing to happen differently comes in week {week}: {text}."));
                        } else {
                            all.push(format!("Their lives part in week {week}: {text}."));
                        }
                    }
                    None => all.push(format!("Their numbers differ from week {numbers} on, {why}; but whatever happens in the one life happens in the other, be it more or less of it.")),
                }
                all
            }
        }
    }

    /// The events at which they part.
    pub fn ids(&self) -> Vec<Id> {
        match &self.parting {
            Parting::Parts { event: Some((_, _, ids)), .. } => ids.clone(),
            _ => Vec::new(),
        }
    }
}

/// How two lives compare at the end: what, here, there.
pub fn compared(here: &Life, there: &Life) -> Vec<[String; 3]> {
    let at = |life: &Life| *life.at(life.last());
    let (a, b) = (at(here), at(there));
    let mut rows = Vec::new();
    for side in 0..2 {
        let name = &here.names[side];
        rows.push([format!("learning of {name} (SD)"), two(learned(&a, side)), two(learned(&b, side))]);
        rows.push([format!("trust of {name}"), share(a.sides[side].trust), share(b.sides[side].trust)]);
    }
    let turns = |life: &Life| {
        life.meetings()
            .flat_map(|week| (0..2).filter_map(move |side| life.turn(week, side).map(|turn| turn.felt)))
            .collect::<Vec<f64>>()
    };
    let bad = |life: &Life| turns(life).iter().filter(|felt| **felt < DESTRUCTIVE).count();
    let broken =
        |life: &Life| life.weeks.iter().flat_map(|week| week.sides).filter(|side| side.lapse || side.betrayal).count();
    let end = |life: &Life| {
        life.over().map_or("it did not".to_owned(), |week| format!("week {week}, {}", CAUSES[life.at(week).cause]))
    };
    rows.push(["meetings".into(), here.meetings().count().to_string(), there.meetings().count().to_string()]);
    rows.push(["destructive turns".into(), bad(here).to_string(), bad(there).to_string()]);
    rows.push(["confidences broken".into(), broken(here).to_string(), broken(there).to_string()]);
    rows.push(["ended".into(), end(here), end(there)]);
    rows
}

/// The weeks of a twin's story that are worth telling beside the first: those from the parting on, and the balance.
pub fn from_week(parting: &Parting) -> usize {
    match parting {
        Parting::Parts { event: Some((week, ..)), .. } => *week,
        Parting::Parts { numbers, event: None } => *numbers,
        _ => usize::MAX,
    }
}
