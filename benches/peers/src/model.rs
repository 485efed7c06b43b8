//! The reference model of DECLARATION.md as one writes it first: a struct of a person, a struct of a dyad, a function for
//! each paragraph of the declaration, called in its order. Numbers stand where the declaration has them.

use rand::{Rng, RngExt, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

pub const DYADS: usize = 60;
pub const WEEKS: usize = 12;

/// Outcomes of a replication, in the order of `Outcomes`.
pub const OUTCOMES: [&str; 29] = [
    "learning_personal",
    "learning_task",
    "learning_sd",
    "trust",
    "trust_sd",
    "motivation",
    "expectation",
    "self_esteem",
    "schema",
    "strain",
    "self_awareness",
    "misjudgement",
    "skill",
    "habit",
    "regret",
    "turns",
    "destructive",
    "severe",
    "undermined",
    "breaches",
    "negative_effects",
    "holding",
    "dependence",
    "connectivity",
    "tensility",
    "carrying",
    "ended_relationship",
    "ended_logistics",
    "ended_third_party",
];

pub type Outcomes = [f64; OUTCOMES.len()];

/// Correlations of the first eleven traits at birth, by number: 0 listening, 1 disclosure, 2 feedback, 3 empathy,
/// 4 self-awareness, 5 mind-set, 6 schema, 7 motivation, 8 worldview, 9 dominance, 10 self-esteem.
const CORRELATIONS: [(usize, usize, f64); 20] = [
    (0, 3, 0.40),
    (0, 2, 0.35),
    (0, 1, 0.20),
    (3, 1, 0.25),
    (2, 1, 0.25),
    (3, 2, 0.30),
    (4, 0, 0.25),
    (4, 3, 0.30),
    (4, 2, 0.20),
    (4, 1, 0.20),
    (5, 6, 0.30),
    (5, 4, 0.20),
    (6, 1, 0.30),
    (6, 7, 0.35),
    (8, 6, -0.30),
    (8, 3, -0.25),
    (7, 5, 0.30),
    (10, 5, 0.20),
    (9, 8, 0.25),
    (9, 3, -0.15),
];

pub type Factor = [[f64; 11]; 11];

/// Lower Cholesky factor of the correlations.
pub fn cholesky() -> Factor {
    let mut matrix = [[0.0; 11]; 11];
    (0..11).for_each(|i| matrix[i][i] = 1.0);
    for (a, b, r) in CORRELATIONS {
        matrix[a][b] = r;
        matrix[b][a] = r;
    }
    let mut factor: Factor = [[0.0; 11]; 11];
    for i in 0..11 {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let rest: f64 = matrix[i][j] - inner;
            factor[i][j] = if i == j { rest.sqrt() } else { rest / factor[j][j] };
        }
    }
    factor
}

pub fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample(StandardNormal)
}

fn uniform(rng: &mut impl Rng) -> f64 {
    rng.random()
}

#[derive(Clone, Debug, Default)]
pub struct Person {
    // Skills.
    pub listening: f64,
    pub disclosure: f64,
    pub feedback: f64,
    pub empathy: f64,
    pub role_agility: f64,
    // Traits and states.
    pub self_awareness: f64,
    pub self_view: f64,
    pub mind_set: f64,
    pub schema: f64,
    pub schema_usual: f64,
    pub motivation: f64,
    pub motivation_usual: f64,
    pub worldview: f64,
    pub dominance: f64,
    pub self_esteem: f64,
    pub self_esteem_usual: f64,
    pub self_direction: f64,
    pub expectation: f64,
    pub perception: f64,
    pub threshold: f64,
    pub minority: f64,
    pub expertise: [f64; 5],
    pub need: [f64; 5],
    pub exploitative: bool,
    pub self_serving: bool,
    pub vengeful: bool,
    pub strain: f64,
    pub regret: f64,
    pub habit: f64,
    pub learning_personal: f64,
    pub learning_task: f64,
    // Toward the partner.
    pub trust: f64,
    pub trust_ceiling: f64,
    pub liking: f64,
    pub fit: f64,
    pub learnt_here: f64,
    pub revealed: f64,
    // This week.
    pub reflection: f64,
    pub engagement: f64,
    pub disclosed: f64,
    pub inquire: f64,
    pub advise: f64,
    pub benefit: f64,
    pub felt: f64,
    pub lapse: bool,
    pub betrayal: bool,
    // So far.
    pub turns: f64,
    pub destructive: f64,
    pub severe: f64,
    pub undermined: f64,
    pub breaches: f64,
    pub negative_effects: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Cause {
    #[default]
    None,
    Relationship,
    Logistics,
    ThirdParty,
}

#[derive(Clone, Debug)]
pub struct Dyad {
    pub members: [Person; 2],
    pub active: bool,
    pub met: bool,
    pub meetings: f64,
    pub holding: f64,
    pub dependence: f64,
    pub step: u8,
    pub carrying: f64,
    pub tensility: f64,
    pub connectivity: f64,
    pub rupture: f64,
    pub cause: Cause,
}

impl Person {
    pub fn born(factor: &Factor, climate: f64, rng: &mut impl Rng) -> Self {
        let z: [f64; 11] = std::array::from_fn(|_| normal(rng));
        let t: [f64; 11] = std::array::from_fn(|row| (0..=row).map(|k| factor[row][k] * z[k]).sum());
        let skill = coaching_skill(t[0], t[3], t[2]);
        let accuracy = logistic(-1.1 + 0.8 * t[4]);
        let expertise: [f64; 5] = std::array::from_fn(|_| normal(rng));
        let mut need: [f64; 5] = expertise.map(|knows| (0.5 * (normal(rng) - knows)).exp());
        let norm = need.iter().map(|w| w * w).sum::<f64>().sqrt();
        need.iter_mut().for_each(|w| *w /= norm);
        let exploitative = uniform(rng) < logistic(-4.0 + 1.1 * t[8] - 1.2 * (climate - 0.5));
        Self {
            listening: t[0],
            disclosure: t[1],
            feedback: t[2],
            empathy: t[3],
            role_agility: normal(rng),
            self_awareness: t[4],
            self_view: 0.3 + accuracy * skill + (1.0 - accuracy * accuracy).sqrt() * normal(rng),
            mind_set: t[5],
            schema: t[6],
            schema_usual: t[6],
            motivation: t[7],
            motivation_usual: t[7],
            worldview: t[8],
            dominance: t[9],
            self_esteem: t[10],
            self_esteem_usual: t[10],
            self_direction: normal(rng),
            expectation: 0.25 + 0.2 * normal(rng),
            perception: 0.15 * normal(rng),
            threshold: -0.25 + 0.2 * normal(rng),
            minority: f64::from(uniform(rng) < 0.3),
            expertise,
            need,
            exploitative,
            self_serving: !exploitative && uniform(rng) < logistic(-1.5 + 0.8 * t[8]),
            trust_ceiling: 1.0,
            ..Self::default()
        }
    }

    pub fn skill(&self) -> f64 {
        coaching_skill(self.listening, self.empathy, self.feedback)
    }

    fn competence(&self) -> f64 {
        (self.empathy + self.self_awareness) / 1.6
    }

    /// 2. Engagement.
    fn prepare(&mut self) {
        self.reflection = logistic(self.self_awareness);
        self.engagement = logistic(
            0.6 + 0.7 * self.motivation
                + 1.5 * (self.trust - 0.5)
                + 0.3 * self.schema
                + 0.2 * self.self_awareness
                + 0.2 * self.mind_set
                - 0.5 * f64::from(self.self_serving),
        );
        (self.disclosed, self.inquire, self.advise, self.benefit, self.felt) = (0.0, 0.0, 0.0, 0.0, 0.0);
    }

    /// 3. A turn in which this person learns and `coach` coaches.
    fn turn(
        &mut self,
        coach: &Person,
        holding: f64,
        dependence: f64,
        submission: f64,
        climate: f64,
        rng: &mut impl Rng,
    ) {
        self.disclosed = logistic(
            -0.2 + 0.5 * self.disclosure + 2.5 * (self.trust - 0.5) + (holding - 0.5) + 0.2 * self.schema
                - 0.15 * self.worldview
                + 1.2 * (climate + self.perception - 0.5)
                - 0.4 * submission
                - 0.8 * self.regret
                - 0.3 * (1.0 - self.minority) * coach.minority,
        );
        let skill = coach.skill();
        let malice = f64::from(coach.exploitative || coach.vengeful);
        let inquire = (0.84 + 0.6 * coach.listening + 0.4 * coach.empathy).exp();
        let advise = (0.2 + 0.2 * (coach.self_view - skill) + 0.25 * coach.dominance).exp();
        let superficial = (-0.6 + 2.0 * (0.7 - coach.engagement) - 0.5 * coach.role_agility).exp();
        let undermine = (-4.6 + 5.2 * malice - 1.2 * (climate + coach.perception - 0.5)).exp();
        let u = uniform(rng) * (inquire + advise + superficial + undermine);
        let (mut value, mut harm) = (0.0, 0.0);
        if u < inquire {
            self.inquire = 1.0;
            value = 0.55 + 0.3 * skill + 0.15 * self.fit;
        } else if u < inquire + advise {
            self.advise = 1.0;
            value = 0.3 * self.fit + 0.1 * skill;
        } else if u >= inquire + advise + superficial {
            self.undermined += 1.0;
            harm = 0.5 + 0.5 * self.disclosed;
        }
        self.benefit = (self.disclosed + 0.25) * value * (0.6 + 0.6 * coach.engagement) - harm + 0.2 * normal(rng);
        self.felt = self.benefit + self.liking - self.advise * 0.25 * logistic(self.dominance) + 0.1 * dependence.abs()
            - 0.25 * (self.expectation - self.benefit).max(0.0)
            + 0.28 * normal(rng);
        self.turns += 1.0;
        self.destructive += f64::from(self.felt < -0.25);
        self.severe += f64::from(self.felt < -1.0);
        self.negative_effects += f64::from(self.felt < self.threshold);
    }

    /// 4. Learning, from the turn and alone.
    fn learn(&mut self, met: bool, submission: f64, rng: &mut impl Rng) {
        let alone = 0.5
            * 0.016
            * logistic(0.6 * self.self_direction + 0.3 * self.self_awareness)
            * (1.0 - 0.5 * f64::from(met))
            * (1.0 + self.habit);
        let spread = 0.06 * std::f64::consts::FRAC_1_SQRT_2;
        self.learning_personal += alone + spread * normal(rng);
        self.learning_task += alone + spread * normal(rng);
        if !met {
            return;
        }
        let left = (-self.learnt_here / 0.45).exp();
        let focus = (-0.8 * submission).exp() / (1.0 + 0.7 * (self.expectation - 0.35).max(0.0));
        let gain = 0.24 * (0.5 + self.reflection) * (self.benefit.max(0.0) * left * focus - (-self.benefit).max(0.0));
        let mode = 0.7 * self.inquire + 0.25 * self.advise + 0.5 * (1.0 - self.inquire - self.advise);
        let share = (mode + 0.25 * (self.disclosed - 0.5) - 0.1 * self.fit).clamp(0.0, 1.0);
        self.learning_personal += share * gain;
        self.learning_task += (1.0 - share) * gain;
        self.learnt_here += gain.max(0.0);
    }

    /// 5. Trust, and what the turn leaves.
    fn feel(&mut self, met: bool, disclosed_by_partner: f64, meetings: f64, tensility: f64, submission: f64) {
        let (good, bad) = (self.felt.max(0.0), (-self.felt).max(0.0));
        let strain_before = self.strain;
        let mut surprise = 0.0;
        if met {
            let buffer = (-0.1 * self.mind_set - 0.15 * self.competence()).exp();
            let aim =
                self.trust_ceiling * logistic(0.15 + 1.8 * (good - 2.0 * bad * buffer) + (disclosed_by_partner - 0.45));
            let step = (aim - self.trust) / (4.0 + meetings.min(8.0));
            self.trust += if step < 0.0 { step * (1.0 - 0.5 * tensility) } else { step };
            let unexpected = self.felt - self.expectation;
            surprise = 0.25 * (unexpected.max(0.0) - 1.5 * buffer * (-unexpected).max(0.0));
            self.expectation += 0.15 * (1.0 + self.reflection) * unexpected;
            self.strain += 0.35 * bad + 0.5 * f64::from(self.felt < -1.0) + 0.03;
        }
        let back = |state: f64, usual: f64, change: f64| (state + change + 0.02 * (usual - state)).clamp(-6.0, 6.0);
        self.motivation = back(self.motivation, self.motivation_usual, surprise);
        let submitted = if met { 0.03 * submission } else { 0.0 };
        self.self_esteem = back(self.self_esteem, self.self_esteem_usual, 0.1 * good - 0.16 * bad - submitted);
        self.schema = back(self.schema, self.schema_usual, 0.06 * good - 0.1 * bad);
        self.strain -= 0.15 * strain_before;
        if strain_before <= 0.5 && self.strain > 0.5 && !(met && self.felt < self.threshold) {
            self.negative_effects += 1.0;
        }
    }

    /// 6. Feedback and practice, after a meeting.
    fn practise(&mut self, feedback_of_partner: f64, step: u8) {
        let heard = self.felt.max(0.0) * logistic(feedback_of_partner);
        let skill = self.skill();
        self.self_awareness += 0.05 * heard;
        self.self_view += (0.2 * heard).min(1.0) * (skill - self.self_view);
        let gain = 0.02 * if step == 1 { 0.5 } else { 1.0 } * self.engagement * self.reflection;
        self.listening += gain;
        self.disclosure += gain;
        self.feedback += gain;
        self.empathy += gain;
        self.role_agility += 0.01;
    }

    /// 7. Breach of confidence and regret.
    fn strike(
        &mut self,
        partner: &Person,
        active: bool,
        carrying: f64,
        tensility: f64,
        climate: f64,
        rng: &mut impl Rng,
    ) {
        self.revealed = (0.98 * self.revealed).max(self.disclosed);
        let deep = (self.disclosed - 0.6).max(0.0) / 0.4;
        let regretted = if self.felt < -0.25 { deep * (1.0 - carrying) } else { 0.0 };
        self.regret = (0.95 * self.regret + regretted).min(3.0);
        (self.betrayal, self.lapse) = (false, false);
        if !active {
            return;
        }
        let scale = 0.64 * self.revealed;
        let malice = f64::from(partner.exploitative || partner.vengeful);
        let betrayal = scale * (0.06 * malice + 0.004 * (0.5 - climate).max(0.0));
        let u = uniform(rng);
        // Nobody is more careless than fully: beyond that, no logistic need be asked.
        if u >= betrayal + 0.0035 * scale {
            return;
        }
        let careless = logistic(-(partner.self_awareness + partner.competence()));
        let lapse = scale * (0.0015 + 0.002 * careless);
        self.betrayal = u < betrayal;
        self.lapse = !self.betrayal && u < betrayal + lapse;
        if self.betrayal || self.lapse {
            self.trust *= 1.0 - 0.75 * (1.0 - 0.5 * tensility);
            self.schema -= 0.5;
            self.self_esteem -= 0.3;
            self.strain += 0.8;
            self.breaches += 1.0;
            self.negative_effects += 1.0;
        }
        if self.betrayal {
            self.trust_ceiling *= 0.7;
        }
    }

    fn avenge(&mut self, rng: &mut impl Rng) {
        if self.betrayal && uniform(rng) < 0.5 * logistic(0.5 * self.worldview - 0.3 * self.competence()) {
            self.vengeful = true;
        }
    }
}

pub fn coaching_skill(listening: f64, empathy: f64, feedback: f64) -> f64 {
    (0.5 * listening + 0.3 * empathy + 0.2 * feedback) / 0.75
}

impl Dyad {
    pub fn formed(factor: &Factor, climate: f64, rng: &mut impl Rng) -> Self {
        let mut members = [Person::born(factor, climate, rng), Person::born(factor, climate, rng)];
        let (expertise, shared) = ([members[0].expertise, members[1].expertise], normal(rng));
        for (seat, person) in members.iter_mut().enumerate() {
            person.trust = logistic(
                -0.2 + 2.4 * (climate + person.perception - 0.5) + 0.3 * person.schema - 0.15 * person.worldview
                    + 0.3 * normal(rng),
            );
            person.liking = 0.12 * (shared + normal(rng));
            person.fit = person.need.iter().zip(&expertise[1 - seat]).map(|(need, knows)| need * knows).sum();
        }
        Self {
            members,
            active: true,
            met: false,
            meetings: 0.0,
            holding: 0.55,
            dependence: 0.0,
            step: 1,
            carrying: 0.0,
            tensility: 0.0,
            connectivity: 0.0,
            rupture: 0.0,
            cause: Cause::None,
        }
    }

    /// A week, in the order of the declaration.
    pub fn week(&mut self, week: usize, climate: f64, rng: &mut impl Rng) {
        let [a, b] = &mut self.members;
        a.prepare();
        b.prepare();
        self.met = self.active && uniform(rng) < 0.9 * (a.engagement * b.engagement).sqrt().sqrt();
        let met = self.met;
        let submission = [(-self.dependence).max(0.0), self.dependence.max(0.0)];
        if met {
            self.meetings += 1.0;
            a.turn(b, self.holding, self.dependence, submission[0], climate, rng);
            b.turn(a, self.holding, self.dependence, submission[1], climate, rng);
        }
        a.learn(met, submission[0], rng);
        b.learn(met, submission[1], rng);
        a.feel(met, b.disclosed, self.meetings, self.tensility, submission[0]);
        b.feel(met, a.disclosed, self.meetings, self.tensility, submission[1]);
        if met {
            let feedback = [a.feedback, b.feedback];
            a.practise(feedback[1], self.step);
            b.practise(feedback[0], self.step);
        }
        a.strike(b, self.active, self.carrying, self.tensility, climate, rng);
        b.strike(a, self.active, self.carrying, self.tensility, climate, rng);
        a.avenge(rng);
        b.avenge(rng);
        self.connect();
        if met {
            self.depend();
        }
        self.mend(week, rng);
        if met {
            self.advance();
        }
        for person in &mut self.members {
            if !met {
                person.habit *= 0.98;
            } else if self.step == 3 {
                person.habit += 0.12 * person.reflection * (1.0 - person.habit);
            }
        }
        self.end(rng);
    }

    /// 8. Holding environment and capacities.
    fn connect(&mut self) {
        let [a, b] = &self.members;
        let both = f64::from(a.felt > 0.0 && b.felt > 0.0);
        let destructive = f64::from(a.felt < -0.25) + f64::from(b.felt < -0.25);
        self.holding += 0.1 * both * (1.0 - self.holding) - 0.12 * destructive * 0.76 * self.holding;
        let carried = 0.5 * (a.disclosed * a.inquire + b.disclosed * b.inquire);
        self.carrying += 0.1 * carried * (1.0 - self.carrying) - 0.1 * destructive * self.carrying;
        self.tensility += 0.2 * self.rupture * both * (1.0 - self.tensility);
        let challenge = 0.5 * (a.inquire * a.benefit.max(0.0) + b.inquire * b.benefit.max(0.0));
        self.connectivity = (self.connectivity + 0.15 * challenge * (1.0 - self.connectivity)
            - 0.1 * destructive * self.connectivity)
            .clamp(0.0, 1.0);
        let broken = destructive > 0.0 || a.lapse || a.betrayal || b.lapse || b.betrayal;
        self.rupture = if broken { 1.0 } else { self.rupture * (1.0 - 0.25 * both) };
    }

    /// 9. Dependence.
    fn depend(&mut self) {
        let [a, b] = &self.members;
        let gap = a.dominance - b.dominance + 0.5 * (b.minority - a.minority);
        let advice = if gap < 0.0 { a.advise } else { b.advise };
        let push = 0.3 * (gap.abs() - 1.0).max(0.0).tanh() * (advice + 0.2);
        self.dependence = (0.97 * self.dependence + push.copysign(gap)).clamp(-1.0, 1.0);
    }

    /// 10. Remedy.
    fn mend(&mut self, week: usize, rng: &mut impl Rng) {
        let [a, b] = &mut self.members;
        if !self.active {
            return;
        }
        let seen = 0.0212 + 0.008 * 0.5 * (a.reflection + b.reflection);
        if self.dependence.abs() > 0.3 && uniform(rng) < seen {
            self.dependence *= 1.0 - 26.0 / (26.0 + week as f64) * (2.0 / 3.0);
        }
        if a.trust.min(b.trust) < 0.3 && self.meetings > 0.0 && uniform(rng) < 0.25 / 3.0 {
            if a.trust_ceiling.min(b.trust_ceiling) < 0.75 {
                self.active = false;
                self.cause = Cause::ThirdParty;
            } else {
                a.trust += 0.6 * (0.5 * a.trust_ceiling - a.trust).max(0.0);
                b.trust += 0.6 * (0.5 * b.trust_ceiling - b.trust).max(0.0);
            }
        }
    }

    /// 11. Steps of peer coaching.
    fn advance(&mut self) {
        let [a, b] = &self.members;
        if self.step == 1 && self.holding >= 0.6 && self.meetings >= 2.0 {
            self.step = 2;
        } else if self.step == 2 && a.trust.min(b.trust) >= 0.5 && self.meetings >= 5.0 && self.connectivity >= 0.1 {
            self.step = 3;
        }
    }

    /// 12. Ending.
    fn end(&mut self, rng: &mut impl Rng) {
        if !self.active {
            return;
        }
        let [a, b] = &self.members;
        let log_odds = -6.2
            + 9.0 * (0.4 - a.trust.min(b.trust)).max(0.0)
            + 1.2 * (self.dependence.abs() - 0.6).max(0.0)
            + 1.5 * f64::from(a.felt.min(b.felt) < -1.0)
            - 0.3 * (a.motivation + b.motivation);
        self.cause = if uniform(rng) < logistic(log_odds) {
            Cause::Relationship
        } else if uniform(rng) < 0.008 {
            Cause::Logistics
        } else {
            return;
        };
        self.active = false;
    }
}

/// The generator of a replication, and its organization's climate.
pub fn begin(replication: u64) -> (Xoshiro256PlusPlus, f64) {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(replication);
    let climate = (0.5 + 0.08 * normal(&mut rng)).clamp(0.0, 1.0);
    (rng, climate)
}

/// Outcomes of the dyads of a replication.
pub fn outcomes<'a>(dyads: impl Iterator<Item = &'a Dyad>) -> Outcomes {
    let mut sum: Outcomes = [0.0; OUTCOMES.len()];
    let (mut learning, mut trust, mut persons) = ([0.0; 2], [0.0; 2], 0.0);
    for dyad in dyads {
        for p in &dyad.members {
            persons += 1.0;
            let all = p.learning_personal + p.learning_task;
            learning = [learning[0] + all, learning[1] + all * all];
            trust = [trust[0] + p.trust, trust[1] + p.trust * p.trust];
            let values = [
                p.learning_personal,
                p.learning_task,
                0.0,
                p.trust,
                0.0,
                p.motivation,
                p.expectation,
                p.self_esteem,
                p.schema,
                p.strain,
                p.self_awareness,
                (p.self_view - p.skill()).abs(),
                p.skill(),
                p.habit,
                p.regret,
                p.turns,
                p.destructive,
                p.severe,
                p.undermined,
                p.breaches,
                p.negative_effects,
            ];
            sum.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        let cause = |which| 2.0 * f64::from(dyad.cause == which);
        let values = [
            2.0 * dyad.holding,
            2.0 * dyad.dependence.abs(),
            2.0 * dyad.connectivity,
            2.0 * dyad.tensility,
            2.0 * dyad.carrying,
            cause(Cause::Relationship),
            cause(Cause::Logistics),
            cause(Cause::ThirdParty),
        ];
        sum[21..].iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }
    sum.iter_mut().for_each(|sum| *sum /= persons);
    let spread = |[sum, squares]: [f64; 2]| ((squares - sum * sum / persons) / (persons - 1.0)).sqrt();
    (sum[2], sum[4]) = (spread(learning), spread(trust));
    sum
}
