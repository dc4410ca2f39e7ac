"""Writes mean_interval.json: mean, standard deviation and 95 % interval by numpy and scipy.stats.t.

Run with Debian's python3-scipy:  /usr/bin/python3 tests/golden/mean_interval.py
"""

import numpy as np
import scipy
from golden_file import write
from scipy.stats import sem, t

rng = np.random.default_rng(1908)


def case(values):
    values = np.asarray(values, dtype=float)
    low, high = t.interval(0.95, len(values) - 1, loc=values.mean(), scale=sem(values))
    return {"values": values.tolist(), "mean": values.mean(), "standardDeviation": values.std(ddof=1), "ci95": [low, high]}


cases = [
    case([0.674, 0.63]),
    case([0.618, 0.594, 0.674, 0.53, 0.611]),
    case(rng.normal(0.7, 0.01, 10)),
    case(rng.normal(-3, 20, 31)),
    case(rng.gamma(0.5, 1.0, 200)),
]
write(__file__, {"scipy": scipy.__version__, "cases": cases})
