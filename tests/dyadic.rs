//! Questions that pairs raise: what one of two passes on to the other, how far partners resemble each other, who is left of
//! those who began, and what the experiment's own lot says. Replications and seeds are fixed; each bound states its error.

use peerlab::model::lanes::Instructions;
use peerlab::scenario::read;
use peerlab::study::analysis::Answer;
use peerlab::study::experiment::{Record, replicate};
use peerlab::study::plan::Plan;

fn plan(text: &str, overrides: &[&str]) -> Plan {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    match read(text, "test.toml", &overrides) {
        Ok(scenario) => Plan::new(scenario.study).unwrap(),
        Err(problems) => panic!("{problems:?}"),
    }
}

fn refusal(text: &str) -> String {
    read(text, "test.toml", &[]).err().map(|problems| format!("{problems:?}")).unwrap_or_default()
}

/// Every replication's answers, in the order of hypotheses and estimators.
fn run(plan: &Plan, count: u64) -> Vec<Vec<Answer>> {
    (0..count).map(|number| replicate(plan, number, Record::Summary, Instructions::Widest).answers).collect()
}

/// The mean over replications of something about the answer with this number, with its standard error.
fn of(runs: &[Vec<Answer>], answer: usize, what: impl Fn(&Answer) -> f64) -> (f64, f64) {
    let values: Vec<f64> = runs.iter().map(|answers| what(&answers[answer])).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

fn estimate(answer: &Answer) -> f64 {
    answer.result.as_ref().unwrap().estimate
}

fn rejected(answer: &Answer) -> f64 {
    f64::from(u8::from(answer.result.as_ref().unwrap().p_value < 0.05))
}

/// Persons are trained by lot, whoever their partner is.
const PERSONS: &str = r#"
id = "persons"
title = "One of two is trained"
[population]
dyads = 40
[program]
kind = "formal"
weeks = 12
[design]
unit = "person"
[[arm]]
name = "talk"
control = true
[[arm]]
name = "training"
training.active_listening = { dose = 1.0 }
[measurement]
waves = [0, 12]
reliability = 1.0
rater_bias = 0.0
[[hypothesis]]
id = "H"
statement = "What a trained person learns, and what the partner of one learns"
outcome = "learning_personal"
contrast = ["training", "talk"]
expect = "different"
score = "change"
covariates = []
estimator = ["apim_actor", "apim_partner", "difference_cr2", "difference_randomization"]
"#;

/// 200 replications. Both effects have their truths as their means, within four standard errors (false alarm below 1e-4), and it is
/// the partner of a trained listener who learns.
#[test]
fn a_trained_listener_helps_the_partner() {
    let plan = plan(PERSONS, &[]);
    let runs = run(&plan, 200);
    for answer in 0..4 {
        let (bias, error) = of(&runs, answer, |a| estimate(a) - a.effect.truth);
        assert!(bias.abs() < 4.0 * error, "answer {answer}: bias {bias} ± {error}");
    }
    let (actor, _) = of(&runs, 0, |a| a.effect.truth);
    let (partner, error) = of(&runs, 1, |a| a.effect.truth);
    assert!(partner > 10.0 * error && partner > actor, "partner {partner} ± {error}, actor {actor}");
    // A comparison of trained with untrained persons sees the actor effect alone.
    let (apart, error) = of(&runs, 2, |a| a.effect.truth - actor);
    assert!(apart.abs() < 4.0 * error + 0.02, "{apart} ± {error}");
}

/// 600 replications in which nothing is done: 5 % rejections, within four Monte Carlo errors (.0356), also by the lot; of
/// complete allocation and of simple.
#[test]
fn tests_keep_their_size_where_nothing_is_done() {
    for allocation in ["complete", "simple"] {
        let allocation = format!("design.allocation=\"{allocation}\"");
        let plan =
            plan(PERSONS, &["population.dyads=20", &allocation, "arm.training.training.active_listening.dose=0"]);
        let runs = run(&plan, 600);
        for answer in [0, 1, 3] {
            let (share, _) = of(&runs, answer, rejected);
            assert!((share - 0.05).abs() < 0.0356, "{allocation}, answer {answer}: {share}");
        }
    }
}

/// Dyads in two arms; partners are asked how alike they are.
const ALIKE: &str = r#"
id = "alike"
title = "How alike partners are"
[population]
dyads = 60
[program]
kind = "formal"
weeks = 12
[[arm]]
name = "talk"
control = true
[[arm]]
name = "training"
training.active_listening = { dose = 2.0 }
[measurement]
waves = [0, 6, 12]
reliability = 1.0
rater_bias = 0.0
[[hypothesis]]
id = "R"
statement = "Partners resemble each other in trust"
outcome = "trust"
resemblance = "dyad"
expect = "greater"
estimator = ["intraclass", "intraclass_clamped"]
[[hypothesis]]
id = "C"
statement = "Training raises trust"
outcome = "trust"
contrast = ["training", "talk"]
expect = "greater"
estimator = ["ancova_cr2", "completers_ancova_cr2", "ancova_bootstrap", "ancova_cr3"]
"#;

/// 120 replications. A perfect instrument that everyone answers shows the true resemblance; errors of measurement pull it
/// toward zero; a treatment of dyads adds nothing to it.
#[test]
fn resemblance_is_of_true_scores_within_arms() {
    let perfect = run(&plan(ALIKE, &["mechanism.exit_and_hiring=0"]), 40);
    for answers in &perfect {
        assert!((estimate(&answers[0]) - answers[0].effect.truth).abs() < 1e-9);
        assert_eq!(estimate(&answers[1]), estimate(&answers[0]).max(0.0));
    }
    let noisy = run(&plan(ALIKE, &["measurement.reliability=0.5"]), 120);
    let (truth, _) = of(&noisy, 0, |a| a.effect.truth);
    let (seen, error) = of(&noisy, 0, estimate);
    assert!(seen < 0.8 * truth && seen > 0.2 * truth, "{seen} ± {error} of {truth}");
    let (untreated, error) =
        of(&run(&plan(ALIKE, &["arm.training.training.active_listening.dose=0"]), 120), 0, |a| a.effect.truth);
    assert!((untreated - truth).abs() < 0.1, "{untreated} ± {error} against {truth}");
}

/// Without anybody leaving, completers are everyone; with attrition they are fewer, and who answered at the last wave is more.
#[test]
fn completers_are_who_went_through_with_it() {
    // Hardly a pair ends: one in 400.
    let loyal = [
        "mechanism.exit_and_hiring=0",
        "theory.ending.base=-8.5",
        "theory.ending.distrust=0",
        "theory.ending.severe=0",
        "theory.ending.logistics=0",
    ];
    let whole: Vec<_> =
        run(&plan(ALIKE, &loyal), 10).into_iter().filter(|answers| answers[3].analyzed == 120).collect();
    assert!(whole.len() >= 5, "{}", whole.len());
    whole.iter().for_each(|answers| assert_eq!(answers[3].result, answers[2].result));
    let leaving = run(&plan(ALIKE, &["measurement.attrition=0.02", "measurement.non_response=0.1"]), 40);
    let (all, _) = of(&leaving, 2, |a| a.analyzed as f64);
    let (completers, _) = of(&leaving, 3, |a| a.analyzed as f64);
    assert!(completers < all - 5.0 && completers > 40.0, "{completers} of {all}");
    // The same rows, and the same estimate, whatever the errors.
    assert_eq!(estimate(&leaving[0][4]), estimate(&leaving[0][2]));
    assert!(
        leaving[0][5].result.as_ref().unwrap().standard_error > leaving[0][2].result.as_ref().unwrap().standard_error
    );
}

#[test]
fn what_cannot_be_asked_of_pairs_is_refused() {
    let apim = ALIKE.replace("\"ancova_cr3\"", "\"apim_actor\"");
    assert!(refusal(&apim).contains("both members of a pair are in the same arm"), "{}", refusal(&apim));
    let lot = ALIKE.replace("\"ancova_cr3\"", "\"ancova_randomization\"");
    assert_eq!(refusal(&lot), "");
    let circles = lot.replace("weeks = 12", "weeks = 12\ngroup_size = 4");
    assert!(refusal(&circles).contains("people find partners after the lot"), "{}", refusal(&circles));
    let chosen =
        lot.replace("[[arm]]\nname = \"talk\"", "[design]\nallocation = \"self-selected\"\n[[arm]]\nname = \"talk\"");
    assert!(refusal(&chosen).contains("nobody draws lots in this design"), "{}", refusal(&chosen));
    let means = ALIKE.replace("resemblance = \"dyad\"", "resemblance = \"dyad\"\nlevel = \"dyad\"");
    assert!(refusal(&means).contains("means of groups have no members"), "{}", refusal(&means));
    let crossed = ALIKE.replace("\"ancova_cr3\"", "\"intraclass\"");
    assert!(refusal(&crossed).contains("`intraclass` does not answer an experiment"), "{}", refusal(&crossed));
}
