//! What the values of a key mean that takes one of a few names: `program.matching = "mind-set-mixed"`. Outcomes, estimators, traits and
//! attributes are catalogues of their own.

/// One value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The key that takes it, e.g. `program.matching`.
    pub key: &'static str,
    /// The value.
    pub value: &'static str,
    /// What it does, in one sentence.
    pub meaning: &'static str,
}

const fn choice(key: &'static str, value: &'static str, meaning: &'static str) -> Choice {
    Choice { key, value, meaning }
}

/// Every value, by key.
#[rustfmt::skip]
pub const CHOICES: &[Choice] = &[
    choice("program.kind", "formal", "A program makes the pairs (or circles), sets times to meet and may support them."),
    choice("program.kind", "informal", "Nobody makes pairs: colleagues seek each other out, week by week."),
    choice("program.kind", "none", "The same people without coaching: what else they learn, and how they fare, goes on."),

    choice("program.matching", "random", "Pairs are made by lot."),
    choice("program.matching", "self-selected", "People choose: proactive ones first, each the most similar partner who is left."),
    choice("program.matching", "needs", "Each one's needs are held against the other's expertise, pair by pair."),
    choice("program.matching", "similarity", "Those most alike in age, experience and group are paired."),
    choice("program.matching", "mind-set-alike", "Growth mind-sets are paired with growth mind-sets, performance with performance."),
    choice("program.matching", "mind-set-mixed", "Those most set on growth are paired with those most set on performance."),
    choice("program.matching", "seniority-mixed", "The most senior are paired with the most junior."),
    choice("program.matching", "seniority-alike", "Those alike in seniority are paired."),
    choice("program.matching", "optimal", "Pairs are exchanged until no exchange raises the total fit of needs and expertise."),

    choice("design.unit", "person", "Each person is assigned alone; partners may be in different arms."),
    choice("design.unit", "dyad", "Both members of a dyad are assigned together."),
    choice("design.unit", "organization", "Everyone in an organization is assigned together."),

    choice("design.allocation", "simple", "Each unit is assigned by its own draw: the arms' sizes are left to chance."),
    choice("design.allocation", "complete", "Fixed numbers of units go to each arm, by lot."),
    choice("design.allocation", "blocked", "Fixed numbers go to each arm within each organization, or within each setting where organizations are assigned."),
    choice("design.allocation", "self-selected", "Nobody draws lots: units choose their arm by who is in them, as [design.selection] says."),
    choice("design.allocation", "none", "A survey: nobody is assigned, everyone is in the control arm."),

    choice("factorial.design", "full", "Every combination of the factors' levels is an arm."),
    choice("factorial.design", "resolution-iv", "Sylvester's matrix folded over: main effects are confounded with no other and with no interaction of two."),
    choice("factorial.design", "plackett-burman-foldover", "An array of Plackett & Burman folded over: fewer arms, and interactions spread over many columns."),

    choice("arm[].pairs", "high-high", "Both of a pair come from the upper half of their organization's screening scores."),
    choice("arm[].pairs", "low-low", "Both of a pair come from the lower half."),
    choice("arm[].pairs", "high-low", "One of a pair comes from each half."),

    choice("arm[].levels", "low", "What [factor.low] says holds in this arm."),
    choice("arm[].levels", "high", "What [factor.high] says holds in this arm."),

    choice("business.development", "learning_task", "What was learned for the work itself."),
    choice("business.development", "learning_personal", "What was learned about oneself, one's identity and growth."),
    choice("business.development", "both", "Both in equal parts: their sum over the root of 2, which has an SD of 1 at baseline as each of them has."),

    choice("hypothesis[].score", "post", "The score at the wave is what is analyzed."),
    choice("hypothesis[].score", "change", "The score at the wave minus the one at week 0."),
    choice("hypothesis[].score", "any", "1 if the score at the wave is above 0, else 0: whether any of it has happened."),

    choice("hypothesis[].level", "person", "One row of the analysis is a person."),
    choice("hypothesis[].level", "dyad", "One row of the analysis is the mean of a dyad or circle."),
    choice("hypothesis[].level", "team", "One row of the analysis is the mean of a team."),
    choice("hypothesis[].level", "organization", "One row of the analysis is the mean of an organization."),

    choice("hypothesis[].resemblance", "dyad", "Whether members of a dyad or circle resemble each other."),
    choice("hypothesis[].resemblance", "team", "Whether members of a team resemble each other."),
    choice("hypothesis[].resemblance", "organization", "Whether members of an organization resemble each other."),

    choice("hypothesis[].expect", "greater", "The first arm is expected above the second, or the effect above 0."),
    choice("hypothesis[].expect", "less", "The first arm is expected below the second, or the effect below 0."),
    choice("hypothesis[].expect", "different", "An open question: a difference in either direction is an answer."),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::keys::{KEYS, Shape};

    /// Keys with a catalogue of their own, and an arm's keys that take what the study's take.
    fn described_elsewhere(noun: &str, path: &str) -> bool {
        ["outcome", "estimator", "attribute", "trait to screen"].contains(&noun) || path.starts_with("arm[].program.")
    }

    #[test]
    fn every_value_of_every_key_has_one_sentence() {
        let mut expected = Vec::new();
        for key in KEYS {
            let (Shape::Choice(names) | Shape::Each(names)) = key.shape else { continue };
            if !described_elsewhere(names.noun, key.path) {
                expected.extend((names.all)().into_iter().map(|value| (key.path, value)));
            }
        }
        let mut found: Vec<_> = CHOICES.iter().map(|choice| (choice.key, choice.value)).collect();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected);
        assert!(CHOICES.iter().all(|choice| choice.meaning.ends_with('.') && !choice.meaning.contains("  ")));
    }
}
