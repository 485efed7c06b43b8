//! Scenarios from outside: properties that hold for any text, every parameter's key and bounds, and designs that
//! contradict themselves.

use peerlab::model::parameters::registry;
use peerlab::scenario::{Problems, Scenario, builtin, read, resolved};
use proptest::prelude::*;

const RIGHT: &str = include_str!("scenarios/right.toml");

fn set(overrides: &[&str]) -> Result<Scenario, Problems> {
    let overrides: Vec<String> = overrides.iter().map(|&text| text.to_owned()).collect();
    read(RIGHT, "right.toml", &overrides)
}

/// What is said of the right scenario with these overrides, one line a problem.
fn said(overrides: &[&str]) -> String {
    set(overrides).map_or_else(|problems| problems.to_string(), |_| String::new())
}

/// The value as TOML reads it back to the same bits.
fn toml(value: f64) -> String {
    format!("{value:?}")
}

#[test]
fn every_parameter_can_be_set_by_its_id_within_its_bounds() {
    for parameter in registry() {
        let (table, key) = parameter.id.rsplit_once('.').expect("a dotted id");
        for value in [parameter.low, parameter.high] {
            // A table that stands there already takes the key; one that does not is added.
            let heading = format!("[{table}]\n");
            let line = format!("{key} = {}\n", toml(value));
            let plain = RIGHT.replace("competition = 0.4\n", "");
            let text = if plain.contains(&heading) {
                plain.replace(&heading, &format!("{heading}{line}"))
            } else {
                format!("{plain}\n{heading}{line}")
            };
            let from_file = read(&text, "x.toml", &[]).unwrap_or_else(|p| panic!("{p}"));
            assert_eq!(from_file.study.parameters.get(parameter.id), Some(value));
            let from_line = set(&[&format!("{}={}", parameter.id, toml(value))]);
            let from_line = from_line.unwrap_or_else(|p| panic!("{p}"));
            assert_eq!(from_line.study.parameters.get(parameter.id), Some(value));
        }
        for value in [parameter.low - 0.001, parameter.high + 0.001, f64::NAN, f64::INFINITY] {
            let text = said(&[&format!("{}={}", parameter.id, toml(value).to_lowercase())]);
            assert!(text.contains(key), "{}={value}: {text:?}", parameter.id);
            assert!(text.contains(&parameter.high.to_string()), "{text}");
        }
    }
}

#[test]
fn arms_and_hypotheses_are_addressed_by_name() {
    let listening = builtin::find("listening-training").expect("built in");
    let dose = |path: &str| {
        let set = format!("arm.{path}.training.active_listening.dose=0.25");
        let study = listening.read(&[set]).unwrap_or_else(|p| panic!("{p}")).study;
        study.arms[1].treatments[0].dose
    };
    assert_eq!(dose("\"listening training\""), 0.25);
    assert_eq!(dose("listening training"), 0.25);
    let study = set(&["hypothesis.H1.week=6", "monte_carlo.replications=50"]).expect("right").study;
    assert_eq!(study.hypotheses[0].week, 6);
    assert_eq!(study.monte_carlo.replications, 50);
    let talk = set(&["arm.talk.talk.benefits.dose=0.2"]).expect("right").study;
    assert_eq!(talk.arms[0].treatments[0].id, "talk.benefits");
}

#[test]
fn a_response_scale_has_two_points_or_none() {
    assert!(said(&["measurement.scale_points=1"]).contains("a response scale of 1 point"));
    assert!(said(&["measurement.scale_points=2"]).is_empty());
    assert!(said(&["measurement.scale_points=0"]).is_empty());
}

#[test]
fn what_is_left_out_gets_its_default() {
    let study = set(&[]).expect("right").study;
    assert_eq!(study.arms[0].share, 0.5);
    let usual = study.parameters.get("theory.practice.decay");
    assert_eq!(study.arms[1].treatments[0].decay, usual.unwrap_or(0.018));
    assert_eq!(study.hypotheses[0].week, 12);
    assert_eq!(study.hypotheses[0].covariates, ["trust"]);
    assert_eq!(study.hypotheses[0].estimators, ["ancova_cr2"]);
    assert_eq!(study.measurement.instruments.len(), 1);
    assert_eq!(study.measurement.instruments[0].reliability, 0.8);
    assert_eq!(study.question, study.title);
    let study = set(&[
        "measurement.reliability=0.6",
        "measurement.instruments.strain.items=9",
        "hypothesis.H1.covariates=[\"skill\"]",
    ])
    .expect("right")
    .study;
    let all: Vec<_> =
        study.measurement.instruments.iter().map(|one| (one.outcome, one.items, one.reliability)).collect();
    assert_eq!(all, [("skill", 5, 0.6), ("strain", 9, 0.6), ("trust", 5, 0.6)]);
}

#[test]
fn contradictions_are_refused_each_with_its_reason() {
    let cases: &[(&[&str], &str)] = &[
        (&["design.unit=organization"], "there is 1 organization for 2 arms"),
        (
            &["design.unit=organization", "organization.count=6", "design.allocation=blocked"],
            "organizations cannot be blocked",
        ),
        (&["arm.talk.organization.competition=0.1"], "share an organization"),
        (&["population.dyads=1"], "there is 1 dyad for 2 arms"),
        (
            &["organization.count=50", "design.allocation=blocked"],
            "1 dyads in an organization cannot be blocked into 2 arms",
        ),
        (&["design.unit=person", "arm.talk.program.structure=0.1"], "persons are assigned one by one"),
        (&["design.unit=person", "arm.talk.program.kind=none"], "persons are assigned one by one"),
        (&["design.unit=person", "arm.talk.program.weeks=6"], "persons are assigned one by one"),
        (&["design.unit=person", "arm.talk.facilitation.connections.dose=1"], "done to pairs"),
        (&["arm.talk.program.kind=none", "arm.talk.facilitation.connections.dose=1"], "needs pairs that coach"),
        (&["arm.talk.assessment.three_sixty.dose=1.5"], "1.5"),
        (&["arm.talk.assessment.three_sixty.decay=0.1"], "no key `decay`"),
        (&["arm.talk.assessment.self={}"], "`dose` is missing"),
        (&["arm.talk.program.weeks=0"], "`weeks` = 0 is out of range"),
        (&["arm.talk.program.weeks=30", "measurement.waves=[0, 12, 31]"], "over before the wave in week 31"),
        (&["arm.talk.program.kind=none", "arm.talk.program.matching=needs"], "makes no pairs"),
        (&["arm.talk.program.kind=informal", "arm.talk.program.matching=needs"], "informal pairs choose"),
        (&["arm.talk.program.group_size=9"], "from 2 to 8"),
        (&["program.kind=informal", "program.group_size=4"], "only a program makes circles"),
        (&["arm.talk.program.kind=informal", "arm.talk.program.group_size=4"], "only a program makes circles"),
        (&["program.group_size=5", "design.allocation=simple"], "a known number of members"),
        (&["program.group_size=5", "organization.count=2"], "a known number of members"),
        (
            &["arm.talk.program.group_size=5", "organization.count=30", "design.allocation=blocked"],
            "2 persons of an arm in an organization cannot form a circle",
        ),
        (&["design.screening.reliability=0.7"], "nothing is screened"),
        (&["arm.talk.pairs=high-high"], "has to be measured"),
        (&["design.screening.trait=status", "arm.talk.pairs=high-high"], "do not go up in two equal halves"),
        (
            &["design.screening.trait=status", "arm.talk.pairs=high-low", "arm.talk.program.matching=needs"],
            "already says who sits with whom",
        ),
        (
            &["design.screening.trait=status", "arm.talk.pairs=high-low", "design.allocation=simple"],
            "a known number of places",
        ),
        (
            &["design.screening.trait=status", "arm.talk.pairs=high-low", "population.dyads=61"],
            "no whole numbers of dyads",
        ),
        (&["hypothesis.H1.outcome=destructive_episodes"], "ANCOVA cannot adjust"),
        (&["measurement.rater_bias=0.6"], "more than a reliability of 0.8 leaves"),
        (&["program.kind=informal", "program.matching=needs"], "informal pairs choose"),
        (
            &["organization.count=60", "program.matching=mind-set-mixed"],
            "matching by `mind-set-mixed` has nothing to choose",
        ),
        (&["organization.count=61"], "60 dyads cannot fill 61 organizations"),
        (&["arm.talk.share=0.001"], "may have no members"),
        (&["arm.talk.share=0"], "its share is 0"),
        (&["arm.talk.share=1"], "leave nothing"),
        (&["arm.talk.share=0.3", "arm.training.share=0.3"], "sum to 0.6, not to 1"),
        (&["arm.training.control=true"], "two arms are the control"),
        (&["arm.training.name=talk"], "two arms are called `talk`"),
        (&["measurement.waves=[0, 13]"], "over before the wave in week 13"),
        (&["measurement.waves=[1, 12]"], "the first wave is in week 1"),
        (&["measurement.waves=[0, 6, 6, 12]"], "wave 6 comes after wave 6"),
        (&["measurement.waves=[]"], "`waves` cannot be a list"),
        (&["hypothesis.H1.week=0", "hypothesis.H1.score=change"], "is always 0"),
        (&["hypothesis.H1.week=0"], "ANCOVA in week 0"),
        (&["hypothesis.H1.contrast=[\"talk\", \"talk\"]"], "compared with itself"),
        (&["arm=3"], "each arm is a table of its own"),
        (&["monte_carlo.seed=9007199254740993"], "9,007,199,254,740,992"),
        (&["discussion=\"Why?\""], "`discussion` cannot be"),
        (&["discussion=[]"], "`discussion` cannot be"),
        (&["discussion=[\"Why?\", 3]"], "`discussion` cannot be the whole number 3"),
        (&["discussion=[\"Why?\", \" \"]"], "`discussion` is empty"),
        (&["population=3"], "`population` is a table"),
    ];
    for (overrides, reason) in cases {
        let text = said(overrides);
        assert!(text.contains(reason), "{overrides:?}: {text:?}");
    }
}

#[test]
fn designs_that_make_sense_are_accepted() {
    let cases: &[&[&str]] = &[
        &["design.unit=person"],
        &["design.unit=person", "arm.talk.program.structure=0.6"],
        &["design.unit=organization", "organization.count=10", "arm.talk.organization.competition=0.1"],
        &["design.allocation=blocked", "organization.count=10"],
        &["arm.talk.program.kind=none", "program.matching=needs"],
        &["program.kind=none"],
        &["hypothesis.H1.week=0", "hypothesis.H1.estimator=difference_cr2"],
        &["hypothesis.H1.week=0", "hypothesis.H1.covariates=[\"skill\"]"],
        &["measurement.waves=[0, 52]", "program.follow_up_weeks=40"],
        &["arm.talk.share=0.25"],
        &["arm.talk.assessment.three_sixty.dose=1", "arm.talk.assessment.self.dose=0.5"],
        &["arm.talk.facilitation.connections.dose=0.5"],
        &["design.unit=person", "arm.talk.assessment.three_sixty.dose=1", "arm.talk.program.weeks=12"],
        &["arm.talk.program.weeks=104", "measurement.waves=[0, 12, 104]"],
        &["arm.talk.program.weeks=1", "program.follow_up_weeks=40", "measurement.waves=[0, 1, 52]"],
        &["arm.talk.program.matching=needs"],
        &["arm.talk.program.kind=informal"],
        &["arm.talk.program.kind=informal", "design.unit=person"],
        &["program.group_size=6", "arm.talk.program.kind=none"],
        &["arm.talk.program.group_size=8", "organization.count=5", "design.allocation=blocked"],
        &["arm.talk.program.group_size=3", "organization.count=6", "design.unit=organization"],
        &["design.screening.trait=mind_set", "design.screening.reliability=0.6", "program.matching=mind-set-alike"],
        &["design.screening.trait=status", "arm.talk.pairs=high-high", "arm.training.pairs=low-low"],
        &["discussion=[\"What would convince you?\", \"Who decides?\"]"],
    ];
    for overrides in cases {
        let scenario = set(overrides).unwrap_or_else(|p| panic!("{overrides:?}: {p}"));
        let text = resolved::to_toml(&scenario.study);
        let again = read(&text, "resolved.toml", &[]).unwrap_or_else(|p| panic!("{p}\n{text}"));
        assert_eq!(again.study, scenario.study);
    }
}

/// Files of another program, or of none: thousands of mistakes of one kind.
fn many(n: usize) -> [String; 5] {
    let lines = |line: &dyn Fn(usize) -> String| (0..n).map(line).collect::<String>();
    [
        lines(&|i| format!("k{i} = 1\n")),
        lines(&|i| format!("population.traits.k{i} = 1\n")),
        lines(&|i| format!("k{i} : 1\n")),
        lines(&|_| "[[arm]]\nid = \"a\"\nshare = 2\n".to_owned()),
        format!("id = \"x\"\n[[arm]]\n{}", lines(&|i| format!("k{i} = [\n1]\n"))),
    ]
}

#[test]
fn of_thousands_of_mistakes_the_first_hundred_are_told_and_the_others_counted() {
    let problems = read(&many(5_000)[0], "many.toml", &[]).unwrap_err();
    assert_eq!(problems.0.len(), Problems::TOLD);
    // With what the scenario lacks besides, which is said of its first and last lines.
    let said = problems.to_string();
    assert!(problems.untold() > 4_900 && said.ends_with(&format!("and {} more", problems.untold())), "{said}");
    let unknown: Vec<&str> =
        problems.0.iter().filter(|one| one.message.contains("no key")).map(|one| &*one.message).collect();
    for (i, message) in unknown.iter().enumerate() {
        assert_eq!(*message, format!("there is no key `k{i}` in the scenario"), "the first of the text, in its order");
    }
    assert!(unknown.len() > 80 && problems.0.iter().all(|one| one.expected.is_some() && one.help.is_some()));
    for text in many(3_000) {
        let problems = read(&text, "many.toml", &[]).unwrap_err();
        assert!((1..=Problems::TOLD).contains(&problems.0.len()));
    }
    // Up to there, none is left out.
    let few = read(&many(50)[0], "few.toml", &[]).unwrap_err();
    assert!(few.untold() == 0 && few.0.len() > 50);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}|[\\[\\]{}a-c.=\"'#\n,0-9 é-]{0,120}") {
        let _ = read(&text, "any.toml", std::slice::from_ref(&text));
        let _ = read(RIGHT, "right.toml", &[text]);
    }

    #[test]
    fn no_mutation_of_a_scenario_makes_it_panic(
        cuts in prop::collection::vec((0.0f64..1.0, 0usize..12, "[\\[\\]{}=\"'.\n0-9a-zä, -]{0,6}"), 1..4)
    ) {
        let mut text = builtin::list()[0].text.to_owned();
        for (at, length, insert) in cuts {
            let mut start = (at * text.len() as f64) as usize;
            while !text.is_char_boundary(start) { start -= 1; }
            let mut end = (start + length).min(text.len());
            while !text.is_char_boundary(end) { end += 1; }
            text.replace_range(start..end, &insert);
        }
        if let Err(problems) = read(&text, "mutated.toml", &[]) {
            prop_assert!(!problems.0.is_empty());
            for problem in &problems.0 {
                prop_assert!(problem.span.start <= problem.span.end);
                prop_assert!(text.get(problem.span.clone()).is_some(), "{:?}", problem);
                prop_assert!(!problem.message.contains("incomplete"), "{problem}");
            }
        }
    }

    #[test]
    fn no_value_of_a_known_key_makes_it_panic(
        key in prop::sample::select(vec![
            "population.dyads", "program.weeks", "program.kind", "measurement.waves", "monte_carlo.seed", "organization.competition",
            "population.traits.mind_set.mean", "arm.talk.share", "arm.talk", "arm", "hypothesis.H1.estimators", "id", "nothing.of.it",
        ]),
        value in "\\PC{0,40}|-?[0-9]{1,25}(\\.[0-9]{0,25})?(e-?[0-9]{1,4})?|\\[[0-9a-z\", .-]{0,30}\\]?|nan|-?inf|true|\"[^\"]{0,9}\"?",
    ) {
        if let Ok(scenario) = read(RIGHT, "right.toml", &[format!("{key}={value}")]) {
            // What is taken is written so that it is read again as itself.
            let text = resolved::to_toml(&scenario.study);
            let again = read(&text, "resolved.toml", &[]).map_err(|p| TestCaseError::fail(format!("{key}={value}: {p}")))?;
            prop_assert_eq!(resolved::to_toml(&again.study), text);
        }
    }

    #[test]
    fn any_study_comes_back_equal(
        values in prop::collection::vec((0usize..1000, 0.0f64..=1.0), 0..8),
        dyads in 4usize..500,
        share in 0.3f64..0.7,
        dose in -3.0f64..=3.0,
        mean in -3.0f64..=3.0,
        kind in prop::sample::select(vec!["formal", "none"]),
    ) {
        let all: Vec<_> = registry().collect();
        let mut overrides: Vec<String> = values
            .iter()
            .map(|(i, part)| {
                let parameter = all[i % all.len()];
                let value = parameter.low + part * (parameter.high - parameter.low);
                format!("{}={}", parameter.id, toml(value.clamp(parameter.low, parameter.high)))
            })
            .collect();
        overrides.push(format!("population.dyads={dyads}"));
        overrides.push(format!("population.traits.mind_set.mean={}", toml(mean)));
        overrides.push(format!("arm.talk.share={}", toml(share)));
        overrides.push(format!("arm.training.training.active_listening.dose={}", toml(dose)));
        overrides.push(format!("arm.talk.program.kind={kind}"));
        let study = read(RIGHT, "right.toml", &overrides).map_err(|p| TestCaseError::fail(p.to_string()))?.study;
        let text = resolved::to_toml(&study);
        let again = read(&text, "resolved.toml", &[]).map_err(|p| TestCaseError::fail(p.to_string()))?.study;
        prop_assert_eq!(&again, &study);
        prop_assert_eq!(resolved::to_toml(&again), text);
    }
}

#[test]
fn deep_texts_are_refused_and_not_a_stack_overflow() {
    let depth = 100_000;
    for text in [
        format!("a = {}", "[".repeat(depth)),
        format!("a = {}", "{a=".repeat(depth)),
        format!("a{} = 1", ".a".repeat(depth)),
        format!("[a{}]\nb = 1", ".a".repeat(depth)),
    ] {
        assert!(read(&text, "deep.toml", &[]).is_err());
        let value = format!("population.dyads={}", &text[4..]);
        assert!(read(RIGHT, "right.toml", &[text, value]).is_err());
    }
}
