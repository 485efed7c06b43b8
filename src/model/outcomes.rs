//! What can be asked of the model: the outcomes of a person, each with its true value at any week.

/// One outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// Its id in scenarios and tables.
    pub id: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Lowest and highest possible value (infinite: unbounded).
    pub range: (f64, f64),
    /// Mean and SD over persons at baseline or, for what starts at zero, the SD that scales an instrument's error.
    pub reference: (f64, f64),
    /// What it means.
    pub meaning: &'static str,
}

const UNBOUNDED: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
const COUNT: (f64, f64) = (0.0, f64::INFINITY);
const SHARE: (f64, f64) = (0.0, 1.0);
const SD: &str = "SD of the reference population at baseline";

/// Every outcome, in a fixed order.
pub const OUTCOMES: &[Outcome] = &[
    Outcome {
        id: "learning_personal",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Personal learning: baseline standing plus what was learnt about oneself, one's identity and growth; it can fall.",
    },
    Outcome {
        id: "learning_task",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Task learning: baseline standing plus what was learnt for the work itself; it can fall.",
    },
    Outcome {
        id: "skill",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Coaching skill: (.5 listening + .3 empathy + .2 feedback) / .75.",
    },
    Outcome {
        id: "listening",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Skill of active listening.",
    },
    Outcome {
        id: "disclosure",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Skill of self-disclosure.",
    },
    Outcome {
        id: "feedback",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Skill of giving and receiving feedback.",
    },
    Outcome { id: "empathy", unit: SD, range: UNBOUNDED, reference: (0.0, 1.0), meaning: "Empathy." },
    Outcome {
        id: "self_awareness",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "How well the person sees own strengths, deficits and impact.",
    },
    Outcome {
        id: "self_view",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.3, 1.0),
        meaning: "What the person believes of the own coaching skill.",
    },
    Outcome { id: "self_esteem", unit: SD, range: UNBOUNDED, reference: (0.0, 1.0), meaning: "Self-esteem." },
    Outcome {
        id: "motivation",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Motivation to learn and to help.",
    },
    Outcome {
        id: "desire_for_connection",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Relational schema: from learning alone to proactive help-seeking.",
    },
    Outcome {
        id: "strain",
        unit: "SD of the reference population at baseline",
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Stress, anxiety and isolation, the helper's strain included.",
    },
    Outcome {
        id: "career",
        unit: SD,
        range: UNBOUNDED,
        reference: (0.0, 1.0),
        meaning: "Objective standing of the career.",
    },
    Outcome {
        id: "trust",
        unit: "share",
        range: SHARE,
        reference: (0.45, 0.1),
        meaning: "Trust in the partner; its last value once the dyad has ended.",
    },
    Outcome {
        id: "connection_quality",
        unit: "felt quality",
        range: UNBOUNDED,
        reference: (0.0, 0.3),
        meaning: "Vitality: moving average of the felt quality of coaching turns.",
    },
    Outcome {
        id: "destructive_episodes",
        unit: "turns",
        range: COUNT,
        reference: (0.0, 1.5),
        meaning: "Turns so far that the person felt as destructive.",
    },
    Outcome {
        id: "negative_effects",
        unit: "events",
        range: COUNT,
        reference: (0.0, 1.0),
        meaning: "Negative effects so far by the person's own threshold, breaches included.",
    },
    Outcome {
        id: "dissolved",
        unit: "0 or 1",
        range: SHARE,
        reference: (0.0, 0.35),
        meaning: "Whether the dyad has ended before its time.",
    },
    Outcome {
        id: "exited",
        unit: "0 or 1",
        range: SHARE,
        reference: (0.0, 0.2),
        meaning: "Whether the person has left the organization.",
    },
];

/// The index in [`OUTCOMES`] of the outcome with this id.
pub fn find(id: &str) -> Option<usize> {
    OUTCOMES.iter().position(|outcome| outcome.id == id)
}
