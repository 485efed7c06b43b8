//! The analysis plan: a model for each hypothesis, and the rules around it.

use std::fmt::Write as _;

use super::sampling::rounded;
use super::{Material, ids, stopped};
use crate::inquiry::answers::ALPHA;
use crate::model::outcomes::in_words;
use crate::report::text::number;
use crate::report::words::contrast;
use crate::study::declaration::{Allocation, Ask, Expect, Hypothesis, Kind, Level, Unit};
use crate::study::estimators::{DegreesOfFreedom, Errors, Estimator, Method, Sample, Specification};

/// The model of each hypothesis.
pub(super) fn models(material: &Material) -> String {
    let study = material.study();
    let mut out = String::new();
    let mut used: Vec<&Estimator> = Vec::new();
    for (index, (declared, question)) in study.hypotheses.iter().zip(&material.plan.questions).enumerate() {
        let Some(estimator) = question.estimators.first().copied() else { continue };
        // Declared in the outcome's own unit; the table of power and the interval are on the instrument's scale.
        let scaled = material.plan.smallest_effect(index);
        let on_scale = match (scaled - declared.smallest_effect_of_interest).abs() > 1e-9 {
            true => format!(" On the instrument's scale that is {}.", rounded(scaled)),
            false => String::new(),
        };
        if !used.iter().any(|known| known.id == estimator.id) {
            used.push(estimator);
        }
        let _ = writeln!(
            out,
            "- **{}**: {}{on_scale} Model: {} (`{}`){}{}. Clusters: {}.",
            declared.id,
            contrast(study, declared).replace("; held against the world", "; in the simulation held against the world"),
            estimator.name,
            estimator.id,
            column(declared),
            covariates(declared, estimator, question.covariate_wave, material),
            cluster(material, declared, estimator),
        );
    }
    out.push_str("\nThe models, with the columns t of the question, z that stand beside it and c covariates:\n\n");
    for one in used {
        let _ = writeln!(
            out,
            "- `{}`, {}: {} Equation: `{}`. {} Holds if: {} Source: {}",
            one.id,
            one.name,
            stopped(one.meaning),
            one.equation,
            degrees(one),
            stopped(one.assumptions),
            stopped(one.source)
        );
    }
    let _ = write!(
        out,
        "\nThe analysis can be run as it stands here, on a table with a row per person: `peerlab analyze data.csv --study {}`.\n",
        study.id
    );
    out
}

/// What the question's column is.
fn column(one: &Hypothesis) -> &'static str {
    match &one.ask {
        Ask::Contrast(_) => "",
        Ask::Moderated(..) => "; the coefficient asked is that of arm × moderator, with arm and moderator beside it",
        Ask::Factors(factors) if factors.len() == 1 => {
            "; factors enter as ±½, so that the coefficient is high minus low"
        }
        Ask::Factors(_) => "; factors enter as ±½, and the coefficient asked is that of their product",
        Ask::Resemblance(_) => "; what is asked is the intraclass correlation, which may be negative",
        Ask::Association(_) => "; the coefficient asked is that of the predictor",
    }
}

fn covariates(one: &Hypothesis, estimator: &Estimator, wave: usize, material: &Material) -> String {
    if !estimator.specification.covariates() || one.covariates.is_empty() {
        return "; no covariates".to_owned();
    }
    let week = material.study().measurement.waves.get(wave).copied().unwrap_or(0);
    let names: Vec<String> = one.covariates.iter().map(|name| in_words(name)).collect();
    format!("; covariates at week {week}: {}", names.join(", "))
}

/// What is taken as one.
fn cluster(material: &Material, one: &Hypothesis, estimator: &Estimator) -> String {
    let study = material.study();
    let informal = study.arms.iter().filter(|arm| arm.program.kind == Kind::Informal).count();
    let level = match one.ask {
        Ask::Resemblance(groups) => groups,
        _ => one.level,
    };
    let words = match (level, study.design.unit) {
        _ if estimator.method == Method::LeastSquares(Errors::Classical, DegreesOfFreedom::Naive) => {
            "none; rows are taken as independent"
        }
        (Level::Organization, _) | (_, Unit::Organization) => "organizations",
        _ if estimator.specification == Specification::SteppedWedge => "organizations",
        (Level::Team, _) => "teams",
        _ if informal == study.arms.len() => "teams, in which colleagues coach each other",
        _ if informal > 0 => "pairs or circles; teams where colleagues coach each other informally",
        _ if study.arms.iter().any(|arm| arm.program.group_size > 2) => "pairs and circles",
        _ => "pairs",
    };
    words.to_owned()
}

/// Degrees of freedom in words.
fn degrees(one: &Estimator) -> &'static str {
    match one.method {
        Method::LeastSquares(Errors::Classical, _) => "Degrees of freedom: rows minus coefficients.",
        Method::LeastSquares(_, DegreesOfFreedom::Satterthwaite) => {
            "Degrees of freedom: Satterthwaite's approximation, from the clusters and the coefficient that is tested."
        }
        Method::LeastSquares(_, DegreesOfFreedom::Naive) | Method::ClusterJackknife => {
            "Degrees of freedom: clusters minus one."
        }
        Method::WildBootstrap => "No degrees of freedom: p and interval are from the bootstrap.",
        Method::Randomization => "No degrees of freedom: p and interval are from the lots that could have been drawn.",
        _ => "Degrees of freedom: as in the equation.",
    }
}

pub(super) fn transformations(material: &Material) -> String {
    let correlated =
        ids(material.study(), |one| one.estimators.first().is_some_and(|id| id.starts_with("correlation")));
    let arms =
        if material.study().design.allocation == Allocation::None { "" } else { "; arms as 1 (the first named) and 0" };
    let mut out = format!("None: scores enter as they are measured{arms}.");
    if !correlated.is_empty() {
        let _ =
            write!(out, " For the correlation in {correlated} both sides are divided by their standard deviations.");
    }
    out
}

pub(super) fn criteria(material: &Material) -> String {
    let study = material.study();
    let open = ids(study, |one| one.expect == Expect::Different);
    let directed = ids(study, |one| one.expect != Expect::Different);
    let mut out = format!("Two-sided tests at alpha = {}, with 95 % confidence intervals.", number(ALPHA));
    if !directed.is_empty() {
        let _ = write!(out, " {directed}: supported if p < alpha and the estimate lies on the expected side.");
    }
    if !open.is_empty() {
        let _ = write!(out, " {open}: open; whatever side is found is reported as found.");
    }
    match study.hypotheses.len() {
        0 | 1 => out.push_str(" There is one hypothesis, so that nothing is corrected for several."),
        count => {
            let _ = write!(
                out,
                "\n\nThe {count} hypotheses are one family: p-values are corrected by Holm's method over the planned estimator of each, and \
                 the corrected p is the one that decides; uncorrected ones are reported beside it. [Strike this, or name smaller families, if the hypotheses are to be judged one by one]"
            );
        }
    }
    out.push_str(
        "\n\nBy its 95 % interval each result is one of three. Within ± the smallest effect of interest: evidence that there is none of interest, be \
         there another or not. Else, 0 outside of it: an effect on its side, and one of interest for certain if the whole interval lies beyond \
         the smallest. Else, with 0 and more than the smallest effect in it: inconclusive.",
    );
    let wide = ids(study, |one| {
        let at = study.hypotheses.iter().position(|other| other.id == one.id);
        at.is_some_and(|index| {
            let planned = material.planned(index).filter(|simulated| simulated.estimates.len() > 1);
            planned.is_some_and(|simulated| {
                1.96 * super::sampling::spread(simulated) > material.plan.smallest_effect(index)
            })
        })
    });
    if !wide.is_empty() {
        let _ = write!(
            out,
            " **At this size evidence of none cannot be expected of {wide}**: half of their interval is as a rule wider than the smallest effect of \
             interest (Sample size rationale)."
        );
    }
    out
}

pub(super) fn exclusion(material: &Material) -> String {
    let completers =
        material.plan.questions.iter().any(|one| one.estimators.iter().any(|e| e.sample == Sample::Completers));
    let completers = if completers {
        " A second analysis among those who went through with it stands beside it, as exploratory."
    } else {
        ""
    };
    if material.study().design.allocation == Allocation::None {
        return format!(
            "Nobody who answered is excluded.{completers} [Careless answers, outliers, persons who took part twice: rules, or none]"
        );
    }
    let chosen = material.study().design.allocation == Allocation::SelfSelected;
    let assigned = if chosen { "they chose at the start" } else { "they were assigned to" };
    let treat = if chosen { "" } else { " (intention to treat)" };
    format!(
        "Nobody is excluded for what happened after the start: everyone is analyzed in the arm {assigned}, whether or not they met{treat}.{completers} [Careless answers, outliers, persons who took part twice: rules, or none]"
    )
}

pub(super) fn missing(material: &Material) -> String {
    let study = material.study();
    let wedge = material
        .plan
        .questions
        .iter()
        .flat_map(|one| one.estimators.first())
        .any(|one| one.specification == Specification::SteppedWedge);
    let wave = if wedge { " In the stepped wedge every answer that there is counts, wave by wave." } else { "" };
    let lost = if study.measurement.attrition > 0.0
        || study.measurement.instruments.iter().any(|one| one.non_response > 0.0)
    {
        " The simulated experiments lose participants in the same way, so that the power above is with them lost; that people stop answering for \
         reasons other than those in the model is not in it."
    } else {
        " The simulation assumes that nobody stops answering but those who leave the organization."
    };
    format!(
        "An analysis is of everyone who has every score that it needs (the outcome, and what it adjusts for); nothing is imputed.{wave}{lost} \
         [Whether multiple imputation stands beside it]"
    )
}

pub(super) fn exploratory(material: &Material) -> String {
    let study = material.study();
    let mut out = String::new();
    for one in &study.hypotheses {
        if let [_, others @ ..] = one.estimators.as_slice()
            && !others.is_empty()
        {
            let _ = writeln!(out, "- {}, estimated otherwise: {}.", one.id, others.join(", "));
        }
    }
    if out.is_empty() {
        out.push_str("None is planned.\n");
    }
    out.push_str("\nWhatever else is found is called exploratory. [What you mean to look at]");
    out
}
