//! Whether who belongs to whom is what was said: dyads in one organization, persons in one dyad, one row per person and time.

use std::collections::{BTreeMap, BTreeSet};

use super::refusal::Refusal;
use super::roles::Roles;
use super::sample::Sample;
use crate::inquiry::dataset::Dataset;
use crate::report::text::counted;

/// Refuses what contradicts itself, and notes what a reader has to know.
pub(super) fn check(table: &Dataset, roles: &Roles, sample: &mut Sample) -> Result<(), Refusal> {
    if let (Some(cluster), Some(organization)) = (&roles.cluster, &roles.organization) {
        nested(
            table,
            sample,
            ("cluster", cluster, &sample.cluster),
            ("organization", organization, &sample.organization),
        )?;
    }
    if let (Some(person), Some(cluster)) = (&roles.person, &roles.cluster)
        && person != cluster
    {
        nested(table, sample, ("person", person, &sample.person), ("cluster", cluster, &sample.cluster))?;
    }
    if let Some(person) = &roles.person {
        once_a_time(table, sample, person, &sample.person)?;
    }
    let mut notes = Vec::new();
    if !sample.clustered && sample.person.is_empty() {
        notes.push("No --cluster is named: rows are taken for independent of each other.".to_owned());
    }
    let (clusters, sizes) = sample.sizes();
    if sample.clustered && sizes.len() > 1 {
        let all: Vec<String> =
            sizes.iter().map(|(size, count)| format!("{count} of {}", counted(*size, "row"))).collect();
        notes.push(format!("Clusters are of unequal size: {}.", all.join(", ")));
    }
    if let Some(column) = &roles.cluster {
        notes.extend(alone(column, &sizes));
        notes.extend(alike(table, sample, column));
    }
    if sample.arms.is_some() {
        let mixed = varying(sample, &sample.cluster);
        if let (true, Some(column)) = (sample.clustered, &roles.cluster) {
            let few = few_differ(table, sample, ("cluster", column, &sample.cluster), "rows");
            notes.extend(few.or_else(|| {
                (mixed > 0).then(|| format!("The treatment differs within {mixed} of {clusters} clusters."))
            }));
        }
        if let Some(column) = &roles.organization {
            notes.extend(few_differ(table, sample, ("organization", column, &sample.organization), "dyads or persons"));
        }
    }
    notes.extend(dominant(table, roles, sample));
    sample.notes = notes;
    Ok(())
}

/// Says that no cluster has two rows, where that is so: what is called cluster-robust then takes rows for independent.
fn alone(column: &str, sizes: &[(usize, usize)]) -> Option<String> {
    let [(1, clusters)] = sizes else { return None };
    Some(format!(
        "Each of the {} (`{column}`) has one row: errors clustered by it are those of rows that are independent of each other. If rows \
         belong together, name the column that says which.",
        counted(*clusters, "cluster")
    ))
}

/// Warns of clusters whose labels are one number written in two ways, such as `7` and `7.0`: labels are compared as they are written.
fn alike(table: &Dataset, sample: &Sample, column: &str) -> Option<String> {
    let labels = table.labels(column).ok()?;
    let mut spellings: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for label in sample.rows.iter().filter_map(|row| labels.get(*row)?.as_deref()) {
        if let Some(number) = canonical_decimal(label) {
            spellings.entry(number).or_default().insert(label);
        }
    }
    let several: Vec<&BTreeSet<&str>> = spellings.values().filter(|spelt| spelt.len() > 1).collect();
    let example: Vec<String> = several.first()?.iter().map(|label| format!("`{label}`")).collect();
    Some(format!(
        "WARNING: `{column}` has labels that are one number written in several ways, {}{}: they count as different clusters. Write them in \
         one way if they are the same.",
        example.join(" and "),
        if several.len() > 1 { format!(", and {} more such", several.len() - 1) } else { String::new() }
    ))
}

/// A decimal without what does not change it; by its digits, since labels of twenty digits are no floating point numbers.
fn canonical_decimal(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let decimal = !whole.is_empty() && digits(whole) && digits(fraction);
    decimal.then(|| format!("{}.{}", whole.trim_start_matches('0'), fraction.trim_end_matches('0')))
}

/// Warns where the treatment is constant in most groups and differs in a few: who was in the wrong arm there looks like an assignment
/// of members, and the errors follow it.
fn few_differ(table: &Dataset, sample: &Sample, (what, column, group): Level, members: &str) -> Option<String> {
    let groups = group.iter().copied().max()? as usize + 1;
    let (_, treated) = sample.asked.as_ref()?;
    let mut first: BTreeMap<u32, usize> = BTreeMap::new();
    let mut differing: BTreeMap<u32, usize> = BTreeMap::new();
    for (row, label) in group.iter().enumerate() {
        let start = *first.entry(*label).or_insert(row);
        if treated[start] != treated[row] {
            differing.entry(*label).or_insert(start);
        }
    }
    // Constant in at least 80 percent.
    if differing.is_empty() || 5 * differing.len() > groups {
        return None;
    }
    let labels = table.labels(column).unwrap_or_default();
    let label =
        |row: &usize| labels.get(sample.rows[*row]).cloned().flatten().map_or(String::new(), |text| text.to_string());
    let named = differing.values().map(label).min().unwrap_or_default();
    Some(format!(
        "WARNING: the treatment is the same throughout {} of {groups} {what}s and differs within {} (`{named}`{}). If {what}s were \
         assigned, the errors below are too small: they take {members} for what was assigned. Correct the column to what was \
         assigned (intention to treat analyzes as assigned), or leave out the {what}s in which it differs.",
        groups - differing.len(),
        differing.len(),
        if differing.len() > 1 { " and others" } else { "" }
    ))
}

/// Says where one cluster holds most rows of an arm, or of all where there are no arms: what that cluster is like is then taken for the
/// arm, and no variance between clusters of that arm can be told. Of a cluster that is alone in its arm the fit itself says so.
fn dominant(table: &Dataset, roles: &Roles, sample: &Sample) -> Option<String> {
    let whole = sample.arms.is_some() && !sample.organization.is_empty() && varying(sample, &sample.organization) == 0;
    let (what, column, cluster) = match (&roles.organization, &roles.cluster) {
        (Some(column), _) if whole => ("Organization", column, &sample.organization),
        (_, Some(column)) => ("Cluster", column, &sample.cluster),
        _ => return None,
    };
    let arms: Vec<(String, Option<f64>)> = match &sample.arms {
        Some([(treated, _), (reference, _)]) => {
            vec![(format!(" in arm `{treated}`"), Some(1.0)), (format!(" in arm `{reference}`"), Some(0.0))]
        }
        None => vec![(String::new(), None)],
    };
    let asked = sample.asked.as_ref().map(|(_, values)| values);
    for (of, side) in arms {
        let mine = |row: &usize| side.is_none() || asked.is_some_and(|values| Some(values[*row]) == side);
        let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        (0..cluster.len()).filter(mine).for_each(|row| rows.entry(cluster[row]).or_default().push(row));
        let all: usize = rows.values().map(Vec::len).sum();
        let Some(largest) = rows.values().max_by_key(|own| own.len()) else { continue };
        if rows.len() > 1 && 2 * largest.len() > all {
            let labels = table.labels(column).unwrap_or_default();
            let label = labels.get(sample.rows[largest[0]]).cloned().flatten().unwrap_or_default();
            return Some(format!(
                "{what} `{label}` holds {} of {}{of}: it decides there alone, and neither cluster-robust errors nor the wild bootstrap \
                 know how uncertain that is. Compare `mixed`, which weighs clusters by what they tell, and the analysis without it.",
                largest.len(),
                counted(all, "row")
            ));
        }
    }
    None
}

/// Nobody has two rows of one time.
pub(super) fn once_a_time(table: &Dataset, sample: &Sample, column: &str, who: &[u32]) -> Result<(), Refusal> {
    let place = |row: usize| table.place(sample.rows[row]);
    let mut known: BTreeMap<(u32, u64), usize> = BTreeMap::new();
    for (row, (who, time)) in who.iter().zip(&sample.time).enumerate() {
        if let Some(first) = known.insert((*who, (time + 0.0).to_bits()), row) {
            return Err(Refusal::asked(
                format!(
                    "{}: {} and {} are the same person (`{column}`) at the same time, {time}",
                    table.name(),
                    place(first),
                    place(row)
                ),
                "Persons have one row at each time: name them with --person; where they are numbered anew in each dyad, join \
                 columns: --person dyad+member.",
            ));
        }
    }
    Ok(())
}

/// Says that persons have several rows, where they have.
pub(super) fn repeated(sample: &Sample) -> Option<String> {
    let mut rows: BTreeMap<u32, usize> = BTreeMap::new();
    sample.person.iter().for_each(|person| *rows.entry(*person).or_insert(0) += 1);
    let most = rows.values().copied().max().filter(|most| *most > 1)?;
    Some(format!(
        "Persons have up to {most} rows. Models other than `growth` take all times together: who has more rows weighs more, and \
         change over time is not asked."
    ))
}

/// How many groups have rows of both arms.
pub(super) fn varying(sample: &Sample, group: &[u32]) -> usize {
    let Some((_, treated)) = &sample.asked else { return 0 };
    let mut seen: BTreeMap<u32, [bool; 2]> = BTreeMap::new();
    for (label, value) in group.iter().zip(treated) {
        seen.entry(*label).or_insert([false; 2])[usize::from(*value == 1.0)] = true;
    }
    seen.values().filter(|both| **both == [true; 2]).count()
}

type Level<'a> = (&'a str, &'a String, &'a [u32]);

/// Every inner group lies in one outer group.
fn nested(table: &Dataset, sample: &Sample, inner: Level, outer: Level) -> Result<(), Refusal> {
    let mut home: BTreeMap<u32, usize> = BTreeMap::new();
    for (row, label) in inner.2.iter().enumerate() {
        let first = *home.entry(*label).or_insert(row);
        if outer.2[first] != outer.2[row] {
            let label = |column: &str, row: usize| {
                let labels = table.labels(column).unwrap_or_default();
                labels.get(sample.rows[row]).cloned().flatten().map_or(String::new(), |text| text.to_string())
            };
            let place = |row: usize| table.place(sample.rows[row]);
            return Err(Refusal::asked(
                format!(
                    "{}: {} `{}` is in two {}s: `{}` ({}) and `{}` ({})",
                    table.name(),
                    inner.0,
                    label(inner.1, row),
                    outer.0,
                    label(outer.1, first),
                    place(first),
                    label(outer.1, row),
                    place(row)
                ),
                format!(
                    "If they are numbered anew in each {}, join the columns: --{} {}+{}.",
                    outer.0, inner.0, outer.1, inner.1
                ),
            ));
        }
    }
    Ok(())
}
