use super::*;
use crate::export::Export;
use crate::inquiry::dataset::Reading;
use crate::scenario::builtin;

fn experiment() -> (Plan, String) {
    let scenario = builtin::find("listening-training").unwrap().read(&[]).unwrap();
    let export = Export::simulate(scenario.study, 1, false).unwrap();
    let text = export.wide.csv();
    (export.plan, text)
}

fn read(plan: &Plan, text: &str, hypotheses: &[usize]) -> OwnData {
    let file = Dataset::from_csv("own.csv", text.as_bytes(), &Reading::default()).unwrap();
    OwnData::read(plan, &file, hypotheses).unwrap()
}

/// Who asks for one hypothesis has planned the others all the same: its corrected p is no smaller than among all of them.
#[test]
fn a_part_of_the_hypotheses_is_corrected_for_all() {
    let (plan, text) = experiment();
    let all: Vec<usize> = (0..plan.study.hypotheses.len()).collect();
    let together = read(&plan, &text, &all).analyze(&plan, &all);
    for hypothesis in all {
        let alone = &read(&plan, &text, &[hypothesis]).analyze(&plan, &[hypothesis])[0];
        let p = alone.result.as_ref().unwrap().p_value;
        let family = plan.study.hypotheses.len() as f64;
        assert_eq!(
            (alone.adjusted.holm, alone.adjusted.benjamini_hochberg),
            ((family * p).min(1.0), (family * p).min(1.0))
        );
        let planned = together.iter().find(|one| one.hypothesis == hypothesis && one.estimator == 0).unwrap();
        assert!(alone.adjusted.holm >= planned.adjusted.holm, "{alone:?} {planned:?}");
    }
}

#[test]
fn a_forgotten_code_in_a_score_is_noted() {
    let (plan, text) = experiment();
    let data = read(&plan, &text, &[0]);
    assert_eq!(data.notes(), [""; 0]);
    let hypothesis = &plan.study.hypotheses[0];
    let column = format!("{}_w{}", hypothesis.outcome, hypothesis.week);
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let at = header.split(',').position(|name| name == column).unwrap();
    let mut coded = format!("{header}\n");
    for (row, line) in lines.enumerate() {
        let mut cells: Vec<&str> = line.split(',').collect();
        if row < 3 {
            cells[at] = if row == 0 { "-88" } else { "-99" };
        }
        coded.push_str(&cells.join(","));
        coded.push('\n');
    }
    let notes = read(&plan, &coded, &[0]).notes().join(" ");
    let expected = format!("add --missing {column}=-99 --missing {column}=-88.");
    assert!(notes.contains("-99 in 2 rows and -88 in 1 row") && notes.contains(&expected), "{notes}");
}

/// The arms of the planned test by hand: who has answered what it needs, and who has not, also where scores are missing.
#[test]
fn the_outcome_is_described_by_arm() {
    let (plan, text) = experiment();
    let hypothesis = &plan.study.hypotheses[0];
    let contrast = hypothesis.ask.contrast().unwrap();
    let names = [hypothesis.outcome, hypothesis.covariates[0]];
    let columns = [format!("{}_w{}", names[0], hypothesis.week), format!("{}_w0", names[1])];
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = |column: &str| header.iter().position(|name| *name == column).unwrap();
    let mut rows: Vec<Vec<String>> =
        text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    // Further persons who leave something out: the outcome, or a covariate.
    rows.iter_mut().step_by(9).for_each(|row| row[at(&columns[0])] = String::new());
    rows.iter_mut().step_by(7).for_each(|row| row[at(&columns[1])] = String::new());
    let less: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    let less = format!("{}\n{}\n", header.join(","), less.join("\n"));
    let found = &read(&plan, &less, &[0]).analyze(&plan, &[0])[0];
    assert_eq!(found.described.len(), 2);
    for (arm, described) in [contrast.treated, contrast.reference].into_iter().zip(&found.described) {
        let name = &plan.study.arms[arm].name;
        let own: Vec<&Vec<String>> = rows.iter().filter(|row| row[at("arm")] == *name).collect();
        let complete = own.iter().filter(|row| columns.iter().all(|column| !row[at(column)].is_empty()));
        let values: Vec<f64> = complete.map(|row| row[at(&columns[0])].parse().unwrap()).collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let sd = (values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / (count - 1.0)).sqrt();
        assert_eq!((&described.group, described.rows), (name, values.len()));
        assert!(described.left_out == own.len() - values.len() && described.left_out > 10, "{described:?}");
        assert!((described.mean - mean).abs() < 1e-9 && (described.sd - sd).abs() < 1e-9, "{described:?} {mean} {sd}");
    }
    assert_eq!(found.described.iter().map(|one| one.rows).sum::<usize>(), found.analyzed);
}
