//! The estimators that are no least squares: mixed models, growth and logistic regression.

use super::Estimator;
use super::specification::{Correction, Method, Sample, Specification, Structure};

/// In the order in which documentation lists them.
pub(super) const MODELS: [Estimator; 7] = [
    Estimator {
        id: "mixed_dyad",
        name: "Mixed model, dyads",
        specification: Specification::Ancova,
        method: Method::Mixed(Structure::Dyad, Correction::KenwardRoger),
        sample: Sample::Answered,
        meaning: "The difference between the arms at equal covariates (if the hypothesis has any) in a model in which the \
                  members of a dyad or circle share a covariance of either sign, for partners may contrast as well as \
                  resemble each other. By restricted maximum likelihood, with Kenward and Roger's standard error and \
                  degrees of freedom.",
        equation: "y = a + b t + c'x + e, V(e) = s^2 within persons, r s^2 between partners, -1/(n-1) < r < 1; V_KR and df \
                   from the expected information of r and s^2",
        assumptions: "Dyads (circles) independent of each other: where organizations are assigned or differ, they are not. \
                      Equal variance and one covariance in both arms; normal errors or many dyads.",
        source: KENNY_KENWARD,
    },
    Estimator {
        id: "mixed_dyad_clamped",
        name: "Mixed model, dyad variance not below zero",
        specification: Specification::Ancova,
        method: Method::Mixed(Structure::DyadClamped, Correction::Satterthwaite),
        sample: Sample::Answered,
        meaning: "A known trap, here to be seen: the random intercept of dyads as software has it by default, whose variance \
                  cannot fall below zero. Partners who contrast are taken for independent: where dyads are assigned the \
                  standard error is then too large and effects are missed, where one of the two is it is too small and \
                  effects are found that are none.",
        equation: "y = a + b t + c'x + u_dyad + e, V(u) >= 0; df by Satterthwaite, a variance at 0 taken as known",
        assumptions: "As for mixed_dyad, and that partners do not contrast. A variance at 0 is said (boundary).",
        source: "Kenny, Kashy & Cook (2006), Dyadic Data Analysis, ch. 2 and 4; Kuznetsova, Brockhoff & Christensen (2017), \
                 Journal of Statistical Software 82(13).",
    },
    Estimator {
        id: "mixed_organization",
        name: "Mixed model, dyads in organizations",
        specification: Specification::Ancova,
        method: Method::Mixed(Structure::DyadInOrganization, Correction::KenwardRoger),
        sample: Sample::Answered,
        meaning: "The difference between the arms at equal covariates (if the hypothesis has any) in a model with a random \
                  intercept of each organization and, within it, dyads whose members share a covariance of either sign. \
                  Kenward and Roger's standard error and degrees of freedom know how few organizations there are, also where \
                  their variance is estimated at zero.",
        equation: "y = a + b t + c'x + u_organization + e, V(u) >= 0, V(e) as in mixed_dyad; V_KR and df from the expected \
                   information of all variances",
        assumptions: "Organizations independent of each other; a treatment that has the same effect in each; normal random \
                      effects and errors, or many organizations.",
        source: "Kenward & Roger (1997), Biometrics 53, 983-997; Raudenbush & Bryk (2002), Hierarchical Linear Models, 2nd \
                 ed.",
    },
    Estimator {
        id: "mixed_organization_satterthwaite",
        name: "Mixed model, dyads in organizations, Satterthwaite",
        specification: Specification::Ancova,
        method: Method::Mixed(Structure::DyadInOrganization, Correction::Satterthwaite),
        sample: Sample::Answered,
        meaning: "The same model as mixed_organization with the uncorrected standard error and Satterthwaite's degrees of \
                  freedom as common software has them. Where the organizations' variance is estimated at zero it is taken as \
                  known, and a treatment of organizations is tested as one of dyads.",
        equation: "y = a + b t + c'x + u_organization + e as in mixed_organization; df from the observed information of the \
                   variances that are not 0",
        assumptions: "As for mixed_organization, and many organizations.",
        source: "Kuznetsova, Brockhoff & Christensen (2017), Journal of Statistical Software 82(13); Luke (2017), Behavior \
                 Research Methods 49, 1494-1502.",
    },
    Estimator {
        id: "growth",
        name: "Growth model",
        specification: Specification::Growth,
        method: Method::Mixed(Structure::Growth, Correction::KenwardRoger),
        sample: Sample::Answered,
        meaning: "How much faster the outcome rises per week in the first arm than in the second: the interaction of arm and \
                  week over all waves from week 0 to the hypothesis' week, with every answer that was given. Persons differ \
                  in where they start and how fast they change, and partners may resemble each other in both or contrast.",
        equation: "y = a + d week + c t + b t week + e; Cov of a person's e at weeks v, w: p0 + p1 (v+w) + p2 vw, + s^2 at v = w; \
                   of partners': q0 + q1 (v+w) + q2 vw, of either sign; V_KR and df from the expected information",
        assumptions: "Random assignment; a straight line over the weeks (otherwise b is the slope of the best one); dyads \
                      independent of each other: where organizations are assigned they are not, and a study is refused; who stops \
                      answering does so by what was answered before; normal errors or many dyads.",
        source: "Laird & Ware (1982), Biometrics 38, 963-974; Kashy, Donnellan, Burt & McGue (2008), Developmental \
                 Psychology 44, 316-329; Kenward & Roger (1997), Biometrics 53, 983-997.",
    },
    Estimator {
        id: "logistic",
        name: "Logistic regression",
        specification: Specification::LogOdds,
        method: Method::Logistic,
        sample: Sample::Answered,
        meaning: "The difference of the arms' log odds of an outcome that is 0 or 1, with the cluster-robust standard error: \
                  its exponential is the odds ratio.",
        equation: "logit P(y = 1) = a + b t; V = H^-1 [sum_g s_g s_g'] H^-1 G/(G-1), s_g = X_g'(y-p), H = X'WX; df = G-1",
        assumptions: "Random assignment; clusters independent of each other, any dependence within them; many clusters, and in \
                      each arm persons with 0 and persons with 1. An arm without either has no estimate.",
        source: LOGISTIC,
    },
    Estimator {
        id: "logistic_ancova",
        name: "Logistic regression with covariates",
        specification: Specification::ConditionalLogOdds,
        method: Method::Logistic,
        sample: Sample::Answered,
        meaning: "The difference of log odds between the arms at equal covariates, with the cluster-robust standard error. An \
                  odds ratio among people who are alike is further from 1 than that of the arms as a whole, however well \
                  people were assigned (odds ratios do not collapse): it is held to the latter here, and what looks like \
                  bias is in part this.",
        equation: "logit P(y = 1) = a + b t + c'x; V and df as in logistic",
        assumptions: "As for logistic, and log odds that are linear in the covariates.",
        source: LOGISTIC,
    },
];

const KENNY_KENWARD: &str = "Kenny, Kashy & Cook (2006), Dyadic Data Analysis, ch. 4; Kenward & Roger (1997), Biometrics 53, \
                             983-997.";
const LOGISTIC: &str = "Hosmer, Lemeshow & Sturdivant (2013), Applied Logistic Regression, 3rd ed.; Liang & Zeger (1986), \
                        Biometrika 73, 13-22; Greenland, Robins & Pearl (1999), Statistical Science 14, 29-46.";
