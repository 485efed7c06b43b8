//! A study prepared to be repeated: everything looked up once, before the first replication.

use std::sync::Arc;

use super::context::{Moves, moves, with_values};
use super::declaration::{Arm, Ask, Hypothesis, Kind, Moderator, Score, Screened, Study, Unit};
use super::design_matrix;
use super::estimators::{self, Estimator, Scaling};
use super::instrument::Scale;
use crate::model::birth::Nursery;
use crate::model::outcomes;
use crate::model::parameters::Parameters;
use crate::model::person::Trait;
use crate::model::world::Form;

/// A hypothesis with everything looked up.
#[derive(Clone, Debug)]
pub struct Question {
    /// Index of its outcome's scale in [`Plan::scales`].
    pub scale: usize,
    /// Index of its wave in the measurement's waves.
    pub wave: usize,
    /// Scales whose scores are covariates, with the covariate's name.
    pub covariates: Vec<(String, usize)>,
    /// Index of the wave at which covariates are taken: that of week 0, or the predictor's.
    pub covariate_wave: usize,
    /// Wave and scale of an association's predictor.
    pub predictor: Option<(usize, usize)>,
    /// Scale of a measured moderator.
    pub moderator: Option<usize>,
    /// The names of the columns that stand beside the question's ([`super::design_matrix`]).
    pub beside: Vec<String>,
    /// Of a question about factors: the question's column and those beside it, by arm.
    pub arms: Vec<(f64, Vec<f64>)>,
    /// The answer strategies.
    pub estimators: Vec<&'static Estimator>,
}

/// Why a study cannot be run. The scenario reader refuses such a study with a place in the text; this is for who
/// declares one in code.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// An outcome that is not measured or does not exist.
    #[error("hypothesis {hypothesis}: no instrument measures `{outcome}`")]
    Unmeasured {
        /// The hypothesis.
        hypothesis: String,
        /// The outcome.
        outcome: String,
    },
    /// A week that is not a wave.
    #[error("hypothesis {hypothesis}: week {week} is not a wave")]
    NoWave {
        /// The hypothesis.
        hypothesis: String,
        /// The week.
        week: usize,
    },
    /// An estimator that does not exist.
    #[error("hypothesis {hypothesis}: there is no estimator `{estimator}`")]
    NoEstimator {
        /// The hypothesis.
        hypothesis: String,
        /// The estimator.
        estimator: String,
    },
    /// Nobody to study.
    #[error(
        "a study needs at least one dyad in each organization and one arm: {dyads} dyads, {organizations} organizations, {arms} arms"
    )]
    Empty {
        /// Dyads.
        dyads: usize,
        /// Organizations.
        organizations: usize,
        /// Arms.
        arms: usize,
    },
    /// Settings that do not hold all organizations.
    #[error("the settings have {counted} organizations, the study {organizations}")]
    Settings {
        /// Organizations of all settings.
        counted: usize,
        /// Organizations of the study.
        organizations: usize,
    },
}

/// A world beside the observed one: with the same noise, everyone has one arm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CounterfactualWorld {
    /// The arm.
    pub arm: usize,
    /// Whether what is done to people in that arm is done to every second person only, the first of each dyad.
    pub half: bool,
}

/// Up to this many arms every arm's world is run; of larger designs only those that a hypothesis asks for.
pub const FEW_ARMS: usize = 8;

/// A study prepared.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The study.
    pub study: Arc<Study>,
    /// Weeks from the start to the end of follow-up, over all arms.
    pub weeks: usize,
    /// Organization of each dyad: dyads are spread as evenly as they go.
    pub organization_of_dyad: Vec<usize>,
    /// Setting of each organization: an index of [`Study::settings`], or 0 for all where none is declared.
    pub setting_of_organization: Vec<usize>,
    /// The form of coaching of each arm.
    pub forms: Vec<Form>,
    /// Whether people are assigned to arms first and find partners within their arm.
    pub arms_pair_apart: bool,
    /// Whether arms differ in who is eligible.
    pub composed: bool,
    /// Whether the arms' organizations differ.
    pub organizations_differ: bool,
    /// The instruments.
    pub scales: Vec<Scale>,
    /// The hypotheses.
    pub questions: Vec<Question>,
    /// Index of the control arm.
    pub control: usize,
    /// The worlds beside the observed one, in order.
    pub worlds: Vec<CounterfactualWorld>,
    /// Who is born, by setting.
    nurseries: Vec<Nursery>,
    /// The parameters of an organization, by setting and arm.
    contexts: Vec<Vec<Parameters>>,
    /// How organizations change, by setting and arm.
    moves: Vec<Vec<Moves>>,
    /// Mean and SD of each trait in this study's population.
    pub shift: [(f64, f64); 14],
}

impl Plan {
    /// Prepares a study.
    pub fn new(study: impl Into<Arc<Study>>) -> Result<Self, PlanError> {
        let study = study.into();
        let (dyads, organizations) = (study.population.dyads, study.organizations);
        if organizations == 0 || dyads < organizations || study.arms.is_empty() {
            return Err(PlanError::Empty { dyads, organizations, arms: study.arms.len() });
        }
        let counted = study.settings.iter().map(|setting| setting.count).sum();
        if !study.settings.is_empty() && counted != organizations {
            return Err(PlanError::Settings { counted, organizations });
        }
        let scales: Vec<Scale> = study.measurement.instruments.iter().filter_map(Scale::new).collect();
        let scale_of = |hypothesis: &str, outcome: &str| {
            scales
                .iter()
                .position(|scale| scale.about.id == outcome)
                .ok_or_else(|| PlanError::Unmeasured { hypothesis: hypothesis.to_owned(), outcome: outcome.to_owned() })
        };
        let mut questions = Vec::new();
        for hypothesis in &study.hypotheses {
            let id = &hypothesis.id;
            let wave_of = |week: usize| {
                let wave = study.measurement.waves.iter().position(|known| *known == week);
                wave.ok_or_else(|| PlanError::NoWave { hypothesis: id.clone(), week })
            };
            let wave = wave_of(hypothesis.week)?;
            let (mut predictor, mut moderator, mut covariate_week) = (None, None, 0);
            match &hypothesis.ask {
                Ask::Association(asked) => {
                    predictor = Some((wave_of(asked.week)?, scale_of(id, asked.predictor)?));
                    covariate_week = asked.week;
                }
                Ask::Moderated(_, Moderator::Measured(outcome)) => moderator = Some(scale_of(id, outcome)?),
                _ => {}
            }
            let mut covariates = Vec::new();
            for outcome in &hypothesis.covariates {
                let scale = scale_of(id, outcome)?;
                // A measured moderator is in the regression already.
                if moderator != Some(scale) {
                    covariates.push((format!("{outcome} at week {covariate_week}"), scale));
                }
            }
            let mut strategies = Vec::new();
            for name in &hypothesis.estimators {
                strategies.push(
                    estimators::find(name).ok_or_else(|| PlanError::NoEstimator {
                        hypothesis: id.clone(),
                        estimator: (*name).to_owned(),
                    })?,
                );
            }
            questions.push(Question {
                scale: scale_of(id, hypothesis.outcome)?,
                wave,
                covariates,
                covariate_wave: wave_of(covariate_week)?,
                predictor,
                moderator,
                beside: design_matrix::beside(&study, hypothesis),
                arms: design_matrix::by_arm(&study, hypothesis),
                estimators: strategies,
            });
        }
        let mut shift = [(0.0, 1.0); 14];
        for change in &study.population.traits {
            shift[change.state as usize] = (change.mean, change.sd);
        }
        debug_assert_eq!(Trait::Expectation as usize, 13);
        let forms = study
            .arms
            .iter()
            .map(|arm| Form {
                coached: arm.program.kind != Kind::None,
                formal: arm.program.kind == Kind::Formal,
                weeks: arm.program.weeks,
                parameters: arm.parameters.clone(),
            })
            .collect();
        let places: Vec<&Parameters> = match study.settings.as_slice() {
            [] => vec![&study.parameters],
            settings => settings.iter().map(|setting| &setting.parameters).collect(),
        };
        let with_arms =
            |place: &&Parameters| study.arms.iter().map(|arm| with_values(place, &arm.organization)).collect();
        let contexts: Vec<Vec<Parameters>> = places.iter().map(with_arms).collect();
        let scheduled = |arm: usize| study.schedule.iter().chain(&study.arms[arm].schedule);
        let by_arm = |context: &Vec<Parameters>| {
            context.iter().enumerate().map(|(arm, base)| moves(base, scheduled(arm))).collect()
        };
        let moves = contexts.iter().map(by_arm).collect();
        let nurseries = places.iter().map(|place| Nursery::new(place)).collect();
        let setting_of_organization = match study.settings.as_slice() {
            [] => vec![0; organizations],
            settings => (0..settings.len()).flat_map(|at| std::iter::repeat_n(at, settings[at].count)).collect(),
        };
        let control = study.arms.iter().position(|arm| arm.control).unwrap_or(0);
        let weeks = study.arms.iter().map(|arm| arm.program.weeks + arm.program.follow_up_weeks).max().unwrap_or(0);
        let last_wave = study.measurement.waves.last().copied().unwrap_or(0);
        Ok(Self {
            weeks: weeks.max(last_wave),
            organization_of_dyad: (0..dyads).map(|dyad| dyad * organizations / dyads).collect(),
            forms,
            arms_pair_apart: arms_pair_apart(&study),
            composed: study.arms.iter().any(|arm| arm.pairs.is_some()),
            organizations_differ: study.design.unit == Unit::Organization,
            scales,
            questions,
            worlds: worlds(&study, control),
            control,
            nurseries,
            contexts,
            moves,
            setting_of_organization,
            shift,
            study,
        })
    }

    /// The index of an arm's world among the worlds of a replication, the observed one being 0; none if it is not run.
    pub fn world_of_arm(&self, arm: usize) -> Option<usize> {
        self.worlds.iter().position(|world| *world == CounterfactualWorld { arm, half: false }).map(|index| 1 + index)
    }

    /// The same of the world in which an arm's treatments are done to every second person.
    pub fn world_of_half(&self, arm: usize) -> Option<usize> {
        self.worlds.iter().position(|world| *world == CounterfactualWorld { arm, half: true }).map(|index| 1 + index)
    }

    /// The organization of a person.
    pub fn organization_of_person(&self, person: usize) -> usize {
        self.organization_of_dyad[person / 2]
    }

    /// The setting of a person.
    pub fn setting_of_person(&self, person: usize) -> usize {
        self.setting_of_organization[self.organization_of_person(person)]
    }

    /// Whether an association is asked for, so that answers are also needed without what a rater's scales share.
    pub fn asks_associations(&self) -> bool {
        self.study.hypotheses.iter().any(|hypothesis| matches!(hypothesis.ask, Ask::Association(_)))
    }

    /// Whether a score of 0 means none of it, so that its logarithm can be compared.
    pub fn has_true_zero(&self, hypothesis: &Hypothesis, question: &Question) -> bool {
        hypothesis.score == Score::Change || self.scales[question.scale].about.range.0 == 0.0
    }

    /// The unit in which a hypothesis' estimators answer, relative to the outcome's: the same for all of them.
    pub fn scaling(&self, hypothesis: usize) -> Scaling {
        self.questions[hypothesis].estimators.first().map_or(Scaling::Outcome, |one| one.specification.scaling())
    }

    /// The unit of a hypothesis' estimates, in a few words.
    pub fn unit(&self, hypothesis: usize) -> String {
        let scale = &self.scales[self.questions[hypothesis].scale];
        let outcome = match self.study.hypotheses[hypothesis].score {
            Score::Any => "share",
            _ if scale.points_per_unit != 1.0 => "points",
            _ if scale.about.unit.starts_with("SD") => "SD",
            _ => scale.about.unit,
        };
        match self.scaling(hypothesis) {
            Scaling::Outcome => outcome.to_owned(),
            Scaling::PerWeek => format!("{outcome} per week"),
            Scaling::Correlation => "correlation".to_owned(),
            Scaling::LogOdds => "log odds".to_owned(),
        }
    }

    /// The smallest effect of interest of a hypothesis on its instruments' scale: it is declared in the outcome's own unit, of
    /// a slope per unit of the predictor, of growth per week; correlations, of two measures or within groups, and log odds have their own.
    pub fn smallest_effect(&self, hypothesis: usize) -> f64 {
        let question = &self.questions[hypothesis];
        let points = |scale: usize| self.scales[scale].points_per_unit;
        let of_no_scale = matches!(self.scaling(hypothesis), Scaling::Correlation | Scaling::LogOdds);
        self.study.hypotheses[hypothesis].smallest_effect_of_interest
            * match question.predictor {
                _ if of_no_scale => 1.0,
                Some((_, predictor)) => points(question.scale) / points(predictor),
                None => points(question.scale),
            }
    }

    /// One SD of the outcome in the reference population in the unit of a hypothesis' effects; of a slope per SD of the predictor. NaN of
    /// what has no such unit: correlations, log odds and shares.
    pub fn reference_sd(&self, hypothesis: usize) -> f64 {
        let question = &self.questions[hypothesis];
        let sd = |scale: usize| self.scales[scale].about.reference.1 * self.scales[scale].points_per_unit;
        if matches!(self.scaling(hypothesis), Scaling::Correlation | Scaling::LogOdds)
            || self.study.hypotheses[hypothesis].score == Score::Any
        {
            return f64::NAN;
        }
        question.predictor.map_or(sd(question.scale), |(_, predictor)| sd(question.scale) / sd(predictor))
    }

    /// How often the experiment is repeated, in words.
    pub fn repeated(&self) -> String {
        match self.study.monte_carlo.replications {
            1 => "1 replication".to_owned(),
            many => format!("{many} replications"),
        }
    }

    /// Number of persons.
    pub fn persons(&self) -> usize {
        2 * self.organization_of_dyad.len()
    }

    /// The parameters of each organization when it has this arm, or nothing where all organizations share the study's.
    pub(crate) fn organization_parameters(&self, arm_of_organization: impl Fn(usize) -> usize) -> Vec<&Parameters> {
        if !self.organizations_differ && self.study.settings.is_empty() {
            return Vec::new();
        }
        let contexts = self.setting_of_organization.iter().map(|setting| &self.contexts[*setting]);
        contexts.enumerate().map(|(number, by_arm)| &by_arm[arm_of_organization(number)]).collect()
    }

    /// How an organization changes in this arm: weeks, states and by how much.
    pub fn moves(&self, organization: usize, arm: usize) -> &Moves {
        &self.moves[self.setting_of_organization[organization]][arm]
    }

    /// What is screened before assignment.
    pub fn screened(&self) -> Option<Screened> {
        self.study.design.screening.map(|screening| screening.what)
    }

    /// The births of an organization's members: societies differ in how many belong to the minority.
    pub fn nursery(&self, organization: usize) -> &Nursery {
        &self.nurseries[self.setting_of_organization[organization]]
    }

    /// The name of an organization's setting; empty where none is declared.
    pub fn setting_name(&self, organization: usize) -> &str {
        let setting = self.study.settings.get(self.setting_of_organization[organization]);
        setting.map_or("", |setting| setting.name.as_str())
    }

    /// Indices of outcomes that figures show over the weeks.
    pub fn followed() -> [usize; 4] {
        ["learning_personal", "learning_task", "trust", "connection_quality"]
            .map(|id| outcomes::find(id).unwrap_or_default())
    }
}

/// The worlds that a study needs beside the observed one: the reference, every arm's where there are few, else those of the
/// contrasts; and where an association has a causal arm, that arm's, moved for everyone and for one of each dyad.
fn worlds(study: &Study, control: usize) -> Vec<CounterfactualWorld> {
    let mut needed = vec![study.arms.len() <= FEW_ARMS; study.arms.len()];
    let mut halves = vec![false; study.arms.len()];
    let mut need = |arm: usize| needed.iter_mut().skip(arm).take(1).for_each(|one| *one = true);
    need(control);
    for hypothesis in &study.hypotheses {
        if let Some(contrast) = hypothesis.ask.contrast() {
            need(contrast.treated);
            need(contrast.reference);
        }
        if let Ask::Association(asked) = &hypothesis.ask
            && let Some(arm) = asked.causal
        {
            need(arm);
            // Only what is done to persons can be done to one of a pair: a form of coaching cannot.
            let form = |arm: usize| study.arms.get(arm).map(|arm| arm.program.kind);
            if form(arm) != form(control) {
                continue;
            }
            halves.iter_mut().skip(arm).take(1).for_each(|one| *one = true);
        }
    }
    let full = needed.iter().enumerate().filter(|(_, one)| **one);
    let half = halves.iter().enumerate().filter(|(_, one)| **one);
    full.map(|(arm, _)| CounterfactualWorld { arm, half: false })
        .chain(half.map(|(arm, _)| CounterfactualWorld { arm, half: true }))
        .collect()
}

/// Whether arms differ in how partners are found, so that people are assigned before they are: in matching rule, kind, size of
/// groups or who is eligible. Circles are never split over arms.
pub fn arms_pair_apart(study: &Study) -> bool {
    let coached = || study.arms.iter().filter(|arm| arm.program.kind != Kind::None);
    let rule = |arm: &Arm| (arm.program.kind, arm.program.matching);
    coached().any(|arm| arm.program.group_size > 2)
        || study.arms.iter().any(|arm| arm.pairs.is_some())
        || coached().zip(coached().skip(1)).any(|(one, other)| rule(one) != rule(other))
}
