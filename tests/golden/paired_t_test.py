"""Writes paired_t_test.json: scipy's ttest_rel, with the 95 % interval of the mean difference by scipy.stats.t and Cohen's d_z by numpy.

Run with Debian's python3-scipy:  /usr/bin/python3 tests/golden/paired_t_test.py
A test set of 14,000 examples is not written out: example i has the losses (7919·i mod 1009)/1009 and (104729·i mod 997)/990.
"""

import numpy as np
import scipy
from golden_file import write
from scipy.stats import sem, t, ttest_rel

rng = np.random.default_rng(1908)


def judged(a, b):
    differences = a - b
    result = ttest_rel(a, b)
    low, high = t.interval(0.95, len(a) - 1, loc=differences.mean(), scale=sem(differences))
    return {
        "meanDifference": differences.mean(),
        "t": result.statistic,
        "p": result.pvalue,
        "ci95": [low, high],
        "cohensDz": differences.mean() / differences.std(ddof=1),
    }


def case(count, mean):
    a, b = rng.gamma(2, 0.25, count).round(5), rng.gamma(2, mean / 2, count).round(5)
    return {"a": a.tolist(), "b": b.tolist(), **judged(a, b)}


examples = np.arange(14000)
write(
    __file__,
    {
        "scipy": scipy.__version__,
        "cases": [case(2, 0.5), case(5, 0.7), case(10, 0.45), case(300, 0.55)],
        "testSet": judged(7919 * examples % 1009 / 1009, 104729 * examples % 997 / 990),
    },
)
