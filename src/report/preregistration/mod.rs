//! A preregistration to paste: a study in the sections of the Open Science Framework's form, filled from the scenario.
//!
//! What only the researcher knows stands there as a placeholder between brackets, and is never made up. What the model assumes is
//! called assumed wherever a number rests on it.
//!
//! Source of the headings and their order: Bowman, DeHaven, Errington, Hardwicke, Mellor, Nosek & Soderberg, *OSF Prereg Template*,
//! [doi 10.31222/osf.io/epgjd](https://doi.org/10.31222/osf.io/epgjd), as the registry shows them.

mod analysis;
mod sampling;
mod variables;

use std::fmt::Write as _;

use super::text::capitalized;
use super::words::{assigned, people, program};
use crate::inquiry::own_data::against::Simulated;
use crate::study::declaration::{Allocation, Ask, Expect, Hypothesis, Kind, Study};
use crate::study::plan::Plan;

/// What a preregistration is made of.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The study.
    pub plan: &'a Plan,
    /// What simulated experiments found, one for each hypothesis and estimator.
    pub simulated: &'a [Simulated],
    /// How many experiments were simulated.
    pub replications: u64,
    /// The command that wrote it.
    pub command: &'a str,
}

impl<'a> Material<'a> {
    fn study(&self) -> &'a Study {
        &self.plan.study
    }

    /// What was simulated of the planned estimator of a hypothesis.
    fn planned(&self, hypothesis: usize) -> Option<&'a Simulated> {
        self.simulated.iter().find(|one| one.hypothesis == hypothesis && one.estimator == 0)
    }
}

/// The sections with their questions, in the order of the form.
pub const SECTIONS: [(&str, &[&str]); 7] = [
    ("Metadata", &["Title", "Description", "Contributors"]),
    ("Study Information", &["Hypotheses"]),
    (
        "Design Plan",
        &["Study type", "Blinding", "Is there any additional blinding in this study?", "Study design", "Randomization"],
    ),
    (
        "Sampling Plan",
        &[
            "Existing data",
            "Explanation of existing data",
            "Data collection procedures",
            "Sample size",
            "Sample size rationale",
            "Stopping rule",
        ],
    ),
    ("Variables", &["Manipulated variables", "Measured variables", "Indices"]),
    (
        "Analysis Plan",
        &[
            "Statistical models",
            "Transformations",
            "Inference criteria",
            "Data exclusion",
            "Missing data",
            "Exploratory analysis",
        ],
    ),
    ("Other", &["Other"]),
];

/// The document as Markdown.
pub fn preregistration(material: &Material) -> String {
    let study = material.study();
    let mut out = format!(
        "# Preregistration: {}\n\n\
         *A draft in the sections of the OSF Preregistration. What stands between brackets, […], only you know: fill it in, or strike it. \
         Numbers that come out of the simulation rest on a model whose parameters are assumed; each place says so.*\n",
        study.title
    );
    for (section, questions) in SECTIONS {
        let _ = write!(out, "\n## {section}\n");
        for question in questions {
            let _ = write!(out, "\n### {question}\n\n{}\n", answer(material, question).trim_end());
        }
    }
    out
}

fn answer(material: &Material, question: &str) -> String {
    let study = material.study();
    match question {
        "Title" => study.title.clone(),
        "Description" => description(study),
        "Contributors" => "[Authors with affiliations and ORCID]".to_owned(),
        "Hypotheses" => hypotheses(study),
        "Study type" => study_type(study),
        "Blinding" => blinding(study),
        "Is there any additional blinding in this study?" => {
            "[Whether those who analyze the data know the arms; whether coaches, trainers and raters do]".to_owned()
        }
        "Study design" => design(study),
        "Randomization" => randomization(study),
        "Existing data" => "Registration prior to creation of data. [Confirm: no data of this study exist on the date of registration]".to_owned(),
        "Explanation of existing data" => {
            "None exist. The numbers in this document are from simulated experiments, in which nobody was asked anything.".to_owned()
        }
        "Data collection procedures" => sampling::procedures(study),
        "Sample size" => sampling::size_of_sample(study),
        "Sample size rationale" => sampling::rationale(material),
        "Stopping rule" => sampling::stopping(study),
        "Manipulated variables" => variables::manipulated(study),
        "Measured variables" => variables::measured(material),
        "Indices" => variables::indices(material),
        "Statistical models" => analysis::models(material),
        "Transformations" => analysis::transformations(material),
        "Inference criteria" => analysis::criteria(material),
        "Data exclusion" => analysis::exclusion(material),
        "Missing data" => analysis::missing(material),
        "Exploratory analysis" => analysis::exploratory(material),
        _ => other(material),
    }
}

fn description(study: &Study) -> String {
    let source = match study.source.trim_end_matches('.') {
        "" => String::new(),
        source => format!("\n\nThe question is from: {source}."),
    };
    format!("{}{source}\n\n[Why it matters, in two or three sentences]", study.question)
}

/// A statement with a full stop.
fn stopped(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '?', '!']) { text.to_owned() } else { format!("{text}.") }
}

fn hypotheses(study: &Study) -> String {
    let mut out = String::new();
    for one in &study.hypotheses {
        let direction = match one.expect {
            Expect::Greater => "Directional: greater",
            Expect::Less => "Directional: less",
            Expect::Different => "Not directional: an open question, tested on both sides",
        };
        let _ = writeln!(out, "- **{}.** {} {direction}.", one.id, stopped(&one.statement));
    }
    out
}

fn study_type(study: &Study) -> String {
    match study.design.allocation {
        Allocation::None => "Observational study: nobody is assigned to anything; what is measured is related.",
        Allocation::SelfSelected => {
            "Observational study: units choose their arm themselves, so that what the arms differ in may be who chose them."
        }
        _ => "Experiment: a researcher randomly assigns treatments; a field experiment in organizations.",
    }
    .to_owned()
}

fn blinding(study: &Study) -> String {
    if study.design.allocation == Allocation::None {
        return "No blinding is involved: there is no treatment. [Say whether participants know the hypotheses]"
            .to_owned();
    }
    let forms: Vec<Kind> = study.arms.iter().filter(|arm| arm.share > 0.0).map(|arm| arm.program.kind).collect();
    let known = if forms.iter().all(|one| *one == Kind::Formal) {
        "Every arm has a program, so that participants need not know that there are others."
    } else if forms.contains(&Kind::None) {
        "Participants know whether they are coached."
    } else {
        "Participants know which form of coaching they have."
    };
    format!("{known} [Whether they are told of the other arms, and who among the staff knows the assignment]")
}

fn design(study: &Study) -> String {
    let arms = study.arms.iter().filter(|arm| arm.share > 0.0).count();
    let kind = match (study.factors.len(), arms) {
        (0, 1) => "one group".to_owned(),
        (0, arms) => format!("{arms} parallel arms"),
        (factors, runs) => {
            format!("a factorial design of {factors} factors at two levels each, in {runs} combinations")
        }
    };
    let wedge = study.arms.iter().any(|arm| !arm.schedule.is_empty());
    let wedge = if wedge { ", whose organizations change in the weeks given below" } else { "" };
    let weeks: Vec<String> = study.measurement.waves.iter().map(usize::to_string).collect();
    let mut out = format!(
        "{}{wedge}; between units, with repeated measures (weeks {}). {}.\n",
        capitalized(&kind),
        weeks.join(", "),
        people(study)
    );
    let _ = write!(out, "\n{}", stopped(&program(study)));
    if study.hypotheses.iter().any(|one| matches!(one.ask, Ask::Moderated(..))) {
        out.push_str(" Moderators are not assigned: their part of an interaction is not causal.");
    }
    out.push('\n');
    if !study.settings.is_empty() {
        let all: Vec<String> = study.settings.iter().map(|one| format!("{} ({})", one.name, one.count)).collect();
        let _ =
            write!(out, "\nOrganizations of {} kinds: {}. [By what they are told apart]\n", all.len(), all.join(", "));
    }
    out
}

fn randomization(study: &Study) -> String {
    match study.design.allocation {
        Allocation::None => "None: nobody is assigned.".to_owned(),
        Allocation::SelfSelected => format!("None. {}", assigned(study)),
        _ => {
            format!("{} [Who draws the lots, with what, and how the sequence is concealed until then]", assigned(study))
        }
    }
}

/// Ids of the hypotheses that something holds for, `H1, H2 and H3`.
fn ids(study: &Study, holds: impl Fn(&Hypothesis) -> bool) -> String {
    let all: Vec<&str> = study.hypotheses.iter().filter(|one| holds(one)).map(|one| one.id.as_str()).collect();
    match all.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn other(material: &Material) -> String {
    let study = material.study();
    let implied = ids(study, |one| one.implied_by_theory);
    let implied = if implied.is_empty() {
        String::new()
    } else {
        format!(
            "\n\nThe model's equations imply the answer to {implied}: its power there says how well the design would show an effect of the \
             assumed size, and nothing about whether there is one."
        )
    };
    format!(
        "The design was tried out in a simulation before registration: peerlab {}, study `{}`, seed {}, {} experiments. Its model of persons, \
         pairs and organizations is assumed, parameter by parameter, with the sources that `peerlab explain` names; `peerlab show {}` tells the \
         study in full.\n\nWritten by `{}`.{implied}\n\n[Ethics approval; funding; conflicts of interest; where data and code will be; \
         deviations will be reported as such]",
        env!("CARGO_PKG_VERSION"),
        study.id,
        study.monte_carlo.seed,
        material.replications,
        study.id,
        material.command,
    )
}
