//! Table 1: the sixteen risk factors, each with exposure, prevalence, visibility (to self, peer and third party) and
//! severity.
//!
//! A factor moves states at the start and nothing else; what that does to learning and harm is the mechanisms' affair.

use super::parameters::{
    ARTICLE, Parameter,
    Prior::{Fixed, Normal},
    parameters,
};

/// Declares the group of one risk factor.
macro_rules! factor {
    ($group:ident, $path:literal, $level:ident, $meaning:literal, visibility $own:literal $peer:literal $third:literal, severity $severity:literal) => {
        parameters! {
            #[doc = $meaning]
            $group, $path;
            $level exposure = 0.0, 0.0 => 1.0, "share", Fixed, concat!($meaning, " Exposure: 0 none beyond natural variation, 1 severe."), ARTICLE;
            $level prevalence = 1.0, 0.0 => 1.0, "share", Fixed, concat!($meaning, " Prevalence: the share of persons, dyads or organizations that are touched."), ARTICLE;
            $level visibility_self = $own, 0.0 => 1.0, "share", Normal(0.2), concat!($meaning, " Visibility to self: how easily who has it finds it."), ARTICLE;
            $level visibility_peer = $peer, 0.0 => 1.0, "share", Normal(0.2), concat!($meaning, " Visibility to the peer: how easily the two find it together."), ARTICLE;
            $level visibility_third_party = $third, 0.0 => 1.0, "share", Normal(0.2), concat!($meaning, " Visibility to a third party: how easily a facilitator finds it."), ARTICLE;
            $level severity = $severity, 0.0 => 1.0, "share", Normal(0.2), concat!($meaning, " Severity: the share that only a third party can remedy."), ARTICLE;
        }
    };
}

factor!(LackOfRelevantExperience, "risk.lack_of_relevant_experience", Person, "Lack of experience relevant to the peer's needs.", visibility 0.7 0.7 0.7, severity 0.3);
factor!(InadequateSkills, "risk.inadequate_skills", Person, "Inadequate individual skill set and competencies.", visibility 0.6 0.6 0.6, severity 0.2);
factor!(LackOfSelfAwareness, "risk.lack_of_self_awareness", Person, "Lack of self-awareness.", visibility 0.1 0.4 0.4, severity 0.4);
factor!(OppositionalMindSet, "risk.oppositional_mind_set", Person, "Oppositional mind-set toward relational learning.", visibility 0.5 0.5 0.5, severity 0.5);
factor!(UnrealisticExpectations, "risk.unrealistic_expectations", Person, "Unrealistic expectations for the relationship.", visibility 0.6 0.6 0.6, severity 0.2);
factor!(LackOfMotivation, "risk.lack_of_motivation", Person, "Lack of motivation to help or failure to engage.", visibility 0.6 0.6 0.6, severity 0.4);
factor!(LackOfRelationalCompetence, "risk.lack_of_relational_competence", Dyad, "Lack of relational competence, such as moving between learner and facilitator.", visibility 0.5 0.5 0.5, severity 0.3);
factor!(Overdependence, "risk.overdependence", Dyad, "Overdependence or submissiveness.", visibility 0.2 0.2 0.5, severity 0.5);
factor!(BadIntentions, "risk.bad_intentions", Dyad, "Bad intentions.", visibility 0.2 0.1 0.3, severity 0.9);
factor!(BetrayalOrRegret, "risk.betrayal_or_regret", Dyad, "Betrayal or regret.", visibility 0.4 0.4 0.4, severity 0.8);
factor!(CompetitiveCulture, "risk.competitive_culture", Organization, "Competitive corporate culture that does not value personal development.", visibility 0.7 0.7 0.7, severity 0.6);
factor!(ClimateOfMistrust, "risk.climate_of_mistrust", Organization, "Climate of mistrust.", visibility 0.5 0.5 0.5, severity 0.6);
factor!(UnsupportivePractices, "risk.unsupportive_practices", Organization, "Company unwillingness to adapt practices, low teamwork and collaboration.", visibility 0.7 0.7 0.7, severity 0.4);
factor!(LimitedCulturalToolkit, "risk.limited_cultural_toolkit", Organization, "Limited cultural toolkit, such as skills for reflecting and designing action plans.", visibility 0.4 0.4 0.4, severity 0.4);
factor!(InappropriateIncentives, "risk.inappropriate_incentives", Organization, "Inappropriate incentives and rewards.", visibility 0.7 0.7 0.7, severity 0.6);
factor!(Mismatching, "risk.mismatching", Organization, "Mismatching of peers.", visibility 0.5 0.5 0.5, severity 0.5);

/// Gathers the sixteen groups; their order is Table 1's.
macro_rules! table_1 {
    ($($field:ident: $group:ident = $id:literal,)+) => {
        /// The sixteen risk factors with their knobs.
        #[derive(Clone, Debug, PartialEq, Default)]
        pub struct Exposures { $( #[doc = $id] pub $field: $group, )+ }

        /// The factors' ids in the order of Table 1: six individual, four relational, six contextual.
        pub const FACTORS: &[&str] = &[$($id,)+];

        const PARTS: &[&[Parameter]] = &[$($group::REGISTRY,)+];

        impl Exposures {
            /// The registry of all sixteen.
            pub const REGISTRY: &'static [Parameter] = &flatten(PARTS);

            pub(crate) fn slot(&mut self, id: &str) -> Option<&mut f64> {
                $( if let Some(slot) = self.$field.slot(id) { return Some(slot); } )+
                None
            }

            pub(crate) fn value(&self, id: &str) -> Option<f64> {
                $( if let Some(value) = self.$field.value(id) { return Some(value); } )+
                None
            }

            /// The knobs of every factor in the order of [`FACTORS`].
            pub fn knobs(&self) -> [Knob; 16] {
                [$( Knob {
                    exposure: self.$field.exposure,
                    prevalence: self.$field.prevalence,
                    visibility: [
                        self.$field.visibility_self,
                        self.$field.visibility_peer,
                        self.$field.visibility_third_party,
                    ],
                    severity: self.$field.severity,
                }, )+]
            }
        }
    };
}

table_1! {
    lack_of_relevant_experience: LackOfRelevantExperience = "lack_of_relevant_experience",
    inadequate_skills: InadequateSkills = "inadequate_skills",
    lack_of_self_awareness: LackOfSelfAwareness = "lack_of_self_awareness",
    oppositional_mind_set: OppositionalMindSet = "oppositional_mind_set",
    unrealistic_expectations: UnrealisticExpectations = "unrealistic_expectations",
    lack_of_motivation: LackOfMotivation = "lack_of_motivation",
    lack_of_relational_competence: LackOfRelationalCompetence = "lack_of_relational_competence",
    overdependence: Overdependence = "overdependence",
    bad_intentions: BadIntentions = "bad_intentions",
    betrayal_or_regret: BetrayalOrRegret = "betrayal_or_regret",
    competitive_culture: CompetitiveCulture = "competitive_culture",
    climate_of_mistrust: ClimateOfMistrust = "climate_of_mistrust",
    unsupportive_practices: UnsupportivePractices = "unsupportive_practices",
    limited_cultural_toolkit: LimitedCulturalToolkit = "limited_cultural_toolkit",
    inappropriate_incentives: InappropriateIncentives = "inappropriate_incentives",
    mismatching: Mismatching = "mismatching",
}

/// The knobs of one factor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knob {
    /// 0 none, 1 severe.
    pub exposure: f64,
    /// Share of persons, dyads or organizations touched.
    pub prevalence: f64,
    /// How easily it is found by self, peer and third party.
    pub visibility: [f64; 3],
    /// Share that only a third party can remedy.
    pub severity: f64,
}

const fn flatten(parts: &[&[Parameter]]) -> [Parameter; 96] {
    let mut all = [parts[0][0]; 96];
    let (mut part, mut count) = (0, 0);
    while part < parts.len() {
        let mut i = 0;
        while i < parts[part].len() {
            all[count] = parts[part][i];
            count += 1;
            i += 1;
        }
        part += 1;
    }
    all
}

parameters! {
    /// What full exposure to each factor does to states: sizes are ours, directions are Table 1's.
    Theory, "theory.risk";
    Person expertise = 1.0, 0.0 => 2.0, "SD", Normal(0.3), "Lack of relevant experience takes this from what the person knows.", ARTICLE;
    Person skills = 1.2, 0.0 => 2.5, "SD", Normal(0.3), "Inadequate skills take this from each relational skill.", ARTICLE;
    Person awareness = 1.5, 0.0 => 3.0, "SD", Normal(0.4), "Lack of self-awareness takes this from self-awareness.", ARTICLE;
    Person self_view = 0.8, 0.0 => 2.0, "SD", Normal(0.2), "Lack of self-awareness adds this to the self-view.", ARTICLE;
    Person schema = 1.5, 0.0 => 3.0, "SD", Normal(0.4), "An oppositional mind-set takes this from the relational schema.", ARTICLE;
    Person mind_set = 1.0, 0.0 => 2.5, "SD", Normal(0.3), "An oppositional mind-set takes this from the growth mind-set.", ARTICLE;
    Person expectation = 0.6, 0.0 => 1.5, "benefit per turn", Normal(0.2), "Unrealistic expectations add this to the benefit expected.", ARTICLE;
    Person self_direction = 1.0, 0.0 => 2.5, "SD", Normal(0.3), "Unrealistic expectations come with this lack of self-direction.", ARTICLE;
    Person motivation = 1.5, 0.0 => 3.0, "SD", Normal(0.4), "Lack of motivation takes this from motivation, and from where it returns to.", ARTICLE;
    Dyad role_agility = 2.0, 0.0 => 4.0, "SD", Normal(0.5), "Lack of relational competence takes this from role agility.", ARTICLE;
    Dyad gap = 2.0, 0.0 => 4.0, "SD", Normal(0.5), "Overdependence adds this to the gap in dominance of a dyad.", ARTICLE;
    Dyad intent = 3.5, 0.0 => 6.0, "logit", Normal(1.0), "Bad intentions add this to the log odds of exploitation.", ARTICLE;
    Organization competition = 0.5, 0.0 => 1.0, "share", Normal(0.1), "A competitive culture adds this to competition.", ARTICLE;
    Organization development_value = 0.4, 0.0 => 1.0, "share", Normal(0.1), "A competitive culture takes this from the value of development.", ARTICLE;
    Organization climate = 0.25, 0.0 => 0.5, "share", Normal(0.06), "A climate of mistrust takes this from the climate and its set-point.", ARTICLE;
    Organization collaboration = 0.5, 0.0 => 1.0, "share", Normal(0.1), "Unsupportive practices take this from collaboration.", ARTICLE;
    Organization structure = 0.4, 0.0 => 1.0, "share", Normal(0.1), "Unsupportive practices take this share from a program's structure.", ARTICLE;
    Organization toolkit = 0.5, 0.0 => 1.0, "share", Normal(0.1), "A limited toolkit takes this from the toolkit.", ARTICLE;
    Organization incentives = 1.0, 0.0 => 2.0, "signed share", Normal(0.25), "Inappropriate incentives take this from incentives.", ARTICLE;
    Organization matching = 0.5, 0.0 => 1.0, "share", Normal(0.1), "Mismatching takes this from the quality of matching.", ARTICLE;
}
