//! Ten questions about one's own organization, and a case for sponsors made out of the answers.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::scenario::{Override, nearest};
use crate::study::business::{self, INPUTS};
use crate::study::declaration::Study;

/// A question.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    /// Its name with `--answer`.
    pub id: &'static str,
    /// What is asked.
    pub words: &'static str,
    /// The unit of the answer and its range, in words.
    pub unit: &'static str,
    goes: Goes,
}

/// Where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Goes {
    /// Persons: half as many dyads.
    People,
    /// A number under this key.
    Key(&'static str),
    /// A code.
    Currency,
    /// A range of the table `business`.
    Range,
}

/// The ten questions.
#[rustfmt::skip]
pub(super) const QUESTIONS: [Question; 10] = [
    Question { id: "people", words: "How many people would take part?", unit: "persons, an even number from 2", goes: Goes::People },
    Question { id: "weeks", words: "For how many weeks would the program run?", unit: "weeks, 1 to 260", goes: Goes::Key("program.weeks") },
    Question { id: "meetings", words: "How many meetings a week would it offer each pair?", unit: "meetings a week, 0.05 to 1", goes: Goes::Key("program.meetings_per_week") },
    Question { id: "competition", words: "How far do colleagues compete with each other for recognition and pay?", unit: "0 not at all, 0.4 usual, 1 as in a tournament", goes: Goes::Key("organization.competition") },
    Question { id: "currency", words: "In which currency are amounts?", unit: "three letters, e.g. USD, EUR", goes: Goes::Currency },
    Question { id: "wage", words: "What is a participant paid in a year?", unit: "currency; one number, or lowest likely highest", goes: Goes::Range },
    Question { id: "turnover", words: "Which share of such people leaves in a year anyway?", unit: "a share such as 0.1, or 10 %; one, or lowest likely highest", goes: Goes::Range },
    Question { id: "training_hours", words: "How many hours of preparation would a participant have?", unit: "hours; one number, or lowest likely highest", goes: Goes::Range },
    Question { id: "facilitation_rate", words: "What does an hour of the coordinator or facilitator cost?", unit: "currency; one number, or lowest likely highest", goes: Goes::Range },
    Question { id: "setup", words: "What does it cost to set the program up in one organization?", unit: "currency; one number, or lowest likely highest", goes: Goes::Range },
];

/// The answers by question; none where the case's own value stays.
pub(super) type Answers = [Option<String>; QUESTIONS.len()];

/// Reads `--answer NAME=VALUE`.
pub(super) fn given(written: &[String]) -> Result<Answers, (String, String)> {
    let mut answers = Answers::default();
    let names = || QUESTIONS.iter().map(|question| question.id);
    for one in written {
        let Some((name, value)) = one.split_once('=') else {
            return Err((
                format!("`{one}` answers nothing: there is no `=`"),
                "Write --answer NAME=VALUE, e.g. --answer people=60.".to_owned(),
            ));
        };
        let Some(at) = names().position(|known| known == name.trim()) else {
            let meant = nearest(name.trim(), names()).map_or(String::new(), |near| format!("Did you mean `{near}`? "));
            let all = names().collect::<Vec<_>>().join(", ");
            return Err((format!("there is no question `{}`", name.trim()), format!("{meant}There are {all}.")));
        };
        answers[at] = Some(value.trim().to_owned()).filter(|value| !value.is_empty());
    }
    Ok(answers)
}

/// Asks on a terminal, with what holds without an answer; of another standard input the lines are the answers in order.
/// `check` says what is wrong with an answer: on a terminal it is asked again.
pub(super) fn ask(study: &Study, check: impl Fn(&Answers) -> Result<(), String>) -> Result<Answers, String> {
    let (input, mut prompt) = (io::stdin(), io::stderr());
    let terminal = input.is_terminal();
    let mut lines = input.lock().lines();
    let mut answers = Answers::default();
    for (at, question) in QUESTIONS.iter().enumerate() {
        loop {
            if terminal {
                let text = format!(
                    "{} of {}. {}\n   ({}) [{}]: ",
                    at + 1,
                    QUESTIONS.len(),
                    question.words,
                    question.unit,
                    standing(question, study)
                );
                prompt.write_all(text.as_bytes()).and_then(|()| prompt.flush()).map_err(|error| error.to_string())?;
            }
            let line = match lines.next() {
                None => return Ok(answers),
                Some(line) => line.map_err(|error| format!("cannot read the answers: {error}"))?,
            };
            answers[at] = Some(line.trim().to_owned()).filter(|line| !line.is_empty());
            match check(&answers) {
                Err(wrong) if terminal => {
                    prompt.write_all(format!("   {wrong}\n").as_bytes()).map_err(|error| error.to_string())?;
                }
                // What is wrong in a file of answers is told once, with all the others.
                _ => break,
            }
        }
    }
    Ok(answers)
}

/// What holds without an answer.
fn standing(question: &Question, study: &Study) -> String {
    let number = crate::report::text::number;
    match question.goes {
        Goes::People => (2 * study.population.dyads).to_string(),
        Goes::Key(key) => crate::scenario::lookup::number(study, key).map_or(String::new(), number),
        Goes::Currency => study.business.as_ref().map_or(String::new(), |case| case.currency.clone()),
        Goes::Range => range_of(question, study).map_or(String::new(), |range| range.map(number).join(" ")),
    }
}

fn range_of(question: &Question, study: &Study) -> Option<[f64; 3]> {
    let range = &study.business.as_ref()?.ranges[business::find(question.id)?];
    Some([range.low, range.likely, range.high])
}

/// Numbers of an answer: one, or three; `12 %` is 0.12; thousands may be set apart by `_`.
fn numbers(answer: &str) -> Result<[f64; 3], String> {
    let text = answer.replace(" %", "%").replace(',', " ");
    let one = |word: &str| -> Result<f64, String> {
        let (digits, share) = match word.strip_suffix('%') {
            Some(digits) => (digits, true),
            None => (word, false),
        };
        let value: f64 = digits.replace('_', "").parse().map_err(|_| format!("`{word}` is no number"))?;
        // A percentage as people write it: 7 is 0.07, and not its neighbor.
        Ok(if share { format!("{value}e-2").parse().unwrap_or(value / 100.0) } else { value })
    };
    match text.split_whitespace().map(one).collect::<Result<Vec<_>, _>>()?.as_slice() {
        [value] => Ok([*value; 3]),
        [low, likely, high] => Ok([*low, *likely, *high]),
        other => Err(format!("{} numbers: write one, or the lowest, the likely and the highest", other.len())),
    }
}

/// The question whose answer is also what the theory is told of those who leave while it is simulated.
const TURNOVER: &str = "turnover";
/// That parameter, and its highest value: 27 % a year.
const EXIT: &str = "theory.exit.base";
const HIGHEST_EXIT: f64 = 0.006;

/// The weekly probability that makes so large a share leave in a year, to four decimals.
fn weekly(yearly: f64) -> f64 {
    let exact = 1.0 - libm::pow(1.0 - yearly, 1.0 / 52.0);
    ((exact * 1e4).round() / 1e4).min(HIGHEST_EXIT)
}

/// The answers as changes of the scenario, to pass the checks that everything passes.
pub(super) fn overrides(answers: &Answers, study: &Study) -> Result<Vec<Override>, String> {
    let mut all = Vec::new();
    let mut change =
        |key: &str, value: String| all.push(Override { option: "--answer", text: format!("{key}={value}") });
    for (question, answer) in QUESTIONS.iter().zip(answers) {
        let Some(answer) = answer else { continue };
        let wrong = |reason: String| format!("{}: {reason}", question.id);
        match question.goes {
            Goes::Currency => change("business.currency", format!("{:?}", answer.to_uppercase())),
            Goes::People => {
                let people = numbers(answer).map_err(wrong)?[1];
                if people < 2.0 || people % 2.0 != 0.0 || people > 2e6 {
                    return Err(wrong(format!(
                        "{answer} is not an even number of persons, 2 or more: they meet in pairs"
                    )));
                }
                change("population.dyads", format!("{}", people / 2.0));
            }
            Goes::Key(key) => {
                let value = numbers(answer).map_err(wrong)?[1];
                change(key, format!("{value}"));
                if key == "program.weeks" && value >= 1.0 && value.fract() == 0.0 {
                    let end = value + study.program.follow_up_weeks as f64;
                    change("measurement.waves", format!("[0, {value}, {end}]"));
                    for hypothesis in &study.hypotheses {
                        change(&format!("hypothesis.{}.week", hypothesis.id), format!("{end}"));
                    }
                }
            }
            Goes::Range => {
                let [low, likely, high] = numbers(answer).map_err(wrong)?;
                change(&format!("business.{}", question.id), format!("[{low}, {likely}, {high}]"));
                if question.id == TURNOVER && (0.0..1.0).contains(&likely) {
                    change(EXIT, format!("{}", weekly(likely)));
                }
            }
        }
    }
    Ok(all)
}

/// The text of a case with the answers in the place of its own values, its comments kept.
pub(super) fn written(text: &str, answers: &Answers, study: &Study) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (question, answer) in QUESTIONS.iter().zip(answers) {
        if answer.is_none() {
            continue;
        }
        match question.goes {
            Goes::People => {
                set(&mut lines, "[population]", "dyads", &study.population.dyads.to_string());
                remark(&mut lines, "[population]", &format!("{} people, as answered.", 2 * study.population.dyads));
            }
            Goes::Currency => {
                let code = study.business.as_ref().map_or(String::new(), |case| format!("{:?}", case.currency));
                set(&mut lines, "[business]", "currency", &code);
                for (input, range) in unconverted(answers, text, study) {
                    let source = format!("{:?}", format!("in {}, not converted: {}", range.0, range.1));
                    set(&mut lines, &format!("[business.{input}]"), "source", &source);
                }
            }
            Goes::Key(key) => {
                let (section, name) = key.split_once('.').unwrap_or(("", key));
                let value = crate::scenario::lookup::number(study, key).unwrap_or_default();
                set(&mut lines, &format!("[{section}]"), name, &format!("{value}"));
                remark(&mut lines, &format!("[{section}]"), &of_section(section, study));
                if name == "weeks" {
                    let waves: Vec<String> = study.measurement.waves.iter().map(usize::to_string).collect();
                    set(&mut lines, "[measurement]", "waves", &format!("[{}]", waves.join(", ")));
                    let week = study.hypotheses.first().map_or(0, |hypothesis| hypothesis.week);
                    set(&mut lines, "[[hypothesis]]", "week", &week.to_string());
                }
            }
            Goes::Range => {
                if let Some([low, likely, high]) = range_of(question, study) {
                    let section = format!("[business.{}]", question.id);
                    let meaning = business::find(question.id).map_or("", |at| INPUTS[at].unit);
                    if !lines.iter().any(|line| line.trim() == section) {
                        let at = lines.iter().position(|line| line.trim() == "[monte_carlo]").unwrap_or(lines.len());
                        lines.splice(at..at, [section.clone(), String::new()]);
                    }
                    set(&mut lines, &section, "source", &format!("\"an answer for this organization ({meaning})\""));
                    set(&mut lines, &section, "high", &format!("{high}"));
                    set(&mut lines, &section, "likely", &format!("{likely}"));
                    set(&mut lines, &section, "low", &format!("{low}"));
                    if question.id == TURNOVER {
                        set(&mut lines, "[theory.exit]", "base", &format!("{}", weekly(likely)));
                    }
                }
            }
        }
    }
    lines.join("\n") + "\n"
}

/// Amounts of money that nobody was asked for and that stand in another currency, with that currency and their source.
pub(super) fn unconverted(answers: &Answers, text: &str, study: &Study) -> Vec<(&'static str, (String, String))> {
    let Ok(before) = crate::scenario::read(text, "case.toml", &[]) else { return Vec::new() };
    let (Some(before), Some(now)) = (before.study.business, &study.business) else { return Vec::new() };
    let answered =
        |id: &str| QUESTIONS.iter().zip(answers).any(|(question, answer)| question.id == id && answer.is_some());
    let stale = |(_, input): &(_, &business::Input)| input.money && !answered(input.id);
    let with = |(range, input): (&business::Range, &business::Input)| {
        (input.id, (before.currency.clone(), range.source.clone()))
    };
    if before.currency == now.currency {
        return Vec::new();
    }
    before.ranges.iter().zip(&INPUTS).filter(stale).map(with).collect()
}

/// What a section's comment says once its values are answers.
fn of_section(section: &str, study: &Study) -> String {
    let number =
        |key: &str| crate::report::text::number(crate::scenario::lookup::number(study, key).unwrap_or_default());
    match section {
        "program" => format!(
            "{} weeks with {} meetings a week for each pair at most, then {} weeks of follow-up, as answered.",
            study.program.weeks,
            number("program.meetings_per_week"),
            study.program.follow_up_weeks
        ),
        _ => format!(
            "Colleagues compete with each other at {} (0 not at all, 1 as in a tournament), as answered.",
            number("organization.competition")
        ),
    }
}

/// Replaces the comment right above a section's heading.
fn remark(lines: &mut Vec<String>, section: &str, text: &str) {
    let Some(heading) = lines.iter().position(|line| line.trim() == section) else { return };
    let above = lines[..heading].iter().rev().take_while(|line| line.starts_with('#')).count();
    lines.splice(heading - above..heading, [format!("# {text}")]);
}

/// Puts a value at a key of a section: in its line where it has one, else right under the heading.
fn set(lines: &mut Vec<String>, section: &str, key: &str, value: &str) {
    let Some(start) = lines.iter().position(|line| line.trim() == section) else { return };
    let is_key = |line: &&String| line.split('=').next().is_some_and(|name| name.trim() == key) && line.contains('=');
    let end = lines[start + 1..].iter().position(|line| line.starts_with('[')).map_or(lines.len(), |at| start + 1 + at);
    let line = format!("{key} = {value}");
    match lines[start + 1..end].iter().position(|line| is_key(&line)) {
        Some(at) => lines[start + 1 + at] = line,
        None => lines.insert(start + 1, line),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{builtin, read, read_with};

    #[test]
    fn answers_are_read_as_people_write_them() {
        assert_eq!(numbers("12 %"), Ok([0.12; 3]));
        assert_eq!(numbers("5% 7% 12%"), Ok([0.05, 0.07, 0.12]));
        assert_eq!(numbers("80_000, 90_000, 120_000"), Ok([8e4, 9e4, 1.2e5]));
        assert!(numbers("1 2").is_err() && numbers("many").is_err() && numbers("").is_err());
    }

    /// Whatever is answered, and whichever case it starts from, the text says it, and keeps its comments.
    #[test]
    fn every_case_takes_every_answer() {
        let answers: Answers = ["84", "10", "0.8", "0.6", "chf", "100000 120000 150000", "9 %", "6", "120", "3000"]
            .map(|one| Some(one.to_owned()));
        for builtin in builtin::sponsors() {
            let own = builtin.read(&[]).unwrap().study;
            let changes = overrides(&answers, &own).unwrap();
            let wanted =
                read_with(builtin.text, "case.toml", &changes).unwrap_or_else(|problems| panic!("{problems}")).study;
            let text = written(builtin.text, &answers, &wanted);
            let study = read(&text, "new.toml", &[])
                .unwrap_or_else(|problems| panic!("{}: {problems}\n{text}", builtin.id))
                .study;
            assert_eq!(study.population.dyads, 42);
            assert_eq!((study.program.weeks, study.measurement.waves[1]), (10, 10));
            let case = study.business.as_ref().expect("a case");
            assert_eq!(case.currency, "CHF");
            assert_eq!(case.range(business::Name::Wage).high, 150_000.0);
            assert_eq!(case.range(business::Name::Turnover).likely, 0.09);
            assert_eq!(case.range(business::Name::TrainingHours).likely, 6.0);
            assert!(case.range(business::Name::Setup).source.contains("an answer for this organization"));
            // Comments say what stands there now, and an amount in another currency that it is one.
            assert!(text.contains("# 84 people, as answered.\n[population]"), "{text}");
            assert!(text.contains("# 10 weeks with 0.8 meetings a week"), "{text}");
            assert!(text.contains("# What stands under [business] is a range each"), "{text}");
            let fee = &case.range(business::Name::TrainingFee).source;
            assert!(fee.starts_with("in USD, not converted: ") || fee.starts_with("in EUR, not converted: "), "{fee}");
        }
    }

    #[test]
    fn odd_people_and_unknown_questions_are_refused() {
        let study = builtin::sponsors()[0].read(&[]).unwrap().study;
        let mut answers = Answers::default();
        answers[0] = Some("7".to_owned());
        assert!(overrides(&answers, &study).unwrap_err().contains("even number"));
        let wrong = given(&["wages=3".to_owned()]).unwrap_err();
        assert!(wrong.1.contains("Did you mean `wage`?"), "{wrong:?}");
        assert!(given(&["wage".to_owned()]).is_err());
    }
}
