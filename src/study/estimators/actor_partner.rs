//! The actor-partner interdependence model of dyads.
//!
//! ```text
//! y_i = b₀ + a x_i + p x_j + e_i        i, j the two members;  Cov(e_i, e_j) = ρ σ², ρ of either sign
//! ```
//!
//! **Indistinguishable members** (peers). Sum and difference of the partners, s = (y_i + y_j)/√2 and d = (y_i − y_j)/√2, are
//! uncorrelated with variances σ²(1 + ρ) and σ²(1 − ρ), and the model falls into two plain regressions:
//! s = √2 b₀ + (a + p) x_s + e_s and d = (a − p) x_d + e_d. So restricted maximum likelihood has a closed form, exact for any ρ:
//! a = (β_s + β_d)/2, p = (β_s − β_d)/2, Var = (V_s + V_d)/4, with Satterthwaite's
//! df = (V_s + V_d)²/(V_s²/df_s + V_d²/df_d), df_s = G − 2, df_d = G − 1.
//!
//! **Distinguishable members** (a senior and a junior): each role has its own equation with both predictors, fitted role by role
//! (the regressors are the same, so least squares is the maximum likelihood). The test of distinguishability is the
//! likelihood ratio of the two by full maximum likelihood, on 4 degrees of freedom: intercept, actor, partner, variance. Whether the
//! effects alone are those of the other role is a Wald test of both differences, F = d' V_d⁻¹ d/2 on 2 and G − 3 degrees of freedom, with
//! the covariance of both equations' coefficients Σ ⊗ (X'X)⁻¹.
//!
//! Sources: Kenny, Kashy & Cook (2006), *Dyadic Data Analysis*, chapters 6 and 7; Kenny & Ledermann (2010), Journal of Family
//! Psychology 24, 359-366; Satterthwaite (1946), Biometrics Bulletin 2, 110-114.

use super::beta::fisher_f_upper;
use super::chi_square::chi_square_upper;
use super::distribution::student_t_two_sided;
use super::failure::Failure;
use super::least_squares::{LeastSquares, dot};

/// Both members of every dyad: row g holds dyad g. Incomplete dyads are left out by the caller.
#[derive(Clone, Debug, PartialEq)]
pub struct Dyads {
    /// Outcome of the first and of the second member.
    pub outcome: [Vec<f64>; 2],
    /// Predictor of the first and of the second member.
    pub predictor: [Vec<f64>; 2],
}

/// One effect with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// In the outcome's unit per unit of the predictor.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of its t.
    pub degrees_of_freedom: f64,
    /// Two-sided p-value of 'no effect'.
    pub p_value: f64,
}

/// The model of indistinguishable members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActorPartner {
    /// b₀.
    pub intercept: Effect,
    /// a: a person's predictor on the own outcome.
    pub actor: Effect,
    /// p: a person's predictor on the partner's outcome.
    pub partner: Effect,
    /// ρ, in [−1, 1].
    pub correlation: f64,
    /// σ: SD of the residual.
    pub residual_sd: f64,
    /// The REML criterion, −2 log restricted likelihood in the parameters (b₀, a, p).
    pub criterion: f64,
    /// Number of dyads.
    pub dyads: usize,
}

/// The model of distinguishable members: per role intercept, actor effect and partner effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distinguishable {
    /// Intercept, actor and partner effect of the first and of the second role.
    pub roles: [[Effect; 3]; 2],
    /// SD of each role's residual, with G − 3.
    pub residual_sds: [f64; 2],
    /// Correlation of the two residuals.
    pub correlation: f64,
    /// F of 'actor and partner effect are the same in both roles', on 2 and G − 3 degrees of freedom.
    pub equal_effects_f: f64,
    /// Its p-value.
    pub equal_effects_p_value: f64,
    /// The likelihood ratio statistic of 'roles make no difference'.
    pub chi_square: f64,
    /// Its degrees of freedom: 4.
    pub degrees_of_freedom: f64,
    /// Its p-value.
    pub p_value: f64,
}

impl Dyads {
    /// Dyads in an order that depends on what they hold: neither the order of dyads nor (for indistinguishable members) who
    /// is called first changes a bit.
    fn ordered(&self, members_matter: bool) -> Result<Dyads, Failure> {
        let dyads = self.outcome[0].len();
        let names = ["the outcome", "the partner's outcome", "the predictor", "the partner's predictor"];
        for (name, column) in names.into_iter().zip(self.outcome.iter().chain(&self.predictor)) {
            if column.len() != dyads {
                return Err(Failure::UnequalLengths { column: name.to_owned(), found: column.len(), expected: dyads });
            }
            if let Some(row) = column.iter().position(|value| !value.is_finite()) {
                return Err(Failure::NotFinite { column: name.to_owned(), row, value: column[row] });
            }
        }
        let mut rows: Vec<[f64; 4]> = (0..dyads)
            .map(|g| [self.outcome[0][g], self.predictor[0][g], self.outcome[1][g], self.predictor[1][g]])
            .map(|[y, x, partner_y, partner_x]| {
                let turned = partner_y.total_cmp(&y).then(partner_x.total_cmp(&x)).is_lt();
                if turned && !members_matter { [partner_y, partner_x, y, x] } else { [y, x, partner_y, partner_x] }
            })
            .collect();
        rows.sort_by(|a, b| {
            let pairs = a.iter().zip(b).map(|(x, y)| x.total_cmp(y));
            pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        });
        let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<f64>>();
        Ok(Dyads { outcome: [column(0), column(2)], predictor: [column(1), column(3)] })
    }

    /// Fits the model of indistinguishable members by its closed form.
    ///
    /// Errors: unequal lengths, values that are not finite, fewer than four dyads, a predictor that does not vary between dyads or within them.
    pub fn indistinguishable(&self) -> Result<ActorPartner, Failure> {
        let data = self.ordered(false)?;
        let halves = Halves::of(&data)?;
        let (sum, difference) = (&halves.sum, &halves.difference);
        let (vs, vd) = (sum.residual_variance(), difference.residual_variance());
        let (df_s, df_d) = (sum.residual_degrees_of_freedom() as f64, difference.residual_degrees_of_freedom() as f64);
        let (cs, cd) = (sum.classical_covariance(), difference.classical_covariance());
        let (slope_s, slope_d) = (sum.coefficients()[1], difference.coefficients()[0]);
        let (var_s, var_d) = (cs[(1, 1)], cd[(0, 0)]);
        let both = var_s + var_d;
        let df = both * both / (var_s * var_s / df_s + var_d * var_d / df_d);
        let error = (0.25 * both).sqrt();
        let effect = |estimate: f64, standard_error: f64, degrees_of_freedom: f64| Effect {
            estimate,
            standard_error,
            degrees_of_freedom,
            p_value: student_t_two_sided(estimate / standard_error, degrees_of_freedom),
        };
        let root = std::f64::consts::FRAC_1_SQRT_2;
        // −2 log L of the two regressions, in the coefficients (b₀, a, p): (√2 b₀, a + p, a − p) has determinant 2√2, and
        // log|X'V⁻¹X| changes by twice its logarithm.
        let log_two_pi = libm::log(2.0 * std::f64::consts::PI);
        let log_information = -libm::log(cs[(0, 0)] * cs[(1, 1)] - cs[(0, 1)] * cs[(0, 1)]) - libm::log(var_d)
            + 2.0 * libm::log(2.0 * std::f64::consts::SQRT_2);
        let dyads = data.outcome[0].len() as f64;
        let criterion = (df_s + df_d) * (log_two_pi + 1.0) + dyads * (libm::log(vs) + libm::log(vd)) + log_information;
        Ok(ActorPartner {
            intercept: effect(root * sum.coefficients()[0], root * cs[(0, 0)].sqrt(), df_s),
            actor: effect(0.5 * (slope_s + slope_d), error, df),
            partner: effect(0.5 * (slope_s - slope_d), error, df),
            correlation: (vs - vd) / (vs + vd),
            residual_sd: (0.5 * (vs + vd)).sqrt(),
            criterion,
            dyads: data.outcome[0].len(),
        })
    }

    /// Actor and partner effect alone, by least squares on sums and differences: what [`indistinguishable`](Dyads::indistinguishable)
    /// estimates, also where there is no residual variance.
    ///
    /// Errors: fewer than two dyads, a predictor that does not vary between dyads or within them.
    pub(super) fn effects(&self) -> Result<(f64, f64), Failure> {
        let [sums, differences] = [1.0, -1.0].map(|sign| {
            let half = |columns: &[Vec<f64>; 2]| -> Vec<f64> {
                columns[0].iter().zip(&columns[1]).map(|(a, b)| a + sign * b).collect()
            };
            (half(&self.predictor), half(&self.outcome))
        });
        let ones = vec![1.0; sums.0.len()];
        let sum = LeastSquares::fit(&[ones, sums.0], &sums.1)?.coefficients()[1];
        let difference = LeastSquares::fit(&[differences.0], &differences.1)?.coefficients()[0];
        Ok((0.5 * (sum + difference), 0.5 * (sum - difference)))
    }

    /// Fits one equation per role and tests whether roles make a difference.
    ///
    /// Errors: as [`indistinguishable`](Dyads::indistinguishable).
    pub fn distinguishable(&self) -> Result<Distinguishable, Failure> {
        let data = self.ordered(true)?;
        let dyads = data.outcome[0].len();
        let ones = vec![1.0; dyads];
        let role = |own: usize| {
            let columns = [&ones, &data.predictor[own], &data.predictor[1 - own]];
            LeastSquares::fit_named(&columns, &data.outcome[own], |j| NAMES[j].to_owned())
        };
        let fits = [role(0)?, role(1)?];
        let effects = fits.each_ref().map(|fit| {
            let (covariance, df) = (fit.classical_covariance(), fit.residual_degrees_of_freedom() as f64);
            std::array::from_fn(|k| {
                let (estimate, standard_error) = (fit.coefficients()[k], covariance[(k, k)].sqrt());
                let p_value = student_t_two_sided(estimate / standard_error, df);
                Effect { estimate, standard_error, degrees_of_freedom: df, p_value }
            })
        });
        let g = dyads as f64;
        let [first, second] = fits.each_ref().map(|fit| fit.residuals());
        let (a, b, c) = (dot(first, first) / g, dot(second, second) / g, dot(first, second) / g);
        let halves = Halves::of(&self.ordered(false)?)?;
        let square = |fit: &LeastSquares| dot(fit.residuals(), fit.residuals()) / g;
        let chi_square =
            g * (libm::log(square(&halves.sum)) + libm::log(square(&halves.difference)) - libm::log(a * b - c * c));
        if !chi_square.is_finite() {
            return Err(Failure::OutOfRange { what: "likelihood ratio", value: chi_square });
        }
        let left = g - 3.0;
        let sigma = [a, c, b].map(|mean| mean * g / left);
        let equal_effects_f = equal_effects(&fits, sigma);
        Ok(Distinguishable {
            roles: effects,
            residual_sds: [sigma[0].sqrt(), sigma[2].sqrt()],
            equal_effects_f,
            equal_effects_p_value: fisher_f_upper(equal_effects_f, 2.0, left),
            correlation: c / (a * b).sqrt(),
            chi_square,
            degrees_of_freedom: 4.0,
            p_value: chi_square_upper(chi_square, 4.0),
        })
    }
}

/// F of equal actor and partner effects of two roles, `sigma` the residuals' variance of the first, covariance, variance of the second.
fn equal_effects([first, second]: &[LeastSquares; 2], [own, shared, other]: [f64; 3]) -> f64 {
    let apart = |k: usize| first.coefficients()[k] - second.coefficients()[k];
    let unit = first.classical_covariance() / first.residual_variance();
    // The first role's own predictor is the second role's partner's.
    let (x, y, xy) = (unit[(1, 1)], unit[(2, 2)], unit[(1, 2)]);
    let of_actor = own * x + other * y - 2.0 * shared * xy;
    let of_partner = own * y + other * x - 2.0 * shared * xy;
    let between = (own + other) * xy - shared * (x + y);
    let (actor, partner) = (apart(1), apart(2));
    let determinant = of_actor * of_partner - between * between;
    (actor * actor * of_partner - 2.0 * actor * partner * between + partner * partner * of_actor) / (2.0 * determinant)
}

const NAMES: [&str; 3] = ["the intercept", "the actor's predictor", "the partner's predictor"];

/// The regressions of sums and of differences.
struct Halves {
    sum: LeastSquares,
    difference: LeastSquares,
}

impl Halves {
    fn of(data: &Dyads) -> Result<Halves, Failure> {
        let root = std::f64::consts::FRAC_1_SQRT_2;
        let half = |columns: &[Vec<f64>; 2], sign: f64| -> Vec<f64> {
            columns[0].iter().zip(&columns[1]).map(|(a, b)| root * (a + sign * b)).collect()
        };
        let dyads = data.outcome[0].len();
        if dyads < 4 {
            return Err(Failure::TooFewClusters { clusters: dyads });
        }
        let same = |column: Vec<f64>, value: f64| {
            let size = column.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
            column.iter().all(|x| (x - value).abs() <= 1e-9 * size)
        };
        let sums = half(&data.predictor, 1.0);
        // Which of both is constant says what was done: one of each pair treated, or both alike.
        if same(half(&data.predictor, -1.0), 0.0) {
            return Err(Failure::PartnersAlike);
        }
        if same(sums.clone(), sums[0]) {
            return Err(Failure::OneOfEachPair);
        }
        let ones = vec![1.0; dyads];
        let sums = [ones, sums];
        let sum = LeastSquares::fit_named(&sums, &half(&data.outcome, 1.0), |j| {
            ["the intercept", "the mean of the partners' predictors"][j].to_owned()
        })?;
        let differences = [half(&data.predictor, -1.0)];
        let difference = LeastSquares::fit_named(&differences, &half(&data.outcome, -1.0), |_| {
            "the difference of the partners' predictors".to_owned()
        })?;
        for fit in [&sum, &difference] {
            if fit.residual_variance() <= fit.variance_floor(0) {
                return Err(Failure::ZeroVariance { estimate: fit.coefficients()[0] });
            }
        }
        Ok(Halves { sum, difference })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{Table, rounds_to};
    use super::*;

    /// Couples with the wife first.
    fn couples() -> Dyads {
        let table = Table::read(include_str!("../../../tests/data/acipair.csv"));
        let wives: Vec<bool> = table.column("Partnum").iter().map(|number| *number == 1.0).collect();
        let of = |name: &str| -> Vec<f64> {
            table.column(name).iter().zip(&wives).filter(|(_, wife)| **wife).map(|(value, _)| *value).collect()
        };
        Dyads { outcome: [of("Satisfaction_A"), of("Satisfaction_P")], predictor: [of("OtherPos_A"), of("OtherPos_P")] }
    }

    #[test]
    fn couples_as_published() {
        let fit = couples().indistinguishable().unwrap();
        assert_eq!(fit.dyads, 148);
        rounds_to(fit.intercept.estimate, 0.669754122, 9);
        rounds_to(fit.intercept.standard_error, 0.322438, 6);
        rounds_to(fit.actor.estimate, 0.400423148, 9);
        rounds_to(fit.partner.estimate, 0.287970497, 9);
        for effect in [fit.actor, fit.partner] {
            rounds_to(effect.standard_error, 0.0473141438, 10);
            rounds_to(effect.degrees_of_freedom, 273.058, 3);
        }
        rounds_to(fit.correlation, 0.469341363, 8);
        rounds_to(fit.residual_sd, 0.417365923, 9);
        rounds_to(fit.criterion, 296.718263, 6);
        let roles = couples().distinguishable().unwrap();
        rounds_to(roles.chi_square, 7.27705, 5);
        rounds_to(roles.p_value, 0.122, 3);
        // `tests/oracles/roles.R`.
        rounds_to(roles.equal_effects_f, 0.1619643364, 9);
        rounds_to(roles.equal_effects_p_value, 0.8506251817, 9);
        rounds_to(roles.residual_sds[0], 0.4554780978, 9);
        rounds_to(roles.residual_sds[1], 0.3783371994, 9);
        // Whoever is called first.
        let mut turned = couples();
        turned.outcome.swap(0, 1);
        turned.predictor.swap(0, 1);
        assert!((turned.distinguishable().unwrap().equal_effects_f - roles.equal_effects_f).abs() < 1e-12);
    }

    #[test]
    fn neither_order_nor_seats_change_a_bit() {
        let data = couples();
        let mut turned = data.clone();
        for g in (0..148).step_by(3) {
            for columns in [&mut turned.outcome, &mut turned.predictor] {
                let [first, second] = columns;
                std::mem::swap(&mut first[g], &mut second[g]);
            }
        }
        for column in turned.outcome.iter_mut().chain(&mut turned.predictor) {
            column.reverse();
        }
        assert_eq!(data.indistinguishable().unwrap(), turned.indistinguishable().unwrap());
    }

    #[test]
    fn what_cannot_be_fitted_says_why() {
        let refused = |change: &dyn Fn(&mut Dyads)| {
            let mut data = couples();
            change(&mut data);
            data.indistinguishable().unwrap_err().code()
        };
        assert_eq!(refused(&|d| d.outcome[1][4] = f64::NAN), "not_finite");
        assert_eq!(refused(&|d| d.predictor[0].truncate(9)), "unequal_lengths");
        assert_eq!(refused(&|d| d.predictor[1] = d.predictor[0].clone()), "partners_alike");
        assert_eq!(refused(&|d| d.predictor[1] = d.predictor[0].iter().map(|x| 1.0 - x).collect()), "one_of_each_pair");
        assert_eq!(
            refused(&|d| d.outcome.iter_mut().chain(&mut d.predictor).for_each(|c| c.truncate(3))),
            "too_few_clusters"
        );
    }
}
