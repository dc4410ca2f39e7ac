"""Writes power.json: the power of paired t-tests and the pairs they need by statsmodels' TTestPower, whose noncentral t keeps some ten
digits, and the power once more with 40 digits by mpmath, which integrates over the standard deviation that a test may see.

Run with Debian's python3-statsmodels:  /usr/bin/python3 tests/golden/power.py
"""

import math
import warnings

import mpmath
import statsmodels
from golden_file import write
from scipy.stats import t
from statsmodels.stats.power import TTestPower

warnings.simplefilter("ignore", RuntimeWarning)  # TTestPower divides by zero on the way
mpmath.mp.dps = 40


def exact_power(effect, pairs, alpha):
    """P(|Z + δ| > c·S), where Z is normal and S² is chi-squared over its df degrees of freedom."""
    df = mpmath.mpf(pairs - 1)
    delta = mpmath.mpf(effect) * mpmath.sqrt(pairs)

    def excess(c):
        return mpmath.betainc(df / 2, 0.5, 0, df / (df + c * c), regularized=True) - mpmath.mpf(alpha)

    critical = mpmath.findroot(excess, t.ppf(1 - alpha / 2, pairs - 1))

    def part(s):
        log_density = df / 2 * mpmath.log(df / 2) + mpmath.log(2) - mpmath.loggamma(df / 2)
        log_density += (df - 1) * mpmath.log(s) - df * s * s / 2
        return mpmath.exp(log_density) * (mpmath.ncdf(delta - critical * s) + mpmath.ncdf(-delta - critical * s))

    width = 12 / mpmath.sqrt(2 * df)
    low, high = max(mpmath.mpf(0), 1 - width), 1 + width
    return float(mpmath.quad(part, mpmath.linspace(low, high, 40)))


def power_case(effect, pairs, alpha=0.05):
    power = TTestPower().power(effect, pairs, alpha, alternative="two-sided")
    return {"effect": effect, "pairs": pairs, "alpha": alpha, "power": float(power), "exact": exact_power(effect, pairs, alpha)}


def seeds_case(effect, power=0.8, alpha=0.05):
    pairs = TTestPower().solve_power(effect, None, alpha, power, alternative="two-sided")
    return {"effect": effect, "power": power, "alpha": alpha, "pairs": math.ceil(float(pairs))}


write(
    __file__,
    {
        "statsmodels": statsmodels.__version__,
        "mpmath": mpmath.__version__,
        "powers": [
            power_case(0.5, 10),
            power_case(-0.2, 30),
            power_case(1.5, 5),
            power_case(3, 3),
            power_case(5, 2),
            power_case(0.1, 500),
            power_case(0.05, 20),
            power_case(0.8, 12, 0.001),
            power_case(0.004, 500000),
        ],
        "seeds": [
            seeds_case(0.2),
            seeds_case(0.5),
            seeds_case(0.8),
            seeds_case(1.3),
            seeds_case(0.03),
            seeds_case(0.5, 0.95),
            seeds_case(0.7, 0.8, 0.05 / 40),
        ],
    },
)
