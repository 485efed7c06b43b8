//! Which pair is told, where nobody names one.

use super::wording::two;
use crate::model::lanes::Instructions;
use crate::model::seating::Relationship;
use crate::model::world::World;
use crate::study::experiment::{Moment, relive};
use crate::study::plan::Plan;
use crate::study::recruitment::recruit;

/// How a pair is picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// Nearest to the median path of trust, of learning and of meetings held.
    Typical,
    /// The most personal learning.
    Best,
    /// The least personal learning.
    Worst,
    /// The largest reversal of trust.
    TurningPoint,
}

impl Pick {
    /// The names the command line uses, in order.
    pub const NAMES: &'static [(&'static str, Pick)] = &[
        ("typical", Pick::Typical),
        ("best", Pick::Best),
        ("worst", Pick::Worst),
        ("turning-point", Pick::TurningPoint),
    ];
}

/// The pair that was picked.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Its number.
    pub dyad: usize,
    /// How it was picked, among how many, in a sentence.
    pub reason: String,
}

/// What is followed of a pair.
struct Path {
    dyad: usize,
    members: [usize; 2],
    met: usize,
    /// Mean trust of the two before the first week.
    begun: f64,
    /// Mean trust and mean learning of the two, week by week.
    trust: Vec<f64>,
    learning: Vec<f64>,
    /// Meetings so far, week by week.
    meetings: Vec<f64>,
    /// Mean personal learning of the two at the end.
    personal: f64,
}

/// Picks a pair of the observed world, among those who ever met; of the arm, if one is given. Ties go to the lowest number.
/// None if the arm has no pair.
pub fn pick(plan: &Plan, replication: u64, pick: Pick, arm: Option<usize>) -> Option<Choice> {
    let mut paths: Vec<Path> = Vec::new();
    relive(plan, replication, None, Instructions::Widest, |moment, world| match moment {
        Moment::Founded => {}
        Moment::Treated => {
            paths = world.relationships().map(|one| begin(one.number, one.members, mean_trust(&one))).collect();
        }
        Moment::Week(_) => follow(world, &mut paths),
    });
    let arms = recruit(plan, replication).arms;
    paths.retain(|path| arm.is_none_or(|arm| path.members.iter().any(|person| arms[*person] == arm)));
    let every = paths.len();
    let least = if paths.iter().any(|path| path.met > 1) { 2 } else { 1 };
    if paths.iter().any(|path| path.met >= least) {
        paths.retain(|path| path.met >= least);
    }
    let among = among(&paths, every, plan, arm);
    let (scores, how): (Vec<f64>, &str) = match pick {
        Pick::Typical => (typical(&paths), "the nearest to the median path of trust, learning and meetings"),
        Pick::Best => {
            (paths.iter().map(|path| -path.personal).collect(), "the most true personal learning, mean of the two")
        }
        Pick::Worst => {
            (paths.iter().map(|path| path.personal).collect(), "the least true personal learning, mean of the two")
        }
        Pick::TurningPoint => {
            (paths.iter().map(|path| -reversal(&path.whole()).height).collect(), "the largest reversal of trust")
        }
    };
    let best = (0..paths.len()).min_by(|a, b| scores[*a].total_cmp(&scores[*b]))?;
    let name = Pick::NAMES.iter().find(|(_, known)| *known == pick).map_or("", |(name, _)| name);
    let measured = match pick {
        Pick::Typical => String::new(),
        Pick::Best | Pick::Worst => format!(" ({} SD)", two(paths[best].personal)),
        Pick::TurningPoint => turned(&paths[best].whole()),
    };
    Some(Choice { dyad: paths[best].dyad, reason: format!("Picked as {name}: {how}{measured}, among {among}.") })
}

fn begin(dyad: usize, members: [usize; 2], begun: f64) -> Path {
    Path { dyad, members, met: 0, begun, trust: Vec::new(), learning: Vec::new(), meetings: Vec::new(), personal: 0.0 }
}

/// Trust of the two in each other, on average.
fn mean_trust(one: &Relationship) -> f64 {
    0.5 * (one.ties[0].trust[one.lane] + one.ties[1].trust[one.lane])
}

impl Path {
    /// Mean trust from week 0 on.
    fn whole(&self) -> Vec<f64> {
        std::iter::once(self.begun).chain(self.trust.iter().copied()).collect()
    }
}

fn follow(world: &World, paths: &mut [Path]) {
    for (path, one) in paths.iter_mut().zip(world.relationships()) {
        let (shared, lane) = (one.shared, one.lane);
        path.met += usize::from(one.seated && shared.met[lane] > 0.5);
        path.meetings.push(path.met as f64);
        path.trust.push(mean_trust(&one));
        let learned = one.members.map(|person| {
            let (block, seat, lane) = world.member_at(person);
            let person = &block.members[seat].person;
            (person.learning_personal[lane], person.learning_task[lane])
        });
        path.personal = 0.5 * (learned[0].0 + learned[1].0);
        path.learning.push(path.personal + 0.5 * (learned[0].1 + learned[1].1));
    }
}

/// How many there were to pick from.
fn among(paths: &[Path], every: usize, plan: &Plan, arm: Option<usize>) -> String {
    let of = arm
        .and_then(|arm| plan.study.arms.get(arm))
        .map_or_else(String::new, |arm| format!(" of the arm “{}”", arm.name));
    let met = paths.iter().all(|path| path.met > 0);
    if paths.len() == every {
        format!("all {every} pairs{of}")
    } else if met {
        format!("the {} pairs{of} that met at least twice, of {every}", paths.len())
    } else {
        format!("{} pairs{of}", paths.len())
    }
}

/// How far each path is from the median path: the mean over weeks of the distance in trust, in learning and in meetings held, each in
/// units of its mean distance from the median over all pairs.
fn typical(paths: &[Path]) -> Vec<f64> {
    let distance = |of: &dyn Fn(&Path) -> &Vec<f64>| -> Vec<f64> {
        let weeks = paths.first().map_or(0, |path| of(path).len());
        let mut far = vec![0.0; paths.len()];
        for week in 0..weeks {
            let mut values: Vec<f64> = paths.iter().map(|path| of(path)[week]).collect();
            values.sort_by(f64::total_cmp);
            let median = 0.5 * (values[(values.len() - 1) / 2] + values[values.len() / 2]);
            far.iter_mut().zip(paths).for_each(|(far, path)| *far += (of(path)[week] - median).abs());
        }
        let mean = far.iter().sum::<f64>() / far.len().max(1) as f64;
        far.iter().map(|far| if mean > 0.0 { far / mean } else { 0.0 }).collect()
    };
    let learning = distance(&|path| &path.learning);
    let meetings = distance(&|path| &path.meetings);
    distance(&|path| &path.trust).iter().zip(learning).zip(meetings).map(|((a, b), c)| a + b + c).collect()
}

/// A turn of a path: the weeks where it begins, turns and comes to its end, and the smaller of its two heights.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Reversal {
    weeks: [usize; 3],
    height: f64,
}

/// The largest reversal of a path: the height by which it rose to a week and fell after it, or fell and rose, whichever of the
/// two is smaller. The first of equals.
fn reversal(path: &[f64]) -> Reversal {
    let mut largest = Reversal::default();
    for turn in 1..path.len().saturating_sub(1) {
        for sign in [1.0, -1.0] {
            // How far below the turn a week lies, where the turn is a height; above it, where it is a depth.
            let far = |week: &usize| sign * (path[turn] - path[*week]);
            let farthest =
                |weeks: std::ops::Range<usize>| weeks.max_by(|a, b| far(a).total_cmp(&far(b)).then(b.cmp(a)));
            let (Some(from), Some(to)) = (farthest(0..turn), farthest(turn + 1..path.len())) else { continue };
            let height = far(&from).min(far(&to));
            if height > largest.height {
                largest = Reversal { weeks: [from, turn, to], height };
            }
        }
    }
    largest
}

/// A turn in numbers.
fn turned(path: &[f64]) -> String {
    let Reversal { weeks: [from, turn, to], height } = reversal(path);
    if height <= 0.0 {
        return " (here trust never turned)".to_owned();
    }
    let [a, b, c] = [from, turn, to].map(|week| two(path[week]));
    format!(" (mean of the two: {a} in week {from}, {b} in week {turn}, {c} in week {to})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reversal_is_a_turn_and_not_a_slope() {
        assert_eq!(reversal(&[0.1, 0.2, 0.3, 0.9]).height, 0.0);
        assert!((reversal(&[0.5, 0.9, 0.6]).height - 0.3).abs() < 1e-12);
        let turn = reversal(&[0.9, 0.2, 0.7, 0.3]);
        assert!((turn.height - 0.5).abs() < 1e-12);
        assert_eq!(turn.weeks, [0, 1, 2]);
        assert_eq!(reversal(&[0.4]).height, 0.0);
        assert_eq!(turned(&[0.5, 0.9, 0.62]), " (mean of the two: 0.50 in week 0, 0.90 in week 1, 0.62 in week 2)");
        assert_eq!(turned(&[0.5, 0.6]), " (here trust never turned)");
    }

    #[test]
    fn the_typical_path_is_the_middle_one() {
        let path = |dyad: usize, level: f64| Path {
            trust: vec![level; 3],
            learning: vec![level; 3],
            meetings: vec![level; 3],
            ..begin(dyad, [0, 1], level)
        };
        let scores = typical(&[path(0, 0.1), path(1, 0.5), path(2, 0.6)]);
        assert!(scores[1] < scores[0] && scores[1] < scores[2], "{scores:?}");
    }
}
