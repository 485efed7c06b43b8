//! Who takes part: people are recruited into organizations, screened, assigned to arms, and find their partners.
//!
//! Where all arms share the rule by which pairs are made, pairs are made first and assigned as they are. Where arms differ in
//! it (in the matching rule, in the kind of program, in the size of groups or in who is eligible) people are assigned first,
//! and find partners within their arm and organization by the arm's rule. Everyone is known by number from then on: in the
//! observed world person p begins at home, in seat `p % 2` of dyad `p / 2`, and members of a circle stand next to each other.

use std::ops::Range;

use super::assignment::assign;
use super::declaration::{Composition, Kind, Screened, Screening};
use super::matching::{self, Crowd};
use super::plan::Plan;
use crate::model::birth::Birth;
use crate::model::circle::Circle;
use crate::model::person::Trait;
use crate::model::seating::Gathering;
use crate::model::streams::{Purpose, Stream};

/// The persons of a replication, by number.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Who they are.
    pub births: Vec<Birth>,
    /// The arm of each.
    pub arms: Vec<usize>,
    /// What the screening measured of each; empty where nobody is screened.
    pub measured: Vec<f64>,
    /// In the observed world, those whose partners change.
    pub gatherings: Vec<Gathering>,
}

/// Recruits, screens, assigns and pairs the persons of a replication.
pub fn recruit(plan: &Plan, number: u64) -> Sample {
    let seed = plan.study.monte_carlo.seed;
    let mut people = Vec::with_capacity(plan.persons());
    for (organization, places) in organizations(plan) {
        let places = places.start as u64..places.end as u64;
        people.extend(plan.nursery(organization).births(seed, number, places, &plan.shift));
    }
    let measured: Vec<f64> = match &plan.study.design.screening {
        Some(screening) => (0..people.len()).map(|who| screen(screening, &people[who], plan, number, who)).collect(),
        None => Vec::new(),
    };
    if plan.arms_pair_apart {
        pair_within_arms(plan, number, people, measured)
    } else {
        pair_before_arms(plan, number, people, measured)
    }
}

/// The people of each organization: they stand in a row.
fn organizations(plan: &Plan) -> impl Iterator<Item = (usize, Range<usize>)> {
    let mut dyad = 0;
    plan.organization_of_dyad.chunk_by(|a, b| a == b).map(move |dyads| {
        let people = 2 * dyad..2 * (dyad + dyads.len());
        dyad += dyads.len();
        (dyads[0], people)
    })
}

/// A score that the screening gives: the trait with an error whose share of the variance in the reference population is
/// 1 − reliability.
fn screen(screening: &Screening, birth: &Birth, plan: &Plan, number: u64, who: usize) -> f64 {
    let (value, sd) = match screening.what {
        Screened::Trait(Trait::Expectation) => {
            (birth.traits[Trait::Expectation as usize], plan.study.parameters.population.expectation_sd)
        }
        Screened::Trait(which) => (birth.traits[which as usize], 1.0),
        Screened::Seniority(which) => (birth.seniority[which], 1.0),
    };
    let (chance, _) = Stream::open(plan.study.monte_carlo.seed, number, Purpose::Screening, who as u64).normals();
    value + sd * ((1.0 - screening.reliability) / screening.reliability).sqrt() * chance
}

/// In a given order.
fn reordered<T: Clone>(all: &[T], order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|who| all.get(*who).cloned()).collect()
}

/// Everyone is paired by the study's rule, and pairs are assigned.
fn pair_before_arms(plan: &Plan, number: u64, people: Vec<Birth>, measured: Vec<f64>) -> Sample {
    let crowd = Crowd { people: &people, measured: &measured, what: plan.screened() };
    let mut order = Vec::with_capacity(people.len());
    for (organization, members) in organizations(plan) {
        let mut stream = Stream::open(plan.study.monte_carlo.seed, number, Purpose::Matching, organization as u64);
        let pairs = matching::groups(plan.study.program.matching, &crowd, members.collect(), 2, &mut stream);
        order.extend(pairs.into_iter().flatten());
    }
    let births = reordered(&people, &order);
    let arms = assign(plan, &births, number);
    Sample { arms, measured: reordered(&measured, &order), births, gatherings: Vec::new() }
}

/// Everyone is assigned, and finds partners within arm and organization.
fn pair_within_arms(plan: &Plan, number: u64, people: Vec<Birth>, measured: Vec<f64>) -> Sample {
    let seed = plan.study.monte_carlo.seed;
    let mut arms = assign(plan, &people, number);
    if plan.composed {
        let mut stream = Stream::open(seed, number, Purpose::Strata, 0);
        for (_, members) in organizations(plan) {
            fill_strata(plan, &measured, members, &mut arms, &mut stream);
        }
    }
    let crowd = Crowd { people: &people, measured: &measured, what: plan.screened() };
    let (mut order, mut gatherings) = (Vec::with_capacity(people.len()), Vec::new());
    for (organization, members) in organizations(plan) {
        even_numbers(plan.study.arms.len(), &mut arms[members.clone()]);
        for arm in 0..plan.study.arms.len() {
            let own: Vec<usize> = members.clone().filter(|who| arms[*who] == arm).collect();
            let mut stream = Stream::open(seed, number, Purpose::Matching, entity(arm, organization));
            for group in find_partners(plan, arm, &crowd, own, &mut stream) {
                let first = order.len();
                order.extend(group);
                gatherings.extend(gathering(plan, arm, (first..order.len()).collect()));
            }
        }
    }
    let arms = reordered(&arms, &order);
    Sample { arms, measured: reordered(&measured, &order), births: reordered(&people, &order), gatherings }
}

fn entity(arm: usize, organization: usize) -> u64 {
    ((arm as u64 + 1) << 32) + organization as u64
}

/// Where one arm has an odd number in an organization another has too: the last who came to the one goes to the other.
fn even_numbers(arms: usize, arm_of: &mut [usize]) {
    let count = |arm: usize, arm_of: &[usize]| arm_of.iter().filter(|other| **other == arm).count();
    let odd: Vec<usize> = (0..arms).filter(|arm| count(*arm, arm_of) % 2 == 1).collect();
    for pair in odd.chunks_exact(2) {
        if let Some(last) = arm_of.iter_mut().rev().find(|arm| **arm == pair[0]) {
            *last = pair[1];
        }
    }
}

/// Fills the places of an organization's arms from the two halves of its people by what was measured of them: the places
/// are those that `arms` gives, who takes them is drawn by lot from who is eligible.
fn fill_strata(plan: &Plan, measured: &[f64], members: Range<usize>, arms: &mut [usize], stream: &mut Stream) {
    let mut people: Vec<usize> = members.clone().collect();
    people.sort_by(|a, b| measured[*a].total_cmp(&measured[*b]));
    let mut high = people.split_off(people.len() / 2);
    let mut low = people;
    stream.shuffle(&mut low);
    stream.shuffle(&mut high);
    let mut places = vec![0; plan.study.arms.len()];
    members.for_each(|who| places[arms[who]] += 1);
    for (arm, places) in places.into_iter().enumerate() {
        let above = match plan.study.arms[arm].pairs {
            Some(Composition::HighHigh) => places,
            Some(Composition::LowLow) => 0,
            Some(Composition::HighLow) | None => places / 2,
        };
        for place in 0..places {
            let (first, second) = if place < above { (&mut high, &mut low) } else { (&mut low, &mut high) };
            if let Some(who) = first.pop().or_else(|| second.pop()) {
                arms[who] = arm;
            }
        }
    }
}

/// The pairs or circles of an arm's members in one organization.
fn find_partners(plan: &Plan, arm: usize, crowd: &Crowd, members: Vec<usize>, stream: &mut Stream) -> Vec<Vec<usize>> {
    let (program, pairs) = (&plan.study.arms[arm].program, plan.study.arms[arm].pairs);
    let size = if program.kind == Kind::Formal { program.group_size } else { 2 };
    if pairs != Some(Composition::HighLow) {
        return matching::groups(program.matching, crowd, members, size, stream);
    }
    // One of each half sits with one of the other, whoever it is.
    let mut people = members;
    people.sort_by(|a, b| crowd.measured[*a].total_cmp(&crowd.measured[*b]));
    let mut high = people.split_off(people.len() / 2);
    stream.shuffle(&mut people);
    stream.shuffle(&mut high);
    let order: Vec<usize> = people.into_iter().zip(high).flat_map(|(low, high)| [high, low]).collect();
    matching::in_order(order, size)
}

/// What changes partners in this arm: nothing where the members are a pair.
fn gathering(plan: &Plan, arm: usize, members: Vec<usize>) -> Option<Gathering> {
    let circle = plan.study.arms[arm].program.kind == Kind::Formal && members.len() > 2;
    circle.then(|| Gathering::Circle(Circle::of(members)))
}

/// Who sits where in the world in which everyone has this arm, and whose partners change.
///
/// Everyone finds partners by the arm's rule within the organization. Where arms differ in who is eligible, people cannot
/// change arms without becoming others: everyone keeps the observed partners, and the worlds differ in program and treatment
/// alone.
pub fn everyone_in(plan: &Plan, arm: usize, sample: &Sample, number: u64) -> (Vec<usize>, Vec<Gathering>) {
    if !plan.arms_pair_apart {
        return (Vec::new(), Vec::new());
    }
    if plan.composed {
        return (Vec::new(), sample.gatherings.clone());
    }
    let crowd = Crowd { people: &sample.births, measured: &sample.measured, what: plan.screened() };
    let (mut seats, mut gatherings) = (Vec::with_capacity(sample.births.len()), Vec::new());
    for (organization, members) in organizations(plan) {
        let entity = (1 << 63) + organization as u64;
        let mut stream = Stream::open(plan.study.monte_carlo.seed, number, Purpose::Matching, entity);
        for group in find_partners(plan, arm, &crowd, members.collect(), &mut stream) {
            seats.extend_from_slice(&group);
            gatherings.extend(gathering(plan, arm, group));
        }
    }
    (seats, gatherings)
}

/// The cluster of each person of the observed world: the pair, or the circle. Partners are not independent, whatever was
/// assigned as one.
pub fn clusters(plan: &Plan, sample: &Sample) -> Vec<u32> {
    let dyads = plan.organization_of_dyad.len();
    let mut clusters: Vec<u32> = (0..2 * dyads).map(|person| (person / 2) as u32).collect();
    for (number, gathering) in sample.gatherings.iter().enumerate() {
        gathering.members().iter().for_each(|person| clusters[*person] = (dyads + number) as u32);
    }
    clusters
}
