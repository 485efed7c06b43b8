"""Golden values of slopes with clustered errors for tests/data/association.csv.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    python tests/oracles/association.py > tests/data/association.csv

The coefficients come from numpy's lstsq (a singular value decomposition, not the crate's QR); CR2 and its degrees of freedom from
their definitions with full N x N matrices, as in cluster_robust.py. The data are Acitelli's couples (a wife's or husband's
satisfaction on how positively they see the other, and on being seen so) and the uneven clusters of cluster_robust.py.
`moderated` is an interaction regression on the latter: y on t, x1 and t * x1, of which the last is the question.
"""

import numpy as np
import statsmodels.api as sm
from scipy import stats

from cluster_robust import by_definition, columns


def report(name, x, y, cluster, k=1, errors="cr2"):
    beta = np.linalg.lstsq(x, y, rcond=None)[0][k]
    if errors == "ols":
        se, df = sm.OLS(y, x).fit().bse[k], len(y) - x.shape[1]
    else:
        se, df = by_definition(x, y, cluster, k)
    half = stats.t.ppf(0.975, df) * se
    p_value = 2 * stats.t.sf(abs(beta / se), df)
    print(name, *(f"{v:.15g}" for v in (beta, se, df, beta - half, beta + half, p_value)), sep=",")
    return beta


def design(*columns):
    return np.column_stack([np.ones(len(columns[0])), *columns])


if __name__ == "__main__":
    print("question,estimate,standard_error,degrees_of_freedom,lower,upper,p_value")
    c = columns("acipair.csv")
    x, z, y, couple = c("OtherPos_A"), c("OtherPos_P"), c("Satisfaction_A"), c("CoupleID")
    report("slope_cr2", design(x), y, couple)
    report("regression_cr2", design(x, z), y, couple)
    report("regression_ols", design(x, z), y, couple, errors="ols")
    u = columns("uneven.csv")
    report("moderated", design(u("t"), u("x1"), u("t") * u("x1")), u("y"), u("g"), k=3)
