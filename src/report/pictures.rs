//! A run's figures: from what was seen of its replications and the answers to what the figures draw.

use super::seen::{Course, Reach, Seen, Spread, reached};
use super::words::recruits;
use crate::figures::{
    ArmRates, Distribution, Episodes, Estimate, EstimatePanel, Figure, Levels, Panel, Pareto, ParetoBar, ParetoPanel,
    Point, Rate, Series, Trajectory,
};
use crate::inquiry::answers::{Answered, SHOWN};
use crate::model::outcomes::in_words;
use crate::study::declaration::{Ask, Expect, Hypothesis, Kind, Score, Study};
use crate::study::observation::COUNTS;
use crate::study::plan::Plan;

/// Half-width of a normal's middle 95% in SD.
const MIDDLE: f64 = 1.96;

/// Most panels of estimates.
const PANELS: usize = 6;

const BAND: &str = "Line: mean over replications. Band: mean ± 1.96 SD of the arm's mean over replications, which holds about 95% of such experiments \
     where their means are spread evenly to both sides of it.";

/// Why a share in the figure of estimates may be larger than power.
const EITHER: &str =
    "Significant: in either direction, which may be more than power counts where a hypothesis names one. ";

/// The figures of a run, each with the name of its file.
pub fn pictures(plan: &Plan, seen: &Seen, answers: &[Answered]) -> Vec<(&'static str, Figure)> {
    let mut figures = vec![
        ("trajectory", Figure::Trajectory(trajectory(plan, seen))),
        ("episodes", Figure::Episodes(episodes(plan, seen))),
        ("levels", Figure::Levels(Box::new(levels(plan, seen)))),
    ];
    if !answers.is_empty() {
        figures.insert(0, ("estimates", Figure::Distribution(distribution(plan, answers))));
    }
    let pareto = pareto(plan, answers);
    if !pareto.panels.is_empty() {
        figures.insert(0, ("pareto", Figure::Pareto(pareto)));
    }
    figures
}

pub(super) fn times(plan: &Plan) -> String {
    format!("{} of {}", plan.repeated(), recruits(&plan.study))
}

pub(super) fn marks(plan: &Plan) -> Vec<(f64, String)> {
    let weeks = plan.study.program.weeks;
    // Informal pairs have no program that could end.
    if plan.study.program.kind != Kind::Formal || weeks >= plan.weeks {
        return Vec::new();
    }
    // One line for all would be wrong for those whose program has another length.
    if plan.study.arms.iter().any(|arm| arm.program.kind == Kind::Formal && arm.program.weeks != weeks) {
        return Vec::new();
    }
    vec![(weeks as f64, "program ends".to_owned())]
}

fn series(plan: &Plan, lines: &[&Course], measure: impl Fn(&[Spread; 5]) -> Spread) -> Vec<Series> {
    lines
        .iter()
        .map(|line| Series {
            label: arm_in_words(&plan.study, line.arm),
            points: line
                .weeks
                .iter()
                .enumerate()
                .map(|(week, moments)| {
                    let Spread { mean, sd } = measure(moments);
                    let half = if sd.is_nan() { 0.0 } else { MIDDLE * sd };
                    Point { x: week as f64, mean, low: mean - half, high: mean + half }
                })
                .collect(),
        })
        .collect()
}

/// An arm's name; of a factorial design with what its first run is.
pub(super) fn arm_in_words(study: &Study, arm: usize) -> String {
    let arm = &study.arms[arm];
    let low = !arm.levels.is_empty() && arm.levels.iter().all(|high| !high);
    if low { format!("{}, every factor low", arm.name) } else { arm.name.clone() }
}

fn panel(plan: &Plan, lines: &[&Course], which: usize, title: &str, y_label: &str) -> Panel {
    Panel {
        title: title.to_owned(),
        y_label: y_label.to_owned(),
        series: series(plan, lines, |moments| moments[which]),
        y_range: None,
    }
}

/// A course without weeks for every arm.
fn nothing(plan: &Plan, everyone: bool) -> Vec<Course> {
    (0..plan.study.arms.len()).map(|arm| Course { everyone, arm, weeks: Vec::new() }).collect()
}

/// An arm has its place among all arms even where nobody is assigned to it or its world is not run, so that it looks as in every other
/// figure.
fn by_arm<'a>(none: &'a [Course], courses: &[&'a Course]) -> Vec<&'a Course> {
    let course_of = |arm: usize| courses.iter().copied().find(|course| course.arm == arm);
    none.iter().map(|nothing| course_of(nothing.arm).unwrap_or(nothing)).collect()
}

fn trajectory(plan: &Plan, seen: &Seen) -> Trajectory {
    let observed: Vec<&Course> = seen.courses.iter().filter(|course| !course.everyone).collect();
    let none = nothing(plan, false);
    let lines = by_arm(&none, &observed);
    Trajectory {
        title: "Trust and learning over the weeks".to_owned(),
        subtitle: format!("True states in the observed experiment, by arm; {}", times(plan)),
        panels: vec![
            panel(plan, &lines, 2, "Trust in the partner", "trust (0 to 1)"),
            panel(plan, &lines, 0, "Personal learning", "learning since week 0 (SD)"),
            panel(plan, &lines, 1, "Task learning", "learning since week 0 (SD)"),
        ],
        x_label: "week".to_owned(),
        marks: marks(plan),
        note: BAND.to_owned(),
    }
}

fn levels(plan: &Plan, seen: &Seen) -> Levels {
    let worlds: Vec<&Course> = seen.courses.iter().filter(|course| course.everyone).collect();
    let none = nothing(plan, true);
    let lines = by_arm(&none, &worlds);
    // Where the truth is an effect of factors, one world is run: the one in which all of them are low.
    let (title, said) = match worlds.as_slice() {
        [_] if !plan.study.factors.is_empty() => ("if every factor were low".to_owned(), "world in which they are"),
        [only] => (format!("if everyone had {}", plan.study.arms[only.arm].name), "world in which everyone has it"),
        _ => ("if everyone had the arm".to_owned(), "worlds in which everyone has one arm"),
    };
    Levels {
        title: format!("Three levels over the weeks, {title}"),
        subtitle: format!("True states in the {said}; {}", times(plan)),
        person: panel(plan, &lines, 0, "Person: personal learning", "since week 0 (SD)"),
        dyad: panel(plan, &lines, 2, "Dyad: trust in the partner", "trust (0 to 1)"),
        organization: panel(plan, &lines, 4, "Organization: climate of trust", "climate (0 to 1)"),
        x_label: "week".to_owned(),
        marks: marks(plan),
        note: BAND.to_owned(),
    }
}

fn episodes(plan: &Plan, seen: &Seen) -> Episodes {
    let kinds = [
        ("destructive", "destructive"),
        ("severe", "severe"),
        ("undermined", "undermined"),
        ("breaches", "confidence broken"),
    ];
    let rate = |rates: &[Reach; COUNTS.len()], name: &str| {
        let which = COUNTS.iter().position(|(count, _)| *count == name).unwrap_or_default();
        let Reach { mean, low, high } = rates[which];
        Rate { mean, low, high }
    };
    Episodes {
        title: "What goes wrong, by arm".to_owned(),
        subtitle: format!("Events per 100 meetings attended, in the observed experiment; {}", times(plan)),
        kinds: kinds.iter().map(|(_, words)| (*words).to_owned()).collect(),
        unit: "events per 100 meetings attended".to_owned(),
        arms: seen
            .rates
            .iter()
            .enumerate()
            .filter(|(arm, _)| plan.study.arms[*arm].share > 0.0)
            .map(|(arm, rates)| ArmRates {
                arm: plan.study.arms[arm].name.clone(),
                look: arm,
                rates: kinds.iter().map(|(name, _)| rate(rates, name)).collect(),
            })
            .collect(),
        note: format!(
            "Mean over replications, and {} of single experiments. In each meeting attended a person is the learner once. Destructive: \
             felt quality of that turn below −.25; severe: below −1.",
            reached(plan.study.monte_carlo.replications)
        ),
    }
}

pub(super) fn distribution(plan: &Plan, answers: &[Answered]) -> Distribution {
    let study = &plan.study;
    // Six panels at most: the first estimator of each hypothesis, of many those with the largest truth beside the smallest
    // effect of interest, then the other estimators, as far as there is room.
    let worth = |answer: &&Answered| {
        let size = (answer.diagnosis.mean_truth / plan.smallest_effect(answer.hypothesis)).abs();
        if size.is_nan() { f64::NEG_INFINITY } else { size }
    };
    let mut shown: Vec<&Answered> = answers.iter().filter(|answer| answer.estimator == 0).collect();
    let many = shown.len() > PANELS;
    if many {
        shown.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.hypothesis.cmp(&b.hypothesis)));
    }
    shown.extend(answers.iter().filter(|answer| answer.estimator != 0));
    shown.truncate(PANELS);
    shown.sort_by_key(|answer| (answer.hypothesis, answer.estimator));
    let left_out = match answers.len() - shown.len() {
        0 => String::new(),
        _ if many => format!(
            "Of {} hypotheses, the six whose truths are largest beside the smallest effect of interest; the figure “forest” shows \
             all, “peerlab plot --figure estimates --hypothesis ID” any.",
            study.hypotheses.len()
        ),
        1 => "One more combination of hypothesis and estimator is in the table “diagnosis”.".to_owned(),
        more => format!("{more} more combinations of hypothesis and estimator are in the table “diagnosis”."),
    };
    let asked = |answer: &Answered| asked(study, &study.hypotheses[answer.hypothesis]);
    // A factor's name alone would have the outcome's unit.
    let axis = |answer: &Answered| match &study.hypotheses[answer.hypothesis].ask {
        Ask::Factors(factors) if factors.len() == 1 => format!("effect of {}", asked(answer)),
        _ => asked(answer),
    };
    let one_question = shown.windows(2).all(|pair| asked(pair[0]) == asked(pair[1]));
    Distribution {
        title: "What experiments of this size would find".to_owned(),
        subtitle: format!("Estimates over {}{}", first_of(answers), times(plan)),
        panels: shown
            .into_iter()
            .map(|answer| {
                let found = (answer.hypothesis, answer.estimator);
                let panel = estimate_panel(plan, found, &answer.estimates, answer.diagnosis.mean_truth);
                let x_label = if one_question { panel.x_label } else { unit_of(plan, found.0, &axis(answer)) };
                EstimatePanel { x_label, ..panel }
            })
            .collect(),
        significance: "p < .05".to_owned(),
        note: [implied(study), EITHER.to_owned(), left_out].concat().trim_end().to_owned(),
    }
}

/// Where not all estimates are shown, which are.
fn first_of(answers: &[Answered]) -> String {
    let all = answers.iter().map(|answer| answer.diagnosis.replications).max().unwrap_or(0);
    if all > SHOWN { format!("the first {SHOWN} of ") } else { String::new() }
}

/// The estimates of a hypothesis (by index) by an estimator (by index among its own) with the true effect.
pub(super) fn estimate_panel(
    plan: &Plan,
    (index, estimator): (usize, usize),
    estimates: &[(f64, bool)],
    truth: f64,
) -> EstimatePanel {
    let hypothesis = &plan.study.hypotheses[index];
    let smallest = plan.smallest_effect(index);
    let outcome = in_words(hypothesis.outcome);
    let strategy = hypothesis.estimators[estimator];
    EstimatePanel {
        title: format!("{}: {outcome}, week {} ({strategy})", hypothesis.id, hypothesis.week),
        x_label: unit_of(plan, index, "estimated effect"),
        estimates: estimates
            .iter()
            .map(|(value, significant)| Estimate { value: *value, significant: *significant })
            .collect(),
        truth: truth.is_finite().then_some(truth),
        // Of an open question it stands on the side of the truth.
        smallest_effect: Some(match hypothesis.expect {
            Expect::Greater => smallest,
            Expect::Less => -smallest,
            Expect::Different => smallest.copysign(truth),
        }),
        observed: None,
    }
}

/// What is estimated with its unit.
fn unit_of(plan: &Plan, hypothesis: usize, what: &str) -> String {
    format!("{what} ({})", plan.unit(hypothesis))
}

/// Which hypotheses the model's equations imply: it is said wherever they are reported.
pub(super) fn implied(study: &Study) -> String {
    let ids: Vec<&str> = study.hypotheses.iter().filter(|one| one.implied_by_theory).map(|one| &*one.id).collect();
    match ids.as_slice() {
        [] => String::new(),
        ids => format!("Implied by the theory, so that its truth in the model is no evidence: {}. ", ids.join(", ")),
    }
}

/// Main effects by size, an outcome a panel: those with two effects or more.
pub(super) fn pareto(plan: &Plan, answers: &[Answered]) -> Pareto {
    let study = &plan.study;
    let mut panels: Vec<(String, ParetoPanel)> = Vec::new();
    let mut widths: Vec<Vec<f64>> = Vec::new();
    for answer in answers.iter().filter(|answer| answer.estimator == 0) {
        let hypothesis = &study.hypotheses[answer.hypothesis];
        let Ask::Factors(factors) = &hypothesis.ask else { continue };
        let [factor] = factors.as_slice() else { continue };
        let scale = &plan.scales[plan.questions[answer.hypothesis].scale];
        // Sizes are compared in SD of the neutral population, never in that of the organizations at hand.
        let (sd, unit) = match hypothesis.score {
            Score::Any => (1.0, "share"),
            _ => (scale.points_per_unit * scale.about.reference.1, "SD of the scale in the neutral population"),
        };
        let title = format!("{}, week {}", in_words(hypothesis.outcome), hypothesis.week);
        let title = match hypothesis.score {
            Score::Post => sentence(&title),
            Score::Change => format!("Change of {title}"),
            Score::Any => format!("Any {title}"),
        };
        let at = panels.iter().position(|(known, _)| *known == title).unwrap_or_else(|| {
            let x_label = format!("size of the effect ({unit})");
            panels.push((title.clone(), ParetoPanel { title, x_label, bars: Vec::new(), margin: f64::NAN }));
            widths.push(Vec::new());
            panels.len() - 1
        });
        panels[at].1.bars.push(ParetoBar {
            name: study.factors[*factor].name.clone(),
            estimate: answer.diagnosis.mean_estimate / sd,
            truth: answer.diagnosis.mean_truth / sd,
            level: super::factors::level(study, *factor),
        });
        widths[at].push(answer.half_width / sd);
    }
    for ((_, panel), widths) in panels.iter_mut().zip(widths) {
        panel.margin = widths.iter().fold(0.0, |sum, width| sum + width) / widths.len() as f64;
    }
    let asked = not_asked(study, panels.iter().map(|(_, panel)| panel));
    Pareto {
        title: "Effects by size".to_owned(),
        subtitle: format!("Main effects of {} factors, high minus low; {}", study.factors.len(), times(plan)),
        panels: panels.into_iter().map(|(_, panel)| panel).filter(|panel| panel.bars.len() > 1).collect(),
        note: [super::factors::clear(study), asked].join(" ").trim().to_owned(),
    }
}

/// Of which factors a panel has no bar: those whose effect on its outcome no hypothesis asks for.
fn not_asked<'a>(study: &Study, panels: impl Iterator<Item = &'a ParetoPanel>) -> String {
    let without = |panel: &ParetoPanel| -> Option<String> {
        let missing: Vec<&str> = study
            .factors
            .iter()
            .map(|factor| &*factor.name)
            .filter(|name| panel.bars.iter().all(|bar| bar.name != *name))
            .collect();
        let names = match missing.as_slice() {
            [] => return None,
            [all @ .., last] if all.len() < 4 && !all.is_empty() => format!("{} and {last}", all.join(", ")),
            [one] => (*one).to_owned(),
            many => format!("{} factors", many.len()),
        };
        Some(format!("No hypothesis asks for the effect of {names} on “{}”, where it has no bar.", panel.title))
    };
    panels.filter(|panel| panel.bars.len() > 1).filter_map(without).collect::<Vec<_>>().join(" ")
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What a hypothesis asks, as the label of an axis.
pub(super) fn asked(study: &Study, hypothesis: &Hypothesis) -> String {
    let arm = |index: usize| &study.arms[index].name;
    let factor = |index: &usize| study.factors[*index].name.as_str();
    match &hypothesis.ask {
        Ask::Contrast(contrast) => format!("{} − {}", arm(contrast.treated), arm(contrast.reference)),
        Ask::Moderated(contrast, _) => {
            format!("moderation of {} − {}", arm(contrast.treated), arm(contrast.reference))
        }
        Ask::Factors(factors) => factors.iter().map(factor).collect::<Vec<_>>().join(" × "),
        Ask::Resemblance(groups) => format!("resemblance within {}", super::words::plural(*groups)),
        Ask::Association(asked) => format!("per unit of {}", in_words(asked.predictor)),
    }
}
