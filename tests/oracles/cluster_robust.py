"""Golden values of cluster-robust standard errors for tests/data/cluster_robust.csv.

    pip install numpy==2.4.6 scipy==1.17.1 statsmodels==0.15.0
    python tests/oracles/cluster_robust.py > tests/data/cluster_robust.csv

CR2 and its degrees of freedom are written from their definitions with full N x N matrices (Bell & McCaffrey 2002;
Pustejovsky & Tipton 2018): nothing of the identities by which the crate computes them. The classical, CR0, CR1 and
CR1S errors come from statsmodels. The unequal clusters of 'uneven' (1 to 9 rows, treatment within some of them) are
made here from a fixed recurrence.
"""

import csv
import math
import pathlib

import numpy as np
import statsmodels.api as sm
from scipy import stats

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"


def inverse_root(matrix):
    values, vectors = np.linalg.eigh(matrix)
    return vectors @ np.diag([v**-0.5 if v > 1e-12 else 0.0 for v in values]) @ vectors.T


def columns(name):
    with open(DATA / name, newline="") as file:
        rows = list(csv.DictReader(file))
    return lambda key: np.array([float(row[key]) for row in rows])


def by_definition(x, y, cluster, k):
    n, _ = x.shape
    bread = np.linalg.inv(x.T @ x)
    residuals = y - x @ (bread @ x.T @ y)
    hat = x @ bread @ x.T
    annihilator = np.eye(n) - hat
    variance, forms = 0.0, []
    for g in np.unique(cluster):
        rows = np.flatnonzero(cluster == g)
        adjustment = inverse_root(np.eye(len(rows)) - hat[np.ix_(rows, rows)])
        weights = adjustment @ x[rows] @ bread[:, k]
        variance += (weights @ residuals[rows]) ** 2
        forms.append(annihilator[rows].T @ weights)
    forms = np.array(forms)
    p = forms @ forms.T
    return math.sqrt(variance), np.trace(p) ** 2 / (p**2).sum()


def report(name, x, y, cluster, k=1):
    n, p = x.shape
    groups = len(np.unique(cluster))
    model = sm.OLS(y, x)
    plain = model.fit()
    cr1s = model.fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": True}).bse[k]
    cr0 = model.fit(cov_type="cluster", cov_kwds={"groups": cluster, "use_correction": False}).bse[k]
    assert math.isclose(cr1s, cr0 * math.sqrt(groups * (n - 1) / ((groups - 1) * (n - p))), rel_tol=1e-12)
    cr2, df = by_definition(x, y, cluster, k)
    beta = plain.params[k]
    rows = [
        ("ols", plain.bse[k], n - p),
        ("cr0", cr0, groups - 1),
        ("cr1", cr0 * math.sqrt(groups / (groups - 1)), groups - 1),
        ("cr1s", cr1s, groups - 1),
        ("cr2", cr2, df),
    ]
    for errors, se, df in rows:
        half = stats.t.ppf(0.975, df) * se
        p_value = 2 * stats.t.sf(abs(beta / se), df)
        print(name, errors, *(f"{v:.15g}" for v in (beta, se, df, beta - half, beta + half, p_value)), sep=",")


def uneven():
    rows, state = [], 1
    def uniform():
        nonlocal state
        state = (state * 48271) % 2147483647
        return state / 2147483647
    for g in range(17):
        for i in range(1 + (g * g) % 9):
            t = float(g % 2) if g % 3 else float(i % 2)
            x1, x2 = round(uniform() * 4 - 2, 3), round(uniform() + 0.2 * g, 3)
            rows.append((g, t, x1, x2, round(0.4 * t + 0.5 * x1 - 0.2 * x2 + 3 * uniform() + 0.3 * (g % 5), 3)))
    with open(DATA / "uneven.csv", "w") as file:
        print("g,t,x1,x2,y", file=file)
        for row in rows:
            print(*row, sep=",", file=file)


if __name__ == "__main__":
    print("data,errors,estimate,standard_error,degrees_of_freedom,lower,upper,p_value")
    a = columns("goldA.csv")
    report("goldA", np.column_stack([np.ones(48), a("t")]), a("y"), a("dyad"))
    b = columns("goldB.csv")
    report("goldB", np.column_stack([np.ones(96), b("t"), b("x")]), b("y"), b("org"))
    c = columns("acipair.csv")
    report(
        "acipair",
        np.column_stack([np.ones(296), c("OtherPos_A"), c("OtherPos_P")]),
        c("Satisfaction_A"),
        c("CoupleID"),
    )
    uneven()
    u = columns("uneven.csv")
    report("uneven", np.column_stack([np.ones(len(u("y"))), u("t"), u("x1"), u("x2")]), u("y"), u("g"))
