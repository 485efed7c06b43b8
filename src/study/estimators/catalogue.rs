//! The estimators by name: two regressions of an experiment, each with five variances, and those of an association.
//!
//! The coefficient of `t` is the question's: of a contrast t is 1 for the treated and 0 for the others; of a main effect, an
//! interaction or a moderated contrast t is the question's column and z the columns beside it, which enter as
//! [`super::super::design_matrix`] says.

use super::{Adjustment, Errors, Estimator};

/// All estimators, in the order in which documentation lists them.
pub fn catalogue() -> &'static [Estimator] {
    &CATALOGUE
}

/// The estimator with this id, if there is one.
pub fn find(id: &str) -> Option<&'static Estimator> {
    CATALOGUE.iter().find(|estimator| estimator.id == id)
}

static CATALOGUE: [Estimator; 15] = [
    Estimator {
        id: "difference_ols",
        name: "Difference in means, classical errors",
        adjustment: Adjustment::Difference,
        errors: Errors::Classical,
        meaning: "The difference between the arms' means, with the standard error of independent persons (Student's \
                  t-test). It ignores who coaches whom.",
        equation: DIFFERENCE_OLS,
        assumptions: CLASSICAL,
        source: STUDENT,
    },
    Estimator {
        id: "difference_cr0",
        name: "Difference in means, CR0",
        adjustment: Adjustment::Difference,
        errors: Errors::CR0,
        meaning: "The difference between the arms' means, with the uncorrected cluster-robust standard error; too small \
                  with few clusters.",
        equation: "y = a + b t + e; V = (X'X)^-1 [sum_g X_g' e_g e_g' X_g] (X'X)^-1; df = G-1",
        assumptions: MANY_CLUSTERS,
        source: LIANG_ZEGER,
    },
    Estimator {
        id: "difference_cr1",
        name: "Difference in means, CR1",
        adjustment: Adjustment::Difference,
        errors: Errors::CR1,
        meaning: "The difference between the arms' means, with the cluster-robust standard error corrected for the \
                  number of clusters.",
        equation: "y = a + b t + e; V = V_CR0 G/(G-1); df = G-1",
        assumptions: MANY_CLUSTERS,
        source: CAMERON_MILLER,
    },
    Estimator {
        id: "difference_cr1s",
        name: "Difference in means, CR1S",
        adjustment: Adjustment::Difference,
        errors: Errors::CR1S,
        meaning: "The difference between the arms' means, with the cluster-robust standard error that Stata reports.",
        equation: "y = a + b t + e; V = V_CR0 G(N-1)/((G-1)(N-p)), p = 2; df = G-1",
        assumptions: MANY_CLUSTERS,
        source: CAMERON_MILLER,
    },
    Estimator {
        id: "difference_cr2",
        name: "Difference in means, CR2",
        adjustment: Adjustment::Difference,
        errors: Errors::CR2,
        meaning: "The difference between the arms' means, with the bias-reduced cluster-robust standard error and \
                  Satterthwaite degrees of freedom; sound also with few or unequal clusters.",
        equation: "y = a + b t + e; V = (X'X)^-1 [sum_g X_g' A_g e_g e_g' A_g X_g] (X'X)^-1, A_g = (I-H_gg)^(-1/2); \
                   df = (tr P)^2 / tr P^2",
        assumptions: FEW_CLUSTERS,
        source: BELL_MCCAFFREY,
    },
    Estimator {
        id: "ancova_ols",
        name: "ANCOVA, classical errors",
        adjustment: Adjustment::Ancova,
        errors: Errors::Classical,
        meaning: "The difference between the arms at equal covariates, with the standard error of independent persons. \
                  It ignores who coaches whom.",
        equation: "y = a + b t + c'x + e; V = s^2 (X'X)^-1, s^2 = sum e^2/(N-p); df = N-p",
        assumptions: CLASSICAL,
        source: STUDENT,
    },
    Estimator {
        id: "ancova_cr0",
        name: "ANCOVA, CR0",
        adjustment: Adjustment::Ancova,
        errors: Errors::CR0,
        meaning: "The difference between the arms at equal covariates, with the uncorrected cluster-robust standard \
                  error; too small with few clusters.",
        equation: "y = a + b t + c'x + e; V = (X'X)^-1 [sum_g X_g' e_g e_g' X_g] (X'X)^-1; df = G-1",
        assumptions: MANY_CLUSTERS,
        source: LIANG_ZEGER,
    },
    Estimator {
        id: "ancova_cr1",
        name: "ANCOVA, CR1",
        adjustment: Adjustment::Ancova,
        errors: Errors::CR1,
        meaning: "The difference between the arms at equal covariates, with the cluster-robust standard error corrected \
                  for the number of clusters.",
        equation: "y = a + b t + c'x + e; V = V_CR0 G/(G-1); df = G-1",
        assumptions: MANY_CLUSTERS,
        source: CAMERON_MILLER,
    },
    Estimator {
        id: "ancova_cr1s",
        name: "ANCOVA, CR1S",
        adjustment: Adjustment::Ancova,
        errors: Errors::CR1S,
        meaning: "The difference between the arms at equal covariates, with the cluster-robust standard error that \
                  Stata reports.",
        equation: "y = a + b t + c'x + e; V = V_CR0 G(N-1)/((G-1)(N-p)), p = 2 + covariates; df = G-1",
        assumptions: MANY_CLUSTERS,
        source: CAMERON_MILLER,
    },
    Estimator {
        id: "ancova_cr2",
        name: "ANCOVA, CR2",
        adjustment: Adjustment::Ancova,
        errors: Errors::CR2,
        meaning: "The difference between the arms at equal covariates, with the bias-reduced cluster-robust standard \
                  error and Satterthwaite degrees of freedom; sound also with few or unequal clusters.",
        equation: "y = a + b t + c'x + e; V = (X'X)^-1 [sum_g X_g' A_g e_g e_g' A_g X_g] (X'X)^-1, \
                   A_g = (I-H_gg)^(-1/2); df = (tr P)^2 / tr P^2",
        assumptions: FEW_CLUSTERS,
        source: BELL_MCCAFFREY,
    },
    Estimator {
        id: "slope_cr2",
        name: "Simple regression, CR2",
        adjustment: Adjustment::Slope,
        errors: Errors::CR2,
        meaning: "How much the outcome differs between people who differ by one unit of the measured predictor, with the \
                  bias-reduced cluster-robust standard error. Nothing is held equal: it describes, and is an effect only \
                  where nothing else goes with the predictor.",
        equation: "y = a + b x + e; V and df as in difference_cr2",
        assumptions: OBSERVED,
        source: BELL_MCCAFFREY,
    },
    Estimator {
        id: "regression_cr2",
        name: "Multiple regression, CR2",
        adjustment: Adjustment::Regression,
        errors: Errors::CR2,
        meaning: "How much the outcome differs between people who differ by one unit of the measured predictor and not in \
                  the measured covariates, with the bias-reduced cluster-robust standard error.",
        equation: "y = a + b x + c'z + e; V and df as in ancova_cr2",
        assumptions: OBSERVED,
        source: BELL_MCCAFFREY,
    },
    Estimator {
        id: "regression_ols",
        name: "Multiple regression, classical errors",
        adjustment: Adjustment::Regression,
        errors: Errors::Classical,
        meaning: "The same slope as regression_cr2 with the standard error of independent persons. It ignores who coaches \
                  whom and who works where.",
        equation: "y = a + b x + c'z + e; V = s^2 (X'X)^-1, s^2 = sum e^2/(N-p); df = N-p",
        assumptions: "Persons independent of each other; equal variance; normal errors or many persons.",
        source: STUDENT,
    },
    Estimator {
        id: "correlation_cr2",
        name: "Correlation, CR2",
        adjustment: Adjustment::Correlation,
        errors: Errors::CR2,
        meaning: "Pearson's correlation of the outcome with the measured predictor, as the slope between the two in their \
                  own standard deviations, with the bias-reduced cluster-robust standard error. The test is that of the \
                  slope; the interval takes both standard deviations as known and is too wide where the correlation is \
                  strong.",
        equation: "(y - my)/sy = r (x - mx)/sx + e; V and df as in difference_cr2",
        assumptions: OBSERVED,
        source: BELL_MCCAFFREY,
    },
    Estimator {
        id: "stepped_wedge_cr2",
        name: "Stepped wedge, CR2",
        adjustment: Adjustment::SteppedWedge,
        errors: Errors::CR2,
        meaning: "Organizations that have changed against those that have not yet, at all waves at once and with an \
                  intercept of its own for each wave; clusters are organizations, with the bias-reduced \
                  cluster-robust standard error and Satterthwaite degrees of freedom.",
        equation: "y = w_wave + b x + e, x = 1 once the organization has changed; V as in difference_cr2; \
                   df = (tr P)^2 / tr P^2",
        assumptions: "Which organization changes when is drawn by lot; organizations independent of each other, any \
                      dependence within them. Where the effect grows with time since the change, b is a weighted mean \
                      over that time, whose weights can be negative.",
        source: "Hussey & Hughes (2007), Contemporary Clinical Trials 28, 182-191; Bell & McCaffrey (2002); \
                 Goodman-Bacon (2021), Journal of Econometrics 225, 254-277.",
    },
];

const OBSERVED: &str = "A straight line; clusters independent of each other, any dependence within them; at least a few \
                        clusters. That the slope is an effect would need a predictor measured without error and \
                        independent of everything else that moves the outcome.";

const DIFFERENCE_OLS: &str = "y = a + b t + e; V = s^2 (X'X)^-1, s^2 = sum e^2/(N-p), p = 2; df = N-p";

const CLASSICAL: &str = "Random assignment of persons; persons independent of each other; equal variance in both arms; \
                         normal errors or many persons.";
const MANY_CLUSTERS: &str = "Random assignment; clusters independent of each other, any dependence within them; many \
                             clusters (about 50 or more), of similar size and leverage.";
const FEW_CLUSTERS: &str = "Random assignment; clusters independent of each other, any dependence within them; at least \
                            two clusters in each arm. The degrees of freedom are exact for independent normal rows of \
                            equal variance up to two moments, and an approximation otherwise.";

const STUDENT: &str = "Student (1908), Biometrika 6, 1-25; Fisher (1932), Statistical Methods for Research Workers, 4th \
                       ed.";
const LIANG_ZEGER: &str = "Liang & Zeger (1986), Biometrika 73, 13-22.";
const CAMERON_MILLER: &str = "Cameron & Miller (2015), Journal of Human Resources 50, 317-372.";
const BELL_MCCAFFREY: &str = "Bell & McCaffrey (2002), Survey Methodology 28, 169-181; Pustejovsky & Tipton (2018), \
                              Journal of Business & Economic Statistics 36, 672-683.";
