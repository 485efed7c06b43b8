//! Replications into tables, batch by batch.

use std::sync::Arc;

use super::digest::Digest;
use super::tables;
use crate::model::dyad::quality;
use crate::model::ending::CAUSES;
use crate::model::seating::Relationship;
use crate::model::world::World;
use crate::results::{self, RunDirectory, TableRecord, TableWriter, Values};
use crate::study::effect_size::SizeKind;
use crate::study::experiment::{Record, Replication, Wave};
use crate::study::plan::Plan;

/// The open tables of a run.
pub struct Recorder<'a> {
    plan: &'a Plan,
    estimates: TableWriter,
    replications: TableWriter,
    organizations: TableWriter,
    people: Option<[TableWriter; 4]>,
    weeks: Option<TableWriter>,
    episodes: Option<TableWriter>,
    arms: Vec<Arc<str>>,
    words: Words,
    digest: Digest,
}

/// Texts that stand in many rows, each kept once.
struct Words {
    observed: Arc<str>,
    everyone: Arc<str>,
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

/// Columns under construction, in the table's order.
#[derive(Default)]
struct Columns {
    values: Vec<Values>,
    at: usize,
}

impl Columns {
    fn row(&mut self) -> &mut Self {
        self.at = 0;
        self
    }

    fn integer(&mut self, value: usize) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Integer(column)) => column.push(value as u32),
            _ => self.values.push(Values::Integer(vec![value as u32])),
        }
        self.at += 1;
        self
    }

    fn real(&mut self, value: f64) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Real(column)) => column.push(value),
            _ => self.values.push(Values::Real(vec![value])),
        }
        self.at += 1;
        self
    }

    fn flag(&mut self, value: bool) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Flag(column)) => column.push(value),
            _ => self.values.push(Values::Flag(vec![value])),
        }
        self.at += 1;
        self
    }

    fn text(&mut self, value: &Arc<str>) -> &mut Self {
        match self.values.get_mut(self.at) {
            Some(Values::Text(column)) => column.push(value.clone()),
            _ => self.values.push(Values::Text(vec![value.clone()])),
        }
        self.at += 1;
        self
    }

    fn reals(&mut self, values: impl IntoIterator<Item = f64>) -> &mut Self {
        for value in values {
            self.real(value);
        }
        self
    }

    fn into(self, writer: &mut TableWriter) -> results::Result<()> {
        if self.values.is_empty() { Ok(()) } else { writer.append(&self.values) }
    }
}

impl<'a> Recorder<'a> {
    /// Opens the tables that this level of record asks for.
    ///
    /// # Errors
    /// If a file cannot be created.
    pub fn open(plan: &'a Plan, run: &RunDirectory, record: Record) -> results::Result<Self> {
        let people = if record >= Record::Waves {
            Some([
                run.table(&tables::individuals())?,
                run.table(&tables::dyads())?,
                run.table(&tables::waves(plan))?,
                run.table(&tables::instruments())?,
            ])
        } else {
            None
        };
        let study = &plan.study;
        Ok(Self {
            plan,
            estimates: run.table(&tables::estimates())?,
            replications: run.table(&tables::replications())?,
            organizations: run.table(&tables::organizations())?,
            people,
            weeks: (record >= Record::Weeks).then(|| run.table(&tables::weeks())).transpose()?,
            episodes: (record >= Record::Episodes).then(|| run.table(&tables::episodes())).transpose()?,
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
            digest: Digest::default(),
        })
    }

    /// Writes a chunk of replications, in order.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn add(&mut self, chunk: &[Replication]) -> results::Result<()> {
        let [mut estimates, mut replications, mut organizations] = [(); 3].map(|()| Columns::default());
        for replication in chunk {
            self.digest.add(replication);
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
                row.reals([effect.log, effect.own, effect.answered, effect.unshared]).integer(answer.analysed);
                row.flag(answer.result.as_ref().is_ok_and(|estimate| estimate.boundary));
                match &answer.result {
                    Ok(_) => row.text(&self.words.nothing),
                    Err(failure) => row.text(&Arc::from(failure.code())),
                };
            }
            for summary in &replication.summaries {
                let world = if summary.everyone.is_some() { &self.words.everyone } else { &self.words.observed };
                let row = replications.row().integer(number).text(world).text(&self.arms[summary.arm]);
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
        estimates.into(&mut self.estimates)?;
        replications.into(&mut self.replications)?;
        organizations.into(&mut self.organizations)?;
        for replication in chunk {
            self.add_people(replication)?;
            self.add_weeks(replication)?;
            self.add_episodes(replication)?;
        }
        Ok(())
    }

    fn add_people(&mut self, replication: &Replication) -> results::Result<()> {
        let (Some([individuals, dyads, waves, instruments]), Some(world)) = (&mut self.people, &replication.end) else {
            return Ok(());
        };
        let number = replication.number as usize;
        let organization = &self.plan.organization_of_dyad;
        let mut columns = Columns::default();
        for (person, individual) in replication.individuals.iter().enumerate() {
            let row =
                columns.row().integer(number).integer(person).integer(person / 2).integer(organization[person / 2]);
            let birth = &individual.birth;
            row.text(&self.arms[individual.arm]).flag(birth.minority).flag(birth.woman);
            row.text(&self.words.career_stages[usize::from(birth.career_stage)])
                .integer(usize::from(birth.nationality));
            row.reals(birth.seniority);
            for (before, after) in individual.before.iter().zip(&individual.after) {
                row.real(*before).real(*after);
            }
        }
        columns.into(individuals)?;

        let mut columns = Columns::default();
        for Relationship { number: dyad, organization, members, ties: [a, b], shared: s, lane, .. } in
            world.relationships()
        {
            let (trust_a, trust_b) = (a.trust[lane], b.trust[lane]);
            let vitality = 0.5 * (a.vitality[lane] + b.vitality[lane]);
            let row = columns.row().integer(number).integer(dyad).integer(organization);
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
        columns.into(dyads)?;

        let mut columns = Columns::default();
        for Wave { week, answers, truths, .. } in &replication.waves {
            for (person, arm) in replication.arms.iter().enumerate() {
                let row =
                    columns.row().integer(number).integer(person).integer(person / 2).integer(organization[person / 2]);
                row.text(&self.arms[*arm]).integer(*week);
                for (answer, truth) in answers.iter().zip(truths) {
                    row.real(answer[person]).real(truth[person]);
                }
            }
        }
        columns.into(waves)?;

        let mut columns = Columns::default();
        for seen in &replication.instruments {
            let scale = &self.plan.scales[seen.scale];
            let row = columns.row().integer(number).integer(seen.week).text(&self.words.instruments[seen.scale]);
            let declared = if scale.exact() { f64::NAN } else { scale.instrument.reliability };
            row.integer(seen.answered).reals([seen.mean, seen.sd, seen.alpha, declared, seen.retest]);
            row.reals([seen.lowest, seen.highest]);
        }
        columns.into(instruments)
    }

    fn add_weeks(&mut self, replication: &Replication) -> results::Result<()> {
        let Some(writer) = &mut self.weeks else { return Ok(()) };
        let mut columns = Columns::default();
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
        columns.into(writer)
    }

    fn add_episodes(&mut self, replication: &Replication) -> results::Result<()> {
        let Some(writer) = &mut self.episodes else { return Ok(()) };
        let mut columns = Columns::default();
        for episode in &replication.episodes {
            let row = columns.row().integer(replication.number as usize).integer(episode.week as usize);
            row.integer(episode.dyad as usize).integer(episode.learner as usize);
            row.text(&self.words.modes[episode.mode as usize]).reals(episode.values);
            row.text(&self.words.breaches[episode.breach.min(2) as usize]);
        }
        columns.into(writer)
    }

    /// Closes the tables, and writes the trajectories.
    ///
    /// # Errors
    /// If a table cannot be written.
    pub fn finish(self, run: &RunDirectory) -> results::Result<Vec<TableRecord>> {
        let mut trajectories = run.table(&tables::trajectories())?;
        let mut columns = Columns::default();
        for line in &self.digest.lines {
            let world = if line.everyone.is_some() { &self.words.everyone } else { &self.words.observed };
            for (week, moments) in line.weeks.iter().enumerate() {
                let row = columns.row().text(world).text(&self.arms[line.arm]).integer(week);
                row.integer(moments[0].count() as usize);
                for moment in moments {
                    row.real(moment.mean()).real(moment.variance().sqrt());
                }
            }
        }
        columns.into(&mut trajectories)?;
        let mut records = vec![self.estimates.finish()?, self.replications.finish()?, self.organizations.finish()?];
        records.push(trajectories.finish()?);
        for writer in self.people.into_iter().flatten().chain(self.weeks).chain(self.episodes) {
            records.push(writer.finish()?);
        }
        Ok(records)
    }
}
