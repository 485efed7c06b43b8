//! Consecutive replications into rows: what a chunk of them leaves for every table.

use std::ops::Range;
use std::sync::Arc;

use super::columns::Columns;
use super::{Failed, Outcome, tables};
use crate::model::dyad::quality;
use crate::model::ending::CAUSES;
use crate::model::seating::Relationship;
use crate::model::world::World;
use crate::results::{Table, Values};
use crate::study::effect_size::SizeKind;
use crate::study::experiment::{Record, Replication, Wave};
use crate::study::observation::Course;
use crate::study::plan::Plan;

/// The tables of replications that this level of record keeps, in the order of a chunk's rows. Each level begins with those of the one
/// before it.
pub fn kept(plan: &Plan, record: Record) -> Vec<Table> {
    let mut all = vec![tables::estimates(), tables::replications(), tables::organizations()];
    if record >= Record::Waves {
        all.extend([tables::individuals(), tables::dyads(), tables::waves(plan), tables::instruments()]);
    }
    if record >= Record::Weeks {
        all.push(tables::weeks());
    }
    if record >= Record::Episodes {
        all.push(tables::episodes());
    }
    all
}

/// What consecutive replications leave.
#[derive(Clone, Debug, PartialEq)]
pub struct Chunk {
    /// Their numbers.
    pub replications: Range<u64>,
    /// Per table of [`kept`]: its columns; none where there is no row.
    pub rows: Vec<Vec<Values>>,
    /// The courses of each replication that did not fail, for the trajectories.
    pub courses: Vec<Vec<Course>>,
    /// Those that failed; they have no rows.
    pub failures: Vec<Failed>,
}

/// Who writes down what replications leave.
pub struct Clerk<'a> {
    plan: &'a Plan,
    record: Record,
    pub(super) arms: Vec<Arc<str>>,
    pub(super) words: Words,
}

/// Texts that stand in many rows, each kept once.
pub(super) struct Words {
    pub(super) observed: Arc<str>,
    pub(super) everyone: Arc<str>,
    nothing: Arc<str>,
    /// The setting of each organization.
    settings: Vec<Arc<str>>,
    hypotheses: Vec<Arc<str>>,
    estimators: Vec<Vec<Arc<str>>>,
    questions: Vec<Arc<str>>,
    instruments: Vec<Arc<str>>,
    /// Kinds of effect sizes, in the order of their declaration.
    sizes: Vec<Arc<str>>,
    causes: Vec<Arc<str>>,
    qualities: Vec<Arc<str>>,
    modes: Vec<Arc<str>>,
    breaches: Vec<Arc<str>>,
    career_stages: Vec<Arc<str>>,
}

fn words(all: &[&str]) -> Vec<Arc<str>> {
    all.iter().map(|word| Arc::from(*word)).collect()
}

impl<'a> Clerk<'a> {
    /// A clerk for this level of record.
    pub fn new(plan: &'a Plan, record: Record) -> Self {
        let study = &plan.study;
        Self {
            plan,
            record,
            arms: study.arms.iter().map(|arm| Arc::from(arm.name.as_str())).collect(),
            words: Words {
                observed: Arc::from("observed"),
                everyone: Arc::from("everyone"),
                nothing: Arc::from(""),
                settings: (0..study.organizations).map(|number| Arc::from(plan.setting_name(number))).collect(),
                hypotheses: study.hypotheses.iter().map(|h| Arc::from(h.id.as_str())).collect(),
                estimators: study.hypotheses.iter().map(|h| words(&h.estimators)).collect(),
                questions: study.hypotheses.iter().map(|h| Arc::from(h.ask.name())).collect(),
                instruments: plan.scales.iter().map(|scale| Arc::from(scale.about.id)).collect(),
                sizes: SizeKind::NAMES.iter().map(|(name, _)| Arc::from(*name)).collect(),
                causes: words(&CAUSES),
                qualities: words(&["dysfunctional", "low", "medium", "high"]),
                modes: words(&tables::MODES),
                breaches: words(&tables::BREACHES),
                career_stages: words(&tables::CAREER_STAGES),
            },
        }
    }

    /// What consecutive replications from number `first` leave; nothing of none.
    pub fn chunk(&self, first: u64, outcomes: Vec<Outcome>) -> Chunk {
        let numbers = first..first + outcomes.len() as u64;
        let (mut replications, mut failures) = (Vec::with_capacity(outcomes.len()), Vec::new());
        for outcome in outcomes {
            match outcome {
                Ok(replication) => replications.push(replication),
                Err(failed) => failures.push(failed),
            }
        }
        let [mut estimates, mut summaries, mut organizations] = [(); 3].map(|()| Columns::default());
        for replication in &replications {
            let number = replication.number as usize;
            for answer in &replication.answers {
                let row = estimates.row().integer(number);
                row.text(&self.words.hypotheses[answer.hypothesis]);
                row.text(&self.words.estimators[answer.hypothesis][answer.estimator]);
                row.text(&self.words.questions[answer.hypothesis]);
                match &answer.result {
                    Ok(e) => {
                        row.reals([e.estimate, e.standard_error, e.degrees_of_freedom, e.lower, e.upper, e.p_value])
                    }
                    Err(_) => row.reals([f64::NAN; 6]),
                };
                row.reals([answer.adjusted.holm, answer.adjusted.benjamini_hochberg]);
                row.real(answer.size.map_or(f64::NAN, |size| size.value));
                row.text(match answer.size.map(|size| size.kind) {
                    None => &self.words.nothing,
                    Some(kind) => &self.words.sizes[kind as usize],
                });
                let effect = &answer.effect;
                row.reals([effect.truth, effect.sample, effect.total, effect.spill_over]);
                row.reals([effect.log, effect.own, effect.answered, effect.unshared]).integer(answer.analyzed);
                row.flag(answer.result.as_ref().is_ok_and(|estimate| estimate.boundary));
                match &answer.result {
                    Ok(_) => row.text(&self.words.nothing),
                    Err(failure) => row.text(&Arc::from(failure.code())),
                };
            }
            for summary in &replication.summaries {
                let world = if summary.everyone.is_some() { &self.words.everyone } else { &self.words.observed };
                let row = summaries.row().integer(number).text(world).text(&self.arms[summary.arm]);
                row.integer(summary.persons as usize);
                row.reals(summary.outcomes.iter().copied()).reals(summary.counts);
            }
            for state in &replication.organizations {
                let row = organizations.row().integer(number);
                match state.everyone {
                    Some(arm) => row.text(&self.words.everyone).text(&self.arms[arm]),
                    None => row.text(&self.words.observed).text(&self.words.nothing),
                };
                row.integer(state.organization).text(&self.words.settings[state.organization]);
                row.integer(state.week).reals(state.values);
            }
        }
        let mut rows = vec![estimates.values(), summaries.values(), organizations.values()];
        if self.record >= Record::Waves {
            rows.extend(self.people(&replications));
        }
        if self.record >= Record::Weeks {
            rows.push(weeks(&replications));
        }
        if self.record >= Record::Episodes {
            rows.push(self.episodes(&replications));
        }
        let courses = replications.into_iter().map(|replication| replication.courses).collect();
        Chunk { replications: numbers, rows, courses, failures }
    }

    /// What failed, for its table.
    pub(super) fn failed(&self, failures: &[Failed]) -> Vec<Values> {
        let seed: Arc<str> = Arc::from(self.plan.study.monte_carlo.seed.to_string());
        let mut columns = Columns::default();
        for Failed { number, message, place } in failures {
            let row = columns.row().integer(*number as usize).text(&seed);
            row.text(&Arc::from(message.as_str())).text(&Arc::from(place.as_str()));
        }
        columns.values()
    }

    /// The observed world's persons, dyads, waves and instruments.
    fn people(&self, replications: &[Replication]) -> [Vec<Values>; 4] {
        let mut all = [(); 4].map(|()| Columns::default());
        for replication in replications {
            self.add_people(replication, &mut all);
        }
        all.map(Columns::values)
    }

    fn add_people(&self, replication: &Replication, [individuals, dyads, waves, instruments]: &mut [Columns; 4]) {
        let Some(world) = &replication.end else { return };
        let number = replication.number as usize;
        let organization = &self.plan.organization_of_dyad;
        for (person, individual) in replication.individuals.iter().enumerate() {
            let row =
                individuals.row().integer(number).integer(person).integer(person / 2).integer(organization[person / 2]);
            let birth = &individual.birth;
            row.text(&self.arms[individual.arm]).flag(birth.minority).flag(birth.woman);
            row.text(&self.words.career_stages[usize::from(birth.career_stage)])
                .integer(usize::from(birth.nationality));
            row.reals(birth.seniority);
            for (before, after) in individual.before.iter().zip(&individual.after) {
                row.real(*before).real(*after);
            }
        }

        for Relationship { number: dyad, organization, members, ties: [a, b], shared: s, lane, .. } in
            world.relationships()
        {
            let (trust_a, trust_b) = (a.trust[lane], b.trust[lane]);
            let vitality = 0.5 * (a.vitality[lane] + b.vitality[lane]);
            let row = dyads.row().integer(number).integer(dyad).integer(organization);
            row.text(&self.arms[replication.arms[members[0]]]).text(&self.arms[replication.arms[members[1]]]);
            row.text(&self.words.causes[(s.cause[lane] as usize).min(4)]);
            // Weeks count from 1 in the tables: the first week ends at week 1.
            row.real(if s.ended[lane] < 0.0 { f64::NAN } else { s.ended[lane] + 1.0 });
            row.real(s.meetings[lane]).real(a.fit[lane]).real(b.fit[lane]).real(trust_a).real(trust_b);
            row.real(s.holding[lane]).real(s.dependence[lane]).real(s.step[lane]);
            row.real(s.carrying_capacity[lane]).real(s.tensility[lane]).real(s.connectivity[lane]).real(vitality);
            row.real(1.0 - (a.received[lane] - b.received[lane]).abs());
            row.text(&self.words.qualities[quality(trust_a.min(trust_b), vitality, s.rupture[lane]) as usize]);
        }

        for Wave { week, answers, truths, .. } in &replication.waves {
            for (person, arm) in replication.arms.iter().enumerate() {
                let row =
                    waves.row().integer(number).integer(person).integer(person / 2).integer(organization[person / 2]);
                row.text(&self.arms[*arm]).integer(*week);
                for (answer, truth) in answers.iter().zip(truths) {
                    row.real(answer[person]).real(truth[person]);
                }
            }
        }

        for seen in &replication.instruments {
            let scale = &self.plan.scales[seen.scale];
            let row = instruments.row().integer(number).integer(seen.week).text(&self.words.instruments[seen.scale]);
            let declared = if scale.exact() { f64::NAN } else { scale.instrument.reliability };
            row.integer(seen.answered).reals([seen.mean, seen.sd, seen.alpha, declared, seen.retest]);
            row.reals([seen.lowest, seen.highest]);
        }
    }

    /// Every turn.
    fn episodes(&self, replications: &[Replication]) -> Vec<Values> {
        let mut columns = Columns::default();
        for replication in replications {
            for episode in &replication.episodes {
                let row = columns.row().integer(replication.number as usize).integer(episode.week as usize);
                row.integer(episode.dyad as usize).integer(episode.learner as usize);
                row.text(&self.words.modes[episode.mode as usize]).reals(episode.values);
                row.text(&self.words.breaches[episode.breach.min(2) as usize]);
            }
        }
        columns.values()
    }
}

/// True states per week and dyad.
fn weeks(replications: &[Replication]) -> Vec<Values> {
    let mut columns = Columns::default();
    for replication in replications {
        let numbers: Vec<usize> =
            replication.end.iter().flat_map(World::relationships).map(|relationship| relationship.number).collect();
        for (week, dyads) in &replication.weeks {
            for (dyad, values) in numbers.iter().zip(dyads) {
                columns
                    .row()
                    .integer(replication.number as usize)
                    .integer(*dyad)
                    .integer(*week as usize)
                    .reals(*values);
            }
        }
    }
    columns.values()
}
