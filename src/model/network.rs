//! The network of colleagues: who works in which team, and who is tied to whom.
//!
//! Colleagues are there before anything is done to anyone. An organization's people work in teams; each is tied to some of
//! the own team and to a few beyond it, and rather to people like the own self: 'individuals may gravitate to coaches like
//! themselves' (Parker, Kram & Hall 2012).

use super::birth::Birth;
use super::likeness::similarity;
use super::maths::{logistic, within};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Fixed, Prior::Normal, parameters};
use super::streams::{Purpose, Stream};

parameters! {
    /// The network of colleagues and the choice among them.
    Theory, "theory.network";
    Organization team = 7.0, 2.0 => 20.0, "persons", Fixed, "Size of a team: participants are divided into teams as even as they go.", "assumed; chosen by the recruitment";
    Organization degree = 4.0, 1.0 => 15.0, "colleagues", Normal(1.5), "Mean number of colleagues to whom a person is tied, as far as there are as many.", ASSUMED;
    Organization across = 2.0, 0.0 => 6.0, "logit", Normal(0.7), "How much less likely colleagues of another team are tied than those of the own.", ASSUMED;
    Dyad likeness = 1.5, 0.0 => 4.0, "logit per unit of similarity", Normal(0.5), "Homophily of ties: colleagues who are alike are more likely tied.", ARTICLE;
    Dyad choice = 1.0, 0.0 => 3.0, "logit per unit of similarity", Normal(0.4), "Homophily of choice: among tied colleagues, those who are alike are sought first, being unlikely to challenge.", ARTICLE;
    Dyad stretch = 0.6, 0.0 => 1.5, "SD of fit per unit of similarity", Normal(0.25), "Comfort zone: what similar partners lack of different experience and perspective, and so of what they can teach; 0 at the distance of strangers.", ARTICLE;
}

/// Of other teams, everyone has met this many people, by lot.
const ENCOUNTERS: usize = 4;

/// Two colleagues who are tied.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Acquaintance {
    /// The two persons, the lower number first.
    pub persons: [usize; 2],
    /// How alike they are: 1 for doubles, 0 for strangers of average distance.
    pub similarity: f64,
}

/// Who works with whom: the same in every world of a replication.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Network {
    /// The team of each person; teams are numbered over all organizations.
    pub team_of_person: Vec<usize>,
    /// The organization of each team.
    pub organization_of_team: Vec<usize>,
    /// The persons of each organization, in order.
    pub members: Vec<Vec<usize>>,
    /// Seed and replication.
    pub seed: (u64, u64),
}

impl Network {
    /// Divides each organization's people into teams by lot; `organization_of_person` need not be sorted.
    pub fn form(p: &Parameters, organization_of_person: &[usize], organizations: usize, seed: (u64, u64)) -> Self {
        let mut members = vec![Vec::new(); organizations];
        for (person, organization) in organization_of_person.iter().enumerate() {
            members[*organization].push(person);
        }
        let (mut team_of_person, mut organization_of_team) = (vec![0; organization_of_person.len()], Vec::new());
        for (organization, members) in members.iter().enumerate() {
            let teams = ((members.len() as f64 / p.network.team + 0.5) as usize).clamp(1, members.len().max(1));
            let mut stream = Stream::open(seed.0, seed.1, Purpose::Network, organization as u64);
            let mut by_lot = members.clone();
            stream.shuffle(&mut by_lot);
            for (place, person) in by_lot.iter().enumerate() {
                team_of_person[*person] = organization_of_team.len() + place * teams / members.len();
            }
            organization_of_team.extend(std::iter::repeat_n(organization, teams));
        }
        Self { team_of_person, organization_of_team, members, seed }
    }

    /// The ties among some of an organization's people, in the order of persons.
    ///
    /// Ties are there whoever is asked for: they depend on the whole organization. Chance is one stream per organization, and
    /// how much of it is used depends on the size of the organization and its teams alone, so that a network without
    /// homophily shares all its luck with one that has it. Nobody is left without anyone to turn to: who has no tie among
    /// those asked for is tied to whom of them a tie came closest, or else to the next in order.
    pub fn ties_among(
        &self,
        p: &Parameters,
        births: &[Birth],
        organization: usize,
        wanted: impl Fn(usize) -> bool,
    ) -> Vec<Acquaintance> {
        let all = &self.members[organization];
        let (master, replication) = self.seed;
        let mut stream = Stream::open(master, replication, Purpose::Network, (1 << 40) + organization as u64);
        let pairs = candidates(all, &self.team_of_person, &mut stream);
        let tie = |persons: [usize; 2]| Acquaintance {
            persons,
            similarity: similarity(p, &births[persons[0]], &births[persons[1]]),
        };
        let known: Vec<Acquaintance> = pairs.into_iter().map(tie).collect();
        let odds: Vec<f64> = known
            .iter()
            .map(|Acquaintance { persons: [a, b], similarity }| {
                let other_team = if self.team_of_person[*a] == self.team_of_person[*b] { 0.0 } else { 1.0 };
                tie_odds(p, *similarity, other_team)
            })
            .collect();
        let base = base_odds(&odds, 0.5 * p.network.degree * all.len() as f64);
        let closeness = odds.iter().map(|odds| logistic(base + odds) - stream.uniform());
        let known: Vec<(Acquaintance, f64)> =
            known.into_iter().zip(closeness).filter(|(tie, _)| tie.persons.into_iter().all(&wanted)).collect();
        let mut ties: Vec<Acquaintance> = known.iter().filter(|(_, close)| *close > 0.0).map(|(tie, _)| *tie).collect();
        let there: Vec<usize> = all.iter().copied().filter(|person| wanted(*person)).collect();
        for (place, person) in there.iter().enumerate() {
            if there.len() < 2 || ties.iter().any(|tie| tie.persons.contains(person)) {
                continue;
            }
            let closest = known.iter().filter(|(tie, _)| tie.persons.contains(person)).fold(
                None,
                |best: Option<&(Acquaintance, f64)>, one| match best {
                    Some(best) if best.1 >= one.1 => Some(best),
                    _ => Some(one),
                },
            );
            let next = there[(place + 1) % there.len()];
            ties.push(closest.map_or_else(|| tie([*person.min(&next), *person.max(&next)]), |(tie, _)| *tie));
        }
        ties.sort_by_key(|tie| tie.persons);
        ties
    }
}

/// Everyone that could be tied: all pairs of the same team, and for each person some people of other teams.
fn candidates(members: &[usize], team_of_person: &[usize], stream: &mut Stream) -> Vec<[usize; 2]> {
    let mut pairs = Vec::new();
    let mut by_team = members.to_vec();
    by_team.sort_by_key(|person| (team_of_person[*person], *person));
    for team in by_team.chunk_by(|a, b| team_of_person[*a] == team_of_person[*b]) {
        for (place, a) in team.iter().enumerate() {
            pairs.extend(team[place + 1..].iter().map(|b| [*a, *b]));
        }
    }
    for a in members {
        for _ in 0..ENCOUNTERS {
            let b = members[stream.below(members.len())];
            if team_of_person[*a] != team_of_person[b] {
                pairs.push(if *a < b { [*a, b] } else { [b, *a] });
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Log odds of a tie beyond what everyone has: `1.5 similarity − 2 [other team]`.
pub fn tie_odds(p: &Parameters, similarity: f64, other_team: f64) -> f64 {
    p.person_to_dyad.homophily * p.network.likeness * similarity - p.network.across * other_team
}

/// What must be added to all log odds so that the expected number of ties is `count`: homophily decides who is tied, and
/// not how many are. Found by halving within ±40, to a millionth of a logit; all or no ties where `count` cannot be met.
fn base_odds(odds: &[f64], count: f64) -> f64 {
    let (mut low, mut high) = (-40.0, 40.0);
    for _ in 0..27 {
        let middle = 0.5 * (low + high);
        if odds.iter().fold(0.0, |sum, x| sum + logistic(middle + x)) < count {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// How much less (SD of fit) a similar colleague has to teach: `−.6 similarity`, 0 at the distance of strangers.
pub fn comfort(p: &Parameters, similarity: f64) -> f64 {
    -p.network.stretch * within(similarity, -3.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::birth::Nursery;
    use crate::model::parameters::random;
    use proptest::prelude::*;

    fn people(p: &Parameters, seed: u64, count: u64) -> Vec<Birth> {
        let nursery = Nursery::new(p);
        (0..count).map(|person| nursery.birth(seed, 0, person, &[(0.0, 1.0); 14])).collect()
    }

    /// A network with all its ties.
    fn network(p: &Parameters, seed: u64, persons: usize, organizations: usize) -> (Network, Vec<Acquaintance>) {
        let places: Vec<usize> = (0..persons).map(|person| person * organizations / persons).collect();
        let network = Network::form(p, &places, organizations, (seed, 0));
        let people = people(p, seed, persons as u64);
        let ties = (0..organizations).flat_map(|at| network.ties_among(p, &people, at, |_| true)).collect();
        (network, ties)
    }

    proptest! {
        #[test]
        fn networks_are_sound(
            p in random::parameters(), seed in 0..1000_u64, persons in 1..60_usize, organizations in 1..4_usize,
        ) {
            let (network, ties) = network(&p, seed, persons, organizations);
            prop_assert_eq!(network.team_of_person.len(), persons);
            for tie in &ties {
                let [a, b] = tie.persons;
                prop_assert!(a < b && b < persons && tie.similarity <= 1.0);
                prop_assert_eq!(a * organizations / persons, b * organizations / persons, "of one organization");
                prop_assert!(comfort(&p, tie.similarity).is_finite());
            }
            prop_assert!(ties.windows(2).all(|pair| pair[0].persons < pair[1].persons), "each once, in order");
            for (person, team) in network.team_of_person.iter().enumerate() {
                let organization = person * organizations / persons;
                prop_assert_eq!(network.organization_of_team[*team], organization);
                let alone = network.members[organization].len() == 1;
                prop_assert!(alone || ties.iter().any(|tie| tie.persons.contains(&person)), "nobody has nobody");
            }
            // Some of them, and nobody else.
            let people = people(&p, seed, persons as u64);
            let some = network.ties_among(&p, &people, 0, |person| person % 2 == 0);
            prop_assert!(some.iter().all(|tie| tie.persons.iter().all(|person| person % 2 == 0)));
        }
    }

    #[test]
    fn teams_are_even() {
        let p = Parameters::default();
        for persons in [7, 20, 60, 61] {
            let (network, _) = network(&p, 3, persons, 1);
            let teams = network.organization_of_team.len();
            let sizes: Vec<usize> =
                (0..teams).map(|team| network.team_of_person.iter().filter(|of| **of == team).count()).collect();
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            assert!(most - least <= 1 && (4..=10).contains(least), "{sizes:?}");
        }
    }

    /// Mean similarity of the tied, mean number of ties per person, and share of ties within teams.
    fn described(p: &Parameters, seeds: u64) -> (Vec<f64>, f64, f64) {
        let (mut alike, mut ties, mut within, mut persons) = (Vec::new(), 0.0, 0.0, 0.0);
        for seed in 0..seeds {
            let (network, tied) = network(p, seed, 84, 2);
            alike.extend(tied.iter().map(|tie| tie.similarity));
            ties += tied.len() as f64;
            let team = |person: usize| network.team_of_person[person];
            within += tied.iter().filter(|tie| team(tie.persons[0]) == team(tie.persons[1])).count() as f64;
            persons += 84.0;
        }
        (alike, 2.0 * ties / persons, within / ties)
    }

    /// Without homophily the tied are as alike as strangers: within four standard errors of 0 (similarity has SD .6 and, as
    /// each person is in four ties, less than twice the error of independent ties). With it they resemble each other, and
    /// there are as many of them.
    #[test]
    fn without_homophily_the_tied_no_longer_resemble_each_other() {
        let mut p = Parameters::default();
        let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len() as f64;
        let (with, degree, _) = described(&p, 60);
        p.person_to_dyad.homophily = 0.0;
        let (without, same_degree, _) = described(&p, 60);
        let error = 2.0 * 0.6 / (without.len() as f64).sqrt();
        println!(
            "tied: {:.3} with homophily, {:.4} ({error:.4}) without; {degree:.2}, {same_degree:.2} ties",
            mean(&with),
            mean(&without)
        );
        assert!(mean(&without).abs() < 4.0 * error, "{}", mean(&without));
        assert!(mean(&with) > 0.1, "{}", mean(&with));
        assert!((degree - 4.0).abs() < 0.2 && (same_degree - 4.0).abs() < 0.2, "{degree} {same_degree}");
    }

    #[test]
    fn ties_keep_to_the_team_unless_nothing_speaks_against_leaving_it() {
        let mut p = Parameters::default();
        let (_, _, within) = described(&p, 20);
        p.network.across = 0.0;
        let (_, _, less) = described(&p, 20);
        assert!(within > 0.65 && less < within - 0.15, "{within} {less}");
    }
}
