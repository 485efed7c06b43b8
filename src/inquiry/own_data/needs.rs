//! Which columns the analysis of some hypotheses needs, each with the reason as a scholar would give it.

use std::collections::BTreeMap;

use crate::study::attribute;
use crate::study::declaration::{Allocation, Ask, Hypothesis, Kind, Level, Moderator, Score, Unit};
use crate::study::estimators::{Estimator, Method, Sample, Specification, Structure};
use crate::study::plan::{Plan, Question};

/// The columns that are needed, with the reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Needs {
    pub arm: Option<String>,
    pub setting: Option<String>,
    pub organization: Option<String>,
    pub team: Option<String>,
    pub dyad: Option<String>,
    /// By index of the attribute.
    pub attributes: BTreeMap<usize, String>,
    /// By scale and wave.
    pub scores: BTreeMap<(usize, usize), String>,
    /// By wave.
    pub completed: BTreeMap<usize, String>,
}

impl Needs {
    /// What these hypotheses need.
    pub fn of(plan: &Plan, hypotheses: &[usize]) -> Self {
        let mut needs = Self::default();
        for index in hypotheses {
            let (hypothesis, question) = (&plan.study.hypotheses[*index], &plan.questions[*index]);
            needs.people(plan, hypothesis, question);
            needs.answers(plan, hypothesis, question);
            needs.conditions(plan, hypothesis);
        }
        needs
    }

    /// Who belongs together, and who had what.
    fn people(&mut self, plan: &Plan, hypothesis: &Hypothesis, question: &Question) {
        let (design, id) = (&plan.study.design, &hypothesis.id);
        let any = |holds: &dyn Fn(&Estimator) -> bool| question.estimators.iter().any(|one| holds(one));
        let drawn = any(&|one| one.method == Method::Randomization);
        // Models of the dyad or of the organization have what least squares and its kin do not need.
        let plain = |one: &Estimator| {
            let squares =
                matches!(one.method, Method::LeastSquares(..) | Method::WildBootstrap | Method::Randomization);
            squares || matches!(one.method, Method::Intraclass { .. } | Method::Logistic | Method::ClusterJackknife)
        };
        // What is compared, or resembles: means of something, or its members.
        let groups = match hypothesis.ask {
            Ask::Resemblance(groups) => groups,
            _ => hypothesis.level,
        };
        let models = any(&|one| !plain(one));
        if design.allocation != Allocation::None {
            let names = plan.study.arms.iter().filter(|arm| arm.share > 0.0).map(|arm| format!("`{}`", arm.name));
            let names: Vec<String> = names.collect();
            let names = match &names[..] {
                few if few.len() <= 4 => format!(": {}", few.join(", ")),
                many => format!(", one of {} arms", many.len()),
            };
            note(&mut self.arm, || format!("the arm of each person{names}"));
        }
        let of_arms: Vec<Kind> = plan.study.arms.iter().map(|arm| arm.program.kind).collect();
        let by_organization = design.unit == Unit::Organization || groups == Level::Organization;
        let wedge = any(&|one| one.specification == Specification::SteppedWedge);
        if by_organization || wedge {
            note(&mut self.organization, || {
                format!("the cluster of {id}: what is assigned, compared or resembles is organizations")
            });
        }
        if drawn && design.allocation == Allocation::Blocked && design.unit != Unit::Organization {
            note(&mut self.organization, || format!("the block within which lots were drawn, of {id}"));
        }
        let in_organizations = |one: &Estimator| matches!(one.method, Method::Mixed(Structure::DyadInOrganization, _));
        if any(&in_organizations) {
            note(&mut self.organization, || format!("a level of the model of {id}"));
        }
        let blocked = drawn && design.allocation == Allocation::Blocked;
        if blocked && design.unit == Unit::Organization && !plan.study.settings.is_empty() {
            note(&mut self.setting, || format!("the block within which lots were drawn, of {id}"));
        }
        if groups == Level::Team {
            note(&mut self.team, || format!("the groups of {id}, which is about teams"));
        }
        let informal = of_arms.contains(&Kind::Informal) && !by_organization;
        if informal {
            note(&mut self.team, || format!("the cluster of {id} among people who coach each other informally"));
        }
        let pairs = of_arms.iter().any(|kind| *kind != Kind::Informal);
        let clustered = pairs && !by_organization && groups != Level::Team && !wedge;
        if groups == Level::Dyad || models || clustered {
            note(&mut self.dyad, || format!("the pair or circle of each person, the cluster of {id}"));
        }
        for estimator in question.estimators.iter().filter(|one| one.sample == Sample::Completers) {
            let words = format!("who had gone through with it by then, for `{}` of {id}", estimator.id);
            self.completed.entry(question.wave).or_insert(words);
        }
    }

    /// The outcome and its covariates.
    fn answers(&mut self, plan: &Plan, hypothesis: &Hypothesis, question: &Question) {
        let (waves, id) = (&plan.study.measurement.waves, &hypothesis.id);
        let mut need = |scale: usize, wave: usize, what: &str| {
            let words =
                format!("the score of `{}` at week {}, {what} of {id}", plan.scales[scale].about.id, waves[wave]);
            self.scores.entry((scale, wave)).or_insert(words);
        };
        let wedge = |one: &&Estimator| one.specification == Specification::SteppedWedge;
        let growth = |one: &&Estimator| one.specification == Specification::Growth;
        if question.estimators.iter().any(growth) {
            (0..=question.wave).for_each(|wave| need(question.scale, wave, "the outcome"));
        }
        let only_panels = question.estimators.iter().copied().all(|one| wedge(&one) || growth(&one));
        if question.estimators.iter().any(wedge) {
            (0..waves.len()).for_each(|wave| need(question.scale, wave, "the outcome"));
        }
        if only_panels {
            return;
        }
        need(question.scale, question.wave, "the outcome");
        if hypothesis.score == Score::Change {
            need(question.scale, 0, "from which the change is taken, the outcome");
        }
        // Who lacks a covariate is in no row, whatever the estimator: so all estimators answer the same question.
        for (_, scale) in &question.covariates {
            need(*scale, question.covariate_wave, "a covariate");
        }
        if let Some((wave, scale)) = question.predictor {
            need(scale, wave, "the predictor");
        }
        if let Some(scale) = question.moderator {
            need(scale, 0, "the moderator");
        }
    }

    /// What the question is asked of.
    fn conditions(&mut self, plan: &Plan, hypothesis: &Hypothesis) {
        let id = &hypothesis.id;
        if let Some(within) = hypothesis.within {
            let name = plan.study.settings.get(within).map_or("", |setting| setting.name.as_str());
            note(&mut self.setting, || format!("where each person is: {id} is asked in `{name}` alone"));
        }
        let Ask::Moderated(_, moderator) = &hypothesis.ask else { return };
        match moderator {
            Moderator::Setting { .. } => note(&mut self.setting, || format!("the moderator of {id}")),
            Moderator::Attribute { attribute: name, .. } | Moderator::Standing(name) => {
                if let Some(index) = attribute::index(name) {
                    self.attributes.entry(index).or_insert_with(|| format!("the moderator of {id}"));
                }
            }
            Moderator::Measured(_) => {}
        }
    }
}

/// Keeps the first reason.
fn note(place: &mut Option<String>, why: impl FnOnce() -> String) {
    if place.is_none() {
        *place = Some(why());
    }
}
