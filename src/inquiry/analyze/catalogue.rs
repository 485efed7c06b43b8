//! One coefficient by an estimator of the catalogue: what the table `estimates` has of every replication.

use std::collections::BTreeMap;

use super::nesting::varying;
use super::order::{canonical, sorted};
use super::{Fitted, Sample, Term};
use crate::report::text::number;
use crate::study::estimators::{
    DegreesOfFreedom, Errors, Estimator, LeastSquares, Lot, Method, Observations, Specification, assignments,
};

/// The observations of a question, as a simulated experiment hands them to its estimators.
///
/// Errors are clustered by the named cluster; by organizations where whole organizations were treated.
pub(super) fn observations(sample: &Sample, estimator: &Estimator) -> Observations {
    // Resemblance is asked within arms; a predictor has none.
    let no_arms = estimator.specification == Specification::Resemblance && sample.arms.is_none();
    let treated = match &sample.asked {
        Some((_, values)) if !no_arms => values.clone(),
        _ => vec![0.0; sample.outcome.len()],
    };
    let beside = match estimator.specification {
        Specification::SteppedWedge => waves(&sample.time),
        _ => Vec::new(),
    };
    let by_organization = by_organization(sample, estimator);
    Observations {
        outcome: sample.outcome.clone(),
        lot: sample.arms.is_some().then(|| lot(sample, &treated, by_organization)),
        treated,
        beside,
        covariates: sample.covariates.clone(),
        cluster: if by_organization { sample.organization.clone() } else { sample.cluster.clone() },
        dyad: sample.cluster.clone(),
        organization: sample.organization.clone(),
        person: sample.person.clone(),
        week: sample.time.clone(),
    }
}

/// Whether organizations were named and are in one arm each: then they were assigned, and they are what is independent.
pub(super) fn whole_organizations(sample: &Sample) -> bool {
    !sample.organization.is_empty() && sample.arms.is_some() && varying(sample, &sample.organization) == 0
}

/// Whether errors are clustered by organization: where whole organizations are in one arm each, or change as a whole, and of every
/// association, as a predictor may lie between organizations.
fn by_organization(sample: &Sample, estimator: &Estimator) -> bool {
    let wedge = estimator.specification == Specification::SteppedWedge;
    let association = sample.arms.is_none() && sample.asked.is_some() && clusters(estimator);
    // Who resembles whom is asked of the clusters that were named.
    let resemblance = estimator.specification == Specification::Resemblance;
    !sample.organization.is_empty() && !resemblance && (wedge || association || whole_organizations(sample))
}

/// Says where errors are clustered by more than was named.
pub(super) fn note(sample: &Sample, estimator: &Estimator) -> Option<String> {
    let words = if sample.arms.is_some() {
        "Whole organizations were treated: errors are clustered by organization."
    } else {
        "Errors are clustered by organization, in which dyads lie."
    };
    (clusters(estimator) && by_organization(sample, estimator)).then(|| words.to_owned())
}

/// Whether its errors are clustered by what it is given as cluster; classical ones are not.
fn clusters(estimator: &Estimator) -> bool {
    match estimator.method {
        Method::LeastSquares(errors, _) => errors != Errors::Classical,
        Method::WildBootstrap | Method::Logistic | Method::ClusterJackknife => true,
        _ => false,
    }
}

/// Up to so many possible assignments all are looked at: the exact test.
const EXHAUST: usize = 2_000;

/// What was assigned as one: organizations, clusters or rows, whichever is the largest that has one arm.
fn lot(sample: &Sample, treated: &[f64], by_organization: bool) -> Lot {
    let rows = sample.outcome.len();
    let unit = if by_organization {
        sample.organization.clone()
    } else if varying(sample, &sample.cluster) == 0 {
        sample.cluster.clone()
    } else if !sample.person.is_empty() && varying(sample, &sample.person) == 0 {
        sample.person.clone()
    } else {
        (0..rows as u32).collect()
    };
    let units = unit.iter().copied().max().map_or(0, |most| most as usize + 1);
    let (mut of_unit, mut block) = (vec![false; units], vec![0; units]);
    for row in 0..rows {
        let own = unit[row] as usize;
        of_unit[own] = treated[row] == 1.0;
        block[own] = sample.block.get(row).copied().unwrap_or(0);
    }
    Lot { unit, treated: of_unit, block, chance: None, exhaust: EXHAUST }
}

/// An indicator for each time but the first.
fn waves(time: &[f64]) -> Vec<(String, Vec<f64>)> {
    let mut all: Vec<f64> = time.to_vec();
    all.sort_by(f64::total_cmp);
    all.dedup();
    let indicator = |wave: f64| time.iter().map(|own| f64::from(u8::from(*own == wave))).collect();
    all.into_iter().skip(1).map(|wave| (format!("time {wave}"), indicator(wave))).collect()
}

pub(super) fn fit(sample: &Sample, name: &str, estimator: &'static Estimator, confidence: f64) -> Fitted {
    let mut fitted = Fitted::new(name, estimator.name);
    fitted.estimator = Some(estimator.id);
    let data = observations(sample, estimator);
    fitted.rows = data.outcome.len();
    // Classical errors take every row for one of its own.
    let classical = matches!(estimator.method, Method::LeastSquares(Errors::Classical, _));
    fitted.groups = if classical { fitted.rows } else { groups(&data.cluster) };
    let least_squares =
        matches!(estimator.method, Method::LeastSquares(..) | Method::WildBootstrap | Method::ClusterJackknife);
    fitted.notes.extend(note(sample, estimator));
    let asked = sample.asked.as_ref().map_or_else(String::new, |(label, _)| label.clone());
    let label = match estimator.specification {
        Specification::Resemblance => "intraclass correlation".to_owned(),
        Specification::Actor => format!("actor: own {asked}"),
        Specification::Partner => format!("partner: partner's {asked}"),
        _ => asked,
    };
    match estimator.estimate(&data, confidence) {
        Err(failure) => return fitted.failed(failure),
        Ok(estimate) => {
            if estimate.boundary {
                let words = "Singular fit: a variance lies on its boundary; `mixed` says which.";
                fitted.notes.push(words.to_owned());
            }
            if estimator.method == Method::Randomization
                && let Some(count) = data.lot.as_ref().and_then(|lot| assignments(lot, lot.exhaust))
            {
                fitted.notes.push(exact(&data, count, confidence));
            }
            fitted.notes.extend(caution(sample, &data, estimator, estimate.degrees_of_freedom));
            fitted.terms.push(Term { id: "asked", label, estimate });
        }
    }
    if least_squares {
        explained(&data, estimator.specification, &mut fitted);
    }
    fitted
}

/// What the test of all assignments can say at best: where each block has as many treated as not, an assignment has a mirror that is as
/// extreme.
fn exact(data: &Observations, count: usize, confidence: f64) -> String {
    let mut note = format!("All {count} assignments that could have been drawn: the exact test.");
    let Some(lot) = &data.lot else { return note };
    let mut blocks: BTreeMap<u32, [usize; 2]> = BTreeMap::new();
    for (block, treated) in lot.block.iter().zip(&lot.treated) {
        blocks.entry(*block).or_default()[usize::from(*treated)] += 1;
    }
    let extreme = if blocks.values().all(|[without, with]| without == with) { 2 } else { 1 };
    let (smallest, level) = (f64::from(extreme) / count as f64, 1.0 - confidence);
    let short = |p: f64| number((p * 1e4).round() / 1e4).replacen("0.", ".", 1);
    if smallest > level + 1e-12 {
        note.push_str(&format!(
            " The smallest p that can come out is {extreme}/{count} = {}: whatever the effect, this test cannot reach {}.",
            short(smallest),
            short(level)
        ));
    }
    note
}

/// Clusters of the smaller arm below which the wild cluster bootstrap has too few signs to give.
const FEW: usize = 5;

/// What a reviewer would ask about an inference from few clusters, or from a lot that was drawn in another way.
fn caution(sample: &Sample, data: &Observations, estimator: &Estimator, degrees_of_freedom: f64) -> Option<String> {
    match estimator.method {
        Method::WildBootstrap => {
            let [treated, reference] = [1.0, 0.0].map(|arm| {
                let own = data.cluster.iter().zip(&data.treated).filter(|(_, t)| **t == arm);
                groups(&own.map(|(cluster, _)| *cluster).collect::<Vec<_>>())
            });
            (sample.arms.is_some() && treated.min(reference) < FEW).then(|| {
                format!(
                    "{treated} clusters against {reference}: with so few in an arm the wild cluster bootstrap finds too much (MacKinnon & \
                     Webb 2018). Compare `randomization`, which rests on the lot alone."
                )
            })
        }
        Method::LeastSquares(errors, DegreesOfFreedom::Satterthwaite)
            // Three against three equal clusters have 4, give or take what rounding leaves.
            if errors != Errors::Classical && degrees_of_freedom < 4.0 - 1e-9 =>
        {
            let few = "Fewer than 4 degrees of freedom: few clusters, or one of them, decide. This t test is not to be relied on \
                       (Tipton 2015), and `bootstrap` is no remedy with so few";
            Some(if sample.arms.is_some() {
                format!("{few}; compare `randomization`, which rests on the lot alone.")
            } else {
                // Nobody drew lots for a predictor.
                format!("{few}. What helps is more clusters, or a predictor that does not hang on few of them.")
            })
        }
        Method::Randomization
            if sample.clustered && sample.block.is_empty() && varying(sample, &sample.cluster) > 1 && all_mixed(sample) =>
        {
            let words = "Persons are drawn again over all clusters, yet every cluster of two or more has members of both arms: if lots \
                         were drawn within clusters, name the column of --cluster as --block too.";
            Some(words.to_owned())
        }
        _ => None,
    }
}

/// Whether every cluster in which more than one row is left has both arms: a member who was lost says nothing of how lots were drawn.
fn all_mixed(sample: &Sample) -> bool {
    let mut rows: BTreeMap<u32, usize> = BTreeMap::new();
    sample.cluster.iter().for_each(|cluster| *rows.entry(*cluster).or_default() += 1);
    varying(sample, &sample.cluster) == rows.values().filter(|count| **count > 1).count()
}

fn groups(labels: &[u32]) -> usize {
    let mut all = labels.to_vec();
    all.sort_unstable();
    all.dedup();
    all.len()
}

/// R² of the whole regression, and how much of it the question's column adds to the others.
fn explained(data: &Observations, specification: Specification, fitted: &mut Fitted) {
    let covariates: &[_] = if specification.covariates() { &data.covariates } else { &[] };
    let others: Vec<&[f64]> = data.beside.iter().chain(covariates).map(|(_, values)| values.as_slice()).collect();
    let mut all: Vec<&[f64]> = vec![&data.outcome, &data.treated];
    all.extend(&others);
    // Clusters play no part here: rows are sorted by what they hold alone.
    let (order, _) = canonical(&all, &vec![0; data.outcome.len()]);
    let outcome = sorted(&data.outcome, &order);
    let left = |columns: &[&[f64]]| {
        let mut design = vec![vec![1.0; outcome.len()]];
        design.extend(columns.iter().map(|column| sorted(column, &order)));
        LeastSquares::fit(&design, &outcome).ok().map(|fit| fit.residuals().iter().fold(0.0, |sum, e| sum + e * e))
    };
    let whole: Vec<&[f64]> = all[1..].to_vec();
    if let (Some(total), Some(without), Some(with)) = (left(&[]), left(&others), left(&whole))
        && total > 0.0
    {
        fitted.quantity("r_squared", "variance explained, R²", 1.0 - with / total);
        if !others.is_empty() {
            fitted.quantity("r_squared_added", "of it by the question's column alone", (without - with) / total);
        }
    }
}
