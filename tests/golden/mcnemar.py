"""Writes mcnemar.json: p-values of statsmodels' mcnemar(exact=True), and mid-p by scipy's binomial distribution as Fagerland, Lydersen and
Laake (2013) define it.

Run with Debian's python3-statsmodels:  /usr/bin/python3 tests/golden/mcnemar.py
"""

import scipy
import statsmodels
from golden_file import write
from scipy.stats import binom
from statsmodels.stats.contingency_tables import mcnemar


def case(both, only_a, only_b, neither):
    n, fewer = only_a + only_b, min(only_a, only_b)
    if only_a == only_b:
        mid_p = 1 - 0.5 * binom.pmf(fewer, n, 0.5)
    else:
        mid_p = 2 * binom.cdf(fewer, n, 0.5) - binom.pmf(fewer, n, 0.5)
    p = mcnemar([[both, only_a], [only_b, neither]], exact=True).pvalue
    counts = {"both": both, "onlyA": only_a, "onlyB": only_b, "neither": neither}
    return {**counts, "p": float(p), "midP": float(mid_p)}


write(
    __file__,
    {
        "scipy": scipy.__version__,
        "statsmodels": statsmodels.__version__,
        "cases": [
            case(1, 1, 7, 12),  # Bentur et al. 2009, as in Fagerland, Lydersen and Laake 2013
            case(0, 0, 6, 4),
            case(10, 5, 5, 1),
            case(0, 3, 4, 0),
            case(3, 11, 4, 2),
            case(9000, 1500, 1700, 1800),
            case(100, 7000, 6500, 400),
            case(5, 40000, 42000, 17),
        ],
    },
)
