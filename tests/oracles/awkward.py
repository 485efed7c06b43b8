"""Golden values of tests/data/awkward_python.csv: what R has no function for, or loses digits of.

    pip install numpy==2.4.6 mpmath==1.4.1
    python tests/oracles/awkward.py > tests/data/awkward_python.csv

`regression`: least squares with CR0 to CR3 and the degrees of freedom of CR2 by their definitions, in 40 digits: clubSandwich
keeps five where units are far from 1, and six with two columns that are nearly alike. `hedges`: Hedges (2007), Journal of
Educational and Behavioral Statistics 32, 341-370, the forms for unequal clusters, from sums over clusters and arms; the
intraclass correlation by analysis of variance of clusters nested in arms; its last two terms from the moments of the pooled
variance as a quadratic form with a full N x N covariance. `noncentral t`: P(T <= t) by quadrature in 40 digits. `alpha`:
Cronbach's, from the covariance matrix of the items. One line per number: data, model, term, quantity, value.
"""

import csv
import pathlib

import numpy as np
from mpmath import eigsy, erfc, exp, gamma, inf, log, matrix, mp, mpf, nstr, quad, sqrt

mp.dps = 40
DATA = pathlib.Path(__file__).resolve().parent.parent / "data"


def columns(name):
    with open(DATA / "awkward" / f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    return lambda key, kind=float: [kind(row[key]) for row in rows]


def line(*cells):
    print(*cells[:4], nstr(mpf(cells[4]), 16), sep=",")


def power(symmetric, exponent):
    values, vectors = eigsy(symmetric)
    n = symmetric.rows
    return matrix(n, n) + sum(
        (values[k] ** exponent * vectors[:, k] * vectors[:, k].T for k in range(n) if values[k] > mpf(10) ** -20),
        matrix(n, n),
    )


def regression(name, keys, cluster):
    c = columns(name)
    y, group = matrix(c("y", mpf)), c(cluster, int)
    x = matrix([[mpf(1), *row] for row in zip(*(c(key, mpf) for key in keys))])
    n, p = x.rows, x.cols
    bread = (x.T * x) ** -1
    beta = bread * (x.T * y)
    residuals = y - x * beta
    hat = x * bread * x.T
    variances = {kind: [mpf(0)] * p for kind in ("CR0", "CR2", "CR3")}
    forms = [[] for _ in range(p)]
    labels = sorted(set(group))
    for g in labels:
        rows = [i for i in range(n) if group[i] == g]
        block = matrix(len(rows), len(rows))
        for a, i in enumerate(rows):
            for b, j in enumerate(rows):
                block[a, b] = (i == j) - hat[i, j]
        xg = matrix([[x[i, k] for k in range(p)] for i in rows])
        eg = matrix([residuals[i] for i in rows])
        for kind, exponent in (("CR0", 0), ("CR2", mpf(-1) / 2), ("CR3", -1)):
            weights = (power(block, exponent) if exponent else 1) * xg * bread
            for k in range(p):
                variances[kind][k] += sum(weights[a, k] * eg[a] for a in range(len(rows))) ** 2
                if kind == "CR2":
                    form = [-sum(hat[i, j] * weights[a, k] for a, i in enumerate(rows)) for j in range(n)]
                    for a, i in enumerate(rows):
                        form[i] += weights[a, k]
                    forms[k].append(np.array(form, dtype=object))
    count = mpf(len(labels))
    for k in range(p):
        line(name, "regression", k, "estimate", beta[k])
        for kind in variances:
            line(name, "regression", k, kind, sqrt(variances[kind][k]))
        cr1 = variances["CR0"][k] * count / (count - 1)
        line(name, "regression", k, "CR1", sqrt(cr1))
        line(name, "regression", k, "CR1S", sqrt(cr1 * (n - 1) / (n - p)))
        stack = np.array(forms[k])
        products = stack @ stack.T
        line(name, "regression", k, "CR2 df", np.trace(products) ** 2 / (products * products).sum())


def hedges(name):
    c = columns(name)
    y, t, g = (np.array(c(key)) for key in ("y", "t", "g"))
    arms = [t == 1, t == 0]
    sizes = [np.unique(g[arm], return_counts=True)[1].astype(float) for arm in arms]
    n, counts = float(len(y)), [float(arm.sum()) for arm in arms]
    within = sum(((y[g == label] - y[g == label].mean()) ** 2).sum() for label in np.unique(g))
    total = sum(((y[arm] - y[arm].mean()) ** 2).sum() for arm in arms)
    groups = sum(map(len, sizes))
    b = sum((count**2 - (size**2).sum()) / count for size, count in zip(sizes, counts))
    msb, msw, n0 = (total - within) / (groups - 2), within / (n - groups), b / (groups - 2)
    rho = (msb - msw) / (msb + (n0 - 1) * msw)
    # Mean and variance of the pooled sum of squares y'My, M the projection off the arms' means, V of unit variance.
    v = (1 - rho) * np.eye(len(y)) + rho * (g[:, None] == g[None, :])
    m = np.eye(len(y)) - sum(np.outer(arm, arm) / arm.sum() for arm in arms)
    mv = m @ v
    mean, variance = np.trace(mv), 2 * np.trace(mv @ mv)
    df = 2 * mean**2 / variance
    difference = y[arms[0]].mean() - y[arms[1]].mean()
    contrast = arms[0] / counts[0] - arms[1] / counts[1]
    small = 1 - 3 / (4 * df - 1)
    effect = small * difference / np.sqrt(total / mean)
    line(name, "hedges", "all", "g", effect)
    line(name, "hedges", "all", "error", np.sqrt(small**2 * (contrast @ v @ contrast + effect**2 / (2 * df))))
    line(name, "hedges", "all", "df", df)
    line(name, "hedges", "all", "icc", rho)


def noncentral(t, df, delta):
    t, df, delta = mpf(t), mpf(df), mpf(delta)
    density = lambda u: 2 * (df / 2) ** (df / 2) / gamma(df / 2) * exp((df - 1) * log(u) - df * u * u / 2)
    normal = lambda z: erfc(-z / sqrt(2)) / 2
    middle, spread = sqrt(max(df - 1, 0) / df), sqrt(1 / (2 * df))
    cuts = sorted({mpf(0), *(max(middle + k * spread, 0) for k in (-20, -8, -4, -2, -1, 0, 1, 2, 4, 8, 20))})
    if df < 1:
        # A pole at 0: in u = v^(1/df) it is gone.
        return quad(lambda v: density(v ** (1 / df)) * v ** (1 / df - 1) / df * normal(t * v ** (1 / df) - delta), [c**df for c in cuts])
    return quad(lambda u: density(u) * normal(t * u - delta), cuts)


if __name__ == "__main__":
    print("data,model,term,quantity,value")
    regression("small_units", ["t", "x"], "g")
    regression("large_units", ["t", "x"], "g")
    regression("collinear", ["t", "x", "x2"], "g")
    regression("labels", ["t", "x"], "g")
    for name in ("singletons", "large_units", "small_units", "lopsided"):
        hedges(name)
    for t, df, delta in [
        (1.98, 118, 2.83), (-1.98, 118, 2.83), (2.0, 3, 1), (12.7, 1, 4), (-3, 2, 0.5), (0, 7, 1.5), (1.96, 1e6, 2.8),
        (4.3, 2, 10), (25, 10, 30), (1.7, 9.93, -2), (63.7, 1, -1), (2.2, 2.5, 0.01), (3.1, 0.7, 1), (45, 400, 40),
    ]:
        line("t", "noncentral t", f"{t} {df} {delta}", "below", noncentral(t, df, delta))
    c = columns("collinear")
    items = np.array([c("y"), c("x"), c("x2")])
    covariance = np.cov(items)
    line("collinear", "alpha", "all", "alpha", 1.5 * (1 - np.trace(covariance) / covariance.sum()))
    covariance = np.cov(np.array([[1e6], [-1e6], [1.0]]) * items + 1e7)
    line("collinear", "alpha", "all", "alpha of unequal scales", 1.5 * (1 - np.trace(covariance) / covariance.sum()))
