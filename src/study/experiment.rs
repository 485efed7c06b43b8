//! One replication: the experiment as a researcher sees it and, with the same noise, one world per arm in which
//! *everyone* has that arm.

use super::analysis::{Answer, analyze};
use super::attribute;
use super::estimand::Answers;
use super::instrument::{Given, Panel, Scale};
use super::observation::{self, Course, Episode, Individual, OrganizationState, Summary, summarize, turns, weekly};
use super::observer::Notebook;
use super::plan::{CounterfactualWorld, Plan};
use super::recruitment::{Sample, clusters, everyone_in, recruit};
use super::reliability::{self, Administered};
use super::treatment;
use crate::model::lanes::Instructions;
use crate::model::outcomes::{self, Source};
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

    /// Replications up to which every person is recorded at every wave unless told otherwise.
    const WAVES_UP_TO: usize = 200;

    /// What is kept of so many replications unless told otherwise: waves of few, summaries of many.
    pub fn unless_told(replications: usize) -> Self {
        if replications <= Self::WAVES_UP_TO { Record::Waves } else { Record::Summary }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, level)| *level == self).map_or("summary", |(name, _)| name)
    }
}

/// A wave of the observed world.
#[derive(Clone, Debug)]
pub struct Wave {
    /// Its week.
    pub week: usize,
    /// Answers by scale and person; NaN where there is none.
    pub answers: Vec<Vec<f64>>,
    /// True values by scale and person, on the instrument's scale.
    pub truths: Vec<Vec<f64>>,
    /// Who has gone through with it so far: see [`Answers::completed`].
    pub completed: Vec<bool>,
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
    /// One per wave and instrument (from waves).
    pub instruments: Vec<Administered>,
    /// The observed world's waves (from waves).
    pub waves: Vec<Wave>,
    /// Per week and dyad: true states (from weeks).
    pub weeks: Vec<(u32, Vec<[f64; 12]>)>,
    /// Every turn (from episodes).
    pub episodes: Vec<Episode>,
}

/// A world with what is followed in it.
struct Strand {
    /// None for the observed world, else the arm that everyone has.
    everyone: Option<usize>,
    world: World,
    /// Whether what its arm does to people is done to every second one only.
    half: bool,
    /// True outcomes per wave and scale.
    truth: Vec<Vec<Vec<f64>>>,
    /// True outcomes per scale at week 0, after everything was done to people; only where an association asks for it.
    begun: Vec<Vec<f64>>,
    /// One per arm of the observed world, else a single one.
    courses: Vec<Course>,
}

/// When a world that is lived again is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// At the end of week 0, before anything is done to anyone.
    Founded,
    /// At the end of week 0, when everything was done to people that their arms do.
    Treated,
    /// At the end of this week, from 1.
    Week(usize),
}

/// Lives replication `number` again in one world, the observed one or the one in which everyone has an arm, and shows it week
/// by week. Nobody is asked anything: asking changes nothing in a world. The worlds are those of [`replicate`], to the bit.
pub fn relive(
    plan: &Plan,
    number: u64,
    everyone: Option<usize>,
    instructions: Instructions,
    mut see: impl FnMut(Moment, &World),
) {
    let study = &plan.study;
    let sample = recruit(plan, number);
    let counterfactual = everyone.map(|arm| CounterfactualWorld { arm, half: false });
    let mut strand = Strand::begin(plan, number, &sample, counterfactual);
    let mut noise = Noise::open(study.monte_carlo.seed, number, study.population.dyads, study.organizations);
    see(Moment::Founded, &strand.world);
    strand.treat(plan, number, &sample.arms);
    see(Moment::Treated, &strand.world);
    strand.change(plan, 0, &sample.arms);
    for week in 1..=plan.weeks {
        noise.draw(instructions);
        strand.world.step(&noise, instructions);
        see(Moment::Week(week), &strand.world);
        strand.change(plan, week, &sample.arms);
    }
}

/// Runs replication `number` of a study.
pub fn replicate(plan: &Plan, number: u64, record: Record, instructions: Instructions) -> Replication {
    let (study, seed) = (&plan.study, plan.study.monte_carlo.seed);
    let sample = recruit(plan, number);
    let clusters = clusters(plan, &sample);
    let mut strands = vec![Strand::begin(plan, number, &sample, None)];
    strands.extend(plan.worlds.iter().map(|world| Strand::begin(plan, number, &sample, Some(*world))));
    let before = if record >= Record::Waves { outcomes::all_values(&strands[0].world) } else { Vec::new() };
    let mut kept = Replication::empty(number, sample.arms.clone());
    let mut panel = Panel::open(plan.persons(), seed, number);
    let mut observed: Vec<Vec<Vec<f64>>> = Vec::new();
    let mut unshared: Vec<Vec<Vec<f64>>> = Vec::new();
    let mut items = Vec::new();
    let mut completed: Vec<Vec<bool>> = Vec::new();
    let mut notebook = plan
        .scales
        .iter()
        .any(|scale| scale.about.source == Source::Observer)
        .then(|| Notebook::open(study.measurement.observer, plan.persons(), seed, number));
    let mut noise = Noise::open(seed, number, study.population.dyads, study.organizations);
    for week in 0..=plan.weeks {
        if week > 0 {
            noise.draw(instructions);
            strands.iter_mut().for_each(|strand| strand.world.step(&noise, instructions));
            if let Some(notebook) = &mut notebook {
                notebook.watch(&strands[0].world);
            }
            kept.note_week(&strands[0].world, week as u32, record);
        }
        if study.measurement.waves.contains(&week) {
            for strand in &mut strands {
                strand.truth.push(outcomes::several(&strand.world, plan.scales.iter().map(|scale| scale.outcome)));
                if !strand.half {
                    kept.organizations.extend(observation::organizations(&strand.world, strand.everyone, week));
                }
            }
            let mut given = ask(plan, &mut panel, &strands[0], week, record >= Record::Waves);
            if let Some(notebook) = &notebook {
                notebook.record(plan, &strands[0].world, &mut given.answers);
                notebook.record(plan, &strands[0].world, &mut given.unshared);
            }
            completed.push(still_there(plan, &strands[0].world, &given.answers, completed.last()));
            observed.push(given.answers);
            unshared.push(given.unshared);
            items.push(given.items);
        }
        for strand in &mut strands {
            observation::follow(&strand.world, &kept.arms, &mut strand.courses);
            if week == 0 {
                // The first measurement comes before any treatment.
                strand.treat(plan, number, &kept.arms);
                if plan.asks_associations() {
                    strand.begun = outcomes::several(&strand.world, plan.scales.iter().map(|scale| scale.outcome));
                }
            }
            strand.change(plan, week, &kept.arms);
        }
    }
    let truths: Vec<_> = strands.iter().map(|strand| strand.truth.as_slice()).collect();
    let begun: Vec<_> = strands.iter().map(|strand| strand.begun.as_slice()).collect();
    let organizations: Vec<usize> = (0..plan.persons()).map(|person| plan.organization_of_person(person)).collect();
    let settings: Vec<usize> = organizations.iter().map(|place| plan.setting_of_organization[*place]).collect();
    kept.answers = analyze(
        plan,
        &Answers {
            arms: &kept.arms,
            teams: &strands[0].world.teams.of_person,
            organizations: &organizations,
            settings: &settings,
            attributes: &attribute::of_all(&sample.births),
            clusters: &clusters,
            completed: &completed,
            observed: &observed,
            unshared: &unshared,
            truths: &truths,
            begun: &begun,
        },
    );
    for strand in &mut strands {
        let ends = outcomes::all_values(&strand.world);
        for course in std::mem::take(&mut strand.courses) {
            let belongs = |person: usize| strand.everyone.is_some() || kept.arms[person] == course.arm;
            kept.summaries.push(summarize(&strand.world, &ends, strand.everyone, course.arm, belongs));
            kept.courses.push(course);
        }
    }
    if record >= Record::Waves {
        kept.instruments = reliability::instruments(plan, number, &observed, &items);
        kept.note_people(plan, &sample, &clusters, strands.swap_remove(0), &before, (observed, completed));
    }
    kept
}

impl Replication {
    fn empty(number: u64, arms: Vec<usize>) -> Self {
        Self {
            number,
            arms,
            answers: Vec::new(),
            summaries: Vec::new(),
            organizations: Vec::new(),
            courses: Vec::new(),
            individuals: Vec::new(),
            end: None,
            instruments: Vec::new(),
            waves: Vec::new(),
            weeks: Vec::new(),
            episodes: Vec::new(),
        }
    }

    /// Notes what the level of record asks for of a week in the observed world.
    fn note_week(&mut self, world: &World, week: u32, record: Record) {
        if record >= Record::Weeks {
            self.weeks.push((week, weekly(world)));
        }
        if record >= Record::Episodes {
            turns(world, week, &mut self.episodes);
        }
    }

    /// Notes every person of the observed world: before and after, and at each wave as observed and in truth.
    fn note_people(
        &mut self,
        plan: &Plan,
        sample: &Sample,
        clusters: &[u32],
        observed_world: Strand,
        before: &[Vec<f64>],
        (observed, completed): (Vec<Vec<Vec<f64>>>, Vec<Vec<bool>>),
    ) {
        let after = outcomes::all_values(&observed_world.world);
        let of = |columns: &[Vec<f64>], person: usize| columns.iter().map(|column| column[person]).collect();
        self.individuals = sample
            .births
            .iter()
            .enumerate()
            .map(|(person, birth)| Individual {
                arm: self.arms[person],
                cluster: clusters[person],
                team: observed_world.world.teams.of_person[person],
                screened: sample.measured.get(person).copied().unwrap_or(f64::NAN),
                birth: birth.clone(),
                before: of(before, person),
                after: of(&after, person),
            })
            .collect();
        let seen = observed.into_iter().zip(completed);
        for ((week, (answers, completed)), truth) in
            plan.study.measurement.waves.iter().zip(seen).zip(&observed_world.truth)
        {
            let truths = plan
                .scales
                .iter()
                .zip(truth)
                .map(|(scale, truth)| truth.iter().map(|value| scale.perfect(*value)).collect())
                .collect();
            self.waves.push(Wave { week: *week, answers, truths, completed });
        }
        self.end = Some(observed_world.world);
    }
}

/// Everyone's answers at a wave of the observed world.
fn ask(plan: &Plan, panel: &mut Panel, strand: &Strand, week: usize, items: bool) -> Given {
    let world = &strand.world;
    let gone = outcomes::values(world, outcomes::find("exited").unwrap_or_default());
    let competition = |person: usize| world.organizations[plan.organization_of_dyad[person / 2]].competition;
    let truth = strand.truth.last().map_or(&[][..], Vec::as_slice);
    panel.wave(&plan.scales, &plan.study.measurement, week, truth, &gone, competition, plan.asks_associations(), items)
}

/// Who has gone through with it so far: was so at the wave before, has not left the organization, has a partner with whom it
/// has not ended early, and has answered every questionnaire and diary.
fn still_there(plan: &Plan, world: &World, answers: &[Vec<f64>], before: Option<&Vec<bool>>) -> Vec<bool> {
    let of = |id: &str| outcomes::values(world, outcomes::find(id).unwrap_or_default());
    let (ended, exited) = (of("dissolved"), of("exited"));
    let asked = |scale: &&Scale| matches!(scale.about.source, Source::Questionnaire | Source::Diary);
    let asked: Vec<&Vec<f64>> =
        plan.scales.iter().zip(answers).filter(|(scale, _)| asked(scale)).map(|(_, a)| a).collect();
    (0..plan.persons())
        .map(|person| {
            before.is_none_or(|before| before[person])
                && ended[person] < 1.0
                && exited[person] < 0.5
                && asked.iter().all(|answers| !answers[person].is_nan())
        })
        .collect()
}

impl Strand {
    /// Seats everyone in a world of this replication: the observed one, or one in which everyone has an arm.
    fn begin(plan: &Plan, number: u64, sample: &Sample, counterfactual: Option<CounterfactualWorld>) -> Self {
        let (study, arms) = (&plan.study, &sample.arms);
        let everyone = counterfactual.map(|world| world.arm);
        let half = counterfactual.is_some_and(|world| world.half);
        let (seats, gatherings) = match everyone {
            Some(arm) => everyone_in(plan, arm, sample, number),
            None => (Vec::new(), sample.gatherings.clone()),
        };
        let arm_of = |person: usize| everyone.unwrap_or(arms[person]);
        let form_of_dyad: Vec<usize> = (0..study.population.dyads).map(|dyad| arm_of(2 * dyad)).collect();
        let first_of = |organization: usize| plan.organization_of_dyad.partition_point(|o| *o < organization);
        let world = World::new(&Blueprint {
            parameters: &study.parameters,
            organization_parameters: &plan.organization_parameters(|organization| arm_of(2 * first_of(organization))),
            births: &sample.births,
            seats: &seats,
            gatherings: &gatherings,
            organization_of_dyad: &plan.organization_of_dyad,
            organizations: study.organizations,
            forms: &plan.forms,
            form_of_dyad: &form_of_dyad,
            seed: (study.monte_carlo.seed, number),
        });
        // Nobody is in an arm of share 0, and a world of halves is nobody's: neither has a course to follow.
        let followed: Vec<usize> = match everyone {
            None => (0..study.arms.len()).filter(|arm| study.arms[*arm].share > 0.0).collect(),
            Some(_) if half => Vec::new(),
            Some(arm) => vec![arm],
        };
        let course = |arm| Course { everyone, arm, weeks: Vec::with_capacity(plan.weeks + 1) };
        Self {
            everyone,
            half,
            world,
            truth: Vec::new(),
            begun: Vec::new(),
            courses: followed.into_iter().map(course).collect(),
        }
    }

    /// Changes in organizations what is due at the end of this week.
    fn change(&mut self, plan: &Plan, week: usize, arms: &[usize]) {
        let World { organizations, parameters, .. } = &mut self.world;
        for (number, organization) in organizations.iter_mut().enumerate() {
            let first = plan.organization_of_dyad.partition_point(|o| *o < number);
            let moves = plan.moves(number, self.everyone.unwrap_or(arms[2 * first]));
            for (_, lever, by) in moves.iter().filter(|(at, _, _)| *at == week) {
                organization.shift(*lever, *by, parameters);
            }
        }
    }

    /// Does to every person what its arm does: a treatment moves states and nothing else.
    fn treat(&mut self, plan: &Plan, number: u64, arms: &[usize]) {
        let seed = (plan.study.monte_carlo.seed, number);
        for (person, arm) in arms.iter().enumerate() {
            let arm = match self.everyone {
                Some(_) if self.half && person % 2 == 1 => plan.control,
                everyone => everyone.unwrap_or(*arm),
            };
            for one in &plan.study.arms[arm].treatments {
                treatment::give(&mut self.world, one, person, seed);
            }
        }
    }
}
