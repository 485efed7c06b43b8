//! What a run shows only where it kept enough: the instruments' answers over the weeks, and how coaching turns felt.

use std::path::Path;

use super::pictures::{arm_in_words, marks, times};
use super::seen::{Reach, arm_of, reached};
use crate::figures::{Panel, Point, Series, SharePanel, ShareWeek, Shares, Trajectory};
use crate::model::episode::{DESTRUCTIVE, SEVERE};
use crate::model::outcomes::in_words;
use crate::monte_carlo::tables::MODES;
use crate::results;
use crate::study::plan::Plan;

/// Most instruments in a figure.
const INSTRUMENTS: usize = 6;
/// Most arms with a frame of their own.
const ARMS: usize = 12;

/// The instruments as they were answered, per arm and wave, from the table `waves`.
///
/// # Errors
/// If the table cannot be read.
pub fn instruments(plan: &Plan, tables: &Path) -> results::Result<Trajectory> {
    let study = &plan.study;
    let scales = &plan.scales[..plan.scales.len().min(INSTRUMENTS)];
    let waves = &study.measurement.waves;
    let columns: Vec<&str> =
        ["replication", "arm", "week"].into_iter().chain(scales.iter().map(|s| s.about.id)).collect();
    // Sum and number of answers by scale, arm and wave of the replication at hand; then their means over replications.
    let cells = scales.len() * study.arms.len() * waves.len();
    let cell = |scale: usize, arm: usize, wave: usize| (scale * study.arms.len() + arm) * waves.len() + wave;
    let mut sums = vec![(0.0, 0.0); cells];
    let mut means: Vec<Vec<f64>> = vec![Vec::new(); cells];
    let mut replication = None;
    let close = |sums: &mut Vec<(f64, f64)>, means: &mut Vec<Vec<f64>>| {
        for ((sum, count), own) in sums.iter_mut().zip(means.iter_mut()) {
            if *count > 0.0 {
                own.push(*sum / *count);
            }
            (*sum, *count) = (0.0, 0.0);
        }
    };
    results::read(tables.join("waves.parquet"), &columns, |batch| {
        for row in 0..batch.rows {
            let number = batch.integers(0)[row];
            if replication.replace(number).is_some_and(|last| last != number) {
                close(&mut sums, &mut means);
            }
            let arm = arm_of(study, &batch.texts(1)[row]);
            let Some(wave) = waves.iter().position(|week| *week == batch.integers(2)[row] as usize) else { continue };
            for scale in 0..scales.len() {
                let answer = batch.reals(3 + scale)[row];
                if !answer.is_nan() {
                    let (sum, count) = &mut sums[cell(scale, arm, wave)];
                    *sum += answer;
                    *count += 1.0;
                }
            }
        }
    })?;
    close(&mut sums, &mut means);
    let series = |scale: usize, arm: usize| Series {
        label: arm_in_words(study, arm),
        points: (0..waves.len())
            .map(|wave| {
                // By percentiles: a count or a share near 0 is skewed, and is never below it.
                let values = means[cell(scale, arm, wave)].clone();
                let Reach { mean, low, high } = Reach::of(values, study.monte_carlo.replications);
                Point { x: waves[wave] as f64, mean, low, high }
            })
            .collect(),
    };
    let panels = scales.iter().enumerate().map(|(index, scale)| {
        let unit = if scale.points_per_unit == 1.0 { scale.about.unit } else { "points of the response scale" };
        Panel {
            title: super::text::capitalized(&in_words(scale.about.id)),
            y_label: unit.to_owned(),
            series: (0..study.arms.len()).map(|arm| series(index, arm)).collect(),
            y_range: None,
        }
    });
    let more = match plan.scales.len() - scales.len() {
        0 => String::new(),
        more => format!(" {more} more instruments are in the table “waves”."),
    };
    Ok(Trajectory {
        title: "What the instruments show over the weeks".to_owned(),
        subtitle: format!("Mean answers at each wave, by arm, with their error of measurement; {}", times(plan)),
        panels: panels.collect(),
        x_label: "week".to_owned(),
        marks: marks(plan),
        note: format!(
            "Line: mean over replications. Band: {} of the arm's mean in single experiments.{more}",
            reached(study.monte_carlo.replications)
        ),
    })
}

/// How the coaching turns of one arm felt.
struct Turns {
    /// Turns by week and class, over all replications.
    weeks: Vec<[f64; 4]>,
    /// Destructive or severe ones and all of them, in the replication at hand.
    now: (f64, f64),
    /// Of 100 turns, destructive or severe ones, by replication.
    bad: Vec<f64>,
}

/// The class of a turn: 0 severe, 1 destructive, 2 neither, 3 developmental.
fn class(felt: f64) -> usize {
    if felt < SEVERE {
        0
    } else if felt < DESTRUCTIVE {
        1
    } else if felt > 0.0 {
        3
    } else {
        2
    }
}

/// How coaching turns felt, by week and arm, from the tables `episodes` and `individuals`.
///
/// # Errors
/// If a table cannot be read.
pub fn quality(plan: &Plan, tables: &Path) -> results::Result<Shares> {
    let study = &plan.study;
    let mut arm_of_person: Vec<u16> = Vec::new();
    results::read(tables.join("individuals.parquet"), &["arm"], |batch| {
        arm_of_person.extend(batch.texts(0).iter().map(|name| arm_of(study, name) as u16));
    })?;
    let populated = study.arms.iter().filter(|arm| arm.share > 0.0).count();
    // With too many arms for a frame each, all of them share one.
    let apart = populated <= ARMS;
    let mut arms: Vec<Turns> = (0..if apart { study.arms.len() } else { 1 })
        .map(|_| Turns { weeks: vec![[0.0; 4]; plan.weeks + 1], now: (0.0, 0.0), bad: Vec::new() })
        .collect();
    let close = |arms: &mut Vec<Turns>| {
        for turns in arms.iter_mut() {
            let (bad, all) = std::mem::take(&mut turns.now);
            if all > 0.0 {
                turns.bad.push(100.0 * bad / all);
            }
        }
    };
    let mut replication = None;
    // What stands in the table for a breach of confidence in a week without a meeting is no turn.
    let no_turn = MODES[MODES.len() - 1];
    results::read(
        tables.join("episodes.parquet"),
        &["replication", "week", "learner", "mode", "felt_quality"],
        |batch| {
            for row in (0..batch.rows).filter(|row| &*batch.texts(3)[*row] != no_turn) {
                let number = batch.integers(0)[row];
                if replication.replace(number).is_some_and(|last| last != number) {
                    close(&mut arms);
                }
                let person = number as usize * plan.persons() + batch.integers(2)[row] as usize;
                let arm = if apart { usize::from(arm_of_person.get(person).copied().unwrap_or_default()) } else { 0 };
                let (week, class) = (batch.integers(1)[row] as usize, class(batch.reals(4)[row]));
                if let Some(turns) = arms.get_mut(arm).filter(|turns| week < turns.weeks.len()) {
                    turns.weeks[week][class] += 1.0;
                    turns.now.0 += f64::from(u8::from(class < 2));
                    turns.now.1 += 1.0;
                }
            }
        },
    )?;
    close(&mut arms);
    let of_week = |counts: &[f64; 4]| counts.iter().fold(0.0, |sum, count| sum + count);
    let busiest = arms.iter().flat_map(|turns| turns.weeks.iter().map(of_week)).fold(0.0, f64::max);
    let panels = arms.iter().enumerate().filter(|(arm, _)| !apart || study.arms[*arm].share > 0.0);
    Ok(Shares {
        title: "How coaching turns feel, week by week".to_owned(),
        subtitle: format!("Share of the turns of each week by their felt quality, by arm; {}", times(plan)),
        classes: ["severe (below −1)", "destructive (−1 to −0.25)", "neither (−0.25 to 0)", "developmental (above 0)"]
            .map(str::to_owned),
        panels: panels
            .map(|(arm, turns)| SharePanel {
                arm: if apart { arm_in_words(study, arm) } else { format!("All {populated} arms together") },
                look: arm,
                caption: caption(turns.bad.clone(), study.monte_carlo.replications),
                weeks: shares(&turns.weeks, busiest),
            })
            .collect(),
        note: format!(
            "All replications together. Width of a bar: turns of the week, beside the busiest of all. Destructive or severe: mean over \
             replications, and {} of single experiments. After a program some pairs go on.",
            reached(study.monte_carlo.replications)
        ),
    })
}

fn caption(bad: Vec<f64>, replications: usize) -> String {
    let alone = bad.len() < 2;
    let Reach { mean, low, high } = Reach::of(bad, replications);
    if mean.is_nan() {
        return "no coaching turns".to_owned();
    }
    let interval = if alone { String::new() } else { format!(" [{low:.0}, {high:.0}]") };
    format!("destructive or severe: {mean:.0}%{interval}")
}

/// The weeks with turns, each with the shares of its classes.
fn shares(weeks: &[[f64; 4]], busiest: f64) -> Vec<ShareWeek> {
    let all = weeks.iter().enumerate().map(|(week, counts)| (week, counts, counts.iter().fold(0.0, |sum, n| sum + n)));
    all.filter(|(.., turns)| *turns > 0.0)
        .map(|(week, counts, turns)| ShareWeek {
            week: week as f64,
            shares: counts.map(|count| count / turns),
            weight: turns / busiest,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_classed_as_the_counts_of_a_run_class_them() {
        assert_eq!([-1.2, -1.0, -0.25, 0.0, 0.1].map(class), [0, 1, 2, 2, 3]);
        let week = ShareWeek { week: 1.0, shares: [0.25, 0.0, 0.0, 0.75], weight: 0.5 };
        assert_eq!(shares(&[[0.0; 4], [1.0, 0.0, 0.0, 3.0]], 8.0), [week]);
    }
}
