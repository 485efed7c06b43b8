//! The summary of a run, as it stands on the screen and in `run.json`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::text::{counted, fold};
use super::verdict::{Finding, Verdict, findings};
use crate::inquiry::answers::Answers;
use crate::inquiry::family::FalseClaims;
use crate::monte_carlo::Failed;
use crate::study::declaration::{Allocation, Unit};
use crate::study::experiment::Record;
use crate::study::plan::Plan;

/// Everything the screen shows of a run but for how fast it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Title of the study.
    pub title: String,
    /// The question.
    pub question: String,
    /// Where the literature asks it.
    pub source: String,
    /// The design in one line.
    pub design: String,
    /// The answers.
    pub findings: Vec<Finding>,
    /// How often a study with these hypotheses claims something where there is nothing, if several have no effect.
    #[serde(default)]
    pub family: Option<String>,
    /// What failed, if any replication did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// What was kept, and how to get more.
    pub kept: String,
}

impl Summary {
    /// The summary of a run.
    pub fn new(plan: &Plan, answers: &Answers, record: Record) -> Self {
        let study = &plan.study;
        Self {
            title: study.title.clone(),
            question: study.question.clone(),
            source: study.source.clone(),
            design: design(plan),
            findings: findings(plan, &answers.each),
            family: answers.false_claims.as_ref().map(family),
            failed: None,
            kept: kept(record),
        }
    }

    /// What is said of replications that failed.
    pub fn failed(count: usize, of: u64, first: &Failed) -> String {
        format!(
            "{count} of {of} replications failed, and everything above is without them: they are in the table `failures`, and \
             --only-replication {} repeats the first ({}).",
            first.number, first.message
        )
    }
}

fn family(found: &FalseClaims) -> String {
    let share = |(value, error): (f64, f64)| format!("{:.1}% ± {:.1}", 100.0 * value, 196.0 * error);
    format!(
        "Of {} hypotheses without any effect at least one is claimed in {} of experiments; with p corrected for the number of \
         hypotheses in {} (Holm) or {} (Benjamini and Hochberg).",
        found.hypotheses,
        share(found.uncorrected),
        share(found.holm),
        share(found.benjamini_hochberg),
    )
}

fn kept(record: Record) -> String {
    match record {
        Record::Summary => "summaries of every replication. To keep every person at every wave, add --record waves",
        Record::Waves => "every person at every wave. To keep every dyad in every week, add --record weeks",
        Record::Weeks => "every dyad in every week. To keep every coaching turn, add --record episodes",
        Record::Episodes => "every coaching turn",
    }
    .to_owned()
}

/// The design in one line.
fn design(plan: &Plan) -> String {
    let study = &plan.study;
    let arms = study.arms.iter().filter(|arm| arm.share > 0.0);
    let arms: Vec<&str> = arms.map(|arm| arm.name.as_str()).collect();
    let place = match study.organizations {
        1 => "one organization".to_owned(),
        n => format!("{n} organizations"),
    };
    let unit = match study.design.unit {
        Unit::Person => "persons",
        Unit::Dyad => "dyads",
        Unit::Organization => "organizations",
    };
    let how = match study.design.allocation {
        Allocation::None => "nobody assigned to anything".to_owned(),
        Allocation::SelfSelected => format!("{unit} choosing between {}", arms.join(" / ")),
        _ if study.factors.is_empty() => format!("{unit} assigned to {}", arms.join(" / ")),
        _ => format!(
            "{unit} assigned to {} of {}",
            counted(study.arms.len(), "run"),
            counted(study.factors.len(), "factor")
        ),
    };
    let line = format!(
        "{} in {place}, {how}; {} weeks, {}, seed {}. {}",
        super::words::recruits(study),
        plan.weeks,
        plan.repeated(),
        study.monte_carlo.seed,
        super::factors::clear(study),
    );
    line.trim_end().to_owned()
}

/// How numbers of effects are shown: three decimals, with sign.
pub fn effect(value: Option<f64>) -> String {
    value.map_or_else(|| "none".to_owned(), |v| plain_zero(format!("{v:+.3}")))
}

/// What rounds to nothing has no sign.
fn plain_zero(number: String) -> String {
    let none = !number.contains(|c: char| c.is_ascii_digit() && c != '0');
    if none { number.trim_start_matches(['+', '-']).to_owned() } else { number }
}

/// An effect as its finding shows it: what happens in a single week is small.
pub(super) fn amount(finding: &Finding, value: Option<f64>) -> String {
    if finding.unit == "per week" {
        return value.map_or_else(|| "none".to_owned(), |v| plain_zero(format!("{v:+.4}")));
    }
    effect(value)
}

/// A share in percent, with one decimal.
pub fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| "none".to_owned(), |v| format!("{:.1}%", 100.0 * v))
}

impl Summary {
    /// The summary as plain text of at most `width` columns. `bold` marks what to read first.
    pub fn text(&self, width: usize, bold: impl Fn(&str) -> String) -> String {
        let width = width.clamp(50, 100);
        let mut out = String::new();
        let _ = writeln!(out, "{}", bold(&self.title));
        if !self.question.is_empty() {
            out.push_str(&fold(&self.question, width, "", ""));
        }
        out.push_str(&fold(&self.design, width, "", ""));
        let (mut last, mut remarked) = ("", "");
        let mut beside: Option<&String> = None;
        for finding in &self.findings {
            if finding.primary {
                out.push_str(&analyses(beside, width));
                beside = finding.analyses.as_ref();
            }
            if finding.primary || finding.hypothesis != last {
                out.push('\n');
                out.push_str(&self.head(finding, width, &bold));
            }
            last = &finding.hypothesis;
            out.push_str(&body(finding, width));
            // Of an experiment it is the same for every estimator; an association is what the estimator makes it.
            let remark = finding.remark.as_deref().unwrap_or_default();
            if !remark.is_empty() && (finding.primary || remark != remarked) {
                out.push_str(&fold(remark, width, "      ", "      "));
            }
            remarked = remark;
        }
        out.push_str(&analyses(beside, width));
        out.push('\n');
        if let Some(family) = &self.family {
            out.push_str(&fold(family, width, "", ""));
            out.push('\n');
        }
        if let Some(failed) = &self.failed {
            out.push_str(&fold(failed, width, "", ""));
            out.push('\n');
        }
        out.push_str(&fold(CAVEAT, width, "", ""));
        out
    }

    fn head(&self, finding: &Finding, width: usize, bold: &impl Fn(&str) -> String) -> String {
        let mut out = String::new();
        let title = format!("{}  {}", finding.hypothesis, finding.statement);
        let indent = " ".repeat(finding.hypothesis.chars().count() + 2);
        let folded = fold(&title, width, "", &indent);
        out.extend(folded.lines().map(|line| format!("{}\n", bold(line))));
        let text = format!("Verdict: {}", reading(finding));
        out.push_str(&fold(&text, width, "    ", "    "));
        out
    }
}

/// What a finding means: the verdict, how large the true effect is, and whether that is evidence.
pub fn reading(finding: &Finding) -> String {
    let words = finding.words();
    // Not every question has an answer for everyone: an association has none.
    let total = finding
        .total
        .map_or_else(String::new, |total| format!(", {} if everyone had it", amount(finding, Some(total))));
    let unit = match finding.unit.as_str() {
        "" => String::new(),
        unit => format!(" {unit}"),
    };
    let size = format!(
        " True effect {}{unit}{total}; smallest effect of interest {:.3}.",
        amount(finding, finding.truth),
        finding.smallest_effect_of_interest,
    );
    let implied = match (finding.implied_by_theory, finding.verdict) {
        (true, Verdict::Holds | Verdict::About | Verdict::Small | Verdict::Direction | Verdict::Unclear) => {
            " Implied by the theory: its being true in the model is no evidence for it."
        }
        (true, _) => " Implied by the theory, so look for what in this scenario undoes it.",
        (false, _) => "",
    };
    format!("{words}.{size}{implied}")
}

/// What every summary ends with: what the numbers are and are not.
pub const CAVEAT: &str = "These numbers come from a theory with assumed parameters that has not been calibrated: they say what \
follows if the theory is right, not what will happen. Estimate: the mean [2.5th to 97.5th percentile] of such experiments. Power: \
significant at 5% and, where the hypothesis names a direction, in it; Holm: with p corrected for the number of the study's hypotheses. ±: 1.96 Monte Carlo standard errors.";

/// What is said of all analyses of a hypothesis, after the last of them.
fn analyses(words: Option<&String>, width: usize) -> String {
    words.map_or_else(String::new, |words| fold(&format!("Analyses: {words}"), width, "    ", "      "))
}

fn body(finding: &Finding, width: usize) -> String {
    let interval = finding.middle.map_or_else(String::new, |(low, high)| {
        format!(" [{}, {}]", amount(finding, Some(low)), amount(finding, Some(high)))
    });
    let size = finding.effect_size.as_ref().map_or_else(String::new, |size| format!(", {size}"));
    // Where there is no effect there is nothing to find: what is significant is a false alarm, in either direction.
    let found = match finding.verdict {
        Verdict::Null => format!("false alarms {}", percent(finding.significant)),
        _ => {
            let corrected = finding.power_holm.map_or_else(String::new, |p| format!(" (Holm {})", percent(Some(p))));
            format!("power {}{corrected}", percent(finding.power))
        }
    };
    let what = format!("{}: estimate {}{interval}{size}", finding.estimator, amount(finding, finding.estimate));
    let how = format!("bias {}, {found}, coverage {}", amount(finding, finding.bias), percent(finding.coverage));
    // On one line, or on two that break between what is found and how well.
    let mut out = if what.chars().count() + how.chars().count() + 6 <= width {
        fold(&format!("{what}, {how}"), width, "    ", "      ")
    } else {
        fold(&format!("{what},"), width, "    ", "      ") + &fold(&how, width, "      ", "      ")
    };
    for caution in &finding.cautions {
        out.push_str(&fold(&format!("! {caution}"), width, "      ", "        "));
    }
    out
}
