//! Whether what a replication leaves can be numbers of people: a state that is infinite, or none, makes it one that failed.
//!
//! The model keeps its states within bounds whatever the parameters are, which properties test over their whole range; this is the check
//! that does not take that for granted. One person whose state is no number makes the mean over its arm none, so that the means tell of
//! everyone: some thousand comparisons a replication.

use crate::model::outcomes::OUTCOMES;
use crate::study::experiment::Replication;
use crate::study::observation::{COUNTS, Course, Summary};

use super::digest::FOLLOWED;
use super::tables::ORGANIZATION;

/// What is no number, if something is none.
pub(super) fn unsound(replication: &Replication) -> Option<String> {
    let world = |everyone: Option<usize>| match everyone {
        None => "the observed world".to_owned(),
        Some(arm) => format!("the world in which everyone has arm {arm}"),
    };
    let bad = |value: &&f64| !value.is_finite();
    for Summary { everyone, arm, persons, outcomes, counts } in &replication.summaries {
        if *persons == 0.0 {
            continue;
        }
        if let Some((at, value)) = outcomes.iter().enumerate().find(|(_, value)| bad(value)) {
            let name = OUTCOMES.get(at).map_or("an outcome", |outcome| outcome.id);
            return Some(format!("the mean of {name} in arm {arm} of {} is {value}", world(*everyone)));
        }
        if let Some((at, value)) = counts.iter().enumerate().find(|(_, value)| bad(value)) {
            return Some(format!("the count of {} in arm {arm} of {} is {value}", COUNTS[at].0, world(*everyone)));
        }
    }
    for state in &replication.organizations {
        if let Some((at, value)) = state.values.iter().enumerate().find(|(_, value)| bad(value)) {
            let (organization, week) = (state.organization, state.week);
            let name = ORGANIZATION[at].0;
            return Some(format!(
                "{name} of organization {organization} in week {week} of {} is {value}",
                world(state.everyone)
            ));
        }
    }
    for Course { everyone, arm, weeks } in &replication.courses {
        // An arm that has nobody has no mean from the first week on.
        if weeks.first().is_none_or(|first| first.iter().all(|value| value.is_nan())) {
            continue;
        }
        for (week, means) in weeks.iter().enumerate() {
            if let Some((at, value)) = means.iter().enumerate().find(|(_, value)| bad(value)) {
                let name = FOLLOWED[at].0;
                return Some(format!(
                    "the mean of {name} in week {week} of arm {arm} in {} is {value}",
                    world(*everyone)
                ));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lanes::Instructions;
    use crate::monte_carlo::{Options, attempt};
    use crate::scenario::builtin;
    use crate::study::experiment::{Record, replicate};
    use crate::study::plan::Plan;

    fn replication(id: &str) -> Replication {
        let plan = Plan::new(builtin::find(id).unwrap().read(&[]).unwrap().study).unwrap();
        replicate(&plan, 0, Record::Summary, Instructions::Widest)
    }

    #[test]
    fn what_every_study_leaves_is_sound() {
        for study in builtin::list() {
            assert_eq!(unsound(&replication(study.id)), None, "{}", study.id);
        }
    }

    #[test]
    fn what_is_no_number_is_named() {
        let sound = replication("listening-training");
        let with = |change: &dyn Fn(&mut Replication)| {
            let mut changed = sound.clone();
            change(&mut changed);
            unsound(&changed).unwrap_or_default()
        };
        assert!(with(&|r| r.summaries[1].outcomes[0] = f64::NAN).ends_with("in arm 1 of the observed world is NaN"));
        let counted = with(&|r| r.summaries[2].counts[1] = f64::INFINITY);
        assert!(counted.starts_with("the count of turns") && counted.ends_with("is inf"), "{counted}");
        assert!(with(&|r| r.organizations[0].values[2] = f64::NEG_INFINITY).starts_with("climate of organization 0"));
        let mean = with(&|r| r.courses[0].weeks[7][2] = f64::NAN);
        assert!(mean.starts_with("the mean of trust") && mean.contains("in week 7"), "{mean}");
        // Nobody in an arm is no failure.
        assert_eq!(with(&|r| r.courses[0].weeks.iter_mut().for_each(|means| *means = [f64::NAN; 5])), "");
    }

    #[test]
    fn it_counts_as_a_replication_that_failed() {
        fn lost(plan: &Plan, number: u64, record: Record, instructions: Instructions) -> Replication {
            let mut replication = replicate(plan, number, record, instructions);
            if number == 1 {
                replication.summaries[0].outcomes[0] = f64::NAN;
            }
            replication
        }
        let plan = Plan::new(builtin::find("listening-training").unwrap().read(&[]).unwrap().study).unwrap();
        let how = Options { threads: 1, record: Record::Summary, instructions: Instructions::Widest };
        assert!(attempt(&plan, 0, how, lost).is_ok());
        let failed = attempt(&plan, 1, how, lost).unwrap_err();
        assert!(failed.number == 1 && failed.message.ends_with("is NaN"), "{failed}");
    }
}
