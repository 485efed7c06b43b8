//! The person: the ontogenic level of Figure 1.

use super::birth::Birth;
use super::lanes::{Lanes, all, states};
use super::maths::flag;

/// A trait or state that people bring, that a study's population may shift and a treatment may move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Trait {
    /// Skill of active listening.
    Listening,
    /// Skill of self-disclosure.
    Disclosure,
    /// Skill of giving and receiving feedback.
    Feedback,
    /// Empathy.
    Empathy,
    /// Self-awareness.
    SelfAwareness,
    /// Growth (+) to performance (−).
    MindSet,
    /// Relational schema: oppositional (−) to proactive (+).
    Schema,
    /// Motivation to learn and to help.
    Motivation,
    /// Worldview: mutuality (−) to 'survival of the fittest' (+).
    Worldview,
    /// Dominance.
    Dominance,
    /// Self-esteem.
    SelfEsteem,
    /// Movement between learner and facilitator.
    RoleAgility,
    /// Seeing the own career as own responsibility.
    SelfDirection,
    /// Expected benefit of the next episode.
    Expectation,
}

/// Traits by the names a scenario uses, in the order of [`Trait`].
pub const TRAITS: &[(&str, Trait)] = &[
    ("listening", Trait::Listening),
    ("disclosure", Trait::Disclosure),
    ("feedback", Trait::Feedback),
    ("empathy", Trait::Empathy),
    ("self_awareness", Trait::SelfAwareness),
    ("mind_set", Trait::MindSet),
    ("relational_schema", Trait::Schema),
    ("motivation", Trait::Motivation),
    ("worldview", Trait::Worldview),
    ("dominance", Trait::Dominance),
    ("self_esteem", Trait::SelfEsteem),
    ("role_agility", Trait::RoleAgility),
    ("self_direction", Trait::SelfDirection),
    ("expectation", Trait::Expectation),
];

states! {
/// The persons of one seat of a block's dyads: what each brings and what each becomes. Standard-normal scale except
/// where said.
pub struct Person {
    /// Skill of active listening.
    pub listening: Lanes,
    /// Skill of self-disclosure.
    pub disclosure: Lanes,
    /// Skill of giving and receiving feedback.
    pub feedback: Lanes,
    /// Empathy.
    pub empathy: Lanes,
    /// What training added to listening and has not yet been lost.
    pub trained_listening: Lanes,
    /// What training added to disclosure.
    pub trained_disclosure: Lanes,
    /// What training added to feedback.
    pub trained_feedback: Lanes,
    /// What training added to empathy.
    pub trained_empathy: Lanes,
    /// What training added to the mind-set.
    pub trained_mind_set: Lanes,
    /// Share of an unpracticed gain lost per week.
    pub decay: Lanes,
    /// Self-awareness.
    pub self_awareness: Lanes,
    /// What the person believes of the own coaching skill.
    pub self_view: Lanes,
    /// How firmly the person holds to the self-view, in [0, 1]: the share of a correction that does not get through.
    pub certainty: Lanes,
    /// Movement between learner and facilitator.
    pub role_agility: Lanes,
    /// Growth (+) to performance (−).
    pub mind_set: Lanes,
    /// Relational schema: oppositional (−) to proactive (+).
    pub schema: Lanes,
    /// Where the schema returns to.
    pub schema_set_point: Lanes,
    /// Motivation to learn and help.
    pub motivation: Lanes,
    /// Where motivation returns to.
    pub motivation_set_point: Lanes,
    /// Benefit expected of the next episode.
    pub expectation: Lanes,
    /// Seeing the own career as own responsibility.
    pub self_direction: Lanes,
    /// Mutuality (−) to 'survival of the fittest' (+).
    pub worldview: Lanes,
    /// Assertiveness.
    pub dominance: Lanes,
    /// Experience at work.
    pub experience: Lanes,
    /// Status in the organization.
    pub status: Lanes,
    /// 1 for members of the minority group.
    pub minority: Lanes,
    /// 1 for who came to exploit.
    pub exploitative: Lanes,
    /// 1 for who came for the own benefit only.
    pub self_serving: Lanes,
    /// 1 for who was betrayed and turned.
    pub vengeful: Lanes,
    /// Self-esteem.
    pub self_esteem: Lanes,
    /// Where self-esteem returns to.
    pub self_esteem_set_point: Lanes,
    /// Stress, anxiety, isolation, as a deviation from the person's usual.
    pub strain: Lanes,
    /// The person's usual strain.
    pub usual_strain: Lanes,
    /// Objective standing of the career.
    pub career: Lanes,
    /// How much better (+) or worse (−) than it is the climate looks to this person.
    pub perception: Lanes,
    /// Felt quality below which this person reports a negative effect.
    pub threshold: Lanes,
    /// Standing in personal development at baseline.
    pub personal_standing: Lanes,
    /// Standing in task competence at baseline.
    pub task_standing: Lanes,
    /// Personal learning since baseline.
    pub learning_personal: Lanes,
    /// Task learning since baseline.
    pub learning_task: Lanes,
    /// What was learned outside the coaching since baseline, alone and in other relationships; part of both kinds above.
    pub learning_elsewhere: Lanes,
    /// Habit of coaching, in [0, 1].
    pub habit: Lanes,
    /// How much the person has helped of late: moving average of the benefit per week that partners had of this coach.
    pub helping: Lanes,
    /// Regret of having opened up, ≥ 0.
    pub regret: Lanes,
    /// 1 for who has left the organization.
    pub exited: Lanes,
    /// Mean of coaching skill and self-awareness at the start.
    pub developed_start: Lanes,
}
}

impl Person {
    /// Persons at the mean of everything.
    pub const NEUTRAL: Self = {
        const Z: Lanes = all(0.0);
        Self {
            listening: Z,
            disclosure: Z,
            feedback: Z,
            empathy: Z,
            trained_listening: Z,
            trained_disclosure: Z,
            trained_feedback: Z,
            trained_empathy: Z,
            trained_mind_set: Z,
            decay: Z,
            self_awareness: Z,
            self_view: Z,
            certainty: Z,
            role_agility: Z,
            mind_set: Z,
            schema: Z,
            schema_set_point: Z,
            motivation: Z,
            motivation_set_point: Z,
            expectation: Z,
            self_direction: Z,
            worldview: Z,
            dominance: Z,
            experience: Z,
            status: Z,
            minority: Z,
            exploitative: Z,
            self_serving: Z,
            vengeful: Z,
            self_esteem: Z,
            self_esteem_set_point: Z,
            strain: Z,
            usual_strain: Z,
            career: Z,
            perception: Z,
            threshold: Z,
            personal_standing: Z,
            task_standing: Z,
            learning_personal: Z,
            learning_task: Z,
            learning_elsewhere: Z,
            habit: Z,
            helping: Z,
            regret: Z,
            exited: Z,
            developed_start: Z,
        }
    };

    /// The same, to begin from.
    pub fn neutral() -> Self {
        Self::NEUTRAL
    }

    /// Seats a person in a lane.
    pub fn seat(&mut self, lane: usize, birth: &Birth) {
        let t = |which: Trait| birth.traits[which as usize];
        self.listening[lane] = t(Trait::Listening);
        self.disclosure[lane] = t(Trait::Disclosure);
        self.feedback[lane] = t(Trait::Feedback);
        self.empathy[lane] = t(Trait::Empathy);
        self.self_awareness[lane] = t(Trait::SelfAwareness);
        self.mind_set[lane] = t(Trait::MindSet);
        self.schema[lane] = t(Trait::Schema);
        self.schema_set_point[lane] = t(Trait::Schema);
        self.motivation[lane] = t(Trait::Motivation);
        self.motivation_set_point[lane] = t(Trait::Motivation);
        self.worldview[lane] = t(Trait::Worldview);
        self.dominance[lane] = t(Trait::Dominance);
        self.self_esteem[lane] = t(Trait::SelfEsteem);
        self.self_esteem_set_point[lane] = t(Trait::SelfEsteem);
        self.role_agility[lane] = t(Trait::RoleAgility);
        self.self_direction[lane] = t(Trait::SelfDirection);
        self.expectation[lane] = t(Trait::Expectation);
        self.self_view[lane] = birth.self_view;
        [_, self.experience[lane], self.status[lane]] = birth.seniority;
        self.minority[lane] = flag(birth.minority);
        self.usual_strain[lane] = birth.strain;
        self.career[lane] = birth.career;
        self.perception[lane] = birth.perception;
        self.threshold[lane] = birth.threshold;
        self.personal_standing[lane] = birth.personal_standing;
        self.task_standing[lane] = birth.task_standing;
    }

    /// Moves a trait of one person, as training or a talk does. What training adds to a skill or to the mind-set is
    /// remembered, because it can be lost again.
    pub fn shift(&mut self, lane: usize, which: Trait, amount: f64, decay: f64) {
        let (state, trained) = match which {
            Trait::Listening => (&mut self.listening, Some(&mut self.trained_listening)),
            Trait::Disclosure => (&mut self.disclosure, Some(&mut self.trained_disclosure)),
            Trait::Feedback => (&mut self.feedback, Some(&mut self.trained_feedback)),
            Trait::Empathy => (&mut self.empathy, Some(&mut self.trained_empathy)),
            Trait::MindSet => (&mut self.mind_set, Some(&mut self.trained_mind_set)),
            Trait::SelfAwareness => (&mut self.self_awareness, None),
            Trait::Schema => (&mut self.schema, None),
            Trait::Motivation => (&mut self.motivation, None),
            Trait::Worldview => (&mut self.worldview, None),
            Trait::Dominance => (&mut self.dominance, None),
            Trait::SelfEsteem => (&mut self.self_esteem, None),
            Trait::RoleAgility => (&mut self.role_agility, None),
            Trait::SelfDirection => (&mut self.self_direction, None),
            Trait::Expectation => (&mut self.expectation, None),
        };
        state[lane] += amount;
        if let Some(trained) = trained {
            trained[lane] += amount;
            self.decay[lane] = decay;
        }
    }
}

/// Coaching skill ● `(.5 listening + .3 empathy + .2 feedback)/.75`, whose SD is about 1 in the reference population.
#[inline(always)]
pub fn coaching_skill(listening: f64, empathy: f64, feedback: f64) -> f64 {
    (0.5 * listening + 0.3 * empathy + 0.2 * feedback) * (1.0 / 0.75)
}

/// Emotional competence, `(empathy + self_awareness)/1.6`.
#[inline(always)]
pub fn emotional_competence(empathy: f64, self_awareness: f64) -> f64 {
    (empathy + self_awareness) * (1.0 / 1.6)
}
