//! Teams with tasks: what a team faces, who helps, and what it performs.
//!
//! A task's challenge makes people help each other *and* lowers performance by itself, helping costs the helper, and only an
//! interdependent team turns the help into performance: how often a team coaches itself and how it performs go together, or
//! do not, for more reasons than one.

use super::lanes::LANES;
use super::maths::{flag, logistic, within};
use super::network::Network;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::coaching_skill;
use super::streams::{Purpose, Stream, first_normals};
use super::world::World;

parameters! {
    /// Teams, tasks, helping and performance.
    Theory, "theory.team";
    Organization challenge_sd = 1.0, 0.0 => 2.0, "SD", Normal(0.25), "Spread of tasks' challenge over teams.", ASSUMED;
    Organization interdependence = 0.5, 0.0 => 1.0, "share", Normal(0.15), "Mean interdependence of a team's task: how far the work of one is the work of all.", ARTICLE;
    Organization interdependence_spread = 0.3, 0.0 => 0.5, "share", Normal(0.1), "Half the range of interdependence over teams.", ASSUMED;
    Person help_base = -0.3, -2.0 => 1.5, "logit", Normal(0.4), "Readiness of a neutral colleague to help in a week, when asked.", ASSUMED;
    Organization help_norm = 1.0, 0.0 => 3.0, "logit per unit of the norm", Normal(0.4), "The norm of helping makes people help.", ARTICLE;
    Organization help_challenge = 0.6, 0.0 => 1.5, "logit per SD", Normal(0.2), "In challenging situations helping is frequently enacted.", ARTICLE;
    Organization help_competition = 1.5, 0.0 => 3.0, "logit per unit of competition", Normal(0.4), "Competition keeps people from helping.", ARTICLE;
    Person help_sd = 0.4, 0.0 => 1.0, "logit", Normal(0.15), "SD over persons of the readiness to help.", ASSUMED;
    Person skill = 0.4, 0.0 => 1.0, "SD per SD", Normal(0.15), "Members' relational skill makes a team perform.", ASSUMED;
    Organization competition = 0.8, 0.0 => 2.0, "SD per unit of competition and of approach", Normal(0.3), "Competition moves the effort of who approaches goals, and paralyses who avoids failure.", ASSUMED;
    Person approach_sd = 0.8, 0.0 => 2.0, "logit", Normal(0.25), "SD over persons of approach against avoidance.", ASSUMED;
    Person help_cost = 0.4, 0.0 => 1.5, "SD per turn a week", Normal(0.15), "What helping takes from the helper's own work.", ARTICLE;
    Person help_gain = 4.0, 0.0 => 8.0, "SD per unit of benefit a week", Normal(1.0), "What help received adds in a wholly interdependent and boundlessly challenging task.", ARTICLE;
    Organization challenge = 0.4, 0.0 => 1.0, "SD per SD", Normal(0.15), "A challenging task is done less well.", ASSUMED;
    Organization luck = 1.0, 0.0 => 2.0, "SD", Normal(0.25), "Chance in a team's performance, the same over a study.", ASSUMED;
}

/// A team of one world.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// Its organization.
    pub organization: usize,
    /// Its members: persons, in order.
    pub members: Vec<usize>,
    /// Challenge of its task (SD).
    pub challenge: f64,
    /// How far the work of one is the work of all, in [0, 1].
    pub interdependence: f64,
    /// Its luck (SD).
    pub luck: f64,
}

/// The teams of a world: the same in every world of a replication but for what informal coaching they have.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Teams {
    /// The teams of all organizations.
    pub all: Vec<Team>,
    /// The team of each person.
    pub of_person: Vec<usize>,
    /// How each person goes about a team's work.
    pub tempers: Vec<Temper>,
    /// Who coaches and is coached by colleagues, without a program.
    pub informal: Vec<bool>,
}

/// How a team does.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Standing {
    /// Turns of informal coaching that a member received per week so far: as many as were given.
    pub coaching: f64,
    /// Mean felt quality of these turns; 0 where there was none.
    pub quality: f64,
    /// Performance, in SD of chance alone.
    pub performance: f64,
}

/// How a person goes about a team's work: the same in every world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Temper {
    /// Normal: readiness to help.
    pub helpful: f64,
    /// Approach against avoidance, in (0, 1).
    pub approach: f64,
}

/// What a member brings to a team's performance of the weeks so far.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Contribution {
    /// Relational skill (SD).
    pub skill: f64,
    /// Approach against avoidance, in (0, 1).
    pub approach: f64,
    /// Turns of informal coaching given per week.
    pub given: f64,
    /// Benefit of informal coaching received per week.
    pub received: f64,
}

impl Teams {
    /// The teams of a network with their tasks: two draws for a team's challenge and luck, one for its interdependence; two
    /// for each person's temper.
    pub fn found(p: &Parameters, network: &Network, informal: Vec<bool>, (master, replication): (u64, u64)) -> Self {
        let t = &p.team;
        let task = |(number, organization): (usize, &usize)| {
            let mut stream = Stream::open(master, replication, Purpose::Task, number as u64);
            let ((challenge, luck), place) = (stream.normals(), stream.uniform());
            let interdependence = t.interdependence + t.interdependence_spread * (2.0 * place - 1.0);
            Team {
                organization: *organization,
                members: Vec::new(),
                challenge: t.challenge_sd * challenge,
                interdependence: within(interdependence, 0.0, 1.0),
                luck: t.luck * luck,
            }
        };
        let mut all: Vec<Team> = network.organization_of_team.iter().enumerate().map(task).collect();
        for (person, team) in network.team_of_person.iter().enumerate() {
            all[*team].members.push(person);
        }
        let persons = network.team_of_person.len();
        let mut tempers = Vec::with_capacity(persons);
        for first in (0..persons).step_by(LANES) {
            let entity = |lane: usize| (1 << 40) + (first + lane) as u64;
            let [[helpful, approach]] = first_normals((master, replication), Purpose::Task, entity);
            tempers.extend((0..LANES.min(persons - first)).map(|lane| Temper {
                helpful: helpful[lane],
                approach: logistic(p.team.approach_sd * approach[lane]),
            }));
        }
        Self { all, of_person: network.team_of_person.clone(), tempers, informal }
    }

    /// The team of a person.
    pub fn of(&self, person: usize) -> &Team {
        &self.all[self.of_person[person]]
    }
}

impl World {
    /// How each team does after the weeks so far.
    pub fn standings(&self) -> Vec<Standing> {
        let weeks = self.week.max(1) as f64;
        let standing = |team: &Team| {
            let (mut turns, mut felt) = (0.0, 0.0);
            let members = team.members.iter().map(|person| {
                let (block, seat, lane) = self.member_at(*person);
                let (who, count) = (&block.members[seat].person, &block.members[seat].count);
                let informal = flag(self.teams.informal[*person]);
                turns += informal * count.turns[lane];
                felt += informal * count.felt[lane];
                Contribution {
                    skill: coaching_skill(who.listening[lane], who.empathy[lane], who.feedback[lane]),
                    approach: self.teams.tempers[*person].approach,
                    given: informal * count.turns[lane] / weeks,
                    received: informal * count.benefit[lane] / weeks,
                }
            });
            let competition = self.organizations[team.organization].competition;
            let performance = performance(&self.parameters, team, competition, members);
            Standing {
                coaching: turns / (weeks * team.members.len().max(1) as f64),
                quality: if turns > 0.0 { felt / turns } else { 0.0 },
                performance,
            }
        };
        self.teams.all.iter().map(standing).collect()
    }
}

/// Probability that a colleague has time for who asks this week ●:
/// `σ(−.3 + norm + .6 challenge − 1.5 (competition − .4) + .4 N)`.
pub fn readiness(p: &Parameters, challenge: f64, norm: f64, competition: f64, helpful: f64) -> f64 {
    let t = &p.team;
    logistic(
        t.help_base + p.organization_to_person.norms * t.help_norm * norm + t.help_challenge * challenge
            - p.organization_to_person.competition * t.help_competition * (competition - 0.4)
            + t.help_sd * helpful,
    )
}

/// Performance of a team ●, in SD of chance alone; the mean over members of
/// `.4 skill + .8 (competition − .4)(2 approach − .4) − .4 given + 4 interdependence received σ(challenge)`, and
/// `− .4 challenge + luck`.
pub fn performance(p: &Parameters, team: &Team, competition: f64, members: impl Iterator<Item = Contribution>) -> f64 {
    let t = &p.team;
    let effort = p.organization_to_person.competition * t.competition * (competition - 0.4);
    let worth = t.help_gain * team.interdependence * logistic(team.challenge);
    let (mut sum, mut count) = (0.0, 0.0);
    for Contribution { skill, approach, given, received } in members {
        sum += t.skill * skill + effort * (2.0 * approach - 0.4) - t.help_cost * given + worth * received;
        count += 1.0;
    }
    let mean = if count > 0.0 { sum / count } else { 0.0 };
    mean - t.challenge * team.challenge + team.luck
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    fn team(challenge: f64, interdependence: f64) -> Team {
        Team { organization: 0, members: vec![0], challenge, interdependence, luck: 0.0 }
    }

    fn at(p: &Parameters, team: &Team, competition: f64, member: Contribution) -> f64 {
        performance(p, team, competition, std::iter::once(member))
    }

    proptest! {
        #[test]
        fn people_help_as_the_theory_says(
            p in random::parameters(), challenge in -4.0..4.0_f64, norm in -1.0..0.5_f64, competition in 0.0..0.5_f64,
            helpful in -4.0..4.0_f64,
        ) {
            let base = readiness(&p, challenge, norm, competition, helpful);
            prop_assert!((0.0..=1.0).contains(&base));
            prop_assert!(readiness(&p, challenge + 1.0, norm, competition, helpful) >= base);
            prop_assert!(readiness(&p, challenge, norm + 0.5, competition, helpful) >= base);
            prop_assert!(readiness(&p, challenge, norm, competition + 0.5, helpful) <= base);
        }

        /// Help costs who gives it and serves who gets it, the more the more interdependent and challenging the task.
        #[test]
        fn teams_perform_as_the_theory_says(
            p in random::parameters(), challenge in -4.0..4.0_f64, interdependence in 0.0..=1.0_f64,
            competition in 0.0..=1.0_f64, skill in -3.0..3.0_f64, given in 0.0..=1.0_f64, received in 0.0..2.0_f64,
        ) {
            let team = team(challenge, interdependence);
            let member = Contribution { skill, approach: 0.5, given, received };
            let base = at(&p, &team, competition, member);
            prop_assert!(base.is_finite());
            let skilled = at(&p, &team, competition, Contribution { skill: skill + 1.0, ..member });
            let giving = at(&p, &team, competition, Contribution { given: given + 1.0, ..member });
            let helped = at(&p, &team, competition, Contribution { received: received + 1.0, ..member });
            prop_assert!(skilled >= base && giving <= base && helped >= base);
        }

        #[test]
        fn teams_are_founded_in_bounds(p in random::parameters(), seed in 0..1000_u64) {
            let network =
                Network { team_of_person: vec![0, 1, 0, 1, 1], organization_of_team: vec![0, 0], ..Network::default() };
            let teams = Teams::found(&p, &network, vec![true; 5], (seed, 1));
            prop_assert_eq!(&teams.all[0].members, &[0, 2]);
            prop_assert_eq!(&teams.of(4).members, &[1, 3, 4]);
            for team in &teams.all {
                prop_assert!((0.0..=1.0).contains(&team.interdependence));
                prop_assert!(team.challenge.is_finite() && team.luck.is_finite());
            }
            prop_assert!(teams.tempers.iter().all(|temper| (0.0..=1.0).contains(&temper.approach)));
        }
    }

    /// Worked out by hand: .4 × 1 + .8 × .5 × .6 − .4 × .5 + 4 × .5 × .2 × .5 = .64.
    #[test]
    fn performance_by_hand() {
        let p = Parameters::default();
        let member = Contribution { skill: 1.0, approach: 0.5, given: 0.5, received: 0.2 };
        assert!((at(&p, &team(0.0, 0.5), 0.9, member) - 0.64).abs() < 1e-12);
        assert!((at(&p, &team(1.0, 0.0), 0.4, Contribution::default()) + 0.4).abs() < 1e-12);
    }
}
