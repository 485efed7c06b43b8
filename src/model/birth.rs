//! Birth: who people are before anything happens, drawn from the reference population.

use std::ops::Range;

use super::lanes::{Instructions, LANES, Lanes, Work, all, dispatch};
use super::maths::{exponential, logistic};
use super::parameters::{ARTICLE, ASSUMED, Parameters, Prior::Normal, parameters};
use super::person::{Trait, coaching_skill};
use super::streams::{Generator, Purpose};

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
        let mut cohort = Cohort::none();
        self.raise(&mut cohort, (master, replication, person), shift, Instructions::Widest);
        cohort.person(self, 0)
    }

    /// The persons with these numbers, each as [`Nursery::birth`] gives it: sixteen are born side by side.
    pub fn births(&self, master: u64, replication: u64, persons: Range<u64>, shift: &[(f64, f64); 14]) -> Vec<Birth> {
        let mut births = Vec::with_capacity(persons.clone().count());
        let mut cohort = Cohort::none();
        for first in persons.clone().step_by(LANES) {
            self.raise(&mut cohort, (master, replication, first), shift, Instructions::Widest);
            births.extend((first..persons.end).zip(0..LANES).map(|(_, lane)| cohort.person(self, lane)));
        }
        births
    }

    /// Fills a cohort with the sixteen persons from a number on; `names` are seed, replication and this number.
    fn raise(&self, cohort: &mut Cohort, names: (u64, u64, u64), shift: &[(f64, f64); 14], instructions: Instructions) {
        dispatch(instructions, Cradle { nursery: self, names, shift, cohort });
    }
}

/// Normals of a birth, drawn in pairs.
const NORMALS: usize = 34;
/// Uniforms of a birth, drawn after them.
const UNIFORMS: usize = 11;

/// Sixteen persons side by side: what was drawn for them, and what takes arithmetic to get from it.
struct Cohort {
    normals: [Lanes; NORMALS],
    uniforms: [Lanes; UNIFORMS],
    /// The last draw, 64 bits.
    words: [u64; LANES],
    traits: [Lanes; 14],
    self_view: Lanes,
    need: [Lanes; DOMAINS],
}

/// Draws a cohort and raises it.
struct Cradle<'a> {
    nursery: &'a Nursery,
    /// See [`Nursery::raise`].
    names: (u64, u64, u64),
    shift: &'a [(f64, f64); 14],
    cohort: &'a mut Cohort,
}

impl Work for Cradle<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { nursery: Nursery { factor, population: p, .. }, names: (master, replication, first), .. } = self;
        let Cohort { normals, uniforms, words, traits, self_view, need } = self.cohort;
        let mut generator = Generator::open(master, replication, Purpose::Birth, |lane| first + lane as u64);
        for [one, other] in normals.as_chunks_mut().0 {
            generator.normals(one, other);
        }
        for uniform in uniforms {
            generator.uniforms(uniform);
        }
        *words = generator.words();
        for (row, weights) in factor.iter().enumerate() {
            traits[row] = all(0.0);
            for (weight, normal) in weights[..=row].iter().zip(&*normals) {
                for lane in 0..LANES {
                    traits[row][lane] += weight * normal[lane];
                }
            }
        }
        traits[CORRELATED..].copy_from_slice(&normals[CORRELATED..14]);
        for (state, (mean, sd)) in traits.iter_mut().zip(self.shift) {
            for value in state {
                *value = mean + sd * *value;
            }
        }
        for value in &mut traits[13] {
            *value = p.expectation_mean + p.expectation_sd * *value;
        }
        for lane in 0..LANES {
            let skill = coaching_skill(traits[0][lane], traits[3][lane], traits[2][lane]);
            let accuracy = logistic(p.self_view_base + p.self_view_awareness * traits[4][lane]);
            self_view[lane] =
                p.self_view_leniency + accuracy * skill + (1.0 - accuracy * accuracy).sqrt() * normals[14][lane];
        }
        let mut square = all(0.0);
        for (domain, weight) in need.iter_mut().enumerate() {
            let (knows, chance) = (&normals[EXPERTISE + domain], &normals[EXPERTISE + DOMAINS + domain]);
            for lane in 0..LANES {
                // People need most where they know least.
                weight[lane] = exponential(p.need_profile * (chance[lane] - knows[lane]));
                square[lane] += weight[lane] * weight[lane];
            }
        }
        for norm in &mut square {
            *norm = norm.sqrt();
        }
        for weight in need {
            for lane in 0..LANES {
                weight[lane] /= square[lane];
            }
        }
    }
}

/// The first of the normals that say what a person knows; those of the needs follow.
const EXPERTISE: usize = 21;

impl Cohort {
    /// Room for sixteen.
    fn none() -> Self {
        const Z: Lanes = all(0.0);
        Self {
            normals: [Z; NORMALS],
            uniforms: [Z; UNIFORMS],
            words: [0; LANES],
            traits: [Z; 14],
            self_view: Z,
            need: [Z; DOMAINS],
        }
    }

    /// The person in this lane.
    fn person(&self, Nursery { population: p, minority_share, .. }: &Nursery, lane: usize) -> Birth {
        let normal = |draw: usize| self.normals[draw][lane];
        let uniform = |draw: usize| self.uniforms[draw][lane];
        // Age and experience share half of their variance; status follows experience as closely.
        let age = normal(31);
        let experience = (age + normal(32)) * std::f64::consts::FRAC_1_SQRT_2;
        // The two high bits: one of four countries.
        let country = (self.words[lane] >> 62) as u8;
        Birth {
            traits: self.traits.each_ref().map(|state| state[lane]),
            self_view: self.self_view[lane],
            perception: p.perception_sd * normal(15),
            threshold: -0.25 + p.threshold_sd * normal(16),
            personal_standing: normal(17),
            task_standing: normal(18),
            career: normal(19),
            strain: normal(20),
            expertise: std::array::from_fn(|domain| normal(EXPERTISE + domain)),
            need: self.need.each_ref().map(|weight| weight[lane]),
            minority: uniform(0) < *minority_share,
            seniority: [age, experience, (experience + normal(33)) * std::f64::consts::FRAC_1_SQRT_2],
            intent: [uniform(1), uniform(2)],
            woman: uniform(9) < p.women_share,
            career_stage: career_stage(experience),
            nationality: if uniform(10) < p.international_share { 1 + country } else { 0 },
            touched: std::array::from_fn(|factor| uniform(3 + factor)),
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
        nursery.births(11, 0, 0..count, &[(0.0, 1.0); 14])
    }

    /// Whoever is born beside a person, and with whatever instructions, changes no bit of the person.
    #[test]
    fn everyone_is_born_alone() {
        let nursery = Nursery::new(&Parameters::default());
        let mut shift = [(0.0, 1.0); 14];
        shift[3] = (0.5, 2.0);
        let people = nursery.births(2, 5, 7..44, &shift);
        assert_eq!(people.len(), 37);
        for (person, born) in (7..).zip(&people) {
            assert_eq!(format!("{born:?}"), format!("{:?}", nursery.birth(2, 5, person, &shift)));
            let mut cohort = Cohort::none();
            nursery.raise(&mut cohort, (2, 5, person - 3), &shift, Instructions::Baseline);
            assert_eq!(format!("{born:?}"), format!("{:?}", cohort.person(&nursery, 3)));
        }
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
