"""Writes difference_interval.json: the difference of two means and its 95 % interval, by numpy and scipy.stats.t with Welch's degrees of freedom rounded down.

Run with Debian's python3-scipy:  /usr/bin/python3 tests/golden/difference_interval.py
"""

import math

import numpy as np
import scipy
from golden_file import write
from scipy.optimize import brentq
from scipy.stats import t

rng = np.random.default_rng(1947)


def case(a, b):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    of_a, of_b = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    df = (of_a + of_b) ** 2 / (of_a**2 / (len(a) - 1) + of_b**2 / (len(b) - 1))
    difference = b.mean() - a.mean()
    # Of 53 degrees of freedom t.ppf of scipy 1.10 is right to 9 digits only; t.cdf is right to 15.
    quantile = brentq(lambda x: t.cdf(x, math.floor(df)) - 0.975, 1, 100, xtol=1e-14)
    margin = quantile * math.sqrt(of_a + of_b)
    return {"a": a.tolist(), "b": b.tolist(), "bMinusA": difference, "ci95": [difference - margin, difference + margin]}


cases = [
    case([0.1, 0.4], [0.2, -0.3]),
    case([0.1, 0.4, 0.2], [0.2, -0.3]),
    case(rng.normal(0, 1, 5), rng.normal(0.5, 20, 9)),
    case(rng.normal(0, 1e-9, 30), rng.normal(0.5, 1e-6, 12)),
    case(rng.gamma(0.5, 1.0, 200), rng.gamma(0.7, 1.0, 40)),
]
write(__file__, {"scipy": scipy.__version__, "cases": cases})
