//! Actor and partner effects in pairs, and whether the members' roles make a difference.

use std::collections::BTreeMap;

use super::{Dataset, Fitted, Refusal, Roles, Sample, Term, of_t};
use crate::report::text::counted;
use crate::study::estimators::{Dyads, Effect};

/// # Errors
/// A cluster of more than two rows; with roles, a pair that has not one of each, or other than two roles.
pub(super) fn fit(
    table: &Dataset,
    sample: &Sample,
    roles: &Roles,
    name: &str,
    confidence: f64,
) -> Result<Fitted, Refusal> {
    let mut fitted = Fitted::new(name, "Actor-partner model (REML)");
    let (label, predictor) = sample.asked.as_ref().map_or(("", [].as_slice()), |(label, values)| (label, values));
    let pairs = pairs(table, sample, roles)?;
    fitted.rows = 2 * pairs.len();
    fitted.groups = pairs.len();
    fitted.notes.extend(singles(sample, &pairs));
    let column = |values: &[f64], seat: usize| pairs.iter().map(|pair| values[pair[seat]]).collect::<Vec<f64>>();
    let dyads = Dyads {
        outcome: [column(&sample.outcome, 0), column(&sample.outcome, 1)],
        predictor: [column(predictor, 0), column(predictor, 1)],
    };
    let term = |id, label: String, effect: &Effect| Term {
        id,
        label,
        estimate: of_t(effect.estimate, effect.standard_error, effect.degrees_of_freedom, confidence),
    };
    let found = match dyads.indistinguishable() {
        Ok(found) => found,
        Err(failure) => return Ok(fitted.failed(failure)),
    };
    fitted.terms.push(term("intercept", "intercept".to_owned(), &found.intercept));
    fitted.terms.push(term("actor", format!("actor: own {label}"), &found.actor));
    fitted.terms.push(term("partner", format!("partner: partner's {label}"), &found.partner));
    fitted.quantity("correlation", "correlation of the partners' residuals", found.correlation);
    fitted.quantity("residual_sd", "SD of the residuals", found.residual_sd);
    fitted.quantity("reml_criterion", "REML criterion (-2 log likelihood)", found.criterion);
    if sample.members.len() == 2 {
        match dyads.distinguishable() {
            Ok(roles) => {
                for (role, effects) in sample.members.iter().zip(&roles.roles) {
                    let kinds = ["role_intercept", "role_actor", "role_partner"];
                    let names = ["intercept", "actor", "partner"];
                    for ((id, name), effect) in kinds.into_iter().zip(names).zip(effects) {
                        fitted.terms.push(term(id, format!("{role}: {name}"), effect));
                    }
                }
                let label = format!("roles make no difference, χ² on {:.0} df", roles.degrees_of_freedom);
                fitted.quantity("distinguishability_chi_square", label, roles.chi_square);
                fitted.quantity("distinguishability_p_value", "its p-value", roles.p_value);
            }
            Err(failure) => fitted.notes.push(format!("Roles could not be told apart: {failure}.")),
        }
    }
    Ok(fitted)
}

/// Who has no partner in the analysis.
pub(super) fn singles(sample: &Sample, pairs: &[[usize; 2]]) -> Option<String> {
    let single = sample.outcome.len() - 2 * pairs.len();
    (single > 0)
        .then(|| format!("{} without a partner in the analysis: left out of this model.", counted(single, "row")))
}

/// The rows of each pair; with roles, the first role first.
pub(super) fn pairs(table: &Dataset, sample: &Sample, roles: &Roles) -> Result<Vec<[usize; 2]>, Refusal> {
    let mut of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    sample.cluster.iter().enumerate().for_each(|(row, label)| of.entry(*label).or_default().push(row));
    let cluster = roles.cluster.as_deref().unwrap_or("cluster");
    let places = |rows: &[usize]| {
        let all: Vec<String> = rows.iter().map(|row| table.place(sample.rows[*row])).collect();
        all.join(", ")
    };
    let label = |rows: &[usize]| {
        let labels = table.labels(cluster).unwrap_or_default();
        labels.get(sample.rows[rows[0]]).cloned().flatten().map_or(String::new(), |text| text.to_string())
    };
    if let Some(rows) = of.values().find(|rows| rows.len() > 2) {
        return Err(Refusal::asked(
            format!(
                "{}: `{cluster}` {} has {} members ({})",
                table.name(),
                label(rows),
                rows.len(),
                places(&rows[..rows.len().min(6)])
            ),
            "The actor-partner model is one of pairs. Keep two members of each, one time point at once, or use `mixed`.",
        ));
    }
    let member = roles.member.as_deref().unwrap_or_default();
    if roles.member.is_some() && sample.members.len() != 2 {
        let names: Vec<&str> = sample.members.iter().map(|name| &**name).take(6).collect();
        return Err(Refusal::asked(
            format!("--member: column `{member}` has {} roles ({})", sample.members.len(), names.join(", ")),
            "Name a column with the same two roles in every pair, such as senior and junior; or leave --member out.",
        ));
    }
    let mut pairs = Vec::new();
    for rows in of.values().filter(|rows| rows.len() == 2) {
        let mut pair = [rows[0], rows[1]];
        if !sample.member.is_empty() {
            if sample.member[rows[0]] == sample.member[rows[1]] {
                return Err(Refusal::asked(
                    format!(
                        "{}: both members of `{cluster}` {} ({}) are `{}`",
                        table.name(),
                        label(rows),
                        places(rows),
                        sample.members[sample.member[rows[0]] as usize]
                    ),
                    "Each pair needs one member of each role; without --member members are taken for indistinguishable.",
                ));
            }
            pair.sort_by_key(|row| sample.member[*row]);
        }
        pairs.push(pair);
    }
    Ok(pairs)
}
