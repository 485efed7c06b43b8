"""Golden values of tests/data/power.csv: power by formula, and what a significant estimate is worth.

    pip install numpy==2.4.6 scipy==1.17.1 mpmath==1.4.1
    python tests/oracles/power.py > tests/data/power.csv

Power: noncentral t in 40 digits (awkward.py), its critical value by scipy; agrees with scipy.stats.nct. Type S and type M: Gelman & Carlin
(2014), by integrals over the density of a normal estimate, not by the closed form.
"""

import math

from awkward import noncentral
from scipy import integrate, stats


def cluster_power(m, effect=0.5, rho=0.3, reliability=0.8, n=2, attrition=0.0):
    left = m * (1 - attrition)
    variance = 4 / left * (1 + (n - 1) * reliability * rho) / n
    delta, df = effect * math.sqrt(reliability) / math.sqrt(variance), left - 2
    critical = stats.t.ppf(0.975, df)
    power = float(1 - noncentral(critical, df, delta) + noncentral(-critical, df, delta))
    assert math.isclose(power, stats.nct.sf(critical, df, delta) + stats.nct.cdf(-critical, df, delta), rel_tol=1e-9)
    return power


def exaggeration(effect, error):
    z = stats.norm.ppf(0.975) * error
    density = lambda x: math.exp(-0.5 * ((x - effect) / error) ** 2) / (error * math.sqrt(2 * math.pi))
    far = abs(effect) + 40 * error
    over = lambda f, a, b: integrate.quad(f, a, b, points=[effect] if a < effect < b else None, epsabs=0, epsrel=1e-12, limit=500)[0]
    right, wrong = over(density, z, far), over(density, -far, -z)
    size = over(lambda x: abs(x) * density(x), z, far) + over(lambda x: abs(x) * density(x), -far, -z)
    return right + wrong, wrong / (right + wrong), size / (right + wrong) / effect


if __name__ == "__main__":
    print("what,first,second,value")
    for m in [4, 10, 60, 98, 100, 120, 400]:
        print("power", m, 0, f"{cluster_power(m):.12g}", sep=",")
    for m in [60, 100, 126]:
        print("power", m, 0.1, f"{cluster_power(m, attrition=0.1):.12g}", sep=",")
    for effect, error in [(0.1, 3.28), (2, 8.1), (0.5, 0.2), (3, 1)]:
        for name, value in zip(["significant", "type_s", "type_m"], exaggeration(effect, error)):
            print(name, effect, error, f"{value:.12g}", sep=",")
