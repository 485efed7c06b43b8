//! From factors to arms: a `[factorial]` section makes the `[[arm]]` tables out of the `[[factor]]` tables, in the tree, so
//! that whatever fits in an arm fits in a level of a factor and meets the same checks with the same places in the text.

use std::collections::BTreeSet;
use std::ops::Range;

use super::problem::{Collector, Say, Spot};
use super::tree::{Node, Table, Value};
use crate::study::factorial::Construction;

/// Most factors whose names, put together, still make a name for an arm.
const FEW: usize = 4;

/// Adds the arms that a factorial design makes, or says why it cannot.
pub(crate) fn expand(root: &mut Table, problems: &mut Collector) {
    let factors: Vec<&Node> = root.get("factor").and_then(Node::list).unwrap_or_default().iter().collect();
    let Some(factorial) = root.get("factorial") else {
        for factor in factors {
            let level = ["low", "high"].iter().find_map(|level| factor.table()?.get(*level));
            if let Some(level) = level {
                problems.add(
                    &level.key_spot(),
                    Say::new("a factor's levels make no arms without a design", "nothing is made of this")
                        .expected("a section [factorial] with `design`, or arms with `levels`")
                        .help("write `[factorial]` and `design = \"full\"`, or write each [[arm]] with its `levels`"),
                );
            }
        }
        return;
    };
    let at = factorial.key_spot();
    if let Some(arm) = root.get("arm") {
        problems.add(
            &arm.key_spot(),
            Say::new("the factorial design makes the arms", "an arm beside it")
                .expected("either [factorial] with [[factor]], or [[arm]]")
                .help("drop the arms, or drop [factorial] and give each [[arm]] its `levels`"),
        );
        return;
    }
    let Some(design) = factorial.table().and_then(|table| table.get("design")) else {
        problems.add(
            &at,
            Say::new("the factorial design is not named", "without `design`")
                .expected("`design` = full, resolution-iv or plackett-burman-foldover")
                .help("full has every combination; the others need about two runs for each factor"),
        );
        return;
    };
    let construction = design.text().and_then(|text| Construction::NAMES.iter().find(|(name, _)| *name == text));
    let Some((name, construction)) = construction else { return };
    if factors.is_empty() {
        problems.add(
            &at,
            Say::new("the factorial design has no factors", "nothing to vary")
                .expected("a [[factor]] for each factor, with `id`, `low` and `high`")
                .help("a [[factor]] says what an arm has where it is low and where it is high"),
        );
        return;
    }
    let Some(runs) = construction.runs(factors.len()) else {
        problems.add(
            &design.spot(),
            Say::new(format!("{} factors are too many for the design `{name}`", factors.len()), "not made that large")
                .expected(format!("at most {} factors", construction.most_factors()))
                .help("`resolution-iv` takes the most; or drop factors"),
        );
        return;
    };
    let id = |factor: &Node| factor.table().and_then(|table| table.get("id")?.text().map(str::to_owned));
    let ids: BTreeSet<String> = factors.iter().filter_map(|factor| id(factor)).collect();
    // Ids that say which run it is: few enough, and no two alike.
    let telling = factors.len() <= FEW && ids.len() == factors.len();
    let mut arms = Vec::with_capacity(runs.len());
    let mut clashes: Vec<Spot> = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let mut arm = Table::new();
        let mut high = Vec::new();
        for (factor, is_high) in factors.iter().zip(run) {
            let Some(table) = factor.table() else { continue };
            let content = table.get(if *is_high { "high" } else { "low" });
            if let Some(content) = content.and_then(Node::table) {
                merge(&mut arm, content, &mut clashes);
            }
            if *is_high {
                high.push(table.get("id").and_then(Node::text).unwrap_or(""));
            }
        }
        let name = match (telling, high.is_empty()) {
            (true, true) => "none".to_owned(),
            (true, false) => high.join(" + "),
            (false, _) => format!("run {:02}", number + 1),
        };
        let made = |value: Value| made(&at, value);
        let levels = run.iter().map(|high| made(Value::Text(if *high { "high" } else { "low" }.into()))).collect();
        arm.insert("name".into(), made(Value::Text(name)));
        arm.insert("levels".into(), made(Value::List(levels)));
        // The first run has every factor low.
        if number == 0 {
            arm.insert("control".into(), made(Value::Flag(true)));
        }
        arms.push(made(Value::Table(arm)));
    }
    for clash in clashes {
        problems.add(
            &clash,
            Say::new("two factors set the same thing", "set by another factor too")
                .expected("factors that can be varied apart")
                .help("let each factor set keys of its own"),
        );
    }
    let list = made(&at, Value::List(arms));
    root.insert("arm".into(), list);
}

/// A node that stands where the design stands.
fn made(at: &Spot, value: Value) -> Node {
    let span: Range<usize> = at.span.clone();
    Node { source: at.source, key: span.clone(), span, value, bad: false }
}

/// Puts the content of a factor's level into an arm; what is there already clashes.
fn merge(into: &mut Table, from: &Table, clashes: &mut Vec<Spot>) {
    for (key, node) in from {
        let Some(known) = into.get_mut(key) else {
            into.insert(key.clone(), node.clone());
            continue;
        };
        match (&mut known.value, &node.value) {
            (Value::Table(known), Value::Table(more)) => merge(known, more, clashes),
            _ => clashes.push(node.key_spot()),
        }
    }
}
