//! What happened to a pair, as events with ids.
//!
//! An id such as `r17.d3.w5.e2` names replication, dyad, week and event, so that the rows of the tables `episodes` and `weeks`
//! can be found; in the world in which everyone has arm 1 it is `r17.a1.d3.w5.e2`. The number of an event in its week says
//! what kind it is ([`What::number`]), whatever else happened.

use std::fmt;

use super::record::{Life, Mode, Turn, Week, learned};
use crate::model::ending::CAUSES;
use crate::model::episode::{DESTRUCTIVE, SEVERE};
use crate::model::risk::FACTORS;

/// Names an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id {
    /// The replication.
    pub replication: u64,
    /// The arm that everyone has; none in the observed world, whose events the tables show.
    pub everyone: Option<usize>,
    /// The number of the pair.
    pub dyad: usize,
    /// The week, 0 for what comes before the first.
    pub week: usize,
    /// The number of the event in that week.
    pub number: u8,
}

impl Id {
    /// What all ids of a life begin with.
    pub fn stem(&self) -> String {
        let world = self.everyone.map_or_else(String::new, |arm| format!(".a{arm}"));
        format!("r{}{world}.d{}", self.replication, self.dyad)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "{}.w{}.e{}", self.stem(), self.week, self.number)
    }
}

/// The personal states whose marked moves are events, in order: name, moved by this many SD since it last was one.
pub const STATES: [(&str, f64); 4] =
    [("motivation", 0.75), ("self-esteem", 0.5), ("strain", 0.6), ("desire for connection", 0.5)];

/// A climate has to move by this much since it last was an event.
const CLIMATE: f64 = 0.04;
/// Dependence that is an event when it is first passed.
const DEPENDENCE: f64 = 0.3;

/// What happened. Sides are 0 for the first member and 1 for the second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum What {
    /// The pair as the week leaves it; in week 0 as it was formed.
    Week,
    /// A turn in which this side learned and the other coached.
    Turn(usize, Turn),
    /// Who this side is (week 0).
    Person(usize),
    /// What was done to this side (week 0).
    Treated(usize),
    /// This side's confidence was broken by the other; true: betrayed.
    Breach(usize, bool),
    /// This side came to exploit (week 0), or was betrayed and turned.
    Malice(usize),
    /// This side left the organization.
    Left(usize),
    /// A step of peer coaching was reached.
    Step(usize),
    /// A third party repaired trust.
    Repair,
    /// Dependence was answered with a working agreement.
    Agreement,
    /// The pair ceased to be, by one of [`CAUSES`].
    Over(usize),
    /// What was found and mended of individual risk factors of this side: the first of them, and how much of it.
    Remedy(usize, usize, f64),
    /// The same of the pair's risk factors.
    SharedRemedy(usize, f64),
    /// A scheduled change came into force: lever, and by how much.
    Change(usize, f64),
    /// A review changed the organization's practices: lever, and by how much.
    Review(usize, f64),
    /// The climate of trust has moved since it last was an event, from and to.
    Climate(f64, f64),
    /// The class of the connection changed.
    Quality,
    /// Dependence has become visible: this side dominates.
    Dependence(usize),
    /// A state of this side (an index of [`STATES`]) has moved since it last was an event, from and to.
    State(usize, usize, f64, f64),
    /// The program ended.
    ProgramEnd,
}

impl What {
    /// The number of the event in its week. What belongs to a side has an odd number for the first and the next for the
    /// second.
    pub fn number(&self) -> u8 {
        let of = |base: u8, side: usize| base + side as u8;
        match *self {
            What::Week => 0,
            What::Turn(side, _) | What::Person(side) => of(1, side),
            What::Breach(side, _) | What::Treated(side) => of(3, side),
            What::Malice(side) => of(5, side),
            What::Left(side) => of(7, side),
            What::Step(_) => 9,
            What::Repair => 10,
            What::Agreement => 11,
            What::Over(_) => 12,
            What::Remedy(side, ..) => of(13, side),
            What::SharedRemedy(..) => 15,
            What::Change(lever, _) => 30 + lever as u8,
            What::Review(lever, _) => 36 + lever as u8,
            What::Climate(..) => 16,
            What::Quality => 17,
            What::Dependence(_) => 18,
            What::ProgramEnd => 19,
            What::State(side, state, ..) => of(21 + 2 * state as u8, side),
        }
    }

    /// Whose event it is.
    pub fn side(&self) -> Option<usize> {
        match *self {
            What::Turn(side, _)
            | What::Person(side)
            | What::Breach(side, _)
            | What::Treated(side)
            | What::Malice(side)
            | What::Left(side)
            | What::Remedy(side, ..)
            | What::Dependence(side)
            | What::State(side, ..) => Some(side),
            _ => None,
        }
    }

    /// Its kind in a word or two, as the list of events shows it.
    pub fn kind(&self) -> &'static str {
        match self {
            What::Week => "week",
            What::Turn(..) => "turn",
            What::Person(_) => "person",
            What::Treated(_) => "treatment",
            What::Breach(_, false) => "lapse",
            What::Breach(_, true) => "betrayal",
            What::Malice(_) => "intent",
            What::Left(_) => "exit",
            What::Step(_) => "step",
            What::Repair => "third party",
            What::Agreement => "agreement",
            What::Over(_) => "end",
            What::Remedy(..) | What::SharedRemedy(..) => "remedy",
            What::Change(..) => "change",
            What::Review(..) => "review",
            What::Climate(..) => "climate",
            What::Quality => "quality",
            What::Dependence(_) => "dependence",
            What::State(..) => "state",
            What::ProgramEnd => "program ends",
        }
    }

    /// The table of a run in which it can be found.
    pub fn table(&self) -> &'static str {
        match self {
            What::Turn(..) | What::Breach(..) => "episodes",
            What::Over(_) | What::Quality => "dyads",
            What::Person(_)
            | What::Malice(_)
            | What::Treated(_)
            | What::Left(_)
            | What::Remedy(..)
            | What::State(..) => "individuals",
            What::Change(..) | What::Review(..) | What::Climate(..) => "organizations",
            _ => "weeks",
        }
    }
}

/// Something that happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub id: Id,
    /// What it was.
    pub what: What,
}

/// The class of a turn by how it felt, in the words of the tables.
pub fn class(felt: f64) -> &'static str {
    if felt < SEVERE {
        "severe"
    } else if felt < DESTRUCTIVE {
        "destructive"
    } else if felt <= 0.0 {
        "non-developmental"
    } else {
        "developmental"
    }
}

/// A response mode in the word of the tables.
pub fn mode(mode: Mode) -> &'static str {
    ["inquire", "advise", "superficial", "undermine"][mode as usize]
}

impl Life {
    /// The id of an event of this life.
    pub fn id(&self, week: usize, what: &What) -> Id {
        self.numbered(week, what.number())
    }

    /// What all ids of this life begin with.
    pub fn numbered_stem(&self) -> String {
        self.numbered(0, 0).stem()
    }

    pub(super) fn numbered(&self, week: usize, number: u8) -> Id {
        Id { replication: self.replication, everyone: self.everyone, dyad: self.dyad, week, number }
    }

    /// Everything that happened, week by week.
    pub fn events(&self) -> Vec<Event> {
        let mut all = Vec::new();
        let Some(first) = self.weeks.first() else { return all };
        let mut climate = first.place.climate;
        let mut states = first.sides.map(|side| states(&side));
        let mut dependent = false;
        for week in 0..self.weeks.len() {
            let mut found = vec![What::Week];
            if week == 0 {
                self.beginning(&mut found);
            } else {
                self.happened(week, &mut found);
                let now = &self.weeks[week];
                if (now.place.climate - climate).abs() >= CLIMATE {
                    found.push(What::Climate(climate, now.place.climate));
                    climate = now.place.climate;
                }
                if !dependent && now.active && now.dependence.abs() > DEPENDENCE {
                    dependent = true;
                    found.push(What::Dependence(usize::from(now.dependence < 0.0)));
                }
                for (side, from) in states.iter_mut().enumerate() {
                    let to = self::states(&now.sides[side]);
                    for state in 0..STATES.len() {
                        if (to[state] - from[state]).abs() >= STATES[state].1 {
                            found.push(What::State(side, state, from[state], to[state]));
                            from[state] = to[state];
                        }
                    }
                }
                if self.program_end() == Some(week) && now.active {
                    found.push(What::ProgramEnd);
                }
            }
            found.sort_by_key(What::number);
            all.extend(found.into_iter().map(|what| Event { id: self.id(week, &what), what }));
        }
        all
    }

    fn beginning(&self, found: &mut Vec<What>) {
        for side in 0..2 {
            found.push(What::Person(side));
            if !self.given[side].is_empty() {
                found.push(What::Treated(side));
            }
            if self.brings[side].exploitative {
                found.push(What::Malice(side));
            }
        }
    }

    /// What a week brought beside what has to be held against earlier weeks.
    fn happened(&self, week: usize, found: &mut Vec<What>) {
        let (was, now): (&Week, &Week) = (&self.weeks[week - 1], &self.weeks[week]);
        for (side, member) in now.sides.iter().enumerate() {
            found.extend(member.turn.map(|turn| What::Turn(side, turn)));
            if member.lapse || member.betrayal {
                found.push(What::Breach(side, member.betrayal));
            }
            if member.vengeful && !was.sides[side].vengeful && member.betrayal {
                found.push(What::Malice(side));
            }
            if member.gone && !was.sides[side].gone {
                found.push(What::Left(side));
            }
            let mended = |factor: &usize| was.sides[side].burden[*factor] - member.burden[*factor] > 1e-9;
            if let Some(factor) = (0..6).find(mended) {
                let amount = was.sides[side].burden[factor] - member.burden[factor];
                found.push(What::Remedy(side, factor, amount));
            }
        }
        if now.step > was.step && now.active {
            found.push(What::Step(now.step));
        }
        if now.repaired != [false; 2] {
            found.push(What::Repair);
        }
        if now.agreed {
            found.push(What::Agreement);
        }
        if let Some(factor) = (0..4).find(|factor| was.burden[*factor] - now.burden[*factor] > 1e-9) {
            found.push(What::SharedRemedy(factor, was.burden[factor] - now.burden[factor]));
        }
        if was.active && !now.active {
            found.push(What::Over(now.cause));
        }
        if now.quality != was.quality && now.met {
            found.push(What::Quality);
        }
        for lever in 0..6 {
            // What is scheduled comes after the week is over and is seen in the next.
            let due = self.scheduled.iter().filter(|(at, which, _)| at + 1 == week && *which == lever);
            let scheduled: f64 = due.map(|(_, _, by)| by).sum();
            let moved = now.place.levers[lever] - was.place.levers[lever];
            if scheduled != 0.0 {
                found.push(What::Change(lever, moved));
            } else if moved.abs() > 0.02 {
                found.push(What::Review(lever, moved));
            }
        }
    }
}

/// How a state of a person came to where it is: its marked moves since it last turned.
pub(super) struct Course {
    /// The last move the other way, if there was one.
    pub turned: Option<Id>,
    /// The moves since, all in one direction: id, from and to.
    pub steps: Vec<(Id, f64, f64)>,
}

impl Course {
    /// By how much it has moved since it turned, or since the beginning (SD).
    pub fn by(&self) -> f64 {
        self.steps.iter().map(|(_, from, to)| to - from).sum()
    }

    /// The events that say so.
    pub fn cited(&self) -> Vec<Id> {
        self.turned.into_iter().chain(self.steps.iter().map(|(id, ..)| *id)).collect()
    }
}

impl Life {
    /// The course of a state (an index of [`STATES`]) of this side up to and with this week.
    pub(super) fn course(&self, week: usize, side: usize, state: usize) -> Course {
        let mut course = Course { turned: None, steps: Vec::new() };
        for event in self.events().into_iter().filter(|event| event.id.week <= week) {
            let What::State(who, which, from, to) = event.what else { continue };
            if (who, which) != (side, state) {
                continue;
            }
            if let Some((id, ..)) = course.steps.last().copied().filter(|(_, a, b)| (b > a) != (to > from)) {
                course.turned = Some(id);
                course.steps.clear();
            }
            course.steps.push((event.id, from, to));
        }
        course
    }
}

/// The personal states of [`STATES`].
pub(super) fn states(side: &super::record::Side) -> [f64; 4] {
    [side.motivation, side.self_esteem, side.strain, side.schema]
}

impl Event {
    /// What it was, in numbers and the words of the tables.
    pub fn facts(&self, life: &Life) -> String {
        let (week, was) = (life.at(self.id.week), life.at(self.id.week.saturating_sub(1)));
        let number = |value: f64| format!("{value:.2}");
        let moved = |from: f64, to: f64| format!("{from:.2} to {to:.2}");
        let trust = |side: usize| moved(was.sides[side].trust, week.sides[side].trust);
        match self.what {
            What::Week => format!(
                "met {}, trust {} and {}, holding {}, learning {} and {}",
                u8::from(week.met),
                number(week.sides[0].trust),
                number(week.sides[1].trust),
                number(week.holding),
                number(learned(week, 0)),
                number(learned(week, 1))
            ),
            What::Turn(side, turn) => format!(
                "{}, disclosure {}, benefit {}, felt quality {} ({}), trust {}",
                mode(turn.mode),
                number(turn.disclosure),
                number(turn.benefit),
                number(turn.felt),
                class(turn.felt),
                trust(side)
            ),
            What::Person(side) => life.brings[side].in_numbers(),
            What::Treated(side) => {
                let all: Vec<String> = life.given[side].iter().map(|one| format!("{} {}", one.id, one.dose)).collect();
                all.join(", ")
            }
            What::Breach(side, _) => {
                format!("trust {}, ceiling {}", trust(side), moved(was.sides[side].ceiling, week.sides[side].ceiling))
            }
            What::Malice(side) if life.brings[side].exploitative => "came to exploit".to_owned(),
            What::Malice(_) => "turned after a betrayal".to_owned(),
            What::Left(side) => format!("strain {} SD beyond the usual", number(week.sides[side].strain)),
            What::Step(step) => format!("step {step}"),
            What::Repair => format!("trust {} and {}", trust(0), trust(1)),
            What::Agreement | What::Dependence(_) => format!("dependence {}", moved(was.dependence, week.dependence)),
            What::Over(cause) => format!(
                "ended by {}, trust {} and {}",
                CAUSES[cause],
                number(week.sides[0].trust),
                number(week.sides[1].trust)
            ),
            What::Remedy(side, factor, _) => {
                let [from, to] = [was, week].map(|week| week.sides[side].burden[factor]);
                format!("{} {}", FACTORS[factor], moved(from, to))
            }
            What::SharedRemedy(factor, _) => {
                format!("{} {}", FACTORS[6 + factor], moved(was.burden[factor], week.burden[factor]))
            }
            What::Change(lever, _) | What::Review(lever, _) => {
                format!("{} {}", LEVERS[lever], moved(was.place.levers[lever], week.place.levers[lever]))
            }
            What::Climate(from, to) => format!("climate {}", moved(from, to)),
            What::Quality => format!("{:?} to {:?}", was.quality, week.quality).to_lowercase(),
            What::State(_, state, from, to) => format!("{} {} (SD)", STATES[state].0, moved(from, to)),
            What::ProgramEnd => {
                format!("after {} meetings", life.meetings().filter(|met| *met <= self.id.week).count())
            }
        }
    }
}

/// The levers of [`super::record::Place::levers`] by name.
pub const LEVERS: [&str; 6] =
    ["competition", "incentives", "collaboration", "toolkit", "development value", "hierarchy"];
