//! Arms that differ in how partners are found: who sits with whom, what stays the same over worlds, and what is true.

use peerlab::model::birth::Birth;
use peerlab::model::lanes::Instructions;
use peerlab::model::person::Trait;
use peerlab::scenario::{builtin, read};
use peerlab::study::experiment::{Record, Replication, replicate};
use peerlab::study::plan::Plan;
use peerlab::study::recruitment::{Sample, clusters, recruit};

fn built_in(id: &str, overrides: &[&str]) -> Plan {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    Plan::new(builtin::find(id).unwrap().read(&overrides).unwrap_or_else(|p| panic!("{p:?}")).study).unwrap()
}

/// A study with these lines in [program], [design] and its two arms.
fn two_arms(program: &str, design: &str, first: &str, second: &str, organizations: usize, dyads: usize) -> Plan {
    let text = format!(
        "id = \"two\"\ntitle = \"Two\"\n[population]\ndyads = {dyads}\n[organization]\ncount = {organizations}\n\
         [program]\nkind = \"formal\"\nweeks = 8\n{program}\n[design]\nunit = \"dyad\"\n{design}\n\
         [[arm]]\nname = \"one\"\ncontrol = true\n{first}\n[[arm]]\nname = \"other\"\n{second}\n\
         [[hypothesis]]\nid = \"H\"\nstatement = \"They differ\"\noutcome = \"learning_task\"\n\
         contrast = [\"other\", \"one\"]\nexpect = \"different\"\n[monte_carlo]\nreplications = 4\nseed = 5\n"
    );
    Plan::new(read(&text, "two.toml", &[]).unwrap_or_else(|p| panic!("{p:?}")).study).unwrap()
}

fn run(plan: &Plan, count: u64) -> Vec<Replication> {
    (0..count).map(|number| replicate(plan, number, Record::Episodes, Instructions::Widest)).collect()
}

/// Mean over pairs of an arm of how far the two are apart.
fn apart(sample: &Sample, arm: usize, value: impl Fn(&Birth) -> f64) -> f64 {
    let pairs = sample.births.chunks_exact(2).zip(sample.arms.chunks_exact(2)).filter(|(_, arms)| arms[0] == arm);
    let gaps: Vec<f64> = pairs.map(|(pair, _)| (value(&pair[0]) - value(&pair[1])).abs()).collect();
    gaps.iter().sum::<f64>() / gaps.len() as f64
}

fn mind_set(birth: &Birth) -> f64 {
    birth.traits[Trait::MindSet as usize]
}

/// Pairs are made by what a questionnaire says, not by what is: the worse it is, the less the paired resemble each other.
#[test]
fn matching_goes_by_what_was_measured() {
    let gap = |reliability: f64| {
        let design = format!("screening = {{ trait = \"mind_set\", reliability = {reliability} }}");
        let plan = two_arms("matching = \"mind-set-alike\"", &design, "", "", 1, 200);
        apart(&recruit(&plan, 0), 0, mind_set)
    };
    let (perfect, good, poor) = (gap(1.0), gap(0.8), gap(0.3));
    // Two who are drawn by lot are 2/√π = 1.13 SD apart; at reliability r the best that can be done is √(1 − r) of it.
    assert!(perfect < 0.05 && (0.35..0.65).contains(&good) && (0.75..1.1).contains(&poor), "{perfect} {good} {poor}");
}

/// Each arm is filled from the half that is eligible by the score, within each organization.
#[test]
fn arms_are_filled_from_their_halves() {
    let plan = built_in("mind-set-pairing", &["organization.count=5", "design.allocation=\"blocked\""]);
    for number in 0..3 {
        let sample = recruit(&plan, number);
        for organization in 0..5 {
            let own = 40 * organization..40 * (organization + 1);
            let mut scores: Vec<f64> = sample.measured[own.clone()].to_vec();
            scores.sort_by(f64::total_cmp);
            let high = |person: usize| sample.measured[person] > 0.5 * (scores[19] + scores[20]);
            for pair in own.step_by(2) {
                let above = usize::from(high(pair)) + usize::from(high(pair + 1));
                assert_eq!(above, [0, 2, 1, 0][sample.arms[pair]]);
            }
        }
    }
}

/// Arms of different composition hold other people: nobody can say what would have been. Of the same composition they do.
#[test]
fn other_people_have_no_counterfactual() {
    let plan = built_in("mind-set-pairing", &[]);
    for replication in run(&plan, 2) {
        for answer in &replication.answers {
            let effect = answer.effect;
            let same = plan.study.hypotheses[answer.hypothesis].ask.contrast().unwrap().treated == 3;
            assert_eq!(effect.total.is_finite() && effect.direct.is_finite() && effect.spill_over.is_finite(), same);
            assert!(effect.truth.is_finite() && effect.sample.is_finite());
            assert_eq!(effect.truth, if same { effect.direct } else { effect.sample });
        }
    }
}

/// At dose 0 training changes nothing, although its world is another than the observed one.
#[test]
fn training_at_dose_zero_is_none() {
    let plan = built_in("mind-set-pairing", &["arm.\"trained performance pairs\".training.mind_set.dose=0"]);
    for replication in run(&plan, 2) {
        let trained = replication
            .answers
            .iter()
            .filter(|a| plan.study.hypotheses[a.hypothesis].ask.contrast().unwrap().treated == 3);
        trained.for_each(|answer| assert_eq!([answer.effect.total, answer.effect.direct], [0.0; 2]));
    }
}

/// Whatever the arms' rules, every world of a replication holds the same persons: before the program, who they are is the
/// same in each, person by person.
#[test]
fn everyone_is_the_same_person_in_every_world() {
    let plan = built_in("hybrid-circles", &["measurement.instruments.skill.items=1"]);
    let replication = &run(&plan, 1)[0];
    let mut arms = [0; 4];
    replication.arms.iter().for_each(|arm| arms[*arm] += 1);
    assert_eq!(arms, [48; 4]);
    let start: Vec<_> = replication.courses.iter().filter(|course| course.everyone.is_some()).collect();
    assert_eq!(start.len(), 4);
    assert!(start.windows(2).all(|pair| pair[0].weeks[0][0] == pair[1].weeks[0][0]));
    assert!(start.windows(2).all(|pair| pair[0].weeks[20][0] != pair[1].weeks[20][0]));
}

/// The exact truth of arms that differ in nothing but the order in which partners were found: none on average.
#[test]
fn effects_of_rules_are_in_the_worlds() {
    // Needs-based pairs against pairs by lot: fit differs by rule, so task learning does, in the worlds and in the sample.
    let plan = two_arms("", "", "", "program.matching = \"needs\"", 1, 100);
    let runs = run(&plan, 30);
    let mean = |of: fn(&Replication) -> f64| runs.iter().map(of).sum::<f64>() / runs.len() as f64;
    let (total, direct, sample) = (
        mean(|r| r.answers[0].effect.total),
        mean(|r| r.answers[0].effect.direct),
        mean(|r| r.answers[0].effect.sample),
    );
    assert!(total > 0.03 && direct > 0.02, "{total} {direct}");
    // The sample's chance imbalance has an SD of about .14 per replication, .026 over thirty: four of them.
    assert!((direct - sample).abs() < 0.11, "{direct} {sample}");
}

/// Circles and pairs, formal and informal arms in one study: everyone has a place, turns and a cluster.
#[test]
fn forms_go_together_in_one_study() {
    for (first, second) in [
        ("", "program.group_size = 5"),
        ("program.kind = \"none\"", "program = { group_size = 4, matching = \"needs\" }"),
        ("program.kind = \"informal\"", ""),
        ("program.kind = \"informal\"", "program.group_size = 8"),
    ] {
        let plan = two_arms("", "allocation = \"blocked\"", first, second, 2, 40);
        let sample = recruit(&plan, 1);
        let clusters = clusters(&plan, &sample);
        for person in 0..80 {
            let others = (0..80).filter(|other| clusters[*other] == clusters[person]);
            assert!(others.clone().count() >= 2);
            assert!(others.clone().all(|other| sample.arms[other] == sample.arms[person] && other / 40 == person / 40));
        }
        for replication in run(&plan, 2) {
            assert!(replication.answers.iter().all(|answer| answer.result.is_ok()));
            assert!(replication.answers.iter().all(|answer| answer.effect.truth != 0.0));
            let pairs = replication.end.as_ref().unwrap().relationships().count();
            assert!(replication.weeks.iter().all(|(_, dyads)| dyads.len() == pairs));
            assert!(replication.episodes.iter().all(|episode| episode.learner < 80));
        }
    }
}

/// Mixed circles really mix: their members' networks reach over more career stages, and less so where nobody is told apart.
#[test]
fn mixed_circles_reach_further() {
    let reach = |overrides: &[&str]| {
        let plan = built_in("hybrid-circles", overrides);
        let runs = run(&plan, 6);
        let of = |id: &str| {
            let at = plan.study.hypotheses.iter().position(|h| h.id == id).unwrap();
            runs.iter().flat_map(|r| &r.answers).filter(|a| a.hypothesis == at).map(|a| a.effect.total).sum::<f64>()
                / 6.0
        };
        (of("H5"), of("H6"))
    };
    let (range, developers) = reach(&[]);
    assert!(range > 0.1 && developers > 0.3, "{range} {developers}");
    let (unknown, _) = reach(&["design.screening.reliability=0.05"]);
    assert!(unknown.abs() < 0.6 * range, "by a worthless measure mixing is a lot: {unknown} {range}");
}

/// Seniority matters through fit and dominance alone: cut both, and mixing circles moves who is fit for whom by lot only.
#[test]
fn seniority_acts_through_fit_and_dominance() {
    let effect = |overrides: &[&str]| {
        let plan = built_in("hybrid-circles", overrides);
        let end = |replication: &Replication| {
            let world = replication.end.as_ref().unwrap();
            let mixed = world.relationships().filter(|r| r.members.iter().all(|who| replication.arms[*who] == 1));
            let (mut gap, mut dependence, mut pairs) = (0.0, 0.0, 0.0);
            for pair in mixed {
                gap += (pair.ties[0].fit[pair.lane] - pair.ties[1].fit[pair.lane]).abs();
                dependence += pair.shared.dependence[pair.lane].abs();
                pairs += 1.0;
            }
            [gap / pairs, dependence / pairs]
        };
        let runs = run(&plan, 4);
        [0, 1].map(|k| runs.iter().map(|r| end(r)[k]).sum::<f64>() / 4.0)
    };
    let open = effect(&[]);
    let no_fit = effect(&["theory.formation.fit_experience=0"]);
    let (no_status, much) = (effect(&["theory.dependence.status=0"]), effect(&["theory.dependence.status=1"]));
    assert!(open[0] > no_fit[0] + 0.05, "experience makes fit unequal: {open:?} {no_fit:?}");
    assert!(much[1] > no_status[1] + 0.1, "status makes dependent: {no_status:?} {open:?} {much:?}");
}

/// A relational risk that an arm alone carries touches its circles and its colleagues as it touches its pairs: each of the
/// four moves what they have learned, in the worlds of the arms, which share all else.
#[test]
fn a_relational_risk_of_an_arm_reaches_circles_and_colleagues() {
    for kind in ["program.group_size = 2", "program.group_size = 4", "program.kind = \"informal\""] {
        for factor in ["lack_of_relational_competence", "overdependence", "bad_intentions", "betrayal_or_regret"] {
            let second = format!("{kind}\nrisk.{factor}.exposure = 1.0");
            let plan = two_arms("", "allocation = \"complete\"", kind, &second, 1, 24);
            let moved = run(&plan, 4).iter().any(|replication| replication.answers[0].effect.total != 0.0);
            assert!(moved, "{kind}: {factor} is inert");
        }
    }
}
