//! What changed beside the turns: the pair's conditions, what was found and mended, and what the organization did to them.

use super::event::{STATES, What};
use super::narrator::Teller;
use super::wording::{fill, share, two};
use crate::model::dyad::Quality;

/// What a lever of the organization does when it rises, and when it falls.
const RISES: [[&str; 2]; 6] = [
    [
        "the organization set its members against each other more",
        "the organization took pressure out of the competition",
    ],
    [
        "the organization turned its rewards toward development and helping",
        "the organization turned its rewards toward individual results",
    ],
    ["the organization made room for working together", "the organization left less room for working together"],
    [
        "the organization's toolkit for reflecting and planning grew",
        "the organization's toolkit for reflecting and planning shrank",
    ],
    ["the organization came to value development more", "the organization came to value development less"],
    ["the hierarchy grew steeper", "the hierarchy was flattened"],
];

/// What is lacking where an individual risk factor of Table 1 holds.
const LACKING: [&str; 6] = [
    "{N}'s experience had little to do with what {P} needed",
    "{N} lacked skills that coaching takes",
    "{N} had little awareness of {N}'s own strengths and deficits",
    "{N} stood against learning from others",
    "{N} expected too much of the relationship",
    "{N} had little motivation to help",
];

/// The same of the relational ones.
const SHARED: [&str; 4] = [
    "the two found it hard to move between learner and facilitator",
    "the balance between the two was off",
    "one of the two had come with bad intentions",
    "confidences were not safe between the two",
];

impl Teller<'_> {
    /// Something that is neither a turn nor an end.
    pub(super) fn condition(&mut self, week: usize, what: &What) {
        let life = self.life;
        let (now, was) = (life.at(week), life.at(week.saturating_sub(1)));
        let hash = self.hash(week, what.number());
        let mut told: Vec<(&str, String)> = Vec::new();
        let (mut ids, mut since) = (vec![life.id(week, what)], "");
        let (list, ways): (&'static str, &[&'static str]) = match *what {
            What::Step(step) => {
                told.push(("h", two(now.holding)));
                let low = now.sides[0].trust.min(now.sides[1].trust);
                told.push(("t", share(low)));
                match step {
                    2 => (
                        "step 2",
                        &[
                            "by then it was safe enough between them (holding {h}) for the second step, creating success",
                            "{when} they moved on from building the relationship to creating success",
                            "the relationship held enough by now (holding {h}) for the second step, creating success",
                        ],
                    ),
                    _ => (
                        "step 3",
                        &[
                            "{when} they reached the third step: coaching began to become a habit",
                            "that took them to the third step, with trust at {t} or more on either side",
                            "with trust at {t} or more on either side, they could take the third step, making it a habit",
                            "coaching turned toward a habit {when}, the third step",
                        ],
                    ),
                }
            }
            What::Quality => {
                let mine = now.sides.map(|side| share(side.trust));
                told.push(("x", mine[0].clone()));
                told.push(("y", mine[1].clone()));
                // Whether it was so before, and since when it was not: that may have come about without a meeting, and untold.
                let since =
                    (0..week).rev().take_while(|week| life.at(*week).quality != now.quality).last().unwrap_or(week);
                let before = (1..since).any(|week| life.at(week).quality == now.quality);
                if before {
                    ids.push(life.numbered(since, 0));
                    told.push(("b", Self::class(was.quality).to_owned()));
                    told.push(("s", since.to_string()));
                }
                match now.quality {
                    Quality::Dysfunctional if before => (
                        "dysfunctional again",
                        &[
                            "the connection, {b} a week before and no longer dysfunctional since week {s}, fell back {when}: trust stood at {x} and {y}",
                            "what had mended since week {s} did not hold: {when} the connection was dysfunctional again, with trust at {x} and {y}",
                        ],
                    ),
                    Quality::High if before => (
                        "high again",
                        &[
                            "{when} the connection was of high quality again, which it had not been since week {s}",
                            "the connection, less than that since week {s}, was of high quality again {when}",
                        ],
                    ),
                    Quality::Dysfunctional => (
                        "dysfunctional",
                        &[
                            "by then the connection had become dysfunctional",
                            "{when} the connection counted as dysfunctional, with trust at {x} and {y}",
                            "that made it a dysfunctional connection, with trust at {x} and {y}",
                            "with trust at {x} and {y}, what they had was dysfunctional",
                        ],
                    ),
                    Quality::High => (
                        "high",
                        &[
                            "{when} theirs was a connection of high quality",
                            "by then the connection was of high quality: trust at {x} and {y}, and turns that felt good",
                        ],
                    ),
                    other => {
                        told.push(("q", Self::class(other).to_owned()));
                        ("other quality", &["{when} the connection was {q}"])
                    }
                }
            }
            What::Repair => {
                let low = usize::from(!now.repaired[0]);
                told.push(("N", self.name(low).to_owned()));
                told.push(("x", share(now.sides[low].trust)));
                (
                    "repair",
                    &[
                        "{when} a third party stepped in, and {N}'s trust came to stand at {x}",
                        "{when} a third party helped them to repair what was broken: {N}'s trust rose to {x}",
                    ],
                )
            }
            What::Agreement => {
                told.push(("x", two(was.dependence.abs())));
                told.push(("y", two(now.dependence.abs())));
                told.push(("D", self.name(usize::from(was.dependence < 0.0)).to_owned()));
                (
                    "agreement",
                    &[
                        "{when} they saw how far {D} had come to dominate and made a working agreement; dependence fell from {x} to {y}",
                        "a working agreement, made {when}, put them on a level again: dependence {y} after {x}",
                    ],
                )
            }
            What::Dependence(side) => {
                told.push(("D", self.name(side).to_owned()));
                told.push(("S", self.name(1 - side).to_owned()));
                told.push(("x", two(now.dependence.abs())));
                (
                    "dependence",
                    &[
                        "{D} had come to lead and {S} to follow, at a dependence of {x}",
                        "by then {D} dominated and {S} gave way, at a dependence of {x}",
                        "the two were no longer on a level: {D} led, {S} followed (dependence {x})",
                    ],
                )
            }
            What::Remedy(side, factor, amount) => {
                told.push(("N", self.name(side).to_owned()));
                told.push(("P", self.name(1 - side).to_owned()));
                told.push(("F", LACKING[factor].to_owned()));
                told.push(("m", mended(amount, was.sides[side].burden[factor])));
                (
                    "remedy",
                    &[
                        "{when} it came out that {F}, and {m} of that was mended",
                        "they noticed {when} that {F}; {m} of it could be mended",
                    ],
                )
            }
            What::SharedRemedy(factor, amount) => {
                told.push(("F", SHARED[factor].to_owned()));
                told.push(("m", mended(amount, was.burden[factor])));
                (
                    "shared remedy",
                    &[
                        "{when} it came out that {F}, and {m} of that was mended",
                        "it was noticed {when} that {F}; {m} of it could be mended",
                    ],
                )
            }
            What::Change(lever, by) => {
                told.push(("F", RISES[lever][usize::from(by < 0.0)].to_owned()));
                told.push(("l", super::event::LEVERS[lever].to_owned()));
                told.push(("x", two(was.place.levers[lever])));
                told.push(("y", two(now.place.levers[lever])));
                (
                    "change",
                    &[
                        "from week {w} on {F} ({l} {y} after {x})",
                        "then came a change from above: {F}; {l} went from {x} to {y} with week {w}",
                    ],
                )
            }
            What::Review(lever, by) => {
                told.push(("F", RISES[lever][usize::from(by < 0.0)].to_owned()));
                told.push(("l", super::event::LEVERS[lever].to_owned()));
                told.push(("x", two(was.place.levers[lever])));
                told.push(("y", two(now.place.levers[lever])));
                (
                    "review",
                    &[
                        "after a review of its practices {F} {when} ({l} {x} to {y})",
                        "the organization looked at its own practices {when}: {F} ({l} {y} after {x})",
                    ],
                )
            }
            What::Climate(from, to) => {
                told.push(("x", share(from)));
                told.push(("y", share(to)));
                if to > from {
                    (
                        "climate up",
                        &[
                            "around them the climate of trust had risen from {x} to {y}",
                            "the climate of the organization had warmed by then, {y} after {x}",
                        ],
                    )
                } else {
                    (
                        "climate down",
                        &[
                            "around them the climate of trust had slipped from {x} to {y}",
                            "the organization had become a place of less trust by then, {y} after {x}",
                        ],
                    )
                }
            }
            What::State(side, state, from, to) => {
                // What is told is how far it has come, not its last step: events before this one may have been told or not.
                let course = life.course(week, side, state);
                ids = course.cited();
                told.push(("N", self.name(side).to_owned()));
                told.push(("s", STATES[state].0.to_owned()));
                told.push(("z", two(course.by().abs())));
                if course.steps.len() > 1 && course.turned.is_none() {
                    since = " in all";
                }
                match (state, to > from) {
                    (_, true) if course.turned.is_some() => (
                        "up again",
                        &[
                            "{N}'s {s}, which had fallen before, had risen again by {z} SD",
                            "after its fall {N}'s {s} had come back by {z} SD",
                        ],
                    ),
                    (_, false) if course.turned.is_some() => (
                        "down again",
                        &[
                            "{N}'s {s}, which had grown before, had fallen by {z} SD",
                            "of {N}'s {s}, which had grown, {z} SD were gone again",
                        ],
                    ),
                    (0, true) => (
                        "motivated",
                        &["{N} was by now more motivated, by {z} SD", "{N}'s motivation had grown by {z} SD"],
                    ),
                    (0, false) => (
                        "unmotivated",
                        &["{N} had lost {z} SD of motivation", "{N} had less motivation than before, by {z} SD"],
                    ),
                    (1, true) => (
                        "esteem up",
                        &["{N}'s self-esteem had grown by {z} SD", "{N} had gained {z} SD of self-esteem"],
                    ),
                    (1, false) => {
                        ("esteem down", &["{N} had lost {z} SD of self-esteem", "{N}'s self-esteem was down by {z} SD"])
                    }
                    (2, true) => (
                        "strain up",
                        &["{N} was under more strain, by {z} SD", "strain was building up in {N}, by {z} SD"],
                    ),
                    (2, false) => ("strain down", &["{N}'s strain had eased by {z} SD"]),
                    (_, true) => (
                        "schema up",
                        &[
                            "{N} had come to seek help more readily, by {z} SD",
                            "{N}'s desire for connection had grown by {z} SD",
                        ],
                    ),
                    (_, false) => (
                        "schema down",
                        &[
                            "{N} had drawn back from learning with others, by {z} SD",
                            "{N}'s desire for connection had fallen by {z} SD",
                        ],
                    ),
                }
            }
            _ => return,
        };
        // What is `that` is what the sentence before tells, of the same week.
        let fits = |way: &&str| week <= self.last || !way.starts_with("that ");
        let ways: Vec<&'static str> = ways.iter().copied().filter(fits).collect();
        let way = self.memory.choose(list, hash, &ways);
        let when = if way.contains("{when}") { self.when(week) } else { String::new() };
        let number = week.to_string();
        let mut words: Vec<(&str, &str)> =
            vec![("F", told.iter().find(|(key, _)| *key == "F").map_or("", |(_, word)| word))];
        words.push(("when", &when));
        words.push(("w", &number));
        words.extend(told.iter().filter(|(key, _)| *key != "F").map(|(key, word)| (*key, word.as_str())));
        let mut text = fill(way, &words) + since;
        if when.is_empty() && week > self.last && !text.contains("week ") {
            let comma = if text.starts_with("with ") { "," } else { "" };
            text = format!(
                "by week {week}{comma} {}",
                text.replace("by then ", "").replace(" by then", "").replace(" by now", "")
            );
        }
        self.say(week, text, ids);
    }
}

/// How much of what was lacking was mended.
fn mended(amount: f64, before: f64) -> String {
    let share = if before > 0.0 { amount / before } else { 0.0 };
    match share {
        share if share > 0.95 => "all".to_owned(),
        share if share > 0.6 => "most".to_owned(),
        share if share > 0.4 => "about half".to_owned(),
        _ => "some".to_owned(),
    }
}
