//! `peerlab power --assume`: the design without the theory.

use std::process::ExitCode;

use serde_json::json;

use super::power::{PowerArguments, bar, wrong};
use super::screen::{colors, complain, print, width};
use super::signals::{self, interrupted};
use crate::inquiry::assumptions::{Assumptions, KEYS, Key, Kind, find};
use crate::inquiry::power::Over;
use crate::inquiry::power::assumed::{Answered, Request, Trouble, answer, design};
use crate::report::power_assumed::{Asked, text};
use crate::scenario::{listed, nearest};
use crate::study::assumed::{Assignment, Assumed};
use crate::study::estimators::{self, Estimator, Method, Specification, catalogue};

/// Replications of one size, at most, unless another number is asked for: they are cheap.
const REPLICATIONS: usize = 40_000;
/// The seed unless another is given.
const SEED: u64 = 20_121_210;
/// No field experiment has more.
const MOST: usize = 20_000;

/// What can be assumed, for the help.
pub(super) fn assume_help() -> String {
    let keys: Vec<String> = KEYS
        .iter()
        .map(|key| match key.kind {
            Kind::Word(words) => format!("{} ({}: {})", key.name, key.meaning, words.join(", ")),
            _ => format!("{} ({})", key.name, key.meaning),
        })
        .collect();
    format!(
        "The design without the theory, from numbers of your own, e.g. effect=0.5,icc=0.3,reliability=0.8,attrition=0.1. Keys: {}. \
         What is not given has a default, and the answer says every number",
        keys.join("; ")
    )
}

/// Answers by formula and by simulation.
pub(super) fn assumed(arguments: &PowerArguments, written: &str) -> ExitCode {
    match answered(arguments, written) {
        Ok(code) | Err(code) => code,
    }
}

fn answered(arguments: &PowerArguments, written: &str) -> Result<ExitCode, ExitCode> {
    let assumptions = Assumptions::read(written)
        .map_err(|error| wrong(&error, "`peerlab power --help` says what can be assumed, after --assume"))?;
    let estimators = asked_estimators(arguments, &assumptions)?;
    let (key, over) = range(arguments, &assumptions, &estimators)?;
    if assumptions.with(key, over.low).lacks_organization() {
        return Err(wrong(
            "organizations are assigned, and how alike persons of one organization are is not assumed: power rests on it",
            "Add organization_icc to --assume. Published: .08 to .40 for how people perceive the climate they share (LeBreton & Senter \
             2008; Woehr et al. 2015), mostly less for what each reports of oneself. Or see what it does: \
             --over organization_icc=0..0.4. That persons of one organization are no more alike than others is organization_icc=0.",
        ));
    }
    let request = Request {
        assumptions: &assumptions,
        key,
        over: &over,
        estimators: &estimators,
        target: arguments.target,
        alpha: arguments.alpha,
        at: arguments.at,
        most: arguments.replications.unwrap_or(REPLICATIONS),
        seed: arguments.seed.unwrap_or(SEED),
        threads: arguments.threads.unwrap_or(0),
    };
    let stop = interrupted().map_err(|reason| {
        complain(&format!("peerlab: cannot listen to Ctrl-C: {reason}"));
        ExitCode::FAILURE
    })?;
    let bar = bar(arguments, "an experiment from assumed numbers");
    let ended = answer(&request, stop, &|n| bar.inc(n));
    bar.finish_and_clear();
    match ended {
        Ok(answered) => Ok(tell(&request, &answered, arguments)),
        Err(trouble @ Trouble::Impossible { .. }) => Err(impossible(&trouble)),
        Err(Trouble::Interrupted) => {
            complain("peerlab: interrupted");
            Err(signals::status())
        }
        Err(trouble) => {
            complain(&format!("peerlab: {trouble}"));
            Err(ExitCode::FAILURE)
        }
    }
}

fn impossible(trouble: &Trouble) -> ExitCode {
    wrong(&trouble.to_string(), "no experiment can have these numbers: change what --assume says, or the range")
}

/// The estimators that are asked for; the one that suits the numbers unless any is.
fn asked_estimators(
    arguments: &PowerArguments,
    assumptions: &Assumptions,
) -> Result<Vec<&'static Estimator>, ExitCode> {
    let suits = if assumptions.assumed().baseline.is_some() { "ancova_cr2" } else { "difference_cr2" };
    let asked = arguments.estimator.as_deref().unwrap_or(suits);
    let fits = |one: &&Estimator| matches!(one.specification, Specification::Difference | Specification::Ancova);
    let known = || catalogue().iter().filter(|one| fits(one)).map(|one| one.id);
    let mut all: Vec<&'static Estimator> = Vec::new();
    for id in asked.split(',').map(str::trim) {
        let Some(one) = estimators::find(id).filter(fits) else {
            let meant = nearest(id, known()).map_or(String::new(), |near| format!("Did you mean `{near}`? "));
            let why = if estimators::find(id).is_some() {
                format!("`{id}` does not compare two arms at one time")
            } else {
                format!("there is no estimator `{id}`")
            };
            return Err(wrong(&why, &format!("{meant}Estimators of two arms are {}.", listed(known(), "and"))));
        };
        // A mixed model adjusts for what there is; an analysis of covariance without a covariate would be another name for the difference.
        let adjusts = one.specification.covariates() && !matches!(one.method, Method::Mixed(..));
        if adjusts && assumptions.assumed().baseline.is_none() {
            return Err(wrong(
                &format!("`{id}` needs a baseline"),
                "add its correlation with the outcome to --assume, e.g. baseline=0.5",
            ));
        }
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Ok(all)
}

/// The key with its range: as asked for, or around the answer by formula.
fn range(
    arguments: &PowerArguments,
    assumptions: &Assumptions,
    estimators: &[&'static Estimator],
) -> Result<(&'static Key, Over), ExitCode> {
    if let Some(over) = &arguments.over {
        let key = find(&over.key).map_err(|error| wrong(&error, "e.g. --over clusters=20..400"))?;
        if let Kind::Word(words) = key.kind {
            return Err(wrong(
                &format!("`{}` is no number: it is {}", key.name, listed(words.iter().copied(), "or")),
                "power is searched for along a number, e.g. --over clusters=20..400",
            ));
        }
        let broken = |value: &f64| key.kind == Kind::Whole && (value.fract() != 0.0 || *value < 0.0);
        if let Some(value) = [over.low, over.high].into_iter().chain(arguments.at).find(broken) {
            return Err(wrong(
                &format!("`{}` is a whole number, and {value} is none", key.name),
                "give whole numbers, e.g. --over clusters=20..400",
            ));
        }
        return Ok((key, over.clone()));
    }
    let by_organization = assumptions.assumed().assignment == Assignment::Organization;
    let per = find("clusters_per_organization").ok().and_then(|key| assumptions.value(key));
    if by_organization && per.is_none() {
        return Err(wrong(
            "organizations are assigned: say how many clusters each has, or along what to search",
            "e.g. clusters_per_organization=5 in --assume, or --over clusters=60..600",
        ));
    }
    let name = if per.is_some() { "organizations" } else { "clusters" };
    let Ok(key) = find(name) else { return Err(ExitCode::FAILURE) };
    let possible = |value: usize| design(assumptions, key, value as f64);
    // The least size that is possible at all.
    let Some(least) = (1..=MOST).find(|value| possible(*value).is_ok()) else {
        return Err(possible(MOST).map_or_else(|trouble| impossible(&trouble), |_| ExitCode::FAILURE));
    };
    // What needs the most: where some adjust for a baseline and some do not, the difference in means.
    let adjusts = estimators.iter().all(|one| one.specification.covariates());
    let power = |value: usize| {
        let assumed: Assumed = assumptions.with(key, value as f64).assumed();
        assumed.forecast(adjusts).power(arguments.alpha)
    };
    let mut high = least.max(8);
    while high < MOST && power(high) < arguments.target {
        high = (2 * high).min(MOST);
    }
    if power(high) < arguments.target {
        return Err(wrong(
            &format!("by formula not even {MOST} {name} give power {}", arguments.target),
            "assume a larger effect or a smaller correlation, or ask with --over what a range gives",
        ));
    }
    let low = (high / 8).max(least);
    Ok((key, Over { key: name.to_owned(), low: low as f64, high: (2 * high).max(low + 8) as f64 }))
}

fn tell(request: &Request, answered: &Answered, arguments: &PowerArguments) -> ExitCode {
    if arguments.json {
        let stated: serde_json::Map<String, serde_json::Value> =
            request.stated().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let document = json!({
            "assumed": stated,
            "over": { "key": request.key.name, "low": request.over.low, "high": request.over.high },
            "power": request.target,
            "alpha": request.alpha,
            "seed": request.seed,
            "answer": answered,
        });
        return print(&format!("{document:#}\n"));
    }
    if arguments.quiet {
        return ExitCode::SUCCESS;
    }
    let colors = colors();
    let bold = |text: &str| if colors { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() };
    let asked = Asked {
        stated: &request.stated(),
        key: request.key,
        over: request.over,
        target: request.target,
        alpha: request.alpha,
        seed: request.seed,
        most: request.most,
    };
    print(&text(&asked, answered, width(), bold))
}
