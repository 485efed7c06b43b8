//! The dyad: the microsystem of Figure 1.
//!
//! A block holds sixteen dyads side by side. Each dyad has two seats; a seat holds a person and that person's tie to the
//! partner. What the two share is the dyad's own.

use std::ops::Range;

use super::episode::DESTRUCTIVE;
use super::lanes::{LANES, Lanes, add, all, states};
use super::person::Person;

states! {
/// One person's tie to the partner: the directional states.
pub struct Tie {
    /// Trust in the partner, in [0, 1].
    pub trust: Lanes,
    /// The most that trust can reach; betrayal lowers it.
    pub trust_ceiling: Lanes,
    /// How this person takes to this partner (the relationship effect χ).
    pub liking: Lanes,
    /// How well the partner's expertise fits this person's needs (SD).
    pub fit: Lanes,
    /// What this person has learned from this partner so far (SD).
    pub learned_here: Lanes,
    /// Moving average of benefit received per turn.
    pub received: Lanes,
    /// Vitality: moving average of felt quality.
    pub vitality: Lanes,
    /// The most this person has revealed to the partner, fading slowly.
    pub revealed: Lanes,
}
}

states! {
/// The last week's turn of a learner, kept for the record; all zero in a week without meeting.
pub struct Turn {
    /// Engagement of this person, as learner and as coach.
    pub engagement: Lanes,
    /// How much the person reflects, σ(self-awareness) at the beginning of the week, in (0, 1).
    pub reflection: Lanes,
    /// Share of the needs that the partner can meet and has not yet met, at the beginning of the week, in (0, 1].
    pub unmet: Lanes,
    /// How much of a bad experience gets through to the person, in (0, ~2).
    pub through: Lanes,
    /// How far the learner opened up.
    pub disclosure: Lanes,
    /// 1 if the coach inquired.
    pub inquire: Lanes,
    /// 1 if the coach gave advice.
    pub advise: Lanes,
    /// 1 if the coach undermined the learner.
    pub undermine: Lanes,
    /// Benefit b.
    pub benefit: Lanes,
    /// Felt quality f.
    pub felt: Lanes,
    /// 1 if f < −.25.
    pub destructive: Lanes,
    /// Learning of this turn, both kinds.
    pub learning: Lanes,
    /// 1 if the partner broke this person's confidence this week: honestly (lapse).
    pub lapse: Lanes,
    /// 1 if the partner betrayed this person this week.
    pub betrayal: Lanes,
    /// 1 if this person left the organization this week.
    pub left: Lanes,
}
}

impl Turn {
    /// A week in which nobody of the block met.
    #[inline(always)]
    pub fn rest(&mut self) {
        for state in [&mut self.disclosure, &mut self.inquire, &mut self.advise, &mut self.undermine] {
            *state = all(0.0);
        }
        for state in [&mut self.benefit, &mut self.felt, &mut self.destructive] {
            *state = all(0.0);
        }
    }
}

states! {
/// What has happened to a person so far, as counts.
pub struct Counts {
    /// Turns as learner.
    pub turns: Lanes,
    /// Developmental turns (f > 0).
    pub developmental: Lanes,
    /// Destructive turns (f < −.25).
    pub destructive: Lanes,
    /// Severe ones (f < −1).
    pub severe: Lanes,
    /// Turns in which the coach undermined.
    pub undermined: Lanes,
    /// Confidences broken.
    pub breaches: Lanes,
    /// Betrayals among them.
    pub betrayals: Lanes,
    /// Disclosures regretted.
    pub regrets: Lanes,
    /// Negative effects by the person's own threshold, breaches included.
    pub negative_effects: Lanes,
    /// Sum of the benefit of all turns.
    pub benefit: Lanes,
    /// Sum of the felt quality of all turns.
    pub felt: Lanes,
}
}

/// One seat of each of a block's dyads.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Member {
    /// The person.
    pub person: Person,
    /// The tie to the partner.
    pub tie: Tie,
    /// The last week.
    pub turn: Turn,
    /// The history in numbers.
    pub count: Counts,
}

states! {
/// What the two share.
pub struct Shared {
    /// 1 while the dyad exists.
    pub active: Lanes,
    /// 1 where a program made the pair.
    pub formal: Lanes,
    /// 1 if they met this week.
    pub met: Lanes,
    /// Meetings so far.
    pub meetings: Lanes,
    /// The holding environment: safety and ground rules, in [0, 1].
    pub holding: Lanes,
    /// Dependence, in [−1, 1]: positive where the first member dominates.
    pub dependence: Lanes,
    /// Familiarity, in [0, 1).
    pub familiarity: Lanes,
    /// 1 building the relationship, 2 creating success, 3 making it a habit.
    pub step: Lanes,
    /// Emotional carrying capacity, in [0, 1].
    pub carrying_capacity: Lanes,
    /// Tensility, in [0, 1].
    pub tensility: Lanes,
    /// Connectivity, in [0, 1].
    pub connectivity: Lanes,
    /// 1 fresh rupture, fading to 0 healed.
    pub rupture: Lanes,
    /// Why it ended: 0 it did not, 1 the relationship, 2 time and logistics, 3 a third party without blame, 4 exit.
    pub cause: Lanes,
    /// Weeks that had passed when it ended (−1: it did not).
    pub ended: Lanes,
    /// Weeks of this dyad's program.
    pub program_weeks: Lanes,
    /// Structure of its program.
    pub structure: Lanes,
    /// Ground rule of confidentiality.
    pub confidentiality: Lanes,
    /// Facilitation after dilution.
    pub facilitation: Lanes,
    /// Meetings offered per week.
    pub meetings_per_week: Lanes,
    /// How far participation was coerced.
    pub coercion: Lanes,
    /// The step after which the program stops.
    pub last_step: Lanes,
    /// Gap in dominance beyond the persons' own: the risk factor of overdependence.
    pub imposed_gap: Lanes,
    /// By how much the hazards of breach and regret are multiplied.
    pub breach_risk: Lanes,
    /// How many listen beside the two, as a share of a circle's members: `1 − 2/n`, 0 in a pair.
    pub audience: Lanes,
}
}

/// What the organization looks like from each dyad this week.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Surroundings {
    /// Competition.
    pub competition: Lanes,
    /// Incentives.
    pub incentives: Lanes,
    /// Climate of trust.
    pub climate: Lanes,
    /// Collaboration.
    pub collaboration: Lanes,
    /// Hierarchy.
    pub hierarchy: Lanes,
    /// Toolkit.
    pub toolkit: Lanes,
    /// Norm of helping.
    pub norm: Lanes,
    /// Power distance of the society around it.
    pub power_distance: Lanes,
    /// Collectivism of the society around it.
    pub collectivism: Lanes,
    /// The society's norm against help that looks instrumental.
    pub instrumental_help_norm: Lanes,
    /// Strength of its stereotypes.
    pub stereotype: Lanes,
}

impl Surroundings {
    /// No organization yet.
    pub const fn none() -> Self {
        const Z: Lanes = all(0.0);
        Self {
            competition: Z,
            incentives: Z,
            climate: Z,
            collaboration: Z,
            hierarchy: Z,
            toolkit: Z,
            norm: Z,
            power_distance: Z,
            collectivism: Z,
            instrumental_help_norm: Z,
            stereotype: Z,
        }
    }
}

/// What a dyad gives to its organization's week: sums over its two members.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Upward {
    /// Sum of f⁺.
    pub good: Lanes,
    /// Sum of f⁻.
    pub bad: Lanes,
    /// Sum of b⁺.
    pub help: Lanes,
    /// Sum of development since the start, of who is still there.
    pub development: Lanes,
    /// Sum of morale.
    pub morale: Lanes,
    /// Number who left this week.
    pub left: Lanes,
    /// Number of those who left after harm.
    pub harmed: Lanes,
    /// Sum of coaching skill of those who left.
    pub skill_left: Lanes,
}

impl Upward {
    /// Nothing given yet.
    pub const fn none() -> Self {
        const Z: Lanes = all(0.0);
        Self { good: Z, bad: Z, help: Z, development: Z, morale: Z, left: Z, harmed: Z, skill_left: Z }
    }

    /// Adds what the dyads of these lanes give, lane by lane.
    #[inline(always)]
    pub fn add(&mut self, given: &Self, lanes: Range<usize>) {
        add(&mut self.good, &lanes, &given.good);
        add(&mut self.bad, &lanes, &given.bad);
        add(&mut self.help, &lanes, &given.help);
        add(&mut self.development, &lanes, &given.development);
        add(&mut self.morale, &lanes, &given.morale);
        add(&mut self.left, &lanes, &given.left);
        add(&mut self.harmed, &lanes, &given.harmed);
        add(&mut self.skill_left, &lanes, &given.skill_left);
    }
}

/// Sixteen dyads side by side.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
pub struct Block {
    /// The two seats.
    pub members: [Member; 2],
    /// What the two share.
    pub shared: Shared,
}

impl Block {
    /// A block of empty seats: nobody there, nothing active.
    pub const EMPTY: Self = {
        const Z: Lanes = all(0.0);
        const MEMBER: Member = Member {
            person: Person::NEUTRAL,
            tie: Tie {
                trust: Z,
                trust_ceiling: Z,
                liking: Z,
                fit: Z,
                learned_here: Z,
                received: Z,
                vitality: Z,
                revealed: Z,
            },
            turn: Turn {
                engagement: Z,
                reflection: Z,
                unmet: Z,
                through: Z,
                disclosure: Z,
                inquire: Z,
                advise: Z,
                undermine: Z,
                benefit: Z,
                felt: Z,
                destructive: Z,
                learning: Z,
                lapse: Z,
                betrayal: Z,
                left: Z,
            },
            count: Counts {
                turns: Z,
                developmental: Z,
                destructive: Z,
                severe: Z,
                undermined: Z,
                breaches: Z,
                betrayals: Z,
                regrets: Z,
                negative_effects: Z,
                benefit: Z,
                felt: Z,
            },
        };
        Self {
            members: [MEMBER, MEMBER],
            shared: Shared {
                active: Z,
                formal: Z,
                met: Z,
                meetings: Z,
                holding: Z,
                dependence: Z,
                familiarity: Z,
                step: all(1.0),
                carrying_capacity: Z,
                tensility: Z,
                connectivity: Z,
                rupture: Z,
                cause: Z,
                ended: all(-1.0),
                program_weeks: Z,
                structure: Z,
                confidentiality: Z,
                facilitation: Z,
                meetings_per_week: Z,
                coercion: Z,
                last_step: all(3.0),
                imposed_gap: Z,
                breach_risk: all(1.0),
                audience: Z,
            },
        }
    };

    /// The same, to be taken apart.
    pub fn empty() -> Self {
        Self::EMPTY
    }
}

/// Where a dyad sits: block and lane.
#[inline(always)]
pub fn place(dyad: usize) -> (usize, usize) {
    (dyad / LANES, dyad % LANES)
}

/// Quality class of a dyad (Ragins & Verbos 2007), from felt vitality, the lower trust and the rupture that has not healed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quality {
    /// Harm prevails.
    Dysfunctional,
    /// Little trust, little felt.
    Low,
    /// In between.
    Medium,
    /// Trust above .6 on both sides and vitality above .25.
    High,
}

/// Classifies a dyad. A dyad is dysfunctional where its average turn of late is destructive, by the line that makes a turn so,
/// or where hardly any trust is left after a rupture that has not healed. The other cut points are ours: trust .4 and .6,
/// vitality .1 and .25.
pub fn quality(trust_low: f64, vitality: f64, rupture: f64) -> Quality {
    if vitality < DESTRUCTIVE || (trust_low < 0.25 && rupture > 0.2) {
        Quality::Dysfunctional
    } else if trust_low < 0.4 || vitality < 0.1 {
        Quality::Low
    } else if trust_low < 0.6 || vitality < 0.25 {
        Quality::Medium
    } else {
        Quality::High
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_has_its_order() {
        assert_eq!(quality(0.7, -0.3, 0.0), Quality::Dysfunctional);
        assert_eq!(quality(0.7, -0.1, 0.0), Quality::Low);
        assert_eq!(quality(0.2, 0.3, 1.0), Quality::Dysfunctional);
        assert_eq!(quality(0.3, 0.3, 0.0), Quality::Low);
        assert_eq!(quality(0.5, 0.3, 0.0), Quality::Medium);
        assert_eq!(quality(0.7, 0.3, 0.0), Quality::High);
        assert!(Quality::Dysfunctional < Quality::Low && Quality::Medium < Quality::High);
    }

    #[test]
    fn an_empty_block_has_nobody_in_it() {
        let block = Block::empty();
        assert_eq!(block.shared.active, [0.0; LANES]);
        assert_eq!(place(37), (2, 5));
    }
}
