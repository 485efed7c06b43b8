//! The codebook: what every column of the two files is.

use super::sheet::line;
use super::variable::{Content, Variable, named};
use super::{Export, Sheet};
use crate::model::outcomes::Source;
use crate::report::text::number;
use crate::report::words;
use crate::results::Kind;
use crate::study::instrument::Scale;

/// The files with the name by which the codebook calls them.
fn sheets(export: &Export) -> [(&'static str, &Sheet); 2] {
    [("wide", &export.wide), ("long", &export.long)]
}

/// The codebook for programs: one line per column of each file.
pub(super) fn csv(export: &Export) -> String {
    const HEADER: [&str; 14] = [
        "file",
        "column",
        "label",
        "type",
        "unit",
        "range",
        "values",
        "missing_code",
        "missing",
        "instrument",
        "items",
        "response_scale",
        "reliability",
        "week",
    ];
    let mut text = String::new();
    line(&mut text, HEADER.iter().map(|name| (*name).to_owned()));
    for (file, sheet) in sheets(export) {
        for (index, variable) in sheet.variables.iter().enumerate() {
            let scale = scale(export, variable);
            let asked = scale.filter(|scale| scale.about.source == Source::Questionnaire);
            let of = |words: Option<String>| words.unwrap_or_default();
            let fields = [
                file.to_owned(),
                variable.column.name.clone(),
                variable.column.description.clone(),
                kind(variable).to_owned(),
                variable.column.unit.clone(),
                variable.range.clone(),
                values(variable),
                if variable.missing { "empty".to_owned() } else { String::new() },
                sheet.missing(index).to_string(),
                of(scale.map(|scale| source(scale).to_owned())),
                of(asked.map(|scale| scale.instrument.items.to_string())),
                of(asked.map(response)),
                of(asked.map(|scale| number(scale.instrument.reliability))),
                of(week(export, variable).map(|week| week.to_string())),
            ];
            line(&mut text, fields.into_iter());
        }
    }
    text
}

/// The codebook for people.
pub(super) fn markdown(export: &Export) -> String {
    let study = &export.plan.study;
    let mut text = format!(
        "# Codebook: {}\n\nReplication {} of the study `{}`, simulated from the seed {}. {} rows in the wide file, one per person; {} in \
         the long file, one per person and wave (weeks {}). Missing values are empty{}.\n",
        study.title,
        export.replication,
        study.id,
        study.monte_carlo.seed,
        export.wide.rows(),
        export.long.rows(),
        export.plan.study.measurement.waves.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
        if export.truths {
            ". Columns that end in `_true` are true scores, for who teaches: no researcher can see them"
        } else {
            ""
        },
    );
    text.push_str("\n## Who and where, in both files\n\n| column | label | unit | values |\n|---|---|---|---|\n");
    let who = |variable: &&Variable| scale(export, variable).is_none() && week(export, variable).is_none();
    for variable in export.wide.variables.iter().filter(who) {
        row(&mut text, &[&code(variable), &variable.column.description, &variable.column.unit, &described(variable)]);
    }
    let extra = export.long.variables.iter();
    let extra: Vec<&Variable> = extra
        .filter(|variable| matches!(variable.content, Content::Week | Content::Exposed | Content::Completed(None)))
        .collect();
    text.push_str("\n## In the long file alone\n\n| column | label | unit | values |\n|---|---|---|---|\n");
    for variable in extra {
        row(&mut text, &[&code(variable), &variable.column.description, &variable.column.unit, &described(variable)]);
    }
    text.push_str("\n## In the wide file alone\n\n| column | label | unit | values |\n|---|---|---|---|\n");
    let through = export.wide.variables.iter().filter(|variable| matches!(variable.content, Content::Completed(_)));
    for variable in through {
        row(&mut text, &[&code(variable), &variable.column.description, &variable.column.unit, &described(variable)]);
    }
    text.push_str("\n## Instruments\n");
    for (index, scale) in export.plan.scales.iter().enumerate() {
        let words = words::instrument(&scale.instrument, study.measurement.observer);
        text.push_str(&format!("\n### {}\n\n{} {words}\n", named(scale), scale.about.meaning));
        let long = export.long.variables.iter().filter(|one| of_scale(one) == Some(index)).map(code);
        text.push_str(&format!("In the long file: {}.\n", long.collect::<Vec<_>>().join(" and ")));
        text.push_str("\n| column of the wide file | week | unit | range | missing |\n|---|--:|---|---|--:|\n");
        for (at, variable) in export.wide.variables.iter().enumerate().filter(|(_, one)| of_scale(one) == Some(index)) {
            let week = week(export, variable).map_or(String::new(), |week| week.to_string());
            let missing = export.wide.missing(at).to_string();
            row(&mut text, &[&code(variable), &week, &variable.column.unit, &variable.range, &missing]);
        }
    }
    text.push_str(
        "\nWhat is simulated is assumed: the study's model, its parameters and these instruments. Nobody was asked anything.\n",
    );
    text
}

fn row(text: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    text.push_str(&format!("| {} |\n", cells.join(" | ")));
}

fn code(variable: &Variable) -> String {
    format!("`{}`", variable.column.name)
}

fn of_scale(variable: &Variable) -> Option<usize> {
    match variable.content {
        Content::Score { scale, .. } | Content::Truth { scale, .. } => Some(scale),
        _ => None,
    }
}

fn scale<'a>(export: &'a Export, variable: &Variable) -> Option<&'a Scale> {
    of_scale(variable).map(|index| &export.plan.scales[index])
}

fn week(export: &Export, variable: &Variable) -> Option<usize> {
    match variable.content {
        Content::Score { wave, .. } | Content::Truth { wave, .. } | Content::Completed(wave) => {
            wave.map(|wave| export.plan.study.measurement.waves[wave])
        }
        _ => None,
    }
}

fn kind(variable: &Variable) -> &'static str {
    match variable.column.kind {
        Kind::Integer | Kind::Partition | Kind::Flag => "integer",
        Kind::Real => "number",
        Kind::Text => "text",
    }
}

/// Where a score comes from.
fn source(scale: &Scale) -> &'static str {
    match scale.about.source {
        Source::Questionnaire => "questionnaire",
        Source::Diary => "diary",
        Source::Records => "records",
        Source::Observer => "observer",
    }
}

/// The response scale of a questionnaire.
fn response(scale: &Scale) -> String {
    match scale.instrument.scale_points {
        0 => "continuous".to_owned(),
        points => format!("1 to {points}"),
    }
}

/// Codes and labels, `0 = low; 1 = high`.
fn values(variable: &Variable) -> String {
    let one = |(code, meaning): &(String, String)| match meaning.is_empty() {
        true => code.clone(),
        false => format!("{code} = {meaning}"),
    };
    variable.values.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What a value can be, in one cell.
fn described(variable: &Variable) -> String {
    let values = values(variable);
    if values.is_empty() { variable.range.clone() } else { values }
}
