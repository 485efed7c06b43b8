//! Questions beyond two arms: that what is estimated is what is true, that tests keep their size, and that the pieces between
//! an association and its causal truth are told apart. Replications and seeds are fixed; each bound states its error.

use peerlab::model::lanes::Instructions;
use peerlab::scenario::read;
use peerlab::study::analysis::Answer;
use peerlab::study::estimators::{Asked, find};
use peerlab::study::experiment::{Record, replicate};
use peerlab::study::plan::Plan;

fn plan(text: &str, overrides: &[&str]) -> Plan {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    match read(text, "test.toml", &overrides) {
        Ok(scenario) => Plan::new(scenario.study).unwrap(),
        Err(problems) => panic!("{problems:?}"),
    }
}

/// Every replication's answers, in the order of hypotheses and estimators.
fn run(plan: &Plan, count: u64) -> Vec<Vec<Answer>> {
    (0..count).map(|number| replicate(plan, number, Record::Summary, Instructions::Widest).answers).collect()
}

/// Mean and its standard error.
fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// The mean over replications of something about the answer with this number, with its standard error.
fn of(runs: &[Vec<Answer>], answer: usize, what: impl Fn(&Answer) -> f64) -> (f64, f64) {
    mean(runs.iter().map(|answers| what(&answers[answer])))
}

fn estimate(answer: &Answer) -> f64 {
    answer.result.as_ref().unwrap().estimate
}

const FACTORIAL: &str = r#"
id = "factorial"
title = "Two factors"
[population]
dyads = 64
[organization]
count = 16
[mechanism]
exit_and_hiring = 0
[program]
kind = "formal"
weeks = 8
[design]
unit = "organization"
[factorial]
design = "full"
[[factor]]
id = "training"
high.training.active_listening.dose = 1.0
[[factor]]
id = "structure"
low.program.structure = 0.1
high.program.structure = 0.9
[measurement]
waves = [0, 8]
reliability = 1.0
rater_bias = 0.0
[[hypothesis]]
id = "M"
statement = "main effect"
outcome = "trust"
factor = "training"
expect = "different"
level = "organization"
estimator = "difference_cr2"
[[hypothesis]]
id = "I"
statement = "interaction"
outcome = "trust"
interaction = ["training", "structure"]
expect = "different"
level = "organization"
estimator = "difference_cr2"
[[hypothesis]]
id = "P"
statement = "main effect, persons as rows"
outcome = "trust"
factor = "training"
expect = "different"
estimator = ["difference_cr2", "ancova_cr2"]
"#;

/// 150 replications. The estimates have the truth as their mean, within four standard errors (false alarm below 1e-4); there
/// is a main effect to be found.
#[test]
fn main_effects_and_interactions_are_unbiased() {
    let plan = plan(FACTORIAL, &[]);
    assert_eq!(plan.worlds.len(), 4, "every arm's world of a small design");
    let runs = run(&plan, 150);
    for answer in 0..4 {
        let (bias, error) = of(&runs, answer, |a| estimate(a) - a.effect.truth);
        assert!(bias.abs() < 4.0 * error, "answer {answer}: bias {bias} ± {error}");
    }
    let (truth, error) = of(&runs, 0, |a| a.effect.truth);
    assert!(truth > 10.0 * error, "training moves trust: {truth} ± {error}");
    // Of a small design the arms' own worlds give the same answer if everyone had them.
    let (apart, error) = of(&runs, 0, |a| a.effect.total - a.effect.truth);
    assert!(apart.abs() < 4.0 * error, "{apart} ± {error}");
    // Equal groups, whom nobody leaves: the mean over persons is the mean over organizations.
    for answers in &runs[..5] {
        assert!((estimate(&answers[0]) - estimate(&answers[2])).abs() < 1e-10);
        assert!((answers[0].effect.truth - answers[2].effect.truth).abs() < 1e-10);
    }
}

/// 400 replications without any treatment: the 5 % tests reject in 5 %. The bound is 3.3 binomial standard errors, .036 (false
/// alarm 1e-3 per test).
#[test]
fn tests_keep_their_size_when_nothing_is_done() {
    let nothing = [
        "factor.training.high.training.active_listening.dose=0",
        "factor.structure.low.program.structure=0.5",
        "factor.structure.high.program.structure=0.5",
    ];
    let runs = run(&plan(FACTORIAL, &nothing), 400);
    for answer in 0..4 {
        let effects = of(&runs, answer, |a| a.effect.truth.abs());
        assert_eq!(effects.0, 0.0, "at dose 0 there is exactly no effect");
        let (rejected, _) = of(&runs, answer, |a| f64::from(a.result.as_ref().unwrap().p_value < 0.05));
        assert!((rejected - 0.05).abs() < 0.036, "answer {answer} rejects in {rejected}");
    }
}

/// Two interventions that add up on the raw scale do not on the logarithmic one, and the other way round: the model's own
/// interaction is not what is tested here but that the two are the coefficients they say they are.
#[test]
fn an_interaction_is_the_difference_of_differences_of_the_arms() {
    let plan = plan(FACTORIAL, &["hypothesis.I.level=person"]);
    let answers = replicate(&plan, 0, Record::Waves, Instructions::Widest);
    let wave = answers.waves.last().unwrap();
    let trust = &wave.truths[0];
    let mean_of = |arm: usize| {
        let of_arm: Vec<f64> =
            trust.iter().zip(&answers.arms).filter(|(_, a)| **a == arm).map(|(value, _)| *value).collect();
        of_arm.iter().sum::<f64>() / of_arm.len() as f64
    };
    let high = |arm: usize| plan.study.arms[arm].levels.clone();
    let arm = |levels: [bool; 2]| (0..4).find(|a| high(*a) == levels).unwrap();
    let [none, first, second, both] =
        [[false, false], [true, false], [false, true], [true, true]].map(|levels| mean_of(arm(levels)));
    let sample = answers.answers[1].effect.sample;
    assert!((sample - (both - first - second + none)).abs() < 1e-12, "{sample}");
}

const MODERATED: &str = r#"
id = "moderated"
title = "Moderated"
[population]
dyads = 60
[program]
kind = "formal"
weeks = 8
[[arm]]
name = "talk"
control = true
[[arm]]
name = "training"
training.active_listening.dose = 1.0
[measurement]
waves = [0, 8]
reliability = 1.0
rater_bias = 0.0
[[hypothesis]]
id = "S"
statement = "by career stage"
outcome = "trust"
contrast = ["training", "talk"]
moderator = { attribute = "career_stage", levels = ["late", "early"] }
expect = "different"
estimator = "difference_cr2"
[[hypothesis]]
id = "A"
statement = "by a measured trait"
outcome = "trust"
contrast = ["training", "talk"]
moderator = { measured = "self_awareness" }
expect = "different"
estimator = "difference_cr2"
[[hypothesis]]
id = "E"
statement = "by a standing, dyads as rows"
outcome = "trust"
contrast = ["training", "talk"]
moderator = { attribute = "experience" }
level = "dyad"
expect = "different"
estimator = ["difference_cr2", "ancova_cr2"]
"#;

/// A moderated contrast is the slope of the outcome on the moderator among the treated minus that among the others, computed
/// here by hand from the persons of a replication; and over 150 replications it is unbiased (four standard errors).
#[test]
fn a_moderated_contrast_is_a_difference_of_slopes() {
    let plan = plan(MODERATED, &[]);
    let one = replicate(&plan, 3, Record::Waves, Instructions::Widest);
    let trust = plan.scales.iter().position(|scale| scale.about.id == "trust").unwrap();
    let aware = plan.scales.iter().position(|scale| scale.about.id == "self_awareness").unwrap();
    let slope = |arm: usize, moderator: &dyn Fn(usize) -> Option<f64>| {
        let rows: Vec<(f64, f64)> = (0..one.arms.len())
            .filter(|person| one.arms[*person] == arm)
            .filter_map(|person| Some((moderator(person)?, one.waves[1].answers[trust][person])))
            .collect();
        let n = rows.len() as f64;
        let (mx, my) = (rows.iter().map(|r| r.0).sum::<f64>() / n, rows.iter().map(|r| r.1).sum::<f64>() / n);
        let sxy: f64 = rows.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
        sxy / rows.iter().map(|(x, _)| (x - mx) * (x - mx)).sum::<f64>()
    };
    let stage = |person: usize| match one.individuals[person].birth.career_stage {
        2 => Some(1.0),
        0 => Some(0.0),
        _ => None,
    };
    let awareness = |person: usize| Some(one.waves[0].answers[aware][person]);
    let by_stage = slope(1, &stage) - slope(0, &stage);
    let by_awareness = slope(1, &awareness) - slope(0, &awareness);
    assert!((estimate(&one.answers[0]) - by_stage).abs() < 1e-10);
    assert!((estimate(&one.answers[1]) - by_awareness).abs() < 1e-10);

    let runs = run(&plan, 150);
    for answer in 0..4 {
        let (bias, error) = of(&runs, answer, |a| estimate(a) - a.effect.truth);
        assert!(bias.abs() < 4.0 * error, "answer {answer}: bias {bias} ± {error}");
    }
}

const SURVEY: &str = r#"
id = "survey"
title = "Survey"
[population]
dyads = 400
[organization]
count = 20
climate_sd = 0.0
[mechanism]
exit_and_hiring = 0
[program]
kind = "formal"
weeks = 8
[design]
unit = "organization"
allocation = "none"
[[arm]]
name = "everyone"
control = true
[[arm]]
name = "more"
share = 0
shift.self_direction.dose = 0.5
[measurement]
waves = [0, 8]
reliability = 1.0
rater_bias = 0.0
[[hypothesis]]
id = "Q"
statement = "association"
outcome = "learning_elsewhere"
predictor = "self_direction"
predictor_week = 0
causal = "more"
expect = "greater"
estimator = ["slope_cr2", "regression_cr2"]
covariates = ["self_awareness"]
[[hypothesis]]
id = "R"
statement = "correlation"
outcome = "learning_elsewhere"
predictor = "self_direction"
predictor_week = 0
causal = "more"
expect = "greater"
estimator = "correlation_jackknife"
"#;

/// Self-direction is independent of the other traits and moves nobody else: with error-free instruments the slope is the causal
/// one, but for the bend of the logistic it acts through. 40 replications; the tolerance is a tenth of the slope and four
/// standard errors.
#[test]
fn without_error_and_confounding_the_slope_is_causal() {
    let runs = run(&plan(SURVEY, &[]), 40);
    for answer in 0..2 {
        let (causal, _) = of(&runs, answer, |a| a.effect.truth);
        let (bias, error) = of(&runs, answer, |a| estimate(a) - a.effect.truth);
        assert!(causal > 0.005, "self-direction is of use: {causal}");
        assert!(bias.abs() < 0.1 * causal + 4.0 * error, "answer {answer}: {bias} ± {error} of {causal}");
        // Nobody else is moved by it, and nothing stands between the truth and the answers.
        let (through_others, _) = of(&runs, answer, |a| a.effect.own - a.effect.truth);
        assert!(through_others.abs() < 0.05 * causal, "{through_others}");
        let (error_of_measurement, _) = of(&runs, answer, |a| (estimate(a) - a.effect.sample).abs());
        assert!(error_of_measurement < 1e-9);
    }
    let (r, _) = of(&runs, 2, estimate);
    assert!((0.05..0.95).contains(&r), "a correlation: {r}");
}

/// Half of the predictor's observed variance is error: the slope is half of what it is without (Spearman 1904). 40
/// replications, four standard errors.
#[test]
fn an_unreliable_predictor_attenuates() {
    let half = ["measurement.instruments.self_direction.reliability=0.5"];
    let runs = run(&plan(SURVEY, &half), 40);
    let (apart, error) = of(&runs, 0, |a| estimate(a) - 0.5 * a.effect.answered);
    assert!(apart.abs() < 4.0 * error, "{apart} ± {error}");
    let (lost, _) = of(&runs, 0, |a| a.effect.unshared - a.effect.answered);
    let (shared, _) = of(&runs, 0, |a| estimate(a) - a.effect.unshared);
    assert!(lost < -0.003 && shared.abs() < 1e-9, "error alone, and nothing shared: {lost} {shared}");
}

/// Raters who answer all scales a little too high or too low make scales correlate that have nothing else in common.
#[test]
fn a_raters_own_bias_inflates_what_is_associated() {
    let inflated = |bias: &str| {
        let bias = format!("measurement.rater_bias={bias}");
        let runs = run(&plan(SURVEY, &["measurement.reliability=0.5", &bias, "hypothesis.Q.predictor_week=8"]), 20);
        of(&runs, 0, |a| estimate(a) - a.effect.unshared).0
    };
    let [none, some, much] = ["0.0", "0.4", "0.8"].map(inflated);
    assert!(none.abs() < 1e-9, "nothing is shared: {none}");
    assert!(0.005 < some && 2.0 * some < much, "it grows faster than the bias: {some} {much}");
}

#[test]
fn only_the_worlds_that_are_asked_for_are_run() {
    let survey = plan(SURVEY, &[]);
    assert_eq!(survey.worlds.len(), 3, "everyone as they are, everyone moved, and half of them moved");
    let answers = replicate(&survey, 0, Record::Summary, Instructions::Widest);
    assert!(answers.arms.iter().all(|arm| *arm == 0), "nobody is assigned");
    assert_eq!(answers.summaries.iter().filter(|summary| summary.everyone.is_none()).count(), 1);

    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/risk-factors.toml")).unwrap();
    let factorial = plan(&text, &[]);
    assert_eq!((factorial.study.arms.len(), factorial.worlds.len()), (32, 1));
    assert!(factorial.study.arms[0].control && factorial.study.arms[0].levels.iter().all(|high| !high));
    // Each factor's high level is in half of the arms, at the exposure it says.
    let exposed = |arm: usize| factorial.study.arms[arm].parameters.get("risk.mismatching.exposure").unwrap();
    assert_eq!((0..32).filter(|arm| exposed(*arm) == 0.5).count(), 16);
}

/// What a factor does reaches the states of those who are in it and of nobody else.
#[test]
fn a_risk_that_an_arm_carries_touches_its_own_members_alone() {
    let text = r#"
id = "risk"
title = "Risk"
[population]
dyads = 40
[organization]
count = 4
[program]
kind = "formal"
weeks = 1
[design]
unit = "organization"
[[arm]]
name = "none"
control = true
[[arm]]
name = "skills"
risk.inadequate_skills.exposure = 1.0
risk.climate_of_mistrust.exposure = 1.0
[measurement]
waves = [0, 1]
"#;
    let plan = plan(text, &[]);
    let found = replicate(&plan, 0, Record::Waves, Instructions::Widest);
    let bare = replicate(
        &self::plan(
            text,
            &["arm.skills.risk.inadequate_skills.exposure=0", "arm.skills.risk.climate_of_mistrust.exposure=0"],
        ),
        0,
        Record::Waves,
        Instructions::Widest,
    );
    let listening = peerlab::model::outcomes::find("listening").unwrap();
    let climate = peerlab::model::outcomes::find("climate").unwrap();
    for (person, arm) in found.arms.iter().enumerate() {
        let moved =
            |outcome: usize| found.individuals[person].before[outcome] - bare.individuals[person].before[outcome];
        if *arm == 1 {
            assert!((moved(listening) + 1.2).abs() < 1e-12, "1.2 SD at full exposure");
            assert!(moved(climate) < -0.1);
        } else {
            assert_eq!([moved(listening), moved(climate)], [0.0; 2]);
        }
    }
}

#[test]
fn what_answers_what_is_told_apart() {
    let answers = |id: &str| {
        let specification = find(id).unwrap().specification;
        [Asked::Experiment, Asked::Association, Asked::Resemblance].map(|asked| specification.answers(asked))
    };
    for id in ["slope_cr2", "regression_cr2", "regression_ols", "correlation_jackknife"] {
        assert_eq!(answers(id), [false, true, false]);
    }
    assert_eq!(answers("ancova_cr2"), [true, false, false]);
    assert_eq!(answers("apim_partner"), [true, true, false]);
    assert_eq!(answers("intraclass"), [false, false, true]);
}

/// A growth model has no organizations in it: where these are assigned, its error would be too small.
#[test]
fn growth_of_assigned_organizations_is_refused() {
    let study = peerlab::scenario::builtin::find("listening-training-longitudinal").unwrap();
    let set = ["design.unit=organization", "organization.count=6"].map(str::to_owned);
    let said = format!("{:?}", study.read(&set).err());
    assert!(said.contains("whole organizations are assigned") && said.contains("score = "), "{said}");
}
