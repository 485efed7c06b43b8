//! The outcome of a hypothesis by arm, before any model: rows, mean and SD of what is analyzed, and how many rows of the arm are not.
//!
//! | question | groups | rows |
//! |---|---|---|
//! | contrast, moderated contrast | its two arms, the first first | persons, or means of persons |
//! | main effect, interaction | all arms | the same |
//! | resemblance | all arms that are there | persons |
//! | association | all | persons, or means of persons |
//! | stepped wedge | who has changed, who has not yet | persons × waves |
//! | growth | the two arms | persons at the hypothesis' week |
//!
//! What is left out are the rows that there would be if every person of the file had answered everything.

use crate::inquiry::analyze::Described;
use crate::study::analysis::rows_of;
use crate::study::declaration::{Ask, Hypothesis, Moderator};
use crate::study::estimand::Answers;
use crate::study::estimators::{Observations, Specification};
use crate::study::plan::{Plan, Question};

/// The outcome by arm in the rows that one estimator of a hypothesis is given.
pub(super) fn by_arm(
    plan: &Plan,
    answers: &Answers,
    (hypothesis, estimator): (usize, usize),
    analyzed: &Observations,
) -> Vec<Described> {
    let (declared, question) = (&plan.study.hypotheses[hypothesis], &plan.questions[hypothesis]);
    let specification = question.estimators[estimator].specification;
    let possible = possible(plan, answers, (hypothesis, estimator));
    let asked = Asked { declared, question, specification };
    let mut all = Vec::new();
    for (group, name) in asked.groups(plan).into_iter().enumerate() {
        let (found, everyone) = (asked.outcomes(analyzed, group), asked.outcomes(&possible, group).len());
        // Where nobody is assigned, or a file has but some of the arms, the others are no part of a resemblance.
        if everyone > 0 || !matches!(declared.ask, Ask::Resemblance(_)) {
            all.push(Described::of(&name, everyone.saturating_sub(found.len()), found));
        }
    }
    all
}

/// The rows that there would be if nothing was missing. Their numbers mean nothing.
fn possible(plan: &Plan, answers: &Answers, (hypothesis, estimator): (usize, usize)) -> Observations {
    let (declared, question) = (&plan.study.hypotheses[hypothesis], &plan.questions[hypothesis]);
    let zeros = |scales: &Vec<Vec<f64>>| scales.iter().map(|scores| vec![0.0; scores.len()]).collect::<Vec<_>>();
    let observed: Vec<Vec<Vec<f64>>> = answers.observed.iter().map(zeros).collect();
    let completed: Vec<Vec<bool>> = answers.completed.iter().map(|wave| vec![true; wave.len()]).collect();
    // Who is at an unknown level might be at one of the two.
    let level = match &declared.ask {
        Ask::Moderated(_, Moderator::Attribute { first, .. }) => *first as f64,
        _ => 0.0,
    };
    let known = |of: &Vec<f64>| of.iter().map(|value| if value.is_nan() { level } else { *value }).collect::<Vec<_>>();
    let attributes: Vec<Vec<f64>> = answers.attributes.iter().map(known).collect();
    let all = Answers { observed: &observed, completed: &completed, attributes: &attributes, ..*answers };
    let one = question.estimators[estimator];
    rows_of(plan, declared, question, &all, one.specification, one.sample)
}

/// What tells the arm of a row.
struct Asked<'a> {
    declared: &'a Hypothesis,
    question: &'a Question,
    specification: Specification,
}

impl Asked<'_> {
    fn groups(&self, plan: &Plan) -> Vec<String> {
        let arms = || plan.study.arms.iter().map(|arm| arm.name.clone());
        if self.specification == Specification::SteppedWedge {
            return ["changed", "not yet changed"].map(str::to_owned).to_vec();
        }
        match (&self.declared.ask, self.declared.ask.contrast()) {
            (_, Some(contrast)) => {
                [contrast.treated, contrast.reference].iter().filter_map(|arm| arms().nth(*arm)).collect()
            }
            (Ask::Association(_), _) => vec!["all".to_owned()],
            _ => arms().collect(),
        }
    }

    fn outcomes(&self, data: &Observations, group: usize) -> Vec<f64> {
        let own = data.outcome.iter().enumerate().filter(|(row, _)| self.group(data, *row) == Some(group));
        own.map(|(_, outcome)| *outcome).collect()
    }

    /// The index of a row's group; none of a growth model's rows before the last week.
    fn group(&self, data: &Observations, row: usize) -> Option<usize> {
        let beside = |column: usize| data.beside.get(column).map(|(_, values)| values[row]);
        let treated = data.treated[row];
        let side = |value: f64| usize::from(value != 1.0);
        match (self.specification, &self.declared.ask) {
            (Specification::SteppedWedge, _) => Some(side(treated)),
            (Specification::Growth, _) if data.week[row] != self.declared.week as f64 => None,
            (Specification::Growth, _) => beside(1).map(side),
            (_, Ask::Contrast(_)) => Some(side(treated)),
            (_, Ask::Moderated(..)) => beside(0).map(side),
            (_, Ask::Factors(_)) => self.question.arms.iter().position(|(asked, others)| {
                *asked == treated && others.iter().enumerate().all(|(column, value)| beside(column) == Some(*value))
            }),
            (_, Ask::Association(_)) => Some(0),
            (_, Ask::Resemblance(_)) => Some(treated as usize),
        }
    }
}
