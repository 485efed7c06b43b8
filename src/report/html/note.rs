//! Everything that a report says, as the template takes it.

use std::path::Path;

use serde::Serialize;

use super::Error;
use super::answer::{answer, implied, others};
use super::cite::{Citation, citation};
use super::findings::{Answered, answered};
use super::inline::inline;
use super::methods::{Methods, methods};
use super::risk;
use super::risk_words::{RiskWords, risk_words};
use crate::figures;
use crate::report::design_picture::design_picture;
use crate::report::study_parts as parts;
use crate::report::summary::{CAVEAT, Summary};
use crate::report::text::plain;
use crate::results::Manifest;
use crate::scenario;
use crate::study::plan::Plan;

/// A figure with its place in the page.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    /// Its anchor.
    pub id: String,
    /// Its number.
    pub number: usize,
    /// The `<svg>` element.
    pub svg: String,
    /// What it is called.
    pub title: String,
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
    /// How the first verdict looks, and what it is in a word or two; nothing of a study without hypotheses.
    pub verdict: Option<(&'static str, &'static str)>,
    /// Whether the theory implies the answer, in words.
    pub implied: Option<&'static str>,
    /// The design as a picture.
    pub design: Picture,
    /// The hypotheses.
    pub hypotheses: Vec<Answered>,
    /// The figures of the hypotheses.
    pub evidence: Vec<Picture>,
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
        "Every hypothesis: what is true in the model, and where the middle 95 % of the estimates lie.",
    ),
    (
        "estimates",
        Place::Evidence,
        "Each bar counts simulated experiments by the estimate that they would report; filled bars are significant. The line with the arrow marks what is true \
         in the model.",
    ),
    (
        "pareto",
        Place::Evidence,
        "What each factor does, largest first; a bar within the margin of error is not told from none.",
    ),
    (
        "episodes",
        Place::Dangers,
        "Points are means over all simulated experiments; lines show where 95 % of single experiments of this size lie.",
    ),
    (
        "trajectory",
        Place::Courses,
        "True states, which no instrument sees. Bands show where 95 % of single experiments of this size lie, so that they overlap where one \
         experiment could not tell the arms apart.",
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
    /// Reads a run.
    ///
    /// # Errors
    /// If something of it cannot be read.
    pub fn new(manifest: &Manifest, directory: &Path, names: &[String]) -> Result<Self, Error> {
        let none = |what: String| Error::NoSummary { path: directory.to_path_buf(), what };
        if manifest.record == "power" {
            return Err(none("it was made by `peerlab power`".to_owned()));
        }
        let summary: Summary =
            serde_json::from_value(manifest.summary.clone()).map_err(|problem| none(problem.to_string()))?;
        let study = scenario::read(&manifest.scenario_toml, Manifest::FILE, &[])
            .map_err(|problems| Error::Scenario { path: directory.to_path_buf(), problems })?
            .study;
        let plan = Plan::new(study)?;
        let study = &plan.study;
        let risks = risk::read(&plan, &directory.join("tables/replications.parquet"))?;
        let mut number = 1;
        let design = picture(&figures::svg(&design_picture(study))?, "design", number, DESIGN)
            .ok_or_else(|| Error::NoFigure("design".into()))?;
        let [mut evidence, mut dangers, mut courses] = [Vec::new(), Vec::new(), Vec::new()];
        for (name, place, caption) in placed(names) {
            let path = directory.join(format!("figures/{name}.svg"));
            let svg = std::fs::read_to_string(&path).map_err(|source| Error::File {
                doing: "read",
                path: path.clone(),
                source,
            })?;
            number += 1;
            let picture = picture(&svg, name, number, caption).ok_or(Error::NoFigure(path))?;
            match place {
                Place::Evidence => evidence.push(picture),
                Place::Dangers => dangers.push(picture),
                Place::Courses => courses.push(picture),
            }
        }
        let hypotheses = answered(&plan, &summary.findings);
        Ok(Self {
            title: plain(&study.title),
            study: study.id.clone(),
            question: plain(&study.question),
            source: plain(study.source.trim_end_matches('.')),
            version: manifest.version.clone(),
            repeated: plan.repeated(),
            answer: answer(&plan, &summary.findings),
            others: others(&summary.findings),
            verdict: hypotheses.first().map(|first| (first.tone, first.verdict)),
            implied: implied(&summary.findings),
            design,
            hypotheses,
            evidence,
            family: summary.family,
            failed: summary.failed,
            risk: risk_words(&plan, &risks),
            dangers,
            courses,
            caveat: CAVEAT,
            limits: parts::implied_and_open(study),
            single: manifest.replications == 1,
            discussion: study.discussion.clone(),
            methods: methods(study, manifest),
            truth: parts::TRUTH,
            citation: citation(&manifest.version),
        })
    }
}

const DESIGN: &str =
    "Who is recruited, how they come to their arms, what each arm receives, and when everyone is measured.";

/// The figures in the order of the page; one that is not known comes last.
fn placed(names: &[String]) -> Vec<(&str, Place, &'static str)> {
    let known = |name: &str| PLACES.iter().position(|(one, ..)| *one == name);
    let mut all: Vec<(usize, &str)> =
        names.iter().map(|name| (known(name).unwrap_or(PLACES.len()), name.as_str())).collect();
    all.sort_by_key(|(place, name)| {
        let section = PLACES.get(*place).map_or(2, |(_, place, _)| *place as usize);
        (section, *place, *name)
    });
    all.into_iter()
        .map(|(place, name)| match PLACES.get(place) {
            Some((_, place, caption)) => (name, *place, *caption),
            None => (name, Place::Courses, ""),
        })
        .collect()
}

fn picture(svg: &str, name: &str, number: usize, caption: &'static str) -> Option<Picture> {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
    let id = format!("figure-{}", letters.collect::<String>());
    let found = inline(svg, &id)?;
    Some(Picture { id, number, svg: found.svg, title: found.title, caption })
}
