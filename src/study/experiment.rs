//! One replication: the experiment as a researcher sees it and, with the same noise, one world per arm in which
//! *everyone* has that arm.

use super::assignment::assign;
use super::estimand::{Answers, Effect};
use super::estimators::{Estimate, Failure};
use super::instrument::Panel;
use super::matching;
use super::plan::Plan;
use super::treatment;
use crate::model::dyad::place;
use crate::model::lanes::Instructions;
use crate::model::outcomes::{self, OUTCOMES};
use crate::model::person::Birth;
use crate::model::streams::{Purpose, Stream};
use crate::model::world::{Blueprint, Noise, World};

/// How much of a replication is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// Estimates and summaries.
    Summary,
    /// And every person at every wave.
    Waves,
    /// And every dyad in every week.
    Weeks,
    /// And every turn.
    Episodes,
}

impl Record {
    /// The names the command line uses, in order.
    pub const NAMES: &'static [(&'static str, Record)] = &[
        ("summary", Record::Summary),
        ("waves", Record::Waves),
        ("weeks", Record::Weeks),
        ("episodes", Record::Episodes),
    ];
}

/// A row of `estimates`.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Index of the hypothesis.
    pub hypothesis: usize,
    /// Index among the hypothesis' estimators.
    pub estimator: usize,
    /// The estimate, or why there is none.
    pub result: Result<Estimate, Failure>,
    /// The truth of this replication.
    pub effect: Effect,
    /// Persons in the analysis.
    pub analysed: usize,
}

/// Means and counts over the persons of one arm in one world at the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// None for the observed world, else the arm that everyone has.
    pub everyone: Option<usize>,
    /// The arm of these persons.
    pub arm: usize,
    /// Number of persons.
    pub persons: f64,
    /// Mean of every outcome of [`OUTCOMES`].
    pub outcomes: Vec<f64>,
    /// Totals, in the order of [`COUNTS`].
    pub counts: [f64; COUNTS.len()],
}

/// The counted events with their meaning.
pub const COUNTS: [(&str, &str); 17] = [
    ("meetings", "Meetings held, each counted once per member."),
    ("turns", "Turns as learner."),
    ("developmental", "Developmental turns: felt quality above 0."),
    ("destructive", "Destructive turns: felt quality below -0.25."),
    ("severe", "Severe turns: felt quality below -1."),
    ("undermined", "Turns in which the coach undermined the learner."),
    ("breaches", "Confidences broken, by lapse or betrayal."),
    ("betrayals", "Confidences broken with intent or for own ends."),
    ("regrets", "Deep disclosures met by a destructive turn."),
    ("negative_effects", "Negative effects by the person's own threshold, breaches included."),
    ("persons_with_negative_effect", "Persons with at least one negative effect."),
    ("persons_with_severe_effect", "Persons with a severe turn or a breach."),
    ("ended_relationship", "Persons whose dyad ended because of the relationship."),
    ("ended_logistics", "Persons whose dyad ended for time and logistics."),
    ("ended_third_party", "Persons whose dyad a third party ended without blame."),
    ("ended_exit", "Persons whose dyad ended because a member left the organization."),
    ("exits", "Persons who left the organization."),
];

/// An organization of a world at a wave.
#[derive(Clone, Debug, PartialEq)]
pub struct OrganizationState {
    /// None for the observed world, else the arm that everyone has.
    pub everyone: Option<usize>,
    /// Its number.
    pub organization: usize,
    /// Week of the wave.
    pub week: usize,
    /// competition, incentives, climate, set-point, collaboration, toolkit, norm, morale, reputation, headcount, exits.
    pub values: [f64; 11],
}

/// Means over the persons of an arm in a world, week by week: [learning_personal, learning_task, trust, vitality, climate].
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    /// None for the observed world, else the arm that everyone has.
    pub everyone: Option<usize>,
    /// The arm.
    pub arm: usize,
    /// Five means per week, from week 0; NaN where the arm has nobody.
    pub weeks: Vec<[f64; 5]>,
}

/// A person in the observed world.
#[derive(Clone, Debug)]
pub struct Individual {
    /// Its arm.
    pub arm: usize,
    /// True value of every outcome at week 0, before any treatment.
    pub before: Vec<f64>,
    /// And at the end.
    pub after: Vec<f64>,
}

/// One turn of the observed world.
#[derive(Clone, Copy, Debug)]
pub struct Episode {
    /// Week, from 1.
    pub week: u32,
    /// The dyad.
    pub dyad: u32,
    /// The learner's seat; the other member coaches.
    pub seat: u32,
    /// 0 inquire, 1 advise, 2 superficial, 3 undermine.
    pub mode: u32,
    /// disclosure, benefit, felt quality, learning, trust after.
    pub values: [f64; 5],
    /// Whether the learner's confidence was broken this week: 0 no, 1 lapse, 2 betrayal.
    pub breach: u32,
}

/// What one replication leaves.
#[derive(Clone, Debug)]
pub struct Replication {
    /// Its number.
    pub number: u64,
    /// One per hypothesis and estimator.
    pub answers: Vec<Answer>,
    /// One per arm of the observed world and one per counterfactual world.
    pub summaries: Vec<Summary>,
    /// One per world, organization and wave.
    pub organizations: Vec<OrganizationState>,
    /// One per arm of the observed world and one per counterfactual world.
    pub courses: Vec<Course>,
    /// Arm of each person.
    pub arms: Vec<usize>,
    /// The observed world's persons (from record level waves).
    pub individuals: Vec<Individual>,
    /// The observed world at its end (from record level waves), for what `dyads` shows.
    pub end: Option<World>,
    /// Per wave and scale: answers and true values (on the instrument's scale) of every person (from waves).
    pub waves: Vec<(usize, Vec<Vec<f64>>, Vec<Vec<f64>>)>,
    /// Per week and dyad: true states (from weeks).
    pub weeks: Vec<(u32, Vec<[f64; 12]>)>,
    /// Every turn (from episodes).
    pub episodes: Vec<Episode>,
}

/// A world with what is followed in it.
struct Strand {
    everyone: Option<usize>,
    world: World,
    /// True outcomes per wave and scale.
    truth: Vec<Vec<Vec<f64>>>,
}

/// Runs replication `number` of a study.
pub fn replicate(plan: &Plan, number: u64, record: Record, instructions: Instructions) -> Replication {
    let study = &plan.study;
    let seed = study.monte_carlo.seed;
    let births = recruit(plan, number);
    let arms = assign(&study.design, &study.arms, &plan.organization_of_dyad, seed, number);
    let mut strands = vec![strand(plan, number, &births, None, &|person| arms[person])];
    for arm in 0..study.arms.len() {
        strands.push(strand(plan, number, &births, Some(arm), &|_| arm));
    }
    let mut panel = Panel::open(plan.persons(), seed, number);
    let mut kept = Replication {
        number,
        answers: Vec::new(),
        summaries: Vec::new(),
        organizations: Vec::new(),
        courses: Vec::new(),
        arms,
        individuals: Vec::new(),
        end: None,
        waves: Vec::new(),
        weeks: Vec::new(),
        episodes: Vec::new(),
    };
    for strand in &strands {
        let of_arms: Vec<usize> = strand.everyone.map_or_else(|| (0..study.arms.len()).collect(), |arm| vec![arm]);
        for arm in of_arms {
            kept.courses.push(Course { everyone: strand.everyone, arm, weeks: Vec::with_capacity(plan.weeks + 1) });
        }
    }
    let before: Vec<Vec<f64>> = if record >= Record::Waves { all_outcomes(&strands[0].world) } else { Vec::new() };
    let mut observed: Vec<Vec<Vec<f64>>> = Vec::new();
    let mut noise = Noise::open(seed, number, study.population.dyads, study.organizations);
    for week in 0..=plan.weeks {
        if week > 0 {
            noise.draw(instructions);
            for strand in &mut strands {
                strand.world.step(&noise, instructions);
            }
            if record >= Record::Weeks {
                kept.weeks.push((week as u32, weekly(&strands[0].world)));
            }
            if record >= Record::Episodes {
                turns(&strands[0].world, week as u32, &mut kept.episodes);
            }
        }
        if study.measurement.waves.contains(&week) {
            for strand in &mut strands {
                look(plan, strand, week, &mut kept.organizations);
            }
            let world = &strands[0].world;
            let gone = outcomes::values(world, outcomes::find("exited").unwrap_or_default());
            let competition = |person: usize| world.organizations[plan.organization_of_dyad[person / 2]].competition;
            let truth = &strands[0].truth[observed.len()];
            observed.push(panel.wave(&plan.scales, &study.measurement, week, truth, &gone, competition));
        }
        follow(&strands, &kept.arms, &mut kept.courses);
        if week == 0 {
            // The first measurement comes before any treatment.
            for strand in &mut strands {
                let everyone = strand.everyone;
                treat(plan, &mut strand.world, &|person| everyone.unwrap_or(kept.arms[person]));
            }
        }
    }
    let truths = strands.iter().map(|strand| strand.truth.as_slice()).collect::<Vec<_>>();
    kept.answers = super::analysis::analyse(plan, &Answers { arms: &kept.arms, observed: &observed, truths: &truths });
    for strand in &strands {
        let ends = all_outcomes(&strand.world);
        match strand.everyone {
            Some(arm) => kept.summaries.push(summarize(&strand.world, &ends, Some(arm), arm, |_| true)),
            None => {
                for arm in 0..study.arms.len() {
                    kept.summaries.push(summarize(&strand.world, &ends, None, arm, |person| kept.arms[person] == arm));
                }
            }
        }
    }
    if record >= Record::Waves {
        let after = all_outcomes(&strands[0].world);
        let of = |columns: &[Vec<f64>], person: usize| columns.iter().map(|column| column[person]).collect();
        kept.individuals = (0..plan.persons())
            .map(|person| Individual { arm: kept.arms[person], before: of(&before, person), after: of(&after, person) })
            .collect();
        for (wave, answers) in observed.into_iter().enumerate() {
            let true_scores = plan
                .scales
                .iter()
                .zip(&strands[0].truth[wave])
                .map(|(scale, truth)| truth.iter().map(|value| scale.perfect(*value)).collect())
                .collect();
            kept.waves.push((study.measurement.waves[wave], answers, true_scores));
        }
        kept.end = Some(strands.swap_remove(0).world);
    }
    kept
}

/// The persons of a replication, in order of their seats: recruited by organization, then paired.
fn recruit(plan: &Plan, number: u64) -> Vec<Birth> {
    let seed = plan.study.monte_carlo.seed;
    let mut seats = Vec::with_capacity(plan.persons());
    let mut dyad = 0;
    while dyad < plan.organization_of_dyad.len() {
        let organization = plan.organization_of_dyad[dyad];
        let end = plan.organization_of_dyad.partition_point(|o| *o <= organization);
        let people = (2 * dyad as u64..2 * end as u64)
            .map(|person| plan.nursery.birth(seed, number, person, &plan.shift))
            .collect();
        let mut stream = Stream::open(seed, number, Purpose::Matching, organization as u64);
        seats.extend(matching::pair(plan.study.program.matching, people, &mut stream));
        dyad = end;
    }
    seats
}

fn strand(
    plan: &Plan,
    number: u64,
    births: &[Birth],
    everyone: Option<usize>,
    arm_of: &dyn Fn(usize) -> usize,
) -> Strand {
    let form_of_dyad: Vec<usize> = (0..plan.organization_of_dyad.len()).map(|dyad| arm_of(2 * dyad)).collect();
    let first_of = |organization: usize| plan.organization_of_dyad.partition_point(|o| *o < organization);
    let organization_parameters = plan.organization_parameters(|number| arm_of(2 * first_of(number)));
    let world = World::new(&Blueprint {
        parameters: &plan.study.parameters,
        organization_parameters: &organization_parameters,
        births,
        organization_of_dyad: &plan.organization_of_dyad,
        organizations: plan.study.organizations,
        forms: &plan.forms,
        form_of_dyad: &form_of_dyad,
        seed: (plan.study.monte_carlo.seed, number),
    });
    Strand { everyone, world, truth: Vec::new() }
}

/// Does to every person what its arm does: a treatment moves states and nothing else.
fn treat(plan: &Plan, world: &mut World, arm_of: &dyn Fn(usize) -> usize) {
    for person in 0..plan.persons() {
        for treatment in &plan.study.arms[arm_of(person)].treatments {
            let Some(kind) = treatment::find(treatment.id) else { continue };
            for (which, multiple) in kind.moves {
                world.shift(person / 2, person % 2, *which, multiple * treatment.dose, treatment.decay);
            }
        }
    }
}

/// Notes the true outcomes and the organizations of a world at a wave.
fn look(plan: &Plan, strand: &mut Strand, week: usize, organizations: &mut Vec<OrganizationState>) {
    strand.truth.push(plan.scales.iter().map(|scale| outcomes::values(&strand.world, scale.outcome)).collect());
    for (number, o) in strand.world.organizations.iter().enumerate() {
        organizations.push(OrganizationState {
            everyone: strand.everyone,
            organization: number,
            week,
            values: [
                o.competition,
                o.incentives,
                o.climate,
                o.set_point,
                o.collaboration,
                o.toolkit,
                o.norm,
                o.morale,
                o.reputation,
                o.headcount,
                o.exits,
            ],
        });
    }
}

/// Adds this week's means to the courses, in the order in which they were opened.
fn follow(strands: &[Strand], arms: &[usize], courses: &mut [Course]) {
    let mut at = 0;
    for strand in strands {
        let world = &strand.world;
        let count = if strand.everyone.is_some() { 1 } else { courses.iter().filter(|c| c.everyone.is_none()).count() };
        let mut sums = vec![[0.0; 5]; count];
        let mut persons = vec![0.0; count];
        for dyad in 0..world.dyads {
            let (index, lane) = place(dyad);
            let climate = world.organizations[world.organization_of_dyad[dyad]].climate;
            for seat in 0..2 {
                let member = &world.blocks[index].members[seat];
                let to = if strand.everyone.is_some() { 0 } else { arms[2 * dyad + seat] };
                let sum = &mut sums[to];
                sum[0] += member.person.learning_personal[lane];
                sum[1] += member.person.learning_task[lane];
                sum[2] += member.tie.trust[lane];
                sum[3] += member.tie.vitality[lane];
                sum[4] += climate;
                persons[to] += 1.0;
            }
        }
        for (sum, persons) in sums.into_iter().zip(persons) {
            courses[at].weeks.push(sum.map(|s| s / persons));
            at += 1;
        }
    }
}

fn all_outcomes(world: &World) -> Vec<Vec<f64>> {
    (0..OUTCOMES.len()).map(|outcome| outcomes::values(world, outcome)).collect()
}

fn summarize(
    world: &World,
    ends: &[Vec<f64>],
    everyone: Option<usize>,
    arm: usize,
    belongs: impl Fn(usize) -> bool,
) -> Summary {
    let mut persons = 0.0;
    let mut counts = [0.0; COUNTS.len()];
    let mut means = vec![0.0; OUTCOMES.len()];
    for person in (0..2 * world.dyads).filter(|person| belongs(*person)) {
        let (index, lane) = place(person / 2);
        let (block, member) = (&world.blocks[index], &world.blocks[index].members[person % 2]);
        let count = &member.count;
        let cause = block.shared.cause[lane];
        let is = |yes: bool| if yes { 1.0 } else { 0.0 };
        let row = [
            block.shared.meetings[lane],
            count.turns[lane],
            count.developmental[lane],
            count.destructive[lane],
            count.severe[lane],
            count.undermined[lane],
            count.breaches[lane],
            count.betrayals[lane],
            count.regrets[lane],
            count.negative_effects[lane],
            is(count.negative_effects[lane] > 0.0),
            is(count.severe[lane] + count.breaches[lane] > 0.0),
            is(cause == 1.0),
            is(cause == 2.0),
            is(cause == 3.0),
            is(cause == 4.0),
            member.person.exited[lane],
        ];
        counts.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        means.iter_mut().zip(ends).for_each(|(sum, column)| *sum += column[person]);
        persons += 1.0;
    }
    means.iter_mut().for_each(|sum| *sum /= persons);
    Summary { everyone, arm, persons, outcomes: means, counts }
}

/// True states of every dyad this week: see the table `weeks`.
fn weekly(world: &World) -> Vec<[f64; 12]> {
    (0..world.dyads)
        .map(|dyad| {
            let (index, lane) = place(dyad);
            let block = &world.blocks[index];
            let ([a, b], s) = (&block.members, &block.shared);
            [
                s.active[lane],
                s.met[lane],
                s.step[lane],
                a.tie.trust[lane],
                b.tie.trust[lane],
                s.holding[lane],
                s.dependence[lane],
                s.carrying_capacity[lane],
                s.tensility[lane],
                s.connectivity[lane],
                a.person.learning_personal[lane] + a.person.learning_task[lane],
                b.person.learning_personal[lane] + b.person.learning_task[lane],
            ]
        })
        .collect()
}

fn turns(world: &World, week: u32, episodes: &mut Vec<Episode>) {
    for dyad in 0..world.dyads {
        let (index, lane) = place(dyad);
        let block = &world.blocks[index];
        for (seat, member) in block.members.iter().enumerate() {
            let turn = &member.turn;
            let breach = turn.lapse[lane] + 2.0 * turn.betrayal[lane];
            if block.shared.met[lane] < 0.5 && breach < 0.5 {
                continue;
            }
            let mode = if turn.inquire[lane] > 0.5 {
                0
            } else if turn.advise[lane] > 0.5 {
                1
            } else if turn.undermine[lane] > 0.5 {
                3
            } else if block.shared.met[lane] > 0.5 {
                2
            } else {
                4
            };
            episodes.push(Episode {
                week,
                dyad: dyad as u32,
                seat: seat as u32,
                mode,
                values: [
                    turn.disclosure[lane],
                    turn.benefit[lane],
                    turn.felt[lane],
                    turn.learning[lane],
                    member.tie.trust[lane],
                ],
                breach: breach as u32,
            });
        }
    }
}
