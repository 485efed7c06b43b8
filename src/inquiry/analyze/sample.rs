//! From a table to the rows of an analysis: who is left out and why, and whether the design is what was said.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::columns::{Arm, Arms, Covariate, Labels, number_labels};
use super::refusal::Refusal;
use super::roles::Roles;
use crate::inquiry::dataset::Dataset;
use crate::report::text::number;

/// The rows that are complete in everything that was named.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// Each row's place in the table (from 0).
    pub rows: Vec<usize>,
    /// The outcome.
    pub outcome: Vec<f64>,
    /// The question's column: 1 treated and 0 reference of a treatment, or the predictor; with its name. None where nothing is asked.
    pub asked: Option<(String, Vec<f64>)>,
    /// Treated and reference level with their numbers of rows, of a treatment.
    pub arms: Option<[(String, usize); 2]>,
    /// Covariates; a column of labels is one indicator for each label but the first.
    pub covariates: Vec<(String, Vec<f64>)>,
    /// The cluster of each row, numbered by labels; each row its own where none was named.
    pub cluster: Vec<u32>,
    /// Whether clusters were named.
    pub clustered: bool,
    /// The organization of each row, where it was named.
    pub organization: Vec<u32>,
    /// The person of each row, where it was named.
    pub person: Vec<u32>,
    /// The time of each row, where it was named.
    pub time: Vec<f64>,
    /// The role of each row in its pair, where it was named.
    pub member: Vec<u32>,
    /// Names of the roles.
    pub members: Vec<Arc<str>>,
    /// The block of each row, where it was named.
    pub block: Vec<u32>,
    /// Rows of the table that are not in the analysis, by reason.
    pub left_out: Vec<(String, usize)>,
    /// Of these, those of the treated and of the reference arm; without arms, all of them and 0.
    pub lost: [usize; 2],
    /// What a reader has to know about the design.
    pub notes: Vec<String>,
}

impl Sample {
    /// The complete rows of a table.
    ///
    /// # Errors
    /// A column that is not there or not a number; a missing cluster; data that contradict the design: see `docs/analyze.md`.
    pub fn of(table: &Dataset, roles: &Roles) -> Result<Self, Refusal> {
        let Some(outcome_name) = &roles.outcome else { return Ok(Self::default()) };
        distinct(roles)?;
        let labels = |name: &Option<String>| name.as_ref().map(|name| table.labels(name)).transpose();
        let outcome = table.numbers(outcome_name)?;
        let treatment = roles.treatment.as_ref().map(|name| Arms::of(table, name, roles)).transpose()?;
        let predictor = roles.predictor.as_ref().map(|name| table.numbers(name)).transpose()?;
        let time = roles.time.as_ref().map(|name| table.numbers(name)).transpose()?;
        let covariates =
            roles.covariates.iter().map(|name| Covariate::of(table, name)).collect::<Result<Vec<_>, _>>()?;
        let (cluster, organization) = (labels(&roles.cluster)?, labels(&roles.organization)?);
        let (person, member, block) = (labels(&roles.person)?, labels(&roles.member)?, labels(&roles.block)?);

        let mut left_out: BTreeMap<(usize, String), usize> = BTreeMap::new();
        let (mut rows, mut lost) = (Vec::new(), [0; 2]);
        for row in 0..table.rows() {
            let lacks = |name: &Option<String>, absent: bool| {
                name.as_ref().filter(|_| absent).map(|name| format!("`{name}` is missing"))
            };
            let no = |column: &Option<Vec<Option<f64>>>| column.as_ref().is_some_and(|values| values[row].is_none());
            let blank = |column: &Option<Labels>| column.as_ref().is_some_and(|values| values[row].is_none());
            let arm = treatment.as_ref().map(|arms| arms.of_row[row]);
            let reasons = [
                lacks(&roles.outcome, outcome[row].is_none()),
                lacks(&roles.treatment, arm == Some(Arm::Missing)),
                (arm == Some(Arm::Other)).then(|| "another arm".to_owned()),
                lacks(&roles.predictor, no(&predictor)),
                covariates.iter().find(|one| one.missing(row)).map(|one| format!("`{}` is missing", one.name)),
                lacks(&roles.time, no(&time)),
                lacks(&roles.member, blank(&member)),
                lacks(&roles.block, blank(&block)),
            ];
            match reasons.into_iter().enumerate().find_map(|(order, reason)| reason.map(|reason| (order, reason))) {
                Some(reason) => {
                    match arm {
                        None | Some(Arm::Treated) => lost[0] += 1,
                        Some(Arm::Reference) => lost[1] += 1,
                        Some(Arm::Other | Arm::Missing) => {}
                    }
                    *left_out.entry(reason).or_insert(0) += 1;
                }
                None => {
                    for (what, name, column) in [
                        ("cluster", &roles.cluster, &cluster),
                        ("organization", &roles.organization, &organization),
                        ("person", &roles.person, &person),
                    ] {
                        if let (true, Some(name)) = (blank(column), name) {
                            return Err(Refusal::asked(
                                format!(
                                    "{}, {}, column `{name}`: the {what} is missing",
                                    table.name(),
                                    table.place(row)
                                ),
                                format!(
                                    "Who belongs together cannot be guessed: give every row with an outcome its {what}, or delete \
                                     the row."
                                ),
                            ));
                        }
                    }
                    rows.push(row);
                }
            }
        }
        let left_out: Vec<(String, usize)> = left_out.into_iter().map(|((_, reason), count)| (reason, count)).collect();
        if rows.is_empty() {
            let reasons: Vec<String> = left_out.iter().map(|(reason, count)| format!("{reason} in {count}")).collect();
            return Err(Refusal::asked(
                format!("{}: no row is complete in everything that was named", table.name()),
                format!("Of {} rows: {}.", table.rows(), reasons.join("; ")),
            ));
        }
        let keep = |values: &[Option<f64>]| rows.iter().filter_map(|row| values[*row]).collect::<Vec<f64>>();
        let numbered =
            |labels: &Option<Labels>| labels.as_ref().map_or_else(Default::default, |all| number_labels(all, &rows));
        let mut sample =
            Self { outcome: keep(&outcome), left_out, lost, clustered: cluster.is_some(), ..Self::default() };
        if let (Some(arms), Some(name)) = (&treatment, &roles.treatment) {
            let side = |arm: Arm| f64::from(u8::from(arm == Arm::Treated));
            let values: Vec<f64> = rows.iter().map(|row| side(arms.of_row[*row])).collect();
            let treated = values.iter().filter(|value| **value == 1.0).count();
            let counts = [treated, values.len() - treated];
            if let Some(empty) = counts.iter().position(|count| *count == 0) {
                return Err(Refusal::asked(
                    format!("no complete row has `{name}` = `{}`: there is nothing to compare", arms.levels[empty]),
                    "Look at what was left out: a column with many missing values may be named among --covariates.",
                ));
            }
            sample.arms = Some([(arms.levels[0].clone(), counts[0]), (arms.levels[1].clone(), counts[1])]);
            sample.asked = Some((format!("{name}: {} - {}", arms.levels[0], arms.levels[1]), values));
        }
        if let (Some(values), Some(name)) = (&predictor, &roles.predictor) {
            sample.asked = Some((name.clone(), keep(values)));
        }
        for covariate in &covariates {
            sample.covariates.extend(covariate.columns(&rows)?);
        }
        sample.time = time.as_ref().map_or_else(Vec::new, |values| keep(values));
        (sample.organization, _) = numbered(&organization);
        (sample.person, _) = numbered(&person);
        (sample.member, sample.members) = numbered(&member);
        (sample.block, _) = numbered(&block);
        (sample.cluster, _) = numbered(&cluster);
        if cluster.is_none() {
            let alone = (0..rows.len() as u32).collect();
            sample.cluster = if sample.person.is_empty() { alone } else { sample.person.clone() };
        }
        sample.rows = rows;
        sample.constant(roles)?;
        super::nesting::check(table, roles, &mut sample)?;
        Ok(sample)
    }

    /// Number of different clusters, and how many there are of each size, the largest first.
    pub fn sizes(&self) -> (usize, Vec<(usize, usize)>) {
        let mut of: BTreeMap<u32, usize> = BTreeMap::new();
        self.cluster.iter().for_each(|label| *of.entry(*label).or_insert(0) += 1);
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        of.values().for_each(|size| *sizes.entry(*size).or_insert(0) += 1);
        (of.len(), sizes.into_iter().rev().collect())
    }

    /// Columns without any variation have nothing to say.
    fn constant(&self, roles: &Roles) -> Result<(), Refusal> {
        let outcome = roles.outcome.iter().map(|name| (name, &self.outcome, "There is nothing to explain."));
        let predictor = roles.predictor.iter().zip(&self.asked).map(|(name, (_, values))| {
            (name, values, "Nothing can be said about what does not vary: choose another predictor.")
        });
        let covariates = self.covariates.iter().map(|(name, values)| (name, values, "Leave it out of --covariates."));
        for (name, values, way_out) in outcome.chain(predictor).chain(covariates) {
            if values.iter().all(|value| *value == values[0]) {
                let rows =
                    if values.len() == 1 { "the only row".to_owned() } else { format!("all {} rows", values.len()) };
                return Err(Refusal::asked(
                    format!("`{name}` is {} in {rows} of the analysis", number(values[0])),
                    way_out,
                ));
            }
        }
        Ok(())
    }
}

/// No column has two parts to play.
fn distinct(roles: &Roles) -> Result<(), Refusal> {
    let single = [("outcome", &roles.outcome), ("treatment", &roles.treatment), ("predictor", &roles.predictor)];
    let mut all: Vec<(&str, &String)> =
        single.into_iter().filter_map(|(role, name)| Some((role, name.as_ref()?))).collect();
    all.extend(roles.covariates.iter().map(|name| ("covariate", name)));
    for (index, (role, name)) in all.iter().enumerate() {
        if let Some((before, _)) = all[..index].iter().find(|(_, other)| other == name) {
            return Err(Refusal::asked(format!("column `{name}` is named as {before} and as {role}"), "Name it once."));
        }
    }
    Ok(())
}
