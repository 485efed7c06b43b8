//! `docs/inference.md`: which analysis is honest for which design, from thousands of experiments whose truth is known.
//!
//! The tables are written by `make inference` (`UPDATE_INFERENCE=1`), which takes minutes. Without it, tests hold the page to the code:
//! every estimator of a contrast has its row, two designs are run again and must give the same digits, and what theory promises is
//! tested with a stated rate of false alarm.

mod cases;
mod measure;
mod page;
mod questions;
mod strategies;

use std::{env, fs};

use cases::{Case, cases, events, losses, resemblances};
use measure::{Measured, REPLICATIONS, attempts, measure, measure_all};
use page::{Lesson, Shown};
use peerlab::inquiry::diagnosis::{Attempt, Diagnosis, Expectation, diagnose};
use peerlab::study::estimators::find;
use strategies::{Mistake, Strategy};

/// The page as it is.
fn paper() -> String {
    fs::read_to_string(page::path()).expect("docs/inference.md")
}

fn strategy(id: &str, mistake: Mistake) -> Strategy {
    Strategy { estimator: find(id).unwrap_or_else(|| panic!("no estimator {id}")), mistake }
}

/// What is usual and wrong, and what would be right there.
fn lessons() -> Vec<Lesson> {
    let lesson = |what, letter, wrong, mistake, right| Lesson { what, letter, wrong: (wrong, mistake), right };
    let none = Mistake::None;
    vec![
        lesson("persons taken for independent", 'A', "difference_ols", none, "difference_cr2"),
        lesson("persons taken for independent", 'B', "difference_ols", none, "difference_cr2"),
        lesson("pairs not taken for pairs", 'C', "difference_ols", none, "difference_cr2"),
        lesson("pairs not taken for pairs", 'D', "difference_ols", none, "difference_cr2"),
        lesson("persons taken for independent", 'H', "difference_ols", none, "difference_cr2"),
        lesson(
            "dyads as clusters where organizations are treated",
            'H',
            "difference_cr2",
            Mistake::DyadsAsClusters,
            "difference_cr2",
        ),
        lesson("few clusters, no correction", 'H', "difference_cr0", none, "difference_cr2"),
        lesson("few clusters, no correction", 'H', "ancova_cr0", none, "ancova_cr2"),
        lesson("few clusters, normal quantiles", 'H', "difference_cr1", Mistake::NormalQuantiles, "difference_cr2"),
        lesson(
            "a lot that was not drawn",
            'A',
            "difference_randomization",
            Mistake::LotOfPersons,
            "difference_randomization",
        ),
        lesson(
            "a lot that was not drawn",
            'D',
            "difference_randomization",
            Mistake::LotOfPersons,
            "difference_randomization",
        ),
        lesson(
            "a lot that was not drawn",
            'H',
            "difference_randomization",
            Mistake::LotOfPersons,
            "difference_randomization",
        ),
    ]
}

/// Those who are assigned, and those who went through with it.
fn of_losses() -> Vec<Strategy> {
    ["difference_cr2", "ancova_cr2", "completers_difference_cr2", "completers_ancova_cr2"]
        .map(|id| strategy(id, Mistake::None))
        .to_vec()
}

/// Runs everything and writes the tables anew.
#[test]
fn the_tables_are_written_on_demand() {
    // A name writes that table alone: `questions`, `resemblances`.
    let Some(asked) = env::var_os("UPDATE_INFERENCE") else { return };
    let one = |name: &str, table: fn() -> String| {
        if asked == name || asked == "1" {
            fs::write(page::path(), page::with_block(&paper(), name, &table())).expect("a writable page");
        }
    };
    one("resemblances", table_of_resemblances);
    one("questions", || page::questions(&questions::rows(|_, _| true)));
    if asked != "1" {
        return;
    }
    let (cases, strategies) = (cases(), strategies::all());
    let measured: Vec<Vec<Option<Measured>>> = cases
        .iter()
        .map(|case| {
            println!("{} {}", case.letter, case.name);
            let due: Vec<Strategy> = strategies.iter().filter(|one| one.applies(&case.assumed)).cloned().collect();
            let mut found = measure_all(&case.assumed, &due).into_iter();
            strategies.iter().map(|one| one.applies(&case.assumed).then(|| found.next().expect("one each"))).collect()
        })
        .collect();
    let mut text = page::with_block(&paper(), "designs", &page::designs(&cases));
    for (name, shown) in Shown::ALL {
        let table = page::matrix(&cases, &strategies, |case, one| measured[case][one].as_ref().map(|m| shown.cell(m)));
        text = page::with_block(&text, name, &table);
    }
    let find = |letter: char, id: &str, mistake: Mistake| {
        let case = cases.iter().position(|case| case.letter == letter).expect("a case");
        let one =
            strategies.iter().position(|one| one.estimator.id == id && one.mistake == mistake).expect("a strategy");
        measured[case][one].clone().expect("it applies")
    };
    text = page::with_block(&text, "mistakes", &page::mistakes(&lessons(), find));
    text = page::with_block(&text, "losses", &table_of_losses());
    text = page::with_block(&text, "events", &table_of_events());
    fs::write(page::path(), text).expect("a writable page");
}

fn table_of_losses() -> String {
    let (cases, strategies) = (losses(), of_losses());
    let measured: Vec<Vec<Measured>> =
        cases.iter().map(|case| measure(&case.assumed, &strategies, REPLICATIONS)).collect();
    page::losses(&cases, &strategies, &measured)
}

fn of_events() -> Vec<Strategy> {
    ["logistic", "logistic_ancova"].map(|id| strategy(id, Mistake::None)).to_vec()
}

fn table_of_events() -> String {
    let (cases, strategies) = (events(), of_events());
    let measured: Vec<Vec<Measured>> =
        cases.iter().map(|case| measure(&case.assumed, &strategies, REPLICATIONS)).collect();
    page::events(&cases, &strategies, &measured)
}

fn of_resemblances() -> Vec<Strategy> {
    ["intraclass", "intraclass_clamped"].map(|id| strategy(id, Mistake::None)).to_vec()
}

fn table_of_resemblances() -> String {
    let (cases, strategies) = (resemblances(), of_resemblances());
    let judged: Vec<Vec<Diagnosis>> = cases
        .iter()
        .map(|case| {
            // Errors of measurement are nobody's partner: they take a resemblance down to r ρ.
            let truth = case.assumed.reliability * case.assumed.intraclass;
            let all = attempts(&case.assumed, &strategies, 0..REPLICATIONS);
            let known = |attempt: &Attempt| Attempt { truth, ..*attempt };
            let judge = |all: &Vec<Attempt>| diagnose(all.iter().map(known), Expectation::Different, 0.05);
            all.iter().map(judge).collect()
        })
        .collect();
    page::resemblances(&cases, &strategies, &judged)
}

/// The rows of a table with their first cell.
fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table.lines().skip(2);
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn the_page_has_every_design_and_every_estimator_of_a_contrast() {
    let page = paper();
    let (cases, strategies) = (cases(), strategies::all());
    assert_eq!(page::block(&page, "designs"), Some(page::designs(&cases).trim()), "run `make inference`");
    for (name, _) in Shown::ALL {
        let table = page::block(&page, name).unwrap_or_else(|| panic!("no table {name}"));
        let names: Vec<&str> = rows(table).iter().map(|row| row[0]).collect();
        let expected: Vec<String> = strategies.iter().map(Strategy::name).collect();
        assert_eq!(names, expected, "the table `{name}` is stale: run `make inference`");
        for (row, strategy) in rows(table).iter().zip(&strategies) {
            assert_eq!(row.len(), 1 + cases.len());
            for (cell, case) in row[1..].iter().zip(&cases) {
                assert_eq!(
                    *cell == "–",
                    !strategy.applies(&case.assumed),
                    "{name}: {} in {}",
                    strategy.name(),
                    case.letter
                );
            }
        }
    }
    for (name, count) in [
        ("events", events().len() * of_events().len()),
        ("resemblances", resemblances().len() * of_resemblances().len()),
        ("questions", questions::count()),
    ] {
        assert_eq!(rows(page::block(&page, name).expect("a table")).len(), count, "{name}: run `make inference`");
    }
    assert_eq!(rows(page::block(&page, "mistakes").expect("mistakes")).len(), lessons().len());
    assert_eq!(rows(page::block(&page, "losses").expect("losses")).len(), losses().len() * of_losses().len());
}

/// Two designs again, by everything that is cheap: the digits on the page are those that the code gives.
#[test]
fn the_digits_are_those_of_the_code() {
    let page = paper();
    for (column, case) in cases().iter().enumerate().filter(|(_, case)| ['D', 'H'].contains(&case.letter)) {
        let cheap: Vec<Strategy> =
            strategies::all().into_iter().filter(|one| one.applies(&case.assumed) && !one.is_dear()).collect();
        let measured = measure_all(&case.assumed, &cheap);
        for (name, shown) in Shown::ALL {
            let table = rows(page::block(&page, name).expect("a table"));
            for (strategy, measured) in cheap.iter().zip(&measured) {
                let row = table.iter().find(|row| row[0] == strategy.name()).expect("a row");
                let (found, expected) = (row[1 + column], shown.cell(measured));
                assert_eq!(found, expected, "{name}, {} in {}: run `make inference`", strategy.name(), case.letter);
            }
        }
    }
}

/// The same of some questions that are no contrast.
#[test]
fn the_digits_of_questions_are_those_of_the_code() {
    let page = paper();
    let table = page::block(&page, "questions").expect("a table");
    let cheap = |name: &str, id: &str| {
        name == "Hedges' g, design H" || (name.contains("30 dyads that are alike") && id != "regression_ols")
    };
    let again = questions::rows(cheap);
    assert_eq!(again.len(), 4);
    for row in again {
        assert!(table.contains(row.row().trim()), "run `make inference`: the code gives\n{}", row.row());
    }
}

/// Type I error over 4,000 replications.
fn type_one(case: &Case, id: &str, mistake: Mistake) -> f64 {
    let without = peerlab::study::assumed::Assumed { effect: 0.0, ..case.assumed };
    let all = attempts(&without, &[strategy(id, mistake)], 0..4_000).remove(0);
    let found = all.iter().filter_map(|attempt| attempt.result);
    found.filter(|result| result.p_value < 0.05).count() as f64 / 4_000.0
}

/// What is nominal by theory lies within 4.5 standard errors (.0155) of 5 %: a false alarm in 150,000 per line. What is a mistake lies
/// beyond them, on its side.
#[test]
fn what_theory_promises_holds_and_mistakes_are_off_on_their_side() {
    let all = cases();
    let of = |letter: char| all.iter().find(|case| case.letter == letter).expect("a case");
    for (letter, id) in [
        // Exact: Student's t on the means of dyads or organizations, or on differences within pairs.
        ('A', "difference_cr2"),
        ('B', "difference_cr2"),
        ('C', "difference_cr2"),
        ('D', "difference_cr2"),
        ('H', "difference_cr2"),
        // Its approximations: unequal clusters, a covariate, a lot of persons.
        ('A', "ancova_cr2"),
        ('E', "difference_cr2"),
        ('F', "difference_cr2"),
        ('J', "difference_cr2"),
    ] {
        let found = type_one(of(letter), id, Mistake::None);
        assert!((found - 0.05).abs() < 0.0155, "{letter} {id}: {found}");
    }
    for (letter, id, mistake, liberal) in [
        ('A', "difference_ols", Mistake::None, true),
        ('B', "difference_ols", Mistake::None, false),
        ('C', "difference_ols", Mistake::None, false),
        ('D', "difference_ols", Mistake::None, true),
        ('H', "difference_ols", Mistake::None, true),
        ('H', "difference_cr2", Mistake::DyadsAsClusters, true),
        ('H', "difference_cr0", Mistake::None, true),
        ('H', "ancova_cr0", Mistake::None, true),
        ('H', "difference_cr1", Mistake::NormalQuantiles, true),
    ] {
        let found = type_one(of(letter), id, mistake);
        assert!(if liberal { found > 0.0655 } else { found < 0.0345 }, "{letter} {id}: {found}");
    }
}
