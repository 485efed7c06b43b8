//! What happened to one pair in one world, week by week: states and turns as the model left them.

use crate::model::dyad::Quality;
use crate::model::organization::Organization;
use crate::study::declaration::{Kind, Program};

/// What one of the two has learned by the end of a week, of both kinds and with whomever (SD): their sum over √2, which has the SD of
/// each, since the two are independent at baseline.
pub fn learned(week: &Week, side: usize) -> f64 {
    std::f64::consts::FRAC_1_SQRT_2 * (week.sides[side].personal + week.sides[side].task)
}

/// How a coach responded in a turn, in the order of the table `episodes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Asked.
    Inquire,
    /// Gave advice.
    Advise,
    /// Stayed superficial.
    Superficial,
    /// Undermined the learner.
    Undermine,
}

/// A turn in which a member learned and the other coached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// How the coach responded.
    pub mode: Mode,
    /// How far the learner opened up, in (0, 1).
    pub disclosure: f64,
    /// What it was worth.
    pub benefit: f64,
    /// How it felt.
    pub felt: f64,
    /// What was learned (SD).
    pub learning: f64,
    /// The benefit that the learner had expected.
    pub expected: f64,
}

/// What a member brings: true at the end of week 0.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Traits {
    /// Coaching skill (SD).
    pub skill: f64,
    /// What the person believes of it (SD).
    pub self_view: f64,
    /// Skill of listening (SD).
    pub listening: f64,
    /// Skill of self-disclosure (SD).
    pub disclosure: f64,
    /// Self-awareness (SD).
    pub self_awareness: f64,
    /// Growth (+) to performance (−) mind-set (SD).
    pub mind_set: f64,
    /// Assertiveness (SD).
    pub dominance: f64,
    /// Mutuality (−) to 'survival of the fittest' (+) (SD).
    pub worldview: f64,
    /// Experience at work (SD).
    pub experience: f64,
    /// Whether the person belongs to the minority group.
    pub minority: bool,
    /// Whether the person came to exploit.
    pub exploitative: bool,
    /// Whether the person came for the own benefit only.
    pub self_serving: bool,
    /// How well the partner's expertise fits the person's needs (SD).
    pub fit: f64,
    /// How the person takes to the partner: the relationship effect χ.
    pub liking: f64,
}

impl Traits {
    /// What a story may say of a person, in numbers.
    pub fn in_numbers(&self) -> String {
        let signed = [
            ("coaching skill", self.skill),
            ("own view of it", self.self_view),
            ("listening", self.listening),
            ("self-disclosure", self.disclosure),
            ("self-awareness", self.self_awareness),
            ("growth mind-set", self.mind_set),
            ("assertiveness", self.dominance),
            ("worldview", self.worldview),
            ("experience", self.experience),
            ("fit of the other's expertise", self.fit),
            ("liking of the other", self.liking),
        ];
        let mut all: Vec<String> = signed.iter().map(|(name, value)| format!("{name} {value:+.2}")).collect();
        let flags =
            [(self.minority, "minority"), (self.exploitative, "exploitative"), (self.self_serving, "self-serving")];
        all.extend(flags.iter().filter(|(is, _)| *is).map(|(_, name)| (*name).to_owned()));
        all.join(", ")
    }
}

/// A member at the end of a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// Trust in the partner, in [0, 1].
    pub trust: f64,
    /// The most that trust can reach.
    pub ceiling: f64,
    /// Personal learning since week 0 (SD).
    pub personal: f64,
    /// Task learning since week 0 (SD).
    pub task: f64,
    /// Motivation (SD).
    pub motivation: f64,
    /// Self-esteem (SD).
    pub self_esteem: f64,
    /// Strain beyond the person's usual (SD).
    pub strain: f64,
    /// Relational schema: oppositional (−) to proactive (+) (SD).
    pub schema: f64,
    /// Regret of earlier disclosure.
    pub regret: f64,
    /// The habit of coaching, in [0, 1].
    pub habit: f64,
    /// Coaching skill (SD).
    pub skill: f64,
    /// What the person believes of it (SD).
    pub self_view: f64,
    /// Whether the person would exploit the partner: came to, or was betrayed and turned.
    pub malice: bool,
    /// Whether the person was betrayed and turned.
    pub vengeful: bool,
    /// Whether the person has left the organization.
    pub gone: bool,
    /// The turn of this week in which this member learned from the other.
    pub turn: Option<Turn>,
    /// Whether the other broke this member's confidence this week: without intent.
    pub lapse: bool,
    /// Whether the other betrayed this member this week.
    pub betrayal: bool,
    /// Whom this member met instead of the other this week.
    pub elsewhere: Option<usize>,
    /// What is left of the six individual risk factors, of 1 at full exposure.
    pub burden: [f64; 6],
}

/// The organization at the end of a week, as far as a pair can feel it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Competition, incentives, collaboration, toolkit, value of development, hierarchy: what a schedule or a review changes.
    pub levers: [f64; 6],
    /// Climate of trust.
    pub climate: f64,
    /// Norm of helping.
    pub norm: f64,
    /// Participants who have left so far.
    pub exits: f64,
}

impl Place {
    pub(super) fn of(o: &Organization) -> Self {
        Self {
            levers: [o.competition, o.incentives, o.collaboration, o.toolkit, o.development_value, o.hierarchy],
            climate: o.climate,
            norm: o.norm,
            exits: o.exits,
        }
    }
}

/// The pair at the end of a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Week {
    /// Whether the dyad exists.
    pub active: bool,
    /// Whether the two met.
    pub met: bool,
    /// Whether they sat together: always in a pair, in turns in a circle.
    pub seated: bool,
    /// Step of peer coaching reached.
    pub step: usize,
    /// The holding environment.
    pub holding: f64,
    /// Dependence; positive where the first dominates.
    pub dependence: f64,
    /// 1 fresh rupture, fading to 0 healed.
    pub rupture: f64,
    /// Emotional carrying capacity, tensility, connectivity.
    pub capacities: [f64; 3],
    /// Why it ended: see [`crate::model::ending::CAUSES`].
    pub cause: usize,
    /// Class of the connection.
    pub quality: Quality,
    /// Whose trust a third party repaired this week.
    pub repaired: [bool; 2],
    /// Whether dependence was answered with a working agreement this week.
    pub agreed: bool,
    /// What is left of the four relational risk factors.
    pub burden: [f64; 4],
    /// The members.
    pub sides: [Side; 2],
    /// The organization.
    pub place: Place,
}

/// What a treatment did to a member at week 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Its id in the catalogue of treatments.
    pub id: &'static str,
    /// Its dose.
    pub dose: f64,
}

/// What is scheduled: at the end of this week the organization moves this lever (an index of [`Place::levers`]) by so much.
pub type Scheduled = (usize, usize, f64);

/// A pair's life in one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// Number of the replication.
    pub replication: u64,
    /// The arm that everyone has; none in the observed world.
    pub everyone: Option<usize>,
    /// Number of the pair in the tables.
    pub dyad: usize,
    /// The persons' numbers.
    pub members: [usize; 2],
    /// Their names.
    pub names: [String; 2],
    /// Arm of each.
    pub arms: [usize; 2],
    /// Names of those arms.
    pub arm_names: [String; 2],
    /// The form of coaching.
    pub program: Program,
    /// Number of the organization, and of how many.
    pub organization: (usize, usize),
    /// Its setting; empty where none is declared.
    pub setting: String,
    /// Everyone in the circle of the two; empty for pairs and colleagues.
    pub circle: Vec<usize>,
    /// Whether the two work in the same team; none where teams are not in play.
    pub same_team: Option<bool>,
    /// How far a third party is present in the program.
    pub facilitation: f64,
    /// How far participation was coerced.
    pub coercion: f64,
    /// What was done to each at week 0.
    pub given: [Vec<Given>; 2],
    /// What each brings, before anything was done.
    pub brings: [Traits; 2],
    /// The organization's scheduled changes.
    pub scheduled: Vec<Scheduled>,
    /// The weeks, from week 0 (after what was done to people) on.
    pub weeks: Vec<Week>,
}

impl Life {
    /// The pair at the end of a week.
    pub fn at(&self, week: usize) -> &Week {
        &self.weeks[week.min(self.weeks.len() - 1)]
    }

    /// The last week.
    pub fn last(&self) -> usize {
        self.weeks.len().saturating_sub(1)
    }

    /// The turn of a week in which this member learned.
    pub fn turn(&self, week: usize, side: usize) -> Option<Turn> {
        self.weeks.get(week).and_then(|week| week.sides[side].turn)
    }

    /// The last week of the program, if a program made the pair.
    pub fn program_end(&self) -> Option<usize> {
        (self.program.kind == Kind::Formal && self.program.weeks > 0).then(|| self.program.weeks.min(self.last()))
    }

    /// The week in which the pair ceased to exist.
    pub fn over(&self) -> Option<usize> {
        (1..self.weeks.len()).find(|week| self.weeks[week - 1].active && !self.weeks[*week].active)
    }

    /// Weeks in which they met.
    pub fn meetings(&self) -> impl Iterator<Item = usize> + '_ {
        (1..self.weeks.len()).filter(|week| self.weeks[*week].met)
    }

    /// Whether the two are a pair for good, and not members of a circle or colleagues who come and go.
    pub fn stays(&self) -> bool {
        self.circle.is_empty() && self.program.kind != Kind::Informal
    }
}
