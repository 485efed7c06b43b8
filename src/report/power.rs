//! What a search for power says: the sizes that were simulated, the answer, why there is none, and what can be detected.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::summary::{CAVEAT, effect};
use super::text::{fold, number};
use crate::figures::{Figure, Power, PowerAnswer, PowerPoint};
use crate::inquiry::power::table::Row;
use crate::inquiry::power::{Answer, Point, Trend};

/// A size in numbers, as shown.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownSize {
    /// The value of the key.
    pub value: f64,
    /// Replications.
    pub replications: usize,
    /// Of these, failed fits.
    pub failures: usize,
    /// Share that has found it.
    pub power: f64,
    /// Its 95% interval.
    pub interval: (f64, f64),
}

impl From<&Row> for ShownSize {
    fn from(row: &Row) -> Self {
        let Point { power, low, high, .. } = row.power;
        Self { value: row.value, replications: row.replications, failures: row.failures, power, interval: (low, high) }
    }
}

/// The smallest effect that a size detects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShownEffect {
    /// The value of the key.
    pub value: f64,
    /// Replications.
    pub replications: usize,
    /// Of these, failed fits.
    pub failures: usize,
    /// Power for what is true.
    pub power: f64,
    /// Its 95% interval.
    pub interval: (f64, f64),
    /// By standard error and degrees of freedom.
    pub by_formula: Option<f64>,
    /// The standard error.
    pub standard_error: Option<f64>,
    /// The degrees of freedom.
    pub degrees_of_freedom: Option<f64>,
    /// By the experiments themselves.
    pub by_simulation: Option<f64>,
    /// Its 95% interval.
    pub simulation_interval: (Option<f64>, Option<f64>),
    /// The unit of the effects.
    pub unit: String,
    /// One SD of the outcome in the reference population, in the unit of the effects; none where effects have no SD.
    pub sd: Option<f64>,
    /// What is true.
    pub truth: Option<f64>,
    /// The smallest effect of interest.
    pub smallest_effect_of_interest: f64,
}

/// Everything the screen shows of a search.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PowerSummary {
    /// Id of the study.
    pub study: String,
    /// Its title.
    pub title: String,
    /// Id of the hypothesis.
    pub hypothesis: String,
    /// Its statement.
    pub statement: String,
    /// Ids of the study's other hypotheses.
    pub others: Vec<String>,
    /// Id of the estimator.
    pub estimator: String,
    /// The key.
    pub key: String,
    /// The key's unit.
    pub unit: String,
    /// Whether its values are whole numbers.
    pub whole: bool,
    /// The range.
    pub range: (f64, f64),
    /// Power that is wanted.
    pub target: f64,
    /// Level of significance.
    pub alpha: f64,
    /// Replications of one size, at most.
    pub most: usize,
    /// The seed.
    pub seed: u64,
    /// Replications in all.
    pub replications: usize,
    /// The sizes that were simulated.
    pub sizes: Vec<ShownSize>,
    /// The answer.
    pub answer: Answer,
    /// Whether power changes along the range; none in results of an older version.
    #[serde(default)]
    pub trend: Option<Trend>,
    /// Whether the answer's interval is as narrow as the search asks for.
    pub settled: bool,
    /// The first size from the answer on that fills arms and organizations evenly.
    pub even: Option<f64>,
    /// Why power is as it is, and what else a planner must know.
    pub remarks: Vec<String>,
    /// What can be detected.
    pub detectable: Option<ShownEffect>,
}

impl PowerSummary {
    /// The last part of the key: what a column is called.
    fn tail(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or(&self.key)
    }

    /// A value in words: `97 dyads`, `dose 0.45`.
    pub fn said(&self, value: f64) -> String {
        if !self.counts() {
            format!("{} {}", self.tail(), number(value))
        } else if value == 1.0 {
            format!("1 {}", self.unit.trim_end_matches('s'))
        } else {
            format!("{} {}", number(value), self.unit)
        }
    }

    /// Whether a value is a number of something.
    fn counts(&self) -> bool {
        self.whole && !self.unit.is_empty() && !self.unit.contains(' ')
    }

    fn name(&self) -> String {
        if self.counts() { format!("number of {}", self.unit) } else { self.tail().to_owned() }
    }

    /// The answer in a sentence or two.
    pub fn verdict(&self) -> String {
        let target = number(self.target);
        let flat = self.trend.filter(Trend::flat);
        match (self.answer, flat) {
            (Answer::Found { size, possible, certain, rising }, _) => {
                let (what, (low, high)) = if rising {
                    (format!("The smallest {} with power {target} or more", self.name()), (possible, certain))
                } else {
                    (format!("The largest {} that still has power {target}", self.name()), (certain, possible))
                };
                let end = |end: Option<f64>, word: &str, edge: f64| {
                    end.map_or_else(|| format!("{word} {}", number(edge)), number)
                };
                let (low, high) = (end(low, "below", self.range.0), end(high, "above", self.range.1));
                let mut text = format!("{what} is {}; 95% interval {low} to {high}.", number(size));
                if let Some(even) = self.even.filter(|even| *even != size) {
                    let _ = write!(text, " {} fill arms and organizations evenly.", self.said(even));
                }
                if possible.is_none() || certain.is_none() {
                    text.push_str(" The interval reaches beyond the range: widen it.");
                } else if !self.settled {
                    let _ = write!(text, " For a narrower interval allow more than --replications {}.", self.most);
                }
                text
            }
            (Answer::Flat { trend }, _) => {
                let judged = if trend.level_high < self.target {
                    "that is too little".to_owned()
                } else if trend.level_low >= self.target {
                    "that is enough".to_owned()
                } else {
                    format!("whether that is {target} or more cannot be told from these replications")
                };
                format!(
                    "No {} can be named: power is flat from {} to {}, {}; {judged}.",
                    self.name(),
                    number(self.range.0),
                    number(self.range.1),
                    trend.said(),
                )
            }
            (Answer::Nowhere { .. }, Some(trend)) => format!(
                "No {} from {} to {} gives power {target}: power is flat, {}.",
                self.name(),
                number(self.range.0),
                number(self.range.1),
                trend.said(),
            ),
            (Answer::Everywhere { .. }, Some(trend)) => format!(
                "Power is {target} or more from {} to {} and flat, {}.",
                number(self.range.0),
                number(self.range.1),
                trend.said(),
            ),
            (Answer::Nowhere { best }, None) => format!(
                "No {} from {} to {} gives power {target}: the most is {}, at {}.",
                self.name(),
                number(self.range.0),
                number(self.range.1),
                share(&best),
                self.said(best.value),
            ),
            (Answer::Everywhere { worst }, None) => format!(
                "Power is {target} or more from {} to {} throughout: the least is {}, at {}. Where it becomes too little lies outside \
                 this range.",
                number(self.range.0),
                number(self.range.1),
                share(&worst),
                self.said(worst.value),
            ),
            (Answer::Undecided { nearest }, _) => format!(
                "Whether power {target} is reached within {} to {} cannot be told from these replications: at {} it is {}. \
                 Widen the range, or allow more than --replications {}.",
                number(self.range.0),
                number(self.range.1),
                self.said(nearest.value),
                share(&nearest),
                self.most,
            ),
        }
    }

    /// What can be detected, in sentences.
    fn effect(&self) -> Vec<String> {
        let Some(found) = &self.detectable else { return Vec::new() };
        let sized = |value: f64| match found.sd {
            Some(sd) if found.unit != "SD" || (sd - 1.0).abs() > 0.005 => {
                format!("{value:+.3} {} ({:+.2} SD)", found.unit, value / sd)
            }
            _ => format!("{value:+.3} {}", found.unit),
        };
        let at = self.said(found.value);
        let percent = format!("{}%", number(100.0 * self.target));
        let mut lines = Vec::new();
        lines.push(match (found.by_formula, found.by_simulation) {
            (Some(formula), _) => format!(
                "With {at}, an effect of {} is found with {percent} power, by a standard error of {:.3} with {:.1} degrees of freedom{}.",
                sized(formula),
                found.standard_error.unwrap_or(f64::NAN),
                found.degrees_of_freedom.unwrap_or(f64::NAN),
                match found.by_simulation {
                    Some(simulated) => format!("; {} by the experiments themselves", with_interval(simulated, found)),
                    None => "; by the experiments themselves none is large enough, for too many fits fail".to_owned(),
                }
            ),
            (None, Some(simulated)) => format!(
                "With {at}, an effect of {} is found with {percent} power, by the experiments themselves {}.",
                sized(simulated),
                with_interval(simulated, found)
            ),
            (None, None) => format!("What can be detected with {at} cannot be told: too many fits fail."),
        });
        let detects = found.by_simulation.or(found.by_formula);
        let small = found.smallest_effect_of_interest;
        let worth = match detects {
            Some(detects) if detects.abs() > 1.05 * small => ", which would be missed more often than that",
            _ => "",
        };
        lines.push(format!(
            "True in the model: {}, found with power {:.2} [{:.2}, {:.2}]. Smallest effect of interest: {small:.3}{worth}.",
            effect(found.truth),
            found.power,
            found.interval.0,
            found.interval.1,
        ));
        if found.failures > 0 {
            lines.push(format!(
                "{} of these {} fits failed and count as having found nothing.",
                found.failures, found.replications
            ));
        }
        lines
    }

    /// As plain text of at most `width` columns. `bold` marks what to read first.
    pub fn text(&self, width: usize, bold: impl Fn(&str) -> String) -> String {
        let width = width.clamp(50, 100);
        let mut out = String::new();
        let bolded = |text: &str, first: &str, rest: &str| -> String {
            fold(text, width, first, rest).lines().map(|line| format!("{}\n", bold(line))).collect()
        };
        out.push_str(&bolded(&self.title, "", ""));
        let indent = " ".repeat(self.hypothesis.chars().count() + 2);
        out.push_str(&fold(&format!("{}: {}", self.hypothesis, self.statement), width, "", &indent));
        let mut asked = format!(
            "Power of {} at p < {} and, where the hypothesis names a direction, in it; along {} from {} to {}; seed {}.",
            self.estimator,
            number(self.alpha),
            self.key,
            number(self.range.0),
            number(self.range.1),
            self.seed,
        );
        if !self.others.is_empty() {
            let _ = write!(asked, " Other hypotheses: {} (--hypothesis).", self.others.join(", "));
            if self.alpha == 0.05 {
                let count = self.others.len() + 1;
                let strictest = number((0.05 / count as f64 * 1e4).round() / 1e4);
                let _ = write!(
                    asked,
                    " Nothing is corrected for several: of {count} p-values Holm's method asks that the smallest be below {strictest} (--alpha)."
                );
            }
        }
        out.push_str(&fold(&asked, width, "", ""));
        out.push('\n');
        out.push_str(&self.table());
        out.push('\n');
        out.push_str(&bolded(&self.verdict(), "", ""));
        for remark in &self.remarks {
            out.push_str(&fold(&format!("! {remark}"), width, "  ", "    "));
        }
        let effect = self.effect();
        if !effect.is_empty() {
            out.push('\n');
        }
        for line in effect {
            out.push_str(&fold(&line, width, "", ""));
        }
        out.push('\n');
        // The last two sentences of the caveat explain what a run shows.
        let caveat = CAVEAT.split(" Estimate:").next().unwrap_or(CAVEAT);
        out.push_str(&fold(caveat, width, "", ""));
        out
    }

    fn table(&self) -> String {
        let failed = self.sizes.iter().any(|size| size.failures > 0);
        let head = if self.counts() { self.unit.clone() } else { self.tail().to_owned() };
        let values: Vec<String> = self.sizes.iter().map(|size| number(size.value)).collect();
        let column = values.iter().map(|value| value.chars().count()).chain([head.chars().count()]).max().unwrap_or(0);
        let mut out =
            format!("  {head:>column$}  replications{}  power  95% interval\n", if failed { "  failed" } else { "" });
        for (size, value) in self.sizes.iter().zip(&values) {
            let _ = write!(out, "  {value:>column$}  {:>12}", size.replications);
            if failed {
                let _ = write!(out, "  {:>6}", size.failures);
            }
            let _ = writeln!(out, "  {:>5.3}  {:.3} to {:.3}", size.power, size.interval.0, size.interval.1);
        }
        out
    }

    /// The figure of a search, from the curve that belongs to it.
    pub fn figure(&self, curve: &[Point]) -> Figure {
        let point = |p: &Point| PowerPoint { x: p.value, power: p.power, low: p.low, high: p.high };
        let shown = |s: &ShownSize| {
            let (low, high) = s.interval;
            (PowerPoint { x: s.value, power: s.power, low, high }, s.replications)
        };
        let answer = match self.answer {
            Answer::Found { size, possible, certain, rising } => {
                let (low, high) = if rising { (possible, certain) } else { (certain, possible) };
                let open = |end: Option<f64>, sign: &str, edge: f64| {
                    end.map_or_else(|| format!("{sign}{}", number(edge)), number)
                };
                let interval = format!("[{}, {}]", open(low, "<", self.range.0), open(high, ">", self.range.1));
                Some(PowerAnswer {
                    x: size,
                    low: low.unwrap_or(self.range.0),
                    high: high.unwrap_or(self.range.1),
                    label: format!("{} {interval}", self.said(size)),
                    rising,
                })
            }
            _ => None,
        };
        Figure::Power(Power {
            title: format!("Power to find {}: {}", self.hypothesis, self.statement),
            subtitle: format!(
                "{}; {} at p < {}, {} replications in all",
                self.title,
                self.estimator,
                number(self.alpha),
                self.replications
            ),
            x_label: match self.counts() {
                true => self.unit.clone(),
                false if self.unit.is_empty() => self.key.clone(),
                false => format!("{} ({})", self.key, self.unit),
            },
            curve: curve.iter().map(point).collect(),
            points: self.sizes.iter().map(shown).collect(),
            target: self.target,
            answer,
            note: "Discs: simulated, larger with more replications, with 95% intervals (Wilson). Line: local probit regression through \
                   them. Band: its 95% interval at each place. The interval of the answer is where the band holds the target."
                .to_owned(),
        })
    }
}

fn share(point: &Point) -> String {
    format!("{:.2} [{:.2}, {:.2}]", point.power, point.low, point.high)
}

fn with_interval(value: f64, found: &ShownEffect) -> String {
    match found.simulation_interval {
        (Some(low), Some(high)) => format!("{value:+.3} [{:+.3}, {:+.3}]", low.min(high), low.max(high)),
        _ => format!("{value:+.3}"),
    }
}
