//! Actor and partner effects in pairs, and whether the members' roles make a difference.

use std::collections::BTreeMap;

use super::{Dataset, Fitted, Refusal, Roles, Sample, Term, mixed, of_t};
use crate::report::text::counted;
use crate::study::estimators::mixed::{Likelihood, MixedModel, Term as Random};
use crate::study::estimators::{Dyads, Effect, Failure, chi_square_upper};

const CORRELATION: &str = "correlation of the partners' residuals";
const RESIDUAL_SD: &str = "SD of the residuals";
const CRITERION: &str = "REML criterion (-2 log likelihood)";

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
    fitted.notes.extend(no_organizations(sample));
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
    if !sample.covariates.is_empty() {
        if let Err(failure @ (Failure::OneOfEachPair | Failure::PartnersAlike)) = dyads.indistinguishable() {
            return Ok(fitted.failed(failure));
        }
        if let Err(failure) = adjusted(&mut fitted, sample, &pairs, label, predictor, confidence) {
            return Ok(fitted.failed(failure));
        }
        return Ok(fitted);
    }
    let found = match dyads.indistinguishable() {
        Ok(found) => found,
        Err(failure) => return Ok(fitted.failed(failure)),
    };
    fitted.terms.push(term("intercept", "intercept".to_owned(), &found.intercept));
    fitted.terms.push(term("actor", format!("actor: own {label}"), &found.actor));
    fitted.terms.push(term("partner", format!("partner: partner's {label}"), &found.partner));
    fitted.quantity("correlation", CORRELATION, found.correlation);
    fitted.quantity("residual_sd", RESIDUAL_SD, found.residual_sd);
    fitted.quantity("reml_criterion", CRITERION, found.criterion);
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
                let df = (pairs.len() - 3) as f64;
                let label = format!("actor and partner effects equal in both roles, F on 2 and {df:.0} df");
                fitted.quantity("equal_effects_f", label, roles.equal_effects_f);
                fitted.quantity("equal_effects_p_value", "its p-value", roles.equal_effects_p_value);
                for (role, sd) in sample.members.iter().zip(roles.residual_sds) {
                    fitted.quantity(&format!("residual_sd_{role}"), format!("{role}: SD of the residuals"), sd);
                }
                fitted.quantity("roles_correlation", "correlation of the roles' residuals", roles.correlation);
            }
            Err(failure) => fitted.notes.push(format!("Roles could not be told apart: {failure}.")),
        }
    }
    Ok(fitted)
}

/// Own covariates beside own and partner's predictor: compound symmetry of pairs, y = b₀ + a x_i + p x_j + c'z_i + e. Without covariates it is
/// the closed form.
fn adjusted(
    fitted: &mut Fitted,
    sample: &Sample,
    pairs: &[[usize; 2]],
    label: &str,
    predictor: &[f64],
    confidence: f64,
) -> Result<(), Failure> {
    let rows: Vec<(usize, usize)> = pairs.iter().flat_map(|[a, b]| [(*a, *b), (*b, *a)]).collect();
    let own = |values: &[f64]| rows.iter().map(|(own, _)| values[*own]).collect::<Vec<f64>>();
    let mut ids = vec!["intercept", "actor", "partner"];
    let mut fixed = vec![
        ("intercept".to_owned(), vec![1.0; rows.len()]),
        (format!("actor: own {label}"), own(predictor)),
        (format!("partner: partner's {label}"), rows.iter().map(|(_, other)| predictor[*other]).collect()),
    ];
    for (name, values) in &sample.covariates {
        ids.push("covariate");
        fixed.push((name.clone(), own(values)));
    }
    let pair: Vec<u32> = rows.iter().map(|(own, _)| sample.cluster[*own]).collect();
    let terms = vec![Random::compound_symmetry("pair", &pair)];
    let model = MixedModel { outcome: own(&sample.outcome), fixed, terms };
    let found = model.fit(Likelihood::Restricted)?;
    for (k, id) in ids.iter().enumerate() {
        let tested = found.kenward_roger(&mixed::unit(k, ids.len())).and_then(mixed::finite)?;
        let estimate = of_t(tested.estimate, tested.standard_error, tested.degrees_of_freedom, confidence);
        fitted.terms.push(Term { id, label: model.fixed[k].0.clone(), estimate });
    }
    let total = found.variances[0][0] + found.residual;
    fitted.quantity("correlation", CORRELATION, found.variances[0][0] / total);
    fitted.quantity("residual_sd", RESIDUAL_SD, total.sqrt());
    fitted.quantity("reml_criterion", CRITERION, found.criterion);
    fitted
        .notes
        .push("Covariates are a person's own; errors and degrees of freedom are Kenward and Roger's.".to_owned());
    if sample.members.len() == 2
        && let Err(failure) = by_role(fitted, sample, &model, confidence)
    {
        fitted.notes.push(format!("Roles could not be told apart: {failure}."));
    }
    Ok(())
}

/// Intercept, actor and partner effect of each role at equal covariates, with residuals of one variance and one correlation; and by
/// maximum likelihood whether roles make a difference to the three. Rows of `same` stand in pairs, the first role first.
fn by_role(fitted: &mut Fitted, sample: &Sample, same: &MixedModel, confidence: f64) -> Result<(), Failure> {
    let of_role = |values: &[f64], role: usize| {
        values.iter().enumerate().map(|(row, value)| if row % 2 == role { *value } else { 0.0 }).collect::<Vec<f64>>()
    };
    let kinds = [("role_intercept", "intercept"), ("role_actor", "actor"), ("role_partner", "partner")];
    let (mut ids, mut fixed) = (Vec::new(), Vec::new());
    for (role, name) in sample.members.iter().enumerate() {
        for ((id, kind), (_, values)) in kinds.into_iter().zip(&same.fixed) {
            ids.push(id);
            fixed.push((format!("{name}: {kind}"), of_role(values, role)));
        }
    }
    let asked = fixed.len();
    fixed.extend(same.fixed[kinds.len()..].iter().cloned());
    let apart = MixedModel { fixed, ..same.clone() };
    let found = apart.fit(Likelihood::Restricted)?;
    let mut terms = Vec::new();
    for (k, id) in ids.into_iter().enumerate() {
        let tested = found.kenward_roger(&mixed::unit(k, apart.fixed.len())).and_then(mixed::finite)?;
        let estimate = of_t(tested.estimate, tested.standard_error, tested.degrees_of_freedom, confidence);
        terms.push(Term { id, label: apart.fixed[k].0.clone(), estimate });
    }
    let ratio = same.fit(Likelihood::Full)?.criterion - apart.fit(Likelihood::Full)?.criterion;
    let df = (asked - kinds.len()) as f64;
    fitted.terms.extend(terms);
    let label = format!("roles make no difference to intercept, actor and partner effect, χ² on {df:.0} df");
    fitted.quantity("roles_chi_square", label, ratio.max(0.0));
    fitted.quantity("roles_p_value", "its p-value", chi_square_upper(ratio.max(0.0), df));
    let words = "Effects of each role hold covariates equal, and take the residuals of both roles for equally variable; without \
                 --covariates each role has its own.";
    fitted.notes.push(words.to_owned());
    Ok(())
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

/// Says that organizations, which were named, play no part.
pub(super) fn no_organizations(sample: &Sample) -> Option<String> {
    let words = "WARNING: this model has no level of organizations and takes dyads for independent: --organization plays no part here, \
                 and what varies between organizations has errors that are too small. Compare `regression` and `mixed` with \
                 --organization.";
    (!sample.organization.is_empty()).then(|| words.to_owned())
}
