"""Writes the awkward but valid data of tests/data/awkward: what a field experiment hands in, not what a textbook prints.

    python tests/oracles/awkward_data.py

Python's own Mersenne twister from fixed seeds; any Python 3 writes the same files. Expected values come from awkward.R
(tests/data/awkward_r.csv) and awkward.py (tests/data/awkward_python.csv).
"""

import pathlib
import random

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "data" / "awkward"


def write(name, header, rows):
    with open(FOLDER / f"{name}.csv", "w") as file:
        print(*header, sep=",", file=file)
        for row in rows:
            print(*(f"{v:.10g}" if isinstance(v, float) else v for v in row), sep=",", file=file)


def clusters(chance, sizes, treated, label=lambda g: g, between=0.6, contrast=0.0, units=(0.0, 1.0, 1.0)):
    """Rows g,t,x,y,b: y in units (shift, scale) and x in units of its own; b is y above its middle."""
    rows = []
    shift, scale, unit = units
    for g, size in enumerate(sizes):
        shared, pull = chance.gauss(0, between), chance.gauss(0, contrast)
        for i in range(size):
            t = treated(g, i)
            x = chance.gauss(0.3 * shared, 1)
            apart = (1 - 2 * (i % 2)) * pull
            y = 0.4 * t + 0.5 * x + shared + apart + chance.gauss(0, 1)
            b = int(y + chance.gauss(0, 1) > 0.3)
            rows.append([label(g), t, unit * x, shift + scale * y, b])
    return rows


def waves(chance, persons, times, slope, correlation=0.0, keep=0.75, scale=1.0):
    """Rows g,t,w,y: persons at the waves they answered; the random slope has this SD."""
    rows = []
    for g in range(persons):
        start = chance.gauss(0, 1)
        own = slope * (correlation * start + (1 - correlation**2) ** 0.5 * chance.gauss(0, 1))
        for k, w in enumerate(times):
            # A few persons answer once, and the last ones miss the end.
            if chance.random() > keep or (g % 9 == 0 and k > 0) or (g % 5 == 1 and k > len(times) // 2):
                continue
            t = g % 3 % 2
            y = start + (0.2 + own + 0.15 * t) * (w - times[0]) + chance.gauss(0, 0.7)
            rows.append([g, t, w, scale * (5 + y)])
    return rows


def pairs(chance, dyads, gap, units):
    """Rows g,role,own,other,y: the roles differ by `gap` in intercept and spread."""
    rows = []
    scale, unit = units
    for g in range(dyads):
        shared, x = chance.gauss(0, 1), [chance.gauss(2, 1), chance.gauss(1, 1)]
        pull = chance.gauss(0, 0.8)
        for role in (0, 1):
            y = gap * role + 0.4 * x[role] - 0.2 * x[1 - role] + 0.3 * shared + (1 - 2 * role) * pull
            y += (1 + gap * role) * chance.gauss(0, 0.5)
            rows.append([g, role, unit * x[role], unit * x[1 - role], scale * y])
    return rows


def small_samples(seed, wanted):
    """Small samples of random intercepts (kind 0), slopes (1) or nested intercepts (2) with extreme variances: those wanted of a long
    series, whose likelihoods have several tops or a top on a long ridge."""
    chance, rows = random.Random(seed), []
    for number in range(max(wanted) + 1):
        kind, pick = number % 3, chance.choice
        groups, intercept, slope = pick([4, 6, 8, 12, 30]), pick([0, 0, 0.1, 0.5, 1, 3]), pick([0, 0.05, 0.3, 1])
        correlation, above = pick([-1, -0.9, -0.3, 0, 0.5, 1]), pick([0, 0.3, 1])
        scale, noise, contrast = pick([1, 1, 1e6, 1e-6]), pick([0.1, 1, 1, 5]), pick([0, 0, 1])
        own, climates = [], {}
        for g in range(groups):
            a = chance.gauss(0, 1)
            b = correlation * a + (1 - correlation**2) ** 0.5 * chance.gauss(0, 1)
            pull = 2 * contrast * chance.gauss(0, 1)
            for i in range(pick([1, 2, 3, 4, 5, 6] if kind == 1 else [1, 2, 2, 3, 5])):
                w = float(i) if kind == 1 else chance.gauss(0, 1)
                y = 0.3 * w + intercept * a + (slope * b * w if kind == 1 else 0)
                own.append([g, g // 3, g % 2, w, y + chance.gauss(0, noise) + (1 - 2 * (i % 2)) * pull])
        for g, organization, t, w, y in own:
            climate = climates.setdefault(organization, chance.gauss(0, above)) if kind == 2 else 0
            if number in wanted:
                rows.append([f"{seed}-{number}", kind, g, organization, t, w, scale * (y + climate)])
    return rows


if __name__ == "__main__":
    header = ["g", "t", "x", "y", "b"]
    # Partners who contrast, some left alone, some in threes.
    sizes = [[2, 1, 2, 3, 2, 2, 1, 2, 2, 3][g % 10] for g in range(50)]
    write("singletons", header, clusters(random.Random(1), sizes, lambda g, i: g % 2, between=0.1, contrast=0.9))
    # Money in cents beside a share per million, and the reverse.
    write("large_units", header, clusters(random.Random(2), [2] * 24, lambda g, i: g % 2, units=(3e8, 1e6, 1e-6)))
    write("small_units", header, clusters(random.Random(3), [2, 3] * 12, lambda g, i: g % 2, units=(0.0, 1e-6, 1e6)))
    # Three clusters treated, fifty-seven not, one of which holds half of all rows.
    sizes = [1 + g % 3 for g in range(60)]
    sizes[7] = 80
    write("lopsided", header, clusters(random.Random(4), sizes, lambda g, i: int(g < 3)))
    # A covariate measured twice, nearly alike.
    rows = clusters(random.Random(5), [1 + (g * g) % 7 for g in range(20)], lambda g, i: (g + i) % 2)
    again = random.Random(6)
    write("collinear", header + ["x2"], [row + [row[2] + again.gauss(0, 1e-5)] for row in rows])
    # Labels as large as they get, rows in no order, two arms within most clusters.
    rows = clusters(random.Random(7), [1 + g % 5 for g in range(18)], lambda g, i: (g * i) % 2, lambda g: 4294967295 - 97 * g)
    random.Random(8).shuffle(rows)
    write("labels", header, rows)
    # Organizations of one to nine dyads, dyads of one or two.
    chance, rows = random.Random(9), []
    for organization in range(14):
        climate = chance.gauss(0, 0.5)
        for dyad in range(1 + (organization * organization) % 9):
            shared = chance.gauss(0, 0.7)
            for member in range(1 + (dyad % 4 > 0)):
                t, x = organization % 2, chance.gauss(0, 1)
                rows.append([100 * organization + dyad, organization, t, x, 0.3 * t + 0.5 * x + climate + shared + chance.gauss(0, 1)])
    write("nested", ["g", "org", "t", "x", "y"], rows)
    header = ["g", "t", "w", "y"]
    write("waves", header, waves(random.Random(10), 45, [0, 1, 2, 4, 8], 0.35, correlation=-0.6))
    # Calendar years as time and large amounts: intercept and slope are all but one thing.
    write("years", header, waves(random.Random(11), 30, list(range(2015, 2024)), 0.4, correlation=0.3, scale=1e6))
    # Everyone grows alike: the slope's variance ends at its boundary.
    write("alike", header, waves(random.Random(16), 30, [0, 6, 12, 24], 0.0))
    header = ["g", "role", "own", "other", "y"]
    write("peers", header, pairs(random.Random(13), 40, 0.0, (1.0, 1.0)))
    write("roles", header, pairs(random.Random(14), 35, 0.9, (1e-6, 1e6)))
    rows = small_samples(99, [161, 173, 184, 193]) + small_samples(1234, [22, 267, 424, 558, 586])
    write("several_tops", ["sample", "kind", "g", "org", "t", "w", "y"], rows)
