//! Birth: who people are before anything happens, drawn from the reference population.

use super::maths::logistic;
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::{Trait, coaching_skill};
use super::streams::{Purpose, Stream};

parameters! {
    /// The reference population: how baseline traits hang together.
    Population, "population";
    Person listening_empathy = 0.40, 0.2 => 0.6, "correlation", Normal(0.08), "Baseline correlation of listening with empathy.", ASSUMED;
    Person listening_feedback = 0.35, 0.15 => 0.55, "correlation", Normal(0.08), "Baseline correlation of listening with feedback.", ASSUMED;
    Person listening_disclosure = 0.20, 0.0 => 0.4, "correlation", Normal(0.08), "Baseline correlation of listening with disclosure.", ASSUMED;
    Person empathy_disclosure = 0.25, 0.05 => 0.45, "correlation", Normal(0.08), "Baseline correlation of empathy with disclosure.", ASSUMED;
    Person feedback_disclosure = 0.25, 0.05 => 0.45, "correlation", Normal(0.08), "Baseline correlation of feedback with disclosure.", ASSUMED;
    Person empathy_feedback = 0.30, 0.1 => 0.5, "correlation", Normal(0.08), "Baseline correlation of empathy with feedback.", ASSUMED;
    Person awareness_listening = 0.25, 0.05 => 0.45, "correlation", Normal(0.08), "Baseline correlation of self-awareness with listening.", ASSUMED;
    Person awareness_empathy = 0.30, 0.1 => 0.5, "correlation", Normal(0.08), "Baseline correlation of self-awareness with empathy.", ASSUMED;
    Person awareness_feedback = 0.20, 0.0 => 0.4, "correlation", Normal(0.08), "Baseline correlation of self-awareness with feedback.", ASSUMED;
    Person awareness_disclosure = 0.20, 0.0 => 0.4, "correlation", Normal(0.08), "Baseline correlation of self-awareness with disclosure.", ASSUMED;
    Person mind_set_schema = 0.30, 0.1 => 0.5, "correlation", Normal(0.08), "Baseline correlation of mind-set with relational schema.", ASSUMED;
    Person mind_set_awareness = 0.20, 0.0 => 0.4, "correlation", Normal(0.08), "Baseline correlation of mind-set with self-awareness.", ASSUMED;
    Person schema_disclosure = 0.30, 0.1 => 0.5, "correlation", Normal(0.08), "Baseline correlation of relational schema with disclosure.", ASSUMED;
    Person schema_motivation = 0.35, 0.15 => 0.55, "correlation", Normal(0.08), "Baseline correlation of relational schema with motivation.", ASSUMED;
    Person worldview_schema = -0.30, -0.5 => -0.1, "correlation", Normal(0.08), "Baseline correlation of worldview with relational schema.", ASSUMED;
    Person worldview_empathy = -0.25, -0.45 => -0.05, "correlation", Normal(0.08), "Baseline correlation of worldview with empathy.", ASSUMED;
    Person motivation_mind_set = 0.30, 0.1 => 0.5, "correlation", Normal(0.08), "Baseline correlation of motivation with mind-set.", ASSUMED;
    Person self_esteem_mind_set = 0.20, 0.0 => 0.4, "correlation", Normal(0.08), "Baseline correlation of self-esteem with mind-set.", ASSUMED;
    Person dominance_worldview = 0.25, 0.05 => 0.45, "correlation", Normal(0.08), "Baseline correlation of dominance with worldview.", ASSUMED;
    Person dominance_empathy = -0.15, -0.35 => 0.05, "correlation", Normal(0.08), "Baseline correlation of dominance with empathy.", ASSUMED;
    Person expectation_mean = 0.25, 0.0 => 0.6, "benefit per turn", Normal(0.08), "Mean benefit that people expect of an episode at baseline.", ASSUMED;
    Person expectation_sd = 0.25, 0.05 => 0.5, "benefit per turn", Normal(0.05), "SD of the benefit that people expect of an episode at baseline.", ASSUMED;
    Person self_view_leniency = 0.3, 0.0 => 0.8, "SD", Normal(0.1), "How much people overrate their own coaching skill on average.", "Heidemeier & Moser 2009 (leniency .15-.50 SD)";
    Person self_view_base = -1.1, -2.5 => 0.5, "logit", Normal(0.3), "Accuracy of the self-view at mean self-awareness, before the logistic.", "Heidemeier & Moser 2009 (self-rated with true skill r .15-.35); form assumed";
    Person self_view_awareness = 0.8, 0.0 => 2.0, "logit per SD", Normal(0.2), "How self-awareness raises the accuracy of the self-view.", ARTICLE;
    Person need_profile = 0.5, 0.0 => 1.0, "log units per SD", Normal(0.15), "How far people need most where they know least: spread of the weights of needs over domains.", ASSUMED;
    Person perception_sd = 0.15, 0.0 => 0.4, "share", Normal(0.04), "SD over persons in how they perceive the same climate.", "model of perceived climate with ICC about .2 (LeBreton & Senter 2008)";
    Person women_share = 0.5, 0.0 => 1.0, "share", Normal(0.1), "Share of women.", "assumed; chosen by the recruitment";
    Person international_share = 0.2, 0.0 => 1.0, "share", Normal(0.1), "Share of persons from one of four other countries.", "assumed; chosen by the recruitment";
    Person threshold_sd = 0.2, 0.0 => 0.5, "felt quality", Normal(0.05), "SD over persons of the felt quality below which they report a negative effect.", ASSUMED;
}

/// Number of domains in which people know things and need things.
pub const DOMAINS: usize = 5;

/// Who a person is before anything happens: the same in every world of a replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Birth {
    /// In the order of [`Trait`].
    pub traits: [f64; 14],
    /// What the person believes of the own coaching skill.
    pub self_view: f64,
    /// Offset of the perceived climate.
    pub perception: f64,
    /// Felt quality below which a negative effect is reported.
    pub threshold: f64,
    /// Standing in personal development.
    pub personal_standing: f64,
    /// Standing in task competence.
    pub task_standing: f64,
    /// Standing of the career.
    pub career: f64,
    /// Usual strain.
    pub strain: f64,
    /// What the person knows, by domain.
    pub expertise: [f64; DOMAINS],
    /// Weights of what the person needs, by domain; their squares sum to 1.
    pub need: [f64; DOMAINS],
    /// Whether the person belongs to the minority group.
    pub minority: bool,
    /// Age, experience and status, standardized; age and experience are two attributes.
    pub seniority: [f64; 3],
    /// Whether the person is a woman. No mechanism tells genders apart but for how alike two people look.
    pub woman: bool,
    /// 0 early, 1 middle, 2 late: thirds of experience in the reference population.
    pub career_stage: u8,
    /// 0 for the country of the organization, 1 to 4 for elsewhere; as for gender, it only makes people look alike or not.
    pub nationality: u8,
    /// Draws that decide intent once the organization is known.
    pub intent: [f64; 2],
    /// Draws that decide which of the six individual risk factors touch this person.
    pub touched: [f64; 6],
}

/// Correlated baseline traits: the lower Cholesky factor of their correlations, as sparse rows.
#[derive(Clone, Debug)]
pub struct Nursery {
    factor: [[f64; CORRELATED]; CORRELATED],
    population: Population,
    minority_share: f64,
}

const CORRELATED: usize = 11;

impl Nursery {
    /// Prepares births in this population.
    ///
    /// Should the chosen correlations contradict each other (no positive definite matrix), all are shrunk together by
    /// tenths until they do not; within the registry's bounds that happens only at their extremes.
    pub fn new(parameters: &Parameters) -> Self {
        let p = &parameters.population;
        use Trait::*;
        let pairs = [
            (Listening, Empathy, p.listening_empathy),
            (Listening, Feedback, p.listening_feedback),
            (Listening, Disclosure, p.listening_disclosure),
            (Empathy, Disclosure, p.empathy_disclosure),
            (Feedback, Disclosure, p.feedback_disclosure),
            (Empathy, Feedback, p.empathy_feedback),
            (SelfAwareness, Listening, p.awareness_listening),
            (SelfAwareness, Empathy, p.awareness_empathy),
            (SelfAwareness, Feedback, p.awareness_feedback),
            (SelfAwareness, Disclosure, p.awareness_disclosure),
            (MindSet, Schema, p.mind_set_schema),
            (MindSet, SelfAwareness, p.mind_set_awareness),
            (Schema, Disclosure, p.schema_disclosure),
            (Schema, Motivation, p.schema_motivation),
            (Worldview, Schema, p.worldview_schema),
            (Worldview, Empathy, p.worldview_empathy),
            (Motivation, MindSet, p.motivation_mind_set),
            (SelfEsteem, MindSet, p.self_esteem_mind_set),
            (Dominance, Worldview, p.dominance_worldview),
            (Dominance, Empathy, p.dominance_empathy),
        ];
        let mut shrink = 1.0;
        let factor = loop {
            let mut matrix = [[0.0; CORRELATED]; CORRELATED];
            for (i, row) in matrix.iter_mut().enumerate() {
                row[i] = 1.0;
            }
            for (a, b, r) in pairs {
                matrix[a as usize][b as usize] = r * shrink;
                matrix[b as usize][a as usize] = r * shrink;
            }
            if let Some(factor) = cholesky(&matrix) {
                break factor;
            }
            shrink *= 0.9;
        };
        Self { factor, population: p.clone(), minority_share: parameters.society.minority_share }
    }

    /// The person with this number in this replication. The stream's schedule is fixed: every person costs the same draws.
    pub fn birth(&self, master: u64, replication: u64, person: u64, shift: &[(f64, f64); 14]) -> Birth {
        let p = &self.population;
        let mut stream = Stream::open(master, replication, Purpose::Birth, person);
        let mut normals = [0.0; 34];
        for pair in normals.chunks_exact_mut(2) {
            (pair[0], pair[1]) = stream.normals();
        }
        let mut traits = [0.0; 14];
        for (row, weights) in self.factor.iter().enumerate() {
            traits[row] = (0..=row).fold(0.0, |sum, column| sum + weights[column] * normals[column]);
        }
        traits[11] = normals[11];
        traits[12] = normals[12];
        traits[13] = normals[13];
        for (value, (mean, sd)) in traits.iter_mut().zip(shift) {
            *value = mean + sd * *value;
        }
        traits[13] = p.expectation_mean + p.expectation_sd * traits[13];
        let skill = coaching_skill(traits[0], traits[3], traits[2]);
        let accuracy = logistic(p.self_view_base + p.self_view_awareness * traits[4]);
        let self_view = p.self_view_leniency + accuracy * skill + (1.0 - accuracy * accuracy).sqrt() * normals[14];
        let mut expertise = [0.0; DOMAINS];
        let mut need = [0.0; DOMAINS];
        let mut square = 0.0;
        for domain in 0..DOMAINS {
            expertise[domain] = normals[21 + domain];
            // People need most where they know least.
            need[domain] = super::maths::exponential(p.need_profile * (normals[26 + domain] - expertise[domain]));
            square += need[domain] * need[domain];
        }
        let norm = square.sqrt();
        need.iter_mut().for_each(|weight| *weight /= norm);
        let mut uniforms = [0.0; 9];
        uniforms.iter_mut().for_each(|u| *u = stream.uniform());
        // Age and experience share half of their variance; status follows experience as closely.
        let age = normals[31];
        let experience = (age + normals[32]) * std::f64::consts::FRAC_1_SQRT_2;
        let woman = stream.uniform() < p.women_share;
        let (abroad, country) = (stream.uniform(), stream.below(4) as u8);
        let nationality = if abroad < p.international_share { 1 + country } else { 0 };
        Birth {
            traits,
            self_view,
            perception: p.perception_sd * normals[15],
            threshold: -0.25 + p.threshold_sd * normals[16],
            personal_standing: normals[17],
            task_standing: normals[18],
            career: normals[19],
            strain: normals[20],
            expertise,
            need,
            minority: uniforms[0] < self.minority_share,
            seniority: [age, experience, (experience + normals[33]) * std::f64::consts::FRAC_1_SQRT_2],
            intent: [uniforms[1], uniforms[2]],
            woman,
            career_stage: career_stage(experience),
            nationality,
            touched: [uniforms[3], uniforms[4], uniforms[5], uniforms[6], uniforms[7], uniforms[8]],
        }
    }
}

/// Thirds of a standard normal: early, middle and late career.
pub fn career_stage(experience: f64) -> u8 {
    const THIRD: f64 = 0.430_727_299_295_457_4;
    u8::from(experience > -THIRD) + u8::from(experience > THIRD)
}

/// Lower Cholesky factor, or `None` where the matrix is not positive definite.
fn cholesky(matrix: &[[f64; CORRELATED]; CORRELATED]) -> Option<[[f64; CORRELATED]; CORRELATED]> {
    let mut factor = [[0.0; CORRELATED]; CORRELATED];
    for i in 0..CORRELATED {
        for j in 0..=i {
            let inner = (0..j).fold(0.0, |sum, k| sum + factor[i][k] * factor[j][k]);
            if i == j {
                let rest: f64 = matrix[i][i] - inner;
                if rest <= 1e-6 {
                    return None;
                }
                factor[i][i] = rest.sqrt();
            } else {
                factor[i][j] = (matrix[i][j] - inner) / factor[j][j];
            }
        }
    }
    Some(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn births(parameters: &Parameters, count: u64) -> Vec<Birth> {
        let nursery = Nursery::new(parameters);
        (0..count).map(|person| nursery.birth(11, 0, person, &[(0.0, 1.0); 14])).collect()
    }

    fn correlation(pairs: &[(f64, f64)]) -> f64 {
        let n = pairs.len() as f64;
        let (mx, my) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
        let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in pairs {
            xy += (x - mx) * (y - my);
            xx += (x - mx) * (x - mx);
            yy += (y - my) * (y - my);
        }
        xy / (xx * yy).sqrt()
    }

    /// 20,000 persons: the standard error of a correlation is below .0071; four of them.
    #[test]
    fn traits_correlate_as_declared() {
        let people = births(&Parameters::default(), 20_000);
        let r = |a: Trait, b: Trait| {
            correlation(&people.iter().map(|p| (p.traits[a as usize], p.traits[b as usize])).collect::<Vec<_>>())
        };
        assert!((r(Trait::Listening, Trait::Empathy) - 0.40).abs() < 0.03);
        assert!((r(Trait::Worldview, Trait::Schema) + 0.30).abs() < 0.03);
        assert!(r(Trait::Listening, Trait::MindSet).abs() < 0.03);
    }

    /// Bands of Heidemeier & Moser (2009) for self-insight.
    #[test]
    fn people_see_themselves_dimly_and_kindly() {
        let people = births(&Parameters::default(), 20_000);
        let pairs: Vec<_> =
            people.iter().map(|p| (p.self_view, coaching_skill(p.traits[0], p.traits[3], p.traits[2]))).collect();
        let r = correlation(&pairs);
        assert!((0.15..0.35).contains(&r), "self-view with skill {r}");
        let leniency = pairs.iter().map(|(view, skill)| view - skill).sum::<f64>() / pairs.len() as f64;
        assert!((0.15..0.50).contains(&leniency), "leniency {leniency}");
    }

    /// 20,000 persons: a share of one third has a standard error of .0033; four of them.
    #[test]
    fn memberships_have_their_shares() {
        let people = births(&Parameters::default(), 20_000);
        let share = |of: fn(&Birth) -> bool| people.iter().filter(|p| of(p)).count() as f64 / 20_000.0;
        assert!((share(|p| p.woman) - 0.5).abs() < 0.015);
        assert!((share(|p| p.nationality > 0) - 0.2).abs() < 0.012);
        assert!((share(|p| p.nationality == 3) - 0.05).abs() < 0.007);
        for stage in [|p: &Birth| p.career_stage == 0, |p: &Birth| p.career_stage == 1, |p: &Birth| p.career_stage == 2]
        {
            assert!((share(stage) - 1.0 / 3.0).abs() < 0.014);
        }
    }

    #[test]
    fn needs_are_a_profile() {
        for person in births(&Parameters::default(), 50) {
            let square: f64 = person.need.iter().map(|w| w * w).sum();
            assert!((square - 1.0).abs() < 1e-12 && person.need.iter().all(|w| *w > 0.0));
        }
    }

    #[test]
    fn contradictory_correlations_are_shrunk() {
        let mut parameters = Parameters::default();
        for (entry, _) in Population::REGISTRY.iter().map(|e| (e, ())).filter(|(e, ())| e.unit == "correlation") {
            parameters.set(entry.id, entry.high).unwrap();
        }
        let person = Nursery::new(&parameters).birth(1, 1, 1, &[(0.0, 1.0); 14]);
        assert!(person.traits.iter().all(|t| t.is_finite()));
    }
}
