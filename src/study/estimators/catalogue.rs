//! The estimators by name: two regressions of an experiment, each with every variance and with resampling, for everyone
//! who answered and for completers; and those of an association, of a stepped wedge, of pairs and of resemblance; mixed models,
//! growth and logistic regression.
//!
//! The coefficient of `t` is the question's: of a contrast t is 1 for the treated and 0 for the others; of a main effect, an
//! interaction or a moderated contrast t is the question's column and z the columns beside it, which enter as
//! [`super::super::design_matrix`] says.

use std::sync::LazyLock;

use super::models::MODELS;
use super::{DegreesOfFreedom, Errors, Estimator, Method, Sample, Specification};

/// All estimators, in the order in which documentation lists them.
pub fn catalogue() -> &'static [Estimator] {
    &CATALOGUE
}

/// The estimator with this id, if there is one.
pub fn find(id: &str) -> Option<&'static Estimator> {
    CATALOGUE.iter().find(|estimator| estimator.id == id)
}

static CATALOGUE: LazyLock<Vec<Estimator>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for regression in &REGRESSIONS {
        all.extend(INFERENCES.iter().map(|inference| regression.with(inference, Sample::Answered)));
    }
    let preferred = INFERENCES.iter().filter(|inference| inference.suffix == "cr2");
    for inference in preferred {
        all.extend(REGRESSIONS.iter().map(|regression| regression.with(inference, Sample::Completers)));
    }
    all.extend(OTHERS);
    all.extend(MODELS);
    all
});

const CLASSICAL_ERRORS: Method = Method::LeastSquares(Errors::Classical, DegreesOfFreedom::Naive);
const CR2: Method = Method::LeastSquares(Errors::CR2, DegreesOfFreedom::Satterthwaite);

/// A regression of an experiment.
struct Regression {
    prefix: &'static str,
    name: &'static str,
    specification: Specification,
    meaning: &'static str,
    equation: &'static str,
    columns: &'static str,
}

const REGRESSIONS: [Regression; 2] = [
    Regression {
        prefix: "difference",
        name: "Difference in means",
        specification: Specification::Difference,
        meaning: "The difference between the arms' means",
        equation: "y = a + b t + e",
        columns: "p = 2",
    },
    Regression {
        prefix: "ancova",
        name: "ANCOVA",
        specification: Specification::Ancova,
        meaning: "The difference between the arms at equal covariates",
        equation: "y = a + b t + c'x + e",
        columns: "p = 2 + covariates",
    },
];

/// Where the uncertainty of a regression comes from.
struct Inference {
    suffix: &'static str,
    name: &'static str,
    method: Method,
    meaning: &'static str,
    equation: &'static str,
    assumptions: &'static str,
    source: &'static str,
}

impl Regression {
    fn with(&self, inference: &Inference, sample: Sample) -> Estimator {
        let of = |text: String| -> &'static str { text.leak() };
        let equation = format!("{}; {}", self.equation, inference.equation.replace("{p}", self.columns));
        let (id, name) =
            (format!("{}_{}", self.prefix, inference.suffix), format!("{}, {}", self.name, inference.name));
        let meaning = format!("{}, {}", self.meaning, inference.meaning);
        let (id, name, meaning, assumptions) = match sample {
            Sample::Answered => (id, name, meaning, inference.assumptions),
            Sample::Completers => (
                format!("completers_{id}"),
                format!("{name}, completers"),
                format!(
                    "{meaning}. Among completers alone: who was still coached and in the organization and had answered \
                     every questionnaire up to then"
                ),
                COMPLETERS,
            ),
        };
        Estimator {
            id: of(id),
            name: of(name),
            specification: self.specification,
            method: inference.method,
            sample,
            meaning: of(format!("{meaning}.")),
            equation: of(equation),
            assumptions,
            source: inference.source,
        }
    }
}

const INFERENCES: [Inference; 10] = [
    Inference {
        suffix: "ols",
        name: "classical errors",
        method: CLASSICAL_ERRORS,
        meaning: "with the standard error of independent persons (Student's t-test). It ignores who coaches whom",
        equation: "V = s^2 (X'X)^-1, s^2 = sum e^2/(N-p), {p}; df = N-p",
        assumptions: CLASSICAL,
        source: STUDENT,
    },
    Inference {
        suffix: "cr0",
        name: "CR0",
        method: Method::LeastSquares(Errors::CR0, DegreesOfFreedom::Naive),
        meaning: "with the uncorrected cluster-robust standard error; too small with few clusters",
        equation: "V = (X'X)^-1 [sum_g X_g' e_g e_g' X_g] (X'X)^-1; df = G-1",
        assumptions: MANY_CLUSTERS,
        source: LIANG_ZEGER,
    },
    Inference {
        suffix: "cr0_satterthwaite",
        name: "CR0, Satterthwaite",
        method: Method::LeastSquares(Errors::CR0, DegreesOfFreedom::Satterthwaite),
        meaning: "with the uncorrected cluster-robust standard error and Satterthwaite degrees of freedom; the error is too \
                  small with few clusters, the degrees of freedom are not to blame",
        equation: "V = V_CR0; df = (tr P)^2 / tr P^2",
        assumptions: MANY_CLUSTERS,
        source: PUSTEJOVSKY_TIPTON,
    },
    Inference {
        suffix: "cr1",
        name: "CR1",
        method: Method::LeastSquares(Errors::CR1, DegreesOfFreedom::Naive),
        meaning: "with the cluster-robust standard error corrected for the number of clusters",
        equation: "V = V_CR0 G/(G-1); df = G-1",
        assumptions: MANY_CLUSTERS,
        source: CAMERON_MILLER,
    },
    Inference {
        suffix: "cr1_satterthwaite",
        name: "CR1, Satterthwaite",
        method: Method::LeastSquares(Errors::CR1, DegreesOfFreedom::Satterthwaite),
        meaning: "with the cluster-robust standard error corrected for the number of clusters and Satterthwaite degrees of \
                  freedom",
        equation: "V = V_CR0 G/(G-1); df = (tr P)^2 / tr P^2",
        assumptions: MANY_CLUSTERS,
        source: PUSTEJOVSKY_TIPTON,
    },
    Inference {
        suffix: "cr1s",
        name: "CR1S",
        method: Method::LeastSquares(Errors::CR1S, DegreesOfFreedom::Naive),
        meaning: "with the cluster-robust standard error that Stata reports",
        equation: "V = V_CR0 G(N-1)/((G-1)(N-p)), {p}; df = G-1",
        assumptions: MANY_CLUSTERS,
        source: CAMERON_MILLER,
    },
    Inference {
        suffix: "cr2",
        name: "CR2",
        method: CR2,
        meaning: "with the bias-reduced cluster-robust standard error and Satterthwaite degrees of freedom; sound also with \
                  few clusters, as long as none of them holds most of an arm",
        equation: "V = (X'X)^-1 [sum_g X_g' A_g e_g e_g' A_g X_g] (X'X)^-1, A_g = (I-H_gg)^(-1/2); \
                   df = (tr P)^2 / tr P^2",
        assumptions: FEW_CLUSTERS,
        source: BELL_MCCAFFREY,
    },
    Inference {
        suffix: "cr3",
        name: "CR3",
        method: Method::LeastSquares(Errors::CR3, DegreesOfFreedom::Satterthwaite),
        meaning: "with the cluster-robust standard error that is close to the jackknife's (leaving out one cluster at a time), \
                  and Satterthwaite degrees of freedom; on the side of caution with few clusters",
        equation: "V = (X'X)^-1 [sum_g X_g' A_g e_g e_g' A_g X_g] (X'X)^-1, A_g = (I-H_gg)^-1; df = (tr P)^2 / tr P^2",
        assumptions: FEW_CLUSTERS,
        source: BELL_MCCAFFREY,
    },
    Inference {
        suffix: "bootstrap",
        name: "wild cluster bootstrap",
        method: Method::WildBootstrap,
        meaning: "with p-value and interval of the wild cluster bootstrap: the residuals that the null leaves are given new signs \
                  cluster by cluster, 999 times. The standard error shown is CR1's",
        equation: "y* = Xb_0 + w_g e_0g, w_g = -1 or 1 (fewer than 12 clusters: Webb's six points); p = share of |t*| >= |t|, \
                   t with V_CR1; interval: all b with p(b) >= .05",
        assumptions: "Random assignment; clusters independent of each other, any dependence within them; at least a few \
                      clusters in each arm.",
        source: "Cameron, Gelbach & Miller (2008), Review of Economics and Statistics 90, 414-427; Webb (2023), Canadian \
                 Journal of Economics 56, 839-858.",
    },
    Inference {
        suffix: "randomization",
        name: "randomization inference",
        method: Method::Randomization,
        meaning: "with p-value and interval of the experiment's own lot, drawn 999 times again. The standard error shown is the \
                  SD of the estimate over draws",
        equation: "p(b) = share of draws T* with |b(T*)| >= |b(T)| in y - bT; interval: all b with p(b) >= .05",
        assumptions: "The design's own assignment is repeated: nothing else is assumed for the test of no effect on anyone. \
                      The interval takes the effect to be the same for everyone.",
        source: "Fisher (1935), The Design of Experiments; Rosenbaum (2002), Observational Studies, 2nd ed., ch. 2; Young \
                 (2019), Quarterly Journal of Economics 134, 557-598.",
    },
];

const OTHERS: [Estimator; 9] = [
    Estimator {
        id: "slope_cr2",
        name: "Simple regression, CR2",
        specification: Specification::Slope,
        method: CR2,
        sample: Sample::Answered,
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
        specification: Specification::Regression,
        method: CR2,
        sample: Sample::Answered,
        meaning: "How much the outcome differs between people who differ by one unit of the measured predictor and not in \
                  the measured covariates, with the bias-reduced cluster-robust standard error.",
        equation: "y = a + b x + c'z + e; V and df as in ancova_cr2",
        assumptions: OBSERVED,
        source: BELL_MCCAFFREY,
    },
    Estimator {
        id: "regression_ols",
        name: "Multiple regression, classical errors",
        specification: Specification::Regression,
        method: CLASSICAL_ERRORS,
        sample: Sample::Answered,
        meaning: "The same slope as regression_cr2 with the standard error of independent persons. It ignores who coaches \
                  whom and who works where.",
        equation: "y = a + b x + c'z + e; V = s^2 (X'X)^-1, s^2 = sum e^2/(N-p); df = N-p",
        assumptions: "Persons independent of each other; equal variance; normal errors or many persons.",
        source: STUDENT,
    },
    Estimator {
        id: "correlation_jackknife",
        name: "Correlation, cluster jackknife",
        specification: Specification::Correlation,
        method: Method::ClusterJackknife,
        sample: Sample::Answered,
        meaning: "Pearson's correlation of the outcome with the measured predictor. Its uncertainty is its own and not that of a \
                  slope: whole clusters are left out one at a time, and test and interval are on Fisher's scale, so that no \
                  bound lies beyond -1 or 1.",
        equation: "z = atanh r, z_(g) without cluster g; V = (G-1)/G sum_g (z_(g) - mean)^2; interval tanh(z +- t V^(1/2)), \
                   test z/V^(1/2), df = G-1; SE of r: (1 - r^2) V^(1/2)",
        assumptions: OBSERVED,
        source: "Fisher (1921), Metron 1(4), 3-32; Efron & Stein (1981), Annals of Statistics 9, 586-596; MacKinnon, Nielsen & \
                 Webb (2023), Journal of Econometrics 232, 272-299.",
    },
    Estimator {
        id: "stepped_wedge_cr2",
        name: "Stepped wedge, CR2",
        specification: Specification::SteppedWedge,
        method: CR2,
        sample: Sample::Answered,
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
    Estimator {
        id: "apim_actor",
        name: "Actor effect",
        specification: Specification::Actor,
        method: Method::ActorPartner,
        sample: Sample::Answered,
        meaning: "In pairs: what a person's own predictor, or own treatment where persons are assigned, goes with in the own \
                  outcome, at an equal partner's. Members are alike in role; partners may resemble each other or contrast. \
                  Covariates do not enter; pairs with one answer are left out.",
        equation: APIM,
        assumptions: DYADIC,
        source: KENNY,
    },
    Estimator {
        id: "apim_partner",
        name: "Partner effect",
        specification: Specification::Partner,
        method: Method::ActorPartner,
        sample: Sample::Answered,
        meaning: "In pairs: what a person's own predictor, or own treatment where persons are assigned, goes with in the \
                  partner's outcome, at an equal own one: what one of two passes on to the other. Covariates do not enter; \
                  pairs with one answer are left out.",
        equation: APIM,
        assumptions: DYADIC,
        source: KENNY,
    },
    Estimator {
        id: "intraclass",
        name: "Intraclass correlation",
        specification: Specification::Resemblance,
        method: Method::Intraclass { clamped: false },
        sample: Sample::Answered,
        meaning: "How far members of a group resemble each other within their arm, by analysis of variance. It may be negative, \
                  down to -1/(n-1): where partners compete or divide roles they contrast. The test is two-sided.",
        equation: "ICC = (MSB - MSW)/(MSB + (n0-1) MSW), n0 = (N - sum_arms sum n_g^2/N_arm)/(G - arms); F = MSB/MSW on \
                   G - arms and N - G; interval: all correlations that F does not reject",
        assumptions: ALIKE,
        source: "Shrout & Fleiss (1979), Psychological Bulletin 86, 420-428; McGraw & Wong (1996), Psychological Methods 1, \
                 30-46; Kenny, Kashy & Cook (2006), Dyadic Data Analysis, ch. 2.",
    },
    Estimator {
        id: "intraclass_clamped",
        name: "Intraclass correlation held at zero",
        specification: Specification::Resemblance,
        method: Method::Intraclass { clamped: true },
        sample: Sample::Answered,
        meaning: "A trap: the same with negative values held at zero, as a model does whose variances cannot be negative, and \
                  a test that asks for resemblance alone. Partners who contrast look independent.",
        equation: "max(0, ICC); p = P(F > f) where ICC > 0, else 1",
        assumptions: "That members of a group cannot contrast.",
        source: "Kenny, Kashy & Cook (2006), Dyadic Data Analysis, ch. 2, against it.",
    },
];

const APIM: &str = "y_i = b + a x_i + p x_j + e_i, Cov(e_i, e_j) = r s^2, by restricted maximum likelihood: slopes of sums and \
                    of differences; df = (Vs + Vd)^2/(Vs^2/(G-2) + Vd^2/(G-1))";
const DYADIC: &str = "Pairs independent of each other; a straight line; normal errors of equal variance or many pairs. That a \
                      slope is an effect needs a predictor that was drawn by lot, or is measured without error and \
                      independent of everything else that moves the outcome.";
const KENNY: &str = "Kenny, Kashy & Cook (2006), Dyadic Data Analysis, ch. 6 and 7; Satterthwaite (1946), Biometrics Bulletin 2, \
                     110-114.";
const ALIKE: &str = "Groups independent of each other; normal scores of equal variance; exact in groups of equal size, an \
                     approximation otherwise.";
const COMPLETERS: &str = "That going through with it has nothing to do with the arm or with the outcome: rarely so, since who \
                          leaves has reasons. As for everyone who answered otherwise.";
const PUSTEJOVSKY_TIPTON: &str = "Pustejovsky & Tipton (2018), Journal of Business & Economic Statistics 36, 672-683.";

const OBSERVED: &str = "A straight line; clusters independent of each other, any dependence within them; at least a few \
                        clusters. That the slope is an effect would need a predictor measured without error and \
                        independent of everything else that moves the outcome.";

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
