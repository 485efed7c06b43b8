//! Everything that a report says, as the template takes it.

use std::path::Path;

use serde::Serialize;

use super::Error;
use super::answer::{answer, implied, leading, others};
use super::cite::{Citation, citation};
use super::findings::{Answered, answered};
use super::methods::{Methods, methods};
use super::risk;
use super::risk_words::{RiskWords, risk_words};
use crate::figures::{Figure, FigureError};
use crate::report::brief;
use crate::report::design_picture::design_picture;
use crate::report::page::{Drawing, drawing};
use crate::report::seen::middle;
use crate::report::study_parts as parts;
use crate::report::summary::{CAVEAT, Summary};
use crate::report::text::plain;
use crate::results::Manifest;
use crate::study::plan::Plan;

/// A figure with its place in the page.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    /// Its anchor.
    pub id: String,
    /// Its number.
    pub number: usize,
    /// The figure, and what it is called.
    #[serde(flatten)]
    pub drawing: Drawing,
    /// How it is read.
    pub caption: &'static str,
}

/// A report.
#[derive(Clone, Debug, Serialize)]
pub struct Note {
    /// Title of the study.
    pub title: String,
    /// Its id.
    pub study: String,
    /// The question.
    pub question: String,
    /// Where the literature asks it.
    pub source: String,
    /// The version that made the run.
    pub version: String,
    /// How often the experiment was repeated.
    pub repeated: String,
    /// The answer.
    pub answer: [String; 2],
    /// How the other hypotheses fare.
    pub others: Option<String>,
    /// How the verdict on the leading hypothesis looks, what it is in a word or two, and its id; nothing of a study without
    /// hypotheses.
    pub verdict: Option<(&'static str, &'static str, String)>,
    /// Whether it leads as the first of all, not as the one that answers the question.
    pub first: bool,
    /// Whether the theory implies the answer, in words.
    pub implied: Option<&'static str>,
    /// Whether the sponsor's brief lies beside the report.
    pub brief: bool,
    /// The design as a picture.
    pub design: Picture,
    /// The hypotheses.
    pub hypotheses: Vec<Answered>,
    /// The figures of the hypotheses.
    pub evidence: Vec<Picture>,
    /// What the interval after an estimate is called.
    pub middle: String,
    /// How often the study as a whole claims something falsely.
    pub family: Option<String>,
    /// What is said of replications that failed.
    pub failed: Option<String>,
    /// What went wrong for whom.
    pub risk: RiskWords,
    /// The figures of risk.
    pub dangers: Vec<Picture>,
    /// The figures of what happens over time, and all others.
    pub courses: Vec<Picture>,
    /// What the numbers are and are not.
    pub caveat: &'static str,
    /// Which answers are implied and which hang on assumed numbers.
    pub limits: Vec<String>,
    /// Whether there is one replication only, of which no error is known.
    pub single: bool,
    /// Questions for a class.
    pub discussion: Vec<String>,
    /// How it was done.
    pub methods: Methods,
    /// What truth is.
    pub truth: &'static str,
    /// How to cite it.
    pub citation: Citation,
}

/// Where a figure stands, and how it is read.
const PLACES: [(&str, Place, &str); 9] = [
    (
        "forest",
        Place::Evidence,
        "A diamond stands for what is true in the model, a line for where the estimates of such experiments lie.",
    ),
    (
        "estimates",
        Place::Evidence,
        "Each bar counts simulated experiments by the estimate that they would report; filled bars are significant. The line with the arrow marks what is true \
         in the model, the dashed one the smallest effect of interest.",
    ),
    (
        "pareto",
        Place::Evidence,
        "What each factor does, largest first; a bar within the margin of error is not told from none.",
    ),
    (
        "episodes",
        Place::Dangers,
        "Points are means over all simulated experiments; lines show how far apart single experiments of this size lie.",
    ),
    (
        "trajectory",
        Place::Courses,
        "True states, which no instrument sees. Bands show how far single experiments of this size lie apart (mean ± 1.96 SD), so that they \
         overlap where one experiment could not tell the arms apart.",
    ),
    (
        "instruments",
        Place::Courses,
        "What a researcher would see: the instruments' answers, with their errors and without those who do not answer.",
    ),
    ("quality", Place::Dangers, "Turns by how they felt to the learner, week by week."),
    (
        "network",
        Place::Courses,
        "One organization's people in one replication: who coaches whom, and how far they trust each other.",
    ),
    (
        "levels",
        Place::Courses,
        "The same people and the same luck in every world: what sets the lines apart is the arm that everyone has, at each level of \
         Figure 1 of the article.",
    ),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Evidence,
    Dangers,
    Courses,
}

impl Note {
    /// Reads a run, whose figures are given.
    ///
    /// # Errors
    /// If something of it cannot be read.
    pub fn new(manifest: &Manifest, plan: &Plan, directory: &Path, figures: &Figures) -> Result<Self, Error> {
        let none = |what: String| Error::NoSummary { path: directory.to_path_buf(), what };
        let summary: Summary =
            serde_json::from_value(manifest.summary.clone()).map_err(|problem| none(problem.to_string()))?;
        let study = &plan.study;
        let risks = risk::read(plan, &directory.join("tables/replications.parquet"))?;
        let mut number = 1;
        let design = picture(&design_picture(study), "design", number, DESIGN)?;
        let [mut evidence, mut dangers, mut courses] = [Vec::new(), Vec::new(), Vec::new()];
        for (name, figure, place, caption) in placed(figures) {
            number += 1;
            let picture = picture(figure, name, number, caption)?;
            match place {
                Place::Evidence => evidence.push(picture),
                Place::Dangers => dangers.push(picture),
                Place::Courses => courses.push(picture),
            }
        }
        let hypotheses = answered(plan, &summary.findings);
        let leads = leading(study, &summary.findings).map(|one| &one.hypothesis);
        let leads = leads.and_then(|id| hypotheses.iter().find(|one| one.id == *id));
        Ok(Self {
            title: plain(&study.title),
            study: study.id.clone(),
            question: plain(&study.question),
            source: plain(study.source.trim_end_matches('.')),
            version: manifest.version.clone(),
            repeated: plan.repeated(),
            answer: answer(plan, &summary.findings),
            others: others(study, &summary.findings),
            verdict: leads.map(|one| (one.tone, one.verdict, one.id.clone())),
            first: study.answer.is_none(),
            implied: implied(study, &summary.findings),
            brief: directory.join(brief::FILE).is_file(),
            design,
            hypotheses,
            evidence,
            middle: middle(study.monte_carlo.replications),
            family: summary.family,
            failed: summary.failed,
            risk: risk_words(plan, &risks),
            dangers,
            courses,
            caveat: CAVEAT,
            limits: parts::implied_and_open(study),
            single: manifest.replications == 1,
            discussion: study.discussion.clone(),
            methods: methods(study, manifest),
            truth: parts::TRUTH,
            citation: citation(&manifest.version, &study.source),
        })
    }
}

const DESIGN: &str =
    "Who is recruited, how they come to their arms, what each arm receives, and when everyone is measured.";

/// The figures of a run, by name.
pub type Figures = [(&'static str, Figure)];

/// The figures in the order of the page; one that is not known comes last.
fn placed(figures: &Figures) -> Vec<(&'static str, &Figure, Place, &'static str)> {
    let known = |name: &str| PLACES.iter().position(|(one, ..)| *one == name);
    let mut all: Vec<(usize, &'static str, &Figure)> =
        figures.iter().map(|(name, figure)| (known(name).unwrap_or(PLACES.len()), *name, figure)).collect();
    all.sort_by_key(|(place, name, _)| {
        let section = PLACES.get(*place).map_or(2, |(_, place, _)| *place as usize);
        (section, *place, *name)
    });
    all.into_iter()
        .map(|(place, name, figure)| match PLACES.get(place) {
            Some((_, place, caption)) => (name, figure, *place, *caption),
            None => (name, figure, Place::Courses, ""),
        })
        .collect()
}

pub(super) fn picture(
    figure: &Figure,
    name: &str,
    number: usize,
    caption: &'static str,
) -> Result<Picture, FigureError> {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let id = format!("figure-{}", letters.collect::<String>());
    Ok(Picture { drawing: drawing(figure, &id)?, id, number, caption })
}
