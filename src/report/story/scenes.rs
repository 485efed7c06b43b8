//! What is worth telling: some weeks as scenes, what lies between them as stretches.
//!
//! Every event has a weight; a week weighs as much as its heaviest event and a little of the others. What cannot be left out
//! (a broken confidence, an end, an exit, a scheduled change) is always told; of the rest the heaviest, as long as the story
//! has room.

use super::event::{Event, STATES, What};
use super::record::{Life, Mode};
use crate::model::dyad::Quality;
use crate::model::episode::{DESTRUCTIVE, SEVERE};

/// Disclosure from which a learner opens up deeply; the model's own line for what can be regretted is the same.
pub(super) const DEEP: f64 = 0.6;
/// A change of trust within a week that is worth a word.
pub(super) const TRUST_MOVES: f64 = 0.05;
/// Sentences between the opening and the balance, at most.
const ROOM: usize = 15;
/// A weight that is always told.
const ALWAYS: f64 = 100.0;
/// What a week brings beside its heaviest event is told from this weight on.
const BESIDE: f64 = 44.0;

/// A piece of the story.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// A week, with the events of it that are told.
    Scene(usize, Vec<What>),
    /// The weeks from and to in a sentence.
    Stretch(usize, usize),
    /// The weeks from and to, in which they did not meet: as many as there are, whatever else is told of them.
    Silence(usize, usize),
}

/// What came before a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Before {
    /// Turns in which this learner met this mode of the coach, this one included.
    pub of_mode: usize,
    /// Turns before this one in a row with the same mode.
    pub in_a_row: usize,
    /// The mode of the turn before, if there was one.
    pub last: Option<Mode>,
    /// Destructive turns of the learner, this one included if it is.
    pub destructive: usize,
    /// Deepest disclosure so far, without this one.
    pub deepest: f64,
    /// Turns with deep disclosure before this one.
    pub deep: usize,
    /// Turns so far, without this one.
    pub turns: usize,
}

/// The history of this learner's turns before this week's.
pub(super) fn before(life: &Life, week: usize, side: usize) -> Before {
    let mut seen = Before::default();
    let Some(this) = life.turn(week, side) else { return seen };
    for earlier in (1..week).filter_map(|week| life.turn(week, side)) {
        seen.of_mode += usize::from(earlier.mode == this.mode);
        seen.in_a_row = if earlier.mode == this.mode { seen.in_a_row + 1 } else { 0 };
        seen.last = Some(earlier.mode);
        seen.destructive += usize::from(earlier.felt < DESTRUCTIVE);
        seen.deepest = seen.deepest.max(earlier.disclosure);
        seen.deep += usize::from(earlier.disclosure >= DEEP);
        seen.turns += 1;
    }
    seen.of_mode += 1;
    seen.destructive += usize::from(this.felt < DESTRUCTIVE);
    seen
}

/// Whether this week's turn left the learner with regret of having opened up.
pub(super) fn regretted(life: &Life, week: usize, side: usize) -> bool {
    week > 0 && life.at(week).sides[side].regret > life.at(week - 1).sides[side].regret + 0.1
}

/// By how much a member's trust moved in a week.
pub(super) fn moved(life: &Life, week: usize, side: usize) -> f64 {
    if week == 0 { 0.0 } else { life.at(week).sides[side].trust - life.at(week - 1).sides[side].trust }
}

/// The weeks of the largest fall and the largest rise of the two's mean trust.
fn turning_weeks(life: &Life) -> (usize, usize) {
    let mean = |week: usize| 0.5 * (moved(life, week, 0) + moved(life, week, 1));
    let (mut fall, mut rise) = (0, 0);
    for week in 1..life.weeks.len() {
        if mean(week) < mean(fall) && mean(week) < -0.04 {
            fall = week;
        }
        if mean(week) > mean(rise) && mean(week) > 0.04 {
            rise = week;
        }
    }
    (fall, rise)
}

/// How much an event asks to be told.
fn weight(life: &Life, event: &Event, earlier: &[Event]) -> f64 {
    let (week, what) = (event.id.week, &event.what);
    let first = |same: &dyn Fn(&What) -> bool| !earlier.iter().any(|event| same(&event.what));
    match *what {
        What::Turn(side, turn) => {
            let seen = before(life, week, side);
            let extreme = |better: &dyn Fn(f64) -> bool| {
                life.meetings().filter_map(|week| life.turn(week, side)).all(|other| !better(other.felt))
            };
            let mut weight: f64 = 8.0;
            let mut at_least = |least: f64, holds: bool| weight = if holds { weight.max(least) } else { weight };
            at_least(90.0, turn.felt < SEVERE);
            at_least(if seen.of_mode == 1 { 85.0 } else { 50.0 }, turn.mode == Mode::Undermine);
            at_least(62.0, regretted(life, week, side));
            at_least(60.0, turn.felt < DESTRUCTIVE && extreme(&|other| other < turn.felt));
            at_least(if seen.destructive == 1 { 55.0 } else { 26.0 }, turn.felt < DESTRUCTIVE);
            at_least(46.0, turn.felt > 0.3 && extreme(&|other| other > turn.felt));
            at_least(45.0, turn.disclosure >= DEEP && seen.deep == 0);
            at_least(42.0, turn.mode == Mode::Advise && seen.of_mode == 1);
            at_least(40.0, seen.in_a_row >= 3 && seen.last.is_some_and(|last| last != turn.mode));
            at_least(36.0, turn.benefit > 0.2 && turn.felt < 0.0);
            at_least(34.0, turn.benefit < 0.05 && turn.felt > 0.15);
            at_least(52.0, moved(life, week, side).abs() > 0.1);
            weight
        }
        What::Breach(..) | What::Left(_) | What::Over(_) => 2.0 * ALWAYS,
        What::Malice(_) => 1.5 * ALWAYS,
        What::Repair => 1.2 * ALWAYS,
        What::Change(..) => 1.1 * ALWAYS,
        What::ProgramEnd => ALWAYS,
        What::Agreement => 75.0,
        What::Review(..) => 60.0,
        What::Dependence(_) => 58.0,
        What::Quality => match life.at(week).quality {
            Quality::Dysfunctional => 66.0,
            Quality::High if first(&|what| matches!(what, What::Quality)) => 48.0,
            Quality::High => 40.0,
            _ => 0.0,
        },
        What::Step(step) => 40.0 + 4.0 * step as f64,
        What::Remedy(..) | What::SharedRemedy(..) => {
            let again = first(&|what| matches!(what, What::Remedy(..) | What::SharedRemedy(..)));
            if again { 46.0 } else { 22.0 }
        }
        // Strain that fades is what strain does.
        What::State(_, 2, from, to) if to < from => 0.0,
        // Nor has what comes after the end to do with the two of them.
        What::State(..) | What::Climate(..) if life.over().is_some_and(|over| week > over) => 0.0,
        What::Climate(..) => 38.0,
        What::State(_, state, from, to) => 30.0 + 6.0 * ((to - from).abs() / STATES[state].1 - 1.0).min(2.0),
        What::Week | What::Person(_) | What::Treated(_) => 0.0,
    }
}

/// A week that might be told.
struct Candidate {
    week: usize,
    weight: f64,
    tell: Vec<What>,
}

/// The story's pieces, in order.
pub(super) fn pieces(life: &Life, events: &[Event]) -> Vec<Piece> {
    let mut candidates = candidates(life, events);
    candidates.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.week.cmp(&b.week)));
    let mut chosen: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        let always = candidate.weight >= ALWAYS;
        let place = chosen.partition_point(|other| other.week < candidate.week);
        chosen.insert(place, candidate);
        if length(life, &chosen) > ROOM && !always {
            chosen.remove(place);
        }
    }
    lay_out(life, &chosen)
}

fn candidates(life: &Life, events: &[Event]) -> Vec<Candidate> {
    let (fall, rise) = turning_weeks(life);
    let first_meeting = life.meetings().next();
    let first_after = life.program_end().and_then(|end| life.meetings().find(|week| *week > end));
    let mut all = Vec::new();
    for week in 1..life.weeks.len() {
        let from = events.partition_point(|event| event.id.week < week);
        let until = events.partition_point(|event| event.id.week <= week);
        let mut weighed: Vec<(f64, What)> = events[from..until]
            .iter()
            .map(|event| {
                let mut weight = weight(life, event, &events[..from]);
                if let What::Turn(side, _) = event.what {
                    let mine = moved(life, week, side);
                    let turning = (week == fall && mine < -TRUST_MOVES) || (week == rise && mine > TRUST_MOVES);
                    if turning {
                        weight = weight.max(if week == fall { 64.0 } else { 47.0 });
                    }
                    if first_meeting == Some(week) {
                        weight = weight.max(72.0);
                    }
                    if first_after == Some(week) {
                        weight = weight.max(45.0);
                    }
                }
                (weight, event.what)
            })
            .filter(|(weight, _)| *weight > 20.0)
            .collect();
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.number().cmp(&b.1.number())));
        let Some(heaviest) = weighed.first().map(|(weight, _)| *weight) else { continue };
        let rest: f64 = weighed.iter().skip(1).map(|(weight, _)| 0.2 * weight).sum();
        let mut tell: Vec<What> = Vec::new();
        for (place, (weight, what)) in weighed.iter().enumerate() {
            let turn = matches!(what, What::Turn(..));
            let beside = turn && *weight > 25.0 && tell.iter().any(|other| matches!(other, What::Turn(..)));
            if place == 0 || *weight >= BESIDE || beside {
                tell.push(*what);
            }
        }
        tell.sort_by_key(order);
        all.push(Candidate {
            week,
            weight: if heaviest >= ALWAYS { heaviest + rest } else { (heaviest + rest).min(99.0) },
            tell,
        });
    }
    all
}

/// The order in which a week's events are told: what the organization did, what the two did, what came of it.
fn order(what: &What) -> (u8, u8) {
    let rank = match what {
        What::Change(..) | What::Review(..) => 0,
        What::Turn(..) => 1,
        What::Breach(..) => 2,
        What::Malice(_) => 3,
        What::Remedy(..) | What::SharedRemedy(..) => 4,
        What::Dependence(_) | What::Agreement => 5,
        What::Step(_) | What::Quality => 6,
        What::State(..) | What::Climate(..) => 7,
        What::Repair => 8,
        What::ProgramEnd => 9,
        What::Left(_) => 10,
        What::Over(_) => 11,
        What::Week | What::Person(_) | What::Treated(_) => 12,
    };
    (rank, what.number())
}

/// Sentences that these weeks and what lies between them take.
fn length(life: &Life, chosen: &[Candidate]) -> usize {
    let pieces = lay_out(life, chosen);
    pieces.iter().map(|piece| if let Piece::Scene(_, tell) = piece { sentences(tell) } else { 1 }).sum()
}

/// Sentences that a week's events take: its turns share one.
fn sentences(tell: &[What]) -> usize {
    let turns = tell.iter().filter(|what| matches!(what, What::Turn(..))).count();
    tell.len() - turns.saturating_sub(1)
}

fn after_program(life: &Life, week: usize) -> bool {
    life.program_end().is_some_and(|end| week > end)
}

/// The weeks around one without a meeting in which they did not meet either: from and to. What the program ends, and the end
/// of the pair, end a silence as well.
fn silence(life: &Life, week: usize) -> (usize, usize) {
    let over = life.over().unwrap_or(life.last());
    let (first, last) = match life.program_end() {
        Some(end) if week <= end => (1, end.min(over)),
        Some(end) => (end + 1, over),
        None => (1, over),
    };
    let met = |week: &usize| life.at(*week).met;
    let from = (first..week).rev().find(met).map_or(first, |week| week + 1);
    let to = (week..=last).find(met).map_or(last, |week| week - 1);
    (from, to)
}

/// Scenes in order with stretches between them, where there is something to say of what lies between.
fn lay_out(life: &Life, chosen: &[Candidate]) -> Vec<Piece> {
    let over = life.over().unwrap_or(life.last());
    let mut gaps: Vec<(usize, usize)> = Vec::new();
    let mut next = 1;
    for week in chosen.iter().map(|candidate| candidate.week).chain([life.last() + 1]) {
        let to = (week - 1).min(over);
        if next <= to && life.at(next).active {
            gaps.push((next, to));
        }
        next = week + 1;
    }
    let met = |(from, to): (usize, usize)| (from..=to).filter(|week| life.at(*week).met).count();
    // A silence that other things cut is told once and whole, where it ends.
    let mut silences: Vec<((usize, usize), usize)> = Vec::new();
    for gap in gaps.iter().filter(|gap| met(**gap) == 0) {
        let whole = silence(life, gap.0);
        silences.retain(|(other, _)| *other != whole);
        if worth_a_word(life, whole, chosen) {
            silences.push((whole, gap.0));
        }
    }
    let mut pieces: Vec<(usize, Piece)> =
        chosen.iter().map(|candidate| (candidate.week, Piece::Scene(candidate.week, candidate.tell.clone()))).collect();
    pieces.extend(silences.iter().map(|((from, to), at)| (*at, Piece::Silence(*from, *to))));
    for gap in gaps.iter().filter(|gap| met(**gap) > 0) {
        // What a silence tells is not told again beside it.
        let told = |week: &usize| silences.iter().any(|((from, to), _)| (*from..=*to).contains(week));
        let (Some(from), Some(to)) =
            ((gap.0..=gap.1).find(|week| !told(week)), (gap.0..=gap.1).rev().find(|week| !told(week)))
        else {
            continue;
        };
        let met = met((from, to));
        if met >= 2 || met == 1 && to > from && !after_program(life, from) {
            pieces.push((from, Piece::Stretch(from, to)));
        }
    }
    pieces.sort_by_key(|(week, _)| *week);
    pieces.into_iter().map(|(_, piece)| piece).collect()
}

/// Whether a silence is worth a sentence. Of the weeks after a program, of which meetings are not to be expected, only the last, and
/// where the end of the program does not tell it already.
fn worth_a_word(life: &Life, (from, to): (usize, usize), chosen: &[Candidate]) -> bool {
    let over = life.over().unwrap_or(life.last());
    if !after_program(life, from) {
        return to >= from + 2;
    }
    let resumed = life.meetings().any(|week| week < from && after_program(life, week));
    let more = chosen.iter().any(|candidate| after_program(life, candidate.week));
    to == over && to >= from + 3 && (resumed || more)
}
