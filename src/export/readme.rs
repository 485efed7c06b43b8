//! What is in the folder, and how three programs read it.

use super::{Export, Format};
use crate::study::declaration::{Ask, Kind, Level, Score, Unit};
use crate::study::naming::{ARM, DYAD, ORGANIZATION, score_at};

/// The text.
pub(super) fn readme(export: &Export, format: Format) -> String {
    let study = &export.plan.study;
    let [wide, long] = format.files();
    let truths = if export.truths { " True scores, in columns that end in `_true`, are for who teaches." } else { "" };
    let mut text = format!(
        "# {}: one simulated experiment\n\n\
         Replication {} of `{}` (seed {}), simulated by peerlab {}. It is what a researcher who ran this experiment once would have \
         in hand; nobody was asked anything.{truths}\n\n\
         - `{wide}`: a row per person. `{long}`: a row per person and wave.\n\
         - `codebook.md`, `codebook.csv`: what every column is.\n\
         - `scenario.toml`: the study with every default spelled out; it holds its hypotheses and their analyses.\n",
        study.title,
        export.replication,
        study.id,
        study.monte_carlo.seed,
        env!("CARGO_PKG_VERSION"),
    );
    text.push_str("\n## R\n\n```r\n");
    text.push_str(&r(export, format, wide));
    text.push_str("```\n\n## SPSS\n\n");
    text.push_str(match format {
        Format::Csv => {
            "Put the path of this folder into the line `CD '.'.` of the syntax, then run it. It follows the reference of SPSS and has \
             not been run in SPSS itself.\n\n```\n\
             INSERT FILE='import_wide.sps'.\nDESCRIPTIVES ALL.\nSAVE OUTFILE='wide.sav'.\n```\n"
        }
        Format::Parquet => "SPSS reads no Parquet: export again with `--format csv`, which brings syntax along.\n",
    });
    text.push_str(&format!(
        "\n## peerlab\n\nEvery hypothesis as the study analyses it, then one of them beside what a few hundred simulated experiments give.\n\n\
         ```\npeerlab analyze {wide} --study scenario.toml\n"
    ));
    if let Some(first) = study.hypotheses.first() {
        text.push_str(&format!(
            "peerlab analyze {wide} --study scenario.toml --hypothesis {} --replications 200\n",
            first.id
        ));
        text.push_str("```\n");
    } else {
        text.push_str("```\n");
    }
    text
}

/// Three lines of R: read, say which arm is the reference, and fit the first hypothesis where it is a plain comparison.
fn r(export: &Export, format: Format, wide: &str) -> String {
    let study = &export.plan.study;
    let read = match format {
        Format::Csv => format!("d <- read.csv(\"{wide}\")"),
        Format::Parquet => format!("d <- as.data.frame(arrow::read_parquet(\"{wide}\"))"),
    };
    let arm = |index: usize| study.arms[index].name.replace('"', "\\\"");
    let first = study.hypotheses.iter().zip(&export.plan.questions).find_map(|(one, question)| {
        let formal = study.arms.iter().all(|arm| arm.program.kind != Kind::Informal);
        let plain = formal && one.level == Level::Person && one.score == Score::Post && one.within.is_none();
        match &one.ask {
            Ask::Contrast(contrast) if plain => Some((one, question, *contrast)),
            _ => None,
        }
    });
    let Some((hypothesis, question, contrast)) = first else {
        let outcome = study.hypotheses.first().map_or(String::new(), |one| score_at(one.outcome, one.week));
        return format!(
            "{read}\nd$arm <- factor(d$arm)\naggregate({outcome} ~ arm, data = d, FUN = mean)   # scenario.toml has the planned analysis\n"
        );
    };
    let outcome = score_at(hypothesis.outcome, hypothesis.week);
    let adjusted = question.estimators.first().is_some_and(|one| one.specification.covariates());
    let covariates = match &hypothesis.covariates[..] {
        covariates if adjusted => {
            covariates.iter().map(|one| format!(" + {}", score_at(one, 0))).collect::<Vec<_>>().concat()
        }
        _ => String::new(),
    };
    let cluster = if study.design.unit == Unit::Organization { ORGANIZATION } else { DYAD };
    format!(
        "{read}\nd <- subset(d, {ARM} %in% c(\"{}\", \"{}\")); d$arm <- factor(d$arm, levels = c(\"{}\", \"{}\"))\n\
         m <- lm({outcome} ~ arm{covariates}, data = d)   # {}: clubSandwich::coef_test(m, \"CR2\", cluster = d${cluster})\n",
        arm(contrast.reference),
        arm(contrast.treated),
        arm(contrast.reference),
        arm(contrast.treated),
        hypothesis.id,
    )
}
