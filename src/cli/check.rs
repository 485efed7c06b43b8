//! `peerlab check FILE...`: whether scenarios are complete, or every mistake in them.

use std::process::ExitCode;

use serde_json::{Value, json};

use super::arguments::CheckArguments;
use super::resolve::{Trouble, resolve};
use super::screen::{Screen, WRONG, counted, print};
use crate::study::declaration::{Program, Study};

pub(super) fn check(arguments: &CheckArguments) -> ExitCode {
    let answers: Vec<_> = arguments.files.iter().map(|file| (file, resolve(file, &arguments.set))).collect();
    let all_right = answers.iter().all(|(_, answer)| answer.is_ok());
    let printed = if arguments.json {
        let all = answers.iter().map(|(file, answer)| match answer {
            Ok(scenario) => json!({ "file": file, "complete": true, "id": scenario.study.id, "digest": digest(&scenario.study), "problems": [] }),
            Err(Trouble::Problems(all)) if all.untold() > 0 => json!({ "file": file, "complete": false, "problems": problems(&Trouble::Problems(all.clone())), "more_problems": all.untold() }),
            Err(trouble) => json!({ "file": file, "complete": false, "problems": problems(trouble) }),
        });
        print(&format!("{:#}\n", Value::from_iter(all)))
    } else {
        let mut screen = Screen::standard();
        for (file, answer) in &answers {
            if let Ok(scenario) = answer {
                screen.paragraph(0, &format!("{file}: a complete scenario, `{}`", scenario.study.id));
                screen.paragraph(2, &digest(&scenario.study));
            }
        }
        let printed = screen.print();
        for (_, answer) in &answers {
            if let Err(trouble) = answer {
                trouble.report();
            }
        }
        printed
    };
    if all_right { printed } else { WRONG.into() }
}

/// The last week in which anyone is followed.
fn last_week(study: &Study) -> usize {
    let end = |program: &Program| program.weeks + program.follow_up_weeks;
    study.arms.iter().map(|arm| end(&arm.program)).fold(end(&study.program), usize::max)
}

/// A study in one line.
fn digest(study: &Study) -> String {
    let parts = [
        crate::report::words::recruits(study),
        counted(study.organizations, "organization"),
        counted(study.arms.len(), "arm"),
        format!("{} weeks", last_week(study)),
        counted(study.measurement.waves.len(), "wave"),
        match study.hypotheses.len() {
            1 => "1 hypothesis".to_owned(),
            n => format!("{n} hypotheses"),
        },
        counted(study.monte_carlo.replications, "replication"),
    ];
    parts.join(", ")
}

fn problems(trouble: &Trouble) -> Value {
    match trouble {
        Trouble::Problems(problems) => problems
            .0
            .iter()
            .map(|problem| {
                let (line, column) = problem.source.position(problem.span.start);
                json!({
                    "in": problem.source.name,
                    "line": line,
                    "column": column,
                    "message": problem.message,
                    "expected": problem.expected,
                    "help": problem.help,
                    "nearest": problem.nearest,
                })
            })
            .collect(),
        Trouble::Unknown { name, nearest } => {
            json!([{ "in": name, "message": "there is no such study", "nearest": nearest }])
        }
        Trouble::Unreadable { path, cause } => json!([{ "in": path, "message": cause }]),
    }
}
