//! Names of vertical lines above a frame, so placed that no line runs through the name of another.

use super::scene::Anchor;

/// The name of a vertical line, placed above the frame.
#[derive(Clone, Debug)]
pub struct Step {
    /// Row above the frame, from zero.
    pub row: usize,
    /// Place of the anchor.
    pub x: f64,
    /// Whether the text starts or ends at `x`.
    pub anchor: Anchor,
    /// Left and right end of the text.
    pub span: (f64, f64),
}

/// Places the names of vertical lines, sorted from left to right, as stairs: each name stands to the right or to the left
/// of its line, and above whatever it would otherwise hide. Of all ways, the one that keeps the names between `low` and
/// `high`, runs no line through a name and needs the fewest rows. A name that fits nowhere is pushed back inside.
pub fn stairs(lines: &[f64], widths: &[f64], low: f64, high: f64) -> Vec<Step> {
    let count = lines.len();
    // Beyond ten names not all ways are tried, only all to the right and all to the left.
    let ways: Vec<u32> = if count > 10 { vec![0, u32::MAX] } else { (0..1 << count).collect() };
    let mut best: Option<(f64, Vec<Step>)> = None;
    for way in ways {
        let leftward = |index: usize| way >> index.min(31) & 1 == 1;
        let (cost, steps) = stairs_by(lines, widths, (low, high), leftward);
        if best.as_ref().is_none_or(|(least, _)| cost < *least) {
            best = Some((cost, steps));
        }
    }
    best.map(|(_, steps)| steps).unwrap_or_default()
}

/// One way to place the names, with what is wrong with it.
fn stairs_by(
    lines: &[f64],
    widths: &[f64],
    (low, high): (f64, f64),
    leftward: impl Fn(usize) -> bool,
) -> (f64, Vec<Step>) {
    let gap = 2.5;
    let mut cost = 0.0;
    let mut steps: Vec<Step> = Vec::new();
    for (index, (&x, &width)) in lines.iter().zip(widths).enumerate() {
        let left = leftward(index);
        let wish = if left { x - gap - width } else { x + gap };
        let start = wish.min(high - width).max(low);
        cost += 100.0 * (start - wish).abs() + if left { 0.01 } else { 0.0 };
        let (at, anchor) = if left { (start + width, Anchor::End) } else { (start, Anchor::Start) };
        steps.push(Step { row: 0, x: at, anchor, span: (start, start + width) });
    }
    let covers = |upper: &Step, x: f64| upper.span.0 - gap < x && x < upper.span.1 + gap;
    let touch = |a: &Step, b: &Step| a.span.0 < b.span.1 + gap && b.span.0 < a.span.1 + gap;
    let above = |steps: &[Step], i: usize, j: usize| {
        covers(&steps[i], lines[j]) || (i < j && touch(&steps[i], &steps[j]) && !covers(&steps[j], lines[i]))
    };
    for round in 0..=lines.len() {
        let mut moved = false;
        for i in 0..lines.len() {
            let under = (0..lines.len()).filter(|&j| j != i && above(&steps, i, j));
            let row = under.map(|j| steps[j].row + 1).max().unwrap_or(0);
            moved |= row != steps[i].row;
            steps[i].row = row;
        }
        if !moved {
            break;
        }
        if round == lines.len() {
            // Two names each want to be above the other: rows as they come, and dear.
            cost += 1000.0;
            steps.iter_mut().enumerate().for_each(|(row, step)| step.row = row);
        }
    }
    cost += steps.iter().map(|step| step.row as f64).sum::<f64>();
    (cost, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_runs_through_a_name_that_has_room() {
        for lines in [[10.0, 40.0, 45.0], [20.0, 100.0, 140.0], [10.0, 12.0, 148.0], [70.0, 70.0, 70.0]] {
            let steps = stairs(&lines, &[60.0, 30.0, 40.0], 0.0, 150.0);
            for (i, step) in steps.iter().enumerate() {
                for (j, x) in lines.iter().enumerate() {
                    let hit = step.span.0 < *x && *x < step.span.1;
                    assert!(!hit || steps[j].row < step.row, "{lines:?} {i} {j} {steps:?}");
                }
            }
        }
    }
}
