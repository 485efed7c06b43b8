//! A design as a small picture of text: one line per arm along the weeks.

use crate::study::declaration::{Kind, Study};

/// Columns of the weeks, at most.
const LONGEST: usize = 56;

/// The lines of the picture, for texts of this width; none where it would not fit.
pub(super) fn picture(study: &Study, width: usize) -> Vec<String> {
    let names: Vec<String> = study.arms.iter().map(|arm| short(&arm.name, width / 3)).collect();
    let column = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("week".len());
    let last = last_week(study);
    // The last week's number hangs over the end.
    let room = width.saturating_sub(column + 1 + last.to_string().len()).min(LONGEST);
    if room < 12 || last == 0 {
        return Vec::new();
    }
    // Whole columns per week where there is room for that: distances are then true.
    let span = if last < room { (room - 1) / last * last } else { room - 1 };
    let at = |week: usize| (week * span + last / 2) / last;
    let mut lines = vec![format!("{:column$}  {}", "week", ruler(&study.measurement.waves, last, &at, span + 1))];
    for (arm, name) in study.arms.iter().zip(&names) {
        let coached = arm.program.kind != Kind::None;
        let whole = arm.program.weeks + arm.program.follow_up_weeks;
        let end = if arm.program.kind == Kind::Informal { whole } else { arm.program.weeks };
        let mut track: Vec<char> = (0..=span)
            .map(|place| match (coached, place <= at(end)) {
                (true, true) => '═',
                _ if place <= at(whole) => '─',
                _ => ' ',
            })
            .collect();
        for wave in &study.measurement.waves {
            track[at(*wave)] = '○';
        }
        if !arm.treatments.is_empty() {
            track[0] = '●';
        }
        let track: String = track.into_iter().collect();
        lines.push(format!("{name:column$}  {}", track.trim_end()));
    }
    lines
}

/// What the signs mean, those that occur.
pub(super) fn legend(study: &Study) -> String {
    let mut signs = Vec::new();
    if study.arms.iter().any(|arm| !arm.treatments.is_empty()) {
        signs.push("● measured, then something is done");
    }
    signs.push("○ measured");
    let any = |kind: Kind| study.arms.iter().any(|arm| arm.program.kind == kind);
    if any(Kind::Formal) {
        signs.push("═ program");
    } else if any(Kind::Informal) {
        signs.push("═ informal coaching");
    }
    if any(Kind::None) || any(Kind::Formal) && study.program.follow_up_weeks > 0 {
        signs.push("─ no program");
    }
    signs.join("; ")
}

fn last_week(study: &Study) -> usize {
    let ends = study.arms.iter().map(|arm| arm.program.weeks + arm.program.follow_up_weeks);
    ends.chain(study.measurement.waves.last().copied()).max().unwrap_or(0)
}

/// The weeks of measurement above their places; the first and the last always, others where they do not touch.
fn ruler(waves: &[usize], last: usize, at: &dyn Fn(usize) -> usize, places: usize) -> String {
    let mut marks: Vec<usize> = waves.to_vec();
    if marks.last() != Some(&last) {
        marks.push(last);
    }
    let mut line = vec![' '; places + 8];
    let mut put = |week: usize| {
        let text = week.to_string();
        let place = at(week);
        let from = place.saturating_sub(1);
        if line[from..=place + text.len()].iter().all(|c| *c == ' ') {
            for (i, c) in text.chars().enumerate() {
                line[place + i] = c;
            }
        }
    };
    put(0);
    put(last);
    marks.into_iter().for_each(&mut put);
    line.into_iter().collect::<String>().trim_end().to_owned()
}

fn short(name: &str, most: usize) -> String {
    let name: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if name.chars().count() <= most { name } else { name.chars().take(most.saturating_sub(1)).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::builtin;

    #[test]
    fn the_picture_shows_weeks_in_proportion() {
        let study = builtin::find("listening-training").expect("built in").read(&[]).expect("right").study;
        let lines = picture(&study, 100);
        assert_eq!(
            lines,
            [
                "week                0     6     12          24                          52",
                "benefits talk       ○═════○═════○───────────○───────────────────────────○",
                "listening training  ●═════○═════○───────────○───────────────────────────○",
            ]
        );
    }

    #[test]
    fn it_fits_or_is_not_there() {
        let builtin = builtin::find("listening-training").expect("built in");
        for sets in [vec!["program.weeks=520"], vec!["program.weeks=12", "program.follow_up_weeks=500"], vec![]] {
            let sets: Vec<String> = sets.into_iter().map(str::to_owned).collect();
            let study = builtin.read(&sets).expect("right").study;
            for width in 20..110 {
                let lines = picture(&study, width);
                assert!(lines.iter().all(|line| line.chars().count() <= width), "{width}: {lines:#?}");
            }
        }
    }
}
