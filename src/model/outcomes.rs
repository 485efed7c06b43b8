//! What can be asked of the model: the outcomes of a person, each with its true value at any week.

use super::birth::career_stage;
use super::dyad::{Counts, Member, Shared, Tie, place};
use super::maths::logistic;
use super::organization::Organization;
use super::person::{Person, coaching_skill};
use super::team::Standing;
use super::world::World;

/// Where a researcher gets an outcome from, and so what can be wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A questionnaire, with error, bias and people who do not answer.
    Questionnaire,
    /// A diary kept session by session: an exact count, of those who hand it in.
    Diary,
    /// The organization's records: exact, of everyone.
    Records,
    /// A participant observer's notes: of everyone, but for what is missed and misread.
    Observer,
}

/// One outcome.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Its id in scenarios and tables.
    pub id: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Lowest and highest possible value (infinite: unbounded).
    pub range: (f64, f64),
    /// Mean and SD in the neutral population (of what the coaching makes, after twelve weeks of it): what an instrument's scale and error are relative to. They are constants,
    /// so that no effect is ever divided by the SD of the arm or the organization at hand.
    pub reference: (f64, f64),
    /// +1 if people like to be seen high on it, −1 if low, 0 if they do not care.
    pub desirable: f64,
    /// Where a researcher gets it from.
    pub source: Source,
    /// What it means.
    pub meaning: &'static str,
    read: Read,
}

/// Whose state an outcome is. What is a tie's is, for who has several ties, the mean over all of them, met this week or not.
#[derive(Clone, Copy, Debug)]
enum Read {
    /// A person's, with what has happened to it.
    Person(fn(&Person, &Counts, usize) -> f64),
    /// A tie's: the person's own side, the partner's, and what the two share.
    Tie(fn(&Tie, &Tie, &Shared, usize) -> f64),
    /// Of all of a person's ties together.
    Network(fn(&[Contact]) -> f64),
    /// The person's organization's.
    Place(fn(&Organization) -> f64),
    /// The person's team's, with what has happened to the person in the weeks so far.
    Team(fn(&Work) -> f64),
}

/// A person's work in a team.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// How the team does.
    pub standing: Standing,
    /// Challenge of the team's task (SD).
    pub challenge: f64,
    /// Benefit of all coaching that the person has received, per week.
    pub received: f64,
}

/// One of a person's ties, as the person sees it.
#[derive(Clone, Copy, Debug)]
pub struct Contact<'a> {
    /// The person's own side of the tie.
    pub own: &'a Tie,
    /// The other's side of it.
    pub other: &'a Tie,
    /// What the two share.
    pub shared: &'a Shared,
    /// The lane of these states.
    pub lane: usize,
    /// Career stage of the other: 0 early, 1 middle, 2 late.
    pub stage: u8,
}

impl Contact<'_> {
    /// Whether the other is a developer (Higgins & Kram 2001: someone who takes an active interest in advancing the
    /// person): the tie is alive, trust in the other is .5 or more, and what was received from the other was of help.
    pub fn develops(&self) -> bool {
        let lane = self.lane;
        self.shared.active[lane] > 0.5 && self.own.trust[lane] >= 0.5 && self.own.received[lane] > 0.0
    }
}

/// Number of career stages among a person's developers.
fn stages(contacts: &[Contact]) -> f64 {
    let seen = |stage: u8| contacts.iter().any(|contact| contact.stage == stage && contact.develops());
    (0..3).filter(|stage| seen(*stage)).count() as f64
}

const UNBOUNDED: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
const COUNT: (f64, f64) = (0.0, f64::INFINITY);
const SHARE: (f64, f64) = (0.0, 1.0);
const SD: &str = "SD of the reference population at baseline";

macro_rules! outcome {
    ($id:literal, $unit:expr, $range:expr, $reference:expr, $desirable:expr, $source:expr, $meaning:literal, $read:expr) => {
        Outcome {
            id: $id,
            unit: $unit,
            range: $range,
            reference: $reference,
            desirable: $desirable,
            source: $source,
            meaning: $meaning,
            read: $read,
        }
    };
}

/// Every outcome, in a fixed order.
#[rustfmt::skip]
pub const OUTCOMES: &[Outcome] = &[
    outcome!("learning_personal", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "Personal learning: baseline standing plus what was learned about oneself, one's identity and growth since; it can fall.",
        Read::Person(|p, _, i| p.personal_standing[i] + p.learning_personal[i])),
    outcome!("learning_task", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "Task learning: baseline standing plus what was learned for the work itself since; it can fall.",
        Read::Person(|p, _, i| p.task_standing[i] + p.learning_task[i])),
    outcome!("skill", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "Coaching skill: (.5 listening + .3 empathy + .2 feedback) / .75.",
        Read::Person(|p, _, i| coaching_skill(p.listening[i], p.empathy[i], p.feedback[i]))),
    outcome!("listening", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire, "Skill of active listening.", Read::Person(|p, _, i| p.listening[i])),
    outcome!("disclosure", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire, "Skill of self-disclosure.", Read::Person(|p, _, i| p.disclosure[i])),
    outcome!("feedback", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire, "Skill of giving and receiving feedback.", Read::Person(|p, _, i| p.feedback[i])),
    outcome!("empathy", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire, "Empathy.", Read::Person(|p, _, i| p.empathy[i])),
    outcome!("self_awareness", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "How well the person sees own strengths, deficits and impact.", Read::Person(|p, _, i| p.self_awareness[i])),
    outcome!("self_view", SD, UNBOUNDED, (0.3, 1.0), 1.0, Source::Questionnaire,
        "What the person believes of the own coaching skill.", Read::Person(|p, _, i| p.self_view[i])),
    outcome!("self_esteem", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire, "Self-esteem.", Read::Person(|p, _, i| p.self_esteem[i])),
    outcome!("motivation", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire, "Motivation to learn and to help.", Read::Person(|p, _, i| p.motivation[i])),
    outcome!("desire_for_connection", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "Relational schema: from learning alone to proactive help-seeking.", Read::Person(|p, _, i| p.schema[i])),
    outcome!("strain", SD, UNBOUNDED, (0.0, 1.0), -1.0, Source::Questionnaire,
        "Stress, anxiety and isolation, the helper's strain included.", Read::Person(|p, _, i| p.usual_strain[i] + p.strain[i])),
    outcome!("career", SD, UNBOUNDED, (0.0, 1.0), 0.0, Source::Records,
        "Objective standing of the career; it follows task learning loosely and is damaged by betrayal.",
        Read::Person(|p, _, i| p.career[i])),
    outcome!("trust", "share", SHARE, (0.45, 0.15), 1.0, Source::Questionnaire,
        "Trust in the partner, its last value once the dyad has ended; in an arm without coaching, trust in a colleague never coached.", Read::Tie(|own, _, _, i| own.trust[i])),
    outcome!("connection_quality", "felt quality", UNBOUNDED, (0.0, 0.3), 1.0, Source::Questionnaire,
        "Vitality: moving average of the felt quality of coaching turns.", Read::Tie(|own, _, _, i| own.vitality[i])),
    outcome!("destructive_episodes", "turns", COUNT, (0.0, 1.5), -1.0, Source::Diary,
        "Turns so far that the person felt as destructive.", Read::Person(|_, n, i| n.destructive[i])),
    outcome!("negative_effects", "events", COUNT, (0.0, 1.5), -1.0, Source::Diary,
        "Negative effects so far by the person's own threshold, breaches included.", Read::Person(|_, n, i| n.negative_effects[i])),
    outcome!("dissolved", "0 or 1", SHARE, (0.0, 0.35), 0.0, Source::Records,
        "Whether the dyad has ended before its time.", Read::Tie(|_, _, s, i| if s.cause[i] > 0.5 { 1.0 } else { 0.0 })),
    outcome!("exited", "0 or 1", SHARE, (0.0, 0.2), 0.0, Source::Records,
        "Whether the person has left the organization.", Read::Person(|p, _, i| p.exited[i])),
    outcome!("self_disclosure", "share", SHARE, (0.0, 0.2), 1.0, Source::Questionnaire,
        "How far the person has opened up to the partner: the deepest disclosure so far, fading slowly; a behavior, where `disclosure` is the skill.",
        Read::Tie(|own, _, _, i| own.revealed[i])),
    outcome!("help_given", "benefit per week", COUNT, (0.0, 0.18), 1.0, Source::Questionnaire,
        "Helping behavior toward partners: benefit per week that they had of this person's coaching of late; undermining gives none.",
        Read::Person(|p, _, i| p.helping[i])),
    outcome!("developers", "persons", COUNT, (0.0, 1.0), 1.0, Source::Questionnaire,
        "Size of the developmental network in the program: partners who are trusted (.5 or more) and whose coaching has been of help; 0 or 1 in a pair.",
        Read::Network(|ties| ties.iter().filter(|tie| tie.develops()).count() as f64)),
    outcome!("developer_range", "career stages", (0.0, 3.0), (0.0, 1.0), 1.0, Source::Questionnaire,
        "Range of the developmental network in the program: career stages (early, middle, late) among its developers; 0 or 1 in a pair.",
        Read::Network(stages)),
    outcome!("carrying_capacity", "share", SHARE, (0.14, 0.1), 1.0, Source::Questionnaire,
        "Emotional carrying capacity of the connection: how much feeling, and how many kinds of it, the two can express without harm to it; asked of both.",
        Read::Tie(|_, _, s, i| s.carrying_capacity[i])),
    outcome!("tensility", "share", SHARE, (0.23, 0.2), 1.0, Source::Questionnaire,
        "Tensility of the connection: its resilience, built by recovering after ruptures; asked of both.", Read::Tie(|_, _, s, i| s.tensility[i])),
    outcome!("connectivity", "share", SHARE, (0.2, 0.18), 1.0, Source::Questionnaire,
        "Connectivity of the connection: its generativity and openness to new ideas and influences; asked of both.",
        Read::Tie(|_, _, s, i| s.connectivity[i])),
    outcome!("positive_regard", "share", SHARE, (0.45, 0.15), 1.0, Source::Questionnaire,
        "Positive regard that the person meets with: the trust that the partner has in this person.", Read::Tie(|_, other, _, i| other.trust[i])),
    outcome!("mutuality", "benefit per turn", (f64::NEG_INFINITY, 1.0), (0.77, 0.2), 1.0, Source::Questionnaire,
        "Mutuality of the connection: 1 minus the distance between what is given and what is received, as moving averages of the benefit of turns; 1 where both are alike, or nothing has been given yet; below 0 where they are more than 1 apart.",
        Read::Tie(|own, other, _, i| 1.0 - (other.received[i] - own.received[i]).abs())),
    outcome!("initial_match", "SD of fit among strangers", UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "How well the partner's expertise fits this person's needs. It is there when the pair is made: ask in week 0 for the initial match. Later only the remedy of a lack of relevant experience changes it.",
        Read::Tie(|own, _, _, i| own.fit[i])),
    outcome!("blind_area", SD, COUNT, (1.0, 0.78), 0.0, Source::Questionnaire,
        "Blind area of the Johari window: the distance between the self-view and the coaching skill, whichever is higher. A researcher sees it as the gap between self-ratings and ratings by others, with their error.",
        Read::Person(|p, _, i| (p.self_view[i] - coaching_skill(p.listening[i], p.empathy[i], p.feedback[i])).abs())),
    outcome!("habit", "share", SHARE, (0.06, 0.12), 1.0, Source::Questionnaire,
        "How far coaching and being coached has become a habit.", Read::Person(|p, _, i| p.habit[i])),
    outcome!("learning_elsewhere", SD, UNBOUNDED, (0.08, 0.2), 1.0, Source::Questionnaire,
        "What the person has learned so far outside the coaching, alone and in other relationships, both kinds together; a habit of coaching carries over into it.",
        Read::Person(|p, _, i| p.learning_elsewhere[i])),
    outcome!("meetings", "meetings", COUNT, (0.0, 2.6), 1.0, Source::Diary,
        "Coaching meetings so far, with all partners together, those that go on out of habit after a program included.", Read::Network(|ties| ties.iter().fold(0.0, |sum, tie| sum + tie.shared.meetings[tie.lane]))),
    outcome!("self_direction", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "Self-direction: seeing the own career as own responsibility.", Read::Person(|p, _, i| p.self_direction[i])),
    outcome!("role_agility", SD, UNBOUNDED, (0.0, 1.0), 1.0, Source::Questionnaire,
        "Role agility: how fluidly the person moves between learner and facilitator.", Read::Person(|p, _, i| p.role_agility[i])),
    outcome!("climate", "share", SHARE, (0.5, 0.08), 1.0, Source::Questionnaire,
        "Climate of trust of the organization, as its members report it.", Read::Place(|o| o.climate)),
    outcome!("informal_coaching", "turns per member and week", COUNT, (0.0, 0.15), 0.0, Source::Observer,
        "How often the members of the person's team were coached informally, per member and week so far; as often as they coached.",
        Read::Team(|work| work.standing.coaching)),
    outcome!("informal_quality", "felt quality", UNBOUNDED, (0.0, 0.15), 0.0, Source::Observer,
        "Mean felt quality of the informal coaching in the person's team so far; 0 where there was none.",
        Read::Team(|work| work.standing.quality)),
    outcome!("team_performance", "SD of a team's chance", UNBOUNDED, (0.2, 1.2), 0.0, Source::Records,
        "Performance of the person's team.", Read::Team(|work| work.standing.performance)),
    outcome!("help_in_challenge", "benefit per week", UNBOUNDED, (0.0, 0.15), 0.0, Source::Diary,
        "Help in challenging situations: benefit of coaching received per week so far, weighted by 2 σ(challenge of the team's task), which is 1 for an ordinary task.",
        Read::Team(|work| 2.0 * logistic(work.challenge) * work.received)),
];

impl Outcome {
    /// The value for a team that does so, if the outcome is a team's.
    pub fn of_team(&self, standing: Standing) -> Option<f64> {
        match self.read {
            Read::Team(read) => Some(read(&Work { standing, challenge: 0.0, received: 0.0 })),
            _ => None,
        }
    }

    /// Whether everyone is at zero before anything has happened, so that a baseline score explains nothing.
    pub fn starts_at_zero(&self) -> bool {
        self.reference.0 == 0.0 && (self.range.0 == 0.0 || matches!(self.read, Read::Team(_)))
    }
}

/// The name of an outcome (or of anything else with such an id) in words, as prose has it.
///
/// ```
/// use peerlab::model::outcomes::in_words;
/// assert_eq!(in_words("learning_personal"), "personal learning");
/// assert_eq!(in_words("self_awareness"), "self-awareness");
/// ```
pub fn in_words(id: &str) -> String {
    match id {
        "learning_personal" => "personal learning".to_owned(),
        "learning_task" => "task learning".to_owned(),
        _ => match id.strip_prefix("self_") {
            Some(rest) => format!("self-{rest}"),
            None => id.replace('_', " "),
        },
    }
}

/// The index in [`OUTCOMES`] of the outcome with this id.
pub fn find(id: &str) -> Option<usize> {
    OUTCOMES.iter().position(|outcome| outcome.id == id)
}

/// The true values of an outcome for every person of a world, by number of the person.
pub fn values(world: &World, outcome: usize) -> Vec<f64> {
    let outcome = &OUTCOMES[outcome];
    Everyone::of(world, &[outcome]).read(outcome)
}

/// The same of several outcomes, in this order.
pub fn several(world: &World, outcomes: impl IntoIterator<Item = usize>) -> Vec<Vec<f64>> {
    let outcomes: Vec<&Outcome> = outcomes.into_iter().map(|outcome| &OUTCOMES[outcome]).collect();
    let everyone = Everyone::of(world, &outcomes);
    outcomes.iter().map(|outcome| everyone.read(outcome)).collect()
}

/// The same of every outcome, in their order.
pub fn all_values(world: &World) -> Vec<Vec<f64>> {
    several(world, 0..OUTCOMES.len())
}

/// Where the states of all persons of a world are, looked up once for all outcomes that are read from them.
struct Everyone<'a> {
    world: &'a World,
    /// Everyone's states and their lane, by number of the person.
    members: Vec<(&'a Member, usize)>,
    /// Everyone's ties, one person after the other; none where no outcome is read from them.
    contacts: Vec<Contact<'a>>,
    /// How many ties there are up to and with each person's.
    until: Vec<usize>,
    /// How each team does; none where no outcome is read from it.
    standings: Vec<Standing>,
}

impl<'a> Everyone<'a> {
    /// Looks up what these outcomes are read from.
    fn of(world: &'a World, outcomes: &[&Outcome]) -> Self {
        let persons = 2 * world.dyads;
        let members = (0..persons).map(|person| {
            let (block, seat, lane) = world.member_at(person);
            (&block.members[seat], lane)
        });
        let ties = outcomes.iter().any(|outcome| matches!(outcome.read, Read::Tie(_) | Read::Network(_)));
        let (mut contacts, mut until) = (Vec::new(), Vec::new());
        if ties {
            contacts.reserve(persons);
            until.reserve(persons);
            for person in 0..persons {
                each_contact(world, person, |contact| contacts.push(contact));
                until.push(contacts.len());
            }
        }
        let teams = outcomes.iter().any(|outcome| matches!(outcome.read, Read::Team(_)));
        let standings = if teams { world.standings() } else { Vec::new() };
        Self { world, members: members.collect(), contacts, until, standings }
    }

    /// The ties of each person.
    fn ties(&self) -> impl Iterator<Item = &[Contact<'a>]> {
        let mut from = 0;
        self.until.iter().map(move |until| &self.contacts[std::mem::replace(&mut from, *until)..*until])
    }

    /// Everyone's value of one of the outcomes.
    fn read(&self, outcome: &Outcome) -> Vec<f64> {
        let world = self.world;
        let numbered = || self.members.iter().enumerate();
        match outcome.read {
            Read::Person(read) => self.members.iter().map(|(who, lane)| read(&who.person, &who.count, *lane)).collect(),
            Read::Tie(read) => self
                .ties()
                .map(|ties| {
                    let sum = ties.iter().fold(0.0, |sum, c| sum + read(c.own, c.other, c.shared, c.lane));
                    if ties.len() == 1 { sum } else { sum / ties.len() as f64 }
                })
                .collect(),
            Read::Network(read) => self.ties().map(read).collect(),
            Read::Place(read) => numbered()
                .map(|(person, _)| read(&world.organizations[world.organization_of_dyad[person / 2]]))
                .collect(),
            Read::Team(read) => numbered()
                .map(|(person, (who, lane))| {
                    let received = who.count.benefit[*lane] / world.week.max(1) as f64;
                    let standing = self.standings[world.teams.of_person[person]];
                    read(&Work { standing, challenge: world.teams.of(person).challenge, received })
                })
                .collect(),
        }
    }
}

/// Calls for each of a person's ties: the one to the partner, or all of those of a person whose partners change.
pub fn each_contact<'a>(world: &'a World, person: usize, mut see: impl FnMut(Contact<'a>)) {
    let stage = |other: usize| {
        let (block, seat, lane) = world.member_at(other);
        career_stage(block.members[seat].person.experience[lane])
    };
    let ties = world.ties().map(|ties| (ties, ties.of_person(person))).filter(|(_, own)| !own.is_empty());
    let Some((ties, own)) = ties else {
        let (dyad, seat) = world.seat_of(person);
        let (index, lane) = place(dyad);
        let block = &world.blocks[index];
        let [own, other] = [&block.members[seat], &block.members[1 - seat]];
        let stage = career_stage(other.person.experience[lane]);
        see(Contact { own: &own.tie, other: &other.tie, shared: &block.shared, lane, stage });
        return;
    };
    for (tie, side) in own {
        let (block, lane) = ties.at(*tie);
        let stage = stage(ties.pair(*tie)[1 - side]);
        see(Contact { own: &block.sides[*side], other: &block.sides[1 - side], shared: &block.shared, lane, stage });
    }
}
