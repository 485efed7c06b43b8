use proptest::prelude::*;

use super::*;
use crate::inquiry::dataset::Reading;

fn table(text: &str) -> Dataset {
    Dataset::from_csv("t.csv", text.as_bytes(), &Reading::default()).unwrap()
}

fn request(models: &[&str], change: impl FnOnce(&mut Roles)) -> Request {
    let name = |name: &str| Some(name.to_owned());
    let mut roles = Roles { outcome: name("y"), treatment: name("t"), cluster: name("g"), ..Roles::default() };
    change(&mut roles);
    Request { roles, models: models.iter().map(|model| (*model).to_owned()).collect(), confidence: 0.95 }
}

const TRIAL: &str =
    "g,t,y,x\n1,1,3,0\n1,1,4,1\n2,0,1,1\n2,0,2,0\n3,1,5,2\n3,1,3,1\n4,0,2,2\n4,0,2.5,1\n5,1,4,0\n6,0,1,1\n";

#[test]
fn what_is_asked_follows_from_what_is_named() {
    let asked = |change: &dyn Fn(&mut Roles)| {
        let request = request(&[], change);
        request.models().map(|all| all.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(","))
    };
    assert_eq!(asked(&|_| {}).unwrap(), "difference");
    assert_eq!(asked(&|roles| roles.covariates.push("x".into())).unwrap(), "difference,ancova");
    assert_eq!(asked(&|roles| roles.treatment = None).unwrap(), "icc");
    let association = |roles: &mut Roles| (roles.treatment, roles.predictor) = (None, Some("x".into()));
    assert_eq!(asked(&association).unwrap(), "regression");
    let both = asked(&|roles| roles.predictor = Some("x".into())).unwrap_err();
    assert!(both.to_string().contains("both a treatment (`t`) and a predictor (`x`)"));
    assert!(request(&["difference_cr9"], |_| {}).models().unwrap_err().to_string().contains("no model"));
    let completers = request(&["completers_difference_cr2"], |_| {}).models().unwrap_err();
    assert!(completers.to_string().contains("completed a simulated experiment"), "{completers}");
}

#[test]
fn a_treatment_of_clusters_gets_a_standardized_effect_and_one_of_persons_does_not() {
    let found = analyze(&table(TRIAL), &request(&["difference"], |_| {})).unwrap();
    let g = found.hedges_g.unwrap().unwrap();
    assert!(g.interval.0 < g.found.g && g.found.g < g.interval.1 && g.found.g > 1.0);
    let within = TRIAL.replace("1,1,4,1", "1,0,4,1");
    let found = analyze(&table(&within), &request(&["difference"], |_| {})).unwrap();
    assert!(found.hedges_g.unwrap().unwrap_err().contains("one arm each"));
    assert!(
        found.notes.iter().any(|note| note.contains("5 of 6 clusters and differs within 1 (`1`)")),
        "{:?}",
        found.notes
    );
    assert!(found.notes.iter().any(|note| note.contains("4 of 2 rows, 2 of 1 row")), "{:?}", found.notes);
}

#[test]
fn variance_explained_by_hand() {
    let found = analyze(&table(TRIAL), &request(&["difference_ols"], |_| {})).unwrap();
    let (y, t) = ([3.0, 4.0, 1.0, 2.0, 5.0, 3.0, 2.0, 2.5, 4.0, 1.0], [1, 1, 0, 0, 1, 1, 0, 0, 1, 0]);
    let mean = |arm: Option<i32>| {
        let own: Vec<f64> = y.iter().zip(t).filter(|(_, t)| arm.is_none_or(|arm| arm == *t)).map(|(y, _)| *y).collect();
        own.iter().sum::<f64>() / own.len() as f64
    };
    let square =
        |center: &dyn Fn(i32) -> f64| y.iter().zip(t).map(|(y, t)| (y - center(t)) * (y - center(t))).sum::<f64>();
    let expected = 1.0 - square(&|t| mean(Some(t))) / square(&|_| mean(None));
    let r_squared = found.models[0].quantities.iter().find(|one| one.id == "r_squared").unwrap().value;
    assert!((r_squared - expected).abs() < 1e-12, "{r_squared} {expected}");
}

#[test]
fn odds_ratios_of_a_table_of_four_cells() {
    let mut csv = "y,t,g\n".to_owned();
    for (arm, event, count) in [(0, 0, 30), (0, 1, 10), (1, 0, 18), (1, 1, 22)] {
        (0..count).for_each(|k| csv.push_str(&format!("{event},{arm},{arm}{event}{k}\n")));
    }
    let found = analyze(&table(&csv), &request(&["logistic"], |_| {})).unwrap();
    let ratio = found.models[0].terms.iter().find(|term| term.id == "odds_ratio").unwrap().estimate;
    assert!((ratio.estimate - 22.0 * 30.0 / 180.0).abs() < 1e-9, "{ratio:?}");
    assert!(ratio.lower > 1.0 && ratio.upper > ratio.estimate && ratio.standard_error.is_nan());
}

/// The first in the file's own order, wherever it stands among the sorted rows.
#[test]
fn an_outcome_that_is_not_binary_is_named_by_its_line() {
    let mut csv = "t,y,g\n".to_owned();
    (0..12).for_each(|k| csv.push_str(&format!("{},{},{}\n", k % 2, if k == 7 { 3 } else { k / 2 % 2 }, 12 - k)));
    let found = analyze(&table(&csv), &request(&["logistic", "difference"], |_| {})).unwrap();
    let said = found.models[0].failure.as_ref().unwrap().to_string();
    assert!(said.starts_with("the outcome is 3 in ") && said.contains("line 9, column `y`"), "{said}");
    assert!(found.models[1].failure.is_none());
}

/// A partner who was lost does not hide that lots were drawn within pairs.
#[test]
fn lots_within_pairs_are_seen_though_members_are_missing() {
    let asked = |lost: &[usize], alike: bool| {
        let mut csv = "t,y,g\n".to_owned();
        for row in (0..24).filter(|row| !lost.contains(row)) {
            let arm = if alike && row / 2 == 5 { 1 } else { row % 2 };
            csv.push_str(&format!("{arm},{},{}\n", row * 29 % 17, row / 2));
        }
        let found = analyze(&table(&csv), &request(&["randomization"], |_| {})).unwrap();
        format!("{:?}", found.models[0].notes).contains("name the column of --cluster as --block too")
    };
    assert!(asked(&[], false) && asked(&[3, 8], false));
    assert!(!asked(&[], true), "a pair of one arm: lots were not drawn within pairs");
}

#[test]
fn nobody_drew_lots_for_a_predictor() {
    let mut csv = "x,y,g\n".to_owned();
    // All clusters but three have the same predictor.
    for row in 0..24 {
        csv.push_str(&format!("{},{},{}\n", if row < 4 { row / 2 + 1 } else { 0 }, row * 29 % 17, row / 2));
    }
    let predictor = |roles: &mut Roles| (roles.treatment, roles.predictor) = (None, Some("x".into()));
    let found = analyze(&table(&csv), &request(&["regression"], predictor)).unwrap();
    let notes = format!("{:?}", found.models[0].notes);
    assert!(notes.contains("Fewer than 4 degrees") && !notes.contains("randomization"), "{notes}");
}

/// 20 dyads whose residuals are the same for every row of a dyad: the intraclass correlation is 1, and the bounds stay within it.
#[test]
fn the_interval_of_a_correlation_stays_in_its_range() {
    for (name, within, expected) in [("alike", 0.0, 1.0), ("apart", 1.0, -1.0)] {
        let mut csv = "g,y\n".to_owned();
        for dyad in 0..20 {
            // Alike: dyads differ; apart: members differ by as much, and dyads not at all.
            let base = if within == 0.0 { f64::from(dyad) } else { 0.0 };
            csv.push_str(&format!(
                "{dyad},{}\n{dyad},{}\n",
                base + within * f64::from(dyad + 1),
                base - within * f64::from(dyad + 1)
            ));
        }
        let found = analyze(&table(&csv), &request(&[], |roles| roles.treatment = None)).unwrap();
        let term = &found.models[0].terms.first().unwrap_or_else(|| panic!("{name}: {found:?}")).estimate;
        assert!((term.estimate - expected).abs() < 1e-12, "{name}: {term:?}");
        assert!(term.lower >= -1.0 && term.upper <= 1.0 && term.lower <= term.upper, "{name}: {term:?}");
        assert!(term.p_value < 1e-6, "{name}: {term:?}");
    }
}

#[test]
fn reliability_counts_complete_rows() {
    let csv = "a,b,c\n1,2,1\n2,2,3\n3,3,3\n4,5,4\nNA,1,1\n";
    let items = |list: &[&str]| vec![("trust".to_owned(), list.iter().map(|item| (*item).to_owned()).collect())];
    let asked = |list: &[&str]| Request {
        roles: Roles { items: items(list), ..Roles::default() },
        models: Vec::new(),
        confidence: 0.95,
    };
    let found = analyze(&table(csv), &asked(&["a", "b", "c"])).unwrap();
    assert_eq!((found.reliability[0].rows, found.reliability[0].items, found.models.len()), (4, 3, 0));
    let parts = 5.0 / 3.0 + 2.0 + 4.75 / 3.0;
    let totals = [4.0, 7.0, 9.0, 13.0_f64];
    let whole = totals.iter().map(|y| (y - 8.25) * (y - 8.25)).sum::<f64>() / 3.0;
    assert!((found.reliability[0].alpha.as_ref().unwrap() - 1.5 * (1.0 - parts / whole)).abs() < 1e-12);
    assert!(analyze(&table(csv), &asked(&["a"])).unwrap_err().to_string().contains("has 1 item"));
}

/// Six clusters in two arms: no assignment is rarer than 1 in 20, so the interval has no end and the p-value stands.
#[test]
fn few_units_have_a_p_value_and_an_interval_without_end() {
    let mut csv = "g,t,y\n".to_owned();
    for row in 0..18 {
        let y = 3 * ((row / 3) % 2) + row % 3 + row / 6;
        csv.push_str(&format!("{},{},{y}\n", row / 3, (row / 3) % 2));
    }
    let found = analyze(&table(&csv), &request(&["randomization", "difference"], |_| {})).unwrap();
    let term = found.models[0].terms[0].estimate;
    assert_eq!((term.lower, term.upper), (f64::NEG_INFINITY, f64::INFINITY));
    // All 20 assignments: the one that was drawn and its mirror.
    assert!((term.p_value - 0.1).abs() < 1e-15 && term.standard_error > 0.0, "{term:?}");
    assert!(found.models[0].notes.iter().any(|note| note.contains("All 20 assignments")), "{found:?}");
    let words = "The smallest p that can come out is 2/20 = .1: whatever the effect, this test cannot reach .05.";
    assert!(found.models[0].notes.iter().any(|note| note.contains(words)), "{found:?}");
    let few = csv.replace("4,0,", "2,0,").replace("5,1,", "3,1,");
    let found = analyze(&table(&few), &request(&["difference", "bootstrap"], |_| {})).unwrap();
    let words = "`bootstrap` is no remedy with so few; compare `randomization`";
    let said = |model: usize, words: &str| found.models[model].notes.iter().any(|note| note.contains(words));
    assert!(said(0, "Fewer than 4 degrees") && said(0, words), "{found:?}");
    assert!(said(1, "2 clusters against 2: with so few in an arm"), "{found:?}");
    // Three against four: 35 assignments, and none has a mirror.
    let more = format!("{csv}6,1,4\n6,1,5\n6,1,3\n");
    let found = analyze(&table(&more), &request(&["randomization"], |_| {})).unwrap();
    assert!(found.models[0].notes[0].contains("All 35 assignments") && !found.models[0].notes[0].contains("cannot"));
}

#[test]
fn what_the_design_needs_is_said() {
    let mut csv = "g,p,w,t,y,b\n".to_owned();
    for row in 0..48_u32 {
        let (person, week) = (row / 2, row % 2);
        let y = f64::from(row * 29 % 17) + f64::from(week);
        csv.push_str(&format!("{},{person},{week},{},{y},{}\n", person / 2, person % 2, row * 5 % 7 % 2));
    }
    let first = |line: &&str| line.split(',').nth(2) != Some("1");
    let once: String = csv.lines().filter(first).map(|line| format!("{line}\n")).collect();
    let says = |csv: &str, models: &[&str], change: &dyn Fn(&mut Roles)| {
        let found = analyze(&table(csv), &request(models, change)).unwrap();
        format!("{:?} {:?} {:?}", found.notes, found.models[0].notes, found.hedges_g)
    };
    let waves = |roles: &mut Roles| (roles.person, roles.time) = (Some("p".into()), Some("w".into()));
    assert!(says(&csv, &["difference"], &waves).contains("Persons have up to 2 rows"));
    assert!(!says(&csv, &["growth"], &waves).contains("Persons have up to"));
    assert!(says(&once, &["randomization"], &|_| {}).contains("as --block too"));
    let blocks = says(&once, &["randomization"], &|roles| roles.block = Some("g".into()));
    assert!(!blocks.contains("as --block too"), "{blocks}");
    let mut binary = "g,t,y\n".to_owned();
    (0..24).for_each(|row| binary.push_str(&format!("{},{},{}\n", row / 2, (row / 2) % 2, row * 5 % 7 % 2)));
    assert!(says(&binary, &["difference"], &|_| {}).contains("odds ratio"));
}

const EVERY: [&str; 9] =
    ["difference", "ancova", "bootstrap", "randomization", "mixed", "growth", "logistic", "icc", "correlation"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever stands in the cells: an answer, a reason, or a refusal.
    #[test]
    fn no_table_makes_an_analysis_panic(
        rows in prop::collection::vec((0..4_u8, 0..3_u8, -3..4_i8, -2..3_i8, 0..3_u8), 0..14),
        apim in any::<bool>(),
    ) {
        let mut csv = "g,t,y,x,w\n".to_owned();
        for (g, t, y, x, w) in &rows {
            let t = ["0", "1", "NA"][usize::from(*t)];
            csv.push_str(&format!("{g},{t},{y},{x},{w}\n"));
        }
        let Ok(table) = Dataset::from_csv("t.csv", csv.as_bytes(), &Reading::default()) else { return Ok(()) };
        let models: &[&str] = if apim { &["apim"] } else { &EVERY };
        let request = request(models, |roles| {
            roles.time = Some("w".into());
            if !apim {
                roles.covariates = vec!["x".into()];
            }
        });
        if let Ok(found) = analyze(&table, &request) {
            for fitted in &found.models {
                prop_assert_eq!(fitted.failure.is_some(), fitted.terms.is_empty(), "{:?}", fitted);
                for term in &fitted.terms {
                    prop_assert!(term.estimate.estimate.is_finite(), "{:?}", fitted);
                    prop_assert!((0.0..=1.0).contains(&term.estimate.p_value), "{:?}", fitted);
                }
            }
        }
    }
}

const COUPLES: &str = include_str!("../../../tests/data/acipair.csv");

/// `tests/oracles/roles.R` (nlme): a covariate of each person's own beside actor and partner effect.
#[test]
fn actor_and_partner_effects_take_covariates() {
    let mut csv = String::new();
    for (at, line) in COUPLES.lines().enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |cell: usize| cells[cell].parse::<u32>().unwrap_or(0);
        let covariate = if at == 0 { "z".to_owned() } else { ((number(0) * 7 + number(2) * 5) % 11).to_string() };
        csv.push_str(&format!("{line},{covariate}\n"));
    }
    let roles = |roles: &mut Roles| {
        (roles.outcome, roles.treatment) = (Some("Satisfaction_A".into()), None);
        (roles.predictor, roles.cluster) = (Some("OtherPos_A".into()), Some("CoupleID".into()));
    };
    let adjusted = |change: &mut Roles| {
        roles(change);
        change.covariates.push("z".into());
    };
    let found = analyze(&table(&csv), &request(&["apim"], adjusted)).unwrap();
    let model = &found.models[0];
    let of = |at: usize| (model.terms[at].id, model.terms[at].estimate);
    for (at, (id, estimate, error)) in [
        ("intercept", 0.662321867, 0.322602599),
        ("actor", 0.3989366, 0.0474638348),
        ("partner", 0.287885157, 0.0473518792),
        ("covariate", 0.0027984412, 0.00614351852),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(of(at).0, id);
        assert!((of(at).1.estimate - estimate).abs() < 1e-6, "{:?}", of(at));
        // Kenward and Roger's correction of the errors is small with 148 couples.
        assert!((of(at).1.standard_error / error - 1.0).abs() < 5e-3, "{:?}", of(at));
    }
    let quantity = |id: &str| model.quantities.iter().find(|one| one.id == id).unwrap().value;
    assert!((quantity("correlation") - 0.46602526).abs() < 1e-5 && (quantity("residual_sd") - 0.41751577).abs() < 1e-5);
    // Effects of each role at equal covariates, and whether roles make a difference to them.
    let both = |change: &mut Roles| {
        adjusted(change);
        change.member = Some("Partnum".into());
    };
    let found = analyze(&table(&csv), &request(&["apim"], both)).unwrap();
    let by_role = &found.models[0];
    assert_eq!(&by_role.terms[..4], &model.terms[..]);
    for (at, (label, estimate, error)) in [
        ("1: intercept", 0.599742173, 0.380275729),
        ("1: actor", 0.374921972, 0.0681987484),
        ("1: partner", 0.323316052, 0.0750472877),
        ("2: intercept", 0.683561756, 0.379819736),
        ("2: actor", 0.424082108, 0.0749578046),
        ("2: partner", 0.259931748, 0.0680558348),
    ]
    .into_iter()
    .enumerate()
    {
        let term = &by_role.terms[4 + at];
        assert_eq!(term.label, label);
        assert!((term.estimate.estimate - estimate).abs() < 1e-6, "{term:?}");
        assert!((term.estimate.standard_error / error - 1.0).abs() < 5e-3, "{term:?}");
    }
    let quantity = |id: &str| by_role.quantities.iter().find(|one| one.id == id).unwrap().value;
    assert!((quantity("roles_chi_square") - 0.803045071).abs() < 1e-6);
    assert!((quantity("roles_p_value") - 0.848738555).abs() < 1e-6);
    let plain = analyze(
        &table(&csv),
        &request(&["apim"], |change| {
            roles(change);
            change.member = Some("Partnum".into());
        }),
    )
    .unwrap();
    let quantity = |id: &str| plain.models[0].quantities.iter().find(|one| one.id == id).unwrap().value;
    assert!((quantity("equal_effects_p_value") - 0.8506251817).abs() < 1e-9);
    assert!((quantity("residual_sd_1") - 0.4554780978).abs() < 1e-9);
}

/// Who forgot to say what -99 means sees it; who left an arm is counted there.
#[test]
fn the_outcome_is_described_by_arm() {
    let csv = TRIAL.replace("3,1,5,2", "3,1,-99,2").replace("4,0,2,2", "4,0,,2");
    let found = analyze(&table(&csv), &request(&["difference"], |_| {})).unwrap();
    let [treated, reference] = &found.described[..] else { panic!("{:?}", found.described) };
    assert_eq!((&*treated.group, treated.rows, treated.left_out), ("1", 5, 0));
    assert_eq!((&*reference.group, reference.rows, reference.left_out), ("0", 4, 1));
    assert_eq!((treated.minimum, treated.maximum, reference.mean), (-99.0, 4.0, 6.5 / 4.0));
    let sd = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
    };
    assert!((reference.sd - sd(&[1.0, 2.0, 2.5, 1.0])).abs() < 1e-12);
    let said = |found: &Analysis| found.notes.iter().any(|note| note.contains("--missing y=-99"));
    assert!(said(&found), "{:?}", found.notes);
    let found = analyze(&table(TRIAL), &request(&["difference"], |_| {})).unwrap();
    assert!(!found.notes.iter().any(|note| note.contains("--missing")), "{:?}", found.notes);
    let all = analyze(&table(&csv), &request(&["icc"], |roles| roles.treatment = None)).unwrap();
    assert_eq!((&*all.described[0].group, all.described[0].rows, all.described[0].left_out), ("all", 9, 1));
}

/// A code is no less harmful in a covariate, a predictor or an item, nor beside another code, nor as the name of a cluster.
#[test]
fn forgotten_codes_are_said_of_every_column() {
    let says = |csv: &str, change: &dyn Fn(&mut Roles)| {
        let found = analyze(&table(csv), &request(&[], change)).unwrap();
        found
            .notes
            .into_iter()
            .filter(|note| note.contains("is a code") || note.contains("are codes"))
            .collect::<Vec<_>>()
    };
    let both = TRIAL.replace("1,1,3,0", "1,1,3,-99").replace("2,0,1,1", "2,0,1,-88").replace("5,1,4,0", "5,1,-99,0");
    let covariate = |roles: &mut Roles| roles.covariates.push("x".into());
    let predictor = |roles: &mut Roles| (roles.treatment, roles.predictor) = (None, Some("x".into()));
    let items = |roles: &mut Roles| roles.items.push(("trust".into(), vec!["x".into(), "t".into()]));
    for change in [&covariate as &dyn Fn(&mut Roles), &predictor, &items] {
        let said = says(&both, change);
        assert!(said.iter().any(|note| note.contains("--missing y=-99")), "{said:?}");
        let of_x = "`x` is -99 in 1 row and -88 in 1 row, and from 0 to 2 in all others.";
        assert!(said.iter().any(|note| note.contains(of_x)), "{said:?}");
        assert!(said.iter().any(|note| note.contains("add --missing x=-99 --missing x=-88.")), "{said:?}");
        assert_eq!(says(TRIAL, change), [""; 0]);
    }
    let lost = TRIAL.replace("5,1,4,0", "-9,1,4,0").replace("6,0,1,1", "-9,0,1,1");
    let said = says(&lost, &|_| {});
    assert!(said.iter().any(|note| note.starts_with("`g` is -9 in 2 rows, taken for one group")), "{said:?}");
}

#[test]
fn few_clusters_and_the_zero_of_time_are_said() {
    let mut csv = "g,p,w,t,y,b\n".to_owned();
    for row in 0..96_u32 {
        let (person, week) = (row / 3, 4 + row % 3);
        let y = f64::from(row * 29 % 17) + f64::from(week);
        csv.push_str(&format!("{},{person},{week},{},{y},{}\n", person / 2, person / 2 % 2, row * 5 % 7 % 2));
    }
    let binary = |roles: &mut Roles| roles.outcome = Some("b".into());
    let found = analyze(&table(&csv), &request(&["logistic"], binary)).unwrap();
    let notes = format!("{:?}", found.models[0].notes);
    assert!(notes.contains("16 clusters") && notes.contains("randomization"), "{notes}");
    let waves = |roles: &mut Roles| (roles.person, roles.time) = (Some("p".into()), Some("w".into()));
    let found = analyze(&table(&csv), &request(&["growth"], waves)).unwrap();
    let notes = format!("{:?}", found.models[0].notes);
    assert!(notes.contains("`w` = 0, outside the data (4 to 6)") && notes.contains("center `w`"), "{notes}");
}

/// A class of 3,000 beside pairs: a mixed model takes a moment, and no matrix of 3,000 by 3,000.
#[test]
fn a_class_of_thousands_is_no_obstacle() {
    let mut csv = "g,t,y\n".to_owned();
    for row in 0..3_200_u32 {
        let (cluster, arm) = if row < 3_000 { (9_999, 0) } else { (row / 2, row / 2 % 2) };
        let y = f64::from(row * 37 % 101) / 10.0 + 2.0 * f64::from(cluster * 13 % 7);
        csv.push_str(&format!("{cluster},{arm},{y}\n"));
    }
    let found = analyze(&table(&csv), &request(&["mixed", "icc", "difference"], |_| {})).unwrap();
    assert!(found.models.iter().all(|model| model.failure.is_none()), "{found:?}");
    let words = "Cluster `9999` holds 3000 of 3100 rows in arm `0`: it decides there alone";
    assert!(found.notes.iter().any(|note| note.starts_with(words)), "{:?}", found.notes);
}

/// A class of 300 whose members do not contrast beside 60 pairs whose members do: no correlation suits both, and that is said.
#[test]
fn a_large_cluster_beside_pairs_that_contrast_is_named() {
    let mut csv = "g,t,y\n".to_owned();
    for row in 0..420_u32 {
        let (cluster, arm) = if row < 300 { (9_999, 0) } else { (row / 2, row / 2 % 2) };
        let contrast = if row < 300 { 0.0 } else { 3.0 * (1.0 - 2.0 * f64::from(row % 2)) };
        csv.push_str(&format!("{cluster},{arm},{}\n", f64::from(row * 37 % 101) / 50.0 + contrast));
    }
    let found = analyze(&table(&csv), &request(&["mixed"], |_| {})).unwrap();
    let failure = found.models[0].failure.clone().unwrap();
    assert_eq!(failure.code(), "no_common_correlation", "{failure}");
    assert!(failure.to_string().contains("those of a cluster of 300 cannot"), "{failure}");
}

#[test]
fn one_of_each_pair_is_named_where_actor_and_partner_are_asked() {
    let mut csv = "g,t,y\n".to_owned();
    (0..16).for_each(|row| csv.push_str(&format!("{},{},{}\n", row / 2, row % 2, row * 5 % 7)));
    let found = analyze(&table(&csv), &request(&["apim_actor"], |_| {})).unwrap();
    let failure = found.models[0].failure.clone().unwrap();
    assert!(failure.to_string().contains("one of each pair is treated"), "{failure}");
}

/// 400 trials without any effect: twelve organizations whose slopes differ, six of them treated, two persons each at three times. A treatment
/// of organizations is tested by how these differ in change. As everyone is there at all times, that is the t test of the organizations'
/// mean slopes on ten degrees of freedom, to the digit wherever their variances lie inside; and it is found in 5 %, within three Monte Carlo
/// standard errors (3.3 points).
#[test]
fn growth_of_organizations_is_judged_by_organizations() {
    use crate::model::streams::{Purpose, Stream};
    use crate::study::estimators::student_t_two_sided;
    const TRIALS: u32 = 400;
    let roles = Roles { time: Some("w".into()), organization: Some("o".into()), ..Roles::default() };
    let (mut found, mut regular) = (0, 0);
    for trial in 0..TRIALS {
        let mut stream = Stream::open(4, u64::from(trial), Purpose::Answer, 0);
        let mut sample = Sample { arms: Some([("1".into(), 36), ("0".into(), 36)]), ..Sample::default() };
        let (mut arm, mut slopes) = (Vec::new(), [[0.0; 6]; 2]);
        for organization in 0..12_u32 {
            let (level, slope) = stream.normals();
            let mut rise = 0.0;
            for person in 0..2 {
                let own = stream.normals();
                for wave in [-1.0, 0.0, 1.0] {
                    let line = 2.0 * level + own.0 + (slope + 0.7 * own.1) * wave;
                    sample.outcome.push(line + 0.5 * stream.normals().0);
                    rise += 0.25 * wave * sample.outcome[sample.outcome.len() - 1];
                    sample.time.push(wave);
                    sample.person.push(2 * organization + person);
                    sample.organization.push(organization);
                    arm.push(f64::from(organization % 2));
                }
            }
            slopes[organization as usize % 2][organization as usize / 2] = rise;
        }
        sample.cluster = sample.person.clone();
        sample.asked = Some(("t: 1 - 0".into(), arm));
        let model = mixed::growth(&sample, &roles, "growth", 0.95);
        let term = model.terms.iter().find(|term| term.label.contains('×')).unwrap_or_else(|| panic!("{model:?}"));
        found += u32::from(term.estimate.p_value < 0.05);
        let means = slopes.map(|own| own.iter().sum::<f64>() / 6.0);
        let square = |arm: usize| slopes[arm].iter().map(|one| (one - means[arm]) * (one - means[arm])).sum::<f64>();
        let t = (means[1] - means[0]) / ((square(0) + square(1)) / 10.0 / 3.0).sqrt();
        if !model.notes.iter().any(|note| note.contains("slope of the o ") || note.contains("the o's")) {
            regular += 1;
            let exact = student_t_two_sided(t, 10.0);
            assert!((term.estimate.p_value - exact).abs() < 1e-6, "trial {trial}: {term:?} {exact}");
            assert!((term.estimate.degrees_of_freedom - 10.0).abs() < 1e-5, "{term:?}");
        }
    }
    let share = f64::from(found) / f64::from(TRIALS);
    println!("{share:.4}, {regular} of {TRIALS} inside");
    assert!(regular > TRIALS / 2 && (share - 0.05).abs() < 3.0 * (0.05 * 0.95 / f64::from(TRIALS)).sqrt(), "{share}");
}

/// Partners whose sum is the same in every dyad, and values that nothing but the arm tells apart: what is left of a variance is rounding, at
/// any distance from zero, and no estimate is made of it.
#[test]
fn rounding_is_no_estimate() {
    let contrast = |row: usize, at: f64| {
        let own = libm::sin((row / 2) as f64 * 0.37);
        at + if row.is_multiple_of(2) { own } else { -own }
    };
    let constant = |row: usize, at: f64| at + if (row / 2).is_multiple_of(2) { 0.1 } else { 0.4 };
    for at in [0.0, 5.0, -3e6] {
        for (outcome, models) in [
            (&contrast as &dyn Fn(usize, f64) -> f64, &["difference", "mixed", "randomization", "bootstrap"][..]),
            (&constant, &["difference", "mixed", "randomization"]),
        ] {
            let rows: String =
                (0..80).map(|row| format!("{},{},{}\n", row / 2, row / 2 % 2, outcome(row, at))).collect();
            let found = analyze(&table(&format!("g,t,y\n{rows}")), &request(models, |_| {})).unwrap();
            for model in &found.models {
                let failure = model.failure.as_ref().unwrap_or_else(|| panic!("{} at {at}: {model:?}", model.name));
                // At a bound the information about a mixed model's variances may be singular as well.
                let said = failure.to_string();
                let singular = model.model == "mixed" && said.contains("is singular");
                assert!(said.contains("zero within rounding") || singular, "{} at {at}: {said}", model.name);
            }
            assert!(found.hedges_g.unwrap().is_err(), "{at}");
        }
        // A correlation is at its bound, exactly, and without an error; of what does not vary there is none.
        for (outcome, expected) in [(&contrast as &dyn Fn(usize, f64) -> f64, Some(-1.0)), (&constant, None)] {
            let rows: String =
                (0..80).map(|row| format!("{},{},{}\n", row / 2, row / 2 % 2, outcome(row, at))).collect();
            let found = analyze(&table(&format!("g,t,y\n{rows}")), &request(&["icc"], |_| {})).unwrap();
            let term = found.models[0].terms.first().map(|term| (term.estimate.estimate, term.estimate.standard_error));
            assert_eq!(term, expected.map(|bound| (bound, 0.0)), "{at}");
        }
    }
}

/// Twenty organizations of three pairs. The arm, and the predictor, belong to the organization.
fn organizations(stray: bool) -> String {
    let mut csv = "o,g,t,y,x\n".to_owned();
    for row in 0..120_u32 {
        let organization = row / 6;
        let arm = if stray && row < 2 { 1 - organization % 2 } else { organization % 2 };
        let own = f64::from(organization * 7 % 11) + f64::from(row * 37 % 101) / 50.0;
        csv.push_str(&format!("o{organization},{},{arm},{own},{}\n", row / 2, organization * 3 % 7));
    }
    csv
}

#[test]
fn hedges_g_is_clustered_as_the_difference_is() {
    let csv = organizations(false);
    let g = |cluster: &str, organization: Option<&str>| {
        let change = |roles: &mut Roles| {
            (roles.cluster, roles.organization) = (Some(cluster.into()), organization.map(Into::into));
        };
        analyze(&table(&csv), &request(&["difference"], change)).unwrap().hedges_g.unwrap().unwrap()
    };
    assert_eq!(g("g", Some("o")), g("o", None));
    assert!(g("g", Some("o")).found.standard_error > 1.2 * g("g", None).found.standard_error);
}

#[test]
fn an_association_is_clustered_by_the_organization_that_is_named() {
    let csv = organizations(false);
    let fit = |model: &str, cluster: &str, organization: Option<&str>| {
        let change = |roles: &mut Roles| {
            (roles.treatment, roles.predictor) = (None, Some("x".into()));
            (roles.cluster, roles.organization) = (Some(cluster.into()), organization.map(Into::into));
        };
        analyze(&table(&csv), &request(&[model], change)).unwrap().models.remove(0)
    };
    for model in ["regression", "correlation"] {
        let found = fit(model, "g", Some("o"));
        assert_eq!((&found.terms, found.groups), (&fit(model, "o", None).terms, 20), "{model}");
        assert!(
            found.notes.iter().any(|note| note.contains("clustered by organization")),
            "{model}: {:?}",
            found.notes
        );
    }
    let apim = fit("apim", "g", Some("o"));
    assert!(apim.notes.iter().any(|note| note.contains("no level of organizations")), "{:?}", apim.notes);
}

#[test]
fn a_stray_pair_in_a_treated_organization_is_warned_of() {
    let notes = |stray: bool| {
        let change = |roles: &mut Roles| roles.organization = Some("o".into());
        analyze(&table(&organizations(stray)), &request(&["difference"], change)).unwrap().notes.join(" ")
    };
    let found = notes(true);
    assert!(found.contains("19 of 20 organizations and differs within 1 (`o0`)"), "{found}");
    assert!(!found.contains("was assigned to persons") && !notes(false).contains("WARNING"), "{found}");
}

/// Forty rows in pairs, whose clusters are called by `label`.
fn pairs(label: impl Fn(usize) -> String, outcome: impl Fn(usize) -> f64) -> String {
    let row = |k: usize| format!("{},{},{}\n", label(k), k / 2 % 2, outcome(k));
    (0..40).fold("g,t,y\n".to_owned(), |text, k| text + &row(k))
}

#[test]
fn clusters_of_one_row_and_labels_that_look_alike_are_said() {
    let notes = |label: &dyn Fn(usize) -> String| {
        let text = pairs(label, |k| (k * k % 7) as f64);
        analyze(&table(&text), &request(&["difference"], |_| {})).unwrap().notes.join(" ")
    };
    let fine = notes(&|k| (k / 2).to_string());
    assert!(!fine.contains("has one row") && !fine.contains("WARNING"), "{fine}");
    let found = notes(&|k| format!("{}{}", k / 2, if k % 2 == 0 { "" } else { ".0" }));
    assert!(found.contains("Each of the 40 clusters (`g`) has one row"), "{found}");
    assert!(found.contains("written in several ways, `0` and `0.0`, and 19 more such"), "{found}");
    // Of clusters with several rows, too; and twenty digits are no floating point number.
    let found = notes(&|k| if k == 5 { "02".to_owned() } else { (k / 2).to_string() });
    assert!(
        found.contains("`02` and `2`: they count as different clusters") && !found.contains("has one row"),
        "{found}"
    );
    let long = notes(&|k| format!("123456789012345678901{:02}", k));
    assert!(long.contains("has one row") && !long.contains("several ways"), "{long}");
}

#[test]
fn an_arm_without_variance_is_warned_of() {
    let notes = |outcome: &dyn Fn(usize) -> f64| {
        let text = pairs(|k| (k / 2).to_string(), outcome);
        analyze(&table(&text), &request(&["difference"], |_| {})).unwrap().notes.join(" ")
    };
    let treated = |k: usize| k / 2 % 2 == 1;
    assert!(!notes(&|k| (k % 5) as f64).contains("WARNING"));
    let one = notes(&|k| if treated(k) { 5.0 } else { (k % 5) as f64 });
    assert!(one.contains("`y` is 5 in all 20 rows of arm `1` (SD 0)") && one.contains("other arm alone"), "{one}");
    let both = notes(&|k| if treated(k) { 5.0 } else { 4.0 });
    assert!(both.contains("5 in all 20 rows of arm `1` and 4 in all 20 rows of arm `0`"), "{both}");
}
