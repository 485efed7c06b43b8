"""Do the peers give the same distribution of outcomes? Every outcome of every peer beside peerlab's, over replications.

Means are compared by Welch's statistic z = (m1 - m2) / sqrt(s1^2/n1 + s2^2/n2), spreads by the same statistic of the
absolute deviations from the median (Brown & Forsythe 1974). With n of a thousand both are close to normal; the family-wise
error rate is held by Bonferroni over all comparisons of the run (peers x outcomes x 2).
"""

import csv
from statistics import NormalDist

import numpy as np

FAMILY_WISE = 0.01


def read(path):
    """Names of outcomes, and their values: a row per replication."""
    with open(path) as file:
        names, *rows = csv.reader(file)
    return names, np.array(rows, float)


def welch(x, y):
    """Welch's statistic; two constants are alike if they are equal."""
    error = np.sqrt(x.var(ddof=1) / x.size + y.var(ddof=1) / y.size)
    difference = x.mean() - y.mean()
    return difference / error if error > 0.0 else (0.0 if difference == 0.0 else np.inf)


def compare(reference, peers):
    """Comparisons as rows (peer, outcome, moment, z), and the bound that |z| may not pass."""
    names, ours = read(reference)
    rows = []
    for peer, path in peers.items():
        theirs_names, theirs = read(path)
        assert theirs_names == names, f"{peer} has other outcomes"
        for index, name in enumerate(names):
            x, y = theirs[:, index], ours[:, index]
            rows.append((peer, name, "mean", welch(x, y)))
            rows.append((peer, name, "spread", welch(np.abs(x - np.median(x)), np.abs(y - np.median(y)))))
    bound = NormalDist().inv_cdf(1.0 - FAMILY_WISE / len(rows) / 2.0)
    return rows, bound
